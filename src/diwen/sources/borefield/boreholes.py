"""The boreholes of a field: where each stands, how long it is, how it leans."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_FINITE, NOT_POSITIVE

Floats = NDArray[np.float64]

_NEGATIVE = Text("below zero", "小于零")
_SHAPE = Text("the columns of the boreholes have different lengths", "各孔参数个数不一致")
_NONE = Text("there is no borehole", "没有钻孔")
_TILT = Text("the inclination reaches or passes the horizontal", "倾角达到或超过水平")
_ONE_EACH = Text("give one value per borehole, or one for all", "每孔一个值，或全部共用一个值")
_ADD = Text("give at least one position", "请至少给出一个孔位")
_ZERO_OR_MORE = Text("0 or more", "不小于 0")


@dataclass(frozen=True, eq=False)
class Boreholes:
    """Boreholes of a field, one entry per borehole; build with :meth:`of`.

    Attributes
    ----------
    x, y : position of the upper end in plan, m, shape (n,)
    length : active length along the bore, m, shape (n,)
    buried_depth : depth of the upper end of the active length, m, shape (n,)
    radius : radius of the bore, m, shape (n,)
    tilt : inclination from the vertical, rad, shape (n,)
    orientation : direction of the inclination in plan, from x, counter-clockwise, rad, shape (n,)
    """

    x: Floats
    y: Floats
    length: Floats
    buried_depth: Floats
    radius: Floats
    tilt: Floats
    orientation: Floats

    @classmethod
    def of(
        cls,
        x: ArrayLike,
        y: ArrayLike,
        length: ArrayLike,
        buried_depth: ArrayLike,
        radius: ArrayLike,
        tilt: ArrayLike = 0.0,
        orientation: ArrayLike = 0.0,
    ) -> Boreholes:
        """Boreholes from arrays; a single number holds for all.

        Parameters
        ----------
        x, y, length, buried_depth, radius, tilt, orientation : as the attributes, shape (n,) or
            scalar

        Raises
        ------
        diwen.problems.InputError : columns of different lengths, values that cannot be; all at once
        """
        given = (x, y, length, buried_depth, radius, tilt, orientation)
        names = [field.name for field in fields(cls)]
        try:
            columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(v, float)) for v in given))
        except ValueError as error:
            sizes = ", ".join(f"{n}: {np.size(v)}" for n, v in zip(names, given, strict=True))
            raise InputError([Problem("boreholes", "", _SHAPE, _ONE_EACH, sizes)]) from error
        named = dict(zip(names, (np.array(column) for column in columns), strict=True))
        problems = list(_problems(named))
        if problems:
            raise InputError(problems)
        for column in named.values():
            column.setflags(write=False)
        return cls(**named)

    @classmethod
    def at(
        cls,
        coordinates: Sequence[tuple[float, float]],
        length: ArrayLike,
        buried_depth: ArrayLike,
        radius: ArrayLike,
        tilt: ArrayLike = 0.0,
        orientation: ArrayLike = 0.0,
    ) -> Boreholes:
        """Boreholes at positions (x, y) in m, such as :mod:`.layouts` gives them."""
        plan = np.asarray(coordinates, float).reshape(-1, 2)
        return cls.of(plan[:, 0], plan[:, 1], length, buried_depth, radius, tilt, orientation)

    @property
    def count(self) -> int:
        """Number of boreholes."""
        return len(self.x)

    @property
    def total_length(self) -> float:
        """Sum of the active lengths, m."""
        return float(self.length.sum())

    @property
    def mean_length(self) -> float:
        """Mean active length, m."""
        return float(self.length.mean())

    @property
    def vertical(self) -> bool:
        """Whether no borehole leans."""
        return not bool(self.tilt.any())

    def characteristic_time(self, diffusivity: float) -> float:
        """Eskilson's time scale H²/(9 a) of the mean length, s; diffusivity in m²/s."""
        return self.mean_length**2 / (9.0 * diffusivity)

    def take(self, which: Any) -> Boreholes:
        """The boreholes of an index array or mask, in that order."""
        return Boreholes(**{f.name: getattr(self, f.name)[which] for f in fields(self)})

    def with_length(self, length: ArrayLike) -> Boreholes:
        """The same field with another active length, m, scalar or shape (n,)."""
        return replace(
            self, length=np.array(np.broadcast_to(np.asarray(length, float), self.x.shape))
        )

    def moved(self, x: float = 0.0, y: float = 0.0, turn: float = 0.0) -> Boreholes:
        """The field turned about the origin by an angle in rad, then shifted by x, y in m."""
        cos, sin = math.cos(turn), math.sin(turn)
        return replace(
            self,
            x=cos * self.x - sin * self.y + x,
            y=sin * self.x + cos * self.y + y,
            orientation=self.orientation + turn,
        )

    @staticmethod
    def joined(parts: Iterable[Boreholes]) -> Boreholes:
        """Several fields as one, in the order given."""
        parts = list(parts)
        names = [field.name for field in fields(Boreholes)]
        return Boreholes(**{n: np.concatenate([getattr(p, n) for p in parts]) for n in names})


def _problems(named: dict[str, Floats]) -> Iterable[Problem]:
    """Everything that is wrong with the columns, one problem per column and kind."""
    if not named["x"].size:
        yield Problem("boreholes", "", _NONE, _ADD)
        return
    for name, column in named.items():
        finite = np.isfinite(column)
        if not finite.all():
            yield _at(name, column, ~finite, NOT_FINITE, None)
        elif name in ("length", "radius") and (column <= 0).any():
            yield _at(name, column, column <= 0, NOT_POSITIVE, MORE_THAN_ZERO)
        elif name == "buried_depth" and (column < 0).any():
            yield _at(name, column, column < 0, _NEGATIVE, _ZERO_OR_MORE)
        elif name == "tilt" and (np.abs(column) >= math.pi / 2).any():
            yield _at(name, column, np.abs(column) >= math.pi / 2, _TILT, same("< 90°"))


def _at(name: str, column: Floats, bad: Any, message: Text, allowed: Text | None) -> Problem:
    first = int(np.flatnonzero(bad)[0])
    return Problem("boreholes", f"{name}[{first}]", message, CORRECT, f"{column[first]:g}", allowed)
