"""Heads of a circulation well at its design flow, and where its water goes.

Two models give the same numbers where both apply (tested): the closed form of a confined dipole
(one even aquifer per pair of screens, tight roof and floor, no gravel, no bleed), and the flow on
rings around the well for everything else. What a test of the well itself found (flow per head)
counts before both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from diwen.design.well_design import WellDesign, aquifers_of, overlap
from diwen.language import Text
from diwen.sources.aquifer.column import Aquifer
from diwen.sources.aquifer.well import ScreenPair

if TYPE_CHECKING:
    from diwen.sources.circulation_well.flow_field import FlowField

_CLOSED_FORM = Text("confined dipole, closed form", "承压偶极解析解")
_RINGS = Text("flow on rings around the well", "井周轴对称渗流数值解")
_NEIGHBOURS = Text("with equal neighbours", "含相邻同型井影响")
_TESTED = Text("flow per head of the well test", "试验单位涌（回）水量")
_AND = Text("{one}; {other}", "{one}；{other}")
_COLD = Text("{share} % more for the colder water", "水温降低使水头增加 {share} %")


@dataclass(frozen=True, eq=False)
class WellHeads:
    """Heads at the design flow.

    Attributes
    ----------
    injection : rise of the water in the return screen, the largest of all pairs, m
    extraction : drawdown in the extraction screen, positive downwards, the largest, m
    linear_injection, linear_extraction : their parts that grow with the flow, without the well
        loss, m
    seal_gradient : in the ground along the seal, the largest; infinite without a seal
    closed_share : of the water given to the ground, what does not leave by the far boundary
    gravel_share : of the water returned, what runs down the gravel along the seal
    exchange_share : of the water pumped, what comes out of the ground
    injection_model, extraction_model : how the two heads were found
    field : flow around the well; None where the closed form was taken
    """

    injection: float
    extraction: float
    linear_injection: float
    linear_extraction: float
    seal_gradient: float
    closed_share: float
    gravel_share: float
    exchange_share: float
    injection_model: Text
    extraction_model: Text
    field: FlowField | None = None


def heads_of(design: WellDesign, *, quick: bool = False) -> WellHeads:
    """Heads of a design.

    Parameters
    ----------
    design : the well
    quick : take the closed form where it holds, a tenth of the time; else always the rings

    Notes
    -----
    Colder water is more viscous: the rise at the return screen is that of water at the temperature
    of the return at design, as if it filled the ground near the screen.

    Raises
    ------
    diwen.problems.InputError : screens outside the ground described
    """
    unit = _closed_form(design) if quick else None
    unit = unit or _on_rings(design)
    viscosity = design.duty.viscosity_ratio
    injection, extraction, model = unit.injection, unit.extraction, unit.model
    rises = np.array(injection) * design.flow * viscosity + _skin(design, injection=True)
    falls = np.array(extraction) * design.flow + _skin(design, injection=False)
    gradient = max(
        (rise + fall) / pair.seal.length if pair.seal.length > 0.0 else np.inf
        for rise, fall, pair in zip(
            np.array(injection) * design.flow * viscosity, np.array(extraction) * design.flow,
            design.well.pairs, strict=True,
        )
    )  # fmt: skip
    rise, fall = float(rises.max()), float(falls.max())
    loss_in = loss_out = design.well_loss
    rise_model = fall_model = model
    if viscosity > 1.005:
        share = f"{100.0 * (viscosity - 1.0):.0f}"
        rise_model = _AND.format(one=model, other=_COLD.format(share=share))
    if design.specific_injectivity is not None:
        rise, loss_in, rise_model = design.flow / design.specific_injectivity, 0.0, _TESTED
    if design.specific_capacity is not None:
        fall, loss_out, fall_model = design.flow / design.specific_capacity, 0.0, _TESTED
    return WellHeads(
        rise + loss_in, fall + loss_out, rise, fall, float(gradient), unit.closed_share,
        unit.gravel_share, unit.exchange_share, rise_model, fall_model, unit.field,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _UnitHeads:
    """Heads for 1 m³/s, s/m², one of each pair, and shares."""

    injection: tuple[float, ...]
    extraction: tuple[float, ...]
    closed_share: float
    gravel_share: float
    exchange_share: float
    model: Text
    field: FlowField | None = None


def _on_rings(design: WellDesign) -> _UnitHeads:
    from diwen.sources.circulation_well.flow_field import flow_field

    field = flow_field(design.column, design.well)
    injected = float(field.injected.sum())
    lost = field.outflow / injected if injected > 0.0 else 0.0
    rise, fall, model = field.injection_head, field.extraction_head, _RINGS
    if among_neighbours(design):
        rise, fall = _with_neighbours(design, rise, fall)
        model = _AND.format(one=_RINGS, other=_NEIGHBOURS)
    return _UnitHeads(
        tuple(rise.tolist()), tuple(fall.tolist()), 1.0 - lost, field.gravel_share,
        field.exchange_share * injected, model, field,
    )  # fmt: skip


def among_neighbours(design: WellDesign) -> bool:
    """Whether the heads of equal neighbours all around can be told by a closed cell."""
    return design.count > 1 and design.cell_radius is not None and design.well.bleed == 0.0


def _with_neighbours(
    design: WellDesign, rise: np.ndarray, fall: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Heads in a cell that no water crosses, where they are larger, s/m², shape (np,) each.

    Equal wells all around raise the same zone: no water passes half way between them.
    """
    from diwen.sources.circulation_well.flow_field import flow_field
    from diwen.sources.circulation_well.grid import well_grid

    grid = well_grid(design.column, design.well, outer_radius=design.cell_radius)
    cell = flow_field(design.column, design.well, grid, outer="closed")
    return np.maximum(rise, cell.injection_head), np.maximum(fall, cell.extraction_head)


def _closed_form(design: WellDesign) -> _UnitHeads | None:
    """None where it does not hold."""
    from diwen.sources.aquifer.dipole_heads import DipoleHeads

    well = design.well
    if well.annulus is not None or well.bleed > 0.0:
        return None
    aquifers = [even_aquifer(design, pair) for pair in well.pairs]
    if None in aquifers or len(set(aquifers)) < len(aquifers):
        return None
    through = 1.0 - well.bypass
    injection, extraction = [], []
    for aquifer, pair in zip(aquifers, well.pairs, strict=True):
        assert aquifer is not None
        heads = DipoleHeads.of(aquifer, pair, well.radius).screen_means(pair.share * through)
        injection.append(heads.injection)
        extraction.append(-heads.extraction)
    return _UnitHeads(tuple(injection), tuple(extraction), 1.0, 0.0, through, _CLOSED_FORM)


def even_aquifer(design: WellDesign, pair: ScreenPair) -> Aquifer | None:
    """The aquifer of a pair of screens, if it is one, even and closed above and below."""
    column = design.column
    ends = [(s.top, s.bottom) for s in (pair.injection, pair.extraction)]
    for top, bottom in aquifers_of(column):
        if not all(top - 1e-9 <= a and b <= bottom + 1e-9 for a, b in ends):
            continue
        inside = overlap(column, top, bottom) > 0.0
        radial, vertical = column.radial_conductivity[inside], column.vertical_conductivity[inside]
        if np.ptp(radial) > 1e-9 * radial[0] or np.ptp(vertical) > 1e-9 * vertical[0]:
            return None
        return Aquifer(top, bottom, float(radial[0]), float(vertical[0]))
    return None


def _skin(design: WellDesign, *, injection: bool) -> np.ndarray:
    """Head lost in the damaged wall beside each screen, m, shape (np,)."""
    from diwen.sources.aquifer.well_loss import skin_head

    start = 0 if injection else 1
    screens, flows = design.screens[start::2], design.screen_flows[start::2]
    return np.array([
        float(skin_head(flow, design.conductivity_along(screen), screen.length, design.skin))
        for screen, flow in zip(screens, flows, strict=True)
    ])  # fmt: skip
