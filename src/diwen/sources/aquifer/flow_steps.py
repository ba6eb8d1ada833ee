"""A flow that changes in steps, and the superposition of the answers to its steps.

The equations of ground-water flow in a confined or leaky aquifer are linear: the drawdown under a
varying flow is the sum of the answers to its changes (Boltzmann's superposition; for wells
C. V. Theis, Trans. Am. Geophys. Union 16 (1935) 519).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, NOT_FINITE

Floats = NDArray[np.float64]

_PAIRS = Text("not one flow for each start", "流量与起始时刻数量不一致")
_RISING = Text("the starts of the steps do not rise", "各流量阶段的起始时刻未递增")


@dataclass(frozen=True, eq=False)
class FlowSteps:
    """A flow that is constant from one start to the next; build with :meth:`of`.

    Attributes
    ----------
    start : s, rising, shape (nq,); before the first the flow is zero
    flow : m³/s, pumping positive, injection negative, shape (nq,); the last goes on for ever
    """

    start: Floats
    flow: Floats

    @classmethod
    def of(cls, start: ArrayLike, flow: ArrayLike) -> FlowSteps:
        """Steps from starts in s and flows in m³/s, shape (nq,) both, or two numbers.

        Raises
        ------
        diwen.problems.InputError : sizes differ, not finite or not rising
        """
        begin, rate = np.atleast_1d(np.array(start, float)), np.atleast_1d(np.array(flow, float))
        if begin.shape != rate.shape or begin.ndim != 1 or not begin.size:
            shown = f"{begin.size} / {rate.size}"
            raise InputError([Problem("flow steps", "flow", _PAIRS, CORRECT, shown)])
        problems = [
            Problem("flow steps", name, NOT_FINITE, CORRECT)
            for name, values in (("start", begin), ("flow", rate))
            if not np.isfinite(values).all()
        ]
        if not problems and not (np.diff(begin) > 0.0).all():
            problems.append(Problem("flow steps", "start", _RISING, CORRECT))
        if problems:
            raise InputError(problems)
        return cls(begin, rate)

    @property
    def change(self) -> Floats:
        """Of the flow at each start, m³/s, shape (nq,)."""
        return np.diff(self.flow, prepend=0.0)

    def at(self, time: ArrayLike) -> Floats:
        """Flow at times in s, m³/s, shape of ``time``."""
        place = np.searchsorted(self.start, np.asarray(time, float), side="right")
        return np.concatenate([[0.0], self.flow])[place]

    def volume(self, time: ArrayLike) -> Floats:
        """Pumped until times in s, m³, shape of ``time``."""
        since = np.maximum(np.asarray(time, float)[..., None] - self.start, 0.0)
        return np.asarray(since @ self.change)


def superposed(unit: Callable[[Floats], Floats], steps: FlowSteps, time: ArrayLike) -> Floats:
    """Answer to a flow in steps from the answer to a unit step.

    Parameters
    ----------
    unit : answer per m³/s at times after the step in s, an array function, zero at times <= 0
    steps : the flow
    time : s, any shape (nt, ...)

    Returns
    -------
    shape of ``time``, in the unit of ``unit`` times m³/s
    """
    moments = np.asarray(time, float)
    total = np.zeros(moments.shape)
    for begin, change in zip(steps.start, steps.change, strict=True):
        if change != 0.0:
            total = total + change * unit(moments - begin)
    return np.asarray(total)
