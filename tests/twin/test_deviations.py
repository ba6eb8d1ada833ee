"""Deviations are parameters of the twin: neutral ones change nothing, others what they must."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from simulated_sites import plant

from diwen.problems import InputError
from diwen.site import Site
from diwen.twin.deviations import (
    FAMILIES,
    FAMILY_NAMES,
    PARAMETERS,
    Deviation,
    deviating_inputs,
    deviating_site,
)
from diwen.twin.site_simulation import simulate_site
from diwen.twin.site_simulation_inputs import inputs_of_site
from diwen.twin.site_simulation_state import carried
from diwen.twin.summary import YearSummary

SINCE = date(2025, 1, 1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return plant(tmp_path_factory.mktemp("deviating") / "office")


def year(site: Site, *deviations: Deviation, years: int = 1) -> YearSummary:
    return simulate_site(site, years=years, since=SINCE, deviations=deviations,
                         keep="none").years[-1]  # fmt: skip


@pytest.fixture(scope="module")
def plain(site) -> YearSummary:
    return year(site)


def test_the_seven_kinds_all_have_parameters():
    assert len(FAMILIES) == 7
    assert {one.family for one in PARAMETERS.values()} == set(FAMILIES) == set(FAMILY_NAMES)
    for one in PARAMETERS.values():
        assert one.low <= one.neutral <= one.high
        ways = (one.of_site, one.of_inputs, one.over_years)
        assert sum(way is not None for way in ways) == 1
        assert one.text.en != one.text.zh


def test_neutral_values_change_nothing(site):
    """Not one object is rebuilt: the run is the same to the last bit."""
    inputs = inputs_of_site(site, 3600.0).inputs
    for name, one in PARAMETERS.items():
        deviation = [Deviation(name, one.neutral)]
        assert deviating_site(site, deviation) is site
        assert deviating_inputs(inputs, deviation) is inputs


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_deviation_is_felt(site, plain, name):
    """Each changes the electricity or the ground of the year, and leaves the plant runnable."""
    values = {"load_factor": 0.5, "unit_capacity": 0.6, "undisturbed_temperature": -3.0,
              "yearly_imbalance": 0.3, "cooling_factor": 0.3, "load_bypass": 0.3,
              "setpoint_shift": 4.0, "outdoor_sensor": 3.0, "efficiency_loss": 0.1,
              "strainer": 0.3, "night_setback_ignored": 1.0, "pumps_always_on": 1.0,
              "wrong_sequence": 1.0, "lost_branches": 0.2, "branch_imbalance": 0.5}  # fmt: skip
    one = PARAMETERS[name]
    value = values.get(name, 1.5 if name == "borehole_resistance" else 0.7)
    found = year(site, Deviation(name, value))
    changed = abs(found.power - plain.power) + abs(found.extracted - plain.extracted)
    idle = {
        "recharge_factor", # nothing recharges this field
        "outdoor_sensor",  # its supply temperature is constant
        "wrong_sequence",  # it has one group of units
        "dead_band",  # hourly steps modulate
        "backup_leak",  # it has no back-up
        "packer_bypass", "breakthrough", "permeability", "injection_clogging",  # it has no wells
        "load_flow",  # the supply is held: only the return changes
    }  # fmt: skip
    assert (changed > 1e-6 * plain.power) == (name not in idle), one.name


def test_directions_are_those_of_physics(site, plain):
    """More resistance, colder ground, fouled units, warmer supply: more electricity for heat."""
    for deviation in (
        Deviation("borehole_resistance", 2.0),
        Deviation("ground_conductivity", 0.6),
        Deviation("efficiency_loss", 0.1),
        Deviation("setpoint_shift", 5.0),
        Deviation("load_bypass", 0.3),
        Deviation("pump_oversize", 1.4),
        Deviation("pumps_always_on", 1.0),
    ):
        assert year(site, deviation).power > plain.power, deviation
    colder = year(site, Deviation("undisturbed_temperature", -3.0))
    assert colder.entering[0] == pytest.approx(plain.entering[0] - 3.0, abs=0.5)


def test_load_factor_is_exact(site, plain):
    half = year(site, Deviation("load_factor", 0.5))
    assert half.demand_heat == pytest.approx(0.5 * plain.demand_heat)
    assert half.demand_cold == pytest.approx(0.5 * plain.demand_cold)


def test_an_unseen_loss_cools_the_ground_by_its_own_response(site, plain):
    """A tenth of the mean heat load for years: the drop is that of the response, S(t) less S(0)."""
    found = simulate_site(site, years=3, since=SINCE, keep="none",
                          deviations=[Deviation("yearly_imbalance", 0.1)])  # fmt: skip
    design = inputs_of_site(site, 3600.0).inputs.sources["field"]
    rate = 0.1 * plain.demand_heat / (365 * 86400)
    mid = 2.5 * 365 * 86400.0
    drop = rate * (design.response.at(mid) - design.response.at(0.0))
    now = found.sources["field"].undisturbed_temperature
    assert now == pytest.approx(design.undisturbed_temperature - drop, rel=1e-9)
    never = simulate_site(site, years=3, since=SINCE, keep="none")
    gaps = [a.entering[0] - b.entering[0] for a, b in zip(found.years, never.years, strict=True)]
    assert gaps[2] < gaps[1] < gaps[0] < 0.0


def test_less_water_returns_colder(site):
    """Seven tenths of the flow carry the same heat over ten sevenths of the difference."""
    design, less = (
        simulate_site(site, since=SINCE, deviations=deviations).courses[0].loops["heating"]
        for deviations in ((), [Deviation("load_flow", 0.7)])
    )
    running = design.delivered > 1e3
    spans = [loop.supply[running] - loop.return_[running] for loop in (design, less)]
    assert spans[1] == pytest.approx(spans[0] / 0.7, rel=0.01)


def test_efficiency_is_lost_day_by_day(site):
    """Each hour's electricity grows by what is lost by then, in treads of a fortnight."""
    plain, found = (
        simulate_site(site, since=SINCE, deviations=given).courses[0].units["hp"].power
        for given in ((), [Deviation("efficiency_loss", 0.1)])
    )
    time = (np.arange(8760) + 0.5) / 8760
    grown = (plain / (1.0 - 0.1 * time)).sum() / plain.sum()
    # The ground answers to the changed heat a little.
    assert found.sum() / plain.sum() == pytest.approx(grown, rel=0.005)


def test_levels_over_the_years():
    one = Deviation("efficiency_loss", 0.02, since=2)
    assert [one.level(year) for year in range(5)] == [None, None, 0.01, 0.03, 0.05]
    assert Deviation("load_factor", 0.5, since=1).level(0) is None
    assert one.kind == "operation"


def test_what_begins_later_leaves_the_years_before_alone(site):
    late = simulate_site(site, years=3, since=SINCE, keep="none",
                         deviations=[Deviation("borehole_resistance", 2.0, since=2)])  # fmt: skip
    never = simulate_site(site, years=3, since=SINCE, keep="none")
    always = simulate_site(site, years=3, since=SINCE, keep="none",
                           deviations=[Deviation("borehole_resistance", 2.0)])  # fmt: skip
    assert [y.power for y in late.years[:2]] == [y.power for y in never.years[:2]]
    # The ground has nearly forgotten what the boreholes were: the third year is that of always.
    assert late.years[2].power == pytest.approx(always.years[2].power, rel=2e-3)
    assert late.years[2].power > 1.01 * never.years[2].power


def test_state_on_the_same_source_is_not_touched(site):
    """On other time constants it is read between the old ones; steady heat stays steady."""
    found = simulate_site(site, since=SINCE, keep="none")
    same = carried(found.state, found.sources, found.sources)
    assert np.array_equal(same.sources["field"], found.state.sources["field"])
    other = deviating_site(site, [Deviation("ground_conductivity", 0.6)])
    new = inputs_of_site(other, 3600.0).inputs.sources
    heat = {"field": np.full_like(found.state.sources["field"], 5e3)}
    steady = replace(found.state, sources=heat)
    after = carried(steady, found.sources, dict(new)).sources["field"]
    assert after == pytest.approx(np.full(len(new["field"].response.time_constants), 5e3))


def test_all_that_is_wrong_is_said_at_once(site):
    with pytest.raises(InputError) as error:
        simulate_site(site, years=20, deviations=[
            Deviation("load_factr", 0.5),
            Deviation("load_bypass", 0.9),
            Deviation("efficiency_loss", 0.2),
            Deviation("strainer", 0.01, since=-1),
            Deviation("dead_band", 1.0),
            Deviation("dead_band", 2.0),
        ])  # fmt: skip
    assert len(error.value.problems) == 5
    assert "did you mean load_factor" in str(error.value)
    assert "more than can be lost" in str(error.value)
