"""Groundwater wells and doublets of a site through the years: breakthrough, water, plume.

Pumped water is mixed, serves the plant, and goes back to all return wells at one temperature.
What reaches the pumped wells again follows from the paths of the water between the wells
(:mod:`diwen.sources.well_field`), on the clock of the moved volume. A doublet whose wells exchange
their roles by season is followed both ways where no groundwater passes by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.design.calendar_months import HOUR, HOURS_PER_YEAR
from diwen.design.well_load import (
    WellLoad,
    exchanger_note,
    settle,
    well_load,
    years_of_operation,
)
from diwen.design.well_years import OperatingPoint, WellYears, points_of_operation
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site import Site
from diwen.site.groundwater_source import (
    SiteGroundwaterWells,
    groundwater_wells_of_site,
    plane_wells,
)

if TYPE_CHECKING:
    from diwen.sources.well_field.arrivals import Arrivals
    from diwen.sources.well_field.plume import PlumeSize
    from diwen.sources.well_field.potential_flow import PlaneWells

Floats = NDArray[np.float64]
Progress = Callable[[float], None]
Paths = tuple[Floats, ...]

ISOTHERM = 1.0  # K, at the edge of the plume
SHARE_YEARS = (1, 10, 25)

_YEAR = HOURS_PER_YEAR * HOUR
_SEASON = 30 * 24  # hours over which a season shows
_LINES = 24  # paths drawn from each return well
_PATHS_SHOWN = 240
_EXTENT = 3.0  # of drawn paths, over the size of the field

_WITH_WATER = Text(
    "heat moves with the water only: conduction, dispersion and what cap and bed rock store are "
    "left out; breakthrough is sharper and drift larger than in the ground",
    "热量仅随水流运移：未计导热、弥散及顶底板岩层蓄热；热突破偏陡，水温变化偏大",
)
_PUMPING = Text(
    "{flow} m³/h are pumped in every hour with a load and nothing in the others",
    "有负荷的小时按 {flow} m³/h 抽水，其余时间停泵",
)
_HEADER = Text(
    "all pumped water is mixed, all return wells receive the same water",
    "各井抽水混合后使用，所有回灌井回水温度相同",
)
_REGIONAL = Text(
    "regional flow of {flux} m/a: the paths hold for the flow of the pumps, and what drifts "
    "on while they rest is left out",
    "区域地下水渗流 {flux} m/a：流线按水泵流量计算，停泵期间的漂移未计入",
)
_DIRECTION = Text(
    "its direction is not given: from the return wells to the pumped ones, where it harms most",
    "未给出流向：按由回灌井流向抽水井的最不利方向",
)
_ONE_SEASON = Text(
    "the wells exchange their roles by season; computed with those of the heating season, which "
    "leaves out what the exchange brings back",
    "抽灌互换：按供暖季角色计算，未计互换回收的热量",
)
_EXCHANGED = Text(
    "the wells exchange their roles by season, and the water goes back the way it came",
    "抽灌井按季互换，水沿原流线返回",
)
_NOT_RETURNED = Text(
    "the water is not returned: it always comes at its natural temperature, and how the level "
    "sinks over the years is not computed",
    "抽出的水不回灌：取水始终为天然水温；未计水位逐年下降",
)
_PLUME = Text(
    "plume of the net heat of a mean year, all return wells taken as one, edge at {isotherm} K",
    "热影响羽按年均净热量计算，全部回灌井合并为一口，边界取 {isotherm} K",
)


@dataclass(frozen=True, eq=False)
class WellGroupStudy(WellYears):
    """What a site's groundwater wells do over the years; every series is simulated.

    Attributes
    ----------
    site : the site
    built : the wells
    plane : the wells in their aquifer, at design flow; None where no water goes back
    arrivals : where returned water goes and when its heat arrives; None as above
    breakthrough : hours of pumping at design flow, and share of a step of the returned temperature
        in the mixed pumped water, shape (2, nt)
    load : heat taken from all wells, extraction positive, W, shape (years · 8760,)
    pumped, returned : mixed water, °C, shape (years · 8760,)
    approach : from the pumped water to what enters the heat pumps, K per W; 0 without an exchanger
    heads : head at every well at design flow, m, rise positive at return wells, drawdown positive
        at pumped ones, with losses; empty where no steady level can be told
    paths : of returned water, m, each shape (k, 2)
    plumes : reach of the returned heat at the end, by model; empty where no water goes back
    exchanged : whether the change of roles by season is computed
    rounds : how often load and water were gone round; 0 where the load is that of the ground
    settled : largest change of the water in the last round, K
    notes : what was assumed and left out
    warnings : about the input
    """

    site: Site
    built: SiteGroundwaterWells
    plane: PlaneWells | None
    arrivals: Arrivals | None
    breakthrough: Floats
    load: Floats
    pumped: Floats
    returned: Floats
    approach: float
    heads: dict[str, float]
    paths: Paths = field(repr=False)
    plumes: tuple[PlumeSize, ...]
    exchanged: bool
    rounds: int
    settled: float
    notes: tuple[Text, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def count(self) -> int:
        """The load is that of all wells."""
        return 1

    @property
    def running(self) -> float:
        """Hours with pumping in a mean year, h."""
        return float((self.load != 0.0).sum()) / self.years

    @property
    def first_arrival(self) -> float | None:
        """Days of pumping at design flow until returned water first arrives; None: never."""
        if self.arrivals is None:
            return None
        first = float(self.arrivals.breakthrough.min())
        return first / 86400.0 if math.isfinite(first) else None

    def recirculated(self, years: float, *, always: bool = False) -> float:
        """Share of the pumped water whose temperature is that of returned water.

        Parameters
        ----------
        years : of operation
        always : pumping at design flow in all hours, else in those with a load
        """
        if self.arrivals is None:
            return 0.0
        time = years * (_YEAR if always else self.running * HOUR)
        arrived = self.arrivals.arrived([time])[..., 0]
        return float((arrived @ self.arrivals.injected).sum() / self.arrivals.pumped.sum())

    def operating_points(self) -> tuple[OperatingPoint, ...]:
        """The design of the file and the highest simulated load, each with its own difference."""
        given = self.built.given
        return points_of_operation(
            self, self.built.flow, given.design_extraction, given.design_injection, rated=False
        )


def study_well_group(
    site: Site,
    source: str = "",
    *,
    years: int | None = None,
    progress: Progress | None = None,
) -> WellGroupStudy:
    """The groundwater wells or doublets of a site with its loads, hour by hour through the years.

    Parameters
    ----------
    site : the site
    source : id of the wells; may be left out where there is only one such source
    years : of operation, 1 to 100; as planned if not given
    progress : told the share that is done

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    from diwen.sources.aquifer.heat_arithmetic import WATER_HEAT_CAPACITY

    problems: list[Problem] = []
    span = years_of_operation(site, years, problems)
    if problems:
        raise InputError(problems)
    built = groundwater_wells_of_site(site, source)
    problems += built.notes
    load = well_load(site, built.source, WATER_HEAT_CAPACITY * built.flow, problems)
    if load is None:
        raise InputError(problems)
    tell = progress or (lambda share: None)
    plane = plane_wells(built) if built.reinjects else None
    arrivals = None if plane is None else _arrivals(plane)
    tell(0.2)
    exchanged = can_exchange(built)
    march = march_of_group(built, arrivals, exchanged)
    found = settle(load, span, built.undisturbed_temperature, march,
                   lambda share: tell(0.2 + 0.6 * share))  # fmt: skip
    tell(0.9)
    paths = () if plane is None else _paths(plane, built.positions)
    return WellGroupStudy(
        site, built, plane, arrivals, _breakthrough(arrivals), found.heat, found.pumped,
        found.returned, load.approach, _heads(site, built.source), paths,
        _plumes(built, found.heat, span), exchanged, found.rounds, found.change,
        _notes(built, exchanged, load, found.heat), tuple(problems),
    )  # fmt: skip


def _arrivals(plane: PlaneWells) -> Arrivals:
    from diwen.sources.well_field.potential_flow import trace_arrivals

    return trace_arrivals(plane)


def can_exchange(built: SiteGroundwaterWells) -> bool:
    """One well each way and still groundwater: only then the way back is the way there."""
    return built.exchanges and built.reinjects and built.regional is None and len(built.names) == 2


def march_of_group(
    built: SiteGroundwaterWells, arrivals: Arrivals | None, exchanged: bool
) -> Callable[[Floats], tuple[Floats, Floats]]:
    """Heat of all wells to mixed pumped and returned water, °C."""
    from diwen.sources.aquifer.heat_arithmetic import WATER_HEAT_CAPACITY

    rest, rate = built.undisturbed_temperature, WATER_HEAT_CAPACITY * built.flow

    def unreturned(heat: Floats) -> tuple[Floats, Floats]:
        return np.full(len(heat), rest), rest - heat / rate

    if arrivals is None:
        return unreturned
    if exchanged:
        return _both_ways(built)
    from diwen.sources.well_field.coupled_wells import ArrivalKernel, march_wells

    kernel = ArrivalKernel.of(arrivals).merged()

    def march(heat: Floats) -> tuple[Floats, Floats]:
        course = march_wells(kernel, heat, np.where(heat == 0.0, 0.0, built.flow))
        return rest - course.pumped[:, 0], rest - course.returned[:, 0]

    return march


def _both_ways(built: SiteGroundwaterWells) -> Callable[[Floats], tuple[Floats, Floats]]:
    """A doublet that is turned round with the seasons."""
    from diwen.sources.well_field.doublet import Doublet
    from diwen.sources.well_field.exchanged_doublet import march_exchanged

    rest = built.undisturbed_temperature
    apart = float(np.hypot(*(built.positions[1] - built.positions[0])))
    doublet = Doublet.of(
        apart, built.aquifer.thickness, built.flow,
        ground_heat_capacity=built.aquifer.heat_capacity,
    )  # fmt: skip

    def march(heat: Floats) -> tuple[Floats, Floats]:
        flow = np.where(heat == 0.0, 0.0, built.flow) * directions(heat)
        course = march_exchanged(doublet, heat, flow)
        return rest - course.pumped, rest - course.returned

    return march


def directions(heat: Floats) -> Floats:
    """1 in the heating season, -1 in the cooling season: the sign of the heat around each hour.

    Parameters
    ----------
    heat : W, shape (nt,)

    Returns
    -------
    of the heat within half a month on both sides; where there is none as before
    """
    total = np.concatenate([[0.0], np.cumsum(heat)])
    hour = np.arange(len(heat))
    low, high = np.maximum(hour - _SEASON // 2, 0), np.minimum(hour + _SEASON // 2, len(heat))
    sign = np.sign(total[high] - total[low])
    last = np.maximum.accumulate(np.where(sign != 0.0, hour, 0))
    return np.asarray(np.where(sign[last] == 0.0, 1.0, sign[last]))


def _breakthrough(arrivals: Arrivals | None) -> Floats:
    """Hours of pumping and the share arrived; empty where nothing ever comes back."""
    if arrivals is None or not np.isfinite(arrivals.breakthrough.min()):
        return np.empty((2, 0))
    first, last = float(arrivals.breakthrough.min()), max(SHARE_YEARS) * _YEAR
    early = np.geomspace(0.5, 1.0, 5)[:-1] * first
    times = np.concatenate([early, np.geomspace(0.999 * first, max(last, 10.0 * first), 400)])
    arrived = np.einsum("jik,i->k", arrivals.arrived(times), arrivals.injected)
    return np.array([times / HOUR, arrived / arrivals.pumped.sum()])


def _heads(site: Site, source: str) -> dict[str, float]:
    """At design flow and the roles of the heating season, with the losses of the wells, m.

    As in the checks: of returned water as cold as at design.
    """
    from diwen.design.site_well_checks import abstraction_design_of_site
    from diwen.design.well_group_checks import duty_of
    from diwen.design.well_group_heads import group_points

    design, _ = abstraction_design_of_site(site, source, season=False)
    points = group_points(design, duty_of(design).viscosity_ratio)
    return {name: point.head for name, point in points.items() if not name.endswith("*")}


def _paths(plane: PlaneWells, positions: Floats) -> Paths:
    """Lines to draw, cut where they leave the surroundings of the wells."""
    from diwen.sources.well_field.potential_flow import streamlines

    count = max(6, min(_LINES, _PATHS_SHOWN // len(plane.returning)))
    centre = positions.mean(axis=0)
    reach = _EXTENT * float(np.hypot(*(positions - centre).T).max())
    shown: list[Floats] = []
    for path in streamlines(plane, lines=count):
        inside = np.hypot(*(path - centre).T) <= reach
        kept = path if inside.all() else path[: max(int(inside.argmin()), 2)]
        shown.append(kept)
    return tuple(shown)


def _plumes(built: SiteGroundwaterWells, heat: Floats, years: int) -> tuple[PlumeSize, ...]:
    """Of the net heat of a mean year, brought by the mean flow."""
    from diwen.sources.aquifer.heat_arithmetic import WATER_HEAT_CAPACITY
    from diwen.sources.well_field.plume import Plume, plume_sizes

    flow = built.flow * float((heat != 0.0).mean())
    if not built.reinjects or flow == 0.0:
        return ()
    difference = abs(float(heat.mean())) / (WATER_HEAT_CAPACITY * flow)
    flux = 0.0 if built.regional is None else built.regional.darcy_velocity
    aquifer: Any = built.aquifer
    plume = Plume.of(
        flow, difference, aquifer.thickness, flux,
        thermal_conductivity=aquifer.thermal_conductivity,
        ground_heat_capacity=aquifer.heat_capacity,
    )  # fmt: skip
    return plume_sizes(plume, years * _YEAR, ISOTHERM)


def _notes(
    built: SiteGroundwaterWells, exchanged: bool, load: WellLoad, heat: Floats
) -> tuple[Text, ...]:
    told = [_PUMPING.format(flow=f"{built.flow * 3600.0:.3g}")]
    if not built.reinjects:
        return (*told, _NOT_RETURNED, *load.notes, *exchanger_note(load, heat))
    told += [_HEADER, _WITH_WATER]
    if built.regional is not None:
        flux = built.regional.darcy_velocity * 365.0 * 86400.0
        told.append(_REGIONAL.format(flux=f"{flux:.3g}"))
        told += [_DIRECTION] if built.regional.angle is None else []
    if built.exchanges:
        told.append(_EXCHANGED if exchanged else _ONE_SEASON)
    told.append(_PLUME.format(isotherm=f"{ISOTHERM:g}"))
    return (*told, *load.notes, *exchanger_note(load, heat))
