"""What a source loop measured, on a grid without holes: heat that drives, temperatures that answer.

The ground remembers: heat of hours without a record must be put in, or all later hours are wrong.
Short holes are bridged by their neighbours, longer ones by the same hour of the days around; hours
that were filled, and as many after them, are not fitted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Case
    from diwen.diagnosis.record.operating_record import Channel, CircuitRecord, OperatingRecord

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
_HOUR = 3_600_000_000
_YEAR = 8760.0
_FEW = 6


@dataclass(frozen=True, eq=False)
class LoopSeries:
    """A source loop hour by hour, without holes in time.

    Attributes
    ----------
    source : id
    day : local day, datetime64[D], shape (n,)
    hour : of the record's grid, or -1 where the grid had a hole, shape (n,)
    heat : W, extraction positive, filled, shape (n,)
    known : hours whose heat was measured, shape (n,)
    supply, back : °C, nan where no water flows or nothing was recorded, shape (n,)
    flow : m³/s, nan where unknown, shape (n,)
    used : hours fit to be compared with a model, shape (n,)
    before : years of operation before the first hour, 0: none
    offset : standard uncertainty of the mean of the two temperatures, K
    relative : of the heat, share
    absolute : of the heat while water flows, W
    points : ids of what was read
    heat_of : ``meter``, ``flow`` or ``units``: where the heat comes from
    parts : of an hour that a replay steps through: 1 for hourly simulated values, which are ends
        of hours
    simulated : by the twin
    temperature_points : ids of the thermometers
    start_hour : of the local day, of the first hour
    """

    source: str
    day: NDArray[np.datetime64]
    hour: NDArray[np.int64]
    heat: Floats
    known: Mask
    supply: Floats
    back: Floats
    flow: Floats
    used: Mask
    before: float
    offset: float
    relative: float
    absolute: float
    points: tuple[str, ...]
    heat_of: str
    parts: int = 1
    simulated: bool = False
    temperature_points: tuple[str, ...] = ()
    start_hour: int = 0

    @property
    def of_year(self) -> NDArray[np.int64]:
        """Hour of a year of 365 days, 0 to 8759, shape (n,)."""
        year = self.day.astype("datetime64[Y]").astype("datetime64[D]")
        number = (self.day - year).astype(np.int64)
        leap = (year.astype("datetime64[Y]") + 1).astype("datetime64[D]") - year
        late = (leap.astype(np.int64) == 366) & (number >= 59)
        clock = (np.arange(len(self)) + self.start_hour) % 24
        return np.asarray((number - late) % 365 * 24 + clock)

    def __len__(self) -> int:
        return len(self.heat)

    @property
    def years(self) -> float:
        """Length of the record, years of 365 days."""
        return len(self.heat) / _YEAR

    @property
    def fluid(self) -> Floats:
        """Mean of both temperatures, °C; nan where one is unknown."""
        return 0.5 * (self.supply + self.back)

    def flow_level(self, days: int) -> Floats:
        """Flow with pumps at full speed in the days around, m³/s, shape (n,); nan: not known.

        A valve that is turned or a strainer that clogs moves it, a pump that modulates does not.

        Parameters
        ----------
        days : on either side whose daily levels are looked at together
        """
        place = (self.day - self.day[0]).astype(np.int64)
        running = np.where(self.flow > 0.0, self.flow, np.nan)
        found = np.full(int(place[-1]) + 1, np.nan)
        for day in range(len(found)):
            first, end = np.searchsorted(place, [day - days, day + days + 1])
            near = running[first:end]
            near = near[np.isfinite(near)]
            if len(near) >= _FEW:
                found[day] = np.quantile(near, 0.9)
        known = np.flatnonzero(np.isfinite(found))
        if not len(known):
            return np.full(len(self), np.nan)
        return np.interp(np.arange(len(found)), known, found[known])[place]


def loop_series(case: Case, source: str, rate: float) -> LoopSeries | None:
    """A source loop of a record; None where heat or temperatures were never recorded.

    Parameters
    ----------
    source : id
    rate : design heat capacity rate of the loop, W/K, where the flow was not recorded
    """
    record = case.record
    circuit = record.sources.get(source)
    if circuit is None or len(record) == 0 or circuit.supply is None:
        return None
    heat, origin = _heat(record, circuit)
    if heat is None or not np.isfinite(heat.value).any():
        return None
    place, n = _grid(record.time)
    flow = _on(circuit.flow, place, n)
    supply, back = _on(circuit.supply, place, n), _on(circuit.back, place, n)
    signed, warmth = _signed(case, source, heat.value), _pump_warmth(case, source, heat.value)
    # Flow and both temperatures give what the ground takes where the pump stands beside the units,
    # and what the units take where it stands on the way to the ground: no record says which.
    share = 1.0 if origin == "units" else usual_value("diagnosis.ground.pump_between")
    value = _on_values(signed - share * warmth, place, n)
    between = usual_value("diagnosis.ground.pump_between.uncertainty") * _while_running(warmth)
    value = np.where(np.isnan(value) & (flow == 0.0), 0.0, value)
    known = np.isfinite(value)
    filled = filled_heat(value)
    both = circuit.back is not None and bool(np.isfinite(back).any())
    if not both:
        back = supply - filled / rate
    steady = settled(known)
    used = known & steady & np.isfinite(supply) & np.isfinite(back) & (filled != 0.0)
    used &= ~(flow == 0.0)
    day, hour = _days(record, place, n)
    offset = _offset(circuit, both)
    operated = (record.day[0] - np.datetime64(record.begun, "D")).astype(float) / 365.0
    return LoopSeries(
        source, day, hour, filled, known, supply, back, flow, used, max(float(operated), 0.0),
        max(offset, usual_value("diagnosis.ground.offset")),
        max(heat.relative, usual_value("diagnosis.ground.heat_scale")),
        float(np.hypot(heat.systematic, between)),
        _points(circuit.supply, circuit.back, circuit.flow, heat), origin,
        _parts(record, circuit.supply),
        circuit.supply.origin == "simulated",
        _points(circuit.supply, circuit.back), int(record.hour[0]),
    )  # fmt: skip


def filled_heat(heat: Floats) -> Floats:
    """Heat without holes: short ones by a straight line, longer ones by the days around.

    Parameters
    ----------
    heat : W, nan where unknown, shape (n,)
    """
    missing = np.isnan(heat)
    if not missing.any():
        return heat
    short = round(usual_value("diagnosis.ground.short_gap"))
    near = round(usual_value("diagnosis.ground.neighbour_days"))
    found = heat.copy()
    good = np.flatnonzero(~missing)
    line = np.interp(np.arange(len(heat)), good, heat[good])
    for first, last in runs(missing):
        if last - first <= short:
            found[first:last] = line[first:last]
            continue
        for at in range(first, last):
            # Two years away: what a season is like, where the days around are missing too.
            reach = [*(24 * k for k in range(1, near + 1)), _YEAR, 2 * _YEAR]
            around = [at + sign * int(lag) for lag in reach for sign in (-1, 1)]
            values = heat[[one for one in around if 0 <= one < len(heat)]]
            values = values[np.isfinite(values)]
            found[at] = values.mean() if len(values) else 0.0
    return found


def settled(known: Mask) -> Mask:
    """Hours before which the heat has been known for as long as it had been unknown."""
    found = known.copy()
    longest = round(usual_value("diagnosis.ground.settling"))
    for first, last in runs(~known):
        found[first : last + min(last - first, longest)] = False
    return found


def runs(mask: Mask) -> list[tuple[int, int]]:
    """First place and place behind each run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def _parts(record: OperatingRecord, channel: Channel) -> int:
    step = max(min(record.step, 3600.0), 900.0)
    return round(3600.0 / step) if channel.origin == "simulated" else 4


def _heat(record: OperatingRecord, circuit: CircuitRecord) -> tuple[Channel | None, str]:
    """Heat of the loop, by its meter, its flow, or what the units deliver less their power."""
    if circuit.heat_by_meter is not None and circuit.heat_by_meter.valid.any():
        return circuit.heat_by_meter, "meter"
    if circuit.heat_by_flow is not None and circuit.heat_by_flow.valid.any():
        return circuit.heat_by_flow, "flow"
    return (_heat_of_units(record), "units") if len(record.sources) == 1 else (None, "")


def _heat_of_units(record: OperatingRecord) -> Channel | None:
    """What units take from their only source: heat delivered less cold less power, W."""
    from diwen.diagnosis.record.operating_record import Channel

    powers = [unit.power for unit in record.units.values()]
    circuits = [one.heat for one in record.circuits.values()]
    if not powers or not circuits or None in powers or None in circuits or record.backups:
        return None
    total = np.zeros(len(record))
    points: tuple[str, ...] = ()
    for name, one in record.circuits.items():
        if one.heat is not None:
            total += -one.heat.value if name == "cooling" else one.heat.value
            points += one.heat.points
    for power in powers:
        if power is not None:
            total -= power.value
            points += power.points
    first = circuits[0]
    relative = 0.0 if first is None else 1.5 * first.relative
    return Channel(points, total, np.isfinite(total).astype(float), relative=relative)


def _grid(time: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Place of each hour of the record on a grid without holes, and its length."""
    place = np.asarray((time - time[0]) // _HOUR, np.int64)
    return place, int(place[-1]) + 1


def _signed(case: Case, source: str, heat: Floats) -> Floats:
    """Heat with the sign that the mode tells, where the loop is recharged.

    With recharge in the loop the difference of temperatures may turn its sign while the units go
    on as they did.

    Parameters
    ----------
    heat : W, extraction positive, shape (n,)
    """
    if case.inputs is None or case.record.mode is None:
        return heat
    station, mode = case.inputs.station, case.record.mode.value
    recharged = {one.source for one in station.recharges}
    recharged |= {name for unit in station.units for name in unit.serves}
    if source not in recharged:
        return heat
    sign = np.where(mode == 1.0, 1.0, np.where(mode == 2.0, -1.0, 0.0))
    return np.where(sign == 0.0, heat, sign * np.abs(heat))


def _pump_warmth(case: Case, source: str, heat: Floats) -> Floats:
    """What pumps of a source loop give to its water while it runs, W, shape (n,).

    Parameters
    ----------
    heat : W of the loop, zero while it stands, shape (n,)
    """
    found = np.zeros(len(heat))
    if case.inputs is None:
        return found
    record = case.record
    pumps = [pump for loop in case.inputs.station.source_loops if loop.name == source
             for pump in loop.pumps]  # fmt: skip
    for pump in pumps:
        machine = record.pumps.get(pump.name)
        power = np.full(len(heat), np.nan)
        if machine is not None and machine.power is not None:
            power = machine.power.value
        flow = record.sources[source].flow
        share = np.ones(len(heat)) if flow is None else flow.value / pump.design_flow
        designed = np.interp(np.nan_to_num(share, nan=1.0), pump.shares, pump.power)
        power = np.where(np.isfinite(power), power, designed)
        found += np.where(heat != 0.0, pump.heat_to_water * power, 0.0)
    return found


def _while_running(value: Floats) -> float:
    """Mean over the hours in which it is not zero."""
    running = value[np.isfinite(value) & (value != 0.0)]
    return float(running.mean()) if len(running) else 0.0


def _on_values(value: Floats, place: NDArray[np.int64], n: int) -> Floats:
    found = np.full(n, np.nan)
    found[place] = value
    return found


def _on(channel: Channel | None, place: NDArray[np.int64], n: int) -> Floats:
    found = np.full(n, np.nan)
    if channel is not None:
        found[place] = channel.value
    return found


def _days(
    record: OperatingRecord, place: NDArray[np.int64], n: int
) -> tuple[NDArray[np.datetime64], NDArray[np.int64]]:
    begin = record.day[0].astype("datetime64[h]") + np.timedelta64(int(record.hour[0]), "h")
    day = (begin + np.arange(n).astype("timedelta64[h]")).astype("datetime64[D]")
    row = np.full(n, -1, np.int64)
    row[place] = np.arange(len(place))
    return day, row


def _offset(circuit: CircuitRecord, both: bool) -> float:
    """Standard uncertainty common to all hours of the mean temperature, K."""
    own = [0.0 if one is None else one.systematic for one in (circuit.supply, circuit.back)]
    return 0.5 * float(np.hypot(own[0], own[1])) if both else own[0]


def _points(*channels: Channel | None) -> tuple[str, ...]:
    """Ids of the points that channels were read from."""
    named = [point for one in channels if one is not None for point in one.points]
    return tuple(dict.fromkeys(named))
