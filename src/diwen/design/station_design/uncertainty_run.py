"""One sample of a design through decades of the twin, and what is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.design.station_design.uncertain_inputs import (
    EFFICIENCY,
    LOAD,
    PUMPS,
    SUPPLY,
    WEATHER,
)
from diwen.design.station_design.uncertain_inputs_ground import SourceSamples
from diwen.plant.station import LoadLoop, PumpGroup, Station, SupplyCurve
from diwen.sources.response.source_model import SourceModel
from diwen.twin.course import TwinCourse
from diwen.twin.run import TwinRun, simulate

if TYPE_CHECKING:
    from diwen.twin.deviations_plant import TwinInputs

Floats = NDArray[np.float64]
HOURS = 8760
_TINY = 1e-9


@dataclass(frozen=True, eq=False)
class YearsOfPlant:
    """Decades of one plant, reduced to what a design is judged by.

    Attributes
    ----------
    electricity : of everything, J by year, shape (years,)
    fuel : J by backup that burns something, shape (years,) each
    extremes : lowest and highest entering temperature by source and year, °C, shape (years, 2);
        inf and −inf in a year without
    leaving : the same of the water that leaves the units; exact in the last year, in the others
        moved as the entering temperature is
    unmet : share of heat and cold that was not delivered, by year, shape (years,)
    ratios : of the last year: COPsys, EERsys, SPF H1 and H2 of heating (nan without)
    balance : heat into each source over heat out of it, last year (nan where nothing comes out)
    heat, cold, power : delivered, and electric, by hour of the last year, W, shape (8760,)
    """

    electricity: Floats
    fuel: dict[str, Floats]
    extremes: dict[str, Floats]
    leaving: dict[str, Floats]
    unmet: Floats
    ratios: dict[str, float]
    balance: dict[str, float]
    heat: Floats
    cold: Floats
    power: Floats


def years_of_plant(
    station: Station,
    sources: Mapping[str, SourceModel],
    loads: Mapping[str, Floats],
    outdoor: Floats,
    years: int,
    power_factor: float = 1.0,
) -> YearsOfPlant:
    """A plant through years of hours.

    Parameters
    ----------
    station, sources, loads, outdoor : as of :func:`diwen.twin.run.simulate`, hourly
    years : of 8760 hours
    power_factor : on the power of every unit
    """
    ran = simulate(
        station, sources, loads, outdoor, steps=years * HOURS, keep="last",
        power_factor=power_factor,
    )  # fmt: skip
    return reduced(ran, station)


def reduced(ran: TwinRun, station: Station) -> YearsOfPlant:
    """What is kept of a run of whole years whose last year has its course."""
    course = ran.course
    kinds = {loop.name: loop.kind for loop in station.load_loops}
    heat, cold = np.zeros(len(course.mode)), np.zeros(len(course.mode))
    for name, loop in course.loops.items():
        if kinds[name] == "heat":
            heat += np.maximum(loop.delivered, 0.0)
        else:
            cold += np.maximum(loop.delivered, 0.0)
    electric = {one.name for one in station.backups if one.fuel == "electricity"}
    parts = _power_parts(course, station, electric)
    power = np.sum(list(parts.values()), axis=0)
    sums = _sums(ran, station, electric)
    last = float(sums[-1])
    electricity = sums * (float(power.sum()) * course.step / last if last > 0.0 else 1.0)
    fuel = {name: ran.year_sums(f"backup.{name}.fuel")
            for name in course.backups if name not in electric}  # fmt: skip
    zero = np.zeros(len(ran.monthly))
    asked = sum((ran.year_sums(f"loop.{name}.load") for name in kinds), zero)
    unmet = sum((ran.year_sums(f"loop.{name}.unmet") for name in kinds), zero)
    return YearsOfPlant(
        electricity, fuel, ran.extremes, _leaving(course, ran.extremes),
        _share(unmet, asked),
        _ratios(course, heat, cold, parts), _balance(course), heat, cold, power,
    )  # fmt: skip


def _share(unmet: Floats, asked: Floats) -> Floats:
    """Share of the load that was not met; what is rounding only is none."""
    share = np.asarray(unmet, float) / np.maximum(asked, _TINY)
    return np.where(share > _TINY, share, 0.0)


def _power_parts(course: TwinCourse, station: Station, electric: set[str]) -> dict[str, Floats]:
    """Electricity by part, W: units, source pumps, load pumps, backups, the rest."""
    at_source = {pump.name for loop in station.source_loops for pump in loop.pumps}
    zero = np.zeros(len(course.mode))
    found = {name: zero.copy() for name in ("units", "source", "load", "backups", "rest")}
    for unit in course.units.values():
        found["units"] += unit.power
    for name, power in course.pumps.items():
        found["source" if name in at_source else "load"] += power
    for name, (_, power) in course.backups.items():
        if name in electric:
            found["backups"] += power
    for _, power in course.recharges.values():
        found["rest"] += power
    found["rest"] += course.fixed_power
    return found


def _sums(ran: TwinRun, station: Station, electric: set[str]) -> Floats:
    """Electricity of everything by year, J; pumps that loops share are counted in each."""
    total = np.zeros(len(ran.monthly))
    for name in ran.energies:
        group, _, rest = name.partition(".")
        powered = group in ("unit", "pump", "recharge") and name.endswith(".power")
        burnt = group == "backup" and name.endswith(".fuel") and rest[:-5] in electric
        if powered or burnt:
            total += ran.year_sums(name)
    return total + station.fixed_power * HOURS * 3600.0


def _ratios(
    course: TwinCourse, heat: Floats, cold: Floats, parts: Mapping[str, Floats]
) -> dict[str, float]:
    """Ratios of the year; electricity of an hour goes to heat and cold by what is delivered."""
    helped = sum((one[0] for one in course.backups.values()), np.zeros(len(heat)))
    warm = np.maximum(heat - helped, 0.0)
    whole = warm + cold
    share = np.divide(warm, whole, out=np.zeros_like(whole), where=whole > 0.0)
    system = parts["units"] + parts["source"] + parts["load"]

    def ratio(useful: Floats, power: Floats) -> float:
        used = float(power.sum())
        return float(useful.sum()) / used if used > 0.0 and useful.any() else float("nan")

    return {
        "cop_system": ratio(warm, system * share),
        "eer_system": ratio(cold, system * (1.0 - share) * (whole > 0.0)),
        "spf_h1": ratio(warm, parts["units"] * share),
        "spf_h2": ratio(warm, (parts["units"] + parts["source"]) * share),
        "combined": ratio(whole, system),
    }


def _leaving(course: TwinCourse, extremes: Mapping[str, Floats]) -> dict[str, Floats]:
    """Lowest and highest temperature leaving the units, by source and year, °C."""
    found = {}
    for name, entering in extremes.items():
        source = course.sources.get(name)
        ends = np.array(entering)
        if source is not None:
            water = source.leaving[np.isfinite(source.leaving) & (source.flow_share > 0.0)]
            if water.size and np.isfinite(entering[-1]).all():
                ends = entering + (np.array([water.min(), water.max()]) - entering[-1])
        found[name] = ends
    return found


def _balance(course: TwinCourse) -> dict[str, float]:
    found = {}
    for name, one in course.sources.items():
        out = float(np.maximum(one.heat, 0.0).sum() + np.maximum(-one.recharge, 0.0).sum())
        into = float(np.maximum(-one.heat, 0.0).sum() + np.maximum(one.recharge, 0.0).sum())
        found[name] = into / out if out > 0.0 else float("nan")
    return found


# ---- what a sample changes


@dataclass(frozen=True, eq=False)
class PlantSamples:
    """A design that can be run with other values of its inputs.

    Attributes
    ----------
    inputs : of the twin by weather: 0 typical (or the only one), −1 warm, 1 cold
    sources : of every sample
    years : of operation
    """

    inputs: Mapping[int, TwinInputs]
    sources: SourceSamples
    years: int

    def run(self, values: Mapping[str, float]) -> YearsOfPlant:
        """One sample.

        Parameters
        ----------
        values : of the inputs, by key; what is left out stays at its best estimate
        """
        given = self.inputs[self.weather(values)]
        load = values.get(LOAD, 1.0)
        return years_of_plant(
            changed_station(given.station, values.get(PUMPS, 1.0), values.get(SUPPLY, 0.0)),
            self.sources.of(values),
            {name: power * load for name, power in given.loads.items()},
            given.outdoor, self.years, 1.0 / values.get(EFFICIENCY, 1.0),
        )  # fmt: skip

    def weather(self, values: Mapping[str, float]) -> int:
        """Which weather a sample has."""
        wanted = round(values.get(WEATHER, 0.0))
        return wanted if wanted in self.inputs else 0


def changed_station(station: Station, pumps: float = 1.0, supply: float = 0.0) -> Station:
    """A plant with other pump powers (factor) and supply temperatures (K beyond the setpoint)."""
    if pumps == 1.0 and supply == 0.0:
        return station

    def scaled(groups: tuple[PumpGroup, ...]) -> tuple[PumpGroup, ...]:
        return tuple(replace(one, power=one.power * pumps) for one in groups)

    return replace(
        station,
        source_loops=tuple(replace(one, pumps=scaled(one.pumps)) for one in station.source_loops),
        load_loops=tuple(
            replace(one, pumps=scaled(one.pumps), supply=shifted_supply(station, one, supply))
            for one in station.load_loops
        ),
    )


def shifted_supply(station: Station, loop: LoadLoop, shift: float) -> SupplyCurve:
    """The supply of a loop K warmer (cold: colder), as far as the units that serve it can."""
    serving = [unit for unit in station.units if loop.name in unit.serves]
    if loop.kind == "heat":
        most = min((unit.maximum_supply for unit in serving), default=np.inf)
        room = max(most - loop.exchanger_difference - float(loop.supply.supply.max()), 0.0)
        moved = loop.supply.supply + min(shift, room)
    else:
        least = max((unit.minimum_chilled for unit in serving), default=-np.inf)
        room = max(float(loop.supply.supply.min()) - loop.exchanger_difference - least, 0.0)
        moved = loop.supply.supply - min(shift, room)
    return SupplyCurve(loop.supply.outdoor, moved)
