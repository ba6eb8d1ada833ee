"""Carbon balance by the electricity factor of region and year (K-40): ``ER = BE - PE - LE``.

Baseline emissions are those of the conventional plant for the same useful energy, project
emissions those of the electricity that the heat pump used, leakage the refrigerant that was lost.
The factor of a calendar year holds for that year only, so a season over the turn of the year is
split there. Published methodologies of regional carbon-inclusion schemes were not found; this is
the general form, not one of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diwen.evaluation.amount import Amount, Refusal, difference, total
from diwen.evaluation.making import KWH, made, not_made, trust
from diwen.evaluation.savings import chiller_row, coal_of_boiler
from diwen.evaluation.system_energy import by_year, modes, system_energy, unverified
from diwen.evaluation.words import SYSTEM_BOUNDARY
from diwen.language import Text
from diwen.rules import RuleMissingError
from diwen.rules.emissions import grid_factor

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.operation import Way
    from diwen.evaluation.ratios import Quotient
    from diwen.evaluation.result import Result
    from diwen.rules import Row

_TERAJOULE = 1e12
_NAME = Text(
    "carbon dioxide avoided (baseline less project emissions)",
    "二氧化碳减排量（基准线排放减项目排放）",
)
_NO_REGION = Text(
    "no region is given for the electricity factor (place.region or evaluation.grid_region)",
    "未给出电网排放因子所属地区（place.region 或 evaluation.grid_region）",
)
_NO_FACTOR = Text(
    "no baseline factor for {baseline} heating", "没有 {baseline} 供暖的基准线排放因子"
)
_NO_LEAKAGE = Text(
    "refrigerant losses are not recorded and not counted", "未记录制冷剂泄漏，未计入"
)
_NO_ENERGY = Text("nothing was measured in this period", "本周期内无实测数据")
_FALLBACK = Text(
    "electricity factor of {year}, the last one announced", "采用最近公布的 {year} 年电力排放因子"
)


def boiler_emission(heat: float, efficiency: float, fuel_factor: float) -> float:
    """Carbon dioxide of a boiler on fuel, kg: heat in J, fuel factor in t/TJ of fuel."""
    return heat / efficiency / _TERAJOULE * fuel_factor * 1000.0


def electricity_emission(electricity: float, grid: float) -> float:
    """Carbon dioxide of electricity, kg: electricity in J, factor in kg/kWh."""
    return electricity / KWH * grid


@dataclass(frozen=True)
class Part:
    """Baseline and project emissions of one calendar year, kg."""

    baseline: Amount
    project: Amount
    rows: tuple[Row, ...]
    notes: tuple[Text, ...]
    energy: Quotient


def results(context: Context) -> list[Result]:
    """The carbon balance of each mode."""
    return [_result(context, mode) for mode in modes(context)]


def _result(context: Context, mode: Way) -> Result:
    more: dict[str, Any] = {"mode": mode, "of": "BE-PE", "symbol": "ER", "name": _NAME}
    try:
        parts = _parts(context, mode)
    except Refusal as refusal:
        return not_made("emission_balance", "K-40", refusal, **more)
    baseline = total(part.baseline for part in parts)
    project = total(part.project for part in parts)
    heat = total(part.energy.heat for part in parts)
    electricity = total(part.energy.electricity for part in parts)
    seconds = [part.energy.value.coverage for part in parts]
    trusted = trust(context, min(seconds), heat, electricity)
    rows = tuple(dict.fromkeys(row for part in parts for row in part.rows))
    notes = dict.fromkeys(note for part in parts for note in part.notes)
    detail = {
        **trusted.pop("detail"),
        "baseline_kg": baseline.value,
        "project_kg": project.value,
        "factors": {row.id: row.value for row in rows},
    }
    return made(
        "emission_balance",
        "K-40",
        difference(baseline, project),
        boundary=SYSTEM_BOUNDARY,
        decimals=1,
        rules=tuple(row.id for row in rows),
        notes=(*unverified(rows), *notes, _NO_LEAKAGE),
        detail=detail,
        **trusted,
        **more,
    )


def _parts(context: Context, mode: Way) -> list[Part]:
    """The balance of every calendar year that the period touches and in which the plant ran."""
    if context.rules.chain is None and not context.site.evaluation.grid_region:
        raise Refusal(_NO_REGION)
    whole = list(by_year(context))
    found: list[Part] = []
    refusals: list[Refusal] = []
    for year in whole:
        try:
            energy = system_energy(year, mode)
        except Refusal as refusal:
            refusals.append(refusal)
            continue
        try:
            found.append(_part(year, mode, energy))
        except RuleMissingError as error:
            raise Refusal(error.text) from error
    if not found:
        raise refusals[0] if refusals else Refusal(_NO_ENERGY)
    return found


def _part(context: Context, mode: Way, energy: Quotient) -> Part:
    region = context.site.evaluation.grid_region
    rules = context.rules
    grid = grid_factor(rules.rules.on(rules.day, region) if region else rules)
    factor = grid.value or 0.0
    notes: tuple[Text, ...] = ()
    if grid.applies.get("year", str(rules.day.year)) != str(rules.day.year):
        notes = (_FALLBACK.format(year=grid.applies["year"]),)
    per_joule, rows = _baseline(context, mode, factor)
    return Part(
        energy.heat.scaled(per_joule),
        energy.electricity.scaled(electricity_emission(1.0, factor)),
        (grid, *rows),
        notes,
        energy,
    )


def _baseline(context: Context, mode: Way, grid: float) -> tuple[float, tuple[Row, ...]]:
    """Baseline emission per joule of useful energy, kg/J, and the rows behind it."""
    rules, kind = context.rules, context.site.evaluation.baseline_heating
    if mode == "cooling":
        chiller = chiller_row(context)
        return electricity_emission(1.0, grid) / (chiller.value or 1.0), (chiller,)
    if kind == "electric":
        return electricity_emission(1.0, grid), ()
    if kind not in ("coal", "gas"):
        raise Refusal(_NO_FACTOR.format(baseline=kind))
    boiler = rules.row(f"gbt50801.boiler_efficiency.{kind}")
    efficiency = rules.value(boiler.id)
    if kind == "gas":
        fuel = rules.row("fuel.natural_gas.co2")
        return boiler_emission(1.0, efficiency, rules.value(fuel.id)), (boiler, fuel)
    # Coal: the factor of GB/T 50801 per kilogram of coal equivalent.
    calorific, carbon = rules.row("gbt50801.calorific_value"), rules.row("gbt50801.factor.co2")
    coal = coal_of_boiler(1.0, efficiency, 1e6 * rules.value(calorific.id))
    return coal * rules.value(carbon.id), (boiler, calorific, carbon)
