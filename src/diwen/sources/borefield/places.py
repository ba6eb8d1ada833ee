"""Where a temperature of the ground is wanted: points, or intervals of depth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_SIZES = Text("the columns of the places have different lengths", "各测点参数个数不一致")
_ONE_EACH = Text("give one value per place, or one for all", "每点一个值，或全部共用一个值")
_FINITE = Text("not a finite number", "不是有限数值")
_CORRECT = Text("correct the value", "请更正该值")
_ABOVE = Text("the place is above the surface or upside down", "测点高于地表，或顶深大于底深")
_ABOVE_CURE = Text("depths count downwards: 0 <= top <= bottom", "深度自地表向下计：0 ≤ 顶 ≤ 底")


@dataclass(frozen=True, eq=False)
class Places:
    """Points, or vertical intervals of which the mean is wanted; build with :meth:`of`.

    Attributes
    ----------
    x, y : position in plan, m, shape (np,)
    top, bottom : depths, m, shape (np,); equal for a point
    """

    x: Floats
    y: Floats
    top: Floats
    bottom: Floats

    @classmethod
    def of(
        cls, x: ArrayLike, y: ArrayLike, depth: ArrayLike, bottom: ArrayLike | None = None
    ) -> Places:
        """Points at a depth in m, or intervals from ``depth`` to ``bottom``.

        Raises
        ------
        diwen.problems.InputError : columns of different lengths, places above the surface
        """
        given = (x, y, depth, depth if bottom is None else bottom)
        try:
            columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, float)) for v in given))
        except ValueError as error:
            sizes = ", ".join(f"{np.size(v)}" for v in given)
            raise InputError([Problem("places", "", _SIZES, _ONE_EACH, sizes)]) from error
        problems = list(_place_problems(columns[2], columns[3]))
        for name, column in zip(("x", "y", "depth", "bottom"), columns, strict=True):
            for i in np.flatnonzero(~np.isfinite(column))[:1]:
                shown = f"{column[i]:g}"
                problems.append(Problem("places", f"{name}[{i}]", _FINITE, _CORRECT, shown))
        if problems:
            raise InputError(problems)
        return cls(*(np.array(column) for column in columns))

    @property
    def count(self) -> int:
        """Number of places."""
        return len(self.x)


def _place_problems(top: Floats, bottom: Floats) -> Iterator[Problem]:
    for i in np.flatnonzero((top < 0) | (bottom < top))[:1]:
        shown = f"{top[i]:g} … {bottom[i]:g} m"
        yield Problem("places", f"depth[{i}]", _ABOVE, _ABOVE_CURE, shown, same(">= 0"))
