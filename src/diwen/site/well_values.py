"""What wells of every kind say of themselves, with units and ranges, and what cannot be."""

from __future__ import annotations

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
_PLACE_CURE = Text("correct x and y", "请更正 x 与 y")


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


def same_place_findings(wells: Mapping[str, Placed]) -> Iterator[Finding]:
    """Wells of one source, by id, that stand on the same spot."""
    seen: dict[tuple[float, float], str] = {}
    for name, well in wells.items():
        if well.x is None or well.y is None:
            continue
        if (well.x, well.y) in seen:
            message = _SAME_PLACE.format(other=seen[well.x, well.y])
            yield Finding(f"wells.{name}.x", message, _PLACE_CURE, f"{well.x:g}, {well.y:g} m")
        seen[well.x, well.y] = name
