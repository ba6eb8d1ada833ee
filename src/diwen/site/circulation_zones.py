"""Parts of circulation wells: particles, the zones of a stage, where a well stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table
from diwen.site.groundwater_wells import Screen
from diwen.site.well_values import PositionX, PositionY, half_place_findings

_ORDER = Text("return zone, seal and extraction zone overlap or stand in the wrong order",
              "回水区、密封区、取水区重叠或次序有误")  # fmt: skip
_ORDER_CURE = Text(
    "the seal lies between the two screens; its ends may touch them",
    "密封区位于两段滤水管之间，可相接而不可重叠",
)


class Particles(Table):
    """``[sources.ID.particles]``: heat-exchange particles (gravel) in the annulus."""

    meaning: ClassVar[Text] = Text("heat-exchange particles in the annulus", "环隙换热颗粒")

    hydraulic_conductivity: Annotated[
        float,
        Measure("hydraulic_conductivity", "hydraulic conductivity", "渗透系数", 8.64e-5, 8.64e5),
    ]
    porosity: Annotated[float, Measure("ratio", "porosity", "孔隙率", 0.01, 0.7)]
    conductivity: Annotated[
        float | None, Measure("thermal_conductivity", "thermal conductivity", "导热系数", 0.1, 20)
    ] = None
    heat_capacity: Annotated[
        float | None,
        Measure("volumetric_heat_capacity", "volumetric heat capacity", "容积热容", 0.5, 5),
    ] = None


class Stage(Table):
    """``[[sources.ID.stages]]``: return screen, seal and extraction screen of one aquifer."""

    meaning: ClassVar[Text] = Text("return, seal and extraction zone", "回水区、密封区与取水区")

    return_zone: Annotated[Screen, Meaning("screen where the water returns", "回水区滤水管")]
    seal: Annotated[Screen, Meaning("sealed part", "密封区")]
    extraction_zone: Annotated[Screen, Meaning("screen where water is taken", "取水区滤水管")]
    share: Annotated[
        float, Measure("ratio", "share of the flow", "流量份额", 0, 1, positive=True)
    ] = 1.0

    def span(self) -> tuple[float, float]:
        """Top of the highest and bottom of the lowest zone, m."""
        zones = (self.return_zone, self.seal, self.extraction_zone)
        return min(zone.top for zone in zones), max(zone.bottom for zone in zones)

    def findings(self) -> Iterator[Finding]:
        """Zones that overlap."""
        screens = sorted((self.return_zone, self.extraction_zone), key=lambda zone: zone.top)
        upper, lower = screens
        if upper.bottom > self.seal.top + 1e-9 or self.seal.bottom > lower.top + 1e-9:
            shown = " / ".join(f"{z.top:g}…{z.bottom:g} m" for z in (upper, self.seal, lower))
            yield Finding("seal", _ORDER, _ORDER_CURE, shown)


class WellPosition(Table):
    """``[sources.ID.wells.ID]``: where one of the equal wells stands."""

    meaning: ClassVar[Text] = Text("position of a well", "井位")

    name: Annotated[str, Meaning("name", "名称")] = ""
    x: PositionX = None
    y: PositionY = None
    retrofitted: Annotated[bool, Meaning("rebuilt from an old well", "由旧井改造")] = False

    def findings(self) -> Iterator[Finding]:
        """Half a position."""
        yield from half_place_findings(self)
