"""Charts of what a site's points recorded: pure functions from site and store to charts.

Every function returns a :class:`~diwen.reports.chart.Chart` or None when the site has nothing to
show for it, so that a page or report simply takes what there is. Long series come as buckets
with their smallest, mean and largest value (never thinned by leaving records out), so a short
peak stays visible at every zoom.

Charts of evaluation results stand in ``charts_judged``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from diwen.language import Text, same
from diwen.quantities import QUANTITIES, display, printed
from diwen.reports.chart import COLOURS, CYCLE, Axis, Chart, Mark, Trace, Values
from diwen.reports.echarts import option
from diwen.reports.subjects import SUBJECTS, Subject, subject

if TYPE_CHECKING:
    from diwen.site import Point, Site
    from diwen.telemetry import Store

__all__ = [
    "SUBJECTS",
    "Clock",
    "Subject",
    "coverage",
    "coverage_edges",
    "option",
    "recorded",
    "series",
    "steps",
    "subject",
]

BUCKETS = 800
_BAND = Text(
    "Line: mean of each time step shown; band: smallest to largest record in it.",
    "曲线为各显示时段的平均值，色带为该时段内最小值至最大值。",
)


_LOCATION_COLOURS = {
    "source_entering": COLOURS["source"],
    "source_leaving": COLOURS["source_pale"],
    "load_leaving": COLOURS["load"],
    "load_entering": COLOURS["load_pale"],
    "well_abstraction": COLOURS["water"],
    "well_injection": COLOURS["source_pale"],
    "outdoor": COLOURS["outdoor"],
    "reference_level": COLOURS["outdoor"],
    "supply": COLOURS["electricity"],
}


# Time steps of printed curves, and how many of them a picture takes.
_STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 7 * 1440)
)
_MOST_STEPS = 750
# A longer curve shows days: units that start and stop by the hour would fill it with ink.
_DAYS_FROM = timedelta(days=62)


def steps(length: timedelta) -> int:
    """How many equal time steps a curve over so much time has: of minutes, hours or days."""
    fit = [step for step in _STEPS if length / step <= _MOST_STEPS] or [_STEPS[-1]]
    step = max(fit[0], timedelta(days=1)) if length > _DAYS_FROM else fit[0]
    return max(1, ceil(length / step))


def recorded(
    site: Site,
    store: Store,
    start: datetime,
    end: datetime,
    what: Subject,
    marks: tuple[Mark, ...] = (),
    buckets: int = BUCKETS,
) -> Chart | None:
    """What the points of one subject recorded between two instants.

    Parameters
    ----------
    site, store : the site and its measurements
    start, end : instants with time zone; end is exclusive
    what : one of ``SUBJECTS``
    marks : limit lines to draw
    buckets : most time steps per point

    Returns
    -------
    Chart, or None if no point of the subject has a record in the time
    """
    points = [point for point in site.points if what.takes(point)]
    return series(
        store, points, start, end, site.place.time_zone, what.id, what.title,
        marks, what.from_zero, buckets,
    )  # fmt: skip


def series(
    store: Store,
    points: Sequence[Point],
    start: datetime,
    end: datetime,
    time_zone: str,
    name: str,
    title: Text,
    marks: tuple[Mark, ...] = (),
    from_zero: bool = False,
    buckets: int = BUCKETS,
) -> Chart | None:
    """Any points of the same quantity over time, one trace each.

    Parameters
    ----------
    store : the measurements
    points : points to draw, all of one quantity (at most two are given a colour of their
        location, the others one of the cycle)
    start, end : instants with time zone; end is exclusive
    time_zone : IANA name of the site's clock
    name, title : id and title of the chart

    Returns
    -------
    Chart, or None if none of the points has a record in the time
    """
    clock = Clock(time_zone, start)
    colours = _colours(points)
    traces = [
        trace
        for point, colour in zip(points, colours, strict=True)
        if (trace := _trace(store, point, start, end, buckets, clock, colour)) is not None
    ]
    if not traces:
        return None
    drawn = {trace.points[0] for trace in traces}
    silent = [point.id for point in points if point.id not in drawn]
    quantity = QUANTITIES[points[0].quantity]
    axis = Axis(
        _title(quantity.text), printed(quantity.display_unit), decimals=2, from_zero=from_zero
    )
    return Chart(
        id=name,
        title=title,
        x=Axis(clock.title, kind="time"),
        y=(axis,),
        traces=tuple(traces),
        marks=marks,
        note=_reading_note(any(trace.low for trace in traces), silent),
    )


def _title(text: Text) -> Text:
    """A word as a title: with a capital letter."""
    return Text(text.en[:1].upper() + text.en[1:], text.zh)


def _reading_note(band: bool, silent: list[str]) -> Text | None:
    """How to read the band, and which points are missing from the picture."""
    if not silent:
        return _BAND if band else None
    missing = Text(
        f"No usable record in this period: {', '.join(silent)}.",
        f"本周期内无可用记录：{'、'.join(silent)}。",
    )
    return Text(f"{_BAND.en} {missing.en}", _BAND.zh + missing.zh) if band else missing


def _colours(points: Sequence[Point]) -> list[str]:
    own = [_LOCATION_COLOURS.get(point.location, "") for point in points]
    if all(own) and len(set(own)) == len(own):
        return own
    return [CYCLE[number % len(CYCLE)] for number in range(len(points))]


class Clock:
    """The site's clock for one chart: local time at the offset in force when it starts.

    Charts count milliseconds of local time. One offset holds for the whole chart (it is written
    at the axis), so that no hour is missing or double where the clocks change.
    """

    def __init__(self, time_zone: str, start: datetime) -> None:
        self.offset = start.astimezone(ZoneInfo(time_zone)).utcoffset() or timedelta()
        minutes = int(self.offset.total_seconds() // 60)
        sign = "-" if minutes < 0 else "+"
        zone = f"UTC{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
        self.title = Text(f"Time ({zone})", f"时间（{zone}）")

    def milliseconds(self, time: datetime) -> float:
        """Local milliseconds of an instant, for a time axis."""
        if time.tzinfo is None:
            time = time.replace(tzinfo=UTC)
        return float(round((time.timestamp() + self.offset.total_seconds()) * 1000))


def _trace(
    store: Store,
    point: Point,
    start: datetime,
    end: datetime,
    buckets: int,
    clock: Clock,
    colour: str,
) -> Trace | None:
    if point.origin == "manual" and point.kind == "gauge":
        return _held_trace(store, point, start, end, clock, colour)
    return _bucket_trace(store, point, start, end, buckets, clock, colour)


def _held_trace(
    store: Store, point: Point, start: datetime, end: datetime, clock: Clock, colour: str
) -> Trace | None:
    """A value read by hand holds until the next one: drawn as steps."""
    held = store.series(point.id, None, end).usable()
    if held.time.size == 0:
        return None
    begin, finish = clock.milliseconds(start), clock.milliseconds(end)
    offset = clock.offset.total_seconds() * 1000
    times = [max(time / 1000 + offset, begin) for time in held.time.tolist()]
    values = [display(value, point.quantity) for value in held.value.tolist()]
    x: list[float] = []
    y: list[float | None] = []
    for number, (time, value) in enumerate(zip(times, values, strict=True)):
        until = times[number + 1] if number + 1 < len(times) else finish
        if until > begin:
            x += [time, until]
            y += [value, value]
    return Trace(
        name=same(point.name or point.id),
        shape="line",
        x=tuple(x),
        y=tuple(y),
        colour=colour,
        origin=(point.origin,),
        points=(point.id,),
    )


def _bucket_trace(
    store: Store,
    point: Point,
    start: datetime,
    end: datetime,
    buckets: int,
    clock: Clock,
    colour: str,
) -> Trace | None:
    frame = store.buckets(point.id, start, end, n=buckets)
    if frame.height == 0:
        return None
    quantity = QUANTITIES[point.quantity]
    zero, one = display(0.0, quantity.name), display(1.0, quantity.name)

    def shown(column: str) -> Values:
        return tuple(
            None if value is None or value != value else zero + (one - zero) * value
            for value in frame[column].to_list()
        )

    mean, low, high = shown("mean"), shown("min"), shown("max")
    times, holes = _with_holes(frame["time"].to_list())
    flat = low == high
    return Trace(
        name=same(point.name or point.id),
        shape="line",
        x=tuple(clock.milliseconds(time) for time in times),
        y=_padded(mean, holes),
        low=() if flat else _padded(low, holes),
        high=() if flat else _padded(high, holes),
        colour=colour,
        origin=(point.origin,),
        points=(point.id,),
    )


def _with_holes(times: list[datetime]) -> tuple[list[datetime], list[int]]:
    """Put an instant into each gap of more than three usual steps, so the line breaks there.

    Returns the instants and the positions (in the old list) before which one was put.
    """
    if len(times) < 3:
        return times, []
    steps = sorted(b - a for a, b in pairwise(times))
    usual = steps[len(steps) // 2]
    out: list[datetime] = [times[0]]
    holes: list[int] = []
    for position, (before, after) in enumerate(pairwise(times), start=1):
        if after - before > 3 * usual:
            holes.append(position)
            out.append(before + usual)
        out.append(after)
    return out, holes


def _padded(values: Values, holes: list[int]) -> Values:
    out: list[float | None] = []
    before = set(holes)
    for position, value in enumerate(values):
        if position in before:
            out.append(None)
        out.append(value)
    return tuple(out)


def coverage(
    site: Site, store: Store, start: datetime, end: datetime, edges: tuple[float, ...]
) -> Chart | None:
    """The calendar of the data: share of expected records that are usable, per point and day.

    Parameters
    ----------
    site, store : the site and its measurements
    start, end : instants with time zone; end is exclusive
    edges : edges of the coverage classes in percent, ascending (see ``coverage_edges``)

    Returns
    -------
    Chart with one row per point and one column per local day, cells in percent, or None if the
    store holds nothing at all for the site
    """
    frame = store.coverage(start, end)
    if frame.height == 0:
        return None
    days: list[date] = sorted(set(frame["day"].to_list()))
    known = {point.id: point for point in site.points}
    rows = [point for point in known if point in set(frame["point"].to_list())]
    column = {day: number for number, day in enumerate(days)}
    row = {point: number for number, point in enumerate(rows)}
    cells = [
        (column[day], row[point], None if share is None else 100.0 * share)
        for point, day, share in frame.select("point", "day", "share").iter_rows()
        if point in row
    ]
    trace = Trace(
        name=Text("coverage", "数据完整率"),
        shape="cells",
        x=tuple(float(x) for x, _, _ in cells),
        y=tuple(float(y) for _, y, _ in cells),
        cells=tuple(cell for _, _, cell in cells),
        origin=tuple(dict.fromkeys(known[point].origin for point in rows)),
    )
    return Chart(
        id="coverage",
        title=Text("Data calendar", "数据日历"),
        x=Axis(
            Text("Day", "日期"),
            kind="category",
            categories=tuple(same(day.isoformat()) for day in days),
        ),
        y=(Axis(Text("Point", "测点"), "%", "category", tuple(same(point) for point in rows)),),
        traces=(trace,),
        edges=edges,
        note=Text(
            "Share of the expected records of the day that are present and usable.",
            "当日应有记录中已到且可用的比例。",
        ),
    )


def coverage_edges() -> tuple[float, ...]:
    """Edges of the data-quality classes in percent of coverage, ascending, from the rules."""
    from diwen import rules

    book = rules.load()
    return tuple(book.value(f"quality.coverage.{name}") for name in ("q3", "q2", "q1"))
