"""Part load: EN 14825's cycling loss, EnergyPlus' quadratic, stages, inverters, tested points."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from diwen.plant.part_load_curves import (
    efficiency_share,
    fixed_speed,
    from_points,
    inverter,
    quadratic,
    staged,
)


@pytest.mark.parametrize("ratio", [0.1, 0.35, 0.54, 0.88, 1.0])
def test_one_speed_cycles_as_in_en14825(ratio):
    """COP_bin = COP_d CR / (C_c CR + 1 − C_c), C_c 0.9."""
    said = efficiency_share(fixed_speed(0.9), ratio)
    assert said == pytest.approx(ratio / (0.9 * ratio + 0.1))


def test_no_degradation_is_no_loss():
    assert efficiency_share(fixed_speed(1.0), [0.05, 0.5, 1.0]) == pytest.approx(1.0)


def test_quadratic_is_the_energy_input_ratio_curve():
    """Default EIR part-load curve of a centrifugal chiller, 0.222903 + 0.313387 r + 0.46371 r²."""
    a, b, c = 0.222903, 0.313387, 0.46371
    curve = quadratic(a, b, c, 0.1)
    ratio = np.linspace(0.1, 1.0, 13)
    power = ratio / efficiency_share(curve, ratio)
    assert power == pytest.approx((a + b * ratio + c * ratio**2) / (a + b + c), rel=1e-9)


def test_quadratic_below_zero_is_refused():
    with pytest.raises(ValueError, match="above 0"):
        quadratic(-0.5, 1.0, 0.5, 0.1)


def test_stages_gain_and_the_last_one_cycles():
    curve = staged(4, 0.9, 0.06)
    assert curve.minimum == 0.25
    assert efficiency_share(curve, [0.25, 0.5, 0.75, 1.0]) == pytest.approx([1.06, 1.04, 1.02, 1.0])
    assert efficiency_share(curve, 0.125) == pytest.approx(1.06 * 0.5 / (0.45 + 0.1))
    assert staged(1, 0.9).minimum == 1.0


@given(st.floats(0.1, 0.5), st.floats(0.05, 0.4), st.floats(0.0, 0.3), st.floats(0.6, 1.0))
def test_an_inverter_is_best_in_between_and_needs_less_power_for_less(minimum, over, gain, cycling):
    best = minimum + over
    assume(minimum / (1.0 + 0.3 * gain) < best / (1.0 + gain))
    curve = inverter(minimum, best, gain, 0.3 * gain, cycling)
    ratio = np.linspace(0.02, 1.0, 60)
    share = efficiency_share(curve, ratio)
    power = ratio / share
    assert np.all(np.diff(power) > 0.0)
    assert share.max() <= 1.0 + gain + 1e-9
    assert efficiency_share(curve, best) == pytest.approx(1.0 + gain)
    assert efficiency_share(curve, minimum) == pytest.approx(1.0 + 0.3 * gain)
    assert share[-1] == pytest.approx(1.0)


def test_tested_points_are_met():
    curve = from_points([0.5, 0.25, 1.0], [1.15, 1.05, 1.0], 0.9)
    assert efficiency_share(curve, [0.25, 0.5, 1.0]) == pytest.approx([1.05, 1.15, 1.0])
    assert curve.minimum == 0.25
