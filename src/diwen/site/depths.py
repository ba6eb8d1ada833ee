"""Depths in the ground, counted downwards from the surface: how deep, top above bottom, water."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from diwen.language import Text
from diwen.site.fields import Finding, Measure
from diwen.value_problems import UPSIDE_DOWN

DEEPEST = 5000.0
"""That any well or layer of a site may reach, m."""

StaticLevel = Annotated[
    float | None,
    Measure("length", "depth of the static water level, negative: artesian",
            "静水位埋深（负值为自流）", -200, 3000),
]  # fmt: skip
"""m below the surface; None where not given."""

_DEPTHS = Text("depths count downwards from the surface: top < bottom",
               "深度自地表向下计：top 须小于 bottom")  # fmt: skip


def upside_down(top: float, bottom: float) -> Iterator[Finding]:
    """What is wrong with a part of the ground or of a well whose top is not above its bottom."""
    if top >= bottom:
        yield Finding("bottom", UPSIDE_DOWN, _DEPTHS, f"{top:g} … {bottom:g} m")
