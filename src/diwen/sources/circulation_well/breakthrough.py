"""The share of returned water in what the pump takes, over the volume pumped since it was returned.

``F(V)``: return water at 1 K from now on; when the volume V has been pumped, the formation gives
water at F(V) K. From 0, rising, to F(inf), which is 1 where all water circulates and less
where water of the far field takes part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.circulation_well.travel_times import TravelTimes
from diwen.sources.circulation_well.well_course import WellStepResponse
from diwen.value_problems import CORRECT, NOT_FINITE

Floats = NDArray[np.float64]

_SIZES = Text("not one share for each volume", "份额与体积的个数不一致")
_RISING_VOLUME = Text("the volumes do not rise from above 0", "累计抽水体积须大于 0 且逐点递增")
_FALLING = Text("the breakthrough falls", "热突破曲线下降")
_COARSE_STEP = Text(
    "a share of returned water never falls: smooth measured values first",
    "回水份额不会下降：实测值请先平滑",
)
_OUTSIDE = Text("a share outside 0 to 1", "份额超出 0～1")
_ROUNDING = 1e-9
_POINT = 1e-7  # of a volume: before the first path nothing has arrived, after the last one all


@dataclass(frozen=True, eq=False)
class Breakthrough:
    """F(V), straight between its points; build with :meth:`of`, which checks.

    Attributes
    ----------
    volume : pumped since the return began, m³, from 0, rising, shape (nv,)
    share : of returned water in what the formation gives, from 0, never falling, shape (nv,)
    """

    volume: Floats
    share: Floats

    @classmethod
    def of(cls, volume: ArrayLike, share: ArrayLike) -> Breakthrough:
        """From points; (0, 0) is set in front. Rounding that lets the share fall is mended.

        Parameters
        ----------
        volume : m³, above 0, rising, shape (nv,)
        share : 0 to 1, shape (nv,)

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        at = np.atleast_1d(np.asarray(volume, float))
        value = np.atleast_1d(np.asarray(share, float))
        problems = list(_problems(at, value))
        if problems:
            raise InputError(problems)
        rising = np.clip(np.maximum.accumulate(value), 0.0, 1.0)
        return cls(np.append(0.0, at), np.append(0.0, rising))

    @classmethod
    def from_travel_times(cls, paths: TravelTimes) -> Breakthrough:
        """Without conduction and dispersion: the water whose heat has arrived.

        The share of a path counts half when it arrives: it stands for its neighbours on
        both sides.
        """
        order = np.argsort(paths.volume[paths.arrived])
        volume = paths.volume[paths.arrived][order]
        share = paths.share[paths.arrived][order] * paths.returned
        reached = np.cumsum(share) - 0.5 * share
        if not volume.size:
            return cls.of([1.0], [0.0])
        ends = volume[[0, -1]] * [1.0 - _POINT, 1.0 + _POINT]
        at, first = np.unique(np.r_[ends[0], volume, ends[1]], return_index=True)
        return cls.of(at, np.r_[0.0, reached, share.sum()][first])

    @classmethod
    def from_step_response(cls, response: WellStepResponse) -> Breakthrough:
        """From the answer of the cells to a step of the returned water, conduction included."""
        return cls.of(response.time * response.flow, response.drop)

    @property
    def final(self) -> float:
        """F at the last point: the share that comes back in the end."""
        return float(self.share[-1])

    def at(self, volume: ArrayLike) -> Floats:
        """F at pumped volumes, m³, shape of ``volume``; the last value held beyond."""
        return np.interp(np.asarray(volume, float), self.volume, self.share)

    def after(self, times: ArrayLike, flow: float) -> Floats:
        """F after times in s at a steady flow in m³/s, shape of ``times``."""
        return self.at(np.asarray(times, float) * flow)

    def volume_of(self, share: float) -> float:
        """Pumped volume at which F reaches a share, m³; infinite if it never does."""
        if share > self.final:
            return np.inf
        if share <= 0.0:
            return 0.0
        above = int(np.searchsorted(self.share, share))
        low, high = self.share[above - 1], self.share[above]
        part = (share - low) / (high - low)
        return float(self.volume[above - 1] + part * (self.volume[above] - self.volume[above - 1]))

    def breakthrough_time(self, flow: float, share: float = 0.01) -> float:
        """Time until the pumped water is returned water to a share, at a steady flow, s.

        Parameters
        ----------
        flow : m³/s
        share : first noticed at one hundredth unless said otherwise
        """
        return self.volume_of(share) / flow


def _problems(volume: Floats, share: Floats) -> Iterator[Problem]:
    if volume.shape != share.shape or volume.ndim != 1 or not volume.size:
        yield Problem("Breakthrough", "volume, share", _SIZES, CORRECT, f"{volume.shape}")
        return
    for name, values in (("volume", volume), ("share", share)):
        if not np.isfinite(values).all():
            yield Problem("Breakthrough", name, NOT_FINITE, CORRECT)
            return
    if not (volume[0] > 0.0 and (np.diff(volume) > 0.0).all()):
        yield Problem("Breakthrough", "volume", _RISING_VOLUME, CORRECT)
    if share.min() < -_ROUNDING or share.max() > 1.0 + _ROUNDING:
        allowed = Text("0 to 1", "0～1")
        found = f"{share.min():g}…{share.max():g}"
        yield Problem("Breakthrough", "share", _OUTSIDE, CORRECT, found, allowed)
    if (np.diff(share) < -_ROUNDING).any():
        worst = f"{np.diff(share).min():.2g}"
        yield Problem("Breakthrough", "share", _FALLING, _COARSE_STEP, worst)
