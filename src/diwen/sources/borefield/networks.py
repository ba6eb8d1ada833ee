"""How the boreholes of a field are piped together, and what the fluid makes of them.

Each borehole names the one upstream of it, or the header (-1). Boreholes at the header are the
branches; a borehole may feed several others, which share its flow. The fluid meets the wall
temperatures of all segments and carries the heat: with quasi-steady fluid everything is linear,

    q = heat_of_inlet · T_in + heat_of_wall @ T_b,        T_in of the whole network.

Sources: M. Cimmino, Journal of Building Performance Simulation 12 (2019) 41-55 (series and
parallel networks; their effective resistance); G. Hellström, Ground Heat Storage, Lund 1991.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.fluids import Fluid, FluidState
from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borehole.circuits import CircuitModel, circuit_model
from diwen.sources.borehole.pipes import Circuits, Section
from diwen.sources.borehole.resistances import borehole_resistance

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

HEADER = -1
_NETWORK = "network"
_NO_FLOW = Text("there is no flow", "没有流量")
_GIVE_FLOW = Text("give a mass flow above zero in kg/s", "请给出大于零的质量流量（kg/s）")
_FLOWS = Text("neither one flow, nor one per branch, nor one per borehole",
              "流量个数既非一个，也非每支路一个或每孔一个")  # fmt: skip
_FLOWS_CURE = Text("give {branches} flows for the branches or {count} for the boreholes",
                   "请给出 {branches} 个支路流量或 {count} 个钻孔流量")  # fmt: skip
_BALANCE = Text("borehole {number} passes on {given} kg/s and receives {received} kg/s",
                "{number} 号钻孔来流 {received} kg/s，去流 {given} kg/s，不相等")  # fmt: skip
_BALANCE_CURE = Text("boreholes in series have the flow of the borehole upstream",
                     "串联钻孔的流量须等于其上游钻孔")  # fmt: skip
_UNKNOWN = Text("there is no such borehole upstream", "上游钻孔编号不存在")
_UNKNOWN_CURE = Text("name a borehole from 0 on, or -1 for the header",
                     "请填从 0 起的钻孔编号，或以 -1 表示环路集管")  # fmt: skip
_RING = Text("boreholes feed each other in a ring", "钻孔连接成环")
_RING_CURE = Text("let every chain begin at the header (-1)", "每条串联支路须从集管（-1）开始")
_KINDS = Text("the kinds of the boreholes do not fit", "钻孔类型与给定的构造不符")
_KINDS_CURE = Text("give one index per borehole into the list of bores",
                   "请为每孔给出构造列表中的序号")  # fmt: skip
_CAPACITY = Text("not a heat capacity above zero", "比热容须大于零")
_CAPACITY_CURE = Text("give it in J/(kg·K); water has about 4190", "单位 J/(kg·K)，水约 4190")


@dataclass(frozen=True, eq=False)
class Bore:
    """What the fluid sees of a borehole, at one flow.

    Attributes
    ----------
    conductances : inverse of the matrix of resistances between the fluids of the p pipes and the
        wall, W/(m·K), shape (p, p)
    circuits, shares : as in :mod:`diwen.sources.borehole.pipes`
    """

    conductances: Floats
    circuits: Circuits
    shares: tuple[float, ...] = (1.0,)


@dataclass(frozen=True, eq=False)
class Network:
    """A network of n boreholes; build with :meth:`of`.

    Attributes
    ----------
    upstream : borehole upstream of each, -1 for the header, shape (n,)
    mass_flow : through each borehole, kg/s, shape (n,)
    specific_heat : of the fluid, J/(kg·K)
    kind : which of the bores each borehole is, shape (n,)
    bores : the kinds
    """

    upstream: Indices
    mass_flow: Floats
    specific_heat: float
    kind: Indices
    bores: tuple[Bore, ...]

    @classmethod
    def of(
        cls,
        bores: Bore | Sequence[Bore],
        mass_flow: ArrayLike,
        specific_heat: float,
        *,
        count: int | None = None,
        upstream: ArrayLike | None = None,
        kind: ArrayLike | None = None,
    ) -> Network:
        """A network.

        Parameters
        ----------
        bores : the kinds of boreholes, or one for all
        mass_flow : of the whole network, which divides evenly among branches and at forks; or one
            per branch (boreholes at the header, in their order); or one per borehole, kg/s
        specific_heat : J/(kg·K)
        count : number of boreholes, where neither ``upstream`` nor ``kind`` tells it
        upstream : of each borehole, counted from 0; -1, the header, where not given: parallel
        kind : index into ``bores`` of each borehole

        Raises
        ------
        diwen.problems.InputError : no flow, rings, flows that do not add up; all at once
        """
        kinds = (bores,) if isinstance(bores, Bore) else tuple(bores)
        flow = np.atleast_1d(np.asarray(mass_flow, float))
        size = next((len(np.atleast_1d(np.asarray(v))) for v in (upstream, kind) if v is not None),
                    len(flow) if count is None else count)  # fmt: skip
        above = np.full(size, HEADER) if upstream is None else np.asarray(upstream, np.intp)
        which = np.zeros(size, np.intp) if kind is None else np.asarray(kind, np.intp)
        problems = list(_problems(above, which, flow, specific_heat, len(kinds)))
        if problems:
            raise InputError(problems)
        through = flow_through(above, flow)
        problems = list(_unbalanced(above, through))
        if problems:
            raise InputError(problems)
        return cls(above, through, float(specific_heat), which, kinds)

    @property
    def count(self) -> int:
        """Number of boreholes."""
        return len(self.upstream)

    @property
    def total_flow(self) -> float:
        """Through the whole network, kg/s."""
        return float(self.mass_flow[self.upstream == HEADER].sum())

    @property
    def parallel(self) -> bool:
        """Whether every borehole hangs at the header."""
        return bool((self.upstream == HEADER).all())

    @property
    def position(self) -> Indices:
        """How many boreholes are upstream of each, shape (n,)."""
        place = np.zeros(self.count, np.intp)
        above = self.upstream
        while (above != HEADER).any():
            place += above != HEADER
            above = np.where(above == HEADER, HEADER, self.upstream[above])
        return place


def flow_through(upstream: Indices, mass_flow: Floats) -> Floats:
    """Flow through each borehole, kg/s, from that of the network, the branches or the boreholes."""
    if len(mass_flow) == len(upstream):
        return mass_flow.copy()
    branch = upstream == HEADER
    through = np.zeros(len(upstream))
    through[branch] = mass_flow if len(mass_flow) > 1 else mass_flow[0] / branch.sum()
    fed = np.bincount(upstream[~branch], minlength=len(upstream))
    while (waiting := np.flatnonzero(through == 0.0)).size:
        above = upstream[waiting]
        through[waiting] = through[above] / fed[above]
    return through


def _problems(
    upstream: Indices, kind: Indices, flow: Floats, specific_heat: float, kinds: int
) -> Iterator[Problem]:
    count = len(upstream)
    wrong = (upstream < HEADER) | (upstream >= count)
    for number in np.flatnonzero(wrong)[:5]:
        yield Problem(
            _NETWORK, f"upstream[{number}]", _UNKNOWN, _UNKNOWN_CURE, f"{upstream[number]}",
            same(f"-1 … {count - 1}"),
        )  # fmt: skip
    ring = not wrong.any() and _has_ring(upstream)
    if ring:
        yield Problem(_NETWORK, "upstream", _RING, _RING_CURE)
    if len(kind) != count or (kind < 0).any() or (kind >= kinds).any():
        yield Problem(_NETWORK, "kind", _KINDS, _KINDS_CURE, f"{len(kind)}", same(f"{count}"))
    if not specific_heat > 0:
        yield Problem(_NETWORK, "specific_heat", _CAPACITY, _CAPACITY_CURE, f"{specific_heat:g}")
    for number in np.flatnonzero(~(np.isfinite(flow) & (flow > 0)))[:5]:
        yield Problem(
            _NETWORK, f"mass_flow[{number}]", _NO_FLOW, _GIVE_FLOW, f"{flow[number]:g}",
            same("> 0 kg/s"),
        )  # fmt: skip
    branches = int((upstream == HEADER).sum())
    if not ring and len(flow) not in (1, branches, count):
        cure = _FLOWS_CURE.format(branches=branches, count=count)
        yield Problem(_NETWORK, "mass_flow", _FLOWS, cure, f"{len(flow)}")


def _has_ring(upstream: Indices) -> bool:
    above = upstream
    for _ in range(len(upstream)):
        above = np.where(above == HEADER, HEADER, upstream[above])
    return bool((above != HEADER).any())


def _unbalanced(upstream: Indices, through: Floats) -> Iterator[Problem]:
    """Boreholes that do not pass on what they receive."""
    feeds = upstream != HEADER
    passed = np.bincount(upstream[feeds], through[feeds], minlength=len(upstream))
    feeding = np.isin(np.arange(len(upstream)), upstream)
    for number in np.flatnonzero(feeding & (abs(passed - through) > 1e-6 * through))[:5]:
        message = _BALANCE.format(
            number=number + 1, given=f"{passed[number]:g}", received=f"{through[number]:g}"
        )
        yield Problem(_NETWORK, f"mass_flow[{number}]", message, _BALANCE_CURE)


def network_of_sections(
    boreholes: Boreholes,
    sections: Section | Sequence[Section],
    fluid: Fluid | FluidState,
    mass_flow: ArrayLike,
    *,
    temperature: float | None = None,
    upstream: ArrayLike | None = None,
    section_of: ArrayLike | None = None,
) -> Network:
    """A network from the pipes in its boreholes, film coefficients at each borehole's own flow.

    Parameters
    ----------
    boreholes : n of them
    sections : pipes, grout and ground of a borehole: one for all, or the kinds there are
    fluid, temperature : a fluid and its mean temperature in °C, or its properties as they are
    mass_flow, upstream : as in :meth:`Network.of`
    section_of : index into ``sections`` of each borehole, shape (n,)

    Raises
    ------
    diwen.problems.InputError : as :meth:`Network.of`
    """
    kinds = tuple(sections) if isinstance(sections, Sequence) else (sections,)
    state = fluid if isinstance(fluid, FluidState) else fluid.state(temperature or 0.0)
    above = np.full(boreholes.count, HEADER) if upstream is None else np.asarray(upstream)
    which = np.zeros(boreholes.count, np.intp) if section_of is None else np.asarray(section_of)
    blank = [Bore(np.empty((0, 0)), kind.circuits, kind.shares) for kind in kinds]
    capacity = float(np.asarray(state.specific_heat))
    plain = Network.of(blank, mass_flow, capacity, upstream=above, kind=which)
    pairs = np.stack([which.astype(float), plain.mass_flow.round(12)], axis=1)
    unique, kind = np.unique(pairs, axis=0, return_inverse=True)
    bores = []
    for index, flow in unique:
        section = kinds[int(index)]
        found = borehole_resistance(section, boreholes.mean_length, float(flow), state)
        bores.append(Bore(found.conductances, found.circuits, found.shares))
    return Network(
        plain.upstream, plain.mass_flow, capacity, kind.reshape(-1).astype(np.intp), tuple(bores)
    )


@dataclass(frozen=True, eq=False)
class NetworkModel:
    """The fluid of a network, reduced to groups of boreholes that are alike.

    Temperatures and heat are per borehole of the group, m groups with nq segments each::

        T_in of a group = inlet_of_header * T_in + inlet_of_wall @ T_b
        q               = heat_of_header * T_in + (own + through the inlet) @ T_b

    Attributes
    ----------
    heat_of_inlet : of a borehole's own inlet, W/K, shape (m, nq)
    heat_of_wall : of its own walls, W/K, shape (m, nq, nq)
    inlet_of_header : shape (m,)
    inlet_of_wall : shape (m, m * nq); all zero in a parallel network
    capacity_rate : mass flow times specific heat of the whole network, W/K
    resistance : effective resistance of the network, m·K/W: from the mean of the wall to the mean
        of inlet and outlet at uniform wall temperature, per metre of all boreholes
    """

    heat_of_inlet: Floats
    heat_of_wall: Floats
    inlet_of_header: Floats
    inlet_of_wall: Floats
    capacity_rate: float
    resistance: float


def network_model(network: Network, length: Floats, ratios: Floats, group: Indices) -> NetworkModel:
    """The fluid of a network whose boreholes fall into groups.

    Parameters
    ----------
    network : n boreholes
    length : active lengths, m, shape (n,)
    ratios : shares of the segments, from the top, shape (nq,)
    group : group of each borehole; members share bore, length, flow and the group upstream
    """
    count = int(group.max()) + 1
    first = np.array([np.argmax(group == g) for g in range(count)])
    models = _models(network, length, ratios, first)
    above = network.upstream[first]
    feeder = np.where(above == HEADER, HEADER, group[above])
    nq = len(ratios)
    of_header, of_wall = np.zeros(count), np.zeros((count, count * nq))
    for g in np.argsort(network.position[first], kind="stable"):
        f = feeder[g]
        if f == HEADER:
            of_header[g] = 1.0
            continue
        # The inlet is the outlet of the group upstream.
        of_header[g] = models[f].outlet_of_inlet * of_header[f]
        of_wall[g] = models[f].outlet_of_inlet * of_wall[f]
        of_wall[g, f * nq : (f + 1) * nq] += models[f].outlet_of_wall
    of_inlet = np.array([model.heat_of_inlet for model in models])
    members = np.bincount(group, minlength=count)
    rate = network.total_flow * network.specific_heat
    # With all walls at 0 and the header at 1, heat and outlet say the effective resistance.
    heat = float(members @ (of_inlet.sum(axis=1) * of_header))
    resistance = -0.5 * float(length.sum()) * (2.0 + heat / rate) / heat
    return NetworkModel(
        of_inlet, np.array([m.heat_of_wall for m in models]), of_header, of_wall, rate, resistance
    )  # fmt: skip


def _models(network: Network, length: Floats, ratios: Floats, first: Indices) -> list[CircuitModel]:
    """The model of each group's first borehole; equal ones are made once."""
    made: dict[tuple[int, float, float], CircuitModel] = {}
    models = []
    for borehole in first:
        key = (
            int(network.kind[borehole]),
            float(length[borehole]),
            float(network.mass_flow[borehole]),
        )
        if key not in made:
            bore = network.bores[key[0]]
            rate = key[2] * network.specific_heat
            made[key] = circuit_model(
                bore.conductances, rate, key[1] * ratios, bore.circuits, bore.shares
            )
        models.append(made[key])
    return models
