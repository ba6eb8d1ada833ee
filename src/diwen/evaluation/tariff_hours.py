"""Prices of electricity as spans of time: what each instant of a period costs.

Hours of the day are local time, so a day of a clock change has an hour more or less of whatever
holds at night.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from diwen.evaluation.increments import Spans, joined
from diwen.evaluation.period import microseconds
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.period import Period
    from diwen.site.economy import Tariff, TariffPeriod

_DAY = 24 * 60
NAMES = {
    "single": Text("single price", "单一电价"),
    "sharp": Text("sharp peak", "尖峰"),
    "peak": Text("peak", "高峰"),
    "flat": Text("flat", "平段"),
    "valley": Text("valley", "低谷"),
    "deep_valley": Text("deep valley", "深谷"),
}
VALLEY = ("valley", "deep_valley")


@dataclass(frozen=True)
class Price:
    """A price and when it holds.

    Attributes
    ----------
    name : key of :data:`NAMES`
    price : CNY/J
    spans : the time in the period in which it holds, µs UTC, (m, 2)
    """

    name: str
    price: float
    spans: Spans


def prices(tariff: Tariff, period: Period) -> list[Price]:
    """Every price of a tariff with its time in the period; together they cover it exactly once.

    Returns
    -------
    list of Price : empty when the tariff has no electricity price
    """
    if not tariff.periods:
        if tariff.electricity_price is None:
            return []
        whole = np.array([[period.start_us, period.end_us]], dtype=np.int64)
        return [Price("single", tariff.electricity_price, whole)]
    found: dict[tuple[str, float], list[tuple[int, int]]] = {}
    for day in _days(period):
        for name, price, start, end in _of_day(tariff.periods, day, period.zone):
            start, end = max(start, period.start_us), min(end, period.end_us)
            if start < end:
                found.setdefault((name, price), []).append((start, end))
    return [Price(name, price, _spans(pieces)) for (name, price), pieces in sorted(found.items())]


def _days(period: Period) -> Iterator[date]:
    for day, _, _ in period.local_days():
        yield day


def _of_day(
    periods: tuple[TariffPeriod, ...], day: date, zone: ZoneInfo
) -> Iterator[tuple[str, float, int, int]]:
    """Name, price, start and end (µs UTC) of each piece of one local day."""
    for item in periods:
        if item.months and day.month not in item.months:
            continue
        for first, last in item.hours.spans:
            # 23:00-07:00 is the end and the beginning of every day.
            pieces = [(first, last)] if first < last else [(first, _DAY), (0, last)]
            for begin, finish in pieces:
                start, end = _instant(day, begin, zone), _instant(day, finish, zone)
                yield item.name, item.price, start, end


def _instant(day: date, minute: int, zone: ZoneInfo) -> int:
    """A minute of a local day as µs UTC; minute 1440 is the next midnight."""
    if minute == _DAY:
        day, minute = day + timedelta(days=1), 0
    local = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone)
    return microseconds(local.astimezone(UTC))


def _spans(pieces: list[tuple[int, int]]) -> Spans:
    ordered = np.array(sorted(pieces), dtype=np.int64)
    return joined(ordered[:, 0], ordered[:, 1])
