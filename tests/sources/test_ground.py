"""The ground at rest against formulas of the literature and a numerical solution."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.linalg import solve_banded

from diwen.problems import InputError
from diwen.sources.ground.layers import (
    DAY,
    YEAR,
    Ground,
    Layers,
    SurfaceWave,
    mean_yearly_wave,
    yearly_wave,
)

THREE = Layers.of([0, 10, 60], [1.0, 2.0, 3.0], [2.0e6, 2.5e6, 2.2e6])


def test_means_by_thickness():
    assert THREE.mean_conductivity(0, 100) == pytest.approx((10 + 100 + 120) / 100)
    assert THREE.mean_conductivity(5, 15) == pytest.approx(1.5)
    assert THREE.mean_conductivity(70, 80) == 3.0
    assert THREE.mean_heat_capacity(0, 20) == pytest.approx(2.25e6)
    assert THREE.mean_diffusivity(5, 15) == pytest.approx(1.5 / 2.25e6)


def test_profile_is_straight_inside_each_layer():
    ground = Ground(THREE, 12.0, 0.06)
    assert ground.temperature([0, 10, 60, 100]) == pytest.approx(
        [12, 12.6, 12.6 + 1.5, 12.6 + 1.5 + 0.8]
    )
    assert ground.gradient([5, 20, 90]) == pytest.approx([0.06, 0.03, 0.02])
    points = [0, 10, 60, 130]
    mean = quad(lambda z: float(ground.temperature(z)), 3, 130, points=points)[0] / 127
    assert ground.mean_temperature(3, 130) == pytest.approx(mean, rel=1e-9)


def test_gradient_is_the_mean_one():
    ground = Ground.with_gradient(THREE, 10.0, 0.03, 100)
    assert float(ground.temperature(100)) == pytest.approx(13.0)
    uniform = Ground.with_gradient(Layers.of(0, 2.0, 2e6), 10.0, 0.03, 100)
    assert uniform.heat_flux == pytest.approx(0.06)


@pytest.mark.parametrize("depth", [0.0, 1.5, 4.0, 12.0])
@pytest.mark.parametrize("day", [1.5, 40.0, 200.0])
def test_uniform_ground_is_the_formula_of_kusuda(depth, day):
    """Kusuda & Achenbach (1965), with days and feet replaced by SI units."""
    layers = Layers.of(0, 1.4, 2e6)
    ground = Ground(layers, 11.0, wave=SurfaceWave.of_day(9.0, 35))
    a = 1.4 / 2e6 * DAY  # m²/day
    year, t0 = 365.25, 34.5
    lag = depth / 2 * math.sqrt(year / (math.pi * a))
    expected = 11.0 - 9.0 * math.exp(-depth * math.sqrt(math.pi / (year * a))) * math.cos(
        2 * math.pi / year * (day - t0 - lag)
    )
    assert float(ground.temperature(depth, day * DAY)) == pytest.approx(expected, abs=1e-10)


def test_damping_depth():
    """1/e after √(aP/π): 2.6 m for 0.7 mm²/s (a yearly wave reaches about 10 m)."""
    wave = SurfaceWave(10.0, 0.0)
    assert wave.damping_depth(0.7e-6) == pytest.approx(2.652, abs=0.001)
    amplitude = abs(yearly_wave(Layers.of(0, 1.4, 2e6), 2.652))
    assert float(amplitude) == pytest.approx(1 / math.e, rel=1e-3)


def test_same_layers_are_one_layer():
    cut = Layers.of([0, 1, 3, 7.5], 1.4, 2e6)
    depth = np.linspace(0, 20, 41)
    assert yearly_wave(cut, depth) == pytest.approx(yearly_wave(Layers.of(0, 1.4, 2e6), depth))


def finite_differences(layers, depth, times, amplitude, period):
    """Implicit finite volumes to 40 m from the mean, started three years before."""
    size = 0.05
    centre = (np.arange(800) + 0.5) * size
    layer = np.searchsorted(layers.top, centre, side="right") - 1
    k, c = layers.conductivity[layer], layers.heat_capacity[layer]
    between = 2 / (1 / k[1:] + 1 / k[:-1]) / size
    step = DAY / 2
    bands = np.zeros((3, 800))
    bands[1] = c * size / step
    bands[1, :-1] += between / 2
    bands[1, 1:] += between / 2
    bands[1, 0] += k[0] / size
    bands[0, 1:] = bands[2, :-1] = -between / 2
    t, now, values = np.zeros(800), -4 * period, []
    for end in times:
        while now < end - 1:
            flow = between * np.diff(t)
            right = c * size / step * t
            right[:-1] += flow / 2
            right[1:] -= flow / 2
            before, after = (
                -amplitude * math.cos(2 * math.pi * x / period) for x in (now, now + step)
            )
            right[0] += k[0] / size * (before + after - t[0])
            t = solve_banded((1, 1), bands, right)
            now += step
        values.append(np.interp(depth, centre, t))
    return np.array(values)


def test_layered_wave_against_finite_differences():
    layers = Layers.of([0, 1.0, 3.5], [0.5, 2.5, 1.2], [1.3e6, 2.4e6, 3.0e6])
    ground = Ground(layers, 0.0, wave=SurfaceWave(10.0, 0.0, 365 * DAY))
    depth = np.array([0.475, 0.975, 1.025, 2.025, 3.475, 6.025, 10.025])  # middles of volumes
    times = np.array([0.0, 91.0, 200.0]) * DAY
    numerical = finite_differences(layers, depth, times, 10.0, 365 * DAY)
    assert ground.temperature(depth, times[:, None]) == pytest.approx(numerical, abs=0.01)


@given(st.floats(0, 30), st.floats(0.5, 100), st.floats(0, 400))
def test_mean_is_the_mean_of_the_profile(top, length, day):
    layers = Layers.of([0, 2, 9], [0.8, 2.4, 1.5], [1.5e6, 2.5e6, 2e6])
    ground = Ground(layers, 12.0, 0.05, SurfaceWave.of_day(12.0, 20))
    edges = np.unique([top, top + length, *[d for d in (2, 9) if top < d < top + length]])
    mean = 0.0
    node, weight = np.polynomial.legendre.leggauss(60)
    for a, b in pairwise(edges):
        z = 0.5 * (a + b) + 0.5 * (b - a) * node
        mean += 0.5 * (b - a) * float(weight @ ground.temperature(z, day * DAY))
    mean /= edges[-1] - edges[0]
    assert ground.mean_temperature(edges[0], edges[-1], day * DAY) == pytest.approx(mean, abs=1e-6)


def test_deep_ground_knows_no_season_and_a_year_later_is_the_same():
    ground = Ground(THREE, 12.0, 0.05, SurfaceWave.of_day(12.0, 20))
    assert float(ground.temperature(50, 0.3 * YEAR)) == pytest.approx(
        float(ground.temperature(50)), abs=1e-5
    )
    here = ground.temperature([1, 5], 0.3 * YEAR)
    assert ground.temperature([1, 5], 7.3 * YEAR) == pytest.approx(here, abs=1e-9)
    assert abs(mean_yearly_wave(THREE, 0, 100)) < abs(mean_yearly_wave(THREE, 0, 10))


def test_mean_from_a_response_test_and_contradictions():
    ground = Ground(THREE, 12.0, 0.05).with_mean(15.0, 1, 121)
    assert ground.mean_temperature(1, 121) == pytest.approx(15.0)
    assert ground.heat_flux == 0.05
    assert ground.check_mean(15.1, 1, 121, 0.2) == ()
    (warning,) = ground.check_mean(16.0, 1, 121, 0.2)
    assert warning.severity == "warning"
    assert "14.80" in warning.to("en")


def test_bad_layers_are_told_at_once():
    with pytest.raises(InputError) as caught:
        Layers.of([1, 5, 4], [1.0, 0.0, 2.0], [1e6, 2e6])
    assert len(caught.value.problems) == 4
    with pytest.raises(InputError, match="empty"):
        THREE.mean_conductivity(50, 50)
