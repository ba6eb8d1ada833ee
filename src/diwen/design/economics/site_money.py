"""Prices, terms, support and water tax of a site: its own tables first, rule rows after them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from diwen import rules as rule_book
from diwen.design.economics.example_prices import example_tariff
from diwen.design.economics.life_cycle import Terms
from diwen.design.economics.plant_year import CARRIERS, PlantYear
from diwen.design.economics.running_cost import (
    Prices,
    coal_price,
    example_fuel_price,
    gas_price,
)
from diwen.design.economics.tariff_course import course_of_tariff, valley_energy
from diwen.language import Text
from diwen.rules import RefusedError, Row, RuleMissingError, RulesOn, subsidies
from diwen.rules.conditions import SOURCE_WORDS
from diwen.rules.rulebook import number
from diwen.rules.subsidies import Support
from diwen.rules.water_tax import water_tax
from diwen.site import Site

_EXAMPLE = Text(
    "{carrier}: no price is given, an illustrative one stands in (not the price of this place)",
    "{carrier}：未给出价格，采用示例价格（并非当地价格）",
)
_ABROAD = Text(
    "unit costs and factors are those for China: none are known for {region}",
    "单价与系数采用中国数据：没有 {region} 的数据",
)
_NO_SCHEME = Text("no subsidy scheme of that name: {scheme}", "没有名为 {scheme} 的奖补政策")
_LACKS = Text(
    "no subsidy counted: the scheme needs {what}", "未计奖补：该政策需要 {what}"
)  # fmt: skip
_AREA = Text("subsidy.area or place.heated_area", "subsidy.area 或 place.heated_area")
_ONE_SOURCE = Text("one kind of source", "单一热源类型")
_REFUSED = Text("no subsidy counted: {reason}", "未计奖补：{reason}")
_RANGE = Text(
    "the subsidy is a range of {low:,.0f} to {high:,.0f} yuan: its lower end is counted",
    "奖补为 {low:,.0f} 至 {high:,.0f} 元的区间：按下限计入",
)
_NO_TAX = Text("water tax is not counted: {reason}", "未计水资源税：{reason}")
_DESIGNED = Text(
    "water tax: full reinjection is taken as designed; meters have to prove it",
    "水资源税：按设计 100 % 回灌计；运行中须以计量证明",
)
_NO_VOLUME = Text("the abstracted volume is not known", "取水量未知")


@dataclass(frozen=True, eq=False)
class SiteSupport:
    """What public support brings.

    Attributes
    ----------
    once : CNY, lower end of a range
    upper : CNY, upper end
    yearly : of valley electricity, CNY
    rows : rule rows
    notes : in words
    """

    once: float = 0.0
    upper: float = 0.0
    yearly: float = 0.0
    rows: tuple[Row, ...] = ()
    notes: tuple[Text, ...] = field(default=())


def rules_of_site(site: Site, day: date) -> tuple[RulesOn, RulesOn, tuple[Text, ...]]:
    """Rules of the site's region, those of its grid, and a note where the site lies abroad."""
    region = site.place.region or None
    found = rule_book.on(day, region)
    notes: tuple[Text, ...] = ()
    if found.chain is None:
        found = rule_book.on(day, "China")
    elif "China" not in found.chain:
        notes = (_ABROAD.format(region=found.region),)
        found = rule_book.on(day, "China")
    grid = site.evaluation.grid_region
    return found, (rule_book.on(day, grid) if grid else found), notes


def terms_of_site(site: Site, rules: RulesOn) -> tuple[Terms, tuple[Row, ...]]:
    """Years and rates of the study, and the rows behind what the site does not give."""
    rows: list[Row] = []

    def or_row(value: float | None, name: str) -> float:
        if value is not None:
            return value
        row = rules.row(f"economic_study.{name}")
        rows.append(row)
        return number(row)

    tariff, costs = site.tariff, site.costs
    terms = Terms(
        int(or_row(costs.planned_years, "planned_years")),
        or_row(costs.discount_rate, "discount_rate"),
        or_row(costs.inflation, "inflation"),
        or_row(tariff.electricity_escalation, "electricity_escalation"),
        or_row(tariff.fuel_escalation, "fuel_escalation"),
    )
    return terms, tuple(rows)


def prices_of_site(site: Site, rules: RulesOn, step: float) -> tuple[Prices, tuple[Text, ...]]:
    """What energy costs; illustrative rows stand in where the site gives no price, and say so."""
    given = site.tariff
    rows: list[Row] = []
    assumed: list[str] = []
    if given.periods or given.electricity_price is not None:
        course = course_of_tariff(given, step)
    else:
        example, used = example_tariff(rules)
        charges = ("demand_charge", "capacity_charge", "connected_capacity")
        own = {name: getattr(given, name) for name in charges}
        course = course_of_tariff(example.model_copy(update=own), step)
        rows.extend(used)
        assumed.append("electricity")
    fuel: dict[str, float] = {}
    if given.gas_price is not None:
        fuel["gas"], row = gas_price(rules, given.gas_price)
        rows.append(row)
    if given.coal_price is not None:
        fuel["coal"], row = coal_price(rules, given.coal_price)
        rows.append(row)
    if given.district_heat_price is not None:
        fuel["district_heat"] = given.district_heat_price
    by_area = _heat_by_area(site)
    for carrier in ("gas", "coal", "district_heat"):
        if carrier not in fuel and not (carrier == "district_heat" and by_area is not None):
            fuel[carrier], used = example_fuel_price(rules, carrier)
            rows.extend(used)
            assumed.append(carrier)
    notes = tuple(_EXAMPLE.format(carrier=CARRIERS[carrier]) for carrier in assumed)
    return Prices(course, fuel, by_area, tuple(dict.fromkeys(rows)), tuple(assumed)), notes


def _heat_by_area(site: Site) -> float | None:
    """District heating charged by area, CNY a season; None where it is charged by energy."""
    price, area = site.tariff.district_heat_price_area, site.place.heated_area
    if price is None or area is None or site.tariff.district_heat_price is not None:
        return None
    return price * area


def support_of_site(
    site: Site, rules: RulesOn, investment: float, year: PlantYear, prices: Prices
) -> SiteSupport:
    """Support by the scheme that the site names; valley support where it is given or known."""
    scheme, form = site.subsidy.scheme, site.subsidy
    once = SiteSupport()
    rows: list[Row] = []
    notes: list[Text] = []
    if scheme:
        try:
            once = _once(site, rules, investment if form.investment is None else form.investment)
        except (RefusedError, RuleMissingError) as error:
            notes.append(_REFUSED.format(reason=error.text))
    energy = valley_energy(prices.electricity, year.electricity)
    yearly = 0.0
    if form.valley_price_support is not None:
        yearly = form.valley_price_support * energy * 3.6e6
    elif scheme in ("beijing", "beijing_e_town") and "electricity" not in prices.assumed:
        found = subsidies.beijing_valley_electricity(rules, energy)
        yearly = found.low
        rows.extend(found.rows)
    return SiteSupport(once.once, once.upper, yearly, (*once.rows, *rows), (*once.notes, *notes))


def _once(site: Site, rules: RulesOn, investment: float) -> SiteSupport:
    scheme = site.subsidy.scheme
    if scheme not in _SCHEMES:
        return SiteSupport(notes=(_NO_SCHEME.format(scheme=scheme),))
    kinds = {SOURCE_WORDS.get(source.type, source.type) for source in site.sources.values()}
    if len(kinds) != 1:
        return SiteSupport(notes=(_LACKS.format(what=_ONE_SOURCE),))
    area = site.subsidy.area if site.subsidy.area is not None else site.place.heated_area
    if area is None and scheme == "jilin":
        return SiteSupport(notes=(_LACKS.format(what=_AREA),))
    found = _SCHEMES[scheme](rules, kinds.pop(), area or 0.0, investment)
    notes: tuple[Text, ...] = ()
    if found.low < found.high:
        notes = (_RANGE.format(low=found.low, high=found.high),)
    return SiteSupport(found.low, found.high, 0.0, (*found.rows, *found.conditions), notes)


def _beijing(rules: RulesOn, source: str, area: float, investment: float) -> Support:
    return subsidies.beijing(rules, source, investment)


def _beijing_e_town(rules: RulesOn, source: str, area: float, investment: float) -> Support:
    """Support of the city and, as the city supports the project, of the development area."""
    city = subsidies.beijing(rules, source, investment)
    more = subsidies.beijing_e_town(rules, investment, city_supported=True)
    rows = (*city.rows, *more.rows)
    return Support(city.low + more.low, city.high + more.high, rows, city.binding)


def _shanghai(rules: RulesOn, source: str, area: float, investment: float) -> Support:
    return subsidies.shanghai(rules, investment)


_SCHEMES: Mapping[str, Callable[[RulesOn, str, float, float], Support]] = {
    "jilin": subsidies.jilin,
    "beijing": _beijing,
    "beijing_e_town": _beijing_e_town,
    "shanghai": _shanghai,
}


def water_tax_of_site(
    site: Site, rules: RulesOn, abstracted: float | None
) -> tuple[float, tuple[Row, ...], tuple[Text, ...]]:
    """Water tax of a year as designed, CNY, its rows and notes; nothing without groundwater.

    Parameters
    ----------
    abstracted : volume taken out of the ground in the year, m³; None: not known
    """
    kinds = {SOURCE_WORDS.get(source.type) for source in site.sources.values()}
    if "groundwater" not in kinds and not abstracted:
        return 0.0, (), ()
    if abstracted is None:
        return 0.0, (), (_NO_TAX.format(reason=_NO_VOLUME),)
    own = site.water
    full = own.reinjection == "full" and own.same_aquifer
    notes = (_DESIGNED,) if full else ()
    if full and own.tax_rate_reinjected is not None:
        return own.tax_rate_reinjected * abstracted, (), notes
    try:
        tax = water_tax(rules, abstracted, full, own.tax_rate_otherwise)
    except RefusedError as error:
        return 0.0, (), (_NO_TAX.format(reason=error.text),)
    return tax.amount, (() if tax.row is None else (tax.row,)), notes
