"""The years of the plants a site's design is compared with, by rule rows, and what they consist of.

Every alternative delivers the heat and the cold of the design. Cold is made by the conventional
chiller of GB/T 50801-2013 of its size; the air-source heat pump makes it itself, with the ratio of
a small conventional system.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from diwen.design.economics.alternatives import (
    NAMES,
    air_source_cop,
    air_source_of,
    air_source_year,
    boiler_year,
    chiller_row,
    district_heat_year,
    with_chiller,
)
from diwen.design.economics.plant_year import PlantYear
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.rules import Row, RulesOn
from diwen.rules.rulebook import number
from diwen.site import Site

#: What a design may be compared with.
ALTERNATIVES = ("gas_boiler", "coal_boiler", "district_heat", "electric_boiler", "air_source")

_UNKNOWN = Text("no such alternative", "没有该对比方案")
_KNOWN = Text("write one of {known}", "可写 {known}")
_EFFICIENCIES = {
    "gas_boiler": "gbt50801.boiler_efficiency.gas",
    "coal_boiler": "gbt50801.boiler_efficiency.coal",
    "electric_boiler": "alternative.electric_boiler.efficiency",
    "district_heat": "alternative.district_heat.efficiency",
}
_KILO = 1000.0


@dataclass(frozen=True, eq=False)
class Use:
    """What has to be delivered, and the weather.

    Attributes
    ----------
    site : for design loads and areas
    year : of the design
    outdoor, supply : °C by step; None: not known
    cop : of an air-source heat pump by step; None: from ``outdoor``
    """

    site: Site
    year: PlantYear
    outdoor: ArrayLike | None = None
    supply: ArrayLike | None = None
    cop: ArrayLike | None = None

    @property
    def heating(self) -> float:
        """Design heating load, W: the site's, or the highest hour."""
        given = self.site.evaluation.design_heating_load
        return max(given or 0.0, float(self.year.heat.max()))

    @property
    def cooling(self) -> float:
        """Design cooling load, W."""
        given = self.site.evaluation.design_cooling_load
        highest = float(self.year.cold.max())
        return max(given or 0.0, highest) if highest > 0.0 else 0.0


def alternative_years(
    rules: RulesOn, use: Use, keys: Sequence[str] = ALTERNATIVES
) -> Iterator[tuple[str, PlantYear, dict[str, float]]]:
    """Key, year and quantities of each alternative.

    Raises
    ------
    InputError : an unknown key
    """
    problems = [
        Problem("economics", "alternatives", _UNKNOWN, _KNOWN.format(known=", ".join(NAMES)), key)
        for key in keys
        if key not in ALTERNATIVES
    ]
    if problems:
        raise InputError(problems)
    for key in keys:
        if key == "air_source":
            if use.outdoor is None and use.cop is None:
                continue
            yield key, *_air_source(rules, use)
        else:
            yield key, *_with_boiler(rules, use, key)


def _with_boiler(rules: RulesOn, use: Use, key: str) -> tuple[PlantYear, dict[str, float]]:
    """A boiler or a substation, and a chiller where the design cools."""
    efficiency = rules.row(_EFFICIENCIES[key])
    auxiliary = rules.row("alternative.boiler.auxiliary")
    rows: tuple[Row, ...] = (efficiency, auxiliary)
    heat, step = use.year.heat, use.year.step
    share = number(auxiliary)
    if key == "district_heat":
        year = district_heat_year(heat, number(efficiency), auxiliary=share, step=step, rows=rows)
        quantities = {"substation": use.heating / _KILO}
        quantities["district_connection"] = use.site.place.heated_area or 0.0
    else:
        fuel = {"gas_boiler": "gas", "coal_boiler": "coal"}.get(key, "electricity")
        year = boiler_year(heat, number(efficiency), fuel, auxiliary=share, step=step, rows=rows)  # type: ignore[arg-type]
        quantities = {key: use.heating / _KILO}
    if use.cooling > 0.0:
        chiller = chiller_row(rules, use.cooling)
        year = with_chiller(year, use.year.cold, number(chiller), (chiller,))
        quantities["chiller"] = use.cooling / _KILO
    return year, quantities


def _air_source(rules: RulesOn, use: Use) -> tuple[PlantYear, dict[str, float]]:
    """An air-source heat pump by weather that also cools."""
    rows: tuple[Row, ...] = ()
    cop = use.cop
    if cop is None:
        unit, rows = air_source_of(rules)
        supply = use.supply
        if supply is None:
            usual = rules.row("alternative.air_source.supply_temperature")
            rows, supply = (*rows, usual), np.full(len(use.year.heat), number(usual))
        cop = air_source_cop(use.outdoor if use.outdoor is not None else [], supply, unit)
    derating = rules.row("alternative.air_source.design_capacity")
    year = air_source_year(use.year.heat, cop, step=use.year.step, rows=(*rows, derating))
    nominal = use.heating / number(derating)
    if use.cooling > 0.0:
        small = rules.row("gbt50801.chiller_eer.small")
        year = with_chiller(year, use.year.cold, number(small), (small,))
        nominal = max(nominal, use.cooling)
    return year, {"heat_pump_air": nominal / _KILO}
