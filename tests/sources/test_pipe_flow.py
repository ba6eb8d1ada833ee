"""Friction and film coefficients against published values and pygfunction."""

import numpy as np
import pygfunction as gt
import pytest

from diwen.sources.borehole.pipe_flow import (
    annulus_nusselt,
    colebrook,
    film_in_annulus,
    film_in_pipe,
    friction_factor,
    regime,
    regime_warning,
    reynolds_in_annulus,
    reynolds_in_pipe,
    turbulent_nusselt,
)

# The brine of pygfunction's test of film coefficients.
VISCOSITY, DENSITY, HEAT, CONDUCTIVITY = 0.00203008, 1014.78, 3977.0, 0.4922
PRANDTL = HEAT * VISCOSITY / CONDUCTIVITY
BRINE = (VISCOSITY, CONDUCTIVITY, PRANDTL)


@pytest.mark.parametrize(("flow", "film"), [(0.05, 90.0726), (0.10, 572.2569), (0.50, 4036.196)])
def test_pipe_film_in_each_regime(flow, film):
    """Printed digits of pygfunction's reference values: 1e-6."""
    assert film_in_pipe(flow, 0.01, 1.5e-6, *BRINE).film == pytest.approx(film, rel=1e-6)


@pytest.mark.parametrize("flow", np.geomspace(0.01, 1.0, 12))
def test_pipe_film_as_pygfunction(flow):
    peer = gt.pipes.convective_heat_transfer_coefficient_circular_pipe(
        flow, 0.013, VISCOSITY, DENSITY, CONDUCTIVITY, HEAT, 1e-5
    )
    assert film_in_pipe(flow, 0.013, 1e-5, *BRINE).film == pytest.approx(peer, rel=1e-5)


def test_laminar_annulus_has_two_films():
    """Radius ratio 0.5: pygfunction's reference values, printed digits."""
    inner, outer = film_in_annulus(0.05, 0.01, 0.02, *BRINE)
    assert (inner.film, outer.film) == pytest.approx((141.4908, 110.9549), rel=1e-6)


@pytest.mark.parametrize(("flow", "film"), [(0.40, 904.487), (0.60, 1411.206)])
def test_why_turbulent_annulus_values_of_the_peer_are_not_ours(flow, film):
    """pygfunction takes the friction factor of a *pipe* of half the gap, at another Re.

    Its printed values follow to all digits from the pipe's equation with that friction factor;
    the Reynolds number that belongs to it is three times that of the annulus.
    """
    own, wrong = (
        reynolds_in_annulus(flow, 0.01, 0.02, VISCOSITY),
        reynolds_in_pipe(flow, 0.01, VISCOSITY),
    )
    assert wrong == pytest.approx(3.0 * own)
    nusselt = turbulent_nusselt(own, PRANDTL, colebrook(wrong, 1.5e-6 / 0.02))
    assert nusselt * CONDUCTIVITY / 0.02 == pytest.approx(film, rel=1e-6)
    assert film_in_annulus(flow, 0.01, 0.02, *BRINE)[1].film < film


@pytest.mark.parametrize("reynolds", [1e4, 2e4, 5e4])
@pytest.mark.parametrize("prandtl", [7.0, 12.0])
def test_turbulent_annulus_against_grundmann(reynolds, prandtl):
    """0.023 Re^0.8 Pr^0.35 at both walls (Grundmann 2016, eqs. 4.10 and 4.11): 20 %."""
    for nusselt in annulus_nusselt(reynolds, prandtl, 0.5):
        assert nusselt == pytest.approx(0.023 * reynolds**0.8 * prandtl**0.35, rel=0.20)


@pytest.mark.parametrize(
    ("reynolds", "rough", "factor"),
    [
        (1e5, 0.0, 0.01799),
        (1e5, 1e-4, 0.01851),
        (1e6, 1e-3, 0.01994),
        (1e4, 1e-2, 0.04313),
        (1e8, 1e-2, 0.03790),
    ],
)
def test_colebrook_against_the_moody_diagram(reynolds, rough, factor):
    """Solutions of the Colebrook-White equation as tabulated in textbooks: 4 digits."""
    assert colebrook(reynolds, rough) == pytest.approx(factor, rel=5e-4)


def test_colebrook_is_solved_exactly():
    reynolds, rough = np.meshgrid(np.geomspace(2300, 1e8, 30), [0.0, 1e-6, 1e-4, 1e-2, 0.05])
    x = 1 / np.sqrt(colebrook(reynolds, rough))
    assert x == pytest.approx(-2 * np.log10(rough / 3.7 + 2.51 * x / reynolds), rel=1e-13)


def test_friction_and_film_have_no_steps():
    for limit in (2300.0, 4000.0, 10_000.0):
        sides = np.array([limit * (1 - 1e-9), limit * (1 + 1e-9)])
        assert np.ptp(friction_factor(sides, 1e-4)) < 1e-7
        flow = sides * np.pi * 0.01 * VISCOSITY / 2
        assert np.ptp(film_in_pipe(flow, 0.01, 1e-6, *BRINE).film) < 1e-3
        for film in film_in_annulus(sides * np.pi * 0.03 * VISCOSITY / 2, 0.01, 0.02, *BRINE):
            assert np.ptp(film.film) < 1e-3
    assert friction_factor(1000.0, 0.01) == pytest.approx(0.064)


def test_film_rises_with_flow():
    flow = np.geomspace(0.001, 2.0, 400)
    assert (np.diff(film_in_pipe(flow, 0.013, 1e-6, *BRINE).film) >= 0).all()
    for film in film_in_annulus(flow, 0.02, 0.04, *BRINE):
        assert (np.diff(film.film) >= 0).all()


def test_regimes_and_their_warning():
    assert regime([1000.0, 2300.0, 2301.0, 4000.0]).tolist() == [0, 0, 1, 2]
    assert regime_warning([5000.0, 9000.0]) is None
    weak = regime_warning([5000.0, 1800.0])
    assert weak is not None
    assert "laminar" in weak.en
    assert "1800" in weak.en
    assert "层流" in weak.zh
    between = regime_warning([5000.0], 10_000.0)
    assert between is not None
    assert "transition" in between.en
