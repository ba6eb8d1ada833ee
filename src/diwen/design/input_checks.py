"""Checks of numbers and columns that come in, said so that the reader can mend them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_FINITE, NOT_POSITIVE

Floats = NDArray[np.float64]

_NEGATIVE = Text(
    "below zero: heating and cooling, extraction and injection are given as positive numbers",
    "小于零：热负荷与冷负荷、取热量与排热量均应以正数给出",
)
_ABSOLUTE = Text("write the amount without sign", "请写不带符号的数值")
_ZERO_OR_MORE = Text("0 or more", "不小于 0")


def number(where: str, name: str, value: float | None, *, positive: bool) -> Iterator[Problem]:
    """A problem when a number is not finite, or not above zero where it must be."""
    if value is None:
        return
    if not math.isfinite(value):
        yield Problem(where, name, NOT_FINITE, CORRECT, f"{value:g}")
    elif positive and value <= 0:
        yield Problem(where, name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)


def amounts(where: str, name: str, values: Floats) -> Iterator[Problem]:
    """A problem when an entry of a column is not finite or has a sign that is not meant."""
    yield from finite(where, name, values)
    with np.errstate(invalid="ignore"):
        below = values < 0
    if below.any():
        yield _entry(where, name, values, below, _NEGATIVE, _ABSOLUTE, _ZERO_OR_MORE)


def finite(where: str, name: str, values: Floats) -> Iterator[Problem]:
    """A problem when an entry of a column is not finite."""
    bad = ~np.isfinite(values)
    if bad.any():
        yield _entry(where, name, values, bad, NOT_FINITE, CORRECT, None)


def _entry(
    where: str,
    name: str,
    values: Floats,
    bad: NDArray[np.bool_],
    message: Text,
    cure: Text,
    allowed: Text | None,
) -> Problem:
    first = int(np.flatnonzero(bad)[0])
    return Problem(where, f"{name}[{first}]", message, cure, f"{values[first]:g}", allowed)


def refuse(problems: list[Problem]) -> None:
    """Raise all problems at once, if there are any."""
    if problems:
        raise InputError(problems)


def column(values: ArrayLike) -> Floats:
    """A read-only column of numbers, shape (n,)."""
    array = np.array(values, dtype=float).reshape(-1)
    array.setflags(write=False)
    return array
