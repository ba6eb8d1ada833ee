"""Hourly load files: separators, decimal commas, encodings, languages, units, faults by line."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.load_file import read_load_file
from diwen.problems import InputError

OFFICE = Path(__file__).parents[2] / "examples" / "sizing-office" / "load.csv"


def write(path: Path, header: str, line: str, count: int = 8760, encoding: str = "utf-8") -> Path:
    hours = (datetime(2002, 1, 1) + timedelta(hours=n) for n in range(count))
    lines = [line.replace("{at}", f"{at.month}/{at.day}/{at.year} {at.hour}:00") for at in hours]
    path.write_bytes("\r\n".join([header, *lines]).encode(encoding))
    return path


@pytest.mark.parametrize(
    ("header", "line", "encoding"),
    [
        ("Heating (kW);Cooling (kW)", "1,5;2", "utf-8-sig"),
        ("time,Cooling [W],Heating [W]", "{at},2000,1500", "utf-8"),
        ("热负荷（kW）,冷负荷（kW）", "1.5,2", "gb18030"),
        ("小时\t冷负荷 (千瓦)\t供暖热负荷 (千瓦)", "1\t2\t1,5", "utf-8"),
        ("Heating Space (kW);Heating AHU (kW);Cooling (kW)", "1;0,5;2", "utf-8"),
    ],
)
def test_all_spellings_give_the_same_load(
    tmp_path: Path, header: str, line: str, encoding: str
) -> None:
    read = read_load_file(write(tmp_path / "load.csv", header, line, encoding=encoding))
    assert isinstance(read.load, HourlyBuildingLoad)
    assert np.unique(read.load.heating).tolist() == [1500.0]
    assert np.unique(read.load.cooling).tolist() == [2000.0]
    assert not read.warnings


def test_missing_unit_is_kilowatts_and_said(tmp_path: Path) -> None:
    read = read_load_file(write(tmp_path / "load.csv", "Cooling;Heating;SWW [kW]", "0;1;2"))
    assert isinstance(read.load, HourlyBuildingLoad)
    assert read.load.heating[0] == 1000.0
    assert read.load.hot_water[0] == 2000.0
    assert [problem.value for problem in read.warnings] == ["Cooling", "Heating"]


def test_heat_extraction_is_a_load_of_the_ground_with_sign(tmp_path: Path) -> None:
    file = tmp_path / "ground.csv.gz"
    text = "Hourly heat extraction (W)\n" + "\n".join(["-5", "7"] * 4380)
    file.write_bytes(gzip.compress(text.encode()))
    read = read_load_file(file)
    assert isinstance(read.load, HourlyGroundLoad)
    assert read.load.power[:2].tolist() == [-5.0, 7.0]


def test_real_profile_has_its_known_sums_and_peaks() -> None:
    """The office of GHEtool's examples: 117.5 MWh of heat, 118.3 MWh of cold, 214 and 371 kW."""
    load = read_load_file(OFFICE).load
    assert isinstance(load, HourlyBuildingLoad)
    assert load.heating.sum() / 1e6 == pytest.approx(117.5, abs=0.05)
    assert load.cooling.sum() / 1e6 == pytest.approx(118.3, abs=0.05)
    assert load.heating.max() / 1e3 == pytest.approx(214.0, abs=0.5)
    assert load.cooling.max() / 1e3 == pytest.approx(371.0, abs=0.5)


def test_negative_dust_of_simulations_is_zero(tmp_path: Path) -> None:
    lines = ["Heating (W)", *["1000"] * 8759, "-0.2"]
    file = tmp_path / "load.csv"
    file.write_text("\n".join(lines))
    load = read_load_file(file).load
    assert isinstance(load, HourlyBuildingLoad)
    assert load.heating[-1] == 0.0


@pytest.mark.parametrize(
    ("header", "line", "count", "where", "word"),
    [
        ("Heating (kW)", "-3", 8760, "line 2, column Heating (kW)", "positive"),
        ("Heating (kW)", "x", 8760, "line 2, column Heating (kW)", "not a number"),
        ("Heating (kW)", "3", 8784, "", "8760"),
        ("a,b", "1,2", 8760, "line 1", "column"),
        ("Heating (kW),heat extraction (kW)", "1,2", 8760, "line 1", "ground"),
    ],
)
def test_faults_are_named_by_line(
    tmp_path: Path, header: str, line: str, count: int, where: str, word: str
) -> None:
    with pytest.raises(InputError, match=word) as caught:
        read_load_file(write(tmp_path / "load.csv", header, line, count))
    assert caught.value.problems[0].where == where
    assert len(caught.value.problems) <= 7


def test_missing_file_is_said() -> None:
    with pytest.raises(InputError, match="no such file"):
        read_load_file("nowhere.csv")
