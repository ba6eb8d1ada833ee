"""Blocks of a diagnosis report that several sections use."""

from __future__ import annotations

from collections.abc import Iterable

from diwen.language import Text
from diwen.reports.design_blocks import Pair, table
from diwen.reports.design_words import upper_first
from diwen.reports.document import Table

_COLUMNS = (
    (Text("what", "项目"), "l", 2.2), (Text("value", "数值"), "r", 1.8),
    (Text("remark", "说明"), "l", 1.8),
)  # fmt: skip


def facts(title: Text, rows: Iterable[Pair], note: Text | None = None) -> Table:
    """A table of names, values and remarks."""
    return table(title, _COLUMNS, [(upper_first(one[0]), *one[1:]) for one in rows], note)
