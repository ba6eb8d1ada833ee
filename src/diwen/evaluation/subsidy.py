"""Public support that the project could get by the rules of its scheme (K-44).

What the rows say of a form; whether an authority grants it is another matter. The scheme is the
user's choice (``subsidy.scheme``), so nothing is shown where none is named.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from diwen.evaluation.amount import Amount, Refusal
from diwen.evaluation.making import made, not_made
from diwen.evaluation.system_energy import unverified
from diwen.language import Text
from diwen.rules import RuleMissingError, subsidies
from diwen.rules.conditions import SOURCE_WORDS
from diwen.rules.refusal import RefusedError

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Result
    from diwen.rules.subsidies import Support

_UNKNOWN = Text(
    "no scheme of that name: {scheme}; known are {known}", "没有名为 {scheme} 的政策；已知：{known}"
)
_NO_INVESTMENT = Text(
    "no investment is given (subsidy.investment or costs.investment)",
    "未给出投资额（subsidy.investment 或 costs.investment）",
)
_NO_AREA = Text(
    "no area is given (subsidy.area or place.heated_area)",
    "未给出面积（subsidy.area 或 place.heated_area）",
)
_NO_SOURCE = Text("the site names no heat source", "项目未登记热源")
_SEVERAL = Text(
    "several kinds of source ({kinds}): the rate depends on one",
    "存在多种热源（{kinds}），奖补标准只按一种热源确定",
)
_SURVEY = Text(
    "condition not met: a geothermal survey report (subsidy.survey_report)",
    "条件未满足：地热资源勘查评价报告（subsidy.survey_report）",
)
_RECHARGE = Text(
    "where the loads are unbalanced a summer recharge measure is needed (subsidy.recharge_measure)",
    "负荷不平衡时须有夏季补热措施（subsidy.recharge_measure）",
)
_RANGE = Text(
    "the scheme gives a range: {low:,.0f} to {high:,.0f} yuan",
    "政策为区间：{low:,.0f} 至 {high:,.0f} 元",
)
_FORM = Text("what the rules say of the form, not a grant", "按规则对申报数据计算，不代表获批")


def results(context: Context) -> list[Result]:
    """The support by the scheme that the site names; none where it names none."""
    scheme = context.site.subsidy.scheme
    if not scheme:
        return []
    try:
        support = _SCHEMES[scheme](context) if scheme in _SCHEMES else None
        if support is None:
            raise Refusal(_UNKNOWN.format(scheme=scheme, known=", ".join(_SCHEMES)))
    except Refusal as refusal:
        return [not_made("subsidy", "K-44", refusal, of=scheme)]
    except (RefusedError, RuleMissingError) as error:
        return [not_made("subsidy", "K-44", Refusal(error.text), of=scheme)]
    notes = [_FORM, *_conditions(context, scheme), *unverified(support.rows)]
    if support.low < support.high:
        notes.insert(0, _RANGE.format(low=support.low, high=support.high))
    return [
        made(
            "subsidy",
            "K-44",
            Amount(support.high, origins=("manual",)),
            of=scheme,
            decimals=0,
            rules=tuple(row.id for row in support.rows),
            notes=tuple(notes),
            detail=_detail(support),
        )
    ]


def _detail(support: Support) -> dict[str, Any]:
    return {"low_yuan": support.low, "high_yuan": support.high, "binding": support.binding.id}


def _conditions(context: Context, scheme: str) -> list[Text]:
    """Conditions of the form that the site does not fulfil."""
    if scheme != "jilin":
        return []
    form = context.site.subsidy
    found = []
    kind = SOURCE_WORDS.get(_source(context))
    if not form.survey_report and kind in ("ground_loop", "groundwater"):
        found.append(_SURVEY)
    if not form.recharge_measure:
        found.append(_RECHARGE)
    return found


def _source(context: Context) -> str:
    kinds = sorted({source.type for source in context.site.sources.values()})
    if not kinds:
        raise Refusal(_NO_SOURCE)
    if len(kinds) > 1:
        raise Refusal(_SEVERAL.format(kinds=", ".join(kinds)))
    return kinds[0]


def _investment(context: Context) -> float:
    site = context.site
    given = site.subsidy.investment
    amount = given if given is not None else site.costs.investment
    if amount is None:
        raise Refusal(_NO_INVESTMENT)
    return amount


def _area(context: Context) -> float:
    site = context.site
    area = site.subsidy.area if site.subsidy.area is not None else site.place.heated_area
    if area is None:
        raise Refusal(_NO_AREA)
    return area


def _jilin(context: Context) -> Support:
    return subsidies.jilin(context.rules, _source(context), _area(context), _investment(context))


def _beijing(context: Context) -> Support:
    return subsidies.beijing(context.rules, _source(context), _investment(context))


def _shanghai(context: Context) -> Support:
    return subsidies.shanghai(context.rules, _investment(context))


_SCHEMES: dict[str, Callable[[Context], Support]] = {
    "jilin": _jilin,
    "beijing": _beijing,
    "shanghai": _shanghai,
}
