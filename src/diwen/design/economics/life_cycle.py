"""Life-cycle cost of one plant: investment, renewals, residual value, and every year's bills.

Prices of the first year rise by their own rate from the second year on. Discounting is nominal
throughout; :func:`diwen.design.economics.cash_flow.real_rate` gives the real rate behind it. A
study in real terms is the same with real rates and escalations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.design.economics.capital_cost import CapitalCost
from diwen.design.economics.cash_flow import (
    annuity_factor,
    levelised_cost,
    present_value,
    real_rate,
    yearly,
)
from diwen.design.economics.plant_year import CARRIERS, KWH
from diwen.design.input_checks import finite, number, refuse
from diwen.language import Text
from diwen.problems import Problem

Floats = NDArray[np.float64]

#: What is paid every year, with its name; revenue and support stand with a minus.
YEARLY = {
    **CARRIERS,
    "water_tax": Text("water resource tax", "水资源税"),
    "maintenance": Text("maintenance", "维护费"),
    "staff": Text("staff", "人工费"),
    "support": Text("support of running costs", "运行补贴"),
    "revenue": Text("heat and cold sold", "售热（冷）收入"),
}
#: Names of the flows that stand beside the yearly costs.
OTHER_FLOWS = {
    "capital": Text("investment and renewals", "投资与更换"),
    "residual": Text("residual value", "残值"),
    "support_once": Text("subsidy on building", "建设奖补"),
}
RESIDUAL = "residual"
_FUELS = ("gas", "coal", "district_heat")
_LABOUR = ("maintenance", "staff")

_YEARS = Text(
    "the years of the study must be a whole number from 1 to 100", "分析年限应为 1–100 的整数"
)
_GIVE_YEARS = Text("write for example 25", "例如填写 25")
_RATE = Text("a rate at or below −100 %", "比率不大于 −100 %")
_CORRECT_RATE = Text("write 0.06 for 6 % a year", "每年 6 % 写作 0.06")
_UNKNOWN = Text("no such yearly cost", "没有该年费用项")
_WRITE_KNOWN = Text("write one of {known}", "可写 {known}")
_SHORT = Text(
    "{found} years of electricity for a study of {years} years",
    "分析年限 {years} 年，却给出 {found} 年的电量",
)
_ALL_YEARS = Text("give one factor per year", "请逐年给出系数")


@dataclass(frozen=True)
class Terms:
    """What the money of a study is worth.

    Attributes
    ----------
    years : of the study
    discount_rate : nominal
    inflation : yearly rise of equipment, maintenance and wages
    electricity_escalation, fuel_escalation : yearly rise of prices (``fuel``: gas, coal, heat
        bought and sold)
    other_escalation : of taxes and support
    """

    years: int = 25
    discount_rate: float = 0.06
    inflation: float = 0.0
    electricity_escalation: float = 0.0
    fuel_escalation: float = 0.0
    other_escalation: float = 0.0

    def __post_init__(self) -> None:
        problems: list[Problem] = []
        if not isinstance(self.years, int) or not 1 <= self.years <= 100:
            problems.append(Problem("terms", "years", _YEARS, _GIVE_YEARS, str(self.years)))
        for name in ("discount_rate", "inflation", "electricity_escalation", "fuel_escalation",
                     "other_escalation"):  # fmt: skip
            value = getattr(self, name)
            problems += number("terms", name, value, positive=False)
            if value <= -1.0:
                problems.append(Problem("terms", name, _RATE, _CORRECT_RATE, f"{value:g}"))
        refuse(problems)

    @property
    def real_discount_rate(self) -> float:
        """Discount rate without inflation (Fisher)."""
        return float(real_rate(self.discount_rate, self.inflation))

    def escalation(self, name: str) -> float:
        """Yearly rise of a yearly cost."""
        return float(getattr(self, escalation_name(name)))


def escalation_name(name: str) -> str:
    """Which rate of :class:`Terms` a yearly cost rises by; heat sold rises as heat bought does."""
    if name == "electricity":
        return "electricity_escalation"
    if name in _FUELS or name == "revenue":
        return "fuel_escalation"
    return "inflation" if name in _LABOUR else "other_escalation"


@dataclass(frozen=True, eq=False)
class PlantCost:
    """Everything a plant costs.

    Attributes
    ----------
    capital : investment
    yearly : cost of the first year by name (:data:`YEARLY`), CNY; gains negative
    support : once, on building, CNY, positive
    electricity_by_year : electricity of each year over that of the year that ``yearly`` bills,
        (years,); None: all equal (else the ground cools, units age)
    """

    capital: CapitalCost
    yearly: Mapping[str, float] = field(default_factory=dict)
    support: float = 0.0
    electricity_by_year: Floats | None = None

    def __post_init__(self) -> None:
        problems = list(number("plant cost", "support", self.support, positive=False))
        for name, value in self.yearly.items():
            problems += number("plant cost", f"yearly.{name}", value, positive=False)
            if name not in YEARLY:
                cure = _WRITE_KNOWN.format(known=", ".join(YEARLY))
                problems.append(Problem("plant cost", "yearly", _UNKNOWN, cure, name))
        if self.electricity_by_year is not None:
            factors = np.asarray(self.electricity_by_year, dtype=float)
            problems += finite("plant cost", "electricity_by_year", factors)
        refuse(problems)

    @property
    def running(self) -> float:
        """Running cost of the first year, CNY."""
        return sum(self.yearly.values())


@dataclass(frozen=True, eq=False)
class LifeCycle:
    """The costs of a plant over the years of a study.

    Attributes
    ----------
    terms : of the study
    flows : cost by year and name, CNY, shape (years + 1,) each: ``capital`` (with renewals),
        ``residual`` (negative, in the last year), ``support_once`` and those of :data:`YEARLY`
    useful : energy delivered each year, J
    """

    terms: Terms
    flows: Mapping[str, Floats]
    useful: float

    @property
    def by_year(self) -> Floats:
        """Cost by year, CNY, shape (years + 1,)."""
        return np.sum(list(self.flows.values()), axis=0)

    @property
    def paid_by_year(self) -> Floats:
        """As :attr:`by_year` without the residual value, which is no money that comes in."""
        return self.by_year - self.flows.get(RESIDUAL, 0.0)

    @property
    def cost(self) -> float:
        """Life-cycle cost: present value of all costs, CNY."""
        return float(present_value(self.by_year, self.terms.discount_rate))

    @property
    def parts(self) -> dict[str, float]:
        """Present value by name, CNY; the sum is :attr:`cost`."""
        rate = self.terms.discount_rate
        return {name: float(present_value(flow, rate)) for name, flow in self.flows.items()}

    @property
    def annual_cost(self) -> float:
        """Life-cycle cost as equal payments at the end of each year (费用年值), CNY/a."""
        return self.cost / float(annuity_factor(self.terms.discount_rate, self.terms.years))

    @property
    def levelised(self) -> float:
        """Levelised cost of heat and cold in money of year 0, CNY/kWh; nan without any.

        Nominal costs discounted nominally, energy discounted at the real rate: the price, rising
        with inflation, that pays everything.
        """
        if self.useful <= 0.0:
            return float("nan")
        terms = self.terms
        energy = yearly(self.useful / KWH, 0.0, terms.years)
        prices = (1.0 + terms.inflation) ** np.arange(terms.years + 1.0)
        return float(levelised_cost(self.by_year, energy * prices, terms.discount_rate))


def life_cycle_of(plant: PlantCost, terms: Terms, useful: float) -> LifeCycle:
    """The costs of a plant year by year.

    Parameters
    ----------
    plant : its costs
    terms : of the study
    useful : heat and cold delivered in a year, J

    Raises
    ------
    InputError : electricity by year of another number of years
    """
    years = terms.years
    capital = plant.capital
    flows = {"capital": capital.flows(years, terms.inflation)}
    residual = capital.residual(years, terms.inflation)
    if residual:
        flows[RESIDUAL] = np.concatenate((np.zeros(years), [-residual]))
    if plant.support:
        flows["support_once"] = np.concatenate(([-plant.support], np.zeros(years)))
    for name, first in plant.yearly.items():
        flows[name] = yearly(first, terms.escalation(name), years) * _by_year(plant, name, years)
    return LifeCycle(terms, flows, useful)


def _by_year(plant: PlantCost, name: str, years: int) -> Floats:
    """Factor of a yearly cost by year, shape (years + 1,)."""
    factors = plant.electricity_by_year
    if name != "electricity" or factors is None:
        return np.ones(years + 1)
    if len(factors) != years:
        message = _SHORT.format(found=len(factors), years=years)
        refuse([Problem("plant cost", "electricity_by_year", message, _ALL_YEARS)])
    return np.concatenate(([0.0], factors))


def saving_flows(reference: ArrayLike, plant: ArrayLike) -> Floats:
    """What a plant saves against another, by year: costs of the other less its own, CNY."""
    return np.asarray(reference, dtype=float) - np.asarray(plant, dtype=float)
