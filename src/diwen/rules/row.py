"""One dated rule: a limit, grade, factor, tariff or engineering default, with where it stands.

What the marks mean, precisely:

``evidence``
    ``V`` read in stored public material (a secondary copy, not the official gazette text);
    ``S`` read in a published journal, industry report or yearbook that quotes it;
    ``D`` derived by arithmetic from other labelled rows;
    ``E`` engineering default of Diwen, not from any standard;
    ``M+`` and ``M`` from general technical knowledge (high and ordinary confidence), not confirmed;
    ``NF`` looked for and not found: the value is empty.
``verified``
    true means only: *somebody read this number in public material* (evidence V or S) *and found no
    contradiction*. It does not mean that it was compared with the official printed standard; no
    row claims that. Rows of evidence D, E, M+, M and NF are never verified.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from diwen.language import Language, Text, same

OPERATORS: dict[str, str] = {
    ">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": "=", "range": "", "text": "",
}  # fmt: skip

EVIDENCE: dict[str, Text] = {
    "V": Text("read in public secondary material", "见于公开的二手资料"),
    "S": Text("quoted in a published journal or report", "见于公开出版的期刊或报告"),
    "D": Text("derived by arithmetic", "由其他条目推算"),
    "E": Text("engineering default, not from a standard", "工程默认值，非标准条文"),
    "M+": Text("from technical knowledge, not verified", "据专业常识，未核实"),
    "M": Text("from technical knowledge, not verified", "据专业常识，未核实"),
    "NF": Text("official text not found, left empty", "未找到官方文本，留空"),
}
# Words that stand for a limit in the water tables.
WORDS: dict[str, Text] = {"ND": Text("ND", "不得检出"), "none": Text("none", "无")}
VERIFIABLE = frozenset({"V", "S"})
_CONTRADICTED = Text(
    "read in public material, but doubtful: check against the official text",
    "见于公开资料，但存疑，须核对官方文本",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One rule row.

    Attributes
    ----------
    id : stable dotted name, such as ``gbt50801.heating.grade1``
    standard, edition, clause : where the rule stands; clause empty where it is not known
    quantity : key of ``data/words/quantities.csv``, what is ruled
    text : the rule in both languages
    op : one of :data:`OPERATORS`; ``range`` holds from ``value`` to ``upper``, ``text`` in words
    value : the number in ``unit``; for ``range`` the lower end; None for ``text`` and empty rows
    upper : upper end of a ``range``
    words : the content of a ``text`` row; like ``standard`` and ``source`` it may be written
        ``English | 中文`` in the table (see :attr:`name`, :attr:`source_text`, :meth:`printed`)
    unit : unit of the number as people write it, ``1`` for a pure number
    region : key of ``data/words/regions.csv``; empty for an international rule
    applies : conditions (capacity, source, class...) under which the rule is meant
    valid_from, valid_to : first and last day of validity; None is open
    evidence, verified : see the head of this module
    source : where the number was seen
    note : remark in both languages
    place : file and line it was read from
    """

    id: str
    standard: str
    edition: str
    clause: str
    quantity: str
    text: Text
    op: str
    value: float | None
    unit: str
    region: str = ""
    upper: float | None = None
    words: str = ""
    applies: Mapping[str, str] = field(default_factory=dict, hash=False)
    valid_from: date | None = None
    valid_to: date | None = None
    evidence: str = "E"
    verified: bool = False
    source: str = ""
    note: Text = Text("", "")  # noqa: RUF009 - Text is frozen
    place: str = ""

    @property
    def empty(self) -> bool:
        """True when the rule is known to exist but its content was not found."""
        return self.value is None and not self.words

    @property
    def settled(self) -> bool:
        """Whether nothing is left to look up in an official text: the number was read in public
        material, or it is an engineering choice, or a definition that cites no clause."""
        own = self.evidence == "E" or (self.evidence == "D" and not self.clause)
        return self.verified or own

    @property
    def standing(self) -> Text:
        """In words, how far the row can be trusted."""
        if self.evidence in VERIFIABLE and not self.verified:
            return _CONTRADICTED
        return EVIDENCE[self.evidence]

    def valid_on(self, day: date) -> bool:
        """Whether the row is in force on that day (both ends included)."""
        after = self.valid_from is None or self.valid_from <= day
        return after and (self.valid_to is None or day <= self.valid_to)

    def overlaps(self, other: Row) -> bool:
        """Whether there is a day on which both rows are in force."""
        starts = max(self.valid_from or date.min, other.valid_from or date.min)
        return starts <= min(self.valid_to or date.max, other.valid_to or date.max)

    def holds(self, value: float) -> bool:
        """Whether a value (in the row's unit) fulfils the rule.

        Raises
        ------
        ValueError : the row is empty or in words, so it cannot judge a number
        """
        if self.value is None:
            raise ValueError(f"rule {self.id} has no number to compare with")
        if math.isnan(value):
            return False
        if self.op == "range":
            return self.value <= value <= (math.inf if self.upper is None else self.upper)
        return {
            ">=": value >= self.value,
            ">": value > self.value,
            "<=": value <= self.value,
            "<": value < self.value,
            "=": value == self.value,
        }[self.op]

    def printed(self, language: Language = "en") -> str:
        """Operator and value as people read them; empty for an empty row."""
        if self.value is None:
            return WORDS.get(self.words, spoken(self.words)).to(language)
        number = f"{self.value:.10g}"
        if self.op == "range":
            return f"{number} … {self.upper:.10g}"
        sign = OPERATORS[self.op]
        return number if sign == "=" else f"{sign} {number}"

    def as_dict(self) -> dict[str, Any]:
        """The row as plain data, both languages, for ``--json`` and reports."""
        return {
            "id": self.id,
            "standard": _both(spoken(self.standard)),
            "edition": self.edition,
            "clause": self.clause,
            "quantity": self.quantity,
            "text": _both(self.text),
            "op": self.op,
            "value": self.value,
            "upper": self.upper,
            "words": _both(spoken(self.words)),
            "unit": self.unit,
            "region": self.region,
            "applies": dict(self.applies),
            "valid_from": self.valid_from and self.valid_from.isoformat(),
            "valid_to": self.valid_to and self.valid_to.isoformat(),
            "evidence": self.evidence,
            "verified": self.verified,
            "standing": _both(self.standing),
            "source": _both(self.source_text),
            "note": _both(self.note),
        }

    @property
    def name(self) -> Text:
        """Standard, edition and clause as one citation."""
        standard = spoken(self.standard)
        if " | " in self.standard:  # a document told in words, not a code such as GB/T 50801
            dated = Text(f" ({self.edition})", f"（{self.edition}）")
        else:
            dated = same(f"-{self.edition}")
        if not self.edition:
            dated = same("")
        return Text(
            f"{standard.en}{dated.en} {self.clause}".strip(),
            f"{standard.zh}{dated.zh} {self.clause}".strip(),
        )

    @property
    def source_text(self) -> Text:
        """Where the number was seen, in both languages."""
        return spoken(self.source)


def spoken(cell: str) -> Text:
    """A cell written ``English | 中文``; without the bar it reads the same in both."""
    english, bar, chinese = cell.partition(" | ")
    return Text(english.strip(), chinese.strip() if bar else english.strip())


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
