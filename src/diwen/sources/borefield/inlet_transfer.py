"""Transfer functions of a field through its network: ground and fluid solved together.

At each Laplace variable the ground couples the heat rates of all segments
(:mod:`diwen.sources.borefield.segment_system`) and the fluid ties them to one inlet temperature
(:mod:`.networks`). Small fields and boreholes in series are solved in groups of
equal boreholes, large parallel ones in a few patterns of heat
(:mod:`.load_patterns`), which here are found with the resistance between inlet and
wall, because it evens out the heat of the boreholes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.sources.borefield.borehole_groups import alike_by_symmetry, indicator, kinds_of
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.inclined_system import InclinedSystem, alike_inclined, system_of_groups
from diwen.sources.borefield.line_source_kernel import ACCURATE_STEP, FAST_STEP, step_for
from diwen.sources.borefield.load_patterns import (
    PROFILES,
    heat_rate_profiles,
    independent_columns,
    profile_points,
)
from diwen.sources.borefield.networks import HEADER, Network, NetworkModel, network_model
from diwen.sources.borefield.pair_sums import PairSums, Product, pair_sums_of
from diwen.sources.borefield.segment_system import (
    FieldKernel,
    SegmentSystem,
    field_kernel,
    field_nodes,
)
from diwen.sources.borefield.zone_response import ZoneTransfer

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Mode = Literal["fast", "accurate"]
Ground = SegmentSystem | InclinedSystem

# Groups times segments up to which a parallel network is solved in groups of equal boreholes.
_SOLVED_EXACTLY = {"fast": 48, "accurate": 160}
# More kinds of boreholes than this have too many patterns of their own.
_MANY_KINDS = 12
_COARSE_STEP = 0.5
# Numbers in the matrices that are made at a time.
_BATCH = 12_000_000
_COUNT = Text(
    "the network does not have as many boreholes as the field", "管网与孔群的钻孔数不一致"
)
_COUNT_CURE = Text("give one upstream borehole per borehole", "请为每孔给出其上游钻孔")
_NO_NETWORK = Text(
    "equal inlet temperature needs a network and the conductivity of the ground",
    "进口温度一致的边界须给出管网和岩土导热系数",
)
_NO_NETWORK_CURE = Text(
    "give network (diwen.sources.borefield.networks) and conductivity, or choose another boundary",
    "请给出 network（diwen.sources.borefield.networks）与 conductivity，或改用其他边界条件",
)
_TIMES = Text("times must be above zero", "时间必须大于零")
_TIMES_CURE = Text("give times in seconds after the load began", "请给出加载开始后的秒数")
_CONDUCTIVITY = Text("not a conductivity above zero", "导热系数须大于零")
_CONDUCTIVITY_CURE = Text(
    "the equal-inlet boundary needs the conductivity of the ground, W/(m·K)",
    "进口温度一致的边界须给出岩土导热系数，W/(m·K)",
)


@dataclass(frozen=True, eq=False)
class InletTransfer:
    """Transfer functions of a field through its network.

    Attributes
    ----------
    transfer : of g, with its patterns and errors, one zone
    inlet : drop of the inlet at q̄ = 2πk, K, shape (ns,)
    rates : per metre, of each borehole, in units of 2πk, shape (ns, n)
    model : the fluid
    """

    transfer: ZoneTransfer
    inlet: Floats
    rates: Floats
    model: NetworkModel


def inlet_transfer(
    boreholes: Boreholes,
    network: Network | None,
    diffusivity: float,
    conductivity: float | None,
    s: Floats,
    ratios: Floats,
    mode: Mode = "accurate",
) -> InletTransfer:
    """Transfer functions of the equal inlet temperature.

    Parameters
    ----------
    boreholes, network, diffusivity, conductivity : as in :func:`equal_inlet`
    s : 1/s, falling, may end with 0, shape (ns,)
    ratios : of the segments, shape (nq,)
    mode : fast takes a few patterns for many boreholes in parallel, where accurate takes more of
        them; small fields and boreholes in series are always solved in groups of equal ones

    Raises
    ------
    diwen.problems.InputError : network and field do not fit, no conductivity
    """
    if network is None or conductivity is None:
        raise InputError([Problem("g_function", "network", _NO_NETWORK, _NO_NETWORK_CURE)])
    refuse_mismatch(boreholes, network, conductivity)
    step = FAST_STEP if mode == "fast" else ACCURATE_STEP
    step = step_for(step, float(boreholes.radius.min()), diffusivity, float(s[0]))
    label = _labels(boreholes, network)
    most = _SOLVED_EXACTLY[mode] // len(ratios)
    many = boreholes.vertical and network.parallel and boreholes.count > 8 * most
    if many and label.max() < _MANY_KINDS:
        kernel = _kernel(boreholes, label, diffusivity, float(s[-1]), ratios, step)
        return _by_patterns(
            boreholes, network, label, kernel, diffusivity, conductivity, s, ratios, mode
        )
    group = alike_in_network(boreholes, network)
    system: Ground
    if boreholes.vertical:
        kernel = _kernel(boreholes, group, diffusivity, float(s[-1]), ratios, step)
        columns = indicator(group[kernel.pairs.representative])
        system = kernel.system(columns, kernel.kind[columns.argmax(axis=0)], True)[0]
    else:
        system = system_of_groups(boreholes, diffusivity, float(s[-1]), ratios, group, step)
    model = network_model(network, boreholes.length, ratios, group)
    every, total = np.arange(int(group.max()) + 1), boreholes.total_length
    inlet, rates = equal_inlet_transfer(system, model, every, total, conductivity, s)
    nothing = np.empty(0)
    return _effective(boreholes, system, model, conductivity, inlet, rates, nothing, nothing)


def alike_in_network(boreholes: Boreholes, network: Network) -> Indices:
    """Groups of boreholes that neither ground nor pipes can tell apart, shape (n,).

    The partition of :func:`.borehole_groups.alike_by_symmetry`, refined until all
    members of a group have their upstream borehole in one group too.
    """
    label = _labels(boreholes, network)
    alike = alike_by_symmetry if boreholes.vertical else alike_inclined
    while True:
        group = alike(boreholes, label)
        if network.parallel:
            return group
        above = np.where(network.upstream == HEADER, HEADER, group[network.upstream])
        finer = _joint(group, above)
        if finer.max() == group.max():
            return group
        label = finer


def equal_inlet_transfer(
    system: Ground,
    model: NetworkModel,
    of_pattern: Indices,
    total_length: float,
    conductivity: float,
    s: Floats,
) -> tuple[Floats, Floats]:
    """Drop of the network's inlet temperature and heat rates, at unit mean heat rate q̄ = 2πk.

    Where the patterns are no groups of equal boreholes, the equations are taken in their mean
    over the patterns (Galerkin), which a parallel network allows.

    Parameters
    ----------
    system : the ground
    model : the network's fluid
    of_pattern : group of the model that each pattern belongs to, shape (m,)
    total_length : of all boreholes, m
    conductivity : of the ground, W/(m·K)
    s : Laplace variables, 1/s, shape (ns,)

    Returns
    -------
    inlet : K, shape (ns,)
    rates : per metre, of each segment of each pattern, in units of 2πk, shape (ns, size)
    """
    nq = model.heat_of_inlet.shape[1]
    weighted = system.patterns.columns * system.patterns.weight[:, None]
    gram, sums = weighted.T @ system.patterns.columns, weighted.sum(axis=0)
    lengths = system.lengths
    segment = system.segment_length[system.patterns.kind]
    scale = 1.0 / (2.0 * np.pi * conductivity * segment)
    own = model.heat_of_wall[of_pattern] * (scale[:, :, None] / segment[:, None, :])
    of_inlet = model.heat_of_inlet[of_pattern] * scale * sums[:, None]
    driven = -(of_inlet * model.inlet_of_header[of_pattern, None]).reshape(-1)
    through = bool(model.inlet_of_wall.any())
    shares = np.kron(gram, np.eye(nq))
    inlet, rates = np.empty(len(s)), np.empty((len(s), len(lengths)))
    batch = max(1, _BATCH // len(lengths) ** 2)
    for first in range(0, len(s), batch):
        part = slice(first, first + batch)
        walls = system.matrices(s[part])
        fed = np.matmul(own, walls.reshape(len(walls), len(gram), nq, -1)).reshape(walls.shape)
        fed += shares
        if through:
            drawn = model.inlet_of_wall @ (walls / lengths[:, None])
            fed += (of_inlet[:, :, None] * drawn[:, :, None, :]).reshape(walls.shape)
        unit = np.linalg.solve(fed, np.broadcast_to(driven[:, None], (*walls.shape[:2], 1)))
        inlet[part] = total_length / (unit[..., 0] @ lengths)
        rates[part] = unit[..., 0] * inlet[part, None]
    return inlet, rates


def _by_patterns(
    boreholes: Boreholes,
    network: Network,
    label: Indices,
    kernel: FieldKernel,
    diffusivity: float,
    conductivity: float,
    s: Floats,
    ratios: Floats,
    mode: Mode,
) -> InletTransfer:
    """Few patterns for many boreholes in parallel: heat rates at one inlet, without segments.

    The error is estimated by leaving the last pattern out.
    """
    pairs = kernel.pairs
    kinds = label[pairs.representative]
    inside = indicator(kinds)
    points = profile_points(boreholes, diffusivity, PROFILES[mode], float(s[-1]))
    coarse = _kernel(boreholes, label, diffusivity, float(points[-1]), np.ones(1), _COARSE_STEP)
    factors = coarse.depth_factors[..., 0, 0].transpose(2, 0, 1)
    wanted = coarse.segment_length[coarse.kind].reshape(-1, 1)
    model = network_model(network, boreholes.length, ratios, label)
    total = boreholes.total_length
    taken = -model.heat_of_inlet.sum(axis=1)[kinds]
    between = 2.0 * np.pi * conductivity * wanted[:, 0] ** 2 / taken
    resisted = _Resisted(pairs, between)
    profiles = heat_rate_profiles(resisted, kernel.kind, wanted, coarse.nodes, factors, points)

    def solved(columns: Floats, at: Floats) -> tuple[SegmentSystem, Floats, Floats]:
        chosen, of_pattern = independent_columns(columns, kinds, pairs.weight)
        kind = kernel.kind[np.abs(chosen).argmax(axis=0)]
        system = kernel.system(chosen, kind, False)[0]
        return system, *equal_inlet_transfer(system, model, of_pattern, total, conductivity, at)

    probes = np.geomspace(points[0], max(points[-1], float(s[-1])), 3)
    system, inlet, rates = solved(np.hstack([inside, profiles]), np.concatenate([s, probes]))
    rough = solved(np.hstack([inside, profiles[:, :-1]]), probes)[1]
    error = np.abs(rough / inlet[len(s) :] - 1.0)
    count = len(s)
    return _effective(
        boreholes, system, model, conductivity, inlet[:count], rates[:count], probes, error
    )


@dataclass(frozen=True, eq=False)
class _Resisted:
    """Sums over pairs with a resistance between each wall and the inlet; see ``PairSums``.

    Attributes
    ----------
    pairs : of the ground
    between : 2πk times the resistance from inlet to wall times length, m, shape (n',)
    """

    pairs: PairSums
    between: Floats

    @property
    def representative(self) -> Indices:
        return self.pairs.representative

    @property
    def which(self) -> Indices:
        return self.pairs.which

    @property
    def weight(self) -> Floats:
        return self.pairs.weight

    def products(self, columns: Floats, sigma: Floats) -> Floats:
        return self.pairs.products(columns, sigma)

    def operator(self, kind: Indices, factors: Floats, sigma: Floats) -> Product:
        ground = self.pairs.operator(kind, factors, sigma)

        def product(vector: Floats) -> Floats:
            return ground(vector) + self.between * vector

        return product


def _effective(
    boreholes: Boreholes,
    system: Ground,
    model: NetworkModel,
    conductivity: float,
    inlet: Floats,
    rates: Floats,
    probes: Floats,
    errors: Floats,
) -> InletTransfer:
    """From the inlet to the effective wall temperature, and to the heat of each borehole."""
    fall = np.pi * conductivity * boreholes.total_length / model.capacity_rate
    values = inlet - fall - 2.0 * np.pi * conductivity * model.resistance
    segment = system.segment_length[system.patterns.kind]
    by_pattern = rates.reshape(len(rates), *segment.shape)
    mean = (by_pattern * segment).sum(axis=-1) / segment.sum(axis=-1)
    by_borehole = (mean @ system.patterns.columns.T)[:, system.patterns.which]
    count = system.patterns.columns.shape[1]
    transfer = ZoneTransfer(values[:, None, None], count, probes, errors, system.nodes.error)
    return InletTransfer(transfer, inlet, by_borehole, model)


def _kernel(
    boreholes: Boreholes,
    label: Indices,
    diffusivity: float,
    slowest: float,
    ratios: Floats,
    step: float,
) -> FieldKernel:
    """The ground's kernel; boreholes of different labels are never taken for alike."""
    first, _ = kinds_of(boreholes)
    nodes = field_nodes(boreholes, diffusivity, slowest, step)
    pairs = pair_sums_of(boreholes, label)
    return field_kernel(boreholes, pairs, boreholes.take(first), nodes, ratios)


def _labels(boreholes: Boreholes, network: Network) -> Indices:
    """What tells boreholes apart before any symmetry: size, pipes, flow, place in the branch."""
    _, kind = kinds_of(boreholes)
    flow = np.unique(network.mass_flow.round(12), return_inverse=True)[1].reshape(-1)
    return _joint(kind, flow, network.kind, network.position)


def _joint(*labels: Indices) -> Indices:
    """One label for each combination of labels, numbered from 0."""
    rows = np.stack(labels, axis=1)
    return np.unique(rows, axis=0, return_inverse=True)[1].reshape(-1).astype(np.intp)


def refuse_mismatch(
    boreholes: Boreholes, network: Network, conductivity: float, times: Floats | None = None
) -> None:
    """Refuse a network of another size, no conductivity, times that cannot be; all at once."""
    problems = []
    if times is not None and not (times.size and (times > 0).all()):
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
