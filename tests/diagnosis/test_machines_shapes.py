"""Held or growing: hand-made indices with known answers."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from diwen.diagnosis.inference.time_signature import ShapeFit
from diwen.diagnosis.machines.daily_index import daily_index, noise_of
from diwen.diagnosis.machines.flow_effect import flow_power
from diwen.diagnosis.machines.told_apart import growing_over_held, ratios_of, refined, refined_teeth

DAY = np.arange("2023-01-01", "2024-01-01", dtype="datetime64[D]")
NOISE = 0.01


def _noisy(value: np.ndarray) -> np.ndarray:
    return value + np.random.default_rng(3).normal(0.0, NOISE, len(value))


def test_a_step_with_a_gap_is_held() -> None:
    value = np.where(np.arange(365) < 110, 0.0, -0.3)
    value[75:135] = np.nan
    assert growing_over_held(DAY, _noisy(value), NOISE) < -5.0


def test_a_constant_is_held_or_undecided() -> None:
    assert growing_over_held(DAY, _noisy(np.full(365, -0.3)), NOISE) < 1.0


def test_steady_growth_grows() -> None:
    assert growing_over_held(DAY, _noisy(-0.3 * np.arange(365) / 365.0), NOISE) > 5.0


def test_a_saw_tooth_grows_with_or_without_ledger() -> None:
    value = -0.005 * (np.arange(365) % 60)
    assert growing_over_held(DAY, _noisy(value), NOISE) > 5.0
    services = [date(2023, 1, 1), *(DAY[k].item() for k in range(60, 365, 60))]
    assert growing_over_held(DAY, _noisy(value), NOISE, services) > 5.0


def _fit(log_ratio: float, shape: str = "step", since: date | None = None) -> ShapeFit:
    return ShapeFit(shape, -0.3, 0.02, -0.3, since, since, since, log_ratio, {},  # type: ignore[arg-type]
                    log_evidence=log_ratio)  # fmt: skip


def test_only_one_of_two_explanations_stands() -> None:
    held, growing = ratios_of(_fit(20.0), _fit(18.0), -30.0)
    assert held == pytest.approx(7.0)
    assert growing < 0.0
    # the two never stand side by side, however strongly the index deviates
    held, growing = ratios_of(_fit(60.0), _fit(55.0), -10.0)
    assert held == pytest.approx(7.0, abs=1e-3)
    assert growing == -7.0
    assert ratios_of(_fit(-1.0), _fit(-2.0), 9.0) == (-1.0, -2.0)


def test_a_step_is_told_by_its_levels_whatever_the_scale_of_the_meter() -> None:
    since = date(2023, 7, 1)
    level = np.where(np.datetime64(since, "D") > DAY, 1.05, 0.735)
    found = refined(_fit(9.0, since=since), DAY, _noisy(level), NOISE, 0.02)
    assert found.value == pytest.approx(-0.3, abs=0.005)
    assert found.deviation == pytest.approx(0.014, abs=0.003)


def test_teeth_have_their_slope_whatever_the_days_about_a_service() -> None:
    slope = 0.5
    clean = 0.97 * (1.0 - slope * (np.arange(365) % 90) / 365.0)
    clean[89::90] = 0.97  # cleaned at noon of the day before the ledger says
    days = [DAY[k].item() for k in range(90, 365, 90)]
    for services in (days, ()):
        found = refined_teeth(_fit(20.0, "sawtooth"), DAY, _noisy(clean), NOISE, services)
        assert found.value == pytest.approx(-slope, rel=0.1)
    assert refined_teeth(_fit(20.0), DAY, clean, NOISE).value == -0.3


def test_what_less_water_takes_is_told_from_wear() -> None:
    year = np.arange(365) / 365.0
    flow = 1.0 - 0.3 * (np.arange(365) % 90) / 90.0
    worn = (1.0 - 0.15 * year) * flow**0.12
    assert flow_power(DAY, np.exp(_noisy(np.log(worn))), flow) == pytest.approx(0.12, abs=0.02)
    # wear alone, and a flow that stands still, leave nothing to put right
    assert flow_power(DAY, 1.0 - 0.15 * year, flow) == pytest.approx(0.0, abs=0.01)
    assert flow_power(DAY, worn, np.full(365, 0.9)) == 0.0


def test_days_need_enough_hours_and_keep_their_mean() -> None:
    day = np.repeat(DAY[:3], 24)
    measured, expected = np.full(72, 2.0), np.full(72, 4.0)
    measured[24:46] = np.nan  # two hours left on the second day
    found = daily_index(day, measured, expected, 0.01)
    assert found.ratio[[0, 2]] == pytest.approx(0.5)
    assert np.isnan(found.ratio[1])
    assert found.noise == 0.01


def test_noise_of_a_day_is_not_widened_by_growth() -> None:
    draw = np.random.default_rng(5).normal(0.0, 0.02, 4000)
    assert noise_of(draw + np.linspace(0.0, -0.5, 4000)) == pytest.approx(0.02, rel=0.06)
