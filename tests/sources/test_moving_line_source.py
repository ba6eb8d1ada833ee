"""Line sources in moving ground: limits that are known in closed form, and the heat equation."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import erfc, k0

from diwen.sources.ground.line_sources import (
    finite_line_source,
    finite_line_source_point,
    infinite_line_source,
)
from diwen.sources.ground.moving_line_source import (
    flow_angle,
    heat_transport_velocity,
    moving_finite_line_source,
    moving_finite_line_source_point,
    moving_finite_line_source_wall,
    moving_infinite_line_source,
    moving_infinite_line_source_wall,
)

A = 1e-6
YEAR = 31_557_600.0


@pytest.mark.parametrize("velocity", [1e-9, 1e-7, 3e-6])
@pytest.mark.parametrize(("x", "y"), [(0.1, 0.0), (-3.0, 1.0), (5.0, 0.0)])
def test_infinite_source_ends_as_a_bessel_function(velocity, x, y):
    """Steady state of Carslaw & Jaeger, § 10.7."""
    r = math.hypot(x, y)
    closed = math.exp(velocity * x / (2 * A)) * k0(velocity * r / (2 * A))
    late = moving_infinite_line_source(x, y, 1e4 * 4 * A / velocity**2, A, velocity)
    assert float(late) == pytest.approx(closed, abs=1e-9)
    steady = moving_infinite_line_source(x, y, math.inf, A, velocity)
    assert float(steady) == pytest.approx(closed, rel=1e-12)


def test_infinite_source_against_the_sum_over_time():
    """Instantaneous sources carried along, summed over the time since they were released."""
    x, y, u, t = 2.0, 0.7, 4e-7, 5e7

    def cloud(age):
        return 0.5 * math.exp(-((x - u * age) ** 2 + y * y) / (4 * A * age)) / age

    expected = quad(cloud, 0, t, points=[1e5, 1e6, 1e7], limit=500, epsabs=1e-11)[0]
    assert float(moving_infinite_line_source(x, y, t, A, u)) == pytest.approx(expected, abs=1e-9)


def test_point_of_finite_source_against_the_integral_over_depth():
    """Molina-Giraldo et al. (2011), their integral of moving point sources over the depth."""
    x, y, z, u, t, top, length = 4.0, -1.0, 12.0, 2e-7, 2e8, 2.0, 30.0

    def moving_point(d):
        root, shift = 2 * math.sqrt(A * t), u * t
        grow = d * u / (2 * A)
        return (
            math.exp(-grow) * erfc((d - shift) / root) + math.exp(grow) * erfc((d + shift) / root)
        ) / (4 * d)

    def source(own):
        near, far = math.hypot(x, y, z - own), math.hypot(x, y, z + own)
        return moving_point(near) - moving_point(far)

    expected = math.exp(u * x / (2 * A)) * quad(source, top, top + length, epsabs=1e-12)[0]
    got = moving_finite_line_source_point(x, y, z, t, A, u, length, top)
    assert float(got) == pytest.approx(expected, abs=1e-9)


def test_without_flow_it_is_the_ground_at_rest():
    times = np.array([1e5, 1e8, 1e10, math.inf])
    assert moving_finite_line_source(3, 4, times, A, 0.0, 80, 2, 50, 5) == pytest.approx(
        finite_line_source(5, times, A, 80, 2, 50, 5), abs=1e-9
    )
    assert moving_finite_line_source_wall(0.075, times, A, 0.0, 80, 2) == pytest.approx(
        finite_line_source(0.075, times, A, 80, 2), abs=1e-9
    )
    assert moving_finite_line_source_point(3, 4, 20, times, A, 0.0, 80, 2) == pytest.approx(
        finite_line_source_point(5, 20, times, A, 80, 2), abs=1e-9
    )
    assert float(moving_infinite_line_source(3, 4, 1e8, A, 0.0)) == pytest.approx(
        float(infinite_line_source(5, 1e8, A)), rel=1e-9
    )


def test_wall_is_the_mean_around_the_circle():
    radius, u, t = 0.3, 5e-6, 1e7
    angles = np.arange(24) * 2 * math.pi / 24
    points = [
        float(moving_infinite_line_source(radius * math.cos(w), radius * math.sin(w), t, A, u))
        for w in angles
    ]
    mean = float(moving_infinite_line_source_wall(radius, t, A, u))
    assert mean == pytest.approx(np.mean(points), rel=1e-9)


def test_deep_inside_a_long_source_it_is_the_infinite_one():
    u = 1e-6
    deep = moving_finite_line_source_point(5, 1, 500, math.inf, A, u, 1000, 0)
    assert float(deep) == pytest.approx(
        float(moving_infinite_line_source(5, 1, math.inf, A, u)), rel=1e-6
    )


def test_high_peclet_number_is_not_missed():
    """A plume 300 m downstream of a fast aquifer: e^x K0(x) tends to √(π/2x)."""
    u, x = 1e-4, 300.0
    late = float(moving_infinite_line_source(x, 0, 10 * x / u, A, u))
    assert late == pytest.approx(math.sqrt(math.pi * A / (u * x)), rel=1e-4)


def test_heat_equation_holds():
    """∂T/∂t + U ∂T/∂x = a ∇²T, by central differences at a point beside the source."""
    u, t, h = 3e-7, 3e7, 0.05

    def field(x, y, z, time):
        return float(moving_finite_line_source_point(x, y, z, time, A, u, 20, 2))

    x, y, z = 2.0, 1.5, 4.0
    here = field(x, y, z, t)
    ways = [(h, 0, 0), (0, h, 0), (0, 0, h)]
    around = [field(x + s * i, y + s * j, z + s * k, t) for i, j, k in ways for s in (1, -1)]
    laplacian = (sum(around) - 6 * here) / h**2
    rate = (field(x, y, z, 1.001 * t) - field(x, y, z, 0.999 * t)) / (0.002 * t)
    drift = u * (around[0] - around[1]) / (2 * h)
    assert rate + drift == pytest.approx(A * laplacian, rel=2e-3)


def test_upstream_is_less_disturbed_than_downstream():
    down = float(moving_finite_line_source(5, 0, 10 * YEAR, A, 3e-7, 100, 1))
    up = float(moving_finite_line_source(-5, 0, 10 * YEAR, A, 3e-7, 100, 1))
    assert down > 2 * up > 0
    # The two differ by e^{Ux/a}, whatever the time.
    assert down / up == pytest.approx(math.exp(3e-7 * 5 / A), rel=1e-8)


def test_velocity_and_direction():
    assert float(heat_transport_velocity(1e-6, 2.095e6)) == pytest.approx(2e-6)
    east, south = flow_angle(math.pi / 2), flow_angle(math.pi)
    assert east == pytest.approx(0)
    assert south == pytest.approx(-math.pi / 2)
    assert flow_angle(0) == pytest.approx(math.pi / 2)
