"""What a joule costs and emits at a site: electricity by hour of the year, gas, carbon dioxide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import numpy as np

from diwen.evaluation.emissions import electricity_emission
from diwen.evaluation.period import Period
from diwen.evaluation.tariff_hours import prices
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.diagnosis.attribution.plant_year import PlantYear
    from diwen.diagnosis.finding import Floats
    from diwen.rules import Row, RulesOn
    from diwen.site import Site

KWH = 3.6e6
HOUR = 3600.0
_MINUTE_US = 60_000_000
_YEAR_MINUTES = 525_600
# A year without leap day in a zone without clock change: the repeating year of the twin.
_START, _END = datetime(2023, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)
_NO_TARIFF = Text(
    "the site gives no electricity price (tariff.electricity_price or tariff.periods): energy only",
    "项目未给出电价（tariff.electricity_price 或 tariff.periods），仅给出电量",
)
_HOLES = Text(
    "the tariff periods do not cover the year exactly once: energy only",
    "分时电价时段未恰好覆盖全年，仅给出电量",
)
_NO_DEMAND = Text(
    "demand and capacity charges are not in the cost of deviations",
    "偏差费用不含需量电费与容量电费",
)
_NO_GAS = Text(
    "fuel is burnt whose price the site does not give: its cost is not counted",
    "项目未给出燃料价格：燃料费未计入",
)
_NO_FACTOR = Text("no electricity carbon factor is known here", "当地没有已知的电力排放因子")


@dataclass(frozen=True, eq=False)
class EnergyPrices:
    """Prices and factors.

    Attributes
    ----------
    electricity : CNY/J by hour of the year of 365 days, shape (8760,), or None
    fuel : CNY/J of the lower heating value, nan where not known
    grid, fuel_emission : kg of carbon dioxide per J, nan where not known
    rows : rule rows behind them
    notes : what is not counted
    """

    electricity: Floats | None
    fuel: float
    grid: float
    fuel_emission: float
    rows: tuple[Row, ...]
    notes: tuple[Text, ...]

    def cost(self, year: PlantYear) -> float | None:
        """Electricity and fuel of a year, CNY; None without a tariff."""
        return self.cost_of_power(year, year.total_power, year.fuel_energy)

    def cost_of_power(self, year: PlantYear, power: Floats, fuel: float = 0.0) -> float | None:
        """Cost of a power of the hours of a year, W, and of fuel, J; None without a tariff."""
        if self.electricity is None:
            return None
        burnt = fuel * self.fuel if fuel and np.isfinite(self.fuel) else 0.0
        return float((power * self.electricity[year.place]).sum()) * HOUR + burnt

    def emission(self, year: PlantYear) -> float:
        """Carbon dioxide of a year, kg; nan where the factor is not known."""
        burnt = year.fuel_energy * self.fuel_emission if year.fuel_energy else 0.0
        return year.electricity * self.grid + burnt


def energy_prices(site: Site, day: date, burns: frozenset[str]) -> EnergyPrices:
    """Prices by the site's own tariff, factors by the rules of its region.

    Parameters
    ----------
    day : on which the rules are asked
    burns : fuels that the plant burns, such as ``natural_gas``
    """
    from diwen import rules as rule_book

    notes: list[Text] = []
    electricity = _electricity(site, notes)
    rules = rule_book.on(day, site.evaluation.grid_region or site.place.region or None)
    if rules.chain is None or "China" not in rules.chain:
        rules = rule_book.on(day, "China") if rules.chain is None else rules
    rows: list[Row] = []
    grid = _grid(rules, rows, notes)
    fuel, emission = _fuel(site, rules, burns, rows, notes)
    if site.tariff.demand_charge or site.tariff.capacity_charge:
        notes.append(_NO_DEMAND)
    return EnergyPrices(electricity, fuel, grid, emission, tuple(rows), tuple(notes))


def _electricity(site: Site, notes: list[Text]) -> Floats | None:
    """CNY/J of each hour, mean over its minutes, shape (8760,)."""
    period = Period("2023", "year", _START, _END, "UTC")
    found = prices(site.tariff, period)
    if not found:
        notes.append(_NO_TARIFF)
        return None
    if any(True for _ in site.tariff.findings()):
        notes.append(_HOLES)
        return None
    minutes = np.full(_YEAR_MINUTES, np.nan)
    for price in found:
        for begin, end in (price.spans - period.start_us) // _MINUTE_US:
            minutes[begin:end] = price.price
    return minutes.reshape(-1, 60).mean(axis=1)


def _grid(rules: RulesOn, rows: list[Row], notes: list[Text]) -> float:
    from diwen.rules import RuleMissingError
    from diwen.rules.emissions import grid_factor

    try:
        row = grid_factor(rules)
    except RuleMissingError:
        notes.append(_NO_FACTOR)
        return float("nan")
    rows.append(row)
    return electricity_emission(1.0, row.value or 0.0)


def _fuel(
    site: Site, rules: RulesOn, burns: frozenset[str], rows: list[Row], notes: list[Text]
) -> tuple[float, float]:
    """CNY/J and kg/J of natural gas; nan where there is none or nobody says."""
    if not burns:
        return 0.0, 0.0
    price = emission = float("nan")
    if burns == {"natural_gas"}:
        heat, carbon = rules.row("gbt50801.energy_per_unit.gas"), rules.row("fuel.natural_gas.co2")
        rows += [heat, carbon]
        emission = (carbon.value or 0.0) * 1000.0 / 1e12
        if site.tariff.gas_price is not None:
            price = site.tariff.gas_price / ((heat.value or 1.0) * KWH)
    if not np.isfinite(price):
        notes.append(_NO_GAS)
    return price, emission
