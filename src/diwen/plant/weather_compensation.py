"""Weather-compensated supply temperature: what the terminals need at an outdoor temperature."""

from __future__ import annotations

import numpy as np

from diwen.language import Text
from diwen.plant.station import SupplyCurve
from diwen.plant.terminal import Terminal
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT

_POINTS = 15

_BACKWARDS = Text(
    "the outdoor temperature without load must be above that of design for heat, below it for cold",
    "供热时零负荷室外温度须高于设计室外温度，供冷时须低于设计室外温度",
)


def heating_curve(
    terminal: Terminal,
    design_outdoor: float,
    no_load_outdoor: float,
    *,
    lowest: float = -np.inf,
    highest: float = np.inf,
    raised: float = 0.0,
    points: int = _POINTS,
) -> SupplyCurve:
    """Supply temperature over outdoor temperature that just covers a load straight in it.

    Parameters
    ----------
    terminal : at its design point; one that cools gives a curve that falls with the outdoor
        temperature
    design_outdoor : at which the full load is needed, °C
    no_load_outdoor : at which none is needed, °C
    lowest, highest : ends of the supply temperature, °C
    raised : above what is needed, K (below, where it cools)
    points : of the curve, crowded where it bends, towards no load

    Raises
    ------
    diwen.problems.InputError : outdoor temperatures the wrong way round
    """
    cools = terminal.supply < terminal.room
    if (no_load_outdoor > design_outdoor) == cools or no_load_outdoor == design_outdoor:
        shown = f"{design_outdoor:g}, {no_load_outdoor:g} °C"
        raise InputError([Problem("heating_curve", "no_load_outdoor", _BACKWARDS, CORRECT, shown)])
    share = np.linspace(0.0, 1.0, points) ** 2
    outdoor = no_load_outdoor + share * (design_outdoor - no_load_outdoor)
    supply = terminal.needed_supply(share) + (-raised if cools else raised)
    order = np.argsort(outdoor)
    return SupplyCurve(outdoor[order], np.clip(supply, lowest, highest)[order])
