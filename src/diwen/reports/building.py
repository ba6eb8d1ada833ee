"""Writing a report to files: evaluate, compose, set, write."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from diwen.language import LANGUAGES, Language, Text
from diwen.problems import InputError, Problem
from diwen.reports.material import Material, Progress

if TYPE_CHECKING:
    from diwen.evaluation import Evaluation
    from diwen.reports.document import Document
    from diwen.site import Site
    from diwen.telemetry import Store

Format = Literal["html", "pdf"]
FORMATS: tuple[Format, ...] = get_args(Format)

_EVALUATING = Text("evaluating {period}", "正在评价 {period}")
_COMPOSING = Text("composing the report", "正在编排报告")
_WRITING = Text("writing {name}", "正在写入 {name}")


@dataclass(frozen=True, slots=True)
class Report:
    """What was built.

    Attributes
    ----------
    files : paths written, in the order language by language
    evaluation : what the report tells
    """

    files: tuple[Path, ...]
    evaluation: Evaluation


def build(
    site: Site,
    period: str,
    languages: Sequence[Language] = LANGUAGES,
    formats: Sequence[Format] = FORMATS,
    output: Path | None = None,
    progress: Progress = lambda step: None,
) -> Report:
    """Evaluate a period and write its report.

    Parameters
    ----------
    site : the site folder, read
    period : ``2018-12``, ``2018-Q4``, ``2018-heating``, ``2018``, ``2018-12-01..2018-12-15``,
        ``all``; it decides whether the report is a monthly, seasonal or annual one
    languages : ``en``, ``zh``
    formats : ``html``, ``pdf``
    output : folder to write to; ``reports`` in the site folder if not given
    progress : told each step in words before it begins

    Returns
    -------
    Report : paths ``<site>_<period>_<language>.<format>`` and the evaluation

    Raises
    ------
    InputError : the period is not one, or the PDF's font is not installed
    """
    from diwen import evaluation, telemetry

    progress(_EVALUATING.format(period=period))
    store = telemetry.open_store(site)
    evaluated = evaluation.evaluate(site, period, store)
    progress(_COMPOSING)
    document = document_of(site, store, evaluated)
    folder = site.folder / "reports" if output is None else output
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_writable(folder, error) from error
    stem = f"{evaluated.site_id}_{_in_file_name(evaluated.period.label)}"
    files = []
    for language in languages:
        for kind in formats:
            path = folder / f"{stem}_{language}.{kind}"
            progress(_WRITING.format(name=path.name))
            write_file(path, rendered(document, language, kind))
            files.append(path)
    return Report(tuple(files), evaluated)


def document_of(site: Site, store: Store, evaluated: Evaluation) -> Document:
    """The report of an evaluation before it is set in a language and a format."""
    from diwen import rules
    from diwen.evaluation.condensed import condensed
    from diwen.reports.compose import compose

    shown = replace(evaluated, results=condensed(evaluated.results))
    return compose(Material(site, store, shown, rules.load()))


def rendered(document: Document, language: Language, kind: Format) -> bytes:
    """A document as the bytes of an HTML or PDF file.

    The same document always gives the same bytes: the only time in it is that of the evaluation.
    """
    if kind == "html":
        from diwen.reports import html

        return html.render(document, language).encode()
    from diwen.reports import drawing, pdf

    drawings = drawing.svgs((figure.chart for figure in document.figures()), language)
    return pdf.render(document, language, drawings)


def _in_file_name(label: str) -> str:
    """The period as part of a file name: ``2018-12-01_2018-12-15``."""
    return "".join(c if c.isalnum() or c == "-" else "_" for c in label.replace("..", "_"))


def write_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old or the new one, never half of it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _not_writable(path, error) from error


def _not_writable(path: Path, error: OSError) -> InputError:
    message = Text(f"cannot be written: {error.strerror}", f"无法写入：{error.strerror}")
    cure = Text("choose another folder with --output", "请用 --output 指定其他文件夹")
    return InputError([Problem(str(path), "-", message, cure)])
