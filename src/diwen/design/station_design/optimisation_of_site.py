"""The best sizes of a site's plant for money or carbon, with its limits held over all years."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.design.economics.capital_cost import CapitalCost, price_items
from diwen.design.economics.carbon_emissions import Factors, carbon_of, factors_of
from diwen.design.economics.life_cycle import PlantCost, Terms, life_cycle_of
from diwen.design.economics.running_cost import Prices, maintenance_of, running_cost_of
from diwen.design.economics.site_money import (
    prices_of_site,
    rules_of_site,
    support_of_site,
    terms_of_site,
)
from diwen.design.economics.site_quantities import own_costs
from diwen.design.economics.site_year import over_study
from diwen.design.station_design.design_variables import SiteVariables, SizedPlant
from diwen.design.station_design.optimisation import optimise
from diwen.design.station_design.optimisation_limits import (
    KINDS,
    kind_of,
    limits_of_design,
    results_of,
)
from diwen.design.station_design.optimisation_result import Constraint, Evaluation, Optimisation
from diwen.design.station_design.uncertainty import year_of
from diwen.design.station_design.uncertainty_run import YearsOfPlant, years_of_plant
from diwen.language import Text
from diwen.problems import InputError
from diwen.rules import RulesOn
from diwen.rules.rulebook import number
from diwen.site import Site
from diwen.twin.deviations_plant import TwinInputs
from diwen.twin.site_simulation_inputs import inputs_of_site

Floats = NDArray[np.float64]
Objective = Literal["cost", "carbon"]
_MONEY = {"cost": Text("CNY", "元"), "carbon": Text("kg CO2", "kg CO2")}
_NOT_HELD = Text(
    "not held, as no size of this design moves it: {name}", "无可调规格影响该项，未作为约束：{name}"
)
_OUTSIDE = Text(
    "pumps, controls, staff and water tax stay as planned; costs of alternatives do not enter",
    "水泵、控制、人工与水资源税按方案不变；不涉及对比方案费用",
)


@dataclass(frozen=True, eq=False)
class DesignMoney:
    """Prices and terms by which every candidate is counted alike.

    Attributes
    ----------
    site : for support and the user's own unit costs
    rules, terms, prices, factors : of the study
    scale : on unit costs, so that the planned design costs what the site says it does
    """

    site: Site
    rules: RulesOn
    terms: Terms
    prices: Prices
    factors: Factors
    scale: float = 1.0

    def objectives(
        self, plant: SizedPlant, run: YearsOfPlant, given: TwinInputs
    ) -> dict[str, float]:
        """Life-cycle cost, CNY, carbon of the study, kg, and the investment, CNY."""
        year = year_of(run, replace(given, station=plant.station))
        capital = self.capital(plant, run)
        maintenance = self.site.costs.maintenance
        if maintenance is None:
            maintenance = maintenance_of(self.rules, capital)[0]
        others = {"maintenance": maintenance}
        support = support_of_site(self.site, self.rules, capital.investment, year, self.prices)
        if support.yearly:
            others["support"] = -support.yearly
        running = running_cost_of(year, self.prices, others)
        course = over_study(run.electricity / max(run.electricity[-1], 1e-9), self.terms.years)
        cost = PlantCost(capital, running.yearly, support.once, course)
        cycle = life_cycle_of(cost, self.terms, year.useful_energy)
        carbon = carbon_of(year, self.factors, self.terms.years, electricity_by_year=course)
        return {"cost": cycle.cost, "carbon": carbon.life, "investment": capital.investment}

    def capital(self, plant: SizedPlant, run: YearsOfPlant) -> CapitalCost:
        """The investment of a plant."""
        bought = {**plant.quantities, "power_connection": float(run.power.max()) / 1000.0}
        found = price_items(self.rules, bought, own_costs(self.site, "ground_source"))
        return found if self.scale == 1.0 else found.scaled_to(found.investment * self.scale)


def optimise_site(
    site: Site,
    *,
    objective: Objective = "cost",
    years: int = 25,
    day: date | None = None,
    hold: Collection[str] = KINDS,
    backup: Literal["", "natural_gas", "electricity"] = "",
    only: Collection[str] | None = None,
    most: int = 200,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> Optimisation:
    """The sizes of a site with the least life-cycle cost or carbon that keep every limit.

    Parameters
    ----------
    site : the planned design; it is not changed
    objective : what shall be least; the front has both
    years : of operation in which the limits are held
    day : on which rules and prices are taken; None: today
    hold : kinds of limits that are held: ``temperature``, ``unmet``, ``balance``, ``efficiency``;
        the balance is held only where a recharge can be chosen, or the planned design keeps it
    backup : fuel of a backup that may be added to a plant without one
    only : keys of the sizes that are chosen, as ``field.length``; None: all that can be
    most : candidates that are computed at most
    seed : of the spread points
    progress : called with the share of ``most`` that is done

    Returns
    -------
    Optimisation : with the planned design beside the best, the front of cost and carbon, what holds
        the optimum, and every candidate

    Raises
    ------
    diwen.problems.InputError : what is missing for a run of the twin; nothing to choose
    """
    when = day or date.today()
    whole = inputs_of_site(site, 3600.0)
    given = whole.inputs
    rules, grid, _ = rules_of_site(site, when)
    sizes = SiteVariables(site, given, rules, backup)
    chosen = [one for one in sizes.variables if only is None or one.key in only]
    money = _money(site, rules, grid, sizes, given, years)

    def evaluate(values: dict[str, float]) -> Evaluation:
        try:
            plant = sizes.plant(values)
            run = years_of_plant(plant.station, plant.sources, given.loads, given.outdoor, years)
        except InputError as error:
            return Evaluation({}, {}, error.problems[0].message)
        return Evaluation(money.objectives(plant, run, given), results_of(run))

    planned = {one.key: one.levels[one.nearest(one.planned)] for one in chosen}
    held, notes = _held(limits_of_design(site, whole, rules, when), hold, evaluate(planned).results,
                        any(one.key.endswith(".recharge") for one in chosen))  # fmt: skip
    other = "carbon" if objective == "cost" else "cost"
    found = optimise(
        chosen, evaluate, held, objective=objective, other=other, most=most,
        money=_MONEY[objective], seed=seed, progress=progress,
    )  # fmt: skip
    return replace(found, notes=(*sizes.notes, *notes, _OUTSIDE))


def _held(
    limits: tuple[Constraint, ...], hold: Collection[str], planned: Mapping[str, float],
    balanced: bool,
) -> tuple[tuple[Constraint, ...], tuple[Text, ...]]:  # fmt: skip
    """The limits that are held, and a note on those that no size moves."""
    found, notes = [], []
    for one in limits:
        kind = kind_of(one)
        if kind not in hold:
            continue
        value = planned.get(one.key, np.nan)
        if kind == "balance" and not balanced and not one.margin(value) >= 0.0:
            notes.append(_NOT_HELD.format(name=one.label))
            continue
        found.append(one)
    return tuple(found), tuple(notes)


def _money(
    site: Site, rules: RulesOn, grid: RulesOn, sizes: SiteVariables, given: TwinInputs, years: int
) -> DesignMoney:
    """Prices and terms; unit costs scaled where the site gives its whole investment."""
    terms, _ = terms_of_site(site, rules)
    prices, _ = prices_of_site(site, rules, 3600.0)
    factors = factors_of(grid, number(rules.row("economic_study.grid_decline")))
    found = DesignMoney(site, rules, terms, prices, factors)
    known = site.costs.investment
    if known is None:
        return found
    plant = sizes.plant({})
    station = replace(plant.station, backups=given.station.backups)
    run = years_of_plant(station, plant.sources, given.loads, given.outdoor, years)
    whole = found.capital(plant, run).investment
    return replace(found, scale=known / whole) if whole > 0.0 else found
