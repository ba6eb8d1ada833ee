"""The economics of a site's design: its year beside the plants that it could replace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.design.economics.alternatives import NAMES
from diwen.design.economics.capital_cost import CapitalCost, CapitalItem, price_items
from diwen.design.economics.carbon_emissions import Refrigerant, factors_of, refrigerant_of
from diwen.design.economics.comparison import Comparison, Plant, compare
from diwen.design.economics.financing import Side
from diwen.design.economics.life_cycle import PlantCost, Terms
from diwen.design.economics.plant_year import PlantYear
from diwen.design.economics.running_cost import Prices, maintenance_of, running_cost_of
from diwen.design.economics.site_alternatives import ALTERNATIVES, Use, alternative_years
from diwen.design.economics.site_money import (
    SiteSupport,
    prices_of_site,
    rules_of_site,
    support_of_site,
    terms_of_site,
    water_tax_of_site,
)
from diwen.design.economics.site_quantities import (
    own_costs,
    quantities_of_site,
    without_size,
)
from diwen.design.economics.site_year import over_study
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.rules import Row, RuleMissingError, RulesOn
from diwen.rules.rulebook import number
from diwen.site import Site

Floats = NDArray[np.float64]

_BASELINES = {
    "gas": "gas_boiler",
    "coal": "coal_boiler",
    "electric": "electric_boiler",
    "district": "district_heat",
    "air_source": "air_source",
}
_ESTIMATE = Text(
    "{plant}: {count} unit costs are planning estimates that nobody looked up",
    "{plant}：{count} 项单价为未经核实的规划估算值",
)
_WHOLE = Text("total investment", "总投资")
_NO_SIZE = Text(
    "not in the investment, as the site gives no size: {names}",
    "因未给出规格而未计入投资：{names}",
)
_NO_GRID = Text("no electricity carbon factor: {reason}", "没有电力排放因子：{reason}")
_OTHER_GRID = Text(
    "name a region of China in evaluation.grid_region or place.region",
    "请在 evaluation.grid_region 或 place.region 中填写中国境内地区",
)
_NO_STAFF = Text("staff is not given and not counted", "未给出人工费，未计入")
_NO_LEAKAGE = Text(
    "no refrigerant charge is given: leakage is not counted", "未给出制冷剂充注量：未计入泄漏"
)


@dataclass(frozen=True, eq=False)
class SiteEconomics:
    """What a design costs, saves and emits.

    Attributes
    ----------
    comparison : the design and its alternatives
    prices : of energy
    support : public support that was counted
    quantities : what the design consists of, by item
    business : the design as a business where heat is sold (``tariff.heat_price`` or
        ``heat_price_area``): revenue less all costs; None where no price is given
    rules : by which it was counted
    """

    comparison: Comparison
    prices: Prices
    support: SiteSupport
    quantities: dict[str, float]
    business: Side | None
    rules: RulesOn


def economics_of_site(
    site: Site,
    year: PlantYear,
    *,
    day: date | None = None,
    electricity_by_year: ArrayLike | None = None,
    abstracted: float | None = None,
    outdoor: ArrayLike | None = None,
    supply: ArrayLike | None = None,
    air_source_cop: ArrayLike | None = None,
    alternatives: Sequence[str] = ALTERNATIVES,
) -> SiteEconomics:
    """Money, carbon and primary energy of a design against its alternatives.

    Parameters
    ----------
    site : its tables ``[tariff]``, ``[costs]``, ``[subsidy]``, ``[water]``, ``[evaluation]``
    year : of the design (:func:`site_year.years_of_course` takes it out of a run of the twin)
    day : on which rules and factors are taken; None: today
    electricity_by_year : of each simulated year over ``year``; the last holds on
    abstracted : groundwater of the year, m³; None: not known
    outdoor : air temperature, °C, shape (n,): the air-source heat pump follows it
    supply : supply temperature of the air-source heat pump, °C, shape (n,); None: usual value
    air_source_cop : of an air-source heat pump by hour, shape (n,), instead of ``outdoor``
    alternatives : keys of :data:`ALTERNATIVES`; the air-source heat pump is left out where
        neither ``outdoor`` nor ``air_source_cop`` is given

    Raises
    ------
    InputError : tariffs with holes, items without price; all at once
    """
    rules, grid_rules, notes = rules_of_site(site, day or date.today())
    terms, term_rows = terms_of_site(site, rules)
    prices, price_notes = prices_of_site(site, rules, year.step)
    decline = rules.row("economic_study.grid_decline")
    try:
        factors = factors_of(grid_rules, number(decline))
    except RuleMissingError as error:
        message = _NO_GRID.format(reason=error.text)
        raise InputError([Problem("site.toml", "evaluation", message, _OTHER_GRID)]) from error
    factors = replace(factors, rows=(*factors.rows, decline))
    shared = (*term_rows, *prices.rows)
    course = None
    if electricity_by_year is not None:
        course = over_study(np.asarray(electricity_by_year, dtype=float), terms.years)
    quantities = _with_connection(quantities_of_site(site), year)
    lacking = without_size(site)
    if lacking and site.costs.investment is None:
        notes = (*notes, _NO_SIZE.format(names=", ".join(lacking)))
    capital = _capital(site, rules, quantities, "ground_source", site.costs.investment)
    support = support_of_site(site, rules, capital.investment, year, prices)
    design = _design(site, rules, year, capital, prices, support, abstracted, course)
    use = Use(site, year, outdoor, supply, air_source_cop)
    others = [
        _alternative(site, rules, key, other, amounts, prices)
        for key, other, amounts in alternative_years(rules, use, alternatives)
    ]
    design = replace(design, rows=(*design.rows, *shared))
    comparison = compare(design, others, terms, factors, rules, (*notes, *price_notes))
    business = _business(site, comparison, terms)
    return SiteEconomics(comparison, prices, support, quantities, business, rules)


def _with_connection(quantities: dict[str, float], year: PlantYear) -> dict[str, float]:
    """The electrical connection for the highest hour, kW, besides what was counted."""
    return {**quantities, "power_connection": float(year.electricity.max()) / 1000.0}


def _capital(
    site: Site, rules: RulesOn, quantities: dict[str, float], plant: str, known: float | None
) -> CapitalCost:
    """The investment of a plant; scaled to the site's own figure where it gives one."""
    capital = price_items(rules, quantities, own_costs(site, plant))
    if known is None:
        return capital
    if {item.key for item in capital.items} <= {"power_connection", "planning"}:
        # Nothing of the plant has a size: the figure stands as one item.
        life = rules.row("service_life.works")
        whole = CapitalItem(
            "investment", _WHOLE, 1.0, "CNY", known, known, known, number(life), (life,), True
        )
        return CapitalCost((whole,))
    return capital.scaled_to(known)


def _others(
    site: Site, rules: RulesOn, plant: str, capital: CapitalCost, own: float | None
) -> tuple[dict[str, float], tuple[Row, ...], tuple[Text, ...]]:
    """Maintenance and staff of a plant, the rows and notes behind them."""
    rows: tuple[Row, ...] = ()
    if own is None:
        own, rows = maintenance_of(rules, capital)
    yearly = {"maintenance": own}
    notes: tuple[Text, ...] = ()
    if site.costs.staff is not None:
        yearly["staff"] = site.costs.staff
    else:
        notes = (_NO_STAFF,)
    assumed = len(capital.assumed)
    if assumed:
        notes = (*notes, _ESTIMATE.format(plant=NAMES[plant], count=assumed))
    return yearly, rows, notes


def _design(
    site: Site,
    rules: RulesOn,
    year: PlantYear,
    capital: CapitalCost,
    prices: Prices,
    support: SiteSupport,
    abstracted: float | None,
    course: Floats | None,
) -> Plant:
    """The ground-source plant with everything it costs."""
    others, rows, notes = _others(site, rules, "ground_source", capital, site.costs.maintenance)
    tax, tax_rows, tax_notes = water_tax_of_site(site, rules, abstracted)
    if tax:
        others["water_tax"] = tax
    if support.yearly:
        others["support"] = -support.yearly
    running = running_cost_of(year, prices, others)
    refrigerant, leak_notes = _refrigerant(site, rules)
    return Plant(
        "ground_source",
        NAMES["ground_source"],
        year,
        PlantCost(capital, running.yearly, support.once, course),
        running.bill,
        refrigerant,
        (*rows, *tax_rows, *support.rows),
        (*notes, *tax_notes, *support.notes, *leak_notes),
    )


def _alternative(
    site: Site,
    rules: RulesOn,
    key: str,
    year: PlantYear,
    quantities: dict[str, float],
    prices: Prices,
) -> Plant:
    """One alternative with everything it costs; the same staff as the design."""
    known = site.costs.baseline_investment
    if _BASELINES[site.evaluation.baseline_heating] != key:
        known = None
    capital = _capital(site, rules, _with_connection(quantities, year), key, known)
    others, rows, notes = _others(site, rules, key, capital, None)
    running = running_cost_of(year, prices, others)
    cost = PlantCost(capital, running.yearly)
    return Plant(key, NAMES[key], year, cost, running.bill, None, rows, notes)


def _refrigerant(site: Site, rules: RulesOn) -> tuple[Refrigerant | None, tuple[Text, ...]]:
    """All refrigerant of the heat pumps as one; None where no charge is given."""
    found: list[Refrigerant] = []
    notes: list[Text] = []
    for pump in site.heat_pumps.values():
        if pump.refrigerant_charge:
            charge = pump.refrigerant_charge * pump.count
            one, said = refrigerant_of(rules, pump.refrigerant, charge)
            notes.extend(said)
            if one is not None:
                found.append(one)
    if not found:
        return None, tuple(notes) or ((_NO_LEAKAGE,) if site.heat_pumps else ())
    charge = sum(one.charge for one in found)
    potential = sum(one.charge * one.potential for one in found) / charge
    rows = tuple(dict.fromkeys(row for one in found for row in one.rows))
    return replace(found[0], charge=charge, potential=potential, rows=rows), tuple(notes)


def _business(site: Site, comparison: Comparison, terms: Terms) -> Side | None:
    """Revenue less costs of the design, where a price of the heat sold is given.

    The price of heat rises by ``fuel_escalation``, as every yearly ``revenue`` does.
    """
    tariff, area = site.tariff, site.place.heated_area
    revenue = 0.0
    if tariff.heat_price is not None:
        revenue += tariff.heat_price * comparison.design.plant.year.heat_energy
    if tariff.heat_price_area is not None and area is not None:
        revenue += tariff.heat_price_area * area
    if not revenue:
        return None
    rise = (1.0 + terms.escalation("revenue")) ** np.arange(-1.0, terms.years)
    income = revenue * rise
    income[0] = 0.0
    return Side(income - comparison.design.life_cycle.by_year, terms.discount_rate)


def cost_per_heat(comparison: Comparison) -> dict[str, float]:
    """Levelised cost of heat and cold by plant, CNY/kWh."""
    return {one.plant.key: one.life_cycle.levelised for one in comparison.outcomes}
