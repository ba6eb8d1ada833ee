"""Terminals and heating curves against their norms' own forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.plant.terminal import Terminal, logarithmic_mean
from diwen.plant.weather_compensation import heating_curve
from diwen.problems import InputError

RADIATOR = Terminal.of(75.0, 65.0, 20.0, 1.3)


def test_a_radiator_of_en_442_at_low_temperature() -> None:
    """EN 442: 75/65/20 is 50 K (arithmetic). At 55/45/20: (30/50)^1.3 = 0.5148 of it."""
    plain = Terminal.of(75.0, 65.0, 20.0, 1.3, logarithmic=False)
    assert float(plain.emission(55.0, 45.0)) == pytest.approx(0.51475, abs=1e-4)
    # Makers' tables with the logarithmic mean (49.83 and 29.72 K): 0.51.
    assert float(RADIATOR.emission(55.0, 45.0)) == pytest.approx((29.720 / 49.833) ** 1.3, abs=1e-4)


@pytest.mark.parametrize("logarithmic", [True, False])
@given(share=st.floats(0.02, 1.5), flow=st.floats(0.3, 2.0), exponent=st.floats(1.0, 1.5))
def test_the_needed_supply_gives_the_share(
    logarithmic: bool, share: float, flow: float, exponent: float
) -> None:
    terminal = Terminal.of(55.0, 45.0, 20.0, exponent, logarithmic)
    supply = float(terminal.needed_supply(share, flow))
    returned = supply - 10.0 * share / flow
    if returned > 20.0:  # an arithmetic mean allows a return below the room, nature does not
        assert float(terminal.emission(supply, returned)) == pytest.approx(share, rel=1e-6)


@given(st.floats(0.01, 1.0), st.floats(0.01, 1.0))
def test_more_heat_needs_warmer_water(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert RADIATOR.needed_supply(high) >= RADIATOR.needed_supply(low) - 1e-9


def test_cold_is_the_mirror_of_heat() -> None:
    warm = Terminal.of(32.0, 30.0, 20.0, 1.1)
    cold = Terminal.of(8.0, 10.0, 20.0, 1.1)
    share = np.linspace(0.1, 1.0, 10)
    assert cold.needed_supply(share) - 20.0 == pytest.approx(20.0 - warm.needed_supply(share))


def test_logarithmic_mean() -> None:
    assert float(logarithmic_mean(40.0, 20.0)) == pytest.approx(20.0 / np.log(2.0))
    assert float(logarithmic_mean(30.0, 30.0)) == pytest.approx(30.0)
    assert float(logarithmic_mean(30.0, 30.000001)) == pytest.approx(30.0000005, rel=1e-12)
    assert float(logarithmic_mean(30.0, 0.0)) == 0.0


@given(st.floats(0.1, 100.0), st.floats(0.1, 100.0))
def test_logarithmic_mean_lies_between_geometric_and_arithmetic(a: float, b: float) -> None:
    mean = float(logarithmic_mean(a, b))
    assert np.sqrt(a * b) * (1 - 1e-12) <= mean <= 0.5 * (a + b) * (1 + 1e-12)


def test_a_heating_curve_meets_design_and_room() -> None:
    curve = heating_curve(RADIATOR, -10.0, 20.0)
    assert float(curve.at(-10.0)) == pytest.approx(75.0)
    assert float(curve.at(20.0)) == pytest.approx(20.0)
    assert float(curve.at(-30.0)) == pytest.approx(75.0)
    assert (np.diff(curve.outdoor) > 0.0).all()
    assert (np.diff(curve.supply) < 0.0).all()
    # Half the load: arithmetic mean 20 + 50·0.5^(1/1.3) = 49.34, supply 51.8 °C; the logarithmic
    # mean and straight lines between points stay within 0.3 K.
    assert float(curve.at(5.0)) == pytest.approx(51.8, abs=0.3)


def test_limits_and_raising_of_a_curve() -> None:
    curve = heating_curve(RADIATOR, -10.0, 20.0, lowest=30.0, highest=60.0, raised=2.0)
    assert curve.supply.min() == 30.0
    assert curve.supply.max() == 60.0
    assert float(curve.at(5.0)) == pytest.approx(53.8, abs=0.3)


def test_a_cooling_curve_falls_with_the_outdoor_temperature() -> None:
    curve = heating_curve(Terminal.of(16.0, 19.0, 26.0, 1.1), 35.0, 22.0)
    assert float(curve.at(35.0)) == pytest.approx(16.0)
    assert (np.diff(curve.supply) < 0.0).all()


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        Terminal.of(40.0, 45.0, 20.0, 0.0)
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError, match="outdoor temperature"):
        heating_curve(RADIATOR, 20.0, -10.0)
