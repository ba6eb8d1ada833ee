"""When the plant heats, when it cools, and when a heat pump runs.

Modes come, in this order, from ``operation.mode`` of the site: always one mode; by season; by a
point of quantity ``mode`` (0 off, 1 heating, 2 cooling, 3 both).

A heat pump runs when its status says so; without status, when its electric power is above a tenth
of its usual high power; without either, when source and load circuits both show a temperature
difference of the same mode (engineering defaults, not from a standard). Sensors on pipes that
stand still drift to the temperature of their room and show differences of the wrong sign; these
are standstill, not source temperatures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, cast

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.alignment import aligned
from diwen.evaluation.amount import Refusal
from diwen.evaluation.energy import bridge
from diwen.evaluation.increments import Spans, Times, intersection, joined, length
from diwen.evaluation.period import season_period
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Mode
    from diwen.site import Point

Way = Literal["heating", "cooling", "simultaneous"]

# Engineering defaults of Diwen for "running" where there is no status point.
POWER_SHARE = 0.1
SOURCE_DIFFERENCE = 1.0
LOAD_DIFFERENCE = 0.3

_MODE_CODES = {"heating": (1, 3), "cooling": (2, 3), "simultaneous": (3,)}
_NO_SEASON = Text(
    "the site has no {mode} season (operation.{mode}_season) and no mode point",
    "项目未定义{mode}季节（operation.{mode}_season），也没有运行模式测点",
)
_NO_MODE_POINT = Text(
    'operation.mode is "point", but no point of quantity mode has records',
    'operation.mode 为 "point"，但没有带记录的 mode 测点',
)
_NOT_KNOWN = Text(
    "neither status, nor power, nor temperature differences on both sides tell when {unit} runs",
    "{unit} 无状态、功率，也无两侧温差，无法判断其运行时段",
)


def whole(context: Context) -> Spans:
    """The period as one span."""
    return np.array([[context.period.start_us, context.period.end_us]], dtype=np.int64)


def mode_spans(context: Context, mode: Way) -> Spans:
    """The time in which the plant is set to heat, to cool or to do both, within the period.

    Raises
    ------
    Refusal : the site does not say
    """
    return context.once(("mode", mode), lambda: _mode_spans(context, mode))


def _mode_spans(context: Context, mode: Way) -> Spans:
    setting = context.site.operation.mode
    if setting == "point":
        return _by_point(context, _MODE_CODES[mode])
    if mode == "simultaneous":
        if not context.site.operation.simultaneous:
            return whole(context)[:0]
        return intersection(mode_spans(context, "heating"), mode_spans(context, "cooling"))
    if setting in ("heating", "cooling"):
        return whole(context) if setting == mode else whole(context)[:0]
    season = getattr(context.site.operation, f"{mode}_season")
    if season is None:
        other = "cooling" if mode == "heating" else "heating"
        if getattr(context.site.operation, f"{other}_season") is not None:
            # A site with one season only does nothing else.
            return whole(context)[:0]
        raise Refusal(_NO_SEASON.format(mode=mode))
    first = context.period.start.year - 1
    spans = [
        season_period(year, mode, season, context.period.time_zone)
        for year in range(first, context.period.end.year + 1)
    ]
    edges = np.array([[one.start_us, one.end_us] for one in spans], dtype=np.int64)
    return intersection(edges, whole(context))


def _by_point(context: Context, codes: tuple[int, ...]) -> Spans:
    points = [p for p in context.points("mode") if len(context.padded_series(p.id))]
    if not points:
        raise Refusal(_NO_MODE_POINT, ["MODE mode unit site"])
    series = context.padded_series(points[0].id)
    spans = _held_spans(series.time, np.isin(np.round(series.value), codes), context.period.end_us)
    return intersection(spans, whole(context))


def running_spans(context: Context, unit: str) -> Spans:
    """The time in which a heat pump ran, within the period.

    Raises
    ------
    Refusal : no point tells
    """
    return context.once(("running", unit), lambda: _running(context, unit)[0])


def known_spans(context: Context, unit: str) -> Spans:
    """The time in which it is known whether a heat pump ran, within the period.

    Raises
    ------
    Refusal : no point tells
    """
    return context.once(("known", unit), lambda: _running(context, unit)[1])


def modes_run(context: Context, unit: str) -> tuple[Mode, ...]:
    """The modes in which a heat pump ran, where its running time is not all of one kind.

    A mean over winter and summer is the temperature of nothing. Where the unit heated and cooled,
    or also ran in the time of neither (hot water in spring), each mode stands for itself. Where
    it did one thing only, or nobody knows the mode, the answer is ``("all",)``.
    """
    try:
        running = length(running_spans(context, unit))
        ways: tuple[Way, ...] = ("heating", "cooling")
        hours = {way: length(running_in(context, unit, way)) for way in ways}
    except Refusal:
        return ("all",)
    ran = tuple(way for way in ways if hours[way] > 0.0)
    return ran if any(hours[way] < running for way in ran) else ("all",)


def running_in(context: Context, unit: str, mode: Mode) -> Spans:
    """The time in which a heat pump ran while the plant was set to a mode, or in any.

    Raises
    ------
    Refusal : no point tells when it ran, or the site does not say its mode
    """
    running = running_spans(context, unit)
    if mode not in ("heating", "cooling"):
        return running
    return intersection(running, mode_spans(context, cast("Way", mode)))


def running_basis(context: Context, unit: str) -> tuple[str, list[Point]]:
    """What tells whether a heat pump runs: ``status``, ``power`` or ``temperatures``; its points.

    Raises
    ------
    Refusal : nothing tells
    """
    for basis, quantity, location in (
        ("status", "status", "unit"),
        ("power", "electric_power", "supply"),
    ):
        own = [
            point
            for point in context.points(quantity, location, unit)
            if point.equipment == (unit,) and len(context.padded_series(point.id))
        ]
        if own:
            return basis, own[:1]
    pairs = []
    for location in ("source_entering", "source_leaving", "load_leaving", "load_entering"):
        found = [
            point
            for point in context.points("temperature", location)
            if (unit in point.equipment or "site" in point.equipment)
            and len(context.padded_series(point.id))
        ]
        pairs += found[:1]
    if len(pairs) == 4:
        return "temperatures", pairs
    raise Refusal(_NOT_KNOWN.format(unit=context.name_of(unit)), [f"ST status unit {unit}"])


def _running(context: Context, unit: str) -> tuple[Spans, Spans]:
    """Running and known time."""
    basis, points = running_basis(context, unit)
    longest = bridge(points[0])
    if basis == "temperatures":
        time, values = aligned(context, points)
        source, load = values[0] - values[1], values[2] - values[3]
        on = (source > SOURCE_DIFFERENCE) & (load > LOAD_DIFFERENCE)
        if context.site.operation.mode != "heating":
            on |= (source < -SOURCE_DIFFERENCE) & (load < -LOAD_DIFFERENCE)
        known = np.isfinite(source) & np.isfinite(load)
    else:
        series = context.padded_series(points[0].id)
        time, known = series.time, np.ones(len(series), dtype=bool)
        if basis == "status":
            on = series.value >= 0.5
            if points[0].interval is None:
                # Reported on change: it holds, however long nothing is heard.
                return _status_on_change(context, time, on)
        else:
            on = series.value > POWER_SHARE * float(np.percentile(series.value, 99))
    inside = whole(context)
    return (
        intersection(_record_spans(time, on & known, longest), inside),
        intersection(_record_spans(time, known, longest), inside),
    )


def _status_on_change(context: Context, time: Times, on: NDArray[np.bool_]) -> tuple[Spans, Spans]:
    """Running and known time of a status that is only reported when it changes."""
    inside = whole(context)
    known = _held_spans(time[:1], np.ones(1, dtype=bool), context.period.end_us)
    return (
        intersection(_held_spans(time, on, context.period.end_us), inside),
        intersection(known, inside),
    )


def _held_spans(time: Times, on: NDArray[np.bool_], end: int) -> Spans:
    """Spans of a state that holds until the next record, the last one until ``end``."""
    following = np.append(time[1:], max(end, int(time[-1]) + 1))
    return joined(time[on], following[on])


def _record_spans(time: Times, on: NDArray[np.bool_], longest: int) -> Spans:
    """Spans of records; each stands until the next.

    Where the next is farther than ``longest``, and for the last one, a record stands for its
    usual step (the median one), so that a gap counts for nothing.
    """
    if time.size == 0:
        return np.empty((0, 2), dtype=np.int64)
    step = np.diff(time)
    usual = int(np.median(step)) if step.size else 1
    held = np.append(np.where(step <= longest, step, min(usual, longest)), min(usual, longest))
    return joined(time[on], (time + np.maximum(held, 1))[on])
