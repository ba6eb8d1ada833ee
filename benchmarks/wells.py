"""Circulation wells: a season of hours in cells, 25 years in modes, a field of 18 in particles.

The well: aquifer of 60 m, screens of 18 m, 30 m³/h, a heating season of 384 MWh that peaks at
199 kW. Beside each of ours stands, in the same process, the plain way: a sparse solve in every
step, the sum over all earlier steps, and the heads of one well by TimML. Times are CPU time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.sources.aquifer.column import Aquifer, GroundColumn
from diwen.sources.aquifer.dipole_heads import DipoleHeads
from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair
from diwen.sources.circulation_well.breakthrough import Breakthrough
from diwen.sources.circulation_well.finite_volume import simulate_finite_volume, step_response
from diwen.sources.circulation_well.flow_field import FlowField, flow_field
from diwen.sources.circulation_well.heat_operator import HeatOperator, heat_operator
from diwen.sources.circulation_well.model_reduction import reduce_well
from diwen.sources.circulation_well.reduced_well import ReducedWell
from diwen.sources.circulation_well.travel_times import travel_times
from diwen.sources.circulation_well.volume_clock import VolumeClock
from diwen.sources.circulation_well.well_response import well_source_model
from diwen.sources.response.hourly import Efficiency
from diwen.sources.well_field.circulation_field import CirculationField, trace_circulation
from diwen.sources.well_field.coupled_wells import ArrivalKernel, march_wells

Floats = NDArray[np.float64]
Rows = list[dict[str, Any]]

HOUR, YEARS, SEASON = 3600.0, 25, 3600
FLOW, GROUND = 30.0 / HOUR, 11.0
COLUMN = GroundColumn.of([0.0, 10.0, 70.0, 100.0], [1e-9, 1e-4, 1e-9])
AQUIFER = Aquifer(10.0, 70.0, 1e-4, 1e-4)
PAIR = ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0))
WELL = CirculationWell.of(0.15, (PAIR,))
COP = Efficiency.linear(4.0, 0.1)
_PLAIN_FROM, _PLAIN_STEPS = 1500, 5


def add_options(parser: argparse.ArgumentParser) -> None:
    """Nothing to set."""


def run(arguments: argparse.Namespace) -> Rows:
    setup, field = _timed(lambda: flow_field(COLUMN, WELL), 3)
    operator = heat_operator(field)
    rows = [_row("cells of the finite volumes", float(operator.cells), "")]
    rows.append(_row("steady flow around the well", setup * 1e3, "ms"))
    rows += _finite_volumes(operator)
    rows += _volume_clock(field)
    rows += _modes(operator)
    rows += _eighteen_wells()
    rows += _heads()
    bare = _peak("pass")
    cells, wells = _peak("wells.finite_volumes()"), _peak("wells.eighteen_wells()")
    return [
        *rows,
        _row("peak memory, imports alone", bare, "MB"),
        _row("peak memory, finite volumes over a season", cells, "MB"),
        _row("peak memory, 18 wells", wells, "MB"),
    ]


def season() -> Floats:
    """Heat taken by hour, W, shape (3600,): 384 MWh, peak 199 kW."""
    n = np.arange(SEASON)
    swing = 0.12 * np.cos(2 * np.pi * n / 24) + 0.13 * np.sin(2 * np.pi * n / (24 * 9.3))
    return 2e5 * np.clip(0.15 + 0.6 * np.sin(np.pi * (n + 0.5) / SEASON) + swing, 0.05, 1.0)


def year() -> tuple[Floats, Floats]:
    """Heat (W) and flow (m³/s) by hour: a season, rest, a summer that returns four fifths, rest."""
    summer = season()[:3000]
    back = -0.8 * season().sum() / summer.sum() * summer
    load = np.concatenate([season(), np.zeros(1000), back, np.zeros(1160)])
    return load, np.where(load != 0.0, FLOW, 0.0)


def finite_volumes() -> None:
    """A season from nothing, for the memory of it."""
    operator = heat_operator(flow_field(COLUMN, WELL))
    simulate_finite_volume(operator, FLOW, load=season(), natural_temperature=GROUND)


def eighteen_wells() -> ArrivalKernel:
    """18 wells about 45 m apart in regional flow of 6 m a year, from particles."""
    shift = np.random.default_rng(7).uniform(-8.0, 8.0, (18, 2))
    positions = np.array([(k % 6, k // 6) for k in range(18)]) * 45.0 + shift
    field = CirculationField.of(
        positions, FLOW, WELL, AQUIFER, regional_flux=2e-7, regional_direction=0.4
    )
    return ArrivalKernel.of(trace_circulation(field))


def _finite_volumes(operator: HeatOperator) -> Rows:
    def march() -> Any:
        return simulate_finite_volume(
            operator, FLOW, load=season(), natural_temperature=GROUND, keep=[_PLAIN_FROM - 1]
        )

    spent, course = _timed(march, 3)
    plain, pumped = _every_step_anew(operator, course.kept[_PLAIN_FROM - 1].ravel() - GROUND)
    off = float(np.abs(pumped - course.pumped[_PLAIN_FROM:][:_PLAIN_STEPS]).max())
    return [
        _row("season in finite volumes", spent, "s", "below 3 s"),
        _row("  its energy closure", course.energy_closure, ""),
        _row("  a sparse solve in every step, whole season", plain * SEASON, "s"),
        _row("  times as fast", plain * SEASON / spent, ""),
        _row("  largest difference over the steps solved", off, "K"),
    ]


def _every_step_anew(operator: HeatOperator, theta: Floats) -> tuple[float, Floats]:
    """CPU time of one step by scipy's ``spsolve``, s, and pumped water of some steps, °C.

    The returned water is one more unknown of the system. ``theta`` : of the cells before, K.
    """
    from scipy.sparse import bmat, csc_array, diags_array
    from scipy.sparse.linalg import spsolve

    size = operator.cells
    pumped = []
    begun = time.process_time()
    for load in season()[_PLAIN_FROM:][:_PLAIN_STEPS]:
        balance = diags_array(operator.capacity / HOUR) - operator.matrix(FLOW)
        source = csc_array(-FLOW * operator.injection[:, None])
        taken = csc_array(-operator.extraction[None, :])
        system = bmat([[balance, source], [taken, np.ones((1, 1))]], format="csc")
        drop = load / (operator.water_heat_capacity * FLOW)
        found = spsolve(system, np.append(operator.capacity / HOUR * theta, -drop))
        theta = found[:size]
        pumped.append(GROUND + operator.extraction @ theta)
    return (time.process_time() - begun) / _PLAIN_STEPS, np.array(pumped)


def _volume_clock(field: FlowField) -> Rows:
    tracing, paths = _timed(lambda: travel_times(field), 5)
    clock = VolumeClock(Breakthrough.from_travel_times(paths))
    spent, water = _timed(lambda: clock.simulate(season(), FLOW), 7)
    plain, whole = _timed(lambda: _all_earlier_steps(clock.breakthrough), 1)
    operator = heat_operator(field)
    cells = simulate_finite_volume(operator, FLOW, load=season(), natural_temperature=0.0).pumped
    answer = step_response(operator, FLOW, stretches=((HOUR, SEASON),))
    known = VolumeClock(Breakthrough.from_step_response(answer)).simulate(season(), FLOW).pumped
    return [
        _row("paths of the water, traced", tracing, "s"),
        _row("season on the volume clock", spent, "s", "below 0.05 s"),
        _row("  the sum over all earlier steps", plain, "s"),
        _row("  times as fast", plain / spent, ""),
        _row("  largest difference to that sum", float(np.abs(water.pumped - whole).max()), "K"),
        _row("  to the finite volumes", float(np.abs(water.pumped - cells).max()), "K"),
        _row(
            "  the same with the breakthrough of the cells", float(np.abs(known - cells).max()), "K"
        ),
    ]


def _all_earlier_steps(breakthrough: Breakthrough) -> Floats:
    """Pumped water below the ground, K: every step sums what all steps before have returned."""
    drop = season() / (4.19e6 * FLOW)
    pumped_volume = FLOW * HOUR * np.arange(SEASON + 1)
    returned, pumped = np.zeros(SEASON), np.zeros(SEASON)
    for k in range(SEASON):
        share = breakthrough.at(pumped_volume[k + 1] - pumped_volume[: k + 2])
        weight = share[:-1] - share[1:]
        past = weight[:k] @ returned[:k]
        returned[k] = (past - drop[k]) / (1.0 - weight[k])
        pumped[k] = returned[k] + drop[k]
    return pumped


def _modes(operator: HeatOperator) -> Rows:
    making, reduced = _timed(lambda: reduce_well(operator, FLOW, natural_temperature=GROUND), 2)
    quick, _ = _timed(
        lambda: reduce_well(operator, FLOW, natural_temperature=GROUND, checked=False), 2
    )
    load, flow = (np.tile(series, YEARS) for series in year())
    spent, course = _timed(lambda: reduced.simulate(load, flow), 3)
    error = reduced.error
    assert error is not None
    return [
        _row("modes made, with their check on the cells", making, "s"),
        _row("modes made, unchecked", quick, "s"),
        _row("modes", float(reduced.modes), ""),
        _row("  largest error over the check course", error.largest, "K"),
        _row("  over its largest drop", error.relative, ""),
        _row("25 years of hours in modes, with rests", spent, "s", "below 1 s"),
        _row("  energy closure", course.energy_closure, ""),
        *_at_one_flow(reduced, load),
    ]


def _at_one_flow(reduced: ReducedWell, load: Floats) -> Rows:
    making, source = _timed(lambda: well_source_model(reduced, FLOW), 3)
    heat = np.maximum(load[:8760], 0.0)
    spent, _ = _timed(
        lambda: source.simulate(heat, heating_efficiency=COP, years=YEARS), 5
    )  # fmt: skip
    return [
        _row("answer at one flow from the modes", making, "s"),
        _row("  its error with that of the modes, relative", source.error, ""),
        _row("25 years of hours with heat pumps at one flow", spent * 1e3, "ms"),
    ]


def _eighteen_wells() -> Rows:
    spent, kernel = _timed(eighteen_wells, 1)
    load = np.tile(season()[:, None], (1, 18))
    marching, course = _timed(lambda: march_wells(kernel, load, 18 * FLOW, plant="own"), 1)
    return [
        _row("18 wells in regional flow by particles", spent, "s", "below 10 s"),
        _row("  their season of hours, each a plant of its own", marching, "s"),
        _row("  energy closure", abs(course.imbalance), ""),
    ]


def _heads() -> Rows:
    """Heads of one well in a grid of 3 x 60 places, beside TimML with a layer per metre."""
    radii, depth = (5.0, 15.0, 40.0), 10.5 + np.arange(60.0)
    spent, ours = _timed(lambda: _our_heads(radii, depth), 5)
    rows = [_row("heads of one well at 180 places, closed form", spent * 1e3, "ms")]
    try:
        import timml  # type: ignore[import-untyped]
    except ImportError:
        return [*rows, _row("TimML is not installed", 0.0, "")]

    def solve() -> Floats:
        model = timml.Model3D(kaq=8.64, z=np.arange(60.0, -1.0, -1.0), kzoverkh=1.0)
        for screen, flow in ((PAIR.injection, -720.0 / 18), (PAIR.extraction, 720.0 / 18)):
            for layer in range(int(screen.top) - 10, int(screen.bottom) - 10):
                timml.Well(model, 0.0, 0.0, Qw=flow, rw=WELL.radius, layers=layer)
        model.solve(silent=True)
        return np.array([np.asarray(model.head(r, 0.0)).ravel() for r in radii])

    theirs, heads = _timed(solve, 3)
    off = float(np.abs(ours - heads).max() / np.abs(heads).max())
    return [
        *rows,
        _row("  TimML, 60 layers", theirs * 1e3, "ms"),
        _row("  times as fast", theirs / spent, ""),
        _row("  largest difference over the largest head", off, ""),
    ]


def _our_heads(radii: tuple[float, ...], depth: Floats) -> Floats:
    field = DipoleHeads.of(AQUIFER, PAIR, WELL.radius, even_head=False)
    return field.head(np.array(radii)[:, None], depth, FLOW)


def _peak(call: str) -> float:
    """Largest memory of a process of its own that imports this module and calls, MB."""
    script = f"import benchmarks.wells as wells; {call}; print(wells.largest_memory())"
    command = [sys.executable, "-c", script]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(said.stdout)


def largest_memory() -> float:
    """Of this process so far, MB."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would count the parent before exec
        line = next(one for one in status.read_text().splitlines() if one.startswith("VmHWM"))
        return float(line.split()[1]) / 1024.0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _timed(call: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Best CPU time of several calls after a first, s, and what the last one gave."""
    best, value = np.inf, call()
    for _ in range(repeats):
        start = time.process_time()
        value = call()
        best = min(best, time.process_time() - start)
    return best, value


def _row(what: str, value: float, unit: str, aim: str = "") -> dict[str, Any]:
    return {"what": what, "value": value, "unit": unit, "aim": aim}
