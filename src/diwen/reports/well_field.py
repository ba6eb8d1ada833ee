"""The report of a field of circulation wells, in both languages, as HTML and PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from diwen import __version__
from diwen.language import LANGUAGES, Language, Text, same
from diwen.problems import InputError, Problem, system_reason
from diwen.reports import well_field_tables as tables
from diwen.reports.building import FORMATS, Format, rendered, write_file
from diwen.reports.document import (
    Block,
    Document,
    Figure,
    Finding,
    Light,
    Note,
    Picture,
    Section,
    Verdict,
)
from diwen.reports.header import ILLUSTRATIVE, SIGNATURES
from diwen.reports.well_field_charts import breakthrough_chart, year_chart, years_chart
from diwen.reports.well_plan import PlanScene, plan_svg
from diwen.reports.well_section import SectionScene, section_svg

if TYPE_CHECKING:
    from diwen.design.well_check_result import WellChecks
    from diwen.design.well_study import WellStudy

_TITLE = Text("Report of a well field", "单井循环采集井场报告")
_PERIOD = Text("{years} years of operation, simulated", "运行 {years} 年（模拟）")
_MADE = Text("Diwen {version}, computed {day}", "地温 {version}，计算于 {day}")
_REFUSED = Text(
    "This design cannot work as it stands: {count} of {all} checks refuse it.",
    "该设计现状不可行：{all} 项校核中有 {count} 项不满足。",
)
_WARNED = Text(
    "No check refuses the design; {count} of {all} warn or could not be made.",
    "没有校核项否决该设计；{all} 项中有 {count} 项需关注或无法判断。",
)
_KEPT = Text("The design keeps all {all} checks.", "该设计满足全部 {all} 项校核。")
_SIMULATED_ANYWAY = Text(
    "The temperatures below show what would happen if the wells took the flow; they do not make "
    "the design possible.",
    "以下水温仅表示若井能承受该流量时的情形，并不说明设计可行。",
)
_SECTION = Text(
    "Section, end of the heating season of year {year}", "剖面图（第 {year} 年供暖季末）"
)
_SECTION_WARM = Text("Section, end of the cooling season of year {year}",
                     "剖面图（第 {year} 年供冷季末）")  # fmt: skip
_SECTION_NOTE = Text(
    "Origin: simulated. Left: head above rest; right: temperature of the ground; lines: paths of "
    "the water, equal flow between neighbours. The well is drawn wider than it is.",
    "数据来源：模拟。左侧为水头升高，右侧为地温；曲线为流线，相邻流线间流量相等。井径未按比例绘制。",
)
_PLAN = Text("Plan of the wells", "井位平面图")
_PLAN_NOTE = Text("Positions as in the site file.", "井位取自项目文件。")
_HEAT_REACH = Text(
    " Shaded: ground changed by more than a tenth of the largest change at the end of year 1.",
    "阴影为第 1 年末温度变化超过最大变化十分之一的范围。",
)
_MODEL = Text(
    "Model: {kind}, {modes} modes; off the finite volumes by at most {error:.3f} K "
    "({share:.2%} of the largest change) over the check course.",
    "模型：{kind}，{modes} 个模态；与有限体积模型在校核过程中的最大差为 {error:.3f} K"
    "（最大温度变化的 {share:.2%}）。",
)
_KINDS = {
    "volume_clock": Text("volume clock", "累计抽水量模型"),
    "reduced_well": Text("reduced model of the well", "降阶井模型"),
    "finite_volume": Text("finite volumes", "有限体积模型"),
}
_SETTLED = Text(
    "Water and heat pumps were settled with each other in {rounds} rounds to {change:.4f} K.",
    "水温与机组能效经 {rounds} 轮迭代，收敛至 {change:.4f} K。",
)
_DRIFT = Text("{value:+.1f} K over {years} years", "{years} 年变化 {value:+.1f} K")
_NOT_WRITABLE = Text("cannot be written: {reason}", "无法写入：{reason}")
_OTHER_FOLDER = Text("choose another folder", "请选择其他文件夹")
_FELT = 0.1


def build(
    study: WellStudy,
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


def document_of(study: WellStudy, checks: WellChecks, day: date) -> Document:
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


def section_picture(study: WellStudy, moment: str, number: int = 1) -> Picture:
    """The section through a well at a moment of the study (``cold_1``, ``warm_last``...)."""
    scene = _scene(study, moment)
    title = _SECTION if moment.startswith("cold") else _SECTION_WARM
    year = 1 if moment.endswith("_1") else study.years
    return Picture(
        number, title.format(year=year), _SECTION_NOTE,
        {language: section_svg(scene, language) for language in LANGUAGES},
    )  # fmt: skip


def _scene(study: WellStudy, moment: str) -> SectionScene:
    built, ground = study.built, study.site.ground
    layers = tuple((item.top, item.bottom, same(item.name or item.lithology), False)
                   for item in ground.layers)  # fmt: skip
    wet = tuple((item.top, item.bottom, same(item.name), True) for item in ground.aquifers)
    return SectionScene(
        study.flow_field, built.flow, (*layers, *wet), built.static_level,
        built.given.pump_depth, study.fields[moment], built.undisturbed_temperature,
    )  # fmt: skip


def plan_picture(study: WellStudy, number: int = 1) -> Picture | None:
    """Where the wells stand; None for one well or where no positions are known."""
    built = study.built
    if built.positions is None or built.count == 1:
        return None
    reach = heat_reach(study)
    angle = None if built.regional is None else built.regional.angle
    scene = PlanScene(
        built.positions, built.names, ("both",) * built.count, built.cell_radius, reach, angle
    )
    note = _PLAN_NOTE if reach is None else Text(_PLAN_NOTE.en + _HEAT_REACH.en,
                                                 _PLAN_NOTE.zh + _HEAT_REACH.zh)  # fmt: skip
    return Picture(
        number, _PLAN, note, {language: plan_svg(scene, language) for language in LANGUAGES}
    )


def heat_reach(study: WellStudy) -> float | None:
    """Radius of the ground that year 1 changed by a tenth of the largest change, m."""
    grid = study.flow_field.grid
    reach = []
    for moment in ("cold_1", "warm_1"):
        change = np.abs(study.fields[moment] - study.built.undisturbed_temperature)
        felt = (change > _FELT * change.max()).any(axis=0)
        if change.max() > 0.0 and felt.any():
            reach.append(float(grid.radius[felt].max()))
    return max(reach, default=None)


def _verdict(study: WellStudy, checks: WellChecks) -> Verdict:
    count = len(checks.checks)
    open_ones = sum(check.verdict != "ok" for check in checks.checks)
    light: Light = "good"
    sentence = _KEPT.format(all=count)
    if checks.refused:
        light, sentence = "bad", _REFUSED.format(count=len(checks.failures), all=count)
    elif open_ones:
        light, sentence = "attention", _WARNED.format(count=open_ones, all=count)
    counted = tuple(
        (tables.LIGHT_OF[name], number)
        for name in ("ok", "warning", "fail", "unknown")
        if (number := sum(check.verdict == name for check in checks.checks))
    )
    points = [check.why for check in checks.failures]
    if checks.refused:
        points.append(_SIMULATED_ANYWAY)
    return Verdict(light, sentence, _findings(study), counted, tuple(points))


def _findings(study: WellStudy) -> tuple[Finding, ...]:
    simulated = Text("simulated", "模拟")
    low, high = study.lowest("pumped"), study.highest("pumped")
    years = study.years
    return (
        Finding("plain", Text("Lowest pumped water", "最低取水温度"), same(f"{low.min():.1f} °C"),
                simulated, _DRIFT.format(value=low[-1] - low[0], years=years)),
        Finding("plain", Text("Highest pumped water", "最高取水温度"),
                same(f"{high.max():.1f} °C"), simulated,
                _DRIFT.format(value=high[-1] - high[0], years=years)),
        Finding("plain", Text("Head of the return", "回灌水头"),
                same(f"{study.injection_head:.1f} m"), Text("calculated", "计算"), same("")),
        Finding("plain", Text("Returned water that stays in its layer", "同层回灌份额"),
                same(f"{study.paths.closed_share:.1%}"), Text("calculated", "计算"), same("")),
    )  # fmt: skip


def _sections(study: WellStudy, checks: WellChecks) -> tuple[Section, ...]:
    number = count(1)
    plan = plan_picture(study)
    wells: list[Block] = [tables.well_table(study), tables.operating_table(study)]
    if plan is not None:
        wells.append(_numbered(plan, number))
    cures = tables.cure_table(checks)
    judged: list[Block] = [tables.check_table(checks), *([cures] if cures else [])]
    ground: list[Block] = [
        _numbered(section_picture(study, moment), number) for moment in _moments(study)
    ]
    ground.append(Figure(next(number), breakthrough_chart(study)))
    water: list[Block] = [Figure(next(number), year_chart(study, 1))]
    if study.years > 1:
        water += [Figure(next(number), year_chart(study, study.years)),
                  Figure(next(number), years_chart(study))]  # fmt: skip
    water.append(tables.year_table(study))
    titled = (
        (Text("Checks of full reinjection", "同井全量回灌校核"), judged),
        (Text("Wells and operating points", "采集井与工况点"), wells),
        (Text("Water and heat in the ground", "地层水流与温度场"), ground),
        (Text("Water of the years", "历年水温"), water),
    )
    return tuple(
        Section(str(place), title, tuple(blocks)) for place, (title, blocks) in enumerate(titled, 1)
    )


def _moments(study: WellStudy) -> tuple[str, ...]:
    """Moments worth a section: the coldest of year 1 and the last of both seasons."""
    cold, warm = (study.load > 0.0).any(), (study.load < 0.0).any()
    found = [name for name, some in (("cold_1", cold), ("warm_1", warm)) if some]
    if study.years > 1:
        found.append("cold_last" if cold else "warm_last")
    return tuple(found)


def _numbered(picture: Picture, number: Iterator[int]) -> Picture:
    return Picture(next(number), picture.title, picture.note, picture.drawn)


def _assumptions(study: WellStudy, checks: WellChecks) -> list[Block]:
    model = study.model
    modes = 0 if model.reduced is None else model.reduced.modes
    said = [
        model.reason,
        _MODEL.format(kind=_KINDS[model.kind], modes=modes, error=model.error,
                      share=model.relative_error),
    ]  # fmt: skip
    if study.rounds:
        said.append(_SETTLED.format(rounds=study.rounds, change=study.settled))
    said += [problem.message for problem in (*study.notes, *checks.notes)]
    return [Note(text) for text in dict.fromkeys(said)]
