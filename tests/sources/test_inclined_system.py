"""Fields of inclined boreholes: the vertical limit, symmetry, invariance, the peer."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.sources.borefield import layouts
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.inclined_system import InclinedSystem, alike_inclined, inclined_system
from diwen.sources.borefield.segment_system import segment_system
from diwen.sources.borefield.segments import segment_ratios

DIFFUSIVITY = 1e-6
# Laplace variables of about a day, ten years and the steady state, 1/s.
SAMPLES = np.array([1e-5, 3e-9, 0.0])
RATIOS = segment_ratios(4, 0.05)


def ring(count: int, tilt: float = math.radians(20)) -> Boreholes:
    angle = 2 * math.pi * np.arange(count) / count
    return Boreholes.of(3 * np.cos(angle), 3 * np.sin(angle), 100, 2, 0.075, tilt, angle)


def response(system: InclinedSystem) -> np.ndarray:
    """g at uniform wall temperature, in the Laplace domain."""
    lengths = system.lengths
    matrices = system.matrices(SAMPLES)
    rates = np.linalg.solve(matrices, np.broadcast_to(lengths, matrices.shape[:2])[..., None])
    return lengths.sum() / (rates[..., 0] @ lengths)


def test_vertical_boreholes_give_what_the_vertical_engine_gives() -> None:
    field = Boreholes.of([0, 7, 3, 20], [0, 1, 8, 4], [150, 80, 120, 150], [4, 1, 2, 4], 0.075)
    ours = inclined_system(field, DIFFUSIVITY, 0.0, RATIOS, grouped=False).matrices(SAMPLES)
    theirs = segment_system(field, DIFFUSIVITY, 0.0, RATIOS, grouped=False).matrices(SAMPLES)
    np.testing.assert_allclose(ours, theirs, rtol=1e-8, atol=1e-10)


def test_boreholes_alike_are_joined_without_a_change() -> None:
    field = ring(6)
    joined = inclined_system(field, DIFFUSIVITY, 0.0, RATIOS)
    single = inclined_system(field, DIFFUSIVITY, 0.0, RATIOS, grouped=False)
    assert joined.size == 4
    assert single.size == 24
    np.testing.assert_allclose(response(joined), response(single), rtol=1e-10)
    np.testing.assert_allclose(joined.lengths.sum(), single.lengths.sum())


def test_a_leaning_borehole_breaks_the_symmetry() -> None:
    field = Boreholes.of([0, 6, 0, 6], [0, 0, 6, 6], 100, 2, 0.075, [0.2, 0.2, 0.2, 0.2],
                         [math.pi, 0, math.pi, 0])  # fmt: skip
    assert alike_inclined(field, np.zeros(4, int)).tolist() == [0, 0, 0, 0]
    turned = Boreholes.of(field.x, field.y, 100, 2, 0.075, 0.2, [math.pi, 0, math.pi, 1.0])
    assert len(np.unique(alike_inclined(turned, np.zeros(4, int)))) == 4
    zones = alike_inclined(field, np.array([0, 0, 1, 1]))
    assert zones[0] == zones[1] != zones[2] == zones[3]


@settings(max_examples=10, deadline=None)
@given(turn=st.floats(-3, 3), x=st.floats(-200, 200), y=st.floats(-200, 200))
def test_turning_and_shifting_change_nothing(turn: float, x: float, y: float) -> None:
    field = Boreholes.of([0, 6, 3], [0, 0, 5], [40, 60, 50], 2, 0.075, [0.1, 0.2, 0.0], [3, 0, 1])
    one = inclined_system(field, DIFFUSIVITY, 0.0, RATIOS)
    other = inclined_system(field.moved(x, y, turn), DIFFUSIVITY, 0.0, RATIOS)
    np.testing.assert_allclose(response(other), response(one), rtol=1e-7)


def test_a_vanishing_tilt_is_the_vertical_field() -> None:
    upright = Boreholes.at(layouts.rectangle(2, 2, 6.0), 80, 2, 0.075)
    leaning = Boreholes.at(layouts.rectangle(2, 2, 6.0), 80, 2, 0.075, 1e-6, [0, 1, 2, 3])
    one = inclined_system(leaning, DIFFUSIVITY, 0.0, RATIOS)
    np.testing.assert_allclose(
        response(one), response(inclined_system(upright, DIFFUSIVITY, 0.0, RATIOS)), rtol=1e-5
    )


def test_leaning_outwards_lowers_the_response() -> None:
    tilts = (0.0, 0.1, 0.3)
    late = [response(inclined_system(ring(6, t), DIFFUSIVITY, 0.0, RATIOS))[1] for t in tilts]
    assert late[0] > late[1] > late[2]


def test_a_ring_against_the_peer() -> None:
    peer = pytest.importorskip("pygfunction")
    from diwen.sources.borefield.laplace import invert, sample_points

    field, ratios = ring(4), segment_ratios()
    holes = [
        peer.boreholes.Borehole(100, 2, 0.075, x, y, tilt=math.radians(20), orientation=turn)
        for x, y, turn in zip(field.x, field.y, field.orientation, strict=True)
    ]
    times = np.geomspace(1e5, 3e9, 40)
    expected = peer.gfunction.gFunction(
        holes, DIFFUSIVITY, time=times, boundary_condition="UBWT", method="similarities",
        options={"mQuad": 21},
    ).gFunc  # fmt: skip
    s = sample_points(times[0], times[-1])
    system = inclined_system(field, DIFFUSIVITY, float(s.min()), ratios)
    lengths, matrices = system.lengths, system.matrices(s)
    rates = np.linalg.solve(matrices, np.broadcast_to(lengths, matrices.shape[:2])[..., None])
    values = invert(s, lengths.sum() / (rates[..., 0] @ lengths), times)
    # The peer's steps in time and its quadrature along the receivers carry a few tenths of a
    # percent.
    np.testing.assert_allclose(values[10:], expected[10:], rtol=4e-3)
