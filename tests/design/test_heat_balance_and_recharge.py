"""Balance of a year, drift of the ground, and what recharge gains."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.field_response import FieldResponse
from diwen.design.ground_load import HourlyGroundLoad, MonthlyGroundLoad
from diwen.design.heat_balance import (
    balancing_recharge,
    heat_balance,
    recharge_effect,
    recharge_for_length,
    trajectory,
    with_recharge,
)
from diwen.design.sizing import size
from diwen.problems import InputError
from diwen.sources.borefield import layouts
from diwen.sources.borefield.boreholes import Boreholes

BOREHOLES = Boreholes.at(layouts.rectangle(6, 6, 5.0), 110.0, 2.0, 0.075)
RESPONSE = FieldResponse(BOREHOLES)
FIELD = BoreField(BOREHOLES, 2.0, 2.2e6, 12.0, 0.12)
LIMITS = TemperatureLimits(2.0, None, "mean")


def winter() -> HourlyGroundLoad:
    season = np.cos(np.arange(8760) * 2 * np.pi / 8760)
    return HourlyGroundLoad.of(90e3 * np.maximum(season, 0.0) - 20e3 * np.maximum(-season, 0.0))


def test_balance_of_hours_and_of_months_is_the_same() -> None:
    hourly, monthly = heat_balance(winter()), heat_balance(winter().monthly())
    assert monthly.extraction == pytest.approx(hourly.extraction)
    assert monthly.ratio == pytest.approx(hourly.ratio)
    assert hourly.ratio == pytest.approx(20.0 / 90.0, rel=1e-3)
    assert hourly.imbalance == pytest.approx(70.0 / 90.0, rel=1e-3)


def test_only_cooling_has_no_ratio_but_an_imbalance() -> None:
    found = heat_balance(MonthlyGroundLoad.of([0.0] * 12, [1e9] * 12))
    assert found.ratio is None
    assert found.imbalance == 1.0


@pytest.mark.parametrize("hourly", [True, False])
def test_recharge_closes_the_balance(hourly: bool) -> None:
    load = winter() if hourly else winter().monthly()
    closed = with_recharge(load, balancing_recharge(load), (6, 7, 8))
    assert heat_balance(closed).net == pytest.approx(0.0, abs=1e-3 * heat_balance(load).extraction)
    changed = closed.power if hourly else closed.net_power  # type: ignore[union-attr]
    before = load.power if hourly else load.net_power  # type: ignore[union-attr]
    differs = np.flatnonzero(~np.isclose(changed, before))
    first, last = (151 * 24, 243 * 24 - 1) if hourly else (5, 7)
    assert (differs[0], differs[-1]) == (first, last)


def test_recharge_needs_months() -> None:
    with pytest.raises(InputError, match="at least one month"):
        with_recharge(winter(), 1.0, ())


def test_ground_cools_slower_every_year_and_stays_with_closed_balance() -> None:
    open_year = trajectory(FIELD, winter(), 50, response=RESPONSE)
    assert (open_year.drift < 0.0).all()
    assert (np.diff(open_year.drift[1:]) > -1e-6).all()
    assert open_year.wall_mean[-1] == pytest.approx(12.0 + open_year.drift.sum())
    assert (open_year.fluid_minimum < open_year.wall_minimum).all()
    balanced = with_recharge(winter(), balancing_recharge(winter()), range(1, 13))
    closed = trajectory(FIELD, balanced, 50, response=RESPONSE)
    assert abs(closed.wall_mean[-1] - closed.wall_mean[4]) < 0.1
    assert open_year.wall_mean[-1] < 12.0 - 3.0


@pytest.mark.parametrize("method", ["hourly", "monthly"])
def test_recharge_saves_length_or_lets_the_planned_one_suffice(method: str) -> None:
    load, gap = winter(), balancing_recharge(winter())
    effect = recharge_effect(
        FIELD, load, LIMITS, 25, gap, method=method, response=RESPONSE  # type: ignore[arg-type]
    )  # fmt: skip
    assert effect.length_saved is not None
    assert effect.length_saved > 5.0
    assert effect.balance.ratio == pytest.approx(1.0)
    needed = size(FIELD, load, LIMITS, 25, method="monthly", response=RESPONSE).length
    assert needed is not None
    assert effect.sizing.length is not None
    between = replace(FIELD, boreholes=BOREHOLES.with_length(0.5 * (needed + effect.sizing.length)))
    recharge = recharge_for_length(between, load, LIMITS, 25, response=RESPONSE)
    assert recharge is not None
    assert 0.0 < recharge < gap
    just = with_recharge(load, recharge, (5, 6, 7, 8, 9))
    again = size(between, just, LIMITS, 25, method="monthly", response=RESPONSE)
    assert again.length == pytest.approx(between.boreholes.mean_length, rel=2e-3)


def test_recharge_is_none_needed_or_not_enough() -> None:
    long = replace(FIELD, boreholes=BOREHOLES.with_length(400.0))
    assert recharge_for_length(long, winter(), LIMITS, 25, response=RESPONSE) == 0.0
    short = replace(FIELD, boreholes=BOREHOLES.with_length(30.0))
    assert recharge_for_length(short, winter(), LIMITS, 25, response=RESPONSE) is None
