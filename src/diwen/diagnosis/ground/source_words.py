"""What is said of sources, in both languages."""

from __future__ import annotations

from diwen.language import Text

NAMES = {
    "borehole_resistance": Text("borehole resistance", "钻孔热阻"),
    "ground_conductivity": Text("conductivity of the ground", "岩土导热系数"),
    "effective_length": Text("bored length that works", "有效工作孔深"),
    "lost_branches": Text("loops without flow", "无流量的支路"),
    "undisturbed_temperature": Text("undisturbed temperature", "初始地温"),
    "packer_bypass": Text("return water that short-circuits in the well", "井内回水短路"),
    "breakthrough": Text("early return of injected heat", "回灌热量提前突破"),
}
FACTOR = Text("{name} × {value} (± {spread}) of the design, replayed with the measured heat",
              "以实测取热量回放：{name}为设计值的 {value} 倍（± {spread}）")  # fmt: skip
KELVIN = Text("{name} {value} K (± {spread} K) from the survey, replayed with the measured heat",
              "以实测取热量回放：{name}与勘察值相差 {value} K（± {spread} K）")  # fmt: skip
SHARE = Text("{name}: {value} % (± {spread} %)", "{name}：{value} %（± {spread} %）")
REPLAY = Text(
    "driven with the measured heat, the source as designed misses the mean water temperature by "
    "{before} K (root mean square of {days} days), with the deviations found by {after} K",
    "以实测热量驱动，设计状态的热源模型与实测平均水温相差 {before} K（{days} 天均方根），"
    "计入所判偏差后为 {after} K",
)
WELL_GROUND = Text(
    "the conductivity around wells shows after years and hides behind their flow: not judged from "
    "temperatures",
    "水井周围岩土导热系数须多年方能显现且受渗流掩盖，不由水温判断",
)
TITLE = Text("mean water temperature of {source}, daily", "{source} 日平均水温")
DAY = Text("day", "日期")
RESIDUAL = Text("{source}: water temperature, measured less modelled as designed",
                "{source}：水温实测值与设计模型之差")  # fmt: skip
NO_SERIES = Text("heat or temperatures of the source loop are not recorded",
                 "缺少地源侧热量或温度记录")  # fmt: skip
NO_MODEL = Text("the source cannot be modelled: {what}", "热源无法建模：{what}")
FEW_HOURS = Text("too few hours of operation with records", "有效运行记录小时数不足")
NO_MEMORY = Text(
    "{source}: water or air without memory, there is no ground to judge",
    "{source}：水体或空气热源，无蓄热记忆，无需判别岩土",
)
HISTORY = Text(
    "{source}: operation began {years} years before the record; its heat before is taken as that "
    "of its first recorded year (± {share} %)",
    "{source}：记录前已运行 {years} 年，此前取热按记录首年重复（± {share} %）",
)
UNKNOWN_BEGIN = Text(
    "{source}: when operation began is not known: the record is taken as its beginning",
    "{source}：投运日期未知，按记录起点计",
)
AT_FLOW = Text(
    "{source}: the flow measured is {share} % of the design: borehole resistance as designed is "
    "computed for it",
    "{source}：实测流量为设计值的 {share} %，设计钻孔热阻按实测流量计算",
)
OTHER_HEAT = Text(
    "{source}: source heat from what units deliver less their power",
    "{source}：地源侧热量由机组供热量减去耗电量得到",
)
