"""The multipole method against its paper and against an independent program."""

import math

import numpy as np
import pygfunction as gt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.sources.borehole.multipole import resistance_matrix

# Claesson & Hellström 2011, the example with two pipes.
PAPER = {
    "positions": [(0.03, 0.0), (-0.03, 0.02)], "outer_radii": 0.02, "bore_radius": 0.07,
    "fluid_resistances": 1.2 / (2 * math.pi * 1.5) * np.ones(2),
    "grout_conductivity": 1.5, "ground_conductivity": 2.5,
}  # fmt: skip


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (0, (0.25486306, 0.01538038, 0.25206829)),
        (1, (0.25569372, 0.01562313, 0.25288076)),
        (3, (0.25592405, 0.01560826, 0.25310667)),
    ],
)
def test_two_pipes_of_the_paper(order, expected):
    """1e-6 relative: eight printed digits."""
    matrix = resistance_matrix(**PAPER, order=order)
    assert (matrix[0, 0], matrix[0, 1], matrix[1, 1]) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (0, [2.67263436, 2.47271955, 2.15219567, 1.95228086]),
        (3, [2.71942944, 2.51913631, 2.19328373, 1.9929906]),
    ],
)
def test_four_pipes(order, expected):
    four = [(0.03, 0.03), (-0.03, 0.03), (-0.03, -0.03), (0.03, -0.03)]
    case = PAPER | {"positions": four, "fluid_resistances": 1.2 / (3 * math.pi) * np.ones(4)}
    matrix = resistance_matrix(**case, order=order)
    assert matrix @ [10.0, 9.0, 8.0, 7.0] == pytest.approx(expected, rel=1e-6)


def _random_section(seed, pipes):
    """Pipes that neither touch nor leave the bore."""
    rng = np.random.default_rng(seed)
    bore, radius = 0.08, 0.016
    placed = []
    while len(placed) < pipes:
        x, y = rng.uniform(-bore, bore, 2)
        apart = all(math.hypot(x - a, y - b) > 2.05 * radius for a, b in placed)
        if math.hypot(x, y) < bore - 1.05 * radius and apart:
            placed.append((x, y))
    return placed, radius, bore, rng.uniform(0.02, 0.3), *rng.uniform(0.6, 4.0, 2)


@pytest.mark.parametrize("pipes", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_arrangements_as_pygfunction(seed, pipes):
    """Same order, other program: 1e-6 (its iteration stops at that)."""
    placed, radius, bore, film, grout, ground = _random_section(10 * seed + pipes, pipes)
    ours = resistance_matrix(placed, radius, bore, film * np.ones(pipes), grout, ground, 3)
    peer, _ = gt.pipes.thermal_resistances(
        placed, radius, bore, ground, grout, film * np.ones(pipes), J=3
    )
    assert ours == pytest.approx(peer, rel=2e-6, abs=2e-8)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), pipes=st.integers(2, 5), turn=st.floats(0.0, 6.3))
def test_symmetric_turnable_and_converging(seed, pipes, turn):
    placed, radius, bore, film, grout, ground = _random_section(seed, pipes)

    def matrix(positions, order):
        return resistance_matrix(
            positions, radius, bore, film * np.ones(pipes), grout, ground, order
        )

    best = matrix(placed, 14)
    assert best == pytest.approx(best.T, abs=1e-12)
    assert (np.linalg.eigvalsh(best) > 0).all()
    errors = [np.abs(matrix(placed, order) - best).max() for order in (0, 3, 8)]
    assert errors[2] < errors[1] < errors[0]
    cos, sin = math.cos(turn), math.sin(turn)
    turned = [(cos * x - sin * y, sin * x + cos * y) for x, y in placed]
    assert matrix(turned, 4) == pytest.approx(matrix(placed, 4), abs=1e-12)


def test_one_pipe_on_the_axis_is_a_ring():
    matrix = resistance_matrix([(0.0, 0.0)], 0.02, 0.07, [0.1], 1.5, 2.5, 5)
    assert matrix[0, 0] == pytest.approx(0.1 + math.log(0.07 / 0.02) / (3 * math.pi), rel=1e-12)


def test_asymmetry_without_symmetrising_is_rounding():
    """Reciprocity is a result, not a device: an eccentric pair of unequal pipes keeps it."""
    from diwen.sources.borehole.multipole import _multipoles

    z = np.array([0.03 + 0.01j, -0.04 - 0.02j])
    added = _multipoles(z, np.array([0.02, 0.015]), 0.08, 0.2, np.array([[0.5, 1.5]]), 6)
    assert added[0, 0, 1] == pytest.approx(added[0, 1, 0], rel=1e-10)


def test_many_films_are_computed_together():
    films = np.array([[0.2, 0.05], [0.1, 0.1], [1.0, 1.0], [0.1, 0.1]])
    case = {key: value for key, value in PAPER.items() if key != "fluid_resistances"}
    together = resistance_matrix(**case, fluid_resistances=films)
    for film, matrix in zip(films, together, strict=True):
        alone = resistance_matrix(**case, fluid_resistances=film)
        assert matrix == pytest.approx(alone, rel=1e-12)
