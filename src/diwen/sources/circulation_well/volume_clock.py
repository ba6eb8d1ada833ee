"""A circulation well by its breakthrough: the clock of the ground is the volume pumped.

Advection through one flow field depends on ``V = ∫ Q dt`` alone, so that the pumped water is

    T_formation(k) = Σ_j [F(V_k − V_{j−1}) − F(V_k − V_j)] T_return(j)

for any course of the flow (temperatures relative to the ground), closed in each step by the heat
that is taken out, ``T_return = T_pump − Φ / (ρc Q)``. Exact for a breakthrough without conduction;
conduction goes on while the pump rests, which this clock does not see: a season is good to a few
hundredths of a kelvin, many years are not (:mod:`.reduced_well`).

Older water is kept in bins of volume that widen with their age, as hourly loads are lumped in
responses of boreholes (Yavuzturk & Spitler, ASHRAE Trans. 105(2), 1999, 475-485).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.problems import InputError, Problem
from diwen.sources.circulation_well.breakthrough import Breakthrough
from diwen.sources.response.time_units import HOUR
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_FINITE, NOT_POSITIVE

Floats = NDArray[np.float64]

WIDEST_BIN = 0.02
"""Of the volume pumped since: two bins grow together while the joint one stays narrower."""

_SIZES = Text("not one value for each step", "与时间步数不一致")
_ONE_EACH = Text("give one value, or one per step", "请给出一个值，或每个时间步一个值")
_NO_STEPS = Text("no time steps", "没有时间步")
_ONE_STEP = Text("give at least one step", "请至少给出一个时间步")
_NEGATIVE_FLOW = Text("a flow below zero", "流量小于零")
_NO_FLOW = Text("heat is asked for while no water flows", "停泵时段仍有取热或排热负荷")
_NO_LOAD = Text("set load and flow to 0 in the same steps", "请使负荷与流量在同一时间步为 0")
_ALL = 1.0 - 1e-9
_WHOLE_ROUND = Text(
    "all returned water is back at the pump within one step: no temperature carries the load",
    "一个时间步内回水全部返回取水区，水温无解",
)
_SHORTER = Text("take a shorter step, or a smaller flow", "请缩短时间步长或减小流量")
_RANGE = Text("outside its range", "超出范围")
_SHARE = Text("0 to below 1", "0～1（不含 1）")
_ANY_SHARE = Text("0 to 1", "0～1")


class WaterTemperatures(NamedTuple):
    """Relative to the undisturbed ground, K, one per step, shape (nt,).

    At rest all three are the water that stands before the extraction screen.
    """

    pumped: Floats
    returned: Floats
    formation: Floats


@dataclass(frozen=True, eq=False)
class VolumeClock:
    """The fast model of a circulation well in one season.

    Attributes
    ----------
    breakthrough : of the well
    bypass : share of the returned water that reaches the pump inside the well
    bleed : share of the pumped water that is not returned
    water_heat_capacity : of a volume of water, J/(m³·K)
    widest_bin : over the age of the bin; 0 keeps every step (the time grows with its square)
    """

    breakthrough: Breakthrough
    bypass: float = 0.0
    bleed: float = 0.0
    water_heat_capacity: float = WATER_HEAT_CAPACITY
    widest_bin: float = WIDEST_BIN

    def __post_init__(self) -> None:
        wrong = [
            Problem("VolumeClock", name, _RANGE, CORRECT, f"{value:g}", allowed)
            for name, value, fits, allowed in (
                ("bypass", self.bypass, 0.0 <= self.bypass < 1.0, _SHARE),
                ("bleed", self.bleed, 0.0 <= self.bleed <= 1.0, _ANY_SHARE),
                ("widest_bin", self.widest_bin, 0.0 <= self.widest_bin < 1.0, _SHARE),
            )
            if not fits
        ]
        if wrong:
            raise InputError(wrong)

    def simulate(self, load: ArrayLike, flow: ArrayLike, step: float = HOUR) -> WaterTemperatures:
        """Temperatures for a load.

        Parameters
        ----------
        load : heat taken from the water, W, shape (nt,)
        flow : of the pump, m³/s, scalar or shape (nt,); 0 at rest
        step : s

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        heat, moved = checked_course(load, flow, step)
        if self.breakthrough.at(moved.max() * step) >= _ALL:
            shown = f"{moved.max() * step:g} m³"
            raise InputError([Problem("VolumeClock", "step", _WHOLE_ROUND, _SHORTER, shown)])
        rate = self.water_heat_capacity * moved
        drop = np.divide(heat, rate, out=np.zeros_like(heat), where=moved > 0.0)
        return self._march(moved * step, drop, closed=True)

    def answer_to_return(
        self, returned: ArrayLike, flow: ArrayLike, step: float = HOUR
    ) -> WaterTemperatures:
        """Temperatures where that of the return is known (measured, or a step).

        Parameters
        ----------
        returned : relative to the undisturbed ground, K, shape (nt,)
        flow, step : m³/s, s, as in :meth:`simulate`
        """
        given, moved = checked_course(returned, flow, step, needs_flow=False)
        return self._march(moved * step, given, closed=False)

    def _march(self, pumped: Floats, values: Floats, *, closed: bool) -> WaterTemperatures:
        from diwen.sources.circulation_well import volume_clock_compiled as loops

        formation, at_pump, at_return = np.empty((3, len(pumped)))
        loops.march(
            pumped, values, values, closed, self.bypass * (1.0 - self.bleed),
            self.breakthrough.volume, self.breakthrough.share, float(self.widest_bin),
            formation, at_pump, at_return,
        )  # fmt: skip
        return WaterTemperatures(at_pump, at_return, formation)


def checked_course(
    load: ArrayLike, flow: ArrayLike, step: float, *, needs_flow: bool = True
) -> tuple[Floats, Floats]:
    """Load and flow as arrays of one length.

    Parameters
    ----------
    load : W (or any other course), shape (nt,)
    flow : m³/s, scalar or (nt,)
    step : s
    needs_flow : refuse a load in steps without flow

    Raises
    ------
    diwen.problems.InputError : everything that is wrong, at once
    """
    heat = np.ascontiguousarray(np.atleast_1d(np.asarray(load, float)))
    given = np.atleast_1d(np.asarray(flow, float))
    problems = list(_course_problems(heat, given, step, needs_flow))
    if problems:
        raise InputError(problems)
    return heat, np.ascontiguousarray(np.broadcast_to(given, heat.shape))


def _course_problems(
    load: Floats, flow: Floats, step: float, needs_flow: bool
) -> Iterator[Problem]:
    where = "circulation_well"
    if not (math.isfinite(step) and step > 0.0):
        yield Problem(where, "step", NOT_POSITIVE, CORRECT, f"{step:g} s", MORE_THAN_ZERO)
    if load.ndim != 1 or flow.shape not in {(1,), load.shape}:
        shown = f"{load.shape}, {flow.shape}"
        yield Problem(where, "load, flow", _SIZES, _ONE_EACH, shown)
        return
    if not load.size:
        yield Problem(where, "load", _NO_STEPS, _ONE_STEP)
        return
    for name, values in (("load", load), ("flow", flow)):
        if not np.isfinite(values).all():
            yield Problem(where, name, NOT_FINITE, CORRECT)
    if (flow < 0.0).any():
        yield Problem(where, "flow", _NEGATIVE_FLOW, CORRECT, f"{flow.min():g} m³/s")
    resting = np.broadcast_to(flow <= 0.0, load.shape) & (load != 0.0)
    if needs_flow and resting.any():
        yield Problem(where, "load", _NO_FLOW, _NO_LOAD, f"{int(resting.sum())} / {load.size}")
