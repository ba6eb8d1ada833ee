"""Electricity per area, valley share and cost of heat (K-35, K-37, K-38).

The cost is that of all electricity of the plant, each joule at the price of its own hour, plus
fuel, water tax, and the share of the yearly maintenance and staff cost that falls to the period.
Prices are the user's input; nothing is assumed where one is missing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from diwen.evaluation.amount import Amount, Refusal, ratio, share, total
from diwen.evaluation.energy import measured
from diwen.evaluation.families import results_of
from diwen.evaluation.increments import length
from diwen.evaluation.making import KWH, made, not_made, trust
from diwen.evaluation.plant import Term, each, electric_equipment, electricity
from diwen.evaluation.ratios import signed_total
from diwen.evaluation.result import SHARE
from diwen.evaluation.system_energy import modes, serves, system_energy
from diwen.evaluation.tariff_hours import NAMES, VALLEY, prices
from diwen.evaluation.water_tax import taxes
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Result
    from diwen.evaluation.tariff_hours import Price

_YEAR = 365.25 * 86400.0
_PER_DEGREE_DAY = Text(
    "Electricity per floor area and heating degree day", "单位面积、单位供暖度日电耗"
)
_COST = Text("cost of electricity", "电费")
_COST_OF_AREA = Text("cost of heating and cooling per floor area", "单位面积供热供冷成本")
_COST_OF_HEAT = Text("cost of heat and cold delivered", "单位供热（冷）量成本")
_NO_AREA = Text(
    "no floor area is given (place.heated_area or place.cooled_area)",
    "未给出建筑面积（place.heated_area 或 place.cooled_area）",
)
_NO_TARIFF = Text(
    "no electricity price is given (tariff.electricity_price or tariff.periods)",
    "未给出电价（tariff.electricity_price 或 tariff.periods）",
)
_SINGLE_PRICE = Text(
    "the tariff has no valley hours (tariff.periods)", "电价没有低谷时段（tariff.periods）"
)
_LATER_PRICE = Text(
    "the prices hold from {day} only, after the period begins", "电价自 {day} 起适用，晚于周期起点"
)
_NO_GAS = Text(
    "the boiler {boilers} burns natural gas: its gas meter (G) or tariff.gas_price is missing",
    "锅炉 {boilers} 使用天然气：缺少燃气表（G）或 tariff.gas_price",
)
_OTHER_FUEL = Text(
    "the boiler {boilers} burns a fuel whose price the site does not hold",
    "锅炉 {boilers} 所用燃料的价格未登记",
)
_GAPS = Text(
    "electricity was measured for {share:.1f} % of the period: the cost is a lower bound",
    "电量仅在周期的 {share:.1f} % 时间内有实测，费用为下限",
)
_NOT_COUNTED = Text("not counted: {what}", "未计入：{what}")
_MAINTENANCE = Text("maintenance", "维护费")
_STAFF = Text("staff", "人工费")
_TAX = Text("water tax", "水资源税")


def plant_electricity(context: Context) -> list[Term]:
    """The electricity of everything that the site names, as signed contributions.

    Raises
    ------
    Refusal : it is not metered
    """
    return electricity(context, electric_equipment(context))


def results(context: Context) -> list[Result]:
    """Electricity per area, valley share, and cost; none for a site that serves nobody."""
    if not serves(context):
        return []
    return [*_per_area(context), _valley(context), *_costs(context)]


def floor_area(context: Context) -> float:
    """The floor area that is served, m²: heated, or cooled where none is heated.

    Raises
    ------
    Refusal : none is given
    """
    place = context.site.place
    area = place.heated_area if place.heated_area is not None else place.cooled_area
    if area is None:
        raise Refusal(_NO_AREA)
    return area


def _per_area(context: Context) -> list[Result]:
    """K-35: electricity of the whole plant per floor area, and per degree day of heating."""
    try:
        area = floor_area(context)
        amount = signed_total(plant_electricity(context), context.period.seconds)
    except Refusal as refusal:
        return [not_made("electricity_per_area", "K-35", refusal)]
    trusted = trust(context, amount.coverage, None, amount)
    detail = {**trusted.pop("detail"), "area_m2": area, "days": context.period.days}
    per_area = amount.scaled(1 / KWH / area)
    found = [made("electricity_per_area", "K-35", per_area, detail=detail, **trusted)]
    weather = next(
        (
            result
            for result in results_of(context, "degree_days")
            if result.id == "heating_degree_days" and result.status == "ok" and result.value
        ),
        None,
    )
    if weather is not None and weather.value is not None and modes(context) == ("heating",):
        found.append(
            made("electricity_per_degree_day", "K-35", per_area.scaled(1 / weather.value),
                 name=_PER_DEGREE_DAY, unit="kWh/(m²·K·d)", symbol="e_A/HDD", decimals=4,
                 rules=weather.rules, detail=detail | {"degree_days": weather.value}, **trusted)
        )  # fmt: skip
    return found


@dataclass(frozen=True)
class Split:
    """Electricity by price.

    Attributes
    ----------
    parts : price and the electricity bought at it, J
    """

    parts: list[tuple[Price, Amount]]

    @property
    def cost(self) -> Amount:
        """What it costs, yuan."""
        return self.covered(total(amount.scaled(price.price) for price, amount in self.parts))

    @property
    def electricity(self) -> Amount:
        """All of it, J."""
        return self.covered(total(amount for _, amount in self.parts))

    def covered(self, amount: Amount) -> Amount:
        """A sum over all prices with the measured share of the whole time as its coverage."""
        hours = [length(price.spans) for price, _ in self.parts]
        measured = sum(h * part.coverage for h, (_, part) in zip(hours, self.parts, strict=True))
        return replace(amount, coverage=measured / sum(hours))


def split_by_price(context: Context, terms: list[Term]) -> Split:
    """Electricity of the period by the price of its hour, and what it cost.

    Raises
    ------
    Refusal : the site has no price, or the prices begin later than the period
    """
    tariff = context.site.tariff
    found = prices(tariff, context.period)
    if not found:
        raise Refusal(_NO_TARIFF)
    first = context.period.start.astimezone(context.period.zone).date()
    if tariff.valid_from is not None and tariff.valid_from > first:
        raise Refusal(_LATER_PRICE.format(day=tariff.valid_from.isoformat()))
    parts = []
    for price in found:
        inside = each(terms, lambda part, price=price: part.clipped(price.spans))  # type: ignore[misc]
        parts.append((price, signed_total(inside, length(price.spans))))
    return Split(parts)


def _valley(context: Context) -> Result:
    """K-37: share of the electricity that was bought in valley hours."""
    try:
        split = split_by_price(context, plant_electricity(context))
        if len(split.parts) < 2:
            raise Refusal(_SINGLE_PRICE)
        valley, rest = (
            total(amount for price, amount in split.parts if (price.name in VALLEY) is cheap)
            for cheap in (True, False)
        )
        found = replace(share(valley, rest), coverage=split.electricity.coverage)
    except Refusal as refusal:
        return not_made("valley_share", "K-37", refusal)
    trusted = trust(context, found.coverage, None, split.electricity)
    return made("valley_share", "K-37", found, scale=100.0, bounds=SHARE, decimals=1, **trusted)


def _costs(context: Context) -> list[Result]:
    """K-38: cost of electricity; all costs per area and per energy delivered."""
    currency: dict[str, Any] = {"unit": "yuan", "symbol": "C"}
    try:
        terms = plant_electricity(context)
        split = split_by_price(context, terms)
    except Refusal as refusal:
        return [
            not_made("electricity_cost", "K-38", refusal, name=_COST, symbol="C"),
            not_made("cost_per_area", "K-38", refusal, name=_COST_OF_AREA),
            not_made("cost_per_heat", "K-38", refusal, name=_COST_OF_HEAT),
        ]
    coverage = split.electricity.coverage
    trusted = trust(context, coverage, None, split.electricity)
    notes = (_GAPS.format(share=100 * coverage),) if coverage < 0.995 else ()
    by_price = [
        {
            "name": {"en": NAMES[price.name].en, "zh": NAMES[price.name].zh},
            "price_yuan_per_kwh": price.price * KWH,
            "electricity_kwh": amount.value / KWH,
            "cost_yuan": amount.value * price.price,
        }
        for price, amount in split.parts
    ]
    detail = {**trusted.pop("detail"), "by_price": by_price}
    cost = made("electricity_cost", "K-38", split.cost, name=_COST, detail=detail, notes=notes,
                decimals=2, **currency, **trusted)  # fmt: skip
    return [cost, *_specific(context, split.cost, trusted, notes)]


def _specific(
    context: Context, cost: Amount, trusted: dict[str, Any], notes: tuple[Text, ...]
) -> list[Result]:
    """All costs of the period per area, and per energy delivered."""
    more = {**trusted, "decimals": 3}
    try:
        items, lacking = other_costs(context)
    except Refusal as refusal:
        return [
            not_made("cost_per_area", "K-38", refusal, name=_COST_OF_AREA),
            not_made("cost_per_heat", "K-38", refusal, name=_COST_OF_HEAT),
        ]
    # Fees are taken as exact; only measured amounts carry an uncertainty.
    fees = [Amount(value) for value in items.values()]
    whole = total([cost, *fees])
    detail = {"electricity_yuan": cost.value, **{f"{k}_yuan": v for k, v in items.items()}}
    notes = (*notes, *(_NOT_COUNTED.format(what=what) for what in lacking))
    found = []
    try:
        found.append(
            made("cost_per_area", "K-38", whole.scaled(1 / floor_area(context)), unit="yuan/m²",
                 name=_COST_OF_AREA, detail=detail, notes=notes, **more)
        )  # fmt: skip
    except Refusal as refusal:
        found.append(not_made("cost_per_area", "K-38", refusal, name=_COST_OF_AREA))
    try:
        energies = [system_energy(context, mode).heat for mode in modes(context)]
        value = ratio(whole, total(energies))
        found.append(
            made("cost_per_heat", "K-38", value, scale=KWH, unit="yuan/kWh", name=_COST_OF_HEAT,
                 detail=detail, notes=notes, **more)
        )  # fmt: skip
    except Refusal as refusal:
        found.append(not_made("cost_per_heat", "K-38", refusal, name=_COST_OF_HEAT))
    return found


def other_costs(context: Context) -> tuple[dict[str, float], list[Text]]:
    """Costs besides electricity that fall to the period, yuan, and what could not be counted.

    Raises
    ------
    Refusal : fuel is burnt whose amount or price is not known
    """
    share = context.period.seconds / _YEAR
    items = _fuel(context)
    lacking = []
    for key, name in (("maintenance", _MAINTENANCE), ("staff", _STAFF)):
        yearly = getattr(context.site.costs, key)
        if yearly is None:
            lacking.append(name)
        else:
            items[key] = yearly * share
    try:
        tax = taxes(context)
    except Refusal as refusal:
        lacking.append(
            Text(f"{_TAX.en} ({refusal.reason.en})", f"{_TAX.zh}（{refusal.reason.zh}）")
        )
    else:
        if tax:
            items["water_tax"] = sum(item.amount.value for item in tax)
    return items, lacking


def _fuel(context: Context) -> dict[str, float]:
    """The cost of gas, yuan; empty where nothing burns fuel."""
    boilers = {id: b.fuel for id, b in context.site.boilers.items() if b.fuel != "electricity"}
    if not boilers:
        return {}
    names = ", ".join(boilers)
    if set(boilers.values()) != {"natural_gas"}:
        raise Refusal(_OTHER_FUEL.format(boilers=names))
    meters = context.points("gas_volume")
    price = context.site.tariff.gas_price
    if not meters or price is None:
        missing = [] if meters else [f"G gas_volume supply {names}"]
        raise Refusal(_NO_GAS.format(boilers=names), missing)
    volume = total(measured(context, p).amount(context.period.seconds) for p in meters)
    return {"gas": volume.value * price}
