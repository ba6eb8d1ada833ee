"""Part load, extreme days, a unit out, and what lacks. See :mod:`.design_result` for the units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.result_basis import Duty
from diwen.language import Text

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PartLoadHours:
    """How often the plant runs at which share of its capacity, in one year.

    Attributes
    ----------
    duty : heating or cooling
    edges : of the classes, share of the capacity of the design hour, shape (classes + 1,)
    hours : with that load, shape (classes,)
    energy : of the load in these hours, J, shape (classes,)
    below_minimum : hours with a load below the least that one unit gives without cycling
    starts : of the units of this duty in the year, by name
    running_hours : unit hours of this duty in the year, by name
    mean_efficiency : of the units (heat or cold over power) in each class; nan without hours
    """

    duty: Duty
    edges: Floats
    hours: Floats
    energy: Floats
    below_minimum: float
    starts: dict[str, float]
    running_hours: dict[str, float]
    mean_efficiency: Floats


@dataclass(frozen=True, eq=False)
class ExtremeStretch:
    """Hours on end: the coldest or hottest week, a design day.

    Attributes
    ----------
    id : ``coldest_week``, ``hottest_week``, ``winter_design_day``, ``summer_design_day``
    name : in words
    duty : heating or cooling
    chosen_by : ``outdoor`` temperature, or ``load`` where no weather is known
    start : first hour of the year, from 0
    outdoor : °C, shape (n,); None: no weather
    load, delivered, unmet : of this duty, W, shape (n,)
    power : electric, of the whole plant, W, shape (n,)
    running : units on, shape (n,)
    entering, leaving : by source, °C, shape (n,) each; nan at standstill
    supply : by load loop, °C, shape (n,) each
    """

    id: str
    name: Text
    duty: Duty
    chosen_by: Literal["outdoor", "load"]
    start: int
    outdoor: Floats | None
    load: Floats
    delivered: Floats
    unmet: Floats
    power: Floats
    running: Floats
    entering: dict[str, Floats]
    leaving: dict[str, Floats]
    supply: dict[str, Floats]

    @property
    def efficiency(self) -> float:
        """Delivered energy over electricity of the plant in these hours."""
        used = float(self.power.sum())
        return float(self.delivered.sum()) / used if used > 0.0 else float("nan")


@dataclass(frozen=True)
class UnitFailure:
    """A whole year of the twin with one single unit of a group out.

    Attributes
    ----------
    unit : id of the group
    left : units left in it
    unmet_heat, unmet_cold : of the year, J, more than with all units
    unmet_hours : hours with more than 1 % of the load not met
    worst : largest unmet power, W
    worst_share : of the load of that hour
    """

    unit: str
    left: int
    unmet_heat: float
    unmet_cold: float
    unmet_hours: float
    worst: float
    worst_share: float


@dataclass(frozen=True)
class Cure:
    """Something that would make a design feasible.

    Attributes
    ----------
    id : ``metres``, ``boreholes``, ``wells``, ``units``, ``backup``, ``supply_temperature``,
        ``recharge``, ``rejection``, ``antifreeze``
    text : in words, with the amount
    amount : in ``unit``; None where it is said in words only
    unit : of the amount
    computed : by an engine; false: by proportion, to be checked by a new run
    """

    id: str
    text: Text
    amount: float | None
    unit: str
    computed: bool = True


@dataclass(frozen=True)
class Shortfall:
    """What the design lacks.

    Attributes
    ----------
    id : ``source.ID``, ``capacity.heating``, ``unmet``, ``balance.ID``, ``temperature.ID``...
    text : what is short, and by how much
    amount : in ``unit``
    unit : of the amount
    cures : each by itself would do
    """

    id: str
    text: Text
    amount: float | None
    unit: str
    cures: tuple[Cure, ...]
