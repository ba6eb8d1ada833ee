"""Simulated meters obey physics: flow, difference and register of each agree, and the plant closes.

Nothing here is taken from the readings of meters but the readings: design flows and shares, heat
rates and electricity come from the course of the run, densities and specific heats from CoolProp's
fluids behind `diwen.fluids`.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

import diwen
from diwen.twin.simulated_telemetry_heat import SimulatedPlant, load_fluid, source_fluid
from diwen.twin.simulated_telemetry_readings import reading
from diwen.twin.site_simulation import SiteSimulation, simulate_site
from diwen.twin.standard_points_circuits import LOAD_SIDES

EXAMPLES = Path(__file__).parents[2] / "examples"
SITES = (
    "beijing-office", "gas-hybrid-home", "sports-centre", "plant-template",
    "forest-office-4-wells", "village-wells",
)  # fmt: skip


@pytest.fixture(scope="module", params=SITES)
def run(request) -> SiteSimulation:
    site = diwen.read(EXAMPLES / request.param)
    return simulate_site(site, since=date(2023, 1, 1), points="full")


def _read(run: SiteSimulation, plant: SimulatedPlant) -> dict[str, np.ndarray]:
    found = {point.id: reading(plant, point) for point in run.points}
    return {id: value for id, value in found.items() if isinstance(value, np.ndarray)}


def test_flow_and_difference_of_every_heat_meter_are_its_register(run) -> None:
    plant = run.plants()[0]
    values, liquid, seen = _read(run, plant), load_fluid(run.site), 0
    for point in run.points:
        if point.quantity != "heat_energy" or point.location not in LOAD_SIDES:
            continue
        stem = point.id.removesuffix("_heat")
        before = stem.removesuffix(point.location)
        supply, back = (values[before + one] for one in LOAD_SIDES[point.location])
        carried = values[f"{stem}_flow"] * liquid.heat_capacity(0.5 * (supply + back))
        carried = np.abs(carried * (supply - back))
        register = values[point.id]
        assert np.nansum(carried) == pytest.approx(register.sum(), rel=0.01), point.id
        seen += 1
    assert seen


def test_the_source_meter_counts_the_heat_of_the_units(run) -> None:
    plant = run.plants()[0]
    values, course = _read(run, plant), plant.course
    for point in run.points:
        if point.quantity != "volume_flow" or point.location != "source":
            continue
        before = point.id.removesuffix("flow")
        entering, leaving = values[f"{before}entering"], values[f"{before}leaving"]
        loop = next(one.draws_on for one in plant.station.units if one.name in point.equipment)
        liquid = source_fluid(run.site, loop, point.equipment)
        capacity = liquid.heat_capacity(0.5 * (entering + leaving))
        carried = values[point.id] * capacity * (entering - leaving)
        taken = sum(course.units[one].source_heat for one in point.equipment)
        assert np.nansum(np.abs(carried)) == pytest.approx(np.abs(taken).sum(), rel=0.01)


def test_the_flow_is_the_design_flow_times_its_share(run) -> None:
    plant = run.plants()[0]
    values, course = _read(run, plant), plant.course
    drawn = [one for one in plant.station.source_loops if one.name in plant.sources]
    for loop in drawn:
        id = "source_flow" if "source_flow" in values else f"{loop.name}_source_flow"
        want = plant.sources[loop.name].flow * course.sources[loop.name].flow_share
        if id in values:
            np.testing.assert_allclose(values[id], want, rtol=0.005)
    for circuit, names in plant.circuits.loops.items():
        loops = [one for one in plant.station.load_loops if one.name in names]
        if any(one.tank is not None or not one.pumps for one in loops):
            continue
        beside = [one.name for one in plant.station.units if one.name not in run.site.heat_pumps]
        if any(set(one.serves) & set(names) for one in plant.station.units if one.name in beside):
            continue  # the meter stands in the branch of the heat pumps, a chiller has its own
        want = sum(max(pump.design_flow for pump in one.pumps) * course.loops[one.name].flow_share
                   for one in loops)  # fmt: skip
        loaded = want > 0.0
        np.testing.assert_allclose(values[f"{circuit}_flow"][loaded], want[loaded], rtol=0.005)


def test_the_plant_closes_at_its_meters(run) -> None:
    """Heat − cold − heat of the sources = electricity of the units, pumps and back-ups outside."""
    plant = run.plants()[0]
    values, course = _read(run, plant), plant.course
    made = drawn = 0.0
    for circuit in plant.circuits.loops:
        supply, back = (values[one] for one in LOAD_SIDES[circuit])
        capacity = load_fluid(run.site).heat_capacity(0.5 * (supply + back))
        made += np.nansum(values[f"{circuit}_flow"] * capacity * (supply - back))
    for loop in course.sources:
        units = tuple(one.name for one in plant.station.units
                      if one.draws_on == loop and one.name in run.site.heat_pumps)  # fmt: skip
        before = "source_" if "source_flow" in values else f"{loop}_source_"
        if loop not in plant.sources or f"{before}flow" not in values:  # air: no meter
            drawn += sum(course.units[one].source_heat.sum() for one in units)
            continue
        entering, leaving = values[f"{before}entering"], values[f"{before}leaving"]
        capacity = source_fluid(run.site, loop, units).heat_capacity(0.5 * (entering + leaving))
        drawn += np.nansum(values[f"{before}flow"] * capacity * (entering - leaving))
    metered = [one for one in plant.station.units if one.name in run.site.heat_pumps]
    standby = sum(
        one.standby_power * (one.count - course.units[one.name].running).sum() for one in metered
    )
    electricity = sum(course.units[one.name].power.sum() for one in metered) - standby
    size = sum(np.sum(course.units[one.name].heat + course.units[one.name].cold) for one in metered)
    assert made - drawn == pytest.approx(electricity, abs=0.01 * size)


def test_the_warmth_of_source_pumps_is_between_the_meter_and_the_ground(run) -> None:
    """SourceCourse.heat = heat at the meter − warmth of the pumps − recharge, source by source."""
    plant = run.plants()[0]
    course = plant.course
    for loop in plant.station.source_loops:
        if loop.name not in plant.sources:
            continue
        taken = sum(course.units[one.name].source_heat for one in plant.station.units
                    if one.draws_on == loop.name)  # fmt: skip
        source = course.sources[loop.name]
        warmth = sum(pump.heat_to_water * course.pumps[pump.name] for pump in loop.pumps)
        left = np.sum(taken - source.recharge - source.heat)
        assert left == pytest.approx(np.sum(warmth), abs=0.01 * np.abs(taken).sum())
