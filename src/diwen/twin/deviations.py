"""The seven kinds of deviation of a plant from its design, as named parameters of the twin.

Design, resource, thermal balance, hydraulics, construction, commissioning, operation: each is one
or several physical parameters with a neutral value, a range and a unit. What a deviation costs is
the twin with it less the twin without it; diagnosis estimates the same parameters from records.
The ranges are engineering defaults: beyond them the parameter means something else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.site.spelling import cure_for, listed
from diwen.twin import deviations_plant as change

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.twin.deviations_plant import TwinInputs

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
    over_years : changes them by a value and the years since it began (mid-year), or None
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
    over_years: Callable[[TwinInputs, float, float], TwinInputs] | None = None


@dataclass(frozen=True)
class Deviation:
    """One deviation of a plant.

    Attributes
    ----------
    parameter : name in :data:`PARAMETERS`
    value : in the unit of the parameter
    since : years after the beginning of the run from which it holds, 0: from day 0
    """

    parameter: str
    value: float
    since: int = 0

    @property
    def kind(self) -> DeviationFamily:
        """Which of the seven kinds it is."""
        return PARAMETERS[self.parameter].family

    def steps(self, year: int) -> tuple[float, ...]:
        """What differs from year to year: nothing changes between years of equal steps."""
        level = self.level(year)
        if level is None:
            return ()
        over = PARAMETERS[self.parameter].over_years is not None
        return (level, float(year - self.since)) if over else (level,)

    def level(self, year: int) -> float | None:
        """Value that holds in a year of the run, from 0; None: not yet there.

        One that grows stands for the year with its value at mid-year.
        """
        if year < self.since:
            return None
        grown = year - self.since + 0.5 if PARAMETERS[self.parameter].grows else 1.0
        return self.value * grown


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
          0.0, 0.0, 0.3, "1/a", True, of_inputs=change.strainer),
    )  # fmt: skip
    return {one.name: one for one in table}


PARAMETERS: dict[str, DeviationParameter] = _parameters()
"""Every parameter by name."""

_FUNCTION = "Deviation"
_UNKNOWN = Text("no such deviation", "没有此种偏差")
_OUTSIDE = Text("outside the range of this deviation", "超出该偏差的取值范围")
_CORRECT = Text("correct the value", "请更正该值")
_NEGATIVE = Text("a deviation does not begin before the run", "偏差不能早于模拟开始")
_LESS_LATE = Text("let it begin earlier, or simulate more years", "请提前开始，或增加模拟年数")
_TOO_LATE = Text("it would begin after the run, of {years} year(s), has ended",
                 "其开始时间晚于模拟结束（共 {years} 年）")  # fmt: skip
_TOO_MUCH = Text(
    "after {year} years of growth this takes {value:g}, more than can be lost",
    "逐年增长至第 {year} 年达 {value:g}，超过可损失的上限",
)
_LESS = Text("give a smaller value, a later beginning or fewer years",
             "请减小数值、推迟开始时间或缩短年数")  # fmt: skip
_MOST_LOST = 0.9
_ONCE = Text("the same deviation twice", "同一偏差重复给出")
_ONE = Text("give each of them once", "每种偏差只给出一次")


def deviation_problems(deviations: Sequence[Deviation], years: int = 1) -> list[Problem]:
    """What is wrong with deviations of a run of some years."""
    found = []
    seen: set[str] = set()
    for one in deviations:
        parameter = PARAMETERS.get(one.parameter)
        if parameter is None:
            cure = cure_for(one.parameter, PARAMETERS)
            found.append(
                Problem(_FUNCTION, "parameter", _UNKNOWN, cure, one.parameter, listed(PARAMETERS))
            )
            continue
        if one.parameter in seen:
            found.append(Problem(_FUNCTION, one.parameter, _ONCE, _ONE))
        seen.add(one.parameter)
        if not parameter.low <= one.value <= parameter.high:
            allowed = same(f"{parameter.low:g} … {parameter.high:g} {parameter.unit}".strip())
            found.append(
                Problem(_FUNCTION, one.parameter, _OUTSIDE, _CORRECT, f"{one.value:g}", allowed)
            )
        elif parameter.grows and (one.level(years - 1) or 0.0) > _MOST_LOST:
            message = _TOO_MUCH.format(year=years, value=one.level(years - 1))
            found.append(Problem(_FUNCTION, one.parameter, message, _LESS, f"{one.value:g}"))
        if one.since >= max(years, 1):
            late = _TOO_LATE.format(years=years)
            found.append(Problem(_FUNCTION, "since", late, _LESS_LATE, f"{one.since}"))
        if one.since < 0:
            found.append(Problem(_FUNCTION, "since", _NEGATIVE, _CORRECT, f"{one.since}"))
    return found


def check_deviations(deviations: Sequence[Deviation], years: int = 1) -> None:
    """Refuse deviations that cannot be.

    Raises
    ------
    diwen.problems.InputError : with everything that is wrong, at once
    """
    problems = deviation_problems(deviations, years)
    if problems:
        raise InputError(problems)


def deviating_site(site: Site, deviations: Sequence[Deviation], year: int = 0) -> Site:
    """The site with the deviations of ground and boreholes that hold in a year."""
    for one in deviations:
        level, parameter = one.level(year), PARAMETERS[one.parameter]
        if level is not None and parameter.of_site is not None and level != parameter.neutral:
            site = parameter.of_site(site, level)
    return site


def deviating_inputs(
    inputs: TwinInputs, deviations: Sequence[Deviation], year: int = 0
) -> TwinInputs:
    """The inputs of a run with the deviations of plant and loads that hold in a year."""
    for one in deviations:
        level, parameter = one.level(year), PARAMETERS[one.parameter]
        if level is None or level == parameter.neutral:
            continue
        if parameter.of_inputs is not None:
            inputs = parameter.of_inputs(inputs, level)
        elif parameter.over_years is not None:
            inputs = parameter.over_years(inputs, level, year - one.since + 0.5)
    return inputs
