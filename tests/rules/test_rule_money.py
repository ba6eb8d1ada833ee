"""Subsidies and the water tax."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.rules import RuleMissingError, on
from diwen.rules import subsidies as support
from diwen.rules.refusal import RefusedError
from diwen.rules.water_tax import water_tax

DAY = date(2026, 1, 1)
JILIN, BEIJING, SHANGHAI = on(DAY, "Jilin"), on(DAY, "Beijing"), on(DAY, "Shanghai")


@pytest.mark.parametrize(
    ("area", "investment", "amount", "binding"),
    [
        (20_000, 3.5e6, 800_000, "subsidy.jilin.rate.ground_loop"),
        (100_000, 4.0e6, 2_000_000, "subsidy.jilin.cap"),
        (100_000, 3.5e6, 1_750_000, "subsidy.jilin.share"),
        (0, 3.5e6, 0, "subsidy.jilin.rate.ground_loop"),
    ],
)
def test_jilin(area: float, investment: float, amount: float, binding: str) -> None:
    result = support.jilin(JILIN, "borefield", area, investment)
    assert result.low == result.high == amount
    assert result.binding.id == binding
    assert {row.id for row in result.conditions} == {
        "subsidy.jilin.survey", "subsidy.jilin.recharge",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("source", "rate"),
    [("circulation_well", 30), ("well_doublet", 30), ("air", 20), ("sewage", 15)],
)
def test_jilin_rates(source: str, rate: float) -> None:
    assert support.jilin(JILIN, source, 1000, 1e9).high == 1000 * rate


def test_jilin_refuses_what_it_has_no_rate_for() -> None:
    with pytest.raises(RefusedError, match="surface_water"):
        support.jilin(JILIN, "surface_water", 1000, 1e6)
    with pytest.raises(RefusedError, match="area"):
        support.jilin(JILIN, "air", -1, 1e6)
    with pytest.raises(RefusedError, match="investment"):
        support.jilin(JILIN, "air", 1, float("nan"))
    with pytest.raises(RuleMissingError):
        support.jilin(BEIJING, "air", 1000, 1e6)


@given(st.floats(0, 1e7), st.floats(0, 1e9))
def test_jilin_keeps_its_three_limits(area: float, investment: float) -> None:
    amount = support.jilin(JILIN, "borefield", area, investment).high
    assert amount <= 40 * area
    assert amount <= 2e6
    assert amount <= 0.5 * investment


def test_beijing_gives_a_range_and_excludes_water_source() -> None:
    result = support.beijing(BEIJING, "borefield", 1e6)
    assert (result.low, result.high) == (300_000, 500_000)
    with pytest.raises(RefusedError, match="excluded"):
        support.beijing(BEIJING, "circulation_well", 1e6)
    # Before the calls that exclude it, the earlier support held.
    assert support.beijing(on(date(2022, 1, 1), "Beijing"), "circulation_well", 1e6).high == 5e5


def test_the_development_area_follows_the_city() -> None:
    area = on(DAY, "BDA")
    assert support.beijing_e_town(area, 1e6, city_supported=True).high == 100_000
    with pytest.raises(RefusedError, match="city"):
        support.beijing_e_town(area, 1e6, city_supported=False)
    with pytest.raises(RuleMissingError):
        support.beijing_e_town(BEIJING, 1e6, city_supported=True)


def test_shanghai_is_capped() -> None:
    small, large = support.shanghai(SHANGHAI, 1e7), support.shanghai(SHANGHAI, 6e7)
    assert (small.low, small.high) == (1.5e6, 2e6)
    assert (large.low, large.high) == (9e6, 1e7)
    assert large.binding.id == "subsidy.shanghai.cap"


def test_beijing_valley_electricity() -> None:
    assert support.beijing_valley_electricity(BEIJING, 1000).high == pytest.approx(200)


def test_water_tax_of_the_golden_case() -> None:
    """Reference 8.4: 540 m³/h over 120 days."""
    volume = 540 * 24 * 120
    assert volume == 1_555_200
    tax = water_tax(BEIJING, volume, reinjection_proven=True)
    assert tax.amount == pytest.approx(1244.16)
    assert tax.row is not None
    assert tax.row.id == "water_tax.beijing.reinjected"
    shanxi = water_tax(on(DAY, "Shanxi"), volume, reinjection_proven=True)
    assert shanxi.amount == pytest.approx(2_177_280)


def test_without_proof_the_reduced_rate_is_refused() -> None:
    with pytest.raises(RefusedError, match="standard groundwater rate is a user input"):
        water_tax(BEIJING, 1000, reinjection_proven=False)
    tax = water_tax(BEIJING, 1000, reinjection_proven=False, standard_rate=4.3)
    assert tax.amount == pytest.approx(4300)
    assert tax.row is None


def test_where_no_rate_is_known_the_tax_is_refused() -> None:
    with pytest.raises(RefusedError, match="Jilin"):
        water_tax(JILIN, 1000, reinjection_proven=True)
    with pytest.raises(RefusedError, match="any region"):
        water_tax(on(DAY), 1000, reinjection_proven=True)
    with pytest.raises(RefusedError, match="Beijing"):
        water_tax(on(date(2020, 1, 1), "Beijing"), 1000, reinjection_proven=True)
    with pytest.raises(RefusedError, match="negative"):
        water_tax(BEIJING, -1, reinjection_proven=True)


def test_no_water_no_tax() -> None:
    assert water_tax(BEIJING, 0.0, reinjection_proven=True).amount == 0.0
