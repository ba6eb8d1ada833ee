"""Packed deliveries: gzip and zip, opened in memory and never onto the disk.

Names inside an archive are only shown, never used as paths. What an archive unpacks to is
limited, and so is how deep archives may be nested: a small file must not fill the memory.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from diwen.language import Text
from diwen.problems import InputError, Problem

# Engineering defaults: a year of one-second records of ten points is below 4 GiB of text.
LARGEST = 4 * 1024**3
DEEPEST = 3
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_BOOK = ("xl/workbook.xml", "xl/workbook.bin")
_DAMAGED = Text("the compressed file cannot be read: {reason}", "无法读取压缩文件：{reason}")
_DAMAGED_CURE = Text(
    "check that the file is complete; pack or export it again if need be.",
    "请检查文件是否完整，必要时重新压缩或导出。",
)
_TOO_LARGE = Text(
    "the compressed file unpacks to more than {limit} GiB", "压缩文件解压后超过 {limit} GiB"
)
_TOO_LARGE_CURE = Text("unpack it and deliver it in parts.", "请解压后分批导入。")
_TOO_DEEP = Text("archives are nested more than {deepest} deep", "压缩文件嵌套超过 {deepest} 层")
_TOO_DEEP_CURE = Text("unpack it and deliver what is inside.", "请先解压，再导入其中的文件。")
_NOTHING = Text("the archive is empty", "压缩包为空")
_NOTHING_CURE = Text("pack the files again.", "请重新打包文件。")

Refuse = Callable[[InputError], None]


def members(file: str, data: bytes, refuse: Refuse, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The plain files in a delivered file: itself, or what is packed in it.

    Parameters
    ----------
    file : as the user named it
    data : its bytes
    refuse : called with the error of a member that cannot be unpacked; the others still come

    Raises
    ------
    InputError : the file as a whole is damaged, empty, too large or nested too deep
    """
    if data.startswith(_EMPTY_ZIP):
        raise _error(file, _NOTHING, _NOTHING_CURE)
    if not data.startswith((_GZIP, _ZIP)):
        yield file, data
        return
    if depth >= DEEPEST:
        raise _error(file, _TOO_DEEP.format(deepest=DEEPEST), _TOO_DEEP_CURE)
    if data.startswith(_GZIP):
        yield from members(file, _gunzip(file, data), refuse, depth + 1)
        return
    archive, inside = _open(file, data)
    if any(info.filename in _BOOK for info in inside):
        yield file, data  # an Excel workbook is a zip archive too
        return
    for info in inside:
        name = f"{file}/{info.filename}"
        try:
            yield from members(name, _unzip(name, archive, info), refuse, depth + 1)
        except InputError as error:
            refuse(error)


def _open(file: str, data: bytes) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """An archive and its members, without those that systems add for themselves."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        every = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise _damaged(file, error) from error
    if sum(info.file_size for info in every) > LARGEST:
        raise _too_large(file)
    inside = [info for info in every if not info.is_dir() and not _hidden(info.filename)]
    if not inside:
        raise _error(file, _NOTHING, _NOTHING_CURE)
    return archive, inside


def _hidden(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or (bool(parts) and parts[-1].startswith("."))


def _unzip(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    # Reading stops at the size the archive states, which is within the limit.
    try:
        return archive.read(info)
    except (
        zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, zlib.error
    ) as error:  # fmt: skip
        raise _damaged(name, error) from error


def _gunzip(file: str, data: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(data)) as packed:
            plain = packed.read(LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise _damaged(file, error) from error
    if len(plain) > LARGEST:
        raise _too_large(file)
    return plain


def _error(file: str, message: Text, cure: Text) -> InputError:
    return InputError([Problem(file, "-", message, cure)])


def _damaged(file: str, error: BaseException) -> InputError:
    reason = str(error)[:200] or type(error).__name__
    return _error(file, _DAMAGED.format(reason=reason), _DAMAGED_CURE)


def _too_large(file: str) -> InputError:
    return _error(file, _TOO_LARGE.format(limit=f"{LARGEST / 1024**3:g}"), _TOO_LARGE_CURE)
