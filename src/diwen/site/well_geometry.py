"""Circulation wells of a site as shapes: screens, gravel, open hole, and where they stand."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import Problem
from diwen.site import circulation_wells as tables
from diwen.site.circulation_zones import Particles
from diwen.site.missing_values import SITE_FILE, WELLS, assumed, missing
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from diwen.sources.aquifer.well import CirculationWell, GravelAnnulus, ScreenPair

_PARTICLES = Text(
    "thermal properties of the particles not given: {conductivity} W/(m·K) and {capacity} "
    "MJ/(m³·K) are assumed",
    "未给出换热颗粒热物性：取 {conductivity} W/(m·K) 与 {capacity} MJ/(m³·K)",
)
_GIVE_PARTICLES = Text("add conductivity and heat_capacity", "请补充 conductivity 与 heat_capacity")
_PORTS = Text(
    "{what} of the standing column well is not given: {depth} m is taken",
    "未给出立柱井的{what}：取 {depth} m",
)
_RETURN, _PUMP = Text("depth of the return", "回水深度"), Text("depth of the pump", "下泵深度")
_GIVE_PORTS = Text("add {key}", "请补充 {key}")
_RISER = Text(
    "diameter of the riser not given: {share} of that of the bore is taken, {diameter} mm",
    "未给出提升管外径：取孔径的 {share} 倍，即 {diameter} mm",
)
_CASED = Text(
    "the casing down to {depth} m is open to the ground in the model; tight layers there keep the "
    "water in",
    "模型未单独考虑 {depth} m 以上的套管，由该段隔水层阻隔水流",
)
_FINE = Text("give the cased layers a low hydraulic conductivity", "套管段地层请给出较小的渗透系数")
_TOO_SHORT = Text("no room between return and pump", "回水口与取水口之间没有空间")
_LOWER = Text(
    "correct return_depth, pump_depth or depth", "请更正 return_depth、pump_depth 或 depth"
)
_NO_PLACE = Text(
    "where the {count} wells stand is not given, and no spacing: neighbours cannot be considered",
    "未给出 {count} 口井的井位与井距：无法考虑相邻井影响",
)
_GIVE_PLACE = Text("add spacing, or x and y of every well", "请补充 spacing，或各井的 x 与 y")
_SQUARE = Text(
    "positions of the {count} wells are not given: a square grid of {spacing} m is taken",
    "未给出 {count} 口井的井位：按井距 {spacing} m 的方形布置",
)
_GIVE_POSITIONS = Text("add x and y of every well", "请补充各井的 x 与 y")


def circulation_geometry(
    given: tables.CirculationWell, source: str, problems: list[Problem]
) -> CirculationWell | None:
    """Screens, seal and gravel of a well; None, with a problem, where something lacks."""
    from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair

    pairs = tuple(
        ScreenPair(
            Screen(stage.return_zone.top, stage.return_zone.bottom),
            Screen(stage.extraction_zone.top, stage.extraction_zone.bottom),
            stage.share,
        )
        for stage in given.stages
    )
    annulus = None
    if given.particles is not None:
        annulus = _gravel(given, given.particles, source, problems)
        if annulus is None:
            return None
    return CirculationWell.of(
        given.bore_diameter / 2.0, pairs, depth=given.depth, annulus=annulus, bypass=given.bypass
    )


def _gravel(
    given: tables.CirculationWell, particles: Particles, source: str, problems: list[Problem]
) -> GravelAnnulus | None:
    from diwen.sources.aquifer.well import GravelAnnulus

    where = f"sources.{source}"
    if given.casing_diameter is None:
        problems.append(missing(f"{where}.casing_diameter", "casing_diameter", WELLS))
        return None
    conductivity, capacity = particles.conductivity, particles.heat_capacity
    usual = usual_value("default.gravel_thermal_conductivity")
    usual_capacity = usual_value("default.gravel_heat_capacity")
    if conductivity is None or capacity is None:
        message = _PARTICLES.format(conductivity=f"{usual:g}", capacity=f"{usual_capacity:g}")
        problems.append(assumed(f"{where}.particles", message, _GIVE_PARTICLES))
    return GravelAnnulus(
        given.casing_diameter / 2.0, particles.hydraulic_conductivity, particles.porosity,
        usual if conductivity is None else conductivity,
        1e6 * usual_capacity if capacity is None else capacity,
    )  # fmt: skip


def standing_column_geometry(
    given: tables.StandingColumnWell, source: str, problems: list[Problem]
) -> CirculationWell | None:
    """An open hole whose water is taken at the pump and returned elsewhere in the same hole.

    None, with a problem, where return and pump coincide.
    """
    from diwen.sources.circulation_well.standing_column import standing_column_well

    where = f"sources.{source}"
    pair = _ports(given, where, problems)
    if pair is None:
        return None
    riser = given.riser_diameter
    if riser is None:
        share = usual_value("default.riser_bore_ratio")
        riser = share * given.bore_diameter
        message = _RISER.format(share=f"{share:g}", diameter=f"{riser * 1e3:.0f}")
        cure = _GIVE_PORTS.format(key="riser_diameter")
        problems.append(assumed(f"{where}.riser_diameter", message, cure))
    if given.casing_depth:
        message = _CASED.format(depth=f"{given.casing_depth:g}")
        problems.append(assumed(f"{where}.casing_depth", message, _FINE))
    return standing_column_well(
        given.bore_diameter / 2.0, given.depth, pair.injection, pair.extraction,
        riser_radius=riser / 2.0, flow=given.flow or 0.0, bleed=given.bleed,
    )  # fmt: skip


def _ports(
    given: tables.StandingColumnWell, where: str, problems: list[Problem]
) -> ScreenPair | None:
    """The short lengths of the hole at which water is returned and taken."""
    from diwen.sources.aquifer.well import Screen, ScreenPair

    port = usual_value("default.standing_column_port")
    highest = max(given.casing_depth or 0.0, given.static_level or 0.0, 0.0)
    lowest = given.depth - port
    back, pump = given.return_depth, given.pump_depth
    if back is None:
        upper = pump is None or pump > 0.5 * (highest + given.depth)
        back = highest + port if upper else lowest
        _say_port("return_depth", _RETURN, back, where, problems)
    if pump is None:
        pump = lowest if back < 0.5 * (highest + given.depth) else highest + port
        _say_port("pump_depth", _PUMP, pump, where, problems)
    injection, extraction = (
        min(max(depth - 0.5 * port, 0.0), given.depth - port) for depth in (back, pump)
    )
    if abs(injection - extraction) < tables.LEAST_COLUMN:
        shown = f"{back:g} / {pump:g} m"
        problems.append(Problem(SITE_FILE, f"{where}.return_depth", _TOO_SHORT, _LOWER, shown))
        return None
    return ScreenPair(Screen(injection, injection + port), Screen(extraction, extraction + port))


def _say_port(key: str, what: Text, depth: float, where: str, problems: list[Problem]) -> None:
    message = _PORTS.format(what=what, depth=f"{depth:g}")
    problems.append(assumed(f"{where}.{key}", message, _GIVE_PORTS.format(key=key)))


def well_count(given: tables.CirculationWell | tables.StandingColumnWell) -> int:
    """Number of equal wells: said, else as many as have a table of their own, else one."""
    return given.count or len(given.wells) or 1


def well_positions(
    given: tables.CirculationWell | tables.StandingColumnWell, source: str, problems: list[Problem]
) -> NDArray[np.float64] | None:
    """Where the wells stand, m, shape (n, 2); None, with a note, where it cannot be told.

    Wells without positions, but with a spacing, are set on a square grid, row by row.
    """
    import numpy as np

    count = well_count(given)
    if count == 1:
        only = next(iter(given.wells.values()), None)
        placed = only is not None and only.x is not None and only.y is not None
        return np.array([[only.x, only.y] if only is not None and placed else [0.0, 0.0]], float)
    places = [(well.x, well.y) for well in given.wells.values()]
    if len(places) == count and all(x is not None and y is not None for x, y in places):
        return np.array(places, float)
    where = f"sources.{source}.wells"
    if given.spacing is None:
        problems.append(assumed(where, _NO_PLACE.format(count=count), _GIVE_PLACE))
        return None
    message = _SQUARE.format(count=count, spacing=f"{given.spacing:g}")
    problems.append(assumed(where, message, _GIVE_POSITIONS))
    columns = math.ceil(math.sqrt(count))
    number = np.arange(count)
    return given.spacing * np.column_stack([number % columns, number // columns]).astype(float)


def cell_radius(given: tables.CirculationWell | tables.StandingColumnWell) -> float | None:
    """Radius of the ground that one well of a regular field owns, m; None where none is given.

    A square of the spacing as a circle of the same area: ``R = spacing / sqrt(pi)``.
    """
    if given.spacing is None or well_count(given) == 1:
        return None
    return given.spacing / math.sqrt(math.pi)
