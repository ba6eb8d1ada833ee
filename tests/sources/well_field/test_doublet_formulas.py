"""A doublet and a polygon of wells: closed formulas against published numbers and each other."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.well_field.doublet import (
    Doublet,
    largest_spacing_with_feedback,
    polygon_breakthrough,
    steady_feedback_drop,
)

DAY = 86400.0
HOURLY = 1.0 / 3600.0
BASE = Doublet.of(100.0, 20.0, 30.0 * HOURLY)


def flux_for(beta: float) -> float:
    return BASE.flow / (2.0 * math.pi * BASE.thickness * BASE.spacing * beta)


def test_breakthrough_of_gringarten_and_sauty():
    assert BASE.breakthrough / DAY == pytest.approx(180.503, rel=1e-4)


@pytest.mark.parametrize(("ratio", "share"), [(1.2876, 0.25), (3.0, 0.5), (11.907, 0.7)])
def test_share_arrived_without_conduction(ratio, share):
    assert BASE.arrived(ratio * BASE.breakthrough) == pytest.approx(share, abs=1e-4)


@pytest.mark.parametrize(("ratio", "share"), [(2, 0.2806), (3, 0.3723), (5, 0.4598), (10, 0.5491)])
def test_share_arrived_with_cap_and_bed_rock(ratio, share):
    found = BASE.arrived_with_conduction(ratio * BASE.breakthrough, 2.0, 2.2e6)
    assert found == pytest.approx(share, abs=5e-4)


def test_tight_rock_without_conduction_changes_nothing():
    times = np.array([0.5, 1.1, 2.0, 30.0]) * BASE.breakthrough
    np.testing.assert_allclose(
        BASE.arrived_with_conduction(times, 1e-12, 2.2e6), BASE.arrived(times), atol=1e-6
    )


@pytest.mark.parametrize(("beta", "ratio", "share"), [(0.5, 1.7124, 0.1817), (1.0, 1.2552, 0.3910)])
def test_return_well_down_gradient(beta, ratio, share):
    flux = flux_for(beta)
    assert BASE.breakthrough_down_gradient(flux) / BASE.breakthrough == pytest.approx(ratio, 1e-4)
    assert BASE.recirculated_down_gradient(flux) == pytest.approx(share, abs=1e-4)


def test_strong_regional_flow_leaves_no_feedback():
    assert BASE.breakthrough_down_gradient(flux_for(0.25)) == math.inf
    assert BASE.recirculated_down_gradient(flux_for(0.2)) == 0.0


def test_criterion_of_spacing_is_the_same_limit():
    gradient, transmissivity = 0.002, 5e-3
    limit = largest_spacing_with_feedback(BASE.flow, transmissivity, gradient)
    flux = transmissivity / BASE.thickness * gradient
    at_limit = Doublet.of(limit, BASE.thickness, BASE.flow)
    assert at_limit.regional_ratio(flux) == pytest.approx(0.25)


def test_weak_regional_flow_tends_to_none():
    assert BASE.breakthrough_down_gradient(1e-14) == pytest.approx(BASE.breakthrough, rel=1e-4)
    assert BASE.recirculated_down_gradient(1e-14) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize(("wells", "days"), [(1, 72.20), (2, 108.30), (3, 129.96), (4, 144.40)])
def test_polygon_of_return_wells(wells, days):
    found = polygon_breakthrough(80.0, 25.0, 60.0 * HOURLY, wells, 2.6 / 4.19)
    assert found / DAY == pytest.approx(days, rel=1e-4)


def test_feedback_of_a_geometric_series():
    step, share = 3.0, 0.39
    series = sum(step * share**n for n in range(1, 200))
    assert steady_feedback_drop(step, share) == pytest.approx(series)
    with pytest.raises(InputError):
        steady_feedback_drop(step, 1.0)


@given(
    st.floats(10.0, 500.0), st.floats(1.0, 3.0), st.floats(0.3, 20.0), st.floats(0.0, 1e-5)
)  # fmt: skip
def test_more_spacing_never_earlier_nor_more(spacing, wider, ratio, flux):
    near = Doublet.of(spacing, 20.0, 0.01)
    far = Doublet.of(spacing * wider, 20.0, 0.01)
    time = ratio * near.breakthrough
    assert far.breakthrough >= near.breakthrough
    assert far.arrived(time) <= near.arrived(time) + 1e-12
    assert far.breakthrough_down_gradient(flux) >= near.breakthrough_down_gradient(flux) * (
        1 - 1e-9
    )
    assert far.recirculated_down_gradient(flux) <= near.recirculated_down_gradient(flux) + 1e-12


@given(st.floats(0.01, 1e4), st.floats(0.5, 4.0))
def test_shares_between_nothing_and_all(ratio, conductivity):
    time = ratio * BASE.breakthrough
    plain = float(BASE.arrived(time))
    slowed = float(BASE.arrived_with_conduction(time, conductivity, 2.2e6))
    assert 0.0 <= slowed <= plain <= 1.0


def test_everything_wrong_is_told_at_once():
    with pytest.raises(InputError) as caught:
        Doublet.of(0.0, -1.0, math.nan)
    assert [p.where for p in caught.value.problems] == ["spacing", "thickness", "flow"]


@pytest.mark.parametrize("flux", [-1e-6, math.nan, math.inf])
def test_a_regional_flow_that_cannot_be(flux):
    for ask in (BASE.breakthrough_down_gradient, BASE.recirculated_down_gradient):
        with pytest.raises(InputError, match="regional_flux"):
            ask(flux)


def test_times_and_rock_that_cannot_be_are_refused():
    with pytest.raises(InputError, match="times"):
        BASE.arrived([1e6, np.nan])
    assert BASE.arrived(np.inf) == pytest.approx(1.0)
    with pytest.raises(InputError) as caught:
        BASE.arrived_with_conduction(1e6, -1.0, np.nan)
    assert [problem.where for problem in caught.value.problems] == ["conductivity", "heat_capacity"]
