"""Plants of the bench: bundled examples in several climates, as built a little off their design.

No plant is built exactly as designed. Every parameter is drawn around its neutral value within what
is tolerable, the weather of the record is not that of the design, instruments err within their
class and records have gaps: what is diagnosed is not the twin that made the record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

import diwen
from benchmarks.diagnosis_bench.cases import BEGIN, Injection
from diwen.site import Site
from diwen.site.ground import Aquifer
from diwen.twin.deviations import Deviation
from diwen.twin.sensor_faults import SensorFault
from diwen.twin.site_simulation import SiteSimulation, simulate_site

EXAMPLES = Path(diwen.__file__).parents[2] / "examples"
Points = Literal["standard", "full"]
# Standard deviations of what was built around what was designed, not called a deviation.
AS_BUILT: Mapping[str, tuple[float, float]] = {
    "load_factor": (1.0, 0.05), "ground_conductivity": (1.0, 0.04),
    "borehole_resistance": (1.0, 0.04), "undisturbed_temperature": (0.0, 0.2),
    "source_flow": (1.0, 0.02), "load_flow": (1.0, 0.02), "setpoint_shift": (0.0, 0.2),
}  # fmt: skip


@dataclass(frozen=True)
class BenchPlant:
    """A plant of the bench.

    Attributes
    ----------
    name : for people
    example : folder
    weather : station that takes the place of the example's, or empty
    has : what a case may need
    """

    name: str
    example: str
    weather: str
    has: frozenset[str]

    def site(self, injection: Injection) -> Site:
        """The site as designed, with the ledger of the case."""
        site = diwen.read(EXAMPLES / self.example)
        if self.weather:
            weather = site.weather.model_copy(update={"station": self.weather})
            site = site.model_copy(update={"weather": weather})
        if "groundwater" in injection.needs:
            site = _with_groundwater(site)
        return replace_ledger(_with_gas_meters(site), injection)


def replace_ledger(site: Site, injection: Injection) -> Site:
    """The site with the ledger of the case and without points, which the list of points gives."""
    return site.model_copy(update={"ledger": injection.ledger, "points": ()})


_BORES = frozenset({"ground", "source_meter", "colder"})
PLANTS: tuple[BenchPlant, ...] = (
    BenchPlant("office, Beijing", "plant-template", "", _BORES | {"cold", "tank", "setback"}),
    BenchPlant("office, Shenyang", "plant-template", "shenyang-weather",
               _BORES | {"cold", "setback"}),
    BenchPlant("office, Shanghai", "plant-template", "shanghai-weather",
               _BORES | {"cold", "idle", "setback"}),
    BenchPlant("balanced office", "beijing-office", "", _BORES | {"cold", "idle", "setback"}),
    BenchPlant("house", "household-sets", "", _BORES),
    BenchPlant("wells", "forest-office-4-wells", "",
               frozenset({"source_meter", "cold", "wells", "setback"})),
    BenchPlant("sports centre", "sports-centre", "",
               (_BORES - {"colder"}) | {"cold", "boiler", "setback"}),
    BenchPlant("air and boiler", "gas-hybrid-home", "", frozenset({"curve", "colder"})),
)  # fmt: skip


def possible(plant: BenchPlant, injection: Injection, points: Points = "full") -> bool:
    """Whether the plant has what the case is about, and these points show it."""
    given = {"groundwater"} | ({"heads"} if points == "full" else set())
    return injection.needs - given <= plant.has


def record_run(
    plant: BenchPlant, injection: Injection, points: Points, seed: int
) -> tuple[Site, SiteSimulation]:
    """The design and a run that is not it.

    Parameters
    ----------
    points : minimum list or full metering
    seed : of what was built, the weather, instruments and gaps
    """
    site = plant.site(injection)
    draw = np.random.default_rng([seed, len(plant.name), len(injection.name)])
    injected = {one.parameter for one in injection.deviations}
    built = [
        Deviation(name, float(neutral + spread * draw.standard_normal()))
        for name, (neutral, spread) in AS_BUILT.items()
        if name not in injected and _there(site, name)
    ]
    # Gaps of 2 % of the time; a fault of an instrument comes after the usual errors.
    usual = (SensorFault("class_error"), SensorFault("noise"), SensorFault("outage", value=0.02))
    run = simulate_site(
        site, years=injection.years, step=injection.step, since=BEGIN,
        scenario=(None, "cold", "warm")[int(draw.integers(3))] if _has_weather(site) else None,
        deviations=[*built, *injection.deviations], sensors=[*usual, *injection.sensors],
        seed=int(draw.integers(2**31)), points=points,
    )  # fmt: skip
    return site, run


WHOLE = "whole"
"""Name under which the electricity of the plant stands beside what deviations cost."""


def truth(plant: BenchPlant, injection: Injection, run: SiteSimulation) -> dict[str, float]:
    """Electricity of the last year that each deviation costs, J: the run less the run without.

    Under :data:`WHOLE` that of the plant.
    """
    whole = _electricity(_again(run, run.deviations))
    return {WHOLE: whole} | {
        one.parameter: whole
        - _electricity(_again(run, [d for d in run.deviations if d.parameter != one.parameter]))
        for one in injection.deviations
    }


def _again(run: SiteSimulation, deviations: Sequence[Deviation]) -> SiteSimulation:
    return simulate_site(
        run.site, years=len(run.years), step=3600.0, since=run.since, scenario=run.scenario,
        deviations=deviations, keep="none",
    )  # fmt: skip


def _electricity(run: SiteSimulation) -> float:
    return float(run.years[-1].power)


def _there(site: Site, name: str) -> bool:
    bores = any(one.type == "borefield" for one in site.sources.values())
    return bores if name in ("borehole_resistance", "ground_conductivity") else True


def _has_weather(site: Site) -> bool:
    return bool(site.weather.station)


def _with_gas_meters(site: Site) -> Site:
    """Gas boilers with a calorific value, so that their gas is metered (35.6 MJ/m³)."""
    boilers = {
        id: one if one.calorific_value else one.model_copy(update={"calorific_value": 35.6e6})
        for id, one in site.boilers.items()
    }
    return site.model_copy(update={"boilers": boilers})


def _with_groundwater(site: Site) -> Site:
    """The same ground with water that flows through half of it, some 40 m a year."""
    aquifer = Aquifer.model_validate({
        "top": "20 m", "bottom": "70 m", "hydraulic_conductivity": "30 m/d", "porosity": 0.25,
        "gradient": 0.004, "flow_direction": "90 deg",
    })  # fmt: skip
    ground = site.ground.model_copy(update={"aquifers": (aquifer,)})
    return site.model_copy(update={"ground": ground})
