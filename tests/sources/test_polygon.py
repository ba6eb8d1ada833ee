"""Boreholes inside polygons."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.polygon import Polygon, check_inside, fill_polygon

SQUARE = Polygon.of([(0, 0), (30, 0), (30, 30), (0, 30)])
L_SHAPE = Polygon.of([(0, 0), (60, 0), (60, 20), (20, 20), (20, 50), (0, 50)])


def smallest_distance(coordinates: list[tuple[float, float]]) -> float:
    plan = np.array(coordinates)
    apart = np.linalg.norm(plan[:, None] - plan[None], axis=2)
    return float(apart[np.triu_indices(len(plan), 1)].min())


def test_a_square_takes_its_full_grid() -> None:
    assert fill_polygon(SQUARE, 5.0).count == 49
    assert fill_polygon(SQUARE, 5.0, edge_distance=5.0).count == 25
    assert SQUARE.area == 900


@pytest.mark.parametrize("turn", [0.3, 1.2, 2.5])
def test_a_turned_square_takes_as_many(turn: float) -> None:
    cos, sin = math.cos(turn), math.sin(turn)
    turned = Polygon.of(SQUARE.corners @ np.array([[cos, sin], [-sin, cos]]) + 1000)
    pitch = fill_polygon(turned, 5.0)
    assert pitch.count == 49
    assert math.sin(2 * (pitch.angle - turn)) == pytest.approx(0, abs=1e-9)


def test_staggered_rows_take_more_at_the_same_distance() -> None:
    wide = Polygon.of([(0, 0), (200, 0), (200, 150), (0, 150)])
    dense = fill_polygon(wide, 7.0, pattern="staggered")
    assert dense.count > 1.1 * fill_polygon(wide, 7.0).count
    assert smallest_distance(dense.coordinates) == pytest.approx(7.0)


def test_obstacles_stay_free() -> None:
    obstacle = Polygon.of([(10, 10), (20, 10), (20, 20), (10, 20)])
    pitch = fill_polygon(SQUARE, 5.0, obstacles=[obstacle], angle=0.0)
    # 49 positions but the one in the middle; the eight on the obstacle's edge touch only.
    assert pitch.count == 48
    with pytest.raises(InputError, match="outside the polygon"):
        fill_polygon(SQUARE, 5.0, obstacles=[Polygon.of([(50, 0), (60, 0), (60, 9)])])


def test_an_l_shape_is_not_filled_in_its_notch() -> None:
    pitch = fill_polygon(L_SHAPE, 10.0, edge_distance=1.0)
    plan = np.array(pitch.coordinates)
    assert not ((plan[:, 0] > 19.5) & (plan[:, 1] > 19.5)).any()
    assert pitch.clearance >= 1.0 - 1e-9


@settings(max_examples=25, deadline=None)
@given(
    radii=st.lists(st.floats(10, 60), min_size=3, max_size=9),
    spacing=st.floats(4, 9),
    edge=st.floats(0, 2),
    pattern=st.sampled_from(["rectangular", "staggered"]),
)
def test_every_borehole_is_inside_and_keeps_its_distance(
    radii: list[float], spacing: float, edge: float, pattern: str
) -> None:
    angles = np.linspace(0, 2 * math.pi, len(radii), endpoint=False)
    outline = Polygon.of(
        np.array(radii)[:, None] * np.column_stack([np.cos(angles), np.sin(angles)])
    )
    step = math.radians(15)
    try:
        pitch = fill_polygon(outline, spacing, pattern=pattern, edge_distance=edge, angle_step=step)  # type: ignore[arg-type]
    except InputError:
        return
    assert outline.depth(np.array(pitch.coordinates)).min() >= edge - 1e-8
    if pitch.count > 1:
        assert smallest_distance(pitch.coordinates) >= spacing - 1e-8
    check_inside(Boreholes.at(pitch.coordinates, 100, 1, 0.075), outline, (), edge - 1e-8)


def test_depth_agrees_with_the_distance_to_sampled_edges() -> None:
    random = np.random.default_rng(3)
    points = random.uniform(-10, 70, (200, 2))
    corners = L_SHAPE.corners
    along = np.linspace(0, 1, 401)[:, None, None]
    edges = corners + along * (np.roll(corners, -1, axis=0) - corners)
    sampled = np.linalg.norm(points[:, None] - edges.reshape(1, -1, 2), axis=2).min(axis=1)
    inside = (points.min(axis=1) > 0) & (
        ((points[:, 0] < 60) & (points[:, 1] < 20)) | ((points[:, 0] < 20) & (points[:, 1] < 50))
    )
    np.testing.assert_allclose(np.abs(L_SHAPE.depth(points)), sampled, atol=0.08)
    np.testing.assert_array_equal(L_SHAPE.depth(points) > 0, inside)


def test_the_answer_is_the_same_each_time() -> None:
    one, two = (fill_polygon(L_SHAPE, 6.5, edge_distance=1.0) for _ in range(2))
    assert one.coordinates == two.coordinates


def test_boreholes_outside_are_named() -> None:
    field = Boreholes.of([5, 40, 15], [5, 5, 15], 100, 1, 0.075, [0, 0, 0.5], 0)
    with pytest.raises(InputError) as caught:
        check_inside(field, SQUARE)
    said = [problem.message.en for problem in caught.value.problems]
    assert said == [
        "the head of borehole 2 stands outside the polygon",
        "the foot of borehole 3 stands outside the polygon",
    ]
    assert caught.value.problems[1].message.zh == "3 号钻孔的孔底位于多边形之外"


@pytest.mark.parametrize(
    ("corners", "words"),
    [
        ([(0, 0), (1, 1)], "three corners"),
        ([(0, 0), (10, 10), (10, 0), (0, 10)], "edges 1 and 3 of the polygon cross"),
        ([(0, 0), (10, 0), (20, 0)], "no area"),
        ([(0, 0), (10, 0), (math.nan, 3)], "three corners"),
        ("abc", "three corners"),
    ],
)
def test_impossible_polygons(corners: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Polygon.of(corners)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"spacing": 0.0}, "above zero"),
        ({"spacing": math.nan}, "above zero"),
        ({"spacing": 5.0, "edge_distance": -1.0}, "below zero"),
        ({"spacing": 5.0, "edge_distance": 20.0}, "no borehole fits"),
        ({"spacing": 0.01}, "more than 200000"),
    ],
)
def test_impossible_patterns(given: dict[str, float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        fill_polygon(SQUARE, **given)
