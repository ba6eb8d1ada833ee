"""A design beside the plants it could replace: money, carbon dioxide, primary energy.

The same useful energy stands behind every plant. The design's extra investment is judged by what
it saves against each: net present value, internal rate of return, static and dynamic payback.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from diwen.design.economics.carbon_emissions import (
    CarbonBalance,
    Factors,
    Refrigerant,
    carbon_of,
)
from diwen.design.economics.cash_flow import (
    dynamic_payback,
    internal_rate_of_return,
    present_value,
    static_payback,
)
from diwen.design.economics.life_cycle import (
    LifeCycle,
    PlantCost,
    Terms,
    life_cycle_of,
    saving_flows,
)
from diwen.design.economics.plant_year import KWH, PlantYear
from diwen.design.economics.primary_energy import PrimaryEnergy, primary_energy_of
from diwen.design.economics.tariff_course import EnergyCharge
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.rules import Row, RulesOn

Floats = NDArray[np.float64]

# Plants are compared for one use: their useful energies may differ by rounding only.
_SAME_USE = 1e-6

_OTHER_USE = Text(
    "{name} delivers {other:.6g} kWh a year, the design {own:.6g} kWh",
    "{name}年供能 {other:.6g} kWh，设计方案为 {own:.6g} kWh",
)
_GIVE_SAME = Text(
    "give every plant the heat and cold that the design delivers",
    "各方案应采用与设计相同的供热（冷）量",
)
_TWICE = Text("two plants have the key {key}", "有两个方案的标识同为 {key}")
_RENAME = Text("give every plant a key of its own", "请为各方案取不同的标识")


@dataclass(frozen=True, eq=False)
class Plant:
    """A plant with all that is compared.

    Attributes
    ----------
    key, name : ``gas_boiler``; in words
    year : what it buys and delivers
    cost : what it costs
    bill : of electricity, where it is known by hour
    refrigerant : None: its loss is not counted
    rows : rule rows besides those of year and capital
    notes : what was assumed
    """

    key: str
    name: Text
    year: PlantYear
    cost: PlantCost
    bill: EnergyCharge | None = None
    refrigerant: Refrigerant | None = None
    rows: tuple[Row, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """Every rule row it rests on."""
        own = () if self.refrigerant is None else self.refrigerant.rows
        found = (*self.year.rows, *self.cost.capital.rows, *self.rows, *own)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, eq=False)
class Outcome:
    """What comes out for one plant.

    Attributes
    ----------
    plant : the plant
    life_cycle : its costs by year
    carbon : its emissions
    primary : coal equivalent by way of counting
    """

    plant: Plant
    life_cycle: LifeCycle
    carbon: CarbonBalance
    primary: Mapping[str, PrimaryEnergy]


@dataclass(frozen=True, eq=False)
class Saving:
    """The design against one other plant.

    Attributes
    ----------
    key, name : of the other plant
    additional : investment (less support) of the design over that of the other, CNY; negative
        where the design is cheaper to build
    yearly : saved in the first year of running, CNY
    flows : saved by year, CNY, shape (years + 1,)
    worth : net present value of them, CNY
    rate_of_return : internal, nan where there is none
    static_payback, dynamic_payback : a, without residual values; 0: nothing to pay back, inf:
        never within the study
    carbon : carbon dioxide avoided by year, kg, shape (years,)
    coal : coal equivalent saved in the first year by way of counting electricity, kgce
    """

    key: str
    name: Text
    additional: float
    yearly: float
    flows: Floats
    worth: float
    rate_of_return: float
    static_payback: float
    dynamic_payback: float
    carbon: Floats
    coal: Mapping[str, float]

    @property
    def abatement_cost(self) -> float:
        """Money per tonne of carbon dioxide avoided, CNY/t; negative: gained; nan: none avoided."""
        avoided = float(self.carbon.sum())
        return -self.worth / (avoided / 1000.0) if avoided > 0.0 else float("nan")


@dataclass(frozen=True, eq=False)
class Comparison:
    """A design and its alternatives.

    Attributes
    ----------
    terms : of the money
    factors : of the emissions
    design : its outcome
    alternatives : theirs, by key
    savings : the design against each, by key
    rows : every rule row used
    notes : what was assumed, in words
    """

    terms: Terms
    factors: Factors
    design: Outcome
    alternatives: Mapping[str, Outcome]
    savings: Mapping[str, Saving]
    rows: tuple[Row, ...]
    notes: tuple[Text, ...] = field(default=())

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All plants, the design first."""
        return (self.design, *self.alternatives.values())

    @property
    def unverified(self) -> tuple[Row, ...]:
        """Rows that nobody could verify: a reader must see them."""
        return tuple(row for row in self.rows if not row.verified)


def compare(
    design: Plant,
    alternatives: Sequence[Plant],
    terms: Terms,
    factors: Factors,
    rules: RulesOn,
    notes: tuple[Text, ...] = (),
) -> Comparison:
    """Everything of every plant, and the design against each.

    Parameters
    ----------
    rules : for the coal equivalents

    Raises
    ------
    InputError : plants of different use, or of the same key
    """
    _check(design, alternatives)
    own = _outcome(design, terms, factors, rules)
    others = {plant.key: _outcome(plant, terms, factors, rules) for plant in alternatives}
    savings = {key: _saving(own, other) for key, other in others.items()}
    rows: list[Row] = list(factors.rows)
    for outcome in (own, *others.values()):
        rows.extend(outcome.plant.all_rows)
        rows.extend(row for way in outcome.primary.values() for row in way.rows)
    said = (*notes, *(note for plant in (design, *alternatives) for note in _notes(plant)))
    return Comparison(
        terms, factors, own, others, savings, tuple(dict.fromkeys(rows)), tuple(dict.fromkeys(said))
    )


def _notes(plant: Plant) -> tuple[Text, ...]:
    return (*plant.notes, *plant.year.notes)


def _outcome(plant: Plant, terms: Terms, factors: Factors, rules: RulesOn) -> Outcome:
    carbon = carbon_of(
        plant.year,
        factors,
        terms.years,
        refrigerant=plant.refrigerant,
        electricity_by_year=plant.cost.electricity_by_year,
    )
    primary = {
        "equivalent": primary_energy_of(rules, plant.year, "equivalent"),
        "calorific": primary_energy_of(rules, plant.year, "calorific"),
    }
    cycle = life_cycle_of(plant.cost, terms, plant.year.useful_energy)
    return Outcome(plant, cycle, carbon, primary)


def _saving(design: Outcome, other: Outcome) -> Saving:
    flows = saving_flows(other.life_cycle.by_year, design.life_cycle.by_year)
    paid = saving_flows(other.life_cycle.paid_by_year, design.life_cycle.paid_by_year)
    rate = design.life_cycle.terms.discount_rate
    ways = design.primary
    return Saving(
        other.plant.key,
        other.plant.name,
        _investment(design.plant) - _investment(other.plant),
        other.plant.cost.running - design.plant.cost.running,
        flows,
        float(present_value(flows, rate)),
        float(internal_rate_of_return(flows)),
        float(static_payback(paid)),
        float(dynamic_payback(paid, rate)),
        other.carbon.by_year - design.carbon.by_year,
        {way: other.primary[way].coal - ways[way].coal for way in ways},
    )


def _investment(plant: Plant) -> float:
    return plant.cost.capital.investment - plant.cost.support


def _check(design: Plant, alternatives: Sequence[Plant]) -> None:
    problems = []
    keys = [design.key]
    for plant in alternatives:
        own, other = design.year.useful_energy / KWH, plant.year.useful_energy / KWH
        if abs(own - other) > _SAME_USE * max(own, other):
            message = _OTHER_USE.format(name=plant.name, other=other, own=own)
            problems.append(Problem("comparison", plant.key, message, _GIVE_SAME))
        if plant.key in keys:
            message = _TWICE.format(key=plant.key)
            problems.append(Problem("comparison", plant.key, message, _RENAME))
        keys.append(plant.key)
    if problems:
        raise InputError(problems)
