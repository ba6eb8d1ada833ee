"""The door of a room: what its package names, fetched from the module it stands in when asked.

So a room can name much and still load nothing until it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any


def through(package: str, door: Mapping[str, str], name: str) -> Any:
    """What a package names, for its ``__getattr__``.

    Parameters
    ----------
    package : ``__name__`` of the package
    door : module of the package by name
    name : what is asked for

    Raises
    ------
    AttributeError : the door does not name it
    """
    if name not in door:
        raise AttributeError(f"module {package!r} has no attribute {name!r}")
    return getattr(import_module(f"{package}.{door[name]}"), name)
