"""Text cells as numbers: decimal signs, thousand separators, words for states, empty marks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

# Spellings of "no value" in exports of loggers and building-management systems.
EMPTY = (
    "", "NA", "N/A", "#N/A", "#NA", "NaN", "nan", "NAN", "null", "NULL", "Null", "None", "none",
    "-", "--", "---", "----", "#VALUE!", "#DIV/0!", "#REF!", "#NUM!", "无", "空", "/",
)  # fmt: skip
# Digits and signs as wide as a Chinese character, and thin blanks.
_WIDE = {chr(0xFF10 + digit): str(digit) for digit in range(10)} | {
    "．": ".", "，": ",", "－": "-", "＋": "+", "−": "-", "\u2009": " ", "\u202f": " ",
}  # fmt: skip
_STATES = {
    "on": 1.0, "off": 0.0, "true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0, "run": 1.0,
    "running": 1.0, "stop": 0.0, "stopped": 0.0, "active": 1.0, "inactive": 0.0, "ein": 1.0,
    "aus": 0.0, "an": 1.0, "开": 1.0, "关": 0.0, "开机": 1.0, "关机": 0.0, "运行": 1.0, "停止": 0.0,
    "停机": 0.0, "启动": 1.0, "是": 1.0, "否": 0.0,
}  # fmt: skip


@dataclass(frozen=True)
class Numbers:
    """A column as numbers.

    Attributes
    ----------
    value : float, NaN where there is no number, (n,)
    bad : cells that hold something that is not a number, (n,)
    """

    value: NDArray[np.float64]
    bad: NDArray[np.bool_]


def parse(column: pl.Series, decimal: str, state: bool = False) -> Numbers:
    """Read a column of text cells as numbers.

    Parameters
    ----------
    column : cells as text, or numbers already
    decimal : decimal sign, ``.`` or ``,``; the other one, blanks and apostrophes between digits
        group thousands
    state : words such as on/off, 运行/停止 mean 1 and 0
    """
    if column.dtype == pl.Boolean or column.dtype.is_numeric():
        value = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
        return Numbers(value, np.zeros(len(value), bool))
    text = column.cast(pl.String).str.strip_chars(" \t\r\n\u00a0\ufeff\"'")
    empty = text.is_null() | text.is_in(list(EMPTY))
    number = _cast(text, decimal)
    if state:
        words = text.str.to_lowercase().replace_strict(
            _STATES, default=None, return_dtype=pl.Float64
        )
        number = number.fill_null(words)
    missing = number.is_null()
    value = number.fill_null(np.nan).to_numpy().copy()
    return Numbers(value, (missing & ~empty).to_numpy())


def _cast(text: pl.Series, decimal: str) -> pl.Series:
    other = "." if decimal == "," else ","
    plain = text.str.replace_all("−", "-", literal=True)
    if decimal == ",":
        quick = plain.str.replace_all(",", ".", literal=True)
        number = quick.cast(pl.Float64, strict=False)
        # A cell with both signs, or with several commas, is left to the grouped reading below.
        number = pl.select(pl.when(~plain.str.contains(".", literal=True)).then(number)).to_series()
    else:
        number = plain.cast(pl.Float64, strict=False)
    if number.null_count() == text.null_count():
        return number
    grouped = rf"^[-+]?\d{{1,3}}(?:[{other} '\x{{00a0}}\x{{202f}}]\d{{3}})+(?:[{decimal}]\d*)?$"
    # A meter that writes 21.5 in a file of decimal commas means 21.5, not 215.
    foreign = rf"^[-+]?\d*[{other}]\d{{1,2}}$|^[-+]?\d*[{other}]\d{{4,}}$"
    plain = plain.str.replace_many(list(_WIDE), list(_WIDE.values()))
    if decimal == ".":
        number = number.fill_null(plain.cast(pl.Float64, strict=False))
    bare = plain.str.replace_all(rf"[{other} '\x{{00a0}}\x{{202f}}]", "")
    mended = bare.str.replace_all(",", ".", literal=True).cast(pl.Float64, strict=False)
    as_is = plain.str.replace_all(",", ".", literal=True).cast(pl.Float64, strict=False)
    return pl.select(
        pl.when(number.is_not_null())
        .then(number)
        .when(plain.str.contains(grouped))
        .then(mended)
        .when(plain.str.contains(foreign))
        .then(as_is)
    ).to_series()
