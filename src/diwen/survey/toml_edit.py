"""Setting values in a TOML text without touching anything else: comments, order, blank lines stay.

Every edit is checked: the new text must read as the old values with exactly the changes applied,
else it is refused and nothing is written.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Sequence
from typing import Any

from diwen.site.toml_lines import Path as KeyPath
from diwen.site.toml_lines import key_lines, line_of

Value = str | int | float | Any
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ONE_VALUE = r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|\[[^\]]*\]|[^,}\s]+"


class EditError(ValueError):
    """A text is written so that a value cannot be set in place."""


def set_values(text: str, changes: Sequence[tuple[KeyPath, Value]]) -> str:
    """The text with values set.

    Parameters
    ----------
    text : a valid TOML document
    changes : path of each key and its new value; a table that is not there is added, a list
        position just behind the last one adds an element to ``[[...]]``

    Raises
    ------
    EditError : the result would not read as wanted
    """
    wanted = tomllib.loads(text)
    new = text if text.endswith("\n") or not text else f"{text}\n"
    for path, value in changes:
        _apply(wanted, path, value)
        new = _set(new, path, value)
    try:
        read = tomllib.loads(new)
    except tomllib.TOMLDecodeError as error:
        raise EditError(str(error)) from error
    if read != wanted:
        raise EditError("the edited text does not read as wanted")
    return new


def has(data: Any, path: KeyPath) -> bool:
    """Whether a path stands in the data."""
    return value_at(data, path) is not None


def value_at(data: Any, path: KeyPath) -> Any:
    """The value of a path, None where it does not stand."""
    for key in path:
        known = isinstance(data, dict) and key in data
        if not known and not (isinstance(data, list) and key in range(len(data))):
            return None
        data = data[key]
    return data


def _apply(data: Any, path: KeyPath, value: Value) -> None:
    """Set the value in plain data."""
    for i, key in enumerate(path[:-1]):
        empty: Any = [] if isinstance(path[i + 1], int) else {}
        if isinstance(data, list):
            assert isinstance(key, int)
            if key == len(data):
                data.append(empty)
        else:
            data.setdefault(key, empty)
        data = data[key]
    data[path[-1]] = copy.deepcopy(value)


def _set(text: str, path: KeyPath, value: Value) -> str:
    data = tomllib.loads(text)
    lines = text.split("\n")
    places = key_lines(text)
    parent, key = path[:-1], str(path[-1])
    literal = _literal(value)
    if has(data, path):
        return "\n".join(_replaced(lines, _line(path, places), key, literal))
    if has(data, parent):
        at = _line(parent, places)
        if parent and _inline(lines[at], parent):
            return "\n".join(_into_inline(lines, at, str(parent[-1]), f"{_key(key)} = {literal}"))
        end = _own_end(lines, parent, places)
        return "\n".join([*lines[:end], f"{_key(key)} = {literal}", *lines[end:]])
    header = _header(parent)
    end = _extent_end(lines, parent[:-1], places)
    block = ["", header, f"{_key(key)} = {literal}"]
    return "\n".join([*lines[:end], *block, *lines[end:]])


def _line(path: KeyPath, places: dict[KeyPath, int]) -> int:
    """Position of the line of a path; what is inside an inline table stands on its line."""
    return (line_of(path, places) or 1) - 1


def _literal(value: Value) -> str:
    import tomli_w

    return tomli_w.dumps({"x": value}).strip().partition("=")[2].strip()


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _literal(name)


def _header(path: KeyPath) -> str:
    """The header of a new table; a path that ends in a position makes an element of a list."""
    names = ".".join(_key(str(part)) for part in path if not isinstance(part, int))
    return f"[[{names}]]" if isinstance(path[-1], int) else f"[{names}]"


def _inline(line: str, parent: KeyPath) -> bool:
    """Whether the line assigns an inline table (no header of its own)."""
    return not line.lstrip().startswith("[") and "=" in line and "{" in line


def _replaced(lines: list[str], at: int, key: str, literal: str) -> list[str]:
    """The line with the value of one key replaced, its comment kept."""
    name = re.escape(_key(key))
    pattern = re.compile(rf"((?:^|[{{,.]|\s){name}\s*=\s*)({_ONE_VALUE})")
    found = pattern.search(lines[at])
    if found is None:
        raise EditError(f"line {at + 1}")
    new = lines[at][: found.start(2)] + literal + lines[at][found.end(2) :]
    return [*lines[:at], new, *lines[at + 1 :]]


def _into_inline(lines: list[str], at: int, table: str, assignment: str) -> list[str]:
    """The line with one more key at the end of an inline table."""
    start = re.search(rf"(?:^|[{{,.]|\s){re.escape(_key(table))}\s*=\s*\{{", lines[at])
    if start is None:
        raise EditError(f"line {at + 1}")
    depth, quote = 1, ""
    for position in range(start.end(), len(lines[at])):
        sign = lines[at][position]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        else:
            depth += (sign == "{") - (sign == "}")
        if depth == 0:
            inside = lines[at][start.end() : position].rstrip()
            comma = ", " if inside.strip() else " "
            new = (
                lines[at][: start.end()] + inside + comma + assignment + " " + lines[at][position:]
            )
            return [*lines[:at], new, *lines[at + 1 :]]
    raise EditError(f"line {at + 1}")


def _own_end(lines: list[str], table: KeyPath, places: dict[KeyPath, int]) -> int:
    """Behind which line a new key of a table goes: after its header and last own key."""
    if not table:
        # Keys of the root end before the first header.
        heads = [i for i, line in enumerate(lines) if line.lstrip().startswith("[")]
        end = heads[0] if heads else len(lines)
    else:
        start = places[table] - 1
        heads = [i for i in range(start + 1, len(lines)) if _is_header(lines, i, places)]
        end = heads[0] if heads else len(lines)
    return _without_tail(lines, end)


def _extent_end(lines: list[str], parent: KeyPath, places: dict[KeyPath, int]) -> int:
    """Behind which line a new table below a parent goes: after the last line of that parent."""
    inside = [line for path, line in places.items() if parent and path[: len(parent)] == parent]
    if not inside:
        return _without_tail(lines, len(lines))
    last = max(inside) - 1
    heads = [i for i in range(last + 1, len(lines)) if _is_header(lines, i, places)]
    return _without_tail(lines, heads[0] if heads else len(lines))


def _is_header(lines: list[str], index: int, places: dict[KeyPath, int]) -> bool:
    return lines[index].lstrip().startswith("[") and index + 1 in places.values()


def _without_tail(lines: list[str], end: int) -> int:
    """Before the blank lines and comments that belong to what follows."""
    while end > 0 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return end
