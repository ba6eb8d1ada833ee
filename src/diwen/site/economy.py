"""What it costs: ``[tariff]``, ``[subsidy]``, ``[water]``, ``[costs]``."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table
from diwen.site.hours import DAY, HoursText, clock

_OVERLAP = Text(
    "tariff periods overlap at {time} ({one} and {other})",
    "电价时段在 {time} 重叠（{one} 与 {other}）",
)
_HOLE = Text("no tariff period covers {time}", "{time} 没有任何电价时段")
_COVER = Text(
    "let the hours of the periods cover each day of each month exactly once, 00:00 to 24:00",
    "请使各时段在每月每天 00:00 至 24:00 恰好覆盖一次",
)
_MONTH = Text("month {month}: {message}", "{month} 月：{message}")


class TariffPeriod(Table):
    """``[[tariff.periods]]``: hours of the day with their price."""

    meaning: ClassVar[Text] = Text("hours of the day with their price", "分时电价时段")

    name: Annotated[
        Literal["sharp", "peak", "flat", "valley", "deep_valley"],
        Meaning("kind of period", "时段：尖峰、高峰、平段、低谷、深谷"),
    ]
    hours: Annotated[HoursText, Meaning("hours of the day", "一天中的时段")]
    price: Annotated[float, Measure("energy_price", "price", "电价", -1, 20)]
    months: Annotated[
        tuple[Annotated[int, Field(ge=1, le=12)], ...],
        Meaning("months in which it holds; empty: all", "适用月份；留空为全年"),
    ] = ()


class Tariff(Table):
    """``[tariff]``: prices of electricity, gas and heat."""

    meaning: ClassVar[Text] = Text("prices of energy", "能源价格")

    currency: Annotated[Literal["CNY"], Meaning("currency", "货币")] = "CNY"
    electricity_price: Annotated[
        float | None, Measure("energy_price", "single electricity price", "单一制电价", -1, 20)
    ] = None
    periods: Annotated[
        tuple[TariffPeriod, ...],
        Meaning("time-of-use periods; they replace the single price", "分时电价，代替单一电价"),
    ] = ()
    gas_price: Annotated[float | None, Measure("volume_price", "gas price", "燃气价格", 0, 100)] = (
        None
    )
    heat_price: Annotated[
        float | None, Measure("energy_price", "price of the heat sold", "售热价格", 0, 20)
    ] = None
    heat_price_area: Annotated[
        float | None,
        Measure(
            "area_price",
            "price of heating per area and season",
            "按面积计的供暖价格（每季）",
            0,
            1000,
        ),
    ] = None
    coal_price: Annotated[
        float | None,
        Measure("mass_price", "price of coal, per tonne of coal equivalent", "标准煤价格", 0, 1e5),
    ] = None
    district_heat_price: Annotated[
        float | None, Measure("energy_price", "price of district heat", "集中供热热价", 0, 20)
    ] = None
    district_heat_price_area: Annotated[
        float | None,
        Measure("area_price", "district heating charge per area and season",
                "集中供热按面积收费（每季）", 0, 1000),
    ] = None  # fmt: skip
    demand_charge: Annotated[
        float | None,
        Measure("power_price", "charge per kW of the month's highest demand", "需量电价（每月）",
                0, 1000),
    ] = None  # fmt: skip
    capacity_charge: Annotated[
        float | None,
        Measure("power_price", "charge per kW of connected capacity and month",
                "容量电价（每月）", 0, 1000),
    ] = None  # fmt: skip
    connected_capacity: Annotated[
        float | None,
        Measure("electric_power", "capacity that the capacity charge is on", "计费容量", 0, 1e6),
    ] = None
    electricity_escalation: Annotated[
        float | None,
        Measure("ratio", "yearly rise of the electricity price", "电价年涨幅", -0.2, 0.3),
    ] = None
    fuel_escalation: Annotated[
        float | None,
        Measure("ratio", "yearly rise of fuel and heat prices", "燃料与热价年涨幅", -0.2, 0.3),
    ] = None
    valid_from: Annotated[
        datetime.date | None, Meaning("first day of these prices", "价格起始日")
    ] = None
    source: Annotated[str, Meaning("where the prices come from", "价格来源")] = ""

    def findings(self) -> Iterator[Finding]:
        """Time-of-use periods that overlap or leave holes, one finding per fault."""
        if not self.periods:
            return
        seen: set[Text] = set()
        for month in range(1, 13):
            message = self._fault(month)
            if message is not None and message not in seen:
                seen.add(message)
                yield Finding("periods", _MONTH.format(month=month, message=message), _COVER)

    def _fault(self, month: int) -> Text | None:
        owner: dict[int, str] = {}
        for period in self.periods:
            if period.months and month not in period.months:
                continue
            for minute in period.hours.minutes():
                if minute in owner:
                    shown = {"one": owner[minute], "other": period.name}
                    return _OVERLAP.format(time=clock(minute), **shown)
                owner[minute] = period.name
        hole = next((minute for minute in range(DAY) if minute not in owner), None)
        return None if hole is None else _HOLE.format(time=clock(hole))


class Subsidy(Table):
    """``[subsidy]``: what the eligibility of subsidies depends on."""

    meaning: ClassVar[Text] = Text("facts for subsidies", "奖补条件")

    scheme: Annotated[
        str, Meaning("scheme of the rules, such as jilin", "奖补政策，例如 jilin")
    ] = ""
    area: Annotated[
        float | None, Measure("area", "area that counts", "计奖面积", 0, 1e9, positive=True)
    ] = None
    investment: Annotated[float | None, Measure("money", "total investment", "总投资", 0, 1e12)] = (
        None
    )
    survey_report: Annotated[
        bool, Meaning("geothermal survey report exists", "已有地热资源勘查评价报告")
    ] = False
    recharge_measure: Annotated[
        bool, Meaning("summer recharge is provided", "已有夏季补热措施")
    ] = False
    new_building: Annotated[bool, Meaning("new, not a retrofit", "新建（非改造）")] = False
    valley_price_support: Annotated[
        float | None,
        Measure("energy_price", "support per valley kWh", "谷段电价补贴", 0, 5),
    ] = None


class Water(Table):
    """``[water]``: water tax and reinjection."""

    meaning: ClassVar[Text] = Text("water resource tax and reinjection", "水资源税与回灌")

    tax_rate_reinjected: Annotated[
        float | None,
        Measure("volume_price", "tax rate with proven full reinjection; none: the region's rule",
                "全部回灌时的税率；缺省按地方规则", 0, 100),
    ] = None  # fmt: skip
    tax_rate_otherwise: Annotated[
        float | None,
        Measure("volume_price", "tax rate otherwise", "未能证明全部回灌时的税率", 0, 100),
    ] = None
    reinjection: Annotated[
        Literal["none", "partial", "full"], Meaning("reinjection as designed", "设计回灌方式")
    ] = "full"
    same_aquifer: Annotated[
        bool, Meaning("reinjected into the aquifer it came from", "同层回灌")
    ] = True
    permit: Annotated[str, Meaning("number of the abstraction permit", "取水许可证号")] = ""
    permitted_volume: Annotated[
        float | None, Measure("volume", "permitted yearly volume", "年许可取水量", 0, 1e10)
    ] = None


class CostItem(Table):
    """``[[costs.items]]``: one thing that is bought, or one unit cost of the user's own."""

    meaning: ClassVar[Text] = Text("an item of the investment", "投资分项")

    item: Annotated[
        str,
        Meaning("item of the rules (bore_metre, heat_pump_water...), or a name of your own",
                "规则中的分项（bore_metre、heat_pump_water 等）或自定名称"),
        Field(min_length=1),
    ]  # fmt: skip
    unit_cost: Annotated[
        float | None,
        Measure("money", "cost per unit of the rule row, or of one piece",
                "单价（按规则单位，或每件）", 0, 1e12),
    ] = None  # fmt: skip
    quantity: Annotated[
        float | None,
        Meaning("how many units; none: as the design has it", "数量；缺省按设计取值"),
        Field(ge=0, allow_inf_nan=False),
    ] = None
    life: Annotated[
        int | None, Meaning("service life in years", "使用寿命（年）"), Field(ge=1, le=200)
    ] = None
    plant: Annotated[
        Literal["ground_source", "gas_boiler", "coal_boiler", "electric_boiler", "district_heat",
                "air_source"],
        Meaning("the plant it belongs to", "所属方案"),
    ] = "ground_source"  # fmt: skip


class Costs(Table):
    """``[costs]``: capital and running cost other than energy."""

    meaning: ClassVar[Text] = Text("capital and running cost", "投资与运行费用")

    investment: Annotated[float | None, Measure("money", "total investment", "总投资", 0, 1e12)] = (
        None
    )
    baseline_investment: Annotated[
        float | None,
        Measure("money", "investment of the conventional system", "常规系统投资", 0, 1e12),
    ] = None
    maintenance: Annotated[
        float | None, Measure("money", "yearly maintenance", "年维护费", 0, 1e10)
    ] = None
    staff: Annotated[float | None, Measure("money", "yearly staff cost", "年人工费", 0, 1e10)] = (
        None
    )
    discount_rate: Annotated[float | None, Measure("ratio", "discount rate", "折现率", 0, 0.3)] = (
        None
    )
    items: Annotated[tuple[CostItem, ...], Meaning("items of the investment", "投资分项")] = ()
    planned_years: Annotated[
        int | None, Meaning("years of the economic study", "经济分析年限"), Field(ge=1, le=100)
    ] = None
    inflation: Annotated[
        float | None,
        Measure("ratio", "yearly rise of equipment and wages", "设备与人工价格年涨幅", -0.1, 0.3),
    ] = None
