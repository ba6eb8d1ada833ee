"""What a diagnosis leaves open: groups of explanations that exclude each other, with probabilities.

A finding and its alternatives share one group (only one of them explains the same data); the rest
of the probability is that none does. A parameter that could not be judged is a group of its own at
its prior.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwen.site.usual_values import usual_value
from diwen.twin.deviations import PARAMETERS

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Finding, NotJudged
    from diwen.site import Point

SENSOR = "sensor:"
_KINDS = {
    "temperature": "temperature", "volume_flow": "flow", "flow": "flow", "mass_flow": "flow",
    "heat": "heat", "heat_power": "heat", "heat_flow": "heat", "thermal_power": "heat",
    "energy": "power", "power": "power", "electric_power": "power", "electricity": "power",
}  # fmt: skip


@dataclass(frozen=True)
class OpenGroup:
    """Explanations of which at most one is true.

    Attributes
    ----------
    name : parameter that it is about
    probability : of each explanation, by hypothesis (parameter, or ``sensor:<kind>``); together at
        most 1, the rest is that none is true
    """

    name: str
    probability: Mapping[str, float]

    @property
    def none(self) -> float:
        """Probability that no explanation is true."""
        return max(1.0 - sum(self.probability.values()), 0.0)


def open_groups(
    findings: Sequence[Finding],
    not_judged: Iterable[NotJudged] = (),
    points: Mapping[str, Point] | None = None,
) -> tuple[OpenGroup, ...]:
    """What is open.

    Parameters
    ----------
    findings : of the diagnosis
    not_judged : that are taken at their prior
    points : of the site, by id, that tell the kind of a sensor
    """
    groups = []
    for one in findings:
        shares: dict[str, float] = {}
        for name, probability in [(one.parameter, one.probability), *one.alternatives.items()]:
            key = hypothesis_of(name, points or {})
            shares[key] = shares.get(key, 0.0) + max(probability, 0.0)
        total = sum(shares.values())
        if total > 1.0:
            shares = {name: value / total for name, value in shares.items()}
        groups.append(OpenGroup(one.parameter, shares))
    known = {one.parameter for one in findings}
    for parameter in dict.fromkeys(one.parameter for one in not_judged):
        if parameter in PARAMETERS and parameter not in known:
            groups.append(OpenGroup(parameter, {parameter: prior_of(parameter)}))
    return tuple(groups)


def hypothesis_of(name: str, points: Mapping[str, Point]) -> str:
    """The hypothesis of a name: a sensor by the kind of its point, else the parameter itself."""
    if not name.startswith(SENSOR):
        return name
    point = points.get(name.removeprefix(SENSOR))
    kind = name.removeprefix(SENSOR) if point is None else _KINDS.get(point.quantity, "")
    return SENSOR + kind if kind in set(_KINDS.values()) else "sensor"


def prior_of(parameter: str) -> float:
    """Probability of a deviation before any data: that of its family, shared evenly in it."""
    family = PARAMETERS[parameter].family
    alike = sum(1 for one in PARAMETERS.values() if one.family == family)
    share = usual_value(f"diagnosis.inference.family.{family}")
    return usual_value("diagnosis.inference.base_rate") * share / alike
