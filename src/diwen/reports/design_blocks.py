"""Blocks of a design report that many sections use: pairs of name and value, numbered figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from diwen.language import Text, same
from diwen.reports.chart import Chart
from diwen.reports.document import Block, Cell, Column, Figure, Light, Note, Picture, Table

Pair = tuple[Text, Text | str, Text | str]
#: One line of a table.
Cells = Sequence[Cell | Text | str]

_WHAT = Column(Text("what", "项目"), share=2.2)
_VALUE = Column(Text("value", "数值"), "right", 1.4)
_ORIGIN = Column(Text("origin", "来源"), share=2.2)


class Numbering:
    """Counts the figures of one report."""

    def __init__(self) -> None:
        self.last = 0

    def figure(self, chart: Chart) -> Figure:
        """The chart with the next number."""
        self.last += 1
        return Figure(self.last, chart)

    def picture(self, drawn: Picture) -> Picture:
        """The drawing with the next number."""
        self.last += 1
        return Picture(self.last, drawn.title, drawn.note, drawn.drawn)


def pairs(title: Text, rows: Iterable[Pair], note: Text | None = None) -> Table:
    """A table of names, values and where they come from."""
    cells = tuple((_cell(_begun(one[0])), *(_cell(part) for part in one[1:])) for one in rows)
    return Table(title, (_WHAT, _VALUE, _ORIGIN), cells, note)


def table(
    title: Text,
    columns: Sequence[tuple[Text, str, float]],
    rows: Iterable[Cells],
    note: Text | None = None,
) -> Table:
    """A table; a column is (title, ``l`` or ``r``, share of the width)."""
    made = tuple(
        Column(name, "right" if side == "r" else "left", share) for name, side, share in columns
    )
    return Table(title, made, tuple(tuple(_cell(cell) for cell in one) for one in rows), note)


def lit(text: Text | str, light: Light) -> Cell:
    """A cell with a traffic light."""
    return Cell(same(text) if isinstance(text, str) else text, light)


def notes(texts: Iterable[Text]) -> list[Block]:
    """A paragraph for each text, each once."""
    return [Note(text) for text in dict.fromkeys(texts)]


def warning(text: Text) -> Note:
    """A paragraph that strikes the eye."""
    return Note(text, "warning")


def absent(text: Text) -> Note:
    """Why something is not shown."""
    return Note(text, "absent")


def _begun(text: Text) -> Text:
    """With a capital at its beginning."""
    return Text(text.en[:1].upper() + text.en[1:], text.zh)


def _cell(part: Cell | Text | str) -> Cell:
    if isinstance(part, Cell):
        return part
    return Cell(same(part) if isinstance(part, str) else part)
