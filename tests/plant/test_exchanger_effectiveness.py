"""Exchangers against closed forms, limits, textbook numbers and each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.plant.exchanger import (
    HeatExchanger,
    effectiveness,
    logarithmic_difference,
    transfer_units,
)
from diwen.plant.fouling import FoulingGrowth
from diwen.problems import InputError
from diwen.sources.open_water.exchanger import plant_resistance

ARRANGEMENTS = (
    "counter", "parallel", "cross_unmixed", "cross_max_mixed", "cross_min_mixed", "shell_and_tube",
)  # fmt: skip
UNITS, RATIOS = st.floats(0.0, 8.0), st.floats(0.0, 1.0)


@pytest.mark.parametrize("arrangement", ARRANGEMENTS)
def test_all_are_one_where_a_side_condenses(arrangement: str) -> None:
    units = np.array([0.1, 0.5, 1.0, 2.0, 5.0])
    found = effectiveness(units, 0.0, arrangement)  # type: ignore[arg-type]
    assert found == pytest.approx(1.0 - np.exp(-units), rel=1e-12)
    # And the general form comes close to it.
    near = effectiveness(units, 1e-6, arrangement)  # type: ignore[arg-type]
    assert near == pytest.approx(1.0 - np.exp(-units), rel=2e-5)


def test_limits_of_equal_rates() -> None:
    units = np.array([0.1, 1.0, 3.0, 20.0])
    assert effectiveness(units, 1.0) == pytest.approx(units / (1.0 + units), rel=1e-12)
    assert effectiveness(units, 1.0, "parallel") == pytest.approx(
        0.5 * (1.0 - np.exp(-2.0 * units)), rel=1e-12
    )
    # VDI Heat Atlas C1: one shell pass never passes 2/(2 + √2) = 0.5858 at equal rates.
    assert float(effectiveness(50.0, 1.0, "shell_and_tube")) == pytest.approx(0.5858, abs=1e-4)


@given(UNITS, RATIOS, st.sampled_from(ARRANGEMENTS))
def test_effectiveness_is_a_share_below_counter_flow(
    units: float, ratio: float, arrangement: str
) -> None:
    value = float(effectiveness(units, ratio, arrangement))  # type: ignore[arg-type]
    counter = float(effectiveness(units, ratio))
    # The formula of unmixed cross flow is an approximation: within 1 % of counter flow at small N.
    slack = 1.01 if arrangement == "cross_unmixed" else 1.0000001
    assert 0.0 <= value <= min(1.0, counter * slack + 1e-12)


@given(UNITS, UNITS, RATIOS, st.sampled_from(("counter", "parallel", "shell_and_tube")))
def test_more_area_never_moves_less(one: float, other: float, ratio: float, kind: str) -> None:
    low, high = sorted((one, other))
    first = effectiveness(low, ratio, kind)  # type: ignore[arg-type]
    last = effectiveness(high, ratio, kind)  # type: ignore[arg-type]
    assert last >= first - 1e-12


def test_textbook_counter_flow_oil_cooler() -> None:
    """Incropera & DeWitt, example 11.1: oil 0.1 kg/s 100 → 60 °C, water 0.2 kg/s from 30 °C.

    The book states 8524 W, water leaving at 40.2 °C, a mean difference of 43.2 K.
    """
    oil, water = 0.1 * 2131.0, 0.2 * 4178.0
    heat = oil * 40.0
    assert heat == pytest.approx(8524.0, abs=1.0)
    leaving = 30.0 + heat / water
    assert leaving == pytest.approx(40.2, abs=0.05)
    mean = float(logarithmic_difference(100.0, 60.0, 30.0, leaving))
    assert mean == pytest.approx(43.2, abs=0.1)
    exchanger = HeatExchanger.of(heat / mean)
    assert float(exchanger.heat(100.0, 30.0, oil, water)) == pytest.approx(heat, rel=1e-9)


def test_textbook_cross_flow_gas_heater() -> None:
    """Incropera & DeWitt, example 11.3: water 1 kg/s 35 → 125 °C by gas 300 → 100 °C, U = 100.

    The book finds ε = 0.755, C_r = 0.45, N = 2.1 from the chart of unmixed cross flow, 39.7 m²;
    read from a chart, so 5 %.
    """
    water = 1.0 * 4197.0
    heat = water * 90.0
    gas = heat / 200.0
    value = heat / (gas * 265.0)
    units = transfer_units(value, gas / water, "cross_unmixed")
    assert value == pytest.approx(0.755, abs=0.002)
    assert gas / water == pytest.approx(0.45, abs=0.001)
    assert units * gas / 100.0 == pytest.approx(39.7, rel=0.05)


@given(st.floats(0.05, 0.95), RATIOS, st.sampled_from(ARRANGEMENTS))
def test_units_and_effectiveness_are_inverse(share: float, ratio: float, kind: str) -> None:
    most = float(effectiveness(8.0, ratio, kind))  # type: ignore[arg-type]
    value = share * most
    found = transfer_units(value, ratio, kind)  # type: ignore[arg-type]
    assert float(effectiveness(found, ratio, kind)) == pytest.approx(value, rel=1e-8)  # type: ignore[arg-type]


RATES = st.floats(1e3, 1e6)


@given(st.floats(1e2, 1e7), RATES, RATES)
def test_resistance_to_the_mean_agrees_with_the_exchanger_of_sources(
    ua: float, primary: float, secondary: float
) -> None:
    """Another derivation (a coth without case distinctions): inlet to mean of the secondary."""
    here = HeatExchanger.of(ua).resistance(primary, secondary, "means") + 0.5 / primary
    assert float(here) == pytest.approx(float(plant_resistance(ua, secondary, primary)), rel=1e-6)


@given(st.floats(1e3, 1e6), st.floats(0.5, 10.0), RATES, RATES)
def test_design_is_met(heat: float, approach: float, primary: float, secondary: float) -> None:
    if approach - heat / primary + heat / secondary <= 0.05:
        return
    exchanger = HeatExchanger.of_design(heat, approach, primary, secondary)
    if exchanger.transmission / min(primary, secondary) > 30.0:
        return  # so large that the effectiveness no longer tells one area from another
    resistance = float(exchanger.resistance(primary, secondary, "approach"))
    assert resistance * heat == pytest.approx(approach, rel=1e-4)


@given(st.floats(1e2, 1e6), RATES, RATES, st.floats(-5.0, 90.0), st.floats(-5.0, 90.0))
def test_no_outlet_crosses_the_other_inlet(
    ua: float, primary: float, secondary: float, hot: float, cold: float
) -> None:
    heat = float(HeatExchanger.of(ua).heat(hot, cold, primary, secondary))
    low, high = min(hot, cold) - 1e-9, max(hot, cold) + 1e-9
    assert low <= hot - heat / primary <= high
    assert low <= cold + heat / secondary <= high
    assert heat * (hot - cold) >= 0.0


def test_fouling_adds_its_resistance() -> None:
    clean = HeatExchanger.of_area(10.0, 2000.0)
    fouled = clean.fouled(1e-4, 10.0)
    assert 1.0 / fouled.present_transmission == pytest.approx(1.0 / 20e3 + 1e-5)
    assert float(fouled.heat(50.0, 10.0, 1e4, 1e4)) < float(clean.heat(50.0, 10.0, 1e4, 1e4))


def test_fouling_grows_to_its_end_and_is_cleaned() -> None:
    growth = FoulingGrowth.of(1e-4 / 1e6, 1e-4, left=0.1)
    # Kern & Seaton: 63.2 % of the end after one time constant R_∞/rate.
    assert float(growth.after(1e6)) == pytest.approx(0.6321206e-4, rel=1e-6)
    assert float(growth.after(1e9)) == pytest.approx(1e-4)
    course = growth.course([1e6, 2e6, 3e6], cleanings=[2e6])
    before = 1e-4 * (1.0 - np.exp(-2.0))
    assert course[0] == pytest.approx(0.6321206e-4, rel=1e-6)
    assert course[1] == pytest.approx(0.1 * before, rel=1e-9)
    assert course[0] < course[2] < before
    assert float(FoulingGrowth.of(2e-12).after(1e6)) == pytest.approx(2e-6)


@given(st.lists(st.floats(0.0, 1e7), max_size=4), st.floats(0.0, 1.0))
def test_cleaning_never_makes_it_worse(cleanings: list[float], left: float) -> None:
    growth = FoulingGrowth.of(1e-10, 3e-4, left)
    times = np.linspace(0.0, 1e7, 30)
    cleaned = growth.course(times, cleanings)
    assert (cleaned <= growth.after(times) + 1e-15).all()
    assert (cleaned >= 0.0).all()


def test_what_no_exchanger_reaches_is_refused() -> None:
    with pytest.raises(InputError, match="differences at its ends"):
        HeatExchanger.of_design(1e5, 1.0, 1e4, 1e9)
    with pytest.raises(InputError, match="never reaches"):
        transfer_units(0.6, 1.0, "parallel")
    with pytest.raises(InputError, match="above zero"):
        HeatExchanger.of(0.0)
    with pytest.raises(InputError) as caught:
        FoulingGrowth.of(-1.0, -1.0, 2.0)
    assert len(caught.value.problems) == 3
