"""How a delivered text file is written: encoding, separator, header line, decimal sign.

What nobody said is found out from the beginning of the file: the header is the first line that
holds the wanted column names; the separator is the one that makes them appear.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEPARATORS = (",", ";", "\t", "|")
HEAD_BYTES = 262_144
HEAD_LINES = 80
# Where the usual head holds fewer whole lines than this, look further.
WIDE_HEAD_BYTES = 16 * 1024 * 1024
_WHOLE_LINES = 4
# A cell with more line breaks than this is a quotation mark that was never closed.
_SPREAD = 8
_NUMBER = re.compile(r"[-+−]?[\d.,'\s\u00a0]*\d[\d.,]*(?:[eE][-+]?\d+)?")
_COMMA_DECIMAL = re.compile(r"[-+−]?[\d.\s\u00a0']*\d,\d+(?:[eE][-+]?\d+)?")
_POINT_DECIMAL = re.compile(r"[-+−]?[\d,\s\u00a0']*\d?\.\d+(?:[eE][-+]?\d+)?")
_FOUR_BYTES = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]")
_COMMON_PER_RARE = 8
_COMMA_THOUSANDS = re.compile(r"[-+−]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


@dataclass(frozen=True)
class Dialect:
    """How a text table is written.

    Attributes
    ----------
    encoding : as Python names it
    separator : column separator
    decimal : decimal sign
    header : position of the header among the lines, from 0
    units : number of lines under the header that hold units or descriptions, no data
    names : column names, stripped
    unit_cells : the cells of the first line under the header that holds units, else empty
    """

    encoding: str
    separator: str
    decimal: str
    header: int
    units: int
    names: tuple[str, ...]
    unit_cells: tuple[str, ...] = ()

    @property
    def first_data_line(self) -> int:
        """Number of the first data line as an editor counts, from 1."""
        return self.header + self.units + 2


def decode(data: bytes, wanted: str = "") -> tuple[bytes, str]:
    """The file as UTF-8 without byte-order mark, lines ended by LF, and its encoding.

    Parameters
    ----------
    data : bytes of the file
    wanted : encoding to be used; empty: found out (UTF-8, UTF-16 by its mark, GB18030, Latin-1)

    Raises
    ------
    UnicodeDecodeError, LookupError : not text in the wanted encoding
    """
    text, encoding = _utf8(data, wanted)
    if b"\r" in text and b"\n" not in text:
        text = text.replace(b"\r", b"\n")
    return text, encoding


def _utf8(data: bytes, wanted: str) -> tuple[bytes, str]:
    if wanted:
        text = data.decode(wanted)
        return text.lstrip("\ufeff").encode(), wanted
    name = _wide(data)
    if name:
        return data.decode(name).lstrip("\ufeff").encode(), name
    # Loggers reserve room in a file; what was not written yet is zeros.
    data = data.rstrip(b"\0")
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
    if data.isascii():
        return data, "utf-8"
    try:
        data.decode("utf-8")
        return data, "utf-8"
    except UnicodeDecodeError:
        pass
    if _looks_chinese(data[:HEAD_BYTES]):
        try:
            return data.decode("gb18030").encode(), "gb18030"
        except UnicodeDecodeError:
            pass
    return data.decode("cp1252", errors="replace").encode(), "cp1252"


def _wide(data: bytes) -> str:
    """The encoding, if letters are two or four bytes wide; by the mark or by the zero bytes."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:200]
    for name, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros, letters = head[first::2], head[1 - first :: 2]
        if len(zeros) > 1 and not zeros.strip(b"\0") and b"\0" not in letters:
            return name
    return ""


def _looks_chinese(head: bytes) -> bool:
    """Whether bytes above ASCII come as Chinese; in Latin text they mostly stand alone.

    Common characters are two high bytes (GB 2312). Rare ones such as ㎡ are a high byte and one
    that may be ASCII (GBK), which Latin letters also look like, so they must be few. Others such
    as ³ are four bytes (GB 18030).
    """
    position, common, rare = 0, 0, 0
    while position < len(head):
        if head[position] < 0x80:
            position += 1
        elif position + 1 >= len(head):
            break
        elif head[position] >= 0xA1 and head[position + 1] >= 0xA1:
            common += 1
            position += 2
        elif _FOUR_BYTES.match(head, position):
            position += 4
        elif head[position + 1] >= 0x40:
            rare += 1
            position += 2
        else:
            return False
    return common > 0 and common >= _COMMON_PER_RARE * rare


def head_lines(data: bytes) -> list[str]:
    """The first lines of a UTF-8 text; a line break inside quotation marks ends none."""
    head = data[:HEAD_BYTES]
    if head.count(b"\n") < _WHOLE_LINES < data.count(b"\n", 0, WIDE_HEAD_BYTES):
        head = data[:WIDE_HEAD_BYTES]  # thousands of columns
    lines = head.decode("utf-8", errors="replace").split("\n")
    if len(head) < len(data) and len(lines) > 1:
        lines.pop()  # cut in its middle
    joined: list[str] = []
    while lines and len(joined) < HEAD_LINES:
        count = _spread(lines)
        joined.append("\n".join(line.rstrip("\r") for line in lines[:count]))
        del lines[:count]
    return joined


def _spread(lines: Sequence[str]) -> int:
    """Over how many lines the first row spreads: to where its quotation marks are closed."""
    if lines[0].count('"') % 2:
        for more, line in enumerate(lines[1:_SPREAD], 2):
            if line.count('"') % 2:
                return more
    return 1


def row_starts(data: bytes, skip: int) -> NDArray[np.int64] | None:
    """Line on which each data row begins, if some row spreads over several lines.

    Parameters
    ----------
    data : UTF-8 text
    skip : lines above the data
    """
    if b'"' not in data:
        return None
    breaks, marks = _breaks_and_marks(data, skip)
    ends = np.searchsorted(marks, breaks) % 2 == 0
    if ends.all():
        return None
    return skip + 1 + np.concatenate([[0], np.flatnonzero(ends) + 1]).astype(np.int64)


def open_quote(data: bytes, skip: int) -> int:
    """The first line whose quotation marks are not in pairs, 0 if there is none."""
    breaks, marks = _breaks_and_marks(data, skip)
    lines = np.searchsorted(breaks, marks)
    odd = np.flatnonzero(np.bincount(lines) % 2) if len(lines) else lines
    return skip + 1 + int(odd[0]) if len(odd) else 0


def _breaks_and_marks(data: bytes, skip: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions of the line breaks and of the quotation marks below the skipped lines."""
    signs = np.frombuffer(data, np.uint8)
    breaks = np.flatnonzero(signs == ord("\n"))
    marks = np.flatnonzero(signs == ord('"'))
    if skip:
        start = breaks[skip - 1] if skip <= len(breaks) else len(data)
        breaks, marks = breaks[breaks > start], marks[marks > start]
    return breaks, marks


def cells(line: str, separator: str) -> list[str]:
    """The cells of a line, stripped."""
    try:
        row = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        row = line.split(separator)
    return [cell.strip() for cell in row]


def find_header(
    rows: Sequence[Sequence[str]], wanted: Iterable[str], fixed: int = 0
) -> tuple[int, int]:
    """Position of the header among rows of cells and the number of wanted names it holds.

    Parameters
    ----------
    rows : cells of the first lines
    wanted : names of the time column and of the points' sources
    fixed : number of the header row from 1, if it is known
    """
    names = {normal(name) for name in wanted}

    def hits(row: Sequence[str]) -> int:
        return len(names & {normal(cell) for cell in row if cell})

    if fixed:
        row = rows[fixed - 1] if fixed <= len(rows) else []
        return fixed - 1, hits(row)
    best = max(range(len(rows)), key=lambda i: (hits(rows[i]), -i), default=0)
    if rows and hits(rows[best]):
        return best, hits(rows[best])
    # No wanted name anywhere: the first row that is as wide as the table and is not numbers.
    width = max((sum(1 for cell in row if cell) for row in rows), default=0)
    for position, row in enumerate(rows):
        filled = [cell for cell in row if cell]
        if len(filled) == width and not any(_NUMBER.fullmatch(cell) for cell in filled[1:]):
            return position, 0
    return 0, 0


def find_separator(lines: Sequence[str], wanted: Iterable[str], fixed_header: int = 0) -> str:
    """The separator that brings out most wanted names, or else most columns."""
    wanted = list(wanted)

    def score(separator: str) -> tuple[int, int]:
        rows = [cells(line, separator) for line in lines]
        _, hits = find_header(rows, wanted, fixed_header)
        widths = sorted(len(row) for row in rows if any(row))
        return hits if max(widths, default=0) > 1 else 0, widths[len(widths) // 2] if widths else 0

    return max(SEPARATORS, key=lambda separator: score(separator))


def find_decimal(samples: Iterable[str], separator: str) -> str:
    """Decimal sign of number cells; the point if nothing speaks for the comma."""
    comma = 0
    for cell in samples:
        if "," in cell and "." in cell and _NUMBER.fullmatch(cell):
            return "," if cell.rfind(",") > cell.rfind(".") else "."
        if _POINT_DECIMAL.fullmatch(cell):
            return "."
        if _COMMA_DECIMAL.fullmatch(cell):
            # 1,234 is a thousand in a comma-separated file, a decimal number otherwise.
            grouped = separator == "," and _COMMA_THOUSANDS.fullmatch(cell)
            comma += 0 if grouped else 1
    return "," if comma else "."


def units_rows(rows: Sequence[Sequence[str]], time: Sequence[int], values: Sequence[int]) -> int:
    """How many rows at the beginning hold units or descriptions instead of data (at most 3)."""
    for count, row in enumerate(rows[:4]):
        stamp = "".join(row[i] for i in time if i < len(row))
        filled = [row[i] for i in values if i < len(row) and row[i]]
        has_digits = sum(letter.isdigit() for letter in stamp) >= 1
        if has_digits or any(_NUMBER.fullmatch(cell) for cell in filled):
            return min(count, 3)
    return 0


def normal(name: str) -> str:
    """A column name as it is compared: without case, outer and doubled blanks."""
    return " ".join(name.replace("\ufeff", "").split()).casefold()
