"""A whole plant as the twin runs it: units, source loops, load loops, and what stands beside them.

The description is plain data. Names tie it together: a :class:`Unit` draws on a source loop (or on
a load loop, as the upper stage of a cascade does) and serves load loops (or a source loop, as an
air-source unit does that recharges the ground). Loops are numbered by nobody; the order of tuples
is the order of staging.

Three levels of water are covered: the primary loop (source and its pump, behind an exchanger if
``SourceLoop.resistance`` says so), the secondary loop (units, tank) and the tertiary loop (what is
distributed behind ``LoadLoop.exchanger_difference``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.plant.performance_map import PartLoad, PerformanceMap

Floats = NDArray[np.float64]
AIR = "air"
"""Name of the outdoor air as a source loop: always there, its temperature is the weather's."""


@dataclass(frozen=True, eq=False)
class PumpGroup:
    """A pump, or identical pumps side by side, as electric power over the share of design flow.

    Attributes
    ----------
    name : id in the site
    shares : of the design flow of the whole group, ascending, shape (n,)
    power : electric, of the whole group, W, shape (n,)
    design_flow : of the whole group, m³/s
    minimum_share : smallest share of the flow while it runs
    variable : whether the flow follows the load (else it is the design flow whenever it runs)
    always_on : runs in every step of its season, whether or not a unit does
    heat_to_water : share of the power that warms the water
    units : the units whose own pumps these are, which run with them only; empty: the group runs
        whenever the loop does

    A group that stands in several loops is one machine: it runs when any of them asks, its flow is
    the sum over loops of one kind (and the larger of heat and cold), its power counts once.
    """

    name: str
    shares: Floats
    power: Floats
    design_flow: float
    minimum_share: float = 1.0
    variable: bool = False
    always_on: bool = False
    heat_to_water: float = 0.0
    units: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SourceLoop:
    """The water between a source and the units that draw on it.

    Attributes
    ----------
    name : id of the source in the site; its physics is the SourceModel of that id
    pumps : of the loop (well pumps, brine pumps), each follows the same share of flow
    temperature_difference : that the pumps hold across the units by their speed, K; None: the
        flow follows the number of running units
    resistance : of an exchanger between source and units, K/W
    minimum_entering, maximum_entering : °C at which units stop drawing on it
    """

    name: str
    pumps: tuple[PumpGroup, ...] = ()
    temperature_difference: float | None = None
    resistance: float = 0.0
    minimum_entering: float = -np.inf
    maximum_entering: float = np.inf


@dataclass(frozen=True, eq=False)
class SupplyCurve:
    """Supply temperature over outdoor temperature: straight between the points, ends held.

    Attributes
    ----------
    outdoor : °C, ascending, shape (n,); one point: a constant supply temperature
    supply : °C, shape (n,)
    """

    outdoor: Floats
    supply: Floats

    @classmethod
    def constant(cls, supply: float) -> SupplyCurve:
        """One supply temperature, °C."""
        return cls(np.zeros(1), np.array([float(supply)]))

    def at(self, outdoor: Floats | float) -> Floats:
        """Supply temperature, °C, at outdoor temperatures, °C."""
        return np.asarray(np.interp(np.asarray(outdoor, float), self.outdoor, self.supply))


@dataclass(frozen=True, eq=False)
class TankModel:
    """A tank of a load loop.

    Attributes
    ----------
    name : id in the site
    volume : m³
    layers : number of stacked layers, 1: fully mixed
    heat_loss : W/K
    ambient : temperature around it, °C
    maximum_temperature : °C
    charge_above_setpoint : K by which it may be charged above (cold: below) the supply setpoint in
        the hours of ``charging``
    charging : whether it may be charged ahead, by hour of the day, shape (24,); None: never
    """

    name: str
    volume: float
    layers: int = 1
    heat_loss: float = 0.0
    ambient: float = 20.0
    maximum_temperature: float = 95.0
    charge_above_setpoint: float = 0.0
    charging: NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class Room:
    """The rooms behind a load loop, as one heat capacity around their setpoint.

    The load says what holds the setpoint; heat that is missing or too much moves the rooms.

    Attributes
    ----------
    setpoint : °C
    heat_capacity : J/K
    heat_loss : W/K, with which a deviation fades
    """

    setpoint: float
    heat_capacity: float
    heat_loss: float


@dataclass(frozen=True, eq=False)
class LoadLoop:
    """Heat or cold that is delivered: space heating, cooling, hot water, a pool, a process.

    Attributes
    ----------
    name : id
    kind : ``heat`` or ``cold``
    loads : ids of the loads it carries
    supply : temperature the units must supply, of the secondary loop
    temperature_difference : supply − return at design, K, above 0 for heat and for cold
    exchanger_difference : K by which the units must supply more (heat) or less (cold) than
        ``supply`` because an exchanger stands before the tertiary loop
    pumps : of the loop
    tank : beside the units, or None
    dead_band : of the tank or return temperature around its setpoint, K
    room : behind it, or None
    water_heat_capacity : of the water in the loop, J/K, on which units switch at fine steps where
        there is no tank
    hot_water : whether it counts as hot water (its own SPF share) and not as space heating
    """

    name: str
    kind: Literal["heat", "cold"]
    loads: tuple[str, ...]
    supply: SupplyCurve
    temperature_difference: float = 5.0
    exchanger_difference: float = 0.0
    pumps: tuple[PumpGroup, ...] = ()
    tank: TankModel | None = None
    dead_band: float = 2.0
    room: Room | None = None
    hot_water: bool = False
    water_heat_capacity: float = 0.0


@dataclass(frozen=True, eq=False)
class Unit:
    """A heat pump or chiller, or a number of identical ones.

    Attributes
    ----------
    name : id
    count : identical units
    draws_on : name of a source loop, of a load loop (upper stage of a cascade), or :data:`AIR`
    serves : names of load loops, the first first; a source loop's name: recharges it
    heating, cooling : full-load maps; None: it cannot
    part_load : below full load
    simultaneous : full-load map of heating and cooling at once: mode ``heating``, source is the
        chilled water leaving (°C), load the hot water leaving (°C); None: it cannot. Cold is heat
        minus ``power``
    recovery_share : share of the condenser heat of cooling that a desuperheater gives to the first
        heat loop with ``hot_water`` it serves (partial recovery); 0: none
    minimum_source, maximum_source : limits of the source entering temperature, °C
    maximum_supply : highest leaving temperature while heating, °C
    minimum_chilled : lowest leaving temperature while cooling, °C
    minimum_run, minimum_stop : s
    starts_per_hour : most starts of one unit in an hour
    standby_power : W of each unit at standstill
    source_flow, load_flow : heat capacity rate of the fluid through one unit, W/K
    lowest_outdoor : °C of outdoor air below which it stays off; -inf: never
    degradation : share of efficiency lost per year of age (power grows, capacity stays)
    passive_below : °C of the source below which cooling needs no compressor; None: never
    recharge_below : a unit that serves a source loop recharges it while its fluid at rest is
        below it, °C; None: the temperature that the source has without load
    recharge_allowed : steps of the year in which it may, shape (n,); None: all
    sharing : of the load among identical units that run: ``equal`` (all at one part load, as many
        as need the least power) or ``sequential`` (all full, the last one modulates or cycles);
        None: equal where the units can modulate
    """

    name: str
    count: int
    draws_on: str
    serves: tuple[str, ...]
    heating: PerformanceMap | None = None
    cooling: PerformanceMap | None = None
    part_load: PartLoad = field(default_factory=PartLoad.proportional)
    simultaneous: PerformanceMap | None = None
    recovery_share: float = 0.0
    minimum_source: float = -np.inf
    maximum_source: float = np.inf
    maximum_supply: float = np.inf
    minimum_chilled: float = -np.inf
    minimum_run: float = 0.0
    minimum_stop: float = 0.0
    starts_per_hour: float = np.inf
    standby_power: float = 0.0
    source_flow: float = np.inf
    load_flow: float = np.inf
    lowest_outdoor: float = -np.inf
    degradation: float = 0.0
    passive_below: float | None = None
    recharge_below: float | None = None
    recharge_allowed: NDArray[np.bool_] | None = None
    sharing: Literal["sequential", "equal"] | None = None


@dataclass(frozen=True, eq=False)
class Backup:
    """Boiler or electric heater of a heat loop.

    Attributes
    ----------
    name : id
    serves : name of a heat loop
    capacity : W of heat
    efficiency : heat per energy of the fuel (lower heating value) or of electricity
    fuel : ``electricity``, ``natural_gas``, ...
    parallel_below : °C of outdoor air below which it may help the units; inf: whenever they fall
        short
    alone_below : °C of outdoor air below which it works instead of the units; -inf: never
    """

    name: str
    serves: str
    capacity: float
    efficiency: float
    fuel: str
    parallel_below: float = np.inf
    alone_below: float = -np.inf


@dataclass(frozen=True, eq=False)
class Recharge:
    """Heat given to a source loop from elsewhere: sun, air, waste heat; or taken: a cooling tower.

    Available rate in step t: ``at_zero[t] − per_kelvin · T`` with T the mean of the source's
    fluid, °C: a collector, a dry cooler and a tower are straight lines in the temperature of the
    water that goes through them. Recharge takes the positive part of it, rejection the negative.

    Attributes
    ----------
    name : id
    source : name of the source loop
    at_zero : W at 0 °C of the fluid, one repeating year, shape (n,)
    per_kelvin : W/K
    direction : 1: gives heat to the source, −1: takes heat from it
    capacity : most heat, W
    power : electric (fans, pumps) while it runs at capacity, W; in proportion to the heat below
    allowed : steps of the year in which it may run, shape (n,); None: all
    start_temperature : recharge only while the fluid at rest is below it, rejection only above, °C
    """

    name: str
    source: str
    at_zero: Floats
    per_kelvin: float
    direction: Literal[1, -1] = 1
    capacity: float = np.inf
    power: float = 0.0
    allowed: NDArray[np.bool_] | None = None
    start_temperature: float | None = None


@dataclass(frozen=True, eq=False)
class Station:
    """The plant of a site.

    Attributes
    ----------
    source_loops : with the names of the sources
    load_loops : what is delivered
    units : in the order of staging
    backups : in the order of staging, after the units
    recharges : of the sources
    staging : ``sequence`` (in order, one after another), ``equal_hours`` (the unit group with the
        fewest hours first) or ``efficiency`` (the best COP of the step first)
    permitted_units : how many units in all may run, over outdoor temperature: (°C ascending (n,),
        units (n,)), steps between; None: all
    fixed_power : of controls and other auxiliaries, W, always on
    """

    source_loops: tuple[SourceLoop, ...]
    load_loops: tuple[LoadLoop, ...]
    units: tuple[Unit, ...]
    backups: tuple[Backup, ...] = ()
    recharges: tuple[Recharge, ...] = ()
    staging: Literal["sequence", "equal_hours", "efficiency"] = "sequence"
    permitted_units: tuple[Floats, Floats] | None = None
    fixed_power: float = 0.0
