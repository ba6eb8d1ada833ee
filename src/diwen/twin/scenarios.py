"""Many variations of one plant at once: loads, ground, efficiencies, setpoints.

Each scenario is a whole run without a course; only the sums of its years and its extreme
temperatures are kept. The march lets other threads run, so that scenarios share the cores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.plant.station import Station, SupplyCurve
from diwen.sources.response.source_model import SourceModel
from diwen.sources.response.time_units import HOUR
from diwen.twin.packing import packed
from diwen.twin.run import TwinRun, march_packed
from diwen.twin.station_problems import check_run

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Scenario:
    """What is different from the plant as it was given.

    Attributes
    ----------
    load_factor : on every load, or by name of the load loop
    supply_shift : K on the supply temperature, of every heat loop, or by name of the load loop
    efficiency_factor : on the COP and EER of every unit
    outdoor_shift : K on the outdoor temperature; loads stay as ``load_factor`` says
    sources : models instead of the given ones, by name (another conductivity, another length)
    station : instead of the given one
    """

    load_factor: float | Mapping[str, float] = 1.0
    supply_shift: float | Mapping[str, float] = 0.0
    efficiency_factor: float = 1.0
    outdoor_shift: float = 0.0
    sources: Mapping[str, SourceModel] | None = None
    station: Station | None = None


@dataclass(frozen=True, eq=False)
class ScenarioSums:
    """What the scenarios brought, in their order.

    Attributes
    ----------
    energies : names of the columns, as in :class:`.run.TwinRun`
    yearly : J, shape (scenarios, years, energies)
    sources : names of the source loops; that of the air last, where a unit draws on it
    extremes : lowest and highest entering temperature while running, °C, shape (scenarios, years,
        sources, 2)
    closure : largest first-law residual of each scenario, shape (scenarios,)
    unsettled : steps of each scenario that did not settle, shape (scenarios,)
    """

    energies: tuple[str, ...]
    yearly: Floats
    sources: tuple[str, ...]
    extremes: Floats
    closure: Floats
    unsettled: NDArray[np.int64]

    def of(self, name: str) -> Floats:
        """One energy of all scenarios and years, J, shape (scenarios, years)."""
        return self.yearly[:, :, self.energies.index(name)]


def simulate_many(
    station: Station,
    sources: Mapping[str, SourceModel],
    loads: Mapping[str, ArrayLike],
    outdoor: ArrayLike,
    scenarios: Sequence[Scenario],
    *,
    years: int = 1,
    step: float = HOUR,
    first_day: int = 1,
    threads: int = 1,
) -> ScenarioSums:
    """Run every scenario; all must have the same names of units, loops and sources.

    Parameters
    ----------
    station, sources, loads, outdoor, years, step, first_day : as of :func:`.run.simulate`
    scenarios : at least one
    threads : that share the scenarios

    Raises
    ------
    diwen.problems.InputError : a scenario that cannot run
    """
    given = {name: np.asarray(load, float) for name, load in loads.items()}
    air = np.asarray(outdoor, float)
    check_run(station, sources, given, air, step)

    def run(scenario: Scenario) -> TwinRun:
        plant = _shifted(scenario.station or station, scenario.supply_shift)
        models = {**sources, **(scenario.sources or {})}
        scaled = {name: load * _of(scenario.load_factor, name, 1.0) for name, load in given.items()}
        weather = air + scenario.outdoor_shift
        if scenario.station is not None or scenario.sources is not None:
            check_run(plant, models, scaled, weather, step)
        tables = packed(plant, models, scaled, weather, float(step))
        return march_packed(
            tables, float(step), years, "none", None, first_day, None, plant.fixed_power,
            1.0 / scenario.efficiency_factor,
        )  # fmt: skip

    if threads > 1:
        with ThreadPoolExecutor(threads) as pool:
            runs = list(pool.map(run, scenarios))
    else:
        runs = [run(scenario) for scenario in scenarios]
    first = runs[0]
    return ScenarioSums(
        first.energies,
        np.stack([one.yearly for one in runs]),
        tuple(first.extremes),
        np.stack([np.stack(list(one.extremes.values()), axis=1) for one in runs]),
        np.array([one.closure for one in runs]),
        np.array([one.unsettled for one in runs]),
    )


def _of(given: float | Mapping[str, float], name: str, otherwise: float) -> float:
    return given.get(name, otherwise) if isinstance(given, Mapping) else given


def _shifted(station: Station, shift: float | Mapping[str, float]) -> Station:
    """The supply temperatures moved; a plain number moves the heat loops only."""
    if not shift:
        return station
    loops = []
    for loop in station.load_loops:
        moved = _of(shift, loop.name, 0.0)
        if loop.kind == "cold" and not isinstance(shift, Mapping):
            moved = 0.0
        curve = SupplyCurve(loop.supply.outdoor, loop.supply.supply + moved)
        loops.append(replace(loop, supply=curve))
    return replace(station, load_loops=tuple(loops))
