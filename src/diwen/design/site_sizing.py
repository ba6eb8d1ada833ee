"""Sizing of a site's bore field: the length that is needed against the one that is planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.design.bore_field import TemperatureLimits
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.calendar_months import HOUR
from diwen.design.field_response import FieldResponse
from diwen.design.fluid_course import Course
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.heat_balance import HeatBalance, heat_balance
from diwen.design.length_uncertainty import INPUTS, LengthUncertainty, length_uncertainty
from diwen.design.of_site import SizingInput, sizing_input
from diwen.design.site_hydraulics import SiteHydraulics, hydraulics_of_site
from diwen.design.site_standard_method import StandardMethod, asks_for_it, standard_method
from diwen.design.sizing import LimitLength, Method, Sizing, make_model, size, yearly_extremes
from diwen.language import Text
from diwen.problems import Problem
from diwen.site import Site

Floats = NDArray[np.float64]
Say = Callable[[Text], None]

_FIXED = Text(
    "three pulses cannot follow the efficiency: it is taken at the undisturbed temperature",
    "三脉冲法不考虑能效随温度的变化：按初始地温取值",
)
_OTHER = Text("choose another method to have it followed", "如需考虑请选用其他方法")
_SIZING = Text("sizing ({method}) …", "正在计算孔深（{method}）……")
_PLANNED = Text("the planned field …", "正在校核规划孔群……")
_AT_REST = Text("without groundwater …", "正在计算无渗流情况……")
_DRAWS = Text("uncertainty, {count} draws …", "正在计算不确定度（抽样 {count} 次）……")
SAMPLES = 300


@dataclass(frozen=True, eq=False)
class SiteSizing:
    """What sizing says of a site's field.

    Attributes
    ----------
    given : the input that the site file gave
    method : of the sizing
    sizing : length and why
    planned : mean length in the site file, m
    minimum, maximum : lowest and highest fluid temperature of each year with the planned length,
        where the limits hold, °C, shape (years,)
    wall : yearly mean wall temperature with the planned length, °C, shape (years,)
    suffices : whether the planned length keeps the limits in every year
    balance : of the ground, with the planned length
    uncertainty : of the length, by months; None where the site file gives no uncertainty
    hydraulics : resistances, flow, freezing margin and pump head with the planned length
    without_groundwater : the sizing with the ground at rest, where groundwater was counted; None:
        there is none, or it was left out
    standard : the length by appendix B of GB 50366; None where it was not asked for
    """

    given: SizingInput
    method: Method
    sizing: Sizing
    planned: float
    minimum: Floats
    maximum: Floats
    wall: Floats
    suffices: bool
    balance: HeatBalance
    uncertainty: LengthUncertainty | None
    hydraulics: SiteHydraulics
    without_groundwater: Sizing | None = None
    standard: StandardMethod | None = None

    @property
    def relative_uncertainty(self) -> float | None:
        """Standard uncertainty (k = 1) of the length, share of it."""
        if self.uncertainty is None or not self.uncertainty.sizing.length:
            return None
        return self.uncertainty.standard / self.uncertainty.sizing.length

    @property
    def sufficiency(self) -> float | None:
        """Probability that the planned length suffices; None where nothing was drawn."""
        if self.uncertainty is None or not self.uncertainty.sizing.length or not self.sizing.length:
            return None
        if not self.uncertainty.lengths.size:
            return None
        by_months = self.uncertainty.sizing.length / self.sizing.length
        return self.uncertainty.sufficiency(self.planned * by_months)

    @property
    def shortfall(self) -> float | None:
        """Share of the needed length that the planned one lacks; negative: it has to spare."""
        needed = self.sizing.length
        return None if needed is None else 1.0 - self.planned / needed

    def as_dict(self) -> dict[str, Any]:
        """Plain data for ``--json``: lengths m, temperatures °C, energies J."""
        sized, known = self.sizing, self.uncertainty
        return {
            "source": self.given.source,
            "method": self.method,
            "years": self.given.years,
            "boreholes": self.given.field.count,
            "length": sized.length,
            "total_length": sized.total_length,
            "governing": sized.governing,
            "limits": {part.limit: _limit(part) for part in (sized.heating, sized.cooling) if part},
            "limit_sources": [_both(text) for text in self.given.limit_sources],
            "planned": {
                "length": self.planned,
                "suffices": self.suffices,
                "shortfall": self.shortfall,
                "minimum": self.minimum.tolist(),
                "maximum": self.maximum.tolist(),
                "wall_mean": self.wall.tolist(),
            },
            "sized": {"minimum": sized.minimum.tolist(), "maximum": sized.maximum.tolist()},
            "balance": {
                "extraction": self.balance.extraction,
                "injection": self.balance.injection,
                "ratio": self.balance.ratio,
                "imbalance": self.balance.imbalance,
            },
            "uncertainty": None
            if known is None
            else {
                "relative_standard": self.relative_uncertainty,
                "shares": known.shares,
                "planned_suffices_probability": self.sufficiency,
                "unsolvable": known.unsolvable,
                "without": list(self.given.spread_missing),
            },
            "groundwater": self._groundwater(),
            "hydraulics": self.hydraulics.as_dict(),
            "standard_method": None if self.standard is None else self.standard.as_dict(),
            "g_error": sized.g_error,
            "evaluations": sized.evaluations,
            "g_functions": sized.g_functions,
            "warnings": [_both(text) for text in sized.warnings],
            "notes": [note.as_dict() for note in self.given.notes],
        }

    def _groundwater(self) -> dict[str, Any] | None:
        """The aquifers that flow and what they change; None where nothing is known to flow."""
        water, rest = self.given.groundwater, self.without_groundwater
        if water is None:
            return None
        names = ("top", "bottom", "darcy_velocity", "transport_velocity")
        columns = [getattr(water, name) for name in names]
        return {
            "counted": rest is not None,
            "length_without": rest and rest.length,
            "aquifers": [
                {"name": name, **dict(zip(names, row, strict=True))}
                for name, *row in zip(water.names, *columns, strict=True)
            ],
        }


def size_site(
    site: Site,
    source: str = "",
    *,
    method: Method = "hourly",
    years: int | None = None,
    samples: int = SAMPLES,
    groundwater: bool = True,
    standard: bool = False,
    day: date | None = None,
    say: Say | None = None,
) -> SiteSizing:
    """Size a bore field of a site and check the planned one.

    Parameters
    ----------
    site : the site
    source : id of the field, where there are several
    method : hourly, monthly or pulses
    years : of operation; the planned life if not given
    samples : Monte-Carlo draws of the uncertainty
    groundwater : whether the flow in the site's aquifers counts
    standard : show appendix B of GB 50366 even outside China
    day : on which the rules are asked; today if not given
    say : told what is being done

    Raises
    ------
    diwen.problems.InputError : with everything that is missing in the site file
    """
    say = say or (lambda text: None)
    day = day or date.today()
    given = sizing_input(site, source, day=day)
    building = given
    if years is not None:
        given = replace(given, years=years)
    if method == "pulses":
        given = _fixed_efficiency(given)
    response = given.response(groundwater=groundwater)
    say(_SIZING.format(method=method))
    sizing = _sized(given, method, response)
    at_rest = None
    if groundwater and given.groundwater is not None:
        say(_AT_REST)
        at_rest = _sized(given, method, given.response(groundwater=False))
    say(_PLANNED)
    planned = given.field.boreholes.mean_length
    model = make_model(
        given.field, given.load, given.years, method, 6 * HOUR, given.efficiency, response
    )
    course = model.at(planned)
    low, high = yearly_extremes(course, given.field, given.limits)
    known = None
    if sizing.solved and len(given.spread_missing) < len(INPUTS):
        say(_DRAWS.format(count=samples))
        known = length_uncertainty(
            given.field, given.load, given.limits, given.years, given.spread,
            method="pulses" if method == "pulses" else "monthly",
            efficiency=given.efficiency, samples=samples, response=response,
        )  # fmt: skip
    means = slice(12) if course.wall.shape[1] == 36 else slice(None)
    wall = course.wall_temperature()[:, means].mean(axis=1)
    return SiteSizing(
        given, method, sizing, planned, low, high, wall,
        _keeps(low, high, given.limits), _balance(given, course), known,
        hydraulics_of_site(given.bore, given.field, course, day), at_rest,
        standard_method(site, building, day) if standard or asks_for_it(site, day) else None,
    )  # fmt: skip


def _sized(given: SizingInput, method: Method, response: FieldResponse) -> Sizing:
    return size(
        given.field, given.load, given.limits, given.years,
        method=method, efficiency=given.efficiency, response=response,
    )  # fmt: skip


def _fixed_efficiency(given: SizingInput) -> SizingInput:
    """The load of the ground at the efficiency of the undisturbed temperature."""
    if isinstance(given.load, HourlyGroundLoad) or given.efficiency is None:
        return given
    start = given.field.temperature(given.field.boreholes.mean_length)
    notes = given.notes
    if not given.efficiency.is_constant:
        note = Problem("diwen size", "--method", _FIXED, _OTHER, "pulses", severity="warning")
        notes = (*notes, note)
    ground = given.load.ground(given.efficiency, start)
    return replace(given, load=ground, efficiency=None, notes=notes)


def _balance(given: SizingInput, course: Course) -> HeatBalance:
    """Heat out of and into the ground in the mean year."""
    if course.power.shape[1] > 36:
        return heat_balance(HourlyGroundLoad.of(np.array(course.power).ravel()))
    load = given.load
    if isinstance(load, HourlyBuildingLoad):
        assert given.efficiency is not None
        load = load.ground(given.efficiency, float(course.fluid(given.field, "entering").mean()))
    return heat_balance(load)


def _keeps(low: Floats, high: Floats, limits: TemperatureLimits) -> bool:
    """Whether the limits hold, to a hundredth of a kelvin."""
    cold = limits.minimum is not None and low.min() < limits.minimum - 0.01
    hot = limits.maximum is not None and high.max() > limits.maximum + 0.01
    return not cold and not hot


def _limit(part: LimitLength) -> dict[str, Any]:
    moment = part.moment
    return {
        "temperature": part.temperature,
        "place": part.place,
        "length": part.length,
        "year": moment and moment.year,
        "month": moment and moment.month,
        "hour": moment and moment.hour,
        "reason": part.reason and _both(part.reason),
    }


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
