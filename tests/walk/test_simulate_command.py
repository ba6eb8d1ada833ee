"""``diwen simulate``, then check, evaluate and report on what it wrote, as a user would do it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from walk_site import diwen

_EXAMPLE = Path(__file__).parents[2] / "examples" / "sizing-office"
_MORE = """
heating_season = "11-15..03-15"
cooling_season = "05-15..09-15"
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("simulate") / "office"
    shutil.copytree(_EXAMPLE, folder)
    path = folder / "site.toml"
    path.write_text(path.read_text(encoding="utf-8") + _MORE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def out(office: Path) -> Path:
    folder = office.parent / "office-2025"
    done = diwen("simulate", office, "--since", "2025-01-01", "--out", folder, "--language", "en")
    assert done.exit_code == 0, done.output
    assert "all simulated" in done.stdout
    return folder


def test_a_year_in_words(office):
    done = diwen("simulate", office, "--language", "en")
    assert done.exit_code == 0
    assert "Computed, not measured" in done.stdout
    assert re.search(r"COPsys \d\.\d\d, EERsys \d\.\d\d", done.stdout)
    assert "All loads are met" in done.stdout or "within the tolerance" in done.stdout


def test_years_as_a_table_in_chinese(office, tmp_path):
    picture = tmp_path / "years.svg"
    done = diwen("simulate", office, "--years", "6", "--plot", picture, "--language", "zh")
    assert done.exit_code == 0
    rows = re.findall(r"^ *(\d+) +[\d.]+ +[\d.]+", done.stdout, re.MULTILINE)
    assert rows == ["1", "2", "3", "5", "6"]
    assert "计算值，非实测" in done.stdout
    assert picture.read_text(encoding="utf-8").startswith("<?xml")


def test_what_was_written_evaluates_to_the_same(office, out):
    """The answers of two commands, compared as a user would: three digits."""
    said = json.loads(diwen("simulate", office, "--since", "2025-01-01", "--json").stdout)
    assert diwen("check", out).exit_code == 0
    found = json.loads(diwen("evaluate", out, "--period", "2025", "--json").stdout)
    results = {
        (one["id"], one["mode"]): one for one in found["results"] if one["id"].endswith("_system")
    }
    ratios = said["years"][0]["ratios"]
    assert results["cop_system", "heating"]["value"] == pytest.approx(ratios["cop_system"], 1e-4)
    assert results["eer_system", "cooling"]["value"] == pytest.approx(ratios["eer_system"], 1e-4)
    assert results["cop_system", "heating"]["origin"] == ["simulated"]


def test_the_report_says_that_it_is_simulated(out, tmp_path):
    done = diwen("report", out, "--period", "2025-07", "--format", "html", "--language", "en",
                 "-o", tmp_path)  # fmt: skip
    assert done.exit_code == 0, done.output
    page = next(tmp_path.glob("*.html")).read_text(encoding="utf-8")
    assert "simulated" in page


def test_the_folder_is_not_written_twice_without_being_asked(office, out):
    again = diwen("simulate", office, "--out", out)
    assert again.exception is not None
    replaced = diwen("simulate", office, "--since", "2025-01-01", "--out", out, "--replace")
    assert replaced.exit_code == 0


def test_deviations_and_their_list(office):
    done = diwen("simulate", office, "--deviation", "borehole_resistance=2", "--language", "en")
    assert "construction deviation" in done.stdout
    listed = diwen("simulate", "--list-deviations", "--language", "zh").stdout
    assert "borehole_resistance" in listed
    assert "施工偏差" in listed


def test_a_plant_that_is_too_small_is_told_and_exits_with_1(office):
    done = diwen("simulate", office, "--deviation", "load_factor=3", "--language", "en")
    assert done.exit_code == 1
    assert "NOT MET" in done.stdout
    assert "larger units or source" in done.stdout.replace("\n", " ")


def test_noise_keeps_the_ratio_and_spoils_the_digits(office, tmp_path):
    folder = tmp_path / "noisy"
    done = diwen("simulate", office, "--since", "2025-01-01", "--out", folder, "--noise",
                 "--sensor", "bias:source_leaving=0.5")  # fmt: skip
    assert done.exit_code == 0, done.output
    account = json.loads((folder / "simulation.json").read_text("utf-8"))
    assert account["sensors"] == ["bias", "noise"]
    found = json.loads(diwen("evaluate", folder, "--period", "2025", "--json").stdout)
    value = next(one for one in found["results"] if one["id"] == "cop_system")["value"]
    assert value == pytest.approx(account["years"][0]["ratios"]["cop_system"], rel=0.005)


def test_all_wrong_options_at_once(office):
    done = diwen("simulate", office, "--step", "soon", "--since", "monday", "--scenario", "wet",
                 "--deviation", "load_factor", "--points", "mine", "--plot", "a.pdf")  # fmt: skip
    problems = done.exception.problems
    assert len(problems) == 6
    assert {problem.where for problem in problems} >= {"--step", "--since", "--scenario"}


def test_help_teaches(office):
    text = diwen("simulate", "--help").stdout
    assert "diwen simulate my-plant --years 25" in text
    assert "退出码" in text
