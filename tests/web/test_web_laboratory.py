"""The bundled laboratory example as the view shows it, from its measurements as delivered."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from diwen.site import read
from diwen.telemetry import import_files
from diwen.web import create_app

EXAMPLE = Path(__file__).parents[2] / "examples" / "rwth-lab"


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("laboratory") / "rwth-lab"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("telemetry", "reports"))
    import_files(read(folder), sorted((folder / "measurements").iterdir()))
    with TestClient(create_app([folder])) as visitor:
        yield visitor


def test_the_plateaus_and_what_they_rest_on_are_shown(laboratory, arrived):
    text = arrived(laboratory, "/en/sites/rwth-lab").text
    assert "Steady COP" in text
    assert "±" in text
    assert "manual entry" in text  # the flow was not logged
    assert "no flow meter in the source circuit" in text


def test_the_seconds_can_be_looked_at_one_by_one(laboratory):
    site = laboratory.get("/api/sites/rwth-lab").json()
    start = site["span"][0]
    query = {"point": "load_leaving", "start": start, "n": 5000}
    curve = laboratory.get("/api/sites/rwth-lab/series", params=query).json()
    assert curve["kind"] == "raw"
    assert curve["unit"] == "°C"  # delivered in kelvin
    assert curve["records"] == 3300
    assert {b - a for a, b in zip(curve["time"], curve["time"][1:], strict=False)} == {1000}
    assert 20 < min(curve["mean"]) < max(curve["mean"]) < 55


def test_a_reading_by_hand_holds_over_the_whole_window(laboratory):
    first, last = laboratory.get("/api/sites/rwth-lab").json()["span"]
    middle = first.replace("00:00+00:00", "20:00+00:00")
    query = {"point": "load_flow", "start": middle, "n": 300}
    curve = laboratory.get("/api/sites/rwth-lab/series", params=query).json()
    assert curve["held"] is True
    assert curve["origin"] == "manual"
    assert set(curve["mean"]) == {0.404317}
    assert len(curve["time"]) == 2
    assert curve["time"][1] - curve["time"][0] > 30 * 60_000
    assert last > middle
