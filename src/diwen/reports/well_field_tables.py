"""Tables of a well field's report: wells, operating points, checks, years, assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.reports.document import Cell, Column, Light, Table, row

if TYPE_CHECKING:
    from diwen.design.well_check_result import Verdict, WellCheck, WellChecks
    from diwen.design.well_group_study import WellGroupStudy
    from diwen.design.well_study import WellStudy

    AnyStudy = WellStudy | WellGroupStudy

LIGHT_OF: dict[Verdict, Light] = {
    "ok": "good", "warning": "attention", "fail": "bad", "unknown": "unresolved",
}  # fmt: skip
_WHAT = Column(Text("what", "项目"), share=2.2)
_VALUE = Column(Text("value", "数值"), "right", 1.4)
SETTLED = Text(
    "Water and heat pumps were settled with each other in {rounds} rounds to {change:.4f} K.",
    "水温与机组能效经 {rounds} 轮迭代，收敛至 {change:.4f} K。",
)
BREAKTHROUGH_SHARES = (0.01, 0.1, 0.5)
_LATER = Text("not within {days} days", "{days} 天内未到达")
_UNVERIFIED = Text(" (not verified)", "（未核实）")


def well_table(study: WellStudy) -> Table:
    """The wells and the ground around them."""
    built, well = study.built, study.built.well
    rows: list[tuple[Text, str | Text]] = [
        (Text("number of wells", "井数"), f"{built.count}"),
        (Text("depth", "井深"), f"{well.depth:g} m"),
        (Text("diameter of the bore", "钻孔直径"), f"{2e3 * well.radius:.0f} mm"),
        (Text("kind", "类型"), _structure(study)),
    ]
    between, between_zh = ("open hole", "裸孔段") if _is_column(study) else ("seal", "密封区")
    for number, pair in enumerate(well.pairs, 1):
        stage = f" {number}" if len(well.pairs) > 1 else ""
        rows += [
            (Text(f"return screen{stage}", f"回水区滤水管{stage}"),
             _span(pair.injection.top, pair.injection.bottom)),
            (Text(f"{between}{stage}", f"{between_zh}{stage}"),
             _span(pair.seal.top, pair.seal.bottom)),
            (Text(f"extraction screen{stage}", f"取水区滤水管{stage}"),
             _span(pair.extraction.top, pair.extraction.bottom)),
        ]  # fmt: skip
    rows += [
        (Text("flow of one well", "单井循环流量"), f"{built.flow * 3600:.1f} m³/h"),
        (Text("flow of all wells", "总循环流量"), f"{built.total_flow * 3600:.1f} m³/h"),
        (Text("head of the return above rest", "回灌水头（高于静水位）"),
         f"{study.injection_head:.2f} m"),
        (Text("drawdown at the extraction", "取水区降深"), f"{study.drawdown:.2f} m"),
        (Text("returned water that stays in its layer", "同层回灌份额"),
         f"{100.0 * study.paths.closed_share:.1f} %"),
        (Text("undisturbed water", "初始水温"), f"{built.undisturbed_temperature:.1f} °C"),
    ]  # fmt: skip
    cells = tuple(
        (Cell(name), Cell(same(value) if isinstance(value, str) else value)) for name, value in rows
    )
    return Table(
        Text("Wells", "采集井"), (_WHAT, _VALUE), cells,
        Text("Heads are those of the ground with water at its natural temperature; the checks add "
             "cold water and well losses.",
             "水头仅计地层阻力，按天然水温；校核另计低温水黏度与井损。"),
    )  # fmt: skip


def operating_table(study: AnyStudy) -> Table:
    """Operating points that must not be mixed."""
    alike = study.count > 1  # groundwater wells share the water, not the heat
    columns = (
        Column(Text("operating point", "工况"), share=2.4),
        Column(Text("heat, kW", "热量，kW"), "right"),
        *([Column(Text("heat of one well, kW", "单井热量，kW"), "right")] if alike else []),
        Column(Text("flow, m³/h", "流量，m³/h"), "right"),
        Column(Text("temperature difference, K", "温差，K"), "right"),
    )
    rows = tuple(
        row(
            point.name, f"{point.heat / 1e3:,.0f}",
            *([f"{point.heat / 1e3 / study.count:,.1f}"] if alike else []),
            f"{point.flow * 3600:,.0f}", f"{point.drop:.2f}",
        )
        for point in study.operating_points()
    )  # fmt: skip
    return Table(
        Text("Operating points", "工况点"), columns, rows,
        Text("Each row is one point; heat, flow and difference of different rows do not belong "
             "together.", "每行为一个独立工况，不同行的热量、流量与温差不可混用。"),
    )  # fmt: skip


def year_table(study: AnyStudy) -> Table:
    """Heat and water of some years."""
    columns = (
        Column(Text("year", "年")),
        Column(Text("taken, MWh", "取热，MWh"), "right"),
        Column(Text("given, MWh", "放热，MWh"), "right"),
        Column(Text("pumped, lowest, °C", "取水最低，°C"), "right"),
        Column(Text("pumped, highest, °C", "取水最高，°C"), "right"),
        Column(Text("returned, lowest, °C", "回水最低，°C"), "right"),
        Column(Text("returned, highest, °C", "回水最高，°C"), "right"),
    )
    series = (
        study.extraction / 3.6e9, study.injection / 3.6e9, study.lowest("pumped"),
        study.highest("pumped"), study.lowest("returned"), study.highest("returned"),
    )  # fmt: skip
    shown = sorted({*(year for year in (1, 2, 5, 10, 15, 20, 25) if year < study.years),
                    study.years})  # fmt: skip
    rows = tuple(row(f"{year}", *(tenths(values[year - 1]) for values in series)) for year in shown)
    return Table(Text("Years, simulated", "历年结果（模拟）"), columns, rows)


def _span(top: float, bottom: float) -> Text:
    return Text(f"{top:g}–{bottom:g} m", f"{top:g}～{bottom:g} m")


def breakthrough_table(study: AnyStudy) -> Table:
    """When shares of a lasting change of the returned water arrive."""
    columns = (
        Column(Text("share arrived", "到达份额")),
        Column(Text("days of pumping at design flow", "设计流量抽水天数"), "right", 2.0),
    )
    hours = study.breakthrough[0]
    limit = _LATER.format(days=f"{hours[-1] / 24.0:.0f}" if len(hours) else "–")
    found = ((share, study.days_to(share)) for share in BREAKTHROUGH_SHARES)
    rows = tuple(
        (Cell(same(f"{100.0 * share:.0f} %")), Cell(limit if time is None else days(time)))
        for share, time in found
    )
    return Table(Text("Breakthrough", "热突破"), columns, rows)


def tenths(value: float) -> str:
    """With one decimal; a dash for a year without any load."""
    return f"{value:,.1f}" if value == value else "–"


def days(value: float | None) -> Text:
    """Days, with as many digits as they deserve."""
    if value is None:
        return Text("later", "更晚")
    shown = f"{value:.1f}" if value < 100.0 else f"{value:.0f}"
    return Text(f"{shown} d", f"{shown} d")


def check_table(checks: WellChecks) -> Table:
    """Every check with its limit, its margin and its rule."""
    columns = (
        Column(Text("check", "校核项"), share=2.6),
        Column(Text("value", "计算值"), "right", 1.1),
        Column(Text("limit", "限值"), "right", 1.1),
        Column(Text("margin", "裕度"), "right", 1.1),
        Column(Text("rule", "依据"), share=2.6),
    )
    rows = tuple(
        (
            Cell(check.name, LIGHT_OF[check.verdict]),
            Cell(same(_number(check, check.value))), Cell(same(_limit(check))),
            Cell(same(_number(check, check.margin))), Cell(_rule(check)),
        )
        for check in checks.checks
    )  # fmt: skip
    return Table(Text("Checks of full reinjection", "全部回灌校核"), columns, rows)


def cure_table(checks: WellChecks) -> Table | None:
    """What to change, for every check that is not kept; None where all are."""
    open_ones = [check for check in checks.checks if check.verdict != "ok"]
    if not open_ones:
        return None
    columns = (
        Column(Text("check", "校核项"), share=1.6),
        Column(Text("what was found", "结果"), share=2.6),
        Column(Text("what to change", "改进措施"), share=2.4),
    )
    rows = tuple(
        (
            Cell(check.name, LIGHT_OF[check.verdict]), Cell(check.why),
            Cell(check.what_to_change or Text("–", "–")),
        )
        for check in open_ones
    )  # fmt: skip
    return Table(Text("What to change", "改进措施"), columns, rows)


def _number(check: WellCheck, value: float | None) -> str:
    if value is None:
        return "–"
    unit = "" if check.unit in ("", "1") else f" {check.unit}"
    return f"{value:.3g}{unit}"


def _limit(check: WellCheck) -> str:
    sign = {"<=": "≤ ", ">=": "≥ ", "": ""}[check.sense]
    return "–" if check.limit is None else sign + _number(check, check.limit)


def _rule(check: WellCheck) -> Text:
    row_used = check.rule
    if row_used is None:
        return Text("limit of the site", "项目自身限值")
    mark = Text("", "") if row_used.settled else _UNVERIFIED
    return Text(row_used.name.en + mark.en, row_used.name.zh + mark.zh)


def _is_column(study: WellStudy) -> bool:
    return study.built.kind == "standing_column_well"


def _structure(study: WellStudy) -> Text:
    """Which of the structures."""
    if _is_column(study):
        return Text("standing column well, open hole", "立柱井（裸孔）")
    if study.built.well.annulus is not None:
        return Text("with heat-exchange particles", "有换热颗粒")
    if len(study.built.well.pairs) > 1:
        return Text("without particles, several aquifers", "无换热颗粒、多含水层")
    return Text("without particles, one aquifer", "无换热颗粒、单含水层")
