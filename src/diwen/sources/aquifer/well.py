"""The shape of a circulation well: screens, seal, gravel, what leaks and what is bled.

One description for all structures: with heat-exchange particles (``annulus``), without particles
in one aquifer (one pair of screens), without particles in several aquifers (several pairs, stacked)
and the standing column well (an open hole with one long pair, and bleed).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, UPSIDE_DOWN

_DEPTHS = Text("depths count downwards: top < bottom", "深度向下计：top 须小于 bottom")
_OVERLAP = Text("two zones of the well overlap", "井内两个区段重叠")
LEAVE_A_SEAL = Text("leave a seal between the screens", "请在两段滤水管之间留出密封区")
"""Cure of screens that overlap or touch."""
_RANGE = Text("outside its range", "超出范围")
_SHARES = Text("the shares of the flow do not sum to 1", "流量份额之和不为 1")
_SUM = Text("let the shares sum to 1", "请使份额之和为 1")
_NO_PAIR = Text("the well has no screens", "井没有滤水管")
_GIVE_PAIR = Text("give at least one pair of screens", "请至少给出一对滤水管")
_WIDER = Text("the pipe is not narrower than the bore", "内管外径不小于钻孔直径")


@dataclass(frozen=True)
class Screen:
    """A part of a well through which water passes, between two depths, m below the surface."""

    top: float
    bottom: float

    @property
    def length(self) -> float:
        """Bottom minus top, m."""
        return self.bottom - self.top

    @property
    def centre(self) -> float:
        """Depth of the middle, m."""
        return 0.5 * (self.top + self.bottom)


@dataclass(frozen=True)
class ScreenPair:
    """Return screen and extraction screen of one aquifer, and the share of the flow they carry.

    Either may be the upper one. What lies between them is the seal.
    """

    injection: Screen
    extraction: Screen
    share: float = 1.0

    @property
    def seal(self) -> Screen:
        """Between the two screens."""
        upper, lower = sorted((self.injection, self.extraction), key=lambda screen: screen.top)
        return Screen(upper.bottom, lower.top)


@dataclass(frozen=True)
class GravelAnnulus:
    """Heat-exchange particles between the insulated pipe and the wall of the bore.

    Attributes
    ----------
    inner_radius : outer radius of the insulated pipe, m
    hydraulic_conductivity : m/s
    porosity : share of the volume
    thermal_conductivity : W/(m·K), wet
    heat_capacity : volumetric, wet, J/(m³·K)
    """

    inner_radius: float
    hydraulic_conductivity: float
    porosity: float = 0.35
    thermal_conductivity: float = 1.8
    heat_capacity: float = 2.6e6


@dataclass(frozen=True)
class CirculationWell:
    """A well that returns the water it takes; build with :meth:`of`, which checks.

    Attributes
    ----------
    radius : of the bore, m
    pairs : screens, downwards, shape (np,)
    annulus : gravel over the whole depth of the bore, if there is any
    bypass : share of the returned water that reaches the pump inside the well (packer, annulus)
    bleed : share of the pumped water that is not returned
    depth : of the well, m
    """

    radius: float
    pairs: tuple[ScreenPair, ...]
    depth: float
    annulus: GravelAnnulus | None = None
    bypass: float = 0.0
    bleed: float = 0.0

    @classmethod
    def of(
        cls,
        radius: float,
        pairs: tuple[ScreenPair, ...],
        *,
        depth: float | None = None,
        annulus: GravelAnnulus | None = None,
        bypass: float = 0.0,
        bleed: float = 0.0,
    ) -> CirculationWell:
        """A well; its depth is the bottom of the lowest screen if not given.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        lowest = max((screen.bottom for screen in _screens(pairs)), default=0.0)
        well = cls(radius, tuple(pairs), lowest if depth is None else depth, annulus, bypass, bleed)
        problems = list(_problems(well))
        if problems:
            raise InputError(problems)
        return well


def _screens(pairs: tuple[ScreenPair, ...]) -> list[Screen]:
    return [screen for pair in pairs for screen in (pair.injection, pair.extraction)]


def _problems(well: CirculationWell) -> Iterator[Problem]:
    yield from _range_problems(well)
    if not well.pairs:
        yield _problem("pairs", _NO_PAIR, _GIVE_PAIR)
        return
    screens = sorted(_screens(well.pairs), key=lambda screen: screen.top)
    for screen in screens:
        if not 0.0 <= screen.top < screen.bottom < math.inf:
            yield _problem("pairs", UPSIDE_DOWN, _DEPTHS, f"{screen.top:g} … {screen.bottom:g} m")
    for upper, lower in pairwise(screens):
        if lower.top < upper.bottom - 1e-9:
            shown = f"{upper.top:g}…{upper.bottom:g} / {lower.top:g}…{lower.bottom:g} m"
            yield _problem("pairs", _OVERLAP, LEAVE_A_SEAL, shown)
    total = sum(pair.share for pair in well.pairs)
    if abs(total - 1.0) > 1e-6 or any(not pair.share > 0.0 for pair in well.pairs):
        yield _problem("pairs.share", _SHARES, _SUM, f"{total:g}")
    if not screens[-1].bottom - 1e-9 <= well.depth < math.inf:
        yield _problem("depth", _RANGE, CORRECT, f"{well.depth:g} m")


def _range_problems(well: CirculationWell) -> Iterator[Problem]:
    ranges = [
        ("radius", well.radius, 0.02, 3.0),
        ("bypass", well.bypass, 0.0, 0.95),
        ("bleed", well.bleed, 0.0, 1.0),
    ]
    if well.annulus is not None:
        gravel = well.annulus
        ranges += [
            ("annulus.hydraulic_conductivity", gravel.hydraulic_conductivity, 1e-9, 10.0),
            ("annulus.porosity", gravel.porosity, 0.01, 0.7),
            ("annulus.thermal_conductivity", gravel.thermal_conductivity, 0.1, 20.0),
            ("annulus.heat_capacity", gravel.heat_capacity, 5e5, 5e6),
        ]
        if not 0.0 < gravel.inner_radius < well.radius:
            shown = f"{gravel.inner_radius:g} m, {well.radius:g} m"
            yield _problem("annulus.inner_radius", _WIDER, CORRECT, shown)
    for name, value, low, high in ranges:
        if not low <= value <= high:
            allowed = Text(f"{low:g} to {high:g}", f"{low:g}～{high:g}")
            yield Problem("well", name, _RANGE, CORRECT, f"{value:g}", allowed)


def _problem(where: str, message: Text, cure: Text, value: str = "") -> Problem:
    return Problem("well", where, message, cure, value)
