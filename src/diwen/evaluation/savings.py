"""Conventional energy replaced, and the pollutants avoided with it (K-39, K-40).

The method is that of GB/T 50801-2013 for ground-source heat pumps: what a conventional plant (a
coal or gas boiler; a chiller in summer) would have used for the same useful heat, less what the
heat pump used, both in kilograms of coal equivalent (kgce). Every factor is a rule row; rows that
nobody could verify are named beside the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diwen.evaluation.amount import Amount, Refusal, difference
from diwen.evaluation.making import KWH, made, not_made, trust
from diwen.evaluation.system_energy import modes, system_energy, unverified
from diwen.evaluation.words import SYSTEM_BOUNDARY
from diwen.language import Text
from diwen.rules import RuleMissingError
from diwen.rules.conditions import applies

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.operation import Way
    from diwen.evaluation.ratios import Quotient
    from diwen.evaluation.result import Result
    from diwen.rules import Row

_MEGAJOULE = 1e6
_CALORIFIC = "gbt50801.calorific_value"
_COAL_PER_KWH = "gbt50801.electricity_to_coal"
_POLLUTANTS = {
    "co2": Text("carbon dioxide avoided (GB/T 50801)", "二氧化碳减排量（GB/T 50801）"),
    "so2": Text("sulphur dioxide avoided (GB/T 50801)", "二氧化硫减排量（GB/T 50801）"),
    "dust": Text("dust avoided (GB/T 50801)", "粉尘减排量（GB/T 50801）"),
}
_SYMBOLS = {"co2": "ΔCO₂", "so2": "ΔSO₂", "dust": "Δm"}
_NO_EFFICIENCY = Text(
    "GB/T 50801 gives an efficiency for coal and gas boilers only, not for {baseline} heating "
    "(evaluation.baseline_heating)",
    "GB/T 50801 仅给出燃煤、燃气锅炉效率，未给出 {baseline} 供暖的效率"
    "（evaluation.baseline_heating）",
)
_NO_CAPACITY = Text(
    "the conventional chiller depends on the cooling capacity: give rated_cooling_capacity of "
    "every heat pump or evaluation.design_cooling_load",
    "常规冷水机组能效比取决于制冷容量：请填写各热泵的 rated_cooling_capacity 或 "
    "evaluation.design_cooling_load",
)
_NO_CHILLER_ROW = Text(
    "no conventional chiller of {capacity} kW in the rules",
    "规则中没有 {capacity} kW 的常规冷水机组",
)
_NO_CHILLER = Text(
    "no conventional cooling is replaced (evaluation.baseline_cooling)",
    "未替代常规供冷（evaluation.baseline_cooling）",
)


def coal_of_boiler(heat: float, efficiency: float, calorific_value: float) -> float:
    """Coal equivalent that a boiler burns: ``Q_t = Q_H / (eta_t q)`` (GB/T 50801-2013).

    Parameters
    ----------
    heat : useful heat, J
    efficiency : of the boiler, eta_t, 0..1
    calorific_value : of standard coal, q, J/kgce

    Returns
    -------
    float : kgce
    """
    return heat / (efficiency * calorific_value)


def coal_of_chiller(cold: float, energy_efficiency_ratio: float, coal_per_kwh: float) -> float:
    """Coal equivalent of a conventional chiller: ``Q_t = D Q_C / EER_t`` (GB/T 50801-2013).

    Parameters
    ----------
    cold : useful cold, J
    energy_efficiency_ratio : EER_t of the conventional chiller
    coal_per_kwh : coal equivalent of electricity, D, kgce/kWh

    Returns
    -------
    float : kgce
    """
    return coal_of_electricity(cold, coal_per_kwh) / energy_efficiency_ratio


def coal_of_electricity(electricity: float, coal_per_kwh: float) -> float:
    """Coal equivalent of electricity: ``Q_r = D E``; electricity in J, D in kgce/kWh, kgce."""
    return coal_per_kwh * electricity / KWH


@dataclass(frozen=True)
class Saving:
    """Coal equivalent of one mode, kgce.

    Attributes
    ----------
    conventional, heat_pump, replaced : amounts; ``replaced`` is negative where the heat pump
        needs more than what it replaces
    rows : rule rows used
    energy : useful energy and electricity that it rests on
    """

    conventional: Amount
    heat_pump: Amount
    replaced: Amount
    rows: tuple[Row, ...]
    energy: Quotient


def saving(context: Context, mode: Way) -> Saving:
    """The conventional energy that the plant replaces in one mode.

    Raises
    ------
    Refusal : heat or electricity is not measured, or the baseline has no factor
    """
    energy = system_energy(context, mode)
    try:
        coal = context.rules.row(_COAL_PER_KWH)
        rows = _baseline_rows(context, mode)
        values = [_number(row) for row in rows]
    except RuleMissingError as error:
        raise Refusal(error.text) from error
    per_kwh = _number(coal)
    if mode == "heating":
        factor = coal_of_boiler(1.0, values[0], values[1] * _MEGAJOULE)
    else:
        factor = coal_of_chiller(1.0, values[0], per_kwh)
    conventional = energy.heat.scaled(factor)
    own = energy.electricity.scaled(coal_of_electricity(1.0, per_kwh))
    return Saving(conventional, own, difference(conventional, own), (*rows, coal), energy)


def _baseline_rows(context: Context, mode: Way) -> tuple[Row, ...]:
    """The rows of the conventional plant: boiler and coal, or chiller."""
    chosen = context.site.evaluation
    if mode == "heating":
        if chosen.baseline_heating not in ("coal", "gas"):
            raise Refusal(_NO_EFFICIENCY.format(baseline=chosen.baseline_heating))
        boiler = context.rules.row(f"gbt50801.boiler_efficiency.{chosen.baseline_heating}")
        return boiler, context.rules.row(_CALORIFIC)
    if chosen.baseline_cooling == "none":
        raise Refusal(_NO_CHILLER)
    return (chiller_row(context),)


def chiller_row(context: Context) -> Row:
    """The rule row of the conventional chiller of the plant's size.

    Raises
    ------
    Refusal : the cooling capacity is not known
    """
    capacity = context.site.evaluation.design_cooling_load
    if capacity is None:
        rated = [pump.rated_cooling_capacity for pump in context.site.heat_pumps.values()]
        if not rated or any(value is None for value in rated):
            raise Refusal(_NO_CAPACITY)
        capacity = sum(value for value in rated if value is not None)
    rows = context.rules.rows(id="gbt50801.chiller_eer.*")
    fitting = [row for row in rows if applies(row, capacity=capacity / 1000.0)]
    if not fitting:
        raise Refusal(_NO_CHILLER_ROW.format(capacity=f"{capacity / 1000.0:g}"))
    return fitting[0]


def _number(row: Row) -> float:
    if row.value is None:
        raise RuleMissingError(row.text)
    return row.value


def results(context: Context) -> list[Result]:
    """Coal equivalent replaced and pollutants avoided, mode by mode."""
    return [result for mode in modes(context) for result in _of_mode(context, mode)]


def _of_mode(context: Context, mode: Way) -> list[Result]:
    try:
        found = saving(context, mode)
    except Refusal as refusal:
        return [
            not_made("energy_replaced", "K-39", refusal, mode=mode),
            not_made("emission_reduction", "K-40", refusal, mode=mode, of="co2"),
        ]
    energy = found.energy
    trusted = trust(context, energy.value.coverage, energy.heat, energy.electricity)
    quality = trusted.pop("detail")
    common: dict[str, Any] = {"mode": mode, "boundary": SYSTEM_BOUNDARY, "decimals": 1, **trusted}
    notes = unverified(found.rows)
    detail = {
        **quality,
        "conventional_kgce": found.conventional.value,
        "heat_pump_kgce": found.heat_pump.value,
        "useful_kwh": energy.heat.value / KWH,
        "electricity_kwh": energy.electricity.value / KWH,
        "factors": {row.id: row.value for row in found.rows},
    }
    rows = tuple(row.id for row in found.rows)
    results = [
        made("energy_replaced", "K-39", found.replaced, rules=rows, notes=notes, detail=detail,
             **common)
    ]  # fmt: skip
    for pollutant, name in _POLLUTANTS.items():
        row = context.rules.row(f"gbt50801.factor.{pollutant}")
        results.append(
            made("emission_reduction", "K-40", found.replaced.scaled(_number(row)), name=name,
                 of=pollutant, symbol=_SYMBOLS[pollutant], rules=(*rows, row.id),
                 notes=(*notes, *unverified((row,))),
                 detail=quality | {"factor": row.value}, **common)
        )  # fmt: skip
    return results
