"""The twin's bore field against EnergyPlus: fluid temperatures of the same heat, hour by hour.

Both are given the same g-function and the same heat rates of the source (those that the twin found
with its heat pump). The resistance of the boreholes is that of the twin's own multipoles and
films, joined with what EnergyPlus takes for the short circuit between the legs: its term divides
by the flow of the whole field where that of one borehole belongs (see the last test). No heat
capacity inside the boreholes, as none is in a given g-function, unless said otherwise. The first
two days are left out: EnergyPlus begins with water of its own temperature and loses a step.

Tolerance, set beforehand: 0.2 K at every hour, entering and leaving. EnergyPlus sums loads that are
older than 8 to 38 days by months; what that alone costs it is measured beside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pygfunction
import pytest
from energyplus_loop import Bores, LoopHours, borehole_loop
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.special import exp1

from diwen.fluids import fluid
from diwen.plant.performance_map import PerformanceMap
from diwen.plant.station import LoadLoop, SourceLoop, Station, SupplyCurve, Unit
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.closed_loop import ClosedLoop
from diwen.sources.borefield.g_functions import g_function
from diwen.sources.borehole.pipes import BoreholeSection, Pipe
from diwen.sources.borehole.resistances import BoreholeResistance, borehole_resistance
from diwen.sources.borehole.short_time import BoreholeCore
from diwen.sources.response.convolution import convolve
from diwen.sources.response.modes import fit_response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.run import TwinRun, simulate

Floats = NDArray[np.float64]

HOURS = np.arange(8760)
SEASON = np.cos(2 * np.pi * HOURS / 8760)
DAY = np.cos(2 * np.pi * (HOURS % 24 - 5) / 24)
OUTDOOR = 11.0 - 13.0 * SEASON - 4.0 * DAY
HEAT = np.maximum(SEASON + 0.2 * DAY - 0.1, 0.0) * 18e3
COLD = np.maximum(-SEASON - 0.2 * DAY - 0.3, 0.0) * 13e3
FIELD = Bores()
# From a minute to beyond the ten years, s.
TIMES = np.geomspace(60.0, 60 * 365 * 86400.0, 100)
AFTER_START = slice(48, None)
TOLERANCE = 0.2


def boreholes_of(bores: Bores) -> Boreholes:
    plan = [(bores.spacing * i, bores.spacing * j)
            for i in range(bores.columns) for j in range(bores.rows)]  # fmt: skip
    return Boreholes.at(plan, bores.length, bores.buried, bores.radius)


def own_g(bores: Bores) -> Floats:
    return g_function(boreholes_of(bores), bores.diffusivity, TIMES, mode="accurate").values


def peer_g(bores: Bores) -> Floats:
    """pygfunction from an hour on; before, when no other bore is felt, a line source."""
    late = TIMES >= 3600.0
    field = pygfunction.borefield.Borefield.rectangle_field(
        bores.columns, bores.rows, bores.spacing, bores.spacing, bores.length, bores.buried,
        bores.radius,
    )  # fmt: skip
    found = pygfunction.gfunction.gFunction(
        field, bores.diffusivity, time=TIMES[late], boundary_condition="UBWT", method="similarities"
    )
    line = 0.5 * exp1(bores.radius**2 / (4.0 * bores.diffusivity * TIMES[~late]))
    return np.concatenate((line, np.asarray(found.gFunc)))


def resistance_of(bores: Bores) -> BoreholeResistance:
    pipe = Pipe(bores.pipe_outer - bores.pipe_wall, bores.pipe_outer, bores.pipe)
    section = BoreholeSection.single_u(
        bores.radius, pipe, bores.legs, bores.grout, bores.conductivity
    )
    mass = bores.flow * 998.2 / bores.count
    return borehole_resistance(section, bores.length, mass, fluid("water"), bores.temperature)


def resistance_as_energyplus(bores: Bores) -> float:
    """Ours at a place, and the short circuit as if each borehole had the flow of all, m·K/W."""
    found = resistance_of(bores)
    whole = float(found.capacity_rate) * bores.count
    return float(found.local) + (bores.length / whole) ** 2 / (3.0 * float(found.internal))


def source_of(bores: Bores, g: Floats) -> SourceModel:
    length = bores.length * bores.count
    # A g-function is next to nothing in its first minutes; the twin's shortest time is its step.
    known = TIMES > 1200.0
    step = g[known] / (2 * np.pi * bores.conductivity * length)
    wall = fit_response(TIMES[known], step, tolerance=1e-4)
    response = wall.with_resistance(resistance_as_energyplus(bores) / length)
    rate = float(resistance_of(bores).capacity_rate) * bores.count
    return SourceModel("borefield", response, bores.temperature, rate, bores.flow)


def run_of(source: SourceModel, years: int = 1, per_hour: int = 1) -> TwinRun:
    """A heat pump whose efficiency follows the ground, for heat at 45 and cold at 8 °C."""
    at, hot, cold = np.arange(-10.0, 41.0, 5.0), np.array([35.0, 55.0]), np.array([5.0, 15.0])
    heat = 30e3 * (1.0 + 0.02 * at[:, None]) * np.ones((1, 2))
    cop = 0.45 * (hot[None, :] + 276.0) / (hot[None, :] - at[:, None] + 8.0)
    chill = 30e3 * (1.0 - 0.005 * at[:, None]) * np.ones((1, 2))
    eer = 0.4 * (cold[None, :] + 273.0) / (at[:, None] - cold[None, :] + 35.0)
    unit = Unit(
        "unit", 1, "field", ("heat", "cold"),
        heating=PerformanceMap("heating", at, hot, heat, heat / cop, (-10, 20), (35, 55)),
        cooling=PerformanceMap("cooling", at, cold, chill, chill / eer, (0, 40), (5, 15)),
    )  # fmt: skip
    loops = (
        LoadLoop("heat", "heat", ("h",), SupplyCurve.constant(45.0)),
        LoadLoop("cold", "cold", ("c",), SupplyCurve.constant(8.0)),
    )
    plant = Station((SourceLoop("field"),), loops, (unit,))
    loads = {"heat": np.repeat(HEAT, per_hour), "cold": np.repeat(COLD, per_hour)}
    outdoor = np.repeat(OUTDOOR, per_hour)
    return simulate(plant, {"field": source}, loads, outdoor, years=years, step=3600.0 / per_hour)


def differences(run: TwinRun, other: LoopHours) -> dict[str, Floats]:
    """Twin minus EnergyPlus after the start, K; the entering one of the twin enters its unit."""
    course, hours = run.course.sources["field"], len(other.heat)
    return {
        "entering": (hourly(course.entering, course.fluid, hours) - other.entering)[AFTER_START],
        "leaving": (hourly(course.leaving, course.fluid, hours) - other.leaving)[AFTER_START],
    }


def hourly(values: Floats, idle: Floats, hours: int) -> Floats:
    """Means of hours; at rest the water has one temperature."""
    whole = np.where(np.isnan(values), idle, values)
    return np.asarray(whole.reshape(hours, -1).mean(axis=1))


def largest(found: dict[str, Floats]) -> float:
    return max(float(np.abs(values).max()) for values in found.values())


def fluid_by_convolution(bores: Bores, g: Floats, heat: Floats) -> Floats:
    """Mean fluid temperature of given heat rates, every hour summed as it is."""
    length = bores.length * bores.count
    spline = CubicSpline(np.log(TIMES), g / (2 * np.pi * bores.conductivity * length))
    wall = convolve(heat, lambda t: np.asarray(spline(np.log(t))), 3600.0)
    drop = wall + resistance_as_energyplus(bores) / length * heat
    return np.asarray(bores.temperature - drop)


def test_a_year_of_hours(tmp_path: Path) -> None:
    """And whose the difference is: the twin's own sum of hours is exact to a hundredth."""
    g = own_g(FIELD)
    run = run_of(source_of(FIELD, g))
    course = run.course.sources["field"]
    other = borehole_loop(FIELD, course.heat, tmp_path, times=TIMES, g=g)
    assert other.leaving.min() > 0.5  # water
    assert np.abs(other.heat - course.heat)[AFTER_START].max() < 0.01 * course.heat.max()
    assert largest(differences(run, other)) < TOLERANCE
    ours = course.fluid - fluid_by_convolution(FIELD, g, course.heat)
    theirs = 0.5 * (other.entering + other.leaving)
    theirs -= fluid_by_convolution(FIELD, g, other.heat)
    assert np.abs(ours).max() < 0.01
    assert np.abs(theirs[AFTER_START]).max() > 5.0 * np.abs(ours).max()


@pytest.mark.verify
@pytest.mark.parametrize("whose", [own_g, peer_g])
def test_ten_years_of_hours(whose: Callable[[Bores], Floats], tmp_path: Path) -> None:
    """With our g-function and with that of pygfunction."""
    g = whose(FIELD)
    run = run_of(source_of(FIELD, g), years=10)
    other = borehole_loop(FIELD, run.course.sources["field"].heat, tmp_path, times=TIMES, g=g)
    found = differences(run, other)
    assert largest(found) < TOLERANCE
    for values in found.values():
        assert np.sqrt((values**2).mean()) < 0.5 * TOLERANCE
        assert abs(values[-8760:].mean()) < 0.1 * TOLERANCE  # nothing drifts apart


def constant_resistance(bores: Bores, folder: Path) -> float:
    """From fluid to wall after a year of one load, m·K/W, as EnergyPlus has it."""
    load = np.full(8760, 25.0 * bores.length * bores.count)
    found = borehole_loop(bores, load, folder, times=TIMES, g=own_g(bores), steps_per_hour=1)
    mean = 0.5 * (found.entering + found.leaving)[-1]
    per_metre = found.heat[-1] / (bores.length * bores.count)
    return float((found.wall[-1] - mean) / per_metre)


def test_effective_resistance_of_one_borehole(tmp_path: Path) -> None:
    """Local resistance, film and short circuit at equal heat from each metre: within 2 %."""
    one = replace(FIELD, columns=1, rows=1, flow=FIELD.flow / FIELD.count)
    found = constant_resistance(one, tmp_path)
    assert found == pytest.approx(float(resistance_of(one).at_uniform_heat), rel=0.02)


def test_why_the_resistance_of_a_field_of_energyplus_is_not_ours(tmp_path: Path) -> None:
    """Its short circuit divides by the flow of all six boreholes: reproduced within 1 %."""
    found = constant_resistance(FIELD, tmp_path)
    assert found == pytest.approx(resistance_as_energyplus(FIELD), rel=0.01)
    assert found < 0.98 * float(resistance_of(FIELD).at_uniform_heat)


@pytest.mark.verify
def test_with_a_g_function_and_first_hours_of_its_own(tmp_path: Path) -> None:
    """EnergyPlus makes its own answer: line sources of equal heat and cells of a borehole.

    Ours: the closed loop with the heat capacity of fluid, pipes and grout, equal heat as well, in
    quarters of an hour, as EnergyPlus steps before it takes the mean of the hour.
    """
    found = resistance_of(FIELD)
    core = BoreholeCore.of_pipes(
        radius=FIELD.radius, resistance=resistance_as_energyplus(FIELD), pipes=2,
        pipe_inner_radius=FIELD.pipe_outer - FIELD.pipe_wall, pipe_outer_radius=FIELD.pipe_outer,
        pipe_conductivity=FIELD.pipe, film_coefficient=float(found.film.mean()),
        pipe_heat_capacity=FIELD.pipe_capacity, grout_heat_capacity=FIELD.grout_capacity,
    )  # fmt: skip
    loop = ClosedLoop(
        boreholes_of(FIELD), FIELD.conductivity, FIELD.heat_capacity, core,
        boundary="uniform heat rate",
    )  # fmt: skip
    rate = float(found.capacity_rate) * FIELD.count
    source = SourceModel("borefield", loop.response(900.0), FIELD.temperature, rate, FIELD.flow)
    run = run_of(source, per_hour=4)
    heat = run.course.sources["field"].heat.reshape(8760, 4).mean(axis=1)
    other = borehole_loop(FIELD, heat, tmp_path)
    values = differences(run, other)
    assert largest(values) < TOLERANCE
