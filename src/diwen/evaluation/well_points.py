"""Which points belong to which well, and water as hourly flow.

A well is the id of a well in ``site.toml`` when a point's equipment names one, else the text after
``@`` of its location, else its equipment. Points that name the source itself without ``@`` speak
of the whole source (a main meter of all its wells).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.daily import hourly, local_clock
from diwen.evaluation.energy import measured

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.daily import Hours
    from diwen.site import Point

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Side = Literal["well_abstraction", "well_injection"]

_VOLUME = ("volume", "volume_flow")
_HOUR_US = 3_600_000_000
# A register read more rarely than this says nothing about the flow of an hour.
_LONGEST_READING_US = 2 * _HOUR_US


@dataclass(frozen=True, slots=True)
class HourlyFlow:
    """Flow of one well, hour by hour.

    Attributes
    ----------
    hour : (n,) hours since 1970-01-01 local, unbroken
    flow : (n,) m³/h; NaN where not measured
    point : where it comes from
    """

    hour: Ints
    flow: Floats
    point: Point


def well_of(context: Context, point: Point) -> str:
    """The well a point belongs to; the source's id where it speaks of all its wells."""
    kinds = context.site.equipment()
    own = [id for id in point.equipment if kinds.get(id) == "wells"]
    if len(own) == 1:
        return own[0]
    return point.detail or "+".join(point.equipment)


def wells(context: Context, *locations: str) -> list[str]:
    """Every well that has a point at one of these locations, in the order of ``points.csv``."""
    return list(
        dict.fromkeys(
            well_of(context, point) for point in context.site.points if point.location in locations
        )
    )


def at_well(context: Context, well: str, quantity: str, location: str) -> Point | None:
    """The first point of a quantity at a place of a well."""
    found = [p for p in context.points(quantity, location) if well_of(context, p) == well]
    return found[0] if found else None


def meters(context: Context, source: str, side: Side) -> list[Point]:
    """The water meters whose sum is the water of a source on one side, none counted twice.

    A meter of the whole source is preferred to those of its wells, a register to a flow.
    """
    inner = set(getattr(context.site.sources[source], "wells", {}))
    chosen: dict[str, Point] = {}
    for quantity in _VOLUME:
        for point in context.points(quantity, side):
            if source in point.equipment or inner & set(point.equipment):
                chosen.setdefault(well_of(context, point), point)
    main = [point for point in chosen.values() if source in point.equipment and not point.detail]
    return main[:1] or list(chosen.values())


def hourly_flow(context: Context, well: str, side: Side) -> HourlyFlow | None:
    """The flow of a well in m³/h; None where neither a flow nor a frequent register is there."""
    gauge = at_well(context, well, "volume_flow", side)
    if gauge is not None and len(context.series(gauge.id)):
        found = hours_of(context, gauge)
        return HourlyFlow(found.hour, found.mean * 3600.0, gauge)
    register = at_well(context, well, "volume", side)
    if register is None or len(context.padded_series(register.id)) < 2:
        return None
    steps = measured(context, register)
    short = (steps.end - steps.start) <= _LONGEST_READING_US
    if not short.any():
        return None
    middle = (steps.start + steps.end)[short] // 2
    flow = steps.value[short] / steps.seconds[short]
    found = hourly(middle, flow, context.period.time_zone)
    return HourlyFlow(found.hour, found.mean * 3600.0, register)


def hours_of(context: Context, point: Point) -> Hours:
    """Hourly means of a point within the period."""

    def read() -> Hours:
        series = context.series(point.id)
        return hourly(series.time, series.value, context.period.time_zone)

    return context.once(("hours", point.id), read)


def on_hours(found: Hours, hour: Ints) -> Floats:
    """Hourly means at given hours, (n,); NaN where there is none."""
    values = np.full(len(hour), np.nan)
    if len(found.hour):
        place = hour - found.hour[0]
        inside = (place >= 0) & (place < len(found.hour))
        values[inside] = found.mean[place[inside]]
    return values


def hour_numbers(context: Context, time: Ints) -> Ints:
    """Local hour number of instants (µs UTC)."""
    return local_clock(time, context.period.time_zone) // _HOUR_US
