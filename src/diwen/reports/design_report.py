"""The report of a site's complete design, in both languages, as HTML and PDF.

Cover with signature lines, verdict, basis, plant, source, balance, operation, compliance, costs,
carbon, uncertainty, limits, and appendices with the rule rows and the provenance of the numbers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from diwen import __version__
from diwen.language import LANGUAGES, Language, Text, same
from diwen.reports import (
    design_appendices,
    design_balance_section,
    design_basis_section,
    design_carbon_section,
    design_compliance_section,
    design_cost_section,
    design_limits_section,
    design_operation_section,
    design_plant_section,
    design_source_section,
    design_uncertainty_section,
    design_verdict,
)
from diwen.reports.building import FORMATS, Format, rendered, write_file
from diwen.reports.design_blocks import Numbering
from diwen.reports.design_provenance import data_hash, rules_digest
from diwen.reports.document import Document, Section
from diwen.reports.header import ILLUSTRATIVE
from diwen.reports.picture_files import make_folder
from diwen.reports.schematic_words import halves

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import StationDesign

_TITLE = Text("Design report of a ground-source heat-pump system", "地源热泵系统设计报告")
_PERIOD = Text("{years} years of operation, simulated", "运行 {years} 年（模拟）")
_MADE = Text("Diwen {version}, computed {day}", "地温 {version}，计算于 {day}")
SIGNATURES = (
    Text("Designed by", "设计"),
    Text("Checked by", "校核"),
    Text("Reviewed by", "审核"),
    Text("Approved by", "审定"),
)
_PARTS = (
    design_verdict, design_basis_section, design_plant_section, design_source_section,
    design_balance_section, design_operation_section, design_compliance_section,
    design_cost_section, design_carbon_section, design_uncertainty_section, design_limits_section,
)  # fmt: skip
_SIMULATED = Text(
    "simulated and calculated; measured only where it says so",
    "模拟与计算；仅注明处为实测",
)
_RULES = Text(
    "in force on {day}; {count} rows used, {unsure} of them not verified; rule data {digest}",
    "{day} 有效版本；采用 {count} 条，其中 {unsure} 条未核实；规则数据校验值 {digest}",
)
_VALUE = Text("Value", "数值")
_WRITING = Text("writing {name}", "正在写入 {name}")


def build(
    design: StationDesign,
    folder: Path,
    languages: Sequence[Language] = LANGUAGES,
    formats: Sequence[Format] = FORMATS,
    *,
    progress: Callable[[Text], None] | None = None,
) -> tuple[Path, ...]:
    """Write the report of a design.

    Parameters
    ----------
    design : everything that is told
    folder : to write to, made if it is not there
    languages : ``en``, ``zh``
    formats : ``html``, ``pdf``
    progress : told each file before it is set

    Returns
    -------
    paths ``design_<site>_<language>.<format>``

    Raises
    ------
    InputError : the folder cannot be written, or the PDF's font is not installed
    """
    document = document_of(design)
    make_folder(folder)
    files = []
    for language in languages:
        for kind in formats:
            path = folder / f"design_{design.site.id}_{language}.{kind}"
            if progress is not None:
                progress(_WRITING.format(name=path.name))
            write_file(path, rendered(document, language, kind))
            files.append(path)
    return tuple(files)


def document_of(design: StationDesign) -> Document:
    """The report before it is set in a language and a format."""
    made = _MADE.format(version=__version__, day=design.day)
    digest = data_hash(design)[:16]
    numbering = Numbering()
    sections = tuple(
        Section(str(place), part.TITLE, tuple(part.section(design, numbering)))
        for place, part in enumerate(_PARTS, 1)
    )
    return Document(
        title=_TITLE,
        site=design.site.name,
        period=_PERIOD.format(years=len(design.run.years)),
        header=(),
        illustrative=ILLUSTRATIVE if design.site.illustrative else None,
        verdict=design_verdict.verdict(design),
        sections=sections,
        appendices=design_appendices.appendices(design),
        signatures=SIGNATURES,
        footer=Text(f"{made.en} · data {digest}", f"{made.zh} · 数据 {digest}"),
        generated=datetime.combine(design.day, time(), UTC),
        version=__version__,
        cover=_cover(design, made),
        value=_VALUE,
    )


def _cover(design: StationDesign, made: Text) -> tuple[tuple[Text, Text], ...]:
    """Label and content of every line of the cover."""
    site, place = design.site, design.site.place
    rows = design_appendices.rows_used(design)
    rules = _RULES.format(
        day=design.day, count=len(rows), unsure=sum(not row.verified for row in rows),
        digest=rules_digest()[:16],
    )  # fmt: skip
    lines = [
        (Text("Project", "项目名称"), site.name),
        (Text("Place", "项目地点"), _place(design)),
        (Text("Owner", "建设单位"), same(site.site.owner or "–")),
        (Text("Area served", "服务面积"), _area(place.heated_area, place.cooled_area)),
        (Text("Source of the data", "数据出处"), halves(site.site.source or "–")),
        (Text("Origin of the results", "结果性质"), _SIMULATED),
        (Text("Rules", "规则版本"), rules),
        (Text("Data (SHA-256)", "数据校验值（SHA-256）"), same(data_hash(design))),
        (Text("Date", "日期"), same(str(design.day))),
        (Text("Made by", "计算工具"), made),
    ]
    return tuple(lines)


def _place(design: StationDesign) -> Text:
    from diwen import rules as rule_book

    place = design.site.place
    name: Text = same(place.region or "–")
    if place.region:
        found = rule_book.on(design.day, place.region)
        if found.chain is not None:
            name = found.region
    if place.latitude is None or place.longitude is None:
        return name
    spot = f"{math.degrees(place.latitude):.3f}°, {math.degrees(place.longitude):.3f}°"
    return Text(f"{name.en} ({spot})", f"{name.zh}（{spot}）")


def _area(heated: float | None, cooled: float | None) -> Text:
    parts = []
    if heated is not None:
        parts.append(Text(f"heated {heated:,.0f} m²", f"供暖 {heated:,.0f} m²"))
    if cooled is not None:
        parts.append(Text(f"cooled {cooled:,.0f} m²", f"供冷 {cooled:,.0f} m²"))
    if not parts:
        return same("–")
    return Text(", ".join(t.en for t in parts), "，".join(t.zh for t in parts))
