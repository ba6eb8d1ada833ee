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
    assert with_uncertainty(0.0, 0.5, "K", 1) == "0.0 ± 0.5 K"


def test_a_small_uncertainty_raises_the_decimals():
    assert with_uncertainty(3.2, 0.0042, "", 2) == "3.200 ± 0.004"


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
