"""The flow of water through a source of a site, wherever the file says it."""

from __future__ import annotations

from typing import Any

from diwen.problems import Problem
from diwen.site.missing_values import SOURCE, missing
from diwen.site.model import Site
from diwen.site.waters import SourceTable


def source_flow(site: Site, source: str, problems: list[Problem]) -> float | None:
    """Design flow of a whole source, m³/s; None, with a problem, where nothing says it.

    Its own, or that of all its wells, or of the heat pumps on it, or of its pumps, in this order.
    """
    given = site.sources[source]
    for found in (
        given.design_flow,
        _of_wells(given),
        _of_heat_pumps(site, source),
        _of_pumps(site, source),
    ):
        if found is not None:
            return found
    what = "flow / design_flow / heat_pumps.*.source_flow / pumps.*.rated_flow"
    key = "flow" if hasattr(given, "flow") else "design_flow"
    problems.append(missing(f"sources.{source}.{key}", what, SOURCE))
    return None


def _of_wells(given: SourceTable) -> float | None:
    """Flow of one circulation well times their number, or the sum over the abstraction wells."""
    wells = getattr(given, "wells", {})
    each = getattr(given, "flow", None)
    if each is not None:
        return float(each) * (getattr(given, "count", None) or len(wells) or 1)
    taking = _abstracting(list(wells.values()))
    flows = [well.design_flow for well in taking]
    return sum(flows) if flows and None not in flows else None


def _abstracting(wells: list[Any]) -> list[Any]:
    """Wells that take the water in the heating season.

    Those that can do both take the role that nobody has; where both are open, half of them take.
    """
    taking = [well for well in wells if getattr(well, "role", "") == "abstraction"]
    both = [well for well in wells if getattr(well, "role", "") == "both"]
    giving = any(getattr(well, "role", "") == "injection" for well in wells)
    return taking or (both if giving else both[: (len(both) + 1) // 2])


def _of_heat_pumps(site: Site, source: str) -> float | None:
    units = [unit for unit in site.heat_pumps.values() if _draws_on(site, unit.source, source)]
    flows = [unit.source_flow * unit.count for unit in units if unit.source_flow is not None]
    return sum(flows) if flows and len(flows) == len(units) else None


def _draws_on(site: Site, named: str, source: str) -> bool:
    return named == source or (not named and len(site.sources) == 1)


def _of_pumps(site: Site, source: str) -> float | None:
    """Well pumps, else those of the source circuit, that serve it or its wells."""
    parts = {source, *getattr(site.sources[source], "wells", {})}
    for circuit in ("well", "source"):
        flows = [
            pump.rated_flow * pump.count
            for pump in site.pumps.values()
            if pump.circuit == circuit
            and pump.rated_flow is not None
            and (parts & set(pump.serves) or (not pump.serves and len(site.sources) == 1))
        ]
        if flows:
            return sum(flows)
    return None
