"""``[[response_tests]]``: thermal response tests of the site, how their files are written, results.

The file of a test stays as the logger wrote it; this table says what its columns mean. What the
evaluation found is written into the same table, so that a value and its origin stand together.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, ClassVar

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table

_AFTER = Text("the test was before the borehole was grouted", "试验日期早于回填日期")
_DAYS = Text("correct grouted or date", "请更正 grouted 或 date")
_NO_MEASUREMENT = Text(
    "neither fluid_temperature nor inlet and outlet is named",
    "既未给出 fluid_temperature，也未给出 inlet 与 outlet",
)
_NAME_THEM = Text(
    "name fluid_temperature, or inlet and outlet", "请给出 fluid_temperature，或 inlet 与 outlet"
)
_RELATIVE = Text(
    "a relative heat rate needs nominal_power", "相对热流率须同时给出 nominal_power（名义功率）"
)
_ADD_POWER = Text('add nominal_power = "6 kW"', '请补充 nominal_power = "6 kW"')


class ResponseTestColumns(Table):
    """``[response_tests.columns]``: which column of the file is what.

    A column is named as in its header, or by its position as ``#1``; a unit that the header does
    not show stands behind a bar: ``"#2 | °C"``.
    """

    meaning: ClassVar[Text] = Text(
        'columns of the file: the name in the header or "#2" for the second, '
        'with a unit the header lacks behind a bar: "#2 | °C"',
        '文件各列：填表头名称，或以 "#2" 表示第二列；表头未注明的单位写在竖线后，如 "#2 | °C"',
    )

    time: Annotated[str, Meaning("time: number with a unit, or date and time", "时间")] = ""
    fluid_temperature: Annotated[
        str,
        Meaning("mean fluid temperature, where inlet and outlet are not logged", "流体平均温度"),
    ] = ""
    inlet: Annotated[str, Meaning("fluid temperature into the borehole", "进孔温度")] = ""
    outlet: Annotated[str, Meaning("fluid temperature out of the borehole", "出孔温度")] = ""
    power: Annotated[str, Meaning("heat rate into the ground", "加热功率（注入热流率）")] = ""
    relative_power: Annotated[
        str, Meaning("heat rate as share of nominal_power", "相对热流率（与名义功率之比）")
    ] = ""
    flow: Annotated[str, Meaning("flow, by volume or mass", "流量（体积或质量）")] = ""
    ambient: Annotated[str, Meaning("air temperature", "环境温度")] = ""
    bleed: Annotated[str, Meaning("standing column well: flow bled off", "立柱井：排放流量")] = ""
    well_level: Annotated[
        str,
        Meaning("standing column well: water above the logger, or its depth",
                "立柱井：记录仪测得的水位或水压"),
    ] = ""  # fmt: skip
    well_temperature: Annotated[
        str, Meaning("standing column well: temperature at that logger", "立柱井：该记录仪的温度")
    ] = ""
    other_level: Annotated[
        str, Meaning("the same in the well that takes the bleed", "排放水回灌井：水位或水压")
    ] = ""
    other_temperature: Annotated[
        str, Meaning("temperature at the logger of that well", "排放水回灌井：记录仪温度")
    ] = ""

    def findings(self) -> Iterator[Finding]:
        """A map that names columns, but no temperature among them."""
        named = any(getattr(self, name) for name in type(self).model_fields)
        if named and not self.fluid_temperature and not (self.inlet and self.outlet):
            yield Finding("inlet", _NO_MEASUREMENT, _NAME_THEM)


class ResponseTestResult(Table):
    """``[response_tests.result]``: what the evaluation found, written by ``test-response``."""

    meaning: ClassVar[Text] = Text("result of the evaluation", "评价结果")

    conductivity: Annotated[
        float,
        Measure("thermal_conductivity", "conductivity of the ground", "岩土导热系数", 0.1, 20),
    ]  # fmt: skip
    conductivity_uncertainty: Annotated[
        float | None,
        Measure("thermal_conductivity", "its expanded uncertainty (k = 2)", "其扩展不确定度（k=2）",
                0.005, 20),
    ] = None  # fmt: skip
    thermal_resistance: Annotated[
        float | None,
        Measure("thermal_resistance_length", "borehole thermal resistance", "钻孔热阻", 0.0001, 2),
    ] = None
    thermal_resistance_uncertainty: Annotated[
        float | None,
        Measure("thermal_resistance_length", "its expanded uncertainty (k = 2)",
                "其扩展不确定度（k=2）", 0, 2),
    ] = None  # fmt: skip
    method: Annotated[str, Meaning("method of the evaluation", "评价方法")] = ""
    window_start: Annotated[
        float | None, Measure("time", "first time used, from the start of heating", "取用起始时刻",
                              0, 1e5),
    ] = None  # fmt: skip
    window_end: Annotated[
        float | None, Measure("time", "last time used, from the start of heating", "取用终止时刻",
                              0, 1e5),
    ] = None  # fmt: skip
    rows: Annotated[int | None, Meaning("records used", "取用记录数")] = None
    sha256: Annotated[str, Meaning("SHA-256 of the file evaluated", "所评价文件的 SHA-256")] = ""
    evaluated: Annotated[datetime.date | None, Meaning("day of the evaluation", "评价日期")] = None
    software: Annotated[str, Meaning("program and version", "软件与版本")] = ""


class ResponseTest(Table):
    """``[[response_tests]]``: one thermal response test."""

    meaning: ClassVar[Text] = Text("a thermal response test", "岩土热响应试验")

    file: Annotated[str, Meaning("data file in the site folder", "项目文件夹内的数据文件")]
    layers_file: Annotated[
        str,
        Meaning("file of fluid temperatures by depth, columns `down 10 m`, `up 10 m`",
                "沿深度的流体温度文件，列名如 `down 10 m`、`up 10 m`"),
    ] = ""  # fmt: skip
    name: Annotated[str, Meaning("name of the test or of its borehole", "试验或测试孔名称")] = ""
    source: Annotated[
        str, Meaning("id of the bore field the borehole belongs to", "所属地埋管孔群标识")
    ] = ""
    date: Annotated[datetime.date | None, Meaning("first day of heating", "开始加热日期")] = None
    by: Annotated[str, Meaning("who made the test", "测试单位")] = ""
    grouted: Annotated[
        datetime.date | None, Meaning("day the borehole was grouted", "钻孔回填日期")
    ] = None
    heating_start: Annotated[
        str,
        Meaning(
            "when heating began, a date and time; times that are numbers count from it",
            "开始加热的日期时间；以数字表示的时间自该时刻起算",
        ),
    ] = ""
    borehole_length: Annotated[
        float | None,
        Measure("length", "active length of the tested borehole; none: that of the bore field",
                "测试孔有效孔深；缺省取孔群值", 1, 3000),
    ] = None  # fmt: skip
    borehole_diameter: Annotated[
        float | None,
        Measure("length", "diameter of the tested borehole; none: that of the bore field",
                "测试孔孔径；缺省取孔群值", 0.02, 3),
    ] = None  # fmt: skip
    undisturbed_temperature: Annotated[
        float | None,
        Measure("temperature", "measured before heating; none: that of the ground",
                "加热前实测初始地温；缺省取地层值", -10, 60),
    ] = None  # fmt: skip
    heat_capacity: Annotated[
        float | None,
        Measure("volumetric_heat_capacity",
                "of the ground, for the evaluation; none: mean of the layers",
                "评价所用岩土容积热容；缺省取各层平均", 0.5, 5),
    ] = None  # fmt: skip
    nominal_power: Annotated[
        float | None,
        Measure("heat_power", "nominal heat rate", "名义加热功率", 0, 1000, positive=True),
    ] = None
    power_accuracy: Annotated[
        float | None,
        Measure("ratio", "limit of error of the heat rate", "加热功率允许误差", 0, 0.5),
    ] = None
    flow_accuracy: Annotated[
        float | None, Measure("ratio", "limit of error of the flow", "流量允许误差", 0, 0.5)
    ] = None
    temperature_accuracy: Annotated[
        float | None,
        Measure("temperature_difference", "limit of error of thermometers", "温度允许误差", 0, 5),
    ] = None  # fmt: skip
    columns: Annotated[ResponseTestColumns, Meaning("columns of the file", "文件各列的含义")] = (
        ResponseTestColumns()
    )
    result: Annotated[
        ResponseTestResult | None, Meaning("result of the evaluation", "评价结果")
    ] = None

    def findings(self) -> Iterator[Finding]:
        """A test before grouting, a relative heat rate without the nominal one."""
        if self.date and self.grouted and self.date < self.grouted:
            yield Finding("date", _AFTER, _DAYS, f"{self.date} < {self.grouted}")
        if self.columns.relative_power and self.nominal_power is None:
            yield Finding("nominal_power", _RELATIVE, _ADD_POWER)
