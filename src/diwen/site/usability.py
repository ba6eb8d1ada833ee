"""The table of what Diwen can do for a site and what each of it needs.

Point codes are those of the minimum point list (TS1 source supply, FU user-side flow, EH.i
electricity of each heat pump...); KPI numbers those of the KPI catalogue.
"""

from __future__ import annotations

from diwen.language import Text
from diwen.site.model import Site
from diwen.site.requirements import (
    Ability,
    AnyPointNeed,
    DatumNeed,
    Measured,
    MeterNeed,
    PointNeed,
    SeasonNeed,
    StationNeed,
    Usability,
    judge,
)

_HEAT = ("heat_energy", "heat_power")
_FLOW = ("volume_flow", "mass_flow", "volume")
_ELECTRICITY = ("electric_energy", "electric_power")


def _side(circuit: str, entering: str, leaving: str) -> PointNeed:
    """Heat of a circuit: a heat meter, or its flow and both temperatures."""
    meter = (Measured(_HEAT, circuit),)
    parts = (
        Measured(_FLOW, circuit),
        Measured(("temperature",), entering),
        Measured(("temperature",), leaving),
    )
    return PointNeed((meter, parts))


def _any(*choices: Measured) -> PointNeed:
    return PointNeed(tuple((choice,) for choice in choices))


LOAD_HEAT = _side("load", "load_entering", "load_leaving")
SOURCE_HEAT = _side("source", "source_entering", "source_leaving")
COOLING_HEAT = _side("cooling", "cooling_entering", "cooling_leaving")
HEAT_PUMP_METERS = MeterNeed("heat_pumps", "EH.i")
PUMP_METERS = MeterNeed("pumps", "EP.i")
SOURCE_PUMP_METERS = MeterNeed("pumps", "EP.i", circuits=("source", "well"))
HEATER_METERS = MeterNeed("heaters", "EA")
BOILER_METERS = MeterNeed("boilers", "G", ("gas_volume", "heat_energy", *_ELECTRICITY))
CONTROL_METERS = MeterNeed("controls", "EA")
ABSTRACTED = _any(Measured(_FLOW, "well_abstraction"))
INJECTED = _any(Measured(_FLOW, "well_injection"))
LEVEL = _any(Measured(("water_level",), "water_level"))
WELL_SOURCES = (
    "sources.?type.=groundwater_wells", "sources.?type.=well_doublet",
    "sources.?type.=circulation_well", "sources.?type.=standing_column_well",
)  # fmt: skip
BORE_SOURCES = ("sources.?type.=borefield",)
ELECTRICITY = _any(Measured(_ELECTRICITY, "supply"))
OUTDOOR = _any(Measured(("temperature",), "outdoor"))
RUNNING = _any(Measured(("status", "frequency"), "unit"), Measured(("electric_power",), "supply"))

_EVALUATE = (
    Ability(
        "records", "evaluate",
        Text("check of printed design-hour tables", "刊印设计小时表的复算核查"),
        (DatumNeed(("records",)),), (), ("records",), False,
    ),
    Ability(
        "portfolio", "evaluate", Text("comparison of many systems", "多系统比较"),
        (DatumNeed(("portfolio",)),), (), ("portfolio",), False,
    ),
    Ability(
        "samples", "evaluate", Text("classes of water samples", "水样水质类别"),
        (DatumNeed(("samples",)),), ("K-25",), ("samples",), False,
    ),
    Ability(
        "unit_cop", "evaluate", Text("COP or EER of the heat pumps", "机组性能系数 COP / EER"),
        (LOAD_HEAT, HEAT_PUMP_METERS), ("K-01", "K-02"), ("heat_pumps",),
    ),
    Ability(
        "system_cop", "evaluate",
        Text("COPsys and EERsys with grade, conventional energy replaced, emissions",
             "系统性能系数 COPsys、EERsys 与等级，常规能源替代量，减排量"),
        (LOAD_HEAT, HEAT_PUMP_METERS, PUMP_METERS), ("K-03", "K-04", "K-39", "K-40"),
        ("heat_pumps",),
    ),
    Ability(
        "simultaneous_cop", "evaluate",
        Text("COPsys(h+c) of simultaneous heating and cooling", "热冷同供系统性能系数 COPsys(h+c)"),
        (LOAD_HEAT, COOLING_HEAT, HEAT_PUMP_METERS, PUMP_METERS), ("K-05",),
        ("heat_pumps.?simultaneous.=True",),
    ),
    Ability(
        "spf_h2", "evaluate", Text("SPF H1 and H2", "季节性能系数 SPF H1、H2"),
        (LOAD_HEAT, HEAT_PUMP_METERS, SOURCE_PUMP_METERS), ("K-08", "K-09", "K-41"),
        ("heat_pumps",),
    ),
    Ability(
        "spf_h4", "evaluate", Text("SPF H3 and H4", "季节性能系数 SPF H3、H4"),
        (LOAD_HEAT, HEAT_PUMP_METERS, PUMP_METERS, HEATER_METERS, BOILER_METERS, CONTROL_METERS),
        ("K-08", "K-09"), ("heat_pumps",),
    ),
    Ability(
        "pump_share", "evaluate", Text("pump share of the electricity", "输配能耗占比"),
        (HEAT_PUMP_METERS, PUMP_METERS), ("K-11",), ("pumps",),
    ),
    Ability(
        "transport_factor", "evaluate", Text("water transport factors", "水输送系数"),
        (LOAD_HEAT, PUMP_METERS), ("K-12",), ("pumps",),
    ),
    Ability(
        "heat_balance", "evaluate",
        Text("heat extracted and injected, heat balance ratio", "取热量与排热量，地下冷热平衡比"),
        (SOURCE_HEAT,), ("K-14", "K-15", "K-16"), ("sources",),
    ),
    Ability(
        "heat_per_length", "evaluate", Text("heat per metre of borehole", "单位孔深换热量"),
        (SOURCE_HEAT,), ("K-19",), BORE_SOURCES,
    ),
    Ability(
        "ground_drift", "evaluate", Text("drift of the ground temperature", "地温年漂移"),
        (_any(Measured(("temperature",), "ground")),), ("K-17",), BORE_SOURCES,
    ),
    Ability(
        "entering_temperature", "evaluate",
        Text("source temperatures and their margins", "地源侧温度及裕度"),
        (_any(Measured(("temperature",), "source_entering")),), ("K-18",), ("sources",),
    ),
    Ability(
        "energy_balance", "evaluate", Text("energy balance closure", "能量平衡闭合差"),
        (LOAD_HEAT, SOURCE_HEAT, HEAT_PUMP_METERS), ("K-46",), ("heat_pumps",),
    ),
    Ability(
        "reinjection", "evaluate", Text("reinjection rate, water tax", "回灌率与水资源税"),
        (ABSTRACTED, INJECTED), ("K-20", "K-43"),
        ("sources.?type.=groundwater_wells", "sources.?type.=well_doublet"),
    ),
    Ability(
        "specific_capacity", "evaluate",
        Text("specific capacity and level trend", "单位降深涌水量与水位趋势"),
        (ABSTRACTED, LEVEL), ("K-21", "K-22"), WELL_SOURCES,
    ),
    Ability(
        "injectivity", "evaluate", Text("specific injectivity", "单位回灌量"),
        (INJECTED, _any(Measured(("pressure",), "wellhead"), Measured(("water_level",),
                                                                     "water_level"))),
        ("K-23",), WELL_SOURCES,
    ),
    Ability(
        "rooms", "evaluate", Text("room temperature compliance", "室温合格率"),
        (_any(Measured(("temperature",), "room")),), ("K-26", "K-27", "K-28"), ("loads",),
    ),
    Ability(
        "starts", "evaluate", Text("starts and run lengths", "启停次数与运行时长"),
        (RUNNING,), ("K-31", "K-32"), ("heat_pumps",), False,
    ),
    Ability(
        "load_factor", "evaluate", Text("load factor", "负荷率"),
        (LOAD_HEAT, DatumNeed(("heat_pumps.*.rated_heating_capacity",
                               "heat_pumps.*.rated_cooling_capacity"))),
        ("K-33", "K-34"), ("heat_pumps",),
    ),
    Ability(
        "energy_per_area", "evaluate", Text("electricity per area", "单位面积电耗"),
        (ELECTRICITY, DatumNeed(("place.heated_area", "place.cooled_area"))), ("K-35",),
        ("loads",),
    ),
    Ability(
        "signature", "evaluate", Text("energy signature of the building", "建筑能耗特征线"),
        (LOAD_HEAT, OUTDOOR), ("K-36",), ("loads",),
    ),
    Ability(
        "cost", "evaluate", Text("energy cost, peak and valley shares", "能源费用与峰谷电量比"),
        (ELECTRICITY, DatumNeed(("tariff.electricity_price", "tariff.periods"))),
        ("K-37", "K-38"), ("loads",),
    ),
    Ability(
        "availability", "evaluate", Text("sensor availability", "传感器可用率"),
        (AnyPointNeed(),), ("K-45",), (), False,
    ),
)  # fmt: skip

_RESISTANCE = (
    DatumNeed(("sources.*.pipes", "sources.*.borehole.thermal_resistance")),
    DatumNeed(("sources.*.grout", "sources.*.borehole.thermal_resistance")),
)
_WATER_AT_REST = DatumNeed(("ground.aquifers.?static_level", "sources.?static_level",
                            "sources.*.wells.*.static_level"))  # fmt: skip
_WELL_FLOW = DatumNeed(("sources.?flow", "sources.?design_flow", "sources.*.wells.*.design_flow",
                        "heat_pumps.*.source_flow"))  # fmt: skip
_WELL_TEMPERATURE = DatumNeed(("ground.aquifers.?water_temperature",
                               "ground.undisturbed_temperature",
                               "ground.surface_temperature_mean"))  # fmt: skip
_WELL_LOAD = DatumNeed(("loads.?hourly_file", "sources.?yearly_extraction",
                        "sources.?yearly_injection"))  # fmt: skip
_DESIGN = (
    Ability(
        "response_test", "design", Text("thermal response test", "热响应试验评价"),
        (DatumNeed(("response_tests",)),), (), ("response_tests",), False,
    ),
    Ability(
        "borehole_length", "design", Text("length of the boreholes", "钻孔长度计算"),
        (DatumNeed(("ground.layers",)),
         DatumNeed(("ground.undisturbed_temperature", "ground.surface_temperature_mean")),
         *_RESISTANCE,
         DatumNeed(("loads.?hourly_file",)),
         DatumNeed(("sources.?minimum_entering_temperature",
                    "sources.?maximum_leaving_temperature", "place.region"))),
        (), BORE_SOURCES, False,
    ),
    Ability(
        "well_feasibility", "design",
        Text("feasibility of full reinjection", "100 % 回灌可行性检查"),
        (DatumNeed(("ground.aquifers",)), _WELL_FLOW, _WATER_AT_REST, _WELL_TEMPERATURE),
        (), WELL_SOURCES, False,
    ),
    Ability(
        "well_design", "design",
        Text("number, depth, screens, spacing and flow of wells", "井数、井深、滤水管、井距与流量"),
        (DatumNeed(("ground.aquifers",)), _WELL_FLOW, _WELL_TEMPERATURE, _WELL_LOAD),
        (), WELL_SOURCES, False,
    ),
)  # fmt: skip

_SIMULATE = (
    Ability(
        "simulate_ground", "simulate", Text("temperature of the ground", "岩土温度响应"),
        (DatumNeed(("ground.undisturbed_temperature", "ground.surface_temperature_mean",
                    "sources.*.temperature_mean", "sources.*.temperature_file")),), (),
        ("sources",),
    ),
    Ability(
        "simulate_borefield", "simulate", Text("the bore field", "地埋管换热孔群"),
        (*_RESISTANCE, DatumNeed(("ground.layers",))), (), BORE_SOURCES,
    ),
    Ability(
        "simulate_wells", "simulate", Text("the wells", "水井"),
        (DatumNeed(("ground.aquifers",)), _WELL_FLOW, _WELL_TEMPERATURE), (), WELL_SOURCES,
    ),
    Ability(
        "simulate_heat_pumps", "simulate", Text("the heat pumps", "热泵机组"),
        (DatumNeed(("heat_pumps.*.rated_heating_power", "heat_pumps.*.rated_cooling_power",
                    "heat_pumps.*.performance_map", "heat_pumps.*.rating_points",
                    "heat_pumps.*.cycle")),),
    ),
    Ability(
        "simulate_pumps", "simulate", Text("the pumps", "水泵"),
        (DatumNeed(("pumps.*.rated_power", "pumps.*.rated_head", "pumps.*.curve_flow")),), (),
        ("pumps",),
    ),
    Ability(
        "simulate_load", "simulate", Text("the load", "负荷"),
        (DatumNeed(("loads.*.hourly_file", "loads.*.heating_demand", "loads.*.cooling_demand",
                    "loads.*.heat_loss", "loads.*.heating_design_load",
                    "loads.*.cooling_design_load", "loads.*.daily_volume")),),
    ),
    Ability(
        "simulate_station", "simulate",
        Text("the plant as a whole: loops, units, back-ups, modes",
             "整个系统：回路、机组、辅助热源、运行模式"),
        (StationNeed(),), (), ("heat_pumps", "chillers", "boilers"), False,
    ),
    Ability(
        "simulate_weather", "simulate", Text("weather and seasons", "气象与季节"),
        (DatumNeed(("place.latitude",)), SeasonNeed()),
    ),
)  # fmt: skip

# What diagnosis asks of a site: points of the lines of reasoning, and the twin of the design that
# each of them is compared with.
_ENTERING = _any(Measured(("temperature",), "source_entering"))
_SUPPLY = _any(Measured(("temperature",), "load_leaving"))
# Heat of the source: measured there, or what the units deliver less their electricity.
_OF_UNITS = tuple((*way, Measured(_ELECTRICITY, "supply")) for way in LOAD_HEAT.alternatives)
_SOURCE_LOOP = (PointNeed((*SOURCE_HEAT.alternatives, *_OF_UNITS)), _ENTERING)
_GROUND_AT_REST = DatumNeed(("ground.undisturbed_temperature", "ground.surface_temperature_mean"))
_DIAGNOSE = (
    Ability(
        "deviation_design", "diagnose", Text("design deviation", "设计偏差"),
        (LOAD_HEAT, OUTDOOR, StationNeed()),
    ),
    Ability(
        "deviation_operation", "diagnose", Text("operation deviation", "运维偏差"),
        (LOAD_HEAT, HEAT_PUMP_METERS, _ENTERING, _SUPPLY, StationNeed()),
    ),
    Ability(
        "deviation_balance", "diagnose", Text("thermal balance deviation", "热平衡偏差"),
        (*_SOURCE_LOOP, _GROUND_AT_REST, StationNeed()), (), BORE_SOURCES + WELL_SOURCES,
    ),
    Ability(
        "deviation_construction", "diagnose", Text("construction deviation", "施工偏差"),
        (*_SOURCE_LOOP, DatumNeed(("sources.*.borehole", "sources.*.depth", "sources.*.wells")),
         StationNeed()), (), BORE_SOURCES + WELL_SOURCES,
    ),
    Ability(
        "deviation_resource", "diagnose", Text("resource deviation", "资源偏差"),
        (*_SOURCE_LOOP, _GROUND_AT_REST, DatumNeed(("ground.layers", "ground.aquifers")),
         StationNeed()), (), BORE_SOURCES + WELL_SOURCES,
    ),
    Ability(
        "deviation_hydraulic", "diagnose", Text("hydraulic deviation", "水力偏差"),
        (_any(Measured(_FLOW, "load"), Measured(_FLOW, "source")),
         StationNeed()),
    ),
    Ability(
        "deviation_commissioning", "diagnose", Text("commissioning deviation", "调试偏差"),
        (_any(Measured(("status", "mode", "frequency"), "unit"),
              Measured(("electric_power",), "supply")), _SUPPLY, OUTDOOR, StationNeed()),
    ),
)  # fmt: skip

# What can be judged without a single measuring point.
_TABLES = ("records", "portfolio", "samples")
_REPORT = (
    Ability(
        "report_tables", "report", Text("report of tables and samples", "表格与水样报告"),
        (DatumNeed(_TABLES),), (), _TABLES, False,
    ),
    Ability(
        "report_monthly", "report", Text("monthly report", "月报"), (AnyPointNeed(),), (), (), False
    ),
    Ability(
        "report_seasonal", "report", Text("seasonal report", "供暖季、供冷季报告"),
        (AnyPointNeed(), DatumNeed(("operation.heating_season", "operation.cooling_season"))),
        (), (), False,
    ),
    Ability(
        "report_annual", "report", Text("annual report", "年报"),
        (AnyPointNeed(),), (), (), False,
    ),
)  # fmt: skip

ABILITIES: tuple[Ability, ...] = _DESIGN + _EVALUATE + _SIMULATE + _DIAGNOSE + _REPORT


def usable_for(site: Site) -> Usability:
    """What a site can be used for today, and which point or datum lacks for the rest."""
    return judge(site, ABILITIES)
