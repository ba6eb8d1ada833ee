"""Carbon dioxide of a plant by year and over its life, and the balance against what it replaces.

``ER = BE − PE − LE``: emissions of the replaced plant, of the design, and of the refrigerant that
is lost (``m · rate · GWP``). The same arithmetic as the balance of measured plants
(:mod:`diwen.evaluation.emissions`); published formulas of regional schemes were not found. The
coal method of GB/T 50801-2013 stands in :mod:`diwen.design.economics.primary_energy`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.design.economics.plant_year import CARRIERS, PlantYear
from diwen.evaluation.emissions import boiler_emission, electricity_emission
from diwen.language import Text
from diwen.rules import Row, RulesOn
from diwen.rules.emissions import grid_factor
from diwen.rules.rulebook import number

Floats = NDArray[np.float64]

_NO_GWP = Text(
    "no global warming potential of {refrigerant} in the rules: its leakage is not counted",
    "规则中没有 {refrigerant} 的全球变暖潜值：未计入泄漏",
)


@dataclass(frozen=True)
class Factors:
    """What energy emits.

    Attributes
    ----------
    grid : of electricity, kg/kWh
    fuel : by carrier, t/TJ (kg/GJ) of energy bought
    rows : rule rows
    decline : yearly fall of the grid factor, 0.02 for 2 %
    """

    grid: float
    fuel: Mapping[str, float]
    rows: tuple[Row, ...] = ()
    decline: float = 0.0


@dataclass(frozen=True, eq=False)
class CarbonBalance:
    """Emissions of one plant.

    Attributes
    ----------
    parts : of the first year by carrier and ``refrigerant``, kg
    by_year : kg, shape (years,)
    """

    parts: Mapping[str, float]
    by_year: Floats

    @property
    def first_year(self) -> float:
        """Emission of the first year, kg."""
        return sum(self.parts.values())

    @property
    def life(self) -> float:
        """Emission of all years, kg."""
        return float(self.by_year.sum())


@dataclass(frozen=True)
class Refrigerant:
    """The refrigerant of a plant.

    Attributes
    ----------
    charge : kg
    potential : global warming potential over 100 years
    yearly_leakage : share of the charge lost each year
    end_of_life : share of the charge not recovered in the end
    rows : rule rows
    """

    charge: float
    potential: float
    yearly_leakage: float
    end_of_life: float = 0.0
    rows: tuple[Row, ...] = ()


def factors_of(rules: RulesOn, decline: float = 0.0) -> Factors:
    """The factors that hold here and then.

    Coal is that of GB/T 50801-2013 (2.47 kg per kgce, told per energy by its calorific value);
    a boiler's ``Q / η`` then gives the same as its kgce.
    """
    grid = grid_factor(rules)
    gas, heat = rules.row("fuel.natural_gas.co2"), rules.row("fuel.district_heat.co2")
    carbon, calorific = rules.row("gbt50801.factor.co2"), rules.row("gbt50801.calorific_value")
    coal = number(carbon) / number(calorific) * 1000.0
    fuel = {"gas": number(gas), "coal": coal, "district_heat": number(heat)}
    return Factors(number(grid), fuel, (grid, gas, heat, carbon, calorific), decline)


def carbon_of(
    plant: PlantYear,
    factors: Factors,
    years: int = 1,
    *,
    refrigerant: Refrigerant | None = None,
    electricity_by_year: ArrayLike | None = None,
) -> CarbonBalance:
    """Carbon dioxide (equivalent) of a plant.

    Parameters
    ----------
    plant : its year
    factors : what energy emits
    years : of its life
    refrigerant : None: not counted
    electricity_by_year : of each year over that of ``plant``, shape (years,); None: all equal
    """
    electric = electricity_emission(plant.electric_energy, factors.grid)
    parts = {"electricity": electric}
    for carrier, energy in plant.fuel.items():
        parts[carrier] = boiler_emission(energy, 1.0, factors.fuel[carrier])
    if refrigerant is not None:
        lost = refrigerant.charge * refrigerant.yearly_leakage
        parts["refrigerant"] = lost * refrigerant.potential
    course = np.ones(years) if electricity_by_year is None else np.asarray(electricity_by_year)
    cleaner = (1.0 - factors.decline) ** np.arange(years)
    by_year = sum(parts.values()) - electric + electric * course * cleaner
    if refrigerant is not None:
        by_year[-1] += refrigerant.charge * refrigerant.end_of_life * refrigerant.potential
    return CarbonBalance(parts, by_year)


def emission_reduction(baseline: CarbonBalance, project: CarbonBalance) -> Floats:
    """``ER = BE − PE − LE`` by year, kg; leakage is part of the project's emissions here."""
    return baseline.by_year - project.by_year


def break_even_performance(
    grid: float, fuel_factor: float, efficiency: float, auxiliary: float = 0.0
) -> float:
    """System COP at which a heat pump emits as much as a boiler: ``EF_grid η / EF_fuel``.

    Parameters
    ----------
    grid : kg/kWh
    fuel_factor : t/TJ of fuel
    efficiency : of the boiler
    auxiliary : electricity of the boiler house over its heat
    """
    per_joule = boiler_emission(1.0, efficiency, fuel_factor)
    per_joule += electricity_emission(auxiliary, grid)
    return electricity_emission(1.0, grid) / per_joule


def refrigerant_of(
    rules: RulesOn, name: str, charge: float
) -> tuple[Refrigerant | None, tuple[Text, ...]]:
    """The refrigerant by its name with the usual leakage; None and a note where it is unknown."""
    rows = rules.rows(quantity="refrigerant")
    asked = _plain(name)
    known = next((r for r in rows if _plain(r.applies.get("refrigerant", "-")) == asked), None)
    if known is None:
        return None, (_NO_GWP.format(refrigerant=name or "?"),)
    yearly = rules.row("refrigerant_leakage.yearly")
    end = rules.row("refrigerant_leakage.end_of_life")
    found = Refrigerant(charge, number(known), number(yearly), number(end), (known, yearly, end))
    return found, ()


def _plain(name: str) -> str:
    """A name without what people write differently: ``R-410a`` is ``R410A``."""
    return "".join(letter for letter in name.upper() if letter.isalnum())


LABELS = {**CARRIERS, "refrigerant": Text("refrigerant lost", "制冷剂泄漏")}
