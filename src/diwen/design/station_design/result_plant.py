"""Source, units, pumps and storage of a design. See :mod:`.design_result` for the units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from diwen.design.station_design.result_basis import Duty
from diwen.language import Text
from diwen.problems import Problem

if TYPE_CHECKING:
    from diwen.design.site_sizing import SiteSizing
    from diwen.design.site_well_sizing import SiteWellSizing
    from diwen.site.equipment_selection import Selection


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
