"""Wells coupled through time: limits, direct convolution, books of heat, exchanged roles, modes."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.aquifer.column import Aquifer
from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair
from diwen.sources.well_field.circulation_field import CirculationField, trace_circulation
from diwen.sources.well_field.coupled_wells import ArrivalKernel, march_wells
from diwen.sources.well_field.doublet import Doublet, steady_feedback_drop
from diwen.sources.well_field.exchanged_doublet import march_exchanged
from diwen.sources.well_field.field_source import closed_loop_step, well_field_source_model
from diwen.sources.well_field.potential_flow import PlaneWells, trace_arrivals

DAY = 86400.0
YEAR = 365.0 * DAY
CAPACITY = 4.19e6
BASE = Doublet.of(100.0, 20.0, 30.0 / 3600.0)
PAIR = PlaneWells.of([[0, 0], [100, 0]], [-BASE.flow, BASE.flow], 20.0)
KERNEL = ArrivalKernel.of(trace_arrivals(PAIR))
FOUR = PlaneWells.of(
    [[0, 0], [90, 10], [30, 80], [-60, 50]], [-0.01, 0.006, 0.006, -0.002], 25.0,
    regional_flux=3e-7, regional_direction=0.7,
)  # fmt: skip
WELL = CirculationWell.of(0.15, (ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0)),), bypass=0.02)
THREE = CirculationField.of(
    [[0, 0], [30, 0], [10, 35]], 30.0 / 3600.0, WELL, Aquifer(10.0, 70.0, 1e-4, 1e-4),
    regional_flux=3e-7,
)  # fmt: skip


def test_returned_step_without_plant_is_the_kernel():
    """Wells of one flow, no feedback: the drop of the pumped water is F times that returned."""
    steps, load = 400, 1e5
    course = march_wells(KERNEL, np.full(steps, load), BASE.flow, DAY)
    given_drop = load / (CAPACITY * BASE.flow)
    # Until twice the breakthrough returned water has come back once at most.
    early = np.arange(steps) * DAY < 1.9 * BASE.breakthrough
    share = BASE.arrived((np.arange(steps) + 0.5) * DAY)
    np.testing.assert_allclose(course.pumped[early, 0], given_drop * share[early], atol=0.03)
    np.testing.assert_allclose(course.returned - course.pumped, given_drop, rtol=1e-12)


def test_end_of_a_doublet_in_regional_flow():
    flux = BASE.flow / (2.0 * math.pi * BASE.thickness * BASE.spacing)
    kernel = ArrivalKernel.of(trace_arrivals(replace(PAIR, regional_flux=flux), particles=1024))
    course = march_wells(kernel, np.full(8000, 1e5), BASE.flow, 2.0 * DAY)
    difference = 1e5 / (CAPACITY * BASE.flow)
    share = BASE.recirculated_down_gradient(flux)
    exact = steady_feedback_drop(difference, share)
    assert course.pumped[-1, 0] == pytest.approx(exact, rel=5e-3)


@settings(max_examples=15)
@given(st.integers(0, 2**31), st.floats(0.0, 0.5))
def test_books_close_for_any_load_and_flow(seed, idle):
    random = np.random.default_rng(seed)
    flow = 0.012 * random.uniform(0.1, 1.0, 300) * (random.uniform(size=300) >= idle)
    load = np.where(flow > 0.0, random.normal(5e4, 1e5, 300), 0.0)
    course = march_wells(ArrivalKernel.of(trace_arrivals(FOUR, particles=48)), load, flow, 5 * DAY)
    assert abs(course.imbalance) < 1e-8


def test_books_close_for_plants_of_their_own():
    kernel = ArrivalKernel.of(trace_circulation(THREE, particles=128))
    load = np.random.default_rng(3).normal(1e5, 5e4, (1500, 3))
    course = march_wells(kernel, load, 90.0 / 3600.0, 2.0 * DAY, plant="own")
    assert abs(course.imbalance) < 1e-8
    assert course.taken == pytest.approx(load.sum() * 2.0 * DAY)
    assert course.gone > 0.0


def test_sign_and_size_of_the_load_are_linear():
    load = np.random.default_rng(5).normal(0.0, 1e5, (200, 3))
    kernel = ArrivalKernel.of(trace_circulation(THREE, particles=64))
    one = march_wells(kernel, load, 0.02, DAY, plant="own")
    other = march_wells(kernel, -2.0 * load, 0.02, DAY, plant="own")
    np.testing.assert_allclose(other.pumped, -2.0 * one.pumped, atol=1e-9)


def test_no_load_no_change():
    course = march_wells(KERNEL, np.zeros(50), BASE.flow, 30.0 * DAY)
    np.testing.assert_array_equal(course.pumped, 0.0)


def test_shorter_steps_lead_to_the_same():
    coarse = march_wells(KERNEL, np.full(1000, 1e5), BASE.flow, DAY)
    fine = march_wells(KERNEL, np.full(4000, 1e5), BASE.flow, 0.25 * DAY)
    mean = fine.pumped[:, 0].reshape(-1, 4).mean(axis=1)
    np.testing.assert_allclose(coarse.pumped[:, 0], mean, atol=0.002)


def test_without_regional_flow_only_the_volume_counts():
    """Half the flow for twice the time at half the load returns the same water."""
    full = march_wells(KERNEL, np.full(500, 1e5), BASE.flow, DAY)
    half = march_wells(KERNEL, np.full(500, 5e4), 0.5 * BASE.flow, 2.0 * DAY)
    np.testing.assert_allclose(half.pumped, full.pumped, atol=1e-10)


def test_merged_kernel_is_what_a_header_of_equal_wells_sees():
    angle = 2.0 * np.pi * np.arange(4) / 4.0
    around = np.stack([80.0 * np.cos(angle), 80.0 * np.sin(angle)], axis=-1)
    rates = np.array([-0.02, 0.005, 0.005, 0.005, 0.005])
    field = PlaneWells.of(np.vstack([[[0.0, 0.0]], around]), rates, 25.0)
    kernel = ArrivalKernel.of(trace_arrivals(field))
    load = 1e5 * (1.0 + np.sin(np.arange(800) / 58.0))
    one = march_wells(kernel, load, 0.02, DAY)
    other = march_wells(kernel.merged(), load, 0.02, DAY)
    np.testing.assert_allclose(one.pumped[:, 0], other.pumped[:, 0], atol=1e-10)


def test_exchanged_doublet_one_way_is_the_coupled_doublet():
    load = np.full(2000, 1e5)
    tubes = march_exchanged(BASE, load, np.full(2000, BASE.flow), DAY, tubes=400)
    kernel = ArrivalKernel.of(trace_arrivals(PAIR, particles=800), knots=600)
    wells = march_wells(kernel, load, BASE.flow, DAY)
    np.testing.assert_allclose(tubes.pumped, wells.pumped[:, 0], atol=0.02)
    assert abs(tubes.imbalance) < 1e-12


def test_seasons_of_equal_volume_bring_all_back():
    """No conduction, no regional flow: the water of one season returns with its temperature."""
    hours = np.arange(3 * 8760)
    winter = hours % 8760 < 4380
    flow = np.where(winter, 0.5, -0.5) * BASE.flow
    course = march_exchanged(BASE, np.where(winter, 6e4, -6e4), flow)
    stored = 6e4 / (CAPACITY * 0.5 * BASE.flow)
    # Cold stored in winter comes back in summer, and is warmed to rest on its way.
    np.testing.assert_allclose(course.pumped[winter], 0.0, atol=1e-9)
    np.testing.assert_allclose(course.pumped[~winter], stored, rtol=1e-9)
    heat, volume = course.recovery(slice(0, 4380), slice(4380, 8760))
    assert heat == pytest.approx(1.0)
    assert volume == pytest.approx(1.0)


def test_half_the_volume_taken_back_is_half_the_heat():
    flow = np.concatenate([np.full(100, BASE.flow), np.full(50, -BASE.flow)])
    load = np.where(flow > 0.0, 1e5, 0.0)
    course = march_exchanged(BASE, load, flow, DAY)
    heat, volume = course.recovery(slice(0, 100), slice(100, 150))
    assert heat == pytest.approx(0.5)
    assert volume == pytest.approx(0.5)


@settings(max_examples=15)
@given(st.integers(0, 2**31))
def test_books_of_exchanged_roles_close(seed):
    random = np.random.default_rng(seed)
    flow = np.repeat(random.normal(0.0, BASE.flow, 12), 60)
    load = random.normal(0.0, 1e5, 720)
    course = march_exchanged(BASE, load, flow, 0.5 * DAY)
    assert abs(course.imbalance) < 1e-11


def test_source_model_of_a_doublet_in_regional_flow_says_its_error():
    flux = 0.5 * BASE.flow / (2.0 * math.pi * BASE.thickness * BASE.spacing)
    field = replace(PAIR, regional_flux=flux)
    model = well_field_source_model(field, undisturbed_temperature=11.0)
    assert model.flow == pytest.approx(BASE.flow)
    assert model.heat_capacity_rate == pytest.approx(CAPACITY * BASE.flow)
    assert 0.0 < model.error < 0.05
    # Another load than the one the error was measured on: weeks, months and a year.
    hours = np.arange(0.0, 5.0 * YEAR, DAY)
    load = 3e4 * (0.5 + np.sin(2 * np.pi * hours / YEAR) + 0.3 * np.sin(hours / (9.0 * DAY)))
    course = march_wells(ArrivalKernel.of(trace_arrivals(field)), load, BASE.flow, DAY)
    result = model.response.simulate(load, DAY)[0] - 0.5 * load / model.heat_capacity_rate
    exact = course.pumped[:, 0]
    largest = np.abs(0.5 * (course.pumped + course.returned)).max()
    assert np.abs(result - exact).max() < 0.06 * largest


def test_source_model_at_another_flow():
    model = well_field_source_model(PAIR, undisturbed_temperature=11.0, horizon=5.0 * YEAR)
    half = model.with_flow(0.5 * BASE.flow)
    assert half.flow == pytest.approx(0.5 * BASE.flow)
    assert half.response.direct[0, 0] == pytest.approx(2.0 * model.response.direct[0, 0])
    with pytest.raises(InputError):
        model.with_flow(0.0)


def test_closed_loop_step_is_the_march():
    arrivals = trace_arrivals(PAIR)
    times = np.array([100.0, 200.0, 400.0, 1500.0]) * DAY
    course = march_wells(KERNEL, np.ones(1600), BASE.flow, DAY)
    step = closed_loop_step(arrivals, times, CAPACITY)
    march = np.interp(times / DAY, np.arange(1600) + 0.5, course.pumped[:, 0])
    np.testing.assert_allclose(step, march, atol=0.01 * march.max())


def test_flow_zero_with_load_and_other_mistakes():
    load = np.ones(10)
    for changed in (
        {"flow": np.array([0.0] + [0.01] * 9)},
        {"flow": -0.01},
        {"flow": np.ones(3)},
        {"load": np.full(10, np.nan)},
        {"load": np.ones((10, 2))},
        {"kernel": replace(KERNEL, pumped=KERNEL.pumped * 2.0)},
    ):
        arguments = {"kernel": KERNEL, "load": load, "flow": 0.01} | changed
        with pytest.raises(InputError):
            march_wells(**arguments)
    with pytest.raises(InputError):
        march_exchanged(BASE, load, np.zeros(10))
    with pytest.raises(InputError):
        march_exchanged(BASE, load, np.full(10, 0.01), YEAR)
    with pytest.raises(InputError):
        march_exchanged(BASE, load, np.zeros(9))
