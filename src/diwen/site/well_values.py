"""What wells of every kind say of themselves, with units and ranges, and what cannot be."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Protocol

from diwen.language import Text
from diwen.site.depths import DEEPEST
from diwen.site.fields import Finding, Meaning, Measure

PositionX = Annotated[float | None, Measure("length", "position x", "x 坐标", -1e5, 1e5)]
PositionY = Annotated[float | None, Measure("length", "position y", "y 坐标", -1e5, 1e5)]
OpenArea = Annotated[
    float | None, Measure("ratio", "open area of the screen", "滤水管开孔率", 0, 0.8, True)
]
PumpDepth = Annotated[float | None, Measure("length", "depth of the pump", "下泵深度", 0, DEEPEST)]
PumpSubmergence = Annotated[
    float | None,
    Measure("length", "water needed above the pump", "水泵所需最小淹没深度", 0, 100),
]
Skin = Annotated[
    float | None,
    Measure("ratio", "skin of the wall, 0: undamaged", "井壁表皮系数，0 为未损害", -5, 100),
]
SpecificCapacity = Annotated[
    float | None,
    Measure("transmissivity", "flow per drawdown found in the pumping test (m3/h per m = m2/h)",
            "抽水试验单位涌水量（m3/h 每米，即 m2/h）", 0, 1e5, True),
]  # fmt: skip
SpecificInjectivity = Annotated[
    float | None,
    Measure("transmissivity", "flow per head found in the injection test (m3/h per m = m2/h)",
            "回灌试验单位回灌量（m3/h 每米，即 m2/h）", 0, 1e5, True),
]  # fmt: skip
ExchangerName = Annotated[
    str, Meaning("id of the exchanger between well water and plant", "井水与机组之间换热器标识")
]

_PUMP_BELOW = Text(
    "the pump hangs below the well bottom at {depth} m", "水泵低于井底（井深 {depth} m）"
)
_HIGHER = Text("hang the pump above the well bottom", "请将水泵置于井底以上")
_PUMP_DRY = Text("the pump hangs above the static water level", "水泵高于静水位")
_LOWER = Text("hang the pump lower", "请加大下泵深度")
_SAME_PLACE = Text("the well stands where {other} stands", "该井与 {other} 位置重合")
_TOO_NEAR = Text(
    "the bores of the well and of {other} cut each other: {distance} m from axis to axis",
    "该井与 {other} 的钻孔相交：中心距 {distance} m",
)
_AT_LEAST = Text("at least {least} m", "不小于 {least} m")
_PLACE_CURE = Text("correct x and y", "请更正 x 与 y")
_HALF_PLACE = Text("one of x and y is missing", "x 与 y 只给出一个")
_BOTH = Text("give both", "请两者都给出")
_CROSSED = Text(
    "the lowest return temperature lies above the highest one", "最低回水温度高于最高回水温度"
)
_UNCROSS = Text("correct minimum_return_temperature or maximum_return_temperature",
                "请更正 minimum_return_temperature 或 maximum_return_temperature")  # fmt: skip


class Placed(Protocol):
    """A well with a position."""

    @property
    def x(self) -> float | None:
        """m; None where not given."""

    @property
    def y(self) -> float | None:
        """m; None where not given."""


def pump_findings(
    pump_depth: float | None, well_depth: float, static_level: float | None
) -> Iterator[Finding]:
    """A pump below its well or above the water at rest; depths in m, None where not given."""
    if pump_depth is None:
        return
    shown = f"{pump_depth:g} m"
    if pump_depth > well_depth:
        message = _PUMP_BELOW.format(depth=f"{well_depth:g}")
        yield Finding("pump_depth", message, _HIGHER, shown)
    elif static_level is not None and pump_depth <= static_level:
        yield Finding("pump_depth", _PUMP_DRY, _LOWER, shown)


def same_place_findings(
    wells: Mapping[str, Placed], diameters: Mapping[str, float]
) -> Iterator[Finding]:
    """Wells of one source, by id, that stand on the same spot or whose bores cut each other.

    Parameters
    ----------
    wells : by id
    diameters : of the bores, m, by id; wells without one count as lines
    """
    placed = sorted(
        (well.x, well.y, name)
        for name, well in wells.items()
        if well.x is not None and well.y is not None
    )
    order = {name: number for number, name in enumerate(wells)}
    widest = max(diameters.values(), default=0.0)
    told: set[str] = set()
    for number, (x, y, name) in enumerate(placed):
        for other_x, other_y, other in placed[number + 1 :]:
            if other_x - x > widest:
                break
            distance = math.hypot(other_x - x, other_y - y)
            least = 0.5 * (diameters.get(name, 0.0) + diameters.get(other, 0.0))
            if distance == 0.0 or distance < least - 1e-9:
                first, second = sorted((name, other), key=order.__getitem__)
                # One neighbour of each is enough to show what is wrong.
                if second in told:
                    continue
                told.add(second)
                yield _near_finding(first, second, wells[second], distance, least)


def _near_finding(first: str, second: str, well: Placed, distance: float, least: float) -> Finding:
    where, shown = f"wells.{second}.x", f"{well.x:g}, {well.y:g} m"
    if distance == 0.0:
        return Finding(where, _SAME_PLACE.format(other=first), _PLACE_CURE, shown)
    message = _TOO_NEAR.format(other=first, distance=f"{distance:.3g}")
    allowed = _AT_LEAST.format(least=f"{least:g}")
    return Finding(where, message, _PLACE_CURE, shown, allowed)


def half_place_findings(well: Placed) -> Iterator[Finding]:
    """A position of which one coordinate is missing."""
    if (well.x is None) != (well.y is None):
        yield Finding("x" if well.x is None else "y", _HALF_PLACE, _BOTH)


def return_limit_findings(lowest: float | None, highest: float | None) -> Iterator[Finding]:
    """Limits of the returned water that no water can keep; °C, None where not given."""
    if lowest is not None and highest is not None and lowest > highest:
        shown = f"{lowest:g} °C > {highest:g} °C"
        yield Finding("minimum_return_temperature", _CROSSED, _UNCROSS, shown)
