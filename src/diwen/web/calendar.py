"""Which days have data: one strip of days per point, drawn as a handful of paths."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from diwen.web.presentation import level

if TYPE_CHECKING:
    import polars as pl

    from diwen.site import Site
    from diwen.telemetry import Store

# Data shorter than this are shown whole instead of in calendar years.
_SHORT = 120
HEIGHT = 20


@dataclass(frozen=True, slots=True)
class Shade:
    """All days of one shade of a strip as one path."""

    level: str
    path: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The days of one point.

    Attributes
    ----------
    point : id
    share : mean share of valid records over the days shown, None if nothing is expected
    shares : per day in whole percent, empty where nothing is stored, joined by commas
    shades : the picture
    """

    point: str
    share: float | None
    shares: str
    shades: tuple[Shade, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Strips of all points over the same days.

    Attributes
    ----------
    first, days : first day and how many
    years : years that can be chosen, latest first; empty if everything is shown
    year : the year shown
    marks : texts along the top, evenly spaced
    strips : one per point of the site
    """

    first: date
    days: int
    years: tuple[int, ...]
    year: int | None
    marks: tuple[str, ...]
    strips: tuple[Strip, ...]


def calendar(site: Site, store: Store, year: int | None) -> Calendar | None:
    """The calendar of a year (or of everything, if that is short); None for an empty store."""
    span = store.span()
    if span is None:
        return None
    zone = ZoneInfo(site.place.time_zone)
    first, last = (time.astimezone(zone).date() for time in span)
    years: tuple[int, ...] = ()
    if (last - first).days + 1 > _SHORT:
        years = tuple(range(last.year, first.year - 1, -1))
        year = year if year in years else years[0]
        first, last = date(year, 1, 1), date(year, 12, 31)
    else:
        year = None
    days = (last - first).days + 1
    # Asked for what lies between the first and the last record of the site only: the rest of
    # the year is not missing, it is not there yet.
    start, end = _midnight(first, zone), _midnight(last + timedelta(days=1), zone)
    frame = store.coverage(max(start, span[0]), min(end, span[1] + timedelta(microseconds=1)))
    shares = _by_point(frame)
    strips = tuple(_strip(point.id, shares.get(point.id, {}), first, days) for point in site.points)
    return Calendar(first, days, years, year, tuple(_marks(first, days)), strips)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _by_point(frame: pl.DataFrame) -> dict[str, dict[date, float]]:
    shares: dict[str, dict[date, float]] = {}
    for point, day, share in frame.select("point", "day", "share").iter_rows():
        if share is not None:
            shares.setdefault(point, {})[day] = min(float(share), 1.0)
    return shares


def _strip(point: str, shares: dict[date, float], first: date, days: int) -> Strip:
    row = [shares.get(first + timedelta(days=number)) for number in range(days)]
    known = [share for share in row if share is not None]
    return Strip(
        point,
        sum(known) / len(known) if known else None,
        # A day that lacks one record must not read 100 %.
        ",".join("" if share is None else str(int(100 * share)) for share in row),
        tuple(_shades(row)),
    )


def _shades(row: list[float | None]) -> Iterable[Shade]:
    """Neighbouring days of one shade become one rectangle; all rectangles of a shade one path."""
    paths: dict[str, list[str]] = {}
    start = 0
    levels = [None if share is None else level(share) for share in row]
    for number in range(1, len(levels) + 1):
        if number == len(levels) or levels[number] != levels[start]:
            width = number - start
            name = levels[start]
            if name is not None:
                paths.setdefault(name, []).append(f"M{start} 0h{width}v{HEIGHT}h-{width}z")
            start = number
    for shade, pieces in paths.items():
        yield Shade(shade, "".join(pieces))


def _marks(first: date, days: int) -> Iterable[str]:
    """Months of a year, or first and last day of a short span."""
    if days > _SHORT:
        yield from (str(month) for month in range(1, 13))
    else:
        yield str(first)
        if days > 1:
            yield str(first + timedelta(days=days - 1))
