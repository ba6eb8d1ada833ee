"""The loop of a site's bore field: boreholes, zones, branches, flow, network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.site.borefield import Borefield
from diwen.site.missing_values import SITE_FILE
from diwen.site.model import Site

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from diwen.fluids import Fluid
    from diwen.sources.borefield.boreholes import Boreholes
    from diwen.sources.borefield.networks import Network
    from diwen.sources.borehole.pipes import Section

_NO_FIELD = Text("the site has no bore field", "项目没有地埋管孔群")
_ADD_FIELD = Text('add a source with type = "borefield"', '请增加 type = "borefield" 的热源')
_WHICH = Text("the site has several bore fields", "项目有多个地埋管孔群")
_NAME_IT = Text("name one of them (--source): {names}", "请指定其中之一（--source）：{names}")
_NOT_THERE = Text("there is no bore field of this name", "没有该名称的孔群")
_OUTSIDE = Text(
    "{count} boreholes belong to no zone: they are taken as a zone of their own",
    "{count} 个钻孔不属于任何分区：视为单独一个分区",
)
_ASSIGN = Text("name them in a zone", "请将其列入某一分区")
_REST = "-"
_MIXED = Text(
    "which borehole feeds which is not in the site file: the network is left out",
    "项目文件未说明各孔的上下游关系：不建立管网模型",
)
_MIXED_CURE = Text(
    "use parallel or series where it is so", "如属并联或串联，请改为 parallel 或 series"
)
_BRANCHES = Text(
    "{count} boreholes cannot be split into branches of {series} in series: no network is built",
    "{count} 个孔不能按每支路 {series} 个串联均分：不建立管网模型",
)
_UNEVEN = Text(
    "{count} boreholes cannot be split into branches of {series} in series: {branches} branches "
    "are taken",
    "{count} 个孔不能按每支路 {series} 个串联均分：按 {branches} 个支路计算",
)
_FEWER = Text("more boreholes in series than the field has", "串联孔数多于孔群孔数")
_BRANCHES_CURE = Text("correct boreholes_in_series", "请更正 boreholes_in_series")


def borefield_of_site(site: Site, source: str = "") -> tuple[str, Borefield]:
    """Id and table of a bore field; ``source`` may be left out where there is only one.

    Raises
    ------
    diwen.problems.InputError : there is none, or none of this name, or several
    """
    fields = {name: item for name, item in site.sources.items() if isinstance(item, Borefield)}
    if not fields:
        raise InputError([Problem(SITE_FILE, "sources", _NO_FIELD, _ADD_FIELD)])
    cure = _NAME_IT.format(names=", ".join(fields))
    if source and source not in fields:
        raise InputError([Problem(SITE_FILE, "sources", _NOT_THERE, cure, source)])
    if not source and len(fields) > 1:
        raise InputError([Problem(SITE_FILE, "sources", _WHICH, cure)])
    name = source or next(iter(fields))
    return name, fields[name]


def boreholes_of_site(site: Site, source: str) -> Boreholes:
    """The boreholes of a bore field of a site as arrays."""
    from diwen.sources.borefield.boreholes import Boreholes

    names = ("x", "y", "length", "buried_depth", "radius", "tilt", "orientation")
    positions = site.boreholes(source)
    return Boreholes.of(*([getattr(hole, name) for hole in positions] for name in names))


def zones_of_site(
    given: Borefield, source: str, count: int, problems: list[Problem]
) -> tuple[tuple[str, ...], NDArray[np.intp]]:
    """Names of the zones and the zone of each borehole, from 0, shape (n,).

    Boreholes that no zone names are a last one of their own, named ``-``, with a note. Without
    zones the field is one, with the name of the source.
    """
    import numpy as np

    if not given.zones:
        return (source,), np.zeros(count, np.intp)
    zone = np.full(count, -1, np.intp)
    for place, item in enumerate(given.zones.values()):
        zone[np.array(item.numbers(), np.intp) - 1] = place
    rest = int((zone < 0).sum())
    if not rest:
        return tuple(given.zones), zone
    message = _OUTSIDE.format(count=rest)
    where = f"sources.{source}.zones"
    problems.append(Problem(SITE_FILE, where, message, _ASSIGN, severity="warning"))
    zone[zone < 0] = len(given.zones)
    return (*given.zones, _REST), zone


def branches(given: Borefield, count: int) -> int:
    """Number of parallel branches of a field of so many boreholes."""
    return max(1, count // given.boreholes_in_series)


def check_series(given: Borefield, source: str, count: int, problems: list[Problem]) -> None:
    """Branches of boreholes in series that do not come out even, appended as a problem."""
    series = given.boreholes_in_series
    where = f"sources.{source}.boreholes_in_series"
    if series > count:
        allowed = same(f"1 … {count}")
        problems.append(Problem(SITE_FILE, where, _FEWER, _BRANCHES_CURE, f"{series}", allowed))
    elif count % series:
        message = _UNEVEN.format(count=count, series=series, branches=branches(given, count))
        _note(where, message, _BRANCHES_CURE, problems)


def flow_of_site(site: Site, source: str, given: Borefield) -> float | None:
    """Design flow of the whole field, m³/s.

    Its own, or that of the heat pumps on it, of its pumps, or of its zones, in this order.
    """
    if given.design_flow is not None:
        return given.design_flow
    pumps = [pump for pump in site.heat_pumps.values() if pump.source in ("", source)]
    flows = [pump.source_flow * pump.count for pump in pumps if pump.source_flow is not None]
    if flows and len(flows) == len(pumps):
        return sum(flows)
    circulating = [
        pump.rated_flow * pump.count
        for pump in site.pumps.values()
        if pump.circuit == "source"
        and pump.rated_flow is not None
        and (not pump.serves or source in pump.serves)
    ]
    if circulating:
        return sum(circulating)
    zones = [zone.design_flow for zone in given.zones.values() if zone.design_flow is not None]
    return sum(zones) if zones and len(zones) == len(given.zones) else None


def network_of_site(
    given: Borefield, source: str, boreholes: Boreholes, section: Section, fluid: Fluid,
    flow: float, temperature: float, problems: list[Problem],
) -> Network | None:  # fmt: skip
    """The pipes of the field with every borehole's flow; None, with a note, where they are unknown.

    In series, boreholes follow each other in the order of the file. Zones share the flow as their
    design flows say, otherwise all branches share it alike.

    Parameters
    ----------
    given, source : table and id of the bore field
    boreholes, section : of the field
    fluid, temperature : and its mean temperature, °C
    flow : of the whole field, m³/s
    """
    from diwen.sources.borefield.networks import network_of_sections

    count, series = boreholes.count, given.boreholes_in_series
    if given.network == "mixed":
        _note(f"sources.{source}.network", _MIXED, _MIXED_CURE, problems)
        return None
    if count % series:
        message = _BRANCHES.format(count=count, series=series)
        _note(f"sources.{source}.boreholes_in_series", message, _BRANCHES_CURE, problems)
        return None
    upstream = [-1 if i % series == 0 else i - 1 for i in range(count)]
    mass = flow * float(fluid.density(temperature))
    shares: Any = mass if series > 1 else _by_zone(given, count, mass)
    return network_of_sections(
        boreholes, section, fluid, shares, temperature=temperature, upstream=upstream
    )


def _by_zone(given: Borefield, count: int, mass: float) -> Any:
    """Mass flow of each borehole where every zone has a design flow, else of all, kg/s."""
    import numpy as np

    numbers = [zone.numbers() for zone in given.zones.values()]
    flows = [zone.design_flow for zone in given.zones.values()]
    if not flows or None in flows or sum(map(len, numbers)) < count:
        return mass
    through = np.zeros(count)
    for members, of_zone in zip(numbers, flows, strict=True):
        through[np.array(members) - 1] = (of_zone or 0.0) / len(members)
    return mass * through / through.sum()


def _note(where: str, message: Text, cure: Text, problems: list[Problem]) -> None:
    problems.append(Problem(SITE_FILE, where, message, cure, severity="warning"))
