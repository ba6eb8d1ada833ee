"""The points of a site for people: as a table with quality, and as a list to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diwen import quantities
from diwen.language import Language, Text
from diwen.reports.numbers import number

if TYPE_CHECKING:
    from diwen.site import Point, Site
    from diwen.telemetry import Store

_SITE = Text("whole site", "整个项目")
_EVERY = Text("every {interval}", "间隔 {interval}")


@dataclass(frozen=True, slots=True)
class PointLine:
    """One point in the table."""

    id: str
    name: str
    quantity: str
    unit: str
    location: str
    code: str
    equipment: str
    accuracy: str
    interval: str
    origin: str
    records: int
    good: float
    flags: tuple[tuple[str, int], ...]
    first: str
    last: str

    @property
    def words(self) -> str:
        """What the search looks through."""
        parts = (self.id, self.name, self.quantity, self.location, self.code, self.equipment)
        return " ".join(parts).lower()


def quality_counts(store: Store) -> dict[str, dict[int, int]]:
    """Records per point and quality flag over everything stored."""
    counts: dict[str, dict[int, int]] = {}
    connection = store.connection()
    try:
        rows = connection.execute(
            "select point, quality, count(*) from telemetry group by all order by all"
        ).fetchall()
    finally:
        connection.close()
    for point, quality, count in rows:
        counts.setdefault(point, {})[int(quality)] = int(count)
    return counts


def table(
    site: Site, store: Store, counts: Mapping[str, Mapping[int, int]], language: Language
) -> list[PointLine]:
    """One line per point, in the order of ``points.csv``."""
    return [_line(site, store, point, counts.get(point.id, {}), language) for point in site.points]


def _line(
    site: Site, store: Store, point: Point, counts: Mapping[int, int], language: Language
) -> PointLine:
    from diwen.telemetry.quality import RULES

    records = sum(counts.values())
    usable = sum(counts.get(rule.flag, 0) for rule in RULES if rule.usable)
    flags = [
        (rule.name.to(language), counts[rule.flag])
        for rule in RULES
        if rule.flag != 0 and counts.get(rule.flag)
    ]
    span = store.span(point.id)
    zone = site.place.zone
    first, last = (
        ("", "") if span is None else (f"{time.astimezone(zone):%Y-%m-%d %H:%M}" for time in span)
    )
    known = quantities.quantity(point.quantity)
    interval = None if point.interval is None else _EVERY.format(interval=_seconds(point.interval))
    return PointLine(
        point.id,
        point.name,
        known.text.to(language),
        quantities.printed(known.display_unit),
        _position(point, language),
        point.place.code,
        named_equipment(site, point, language),
        point.accuracy,
        "" if interval is None else interval.to(language),
        point.origin,
        records,
        usable / records if records else 0.0,
        tuple(flags),
        first,
        last,
    )


def _position(point: Point, language: Language) -> str:
    text = point.place.text.to(language)
    return f"{text} {point.detail}" if point.detail else text


def named_equipment(site: Site, point: Point, language: Language) -> str:
    """What the point covers, by name where the site file gives one."""
    from diwen.site import SITE_WIDE

    names = []
    for id in point.equipment:
        item = next(
            (getattr(site, kind)[id] for kind in ("heat_pumps", "pumps", "sources", "loads")
             if id in getattr(site, kind)), None,
        )  # fmt: skip
        name = getattr(item, f"name_{language}", "") or id
        names.append(_SITE.to(language) if id == SITE_WIDE else name)
    return " + ".join(names)


def _seconds(seconds: float) -> str:
    """A step of time as people say it."""
    for unit, length in (("d", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= length and seconds % length == 0:
            return f"{seconds / length:.0f} {unit}"
    return f"{number(seconds, 0 if seconds == int(seconds) else 1)} s"


def listed(site: Site, store: Store, language: Language) -> list[dict[str, Any]]:
    """The points that have records, grouped by equipment, to choose from."""
    held = set(store.points())
    groups: dict[str, list[dict[str, str]]] = {}
    for point in site.points:
        if point.id not in held:
            continue
        known = quantities.quantity(point.quantity)
        place = _position(point, language)
        label = point.name or (
            place if point.quantity == "temperature" else f"{place} · {known.text.to(language)}"
        )
        groups.setdefault(named_equipment(site, point, language), []).append(
            {
                "id": point.id,
                "label": label,
                "code": point.place.code,
                "unit": quantities.printed(known.display_unit),
                "words": f"{point.id} {label} {place} {known.text.to(language)}".lower(),
            }
        )
    return [{"name": name, "points": points} for name, points in groups.items()]


# What says most about a plant at first sight.
_TELLING = ("source_entering", "source_leaving", "load_leaving", "load_entering")
_FEW = 3


def proposed(site: Site, store: Store) -> list[str]:
    """Points shown before anybody has chosen: the temperatures around the first heat pump."""
    held = [point for point in site.points if point.id in set(store.points())]
    telling = [p for p in held if p.location in _TELLING and p.quantity == "temperature"]
    if telling:
        first = telling[0].equipment
        return [point.id for point in telling if point.equipment == first][: len(_TELLING)]
    return [point.id for point in held[:_FEW]]
