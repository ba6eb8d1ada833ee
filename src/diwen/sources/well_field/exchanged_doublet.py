"""A doublet whose wells exchange their roles by season: a warm well and a cold well.

Without regional flow the water goes back the way it came when pumping is reversed, through the
same stream tubes (:mod:`.doublet`). So each tube is a row of parcels that is pushed to and fro, and
the march is exact but for the number of tubes and the size of the parcels. Conduction to cap and
bed rock and dispersion are left out: what a well gets back of the heat that it stored is an upper
bound, reached the better the thicker the aquifer and the larger the store (see
:meth:`.doublet.Doublet.arrived_with_conduction` for what the rock takes). With regional flow the
way back is another one, and this model does not hold.

Source: the stream tubes of Gringarten & Sauty (1975); recovery as commonly defined for aquifer
thermal energy storage, heat got back over heat stored, both against the undisturbed ground.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.well_field.doublet import Doublet
from diwen.value_problems import CORRECT, NOT_FINITE

Floats = NDArray[np.float64]

_PARCELS = 400  # of a tube, or of all water ever moved, before they grow
_ROOM = 1024
_SHARE_OF_TUBE = 0.5  # that one step may move of the shortest tube

_STANDSTILL = Text("a load without flow", "有负荷而流量为零")
_FLOW_WITH_LOAD = Text("let water flow wherever there is a load", "有负荷的时间步须有流量")
_SHAPES = Text("load and flow are not as long as each other", "负荷与流量序列长度不一致")
_PER_STEP = Text("give one value of each per step", "每个时间步各给出一个值")
_LONG = Text(
    "one step moves more water than half of the shortest stream tube holds",
    "单个时间步的水量超过最短流管容水量的一半",
)
_SHORTER = Text("take shorter steps, or move the wells apart", "请缩短时间步长或加大井距")


@dataclass(frozen=True, eq=False)
class ExchangedCourse:
    """Temperatures of a doublet over time: drops below the undisturbed ground, step means.

    Attributes
    ----------
    pumped, returned : K, shape (nt,)
    moved : water from the first well to the second in each step, m³, shape (nt,); the first well
        is pumped where it is negative
    taken : heat taken from the water, J
    stored : heat that the swept ground lacks at the end, J
    water_heat_capacity : volumetric, J/(m³·K)
    """

    pumped: Floats
    returned: Floats
    moved: Floats
    taken: float
    stored: float
    water_heat_capacity: float

    @property
    def imbalance(self) -> float:
        """Heat that the books do not explain, over the heat that the wells exchanged."""
        turned = float(np.abs(self.moved) @ np.abs(self.returned)) * self.water_heat_capacity
        return (self.taken - self.stored) / max(turned, abs(self.taken), 1e-300)

    def recovery(self, first: slice, second: slice) -> tuple[float, float]:
        """Heat got back from each well over the heat (or cold) stored in it before.

        Parameters
        ----------
        first : steps of storing in the second well (water goes from the first to the second)
        second : steps of the season after it, the other way

        Returns
        -------
        tuple : of the heat stored at the second well, and that of the water volume, shares;
            nan where nothing was stored
        """
        stored = float(self.moved[first] @ self.returned[first])
        back = -float(self.moved[second] @ self.pumped[second])
        volume = float(self.moved[first].sum())
        heat = back / stored if stored != 0.0 else np.nan
        return heat, -float(self.moved[second].sum()) / volume if volume != 0.0 else np.nan


def march_exchanged(
    doublet: Doublet,
    load: ArrayLike,
    flow: ArrayLike,
    step: float = 3600.0,
    *,
    tubes: int = 128,
) -> ExchangedCourse:
    """Temperatures of a doublet whose flow may change direction.

    Parameters
    ----------
    doublet : its ``flow`` does not matter
    load : heat taken from the water, W, shape (nt,)
    flow : from the first well through the ground to the second, m³/s, shape (nt,): positive where
        the second well is pumped, negative where the first is
    step : s
    tubes : stream tubes of equal flow

    Raises
    ------
    diwen.problems.InputError : flow 0 with load, steps too long for the spacing; all at once
    """
    from diwen.sources.well_field import exchanged_doublet_compiled

    march: Any = exchanged_doublet_compiled.march
    heat, through = np.asarray(load, float), np.asarray(flow, float)
    angle = np.pi * (np.arange(tubes) + 0.5) / tubes
    holds = doublet.tube_time(angle) * doublet.flow / tubes
    problems = list(_problems(heat, through, step, float(holds[0]) * tubes))
    if problems:
        raise InputError(problems)
    moved = through * step
    longest = float(np.abs(moved).sum()) / tubes + float(np.abs(moved).max(initial=0.0))
    # Tubes longer than all water ever moved are never passed: their length does not matter.
    holds = np.minimum(holds, 2.0 * longest)
    volume, drop = np.zeros((tubes, _ROOM)), np.zeros((tubes, _ROOM))
    volume[:, 0] = holds
    first, count = np.zeros(tubes, np.int64), np.ones(tubes, np.int64)
    rate = doublet.water_heat_capacity * np.abs(through)
    added = np.divide(heat, rate, out=np.zeros(heat.shape), where=rate > 0.0)
    pumped, returned = np.empty(len(heat)), np.empty(len(heat))
    smallest = np.minimum(holds, longest) / _PARCELS
    march(volume, drop, first, count, smallest, moved / tubes, added, pumped, returned)
    inside = (np.arange(_ROOM) - first[:, None]) % _ROOM < count[:, None]
    stored = float((volume * drop)[inside].sum()) * doublet.water_heat_capacity
    taken = float(heat.sum() * step)
    return ExchangedCourse(pumped, returned, moved, taken, stored, doublet.water_heat_capacity)


def _problems(heat: Floats, flow: Floats, step: float, shortest: float) -> Iterator[Problem]:
    where = "march_exchanged"
    if heat.ndim != 1 or heat.shape != flow.shape:
        yield Problem(where, "load, flow", _SHAPES, _PER_STEP, f"{heat.shape}, {flow.shape}")
        return
    for name, values in (("load", heat), ("flow", flow)):
        if not np.isfinite(values).all():
            yield Problem(where, name, NOT_FINITE, CORRECT)
            return
    resting = (heat != 0.0) & (flow == 0.0)
    if resting.any():
        first = int(np.argmax(resting))
        yield Problem(where, f"flow[{first}]", _STANDSTILL, _FLOW_WITH_LOAD, f"{resting.sum()}")
    largest = float(np.abs(flow).max(initial=0.0)) * step
    if largest > _SHARE_OF_TUBE * shortest:
        yield Problem(where, "step", _LONG, _SHORTER, f"{largest:g} m³, {shortest:g} m³")
