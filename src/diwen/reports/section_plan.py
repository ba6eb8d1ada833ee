"""Which sections the monthly, seasonal and annual report have, and what each is filled from.

The contents follow the three-level reporting of monitored ground-source heat-pump plants: the
month looks for abnormal swings and faults, the season judges one complete heating or cooling
season, the year looks at efficiency, thermal balance, equipment and economy.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from diwen.language import Text

Kind = Literal["monthly", "seasonal", "annual"]

SOURCE = ("source_entering", "source_leaving")
WELLS = ("well_abstraction", "well_injection", "wellhead", "water_level")


@dataclass(frozen=True, slots=True)
class Plan:
    """One section before it is filled.

    Attributes
    ----------
    title : heading
    catalogue : numbers of the indicators that belong here
    ids : beginnings of ids of results without a catalogue number
    families : families of results that belong here whatever their number
    subjects : ids of the recorded series to draw (``charts.SUBJECTS``)
    extra : names of special contents (``section_content.EXTRA``)
    locations : where points are needed; names what lacks when the section stays empty
    absent : why it stays empty, where no point would help
    """

    title: Text
    catalogue: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    locations: tuple[str, ...] = ()
    absent: Text | None = None


def _later(what_en: str, what_zh: str) -> Text:
    return Text(f"Not part of this report yet: {what_en}.", f"本报告暂不含此项：{what_zh}。")


_NO_LEDGER = Text(
    "ledger.csv has no entry dated in this period.", "ledger.csv 在本周期内没有记录。"
)
_NO_DIAGNOSIS = Text(
    "The site describes no plant whose deviations could be diagnosed.",
    "项目未描述可供诊断的系统。",
)

_WEATHER = Plan(
    Text("Weather", "气象"),
    families=("degree_days",),
    subjects=("outdoor_temperature",),
    locations=("outdoor",),
)
_ENERGY = Plan(
    Text("Heat, cold and electricity", "热量、冷量与电量"),
    catalogue=("K-11", "K-12", "K-35"),
    ids=("heat_load", "electric"),
    families=("system_energy",),
    subjects=("electric_power", "heat_power"),
    extra=("energy_by_part", "energy_by_day"),
    locations=("supply", "load"),
)
_PERFORMANCE = Plan(
    Text("Performance and grades", "能效与等级"),
    catalogue=tuple(f"K-{number:02d}" for number in range(1, 11)),
    families=("performance", "simultaneous", "boundaries", "steady"),
    extra=("performance_bars", "performance_by_day", "steady_operation"),
    locations=("load_leaving", "load_entering", "load", "supply"),
)
_TEMPERATURES = Plan(
    Text("Temperatures of source and load", "地源侧与用户侧温度"),
    catalogue=("K-18", "K-30"),
    families=("temperatures", "limits"),
    subjects=("source_temperatures", "load_temperatures"),
    locations=(*SOURCE, "load_leaving", "load_entering"),
)
_HYDRAULICS = Plan(
    Text("Hydraulics", "水力工况"),
    catalogue=("K-29",),
    families=("hydraulics",),
    subjects=("flow", "mass_flow", "pressure"),
    locations=("source", "load", "branch"),
)
_GROUND = Plan(
    Text("Heat balance of the ground", "地下热平衡"),
    catalogue=("K-14", "K-15", "K-16", "K-19"),
    families=("ground_balance",),
    extra=("ground_heat",),
    locations=(*SOURCE, "source"),
)
_GROUND_TEMPERATURE = Plan(
    Text("Ground temperature", "地温"),
    catalogue=("K-17",),
    subjects=("ground_temperatures",),
    locations=("ground",),
)
_WELLS = Plan(
    Text("Wells and groundwater", "热源井与地下水"),
    catalogue=("K-20", "K-21", "K-22", "K-23", "K-24", "K-51"),
    families=("wells", "groundwater_levels"),
    subjects=("well_temperatures", "water_level"),
    locations=WELLS,
)
_WATER = Plan(
    Text("Groundwater quality", "地下水水质"),
    catalogue=("K-25",),
    families=("water_quality", "water_impact"),
    extra=("water_classes",),
    absent=Text(
        "The site folder holds no laboratory samples of the groundwater.",
        "项目文件夹中没有地下水化验样品记录。",
    ),
)
_ROOMS = Plan(
    Text("Rooms", "室内环境"),
    catalogue=("K-26", "K-27", "K-28"),
    families=("rooms",),
    subjects=("room_temperatures",),
    locations=("room",),
)
_RUNNING = Plan(
    Text("Starts, running time and load factor", "启停、运行时间与负荷率"),
    catalogue=("K-31", "K-32", "K-33", "K-34"),
    ids=("running",),
    families=("load", "cycling"),
    locations=("unit", "supply"),
)
_LOAD = Plan(
    Text("Load against design", "实际负荷与设计对比"),
    catalogue=("K-33", "K-34", "K-36"),
    families=("load", "building_signature"),
    extra=("signature",),
    locations=("load", "outdoor"),
)
_EQUIPMENT = Plan(
    Text("State of the equipment", "设备状态"),
    catalogue=("K-31", "K-32", "K-49", "K-50"),
    ids=("running",),
    families=("cycling",),
    extra=("calibrations",),
    locations=("unit", "supply"),
)
_CARBON = Plan(
    Text("Conventional energy replaced and emissions", "常规能源替代量与减排量"),
    catalogue=("K-39", "K-40", "K-41"),
    families=("savings", "emissions"),
    locations=("load", "supply"),
)
_COST = Plan(
    Text("Cost and tariffs", "费用与电价"),
    catalogue=("K-37", "K-38", "K-42"),
    families=("cost", "payback"),
    absent=Text(
        "site.toml gives no electricity tariff ([tariff]) and no other cost.",
        "site.toml 未填写电价（[tariff]）及其他费用。",
    ),
)
_WATER_TAX = Plan(
    Text("Water resource tax", "水资源税"),
    catalogue=("K-43",),
    families=("water_tax",),
    locations=("well_abstraction", "well_injection"),
)
_SUBSIDY = Plan(
    Text("Subsidies", "奖补合规性"),
    catalogue=("K-44",),
    families=("subsidy",),
    absent=Text(
        "site.toml gives no investment and no subsidy scheme ([subsidy]).",
        "site.toml 未填写投资额与奖补政策（[subsidy]）。",
    ),
)
_SCORE = Plan(
    Text("Evaluation score", "综合评分"),
    catalogue=("K-54",),
    families=("score",),
    absent=Text(
        "No score: the indices and weights of NB/T 11700-2024 have not been found in an "
        "official text, and Diwen does not invent them.",
        "不评分：NB/T 11700-2024 的指标与权重未见正式文本，地温不作臆造。",
    ),
)
_ALARMS = Plan(
    Text("Alarms", "报警"),
    catalogue=("K-52", "K-53"),
    absent=_later("alarms (counts, response and repair times)", "报警（次数、响应与修复时间）"),
)
_ACTIONS = Plan(Text("Work done and due", "已完成与待办事项"), extra=("ledger",), absent=_NO_LEDGER)


def _deviation(extra: str) -> Plan:
    """The section on deviations of one kind of report."""
    title = Text("Deviations", "偏差")
    return Plan(title, catalogue=("K-48",), extra=(extra,), absent=_NO_DIAGNOSIS)


_MONTH_DEVIATION = _deviation("deviations_of_month")
_SEASON_DEVIATION = _deviation("deviations_of_season")
_YEAR_DEVIATION = _deviation("deviations_of_year")
_PLAN = Plan(
    Text("Plan for the next year", "下年度计划"), extra=("next_year",), absent=_NO_DIAGNOSIS
)
_DATA = Plan(
    Text("Data quality and closure of the energy balance", "数据质量与能量平衡闭合"),
    catalogue=("K-45", "K-46", "K-47"),
    families=("data_summary", "energy_balance"),
    extra=("quality", "coverage"),
)

_RECORDS = Plan(
    Text("Manual records, recomputed", "人工记录复核"),
    families=("records",),
    extra=("printed_records",),
)
_PORTFOLIO = Plan(Text("Portfolio", "多系统汇总"), families=("portfolio",))

#: Families that stand in their own section only, though their indicators bear common numbers.
APART = frozenset({"records", "portfolio"})
#: Sections that come first where a site holds tables instead of a plant.
TABLES = (_RECORDS, _PORTFOLIO)
#: Sections that follow the planned ones where they have something to show.
FOLLOWING = (
    _RECORDS, _PORTFOLIO, _LOAD, _GROUND_TEMPERATURE, _EQUIPMENT, _CARBON, _SUBSIDY, _SCORE,
)  # fmt: skip

PLANS: dict[Kind, tuple[Plan, ...]] = {
    "monthly": (
        _WEATHER, _ENERGY, _PERFORMANCE, _TEMPERATURES, _GROUND, _HYDRAULICS, _WELLS, _WATER,
        _ROOMS, _RUNNING, _ALARMS, _MONTH_DEVIATION, _ACTIONS, _DATA, _COST, _WATER_TAX,
    ),
    "seasonal": (
        _PERFORMANCE, _ENERGY, _WEATHER, _LOAD, _TEMPERATURES, _GROUND, _GROUND_TEMPERATURE,
        _WELLS, _WATER, _HYDRAULICS, _EQUIPMENT, _ROOMS, _CARBON, _COST, _WATER_TAX,
        _SEASON_DEVIATION, _ACTIONS, _DATA,
    ),
    "annual": (
        _PERFORMANCE, _ENERGY, _WEATHER, _LOAD, _GROUND, _GROUND_TEMPERATURE, _TEMPERATURES,
        _EQUIPMENT, _WELLS, _WATER, _WATER_TAX, _COST, _SUBSIDY, _CARBON, _ROOMS, _HYDRAULICS,
        _SCORE, _YEAR_DEVIATION, _ACTIONS, _PLAN, _DATA,
    ),
}  # fmt: skip

_TITLES: dict[Kind, Text] = {
    "monthly": Text("Monthly operation report", "月度运行报告"),
    "seasonal": Text("Seasonal performance report", "供暖（供冷）季运行评价报告"),
    "annual": Text("Annual evaluation report", "年度运行评价报告"),
}

_SPAN = Text("Operation report of a chosen period", "指定时段运行报告")
_CHECK = Text("Check of printed tables", "刊印计算表复核报告")
_QUARTER = Text("Quarterly performance report", "季度运行评价报告")

# A span that is no month, season or year gets the report that fits its length.
_LONGEST_MONTH, _LONGEST_SEASON = 45.0, 250.0


def kind_of(period_kind: str, days: float) -> Kind:
    """Which report fits a period.

    Parameters
    ----------
    period_kind : kind of the evaluated period (``month``, ``heating``, ``days`` ...)
    days : its length
    """
    fixed: dict[str, Kind] = {
        "month": "monthly", "quarter": "seasonal", "heating": "seasonal", "cooling": "seasonal",
        "year": "annual",
    }  # fmt: skip
    if period_kind in fixed:
        return fixed[period_kind]
    if days <= _LONGEST_MONTH:
        return "monthly"
    return "seasonal" if days <= _LONGEST_SEASON else "annual"


def title_of(period_kind: str, kind: Kind) -> Text:
    """What the report of a period calls itself."""
    if period_kind == "undated":
        return _CHECK
    if period_kind in ("days", "all"):
        return _SPAN
    return _QUARTER if period_kind == "quarter" else _TITLES[kind]
