"""The fluid on its way down and up a borehole: quasi-steady, exact in depth, linear.

The borehole is cut into n segments (any lengths), each with its own uniform wall temperature.
Inside a segment the p pipes exchange heat with the wall and with each other,

    d_i m_i c dT_i/dz = -sum_j K_ij (T_j - T_b),        d_i = +1 flowing down, -1 flowing up,

with K (W/(m·K)) the inverse of the matrix of thermal resistances between the fluids and the wall
(Claesson & Hellström 2011; Hellström 1991, Ground Heat Storage, Lund, part 3; Cimmino 2016, Int.
J. Therm. Sci. 109: 83-95 for pipes in any connection).

Each segment is written as what leaves it over what enters it (:mod:`.scattering`),
which is stable for any flow and length; one small linear system joins the segments with the
connections at the foot and the head of the borehole.

Heat extracted from the ground is positive: the fluid leaves warmer than it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.borehole.pipes import Circuits, directions_and_shares
from diwen.sources.borehole.scattering import scattering

Floats = NDArray[np.float64]

_NO_FLOW = Text("there is no flow", "没有流量")
_GIVE_FLOW = Text(
    "give a flow above zero; with the pump at rest there is no circuit to solve",
    "流量须大于零；停泵时没有可求解的回路",
)
_NO_LENGTH = Text("a segment has no length", "有分段长度不大于零")
_GIVE_LENGTH = Text("give every segment a length above zero", "每个分段的长度须大于零")


@dataclass(frozen=True, eq=False)
class CircuitModel:
    """A borehole as a linear map from inlet and wall temperatures to heat and outlet temperature.

    For every flow (leading axes ``...``) and n segments counted from the top::

        q_segments = heat_of_inlet * T_in + heat_of_wall @ T_b     W, extraction positive
        T_out      = outlet_of_inlet * T_in + outlet_of_wall @ T_b

    All rows know no reference temperature: ``heat_of_inlet + heat_of_wall.sum(-1) == 0`` and
    ``outlet_of_inlet + outlet_of_wall.sum(-1) == 1``; and the heat of all segments together is
    ``capacity_rate * (T_out - T_in)``.

    Attributes
    ----------
    heat_of_inlet : W/K, shape (..., n)
    heat_of_wall : W/K, shape (..., n, n)
    outlet_of_inlet : shape (...)
    outlet_of_wall : shape (..., n)
    capacity_rate : mass flow times specific heat of the whole borehole, W/K, shape (...)
    lengths : lengths of the segments from the top, m, shape (n,)
    """

    heat_of_inlet: Floats
    heat_of_wall: Floats
    outlet_of_inlet: Floats
    outlet_of_wall: Floats
    capacity_rate: Floats
    lengths: Floats

    def heat(self, inlet: ArrayLike, wall: ArrayLike) -> Floats:
        """Heat extracted in each segment, W, shape (..., n).

        Parameters
        ----------
        inlet : inlet temperature, °C, shape (...)
        wall : wall temperatures of the segments, °C, shape (..., n), or one for all
        """
        inlet, wall = self._temperatures(inlet, wall)
        along = np.einsum("...ij,...j->...i", self.heat_of_wall, wall)
        return self.heat_of_inlet * inlet[..., None] + along

    def outlet(self, inlet: ArrayLike, wall: ArrayLike) -> Floats:
        """Outlet temperature, °C, shape (...); parameters as in :meth:`heat`."""
        inlet, wall = self._temperatures(inlet, wall)
        along = np.einsum("...j,...j->...", self.outlet_of_wall, wall)
        return self.outlet_of_inlet * inlet + along

    def inlet_for_heat(self, heat: ArrayLike, wall: ArrayLike) -> Floats:
        """Inlet temperature, °C, at which the borehole gives that heat.

        Parameters
        ----------
        heat : heat extracted by the whole borehole, W, shape (...)
        wall : wall temperatures of the segments, °C, shape (..., n), or one for all
        """
        _, wall = self._temperatures(0.0, wall)
        along = np.einsum("...ij,...j->...", self.heat_of_wall, wall)
        return (np.asarray(heat, float) - along) / self.heat_of_inlet.sum(axis=-1)

    def _temperatures(self, inlet: ArrayLike, wall: ArrayLike) -> tuple[Floats, Floats]:
        wall = np.asarray(wall, float)
        if wall.ndim == 0:
            wall = np.full(len(self.lengths), float(wall))
        return np.asarray(inlet, float), wall


def circuit_model(
    conductances: ArrayLike,
    capacity_rate: ArrayLike,
    lengths: ArrayLike,
    circuits: Circuits,
    shares: Sequence[float] = (1.0,),
    *,
    layered: bool = False,
) -> CircuitModel:
    """The linear model of a borehole with n segments.

    Parameters
    ----------
    conductances : K, inverse of the matrix of thermal resistances between the fluids of the p
        pipes and the wall, W/(m·K), shape (..., p, p)
    capacity_rate : mass flow times specific heat of the whole borehole, W/K, shape (...)
    lengths : lengths of the segments from the top, m, shape (n,)
    circuits : pipes of each circuit in the order of the flow, first of each down
        (:mod:`diwen.sources.borehole.pipes`)
    shares : share of each circuit in the flow, summing to 1
    layered : the conductances differ from segment to segment and have shape (..., n, p, p)

    Raises
    ------
    diwen.problems.InputError : no flow, segments without length
    """
    rate, lengths = _checked(capacity_rate, lengths)
    lines = _Lines.of(circuits, shares)
    nodes, of_inlet, of_wall = _node_temperatures(conductances, rate, lengths, lines, layered)
    unknowns = np.concatenate([of_inlet, of_wall], axis=-1)
    temperature = unknowns.reshape(*nodes, unknowns.shape[-1])
    # A fluid gains, per segment, m c times (temperature where it leaves - where it enters).
    step = (temperature[..., 1:, :, :] - temperature[..., :-1, :, :]) * lines.direction[:, None]
    flows = rate[..., None, None, None] * lines.share[:, None]
    gain = (flows * step).sum(axis=-2)
    outlet = np.einsum("p,...pk->...k", lines.outlet, temperature[..., 0, :, :])
    return CircuitModel(
        heat_of_inlet=gain[..., 0],
        heat_of_wall=gain[..., 1:],
        outlet_of_inlet=outlet[..., 0],
        outlet_of_wall=outlet[..., 1:],
        capacity_rate=rate,
        lengths=lengths,
    )


def fluid_temperatures(
    conductances: ArrayLike,
    capacity_rate: ArrayLike,
    lengths: ArrayLike,
    circuits: Circuits,
    shares: Sequence[float],
    *,
    wall: ArrayLike,
    depths: ArrayLike,
    inlet: ArrayLike | None = None,
    heat: ArrayLike | None = None,
    layered: bool = False,
) -> Floats:
    """Temperature of the fluid in every pipe at given depths, °C, shape (..., nd, p).

    Parameters
    ----------
    conductances, capacity_rate, lengths, circuits, shares, layered : as in :func:`circuit_model`
    wall : wall temperatures of the segments, °C, shape (..., n), or one for all
    depths : depths below the head of the borehole, m, shape (nd,), ascending or not
    inlet : inlet temperature, °C, shape (...); or else
    heat : heat extracted by the whole borehole, W, shape (...)
    """
    rate, lengths = _checked(capacity_rate, lengths)
    foot = np.concatenate([[0.0], np.cumsum(lengths)])
    at = np.clip(np.asarray(depths, float), 0.0, foot[-1])
    cuts = np.unique(np.concatenate([foot, at]))
    owner = np.clip(np.searchsorted(foot, 0.5 * (cuts[1:] + cuts[:-1])) - 1, 0, len(lengths) - 1)
    matrix = np.asarray(conductances, float)
    fine = matrix[..., owner, :, :] if layered else matrix
    walls = np.broadcast_to(np.asarray(wall, float), (*np.shape(wall)[:-1], len(lengths)))
    if inlet is None:
        if heat is None:
            raise TypeError("give the inlet temperature or the heat")
        model = circuit_model(conductances, rate, lengths, circuits, shares, layered=layered)
        inlet = model.inlet_for_heat(heat, walls)
    lines = _Lines.of(circuits, shares)
    nodes, of_inlet, of_wall = _node_temperatures(fine, rate, np.diff(cuts), lines, layered)
    along = np.einsum("...ij,...j->...i", of_wall, walls[..., owner])
    values = of_inlet[..., 0] * np.asarray(inlet, float)[..., None] + along
    temperature = values.reshape(*values.shape[:-1], *nodes[-2:])
    return temperature[..., np.searchsorted(cuts, at), :]


def resistance_at_uniform_wall(
    conductances: ArrayLike,
    capacity_rate: ArrayLike,
    length: float,
    circuits: Circuits,
    shares: Sequence[float] = (1.0,),
) -> Floats:
    """Effective resistance R_b* when the wall has one temperature along the depth, m·K/W.

    (Mean of inlet and outlet temperature - wall temperature) over the heat per metre; parameters
    as in :func:`circuit_model`, `length` the whole active length, m; shape (...).
    """
    model = circuit_model(conductances, capacity_rate, length, circuits, shares)
    heat_per_metre = -model.heat_of_inlet[..., 0] / length
    return np.asarray(0.5 * (1.0 + model.outlet_of_inlet) / heat_per_metre)


def resistance_at_uniform_heat(
    conductances: ArrayLike,
    capacity_rate: ArrayLike,
    length: float,
    circuits: Circuits,
    shares: Sequence[float] = (1.0,),
) -> Floats:
    """Effective resistance R_b* when every metre of wall takes the same heat, m·K/W.

    (Mean of inlet and outlet temperature - mean wall temperature) over the heat per metre;
    parameters as in :func:`resistance_at_uniform_wall`; shape (...).

    With 1 W/m into the ground the wall follows the fluid, T_b = (k.T - 1)/sum(k), k = K 1; the
    mean of k.T along the depth rides along as one more component that flows down.
    """
    rate, _ = _checked(capacity_rate, length)
    lines = _Lines.of(circuits, shares)
    matrix, pipes = np.asarray(conductances, float), len(lines.down)
    row = matrix.sum(axis=-1)
    total = row.sum(axis=-1)[..., None]
    flow = rate[..., None] * lines.direction * lines.share
    batch = np.broadcast_shapes(flow.shape[:-1], matrix.shape[:-2])
    generator = np.zeros((*batch, pipes + 1, pipes + 2))
    within = matrix - row[..., :, None] * row[..., None, :] / total[..., None]
    generator[..., :pipes, :pipes] = -within / flow[..., None]
    generator[..., :pipes, -1] = -row / total / flow
    generator[..., pipes, :pipes] = row / total / length
    leaves, source = scattering(generator, np.append(lines.down, True), length)
    feeds = np.zeros((pipes + 1, pipes + 1))
    fed = np.flatnonzero(lines.fed_by >= 0)
    feeds[fed, lines.fed_by[fed]] = 1.0
    value = np.linalg.solve(np.eye(pipes + 1) - leaves @ feeds, source[..., None])[..., 0]
    outlet = (value[..., :pipes] * lines.outlet).sum(axis=-1)
    wall = value[..., pipes] - 1.0 / total[..., 0]
    return np.asarray(0.5 * outlet - wall)


@dataclass(frozen=True, eq=False)
class _Lines:
    """The connections as index arrays over the p pipes."""

    down: NDArray[np.bool_]
    share: Floats
    direction: Floats
    fed_by: NDArray[np.int64]
    outlet: Floats

    @classmethod
    def of(cls, circuits: Circuits, shares: Sequence[float]) -> _Lines:
        down, share = directions_and_shares(circuits, shares)
        fed_by, outlet = np.full(len(down), -1), np.zeros(len(down))
        for chain in circuits:
            fed_by[list(chain[1:])] = chain[:-1]
            outlet[chain[-1]] = share[chain[-1]]
        return cls(down, share, np.where(down, 1.0, -1.0), fed_by, outlet)


def _checked(capacity_rate: ArrayLike, lengths: ArrayLike) -> tuple[Floats, Floats]:
    rate = np.asarray(capacity_rate, float)
    lengths = np.atleast_1d(np.asarray(lengths, float))
    problems = []
    if not (rate > 0).all():
        value = f"{rate.min():g}"
        problems.append(Problem("borehole", "capacity_rate", _NO_FLOW, _GIVE_FLOW, value))
    if not (len(lengths) and (lengths > 0).all()):
        problems.append(
            Problem("borehole", "lengths", _NO_LENGTH, _GIVE_LENGTH, f"{lengths.tolist()}")
        )
    if problems:
        raise InputError(problems)
    return rate, lengths


def _node_temperatures(
    conductances: ArrayLike, rate: Floats, lengths: Floats, lines: _Lines, layered: bool
) -> tuple[tuple[int, ...], Floats, Floats]:
    """Temperatures at the n + 1 nodes of all pipes, as functions of inlet and wall temperatures.

    Returns the shape (..., n + 1, p) of the temperatures and the maps from the inlet, shape
    (..., (n + 1) p, 1), and from the walls, shape (..., (n + 1) p, n).
    """
    count, pipes = len(lengths), len(lines.down)
    slabs = _slabs(np.asarray(conductances, float), rate, lengths, lines, layered)
    batch = slabs.shape[:-3]
    size = (count + 1) * pipes
    system = np.zeros((*batch, size, size))
    right = np.zeros((*batch, size, 1 + count))
    index = np.arange(size).reshape(count + 1, pipes)
    system[..., index, index] = 1.0
    for s in range(count):
        leaves = np.where(lines.down, index[s + 1], index[s])
        enters = np.where(lines.down, index[s], index[s + 1])
        system[..., leaves[:, None], enters[None, :]] -= slabs[..., s, :, :]
        right[..., leaves, 1 + s] = 1.0 - slabs[..., s, :, :].sum(axis=-1)
    for pipe, before in enumerate(lines.fed_by):
        node = 0 if lines.down[pipe] else count
        if before < 0:
            right[..., index[node, pipe], 0] = 1.0
        else:
            system[..., index[node, pipe], index[node, before]] = -1.0
    solution = np.linalg.solve(system, right)
    return (*batch, count + 1, pipes), solution[..., :1], solution[..., 1:]


def _slabs(matrix: Floats, rate: Floats, lengths: Floats, lines: _Lines, layered: bool) -> Floats:
    """The scattering matrix of every segment, shape (..., n, p, p)."""
    pipes, count = len(lines.down), len(lengths)
    if not layered:
        matrix = matrix[..., None, :, :]
    flow = rate[..., None, None, None] * (lines.direction * lines.share)[:, None]
    generator = np.zeros((*np.broadcast_shapes(flow.shape, matrix.shape)[:-1], pipes + 1))
    generator[..., :-1] = -matrix / flow
    out = np.empty((*generator.shape[:-3], count, pipes, pipes))
    for s, length in enumerate(lengths):
        new = layered or s == 0 or length != lengths[s - 1]
        out[..., s, :, :] = (
            scattering(generator[..., s if layered else 0, :, :], lines.down, float(length))[0]
            if new
            else out[..., s - 1, :, :]
        )
    return out
