"""Air as a source; humid air against CoolProp."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.open_water import air_source_model, frost_forms, wet_bulb
from diwen.sources.open_water.air import air_heat_capacity, saturation_pressure

HUMID_AIR = pytest.importorskip("CoolProp.HumidAirProp")


@pytest.mark.parametrize("temperature", [2.0, 10.0, 20.0, 35.0])
@pytest.mark.parametrize("humidity", [0.2, 0.5, 0.9, 1.0])
def test_wet_bulb_against_coolprop(temperature, humidity):
    other = HUMID_AIR.HAPropsSI(
        "B", "T", temperature + 273.15, "P", 101325.0, "R", humidity
    )  # fmt: skip
    # Below 0 °C the wet bulb of CoolProp is iced, ours is not.
    allowed = 0.15 if other > 273.15 else 0.5
    assert wet_bulb(temperature, humidity) == pytest.approx(other - 273.15, abs=allowed)


def test_saturation_and_heat_capacity_against_coolprop():
    at = np.array([5.0, 20.0, 40.0])
    other = [HUMID_AIR.HAPropsSI("P_w", "T", t + 273.15, "P", 101325.0, "R", 1.0) for t in at]
    # The other is of moist air, 0.4 % above pure vapour.
    np.testing.assert_allclose(saturation_pressure(at), other, rtol=8e-3)
    assert saturation_pressure(-10.0, over_ice=True) == pytest.approx(259.9, rel=2e-3)
    density = 1.0 / HUMID_AIR.HAPropsSI("V", "T", 283.15, "P", 101325.0, "R", 0.0)
    heat = HUMID_AIR.HAPropsSI("C", "T", 283.15, "P", 101325.0, "R", 0.0)
    assert air_heat_capacity(10.0) == pytest.approx(density * heat, rel=2e-3)


@given(st.floats(-20.0, 40.0), st.floats(0.0, 1.0))
@settings(deadline=None)
def test_wet_bulb_lies_below_dry_bulb_and_meets_it_when_saturated(temperature, humidity):
    assert wet_bulb(temperature, humidity) <= temperature + 1e-9
    assert wet_bulb(temperature, 1.0) == pytest.approx(temperature, abs=1e-9)


def test_air_enters_as_it_is_and_leaves_colder():
    outdoors = np.array([-5.0, 0.0, 7.0])
    source = air_source_model(outdoors, flow=10.0)
    course = source.course(np.array([6e4, 3e4, -2e4]))
    np.testing.assert_allclose(course.entering, outdoors, atol=1e-12)
    capacity = air_heat_capacity(float(outdoors.mean()))
    np.testing.assert_allclose(
        course.leaving, outdoors - np.array([6e4, 3e4, -2e4]) / (10.0 * capacity)
    )
    assert source.with_flow(20.0).heat_capacity_rate == pytest.approx(20.0 * capacity)
    endless = air_source_model(outdoors).course(np.full(3, 1e5))
    np.testing.assert_array_equal(endless.leaving, outdoors)
    assert any("defrost" in note.en for note in source.notes)


def test_frost_needs_a_cold_and_a_wet_coil():
    assert list(frost_forms([2.0, 2.0, 15.0, -15.0], [0.9, 0.3, 0.9, 0.9], 8.0)) == [
        True, False, False, True,
    ]  # fmt: skip


def test_wrong_air_is_refused():
    with pytest.raises(InputError) as caught:
        air_source_model([1.0, np.nan], flow=0.0)
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError, match="0 to 1"):
        wet_bulb(10.0, 80.0)
