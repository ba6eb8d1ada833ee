"""What is impossible between tables: unknown or doubled ids, screens outside every aquifer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diwen.language import Text
from diwen.site.borefield import Borefield
from diwen.site.circulation_wells import CirculationWell, StandingColumnWell
from diwen.site.fields import Finding, Table
from diwen.site.ground import Aquifer
from diwen.site.groundwater_wells import GroundwaterWells, Screen, WellDoublet
from diwen.site.model import SiteFile, equipment_ids
from diwen.site.spelling import cure_for, listed

_TWICE = Text("the id is also used in {table}", "该标识在 {table} 中也已使用")
_RENAME = Text("give every equipment of the site an id of its own", "请为每台设备取各自的标识")
_UNDEFINED = Text("no {table} of that id", "{table} 中没有该标识")

_NO_FIELD = Text("no bore field of that id", "没有该标识的地埋管孔群")
_NOT_IN_AQUIFER = Text("the screen lies in no aquifer", "滤水管不在任何含水层内")
_THINNER = Text(
    "the screen of {screen} m is longer than the aquifer is thick ({aquifer} m)",
    "滤水管长 {screen} m，大于含水层厚度 {aquifer} m",
)
_TWO_AQUIFERS = Text(
    "return and extraction zone lie in different aquifers: not a same-layer return",
    "回水区与取水区不在同一含水层：不是同层回灌",
)
_SCREEN_CURE = Text(
    "correct the screen or [[ground.aquifers]]", "请更正滤水管位置或 [[ground.aquifers]]"
)

# Which key names the id of which tables.
_REFERENCES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("heat_pumps", "source", ("sources",)),
    ("pumps", "serves", ("heat_pumps", "sources", "wells", "zones")),
    ("loads", "terminals", ("terminals",)),
    ("sources", "exchanger", ("exchangers",)),
    ("solar_collectors", "recharges", ("sources",)),
)


def reference_findings(site: SiteFile) -> Iterator[Finding]:
    """Findings between the tables of a site; paths from the root of the file."""
    seen: dict[str, str] = {}
    known: dict[str, list[str]] = {}
    for name, table in equipment_ids(site):
        known.setdefault(table, []).append(name)
        if name in seen:
            message = _TWICE.format(table=seen[name])
            yield Finding(f"{table}.{name}", message, _RENAME, name)
        seen.setdefault(name, table)
    for table, key, targets in _REFERENCES:
        names = [name for target in targets for name in known.get(target, ())]
        for owner, item in getattr(site, table, {}).items():
            given = getattr(item, key, None)
            for wanted in (given,) if isinstance(given, str) else given or ():
                if wanted and wanted not in names:
                    message = _UNDEFINED.format(table=" / ".join(targets))
                    cure = cure_for(wanted, names)
                    allowed = listed(names) if names else None
                    yield Finding(f"{table}.{owner}.{key}", message, cure, wanted, allowed)
    yield from _response_test_findings(site)


def _response_test_findings(site: SiteFile) -> Iterator[Finding]:
    """Response tests of a bore field or standing column well that does not exist."""
    fields = [name for name, item in getattr(site, "sources", {}).items()
              if isinstance(item, Borefield | StandingColumnWell)]  # fmt: skip
    for position, test in enumerate(getattr(site, "response_tests", ())):
        if test.source and test.source not in fields:
            where = f"response_tests[{position}].source"
            cure = cure_for(test.source, fields)
            allowed = listed(fields) if fields else None
            yield Finding(where, _NO_FIELD, cure, test.source, allowed)


def aquifer_findings(site: SiteFile) -> Iterator[Finding]:
    """Screens outside every aquifer; nothing where the site describes no aquifer."""
    aquifers = site.ground.aquifers if hasattr(site, "ground") else ()
    if not aquifers:
        return
    for name, source in site.sources.items():
        for where, screen in _screens(source):
            if _aquifer_of(screen, aquifers) is None:
                shown = f"{screen.top:g} … {screen.bottom:g} m"
                allowed = listed(f"{a.top:g} … {a.bottom:g} m" for a in aquifers)
                place, message = f"sources.{name}.{where}", _outside(screen, aquifers)
                yield Finding(place, message, _SCREEN_CURE, shown, allowed)
        for i, stage in enumerate(getattr(source, "stages", ())):
            both = {_aquifer_of(stage.return_zone, aquifers)}
            both.add(_aquifer_of(stage.extraction_zone, aquifers))
            if len(both) > 1 and None not in both:
                yield Finding(f"sources.{name}.stages[{i}]", _TWO_AQUIFERS, _SCREEN_CURE)


def _screens(source: Table) -> Iterator[tuple[str, Screen]]:
    """Every screen of a source with its path inside the source."""
    if isinstance(source, GroundwaterWells | WellDoublet):
        for name, well in source.wells.items():
            for i, screen in enumerate(well.screens):
                yield f"wells.{name}.screens[{i}]", screen
    elif isinstance(source, CirculationWell):
        for i, stage in enumerate(source.stages):
            yield f"stages[{i}].return_zone", stage.return_zone
            yield f"stages[{i}].extraction_zone", stage.extraction_zone


def _outside(screen: Screen, aquifers: Sequence[Aquifer]) -> Text:
    """Why a screen lies in no aquifer: the one it meets is too thin, or none is there."""
    length = screen.bottom - screen.top
    for aquifer in aquifers:
        thickness = aquifer.bottom - aquifer.top
        if screen.top < aquifer.bottom and screen.bottom > aquifer.top and length > thickness:
            return _THINNER.format(screen=f"{length:g}", aquifer=f"{thickness:g}")
    return _NOT_IN_AQUIFER


def _aquifer_of(screen: Screen, aquifers: Sequence[Aquifer]) -> int | None:
    """Index of the aquifer that holds the whole screen."""
    for i, aquifer in enumerate(aquifers):
        if aquifer.top - 1e-9 <= screen.top and screen.bottom <= aquifer.bottom + 1e-9:
            return i
    return None
