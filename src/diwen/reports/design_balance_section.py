"""Heat balance of the sources of a design over decades, and the recharge that closes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.design.well_check_rules import WellRules
from diwen.language import Text, same
from diwen.reports import design_words as words
from diwen.reports.design_balance_charts import balance_chart, energy_chart, water_chart
from diwen.reports.design_blocks import Cells, Numbering, absent, lit, notes, table
from diwen.reports.document import Block, Light, Note, Table
from diwen.reports.numbers import number

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import RechargeNeed, StationDesign

TITLE = Text("Heat balance over the years", "多年热平衡")
_MODEL = Text(
    "{years} years of the twin, hour by hour; the first law is closed in every step (largest "
    "residual {closure} of the heat rate of its node). The ground keeps what it lost: nothing is "
    "reset between the years.",
    "运行模拟 {years} 年，逐时计算；每步满足热力学第一定律（最大残差为该节点热流的 {closure}）。"
    "地层状态逐年累积，不作重置。",
)
_SHOWN = (1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100)
_ENERGY_NOTE = Text(
    "Ratio: heat into the source over heat out of it. 1 is balanced; below 1 the ground cools.",
    "排取热比为排入热量与取出热量之比：1 为平衡，小于 1 时地层逐年变冷。",
)
_NONE_NEEDED = Text(
    "{source}: nothing is needed for this target ({target}).",
    "{source}：对该目标（{target}）无需采取措施。",
)
_WHY = Text("{source}, {target}, {years} years: {why}", "{source}，{target}，{years} 年：{why}")
_LOWEST = Text("lowest allowed: {target}", "最低限值：{target}")
_HIGHEST = Text("highest allowed: {target}", "最高限值：{target}")
_NOT_LOOKED = Text(
    "No recharge was looked for.", "未求解补热（散热）需求。"
)  # fmt: skip
_KINDS = {"recharge": Text("recharge (heat in)", "补热"),
          "rejection": Text("rejection (heat out)", "散热")}  # fmt: skip
_LIMITS = ("entering", "leaving")
_UNREACHABLE = Text("not reachable", "无法达到")
_NO_SOURCE = Text("The plant draws on no ground source.", "系统没有地下热源。")


def section(design: StationDesign, numbering: Numbering) -> list[Block]:
    """Tables and pictures of every source."""
    run = design.run
    names = ground_sources(design)
    if not names:
        return [absent(_NO_SOURCE)]
    closure = f"{run.closure:.1e}"
    blocks: list[Block] = [Note(_MODEL.format(years=len(run.years), closure=closure))]
    for name in names:
        blocks.append(_years(design, name))
        blocks.append(numbering.figure(water_chart(design, name)))
        blocks.append(numbering.figure(energy_chart(design, name)))
        blocks.append(numbering.figure(balance_chart(design, name)))
    return [*blocks, *_recharge(design)]


def ground_sources(design: StationDesign) -> list[str]:
    """Sources of the site that the units draw on; air and towers have no balance."""
    return [name for name in design.run.years[0].sources if name in design.site.sources]


def shown_years(design: StationDesign) -> list[int]:
    """Years that tables show, from 1."""
    last = len(design.run.years)
    wanted = {year for year in (*_SHOWN, *design.options.horizons) if year <= last}
    return sorted(wanted | {last})


def _years(design: StationDesign, name: str) -> Table:
    rows: list[Cells] = []
    for number_ in shown_years(design):
        one = design.run.year(number_).sources[name]
        rows.append((
            f"{number_}", words.mwh(one.extraction), words.mwh(one.injection),
            words.mwh(one.recharge), words.mwh(one.rejection), words.ratio(one.ratio),
            words.celsius(one.entering[0]), words.celsius(one.entering[1]),
            words.celsius(one.leaving[0]), words.celsius(one.leaving[1]),
        ))  # fmt: skip
    columns = (
        (Text("year", "年"), "r", 0.6), (Text("taken out, MWh", "取热，MWh"), "r", 1.0),
        (Text("put in, MWh", "排热，MWh"), "r", 1.0),
        (Text("recharged, MWh", "补热，MWh"), "r", 1.0),
        (Text("rejected, MWh", "另行散热，MWh"), "r", 1.0), (Text("ratio", "排取热比"), "r", 0.8),
        (Text("in, lowest, °C", "进机组最低，°C"), "r", 1.0),
        (Text("in, highest, °C", "进机组最高，°C"), "r", 1.0),
        (Text("out, lowest, °C", "出机组最低，°C"), "r", 1.0),
        (Text("out, highest, °C", "出机组最高，°C"), "r", 1.0),
    )  # fmt: skip
    title = Text("Source {name} as designed, simulated", "热源 {name}：设计方案（模拟）")
    return table(title.format(name=name), columns, rows, _ENERGY_NOTE)


def _recharge(design: StationDesign) -> list[Block]:
    if not design.recharge:
        return [absent(_NOT_LOOKED)] if not design.options.recharge else []
    blocks: list[Block] = [_needs(design)]
    quiet = [
        _NONE_NEEDED.format(source=need.source, target=target_of(need))
        for need in design.recharge if _nothing(need)
    ]  # fmt: skip
    return [
        *blocks,
        *notes(quiet),
        *notes(
            _WHY.format(source=need.source, target=target_of(need), years=need.years, why=need.why)
            for need in design.recharge
            if not _nothing(need)
        ),
    ]


def _needs(design: StationDesign) -> Table:
    rows: list[Cells] = []
    for need in design.recharge:
        rows.append((
            same(need.source), lit(target_of(need), _light(need)), f"{need.years}",
            aim_of(design, need), _value(need, need.before), _value(need, need.reached),
            _KINDS[need.kind],
            _UNREACHABLE if need.energy is None else words.mwh(need.energy),
            words.kw(need.power), words.months_in_words(need.months),
            number(need.collector_area, 0),
        ))  # fmt: skip
    columns = (
        (Text("source", "热源"), "l", 0.9), (Text("target", "目标"), "l", 1.7),
        (Text("years", "年限"), "r", 0.6), (Text("aim", "目标值"), "r", 0.8),
        (Text("without", "现状"), "r", 0.8), (Text("with", "措施后"), "r", 0.8),
        (Text("measure", "措施"), "l", 1.1), (Text("a year, MWh", "年量，MWh"), "r", 0.9),
        (Text("power, kW", "功率，kW"), "r", 0.9), (Text("months", "月份"), "l", 1.2),
        (Text("collector area, m²", "集热面积，m²"), "r", 1.0),
    )  # fmt: skip
    note = Text(
        "Ratio targets: heat in over heat out; temperature targets in °C. Constant power in the "
        "months named; each row was simulated again with its recharge or rejection.",
        "比值类目标为排取热比，温度类目标单位为 °C。"
        "措施在所列月份以恒定功率运行，并逐项重新模拟验证。",
    )
    return table(Text("What would close the balance", "实现热平衡所需的措施"), columns, rows, note)


def target_of(need: RechargeNeed) -> Text:
    """What is to be reached; of a limit also whether it is the lowest or the highest allowed."""
    target = words.TARGETS[need.target]
    if need.target not in _LIMITS:
        return target
    return (_LOWEST if need.kind == "recharge" else _HIGHEST).format(target=target)


def aim_of(design: StationDesign, need: RechargeNeed) -> str:
    """The value to be reached; of a band both of its ends, as the rules of the day give them."""
    if need.target == "band":
        holding = WellRules.on(design.day, design.site.place.region or None)
        rows = [holding.find(id) for id in need.rules]
        ends = [words.significant(row.value) for row in rows if row is not None]
        if len(ends) == 2:
            return f"{ends[0]}–{ends[1]}"
    return _value(need, need.aim)


def _value(need: RechargeNeed, value: float) -> str:
    """A temperature with two decimals at most, a ratio with four digits."""
    return number(value, 2) if need.target in _LIMITS else words.significant(value, 4)


def _nothing(need: RechargeNeed) -> bool:
    """Whether no heat worth a word is needed (less than 1 kWh a year)."""
    return need.energy is not None and need.energy < 3.6e6


def _light(need: RechargeNeed) -> Light:
    if need.energy is None:
        return "bad"
    return "good" if _nothing(need) else "attention"
