"""The exchanger against its differential equations, textbook numbers and its own limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from diwen.problems import InputError
from diwen.sources.open_water.exchanger import Exchanger, effectiveness, plant_resistance

RATES = st.floats(1e2, 1e7)


def shooting(ua, plant_rate, water_rate):
    """Plant outlet for water at 1, plant at 0: dT/dx of both streams, integrated by a matrix."""
    # Water runs with x, plant fluid against it: both lose ua (Tw − Tp) per unit of length to x.
    slopes = np.array([[-ua / water_rate, ua / water_rate], [-ua / plant_rate, ua / plant_rate]])
    through = expm(slopes)
    # At x = 0: water 1, plant outlet unknown; at x = 1: plant inlet 0.
    return float(-through[1, 0] / through[1, 1])


@pytest.mark.parametrize("plant_rate", [2e4, 5e4, 2e5])
@pytest.mark.parametrize("ua", [1e4, 8e4, 3e5])
def test_against_the_differential_equations(ua, plant_rate):
    water_rate = 5e4
    outlet = shooting(ua, plant_rate, water_rate)
    heat = plant_rate * outlet
    found = Exchanger.of(ua).temperatures(heat, 1.0, plant_rate, water_rate)
    assert found.plant_in == pytest.approx(0.0, abs=1e-9)
    assert found.plant_out == pytest.approx(outlet, abs=1e-9)
    least = min(plant_rate, water_rate)
    ratio = least / max(plant_rate, water_rate)
    assert effectiveness(ua / least, ratio) == pytest.approx(heat / least, abs=1e-9)


def test_textbook_numbers():
    # Kays & London: one stream that does not change, 1 − 1/e; both alike, N/(1+N).
    assert effectiveness(1.0, 0.0) == pytest.approx(0.632, abs=5e-4)
    np.testing.assert_allclose(effectiveness([1.0, 3.0], 1.0), [0.5, 0.75])
    # The oil cooler of Incropera & DeWitt (counter flow): oil 100 → 60 °C, 0.1 kg/s of 2131
    # J/(kg K), cooled by 0.2 kg/s of water (4178) from 30 °C: 8524 W, water leaves at 40.2 °C,
    # mean logarithmic difference 43.2 K.
    oil, water = 0.1 * 2131.0, 0.2 * 4178.0
    cooler = Exchanger.of_approach(8524.0, 100.0 - 40.2, plant_rate=water, water_rate=oil)
    assert cooler.transmission == pytest.approx(8524.0 / 43.2, rel=2e-3)
    found = cooler.temperatures(8524.0, 100.0, plant_rate=water, water_rate=oil)
    assert found.water_out == pytest.approx(60.0, abs=0.01)
    assert found.plant_in == pytest.approx(30.0, abs=0.05)
    assert found.plant_out == pytest.approx(40.2, abs=0.05)


@given(ua=st.floats(1e2, 1e8), plant=RATES, water=RATES)
@settings(deadline=None)
def test_the_two_forms_of_the_resistance_are_one(ua, plant, water):
    least, ratio = min(plant, water), min(plant, water) / max(plant, water)
    by_effectiveness = 1.0 / (effectiveness(ua / least, ratio) * least) - 0.5 / plant
    assert plant_resistance(ua, plant, water) == pytest.approx(by_effectiveness, rel=1e-8)


@given(ua=st.floats(1e2, 1e8), plant=RATES, ratio=st.floats(0.999999, 1.000001))
@settings(deadline=None)
def test_nothing_jumps_where_the_flows_are_alike(ua, plant, ratio):
    exact = 1.0 / ua + 0.5 / plant
    assert plant_resistance(ua, plant, plant * ratio) == pytest.approx(exact, rel=1e-3)


@given(ua=st.floats(1e2, 1e8), plant=RATES, water=RATES, more=st.floats(1.0, 10.0))
@settings(deadline=None)
def test_more_helps_and_fouling_never_does(ua, plant, water, more):
    small = 1e-9
    whole = plant_resistance(ua, plant, water)
    assert plant_resistance(ua, plant, more * water) <= whole * (1 + small)
    assert plant_resistance(more * ua, plant, water) <= whole * (1 + small)
    # The coldest place of the plant side, and so the heat between two inlets.
    inlet = whole + 0.5 / plant
    faster = plant_resistance(ua, more * plant, water) + 0.5 / (more * plant)
    assert faster <= inlet * (1 + small)
    lost = Exchanger.of(ua).fouled(1.0 - 1.0 / more if more < 100 else 0.9)
    assert lost.resistance(plant, water) >= whole * (1 - small)
    scaled = Exchanger.of(ua, area=10.0, fouling_resistance=1e-4 * (more - 1.0))
    assert scaled.resistance(plant, water) >= whole * (1 - small)


@given(units=st.floats(0.0, 50.0), ratio=st.floats(0.0, 1.0), more=st.floats(1.0, 5.0))
@settings(deadline=None)
def test_effectiveness_stays_in_its_bounds(units, ratio, more):
    found = effectiveness(units, ratio)
    assert 0.0 <= found <= 1.0
    assert found <= 1.0 - np.exp(-units) + 1e-12
    assert effectiveness(units * more, ratio) >= found - 1e-12
    assert effectiveness(np.inf, ratio) == 1.0


def test_perfect_exchanger_and_endless_water():
    # Never better than mixing allows: with all the area, the smaller flow takes the other's
    # temperature.
    assert plant_resistance(np.inf, 1e4, 2e4) == pytest.approx(1.0 / 1e4 - 0.5 / 1e4)
    assert plant_resistance(np.inf, 2e4, 1e4) == pytest.approx(1.0 / 1e4 - 0.5 / 2e4)
    # A coil in a lake: the plant fluid comes to 1 − 1/e of the difference at one transfer unit.
    coil = Exchanger.of(1e4).temperatures(1e4 * (1 - np.exp(-1)), 1.0, 1e4, np.inf)
    assert coil.plant_in == pytest.approx(0.0, abs=1e-12)
    assert coil.water_out == 1.0


def test_energy_and_reversal():
    exchanger = Exchanger.of(7e4)
    heat = np.array([1e5, -1e5, 0.0])
    found = exchanger.temperatures(heat, 12.0, 3e4, 4e4)
    np.testing.assert_allclose((found.water_in - found.water_out) * 4e4, heat, atol=1e-6)
    np.testing.assert_allclose((found.plant_out - found.plant_in) * 3e4, heat, atol=1e-6)
    np.testing.assert_allclose(found.approach[0], -found.approach[1])
    np.testing.assert_allclose([found.approach[2], found.plant_in[2]], [0.0, 12.0])


@given(heat=st.floats(1e3, 1e7), approach=st.floats(0.3, 10.0), plant=RATES, water=RATES)
@settings(deadline=None)
def test_an_approach_is_met_or_refused(heat, approach, plant, water):
    if approach - heat / water + heat / plant <= 1e-6 * approach:
        with pytest.raises(InputError, match="at this approach"):
            Exchanger.of_approach(heat, approach - 1e-6 * approach, plant, water)
        return
    made = Exchanger.of_approach(heat, approach, plant, water)
    found = made.temperatures(heat, 20.0, plant, water)
    assert found.approach == pytest.approx(approach, rel=1e-6, abs=1e-7)


def test_fouling_of_both_kinds_and_films():
    made = Exchanger.of(1e5, area=50.0, fouling_resistance=2e-4, lost_share=0.2)
    assert made.transmission_at(1e4, 1e4) == pytest.approx(1 / (1 / 8e4 + 2e-4 / 50.0))
    films = Exchanger.of(1e5, film_exponent=0.7, design_plant_rate=1e4, design_water_rate=2e4)
    assert films.transmission_at(1e4, 2e4) == pytest.approx(1e5)
    assert films.transmission_at(5e3, 1e4) == pytest.approx(1e5 * 0.5**0.7)
    assert films.transmission_at([1e4, 5e3], 1e4).shape == (2,)


def test_wrong_exchangers_are_refused_all_at_once():
    with pytest.raises(InputError) as caught:
        Exchanger.of(-1.0, lost_share=1.0, fouling_resistance=1e-4, film_exponent=0.8)
    assert len(caught.value.problems) == 4


@pytest.mark.filterwarnings("error")
def test_a_perfect_exchanger_brings_the_weaker_stream_to_the_inlet_of_the_other():
    perfect = Exchanger.of(np.inf)
    found = perfect.temperatures(4e4, 10.0, 1e4, 2e4)
    assert (float(found.plant_out), float(found.plant_in)) == pytest.approx((10.0, 6.0))
    assert float(found.water_out) == pytest.approx(8.0)
