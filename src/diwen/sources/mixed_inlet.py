"""Fields whose boreholes share one inlet: ground and fluid of a network solved together.

The ground couples the heat rates of all segments (:mod:`diwen.sources.segment_system`), the fluid
ties them to one inlet temperature (:mod:`diwen.sources.networks`). At each Laplace variable this
is one linear system, as for the uniform wall temperature.

The g-function of this boundary is defined by the *effective* wall temperature, that which a wall
uniform over the field would need for the same inlet and outlet (Cimmino 2015, Int. J. Heat Mass
Transfer 91: 1119-1127; 2019, J. Building Performance Simulation 12: 41-55):

    T_b,eff = (T_in + T_out)/2 + q̄ R_network,        g = 2πk (T_0 - T_b,eff)/q̄ .
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.sources.borehole_groups import alike_by_symmetry, indicator, kinds_of
from diwen.sources.boreholes import Boreholes
from diwen.sources.laplace import DEFAULT_ORDER, inversion_matrix, sample_points
from diwen.sources.line_source_kernel import ACCURATE_STEP
from diwen.sources.networks import HEADER, Network, NetworkModel, network_model
from diwen.sources.pair_sums import pair_sums_of
from diwen.sources.segment_system import SegmentSystem, field_kernel, field_nodes
from diwen.sources.segments import DEFAULT_END_LENGTH_RATIO, DEFAULT_SEGMENTS, segment_ratios

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_COUNT = Text(
    "the network does not have as many boreholes as the field", "管网与场地的钻孔数不一致"
)
_COUNT_CURE = Text("give one upstream borehole per borehole", "请为每孔给出其上游钻孔")
_TIMES = Text("times must be above zero", "时间必须大于零")
_TIMES_CURE = Text("give times in seconds after the load began", "请给出加载开始后的秒数")
_CONDUCTIVITY = Text("not a conductivity above zero", "导热系数须大于零")
_CONDUCTIVITY_CURE = Text(
    "the equal-inlet boundary needs the conductivity of the ground, W/(m·K)",
    "等进口温度边界须给出岩土导热系数，W/(m·K)",
)


@dataclass(frozen=True, eq=False)
class EqualInlet:
    """Field and network under a steady total heat rate of 2πk W per metre of all boreholes.

    Attributes
    ----------
    times : s, shape (nt,)
    values : g, shape (nt,)
    error_by_time : own estimate of the relative numerical error, shape (nt,)
    inlet, outlet : drops of the network's inlet and outlet temperature below the undisturbed
        ground, K, shape (nt,)
    heat_rates : 2πk-fold heat extraction rate per metre of each borehole's length, relative to
        the mean of the field, shape (n, nt)
    resistance : effective resistance of the network, m·K/W
    samples : Laplace variables and transfer function of g, each shape (ns,); the last is 0 where
        an infinite time was asked for
    groups : number of groups of boreholes solved for
    """

    times: Floats
    values: Floats
    error_by_time: Floats
    inlet: Floats
    outlet: Floats
    heat_rates: Floats
    resistance: float
    samples: tuple[Floats, Floats]
    groups: int


def alike_in_network(boreholes: Boreholes, network: Network) -> Indices:
    """Groups of boreholes that neither ground nor pipes can tell apart, shape (n,).

    The partition of :func:`diwen.sources.borehole_groups.alike_by_symmetry`, refined until all
    members of a group have their upstream borehole in one group too.
    """
    _, kind = kinds_of(boreholes)
    flow = np.unique(network.mass_flow.round(12), return_inverse=True)[1].reshape(-1)
    label = _joint(kind, flow, network.kind, network.position)
    while True:
        group = alike_by_symmetry(boreholes, label)
        if network.parallel:
            return group
        above = np.where(network.upstream == HEADER, HEADER, group[network.upstream])
        finer = _joint(group, above)
        if finer.max() == group.max():
            return group
        label = finer


def equal_inlet_transfer(
    system: SegmentSystem, model: NetworkModel, conductivity: float, s: Floats
) -> tuple[Floats, Floats]:
    """Drop of the network's inlet temperature and heat rates, at unit mean heat rate q̄ = 2πk.

    Parameters
    ----------
    system : the ground; its patterns are the groups of the model
    model : the network's fluid
    conductivity : of the ground, W/(m·K)
    s : Laplace variables, 1/s, shape (ns,)

    Returns
    -------
    inlet : K, shape (ns,)
    rates : per metre, of each segment of each group, in units of 2πk, shape (ns, size)
    """
    count, nq = model.heat_of_inlet.shape
    lengths = system.lengths
    segment = system.segment_length[system.patterns.kind].reshape(-1)
    scale = 1.0 / (2.0 * np.pi * conductivity * segment)
    own = (model.heat_of_wall.reshape(-1, nq) * scale[:, None]).reshape(count, nq, nq)
    of_inlet = (model.heat_of_inlet.reshape(-1) * scale).reshape(count, nq)
    through = bool(model.inlet_of_wall.any())
    driven = -(of_inlet * model.inlet_of_header[:, None]).reshape(-1)
    inlet, rates = np.empty(len(s)), np.empty((len(s), len(lengths)))
    for k, value in enumerate(s):
        # Wall temperatures of the heat rates, then the heat rates those would drive.
        wall = system.matrices(np.array([value]))[0] / lengths[:, None]
        answer = np.matmul(own, wall.reshape(count, nq, -1)).reshape(wall.shape)
        if through:
            drawn = model.inlet_of_wall @ wall
            answer += (of_inlet[:, :, None] * drawn[:, None, :]).reshape(wall.shape)
        answer[np.diag_indices(len(lengths))] += 1.0
        unit = np.linalg.solve(answer, driven)
        inlet[k] = lengths.sum() / (lengths @ unit)
        rates[k] = unit * inlet[k]
    return inlet, rates


def equal_inlet(
    boreholes: Boreholes,
    network: Network,
    diffusivity: float,
    conductivity: float,
    times: ArrayLike,
    *,
    segments: int = DEFAULT_SEGMENTS,
    end_length_ratio: float = DEFAULT_END_LENGTH_RATIO,
) -> EqualInlet:
    """Response of a field to a steady heat rate through its network of pipes.

    Parameters
    ----------
    boreholes : vertical, n of them
    network : how they are piped
    diffusivity, conductivity : of the ground, m2/s and W/(m·K)
    times : s, above zero, shape (nt,)
    segments, end_length_ratio : as in :func:`diwen.sources.segments.segment_ratios`

    Raises
    ------
    diwen.problems.InputError : network and field do not fit, no conductivity
    """
    moments = np.atleast_1d(np.asarray(times, float))
    _refuse(boreholes, network, conductivity, moments)
    ratios = segment_ratios(segments, end_length_ratio)
    group = alike_in_network(boreholes, network)
    finite = moments[np.isfinite(moments)]
    s = sample_points(float(finite.min()), float(finite.max())) if finite.size else np.empty(0)
    # An infinite time is the steady state, at the Laplace variable 0.
    slowest = float(s.min()) if finite.size == moments.size else 0.0
    asked = s if slowest else np.append(s, 0.0)
    system = _ground(boreholes, diffusivity, slowest, ratios, group)
    model = network_model(network, boreholes.length, ratios, group)
    inlet, rates = equal_inlet_transfer(system, model, conductivity, asked)
    fall = np.pi * conductivity * boreholes.total_length / model.capacity_rate
    transfer = inlet - fall - 2.0 * np.pi * conductivity * model.resistance
    matrix = _inversion(s, moments, DEFAULT_ORDER)
    values = matrix @ transfer
    rough = _inversion(s, moments, DEFAULT_ORDER - 2) @ transfer
    drop = matrix @ inlet
    error = np.abs(rough - values) / np.abs(values) + system.nodes.error
    mean = rates.reshape(len(asked), -1, len(ratios)) @ ratios
    return EqualInlet(
        times=moments,
        values=values,
        error_by_time=error,
        inlet=drop,
        outlet=drop - 2.0 * fall,
        heat_rates=(matrix @ mean)[:, group].T,
        resistance=model.resistance,
        samples=(asked, transfer),
        groups=mean.shape[1],
    )


def _ground(
    boreholes: Boreholes, diffusivity: float, slowest: float, ratios: Floats, group: Indices
) -> SegmentSystem:
    """The coupling through the ground with those very groups."""
    first, _ = kinds_of(boreholes)
    nodes = field_nodes(boreholes, diffusivity, slowest, ACCURATE_STEP)
    pairs = pair_sums_of(boreholes, group)
    kernel = field_kernel(boreholes, pairs, boreholes.take(first), nodes, ratios)
    columns = indicator(group[pairs.representative])
    return kernel.system(columns, kernel.kind[columns.argmax(axis=0)], True)[0]


def _inversion(s: Floats, times: Floats, order: int) -> Floats:
    """From samples to times; a steady state is the last sample, which no other time uses."""
    finite = np.isfinite(times)
    steady = not finite.all()
    matrix = np.zeros((len(times), len(s) + steady))
    if finite.any():
        matrix[finite, : len(s)] = inversion_matrix(s, times[finite], order)
    if steady:
        matrix[~finite, -1] = 1.0
    return matrix


def _joint(*labels: Indices) -> Indices:
    """One label for each combination of labels, numbered from 0."""
    rows = np.stack(labels, axis=1)
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1).astype(np.intp)


def _refuse(boreholes: Boreholes, network: Network, conductivity: float, times: Floats) -> None:
    problems = []
    if not times.size or not (times > 0).all():
        problems.append(Problem("g_function", "times", _TIMES, _TIMES_CURE, "", same("> 0 s")))
    if network.count != boreholes.count:
        allowed = same(f"{boreholes.count}")
        problems.append(
            Problem("network", "upstream", _COUNT, _COUNT_CURE, f"{network.count}", allowed)
        )
    if not (np.isfinite(conductivity) and conductivity > 0):
        problems.append(
            Problem("g_function", "conductivity", _CONDUCTIVITY, _CONDUCTIVITY_CURE,
                    f"{conductivity}", same("> 0"))
        )  # fmt: skip
    if problems:
        raise InputError(problems)
