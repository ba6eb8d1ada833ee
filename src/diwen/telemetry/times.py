"""The time column of a delivery as clock times or instants, whatever way it is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from diwen.language import Text

_SECOND = 1_000_000
# Any other year is no time of a measurement but a clock that was never set.
_FIRST, _LAST = -2_208_988_800 * _SECOND, 7_258_118_400 * _SECOND  # 1900 .. 2200
_DAY = 86_400 * _SECOND
_UNITS = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86400.0}
# Excel counts days from here (its 1900 was a leap year, which the origin makes good).
_EXCEL_ORIGIN = -25_569 * 86_400
_DATES = (
    "%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y.%m.%d", "%d-%m-%Y", "%Y%m%d",
    "%Y年%m月%d日", "%d.%m.%y", "%d-%b-%Y", "%d %b %Y", "%d/%m/%y",
    "%m/%d/%y",
)  # fmt: skip
_CLOCKS = (
    "%H:%M:%S", "%H:%M", "%H:%M:%S%.f", "%I:%M:%S %p", "%I:%M %p", "%H时%M分%S秒",
    "%H时%M分", "%H%M%S", "%H%M", "%H.%M",
)  # fmt: skip
_SAMPLE = 400
_MIDNIGHT = re.compile(r"[T ]24:00")


@dataclass(frozen=True)
class Stamps:
    """A time column, read.

    Attributes
    ----------
    time : microseconds, of the local clock or UTC (see ``utc``), 0 where not understood, (n,)
    good : rows that were understood, (n,)
    utc : True: instants; False: the time zone still has to be applied
    form : how it is written, for the report
    doubt : day and month could as well be the other way round
    """

    time: NDArray[np.int64]
    good: NDArray[np.bool_]
    utc: bool
    form: str
    doubt: bool = False


_NO_ORIGIN = Text(
    "numbers without a known origin: set time_format and time_start",
    "数字没有已知的起点：请设置 time_format 和 time_start",
)
_NO_START = Text("time counted from a start needs time_start", "按起点计时需给出 time_start")
_BAD_START = Text("time_start {start} is not a time", "time_start {start} 不是时间")
_NO_FORM = Text("no known way of writing a time", "不是已知的时间写法")


class TimeError(ValueError):
    """The time column cannot be understood, or needs something that was not said."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(reason.en)


def read(columns: Sequence[pl.Series], form: str = "", start: str = "") -> Stamps:
    """Read the time column (or columns: date and clock; year, month, day, hour...).

    Parameters
    ----------
    columns : text, numbers or datetimes
    form : strptime format, or iso, epoch_s, epoch_ms, excel, seconds, minutes, hours, days; empty:
        found out
    start : clock time from which seconds, minutes, hours or days count

    Raises
    ------
    TimeError : no form fits, or the start is missing
    """
    if len(columns) >= 3:
        return _split(columns)
    if len(columns) == 2:
        return _text(_date_and_clock(columns[0], columns[1]), form)
    column = columns[0]
    if column.dtype == pl.Date:
        column = column.cast(pl.Datetime("us"))
    if isinstance(column.dtype, pl.Datetime):
        aware = column.dtype.time_zone is not None
        instants = column.dt.cast_time_unit("us")
        if aware:
            instants = instants.dt.convert_time_zone("UTC")
        physical = instants.to_physical()
        good = physical.is_between(_FIRST, _LAST).fill_null(False).to_numpy()
        return Stamps(physical.fill_null(0).to_numpy(), good, aware, "datetime")
    number = _numeric(column)
    if form in (*_UNITS, "epoch_s", "epoch_ms", "excel"):
        if number is None:
            number = column.cast(pl.String).str.strip_chars().str.replace(",", ".", literal=True)
            number = number.cast(pl.Float64, strict=False)
        return _numbers(number, form, start)
    if number is not None and not (form or _calendar_digits(number)):
        return _numbers(number, _number_form(number, start), start)
    return _text(column.cast(pl.String).str.strip_chars(), "" if form == "iso" else form)


def _numeric(column: pl.Series) -> pl.Series | None:
    """The column as numbers if (nearly) all its cells are; a stray text must not decide."""
    if column.dtype.is_numeric():
        return column.cast(pl.Float64)
    text = column.cast(pl.String).str.strip_chars().replace("", None)
    number = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    filled = len(text) - text.null_count()
    good = len(number) - number.null_count()
    return number if filled and good >= 0.9 * filled else None


def _calendar_digits(number: pl.Series) -> bool:
    """Whether the numbers are dates written without signs, such as 20180105 or 201801050300."""
    middle = float(number.drop_nulls().drop_nans().median() or 0.0)  # type: ignore[arg-type]
    return any(1900 * 10**k <= middle < 2100 * 10**k for k in (4, 8, 10))


def _number_form(number: pl.Series, start: str) -> str:
    middle = float(number.drop_nulls().drop_nans().median() or 0.0)  # type: ignore[arg-type]
    if start:
        return "seconds"
    if 1e8 <= middle < 1e11:
        return "epoch_s"
    if 1e11 <= middle < 1e14:
        return "epoch_ms"
    if 1e4 <= middle < 1e5 and number.drop_nulls().is_between(2e4, 8e4).all():
        return "excel"
    raise TimeError(_NO_ORIGIN)


def _numbers(number: pl.Series, form: str, start: str) -> Stamps:
    value = number.fill_null(np.nan).to_numpy()
    if form == "epoch_s":
        micro, utc = value * 1e6, True
    elif form == "epoch_ms":
        micro, utc = value * 1e3, True
    elif form == "excel":
        # Excel's days are good to about a millisecond: to whole milliseconds.
        micro, utc = np.round(value * 86_400_000) * 1e3 + _EXCEL_ORIGIN * 1e6, False
    else:
        micro, utc = np.round(value * _UNITS[form] * 1e6) + _start(start), False
    good = np.isfinite(micro) & (micro >= _FIRST) & (micro < _LAST)
    return Stamps(np.where(good, np.round(micro), 0).astype(np.int64), good, utc, form)


def _start(start: str) -> int:
    if not start:
        raise TimeError(_NO_START)
    stamps = _text(pl.Series([start.strip()]), "")
    if not stamps.good[0]:
        raise TimeError(_BAD_START.format(start=start))
    return int(stamps.time[0])


def _split(columns: Sequence[pl.Series]) -> Stamps:
    """Year, month, day, hour, minute, second in columns of their own, as many as there are."""
    parts = [
        column.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
        for column in columns
    ]
    # By way of text: a 31 February is a bad cell of one row, not the end of the file.
    written = pl.DataFrame([part.rename(str(i)) for i, part in enumerate(parts[:3])]).select(
        pl.concat_str(pl.all().cast(pl.Int64, strict=False), separator="-")
    )
    whole = written.to_series().str.to_date("%Y-%m-%d", strict=False)
    micro = whole.cast(pl.Datetime("us")).to_physical().cast(pl.Float64)
    for part, unit in zip(parts[3:6], (3600, 60, 1), strict=False):
        micro = micro + part * (unit * _SECOND)
    good = micro.is_between(_FIRST, _LAST).fill_null(False).to_numpy()
    time = micro.fill_null(0).fill_nan(0).cast(pl.Int64).to_numpy()
    return Stamps(time, good, False, "year, month, day, ...")


def _date_and_clock(date: pl.Series, clock: pl.Series) -> pl.Series:
    left, right = (column.cast(pl.String).str.strip_chars() for column in (date, clock))
    # Spreadsheets write midnight behind a date and the day zero before a clock.
    left = left.str.replace(r"[ T]00:00:00(\.0+)?$", "")
    right = right.str.replace(r"^(1899-12-3[01]|1900-01-0[01])[ T]", "")
    return left + " " + right


def _text(text: pl.Series, form: str) -> Stamps:
    midnight = text.str.contains(_MIDNIGHT.pattern).fill_null(False)
    if midnight.any():
        text = pl.select(
            pl.when(midnight).then(text.str.replace(r"([T ])24:00", "${1}00:00")).otherwise(text)
        ).to_series()
    forms = [form] if form else _forms(text)
    if not forms:
        raise TimeError(_NO_FORM)
    time = np.zeros(len(text), np.int64)
    good = np.zeros(len(text), bool)
    utc = _zoned(forms[0])
    for name in forms:
        if good.all() or _zoned(name) != utc:
            continue
        parsed = _parsed(text, name)
        new = parsed.is_not_null().to_numpy() & ~good
        time[new] = parsed.to_physical().fill_null(0).to_numpy()[new]
        good |= new
    time[midnight.to_numpy()] += _DAY
    doubt = len(forms) > 1 and not form and _swapped(forms[0]) == forms[1]
    doubt = doubt and _disorder(text, forms[0]) == _disorder(text, forms[1])
    return Stamps(time, good, utc, forms[0], doubt)


def _zoned(form: str) -> bool:
    return form.endswith(("%#z", "%z", "%:z"))


def _parsed(text: pl.Series, form: str) -> pl.Series:
    try:
        parsed = text.str.strptime(pl.Datetime("us"), form, strict=False)
    except pl.exceptions.PolarsError:
        return pl.Series([None] * len(text), dtype=pl.Datetime("us"))
    if isinstance(parsed.dtype, pl.Datetime) and parsed.dtype.time_zone:
        parsed = parsed.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
    known = parsed.to_physical().is_between(_FIRST, _LAST)
    return pl.select(pl.when(known).then(parsed)).to_series()


def _forms(text: pl.Series) -> list[str]:
    """Ways of writing that fit a sample of the cells, best first."""
    filled = text.drop_nulls()
    filled = filled.filter(filled != "")
    if not len(filled):
        return []
    step = max(1, len(filled) // _SAMPLE)
    sample = filled.gather_every(step)
    scored = []
    for order, name in enumerate(_candidates()):
        fits = len(sample) - _parsed(sample, name).null_count()
        if fits:
            scored.append((-fits, order, name))
    scored.sort()
    best = [name for fits, _, name in scored if -fits >= 0.5 * len(sample)]
    if _day_first_doubt(best):
        best = _by_order(text, best)
    return best + [name for _, _, name in scored if name not in best]


def _candidates() -> list[str]:
    joins = (" ", "T", "  ", "-")
    zoned = [f"{date}{join}{clock}%#z" for date in _DATES[:2] for join in ("T", " ")
             for clock in ("%H:%M:%S", "%H:%M:%S%.f", "%H:%M")]  # fmt: skip
    spaced = [f"{form.removesuffix('%#z')} %#z" for form in zoned]
    plain = [f"{date}{join}{clock}" for date, clock, join in product(_DATES, _CLOCKS, joins[:2])]
    packed = ["%Y%m%d%H%M%S", "%Y%m%d%H%M", *_DATES, "%Y-%m-%d %H", "%Y/%m/%d %H", "%Y%m%d%H"]
    return zoned + plain + packed + spaced


def _swapped(form: str) -> str:
    """The same way of writing with day and month in the other order."""
    for one, other in (("%d/%m/", "%m/%d/"), ("%m/%d/", "%d/%m/")):
        if form.startswith(one):
            return other + form.removeprefix(one)
    return ""


def _day_first_doubt(forms: Sequence[str]) -> bool:
    return any(_swapped(form) in forms for form in forms)


def _by_order(text: pl.Series, forms: list[str]) -> list[str]:
    """Day first or month first: the way under which time jumps less often.

    If that does not tell, twelve-hour clocks go with the month first.
    """

    def order(form: str) -> tuple[tuple[int, int], bool]:
        return _disorder(text, form), "%p" in form and form.startswith("%d")

    return sorted(forms, key=order)


def _disorder(text: pl.Series, form: str) -> tuple[int, int]:
    """Cells that cannot be read, and jumps of more than five days."""
    parsed = _parsed(text, form)
    time = parsed.drop_nulls().to_physical().to_numpy()
    return parsed.null_count(), int(np.count_nonzero(np.abs(np.diff(time)) > 5 * _DAY))
