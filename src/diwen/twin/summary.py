"""What a year of a run came to: energies, ratios, temperatures, what was not met.

Ratios are counted as the evaluation of records counts them: heat of the season over the electricity
of units and all pumps that belongs to it; where heat and cold are made in the same clock hour,
electricity is divided by the energy delivered (GB/T 50801-2013 for the system boundary, SEPEMO for
H1 to H4). So a simulated record, evaluated, must give the same numbers.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.plant.station import AIR
from diwen.twin.course import SourceCourse
from diwen.twin.simulated_telemetry_electricity import (
    all_electric,
    electric_power,
    fuel_power,
    is_electric,
)
from diwen.twin.simulated_telemetry_heat import (
    Floats,
    SimulatedPlant,
    circuit_cold,
    circuit_heat,
)
from diwen.twin.summary_modes import Modes
from diwen.twin.summary_pumps import refused_ratios

HOUR = 3600.0
GROUPS = ("heat_pumps", "source_pumps", "load_pumps", "backups", "recharges", "controls")
_SOURCE_CIRCUITS = ("source", "well", "tower")


@dataclass(frozen=True, eq=False)
class YearSummary:
    """One year of a run, energies in J, temperatures in °C.

    Attributes
    ----------
    heat, hot_water, cold : delivered by the heat pumps
    demand_heat, demand_cold : asked for by the loads
    unmet_heat, unmet_cold : not delivered to the loads
    unmet_hours : hours with more than 1 % of the load of the step not met
    electricity : by group (``heat_pumps``, ``source_pumps``, ``load_pumps``, ``backups``,
        ``recharges``, ``controls``)
    backup_heat, fuel : of back-ups; fuel by lower heating value
    extracted, injected : heat out of and into the sources, both positive; the outdoor air is one
        only where there is no other
    entering_of : lowest and highest temperature of the water of each source loop entering the
        units while it flows; nan where it never does
    ratios : ``cop_system``, ``eer_system``, ``spf_h1`` to ``spf_h4`` (heating), ``combined`` (heat
        and cold over all electricity of units and pumps); nan where there is nothing to divide, and
        where pumps of the boundary are not named
    refused : why a ratio cannot be told, by its name
    starts : of all units
    extrapolated_hours : unit hours outside the tested part of a map
    running_hours : unit hours
    monthly : the same energies by calendar month, shape (12,) each
    """

    heat: float
    hot_water: float
    cold: float
    demand_heat: float
    demand_cold: float
    unmet_heat: float
    unmet_cold: float
    unmet_hours: float
    electricity: dict[str, float]
    backup_heat: float
    fuel: float
    extracted: float
    injected: float
    entering_of: dict[str, tuple[float, float]]
    ratios: dict[str, float]
    starts: float
    extrapolated_hours: float
    running_hours: float
    monthly: dict[str, Floats] = field(default_factory=dict)
    refused: dict[str, Text] = field(default_factory=dict)

    @property
    def power(self) -> float:
        """Electricity of everything, J."""
        return sum(self.electricity.values())

    @property
    def entering(self) -> tuple[float, float]:
        """Lowest and highest temperature of water entering the units, over all source loops."""
        pairs = np.array([pair for pair in self.entering_of.values() if np.isfinite(pair[0])])
        if not pairs.size:
            return float("nan"), float("nan")
        return float(pairs[:, 0].min()), float(pairs[:, 1].max())

    @property
    def balance(self) -> float:
        """Heat into the sources over heat out of them; nan where nothing is taken out."""
        return self.injected / self.extracted if self.extracted > 0.0 else float("nan")

    @property
    def unmet_share(self) -> float:
        """Share of heat and cold that was asked for and not delivered."""
        asked = self.demand_heat + self.demand_cold
        return (self.unmet_heat + self.unmet_cold) / asked if asked > 0.0 else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Plain data; what is no number is None."""
        rows = asdict(self)
        for name in ("power", "balance", "entering", "unmet_share"):
            rows[name] = getattr(self, name)
        return {name: _plain(value) for name, value in rows.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, np.ndarray):
        return [_plain(item) for item in value.tolist()]
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value if not isinstance(value, float) or np.isfinite(value) else None


def summarise_year(plant: SimulatedPlant, modes: Modes, month: NDArray[np.int64]) -> YearSummary:
    """Sums and ratios of a stretch of a run (a year).

    Parameters
    ----------
    plant : the stretch
    modes : in which steps the plant is set to heat and to cool
    month : 0 to 11 of each step, shape (n,)
    """
    course, step = plant.course, plant.course.step
    units = tuple(plant.site.heat_pumps)
    heat = {name: circuit_heat(plant, name, units) for name in plant.circuits.loops}
    cold = {name: circuit_cold(plant, name, units) for name in plant.circuits.loops}
    groups = electricity_groups(plant)
    water = heat.get("hot_water", plant.zeros())
    total = {
        "heat": sum(heat.values(), start=plant.zeros()) - water, "hot_water": water,
        "cold": sum(cold.values(), start=plant.zeros()),
        "electricity": electric_power(plant, ("site",)),
        "extracted": _sides(plant, 1.0), "injected": _sides(plant, -1.0),
    }  # fmt: skip
    loads = _loads(plant)
    starts = sum((one.starts for one in course.units.values()), start=plant.zeros())
    backups = [course.backups[name] for name in course.backups]
    fuels = [
        fuel_power(plant, name) for name in course.backups if not is_electric(plant.station, name)
    ]
    sums = {name: float(series.sum() * step) for name, series in (total | loads).items()}
    found = ratios(plant, modes, heat, cold)
    refused = refused_ratios(plant.site, plant.station)
    # What has nothing to divide is simply not there; only a number that would mislead is refused.
    refused = {name: why for name, why in refused.items() if np.isfinite(found[name])}
    return YearSummary(
        heat=sums["heat"], hot_water=sums["hot_water"], cold=sums["cold"],
        demand_heat=sums["demand_heat"], demand_cold=sums["demand_cold"],
        unmet_heat=sums["unmet_heat"], unmet_cold=sums["unmet_cold"],
        unmet_hours=sums["unmet_steps"] / HOUR,
        electricity={
            name: float(electric_power(plant, ids).sum() * step) for name, ids in groups.items()
        },
        backup_heat=float(sum(one[0].sum() for one in backups) * step),
        fuel=float(sum(one.sum() for one in fuels) * step),
        extracted=sums["extracted"], injected=sums["injected"],
        entering_of=_entering(plant),
        ratios=found | dict.fromkeys(refused, float("nan")),
        refused=refused,
        starts=float(starts.sum()),
        extrapolated_hours=_unit_hours(plant, extrapolated=True),
        running_hours=_unit_hours(plant, extrapolated=False),
        monthly={
            name: np.asarray(np.bincount(month, series, 12) * step, np.float64)
            for name, series in total.items()
        },
    )  # fmt: skip


def _sides(plant: SimulatedPlant, sign: float) -> Floats:
    """Heat out of (1) or into (−1) all sources, W, positive."""
    return sum(
        (np.maximum(sign * one.heat, 0.0) for one in _sources(plant).values()),
        start=plant.zeros(),
    )


def _sources(plant: SimulatedPlant) -> dict[str, SourceCourse]:
    """The sources whose balance matters: the air is one only where there is no other."""
    found = plant.course.sources
    return {name: one for name, one in found.items() if name != AIR} or dict(found)


def _loads(plant: SimulatedPlant) -> dict[str, Floats]:
    kinds = {loop.name: loop.kind for loop in plant.station.load_loops}
    found = {name: plant.zeros() for name in (
        "demand_heat", "demand_cold", "unmet_heat", "unmet_cold")}  # fmt: skip
    for name, loop in plant.course.loops.items():
        kind = kinds.get(name, "heat")
        found[f"demand_{kind}"] += loop.load
        found[f"unmet_{kind}"] += loop.unmet
    asked = found["demand_heat"] + found["demand_cold"]
    unmet = found["unmet_heat"] + found["unmet_cold"]
    found["unmet_steps"] = (unmet > 0.01 * asked).astype(float)
    return found


def _entering(plant: SimulatedPlant) -> dict[str, tuple[float, float]]:
    found = {}
    for name, one in _sources(plant).items():
        values = one.entering[np.isfinite(one.entering) & (one.flow_share > 0.0)]
        ends = (values.min(), values.max()) if values.size else (np.nan, np.nan)
        found[name] = (float(ends[0]), float(ends[1]))
    return found


def _unit_hours(plant: SimulatedPlant, *, extrapolated: bool) -> float:
    hours = 0.0
    for one in plant.course.units.values():
        running = one.running * one.extrapolated if extrapolated else one.running
        hours += float(running.sum()) * plant.course.step / HOUR
    return hours


def electricity_groups(plant: SimulatedPlant) -> dict[str, tuple[str, ...]]:
    """Ids of what uses electricity, by group; every id stands in one group."""
    site = plant.site
    source = {pump.name for loop in plant.station.source_loops for pump in loop.pumps}
    groups: dict[str, list[str]] = {name: [] for name in GROUPS}
    for name in all_electric(plant):
        pump = site.pumps.get(name)
        if name in plant.course.units:
            groups["heat_pumps"].append(name)
        elif name in plant.course.pumps:
            at_source = pump.circuit in _SOURCE_CIRCUITS if pump else name in source
            groups["source_pumps" if at_source else "load_pumps"].append(name)
        elif name in plant.course.backups:
            groups["backups"].append(name)
        elif name in plant.course.recharges:
            tower = name in site.cooling_towers
            groups["source_pumps" if tower else "recharges"].append(name)
        else:
            groups["controls"].append(name)
    return {name: tuple(ids) for name, ids in groups.items()}


def ratios(
    plant: SimulatedPlant, modes: Modes, heat: dict[str, Floats], cold: dict[str, Floats]
) -> dict[str, float]:
    """COPsys, EERsys, SPF H1 to H4 and the ratio of both together."""
    groups = electricity_groups(plant)
    power = {name: electric_power(plant, ids) for name, ids in groups.items()}
    system = power["heat_pumps"] + power["source_pumps"] + power["load_pumps"]
    heaters = tuple(name for name in groups["backups"] if name in plant.site.heaters)
    helped = electric_power(plant, heaters)
    warm, chilled = modes.delivered(heat, cold)
    inside = power["heat_pumps"]
    found = {
        "cop_system": modes.ratio(warm, system, "heating", heat, cold),
        "eer_system": modes.ratio(chilled, system, "cooling", heat, cold),
        "spf_h1": modes.ratio(warm, inside, "heating", heat, cold),
    }
    inside = inside + power["source_pumps"]
    found["spf_h2"] = modes.ratio(warm, inside, "heating", heat, cold)
    warm, inside = warm + helped * modes.heating, inside + helped
    found["spf_h3"] = modes.ratio(warm, inside, "heating", heat, cold, helped)
    inside = inside + power["load_pumps"]
    found["spf_h4"] = modes.ratio(warm, inside, "heating", heat, cold, helped)
    useful = sum(heat.values(), start=plant.zeros()) + sum(cold.values(), start=plant.zeros())
    used = float(system.sum())
    found["combined"] = float(useful.sum()) / used if used > 0.0 else float("nan")
    return found
