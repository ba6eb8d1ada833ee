"""What flows in the boreholes of a site: resistances, regime, freezing margin, pump head."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from diwen import rules
from diwen.design.bore_field import BoreField
from diwen.design.fluid_course import Course
from diwen.design.site_resistance import SiteBore
from diwen.fluids import Fluid, freezing_warning
from diwen.language import Text
from diwen.site.borehole_section import USUAL_TEMPERATURE
from diwen.sources.borehole.hydraulics import (
    GRAVITY,
    BoreholeLoop,
    LoopHydraulics,
    Stage,
    loop_hydraulics,
)
from diwen.sources.borehole.resistances import borehole_resistance

_MARGIN = "alarm.a01.antifreeze_margin"
_BOREHOLE = Text("borehole {number} of the branch", "支路第 {number} 孔")


@dataclass(frozen=True)
class LoopState:
    """The loop at design flow and one temperature of the fluid.

    Attributes
    ----------
    temperature : mean of the fluid, °C
    reynolds : lowest Reynolds number in the borehole
    regime : of that flow: 0 laminar, 1 transition, 2 turbulent
    local, effective : R_b and R_b* computed at it, m·K/W
    borehole_drop : pressure drop of the boreholes of a branch, one after the other, Pa
    header_drop : of headers and fittings, as the site file gives them, Pa; None where it does not
    head : of the pump, of both, m of the fluid
    pump_pressure : the same, Pa
    """

    temperature: float
    reynolds: float
    regime: int
    local: float
    effective: float
    borehole_drop: float
    header_drop: float | None
    head: float
    pump_pressure: float


@dataclass(frozen=True)
class SiteHydraulics:
    """The boreholes and their loop at the planned length.

    Attributes
    ----------
    resistance : effective, that sizing uses, m·K/W
    measured : whether it is the measured one of the site file
    lacking : keys that the file does not give and without which ``states`` is empty
    states : at the usual temperature of the fluid, and at its lowest where that is colder
    branches, in_series : of the field
    flow : of the whole field, m³/s; None where not known
    lowest : lowest temperature of the fluid in all years with the planned length, °C: where it
        leaves the heat pump, or in the mean where no flow is known
    freezing : freezing point of the fluid, °C
    warning : where the two are too close
    """

    resistance: float
    measured: bool
    lacking: tuple[str, ...]
    states: tuple[LoopState, ...]
    branches: int
    in_series: int
    flow: float | None
    lowest: float
    freezing: float
    warning: Text | None

    @property
    def freezing_margin(self) -> float:
        """Distance of the lowest temperature from the freezing point, K."""
        return self.lowest - self.freezing

    def as_dict(self) -> dict[str, Any]:
        """Plain data: m·K/W, °C, Pa, m, m³/s."""
        return {
            "resistance": self.resistance,
            "measured": self.measured,
            "lacking": list(self.lacking),
            "branches": self.branches,
            "in_series": self.in_series,
            "flow": self.flow,
            "states": [asdict(state) for state in self.states],
            "lowest_temperature": self.lowest,
            "freezing_point": self.freezing,
            "freezing_margin": self.freezing_margin,
            "warning": self.warning and {"en": self.warning.en, "zh": self.warning.zh},
        }


def hydraulics_of_site(
    bore: SiteBore, field: BoreField, course: Course, day: date
) -> SiteHydraulics:
    """Resistances, flow and freezing margin of a site's boreholes.

    Parameters
    ----------
    bore : of the site
    field : whose mean length is the planned one
    course : of the fluid with that length
    day : on which the rules are asked
    """
    assert bore.fluid is not None
    planned = field.boreholes.mean_length
    coldest = float(course.fluid(field, "mean").min())
    lowest = float(course.fluid(field, "leaving").min())
    temperatures = [USUAL_TEMPERATURE]
    if bore.fluid.freezing < coldest < USUAL_TEMPERATURE:
        temperatures.append(coldest)
    return SiteHydraulics(
        field.borehole_resistance(planned),
        bore.measured is not None,
        bore.lacking,
        tuple(loop_states(bore, planned, temperatures)),
        bore.branches,
        bore.in_series,
        bore.flow,
        lowest,
        bore.fluid.freezing,
        freezing_warning(bore.fluid, lowest, _wanted_margin(bore.fluid, day)),
    )


def loop_states(bore: SiteBore, length: float, temperatures: Sequence[float]) -> list[LoopState]:
    """The loop of boreholes of a length in m at design flow; empty where something lacks."""
    if bore.section is None or bore.mass_flow is None or bore.fluid is None:
        return []
    return [_state(bore, length, temperature) for temperature in temperatures]


def borehole_loop(bore: SiteBore, length: float, temperature: float) -> LoopHydraulics:
    """Pressure drop of the boreholes of one branch at design flow, without bends and fittings."""
    assert bore.section is not None
    assert bore.mass_flow is not None
    assert bore.fluid is not None
    part, share = BoreholeLoop(bore.section, length), 1.0 / bore.branches
    stages = [Stage(_BOREHOLE.format(number=i + 1), part, share) for i in range(bore.in_series)]
    return loop_hydraulics(stages, bore.mass_flow * bore.branches, bore.fluid.state(temperature))


def _state(bore: SiteBore, length: float, temperature: float) -> LoopState:
    assert bore.section is not None
    assert bore.mass_flow is not None
    assert bore.fluid is not None
    solved = borehole_resistance(bore.section, length, bore.mass_flow, bore.fluid, temperature)
    weakest = int(solved.reynolds.argmin())
    drop = float(borehole_loop(bore, length, temperature).total)
    weight = float(bore.fluid.density(temperature)) * GRAVITY
    header = None if bore.header_head is None else bore.header_head * weight
    pressure = drop + (header or 0.0)
    return LoopState(
        temperature,
        float(solved.reynolds[weakest]),
        int(solved.regime[weakest]),
        float(solved.local),
        float(solved.effective),
        drop,
        header,
        pressure / weight,
        pressure,
    )


def _wanted_margin(fluid: Fluid, day: date) -> float:
    """Least distance from the freezing point, K; plain water has a limit of its own."""
    return 0.0 if fluid.name == "water" else rules.on(day).value(_MARGIN)
