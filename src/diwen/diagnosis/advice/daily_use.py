"""What a plant used and delivered day by day: the data of a comparison before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Floats
    from diwen.diagnosis.record.operating_record import OperatingRecord

_HOURS = 24


@dataclass(frozen=True, eq=False)
class DailyUse:
    """Days in a row, daily means; nan where a day is not complete.

    Attributes
    ----------
    day : local dates, datetime64[D], shape (n,)
    electricity : W, shape (n,)
    heat, cold : W delivered, shape (n,), or None where not metered
    outdoor : °C, shape (n,), or None
    boundary : ids of the machines in ``electricity``
    relative : standard uncertainty of the meters together, share of the electricity
    """

    day: NDArray[np.datetime64]
    electricity: Floats
    heat: Floats | None
    cold: Floats | None
    outdoor: Floats | None
    boundary: tuple[str, ...]
    relative: float = 0.0

    def part(self, since: date | None, until: date | None) -> DailyUse:
        """The days from ``since`` to before ``until``."""
        chosen = np.ones(len(self.day), bool)
        if since is not None:
            chosen &= self.day >= np.datetime64(since, "D")
        if until is not None:
            chosen &= self.day < np.datetime64(until, "D")

        def of(values: Floats | None) -> Floats | None:
            return None if values is None else values[chosen]

        return DailyUse(
            self.day[chosen], self.electricity[chosen], of(self.heat), of(self.cold),
            of(self.outdoor), self.boundary, self.relative,
        )  # fmt: skip


def daily_use(record: OperatingRecord) -> DailyUse:
    """Days of a record: electricity of all machines that are metered, heat, cold, outdoor air."""
    days = np.unique(record.day)
    place = np.searchsorted(days, record.day)
    groups = (record.units, record.pumps, record.backups, record.auxiliaries)
    channels = {
        name: machine.power
        for group in groups
        for name, machine in group.items()
        if machine.power is not None and np.isfinite(machine.power.value).any()
    }
    power = [one.value for one in channels.values() if one is not None]
    total = np.sum(power, axis=0) if power else np.full(len(record), np.nan)
    used = np.array([np.nansum(one) for one in power]) if power else np.zeros(1)
    errors = np.array([one.relative for one in channels.values()]) if power else np.zeros(1)
    relative = float(np.hypot.reduce(errors * used) / max(float(used.sum()), 1.0))
    heat, cold = _delivered(record)
    outdoor = None if record.outdoor is None else record.outdoor.value

    def daily(values: Floats | None) -> Floats | None:
        return None if values is None else _means(values, place, len(days))

    mean = daily(total)
    assert mean is not None
    return DailyUse(days, mean, daily(heat), daily(cold), daily(outdoor), tuple(channels), relative)


def _delivered(record: OperatingRecord) -> tuple[Floats | None, Floats | None]:
    """Heat and cold of all circuits, W by hour."""
    heat: list[Floats] = []
    cold: list[Floats] = []
    for name, circuit in record.circuits.items():
        channel = circuit.heat
        if channel is None:
            continue
        if name == "cooling":
            cold.append(channel.value)
        else:
            heat.append(np.maximum(channel.value, 0.0))
            if name == "load" and "cooling" not in record.circuits:
                cold.append(np.maximum(-channel.value, 0.0))
    return (
        np.sum(heat, axis=0) if heat else None,
        np.sum(cold, axis=0) if cold and any(np.nansum(one) > 0.0 for one in cold) else None,
    )


def _means(values: Floats, place: NDArray[np.intp], days: int) -> Floats:
    known = np.isfinite(values)
    count = np.bincount(place[known], minlength=days)
    total = np.bincount(place[known], values[known], minlength=days)
    least = usual_value("diagnosis.verification.day_cover") * _HOURS
    return np.where(count >= least, total / np.maximum(count, 1), np.nan)
