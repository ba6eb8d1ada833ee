"""Sentences of the data gate, in both languages."""

from __future__ import annotations

from diwen.language import Text

OFFSET = Text(
    "{points} reads {value:+.2f} ± {deviation:.2f} K too high {when}",
    "{points} 示值偏差 {value:+.2f} ± {deviation:.2f} K（{when}）",
)
OFFSET_OF_PAIR = Text(
    "the difference of {points} is wrong by {value:+.2f} ± {deviation:.2f} K {when}; which of the "
    "two sensors is off cannot be told",
    "{points} 的温差偏差 {value:+.2f} ± {deviation:.2f} K（{when}）；无法区分是哪一个传感器",
)
DRIFT = Text(
    "{points} drifts by {value:+.2f} ± {deviation:.2f} K a year {when}",
    "{points} 以每年 {value:+.2f} ± {deviation:.2f} K 漂移（{when}）",
)
DRIFT_OF_PAIR = Text(
    "the difference of {points} drifts by {value:+.2f} ± {deviation:.2f} K a year {when}; which of "
    "the two sensors drifts cannot be told",
    "{points} 的温差以每年 {value:+.2f} ± {deviation:.2f} K 漂移（{when}）；无法区分是哪一个传感器",
)
COMMON_DRIFT = Text(
    "{points} drift together by {value:+.2f} ± {deviation:.2f} K a year: the units' performance "
    "does not follow the temperature that is read",
    "{points} 同步漂移，每年 {value:+.2f} ± {deviation:.2f} K：机组性能并未随示值温度变化",
)
COMMON_DRIFT_OPEN = Text(
    "{points} may drift together by {value:+.2f} ± {deviation:.2f} K a year; the records do not "
    "tell this from a unit that loses efficiency or a ground that changes: check the sensors "
    "against a reference",
    "{points} 可能同步漂移，每年 {value:+.2f} ± {deviation:.2f} K；现有数据无法与机组效率下降或地温"
    "变化相区分：请用标准温度计校验",
)
SCALE = Text(
    "{points} reads {factor:.2f} (± {deviation:.2f}) times what is true {when}",
    "{points} 示值为真值的 {factor:.2f}（± {deviation:.2f}）倍（{when}）",
)
SCALE_DRIFT = Text(
    "the factor of {points} grows by {value:+.3f} ± {deviation:.3f} a year {when}",
    "{points} 的系数以每年 {value:+.3f} ± {deviation:.3f} 变化（{when}）",
)
NOT_TOLD_APART = Text(
    "{text}; by the balances it could as well be {others}",
    "{text}；仅凭能量平衡，也可能是 {others}",
)
BOUNDARY = Text(
    "the electricity meter of the units counts {points} too ({value:.0%} of it)",
    "机组电表同时计入了 {points}（其 {value:.0%}）",
)
SWAPPED = Text(
    "{points} are swapped {when}: in {share:.0%} of the hours the heat has the wrong sign",
    "{points} 接反（{when}）：{share:.0%} 的小时热流方向相反",
)
CLOCK = Text(
    "the records of {points} carry a time {hours:+d} h from that of the other points (once they "
    "are put back, {gain:.0%} of what they leave unexplained from hour to hour is gone)",
    "{points} 的记录时刻与其他测点相差 {hours:+d} h（修正后逐时未解释波动减小 {gain:.0%}）",
)
STUCK = Text(
    "{points} stood still for {hours} running hours {when} while the plant went on",
    "{points} 在系统运行中有 {hours} h 数值不变（{when}）",
)
IMPOSSIBLE = Text(
    "{points} reads in {hours} h {when} what cannot be (broken wire, short circuit, error code)",
    "{points} 有 {hours} h 的示值不可能出现（{when}；断线、短路或错误代码）",
)
OUTAGE = Text(
    "{points}: no records for {hours} h {when} while other points have theirs",
    "{points}：其他测点有记录时缺测 {hours} h（{when}）",
)
AIR = Text(
    "{points} reads less heat than the units' electricity in {hours} running hours: air in the "
    "meter, a meter that stands still, or a bypass",
    "{points} 在 {hours} 个运行小时内热量小于机组电量：热量表含气、停走或存在旁通",
)
CARNOT = Text(
    "heat over electricity exceeds the second-law bound by the measured temperatures on "
    "{share:.0%} of the days: one of {points} is wrong",
    "{share:.0%} 的天数内热电比超过实测温度对应的热力学第二定律上限：{points} 中必有其一有误",
)
SINCE = Text("since {since}", "自 {since} 起")
BETWEEN = Text("from {since} to {until}", "{since} 至 {until}")
ALWAYS = Text("in the whole record", "整个记录期")
EXPLAINED = Text(
    "the balances ({names}) are explained {ratio:.0f} times (natural logarithm) better with it "
    "than by meters within their classes",
    "能量平衡（{names}）：考虑该故障后的对数似然比（自然对数）为 {ratio:.0f}",
)
BALANCE_FIGURE = Text("first law of the units, daily: load heat − electricity − source heat",
                      "机组逐日能量平衡：负荷侧热量－电量－地源侧热量")  # fmt: skip
DAY = Text("day", "日期")
NO_FIRST_LAW = Text(
    "the first law of the units cannot be checked: {what} is not read",
    "无法校核机组能量平衡：缺少{what}",
)
SOURCE_HEAT = Text("the heat of the source loop", "地源侧热量")
LOAD_HEAT = Text("the heat of the load side", "用户侧热量")
ELECTRICITY = Text("the electricity of every unit", "各机组电量")
TOO_SHORT = Text(
    "the first law of the units cannot be checked: too few days with all readings",
    "无法校核机组能量平衡：各测点齐全的天数不足",
)
UNIT_MISTAKE = Text(
    "{points} reads about {factor} times what the plant can do and the balances allow: look at its "
    "unit in points.csv ({unit})",
    "{points} 示值约为系统能力与能量平衡所允许值的 {factor} 倍：请检查 points.csv 中该测点的单位"
    "（{unit}）",
)
UNIT_THOUSAND = Text("W or kW, Wh or kWh, l or m³", "W 与 kW、Wh 与 kWh、L 与 m³ 混淆")
UNIT_MILLION = Text("W or MW, Wh or MWh", "W 与 MW、Wh 与 MWh 混淆")
UNIT_SECONDS = Text("per second or per hour, J or Wh", "每秒与每小时、J 与 Wh 混淆")
UNIT_MINUTES = Text("per minute or per hour", "每分钟与每小时混淆")
UNIT_JOULES = Text("GJ or kWh", "GJ 与 kWh 混淆")
UNIT_LITRES = Text("l/min or m³/h", "L/min 与 m³/h 混淆")
