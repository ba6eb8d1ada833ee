"""Money and carbon of every sample: bills from its own electricity and fuel, prices as drawn.

Alternatives deliver what the design delivers: their bills follow the load of the sample and the
weather it has. Sizes of what is bought stay as planned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.design.economics.cash_flow import present_value, static_payback, yearly
from diwen.design.economics.comparison import Comparison, Outcome
from diwen.design.economics.life_cycle import escalation_name
from diwen.design.economics.plant_year import CARRIERS, KWH
from diwen.design.economics.running_cost import Prices
from diwen.design.economics.site_year import over_study
from diwen.design.station_design.uncertain_inputs import GRID, LOAD
from diwen.design.station_design.uncertainty_run import YearsOfPlant
from diwen.plant.station import Station

Floats = NDArray[np.float64]
_CARRIER = {"natural_gas": "gas", "lpg": "gas", "coal": "coal"}
_GIGAJOULE = 1e9
_FOLLOW_LOAD = ("water_tax", "support", "revenue")


@dataclass(frozen=True, eq=False)
class MoneySamples:
    """What a design costs and emits in every sample; shape (samples,) each.

    Attributes
    ----------
    cost : life-cycle cost by plant (``ground_source`` is the design), CNY
    payback : static, of the design against each plant, a; inf: never
    saving : present value saved against each plant, CNY
    carbon : of the design over the study, kg
    avoided : carbon against each plant, kg
    """

    cost: dict[str, Floats]
    payback: dict[str, Floats]
    saving: dict[str, Floats]
    carbon: Floats
    avoided: dict[str, Floats]


def money_of_samples(
    comparisons: Mapping[int, Comparison],
    prices: Prices,
    station: Station,
    runs: Sequence[YearsOfPlant],
    draws: Mapping[str, Floats],
    weather: NDArray[np.intp],
) -> MoneySamples:
    """Money and carbon of samples.

    Parameters
    ----------
    comparisons : at the best estimates, by weather; 0 is always there
    prices : of energy
    station : knows which backup burns what
    runs : one per sample
    draws : of the inputs, by key, shape (samples,)
    weather : of each sample, a key of ``comparisons``, shape (samples,)
    """
    base = comparisons[0]
    terms = base.terms
    paid = {base.design.plant.key: _design_paid(base, prices, station, runs, draws)}
    carbon = {base.design.plant.key: _design_carbon(base, station, runs, draws)}
    residual = {base.design.plant.key: _residual(base, base.design, draws, len(runs))}
    for key, other in base.alternatives.items():
        paid[key] = _other_paid(comparisons, key, draws, weather)
        carbon[key] = _other_carbon(comparisons, key, draws, weather)
        residual[key] = _residual(base, other, draws, len(runs))
    end = (1.0 + terms.discount_rate) ** -terms.years
    cost = {
        key: present_value(flow, terms.discount_rate) - residual[key] * end
        for key, flow in paid.items()
    }
    own, others = base.design.plant.key, tuple(base.alternatives)
    return MoneySamples(
        cost,
        {key: static_payback(paid[key] - paid[own]) for key in others},
        {key: cost[key] - cost[own] for key in others},
        carbon[own],
        {key: carbon[key] - carbon[own] for key in others},
    )


def _capital(comparison: Comparison, outcome: Outcome, draws: Mapping[str, Floats],
             samples: int) -> Floats:  # fmt: skip
    """Investment, renewals and support by year, CNY, shape (samples, years + 1)."""
    terms, flows = comparison.terms, np.zeros((samples, comparison.terms.years + 1))
    for item in outcome.plant.cost.capital.items:
        factor = _item_factor(item, draws, samples)
        flows += item.amount * factor[:, None] * item.flows(terms.years, terms.inflation)
    flows[:, 0] -= outcome.plant.cost.support
    return flows


def _residual(comparison: Comparison, outcome: Outcome, draws: Mapping[str, Floats],
              samples: int) -> Floats:  # fmt: skip
    terms, found = comparison.terms, np.zeros(samples)
    for item in outcome.plant.cost.capital.items:
        worth = item.amount * float(item.residual(terms.years, terms.inflation))
        found += worth * _item_factor(item, draws, samples)
    return found


def _item_factor(item: object, draws: Mapping[str, Floats], samples: int) -> Floats:
    key, own = f"capital.{item.key}", item.own  # type: ignore[attr-defined]
    return np.ones(samples) if own or key not in draws else draws[key]


def _rise(comparison: Comparison, name: str) -> Floats:
    """Price of every year of the study over that of the first, shape (years,)."""
    terms = comparison.terms
    return np.asarray(yearly(1.0, getattr(terms, escalation_name(name)), terms.years)[1:])


def _design_paid(
    comparison: Comparison, prices: Prices, station: Station, runs: Sequence[YearsOfPlant],
    draws: Mapping[str, Floats],
) -> Floats:  # fmt: skip
    """Paid by year, CNY, shape (samples, years + 1)."""
    samples, years = len(runs), comparison.terms.years
    one = np.ones(samples)
    flows = _capital(comparison, comparison.design, draws, samples)
    power = np.stack([over_study(run.electricity, years) for run in runs])
    bills = np.array([prices.electricity.charge(run.power).total for run in runs])
    last = np.array([run.electricity[-1] for run in runs])
    per_joule = np.divide(bills, last, out=np.zeros(samples), where=last > 0.0)
    factor = per_joule * draws.get("price.electricity", one)
    flows[:, 1:] += power * factor[:, None] * _rise(comparison, "electricity")
    for carrier, burnt in _burnt(station, runs, years).items():
        price = prices.fuel[carrier] * draws.get(f"price.{carrier}", one)
        flows[:, 1:] += burnt * price[:, None] * _rise(comparison, carrier)
    for name, first in comparison.design.plant.cost.yearly.items():
        if name not in CARRIERS:
            follows = draws.get(LOAD, one) if name in _FOLLOW_LOAD else one
            flows[:, 1:] += first * follows[:, None] * _rise(comparison, name)
    return flows


def _burnt(station: Station, runs: Sequence[YearsOfPlant], years: int) -> dict[str, Floats]:
    """Fuel by carrier and year of the study, J, shape (samples, years)."""
    fuels = {one.name: _CARRIER[one.fuel] for one in station.backups if one.fuel in _CARRIER}
    found: dict[str, Floats] = {}
    for name, carrier in fuels.items():
        burnt = np.stack([over_study(run.fuel[name], years) for run in runs])
        found[carrier] = found.get(carrier, 0.0) + burnt
    return found


def _design_carbon(
    comparison: Comparison, station: Station, runs: Sequence[YearsOfPlant],
    draws: Mapping[str, Floats],
) -> Floats:  # fmt: skip
    """Of all years of the study, kg, shape (samples,)."""
    years, factors = comparison.terms.years, comparison.factors
    cleaner = factors.grid * (1.0 - factors.decline) ** np.arange(years)
    power = np.stack([over_study(run.electricity, years) for run in runs]) / KWH
    found = (power * cleaner).sum(axis=1) * draws.get(GRID, np.ones(len(runs)))
    for carrier, burnt in _burnt(station, runs, years).items():
        found = found + burnt.sum(axis=1) / _GIGAJOULE * factors.fuel[carrier]
    return np.asarray(found + _leaked(comparison.design, years))


def _leaked(outcome: Outcome, years: int) -> float:
    """Refrigerant lost over the study, kg of carbon dioxide; with that of the end of life."""
    lost = outcome.plant.refrigerant
    if lost is None:
        return 0.0
    return lost.charge * lost.potential * (lost.yearly_leakage * years + lost.end_of_life)


def _other_paid(
    comparisons: Mapping[int, Comparison], key: str, draws: Mapping[str, Floats],
    weather: NDArray[np.intp],
) -> Floats:  # fmt: skip
    samples, base = len(weather), comparisons[0]
    flows = _capital(base, base.alternatives[key], draws, samples)
    load = draws.get(LOAD, np.ones(samples))
    names = dict.fromkeys(
        name for one in comparisons.values() for name in one.alternatives[key].plant.cost.yearly
    )
    for name in names:
        first = _by_weather(weather, {
            which: one.alternatives[key].plant.cost.yearly.get(name, 0.0)
            for which, one in comparisons.items()
        })  # fmt: skip
        if name in CARRIERS:
            first = first * load * draws.get(f"price.{name}", np.ones(samples))
        else:
            first = np.full(samples, base.alternatives[key].plant.cost.yearly.get(name, 0.0))
        flows[:, 1:] += first[:, None] * _rise(base, name)
    return flows


def _other_carbon(
    comparisons: Mapping[int, Comparison], key: str, draws: Mapping[str, Floats],
    weather: NDArray[np.intp],
) -> Floats:  # fmt: skip
    base, samples = comparisons[0], len(weather)
    years, factors = base.terms.years, base.factors
    cleaner = factors.grid * float(((1.0 - factors.decline) ** np.arange(years)).sum())
    load = draws.get(LOAD, np.ones(samples))
    found = np.zeros(samples)
    for carrier in CARRIERS:
        energy = _by_weather(weather, {
            which: one.alternatives[key].plant.year.bought().get(carrier, 0.0)
            for which, one in comparisons.items()
        })  # fmt: skip
        if carrier == "electricity":
            found += energy / KWH * cleaner * draws.get(GRID, np.ones(samples)) * load
        else:
            found += energy / _GIGAJOULE * factors.fuel[carrier] * years * load
    return found


def _by_weather(weather: NDArray[np.intp], values: Mapping[int, float]) -> Floats:
    return np.array([values[int(which)] for which in weather], float)
