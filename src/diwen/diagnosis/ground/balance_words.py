"""What is said of the heat balance of the ground, in both languages."""

from __future__ import annotations

from diwen.language import Text

RATIO = Text(
    "{source}: heat put into the ground over heat taken out {measured} in {year}, {design} by "
    "design (taken out {out} %, put in {into} % of the design)",
    "{source}：{year} 年注热与取热之比为 {measured}，设计为 {design}"
    "（取热为设计的 {out} %，注热为设计的 {into} %）",
)
FORECAST = Text(
    "{source}: going on like this moves the water temperature by {change} K within {years} years, "
    "{design} K by design",
    "{source}：照此运行，{years} 年内水温将变化 {change} K，设计为 {design} K",
)
LOSS = Text(
    "the ground is colder than the metered heat explains: an unseen loss of {share} % of the mean "
    "heat load (± {spread} %; below 0: a gain)",
    "地温变化超出计量热量所能解释的范围：未计量净失热占平均热负荷的 {share} %"
    "（± {spread} %；负值为得热）",
)
COLD = Text(
    "cold delivered {cold} % of the design, heat {heat} %, over the same recorded hours",
    "同一记录时段内，供冷量为设计的 {cold} %，供热量为设计的 {heat} %",
)
RECHARGE = Text(
    "recharge or rejection inferred from the temperatures of the ground: × {value} (± {spread}) of "
    "the design",
    "由地温推断的补热（排热）量为设计的 {value} 倍（± {spread}）",
)
EXPLAINED = Text(
    "{source}: the metered heat explains {share} % of the variance of the daily water temperature",
    "{source}：计量热量可解释日平均水温方差的 {share} %",
)
MASKED = Text(
    "{source}: balance at risk, masked: more heat is taken than given back ({ratio}, design "
    "{design}), yet the ground does not cool as it would at rest: heat flows in (groundwater, "
    "surroundings)",
    "{source}：热平衡存在风险但被掩盖：取热多于注热（比值 {ratio}，设计 {design}），"
    "而地温未按无渗流时下降，说明有外来补热（地下水渗流、周边）",
)
TITLE = Text("heat put in over heat taken out, {source}", "{source} 注热与取热之比")
YEAR = Text("year of the record", "记录年")
ONE_YEAR = Text(
    "{source}: less than {years} years of record: no drift can be told, only the ratio",
    "{source}：记录不足 {years} 年，只能比较注取热比，无法判断逐年漂移",
)
NO_DESIGN = Text("the site cannot be simulated: there is no design to compare with",
                 "项目无法模拟，没有可对照的设计值")  # fmt: skip
NO_COLD = Text("cold and heat delivered are not recorded for a whole year",
               "缺少全年供冷量与供热量记录")  # fmt: skip
