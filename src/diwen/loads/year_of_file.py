"""Whether the time column of an hourly file runs from 1 January to 31 December.

The values of such a file are taken as the hours of a year in their order. A file that begins in
October, or holds another step than an hour, would be read with the wrong seasons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from diwen.language import Text
from diwen.problems import Problem

TIME_NAMES = re.compile(r"time|date|时间|日期|时刻", re.IGNORECASE)
# With the year in front, behind, or left out; the order of day and month does not matter here.
_DATES = (
    re.compile(r"\d{4}\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)"),
    re.compile(r"\d{4}(\d{2})(\d{2})(?!\d)"),
    re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}(?!\d)"),
    re.compile(r"(\d{1,2})\s*[-/月]\s*(\d{1,2})(?![\d.])"),
)
_HOUR = re.compile(r"[日T\s]\s*(\d{1,2})(?=\D|$)")

# Days of a year of 365 days before each month.
_DAYS_BEFORE = (0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334)

_FIRST = Text("the first value is not that of the first hour of 1 January",
              "第一个值不是 1 月 1 日第一小时的值")  # fmt: skip
_LAST = Text("the last value is not that of the last hour of 31 December",
             "最后一个值不是 12 月 31 日最后一小时的值")  # fmt: skip
_NOT_THIS_DAY = Text("a value of day {day} of month {month} should stand here",
                     "此处应为 {month} 月 {day} 日的值")  # fmt: skip
_IN_ORDER = Text(
    "let the file run hour by hour from 1 January to 31 December, without 29 February",
    "请按 1 月 1 日至 12 月 31 日逐时排列（不含 2 月 29 日）",
)


def year_problems(file: str, first: tuple[int, str], last: tuple[int, str]) -> Iterator[Problem]:
    """What the times of the first and of the last value say against a calendar year.

    Parameters
    ----------
    file : its name
    first, last : line and time as it stands there; a time that is not understood is not judged
    """
    line, cell = first
    day = day_and_month(cell)
    if day is not None and (day != {1} or _hour(cell) > 1):
        yield Problem(file, f"line {line}", _FIRST, _IN_ORDER, cell[:40])
    line, cell = last
    day = day_and_month(cell)
    # A value may carry the time at which its hour ends.
    if day is not None and day not in ({12, 31}, {1}):
        yield Problem(file, f"line {line}", _LAST, _IN_ORDER, cell[:40])


def order_problems(
    file: str, times: Sequence[tuple[int, str]], per_day: int = 24
) -> Iterator[Problem]:
    """The first noon of a month's 15th, in the first year, that carries another date.

    Parameters
    ----------
    file : its name
    times : line and time of every value from 1 January
    per_day : values in a day
    """
    for month, before in enumerate(_DAYS_BEFORE, 1):
        line, cell = times[(before + 14) * per_day + per_day // 2]
        day = day_and_month(cell)
        if day is not None and day != {15, month}:
            message = _NOT_THIS_DAY.format(day="15", month=f"{month}")
            yield Problem(file, f"line {line}", message, _IN_ORDER, cell[:40])
            return


def day_and_month(cell: str) -> set[int] | None:
    """Day and month of a time, in no order; None where the cell holds no date."""
    for pattern in _DATES:
        found = pattern.match(cell)
        if found is None:
            continue
        one, other = int(found[1]), int(found[2])
        if 1 <= min(one, other) <= 12 and max(one, other) <= 31:
            return {one, other}
    return None


def _hour(cell: str) -> int:
    found = _HOUR.search(cell)
    return 0 if found is None else int(found[1])
