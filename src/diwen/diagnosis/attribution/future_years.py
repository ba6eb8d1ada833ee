"""The plant in the years to come: as found, or with something put right, from today's ground on.

What grows is held at the level that it has reached today (nobody knows whether it is let grow on);
an unseen loss of the ground goes on as a rate, so its trace deepens. Loads, weather and use repeat
those of the diagnosed year.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from diwen.diagnosis.attribution.diagnosed_year import HOURS
from diwen.diagnosis.attribution.plant_year import PlantYear, plant_year
from diwen.twin.deviations import PARAMETERS, Deviation, deviating_inputs
from diwen.twin.phased_run import handed_over

if TYPE_CHECKING:
    from diwen.diagnosis.attribution.energy_prices import EnergyPrices
    from diwen.diagnosis.attribution.plant_scenarios import PlantScenarios
    from diwen.diagnosis.attribution.weather_and_use import WeatherAndUse
    from diwen.diagnosis.finding import Floats
    from diwen.twin.deviations_plant import TwinInputs
    from diwen.twin.run import TwinRun, TwinState

HORIZON = (1, 10, 25)
"""Years from now that are shown."""


@dataclass(frozen=True, eq=False)
class FutureYear:
    """One year to come.

    Attributes
    ----------
    number : years from now, 1: the next one
    electricity, fuel, useful, unmet : J
    cost : CNY, None without a tariff
    emission : kg of carbon dioxide, nan where the factor is not known
    uncomfortable : h
    entering : lowest and highest temperature of the water entering the units, by source, °C
    fluid : mean of the source's own fluid through the year, by source, °C
    """

    number: int
    electricity: float
    fuel: float
    useful: float
    unmet: float
    cost: float | None
    emission: float
    uncomfortable: float
    entering: dict[str, tuple[float, float]]
    fluid: dict[str, float]

    @property
    def performance(self) -> float:
        """Heat and cold over electricity; nan without electricity."""
        return self.useful / self.electricity if self.electricity > 0.0 else float("nan")


@dataclass(frozen=True, eq=False)
class Present:
    """Where the plant stands today.

    Attributes
    ----------
    scenarios : runs of the plant
    use : weather and use of the diagnosed year
    deviations : as found
    state : of ground, tanks and rooms
    """

    scenarios: PlantScenarios
    use: WeatherAndUse | None
    deviations: tuple[Deviation, ...]
    state: TwinState

    def inputs_now(self) -> TwinInputs:
        """Inputs of the plant as it stands."""
        return inputs_from_now(self, self.deviations, 0.0)


def inputs_from_now(
    present: Present, deviations: Sequence[Deviation], elapsed: float
) -> TwinInputs:
    """Inputs some years from now, what grows at today's level.

    Parameters
    ----------
    elapsed : years from now
    """
    now = present.scenarios.now
    rates = [one for one in deviations if PARAMETERS[one.parameter].over_years is not None]
    rest = [replace(one, resets=()) if not one.grows else one
            for one in deviations if one not in rates]  # fmt: skip
    inputs = present.scenarios.inputs(rest, present.use, now - 1e-6)
    return deviating_inputs(inputs, rates, now + elapsed, 1e-6) if rates else inputs


def future_years(
    present: Present,
    deviations: Sequence[Deviation],
    prices: EnergyPrices,
    numbers: Sequence[int] = HORIZON,
) -> tuple[FutureYear, ...]:
    """Some of the years to come with some of the deviations.

    Parameters
    ----------
    deviations : that stay; the others are put right today
    numbers : years from now, ascending
    """
    steady = all(PARAMETERS[one.parameter].over_years is None for one in deviations)
    before, state = present.inputs_now(), present.state
    found: list[FutureYear] = []
    done = 0
    for number in numbers:
        chunks = [number - done] if steady else [1] * (number - done)
        for years in chunks:
            inputs = inputs_from_now(present, deviations, done + 0.5 * years)
            run = _run(inputs, handed_over(state, before, inputs), years, "last")
            before, state, done = inputs, run.state, done + years
        found.append(future_year(number, one_year(inputs, run), prices))
    return tuple(found)


def one_year(inputs: TwinInputs, run: TwinRun) -> PlantYear:
    """The last year of a run that kept it."""
    place = (run.state.place + np.arange(HOURS)) % HOURS
    return plant_year([(inputs.station, run.course)], place, run.state)


def future_year(number: int, year: PlantYear, prices: EnergyPrices) -> FutureYear:
    """What a year comes to."""
    return FutureYear(
        number, year.electricity, year.fuel_energy, year.useful, year.unmet_energy,
        prices.cost(year), prices.emission(year), year.uncomfortable, year.entering, year.fluid,
    )  # fmt: skip


def yearly_courses(inputs: TwinInputs, state: TwinState, years: int) -> TwinRun:
    """Sums and extremes of years to come, nothing kept hour by hour."""
    return _run(inputs, state, years, "none")


def _run(inputs: TwinInputs, state: TwinState, years: int, keep: str) -> TwinRun:
    from diwen.twin.run import simulate

    return simulate(
        inputs.station, inputs.sources, inputs.loads, inputs.outdoor, step=inputs.step,
        steps=years * HOURS, keep=keep, initial=state,  # type: ignore[arg-type]
    )  # fmt: skip


def electricity_of_years(inputs: TwinInputs, run: TwinRun) -> Floats:
    """Electricity of each year of a run, J, shape (years,)."""
    electric = {one.name for one in inputs.station.backups if one.fuel == "electricity"}
    total = np.zeros(len(run.monthly))
    for place, name in enumerate(run.energies):
        kind, what = name.split(".", 1)
        owner, quantity = what.rsplit(".", 1)
        counts = quantity == "power" and kind in ("unit", "pump", "recharge")
        if counts or (kind == "backup" and quantity == "fuel" and owner in electric):
            total += run.yearly[:, place]
    return total + inputs.station.fixed_power * run.steps_per_year * inputs.step
