"""The place where a well gives or takes water, with the head it makes: what hydraulic checks need.

Circulation wells and groundwater wells differ in how the head is found; from here on they do not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from diwen.design.well_check_heads import WellHeads
from diwen.design.well_design import WellDesign, overlap
from diwen.language import Text
from diwen.sources.response.time_units import HOUR


@dataclass(frozen=True)
class WellPoint:
    """Water through the screens of one well, in or out.

    Attributes
    ----------
    flow : through the well, m³/s
    head : rise where water goes in, drawdown where it comes out, positive, m
    linear : its part that grows with the flow, m; the rest grows with its square
    model : how the head was found
    static_level : depth of the water at rest, m; None where not known
    screen_top, screen_length : of the highest such screen, of the longest, m
    longest_screen : that the aquifer has room for, m; 0: the hole is open
    bore_radius, well_depth : m
    conductivity : radial, beside the screen, m/s
    porosity_above : mean of the ground above the screen
    largest_pressure : own limit at the wellhead, gauge, Pa
    pump_depth, pump_submergence : m
    tested : the head is that of a test: only the flow changes it, whatever K and screen are taken
    """

    flow: float
    head: float
    linear: float
    model: Text
    static_level: float | None
    screen_top: float
    screen_length: float
    longest_screen: float
    bore_radius: float
    well_depth: float
    conductivity: float
    porosity_above: float
    largest_pressure: float | None = None
    pump_depth: float | None = None
    pump_submergence: float | None = None
    tested: bool = False

    def needs(self, allowed: float) -> dict[str, float]:
        """Flow (m³/h), conductivity and screen length at which the head is ``allowed``, in m.

        ``linear Q + loss Q² = allowed`` for the flow; the linear part goes with 1/K and about with
        ``ln(l/r)/l`` of the screen (short form of the dipole). Of a tested well only the flow.
        """
        if not allowed > 0.0 or not self.linear > 0.0:
            return {}
        loss = self.head - self.linear
        root = math.sqrt(self.linear * self.linear + 4.0 * loss * allowed)
        found = {"flow": self.flow * HOUR * 2.0 * allowed / (self.linear + root)}
        room = allowed - loss
        if room <= 0.0 or self.tested:
            return found
        found["conductivity"] = self.conductivity * self.linear / room
        longer = _longer(self.screen_length, self.bore_radius, room / self.linear)
        if longer <= self.longest_screen:
            found["screen_length"] = longer
        return found


def injection_point(design: WellDesign, heads: WellHeads) -> WellPoint:
    """Where a circulation well gives its water back."""
    screens = design.screens[0::2]
    return _point(
        design, heads.injection, heads.linear_injection, heads.injection_model, screens,
        design.specific_injectivity is not None,
    )  # fmt: skip


def extraction_point(design: WellDesign, heads: WellHeads) -> WellPoint:
    """Where a circulation well takes its water."""
    screens = design.screens[1::2]
    return _point(
        design, heads.extraction, heads.linear_extraction, heads.extraction_model, screens,
        design.specific_capacity is not None,
    )  # fmt: skip


def _point(
    design: WellDesign, head: float, linear: float, model: Text, screens: tuple, tested: bool
) -> WellPoint:  # fmt: skip
    """With several pairs the largest head meets the highest screen: the careful side."""
    top = min(screen.top for screen in screens)
    above = overlap(design.column, 0.0, top)
    pores = float(above @ design.column.porosity / above.sum()) if top > 0.0 else 0.0
    room = 0.0 if design.standing_column else 0.5 * design.swept_thickness
    return WellPoint(
        design.flow, head, linear, model, design.static_level, top,
        max(screen.length for screen in screens), room, design.well.radius, design.well.depth,
        min(design.conductivity_along(screen) for screen in screens), pores,
        design.largest_wellhead_pressure, design.pump_depth, design.pump_submergence, tested,
    )  # fmt: skip


def _longer(length: float, radius: float, share: float) -> float:
    """Screen whose ``ln(l/r)/l`` is a share of that of the given one, m."""
    if share >= 1.0 or length <= 3.0 * radius:
        return length / min(share, 1.0)
    wanted = share * math.log(length / radius) / length
    low, high = length, 1000.0 * length
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if math.log(middle / radius) / middle > wanted else (low, middle)
    return high
