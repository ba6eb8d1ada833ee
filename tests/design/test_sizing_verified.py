"""The whole chain of hourly sizing against brute force: no grouping, no tables, no coarse bins."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.signal import fftconvolve

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.sizing import size
from diwen.sources.borefield import layouts
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_functions import g_function

YEARS = 20


def sized_and_reached(columns: int, rows: int) -> tuple[float, float, float]:
    """Sized length, and lowest and highest mean fluid temperature of every hour by brute force."""
    hour = np.arange(8760)
    season, day = np.cos(hour * 2 * np.pi / 8760), np.cos(hour * 2 * np.pi / 24)
    count = columns * rows
    power = 2e3 * count * np.maximum(season + 0.4 * day, 0.0)
    power -= 2.6e3 * count * np.maximum(-season - 0.4 * day, 0.0)
    boreholes = Boreholes.at(layouts.rectangle(columns, rows, 6.0), 100.0, 1.5, 0.075)
    field = BoreField(boreholes, 2.2, 2.3e6, 11.0, 0.12)
    limits = TemperatureLimits(1.0, 20.0, "mean", "mean")
    length = size(field, HourlyGroundLoad.of(power), limits, YEARS).length
    assert length is not None
    times = np.arange(1, YEARS * 8760 + 1) * 3600.0
    knots = np.geomspace(times[0], times[-1], 200)
    solved = g_function(boreholes.with_length(length), field.diffusivity, knots, mode="accurate")
    steps = np.diff(solved.at(times), prepend=0.0) / (2 * np.pi * 2.2)
    rate = np.tile(power, YEARS) / (count * length)
    fluid = 11.0 - fftconvolve(rate, steps)[: len(rate)] - 0.12 * rate
    return length, float(fluid.min()), float(fluid.max())


@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (4, 3)])
def test_the_governing_limit_is_met_to_hundredths_of_a_kelvin(columns: int, rows: int) -> None:
    _, low, high = sized_and_reached(columns, rows)
    assert min(low - 1.0, 20.0 - high) == pytest.approx(0.0, abs=0.01)


@pytest.mark.verify
def test_the_same_for_a_hundred_boreholes() -> None:
    """0.1 % of length is about 0.01 K here."""
    _, low, high = sized_and_reached(10, 10)
    assert min(low - 1.0, 20.0 - high) == pytest.approx(0.0, abs=0.01)
