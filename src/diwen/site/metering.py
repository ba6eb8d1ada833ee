"""``[metering]``, ``[evaluation]``, ``[telemetry]``: how the site is metered and judged."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table
from diwen.site.fluids import Fluid
from diwen.site.identity import TimeZone

_NEEDS_START = Text(
    "a time column in seconds, minutes, hours or days from a start needs that start",
    "以起点计的秒、分、时、日时间列需要给出起始时刻",
)
_ADD_START = Text(
    'add time_start = "2026-01-01 00:00:00" (local time of time_zone)',
    '请补充 time_start = "2026-01-01 00:00:00"（time_zone 的当地时间）',
)
_BAD_START = Text("not a date and time", "不是日期与时刻")
_LONG = Text("the long layout needs this column name", "长表布局需要该列名")
_ADD_COLUMN = Text("name the column of the file", "请写明文件中的列名")

SINCE_START = ("seconds", "minutes", "hours", "days")


class Metering(Table):
    """``[metering]``: what is metered and with which fluid."""

    meaning: ClassVar[Text] = Text("metering and boundary", "计量与系统边界")

    boundary: Annotated[
        Literal["gbt50801", "sepemo_h1", "sepemo_h2", "sepemo_h3", "sepemo_h4"],
        Meaning("boundary shown first in reports", "报告首先采用的系统边界"),
    ] = "gbt50801"
    source_fluid: Annotated[
        Fluid, Meaning("fluid counted on the source side", "地源侧计量流体")
    ] = Fluid()
    load_fluid: Annotated[Fluid, Meaning("fluid counted on the load side", "用户侧计量流体")] = (
        Fluid()
    )
    counted_fluid_known: Annotated[
        bool,
        Meaning("density and heat capacity are confirmed by a sample or a meter setting",
                "流体密度与比热已由取样或仪表设定确认"),
    ] = False  # fmt: skip
    monitoring_grade: Annotated[
        Literal["", "micro", "small", "medium", "large"],
        Meaning("scale class of the monitoring system", "监测系统规模等级"),
    ] = ""


class Evaluation(Table):
    """``[evaluation]``: profile, baselines and design values used as yardsticks."""

    meaning: ClassVar[Text] = Text("yardsticks of the evaluation", "评价基准")

    profile: Annotated[str, Meaning("grade profile of the rules", "评级规则集")] = "gbt50801"
    baseline_heating: Annotated[
        Literal["coal", "gas", "electric", "district", "air_source"],
        Meaning("heating that is replaced", "被替代的供暖方式"),
    ] = "coal"
    baseline_cooling: Annotated[
        Literal["chiller", "none"], Meaning("cooling that is replaced", "被替代的供冷方式")
    ] = "chiller"
    grid_region: Annotated[
        str, Meaning("region of the grid emission factor", "电网排放因子的地区")
    ] = ""
    design_heating_load: Annotated[
        float | None, Measure("heat_power", "design heating load", "设计热负荷", 0, 1e6, True)
    ] = None
    design_cooling_load: Annotated[
        float | None, Measure("heat_power", "design cooling load", "设计冷负荷", 0, 1e6, True)
    ] = None
    design_source_flow: Annotated[
        float | None, Measure("volume_flow", "design source flow", "地源侧设计流量", 0, 1e5, True)
    ] = None
    design_load_flow: Annotated[
        float | None, Measure("volume_flow", "design load flow", "用户侧设计流量", 0, 1e5, True)
    ] = None
    design_source_temperature_difference: Annotated[
        float | None,
        Measure(
            "temperature_difference", "design source-side difference", "地源侧设计温差", 0, 30, True
        ),
    ] = None
    design_load_temperature_difference: Annotated[
        float | None,
        Measure(
            "temperature_difference", "design load-side difference", "用户侧设计温差", 0, 60, True
        ),
    ] = None
    indoor_temperature: Annotated[
        float | None,
        Measure(
            "temperature", "indoor temperature of the degree days", "度日数的室内基准温度", 5, 26
        ),
    ] = None
    water_quality_edition: Annotated[
        Literal["2017", "1993"],
        Meaning("edition of GB/T 14848 for the samples", "水样评价采用的 GB/T 14848 版本"),
    ] = "2017"


class Telemetry(Table):
    """``[telemetry]``: how delivered files look unless a point says otherwise."""

    meaning: ClassVar[Text] = Text("form of the delivered data files", "数据文件格式")

    layout: Annotated[
        Literal["wide", "long"],
        Meaning(
            "one column per point, or one row per value", "每测点一列（wide）或每值一行（long）"
        ),
    ] = "wide"
    separator: Annotated[
        Literal["", ",", ";", "\t", "|", " "],
        Meaning("column separator; empty: found out", "列分隔符；留空自动识别"),
    ] = ""
    decimal: Annotated[
        Literal["", ".", ","], Meaning("decimal sign; empty: found out", "小数符号；留空自动识别")
    ] = ""
    encoding: Annotated[
        str, Meaning("text encoding; empty: found out", "文本编码；留空自动识别")
    ] = ""
    sheet: Annotated[str, Meaning("sheet of an Excel file", "Excel 工作表名")] = ""
    header_row: Annotated[
        int,
        Meaning("row of the header, from 1; 0: found out", "表头行号（从 1 起）；0 为自动识别"),
        Field(ge=0, le=1000),
    ] = 0  # fmt: skip
    time_column: Annotated[
        str, Meaning("time column; empty: found out", "时间列；留空自动识别")
    ] = ""
    date_column: Annotated[
        str, Meaning("date column where date and time stand apart", "日期与时刻分列时的日期列")
    ] = ""
    time_format: Annotated[
        str,
        Meaning(
            "strptime format, or iso, epoch_s, epoch_ms, excel, or seconds/minutes/hours/days "
            "from time_start; empty: found out",
            "strptime 格式，或 iso、epoch_s、epoch_ms、excel，或自 time_start 起的 "
            "seconds/minutes/hours/days；留空自动识别",
        ),
    ] = ""
    time_start: Annotated[
        str,
        Meaning("start of a time column counted from a start, local time",
                "以起点计时的起始时刻（当地时间）"),
    ] = ""  # fmt: skip
    time_zone: Annotated[
        TimeZone | None,
        Meaning("time zone of the files; none: that of the place", "文件时区；缺省为项目所在时区"),
    ] = None
    point_column: Annotated[
        str, Meaning("long layout: column of the point name", "长表布局：测点列")
    ] = ""
    value_column: Annotated[
        str, Meaning("long layout: column of the value", "长表布局：数值列")
    ] = ""
    sentinel: Annotated[
        tuple[float, ...],
        Meaning("numbers that mean: no value, such as -9999", "表示无效值的数字，例如 -9999"),
    ] = ()
    interval: Annotated[
        float | None, Measure("time", "usual interval of the records", "记录间隔", 0, 8784, True)
    ] = None

    def findings(self) -> Iterator[Finding]:
        """A start or a column that the form needs and that is not given."""
        if self.time_format in SINCE_START and not self.time_start:
            yield Finding("time_start", _NEEDS_START, _ADD_START)
        if self.time_start and not _is_time(self.time_start):
            yield Finding("time_start", _BAD_START, _ADD_START, self.time_start)
        if self.layout == "long":
            for key in ("point_column", "value_column"):
                if not getattr(self, key):
                    yield Finding(key, _LONG, _ADD_COLUMN)


def _is_time(text: str) -> bool:
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
