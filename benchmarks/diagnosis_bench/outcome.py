"""One run of the bench: what was said of it, beside what was put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from benchmarks.diagnosis_bench.cases import Injection
from diwen.diagnosis.diagnosis_result import Diagnosis
from diwen.twin.deviations import PARAMETERS

# Faults of instruments that the bench counts as said; outages and standstill are no fault.
_FAULTS = ("offset", "drift", "stuck", "scale", "swapped", "clock", "reset", "boundary", "air")


@dataclass(frozen=True)
class Outcome:
    """Attributes: ``said`` are families with at least a suspicion, the gate among them."""

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
    months_to_detect: float | None = None
    seconds: float = 0.0

    @property
    def healthy(self) -> bool:
        """Nothing was put in that is a deviation."""
        return not self.expected

    @property
    def right(self) -> bool:
        """The first is one of those expected; healthy: nothing is said."""
        if self.healthy:
            return not self.said
        return any(self.first in group for group in self.expected)

    @property
    def complete(self) -> bool:
        """Every fault that was put in is said."""
        return all(set(group) & set(self.said) for group in self.expected)

    @property
    def kept(self) -> bool:
        """What it must not become it did not become."""
        return not set(self.never) & set(self.said)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def outcome_of(
    plant: str, injection: Injection, points: str, seed: int, diagnosis: Diagnosis,
    truth: Mapping[str, float], seconds: float,
) -> Outcome:  # fmt: skip
    """What a diagnosis says, scored later."""
    gate = [one for one in diagnosis.sensors if one.kind in _FAULTS and one.probability >= 0.5]
    families = [one.family for one in diagnosis.found]
    also = [other for one in diagnosis.found for other in one.also]
    first = "gate" if gate else (families[0] if families else "")
    if first and not gate and any(first not in group for group in injection.expected):
        # A deviation of two families is right by either.
        shared = {families[0], *diagnosis.found[0].also}
        wanted = {family for group in injection.expected for family in group}
        first = next(iter(sorted(shared & wanted)), first)
    never = [family for family in injection.never if family in families]
    said = list(dict.fromkeys((["gate"] if gate else []) + families + [
        family for family in also if family not in injection.never or family in never
    ]))  # fmt: skip
    return Outcome(
        plant, injection.name, points, seed, [sorted(group) for group in injection.expected],
        sorted(injection.never), first, said,
        {f"{one.parameter}/{one.family}": round(one.probability, 3) for one in diagnosis.found}
        | {f"sensor:{one.kind}:{'+'.join(one.points)}": round(one.probability, 3) for one in gate},
        _parameters(injection, diagnosis), _costs(diagnosis, truth), None, round(seconds, 2),
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
