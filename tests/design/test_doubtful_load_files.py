"""Load files that could be read wrongly without a word: refused, or said."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import diwen.site
from diwen.cli import build
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.load_file import read_load_file
from diwen.design.of_site import sizing_input
from diwen.problems import InputError

EXAMPLE = Path(__file__).parents[2] / "examples" / "sizing-office"


def write(folder: Path, header: str, line: str, count: int = 8760) -> Path:
    file = folder / "load.csv"
    file.write_text("\n".join([header, *[line] * count]), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("header", "watts"),
    [("Heating kW", 2e3), ("Heating_W", 2.0), ("热负荷kW", 2e3), ("Heating (MWh)", 2e6)],
)
def test_unit_without_brackets_counts(tmp_path: Path, header: str, watts: float) -> None:
    read = read_load_file(write(tmp_path, header, "2"))
    assert isinstance(read.load, HourlyBuildingLoad)
    assert read.load.heating[0] == watts
    assert not read.warnings


@pytest.mark.parametrize(
    ("header", "line", "word"),
    [
        ("Heating (kBtu/h)", "1", "unit"),
        ("Heating (W/m2)", "1", "unit"),
        ("Heating (MJ)", "1", "unit"),
        ("Heating and cooling (kW)", "1", "one column"),
        ("Heating (kW),Cooling (kW)", "1,5,0,2", "more cells"),
        ("Heating (W);Cooling (W)", "21,353;0", "thousands"),
        ("Heating (kW)", "1e300", "no building"),
        ("Heating setpoint (C)", "20", "no column"),
        ("Heating (kW),note", f'1,"{"x" * 140000}"', "readable"),
    ],
)
def test_what_may_mean_two_things_is_refused(
    tmp_path: Path, header: str, line: str, word: str
) -> None:
    count = 2 if len(line) > 1000 else 8760
    with pytest.raises(InputError, match=word):
        read_load_file(write(tmp_path, header, line, count))


def test_temperatures_are_left_aside_and_remarks_passed_over(tmp_path: Path) -> None:
    header = "# simulated\n\nHeating (kW);Heating setpoint (°C);Cooling water temperature"
    read = read_load_file(write(tmp_path, header, "1;20;7"))
    assert isinstance(read.load, HourlyBuildingLoad)
    assert read.load.heating[0] == 1e3
    assert not read.load.cooling.any()
    assert [note.where for note in read.warnings] == [
        "line 3, column Heating setpoint (°C)",
        "line 3, column Cooling water temperature",
    ]


def test_quarter_hours_and_totals_are_said(tmp_path: Path) -> None:
    read = read_load_file(write(tmp_path, "Heating (kW);Heating total (kW)", "1;1", 4 * 8760))
    said = [note.message.en for note in read.warnings]
    assert any("15 minutes" in text for text in said)
    assert any("added up" in text for text in said)


def test_damaged_gzip_is_said(tmp_path: Path) -> None:
    (tmp_path / "load.csv").write_bytes(b"\x1f\x8b\x08abc")
    with pytest.raises(InputError, match="damaged"):
        read_load_file(tmp_path / "load.csv")


def office(folder: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, folder / "office"))


def test_no_load_at_all_is_nothing_to_size(tmp_path: Path) -> None:
    site = office(tmp_path)
    write(site, "Heating (kW)", "0")
    with pytest.raises(InputError, match="nothing to size"):
        sizing_input(diwen.site.read(site))


def test_more_in_series_than_there_are_is_refused(tmp_path: Path) -> None:
    site = office(tmp_path)
    text = (site / "site.toml").read_text(encoding="utf-8")
    for series, word in ((50, "more boreholes in series"), (3, "13 branches")):
        new = f'type = "borefield"\nnetwork = "series"\nboreholes_in_series = {series}'
        (site / "site.toml").write_text(text.replace('type = "borefield"', new), encoding="utf-8")
        if series == 50:
            with pytest.raises(InputError, match=word):
                sizing_input(diwen.site.read(site))
        else:
            notes = sizing_input(diwen.site.read(site)).notes
            assert any(word in note.message.en for note in notes)


@pytest.mark.parametrize("command", ["size", "balance"])
def test_picture_that_cannot_be_written_is_refused_first(tmp_path: Path, command: str) -> None:
    folder = tmp_path / "years.png"
    folder.mkdir()
    option = "--plot" if command == "size" else "--figure"
    result = CliRunner().invoke(build(), [command, str(EXAMPLE), option, str(folder)])
    assert isinstance(result.exception, InputError)
    assert not result.output


def test_recharge_beyond_all_measure_is_refused() -> None:
    result = CliRunner().invoke(build(), ["balance", str(EXAMPLE), "--recharge", "1e300 MWh"])
    assert isinstance(result.exception, InputError)
