"""From a pump, its control and its number to one table: electric power over the share of flow.

The head that the pumps must give at a share q of the design flow depends on what holds them:

========================  ====================================================================
``fixed``                 full speed, design flow whenever they run
``throttled``             full speed, a valve takes what the curve gives too much
``constant_pressure``     H = H_design
``variable_pressure``     H = H_design (r + (1 − r) q): proportional pressure; r = 1/2 is the
                          reference control curve of EN 16297-1:2012
``remote_sensor``         H = r H_design + (1 − r) H_design q²: a share r of the head, that of the
                          last consumer, is held there; the pipes before it take the rest
``variable``              H = static + (H_design − static) q²: flow by temperature difference, all
                          valves open; without static head the power falls with the cube
========================  ====================================================================

Of equal pumps side by side as many run as need least power. The speed is that of the pump curve
through the point, so flow, head and power obey the affinity laws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.plant.pump_curve import PumpCurve
from diwen.plant.pump_drive import PumpDrive
from diwen.plant.station import PumpGroup
from diwen.problems import InputError, Problem

Floats = NDArray[np.float64]
PumpControl = Literal[
    "fixed", "throttled", "constant_pressure", "variable_pressure", "remote_sensor", "variable"
]

_POINTS = 21
_SPEED_SLACK = 1.0 + 1e-6

_TOO_WEAK = Text(
    "the pumps do not reach the design head {head} m at the design flow {flow} m³/h",
    "水泵在设计流量 {flow} m³/h 下达不到设计扬程 {head} m",
)
_STRONGER = Text(
    "give a stronger pump curve, more pumps, or less flow or head",
    "请选用更大的水泵或增加台数，或减小设计流量、扬程",
)


@dataclass(frozen=True)
class PumpDuty:
    """What a group of pumps must do at design, and how it is held.

    Attributes
    ----------
    flow : of the whole group, m³/s
    head : m
    control : see the table of this module
    held_share : r, share of the design head that ``variable_pressure`` and ``remote_sensor`` hold
        at no flow
    static : head that does not fall with the flow (lift of an open well), m, for ``variable``
    minimum_share : smallest share of the design flow
    """

    flow: float
    head: float
    control: PumpControl = "fixed"
    held_share: float = 0.5
    static: float = 0.0
    minimum_share: float = 0.3

    def needed_head(self, share: ArrayLike) -> Floats:
        """Head, m, to give at a share of the design flow."""
        q = np.asarray(share, float)
        if self.control in ("fixed", "constant_pressure"):
            return np.asarray(np.full_like(q, self.head))
        if self.control == "variable_pressure":
            return np.asarray(self.head * (self.held_share + (1.0 - self.held_share) * q))
        held = self.static if self.control == "variable" else self.held_share * self.head
        held = min(held, self.head)
        return np.asarray(held + (self.head - held) * q * q)


def pump_group(
    name: str,
    curve: PumpCurve,
    duty: PumpDuty,
    *,
    count: int = 1,
    drive: PumpDrive | None = None,
    density: float = 1000.0,
    rated_power: float | None = None,
    always_on: bool = False,
    heat_to_water: float | None = None,
) -> PumpGroup:
    """A group of equal pumps as the twin sees it.

    Parameters
    ----------
    name : id
    curve : of one pump
    duty : of the whole group
    count : pumps side by side, all that run at design
    drive : motor and converter; None: the efficiency of the curve counts them already
    density : of the fluid, kg/m³
    rated_power : electric, of the whole group at design, W: the table is scaled to it; None: as
        computed
    always_on : runs in every step of its season
    heat_to_water : share of the electric power that warms the water; None: the shaft's share at
        design

    Raises
    ------
    diwen.problems.InputError : a duty that the pumps do not reach
    """
    motor = drive or PumpDrive()
    if float(curve.speed_for(duty.flow, duty.head, count)) > _SPEED_SLACK:
        message = _TOO_WEAK.format(head=f"{duty.head:.3g}", flow=f"{duty.flow * 3600.0:.4g}")
        reached = f"{float(curve.head(duty.flow, 1.0, count)):.3g} m"
        raise InputError([Problem("pump_group", name, message, _STRONGER, reached)])
    shares = np.linspace(0.0, 1.0, _POINTS)
    shaft, power = _least_power(curve, duty, count, motor, density, shares)
    warm = float(shaft[-1] / power[-1]) if heat_to_water is None else heat_to_water
    if rated_power is not None:
        power = power * (rated_power / power[-1])
    return PumpGroup(
        name, shares, power, duty.flow,
        minimum_share=duty.minimum_share if duty.control != "fixed" else 1.0,
        variable=duty.control != "fixed", always_on=always_on, heat_to_water=warm,
    )  # fmt: skip


def constant_pump(
    name: str, power: float, flow: float, *, always_on: bool = False, heat_to_water: float = 0.0
) -> PumpGroup:
    """Pumps of which only the power is known: design flow and that power whenever they run.

    Parameters
    ----------
    power : electric, of the whole group, W
    flow : of the whole group, m³/s
    """
    ends = np.array([0.0, 1.0])
    return PumpGroup(
        name, ends, np.full(2, float(power)), flow, always_on=always_on, heat_to_water=heat_to_water
    )


def _tried_numbers(count: int) -> list[int]:
    """Numbers of running pumps that are compared: all, of many pumps some thirty."""
    return sorted({max(round(share * count), 1) for share in np.linspace(0.0, 1.0, 31)})


def _least_power(
    curve: PumpCurve, duty: PumpDuty, count: int, drive: PumpDrive, density: float, shares: Floats
) -> tuple[Floats, Floats]:
    """Shaft and electric power, W, with as many pumps running as need least."""
    fixed = duty.control == "fixed"
    best = np.full(len(shares), np.inf)
    of_shaft = np.full(len(shares), np.inf)
    rated = float(curve.power(duty.flow, curve.speed_for(duty.flow, duty.head, count), count,
                              density)) / count  # fmt: skip
    flow = np.full(len(shares), duty.flow) if fixed else shares * duty.flow
    head = duty.needed_head(shares)
    for running in (count,) if fixed else _tried_numbers(count):
        speed = curve.speed_for(flow, head, running)
        allowed = speed <= _SPEED_SLACK
        if duty.control == "throttled":
            # The pumps stay at the speed that gives the design point.
            speed = np.full(len(shares), float(curve.speed_for(duty.flow, duty.head, count)))
            allowed = curve.head(flow, speed, running) >= head * (1.0 - 1e-9)
        shaft = curve.power(flow, speed, running, density)
        loaded = shaft / (running * rated)
        turning = np.ones_like(speed) if fixed or duty.control == "throttled" else speed
        power = shaft / drive.efficiency(loaded, turning)
        better = allowed & (power < best)
        best, of_shaft = np.where(better, power, best), np.where(better, shaft, of_shaft)
    return np.asarray(of_shaft), np.asarray(best)
