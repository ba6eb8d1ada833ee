"""Pipes in a borehole: what they are made of, where they stand, how they are connected.

Two sections are known. A :class:`BoreholeSection` holds any number of pipes in a grouted bore,
joined to circuits (single U, double U in parallel or in series, or a list of one's own). A
:class:`CoaxialSection` holds one pipe inside another. Both number their pipes from 0 and name
their circuits in the same way: a circuit is the list of its pipes in the order of the flow. The
first pipe of a circuit flows down, the second up, and so on, so a circuit has an even number of
pipes; the flow of the borehole divides among the circuits by their shares.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]
Circuits = tuple[tuple[int, ...], ...]

_WHERE_PIPE, _WHERE_SECTION = "pipe", "borehole section"
_NEGATIVE = Text("below zero", "小于零")
_ZERO_OR_MORE = Text("0 or more", "不小于 0")
_NO_WALL = Text("the pipe has no wall", "管子没有壁厚")
_WALL = Text(
    "give the outer radius larger than the inner one; radii, not diameters",
    "外半径须大于内半径；请填半径而非直径",
)
_OVERLAP = Text("pipes {i} and {j} overlap", "管 {i} 与管 {j} 重叠")
_APART = Text(
    "move them apart or make them thinner: centres at least {least:.4g} m apart",
    "请加大间距或减小管径：管中心距至少 {least:.4g} m",
)
_OUTSIDE = Text("pipe {i} reaches out of the bore", "管 {i} 超出钻孔")
_INSIDE = Text(
    "move it inwards or drill wider: bore radius at least {least:.4g} m",
    "请向内移动或加大孔径：钻孔半径至少 {least:.4g} m",
)
_NO_PIPES = Text("there are no pipes", "没有管子")
_TWO_PIPES = Text("give the positions of at least two pipes", "请至少给出两根管的位置")
_COUNTS = Text("not one pipe per position", "管子与位置的个数不一致")
_ONE_EACH = Text("give one pipe for all, or one per position", "全部共用一种管，或每个位置一种")
_CIRCUITS = Text("the circuits do not use every pipe exactly once", "各回路未恰好使用每根管一次")
_EACH_ONCE = Text(
    "list every pipe once, in the order of the flow; pipes are numbered from 0",
    "请按流动次序列出每根管，各一次；管号从 0 起",
)
_ODD = Text("circuit {i} has an odd number of pipes", "回路 {i} 的管数为奇数")
_EVEN = Text(
    "a circuit goes down and up: give it two, four, ... pipes",
    "回路有下有上：管数须为 2、4……",
)
_SHARES = Text("the shares of the flow do not fit the circuits", "流量份额与回路不符")
_SHARES_CURE = Text(
    "give one positive share per circuit, summing to 1", "每回路一个正的份额，总和为 1"
)
_INNER_FITS_NOT = Text("the inner pipe does not fit into the outer one", "内管放不进外管")
_INNER_SMALLER = Text(
    "give an inner pipe with an outer radius below the inner radius of the outer pipe",
    "内管的外半径须小于外管的内半径",
)
_OUTER_FITS_NOT = Text("the outer pipe does not fit into the bore", "外管放不进钻孔")
_OUTER_SMALLER = Text("choose a thinner pipe or drill wider", "请减小管径或加大孔径")


@dataclass(frozen=True)
class Pipe:
    """A pipe.

    Attributes
    ----------
    inner_radius, outer_radius : m
    conductivity : thermal conductivity of the wall, W/(m·K)
    roughness : height of the roughness of the inner surface, m
    """

    inner_radius: float
    outer_radius: float
    conductivity: float
    roughness: float = 1e-6

    def __post_init__(self) -> None:
        problems = list(_pipe_problems(self))
        if problems:
            raise InputError(problems)

    @property
    def wall_resistance(self) -> float:
        """Thermal resistance of the wall, ln(r_out/r_in)/(2πλ), m·K/W."""
        return math.log(self.outer_radius / self.inner_radius) / (2 * math.pi * self.conductivity)

    @property
    def flow_area(self) -> float:
        """Cross-section of the flow, m²."""
        return math.pi * self.inner_radius**2


@dataclass(frozen=True, eq=False)
class BoreholeSection:
    """Horizontal section of a grouted borehole with pipes at given places.

    Build with :meth:`single_u`, :meth:`double_u` or :meth:`of`.

    Attributes
    ----------
    radius : radius of the bore, m
    grout_conductivity, ground_conductivity : W/(m·K)
    x, y : centres of the pipes from the axis of the bore, m, shape (p,)
    pipes : the pipe at each place, length p
    circuits : pipes of each circuit in the order of the flow, the first of each flowing down
    shares : share of each circuit in the flow of the borehole, summing to 1
    """

    radius: float
    grout_conductivity: float
    ground_conductivity: float
    x: Floats
    y: Floats
    pipes: tuple[Pipe, ...]
    circuits: Circuits
    shares: tuple[float, ...]

    @classmethod
    def of(
        cls,
        radius: float,
        positions: Sequence[tuple[float, float]],
        pipes: Pipe | Sequence[Pipe],
        grout_conductivity: float,
        ground_conductivity: float,
        circuits: Sequence[Sequence[int]],
        shares: ArrayLike | None = None,
    ) -> BoreholeSection:
        """A section with pipes anywhere and any connection.

        Parameters
        ----------
        radius : radius of the bore, m
        positions : centres (x, y) of the pipes from the axis of the bore, m
        pipes : one pipe for all places, or one per place
        grout_conductivity, ground_conductivity : W/(m·K)
        circuits : pipes (numbered from 0) of each circuit in the order of the flow
        shares : share of each circuit in the flow; equal shares if not given

        Raises
        ------
        diwen.problems.InputError : everything that cannot be, all at once
        """
        plan = np.asarray(positions, float).reshape(-1, 2)
        every = (pipes,) * len(plan) if isinstance(pipes, Pipe) else tuple(pipes)
        chains = tuple(tuple(int(pipe) for pipe in chain) for chain in circuits)
        count = max(len(chains), 1)
        parts = np.full(count, 1 / count) if shares is None else np.atleast_1d(shares)
        section = cls(
            radius, grout_conductivity, ground_conductivity, plan[:, 0].copy(), plan[:, 1].copy(),
            every, chains, tuple(float(share) for share in parts),
        )  # fmt: skip
        problems = list(_section_problems(section))
        if problems:
            raise InputError(problems)
        section.x.setflags(write=False)
        section.y.setflags(write=False)
        return section

    @classmethod
    def single_u(
        cls,
        radius: float,
        pipe: Pipe,
        centre_distance: float,
        grout_conductivity: float,
        ground_conductivity: float,
    ) -> BoreholeSection:
        """Two legs, `centre_distance` (m) between their centres, symmetric about the axis."""
        half = centre_distance / 2
        return cls.of(
            radius, [(-half, 0.0), (half, 0.0)], pipe, grout_conductivity, ground_conductivity,
            [(0, 1)],
        )  # fmt: skip

    @classmethod
    def double_u(
        cls,
        radius: float,
        pipe: Pipe,
        centre_distance: float,
        grout_conductivity: float,
        ground_conductivity: float,
        *,
        connection: Literal["parallel", "series"] = "parallel",
        arrangement: Literal["diagonal", "adjacent"] = "diagonal",
    ) -> BoreholeSection:
        """Four legs on a circle, `centre_distance` (m) between opposite centres.

        The legs 0, 1, 2, 3 follow each other around the bore. With the arrangement ``diagonal``
        the legs of one U are opposite, 0-2 and 1-3: in parallel, both down-flowing legs are
        neighbours. With ``adjacent`` they are neighbours, 0-1 and 2-3: down- and up-flowing legs
        alternate. In series the flow of the first U goes on into the second (Zeng, Diao & Fang
        2003, Int. J. Heat Mass Transfer 46: 4467-4481).
        """
        half = centre_distance / 2
        first, second = ((0, 2), (1, 3)) if arrangement == "diagonal" else ((0, 1), (2, 3))
        return cls.of(
            radius, [(half, 0.0), (0.0, half), (-half, 0.0), (0.0, -half)], pipe,
            grout_conductivity, ground_conductivity,
            [first, second] if connection == "parallel" else [first + second],
        )  # fmt: skip


@dataclass(frozen=True)
class CoaxialSection:
    """Horizontal section of a borehole with one pipe inside another, both on the axis.

    Pipe 0 is the inner pipe, pipe 1 the annulus between the two.

    Attributes
    ----------
    radius : radius of the bore, m; equal to the outer radius of the outer pipe: no grout
    inner, outer : the pipes
    grout_conductivity, ground_conductivity : W/(m·K)
    inlet : where the fluid flows down
    """

    radius: float
    inner: Pipe
    outer: Pipe
    grout_conductivity: float
    ground_conductivity: float
    inlet: Literal["annulus", "inner"] = "annulus"

    def __post_init__(self) -> None:
        problems = list(_coaxial_problems(self))
        if problems:
            raise InputError(problems)

    @property
    def circuits(self) -> Circuits:
        """The one circuit, in the order of the flow."""
        return ((1, 0),) if self.inlet == "annulus" else ((0, 1),)

    @property
    def shares(self) -> tuple[float, ...]:
        """The one circuit carries the whole flow."""
        return (1.0,)


Section = BoreholeSection | CoaxialSection


def directions_and_shares(
    circuits: Circuits, shares: Sequence[float]
) -> tuple[NDArray[np.bool_], Floats]:
    """Whether each pipe flows down, shape (p,), and its share of the flow, shape (p,)."""
    count = sum(len(chain) for chain in circuits)
    down, share = np.zeros(count, bool), np.zeros(count)
    for chain, part in zip(circuits, shares, strict=True):
        down[list(chain[::2])] = True
        share[list(chain)] = part
    return down, share


def _positive(place: str, names: Sequence[str], holder: object) -> Iterator[Problem]:
    for name in names:
        value = getattr(holder, name)
        if not (math.isfinite(value) and value > 0):
            yield Problem(place, name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)


def _pipe_problems(pipe: Pipe) -> Iterator[Problem]:
    bad = list(_positive(_WHERE_PIPE, ("inner_radius", "outer_radius", "conductivity"), pipe))
    yield from bad
    if not (math.isfinite(pipe.roughness) and pipe.roughness >= 0):
        value = f"{pipe.roughness:g}"
        yield Problem(_WHERE_PIPE, "roughness", _NEGATIVE, CORRECT, value, _ZERO_OR_MORE)
    if not bad and pipe.outer_radius <= pipe.inner_radius:
        value = f"{pipe.outer_radius:g} <= {pipe.inner_radius:g}"
        yield Problem(_WHERE_PIPE, "outer_radius", _NO_WALL, _WALL, value)


_SECTION_FIELDS = ("radius", "grout_conductivity", "ground_conductivity")


def _section_problems(section: BoreholeSection) -> Iterator[Problem]:
    yield from _positive(_WHERE_SECTION, _SECTION_FIELDS, section)
    count = len(section.x)
    if count < 2:
        yield Problem(_WHERE_SECTION, "positions", _NO_PIPES, _TWO_PIPES, str(count))
    if len(section.pipes) != count:
        value = f"{len(section.pipes)} / {count}"
        yield Problem(_WHERE_SECTION, "pipes", _COUNTS, _ONE_EACH, value)
    else:
        yield from _place_problems(section)
    yield from _circuit_problems(section, count)


def _place_problems(section: BoreholeSection) -> Iterator[Problem]:
    """Pipes that overlap or leave the bore; touching is allowed, to rounding."""
    outer = [pipe.outer_radius for pipe in section.pipes]
    for i, (x, y, r) in enumerate(zip(section.x, section.y, outer, strict=True)):
        where = f"positions[{i}]"
        reach = math.hypot(x, y) + r
        if not reach <= section.radius * (1 + 1e-9):
            cure = _INSIDE.format(least=reach)
            value = f"({x:g}, {y:g}), r {r:g}"
            yield Problem(_WHERE_SECTION, where, _OUTSIDE.format(i=i), cure, value)
        for j in range(i):
            distance, least = math.hypot(x - section.x[j], y - section.y[j]), r + outer[j]
            if distance < least * (1 - 1e-9):
                message, cure = _OVERLAP.format(i=j, j=i), _APART.format(least=least)
                yield Problem(_WHERE_SECTION, where, message, cure, f"{distance:g}")


def _circuit_problems(section: BoreholeSection, count: int) -> Iterator[Problem]:
    used = [pipe for chain in section.circuits for pipe in chain]
    if sorted(used) != list(range(count)):
        yield Problem(
            _WHERE_SECTION, "circuits", _CIRCUITS, _EACH_ONCE, str(section.circuits),
            same(f"0 ... {count - 1}"),
        )  # fmt: skip
    for i, chain in enumerate(section.circuits):
        if len(chain) % 2:
            where = f"circuits[{i}]"
            yield Problem(_WHERE_SECTION, where, _ODD.format(i=i), _EVEN, str(chain))
    shares = section.shares
    fits = len(shares) == len(section.circuits) and all(share > 0 for share in shares)
    if not (fits and math.isclose(sum(shares), 1.0, rel_tol=1e-9)):
        yield Problem(_WHERE_SECTION, "shares", _SHARES, _SHARES_CURE, str(shares))


def _coaxial_problems(section: CoaxialSection) -> Iterator[Problem]:
    yield from _positive("coaxial section", _SECTION_FIELDS, section)
    inner, outer = section.inner.outer_radius, section.outer.inner_radius
    if inner >= outer:
        value = f"{inner:g} >= {outer:g}"
        yield Problem("coaxial section", "inner", _INNER_FITS_NOT, _INNER_SMALLER, value)
    if section.outer.outer_radius > section.radius * (1 + 1e-9):
        value = f"{section.outer.outer_radius:g} > {section.radius:g}"
        yield Problem("coaxial section", "outer", _OUTER_FITS_NOT, _OUTER_SMALLER, value)
