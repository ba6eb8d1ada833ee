"""What drawings of wells share: texts that stay apart, and the mark of where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from diwen.language import Language, Text
from diwen.reports.drawing_shapes import SOFT
from diwen.reports.font import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SIMULATED = Text("simulated", "模拟")
_CALCULATED = Text("calculated", "计算")
_ILLUSTRATIVE = Text("illustrative data", "示例数据")
_PULLS = 200
_TITLE, _ROOM, _SQUARE = 8.5, 46.0, 0x2E7F  # size, letters that fit, first square letter


def plain(text: str) -> str:
    """A text in letters that the font has, in which matplotlib finds no formula."""
    return printable(text).replace("$", r"\$")


def spread(places: Sequence[float], gap: float) -> list[float]:
    """The places pushed apart until neighbours stand at least a gap away; order is kept."""
    order = np.argsort(np.asarray(places, float), kind="stable")
    moved = np.asarray(places, float)[order]
    for _ in range(_PULLS):
        short = gap - np.diff(moved)
        tight = np.flatnonzero(short > 1e-6 * gap)
        if not len(tight):
            break
        for i in tight:
            lack = max(gap - (moved[i + 1] - moved[i]), 0.0)
            moved[i] -= 0.5 * lack
            moved[i + 1] += 0.5 * lack
    found = np.empty(len(moved))
    found[order] = moved
    return [float(place) for place in found]


def mark_origin(
    figure: Figure, language: Language, *, simulated: bool, illustrative: bool,
    title: Text | None = None,
) -> None:  # fmt: skip
    """Say in a corner where the picture comes from, and in the other what it shows.

    The mark stays with the picture wherever it goes.
    """
    parts = [_SIMULATED if simulated else _CALCULATED, *([_ILLUSTRATIVE] if illustrative else [])]
    text = ("; " if language == "en" else "；").join(part.to(language) for part in parts)
    figure.text(0.992, 0.992, text, ha="right", va="top", fontsize=7, color=SOFT)
    if title is not None:
        shown = plain(title.to(language))
        wide = sum(1.0 if ord(letter) > _SQUARE else 0.55 for letter in shown)
        size = min(_TITLE, _TITLE * _ROOM / max(wide, 1.0))
        figure.text(0.01, 0.994, shown, ha="left", va="top", fontsize=size)
