"""Prices by hour of a year against a minute-by-minute reckoning, and the bills they make."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen import rules
from diwen.design import economics as eco
from diwen.design.economics.plant_year import KWH
from diwen.design.economics.tariff_course import MONTH_DAYS, monthly_maximum, valley_energy
from diwen.problems import InputError
from diwen.rules.subsidies import beijing_valley_electricity
from diwen.site.economy import Tariff

CHINA = rules.on(date(2026, 1, 1), "China")
BEIJING = rules.on(date(2026, 1, 1), "Beijing")


def tariff(*periods: tuple[str, str, float, tuple[int, ...]], **more: object) -> Tariff:
    tables = [
        {"name": name, "hours": hours, "price": f"{price} CNY/kWh", "months": months}
        for name, hours, price, months in periods
    ]
    return Tariff.model_validate({"periods": tables, **more})


def by_minute(given_tariff: Tariff) -> np.ndarray:
    """Price of every minute of a year of 365 days, CNY/J, the plain way."""
    found = np.full((365, 1440), np.nan)
    months = np.repeat(np.arange(1, 13), MONTH_DAYS)
    for period in given_tariff.periods:
        days = np.isin(months, period.months or range(1, 13))
        for minute in period.hours.minutes():
            found[days, minute] = period.price
    return found.reshape(-1)


THREE = tariff(
    ("peak", "08:30-12:00, 18:00-22:00", 1.1, ()),
    ("flat", "07:00-08:30, 12:00-18:00, 22:00-23:15", 0.7, ()),
    ("valley", "23:15-07:00", 0.3, ()),
)


@pytest.mark.parametrize("step", [900.0, 3600.0, 7200.0])
def test_price_of_every_step_is_the_mean_of_its_minutes(step: float) -> None:
    example, rows = eco.example_tariff(CHINA)
    assert not any(row.verified for row in rows)
    for one in (THREE, example):
        course = eco.course_of_tariff(one, step)
        plain = by_minute(one).reshape(-1, round(step / 60)).mean(axis=1)
        assert course.price == pytest.approx(plain, rel=1e-12)
        assert course.shares.sum(axis=0) == pytest.approx(np.ones(len(plain)))


@settings(max_examples=15)
@given(st.lists(st.integers(0, 1439), min_size=2, max_size=6, unique=True), st.data())
def test_any_cut_of_the_day(cuts: list[int], data: st.DataObject) -> None:
    cuts = sorted(cuts)
    clock = [f"{m // 60:02d}:{m % 60:02d}" for m in cuts]
    names = ["peak", "flat", "valley", "sharp", "deep_valley", "flat"]
    prices = [data.draw(st.floats(0.01, 2.0)) for _ in cuts]
    spans = zip(names, clock, [*clock[1:], clock[0]], prices, strict=False)
    one = tariff(*((name, f"{a}-{b}", price, ()) for name, a, b, price in spans))
    course = eco.course_of_tariff(one)
    assert course.price == pytest.approx(by_minute(one).reshape(-1, 60).mean(axis=1), rel=1e-9)


def test_bill_by_hand() -> None:
    """1 kW all year: 7.5 h of peak, 8.75 h of flat, 7.75 h of valley every day."""
    bill = eco.course_of_tariff(THREE).charge(np.full(8760, 1000.0))
    energy = dict(zip(bill.names, bill.energy / KWH, strict=True))
    assert energy == pytest.approx({"peak": 2737.5, "flat": 3193.75, "valley": 2828.75})
    assert bill.total == pytest.approx(1.1 * 2737.5 + 0.7 * 3193.75 + 0.3 * 2828.75)
    assert bill.valley_share == pytest.approx(7.75 / 24)


@given(st.floats(0.0, 1e6), st.floats(0.0, 5.0))
def test_bill_is_linear_in_power_and_price(power: float, factor: float) -> None:
    shape = 1.0 + np.sin(np.arange(8760.0)) ** 2
    course = eco.single_price(0.8 / KWH)
    one = course.charge(shape * power).total
    assert course.charge(factor * shape * power).total == pytest.approx(factor * one, rel=1e-9)
    dear = eco.single_price(0.8 * factor / KWH)
    assert dear.charge(shape * power).total == pytest.approx(factor * one, rel=1e-9)


def test_demand_and_capacity_charge() -> None:
    power = np.full(8760, 1000.0)
    power[40] = 3000.0  # in January
    one = Tariff.model_validate(
        {
            "electricity_price": "0.5 CNY/kWh",
            "demand_charge": "40 CNY/kW",
            "capacity_charge": "25 CNY/kW",
            "connected_capacity": "315 kW",
        }
    )
    bill = eco.course_of_tariff(one).charge(power)
    assert bill.demand == pytest.approx(40 * (3 + 11))
    assert bill.capacity == pytest.approx(12 * 25 * 315)
    assert bill.total == pytest.approx(0.5 * 8762 + bill.demand + bill.capacity)


def test_maximum_of_each_month() -> None:
    power = np.arange(8760.0)
    ends = np.cumsum(MONTH_DAYS) * 24 - 1
    assert monthly_maximum(power, 3600.0).tolist() == ends.tolist()


def test_holes_overlaps_and_missing_prices_name_their_cure() -> None:
    with pytest.raises(InputError, match=r"no tariff period covers 07:00.*exactly once"):
        eco.course_of_tariff(tariff(("valley", "23:00-07:00", 0.3, ())))
    with pytest.raises(InputError, match="overlap at 23:00"):
        eco.course_of_tariff(
            tariff(("flat", "00:00-23:59", 0.3, ()), ("valley", "23:00-07:00", 0.3, ()))
        )
    with pytest.raises(InputError, match="electricity_price"):
        eco.course_of_tariff(Tariff())
    with pytest.raises(InputError, match="divide a day"):
        eco.course_of_tariff(THREE, 5000.0)
    with pytest.raises(InputError, match="not one year"):
        eco.course_of_tariff(THREE).charge(np.ones(8784))


def test_valley_support_of_the_heating_season_in_beijing() -> None:
    """10 kW all year: 151 days of 7.75 valley hours, 0.1 + 0.1 yuan each kWh."""
    course = eco.course_of_tariff(THREE)
    energy = valley_energy(course, np.full(8760, 1e4))
    assert energy == pytest.approx(151 * 7.75 * 10)
    support = beijing_valley_electricity(BEIJING, energy)
    assert support.low == pytest.approx(0.2 * 151 * 7.75 * 10)
