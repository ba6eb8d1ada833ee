"""One run of the bench: what was said of it, beside what was put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.diagnosis_bench.cases import Injection
from benchmarks.diagnosis_bench.plants import WHOLE
from diwen.diagnosis.diagnosis_result import Diagnosis
from diwen.twin.deviations import PARAMETERS

# Faults of instruments that the bench counts as said; outages and standstill are no fault.
_FAULTS = ("offset", "drift", "stuck", "scale", "swapped", "clock", "reset", "boundary", "air")


@dataclass(frozen=True)
class Outcome:
    """What was said of a run.

    Attributes
    ----------
    plant, case, points, seed, expected, never : of the run
    first : family that comes first, ``gate`` for an instrument
    said : families with at least a suspicion, the gate among them
    found : probability of each deviation and instrument said
    parameters : truth, value, interval and neutral value of those that were put in and found
    costs : kWh of the last year, truth and value
    electricity : of the plant, kWh of the last year
    months_to_detect : from the onset to the first suspicion of what is expected; None: never
    seconds : of processor time of the diagnosis
    error : exception that ended it; empty: none
    """

    plant: str
    case: str
    points: str
    seed: int
    expected: list[list[str]]
    never: list[str]
    first: str
    said: list[str]
    found: dict[str, float]
    parameters: dict[str, dict[str, float]] = field(default_factory=dict)
    costs: dict[str, dict[str, float]] = field(default_factory=dict)
    electricity: float = 0.0
    months_to_detect: float | None = None
    seconds: float = 0.0
    error: str = ""

    @property
    def healthy(self) -> bool:
        """Nothing was put in that is a deviation."""
        return not self.expected

    @property
    def right(self) -> bool:
        """The first is one of those expected; healthy: nothing is said."""
        if self.error:
            return False
        if self.healthy:
            return not self.said
        return any(self.first in group for group in self.expected)

    @property
    def complete(self) -> bool:
        """Every fault that was put in is said."""
        return not self.error and all(set(group) & set(self.said) for group in self.expected)

    @property
    def kept(self) -> bool:
        """What it must not become it did not become."""
        return not set(self.never) & set(self.said)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def families_said(diagnosis: Diagnosis, injection: Injection) -> tuple[str, list[str]]:
    """The family that comes first, and all that are said.

    A fault of an instrument comes first: it is judged before the plant. A deviation of two families
    is right by either, and counts as the one that was put in.
    """
    gate = any(one.kind in _FAULTS and one.probability >= 0.5 for one in diagnosis.sensors)
    wanted = {family for group in injection.expected for family in group}
    families = [
        next((other for other in (one.family, *one.also) if other in wanted), one.family)
        for one in diagnosis.found
    ]
    said = (["gate"] if gate else []) + families
    return (said[0] if said else ""), list(dict.fromkeys(said))


def outcome_of(
    plant: str, injection: Injection, points: str, seed: int, diagnosis: Diagnosis,
    truth: Mapping[str, float], seconds: float, months: float | None = None,
) -> Outcome:  # fmt: skip
    """What a diagnosis says, scored later."""
    first, said = families_said(diagnosis, injection)
    gate = [one for one in diagnosis.sensors if one.kind in _FAULTS and one.probability >= 0.5]
    return Outcome(
        plant, injection.name, points, seed, [sorted(group) for group in injection.expected],
        sorted(injection.never), first, said,
        {f"{one.parameter}/{one.family}": round(one.probability, 3) for one in diagnosis.found}
        | {f"sensor:{one.kind}:{'+'.join(one.points)}": round(one.probability, 3) for one in gate},
        _parameters(injection, diagnosis), _costs(diagnosis, truth),
        truth.get(WHOLE, 0.0) / 3.6e6, months, round(seconds, 2),
    )  # fmt: skip


def failed(
    plant: str, injection: Injection, points: str, seed: int, error: Exception
) -> Outcome:  # fmt: skip
    """A run that ended in an exception: wrong, and shown."""
    return Outcome(
        plant, injection.name, points, seed, [sorted(group) for group in injection.expected],
        sorted(injection.never), "error", [], {}, error=f"{type(error).__name__}: {error}",
    )  # fmt: skip


def _parameters(injection: Injection, diagnosis: Diagnosis) -> dict[str, dict[str, float]]:
    """Estimates of what was put in."""
    found = {}
    for one in injection.deviations:
        said = diagnosis.finding(one.parameter)
        if said is not None and said in diagnosis.found:
            neutral = PARAMETERS[one.parameter].neutral
            found[one.parameter] = {
                "truth": one.value, "value": said.value, "low": said.low, "high": said.high,
                "neutral": neutral,
            }  # fmt: skip
    return found


def _costs(diagnosis: Diagnosis, truth: Mapping[str, float]) -> dict[str, dict[str, float]]:
    attribution = diagnosis.attribution
    if attribution is None:
        return {}
    said = {one.finding.parameter: one.electricity for one in attribution.counterfactuals}
    return {
        name: {"truth": value / 3.6e6, "value": said[name] / 3.6e6}
        for name, value in truth.items()
        if name in said
    }
