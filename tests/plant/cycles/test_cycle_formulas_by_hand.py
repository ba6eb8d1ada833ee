"""Parts of the cycles, each worked out once more by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from diwen.plant.cycles.carnot_plausibility import lorenz_cop
from diwen.plant.cycles.compressor import Compressor
from diwen.plant.cycles.cycle import Cycle
from diwen.plant.cycles.cycle_map import between_waters
from diwen.plant.cycles.exchanger_cycle import exchanged
from diwen.plant.cycles.mechanical_vapour_recompression import recompress_vapour
from diwen.plant.cycles.refrigerant import State, refrigerant_of
from diwen.plant.cycles.two_stage import economiser_cycle


def test_lorenz_mean_is_that_of_many_small_carnot_machines() -> None:
    source, load = (20.0, -20.0), (20.0, 90.0)
    # Of equal pieces of heat the entropies add: the mean temperature is the harmonic one.
    cold, warm = (
        1.0 / np.mean(1.0 / (np.linspace(*ends, 20001)[1:] - 0.5 * np.diff(ends) / 20000 + 273.15))
        for ends in (source, load)
    )
    assert lorenz_cop(source, load) == pytest.approx(warm / (warm - cold), rel=1e-6)


def test_gas_in_the_clearance_expands_by_its_volume() -> None:
    suction, discharge = (State(0.0, p, 0.0, 0.0, rho) for p, rho in ((4e5, 10.0), (16e5, 35.0)))
    # Of 1 m³ swept 0.04 m³ stay; they hold 1.4 kg, which take 0.14 m³ of suction gas.
    swept = Compressor(0.7, 0.95, 0.04).sweeps(suction, discharge)
    assert swept == pytest.approx(1.0 / ((1.0 + 0.04 - 0.14) * 10.0))


def test_little_liquid_leaves_a_perfect_exchanger_as_cold_as_the_gas() -> None:
    fluid = refrigerant_of("R290")
    gas, liquid = fluid.suction(0.0, 5.0), fluid.condensate(45.0, 0.0)
    warmed, cooled = exchanged(fluid, gas, liquid, 1.0, 0.2)
    assert cooled.temperature == pytest.approx(gas.temperature, abs=1e-3)
    given = 0.2 * (liquid.enthalpy - cooled.enthalpy)
    assert warmed.enthalpy - gas.enthalpy == pytest.approx(given, rel=1e-9)


def test_vapour_of_a_solution_is_as_warm_as_it_at_the_pressure_of_water() -> None:
    made = recompress_vapour(105.0, 115.0, boiling_point_rise=5.0)
    assert made.states["vapour"].temperature == pytest.approx(105.0, abs=1e-6)
    assert made.states["vapour"].pressure == pytest.approx(101.418e3, rel=1e-4)  # 100 °C, IAPWS


def test_each_side_has_its_own_differences() -> None:
    asked: list[tuple[float, float]] = []

    def cycle(evaporation: float, condensation: float) -> Cycle:
        asked.append((evaporation, condensation))
        return economiser_cycle("R290", 0.0, 40.0)

    sides = {"source_change": 4.0, "source_difference": 5.0, "load_difference": 3.0}
    between_waters(cycle, mode="heating", **sides)(10.0, 45.0)
    between_waters(cycle, mode="cooling", **sides)(30.0, 7.0)
    # Heating: 10 − 4 − 5 and 45 + 3; cooling: 7 − 3 and 30 + 4 + 5.
    assert asked == [(1.0, 48.0), (4.0, 39.0)]


def test_an_economiser_of_equal_ratios_and_the_sweep_of_its_lower_stage() -> None:
    made = economiser_cycle("R410A", -10.0, 45.0, heat=10e3)
    at = made.states
    low, high = at["suction"].pressure, at["discharge"].pressure
    assert at["injection"].pressure == pytest.approx(math.sqrt(low * high), rel=1e-9)
    # What evaporates is what the lower compressor sucks.
    flow = made.source_heat / (at["evaporator outlet"].enthalpy - at["evaporator inlet"].enthalpy)
    assert made.displacement == pytest.approx(flow / at["suction"].density, rel=1e-9)
