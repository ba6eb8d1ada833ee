"""What to measure next, what to do, and whether it helped."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import diwen
from diwen import rules
from diwen.diagnosis.advice.corrected_plan import corrected_plan
from diwen.diagnosis.advice.daily_use import DailyUse, daily_use
from diwen.diagnosis.advice.measures import measures_for, measures_of
from diwen.diagnosis.advice.next_measurement import (
    Sight,
    catalogue,
    entropy,
    information,
    next_measurements,
)
from diwen.diagnosis.advice.open_questions import OpenGroup, open_groups
from diwen.diagnosis.advice.verification import fractional_uncertainty, verified_saving
from diwen.diagnosis.attribution.attribution import attribute
from diwen.diagnosis.finding import Case, Finding, NotJudged
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.language import same
from diwen.problems import InputError
from diwen.twin.deviations import PARAMETERS, Deviation
from diwen.twin.site_simulation import simulate_site
from diwen.twin.site_simulation_inputs import inputs_of_site

EXAMPLES = Path(__file__).parents[2] / "examples"
DAY = 86400.0


def found_of(parameter: str, value: float, probability: float, **alternatives: float) -> Finding:
    names = {name.replace("__", ":"): share for name, share in alternatives.items()}
    return Finding(
        parameter, "", "", (), probability, value, value - 0.1, value + 0.1, "constant", None,
        None, None, None, (), names,
    )  # fmt: skip


def test_information_of_two_hypotheses_by_hand():
    """Half and half, sensitivity 0.9, specificity 0.8: H(0.55) 0.9928 less 0.5955."""
    group = OpenGroup("a", {"a": 0.5})
    assert information(group, {"a": Sight(0.9, 0.8)}) == pytest.approx(0.397312, abs=1e-6)
    assert information(group, {"a": Sight(1.0, 1.0)}) == pytest.approx(1.0)
    assert information(group, {"b": Sight(1.0, 1.0)}) == 0.0
    assert information(group, {"a": Sight(0.5, 0.5)}) == pytest.approx(0.0, abs=1e-12)


def test_a_test_that_tells_two_causes_apart_is_worth_more():
    group = OpenGroup("a", {"a": 0.5, "b": 0.5})
    apart = {"a": Sight(0.9, 0.95, "a"), "b": Sight(0.9, 0.95, "b")}
    alike = {"a": Sight(0.9, 0.95, "yes"), "b": Sight(0.9, 0.95, "yes")}
    assert information(group, apart) > 0.6
    assert information(group, alike) == pytest.approx(0.0, abs=1e-12)


chance = st.floats(0.0, 1.0)


@given(st.floats(0.0, 0.5), st.floats(0.0, 0.5), chance, chance, chance, chance, st.booleans())
def test_information_is_never_below_zero_nor_above_what_is_open(a, b, sa, pa, sb, pb, alike):
    group = OpenGroup("a", {"a": a, "b": b})
    sees = {"a": Sight(sa, pa, "a"), "b": Sight(sb, pb, "a" if alike else "b")}
    bits = information(group, sees)
    assert 0.0 <= bits <= entropy([a, b, 1.0 - a - b]) + 1e-9


def test_the_catalogue_sees_every_parameter_and_every_parameter_has_a_measure():
    seen = {name for test in catalogue() for name in test.sees}
    assert set(PARAMETERS) <= seen
    for name in PARAMETERS:
        rows = measures_of(name)
        assert rows
        assert all(0.0 < float(row.applies["removes"]) <= 1.0 for row in rows)
    for row in rules.on(date.today()).rows(id="diagnosis.*"):
        if row.id.startswith(("diagnosis.test", "diagnosis.measure", "diagnosis.reliability")):
            assert row.evidence == "E"
            assert not row.verified


def test_what_is_sure_needs_no_test_and_what_is_open_gets_one():
    sure = found_of("setpoint_shift", 4.0, 0.9999)
    low_flow = found_of("source_flow", 0.7, 0.5, strainer=0.2, sensor__flow=0.25)
    found = next_measurements([sure, low_flow])
    assert found
    assert all("setpoint_shift" not in one.by_group for one in found)
    best = max(found, key=lambda one: one.bits)
    assert best.test.id == "clamp_on_flow"  # tells the meter from the flow
    ranks = [one.bits_per_cost for one in found]
    assert ranks == sorted(ranks, reverse=True)
    lacking = NotJudged("pump_oversize", same("no meter"), ("W pump",))
    more = next_measurements([sure], [lacking])
    assert "point.W pump" in {one.test.id for one in more}
    groups = open_groups([low_flow], [lacking])
    assert groups[0].none == pytest.approx(0.05)
    assert 0.0 < groups[1].probability["pump_oversize"] < 0.1


def test_measures_and_a_corrected_plan():
    site = diwen.read(EXAMPLES / "plant-template")
    run = simulate_site(site, since=date(2023, 1, 1), points="standard", deviations=[
        Deviation("setpoint_shift", 4.0), Deviation("efficiency_loss", 0.1)])  # fmt: skip
    inputs = inputs_of_site(site, 3600.0)
    case = Case(site, record_of_simulation(run), inputs.inputs, (), inputs.weather_known)
    findings = [found_of("setpoint_shift", 4.0, 0.95), found_of("efficiency_loss", 0.1, 0.9)]
    parts = attribute(case, findings)
    measures = measures_for(site, findings, parts)
    assert {one.parameter for one in measures} == {"setpoint_shift", "efficiency_loss"}
    for one in measures:
        assert one.gain_low <= one.gain <= one.gain_high
        assert one.gain == pytest.approx(one.removes * parts.of(one.parameter).gain)
        assert one.payback is not None
        assert one.payback[0] <= one.payback[1]
    everything = corrected_plan(parts, ["setpoint_shift", "efficiency_loss"])
    right, plan = parts.all_right[0], everything.corrected[0]
    assert plan.electricity == pytest.approx(right.electricity, rel=1e-9)
    assert everything.remaining == ()
    some = corrected_plan(parts, ["setpoint_shift.reset"], measures)
    assert 0.0 < some.saving < everything.saving
    assert some.saving == pytest.approx(0.95 * parts.of("setpoint_shift").gain, rel=0.02)
    assert some.cost[0] > 0.0
    with pytest.raises(InputError) as error:
        corrected_plan(parts, ["setpoint_shift.wrong", "strainer"])
    assert len(error.value.problems) == 2
    # Verified: the days as found against the days of the plant put right.
    before = daily_use(case.record)
    healthy = simulate_site(site, since=date(2024, 1, 1), points="standard")
    after = daily_use(record_of_simulation(healthy))
    found = verified_saving(before, after, 0.1, 0.01)
    truth = run.years[0].power - healthy.years[0].power
    assert abs(found.saving - truth) < found.uncertainty
    assert found.state == "verified"
    assert verified_saving(before, after, 0.5, 0.01).state == "partly"
    assert verified_saving(before, before, 0.1).state == "not_verified"


def test_fractional_savings_uncertainty_in_closed_form():
    """Twelve months, CV 10 %, savings 10 %, t = 1: 1.26 · 0.1 · sqrt((1 + 2/12)/12) / 0.1."""
    found = fractional_uncertainty(0.1, 12, 12, 12, 0.1, 1.0)
    assert found == pytest.approx(1.26 * math.sqrt(14.0 / 12.0 / 12.0))
    assert fractional_uncertainty(0.1, 365, 365, 365, 0.1, 1.0) < found / 4.0
    assert fractional_uncertainty(0.1, 365, 30, 365, 0.1, 1.0) > fractional_uncertainty(
        0.1, 365, 365, 365, 0.1, 1.0
    )


def days_of(random: np.random.Generator, count: int, factor: float, first: str) -> DailyUse:
    """Days of a plant whose residuals hang together (first order, 0.5)."""
    heat = 50e3 * (1.0 + 0.4 * np.sin(np.arange(count) / 12.0)) + 5e3 * random.random(count)
    noise, rest = np.empty(count), 0.0
    for place in range(count):
        rest = 0.5 * rest + random.normal(0.0, 800.0)
        noise[place] = rest
    power = factor * (2e3 + heat / 3.5) + noise
    day = np.datetime64(first) + np.arange(count)
    return DailyUse(day, power, heat, None, None, ("hp",))


def test_the_uncertainty_covers_the_true_saving():
    """Ninety per cent intervals over 150 plants with a true saving of 10 %."""
    random = np.random.default_rng(1)
    inside = 0
    for _ in range(150):
        before = days_of(random, 120, 1.0, "2023-01-01")
        after = days_of(random, 120, 0.9, "2024-01-01")
        found = verified_saving(before, after)
        truth = float((2e3 + after.heat / 3.5).sum()) * 0.1 * DAY
        inside += abs(found.saving - truth) <= found.uncertainty
    assert 0.85 <= inside / 150 <= 1.0


def test_verification_refuses_what_cannot_be_compared():
    random = np.random.default_rng(2)
    before = days_of(random, 120, 1.0, "2023-01-01")
    after = days_of(random, 120, 0.9, "2024-01-01")
    short = after.part(date(2024, 1, 1), date(2024, 1, 11))
    assert verified_saving(before, short).state == "refused"
    other = DailyUse(after.day, after.electricity, after.heat, None, None, ("hp", "pump"))
    assert verified_saving(before, other).state == "refused"
    hotter = DailyUse(after.day, after.electricity, 3.0 * after.heat, None, None, ("hp",))
    assert verified_saving(before, hotter).state == "refused"
    blind = DailyUse(before.day, before.electricity, None, None, None, ("hp",))
    found = verified_saving(blind, blind)
    assert found.state == "refused"
    assert found.reasons
