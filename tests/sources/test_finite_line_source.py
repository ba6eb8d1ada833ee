"""Line and cylinder sources against published values and against their other forms."""

import math
from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import dblquad, quad
from scipy.special import erfc, jv, yv

from diwen.sources.ground.line_sources import (
    finite_line_source,
    finite_line_source_point,
    infinite_cylinder_source,
    infinite_line_source,
)

TIME_SCALE = 2.5e9  # H²/9a of the 150 m borehole
TIMES = np.array([0.1, 1.0, 10.0]) * TIME_SCALE
A = 1e-6


@pytest.mark.parametrize(
    ("mirror", "published"),
    [
        (True, [5.61855789, 6.41336758, 6.66933682]),
        (False, [5.63709751, 6.53190840, 7.03018840]),
    ],
)
def test_a_borehole_on_itself(mirror, published):
    """Values of pygfunction's tests (finite line source, 150 m)."""
    h = finite_line_source(0.075, TIMES, A, 150, 4, mirror=mirror)
    assert h == pytest.approx(published, abs=2e-8)


def test_steady_state_is_closed():
    assert float(finite_line_source(0.075, math.inf, A, 150, 4)) == pytest.approx(
        6.68879600214517, abs=1e-9
    )
    late = float(finite_line_source(0.075, 1e15, A, 150, 4))
    assert late == pytest.approx(6.68879600214517, abs=1e-6)


def test_unequal_boreholes():
    h = finite_line_source(math.hypot(3, 5), [*TIMES, math.inf], A, 150, 4, 35, 4)
    assert h == pytest.approx([1.17030420, 1.62660428, 1.72510234, 1.7307294312], abs=2e-8)


def test_matrix_of_three_boreholes():
    holes = [(150, 4, 0.075, -1, -2), (88, 2, 0.065, 5, 3), (177, 5, 0.085, -1, 7)]
    published = [
        [6.37361733, 1.00243165, 1.75179834],
        [1.70869031, 6.17773914, 1.78839136],
        [1.48457487, 0.88914372, 6.32534129],
    ]
    time = np.mean([h[0] for h in holes]) ** 2 / (9 * A)
    for i, (length, top, radius, x, y) in enumerate(holes):
        for j, other in enumerate(holes):
            d = radius if i == j else math.hypot(x - other[3], y - other[4])
            h = float(finite_line_source(d, time, A, other[0], other[1], length, top))
            assert h == pytest.approx(published[i][j], abs=2e-8)


@pytest.mark.parametrize("depth", [1.0, 4.0, 30.0, 60.0])
def test_point_against_the_sum_of_point_sources(depth):
    time, r, top, length = 3e8, 2.0, 4.0, 40.0
    root = math.sqrt(4 * A * time)

    def source(z):
        near, far = math.hypot(r, depth - z), math.hypot(r, depth + z)
        return 0.5 * (erfc(near / root) / near - erfc(far / root) / far)

    inside = [depth] if top < depth < top + length else None
    expected = quad(source, top, top + length, points=inside, epsabs=1e-12, limit=200)[0]
    got = float(finite_line_source_point(r, depth, time, A, length, top))
    assert got == pytest.approx(expected, abs=1e-10)


def test_mean_is_the_mean_of_points():
    def point(z):
        return float(finite_line_source_point(3.0, z, 1e9, A, 50, 2))

    mean = quad(point, 5, 30, epsabs=1e-9)[0] / 25
    assert float(finite_line_source(3.0, 1e9, A, 50, 2, 25, 5)) == pytest.approx(mean, abs=1e-8)


def test_point_and_mean_reach_the_infinite_line():
    infinite = float(infinite_line_source(0.5, 1e6, A))
    assert float(finite_line_source_point(0.5, 500, 1e6, A, 1000, 0)) == pytest.approx(
        infinite, rel=1e-10
    )
    published = 0.5 * 3.35470778330971  # E1(0.02), Abramowitz & Stegun table 5.1
    assert float(infinite_line_source(math.sqrt(0.08), 1.0, 1.0)) == pytest.approx(published)


@pytest.mark.parametrize(("fourier", "ratio"), [(0.01, 1.0), (1.0, 1.0), (10.0, 2.0), (1e4, 5.0)])
def test_cylinder_against_the_integral_of_carslaw_and_jaeger(fourier, ratio):
    def integrand(u):
        b = math.exp(u)
        wave = jv(0, ratio * b) * yv(1, b) - jv(1, b) * yv(0, ratio * b)
        return math.expm1(-b * b * fourier) * wave / (jv(1, b) ** 2 + yv(1, b) ** 2) / b

    ends = np.linspace(-18, 7, 500)
    pieces = [quad(integrand, a, b)[0] for a, b in pairwise(ends)]
    ingersoll = sum(pieces) / math.pi**2
    h = float(infinite_cylinder_source(ratio * 0.1, fourier * 0.01 / A, A, 0.1))
    # The integral is cut at e^7: what is left out is about e^-7/π².
    assert h == pytest.approx(2 * math.pi * ingersoll, abs=2e-3 if ratio == 1.0 else 2e-5)


def test_cylinder_against_the_published_fit():
    """Cooper (1976) G(Fo = 1, 1), as used by Bernier (2001): log10 G = -0.89129, good to 1 %."""
    h = float(infinite_cylinder_source(0.1, 0.01 / A, A, 0.1))
    assert h / (2 * math.pi) == pytest.approx(10**-0.89129, rel=1e-2)


def test_cylinder_becomes_a_line():
    line = float(infinite_line_source(0.1, 1e10, A))
    assert float(infinite_cylinder_source(0.1, 1e10, A, 0.1)) == pytest.approx(line, rel=1e-5)


def test_double_integral_of_the_kernel():
    """Mean over the receiver of the sum of point sources, an integral over both depths."""
    time, d = 5e8, 4.0
    root = math.sqrt(4 * A * time)

    def source(z, own):
        near, far = math.hypot(d, own - z), math.hypot(d, own + z)
        return 0.5 * (erfc(near / root) / near - erfc(far / root) / far)

    expected = dblquad(source, 3, 23, 5, 45, epsabs=1e-8)[0] / 20
    assert float(finite_line_source(d, time, A, 40, 5, 20, 3)) == pytest.approx(expected, abs=1e-8)
