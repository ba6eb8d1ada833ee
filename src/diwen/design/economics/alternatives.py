"""The plants that a ground-source design is compared with, each as a small model of one year.

Every model takes the useful heat (and cold) of the design, hour by hour, and gives a
:class:`PlantYear`: what the alternative would buy for the same use. Efficiencies are arguments;
:mod:`of_site` reads them from rule rows (GB/T 50801-2013: boilers, chillers).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.design.economics.plant_year import PlantYear, year_problems
from diwen.design.input_checks import amounts, number, refuse
from diwen.language import Text
from diwen.problems import Problem
from diwen.rules import Row, RulesOn
from diwen.rules.conditions import applies
from diwen.rules.rulebook import number as row_number

Floats = NDArray[np.float64]

KELVIN = 273.15
# Outdoor temperatures between which frost builds, °C (the defrost region of air-source testing).
_FROST = (-7.0, 5.0)

NAMES = {
    "ground_source": Text("ground-source heat pump", "地源热泵"),
    "gas_boiler": Text("gas boiler", "燃气锅炉"),
    "coal_boiler": Text("coal boiler", "燃煤锅炉"),
    "electric_boiler": Text("electric boiler", "电锅炉"),
    "district_heat": Text("district heat", "集中供热"),
    "air_source": Text("air-source heat pump", "空气源热泵"),
}
_NO_CHILLER = Text(
    "no conventional chiller of {capacity:g} kW in the rules",
    "规则中没有 {capacity:g} kW 的常规冷水机组",
)
_TELL_EER = Text("give its energy efficiency ratio", "请给出其能效比")
_LOW_COP = Text(
    "COP below 1 where the electric element would take over", "性能系数低于 1，此时应由电加热承担"
)
_RAISE_COP = Text("correct the COP, or use an electric boiler", "请更正 COP，或改用电锅炉")
_CONSTANT = Text(
    "the air-source heat pump has one seasonal performance factor all year",
    "空气源热泵全年采用同一季节性能系数",
)


@dataclass(frozen=True)
class AirSource:
    """A simple air-source heat pump: a Carnot fraction between exchanger temperatures.

    Attributes
    ----------
    carnot_fraction : COP over the Carnot COP between condensing and evaporating temperature
    evaporator_approach : outdoor air less evaporating temperature, K
    condenser_approach : condensing less supply temperature, K
    defrost_loss : share of the COP lost where frost builds
    maximum_cop : bound of mild weather
    """

    carnot_fraction: float
    evaporator_approach: float
    condenser_approach: float
    defrost_loss: float
    maximum_cop: float


def boiler_year(
    heat: ArrayLike,
    efficiency: float,
    fuel: Literal["gas", "coal", "electricity"],
    *,
    cold: ArrayLike | None = None,
    auxiliary: float = 0.0,
    step: float = 3600.0,
    rows: tuple[Row, ...] = (),
) -> PlantYear:
    """A boiler: fuel or electricity ``Q / η``, and auxiliary electricity as a share of the heat.

    Parameters
    ----------
    heat : useful, W, shape (n,)
    efficiency : heat over energy of the fuel (lower calorific value) or electricity
    auxiliary : electricity of burners, pumps and fans over the heat
    cold : useful cold that another plant makes (:func:`with_chiller`), W
    """
    useful = _useful(heat, step)
    refuse(list(number("boiler", "efficiency", efficiency, positive=True)))
    burnt = useful / efficiency
    electricity = auxiliary * useful + (burnt if fuel == "electricity" else 0.0)
    bought: dict[str, float] = {}
    if fuel != "electricity":
        bought[fuel] = float(burnt.sum() * step)
    return PlantYear(useful, _or_none(cold, useful), electricity, step, bought, rows)


def district_heat_year(
    heat: ArrayLike,
    efficiency: float,
    *,
    cold: ArrayLike | None = None,
    auxiliary: float = 0.0,
    step: float = 3600.0,
    rows: tuple[Row, ...] = (),
) -> PlantYear:
    """Heat bought from a network: ``Q / η`` with the losses of the substation."""
    useful = _useful(heat, step)
    refuse(list(number("district heat", "efficiency", efficiency, positive=True)))
    bought = {"district_heat": float((useful / efficiency).sum() * step)}
    return PlantYear(useful, _or_none(cold, useful), auxiliary * useful, step, bought, rows)


def air_source_year(
    heat: ArrayLike,
    cop: ArrayLike,
    *,
    cold: ArrayLike | None = None,
    auxiliary: float = 0.0,
    step: float = 3600.0,
    rows: tuple[Row, ...] = (),
) -> PlantYear:
    """An air-source heat pump with a COP of every hour, or one SPF of the season (said so).

    Parameters
    ----------
    cop : of each step, shape (n,) (:func:`air_source_cop`, or of a performance map), or one number

    Raises
    ------
    InputError : a COP below 1 while heat is asked for
    """
    useful = _useful(heat, step)
    performance = np.broadcast_to(np.asarray(cop, dtype=float), useful.shape)
    bad = ~(performance >= 1.0) & (useful > 0.0)
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        value = f"{performance[first]:g}"
        refuse([Problem("air source", f"cop[{first}]", _LOW_COP, _RAISE_COP, value)])
    power = np.divide(useful, performance, out=np.zeros_like(useful), where=useful > 0.0)
    notes = (_CONSTANT,) if np.ndim(cop) == 0 else ()
    return PlantYear(
        useful, _or_none(cold, useful), power + auxiliary * useful, step, {}, rows, notes
    )


def air_source_cop(outdoor: ArrayLike, supply: ArrayLike, unit: AirSource) -> Floats:
    """COP by weather: ``ζ T_c / (T_c − T_e)``, less defrosting, at least 1 (electric element).

    Parameters
    ----------
    outdoor, supply : °C, shape (n,)
    unit : its coefficients (rule rows ``alternative.air_source.*``)
    """
    air = np.asarray(outdoor, dtype=float)
    condensing = np.asarray(supply, dtype=float) + unit.condenser_approach + KELVIN
    evaporating = air - unit.evaporator_approach + KELVIN
    # In warm weather the lift vanishes: the bound of the unit holds there.
    lift = np.maximum(condensing - evaporating, 1.0)
    cop = unit.carnot_fraction * condensing / lift
    frost = (air >= _FROST[0]) & (air <= _FROST[1])
    cop = np.minimum(cop, unit.maximum_cop) * np.where(frost, 1.0 - unit.defrost_loss, 1.0)
    return np.maximum(cop, 1.0)


def air_source_of(rules: RulesOn) -> tuple[AirSource, tuple[Row, ...]]:
    """The usual air-source unit of the rules, and its rows."""
    names = ("carnot_fraction", "evaporator_approach", "condenser_approach", "defrost_loss",
             "maximum_cop")  # fmt: skip
    rows = tuple(rules.row(f"alternative.air_source.{name}") for name in names)
    return AirSource(*(row_number(row) for row in rows)), rows


def with_chiller(
    plant: PlantYear, cold: ArrayLike, energy_efficiency_ratio: float, rows: tuple[Row, ...] = ()
) -> PlantYear:
    """A plant that heats, with a conventional chiller that makes the cold: ``Q / EER_t``.

    The ratios of GB/T 50801-2013 are those of a conventional air-conditioning system.
    """
    chilled = _useful(cold, plant.step)
    refuse(list(number("chiller", "EER", energy_efficiency_ratio, positive=True)))
    electricity = plant.electricity + chilled / energy_efficiency_ratio
    return replace(plant, cold=chilled, electricity=electricity, rows=(*plant.rows, *rows))


def chiller_row(rules: RulesOn, capacity: float) -> Row:
    """The conventional chiller of GB/T 50801-2013 of a cooling capacity in W.

    Raises
    ------
    InputError : no row fits
    """
    shown = capacity / 1000.0
    fitting = [r for r in rules.rows(id="gbt50801.chiller_eer.*") if applies(r, capacity=shown)]
    if not fitting:
        message = _NO_CHILLER.format(capacity=shown)
        refuse([Problem("chiller", "capacity", message, _TELL_EER, f"{shown:g} kW")])
    return fitting[0]


def _useful(values: ArrayLike, step: float) -> Floats:
    """Useful power of a year, checked."""
    array = np.asarray(values, dtype=float)
    problems = year_problems("alternative", "useful power", array, step)
    problems += amounts("alternative", "useful power", array)
    refuse(problems)
    return array


def _or_none(cold: ArrayLike | None, heat: Floats) -> Floats:
    return np.zeros_like(heat) if cold is None else np.asarray(cold, dtype=float)
