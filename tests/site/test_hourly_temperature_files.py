"""Hourly temperature files: gaps, units, separators, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from diwen.problems import InputError
from diwen.site.hourly_temperature import read_hourly_temperature

HOURS = 8760
YEAR = [f"{5.0 + 0.001 * hour:.3f}" for hour in range(HOURS)]


def _file(folder: Path, rows: Sequence[str], header: str = "Temperature (°C)") -> Path:
    path = folder / "water.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def _refused(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_hourly_temperature(path)
    return "\n".join(problem.to("en") for problem in caught.value.problems)


def test_empty_lines_within_the_year_are_gaps_at_their_hours(tmp_path: Path) -> None:
    rows = [*YEAR[:100], *[""] * 10, *YEAR[110:]]
    values = read_hourly_temperature(_file(tmp_path, rows))
    assert np.flatnonzero(np.isnan(values)).tolist() == list(range(100, 110))
    assert values[110] == pytest.approx(5.11)


def test_a_gap_in_the_last_hour_counts(tmp_path: Path) -> None:
    values = read_hourly_temperature(_file(tmp_path, [*YEAR[:-1], ""]))
    assert np.flatnonzero(np.isnan(values)).tolist() == [HOURS - 1]


def test_empty_lines_around_the_year_and_comments_are_layout(tmp_path: Path) -> None:
    rows = ["", "# gauge of the harbour", *YEAR, "", ""]
    values = read_hourly_temperature(_file(tmp_path, rows))
    assert values == pytest.approx(np.array(YEAR, float))


def test_a_leap_year_with_as_many_gaps_as_hours_too_many_is_refused(tmp_path: Path) -> None:
    rows = [*YEAR[:4000], *[""] * 24, *YEAR[4000:]]
    assert "(found: 8784)" in _refused(_file(tmp_path, rows))


@pytest.mark.parametrize(
    "header",
    ["Temperature (°F)", "T (degF)", "water temp [F]", "水温（华氏度）", "temp_F", "温度 ℉"],
)
def test_degrees_fahrenheit_are_not_taken_for_celsius(tmp_path: Path, header: str) -> None:
    text = _refused(_file(tmp_path, ["50.0"] * HOURS, header))
    assert "temperatures in °F" in text
    assert header in text


@pytest.mark.parametrize(
    "header", ["Temperature (°C)", "off-peak temperature", "temperature of F1 ,"]
)
def test_other_names_stay_celsius(tmp_path: Path, header: str) -> None:
    values = read_hourly_temperature(_file(tmp_path, YEAR, header.replace(",", "C")))
    assert values[0] == pytest.approx(5.0)


def test_kelvin_without_its_unit_is_refused_with_range_and_cure(tmp_path: Path) -> None:
    text = _refused(_file(tmp_path, ["285.15"] * HOURS, "Temperature"))
    assert "(found: 285.15) Allowed: -70 to 100 °C." in text
    assert "(K) in the first line" in text
    kelvin = read_hourly_temperature(_file(tmp_path, ["285.15"] * HOURS, "Temperature (K)"))
    assert kelvin == pytest.approx(np.full(HOURS, 12.0))


def test_several_columns_of_temperatures_are_told_from_none(tmp_path: Path) -> None:
    two = _file(tmp_path, ["1,2"] * HOURS, "air temperature,water temperature")
    assert "several columns of temperatures" in _refused(two)
    none = _file(tmp_path, ["1,2"] * HOURS, "flow,level")
    assert "no column of temperatures" in _refused(none)


def test_decimal_commas_are_numbers(tmp_path: Path) -> None:
    rows = [f"{hour};{value.replace('.', ',')}" for hour, value in enumerate(YEAR)]
    values = read_hourly_temperature(_file(tmp_path, rows, "时刻;水温 (°C)"))
    assert values == pytest.approx(np.array(YEAR, float))
