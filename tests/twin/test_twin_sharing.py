"""Identical units that share a load: equally, as many as need the least power."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from diwen.plant.performance_map import PartLoad, PerformanceMap
from diwen.plant.station import LoadLoop, SourceLoop, Station, SupplyCurve, Unit
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.course import UnitCourse
from diwen.twin.run import simulate

CAPACITY, POWER = 100e3, 25e3
A, B, C = 0.1, 0.5, 0.4
RATIOS = np.linspace(0.0, 1.0, 1001)
QUADRATIC = PartLoad(0.2, RATIOS, A + B * RATIOS + C * RATIOS**2, 0.9)


def course(part: PartLoad, loads: np.ndarray, count: int = 6, **changes: object) -> UnitCourse:
    """Units of constant capacity and power on a river, loads in units of one capacity."""
    ends = np.array([0.0, 20.0]), np.array([30.0, 60.0])
    of = PerformanceMap(
        "heating", *ends, np.full((2, 2), CAPACITY), np.full((2, 2), POWER), (0, 20), (30, 60)
    )
    unit = Unit("hp", count, "river", ("heat",), heating=of, part_load=part)
    loop = LoadLoop("heat", "heat", ("h",), SupplyCurve.constant(45.0))
    plant = Station((SourceLoop("river"),), (loop,), (replace(unit, **changes),))  # type: ignore[arg-type]
    none = Response(np.ones(0), np.ones((1, 1, 0)), np.zeros((1, 1)), np.ones(1))
    river = SourceModel("river", none, 9.0, 1e7, 2.0)
    run = simulate(plant, {"river": river}, {"heat": loads * CAPACITY}, np.zeros(len(loads)))
    assert run.closure < 1e-9
    assert run.unsettled == 0
    return run.course.units["hp"]


def test_one_more_unit_comes_on_where_both_numbers_need_the_same_power() -> None:
    """Power a + b q + c q²: n and n + 1 units are equal at Q = √(n (n + 1) a / c), each."""
    edges = np.sqrt(np.arange(1, 6) * np.arange(2, 7) * A / C)
    around = np.sort(np.concatenate([edges * 0.995, edges * 1.005]))
    found = course(QUADRATIC, around)
    assert found.running == pytest.approx([1, 2, 2, 3, 3, 4, 4, 5, 5, 6])
    load = around / found.running
    expected = found.running * POWER * (A + B * load + C * load**2)
    assert found.power == pytest.approx(expected, rel=1e-5)


def test_no_number_of_units_needs_less_power() -> None:
    loads = np.random.default_rng(2).uniform(0.2, 6.0, 400)
    numbers = np.arange(1, 7)[:, None]
    each = loads / numbers
    total = numbers * POWER * (A + B * each + C * each**2)
    least = np.where((each <= 1.0) & (each >= 0.2), total, np.inf).min(axis=0)
    assert course(QUADRATIC, loads).power == pytest.approx(least, rel=1e-5)


def test_said_otherwise_they_are_filled_one_after_another() -> None:
    loads = np.array([1.5, 2.8])
    found = course(QUADRATIC, loads, sharing="sequential")
    last = loads - np.floor(loads)
    expected = (np.floor(loads) + A + B * last + C * last**2) * POWER
    assert found.power == pytest.approx(expected, rel=1e-5)
    assert found.running == pytest.approx([2.0, 3.0])


def test_units_of_one_speed_and_of_proportional_power_have_nothing_to_share() -> None:
    loads = np.array([0.4, 1.6, 3.2])
    fixed = PartLoad(1.0, np.array([0.0, 1.0]), np.array([0.0, 1.0]), 0.9)
    for part in (fixed, PartLoad.proportional()):
        both = [course(part, loads, sharing=said) for said in ("equal", "sequential")]
        assert both[0].power == pytest.approx(both[1].power)
        assert both[0].running == pytest.approx(both[1].running)


def test_the_power_of_sharing_units_has_no_jumps() -> None:
    """Best at full load: just above a whole number the last one cycles, as filled in order."""
    steep = PartLoad(0.3, np.array([0.0, 1.0]), np.array([0.3, 1.0]), 0.9)
    loads = np.linspace(0.5, 5.5, 5001)
    power = course(steep, loads).power
    assert np.diff(power).max() < 0.01 * POWER
    assert np.diff(power).min() > -0.01 * POWER
    assert (power <= course(steep, loads, sharing="sequential").power * (1 + 1e-12)).all()


def test_no_more_units_share_than_are_permitted() -> None:
    found = course(QUADRATIC, np.array([1.9, 1.9]), count=2)
    assert found.running == pytest.approx(2.0)
    assert course(QUADRATIC, np.array([2.5]), count=6).running == pytest.approx(5.0)
