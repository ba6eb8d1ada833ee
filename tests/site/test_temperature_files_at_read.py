"""Files of temperatures that a site names are opened when it is read; their year is checked."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from diwen.loads.year_of_file import day_and_month
from diwen.problems import InputError
from diwen.site import read
from diwen.site.hourly_temperature import read_hourly_temperature

HEAD = 'schema = 1\n\n[site]\nname_en = "A"\nname_zh = "甲"\nkind = "plant"\n\n'
RIVER = '[sources.r]\ntype = "surface_water"\ntemperature_file = "t.csv"\n'
AIR = '[sources.a]\ntype = "air"\nweather_file = "t.csv"\n'
HOURS = 8760


def _site(folder: Path, source: str, rows: list[str], header: str = "Temperature (°C)") -> None:
    (folder / "site.toml").write_text(HEAD + source, encoding="utf-8")
    (folder / "t.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    read(folder)


def _refused(folder: Path, source: str, rows: list[str], header: str = "Temperature (°C)") -> str:
    with pytest.raises(InputError) as caught:
        _site(folder, source, rows, header)
    assert all(problem.message.zh and problem.cure.zh for problem in caught.value.problems)
    return "\n".join(problem.to("en") for problem in caught.value.problems)


def _dated(first: datetime, step: timedelta = timedelta(hours=1)) -> list[str]:
    return [f"{first + hour * step:%Y-%m-%d %H:%M},5.0" for hour in range(HOURS)]


@pytest.mark.parametrize("source", [RIVER, AIR])
def test_a_file_that_cannot_be_used_is_told_at_read(tmp_path: Path, source: str) -> None:
    assert "t.csv: -: not 8760 hourly values (found: 8784)" in _refused(
        tmp_path, source, ["5.0"] * 8784
    )
    assert "temperatures in °F" in _refused(tmp_path, source, ["50"] * HOURS, "T (°F)")
    gaps = ["5.0"] * 100 + [""] * 3 + ["5.0"] * 8657
    assert "the file has 3 gaps" in _refused(tmp_path, source, gaps)


def test_gaps_are_no_problem_where_a_wave_fills_them(tmp_path: Path) -> None:
    gaps = ["5.0"] * 100 + [""] * 3 + ["5.0"] * 8657
    _site(tmp_path, RIVER + 'temperature_mean = "9 °C"\n', gaps)


def test_ice_is_told_of_water_and_not_of_air(tmp_path: Path) -> None:
    cold = ["-12.5"] * HOURS
    assert "a water below its freezing point" in _refused(tmp_path, RIVER, cold)
    _site(tmp_path, AIR, cold)


def test_a_calendar_year_is_taken(tmp_path: Path) -> None:
    for first in (datetime(2023, 1, 1), datetime(2023, 1, 1, 1)):
        _site(tmp_path, RIVER, _dated(first), "time,water temperature (°C)")
    _site(tmp_path, RIVER, [f"{hour},5.0" for hour in range(HOURS)], "时间,水温（°C）")


@pytest.mark.parametrize(
    "first", [datetime(2022, 10, 1), datetime(2023, 1, 1, 8), datetime(2022, 12, 31, 16)]
)
def test_a_year_that_begins_elsewhere_is_refused(tmp_path: Path, first: datetime) -> None:
    text = _refused(tmp_path, RIVER, _dated(first), "time,water temperature (°C)")
    assert "t.csv: line 2: the first value is not that of the first hour of 1 January" in text
    assert f"{first:%Y-%m-%d %H:%M}" in text


def test_quarter_hours_and_leap_years_cut_short_are_refused(tmp_path: Path) -> None:
    header = "time,water temperature (°C)"
    for rows in (
        _dated(datetime(2023, 1, 1), timedelta(minutes=15)), _dated(datetime(2024, 1, 1)),
    ):  # fmt: skip
        text = _refused(tmp_path, RIVER, rows, header)
        assert "t.csv: line 8761: the last value is not that of the last hour" in text


def test_a_weather_file_that_begins_in_july_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.epw"
    first = datetime(2023, 7, 1)
    rows = [
        f"{(first + timedelta(hours=hour)):%Y,%m,%d},{hour % 24 + 1},60,?,5.0,0"
        for hour in range(HOURS)
    ]
    path.write_text("\n".join(["LOCATION", *["x"] * 7, *rows]), encoding="utf-8")
    with pytest.raises(InputError, match="line 9: the first value is not that of the first hour"):
        read_hourly_temperature(path)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2023-07-02 00:00", {7, 2}), ("2023/7/2", {7, 2}), ("20230702 0100", {7, 2}),
        ("02.07.2023 01:00", {7, 2}), ("7/2/2023", {7, 2}), ("7月2日", {7, 2}),
        ("2023年7月2日 1时", {7, 2}), ("01-01", {1}), ("1.5", None), ("8759", None),
        ("Jul 2", None), ("", None), ("2023-13-41", None),
    ],
)  # fmt: skip
def test_dates_are_understood_in_the_usual_spellings(cell: str, found: set[int] | None) -> None:
    assert day_and_month(cell) == found


def test_a_site_that_names_a_file_loads_no_arrays_for_it(tmp_path: Path) -> None:
    _site(tmp_path, RIVER, ["5.0"] * HOURS)
    code = (
        f"import sys, diwen.site; diwen.site.read({str(tmp_path)!r});"
        "print([m for m in ('numpy', 'scipy', 'numba') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )  # fmt: skip
    assert found.stdout.strip() == "[]"
