"""The parameters by which a plant may deviate from its design, as one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from diwen.language import Text
from diwen.twin import deviations_plant as change
from diwen.twin import deviations_sources as sources

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
        p("field_size", "design",
          Text("size of the source (boreholes or wells) by a factor of the design",
               "热源规模（孔数或井数）与设计值之比"),
          1.0, 0.2, 3.0, of_inputs=sources.field_size),
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
        p("permeability", "resource",
          Text("permeability of the aquifer by a factor of the survey: heads of wells over it",
               "含水层渗透系数与勘察值之比（降深与回灌水头与其成反比）"),
          1.0, 0.1, 5.0, of_inputs=sources.permeability),
        p("breakthrough", "resource",
          Text("share of the injected water that comes back to the pump early",
               "回灌水热突破比例（过早返回抽水井）"),
          0.0, 0.0, 0.8, of_inputs=sources.breakthrough),
        p("injection_clogging", "resource",
          Text("growth of the injection resistance of wells over its first value",
               "回灌井堵塞：回灌阻力相对初始值的年增长"),
          0.0, 0.0, 10.0, "1/a", True, of_inputs=sources.injection_clogging, most=100.0),
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
        p("effective_length", "construction",
          Text("length of the boreholes that works by a factor of that bored",
               "钻孔有效长度与设计值之比"),
          1.0, 0.2, 1.5, of_inputs=sources.effective_length),
        p("lost_branches", "construction",
          Text("share of the parallel branches without flow",
               "无流量的并联支路（孔）比例"),
          0.0, 0.0, 0.8, of_site=sources.lost_branches),
        p("packer_bypass", "construction",
          Text("share of the return water of a circulation well that short-circuits to the pump",
               "循环井封隔失效：回水直接短路至抽水段的比例"),
          0.0, 0.0, 0.8, of_inputs=sources.packer_bypass),
        p("branch_imbalance", "hydraulic",
          Text("spread of the flows of the branches of a bore field, standard deviation over mean",
               "地埋管支路流量不平衡（标准差与平均值之比）"),
          0.0, 0.0, 0.9, of_site=sources.branch_imbalance),
        p("backup_leak", "hydraulic",
          Text("share of the capacity of the back-up that leaks into the source loop",
               "辅助热源漏入地源侧回路的热量占其容量的比例"),
          0.0, 0.0, 1.0, of_inputs=sources.backup_leak),
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
