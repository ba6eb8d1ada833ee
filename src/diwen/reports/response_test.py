"""The report of a thermal response test, in both languages, as HTML and PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from diwen.language import LANGUAGES, Language, Text, same
from diwen.reports import response_test_tables as tables
from diwen.reports.building import FORMATS, Format, rendered, write_file
from diwen.reports.chart import Chart
from diwen.reports.document import (
    Block,
    Document,
    Figure,
    Finding,
    Light,
    Note,
    Section,
    Verdict,
    joined,
)
from diwen.reports.header import ILLUSTRATIVE, SIGNATURES
from diwen.reports.numbers import with_uncertainty
from diwen.reports.picture_files import make_folder, write_charts
from diwen.reports.response_test_charts import charts
from diwen.survey.answer import window_range
from diwen.survey.evaluate_test import METHOD_NAMES

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.survey.evaluate_test import TestResult

_TITLE = Text("Report of a thermal response test", "岩土热响应试验报告")
_SENTENCE = Text(
    "λ = {conductivity}, Rb = {resistance} ({method}).",
    "λ = {conductivity}，Rb = {resistance}（{method}）。",
)
_NO_VALUE = Text("No value can be given: {reason}.", "不能给出数值：{reason}。")
_NOT_FOR_SIZING = Text(
    "The reference value of heat exchanged per metre of borehole (W/m) that GB 50366 asks a "
    "report to state holds for the temperatures and the duration of the test only. It must not "
    "be used for sizing: size with the conductivity, the borehole resistance and the undisturbed "
    "temperature.",
    "GB 50366 要求报告给出的每延米换热量参考值只对应试验时的温度与时长，不得用于设计计算；"
    "设计应采用导热系数、钻孔热阻和初始地温。",
)
_REFUSED = Text(
    "No straight line over the logarithm of time may be drawn through this test: {reason}.",
    "本试验不得做时间对数直线拟合：{reason}。",
)
_REFUSED_OFTEN = Text(
    "No straight line over the logarithm of time may be drawn through this test, for {count} "
    "reasons:",
    "本试验不得做时间对数直线拟合，理由共 {count} 条：",
)
_BOREHOLE = Text("length {length} m, diameter {diameter} mm{source}",
                 "孔深 {length} m，孔径 {diameter} mm{source}")  # fmt: skip
_SENSITIVITY = Text(
    "Other windows give {low:.2f} to {high:.2f} W/(m·K), a spread of {spread:.1%}.",
    "改变计算时段，导热系数为 {low:.2f}～{high:.2f} W/(m·K)，变化 {spread:.1%}。",
)
_FAILED = Text(
    "Requirements not met ({count}): {checks}.", "未满足的要求（{count} 项）：{checks}。"
)
_WHY = Text("Why this method: {why}.", "采用该方法的理由：{why}。")
_HOURS = Text("{name}, {hours:.1f} h of heating", "{name}，加热 {hours:.1f} h")
_MADE = Text("Diwen {version}, evaluated {day}", "地温 {version}，评价于 {day}")
_SECTIONS = (
    Text("Result", "结果"),
    Text("Course of the test", "试验过程"),
    Text("Quality of the test", "试验质量"),
    Text("Evaluation", "数据分析"),
    Text("Uncertainty", "不确定度"),
)
_PROCESS = ("trt_course", "trt_heat")
_UNCERTAINTY = ("trt_uncertainty_conductivity", "trt_uncertainty_resistance")


def build(
    result: TestResult,
    site: Site | None,
    folder: Path,
    languages: Sequence[Language] = LANGUAGES,
    formats: Sequence[Format] = FORMATS,
) -> tuple[Path, ...]:
    """Write the report.

    Parameters
    ----------
    result : what the test gave, also when it gave no value
    site : for the name; None: the file's name stands for it
    folder : folder to write to, made if it is not there
    languages : ``en``, ``zh``
    formats : ``html``, ``pdf``

    Returns
    -------
    paths ``response_test_<file>_<language>.<format>``

    Raises
    ------
    InputError : the folder cannot be written, or the PDF's font is not installed
    """
    document = document_of(result, site)
    make_folder(folder)
    stem = f"response_test_{_stem(result)}"
    files = []
    for language in languages:
        for kind in formats:
            path = folder / f"{stem}_{language}.{kind}"
            write_file(path, rendered(document, language, kind))
            files.append(path)
    return tuple(files)


def write_pictures(result: TestResult, target: Path, language: Language) -> tuple[Path, ...]:
    """The pictures as SVG: the main one into a ``.svg`` file, or all of them into a folder."""
    made = charts(result)
    wanted = ("trt_line", "trt_model", "trt_course")
    main = next(chart for id in wanted for chart in made if chart.id == id)
    named = {f"{_stem(result)}_{chart.id.removeprefix('trt_')}": chart for chart in made}
    return write_charts(named, main, target, language)


def document_of(result: TestResult, site: Site | None) -> Document:
    """The report before it is set in a language and a format."""
    made = _MADE.format(version=result.version, day=result.evaluated)
    name = same(result.file.path.name) if site is None else site.name
    test = result.test
    label = same((test.name if test is not None else "") or result.file.path.name)
    return Document(
        title=_TITLE,
        site=name,
        period=_HOURS.format(name=label, hours=result.file.series.end / 3600),
        header=_header(result, site, made),
        illustrative=ILLUSTRATIVE if site is not None and site.illustrative else None,
        verdict=_verdict(result),
        sections=_sections(result),
        appendices=(
            Section("A", Text("Provenance", "数据溯源"), (tables.provenance(result),)),
            Section("B", Text("Rules used", "采用的规则条目"), (tables.rules(result),)),
        ),
        signatures=SIGNATURES,
        footer=Text(
            f"{made.en} · file {result.file.sha256[:16]}",
            f"{made.zh} · 数据文件 {result.file.sha256[:16]}",
        ),
        # The only time of a report is that of its evaluation, so that it can be made again.
        generated=datetime.combine(result.evaluated, time(), UTC),
        version=result.version,
    )


def _header(result: TestResult, site: Site | None, made: Text) -> tuple[tuple[Text, Text], ...]:
    borehole = result.inputs.borehole
    lines = [
        (Text("Borehole", "测试孔"), _BOREHOLE.format(
            length=f"{borehole.length:g}", diameter=f"{2000 * borehole.radius:g}",
            source=f" ({result.source})" if result.source else "")),
        (Text("Data file", "数据文件"), same(result.file.path.name)),
        (Text("Day of the test", "试验日期"), same(str(result.day or "–"))),
        (Text("Uncertainty", "不确定度"), Text(
            "expanded, k = 2 (about 95 %), by the GUM",
            "扩展不确定度，k = 2（约 95 %），按 GUM 评定")),
        (Text("Made by", "生成工具"), made),
    ]  # fmt: skip
    if site is not None:
        lines.insert(0, (Text("Project", "项目"), site.name))
        if site.site.source:
            lines.insert(1, (Text("Source of the data", "数据出处"), same(site.site.source)))
        if site.site.licence:
            lines.insert(2, (Text("Licence of the data", "数据许可"), same(site.site.licence)))
    return tuple(lines)


def _verdict(result: TestResult) -> Verdict:
    failed = result.quality.with_outcome("failed")
    found = result.evaluation
    light: Light = "attention" if failed else "good"
    if found is None:
        light = "refused"
        sentence = _NO_VALUE.format(reason=result.refused[0].message)
    else:
        sentence = _SENTENCE.format(
            conductivity=_conductivity(result), resistance=_resistance(result),
            method=METHOD_NAMES[found.method],
        )  # fmt: skip
    counted: tuple[tuple[Light, int], ...] = tuple(
        (tables.LIGHT_OF[name], len(result.quality.with_outcome(name)))
        for name in ("passed", "failed", "unknown")
    )
    return Verdict(light, sentence, _findings(result), counted, tuple(_points(result)))


def _findings(result: TestResult) -> tuple[Finding, ...]:
    found = result.evaluation
    if found is None:
        return ()
    origin = Text("measured", "实测")
    reach = window_range(found.windows)
    judged = _WHY.format(why=found.why)
    if reach is not None:
        judged = _SENSITIVITY.format(low=reach[0], high=reach[1], spread=found.windows.spread)
    undisturbed = result.inputs.borehole.undisturbed_temperature
    return (
        Finding("plain", Text("Thermal conductivity of the ground", "岩土导热系数"),
                same(_conductivity(result)), origin, judged),
        Finding("plain", Text("Borehole thermal resistance", "钻孔热阻"),
                same(_resistance(result)), origin, _WHY.format(why=found.why)),
        Finding("plain", Text("Undisturbed ground temperature", "岩土初始地温"),
                same(f"{undisturbed:.1f} °C"), Text("as used", "采用值"), same("")),
    )  # fmt: skip


def _conductivity(result: TestResult) -> str:
    assert result.evaluation is not None
    return with_uncertainty(
        result.evaluation.conductivity, result.conductivity_uncertainty, "W/(m·K)", 3
    )


def _resistance(result: TestResult) -> str:
    assert result.evaluation is not None
    return with_uncertainty(result.evaluation.resistance, result.resistance_uncertainty, "m·K/W", 4)


def _points(result: TestResult) -> Iterable[Text]:
    """What the reader must not overlook."""
    found = result.evaluation
    if found is None:
        yield from (_NO_VALUE.format(reason=problem.message) for problem in result.refused[1:])
    else:
        yield from _refusals(found.refusals)
        if found.groundwater is not None and found.groundwater.hint:
            yield _sentence(found.groundwater.words)
    failed = dict.fromkeys(check.text for check in result.quality.with_outcome("failed"))
    if failed:
        yield _FAILED.format(count=len(failed), checks=joined(failed))
    yield from (_sentence(problem.message) for problem in result.notices)
    yield _NOT_FOR_SIZING


def _refusals(reasons: Sequence[Text]) -> Iterable[Text]:
    """Why there is no straight line, each reason a sentence."""
    if len(reasons) == 1:
        yield _REFUSED.format(reason=reasons[0])
    elif reasons:
        yield _REFUSED_OFTEN.format(count=len(reasons))
        yield from (_sentence(reason) for reason in reasons)


def _sections(result: TestResult) -> tuple[Section, ...]:
    figures = {chart.id: Figure(i, chart) for i, chart in enumerate(_ordered(result), 1)}
    process = [figures[name] for name in _PROCESS if name in figures]
    spread = [figures[name] for name in _UNCERTAINTY if name in figures]
    rest = [figure for name, figure in figures.items() if name not in (*_PROCESS, *_UNCERTAINTY)]
    found = result.evaluation
    words: list[Block] = []
    if found is not None:
        words.append(Note(_WHY.format(why=found.why)))
        words += [Note(text, "warning") for text in _refusals(found.refusals)]
        words += [Note(_sentence(note)) for note in found.notes]
        if found.groundwater is not None:
            words.append(Note(_sentence(found.groundwater.words)))
    blocks: tuple[list[Block | None], ...] = (
        [tables.results(result) if found is not None else None,
         *_no_value(result), Note(_NOT_FOR_SIZING, "warning"), tables.borehole(result)],
        [*process, tables.standing_column(result)],
        [tables.quality(result)],
        [tables.methods(result), *words, tables.flow_levels(result),
         tables.layers(result), *rest],
        [tables.budget(result), *spread],
    )  # fmt: skip
    filled = [
        (title, tuple(block for block in part if block is not None))
        for title, part in zip(_SECTIONS, blocks, strict=True)
    ]
    return tuple(
        Section(str(number), title, part)
        for number, (title, part) in enumerate((item for item in filled if item[1]), 1)
    )


def _sentence(text: Text) -> Text:
    """A statement as a sentence of its own."""
    return Text(f"{text.en[:1].upper()}{text.en[1:]}.", f"{text.zh}。")


def _no_value(result: TestResult) -> list[Block | None]:
    return [Note(_NO_VALUE.format(reason=problem.message), "warning") for problem in result.refused]


def _ordered(result: TestResult) -> tuple[Chart, ...]:
    """The charts in the order in which the sections show them, for their numbers."""
    made = charts(result)
    rank = {**dict.fromkeys(_PROCESS, 0), **dict.fromkeys(_UNCERTAINTY, 2)}
    return tuple(sorted(made, key=lambda chart: rank.get(chart.id, 1)))


def _stem(result: TestResult) -> str:
    """The file's name without its endings, as part of a file name."""
    name = result.file.path.name
    for ending in (".gz", ".csv", ".txt", ".dat"):
        name = name.removesuffix(ending)
    return "".join(c if c.isalnum() or c in "-_" else "_" for c in name)
