"""What a search for the best sizes found, as plain data; nothing here knows a site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from diwen.language import Text, same

Sense = Literal["<=", ">="]
_BY = Text("{name}: {value:.4g} {unit}, limit {limit:.4g} {unit}",
           "{name}：{value:.4g} {unit}，限值 {limit:.4g} {unit}")  # fmt: skip
_SHORT = Text(
    "no candidate keeps every limit; nearest: {broken}",
    "没有满足全部限值的方案；最接近者：{broken}",
)
_ACTIVE = Text(
    "{name} holds the optimum: {value:.4g} {unit} of {limit:.4g} {unit}",
    "{name}为起作用的约束：{value:.4g} {unit}，限值 {limit:.4g} {unit}",
)
_UNIT = Text("unit", "单位")
_EASED = Text(
    "{text}; one {unit} less strict would save {price:.4g} {money}",
    "{text}；每放宽 1 {unit} 可节省 {price:.4g} {money}",
)
_STRICTER = Text(
    "{text}; one {unit} more margin costs {price:.4g} {money}",
    "{text}；每增加 1 {unit} 余量需 {price:.4g} {money}",
)


@dataclass(frozen=True)
class DesignVariable:
    """A size that is chosen in steps.

    Attributes
    ----------
    key, label, unit : of it
    levels : values it may take, ascending (as made or drilled)
    planned : value of the planned design; need not be one of the levels
    """

    key: str
    label: Text
    unit: str
    levels: tuple[float, ...]
    planned: float

    def nearest(self, value: float) -> int:
        """Place of the level nearest to a value."""
        return int(np.abs(np.array(self.levels) - value).argmin())


@dataclass(frozen=True)
class Constraint:
    """A limit that a design must keep.

    Attributes
    ----------
    key, label, unit : of the result that is limited
    limit : in the unit
    sense : the result must be ``<=`` or ``>=``
    scale : of the result: violations of different units are compared over it
    rule : id of the rule row; empty: the site's own
    """

    key: str
    label: Text
    unit: str
    limit: float
    sense: Sense
    scale: float = 1.0
    rule: str = ""

    def margin(self, value: float) -> float:
        """What is left to the limit, in the unit; negative: it is passed."""
        return self.limit - value if self.sense == "<=" else value - self.limit


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What one set of sizes comes to.

    Attributes
    ----------
    objectives : by name, the less the better
    results : by key of the constraints; nan: nothing to limit (a source at standstill)
    refused : why it could not be computed; None where it could
    """

    objectives: Mapping[str, float]
    results: Mapping[str, float]
    refused: Text | None = None


@dataclass(frozen=True, eq=False)
class Candidate:
    """A set of sizes and what it comes to.

    Attributes
    ----------
    values : of the variables, by key
    evaluation : of it
    violation : sum of what passes limits, over their scales; 0: feasible; inf: refused
    """

    values: Mapping[str, float]
    evaluation: Evaluation
    violation: float

    @property
    def feasible(self) -> bool:
        """Whether every limit is kept."""
        return self.violation == 0.0

    def of(self, objective: str) -> float:
        """An objective; inf where refused."""
        return float(self.evaluation.objectives.get(objective, np.inf))

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        refused = self.evaluation.refused
        return {
            "values": dict(self.values),
            "objectives": {k: _plain(v) for k, v in self.evaluation.objectives.items()},
            "results": {k: _plain(v) for k, v in self.evaluation.results.items()},
            "feasible": self.feasible,
            "refused": None if refused is None else _both(refused),
        }


@dataclass(frozen=True)
class SizePrice:
    """What one unit of a size more costs near the optimum.

    Attributes
    ----------
    key, label, unit : of the variable
    per_unit : change of the objective per unit more (mean of a step up and a step down where both
        are known), limits not looked at
    """

    key: str
    label: Text
    unit: str
    per_unit: float


@dataclass(frozen=True)
class ConstraintPrice:
    """A limit that holds the optimum, and what it costs.

    Attributes
    ----------
    constraint : that holds it
    value : at the optimum
    eased : objective saved per unit by which the limit is eased, from the best neighbour that
        passes it; None: none is better
    stricter : objective that one unit more margin costs, by the cheapest neighbour; None: none
        brings any
    text : in words
    """

    constraint: Constraint
    value: float
    eased: float | None
    stricter: float | None
    text: Text


@dataclass(frozen=True, eq=False)
class Optimisation:
    """The best sizes and how they were found.

    Attributes
    ----------
    objective : that was least wanted
    variables, constraints : of the search
    best : feasible and least in the objective; where nothing is feasible, the nearest to it
    planned : the planned design (its nearest levels)
    front : feasible candidates that no other beats in both cost and carbon, cheapest first
    candidates : all that were computed, in their order
    sizes : what one unit of each size costs near the optimum
    active : limits that hold the optimum
    method : ``all`` (every combination) or ``search``
    complete : whether the search ended by itself, not at the largest number of candidates
    money : unit of the objective, in words
    seconds : processor time, s
    notes : what was assumed or left out
    """

    objective: str
    variables: tuple[DesignVariable, ...]
    constraints: tuple[Constraint, ...]
    best: Candidate
    planned: Candidate
    front: tuple[Candidate, ...]
    candidates: tuple[Candidate, ...]
    sizes: tuple[SizePrice, ...]
    active: tuple[ConstraintPrice, ...]
    method: Literal["all", "search"]
    complete: bool
    money: Text
    seconds: float = 0.0
    notes: tuple[Text, ...] = ()

    @property
    def feasible(self) -> bool:
        """Whether any candidate keeps every limit."""
        return self.best.feasible

    @property
    def saving(self) -> float:
        """Objective of the planned design less that of the best one."""
        return self.planned.of(self.objective) - self.best.of(self.objective)

    def broken(self, candidate: Candidate) -> tuple[tuple[Constraint, float], ...]:
        """Limits that a candidate passes, with the amount by which, the worst first."""
        found = []
        for one in self.constraints:
            margin = one.margin(candidate.evaluation.results.get(one.key, np.nan))
            if margin < 0.0:
                found.append((one, -margin))
        return tuple(sorted(found, key=lambda pair: -pair[1] / pair[0].scale))

    @property
    def shortfall(self) -> Text | None:
        """What no candidate reaches, in words; None where something is feasible."""
        if self.feasible:
            return None
        results = self.best.evaluation.results
        parts = [
            _BY.format(name=one.label, value=results[one.key], unit=one.unit, limit=one.limit)
            for one, _ in self.broken(self.best)
        ]
        refused = self.best.evaluation.refused
        parts += [] if refused is None else [refused]
        broken = Text("; ".join(one.en for one in parts), "；".join(one.zh for one in parts))
        return _SHORT.format(broken=broken)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for ``--json``."""
        return {
            "objective": self.objective, "feasible": self.feasible, "method": self.method,
            "complete": self.complete, "saving": _plain(self.saving),
            "variables": [
                {"key": one.key, "label": _both(one.label), "unit": one.unit,
                 "levels": list(one.levels), "planned": one.planned} for one in self.variables
            ],
            "constraints": [
                {"key": one.key, "label": _both(one.label), "unit": one.unit, "limit": one.limit,
                 "sense": one.sense, "rule": one.rule} for one in self.constraints
            ],
            "best": self.best.as_dict(), "planned": self.planned.as_dict(),
            "front": [one.as_dict() for one in self.front],
            "candidates": [one.as_dict() for one in self.candidates],
            "sizes": [{"key": one.key, "unit": one.unit, "per_unit": _plain(one.per_unit)}
                      for one in self.sizes],
            "active": [
                {"key": one.constraint.key, "value": one.value, "eased": one.eased,
                 "stricter": one.stricter, "text": _both(one.text)} for one in self.active
            ],
            "shortfall": None if self.shortfall is None else _both(self.shortfall),
            "notes": [_both(note) for note in self.notes], "seconds": self.seconds,
        }  # fmt: skip


def price_text(
    constraint: Constraint, value: float, eased: float | None, stricter: float | None, money: Text
) -> Text:
    """A limit that holds the optimum, in words."""
    shown = "" if constraint.unit == "1" else constraint.unit
    # A degree more or less is a difference.
    one = {"1": _UNIT, "°C": same("K")}.get(constraint.unit, same(constraint.unit))
    text = _ACTIVE.format(name=constraint.label, value=value, unit=shown, limit=constraint.limit)
    if eased is not None:
        text = _EASED.format(text=text, unit=one, price=eased, money=money)
    if stricter is not None:
        text = _STRICTER.format(text=text, unit=one, price=stricter, money=money)
    return text


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
