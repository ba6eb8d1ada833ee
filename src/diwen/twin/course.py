"""What a run of the twin brought: every power, heat and temperature, step by step.

Powers and heat rates are means over the step, W. Temperatures, °C, are those that belong to these
heat rates: what the ground adds is its answer at the end of the step, with the heat of the step
held through it. Water is nan in steps without flow, where a meter would read nothing meaningful.
Energy of a step is its power times ``step``. Signs: heat from a source is positive (injection
negative); heat and cold delivered are positive both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SourceCourse:
    """A source loop, each shape (n,): what the units took and what the ground gave.

    Attributes
    ----------
    heat : from the source (ground), extraction positive, W
    recharge : heat given to it (negative: rejected) by recharges and recharging units, W; included
        in ``heat``
    entering, leaving : of the units (behind an exchanger: of its unit side), °C
    fluid : mean of the source's own fluid, by the ground at the end of the step, °C
    flow_share : of the design flow, 0 at standstill
    """

    heat: Floats
    recharge: Floats
    entering: Floats
    leaving: Floats
    fluid: Floats
    flow_share: Floats


@dataclass(frozen=True, eq=False)
class UnitCourse:
    """All identical units of one name, each shape (n,).

    Attributes
    ----------
    heat, cold : delivered to load loops (and recharged loops), W; both in simultaneous operation
    recovered : part of ``heat`` made while cooling (partial or full recovery), W
    source_heat : taken from its source, W, injection negative
    power : electric, standby included, W
    running : mean number of units on, 0 to count
    starts : of all units in the step
    source_entering, load_leaving : °C
    extrapolated : outside the tested part of its map
    """

    heat: Floats
    cold: Floats
    recovered: Floats
    source_heat: Floats
    power: Floats
    running: Floats
    starts: Floats
    source_entering: Floats
    load_leaving: Floats
    extrapolated: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LoopCourse:
    """A load loop, each shape (n,).

    Attributes
    ----------
    load : asked for, W
    delivered : to the load, W
    unmet : ``load − delivered`` where above 0, W
    supply, return_ : °C
    tank : mean temperature of the tank, °C; None without tank
    tank_loss : heat lost (cold: gained) by the tank, W; None without tank
    room : temperature of the rooms, °C; None without rooms
    flow_share : of the design flow of its pumps
    """

    load: Floats
    delivered: Floats
    unmet: Floats
    supply: Floats
    return_: Floats
    tank: Floats | None
    tank_loss: Floats | None
    room: Floats | None
    flow_share: Floats


@dataclass(frozen=True, eq=False)
class TwinCourse:
    """A stretch of time of one plant, by name.

    Attributes
    ----------
    step : s
    start : steps from the beginning of the run to the first step here
    sources, units, loops : by name
    backups : by name, (heat W, fuel or electricity W)
    pumps : electric power by name of the group, W
    recharges : by name, (heat W, electric power W)
    mode : 0 off, 1 heating, 2 cooling, 3 both
    fixed_power : W
    closure : largest |first-law residual| of any step and node over the largest heat rate there
    notes : what was assumed, and what could not be met, in words
    """

    step: float
    start: int
    sources: dict[str, SourceCourse]
    units: dict[str, UnitCourse]
    loops: dict[str, LoopCourse]
    backups: dict[str, tuple[Floats, Floats]]
    pumps: dict[str, Floats]
    recharges: dict[str, tuple[Floats, Floats]]
    mode: NDArray[np.int8]
    fixed_power: float
    closure: float
    notes: tuple[Text, ...] = ()
