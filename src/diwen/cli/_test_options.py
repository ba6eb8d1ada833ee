"""Options that the commands for tests of the ground share: quantities, columns, pictures."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import typer

from diwen.language import Language, Text, same
from diwen.problems import Problem

_UNIT = Text("not a number with a unit of {name}", "不是“数值＋单位”形式的{name}")
_UNIT_CURE = Text("write it as {example}", "请写作 {example}")
_COLUMN = Text("not of the form ROLE=NAME", "不是“角色=列名”的形式")
_TWICE = Text("this is named twice", "重复指定")
_ONE_OF_TWO = Text("leave one of the two", "请只保留一个")
_ONLY_SVG = Text("the picture is an SVG file, or a folder for all of them",
                 "图件为 SVG 文件，或存放全部图件的文件夹")  # fmt: skip
_NAME_SVG = Text("name a .svg file or a folder", "请指定 .svg 文件或文件夹")
_NO_CHOICE = Text("choose one of them", "请选其一")


def quantity_of(
    command: str, option: str, text: str, quantity: str, example: str, problems: list[Problem]
) -> float | None:
    """A quantity in its inside unit; None where it is not given, or wrong and told.

    Parameters
    ----------
    command, option, text : as on the command line
    quantity : key of :mod:`diwen.quantities`
    example : how it may be written
    problems : takes what is wrong
    """
    from diwen import quantities

    if not text:
        return None
    try:
        return quantities.parse(text, quantity)
    except (quantities.UnitError, OverflowError):
        message = _UNIT.format(name=quantities.quantity(quantity).text)
        problems.append(Problem(command, option, message, _UNIT_CURE.format(example=example), text))
        return None


def columns_of(
    command: str,
    given: Sequence[str],
    cure: Text,
    problems: list[Problem],
    roles: Collection[str] | None = None,
) -> dict[str, str]:
    """What ``--column ROLE=NAME`` says, role to name.

    Parameters
    ----------
    command, given : as on the command line
    cure : how it is written
    problems : takes what is wrong
    roles : those that exist; None: looked at later
    """
    allowed = None if roles is None else same(", ".join(roles))
    found: dict[str, str] = {}
    for text in given:
        role, _, spec = (part.strip() for part in text.partition("="))
        if not role or not spec or (roles is not None and role not in roles):
            problems.append(Problem(command, "--column", _COLUMN, cure, text, allowed))
        elif role in found:
            problems.append(twice(command, "--column", text))
        found[role] = spec
    return found


def twice(command: str, option: str, text: str) -> Problem:
    """Something was said two times."""
    return Problem(command, option, _TWICE, _ONE_OF_TWO, text)


def not_of(
    command: str, option: str, message: Text, value: str, allowed: Iterable[str]
) -> list[Problem]:
    """A problem where a word is none of those allowed."""
    allowed = tuple(allowed)
    if value in allowed:
        return []
    return [Problem(command, option, message, _NO_CHOICE, value, same(", ".join(allowed)))]


def picture_problems(command: str, plot: Path | None) -> list[Problem]:
    """Whether pictures can go to a place: an SVG file, or a folder."""
    if plot is None or not plot.suffix or plot.suffix.lower() == ".svg" or plot.is_dir():
        return []
    return [Problem(command, "--plot", _ONLY_SVG, _NAME_SVG, str(plot))]


def say_files(title: Text, files: Sequence[Path], language: Language) -> None:
    """Files written, under a title; nothing without files."""
    if files:
        typer.echo(title.to(language))
        for path in files:
            typer.echo(f"  {path}")
