"""A reliability score on four dimensions, each with the indices and the evidence behind it.

The dimensions are those of the 2025 industry report on the reliability of ground-source heat-pump
systems: resource, system, operation, life cycle. The report gives no formula; indices, scales and
weights are engineering defaults of Diwen (rows of the rules, not verified). A dimension of whose
parameters no line of reasoning judged any has no score, and says why: meters that run and limits
that hold make no plant sound about which nothing is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from diwen.diagnosis.attribution.reliability_indices import INDICES, Basis, Index, of_families
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.diagnosis.attribution.attribution import Attribution
    from diwen.diagnosis.attribution.forecast import Forecast
    from diwen.diagnosis.finding import Case, Finding, NotJudged

DimensionName = Literal["resource", "system", "operation", "life_cycle"]
DIMENSION_NAMES: dict[DimensionName, Text] = {
    "resource": Text("resource", "资源"),
    "system": Text("system", "系统"),
    "operation": Text("operation", "运行"),
    "life_cycle": Text("life cycle", "全生命周期"),
}
# The life cycle rests on what the ground does in the long run.
_RESTS_ON: dict[DimensionName, tuple[str, ...]] = {
    "resource": ("resource", "construction"),
    "system": ("hydraulic", "design"),
    "operation": ("operation", "commissioning"),
    "life_cycle": ("balance", "resource", "construction"),
}
_NOTHING = Text("nothing of it could be judged: {reasons}", "无法评价：{reasons}")
_NONE_JUDGED = Text(
    "each of the {count} kinds of deviation that it rests on lacks what it is judged by",
    "其所依据的 {count} 种偏差均缺少判断依据",
)
_NOT_AT_THIS_PLANT = Text(
    "none of the kinds of deviation that it rests on applies to this plant, or there is no data",
    "其所依据的偏差均不适用于本系统，或没有数据",
)
_ASSUMED = Text(
    "scales and weights of the score are engineering defaults, not from a standard",
    "评分尺度与权重为工程默认值，非标准规定",
)


@dataclass(frozen=True)
class Dimension:
    """One of the four.

    Attributes
    ----------
    name : key of :data:`DIMENSION_NAMES`
    score : 0 to 100, None where nothing could be judged
    indices : those that have a score, and those that have none with their reason
    refused : why there is no score, or None
    """

    name: DimensionName
    score: float | None
    indices: tuple[Index, ...]
    refused: Text | None

    @property
    def text(self) -> Text:
        """The name in words."""
        return DIMENSION_NAMES[self.name]

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "name": self.name, "text": {"en": self.text.en, "zh": self.text.zh},
            "score": self.score,
            "refused": None if self.refused is None
            else {"en": self.refused.en, "zh": self.refused.zh},
            "indices": [one.as_dict() for one in self.indices],
        }  # fmt: skip


@dataclass(frozen=True)
class Reliability:
    """The four dimensions.

    Attributes
    ----------
    dimensions : in the order of the report
    notes : what was assumed
    """

    dimensions: tuple[Dimension, ...]
    notes: tuple[Text, ...]

    def of(self, name: str) -> Dimension:
        """A dimension by its name.

        Raises
        ------
        KeyError : there is none
        """
        for one in self.dimensions:
            if one.name == name:
                return one
        raise KeyError(name)

    @property
    def score(self) -> float | None:
        """Mean of the dimensions; None as long as one has no score."""
        scores = [one.score for one in self.dimensions]
        if any(score is None for score in scores):
            return None
        return sum(score for score in scores if score is not None) / len(scores)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "score": self.score,
            "dimensions": [one.as_dict() for one in self.dimensions],
            "notes": [{"en": one.en, "zh": one.zh} for one in self.notes],
        }


def reliability(
    case: Case,
    findings: Sequence[Finding],
    not_judged: Sequence[NotJudged],
    attribution: Attribution,
    forecast: Forecast,
) -> Reliability:
    """The score of a plant.

    Parameters
    ----------
    case, findings, not_judged : of the diagnosis
    attribution, forecast : of the same
    """
    basis = Basis(case, tuple(findings), tuple(not_judged), attribution, forecast)
    dimensions = tuple(_dimension(name, basis) for name in DIMENSION_NAMES)
    return Reliability(dimensions, (_ASSUMED,))


def _dimension(name: DimensionName, basis: Basis) -> Dimension:
    indices = tuple(make(basis) for make in INDICES[name])
    parameters = of_families(_RESTS_ON[name])
    if not basis.judged(parameters):
        reason = _why_none(basis.applying(parameters))
        return Dimension(name, None, indices, _NOTHING.format(reasons=reason))
    scored = [one for one in indices if one.score is not None]
    if not scored:
        reasons = [one.reason for one in indices if one.reason is not None]
        joined = Text(
            "; ".join(dict.fromkeys(one.en for one in reasons)),
            "；".join(dict.fromkeys(one.zh for one in reasons)),
        )
        return Dimension(name, None, indices, _NOTHING.format(reasons=joined))
    weight = sum(one.weight for one in scored)
    score = sum(one.weight * (one.score or 0.0) for one in scored) / weight
    return Dimension(name, score, indices, None)


def _why_none(applying: tuple[str, ...]) -> Text:
    """Why nothing was judged: what that lacks stands with each kind that was not judged."""
    if not applying:
        return _NOT_AT_THIS_PLANT
    return _NONE_JUDGED.format(count=len(applying))
