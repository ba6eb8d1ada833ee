"""A well doublet in another zone: clock change, reinjection with and without a loss. Simulated."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from walk_site import diwen, write_points

import diwen as house
from diwen.evaluation import evaluate
from diwen.telemetry import open_store

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = datetime(2024, 9, 30, 22, tzinfo=UTC)  # 1 October at midnight in Berlin
HOURS = 31 * 24 + 1  # October has 25 hours on the 27th
ABSTRACTED = 40.0  # m³/h
DOUBLET = """[sources.wells]
type = "well_doublet"
name = "Doublet 对井"

[sources.wells.wells.a1]
role = "abstraction"
depth = "60 m"

[sources.wells.wells.i1]
role = "injection"
depth = "60 m"

"""
POINTS = [
    {
        "id": id, "quantity": "volume", "unit": "m3", "equipment": well, "location": location,
        "accuracy": accuracy, "interval": "1 h", "source": source, "origin": "simulated",
    }
    for id, well, location, accuracy, source in (
        ("abstracted", "a1", "well_abstraction", "± 0.5 %", "Förderung [m³]"),
        ("reinjected", "i1", "well_injection", "± 0.5 %", "Schluckung [m³]"),
    )
]  # fmt: skip


def doublet(folder: Path, reinjected: float) -> Path:
    """A doublet with hourly registers of October, in local time, decimal commas, Latin-1."""
    assert diwen("new", folder, "--from", "plant-template").exit_code == 0
    toml = (folder / "site.toml").read_text(encoding="utf-8")
    begin, end = toml.index("[sources.field]"), toml.index("# ---- 机组")
    toml = toml[:begin] + DOUBLET + toml[end:]
    toml = toml.replace('source = "field"', 'source = "wells"')
    toml = toml.replace("Asia/Shanghai", "Europe/Berlin").replace('\nregion = "Beijing"\n', "\n")
    toml = re.sub(r"(?m)^grid_region = .*\n", "", toml)
    (folder / "site.toml").write_text(toml, encoding="utf-8")
    write_points(folder, POINTS)
    (folder / "ledger.csv").unlink()
    lines = ["Datum;Uhrzeit;Förderung [m³];Schluckung [m³]"]
    for hour in range(HOURS + 1):
        local = (FIRST + timedelta(hours=hour)).astimezone(BERLIN)
        values = (1000.0 + ABSTRACTED * hour, 500.0 + ABSTRACTED * reinjected * hour)
        shown = ";".join(f"{value:.2f}".replace(".", ",") for value in values)
        lines.append(f"{local:%d.%m.%Y;%H:%M};{shown}")
    file = folder.parent / "brunnen.csv"
    file.write_bytes("\n".join(lines).encode("latin-1"))
    result = diwen("import", folder, file)
    assert result.exit_code == 0, result.output
    return folder


@pytest.mark.parametrize(
    ("reinjected", "label"), [(0.97, "below 100 %"), (0.998, "100 % within U")]
)
def test_reinjection_over_a_clock_change(tmp_path: Path, reinjected: float, label: str) -> None:
    site = house.read(doublet(tmp_path / "wells", reinjected))
    stored = open_store(site).series("abstracted")
    assert len(stored) == HOURS + 1
    assert {int(step) for step in stored.time[1:] - stored.time[:-1]} == {3_600_000_000}
    result = evaluate(site, "2024-10").find("reinjection_rate", "wells")
    assert result.value == pytest.approx(100 * reinjected, abs=0.01)
    assert result.coverage == pytest.approx(1.0)
    assert result.detail["abstracted"] == pytest.approx(ABSTRACTED * HOURS)
    # Two meters of ± 0.5 %, rectangular, independent; k = 2.
    assert result.uncertainty == pytest.approx(
        2 * 100 * reinjected * 0.005 * (2 / 3) ** 0.5, rel=0.01
    )
    assert result.grade.label.en == label
    assert result.origin == ("simulated",)
