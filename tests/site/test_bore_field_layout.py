"""Layouts of bore fields and boreholes that cross."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from diwen.site.borehole import BoreholePosition
from diwen.site.crossing import crossing_pairs
from diwen.site.layouts import Layout

READ = TypeAdapter(Layout)


def hole(x: float, y: float, tilt: float = 0.0, orientation: float = 0.0) -> BoreholePosition:
    return BoreholePosition(x, y, 100.0, 1.0, 0.075, tilt, orientation)


@pytest.mark.parametrize(
    ("pattern", "count"),
    [("rectangle", 20), ("staggered", 20), ("L", 8), ("U", 11), ("box", 14)],
)
def test_number_of_boreholes(pattern: str, count: int) -> None:
    layout = READ.validate_python(
        {"pattern": pattern, "columns": 5, "rows": 4, "spacing": "6 m", "row_spacing": "5 m"}
    )
    positions = layout.coordinates()
    assert len(positions) == count
    assert len(set(positions)) == count
    assert max(y for _, y in positions) == pytest.approx(15)


def test_circle_and_free() -> None:
    circle = READ.validate_python({"pattern": "circle", "count": 8, "radius": "10 m"})
    assert all(math.hypot(x, y) == pytest.approx(10) for x, y in circle.coordinates())
    free = READ.validate_python({"pattern": "free", "x": ["0 m", "-3 m"], "y": ["0 m", "450 cm"]})
    assert free.coordinates() == [(0.0, 0.0), (-3.0, pytest.approx(4.5))]


def test_tilted_boreholes_that_meet_cross_and_their_mirror_does_not() -> None:
    towards = [hole(0, 0, 0.2, 0.0), hole(20, 0, 0.2, math.pi)]
    apart = [hole(0, 0, 0.2, math.pi), hole(20, 0, 0.2, 0.0)]
    assert [pair[:2] for pair in crossing_pairs(towards)] == [(0, 1)]
    assert crossing_pairs(apart) == []


def test_holes_one_above_the_other_do_not_cross() -> None:
    upper = BoreholePosition(0, 0, 50, 1, 0.075)
    lower = BoreholePosition(0, 0, 50, 60, 0.075)
    assert crossing_pairs([upper, lower]) == []
    deeper = BoreholePosition(0, 0, 50, 40, 0.075)
    assert crossing_pairs([upper, deeper]) == [(0, 1, 0.0)]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(-20, 20), st.floats(-20, 20), st.floats(0, 0.5), st.floats(-3, 3)),
        min_size=2,
        max_size=6,
    ),
    st.floats(-math.pi, math.pi),
    st.floats(-100, 100),
)
def test_turning_and_moving_the_field_changes_no_distance(
    rows: list[tuple[float, float, float, float]], angle: float, shift: float
) -> None:
    def wide(x: float, y: float, tilt: float, orientation: float) -> BoreholePosition:
        # Wide bores, so that many pairs are found and compared.
        return BoreholePosition(x, y, 100.0, 1.0, 5.0, tilt, orientation)

    cos, sin = math.cos(angle), math.sin(angle)
    field = [wide(*row) for row in rows]
    turned = [
        wide(cos * x - sin * y + shift, sin * x + cos * y - shift, tilt, orientation + angle)
        for x, y, tilt, orientation in rows
    ]
    one = {pair[:2]: pair[2] for pair in crossing_pairs(field)}
    two = {pair[:2]: pair[2] for pair in crossing_pairs(turned)}
    assume(all(abs(distance - 10) > 1e-6 for distance in [*one.values(), *two.values()]))
    one = {tuple(sorted(pair)): distance for pair, distance in one.items()}
    two = {tuple(sorted(pair)): distance for pair, distance in two.items()}
    assert one.keys() == two.keys()
    for pair, distance in one.items():
        assert two[pair] == pytest.approx(distance, abs=1e-6)
