"""A report before it is set in any language or file format.

Everything a reader will see stands here as :class:`~diwen.language.Text`, with its numbers
already formatted, and as charts. ``html`` and ``pdf`` only set it; neither computes anything, so
both formats and both languages cannot differ in a number.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from diwen.language import Language, Text
from diwen.reports.chart import Chart
from diwen.reports.font import FAMILY

Light = Literal["good", "attention", "bad", "unresolved", "indicative", "refused", "plain"]

# Each light is a sign and a word, never a colour alone.
LIGHTS: dict[Light, tuple[str, Text]] = {
    "good": ("●", Text("met", "达标")),
    "attention": ("▲", Text("attention", "关注")),
    "bad": ("■", Text("not met", "不达标")),
    "unresolved": ("◆", Text("not resolved", "无法判定")),
    "indicative": ("◇", Text("indicative", "仅供参考")),
    "refused": ("×", Text("refused", "不予计算")),
    "plain": ("○", Text("value", "数值")),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; ``light`` puts a traffic light in front of the text."""

    text: Text
    light: Light | None = None
    detail: Text | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column; numbers stand right, words left. ``share`` is its part of the width."""

    title: Text
    align: Literal["left", "right", "center"] = "left"
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption."""

    title: Text
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: Text | None = None

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.title.en}: every row needs {len(self.columns)} cells")


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with the number it carries in the report."""

    number: int
    chart: Chart


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing that is no chart: a section, a plan, a map of a field.

    Attributes
    ----------
    number : in the report, counted together with the figures
    title, note : above and below it
    drawn : the SVG in each language
    """

    number: int
    title: Text
    note: Text
    drawn: Mapping[Language, str]

    def address(self, language: Language) -> str:
        """The drawing as an address that needs no other file (``data:image/svg+xml``).

        A page cannot lend it a font: where the one of the PDF is not installed, any without serifs.
        """
        drawing = self.drawn[language].replace(f"'{FAMILY}'", f"'{FAMILY}', sans-serif")
        return "data:image/svg+xml;base64," + b64encode(drawing.encode()).decode()


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph; ``kind`` says how much it should strike the eye."""

    text: Text
    kind: Literal["text", "warning", "absent"] = "text"


Block = Table | Figure | Picture | Note


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the report."""

    number: str
    title: Text
    blocks: tuple[Block, ...]

    @property
    def empty(self) -> bool:
        """Whether the section only says why it has nothing to show."""
        return all(isinstance(block, Note) and block.kind == "absent" for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the judgement on the first page."""

    light: Light
    name: Text
    value: Text
    origin: Text
    judgement: Text


@dataclass(frozen=True, slots=True)
class Verdict:
    """The first page: what an inspector must know after one minute.

    Attributes
    ----------
    light : the light of the whole
    sentence : the judgement in one sentence
    findings : the leading indicators, most important first
    counts : how many indicators carry each light
    points : what the reader must not overlook (gaps, manual values, unverified rules)
    """

    light: Light
    sentence: Text
    findings: tuple[Finding, ...]
    counts: tuple[tuple[Light, int], ...]
    points: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    Attributes
    ----------
    title, site, period : kind of report; name of the site; period with its days
    header : label and content of the common header
    illustrative : set on every page when the site describes no real plant
    verdict : the first page
    sections : the numbered parts
    appendices : the lettered parts
    signatures : who signs
    footer : data-set hash and version, at the foot
    generated : time of the evaluation, the only time a report knows
    version : version of Diwen
    cover : label and content of the lines of a cover page, with ``signatures`` on it; empty: no
        such page, the report begins with its verdict and is signed at its end
    value : title of the values on the first page; None: values with an uncertainty, k = 2
    lights : sign and word of each light, where it says something else than met or not met
    """

    title: Text
    site: Text
    period: Text
    header: tuple[tuple[Text, Text], ...]
    illustrative: Text | None
    verdict: Verdict
    sections: tuple[Section, ...]
    appendices: tuple[Section, ...]
    signatures: tuple[Text, ...]
    footer: Text
    generated: datetime
    version: str
    cover: tuple[tuple[Text, Text], ...] = ()
    value: Text | None = None
    lights: Mapping[Light, tuple[str, Text]] = field(default_factory=lambda: LIGHTS)

    def figures(self) -> Iterator[Figure]:
        """Every picture, in order."""
        for section in (*self.sections, *self.appendices):
            yield from (block for block in section.blocks if isinstance(block, Figure))


def row(*cells: Cell | Text | str) -> tuple[Cell, ...]:
    """Cells from texts; a plain string reads the same in both languages."""
    return tuple(_cell(cell) for cell in cells)


def _cell(cell: Cell | Text | str) -> Cell:
    if isinstance(cell, Cell):
        return cell
    return Cell(cell if isinstance(cell, Text) else Text(cell, cell))


def joined(texts: Iterable[Text], en: str = ", ", zh: str = "、") -> Text:
    """Texts in a row, each language with its own separator."""
    items = list(texts)
    return Text(en.join(text.en for text in items), zh.join(text.zh for text in items))


#: Words of the page itself.
WORDS = {
    "figure": Text("Figure", "图"),
    "judgement": Text("Judgement", "判定"),
    "indicator": Text("Indicator", "指标"),
    "value": Text("Value (k = 2)", "数值（k = 2）"),
    "origin": Text("Origin", "来源"),
    "mind": Text("Keep in mind", "须注意"),
    "header": Text("About this report", "报告概况"),
    "contents": Text("Contents", "目录"),
    "page": Text("page", "页"),
    "name": Text("Name and signature", "姓名（签字）"),
    "date": Text("Date", "日期"),
    "role": Text("Role", "职责"),
    "stamp": Text("Stamp of the institute", "单位盖章"),
    "noscript": Text(
        "The pictures need JavaScript; the tables and the PDF do not.",
        "图形需启用 JavaScript；表格及 PDF 文件不受影响。",
    ),
}
