"""Primary energy of a plant in coal equivalent, and the saving by the method of GB/T 50801-2013.

Two ways to count electricity stand side by side: by what it takes to make it (等价值, the factor D
of GB/T 50801-2013) and by what it holds (当量值, GB/T 2589). A saving of the one can be no saving
of the other, so a number is never told without its way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from diwen.design.economics.plant_year import KWH, PlantYear
from diwen.evaluation.savings import coal_of_electricity
from diwen.language import Text
from diwen.rules import Row, RulesOn
from diwen.rules.rulebook import number

Counting = Literal["equivalent", "calorific"]

COUNTINGS = {
    "equivalent": Text("coal to make electricity (equivalent value)", "等价值"),
    "calorific": Text("energy held by electricity (calorific value)", "当量值"),
}
_ELECTRICITY = {
    "equivalent": "gbt50801.electricity_to_coal",
    "calorific": "gbt2589.electricity_calorific",
}
_POLLUTANTS = ("co2", "so2", "dust")
_MEGAJOULE = 1e6


@dataclass(frozen=True)
class PrimaryEnergy:
    """Coal equivalent of a plant's year.

    Attributes
    ----------
    counting : key of :data:`COUNTINGS`
    parts : by carrier, kgce
    useful : heat and cold, J
    rows : rule rows
    """

    counting: Counting
    parts: Mapping[str, float]
    useful: float
    rows: tuple[Row, ...]

    @property
    def coal(self) -> float:
        """All of it, kgce."""
        return sum(self.parts.values())

    def ratio(self, calorific_value: float) -> float:
        """Primary energy over useful energy (calorific value in J/kgce)."""
        return self.coal * calorific_value / self.useful if self.useful > 0.0 else float("nan")


def primary_energy_of(
    rules: RulesOn, plant: PlantYear, counting: Counting = "equivalent"
) -> PrimaryEnergy:
    """Coal equivalent of what a plant buys in a year.

    Fuel counts by its calorific value, purchased heat by its primary-energy factor.
    """
    electricity = rules.row(_ELECTRICITY[counting])
    calorific = rules.row("gbt50801.calorific_value")
    rows = [electricity, calorific]
    parts = {"electricity": coal_of_electricity(plant.electric_energy, number(electricity))}
    for carrier, energy in plant.fuel.items():
        row = rules.row(f"primary_energy.{carrier}")
        rows.append(row)
        parts[carrier] = energy * number(row) / (number(calorific) * _MEGAJOULE)
    return PrimaryEnergy(counting, parts, plant.useful_energy, tuple(rows))


def avoided(
    rules: RulesOn, replaced: PrimaryEnergy, project: PrimaryEnergy
) -> tuple[dict[str, float], tuple[Row, ...]]:
    """Coal saved (kgce) and pollutants avoided (kg) by GB/T 50801-2013, and the rows.

    Returns
    -------
    dict : ``coal``, ``co2``, ``so2``, ``dust``
    """
    coal = replaced.coal - project.coal
    rows = tuple(rules.row(f"gbt50801.factor.{name}") for name in _POLLUTANTS)
    found = {name: coal * number(row) for name, row in zip(_POLLUTANTS, rows, strict=True)}
    return {"coal": coal, **found}, rows


def specific(plant: PrimaryEnergy) -> float:
    """Coal equivalent per useful energy, kgce/kWh."""
    return plant.coal / (plant.useful / KWH) if plant.useful > 0.0 else float("nan")
