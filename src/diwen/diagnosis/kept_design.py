"""What follows from the description of a site alone, kept from one month to the next.

A new month of records changes nothing of the design: its twin and the responses of its ground are
the same as long as the description, the files beside it and the rules are. They are kept in the
running program, a bounded number of them; another process builds them anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from diwen.site import Site

T = TypeVar("T")
_NOT_OF_THE_DESIGN = ("deviations.csv",)  # what the program itself writes month by month
# Oldest first: seven variants of a field and the inputs of a plant stay for some ten sites.
_KEPT: dict[tuple[str, str], object] = {}
_MOST_KEPT = 96


def kept(site: Site, what: str, build: Callable[[], T]) -> T:
    """What was built for this site before, or is built now; errors are not kept.

    Parameters
    ----------
    site : as described, in whatever way it was changed since it was read
    what : name of what is built, the same for the same thing
    build : how; what it gives must not be changed by anybody
    """
    key = (content_key(site), what)
    if key not in _KEPT:
        found = build()
        while len(_KEPT) >= _MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[key] = found
        return found
    return _KEPT[key]  # type: ignore[return-value]


def content_key(site: Site) -> str:
    """A hash of the description of a site, of the files beside it and of the rules."""
    from diwen import rules

    told = hashlib.blake2b(site.model_dump_json().encode(), digest_size=16)
    told.update(str(site.folder).encode())
    told.update(rules.load().digest.encode())
    for path in sorted(_files(Path(site.folder))):
        stat = path.stat()
        told.update(f"{path.name} {stat.st_size} {stat.st_mtime_ns};".encode())
    return told.hexdigest()


def _files(folder: Path) -> list[Path]:
    """Files of a site, without telemetry and without what was condensed from it."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_file() and path.name not in _NOT_OF_THE_DESIGN:
            found.append(path)
        elif path.is_dir() and path.name not in ("telemetry", "reports"):
            found += [one for one in path.iterdir() if one.is_file()]
    return found
