"""How fast the water passes slots and walls: sand, wear, clogging.

The standard counts a part of the slots and of the length (GB 50296-2014, 6.2.2). For the wall it
gives a formula of the conductivity (6.2.3, form not verified) that is meant for loose ground; in
rock only the slots count (6.1.4). How fast water may be injected without clogging is Dutch
practice, not verified; it depends on how much the water carries, which has to be measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from diwen.design.well_check_cure import cure, figures
from diwen.design.well_check_result import WellCheck, at_most, unknown
from diwen.design.well_check_rules import WellRules
from diwen.language import Text
from diwen.rules import Row
from diwen.sources.aquifer.screen_velocity import (
    clogging_velocity,
    conductivity_for_wall,
    extraction_velocity,
    slot_capacity,
    wall_velocity,
)
from diwen.sources.response.time_units import HOUR

_LITRES = 1e6  # (L/m³)², membrane filter index from s/L² to s/m⁶

_SLOTS = Text("velocity in the slots of the screen", "滤水管进水流速")
_WALL = Text("velocity at the wall of the bore", "井壁流速")
_CLOGGING = Text("injection velocity against clogging", "回灌流速（防堵塞）")
_TAKING = Text("extraction velocity at the wall", "抽水井壁流速")

_THROUGH = Text(
    "{flow} m³/h through a screen of {length} m", "{flow} m³/h 通过长 {length} m 的滤水管"
)
_AGGRESSIVE = Text("reduced for corrosive or scaling water", "已按腐蚀性或结垢性水折减")
_CONDUCTIVITY = Text("K = {value} m/s", "渗透系数 {value} m/s")
_USUAL = Text(
    "with the usual {index} s/L² the limit would be {limit} m/h, the wall has {value} m/h",
    "若按常用值 {index} s/L²，限值为 {limit} m/h，现为 {value} m/h",
)
_AND = Text("{one}; {other}", "{one}；{other}")
_CLEANER = Text("cleaner water (filter, MFI of {index} s/L² or less)",
                "更洁净的回灌水（过滤，膜过滤指数不大于 {index} s/L²）")  # fmt: skip


@dataclass(frozen=True)
class ScreenDuty:
    """What one screen has to pass.

    Attributes
    ----------
    flow : m³/s
    length : m
    bore_diameter : m
    conductivity : radial, beside it, m/s
    injects : whether water goes out through it
    longest : screen that the aquifer has room for, m
    """

    flow: float
    length: float
    bore_diameter: float
    conductivity: float
    injects: bool
    longest: float

    @property
    def wall_velocity(self) -> float:
        """Mean through the wall of the bore, m/s."""
        return float(wall_velocity(self.flow, self.bore_diameter, self.length))

    def longer(self, ratio: float) -> dict[str, float]:
        """The screen needed where it has to be longer by a ratio, if there is room for it."""
        length = self.length * ratio
        return {"screen_length": length} if length <= self.longest else {}

    @property
    def shown(self) -> Text:
        """Flow and length in words."""
        return _THROUGH.format(flow=figures(self.flow * HOUR), length=f"{self.length:g}")


def slot_velocity_check(
    duties: Sequence[ScreenDuty], well_flow: float, diameter: float | None,
    open_area: float | None, aggressive: bool | None, rules: WellRules,
) -> WellCheck | None:  # fmt: skip
    """Velocity in the slots of the worst screen; None where the standard does not hold.

    Parameters
    ----------
    duties : of the screens
    well_flow : of the well that the cure speaks of, m³/s
    diameter, open_area : of the screens, m and share
    aggressive : corrosive or scaling water
    """
    row = rules.find("gb50296.screen_velocity")
    if row is None or not duties:
        return None
    missing = [key for key, value in (("screen_diameter", diameter), ("open_area", open_area))
               if value is None]  # fmt: skip
    if diameter is None or open_area is None:
        return unknown("slot_velocity", _SLOTS, row.unit, row, missing)
    assert row.value is not None
    coefficients = {
        "slot_velocity": 1.0,
        "effective_share": rules.value("gb50296.open_area_share"),
        "length_share": rules.value("gb50296.screen_length_share"),
    }
    speeds = [
        duty.flow / float(slot_capacity(diameter, duty.length, open_area, **coefficients))
        for duty in duties
    ]
    worst = int(np.argmax(speeds))
    limit, why = row.value, duties[worst].shown
    if aggressive:
        limit *= 1.0 - rules.value("gb50296.aggressive_water_reduction")
        why = _AND.format(one=why, other=_AGGRESSIVE)
    ratio = speeds[worst] / limit
    needs = {"flow": well_flow * HOUR / ratio, **duties[worst].longer(ratio)}
    if open_area * ratio < 0.5:
        needs["open_area"] = 100.0 * open_area * ratio
    return at_most("slot_velocity", _SLOTS, speeds[worst], row.unit, row, why, limit=limit,
                   cure=cure(needs), needs=needs)  # fmt: skip


def wall_velocity_check(
    duties: Sequence[ScreenDuty], well_flow: float, loose: bool | None, rules: WellRules
) -> WellCheck | None:
    """Velocity at the wall against √K/15; None in rock, or where the standard does not hold."""
    row = rules.find("gb50296.wall_velocity_divisor")
    if row is None or loose is False or not duties:
        return None
    assert row.value is not None
    worst = max(duties, key=lambda duty: duty.wall_velocity / duty.conductivity**0.5)
    limit = worst.conductivity**0.5 / row.value
    why = _AND.format(
        one=worst.shown, other=_CONDUCTIVITY.format(value=f"{worst.conductivity:.2g}")
    )
    ratio = worst.wall_velocity / limit
    least = conductivity_for_wall(worst.flow, worst.bore_diameter, worst.length, divisor=row.value)
    needs = {
        "flow": well_flow * HOUR / ratio, "conductivity": float(least), **worst.longer(ratio)
    }  # fmt: skip
    return at_most("wall_velocity", _WALL, worst.wall_velocity * HOUR, "m/h", row, why,
                   limit=limit * HOUR, cure=cure(needs), needs=needs)  # fmt: skip


def clogging_check(
    duties: Sequence[ScreenDuty], well_flow: float, index: float | None,
    full_load_time: float | None, rules: WellRules,
) -> WellCheck | None:  # fmt: skip
    """Velocity of injection against clogging; None where nothing is injected.

    Parameters
    ----------
    index : membrane filter index, s/m⁶
    full_load_time : at design flow a year, s
    """
    injecting = [duty for duty in duties if duty.injects]
    row = rules.row("well.clogging_rate")
    if not injecting:
        return None
    data = {"water.membrane_filter_index": index, "full_load_hours": full_load_time}
    missing = [key for key, value in data.items() if not value]
    worst = max(injecting, key=lambda duty: duty.wall_velocity / duty.conductivity**0.6)
    value = worst.wall_velocity * HOUR
    if not full_load_time:
        return unknown("clogging_velocity", _CLOGGING, "m/h", row, missing, value=value)
    hours = full_load_time / HOUR
    if not index:
        usual = rules.value("well.membrane_filter_index")
        limit = _clogging_limit(worst, usual, hours, rules)
        why = _USUAL.format(index=f"{usual:g}", limit=f"{limit:.2f}", value=f"{value:.2f}")
        return unknown("clogging_velocity", _CLOGGING, "m/h", row, missing, why=why, value=value)
    limit = _clogging_limit(worst, index / _LITRES, hours, rules)
    ratio = value / limit
    needs = {"flow": well_flow * HOUR / ratio, **worst.longer(ratio)}
    cleaner = _CLEANER.format(index=f"{index / _LITRES / ratio**2:.2g}")
    return at_most("clogging_velocity", _CLOGGING, value, "m/h", row, worst.shown, limit=limit,
                   cure=cure(needs, cleaner), needs=needs)  # fmt: skip


def extraction_velocity_check(
    duties: Sequence[ScreenDuty], well_flow: float, rules: WellRules
) -> WellCheck | None:
    """Velocity of pumping at the wall; None where nothing is pumped."""
    taking = [duty for duty in duties if not duty.injects]
    if not taking:
        return None
    row: Row = rules.row("well.extraction_velocity_divisor")
    assert row.value is not None
    worst = max(taking, key=lambda duty: duty.wall_velocity / duty.conductivity)
    limit = float(extraction_velocity(worst.conductivity, divisor=row.value)) * HOUR
    value = worst.wall_velocity * HOUR
    ratio = value / limit
    needs = {
        "flow": well_flow * HOUR / ratio, "conductivity": worst.conductivity * ratio,
        **worst.longer(ratio),
    }  # fmt: skip
    why = _AND.format(
        one=worst.shown, other=_CONDUCTIVITY.format(value=f"{worst.conductivity:.2g}")
    )
    return at_most("extraction_velocity", _TAKING, value, "m/h", row, why, limit=limit,
                   cure=cure(needs), needs=needs)  # fmt: skip


def _clogging_limit(duty: ScreenDuty, index: float, hours: float, rules: WellRules) -> float:
    """m/h, for an index in s/L²."""
    velocity = clogging_velocity(
        duty.conductivity, rules.value("well.clogging_rate"), index, hours,
        coefficient=rules.value("well.clogging_velocity_scale"),
        reference_conductivity=rules.value("well.clogging_conductivity_scale"),
        exponent=rules.value("well.clogging_conductivity_exponent"),
    )  # fmt: skip
    return float(velocity) * HOUR
