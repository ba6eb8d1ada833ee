"""The matrix of responses between zones, and the hooks other models of the ground hang on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.borefield.borehole_groups import alike_by_symmetry, merged_kinds
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.g_functions import g_function, response_matrix
from diwen.sources.borefield.laplace import (
    invert,
    line_source_reference,
    sample_points,
)
from diwen.sources.borefield.layouts import circle, rectangle
from diwen.sources.borefield.pair_sums import (
    DirectPairs,
    LatticePairs,
    PairSums,
    ScatteredPairs,
    direct_pair_sums,
    lattice,
    pair_sums_of,
)
from diwen.sources.borefield.segment_system import segment_system
from diwen.sources.borefield.segments import segment_ratios
from diwen.sources.response.inverse_laplace import stehfest_weights

DIFFUSIVITY = 1e-6
YEAR = 365.25 * 86400.0
TIMES = np.geomspace(3600.0, 100.0 * YEAR, 13)


def unequal(count: int, seed: int) -> Boreholes:
    rng = np.random.default_rng(seed)
    plan = np.array(rectangle(6, 6, 7.0))[rng.permutation(36)[:count]]
    plan = plan + rng.uniform(-1.0, 1.0, plan.shape)
    length = rng.choice([80.0, 120.0, 150.0], count)
    return Boreholes.at([tuple(p) for p in plan], length, rng.choice([1.0, 4.0], count), 0.075)


def test_line_source_between_unequal_boreholes() -> None:
    """pygfunction's heat_transfer_test.py: emitter of 150 m to receiver of 35 m and on to ∞."""
    pair = Boreholes.of([0.0, 3.0], [0.0, 5.0], [150.0, 35.0], 4.0, 0.075)
    times = np.append(np.array([0.1, 1.0, 10.0]) * 150.0**2 / 9e-6, np.inf)
    got = response_matrix(
        pair, [0, 1], DIFFUSIVITY, times, boundary="uniform heat rate", mode="accurate"
    )
    expected = [1.17030420, 1.62660428, 1.72510234, 1.7307294312]
    np.testing.assert_allclose(got.values[1, 0], expected, rtol=2e-5)


def test_line_source_matrix_of_three_boreholes() -> None:
    """pygfunction's heat_transfer_test.py at t = ts of the mean length, in the order [i, j]."""
    boreholes = Boreholes.of(
        [-1.0, 5.0, -1.0], [-2.0, 3.0, 7.0], [150.0, 88.0, 177.0], [4.0, 2.0, 5.0],
        [0.075, 0.065, 0.085],
    )  # fmt: skip
    time = boreholes.characteristic_time(DIFFUSIVITY)
    got = response_matrix(boreholes, [0, 1, 2], DIFFUSIVITY, time, boundary="uniform heat rate")
    expected = [
        [6.37361733, 1.00243165, 1.75179834],
        [1.70869031, 6.17773914, 1.78839136],
        [1.48457487, 0.88914372, 6.32534129],
    ]
    np.testing.assert_allclose(got.values[:, :, 0], expected, rtol=2e-5)


@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 1000),
    zones=st.integers(2, 4),
    boundary=st.sampled_from(["uniform heat rate", "uniform wall temperature"]),
)
def test_reciprocity(seed: int, zones: int, boundary: str) -> None:
    boreholes = unequal(14, seed)
    zone = np.arange(14) % zones
    got = response_matrix(boreholes, zone, DIFFUSIVITY, TIMES, boundary=boundary)  # type: ignore[arg-type]
    weighted = got.lengths[:, None, None] * got.values
    np.testing.assert_allclose(weighted, weighted.transpose(1, 0, 2), rtol=1e-9, atol=1e-9)
    assert (got.values >= 0.0).all()
    assert (np.diff(got.values, axis=2) >= 0.0).all()


@pytest.mark.parametrize("mode", ["fast", "accurate"])
def test_zones_recombine_to_the_field_uniform_heat_rate(mode: str) -> None:
    boreholes = unequal(20, 5)
    zone = np.arange(20) % 3
    got = response_matrix(
        boreholes, zone, DIFFUSIVITY, TIMES, boundary="uniform heat rate", mode=mode
    )
    together = got.lengths @ got.values.sum(axis=1) / got.lengths.sum()
    whole = g_function(boreholes, DIFFUSIVITY, TIMES, boundary="uniform heat rate", mode=mode)
    # The small cross responses are cut at zero each for itself before heat arrives.
    np.testing.assert_allclose(together, whole.values, rtol=3e-5)


@pytest.mark.parametrize("mode", ["fast", "accurate"])
@pytest.mark.parametrize("shape", [(4, 5), (10, 9)])
def test_zones_recombine_to_the_field_uniform_temperature(
    shape: tuple[int, int], mode: str
) -> None:
    """Loads that keep one temperature in all zones, found in the Laplace domain."""
    boreholes = Boreholes.at(rectangle(*shape, 7.0), 120.0, 2.0, 0.075)
    zone = (np.arange(boreholes.count) % shape[0] > 1).astype(int)
    zones = response_matrix(boreholes, zone, DIFFUSIVITY, TIMES, mode=mode)
    whole = g_function(boreholes, DIFFUSIVITY, TIMES, mode=mode)
    transfer = zones.response.transfer.values
    rates = np.linalg.solve(transfer, np.ones((len(transfer), 2, 1)))[:, :, 0]
    shared = zones.lengths.sum() / (rates @ zones.lengths)
    g = invert(zones.response.s, shared, TIMES, reference=zones.response.reference)
    np.testing.assert_allclose(g, whole.values, rtol=2e-4 if mode == "fast" else 2e-5)


def test_symmetry_axis_between_zones_makes_them_alike() -> None:
    boreholes = Boreholes.at(rectangle(8, 7, 6.0), 100.0, 2.0, 0.07)
    zone = (np.arange(56) % 8 > 3).astype(int)
    values = response_matrix(boreholes, zone, DIFFUSIVITY, TIMES).values
    np.testing.assert_allclose(values[0, 0], values[1, 1], rtol=1e-6)


def test_patterns_of_zones_against_every_borehole(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two neighbouring fields, unlike, with loads of their own: fast within 0.1 %."""
    from diwen.sources.borefield import zone_response

    near = Boreholes.at(rectangle(6, 4, 7.0), 150.0, 4.0, 0.075)
    far = Boreholes.at(rectangle(3, 6, 5.0), 100.0, 1.0, 0.06).moved(48.0, 3.0, 0.3)
    both = Boreholes.joined([near, far])
    zone = np.repeat([0, 1], [24, 18])
    fast = response_matrix(both, zone, DIFFUSIVITY, TIMES)
    monkeypatch.setitem(zone_response._SOLVED_EXACTLY, "accurate", 400)
    exact = response_matrix(both, zone, DIFFUSIVITY, TIMES, mode="accurate")
    scale = np.abs(exact.values).max(axis=(0, 1))
    error = np.abs(fast.values - exact.values).max(axis=(0, 1)) / np.maximum(scale, 0.1)
    assert error.max() < 1e-3
    assert (error <= 2.0 * fast.error_by_time + exact.error_by_time).all()
    # What the neighbour feels must be right too: it is much smaller than the own response.
    late = TIMES > YEAR
    cross = np.abs(fast.values[0, 1, late] / exact.values[0, 1, late] - 1.0)
    assert cross.max() < 2e-3


@pytest.mark.parametrize("zone", [[0, 1], [0, 2, 2, 2], [0.0, 1.0, 0.0, 1.0], [1, 1, 1, 1]])
def test_zones_must_be_numbered(zone: list[float]) -> None:
    boreholes = Boreholes.at(rectangle(2, 2, 6.0), 100.0, 2.0, 0.07)
    with pytest.raises(InputError) as refused:
        response_matrix(boreholes, zone, DIFFUSIVITY, TIMES)
    assert refused.value.problems[0].where == "zone"


def test_at_gives_the_same_matrix() -> None:
    boreholes = Boreholes.at(rectangle(3, 2, 6.0), 100.0, 2.0, 0.07)
    got = response_matrix(boreholes, [0, 0, 1, 0, 0, 1], DIFFUSIVITY, TIMES)
    np.testing.assert_allclose(got.at(TIMES[3:7]), got.values[:, :, 3:7], rtol=1e-12, atol=1e-5)


# --- hooks -------------------------------------------------------------------------------------


def test_grouped_and_single_systems_agree() -> None:
    boreholes = Boreholes.at(rectangle(4, 3, 6.0), 100.0, 2.0, 0.07)
    ratios = segment_ratios(5, 0.05)
    s = np.array([1e-6, 1e-8])
    grouped = segment_system(boreholes, DIFFUSIVITY, 1e-8, ratios)
    single = segment_system(boreholes, DIFFUSIVITY, 1e-8, ratios, grouped=False)
    assert grouped.size == 4 * 5
    assert single.size == 12 * 5
    assert grouped.lengths.sum() == pytest.approx(boreholes.total_length)
    rates = []
    for system in (grouped, single):
        matrices = system.matrices(s)
        np.testing.assert_allclose(matrices, matrices.transpose(0, 2, 1), rtol=1e-12)
        held = np.linalg.solve(
            matrices, np.broadcast_to(system.lengths[:, None], (2, system.size, 1))
        )
        rates.append(system.heat_rates(held[:, :, 0]))
    assert rates[0].shape == (2, 12, 5)
    np.testing.assert_allclose(rates[0], rates[1], rtol=1e-8)


def test_ways_of_summing_pairs_agree() -> None:
    """Lattice (folded) and histogram against every pair; the histogram to its 5e-6."""
    plan = [p for i, p in enumerate(rectangle(7, 5, 6.0)) if i not in (16, 17, 18)]
    boreholes = Boreholes.at(plan, 100.0, 2.0, 0.07)
    kind = np.zeros(32, np.intp)
    sigma = np.geomspace(1e-3, 60.0, 40)
    direct = DirectPairs.of(boreholes)
    folded = lattice(boreholes, kind)
    assert isinstance(folded, LatticePairs)
    assert len(folded.weight) < 16
    assert folded.weight.sum() == 32
    rng = np.random.default_rng(3)
    short = rng.normal(size=(len(folded.weight), 3))
    full = short[folded.which]
    expected = direct.products(full, sigma)
    got = folded.products(short, sigma)[:, folded.which]
    np.testing.assert_allclose(got, expected, atol=1e-12)
    scattered = ScatteredPairs.of(boreholes).products(full, sigma)
    np.testing.assert_allclose(scattered, expected, atol=5e-6 * np.abs(full).sum(axis=0).max())
    factors = rng.uniform(0.5, 1.0, (40, 1, 1))
    ways: list[tuple[PairSums, float]] = [(folded, 1e-11), (ScatteredPairs.of(boreholes), 2e-2)]
    vector = np.ones(32)
    dense = direct.operator(kind, factors, sigma)(vector)
    for way, rtol in ways:
        few = np.zeros(len(way.weight), np.intp)
        product = way.operator(few, factors, sigma)(np.ones(len(few)))
        np.testing.assert_allclose(product[way.which], dense, rtol=rtol)


def test_another_pair_function_can_be_plugged_in() -> None:
    x, y = np.array([0.0, 5.0]), np.zeros(2)
    radius = np.full(2, 0.1)

    def drifting(dx: np.ndarray, dy: np.ndarray, sigma: np.ndarray) -> np.ndarray:
        shift = np.multiply.outer(sigma, dx) - (0.2 / sigma).reshape(-1, *[1] * np.ndim(dx))
        return np.exp(-(shift**2) - np.multiply.outer(sigma**2, dy**2))

    sums = direct_pair_sums(x, y, radius, None, np.array([0.2, 0.3]), drifting)
    assert sums.shape == (2, 2, 2)
    assert (sums[:, 1, 0] > sums[:, 0, 1]).all()
    still = direct_pair_sums(x, y, radius, np.ones((2, 1)), np.array([0.2]))
    expected = 2 * np.exp(-((0.1 * 0.2) ** 2)) + 2 * np.exp(-1.0)
    assert still[0, 0, 0] == pytest.approx(expected)


def test_groups_by_symmetry() -> None:
    ring = Boreholes.at(circle(24, 30.0), 100.0, 2.0, 0.07)
    assert alike_by_symmetry(ring, np.zeros(24, np.intp)).max() == 0
    square = Boreholes.at(rectangle(5, 5, 6.0), 100.0, 2.0, 0.07).moved(turn=0.7)
    assert alike_by_symmetry(square, np.zeros(25, np.intp)).max() + 1 == 6
    labelled = np.zeros(25, np.intp)
    labelled[0] = 1
    assert alike_by_symmetry(square, labelled).max() + 1 == 15


def test_merging_keeps_the_total_length() -> None:
    boreholes = unequal(30, 2)
    merged, spread = merged_kinds(boreholes, 0.5)
    assert merged.total_length == pytest.approx(boreholes.total_length)
    assert 0.0 < spread < 0.5


def test_small_irregular_fields_are_summed_directly() -> None:
    field = unequal(20, 1)
    assert isinstance(pair_sums_of(field, np.zeros(20, np.intp)), DirectPairs)


def test_stehfest_weights_sum_to_one() -> None:
    """A constant transfer function is a constant response."""
    for order in (8, 10, 12, 14):
        assert sum(stehfest_weights(order)) == pytest.approx(1.0, abs=10.0 ** (0.45 * order - 15))


@pytest.mark.parametrize("decay", [1e-5, 1e-6, 1e-7])
def test_inversion_of_known_pairs(decay: float) -> None:
    """1/√s: F = (s/decay)^-1/2 gives 2 √(decay t/π); and 1 - exp(-√..) the error function."""
    from scipy.special import erfc

    times = np.geomspace(1e4, 1e8, 9)
    s = sample_points(times[0], times[-1])
    root = invert(s, np.sqrt(decay / s), times)
    np.testing.assert_allclose(root, 2.0 * np.sqrt(decay * times / np.pi), rtol=2e-5)
    wall = invert(s, np.exp(-np.sqrt(s / decay)), times)
    np.testing.assert_allclose(wall, erfc(0.5 / np.sqrt(decay * times)), atol=4e-4)


def test_reference_of_an_infinite_line() -> None:
    """With its own reference the infinite line source comes back as the exponential integral."""
    from scipy.special import exp1

    times = np.geomspace(600.0, 1e9, 15)
    s = sample_points(times[0], times[-1])
    reference = line_source_reference(0.075, DIFFUSIVITY)
    got = invert(s, reference(s), times, reference=reference)
    exact = 0.5 * exp1(0.075**2 / (4.0 * DIFFUSIVITY * times))
    np.testing.assert_allclose(got, exact, atol=2e-4, rtol=2e-5)


@pytest.mark.parametrize(
    ("segments", "end", "expected"),
    [(1, 0.02, [1.0]), (2, 0.02, [0.5, 0.5]), (5, 0.02, [0.02, 0.12, 0.72, 0.12, 0.02])],
)
def test_segment_ratios(segments: int, end: float, expected: list[float]) -> None:
    """The five-segment mesh is the example in pygfunction's documentation."""
    np.testing.assert_allclose(segment_ratios(segments, end), expected, atol=1e-9)


@given(segments=st.integers(3, 40), share=st.floats(0.05, 1.0))
@settings(max_examples=60, deadline=None)
def test_segment_ratios_sum_and_mirror(segments: int, share: float) -> None:
    ratios = segment_ratios(segments, share / segments)
    assert ratios.sum() == pytest.approx(1.0, abs=1e-12)
    np.testing.assert_allclose(ratios, ratios[::-1], rtol=1e-9)
    assert ratios[0] == pytest.approx(share / segments, rel=1e-6)
    assert (np.diff(ratios[: (segments + 1) // 2]) >= -1e-12).all()


def test_segment_ratios_of_the_other_program() -> None:
    utilities = pytest.importorskip("pygfunction").utilities
    for segments, end in [(8, 0.02), (12, 0.01), (7, 0.05), (24, 0.005)]:
        theirs = utilities.segment_ratios(segments, end)
        np.testing.assert_allclose(segment_ratios(segments, end), theirs, rtol=1e-6)


def test_two_boreholes_of_two_kinds_in_two_zones():
    pair = Boreholes.of([0.0, 6.0], [0.0, 0.0], [100.0, 120.0], 1.0, 0.075)
    found = response_matrix(pair, [0, 1], 1e-6, [1e7, 1e9])
    weighted = found.values * found.lengths[:, None, None]
    assert weighted[0, 1] == pytest.approx(weighted[1, 0], rel=1e-9)
