"""The first page and the common header: what an inspector must know after one minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.reports import judgement
from diwen.reports.chart import UNVERIFIED_MARK, origin_text
from diwen.reports.document import Finding, Light, Verdict, joined
from diwen.reports.material import Material
from diwen.reports.numbers import NONE, percent
from diwen.site.points import ORIGIN_NAMES

if TYPE_CHECKING:
    from diwen.evaluation import Result

# The indicators a reader looks for first, in this order.
_LEADING = (
    "K-03", "K-04", "K-05", "K-08", "K-01", "K-02", "K-14", "K-20", "K-25", "K-26", "K-18", "K-11",
    "K-46", "K-40", "K-38",
)  # fmt: skip
_PERFORMANCE = frozenset({"K-01", "K-02", "K-03", "K-04", "K-05", "K-08"})
_NO_PERFORMANCE = Text("No coefficient of performance: {reason}", "不能给出性能系数：{reason}")
_MOST_FINDINGS = 9

_NOTHING = Text(
    "No judgement: no usable record is stored for this period.",
    "不作判定：本周期内没有可用的存储记录。",
)
_BAD = Text(
    "Not met by {count} of {judged} graded indicators: {names}.",
    "{judged} 项已定级指标中有 {count} 项不达标：{names}。",
)
_UNRESOLVED = Text(
    "Grade not resolved within the measurement uncertainty: {names}.",
    "在测量不确定度内无法判定等级：{names}。",
)
_GOOD = Text(
    "All {judged} graded indicators meet their rules.", "已定级的 {judged} 项指标全部达标。"
)
_UNGRADED = Text(
    "Values, but no grade: indicators computed {values}, graded 0; the reasons stand with each.",
    "仅有数值、不定级：已计算指标 {values} 项，定级 0 项，原因见各项说明。",
)
# Result that counts the printed numbers which do not follow from their inputs.
_PRINTED = "record_errors"
_WRONG_IN_PRINT = Text(
    "{count} printed numbers do not follow from their inputs; each is explained below.",
    "有 {count} 个原表数值与输入数据不符，逐项说明见下文。",
)
_ALL_REFUSED = Text(
    "No indicator can be computed from what is measured; the reasons stand below.",
    "现有测点不足以计算任何指标，原因见下文。",
)


@dataclass(frozen=True, slots=True)
class Gaps:
    """Summed coverage of the period.

    Attributes
    ----------
    share : mean over the points of the share of expected records that are usable, 0..1; None
        when nothing is stored
    points : points with records expected
    thin : points below the coverage of quality class Q2
    """

    share: float | None
    points: int
    thin: int


def verdict(material: Material, gaps: Gaps) -> Verdict:
    """The judgement of the whole."""
    results = material.evaluation.results
    computed = [result for result in results if result.status != "refused"]
    light, sentence = _whole(results, computed, gaps)
    return Verdict(
        light=light,
        sentence=sentence,
        findings=_findings(leading(results), material),
        counts=judgement.counts(results),
        points=tuple(_reservations(material, gaps)),
    )


def _whole(results: Sequence[Result], computed: Sequence[Result], gaps: Gaps) -> tuple[Light, Text]:
    by_light: dict[Light, list[Result]] = {}
    for result in results:
        by_light.setdefault(judgement.light(result), []).append(result)
    bad, unresolved = by_light.get("bad", []), by_light.get("unresolved", [])
    good = by_light.get("good", [])
    judged = len(bad) + len(good)
    if not computed:
        nothing = not gaps.share
        return ("refused", _NOTHING if nothing else _ALL_REFUSED)
    parts = []
    wrong = [result for result in results if result.id == _PRINTED and result.value]
    parts += [_WRONG_IN_PRINT.format(count=f"{result.value:.0f}") for result in wrong]
    if bad:
        parts.append(_BAD.format(count=len(bad), judged=judged, names=_names(bad)))
    if unresolved:
        parts.append(_UNRESOLVED.format(names=_names(unresolved)))
    if good and not bad:
        parts.append(_GOOD.format(judged=judged))
    if not parts:
        parts.append(_UNGRADED.format(values=len(computed)))
    parts += _performance_refused(results)
    light: Light = (
        "bad" if bad or wrong else "unresolved" if unresolved else "good" if good else "plain"
    )
    return light, judgement.sentences(parts)


def _performance_refused(results: Sequence[Result]) -> list[Text]:
    """Why there is no coefficient of performance at all, where there is none."""
    wanted = [result for result in results if result.catalogue in _PERFORMANCE]
    if not wanted or any(result.status != "refused" for result in wanted):
        return []
    reason = wanted[0].reason or Text("", "")
    return [_NO_PERFORMANCE.format(reason=reason)]


def _names(results: Sequence[Result]) -> Text:
    return joined(judgement.name(result) for result in results)


def leading(results: Sequence[Result]) -> list[Result]:
    """The results of the first page: leading indicators, judged ones first, few refusals."""
    rank = {number: place for place, number in enumerate(_LEADING)}
    known = sorted(
        (r for r in results if r.catalogue in rank and not r.detail.get("equals")),
        key=lambda result: rank[result.catalogue],
    )
    graded = [result for result in known if result.grade is not None]
    computed = [r for r in known if r.grade is None and r.status != "refused"]
    refused = [result for result in known if result.status == "refused"]
    printed = [result for result in results if result.id == _PRINTED and result.value]
    first = printed + _few_of_each(graded + computed)[:_MOST_FINDINGS]
    return first + _few_of_each(refused, 1)[:_MOST_FINDINGS]


def _few_of_each(results: Sequence[Result], most: int = 4) -> list[Result]:
    """The results with at most so many of one indicator; the sections list the others."""
    taken: Counter[str] = Counter()
    kept = []
    for result in results:
        taken[result.catalogue] += 1
        if taken[result.catalogue] <= most:
            kept.append(result)
    return kept


def _findings(results: Sequence[Result], material: Material) -> tuple[Finding, ...]:
    """One line per value; refusals for the same reason share a line."""
    lines: dict[object, list[Result]] = {}
    for result in results:
        refused = result.status == "refused"
        lines.setdefault((result.reason, result.missing) if refused else id(result), []).append(
            result
        )
    return tuple(_finding(group, material) for group in lines.values())


def _finding(group: Sequence[Result], material: Material) -> Finding:
    result = group[0]
    return Finding(
        light=judgement.light(result),
        name=judgement.names_of(group),
        value=judgement.value(result),
        origin=origin_text(result.origin) if result.origin else same(NONE),
        judgement=judgement.judgement(result, material),
    )


def _reservations(material: Material, gaps: Gaps) -> list[Text]:
    found: list[Text] = []
    if gaps.share is not None and gaps.thin:
        found.append(
            Text(
                f"Data: on average {percent(gaps.share)} of the expected records of a point are "
                f"usable; {gaps.thin} of {gaps.points} points lie below class Q2.",
                f"数据：各测点应有记录平均 {percent(gaps.share)} 可用；{gaps.points} 个测点中有 "
                f"{gaps.thin} 个低于 Q2 级。",
            )
        )
    stale = material.evaluation.data.stale_text
    if stale is not None:
        found.append(stale)
    used = set().union(*(result.inputs for result in material.evaluation.results))
    for origin in ("manual", "simulated"):
        points = [p.id for p in material.site.points if p.origin == origin and p.id in used]
        if points:
            names = joined(same(point) for point in points)
            word = ORIGIN_NAMES[origin]
            found.append(
                Text(
                    f"Not measured but {word.en}: {names.en}.",
                    f"非实测、属{word.zh}的测点：{names.zh}。",
                )
            )
    standings = [material.standing(rule) for rule in material.evaluation.rule_rows]
    unverified = standings.count("unverified")
    if unverified:
        found.append(
            Text(
                f"Rules used but not verified against a public text: {unverified} of "
                f"{len(standings)}; they carry the mark {UNVERIFIED_MARK}.",
                f"所用 {len(standings)} 条规则中有 {unverified} 条尚未核实，以 "
                f"{UNVERIFIED_MARK} 标出。",
            )
        )
    without = {
        point
        for result in material.evaluation.results
        if result.status != "refused"
        for point in material.without_accuracy(result)
    }
    if without:
        names = joined(same(point.id) for point in material.site.points if point.id in without)
        found.append(
            Text(
                f"No accuracy is stated in points.csv for {names.en}: values that rest on them "
                "have no uncertainty.",
                f"points.csv 未填写 {names.zh} 的准确度，由其得出的数值没有不确定度。",
            )
        )
    return found
