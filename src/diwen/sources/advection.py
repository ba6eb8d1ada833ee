"""g-functions of bore fields in ground through which water flows.

The kernel is that of :mod:`diwen.sources.moving_line_source`. With water the coupling of two
boreholes depends on their direction as well as their distance, and is not symmetric: the one
downstream feels the one upstream more than the other way round. There is a steady state at all
depths with flow.

**Layers.** Segments are cut at the borders of the layers. Two segments of one layer see each other
through ground that moves as that layer does. For two segments of different layers the cloud is
taken to move with the mean of both velocities, which keeps the reciprocity of the exact solution
(turning the flow round exchanges emitter and receiver). It is exact for a flow that is the same
everywhere and for layers far from each other; what it leaves out is the shear of a cloud that
crosses a border, which matters over a height of about √(a d/U), d the distance of the boreholes.
The segments of a layer all know their velocity exactly; conduction between layers is not lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.sources.borehole_groups import kinds_of
from diwen.sources.boreholes import Boreholes
from diwen.sources.g_function import GFunction, StepResponse, closest_overlap
from diwen.sources.groundwater_flow import GroundwaterFlow
from diwen.sources.laplace import (
    DEFAULT_ORDER,
    inversion_matrix,
    line_source_reference,
    sample_points,
)
from diwen.sources.segments import (
    DEFAULT_END_LENGTH_RATIO,
    DEFAULT_SEGMENTS,
    segment_edges,
    segment_ratios,
)
from diwen.sources.step_table import (
    StepTable,
    horizontal_factor,
    table_nodes,
    wall_factor,
)

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Boundary = Literal["uniform heat rate", "uniform wall temperature"]

_CHUNK = 4_000_000
# Distance of the samples in ln s: a cloud that arrives bends F more than diffusion does.
_SPACING = 0.25
# Every so many nodes of the table serve the sum of equal steps, which converges much faster.
_COARSER = 4
# Most unknowns of a uniform wall temperature.
_MOST = 6000


def g_function_with_groundwater(
    boreholes: Boreholes,
    diffusivity: float,
    times: ArrayLike,
    flow: GroundwaterFlow,
    *,
    boundary: Boundary = "uniform wall temperature",
    segments: int = DEFAULT_SEGMENTS,
    end_length_ratio: float = DEFAULT_END_LENGTH_RATIO,
) -> GFunction:
    """g-function of a field of vertical boreholes in moving ground.

    Parameters
    ----------
    boreholes : vertical
    diffusivity : of the ground, m²/s
    times : s, above zero, shape (nt,) or scalar; ``inf`` asks for the steady state
    flow : layers with groundwater
    boundary : "uniform heat rate" or "uniform wall temperature"
    segments, end_length_ratio : mesh along a borehole, cut further at the borders of layers; see
        :func:`diwen.sources.segments.segment_ratios`

    Returns
    -------
    g-function; its error does not contain that of the treatment of layers (see the module)

    Raises
    ------
    diwen.problems.InputError : everything that is wrong with the input, at once
    """
    times = np.atleast_1d(np.asarray(times, float))
    _refuse(boreholes, diffusivity, times, boundary)
    uniform = boundary == "uniform heat rate"
    ratios = np.ones(1) if uniform else segment_ratios(segments, end_length_ratio)
    field = MovingField.of(boreholes, diffusivity, flow, ratios)
    table = field.uniform_rate_table()
    response = MovingResponse(table)
    if not uniform:
        _refuse_too_many(field)
        response = _with_equal_walls(field, table, times)
    values = response.responses(times)
    errors = response.errors(times, values)
    return GFunction(
        times=times,
        values=values[:, 0, 0],
        error=float(errors.max()),
        error_by_time=errors,
        characteristic_time=boreholes.characteristic_time(diffusivity),
        boundary=boundary,
        mode="accurate",
        segments=segments,
        groups=boreholes.count,
        response=cast("StepResponse", response),
    )


@dataclass(frozen=True, eq=False)
class MovingResponse:
    """Response of a field in moving ground at any times.

    Uniform heat rate is an integral in time, without any inversion, so that the arrival of a cloud
    keeps its edge; what a uniform wall temperature changes of it is small and smooth, and comes
    from the Laplace domain.

    Attributes
    ----------
    table : of the uniform heat rate
    s, change : Laplace variables, 1/s, and F of the uniform wall temperature less that of the
        uniform heat rate there, shape (ns,); empty for the uniform heat rate itself
    steady_change : the same at s = 0
    radius : of the thinnest borehole, m
    """

    table: StepTable
    s: Floats | None = None
    change: Floats | None = None
    steady_change: float = 0.0
    radius: float = 0.0

    def responses(self, times: Floats, order: int = DEFAULT_ORDER) -> Floats:
        """g, never below zero, shape (nt, 1, 1)."""
        values = self.table.at(times)
        if self.s is not None and self.change is not None:
            finite = np.isfinite(times)
            reference = line_source_reference(self.radius, self.table.diffusivity)
            matrix = inversion_matrix(self.s, times[finite], order, reference)
            values[finite] += matrix @ self.change
            values[~finite] += self.steady_change
        return np.maximum(values, 0.0)[:, None, None]

    def errors(self, times: Floats, values: Floats) -> Floats:
        """Estimate of the relative error by time, shape (nt,)."""
        change = np.abs(values - self.responses(times, DEFAULT_ORDER - 2))[:, 0, 0]
        # Steady times know no order of inversion; their kernel is integrated to about 1e-7.
        return (change + self.table.error(times)) / np.maximum(values[:, 0, 0], 0.1) + 1e-7


@dataclass(frozen=True, eq=False)
class MovingField:
    """Segments of a field in moving ground.

    Attributes
    ----------
    boreholes : vertical
    diffusivity : m²/s
    kind : of every borehole (same length, depth, radius), shape (n,)
    edges : depths of the segments of each kind, m, shapes (nq + 1,)
    velocity : of the segments of each kind, m/s, shapes (nq, 2)
    log_sigma : nodes, shape (nk,)
    """

    boreholes: Boreholes
    diffusivity: float
    kind: Indices
    edges: list[Floats]
    velocity: list[Floats]
    log_sigma: Floats

    @classmethod
    def of(
        cls, boreholes: Boreholes, diffusivity: float, flow: GroundwaterFlow, ratios: Floats
    ) -> MovingField:
        """Cut the boreholes into segments, at the borders of layers too."""
        first, kind = kinds_of(boreholes)
        kinds = boreholes.take(first)
        whole = segment_edges(kinds.length, kinds.buried_depth, ratios)
        edges = [flow.split(e) for e in whole]
        velocity = [flow.at(0.5 * (e[1:] + e[:-1])) for e in edges]
        width = float(np.hypot(np.ptp(boreholes.x), np.ptp(boreholes.y)))
        bottom = float((boreholes.buried_depth + boreholes.length).max())
        nearest = float(boreholes.radius.min())
        nodes = table_nodes(diffusivity, nearest, max(bottom, width), flow.fastest, width)
        return cls(boreholes, diffusivity, kind, edges, velocity, nodes)

    @property
    def size(self) -> int:
        """Number of segments in all."""
        return sum(len(self.edges[kind]) - 1 for kind in self.kind)

    def uniform_rate_table(self) -> StepTable:
        """Mean response of all walls to the same heat from every metre."""
        from diwen.sources.line_source_compiled import depth_factors

        sigma = np.exp(self.log_sigma)
        total = np.zeros(len(sigma))
        members = [self.kind == p for p in range(len(self.edges))]
        classes = _VelocityClasses.of(self.velocity)
        factors = {
            (p, q): depth_factors(self.edges[p], self.edges[q], sigma)
            for p in range(len(self.edges))
            for q in range(len(self.edges))
        }
        for part in self._chunks(len(sigma)):
            for c, velocity in enumerate(classes.velocity):
                pairs = self.pair_factors(sigma[part], velocity)
                for (p, q), factor in factors.items():
                    alike = classes.of_pair[p, q] == c
                    if alike.any():
                        depth = factor[part][:, alike].sum(axis=1)
                        total[part] += depth * pairs[:, members[p]][:, :, members[q]].sum((1, 2))
        return StepTable(self.log_sigma, total / self.boreholes.total_length, self.diffusivity)

    def pair_factors(self, sigma: Floats, velocity: Floats) -> Floats:
        """Horizontal factors between all boreholes, shape (nk, n, n), receiver first."""
        holes = self.boreholes
        dx, dy = holes.x[:, None] - holes.x, holes.y[:, None] - holes.y
        factors = horizontal_factor(dx, dy, sigma, velocity, self.diffusivity)
        own = np.arange(holes.count)
        factors[:, own, own] = wall_factor(holes.radius, sigma, velocity, self.diffusivity)
        return factors

    def transfer(self, s: Floats) -> tuple[Floats, Floats]:
        """F of the uniform wall temperature and of the uniform heat rate, each of shape (ns,).

        Both from the same nodes; s in 1/s, shape (ns,), 0 for the steady state.
        """
        lengths = np.concatenate([np.diff(self.edges[kind]) for kind in self.kind])
        together = max(1, 30_000_000 // self.size**2)
        equal, uniform = [], []
        for start in range(0, len(s), together):
            for matrix in self._matrices(s[start : start + together]):
                heat = np.linalg.solve(matrix, lengths)
                equal.append(lengths.sum() / (lengths @ heat))
                uniform.append(matrix.sum() / lengths.sum())
        return np.array(equal), np.array(uniform)

    def _matrices(self, s: Floats) -> Floats:
        """H_u F_uv between all segments, m, shape (ns, size, size)."""
        from diwen.sources.line_source_compiled import depth_factors

        sigma = np.exp(self.log_sigma[::_COARSER])
        step = _COARSER * (self.log_sigma[1] - self.log_sigma[0])
        damping = step * np.exp(-np.multiply.outer(s, 0.25 / self.diffusivity / sigma**2))
        counts = np.array([len(self.edges[kind]) - 1 for kind in self.kind])
        start = np.concatenate([[0], np.cumsum(counts)[:-1]])
        matrices = np.zeros((len(s), self.size, self.size))
        classes = _VelocityClasses.of(self.velocity)
        for part in self._chunks(len(sigma)):
            for c, velocity in enumerate(classes.velocity):
                pairs = self.pair_factors(sigma[part], velocity)
                for p, q in np.ndindex(len(self.edges), len(self.edges)):
                    rows, columns = np.flatnonzero(self.kind == p), np.flatnonzero(self.kind == q)
                    block = pairs[:, rows][:, :, columns].reshape(len(pairs), -1)
                    depth = depth_factors(self.edges[p], self.edges[q], sigma[part])
                    for u, v in np.argwhere(classes.of_pair[p, q] == c):
                        found = (damping[:, part] * depth[:, u, v]) @ block
                        place = np.ix_(range(len(s)), start[rows] + u, start[columns] + v)
                        matrices[place] += found.reshape(len(s), len(rows), len(columns))
        return matrices

    def _chunks(self, count: int) -> list[slice]:
        chunk = max(1, _CHUNK // self.boreholes.count**2)
        return [slice(k, min(k + chunk, count)) for k in range(0, count, chunk)]


@dataclass(frozen=True, eq=False)
class _VelocityClasses:
    """Pairs of segments sorted by the velocity between them.

    ``velocity`` of each class, m/s, shape (nc, 2); ``of_pair[p, q]`` the class of segment u of
    kind p and v of kind q, shape (nq_p, nq_q).
    """

    velocity: Floats
    of_pair: dict[tuple[int, int], Indices]

    @classmethod
    def of(cls, velocity: list[Floats]) -> _VelocityClasses:
        means = {
            (p, q): 0.5 * (one[:, None] + other)
            for p, one in enumerate(velocity)
            for q, other in enumerate(velocity)
        }
        every = np.concatenate([m.reshape(-1, 2) for m in means.values()])
        classes, index = np.unique(every, axis=0, return_inverse=True)
        index = index.reshape(-1)
        of_pair, start = {}, 0
        for pair, mean in means.items():
            count = mean.shape[0] * mean.shape[1]
            of_pair[pair] = index[start : start + count].reshape(mean.shape[:2])
            start += count
        return cls(classes, of_pair)


def _with_equal_walls(field: MovingField, table: StepTable, times: Floats) -> MovingResponse:
    """The response of a uniform wall temperature at the times and any between them."""
    finite = times[np.isfinite(times)]
    s = np.empty(0)
    if finite.size:
        s = sample_points(finite.min(), finite.max(), spacing=_SPACING)
    equal, uniform = field.transfer(np.append(s, 0.0))
    change = equal - uniform
    radius = float(field.boreholes.radius.min())
    return MovingResponse(table, s, change[:-1], float(change[-1]), radius)


_VERTICAL = Text("a borehole leans", "钻孔倾斜")
_VERTICAL_CURE = Text(
    "with groundwater only vertical boreholes can be calculated", "考虑地下水渗流时仅支持竖直钻孔"
)
_POSITIVE = Text("not above zero", "不大于零")
_CORRECT = Text("correct the value", "请更正该值")
_CHOICE = Text("there is no such boundary condition with groundwater", "考虑渗流时无此边界条件")
_CHOICE_CURE = Text("take one of the allowed", "请从允许值中选择")
_COINCIDE = Text("two boreholes stand closer than their radii", "两孔间距小于两孔半径之和")
_COINCIDE_CURE = Text("correct or remove one of them", "请更正或删除其中一孔")
_MANY = Text("too many segments for a uniform wall temperature", "等壁温边界的分段总数过多")
_MANY_CURE = Text(
    'take boundary "uniform heat rate", fewer segments, or a part of the field',
    "请改用等热流边界、减少分段，或只计算部分孔群",
)


def _refuse(boreholes: Boreholes, diffusivity: float, times: Floats, boundary: str) -> None:
    problems = []
    if not (np.isfinite(diffusivity) and diffusivity > 0.0):
        problems.append(_problem("diffusivity", _POSITIVE, _CORRECT, diffusivity, "> 0"))
    if not times.size or not (times > 0.0).all():
        first = times[~(times > 0.0)][:1]
        problems.append(_problem("times", _POSITIVE, _CORRECT, first, "> 0"))
    if boundary not in (known := ("uniform heat rate", "uniform wall temperature")):
        problems.append(_problem("boundary", _CHOICE, _CHOICE_CURE, boundary, ", ".join(known)))
    if not boreholes.vertical:
        worst = int(np.abs(boreholes.tilt).argmax())
        shown = f"{boreholes.tilt[worst]:g} rad"
        problems.append(_problem(f"tilt[{worst}]", _VERTICAL, _VERTICAL_CURE, shown, "0"))
    if pair := closest_overlap(boreholes):
        where = f"boreholes {pair[0]}, {pair[1]}"
        problems.append(_problem(where, _COINCIDE, _COINCIDE_CURE, f"{pair[2]:g} m", "> 0"))
    if problems:
        raise InputError(problems)


def _refuse_too_many(field: MovingField) -> None:
    if field.size > _MOST:
        raise InputError(
            [_problem("boreholes", _MANY, _MANY_CURE, field.size, f"<= {_MOST} segments")]
        )


def _problem(where: str, message: Text, cure: Text, value: object, allowed: str) -> Problem:
    return Problem("g_function", where, message, cure, f"{value}", same(allowed))
