"""The pages: a read-only web view of one or many site folders, for people and for programs.

It looks; the only thing it ever writes is a report somebody asked for, into the site's own
``reports`` folder, and even that can be forbidden.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["create_app"]


def create_app(
    folders: Iterable[Path],
    *,
    build: bool = True,
    hosts: Iterable[str] = ("127.0.0.1", "localhost", "[::1]", "testserver"),
) -> FastAPI:
    """The web application over some site folders.

    Parameters
    ----------
    folders : site folders, or folders that hold site folders
    build : whether a report may be built on demand (the only thing that writes)
    hosts : host names the application answers to (``*`` for any); a page of another name that
        points at this machine (DNS rebinding) gets no answer
    """
    from diwen.web.application import assemble

    return assemble(tuple(folders), build=build, hosts=tuple(hosts))
