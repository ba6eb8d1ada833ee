"""Heads of a circulation well: published numbers, a finer grid, TimML, laws that must hold."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.aquifer import (
    Aquifer,
    DipoleHeads,
    Screen,
    ScreenPair,
    interaction_decay,
    short_form_rise,
)

Q = 30.0 / 3600.0
AQUIFER = Aquifer(10.0, 60.0, 1e-4, 1e-4)
PAIR = ScreenPair(Screen(12.0, 30.0), Screen(42.0, 58.0))
EVEN_FLUX = DipoleHeads.of(AQUIFER, PAIR, 0.15, even_head=False)
EVEN_HEAD = DipoleHeads.of(AQUIFER, PAIR, 0.15)


def test_the_published_heads():
    r = [1.0, 5.0, 5.0, 5.0, 20.0, 40.0]
    depth = np.array([10.0, 10.0, 25.0, 35.0, 5.0, 5.0]) + 10.0
    expected = [2.0441, 0.90124, 0.04089, -0.73344, 0.21899, 0.04641]
    np.testing.assert_allclose(EVEN_FLUX.head(r, depth, Q), expected, rtol=1e-3)
    means = EVEN_FLUX.screen_means(Q)
    assert means.injection == pytest.approx(3.2181, rel=1e-4)
    assert means.extraction == pytest.approx(-3.5644, rel=1e-4)


def test_shape_factor_and_seal_of_the_base_well():
    """Screens 12-30 and 40-58 m in an aquifer from 10 to 70 m: G 0.0387 1/m."""
    pair = ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0))
    field = DipoleHeads.of(Aquifer(10.0, 70.0, 1e-4, 1e-4), pair, 0.15, even_head=False)
    assert field.shape_factor == pytest.approx(0.0387, rel=0.01)
    assert field.screen_means(Q).difference / pair.seal.length == pytest.approx(0.63, rel=0.01)
    assert EVEN_FLUX.shape_factor == pytest.approx(3.2181 * 1e-4 / Q, rel=1e-4)
    assert EVEN_FLUX.extraction_shape_factor == pytest.approx(3.5644 * 1e-4 / Q, rel=1e-4)


# Steady finite volumes with an even head in each screen, 150 radial cells and cells from a tenth
# of the radius at the ends of the screens: depth of roof 0, screens, radius, two screen heads.
FINE_GRID = [
    (50.0, (2, 20), (32, 48), 0.15, 3.16741, -3.50735, 0.002),
    (50.0, (2, 20), (32, 48), 0.05, 3.97928, -4.41937, 0.002),
    (100.0, (5, 45), (60, 95), 0.10, 1.78075, -2.01000, 0.002),
    (60.0, (2, 20), (30, 48), 0.15, 3.18260, -3.00717, 0.002),
    (30.0, (2, 7), (20, 26), 0.30, 6.82817, -5.78243, 0.02),
]


@pytest.mark.parametrize(("bottom", "into", "out", "radius", "rise", "fall", "within"), FINE_GRID)
def test_even_heads_against_a_fine_grid(bottom, into, out, radius, rise, fall, within):
    pair = ScreenPair(Screen(*into), Screen(*out))
    found = DipoleHeads.of(Aquifer(0.0, bottom, 1e-4, 1e-4), pair, radius).screen_means(Q)
    assert found.injection == pytest.approx(rise, rel=within)
    assert found.extraction == pytest.approx(fall, rel=within)


def test_images_and_series_are_one_field():
    r = np.linspace(1.0, 24.0, 40)[:, None]
    z = np.linspace(0.0, 50.0, 31)[None, :]
    rho, deep = (a.ravel() for a in np.broadcast_arrays(r, z))
    for field in (EVEN_FLUX, EVEN_HEAD):
        one, two = field._images.potential(rho, deep), field._series.potential(rho, deep)
        np.testing.assert_allclose(one, two, atol=1e-10)
        first, second = field._images.gradient(rho, deep), field._series.gradient(rho, deep)
        np.testing.assert_allclose(first, second, atol=1e-10)


@pytest.mark.parametrize("field", [EVEN_FLUX, EVEN_HEAD])
def test_the_gradient_is_that_of_the_head(field):
    r, depth = np.array([0.5, 3.0, 15.0, 30.0, 60.0]), np.array([13.0, 31.0, 45.0, 50.0, 22.0])
    step = 1e-5
    by_r = (field.head(r + step, depth, Q) - field.head(r - step, depth, Q)) / (2 * step)
    by_z = (field.head(r, depth + step, Q) - field.head(r, depth - step, Q)) / (2 * step)
    along_r, along_z = field.gradient(r, depth, Q)
    np.testing.assert_allclose(along_r, by_r, rtol=1e-5, atol=1e-9)
    np.testing.assert_allclose(along_z, by_z, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("vertical", [1e-4, 1e-5, 3e-4])
def test_all_water_passes_from_zone_to_zone(vertical):
    """The flux through a plane in the seal, and out of a cylinder around the upper screen."""
    aquifer = Aquifer(10.0, 60.0, 1e-4, vertical)
    field = DipoleHeads.of(aquifer, PAIR, 0.15)
    nodes, weights = np.polynomial.legendre.leggauss(60)
    edges = np.concatenate([[0.15], np.geomspace(0.3, 600.0, 12)])
    half = 0.5 * np.diff(edges)[:, None]
    r = (edges[:-1, None] + half + half * nodes).ravel()
    _, down = field.darcy_flux(r, 36.0, Q)
    through = float((2 * math.pi * r * down) @ (half * weights).ravel())
    # The disc inside the bore is no ground: even a field of sources on its axis has flux there.
    assert through == pytest.approx(Q, rel=0.002)
    z = 10.0 + 13.0 * (nodes + 1.0)
    outwards, _ = field.darcy_flux(2.0, z, Q)
    _, below = field.darcy_flux(1.0 + nodes, np.full(60, 36.0), Q)
    out = 4 * math.pi * float(outwards @ weights) * 13.0
    lid = 2 * math.pi * float((below * (1.0 + nodes)) @ weights)
    assert out + lid == pytest.approx(Q, rel=0.005)


def test_roof_and_floor_are_tight_and_outside_is_nothing():
    _, down = EVEN_HEAD.gradient([1.0, 5.0, 30.0], np.array([[10.0], [60.0]]), Q)
    assert np.abs(down).max() < 1e-9
    assert np.isnan(EVEN_HEAD.head(5.0, [9.0, 61.0], Q)).all()


def test_the_wall_of_the_bore_is_the_nearest_place():
    assert EVEN_HEAD.head(0.0, 20.0, Q) == EVEN_HEAD.head(0.15, 20.0, Q)


@settings(max_examples=30, deadline=None)
@given(
    top=st.floats(0.5, 8.0),
    first=st.floats(3.0, 15.0),
    seal=st.floats(1.0, 10.0),
    second=st.floats(3.0, 15.0),
    ratio=st.floats(0.02, 1.0),
    even=st.booleans(),
)
def test_reciprocity_scaling_and_mirror(top, first, seal, second, ratio, even):
    a, b = 10.0 + top, 10.0 + top + first + seal
    pair = ScreenPair(Screen(a, a + first), Screen(b, b + second))
    aquifer = Aquifer(10.0, 65.0, 1e-4, ratio * 1e-4)
    field = DipoleHeads.of(aquifer, pair, 0.12, even_head=even)
    r, depth = np.array([0.5, 6.0, 40.0]), np.array([15.0, 35.0, 60.0])
    # Reversed flow and exchanged screens are the same.
    turned = DipoleHeads.of(
        aquifer, ScreenPair(pair.extraction, pair.injection), 0.12, even_head=even
    )
    np.testing.assert_allclose(turned.head(r, depth, Q), field.head(r, depth, -Q), atol=1e-9)
    # Twice the conductivity in both directions: half the head.
    twice = DipoleHeads.of(Aquifer(10.0, 65.0, 2e-4, 2 * ratio * 1e-4), pair, 0.12, even_head=even)
    np.testing.assert_allclose(2 * twice.head(r, depth, Q), field.head(r, depth, Q), rtol=1e-9)
    # All lengths times three: a third of the head.
    grown = DipoleHeads.of(
        Aquifer(30.0, 195.0, 1e-4, ratio * 1e-4),
        ScreenPair(Screen(3 * a, 3 * (a + first)), Screen(3 * b, 3 * (b + second))),
        0.36,
        even_head=even,
    )
    np.testing.assert_allclose(
        3 * grown.head(3 * r, 3 * depth, Q), field.head(r, depth, Q), rtol=1e-8
    )
    # Upside down.
    flipped = ScreenPair(Screen(75.0 - a - first, 75.0 - a), Screen(75.0 - b - second, 75.0 - b))
    mirror = DipoleHeads.of(aquifer, flipped, 0.12, even_head=even)
    np.testing.assert_allclose(mirror.head(r, 75.0 - depth, Q), field.head(r, depth, Q), atol=1e-8)
    # The anisotropy is a stretching of the radius, at K = Kr.
    round_one = DipoleHeads.of(
        Aquifer(10.0, 65.0, 1e-4, 1e-4), pair, 0.12 * math.sqrt(ratio), even_head=even
    )
    np.testing.assert_allclose(
        round_one.head(r * math.sqrt(ratio), depth, Q), field.head(r, depth, Q), rtol=1e-9
    )


@settings(max_examples=20, deadline=None)
@given(seal=st.floats(1.0, 14.0), more=st.floats(1.0, 10.0))
def test_a_longer_seal_needs_more_head_and_an_even_head_less(seal, more):
    aquifer = Aquifer(0.0, 60.0, 1e-4, 1e-4)

    def field(gap, even=True):
        pair = ScreenPair(
            Screen(30 - gap / 2 - 12, 30 - gap / 2), Screen(30 + gap / 2, 30 + gap / 2 + 12)
        )
        return DipoleHeads.of(aquifer, pair, 0.15, even_head=even)

    assert field(seal + more).screen_heads.difference > field(seal).screen_heads.difference
    # The even head spends the least power of all distributions of the flux.
    assert field(seal).screen_heads.difference < field(seal, even=False).screen_heads.difference


def test_a_layer_of_wells_in_timml():
    """Model3D of TimML, 50 layers of 1 m, one well a layer with even flux: heads within 3 %."""
    timml = pytest.importorskip("timml")
    model = timml.Model3D(kaq=8.64, z=np.arange(50.0, -1.0, -1.0), kzoverkh=0.2)
    for layers, flow in ((range(2, 20), -720.0 / 18), (range(32, 48), 720.0 / 16)):
        for layer in layers:
            timml.Well(model, 0.0, 0.0, Qw=flow, rw=0.15, layers=layer)
    model_aquifer = Aquifer(0.0, 50.0, 1e-4, 2e-5)
    model.solve(silent=True)
    pair = ScreenPair(Screen(2.0, 20.0), Screen(32.0, 48.0))
    field = DipoleHeads.of(model_aquifer, pair, 0.15, even_head=False)
    for r in (5.0, 15.0, 40.0):
        theirs = np.asarray(model.head(r, 0.0)).ravel()
        ours = field.head(r, np.arange(50) + 0.5, Q)
        assert np.abs(ours - theirs).max() < 0.03 * np.abs(theirs).max()
    at_wall = np.asarray(model.head(0.15, 0.0)).ravel()
    assert field.screen_means(Q).injection == pytest.approx(at_wall[2:20].mean(), rel=0.03)
    assert field.screen_means(Q).extraction == pytest.approx(at_wall[32:48].mean(), rel=0.03)


def test_the_short_form_is_on_the_safe_side():
    for gap in (3.0, 9.0, 18.0):
        pair = ScreenPair(Screen(10.0, 22.0), Screen(22.0 + gap, 34.0 + gap))
        field = DipoleHeads.of(Aquifer(0.0, 60.0, 1e-4, 1e-4), pair, 0.15)
        short = float(short_form_rise(Q, 1e-4, 12.0, 0.15, 12.0 + gap))
        assert 1.0 < short / field.screen_means(Q).injection < 1.15


def test_wells_do_not_feel_each_other_far_away():
    np.testing.assert_allclose(
        interaction_decay([50.0, 100.0], AQUIFER), [0.030, 0.0009], rtol=0.05
    )
    near, far = EVEN_HEAD.head([25.0, 75.0], 20.0, Q)
    assert far / near < 0.1


def test_flat_ground_carries_heads_farther():
    """The decay is that of the field itself far from the well, in ground with Kz of a tenth."""
    flat = Aquifer(10.0, 60.0, 1e-4, 1e-5)
    field = DipoleHeads.of(flat, PAIR, 0.15)
    reach = 50.0 * math.sqrt(10.0)
    near, far = field.head([1.5 * reach, 2.5 * reach], 15.0, Q)
    one, other = interaction_decay([1.5 * reach, 2.5 * reach], flat)
    assert far / near == pytest.approx(other / one, rel=0.01)
    assert interaction_decay(reach, flat) == pytest.approx(0.030, rel=0.05)


def test_the_short_form_knows_flat_ground():
    pair = ScreenPair(Screen(10.0, 22.0), Screen(31.0, 43.0))
    field = DipoleHeads.of(Aquifer(0.0, 60.0, 1e-4, 1e-5), pair, 0.15)
    short = float(short_form_rise(Q, 1e-4, 12.0, 0.15, 21.0, math.sqrt(0.1)))
    assert 1.0 < short / field.screen_means(Q).injection < 1.15


def test_a_table_of_the_flux():
    r, z = np.geomspace(0.15, 150.0, 20), np.linspace(10.0, 60.0, 21)
    outwards, downwards = EVEN_HEAD.flux_table(r, z)
    assert outwards.shape == downwards.shape == (20, 21)
    one, two = EVEN_HEAD.darcy_flux(r[7], z[11])
    assert (outwards[7, 11], downwards[7, 11]) == pytest.approx((float(one), float(two)))


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(InputError) as caught:
        DipoleHeads.of(
            Aquifer(10.0, 20.0, -1e-4, 1e-4), ScreenPair(Screen(5.0, 18.0), Screen(15.0, 25.0)), 0.0
        )
    where = [problem.where for problem in caught.value.problems]
    assert where == ["radial_conductivity", "radius", "injection", "extraction", "pair"]
    assert all(problem.message.zh and problem.cure.zh for problem in caught.value.problems)


def test_a_bore_wider_than_its_screens_is_no_line():
    pair = ScreenPair(Screen(10.0, 22.0), Screen(31.0, 43.0))
    with pytest.raises(InputError, match="wider"):
        DipoleHeads.of(Aquifer(0.0, 60.0, 1e-4, 1e-5), pair, 50.0)
