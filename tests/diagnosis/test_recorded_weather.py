"""A site that names no weather and recorded its outdoor air has a twin in that weather."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import diwen
from diwen.diagnosis.case_of_site import case_of
from diwen.diagnosis.diagnose_site import diagnose_record
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.diagnosis.record.operating_record import Channel, OperatingRecord
from diwen.diagnosis.recorded_weather import filled, recorded_air, weather_of_record
from diwen.site import Site
from diwen.twin.deviations import Deviation
from diwen.twin.sensor_faults import SensorFault
from diwen.twin.site_simulation import simulate_site
from diwen.twin.site_simulation_inputs import inputs_of_site

EXAMPLES = Path(__file__).parents[2] / "examples"
SHIFT = 4.0
HOURS = np.arange(8760) + 0.5


def course(hours=HOURS):
    """A year and its days, as harmonics can tell: °C."""
    year = 12.0 - 14.0 * np.cos(2.0 * np.pi * hours / 8760.0)
    return year - 4.0 * np.cos(2.0 * np.pi * hours / 24.0)


@cache
def recorded() -> OperatingRecord:
    """A cold year of the bundled plant whose heat is supplied too warm."""
    run = simulate_site(
        diwen.read(EXAMPLES / "plant-template"), since=date(2023, 1, 1), scenario="cold", seed=3,
        deviations=[Deviation("setpoint_shift", SHIFT)], points="standard",
        sensors=[SensorFault("class_error"), SensorFault("noise")],
    )  # fmt: skip
    return record_of_simulation(run)


@pytest.fixture
def weatherless(tmp_path: Path) -> Site:
    """The same plant, whose site file names no weather."""
    return rewritten(tmp_path / "plant")


def rewritten(folder: Path, more: str = "") -> Site:
    """The bundled plant without its last table, the weather, and with something else instead."""
    shutil.copytree(EXAMPLES / "plant-template", folder)
    path = folder / "site.toml"
    before = path.read_text(encoding="utf-8").partition("[weather]")[0]
    path.write_text(before + more, encoding="utf-8")
    site = diwen.read(folder)
    assert not site.weather.given
    return site


def with_air(record: OperatingRecord, value) -> OperatingRecord:
    channel = Channel(("outdoor",), np.asarray(value, float), np.ones(len(record)))
    return replace(record, outdoor=channel)


def test_the_twin_stands_in_the_recorded_weather_and_says_so(weatherless: Site) -> None:
    record = replace(recorded(), site=weatherless)
    case = case_of(weatherless, record)
    assert case.inputs is not None
    assert case.weather_known
    assert case.without_twin == ()
    assert case.inputs.outdoor == pytest.approx(record.outdoor.value, abs=1e-9)
    told = diagnose_record(weatherless, record, like=case)
    found = told.finding("setpoint_shift")
    assert found is not None
    assert found.probability > 0.5
    assert found.low <= SHIFT <= found.high
    assert told.attribution is not None
    assert told.attribution.as_found  # the counterfactuals run in it too
    note = next(one for one in told.warnings if "names no weather" in one.en)
    assert "on 365 days" in note.en
    assert "365 天" in note.zh


def test_too_few_days_are_no_weather_and_the_reason_says_how_many_would_do(
    weatherless: Site,
) -> None:
    record = replace(recorded(), site=weatherless)
    value = record.outdoor.value.copy()
    value[200 * 24 :] = np.nan
    case = case_of(weatherless, with_air(record, value))
    assert case.inputs is None
    assert not case.weather_known
    reasons = " ".join(one.en for one in case.without_twin)
    assert "the site has none" in reasons
    assert "on 200 days of the year; from 300 days on" in reasons
    # Without any outdoor air, nothing is promised.
    without = case_of(weatherless, replace(record, outdoor=None))
    assert without.inputs is None
    assert "from 300 days" not in " ".join(one.en for one in without.without_twin)


def test_a_load_that_follows_the_sun_stays_without_twin(tmp_path: Path) -> None:
    envelope = '[loads.office.envelope]\nage = "energy_saving_65"\n'
    site = rewritten(tmp_path / "plant", envelope)
    case = case_of(site, replace(recorded(), site=site))
    assert case.inputs is None
    assert any("follows the sun" in one.en for one in case.without_twin)
    assert all(one.zh for one in case.without_twin)


def test_weather_that_the_site_names_is_never_replaced() -> None:
    site = diwen.read(EXAMPLES / "plant-template")
    record = recorded()
    other = weather_of_record(record, recorded_air(record))
    named = inputs_of_site(site, 3600.0)
    assert (inputs_of_site(site, 3600.0, instead=other).inputs.outdoor
            == named.inputs.outdoor).all()  # fmt: skip
    case = case_of(site, record)
    assert case.recorded_weather is None
    assert case.of_twin == ()


def test_gaps_are_bridged_or_filled_by_the_course_of_year_and_day() -> None:
    known = course()
    short, long = known.copy(), known.copy()
    short[1000:1005] = np.nan
    straight = np.linspace(known[999], known[1005], 7)[1:-1]
    assert filled(short)[1000:1005] == pytest.approx(straight)
    # The long one lies across the new year; the waves that made it are found again.
    long[:400] = np.nan
    long[-300:] = np.nan
    assert filled(long) == pytest.approx(known, abs=1e-6)
    assert filled(known) is not known
    assert (filled(known) == known).all()


def test_of_several_years_the_fullest_one_stands_and_is_not_averaged() -> None:
    """A mean over years would lose the cold day that a design load refers to."""
    once = recorded()
    day = np.arange("2022-01-01", "2024-01-01", dtype="datetime64[D]").repeat(24)
    time = day.astype("datetime64[us]").astype(np.int64)
    hour = np.tile(np.arange(24), 730)
    first, second = course(), course() + 6.0
    first[3000:3400] = np.nan
    second[5000:5100] = np.nan
    record = with_air(replace(once, time=time, day=day, hour=hour), [*first, *second])
    air = recorded_air(record)
    assert air.days == 365
    assert air.temperature[:5000] == pytest.approx(second[:5000])
    assert air.temperature[5000:5100] == pytest.approx(first[5000:5100])
    assert air.temperature[5100:] == pytest.approx(second[5100:])
    assert air.enough
