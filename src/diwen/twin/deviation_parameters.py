"""The parameters by which a plant may deviate from its design, as one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from diwen.language import Text
from diwen.twin import deviations_plant as change

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.twin.deviations_plant import TwinInputs

OverYears = Callable[["TwinInputs", float, float], "TwinInputs"]
DeviationFamily = Literal[
    "design", "operation", "balance", "construction", "resource", "hydraulic", "commissioning"
]
FAMILIES: tuple[DeviationFamily, ...] = get_args(DeviationFamily)
FAMILY_NAMES: dict[DeviationFamily, Text] = {
    "design": Text("design deviation", "设计偏差"),
    "operation": Text("operation and maintenance deviation", "运维偏差"),
    "balance": Text("thermal-balance deviation", "热平衡偏差"),
    "construction": Text("construction deviation", "施工偏差"),
    "resource": Text("resource and survey deviation", "资源勘察偏差"),
    "hydraulic": Text("hydraulic deviation", "水力偏差"),
    "commissioning": Text("commissioning deviation", "调试偏差"),
}


@dataclass(frozen=True, eq=False)
class DeviationParameter:
    """One physical parameter by which a plant may deviate.

    Attributes
    ----------
    name : as it is asked for
    family : which of the seven
    text : what it is
    neutral : value without deviation
    low, high : range
    unit : of the value; empty: a factor or share
    grows : the value is per year and adds up over the years
    of_site : changes the site before its models are built, or None
    of_inputs : changes the inputs of a run, or None
    over_years : changes them by a value and the years since it began, or None; twice with opposite
        values takes the change back
    most : what one that grows may come to
    """

    name: str
    family: DeviationFamily
    text: Text
    neutral: float
    low: float
    high: float
    unit: str = ""
    grows: bool = False
    of_site: Callable[[Site, float], Site] | None = None
    of_inputs: Callable[[TwinInputs, float], TwinInputs] | None = None
    over_years: OverYears | None = None
    most: float = 0.9


def _parameters() -> dict[str, DeviationParameter]:
    p = DeviationParameter
    table = (
        p("load_factor", "design",
          Text("all loads by a factor of those designed for", "实际负荷与设计负荷之比"),
          1.0, 0.1, 5.0, of_inputs=change.load_factor),
        p("unit_capacity", "design",
          Text("capacity of the units by a factor of the design", "机组容量与设计值之比"),
          1.0, 0.2, 5.0, of_inputs=change.unit_capacity),
        p("ground_conductivity", "resource",
          Text("thermal conductivity of the ground by a factor of the survey",
               "岩土导热系数与勘察值之比"),
          1.0, 0.3, 3.0, of_site=change.conductivity),
        p("undisturbed_temperature", "resource",
          Text("undisturbed temperature above that of the survey", "初始地温与勘察值之差"),
          0.0, -8.0, 8.0, "K", of_inputs=change.undisturbed_shift),
        p("yearly_imbalance", "balance",
          Text("steady unseen loss of heat of the ground, share of the mean heat load "
               "(below 0: gain)",
               "地下持续净失热（未计量），占平均热负荷的比例（负值为得热）"),
          0.0, -1.0, 1.0, over_years=change.unseen_loss),
        p("cooling_factor", "balance",
          Text("cold by a factor of that designed for, heat as designed",
               "实际冷负荷与设计值之比（热负荷不变）"),
          1.0, 0.0, 5.0, of_inputs=change.cooling_factor),
        p("recharge_factor", "balance",
          Text("recharge or rejection by a factor of the design; 0: out of order",
               "补热（排热）能力与设计值之比，0 为停用"),
          1.0, 0.0, 2.0, of_inputs=change.recharge_factor),
        p("borehole_resistance", "construction",
          Text("thermal resistance of the boreholes by a factor of the design",
               "钻孔热阻与设计值之比"),
          1.0, 0.3, 5.0, of_site=change.borehole_resistance),
        p("source_flow", "hydraulic",
          Text("flow of the source water by a factor of the design, throttled",
               "地源侧流量与设计值之比（阀门节流）"),
          1.0, 0.2, 2.0, of_inputs=change.source_flow),
        p("load_flow", "hydraulic",
          Text("flow of the load side by a factor of the design", "用户侧流量与设计值之比"),
          1.0, 0.2, 3.0, of_inputs=change.load_flow),
        p("load_bypass", "hydraulic",
          Text("share of the supply that flows past the load", "用户侧旁通水量比例"),
          0.0, 0.0, 0.7, of_inputs=change.load_bypass),
        p("pump_oversize", "hydraulic",
          Text("power of all pumps by a factor of the design, at constant speed",
               "水泵功率与设计值之比（定速运行）"),
          1.0, 0.5, 4.0, of_inputs=change.pump_oversize),
        p("setpoint_shift", "commissioning",
          Text("heat supplied warmer, cold colder than designed",
               "供水设定温度偏移（供热升、供冷降）"),
          0.0, -15.0, 20.0, "K", of_inputs=change.setpoint_shift),
        p("outdoor_sensor", "commissioning",
          Text("outdoor sensor in a wrong place reads more", "室外温度传感器位置不当，读数偏高"),
          0.0, -15.0, 15.0, "K", of_inputs=change.outdoor_sensor),
        p("wrong_sequence", "commissioning",
          Text("units are staged in the reverse order (1: yes)", "机组加减机顺序相反（1 为是）"),
          0.0, 0.0, 1.0, of_inputs=change.wrong_sequence),
        p("dead_band", "commissioning",
          Text("dead bands by a factor of the design; below 1 the units hunt",
               "控制死区与设计值之比，小于 1 时机组频繁启停"),
          1.0, 0.05, 10.0, of_inputs=change.dead_band),
        p("pumps_always_on", "operation",
          Text("pumps run whether or not a unit does (1: yes)", "水泵常开（1 为是）"),
          0.0, 0.0, 1.0, of_inputs=change.pumps_always_on),
        p("night_setback_ignored", "operation",
          Text("loads of the night rise to this share of the mean of the day",
               "夜间未降温运行：夜间负荷不低于日间平均的该比例"),
          0.0, 0.0, 1.5, of_inputs=change.setback_ignored),
        p("efficiency_loss", "operation",
          Text("efficiency that the units lose (fouling, refrigerant)",
               "机组能效衰减（结垢、制冷剂不足）"),
          0.0, 0.0, 0.3, "1/a", True, of_inputs=change.efficiency_lost),
        p("strainer", "operation",
          Text("source flow lost by strainers that clog", "过滤器堵塞引起的地源侧流量衰减"),
          0.0, 0.0, 2.0, "1/a", True, of_inputs=change.strainer),
    )  # fmt: skip
    return {one.name: one for one in table}


PARAMETERS: dict[str, DeviationParameter] = _parameters()
"""Every parameter by name."""
