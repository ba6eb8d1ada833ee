"""Degree days of the bundled measured weather, and what missing hours do to them."""

import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.evaluation.daily import daily, within
from diwen.evaluation.degree_days import degree_days

EXAMPLES = Path(__file__).parents[2] / "examples"
HOUR = 3_600_000_000
# First statistics of the data set, computed apart from Diwen: means of the hours present.
HEATING = {
    "beijing": (3242, 2869, 3090, 2955, 2565, 2666),
    "shenyang": (4321, 4164, 4323, 4201, 3655, 3778),
    "shanghai": (1556, 1626, 1635, 1509, 1348, 1359),
}


def day(text):
    return int((np.datetime64(text) - np.datetime64("1970-01-01")).astype(int))


@pytest.fixture(scope="module")
def weather():
    found = {}
    for city in HEATING:
        path = EXAMPLES / f"{city}-weather" / "measurements" / f"{city}-2010-2015.csv.gz"
        with gzip.open(path) as file:
            table = pl.read_csv(file.read(), null_values="NA", infer_schema_length=None)
        stamp = pl.datetime("year", "month", "day", "hour", time_zone="Asia/Shanghai")
        table = table.select(time=stamp.dt.epoch("us"), value=pl.col("TEMP").cast(float))
        table = table.drop_nulls()
        found[city] = table["time"].to_numpy(), table["value"].to_numpy()
    return found


@pytest.mark.parametrize("city", HEATING)
def test_heating_degree_days_of_six_years(weather, city):
    plain = daily(*weather[city], "Asia/Shanghai")
    bridged = daily(*weather[city], "Asia/Shanghai", bridge=6)
    for year, expected in zip(range(2010, 2016), HEATING[city], strict=True):
        first, last = day(f"{year}-01-01"), day(f"{year}-12-31")
        mean = within(plain, first, last).mean
        assert np.maximum(0, 18 - mean).sum() == pytest.approx(expected, abs=0.6)
        found = degree_days(within(bridged, first, last), 18.0, "heating")
        # 2010 of Shenyang lacks 6.6 % of its hours: bridging them moves the sum by 0.13 %.
        assert found.value == pytest.approx(expected, abs=7 if city == "shenyang" else 1)
        assert found.coverage == 1.0


def test_beijing_mean_temperature(weather):
    days = within(daily(*weather["beijing"], "Asia/Shanghai"), day("2014-01-01"), day("2014-12-31"))
    assert days.mean.mean() == pytest.approx(13.7, abs=0.05)


def test_a_missing_night_does_not_make_a_day_warm():
    """Four hours of night missing in a daily wave: bridged mean stays near the truth."""
    hours = np.arange(72)
    wave = 10 - 8 * np.cos(2 * np.pi * (hours - 2) / 24)
    time = hours.astype(np.int64) * HOUR
    gone = (hours % 24 < 4) & (hours > 24) & (hours < 48)
    holed = daily(time[~gone], wave[~gone], "UTC").mean[1]
    mended = daily(time[~gone], wave[~gone], "UTC", bridge=6).mean[1]
    assert abs(mended - wave[24:48].mean()) < 0.6 * abs(holed - wave[24:48].mean())


def test_incomplete_days_are_estimated_and_said():
    time = np.concatenate([np.arange(240), np.arange(288, 720)]).astype(np.int64) * HOUR
    days = within(daily(time, np.full(len(time), 8.0), "UTC", bridge=6), 0, 29)
    found = degree_days(days, 18.0, "heating")
    assert (found.counted, found.estimated, found.unknown) == (28, 2, 0)
    assert found.value == pytest.approx(300.0)
    assert found.coverage == pytest.approx(28 / 30)


def test_a_month_without_data_is_unknown_not_zero():
    time = np.arange(31 * 24).astype(np.int64) * HOUR
    days = within(daily(time, np.zeros(len(time)), "UTC"), 0, 58)
    found = degree_days(days, 18.0, "heating")
    assert found.value == pytest.approx(31 * 18.0)  # 0.0 °C is a value
    assert found.unknown == 28


def test_dense_years_do_not_rule():
    """A day with 5-minute records counts like a day with one reading."""
    dense = np.arange(288, dtype=np.int64) * 300_000_000
    time = np.concatenate([dense, [36 * HOUR]])
    days = daily(time, np.concatenate([np.full(288, 4.0), [10.0]]), "UTC")
    assert days.mean.tolist() == [4.0, 10.0]
    hand = daily(np.array([12 * HOUR]), np.array([1.0]), "UTC", interval=86400.0)
    assert hand.measured.tolist() == [1.0]


def test_local_days():
    """23:30 UTC belongs to the next day in Beijing."""
    days = daily(np.array([23 * HOUR + HOUR // 2]), np.array([3.0]), "Asia/Shanghai")
    assert days.day.tolist() == [1]


@given(st.lists(st.booleans(), min_size=480, max_size=480), st.integers(0, 479))
@settings(max_examples=30, deadline=None)
def test_a_gap_never_raises_coverage(kept, removed):
    hours = np.arange(480, dtype=np.int64)
    mask = np.array(kept)
    less = mask.copy()
    less[removed] = False

    def coverage(chosen):
        days = daily(hours[chosen] * HOUR, np.ones(chosen.sum()), "UTC", bridge=6)
        days = within(days, 0, 19)
        return degree_days(days, 18.0, "heating").coverage, days.measured

    before, measured = coverage(mask)
    after, measured_less = coverage(less)
    assert after <= before
    assert (measured_less <= measured).all()
