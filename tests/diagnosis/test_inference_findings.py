"""All lines together: priors, shared probabilities, instruments, the ledger."""

from __future__ import annotations

import math
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.diagnosis.finding import Estimate, Evidence, Judgement, SensorFinding
from diwen.diagnosis.inference.findings import findings_of, state_of, together
from diwen.diagnosis.inference.prior_odds import PriorOdds
from diwen.diagnosis.record.operating_record import Circumstance
from diwen.language import same
from diwen.site import Entry
from diwen.site.usual_values import usual_value
from diwen.twin.deviations import FAMILIES, PARAMETERS


class _Record(list):  # type: ignore[type-arg]
    """What the findings ask of a record: how long it is, and what the ledger says."""

    def __init__(self, circumstances: tuple[Circumstance, ...] = ()) -> None:
        super().__init__([0] * 24 * 365)
        self.circumstances = circumstances


def nothing() -> SimpleNamespace:
    return SimpleNamespace(record=_Record())


def estimate(parameter: str, ratio: float, **other: object) -> Estimate:
    given = {"value": 0.7, "deviation": 0.05, "shape": "constant", "since": None, **other}
    return Estimate(parameter, log_ratio=ratio, **given)  # type: ignore[arg-type]


def found(*estimates: Estimate, sensors: tuple[SensorFinding, ...] = ()) -> dict[str, float]:
    answer = findings_of([Judgement(estimates)], sensors, nothing())  # type: ignore[arg-type]
    return {one.parameter: one.probability for one in answer}


def sensor(point: str, treatment: str, probability: float = 0.9) -> SensorFinding:
    return SensorFinding(
        "offset",
        (point,),
        0.5,
        0.1,
        None,
        None,
        probability,
        (),
        treatment,
        same("x"),  # type: ignore[arg-type]
    )


@settings(max_examples=40, deadline=None)
@given(st.sets(st.sampled_from(sorted(PARAMETERS)), min_size=1), st.integers(1, 4))
def test_priors_keep_the_base_rate(names: set[str], objects: int) -> None:
    """The probability that no deviation of the families that are judged is there never depends on
    how many parameters or objects they are split over."""
    judged = [(PARAMETERS[n].family, n, f"o{i}") for n in names for i in range(objects)]
    priors = PriorOdds(judged)
    none = math.prod(1.0 / (1.0 + math.exp(priors.log_odds(f, n))) for f, n, _ in judged)
    weight = usual_value("diagnosis.inference.family_weight")
    surveyed = {f: usual_value(f"diagnosis.inference.family.{f}") for f in FAMILIES}
    shares = {f: weight * surveyed[f] + (1.0 - weight) / 7.0 for f in FAMILIES}
    judged_share = sum(shares[f] for f in {f for f, _, _ in judged}) / sum(shares.values())
    rate = usual_value("diagnosis.inference.base_rate")
    assert none == pytest.approx((1.0 - rate) ** judged_share, rel=1e-9)


def test_surveyed_shares_sum_to_one() -> None:
    total = sum(usual_value(f"diagnosis.inference.family.{f}") for f in FAMILIES)
    assert total == pytest.approx(1.0)


def test_posterior_odds_are_prior_odds_times_ratio() -> None:
    answer = found(estimate("source_flow", 4.0))
    prior = PriorOdds([("hydraulic", "source_flow", "")]).log_odds("hydraulic", "source_flow")
    chance = answer["source_flow"]
    assert math.log(chance / (1.0 - chance)) == pytest.approx(prior + 4.0)


def test_independent_lines_multiply_and_narrow() -> None:
    line = estimate("source_flow", 2.0)
    one = findings_of([Judgement((line,))], (), nothing())[0]  # type: ignore[arg-type]
    two = findings_of([Judgement((line,)), Judgement((line,))], (), nothing())[0]  # type: ignore[arg-type]
    odds = [math.log(f.probability / (1.0 - f.probability)) for f in (one, two)]
    assert odds[1] - odds[0] == pytest.approx(2.0)
    assert two.deviation == pytest.approx(one.deviation / math.sqrt(2.0))
    assert one.high - one.low == pytest.approx(2 * 1.6448536 * 0.05)


def test_lines_that_contradict_widen() -> None:
    apart = [Judgement((estimate("source_flow", 3.0, value=v),)) for v in (0.5, 0.8)]
    both = findings_of(apart, (), nothing())[0]  # type: ignore[arg-type]
    assert both.value == pytest.approx(0.65)
    # Birge: chi² of 18 on one degree of freedom widens by its root
    assert both.deviation == pytest.approx(0.05 / math.sqrt(2.0) * math.sqrt(18.0))


def test_evidence_is_capped() -> None:
    cap = math.log(usual_value("diagnosis.inference.evidence_cap"))
    loud = estimate("source_flow", 0.0, evidence=(Evidence(same("x"), 50.0),))
    capped = estimate("source_flow", cap)
    assert found(loud)["source_flow"] == pytest.approx(found(capped)["source_flow"])


def test_several_deviations_at_once() -> None:
    answer = found(estimate("source_flow", 7.0), estimate("efficiency_loss", 7.0, value=0.1),
                   estimate("borehole_resistance", 7.0, value=1.5))  # fmt: skip
    assert min(answer.values()) > 0.8


def test_alternatives_share_one_probability() -> None:
    flow = estimate("source_flow", 7.0, alternatives=("strainer",))
    clogged = estimate("strainer", 7.0, value=0.1, shape="growth")
    together_ = found(flow, clogged)
    assert sum(together_.values()) <= 1.0
    apart = found(estimate("source_flow", 7.0), clogged)
    assert apart["source_flow"] > together_["source_flow"]
    assert sum(apart.values()) > 1.5


def test_an_alternative_nobody_judged_takes_its_prior_share() -> None:
    line = estimate("borehole_resistance", 7.0, value=1.5, alternatives=("ground_conductivity",))
    one = findings_of([Judgement((line,))], (), nothing())[0]  # type: ignore[arg-type]
    priors = PriorOdds([("construction", "borehole_resistance", "")])
    ratio = priors.log_odds("construction", "borehole_resistance")
    ratio -= priors.log_odds("resource", "ground_conductivity")
    other = one.alternatives["ground_conductivity"]
    assert math.log(one.probability / other) == pytest.approx(ratio)
    assert together(one) > 0.95


@pytest.mark.parametrize("treatment", ["corrected", "masked"])
def test_an_instrument_put_right_explains_nothing_more(treatment: str) -> None:
    line = estimate("source_flow", 6.0, alternatives=("sensor:flow",))
    free = estimate("source_flow", 6.0)
    right = found(line, sensors=(sensor("flow", treatment),))["source_flow"]
    assert right == pytest.approx(found(free)["source_flow"])


def test_a_doubted_instrument_takes_the_blame() -> None:
    line = estimate("source_flow", 6.0, alternatives=("sensor:flow",))
    unseen = found(line)["source_flow"]
    doubted = found(line, sensors=(sensor("flow", "noted", 0.8),))["source_flow"]
    assert doubted < 0.2 < unseen


def test_order_and_states() -> None:
    answer = findings_of(
        [Judgement((estimate("source_flow", 4.6), estimate("load_flow", -2.0),
                    estimate("borehole_resistance", 7.0, value=1.8)))],
        (), nothing(),  # type: ignore[arg-type]
    )  # fmt: skip
    assert [one.parameter for one in answer] == ["borehole_resistance", "source_flow", "load_flow"]
    assert [state_of(one) for one in answer] == ["confirmed", "suspected", "open"]


def test_values_stay_in_their_range() -> None:
    line = estimate("efficiency_loss", 5.0, value=0.01, deviation=0.05, shape="growth")
    one = findings_of([Judgement((line,))], (), nothing())[0]  # type: ignore[arg-type]
    assert one.low == 0.0
    assert one.value == pytest.approx(0.01)


def test_work_noted_at_the_step_speaks_for_it() -> None:
    day = date(2023, 6, 1)
    entry = Entry(day, "maintenance", "V1", "valve turned", "", "", "", "", "", 7)
    noted = SimpleNamespace(
        record=_Record((Circumstance("valve_change", "site", day, None, math.nan, entry),))
    )
    line = estimate(
        "source_flow", 3.0, shape="step", since=day,
        since_low=date(2023, 5, 28), since_high=date(2023, 6, 4),
    )  # fmt: skip
    without = findings_of([Judgement((line,))], (), nothing())[0]  # type: ignore[arg-type]
    with_note = findings_of([Judgement((line,))], (), noted)[0]  # type: ignore[arg-type]
    assert with_note.probability > without.probability
    assert "valve turned" in with_note.evidence[0].text.en
    assert "V1" in with_note.evidence[0].text.zh
