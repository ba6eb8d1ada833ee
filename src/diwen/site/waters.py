"""Sources that are neither bore field nor well: surface water, sewage, waste heat, air."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table
from diwen.site.well_values import return_limit_findings


class SourceTable(Table):
    """What every source has."""

    name: Annotated[str, Meaning("name", "名称")] = ""
    design_extraction: Annotated[
        float | None,
        Measure("heat_power", "design heat extraction from the source", "设计取热量", 0, 1e6, True),
    ] = None
    design_injection: Annotated[
        float | None,
        Measure("heat_power", "design heat injection into the source", "设计放热量", 0, 1e6, True),
    ] = None
    design_flow: Annotated[
        float | None, Measure("volume_flow", "design flow", "设计流量", 0, 1e5, positive=True)
    ] = None
    yearly_extraction: Annotated[
        float | None,
        Measure("heat_energy", "heat taken from the source in a year, where no load says it",
                "全年取热量（无负荷资料时）", 0, 1e10),
    ] = None  # fmt: skip
    yearly_injection: Annotated[
        float | None,
        Measure("heat_energy", "heat given to the source in a year, where no load says it",
                "全年放热量（无负荷资料时）", 0, 1e10),
    ] = None  # fmt: skip
    full_load_hours: Annotated[
        float | None,
        Measure("time", "hours a year at design flow that move the year's water",
                "年当量满流量运行时数", 0, 8784, positive=True),
    ] = None  # fmt: skip
    commissioned: Annotated[int | None, Meaning("year of commissioning", "投运年份")] = None


class _Water(SourceTable):
    """What every open water has."""

    temperature_mean: Annotated[
        float | None, Measure("temperature", "yearly mean temperature", "年平均温度", -2, 95)
    ] = None
    temperature_amplitude: Annotated[
        float | None,
        Measure("temperature_difference", "half the yearly swing", "年波动半幅", 0, 30),
    ] = None
    warmest_day: Annotated[
        float | None, Measure("ratio", "warmest day of the year, 1 to 366", "年最高温日序", 1, 366)
    ] = None
    temperature_file: Annotated[
        str,
        Meaning(
            "CSV file of temperatures, relative to the site folder",
            "温度 CSV 文件（相对项目文件夹）",
        ),
    ] = ""
    minimum_return_temperature: Annotated[
        float | None,
        Measure(
            "temperature", "lowest temperature of the returned water", "允许最低退水温度", -5, 60
        ),
    ] = None
    maximum_return_temperature: Annotated[
        float | None,
        Measure(
            "temperature", "highest temperature of the returned water", "允许最高退水温度", 0, 80
        ),
    ] = None
    maximum_flow: Annotated[
        float | None, Measure("volume_flow", "available flow", "可用流量", 0, 1e6, positive=True)
    ] = None
    exchanger: Annotated[str, Meaning("id of the exchanger in between", "中间换热器标识")] = ""
    fouling: Annotated[
        float | None,
        Measure(
            "ratio",
            "share of the exchanger's transmission lost to fouling",
            "污垢造成的传热损失比例",
            0,
            0.95,
        ),
    ] = None

    def findings(self) -> Iterator[Finding]:
        """Limits of the returned water that no water can keep."""
        yield from return_limit_findings(
            self.minimum_return_temperature, self.maximum_return_temperature
        )


class SurfaceWater(_Water):
    """``[sources.ID] type = "surface_water"``: river, lake or sea."""

    meaning: ClassVar[Text] = Text("river, lake or sea water", "地表水（江河湖海）")
    type: Annotated[Literal["surface_water"], Meaning("kind of source", "热源类型")]
    body: Annotated[
        Literal["river", "lake", "sea", "pond"], Meaning("body of water", "水体类型")
    ] = "river"
    depth: Annotated[float | None, Measure("length", "depth of the intake", "取水深度", 0, 200)] = (
        None
    )


class Sewage(_Water):
    """``[sources.ID] type = "sewage"``: raw sewage."""

    meaning: ClassVar[Text] = Text("raw sewage", "原生污水")
    type: Annotated[Literal["sewage"], Meaning("kind of source", "热源类型")]


class ReclaimedWater(_Water):
    """``[sources.ID] type = "reclaimed_water"``: treated sewage."""

    meaning: ClassVar[Text] = Text("reclaimed water", "再生水")
    type: Annotated[Literal["reclaimed_water"], Meaning("kind of source", "热源类型")]


class MineWater(_Water):
    """``[sources.ID] type = "mine_water"``: water of a mine or a spring."""

    meaning: ClassVar[Text] = Text("mine or spring water", "矿井水或泉水")
    type: Annotated[Literal["mine_water"], Meaning("kind of source", "热源类型")]


class WasteHeat(_Water):
    """``[sources.ID] type = "waste_heat"``: waste heat of a process or a data centre."""

    meaning: ClassVar[Text] = Text("waste heat", "余热废热")
    type: Annotated[Literal["waste_heat"], Meaning("kind of source", "热源类型")]
    available_power: Annotated[
        float | None, Measure("heat_power", "available heat", "可用余热量", 0, 1e6, positive=True)
    ] = None


class Air(SourceTable):
    """``[sources.ID] type = "air"``: outdoor air."""

    meaning: ClassVar[Text] = Text("outdoor air", "室外空气")
    type: Annotated[Literal["air"], Meaning("kind of source", "热源类型")]
    weather_file: Annotated[str, Meaning("weather file (EPW or CSV)", "气象文件（EPW 或 CSV）")] = (
        ""
    )


class OtherSource(SourceTable):
    """``[sources.ID] type = "other"``: a source that is metered but not modelled.

    A laboratory's brine circuit, or a house whose ground side is not documented.
    """

    meaning: ClassVar[Text] = Text(
        "a source that is metered but not described", "只计量而未描述的热源（例如试验台）"
    )
    type: Annotated[Literal["other"], Meaning("kind of source", "热源类型")]
