"""The price of electricity by hour of a year, and the bill of a power drawn hour by hour.

The hours of each price come from :func:`diwen.evaluation.tariff_hours.prices`, the same that bills
measured electricity; here they are laid over the repeating year of 365 days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.design.economics.plant_year import DAY, KWH, YEAR, year_problems
from diwen.design.input_checks import refuse
from diwen.evaluation.period import Period
from diwen.evaluation.tariff_hours import NAMES, VALLEY, prices
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.economy import Tariff

Floats = NDArray[np.float64]

MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# A year without leap day and a zone without clock change: the repeating year of a simulation.
_START, _END = datetime(2023, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)

_NO_PRICE = Text("the tariff has no electricity price", "未给出电价")
_GIVE_PRICE = Text(
    "give tariff.electricity_price or tariff.periods",
    "请填写 tariff.electricity_price 或 tariff.periods",
)
_STEP = Text("the step does not divide a day", "步长不能整除一天")
_GIVE_STEP = Text("use a step such as 900 or 3600 s", "请采用 900 s、3600 s 等步长")


@dataclass(frozen=True, eq=False)
class TariffCourse:
    """The prices of a year.

    Attributes
    ----------
    names : kind of each price, keys of :data:`diwen.evaluation.tariff_hours.NAMES`, k of them
    prices : CNY/J, shape (k,)
    shares : share of each step in which a price holds; columns sum to 1, shape (k, n)
    step : s
    demand_charge : CNY per W of the highest mean power of a step in a month, and month
    capacity_charge : CNY per W of ``connected_capacity`` and month
    connected_capacity : W
    """

    names: tuple[str, ...]
    prices: Floats
    shares: Floats
    step: float
    demand_charge: float = 0.0
    capacity_charge: float = 0.0
    connected_capacity: float = 0.0

    @property
    def labels(self) -> tuple[Text, ...]:
        """The names in words."""
        return tuple(NAMES[name] for name in self.names)

    @property
    def price(self) -> Floats:
        """Mean price of each step, CNY/J, shape (n,)."""
        return self.prices @ self.shares

    def charge(self, power: ArrayLike) -> EnergyCharge:
        """The bill of a power, W, means of the steps of the year, shape (n,).

        Raises
        ------
        InputError : not one year of these steps
        """
        drawn = np.asarray(power, dtype=float)
        refuse(year_problems("tariff course", "power", drawn, self.step))
        energy = self.shares @ drawn * self.step
        highest = monthly_maximum(drawn, self.step)
        return EnergyCharge(
            self.names,
            energy,
            energy * self.prices,
            highest,
            float(highest.sum() * self.demand_charge),
            12.0 * self.capacity_charge * self.connected_capacity,
        )


@dataclass(frozen=True, eq=False)
class EnergyCharge:
    """What a year of electricity costs.

    Attributes
    ----------
    names : of the prices
    energy : bought at each, J, shape (k,)
    costs : CNY, shape (k,)
    highest : highest mean power of a step in each month, W, shape (12,)
    demand, capacity : demand and capacity charge of the year, CNY
    """

    names: tuple[str, ...]
    energy: Floats
    costs: Floats
    highest: Floats
    demand: float
    capacity: float

    @property
    def total(self) -> float:
        """All of it, CNY."""
        return float(self.costs.sum()) + self.demand + self.capacity

    @property
    def valley_share(self) -> float:
        """Share of the electricity bought in valley hours; 0 without electricity."""
        cheap = sum(e for name, e in zip(self.names, self.energy, strict=True) if name in VALLEY)
        whole = float(self.energy.sum())
        return float(cheap) / whole if whole > 0.0 else 0.0


def course_of_tariff(tariff: Tariff, step: float = 3600.0) -> TariffCourse:
    """The prices of the steps of a year.

    Parameters
    ----------
    tariff : the ``[tariff]`` table; holes and overlaps of its periods are refused
    step : s, must divide a day

    Raises
    ------
    InputError : no price, periods with holes or overlaps, a step that does not divide a day
    """
    problems = [
        Problem("tariff", f"tariff.{fault.where}", fault.message, fault.cure, fault.value)
        for fault in tariff.findings()
    ]
    if not tariff.periods and tariff.electricity_price is None:
        problems.append(Problem("tariff", "tariff", _NO_PRICE, _GIVE_PRICE))
    if step <= 0.0 or abs(DAY / step - round(DAY / step)) > 1e-9:
        problems.append(Problem("tariff", "step", _STEP, _GIVE_STEP, f"{step:g} s"))
    refuse(problems)
    period = Period("2023", "year", _START, _END, "UTC")
    found = prices(tariff, period)
    shares = np.array([_shares(price.spans - period.start_us, step) for price in found])
    return TariffCourse(
        tuple(price.name for price in found),
        np.array([price.price for price in found]),
        shares,
        step,
        tariff.demand_charge or 0.0,
        tariff.capacity_charge or 0.0,
        tariff.connected_capacity or 0.0,
    )


def _shares(spans: NDArray[np.int64], step: float) -> Floats:
    """Share of every step that lies in the spans (µs from the beginning of the year)."""
    edges = np.arange(round(YEAR / step) + 1) * (step * 1e6)
    ends = spans.ravel().astype(float)
    # Time inside the spans up to each of their ends: a broken line, read at the edges.
    inside = np.concatenate(([0.0], np.cumsum((np.arange(1, len(ends)) % 2) * np.diff(ends))))
    return np.diff(np.interp(edges, ends, inside)) / (step * 1e6)


def single_price(price: float, step: float = 3600.0) -> TariffCourse:
    """One price all year, CNY/J."""
    if not np.isfinite(price):
        raise InputError([Problem("tariff", "price", _NO_PRICE, _GIVE_PRICE, f"{price:g}")])
    return TariffCourse(("single",), np.array([price]), np.ones((1, round(YEAR / step))), step)


def monthly_maximum(power: Floats, step: float) -> Floats:
    """Highest value of each month of a year, shape (12,)."""
    starts = np.concatenate(([0], np.cumsum(MONTH_DAYS)[:-1])) * round(DAY / step)
    return np.maximum.reduceat(power, starts)


def valley_energy(
    course: TariffCourse, power: ArrayLike, months: Iterable[int] = (11, 12, 1, 2, 3)
) -> float:
    """Electricity bought in valley hours of some months (a heating season), kWh.

    Whole months are counted; the first and the last of a season that begins on the 15th are thus
    counted in full.
    """
    drawn = np.asarray(power, dtype=float)
    chosen = np.repeat(np.isin(np.arange(1, 13), list(months)), MONTH_DAYS)
    in_months = np.repeat(chosen, round(DAY / course.step))
    cheap = [index for index, name in enumerate(course.names) if name in VALLEY]
    shares = course.shares[cheap].sum(axis=0)
    return float((drawn * shares * in_months).sum() * course.step / KWH)
