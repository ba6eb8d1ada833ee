"""The accuracy column of points.csv."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.site import Accuracy, AccuracyError, parse_accuracy


def test_heat_meter_class_with_its_limits() -> None:
    found = parse_accuracy("EN 1434 class 2, qp 3.5 m3/h, dt_min 3 K", "heat_energy")
    assert (found.kind, found.grade) == ("heat_meter", "2")
    assert found.flow_permanent == pytest.approx(3.5 / 3600)
    assert found.difference_minimum == pytest.approx(3)


@pytest.mark.parametrize(
    ("text", "grade", "paired", "limit"),
    [
        ("IEC 60751 A", "A", False, None),
        ("IEC 60751 AA", "AA", False, None),
        ("iec 60751 class b", "B", False, None),
        ("EN 60751 C级", "C", False, None),
        ("IEC 60751 A pair 0.05 K", "A", True, 0.05),
        ("IEC 60751 A, pair", "A", True, None),
        ("IEC 60751 A 配对 0.05 K", "A", True, 0.05),
    ],
)
def test_temperature_sensor(text: str, grade: str, paired: bool, limit: float | None) -> None:
    found = parse_accuracy(text, "temperature")
    assert found == Accuracy("temperature_sensor", grade, paired=paired, pair_limit=limit)


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("EN 62053 class 1", "1"),
        ("EN 62053 class 0.5", "0.5"),
        ("IEC 62053-22 class 0.2S", "0.2"),
        ("EN 62053 1级", "1"),
        ("EN 62053 class 1.0", "1"),
    ],
)
def test_electricity_meter(text: str, grade: str) -> None:
    assert parse_accuracy(text, "electric_energy") == Accuracy("electricity_meter", grade)


@pytest.mark.parametrize(
    ("text", "quantity", "absolute", "relative", "factor"),
    [
        ("± 3 %", "mass_flow", None, 0.03, None),
        ("± 3 % (k=2)", "mass_flow", None, 0.03, 2.0),
        ("± 0.1 K", "temperature", 0.1, None, None),
        ("+/- 0.1 °C", "temperature", 0.1, None, None),
        ("± 0.1 K ± 0.5 %", "temperature", 0.1, 0.005, None),
        ("± 0.5 % of 400 kPa", "pressure", 2000.0, None, None),
        ("± 2 cm", "water_level", 0.02, None, None),
        ("±0.2kW", "heat_power", 200.0, None, None),
    ],
)
def test_limits(
    text: str, quantity: str, absolute: float | None, relative: float | None, factor: float | None
) -> None:
    found = parse_accuracy(text, quantity)
    assert found.kind == "limits"
    assert found.absolute == (None if absolute is None else pytest.approx(absolute))
    assert found.relative == (None if relative is None else pytest.approx(relative))
    assert found.coverage_factor == factor


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("good", "temperature"),
        ("3 %", "mass_flow"),
        ("± 0 %", "mass_flow"),
        ("± -1 K", "temperature"),
        ("± 150 %", "mass_flow"),
        ("± 3 % (k=9)", "mass_flow"),
        ("± 0.1 kW", "temperature"),
        ("EN 1434 class 4", "heat_energy"),
        ("EN 1434 class 2", "temperature"),
        ("EN 1434 class 2, qp 3", "heat_energy"),
        ("IEC 60751 A", "electric_power"),
        ("IEC 60751 A trio", "temperature"),
        ("EN 62053 class 1", "heat_energy"),
        ("", "temperature"),
    ],
)
def test_refused(text: str, quantity: str) -> None:
    with pytest.raises(AccuracyError):
        parse_accuracy(text, quantity)


@given(st.text(max_size=40), st.sampled_from(["temperature", "heat_energy", "pressure"]))
def test_any_text_is_understood_or_refused(text: str, quantity: str) -> None:
    with contextlib.suppress(AccuracyError):
        parse_accuracy(text, quantity)
