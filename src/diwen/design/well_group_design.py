"""What is asked of groundwater wells: who takes, who gives back, in which aquifer, for what duty.

Plain inputs of the checks (:mod:`.well_group_checks`). What is not known is None; a check that
needs it says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.design.well_design_problems import (
    design_problem,
    number_problems,
    outside_problem,
    shown,
    thin_problem,
)
from diwen.design.well_duty import SeasonCourse, YearsCourse
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.column import Aquifer
from diwen.sources.aquifer.well import Screen
from diwen.sources.response.time_units import HOUR
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE, UPSIDE_DOWN

Floats = NDArray[np.float64]

_NO_WELLS = Text("no well takes water", "没有抽水井")
_GIVE_RATE = Text("give at least one well a flow below zero (pumped)",
                  "请至少给出一口抽水井（流量为负）")  # fmt: skip
_NO_FLOW = Text("no water is pumped, but heat is asked for", "抽水量为零，却有取放热量要求")
_MORE_BACK = Text("more water is returned than pumped", "回灌量大于抽水量")
_OUTSIDE = Text("the screen stands outside the aquifer", "滤水管位于含水层之外")
_SAME_PLACE = Text("two wells stand in one place", "两口井位置重合")


@dataclass(frozen=True)
class GroupWell:
    """One well that takes or gives back water.

    Attributes
    ----------
    name : id
    rate : at design flow, m³/s, returned positive, pumped negative
    radius : of the bore, m
    screens : downwards; none: open over the whole aquifer
    x, y : m; None where not known
    static_level : depth of the water at rest, m; negative: artesian
    pump_depth, pump_submergence : m
    screen_diameter, open_area : m, share
    skin, well_loss : factor; m at ``rate``
    specific_capacity, specific_injectivity : flow per head found in tests, m²/s
    """

    name: str
    rate: float
    radius: float
    screens: tuple[Screen, ...] = ()
    x: float | None = None
    y: float | None = None
    static_level: float | None = None
    pump_depth: float | None = None
    pump_submergence: float | None = None
    screen_diameter: float | None = None
    open_area: float | None = None
    skin: float = 0.0
    well_loss: float = 0.0
    specific_capacity: float | None = None
    specific_injectivity: float | None = None

    @property
    def injects(self) -> bool:
        """Whether water goes into the ground here."""
        return self.rate > 0.0


@dataclass(frozen=True, eq=False)
class AbstractionDesign:
    """Wells of one source in one aquifer; build with :meth:`of`.

    Attributes
    ----------
    wells : those with a flow
    aquifer : in which all stand
    exchanges : whether they exchange their roles by season
    undisturbed_temperature : of the water, °C
    extraction, injection : heat rate of all wells at design, taken and given, W
    season_extraction, season_injection : heat of all wells in a year, J
    full_load_time : time at design flow that moves the year's water, s
    aggressive : corrosive or scaling water
    membrane_filter_index : s/m⁶
    regional_flux : Darcy flux of the groundwater by itself, m/s; None where not known
    regional_direction : where it goes, from x counter-clockwise, rad
    lowest_return, highest_return : own limits of the returned water, °C
    largest_wellhead_pressure : own limit, gauge, Pa
    loose_ground : sand and gravel, not rock; None where not known
    season : temperatures of a season of hours, where a model found them
    years : of the planned years, likewise
    planned_years : of operation; None where not known
    """

    wells: tuple[GroupWell, ...]
    aquifer: Aquifer
    exchanges: bool = False
    undisturbed_temperature: float | None = None
    extraction: float | None = None
    injection: float | None = None
    season_extraction: float | None = None
    season_injection: float | None = None
    full_load_time: float | None = None
    aggressive: bool | None = None
    membrane_filter_index: float | None = None
    regional_flux: float | None = None
    regional_direction: float | None = None
    lowest_return: float | None = None
    highest_return: float | None = None
    largest_wellhead_pressure: float | None = None
    loose_ground: bool | None = None
    season: SeasonCourse | None = None
    years: YearsCourse | None = None
    planned_years: float | None = None

    @classmethod
    def of(cls, wells: Sequence[GroupWell], aquifer: Aquifer, **given: Any) -> AbstractionDesign:
        """A design whose parts fit each other; keywords as the attributes.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        made = cls(tuple(wells), aquifer, **given)
        problems = [*_rate_problems(made), *_well_problems(made), *_number_problems(made)]
        if problems:
            raise InputError(problems)
        return made

    @property
    def flow(self) -> float:
        """Pumped by all wells, m³/s."""
        return -math.fsum(min(well.rate, 0.0) for well in self.wells)

    @property
    def returned(self) -> float:
        """Given back by all wells, m³/s."""
        return math.fsum(max(well.rate, 0.0) for well in self.wells)

    @property
    def reinjected_share(self) -> float:
        """Returned over pumped water."""
        return self.returned / self.flow

    @property
    def closed(self) -> bool:
        """Whether all pumped water goes back: only then a steady level exists."""
        return abs(self.reinjected_share - 1.0) < 1e-6

    @property
    def placed(self) -> bool:
        """Whether every well has a position."""
        return all(well.x is not None and well.y is not None for well in self.wells)

    @property
    def positions(self) -> Floats:
        """m, shape (n, 2); only where all are :attr:`placed`."""
        return np.array([[well.x, well.y] for well in self.wells], float)

    @property
    def rates(self) -> Floats:
        """m³/s, returned positive, shape (n,)."""
        return np.array([well.rate for well in self.wells])

    def screens_of(self, well: GroupWell) -> tuple[Screen, ...]:
        """Its screens; the whole aquifer where none are given."""
        return well.screens or (Screen(self.aquifer.top, self.aquifer.bottom),)

    def screen_length(self, well: GroupWell) -> float:
        """Of all screens of a well together, m."""
        return sum(screen.length for screen in self.screens_of(well))


def _rate_problems(design: AbstractionDesign) -> Iterator[Problem]:
    rates = design.rates
    if not rates.size or not np.isfinite(rates).all() or not (rates < 0.0).any():
        asked = (design.extraction or 0.0) + (design.injection or 0.0) > 0.0
        yield design_problem("wells.rate", _NO_FLOW if asked else _NO_WELLS, _GIVE_RATE)
    elif design.reinjected_share > 1.0 + 1e-6:
        flows = f"{design.returned * HOUR:g} > {design.flow * HOUR:g} m³/h"
        yield design_problem("wells.rate", _MORE_BACK, CORRECT, flows)
    if design.placed and len(design.wells) > 1:
        places = design.positions
        if len(np.unique(places, axis=0)) < len(places):
            yield design_problem("wells.x", _SAME_PLACE, CORRECT)


def _well_problems(design: AbstractionDesign) -> Iterator[Problem]:
    aquifer = design.aquifer
    zone = (aquifer.top, aquifer.bottom)
    for well in design.wells:
        where = f"wells.{well.name}"
        if not well.radius > 0.0:
            yield design_problem(f"{where}.radius", NOT_POSITIVE, CORRECT, f"{well.radius:g}")
        for screen in well.screens:
            if not screen.top < screen.bottom:
                yield design_problem(f"{where}.screens", UPSIDE_DOWN, CORRECT, shown(screen))
            elif screen.length > aquifer.thickness + 1e-9:
                yield thin_problem(f"{where}.screens", screen, aquifer.thickness)
            elif screen.top < aquifer.top - 1e-6 or screen.bottom > aquifer.bottom + 1e-6:
                yield outside_problem(f"{where}.screens", screen, [zone], _OUTSIDE)


_NOT_NEGATIVE = (
    "extraction", "injection", "season_extraction", "season_injection", "full_load_time",
    "regional_flux", "membrane_filter_index",
)  # fmt: skip


def _number_problems(design: AbstractionDesign) -> Iterator[Problem]:
    conductivity = design.aquifer.radial_conductivity
    if not conductivity > 0.0:
        yield Problem("well design", "aquifer.radial_conductivity", NOT_POSITIVE, CORRECT,
                      f"{conductivity:g}", MORE_THAN_ZERO)  # fmt: skip
    yield from number_problems(design, not_negative=_NOT_NEGATIVE)
