"""A tank of stacked layers: exact in time, exact in energy, bounded at any step.

Each layer is mixed; water moves from layer to layer as the streams push it, heat by conduction and
through the wall. With constant inflow that is a linear system ``C dT/dt = −A T + b`` whose
off-diagonals only warm a layer by its neighbours, so its exact solution, a matrix exponential,
never leaves the range of inflows, surroundings and start, however long the step. The mean of every
outlet over the step comes from the same exponential; with it the first law closes to rounding.
Water that is warmer than the layer above it mixes with it (the plume of a cold inflow at the top or
of a warm one at the bottom), which is done between parts of the step.

One layer is the mixed tank; n layers without mixing are n stirred tanks in a row, and many layers
come close to plug flow. Model: J. A. Duffie & W. A. Beckman, Solar Engineering of Thermal
Processes, 4th ed., Wiley 2013, section 8.4 (multinode tank).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]

WATER_CONDUCTIVITY = 0.63
"""Of water at 50 °C, W/(m·K); wall and inner pipes of a real tank add to it."""

_HEAT_CAPACITY = 4.13e6  # of water at 50 °C, J/(m³·K)
_MOST_PARTS = 24

_NO_LAYER = Text("the tank has no layer of this number", "水箱没有该编号的分层")
_COUNT = Text("layers count from 0 at the top to {last}", "分层自顶部 0 数至 {last}")


@dataclass(frozen=True)
class Stream:
    """Water that enters at one layer and leaves at another, both all through the step.

    Attributes
    ----------
    flow : m³/s, 0 or more
    temperature : with which it enters, °C
    inlet, outlet : layers, 0 at the top
    """

    flow: float
    temperature: float
    inlet: int
    outlet: int


@dataclass(frozen=True, eq=False)
class TankStep:
    """What a step did.

    Attributes
    ----------
    temperature : of the layers at the end, °C, from the top, shape (layers,)
    leaving : mean temperature of each stream that left, °C, shape (streams,)
    lost : heat to the surroundings, J
    """

    temperature: Floats
    leaving: Floats
    lost: float


@dataclass(frozen=True)
class StratifiedTank:
    """An upright cylinder of layers; build with :meth:`of`.

    Attributes
    ----------
    volume : m³
    height : m
    layers : number of them
    heat_loss : of the whole surface, W/K
    conductivity : vertical, W/(m·K)
    heat_capacity : of the water, J/(m³·K)
    """

    volume: float
    height: float
    layers: int
    heat_loss: float = 0.0
    conductivity: float = WATER_CONDUCTIVITY
    heat_capacity: float = _HEAT_CAPACITY

    @classmethod
    def of(
        cls, volume: float, height: float, layers: int, heat_loss: float = 0.0,
        conductivity: float = WATER_CONDUCTIVITY, heat_capacity: float = _HEAT_CAPACITY,
    ) -> StratifiedTank:  # fmt: skip
        """A tank, checked.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        given = (("volume", volume), ("height", height), ("layers", layers),
                 ("heat_capacity", heat_capacity))  # fmt: skip
        problems = [
            Problem("StratifiedTank", name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)
            for name, value in given
            if not value > 0
        ]
        if problems:
            raise InputError(problems)
        return cls(volume, height, layers, heat_loss, conductivity, heat_capacity)

    @property
    def capacity(self) -> float:
        """Of one layer, J/K."""
        return self.volume * self.heat_capacity / self.layers

    @property
    def losses(self) -> Floats:
        """Of the layers by their outer surface, W/K, shape (layers,)."""
        section = self.volume / self.height
        side = math.sqrt(4.0 * math.pi * section) * self.height / self.layers
        surface = np.full(self.layers, side)
        surface[0] += section
        surface[-1] += section
        return np.asarray(self.heat_loss * surface / surface.sum())

    def energy(self, temperature: ArrayLike, reference: float = 0.0) -> float:
        """Heat above a reference temperature, J."""
        return float(self.capacity * np.sum(np.asarray(temperature, float) - reference))

    def step(
        self,
        temperature: ArrayLike,
        duration: float,
        streams: Sequence[Stream] = (),
        ambient: float = 20.0,
        heat: ArrayLike = 0.0,
    ) -> TankStep:
        """The tank after a step of constant streams.

        Parameters
        ----------
        temperature : of the layers, °C, from the top, shape (layers,)
        duration : s
        streams : that go through it
        ambient : °C
        heat : of heaters or coils in the layers, W, shape (layers,) or a number for each

        Raises
        ------
        diwen.problems.InputError : a stream at a layer that is not there
        """
        from scipy.linalg import expm

        self._check(streams)
        now = np.array(np.broadcast_to(np.asarray(temperature, float), (self.layers,)))
        matrix, constant = self._system(streams, ambient, heat)
        parts = self._parts(now, duration, streams, heat)
        part = duration / parts
        # d/dt of (T, its integral, 1): one exponential gives the end and the mean.
        n = self.layers
        joined = np.zeros((2 * n + 1, 2 * n + 1))
        joined[:n, :n] = -matrix
        joined[:n, -1] = constant
        joined[n : 2 * n, :n] = np.eye(n)
        through = expm(joined * part)
        integral = np.zeros(n)
        for _ in range(parts):
            integral += through[n : 2 * n, :n] @ now + through[n : 2 * n, -1]
            now = settled(through[:n, :n] @ now + through[:n, -1])
        mean = integral / duration
        lost = float(duration * np.sum(self.losses * (mean - ambient)))
        return TankStep(now, mean[[stream.outlet for stream in streams]], lost)

    def _system(
        self, streams: Sequence[Stream], ambient: float, heat: ArrayLike
    ) -> tuple[Floats, Floats]:
        """A and b of ``dT/dt = −A T + b``, 1/s and K/s."""
        n = self.layers
        down = np.zeros(n - 1)  # through each interface, m³/s
        matrix, constant = np.diag(self.losses), self.losses * ambient + np.zeros(n)
        constant += np.broadcast_to(np.asarray(heat, float), (n,))
        for stream in streams:
            first, last = sorted((stream.inlet, stream.outlet))
            down[first:last] += stream.flow if stream.inlet < stream.outlet else -stream.flow
            rate = stream.flow * self.heat_capacity
            constant[stream.inlet] += rate * stream.temperature
            matrix[stream.outlet, stream.outlet] += rate
        conducted = self.conductivity * self.volume * n / self.height**2
        for i in range(n - 1):
            carried = abs(down[i]) * self.heat_capacity
            giver, taker = (i, i + 1) if down[i] > 0.0 else (i + 1, i)
            matrix[giver, giver] += carried
            matrix[taker, giver] -= carried
            for one, other in ((i, i + 1), (i + 1, i)):
                matrix[one, one] += conducted
                matrix[one, other] -= conducted
        return matrix / self.capacity, constant / self.capacity

    def _parts(
        self, now: Floats, duration: float, streams: Sequence[Stream], heat: ArrayLike
    ) -> int:
        """Parts of a step: one, unless an inflow or a heater turns layers over within it."""
        turning = bool(np.any(np.asarray(heat, float) != 0.0))
        for stream in streams:
            above, below = now[: stream.inlet], now[stream.inlet + 1 :]
            turning |= bool((above < stream.temperature).any())
            turning |= bool((below > stream.temperature).any())
        if not turning:
            return 1
        moved = sum(stream.flow for stream in streams) * duration * self.layers / self.volume
        return int(np.clip(math.ceil(2.0 * moved), 4, _MOST_PARTS))

    def _check(self, streams: Sequence[Stream]) -> None:
        allowed = _COUNT.format(last=self.layers - 1)
        problems = [
            Problem("StratifiedTank", key, _NO_LAYER, CORRECT, str(getattr(stream, key)), allowed)
            for stream in streams
            for key in ("inlet", "outlet")
            if not 0 <= getattr(stream, key) < self.layers
        ]
        if problems:
            raise InputError(problems)


def settled(temperature: ArrayLike) -> Floats:
    """Layers after warmer water below has risen: never warmer downwards, the same heat.

    Neighbours that stand the wrong way round are mixed until none do.
    """
    means: list[float] = []
    sizes: list[int] = []
    for value in np.asarray(temperature, float):
        mean, size = float(value), 1
        while means and means[-1] < mean:
            above, count = means.pop(), sizes.pop()
            mean, size = (mean * size + above * count) / (size + count), size + count
        means.append(mean)
        sizes.append(size)
    return np.repeat(np.array(means), sizes)
