"""Twenty-five years of hours of a whole plant, beside pygfunction's load aggregation.

Ten units of their own maps on a bore field with a tank, one unit alone, and many scenarios of the
latter; then the plain loop of load aggregation over the same g-function with one unit, its COP fed
back, in this process. Times are CPU time of one thread.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.hourly import CONDUCTIVITY, DIFFUSIVITY, GROUND, HOUR, YEAR, building
from diwen.plant.performance_map import PartLoad, PerformanceMap
from diwen.plant.station import LoadLoop, SourceLoop, Station, SupplyCurve, TankModel, Unit
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_functions import g_function
from diwen.sources.borefield.layouts import rectangle
from diwen.sources.response.modes import fit_response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.run import TwinRun, simulate
from diwen.twin.scenarios import Scenario, simulate_many

Floats = NDArray[np.float64]
Rows = list[dict[str, Any]]
_REPEATS = 5
_ENTERING = np.arange(-10.0, 41.0, 5.0)


def add_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("twin")
    group.add_argument("--twin-years", type=int, default=25, help="years of hours")
    group.add_argument("--twin-scenarios", type=int, default=40, help="scenarios of all years")


def run(arguments: argparse.Namespace) -> Rows:
    years = arguments.twin_years
    field = Boreholes.at(rectangle(8, 8, 6.0, 6.0), 120.0, 2.0, 0.075)
    times = np.geomspace(HOUR, 4 * years * YEAR, 60)
    g = g_function(field, DIFFUSIVITY, times, boundary="uniform heat rate")
    per_watt = 1.0 / (2 * np.pi * CONDUCTIVITY * field.total_length)
    resistance = 0.1 / field.total_length
    response = fit_response(times, g.at(times) * per_watt, tolerance=3e-4)
    source = SourceModel(
        "borefield", response.with_resistance(resistance), GROUND, 64 * 0.4 * 4180.0, 0.0256
    )
    heat, cold = building(field.total_length)
    air = 12.0 - 14.0 * np.cos(2 * np.pi * np.arange(8760) / 8760)
    loads = {"heating": heat, "cooling": cold}
    start = time.process_time()
    simulate(one_unit(heat, cold), {"field": source}, loads, air, steps=24)
    rows = [_row("modes of the bore field", float(response.modes), "")]
    rows.append(_row("first call, compiled code read or made", time.process_time() - start, "s"))

    def single() -> TwinRun:
        return simulate(
            one_unit(heat, cold), {"field": source}, loads, air, years=years, keep="none"
        )

    def plant() -> TwinRun:
        return simulate(
            ten_units(heat, cold), {"field": source}, loads, air, years=years, keep="none"
        )

    alone, result = _timed(single)
    many, whole = _timed(plant)
    rows.append(_row("one unit", alone, "s", "at most 0.05 s"))
    rows.append(_row("ten units and a tank", many, "s", "at most 0.25 s"))
    rows.append(_row("  largest first-law residual", max(result.closure, whole.closure), ""))
    rows.append(_row("  steps that did not settle", float(whole.unsettled + result.unsettled), ""))
    rng = np.random.default_rng(3)
    scenarios = [
        Scenario(load_factor=f, efficiency_factor=e, sources={"field": _other(source, c)})
        for f, e, c in rng.uniform(0.8, 1.1, (arguments.twin_scenarios, 3))
    ]
    for name, station in (
        ("one unit", one_unit(heat, cold)), ("ten units", ten_units(heat, cold)),
    ):  # fmt: skip
        spent, _ = _timed(_all(station, source, loads, air, scenarios, years), 1)
        rate = 60.0 * len(scenarios) * years / spent
        rows.append(_row(f"scenario-years a minute, {name}", rate, "", "at least 10 000"))
    peer, off = _peer(g.at, per_watt, resistance, source, heat, cold, years)
    if peer is None:
        return [*rows, _row("pygfunction is not installed", 0.0, "")]
    rows.append(_row("pygfunction ClaessonJaved with COP of one unit", peer, "s"))
    rows.append(_row("  its fluid beside ours, largest difference", off(), "K"))
    rows.append(_row("  times as fast, one unit", peer / alone, "", "at least 120"))
    rows.append(_row("  times as fast, ten units and a tank", peer / many, ""))
    return rows


def _row(what: str, value: float, unit: str, aim: str = "") -> dict[str, Any]:
    return {"what": what, "value": value, "unit": unit, "aim": aim}


def _timed(call: Callable[[], Any], repeats: int = _REPEATS) -> tuple[float, Any]:
    best, value = np.inf, call()
    for _ in range(repeats):
        start = time.process_time()
        value = call()
        best = min(best, time.process_time() - start)
    return best, value


def _all(
    station: Station,
    source: SourceModel,
    loads: dict[str, Floats],
    air: Floats,
    scenarios: list[Scenario],
    years: int,
) -> Callable[[], Any]:
    return lambda: simulate_many(
        station, {"field": source}, loads, air, scenarios, years=years, threads=1
    )


def _other(source: SourceModel, factor: float) -> SourceModel:
    from dataclasses import replace

    return replace(source, response=source.response.scaled(factor))


def _map(mode: str, capacity: float, load: list[float], at_zero: float, slope: float) -> Any:
    """Power such that the COP is nearly the straight line of the peer's at the first load point."""
    cop = np.maximum(at_zero + slope * _ENTERING, 1.5)[:, None] * np.array([1.0, 0.8])
    full = np.full(cop.shape, capacity)
    return PerformanceMap(
        mode, _ENTERING, np.array(load), full, full / cop, (-5.0, 30.0), (load[0], load[1])
    )


def one_unit(heat: Floats, cold: Floats) -> Station:
    """One machine that can carry both peaks."""
    peak = 1.2 * max(heat.max(), cold.max())
    unit = Unit(
        "hp", 1, "field", ("heating", "cooling"),
        heating=_map("heating", peak, [40.0, 55.0], 4.0, 0.1),
        cooling=_map("cooling", peak, [7.0, 15.0], 8.0, -0.1),
    )  # fmt: skip
    return Station((SourceLoop("field"),), _loops(None), (unit,))


def ten_units(heat: Floats, cold: Floats) -> Station:
    """Ten machines, each with its own maps, staged by their hours, on a tank of four layers."""
    peak = 1.2 * max(heat.max(), cold.max()) / 10.0
    part = PartLoad(0.3, np.array([0.3, 0.6, 1.0]), np.array([0.27, 0.55, 1.0]), 0.9)
    units = tuple(
        Unit(
            f"hp{k}", 1, "field", ("heating", "cooling"),
            heating=_map("heating", peak * (0.9 + 0.02 * k), [40.0, 55.0], 4.0, 0.1),
            cooling=_map("cooling", peak * (0.9 + 0.02 * k), [7.0, 15.0], 8.0, -0.1),
            part_load=part,
        )
        for k in range(10)
    )  # fmt: skip
    tank = TankModel("tank", 20.0, layers=4, heat_loss=30.0)
    return Station((SourceLoop("field"),), _loops(tank), units, staging="equal_hours")


def _loops(tank: TankModel | None) -> tuple[LoadLoop, ...]:
    return (
        LoadLoop("heating", "heat", ("h",), SupplyCurve.constant(40.0), tank=tank),
        LoadLoop("cooling", "cold", ("c",), SupplyCurve.constant(7.0)),
    )


def _peer(
    g: Callable[[Floats], Floats],
    per_watt: float,
    resistance: float,
    source: SourceModel,
    heat: Floats,
    cold: Floats,
    years: int,
) -> tuple[float | None, Callable[[], float]]:
    """The same years by pygfunction's load aggregation, one pass of the COP per step."""
    try:
        from pygfunction.load_aggregation import ClaessonJaved
    except ImportError:
        return None, lambda: 0.0
    count = years * 8760
    aggregation = ClaessonJaved(HOUR, count * HOUR)
    aggregation.initialize(g(aggregation.get_times_for_simulation()) * per_watt)
    heating = np.maximum(4.0 + 0.1 * _ENTERING, 1.5)
    cooling = np.maximum(8.0 - 0.1 * _ENTERING, 1.5)
    wall = np.empty(count)
    loads = np.empty(count)
    half = 0.5 / source.heat_capacity_rate - resistance
    entering = GROUND
    start = time.process_time()
    for n in range(count):
        aggregation.next_time_step((n + 1) * HOUR)
        warm, cool = heat[n % 8760], cold[n % 8760]
        load = warm * (1.0 - np.interp(entering, _ENTERING, 1.0 / heating))
        load -= cool * (1.0 + np.interp(entering, _ENTERING, 1.0 / cooling))
        aggregation.set_current_load(load)
        wall[n] = GROUND - float(aggregation.temporal_superposition())
        entering = wall[n] + half * load
        loads[n] = load
    spent = time.process_time() - start

    def off() -> float:
        run = simulate(
            one_unit(heat, cold), {"field": source}, {"heating": heat, "cooling": cold},
            np.full(8760, 10.0), years=years,
        )  # fmt: skip
        fluid = wall - resistance * loads
        return float(np.abs(run.course.sources["field"].fluid - fluid).max())

    return spent, off
