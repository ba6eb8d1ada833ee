"""Pumps as machines: one in several loops, and those that belong to some units only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.plant.performance_map import PerformanceMap
from diwen.plant.station import LoadLoop, PumpGroup, SourceLoop, Station, SupplyCurve, Unit
from diwen.site import read
from diwen.site.station_builder import station_of_site
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.run import TwinRun, simulate

EXAMPLES = Path(__file__).parents[2] / "examples"
SHARES = np.linspace(0.0, 1.0, 101)
FLOW = 0.004
FULL = FLOW * WATER_HEAT_CAPACITY * 5.0
STEPS = 48


def a_map(mode: str, capacity: float) -> PerformanceMap:
    source, load = np.array([-10.0, 40.0]), np.array([5.0, 60.0])
    full = np.full((2, 2), capacity)
    return PerformanceMap(mode, source, load, full, full / 4.0, (-10, 40), (5, 60))


def a_pump(name: str, **changes: object) -> PumpGroup:
    found = PumpGroup(name, SHARES, 1000.0 * SHARES**3, FLOW, 0.1, variable=True)
    return replace(found, **changes)  # type: ignore[arg-type]


def ground(name: str = "borefield") -> SourceModel:
    response = Response(np.array([1e7]), np.full((1, 1, 1), 1e-5), np.zeros((1, 1)), np.ones(1))
    return SourceModel(name, response, 12.0, 2e4, 0.005)


def a_unit(name: str, *serves: str, **changes: object) -> Unit:
    found = Unit(
        name, 1, "field", serves, heating=a_map("heating", 90e3), cooling=a_map("cooling", 90e3)
    )
    return replace(found, **changes)  # type: ignore[arg-type]


def a_loop(name: str, kind: str, *pumps: PumpGroup) -> LoadLoop:
    supply = SupplyCurve.constant(45.0 if kind == "heat" else 7.0)
    return LoadLoop(name, kind, (name,), supply, pumps=pumps)  # type: ignore[arg-type]


def run_of(
    loops: tuple[LoadLoop, ...], units: tuple[Unit, ...], asked: dict[str, float | np.ndarray],
    source_pumps: tuple[PumpGroup, ...] = (),
) -> TwinRun:  # fmt: skip
    station = Station((SourceLoop("field", source_pumps),), loops, units)
    loads = {name: np.broadcast_to(load, (STEPS,)).astype(float) for name, load in asked.items()}
    run = simulate(station, {"field": ground()}, loads, np.zeros(STEPS))
    assert run.closure < 1e-9
    assert run.unsettled == 0
    return run


def both_pipes(heat: float, cold: float) -> TwinRun:
    pump = a_pump("circulation", heat_to_water=1.0)
    loops = a_loop("heating", "heat", pump), a_loop("cooling", "cold", pump)
    asked = {"heating": heat * FULL, "cooling": cold * FULL}
    return run_of(loops, (a_unit("hp", "heating", "cooling"),), asked)


@pytest.mark.parametrize(
    ("heat", "cold", "flow"), [(0.5, 0.0, 0.5), (0.0, 0.3, 0.3), (0.5, 0.3, 0.5), (0.0, 0.0, 0.0)]
)
def test_a_pump_of_two_pipes_counts_once(heat: float, cold: float, flow: float) -> None:
    run = both_pipes(heat, cold)
    assert tuple(run.course.pumps) == ("circulation",)
    power = 1000.0 * (flow**3 if flow else 0.0)
    assert run.course.pumps["circulation"] == pytest.approx(power, rel=1e-3)
    assert run.year_sums("pump.circulation.power") == pytest.approx(power * STEPS * 3600, rel=1e-3)
    # What stands behind the pumps in a row is still itself.
    assert run.course.sources["field"].entering[0] == pytest.approx(12.0, abs=2.5)
    for name, share in (("heating", heat), ("cooling", cold)):
        assert run.course.loops[name].flow_share == pytest.approx(share)
        assert run.course.loops[name].delivered == pytest.approx(share * FULL)


def test_the_warmth_of_a_pump_of_two_pipes_is_its_power_once() -> None:
    """Heat made by the unit plus warmth is the load; cold made is the load and the warmth."""
    run = both_pipes(0.5, 0.3)
    made, pump = run.course.units["hp"], run.course.pumps["circulation"]
    into_heat = 0.5 * FULL - made.heat
    into_cold = made.cold - 0.3 * FULL
    assert into_heat + into_cold == pytest.approx(pump)
    assert into_heat == pytest.approx(pump * 5.0 / 8.0)


def test_loops_side_by_side_add_their_flow_on_one_pump() -> None:
    pump = a_pump("hot")
    loops = a_loop("water", "heat", pump), a_loop("pool", "heat", pump)
    run = run_of(loops, (a_unit("hp", "water", "pool"),), {"water": 0.3 * FULL, "pool": 0.4 * FULL})
    assert run.course.pumps["hot"] == pytest.approx(1000.0 * 0.7**3, rel=1e-3)
    fixed = a_pump("hot", variable=False, minimum_share=1.0)
    loops = a_loop("water", "heat", fixed), a_loop("pool", "heat", fixed)
    run = run_of(loops, (a_unit("hp", "water", "pool"),), {"water": 0.3 * FULL, "pool": 0.0})
    assert run.course.pumps["hot"] == pytest.approx(1000.0)


def test_the_pump_of_a_unit_rests_with_it_on_the_load_side_too() -> None:
    """The second unit runs above what the first can give: its pump in these steps only."""
    load = np.where(np.arange(STEPS) % 2 == 0, 60e3, 150e3)
    units = a_unit("first", "heating"), a_unit("second", "heating")
    for warmth in (0.0, 1.0):
        pumps = [
            a_pump(f"of_{name}", variable=False, heat_to_water=warmth, units=(name,))
            for name in ("first", "second")
        ]
        run = run_of((a_loop("heating", "heat", *pumps),), units, {"heating": load})
        assert run.course.pumps["of_first"] == pytest.approx(1000.0)
        assert run.course.pumps["of_second"] == pytest.approx(np.where(load > 90e3, 1000.0, 0.0))
        made = sum(one.heat for one in run.course.units.values())
        given = sum(run.course.pumps.values()) * warmth
        assert made + given == pytest.approx(load)


def test_a_bound_pump_at_the_edge_of_its_unit_settles() -> None:
    """Its warmth is just what makes its unit needless: a decision, no endless turning."""
    units = a_unit("first", "heating"), a_unit("second", "heating")
    pump = a_pump("of_second", variable=False, heat_to_water=1.0, units=("second",))
    loop = a_loop("heating", "heat", pump)
    for load in (90e3 + 500.0, 90e3 + 1000.0, 90e3 + 1.0):
        run = run_of((loop,), units, {"heating": load})
        assert np.abs(run.course.loops["heating"].delivered - load).max() <= 1000.0


def test_the_two_pipe_template_from_its_folder() -> None:
    """The pump of both seasons is one name, and its electricity is not lost."""
    station = station_of_site(read(EXAMPLES / "plant-template"))
    names = [pump.name for loop in station.load_loops for pump in loop.pumps]
    assert names.count("pump_load") == 2
    loads = {
        "heating": np.where(np.arange(STEPS) < 24, 60e3, 0.0),
        "cooling": np.where(np.arange(STEPS) < 24, 0.0, 90e3),
    }
    source = SourceModel("borefield", ground().response, 14.0, 6e4, 0.015)
    run = simulate(station, {"field": source}, loads, np.full(STEPS, 5.0))
    assert (run.course.pumps["pump_load"] > 0.0).all()
    assert run.course.sources["field"].fluid == pytest.approx(14.0, abs=5.0)
    assert run.closure < 1e-9


def test_a_pump_of_the_file_that_serves_one_unit_is_bound_to_it() -> None:
    """Sports centre: the ground water pump of the recovery unit, the load pumps of both."""
    station = station_of_site(read(EXAMPLES / "sports-centre"))
    found = {pump.name: pump.units for loop in (*station.source_loops, *station.load_loops)
             for pump in loop.pumps}  # fmt: skip
    assert found["second"] == ("recovery",)
    assert found["base_source"] == ("base",)
    assert found["heating_load"] == ()
