"""Heat that a plant takes from the water of its wells, and how load and water settle.

The heat pumps feel the water and the water feels the heat pumps: both are gone round until the
water no longer changes. Behind an exchanger the heat pumps feel the circuit, which is colder than
the water by what the exchanger needs.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.calendar_months import HOURS_PER_YEAR
from diwen.design.efficiency import PlantEfficiency
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.site_efficiency import efficiency_of_site
from diwen.design.site_load import load_of_site
from diwen.language import Text, same
from diwen.problems import Problem
from diwen.site import Site
from diwen.site.missing_values import SITE_FILE

Floats = NDArray[np.float64]
March = Callable[[Floats], tuple[Floats, Floats]]
"""Heat of all wells, W, shape (nt,) to pumped and returned water, °C, shape (nt,) each."""

USUAL_YEARS, MOST_YEARS = 25, 100

_SETTLED = 0.005  # K
_ROUNDS = 12

_YEARS = Text("not a number of whole years", "运行年数应为整数")
_GIVE_YEARS = Text("give whole years of operation", "请给出运行的整年数")
_PART_UNKNOWN = Text(
    "the site has several sources: which part of the load is that of the wells is not known",
    "项目有多个热源：井群所承担的负荷份额未知",
)
_NAME_SOURCES = Text(
    "name the source of every heat pump and give its rated capacities; loads of the building, "
    "not of the ground",
    "请为每台热泵注明热源并给出额定制热、制冷量，且负荷为建筑侧负荷",
)
_SHARED = Text(
    "several sources: the wells carry {heating} % of heating and {cooling} % of cooling, as the "
    "rated capacities of the heat pumps on them",
    "多热源：按所接热泵额定容量，井群承担 {heating} % 热负荷与 {cooling} % 冷负荷",
)
_EXCHANGER = Text(
    "between wells and heat pumps stands an exchanger: at the largest heat the heat pumps feel "
    "water {approach} K away from that of the wells",
    "井水与机组之间设换热器：最大换热量时机组进水与井水相差 {approach} K",
)


@dataclass(frozen=True, eq=False)
class WellLoad:
    """What is asked of the wells of one source; build with :func:`well_load`.

    Attributes
    ----------
    load : of the building or of the ground, the part that falls to the wells
    plant : efficiency of the heat pumps; None where the load is that of the ground
    approach : from the pumped water to what enters the heat pumps, K per W taken from all wells
    notes : what was assumed
    """

    load: HourlyBuildingLoad | HourlyGroundLoad
    plant: PlantEfficiency | None
    approach: float
    notes: tuple[Text, ...] = ()

    @property
    def follows_water(self) -> bool:
        """Whether the heat depends on the temperature of the water."""
        return self.plant is not None and not self.plant.is_constant

    def heat(self, entering: Floats) -> Floats:
        """Taken from all wells, W, for water entering the heat pumps, °C; the given years repeat.

        Parameters
        ----------
        entering : shape (8760 years,)
        """
        if self.plant is None or isinstance(self.load, HourlyGroundLoad):
            assert isinstance(self.load, HourlyGroundLoad)
            return np.resize(self.load.power, len(entering))
        given = self.load.years * HOURS_PER_YEAR
        rows = []
        for start in range(0, len(entering), given):
            part = entering[start : start + given]
            found = self.load.ground(self.plant, np.resize(part, given)).power
            rows.append(np.asarray(found)[: len(part)])
        return np.concatenate(rows)


@dataclass(frozen=True, eq=False)
class SettledCourse:
    """Heat and water that fit each other.

    Attributes
    ----------
    heat : taken from all wells, extraction positive, W, shape (nt,)
    pumped, returned : °C, shape (nt,)
    rounds : how often they were gone round; 0 where the heat does not depend on the water
    change : largest change of the water in the last round, K
    """

    heat: Floats
    pumped: Floats
    returned: Floats
    rounds: int
    change: float


def well_load(
    site: Site, source: str, water_rate: float, problems: list[Problem]
) -> WellLoad | None:
    """The hourly load that falls to the wells of a source.

    Parameters
    ----------
    site, source : the site, id of the source
    water_rate : heat capacity rate of the water of all wells, W/K
    problems : what is missing or doubtful is added

    Returns
    -------
    WellLoad or None : None where something is missing
    """
    from diwen.site.source_exchanger import circuit_of_source

    load = load_of_site(site, problems)
    plant = None
    if isinstance(load, HourlyBuildingLoad):
        plant = efficiency_of_site(site, source, load, problems)
    circuit = circuit_of_source(site, source, water_rate, problems)
    if load is None or any(problem.severity == "error" for problem in problems):
        return None
    notes: list[Text] = []
    if len(site.sources) > 1:
        parts = _parts(site, source)
        if parts is None or not isinstance(load, HourlyBuildingLoad):
            problems.append(Problem(SITE_FILE, "loads", _PART_UNKNOWN, _NAME_SOURCES))
            return None
        load = _part_of(load, *parts)
        notes.append(
            _SHARED.format(heating=f"{100 * parts[0]:.0f}", cooling=f"{100 * parts[1]:.0f}")
        )
    approach = 0.0
    if circuit is not None:
        across = float(circuit.exchanger.resistance(circuit.rate, water_rate))
        approach = across - 0.5 / circuit.rate
    return WellLoad(load, plant, approach, tuple(notes))


def exchanger_note(load: WellLoad, heat: Floats) -> tuple[Text, ...]:
    """How far the heat pumps are from the water of the wells; nothing without an exchanger."""
    if load.approach == 0.0:
        return ()
    return (_EXCHANGER.format(approach=f"{load.approach * float(np.abs(heat).max()):.1f}"),)


def settle(
    load: WellLoad, years: int, temperature: float, march: March,
    tell: Callable[[float], None] = lambda share: None,
) -> SettledCourse:  # fmt: skip
    """Heat and water through the years, gone round until they fit each other.

    Parameters
    ----------
    load : of the wells
    years : of operation
    temperature : of the undisturbed water, °C, to begin with
    march : the wells
    tell : told the share that is done
    """
    water = np.full(years * HOURS_PER_YEAR, temperature)
    heat, change, rounds = np.zeros_like(water), math.inf, 0
    while True:
        before = water
        heat = load.heat(water - load.approach * heat)
        water, returned = march(heat)
        change = float(np.abs(water - before).max())
        rounds += 1
        tell(rounds / _ROUNDS)
        if not load.follows_water:
            return SettledCourse(heat, water, returned, 0, 0.0)
        if change < _SETTLED or rounds == _ROUNDS:
            return SettledCourse(heat, water, returned, rounds, change)


def years_of_operation(site: Site, years: int | None, problems: list[Problem]) -> int:
    """As asked, else as planned, else the usual; what cannot be is added to the problems."""
    if years is None:
        return math.ceil(site.operation.planned_years or USUAL_YEARS)
    if not 1 <= years <= MOST_YEARS or years != int(years):
        allowed = same(f"1 … {MOST_YEARS}")
        problems.append(Problem("study", "years", _YEARS, _GIVE_YEARS, f"{years:g}", allowed))
    return int(years)


def _parts(site: Site, source: str) -> tuple[float, float] | None:
    """Share of heating and of cooling that the heat pumps on a source carry; None: not known."""
    pumps = list(site.heat_pumps.values())
    if not pumps or any(not pump.source for pump in pumps):
        return None
    found = []
    for mode in ("heating", "cooling"):
        rated = [getattr(pump, f"rated_{mode}_capacity") for pump in pumps]
        if any(value is None for value in rated) and any(value for value in rated):
            return None
        sizes = [pump.count * (value or 0.0) for pump, value in zip(pumps, rated, strict=True)]
        own = sum(size for pump, size in zip(pumps, sizes, strict=True) if pump.source == source)
        found.append(own / sum(sizes) if sum(sizes) else 0.0)
    return found[0], found[1]


def _part_of(load: HourlyBuildingLoad, heating: float, cooling: float) -> HourlyBuildingLoad:
    return HourlyBuildingLoad(
        heating * load.heating, cooling * load.cooling, heating * load.hot_water, load.start_month
    )
