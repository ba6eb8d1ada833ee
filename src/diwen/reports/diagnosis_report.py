"""The report of a diagnosis, in both languages, as HTML and PDF.

First page with lights and the most probable deviation; then data and instruments, the seven kinds,
each finding with its evidence, the way from the promised to the measured performance, the forecast,
reliability, what to measure next, measures, early warning, the ledger, and what was not judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from diwen import __version__
from diwen.diagnosis.diagnosis_result import Diagnosis
from diwen.diagnosis.inference.findings import state_of
from diwen.language import Language, Text
from diwen.problems import InputError, Problem
from diwen.reports import (
    diagnosis_advice_section,
    diagnosis_appendices,
    diagnosis_cost_section,
    diagnosis_data_section,
    diagnosis_findings_section,
    diagnosis_watch_section,
)
from diwen.reports.building import FORMATS, Format, rendered, write_file
from diwen.reports.chart import origin_text
from diwen.reports.design_blocks import Numbering
from diwen.reports.diagnosis_account import DiagnosisAccount, account_of
from diwen.reports.diagnosis_words import (
    DIAGNOSIS_LIGHTS,
    STATE_LIGHTS,
    families_of,
    kwh,
    light_of,
    name_of,
    probability_text,
    sentence,
    since_text,
    value_with_interval,
)
from diwen.reports.document import Block, Document, Finding, Light, Section, Verdict
from diwen.reports.header import ILLUSTRATIVE, SIGNATURES
from diwen.reports.picture_files import make_folder

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Finding as Deviation
    from diwen.site import Site

_TITLE = Text("Diagnosis report of a ground-source heat-pump system", "地源热泵系统偏差诊断报告")
_PERIOD = Text("{since} to {until}", "{since} 至 {until}")
_FOOT = Text("Diwen {version}, diagnosed {day}", "地温 {version}，诊断于 {day}")
_SIMULATED = Text(
    "Simulated data: the records behind this diagnosis were not measured.",
    "模拟数据：本诊断所用记录并非实测。",
)
_VALUE = Text("Value (90 % interval)", "取值（90 % 区间）")
_CONFIRMED = Text(
    "{count} confirmed deviation(s). The most probable: {name}, {value}, since {since}.",
    "确认偏差 {count} 项。最可能的偏差：{name}，{value}，起始：{since}。",
)
_SUSPECTED = Text(
    "No confirmed deviation; {count} suspected. The most probable: {name}, {value}.",
    "无确认偏差，疑似 {count} 项。最可能的偏差：{name}，{value}。",
)
_CLEAR = Text(
    "No deviation was found; {judged} parameters were judged, {lacking} could not be.",
    "未发现偏差；已判断 {judged} 项参数，{lacking} 项无法判断。",
)
_BLIND = Text(
    "No deviation could be judged from these records; what is missing is listed below.",
    "现有数据无法判断任何偏差；缺少的内容见下文。",
)
_COSTS = Text("since {since}; costs {cost} kWh a year", "起始：{since}；每年多耗电 {cost} kWh")
_SINCE = Text("since {since}", "起始：{since}")
_JUDGED = Text("{family}; {probability}; {rest}", "{family}；{probability}；{rest}")
_INSTRUMENT = Text("Instruments: {text}", "仪表：{text}")
_MOST_FINDINGS, _MOST_POINTS = 8, 8
_FORMAT = Text("no report of this kind", "不支持该报告格式")
_ENDING = Text("end the name of the file with .html or .pdf", "文件名请以 .html 或 .pdf 结尾")
_NO_SITE = Text("the site of this diagnosis is not given", "未给出该诊断所属的项目")
_GIVE_SITE = Text(
    "give site=, or an account (account_of_site)", "请给出 site=，或给出 account_of_site 的结果"
)

_Part = Callable[[DiagnosisAccount, Numbering], list[Block]]
#: Titles and contents of the sections, in order.
PARTS: tuple[tuple[Text, _Part], ...] = (
    (diagnosis_data_section.TITLE, diagnosis_data_section.section),
    (diagnosis_findings_section.FAMILIES_TITLE, diagnosis_findings_section.families_section),
    (diagnosis_findings_section.TITLE, diagnosis_findings_section.section),
    (diagnosis_cost_section.TITLE, diagnosis_cost_section.section),
    (diagnosis_cost_section.FORECAST_TITLE, diagnosis_cost_section.forecast_section),
    (diagnosis_advice_section.RELIABILITY_TITLE, diagnosis_advice_section.reliability_section),
    (diagnosis_advice_section.NEXT_TITLE, diagnosis_advice_section.next_section),
    (diagnosis_advice_section.MEASURES_TITLE, diagnosis_advice_section.measures_section),
    (diagnosis_watch_section.ALARMS_TITLE, diagnosis_watch_section.alarms_section),
    (diagnosis_watch_section.LACKING_TITLE, diagnosis_watch_section.lacking_section),
    (diagnosis_watch_section.LEDGER_TITLE, diagnosis_watch_section.ledger_section),
)


def write_diagnosis_report(
    diagnosis: Diagnosis | DiagnosisAccount,
    path: Path | str | Sequence[Path | str],
    language: Language = "zh",
    *,
    site: Site | None = None,
) -> tuple[Path, ...]:
    """Write the report of a diagnosis.

    Parameters
    ----------
    diagnosis : with all that follows from it (``diagnosis_account.account_of_site``); a diagnosis
        alone is told without forecast and reliability score, and needs its ``site``
    path : file to write, ``.html`` or ``.pdf``; several for several formats
    language : of the text
    site : as described; only where a diagnosis alone is given

    Returns
    -------
    the files

    Raises
    ------
    diwen.problems.InputError : an unknown format, no site, the folder cannot be written, or the
        font of the PDF is not installed
    """
    paths = [Path(path)] if isinstance(path, (str, Path)) else [Path(one) for one in path]
    problems = [
        Problem(str(one), "path", _FORMAT, _ENDING, one.suffix)
        for one in paths if one.suffix.lstrip(".").lower() not in FORMATS
    ]  # fmt: skip
    if isinstance(diagnosis, Diagnosis) and site is None:
        problems.append(Problem("write_diagnosis_report", "site", _NO_SITE, _GIVE_SITE))
    if problems:
        raise InputError(problems)
    if isinstance(diagnosis, Diagnosis):
        assert site is not None
        diagnosis = account_of(diagnosis, site)
    document = document_of(diagnosis)
    for one in paths:
        make_folder(one.parent)
        kind: Format = "pdf" if one.suffix.lower() == ".pdf" else "html"
        write_file(one, rendered(document, language, kind))
    return tuple(paths)


def document_of(account: DiagnosisAccount) -> Document:
    """The report before it is set in a language and a format."""
    diagnosis = account.diagnosis
    numbering = Numbering()
    return Document(
        title=_TITLE,
        site=diagnosis.name,
        period=_PERIOD.format(since=diagnosis.record.since, until=diagnosis.record.until),
        header=(),
        illustrative=_illustrative(account),
        verdict=verdict(account),
        sections=tuple(
            Section(str(place), title, tuple(fill(account, numbering)))
            for place, (title, fill) in enumerate(PARTS, 1)
        ),
        appendices=diagnosis_appendices.appendices(account),
        signatures=SIGNATURES,
        footer=_FOOT.format(version=__version__, day=account.day),
        generated=datetime.combine(account.day, time(), UTC),
        version=__version__,
        value=_VALUE,
        lights=DIAGNOSIS_LIGHTS,
    )


def _illustrative(account: DiagnosisAccount) -> Text | None:
    if account.simulated:
        return _SIMULATED
    return ILLUSTRATIVE if account.site.illustrative else None


def verdict(account: DiagnosisAccount) -> Verdict:
    """The first page."""
    diagnosis = account.diagnosis
    light, said = judgement(diagnosis)
    found = tuple(_line(account, one) for one in diagnosis.found[:_MOST_FINDINGS])
    counted = Counter(STATE_LIGHTS[state_of(one)] for one in diagnosis.findings)
    counts: list[tuple[Light, int]] = [
        (each, counted[each]) for each in ("bad", "attention", "good") if counted[each]
    ]
    if diagnosis.not_judged:
        counts.append(("refused", len(diagnosis.not_judged)))
    return Verdict(light, said, found, tuple(counts), _points(account))


def judgement(diagnosis: Diagnosis) -> tuple[Light, Text]:
    """The whole in one light and one sentence."""
    first = diagnosis.first
    if first is None:
        if not diagnosis.findings:
            return "unresolved", _BLIND
        said = _CLEAR.format(judged=len(diagnosis.findings), lacking=len(diagnosis.not_judged))
        return "good", said
    values = {"name": name_of(first), "value": value_with_interval(first)}
    confirmed = [one for one in diagnosis.found if state_of(one) == "confirmed"]
    if confirmed:
        said = _CONFIRMED.format(count=len(confirmed), since=since_text(first), **values)
        return "bad", said
    return "attention", _SUSPECTED.format(count=len(diagnosis.found), **values)


def _line(account: DiagnosisAccount, one: Deviation) -> Finding:
    costs = account.diagnosis.attribution
    priced = () if costs is None else costs.counterfactuals
    cost = next((each for each in priced if each.finding is one), None)
    rest = _SINCE.format(since=since_text(one))
    if cost is not None:
        rest = _COSTS.format(
            since=since_text(one), cost=kwh(cost.electricity, cost.electricity_deviation)
        )
    said = _JUDGED.format(family=families_of(one), probability=probability_text(one), rest=rest)
    origin = origin_text(account.diagnosis.record.origins)
    return Finding(light_of(one), name_of(one), value_with_interval(one), origin, said)


def _points(account: DiagnosisAccount) -> tuple[Text, ...]:
    diagnosis = account.diagnosis
    said = [_INSTRUMENT.format(text=one.text) for one in diagnosis.sensors]
    found = [sentence(one) for one in (*diagnosis.warnings, *said)]
    return tuple(dict.fromkeys(found))[:_MOST_POINTS]
