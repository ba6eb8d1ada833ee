"""The table of derived instrument errors (reference 1.14) and the order of the classes."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen import rules
from diwen.evaluation.uncertainty import (
    heat_meter_class,
    pair_standard,
    sensor_limit,
    standard,
)
from diwen.site import parse_accuracy

RULES = rules.on(date(2026, 1, 1), "Beijing")


@pytest.mark.parametrize(
    ("difference", "linear", "quadrature"),
    [(10.0, 4.2, 2.6), (5.0, 5.4, 3.3), (3.0, 7.0, 4.3), (2.2, 8.5, 5.4)],
)
def test_class_2_at_half_load(difference, linear, quadrature):
    grade = heat_meter_class(RULES, "2")
    assert 100 * grade.limit(0.5, difference, 3.0, "linear") == pytest.approx(linear, abs=0.055)
    assert 100 * grade.limit(0.5, difference, 3.0) == pytest.approx(quadrature, abs=0.055)


@pytest.mark.parametrize(
    ("grade", "kelvin", "at5", "at2"),
    [("AA", 0.10, 2.0, 4.7), ("A", 0.15, 2.9, 6.7), ("B", 0.31, 6.1, 13.9)],
)
def test_unpaired_sensors(grade, kelvin, at5, at2):
    single = standard(parse_accuracy(f"IEC 60751 {grade}", "temperature"), [15.0], RULES)[0]
    both = np.sqrt(2.0) * single
    assert both == pytest.approx(kelvin, abs=0.006)
    assert 100 * both / 5.0 == pytest.approx(at5, abs=0.06)
    assert 100 * both / 2.2 == pytest.approx(at2, abs=0.06)


def test_sensor_tolerance_grows_with_temperature_on_both_sides_of_zero():
    assert sensor_limit(RULES, "A", [-20.0, 0.0, 20.0]).tolist() == pytest.approx(
        [0.19, 0.15, 0.19]
    )


def test_pair_needs_a_stated_limit_on_both_sensors():
    pair = parse_accuracy("IEC 60751 A pair 0.05 K", "temperature")
    unstated = parse_accuracy("IEC 60751 A pair", "temperature")
    single = parse_accuracy("IEC 60751 A", "temperature")
    assert pair_standard(pair, pair) == pytest.approx(0.05 / np.sqrt(3))
    assert pair_standard(pair, single) is None
    assert pair_standard(unstated, unstated) is None


def test_limits_are_rectangular_and_expanded_ones_are_not():
    assert standard(parse_accuracy("± 3 %", "volume_flow"), [2.0], RULES)[0] == pytest.approx(
        0.06 / np.sqrt(3)
    )
    assert standard(parse_accuracy("± 3 % (k=2)", "volume_flow"), [2.0], RULES)[0] == pytest.approx(
        0.03
    )
    both = standard(parse_accuracy("± 0.1 K ± 0.5 %", "temperature"), [-20.0], RULES)[0]
    assert both == pytest.approx(0.2 / np.sqrt(3))


def test_electricity_class_is_a_percentage():
    one = standard(parse_accuracy("EN 62053 class 1", "electric_energy"), [100.0], RULES)[0]
    half = standard(parse_accuracy("EN 62053 class 0.5", "electric_energy"), [100.0], RULES)[0]
    assert one == pytest.approx(1.0 / np.sqrt(3))
    assert half == pytest.approx(0.5 / np.sqrt(3))


def test_flow_error_is_capped_when_the_flow_stands_still():
    for name in "123":
        assert heat_meter_class(RULES, name).flow_limit([0.0])[0] == pytest.approx(0.05)


@given(st.floats(0.02, 1.5), st.floats(1.0, 40.0))
def test_uncertainty_grows_with_the_class(load, difference):
    limits = [heat_meter_class(RULES, name).limit(load, difference, 3.0) for name in "123"]
    assert limits == sorted(limits)
    linear = heat_meter_class(RULES, "2").limit(load, difference, 3.0, "linear")
    assert linear >= limits[1]


@given(st.floats(-40, 90))
def test_uncertainty_grows_with_the_sensor_class(temperature):
    limits = [float(sensor_limit(RULES, name, temperature)) for name in ("AA", "A", "B", "C")]
    assert limits == sorted(limits)
    assert limits[0] < limits[-1]


@given(st.floats(0.5, 40.0), st.floats(0.5, 40.0))
def test_a_smaller_difference_is_never_measured_better(one, other):
    grade = heat_meter_class(RULES, "2")
    small, large = sorted((one, other))
    assert grade.limit(0.5, small, 3.0) >= grade.limit(0.5, large, 3.0)
