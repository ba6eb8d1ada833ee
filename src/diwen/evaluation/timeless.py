"""The period of a site whose data are tables instead of records through time."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diwen.site import Site

_INSTANT = timedelta(microseconds=1)


def span_of_tables(site: Site) -> tuple[datetime, datetime] | None:
    """First and last instant that a site's tables stand for, UTC; None without such tables.

    A portfolio names its first and last day. Design-hour records have no time at all: today
    stands in, so that the rules of today judge them.
    """
    zone = site.place.zone
    portfolio = site.portfolio
    if portfolio is not None and portfolio.start is not None and portfolio.end is not None:
        first = datetime.combine(portfolio.start, time(), tzinfo=zone)
        last = datetime.combine(portfolio.end, time(), tzinfo=zone)
        return first.astimezone(UTC), last.astimezone(UTC) - _INSTANT
    if portfolio is not None or site.records:
        today = datetime.combine(datetime.now(zone).date(), time(), tzinfo=zone)
        return today.astimezone(UTC), (today + timedelta(days=1)).astimezone(UTC) - _INSTANT
    return None
