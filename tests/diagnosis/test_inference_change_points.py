"""Control charts against published run lengths, and what they say of residuals."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.diagnosis.change_points import alarms_of, cusum, cusum_run_length, ewma
from diwen.diagnosis.finding import Residual
from diwen.language import same
from diwen.site.usual_values import usual_value

FIRST = np.datetime64("2023-01-01", "D")


def residual(value: np.ndarray, noise: float = 0.05) -> Residual:
    return Residual("unit.hp1.cop", same("COP"), "", FIRST + np.arange(len(value)), value, noise,
                    ("efficiency_loss",))  # fmt: skip


def hanging(rng: np.random.Generator, n: int) -> np.ndarray:
    found = np.zeros(n)
    shock = rng.normal(size=n) * 0.05 * np.sqrt(0.75)
    for i in range(1, n):
        found[i] = 0.5 * found[i - 1] + shock[i]
    return found


@pytest.mark.parametrize(("shift", "published"), [(0.0, 465.0), (0.5, 38.0), (1.0, 10.4),
                                                  (2.0, 4.01)])  # fmt: skip
def test_run_length_is_that_of_the_textbook(shift: float, published: float) -> None:
    """Montgomery, Introduction to Statistical Quality Control, table of ARL for k = 1/2, h = 5
    (from memory). The approximation of Siegmund is known to be good to a few per cent."""
    assert cusum_run_length(shift, 0.5, 5.0) == pytest.approx(published, rel=0.04)


@pytest.mark.parametrize(("shift", "published"), [(0.0, 465.0), (1.0, 10.4)])
def test_the_chart_itself_has_that_run_length(shift: float, published: float) -> None:
    """Simulated; tolerance of three standard errors of the mean of a nearly exponential law."""
    rng = np.random.default_rng(4)
    runs = 150 if shift == 0.0 else 400
    lengths = []
    for _ in range(runs):
        z = rng.normal(size=6000 if shift == 0.0 else 200) + shift
        over = np.maximum(*cusum(z, 0.5)) > 5.0
        assert over.any()
        lengths.append(int(np.argmax(over)) + 1)
    error = np.std(lengths) / np.sqrt(runs)
    assert np.mean(lengths) == pytest.approx(published, abs=3.0 * error)


def test_ewma_run_length_is_that_of_lucas_and_saccucci() -> None:
    """λ = 0.1, L = 2.814: 10.3 after a shift of one standard deviation (Lucas and Saccucci 1990,
    Technometrics 32, from memory; for limits of the steady state)."""
    rng = np.random.default_rng(9)
    lengths = []
    for _ in range(600):
        average, _ = ewma(rng.normal(size=300) + 1.0, 0.1)
        lengths.append(int(np.argmax(np.abs(average) > 2.814 * np.sqrt(0.1 / 1.9))) + 1)
    error = np.std(lengths) / np.sqrt(600)
    assert np.mean(lengths) == pytest.approx(10.3, abs=3.0 * error)


def test_ewma_variance() -> None:
    rng = np.random.default_rng(2)
    last = [ewma(rng.normal(size=12), 0.2)[0][-1] for _ in range(4000)]
    # standard error of a standard deviation of 4000: 1.1 %; three of them
    assert np.std(last) == pytest.approx(ewma(np.zeros(12), 0.2)[1][-1], rel=0.034)


def test_limits_of_the_rules_are_what_they_are_said_to_be() -> None:
    k = usual_value("diagnosis.inference.cusum_reference")
    h = usual_value("diagnosis.inference.cusum_limit")
    assert cusum_run_length(0.0, k, h) == pytest.approx(9600.0, rel=0.02)
    assert cusum_run_length(1.0, k, h) == pytest.approx(16.0, rel=0.05)


def test_healthy_residuals_are_quiet() -> None:
    """100 residuals of three years: fewer than 3 % of residual-years alarm (1.1 % in 1800)."""
    rng = np.random.default_rng(0)
    assert sum(len(alarms_of(residual(hanging(rng, 1095)))) for _ in range(100)) <= 9


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_a_shift_is_told_once(sign: float) -> None:
    rng = np.random.default_rng(1)
    value = hanging(rng, 1095) + sign * 0.08 * (np.arange(1095) >= 500)
    (alarm,) = alarms_of(residual(value))
    assert abs((alarm.began - date(2024, 5, 15)).days) <= 21
    assert (alarm.day - date(2024, 5, 15)).days <= 120
    assert alarm.shift == pytest.approx(sign * 0.08, abs=0.03)
    assert alarm.parameters == ("efficiency_loss",)
    assert "2024" in alarm.text.zh


def test_growth_is_told() -> None:
    rng = np.random.default_rng(1)
    alarms = alarms_of(residual(hanging(rng, 1095) - 0.1 * np.arange(1095) / 365.0))
    assert len(alarms) >= 2
    assert all(one.shift < 0.0 for one in alarms)


def test_a_constant_offset_is_no_change() -> None:
    rng = np.random.default_rng(3)
    value = hanging(rng, 1095)
    assert [a.day for a in alarms_of(residual(value + 5.0))] == [
        a.day for a in alarms_of(residual(value))
    ]


def test_nothing_and_gaps() -> None:
    assert alarms_of(residual(np.full(500, np.nan))) == ()
    assert alarms_of(residual(np.zeros(10))) == ()
    value = hanging(np.random.default_rng(5), 900)
    value[200:420] = np.nan
    assert alarms_of(residual(value)) == ()


@settings(max_examples=20, deadline=None)
@given(st.integers(300, 1000), st.integers(0, 3))
def test_what_comes_later_changes_no_alarm_of_before(n: int, seed: int) -> None:
    """Whole blocks: an early warning is never taken back by the next month."""
    rng = np.random.default_rng(seed)
    value = hanging(rng, 1095) + 0.15 * (np.arange(1095) >= 400)
    cut = n - (n + int(FIRST.astype(int))) % 7
    before = alarms_of(residual(value[:cut]))
    whole = alarms_of(residual(value))
    assert whole[: len(before)] == before
