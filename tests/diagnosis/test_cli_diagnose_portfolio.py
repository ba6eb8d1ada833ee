"""``diwen diagnose`` of yearly totals: what they say about the meters, and nothing else."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from diwen.cli import build
from diwen.problems import InputError

PORTFOLIO = Path(__file__).resolve().parents[2] / "examples" / "heatpumpmonitor"


def said(*arguments: object) -> Any:
    return CliRunner().invoke(build(), ["diagnose", str(PORTFOLIO), *map(str, arguments)])


def hours_of_air() -> dict[str, float]:
    """System -> hours, read from the delivered table without Diwen."""
    text = gzip.decompress((PORTFOLIO / "systems.csv.gz").read_bytes()).decode()
    rows = csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#"))
    found = {row["id"]: float(row["error_air"] or 0.0) / 3600.0 for row in rows}
    return {system: hours for system, hours in found.items() if hours > 0.0}


def test_the_meters_are_counted_and_the_worst_are_named() -> None:
    told = said("--language", "en")
    assert told.exit_code == 0, told.output  # faults of instruments alone
    air = hours_of_air()
    assert f"air in the heat meter: {len(air)} systems" in told.output
    longest = max(air, key=lambda one: air[one])
    worst = told.output[told.output.index("The worst:") :]
    lines = [line for line in worst.splitlines() if line.startswith("- ")]
    assert sum("(system " in line for line in lines) == 10
    # What cannot be stands before what was long; of the hours the longest first.
    order = [line for line in lines if "air in the heat meter" in line]
    assert f"{air[longest]:.1f} h (system {longest};" in order[0]
    assert "hot water: 0.01 units of heat" in lines[1]
    assert "diwen portfolio SITE" in told.output


def test_the_same_in_chinese() -> None:
    told = said("--language", "zh")
    assert told.exit_code == 0
    assert "热量表含气" in told.output
    assert "最严重的" in told.output
    assert "The worst" not in told.output


def test_programs_get_every_one() -> None:
    told = said("--json")
    assert told.exit_code == 0
    data = json.loads(told.output)
    air = hours_of_air()
    held = {one["points"][0]: one["value"] for one in data["sensors"] if one["kind"] == "air"}
    assert held == pytest.approx(air)
    assert data["counts"]["air"]["all"] == len(air)
    # A day of air is the border (row of the rules); few hours are told, and are no fault.
    assert data["counts"]["air"]["likely"] == sum(hours >= 24.0 for hours in air.values())
    assert data["counts"]["range"]["all"] >= 1
    assert data["found"] == []
    assert data["systems"] == 153


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--since", "2025-08-01"), ["--since"]),
        (("--save", "--report", "totals.html"), ["--save", "--report"]),
    ],
)
def test_what_needs_hours_is_refused_with_its_cure(
    options: tuple[str, ...], named: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = said(*options)
    assert isinstance(told.exception, InputError)
    assert [one.where for one in told.exception.problems] == named
    assert all("diwen portfolio" in one.cure.en for one in told.exception.problems)
    assert not list(tmp_path.iterdir())
