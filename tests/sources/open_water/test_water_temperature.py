"""Temperatures of waters: models against their equations, measurements with their gaps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.ground.layers import SurfaceWave
from diwen.sources.open_water import (
    Origin,
    measured_on_steps,
    still_water_at_depth,
    stream_linear,
    stream_logistic,
    yearly_wave,
)
from diwen.sources.open_water.water_temperature import lagged_air

HOUR, DAY, YEAR = 3600.0, 86400.0, 365 * 86400.0


def test_the_wave_is_warmest_at_noon_of_its_day():
    wave = yearly_wave(12.0, 9.0, 200)
    assert wave.values.shape == (8760,)
    assert np.argmax(wave.values) // 24 == 199
    assert wave.values.mean() == pytest.approx(12.0, abs=1e-9)
    assert wave.values.max() == pytest.approx(21.0, abs=1e-3)
    assert wave.share(Origin.MODELLED) == 1.0
    assert "modelled" in wave.note.en
    days = yearly_wave(12.0, 9.0, 200, steps=365, step=DAY)
    assert np.argmax(days.values) == 199


def test_depth_damps_and_delays():
    """The periodic half-space: explicit steps of the heat equation over three years."""
    a, depth, amplitude = 2e-6, 4.0, 10.0
    z = np.linspace(0.0, 30.0, 121)
    step = 0.4 * (z[1] - z[0]) ** 2 / a
    field = np.full(len(z), 10.0)
    course, times = [], np.arange(0.0, 3 * YEAR, step)
    for t in times:
        field[0] = 10.0 + amplitude * np.cos(2 * np.pi * (t - 199.5 * DAY) / YEAR)
        field[1:-1] += a * step / (z[1] - z[0]) ** 2 * np.diff(field, 2)
        course.append(np.interp(depth, z, field))
    last = times > 2 * YEAR
    found = still_water_at_depth(10.0, amplitude, 200, depth=depth, diffusivity=a)
    at = (np.arange(8760) + 0.5) * HOUR
    exact = np.interp(at, times[last] - 2 * YEAR, np.array(course)[last])
    assert np.abs(found.values - exact).max() < 0.05
    top = still_water_at_depth(10.0, amplitude, 200, depth=0.0, diffusivity=a)
    np.testing.assert_array_equal(top.values, yearly_wave(10.0, amplitude, 200).values)
    # The damping depth is that of the ground's wave.
    assert np.ptp(found.values) / np.ptp(top.values) == pytest.approx(
        np.exp(-depth / SurfaceWave(amplitude, 0.0, YEAR).damping_depth(a)), rel=1e-4
    )


def test_stream_of_the_mississippi_basin():
    # Stefan & Preud'homme 1993: 5 + 0.75 air, not below freezing.
    found = stream_linear([20.0, 0.0, -20.0], intercept=5.0, slope=0.75)
    np.testing.assert_allclose(found.values, [20.0, 5.0, 0.0])


def test_s_shaped_stream():
    curve = {"lowest": 1.0, "highest": 27.0, "steepest_at": 13.0, "slope": 1.1}
    found = stream_logistic([-60.0, 13.0, 13.01, 90.0], **curve).values
    np.testing.assert_allclose(found[[0, 1, 3]], [1.0, 14.0, 27.0], atol=0.01)
    assert (found[2] - found[1]) / 0.01 == pytest.approx(1.1, rel=1e-3)
    with pytest.raises(InputError, match="not below the highest"):
        stream_logistic([1.0], **(curve | {"highest": 0.0}))


def test_the_lag_of_a_wave_is_that_of_a_first_order_system():
    hours, lag = np.arange(8760), 5 * DAY
    omega = 2 * np.pi / (10 * DAY)
    air = np.cos(omega * HOUR * (hours + 0.5))
    end = HOUR * (hours + 1.0)
    gain = 1.0 / np.hypot(1.0, omega * lag)
    exact = gain * np.cos(omega * end - np.arctan(omega * lag))
    # 365 d are no whole number of 10 d: compare after the memory has gone.
    assert np.abs(lagged_air(air, lag, HOUR) - exact)[24 * 60 :].max() < 2e-3


@given(st.lists(st.floats(-20, 30), min_size=2, max_size=40), st.floats(0.0, 5e5))
@settings(deadline=None)
def test_a_lag_keeps_mean_and_bounds_and_closes_the_year(air, lag):
    found = lagged_air(air, lag, HOUR)
    np.testing.assert_allclose(found.mean(), np.mean(air), rtol=0, atol=1e-6)
    assert found.min() >= min(air) - 1e-6
    assert found.max() <= max(air) + 1e-6
    turned = lagged_air(np.roll(air, 1), lag, HOUR)
    np.testing.assert_allclose(turned, np.roll(found, 1), rtol=0, atol=1e-6)


def test_gaps_of_the_air_are_not_bridged():
    with pytest.raises(InputError, match=r"gaps(.|\n)*1 / 2"):
        stream_linear([1.0, np.nan], intercept=5.0, slope=0.75)


def test_records_become_means_and_gaps_stay():
    times = np.array([0.0, 1800.0, 3600.0, 9000.0, 9600.0, 20000.0])
    values = np.array([10.0, 12.0, 13.0, 15.0, np.nan, 20.0])
    found = measured_on_steps(times, values, steps=7, longest_gap=5400.0)
    gap = np.nan
    np.testing.assert_allclose(found.values, [11.0, 13.0, 15.0, gap, gap, 20.0, gap])
    assert list(found.origins) == [0, 0, 0, 3, 3, 0, 3]
    assert not found.complete
    assert "42.9% missing" in found.note.en


def test_sparse_records_are_bridged_only_as_told():
    days = DAY * np.array([0.5, 1.5, 2.5, 4.5])
    found = measured_on_steps(days, [10.0, 12.0, 14.0, 20.0], steps=120, longest_gap=DAY)
    at = (np.arange(120) + 0.5) * HOUR
    inside = (at > days[0]) & (at < days[2])
    np.testing.assert_allclose(found.values[inside], 9.0 + 2.0 * at[inside] / DAY, atol=0.05)
    kinds = [found.share(origin) for origin in Origin]
    assert kinds == pytest.approx([4 / 120, 46 / 120, 0.0, 70 / 120])
    assert np.isnan(found.values[24 * 3 : 24 * 4]).all()


def test_gaps_are_filled_with_what_is_marked():
    found = measured_on_steps([0.0], [9.0], steps=8760)
    whole = found.filled(yearly_wave(12.0, 9.0, 200))
    assert whole.complete
    assert whole.values[0] == 9.0
    assert whole.share(Origin.MODELLED) == pytest.approx(8759 / 8760)
    assert "100.0% modelled, 0.0% missing" in whole.note.en
    with pytest.raises(InputError, match="not the same steps"):
        found.filled(yearly_wave(12.0, 9.0, 200, steps=365, step=DAY))


@given(
    values=st.lists(st.one_of(st.floats(-2, 40), st.just(np.nan)), max_size=50),
    spacing=st.floats(60.0, 2e4),
    gap=st.floats(0.0, 3e4),
)
@settings(deadline=None)
def test_no_value_without_a_record_beside_it(values, spacing, gap):
    times = spacing * np.arange(len(values))
    found = measured_on_steps(times, values, steps=48, longest_gap=gap)
    np.testing.assert_array_equal(np.isnan(found.values), found.origins == Origin.MISSING)
    valid = times[np.isfinite(values)]
    for k in np.flatnonzero(found.origins == Origin.INTERPOLATED):
        middle = (k + 0.5) * HOUR
        before, after = valid[valid < middle].max(), valid[valid >= middle].min()
        assert after - before <= gap


def test_records_out_of_order_are_refused():
    with pytest.raises(InputError, match="do not rise"):
        measured_on_steps([0.0, 5.0, 5.0], [1.0, 2.0, 3.0])
