"""Drawdown around wells: published cases, quadrature that is not ours, laws that must hold."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad, solve_ivp
from scipy.special import k0

from diwen.problems import InputError
from diwen.sources.aquifer import (
    FlowSteps,
    confined_equivalent,
    cooper_jacob_drawdown,
    drawdown_of_wells,
    leakage_factor,
    leaky_drawdown,
    leaky_drawdown_of_steps,
    leaky_well_function,
    recovery_drawdown,
    steady_leaky_drawdown,
    theis_drawdown,
    theis_drawdown_of_steps,
    thiem_difference,
    unconfined_drawdown,
)

HOUR, DAY = 3600.0, 86400.0
FLOW, T, S, R = 30.0 / HOUR, 5e-3, 2e-4, 25.0


def integral(u, beta):
    """W(u, r/B) by adaptive quadrature over ln y, with the peak as a break."""

    def inside(x):
        return math.exp(-math.exp(x) - beta**2 / 4.0 * math.exp(-x))

    start = math.log(u)
    points = [p for p in (math.log(max(beta, 1e-9) / 2.0), 0.0) if start < p < 4.5]
    if start > 4.5:
        return quad(inside, start, start + 3.0, epsabs=0, epsrel=1e-12)[0]
    return quad(inside, start, 5.0, points=points or None, epsabs=1e-16, epsrel=1e-12, limit=400)[0]


def test_the_published_theis_case():
    found = theis_drawdown(FLOW, T, S, R, [DAY, 10 * DAY])
    np.testing.assert_allclose(found, [1.18796, 1.49334], rtol=1e-5)


def test_theis_against_the_differential_equation():
    """Radial finite volumes in time, not our formula: S ∂s/∂t = 1/r ∂/∂r(r T ∂s/∂r)."""
    face = np.geomspace(0.05, 4000.0, 161)
    node = np.sqrt(face[1:] * face[:-1])
    store = S * math.pi * np.diff(face**2)
    link = 2 * math.pi * T / np.log(node[1:] / node[:-1])

    def change(_, s):
        through = link * np.diff(s)
        gain = np.zeros_like(s)
        gain[:-1] += through
        gain[1:] -= through
        gain[0] += FLOW
        return gain / store

    run = solve_ivp(change, (0, DAY), np.zeros(160), "BDF", t_eval=[DAY], rtol=1e-7, atol=1e-9)
    inside = (node > 2) & (node < 300)
    np.testing.assert_allclose(
        run.y[inside, 0], theis_drawdown(FLOW, T, S, node[inside], DAY), rtol=0.005, atol=1e-4
    )


def test_the_straight_line_is_reached_as_stated():
    for u, missing in ((0.01, 0.0025), (0.05, 0.020), (0.1, 0.054)):
        time = R**2 * S / (4 * T * u)
        full, line = (f(FLOW, T, S, R, time) for f in (theis_drawdown, cooper_jacob_drawdown))
        assert 1 - line / full == pytest.approx(missing, rel=0.1)


def test_the_published_leaky_case():
    assert steady_leaky_drawdown(FLOW, T, 5e7, R) == pytest.approx(0.82608, rel=1e-5)
    assert leakage_factor(T, 5e7) == pytest.approx(500.0)


@pytest.mark.parametrize("beta", [0.0, 1e-4, 0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 14.0, 20.0])
def test_the_leaky_well_function_against_quadrature(beta):
    u = np.geomspace(1e-8, 20.0, 23)
    expected = np.array([integral(x, beta) for x in u])
    np.testing.assert_allclose(leaky_well_function(u, beta), expected, rtol=1e-8, atol=1e-14)


def test_the_leaky_well_function_of_the_printed_table():
    """Values printed in M. S. Hantush (1956), four figures: W(0.01, 0.1), W(0.1, 1), W(1, 1)."""
    found = leaky_well_function([0.01, 0.1, 1.0], [0.1, 1.0, 1.0])
    np.testing.assert_allclose(found, [3.815, 0.8190, 0.1855], rtol=3e-4)


def test_leaky_between_theis_and_steady():
    time = np.geomspace(10.0, 1e9, 60)
    leaky = leaky_drawdown(FLOW, T, S, 5e7, R, time)
    assert (leaky <= theis_drawdown(FLOW, T, S, R, time) + 1e-12).all()
    assert (np.diff(leaky) >= -1e-12).all()
    assert leaky[-1] == pytest.approx(float(steady_leaky_drawdown(FLOW, T, 5e7, R)), rel=1e-9)
    tight = leaky_drawdown(FLOW, T, S, 1e18, R, time[:30])
    np.testing.assert_allclose(tight, theis_drawdown(FLOW, T, S, R, time[:30]), rtol=1e-6)
    assert 2 * k0(0.05) == pytest.approx(float(leaky_well_function(1e-9, 0.05)), rel=1e-9)


def test_nothing_before_the_start():
    assert (theis_drawdown(FLOW, T, S, R, [-5.0, 0.0]) == 0).all()
    assert (leaky_drawdown(FLOW, T, S, 5e7, R, [-5.0, 0.0]) == 0).all()
    assert (cooper_jacob_drawdown(FLOW, T, S, R, [-5.0, 0.0]) == 0).all()


@settings(max_examples=40, deadline=None)
@given(
    rates=st.lists(st.floats(-0.02, 0.02), min_size=1, max_size=6),
    factor=st.floats(-3, 3),
    seed=st.integers(0, 999),
)
def test_flows_superpose_and_turn_their_sign(rates, factor, seed):
    start = np.cumsum(np.random.default_rng(seed).uniform(600.0, 7200.0, len(rates)))
    time = np.linspace(0.0, 60000.0, 41)
    whole = theis_drawdown_of_steps(FlowSteps.of(start, rates), T, S, R, time)
    scaled = theis_drawdown_of_steps(FlowSteps.of(start, factor * np.array(rates)), T, S, R, time)
    np.testing.assert_allclose(scaled, factor * whole, atol=1e-12)
    parts = sum(
        theis_drawdown_of_steps(FlowSteps.of([a, b], [q, 0.0]), T, S, R, time)
        for a, b, q in zip(start, [*start[1:], 1e9], rates, strict=True)
    )
    np.testing.assert_allclose(parts, whole, atol=1e-12)


@settings(max_examples=40, deadline=None)
@given(r=st.floats(0.1, 500.0), t=st.floats(60.0, 1e7), more=st.floats(1.01, 10.0))
def test_drawdown_falls_with_distance_and_grows_with_time(r, t, more):
    here = theis_drawdown(FLOW, T, S, r, t)
    assert (
        theis_drawdown(FLOW, T, S, r * more, t) <= here <= theis_drawdown(FLOW, T, S, r, t * more)
    )
    # Only r²/t counts.
    assert theis_drawdown(FLOW, T, S, r * more, t * more**2) == pytest.approx(here, rel=1e-9)


def test_a_well_feels_another_as_the_other_feels_it():
    one, two, still = FlowSteps.of(0.0, 0.01), FlowSteps.of(3600.0, -0.01), FlowSteps.of(0.0, 0.0)
    places = np.array([[0.0, 0.0], [40.0, 30.0]])
    time = np.array([3 * HOUR, DAY])
    here = drawdown_of_wells([(0.0, 0.0, one), (40.0, 30.0, still)], T, S, places, time)
    there = drawdown_of_wells([(0.0, 0.0, still), (40.0, 30.0, one)], T, S, places, time)
    np.testing.assert_allclose(here[:, 1], there[:, 0], rtol=1e-12)
    both = drawdown_of_wells([(0.0, 0.0, one), (40.0, 30.0, two)], T, S, [[20.0, 15.0]], time)
    assert abs(both[-1, 0]) < 0.02 * theis_drawdown(0.01, T, S, 25.0, DAY)


def test_recovery_follows_the_recovery_line_late():
    time = DAY + np.array([2 * HOUR, 10 * HOUR])
    found = recovery_drawdown(FLOW, T, S, R, time, DAY)
    line = FLOW / (4 * math.pi * T) * np.log(time / (time - DAY))
    np.testing.assert_allclose(found, line, rtol=0.01)


def test_steady_difference_and_late_theis_agree():
    near, far = theis_drawdown(FLOW, T, S, [5.0, 50.0], 100 * DAY)
    assert thiem_difference(FLOW, T, 5.0, 50.0) == pytest.approx(near - far, rel=1e-4)


@given(s=st.floats(-8.0, 19.0))
def test_the_free_surface_there_and_back(s):
    assert unconfined_drawdown(confined_equivalent(s, 20.0), 20.0) == pytest.approx(s, abs=1e-6)


def test_a_well_that_would_run_dry_has_no_drawdown():
    assert np.isnan(unconfined_drawdown(10.1, 20.0))


def test_flow_steps_say_what_is_wrong():
    with pytest.raises(InputError):
        FlowSteps.of([0.0, 1.0], [1.0])
    with pytest.raises(InputError):
        FlowSteps.of([1.0, 1.0], [1.0, 2.0])
    with pytest.raises(InputError) as caught:
        FlowSteps.of([0.0, math.nan], [1.0, math.inf])
    assert len(caught.value.problems) == 2


def test_volume_and_flow_of_steps():
    steps = FlowSteps.of([0.0, 100.0, 300.0], [0.01, 0.02, 0.0])
    np.testing.assert_allclose(steps.at([-1, 0, 150, 300]), [0, 0.01, 0.02, 0])
    np.testing.assert_allclose(steps.volume([0, 50, 100, 300, 900]), [0, 0.5, 1, 5, 5])


def test_leaky_steps_end_at_the_steady_sum():
    steps = FlowSteps.of([0.0, DAY], [0.01, 0.004])
    end = leaky_drawdown_of_steps(steps, T, S, 5e7, R, 1e9)
    assert end == pytest.approx(float(steady_leaky_drawdown(0.004, T, 5e7, R)), rel=1e-8)
