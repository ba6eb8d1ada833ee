"""The report of a site's wells, in both languages, as HTML and PDF.

Circulation wells and groundwater wells share the first page, the checks and the years of water;
what is their own stands in :mod:`.well_field_sections` and :mod:`.well_group_sections`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from diwen import __version__
from diwen.design.well_study import WellStudy
from diwen.language import LANGUAGES, Language, Text, same
from diwen.problems import InputError, Problem, system_reason
from diwen.reports import well_field_sections, well_group_sections
from diwen.reports import well_field_tables as tables
from diwen.reports.building import FORMATS, Format, rendered, write_file
from diwen.reports.document import Block, Document, Finding, Light, Note, Section, Verdict
from diwen.reports.header import ILLUSTRATIVE, SIGNATURES

if TYPE_CHECKING:
    from diwen.design.well_check_result import WellChecks
    from diwen.design.well_group_study import WellGroupStudy

    AnyStudy = WellStudy | WellGroupStudy

_TITLE = Text("Report of a well field", "采集井群报告")
_PERIOD = Text("{years} years of operation, simulated", "运行 {years} 年（模拟）")
_MADE = Text("Diwen {version}, computed {day}", "地温 {version}，计算于 {day}")
_REFUSED = Text(
    "This design cannot work as it stands: {count} of {all} checks refuse it.",
    "该设计现状不可行：{all} 项校核中有 {count} 项不满足。",
)
_BROKEN = Text(
    "The checks let the design pass, but over {years} years the returned water breaks its limits.",
    "各项校核均未判为不满足，但运行 {years} 年内回水温度超出限值。",
)
_WARNED = Text(
    "No check refuses the design; {count} of {all} checks warn or cannot be judged.",
    "没有不满足的校核项；{all} 项中有 {count} 项为提示或无法判断。",
)
_KEPT = Text("The design meets all {all} checks.", "该设计满足全部 {all} 项校核。")
WHAT_IF = Text(
    "The temperatures only show what would happen if the wells took the flow; they do not make "
    "the design possible.",
    "所列水温仅为假设各井能通过该流量时的情形，并不说明设计可行。",
)
_DRIFT = Text("{value:+.1f} K over {years} years", "{years} 年变化 {value:+.1f} K")
_COUNTED = Text("{name}: {why}", "{name}：{why}")
_NOT_WRITABLE = Text("cannot be written: {reason}", "无法写入：{reason}")
_OTHER_FOLDER = Text("choose another folder", "请选择其他文件夹")
_SIMULATED = Text("simulated", "模拟")


def build(
    study: AnyStudy,
    checks: WellChecks,
    folder: Path,
    languages: Sequence[Language] = LANGUAGES,
    formats: Sequence[Format] = FORMATS,
    *,
    day: date | None = None,
) -> tuple[Path, ...]:
    """Write the report.

    Parameters
    ----------
    study : the wells through the years
    checks : of full reinjection
    folder : to write to, made if it is not there
    languages : ``en``, ``zh``
    formats : ``html``, ``pdf``
    day : on which it was computed; today if not given

    Returns
    -------
    paths ``well_field_<source>_<language>.<format>``

    Raises
    ------
    InputError : the folder cannot be written, or the PDF's font is not installed
    """
    document = document_of(study, checks, day or date.today())
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = _NOT_WRITABLE.format(reason=system_reason(error))
        raise InputError([Problem(str(folder), "-", message, _OTHER_FOLDER)]) from error
    files = []
    for language in languages:
        for kind in formats:
            path = folder / f"well_field_{study.built.source}_{language}.{kind}"
            write_file(path, rendered(document, language, kind))
            files.append(path)
    return tuple(files)


def document_of(study: AnyStudy, checks: WellChecks, day: date) -> Document:
    """The report before it is set in a language and a format."""
    made = _MADE.format(version=__version__, day=day)
    site = study.site
    header = [
        (Text("Project", "项目"), site.name),
        (Text("Source of the data", "数据出处"), same(site.site.source or "–")),
        (Text("Wells", "热源"), same(study.built.given.name or study.built.source)),
        (Text("Origin of the series", "数据来源"), Text("simulated, not measured", "模拟，非实测")),
        (Text("Made by", "生成工具"), made),
    ]
    return Document(
        title=_TITLE,
        site=site.name,
        period=_PERIOD.format(years=study.years),
        header=tuple(header),
        illustrative=ILLUSTRATIVE if site.illustrative else None,
        verdict=_verdict(study, checks),
        sections=_sections(study, checks),
        appendices=(
            Section("A", Text("What was assumed", "计算假定"), tuple(_assumptions(study, checks))),
        ),
        signatures=SIGNATURES,
        footer=made,
        generated=datetime.combine(day, time(), UTC),
        version=__version__,
    )


def holds(study: AnyStudy, checks: WellChecks) -> bool:
    """Whether no check refuses the design and the years keep its limits."""
    return not checks.refused and not study.broken_limits


def judgement(study: AnyStudy, checks: WellChecks) -> tuple[Light, Text]:
    """The whole in one light and one sentence."""
    whole, open_ones = len(checks.checks), sum(check.verdict != "ok" for check in checks.checks)
    if checks.refused:
        return "bad", _REFUSED.format(count=len(checks.failures), all=whole)
    if study.broken_limits:
        return "bad", _BROKEN.format(years=study.years)
    if open_ones:
        return "attention", _WARNED.format(count=open_ones, all=whole)
    return "good", _KEPT.format(all=whole)


def _verdict(study: AnyStudy, checks: WellChecks) -> Verdict:
    light, sentence = judgement(study, checks)
    counted = tuple(
        (tables.LIGHT_OF[name], number)
        for name in ("ok", "warning", "fail", "unknown")
        if (number := sum(check.verdict == name for check in checks.checks))
    )
    points = [_COUNTED.format(name=check.name, why=check.why) for check in checks.failures]
    points += study.broken_limits
    if checks.refused:
        points.append(WHAT_IF)
    return Verdict(light, sentence, _findings(study), counted, tuple(points))


def _findings(study: AnyStudy) -> tuple[Finding, ...]:
    years = study.years
    found = []
    low, high = study.lowest("pumped"), study.highest("pumped")
    for name, series, value in (
        (Text("Lowest pumped water", "最低取水温度"), low, float(np.nanmin(low))),
        (Text("Highest pumped water", "最高取水温度"), high, float(np.nanmax(high))),
    ):
        change = _DRIFT.format(value=series[-1] - series[0], years=years)
        found.append(
            Finding("plain", name, same(f"{value:.1f} °C"), _SIMULATED,
                    change if years > 1 and np.isfinite(series[[0, -1]]).all() else same(""))
        )  # fmt: skip
    own = (
        well_field_sections.findings(study)
        if isinstance(study, WellStudy)
        else well_group_sections.findings(study)
    )
    return (*found, *own)


def _sections(study: AnyStudy, checks: WellChecks) -> tuple[Section, ...]:
    cures = tables.cure_table(checks)
    judged: list[Block] = [tables.check_table(checks), *([cures] if cures else [])]
    parts = (
        well_field_sections.parts(study)
        if isinstance(study, WellStudy)
        else well_group_sections.parts(study)
    )
    titled = ((Text("Checks of full reinjection", "全部回灌校核"), judged), *parts)
    return tuple(
        Section(str(place), title, tuple(blocks)) for place, (title, blocks) in enumerate(titled, 1)
    )


def _assumptions(study: AnyStudy, checks: WellChecks) -> list[Block]:
    own = (
        well_field_sections.model_notes(study)
        if isinstance(study, WellStudy)
        else well_group_sections.model_notes(study)
    )
    said = [*own]
    if study.rounds:
        said.append(tables.SETTLED.format(rounds=study.rounds, change=study.settled))
    warned = (problem.message for problem in (*study.warnings, *checks.notes))
    said += [*study.notes, *warned]
    return [Note(text) for text in dict.fromkeys(said)]
