"""Operation of a design: energies by month, ratios, part load, extreme days, one unit out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from diwen.language import Text
from diwen.reports import design_words as words
from diwen.reports.design_balance_section import shown_years
from diwen.reports.design_blocks import Cells, Numbering, absent, lit, table
from diwen.reports.design_operation_charts import (
    extreme_chart,
    months_chart,
    part_load_chart,
)
from diwen.reports.document import Block, Table
from diwen.reports.numbers import number, percent

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import (
        DesignYear,
        PartLoadHours,
        StationDesign,
    )

TITLE = Text("Operation", "运行特性")
MONTHLY = {
    "heat": Text("heat, MWh", "供热，MWh"), "hot_water": Text("hot water, MWh", "生活热水，MWh"),
    "cold": Text("cold, MWh", "供冷，MWh"),
    "electricity": Text("electricity, MWh", "用电，MWh"),
    "extracted": Text("from the sources, MWh", "自热源取热，MWh"),
    "injected": Text("into the sources, MWh", "向热源排热，MWh"),
}  # fmt: skip
RATIOS = {
    "cop_system": Text("COPsys", "COPsys"), "eer_system": Text("EERsys", "EERsys"),
    "combined": Text("heat and cold over electricity", "冷热总量与用电之比"),
    "spf_h1": Text("SPF H1", "SPF H1"), "spf_h2": Text("SPF H2", "SPF H2"),
    "spf_h3": Text("SPF H3", "SPF H3"), "spf_h4": Text("SPF H4", "SPF H4"),
}  # fmt: skip
_RATIO_NOTE = Text(
    "Simulated. COPsys and EERsys: heat (cold) over the electricity of units and all circulation "
    "pumps (GB/T 50801); SPF by the boundaries of SEPEMO.{refused}",
    "均为模拟值。COPsys、EERsys 为供热（冷）量与机组及全部循环水泵用电之比（GB/T 50801）；SPF 按 "
    "SEPEMO 边界。{refused}",
)
_REFUSED = Text(" {names} cannot be told: {why}.", "{names} 无法给出：{why}。")
_UNMET = Text("not delivered, MWh", "未满足，MWh")
_NO_PART_LOAD = Text("Part load was not computed.", "未计算部分负荷特性。")
_PART_NOTE = Text(
    "Share of the capacity of the design hour; hours of the first year. Below the least of one "
    "unit: {hours} h, in which units start and stop.",
    "负荷率以设计工况总能力为基准，统计第 1 年。"
    "低于单台最小出力的小时数为 {hours} h，期间机组启停运行。",
)
_NO_FAILURES = Text(
    "The year with one unit out was not simulated.", "未模拟单台机组停运的全年运行。"
)
_FAILURE_NOTE = Text(
    "A whole year with one single unit of a row out of order, compared with all units running.",
    "每行为该组一台机组全年停运的模拟结果，与全部机组可用时比较。",
)


def section(design: StationDesign, numbering: Numbering) -> list[Block]:
    """From the months to the missing unit."""
    blocks: list[Block] = [
        ratio_table(design),
        monthly_table(design.run.years[0]),
        numbering.figure(months_chart(design)),
        _electricity(design),
    ]
    for one in design.part_load:
        blocks.append(_part_load(one))
        blocks.append(numbering.figure(part_load_chart(one)))
    if not design.part_load:
        blocks.append(absent(_NO_PART_LOAD))
    if design.extremes:
        blocks.append(_extremes(design))
        blocks += [numbering.figure(extreme_chart(design, stretch)) for stretch in design.extremes]
    blocks.append(_failures(design) if design.failures else absent(_NO_FAILURES))
    return blocks


def ratio_table(design: StationDesign) -> Table:
    """Ratios of the years that are told."""
    chosen = [design.run.year(number_) for number_ in _told(design)]
    columns = [
        (Text("ratio", "指标"), "l", 2.0),
        *((Text(f"year {one.year}", f"第 {one.year} 年"), "r", 1.0) for one in chosen),
    ]
    rows: list[Cells] = [
        (name, *(words.ratio(one.summary.ratios.get(key)) for one in chosen))
        for key, name in RATIOS.items()
    ]
    rows.append((_UNMET, *(words.mwh(one.summary.unmet_heat + one.summary.unmet_cold, 2)
                           for one in chosen)))  # fmt: skip
    note = _RATIO_NOTE.format(refused=_refused(design))
    return table(Text("Efficiency", "能效指标"), columns, rows, note)


def _refused(design: StationDesign) -> Text:
    """Which ratios are left out because pumps are not named, and the cure."""
    found = design.run.years[0].summary.refused
    said = []
    for why in dict.fromkeys(found.values()):
        names = [RATIOS[key] for key in RATIOS if found.get(key) == why]
        shown = Text(", ".join(one.en for one in names), "、".join(one.zh for one in names))
        said.append(_REFUSED.format(names=shown, why=why))
    return Text("".join(one.en for one in said), "".join(one.zh for one in said))


def _told(design: StationDesign) -> list[int]:
    last = len(design.run.years)
    return sorted({1, *(year for year in design.options.horizons if year <= last), last})


def monthly_table(year: DesignYear) -> Table:
    """Energies of a year by month."""
    monthly = {
        key: np.asarray(year.summary.monthly[key])
        for key in MONTHLY
        if key in year.summary.monthly and np.any(year.summary.monthly[key])
    }
    columns = [(Text("month", "月份"), "l", 0.8), *((MONTHLY[key], "r", 1.0) for key in monthly)]
    rows: list[Cells] = [
        (name, *(words.mwh(float(values[place])) for values in monthly.values()))
        for place, name in enumerate(words.MONTHS)
    ]
    rows.append((Text("year", "全年"), *(words.mwh(float(v.sum())) for v in monthly.values())))
    title = Text(f"Months of year {year.year}, simulated", f"第 {year.year} 年逐月能量（模拟）")
    return table(title, columns, rows)


def _electricity(design: StationDesign) -> Table:
    chosen = [design.run.year(number_) for number_ in shown_years(design)]
    keys = [key for key in words.GROUPS
            if any(one.summary.electricity.get(key, 0.0) > 0.0 for one in chosen)]  # fmt: skip
    columns = [
        (Text("year", "年"), "r", 0.6),
        *((Text(f"{words.GROUPS[key].en}, MWh", f"{words.GROUPS[key].zh}，MWh"), "r", 1.0)
          for key in keys),
        (Text("all, MWh", "合计，MWh"), "r", 1.0), (Text("fuel, MWh", "燃料，MWh"), "r", 0.9),
        (Text("unit hours, h", "机组运行，台时"), "r", 1.0), (Text("starts", "启动次数"), "r", 0.8),
        (Text("outside tested range, h", "超出测试范围，h"), "r", 1.1),
    ]  # fmt: skip
    rows: list[Cells] = [
        (
            f"{one.year}", *(words.mwh(one.summary.electricity.get(key, 0.0)) for key in keys),
            words.mwh(one.summary.power), words.mwh(one.summary.fuel),
            number(one.summary.running_hours, 0), number(one.summary.starts, 0),
            number(one.summary.extrapolated_hours, 0),
        )
        for one in chosen
    ]  # fmt: skip
    return table(
        Text("Electricity, fuel and units by year", "历年用电、燃料与机组运行"), columns, rows
    )


def _part_load(one: PartLoadHours) -> Table:
    columns = (
        (Text("share of capacity, %", "负荷率，%"), "l", 1.2),
        (Text("hours, h", "小时数，h"), "r", 1.0),
        (Text("energy, MWh", "能量，MWh"), "r", 1.0),
        (Text("COP or EER of the units", "机组 COP 或 EER"), "r", 1.2),
    )
    rows: list[Cells] = [
        (
            Text(f"{100 * low:.0f}–{100 * high:.0f}", f"{100 * low:.0f}～{100 * high:.0f}"),
            number(float(hours), 0), words.mwh(float(energy)), words.ratio(float(ratio)),
        )
        for low, high, hours, energy, ratio in zip(
            one.edges[:-1], one.edges[1:], one.hours, one.energy, one.mean_efficiency, strict=True
        )
    ]  # fmt: skip
    title = Text("Part load, {duty}", "部分负荷：{duty}").format(duty=words.DUTIES[one.duty])
    return table(title, columns, rows, _PART_NOTE.format(hours=number(one.below_minimum, 0)))


def _extremes(design: StationDesign) -> Table:
    chosen = {"outdoor": Text("outdoor temperature", "室外温度"), "load": Text("load", "负荷")}
    rows: list[Cells] = []
    for one in design.extremes:
        unmet = float(one.unmet.max()) if one.unmet.size else 0.0
        lowest = None if one.outdoor is None else float(one.outdoor.min())
        highest = None if one.outdoor is None else float(one.outdoor.max())
        rows.append((
            lit(one.name, "good" if unmet <= 1e-3 * float(one.load.max()) else "bad"),
            words.hour_of_year(one.start), chosen[one.chosen_by], words.celsius(lowest),
            words.celsius(highest), words.kw(float(one.load.max())), words.kw(unmet),
            words.kw(float(one.power.max())), words.ratio(one.efficiency),
        ))  # fmt: skip
    columns = (
        (Text("hours", "时段"), "l", 1.5),
        (Text("from", "起始"), "l", 1.4),
        (Text("chosen by", "选取依据"), "l", 1.0),
        (Text("outdoor, lowest, °C", "室外最低，°C"), "r", 0.9),
        (Text("outdoor, highest, °C", "室外最高，°C"), "r", 0.9),
        (Text("load, kW", "负荷，kW"), "r", 0.9),
        (Text("not met, kW", "未满足，kW"), "r", 0.9),
        (Text("electric, kW", "电功率，kW"), "r", 0.9),
        (Text("ratio", "能效比"), "r", 0.7),
    )
    return table(Text("Extreme days, simulated", "极端日运行（模拟）"), columns, rows)


def _failures(design: StationDesign) -> Table:
    rows: list[Cells] = []
    for one in design.failures:
        unmet = one.unmet_heat + one.unmet_cold
        rows.append((
            lit(one.unit, "good" if one.unmet_hours <= 0.0 else "attention"), f"{one.left}",
            words.mwh(one.unmet_heat, 2), words.mwh(one.unmet_cold, 2),
            number(one.unmet_hours, 0), words.kw(one.worst if unmet > 0.0 else 0.0),
            percent(one.worst_share),
        ))  # fmt: skip
    columns = (
        (Text("one out of", "停运一台"), "l", 1.4), (Text("units left", "剩余台数"), "r", 0.8),
        (Text("heat lacking, MWh", "缺热，MWh"), "r", 1.0),
        (Text("cold lacking, MWh", "缺冷，MWh"), "r", 1.0),
        (Text("hours, h", "小时数，h"), "r", 0.8), (Text("worst, kW", "最大缺口，kW"), "r", 1.0),
        (Text("share of the load", "占当时负荷"), "r", 1.0),
    )  # fmt: skip
    return table(
        Text("One unit out (n − 1)", "单台机组停运（n − 1）"), columns, rows, _FAILURE_NOTE
    )
