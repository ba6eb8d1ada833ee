"""Early warning, the ledger of deviations, and what could not be judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.diagnosis.continuous.deviation_states import STATE_TEXTS, is_open
from diwen.language import Text, same
from diwen.reports.design_blocks import Cells, absent, table
from diwen.reports.design_words import significant
from diwen.reports.diagnosis_control_charts import control_charts
from diwen.reports.diagnosis_words import family_name, parameter_name, points_text, sentence
from diwen.reports.document import Block, Cell, Light, Table, joined
from diwen.reports.numbers import NONE, percent
from diwen.twin.deviations import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diwen.diagnosis.change_points import Alarm
    from diwen.diagnosis.continuous.deviation_ledger import DeviationEntry
    from diwen.diagnosis.diagnosis_result import Diagnosis
    from diwen.diagnosis.finding import NotJudged
    from diwen.reports.design_blocks import Numbering
    from diwen.reports.diagnosis_account import DiagnosisAccount

ALARMS_TITLE = Text("Early warning: control charts", "早期预警：控制图")
LEDGER_TITLE = Text("Ledger of deviations", "偏差台账")
LACKING_TITLE = Text("What could not be judged", "未能判断的偏差")
_NO_RESIDUALS = Text(
    "No daily residual could be computed, so nothing is watched.", "无法计算逐日残差，未作监视。"
)
_QUIET = Text(
    "{count} daily residuals are watched; none has raised an alarm.",
    "监视 {count} 项逐日残差，均未报警。",
)
_MOST_WATCHED = 4
_EMPTY = Text(
    "deviations.csv has no line yet: diwen diagnose writes what it finds there, people write what "
    "they corrected.",
    "deviations.csv 尚无记录：diwen diagnose 写入所发现的偏差，整改由人员填写。",
)
_STATE_LIGHTS: dict[str, Light] = {
    "suspected": "attention", "confirmed": "bad", "corrected": "indicative", "verified": "good",
    "dismissed": "plain",
}  # fmt: skip
_CLOSED = Text(
    "{closed} of {all} deviations are closed (verified or dismissed); {open} are open.",
    "{all} 项偏差中已闭环 {closed} 项（已验证或已排除），未闭环 {open} 项。",
)
_ALL_JUDGED = Text("Every deviation could be judged.", "各项偏差均已判断。")
_METHODS = {"cusum": "CUSUM", "ewma": "EWMA"}


def alarms_section(account: DiagnosisAccount, numbering: Numbering) -> list[Block]:
    """Alarms, and the charts of the residuals that raised them."""
    diagnosis, alarms = account.diagnosis, account.alarms
    if not diagnosis.residuals:
        return [absent(_NO_RESIDUALS)]
    if not alarms:
        return [absent(_QUIET.format(count=len(diagnosis.residuals)))]
    blocks: list[Block] = [alarm_table(alarms)]
    raised = dict.fromkeys(one.residual for one in alarms)
    watched = [one for one in diagnosis.residuals if one.name in raised]
    for residual in watched[:_MOST_WATCHED]:
        own = [one for one in alarms if one.residual == residual.name]
        blocks += [numbering.figure(chart) for chart in control_charts(residual, own)]
    return blocks


def alarm_table(alarms: Sequence[Alarm]) -> Table:
    """Each alarm with what may be behind it."""
    columns = (
        (Text("day", "日期"), "l", 1.0), (Text("what has changed", "变化内容"), "l", 3.6),
        (Text("chart", "控制图"), "l", 0.8), (Text("may be moved by", "可能相关的偏差"), "l", 2.6),
    )  # fmt: skip
    rows: list[Cells] = [
        (one.day.isoformat(), sentence(one.text), _METHODS[one.method],
         joined([parameter_name(name) for name in one.parameters], "; ", "；")
         if one.parameters else same(NONE))
        for one in alarms
    ]  # fmt: skip
    return table(Text("Alarms", "报警"), columns, rows)


def ledger_section(account: DiagnosisAccount, numbering: Numbering) -> list[Block]:
    """States of every deviation that was ever found."""
    return ledger_blocks(account.ledger, account.broken_ledger)


def ledger_blocks(entries: Sequence[DeviationEntry], broken: Text | None) -> list[Block]:
    """The last state of each deviation, and how many are closed."""
    from diwen.diagnosis.continuous.deviation_ledger import states

    if broken is not None:
        return [absent(sentence(broken))]
    if not entries:
        return [absent(_EMPTY)]
    last = states(entries)
    opened = sum(is_open(one.state) for one in last.values())
    note = _CLOSED.format(closed=len(last) - opened, all=len(last), open=opened)
    columns = (
        (Text("deviation", "偏差"), "l", 3.0), (Text("state", "状态"), "l", 1.0),
        (Text("reached on", "日期"), "l", 1.0), (Text("value", "取值"), "r", 0.8),
        (Text("probability", "概率"), "r", 0.8), (Text("by", "责任人"), "l", 0.9),
        (Text("course", "经过"), "l", 2.4),
    )  # fmt: skip
    rows = [_line(one, entries) for one in last.values()]
    return [table(Text("Closed loop of the deviations", "偏差闭环状态"), columns, rows, note)]


def _line(one: DeviationEntry, entries: Sequence[DeviationEntry]) -> Cells:
    course = [each for each in entries if each.key == one.key]
    family = PARAMETERS[one.parameter].family
    return (
        Cell(parameter_name(one.parameter, one.object), None, family_name(family)),
        Cell(STATE_TEXTS[one.state], _STATE_LIGHTS[one.state]),  # type: ignore[index]
        one.date.isoformat(), significant(one.value), percent(one.probability, 0), one.by,
        joined(
            [Text(f"{STATE_TEXTS[each.state].en} {each.date}",  # type: ignore[index]
                  f"{each.date} {STATE_TEXTS[each.state].zh}")  # type: ignore[index]
             for each in course],
            " → ", " → ",
        ),
    )  # fmt: skip


def lacking_section(account: DiagnosisAccount, numbering: Numbering) -> list[Block]:
    """What could not be judged, and the points that are missing."""
    return lacking_blocks(account.diagnosis)


def lacking_blocks(diagnosis: Diagnosis) -> list[Block]:
    """One line for each deviation that nothing could judge."""
    if not diagnosis.not_judged:
        return [absent(_ALL_JUDGED)]
    columns = (
        (Text("deviation", "偏差"), "l", 2.8), (Text("why not", "原因"), "l", 3.4),
        (Text("missing", "缺少"), "l", 1.4),
    )  # fmt: skip
    rows = [_not_judged(one) for one in diagnosis.not_judged]
    return [table(Text("Not judged", "未判断"), columns, rows)]


def _not_judged(one: NotJudged) -> Cells:
    from diwen.diagnosis.diagnosis_result import SENSORS_TEXT

    known = PARAMETERS.get(one.parameter)
    name = SENSORS_TEXT if known is None else known.text
    family = None if known is None else family_name(known.family)
    return Cell(name, "refused", family), one.reason, points_text(one.missing)
