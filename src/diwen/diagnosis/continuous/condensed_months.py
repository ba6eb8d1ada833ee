"""The record of a site, of which only months are condensed that changed since the last time.

Each local month is kept beside the telemetry, under a key made of everything it rests on: the
parts of the store that it reads, the site's description, points and ledger, and the rules. A month
whose key is another one than it was is condensed again; deleting the folder costs only time.

What counts as flowing or running is told by what is usual over all seasons, so a new month is
condensed together with the months before it, of which only the new one is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from diwen.diagnosis.continuous.saved_record import save_record, saved_record
from diwen.diagnosis.record.from_store import record_of_site
from diwen.diagnosis.record.operating_record import OperatingRecord
from diwen.diagnosis.record.stretch import joined, part_of
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.telemetry import Store

FOLDER = "condensed"
_EDITION = 1  # to be raised when the record condenses differently
_DESCRIPTION = ("site.toml", "points.csv", "ledger.csv")


@dataclass(frozen=True, eq=False)
class CondensedRecord:
    """A record, and what it cost.

    Attributes
    ----------
    record : of all months
    condensed : months (``2024-03``) that were read from telemetry this time
    kept : months that were taken as they had been kept
    """

    record: OperatingRecord
    condensed: tuple[str, ...]
    kept: tuple[str, ...]


def condensed_record(
    site: Site, since: date | None = None, until: date | None = None
) -> CondensedRecord:
    """The operating record of a site; only new or changed months are read from its telemetry.

    Parameters
    ----------
    site : with telemetry in its folder
    since : first local day; None: from the first record
    until : local day after the last one; None: to the last record

    Raises
    ------
    diwen.problems.InputError : a part of the store is damaged, or the points contradict
    """
    from diwen import telemetry

    store = telemetry.open_store(site)
    span = store.span()
    if span is None:
        return CondensedRecord(record_of_site(site, since, until), (), ())
    # local days may begin before and end after those of UTC
    first = max(since or date.min, span[0].date() - timedelta(days=1))
    last = min(until or date.max, span[1].date() + timedelta(days=2))
    folder = store.folder / FOLDER
    described = _described(site)
    parts: dict[date, OperatingRecord] = {}
    missing: list[tuple[date, date, str]] = []
    for begin, end in months(first, last):
        key = month_key(site, store, begin, described)
        record = saved_record(site, _path(folder, begin), key)
        if record is None:
            missing.append((begin, end, key))
        else:
            parts[begin] = record
    kept = tuple(f"{begin:%Y-%m}" for begin in parts)
    for run in runs(missing):
        fresh = record_of_site(site, _context(run[0][0], first), run[-1][1])
        for begin, end, key in run:
            parts[begin] = part_of(fresh, begin, end)
            save_record(parts[begin], _path(folder, begin), key)
    condensed = tuple(f"{begin:%Y-%m}" for begin, _, _ in missing)
    held = [parts[begin] for begin in sorted(parts) if len(parts[begin])]
    if not held:
        return CondensedRecord(record_of_site(site, since, until), condensed, kept)
    whole = joined(held)
    if since is not None or until is not None:
        whole = part_of(whole, since, until)
    return CondensedRecord(whole, condensed, kept)


def _path(folder: Path, begin: date) -> Path:
    return folder / f"{begin:%Y-%m}.npz"


def _context(begin: date, first: date) -> date:
    """First day of the months that are read before a month, so that all seasons are seen."""
    back = begin
    for _ in range(int(usual_value("diagnosis.inference.context_months"))):
        if back <= first:
            break
        back = (back - timedelta(days=1)).replace(day=1)
    return back


def runs(missing: Sequence[tuple[date, date, str]]) -> list[list[tuple[date, date, str]]]:
    """Months that follow each other, together: each begins where the one before ends."""
    found: list[list[tuple[date, date, str]]] = []
    for one in missing:
        if found and found[-1][-1][1] == one[0]:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Whole months that touch first <= day < last: their first days, and those of the next."""
    begin = first.replace(day=1)
    while begin < last:
        end = (begin + timedelta(days=32)).replace(day=1)
        yield begin, end
        begin = end


def month_key(site: Site, store: Store, begin: date, described: str) -> str:
    """What the condensed record of a month rests on, as a short hash.

    The months about it count too: states are looked for a month back, steps cross the edges.

    Parameters
    ----------
    site, store : whose telemetry
    begin : first day of the month
    described : hash of what the site's files and the rules say
    """
    from diwen.telemetry import manifest

    about = {f"{begin + timedelta(days=days):%Y-%m}" for days in (-45, -15, 0, 15, 45)}
    manual = {point.id for point in site.points if point.origin == "manual"}
    found = []
    for (group, month), part in sorted(store.manifest.parts.items()):
        typed = month <= max(about) and not manual.isdisjoint(part.points)
        if month in about or typed:
            found.append([group, month, manifest.fingerprint(part.path)])
    return _hash([_EDITION, described, found])


def _described(site: Site) -> str:
    """Hash of the description of a site, and of the rules by which its instruments are judged."""
    from diwen import rules

    folder = Path(site.folder)
    files = [
        (folder / name).read_bytes() if (folder / name).exists() else b"" for name in _DESCRIPTION
    ]
    told = [hashlib.blake2b(one, digest_size=8).hexdigest() for one in files]
    return _hash([*told, rules.load().digest])


def _hash(content: list[object]) -> str:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
