"""CPU time of sizing a 10 × 10 field for 20 years, by pulses, months and hours.

The load is made by formula (about 640 MWh of extraction and 270 MWh of injection a year). Run it
with ``python benchmarks/sizing.py``; where GHEtool is installed it sizes the same field in the same
run and the ratio is printed, otherwise it is skipped with a word.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.efficiency import Efficiency, PlantEfficiency
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.sizing import Method, size
from diwen.sources import layouts
from diwen.sources.boreholes import Boreholes

REPEAT = 7
METHODS: tuple[Method, ...] = ("pulses", "monthly", "hourly")
YEARS = 20


def loads() -> tuple[np.ndarray, np.ndarray]:
    """Heat out of and into the ground by hour, W, shape (8760,) each."""
    hour = np.arange(8760.0)
    season, day = np.cos(2 * np.pi * (hour - 360) / 8760), np.cos(2 * np.pi * (hour - 6) / 24)
    weather = np.sin(2 * np.pi * hour / 113.0) + np.sin(2 * np.pi * hour / 271.0)
    out = 1e3 * np.maximum(150 * season + 45 * day + 40 * weather + 15, 0.0)
    into = 1e3 * np.maximum(-260 * season - 160 * day + 60 * weather - 150, 0.0)
    return out, into


def field() -> BoreField:
    boreholes = Boreholes.at(layouts.rectangle(10, 10, 6.0), 100.0, 1.0, 0.075)
    return BoreField(boreholes, 3.0, 2.4e6, 10.0, 0.12)


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """Best CPU time of several runs, s, and the result; the first run compiles and is not timed."""
    result = work()
    times = []
    for _ in range(REPEAT):
        begun = time.process_time()
        result = work()
        times.append(time.process_time() - begun)
    return min(times), result


def peer(out: np.ndarray, into: np.ndarray) -> dict[Method, tuple[float, float]]:
    """CPU time and length of GHEtool by method; empty where it is not installed."""
    try:
        import GHEtool as ghe  # type: ignore[import-not-found]  # noqa: N813
    except ImportError:
        print("GHEtool is not installed: its part is skipped")
        return {}
    borefield = ghe.Borefield()
    borefield.ground_data = ghe.GroundConstantTemperature(3.0, 10.0, 2.4e6)
    borefield.create_rectangular_borefield(10, 10, 6.0, 6.0, 100.0, 1.0, 0.075)
    borefield.Rb = 0.12
    load = ghe.HourlyGeothermalLoad(out / 1e3, into / 1e3, YEARS)
    borefield.load = load
    for name, value in (("max", 16.0), ("min", 0.0)):
        # The name changed between versions.
        older, newer = f"set_{name}_avg_fluid_temperature", f"set_{name}_fluid_temperature"
        getattr(borefield, older if hasattr(borefield, older) else newer)(value)
    keys: dict[Method, str] = {"pulses": "L2_sizing", "monthly": "L3_sizing", "hourly": "L4_sizing"}
    return {
        method: cpu(lambda key=key: borefield.size(**{key: True})) for method, key in keys.items()
    }


def main() -> None:
    out, into = loads()
    load, limits = HourlyGroundLoad.of(out - into), TemperatureLimits(0.0, 16.0, "mean", "mean")
    print(f"extraction {out.sum() / 1e6:.0f} MWh/a, injection {into.sum() / 1e6:.0f} MWh/a")
    theirs = peer(out, into)
    for method in METHODS:
        spent, found = cpu(lambda m=method: size(field(), load, limits, YEARS, method=m))
        line = f"{method:8} {1e3 * spent:7.1f} ms  {found.length:.2f} m, {found.governing}, "
        line += f"{found.evaluations} courses, {found.g_functions} g-functions"
        if method in theirs:
            seconds, length = theirs[method]
            line += f"; GHEtool {seconds:.2f} s {length:.2f} m: {seconds / spent:.0f} times"
        print(line)
    plant = PlantEfficiency(Efficiency.linear(4.0, 0.1), Efficiency.linear(8.0, -0.1))
    building = HourlyBuildingLoad.of(out * 1.3, into * 0.8)
    spent, found = cpu(
        lambda: size(field(), building, limits, YEARS, method="hourly", efficiency=plant)
    )
    print(f"hourly with COP of every hour {1e3 * spent:7.1f} ms  {found.length:.2f} m")


if __name__ == "__main__":
    main()
