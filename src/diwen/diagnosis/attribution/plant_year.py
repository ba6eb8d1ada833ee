"""One year of a plant in the twin: powers hour by hour, and what they come to.

The same equipment counts as electricity as in simulated telemetry: units, pumps, recharges,
controls and back-ups that run on electricity; fuel stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.attribution.diagnosed_year import MONTH_OF_HOUR
from diwen.site.usual_values import usual_value
from diwen.twin.simulated_telemetry_electricity import is_electric

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Floats
    from diwen.plant.station import Station
    from diwen.twin.course import TwinCourse
    from diwen.twin.run import TwinState

HOUR = 3600.0
CONTROLS = "controls"


@dataclass(frozen=True, eq=False)
class PlantYear:
    """Hours of a plant, from any hour of the year of 365 days on; W and °C, each shape (n,).

    Attributes
    ----------
    place : hour of the year of 365 days of each step
    power : electric, by id of the equipment
    fuel : lower heating value, by back-up that burns one
    asked, delivered : by load loop
    unmet : of all loads
    uncomfortable : hours in which the rooms leave their band (where the twin has rooms), else hours
        with more than 1 % of the load not met
    kinds : ``heat`` or ``cold`` by load loop
    backup_heat : of all back-ups
    entering : lowest and highest temperature of the water entering the units, by source
    fluid : mean of the source's own fluid through all hours, by source, °C
    state : at the end
    """

    place: NDArray[np.int64]
    power: dict[str, Floats]
    fuel: dict[str, Floats]
    asked: dict[str, Floats]
    delivered: dict[str, Floats]
    unmet: Floats
    uncomfortable: float
    kinds: dict[str, str]
    backup_heat: Floats
    entering: dict[str, tuple[float, float]]
    fluid: dict[str, float]
    state: TwinState

    @property
    def total_power(self) -> Floats:
        """All electricity, W, shape (n,)."""
        return np.asarray(sum(self.power.values(), start=np.zeros(len(self.place))))

    @property
    def electricity(self) -> float:
        """All of it, J."""
        return float(self.total_power.sum()) * HOUR

    @property
    def fuel_energy(self) -> float:
        """Of all back-ups, J."""
        return float(sum(one.sum() for one in self.fuel.values())) * HOUR

    @property
    def useful(self) -> float:
        """Heat and cold delivered to the loads, J."""
        return float(sum(one.sum() for one in self.delivered.values())) * HOUR

    @property
    def unmet_energy(self) -> float:
        """Of all loads, J."""
        return float(self.unmet.sum()) * HOUR

    def power_of(self, ids: Sequence[str]) -> Floats:
        """Electricity of some equipment, W, shape (n,)."""
        parts = [self.power[name] for name in ids if name in self.power]
        return np.asarray(sum(parts, start=np.zeros(len(self.place))))

    def monthly(self, values: Floats) -> Floats:
        """Sums of hourly values by month of the year, J where they are W, shape (12,)."""
        found = np.bincount(MONTH_OF_HOUR[self.place], values, minlength=12) * HOUR
        return np.asarray(found, np.float64)

    def by_hour_of_year(self, values: Floats) -> Floats:
        """Hourly values laid on the year of 365 days, shape (8760,)."""
        found = np.zeros(len(MONTH_OF_HOUR))
        found[self.place] = values
        return found


def plant_year(
    courses: Sequence[tuple[Station, TwinCourse]], place: NDArray[np.int64], state: TwinState
) -> PlantYear:
    """The stretches of a year, each with the plant that ran it, as one.

    Parameters
    ----------
    courses : in order, hourly
    place : hour of the year of each step of all of them together, shape (n,)
    """
    station = courses[0][0]
    whole = [course for _, course in courses]

    def joined(parts: Sequence[Floats]) -> Floats:
        return np.concatenate(parts)

    power: dict[str, Floats] = {}
    for name in whole[0].units:
        power[name] = joined([one.units[name].power for one in whole])
    for name in whole[0].pumps:
        power[name] = joined([one.pumps[name] for one in whole])
    for name in dict.fromkeys(name for one in whole for name in one.recharges):
        power[name] = joined([
            one.recharges[name][1] if name in one.recharges else np.zeros(len(one.mode))
            for one in whole
        ])  # fmt: skip
    if station.fixed_power:
        power[CONTROLS] = np.full(len(place), station.fixed_power)
    fuel = {}
    for name in whole[0].backups:
        used = joined([one.backups[name][1] for one in whole])
        if is_electric(station, name):
            power[name] = used
        else:
            fuel[name] = used
    loops = whole[0].loops
    asked = {name: joined([one.loops[name].load for one in whole]) for name in loops}
    delivered = {name: joined([one.loops[name].delivered for one in whole]) for name in loops}
    unmet = joined([
        np.asarray(sum((loop.unmet for loop in one.loops.values()), start=np.zeros(len(one.mode))))
        for one in whole
    ])  # fmt: skip
    backup_heat = joined([
        np.asarray(sum((heat for heat, _ in one.backups.values()), start=np.zeros(len(one.mode))))
        for one in whole
    ])  # fmt: skip
    kinds = {loop.name: loop.kind for loop in station.load_loops}
    return PlantYear(
        place, power, fuel, asked, delivered, unmet, _uncomfortable(station, whole, unmet, asked),
        dict(kinds), backup_heat, _entering(whole), _fluid(whole), state,
    )  # fmt: skip


def _uncomfortable(
    station: Station, whole: Sequence[TwinCourse], unmet: Floats, asked: dict[str, Floats]
) -> float:
    """Hours in which a person in a room would complain."""
    band = usual_value("diagnosis.attribution.room_band")
    bad = np.zeros(len(unmet), bool)
    rooms = False
    for loop in station.load_loops:
        if loop.room is None or whole[0].loops[loop.name].room is None:
            continue
        rooms = True
        room = np.concatenate([np.asarray(one.loops[loop.name].room) for one in whole])
        short = loop.room.setpoint - room if loop.kind == "heat" else room - loop.room.setpoint
        bad |= (short > band) & (asked[loop.name] > 0.0)
    if not rooms:
        bad = unmet > 0.01 * np.maximum(sum(asked.values(), start=np.zeros(len(unmet))), 1e-9)
    return float(bad.sum())


def _entering(whole: Sequence[TwinCourse]) -> dict[str, tuple[float, float]]:
    found = {}
    for name in whole[0].sources:
        pieces = [one.sources[name] for one in whole if name in one.sources]
        entering = np.concatenate([one.entering for one in pieces])
        flowing = np.concatenate([one.flow_share for one in pieces]) > 0.0
        values = entering[np.isfinite(entering) & flowing]
        if values.size:
            found[name] = (float(values.min()), float(values.max()))
    return found


def _fluid(whole: Sequence[TwinCourse]) -> dict[str, float]:
    found = {}
    for name in whole[0].sources:
        fluid = np.concatenate([one.sources[name].fluid for one in whole if name in one.sources])
        if np.isfinite(fluid).any():
            found[name] = float(np.nanmean(fluid))
    return found
