"""What is wrong with an input, said so that the reader can mend it.

Readers collect :class:`Problem` objects and raise them all at once as :class:`InputError`;
nobody has to mend a file one error at a time.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from diwen.language import Language, Text, same

_LINE_NUMBER = re.compile(r"\bline (\d+)")
_COLUMN = re.compile(r"\bcolumn ")
_SYSTEM_REASONS = {
    errno.ENOENT: Text("no such file or folder", "文件或文件夹不存在"),
    errno.EACCES: Text("no permission", "没有权限"),
    errno.EPERM: Text("not allowed", "不允许此操作"),
    errno.EISDIR: Text("it is a folder", "这是文件夹而非文件"),
    errno.ENOTDIR: Text("a part of the path is no folder", "路径中有一部分不是文件夹"),
    errno.ENOSPC: Text("no space is left on the disk", "磁盘空间不足"),
    errno.EDQUOT: Text("the disk quota is used up", "磁盘配额已用完"),
    errno.EROFS: Text("the disk is read-only", "磁盘为只读"),
    errno.EIO: Text("the disk reports a fault", "磁盘读写故障"),
    errno.ENAMETOOLONG: Text("the name is too long", "名称过长"),
    errno.EEXIST: Text("it exists already", "已存在"),
    errno.EADDRINUSE: Text("it is in use already", "已被占用"),
}
_LINE = Text("{file}: {where}: {message}", "{file}：{where}：{message}")
_VALUE = Text(" (found: {value})", "（现值：{value}）")
_ALLOWED = Text(" Allowed: {allowed}.", " 允许：{allowed}。")
_CURE = Text(" Fix: {cure}", " 改法：{cure}")


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


def system_reason(error: OSError) -> Text:
    """Why the operating system refused, in both languages where the reason is a usual one."""
    known = _SYSTEM_REASONS.get(error.errno or 0)
    return known or same(error.strerror or type(error).__name__)


def any_error(problems: Iterable[Problem]) -> bool:
    """Whether any of them refuses the input; warnings do not."""
    return any(problem.severity == "error" for problem in problems)


class InputError(Exception):
    """An input cannot be used; carries every problem found, never only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.to("en") for problem in self.problems))
