"""Maps out of the published fit parameters of certified units (hplib).

hplib (RE-Lab and others, data CC BY 4.0) fits the test points of the Heat Pump Keymark with

    P_el = P_ref (p1 T_in + p2 T_out + p3 + p4 T_amb)
    COP = q1 T_in + q2 T_out + q3 + q4 T_amb

T_in entering from the source, T_out leaving to the load, T_amb outdoor air, all °C. The lines
hold within the tested temperatures only (beyond them they cross zero), so they are taken there
as a table and carried on by a Carnot unit. The certified points of a speed-controlled unit are
part load in mild weather: at the design outdoor temperature of −7 °C the lines are nearest to full
load, and a map of full load is made there. hplib states mean errors of 2 to 20 % per unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.plant.carnot_fit import OperatingPoints
from diwen.plant.carnot_unit import carnot_limit
from diwen.plant.completion import Completion
from diwen.plant.map_from_table import TableMap, map_from_table

Floats = NDArray[np.float64]
Four = tuple[float, float, float, float]

DESIGN_AMBIENT = -7.0
"""Outdoor temperature of the reference point of the parameters, °C."""
_LEAST_POWER = 0.25
_STEP = 5.0


@dataclass(frozen=True)
class CertifiedParameters:
    """A unit of the database.

    Attributes
    ----------
    name : maker and model
    reference_power : electric power at the reference (−7/52), W
    power, cop : p1..p4 and q1..q4
    air_source : whether T_in is the outdoor air itself
    """

    name: str
    reference_power: float
    power: Four
    cop: Four
    air_source: bool = False

    def at(
        self, source: ArrayLike, load: ArrayLike, ambient: float = DESIGN_AMBIENT
    ) -> tuple[Floats, Floats]:
        """Capacity and power, W, of the lines alone, at °C.

        The power is never below a quarter of that at the design outdoor temperature, as in hplib.
        """
        entering, leaving = np.asarray(source, float), np.asarray(load, float)
        outdoor = entering if self.air_source else np.full(entering.shape, ambient)
        power = self.reference_power * _line(self.power, entering, leaving, outdoor)
        design = np.full(entering.shape, DESIGN_AMBIENT)
        cold = design if self.air_source else entering
        least = _LEAST_POWER * self.reference_power * _line(self.power, cold, leaving, design)
        power = np.maximum(power, least)
        return power * _line(self.cop, entering, leaving, outdoor), power


def _line(p: Four, entering: Floats, leaving: Floats, outdoor: Floats) -> Floats:
    return np.asarray(p[0] * entering + p[1] * leaving + p[2] + p[3] * outdoor)


def certified_parameters(row: Mapping[str, str]) -> CertifiedParameters:
    """A row of the database by its column names (``hplib_database.csv``).

    Raises
    ------
    KeyError, ValueError : a column lacks or holds no number
    """

    def four(end: str) -> Four:
        p1, p2, p3, p4 = (
            float(row[f"p{i}_{end} {unit}"])
            for i, unit in zip((1, 2, 3, 4), _units(end), strict=True)
        )
        return p1, p2, p3, p4

    return CertifiedParameters(
        f"{row['Manufacturer']} {row['Model']}",
        float(row["P_el_h_ref [W]"]),
        four("P_el_h"),
        four("COP"),
        float(row["Group"]) in (1.0, 4.0),
    )


def _units(end: str) -> tuple[str, str, str, str]:
    return ("[-]",) * 4 if end == "COP" else ("[1/°C]", "[1/°C]", "[-]", "[1/°C]")


def map_from_certified(
    unit: CertifiedParameters,
    usual: Completion,
    source_range: tuple[float, float],
    load_range: tuple[float, float],
    tested_source: tuple[float, float] = (-5.0, 10.0),
    tested_load: tuple[float, float] = (30.0, 55.0),
    ambient: float = DESIGN_AMBIENT,
) -> TableMap:
    """The heating map of a certified unit.

    Points where the lines themselves are impossible (not positive, COP below 1 or above Carnot)
    are left to the Carnot unit.

    Parameters
    ----------
    unit : of the database
    usual : completes it beyond the tested temperatures
    source_range, load_range : of the map, °C
    tested_source, tested_load : where the lines are believed, °C
    ambient : outdoor temperature at which the lines are read, °C

    Raises
    ------
    ValueError : the lines are possible nowhere
    """
    source, load = np.meshgrid(_steps(tested_source), _steps(tested_load), indexing="ij")
    capacity, power = unit.at(source, load, ambient)
    limit = 0.9 * carnot_limit("heating", source, load)
    possible = (power > 0.0) & (capacity > power) & (capacity < limit * power)
    if not possible.any():
        raise ValueError(f"the parameters of {unit.name} give no possible operating point")
    points = OperatingPoints(
        "heating", source[possible], load[possible], capacity[possible], power[possible]
    )
    return map_from_table(
        points, usual, source_range, load_range, None, f"{unit.name}: certified fit parameters"
    )


def _steps(ends: tuple[float, float]) -> Floats:
    count = max(round((ends[1] - ends[0]) / _STEP), 1)
    return np.linspace(ends[0], ends[1], count + 1)
