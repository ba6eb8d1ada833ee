"""Frost on air units and antifreeze in water units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.fluids import fluid
from diwen.plant.antifreeze import SourceExchanger, extra_approach, with_antifreeze
from diwen.plant.carnot_fit import OperatingPoints
from diwen.plant.defrost import Frost, defrost_share
from diwen.plant.map_from_ratings import map_from_ratings
from diwen.site.heat_pump_kind import completion, ranges

EXCHANGER = SourceExchanger(5.0, 4.0, 0.5)


@pytest.mark.parametrize(("air", "humidity"), [(2.0, 0.84), (0.0, 0.8), (-7.0, 0.75), (-15.0, 0.7)])
def test_share_of_defrosting_is_the_epri_form(air, humidity):
    """1 / (1 + 0.01446 / Δw) with the humidity of real moist air of CoolProp, within 2 %."""
    from CoolProp.CoolProp import HAPropsSI

    coil = 0.82 * air - 8.589
    outside = HAPropsSI("W", "T", air + 273.15, "P", 101325.0, "R", humidity)
    # CoolProp counts relative humidity below 0 °C over ice, as the form here does.
    lost = outside - HAPropsSI("W", "T", coil + 273.15, "P", 101325.0, "R", 1.0)
    assert defrost_share(air, humidity) == pytest.approx(1.0 / (1.0 + 0.01446 / lost), rel=0.02)


@given(st.floats(-40, 30), st.floats(0.05, 1.0), st.floats(0, 0.5))
def test_damper_air_never_frosts_less(air, humidity, more):
    frost = Frost()
    capacity, power = frost.factors(air, humidity)
    wetter, work = frost.factors(air, min(humidity + more, 1.0))
    assert 0.2 <= wetter <= capacity <= 1.0
    assert 0.2 <= work <= power <= 1.0
    assert capacity <= power + 1e-12


def test_frost_costs_most_around_freezing_and_nothing_in_mild_or_very_cold_air():
    air = np.arange(-30.0, 15.1, 0.5)
    capacity, _ = Frost(0.85).factors(air)
    worst = air[capacity.argmin()]
    assert -5.0 <= worst <= 5.0
    assert 0.80 < capacity.min() < 0.95
    assert capacity[air >= 7.0] == pytest.approx(1.0)
    assert np.all(capacity[air <= -25.0] > 0.98)


def air_map(frost):
    points = OperatingPoints(
        "heating", np.array([7.0, -7.0]), np.array([35.0, 35.0]), np.array([10e3, 7.2e3]),
        np.array([2.2e3, 2.5e3]),
    )  # fmt: skip
    return map_from_ratings(
        points, completion("air_water", "heating"), *ranges("air_water", "heating"), frost
    )


def test_tested_points_hold_their_frost_and_the_band_between_sags():
    dry, frosty = air_map(None), air_map(Frost())
    for found in (dry, frosty):
        capacity, power = found.at([7.0, -7.0], [35.0, 35.0])
        assert capacity == pytest.approx([10e3, 7.2e3], rel=0.02)
        assert power == pytest.approx([2.2e3, 2.5e3], rel=0.02)
    assert frosty.at(2.0, 35.0)[0] < 0.96 * dry.at(2.0, 35.0)[0]


def water_map(mode):
    point = (10.0, 45.0, 100e3, 25e3) if mode == "heating" else (25.0, 7.0, 100e3, 20e3)
    points = OperatingPoints(mode, *np.array([point]).T)
    return map_from_ratings(points, completion("water_water", mode), *ranges("water_water", mode))


@pytest.mark.parametrize("mode", ["heating", "cooling"])
def test_water_for_water_changes_nothing(mode):
    water = water_map(mode)
    same = with_antifreeze(water, fluid("water"), fluid("water"), EXCHANGER)
    assert same.source == pytest.approx(water.source)


@pytest.mark.parametrize("mode", ["heating", "cooling"])
def test_more_antifreeze_costs_more_and_flow_mends_it(mode):
    water = water_map(mode)
    at = (5.0, 45.0) if mode == "heating" else (25.0, 7.0)
    efficiency = [
        np.divide(*with_antifreeze(water, fluid("water"), fluid(name), EXCHANGER, flow).at(*at))
        for name, flow in (
            ("water", 1.0), ("propylene glycol 15 %", 1.0), ("propylene glycol 30 %", 1.0),
            ("propylene glycol 30 %", 1.3),
        )
    ]  # fmt: skip
    assert efficiency[0] > efficiency[1] > efficiency[2]
    assert efficiency[3] > efficiency[2]
    # 30 % of propylene glycol costs some percent, not a quarter.
    assert 0.85 < efficiency[2] / efficiency[0] < 0.99


def test_the_extra_approach_is_that_of_the_fluid():
    """Half the heat capacity rate: the spread doubles; the pinch by the film alone."""
    water = fluid("water")
    found = extra_approach(10.0, water, water, EXCHANGER, 0.5)
    assert found == pytest.approx(5.0 + 4.0 * 0.5 * (0.5**-0.7 - 1.0))
