"""The starting point of a plant that is only planned: it works before anything is changed."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from diwen.cli import build
from diwen.site import new, read

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


def run(*words: object) -> str:
    answer = CliRunner().invoke(build(), [str(word) for word in words])
    assert answer.exit_code == 0, answer.output
    return answer.output


@pytest.mark.parametrize(
    ("copy", "original"),
    [
        ("load.csv", "office-load-energyplus/load.csv"),
        ("response-test.csv", "response-test-dinslaken/Dinsl.csv"),
    ],
)
def test_its_files_are_those_whose_origin_it_names(copy: str, original: str) -> None:
    files = EXAMPLES / "planned-plant" / copy, EXAMPLES / original
    assert files[0].read_bytes() == files[1].read_bytes()


def test_new_says_the_commands_that_follow(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    said = run("new", folder, "--from", "planned-plant", "--language", "en")
    assert f"diwen test-response {folder / 'response-test.csv'} --site {folder} --write" in said
    for command in ("size", "simulate", "design-report"):
        assert f"diwen {command} {folder}\n" in said
    other = run("new", tmp_path / "met", "--from", "plant-template", "--language", "en")
    assert "diwen check" in other
    assert "design-report" not in other


def test_from_a_response_test_to_a_length_and_a_year(tmp_path: Path) -> None:
    """What the test says is written without --replace, and size and simulate need no more."""
    folder = new(tmp_path / "office", "planned-plant")
    file = folder / "response-test.csv"
    assert read(folder).ground.layers[0].conductivity is None
    run("test-response", file, "--site", folder, "--write")
    site = read(folder)
    # As published for this file: 2.306 W/(m K) and 0.105 m K/W.
    assert site.ground.layers[0].conductivity == pytest.approx(2.306, rel=0.002)
    assert site.sources["field"].borehole.thermal_resistance == pytest.approx(0.105, abs=0.001)
    year = json.loads(run("simulate", folder, "--json"))["years"][0]
    # The sums that stand beside the file of loads.
    assert year["demand_heat"] / 3.6e9 == pytest.approx(182.3, abs=0.1)
    assert year["demand_cold"] / 3.6e9 == pytest.approx(310.3, abs=0.1)
    assert year["unmet_share"] < 0.001
    assert "80 boreholes" in run("size", folder, "--language", "en")


@pytest.mark.verify
@pytest.mark.parametrize("page", ["tutorial.md", "tutorial.zh.md"])
def test_the_way_of_the_tutorial(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands one after the other in one folder; each line of the page is in the answer."""
    monkeypatch.chdir(tmp_path)
    run("new", "my-plant", "--from", "planned-plant")
    text = (ROOT / "docs" / "pages" / page).read_text(encoding="utf-8")
    steps = re.findall(r"<!-- walked(?: long)?: (.*?) -->\n```text\n(.*?)```", text, re.S)
    assert [step.split()[0] for step, _ in steps] == [
        "test-response", "size", "simulate", "design-report",
    ]  # fmt: skip
    for command, shown in steps:
        said = " ".join(run(*shlex.split(command)).split())
        for line in shown.splitlines():
            assert " ".join(line.split()) in said
