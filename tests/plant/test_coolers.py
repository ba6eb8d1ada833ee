"""Wet towers and dry coolers: design points, Merkel's integral, limits, straight lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.plant.dry_cooler import DryCooler
from diwen.plant.linear_recharge import conductance_to_mean
from diwen.plant.moist_air import saturated_enthalpy
from diwen.plant.wet_tower import (
    WATER_HEAT,
    WetTower,
    counter_flow,
    merkel_number,
    tower_water,
)
from diwen.problems import InputError

TOWER = WetTower.of_design(1e6, 27.0, 4.0, 5.0)


def saturated_of_coolprop(celsius: float) -> float:
    """Enthalpy of saturated air, J/kg of dry air."""
    from CoolProp.HumidAirProp import HAPropsSI

    return float(HAPropsSI("H", "T", celsius + 273.15, "P", 101325.0, "R", 1.0))


@pytest.mark.parametrize("state", [(36.0, 31.0, 27.0, 1.2), (42.0, 30.0, 25.0, 1.0)])
def test_merkel_number_against_its_integral_on_coolprop(
    state: tuple[float, float, float, float],
) -> None:
    """Four points of Chebyshev against a fine integral on other property data: 2 %."""
    hot, cold, wet, ratio = state
    water = np.linspace(cold, hot, 201)
    air = saturated_of_coolprop(wet) + ratio * WATER_HEAT * (water - cold)
    driving = np.array([saturated_of_coolprop(t) for t in water]) - air
    integral = WATER_HEAT * np.trapezoid(1.0 / driving, water)
    assert merkel_number(hot, cold, wet, ratio) == pytest.approx(float(integral), rel=0.02)


def test_effectiveness_and_merkel_agree_at_design() -> None:
    """NTU of the effectiveness model times air over water is Merkel's number (Braun et al. state
    that the linear enthalpy costs a few per cent): 5 %."""
    ratio = TOWER.water_flow / TOWER.air_flow
    units = TOWER.coefficient * ratio ** (1.0 + TOWER.exponent)
    assert units / ratio == pytest.approx(merkel_number(36.0, 31.0, 27.0, ratio), rel=0.05)


def test_design_is_met_and_colder_air_takes_more() -> None:
    assert float(TOWER.heat(36.0, 27.0)) == pytest.approx(1e6, rel=1e-6)
    found = TOWER.heat(36.0, np.linspace(0.0, 40.0, 41))
    assert (np.diff(found) <= 1e-6).all()
    assert (found[37:] == 0.0).all()


def test_off_design_against_merkel() -> None:
    """The tower whose Merkel number stays c·(L/G)^n cools elsewhere as the effectiveness says: 5 %
    of the heat, at three other wet bulbs."""
    number = merkel_number(36.0, 31.0, 27.0, 1.2)
    for wet in (10.0, 18.0, 24.0):
        low, high = wet + 0.05, 35.9
        for _ in range(60):
            cold = 0.5 * (low + high)
            try:
                harder = merkel_number(36.0, cold, wet, 1.2) > number
            except InputError:
                harder = True
            low, high = (cold, high) if harder else (low, cold)
        expected = TOWER.water_flow * WATER_HEAT * (36.0 - cold)
        assert float(TOWER.heat(36.0, wet)) == pytest.approx(expected, rel=0.05)


@given(st.floats(5.0, 60.0), st.floats(-5.0, 35.0), st.floats(0.3, 1.2), st.floats(0.2, 1.2))
def test_water_never_leaves_below_the_wet_bulb(
    hot: float, wet: float, water: float, air: float
) -> None:
    heat = float(TOWER.heat(hot, wet, water_share=water, air_share=air))
    assert heat >= 0.0
    if hot > wet:
        assert hot - heat / (TOWER.water_flow * water * WATER_HEAT) >= wet - 1e-6
        most = TOWER.air_flow * air * float(saturated_enthalpy(hot) - saturated_enthalpy(wet))
        assert heat <= most * (1.0 + 1e-9)


def test_the_line_of_a_tower_is_exact_at_its_reference() -> None:
    wet = np.linspace(0.0, 24.0, 7)
    at_zero, slope = TOWER.line(wet, 30.0)
    entering = TOWER.entering_of_mean(30.0, wet)
    taken = TOWER.heat(entering, wet)
    leaving = entering - taken / (TOWER.water_flow * WATER_HEAT)
    assert 0.5 * (entering + leaving) == pytest.approx(np.full(7, 30.0), abs=1e-5)
    assert at_zero - slope * 30.0 == pytest.approx(-taken, rel=1e-9)
    warm, k = TOWER.line(np.array([35.0]), 30.0)
    assert float(warm[0] - k * 30.0) >= 0.0


@given(st.floats(0.0, 20.0), st.floats(0.05, 3.0))
def test_counter_flow_counts_the_air_side_at_any_ratio(units: float, ratio: float) -> None:
    value = float(counter_flow(units, ratio))
    assert 0.0 <= value <= min(1.0, 1.0 / ratio) + 1e-9


def test_water_of_a_tower() -> None:
    """About 1.5 kg evaporated per kWh of heat: 3600 s·kW / 2430 kJ/kg = 1.48."""
    water = tower_water(1e6, 48.0, drift_share=5e-5, concentration=4.0)
    assert float(water.evaporation) * 3.6e3 / 1e3 == pytest.approx(1.48, abs=0.01)
    # Balance of salts: what leaves dissolved is what comes in, at 4 times its concentration.
    assert float(water.make_up) == pytest.approx(4.0 * float(water.drift + water.blow_down))
    idle = tower_water(0.0, 48.0, drift_share=5e-5, concentration=4.0)
    assert float(idle.make_up) == 0.0


def test_a_dry_cooler_meets_its_design_in_both_forms() -> None:
    cooler = DryCooler.of_design(500e3, 8.0, 5.0, fan_power=12e3)
    assert float(cooler.heat(48.0, 35.0)) == pytest.approx(500e3)
    at_zero, slope = cooler.line(np.array([35.0]))
    # The mean of 48 and 43 °C.
    assert float(at_zero[0] - slope * 45.5) == pytest.approx(-500e3)
    assert float(cooler.fans(0.5)) == pytest.approx(12e3 / 8.0)


@given(st.floats(1.0, 1e5), st.floats(1e3, 1e7))
def test_heat_is_the_same_against_inlet_and_mean(to_inlet: float, rate: float) -> None:
    if to_inlet >= 1.99 * rate:
        return
    heat = to_inlet * 10.0
    mean = 10.0 - 0.5 * heat / rate
    assert conductance_to_mean(to_inlet, rate) * mean == pytest.approx(heat, rel=1e-6)


def test_impossible_coolers_are_refused() -> None:
    with pytest.raises(InputError, match="no fill"):
        WetTower.of_design(1e6, 27.0, 0.5, 30.0, water_over_air=4.0)
    with pytest.raises(InputError) as caught:
        WetTower.of_design(-1.0, 27.0, 0.0, 5.0)
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError, match="carries"):
        conductance_to_mean(2e3, 1e3)
    with pytest.raises(InputError) as caught:
        DryCooler.of_design(0.0, 0.0, 0.0)
    assert len(caught.value.problems) == 3
