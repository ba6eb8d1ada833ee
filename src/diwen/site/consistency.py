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
from diwen.site.topology_references import topology_findings
from diwen.site.usual_values import usual_value
from diwen.sources.response.time_units import DAY

_TWICE = Text("the id is also used in {table}", "该标识在 {table} 中也已使用")
_RENAME = Text("give every equipment of the site an id of its own", "请为每台设备取各自的标识")
_UNDEFINED = Text("no {table} of that id", "{table} 中没有该标识")

_NO_FIELD = Text("no bore field of that id", "没有该标识的地埋管孔群")
_NOT_IN_AQUIFER = Text("the screen does not lie within an aquifer", "滤水管未完全位于一个含水层内")
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

_DRY = Text(
    "the screen begins at {top} m, above the water table of the unconfined aquifer at {level} m",
    "滤水管顶深 {top} m，高于潜水含水层静水位 {level} m",
)
_WET_CURE = Text(
    "give only the part of the screen below the water table, or correct static_level of "
    "[[ground.aquifers]]",
    "请只填写静水位以下的滤水管段，或更正 [[ground.aquifers]] 的 static_level",
)
_TIGHT = Text(
    "no well gets water from an aquifer as tight as this: confining layers have {aquitard} m/d",
    "含水层过于致密，井无法取水：隔水层的渗透系数约为 {aquitard} m/d",
)
_TIGHT_CURE = Text(
    "correct hydraulic_conductivity, or place the screens in another aquifer",
    "请更正 hydraulic_conductivity，或将滤水管置于其他含水层",
)
_STAGES_SHARE = Text(
    "two stages of a well in several aquifers lie in the same aquifer",
    "多含水层结构的两级位于同一含水层",
)
_SHARE_CURE = Text(
    "correct the stages, or describe each aquifer in [[ground.aquifers]]",
    "请更正各级位置，或在 [[ground.aquifers]] 中分列各含水层",
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
    yield from topology_findings(site)


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
    """Screens outside every aquifer, dry or in tight ones; nothing where no aquifer is given."""
    aquifers = site.ground.aquifers if hasattr(site, "ground") else ()
    if not aquifers:
        return
    used: set[int] = set()
    for name, source in site.sources.items():
        for where, screen, flows in _screens(source):
            number, place = _aquifer_of(screen, aquifers), f"sources.{name}.{where}"
            if number is None:
                shown = f"{screen.top:g} … {screen.bottom:g} m"
                allowed = listed(f"{a.top:g} … {a.bottom:g} m" for a in aquifers)
                message = _outside(screen, aquifers)
                yield Finding(place, message, _SCREEN_CURE, shown, allowed)
                continue
            if flows:
                used.add(number)
                yield from _dry_findings(place, screen, aquifers[number])
        yield from _stage_findings(name, source, aquifers)
    for number in sorted(used):
        yield from _tight_findings(number, aquifers[number])


def _stage_findings(name: str, source: Table, aquifers: Sequence[Aquifer]) -> Iterator[Finding]:
    """Stages across two aquifers, and two stages in one where each should have its own."""
    seen: set[int] = set()
    for i, stage in enumerate(getattr(source, "stages", ())):
        taken = _aquifer_of(stage.extraction_zone, aquifers)
        both = {_aquifer_of(stage.return_zone, aquifers), taken}
        where = f"sources.{name}.stages[{i}]"
        if len(both) > 1 and None not in both:
            yield Finding(where, _TWO_AQUIFERS, _SCREEN_CURE)
        if taken in seen and getattr(source, "structure", "") == "several_aquifers":
            yield Finding(where, _STAGES_SHARE, _SHARE_CURE, severity="warning")
        if taken is not None:
            seen.add(taken)


def _dry_findings(where: str, screen: Screen, aquifer: Aquifer) -> Iterator[Finding]:
    """A screen that reaches above the water table of its aquifer."""
    level = aquifer.static_level
    if aquifer.kind == "unconfined" and level is not None and screen.top < level - 1e-6:
        message = _DRY.format(top=f"{screen.top:g}", level=f"{level:g}")
        shown = f"{screen.top:g} … {screen.bottom:g} m"
        yield Finding(where, message, _WET_CURE, shown)


def _tight_findings(number: int, aquifer: Aquifer) -> Iterator[Finding]:
    """An aquifer with wells that is no better than a confining layer."""
    aquitard = usual_value("default.aquitard_conductivity")
    if aquifer.hydraulic_conductivity <= aquitard:
        message = _TIGHT.format(aquitard=f"{aquitard * DAY:.2g}")
        shown = f"{aquifer.hydraulic_conductivity * DAY:.2g} m/d"
        where = f"ground.aquifers[{number}].hydraulic_conductivity"
        yield Finding(where, message, _TIGHT_CURE, shown)


def _screens(source: Table) -> Iterator[tuple[str, Screen, bool]]:
    """Every screen of a source: its path inside the source, and whether water passes through it."""
    if isinstance(source, GroundwaterWells | WellDoublet):
        for name, well in source.wells.items():
            for i, screen in enumerate(well.screens):
                yield f"wells.{name}.screens[{i}]", screen, well.role != "observation"
    elif isinstance(source, CirculationWell):
        for i, stage in enumerate(source.stages):
            yield f"stages[{i}].return_zone", stage.return_zone, True
            yield f"stages[{i}].extraction_zone", stage.extraction_zone, True


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
