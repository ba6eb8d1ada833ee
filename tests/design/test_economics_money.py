"""Cash flows, investment, life cycle and financing against closed forms and published numbers."""

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from diwen import rules
from diwen.design import economics as eco
from diwen.design.economics.capital_cost import CapitalCost, CapitalItem, OwnCost, price_items
from diwen.design.economics.cash_flow import discount_factors, yearly
from diwen.design.economics.life_cycle import PlantCost, Terms, life_cycle_of
from diwen.language import same
from diwen.problems import InputError

CHINA = rules.on(date(2026, 1, 1), "China")
RATES = st.floats(0.0, 0.2)
MONEY = st.floats(1.0, 1e6)


def item(amount: float, life: float, key: str = "x") -> CapitalItem:
    return CapitalItem(key, same(key), 1.0, "1", amount, amount, amount, life, (), True)


@pytest.mark.parametrize(
    ("rate", "years", "factor"),
    # Compound-interest tables of engineering economics, (P/A, i, n), four decimals.
    [(0.06, 25, 12.7834), (0.08, 10, 6.7101), (0.10, 5, 3.7908), (0.03, 25, 17.4131), (0.0, 7, 7)],
)
def test_annuity_factors_of_the_tables(rate: float, years: int, factor: float) -> None:
    assert eco.annuity_factor(rate, years) == pytest.approx(factor, abs=5e-5)


def test_present_value_and_rate_of_return_of_the_numpy_financial_manual() -> None:
    assert eco.present_value([-40_000, 5_000, 8_000, 12_000, 30_000], 0.08) == pytest.approx(
        3065.22267, abs=1e-4
    )
    assert eco.internal_rate_of_return([-100, 39, 59, 55, 20]) == pytest.approx(0.28095, abs=1e-5)
    assert eco.internal_rate_of_return([-100, 0, 0, 74]) == pytest.approx(-0.0955, abs=5e-5)


@given(MONEY, st.lists(st.floats(0.01, 1e5), min_size=2, max_size=30))
def test_rate_of_return_makes_the_value_zero_and_agrees_with_a_root_finder(
    investment: float, gains: list[float]
) -> None:
    flows = np.array([-investment, *gains])
    found = float(eco.internal_rate_of_return(flows))

    def worth(rate: float) -> float:
        return float(eco.present_value(flows, rate))

    if worth(-0.9) * worth(10.0) > 0:
        assert math.isnan(found)
        return
    assert found == pytest.approx(brentq(worth, -0.9, 10.0, xtol=1e-13), abs=1e-9)


def test_flows_with_two_rates_of_return_have_none() -> None:
    # (1.1 v - 1)(1.2 v - 1) times -100: worth nothing at 10 % and at 20 %.
    flows = np.array([-100.0, 230.0, -132.0])
    assert eco.present_value(flows, 0.1) == pytest.approx(0.0, abs=1e-9)
    assert eco.present_value(flows, 0.2) == pytest.approx(0.0, abs=1e-9)
    assert math.isnan(eco.internal_rate_of_return(flows))
    assert math.isnan(eco.internal_rate_of_return([-1.0, -1.0]))


def test_paybacks_of_constant_savings_by_their_closed_forms() -> None:
    flows = np.array([-1000.0, *[150.0] * 20])
    assert eco.static_payback(flows) == pytest.approx(1000 / 150)
    # ln(1/(1 - C r / S)) / ln(1 + r), between the years by straight line: within half a year.
    exact = -math.log(1 - 1000 * 0.08 / 150) / math.log(1.08)
    found = float(eco.dynamic_payback(flows, 0.08))
    assert math.floor(exact) <= found <= math.ceil(exact)
    before = 1000 - 150 * float(eco.annuity_factor(0.08, math.floor(exact)))
    assert found == pytest.approx(math.floor(exact) + before / (150 * 1.08 ** -math.ceil(exact)))
    assert math.isinf(eco.dynamic_payback(flows, 0.15))


def test_payback_stays_paid_back() -> None:
    # Paid back after 2 years, but a renewal in year 5 puts it into the red again until 7.
    flows = np.array([-100.0, 50, 50, 10, 10, -60, 20, 20, 20])
    assert eco.static_payback(flows) == pytest.approx(7.0)
    assert eco.static_payback([0.0, 1.0]) == 0.0
    assert eco.static_payback([5.0, 1.0]) == 0.0
    assert math.isinf(eco.static_payback([-5.0, 1.0, 1.0]))
    both = np.array([[-100.0, 60.0, 60.0], [-100.0, 40.0, 40.0]])
    assert eco.static_payback(both).tolist() == pytest.approx([100 / 60 + 0.0, math.inf])


@given(MONEY, st.floats(1.0, 1e5), st.floats(1.01, 3.0))
def test_more_saving_pays_back_no_later(investment: float, saving: float, more: float) -> None:
    less = eco.static_payback(np.array([-investment, *[saving] * 20]))
    assert eco.static_payback(np.array([-investment, *[more * saving] * 20])) <= less


@given(MONEY, RATES, RATES, st.integers(1, 50))
def test_rising_costs_are_worth_what_the_geometric_gradient_says(
    first: float, rise: float, rate: float, years: int
) -> None:
    found = eco.present_value(yearly(first, rise, years), rate)
    if abs(rate - rise) < 1e-6:
        return
    closed = first * (1 - ((1 + rise) / (1 + rate)) ** years) / (rate - rise)
    assert found == pytest.approx(closed, rel=1e-6)


@given(MONEY, RATES, st.floats(0.0, 0.1), st.integers(1, 40))
def test_nominal_and_real_reckoning_agree(
    cost: float, real: float, inflation: float, years: int
) -> None:
    nominal = (1 + real) * (1 + inflation) - 1
    assert eco.real_rate(nominal, inflation) == pytest.approx(real, abs=1e-12)
    in_real = eco.present_value(yearly(cost, 0.0, years), real)
    in_nominal = eco.present_value(yearly(cost * (1 + inflation), inflation, years), nominal)
    assert in_nominal == pytest.approx(in_real, rel=1e-9)


def test_a_thing_is_renewed_at_the_end_of_its_life_and_leaves_its_rest() -> None:
    thing = item(100.0, 10.0)
    assert np.flatnonzero(thing.flows(25)).tolist() == [0, 10, 20]
    assert thing.residual(25) == pytest.approx(0.5)
    assert np.flatnonzero(thing.flows(20)).tolist() == [0, 10]  # not in the last year
    assert thing.residual(20) == 0.0
    assert thing.residual(5, 0.02) == pytest.approx(0.5)
    assert thing.flows(25, 0.02)[20] == pytest.approx(1.02**20)
    assert item(1.0, 50.0).residual(25) == pytest.approx(0.5)


@given(MONEY, RATES, st.integers(1, 20), st.integers(1, 4))
def test_endless_renewal_costs_its_annuity(
    amount: float, rate: float, life: int, lives: int
) -> None:
    """Renewed at every end of its life and nothing left: the same payment every year."""
    years = life * lives
    flows = CapitalCost((item(amount, life),)).flows(years)
    annual = amount / float(eco.annuity_factor(rate, life))
    assert eco.present_value(flows, rate) == pytest.approx(
        annual * float(eco.annuity_factor(rate, years)), rel=1e-9
    )


def test_life_cycle_by_hand() -> None:
    """100 for 2 years' life over 3 years, 10 a year rising by 10 %, support 20, at 25 %."""
    plant = PlantCost(CapitalCost((item(100.0, 2.0),)), {"electricity": 10.0}, 20.0)
    cycle = life_cycle_of(plant, Terms(3, 0.25, 0.0, 0.10), 3.6e6)
    assert cycle.by_year.tolist() == pytest.approx([80.0, 10.0, 111.0, 12.1 - 50.0])
    by_hand = 80 + 10 / 1.25 + 111 / 1.25**2 - 37.9 / 1.25**3
    assert cycle.cost == pytest.approx(by_hand)
    assert sum(cycle.parts.values()) == pytest.approx(by_hand)
    assert cycle.paid_by_year[-1] == pytest.approx(12.1)
    # One kilowatt hour a year: the levelised cost is the annual cost.
    assert cycle.levelised == pytest.approx(cycle.annual_cost)


@given(st.floats(0.1, 10.0))
def test_life_cycle_cost_is_linear_in_money(factor: float) -> None:
    def cost(scale: float) -> float:
        plant = PlantCost(
            CapitalCost((item(scale * 500.0, 15.0),)), {"gas": scale * 80.0, "staff": scale * 7.0}
        )
        return life_cycle_of(plant, Terms(25, 0.05, 0.02, 0.0, 0.03), 1.0).cost

    assert cost(factor) == pytest.approx(factor * cost(1.0), rel=1e-9)


def test_levelised_cost_pays_everything() -> None:
    """Selling at it, rising with inflation, is worth exactly what everything costs."""
    terms = Terms(20, 0.07, 0.02, 0.03, 0.01)
    plant = PlantCost(CapitalCost((item(900.0, 12.0),)), {"electricity": 60.0, "gas": 9.0})
    cycle = life_cycle_of(plant, terms, 1000 * 3.6e6)
    price = cycle.levelised * 1.02 ** np.arange(21)
    sold = np.where(np.arange(21) > 0, 1000.0, 0.0)
    assert eco.present_value(price * sold, 0.07) == pytest.approx(cycle.cost)


def test_electricity_that_grows_with_the_years() -> None:
    plant = PlantCost(CapitalCost(()), {"electricity": 10.0}, 0.0, np.array([1.0, 1.5]))
    assert life_cycle_of(plant, Terms(2), 1.0).by_year.tolist() == [0.0, 10.0, 15.0]
    with pytest.raises(InputError, match="3 years"):
        life_cycle_of(plant, Terms(3), 1.0)


def test_wrong_terms_and_costs_are_all_named() -> None:
    with pytest.raises(InputError) as caught:
        Terms(0, -1.0, math.nan)
    assert len(caught.value.problems) == 3
    with pytest.raises(InputError, match="no such yearly cost"):
        PlantCost(CapitalCost(()), {"petrol": 1.0})


def test_items_are_priced_by_rows_and_by_the_user() -> None:
    capital = price_items(
        CHINA,
        {"bore_metre": 1000.0, "heat_pump_water": 100.0},
        {"bore_metre": OwnCost(unit_cost=100.0), "sculpture": OwnCost(5e3, 2.0, 40.0)},
    )
    named = {one.key: one for one in capital.items}
    assert named["bore_metre"].amount == 1e5
    assert named["bore_metre"].own
    assert named["sculpture"].amount == 1e4
    unit = CHINA.row("capital_cost.heat_pump_water")
    assert named["heat_pump_water"].best == pytest.approx((unit.value + unit.upper) / 2)
    assert unit in named["heat_pump_water"].rows
    assert not unit.verified
    equipment = named["heat_pump_water"].amount + named["sculpture"].amount
    controls = named["controls"].amount
    assert controls == pytest.approx(equipment * named["controls"].best)
    assert named["planning"].quantity == pytest.approx(
        sum(one.amount for one in capital.items if one.key != "planning")
    )
    low, high = capital.interval
    assert low < capital.investment < high
    scaled = capital.scaled_to(5e5)
    assert scaled.investment == pytest.approx(5e5)
    assert scaled.interval == pytest.approx((5e5, 5e5))
    assert scaled.assumed == ()


def test_items_nobody_can_price_are_refused_together() -> None:
    with pytest.raises(InputError) as caught:
        price_items(CHINA, {"pagoda": 1.0, "pump": math.nan}, {"gate": OwnCost(unit_cost=3.0)})
    assert len(caught.value.problems) == 3
    assert "costs.items" in str(caught.value)


def test_loan_payments_of_the_tables() -> None:
    # pmt(5 %, 10 a, 1000) = 129.5046
    flows = eco.loan_payments(1000.0, 0.05, 10, 12)
    assert flows[1:11] == pytest.approx(np.full(10, 129.5046), abs=5e-5)
    assert flows[11:].tolist() == [0.0, 0.0]
    assert eco.present_value(flows, 0.05) == pytest.approx(0.0, abs=1e-9)


@given(MONEY, st.floats(0.0, 1.0), st.integers(1, 20), RATES)
def test_both_sides_of_a_contract_are_the_whole(
    investment: float, share: float, term: int, rate: float
) -> None:
    saved = np.linspace(100.0, 300.0, 20)
    owner, contractor = eco.energy_performance_contract(investment, saved, share, term, rate)
    whole = np.concatenate(([-investment], saved))
    assert owner.flows + contractor.flows == pytest.approx(whole)
    assert owner.worth + contractor.worth == pytest.approx(
        float(eco.present_value(whole, rate)), rel=1e-9, abs=1e-6
    )


def test_leasing_and_contract_refuse_what_cannot_be() -> None:
    flows = eco.leasing(1000.0, 150.0, 8, 10, 50.0)
    assert flows.tolist() == [-1000.0, *[150.0] * 7, 200.0, 0.0, 0.0]
    with pytest.raises(InputError, match="term"):
        eco.leasing(1.0, 1.0, 11, 10)
    with pytest.raises(InputError) as caught:
        eco.energy_performance_contract(1.0, [1.0, 1.0], 1.5, 3, 0.05)
    assert len(caught.value.problems) == 2


def test_discount_factors_of_several_rates() -> None:
    assert discount_factors([0.0, 1.0], 2).tolist() == [[1, 1, 1], [1, 0.5, 0.25]]
