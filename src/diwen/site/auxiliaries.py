"""The plant units beside the heat pumps: pumps, boilers, tanks, exchangers, terminals..."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from diwen.language import Text
from diwen.site.fields import Finding, Meaning, Measure, Table
from diwen.site.fluids import Fluid

_UNEQUAL = Text("the curve has {one} and {other} values", "曲线两列分别有 {one} 和 {other} 个值")
_SAME_NUMBER = Text("give as many {one} as {other}", "{one} 与 {other} 的个数应相同")
_NOT_RISING = Text("the values do not rise", "数值没有递增")
_SORT = Text("sort the curve by this column", "请按此列递增排列")
Circuit = Literal["source", "load", "hot_water", "well", "distribution", "cooling", "tower"]
Fuel = Literal["natural_gas", "lpg", "coal", "oil", "biomass", "electricity"]


def curve_findings(table: Table, across: str, up: str) -> Iterator[Finding]:
    """Findings for a curve given as two lists; the first must rise."""
    first, second = getattr(table, across), getattr(table, up)
    if len(first) != len(second):
        message = _UNEQUAL.format(one=len(first), other=len(second))
        yield Finding(up, message, _SAME_NUMBER.format(one=across, other=up))
    if any(right <= left for left, right in pairwise(first)):
        yield Finding(across, _NOT_RISING, _SORT)


class _Unit(Table):
    """What every unit has."""

    name: Annotated[str, Meaning("name", "名称")] = ""
    model: Annotated[str, Meaning("maker and model", "厂家与型号")] = ""
    count: Annotated[
        int, Meaning("number of identical units", "相同设备台数"), Field(ge=1, le=10_000)
    ] = 1
    commissioned: Annotated[int | None, Meaning("year of commissioning", "投运年份")] = None


class Pump(_Unit):
    """``[pumps.ID]``: a pump or a group of identical pumps."""

    meaning: ClassVar[Text] = Text("a pump", "水泵")

    circuit: Annotated[Circuit, Meaning("circuit it drives", "所在回路")]
    serves: Annotated[
        tuple[str, ...],
        Meaning("ids of the heat pumps or sources it serves; empty: all of its circuit",
                "所服务的机组或热源标识；留空表示本回路全部"),
    ] = ()  # fmt: skip
    rated_power: Annotated[
        float | None,
        Measure("electric_power", "rated electric power", "额定输入功率", 0, 1e5, True),
    ] = None
    rated_flow: Annotated[
        float | None, Measure("volume_flow", "rated flow", "额定流量", 0, 1e5, positive=True)
    ] = None
    rated_head: Annotated[
        float | None, Measure("length", "rated head", "额定扬程", 0, 1000, positive=True)
    ] = None
    control: Annotated[
        Literal["fixed", "variable", "constant_pressure", "variable_pressure"],
        Meaning("speed control", "调速方式：定速、变速、恒压差、变压差"),
    ] = "fixed"
    efficiency: Annotated[
        float | None, Measure("ratio", "overall efficiency at rating", "额定点总效率", 0, 1, True)
    ] = None
    curve_flow: Annotated[
        tuple[Annotated[float, Measure("volume_flow", "flow", "流量", 0, 1e5)], ...],
        Meaning("flows of the pump curve", "水泵特性曲线的流量"),
    ] = ()
    curve_head: Annotated[
        tuple[Annotated[float, Measure("length", "head", "扬程", 0, 1000)], ...],
        Meaning("heads of the pump curve", "水泵特性曲线的扬程"),
    ] = ()

    def findings(self) -> Iterator[Finding]:
        """A curve whose flows and heads do not belong together."""
        yield from curve_findings(self, "curve_flow", "curve_head")


class Heater(_Unit):
    """``[heaters.ID]``: electric back-up heater."""

    meaning: ClassVar[Text] = Text("electric back-up heater", "电辅助加热器")

    rated_power: Annotated[
        float | None, Measure("electric_power", "rated electric power", "额定功率", 0, 1e5, True)
    ] = None
    circuit: Annotated[Circuit, Meaning("circuit it heats", "所在回路")] = "load"


class Boiler(_Unit):
    """``[boilers.ID]``: boiler beside the heat pumps."""

    meaning: ClassVar[Text] = Text("boiler", "锅炉")

    fuel: Annotated[Fuel, Meaning("fuel", "燃料")]
    rated_heating_capacity: Annotated[
        float | None, Measure("heat_power", "rated heating capacity", "额定供热量", 0, 1e6, True)
    ] = None
    efficiency: Annotated[
        float | None,
        Measure(
            "ratio", "efficiency, on the lower heating value", "热效率（按低位热值）", 0, 1.1, True
        ),
    ] = None
    calorific_value: Annotated[
        float | None,
        Measure("calorific_value", "lower heating value of the gas", "燃气低位热值", 10, 130),
    ] = None
    circuit: Annotated[Circuit, Meaning("circuit it heats", "所在回路")] = "load"


class Chiller(_Unit):
    """``[chillers.ID]``: chiller beside the heat pumps."""

    meaning: ClassVar[Text] = Text("chiller", "冷水机组")

    rated_cooling_capacity: Annotated[
        float | None, Measure("heat_power", "rated cooling capacity", "额定制冷量", 0, 1e6, True)
    ] = None
    rated_power: Annotated[
        float | None,
        Measure("electric_power", "rated electric power", "额定输入功率", 0, 1e6, True),
    ] = None


class CoolingTower(_Unit):
    """``[cooling_towers.ID]``: cooling tower or dry cooler."""

    meaning: ClassVar[Text] = Text("cooling tower or dry cooler", "冷却塔或干冷器")

    kind: Annotated[Literal["wet", "closed_wet", "dry"], Meaning("kind", "类型")] = "wet"
    rated_heat: Annotated[
        float | None, Measure("heat_power", "rated heat rejection", "额定排热量", 0, 1e6, True)
    ] = None
    fan_power: Annotated[
        float | None, Measure("electric_power", "fan power", "风机功率", 0, 1e4)
    ] = None
    design_wet_bulb: Annotated[
        float | None, Measure("temperature", "design wet-bulb temperature", "设计湿球温度", -10, 40)
    ] = None
    approach: Annotated[
        float | None,
        Measure("temperature_difference", "approach at design", "设计趋近温差", 0, 30, True),
    ] = None


class Tank(_Unit):
    """``[tanks.ID]``: buffer, storage or hot-water tank."""

    meaning: ClassVar[Text] = Text("tank", "水箱")

    circuit: Annotated[Circuit, Meaning("circuit", "所在回路")] = "load"
    volume: Annotated[float, Measure("volume", "volume", "容积", 0, 1e6, positive=True)]
    height: Annotated[float | None, Measure("length", "height", "高度", 0, 100, positive=True)] = (
        None
    )
    heat_loss: Annotated[
        float | None, Measure("heat_transmission", "heat loss coefficient", "散热系数", 0, 1e5)
    ] = None
    maximum_temperature: Annotated[
        float | None, Measure("temperature", "highest temperature", "最高温度", 0, 150)
    ] = None


class Exchanger(_Unit):
    """``[exchangers.ID]``: heat exchanger between two circuits."""

    meaning: ClassVar[Text] = Text("heat exchanger", "换热器")

    primary: Annotated[Circuit, Meaning("primary circuit", "一次侧回路")] = "well"
    secondary: Annotated[Circuit, Meaning("secondary circuit", "二次侧回路")] = "source"
    area: Annotated[
        float | None, Measure("area", "heat-transfer area", "换热面积", 0, 1e5, positive=True)
    ] = None
    heat_transmission: Annotated[
        float | None, Measure("heat_transmission", "UA when clean", "清洁状态 UA 值", 0, 1e8, True)
    ] = None
    approach: Annotated[
        float | None,
        Measure("temperature_difference", "approach at design", "设计端差", 0, 30, positive=True),
    ] = None
    rated_capacity: Annotated[
        float | None, Measure("heat_power", "rated capacity", "额定换热量", 0, 1e6, True)
    ] = None
    pressure_drop: Annotated[
        float | None, Measure("pressure_difference", "pressure drop at design", "设计压降", 0, 1000)
    ] = None
    fluid: Annotated[Fluid, Meaning("fluid of the secondary side", "二次侧流体")] = Fluid()


class Terminal(_Unit):
    """``[terminals.ID]``: what gives heat or cold to the rooms."""

    meaning: ClassVar[Text] = Text("terminals", "末端")

    kind: Annotated[
        Literal["radiator", "floor", "fan_coil", "air_handling", "radiant_ceiling", "other"],
        Meaning("kind", "类型：散热器、地板辐射、风机盘管、空调箱、顶板辐射、其他"),
    ]
    rated_heating_capacity: Annotated[
        float | None, Measure("heat_power", "rated heating capacity", "额定供热量", 0, 1e6, True)
    ] = None
    rated_cooling_capacity: Annotated[
        float | None, Measure("heat_power", "rated cooling capacity", "额定供冷量", 0, 1e6, True)
    ] = None
    fan_power: Annotated[
        float | None, Measure("electric_power", "fan power", "风机功率", 0, 1e5)
    ] = None
    heating_supply_temperature: Annotated[
        float | None,
        Measure("temperature", "heating supply temperature at design", "设计供暖供水温度", 15, 95),
    ] = None
    heating_return_temperature: Annotated[
        float | None,
        Measure("temperature", "heating return temperature at design", "设计供暖回水温度", 10, 90),
    ] = None
    cooling_supply_temperature: Annotated[
        float | None,
        Measure("temperature", "cooling supply temperature at design", "设计供冷供水温度", 2, 25),
    ] = None
    cooling_return_temperature: Annotated[
        float | None,
        Measure("temperature", "cooling return temperature at design", "设计供冷回水温度", 4, 30),
    ] = None


class SolarCollector(_Unit):
    """``[solar_collectors.ID]``: solar collectors that heat the load or recharge the ground."""

    meaning: ClassVar[Text] = Text("solar collectors", "太阳能集热器")

    area: Annotated[float, Measure("area", "aperture area", "集热面积", 0, 1e6, positive=True)]
    tilt: Annotated[float | None, Measure("angle", "tilt from horizontal", "倾角", 0, 90)] = None
    azimuth: Annotated[
        float | None,
        Measure("angle", "azimuth, south 0, west positive", "方位角（南 0，西正）", -180, 180),
    ] = None
    optical_efficiency: Annotated[
        float | None, Measure("ratio", "zero-loss efficiency", "零损失效率", 0, 1, positive=True)
    ] = None
    recharges: Annotated[str, Meaning("id of the source it recharges", "补热的热源标识")] = ""


class Control(_Unit):
    """``[controls.ID]``: control cabinet or gateway; its electricity is an auxiliary drive."""

    meaning: ClassVar[Text] = Text("controls", "控制系统")

    rated_power: Annotated[
        float | None, Measure("electric_power", "rated electric power", "额定功率", 0, 1e4)
    ] = None
    staging: Annotated[
        Literal["sequence", "equal_hours", "efficiency"],
        Meaning("how several units are staged", "多台机组的加减机方式"),
    ] = "sequence"
    heating_supply_setpoint: Annotated[
        float | None,
        Measure("temperature", "heating supply setpoint", "供暖供水设定温度", 15, 95),
    ] = None
    heating_curve_outdoor: Annotated[
        tuple[Annotated[float, Measure("temperature", "outdoor", "室外温度", -50, 40)], ...],
        Meaning("outdoor temperatures of the heating curve", "供暖曲线的室外温度"),
    ] = ()
    heating_curve_supply: Annotated[
        tuple[Annotated[float, Measure("temperature", "supply", "供水温度", 15, 95)], ...],
        Meaning("supply temperatures of the heating curve", "供暖曲线的供水温度"),
    ] = ()
    cooling_supply_setpoint: Annotated[
        float | None, Measure("temperature", "cooling supply setpoint", "供冷供水设定温度", 2, 25)
    ] = None
    dead_band: Annotated[
        float | None, Measure("temperature_difference", "dead band", "控制死区", 0, 20)
    ] = None
    source_temperature_difference: Annotated[
        float | None,
        Measure("temperature_difference", "source-side difference held by the pumps",
                "地源侧控制温差", 0, 20, True),
    ] = None  # fmt: skip

    def findings(self) -> Iterator[Finding]:
        """A heating curve whose two columns do not belong together."""
        yield from curve_findings(self, "heating_curve_outdoor", "heating_curve_supply")
