"""The store of a site: reading side.

Values are converted at reading, from ``points.csv``: mending a wrong scale there mends all of
history. Only the parts of the wanted groups and months are opened, and of those only the row
groups that can hold the wanted points and times.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.telemetry import basis, manifest, thresholds
from diwen.telemetry.manifest import Manifest
from diwen.telemetry.records import ORIGINS, month_of
from diwen.telemetry.series import USABLE, Series

if TYPE_CHECKING:
    import duckdb

    from diwen.site import Point, Site
    from diwen.telemetry.writing import Outcome

Time = datetime | int | None
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "time": pl.Datetime("us", "UTC"),
    "point": pl.String,
    "value": pl.Float64,
    "quality": pl.Int8,
    "origin": pl.String,
}
_UNKNOWN = Text("there is no point {point} in points.csv", "points.csv 中没有测点 {point}")
_UNKNOWN_CURE = Text("use one of the ids listed there.", "请使用其中列出的测点编号。")
_DAMAGED = Text("this part of the store cannot be read: {reason}", "数据文件无法读取：{reason}")
_DAMAGED_CURE = Text(
    "put the file back from a backup, or delete it and import the deliveries of that month again.",
    "请从备份恢复该文件，或删除后重新导入该月的数据文件。",
)


def microseconds(time: Time) -> int | None:
    """An instant as microseconds since 1970 UTC; a datetime without zone is UTC."""
    if time is None or isinstance(time, int):
        return time
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return (aware - EPOCH) // timedelta(microseconds=1)


def instant(time: int) -> datetime:
    """Microseconds since 1970 UTC as a datetime with zone."""
    return EPOCH + timedelta(microseconds=int(time))


class Store:
    """What is measured at a site, as it stands at the moment of opening."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.folder = Path(site.folder) / "telemetry"
        self._points = {point.id: point for point in site.points}
        # Reading every record of a period is asked for by several who look at the same period.
        self._coverage: dict[tuple[int | None, int | None], pl.DataFrame] = {}

    @cached_property
    def manifest(self) -> Manifest:
        """The parts there are; read once, and again after this store has written."""
        return manifest.read(self.folder)

    @cached_property
    def bases(self) -> dict[str, str]:
        """Hash of what the flags of each point of ``points.csv`` rest on today, by id."""
        return basis.bases(self.site, thresholds.load())

    def refresh(self) -> None:
        """Forget what was known of the parts; the next question looks again."""
        self.__dict__.pop("manifest", None)
        self._coverage.clear()

    def point(self, id: str) -> Point:
        """A point of the site.

        Raises
        ------
        InputError : there is none of that id
        """
        if id not in self._points:
            problem = Problem("points.csv", "id", _UNKNOWN.format(point=id), _UNKNOWN_CURE)
            raise InputError([problem])
        return self._points[id]

    def points(self) -> list[str]:
        """Ids of the points that have records, in the order of ``points.csv``."""
        held = {point for part in self.manifest.parts.values() for point in part.points}
        return [id for id in self._points if id in held]

    def span(self, point: str | None = None) -> tuple[datetime, datetime] | None:
        """First and last record of a point (or of the whole store); None if there is none."""
        ids = set(self.points()) if point is None else {self.point(point).id}
        spans = [
            span
            for part in self.manifest.parts.values()
            for id, span in part.points.items()
            if id in ids
        ]
        if not spans:
            return None
        return instant(min(s.first for s in spans)), instant(max(s.last for s in spans))

    def stale_flags(self, start: Time = None, end: Time = None) -> tuple[str, ...]:
        """Points whose flags were computed by other definitions than today's.

        Told by the hashes in the footers; no record is read. Months touched by
        ``start <= time < end`` are looked at.

        Returns
        -------
        ids in the order of ``points.csv``
        """
        first, last = microseconds(start), microseconds(end)
        found = {
            id
            for part in self.manifest.parts.values()
            for id in basis.stale(part, self.bases)
            if (last is None or part.points[id].first < last)
            and (first is None or part.points[id].last >= first)
        }
        return tuple(id for id in self._points if id in found)

    def files(self, points: Sequence[str], start: Time = None, end: Time = None) -> list[Path]:
        """Parts that can hold records of these points with ``start <= time < end``.

        Raises
        ------
        InputError : a part that might hold them is damaged
        """
        first, last = microseconds(start), microseconds(end)
        groups = {self.point(id).group for id in points}
        self._refuse_damaged(groups, first, last)
        chosen = []
        for part in self.manifest.parts.values():
            spans = [part.points[id] for id in points if id in part.points]
            if not spans:
                continue
            before = last is not None and min(span.first for span in spans) >= last
            after = first is not None and max(span.last for span in spans) < first
            if not (before or after):
                chosen.append(part.path)
        return sorted(chosen, key=lambda path: (path.stem, path.parent.name))

    def _refuse_damaged(self, groups: set[str], first: int | None, last: int | None) -> None:
        problems = []
        for path, reason in self.manifest.damaged.items():
            early = last is not None and path.stem > month_of(last)
            late = first is not None and path.stem < month_of(first)
            if path.parent.name in groups and not (early or late):
                text = _DAMAGED.format(reason=reason)
                problems.append(Problem(str(path), "-", text, _DAMAGED_CURE))
        if problems:
            raise InputError(problems)

    def scan(
        self, points: Sequence[str], start: Time = None, end: Time = None
    ) -> pl.LazyFrame | None:
        """The stored columns (raw numbers) of some points and times, unread; None: no part."""
        files = self.files(points, start, end)
        if not files:
            return None
        # The columns are known: no footer need be read to learn them.
        frame = pl.scan_parquet(files, glob=False, hive_partitioning=False, schema=_SCHEMA)
        if len(points) == 1:
            frame = frame.filter(pl.col("point") == points[0])
        else:
            frame = frame.filter(pl.col("point").is_in(list(points)))
        first, last = microseconds(start), microseconds(end)
        if first is not None:
            frame = frame.filter(pl.col("time") >= instant(first))
        if last is not None:
            frame = frame.filter(pl.col("time") < instant(last))
        return frame

    def read(
        self, points: Sequence[str], start: Time = None, end: Time = None, usable: bool = False
    ) -> pl.DataFrame:
        """Records of some points with ``start <= time < end``, values in the inside unit.

        Parameters
        ----------
        points : ids
        start, end : instants (with zone, or microseconds UTC); None: open
        usable : only records that may be used (quality 0 ok, 4 after a gap, 7 estimated)

        Returns
        -------
        DataFrame with ``time`` (UTC), ``point``, ``value``, ``quality``, ``origin``, sorted by
        (point, time)

        Raises
        ------
        InputError : unknown point, damaged part
        """
        frame = self.scan(points, start, end)
        if frame is None:
            return pl.DataFrame(schema=_SCHEMA)
        if usable:
            frame = frame.filter(pl.col("quality").is_in(USABLE))
        if len(points) == 1:
            factor, offset = self.point(points[0]).factor_offset()
            value = pl.col("value") * factor + offset
        else:
            pairs = [self.point(id).factor_offset() for id in points]
            factors = {id: pair[0] for id, pair in zip(points, pairs, strict=True)}
            offsets = {id: pair[1] for id, pair in zip(points, pairs, strict=True)}
            name = pl.col("point")
            value = pl.col("value") * name.replace_strict(
                factors, return_dtype=pl.Float64
            ) + name.replace_strict(offsets, return_dtype=pl.Float64)
        result = frame.with_columns(value=value).collect()
        if len(points) > 1:
            result = result.sort("point", "time", maintain_order=True)
        return result.select(list(_SCHEMA))

    def series(self, point: str, start: Time = None, end: Time = None) -> Series:
        """Records of one point with ``start <= time < end``, values in the inside unit.

        Raises
        ------
        InputError : unknown point, damaged part
        """
        known = self.point(point)
        frame = self.scan([point], start, end)
        if frame is None:
            none = np.empty(0)
            return Series(point, none.astype(np.int64), none, none.astype(np.int8), known.origin)
        columns = frame.select("time", "value", "quality").collect().rechunk()
        factor, offset = known.factor_offset()
        value = columns["value"].to_numpy()
        if (factor, offset) != (1.0, 0.0):
            value = value * factor + offset
        return Series(
            point,
            columns["time"].to_physical().to_numpy(),
            value,
            columns["quality"].to_numpy(),
            "+".join(self._origins(point, start, end)) or known.origin,
        )

    def _origins(self, point: str, start: Time, end: Time) -> list[str]:
        """Origins of the records of a point in the parts that a period touches."""
        bits = 0
        for path in self.files([point], start, end):
            bits |= self.manifest.parts[path.parent.name, path.stem].points[point].origins
        return [name for place, name in enumerate(ORIGINS) if bits >> place & 1]

    def buckets(
        self, point: str, start: Time = None, end: Time = None, n: int = 2000
    ) -> pl.DataFrame:
        """Records of a point in at most ``n`` equal buckets of time, for plots.

        Returns
        -------
        DataFrame with ``time`` (start of the bucket, UTC), ``min``, ``max``, ``mean``,
        ``first``, ``last``, ``count`` of the usable records; empty buckets are left out
        """
        from diwen.telemetry.buckets import buckets

        return buckets(self.series(point, start, end).usable(), n)

    def coverage(self, start: Time = None, end: Time = None) -> pl.DataFrame:
        """Expected and valid records per point and local day: see `diwen.telemetry.coverage`."""
        from diwen.telemetry.coverage import coverage

        asked = microseconds(start), microseconds(end)
        if asked not in self._coverage:
            self._coverage[asked] = coverage(self, start, end)
        return self._coverage[asked]

    def write(
        self, frame: pl.DataFrame, origin: str | None = None, replace: bool = False
    ) -> Outcome:
        """Store raw numbers; see `diwen.telemetry.writing.write_frame`."""
        from diwen.telemetry.writing import write_frame

        return write_frame(self, frame, origin, replace)

    def connection(self) -> duckdb.DuckDBPyConnection:
        """DuckDB in memory with the view ``telemetry``: see `diwen.telemetry.query`."""
        from diwen.telemetry.query import connection

        return connection(self)

    def hash(self, start: Time = None, end: Time = None) -> str:
        """SHA-256 over the parts (name and content) that hold records of the period."""
        digest = hashlib.sha256()
        for path in self.files(self.points(), start, end):
            digest.update(f"{path.parent.name}/{path.name}\n".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def log(self) -> tuple[dict[str, Any], ...]:
        """The files that were imported, oldest first."""
        return self.manifest.imports


def open_store(site: Site) -> Store:
    """The store of a site; an empty one if nothing was imported yet."""
    return Store(site)
