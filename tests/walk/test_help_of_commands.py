"""Help says what it was written to say: nothing in brackets is taken for a style and left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from walk_site import diwen

from diwen.cli import build

# What the terminal's formatter would read as a style, unless a backslash stands before it.
_SWALLOWED = re.compile(r"(?<!\\)\[/?[a-zA-Z#@][^\]]*\]")


def commands(of: Any, *names: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    if hasattr(of, "commands"):
        for name, inner in of.commands.items():
            yield from commands(inner, *names, name)
    else:
        yield names, of


def test_no_help_holds_what_the_formatter_would_swallow() -> None:
    said = list(commands(typer.main.get_command(build())))
    assert len(said) >= 15
    for names, command in said:
        texts = [command.help, command.epilog, *(getattr(p, "help", "") for p in command.params)]
        for text in texts:
            assert not _SWALLOWED.findall(text or ""), (names, text)


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("simulate", "NAME=VALUE[@BEGIN] [..END] [/SERVICE]"),
        ("schematic", "SITE-schematic.svg"),
        ("design-report", "ground, sources and loads"),
    ],
)
def test_help_is_shown_whole(command: str, shown: str) -> None:
    done = diwen(command, "--help")
    assert done.exit_code == 0
    text = re.sub(r"[\s│]+", " ", done.output)
    assert shown.replace(" ", "") in text.replace(" ", "")
