"""Tables of the report of a thermal response test."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.quantities import printed
from diwen.reports.document import Cell, Column, Light, Table, row
from diwen.reports.numbers import number, with_uncertainty
from diwen.survey.evaluate_test import METHOD_NAMES
from diwen.survey.response_test_columns import NAMES
from diwen.survey.rule_check import OUTCOMES
from diwen.survey.standing_column_phases import PHASES

if TYPE_CHECKING:
    from diwen.rules import Row
    from diwen.sources.response_test.evaluation import Evaluation
    from diwen.survey.evaluate_test import TestResult
    from diwen.survey.rule_check import Check

LIGHT_OF: dict[str, Light] = {"passed": "good", "failed": "bad", "unknown": "unresolved"}
_UNVERIFIED = Text(
    "(?): the limit is not checked against the official text. Limits without it are verified in "
    "public material or are engineering defaults.",
    "(?)：限值尚未与标准正式文本核对；无此标记者已见于公开资料或为工程默认值。",
)
_MISSING = Text("missing: {what}", "缺少：{what}")
_COLUMN = Text("column of the {what}", "{what}列")
_NOT_STATED = Text("not stated", "未给出")
_YES, _NO = Text("yes", "是"), Text("no", "否")
_ORIGINS = {
    "measured": Text("measured", "实测"),
    "relative": Text("relative reading times the nominal heat rate", "相对读数乘名义功率"),
    "flow and temperatures": Text("from flow, inlet and outlet", "由流量与进出口温差计算"),
    "nominal": Text("nominal, not measured", "名义值，未实测"),
}


def results(result: TestResult) -> Table:
    """The values with their uncertainty."""
    found = result.evaluation
    borehole = result.inputs.borehole
    rows = []
    if found is not None:
        rate = found.steadiness.power_mean / borehole.length
        start, end = result.window
        rows = [
            row(Text("thermal conductivity of the ground λ", "岩土导热系数 λ"), with_uncertainty(
                found.conductivity, result.conductivity_uncertainty, "W/(m·K)", 3)),
            row(Text("borehole thermal resistance Rb", "钻孔热阻 Rb"), with_uncertainty(
                found.resistance, result.resistance_uncertainty, "m·K/W", 4)),
            row(Text("undisturbed ground temperature, as used", "岩土初始地温（采用值）"),
                f"{number(borehole.undisturbed_temperature, 2)} °C"),
            row(Text("mean heat rate", "平均加热功率"),
                f"{number(found.steadiness.power_mean, 0)} W"),
            row(Text("heat exchanged per metre of borehole under the conditions of the test "
                     "(reference value)", "测试条件下钻孔每延米换热量（参考值）"),
                f"{number(rate, 1)} W/m"),
            *_circulation(found),
            row(Text("window used", "取用时段"),
                f"{number(start / 3600, 1)} – {number(end / 3600, 1)} h"),
        ]  # fmt: skip
    return Table(
        Text("Result", "结果"),
        (Column(Text("quantity", "物理量"), share=2.4),
         Column(Text("value (k = 2)", "数值（k = 2）"), "right", 1.6)),
        tuple(rows),
    )  # fmt: skip


def _circulation(found: Evaluation) -> list[tuple[Cell, ...]]:
    """Flow and temperature difference under which the values were found, as far as measured."""
    steady = found.steadiness
    rows = []
    if steady.flow_mean > 0:
        rows.append(
            row(Text("mean mass flow", "平均质量流量"), f"{number(steady.flow_mean, 3)} kg/s")
        )
    if steady.temperature_difference > 0:
        shown = f"{number(steady.temperature_difference, 2)} K"
        rows.append(row(Text("inlet minus outlet (median)", "进出口温差（中位数）"), shown))
    return rows


def quality(result: TestResult) -> Table:
    """Every check with its rule row, and whether the row is verified."""
    return Table(
        Text("Quality of the test", "试验质量检查"),
        (
            Column(Text("check", "检查项"), share=2.2),
            Column(Text("found", "试验值"), share=1.9),
            Column(Text("limit", "限值"), "right", 1.1),
            Column(Text("rule", "依据"), share=2.6),
            Column(Text("outcome", "结论"), share=1.3),
        ),
        tuple(_check_row(check) for check in result.quality.checks),
        _UNVERIFIED,
    )


def _check_row(check: Check) -> tuple[Cell, ...]:
    en, zh = _with_unit(check, "en"), _with_unit(check, "zh")
    shown = Text(en, zh)
    if check.missing is not None:
        shown = _MISSING.format(what=check.missing)
    mark = "" if check.row.verified or check.row.evidence == "E" else " (?)"
    limit = Text(
        f"{check.row.printed('en')} {_unit(check.row, 'en')}".strip(),
        f"{check.row.printed('zh')} {_unit(check.row, 'zh')}".strip(),
    )
    standard = Text(check.row.name.en + mark, check.row.name.zh + mark)
    return (
        Cell(check.text),
        Cell(shown, detail=check.detail),
        Cell(limit),
        Cell(standard, detail=same(check.row.id)),
        Cell(OUTCOMES[check.outcome], LIGHT_OF[check.outcome]),
    )


def _with_unit(check: Check, language: str) -> str:
    if check.value is None:
        return "–"
    unit = _unit(check.row, language)
    return f"{check.value:.3g} {unit}".strip()


def _unit(rule: Row, language: str) -> str:
    return "" if rule.unit == "1" else printed(rule.unit, "zh" if language == "zh" else "en")


def methods(result: TestResult) -> Table | None:
    """What each method gives; None without a value."""
    found = result.evaluation
    if found is None:
        return None
    rows = []
    for name, text in METHOD_NAMES.items():
        fit = getattr(found, name.replace(" ", "_"))
        if fit is None:
            continue
        light: Light | None = "good" if name == found.method else None
        rows.append(
            row(
                Cell(text, light),
                number(fit.conductivity, 3),
                number(fit.resistance, 4),
                f"{number(fit.start / 3600, 1)} – {number(fit.end / 3600, 1)} h",
                number(fit.rms, 3),
            )
        )
    if found.recovery is not None:
        fit = found.recovery
        window = f"{number(fit.start / 3600, 1)} – {number(fit.end / 3600, 1)} h"
        text = Text("recovery after heating", "停止加热后的恢复")
        rows.append(row(text, number(fit.conductivity, 3), "–", window, "–"))
    return Table(
        Text("Results by method", "各方法结果"),
        (
            Column(Text("method", "方法"), share=3),
            Column(Text("λ, W/(m·K)", "λ，W/(m·K)"), "right", 1.1),
            Column(Text("Rb, m·K/W", "Rb，m·K/W"), "right", 1.1),
            Column(Text("window", "时段"), "right", 1.4),
            Column(Text("residual, K", "残差，K"), "right", 1),
        ),
        tuple(rows),
        Text("● the method that the result is taken from.", "● 结果所采用的方法。"),
    )


def budget(result: TestResult) -> Table | None:
    """The uncertainty line by line; None without one."""
    found = result.evaluation
    if found is None or found.budget is None:
        return None
    rows = [
        row(
            line.name,
            _given(line.given, line.unit),
            number(2 * line.conductivity, 3),
            number(2 * line.resistance, 4),
        )
        for line in found.budget.contributions
    ]
    total = found.budget
    rows.append(row(Text("all together", "合成"), "", number(total.conductivity_expanded, 3),
                    number(total.resistance_expanded, 4)))  # fmt: skip
    known = result.uncertainty_from
    note = Text(
        "Inputs without a stated accuracy have the defaults of the rules"
        + (f"; stated: {', '.join(known)}." if known else "; none is stated."),
        "未给出准确度的输入量采用规则默认值"
        + (f"；已给出：{'、'.join(known)}。" if known else "；均未给出。"),
    )
    return Table(
        Text("Uncertainty budget (k = 2)", "不确定度分量（k = 2）"),
        (
            Column(Text("contribution", "分量"), share=2.6),
            Column(Text("input, standard", "输入量标准不确定度"), "right", 1.4),
            Column(Text("of λ, W/(m·K)", "λ，W/(m·K)"), "right", 1.2),
            Column(Text("of Rb, m·K/W", "Rb，m·K/W"), "right", 1.2),
        ),
        tuple(rows),
        note,
    )


def _given(value: float, unit: str) -> str:
    if unit == "1":
        return f"{number(100 * value, 2)} %"
    return f"{number(value, 2)} K" if unit == "K" else "–"


def flow_levels(result: TestResult) -> Table | None:
    """Borehole resistance by flow; None where the flow was not changed."""
    fit = None if result.evaluation is None else result.evaluation.superposition
    if fit is None or len(fit.resistances) < 2:
        return None
    return Table(
        Text("Borehole resistance by flow", "各流量下的钻孔热阻"),
        (Column(Text("mass flow, kg/s", "质量流量，kg/s"), "right"),
         Column(Text("Rb, m·K/W", "Rb，m·K/W"), "right")),
        tuple(
            row(number(flow, 4), number(resistance, 4))
            for flow, resistance in zip(fit.level_flow, fit.resistances, strict=True)
        ),
    )  # fmt: skip


def layers(result: TestResult) -> Table | None:
    """Layer by layer; None without temperatures by depth."""
    found = result.layered
    if found is None:
        return None
    note = None
    if result.evaluation is not None:
        departure = found.departure_from(result.evaluation.conductivity)
        note = Text(
            f"Mean of the layers {found.mean_conductivity:.3f} W/(m·K), "
            f"{100 * departure:+.1f} % against the whole borehole.",
            f"各层厚度加权平均 {found.mean_conductivity:.3f} W/(m·K)，"
            f"与整孔结果相差 {100 * departure:+.1f} %。",
        )
    return Table(
        Text("Layers", "分层结果"),
        (
            Column(Text("depth", "深度"), share=1.4),
            Column(Text("heat, W/m", "热流，W/m"), "right"),
            Column(Text("λ by itself", "λ（单层）"), "right"),
            Column(Text("λ smoothed, W/(m·K)", "λ（平滑），W/(m·K)"), "right", 1.6),
            Column(Text("Rb, m·K/W", "Rb，m·K/W"), "right"),
        ),
        tuple(
            row(
                f"{found.depth[i]:g} – {found.depth[i + 1]:g} m",
                number(found.heat_rate[i], 1),
                number(found.single[i], 2),
                with_uncertainty(found.conductivity[i], 2 * found.conductivity_error[i], "", 2),
                number(found.resistance[i], 3),
            )
            for i in range(len(found.heat_rate))
        ),
        note,
    )


def standing_column(result: TestResult) -> Table | None:
    """Phases of a test on a standing column well; None for a closed borehole."""
    found = result.standing_column
    if found is None:
        return None
    return Table(
        Text("Phases of the test on the standing column well", "立柱井试验阶段"),
        (
            Column(Text("phase", "阶段"), share=2),
            Column(Text("from, h", "起，h"), "right"),
            Column(Text("to, h", "止，h"), "right"),
            Column(Text("heat rate, kW", "热流率，kW"), "right"),
            Column(Text("flow, kg/s", "流量，kg/s"), "right"),
            Column(Text("bleed, kg/s", "排放，kg/s"), "right"),
            Column(Text("water at the end, °C", "末小时水温，°C"), "right", 1.2),
        ),
        tuple(
            row(PHASES[phase.kind], number(phase.start / 3600, 1), number(phase.end / 3600, 1),
                number(phase.heat_rate / 1000, 2), _known(phase.flow), _known(phase.bleed),
                number(phase.temperature_last, 2))
            for phase in found.phases
        ),
        _from_circulation(result),
    )  # fmt: skip


def _known(value: float) -> str:
    return number(value, 3) if math.isfinite(value) else "–"


def _from_circulation(result: TestResult) -> Text | None:
    """The fit from the start of circulation on, as a check."""
    found = result.standing_column
    if found is None or found.whole is None:
        return None
    whole = found.whole
    values = (
        f"λ = {number(whole.conductivity, 2)} W/(m·K), Rb = {number(whole.resistance, 4)} m·K/W, "
        f"T0 = {number(whole.undisturbed_temperature, 2)} °C"
    )
    return Text(
        f"From the start of circulation, with the heat of the recirculation counted (a check): "
        f"{values}.",
        f"自开始循环起计、计入循环阶段热量（校核）：{values}。",
    )


def borehole(result: TestResult) -> Table:
    """The borehole, the ground and the meters as used."""
    tested, known = result.inputs.borehole, result.inputs.circumstances
    lines = [
        (Text("active length", "有效孔深"), f"{tested.length:g} m"),
        (Text("bore diameter", "孔径"), f"{2000 * tested.radius:g} mm"),
        (Text("heat capacity of the ground", "岩土容积热容"),
         f"{tested.heat_capacity / 1e6:.4g} MJ/(m³·K)"),
        (Text("undisturbed temperature", "初始地温"), f"{tested.undisturbed_temperature:.4g} °C"),
    ]  # fmt: skip
    cells: list[tuple[Text, Text | str]] = list(lines)
    for text, value, factor, unit in (
        (Text("limit of error of the power", "功率允许误差"), known.power_accuracy, 100, "%"),
        (Text("limit of error of the flow", "流量允许误差"), known.flow_accuracy, 100, "%"),
        (Text("limit of error of the thermometers", "温度允许误差"),
         known.temperature_accuracy, 1, "K"),
    ):  # fmt: skip
        cells.append((text, _NOT_STATED if value is None else f"{factor * value:g} {unit}"))
    return Table(
        Text("Borehole, ground and meters", "钻孔、岩土与仪表"),
        (Column(Text("quantity", "项目"), share=2), Column(Text("value", "数值"), "right")),
        tuple(row(text, value) for text, value in cells),
    )


def provenance(result: TestResult) -> Table:
    """Where the values come from: file, records, window, program."""
    file = result.file
    shown = [
        (Text("file", "数据文件"), same(file.path.name)),
        (Text("SHA-256 of the file", "文件 SHA-256"), same(file.sha256)),
        (Text("records in the file", "文件记录数"), same(f"{file.records:,}")),
        (Text("records used", "取用记录数"), same(f"{result.rows:,}")),
        (Text("heat rate", "加热功率"), _ORIGINS[file.power_origin]),
        (Text("day of the test", "试验日期"), same(str(result.day or "–"))),
        (Text("made by", "测试单位"), same((result.test.by if result.test else "") or "–")),
        (Text("evaluated", "评价日期"), same(str(result.evaluated))),
        (Text("program", "软件"), Text(f"Diwen {result.version}", f"地温 {result.version}")),
        (Text("rule data, SHA-256", "规则数据 SHA-256"), same(result.quality.digest[:16])),
    ]
    if result.evaluation is not None:
        start, end = result.window
        window = f"{start / 3600:.2f} – {end / 3600:.2f} h"
        shown.insert(4, (Text("window", "时段"), same(window)))
        shown.insert(5, (Text("method", "方法"), METHOD_NAMES[result.evaluation.method]))
    for role, column in file.columns.items():
        told = not column.unit or f"[{column.unit}]" in column.name
        unit = "" if told else f" [{column.unit}]"
        shown.append((_COLUMN.format(what=NAMES[role]), same(f"{column.name}{unit}")))
    return Table(
        Text("Provenance", "数据溯源"),
        (Column(Text("item", "项目")), Column(Text("content", "内容"), share=2.4)),
        tuple(row(label, text) for label, text in shown),
    )


def rules(result: TestResult) -> Table:
    """The rule rows used, with their standing."""
    seen = {check.row.id: check.row for check in result.quality.checks}
    return Table(
        Text("Rules used", "采用的规则条目"),
        (
            Column(Text("rule", "规则"), share=3.2),
            Column(Text("limit", "限值"), "right", 1.1),
            Column(Text("standard", "标准"), share=2.2),
            Column(Text("verified", "已核实"), "center", 0.8),
            Column(Text("evidence", "依据"), share=2),
        ),
        tuple(
            row(
                Cell(rule.text, detail=same(rule.id)),
                Text(*(f"{rule.printed(spoken)} {_unit(rule, spoken)}".strip()
                       for spoken in ("en", "zh"))),
                rule.name,
                _YES if rule.verified else _NO,
                rule.standing,
            )
            for rule in seen.values()
        ),
    )  # fmt: skip
