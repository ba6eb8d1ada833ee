"""A clock that is wrong: a point whose ups and downs come earlier or later than all others'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from diwen.diagnosis.gate.channel_access import Key, channels
from diwen.diagnosis.record.operating_record import Floats, OperatingRecord

# Temperatures follow each other through the building and the ground: they tell no hour.
_QUANTITIES = ("power", "flow", "heat_by_meter")
_GROUPS = ("units", "sources", "circuits", "pumps")


@dataclass(frozen=True)
class ClockShift:
    """One point whose records carry a wrong time.

    Attributes
    ----------
    point : id
    hours : later than true (positive), whole hours
    correlation : by correlation: with the others once it is put back; by a balance: share by
        which its ups and downs get smaller
    before : by correlation: with the others as recorded; by a balance 0
    """

    point: str
    hours: int
    correlation: float
    before: float


def changes(value: Floats) -> Floats:
    """Hour-to-hour changes scaled to their own spread, 0 where unknown, shape (n,)."""
    step = np.diff(value, prepend=np.nan)
    known = np.isfinite(step)
    if np.count_nonzero(known) < 48:
        return np.zeros(value.size)
    # Big switches do not decide alone.
    size = float(np.quantile(np.abs(step[known]), 0.95))
    step = np.where(known, step, 0.0)
    return np.clip(step / size, -1.0, 1.0) if size > 0.0 else np.zeros(value.size)


def lags(one: Floats, other: Floats, most: int) -> Floats:
    """Sizes of the correlation of two series of changes at lags -most … most, (2 most + 1,).

    At lag k the first one is taken k hours earlier than recorded.
    """
    norm = float(np.linalg.norm(one) * np.linalg.norm(other))
    if norm == 0.0:
        return np.zeros(2 * most + 1)
    found = [float(np.dot(np.roll(one, -k), other)) for k in range(-most, most + 1)]
    return np.abs(np.array(found)) / norm


def shifts(
    series: Mapping[str, Floats], most: int, least: float, gain: float, weakest: float
) -> tuple[ClockShift, ...]:
    """Points whose clocks differ from those of most others.

    Parameters
    ----------
    series : point -> hourly values, nan where unknown
    most : largest lag, hours
    least : correlation that must be reached at the lag
    gain : by which the lag must be better than none
    weakest : correlation below which two points say nothing about each other
    """
    steps = {point: changes(value) for point, value in series.items()}
    steps = {point: one for point, one in steps.items() if np.any(one)}
    names = list(steps)
    table = {(a, b): lags(steps[a], steps[b], most) for a in names for b in names if a < b}
    found = []
    for point in names:
        curves = [_curve(table, point, other) for other in names if other != point]
        curves = [curve for curve in curves if float(np.max(curve)) >= weakest]
        shift = _shift(point, curves, most, least, gain)
        if shift is not None:
            found.append(shift)
    return _consistent(found, len(names))


def _curve(table: Mapping[tuple[str, str], Floats], one: str, other: str) -> Floats:
    return table[(one, other)] if one < other else table[(other, one)][::-1]


def _shift(
    point: str, curves: Sequence[Floats], most: int, least: float, gain: float
) -> ClockShift | None:
    if len(curves) < 2:
        return None
    best = [int(np.argmax(curve)) - most for curve in curves]
    hours = int(np.median(best))
    agree = np.mean([one == hours for one in best])
    mean = np.mean(curves, axis=0)
    at, before = float(mean[hours + most]), float(mean[most])
    if hours == 0 or agree <= 0.5 or at < least or at < before + gain:
        return None
    return ClockShift(point, hours, at, before)


def _consistent(found: Sequence[ClockShift], total: int) -> tuple[ClockShift, ...]:
    """Of a plant whose clocks disagree by halves nobody knows who is right."""
    return tuple(found) if 2 * len(found) < total else ()


def clock_shifts(
    record: OperatingRecord, most: int, least: float, gain: float, weakest: float
) -> tuple[ClockShift, ...]:
    """Points of a record with a wrong clock (see :func:`shifts`)."""
    series: dict[str, Floats] = {}
    for one in channels(record):
        group, _, quantity = one.key
        if group in _GROUPS and quantity in _QUANTITIES and len(one.channel.points) == 1:
            series.setdefault(one.channel.points[0], one.channel.value)
    return shifts(series, most, least, gain, weakest)


def keys_of_point(record: OperatingRecord, point: str) -> list[Key]:
    """Channels that were read from one point alone."""
    return [one.key for one in channels(record) if one.channel.points == (point,)]
