"""The period of a site whose data are tables instead of records through time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diwen.site import Site

_INSTANT = timedelta(microseconds=1)


def has_dates(site: Site) -> bool:
    """Whether some table of the site names days."""
    return _dates(site) is not None


def span_of_tables(site: Site) -> tuple[datetime, datetime] | None:
    """First and last instant that a site's tables stand for, UTC; None without such tables.

    A portfolio names its first and last day, water samples their days. Design-hour records have
    no time at all: today stands in, so that the rules of today judge them.
    """
    zone = site.place.zone
    days = _dates(site)
    if days is None and site.portfolio is None and not site.records:
        return None
    today = datetime.now(zone).date()
    first, after = days or (today, today + timedelta(days=1))
    start, end = (datetime.combine(day, time(), tzinfo=zone) for day in (first, after))
    return start.astimezone(UTC), end.astimezone(UTC) - _INSTANT


def _dates(site: Site) -> tuple[date, date] | None:
    """First day, and the day after the last, that the tables name."""
    portfolio = site.portfolio
    if portfolio is not None and portfolio.start is not None and portfolio.end is not None:
        return portfolio.start, portfolio.end
    days = [sample.date for sample in site.samples]
    return (min(days), max(days) + timedelta(days=1)) if days else None
