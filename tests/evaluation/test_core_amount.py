import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.evaluation.amount import Amount, Refusal, difference, ratio, total

RANDOM = np.random.default_rng(20250101)


def test_shared_cause_adds_and_separate_causes_add_in_quadrature():
    one, other = Amount(100.0, {"flow": 3.0}), Amount(100.0, {"flow": 3.0})
    assert total([one, other]).standard == 6.0
    apart = Amount(100.0, {"flow 2": 4.0})
    assert total([one, apart]).standard == 5.0
    assert difference(one, other).standard == 0.0


def test_a_cause_in_numerator_and_denominator_cancels():
    heat, part = Amount(400.0, {"flow": 12.0}), Amount(100.0, {"flow": 3.0})
    assert ratio(heat, part).standard == pytest.approx(0.0, abs=1e-15)


def test_unknown_accuracy_is_unknown_in_the_end():
    assert ratio(Amount(4.0, None), Amount(1.0)).expanded is None
    assert Amount(4.0, None).scaled(2.0).standard is None


def test_division_by_zero_is_refused():
    with pytest.raises(Refusal):
        ratio(Amount(1.0), Amount(0.0))


def test_coverage_of_a_sum_is_that_of_its_worst_part():
    assert total([Amount(1.0, coverage=0.9), Amount(1.0, coverage=0.6)]).coverage == 0.6


@given(
    st.floats(10, 1e6),
    st.floats(10, 1e6),
    st.floats(0, 0.03),
    st.floats(0, 0.03),
    st.floats(0, 0.03),
)
def test_ratio_matches_relative_quadrature(q, w, u_q, u_w, shared):
    heat = Amount(q, {"a": u_q * q, "clock": shared * q})
    work = Amount(w, {"b": u_w * w, "clock": shared * w})
    value = ratio(heat, work)
    assert value.u_systematic == pytest.approx(np.hypot(u_q, u_w), abs=1e-12)


def test_propagation_agrees_with_monte_carlo():
    """COP of two circuits with a shared reference sensor, against 200,000 draws."""
    n = 200_000
    flow1, flow2, common, meter = RANDOM.normal(size=(4, n))
    q1 = 1000.0 * (1 + 0.02 * flow1) * (1 + 0.01 * common)
    q2 = 400.0 * (1 + 0.03 * flow2) * (1 + 0.01 * common)
    w = 350.0 * (1 + 0.005 * meter)
    drawn = (q1 + q2) / w
    one = Amount(1000.0, {"flow1": 20.0, "common": 10.0})
    two = Amount(400.0, {"flow2": 12.0, "common": 4.0})
    value = ratio(total([one, two]), Amount(350.0, {"meter": 1.75}))
    assert value.value == pytest.approx(drawn.mean(), rel=1e-3)
    assert value.standard == pytest.approx(drawn.std(), rel=0.01)
