"""Weather files: EPW, CSV, the measured Chinese series, gaps, leap years, faults."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.loads.degree_days import heating_degree_days
from diwen.loads.design_days import design_temperatures
from diwen.loads.epw import weather_of_epw
from diwen.loads.gaps import filled
from diwen.loads.sun import on_wall, sun_course
from diwen.loads.weather import Weather
from diwen.loads.weather_csv import weather_of_csv
from diwen.problems import InputError

EXAMPLES = Path(__file__).parents[2] / "examples"
CHICAGO = Path(__file__).parent / "weather" / "chicago-tmy3.epw.gz"


@pytest.fixture(scope="module")
def epw_text() -> str:
    return gzip.decompress(CHICAGO.read_bytes()).decode()


@pytest.fixture(scope="module")
def beijing() -> Weather:
    file = EXAMPLES / "beijing-weather" / "measurements" / "beijing-2010-2015.csv.gz"
    return weather_of_csv(gzip.decompress(file.read_bytes()).decode(), file.name)


def test_epw_of_chicago(epw_text: str) -> None:
    weather = weather_of_epw(epw_text, "chicago.epw")
    assert weather.dry_bulb.shape == (8760,)
    assert (weather.latitude, weather.longitude, weather.utc_offset) == (41.98, -87.92, -6.0)
    assert weather.first_year is None  # months of several years
    # The mean of the ground temperatures that others computed out of it stands in its header.
    header = [float(cell) for cell in epw_text.splitlines()[3].split(",")[6:18]]
    assert weather.dry_bulb.mean() == pytest.approx(np.mean(header), abs=0.5)


def test_design_temperature_of_the_head_of_the_file(epw_text: str) -> None:
    """ASHRAE (2009) states -20.0 °C kept in 99.6 % of the hours for that station."""
    found = design_temperatures(weather_of_epw(epw_text))
    assert found.cold_996 == pytest.approx(-20.0, abs=1.0)
    # 0.4 % of the hours: 33.3 °C over many years; a typical year holds fewer extremes.
    assert found.hot_004 == pytest.approx(33.3, abs=1.5)


def test_the_sun_stands_where_the_weather_file_has_it(epw_text: str) -> None:
    """Global = beam * sin(height) + diffuse holds in the file; we supply the height.

    Decided before: 2 W/m² of mean absolute difference; one hour off gives 15.
    """
    weather = weather_of_epw(epw_text)
    assert weather.direct_normal is not None
    assert weather.diffuse_horizontal is not None
    sun = sun_course(8760, 41.98, -87.92, -6.0)
    level = weather.direct_normal * np.maximum(sun.height, 0.0) + weather.diffuse_horizontal
    assert np.abs(level - np.asarray(weather.global_horizontal)).mean() < 2.0


def test_walls_to_the_south_have_more_sun_than_to_the_north(epw_text: str) -> None:
    weather = weather_of_epw(epw_text)
    south, north = on_wall(weather, 0.0), on_wall(weather, 180.0)
    assert south is not None
    assert north is not None
    assert south.sum() > 1.5 * north.sum()
    assert on_wall(Weather(weather.dry_bulb), 0.0) is None


def test_missing_numbers_of_an_epw_are_filled_and_said(epw_text: str) -> None:
    lines = epw_text.splitlines()
    for number in range(100, 104):
        cells = lines[number].split(",")
        cells[6] = "99.9"
        lines[number] = ",".join(cells)
    weather = weather_of_epw("\n".join(lines))
    assert np.isfinite(weather.dry_bulb).all()
    assert "4 of 8760" in weather.notes[0].en


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: "Hello\n" + text, "LOCATION"),
        (lambda text: "\n".join(text.splitlines()[:500]), "whole number of years"),
        (lambda text: text.replace("41.98", "north"), "not numbers"),
        (lambda text: text.replace("1986,1,1,1,", "1986,10,1,1,", 1), "first hour"),
    ],
)
def test_faults_of_an_epw_are_refused_with_a_cure(epw_text: str, change: object, said: str) -> None:
    with pytest.raises(InputError) as refusal:
        weather_of_epw(change(epw_text))  # type: ignore[operator]
    assert said in str(refusal.value)
    assert all(problem.cure.zh for problem in refusal.value.problems)


def test_degree_days_of_beijing_as_published_with_the_series(beijing: Weather) -> None:
    """Counted by others out of the same measurements: 2010 to 2015, base 18 °C.

    2012 is a leap year: its 29 February (17 K·d) is left out here.
    """
    found = heating_degree_days(beijing, 18.0)
    published = np.array([3242.0, 2869.0, 3090.0, 2955.0, 2565.0, 2666.0])
    assert np.abs(found - published)[[0, 1, 3, 4, 5]].max() < 1.0
    assert 0.0 < published[2] - found[2] < 25.0


def test_the_measured_series_says_what_was_filled(beijing: Weather) -> None:
    assert beijing.first_year == 2010
    assert beijing.years == 6
    assert np.isfinite(beijing.dry_bulb).all()
    said = " ".join(note.en for note in beijing.notes)
    assert "29 February" in said
    assert "air temperature: 5 of 52560" in said
    assert beijing.global_horizontal is None  # not measured, not guessed


def _csv(header: str, rows: list[str]) -> str:
    return "\n".join([header, *rows])


def test_units_and_languages_of_csv_columns() -> None:
    metric = weather_of_csv(_csv("气温（°C）;相对湿度（%）;气压（hPa）", ["1.5;50;1000"] * 8760))
    other = weather_of_csv(
        _csv("Temperature (°F),Relative humidity (1),Pressure (kPa)", ["34.7,0.5,100"] * 8760)
    )
    for one in (metric, other):
        assert one.dry_bulb[0] == pytest.approx(1.5)
        assert one.relative_humidity is not None
        assert one.relative_humidity[0] == pytest.approx(0.5)
        assert one.pressure is not None
        assert one.pressure[0] == pytest.approx(1e5)
        assert one.first_year is None


def test_lines_are_put_at_their_hours_and_missing_hours_are_gaps() -> None:
    hours = np.arange("2013-01-01", "2014-01-01", dtype="datetime64[h]")
    rows = [f"{str(hour).replace('T', ' ')}:00,{i % 24}" for i, hour in enumerate(hours)]
    kept = rows[:1000] + rows[1048:]  # two days are lost
    weather = weather_of_csv(_csv("time,Temperature (°C)", list(reversed(kept))))
    assert weather.first_year == 2013
    assert weather.dry_bulb.tolist() == [float(i % 24) for i in range(8760)]
    assert "48 of 8760" in weather.notes[0].en


def test_a_year_with_too_many_holes_is_left_out_and_a_wanted_one_refused() -> None:
    hours = np.arange("2012-07-01", "2014-01-01", dtype="datetime64[h]")
    text = _csv("time,Temp (°C)", [f"{str(hour).replace('T', ' ')}:00,1" for hour in hours])
    weather = weather_of_csv(text)
    assert weather.first_year == 2013
    assert any("2012 is left out" in note.en for note in weather.notes)
    with pytest.raises(InputError, match="2012"):
        weather_of_csv(text, years=(2012, 2013))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("time,wind speed (m/s)\n2013-01-01 00:00,3", "no column of air"),
        ("Temperature (°C)\n1\n2", "whole number of years"),
        ("Temperature (°R)\n" + "1\n" * 8760, "unit is not known"),
        ("time,Temperature (°C)\nnoon,1", "time that is not understood"),
        ("Temp indoor (°C),Temp outdoor (°C)\n1,2", "two columns"),
        ("Temperature (°C)\n" + "cold\n" * 8760, "not a number"),
        ("Temperature (°C)\n" + "NA\n" * 2000 + "1\n" * 6760, "missing"),
    ],
)
def test_faults_of_a_csv_are_refused_with_a_cure(text: str, said: str) -> None:
    with pytest.raises(InputError) as refusal:
        weather_of_csv(text)
    assert said in str(refusal.value)
    assert all(problem.cure.zh for problem in refusal.value.problems)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(-30.0, 40.0), min_size=48, max_size=120),
    st.sets(st.integers(0, 119), max_size=60),
)
def test_filling_changes_no_known_value_and_stays_within_them(
    values: list[float], holes: set[int]
) -> None:
    series = np.array(values)
    gaps = np.array(sorted(hole for hole in holes if hole < len(series)), dtype=int)
    series[gaps] = np.nan
    known = series[np.isfinite(series)]
    if not len(known):
        return
    whole = filled(series)
    assert whole.count == len(gaps)
    assert (whole.values[~whole.missing] == known).all()
    assert whole.values.min() >= known.min()
    assert whole.values.max() <= known.max()


def test_a_long_gap_keeps_the_course_of_the_day() -> None:
    day = 10.0 + 5.0 * np.sin(np.arange(24) / 24.0 * 2.0 * np.pi)
    series = np.tile(day, 10)
    broken = series.copy()
    broken[100:150] = np.nan
    assert filled(broken).values == pytest.approx(series)
