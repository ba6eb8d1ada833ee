"""Heads of the wells of a source: how far the pumped water falls and the injected water rises.

Quasi-steady and linear: drawdown is the flow of a well over its specific capacity, rise its flow
over its specific injectivity. Where the site gives none, the capacity is that of Thiem's formula,
2 π T / ln(R/r), with the transmissivity T of the aquifer and the logarithm of the rules; where it
gives no transmissivity either, there are no heads.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.twin.simulated_telemetry_heat import Floats

_GRAVITY, _DENSITY = 9.80665, 999.7  # m/s², kg/m³ of water at 10 °C


@dataclass(frozen=True)
class WellHeads:
    """What the heads of the wells of one source follow.

    Attributes
    ----------
    static_depth : of the water at rest below the ground, m
    capacity, injectivity : flow per head of all its wells together, m²/s
    """

    static_depth: float
    capacity: float
    injectivity: float

    def level(self, flow: Floats, factor: float = 1.0) -> Floats:
        """Water level in the pumped wells above the ground (below it: negative), m, shape (n,).

        Parameters
        ----------
        flow : of the source, m³/s, shape (n,)
        factor : of the drawdown
        """
        return -self.static_depth - factor * flow / self.capacity

    def injection_pressure(self, flow: Floats, factor: float = 1.0) -> Floats:
        """Pressure with which the injected water stands above that at rest, Pa, shape (n,)."""
        return factor * flow / self.injectivity * _DENSITY * _GRAVITY


def well_heads(site: Site, source: str) -> WellHeads | None:
    """Heads of the wells of a source; None where nothing of the aquifer is known."""
    table = site.sources.get(source)
    if table is None:
        return None
    abstracting = [*_wells(table, ("abstraction", "both"))]
    injecting = [*_wells(table, ("injection", "both"))]
    depths = [getattr(one, "static_level", None) for one in (*abstracting, table)]
    levels = [level for level in depths if level is not None]
    levels += [one.static_level for one in site.ground.aquifers if one.static_level is not None]
    capacity = _total(site, abstracting, "specific_capacity", 1.0)
    share = usual_value("default.simulated.injectivity")
    injectivity = _total(site, injecting, "specific_injectivity", share)
    if capacity is None or injectivity is None:
        return None
    static = levels[0] if levels else usual_value("default.simulated.static_level")
    return WellHeads(static, capacity, injectivity)


def _wells(table: Any, roles: Collection[str]) -> Iterator[Any]:
    """Wells of a source that have one of some roles; circulation wells have both."""
    wells = getattr(table, "wells", None) or {}
    if not wells:
        yield from [table] * int(getattr(table, "count", None) or 1)
    for well in wells.values():
        if getattr(well, "role", roles) in roles or not hasattr(well, "role"):
            # A position alone says nothing: the well is the one that the source describes.
            yield well if hasattr(well, "specific_capacity") else table


def _total(site: Site, wells: Collection[Any], key: str, share: float) -> float | None:
    found = []
    for well in wells:
        given = getattr(well, key, None)
        capacity = getattr(well, "specific_capacity", None)
        if given is None and capacity is not None:
            given = share * capacity
        if given is None:
            given = _from_transmissivity(site, share)
        if given is None:
            return None
        found.append(given)
    return sum(found) or None


def _from_transmissivity(site: Site, share: float) -> float | None:
    """Thiem's specific capacity in the most transmissive aquifer, m²/s."""
    through = [one.hydraulic_conductivity * (one.bottom - one.top) for one in site.ground.aquifers]
    if not through:
        return None
    return share * 2.0 * math.pi * max(through) / usual_value("default.simulated.well_logarithm")
