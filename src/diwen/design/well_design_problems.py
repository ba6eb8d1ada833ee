"""What cannot be in a design of wells, said alike of one well and of a group."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from diwen.language import Text
from diwen.problems import Problem
from diwen.sources.aquifer.well import Screen
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_FINITE, NOT_POSITIVE

_NEGATIVE = Text("below zero", "小于零")
_THIN = Text(
    "the aquifer of {thickness} m is thinner than the screen",
    "含水层厚 {thickness} m，小于滤水管长度",
)
_SHORTER = Text(
    "shorten the screen to at most {thickness} m", "请将滤水管缩短至不超过 {thickness} m"
)
_INTO = Text("place the screen between {depths} m", "请把滤水管置于 {depths} m 之间")


def design_problem(where: str, message: Text, cure: Text, value: str = "") -> Problem:
    """Something that cannot be in a design of wells."""
    return Problem("well design", where, message, cure, value)


def number_problems(
    design: object,
    *,
    not_negative: Sequence[str],
    above_zero: Sequence[str] = (),
    free: Sequence[str] = (),
) -> Iterator[Problem]:
    """Attributes of a design that are no finite numbers or too small; None is not known.

    Parameters
    ----------
    design : with the attributes
    not_negative, above_zero, free : names of attributes that may be zero or more, more than zero,
        any number
    """
    for name in (*not_negative, *above_zero, *free):
        value = getattr(design, name)
        if value is None:
            continue
        if not math.isfinite(value):
            yield design_problem(name, NOT_FINITE, CORRECT, f"{value}")
        elif name in not_negative and value < 0.0:
            yield design_problem(name, _NEGATIVE, CORRECT, f"{value:g}")
        elif name in above_zero and value <= 0.0:
            yield Problem("well design", name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)


def outside_problem(
    where: str, screen: Screen, zones: Sequence[tuple[float, float]], message: Text
) -> Problem:
    """A screen that stands beside no water-bearing ground; ``zones``: where it may, m."""
    depths = ", ".join(f"{top:g}…{bottom:g}" for top, bottom in zones)
    return design_problem(where, message, _INTO.format(depths=depths), shown(screen))


def thin_problem(where: str, screen: Screen, thickness: float) -> Problem:
    """A screen longer than its aquifer of ``thickness`` m."""
    room = f"{thickness:g}"
    message, cure = _THIN.format(thickness=room), _SHORTER.format(thickness=room)
    return design_problem(where, message, cure, shown(screen))


def shown(screen: Screen) -> str:
    """A screen by its depths."""
    return f"{screen.top:g}…{screen.bottom:g} m"
