"""``type = "circulation_well"`` and ``"standing_column_well"``: one well, same-well return."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.physical_constants import WATER_HEAT_CAPACITY
from diwen.site.circulation_zones import Particles, Stage, WellPosition
from diwen.site.depths import DEEPEST, StaticLevel
from diwen.site.fields import Finding, Meaning, Measure
from diwen.site.waters import SourceTable
from diwen.site.well_values import (
    ExchangerName,
    OpenArea,
    PumpDepth,
    PumpSubmergence,
    Skin,
    SpecificCapacity,
    SpecificInjectivity,
    pump_findings,
    return_limit_findings,
    same_place_findings,
)
from diwen.site.well_water import WellWater

_BELOW_WELL = Text(
    "the zone reaches below the well bottom at {depth} m", "该区段低于井底（井深 {depth} m）"
)
_ZONE_CURE = Text("correct the zone or the depth of the well", "请更正区段或井深")
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
    "the pump hangs above the seal: it would draw the return water",
    "水泵位于密封区之上，会抽取回水",
)
_PUMP_CURE = Text("hang the pump below the seal and above the well bottom",
                  "水泵应位于密封区以下、井底以上")  # fmt: skip
_RADII = Text("{what} wider than the bore", "{what}大于钻孔直径")
_CASING = Text("casing", "井管外径")
_SCREEN_PIPE = Text("screen", "滤水管外径")
_RISER = Text("riser", "提升管外径")
_RADII_CURE = Text("correct the diameters", "请更正直径")
_COUNT = Text("{count} wells, but {named} positions", "井数为 {count}，而井位有 {named} 个")
_COUNT_CURE = Text("give one [sources.ID.wells.ID] per well, or leave count out",
                   "请为每口井各给一个 [sources.ID.wells.ID]，或去掉 count")  # fmt: skip
_FLOWS = Text(
    "the design flow is not that of {count} wells at {flow} m³/h",
    "设计流量与 {count} 口井、单井 {flow} m³/h 不符",
)
_ONE_FLOW = Text("correct flow, design_flow or count", "请更正 flow、design_flow 或 count")
_TOO_NEAR = Text("the wells stand closer than their bores are wide", "井距小于钻孔直径")
_SPACING_CURE = Text("correct the spacing", "请更正井距")
_NO_WATER = Text(
    "{power} kW at this flow would change the water by {drop} K: more than water can bear",
    "按该流量取放 {power} kW，水温将变化 {drop} K，水无法承受",
)
_MORE_FLOW = Text("correct capacity or flow", "请更正换热量或流量")
_CASED = Text("the whole well is cased: no open hole is left", "整口井均下套管，没有裸孔段")
_CASING_CURE = Text("correct casing_depth or depth", "请更正 casing_depth 或 depth")
_RETURN_BELOW = Text("the water returns below the well bottom", "回水深度低于井底")
_RETURN_AT_PUMP = Text(
    "the water returns where it is taken: less than {least} m apart",
    "回水口与取水口重合：间距小于 {least} m",
)
_RETURN_CURE = Text("correct return_depth or pump_depth", "请更正 return_depth 或 pump_depth")
# Between freezing and what a plastic well casing bears no water can change more, K.
_LARGEST_CHANGE = 40.0
# Between return and pump of a standing column well, m.
LEAST_COLUMN = 2.0


class _OneWell(SourceTable):
    """What both kinds of one-well circulation have."""

    wells: Annotated[
        dict[str, WellPosition],
        Meaning("wells of this geometry by id; empty: one", "同型各井；留空为一口"),
    ] = Field(default_factory=dict)
    count: Annotated[
        int | None,
        Meaning("number of equal wells; left out: as many as positions, else one",
                "同型井数；缺省为井位个数，无井位则为一口"),
        Field(ge=1, le=10000),
    ] = None  # fmt: skip
    spacing: Annotated[
        float | None,
        Measure("length", "spacing of the wells, if regular", "规则布置的井距", 0, 5000, True),
    ] = None  # fmt: skip
    depth: Annotated[float, Measure("length", "depth of the well", "井深", 2, DEEPEST)]
    bore_diameter: Annotated[float, Measure("length", "diameter of the bore", "钻孔直径", 0.05, 5)]
    casing_diameter: Annotated[
        float | None,
        Measure("length", "outer diameter of casing and screens", "井管（滤水管）外径", 0.05, 3),
    ] = None
    screen_diameter: Annotated[
        float | None,
        Measure("length", "outer diameter of the screens; left out: of the casing",
                "滤水管外径；缺省同井管", 0.05, 3),
    ] = None  # fmt: skip
    open_area: OpenArea = None
    pump_depth: PumpDepth = None
    pump_submergence: PumpSubmergence = None
    static_level: StaticLevel = None
    skin: Skin = None
    well_loss: Annotated[
        float | None,
        Measure("length", "head lost in the well itself at the circulated flow",
                "循环流量下的井损水头", 0, 500),
    ] = None  # fmt: skip
    specific_capacity: SpecificCapacity = None
    specific_injectivity: SpecificInjectivity = None
    rated_capacity: Annotated[
        float | None,
        Measure("heat_power", "heat taken from one well as rated", "单井额定取热量", 0, 1e4, True),
    ] = None
    rated_injection: Annotated[
        float | None,
        Measure("heat_power", "heat given to one well as rated", "单井额定放热量", 0, 1e4, True),
    ] = None
    water: Annotated[WellWater, Meaning("quality of the water", "水质")] = WellWater()
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
    exchanger: ExchangerName = ""

    def findings(self) -> Iterator[Finding]:
        """What is wider than the bore, where the pump hangs, positions, heat without water."""
        for key, what in (("casing_diameter", _CASING), ("screen_diameter", _SCREEN_PIPE)):
            yield from self._width_findings(key, what)
        yield from pump_findings(self.pump_depth, self.depth, self.static_level)
        yield from self._field_findings()
        yield from return_limit_findings(
            self.minimum_return_temperature, self.maximum_return_temperature
        )
        for key in ("rated_capacity", "rated_injection"):
            power = getattr(self, key)
            if power is None or self.flow is None:
                continue
            change = power / (WATER_HEAT_CAPACITY * self.flow)
            if change > _LARGEST_CHANGE:
                message = _NO_WATER.format(power=f"{power / 1e3:g}", drop=f"{change:.0f}")
                yield Finding(key, message, _MORE_FLOW, f"{self.flow * 3600.0:g} m³/h")

    def _width_findings(self, key: str, what: Text) -> Iterator[Finding]:
        width = getattr(self, key)
        if width is not None and width > self.bore_diameter:
            shown = f"{width * 1e3:g} mm > {self.bore_diameter * 1e3:g} mm"
            yield Finding(key, _RADII.format(what=what), _RADII_CURE, shown)

    def _field_findings(self) -> Iterator[Finding]:
        """Number, positions and spacing of the wells that do not fit each other."""
        if self.count is not None and self.wells and self.count != len(self.wells):
            message = _COUNT.format(count=self.count, named=len(self.wells))
            yield Finding("count", message, _COUNT_CURE)
        if self.flow is not None and self.design_flow is not None:
            count = self.count or len(self.wells) or 1
            if abs(self.design_flow - count * self.flow) > 0.01 * self.design_flow:
                message = _FLOWS.format(count=count, flow=f"{self.flow * 3600.0:g}")
                shown = f"{self.design_flow * 3600.0:g} m³/h"
                yield Finding("design_flow", message, _ONE_FLOW, shown)
        if self.spacing is not None and self.spacing <= self.bore_diameter:
            yield Finding("spacing", _TOO_NEAR, _SPACING_CURE, f"{self.spacing:g} m")
        yield from same_place_findings(self.wells, dict.fromkeys(self.wells, self.bore_diameter))


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
    seal_material: Annotated[
        Literal["grouted", "packer", "clay", "none"] | None,
        Meaning("what seals between the zones: grout, packer, clay or nothing",
                "密封区做法：水泥注浆、封隔器、黏土球、无"),
    ] = None  # fmt: skip
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
        """Zones outside the well or over each other, particles, pump above the seal."""
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
        float | None, Measure("length", "depth of the casing", "套管深度", 0, DEEPEST)
    ] = None
    return_depth: Annotated[
        float | None, Measure("length", "depth where the water returns", "回水深度", 0, DEEPEST)
    ] = None
    riser_diameter: Annotated[
        float | None, Measure("length", "outer diameter of the riser", "提升管外径", 0.02, 2)
    ] = None
    bleed: Annotated[
        float, Measure("ratio", "share of the flow that is bled off", "排放比例", 0, 1)
    ] = 0.0

    def findings(self) -> Iterator[Finding]:
        """A well without open hole, return and pump at the same place."""
        yield from super().findings()
        yield from self._width_findings("riser_diameter", _RISER)
        if self.casing_depth is not None and self.casing_depth >= self.depth:
            yield Finding("casing_depth", _CASED, _CASING_CURE, f"{self.casing_depth:g} m")
        if self.return_depth is None:
            return
        shown, pump = f"{self.return_depth:g} m", self.pump_depth
        if self.return_depth > self.depth:
            yield Finding("return_depth", _RETURN_BELOW, _RETURN_CURE, shown)
        elif pump is not None and abs(self.return_depth - pump) < LEAST_COLUMN:
            message = _RETURN_AT_PUMP.format(least=f"{LEAST_COLUMN:g}")
            yield Finding("return_depth", message, _RETURN_CURE, shown)
