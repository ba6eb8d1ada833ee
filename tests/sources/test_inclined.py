"""Inclined line sources against Lazzarotto's example, pygfunction and closed forms."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.crossing import borehole_ends
from diwen.sources.borefield.inclined import (
    finite_line_source_inclined,
    inclined_step_kernel,
    split,
)

DIFFUSIVITY = 1e-6


def test_two_inclined_boreholes_of_lazzarotto() -> None:
    # Lazzarotto (2016); numbers of pygfunction's tests, whose 11 to 21 nodes suffice here.
    pair = Boreholes.of([3, 0], [1.5, 5], 20, [5, 25], 0.075, math.pi / 15, [0, 4 * math.pi / 3])
    times = np.array([0.1, 1, 10, 100, np.inf]) * 400 / 9e-6
    response = finite_line_source_inclined(pair, DIFFUSIVITY, times)
    expected = [2.03508637e-4, 5.57926234e-2, 0.265993224, 0.325925673, 0.32901256907]
    np.testing.assert_allclose(response[1, 0], expected, rtol=1e-7)
    np.testing.assert_allclose(response[0, 1], response[1, 0], rtol=1e-12)  # equal lengths


def test_inclined_on_itself_where_the_peer_is_refined() -> None:
    own = Boreholes.of(0, 0, 150, 4, 0.075, math.pi / 6)
    times = np.array([0.1, 1, 10, np.inf]) * 150**2 / 9e-6
    response = finite_line_source_inclined(own, DIFFUSIVITY, times)[0, 0]
    # pygfunction with 801 nodes along the receiver.
    np.testing.assert_allclose(
        response[:3], [5.614072204891991, 6.387001158230105, 6.612370007109109], rtol=1e-9
    )
    # The usual reference numbers come of 21 nodes, which are too few for a wall 75 mm away.
    published = [5.61499596, 6.38792491, 6.61329376, 6.628532759512739]
    np.testing.assert_allclose(response, published, atol=1e-3)


def test_vertical_boreholes_of_unequal_length() -> None:
    # pygfunction, heat_transfer_test.py: finite line source of three unequal boreholes.
    field = Boreholes.of([-1, 5, -1], [-2, 3, 7], [150, 88, 177], [4, 2, 5], [0.075, 0.065, 0.085])
    expected = [
        [6.37361733, 1.00243165, 1.75179834],
        [1.70869031, 6.17773914, 1.78839136],
        [1.48457487, 0.88914372, 6.32534129],
    ]
    time = field.characteristic_time(DIFFUSIVITY)
    response = finite_line_source_inclined(field, DIFFUSIVITY, time)[:, :, 0]
    np.testing.assert_allclose(response, expected, rtol=1e-8)


def test_random_inclined_fields_against_a_refined_peer() -> None:
    peer = pytest.importorskip("pygfunction")
    random = np.random.default_rng(7)
    field = Boreholes.of(
        [0, 8, 16.0], random.uniform(-2, 2, 3), random.uniform(30, 80, 3), [2, 3, 4], 0.07,
        random.uniform(0, 0.3, 3), math.pi / 2 + random.uniform(-0.5, 0.5, 3),
    )  # fmt: skip
    theirs = [
        peer.boreholes.Borehole(h, d, r, x, y, tilt=tilt, orientation=turn)
        for x, y, h, d, r, tilt, turn in zip(
            field.x, field.y, field.length, field.buried_depth, field.radius, field.tilt,
            field.orientation, strict=True,
        )
    ]  # fmt: skip
    ours = finite_line_source_inclined(field, DIFFUSIVITY, [3e8])[:, :, 0]
    source = peer.heat_transfer.finite_line_source
    for i, j in product(range(3), repeat=2):
        if i != j:
            expected = source(3e8, DIFFUSIVITY, theirs[j], theirs[i], M=101)
            assert ours[i, j] == pytest.approx(expected, rel=1e-7)


def test_segments_sum_to_the_borehole() -> None:
    # A borehole cut in pieces that carry the same rate is the whole borehole again.
    field = Boreholes.of([0, 3], [0, 1], [40, 60], [1, 2], 0.075, [0.2, 0.35], [2.0, 0.3])
    whole = finite_line_source_inclined(field, DIFFUSIVITY, [1e6, 1e8])
    parts, owner = split(field, [0.1, 0.3, 0.4, 0.2])
    pieces = finite_line_source_inclined(parts, DIFFUSIVITY, [1e6, 1e8], owner)
    weight = np.where(owner == np.arange(2)[:, None], parts.length, 0.0)
    joined = np.einsum("ai,ijt,bj->abt", weight, pieces, weight > 0)
    joined /= field.length[:, None, None]
    np.testing.assert_allclose(joined, whole, rtol=1e-7)


def test_segments_lie_on_the_borehole() -> None:
    field = Boreholes.of(1, 2, 50, 3, 0.075, 0.4, 1.1)
    parts, owner = split(field, [0.25, 0.5, 0.25])
    ends, pieces = borehole_ends(field)[0], borehole_ends(parts)
    np.testing.assert_allclose(pieces[0, 0], ends[0])
    np.testing.assert_allclose(pieces[1:, 0], pieces[:-1, 1])
    np.testing.assert_allclose(pieces[-1, 1], ends[1])
    assert owner.tolist() == [0, 0, 0]


@settings(max_examples=15, deadline=None)
@given(turn=st.floats(-4, 4), x=st.floats(-500, 500), y=st.floats(-500, 500))
def test_turning_and_shifting_the_field_changes_nothing(turn: float, x: float, y: float) -> None:
    field = Boreholes.of([0, 6, 3], [0, 0, 5], [40, 60, 50], 2, 0.075, [0.1, 0.2, 0.0], [3, 0, 1])
    sigma = [0.01, 0.1, 1.0]
    there = inclined_step_kernel(field.moved(x, y, turn), np.arange(3), sigma)
    here = inclined_step_kernel(field, np.arange(3), sigma)
    np.testing.assert_allclose(there, here, rtol=1e-7, atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(distance=st.floats(1, 50), depth=st.floats(0, 30), length=st.floats(5, 300))
def test_a_vanishing_tilt_is_the_vertical(distance: float, depth: float, length: float) -> None:
    sigma = [0.003, 0.05, 0.5]
    upright = Boreholes.of([0, distance], 0, [length, 40], [depth, 1], 0.075)
    leaning = Boreholes.of([0, distance], 0, [length, 40], [depth, 1], 0.075, 2e-6, [0, 1])
    one = inclined_step_kernel(upright, np.arange(2), sigma)
    two = inclined_step_kernel(leaning, np.arange(2), sigma)
    np.testing.assert_allclose(two, one, rtol=2e-3, atol=1e-6)
