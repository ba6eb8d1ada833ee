"""Exact cover of equipment by meters.

A boundary needs the electricity of certain equipment, no more and no less. Meters cover what
their wiring covers. The answer is a list of meters with a sign: added ones whose coverages do not
overlap, or one larger meter less the meters of what does not belong.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

_K = TypeVar("_K", bound=Hashable)


def exact_cover(
    required: frozenset[str], meters: Mapping[_K, frozenset[str]]
) -> list[tuple[_K, int]] | None:
    """Meters whose signed coverages add up to the required equipment exactly.

    Parameters
    ----------
    required : ids
    meters : meter -> ids that it covers

    Returns
    -------
    list of (meter, +1 or -1) with as few meters as possible, preferring plain sums over
    differences; None where the meters do not allow it. The cover of nothing is empty.
    """
    plain = _sum(required, meters)
    if plain is not None:
        return [(meter, 1) for meter in plain]
    best: list[tuple[_K, int]] | None = None
    for meter, covered in meters.items():
        if not covered & required or covered <= required:
            continue
        others = {key: value for key, value in meters.items() if key != meter}
        rest, surplus = _sum(required - covered, others), _sum(covered - required, others)
        if rest is None or surplus is None:
            continue
        found = [(meter, 1), *((key, 1) for key in rest), *((key, -1) for key in surplus)]
        if best is None or len(found) < len(best):
            best = found
    return best


def uncovered(required: frozenset[str], meters: Mapping[_K, frozenset[str]]) -> list[str]:
    """The required equipment that lacks a meter of its own, sorted.

    What could be covered by meters that cover nothing else is taken off first; the rest is what
    a reader must meter to make the boundary measurable.
    """
    inside = {key: covered for key, covered in meters.items() if covered <= required}
    rest = set(required)
    for covered in sorted(inside.values(), key=len, reverse=True):
        if covered <= rest:
            rest -= covered
    return sorted(rest)


def _sum(required: frozenset[str], meters: Mapping[_K, frozenset[str]]) -> list[_K] | None:
    """The fewest meters with disjoint coverages that add up to the required equipment."""
    if not required:
        return []
    usable = {key: covered for key, covered in meters.items() if covered and covered <= required}
    first = min(required, key=lambda id: sum(id in covered for covered in usable.values()))
    best: list[_K] | None = None
    for key, covered in usable.items():
        if first not in covered:
            continue
        rest = _sum(required - covered, usable)
        if rest is not None and (best is None or 1 + len(rest) < len(best)):
            best = [key, *rest]
    return best
