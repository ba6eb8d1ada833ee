"""The operating record of a site from the telemetry it keeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from diwen.diagnosis.record.contradictions import ledger_problems, point_problems
from diwen.diagnosis.record.from_series import record_of_series
from diwen.diagnosis.record.instrument_error import is_setpoint
from diwen.diagnosis.record.operating_record import OperatingRecord
from diwen.diagnosis.record.steps import Reading
from diwen.problems import InputError
from diwen.telemetry.quality import RANGE
from diwen.twin.site_simulation import standard_offset

if TYPE_CHECKING:
    from diwen.site import Point, Site
    from diwen.telemetry import Series, Store

# Records this far outside the stretch are read too, so that a step over its edge is cut, not lost.
_MARGIN = timedelta(hours=3)
_STATE_MARGIN = timedelta(days=31)


def record_of_site(
    site: Site, since: date | None = None, until: date | None = None
) -> OperatingRecord:
    """What a site recorded, on whole hours; flagged records are not used.

    Parameters
    ----------
    site : with its folder
    since : first local day; None: from the first record
    until : local day after the last one; None: to the last record

    Raises
    ------
    diwen.problems.InputError : a part of the store is damaged, or the points contradict
    """
    from diwen import telemetry

    store = telemetry.open_store(site)
    offset = timedelta(seconds=standard_offset(site))
    first = None if since is None else _midnight(since) - offset
    last = None if until is None else _midnight(until) - offset
    series = {
        id: reading for id in store.points()
        if len(reading := _reading(store, site.point(id), first, last))
    }  # fmt: skip
    today = datetime.now(UTC).astimezone(site.place.zone).date()
    problems = [
        *point_problems(site.points, series, offset.total_seconds()),
        *ledger_problems(site, series, today),
    ]
    if problems:
        raise InputError(problems)
    return record_of_series(
        site, site.points, series,
        span=(_microseconds(first), _microseconds(last)),
    )  # fmt: skip


def _reading(store: Store, point: Point, first: datetime | None, last: datetime | None) -> Reading:
    """Usable records of a point in a stretch and a little around it."""
    margin = max(_MARGIN, timedelta(seconds=2.0 * (point.interval or 0.0)))
    begin = None if first is None else first - margin
    if point.origin == "manual":
        begin = None
    elif point.kind == "state" and begin is not None:
        begin = begin - _STATE_MARGIN
    found = store.series(point.id, begin, None if last is None else last + margin)
    found = _as_asked(found) if is_setpoint(point) else found.usable()
    origin = "manual" if found.origin == "manual" else found.origin.split("+")[0]
    if "simulated" in found.origin:
        origin = "simulated"
    return Reading(found.time, found.value, origin)


def _as_asked(series: Series) -> Series:
    """A setpoint may stand still for weeks and jump: only its range is judged."""
    keep = series.quality != RANGE
    return replace(
        series, time=series.time[keep], value=series.value[keep], quality=series.quality[keep]
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _microseconds(time: datetime | None) -> int | None:
    return None if time is None else round(time.timestamp() * 1e6)
