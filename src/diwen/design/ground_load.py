"""Loads of the ground: what is taken out of it and given to it, by hour or by month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.design.calendar_months import (
    FIRST_HOUR,
    HOUR,
    HOURS_PER_YEAR,
    MONTH,
    MONTHS_PER_YEAR,
)
from diwen.design.input_checks import amounts, column, finite, number, refuse
from diwen.language import Text, same
from diwen.problems import Problem

Floats = NDArray[np.float64]

_WHOLE_YEARS = Text("not a whole number of years of {step}", "不是 {step} 的整数年")
_CUT = Text(
    "give {count} values per year; leave out 29 February in a leap year",
    "每年给 {count} 个值；闰年请去掉 2 月 29 日",
)
_MONTH = Text("no month", "不是月份")
_MONTH_CURE = Text("1 is January, 12 December", "1 为一月，12 为十二月")
_LONG_PEAK = Text("a peak longer than a month", "峰值持续时间超过一个月")
_LONG_CURE = Text("give the hours that the peak lasts", "请给出峰值持续的小时数")
_HOURS = Text("8760 hours", "8760 小时")
_MONTHS = Text("12 months", "12 个月")


@dataclass(frozen=True, eq=False)
class MonthlyGroundLoad:
    """Loads of the ground by month; build with :meth:`of`.

    Attributes
    ----------
    extraction, injection : heat out of and into the ground, both positive, J, shape (12 years,)
    peak_extraction, peak_injection : highest powers of the month, positive, W, shape (12 years,);
        never below the month's mean power of that kind
    peak_duration_extraction, peak_duration_injection : how long a peak lasts, s
    start_month : month in which operation begins, 1 to 12; the arrays begin in January all the same
    """

    extraction: Floats
    injection: Floats
    peak_extraction: Floats
    peak_injection: Floats
    peak_duration_extraction: float
    peak_duration_injection: float
    start_month: int

    @classmethod
    def of(
        cls,
        extraction: ArrayLike,
        injection: ArrayLike,
        peak_extraction: ArrayLike | None = None,
        peak_injection: ArrayLike | None = None,
        *,
        peak_duration: float | tuple[float, float] = 6 * HOUR,
        start_month: int = 1,
    ) -> MonthlyGroundLoad:
        """A monthly load; see the attributes.

        Parameters
        ----------
        extraction, injection : J per calendar month, shape (12,) or a multiple of it
        peak_extraction, peak_injection : W, same shape; None: the month's mean power
        peak_duration : s, for both, or (extraction, injection)

        Raises
        ------
        diwen.problems.InputError : a sign that is not meant, months missing; all at once
        """
        out, into = column(extraction), column(injection)
        high_out = out / MONTH if peak_extraction is None else column(peak_extraction)
        high_into = into / MONTH if peak_injection is None else column(peak_injection)
        named = {
            "extraction": out,
            "injection": into,
            "peak_extraction": high_out,
            "peak_injection": high_into,
        }
        out_long, into_long = (
            peak_duration if isinstance(peak_duration, tuple) else (peak_duration, peak_duration)
        )
        problems = [
            *_columns("monthly load", named, MONTHS_PER_YEAR, _MONTHS),
            *durations("monthly load", out_long, into_long),
            *start("monthly load", start_month),
        ]
        refuse(problems)
        return cls(
            out,
            into,
            np.maximum(high_out, out / MONTH),
            np.maximum(high_into, into / MONTH),
            out_long,
            into_long,
            start_month,
        )

    @property
    def net_power(self) -> Floats:
        """Mean power of each month of 730 h, extraction positive, W, shape (12 years,)."""
        return (self.extraction - self.injection) / MONTH

    @property
    def years(self) -> int:
        """Number of years given."""
        return len(self.extraction) // MONTHS_PER_YEAR

    @property
    def yearly(self) -> tuple[float, float]:
        """Mean yearly extraction and injection, J."""
        return float(self.extraction.sum()) / self.years, float(self.injection.sum()) / self.years


@dataclass(frozen=True, eq=False)
class HourlyGroundLoad:
    """Loads of the ground by hour; build with :meth:`of`.

    Attributes
    ----------
    power : extraction positive, injection negative, W, shape (8760 years,), from 1 January
    start_month : month in which operation begins, 1 to 12
    """

    power: Floats
    start_month: int

    @classmethod
    def of(cls, power: ArrayLike, *, start_month: int = 1) -> HourlyGroundLoad:
        """An hourly load; a year has 8760 hours.

        Raises
        ------
        diwen.problems.InputError : not whole years, not finite; all at once
        """
        values = column(power)
        refuse(
            [
                *finite("hourly load", "power", values),
                *whole_years("hourly load", "power", values, HOURS_PER_YEAR, _HOURS),
                *start("hourly load", start_month),
            ]
        )
        return cls(values, start_month)

    @property
    def years(self) -> int:
        """Number of years given."""
        return len(self.power) // HOURS_PER_YEAR

    @property
    def first_hour(self) -> int:
        """Hour of the year at which operation begins."""
        return int(FIRST_HOUR[self.start_month - 1])

    @property
    def yearly(self) -> tuple[float, float]:
        """Mean yearly extraction and injection, J."""
        out = float(np.maximum(self.power, 0.0).sum()) * HOUR / self.years
        return out, out - float(self.power.sum()) * HOUR / self.years

    def monthly(self, peak_duration: float | tuple[float, float] = 6 * HOUR) -> MonthlyGroundLoad:
        """The same load by month: energies kept, peaks the highest hour of each month."""
        out, into = np.maximum(self.power, 0.0), np.maximum(-self.power, 0.0)
        return MonthlyGroundLoad.of(
            month_sums(out),
            month_sums(into),
            month_peaks(out),
            month_peaks(into),
            peak_duration=peak_duration,
            start_month=self.start_month,
        )


def month_sums(power: Floats) -> Floats:
    """Energy of each calendar month, J, of hourly powers in W, shape (12 years,)."""
    hours = power.reshape(-1, HOURS_PER_YEAR)
    return np.add.reduceat(hours, FIRST_HOUR[:-1], axis=1).ravel() * HOUR


def month_peaks(power: Floats) -> Floats:
    """Highest hour of each calendar month, W, shape (12 years,)."""
    hours = power.reshape(-1, HOURS_PER_YEAR)
    return np.maximum.reduceat(hours, FIRST_HOUR[:-1], axis=1).ravel()


def durations(where: str, *seconds: float) -> Iterator[Problem]:
    """Problems of peak durations."""
    for value in seconds:
        yield from number(where, "peak_duration", value, positive=True)
        if value > MONTH:
            shown = f"{value / HOUR:g} h"
            yield Problem(where, "peak_duration", _LONG_PEAK, _LONG_CURE, shown, same("≤ 730 h"))


def start(where: str, month: int) -> Iterator[Problem]:
    """A problem when a start month is none."""
    if month not in range(1, MONTHS_PER_YEAR + 1):
        yield Problem(where, "start_month", _MONTH, _MONTH_CURE, f"{month}", same("1 … 12"))


def whole_years(where: str, name: str, values: Floats, count: int, step: Text) -> Iterator[Problem]:
    """A problem when a column does not hold whole years."""
    if not len(values) or len(values) % count:
        message, cure = _WHOLE_YEARS.format(step=step), _CUT.format(count=count)
        yield Problem(where, name, message, cure, f"{len(values)}")


def _columns(where: str, named: dict[str, Floats], count: int, step: Text) -> Iterator[Problem]:
    size = len(next(iter(named.values())))
    for name, values in named.items():
        yield from amounts(where, name, values)
        yield from whole_years(where, name, values, count, step)
        if len(values) != size and not len(values) % count:
            yield Problem(where, name, UNEQUAL, SAME_LENGTH, f"{len(values)}", same(f"{size}"))


UNEQUAL = Text("the columns have different lengths", "各列长度不一致")
SAME_LENGTH = Text("give every column for the same years", "请为各列给出相同的年数")
