"""What the flags of a point rest on besides its records, told by a short hash.

Raw numbers are converted at reading, so a mended ``points.csv`` mends history; the flags were
computed earlier. Each part keeps, per point, the hash of the definitions that its flags were
judged by. A part whose hash is another one than today's (or that has none) holds stale flags, and
finding that out takes no reading of records.

Of a point count: quantity, unit, scale, offset, kind, interval, equipment, location, its limits
(also those that rule rows give) and the calibration day; of the points beside it those that tell
when its equipment ran or that a cross-check holds against it; and the thresholds of all rules.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from diwen.language import Text
from diwen.problems import Problem
from diwen.telemetry import crosscheck
from diwen.telemetry.running import tells_running
from diwen.telemetry.thresholds import Thresholds, limits

if TYPE_CHECKING:
    from diwen.site import Point, Site
    from diwen.telemetry.manifest import Part

# To be raised when a rule in `quality`, `running` or `crosscheck` comes to judge differently.
_EDITION = 1
_NAMED = 8
_STALE = Text(
    "the quality flags of {points} are out of date: points.csv, a threshold or Diwen itself "
    "changed after they were computed",
    "测点 {points} 的质量标志已过期：其计算之后，points.csv、判定阈值或软件版本有变更",
)
_STALE_CURE = Text(
    "run diwen import SITE --recompute-quality.", "请执行 diwen import SITE --recompute-quality。"
)
_AND_MORE = Text("{names} and {n} more", "{names} 等共 {total} 个")


def bases(site: Site, thresholds: Thresholds) -> dict[str, str]:
    """The hash of what the flags of each point rest on, by point id; 8 hexadecimal digits.

    The order of ``points.csv`` does not matter, except between points of the same quantity and
    place of one piece of equipment, where the rules take the first (or last) of them.
    """
    beside: dict[str, list[Point]] = {}
    for point in site.points:
        if len(point.equipment) == 1:
            beside.setdefault(point.equipment[0], []).append(point)
    sayings = {
        equipment: _Witnesses(equipment, sorted(own, key=_order))
        for equipment, own in beside.items()
    }
    shared = [_EDITION, *dataclasses.astuple(thresholds)]
    zone = site.place.time_zone
    return {
        point.id: _hash([shared, _own(point, zone), _heard(point, sayings)])
        for point in site.points
    }


def stale(part: Part, current: Mapping[str, str]) -> list[str]:
    """Points of ``points.csv`` whose flags in a part rest on other definitions than today's.

    Parameters
    ----------
    current : today's hash by point id, from `bases`
    """
    return [id for id, span in part.points.items() if current.get(id, span.basis) != span.basis]


def stale_notice(points: Sequence[str]) -> Problem | None:
    """The warning that the flags of some points are stale, with its cure; None without any."""
    if not points:
        return None
    message = _STALE.format(points=named(points))
    return Problem("points.csv", "-", message, _STALE_CURE, severity="warning")


def named(points: Sequence[str]) -> Text:
    """Point ids in a sentence: the first few, and how many there are besides."""
    names = Text(", ".join(points[:_NAMED]), "、".join(points[:_NAMED]))
    if len(points) <= _NAMED:
        return names
    return _AND_MORE.format(names=names, n=len(points) - _NAMED, total=len(points))


def _order(point: Point) -> tuple[str, str]:
    # Any power tells whether equipment runs; the first in the file does.
    return point.quantity, "" if point.quantity == "electric_power" else point.location


def _own(point: Point, zone: str) -> list[Any]:
    due = point.calibration_due
    return [
        _told(point),
        sorted(point.equipment),
        *dataclasses.astuple(limits(point)),
        None if due is None else [due.isoformat(), zone],
    ]


def _told(point: Point) -> list[Any]:
    """What turns the raw numbers of a point into evidence."""
    return [
        point.quantity,
        point.unit,
        point.scale,
        point.offset,
        point.kind,
        point.interval,
        point.location,
    ]


class _Witnesses:
    """The points of one piece of equipment alone, ready to be asked for each other."""

    def __init__(self, equipment: str, points: Sequence[Point]) -> None:
        self.roles = {(point.quantity, point.location) for point in points}
        self.running = [_said(equipment, point) for point in points if tells_running(point)]
        self._by_role: dict[tuple[str, str], list[Any]] = {}
        for point in points:
            own = self._by_role.setdefault((point.quantity, point.location), [])
            own.append(_said(equipment, point))

    def crossed(self, point: Point) -> list[Any]:
        """What the cross-checks look at to judge a point."""
        roles = crosscheck.heard((point.quantity, point.location), self.roles)
        return [said for role in sorted(roles) for said in self._by_role.get(role, ())]


def _said(equipment: str, point: Point) -> list[Any]:
    return [equipment, point.id, *_told(point)]


def _heard(point: Point, sayings: Mapping[str, _Witnesses]) -> list[Any]:
    """The points beside it that have a say in its flags."""
    own = limits(point)
    moves = point.kind == "gauge" and (own.rate is not None or own.stuck_after is not None)
    known = [sayings[equipment] for equipment in sorted(point.equipment) if equipment in sayings]
    crossed = known[0].crossed(point) if known and len(point.equipment) == 1 else []
    ran = [witnesses.running for witnesses in known] if moves or crossed else []
    return [ran, crossed]


def _hash(content: list[Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
