"""One point's records for a picture: raw while they are few, else buckets with min and max."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen import quantities
from diwen.web.catalogue import Entry, site_of

if TYPE_CHECKING:
    from diwen.site import Point
    from diwen.telemetry import Series, Store

FEWEST, MOST = 50, 5000
# A line is broken where records stay away for longer than this many usual steps.
_BREAK = 3.0
_KEPT = 128


@dataclass(frozen=True, slots=True)
class Curve:
    """What is drawn of a point.

    Attributes
    ----------
    point, unit, decimals : id, unit as printed, decimals that make sense
    kind : ``raw`` (every record) or ``buckets`` (mean, min and max of equal spans of time)
    records : how many records lie in the window
    flagged : how many of them carry a quality flag that forbids their use
    time : milliseconds since 1970 UTC
    mean : value (raw) or mean of the bucket; None breaks the line at a gap
    low, high : smallest and largest value of each bucket; empty if raw
    flagged_time, flagged_value : records with a flag, drawn as marks (raw only)
    held : a value holds until the next record (states and readings by hand): drawn as steps
    origin : measured, manual or simulated
    """

    point: str
    unit: str
    decimals: int
    kind: str
    held: bool
    records: int
    flagged: int
    time: list[int]
    mean: list[float | None]
    low: list[float | None]
    high: list[float | None]
    flagged_time: list[int]
    flagged_value: list[float | None]
    origin: str

    def as_dict(self) -> dict[str, Any]:
        """As plain data for JSON."""
        return asdict(self)


class Curves:
    """Curves for windows of time; the latest ones are remembered."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple, Curve] = OrderedDict()
        self._lock = Lock()

    def get(
        self, entry: Entry, point: str, start: datetime | None, end: datetime | None, n: int
    ) -> Curve:
        """The curve of a point in a window, at most ``n`` places of time.

        Raises
        ------
        InputError : unknown point, broken site folder, damaged part of the store
        """
        key = (entry.folder, entry.signature(), point, start, end, n)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        from diwen.telemetry import open_store

        curve = draw(open_store(site_of(entry)), point, start, end, n)
        with self._lock:
            self._kept[key] = curve
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return curve


def draw(store: Store, point: str, start: datetime | None, end: datetime | None, n: int) -> Curve:
    """The curve of a point; values in the unit people read."""
    known = store.point(point)
    held = known.interval is None and (known.kind == "state" or known.origin == "manual")
    series = _holding(store, point, start, end) if held else store.series(point, start, end)
    usable = series.usable()
    quantity = quantities.quantity(known.quantity)
    common: dict[str, Any] = {
        "point": point,
        "unit": quantities.printed(quantity.display_unit),
        "records": len(series),
        "flagged": len(series) - len(usable),
        "held": held,
        "origin": series.origin,
    }
    if len(series) <= n:
        return Curve(**common, **_raw(series, usable, known, held))
    return Curve(**common, **_bucketed(usable, known, n, held))


def _holding(store: Store, point: str, start: datetime | None, end: datetime | None) -> Series:
    """The records of a point whose value holds, with the value that holds at both edges."""
    series = store.series(point, None, end)
    span = store.span()
    if span is None or not len(series):
        return series
    last = span[1] if end is None else min(end, span[1])
    edges = [time for time in (start, last) if time is not None]
    wanted = np.array([_microseconds(time) for time in edges], np.int64)
    wanted = wanted[wanted > series.time[0]]
    place = np.searchsorted(series.time, wanted, side="right") - 1
    keep = np.ones(len(series), bool) if start is None else series.time >= _microseconds(start)
    time = np.concatenate([series.time[keep], wanted])
    order = np.unique(time, return_index=True)[1]
    return replace(
        series,
        time=time[order],
        value=np.concatenate([series.value[keep], series.value[place]])[order],
        quality=np.concatenate([series.quality[keep], series.quality[place]])[order],
    )


def _microseconds(time: datetime) -> int:
    return round(time.timestamp() * 1e6)


def _raw(series: Series, usable: Series, point: Point, held: bool) -> dict[str, Any]:
    flagged = ~np.isin(series.time, usable.time)
    value = _displayed(usable.value, point)
    step = math.inf if held else _step(usable.time, point)
    time, mean = _broken(usable.time, [value], step)
    return {
        "kind": "raw", "decimals": _decimals(value), "time": time, "mean": mean[0],
        "low": [], "high": [],
        "flagged_time": (series.time[flagged] // 1000).tolist(),
        "flagged_value": _rounded(_displayed(series.value[flagged], point)),
    }  # fmt: skip


def _bucketed(usable: Series, point: Point, n: int, held: bool) -> dict[str, Any]:
    from diwen.telemetry.buckets import buckets

    frame = buckets(usable, n)
    start = frame["time"].to_physical().to_numpy()
    # A bucket begins at its time; it is drawn in its middle.
    width = int(np.diff(start).min()) if len(start) > 1 else 0
    columns = [_displayed(frame[name].to_numpy(), point) for name in ("mean", "min", "max")]
    step = math.inf if held else max(float(width), _step(usable.time, point))
    time, (mean, low, high) = _broken(start + width // 2, columns, step)
    return {
        "kind": "buckets", "decimals": _decimals(columns[0]), "time": time, "mean": mean,
        "low": low, "high": high, "flagged_time": [], "flagged_value": [],
    }  # fmt: skip


def _displayed(value: NDArray[np.float64], point: Point) -> NDArray[np.float64]:
    """Values in the display unit (the conversion is affine, so arrays may pass)."""
    factor, offset = quantities.conversion(
        quantities.quantity(point.quantity).display_unit, point.quantity
    )
    return (value - offset) / factor


def _step(time: NDArray[np.int64], point: Point) -> float:
    """The usual distance of records, µs."""
    if point.interval:
        return point.interval * 1e6
    return float(np.median(np.diff(time))) if len(time) > 1 else 0.0


def _broken(
    time: NDArray[np.int64], columns: Sequence[NDArray[np.float64]], step: float
) -> tuple[list[int], list[list[float | None]]]:
    """Times in milliseconds and columns, with a None put into every gap."""
    after = np.flatnonzero(np.diff(time) > _BREAK * max(step, 1.0)) + 1
    middle = (time[after - 1] + time[after]) // 2
    times = np.insert(time, after, middle) // 1000
    return times.tolist(), [_rounded(np.insert(column, after, np.nan)) for column in columns]


def _rounded(value: NDArray[np.float64]) -> list[float | None]:
    """Six significant digits are enough for the eye; NaN becomes None."""
    return [None if item != item else float(f"{item:.6g}") for item in value.tolist()]


def _decimals(value: NDArray[np.float64]) -> int:
    finite = value[np.isfinite(value)]
    size = float(np.percentile(np.abs(finite), 90)) if len(finite) else 1.0
    return 3 if size < 1 else 2 if size < 100 else 1 if size < 10_000 else 0
