"""The text of a weather file, plain or compressed, as people keep it."""

from __future__ import annotations

import zlib
from pathlib import Path

from diwen.language import Text
from diwen.problems import InputError, Problem, system_reason

LARGEST = 256 * 1024 * 1024

_CANNOT_OPEN = Text("the file cannot be opened: {reason}", "文件无法打开：{reason}")
_LOOK = Text("check name and rights", "请检查文件名与权限")
_DAMAGED = Text("the compressed file is damaged", "压缩文件已损坏")
_AGAIN = Text("fetch it again", "请重新获取该文件")
_NO_TEXT = Text("neither UTF-8 nor GB 18030 text", "既不是 UTF-8 也不是 GB 18030 文本")
_SAVE = Text("save it as text in UTF-8", "请另存为 UTF-8 文本")
_LARGE = Text("larger than 256 MB", "文件大于 256 MB")


def weather_text(path: Path) -> str:
    """The whole text.

    Raises
    ------
    diwen.problems.InputError : the file cannot be read as text
    """

    def refuse(message: Text, cure: Text) -> InputError:
        return InputError([Problem(path.name, "", message, cure)])

    try:
        data = path.read_bytes()
    except OSError as error:
        raise refuse(_CANNOT_OPEN.format(reason=system_reason(error)), _LOOK) from error
    if data[:2] == b"\x1f\x8b":
        # Not more is unpacked than any weather needs.
        unpack = zlib.decompressobj(wbits=31)
        try:
            data = unpack.decompress(data, LARGEST)
        except zlib.error as error:
            raise refuse(_DAMAGED, _AGAIN) from error
        if not unpack.eof:
            raise refuse(_LARGE if unpack.unconsumed_tail else _DAMAGED, _AGAIN)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse(_NO_TEXT, _SAVE)
