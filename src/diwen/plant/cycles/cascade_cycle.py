"""Two machines one above the other: the lower one's heat is the upper one's source.

Where both reach the same share of Carnot, the best temperature between them is the geometric mean
of the absolute outer ones; :func:`best_intermediate` finds it for real fluids.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from diwen.language import Text
from diwen.plant.cycles.cycle import Component, Cycle
from diwen.plant.cycles.limits import refuse_numbers
from diwen.plant.cycles.refrigerant import ZERO_CELSIUS
from diwen.problems import InputError, Problem

_Thing = TypeVar("_Thing")
Stage = Callable[[float, float], Cycle]
"""A cycle over evaporation and condensation temperature, °C."""
_NO_PLACE = Text(
    "no temperature between the stages lets both run", "两级之间找不到使两级均可运行的中间温度"
)
_OTHER_PAIR = Text(
    "choose other fluids, a smaller lift, or wider limits", "请更换工质、减小温升或放宽限值"
)
_SEARCHED = 13


def equal_carnot_intermediate(evaporation: float, condensation: float) -> float:
    """Geometric mean of the absolute temperatures, °C, of °C."""
    product = (evaporation + ZERO_CELSIUS) * (condensation + ZERO_CELSIUS)
    return math.sqrt(product) - ZERO_CELSIUS


def of_two_cops(lower: float, upper: float) -> float:
    """COP of two machines in cascade: one's heat is the other's source."""
    return lower * upper / (lower + upper - 1.0)


def cascade_of(
    lower: Stage,
    upper: Stage,
    evaporation: float,
    condensation: float,
    *,
    intermediate: float | None = None,
    difference: float = 5.0,
    heat: float = 1.0,
) -> Cycle:
    """Two cycles joined by an exchanger, or by a water loop between two exchangers.

    Parameters
    ----------
    lower, upper : cycles over evaporation and condensation, e.g.
        ``partial(single_stage, "R32")``
    evaporation, condensation : outer saturation temperatures, °C
    intermediate : mean of the lower condensation and the upper evaporation, °C; None: as for equal
        Carnot fractions
    difference : lower condensation minus upper evaporation, K; with a water loop the sum of both
        exchangers and its own difference
    heat : delivered, W

    Raises
    ------
    diwen.problems.InputError : a stage cannot run
    """
    refuse_numbers(difference=(difference, 0.0, 100.0))
    if intermediate is None:
        intermediate = equal_carnot_intermediate(evaporation, condensation)
    above = upper(intermediate - 0.5 * difference, condensation)
    above = above.scaled(heat / above.heat)
    below = lower(evaporation, intermediate + 0.5 * difference)
    below = below.scaled(above.source_heat / below.heat)
    return Cycle(
        f"cascade: {below.kind} below {above.kind}",
        above.heat,
        below.source_heat,
        below.electric + above.electric,
        _joined(below, above),
        {**_named("lower", below.states), **_named("upper", above.states)},
        {**_named("lower", below.discharge), **_named("upper", above.discharge)},
        below.displacement,
        intermediate,
    )


def _named(stage: str, of: Mapping[str, _Thing]) -> dict[str, _Thing]:
    return {f"{stage} {name}": value for name, value in of.items()}


def _joined(below: Cycle, above: Cycle) -> tuple[Component, ...]:
    """All components; the lower condenser and the upper evaporator become one."""
    giving = next(part for part in below.components if part.name == "condenser")
    taking = next(part for part in above.components if part.name == "evaporator")
    between = Component("cascade exchanger", (*giving.flows, *taking.flows))
    low = [replace(p, name=f"lower {p.name}") for p in below.components if p is not giving]
    high = [replace(p, name=f"upper {p.name}") for p in above.components if p is not taking]
    return (*low, between, *high)


def best_intermediate(
    lower: Stage,
    upper: Stage,
    evaporation: float,
    condensation: float,
    *,
    difference: float = 5.0,
) -> float:
    """The temperature between two stages that needs the least electricity, °C.

    Parameters
    ----------
    lower, upper, evaporation, condensation, difference : as in :func:`cascade_of`

    Raises
    ------
    diwen.problems.InputError : no temperature in between lets both stages run
    """
    from scipy.optimize import minimize_scalar

    def needed(middle: float) -> float:
        try:
            made = cascade_of(
                *(lower, upper, evaporation, condensation),
                intermediate=middle,
                difference=difference,
            )
        except InputError:
            return math.inf
        return made.electric

    span = condensation - evaporation - difference
    steps = [
        evaporation + 0.5 * difference + span * (k + 0.5) / _SEARCHED for k in range(_SEARCHED)
    ]
    tried = [needed(middle) for middle in steps]
    if not math.isfinite(min(tried)):
        shown = f"{evaporation:.1f} → {condensation:.1f} °C"
        raise InputError([Problem("cycle", "intermediate", _NO_PLACE, _OTHER_PAIR, shown)])
    best = steps[tried.index(min(tried))]
    width = span / _SEARCHED
    found = minimize_scalar(
        needed, bounds=(best - width, best + width), method="bounded", options={"xatol": 0.05}
    )
    return float(found.x) if found.fun < min(tried) else best


def balanced_intermediate(
    lower: Stage,
    upper: Stage,
    evaporation: float,
    condensation: float,
    *,
    volume_ratio: float,
    difference: float = 5.0,
) -> float:
    """The temperature that settles between two compressors of fixed sizes, °C.

    The lower stage's heat grows with that temperature falling, the upper one takes more with it
    rising; they meet where both swept volumes do.

    Parameters
    ----------
    lower, upper, evaporation, condensation, difference : as in :func:`cascade_of`
    volume_ratio : volume the upper compressor sweeps over that of the lower one

    Raises
    ------
    diwen.problems.InputError : the stages do not balance within their limits
    """
    from scipy.optimize import brentq

    def surplus(middle: float) -> float:
        """By how much, as a logarithm, the upper compressor would have to be larger; NaN: no."""
        try:
            above = upper(middle - 0.5 * difference, condensation)
            below = lower(evaporation, middle + 0.5 * difference)
        except InputError:
            return math.nan
        needed = above.displacement / above.source_heat * below.heat / below.displacement
        return math.log(needed / volume_ratio)

    span = condensation - evaporation - difference
    steps = [
        evaporation + 0.5 * difference + span * (k + 0.5) / _SEARCHED for k in range(_SEARCHED)
    ]
    found = [surplus(middle) for middle in steps]
    for one, other, left, right in zip(steps, steps[1:], found, found[1:], strict=False):
        if left * right <= 0.0:
            return float(brentq(surplus, one, other, xtol=1e-3))
    shown = f"{evaporation:.1f} → {condensation:.1f} °C"
    raise InputError([Problem("cycle", "volume_ratio", _NO_PLACE, _OTHER_PAIR, shown)])
