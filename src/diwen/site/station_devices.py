"""Which loop a boiler or a heater heats, which source a collector or a tower stands at."""

from __future__ import annotations

from collections.abc import Sequence

from diwen.site.model import SiteFile
from diwen.site.station_loops import PlannedLoop, loop_of


def backup_loop(site: SiteFile, name: str, loops: Sequence[PlannedLoop]) -> str | None:
    """The load loop that a boiler or a heater stands in: said, or by its circuit."""
    said = next((use.serves for use in site.staging.backups if use.device == name), "")
    if said:
        loop = loop_of(loops, said)
        return None if loop is None else loop.name
    table = "boilers" if name in site.boilers else "heaters"
    circuit = getattr(site, table)[name].circuit
    wanted = ("hot_water", "pool") if circuit == "hot_water" else ("heating", "process")
    heat = [loop for loop in loops if loop.side == "heat" and loop.loads]
    exact = [loop.name for use in wanted for loop in heat if loop.use == use]
    return next(iter(exact), None)


def recharge_devices(site: SiteFile) -> dict[str, str]:
    """Source of everything that recharges one or takes heat from it, by id of the device."""
    found = {name: item.recharges for name, item in site.solar_collectors.items() if item.recharges}
    for use in site.staging.recharges:
        if use.device in site.heat_pumps:
            # A unit that serves the source: its months are its own (station_backups).
            continue
        only = next(iter(site.sources), "") if len(site.sources) == 1 else ""
        found[use.device] = use.source or found.get(use.device, "") or only
    return found


def chiller_tower(site: SiteFile) -> str:
    """Id of the cooling tower that the chillers give their heat to; empty: they are air-cooled."""
    taken = recharge_devices(site)
    return next((name for name in site.cooling_towers if name not in taken), "")
