"""From all candidates that keep everything to a front that is shown, and one to recommend."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np

from diwen.design.well_front import non_dominated, spread_out
from diwen.design.well_sizing_result import SizedWells
from diwen.language import Text
from diwen.site.usual_values import usual_value

One = TypeVar("One", bound=SizedWells)

_SHOWN = 8
# Rows: metres that fewer warnings are worth; within how much metres count as equal; land allowed
# over the least where nothing fits on the planned one.
_WORTH, _EQUAL = "default.well_search_worth", "default.well_search_equal"
_LAND = "default.well_search_land"


@dataclass(frozen=True, eq=False)
class WellSearch(Generic[One]):
    """What a search found.

    Attributes
    ----------
    tried : combinations of shape, flow and spacing
    kept : numbers of wells that keep everything, over all combinations, in the search
    refused : how many combinations failed, by reason
    land : that the planned wells have, m²; None where not known
    least_land : that any candidate needs, m²; None where nothing keeps everything
    within_land : whether front and recommendation fit on the land of the planned wells
    front : those that no other beats, standing for all, computed on the standard grid, by metres
    recommended : None where nothing keeps everything
    fineness : of the rings in the search and of what is shown
    reserve : K by which the recommended ones were to keep their limits
    """

    tried: int
    kept: int
    refused: dict[str, tuple[Text, int]]
    land: float | None
    least_land: float | None
    within_land: bool
    front: tuple[One, ...]
    recommended: One | None
    fineness: tuple[float, float]
    reserve: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Plain data, both languages."""
        best = self.recommended
        return {
            "tried": self.tried,
            "kept": self.kept,
            "refused": {
                key: {"name": {"en": name.en, "zh": name.zh}, "combinations": number}
                for key, (name, number) in self.refused.items()
            },
            "land": self.land,
            "least_land": self.least_land,
            "within_land": self.within_land,
            "front": [one.as_dict() for one in self.front],
            "recommended": None if best is None else best.as_dict(),
            "reserve": self.reserve,
            "fineness": {"search": self.fineness[0], "shown": self.fineness[1]},
        }


def ranked(
    found: list[One], refused: dict[str, tuple[Text, int]], tried: int, land: float | None,
    refined: Callable[[One], One], fineness: tuple[float, float], reserve: float = 0.0,
) -> WellSearch[One]:  # fmt: skip
    """Front and recommendation, computed again more finely; what then fails is left out.

    Parameters
    ----------
    found : candidates that keep everything
    refused : how many combinations failed, by reason
    tried : combinations
    land : that the planned wells have, m²; None where not known
    refined : computes one candidate again
    fineness : of the search and of what is shown
    reserve : by which the recommended ones are to keep their limits if any can, K
    """
    fits = [one for one in found if _land(one) <= (land or math.inf) * (1.0 + 1e-9)]
    least = min((_land(one) for one in found), default=None)
    pool = fits or [one for one in found if _land(one) <= usual_value(_LAND) * (least or 0.0)]
    made: dict[int, One] = {}

    def finer(one: One) -> One:
        if id(one) not in made:
            made[id(one)] = refined(one)
        return made[id(one)]

    best = None
    while pool and best is None:
        chosen = recommended_of(pool, reserve)
        better = finer(chosen)
        if better.suffices and (not fits or _land(better) <= (land or math.inf) * 1.000001):
            best = better
        else:
            pool = [one for one in pool if one is not chosen]
    front: list[One] = []
    if pool:
        rows = [pool[i] for i in np.flatnonzero(non_dominated([one.costs for one in pool]))]
        shown = spread_out([one.costs for one in rows], _SHOWN)
        fine = {id(one): one for one in (finer(rows[i]) for i in shown) if one.suffices}
        if best is not None:
            fine[id(best)] = best
        kept = non_dominated([one.costs for one in fine.values()])
        front = [one for one, stays in zip(fine.values(), kept, strict=True) if stays]
        front.sort(key=lambda one: (one.metres, one.injection_head))
    return WellSearch(
        tried, len(found), refused, land, least, bool(fits) and best is not None,
        tuple(front), best, fineness, reserve,
    )  # fmt: skip


def recommended_of(pool: list[One], reserve: float = 0.0) -> One:
    """One of those that keep their limits with a reserve (of all, if none does).

    Fewest warnings among those with at most twice the fewest metres (rule
    ``default.well_search_worth``); then the fewest metres; of those within a tenth
    (``default.well_search_equal``), the lowest head.
    """
    safe = [one for one in pool if one.margin >= reserve] or pool
    worth_it, equal = usual_value(_WORTH), usual_value(_EQUAL)
    least = min(one.metres for one in safe)
    worth = [one for one in safe if one.metres <= worth_it * least]
    warned = min(len(one.warnings) for one in worth)
    careful = [one for one in worth if len(one.warnings) == warned]
    fewest = min(one.metres for one in careful)
    near = [one for one in careful if one.metres <= equal * fewest]
    return min(near, key=lambda one: (one.injection_head, one.metres, -one.coldest))


def _land(one: SizedWells) -> float:
    return one.land or 0.0
