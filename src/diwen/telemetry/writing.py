"""Taking records into the store.

One part (group and month) after another is joined with what came in, flagged, written beside its
place and renamed. Whatever kills the process, the store is readable and holds every finished
part whole; the months whose flags were still to be computed are noted in the manifest before the
first part is touched and are done by the next import. Importing the same again changes nothing.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.telemetry import basis, manifest, parts, records, thresholds
from diwen.telemetry.judging import Judge
from diwen.telemetry.lock import writing
from diwen.telemetry.manifest import Manifest
from diwen.telemetry.records import ORIGINS, Merged, Records

if TYPE_CHECKING:
    from diwen.telemetry.store import Store

CONFLICT_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "time": pl.Datetime("us", "UTC"),
    "point": pl.String,
    "stored": pl.Float64,
    "offered": pl.Float64,
}
_RESERVED = Text("a point group must not be called {group}", "测点组不能命名为 {group}")
_RESERVED_CURE = Text("choose another name for the group.", "请为测点组另取名称。")
_COLUMNS = Text(
    "the table needs the columns time (UTC), point and value",
    "数据表需要 time（UTC）、point、value 三列",
)
_COLUMNS_CURE = Text("rename or add the columns.", "请改名或补充这些列。")


@dataclass
class Outcome:
    """What became of the records that were offered.

    Attributes
    ----------
    added : records that are new in the store
    same : records that were stored already, number for number
    conflicts : ``time, point, stored, offered``: another number was already stored; refused, or
        with ``replaced`` true the stored one went to ``telemetry/superseded/``
    written : parts written
    judged_again : points whose stored flags were stale (``points.csv`` or a rule had changed) and
        were computed again along with it
    """

    added: int = 0
    same: int = 0
    conflicts: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CONFLICT_SCHEMA))
    replaced: bool = False
    written: list[Path] = field(default_factory=list)
    judged_again: tuple[str, ...] = ()


def write_frame(
    store: Store, frame: pl.DataFrame, origin: str | None = None, replace: bool = False
) -> Outcome:
    """Store raw numbers given as a table.

    Parameters
    ----------
    frame : ``time`` (datetime; without zone it is UTC), ``point``, ``value`` (raw, in the unit of
        ``points.csv``); an empty value or NaN is no record; of two rows with the same time and
        point the first counts
    origin : measured, manual or simulated; None: as ``points.csv`` says

    Raises
    ------
    InputError : unknown points, missing columns, another process is writing
    """
    if not {"time", "point", "value"} <= set(frame.columns):
        problem = Problem("-", ", ".join(frame.columns), _COLUMNS, _COLUMNS_CURE)
        raise InputError([problem])
    if origin is not None and origin not in ORIGINS:
        raise ValueError(f"origin is one of {', '.join(ORIGINS)}")
    time = pl.col("time").cast(pl.Datetime("us", "UTC")).to_physical()
    clean = (
        frame.select(time.alias("time"), pl.col("point").cast(pl.String), "value")
        .with_columns(pl.col("value").cast(pl.Float64))
        .filter(pl.col("value").is_finite() & pl.col("time").is_not_null())
        .unique(["point", "time"], keep="first", maintain_order=True)
        .sort("point", "time")
    )
    incoming = {}
    for (name,), rows in clean.partition_by("point", as_dict=True, maintain_order=True).items():
        point = store.point(str(name))
        incoming[point.id] = records.fresh(
            rows["time"].to_numpy(), rows["value"].to_numpy() + 0.0, origin or point.origin
        )
    return take_in(store, incoming, replace=replace)


def take_in(
    store: Store,
    incoming: Mapping[str, Records],
    *,
    replace: bool = False,
    log: dict[str, Any] | None = None,
    done: Callable[[str, int], None] | None = None,
) -> Outcome:
    """Join records with the store, flag them, write the parts; mend stale flags on the way.

    Parameters
    ----------
    incoming : new records by point id
    replace : a different number for a stored time takes its place; the old one is moved to
        ``telemetry/superseded/``
    log : entry for the manifest; one with the same ``sha256`` and ``mapping`` is not repeated
    done : called after each month with its name and the number of records that came in for it

    Raises
    ------
    InputError : another process is writing, a part to be joined is damaged
    """
    _refuse_reserved(store, incoming)
    with writing(store.folder):
        parts.remove_leftovers(store.folder)
        store.refresh()
        work = _Work(store, incoming, replace)
        work.run(done)
        current = manifest.read(store.folder)
        entries = list(current.imports)
        if log is not None and not _noted(entries, log):
            entries.append(log)
        final = Manifest(current.parts, tuple(entries), (), current.damaged)
        if final.parts or entries:
            manifest.write(store.folder, final)
        store.refresh()
    return work.outcome


def recompute(store: Store, done: Callable[[str, int], None] | None = None) -> Outcome:
    """Compute the flags of all parts again; the raw numbers are not touched."""
    with writing(store.folder):
        parts.remove_leftovers(store.folder)
        store.refresh()
        work = _Work(store, {}, False)
        work.months = work.forced = set(store.manifest.months())
        work.run(done)
        current = manifest.read(store.folder)
        manifest.write(store.folder, Manifest(current.parts, current.imports, (), current.damaged))
        store.refresh()
    return work.outcome


def _refuse_reserved(store: Store, incoming: Mapping[str, Records]) -> None:
    groups = {store.point(id).group for id in incoming}
    problems = [
        Problem("points.csv", "group", _RESERVED.format(group=group), _RESERVED_CURE)
        for group in sorted(groups & set(manifest.RESERVED))
    ]
    if problems:
        raise InputError(problems)


def _noted(entries: list[dict[str, Any]], log: dict[str, Any]) -> bool:
    keys = ("sha256", "mapping")
    return any(all(entry.get(key) == log.get(key) for key in keys) for entry in entries)


class _Work:
    """One import while it runs: joined months are kept only while their neighbours need them."""

    def __init__(self, store: Store, incoming: Mapping[str, Records], replace: bool) -> None:
        self._store = store
        self._replace = replace
        self._manifest = store.manifest
        self._judge = Judge(store.site, thresholds.load())
        self._joined: dict[str, dict[str, dict[str, Records]]] = {}
        self._touched: set[tuple[str, str]] = set()
        self._follows: dict[str, set[tuple[str, str]]] = {}
        self._new: dict[str, dict[str, dict[str, Records]]] = {}
        self._first = {id: int(own.time[0]) for id, own in incoming.items() if len(own)}
        for id, own in incoming.items():
            group = store.point(id).group
            for month, piece in records.by_month(own).items():
                self._new.setdefault(month, {}).setdefault(group, {})[id] = piece
        self._conflicts: list[pl.DataFrame] = []
        self.outcome = Outcome(replaced=replace, judged_again=store.stale_flags())
        self._stale = {
            key for key, part in self._manifest.parts.items() if basis.stale(part, store.bases)
        }
        # Months that are flagged anew even if nothing in or beside them turns out to be new.
        self.forced = set(self._manifest.pending) | {month for _, month in self._stale}
        self.months = self._affected()

    def _affected(self) -> set[str]:
        """Months whose flags can change: those with new records, their neighbours if the rules
        there look so far, and the next month of each new point (its first record is no longer
        the first of all)."""
        known = set(self._manifest.months()) | set(self._new)
        wanted = set(self.forced)
        held: dict[tuple[str, str], list[str]] = {}
        for (group, month), part in sorted(self._manifest.parts.items()):
            for id in part.points:
                held.setdefault((group, id), []).append(month)
        for month, groups in self._new.items():
            wanted.add(month)
            for group, points in groups.items():
                for id, own in points.items():
                    if own.time[0] < records.month_start(month) + self._judge.context:
                        wanted.add(records.next_month(month, -1))
                    if own.time[-1] >= records.month_end(month) - self._judge.context:
                        wanted.add(records.next_month(month))
                    months = held.get((group, id), [])
                    place = bisect_right(months, month)
                    if place < len(months):
                        wanted.add(months[place])
                        self._follows.setdefault(months[place], set()).add((group, month))
        return wanted & known

    def run(self, done: Callable[[str, int], None] | None) -> None:
        months = sorted(self.months)
        if self._new and set(months) - set(self._manifest.pending):
            self._note_pending(months)
        for month in months:
            self._finish(month)
            for old in [name for name in self._joined if name < month]:
                del self._joined[old]
            if done is not None:
                count = sum(
                    len(piece)
                    for own in self._new.get(month, {}).values()
                    for piece in own.values()
                )
                done(month, count)
        for folder in {path.parent for path in self.outcome.written}:
            parts.sync_folder(folder)
        if self._conflicts:
            self.outcome.conflicts = pl.concat(self._conflicts).sort("point", "time")

    def _note_pending(self, months: list[str]) -> None:
        known = self._manifest
        manifest.write(
            self._store.folder, Manifest(known.parts, known.imports, tuple(months), known.damaged)
        )

    def _content(self, month: str) -> dict[str, Records]:
        return {id: own for group in self._groups(month).values() for id, own in group.items()}

    def _groups(self, month: str) -> dict[str, dict[str, Records]]:
        """All records of a month by group: stored, joined with what came in."""
        if month not in self._joined:
            new = self._new.get(month, {})
            held = {group for group, name in self._manifest.parts if name == month}
            self._joined[month] = {
                group: self._join(group, month, new.get(group, {})) for group in held | set(new)
            }
        return self._joined[month]

    def _join(self, group: str, month: str, new: Mapping[str, Records]) -> dict[str, Records]:
        part = self._manifest.parts.get((group, month))
        path = self._store.folder / group / f"{month}{parts.SUFFIX}"
        if path in self._manifest.damaged:
            self._store.files(list(new), *_bounds(month))  # raises, naming the part
        joined = parts.read(part.path) if part else {}
        old: dict[str, Records] = {}
        for id, own in new.items():
            merged = records.merge(joined.get(id, records.empty()), own, self._replace)
            joined[id] = merged.records
            self.outcome.added += merged.added
            self.outcome.same += merged.same
            if len(merged.offered):
                self._conflicts.append(_conflicts(id, merged))
                if self._replace:
                    old[id] = merged.stored
            if merged.added or id in old:
                self._touched.add((group, month))
        if old:
            self._supersede(group, month, old)
        return joined

    def _supersede(self, group: str, month: str, old: Mapping[str, Records]) -> None:
        """Keep replaced records for ever, before the part that held them is rewritten."""
        digest = hashlib.sha256()
        for id in sorted(old):
            digest.update(id.encode() + old[id].time.tobytes() + old[id].value.tobytes())
        name = f"{group}-{month}-{digest.hexdigest()[:12]}{parts.SUFFIX}"
        parts.write(self._store.folder / "superseded" / name, old)

    def _has_earlier(self, point: str, time: int) -> bool:
        first = self._first.get(point)
        return (first is not None and first < time) or self._manifest.has_earlier(point, time)

    def _finish(self, month: str) -> None:
        """Flag a month and write those of its parts that changed."""
        groups = self._groups(month)
        if not self._needs_flags(month):
            return
        flags = self._judge.month(month, self._content, self._has_earlier)
        for group, content in groups.items():
            changed = (group, month) in self._touched | self._stale or any(
                not np.array_equal(own.quality, flags[id]) for id, own in content.items()
            )
            if changed:
                flagged = {id: own.with_quality(flags[id]) for id, own in content.items()}
                path = self._store.folder / group / f"{month}{parts.SUFFIX}"
                parts.write(path, flagged, self._store.bases, sync=False)
                self.outcome.written.append(path)

    def _needs_flags(self, month: str) -> bool:
        """Whether something new stands in the month, beside it or before its first records."""
        if month in self.forced or self._follows.get(month, set()) & self._touched:
            return True
        after = records.next_month(month)
        if after in self._new:
            self._groups(after)  # only joining tells whether it holds anything new
        near = {records.next_month(month, -1), month, after}
        return any(name in near for _, name in self._touched)


def _bounds(month: str) -> tuple[int, int]:
    return records.month_start(month), records.month_end(month)


def _conflicts(id: str, merged: Merged) -> pl.DataFrame:
    """Conflicts of a point as a table: what was stored and what was offered."""
    return pl.DataFrame(
        {
            "time": pl.Series(merged.offered.time).cast(pl.Datetime("us", "UTC")),
            "point": pl.Series([id] * len(merged.offered), dtype=pl.String),
            "stored": merged.stored.value,
            "offered": merged.offered.value,
        },
        schema=CONFLICT_SCHEMA,
    )
