"""The reports of a site: those that lie in its folder, and building one that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from diwen.language import LANGUAGES, Language, Text
from diwen.web.catalogue import Entry, site_of
from diwen.web.work import Job, Workshop

if TYPE_CHECKING:
    from collections.abc import Callable

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file in the ``reports`` folder of a site."""

    name: str
    size: int
    changed: datetime
    path: Path

    @property
    def media_type(self) -> str:
        """What the browser is told it is."""
        return TYPES[self.path.suffix.lower()]

    @property
    def size_text(self) -> str:
        """The size as people read it."""
        return f"{self.size / 1e6:.1f} MB" if self.size >= 1e5 else f"{self.size / 1e3:.0f} kB"


def downloads(entry: Entry) -> tuple[Download, ...]:
    """The report files of a site, latest first.

    Only files that really lie below the site's ``reports`` folder: a link that leads out of it
    is not shown.
    """
    folder = (entry.folder / "reports").resolve()
    found = []
    for path in folder.rglob("*") if folder.is_dir() else ():
        real = path.resolve()
        if path.suffix.lower() in TYPES and real.is_file() and real.is_relative_to(folder):
            stat = real.stat()
            changed = datetime.fromtimestamp(stat.st_mtime).astimezone()
            found.append(Download(path.relative_to(folder).as_posix(), stat.st_size, changed, real))
    return tuple(sorted(found, key=lambda file: (file.changed, file.name), reverse=True))


def download(entry: Entry, name: str) -> Download | None:
    """The report file of that name; looked up in the list, never made into a path."""
    return next((file for file in downloads(entry) if file.name == name), None)


class Progress:
    """What a build says it is doing, read by the page while it waits."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._said = Text("waiting for its turn", "排队中")

    def __call__(self, said: Text) -> None:
        """Note the step that begins."""
        with self._lock:
            self._said = said

    @property
    def said(self) -> Text:
        """The latest step."""
        with self._lock:
            return self._said


class Builds:
    """Reports being built, one at a time per site and period."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._progress: dict[tuple[str, Path, str], Progress] = {}

    def start(self, entry: Entry, label: str) -> None:
        """Ask for the report of a period, in both languages; one that runs already goes on."""
        key = self._key(entry, label)
        self._workshop.forget(key)
        if self._workshop.find(key) is None:
            progress = self._progress[key] = Progress()
            self._workshop.job(key, lambda: build(entry, label, LANGUAGES, progress))

    def find(self, entry: Entry, label: str) -> tuple[Job[list[str]], Progress] | None:
        """The build of a period, if one was asked for."""
        key = self._key(entry, label)
        job = self._workshop.find(key)
        return None if job is None else (job, self._progress[key])

    def running(self, entry: Entry) -> list[str]:
        """Periods of the site whose report is being built."""
        return [
            label
            for (_, folder, label) in list(self._progress)
            if folder == entry.folder
            and (found := self.find(entry, label)) is not None
            and not found[0].ready()
        ]

    @staticmethod
    def _key(entry: Entry, label: str) -> tuple[str, Path, str]:
        return ("report", entry.folder, label)


def build(
    entry: Entry,
    label: str,
    languages: tuple[Language, ...],
    progress: Callable[[Text], None],
) -> list[str]:
    """Build the report of a period into the site's ``reports`` folder.

    Returns
    -------
    names of the files written, as :func:`downloads` lists them
    """
    from diwen import reports

    built = reports.build(site_of(entry), label, languages=languages, progress=progress)
    return [path.name for path in built.files]
