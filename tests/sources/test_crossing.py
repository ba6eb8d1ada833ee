"""Crossing boreholes, for users of arrays."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.borefield import Boreholes
from diwen.sources.borefield.crossing import borehole_ends, check_apart, segment_distance


def test_coincident_boreholes_are_named_from_one() -> None:
    field = Boreholes.of([0, 5, 0.0], [0, 0, 0], 100, 2, 0.075)
    with pytest.raises(InputError) as caught:
        check_apart(field)
    (problem,) = caught.value.problems
    assert problem.message.en == "boreholes 1 and 3 coincide"
    assert problem.message.zh == "1 号与 3 号钻孔重合"


def test_inclined_boreholes_that_cross_are_refused_and_parallel_ones_not() -> None:
    tilt = math.radians(20)
    towards = Boreholes.of([0, 10], [0, 0], 100, 1, 0.075, tilt, [0, math.pi])
    with pytest.raises(InputError, match="boreholes 1 and 2 come within"):
        check_apart(towards)
    check_apart(Boreholes.of([0, 10], [0, 0], 100, 1, 0.075, tilt, [0, 0]))


def test_of_many_pairs_five_are_shown_and_the_rest_counted() -> None:
    with pytest.raises(InputError) as caught:
        check_apart(Boreholes.of(np.zeros(5), np.zeros(5), 100, 2, 0.075))
    assert len(caught.value.problems) == 6
    assert caught.value.problems[-1].message.en == "5 more pairs of boreholes cross"


@given(
    ends=st.lists(
        st.tuples(*(st.floats(-50, 50) for _ in range(3))), min_size=4, max_size=4
    ).filter(lambda p: math.dist(p[0], p[1]) > 1 and math.dist(p[2], p[3]) > 1)
)
def test_no_point_pair_is_nearer_than_the_distance_of_the_segments(ends: list) -> None:
    one, other = np.array(ends[:2]), np.array(ends[2:])
    distance = segment_distance(one[None], other[None])[0]
    along = np.linspace(0, 1, 60)[:, None]
    sampled = np.linalg.norm(
        (one[0] + along * (one[1] - one[0]))[:, None]
        - (other[0] + along * (other[1] - other[0]))[None],
        axis=2,
    ).min()
    step = (np.linalg.norm(one[1] - one[0]) + np.linalg.norm(other[1] - other[0])) / 59
    # Axes within a millionth of a radian of each other count as parallel.
    assert sampled - step <= distance <= sampled + 1e-3


def test_ends_of_an_inclined_borehole() -> None:
    field = Boreholes.of(1, 2, 10, 3, 0.075, math.pi / 6, math.pi / 2)
    np.testing.assert_allclose(
        borehole_ends(field)[0], [[1, 2, 3], [1, 7, 3 + 5 * math.sqrt(3)]], atol=1e-12
    )
