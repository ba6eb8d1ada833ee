"""Full metering: units, setpoints and heads of wells, and that its records add up."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import diwen
from diwen.site import Site
from diwen.twin.deviations import Deviation
from diwen.twin.simulated_well_heads import WellHeads, well_heads
from diwen.twin.site_simulation import SiteSimulation, simulate_site

EXAMPLES = Path(__file__).parents[2] / "examples"
SINCE = date(2023, 1, 1)


@pytest.fixture(scope="module")
def office() -> Site:
    return diwen.read(EXAMPLES / "plant-template")


@pytest.fixture(scope="module")
def full(office) -> SiteSimulation:
    return simulate_site(office, since=SINCE, points="full")


@pytest.fixture(scope="module")
def series(full) -> dict[str, np.ndarray]:
    record = full.record()
    assert not record.missing
    return {one.point.id: one.value for one in record.series}


def test_the_minimum_list_is_part_of_it(office, full) -> None:
    standard = simulate_site(office, since=SINCE, points="standard", keep="none").points
    assert full.points[: len(standard)] == standard
    own = {point.equipment for point in full.points if point.location == "source_leaving"}
    assert {("hp1",), ("hp2",), ("hp1", "hp2")} == own
    assert all(point.origin == "simulated" for point in full.points)


def test_the_meters_of_the_units_add_up_to_that_of_the_loop(series) -> None:
    units = series["hp1_load_heat"][-1] + series["hp2_load_heat"][-1]
    assert units == pytest.approx(series["load_heat"][-1], rel=1e-6)
    flows = series["hp1_source_flow"] + series["hp2_source_flow"]
    running = series["source_flow"] > 1.0
    assert flows[running] == pytest.approx(series["source_flow"][running], rel=0.02, abs=0.1)


def test_flow_and_difference_of_a_unit_carry_its_heat(full, series) -> None:
    unit = full.courses[0].units["hp1"]
    # In one pair of pipes: a buffer that is kept warm in summer takes off the difference.
    given = np.abs(unit.heat - unit.cold)
    span = np.abs(series["hp1_load_leaving"] - series["hp1_load_entering"])
    running = (given > 0.2 * given.max()) & (span > 1.0)
    assert running.sum() > 500
    heat = series["hp1_load_flow"] / 3600.0 * 4.15e6 * span
    # The volumetric heat capacity of water between 5 and 50 °C: 4.10 to 4.20 MJ/(m³·K).
    assert heat[running] == pytest.approx(given[running], rel=0.015)


def test_the_setpoint_is_what_the_controls_ask_for(office, series) -> None:
    assert {round(float(one), 3) for one in np.unique(series["load_setpoint"])} == {7.0, 45.0}
    shifted = simulate_site(office, since=SINCE, points="full",
                            deviations=[Deviation("setpoint_shift", 3.0, since=0.5)])  # fmt: skip
    now = {one.point.id: one.value for one in shifted.record().series}["load_setpoint"]
    change = np.round(now - series["load_setpoint"], 3)
    assert set(change[:4380]) == {0.0}
    assert set(change[4380:]) == {3.0, -3.0}


def test_heads_of_wells_by_hand() -> None:
    site = diwen.read(EXAMPLES / "forest-office-4-wells")
    heads = well_heads(site, "wells")
    assert heads is not None
    through = max(
        one.hydraulic_conductivity * (one.bottom - one.top) for one in site.ground.aquifers
    )
    wells = heads.capacity / (2.0 * math.pi * through / 7.0)
    assert wells == pytest.approx(round(wells))  # a whole number of equal wells
    assert heads.injectivity / heads.capacity == pytest.approx(0.5)
    one = WellHeads(9.0, 0.01, 0.005)
    flow = np.array([0.0, 0.02])
    assert one.level(flow, 2.0) == pytest.approx([-9.0, -13.0])
    assert one.injection_pressure(flow) == pytest.approx([0.0, 4.0 * 999.7 * 9.80665])


def test_clogging_raises_the_injection_pressure_fortnight_by_fortnight() -> None:
    site = diwen.read(EXAMPLES / "forest-office-4-wells")
    given = [Deviation("injection_clogging", 1.0), Deviation("permeability", 0.5)]
    run = simulate_site(site, since=SINCE, points="full", deviations=given)
    values = {one.point.id: one.value for one in run.record().series}
    heads = well_heads(site, "wells")
    assert heads is not None
    flow = run.sources["wells"].flow * run.courses[0].sources["wells"].flow_share
    running = flow > 0.2 * flow.max()
    ratio = values["wells_injection_pressure"] * 1e3 / heads.injection_pressure(flow + 1e-12)
    time = (np.flatnonzero(running) + 0.5) / 8760
    # Half of a tread away at most: growth of 1 in 26 treads, on twice the head.
    assert ratio[running] == pytest.approx(2.0 * (1.0 + time), abs=2.0 * 0.5 / 26 + 1e-3)
    drop = -heads.static_depth - values["wells_level"]
    assert drop == pytest.approx(2.0 * flow / heads.capacity, abs=1e-3)
