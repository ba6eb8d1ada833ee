"""What a site recorded, hour by hour, in the words of a plant instead of the names of points.

Everything stands on one grid of whole hours of local standard time. A value is nan where the hour
has no usable record; nothing is bridged. Temperatures of water are means over the time in which it
flowed; powers and heat rates are means over the hour. Signs: heat from a source is positive,
injection negative; heat and cold delivered are positive both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text

if TYPE_CHECKING:
    from diwen.site import Point, Site
    from diwen.site.ledger import Entry

Floats = NDArray[np.float64]
HOUR = 3600.0


@dataclass(frozen=True, eq=False)
class Channel:
    """One quantity hour by hour.

    Attributes
    ----------
    points : ids of the points it was read from
    value : hourly mean in the inside unit (°C, W, m³/s, Pa, m), nan where unknown, shape (n,)
    cover : share of each hour with usable records, shape (n,)
    systematic : standard uncertainty (k = 1) common to all hours, in the unit of the value
    relative : standard uncertainty (k = 1) common to all hours, share of the value
    random : standard uncertainty (k = 1) of one hour, independent of the others
    known : whether the accuracy of its instruments is known; else the two above are defaults
    origin : ``measured``, ``simulated`` or ``manual``
    """

    points: tuple[str, ...]
    value: Floats
    cover: Floats
    systematic: float = 0.0
    relative: float = 0.0
    random: float = 0.0
    known: bool = True
    origin: str = "measured"

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Hours with a value, shape (n,)."""
        return np.isfinite(self.value)


@dataclass(frozen=True, eq=False)
class CircuitRecord:
    """Water that is metered between two pipes: a source loop, or a circuit of the load side.

    Attributes
    ----------
    name : of the source in the site; of a load circuit ``load``, ``hot_water``, ``cooling``
    units : heat pumps whose water it is
    warm, cold : not used for signs; ``supply`` is the water that enters the units (source) or
        leaves them (load), ``back`` the other pipe; means over the time of flow
    flow : m³/s, mean over the hour (0 at standstill)
    heat_by_flow : W from flow and both temperatures, integrated at the native steps; source:
        extraction positive; load: heat positive, cold negative; ``cooling``: cold positive
    heat_by_meter : W from a heat meter's register or power, with the same signs where the meter
        (or the mode) tells them
    standstill_supply, standstill_back : °C means of the hour while pumps stand
    isothermal_difference : K, mean of supply − back while water flows and no unit runs
    """

    name: str
    units: tuple[str, ...]
    supply: Channel | None = None
    back: Channel | None = None
    flow: Channel | None = None
    heat_by_flow: Channel | None = None
    heat_by_meter: Channel | None = None
    standstill_supply: Channel | None = None
    standstill_back: Channel | None = None
    isothermal_difference: Channel | None = None

    @property
    def heat(self) -> Channel | None:
        """Heat by the meter, else by flow and temperatures."""
        return self.heat_by_meter or self.heat_by_flow


@dataclass(frozen=True, eq=False)
class MachineRecord:
    """A heat pump (or several identical ones), a pump group, a back-up, an auxiliary.

    Attributes
    ----------
    id : in the site
    power : electric, W
    fuel : W of the lower heating value, of a boiler
    running : share of the hour in which it ran
    starts : in the hour (by status or power at the native steps)
    frequency : Hz, mean while it ran
    source_entering, source_leaving, load_leaving, load_entering : °C at the unit itself, where it
        has sensors of its own
    heat : W delivered by this unit itself, where metered (heat positive, cold negative)
    """

    id: str
    power: Channel | None = None
    fuel: Channel | None = None
    running: Channel | None = None
    starts: Channel | None = None
    frequency: Channel | None = None
    source_entering: Channel | None = None
    source_leaving: Channel | None = None
    load_leaving: Channel | None = None
    load_entering: Channel | None = None
    heat: Channel | None = None


@dataclass(frozen=True, eq=False)
class WellRecord:
    """A well, or all wells of a source together.

    Attributes
    ----------
    id : of the well, or of the source
    abstraction, injection : m³/s
    abstraction_temperature, injection_temperature : °C while water flows
    level : water level, m, as the point gives it (depth below or elevation: see the point)
    reference_level : of a well that nobody pumps, m
    injection_pressure : Pa at the well head
    """

    id: str
    abstraction: Channel | None = None
    injection: Channel | None = None
    abstraction_temperature: Channel | None = None
    injection_temperature: Channel | None = None
    level: Channel | None = None
    reference_level: Channel | None = None
    injection_pressure: Channel | None = None


@dataclass(frozen=True)
class Circumstance:
    """Something the ledger says that explains records and is no deviation.

    Attributes
    ----------
    kind : ``occupancy``, ``valve_change``, ``service``, ``cleaning``, ``calibration``,
        ``replacement``, ``commissioning_test``, ``modification``
    object : equipment, point or load it is about; ``site``
    since : local day
    until : local day, None: until another entry of the same kind and object
    value : number in the inside unit (occupancy: share of the design, 0 to 1), nan: none
    entry : line of the ledger
    """

    kind: str
    object: str
    since: date
    until: date | None
    value: float
    entry: Entry


@dataclass(frozen=True, eq=False)
class OperatingRecord:
    """A site's record on whole hours.

    Attributes
    ----------
    site : whose
    time : microseconds UTC at which each hour begins, shape (n,)
    day : local date of each hour (standard time), datetime64[D], shape (n,)
    hour : of the local day, 0 to 23, shape (n,)
    begun : local day on which operation began, as the site or ledger says, else the first record
    begun_known : whether the site or the ledger says it
    sources : source loops by id
    circuits : load circuits by name (``load``, ``hot_water``, ``cooling``)
    units, pumps, backups, auxiliaries : machines by id
    wells : by id
    outdoor : °C
    rooms : °C by position
    ground : °C by position of the point (``ground@near-40m``)
    setpoints : supply setpoints, °C, by load circuit
    mode : 0 off, 1 heating, 2 cooling, 3 both
    occupancy : share of the designed use that is served, 1 where nothing is said, shape (n,)
    circumstances : of the ledger
    points : of the site, by id
    step : shortest native interval of the running states, s; what is faster cannot be seen
    rejected : id of a point -> why its records are not used
    """

    site: Site
    time: NDArray[np.int64]
    day: NDArray[np.datetime64]
    hour: NDArray[np.int64]
    begun: date
    begun_known: bool = False
    sources: Mapping[str, CircuitRecord] = field(default_factory=dict)
    circuits: Mapping[str, CircuitRecord] = field(default_factory=dict)
    units: Mapping[str, MachineRecord] = field(default_factory=dict)
    pumps: Mapping[str, MachineRecord] = field(default_factory=dict)
    backups: Mapping[str, MachineRecord] = field(default_factory=dict)
    auxiliaries: Mapping[str, MachineRecord] = field(default_factory=dict)
    wells: Mapping[str, WellRecord] = field(default_factory=dict)
    outdoor: Channel | None = None
    rooms: Mapping[str, Channel] = field(default_factory=dict)
    ground: Mapping[str, Channel] = field(default_factory=dict)
    setpoints: Mapping[str, Channel] = field(default_factory=dict)
    mode: Channel | None = None
    occupancy: Floats = field(default_factory=lambda: np.ones(0))
    circumstances: tuple[Circumstance, ...] = ()
    points: Mapping[str, Point] = field(default_factory=dict)
    step: float = HOUR
    rejected: Mapping[str, Text] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.time)

    @property
    def since(self) -> datetime:
        """Begin of the first hour, UTC."""
        return self.time[0].astype("datetime64[us]").astype(datetime)

    @property
    def years(self) -> Floats:
        """Years of 365 days since operation began, at the middle of each hour, shape (n,)."""
        hours = (self.day - np.datetime64(self.begun, "D")).astype(float) * 24.0 + self.hour + 0.5
        return np.asarray(hours / 8760.0)
