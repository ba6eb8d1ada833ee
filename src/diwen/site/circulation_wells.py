"""``type = "circulation_well"`` and ``"standing_column_well"``: one well, same-well return."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table
from diwen.site.groundwater_wells import Screen
from diwen.site.waters import SourceTable

_DEPTH = 5000.0
_BELOW_WELL = Text(
    "the zone reaches below the well bottom at {depth} m", "该区段低于井底（井深 {depth} m）"
)
_ZONE_CURE = Text("correct the zone or the depth of the well", "请更正区段或井深")
_ORDER = Text("return zone, seal and extraction zone overlap or stand in the wrong order",
              "回水区、密封区、取水区重叠或次序有误")  # fmt: skip
_ORDER_CURE = Text(
    "the seal lies between the two screens; its ends may touch them",
    "密封区位于两段滤水管之间，可相接而不可重叠",
)
_STAGES_OVERLAP = Text("two stages overlap", "两级循环段重叠")
_STAGE_CURE = Text("set the stages one below the other", "请自上而下依次布置各级")
_SHARES = Text(
    "the shares of the stages sum to {total}, not 1", "各级流量份额之和为 {total}，不等于 1"
)
_SHARES_CURE = Text("let the shares sum to 1", "请使份额之和为 1")
_ONE_STAGE = Text("a well in one aquifer has one stage", "单一含水层结构只有一级")
_SEVERAL = Text("a well in several aquifers has two stages or more", "多含水层结构应有两级或以上")
_STRUCTURE_CURE = Text(
    "correct structure or stages ([[sources.ID.stages]])",
    "请更正 structure 或 stages（[[sources.ID.stages]]）",
)
_PARTICLES = Text(
    "the structure with particles needs the particles", "有换热颗粒的结构须给出颗粒参数"
)
_ADD_PARTICLES = Text("add [sources.ID.particles]", "请补充 [sources.ID.particles]")
_NO_PARTICLES = Text("this structure has no particles", "该结构没有换热颗粒")
_REMOVE = Text("remove [sources.ID.particles] or set structure = particles",
               "请删除 [sources.ID.particles] 或写 structure = particles")  # fmt: skip
_PUMP_ABOVE = Text(
    "the pump hangs above the packer: it would draw the return water",
    "水泵位于封隔器之上，会抽取回水",
)
_PUMP_BELOW = Text("the pump hangs below the well bottom", "水泵低于井底")
_PUMP_CURE = Text("hang the pump below the seal and above the well bottom",
                  "水泵应位于密封区以下、井底以上")  # fmt: skip
_RADII = Text("casing wider than the bore", "井管外径大于钻孔直径")
_RADII_CURE = Text("correct the diameters", "请更正直径")


class Particles(Table):
    """``[sources.ID.particles]``: heat-exchange particles (gravel) in the annulus."""

    meaning: ClassVar[Text] = Text("heat-exchange particles in the annulus", "环隙换热颗粒")

    hydraulic_conductivity: Annotated[
        float,
        Measure(
            "hydraulic_conductivity", "hydraulic conductivity", "渗透系数", 0, 1e6, positive=True
        ),
    ]
    porosity: Annotated[float, Measure("ratio", "porosity", "孔隙率", 0, 0.7, positive=True)]
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
    x: Annotated[float, Measure("length", "position x", "x 坐标", -1e5, 1e5)] = 0.0
    y: Annotated[float, Measure("length", "position y", "y 坐标", -1e5, 1e5)] = 0.0
    retrofitted: Annotated[bool, Meaning("rebuilt from an old well", "由旧井改造")] = False


class _OneWell(SourceTable):
    """What both kinds of one-well circulation have."""

    wells: Annotated[
        dict[str, WellPosition],
        Meaning("wells of this geometry by id; empty: one", "同型各井；留空为一口"),
    ] = Field(default_factory=dict)
    depth: Annotated[float, Measure("length", "depth of the well", "井深", 2, _DEPTH)]
    bore_diameter: Annotated[float, Measure("length", "diameter of the bore", "钻孔直径", 0.05, 5)]
    casing_diameter: Annotated[
        float | None,
        Measure("length", "outer diameter of casing and screens", "井管（滤水管）外径", 0.05, 3),
    ] = None
    pump_depth: Annotated[
        float | None, Measure("length", "depth of the pump", "下泵深度", 0, _DEPTH)
    ] = None
    flow: Annotated[
        float | None,
        Measure(
            "volume_flow", "circulated flow of one well", "单井循环流量", 0, 2000, positive=True
        ),
    ] = None
    minimum_return_temperature: Annotated[
        float | None,
        Measure("temperature", "lowest temperature of the return water", "允许最低回水温度", 0, 40),
    ] = None
    maximum_return_temperature: Annotated[
        float | None,
        Measure(
            "temperature", "highest temperature of the return water", "允许最高回水温度", 5, 60
        ),
    ] = None
    exchanger: Annotated[
        str, Meaning("id of the exchanger between well water and plant", "井水与机组之间换热器标识")
    ] = ""

    def findings(self) -> Iterator[Finding]:
        """Casing wider than the bore, pump below the bottom."""
        if self.casing_diameter is not None and self.casing_diameter > self.bore_diameter:
            shown = f"{self.casing_diameter * 1e3:g} mm > {self.bore_diameter * 1e3:g} mm"
            yield Finding("casing_diameter", _RADII, _RADII_CURE, shown)
        if self.pump_depth is not None and self.pump_depth > self.depth:
            yield Finding("pump_depth", _PUMP_BELOW, _PUMP_CURE, f"{self.pump_depth:g} m")


class CirculationWell(_OneWell):
    """``[sources.ID] type = "circulation_well"``: single-well circulation, same-layer return."""

    meaning: ClassVar[Text] = Text(
        "single-well circulation with same-well return", "单井循环换热地能采集井"
    )

    type: Annotated[Literal["circulation_well"], Meaning("kind of source", "热源类型")]
    structure: Annotated[
        Literal["particles", "one_aquifer", "several_aquifers"],
        Meaning("with heat-exchange particles; without, in one aquifer; without, in several",
                "有换热颗粒；无换热颗粒单含水层；无换热颗粒多含水层"),
    ]  # fmt: skip
    stages: Annotated[
        tuple[Stage, ...],
        Meaning("zones, downwards", "各级回水、密封与取水区"),
        Field(min_length=1),
    ]
    particles: Annotated[Particles | None, Meaning("heat-exchange particles", "换热颗粒")] = None
    rated_capacity: Annotated[
        float | None,
        Measure("heat_power", "heat taken from one well as rated", "单井额定取热量", 0, 1e4, True),
    ] = None
    bypass: Annotated[
        float,
        Measure("ratio", "share of the return that leaks past the seal", "密封旁通率", 0, 0.95),
    ] = 0.0
    maximum_wellhead_pressure: Annotated[
        float | None,
        Measure(
            "pressure",
            "highest pressure at the wellhead (gauge)",
            "允许最高井口压力（表压）",
            0,
            5000,
        ),
    ] = None

    def findings(self) -> Iterator[Finding]:
        """Zones outside the well or over each other, particles, pump above the packer."""
        yield from super().findings()
        for i, stage in enumerate(self.stages):
            if stage.span()[1] > self.depth:
                message = _BELOW_WELL.format(depth=f"{self.depth:g}")
                yield Finding(f"stages[{i}]", message, _ZONE_CURE, f"{stage.span()[1]:g} m")
        for i, (upper, lower) in enumerate(pairwise(self.stages)):
            if lower.span()[0] < upper.span()[1]:
                yield Finding(f"stages[{i + 1}]", _STAGES_OVERLAP, _STAGE_CURE)
        total = sum(stage.share for stage in self.stages)
        if abs(total - 1) > 1e-6:
            message = _SHARES.format(total=f"{total:g}")
            yield Finding("stages", message, _SHARES_CURE)
        yield from self._structure_findings()
        seal = self.stages[0].seal
        lowest = self.stages[0].extraction_zone
        draws_below = lowest.top >= seal.bottom - 1e-9
        if self.pump_depth is not None and draws_below and self.pump_depth < seal.bottom:
            yield Finding("pump_depth", _PUMP_ABOVE, _PUMP_CURE, f"{self.pump_depth:g} m")

    def _structure_findings(self) -> Iterator[Finding]:
        several = self.structure == "several_aquifers"
        if several and len(self.stages) < 2:
            yield Finding("stages", _SEVERAL, _STRUCTURE_CURE)
        if not several and len(self.stages) > 1:
            yield Finding("stages", _ONE_STAGE, _STRUCTURE_CURE)
        if self.structure == "particles" and self.particles is None:
            yield Finding("particles", _PARTICLES, _ADD_PARTICLES)
        if self.structure != "particles" and self.particles is not None:
            yield Finding("particles", _NO_PARTICLES, _REMOVE)


class StandingColumnWell(_OneWell):
    """``[sources.ID] type = "standing_column_well"``: open hole in rock, with bleed."""

    meaning: ClassVar[Text] = Text("standing column well", "同井循环立柱井（SCW）")

    type: Annotated[Literal["standing_column_well"], Meaning("kind of source", "热源类型")]
    casing_depth: Annotated[
        float | None, Measure("length", "depth of the casing", "套管深度", 0, _DEPTH)
    ] = None
    return_depth: Annotated[
        float | None, Measure("length", "depth where the water returns", "回水深度", 0, _DEPTH)
    ] = None
    riser_diameter: Annotated[
        float | None, Measure("length", "outer diameter of the riser", "提升管外径", 0.02, 2)
    ] = None
    bleed: Annotated[
        float, Measure("ratio", "share of the flow that is bled off", "排放比例", 0, 1)
    ] = 0.0
    static_level: Annotated[
        float | None,
        Measure("length", "depth of the static water level, negative: artesian",
                "静水位埋深（负值为自流）", -200, 3000),
    ] = None  # fmt: skip
