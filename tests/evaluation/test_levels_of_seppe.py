"""Groundwater levels of real wells: gaps, changes of density, outliers, trends; and invariants."""

import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from well_field import context_of_wells, hours

from diwen.evaluation import groundwater_levels
from diwen.evaluation.daily import daily
from diwen.evaluation.groundwater_levels import (
    Months,
    gaps,
    level_trend,
    monthly,
    outliers,
    sampling,
)
from diwen.evaluation.statistics import TooFewError

FOLDER = Path(__file__).parents[2] / "examples" / "groundwater-seppe" / "measurements"


@pytest.fixture(scope="module")
def heads():
    found = {}
    for well in ("B49F0240_1", "B49F0240_2", "B49F0232_1"):
        with gzip.open(FOLDER / f"{well}.csv.gz") as file:
            table = pl.read_csv(file.read(), try_parse_dates=True).drop_nulls()
        table = table.filter(pl.col(well).is_finite())
        time = table["Date"].cast(pl.Datetime("us")).to_physical().to_numpy()
        found[well] = time, table[well].to_numpy()
    return found


def months_of(heads, well):
    return monthly(daily(*heads[well], "Etc/GMT-1"))


def test_the_gap_of_282_days_is_seen(heads):
    found = gaps(heads["B49F0240_1"][0])
    assert max(days for _, _, days in found) == pytest.approx(282.2, abs=0.1)


def test_the_change_from_hand_readings_to_loggers_is_seen(heads):
    hand, logger = sampling(heads["B49F0232_1"][0])
    assert (hand["density"].en, logger["density"].en) == ("hand readings", "logger, hours")
    assert (hand["from"], logger["from"]) == (1971, 2011)
    assert hand["interval_days"] == pytest.approx(14.5)
    deep = sampling(heads["B49F0240_2"][0])
    assert "logger, minutes" in {one["density"].en for one in deep}


def test_logger_years_count_no_more_than_hand_readings(heads):
    months = months_of(heads, "B49F0240_2")
    # 161,385 records, but no month counts more than once.
    assert len(months.month) == len(np.unique(months.month)) == 526


def test_the_lowest_reading_is_listed(heads):
    days = daily(*heads["B49F0240_2"], "Etc/GMT-1")
    listed = outliers(days)
    assert -13.49 in days.mean[listed]
    assert 0 < len(listed) < 0.01 * np.isfinite(days.mean).sum()


def test_the_deep_well_rises_against_the_reference(heads):
    found = level_trend(months_of(heads, "B49F0240_2"), months_of(heads, "B49F0232_1"))
    assert found.high < 0 < found.variance_ratio
    assert found.slope == pytest.approx(-0.047, abs=0.005)
    assert found.correction == "covariance between seasons"
    assert found.variance_ratio > 3


def test_the_reference_has_no_trend_of_its_own(heads):
    found = level_trend(months_of(heads, "B49F0232_1"))
    assert not found.significant
    assert found.low < 0 < found.high


def test_climate_common_to_both_wells_is_removed():
    """A drought in both wells and a drawdown of 0.3 m/a in one: 0.3 m/a is found."""
    rng = np.random.default_rng(2)
    month = np.arange(12 * 2000, 12 * 2000 + 96)
    climate = np.cumsum(rng.normal(0, 0.1, 96)) + 0.4 * np.sin(2 * np.pi * month / 12)
    here = 5 + climate - 0.3 * (month - month[0]) / 12 + rng.normal(0, 0.02, 96)
    ones = np.ones(96, dtype=np.int64)
    found = level_trend(Months(month, here, ones), Months(month, 9 + climate, ones))
    assert found.slope == pytest.approx(0.3, abs=0.01)
    assert found.low < 0.3 < found.high


def test_outliers_do_not_move_the_trend():
    month = np.arange(24000, 24000 + 60)
    ones = np.ones(60, dtype=np.int64)
    value = 0.1 * month / 12
    spoiled = value.copy()
    spoiled[::12] -= 50.0
    clean = level_trend(Months(month, value, ones)).slope
    assert level_trend(Months(month, spoiled, ones)).slope == pytest.approx(clean, abs=1e-9)


def test_too_short_is_refused():
    month = np.arange(24000, 24000 + 23)
    ones = np.ones(23, dtype=np.int64)
    with pytest.raises(TooFewError, match="Without a reference well a trend needs 24"):
        level_trend(Months(month, month / 1.0, ones))
    with pytest.raises(TooFewError, match="both wells"):
        level_trend(Months(month, month / 1.0, ones), Months(month + 20, month / 1.0, ones))


@given(st.floats(-10, 10), st.floats(-1, 1))
@settings(max_examples=20, deadline=None)
def test_datum_and_tilt(datum, tilt):
    rng = np.random.default_rng(1)
    month = np.arange(24000, 24000 + 72)
    ones = np.ones(72, dtype=np.int64)
    level = rng.normal(0, 0.3, 72)
    flat = level_trend(Months(month, level, ones)).slope
    moved = level_trend(Months(month, level + datum + tilt * month / 12, ones)).slope
    # Months are compared with the same month of other years, so a tilt adds up exactly.
    assert moved == pytest.approx(flat + tilt, abs=1e-6)


def test_result_of_a_site(tmp_path):
    n = 24 * 900
    time = hours("2018-01-01", n)
    year = np.arange(n) / 8766
    wave = np.sin(2 * np.pi * year)
    records = {"w": (time, 3 + wave - 0.8 * year), "r": (time, 7 + wave)}
    points = (
        "w,water_level,m,field,water_level@W1,,1 h,\nr,water_level,m,field,reference_level,,1 h,\n"
    )
    context = context_of_wells(
        tmp_path, points=points, records=records, period="2018-01-01..2020-06-18"
    )
    (found,) = groundwater_levels.results(context)
    assert found.of == "W1"
    assert found.value == pytest.approx(0.8, abs=0.01)
    assert found.grade.met is False
    alone = context_of_wells(
        tmp_path, points=points.splitlines()[0] + "\n", records=records,
        period="2018-01-01..2020-06-18",
    )  # fmt: skip
    (found,) = groundwater_levels.results(alone)
    assert found.status == "indicative"
    assert found.grade is None
    assert found.value == pytest.approx(-0.8, abs=0.05)


def test_an_empty_period_is_refused(tmp_path):
    context = context_of_wells(
        tmp_path, points="w,water_level,m,field,water_level@W1,,1 h,\n", period="2018"
    )
    (found,) = groundwater_levels.results(context)
    assert found.status == "refused"
