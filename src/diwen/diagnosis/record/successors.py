"""Instruments one after the other at one place: a sensor or meter that was replaced by another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from diwen.diagnosis.record.steps import Reading

if TYPE_CHECKING:
    from diwen.site import Point


def successors_of(
    points: Mapping[str, Point], series: Mapping[str, Reading]
) -> dict[str, tuple[Point, ...]]:
    """The points that carry on where another one ended, by the id of the first.

    Two points are one instrument after the other if quantity, place, detail, equipment and kind
    are the same and the records of the second begin after those of the first.

    Parameters
    ----------
    points : with records, by id
    series : usable records, by id
    """
    places: dict[tuple[object, ...], list[Point]] = {}
    for point in points.values():
        key = (point.quantity, point.position, frozenset(point.equipment), point.kind)
        places.setdefault(key, []).append(point)
    found: dict[str, tuple[Point, ...]] = {}
    for group in places.values():
        order = sorted(group, key=lambda one: int(series[one.id].time[0]))
        chain = order[:1]
        for point in order[1:]:
            if int(series[point.id].time[0]) > int(series[chain[-1].id].time[-1]):
                chain.append(point)
        if len(chain) > 1:
            found[chain[0].id] = tuple(chain[1:])
    return found
