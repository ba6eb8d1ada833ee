"""Static payback time of the heat pump over the conventional plant (K-42, GB/T 50801-2013).

``N = C / C_s`` with the additional investment C and the yearly saving
``C_s = P (Q_s q / 3.6) - M``: P is the price of the conventional fuel per kWh that it replaces
(fuel price over the heat R of a unit of fuel), Q_s the conventional energy replaced in a year
(K-39), q the calorific value of standard coal in MJ/kgce, M the maintenance of the heat pump.
The yearly maintenance of the site stands for M; it includes what the conventional plant would have
needed, so the payback is on the long side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.evaluation.amount import Amount, Refusal, difference, ratio, total
from diwen.evaluation.judging import grade_of_limit
from diwen.evaluation.making import made, not_made
from diwen.evaluation.savings import Saving, saving
from diwen.evaluation.system_energy import modes, serves, unverified
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Result
    from diwen.rules import Row

#: A period shorter than this is not a year, days.
WHOLE_YEAR = 360.0
MEGAJOULE_PER_KWH = 3.6

_NO_COSTS = Text(
    "the investments of plant and conventional system are not given (costs.investment, "
    "costs.baseline_investment)",
    "未给出系统与常规系统投资（costs.investment、costs.baseline_investment）",
)
_NOT_A_YEAR = Text(
    "a payback needs the saving of a whole year; the period has {days:.0f} days",
    "回收期需要全年节约量；本周期仅 {days:.0f} 天",
)
_NO_PRICE = Text(
    "the price of the replaced fuel is not given (tariff.gas_price; for {baseline} the site file "
    "has no price)",
    "未给出被替代燃料的价格（tariff.gas_price；{baseline} 在项目文件中没有价格）",
)
_NO_SAVING = Text(
    "the heat pump saves no cost against the conventional plant: it never pays back",
    "与常规系统相比不节约费用：无法回收",
)
_NOTHING_MORE = Text(
    "the plant costs no more than the conventional one: there is nothing to pay back",
    "系统投资不高于常规系统：无需回收",
)
_NO_MAINTENANCE = Text("maintenance is not given and not counted", "未给出维护费，未计入")
_SHORTER = Text(
    "not longer than the {limit:g} a that are expected ({rule})",
    "不超过期望的 {limit:g} 年（{rule}）",
)
_LONGER = Text(
    "longer than the {limit:g} a that are expected ({rule})", "超过期望的 {limit:g} 年（{rule}）"
)


def yearly_saving(
    replaced: float, calorific_value: float, price: float, heat_per_unit: float, maintenance: float
) -> float:
    """Cost saved in a year: ``C_s = P (Q_s q / 3.6) - M`` (GB/T 50801-2013).

    Parameters
    ----------
    replaced : conventional energy replaced in the year, kgce
    calorific_value : of standard coal, MJ/kgce
    price : of the conventional fuel, yuan per unit
    heat_per_unit : heat R of a unit of the fuel, kWh
    maintenance : of the heat pump, yuan

    Returns
    -------
    float : yuan; negative where nothing is saved
    """
    return price / heat_per_unit * replaced * calorific_value / MEGAJOULE_PER_KWH - maintenance


def results(context: Context) -> list[Result]:
    """The payback time; none where the site gives no cost at all."""
    costs = context.site.costs
    if not serves(context) or (costs.investment is None and costs.baseline_investment is None):
        return []
    try:
        return [_result(context)]
    except Refusal as refusal:
        return [not_made("payback", "K-42", refusal)]


def _result(context: Context) -> Result:
    costs = context.site.costs
    if costs.investment is None or costs.baseline_investment is None:
        raise Refusal(_NO_COSTS)
    if context.period.days < WHOLE_YEAR:
        raise Refusal(_NOT_A_YEAR.format(days=context.period.days))
    additional = costs.investment - costs.baseline_investment
    if additional <= 0.0:
        raise Refusal(_NOTHING_MORE)
    price, heat_row = _fuel(context)
    parts = _savings(context)
    replaced = total(part.replaced for part in parts)
    calorific = context.rules.row("gbt50801.calorific_value")
    per_kgce = yearly_saving(1.0, calorific.value or 0.0, price, heat_row.value or 1.0, 0.0)
    saved = difference(replaced.scaled(per_kgce), Amount(costs.maintenance or 0.0))
    if saved.value <= 0.0:
        raise Refusal(_NO_SAVING)
    found = ratio(Amount(additional), saved)
    rows = tuple(dict.fromkeys((*(row for p in parts for row in p.rows), calorific, heat_row)))
    limit = context.rules.row("gbt50801.payback_maximum")
    notes = list(unverified((*rows, limit)))
    if costs.maintenance is None:
        notes.append(_NO_MAINTENANCE)
    grade = None
    if limit.value is not None:
        said = {"limit": limit.value, "rule": limit.name}
        shorter, longer = _SHORTER.format(**said), _LONGER.format(**said)
        if found.expanded is not None:
            grade = grade_of_limit(limit.value - found.value, found.expanded, shorter, longer)
        elif found.value > limit.value:
            notes.append(longer)
    return made(
        "payback",
        "K-42",
        found,
        decimals=1,
        rules=tuple(row.id for row in (*rows, limit)),
        notes=tuple(notes),
        grade=grade,
        detail={"additional_yuan": additional, "saved_yuan": saved.value,
                "replaced_kgce": replaced.value},
    )  # fmt: skip


def _savings(context: Context) -> list[Saving]:
    """The saving of every mode that is measured; the refusal of the first when none is."""
    found, refusals = [], []
    for mode in modes(context):
        try:
            found.append(saving(context, mode))
        except Refusal as refusal:
            refusals.append(refusal)
    if not found:
        raise refusals[0] if refusals else Refusal(_NO_SAVING)
    return found


def _fuel(context: Context) -> tuple[float, Row]:
    """Price of a unit of the replaced fuel, and the row of the heat of a unit."""
    baseline = context.site.evaluation.baseline_heating
    price = context.site.tariff.gas_price
    if baseline != "gas" or price is None:
        raise Refusal(_NO_PRICE.format(baseline=baseline))
    return price, context.rules.row("gbt50801.energy_per_unit.gas")
