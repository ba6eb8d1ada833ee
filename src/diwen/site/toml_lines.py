"""At which line of a TOML file a key stands, for error messages.

``tomllib`` reads the values but forgets the lines; this finds them again from the text of a file
that ``tomllib`` has already accepted. A key inside an inline table has the line of that table.
"""

from __future__ import annotations

import re
import tomllib

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(r"""\s*((?:[\w.\-\s]|"[^"]*"|'[^']*')+?)\s*=""")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"""' r"|'''.*?'''" r'|"(?:[^"\\\n]|\\.)*"' r"|'[^'\n]*'" r"|\#[^\n]*",
    re.DOTALL,
)


def key_lines(text: str) -> dict[Path, int]:
    """Line number (from 1) of every table header and key.

    Parameters
    ----------
    text : a valid TOML document

    Returns
    -------
    dict : path of keys (and list positions of ``[[...]]`` tables) to the line
    """
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    depth = 0
    for number, line in enumerate(_without_values(text).split("\n"), start=1):
        header = _HEADER.match(line) if depth == 0 else None
        assignment = _ASSIGNMENT.match(line) if depth == 0 and not header else None
        if header:
            table = _indexed(_keys(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            _note(lines, table, number)
            continue
        if assignment:
            path = (*table, *_keys(assignment[1]))
            _note(lines, path, number)
        depth += sum(line.count(c) for c in "[{") - sum(line.count(c) for c in "]}")
    return lines


def _note(lines: dict[Path, int], path: Path, number: int) -> None:
    """Note the line of a path, and of every table that the path is the first to name."""
    for length in range(1, len(path) + 1):
        lines.setdefault(path[:length], number)


def line_of(path: Path, lines: dict[Path, int]) -> int | None:
    """The line of a path, or of the nearest table around it."""
    for length in range(len(path), 0, -1):
        if path[:length] in lines:
            return lines[path[:length]]
    return None


def _without_values(text: str) -> str:
    """The text with comments and the inside of string values blanked, line breaks kept.

    Quoted keys are kept: they stand before ``=``, ``.`` or ``]``.
    """

    def blank(match: re.Match[str]) -> str:
        after = text[match.end() :].lstrip(" \t")
        is_key = match[0][0] in "\"'" and "\n" not in match[0] and after[:1] in ("=", ".", "]")
        if is_key and not _inside_value(text, match.start()):
            return match[0]
        return "\n" * match[0].count("\n")

    return _STRING.sub(blank, text)


def _inside_value(text: str, position: int) -> bool:
    """Whether something before the position on its line makes it a value (an ``=`` or ``,``)."""
    start = text.rfind("\n", 0, position) + 1
    return any(sign in text[start:position] for sign in "=,{") or (
        text[start:position].strip() == "" and text[:start].rstrip().endswith((",", "["))
    )


def _keys(text: str) -> tuple[str, ...]:
    """The parts of a dotted key."""
    try:
        inner = tomllib.loads(f"{text} = 0")
    except tomllib.TOMLDecodeError:
        return (text.strip(),)
    keys = []
    node: object = inner
    while isinstance(node, dict):
        key, node = next(iter(node.items()))
        keys.append(key)
    return tuple(keys)


def _indexed(keys: tuple[str, ...], counts: dict[Path, int]) -> Path:
    """A header's keys with the current list position put after every ``[[...]]`` table above it."""
    path: Path = ()
    for position, key in enumerate(keys):
        path = (*path, key)
        if path in counts and position < len(keys) - 1:
            path = (*path, counts[path])
    return path
