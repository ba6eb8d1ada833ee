"""A Beijing office on a bore field: with and without heat brought back in summer."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from diwen.site import read
from diwen.twin.site_simulation import SiteSimulation, simulate_site

EXAMPLES = Path(__file__).parents[2] / "examples"
PLAIN, RECHARGED = "beijing-office", "beijing-office-recharged"


@cache
def years(name: str, count: int = 2) -> SiteSimulation:
    return simulate_site(read(EXAMPLES / name), years=count, since=date(2025, 1, 1), keep="last")


def metres(name: str) -> float:
    field = read(EXAMPLES / name).sources["field"]
    return field.layout.columns * field.layout.rows * field.borehole.length  # type: ignore[union-attr]


@pytest.mark.parametrize("name", [PLAIN, RECHARGED])
def test_both_fields_carry_the_same_house(name: str) -> None:
    found = years(name)
    assert found.met
    assert not found.passed
    assert found.closure < 1e-9
    assert found.years[0].demand_heat == pytest.approx(years(PLAIN).years[0].demand_heat)
    assert found.years[0].demand_cold == pytest.approx(years(PLAIN).years[0].demand_cold)


def test_the_file_of_the_load_is_that_of_the_measured_weather() -> None:
    """`load.csv` is what the house asks for in the weather that the site names, to 0.1 kW."""
    from diwen.site.load_series import loads_of_site, summed
    from diwen.site.weather_of_site import weather_of_site

    site = read(EXAMPLES / PLAIN)
    weather = weather_of_site(site)
    filed = loads_of_site(site, weather)
    load = site.loads["office"].model_copy(update={"hourly_file": ""})
    computed = loads_of_site(site.model_copy(update={"loads": {"office": load}}), weather)
    for kind in ("heating", "cooling"):
        np.testing.assert_allclose(summed(filed, kind), summed(computed, kind), atol=51.0)


def test_recharge_needs_a_shorter_field_and_more_electricity() -> None:
    assert metres(RECHARGED) < 0.7 * metres(PLAIN)
    assert years(RECHARGED).years[-1].power > years(PLAIN).years[-1].power


def test_the_recharged_ground_is_nearer_to_balance() -> None:
    """In and out count the ground; the air that the recharging unit draws on is no ground."""
    plain, recharged = years(PLAIN).years[-1], years(RECHARGED).years[-1]
    assert plain.balance < recharged.balance <= 1.0
    course = years(RECHARGED).courses[-1]
    ground = course.sources["field"]
    assert ground.recharge.sum() > 0.0
    out = np.maximum(ground.heat, 0.0).sum() * course.step
    assert recharged.extracted == pytest.approx(out)
    assert recharged.entering[1] < 30.0  # of the ground, not of summer air


def test_the_unit_recharges_in_warm_hours_only() -> None:
    found = years(RECHARGED)
    unit = found.courses[-1].units["recharger"]
    place = np.arange(8760) + 8760 * 1
    outdoor = np.take(found.outdoor, place, mode="wrap")
    assert outdoor[unit.heat > 0.0].min() >= 18.0
    assert unit.heat.sum() == pytest.approx(found.courses[-1].sources["field"].recharge.sum())


def test_without_recharge_the_ground_cools_from_year_to_year() -> None:
    first, second = years(PLAIN).years
    assert second.entering_of["field"][0] < first.entering_of["field"][0]
    assert second.ratios["cop_system"] < first.ratios["cop_system"]


@pytest.mark.verify
def test_both_keep_their_limit_for_25_years() -> None:
    for name in (PLAIN, RECHARGED):
        found = years(name, 25)
        assert not found.passed
        lows = [year.entering_of["field"][0] for year in found.years]
        assert min(lows) >= 4.0
        assert np.all(np.diff(lows) < 1e-6)
    drift = [years(name, 25).years[0].entering_of["field"][0]
             - years(name, 25).years[-1].entering_of["field"][0]
             for name in (PLAIN, RECHARGED)]  # fmt: skip
    assert drift[1] < 0.5 * drift[0]
