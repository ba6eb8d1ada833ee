"""Twenty years of hours with heat-pump feedback, beside pygfunction's load aggregation.

Both run in this process on the same g-function, loads and efficiencies; times are CPU time. The
temperature of the borehole wall of each is compared with the exact convolution of the heat rates
that it found itself.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_functions import g_function
from diwen.sources.borefield.layouts import rectangle
from diwen.sources.response.convolution import convolve, convolve_years
from diwen.sources.response.hourly import Efficiency, simulate_hourly
from diwen.sources.response.modes import Response, fit_response

Floats = NDArray[np.float64]
Rows = list[dict[str, Any]]

HOUR, YEAR = 3600.0, 8760 * 3600.0
CONDUCTIVITY, DIFFUSIVITY, GROUND = 2.0, 1e-6, 10.0
COP = Efficiency.linear(4.0, 0.1)
EER = Efficiency.linear(8.0, -0.1)
_REPEATS = 7


def add_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("hourly")
    group.add_argument("--years", type=int, default=20, help="years of hours")
    group.add_argument("--side", type=int, default=10, help="boreholes along one side")
    group.add_argument("--peer-passes", type=int, default=1, help="COP passes of the peer per step")


def run(arguments: argparse.Namespace) -> Rows:
    years, side = arguments.years, arguments.side
    field = Boreholes.at(rectangle(side, side, 7.5, 7.5), 150.0, 4.0, 0.075)
    # The cells of the peer reach beyond the years.
    times = np.geomspace(HOUR, 4 * years * YEAR, 60)
    g = g_function(field, DIFFUSIVITY, times, boundary="uniform heat rate")
    per_watt = 1.0 / (2 * np.pi * CONDUCTIVITY * field.total_length)
    hours = HOUR * np.arange(1, years * 8760 + 1)
    exact = g.at(hours) * per_watt
    heat, cold = building(field.total_length)
    rows = [_row("steps", float(len(hours)), "")]
    fit_time, response = _timed(lambda: _fitted(hours, exact))
    rows.append(_row("fit of the modes", fit_time * 1e3, "ms"))
    rows.append(_row("modes", float(response.modes), ""))
    rows.append(_row("error of the fit, relative", response.error, ""))
    ours, result, first = _ours(response, heat, cold, years)
    rows.append(_row("first call, compiled code read from its cache", first, "s"))
    rows.append(_row("first call ever, with compilation, own process", _compiled_anew(), "s"))
    rows.append(_row("heat pumps on the modes", ours * 1e3, "ms", "at most 10 ms"))
    off = np.abs(GROUND - convolve(result.ground_load, exact, HOUR) - result.fluid).max()
    rows.append(_row("  error of the wall temperature", float(off), "K", "at most 0.02 K"))
    known, _ = _timed(lambda: response.simulate(result.ground_load, HOUR))
    rows.append(_row("known load on the modes", known * 1e3, "ms"))
    whole, _ = _timed(lambda: convolve(result.ground_load, exact, HOUR))
    rows.append(_row("known load, exact by FFT", whole * 1e3, "ms"))
    by_year, _ = _timed(lambda: convolve_years(result.ground_load[:8760], exact, HOUR, years))
    rows.append(_row("known year repeated, exact by FFT", by_year * 1e3, "ms"))
    rows += _zones(response, heat, cold, years)
    return rows + _peer(g.at, per_watt, exact, heat, cold, years, arguments.peer_passes, ours)


def building(length: float) -> tuple[Floats, Floats]:
    """Heat and cold of one year, W: seasons, days and weather; more heat than cold."""
    rng = np.random.default_rng(7)
    hours = np.arange(8760)
    weather = np.convolve(rng.normal(size=8760 + 71), np.ones(72) / 72**0.5, "valid")
    course = np.cos(2 * np.pi * (hours / 8760 - 0.04)) + 0.25 * weather
    course += 0.3 * np.cos(2 * np.pi * (hours / 24 - 0.2))
    return np.maximum(course - 0.2, 0.0) * 25.0 * length, np.maximum(
        -course - 0.5, 0.0
    ) * 25 * length


def _row(what: str, value: float, unit: str, aim: str = "") -> dict[str, Any]:
    return {"what": what, "value": value, "unit": unit, "aim": aim}


def _timed(call: Callable[[], Any], repeats: int = _REPEATS) -> tuple[float, Any]:
    """Best CPU time of several calls, s, and what the last one gave."""
    best, value = np.inf, call()
    for _ in range(repeats):
        start = time.process_time()
        value = call()
        best = min(best, time.process_time() - start)
    return best, value


def _fitted(hours: Floats, exact: Floats) -> Response:
    chosen = np.unique(np.geomspace(1, len(hours), 200).astype(int)) - 1
    return fit_response(hours[chosen], exact[chosen], tolerance=3e-4)


def _ours(response: Response, heat: Floats, cold: Floats, years: int) -> tuple[float, Any, float]:
    def call() -> Any:
        return simulate_hourly(
            response,
            heat,
            cold,
            undisturbed_temperature=GROUND,
            heat_capacity_rate=np.inf,
            heating_efficiency=COP,
            cooling_efficiency=EER,
            years=years,
        )

    start = time.process_time()
    call()
    first = time.process_time() - start
    best, result = _timed(call)
    return best, result, first


def _compiled_anew() -> float:
    """CPU time of the first call with an empty cache of compiled code, s."""
    script = (
        "import time, numpy as np; from diwen.sources.response.modes import Response;"
        "from diwen.sources.response.hourly import Efficiency, simulate_hourly;"
        "one = Response(np.ones(1), np.ones((1, 1, 1)), np.zeros((1, 1)), np.ones(1));"
        "start = time.process_time();"
        "simulate_hourly(one, np.ones(1), undisturbed_temperature=0.0, heat_capacity_rate=1.0,"
        " heating_efficiency=Efficiency.constant(4.0));"
        "print(time.process_time() - start)"
    )
    with tempfile.TemporaryDirectory() as empty:
        environment = os.environ | {"NUMBA_CACHE_DIR": empty}
        command = [sys.executable, "-c", script]
        said = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(said.stdout)


def _zones(response: Response, heat: Floats, cold: Floats, years: int) -> Rows:
    """Four zones of a quarter of the load each, tied by the slower half of the modes."""
    single = response.resistances[0, 0]
    coupled = np.where(response.time_constants > 30 * 86400.0, 0.3 * single, 0.0)
    both = np.where(np.eye(4)[:, :, None] > 0, single, coupled) * 2.0
    zones = Response(response.time_constants, both, np.zeros((4, 4)), np.ones(4))
    loads = (np.repeat(load[:, None] / 4, 4, axis=1) for load in (heat, cold))
    quarters = tuple(loads)
    spent, _ = _timed(
        lambda: simulate_hourly(
            zones,
            *quarters,
            undisturbed_temperature=GROUND,
            heat_capacity_rate=np.inf,
            heating_efficiency=COP,
            cooling_efficiency=EER,
            years=years,
        ),
        3,
    )
    return [_row("four zones with heat pumps of their own", spent * 1e3, "ms")]


def _peer(
    g: Callable[[Floats], Floats],
    per_watt: float,
    exact: Floats,
    heat: Floats,
    cold: Floats,
    years: int,
    passes: int,
    ours: float,
) -> Rows:
    """The same years by the load aggregation of pygfunction, its defaults."""
    try:
        from pygfunction.load_aggregation import ClaessonJaved
    except ImportError:
        return [_row("pygfunction is not installed", 0.0, "")]
    count = years * 8760
    aggregation = ClaessonJaved(HOUR, count * HOUR)
    aggregation.initialize(g(aggregation.get_times_for_simulation()) * per_watt)
    ground, wall = np.empty(count), np.empty(count)
    start = time.process_time()
    temperature = GROUND
    for n in range(count):
        aggregation.next_time_step((n + 1) * HOUR)
        warm, cool = heat[n % 8760], cold[n % 8760]
        for _ in range(passes):
            load = warm * (1 - 1 / (4.0 + 0.1 * temperature))
            load -= cool * (1 + 1 / (8.0 - 0.1 * temperature))
            aggregation.set_current_load(load)
            temperature = GROUND - float(aggregation.temporal_superposition())
        ground[n], wall[n] = load, temperature
    spent = time.process_time() - start
    off = np.abs(GROUND - convolve(ground, exact, HOUR) - wall)
    name = f"pygfunction ClaessonJaved, {passes} pass(es)"
    return [
        _row(name, spent * 1e3, "ms"),
        _row("  error of the wall temperature", float(off.max()), "K"),
        _row("times as fast", spent / ours, "", "at least 120"),
        _row("  its mean error", float(off.mean()), "K"),
    ]
