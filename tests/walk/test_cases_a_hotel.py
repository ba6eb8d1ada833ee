"""A hotel in Mohe: what heat and what COP stand behind the electricity that is stated."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from diwen.site import read
from diwen.twin.site_simulation import SiteSimulation, simulate_site

EXAMPLE = Path(__file__).parents[2] / "examples" / "hotel-minus-42"
AREA = 14_000.0
STATED = 0.339  # kWh/(d m²), 8 January to 27 April 2025
DAYS = (date(2025, 4, 27) - date(2025, 1, 8)).days + 1
PERIOD = slice(7 * 24, (7 + DAYS) * 24)


@cache
def year() -> SiteSimulation:
    return simulate_site(read(EXAMPLE), since=date(2025, 1, 1), keep="last")


def electricity() -> np.ndarray:
    """All electricity of the plant, W by hour."""
    course = year().courses[-1]
    parts = [unit.power for unit in course.units.values()]
    parts += [*course.pumps.values(), *(used for _, used in course.backups.values())]
    return np.sum(parts, axis=0)


def delivered() -> np.ndarray:
    (loop,) = year().courses[-1].loops.values()
    return loop.delivered


def test_the_plant_is_that_of_the_source() -> None:
    """7 × 155 kW and 2 × 96 kW on 14,000 m²."""
    site = read(EXAMPLE)
    units = {unit.rated_heating_capacity: unit.count for unit in site.heat_pumps.values()}
    assert units == {155e3: 7, 96e3: 2}
    assert site.loads["hotel"].area == AREA
    assert sum(heat * count for heat, count in units.items()) / AREA == pytest.approx(91.2, abs=0.1)


def test_the_weather_has_the_stated_lowest_value() -> None:
    assert year().outdoor.min() == -42.4


def test_the_stated_consumption_is_37_kwh_per_square_metre() -> None:
    assert DAYS == 110
    assert pytest.approx(37.3, abs=0.05) == STATED * DAYS


def test_the_house_that_is_assumed_uses_what_is_stated() -> None:
    """The heat loss was fitted to it: within 2 %."""
    used = electricity()[PERIOD].sum() / 1e3 / AREA / DAYS
    assert used == pytest.approx(STATED, rel=0.02)
    assert year().met
    assert year().closure < 1e-9


def test_the_cop_is_one_that_nature_allows() -> None:
    """Between the air and the water of every hour: below 0.6 of Carnot, above direct heating."""
    course = year().courses[-1]
    heat = sum(unit.heat for unit in course.units.values())
    power = sum(unit.power for unit in course.units.values())
    running = heat > 0.0
    leaving = course.units["large"].load_leaving[running] + 273.15
    limit = leaving / (leaving - 273.15 - year().outdoor[running])
    cop = heat[running] / power[running]
    cold = year().outdoor[running] < 0.0
    assert np.all(cop[cold] < 0.6 * limit[cold])
    assert cop.min() > 1.0
    mean = delivered()[PERIOD].sum() / electricity()[PERIOD].sum()
    assert 1.5 < mean < 2.6


def test_the_load_that_the_units_suggest_would_need_an_impossible_cop() -> None:
    """Were the house as large a load as its units are (91 W/m² at −42.4 °C), the stated
    electricity would ask for two thirds of Carnot and more, pumps and defrosting included."""
    outdoor = year().outdoor[PERIOD]
    heat = 7 * 155.0 + 2 * 96.0
    mean = heat * np.maximum(15.0 - outdoor, 0.0).mean() / (15.0 + 42.4)
    asked = mean * 24.0 / AREA / STATED
    carnot = (273.15 + 40.0) / (40.0 - outdoor.mean())
    assert asked / carnot > 0.65
