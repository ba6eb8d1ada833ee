"""The sports centre: each printed mode by the twin's own plant, then the year nobody printed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from diwen.plant.station import Station, Unit
from diwen.site import Site, read
from diwen.site.station_builder import station_of_site
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.course import TwinCourse
from diwen.twin.run import simulate
from diwen.twin.site_simulation import SiteSimulation, simulate_site

EXAMPLE = Path(__file__).parents[2] / "examples" / "sports-centre"
PRINTED_PUMPS = ("first", "second", "third")
HOURS = 24


@cache
def centre() -> Site:
    return read(EXAMPLE)


def in_mode(station: Station, name: str) -> Station:
    """The plant with the valves of one mode: its loops, and of its units the sides they open."""
    mode = centre().modes[name]
    units = tuple(_as(unit, mode.units[unit.name], set(mode.loops))
                  for unit in station.units if unit.name in mode.units)  # fmt: skip
    return replace(
        station,
        units=units,
        load_loops=tuple(loop for loop in station.load_loops if loop.name in mode.loops),
        backups=tuple(one for one in station.backups if one.serves in mode.loops),
    )


def _as(unit: Unit, use: str, loops: set[str]) -> Unit:
    serves = tuple(name for name in unit.serves if name in loops)
    if use == "cooling":
        return replace(unit, serves=serves, heating=None, simultaneous=None)
    if use == "heating":
        return replace(unit, serves=serves, cooling=None, simultaneous=None)
    return replace(unit, serves=serves)


def design_hour(mode: str, ground: float, **loads: float) -> TwinCourse:
    """An hour of a mode on a ground that gives water of one temperature, °C; loads in kW."""
    station = in_mode(station_of_site(centre()), mode)
    still = Response(np.array([1e6]), np.zeros((1, 1, 1)), np.zeros((1, 1)), np.ones(1))
    source = SourceModel("borefield", still, ground, 1e12, 0.144)
    asked = {loop.name: np.full(HOURS, 1e3 * loads.get(loop.name, 0.0))
             for loop in station.load_loops}  # fmt: skip
    return simulate(station, {"field": source}, asked, np.full(HOURS, 10.0)).course


def ratio(course: TwinCourse) -> float:
    """Heat and cold of the recovery unit over its power and that of the pumps of the tables."""
    unit = course.units["recovery"]
    pumps = sum(float(course.pumps[name][-1]) for name in PRINTED_PUMPS if name in course.pumps)
    return float((unit.heat[-1] + unit.cold[-1]) / (unit.power[-1] + pumps))


def printed_pumps(course: TwinCourse) -> dict[str, float]:
    return {name: float(course.pumps[name][-1]) / 1e3 for name in PRINTED_PUMPS
            if name in course.pumps and course.pumps[name][-1] > 0.0}  # fmt: skip


def test_heating_is_3_55_with_its_pumps() -> None:
    """648.2 kW, 160.3 kW, 15 + 7.5 kW: the paper printed 4.04 because it left the pumps out."""
    course = design_hour("hot_water", 12.0, hot_water=2000.0)
    unit = course.units["recovery"]
    assert unit.heat[-1] == pytest.approx(648.2e3, rel=1e-6)
    assert unit.power[-1] == pytest.approx(160.3e3, rel=1e-6)
    assert printed_pumps(course) == pytest.approx({"second": 15.0, "third": 7.5})
    assert round(ratio(course), 2) == 3.55


def test_cooling_is_4_27() -> None:
    """517 kW, 91.1 kW, 15 + 15 kW."""
    course = design_hour("summer_cooling", 30.0, chilled=1000.0)
    unit = course.units["recovery"]
    assert unit.cold[-1] == pytest.approx(517e3, rel=1e-6)
    assert unit.power[-1] == pytest.approx(91.1e3, rel=1e-6)
    assert printed_pumps(course) == pytest.approx({"first": 15.0, "second": 15.0})
    assert round(ratio(course), 2) == 4.27


def test_both_at_once_are_6_21() -> None:
    """648.2 kW of heat and, by the first law, 487.9 kW of cold; the ground's pump rests."""
    course = design_hour("summer_recovery", 12.0, hot_water=2000.0, chilled=1000.0)
    unit = course.units["recovery"]
    assert unit.heat[-1] == pytest.approx(648.2e3, rel=1e-6)
    assert unit.cold[-1] == pytest.approx(487.9e3, rel=1e-6)
    assert unit.heat[-1] == pytest.approx(unit.cold[-1] + unit.power[-1])
    assert printed_pumps(course) == pytest.approx({"first": 15.0, "third": 7.5})
    assert round(ratio(course), 2) == 6.21


def test_the_gain_over_heating_alone_is_75_percent() -> None:
    both = ratio(design_hour("summer_recovery", 12.0, hot_water=2000.0, chilled=1000.0))
    heating = ratio(design_hour("hot_water", 12.0, hot_water=2000.0))
    cooling = ratio(design_hour("summer_cooling", 30.0, chilled=1000.0))
    assert round(100.0 * (both / heating - 1.0), 1) == 75.3
    assert round(100.0 * (both / cooling - 1.0), 1) == 45.6


@cache
def year(recovery: bool) -> SiteSimulation:
    """A year with the recovery of heat, and of the same plant without it."""
    site = centre()
    if not recovery:
        unit = site.heat_pumps["recovery"]
        unit = unit.model_copy(update={"simultaneous": False, "heat_recovery": "none"})
        site = site.model_copy(update={"heat_pumps": {**site.heat_pumps, "recovery": unit}})
    return simulate_site(site, since=date(2025, 1, 1), keep="last")


def test_the_year_meets_its_loads_within_the_limits_of_the_ground() -> None:
    found = year(recovery=True)
    assert found.met
    assert not found.passed
    assert found.closure < 1e-9


def test_the_peaks_are_those_of_the_source() -> None:
    """2579 kW of heating, 3007 kW of cooling, not more than 400 kW of hot water, 700 of pool."""
    loops = year(recovery=True).courses[-1].loops
    assert loops["heating"].load.max() == pytest.approx(2579e3)
    assert loops["chilled"].load.max() == pytest.approx(3007e3)
    assert loops["hot_water"].load.max() <= 400e3
    assert loops["pool"].load.max() <= 700e3


def test_what_is_recovered_obeys_the_first_law_and_is_wanted() -> None:
    """Full recovery: heat minus power is cold, and both are used in the same hour."""
    course = year(recovery=True).courses[-1]
    unit = course.units["recovery"]
    hot = course.loops["hot_water"].load + course.loops["pool"].load + course.loops["heating"].load
    both = unit.recovered > 0.0
    assert both.any()
    # Heat for the tank of one hour may be for the draw of another: energy over the year is held.
    assert unit.recovered.sum() <= 1.01 * hot.sum()
    assert np.all(course.loops["chilled"].load[both] > 0.0)
    balance = unit.heat - unit.cold - unit.power - unit.source_heat
    assert np.abs(balance).max() < 1e-3


def recovered_part(found: SiteSimulation) -> tuple[float, float, float, float]:
    """Heat, cold and power (Wh) of the simultaneous operation, and its full-load hours."""
    course, unit = found.courses[-1], found.station.units[0]
    assert unit.simultaneous is not None
    capacity, power = unit.simultaneous.at(7.0, 50.0)
    heat = float(course.units["recovery"].recovered.sum())
    used = heat * float(power) / float(capacity)
    return heat, heat - used, used, heat / float(capacity)


def test_the_recovered_part_is_twice_the_cop_less_one_and_less_with_pumps() -> None:
    """7.09 of the unit alone; with first and third pump running the hours that it recovers, less
    than the 6.21 of the design hour, at which the unit is full."""
    found = year(recovery=True)
    heat, cold, power, full_hours = recovered_part(found)
    assert (heat + cold) / power == pytest.approx(2.0 * 648.2 / 160.3 - 1.0, rel=1e-3)
    hours = float((found.courses[-1].units["recovery"].recovered > 0.0).sum())
    assert full_hours <= hours
    assert (heat + cold) / (power + 22.5e3 * hours) <= 6.215


def test_recovery_saves_electricity_over_the_year() -> None:
    """Some, yet far less than the design hour promises: only what is wanted at once is saved."""
    with_it, without = year(recovery=True).years[-1], year(recovery=False).years[-1]
    assert without.unmet_share < 1e-6
    saved = 1.0 - with_it.power / without.power
    assert 0.0 < saved < 1.0 - 3.546 / 6.215
    # Delivered is the same, whichever way.
    assert with_it.demand_heat == pytest.approx(without.demand_heat)
    assert with_it.demand_cold == pytest.approx(without.demand_cold)
