"""What ``diwen diagnose`` prints for people: the answer, the instruments, what was found."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from diwen.cli._diagnose_cost_text import show_costs, show_measures
from diwen.cli._diagnose_words import (
    Speaker,
    counterfactual,
    energy,
    family,
    money,
    percent,
    value_of,
    what,
    when,
)
from diwen.diagnosis.diagnosis_result import SENSORS, STATE_NAMES
from diwen.diagnosis.finding import SHAPE_NAMES
from diwen.diagnosis.inference.findings import state_of
from diwen.language import Language, Text, same
from diwen.reports.numbers import number
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from pathlib import Path

    from diwen.cli._diagnose_answer import DiagnosisAnswer
    from diwen.diagnosis.continuous.monthly_update import MonthlyUpdate
    from diwen.diagnosis.diagnosis_result import Diagnosis
    from diwen.diagnosis.finding import Finding, NotJudged

_EVIDENCE_SHOWN = 3
_LISTED = 12
_LEAST_SHARE = 0.01
_HEAD = Text(
    "{name}: {since} to {until}, {days} days, {cover} % of the values",
    "{name}：{since}～{until}，{days} 天，数据完整率 {cover} %",
)
_PROBABLY = Text(
    "Most probably: {what} ({family}), {probability}, {state}; since {since}.",
    "最可能：{what}（{family}），概率 {probability}，{state}；自 {since} 起。",
)
_COSTS = Text("It costs {energy} kWh a year{money}.", "每年多耗电 {energy} kWh{money}。")
_SAVES = Text(
    "It uses {energy} kWh a year less than designed{money}.", "每年少耗电 {energy} kWh{money}。"
)
_AND_MONEY = Text(", {money} yuan", "，{money} 元")
_AND_OTHERS = Text("Besides it, {count} more found.", "另有 {count} 项。")
_NOT_AT_ALL = Text(
    "Nothing could be judged of this plant: {open} kinds of deviation stay open.",
    "本项目无法判断：{open} 种偏差均缺少依据。",
)
_NOTHING = Text(
    "No deviation is suspected: {judged} kinds judged, {open} could not be.",
    "未发现疑似偏差：已判断 {judged} 种，{open} 种无法判断。",
)
_AHEAD = Text(
    "Ahead: in year {year} {share} % of the load would not be met (calibrated twin, as it is).",
    "前景：第 {year} 年将有 {share} % 的负荷无法满足（校准孪生，现状）。",
)
_GATE = Text("Instruments, before anything is blamed on the plant:", "数据检验（先于设备判断）：")
_GATE_FINE = Text("nothing wrong was found.", "未发现问题。")
_GATE_LACKS = Text("{reason}; missing: {missing}", "{reason}；缺少：{missing}")
_UNCHECKED = Text("Not checked: {reason}", "未检验：{reason}")
_SENSOR = Text("{text} ({probability}; {treatment})", "{text}（{probability}；{treatment}）")
_TREATMENTS = {
    "corrected": Text("records put right", "数据已校正"),
    "masked": Text("not used", "未采用"),
    "noted": Text("noted, used as it is", "仅提示，仍采用"),
}
_FOUND = Text(
    "Deviations found (value with its 90 % interval):", "发现的偏差（数值及 90 % 区间）："
)
_COLUMNS = (
    Text("deviation", "偏差"), Text("kind", "类别"), Text("value", "数值"), Text("since", "起始"),
    Text("probability", "概率"), Text("kWh/a", "kWh/年"), Text("yuan/a", "元/年"),
)  # fmt: skip
_WHY = Text("Why {what}:", "依据——{what}：")
_APART = Text("Could not be told apart:", "无法区分：")
_INSTEAD = Text(
    "{what} ({share}) or else {others}",
    "{what}（{share}），也可能是{others}",
)
_RIVAL = Text("{what} ({share})", "{what}（{share}）")
_OPEN = Text("Could not be judged:", "无法判断：")
_LACKS = Text("{what}: {reason}; missing: {missing}", "{what}：{reason}；缺少：{missing}")
_NO_POINT = Text("{what}: {reason}", "{what}：{reason}")
_NEXT = Text("What to measure next:", "建议的下一步检测：")
_TEST = Text(
    "{name} ({low} to {high} yuan, {days} days): {how}",
    "{name}（{low}～{high} 元，{days} 天）：{how}",
)
_EARLY = Text("Early warnings:", "早期预警：")
_NO_EARLY = Text("none; {count} alarms before", "无；此前报警 {count} 次")
_TRUST = Text("To be known:", "说明：")
_SAVED = Text(
    "Saved: months condensed anew {months}, kept {kept}; new lines in deviations.csv {added}.",
    "已保存：新汇总 {months} 个月，沿用 {kept} 个月；deviations.csv 新增 {added} 行。",
)
_WRITTEN = Text("Report written: {file}", "报告已写入：{file}")


def show(answer: DiagnosisAnswer, report: Path | None, language: Language) -> None:
    """The whole answer.

    Parameters
    ----------
    answer : to print
    report : file that was written, or None
    language : in which
    """
    say, diagnosis = Speaker(language), answer.diagnosis
    _headline(diagnosis, say)
    _ahead(answer, say)
    _gate(diagnosis, say)
    if diagnosis.found:
        _table(diagnosis, say)
        _evidence(diagnosis.found, say)
        _apart(diagnosis.found, say)
    show_costs(answer, say)
    _next(answer, say)
    show_measures(answer, say)
    _not_judged(diagnosis.not_judged, say)
    _early(answer, say)
    _notes(answer, say)
    if answer.update is not None:
        _saved(answer.update, diagnosis, say)
    if report is not None:
        say(_WRITTEN.format(file=report))


def _headline(diagnosis: Diagnosis, say: Speaker) -> None:
    """What it most probably is, how sure, what it costs a year."""
    record = diagnosis.record
    cover = f"{100.0 * record.mean_coverage:.0f}"
    say(_HEAD.format(name=diagnosis.name, since=record.since, until=record.until,
                     days=record.hours // 24, cover=cover))  # fmt: skip
    first = diagnosis.first
    if first is None:
        judged = len({one.parameter for one in diagnosis.findings})
        stays = sum(1 for one in diagnosis.not_judged if one.parameter != SENSORS)
        say((_NOTHING if judged else _NOT_AT_ALL).format(judged=judged, open=stays))
        return
    say(_PROBABLY.format(
        what=what(first.parameter, first.object), family=family(first),
        probability=percent(first.probability), state=STATE_NAMES[state_of(first)],
        since=when(first.since, first.until),
    ))  # fmt: skip
    cost = counterfactual(diagnosis.attribution, first)
    if cost is not None:
        sign = -1.0 if cost.electricity < 0.0 else 1.0
        paid = same("")
        if cost.cost is not None:
            paid = _AND_MONEY.format(money=money(sign * cost.cost, cost.cost_deviation))
        used = energy(sign * cost.electricity, cost.electricity_deviation)
        say((_COSTS if sign > 0.0 else _SAVES).format(energy=used, money=paid))
    if len(diagnosis.found) > 1:
        say(_AND_OTHERS.format(count=len(diagnosis.found) - 1))


def _ahead(answer: DiagnosisAnswer, say: Speaker) -> None:
    """The first year to come in which load stays unmet: no deviation is needed for that."""
    ahead = answer.account.forecast
    if ahead is None or ahead.as_found is None:
        return
    for year, share in zip(ahead.years, ahead.as_found.unmet.middle, strict=True):
        if 100.0 * share > usual_value("default.simulated.unmet"):
            say(_AHEAD.format(year=int(year), share=number(100.0 * float(share), 1)))
            return


def _gate(diagnosis: Diagnosis, say: Speaker) -> None:
    sensors = diagnosis.sensors
    say.heading(_GATE)
    if not sensors:
        say(_GATE_FINE)
    say.bullets(
        (
            _SENSOR.format(text=one.text, probability=percent(one.probability),
                           treatment=_TREATMENTS[one.treatment])
            for one in sorted(sensors, key=lambda one: -one.probability)
        ),
        _LISTED,
    )  # fmt: skip
    for one in diagnosis.not_judged:
        if one.parameter == SENSORS:
            reason = one.reason
            if one.missing:
                reason = _GATE_LACKS.format(reason=reason, missing=_points(one.missing))
            say(_UNCHECKED.format(reason=reason))


def _table(diagnosis: Diagnosis, say: Speaker) -> None:
    from rich.markup import escape
    from rich.table import Table

    from diwen.cli._wide_table import print_table

    say.heading(_FOUND)
    table = Table(box=None, pad_edge=False, header_style="dim")
    for place, column in enumerate(_COLUMNS):
        right = place >= 4
        table.add_column(column.to(say.language), justify="right" if right else "left",
                         no_wrap=right, overflow="fold")  # fmt: skip
    for one in diagnosis.found:
        cost = counterfactual(diagnosis.attribution, one)
        table.add_row(
            escape(what(one.parameter, one.object).to(say.language)),
            family(one).to(say.language), value_of(one),
            _course(one).to(say.language), percent(one.probability),
            number(None) if cost is None
            else energy(cost.electricity, cost.electricity_deviation),
            number(None) if cost is None else money(cost.cost, cost.cost_deviation),
        )  # fmt: skip
    print_table(table)


def _course(one: Finding) -> Text:
    """Since when, and how it goes on."""
    return Text(
        f"{when(one.since, one.until).en}, {SHAPE_NAMES[one.shape].en}",
        f"{when(one.since, one.until).zh}，{SHAPE_NAMES[one.shape].zh}",
    )


def _evidence(found: tuple[Finding, ...], say: Speaker) -> None:
    """The strongest facts of each finding."""
    for one in found:
        if one.evidence:
            say.heading(_WHY.format(what=what(one.parameter, one.object)))
            for fact in one.evidence[:_EVIDENCE_SHOWN]:
                say(Text(f"- {fact.text.en}", f"- {fact.text.zh}"))


def _apart(found: tuple[Finding, ...], say: Speaker) -> None:
    """What would explain the same data."""
    lines = []
    for one in found:
        rivals = sorted(one.alternatives.items(), key=lambda pair: -pair[1])
        open_ones = [pair for pair in rivals if pair[1] >= _LEAST_SHARE]
        if open_ones:
            words = [_RIVAL.format(what=what(name), share=percent(share))
                     for name, share in open_ones]  # fmt: skip
            others = Text(", ".join(one.en for one in words), "、".join(one.zh for one in words))
            named, chance = what(one.parameter, one.object), percent(one.probability)
            lines.append(_INSTEAD.format(what=named, share=chance, others=others))
    if lines:
        say.heading(_APART)
        say.bullets(lines, _LISTED)


def _next(answer: DiagnosisAnswer, say: Speaker) -> None:
    if not answer.account.proposals:
        return
    say.heading(_NEXT)
    say.bullets(
        [
            _TEST.format(name=one.test.name, how=one.test.how, days=f"{one.test.days:g}",
                         low=number(one.test.cost[0], 0), high=number(one.test.cost[1], 0))
            for one in answer.account.proposals[:3]
        ],
        3,
    )  # fmt: skip


def _not_judged(entries: tuple[NotJudged, ...], say: Speaker) -> None:
    """What stays open; what lacks the same thing stands in one line."""
    grouped: dict[tuple[Text, tuple[str, ...]], list[Text]] = {}
    for one in entries:
        if one.parameter != SENSORS:
            grouped.setdefault((one.reason, one.missing), []).append(what(one.parameter))
    if not grouped:
        return
    say.heading(_OPEN)
    say.bullets((_lacking(names, *why) for why, names in grouped.items()), _LISTED)


def _lacking(names: list[Text], reason: Text, missing: tuple[str, ...]) -> Text:
    """What could not be judged, why, and which points are missing."""
    named = Text("; ".join(one.en for one in names), "；".join(one.zh for one in names))
    if not missing:
        return _NO_POINT.format(what=named, reason=reason)
    return _LACKS.format(what=named, reason=reason, missing=_points(missing))


def _points(codes: tuple[str, ...]) -> Text:
    """Points that lack, in words."""
    from diwen.evaluation.words import point_role

    words = [point_role(code) for code in codes]
    return Text(", ".join(one.en for one in words), "、".join(one.zh for one in words))


def _early(answer: DiagnosisAnswer, say: Speaker) -> None:
    say.heading(_EARLY)
    if not answer.warnings:
        say(_NO_EARLY.format(count=len(answer.earlier)))
    say.bullets((one.text for one in answer.warnings), _LISTED)


def _notes(answer: DiagnosisAnswer, say: Speaker) -> None:
    """What lessens trust, what was assumed."""
    diagnosis, costs = answer.diagnosis, answer.diagnosis.attribution
    notes = [*diagnosis.warnings, *diagnosis.notes]
    if answer.account.broken_ledger is not None:
        notes.insert(0, answer.account.broken_ledger)
    if costs is not None:
        notes += [*([costs.refused] if costs.refused is not None else []), *costs.notes]
    if answer.account.forecast is not None:
        notes += answer.account.forecast.notes
    unique = list(dict.fromkeys(notes))
    if unique:
        say.heading(_TRUST)
        say.bullets(unique, _LISTED)


def _saved(update: MonthlyUpdate, diagnosis: Diagnosis, say: Speaker) -> None:
    """What was kept; months before and after the record hold nothing."""
    record = diagnosis.record
    first, last = f"{record.since or date.min:%Y-%m}", f"{record.until or date.max:%Y-%m}"
    counts = [
        sum(1 for month in months if first <= month <= last)
        for months in (update.condensed, update.kept)
    ]
    say(_SAVED.format(months=counts[0], kept=counts[1], added=len(update.added)))
