"""``[heat_pumps.ID]``: rated values, rating points, limits and part load of a heat pump."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.cell_problems import LIMITS_CURE
from diwen.site.cycle_table import ThermodynamicCycle
from diwen.site.fields import Finding, Meaning, Measure, Table
from diwen.site.fluids import Fluid

HeatPumpType = Literal[
    "water_water", "brine_water", "water_air", "brine_air", "air_water", "air_air", "steam"
]

_ABOVE_CARNOT = Text(
    "the rated COP {cop} is above the Carnot limit {limit} between {cold} and {hot} °C",
    "额定性能系数 {cop} 超过 {cold} 至 {hot} °C 之间的卡诺极限 {limit}",
)
_BELOW_ONE = Text(
    "the rated heating capacity is below the rated power: COP {cop}",
    "额定制热量小于额定功率：性能系数 {cop}",
)
_CHECK_UNITS = Text(
    "check capacity, power (kW or W?) and temperatures on the nameplate",
    "请核对铭牌上的制热（冷）量、功率（kW 还是 W）和温度",
)
_NO_LIFT = Text(
    "the supply of the heating rating is no warmer than what enters from the source",
    "制热额定工况的供水温度不高于地源侧进口温度",
)
_HALF = Text("capacity and power are needed both", "制热（冷）量与功率须同时给出")
_ADD = Text("add {key}", "请补充 {key}")
_ORDER = Text("the lower limit is not below the upper one", "下限不小于上限")


class RatingPoint(Table):
    """``[[heat_pumps.ID.rating_points]]``: one tested operating point."""

    meaning: ClassVar[Text] = Text("a tested operating point", "一个测试工况点")

    mode: Annotated[Literal["heating", "cooling"], Meaning("mode", "模式")]
    source_entering: Annotated[
        float, Measure("temperature", "source entering temperature", "地源侧进口温度", -45, 95)
    ]
    source_leaving: Annotated[
        float | None,
        Measure("temperature", "source leaving temperature", "地源侧出口温度", -50, 95),
    ] = None
    load_entering: Annotated[
        float | None,
        Measure("temperature", "load entering temperature", "用户侧进口温度", -20, 160),
    ] = None
    load_leaving: Annotated[
        float, Measure("temperature", "load leaving temperature", "用户侧出口温度", -20, 180)
    ]
    capacity: Annotated[
        float, Measure("heat_power", "heating or cooling capacity", "制热（冷）量", 0, 1e6, True)
    ]
    power: Annotated[
        float, Measure("electric_power", "electric power", "输入功率", 0, 1e6, positive=True)
    ]
    part_load: Annotated[
        float, Measure("ratio", "share of full load", "负荷率", 0, 1.5, positive=True)
    ] = 1.0

    def findings(self) -> Iterator[Finding]:
        """A coefficient of performance that nature does not allow."""
        given = self.source_leaving
        hot, cold = self.load_leaving, self.source_entering if given is None else given
        if self.mode == "cooling":
            hot, cold = cold, hot
        # Between leaving temperatures the real machine spans more, so this bound is generous.
        if hot > cold:
            yield from carnot_findings("capacity", self.mode, self.capacity, self.power, cold, hot)


def carnot_findings(
    key: str, mode: str, capacity: float, power: float, cold: float, hot: float
) -> Iterator[Finding]:
    """A finding where capacity / power exceeds the Carnot limit between two temperatures (°C)."""
    kelvin = (hot if mode == "heating" else cold) + 273.15
    limit = kelvin / (hot - cold)
    if capacity / power > limit:
        shown = {"cop": f"{capacity / power:.2f}", "limit": f"{limit:.2f}"}
        message = _ABOVE_CARNOT.format(**shown, cold=f"{cold:g}", hot=f"{hot:g}")
        yield Finding(key, message, _CHECK_UNITS, f"{capacity:g} W / {power:g} W")


class HeatPump(Table):
    """``[heat_pumps.ID]``: one heat pump."""

    meaning: ClassVar[Text] = Text("a heat pump", "热泵机组")

    name: Annotated[str, Meaning("name", "名称")] = ""
    source: Annotated[str, Meaning("id of the source it draws on", "所用热源的标识")] = ""
    type: Annotated[HeatPumpType, Meaning("kind of heat pump", "机组类型")]
    model: Annotated[str, Meaning("maker and model", "厂家与型号")] = ""
    count: Annotated[
        int, Meaning("number of identical units", "相同机组台数"), Field(ge=1, le=10_000)
    ] = 1
    rated_heating_capacity: Annotated[
        float | None, Measure("heat_power", "rated heating capacity", "额定制热量", 0, 1e6, True)
    ] = None
    rated_heating_power: Annotated[
        float | None,
        Measure("electric_power", "rated power, heating", "额定制热输入功率", 0, 1e6, True),
    ] = None
    rated_cooling_capacity: Annotated[
        float | None, Measure("heat_power", "rated cooling capacity", "额定制冷量", 0, 1e6, True)
    ] = None
    rated_cooling_power: Annotated[
        float | None,
        Measure("electric_power", "rated power, cooling", "额定制冷输入功率", 0, 1e6, True),
    ] = None
    rated_heating_source_temperature: Annotated[
        float | None,
        Measure("temperature", "source entering temperature of the heating rating",
                "制热额定工况地源侧进口温度", -45, 95),
    ] = None  # fmt: skip
    rated_heating_supply_temperature: Annotated[
        float | None,
        Measure("temperature", "supply temperature of the heating rating",
                "制热额定工况供水温度", 15, 180),
    ] = None  # fmt: skip
    rated_cooling_source_temperature: Annotated[
        float | None,
        Measure("temperature", "source entering temperature of the cooling rating",
                "制冷额定工况地源侧进口温度", -10, 60),
    ] = None  # fmt: skip
    rated_cooling_supply_temperature: Annotated[
        float | None,
        Measure("temperature", "supply temperature of the cooling rating",
                "制冷额定工况供水温度", -20, 25),
    ] = None  # fmt: skip
    rating_points: Annotated[
        tuple[RatingPoint, ...], Meaning("further tested points", "其他测试工况点")
    ] = ()
    performance_map: Annotated[
        str,
        Meaning("CSV file of the maker's performance table, relative to the site folder",
                "厂家性能表 CSV 文件（相对项目文件夹）"),
    ] = ""  # fmt: skip
    cycle: Annotated[
        ThermodynamicCycle | None,
        Meaning("its thermodynamic cycle, where only its capacity at one point is known",
                "热力循环（仅知一个工况点的制热（冷）量时）"),
    ] = None  # fmt: skip
    refrigerant: Annotated[str, Meaning("refrigerant, such as R410A", "制冷剂，例如 R410A")] = ""
    refrigerant_charge: Annotated[
        float | None, Measure("mass", "refrigerant charge", "制冷剂充注量", 0, 1e5)
    ] = None
    source_fluid: Annotated[Fluid, Meaning("fluid of the source side", "地源侧流体")] = Fluid()
    load_fluid: Annotated[Fluid, Meaning("fluid of the load side", "用户侧流体")] = Fluid()
    built_in_pumps: Annotated[
        bool,
        Meaning(
            "circulation pumps are built in, and metered together with the unit",
            "循环泵内置于机组，并与机组一并计量",
        ),
    ] = False
    source_flow: Annotated[
        float | None,
        Measure("volume_flow", "design flow, source side", "地源侧设计流量", 0, 1e5, True),
    ] = None
    load_flow: Annotated[
        float | None,
        Measure("volume_flow", "design flow, load side", "用户侧设计流量", 0, 1e5, True),
    ] = None
    compressor: Annotated[
        Literal["", "fixed", "staged", "inverter"],
        Meaning("how capacity is set; empty: unknown", "容量调节方式；留空为未知"),
    ] = ""
    stages: Annotated[int, Meaning("number of stages", "容量级数"), Field(ge=1)] = 1
    minimum_part_load: Annotated[
        float | None, Measure("ratio", "smallest share of full load", "最低负荷率", 0, 1)
    ] = None
    part_load_degradation: Annotated[
        float | None,
        Measure("ratio", "cycling degradation coefficient (EN 14825 Cc, 1 = none)",
                "部分负荷修正系数（EN 14825 Cc，1 为无衰减）", 0, 1),
    ] = None  # fmt: skip
    standby_power: Annotated[
        float | None, Measure("electric_power", "power at standstill", "待机功率", 0, 1000)
    ] = None
    simultaneous: Annotated[
        bool, Meaning("can heat and cool at the same time", "可同时制热与制冷（热冷同供）")
    ] = False
    heat_recovery: Annotated[
        Literal["none", "partial", "full"], Meaning("heat recovery", "热回收方式")
    ] = "none"
    minimum_source_temperature: Annotated[
        float | None,
        Measure("temperature", "lowest source entering temperature", "地源侧最低进口温度", -45, 60),
    ] = None
    maximum_source_temperature: Annotated[
        float | None,
        Measure(
            "temperature", "highest source entering temperature", "地源侧最高进口温度", -20, 120
        ),
    ] = None
    maximum_supply_temperature: Annotated[
        float | None, Measure("temperature", "highest supply temperature", "最高供水温度", 15, 180)
    ] = None
    minimum_chilled_temperature: Annotated[
        float | None,
        Measure("temperature", "lowest chilled supply temperature", "最低冷冻水供水温度", -30, 25),
    ] = None
    minimum_run_time: Annotated[
        float | None, Measure("time", "shortest run", "最短运行时间", 0, 24)
    ] = None
    minimum_stop_time: Annotated[
        float | None, Measure("time", "shortest pause", "最短停机时间", 0, 24)
    ] = None
    starts_per_hour: Annotated[
        float | None, Measure("ratio", "most starts in an hour", "每小时最多启动次数", 0, 60)
    ] = None
    draws_on: Annotated[
        str,
        Meaning("what it draws on where that is no source of the site: the id of a loop (upper "
                "stage of a cascade) or air; empty: its source",
                "从何处取热（非热源时）：回路标识（复叠的高温级）或 air（空气）；留空为其 source"),
    ] = ""  # fmt: skip
    serves: Annotated[
        tuple[str, ...],
        Meaning("ids of the loops it serves, the first first, or of the source it recharges; "
                "empty: every loop it can",
                "所供回路标识（按先后），或其补热的热源标识；留空为所有可供的回路"),
    ] = ()  # fmt: skip
    recovery_share: Annotated[
        float | None,
        Measure("ratio", "share of the condenser heat of cooling that partial recovery gives",
                "部分热回收量占制冷冷凝热的比例", 0, 1),
    ] = None  # fmt: skip
    lowest_outdoor_temperature: Annotated[
        float | None,
        Measure("temperature", "outdoor temperature below which it stays off",
                "低于此室外温度即停机", -60, 40),
    ] = None  # fmt: skip
    passive_cooling_below: Annotated[
        float | None,
        Measure("temperature", "source temperature below which it cools without compressor",
                "低于此地源侧温度时可不开压缩机自然冷却", -10, 25),
    ] = None  # fmt: skip
    yearly_degradation: Annotated[
        float | None,
        Measure("ratio", "efficiency lost in a year of age", "每年性能衰减率", 0, 0.2),
    ] = None
    commissioned: Annotated[int | None, Meaning("year of commissioning", "投运年份")] = None

    def findings(self) -> Iterator[Finding]:
        """Ratings that contradict each other or nature."""
        for mode in ("heating", "cooling"):
            yield from self._rating_findings(mode)
        low, high = self.minimum_source_temperature, self.maximum_source_temperature
        if low is not None and high is not None and low >= high:
            yield Finding(
                "minimum_source_temperature", _ORDER, LIMITS_CURE, f"{low:g} … {high:g} °C"
            )

    def _rating_findings(self, mode: Literal["heating", "cooling"]) -> Iterator[Finding]:
        capacity_key, power_key = f"rated_{mode}_capacity", f"rated_{mode}_power"
        capacity, power = getattr(self, capacity_key), getattr(self, power_key)
        if capacity is None and power is None:
            return
        if power is None and self.cycle is not None:
            return
        if capacity is None or power is None:
            lacking = capacity_key if capacity is None else power_key
            yield Finding(lacking, _HALF, _ADD.format(key=lacking))
            return
        if mode == "heating" and capacity < power:
            message = _BELOW_ONE.format(cop=f"{capacity / power:.2f}")
            yield Finding(capacity_key, message, _CHECK_UNITS, f"{capacity:g} W / {power:g} W")
        source = getattr(self, f"rated_{mode}_source_temperature")
        supply = getattr(self, f"rated_{mode}_supply_temperature")
        if source is None or supply is None:
            return
        cold, hot = (source, supply) if mode == "heating" else (supply, source)
        if hot > cold:
            yield from carnot_findings(capacity_key, mode, capacity, power, cold, hot)
        elif mode == "heating":
            shown = f"{source:g} / {supply:g} °C"
            yield Finding("rated_heating_supply_temperature", _NO_LIFT, _CHECK_UNITS, shown)
