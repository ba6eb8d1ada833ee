"""Weighted score of the plant by an evaluation profile (K-54).

The profile is data (:mod:`diwen.rules.profiles`); this family only hands it the indicators. An
indicator that is refused or only indicative counts as missing: a score does not make a thin
number better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.evaluation.amount import Refusal
from diwen.evaluation.families import results_of
from diwen.evaluation.making import not_made
from diwen.evaluation.result import Grade, Result, both
from diwen.language import Text
from diwen.rules.profiles import Profile, read_profile
from diwen.rules.refusal import RefusedError
from diwen.rules.score import Score, evaluate

if TYPE_CHECKING:
    from diwen.evaluation.context import Context

# The grade profile of a site names a standard; Diwen's own score is built upon it.
_PROFILES = {"gbt50801": "diwen_gbt50801"}
# Families whose indicators a profile may weigh.
_FAMILIES = ("performance", "ground_balance", "rooms", "energy_balance", "data_summary")

_NAME = Text("weighted score: {profile}", "综合评分：{profile}")
_GRADED = Text("{label} (score {total:.1f}, interval {low:.1f} to {high:.1f})",
               "{label}（得分 {total:.1f}，区间 {low:.1f} 至 {high:.1f}）")  # fmt: skip
_UNRESOLVED = Text(
    "grade not resolved: score {total:.1f}, interval {low:.1f} to {high:.1f}",
    "等级无法判定：得分 {total:.1f}，区间 {low:.1f} 至 {high:.1f}",
)
_NO_GRADE = Text("not resolved", "无法判定")
_OWN = Text(
    "weights and score tables are not those of a standard: {source}",
    "权重与评分表并非标准规定：{source}",
)
_LACKS = Text("{reason}: {indices}", "{reason}：{indices}")
_MISSING = Text("missing: {names}", "缺少：{names}")


def results(context: Context) -> list[Result]:
    """The score of a plant; none for other kinds of site."""
    if context.site.kind != "plant" or not context.site.heat_pumps:
        return []
    asked = context.site.evaluation.profile
    profile = read_profile(_PROFILES.get(asked, asked), context.rules.rules)
    return [score(context, profile)]


def score(context: Context, profile: Profile) -> Result:
    """The score of a plant by one profile."""
    name = _NAME.format(profile=profile.text)
    try:
        values = {index.key: indicator(context, index.kpi) for index in profile.indices}
        found = evaluate(profile, values)
    except RefusedError as error:
        return not_made("score", "K-54", Refusal(error.text), name=name, of=profile.id)
    if found.total is None:
        lacking = [item.index.text for item in found.indices if item.score is None]
        reason = _LACKS.format(
            reason=found.reason or _NO_GRADE,
            indices=Text(", ".join(t.en for t in lacking), "、".join(t.zh for t in lacking)),
        )
        return not_made("score", "K-54", Refusal(reason), name=name, of=profile.id)
    return _made(found, name)


def indicator(context: Context, catalogue: str) -> tuple[float, float] | None:
    """Value and expanded uncertainty of a sound indicator of the whole site; None without one."""
    for family in _FAMILIES:
        for result in results_of(context, family):
            sound = result.catalogue == catalogue and not result.of and result.status == "ok"
            if sound and result.value is not None:
                return result.value, result.uncertainty or 0.0
    return None


def _made(found: Score, name: Text) -> Result:
    shown = {"total": found.total, "low": found.low, "high": found.high}
    if found.grade is not None:
        grade = Grade(found.grade, True, _GRADED.format(label=found.grade, **shown))
    else:
        grade = Grade(_NO_GRADE, False, _UNRESOLVED.format(**shown))
    lacking = [item.index.text for item in found.indices if item.score is None]
    notes = [] if found.profile.verified else [_OWN.format(source=found.profile.note)]
    if lacking:
        names = Text(", ".join(t.en for t in lacking), "、".join(t.zh for t in lacking))
        notes.append(_MISSING.format(names=names))
    return Result(
        id="score",
        catalogue="K-54",
        name=name,
        symbol="Σw·s",
        of=found.profile.id,
        value=found.total,
        grade=grade,
        decimals=1,
        notes=tuple(notes),
        detail={
            "low": found.low,
            "high": found.high,
            "indices": [
                {
                    "key": item.index.key,
                    "kpi": item.index.kpi,
                    "name": both(item.index.text),
                    "weight": item.index.weight,
                    "value": item.value,
                    "score": item.score,
                    "low": item.low,
                    "high": item.high,
                }
                for item in found.indices
            ],
        },
    )
