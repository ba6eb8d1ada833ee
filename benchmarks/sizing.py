"""CPU time of sizing a 10 × 10 field for 20 years, by pulses, months and hours.

The load is made by formula (about 515 MWh of extraction and 310 MWh of injection a year). Where
GHEtool is installed (``pip install -e ".[benchmark]"``, it brings gigabytes) it sizes the same
field in the same run; otherwise its rows are left out.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.efficiency import Efficiency, PlantEfficiency
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.sizing import Method, size
from diwen.sources.borefield import layouts
from diwen.sources.borefield.boreholes import Boreholes

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


def cpu(work: Callable[[], Any], repeat: int = REPEAT) -> tuple[float, Any]:
    """Best CPU time of several runs, s, and the result; the first run compiles and is not timed."""
    result = work()
    times = []
    for _ in range(repeat):
        begun = time.process_time()
        result = work()
        times.append(time.process_time() - begun)
    return min(times), result


def peer(out: np.ndarray, into: np.ndarray) -> dict[Method, tuple[float, float]]:
    """CPU time and length of GHEtool by method; empty where it is not installed."""
    try:
        import GHEtool as ghe  # type: ignore[import-not-found]  # noqa: N813
    except ImportError:
        return {}
    load = ghe.HourlyGeothermalLoad(out / 1e3, into / 1e3, YEARS)

    def sized(key: str) -> float:
        # A new field every time: an old one would keep its g-functions, as ours does not.
        borefield = ghe.Borefield()
        borefield.ground_data = ghe.GroundConstantTemperature(3.0, 10.0, 2.4e6)
        borefield.create_rectangular_borefield(10, 10, 6.0, 6.0, 100.0, 1.0, 0.075)
        borefield.Rb = 0.12
        borefield.load = load
        borefield.set_max_fluid_temperature(16.0)
        borefield.set_min_fluid_temperature(0.0)
        return borefield.size(**{key: True})

    keys: dict[Method, str] = {"hourly": "L4_sizing", "monthly": "L3_sizing", "pulses": "L2_sizing"}
    return {method: cpu(lambda key=key: sized(key), 3) for method, key in keys.items()}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Nothing to set."""


def run(arguments: argparse.Namespace) -> list[dict[str, Any]]:
    out, into = loads()
    load, limits = HourlyGroundLoad.of(out - into), TemperatureLimits(0.0, 16.0, "mean", "mean")
    theirs = peer(out, into)
    rows = []
    for method in METHODS:
        spent, found = cpu(lambda m=method: size(field(), load, limits, YEARS, method=m))
        rows.append(_row(f"{method}: CPU time", spent * 1e3, "ms"))
        rows.append(_row(f"{method}: length", found.length, "m"))
        if method in theirs:
            seconds, length = theirs[method]
            aim = ">= 40" if method == "hourly" else ""
            rows.append(_row(f"{method}: GHEtool, CPU time", seconds * 1e3, "ms"))
            rows.append(_row(f"{method}: GHEtool, length", length, "m"))
            rows.append(_row(f"{method}: GHEtool / Diwen", seconds / spent, "times", aim))
    plant = PlantEfficiency(Efficiency.linear(4.0, 0.1), Efficiency.linear(8.0, -0.1))
    building = HourlyBuildingLoad.of(out * 1.3, into * 0.8)
    spent, found = cpu(
        lambda: size(field(), building, limits, YEARS, method="hourly", efficiency=plant)
    )
    rows.append(_row("hourly with COP of every hour: CPU time", spent * 1e3, "ms"))
    return rows


def _row(what: str, value: float, unit: str, aim: str = "") -> dict[str, Any]:
    return {"what": what, "value": value, "unit": unit, "aim": aim}
