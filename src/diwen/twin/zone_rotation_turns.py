"""Which zones of a bore field are in use on which day, as the source loop of the site says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.site import Site
from diwen.site.borefield import Borefield
from diwen.site.loops import Loop

Flags = NDArray[np.bool_]
_RESTS = Text(
    "{name}: one of the {count} zones ({zones}) rests in turn, {period}; the flow through those in "
    "use is higher than through all, which is not counted in their resistance and head",
    "{name}：{count} 个分区（{zones}）轮流停歇一个，{period}；"
    "投用分区单孔流量增大，其热阻与阻力变化未计",
)
_PART = Text("{name}: only zones {zones} are in use", "{name}：仅投用分区 {zones}")
_ONE_ZONE = Text("{name}: has one zone in use, so nothing takes turns",
                 "{name}：仅一个分区投用，不能轮换")  # fmt: skip
_PERIODS = {
    "daily": Text("a day each", "每日轮换"),
    "weekly": Text("seven days each", "每 7 日轮换"),
    "seasonal": Text("from the first day of each season", "按供暖季、供冷季首日轮换"),
    "yearly": Text("from the first day of each heating season", "按每年供暖季首日轮换"),
}
_ASSUMED = Text(
    "{name}: no season is given; zones change on 1 October (and, by season, on 1 April), assumed",
    "{name}：未给出季节，分区按 10 月 1 日（按季轮换时另加 4 月 1 日）切换（假定）",
)


@dataclass(frozen=True, eq=False)
class ZoneTurns:
    """Zones of one bore field and when they rest.

    Attributes
    ----------
    source : id of the bore field
    zones : names of all its zones, in the order of its responses
    in_use : places of those that are used at all
    rotation : ``none``, ``daily``, ``weekly``, ``seasonal`` or ``yearly``
    changes : (month, day) on which zones change, of seasonal and yearly turns
    notes : what was assumed
    """

    source: str
    zones: tuple[str, ...]
    in_use: tuple[int, ...]
    rotation: str
    changes: tuple[tuple[int, int], ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def turning(self) -> bool:
        """Whether the field is not just all its zones always."""
        rests = self.rotation != "none" and len(self.in_use) > 1
        return rests or len(self.in_use) < len(self.zones)

    def active(self, days: NDArray[np.datetime64], begin: date) -> Flags:
        """Zones in use, shape (n, zones): in every turn the next one rests.

        Parameters
        ----------
        days : local date of each step, ``datetime64[D]``, shape (n,)
        begin : first day of the run
        """
        found = np.zeros((len(days), len(self.zones)), bool)
        used = np.array(self.in_use)
        found[:, used] = True
        if self.rotation != "none" and len(used) > 1:
            resting = used[self._turn(days, begin) % len(used)]
            found[np.arange(len(days)), resting] = False
        return found

    def _turn(self, days: NDArray[np.datetime64], begin: date) -> NDArray[np.int64]:
        """Number of the turn of each step, from 0."""
        first = np.datetime64(begin, "D")
        since = (days - first).astype(np.int64)
        if self.rotation == "daily":
            return np.asarray(since)
        if self.rotation == "weekly":
            return np.asarray(since // 7)
        last = int(str(days[-1])[:4])
        changes = np.sort([
            np.datetime64(f"{year:04d}-{month:02d}-{day:02d}", "D")
            for year in range(begin.year, last + 1) for month, day in self.changes
        ])  # fmt: skip
        return np.searchsorted(changes[changes > first], days, side="right").astype(np.int64)


def turns_of_site(site: Site, source: str) -> ZoneTurns | None:
    """How the zones of a source take turns; None where it is no bore field of several zones."""
    from diwen.site.closed_loops import closed_loop

    given = site.sources.get(source)
    loop = next((item for key, item in site.loops.items()
                 if item.kind == "source" and (item.source or key) == source), None)  # fmt: skip
    if not isinstance(given, Borefield) or not given.zones or loop is None:
        return None
    if loop.rotation == "none" and not loop.zones:
        return None
    names = closed_loop(site, source).zones
    used = tuple(place for place, name in enumerate(names) if not loop.zones or name in loop.zones)
    used = used or tuple(range(len(names)))
    changes, assumed = _changes(site, loop)
    turns = ZoneTurns(source, names, used, loop.rotation, changes)
    notes = _notes(turns)
    if assumed and turns.turning:
        notes = (*notes, _ASSUMED.format(name=source))
    return ZoneTurns(source, names, used, loop.rotation, changes, notes)


def _notes(turns: ZoneTurns) -> tuple[Text, ...]:
    zones = ", ".join(turns.zones[place] for place in turns.in_use)
    notes = []
    if len(turns.in_use) < len(turns.zones):
        notes.append(_PART.format(name=turns.source, zones=zones))
    if turns.rotation != "none":
        if len(turns.in_use) < 2:
            notes.append(_ONE_ZONE.format(name=turns.source))
        else:
            notes.append(_RESTS.format(name=turns.source, count=len(turns.in_use), zones=zones,
                                       period=_PERIODS[turns.rotation]))  # fmt: skip
    return tuple(notes)


def _changes(site: Site, loop: Loop) -> tuple[tuple[tuple[int, int], ...], bool]:
    """Days of the year on which zones change, and whether one of them is assumed."""
    if loop.rotation not in ("seasonal", "yearly"):
        return (), False
    heating, cooling = site.operation.heating_season, site.operation.cooling_season
    usual = {"heating": (10, 1), "cooling": (4, 1)}
    days = {name: (season.first_month, season.first_day) if season is not None else usual[name]
            for name, season in (("heating", heating), ("cooling", cooling))}  # fmt: skip
    if loop.rotation == "yearly":
        return (days["heating"],), heating is None
    return (days["cooling"], days["heating"]), heating is None or cooling is None
