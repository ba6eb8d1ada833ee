"""Which sites there are: found by looking, named by their folders, read once per change."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from diwen.site import Site

# Where diagnosis keeps months that it has read (diwen.diagnosis.continuous.condensed_months).
_CONDENSED = "condensed"
_UNREADABLE = Text("the folder cannot be read: {reason}", "无法读取该文件夹：{reason}")
_UNREADABLE_CURE = Text(
    "run `diwen check` on it and mend what it names.", "请运行 `diwen check` 并按提示修正。"
)


class BrokenSiteError(InputError):
    """The files of a site have errors; the other sites are not affected."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One site folder.

    Attributes
    ----------
    id : name in addresses; the folder's name, numbered if two folders share it
    folder : where it lies
    """

    id: str
    folder: Path

    def signature(self) -> str:
        """A short hash that changes with any file an evaluation reads (names, sizes, times)."""
        lines = []
        for path in sorted(_inputs(self.folder)):
            try:
                stat = path.stat()
            except OSError:  # gone between listing and looking: a change like any other
                continue
            lines.append(f"{path.relative_to(self.folder)}|{stat.st_size}|{stat.st_mtime_ns}")
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _inputs(folder: Path) -> Iterable[Path]:
    """The files beside and in ``telemetry``; reports and what is condensed are results."""
    yield from (path for path in folder.iterdir() if path.is_file())
    for path in folder.iterdir():
        if path.is_dir() and path.name != "reports":
            inside = (inner for inner in path.rglob("*") if inner.parent.name != _CONDENSED)
            yield from (inner for inner in inside if inner.is_file())


class Catalogue:
    """The sites below some folders.

    An address names a site only by an id of this list; a text from a browser never becomes a
    path. New folders are found while the server runs.
    """

    def __init__(self, roots: Iterable[Path]) -> None:
        self.roots = tuple(Path(root).resolve() for root in roots)
        self._lock = Lock()
        self._known: dict[str, Entry] = {}

    def entries(self) -> tuple[Entry, ...]:
        """All site folders there are now, by id."""
        found: dict[Path, None] = {}
        for root in self.roots:
            for folder in _site_folders(root):
                found[folder] = None
        with self._lock:
            by_folder = {entry.folder: entry for entry in self._known.values()}
            taken = {entry.id for folder, entry in by_folder.items() if folder in found}
            known = {}
            for folder in found:
                entry = by_folder.get(folder) or Entry(_free(folder.name, taken), folder)
                taken.add(entry.id)
                known[entry.id] = entry
            self._known = known
        return tuple(sorted(known.values(), key=lambda entry: entry.id))

    def entry(self, site_id: str) -> Entry | None:
        """The site of that id, or None."""
        known = self._known.get(site_id)
        if known is not None and (known.folder / "site.toml").is_file():
            return known
        return next((entry for entry in self.entries() if entry.id == site_id), None)


def _site_folders(root: Path) -> list[Path]:
    if (root / "site.toml").is_file():
        return [root]
    try:
        children = sorted(child for child in root.iterdir() if child.is_dir())
    except OSError:
        return []
    return [child.resolve() for child in children if (child / "site.toml").is_file()]


def _free(name: str, taken: set[str]) -> str:
    """``name``, or ``name-2`` and so on if another folder already has it."""
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    return candidate


@lru_cache(maxsize=512)
def _read(folder: Path, signature: str) -> Site | InputError:
    from diwen.site import read

    try:
        return read(folder)
    except InputError as error:
        return error
    except Exception as error:
        # One damaged folder must not take the other sites' pages down; the page shows the reason.
        message = _UNREADABLE.format(reason=f"{type(error).__name__}: {error}")
        return InputError([Problem(str(folder), "-", message, _UNREADABLE_CURE)])


def site_of(entry: Entry) -> Site:
    """The site, read again only if one of its files changed.

    Raises
    ------
    BrokenSiteError : the folder has errors; all of them
    """
    outcome = _read(entry.folder, entry.signature())
    if isinstance(outcome, InputError):
        raise BrokenSiteError(outcome.problems)
    return outcome
