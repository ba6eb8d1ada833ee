"""The sources of a design, each sized or checked by the engine that stands for its kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from diwen.design.site_pair_sizing import size_pairs_of_site
from diwen.design.site_sizing import SiteSizing, size_site
from diwen.design.site_well_sizing import SiteWellSizing, size_wells_of_site
from diwen.design.station_design.design_result import SourceDesign
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.missing_values import SITE_FILE
from diwen.site.sources import GROUP_KINDS, ONE_WELL_KINDS

Say = Callable[[Text], None]

_NO_ENGINE = Text(
    "sources of this kind are simulated but not sized: {kind}",
    "该类热源仅作模拟，不作规格计算：{kind}",
)
_COMPARE = Text("compare sizes by runs of the twin", "请以多次模拟比较不同规格")
_BACKED = Text(
    "the load is computed, and boilers or chillers carry a part of it: sizing would put all of it "
    "on the field; the planned size is judged by the twin",
    "负荷为计算值，且部分由锅炉或冷水机组承担；按全部负荷计算孔深会偏大，规划规格由数字孪生模拟评判",
)
_NOT_ASKED = Text("sizing was not asked for", "未要求计算热源规格")
_ASK = Text("let the source be sized", "请开启热源规格计算")


def sources_of_design(
    site: Site,
    names: tuple[str, ...],
    *,
    day: date,
    samples: int,
    sized: bool = True,
    say: Say | None = None,
) -> tuple[SourceDesign, ...]:
    """Every source that the units draw on.

    Parameters
    ----------
    site : the site
    names : ids of the sources
    day : on which the rules are asked
    samples : Monte-Carlo draws of the needed length of a bore field
    sized : whether the engines run
    say : told what is being done
    """
    tell = say or (lambda text: None)
    return tuple(_one(site, name, day, samples, sized, tell) for name in names)


def _one(site: Site, name: str, day: date, samples: int, sized: bool, say: Say) -> SourceDesign:
    kind = site.sources[name].type
    if not sized:
        return _not_sized(site, name, _NOT_ASKED, _ASK)
    if kind == "borefield" and _is_backed(site):
        return _not_sized(site, name, _BACKED, _COMPARE)
    try:
        if kind == "borefield":
            return _of_field(size_site(site, name, samples=samples, day=day, say=say))
        if kind in ONE_WELL_KINDS:
            found = size_wells_of_site(site, name, day=day, checked=False, say=say)
            return _of_wells(found, "wells")
        if kind in GROUP_KINDS:
            return _of_wells(size_pairs_of_site(site, name, day=day), "pairs")
    except InputError as error:
        planned, unit, count = planned_size(site, name)
        return SourceDesign(
            name, kind, planned, None, unit, count, None, refused=tuple(error.problems)
        )
    return _not_sized(site, name, _NO_ENGINE.format(kind=kind), _COMPARE)


def _is_backed(site: Site) -> bool:
    """Whether others than the field carry a part of loads that no file gives as the field's."""
    computed = any(not item.hourly_file for item in site.loads.values())
    return computed and bool(site.boilers or site.chillers)


def _of_field(found: SiteSizing) -> SourceDesign:
    limits = tuple(found.given.limit_sources)
    return SourceDesign(
        found.given.source, "borefield", found.planned, found.sizing.length, "m",
        found.given.field.count, found.suffices, limits, found.relative_uncertainty, found,
    )  # fmt: skip


def _of_wells(found: SiteWellSizing, unit: str) -> SourceDesign:
    best = found.search.recommended
    planned = found.planned.count
    # Fewer wells of another shape may do; more are needed only where the planned ones do not.
    lack = found.planned.shortfall
    needed: float | None = planned if found.suffices else None
    if not found.suffices and lack is not None and lack.wells is not None:
        needed = lack.wells
    elif not found.suffices and best is not None:
        needed = best.count
    return SourceDesign(
        found.source, found.kind, planned, needed, unit, planned, found.suffices, (), None, found
    )


def _not_sized(site: Site, name: str, why: Text, cure: Text) -> SourceDesign:
    planned, unit, count = planned_size(site, name)
    problem = Problem(SITE_FILE, f"sources.{name}", why, cure, severity="warning")
    return SourceDesign(
        name, site.sources[name].type, planned, None, unit, count, None, refused=(problem,)
    )


def planned_size(site: Site, name: str) -> tuple[float, str, int]:
    """Size of a source as the site plans it: value, its unit, boreholes or wells."""
    source: Any = site.sources[name]
    if source.type == "borefield":
        holes = site.boreholes(name)
        count = len(holes)
        return sum(hole.length for hole in holes) / max(count, 1), "m", count
    wells = getattr(source, "wells", {})
    count = len(wells) or getattr(source, "count", None) or 1
    return float(count), "wells", count
