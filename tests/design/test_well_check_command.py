"""``diwen check SITE --wells``: table, reasons, refusal, both languages."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from diwen.cli import build
from diwen.problems import InputError
from well_sites import BARE_DOUBLET_HEAD, BARE_DOUBLET_WELLS

EXAMPLES = Path(__file__).parents[2] / "examples"
HOSPITAL = EXAMPLES / "hospital-18-wells"

DOUBLET = f"""\
{BARE_DOUBLET_HEAD}\
design_extraction = "150 kW"
full_load_hours = "2000 h"
{BARE_DOUBLET_WELLS}"""


def run(folder: Path, *arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(build(), ["check", str(folder), *map(str, arguments)])
    if isinstance(result.exception, InputError):
        raise result.exception
    return result.exit_code, result.stdout


@pytest.fixture
def hospital(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    shutil.copytree(HOSPITAL, folder)
    return folder


@pytest.fixture
def doublet(tmp_path: Path) -> Path:
    folder = tmp_path / "doublet"
    folder.mkdir()
    (folder / "site.toml").write_text(DOUBLET, encoding="utf-8")
    return folder


def edit(folder: Path, old: str, new: str) -> None:
    file = folder / "site.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_design_that_may_work_in_both_languages() -> None:
    code, english = run(HOSPITAL, "--wells", "--language", "en")
    assert code == 0
    assert "velocity in the slots of the screen" in english
    assert "GB 50296-2014 6.2.2" in english
    assert "no check refuses the design" in english
    code, chinese = run(HOSPITAL, "--wells", "--language", "zh")
    assert code == 0
    assert "滤水管进水流速" in chinese
    assert "未发现不可行之处" in chinese
    numbers = re.compile(r"\d+\.\d+")
    assert sorted(numbers.findall(chinese)) == sorted(numbers.findall(english))


def test_a_design_that_cannot_work_is_refused(hospital: Path) -> None:
    edit(hospital, 'hydraulic_conductivity = "8.64 m/d"', 'hydraulic_conductivity = "0.5 m/d"')
    code, english = run(hospital, "--wells", "--language", "en")
    assert code == 1
    assert "refused" in english
    assert "overpressure over effective stress" in english
    assert "Needs: at most" in english
    code, chinese = run(hospital, "--wells", "--language", "zh")
    assert code == 1
    assert "不予通过" in chinese


def test_the_answer_for_programs() -> None:
    code, text = run(HOSPITAL, "--wells", "--json")
    assert code == 0
    (source,) = json.loads(text)["sources"]
    assert source["source"] == "wells"
    assert not source["refused"]
    for check in source["checks"]:
        assert check["verdict"] in ("ok", "warning", "fail", "unknown")
        assert {"en", "zh"} == set(check["name"]) == set(check["why"])
        assert check["rule"] is None or check["rule"]["id"]


def test_measured_and_rated_operation_are_not_mixed() -> None:
    """200 kW from 30 m³/h is a drop of 5.73 K; the measured 2.2 K is another point."""
    _, text = run(HOSPITAL, "--wells", "--json")
    checks = {check["id"]: check for check in json.loads(text)["sources"][0]["checks"]}
    assert "5.73 K" in checks["freezing_at_design"]["why"]["en"]


def test_a_catalogue_figure_without_water_is_refused(hospital: Path) -> None:
    edit(hospital, 'rated_capacity = "200 kW"', 'rated_capacity = "500 kW"')
    _, text = run(hospital, "--wells", "--json")
    (source,) = json.loads(text)["sources"]
    checks = {check["id"]: check for check in source["checks"]}
    assert checks["power"]["verdict"] == "fail"
    assert checks["freezing_at_design"]["verdict"] == "fail"


def test_doublet(doublet: Path) -> None:
    code, text = run(doublet, "--wells", "--json")
    assert code == 0
    checks = {check["id"]: check for check in json.loads(text)["sources"][0]["checks"]}
    assert checks["water_balance"]["verdict"] == "ok"
    assert checks["pump_submergence"]["well"] == "p"
    # (π/3) A b L²/Q with A = 2.6/4.19, at the design flow.
    breakthrough = 3.14159 / 3.0 * 2.6 / 4.19 * 20.0 * 90.0**2 / 30.0
    assert checks["season_volume"]["value"] == pytest.approx(2000.0 / breakthrough, rel=0.01)


def test_a_site_without_wells_says_so() -> None:
    with pytest.raises(InputError) as caught:
        run(EXAMPLES / "sizing-office", "--wells")
    assert "no source of this kind" in str(caught.value)


def test_an_unknown_source_names_those_there_are() -> None:
    with pytest.raises(InputError) as caught:
        run(HOSPITAL, "--wells", "--source", "river")
    assert "wells" in caught.value.problems[0].cure.en


def test_the_plain_check_says_nothing_of_it() -> None:
    _, plain = run(HOSPITAL, "--language", "en")
    assert "can all the water go back" not in plain
    assert "What the site can be used for today" in plain
