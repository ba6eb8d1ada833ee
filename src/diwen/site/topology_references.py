"""Ids that loops, valves, modes, staging, households and phases name, and that must be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from diwen.language import Text
from diwen.site.fields import Finding
from diwen.site.loops import cycle_findings
from diwen.site.mode_checks import mode_findings
from diwen.site.model import SiteFile
from diwen.site.spelling import cure_for, listed
from diwen.site.station_loops import planned_loops

_UNDEFINED = Text("no {table} of that id", "{table} 中没有该标识")
_PERMITTED = Text(
    "{found} numbers of units for {wanted} outdoor temperatures of the staging",
    "给出 {found} 个台数，而加减机有 {wanted} 个室外温度分级",
)
_PERMITTED_CURE = Text(
    "give one for each of [staging] permitted_outdoor, or none",
    "按 [staging] permitted_outdoor 每级给一个，或都不给",
)
_TABLES_NEEDED = ("operation", "sources", "heat_pumps", "chillers", "loads", "loops", "modes")
_AIR = "air"

# Table, key in it, tables whose ids it may name.
_KEYS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("loops", "source", ("sources",)),
    ("loops", "zones", ("zones",)),
    ("loops", "loads", ("loads",)),
    ("loops", "behind", ("loops",)),
    ("loops", "exchanger", ("exchangers",)),
    ("loops", "tank", ("tanks",)),
    ("loops", "pumps", ("pumps",)),
    ("modes", "open", ("valves",)),
    ("modes", "closed", ("valves",)),
    ("modes", "units", ("heat_pumps", "chillers", "boilers", "heaters")),
    ("modes", "loops", ("loops", "planned")),
    ("phases", "units", ("heat_pumps", "chillers", "boilers", "heaters")),
    ("phases", "sources", ("sources",)),
    ("phases", "loads", ("loads",)),
    ("heat_pumps", "draws_on", ("sources", "loops", "air")),
    ("heat_pumps", "serves", ("loops", "planned", "sources")),
)


def topology_findings(site: SiteFile) -> Iterator[Finding]:
    """What names nothing in the tables of the topology; paths from the root of the file."""
    if any(not hasattr(site, table) for table in _TABLES_NEEDED):
        return
    yield from cycle_findings(site.loops)
    known = _known(site)
    for table, key, targets in _KEYS:
        names = _names(known, targets)
        shown = " / ".join(target for target in targets if target not in ("planned", "air"))
        for owner, item in getattr(site, table, {}).items():
            given = getattr(item, key)
            for wanted in (given,) if isinstance(given, str) else given:
                yield from _check(f"{table}.{owner}.{key}", wanted, names, shown)
    yield from _of_staging(site, known)
    yield from _of_phases(site)
    yield from _of_households(site, known)
    yield from _of_valves(site, known)
    yield from mode_findings(site)


def _known(site: SiteFile) -> dict[str, list[str]]:
    tables = ("sources", "loads", "loops", "exchangers", "tanks", "pumps", "valves", "heat_pumps",
              "chillers", "boilers", "heaters", "solar_collectors", "cooling_towers")  # fmt: skip
    known = {table: list(getattr(site, table, {})) for table in tables}
    known["zones"] = [zone for item in site.sources.values() for zone in getattr(item, "zones", {})]
    # Loops behind each other in a circle are told elsewhere; no plan is made of them.
    circular = any(True for _ in cycle_findings(site.loops))
    known["planned"] = [] if circular else [loop.name for loop in planned_loops(site)]
    known[_AIR] = [_AIR]
    return known


def _names(known: dict[str, list[str]], targets: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(name for target in targets for name in known[target]))


def _check(where: str, wanted: str, names: list[str], table: str) -> Iterator[Finding]:
    if wanted and wanted not in names:
        message = _UNDEFINED.format(table=table)
        allowed = listed(names) if names else None
        yield Finding(where, message, cure_for(wanted, names), wanted, allowed)


def _of_staging(site: SiteFile, known: dict[str, list[str]]) -> Iterator[Finding]:
    staging = getattr(site, "staging", None)
    if staging is None:
        return
    units = _names(known, ("heat_pumps", "chillers"))
    for position, name in enumerate(staging.order):
        yield from _check(f"staging.order[{position}]", name, units, "heat_pumps / chillers")
    heaters = _names(known, ("boilers", "heaters"))
    loops = _names(known, ("loops", "planned"))
    for position, use in enumerate(staging.backups):
        where = f"staging.backups[{position}]"
        yield from _check(f"{where}.device", use.device, heaters, "boilers / heaters")
        yield from _check(f"{where}.serves", use.serves, loops, "loops")
    devices = _names(known, ("solar_collectors", "cooling_towers", "heat_pumps"))
    for position, use in enumerate(staging.recharges):
        where = f"staging.recharges[{position}]"
        yield from _check(f"{where}.device", use.device, devices,
                          "solar_collectors / cooling_towers / heat_pumps")  # fmt: skip
        yield from _check(f"{where}.source", use.source, known["sources"], "sources")


def _of_phases(site: SiteFile) -> Iterator[Finding]:
    """Permitted units of a phase against the outdoor temperatures of the staging."""
    staging = getattr(site, "staging", None)
    wanted = 0 if staging is None else len(staging.permitted_outdoor)
    for name, phase in getattr(site, "phases", {}).items():
        found = len(phase.permitted_units)
        if found and found != wanted:
            message = _PERMITTED.format(found=found, wanted=wanted)
            yield Finding(f"phases.{name}.permitted_units", message, _PERMITTED_CURE)


def _of_households(site: SiteFile, known: dict[str, list[str]]) -> Iterator[Finding]:
    households = getattr(site, "households", None)
    for position, part in enumerate(households.sets if households else ()):
        where = f"households.sets[{position}].heat_pump"
        yield from _check(where, part.heat_pump, known["heat_pumps"], "heat_pumps")


def _of_valves(site: SiteFile, known: dict[str, list[str]]) -> Iterator[Finding]:
    """Ends of valves: a source, a loop, or a side of a unit."""
    units = _names(known, ("heat_pumps", "chillers"))
    places = _names(known, ("sources", "loops", "planned"))
    for name, valve in getattr(site, "valves", {}).items():
        for position, end in enumerate(valve.connects):
            where = f"valves.{name}.connects[{position}]"
            unit, colon, _ = end.partition(":")
            if colon:
                yield from _check(where, unit, units, "heat_pumps / chillers")
            else:
                yield from _check(where, end, places, "sources / loops")
