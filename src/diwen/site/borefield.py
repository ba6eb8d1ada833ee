"""``type = "borefield"``: a field of closed-loop boreholes, with zones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.borehole import BoreholePosition, BoreholeSource
from diwen.site.crossing import crossing_findings
from diwen.site.fields import Finding, Meaning, Measure, Table
from diwen.site.fluids import Fluid
from diwen.site.layouts import FromFile, Layout

_BAD_RANGE = Text("not a list of borehole numbers", "不是钻孔编号列表")
_RANGE_CURE = Text('write numbers and ranges from 1, such as "1-20, 25"',
                   "请写自 1 起的编号与范围，例如 “1-20, 25”")  # fmt: skip
_NO_SUCH = Text("the field has only {count} boreholes", "该孔群只有 {count} 个钻孔")
_TWICE = Text("borehole {number} is in two zones ({one}, {other})",
              "{number} 号孔同属两个分区（{one}、{other}）")  # fmt: skip
_ONE_ZONE = Text("let every borehole belong to one zone at most", "每个钻孔最多属于一个分区")


class Zone(Table):
    """``[sources.ID.zones.ID]``: boreholes that are switched and loaded together."""

    meaning: ClassVar[Text] = Text("boreholes switched together", "孔群分区")

    name: Annotated[str, Meaning("name", "名称")] = ""
    boreholes: Annotated[
        str, Meaning('numbers of its boreholes, from 1, such as "1-20, 25"',
                     "所含钻孔编号（自 1 起），例如 “1-20, 25”"),
    ]  # fmt: skip
    design_flow: Annotated[
        float | None, Measure("volume_flow", "design flow", "设计流量", 0, 1e5, positive=True)
    ] = None

    def numbers(self) -> tuple[int, ...]:
        """Numbers of the boreholes, from 1; empty if the text is not understood."""
        found: list[int] = []
        for part in re.split(r"[,，]", self.boreholes):
            match = re.fullmatch(r"\s*(\d{1,5})\s*(?:-\s*(\d{1,5}))?\s*", part)
            if match is None or int(match[1]) < 1 or int(match[2] or match[1]) < int(match[1]):
                return ()
            found.extend(range(int(match[1]), int(match[2] or match[1]) + 1))
        return tuple(found)

    def findings(self) -> Iterator[Finding]:
        """Borehole numbers that are not understood."""
        if not self.numbers():
            yield Finding("boreholes", _BAD_RANGE, _RANGE_CURE, self.boreholes)


class Borefield(BoreholeSource):
    """``[sources.ID] type = "borefield"``: a field of boreholes with a closed loop."""

    meaning: ClassVar[Text] = Text("field of closed-loop boreholes", "地埋管换热孔群")

    type: Annotated[Literal["borefield"], Meaning("kind of source", "热源类型")]
    layout: Annotated[Layout, Meaning("layout of the boreholes", "布孔方式")]
    fluid: Annotated[Fluid, Meaning("fluid in the loop", "循环流体")] = Fluid()
    network: Annotated[
        Literal["parallel", "series", "mixed"], Meaning("how boreholes are joined", "孔间连接方式")
    ] = "parallel"
    boreholes_in_series: Annotated[
        int, Meaning("boreholes in series per branch", "每支路串联孔数"), Field(ge=1, le=100)
    ] = 1
    zones: Annotated[dict[str, Zone], Meaning("zones", "分区")] = Field(default_factory=dict)
    minimum_entering_temperature: Annotated[
        float | None,
        Measure(
            "temperature",
            "lowest fluid temperature entering the heat pump",
            "允许最低进机组温度",
            -15,
            25,
        ),
    ] = None
    maximum_leaving_temperature: Annotated[
        float | None,
        Measure(
            "temperature",
            "highest fluid temperature leaving the ground",
            "允许最高出地埋管温度",
            10,
            60,
        ),
    ] = None
    header_head: Annotated[
        float | None, Measure("length", "head loss of headers and fittings at design flow",
                              "设计流量下集管与管件水头损失", 0, 200),
    ] = None  # fmt: skip

    def positions(self) -> tuple[BoreholePosition, ...]:
        """The boreholes of a pattern; empty for a layout from a file (``site.boreholes``)."""
        bore = self.borehole
        return tuple(
            BoreholePosition(
                x, y, bore.length, bore.buried_depth, bore.diameter / 2, bore.tilt, bore.orientation
            )
            for x, y in self.layout.coordinates()
        )

    def findings(self) -> Iterator[Finding]:
        """Boreholes that cross, zones that name a borehole twice or one that does not exist."""
        yield from super().findings()
        if isinstance(self.layout, FromFile):
            return
        positions = self.positions()
        yield from crossing_findings(positions, "layout")
        yield from self.zone_findings(len(positions))

    def zone_findings(self, count: int) -> Iterator[Finding]:
        """Zones against a number of boreholes."""
        owner: dict[int, str] = {}
        for name, zone in self.zones.items():
            numbers = zone.numbers()
            if numbers and max(numbers) > count:
                message = _NO_SUCH.format(count=count)
                yield Finding(f"zones.{name}.boreholes", message, _RANGE_CURE, zone.boreholes)
            double = next((number for number in numbers if number in owner), None)
            if double is not None:
                message = _TWICE.format(number=double, one=owner[double], other=name)
                yield Finding(f"zones.{name}.boreholes", message, _ONE_ZONE, zone.boreholes)
            owner |= dict.fromkeys(numbers, name)
