"""All lines of reasoning together: a probability and an interval for every deviation.

Deviations are independent of each other, so that several can be found at once. Only what a line
says cannot be told apart shares one probability: with prior odds times Bayes factor w of a
deviation and of each alternative, P = w / (1 + w + Σ w of its alternatives).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from diwen.diagnosis.finding import (
    Case,
    Estimate,
    Evidence,
    Finding,
    Judgement,
    SensorFinding,
)
from diwen.diagnosis.inference.ledger_coincidence import ledger_evidence
from diwen.diagnosis.inference.prior_odds import PriorOdds, family_of
from diwen.site.usual_values import usual_value
from diwen.twin.deviations import PARAMETERS

_ROW = "diagnosis.inference."
_SENSOR = "sensor:"
_NINETY = 1.6448536  # standard normal quantile of 0.95


@dataclass(frozen=True, eq=False)
class _Joined:
    """One parameter of one object, as all its lines see it.

    Attributes
    ----------
    strongest : the estimate with the largest ratio
    value, deviation : combined
    log_ratio : of all lines and all evidence
    evidence : facts
    alternatives : names
    """

    strongest: Estimate
    value: float
    deviation: float
    log_ratio: float
    evidence: tuple[Evidence, ...]
    alternatives: tuple[str, ...]

    @property
    def family(self) -> str:
        """Of the seven."""
        return family_of(self.strongest.parameter, self.strongest.family)


def findings_of(
    judgements: Sequence[Judgement], sensors: Sequence[SensorFinding], case: Case
) -> tuple[Finding, ...]:
    """Every deviation that was judged, the most probable first, then the largest.

    Parameters
    ----------
    judgements : of all lines of reasoning
    sensors : what the data gate found
    case : site, record and ledger
    """
    lines: dict[tuple[str, str], list[Estimate]] = {}
    for judgement in judgements:
        for one in judgement.estimates:
            lines.setdefault((one.parameter, one.object), []).append(one)
    joined = {key: _join(estimates, case) for key, estimates in lines.items()}
    priors = PriorOdds((one.family, *key) for key, one in joined.items())
    weights = {
        key: one.log_ratio + priors.log_odds(one.family, key[0]) for key, one in joined.items()
    }
    findings = [
        _finding(one, weights[key], _rivals(key, joined, weights, priors, sensors))
        for key, one in joined.items()
    ]
    return tuple(sorted(findings, key=lambda one: (-one.probability, -_size(one))))


def together(finding: Finding) -> float:
    """Probability that the plant deviates in this way or in one that cannot be told from it."""
    others = sum(p for name, p in finding.alternatives.items() if not name.startswith(_SENSOR))
    return min(1.0, finding.probability + others)


def state_of(finding: Finding) -> str:
    """``confirmed``, ``suspected`` or ``open``.

    One that shares its probability is suspected where it leads what cannot be told apart and all
    of that together is probable enough; confirmed it is only by itself.
    """
    if finding.probability >= usual_value(_ROW + "confirmed"):
        return "confirmed"
    leads = finding.probability >= max(finding.alternatives.values(), default=0.0)
    if leads and together(finding) >= usual_value(_ROW + "suspected"):
        return "suspected"
    return "open"


def _join(estimates: Sequence[Estimate], case: Case) -> _Joined:
    """Independent lines about the same number: ratios multiply, values weigh by their certainty.

    Lines that disagree by more than they should widen the interval (the ratio of Birge 1932, The
    calculation of errors by the method of least squares, Physical Review 40).
    """
    strongest = max(estimates, key=lambda one: one.log_ratio)
    alike = [one for one in estimates if one.shape == strongest.shape and one.deviation > 0.0]
    value, deviation = strongest.value, strongest.deviation
    if len(alike) > 1:
        weight = [one.deviation**-2 for one in alike]
        value = sum(w * one.value for w, one in zip(weight, alike, strict=True)) / sum(weight)
        apart = sum(w * (one.value - value) ** 2 for w, one in zip(weight, alike, strict=True))
        widened = max(1.0, apart / (len(alike) - 1))
        deviation = math.sqrt(widened / sum(weight))
    cap = math.log(usual_value(_ROW + "evidence_cap"))
    facts = [fact for one in estimates for fact in one.evidence]
    noted = ledger_evidence(strongest, case)
    facts += [noted] if noted is not None else []
    ratio = sum(one.log_ratio for one in estimates)
    ratio += sum(max(-cap, min(cap, fact.log_ratio)) for fact in facts)
    return _Joined(
        strongest,
        value,
        deviation,
        ratio,
        tuple(sorted(facts, key=lambda fact: -abs(fact.log_ratio))),
        tuple(dict.fromkeys(name for one in estimates for name in one.alternatives)),
    )


def _rivals(
    key: tuple[str, str],
    joined: Mapping[tuple[str, str], _Joined],
    weights: Mapping[tuple[str, str], float],
    priors: PriorOdds,
    sensors: Sequence[SensorFinding],
) -> dict[str, float]:
    """Log weights of what else explains the data of one deviation, by name.

    One that was judged itself comes with its own weight; the relation holds both ways. One that
    was not is as good an explanation as this one, times its own prior. An instrument that the gate
    put right or masked explains nothing more; one that it doubts has the odds of its doubt.
    """
    parameter, object = key
    rivals: dict[str, float] = {}
    for other, one in joined.items():
        if other == key or (one.strongest.object and object and one.strongest.object != object):
            continue
        if other[0] in joined[key].alternatives or parameter in one.alternatives:
            name = other[0]
            rivals[name] = max(rivals.get(name, -math.inf), weights[other])
    for name in joined[key].alternatives:
        if name.startswith(_SENSOR):
            odds = _sensor_log_odds(name.removeprefix(_SENSOR), sensors)
            if odds is not None:
                rivals[name] = odds + max(0.0, joined[key].log_ratio)
        elif name not in rivals and name in PARAMETERS and name != parameter:
            prior = priors.log_odds(PARAMETERS[name].family, name)
            rivals[name] = prior + joined[key].log_ratio
    return rivals


def _sensor_log_odds(point: str, sensors: Sequence[SensorFinding]) -> float | None:
    """ln of the odds that an instrument still lies; None: it was put right or is not used."""
    of_point = [one for one in sensors if point in one.points]
    if any(one.treatment in ("corrected", "masked") for one in of_point):
        return None
    unseen = usual_value(_ROW + "sensor_unseen")
    chance = min(0.999, max([unseen, *(one.probability for one in of_point)]))
    return math.log(chance / (1.0 - chance))


def _finding(one: _Joined, weight: float, rivals: Mapping[str, float]) -> Finding:
    """A deviation beside what else explains its data."""
    top = max([0.0, weight, *rivals.values()])
    total = math.exp(-top) + sum(math.exp(each - top) for each in (weight, *rivals.values()))
    best = one.strongest
    parameter = PARAMETERS[best.parameter]
    half = _NINETY * one.deviation

    def inside(value: float) -> float:
        return min(parameter.high, max(parameter.low, value))

    return Finding(
        parameter=best.parameter, object=best.object, family=one.family, also=best.also,
        probability=math.exp(weight - top) / total,
        value=inside(one.value), low=inside(one.value - half), high=inside(one.value + half),
        shape=best.shape, since=best.since, since_low=best.since_low, since_high=best.since_high,
        until=best.until, evidence=one.evidence,
        alternatives={name: math.exp(each - top) / total for name, each in rivals.items()},
    )  # fmt: skip


def _size(finding: Finding) -> float:
    """Distance from neutral as a share of the range of the parameter."""
    parameter = PARAMETERS[finding.parameter]
    return abs(finding.value - parameter.neutral) / (parameter.high - parameter.low)
