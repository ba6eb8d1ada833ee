"""The complete design of one site as plain data: everything that a report of it shows.

Energies J, powers W, temperatures °C, flows m³/s, lengths m, money CNY, hours from 1 January of a
year of 8760 hours. Heat out of a source and into it are positive both. Everything here comes from
a simulation or from rules: nothing is measured unless it says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.plain_data import both, plain
from diwen.language import Text
from diwen.problems import Problem
from diwen.rules.row import Row

if TYPE_CHECKING:
    from diwen.design.economics.of_site import SiteEconomics
    from diwen.design.site_sizing import SiteSizing
    from diwen.design.site_well_sizing import SiteWellSizing
    from diwen.plant.station import Station
    from diwen.site import Site
    from diwen.site.equipment_selection import Selection
    from diwen.twin.course import TwinCourse
    from diwen.twin.site_simulation_inputs import SiteInputs
    from diwen.twin.summary import YearSummary

Floats = NDArray[np.float64]
Duty = Literal["heating", "cooling"]
Status = Literal["ok", "fails", "warns", "unknown", "not_judged"]
STATUSES: dict[Status, Text] = {
    "ok": Text("kept", "满足"),
    "fails": Text("not kept", "不满足"),
    "warns": Text("to be looked at", "提示"),
    "unknown": Text("unknown", "无法判断"),
    "not_judged": Text("not judged", "未评判"),
}


@dataclass(frozen=True)
class DesignOptions:
    """What is computed, and how far.

    Attributes
    ----------
    day : on which rules, prices and factors are taken; None: today
    horizons : years that are told, ascending; the twin runs to the last
    samples : Monte-Carlo draws of the needed length of a bore field
    size_source : size the source besides checking it by the twin
    economics : costs, carbon and primary energy
    recharge : look for the recharge (rejection) that closes the balance
    redundancy : run the twin with one unit less
    scenario : of the weather; None: that of the site
    """

    day: date | None = None
    horizons: tuple[int, ...] = (25, 50)
    samples: int = 100
    size_source: bool = True
    economics: bool = True
    recharge: bool = True
    redundancy: bool = True
    scenario: str | None = None


# ---- basis


@dataclass(frozen=True, eq=False)
class LoadBasis:
    """One kind of load of one consumer.

    Attributes
    ----------
    name, kind : id in the site; heating, cooling, hot_water, pool, process
    origin : measured, given, simulated (model of a building) or index (first studies only)
    peak : W
    peak_hour : of the year in which it stands, from 0
    energy : of the mean year, J
    full_load_hours : energy over peak, h
    monthly : of the mean year, J, shape (12,)
    notes : what was assumed
    """

    name: str
    kind: str
    origin: str
    peak: float
    peak_hour: int
    energy: float
    full_load_hours: float
    monthly: Floats
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, eq=False)
class WeatherBasis:
    """The weather that the twin runs with.

    Attributes
    ----------
    origin : where it comes from, for people
    years : in the series
    heating, cooling : outdoor design temperatures by the Chinese convention, °C: the daily mean
        that 5 days a year fall below, the hour that 50 hours a year exceed
    mean, lowest, highest : of the hours, °C
    notes : what was filled or assumed
    """

    origin: str
    years: int
    heating: float
    cooling: float
    mean: float
    lowest: float
    highest: float
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class ResponseTestBasis:
    """A thermal response test of the site.

    Attributes
    ----------
    name, by : of the test, and who made it
    day : of it; None: not said
    conductivity, resistance : W/(m·K), m·K/W; None: not evaluated
    conductivity_uncertainty, resistance_uncertainty : expanded (k = 2), same units
    method : of the evaluation
    """

    name: str
    by: str
    day: date | None
    conductivity: float | None
    conductivity_uncertainty: float | None
    resistance: float | None
    resistance_uncertainty: float | None
    method: str


@dataclass(frozen=True)
class GroundBasis:
    """The ground that the design stands on.

    Attributes
    ----------
    undisturbed_temperature : °C; None: not said
    undisturbed_temperature_uncertainty : expanded (k = 2), K
    conductivity, heat_capacity : of the layers, weighted by thickness, W/(m·K), J/(m³·K)
    conductivity_uncertainty : expanded (k = 2), share of it; the largest of the layers
    layers, aquifers : how many are described
    origin : what the site file says of where they come from
    tests : thermal response tests
    """

    undisturbed_temperature: float | None
    undisturbed_temperature_uncertainty: float | None
    conductivity: float | None
    conductivity_uncertainty: float | None
    heat_capacity: float | None
    layers: int
    aquifers: int
    origin: str
    tests: tuple[ResponseTestBasis, ...]


@dataclass(frozen=True, eq=False)
class DesignBasis:
    """What the design stands on.

    Attributes
    ----------
    loads : of every consumer
    heat, cold : of all consumers together by hour of the mean year, W, shape (8760,)
    weather : None where the site names none
    ground : of the site
    assumed : what was assumed on the way, in words
    """

    loads: tuple[LoadBasis, ...]
    heat: Floats
    cold: Floats
    weather: WeatherBasis | None
    ground: GroundBasis
    assumed: tuple[Text, ...]

    def duration(self, duty: Duty) -> Floats:
        """Load duration curve: W, the highest hour first, shape (8760,)."""
        return np.asarray(np.sort(self.heat if duty == "heating" else self.cold)[::-1])

    def monthly(self, duty: Duty) -> Floats:
        """Load by month of the mean year, J, shape (12,)."""
        from diwen.design.station_design.calendar_sums import month_sums

        return month_sums(self.heat if duty == "heating" else self.cold)


# ---- source and plant


@dataclass(frozen=True, eq=False)
class SourceDesign:
    """One source: what is planned against what is needed.

    Attributes
    ----------
    name, kind : id and type in the site
    planned, needed : in ``unit``: mean length per borehole (``m``), or wells, or pairs of wells;
        needed None where nothing was found or nothing could be computed
    unit : ``m``, ``wells`` or ``pairs``
    count : boreholes or wells planned
    suffices : whether the planned source keeps the limits over the planned years; None: not judged
    limits : where the limits of the sizing come from
    relative_uncertainty : standard, of the needed length, share; None: not known
    sizing : the engine's own result; None where it could not run
    refused : why it could not
    """

    name: str
    kind: str
    planned: float
    needed: float | None
    unit: str
    count: int
    suffices: bool | None
    limits: tuple[Text, ...] = ()
    relative_uncertainty: float | None = None
    sizing: SiteSizing | SiteWellSizing | None = None
    refused: tuple[Problem, ...] = ()

    @property
    def margin(self) -> float | None:
        """Planned less needed over needed; negative: too little. None: not known."""
        return None if not self.needed else self.planned / self.needed - 1.0


@dataclass(frozen=True)
class UnitAtDesign:
    """Identical units in the design hour of one duty.

    Attributes
    ----------
    name, model : id in the site; of the catalogue, where chosen from it
    count : identical units
    duty : heating or cooling
    source_entering, load_leaving : °C in that hour
    capacity, power : of all of them at full load, W
    efficiency : COP or EER there
    extrapolated : outside what was tested
    minimum : smallest heat or cold of one unit without cycling, W
    source_flow, load_flow : of all of them, m³/s; None: not said
    flow_assumed : whether the flows are those of a usual temperature difference
    """

    name: str
    model: str
    count: int
    duty: Duty
    source_entering: float
    load_leaving: float
    capacity: float
    power: float
    efficiency: float
    extrapolated: bool
    minimum: float
    source_flow: float | None
    load_flow: float | None
    flow_assumed: bool = False


@dataclass(frozen=True)
class DesignHour:
    """The plant in the hour of the highest load of one duty.

    Attributes
    ----------
    duty : heating or cooling
    hour : of the year, from 0
    year : of operation whose temperatures are taken
    load : W
    outdoor : °C; None: no weather
    source_entering : °C
    load_leaving : °C, the warmest (cooling: coldest) that a loop asks for
    capacity : of all units there, W
    backup : heat of boilers and heaters beside them, W
    without_largest : capacity with the largest single unit out, W
    units : number of single units that serve this duty
    smallest_load : low end of the loads that occur (rule row), W
    smallest_unit : least heat or cold that one unit gives without cycling, W
    """

    duty: Duty
    hour: int
    year: int
    load: float
    outdoor: float | None
    source_entering: float
    load_leaving: float
    capacity: float
    backup: float
    without_largest: float
    units: int
    smallest_load: float
    smallest_unit: float

    @property
    def margin(self) -> float:
        """Capacity with backup over load − 1."""
        return (self.capacity + self.backup) / self.load - 1.0 if self.load > 0.0 else np.inf

    @property
    def redundant(self) -> bool:
        """Whether the load is carried with the largest unit out (n + 1)."""
        return self.without_largest + self.backup >= self.load

    @property
    def share_without_largest(self) -> float:
        """Share of the load that is carried with the largest unit out."""
        if self.load <= 0.0:
            return 1.0
        return min((self.without_largest + self.backup) / self.load, 1.0)


@dataclass(frozen=True)
class PumpDesign:
    """The pump of one loop.

    Attributes
    ----------
    loop : id of the source or load loop
    side : source or load
    flow : that the units need at the design hour, m³/s; None: not known
    flow_assumed : whether it comes from a usual temperature difference
    planned_flow, planned_power : of the pumps of the site there, m³/s and W; None: none named
    parts : name and pressure drop, Pa, of what is known
    missing : what is not known of the drop; while anything is missing no head is told
    head : m of water; None: refused
    power : electric, W, with the usual efficiency (rule row); None without head or flow
    """

    loop: str
    side: Literal["source", "load"]
    flow: float | None
    flow_assumed: bool
    planned_flow: float | None
    planned_power: float | None
    parts: tuple[tuple[Text, float], ...]
    missing: tuple[Text, ...]
    head: float | None
    power: float | None


@dataclass(frozen=True)
class StorageDesign:
    """Buffer of one load loop: the smallest unit shall run a while at the smallest load.

    Attributes
    ----------
    loop, duty : load loop
    unit : smallest unit
    minimum_power : heat or cold that it gives at its lowest step, W
    smallest_load : W
    run_time : that it shall run at least, s
    swing : of the water temperature meanwhile, K
    needed, planned : m³; planned None where no tank is named
    rules : ids of the rule rows
    """

    loop: str
    duty: Duty
    unit: str
    minimum_power: float
    smallest_load: float
    run_time: float
    swing: float
    needed: float
    planned: float | None
    rules: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class PlantDesign:
    """Units, pumps and storage.

    Attributes
    ----------
    origin : ``site``: its own units; ``catalogue``: chosen, as the site has none
    units : by duty, at the design hour
    hours : design hour of each duty that occurs, in the first year
    later_hours : the same in the years of the horizons
    selection : by duty, what the catalogue offers for the load of the design hour
    pumps, storage : of the loops
    notes : what was assumed
    """

    origin: Literal["site", "catalogue"]
    units: tuple[UnitAtDesign, ...]
    hours: tuple[DesignHour, ...]
    selection: Mapping[str, Selection]
    pumps: tuple[PumpDesign, ...]
    storage: tuple[StorageDesign, ...]
    notes: tuple[Text, ...] = ()
    later_hours: tuple[DesignHour, ...] = ()

    def hour(self, duty: Duty) -> DesignHour | None:
        """The design hour of a duty in the first year; None where there is no such load."""
        return next((one for one in self.hours if one.duty == duty), None)

    def hardest(self, duty: Duty, years: int) -> DesignHour | None:
        """The design hour with the least margin of the kept years up to a year."""
        kept = (*self.hours, *self.later_hours)
        own = [one for one in kept if one.duty == duty and one.year <= years]
        return min(own, key=lambda one: one.margin, default=None)


# ---- years


@dataclass(frozen=True)
class SourceYear:
    """One source in one year of operation.

    Attributes
    ----------
    entering : lowest and highest water entering the units while it flows, °C
    leaving : lowest and highest water leaving the units, that is, entering the source, °C
    extraction, injection : by the units, J
    recharge, rejection : given to the source and taken from it by something else, J
    """

    entering: tuple[float, float]
    leaving: tuple[float, float]
    extraction: float
    injection: float
    recharge: float
    rejection: float

    @property
    def ratio(self) -> float:
        """Heat into the source over heat out of it; nan where nothing is taken out."""
        out = self.extraction + self.rejection
        return (self.injection + self.recharge) / out if out > 0.0 else float("nan")


@dataclass(frozen=True, eq=False)
class DesignYear:
    """One year of operation.

    Attributes
    ----------
    year : from 1
    summary : energies, ratios (COPsys, EERsys, SPF H1 to H4), starts, unmet and extrapolated hours
    sources : by name
    """

    year: int
    summary: YearSummary
    sources: dict[str, SourceYear]


@dataclass(frozen=True, eq=False)
class YearsRun:
    """A plant through decades of the twin.

    Attributes
    ----------
    station : that ran
    years : one after another, from 1
    courses : step by step, by year, of the years that were kept: the first and every horizon
    closure : largest first-law residual over the largest heat rate of its node
    unsettled : steps whose heat rates did not settle
    """

    station: Station
    years: tuple[DesignYear, ...]
    courses: dict[int, TwinCourse]
    closure: float
    unsettled: int

    def year(self, number: int) -> DesignYear:
        """A year of operation, from 1."""
        return self.years[number - 1]

    def mean_ratio(self, source: str, years: int) -> float:
        """Heat into a source over heat out of it, all of the first years together."""
        ran = [one.sources[source] for one in self.years[:years]]
        out = sum(one.extraction + one.rejection for one in ran)
        into = sum(one.injection + one.recharge for one in ran)
        return into / out if out > 0.0 else float("nan")

    def extremes(self, source: str, years: int) -> tuple[float, float, float, float]:
        """Lowest and highest entering, lowest and highest leaving of the first years, °C."""
        ran = [one.sources[source] for one in self.years[:years]]
        ends = np.array([[*one.entering, *one.leaving] for one in ran])
        if np.isnan(ends).all():
            return (np.nan, np.nan, np.nan, np.nan)
        low, high = np.nanmin(ends, axis=0), np.nanmax(ends, axis=0)
        return float(low[0]), float(high[1]), float(low[2]), float(high[3])


@dataclass(frozen=True, eq=False)
class RechargeNeed:
    """Heat that a source needs besides, or has to be freed of, to reach one target.

    Attributes
    ----------
    source : id
    target : ``band`` (the nearer end of the allowed ratio), ``closed`` (ratio 1), ``entering``
        (limit of the water entering the units), ``leaving`` (limit of the water that leaves them),
        ``supply`` (share of heat or cold that may stay unmet; only where more does)
    years : of operation over which it is judged
    aim : ratio, °C, or share
    kind : ``recharge`` gives heat, ``rejection`` takes it (a tower or dry cooler)
    energy : a year, J; 0: none is needed; None: not reachable
    power : at constant rate in ``months``, W
    months : calendar months in which it runs
    reached : ratio, temperature or share with it
    before : ratio, temperature or share without it
    collector_area : of solar collectors that would give as much in these months, m²; None where
        the weather says no irradiance, or heat is to be taken
    run : the years with it; None where none is needed or reachable
    why : in words
    rules : ids of the rule rows behind ``aim``
    """

    source: str
    target: Literal["band", "closed", "entering", "leaving", "supply"]
    years: int
    aim: float
    kind: Literal["recharge", "rejection"]
    energy: float | None
    power: float
    months: tuple[int, ...]
    reached: float
    before: float
    collector_area: float | None
    run: YearsRun | None
    why: Text
    rules: tuple[str, ...] = ()


# ---- compliance


@dataclass(frozen=True)
class ComplianceRow:
    """One rule against the design.

    Attributes
    ----------
    id : stable name of the check
    group : key of :data:`GROUPS`
    name : what is judged
    value, limit : in ``unit``; None where unknown or in words; a range has its ``upper`` end
    sense : ``<=``, ``>=``, ``range`` or empty
    margin : what is left to the limit, in ``unit``, negative where it is broken
    status : see :data:`STATUSES`
    rule : the row; None for an own limit of the site or of physics
    why : what was found, and by which model
    cure : what to change; None where nothing has to
    missing : keys of the data that are not known
    """

    id: str
    group: str
    name: Text
    value: float | None
    unit: str
    limit: float | None
    margin: float | None
    status: Status
    rule: Row | None
    why: Text
    cure: Text | None = None
    missing: tuple[str, ...] = ()
    sense: str = ""
    upper: float | None = None

    @property
    def verified(self) -> bool:
        """Whether the number of the rule was read in public material (see the rule data)."""
        return self.rule is not None and self.rule.verified

    @property
    def rule_id(self) -> str:
        """Id of the rule row; empty for an own limit."""
        return "" if self.rule is None else self.rule.id

    def as_dict(self) -> dict[str, Any]:
        """Plain data, both languages."""
        rows = plain({name: getattr(self, name) for name in (
            "id", "group", "value", "unit", "limit", "upper", "sense", "margin", "status",
            "verified", "missing")})  # fmt: skip
        rows |= {name: both(getattr(self, name)) for name in ("name", "why", "cure")}
        return {**rows, "rule": None if self.rule is None else self.rule.as_dict()}


GROUPS: dict[str, Text] = {
    "survey": Text("survey and tests", "勘察与试验"),
    "layout": Text("boreholes and wells", "钻孔与井"),
    "temperature": Text("temperatures of the source", "热源侧温度"),
    "balance": Text("heat balance", "热平衡"),
    "units": Text("units", "机组"),
    "system": Text("efficiency of the system", "系统能效"),
    "supply": Text("supply of the loads", "负荷保证"),
    "wells": Text("wells", "热源井"),
    "water": Text("water", "水资源"),
    "environment": Text("environment", "环境"),
}


# ---- behaviour


@dataclass(frozen=True, eq=False)
class PartLoadHours:
    """How often the plant runs at which share of its capacity, in one year.

    Attributes
    ----------
    duty : heating or cooling
    edges : of the classes, share of the capacity of the design hour, shape (classes + 1,)
    hours : with that load, shape (classes,)
    energy : of the load in these hours, J, shape (classes,)
    below_minimum : hours with a load below the least that one unit gives without cycling
    starts : of the units of this duty in the year, by name
    running_hours : unit hours of this duty in the year, by name
    mean_efficiency : of the units (heat or cold over power) in each class; nan without hours
    """

    duty: Duty
    edges: Floats
    hours: Floats
    energy: Floats
    below_minimum: float
    starts: dict[str, float]
    running_hours: dict[str, float]
    mean_efficiency: Floats


@dataclass(frozen=True, eq=False)
class ExtremeStretch:
    """Hours on end: the coldest or hottest week, a design day.

    Attributes
    ----------
    id : ``coldest_week``, ``hottest_week``, ``winter_design_day``, ``summer_design_day``
    name : in words
    duty : heating or cooling
    chosen_by : ``outdoor`` temperature, or ``load`` where no weather is known
    start : first hour of the year, from 0
    outdoor : °C, shape (n,); None: no weather
    load, delivered, unmet : of this duty, W, shape (n,)
    power : electric, of the whole plant, W, shape (n,)
    running : units on, shape (n,)
    entering, leaving : by source, °C, shape (n,) each; nan at standstill
    supply : by load loop, °C, shape (n,) each
    """

    id: str
    name: Text
    duty: Duty
    chosen_by: Literal["outdoor", "load"]
    start: int
    outdoor: Floats | None
    load: Floats
    delivered: Floats
    unmet: Floats
    power: Floats
    running: Floats
    entering: dict[str, Floats]
    leaving: dict[str, Floats]
    supply: dict[str, Floats]

    @property
    def efficiency(self) -> float:
        """Delivered energy over electricity of the plant in these hours."""
        used = float(self.power.sum())
        return float(self.delivered.sum()) / used if used > 0.0 else float("nan")


@dataclass(frozen=True)
class UnitFailure:
    """A whole year of the twin with one single unit of a group out.

    Attributes
    ----------
    unit : id of the group
    left : units left in it
    unmet_heat, unmet_cold : of the year, J, more than with all units
    unmet_hours : hours with more than 1 % of the load not met
    worst : largest unmet power, W
    worst_share : of the load of that hour
    """

    unit: str
    left: int
    unmet_heat: float
    unmet_cold: float
    unmet_hours: float
    worst: float
    worst_share: float


# ---- what lacks


@dataclass(frozen=True)
class Cure:
    """Something that would make a design feasible.

    Attributes
    ----------
    id : ``metres``, ``boreholes``, ``wells``, ``units``, ``backup``, ``supply_temperature``,
        ``recharge``, ``rejection``, ``data``
    text : in words, with the amount
    amount : in ``unit``; None where it is said in words only
    unit : of the amount
    computed : by an engine; false: by proportion, to be checked by a new run
    """

    id: str
    text: Text
    amount: float | None
    unit: str
    computed: bool = True


@dataclass(frozen=True)
class Shortfall:
    """What the design lacks.

    Attributes
    ----------
    id : ``source.ID``, ``capacity.heating``, ``unmet``, ``balance.ID``, ``temperature.ID``...
    text : what is short, and by how much
    amount : in ``unit``
    unit : of the amount
    cures : each by itself would do
    """

    id: str
    text: Text
    amount: float | None
    unit: str
    cures: tuple[Cure, ...]


# ---- all


@dataclass(frozen=True, eq=False)
class StationDesign:
    """The complete design of one site.

    Attributes
    ----------
    site : as designed (with the units chosen from the catalogue, where it had none)
    options : what was asked
    day : on which the rules were taken
    inputs : of the twin: plant, sources, loads, weather; for further runs of the same plant
    basis : loads, weather, ground
    sources : sized or checked
    plant : units, pumps, storage
    run : years of the twin as designed
    recharge : what would close the balance, by target
    compliance : rule by rule
    part_load, extremes, failures : behaviour
    economics : None where refused or not asked for
    economics_refused : why not
    shortfalls : what lacks; empty: nothing found
    notes : of the whole
    uncertainty : of the main results from uncertain inputs; None: not computed
    optimisation : of sizes; None: not computed
    seconds : processor time by stage, s
    """

    site: Site
    options: DesignOptions
    day: date
    inputs: SiteInputs
    basis: DesignBasis
    sources: tuple[SourceDesign, ...]
    plant: PlantDesign
    run: YearsRun
    recharge: tuple[RechargeNeed, ...]
    compliance: tuple[ComplianceRow, ...]
    part_load: tuple[PartLoadHours, ...]
    extremes: tuple[ExtremeStretch, ...]
    failures: tuple[UnitFailure, ...]
    economics: SiteEconomics | None
    economics_refused: tuple[Problem, ...]
    shortfalls: tuple[Shortfall, ...]
    notes: tuple[Text, ...] = ()
    uncertainty: Any | None = None
    optimisation: Any | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def feasible(self) -> bool:
        """Whether nothing was found to lack and no rule is broken."""
        return not self.shortfalls and not any(one.status == "fails" for one in self.compliance)

    @property
    def typical(self) -> YearSummary:
        """The first year of operation."""
        return self.run.years[0].summary

    def statuses(self) -> dict[Status, int]:
        """How many rules came to which status."""
        found: dict[Status, int] = dict.fromkeys(STATUSES, 0)
        for row in self.compliance:
            found[row.status] += 1
        return found

    def as_dict(self) -> dict[str, Any]:
        """Plain data for ``--json``."""
        from diwen.design.station_design.plain_design import design_as_dict

        return design_as_dict(self)
