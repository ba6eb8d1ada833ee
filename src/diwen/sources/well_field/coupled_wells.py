"""Wells that feel each other's returned water, through time, with the plant that joins them.

``T_pumped,j(t) = T0 + Σ_i ∫ dF_ij (T_returned,i - T0)`` with the kernels of :mod:`.arrivals`, on
the clock of the volume that the field has moved. The plant closes the loop in every step: what
return well i receives is a mix of pumped waters, colder by the load. All temperatures are drops
below the undisturbed ground, loads are positive for extraction.

The clock is exact for flows that rise and fall together where no regional flow passes. With
regional flow the paths depend on the flow, and the water drifts on while the pumps rest: then the
march holds for flows near the one of the kernel, and is told to be an estimate otherwise.
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
from diwen.sources.well_field.arrivals import AHEAD, Arrivals
from diwen.value_problems import CORRECT, NOT_FINITE

Floats = NDArray[np.float64]
Plant = Literal["header", "own"]

_BALANCE = 1e-6
_TOGETHER = 1e-7  # relative

_STANDSTILL = Text("a load without flow", "有负荷而流量为零")
_FLOW_WITH_LOAD = Text("let water flow wherever there is a load", "有负荷的时间步须有流量")
_NEGATIVE = Text("a flow below zero or no number", "流量小于零或非数值")
_EXCHANGE = Text(
    "flows are 0 or more; wells whose roles are exchanged are computed as an exchanged doublet",
    "流量须不小于 0；抽灌互换的井请按互换井对计算",
)
_LOADS = Text("the loads do not fit the plant", "负荷与机房形式不一致")
_LOAD_SHAPE = Text(
    "a common header takes one load per step, plants of their own one per step and well",
    "集水总管：每步一个负荷；各井独立机组：每步每井一个负荷",
)
_UNBALANCED = Text("returned and pumped water are not the same", "回灌总量与抽水总量不等")
_BALANCED = Text(
    "let all pumped water be returned; with plants of their own, at the same well",
    "请使抽水全部回灌；独立机组时应回灌到本井",
)


@dataclass(frozen=True, eq=False)
class ArrivalKernel:
    """Shares that have arrived over the moved volume, straight between knots.

    Attributes
    ----------
    volumes : moved by the whole field, from 0, m³, shape (nk,)
    shares : F of return well i at pumped well j, shape (nj, ni, nk)
    departed : share of return well i that has left for good, shape (ni, nk)
    injected, pumped : flow of each return and pumped well, m³/s, shapes (ni,), (nj,)
    """

    volumes: Floats
    shares: Floats
    departed: Floats
    injected: Floats
    pumped: Floats

    @classmethod
    def of(cls, arrivals: Arrivals, knots: int = 240) -> ArrivalKernel:
        """From particles, with about so many knots where the particles arrive."""
        found = arrivals.times[np.isfinite(arrivals.times) & (arrivals.times > 0.0)]
        early = found.min() * np.array([1.0 - AHEAD]) if found.size else np.array([1.0])
        spread = np.quantile(found, np.linspace(0.0, 1.0, knots)) if found.size else early
        at = np.unique(np.concatenate([[0.0], early, spread * (1.0 + AHEAD)]))
        # Particles of a symmetric field arrive together but for rounding.
        at = at[np.append(np.diff(at) > _TOGETHER * at[1:], True)]
        return cls(
            at * arrivals.flow, arrivals.arrived(at), arrivals.departed(at),
            arrivals.injected, arrivals.pumped,
        )  # fmt: skip

    @property
    def mixing(self) -> Floats:
        """Flow of return well i over that of pumped well j, shape (nj, ni)."""
        return np.asarray(self.injected / self.pumped[:, None])

    def merged(self) -> ArrivalKernel:
        """One return and one pumped well in the place of all: what a common header sees."""
        total = self.injected.sum()
        share = np.einsum("jik,i->k", self.shares, self.injected) / total
        gone = self.injected @ self.departed / total
        flows = np.array([total]), np.array([self.pumped.sum()])
        return ArrivalKernel(self.volumes, share[None, None], gone[None], *flows)


@dataclass(frozen=True, eq=False)
class CoupledCourse:
    """Temperatures of all wells over time: drops below the undisturbed ground, step means.

    Attributes
    ----------
    pumped : K, shape (nt, nj)
    returned : K, shape (nt, ni)
    clock : volume moved by the field at the end of each step, m³, shape (nt,)
    taken : heat taken from the water over the whole course, J
    stored : heat that the swept ground lacks at the end, from what was returned and has neither
        arrived nor left, J
    gone : heat missing in the water that left with the regional flow, J
    """

    pumped: Floats
    returned: Floats
    clock: Floats
    taken: float
    stored: float
    gone: float

    @property
    def imbalance(self) -> float:
        """Heat that the books do not explain, over the heat that moved."""
        moved = max(abs(self.taken), abs(self.stored), abs(self.gone), 1e-300)
        return (self.taken - self.stored - self.gone) / moved


def march_wells(
    kernel: ArrivalKernel,
    load: ArrayLike,
    flow: ArrayLike,
    step: float = 3600.0,
    *,
    plant: Plant = "header",
    water_heat_capacity: float = WATER_HEAT_CAPACITY,
) -> CoupledCourse:
    """Temperatures of pumped and returned water under a load.

    Parameters
    ----------
    kernel : of the field
    load : heat taken from the water, W: ``header``: of all, shape (nt,); ``own``: of each well,
        shape (nt, n)
    flow : of the whole field, m³/s, scalar or (nt,); its parts keep their ratio
    step : s
    plant : ``header``: all pumped water is mixed, one heat pump, the same water to every return
        well; ``own``: well i returns what it pumped itself (circulation wells)
    water_heat_capacity : volumetric, J/(m³·K)

    Raises
    ------
    diwen.problems.InputError : flow 0 with load, flows that do not balance; all at once
    """
    from diwen.sources.well_field import coupled_wells_compiled

    march: Any = coupled_wells_compiled.march
    given = np.asarray(load, float)
    steps = len(given)
    moving = np.asarray(flow, float)
    problems = list(_problems(kernel, given, moving, plant))
    if problems:
        raise InputError(problems)
    moving = np.broadcast_to(moving, (steps,))
    nj, ni = kernel.mixing.shape
    capacity = water_heat_capacity * moving[:, None] * kernel.injected / kernel.injected.sum()
    if plant == "header":
        share = kernel.injected / kernel.injected.sum()
        given = given[:, None] * share
        sends = np.tile(kernel.pumped / kernel.pumped.sum(), (ni, 1))
    else:
        sends = np.eye(ni)
    added = np.divide(given, capacity, out=np.zeros(given.shape), where=capacity > 0.0)
    clock = np.concatenate([[0.0], np.cumsum(moving * step)])
    pumped, returned = np.empty((steps, nj)), np.empty((steps, ni))
    mixed = kernel.shares * kernel.mixing[:, :, None]
    march(
        clock, kernel.volumes, _bends(kernel.volumes, mixed), np.ascontiguousarray(mixed[..., 0]),
        sends, added, pumped, returned,
    )  # fmt: skip
    stored, gone = _books(kernel, clock, returned, water_heat_capacity)
    taken = float(given.sum() * step)
    return CoupledCourse(pumped, returned, clock[1:], taken, stored, gone)


def _bends(volumes: Floats, shares: Floats) -> Floats:
    """Change of slope at each knot, after the last of which nothing more arrives; (nk, nj, ni)."""
    slope = np.diff(shares, axis=-1) / np.diff(volumes)
    ends = np.zeros((*shares.shape[:-1], 1))
    bend = np.diff(np.concatenate([ends, slope, ends], axis=-1), axis=-1)
    return np.ascontiguousarray(np.moveaxis(bend, -1, 0))


def _books(
    kernel: ArrivalKernel, clock: Floats, returned: Floats, water_heat_capacity: float
) -> tuple[float, float]:
    """What the ground lacks and what has left, J, from the returned water itself."""
    age = clock[-1] - clock
    part = kernel.injected / kernel.injected.sum()
    passed = kernel.shares.sum(axis=0) + kernel.departed
    stored = gone = 0.0
    for i in range(len(part)):
        away = -np.diff(_integral(kernel.volumes, passed[i], age))
        left = -np.diff(_integral(kernel.volumes, kernel.departed[i], age))
        stored += float(part[i] * returned[:, i] @ (np.diff(clock) - away))
        gone += float(part[i] * returned[:, i] @ left)
    return stored * water_heat_capacity, gone * water_heat_capacity


def _integral(volumes: Floats, shares: Floats, upto: Floats) -> Floats:
    """∫ F dV from 0, F straight between knots and constant after the last."""
    pieces = 0.5 * (shares[1:] + shares[:-1]) * np.diff(volumes)
    at_knots = np.concatenate([[0.0], np.cumsum(pieces)])
    k = np.clip(np.searchsorted(volumes, upto, side="right") - 1, 0, len(volumes) - 1)
    value = np.interp(upto, volumes, shares)
    return at_knots[k] + 0.5 * (shares[k] + value) * (upto - volumes[k])


def _problems(kernel: ArrivalKernel, load: Floats, flow: Floats, plant: Plant) -> Iterator[Problem]:
    where = "march_wells"
    total = kernel.injected.sum()
    unbalanced = abs(total - kernel.pumped.sum()) > _BALANCE * total
    if plant == "own":
        unbalanced = kernel.injected.shape != kernel.pumped.shape or not np.allclose(
            kernel.injected, kernel.pumped, rtol=_BALANCE
        )
    if unbalanced:
        yield Problem(where, "kernel", _UNBALANCED, _BALANCED, f"{total:g}")
    expected = (len(load),) if plant == "header" else (len(load), len(kernel.injected))
    if load.shape != expected or flow.shape not in ((), (len(load),)):
        yield Problem(where, "load", _LOADS, _LOAD_SHAPE, f"{load.shape}, {flow.shape}")
        return
    if not np.isfinite(load).all():
        yield Problem(where, "load", NOT_FINITE, CORRECT)
    wrong = ~(flow >= 0.0) | np.isinf(flow)
    if wrong.any():
        yield Problem(where, "flow", _NEGATIVE, _EXCHANGE, f"{float(flow[wrong].flat[0]):g}")
        return
    busy = load != 0.0 if load.ndim == 1 else (load != 0.0).any(axis=1)
    resting = busy & (np.broadcast_to(flow, (len(load),)) == 0.0)
    if resting.any():
        first = int(np.argmax(resting))
        found = f"{math.fsum(resting):.0f}, {first}"
        yield Problem(where, f"flow[{first}]", _STANDSTILL, _FLOW_WITH_LOAD, found)
