"""Wells that could be drilled in a given ground: depth, screens, seal, flow, spacing.

The shapes are those of the planned well with its zones moved inside the aquifers that it uses: the
seal a share of the height between the ends of the screens, the rest halved between the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from diwen.design.well_design import WellDesign, aquifers_of
from diwen.site.usual_values import usual_value
from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair
from diwen.sources.well_field.no_flow_cell import cell_radius

# What is tried: shares of the height, of the aquifer, of the planned flow and spacing.
_SEALS = (0.08, 0.16, 0.25, 0.35, 0.45, 0.6)
_DEPTHS = (0.5, 0.75, 1.0)
_FLOWS = (0.5, 0.75, 1.0, 1.25, 1.5)
_SPACINGS = (0.75, 1.0, 1.4, 2.0)
_HOLES = (0.5, 0.7, 0.85, 1.0)
# Left between a screen and the roof or floor of its aquifer, share of its thickness, m at most.
_CLEAR_SHARE, _CLEAR = 0.03, 2.0
_LEAST_SCREEN, _LEAST_SEAL = 2.0, 1.0
# Where wells stand alone and none says how far apart: m.
_WIDE = (30.0, 50.0, 80.0)
_PUMP_BELOW_TOP = "default.pump_below_screen_top"  # row, m


@dataclass(frozen=True)
class SearchSpace:
    """What is combined with what.

    Attributes
    ----------
    shapes : wells, the planned one first
    flows : of one well, m³/s
    spacings : m; None: one well alone
    land : that the planned wells have, spacing squared for each, m²; None where not known
    """

    shapes: tuple[CirculationWell, ...]
    flows: tuple[float, ...]
    spacings: tuple[float | None, ...]
    land: float | None

    @property
    def size(self) -> int:
        """Combinations of shape, flow and spacing."""
        return len(self.shapes) * len(self.flows) * len(self.spacings)


def search_space(planned: WellDesign) -> SearchSpace:
    """What is tried around a planned well."""
    shapes = [planned.well]
    made = _holes(planned) if planned.standing_column else _shapes(planned)
    shapes += [shape for shape in made if not _alike(shape, planned.well)]
    apart = planned.spacing
    spacings: tuple[float | None, ...] = (None, *_WIDE)
    if apart is not None:
        spacings = (*(share * apart for share in _SPACINGS), None)
    land = None if apart is None or planned.count == 1 else planned.count * apart**2
    flows = tuple(share * planned.flow for share in _FLOWS)
    return SearchSpace(tuple(shapes), flows, spacings, land)


def candidate_design(
    planned: WellDesign, well: CirculationWell, flow: float, count: int, spacing: float | None
) -> WellDesign:
    """The planned design with another well; what was tested at the planned one holds no more.

    Parameters
    ----------
    planned : as in the site
    well : another shape
    flow : of one well, m³/s
    count : wells
    spacing : m; None: alone
    """
    same = well is planned.well
    return replace(
        planned, well=well, flow=flow, count=count, spacing=spacing,
        cell_radius=None if spacing is None else cell_radius(spacing),
        pump_depth=pump_depth(planned, well),
        well_loss=planned.well_loss * (flow / planned.flow) ** 2,
        specific_capacity=planned.specific_capacity if same else None,
        specific_injectivity=planned.specific_injectivity if same else None,
    )  # fmt: skip


def pump_depth(planned: WellDesign, well: CirculationWell) -> float | None:
    """Where the pump hangs: as planned where that is in the extraction zone, else inside it, m."""
    depth = planned.pump_depth
    if depth is None or well is planned.well:
        return depth
    if planned.standing_column or len(well.pairs) > 1:
        return min(depth, well.depth)
    pair = well.pairs[0]
    if pair.extraction.top < pair.injection.top:
        return min(depth, pair.seal.top)
    low = pair.extraction.top + min(usual_value(_PUMP_BELOW_TOP), 0.5 * pair.extraction.length)
    return min(max(depth, low), pair.extraction.bottom)


def _shapes(planned: WellDesign) -> Iterator[CirculationWell]:
    zones = aquifers_of(planned.column)
    homes = [_home(pair, zones) for pair in planned.well.pairs]
    if None in homes or len(set(homes)) < len(homes):
        homes = homes[:1]
    shares = _DEPTHS if len(homes) == 1 else (1.0,)
    for depth_share in shares:
        for seal_share in _SEALS:
            pairs = []
            for planned_pair, home in zip(planned.well.pairs, homes, strict=False):
                pair = None if home is None else _pair(planned_pair, home, depth_share, seal_share)
                if pair is not None:
                    pairs.append(pair)
            if len(pairs) == len(homes):
                if len(homes) < len(planned.well.pairs):
                    pairs = [replace(pairs[0], share=1.0)]
                depth = max(max(p.injection.bottom, p.extraction.bottom) for p in pairs)
                below = planned.well.depth - max(
                    max(p.injection.bottom, p.extraction.bottom) for p in planned.well.pairs
                )
                yield replace(planned.well, pairs=tuple(pairs), depth=depth + below)


def _home(pair: ScreenPair, zones: list[tuple[float, float]]) -> tuple[float, float] | None:
    """The aquifer in which the extraction screen stands."""
    for top, bottom in zones:
        if top - 1e-9 <= pair.extraction.centre <= bottom + 1e-9:
            return top, bottom
    return None


def _pair(
    planned: ScreenPair, home: tuple[float, float], depth_share: float, seal_share: float
) -> ScreenPair | None:
    """Two screens of one length in a share of an aquifer; None where they would be too short."""
    roof, floor = home
    clear = min(_CLEAR, _CLEAR_SHARE * (floor - roof))
    first = min(planned.injection.top, planned.extraction.top)
    top = first if roof + clear <= first <= roof + 0.25 * (floor - roof) else roof + clear
    bottom = top + depth_share * (floor - clear - top)
    seal = seal_share * (bottom - top)
    length = 0.5 * (bottom - top - seal)
    if length < _LEAST_SCREEN or seal < _LEAST_SEAL:
        return None
    upper, lower = (
        Screen(top, _round(top + length)),
        Screen(_round(bottom - length), _round(bottom)),
    )
    if planned.injection.top < planned.extraction.top:
        return ScreenPair(upper, lower, planned.share)
    return ScreenPair(lower, upper, planned.share)


def _holes(planned: WellDesign) -> Iterator[CirculationWell]:
    """Open holes of other depths; the upper port stays, the lower one goes with the bottom."""
    pair = planned.well.pairs[0]
    upper = min(pair.injection, pair.extraction, key=lambda port: port.top)
    lower = max(pair.injection, pair.extraction, key=lambda port: port.top)
    deepest = float(planned.column.edges[-1])
    for depth in [
        *(share * deepest for share in _HOLES),
        *(s * planned.well.depth for s in _HOLES),
    ]:
        end = _round(depth)
        if end - lower.length < upper.bottom + _LEAST_SEAL or end > deepest:
            continue
        moved = Screen(end - lower.length, end)
        ports = (upper, moved) if pair.injection is upper else (moved, upper)
        yield replace(planned.well, pairs=(ScreenPair(*ports),), depth=end)


def _alike(one: CirculationWell, other: CirculationWell) -> bool:
    return one.pairs == other.pairs and one.depth == other.depth


def _round(depth: float) -> float:
    """To half a metre: finer nobody builds."""
    return round(2.0 * depth) / 2.0
