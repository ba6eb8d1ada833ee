"""A document as PDF, set by Typst with an embedded Chinese font.

The template is fixed; content reaches it as data only. Typst prints empty boxes without an error
where a font is missing, so a missing font is refused here before anything is set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from diwen.language import Language, Text
from diwen.reports.document import WORDS, Block, Document, Figure, Picture, Section, Table
from diwen.reports.font import FAMILY, font_file, font_problem, printable

if TYPE_CHECKING:
    import typst

# A run without a place to break that is longer than this may not fit a narrow column.
_LONG_RUN = re.compile(r"[!-~]{17,}")
_BREAKABLE = re.compile(r"([_./+\-,;:|]|[^_./+\-,;:|]{12})")


def render(document: Document, language: Language, svgs: Mapping[str, str]) -> bytes:
    """The whole report as PDF.

    Parameters
    ----------
    document : what to set
    language : which of its two texts
    svgs : the drawing of each chart by its id

    Returns
    -------
    bytes : the PDF; the same bytes for the same document

    Raises
    ------
    InputError : the Chinese font is not installed
    """
    import typst

    template = files("diwen.reports").joinpath("templates", "report.typ").read_bytes()
    return typst.compile(
        template,
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(content(document, language, svgs))},
        timestamp=int(document.generated.timestamp()),
    )


@cache
def _fonts() -> typst.Fonts:
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(font_file().parent)],
    )
    if FAMILY not in fonts.families():
        raise font_problem(f"{FAMILY}: {', '.join(fonts.families())}")
    return fonts


def content(document: Document, language: Language, svgs: Mapping[str, str]) -> dict[str, Any]:
    """The document as plain data in one language, as the template reads it."""

    def say(text: Text | None) -> str:
        return "" if text is None else breakable(text.to(language))

    verdict = document.verdict
    return {
        "language": language,
        "title": say(document.title),
        "site": say(document.site),
        "period": say(document.period),
        "footer": say(document.footer),
        "illustrative": say(document.illustrative),
        "lights": {light: [sign, say(word)] for light, (sign, word) in document.lights.items()},
        "words": {name: say(text) for name, text in WORDS.items()},
        "header": [[say(label), say(text)] for label, text in document.header],
        "cover": [[say(label), say(text)] for label, text in document.cover],
        "verdict": {
            "light": verdict.light,
            "sentence": say(verdict.sentence),
            "counts": [[light, count] for light, count in verdict.counts],
            "points": [say(point) for point in verdict.points],
            "findings": [finding.light for finding in verdict.findings],
            "findings-table": _findings(document, language),
        },
        "sections": [_section(section, language, svgs) for section in document.sections],
        "appendices": [_section(section, language, svgs) for section in document.appendices],
        "signatures": [say(name) for name in document.signatures],
    }


def _findings(document: Document, language: Language) -> dict[str, Any]:
    value = document.value or WORDS["value"]
    titles = ((WORDS["indicator"], "left", 3.6), (value, "right", 1.8),
              (WORDS["origin"], "left", 1.0), (WORDS["judgement"], "left", 3.6))  # fmt: skip
    return {
        "title": "",
        "note": "",
        "columns": [
            {"title": title.to(language), "align": align, "share": share}
            for title, align, share in titles
        ],
        "rows": [
            [
                _cell(finding.name.to(language), finding.light, word=True),
                _cell(finding.value.to(language)),
                _cell(finding.origin.to(language)),
                _cell(finding.judgement.to(language)),
            ]
            for finding in document.verdict.findings
        ],
    }  # fmt: skip


def _cell(
    text: str, light: str | None = None, detail: str = "", word: bool = False
) -> dict[str, Any]:
    """A cell; ``word`` writes the light's word after its sign."""
    return {"text": breakable(text), "light": light, "detail": breakable(detail), "word": word}


def _section(section: Section, language: Language, svgs: Mapping[str, str]) -> dict[str, Any]:
    return {
        "number": section.number,
        "title": printable(section.title.to(language)),
        "blocks": [_block(block, language, svgs) for block in section.blocks],
    }


def _block(block: Block, language: Language, svgs: Mapping[str, str]) -> dict[str, Any]:
    if isinstance(block, Table):
        return {
            "type": "Table",
            "title": printable(block.title.to(language)),
            "note": "" if block.note is None else breakable(block.note.to(language)),
            "columns": [
                {
                    "title": printable(column.title.to(language)),
                    "align": column.align,
                    "share": column.share,
                }
                for column in block.columns
            ],
            "rows": [
                [
                    _cell(
                        cell.text.to(language),
                        cell.light,
                        "" if cell.detail is None else cell.detail.to(language),
                    )
                    for cell in row
                ]
                for row in block.rows
            ],
        }
    if isinstance(block, Figure):
        return {
            "type": "Figure",
            "title": _numbered(block.number, block.chart.title, language),
            "caption": breakable(block.chart.caption(language)),
            "svg": svgs[block.chart.id],
        }
    if isinstance(block, Picture):
        return {
            "type": "Figure",
            "title": _numbered(block.number, block.title, language),
            "caption": breakable(block.note.to(language)),
            "svg": block.drawn[language],
        }
    return {"type": "Note", "kind": block.kind, "text": breakable(block.text.to(language))}


def _numbered(number: int, title: Text, language: Language) -> str:
    return printable(f"{WORDS['figure'].to(language)} {number}  {title.to(language)}")


def breakable(text: str) -> str:
    """A text in letters of the font, whose long runs (hashes, ids) may break at a line's end.

    A zero-width space is put after signs within such a run, and after every twelve letters.
    """
    return _LONG_RUN.sub(lambda run: _BREAKABLE.sub("\\1\u200b", run[0]), printable(text))
