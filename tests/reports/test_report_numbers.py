"""How numbers are printed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.reports.numbers import NONE, number, percent, with_uncertainty


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0.0, 2, "0.00"),
        (-0.0, 1, "0.0"),
        (-0.004, 2, "0.00"),
        (-0.006, 2, "−0.01"),
        (1234567.891, 1, "1,234,567.9"),
        (3.5, 0, "4"),
        (None, 2, NONE),
        (float("nan"), 2, NONE),
        (float("inf"), 2, NONE),
    ],
)
def test_number_is_printed(value, decimals, text):
    assert number(value, decimals) == text


def test_zero_is_a_value_not_a_dash():
    assert with_uncertainty(0.0, 0.5, "K", 1) == "0.00 ± 0.50 K"


@pytest.mark.parametrize(
    ("value", "uncertainty", "text"),
    [
        (3.2, 0.0042, "3.2000 ± 0.0042"),
        (0.00071234, 0.0000123, "0.000712 ± 0.000012"),
        (3.5172, 0.0996, "3.52 ± 0.10"),
        (45678.9, 1234.0, "45,700 ± 1,200"),
        (-0.012, 0.5, "−0.01 ± 0.50"),
        (15.37, 12.0, "15 ± 12"),
    ],
)
def test_the_uncertainty_has_two_digits_and_the_value_stops_with_it(value, uncertainty, text):
    assert with_uncertainty(value, uncertainty, "", 2) == text


@pytest.mark.parametrize(
    ("value", "uncertainty", "text"),
    [
        (100.0, 1.7, "100.0 +0.0/−1.7 %"),
        (99.2, 1.7, "99.2 +0.8/−1.7 %"),
        (0.4, 1.7, "0.4 +1.7/−0.4 %"),
        (50.0, 1.7, "50.0 ± 1.7 %"),
    ],
)
def test_the_interval_of_a_share_ends_where_a_share_ends(value, uncertainty, text):
    assert with_uncertainty(value, uncertainty, "%", 1, (0.0, 100.0)) == text


def test_a_small_value_without_uncertainty_is_not_printed_as_zero():
    assert with_uncertainty(0.00071, None, "", 2) == "0.00071"
    assert with_uncertainty(-1e-14, None, "", 2) == "0.00"  # an error of the machine, not a value


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_value_and_uncertainty_read_back(value, uncertainty):
    shown, spread = (
        float(text.replace(",", "").replace("−", "-"))
        for text in with_uncertainty(value, uncertainty, "").split(" ± ")
    )
    assert abs(spread - uncertainty) <= 0.051 * uncertainty
    assert abs(shown - value) <= 0.051 * uncertainty + abs(value) * 1e-12


def test_without_uncertainty_no_sign_is_printed():
    assert with_uncertainty(3.2, None, "kWh", 1) == "3.2 kWh"


def test_nearly_all_is_never_all():
    assert percent(0.99999) == "99.9 %"
    assert percent(1.0) == "100.0 %"
    assert percent(0.0) == "0.0 %"


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
def test_a_printed_number_reads_back_within_half_its_last_digit(value, decimals):
    back = float(number(value, decimals).replace(",", "").replace("−", "-"))
    assert abs(back - value) <= 0.5 * 10.0**-decimals * (1 + 1e-9) + abs(value) * 1e-12
    assert re.fullmatch(r"−?[\d,]+(\.\d+)?", number(value, decimals))


@given(st.floats(0, 1))
def test_a_share_below_one_is_printed_below_one_hundred(share):
    shown = float(percent(share).removesuffix(" %"))
    assert (shown == 100.0) == (share == 1.0)
