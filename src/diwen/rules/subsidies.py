"""What public support a project could get, by the dated rows of its region.

The results are what the rows say of a form; whether an authority grants it is another matter.
"""

from __future__ import annotations

from dataclasses import dataclass

from diwen.language import Text
from diwen.rules.conditions import SOURCE_WORDS, applies
from diwen.rules.refusal import RefusedError
from diwen.rules.row import Row
from diwen.rules.rulebook import RulesOn, number

_NOT_NEGATIVE = Text(
    "{name} must be a number that is not negative (found {value})",
    "{name} 必须是不小于 0 的数（现值 {value}）",
)
_AREA = Text("area", "面积")
_INVESTMENT = Text("investment", "投资")
_ENERGY = Text("valley electricity", "谷段电量")
_NO_RATE = Text(
    "the support rows name no rate for source {source}", "奖补条目中没有 {source} 热源的标准"
)
_EXCLUDED = Text(
    "source {source} is excluded from the support by {standard}",
    "按 {standard}，{source} 热源不在支持范围内",
)
_NO_CITY = Text(
    "the additional share is granted only where the city supports the project",
    "仅对获得市级支持的项目给予追加补贴",
)


@dataclass(frozen=True, slots=True)
class Support:
    """An amount of support.

    Attributes
    ----------
    low, high : CNY; equal where the rule gives one amount
    rows : the rule rows used
    binding : the row that set ``high`` (the rate, the cap or the share)
    conditions : rows in words that the project must fulfil besides
    """

    low: float
    high: float
    rows: tuple[Row, ...]
    binding: Row
    conditions: tuple[Row, ...] = ()


def jilin(rules: RulesOn, source: str, area: float, investment: float) -> Support:
    """Jilin support of a project: ``min(rate · area, cap, share · investment)``.

    Parameters
    ----------
    rules : of the day; the region is that of the project
    source : kind of source of the site file (``borefield``...) or ``ground_loop``...
    area : heated area, m²
    investment : total investment, CNY

    Raises
    ------
    RefusedError : there is no rate for the source, or a number is negative
    RuleMissingError : the rows do not hold here and then
    """
    _check(_AREA, area)
    _check(_INVESTMENT, investment)
    cap, share = rules.row("subsidy.jilin.cap"), rules.row("subsidy.jilin.share")
    rates = [row for row in rules.rows(id="subsidy.jilin.rate.*") if applies(row, source=source)]
    if not rates:
        raise RefusedError(_NO_RATE.format(source=source))
    rate = rates[0]
    amounts = {
        rate: number(rate) * area,
        cap: number(cap),
        share: number(share) * investment,
    }
    binding = min(amounts, key=lambda row: amounts[row])
    conditions = tuple(rules.row(f"subsidy.jilin.{name}") for name in ("survey", "recharge"))
    return Support(amounts[binding], amounts[binding], (rate, cap, share), binding, conditions)


def beijing(rules: RulesOn, source: str, investment: float) -> Support:
    """Beijing support of new and retrofit heat-pump heating: a range of the investment, CNY.

    Raises
    ------
    RefusedError : later calls exclude the source
    RuleMissingError : the rows do not hold here and then
    """
    _check(_INVESTMENT, investment)
    share = rules.row("subsidy.beijing.share")
    used: tuple[Row, ...] = (share,)
    for row in rules.rows(id="subsidy.beijing.excluded_source"):
        used = (*used, row)
        if SOURCE_WORDS.get(source, source) in row.words.split("; "):
            raise RefusedError(_EXCLUDED.format(source=source, standard=row.standard))
    upper = number(share) if share.upper is None else share.upper
    return Support(number(share) * investment, upper * investment, used, share)


def beijing_e_town(rules: RulesOn, investment: float, city_supported: bool) -> Support:
    """Additional support in the Beijing Economic-Technological Development Area, CNY.

    Raises
    ------
    RefusedError : the city does not support the project
    RuleMissingError : the row does not hold here and then
    """
    _check(_INVESTMENT, investment)
    if not city_supported:
        raise RefusedError(_NO_CITY)
    row = rules.row("subsidy.bda.share")
    return Support(number(row) * investment, number(row) * investment, (row,), row)


def shanghai(rules: RulesOn, equipment_investment: float) -> Support:
    """Shanghai support of the equipment: between the lower and the upper share, capped, CNY.

    Raises
    ------
    RuleMissingError : the rows do not hold here and then
    """
    _check(_INVESTMENT, equipment_investment)
    lower, upper, cap = (
        rules.row(f"subsidy.shanghai.{name}") for name in ("share.lower", "share.upper", "cap")
    )
    high = number(upper) * equipment_investment
    binding = upper if high <= number(cap) else cap
    low = min(number(lower) * equipment_investment, number(cap))
    return Support(low, min(high, number(cap)), (lower, upper, cap), binding)


def beijing_valley_electricity(rules: RulesOn, energy: float) -> Support:
    """City and district support of valley electricity in the heating season.

    Parameters
    ----------
    rules : of the day and region
    energy : electricity bought in heating-season valley hours, kWh

    Raises
    ------
    RuleMissingError : the rows do not hold here and then
    """
    _check(_ENERGY, energy)
    city = rules.row("subsidy.beijing.valley_city")
    district = rules.row("subsidy.beijing.valley_district")
    amount = (number(city) + number(district)) * energy
    return Support(amount, amount, (city, district), city)


def _check(name: Text, value: float) -> None:
    if not value >= 0:
        raise RefusedError(_NOT_NEGATIVE.format(name=name, value=value))
