"""A pumping or injection test as arrays: the flow in steps, the drawdowns of each well.

Time in s from any common zero, drawdown in m below the level at rest (positive when pumping,
negative when injecting), flow in m³/s (injection negative).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.aquifer.flow_steps import FlowSteps
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_FINITE, NOT_POSITIVE

Floats = NDArray[np.float64]

FEWEST_READINGS = 5

_SIZES = Text("time and drawdown differ in number", "时间与降深数量不一致")
_RISING = Text("times do not rise", "时间未递增")
_FEW = Text("too few readings", "读数过少")
_MORE = Text("give at least {n} readings after the pump started", "开泵后至少需要 {n} 个读数")
_NONE = Text("no observation", "没有观测数据")
_GIVE = Text("give the drawdowns of at least one well", "请至少给出一口井的降深")
_NO_FLOW = Text("no water was pumped or injected", "没有抽水或回灌流量")
_SAME = Text("time and flow differ in number", "时间与流量数量不一致")


@dataclass(frozen=True, eq=False)
class Observation:
    """Drawdowns in one well; build with :meth:`of`.

    Attributes
    ----------
    time : s, rising, shape (n,); drawdown : m, shape (n,)
    distance : from the axis of the pumped well, m; the radius of the bore in the pumped well
    pumped : whether this is the pumped well itself, with its losses
    name : for messages
    """

    time: Floats
    drawdown: Floats
    distance: float
    pumped: bool = False
    name: str = "well"

    @classmethod
    def of(
        cls,
        time: ArrayLike,
        drawdown: ArrayLike,
        distance: float,
        *,
        pumped: bool = False,
        name: str = "well",
    ) -> Observation:
        """Checked drawdowns; readings that are not numbers are left out.

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        moments, fall = np.array(time, float).ravel(), np.array(drawdown, float).ravel()
        if moments.shape != fall.shape:
            shown = f"{moments.size} / {fall.size}"
            raise InputError([Problem("pumping test", name, _SIZES, CORRECT, shown)])
        kept = np.isfinite(moments) & np.isfinite(fall)
        found = cls(moments[kept], fall[kept], float(distance), pumped, name)
        problems = list(_observation_problems(found))
        if problems:
            raise InputError(problems)
        return found

    def inside(self, start: float, end: float = math.inf) -> Observation:
        """Only the readings from ``start`` to ``end``, s."""
        chosen = (self.time >= start) & (self.time <= end)
        return replace(self, time=self.time[chosen], drawdown=self.drawdown[chosen])

    def thinned(self, origin: float, per_decade: int = 20) -> Observation:
        """Means over even parts of log(time − origin), readings until ``origin`` left out.

        A logger writes as many readings in the last hour as in the first; the aquifer tells as
        much in every decade. Means also shed noise.
        """
        after = self.inside(np.nextafter(origin, math.inf))
        if not len(after.time):
            return after
        bins = np.floor(per_decade * np.log10(after.time - origin)).astype(int)
        _, group = np.unique(bins, return_inverse=True)
        count = np.bincount(group)
        # Drawdown runs with the logarithm, so its mean stands at the mean of the logarithm.
        logarithm = np.bincount(group, np.log(after.time - origin)) / count
        fall = np.bincount(group, after.drawdown) / count
        return replace(after, time=origin + np.exp(logarithm), drawdown=fall)


@dataclass(frozen=True, eq=False)
class PumpingTest:
    """Flow and drawdowns; build with :meth:`of`.

    Attributes
    ----------
    steps : flow of the pumped well, m³/s
    observations : of one well or several
    """

    steps: FlowSteps
    observations: tuple[Observation, ...]

    @classmethod
    def of(cls, steps: FlowSteps, observations: Sequence[Observation] | Observation) -> PumpingTest:
        """A checked test.

        Raises
        ------
        diwen.problems.InputError : no flow, no observation, too few readings
        """
        wells = (observations,) if isinstance(observations, Observation) else tuple(observations)
        problems = []
        if not wells:
            problems.append(Problem("pumping test", "observations", _NONE, _GIVE))
        if not (steps.flow != 0.0).any():
            problems.append(Problem("pumping test", "flow", _NO_FLOW, CORRECT))
        for well in wells:
            count = int((well.time > steps.start[0]).sum())
            if count < FEWEST_READINGS:
                cure = _MORE.format(n=FEWEST_READINGS)
                problems.append(Problem("pumping test", well.name, _FEW, cure, str(count)))
        if problems:
            raise InputError(problems)
        return cls(steps, wells)

    @property
    def start(self) -> float:
        """Of the first step with flow, s."""
        return float(self.steps.start[np.flatnonzero(self.steps.flow)[0]])

    @property
    def stop(self) -> float:
        """End of the last flow, s; infinite where it goes on."""
        last = int(np.flatnonzero(self.steps.flow)[-1]) + 1
        return float(self.steps.start[last]) if last < len(self.steps.start) else math.inf

    @property
    def end(self) -> float:
        """Of the readings, s."""
        return max(float(well.time[-1]) for well in self.observations)

    @property
    def mean_flow(self) -> float:
        """While the pump ran, m³/s."""
        until = min(self.stop, self.end)
        return float(self.steps.volume(until)) / (until - self.start)

    def inside(self, start: float, end: float = math.inf) -> PumpingTest:
        """The same flow with the readings of a window, s; wells without readings left out."""
        parts = tuple(well.inside(start, end) for well in self.observations)
        return replace(self, observations=tuple(part for part in parts if len(part.time)))

    def thinned(self, per_decade: int = 20) -> PumpingTest:
        """Means over even parts of the logarithm of time: since the start, then since the stop."""
        parts = []
        for well in self.observations:
            pumping = well.inside(-math.inf, self.stop).thinned(self.start, per_decade)
            after = well.thinned(self.stop, per_decade) if self.stop < self.end else None
            if after is not None:
                pumping = replace(
                    well,
                    time=np.concatenate([pumping.time, after.time]),
                    drawdown=np.concatenate([pumping.drawdown, after.drawdown]),
                )
            parts.append(pumping)
        return replace(self, observations=tuple(parts))

    def shifted(self, drawdown: float) -> PumpingTest:
        """All drawdowns larger by so many m."""
        moved = (replace(well, drawdown=well.drawdown + drawdown) for well in self.observations)
        return replace(self, observations=tuple(moved))


def flow_in_steps(time: ArrayLike, flow: ArrayLike, *, relative: float = 0.02) -> FlowSteps:
    """Steps from a measured flow: a new step where the flow leaves the mean of the running one.

    Parameters
    ----------
    time : s, rising, shape (n,): each flow holds until the next time
    flow : m³/s, shape (n,); not-a-number is filled with the flow before it
    relative : departure that makes a new step, of the largest flow; two readings in a row
    """
    moments, rate = np.array(time, float).ravel(), np.array(flow, float).ravel()
    if moments.shape != rate.shape or not moments.size:
        shown = f"{moments.size} / {rate.size}"
        raise InputError([Problem("pumping test", "flow", _SAME, CORRECT, shown)])
    known = np.maximum.accumulate(np.where(np.isfinite(rate), np.arange(len(rate)), 0))
    rate = np.nan_to_num(rate[known])
    width = np.diff(moments, append=moments[-1] + (moments[-1] - moments[0]) / max(len(rate), 1))
    band = relative * float(np.abs(rate).max(initial=0.0))
    starts, first = [0], 0
    for i in range(1, len(rate)):
        mean = float(np.average(rate[first:i], weights=width[first:i] + 1e-12))
        follows = rate[min(i + 1, len(rate) - 1)]
        # One reading that jumps is noise, unless the pump starts or stops with it.
        switched = (rate[i] == 0.0) != (rate[i - 1] == 0.0)
        if switched or (abs(rate[i] - mean) > band and abs(follows - mean) > band):
            starts.append(i)
            first = i
    ends = [*starts[1:], len(rate)]
    means = [
        float(np.average(rate[a:b], weights=width[a:b] + 1e-12))
        for a, b in zip(starts, ends, strict=True)
    ]
    return FlowSteps.of(moments[starts], means)


def _observation_problems(well: Observation) -> Iterator[Problem]:
    if not math.isfinite(well.distance):
        yield Problem("pumping test", f"{well.name}.distance", NOT_FINITE, CORRECT)
    elif not well.distance > 0.0:
        shown = f"{well.distance:g} m"
        where = f"{well.name}.distance"
        yield Problem("pumping test", where, NOT_POSITIVE, CORRECT, shown, MORE_THAN_ZERO)
    if len(well.time) < FEWEST_READINGS:
        cure = _MORE.format(n=FEWEST_READINGS)
        yield Problem("pumping test", well.name, _FEW, cure, str(len(well.time)))
    elif not (np.diff(well.time) > 0.0).all():
        yield Problem("pumping test", well.name, _RISING, CORRECT)
