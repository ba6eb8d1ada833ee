"""g-functions of 25 times beside pygfunction in the same run, on CPU time, with errors.

Errors are against our own accurate mode with the same segments, which tests/sources holds against
solutions with every segment an unknown and no steps in time.
"""

from __future__ import annotations

import argparse
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_functions import g_function
from diwen.sources.borefield.layouts import rectangle

_YEAR = 365.25 * 86400.0
_TIMES = np.geomspace(3600.0, 100.0 * _YEAR, 25)
_DIFFUSIVITY = 1e-6
_REPEATS = 7
Rows = list[dict[str, Any]]

# Field, aim of fast mode in ms, largest error in per cent.
_REGULAR = {5: (10, 0.1), 10: (10, 0.1), 20: (10, 0.1), 32: (12, 0.1), 50: (100, 0.1)}
_RANDOM = {100: (100, 0.2), 400: (100, 0.2), 1000: (100, 0.2)}


def add_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("g_function")
    group.add_argument(
        "--heavy-peers", action="store_true", help="also the peer's solver of 37 s (5 GB of memory)"
    )


def run(arguments: argparse.Namespace) -> Rows:
    # The peak of a child's memory counts its parent's, so this goes before the peers.
    rows = [*_largest(), _first_call()]
    for side, aims in _REGULAR.items():
        rows += _compare(f"{side} x {side}", square(side), *aims, heavy=False)
    for count, aims in _RANDOM.items():
        rows += _compare(f"{count} anywhere", anywhere(count), *aims, heavy=False)
    rows += _accurate("20 x 20", square(20), 0.12, arguments.heavy_peers)
    rows += _accurate("32 x 32", square(32), 3.0, False)
    rows += _accurate("400 anywhere", anywhere(400), 3.0, False)
    return rows


def square(side: int) -> Boreholes:
    return Boreholes.at(rectangle(side, side, 7.5), 150.0, 4.0, 0.075)


def anywhere(count: int) -> Boreholes:
    """Random places at least 5 m apart, 15 % wider than a square of 7.5 m spacing."""
    rng = np.random.default_rng(12345)
    side = math.sqrt(count) * 7.5 * 1.15
    placed = np.empty((0, 2))
    while len(placed) < count:
        place = rng.uniform(0.0, side, 2)
        if (((placed - place) ** 2).sum(axis=1) >= 25.0).all():
            placed = np.vstack([placed, place])
    return Boreholes.of(placed[:, 0], placed[:, 1], 150.0, 4.0, 0.075)


def cpu(action: Callable[[], Any], repeats: int = _REPEATS) -> tuple[float, Any]:
    """CPU time of all threads, best of several, s; and the last answer."""
    best = math.inf
    for _ in range(repeats):
        start = time.process_time()
        answer = action()
        best = min(best, time.process_time() - start)
    return best, answer


def _row(what: str, value: float, unit: str, aim: str = "") -> dict[str, Any]:
    return {"what": what, "value": value, "unit": unit, "aim": aim}


def _peer(boreholes: Boreholes, method: str) -> Any:
    import pygfunction

    holes = [
        pygfunction.boreholes.Borehole(h, d, r, x, y)
        for h, d, r, x, y in zip(
            boreholes.length,
            boreholes.buried_depth,
            boreholes.radius,
            boreholes.x,
            boreholes.y,
            strict=True,
        )
    ]
    solved = pygfunction.gfunction.gFunction(
        holes, _DIFFUSIVITY, time=_TIMES, boundary_condition="UBWT", method=method
    )
    return solved.gFunc


def _compare(name: str, boreholes: Boreholes, aim: float, percent: float, heavy: bool) -> Rows:
    best = g_function(boreholes, _DIFFUSIVITY, _TIMES, mode="accurate").values
    ours, fast = cpu(lambda: g_function(boreholes, _DIFFUSIVITY, _TIMES))
    peer, theirs = cpu(lambda: _peer(boreholes, "equivalent"), 3)
    error = np.abs(fast.values / best - 1.0).max()
    ratio_aim = "at least 50" if name == "32 x 32" else ""
    return [
        _row(f"{name}, fast", 1e3 * ours, "ms CPU", f"at most {aim}"),
        _row("  its error", 100.0 * error, "%", f"at most {percent}"),
        _row("  its own estimate of it", 100.0 * fast.error, "%"),
        _row("  pygfunction equivalent", 1e3 * peer, "ms CPU"),
        _row("  its error", 100.0 * np.abs(theirs / best - 1.0).max(), "%"),
        _row("  times faster", peer / ours, "", ratio_aim),
    ]


def _accurate(name: str, boreholes: Boreholes, aim: float, heavy: bool) -> Rows:
    ours, best = cpu(lambda: g_function(boreholes, _DIFFUSIVITY, _TIMES, mode="accurate"))
    rows = [
        _row(f"{name}, accurate", 1e3 * ours, "ms CPU", f"at most {1e3 * aim:.0f}"),
        _row("  its own estimate of its error", 100.0 * best.error, "%", "at most 0.03"),
    ]
    if not heavy:
        return rows
    peer, theirs = cpu(lambda: _peer(boreholes, "similarities"), 1)
    return [
        *rows,
        _row("  pygfunction similarities", peer, "s CPU"),
        _row("  its error", 100.0 * np.abs(theirs / best.values - 1.0).max(), "%"),
        _row("  times faster", peer / ours, "", "at least 300"),
    ]


def _largest() -> Rows:
    """100 x 100 in a process of its own, for its peak of memory."""
    code = "from benchmarks.g_function import largest; largest()"
    told = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    return [
        _row("100 x 100, fast", float(told[0]), "ms CPU", "at most 300"),
        _row("  peak memory", float(told[1]), "MB", "at most 500"),
        _row("  error beside accurate", float(told[2]), "%", "at most 0.1"),
    ]


def largest() -> None:
    """Print CPU time in ms, peak memory in MB and the error in per cent of 100 x 100."""
    field = square(100)
    ours, fast = cpu(lambda: g_function(field, _DIFFUSIVITY, _TIMES), 3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    best = g_function(field, _DIFFUSIVITY, _TIMES, mode="accurate").values
    print(1e3 * ours, peak, 100.0 * np.abs(fast.values / best - 1.0).max())


def _first_call() -> dict[str, Any]:
    """Import, compilation and one field in a fresh process without a cache."""
    code = (
        "import time; t = time.process_time()\n"
        "from benchmarks.g_function import anywhere, g_function, _TIMES\n"
        "g_function(anywhere(100), 1e-6, _TIMES); print(time.process_time() - t)"
    )
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"NUMBA_CACHE_DIR": cache}
        told = subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        ).stdout
    return _row("first call ever, import and compilation", float(told), "s CPU")
