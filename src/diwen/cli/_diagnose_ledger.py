"""``diwen diagnose``: the ledger of deviations, what a person says of them, before and after."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from diwen.cli._diagnose_words import KWH, Speaker, percent, significant, what
from diwen.language import Language, Text, same
from diwen.problems import InputError, Problem
from diwen.reports.numbers import number

if TYPE_CHECKING:
    from diwen.diagnosis.advice.verification import Verification
    from diwen.diagnosis.continuous.deviation_ledger import DeviationEntry
    from diwen.site import Site

_COMMAND = "diwen diagnose"
_YEAR = timedelta(days=365)
_EMPTY = Text(
    "deviations.csv has no line yet; diwen diagnose SITE --save writes what is found",
    "deviations.csv 尚无记录；diwen diagnose 项目文件夹 --save 写入诊断结果",
)
_COLUMNS = (
    Text("date", "日期"), Text("deviation", "偏差"), Text("state", "状态"), Text("value", "数值"),
    Text("probability", "概率"), Text("by", "记录人"), Text("note", "备注"),
)  # fmt: skip
_WRITTEN = Text("Written into deviations.csv: {what}, {state}, {day}.",
                "已写入 deviations.csv：{what}，{state}，{day}。")  # fmt: skip
_NO_CORRECTION = Text("the ledger does not say that it was corrected", "台账中没有该偏差的整改记录")
_SAY_WHEN = Text(
    "give --mark {parameter}=corrected --on DATE --by NAME first, or --on DATE",
    "请先用 --mark {parameter}=corrected --on 日期 --by 姓名 登记，或给出 --on 日期",
)
_JUDGED = Text(
    "{what}, put right on {day}: {state}.", "{what}（{day} 整改）：{state}。"
)  # fmt: skip
_SAVING = Text(
    "Over {days} days: {saving} ± {uncertainty} kWh ({share}) less than the plant before would "
    "have used; {used} kWh used.",
    "{days} 天内比整改前少用电 {saving} ± {uncertainty} kWh（{share}）；实际用电 {used} kWh。",
)
_LOSS = Text(
    "Over {days} days: {saving} ± {uncertainty} kWh ({share}) more than the plant before would "
    "have used; {used} kWh used.",
    "{days} 天内比整改前多用电 {saving} ± {uncertainty} kWh（{share}）；实际用电 {used} kWh。",
)
_PROMISED = Text("Promised: {share}.", "承诺：{share}。")
_BASELINE = Text(
    "Baseline: {n} days by {terms}; R² {r2}, CV(RMSE) {cv} %.",
    "基线：{n} 天，变量 {terms}；R² {r2}，CV(RMSE) {cv} %。",
)
_VERIFIED_NOTE = Text("saving {share} measured over {days} days", "实测节能 {share}，{days} 天")


def show_ledger(site: Site, language: Language) -> None:
    """The last state of each deviation, the last change first."""
    from rich.markup import escape
    from rich.table import Table

    from diwen.cli._wide_table import print_table

    say, entries = Speaker(language), list(ledger(site).values())
    if not entries:
        say(_EMPTY)
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in _COLUMNS:
        table.add_column(column.to(language), overflow="fold")
    for one in sorted(entries, key=lambda one: one.date, reverse=True):
        table.add_row(*(escape(cell) for cell in _cells(one, language)))
    print_table(table)


def ledger(site: Site) -> dict[tuple[str, str], DeviationEntry]:
    """The last line of each deviation, by parameter and object."""
    from diwen.diagnosis.continuous.deviation_ledger import read_deviations, states

    return states(read_deviations(site))


def _cells(one: DeviationEntry, language: Language) -> tuple[str, ...]:
    from diwen.diagnosis.continuous.deviation_states import STATE_TEXTS

    state = STATE_TEXTS[one.state]  # type: ignore[index]
    value = significant(one.value) if math.isfinite(one.value) else ""
    chance = percent(one.probability) if math.isfinite(one.probability) else ""
    name = f"{what(one.parameter, one.object).to(language)} [{_key(one)}]"
    return (one.date.isoformat(), name, state.to(language), value, chance,
            one.by, one.note)  # fmt: skip


def _key(one: DeviationEntry) -> str:
    """A deviation as the options name it."""
    return f"{one.parameter}:{one.object}" if one.object else one.parameter


def mark(
    site: Site, parameter: str, object: str, state: str, by: str, day: date, note: str
) -> DeviationEntry:
    """Write what a person says of a deviation.

    Raises
    ------
    diwen.problems.InputError : the state does not follow, or is not a person's to say
    """
    from diwen.diagnosis.continuous.deviation_ledger import DeviationEntry, add_deviations

    entry = DeviationEntry(day, parameter, object, state, by=by, note=note)
    add_deviations(site, [entry])
    return entry


def say_marked(one: DeviationEntry, language: Language) -> None:
    """What was written."""
    from diwen.diagnosis.continuous.deviation_states import STATE_TEXTS

    state = STATE_TEXTS[one.state]  # type: ignore[index]
    name = what(one.parameter, one.object)
    Speaker(language)(_WRITTEN.format(what=name, state=state, day=one.date))


def corrected_on(site: Site, parameter: str, object: str, on: date | None) -> date:
    """Day on which a deviation was put right: as given, else the last one of the ledger.

    Raises
    ------
    diwen.problems.InputError : nobody said when
    """
    if on is not None:
        return on
    from diwen.diagnosis.continuous.deviation_ledger import read_deviations

    key = (parameter, object)
    days = [
        one.date for one in read_deviations(site) if one.key == key and one.state == "corrected"
    ]
    if not days:
        cure = _SAY_WHEN.format(parameter=parameter)
        raise InputError([Problem(_COMMAND, "--verify", _NO_CORRECTION, cure, parameter)])
    return days[-1]


def verification(
    site: Site, day: date, since: date | None, until: date | None, promised: float | None
) -> Verification:
    """Before against after a day; the day itself counts to neither.

    Parameters
    ----------
    site : with telemetry
    day : on which the measure was taken
    since : first day of the baseline; None: a year before
    until : day after the last one that is compared; None: all
    promised : share of the electricity
    """
    from diwen.diagnosis.advice.daily_use import daily_use
    from diwen.diagnosis.advice.verification import verified_saving
    from diwen.diagnosis.record.from_store import record_of_site
    from diwen.diagnosis.record.stretch import part_of

    record = record_of_site(site, since or day - _YEAR, until)
    before = part_of(record, None, day)
    after = part_of(record, day + timedelta(days=1))
    return verified_saving(daily_use(before), daily_use(after), promised)


def save_verified(site: Site, parameter: str, object: str, found: Verification) -> bool:
    """Write that a correction is verified, if it is and the ledger waits for it."""
    from diwen.diagnosis.continuous.deviation_ledger import DeviationEntry, add_deviations

    last = ledger(site).get((parameter, object))
    if found.state != "verified" or last is None or last.state != "corrected":
        return False
    note = _VERIFIED_NOTE.format(share=percent(found.share), days=found.days)
    text = f"{note.en} | {note.zh}"
    add_deviations(site, [DeviationEntry(date.today(), parameter, object, "verified", note=text)])
    return True


def show_verification(
    parameter: str, object: str, day: date, found: Verification, language: Language
) -> None:
    """What the meters say of a measure."""
    from diwen.diagnosis.advice.verification import STATE_NAMES

    say = Speaker(language)
    say(_JUDGED.format(what=what(parameter, object), day=day, state=STATE_NAMES[found.state]))
    if math.isfinite(found.saving):
        say((_SAVING if found.saving >= 0.0 else _LOSS).format(
            days=found.days, saving=number(abs(found.saving) / KWH, 0),
            uncertainty=number(found.uncertainty / KWH, 0), used=number(found.used / KWH, 0),
            share=f"{100.0 * abs(found.share):.1f} %",
        ))  # fmt: skip
    if found.promised is not None:
        say(_PROMISED.format(share=f"{100.0 * found.promised:.1f} %"))
    model = found.baseline
    if model is not None:
        terms = model.names
        say(_BASELINE.format(
            n=model.n, r2=f"{model.r_squared:.2f}", cv=f"{100.0 * model.cv_rmse:.0f}",
            terms=Text(", ".join(one.en for one in terms), "、".join(one.zh for one in terms))
            if terms else same("-"),
        ))  # fmt: skip
    say.bullets(found.reasons, len(found.reasons))


def verification_data(
    parameter: str, object: str, day: date, found: Verification, saved: bool
) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "parameter": parameter, "object": object, "corrected": day.isoformat(),
        **found.as_dict(), "saved": saved,
    }  # fmt: skip
