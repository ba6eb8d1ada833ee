"""Heads around a circulation well in one confined, anisotropic aquifer, in closed form.

Water enters through one screen and leaves through another of the same bore. The net flow is zero,
so a steady state exists, reached within minutes to hours. Heads are rises above the level at rest
for a positive flow: positive at the return screen, negative at the extraction screen. Depths
count from the surface.

Near the bore the field is summed from images, farther out from the Fourier series; both agree to
rounding. The flux along a screen is either even, or such that the head in the screen is even, as
in a real well without losses (``even_head``).

Not in it: several aquifers, leaking roof or floor, a free surface, bleed (add Thiem), well losses,
gravel outside the screens.

Sources: M. S. Hantush, Hydraulics of wells, Adv. Hydrosci. 1 (1964) (series of the partially
penetrating well); M. Muskat, The Flow of Homogeneous Fluids Through Porous Media (1937) (images).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import k0

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.column import Aquifer
from diwen.sources.aquifer.dipole_images import LineImages, mean_potentials
from diwen.sources.aquifer.dipole_series import CosineSeries
from diwen.sources.aquifer.well import LEAVE_A_SEAL, Screen, ScreenPair
from diwen.value_problems import CORRECT, UPSIDE_DOWN

Floats = NDArray[np.float64]

# Where the series takes over from the images, as k r/B.
_NEAR = 0.4
# A screen of even head is cut into parts that are short at its ends, where the flux gathers, but
# not under six radii: sources on the axis stand for a wall that is as far off as the radius.
_SHORTEST_PART = 6.0
_MOST_PARTS = 48
# Rows of points handled at once: keeps the work arrays small.
_CHUNK = 20_000

_OUTSIDE = Text("the screen stands outside the aquifer", "滤水管超出含水层范围")
_THIN = Text("the aquifer is thinner than the screen is long", "含水层厚度小于滤水管长度")
_MOVE = Text(
    "shorten or move the screen, or correct the aquifer", "请缩短或移动滤水管，或更正含水层"
)
_WIDE = Text(
    "the bore is wider than its screens are long: no line of sources stands for it",
    "钻孔半径不小于滤水管长度，线源解不适用",
)
_OVERLAP = Text("the two screens overlap", "两段滤水管重叠")
_POSITIVE = Text("must be more than 0", "必须大于 0")


@dataclass(frozen=True)
class ScreenHeads:
    """Mean rise of head along the two screens at the wall of the bore, m."""

    injection: float
    extraction: float

    @property
    def difference(self) -> float:
        """Injection less extraction, m."""
        return self.injection - self.extraction


@dataclass(frozen=True, eq=False)
class DipoleHeads:
    """The field of one pair of screens; build with :meth:`of`.

    Attributes
    ----------
    aquifer, pair : as given
    radius : of the bore, m
    even_head : whether the head along each screen is even, rather than the flux
    top, bottom : of the parts of the screens, m below the roof of the aquifer, shape (m,)
    strength : share of the flow that enters (+) or leaves (−) the ground, shape (m,), sum 0
    screen_heads : per m³/s, m
    """

    aquifer: Aquifer
    pair: ScreenPair
    radius: float
    even_head: bool
    top: Floats
    bottom: Floats
    strength: Floats
    screen_heads: ScreenHeads
    _images: LineImages
    _series: CosineSeries

    @classmethod
    def of(
        cls, aquifer: Aquifer, pair: ScreenPair, radius: float, *, even_head: bool = True
    ) -> DipoleHeads:
        """The field of a pair of screens in an aquifer.

        Parameters
        ----------
        aquifer : confined; pair : its screens, depths from the surface; radius : of the bore, m
        even_head : the head in each screen is even, else the flux. Against a fine grid of finite
            volumes within 0.1 % for screens longer than 100 radii, 1.2 % at 17 radii

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        problems = list(_problems(aquifer, pair, radius))
        if problems:
            raise InputError(problems)
        into, out = pair.injection, pair.extraction
        rho = radius * _stretch(aquifer)
        counts = [_part_count(screen, rho) if even_head else 1 for screen in (into, out)]
        edges = [
            _part_edges(screen, aquifer.top, count)
            for screen, count in zip((into, out), counts, strict=True)
        ]
        top = np.concatenate([edge[:-1] for edge in edges])
        bottom = np.concatenate([edge[1:] for edge in edges])
        means = mean_potentials(top, bottom, rho, aquifer.thickness)
        if even_head:
            strength, at_screens = _solved(means, counts[0])
        else:
            strength = np.array([1.0, -1.0])
            at_screens = means @ strength
        unit = 1.0 / (4.0 * math.pi * aquifer.radial_conductivity)
        heads = ScreenHeads(float(at_screens[0]) * unit, float(at_screens[1]) * unit)
        images = LineImages.of(top, bottom, strength, aquifer.thickness)
        series = CosineSeries(top, bottom, strength, aquifer.thickness)
        return cls(aquifer, pair, radius, even_head, top, bottom, strength, heads, images, series)

    @property
    def shape_factor(self) -> float:
        """G of Δh = G Q/Kr at the return screen, 1/m."""
        return self.screen_heads.injection * self.aquifer.radial_conductivity

    @property
    def extraction_shape_factor(self) -> float:
        """G of the drawdown at the extraction screen, 1/m, positive."""
        return -self.screen_heads.extraction * self.aquifer.radial_conductivity

    def screen_means(self, flow: float = 1.0) -> ScreenHeads:
        """Mean heads along the screens at the wall of the bore at a flow in m³/s."""
        heads = self.screen_heads
        return ScreenHeads(flow * heads.injection, flow * heads.extraction)

    def head(self, distance: ArrayLike, depth: ArrayLike, flow: float = 1.0) -> Floats:
        """Rise of head, m.

        Parameters
        ----------
        distance : from the axis, m, held at the wall of the bore; depth : m; broadcast
        flow : circulated, m³/s; negative reverses the roles of the screens
        """
        (value,) = self._summed(distance, depth, _potentials)
        return flow / (4.0 * math.pi * self.aquifer.radial_conductivity) * value

    def gradient(
        self, distance: ArrayLike, depth: ArrayLike, flow: float = 1.0
    ) -> tuple[Floats, Floats]:
        """Derivatives of the head along the radius and downwards, both dimensionless.

        Arguments as :meth:`head`; both results have the broadcast shape.
        """
        along_rho, along_z = self._summed(distance, depth, _gradients)
        factor = flow / (4.0 * math.pi * self.aquifer.radial_conductivity)
        return factor * _stretch(self.aquifer) * along_rho, factor * along_z

    def darcy_flux(
        self, distance: ArrayLike, depth: ArrayLike, flow: float = 1.0
    ) -> tuple[Floats, Floats]:
        """Water per area outwards and downwards, m/s; arguments as :meth:`head`."""
        outwards, downwards = self.gradient(distance, depth, flow)
        aquifer = self.aquifer
        return -aquifer.radial_conductivity * outwards, -aquifer.vertical_conductivity * downwards

    def flux_table(self, distance: Floats, depth: Floats) -> tuple[Floats, Floats]:
        """Darcy flux per m³/s on a grid, outwards and downwards, 1/m², shape (nr, nz) both.

        Parameters
        ----------
        distance : m, shape (nr,), best spaced evenly in its logarithm; depth : m, shape (nz,)
        """
        return self.darcy_flux(np.asarray(distance)[:, None], np.asarray(depth)[None, :])

    def _summed(
        self,
        distance: ArrayLike,
        depth: ArrayLike,
        take: Callable[[LineImages | CosineSeries, Floats, Floats], tuple[Floats, ...]],
    ) -> tuple[Floats, ...]:
        """Potential or its gradient, near points from images, far ones from the series."""
        apart, deep = np.broadcast_arrays(np.asarray(distance, float), np.asarray(depth, float))
        rho = (np.maximum(apart, self.radius) * _stretch(self.aquifer)).ravel()
        z = (deep - self.aquifer.top).ravel()
        # Outside the aquifer nothing flows; the mirrored field would mislead.
        inside = (z >= -1e-9) & (z <= self.aquifer.thickness + 1e-9)
        near = rho < _NEAR * self.aquifer.thickness
        found: list[Floats] = []
        for model, chosen in ((self._images, near & inside), (self._series, ~near & inside)):
            place = np.flatnonzero(chosen)
            for part in np.array_split(place, -(-len(place) // _CHUNK) or 1):
                values = take(model, rho[part], z[part])
                if not found:
                    found = [np.full(rho.shape, np.nan) for _ in values]
                for whole, value in zip(found, values, strict=True):
                    whole[part] = value
        return tuple(whole.reshape(apart.shape) for whole in found)


def short_form_rise(
    flow: ArrayLike,
    conductivity: ArrayLike,
    screen_length: ArrayLike,
    radius: ArrayLike,
    centre_distance: ArrayLike,
    anisotropy: ArrayLike = 1.0,
) -> Floats:
    """Rise at the return screen by Q/(2 π K l) ln(l/(k r)) − Q/(4 π K L), m; broadcast.

    For two screens of one length that do not fill the aquifer. Always too high against the full
    solution: by 2 to 15 %, in the median 7 %, over 624 wells (screens 0.15 to 0.4 and seal 0.05 to
    0.5 of the aquifer, anisotropy 1 and 0.32); most for a short seal. A first answer on the safe
    side.

    Parameters
    ----------
    flow : m³/s; conductivity : radial, m/s; screen_length : l, m; radius : of the bore, m
    centre_distance : L of the middles of the screens, m; anisotropy : k = √(Kz/Kr)
    """
    per_length = np.asarray(flow, float) / (2.0 * math.pi * np.asarray(conductivity, float))
    length = np.asarray(screen_length, float)
    slender = length / (np.asarray(anisotropy, float) * np.asarray(radius, float))
    own = np.log(slender) / length
    return np.asarray(per_length * (own - 0.5 / np.asarray(centre_distance, float)))


def interaction_decay(distance: ArrayLike, aquifer: Aquifer) -> Floats:
    """K₀(π r k/B), how the heads of a circulation well fade; m, any shape.

    0.030 at r = B/k, 0.0009 at 2 B/k: beyond 1.5 B/k wells do not feel each other's heads.
    """
    scale = math.pi * _stretch(aquifer) / aquifer.thickness
    return np.asarray(k0(scale * np.asarray(distance, float)))


def _stretch(aquifer: Aquifer) -> float:
    """k = √(Kz/Kr)."""
    return math.sqrt(aquifer.vertical_conductivity / aquifer.radial_conductivity)


def _potentials(model: LineImages | CosineSeries, rho: Floats, z: Floats) -> tuple[Floats, ...]:
    return (model.potential(rho, z),)


def _gradients(model: LineImages | CosineSeries, rho: Floats, z: Floats) -> tuple[Floats, ...]:
    return model.gradient(rho, z)


def _part_count(screen: Screen, rho: float) -> int:
    """How many parts of a screen with cosine edges, whose first is l π²/(4 n²) long."""
    count = math.pi * math.sqrt(screen.length / (4.0 * _SHORTEST_PART * rho))
    return min(max(int(count), 1), _MOST_PARTS)


def _part_edges(screen: Screen, roof: float, count: int) -> Floats:
    """Edges of the parts of a screen, m below the roof, shape (n+1,)."""
    share = 0.5 * (1.0 - np.cos(np.linspace(0.0, math.pi, count + 1)))
    return np.asarray(screen.top - roof + screen.length * share)


def _solved(means: Floats, parts: int) -> tuple[Floats, Floats]:
    """Strengths that make the head even along each screen, and the two potentials.

    The first ``parts`` are those of the return screen.
    """
    size = len(means)
    member = np.zeros((size, 2))
    member[:parts, 0] = member[parts:, 1] = 1.0
    matrix = np.block([[means, -member], [member.T, np.zeros((2, 2))]])
    solution = np.linalg.solve(matrix, np.concatenate([np.zeros(size), [1.0, -1.0]]))
    return solution[:size], solution[size:]


def _problems(aquifer: Aquifer, pair: ScreenPair, radius: float) -> Iterator[Problem]:
    for name in ("radial_conductivity", "vertical_conductivity", "thickness"):
        value = getattr(aquifer, name)
        if not (math.isfinite(value) and value > 0.0):
            yield Problem("aquifer", name, _POSITIVE, CORRECT, f"{value:g}")
    if not (math.isfinite(radius) and radius > 0.0):
        yield Problem("well", "radius", _POSITIVE, CORRECT, f"{radius:g} m")
    elif radius >= min(pair.injection.length, pair.extraction.length) > 0.0:
        yield Problem("well", "radius", _WIDE, CORRECT, f"{radius:g} m")
    allowed = Text(
        f"{aquifer.top:g} to {aquifer.bottom:g} m", f"{aquifer.top:g}～{aquifer.bottom:g} m"
    )
    for name in ("injection", "extraction"):
        screen: Screen = getattr(pair, name)
        shown = f"{screen.top:g}…{screen.bottom:g} m"
        if not screen.length > 0.0:
            yield Problem("well", name, UPSIDE_DOWN, CORRECT, shown)
        elif screen.length > aquifer.thickness > 0.0:
            yield Problem("well", name, _THIN, _MOVE, shown, allowed)
        elif screen.top < aquifer.top - 1e-9 or screen.bottom > aquifer.bottom + 1e-9:
            yield Problem("well", name, _OUTSIDE, _MOVE, shown, allowed)
    if pair.seal.length <= 0.0:
        yield Problem("well", "pair", _OVERLAP, LEAVE_A_SEAL, f"{pair.seal.length:g} m")
