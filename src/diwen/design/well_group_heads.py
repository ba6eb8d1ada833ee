"""Heads of groundwater wells that return what they take: steady, all wells superposed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from diwen.design.well_group_design import AbstractionDesign, GroupWell
from diwen.design.well_point import WellPoint
from diwen.language import Text
from diwen.sources.aquifer.well_spacing import distances

Floats = NDArray[np.float64]

_STEADY = Text("steady superposition of all wells, open over the aquifer",
               "各井稳定流叠加，按完整井")  # fmt: skip
_TESTED = Text("flow per head of the well test, other wells not added",
               "试验单位涌（回）水量，未叠加其他井影响")  # fmt: skip
_COLD = Text("{one}; {share} % more for the colder water", "{one}；水温降低使水头增加 {share} %")


def group_points(design: AbstractionDesign, viscosity: float = 1.0) -> dict[str, WellPoint]:
    """Every well with its head at design flow; empty where no steady level can be told.

    The rise at well i is ``sum_j q_j/(2 π T) ln(1/r_ij)``, with its own radius for r_ii: all
    pumped water goes back, so that the level far away does not enter. Wells that exchange their
    roles are told in both.

    Parameters
    ----------
    design : wells with positions, all water reinjected
    viscosity : of the returned water against that of the ground; the whole steady rise at a well
        that injects is taken as in returned water, the careful side
    """
    if not design.closed or not design.placed:
        return {}
    found = _points(design, design.rates, viscosity, "")
    if design.exchanges:
        found |= _points(design, -design.rates, viscosity, "*")
    return found


def _points(
    design: AbstractionDesign, rates: Floats, viscosity: float, mark: str
) -> dict[str, WellPoint]:
    others = _interference(design, rates)
    return {
        f"{well.name}{mark}": _point(design, well, float(rate), float(other), viscosity)
        for well, rate, other in zip(design.wells, rates, others, strict=True)
    }


def _interference(design: AbstractionDesign, rates: Floats) -> Floats:
    """Rise at each well by all others, and by the own one without its logarithm of the radius."""
    apart = distances(design.positions)
    np.fill_diagonal(apart, 1.0)
    return -np.log(apart) @ rates / (2.0 * math.pi * design.aquifer.transmissivity)


def _point(
    design: AbstractionDesign, well: GroupWell, rate: float, other: float, viscosity: float
) -> WellPoint:
    from diwen.sources.aquifer.well_loss import skin_head

    aquifer, injects, flow = design.aquifer, rate > 0.0, abs(rate)
    length = design.screen_length(well)
    sign = 1.0 if injects else -1.0
    thick = viscosity if injects else 1.0
    tested = well.specific_injectivity if injects else well.specific_capacity
    model, loss = _STEADY, well.well_loss
    own = -flow * math.log(well.radius) / (2.0 * math.pi * aquifer.transmissivity)
    # Only the sum has a meaning: each part alone depends on the unit of length in its logarithm.
    steady = own + sign * other
    linear = steady * thick if steady > 0.0 else steady
    linear += float(skin_head(flow, aquifer.radial_conductivity, length, well.skin))
    if tested is not None:
        # How far the test reached is not known, so that the others cannot be set against it.
        linear, model, loss = flow / tested, _TESTED, 0.0
    elif thick > 1.005:
        model = _COLD.format(one=_STEADY, share=f"{100.0 * (thick - 1.0):.0f}")
    screens = design.screens_of(well)
    return WellPoint(
        flow, linear + loss, linear, model, well.static_level,
        min(screen.top for screen in screens), length, aquifer.thickness, well.radius,
        max(screen.bottom for screen in screens), aquifer.radial_conductivity, aquifer.porosity,
        design.largest_wellhead_pressure, well.pump_depth, well.pump_submergence,
        tested is not None,
    )  # fmt: skip
