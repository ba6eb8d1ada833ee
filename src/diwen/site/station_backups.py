"""Boilers, heaters and what recharges a source, with the loops and sources they belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.plant.station import Backup, Recharge, Unit
from diwen.problems import InputError, Problem
from diwen.site.model import Site
from diwen.site.staging import RechargeUse
from diwen.site.station_devices import backup_loop, recharge_devices
from diwen.site.station_loops import PlannedLoop

if TYPE_CHECKING:
    from diwen.loads.weather import Weather

_NO_LOOP = Text(
    "{name} heats no loop of the site and is not counted", "{name} 不供任何回路，未计入"
)
_NO_WEATHER = Text(
    "{name} recharges {source}; without weather it is left out",
    "{name} 为 {source} 补热（散热）；无气象数据，未计入",
)


def backups_of_site(
    site: Site, loops: Sequence[PlannedLoop], problems: list[Problem], notes: list[Text]
) -> tuple[Backup, ...]:
    """Boilers and heaters, those named under staging first."""
    from diwen.site.plant_backups import backup_of

    uses = {use.device: use for use in site.staging.backups}
    names = dict.fromkeys([*uses, *site.boilers, *site.heaters])
    found: list[Backup] = []
    for name in names:
        if name not in site.boilers and name not in site.heaters:
            continue
        loop = backup_loop(site, name, loops)
        if loop is None:
            notes.append(_NO_LOOP.format(name=name))
            continue
        try:
            backup = backup_of(site, name, notes, serves=loop)
        except InputError as error:
            problems += error.problems
            continue
        use = uses.get(name)
        if use is not None and use.parallel_below is not None:
            backup = replace(backup, parallel_below=use.parallel_below)
        if use is not None and use.alone_below is not None:
            backup = replace(backup, alone_below=use.alone_below)
        found.append(backup)
    return tuple(found)


def recharges_of_site(
    site: Site, weather: Weather | None, problems: list[Problem], notes: list[Text]
) -> tuple[Recharge, ...]:
    """Collectors and towers on sources, within their months and limits."""
    devices = recharge_devices(site)
    if weather is None:
        notes += [_NO_WEATHER.format(name=name, source=at) for name, at in devices.items()]
        return ()
    found: list[Recharge] = []
    for name, source in devices.items():
        from diwen.site.plant_recharge import recharge_of

        try:
            recharge = recharge_of(site, name, weather, notes, source=source)
        except InputError as error:
            problems += error.problems
            continue
        use = next((item for item in site.staging.recharges if item.device == name), None)
        found.append(recharge if use is None else _within(recharge, use, weather))
    return tuple(found)


def recharging_units(
    site: Site, units: Sequence[Unit], weather: Weather | None
) -> tuple[Unit, ...]:
    """Units that serve a source, in the months and below the temperature of their recharge.

    Without weather the year has hours.
    """
    steps, step = (8760, 3600.0) if weather is None else (len(weather.dry_bulb), weather.step)
    uses = {use.device: use for use in site.staging.recharges}
    found = []
    for unit in units:
        use = uses.get(unit.name)
        if use is not None:
            below = use.start_temperature
            unit = replace(
                unit,
                recharge_allowed=np.isin(_months(steps, step), use.months) if use.months else None,
                recharge_below=unit.recharge_below if below is None else below,
            )
        found.append(unit)
    return tuple(found)


def _within(recharge: Recharge, use: RechargeUse, weather: Weather) -> Recharge:
    """A recharge in its months only, up to its capacity, on its side of a temperature."""
    allowed = recharge.allowed
    if use.months:
        in_month = np.isin(_months(len(recharge.at_zero), weather.step), use.months)
        allowed = in_month if allowed is None else allowed & in_month
    start = use.start_temperature
    return replace(
        recharge,
        allowed=allowed,
        capacity=recharge.capacity if use.capacity is None else use.capacity,
        start_temperature=recharge.start_temperature if start is None else start,
    )


def _months(steps: int, step: float) -> NDArray[np.intp]:
    """Month, 1 to 12, of every step of a year of 365 days, shape (steps,)."""
    ends = np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    day = (np.arange(steps) * step / 86400.0) % 365.0
    return np.searchsorted(ends, day, side="right") + 1
