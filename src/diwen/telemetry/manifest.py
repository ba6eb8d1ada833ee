"""``telemetry/manifest.json``: what parts there are, what they hold, and which files came in.

The parts themselves are the truth. The manifest saves opening every footer and keeps the log of
imports; an entry that no longer fits its part (size, end of the file) is read again from the
footer, and a missing or damaged manifest is rebuilt from all footers (its log is then lost).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from diwen.telemetry import parts
from diwen.telemetry.parts import Span

NAME = "manifest.json"
# Folders beside the point groups that hold no parts of the store.
RESERVED = ("superseded", "refused")
_TAIL = 4096


@dataclass(frozen=True)
class Part:
    """One part file: its group, its month and what it holds of each point."""

    path: Path
    group: str
    month: str
    points: Mapping[str, Span]


@dataclass(frozen=True)
class Manifest:
    """The parts of a store and the log of imports.

    Attributes
    ----------
    parts : by (group, month)
    imports : one entry per imported file, oldest first
    pending : months whose quality flags a killed import left to be computed again
    damaged : parts that cannot be read, with the reason
    """

    parts: Mapping[tuple[str, str], Part]
    imports: tuple[dict[str, Any], ...] = ()
    pending: tuple[str, ...] = ()
    damaged: Mapping[Path, str] = field(default_factory=dict)

    def months(self, group: str | None = None) -> list[str]:
        """Months of which a part exists, ascending."""
        found = {month for name, month in self.parts if group is None or name == group}
        return sorted(found)

    def has_earlier(self, point: str, time: int) -> bool:
        """Whether the store holds a record of the point before an instant (microseconds)."""
        return any(
            part.points[point].first < time for part in self.parts.values() if point in part.points
        )


def read(folder: Path) -> Manifest:
    """The manifest of a telemetry folder as it stands now, mended where it does not fit."""
    noted = _noted(folder / NAME)
    found: dict[tuple[str, str], Part] = {}
    damaged: dict[Path, str] = {}
    for path in _part_files(folder):
        group, month = path.parent.name, path.stem
        try:
            found[group, month] = _part(path, _signature(path))
        except Exception as error:
            # Any damage to one file must not hide the others; it is shown to the user.
            damaged[path] = f"{type(error).__name__}: {error}"
    imports = tuple(entry for entry in noted.get("imports", ()) if isinstance(entry, dict))
    pending = tuple(str(month) for month in noted.get("pending", ()))
    return Manifest(found, imports, pending, damaged)


def _signature(path: Path) -> tuple[int, int, int]:
    """What changes when a file is replaced or written."""
    stat = path.stat()
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=65_536)
def _part(path: Path, signature: tuple[int, int, int]) -> Part:
    """A part as the manifest or else its footer tells it; remembered while it stays the same."""
    group, month = path.parent.name, path.stem
    entry = _noted(path.parent.parent / NAME).get("parts", {}).get(f"{group}/{month}")
    if isinstance(entry, dict) and entry.get("fingerprint") == fingerprint(path):
        points = {point: Span(*span) for point, span in entry["points"].items()}
    else:
        points = parts.spans(path)
    return Part(path, group, month, points)


def _part_files(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.glob(f"*/*{parts.SUFFIX}")):
        if path.parent.name not in RESERVED and not path.name.startswith("."):
            yield path


def _noted(path: Path) -> dict[str, Any]:
    """What the manifest file says; nothing if it is missing or damaged."""
    try:
        return _parsed(path, _signature(path))
    except (OSError, ValueError):
        return {}


@lru_cache(maxsize=1024)
def _parsed(path: Path, signature: tuple[int, int, int]) -> dict[str, Any]:
    noted = json.loads(path.read_text("utf-8"))
    if not isinstance(noted, dict) or not isinstance(noted.get("parts", {}), dict):
        return {}
    return noted


def write(folder: Path, manifest: Manifest) -> None:
    """Put the manifest in its place if it differs from what stands there."""
    held = [
        (
            f"{group}/{month}",
            {
                "fingerprint": fingerprint(part.path),
                "points": {id: list(span) for id, span in sorted(part.points.items())},
            },
        )
        for (group, month), part in sorted(manifest.parts.items())
    ]
    text = (
        '{"format": 1,\n"parts": {'
        + ",".join(f"\n{_compact(name)}: {_compact(entry)}" for name, entry in held)
        + '},\n"imports": ['
        + ",".join(f"\n{_compact(entry)}" for entry in manifest.imports)
        + f'],\n"pending": {_compact(sorted(set(manifest.pending)))}}}\n'
    )
    path = folder / NAME
    try:
        if path.read_text("utf-8") == text:
            return
    except (OSError, ValueError):
        pass
    parts.write_text(path, text)


def _compact(value: object) -> str:
    """A value on one line: a line per part and per import, quick to read and good to compare."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def fingerprint(path: Path) -> str:
    """Size and hash of a part's last bytes, which hold the footer with all its statistics."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        return f"{size}-{hashlib.blake2b(file.read(), digest_size=8).hexdigest()}"
