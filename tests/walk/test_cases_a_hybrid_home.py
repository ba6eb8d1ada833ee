"""A house with heat pump and gas boiler: which outdoor temperature should part the two?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from diwen import rules
from diwen.site import read
from diwen.site.usual_values import usual_value
from diwen.twin.deviations_plant import TwinInputs
from diwen.twin.run import TwinRun, simulate
from diwen.twin.site_simulation import simulate_site
from diwen.twin.site_simulation_inputs import inputs_of_site

EXAMPLE = Path(__file__).parents[2] / "examples" / "gas-hybrid-home"
DAY = date(2025, 1, 1)
KWH = 3.6e6


class Year(NamedTuple):
    """A year of the house: kWh of heat asked for, of electricity, of gas; what stayed unmet."""

    asked: float
    electricity: float
    gas: float
    unmet: float
    by_boiler: float


@cache
def house() -> TwinInputs:
    return inputs_of_site(read(EXAMPLE), 3600.0, None).inputs


@cache
def run(parallel_below: float = np.inf, alone_below: float = -np.inf) -> TwinRun:
    """A year of the house with its boiler switched at other outdoor temperatures, °C."""
    given = house()
    (boiler,) = given.station.backups
    boiler = replace(boiler, parallel_below=parallel_below, alone_below=alone_below)
    station = replace(given.station, backups=(boiler,))
    return simulate(station, given.sources, given.loads, given.outdoor)


def year(parallel_below: float = np.inf, alone_below: float = -np.inf) -> Year:
    course = run(parallel_below, alone_below).course
    power = course.units["air"].power + sum(course.pumps.values())
    heat, fuel = course.backups["gas"]
    (loop,) = course.loops.values()
    parts = (loop.load, power, fuel, loop.unmet, heat)
    return Year(*(float(part.sum()) / 1e3 for part in parts))


def cost(of: Year) -> float:
    """CNY of a year by the prices in the file."""
    tariff = read(EXAMPLE).tariff
    assert tariff.electricity_price is not None
    assert tariff.gas_price is not None
    value = usual_value("default.calorific_value.natural_gas") * 1e6
    return of.electricity * KWH * tariff.electricity_price + of.gas * KWH / value * tariff.gas_price


def factors() -> tuple[float, float]:
    """kg of carbon dioxide per kWh of electricity in Beijing and of gas (lower heating value)."""
    table = rules.on(DAY)
    grid = table.row("grid.beijing.2023").value
    gas = table.row("fuel.natural_gas.co2").value
    assert grid is not None
    assert gas is not None
    return grid, gas * 3.6e-3


def carbon(of: Year) -> float:
    """kg of a year."""
    grid, gas = factors()
    return of.electricity * grid + of.gas * gas


def test_heat_is_that_of_heat_pump_and_boiler() -> None:
    found = year(parallel_below=3.0)
    assert found.unmet / found.asked < 0.001
    assert found.gas == pytest.approx(found.by_boiler / 0.92)
    assert run(3.0).closure < 1e-9
    whole = simulate_site(read(EXAMPLE), since=DAY, keep="none").years[0]
    assert whole.fuel / KWH == pytest.approx(found.gas)
    assert whole.power / KWH == pytest.approx(found.electricity)


def test_a_boiler_that_may_not_help_leaves_the_house_cold() -> None:
    """The heat pump alone is too small for the cold; the boiler fills what it leaves."""
    assert year(parallel_below=-30.0).unmet > 10.0 * max(year(parallel_below=3.0).unmet, 1.0)


def test_the_higher_the_temperature_the_more_gas() -> None:
    gas = [year(alone_below=at).gas for at in (-12.0, -6.0, 0.0, 6.0, 20.0)]
    assert np.all(np.diff(gas) > 0.0)
    power = [year(alone_below=at).electricity for at in (-12.0, -6.0, 0.0, 6.0, 20.0)]
    assert np.all(np.diff(power) < 0.0)


def test_above_all_weather_the_house_is_heated_by_gas() -> None:
    found = year(alone_below=30.0)
    assert found.by_boiler == pytest.approx(found.asked, rel=0.01)


def test_the_cleanest_temperature_is_where_the_cop_breaks_even() -> None:
    """Carbon of an hour is even at COP = grid · efficiency / gas; its temperature is the best.

    The COP of every hour is taken from the run without replacement; the sweep is a computation of
    its own. They agree within the step of the sweep and of the weather (whole degrees): 1.5 K.
    """
    grid, gas = factors()
    even = grid * 0.92 / gas
    unit = run().course.units["air"]
    running = unit.heat > 0.0
    cop, outdoor = unit.heat[running] / unit.power[running], house().outdoor[running]
    degrees = np.unique(np.round(outdoor))
    mean = np.array([cop[np.round(outdoor) == at].mean() for at in degrees])
    crossing = degrees[np.flatnonzero(mean >= even)[0]]
    sweep = np.arange(-12.5, 8.0, 1.0)
    best = sweep[np.argmin([carbon(year(alone_below=float(at))) for at in sweep])]
    assert best == pytest.approx(crossing, abs=1.5)


def test_the_cheapest_temperature_follows_the_prices() -> None:
    """At the prices of the file the break-even COP is below that of the coldest hour: no hour is
    cheaper on gas, and any replacement costs money."""
    tariff = read(EXAMPLE).tariff
    assert tariff.electricity_price is not None
    assert tariff.gas_price is not None
    value = usual_value("default.calorific_value.natural_gas") * 1e6
    even = tariff.electricity_price * 0.92 / (tariff.gas_price / value)
    costs = [cost(year(alone_below=at)) for at in (-30.0, -6.0, 0.0, 6.0, 20.0)]
    unit = run().course.units["air"]
    cop = unit.heat[unit.heat > 0.0] / unit.power[unit.heat > 0.0]
    assert cop.min() > even
    assert np.all(np.diff(costs) > 0.0)
