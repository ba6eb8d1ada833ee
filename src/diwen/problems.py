"""What is wrong with an input, said so that the reader can mend it.

Readers collect :class:`Problem` objects and raise them all at once as :class:`InputError`;
nobody has to mend a file one error at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from diwen.language import Language, Text

_LINE_NUMBER = re.compile(r"\bline (\d+)")
_COLUMN = re.compile(r"\bcolumn ")
_LINE = Text("{file}: {where}: {message}", "{file}：{where}：{message}")
_VALUE = Text(" (found: {value})", "（现值：{value}）")
_ALLOWED = Text(" Allowed: {allowed}.", " 允许：{allowed}。")
_CURE = Text(" Cure: {cure}", " 改法：{cure}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong (or doubtful) in an input.

    Attributes
    ----------
    file : the file, as the user named it
    where : place inside the file: ``line 12, column depth`` or ``heat_pumps.hp1.capacity``
    message : what is wrong
    cure : what to do about it
    value : the offending value as found, empty when something is missing
    allowed : range or list of values that would be right, if there is one
    severity : an ``error`` refuses the input, a ``warning`` does not
    """

    file: str
    where: str
    message: Text
    cure: Text
    value: str = ""
    allowed: Text | None = None
    severity: Literal["error", "warning"] = "error"

    def to(self, language: Language) -> str:
        """The whole problem as one line of text."""
        where = self.where or "-"
        if language == "zh":
            where = _LINE_NUMBER.sub(r"第 \1 行", _COLUMN.sub(r"列 ", where)).replace(", ", "，")
        line = _LINE.format(file=self.file, where=where, message=self.message).to(language)
        if self.value:
            line += _VALUE.format(value=self.value).to(language)
        if self.allowed is not None:
            line += _ALLOWED.format(allowed=self.allowed).to(language)
        return line + _CURE.format(cure=self.cure).to(language)

    def as_dict(self) -> dict[str, Any]:
        """The problem as plain data, both languages, for ``--json``."""
        return {
            "file": self.file,
            "where": self.where,
            "value": self.value,
            "severity": self.severity,
            "message": {"en": self.message.en, "zh": self.message.zh},
            "allowed": None
            if self.allowed is None
            else {"en": self.allowed.en, "zh": self.allowed.zh},
            "cure": {"en": self.cure.en, "zh": self.cure.zh},
        }


class InputError(Exception):
    """An input cannot be used; carries every problem found, never only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.to("en") for problem in self.problems))
