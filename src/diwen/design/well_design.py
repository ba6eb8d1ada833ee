"""What is asked of a circulation well before it is drilled: its shape, its ground, its duty.

Plain inputs of the checks (:mod:`.well_checks`). What is not known is None; a check that needs it
says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from diwen.design.well_design_problems import (
    design_problem,
    number_problems,
    outside_problem,
    thin_problem,
)
from diwen.design.well_duty import SeasonCourse, WaterDuty, YearsCourse
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import CirculationWell, Screen
from diwen.sources.response.time_units import HOUR
from diwen.value_problems import CORRECT, NOT_POSITIVE

OneWellKind = Literal["circulation_well", "standing_column_well"]
SealMaterial = Literal["grouted", "packer", "clay", "none"]

# A layer this much tighter than the most permeable one carries no water worth the name.
_TIGHT = 1e-3

_NO_FLOW = Text("no water circulates, but heat is asked for", "循环流量为零，却有取放热量要求")
_GIVE_FLOW = Text("give the flow of the well, or no heat", "请给出井的循环流量，或取消热量要求")
_OUTSIDE = Text(
    "the screen stands outside the aquifer: every layer beside it is tight",
    "滤水管位于含水层之外：其旁各层均为隔水层",
)
_PUMP_ABOVE = Text(
    "the pump hangs on the wrong side of the seal: it would draw the return water",
    "水泵与取水区分处密封区两侧，会抽取回水",
)
_PUMP_CURE = Text(
    "hang the pump between {top} and {bottom} m, in the extraction zone",
    "请将水泵置于取水区一侧，深度 {top}～{bottom} m",
)
_PUMP_DEEP = Text("the pump hangs below the well bottom", "水泵低于井底")
_AT_MOST = Text("at most {depth} m", "不大于 {depth} m")


@dataclass(frozen=True, eq=False)
class WellDesign:
    """One of ``count`` equal circulation or standing column wells; build with :meth:`of`.

    Attributes
    ----------
    well : screens, seal, gravel, bypass, bleed
    column : layers around it
    flow : through the pump, m³/s
    kind : as in the site file
    undisturbed_temperature : of the water, °C
    extraction, injection : heat rate of one well at design, taken and given, W, 0 or more
    season_extraction, season_injection : heat of one well in a year, J, 0 or more
    full_load_time : time at design flow that moves the year's water, s
    static_level : depth of the water at rest, m; negative: artesian
    pump_depth, pump_submergence : depth, and water its maker asks for above it, m
    skin : of the wall, 0: undamaged
    well_loss : head lost in the well itself at ``flow``, m
    specific_capacity, specific_injectivity : flow per head found in tests, m²/s
    screen_diameter : outer, m
    open_area : share of the screen's surface
    aggressive : corrosive or scaling water
    membrane_filter_index : s/m⁶
    seal_material : of the seal between the zones
    bypass_known : the bypass of the well was given or found by a test, not left at nothing
    count : number of equal wells
    spacing : between neighbours, m
    cell_radius : of the ground that one well owns, m
    regional_flux : Darcy flux of the groundwater by itself, m/s
    lowest_return, highest_return : own limits of the returned water, °C
    largest_wellhead_pressure : own limit, gauge, Pa
    loose_ground : sand and gravel, not rock; None where not known
    needed_heat : heat rate that all wells together must give at design, W
    season : temperatures of a season of hours, where a model found them
    years : of the planned years, likewise
    planned_years : of operation; None where not known
    """

    well: CirculationWell
    column: GroundColumn
    flow: float
    kind: OneWellKind = "circulation_well"
    undisturbed_temperature: float | None = None
    extraction: float | None = None
    injection: float | None = None
    season_extraction: float | None = None
    season_injection: float | None = None
    full_load_time: float | None = None
    static_level: float | None = None
    pump_depth: float | None = None
    pump_submergence: float | None = None
    skin: float = 0.0
    well_loss: float = 0.0
    specific_capacity: float | None = None
    specific_injectivity: float | None = None
    screen_diameter: float | None = None
    open_area: float | None = None
    aggressive: bool | None = None
    membrane_filter_index: float | None = None
    seal_material: SealMaterial | None = None
    bypass_known: bool = False
    count: int = 1
    spacing: float | None = None
    cell_radius: float | None = None
    regional_flux: float | None = None
    lowest_return: float | None = None
    highest_return: float | None = None
    largest_wellhead_pressure: float | None = None
    loose_ground: bool | None = None
    needed_heat: float | None = None
    season: SeasonCourse | None = None
    years: YearsCourse | None = None
    planned_years: float | None = None

    @classmethod
    def of(
        cls, well: CirculationWell, column: GroundColumn, flow: float, **given: Any
    ) -> WellDesign:
        """A design whose parts fit each other; keywords as the attributes.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        made = cls(well, column, flow, **given)
        problems = [*_number_problems(made), *_screen_problems(made), *_pump_problems(made)]
        if problems:
            raise InputError(problems)
        return made

    def at_flow(self, flow: float) -> WellDesign:
        """The same well at another flow, m³/s; a measured well loss grows with its square."""
        return replace(self, flow=flow, well_loss=self.well_loss * (flow / self.flow) ** 2)

    @property
    def duty(self) -> WaterDuty:
        """Heat and water of one well."""
        return WaterDuty(
            self.flow, self.undisturbed_temperature, self.extraction, self.injection,
            self.well.bypass, self.lowest_return, self.highest_return, self.season, self.years,
        )  # fmt: skip

    @property
    def standing_column(self) -> bool:
        """An open hole without seal."""
        return self.kind == "standing_column_well"

    @property
    def screens(self) -> tuple[Screen, ...]:
        """Return and extraction screen of each pair, in this order."""
        return tuple(s for pair in self.well.pairs for s in (pair.injection, pair.extraction))

    @property
    def screen_flows(self) -> tuple[float, ...]:
        """Through each of ``screens`` between well and ground, m³/s: without what leaks."""
        into = (1.0 - self.well.bypass) * (1.0 - self.well.bleed)
        out = 1.0 - self.well.bypass * (1.0 - self.well.bleed)
        return tuple(
            self.flow * pair.share * share for pair in self.well.pairs for share in (into, out)
        )

    def conductivity_along(self, screen: Screen) -> float:
        """Mean radial conductivity beside a screen, by length, m/s."""
        lengths = overlap(self.column, screen.top, screen.bottom)
        return float(lengths @ self.column.radial_conductivity / lengths.sum())

    def bearing_share(self, screen: Screen) -> float:
        """Share of a screen beside water-bearing layers."""
        lengths = overlap(self.column, screen.top, screen.bottom)
        return float(lengths[bearing(self.column)].sum() / screen.length)

    @property
    def swept_thickness(self) -> float:
        """Of the water-bearing ground around the screens, m."""
        return sum(bottom - top for top, bottom in _aquifers_met(self))

    def mean_of_ground(self, values: np.ndarray) -> float:
        """Mean of a property of the layers over the swept thickness."""
        lengths = sum(
            (overlap(self.column, *ends) for ends in _aquifers_met(self)),
            np.zeros(self.column.layers),
        )
        return float(lengths @ values / lengths.sum())

    @property
    def heat_capacity(self) -> float:
        """Volumetric, mean of the swept ground, J/(m³·K)."""
        return self.mean_of_ground(self.column.heat_capacity)

    @property
    def thermal_conductivity(self) -> float:
        """Mean of the swept ground, W/(m·K)."""
        return self.mean_of_ground(self.column.thermal_conductivity)


def overlap(column: GroundColumn, top: float, bottom: float) -> np.ndarray:
    """Length of each layer between two depths, m, shape (nl,); the lowest layer goes on below."""
    edges = column.edges.copy()
    edges[-1] = max(edges[-1], bottom)
    return np.clip(np.minimum(edges[1:], bottom) - np.maximum(edges[:-1], top), 0.0, None)


def bearing(column: GroundColumn) -> np.ndarray:
    """Which layers carry water, shape (nl,)."""
    return column.radial_conductivity >= _TIGHT * column.radial_conductivity.max()


def aquifers_of(column: GroundColumn) -> list[tuple[float, float]]:
    """Depths between which water-bearing layers follow each other, m."""
    found: list[tuple[float, float]] = []
    for number in np.flatnonzero(bearing(column)):
        top, bottom = float(column.edges[number]), float(column.edges[number + 1])
        if found and abs(found[-1][1] - top) < 1e-9:
            found[-1] = (found[-1][0], bottom)
        else:
            found.append((top, bottom))
    return found


def _aquifers_met(design: WellDesign) -> list[tuple[float, float]]:
    return [
        (top, bottom)
        for top, bottom in aquifers_of(design.column)
        if any(s.top < bottom - 1e-9 and s.bottom > top + 1e-9 for s in design.screens)
    ]


_NOT_NEGATIVE = (
    "extraction", "injection", "season_extraction", "season_injection", "full_load_time",
    "pump_depth", "pump_submergence", "well_loss", "regional_flux", "membrane_filter_index",
)  # fmt: skip
_ABOVE_ZERO = (
    "specific_capacity", "specific_injectivity", "screen_diameter", "open_area", "spacing",
    "cell_radius", "count",
)  # fmt: skip
_FREE = ("undisturbed_temperature", "static_level", "skin", "lowest_return", "highest_return",
         "largest_wellhead_pressure", "needed_heat")  # fmt: skip


def _number_problems(design: WellDesign) -> Iterator[Problem]:
    heat = (design.extraction or 0.0) + (design.injection or 0.0)
    if not design.flow > 0.0 or not math.isfinite(design.flow):
        message, cure = (_NO_FLOW, _GIVE_FLOW) if heat > 0.0 else (NOT_POSITIVE, CORRECT)
        yield design_problem("flow", message, cure, f"{design.flow * HOUR:g} m³/h")
    yield from number_problems(
        design, not_negative=_NOT_NEGATIVE, above_zero=_ABOVE_ZERO, free=_FREE
    )


def _screen_problems(design: WellDesign) -> Iterator[Problem]:
    """Screens beside tight ground only, and screens longer than their aquifer."""
    if design.standing_column:
        return
    zones = aquifers_of(design.column)
    for screen in design.screens:
        met = [z for z in zones if screen.top < z[1] - 1e-9 and screen.bottom > z[0] + 1e-9]
        if not met:
            yield outside_problem("pairs", screen, zones, _OUTSIDE)
            continue
        thickness = sum(bottom - top for top, bottom in met)
        if screen.length > thickness + 1e-9:
            yield thin_problem("pairs", screen, thickness)


def _pump_problems(design: WellDesign) -> Iterator[Problem]:
    depth = design.pump_depth
    if depth is None:
        return
    if depth > design.well.depth + 1e-9:
        limit = _AT_MOST.format(depth=f"{design.well.depth:g}")
        yield Problem("well design", "pump_depth", _PUMP_DEEP, CORRECT, f"{depth:g} m", limit)
    elif len(design.well.pairs) == 1 and not design.standing_column:
        pair = design.well.pairs[0]
        below = pair.extraction.top > pair.injection.top
        top, bottom = (pair.seal.bottom, design.well.depth) if below else (0.0, pair.seal.top)
        if not top - 1e-9 <= depth <= bottom + 1e-9:
            cure = _PUMP_CURE.format(top=f"{top:g}", bottom=f"{bottom:g}")
            yield design_problem("pump_depth", _PUMP_ABOVE, cure, f"{depth:g} m")
