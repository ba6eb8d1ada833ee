"""Any number of wells in an aquifer of even thickness, with regional flow and a straight boundary.

Steady plane potential flow: wells, their images beyond the boundary and the uniform regional flow
add up. Particles with the heat of returned water are followed from each return well
(:func:`trace_arrivals`); conduction and dispersion are left out. What heat exchange with cap and
bed rock makes of a doublet is in :meth:`.doublet.Doublet.arrived_with_conduction`.

Sources: J. Bear, Dynamics of Fluids in Porous Media, 1972, ch. 7 (complex potential, images);
Gringarten & Sauty 1975 for heat in place of water.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.problems import InputError, Problem
from diwen.sources.response.time_units import YEAR
from diwen.sources.well_field.arrivals import Arrivals
from diwen.sources.well_field.doublet import positive_problems
from diwen.value_problems import CORRECT, NOT_FINITE

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

_RING = 1e-5  # where particles start and end, over the smallest distance of two wells
_RING_REGIONAL = 1e-4  # the same over the distance at which the regional flow equals that of a well
_REACH = 30.0  # circle of no return over the size of the field
_DIPOLE = 10.0  # the same over the length at which field and regional flow are equal
_TINY, _FARTHEST = 1e-30, 1e9  # m/s and m: a regional flow that no well can notice
_ALIGNED = 1e-6
_PATH = 4000

_SHAPE = Text("positions and rates do not fit each other", "井位与流量数目不一致")
_SHAPE_CURE = Text("give x, y and one rate per well", "每口井请给出 x、y 和一个流量")
_SAME_PLACE = Text("wells {one} and {other} stand at the same place",
                   "第 {one} 号井与第 {other} 号井位置相同")  # fmt: skip
_APART = Text("give each well its own position, in m", "请给出各井各自的位置（m）")
_NO_FLOW = Text("the well has no flow", "该井流量为零")
_GIVE_RATE = Text(
    "give a rate: positive returned, negative pumped; or leave the well out",
    "请给出流量：回灌为正，抽水为负；或删去该井",
)
_ONE_KIND = Text("there are not both pumped and return wells", "未同时包含抽水井与回灌井")
_BOTH = Text("give rates of both signs", "请同时给出正、负流量")
_SIDES = Text(
    "wells stand on both sides of the boundary, or on it", "边界两侧均有井，或井位于边界上"
)
_ONE_SIDE = Text("move the boundary or the wells", "请移动边界或井位")
_ACROSS = Text("the regional flow crosses a boundary without flow", "区域地下水流穿过隔水边界")
_ALONG = Text(
    "the regional flow runs along a boundary of even head", "区域地下水流平行于定水头边界"
)
_TURN = Text(
    "let it run along a no-flow boundary, and across a recharge boundary",
    "隔水边界处流向应与边界平行，补给边界处流向应与边界垂直",
)
_NO_LINE = Text("the boundary has no direction", "边界没有方向")


@dataclass(frozen=True)
class StraightBoundary:
    """A straight edge of the aquifer.

    Attributes
    ----------
    point : on the line, (x, y), m
    direction : of the line, (x, y), any length
    kind : ``recharge`` (a river that keeps the head) or ``no_flow`` (a fault, tight rock)
    """

    point: tuple[float, float]
    direction: tuple[float, float]
    kind: Literal["recharge", "no_flow"]


@dataclass(frozen=True, eq=False)
class PlaneWells:
    """Fully penetrating wells with steady flows; build with :meth:`of`.

    Attributes
    ----------
    positions : m, shape (n, 2)
    rates : water returned to the aquifer positive, pumped negative, m³/s, shape (n,)
    thickness : of the aquifer, m
    regional_flux : Darcy flux of the regional flow, m/s, 0 or more
    regional_direction : where it goes, from x counter-clockwise, rad
    boundary : straight edge of the aquifer, if there is one
    ground_heat_capacity, water_heat_capacity : volumetric, J/(m³·K)
    """

    positions: Floats
    rates: Floats
    thickness: float
    regional_flux: float = 0.0
    regional_direction: float = 0.0
    boundary: StraightBoundary | None = None
    ground_heat_capacity: float = 2.6e6
    water_heat_capacity: float = WATER_HEAT_CAPACITY

    @classmethod
    def of(
        cls,
        positions: ArrayLike,
        rates: ArrayLike,
        thickness: float,
        *,
        regional_flux: float = 0.0,
        regional_direction: float = 0.0,
        boundary: StraightBoundary | None = None,
        ground_heat_capacity: float = 2.6e6,
        water_heat_capacity: float = WATER_HEAT_CAPACITY,
    ) -> PlaneWells:
        """Wells from arrays.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        made = cls(
            np.atleast_2d(np.asarray(positions, float)), np.atleast_1d(np.asarray(rates, float)),
            float(thickness), regional_flux, regional_direction, boundary,
            ground_heat_capacity, water_heat_capacity,
        )  # fmt: skip
        problems = list(_problems(made))
        if problems:
            raise InputError(problems)
        return made

    @property
    def retardation(self) -> float:
        """A: heat capacity of the ground over that of water."""
        return self.ground_heat_capacity / self.water_heat_capacity

    @property
    def returning(self) -> NDArray[np.intp]:
        """Numbers of the wells that return water, shape (ni,)."""
        return np.flatnonzero(self.rates > 0.0)

    @property
    def pumping(self) -> NDArray[np.intp]:
        """Numbers of the wells that are pumped, shape (nj,)."""
        return np.flatnonzero(self.rates < 0.0)

    def reversed(self) -> PlaneWells:
        """With the roles of all wells exchanged (summer and winter)."""
        return PlaneWells(**{**vars(self), "rates": -self.rates})


@dataclass(frozen=True, eq=False)
class _Scene:
    """What the compiled code sees; complex positions, images after the real wells."""

    wells: Complexes
    strengths: Floats
    uniform: complex
    ring: float
    centre: complex
    reach: float
    boundary: complex
    inward: complex


def darcy_flux(field: PlaneWells, points: ArrayLike) -> Floats:
    """Flux of the water at points, m/s, shape (..., 2), for points (..., 2) in m."""
    scene = _scene(field)
    at = np.asarray(points, float)
    z = at[..., 0] + 1j * at[..., 1]
    conjugate = scene.uniform + (scene.strengths / (z[..., None] - scene.wells)).sum(axis=-1)
    return np.stack([conjugate.real, -conjugate.imag], axis=-1)


def trace_arrivals(
    field: PlaneWells, *, particles: int = 256, horizon: float = 10_000.0 * YEAR
) -> Arrivals:
    """Follow the heat of the returned water from every return well.

    Parameters
    ----------
    particles : for each return well
    horizon : longest time of travel followed, s

    Returns
    -------
    Arrivals : return wells and pumped wells in the order of ``field.returning``, ``field.pumping``
    """
    from diwen.sources.well_field import stream_particles_compiled

    follow: Any = stream_particles_compiled.follow_all
    scene = _scene(field)
    count = len(field.returning)
    starts = _starts(field, scene, particles).ravel()
    home, times = np.empty(starts.size, np.int64), np.empty(starts.size)
    follow(
        starts, scene.wells, scene.strengths, scene.uniform, len(field.rates), scene.ring,
        field.retardation, horizon, scene.centre, scene.reach, scene.boundary, scene.inward,
        home, times,
    )  # fmt: skip
    strengths = scene.strengths[field.returning]
    times += np.repeat(field.retardation * scene.ring**2 / (2.0 * strengths), particles)
    number = np.full(len(field.rates), -1)
    number[field.pumping] = np.arange(len(field.pumping))
    return Arrivals(
        injected=field.rates[field.returning],
        pumped=-field.rates[field.pumping],
        source=np.repeat(np.arange(count), particles),
        destination=np.where(home >= 0, number[np.maximum(home, 0)], home),
        times=np.where(home == -2, np.inf, times),
        weight=np.full(starts.size, 1.0 / particles),
        horizon=horizon,
    )


def streamlines(
    field: PlaneWells, *, lines: int = 24, horizon: float = 100.0 * YEAR
) -> list[Floats]:
    """Paths of returned water for a drawing, ``lines`` from each return well, each (n, 2) in m."""
    from diwen.sources.well_field import stream_particles_compiled

    follow: Any = stream_particles_compiled.follow
    scene = _scene(field)
    drawn = []
    for start in _starts(field, scene, lines).ravel():
        path = np.empty(_PATH, np.complex128)
        _, _, written = follow(
            start, scene.wells, scene.strengths, scene.uniform, len(field.rates), scene.ring,
            field.retardation, horizon, scene.centre, scene.reach, scene.boundary, scene.inward,
            path,
        )  # fmt: skip
        drawn.append(np.stack([path[:written].real, path[:written].imag], axis=-1))
    return drawn


def _starts(field: PlaneWells, scene: _Scene, particles: int) -> Complexes:
    """On the ring around each return well, shape (ni, particles)."""
    angle = 2.0 * math.pi * (np.arange(particles) + 0.5) / particles
    return scene.wells[field.returning][:, None] + scene.ring * np.exp(1j * angle)


def _scene(field: PlaneWells) -> _Scene:
    wells = field.positions[:, 0] + 1j * field.positions[:, 1]
    strengths = field.rates / (2.0 * math.pi * field.thickness)
    boundary = inward = 0j
    if field.boundary is not None:
        boundary, inward = _inward(field.boundary, wells)
        mirrored = wells - 2.0 * ((wells - boundary) * np.conj(inward)).real * inward
        sign = -1.0 if field.boundary.kind == "recharge" else 1.0
        wells = np.concatenate([wells, mirrored])
        strengths = np.concatenate([strengths, sign * strengths])
    uniform = field.regional_flux * np.exp(-1j * field.regional_direction)
    gaps = np.abs(wells[:, None] - wells) + np.where(np.eye(len(wells)), np.inf, 0.0)
    ring = _RING * float(gaps.min())
    centre = complex(wells.mean())
    size = float(np.abs(wells - centre).max())
    reach = _REACH * size
    if field.regional_flux > 0.0:
        balance = np.minimum(np.abs(strengths) / max(field.regional_flux, _TINY), _FARTHEST)
        ring = min(ring, _RING_REGIONAL * float(balance.min()))
        reach = max(reach, _DIPOLE * math.sqrt(float(balance.sum()) * size))
        unbalanced = abs(strengths.sum()) > 1e-9 * np.abs(strengths).sum()
        reach = max(reach, _DIPOLE * float(balance.sum()) if unbalanced else 0.0)
    return _Scene(wells, strengths, complex(uniform), ring, centre, reach, boundary, inward)


def _inward(boundary: StraightBoundary, wells: Complexes) -> tuple[complex, complex]:
    """A point of the boundary, and the unit normal towards the wells."""
    point, along = complex(*boundary.point), complex(*boundary.direction)
    normal = 1j * along / abs(along)
    side = ((wells - point) * np.conj(normal)).real
    return point, normal if side[0] > 0.0 else -normal


def _problems(field: PlaneWells) -> Iterator[Problem]:
    where = "plane wells"
    yield from positive_problems(
        where,
        {
            "thickness": field.thickness,
            "ground_heat_capacity": field.ground_heat_capacity,
            "water_heat_capacity": field.water_heat_capacity,
        },
    )
    given = field.regional_flux, field.regional_direction
    if not (np.isfinite(given).all() and given[0] >= 0.0):
        yield Problem(where, "regional_flux", NOT_FINITE, CORRECT, f"{given[0]:g}")
    yield from rate_problems(where, field.rates, field.positions)
    if field.boundary is not None and field.positions.shape == (len(field.rates), 2):
        yield from _boundary_problems(field, field.boundary)


def rate_problems(where: str, rates: Floats, positions: Floats) -> Iterator[Problem]:
    """Positions that coincide, wells without flow, flows of one sign only."""
    if positions.shape != (len(rates), 2):
        shown = f"{positions.shape}, {rates.shape}"
        yield Problem(where, "positions", _SHAPE, _SHAPE_CURE, shown)
        return
    yield from position_problems(where, positions)
    for k in np.flatnonzero((rates == 0.0) | ~np.isfinite(rates)):
        yield Problem(where, f"rates[{k}]", _NO_FLOW, _GIVE_RATE, f"{rates[k]:g}")
    if not ((rates > 0.0).any() and (rates < 0.0).any()):
        yield Problem(where, "rates", _ONE_KIND, _BOTH)


def position_problems(where: str, positions: Floats) -> Iterator[Problem]:
    """Positions that are no numbers or coincide; shape (n, 2)."""
    if not np.isfinite(positions).all():
        yield Problem(where, "positions", NOT_FINITE, CORRECT)
        return
    gaps = np.hypot(*(positions[:, None] - positions).transpose(2, 0, 1))
    for one, other in zip(*np.nonzero(np.triu(gaps < 1e-6, 1)), strict=True):
        message = _SAME_PLACE.format(one=one + 1, other=other + 1)
        shown = f"{positions[one, 0]:g}, {positions[one, 1]:g} m"
        yield Problem(where, f"positions[{other}]", message, _APART, shown)


def _boundary_problems(field: PlaneWells, boundary: StraightBoundary) -> Iterator[Problem]:
    where = "plane wells"
    along = complex(*boundary.direction)
    if not abs(along) > 0.0:
        yield Problem(where, "boundary.direction", _NO_LINE, CORRECT)
        return
    wells = field.positions[:, 0] + 1j * field.positions[:, 1]
    side = ((wells - complex(*boundary.point)) * np.conj(1j * along)).real
    if not ((side > 0.0).all() or (side < 0.0).all()):
        yield Problem(where, "boundary", _SIDES, _ONE_SIDE)
    if field.regional_flux > 0.0:
        turn = np.exp(1j * field.regional_direction) * np.conj(along) / abs(along)
        if boundary.kind == "no_flow" and abs(turn.imag) > _ALIGNED:
            yield Problem(where, "regional_direction", _ACROSS, _TURN)
        if boundary.kind == "recharge" and abs(turn.real) > _ALIGNED:
            yield Problem(where, "regional_direction", _ALONG, _TURN)
