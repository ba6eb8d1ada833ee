"""Rooms behind the loops of a site: where they come from, and what a shortfall does to them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from diwen.plant.station import Room
from diwen.site import read
from diwen.site.station_builder import site_station
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.run import simulate

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_rooms_of_the_template_have_the_setpoints_that_are_owed() -> None:
    found = site_station(read(EXAMPLES / "plant-template"))
    rooms = {loop.name: loop.room for loop in found.station.load_loops}
    heating, cooling = rooms["heating"], rooms["cooling"]
    assert isinstance(heating, Room)
    assert isinstance(cooling, Room)
    assert (heating.setpoint, cooling.setpoint) == (18.0, 27.0)
    assert heating.heat_capacity == pytest.approx(3600.0 * 165e3)
    assert heating.heat_loss == pytest.approx(3600.0 * 1.5)
    assert any("rooms of loop heating" in note.en for note in found.notes)


def test_what_is_no_space_heating_has_no_rooms() -> None:
    station = site_station(read(EXAMPLES / "sports-centre")).station
    for loop in station.load_loops:
        if loop.hot_water:
            assert loop.room is None


def test_rooms_cool_while_a_plant_stands_and_come_back() -> None:
    """A day without units: the exact fading towards the temperature at which loss is load."""
    station = site_station(read(EXAMPLES / "plant-template")).station
    loop = next(one for one in station.load_loops if one.name == "heating")
    assert loop.room is not None
    stands = replace(
        station,
        units=tuple(
            replace(unit, serves=("heating",), lowest_outdoor=-10.0) for unit in station.units
        ),
    )
    outdoor = np.where((np.arange(96) >= 24) & (np.arange(96) < 48), -20.0, 0.0)
    none = Response(np.ones(0), np.ones((1, 1, 0)), np.zeros((1, 1)), np.ones(1))
    source = SourceModel("borefield", none, 12.0, 6e4, 0.015)
    load = np.full(96, 80e3)
    run = simulate(
        replace(stands, load_loops=(replace(loop, tank=None, pumps=()),)), {"field": source},
        {"heating": load}, outdoor,
    )  # fmt: skip
    room = run.course.loops["heating"].room
    assert room is not None
    assert room[:24] == pytest.approx(18.0, abs=1e-6)
    hours = 3600.0 * np.arange(25)
    fading = 1.0 - np.exp(-loop.room.heat_loss * hours / loop.room.heat_capacity)
    at = 18.0 - 80e3 / loop.room.heat_loss * fading
    assert room[24:48] == pytest.approx(0.5 * (at[1:] + at[:-1]), abs=0.05)
    assert room[95] == pytest.approx(18.0, abs=0.1)
