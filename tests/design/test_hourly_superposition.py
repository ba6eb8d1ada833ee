"""Superposition by years against the plain convolution of all hours."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import fftconvolve
from scipy.special import exp1

from diwen.design.hourly_superposition import HourlySuperposition, response_times


def step(times: np.ndarray) -> np.ndarray:
    """A line source in ground of 1e-6 m²/s, r = 75 mm: grows with the logarithm for ever."""
    with np.errstate(divide="ignore"):
        return np.where(times > 0.0, 0.5 * exp1(0.075**2 / (4e-6 * np.maximum(times, 1e-9))), 0.0)


def exact(power: np.ndarray, hours: int) -> np.ndarray:
    increments = np.diff(step(np.arange(hours + 1) * 3600.0))
    return fftconvolve(power, increments)[:hours]


@pytest.mark.parametrize("distinct", [1, 5])
def test_equals_the_convolution_of_all_hours(distinct: int) -> None:
    years, generator = 5, np.random.default_rng(3)
    season = 1.0 + 2.0 * np.cos(np.arange(8760) * 2 * np.pi / 8760)
    rows = season + generator.normal(0.0, 1.0, (distinct, 8760)) + np.arange(distinct)[:, None]
    found = HourlySuperposition(rows, years).drop(step(response_times(years)))
    full = exact(np.resize(rows, (years, 8760)).ravel(), years * 8760)
    assert np.abs(found.ravel() - full).max() < 1e-5 * np.abs(full).max()


@pytest.mark.parametrize("years", [1, 2, 3])
def test_short_lives(years: int) -> None:
    rows = np.random.default_rng(years).normal(0.0, 1.0, (1, 8760))
    found = HourlySuperposition(rows, years).drop(step(response_times(years)))
    full = exact(np.tile(rows[0], years), years * 8760)
    assert found.shape == (years, 8760)
    assert found.ravel() == pytest.approx(full, abs=2e-5)


def test_constant_load_is_the_step_response_itself() -> None:
    found = HourlySuperposition(np.ones((1, 8760)), 25).drop(step(response_times(25)))
    expected = step(np.arange(1, 25 * 8760 + 1) * 3600.0)
    assert np.abs(found.ravel() / expected - 1.0).max() < 5e-6
