"""How sure the money and the carbon are: every uncertain input drawn, the drivers ranked.

All inputs are drawn at once and independently (NumPy's generator, a given seed). One draw holds
for all plants that share it: a price, the load, a unit cost of the same item. The annual bills are
scaled, not simulated again: electricity changes in proportion to price and load and inversely to
the performance of the plant.

Shares of the other items (installation, planning) are drawn for themselves; the amount they are a
share of stays at its best estimate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.design.economics.capital_cost import CapitalItem
from diwen.design.economics.carbon_emissions import carbon_of
from diwen.design.economics.cash_flow import present_value, static_payback, yearly
from diwen.design.economics.comparison import Comparison, Outcome
from diwen.design.economics.life_cycle import escalation_name
from diwen.design.economics.plant_year import CARRIERS
from diwen.design.input_checks import number, refuse
from diwen.language import Text
from diwen.problems import Problem
from diwen.rules import RulesOn
from diwen.rules.rulebook import number as row_number

Floats = NDArray[np.float64]
Shape = Literal["uniform", "triangular", "normal"]

#: The key of the ground-source plant's own performance.
PERFORMANCE = "performance"
_RATES = ("discount_rate", "electricity_escalation", "fuel_escalation", "inflation")
_ORDER = Text("not in the order low, best, high", "未按下限、最佳值、上限排列")
_SORT = Text("write low ≤ best ≤ high", "应满足 下限 ≤ 最佳值 ≤ 上限")
_FEW = Text("too few samples for a rank correlation", "样本过少，无法计算秩相关")
_MORE = Text("at least 10", "至少 10")
_DRAW_MORE = Text("draw for example 2000", "例如取 2000 个样本")
_UNKNOWN = Text("no input of that name in this comparison", "本比较中没有该名称的输入")
_KNOWN = Text("write one of {known}", "可写 {known}")

_PRICE = Text("price of {carrier}", "{carrier}价格")
_UNIT_COST = Text("unit cost: {item}", "单价：{item}")
_LABELS = {
    "load": Text("yearly load", "年负荷"),
    PERFORMANCE: Text("performance of the ground-source plant", "地源热泵系统能效"),
    "grid_factor": Text("grid emission factor", "电网排放因子"),
    "discount_rate": Text("discount rate", "折现率"),
    "electricity_escalation": Text("rise of the electricity price", "电价年涨幅"),
    "fuel_escalation": Text("rise of fuel and heat prices", "燃料与热价年涨幅"),
    "inflation": Text("inflation", "通货膨胀率"),
}


@dataclass(frozen=True)
class UncertainInput:
    """A number that is not sure.

    Attributes
    ----------
    key : ``load``, ``performance``, ``price.gas``, ``grid_factor`` and ``capital.bore_metre`` are
        factors on the best estimate (best 1); ``discount_rate``, ``electricity_escalation``,
        ``fuel_escalation`` and ``inflation`` are the rates themselves
    label : in words
    low, best, high : ends and best estimate; for ``normal`` the ends are two standard deviations
    shape : of the distribution
    """

    key: str
    label: Text
    low: float
    best: float
    high: float
    shape: Shape = "triangular"

    def __post_init__(self) -> None:
        problems: list[Problem] = []
        for name in ("low", "best", "high"):
            problems += number("uncertain input", f"{self.key}.{name}", getattr(self, name),
                               positive=False)  # fmt: skip
        if not self.low <= self.best <= self.high:
            shown = f"{self.low:g}, {self.best:g}, {self.high:g}"
            problems.append(Problem("uncertain input", self.key, _ORDER, _SORT, shown))
        refuse(problems)

    def draw(self, generator: np.random.Generator, samples: int) -> Floats:
        """Samples, shape (samples,); a normal one is cut at four standard deviations."""
        if self.low == self.high:
            return np.full(samples, self.best)
        if self.shape == "uniform":
            return generator.uniform(self.low, self.high, samples)
        if self.shape == "triangular":
            return generator.triangular(self.low, self.best, self.high, samples)
        standard = 0.25 * (self.high - self.low)
        spread = np.clip(generator.standard_normal(samples), -4.0, 4.0)
        return np.asarray(self.best + standard * spread, dtype=float)


@dataclass(frozen=True)
class Driver:
    """How much one input moves a result.

    Attributes
    ----------
    key, label : of the input
    correlation : rank correlation (Spearman) of input and result
    share : its square over the sum of the squares of all inputs: the share of the variance of the
        ranks, for independent inputs and monotonic effects
    """

    key: str
    label: Text
    correlation: float
    share: float


@dataclass(frozen=True, eq=False)
class CostUncertainty:
    """What a Monte-Carlo study gives; each array has shape (samples,).

    Attributes
    ----------
    inputs : what was drawn
    draws : by key of the input
    cost : life-cycle cost by plant, CNY
    worth : net present value of the design against each plant, CNY
    payback : static, a; inf where it never pays back
    carbon : carbon dioxide avoided over the years, kg
    seed : of the generator
    """

    inputs: tuple[UncertainInput, ...]
    draws: Mapping[str, Floats]
    cost: Mapping[str, Floats]
    worth: Mapping[str, Floats]
    payback: Mapping[str, Floats]
    carbon: Mapping[str, Floats]
    seed: int

    def drivers(self, result: ArrayLike) -> tuple[Driver, ...]:
        """The inputs by how much they move a result, shape (samples,), strongest first."""
        return rank_drivers(self.inputs, self.draws, result)

    def chance(self, key: str) -> float:
        """Share of the draws in which the design costs less than that plant over its life."""
        return float((self.worth[key] > 0.0).mean())


def rank_drivers(
    inputs: Sequence[UncertainInput], draws: Mapping[str, Floats], result: ArrayLike
) -> tuple[Driver, ...]:
    """Rank correlation of each input with a result, strongest first."""
    ranks = _ranks(np.asarray(result, dtype=float))
    found = [_correlation(_ranks(draws[item.key]), ranks) for item in inputs]
    whole = sum(value**2 for value in found)
    drivers = [
        Driver(item.key, item.label, value, value**2 / whole if whole > 0.0 else 0.0)
        for item, value in zip(inputs, found, strict=True)
    ]
    return tuple(sorted(drivers, key=lambda driver: -abs(driver.correlation)))


def _ranks(values: Floats) -> Floats:
    """Ranks with ties sharing their mean rank (paybacks that never come are all alike)."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - 0.5 * (counts - 1.0))[inverse], dtype=float)


def _correlation(one: Floats, other: Floats) -> float:
    left, right = one - one.mean(), other - other.mean()
    size = np.sqrt((left @ left) * (right @ right))
    return float(left @ right / size) if size > 0.0 else 0.0


def usual_inputs(comparison: Comparison, rules: RulesOn) -> tuple[UncertainInput, ...]:
    """The inputs of a comparison with usual intervals: rows' own for unit costs, else the rules'.

    Unit costs that the user gave are taken as sure.
    """
    price = row_number(rules.row("economic_study.price_spread"))
    load = 2.0 * row_number(rules.row("economic_study.load_spread"))
    own = 2.0 * row_number(rules.row("economic_study.performance_spread"))
    found = [
        UncertainInput("load", _LABELS["load"], 1 - load, 1.0, 1 + load, "normal"),
        UncertainInput(PERFORMANCE, _LABELS[PERFORMANCE], 1 - own, 1.0, 1 + own, "normal"),
    ]
    bought = dict.fromkeys(
        carrier for outcome in comparison.outcomes for carrier in outcome.plant.year.bought()
    )
    for carrier in bought:
        label = _PRICE.format(carrier=CARRIERS[carrier])
        found.append(
            UncertainInput(f"price.{carrier}", label, 1 - price, 1.0, 1 + price, "uniform")
        )
    for outcome in comparison.outcomes:
        for item in outcome.plant.cost.capital.items:
            key = f"capital.{item.key}"
            if item.low < item.high and key not in {one.key for one in found}:
                label = _UNIT_COST.format(item=item.label)
                low, high = item.low / item.best, item.high / item.best
                found.append(UncertainInput(key, label, low, 1.0, high, "triangular"))
    return tuple(found)


def rate_input(key: str, low: float, best: float, high: float) -> UncertainInput:
    """An uncertain discount rate or escalation."""
    return UncertainInput(key, _LABELS[key], low, best, high)


def uncertain_costs(
    comparison: Comparison, inputs: Sequence[UncertainInput], samples: int = 2000, seed: int = 1
) -> CostUncertainty:
    """Draw all inputs and count every plant anew.

    Parameters
    ----------
    comparison : at the best estimates
    inputs : what is not sure
    samples : number of draws
    seed : of the generator; the same seed gives the same draws

    Raises
    ------
    InputError : too few samples, an input that the comparison does not have
    """
    _check(comparison, inputs, samples)
    generator = np.random.default_rng(seed)
    draws = {item.key: item.draw(generator, samples) for item in inputs}
    rate = draws.get("discount_rate", np.full(samples, comparison.terms.discount_rate))
    paid = {o.plant.key: _paid(comparison, o, draws, samples) for o in comparison.outcomes}
    left = {o.plant.key: _residual(comparison, o, draws, samples) for o in comparison.outcomes}
    years = comparison.terms.years
    cost = {
        key: present_value(flow, rate) - left[key] * (1.0 + rate) ** -years
        for key, flow in paid.items()
    }
    own = comparison.design.plant.key
    saved = {key: paid[key] - paid[own] for key in comparison.savings}
    carbon = {o.plant.key: _carbon(comparison, o, draws, samples) for o in comparison.outcomes}
    return CostUncertainty(
        tuple(inputs),
        draws,
        cost,
        {key: cost[key] - cost[own] for key in saved},
        {key: static_payback(flow) for key, flow in saved.items()},
        {key: carbon[key] - carbon[own] for key in saved},
        seed,
    )


def _residual(
    comparison: Comparison, outcome: Outcome, draws: Mapping[str, Floats], samples: int
) -> Floats:
    """Residual value of every draw, CNY, shape (samples,)."""
    terms = comparison.terms
    inflation = draws.get("inflation", np.full(samples, terms.inflation))
    found = np.zeros(samples)
    for item in outcome.plant.cost.capital.items:
        found += item.amount * _item_factor(item, draws) * item.residual(terms.years, inflation)
    return found


def _item_factor(item: CapitalItem, draws: Mapping[str, Floats]) -> Floats:
    """Factor of an item's unit cost in every draw; what the user gave is sure."""
    one = np.ones(1)
    return one if item.own else draws.get(f"capital.{item.key}", one)


def _paid(
    comparison: Comparison, outcome: Outcome, draws: Mapping[str, Floats], samples: int
) -> Floats:
    """Cost by year of every draw, CNY, shape (samples, years + 1)."""
    terms, cost = comparison.terms, outcome.plant.cost
    rates = {
        name: draws.get(name, np.full(samples, getattr(terms, name)))
        for name in (*_RATES, "other_escalation")
    }
    flows = np.zeros((samples, terms.years + 1))
    for item in cost.capital.items:
        bought = item.flows(terms.years, rates["inflation"])
        flows += item.amount * _item_factor(item, draws)[:, np.newaxis] * bought
    flows[:, 0] -= cost.support
    for name, first in cost.yearly.items():
        factor = _factor(comparison, outcome, name, draws, samples)
        paid = yearly(first * factor, rates[escalation_name(name)], terms.years)
        if name == "electricity" and cost.electricity_by_year is not None:
            paid[:, 1:] *= cost.electricity_by_year
        flows += paid
    return flows


def _factor(
    comparison: Comparison,
    outcome: Outcome,
    name: str,
    draws: Mapping[str, Floats],
    samples: int,
) -> Floats:
    """Factor of a yearly cost in every draw: price, load, performance, shape (samples,)."""
    factor = np.array(draws.get(f"price.{name}", np.ones(samples)))
    if name in CARRIERS or name in ("water_tax", "revenue", "support"):
        factor = factor * draws.get("load", 1.0)
    if name == "electricity" and outcome is comparison.design:
        factor = factor / draws.get(PERFORMANCE, 1.0)
    return factor


def _carbon(
    comparison: Comparison, outcome: Outcome, draws: Mapping[str, Floats], samples: int
) -> Floats:
    """Emissions of all years in every draw, kg, shape (samples,)."""
    plant, years = outcome.plant, comparison.terms.years
    electric = carbon_of(
        plant.year,
        comparison.factors,
        years,
        electricity_by_year=plant.cost.electricity_by_year,
    )
    fuel = years * (electric.first_year - electric.parts["electricity"])
    leaked = outcome.carbon.life - electric.life
    factor = np.asarray(draws.get("grid_factor", 1.0)) * np.ones(samples)
    if outcome is comparison.design:
        factor = factor / draws.get(PERFORMANCE, 1.0)
    return ((electric.life - fuel) * factor + fuel) * draws.get("load", 1.0) + leaked


def _check(comparison: Comparison, inputs: Sequence[UncertainInput], samples: int) -> None:
    known = {"load", PERFORMANCE, "grid_factor", *_RATES}
    known |= {f"price.{carrier}" for carrier in CARRIERS}
    for outcome in comparison.outcomes:
        known |= {f"capital.{item.key}" for item in outcome.plant.cost.capital.items}
    problems = [
        Problem(
            "uncertain costs", item.key, _UNKNOWN, _KNOWN.format(known=", ".join(sorted(known)))
        )
        for item in inputs
        if item.key not in known
    ]
    if samples < 10:
        problems.append(
            Problem("uncertain costs", "samples", _FEW, _DRAW_MORE, f"{samples}", _MORE)
        )
    refuse(problems)
