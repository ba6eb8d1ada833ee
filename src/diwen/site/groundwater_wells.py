"""``type = "groundwater_wells"`` and ``"well_doublet"``: wells that abstract and reinject."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.depths import DEEPEST, StaticLevel, upside_down
from diwen.site.fields import Finding, Meaning, Measure, Table
from diwen.site.waters import SourceTable
from diwen.site.well_values import (
    ExchangerName,
    OpenArea,
    PositionX,
    PositionY,
    PumpDepth,
    PumpSubmergence,
    Skin,
    SpecificCapacity,
    SpecificInjectivity,
    half_place_findings,
    pump_findings,
    return_limit_findings,
    same_place_findings,
)
from diwen.site.well_water import WellWater

_BELOW_WELL = Text("the screen reaches below the well bottom at {depth} m",
                   "滤水管低于井底（井深 {depth} m）")  # fmt: skip
_SCREEN_CURE = Text("correct the screen or the depth of the well", "请更正滤水管位置或井深")
_OVERLAP = Text("two screens of the well overlap", "同一口井的两段滤水管重叠")
_NO_ROLE = Text("no well of the source can take the role {role}", "没有可承担{role}的井")
_ABSTRACTION, _INJECTION = Text("abstraction", "抽水"), Text("injection", "回灌")
_ROLE_CURE = Text("give a well role = abstraction, injection or both",
                  "请为井写明 role = abstraction、injection 或 both")  # fmt: skip
_TOO_LITTLE = Text(
    "the abstraction wells give {wells} together, the source is to have {source}",
    "各抽水井设计流量合计 {wells}，小于该热源的设计流量 {source}",
)
_MORE_THAN = Text(
    "the abstraction wells could give {wells} together: all is computed with the {source} of the "
    "source",
    "各抽水井设计流量合计 {wells}：按该热源的设计流量 {source} 计算",
)
_ONE_FLOW = Text("correct design_flow of the source or of the wells",
                 "请更正该热源或各井的 design_flow")  # fmt: skip
_NOT_ALL_BACK = Text(
    "the injection wells take back {given} of {taken}: not all of the water is reinjected",
    "各回灌井设计流量合计 {given}，小于抽水量 {taken}：未全部回灌",
)
_RETURN_ALL = Text("add injection wells, or raise their design_flow if the ground takes it",
                   "请增设回灌井，地层允许时可提高其 design_flow")  # fmt: skip
# By how much flows may differ before they are not the same, share.
_FIT = 0.01


def _flow(value: float) -> str:
    return f"{value * 3600.0:g} m³/h"


class Screen(Table):
    """A screened part of a well, ``{ top = "30 m", bottom = "48 m" }``."""

    meaning: ClassVar[Text] = Text("screened part of a well", "滤水管段")

    top: Annotated[float, Measure("length", "depth of the top", "顶深", 0, DEEPEST)]
    bottom: Annotated[float, Measure("length", "depth of the bottom", "底深", 0, DEEPEST, True)]

    def findings(self) -> Iterator[Finding]:
        """A screen that is upside down."""
        yield from upside_down(self.top, self.bottom)


class Well(Table):
    """``[sources.ID.wells.ID]``: one well."""

    meaning: ClassVar[Text] = Text("a well", "水井")

    name: Annotated[str, Meaning("name", "名称")] = ""
    role: Annotated[
        Literal["abstraction", "injection", "both", "observation"],
        Meaning("role", "用途：抽水、回灌、两用、观测"),
    ]
    x: PositionX = None
    y: PositionY = None
    depth: Annotated[float, Measure("length", "depth of the well", "井深", 1, DEEPEST)]
    bore_diameter: Annotated[
        float | None, Measure("length", "diameter of the bore", "钻孔直径", 0.05, 5)
    ] = None
    screen_diameter: Annotated[
        float | None, Measure("length", "outer diameter of the screen", "滤水管外径", 0.05, 3)
    ] = None
    screens: Annotated[tuple[Screen, ...], Meaning("screens, downwards", "滤水管（自上而下）")] = ()
    open_area: OpenArea = None
    pump_depth: PumpDepth = None
    pump_submergence: PumpSubmergence = None
    skin: Skin = None
    well_loss: Annotated[
        float | None,
        Measure("length", "head lost in the well itself at design flow", "设计流量下的井损水头",
                0, 500),
    ] = None  # fmt: skip
    static_level: StaticLevel = None
    design_flow: Annotated[
        float | None, Measure("volume_flow", "design flow", "设计流量", 0, 2000, positive=True)
    ] = None
    specific_capacity: SpecificCapacity = None
    specific_injectivity: SpecificInjectivity = None
    sensor_depth: Annotated[
        float | None, Measure("length", "depth of the level sensor", "水位计埋深", 0, DEEPEST)
    ] = None

    def findings(self) -> Iterator[Finding]:
        """Screens and pump outside the well."""
        depth = f"{self.depth:g}"
        for i, screen in enumerate(self.screens):
            if screen.bottom > self.depth:
                message = _BELOW_WELL.format(depth=depth)
                yield Finding(f"screens[{i}].bottom", message, _SCREEN_CURE, f"{screen.bottom:g} m")
        ordered = sorted(self.screens, key=lambda screen: screen.top)
        for upper, lower in pairwise(ordered):
            if lower.top < upper.bottom:
                shown = f"{lower.top:g} m < {upper.bottom:g} m"
                yield Finding("screens", _OVERLAP, _SCREEN_CURE, shown)
        yield from pump_findings(self.pump_depth, self.depth, self.static_level)
        yield from half_place_findings(self)


class _Wells(SourceTable):
    """What both kinds of well source have."""

    wells: Annotated[dict[str, Well], Meaning("wells by id", "各井"), Field(min_length=1)]
    exchanger: ExchangerName = ""
    seasonal_exchange: Annotated[
        bool,
        Meaning(
            "abstraction and injection exchange their roles by season", "抽水井与回灌井按季节互换"
        ),
    ] = False
    minimum_return_temperature: Annotated[
        float | None,
        Measure(
            "temperature", "lowest temperature of the reinjected water", "允许最低回灌水温", 0, 40
        ),
    ] = None
    maximum_return_temperature: Annotated[
        float | None,
        Measure(
            "temperature", "highest temperature of the reinjected water", "允许最高回灌水温", 5, 60
        ),
    ] = None
    maximum_injection_pressure: Annotated[
        float | None,
        Measure(
            "pressure",
            "highest pressure at the wellhead (gauge)",
            "允许最高井口回灌压力（表压）",
            0,
            5000,
        ),
    ] = None
    water: Annotated[WellWater, Meaning("quality of the water", "水质")] = WellWater()

    def findings(self) -> Iterator[Finding]:
        """Roles that nobody takes, wells on the same spot."""
        roles = {well.role for well in self.wells.values()}
        for role, text in (("abstraction", _ABSTRACTION), ("injection", _INJECTION)):
            if not roles & {role, "both"} and (role == "abstraction" or self._reinjects()):
                yield Finding("wells", _NO_ROLE.format(role=text), _ROLE_CURE)
        yield from same_place_findings(
            self.wells,
            {key: well.bore_diameter or well.screen_diameter or 0.0
             for key, well in self.wells.items()},
        )  # fmt: skip
        yield from return_limit_findings(
            self.minimum_return_temperature, self.maximum_return_temperature
        )
        yield from self._flow_findings()

    def _flow_findings(self) -> Iterator[Finding]:
        """Design flows of the wells that do not fit that of the source or each other."""
        taken, given = self._declared("abstraction"), self._declared("injection")
        wanted = taken if self.design_flow is None else self.design_flow
        if taken is not None and wanted is not None and taken < (1.0 - _FIT) * wanted:
            message = _TOO_LITTLE.format(wells=_flow(taken), source=_flow(wanted))
            yield Finding("design_flow", message, _ONE_FLOW, _flow(wanted))
        elif taken is not None and wanted is not None and taken > (1.0 + _FIT) * wanted:
            message = _MORE_THAN.format(wells=_flow(taken), source=_flow(wanted))
            yield Finding(
                "design_flow", message, _ONE_FLOW, _flow(wanted), severity="warning"
            )  # fmt: skip
        if not self._reinjects() or given is None or wanted is None:
            return
        if given < (1.0 - _FIT) * wanted:
            message = _NOT_ALL_BACK.format(given=_flow(given), taken=_flow(wanted))
            yield Finding("wells", message, _RETURN_ALL, severity="warning")

    def _declared(self, role: str) -> float | None:
        """Flow of all wells of one role, m³/s; None where they do not all say it.

        Wells that can do both may take this role too: then nothing is declared.
        """
        roles = {well.role for well in self.wells.values()}
        flows = [well.design_flow for well in self.wells.values() if well.role == role]
        known = [flow for flow in flows if flow is not None]
        return sum(known) if flows and len(known) == len(flows) and "both" not in roles else None

    def _reinjects(self) -> bool:
        return True


class GroundwaterWells(_Wells):
    """``[sources.ID] type = "groundwater_wells"``: any number of wells with their roles."""

    meaning: ClassVar[Text] = Text("groundwater wells", "地下水井群")
    type: Annotated[Literal["groundwater_wells"], Meaning("kind of source", "热源类型")]
    reinjection: Annotated[bool, Meaning("the water is reinjected", "抽出的水全部或部分回灌")] = (
        True
    )

    def _reinjects(self) -> bool:
        return self.reinjection


class WellDoublet(_Wells):
    """``[sources.ID] type = "well_doublet"``: pairs of an abstraction and an injection well."""

    meaning: ClassVar[Text] = Text("doublet of abstraction and injection well", "对井（抽灌井对）")
    type: Annotated[Literal["well_doublet"], Meaning("kind of source", "热源类型")]
