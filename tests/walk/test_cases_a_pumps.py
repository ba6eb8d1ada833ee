"""Pumps that belong to some units of a source: they run with these and with nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from diwen.plant.performance_map import PerformanceMap
from diwen.plant.station import LoadLoop, PumpGroup, SourceLoop, Station, SupplyCurve, Unit
from diwen.site import read
from diwen.site.station_builder import station_of_site
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.run import simulate

EXAMPLES = Path(__file__).parents[2] / "examples"
FLAT = np.ones((2, 2))
HOURS = 240


def unit(name: str, heat: float) -> Unit:
    ends = np.array([0.0, 20.0]), np.array([30.0, 60.0])
    of = PerformanceMap("heating", *ends, heat * FLAT, heat / 4.0 * FLAT, (0, 20), (30, 60))
    return Unit(name, 1, "field", ("heat",), heating=of)


def pump(name: str, *units: str, variable: bool = False) -> PumpGroup:
    shares = np.linspace(0.0, 1.0, 11)
    return PumpGroup(
        name, shares, 1000.0 * shares**3, 0.01, 0.3 if variable else 1.0, variable, units=units
    )


def powers(*pumps: PumpGroup, load: float) -> dict[str, float]:
    """Mean power of each pump group in a steady load on a small unit and then a large one."""
    loop = LoadLoop("heat", "heat", ("house",), SupplyCurve.constant(45.0))
    station = Station(
        (SourceLoop("field", pumps),), (loop,), (unit("small", 10e3), unit("large", 90e3))
    )
    ground = SourceModel(
        "borefield", Response(np.array([1e6]), np.zeros((1, 1, 1)), np.zeros((1, 1)), np.ones(1)),
        12.0, 1e4, 0.01,
    )  # fmt: skip
    run = simulate(station, {"field": ground}, {"heat": np.full(HOURS, load)}, np.zeros(HOURS))
    assert run.closure < 1e-9
    return {name: float(power.mean()) for name, power in run.course.pumps.items()}


def test_the_pump_of_a_unit_at_rest_rests() -> None:
    found = powers(pump("of_small", "small"), pump("of_large", "large"), load=10e3)
    assert found["of_small"] == pytest.approx(1000.0)
    assert found["of_large"] == 0.0


def test_both_run_where_both_units_do() -> None:
    found = powers(pump("of_small", "small"), pump("of_large", "large"), load=100e3)
    assert found == pytest.approx({"of_small": 1000.0, "of_large": 1000.0})


def test_a_pump_of_one_speed_does_not_hold_its_neighbour_at_full_speed() -> None:
    """At half of the units a variable pump runs at half of its flow: an eighth of its power."""
    found = powers(pump("fixed"), pump("variable", variable=True), load=10e3)
    assert found["fixed"] == pytest.approx(1000.0)
    assert found["variable"] == pytest.approx(125.0)


def test_what_a_pump_serves_in_the_file_decides() -> None:
    station = station_of_site(read(EXAMPLES / "sports-centre"))
    (loop,) = station.source_loops
    assert {one.name: one.units for one in loop.pumps} == {
        "second": ("recovery",), "base_source": ("base",)
    }  # fmt: skip
    alone = station_of_site(read(EXAMPLES / "plant-template")).source_loops[0]
    assert [one.units for one in alone.pumps] == [()]


def test_the_same_plant_without_the_words_runs_all_its_pumps() -> None:
    own = pump("of_small", "small")
    found = powers(replace(own, units=()), pump("of_large", "large"), load=10e3)
    assert found["of_small"] == pytest.approx(1000.0)
