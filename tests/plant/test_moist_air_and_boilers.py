"""Moist air against CoolProp; boilers against the chemistry of methane."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.plant import moist_air as air
from diwen.plant.boiler import Boiler, flue_dew_point, fuel_volume, methane_efficiency
from diwen.problems import InputError

STATES = [
    (t, share, pressure)
    for t in (-20.0, -5.0, 5.0, 15.0, 25.0, 35.0, 45.0)
    for share in (0.1, 0.5, 0.9)
    for pressure in (101325.0, 85000.0)
]


def test_psychrometrics_against_coolprop() -> None:
    """Real moist air of CoolProp: wet bulb 0.05 K, dew point 0.05 K, humidity ratio 0.6 %,
    enthalpy 0.5 kJ/kg or, in very humid air, the 0.6 % of its water, density 0.2 %."""
    from CoolProp.HumidAirProp import HAPropsSI

    for t, share, p in STATES:
        given_state = ("T", t + 273.15, "P", p, "R", share)
        ratio = float(air.humidity_ratio(t, share, p))
        assert ratio == pytest.approx(HAPropsSI("W", *given_state), rel=6e-3)
        wet = float(air.wet_bulb(t, share, p))
        assert wet == pytest.approx(HAPropsSI("B", *given_state) - 273.15, abs=0.05)
        dew = float(air.dew_point(t, share))
        assert dew == pytest.approx(HAPropsSI("D", *given_state) - 273.15, abs=0.05)
        enthalpy = float(air.enthalpy(t, ratio))
        assert enthalpy == pytest.approx(HAPropsSI("H", *given_state), abs=500.0, rel=6e-3)
        density = (1.0 + ratio) / HAPropsSI("V", *given_state)
        assert float(air.density(t, ratio, p)) == pytest.approx(density, rel=2e-3)


def test_saturation_pressure_against_water_and_ice_of_coolprop() -> None:
    from CoolProp.CoolProp import PropsSI

    for t in (0.1, 20.0, 60.0, 99.0):
        expected = PropsSI("P", "T", t + 273.15, "Q", 0, "Water")
        assert float(air.saturation_pressure(t)) == pytest.approx(expected, rel=1e-3)
    # IAPWS: 611.657 Pa at the triple point; both branches meet there.
    assert float(air.saturation_pressure(0.01)) == pytest.approx(611.657, rel=1e-3)
    assert float(air.saturation_pressure(-1e-9)) == pytest.approx(611.15, rel=1e-3)


@given(st.floats(-30.0, 50.0), st.floats(0.01, 1.0))
def test_dew_point_wet_bulb_and_dry_bulb_stand_in_order(t: float, share: float) -> None:
    wet, dew = float(air.wet_bulb(t, share)), float(air.dew_point(t, share))
    assert wet <= t + 1e-6
    if wet > 0.5 or t < -0.5:  # between, the wick may hold ice or water
        assert dew <= wet + 1e-6


def test_flue_gas_of_methane_condenses_where_it_should() -> None:
    """Stoichiometric flue gas of methane: 2 of 10.52 moles are vapour, dew point 59 °C."""
    from CoolProp.CoolProp import PropsSI

    expected = PropsSI("T", "P", 101325.0 * 2.0 / 10.52, "Q", 1, "Water") - 273.15
    assert flue_dew_point(1.0) == pytest.approx(expected, abs=0.05)
    assert flue_dew_point(1.25) < flue_dew_point(1.0)


def test_heat_of_methane_lies_between_its_heating_values() -> None:
    """All vapour condensed at 25 °C and nothing sensible lost would be 1.110 (890.3/802.3)."""
    cold = float(methane_efficiency(25.0, 1.0))
    assert cold < 890.3 / 802.3
    # What stays vapour at 25 °C: 8.52 · p_s/(p − p_s) moles of 44.0 kJ.
    vapour = 8.52 * 3169.0 / (101325.0 - 3169.0)
    assert cold == pytest.approx(890.3 / 802.3 - vapour * 44.0 / 802.3, abs=0.002)


def test_dry_flue_loss_agrees_with_siegert() -> None:
    """Flue loss of natural gas by Siegert's formula, A = 0.66, B = 0.009, 3.9 % O₂, 120 over 20 °C.

    q = (0.66/(21 − 3.9) + 0.009) · 100 = 4.76 %; tolerance 0.4 points (other gas, other base).
    """
    loss = 1.0 - float(methane_efficiency(120.0, 1.22))
    assert 100.0 * loss == pytest.approx(4.76, abs=0.4)


def test_a_condensing_boiler_gains_with_a_colder_return() -> None:
    boiler = Boiler.of(100e3, 0.97, condensing=True, rated_return=60.0)
    back = np.linspace(25.0, 70.0, 20)
    found = boiler.efficiency(1.0, back)
    assert (np.diff(found) < 0.0).all()
    assert float(boiler.efficiency(1.0, 60.0)) == pytest.approx(0.97)
    assert 0.05 < found[0] - found[-1] < 0.12
    # Less fire, colder flue gas.
    assert float(boiler.efficiency(0.3, 40.0)) > float(boiler.efficiency(1.0, 40.0))


@given(st.floats(0.01, 1.0), st.floats(0.0, 0.05), st.floats(0.3, 1.0))
def test_standing_losses_are_those_of_the_idle_share(
    load: float, standing: float, rated: float
) -> None:
    boiler = Boiler.of(50e3, rated, standing_loss=standing)
    used = float(boiler.fuel_power(load * 50e3))
    # Fuel = heat/η_rated + l·(1 − r) of the capacity.
    assert used == pytest.approx(load * 50e3 / rated + standing * (1.0 - load) * 50e3, rel=1e-9)


def test_no_heat_no_fuel_and_no_more_than_the_capacity() -> None:
    boiler = Boiler.of(10e3, 0.9)
    assert boiler.fuel_power([0.0, 9e3, 50e3]) == pytest.approx([0.0, 10e3, 10e3 / 0.9])
    assert float(fuel_volume(35.5e6 * 3.0, 35.5e6)) == pytest.approx(3.0)


def test_an_impossible_boiler_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Boiler.of(-1.0, 1.2, minimum_load=2.0)
    assert len(caught.value.problems) == 3
