"""Waters as sources: what comes, what goes back, what is not to be had."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.open_water import (
    Circuit,
    Exchanger,
    Intake,
    WaterLimits,
    largest_extraction,
    largest_injection,
    measured_on_steps,
    mixed_change,
    open_water_source_model,
    returned_temperature,
    yearly_wave,
)
from diwen.sources.response import Efficiency

CAPACITY = 4.19e6
HOUR = 3600.0
RIVER = yearly_wave(11.0, 9.0, 205)
COLD = RIVER.values
INTAKE = Intake(0.02, CAPACITY)
CIRCUIT = Circuit(Exchanger.of(2e5), 0.015, 3.9e6)


def test_water_through_the_heat_pumps_comes_at_its_own_temperature():
    source = open_water_source_model("surface_water", RIVER, INTAKE)
    course = source.course(np.full(8760, 1e5))
    np.testing.assert_allclose(course.entering, COLD, rtol=0, atol=1e-12)
    np.testing.assert_allclose(course.leaving, COLD - 1e5 / (0.02 * CAPACITY), atol=1e-12)
    assert source.plain
    assert source.error == 0.0
    assert any("modelled" in note.en for note in source.notes)


def test_behind_an_exchanger_temperatures_are_those_of_the_exchanger():
    source = open_water_source_model("surface_water", RIVER, INTAKE, circuit=CIRCUIT)
    load = np.linspace(-4e5, 4e5, 8760)
    course = source.course(load)
    exact = CIRCUIT.exchanger.temperatures(load, COLD, CIRCUIT.rate, INTAKE.rate)
    np.testing.assert_allclose(course.entering, exact.plant_out, rtol=0, atol=1e-9)
    np.testing.assert_allclose(course.leaving, exact.plant_in, rtol=0, atol=1e-9)
    assert source.heat_capacity_rate == CIRCUIT.rate
    faster = source.with_flow(0.03)
    assert faster.heat_capacity_rate == 2 * CIRCUIT.rate
    assert faster.with_flow(0.015).response.steady == source.response.steady


def test_the_water_of_winter_gives_what_its_limits_leave():
    limits = WaterLimits.of(lowest_return=2.5, freezing_margin=3.0, largest_drop=4.0)
    assert limits.coldest == 3.0
    source = open_water_source_model("surface_water", RIVER, INTAKE, limits=limits, circuit=CIRCUIT)
    load = np.full(8760, 3e5)
    course = source.course(load)
    back = returned_temperature(course.taken, COLD, INTAKE.rate)
    assert back[course.taken > 0].min() >= 3.0 - 1e-9
    assert (COLD - back).max() <= 4.0 + 1e-9
    most = INTAKE.rate * np.clip(np.minimum(COLD - 3.0, 4.0), 0.0, None)
    np.testing.assert_allclose(course.taken, np.minimum(load, most), rtol=1e-12)
    np.testing.assert_allclose(course.unmet_extraction, (load - course.taken).sum() * HOUR)
    assert course.unmet_extraction > 0.0


def test_both_circuits_have_their_own_lowest_temperature():
    circuit = Circuit(CIRCUIT.exchanger, CIRCUIT.flow, CIRCUIT.heat_capacity, lowest_return=2.0)
    source = open_water_source_model("surface_water", 6.0, INTAKE, circuit=circuit)
    taken = source.course([1e6]).taken[0]
    rates = circuit.rate, INTAKE.rate
    found = circuit.exchanger.temperatures(taken, 6.0, *rates)
    assert found.plant_in == pytest.approx(2.0, abs=1e-9)
    # The most an exchanger moves between 6 °C and 2 °C is effectiveness times the smaller flow.
    by_effectiveness = (6.0 - 2.0) / (CIRCUIT.exchanger.resistance(*rates) + 0.5 / rates[0])
    assert taken == pytest.approx(float(by_effectiveness))


def test_sewage_that_runs_thin_at_night():
    hours = np.arange(8760)
    flow = np.where(hours % 24 < 6, 0.005, 0.03)
    flow[:24] = 0.0
    sewage = Intake(0.02, CAPACITY, available_flow=flow)
    limits = WaterLimits.of(largest_drop=5.0)
    for circuit in (None, CIRCUIT):
        source = open_water_source_model("sewage", 14.0, sewage, limits=limits, circuit=circuit)
        course = source.course(np.full(8760, 2e5))
        np.testing.assert_array_equal(course.taken[:24], 0.0)
        night, day = course.taken[24], course.taken[36]
        assert night == pytest.approx(0.005 * CAPACITY * 5.0)
        assert day == pytest.approx(2e5)
        assert source.notes[-1].en.startswith("in 25.")
        if circuit is None:
            np.testing.assert_allclose(course.entering, 14.0)
            np.testing.assert_allclose(course.leaving[24], 14.0 - 5.0)
        else:
            exact = circuit.exchanger.temperatures(night, 14.0, circuit.rate, 0.005 * CAPACITY)
            assert course.entering[24] == pytest.approx(float(exact.plant_out))
            assert course.leaving[24] == pytest.approx(float(exact.plant_in))


def test_a_lower_available_flow_is_the_flow():
    source = open_water_source_model(
        "mine_water", 16.0, Intake(0.02, CAPACITY, available_flow=0.01)
    )
    assert source.flow == 0.01
    assert source.plain
    assert source.with_flow(0.008).flow == 0.008
    assert source.with_flow(0.03).flow == 0.01


def test_waste_heat_has_its_power_and_takes_none():
    power = np.where(np.arange(8760) % 168 < 120, 1.5e5, 0.0)
    waste = Intake(0.01, CAPACITY, available_power=power, takes_heat=False)
    source = open_water_source_model("waste_heat", 35.0, waste)
    course = source.course(np.where(np.arange(8760) % 2 == 0, 2e5, -1e5))
    np.testing.assert_allclose(course.taken[::2], power[::2])
    np.testing.assert_array_equal(course.taken[1::2], 0.0)
    assert course.unmet_injection == pytest.approx(4380 * 1e5 * HOUR)


def test_heat_pumps_on_a_limited_river_report_the_shortage():
    limits = WaterLimits.of(lowest_return=3.0)
    source = open_water_source_model("surface_water", RIVER, INTAKE, limits=limits)
    heat = np.full(8760, 2e5)
    result = source.simulate(heat, heating_efficiency=Efficiency.linear(3.5, 0.1))
    short = result.unmet_heating > 0
    assert short.any()
    assert not short[COLD > 10].any()
    np.testing.assert_allclose(
        heat - result.unmet_heating, result.ground_load + result.power, rtol=0, atol=1e-6
    )
    assert result.leaving[result.ground_load > 0].min() >= 3.0 - 1e-9
    # A river below 3 °C gives nothing, and no work is done for nothing.
    frozen = COLD <= 3.0
    np.testing.assert_array_equal(result.power[frozen], 0.0)


@given(
    temperature=st.floats(-1.0, 30.0),
    rate=st.just(0.0) | st.floats(1e-6, 1e6),
    low=st.floats(-2.0, 10.0),
    rise=st.floats(0.0, 10.0),
)
@settings(deadline=None)
def test_what_is_allowed_is_never_overstepped(temperature, rate, low, rise):
    limits = WaterLimits.of(lowest_return=low, highest_return=low + 20.0, largest_rise=rise)
    most, least = (f(temperature, rate, limits) for f in (largest_extraction, largest_injection))
    assert most >= 0.0
    assert least >= 0.0
    if rate > 0.0:
        if most > 0.0:
            assert returned_temperature(most, temperature, rate) == pytest.approx(low, abs=1e-6)
        assert returned_temperature(-least, temperature, rate) <= max(
            temperature, min(low + 20.0, temperature + rise)
        ) + 1e-6  # fmt: skip
    else:
        assert most == least == 0.0


def test_the_whole_river_after_mixing():
    limits = WaterLimits.of(largest_mixed_change=0.05, body_flow=1.0)
    most = largest_extraction(10.0, 1e9, limits, heat_capacity=CAPACITY)
    assert mixed_change(most, 1.0, CAPACITY) == pytest.approx(-0.05)
    assert largest_injection(10.0, 1e9, limits, heat_capacity=CAPACITY) == most


def test_fouling_costs_temperature_in_proportion_to_the_load():
    clean = open_water_source_model("sewage", 14.0, INTAKE, circuit=CIRCUIT)
    dirty_circuit = Circuit(CIRCUIT.exchanger.fouled(0.3), CIRCUIT.flow, CIRCUIT.heat_capacity)
    dirty = open_water_source_model("sewage", 14.0, INTAKE, circuit=dirty_circuit)
    load = np.array([1e5, 2e5, -1e5])
    lost = clean.course(load).entering - dirty.course(load).entering
    assert lost[0] > 0.0
    np.testing.assert_allclose(lost, lost[0] * np.array([1.0, 2.0, -1.0]), rtol=1e-9)


def test_what_cannot_be_is_refused_all_at_once():
    gaps = measured_on_steps([0.0], [9.0], steps=24)
    intake = Intake(-0.1, CAPACITY, available_flow=np.array([1.0, -1.0]))
    with pytest.raises(InputError) as caught:
        open_water_source_model("sewage", gaps, intake)
    assert {problem.where for problem in caught.value.problems} == {
        "intake.flow", "temperature", "intake.available_flow",
    }  # fmt: skip
    assert len(caught.value.problems) == 4
    assert "23 / 24" in str(caught.value)
    with pytest.raises(InputError) as caught:
        WaterLimits.of(lowest_return=9.0, highest_return=3.0, largest_drop=-1.0, body_flow=1.0)
    assert len(caught.value.problems) == 3
    with pytest.raises(InputError, match="not above zero"):
        open_water_source_model("sewage", 12.0, Intake(0.1, CAPACITY, available_flow=0.0))
    with pytest.raises(InputError, match="not a finite number"):
        open_water_source_model("sewage", 12.0, Intake(np.inf, CAPACITY))
