"""Which extra measurement or test would decide what remains open.

A test answers with one of the things that it can tell apart, or with nothing. Its worth is the
mutual information of its answer and the open explanations, ``I = H(answer) − Σ q_h H(answer | h)``,
in bits (Shannon 1948), with the sensitivity and specificity of the rules; over groups that are
independent the worths add (the test gives an answer to each). Tests are ranked by bits per cost.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from diwen.diagnosis.advice.open_questions import OpenGroup, open_groups
from diwen.language import Text
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Finding, NotJudged
    from diwen.rules import Row
    from diwen.site import Point

_ROWS = "diagnosis.test."
_INSTALL = Text("record the missing point {code}", "补装缺失测点 {code}")
_INSTALL_HOW = Text(
    "fit the instrument and record it through one season", "加装仪表并记录一个运行季"
)


@dataclass(frozen=True)
class Sight:
    """How well a test sees one hypothesis.

    Attributes
    ----------
    sensitivity : probability of its answer if it is true
    specificity : probability that this answer is not given if it is not
    answer : what the test says; hypotheses that it cannot tell apart share one
    """

    sensitivity: float
    specificity: float
    answer: str = "yes"


@dataclass(frozen=True)
class FieldTest:
    """A measurement or test of the catalogue.

    Attributes
    ----------
    id : in the rules
    name, how : in words
    cost : CNY, low and high
    days : that it takes
    sees : by hypothesis
    evidence : of the rule row; ``verified`` whether anybody read the numbers
    """

    id: str
    name: Text
    how: Text
    cost: tuple[float, float]
    days: float
    sees: Mapping[str, Sight]
    evidence: str
    verified: bool

    @property
    def usual_cost(self) -> float:
        """Middle of the cost range, CNY."""
        return 0.5 * sum(self.cost)


@dataclass(frozen=True)
class Proposal:
    """A test with what it would tell.

    Attributes
    ----------
    test : of the catalogue
    bits : expected information over everything that is open
    by_group : the same by what is open, in bits, those above the least of the rules
    bits_per_cost : bits per 1000 CNY
    """

    test: FieldTest
    bits: float
    by_group: Mapping[str, float]
    bits_per_cost: float

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        test = self.test
        return {
            "test": test.id, "name": {"en": test.name.en, "zh": test.name.zh},
            "how": {"en": test.how.en, "zh": test.how.zh}, "cost_yuan": list(test.cost),
            "days": test.days, "bits": self.bits, "by_group": dict(self.by_group),
            "bits_per_1000_yuan": self.bits_per_cost, "evidence": test.evidence,
            "verified": test.verified,
        }  # fmt: skip


def next_measurements(
    findings: Sequence[Finding],
    not_judged: Sequence[NotJudged] = (),
    points: Mapping[str, Point] | None = None,
    tests: Sequence[FieldTest] | None = None,
) -> tuple[Proposal, ...]:
    """Tests that would decide what is open, the most information for its cost first.

    Parameters
    ----------
    findings, not_judged : of the diagnosis
    points : of the site, by id
    tests : None: those of the rules, and the infiltration of the points that lack
    """
    groups = open_groups(findings, not_judged, points)
    known = [*catalogue(), *missing_points(not_judged)] if tests is None else tests
    least = usual_value("diagnosis.advice.least_bits")
    found = []
    for test in known:
        by_group: dict[str, float] = {}
        for group in groups:
            bits = information(group, test.sees)
            if bits > 0.0:
                by_group[group.name] = by_group.get(group.name, 0.0) + bits
        total = sum(by_group.values())
        if total >= least:
            shown = {name: bits for name, bits in by_group.items() if bits >= least}
            found.append(Proposal(test, total, shown, 1000.0 * total / max(test.usual_cost, 1.0)))
    return tuple(sorted(found, key=lambda one: (-one.bits_per_cost, one.test.id)))


def information(group: OpenGroup, sees: Mapping[str, Sight]) -> float:
    """Mutual information of a test's answer and which explanation of a group is true, bits.

    If an explanation that the test sees is true, it says so with its sensitivity; whatever else it
    may answer, it answers by mistake with one less its specificity.
    """
    seen = {name: sees[name] for name in group.probability if name in sees}
    if not seen:
        return 0.0
    mistaken: dict[str, float] = {}
    for sight in seen.values():
        chance = 1.0 - sight.specificity
        mistaken[sight.answer] = max(mistaken.get(sight.answer, 0.0), chance)
    truths = [*group.probability.items(), ("", group.none)]
    total = sum(share for _, share in truths)
    shares = [share / total for _, share in truths]
    chances = [_answers(seen.get(name), mistaken) for name, _ in truths]
    overall = [
        sum(share * chance[place] for share, chance in zip(shares, chances, strict=True))
        for place in range(len(mistaken) + 1)
    ]
    inside = sum(share * entropy(chance) for share, chance in zip(shares, chances, strict=True))
    return max(entropy(overall) - inside, 0.0)


def _answers(sight: Sight | None, mistaken: Mapping[str, float]) -> list[float]:
    """Chance of each answer, and of none, if something is true that the test sees or not."""
    if sight is None:
        found = list(mistaken.values())
    else:
        missed = 1.0 - sight.sensitivity
        found = [
            sight.sensitivity if answer == sight.answer else missed * chance
            for answer, chance in mistaken.items()
        ]
    total = sum(found)
    if total > 1.0:
        found = [chance / total for chance in found]
    return [*found, max(1.0 - total, 0.0)]


def entropy(chances: Sequence[float]) -> float:
    """Entropy of an answer whose chances sum to one, bits."""
    return -sum(chance * math.log2(chance) for chance in chances if chance > 0.0)


@cache
def catalogue() -> tuple[FieldTest, ...]:
    """The tests of the rules."""
    from diwen import rules

    rows = rules.on(date.today()).rows(id=f"{_ROWS}*")
    sights: dict[str, dict[str, Sight]] = {}
    heads: list[Row] = []
    for row in rows:
        if "hypothesis" not in row.applies:
            heads.append(row)
            continue
        name = row.id.split(".sees.")[0]
        sight = Sight(
            float(row.value or 0.0), float(row.applies["specificity"]), row.applies["answer"]
        )
        sights.setdefault(name, {})[row.applies["hypothesis"]] = sight
    return tuple(
        FieldTest(
            row.id.removeprefix(_ROWS), row.text, row.note, (row.value or 0.0, row.upper or 0.0),
            float(row.applies["days"]), sights.get(row.id, {}), row.evidence, row.verified,
        )
        for row in heads
    )  # fmt: skip


def missing_points(not_judged: Iterable[NotJudged]) -> tuple[FieldTest, ...]:
    """The recording of each point that lacked, as a test of what could not be judged for it."""
    cost = _range("diagnosis.advice.point_cost")
    sight = Sight(
        usual_value("diagnosis.advice.point_sensitivity"),
        usual_value("diagnosis.advice.point_specificity"),
    )  # a record says yes or no
    days = usual_value("diagnosis.advice.point_days")
    wanted: dict[str, dict[str, Sight]] = {}
    for one in not_judged:
        for code in one.missing:
            wanted.setdefault(code, {})[one.parameter] = sight
    return tuple(
        FieldTest(f"point.{code}", _INSTALL.format(code=code), _INSTALL_HOW, cost, days, sees,
                  "E", False)
        for code, sees in wanted.items()
    )  # fmt: skip


def _range(id: str) -> tuple[float, float]:
    from diwen import rules

    row = rules.on(date.today()).row(id)
    return row.value or 0.0, row.upper or row.value or 0.0
