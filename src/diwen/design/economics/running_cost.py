"""What a year of a plant costs to run: electricity by hour, fuel, heat, water, people.

Every price is an argument; :mod:`of_site` takes them from ``[tariff]`` and, where one is missing,
from rule rows that say they are illustrative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from diwen.design.economics.capital_cost import CapitalCost, row_interval
from diwen.design.economics.plant_year import CARRIERS, KWH, PlantYear
from diwen.design.economics.tariff_course import EnergyCharge, TariffCourse
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.rules import Row, RulesOn
from diwen.rules.rulebook import number

_NO_PRICE = Text(
    "the plant buys {carrier}, whose price is not given", "方案使用{carrier}，但未给出其价格"
)
_GIVE_PRICE = Text(
    "give tariff.gas_price, tariff.coal_price or tariff.district_heat_price",
    "请填写 tariff.gas_price、tariff.coal_price 或 tariff.district_heat_price",
)
_GIGAJOULE = 1e9


@dataclass(frozen=True, eq=False)
class Prices:
    """What energy costs.

    Attributes
    ----------
    electricity : by hour
    fuel : by carrier, CNY/J of energy bought
    district_heat_area : charge of a season that stands instead of a price by energy, CNY; or None
    rows : rule rows behind them
    assumed : carriers whose price nobody gave
    """

    electricity: TariffCourse
    fuel: Mapping[str, float] = field(default_factory=dict)
    district_heat_area: float | None = None
    rows: tuple[Row, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class RunningCost:
    """Running cost of the first year.

    Attributes
    ----------
    yearly : by name of :data:`diwen.design.economics.life_cycle.YEARLY`, CNY; gains negative
    bill : of electricity
    """

    yearly: Mapping[str, float]
    bill: EnergyCharge

    @property
    def total(self) -> float:
        """All of it, CNY."""
        return sum(self.yearly.values())


def running_cost_of(
    year: PlantYear, prices: Prices, others: Mapping[str, float] | None = None
) -> RunningCost:
    """The bills of a year.

    Parameters
    ----------
    year : what the plant buys
    prices : what energy costs
    others : ``maintenance``, ``staff``, ``water_tax``, ``support`` (negative), ``revenue``
        (negative), CNY

    Raises
    ------
    InputError : the plant buys something that has no price
    """
    bill = prices.electricity.charge(year.electricity)
    yearly = {"electricity": bill.total}
    problems = []
    for carrier, energy in year.fuel.items():
        if carrier == "district_heat" and prices.district_heat_area is not None:
            yearly[carrier] = prices.district_heat_area
        elif carrier in prices.fuel:
            yearly[carrier] = energy * prices.fuel[carrier]
        elif energy > 0.0:
            message = _NO_PRICE.format(carrier=CARRIERS[carrier])
            problems.append(Problem("prices", carrier, message, _GIVE_PRICE))
    if problems:
        raise InputError(problems)
    return RunningCost({**yearly, **(others or {})}, bill)


def maintenance_of(rules: RulesOn, capital: CapitalCost) -> tuple[float, tuple[Row, ...]]:
    """Yearly maintenance as shares of the investment in ground and equipment, CNY."""
    rows = (rules.row("maintenance.share_field"), rules.row("maintenance.share"))
    shares = (row_interval(row)[1] for row in rows)
    amounts = capital.field_and_equipment()
    return sum(s * a for s, a in zip(shares, amounts, strict=True)), rows


def gas_price(rules: RulesOn, per_cubic_metre: float) -> tuple[float, Row]:
    """Price of gas per energy (lower calorific value), CNY/J, and the row of its heat."""
    row = rules.row("gbt50801.energy_per_unit.gas")
    return per_cubic_metre / (number(row) * KWH), row


def coal_price(rules: RulesOn, per_kilogram: float) -> tuple[float, Row]:
    """Price of coal per energy, CNY/J; the kilogram is one of coal equivalent."""
    row = rules.row("gbt50801.calorific_value")
    return per_kilogram / (number(row) * 1e6), row


def example_fuel_price(rules: RulesOn, carrier: str) -> tuple[float, tuple[Row, ...]]:
    """Illustrative price of a fuel or of heat, CNY/J, and its rows."""
    row = rules.row(f"example_price.{carrier}")
    best = row_interval(row)[1]
    if carrier == "gas":
        price, heat = gas_price(rules, best)
        return price, (row, heat)
    if carrier == "coal":
        price, heat = coal_price(rules, best / 1000.0)
        return price, (row, heat)
    return best / _GIGAJOULE, (row,)
