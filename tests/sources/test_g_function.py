"""g-functions against published values, direct quadrature, an independent program and themselves.

Tolerances name what limits them: digits of a table, the time steps of the other program, or the
inversion (1e-4 in fast mode after the first hours, 2e-5 in accurate mode).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import erf

from diwen.problems import InputError
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_functions import g_function
from diwen.sources.borefield.layouts import circle, l_shape, rectangle, staggered

DIFFUSIVITY = 1e-6
SCALE = 150.0**2 / (9.0 * DIFFUSIVITY)
YEAR = 365.25 * 86400.0
TIMES = np.geomspace(3600.0, 100.0 * YEAR, 25)


def field(columns: int, rows: int, spacing: float = 7.5) -> Boreholes:
    return Boreholes.at(rectangle(columns, rows, spacing), 150.0, 4.0, 0.075)


def random_field(count: int, seed: int, apart: float = 5.0) -> Boreholes:
    rng = np.random.default_rng(seed)
    side = math.sqrt(count) * 1.7 * apart
    placed: list[tuple[float, float]] = []
    while len(placed) < count:
        x, y = rng.uniform(0.0, side, 2)
        if all(math.hypot(x - a, y - b) >= apart for a, b in placed):
            placed.append((x, y))
    return Boreholes.at(placed, 150.0, 4.0, 0.075)


def line_source(radius: float, length: float, depth: float, time: float) -> float:
    """Mean wall response of one borehole by adaptive quadrature (Claesson & Javed 2011)."""

    def ierf(x: float) -> float:
        return x * erf(x) - (1.0 - math.exp(-x * x)) / math.sqrt(math.pi)

    def integrand(u: float) -> float:
        s = math.exp(u)
        i = 2 * ierf(length * s) + 2 * ierf((2 * depth + length) * s)
        i -= ierf((2 * depth + 2 * length) * s) + ierf(2 * depth * s)
        return 0.5 * math.exp(-((radius * s) ** 2)) * i / s / length

    low = math.log(1.0 / math.sqrt(4.0 * DIFFUSIVITY * time))
    high = math.log(6.5 / radius)
    return quad(integrand, low, high, limit=400, epsrel=1e-10)[0] if low < high else 0.0


# Cimmino & Bernier (2014), Int. J. Heat Mass Transfer 70:641-650, 12 equal segments; H = 150 m,
# D = 4 m, r_b = 0.075 m, B = 7.5 m: ln(t/ts), then uniform temperature and uniform heat rate of
# 3 x 2, 6 x 4 and 10 x 10 boreholes.
PUBLISHED = np.array(
    [
        [-8.2918, 2.7565, 2.7565, 2.7565, 2.7566, 2.7566, 2.7566],
        [-5.1219, 4.6302, 4.7671, 4.8427, 4.6316, 4.7688, 4.8444],
        [-3.0523, 8.0645, 10.7763, 12.9121, 8.1239, 11.0515, 13.2770],
        [-1.6670, 11.0406, 18.7807, 28.0500, 11.2627, 20.2096, 31.8665],
        [-0.9740, 12.3678, 22.9732, 38.0717, 12.7249, 25.3531, 46.3064],
        [-0.2810, 13.4564, 26.5029, 47.3737, 13.9716, 30.0144, 61.7568],
        [1.1052, 14.7376, 30.5907, 58.2769, 15.4975, 35.9481, 84.1026],
        [3.1847, 15.1514, 31.8767, 61.5355, 16.0030, 37.9557, 92.2502],
    ]
)


@pytest.mark.parametrize("mode", ["fast", "accurate"])
@pytest.mark.parametrize(("shape", "column"), [((3, 2), 0), ((6, 4), 1), ((10, 10), 2)])
def test_published_uniform_temperature(shape: tuple[int, int], column: int, mode: str) -> None:
    """Within 0.2 %: the published values carry a time-step error of up to 0.19 %."""
    times = SCALE * np.exp(PUBLISHED[:, 0])
    g = g_function(
        field(*shape), DIFFUSIVITY, times, mode=mode, segments=12, end_length_ratio=1 / 12
    )
    np.testing.assert_allclose(g.values, PUBLISHED[:, 1 + column], rtol=2.0e-3)


@pytest.mark.parametrize(("shape", "column"), [((3, 2), 3), ((6, 4), 4), ((10, 10), 5)])
def test_published_uniform_heat_rate(shape: tuple[int, int], column: int) -> None:
    """Within 1e-4 and the table's last digit of ln(t/ts)."""
    times = SCALE * np.exp(PUBLISHED[:, 0])
    g = g_function(field(*shape), DIFFUSIVITY, times, boundary="uniform heat rate")
    np.testing.assert_allclose(g.values, PUBLISHED[:, 1 + column], rtol=1e-4, atol=1e-4)


def test_exact_in_time_values_of_a_ten_by_ten_field() -> None:
    """A time-domain solution with vanishing steps and the same 12 equal segments, to its 4e-5."""
    times = SCALE * np.exp([-1.6670, -0.9740, -0.2810, 1.1052, 3.1847])
    g = g_function(
        field(10, 10), DIFFUSIVITY, times, mode="accurate", segments=12, end_length_ratio=1 / 12
    )
    np.testing.assert_allclose(g.values, [28.1044, 38.1116, 47.4394, 58.3351, 61.5441], rtol=6e-5)


@pytest.mark.parametrize(
    ("boreholes", "expected"),
    [
        (field(1, 1), [5.61855789, 6.41336758, 6.66933682]),
        (Boreholes.of(0, 0, 35, 4, 0.075), [4.18276733, 5.03671562, 5.34369772]),
        (field(5, 2), [11.27831804, 18.48075762, 21.00669237]),
    ],
)
def test_uniform_heat_rate_is_the_mean_line_source(
    boreholes: Boreholes, expected: list[float]
) -> None:
    """Values of pygfunction's own test suite (gfunction_test.py), at 0.1, 1 and 10 H²/9a."""
    times = np.array([0.1, 1.0, 10.0]) * boreholes.characteristic_time(DIFFUSIVITY)
    g = g_function(boreholes, DIFFUSIVITY, times, boundary="uniform heat rate", mode="accurate")
    np.testing.assert_allclose(g.values, expected, rtol=3e-6)


def test_steady_state_of_one_borehole() -> None:
    g = g_function(field(1, 1), DIFFUSIVITY, np.inf, boundary="uniform heat rate")
    assert g.values[0] == pytest.approx(6.68879600214517, abs=1e-7)


def test_all_times_of_one_borehole_against_quadrature() -> None:
    g = g_function(field(1, 1), DIFFUSIVITY, TIMES, boundary="uniform heat rate", mode="accurate")
    exact = [line_source(0.075, 150.0, 4.0, t) for t in TIMES]
    np.testing.assert_allclose(g.values, exact, rtol=3e-5)
    assert (np.abs(g.values / exact - 1.0) <= g.error_by_time).all()


@pytest.mark.parametrize("mode", ["fast", "accurate"])
def test_wide_pile_from_the_first_minute(mode: str) -> None:
    """Radius 0.6 m: where other programs turn negative, g is the line source, to 4e-4 of 0.1."""
    pile = Boreholes.of(0.0, 0.0, 20.0, 1.0, 0.6)
    times = np.geomspace(60.0, 3e9, 60)
    g = g_function(pile, DIFFUSIVITY, times, boundary="uniform heat rate", mode=mode)
    exact = np.array([line_source(0.6, 20.0, 1.0, t) for t in times])
    assert (np.abs(g.values - exact) <= 4e-5 + 1e-4 * exact).all()
    group = Boreholes.at(rectangle(3, 4, 6.0), 20.0, 1.0, 0.6)
    together = g_function(group, DIFFUSIVITY, times, mode=mode).values
    for values in (g.values, together):
        assert (values >= 0.0).all()
        assert (np.diff(values) >= 0.0).all()
    assert together[times < 1e4] == pytest.approx(g.values[times < 1e4], abs=1e-4)


def test_fast_agrees_with_accurate_and_tells_its_error() -> None:
    """0.1 % on regular fields, 0.2 % on others; the estimate is not below half of the error."""
    regular = [field(9, 9), field(12, 7, 5.0), Boreholes.at(staggered(8, 9, 6.0), 120, 2, 0.06)]
    others = [
        random_field(70, 3),
        random_field(110, 4),
        Boreholes.at(l_shape(20, 14, 6), 90, 1, 0.07),
    ]
    mixed = random_field(48, 8)
    mixed = Boreholes.of(mixed.x, mixed.y, np.where(np.arange(48) % 3, 150.0, 90.0), 4.0, 0.075)
    for boreholes, allowed in [(f, 1e-3) for f in regular] + [(f, 2e-3) for f in [*others, mixed]]:
        best = g_function(boreholes, DIFFUSIVITY, TIMES, mode="accurate")
        fast = g_function(boreholes, DIFFUSIVITY, TIMES)
        error = np.abs(fast.values - best.values) / np.maximum(best.values, 0.1)
        assert error.max() < allowed
        assert (error <= 2.0 * fast.error_by_time + best.error_by_time).all()
        assert error.max() <= fast.error
        assert fast.error < 2e-3
        assert best.error < 4e-4


def test_patterns_converge_to_every_borehole_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """48 boreholes of a random field, all 384 segments solved, against fast and accurate."""
    from diwen.sources.borefield import zone_response

    boreholes = random_field(48, 11)
    fast, best = (g_function(boreholes, DIFFUSIVITY, TIMES, mode=m) for m in ("fast", "accurate"))
    monkeypatch.setitem(zone_response._SOLVED_EXACTLY, "accurate", 400)
    exact = g_function(boreholes, DIFFUSIVITY, TIMES, mode="accurate")
    assert exact.groups == 48
    assert best.groups < 24
    np.testing.assert_allclose(best.values, exact.values, rtol=2e-5)
    np.testing.assert_allclose(fast.values, exact.values, rtol=2e-4)
    assert (np.abs(best.values - exact.values) / exact.values <= best.error_by_time).all()


def test_many_lengths() -> None:
    """Forty-five lengths are merged to classes in fast mode; the estimate knows it."""
    rng = np.random.default_rng(4)
    plan = random_field(45, 5)
    boreholes = Boreholes.of(plan.x, plan.y, rng.uniform(80, 200, 45), 2.0, 0.075)
    times = np.geomspace(3600.0, 100.0 * YEAR, 9)
    best = g_function(boreholes, DIFFUSIVITY, times, mode="accurate", segments=4)
    fast = g_function(boreholes, DIFFUSIVITY, times, segments=4)
    error = np.abs(fast.values - best.values) / np.maximum(best.values, 0.1)
    assert error.max() < 3e-3
    assert error.max() <= fast.error + best.error


@pytest.mark.parametrize("seed", [1, 2])
def test_independent_program(seed: int) -> None:
    """pygfunction's `similarities` with 121 times: its time steps leave it within 0.2 %."""
    pygfunction = pytest.importorskip("pygfunction")
    boreholes = random_field(5, seed)
    times = np.geomspace(3600.0, 100.0 * YEAR, 121)
    theirs = pygfunction.gfunction.gFunction(
        [
            pygfunction.boreholes.Borehole(150.0, 4.0, 0.075, x, y)
            for x, y in zip(boreholes.x, boreholes.y, strict=True)
        ],
        DIFFUSIVITY,
        time=times,
        boundary_condition="UBWT",
        method="similarities",
    ).gFunc
    ours = g_function(boreholes, DIFFUSIVITY, times, mode="accurate").values
    np.testing.assert_allclose(ours, theirs, rtol=2e-3)
    # Its steady end has no steps to speak of.
    assert ours[-1] == pytest.approx(theirs[-1], rel=4e-4)


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 1000),
    turn=st.floats(0.0, 6.3),
    x=st.floats(-500.0, 500.0),
    y=st.floats(-500.0, 500.0),
)
def test_place_and_bearing_do_not_matter(seed: int, turn: float, x: float, y: float) -> None:
    times = TIMES[::6]
    boreholes = random_field(9, seed)
    mirrored = Boreholes.of(-boreholes.x, boreholes.y, 150.0, 4.0, 0.075)
    here, there, mirror = (
        g_function(b, DIFFUSIVITY, times).values
        for b in (boreholes, boreholes.moved(x, y, turn), mirrored)
    )
    np.testing.assert_allclose(there, here, rtol=2e-4)
    np.testing.assert_allclose(mirror, here, rtol=2e-4)


def test_a_turned_lattice_is_the_same_field() -> None:
    """The lattice's Kronecker products against the histogram of distances."""
    boreholes = field(9, 10)
    straight = g_function(boreholes, DIFFUSIVITY, TIMES, mode="accurate")
    turned = g_function(boreholes.moved(turn=0.4), DIFFUSIVITY, TIMES, mode="accurate")
    np.testing.assert_allclose(turned.values, straight.values, rtol=3e-5)


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 1000),
    length=st.floats(30.0, 300.0),
    depth=st.floats(0.0, 8.0),
    radius=st.floats(0.05, 0.3),
    log_diffusivity=st.floats(-6.6, -5.6),
)
def test_rises_and_heat_rate_bounds_temperature(
    seed: int, length: float, depth: float, radius: float, log_diffusivity: float
) -> None:
    plan = random_field(7, seed)
    boreholes = Boreholes.of(plan.x, plan.y, length, depth, radius)
    a = 10.0**log_diffusivity
    wall = g_function(boreholes, a, TIMES)
    rate = g_function(boreholes, a, TIMES, boundary="uniform heat rate")
    for g in (wall, rate):
        assert (np.diff(g.values) >= 0.0).all()
        assert (g.values >= 0.0).all()
    assert (wall.values <= rate.values * (1.0 + 2e-4) + 2e-4).all()


def test_number_of_times_does_not_matter() -> None:
    boreholes = field(6, 6)
    few = g_function(boreholes, DIFFUSIVITY, TIMES[[0, -1]])
    many = g_function(boreholes, DIFFUSIVITY, np.geomspace(TIMES[0], TIMES[-1], 500))
    assert few.values == pytest.approx(many.values[[0, -1]], rel=1e-12)
    np.testing.assert_allclose(few.at(many.times), many.values, rtol=1e-12)


def test_order_of_times_is_kept() -> None:
    shuffled = np.random.default_rng(1).permutation(TIMES)
    straight = g_function(field(3, 3), DIFFUSIVITY, TIMES)
    mixed = g_function(field(3, 3), DIFFUSIVITY, shuffled)
    np.testing.assert_allclose(mixed.values, straight.at(shuffled), rtol=1e-12)


def test_steady_state_is_the_limit() -> None:
    boreholes = field(4, 3)
    late = boreholes.characteristic_time(DIFFUSIVITY) * 1e4
    g = g_function(boreholes, DIFFUSIVITY, [late, np.inf], mode="accurate")
    assert g.values[0] == pytest.approx(g.values[1], rel=1e-4)
    assert g.values[0] <= g.values[1]


def test_finer_nodes_and_samples_change_less_than_the_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Richardson: half the steps in σ, two thirds in s."""
    from diwen.sources.borefield import g_functions as module
    from diwen.sources.borefield import zone_response

    boreholes = field(5, 4)
    coarse = g_function(boreholes, DIFFUSIVITY, TIMES, mode="accurate")
    monkeypatch.setattr(zone_response, "ACCURATE_STEP", 0.1)
    finer = g_function(boreholes, DIFFUSIVITY, TIMES, mode="accurate")
    np.testing.assert_allclose(finer.values, coarse.values, rtol=2e-6)
    monkeypatch.setattr(module, "DEFAULT_SPACING", 0.27)
    finest = g_function(boreholes, DIFFUSIVITY, TIMES, mode="accurate")
    assert (np.abs(finest.values / coarse.values - 1.0) <= coarse.error_by_time).all()
    np.testing.assert_allclose(finest.values, coarse.values, rtol=3e-5)


def test_circle_and_square_need_few_groups() -> None:
    ring = Boreholes.at(circle(24, 30.0), 100.0, 2.0, 0.07)
    assert g_function(ring, DIFFUSIVITY, TIMES, mode="accurate").groups == 1
    assert g_function(field(5, 5), DIFFUSIVITY, TIMES).groups == 6


def test_far_apart_boreholes_are_alone() -> None:
    alone = g_function(field(1, 1), DIFFUSIVITY, TIMES[:-4], mode="accurate")
    apart = g_function(field(3, 2, 3000.0), DIFFUSIVITY, TIMES[:-4], mode="accurate")
    np.testing.assert_allclose(apart.values, alone.values, rtol=2e-5)


def test_inclined_boreholes_tend_to_vertical_ones() -> None:
    plan = rectangle(2, 2, 6.0)
    vertical = g_function(Boreholes.at(plan, 100.0, 2.0, 0.075), DIFFUSIVITY, TIMES)
    leaning = Boreholes.at(plan, 100.0, 2.0, 0.075, 1e-5, 0.3)
    np.testing.assert_allclose(
        g_function(leaning, DIFFUSIVITY, TIMES).values, vertical.values, rtol=3e-4
    )
    outward = Boreholes.at(plan, 100.0, 2.0, 0.075, 0.2, np.radians([225, 315, 135, 45]))
    assert g_function(outward, DIFFUSIVITY, TIMES).values[-1] < vertical.values[-1]


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"diffusivity": 0.0}, "diffusivity"),
        ({"diffusivity": -1e-6}, "diffusivity"),
        ({"times": [3600.0, 0.0]}, "times[1]"),
        ({"times": []}, "times"),
        ({"times": [np.nan]}, "times[0]"),
        ({"segments": 0}, "segments"),
        ({"end_length_ratio": 0.4}, "end_length_ratio"),
        ({"mode": "exact"}, "mode"),
        ({"boundary": "UBWT"}, "boundary"),
        ({"boundary": "equal inlet temperature"}, "network"),
    ],
)
def test_wrong_input_is_named(changes: dict[str, object], named: str) -> None:
    given = {"diffusivity": DIFFUSIVITY, "times": TIMES} | changes
    with pytest.raises(InputError) as refused:
        g_function(field(2, 2), **given)  # type: ignore[arg-type]
    assert named in [problem.where for problem in refused.value.problems]


def test_several_faults_are_told_at_once() -> None:
    with pytest.raises(InputError) as refused:
        g_function(field(2, 2), 0.0, [-1.0], mode="best")  # type: ignore[arg-type]
    assert len(refused.value.problems) == 3


def test_coincident_boreholes_are_refused() -> None:
    twice = Boreholes.at([(0, 0), (6, 0), (0, 0)], 100.0, 2.0, 0.075)
    with pytest.raises(InputError):
        g_function(twice, DIFFUSIVITY, TIMES)


def test_times_outside_the_result_are_refused() -> None:
    g = g_function(field(2, 2), DIFFUSIVITY, TIMES)
    with pytest.raises(InputError, match="range"):
        g.at([TIMES[-1] * 2.0])
    with pytest.raises(InputError, match="range"):
        g.at([np.inf])


@pytest.mark.verify
@pytest.mark.parametrize("seed", [1, 2])
def test_large_random_field_against_all_segments(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 boreholes, 1600 unknowns solved as they are."""
    from diwen.sources.borefield import zone_response

    boreholes = random_field(200, seed)
    fast, best = (g_function(boreholes, DIFFUSIVITY, TIMES, mode=m) for m in ("fast", "accurate"))
    monkeypatch.setitem(zone_response._SOLVED_EXACTLY, "accurate", 1600)
    exact = g_function(boreholes, DIFFUSIVITY, TIMES, mode="accurate")
    np.testing.assert_allclose(best.values, exact.values, rtol=3e-5)
    np.testing.assert_allclose(fast.values, exact.values, rtol=5e-4)


def test_patterns_shared_by_many_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty lengths share their patterns: within 5e-4 of every segment on its own."""
    from diwen.sources.borefield import zone_response

    rng = np.random.default_rng(6)
    plan = random_field(30, 7)
    boreholes = Boreholes.of(plan.x, plan.y, rng.uniform(80, 200, 30), 2.0, 0.075)
    times = TIMES[::4]
    exact = g_function(boreholes, DIFFUSIVITY, times, mode="accurate", segments=5)
    monkeypatch.setitem(zone_response._ON_THEIR_OWN, "fast", 50)
    shared = g_function(boreholes, DIFFUSIVITY, times, segments=5)
    assert exact.groups == 30
    assert shared.groups < 30
    error = np.abs(shared.values - exact.values) / np.maximum(exact.values, 0.1)
    assert error.max() < 5e-4
    assert (error <= shared.error_by_time + exact.error_by_time).all()
