"""Formulas of units, boilers, coolers, pumps and tanks, each worked out once more by hand."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from diwen.plant.boiler import Boiler
from diwen.plant.carnot_fit import OperatingPoints, unit_with
from diwen.plant.carnot_unit import CarnotUnit
from diwen.plant.certified_parameters import CertifiedParameters
from diwen.plant.completion import Completion
from diwen.plant.defrost import Frost, defrost_share
from diwen.plant.degradation import aged, degraded
from diwen.plant.map_fit import map_from_measurements
from diwen.plant.part_load_curves import from_points
from diwen.plant.performance_map import PerformanceMap
from diwen.plant.pump_control import PumpDuty, pump_group
from diwen.plant.pump_curve import PumpCurve
from diwen.plant.pump_drive import PumpDrive
from diwen.plant.solar_collector import SolarCollector
from diwen.plant.solar_position import TiltedIrradiance
from diwen.plant.stratified_tank import StratifiedTank
from diwen.plant.terminal import Terminal
from diwen.plant.weather_compensation import heating_curve
from diwen.plant.wet_tower import WetTower

MAP = PerformanceMap(
    "heating", np.array([0.0, 10.0]), np.array([35.0, 55.0]), np.array([[8e3, 7e3], [10e3, 9e3]]),
    np.array([[2e3, 2.8e3], [2e3, 2.7e3]]), (0.0, 10.0), (35.0, 55.0),
)  # fmt: skip
USUAL = Completion(6.0, 3.0, 2.0, 0.03, 0.006, 0.005, 0.002, 0.001, 0.5)


def carnot(mode: str, **more: float) -> CarnotUnit:
    return CarnotUnit(mode, 0.5, 5.0, 4.0, 10e3, 0.0, 40.0, 0.03, 0.006, **more)


def test_each_mode_takes_the_temperature_of_its_useful_side() -> None:
    # Cold at 7 °C, source at 30 °C: evaporation 3 °C, condensation 35 °C.
    assert float(carnot("cooling").efficiency(30.0, 7.0)) == pytest.approx(0.5 * 276.15 / 32.0)
    # Heat at 45 °C, source at 10 °C: evaporation 5 °C, condensation 49 °C.
    assert float(carnot("heating").efficiency(10.0, 45.0)) == pytest.approx(0.5 * 322.15 / 44.0)


def test_the_suction_limit_ends_the_rise_of_the_capacity() -> None:
    unit = carnot("heating", highest_evaporation=8.0)
    capacity, _ = unit.performance(np.array([10.0, 13.0, 20.0, 30.0]), 45.0)
    assert capacity[0] < capacity[1]
    assert capacity[1:] == pytest.approx(capacity[1], rel=1e-12)


@pytest.mark.parametrize("mode", ["heating", "cooling"])
def test_other_approaches_keep_the_capacity_at_the_same_fluids(mode: str) -> None:
    unit = carnot(mode, highest_evaporation=12.0)
    source, load = (5.0, 36.0) if mode == "heating" else (35.0, 4.0)
    assert float(unit.performance(source, load)[0]) == pytest.approx(10e3, rel=1e-12)
    other = unit_with(unit, np.array([math.log(0.5), math.log(10e3), 18.0, 0.03, 0.006, 0.0]))
    assert other.source_approach + other.load_approach == pytest.approx(18.0)
    assert float(other.performance(source, load)[0]) == pytest.approx(10e3, rel=1e-12)
    # The fluid at which the suction limit is reached stays the same too.
    margins = [one.highest_evaporation - one.reference_evaporation for one in (unit, other)]
    assert margins[0] == pytest.approx(margins[1])


def test_scatter_beyond_the_uncertainties_widens_the_prediction() -> None:
    source, load = (one.ravel() for one in np.meshgrid([0.0, 5.0, 10.0, 15.0], [35.0, 45.0, 55.0]))
    capacity, power = carnot("heating").performance(source, load)
    error = 0.06 * np.where(np.arange(source.size) % 2, 1.0, -1.0)
    points = OperatingPoints(
        "heating", source, load, capacity * (1 + error), power * (1 - error), 0.01, 0.01
    )
    found = map_from_measurements(points, USUAL, (-5.0, 20.0), (30.0, 60.0))
    misfit = np.log1p(np.concatenate([found.fit.capacity_residual, found.fit.power_residual]))
    # Birge: root of the sum of squares in standard deviations over the degrees of freedom.
    birge = math.sqrt(float(np.sum((misfit / 0.01) ** 2)) / (2 * source.size - 6))
    assert birge > 4.0
    assert found.widened == pytest.approx(birge, rel=0.02)


def test_ten_years_of_two_percent_multiply() -> None:
    old = aged(MAP, 10.0, 0.02)
    assert old.power == pytest.approx(MAP.power / 0.98**10, rel=1e-12)
    assert old.capacity == pytest.approx(MAP.capacity)


def test_less_capacity_at_less_efficiency() -> None:
    worn = degraded(MAP, 0.9, 0.8)
    assert worn.capacity == pytest.approx(0.9 * MAP.capacity)
    assert worn.capacity / worn.power == pytest.approx(0.8 * MAP.capacity / MAP.power)


def test_frost_shares_the_time_between_heating_and_defrosting() -> None:
    frost = Frost(relative_humidity=0.9, withdrawal=0.4, power_share=0.25)
    share = float(defrost_share(-1.0, 0.9))
    capacity, power = frost.factors(-1.0)
    assert float(capacity) == pytest.approx((1.0 - share) - 0.4 * share)
    assert float(power) == pytest.approx((1.0 - share) + 0.25 * share)


def test_certified_power_is_never_below_a_quarter_of_the_design_one() -> None:
    unit = CertifiedParameters("x", 4e3, (-0.05, 0.0, 1.0, 0.0), (0.0, 0.0, 3.0, 0.0), True)
    assert float(unit.at(-7.0, 35.0)[1]) == pytest.approx(4e3 * 1.35)
    assert float(unit.at(40.0, 35.0)[1]) == pytest.approx(0.25 * 4e3 * 1.35)


def test_part_load_points_may_stand_in_any_order() -> None:
    curve = from_points([1.0, 0.5, 0.25], [1.0, 1.25, 0.8], 0.9)
    assert curve.minimum == 0.25
    assert curve.ratios == pytest.approx([0.25, 0.5, 1.0])
    assert curve.power_shares == pytest.approx([0.25 / 0.8, 0.5 / 1.25, 1.0])


def test_a_condensing_boiler_below_its_smallest_fire_burns_as_at_it() -> None:
    boiler = Boiler.of(20e3, 1.04, condensing=True, rated_return=30.0, minimum_load=0.3)
    low, at = (float(boiler.efficiency(share, 30.0)) for share in (0.1, 0.3))
    assert low == pytest.approx(at, rel=1e-12)
    assert at > float(boiler.efficiency(1.0, 30.0))


def test_light_of_sky_and_ground_comes_as_a_beam_at_sixty_degrees() -> None:
    collector = SolarCollector.of(10.0, 0.8, 3.5, 0.015, 0.15)
    light = TiltedIrradiance(*(np.array([value]) for value in (0.0, 200.0, 50.0, 0.7)))
    assert float(collector.absorbed(light)[0]) == pytest.approx(10.0 * 0.8 * 0.85 * 250.0)


def test_the_slope_of_a_collector_is_its_loss_per_kelvin_at_the_usual_gap() -> None:
    collector = SolarCollector.of(10.0, 0.8, 3.5, 0.015)
    _, slope = collector.line([5e3], [15.0], 40.0, usual_gap=25.0)
    near = [float(collector.heat(0.0, 15.0, 40.0 + shift)) for shift in (-0.01, 0.01)]
    assert slope == pytest.approx((near[0] - near[1]) / 0.02, rel=1e-6)


def test_a_tower_line_takes_nothing_from_water_at_a_warmer_wet_bulb() -> None:
    tower = WetTower.of_design(100e3, 25.0, 4.0, 5.0)
    at_zero, slope = tower.line([20.0, 36.0], 31.5)
    assert float(at_zero[1]) - slope * 36.0 == pytest.approx(0.0, abs=1e-6)


def test_layers_lose_by_their_outer_surface() -> None:
    tank = StratifiedTank.of(2.0, 1.8, 4, heat_loss=3.0)
    diameter = math.sqrt(4.0 * 2.0 / (math.pi * 1.8))
    side, lid = math.pi * diameter * 1.8 / 4, math.pi * diameter**2 / 4
    whole = 4 * side + 2 * lid
    surfaces = np.array([side + lid, side, side, side + lid])
    assert tank.losses == pytest.approx(3.0 * surfaces / whole)


def test_a_raised_curve_of_cold_is_colder() -> None:
    fan_coils = Terminal.of(7.0, 12.0, 26.0, 1.0)
    plain, raised = (heating_curve(fan_coils, 35.0, 22.0, raised=k) for k in (0.0, 2.0))
    assert raised.supply == pytest.approx(plain.supply - 2.0)
    radiators = Terminal.of(55.0, 45.0, 20.0, 1.3)
    warm = [heating_curve(radiators, -12.0, 15.0, raised=k) for k in (0.0, 2.0)]
    assert warm[1].supply == pytest.approx(warm[0].supply + 2.0)


def test_each_of_two_pumps_loads_its_own_motor() -> None:
    drive = PumpDrive(0.8, 1.5)
    curve = PumpCurve.of_rating(0.01, 20.0, 0.7)
    duty = PumpDuty(0.02, 20.0, "fixed")
    pair = pump_group("p", curve, duty, count=2, drive=drive)
    # At design each motor is at its own rating: hydraulic power over 0.7 and 0.8.
    assert float(pair.power[-1]) == pytest.approx(1000 * 9.80665 * 0.02 * 20.0 / 0.7 / 0.8)
    single = pump_group("p", curve, dataclasses.replace(duty, flow=0.01), drive=drive)
    assert float(pair.power[-1]) == pytest.approx(2.0 * float(single.power[-1]))
