"""A document as one self-contained HTML file: works offline, asks no other machine for anything."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from diwen.language import Language, Text
from diwen.reports.chart import Chart
from diwen.reports.document import WORDS, Column, Document, Table
from diwen.reports.echarts import option

if TYPE_CHECKING:
    from jinja2 import Environment


def render(document: Document, language: Language) -> str:
    """The whole page.

    Parameters
    ----------
    document : what to show
    language : which of its two texts

    Returns
    -------
    str : HTML; style, script and data are inside, and its content policy forbids any request
    """
    from markupsafe import Markup

    options = {figure.chart.id: option(figure.chart, language) for figure in document.figures()}

    def say(text: Text) -> str:
        return text.to(language)

    return (
        _environment()
        .get_template("report.html")
        .render(
            document=document,
            language=language,
            say=say,
            lights=document.lights,
            words=WORDS,
            kind=lambda block: type(block).__name__,
            height=chart_height,
            width=_width,
            style=Markup(asset("report.css")),
            echarts=Markup(asset("echarts.min.js")),
            script=Markup(asset("charts.js")),
            charts=Markup(embedded(options)),
        )
    )


def embedded(data: Any) -> str:
    """JSON that may stand inside a ``<script>`` element: no ``<`` can end the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    escapes = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028",
               "\u2029": "\\u2029"}  # fmt: skip
    for character, escape in escapes.items():
        text = text.replace(character, escape)
    return text


@cache
def asset(name: str) -> str:
    """The text of a file that ships with the reports."""
    return files("diwen.reports").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("diwen.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _width(table: Table, column: Column) -> str:
    """Share of the table's width that a column asks for, in percent."""
    return f"{100 * column.share / sum(each.share for each in table.columns):.1f}"


def chart_height(chart: Chart) -> int | None:
    """Height in CSS pixels of a chart that grows with its rows; None for the usual height."""
    rows = max((len(axis.categories) for axis in chart.y), default=0)
    if chart.across:
        return 110 + (30 if chart.lying else 46) * len(chart.x.categories)
    return 110 + 24 * rows if rows else None
