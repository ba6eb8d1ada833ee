"""Household sets out of the catalogue: one house on one borehole, a hundred on one well set."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from diwen.site import read
from diwen.site.equipment_catalogue import catalogue
from diwen.site.household_system import common_energy, household_system
from diwen.site.station_builder import station_of_site
from diwen.site.station_loops import unit_can
from diwen.twin.site_simulation import SiteSimulation, simulate_site

EXAMPLES = Path(__file__).parents[2] / "examples"
HOUSE, VILLAGE = "household-sets", "household-village"


@cache
def year(name: str) -> SiteSimulation:
    return simulate_site(read(EXAMPLES / name), since=date(2025, 1, 1), keep="last")


@pytest.mark.parametrize(
    ("id", "heat", "power", "cop"),
    [("household_5.6", 5.6, 1.5, 3.73), ("household_7.4", 7.4, 2.0, 3.70),
     ("household_7.6", 7.6, 2.0, 3.80), ("household_30", 30.0, 9.0, 3.33)],
)  # fmt: skip
def test_the_sets_of_the_table_stand_in_the_catalogue(
    id: str, heat: float, power: float, cop: float
) -> None:
    unit = catalogue().unit(id)
    (point,) = unit.points
    assert (point.capacity, point.power) == pytest.approx((heat * 1e3, power * 1e3))
    assert point.capacity / (point.power or 1.0) == pytest.approx(cop, abs=0.005)
    assert unit.borehole_length == 100.0


def test_the_set_that_may_no_longer_be_sold_is_marked() -> None:
    phased = [id for id in ("household_5.6", "household_7.4", "household_7.6", "household_30")
              if catalogue().unit(id).phased_out]  # fmt: skip
    assert phased == ["household_7.4"]
    assert catalogue().unit("household_7.4").refrigerant == "R22"


def test_a_unit_known_by_its_model_alone_heats_and_does_not_cool() -> None:
    site = read(EXAMPLES / HOUSE)
    unit = site.heat_pumps["set"]
    assert unit.rated_heating_capacity is None
    assert unit_can(unit, "heating", site)
    assert not unit_can(unit, "cooling", site)
    (made,) = station_of_site(site).units
    assert made.serves == ("heating",)


@pytest.mark.parametrize(("name", "homes"), [(HOUSE, 1), (VILLAGE, 100)])
def test_the_homes_are_kept_warm(name: str, homes: int) -> None:
    found = year(name)
    assert found.met
    assert not found.passed
    assert found.closure < 1e-9
    assert sum(unit.count for unit in found.station.units) == homes


def test_one_borehole_gives_what_the_set_takes() -> None:
    """First law of the year: heat = heat of the ground + electricity of the unit."""
    unit = year(HOUSE).courses[-1].units["set"]
    assert unit.heat.sum() == pytest.approx((unit.source_heat + unit.power).sum())


def test_the_well_set_is_the_one_of_the_table() -> None:
    """500 kW at 100 m³/h are 4.3 K, 5 kW of ground heat for each of 100 households."""
    site = read(EXAMPLES / VILLAGE)
    source = site.sources["wells"]
    assert source.rated_capacity == 500e3  # type: ignore[union-attr]
    assert source.flow * 3600.0 == pytest.approx(100.0)  # type: ignore[union-attr]
    assert pytest.approx(4.3, abs=0.01) == 500e3 / (100.0 / 3600.0 * 4.19e6)
    assert household_system(site).homes == 100
    taken = year(VILLAGE).courses[-1].sources["wells"].heat.max()
    assert taken <= 500e3


def test_the_common_energy_is_what_is_reported() -> None:
    """5 to 10 kWh per m² and winter for wells and ring, as the journal states."""
    site = read(EXAMPLES / VILLAGE)
    found = common_energy(site, year(VILLAGE).years[0].electricity["source_pumps"])
    assert (found.low, found.high) == (5.0 * 3.6e6, 10.0 * 3.6e6)
    assert found.within


def test_fifteen_percent_of_the_energy_asks_for_a_stove_of_an_ordinary_kind() -> None:
    """Electricity / coal = stove efficiency / COP = 0.15: stove 0.4 to 0.7 at the COP of the year,
    as energy delivered. As primary energy (0.31 kgce/kWh) it would be below any stove."""
    ratios = year(VILLAGE).years[0].ratios
    for cop in (ratios["cop_system"], ratios["spf_h1"]):
        assert 0.4 < 0.15 * cop < 0.75
    primary = 0.31 * 29.307 / 3.6
    assert 0.15 * ratios["cop_system"] / primary < 0.25


def test_the_village_of_three_modules_counts_its_homes() -> None:
    site = read(EXAMPLES / "village-wells")
    system = household_system(site)
    assert (system.homes, system.units, system.loops) == (800, 800, 3)
    assert system.floor_area == pytest.approx(80_000.0)
