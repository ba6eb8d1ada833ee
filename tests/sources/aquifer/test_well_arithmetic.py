"""Fronts, capacities, pressures and heat of wells against the numbers published for them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.sources import aquifer as wells

HOUR, DAY, YEAR_MWH = 3600.0, 86400.0, 3.6e9
Q = 30.0 / HOUR
A = 2.6 / 4.19


def test_heat_of_the_cases():
    drop = wells.temperature_drop([200e3, 300e3, 80e3], np.array([30, 30, 16]) / HOUR)
    np.testing.assert_allclose(drop, [5.728, 8.592, 4.296], rtol=1e-3)
    whole = wells.heat_taken(540 / HOUR, 2.2)
    assert whole == pytest.approx(1382.7e3, rel=1e-3)
    assert whole / 18 == pytest.approx(76.8e3, rel=1e-3)
    assert wells.flow_needed(whole, 2.2) * HOUR == pytest.approx(540.0)


def test_arrival_between_points():
    arrival = wells.point_dipole_arrival(28.0, Q, A)
    assert arrival / HOUR == pytest.approx(338.73, rel=1e-4)


def test_front_of_an_injection():
    assert wells.front_radius(Q * 90 * DAY, 20.0, A) == pytest.approx(40.77, rel=1e-3)
    assert wells.thermal_retardation(2.6e6) == pytest.approx(0.6205, rel=1e-4)


def test_heat_of_a_block():
    found = wells.block_heat([10, 15, 20, 25, 30, 40], 60.0, 2.6e6) / YEAR_MWH
    np.testing.assert_allclose(found, [13.6, 30.6, 54, 85, 123, 218], rtol=0.01)
    assert wells.smallest_cell_radius(384 * YEAR_MWH, 60.0, 2.6e6, 4.0) == pytest.approx(
        27, rel=0.02
    )


@given(energy=st.floats(1e9, 1e13), height=st.floats(10, 200), change=st.floats(0.5, 10))
def test_the_smallest_cell_holds_the_heat(energy, height, change):
    radius = wells.smallest_cell_radius(-energy, height, 2.6e6, change)
    assert wells.block_heat(radius, height, 2.6e6) * change == pytest.approx(energy, rel=1e-9)


def test_capacities_of_screen_and_wall():
    """Bore 0.4 m, screen 18 m; slots 0.3 m, 20 % open."""
    capacity = wells.wall_capacity(0.4, 18.0, [1e-5, 3e-5, 1e-4, 1e-3], divisor=15.0) * HOUR
    np.testing.assert_allclose(capacity, [17.2, 29.7, 54.3, 172], rtol=0.005)
    slots = wells.slot_capacity(
        0.3, 18.0, 0.2, slot_velocity=0.03, effective_share=0.5, length_share=0.85
    )
    assert slots * HOUR == pytest.approx(155.7, rel=0.001)
    aggressive = wells.slot_capacity(
        0.3, 18.0, 0.2, slot_velocity=0.03, effective_share=0.5, length_share=0.85, reduction=0.5
    )
    assert aggressive == pytest.approx(0.5 * slots)
    needed = wells.conductivity_for_wall(Q, 0.4, 18.0, divisor=15.0)
    assert needed == pytest.approx(3e-5, rel=0.05)
    assert wells.wall_capacity(0.4, 18.0, needed, divisor=15.0) == pytest.approx(Q)


DUTCH = {"coefficient": 1000.0, "reference_conductivity": 150.0, "exponent": 0.6}


def test_clogging_velocity():
    """K 10 m/d, 0.1 m/a, MFI 2 s/L²: 0.82 m/h, said for about 1440 h/a; the well has 1.33 m/h."""
    assert wells.wall_velocity(Q, 0.4, 18.0) * HOUR == pytest.approx(1.33, rel=0.005)
    allowed = wells.clogging_velocity(10.0 / DAY, 0.1, 2.0, 1440.0, **DUTCH)
    assert allowed * HOUR == pytest.approx(0.82, rel=0.005)
    assert wells.extraction_velocity(12.0 / DAY, divisor=12.0) * HOUR == pytest.approx(1.0)


@given(k=st.floats(1e-6, 1e-2), velocity=st.floats(1e-6, 1e-2), hours=st.floats(100, 8000))
def test_clogging_there_and_back(k, velocity, hours):
    rate = wells.clogging_rate(velocity, k, 2.0, hours, **DUTCH)
    back = wells.clogging_velocity(k, rate, 2.0, hours, **DUTCH)
    assert back == pytest.approx(velocity, rel=1e-9)
    # The other spelling of the same guideline: v_v = 2 MFI u v² 1e-6/(K/150)^1.2.
    other = 2 * 2.0 * hours * (velocity * HOUR) ** 2 * 1e-6 / (k * DAY / 150) ** 1.2
    assert rate == pytest.approx(other, rel=1e-9)


def test_gravel_conducts_little():
    """50 m of a bore of 0.6 m in ground of 2.2 W/(m·K) after 150 days."""
    conductance = wells.conduction_to_ground(2.2, 2.6e6, 50.0, 0.3, 150 * DAY)
    assert conductance == pytest.approx(246.0, rel=0.005)
    assert wells.transfer_units(conductance, Q) == pytest.approx(0.007, rel=0.02)


@given(ratio=st.floats(1.0, 1e4), more=st.floats(1.01, 10.0))
def test_more_gravel_more_bypass(ratio, more):
    args = (0.15, 0.08, 10.0, Q, 6.3)
    share = wells.annulus_bypass(ratio * 1e-4, *args)
    assert 0.0 < share < wells.annulus_bypass(more * ratio * 1e-4, *args) < 1.0


def test_bypass_of_a_ring_by_hand():
    """K_g 1e-2 m/s, ring 0.15 to 0.30 m, seal 10 m: 1e-2 π 0.0675/10 = 2.121e-4 m²/s beside
    0.01 m³/s over 5 m = 2e-3 m²/s: 9.59 %."""
    share = wells.annulus_bypass(1e-2, 0.30, 0.15, 10.0, 0.01, 5.0)
    assert share == pytest.approx(0.0959, rel=1e-3)


def test_bypass_of_gravel_from_a_percent_to_most():
    low, high = wells.annulus_bypass([1e-3, 0.1], 0.3, 0.1, 10.0, Q, 6.3)
    assert 0.005 < low < 0.03
    assert 0.5 < high < 1.0


def test_injection_head_by_conductivity():
    """G 0.0387 1/m, 30 m³/h: 3.2, 11 and 32 m for 1e-4, 3e-5 and 1e-5 m/s."""
    rise = wells.injection_head(Q, [1e-4, 3e-5, 1e-5], 0.0387)
    np.testing.assert_allclose(rise, [3.2, 11.0, 32.0], rtol=0.03)
    assert wells.smallest_conductivity(Q, 0.0387, rise[1]) == pytest.approx(3e-5)
    more = wells.injection_head(
        Q, 1e-4, 0.0387, viscosity_ratio=1.2, quadratic_loss=1e4, clogging=1
    )
    assert more == pytest.approx(1.2 * rise[0] + 1e4 * Q**2 + 1.0)


def test_pressure_at_the_wellhead():
    closed, open_ = wells.wellhead_pressure([32.25, 3.2], 8.0, losses=0.5)
    assert closed == pytest.approx(999.7 * 9.80665 * 24.75)
    assert open_ < 0.0
    # The pressure at a head 1.5 m above ground is that of 1.5 m of water less.
    raised = wells.wellhead_pressure(32.25, 8.0, losses=0.5, height=1.5)
    assert closed - raised == pytest.approx(999.7 * 9.80665 * 1.5)
    assert wells.lifting_limit(12.0, 0.2) == pytest.approx(2.4)
    assert wells.submergence(8.0, 3.5, 40.0) == pytest.approx(28.5)


def test_effective_stress_and_uplift():
    """10 m of wet ground of 2000 kg/m³, water at the surface: σ' = g (2000 − 999.7) 10."""
    stress = wells.vertical_effective_stress(10.0, 0.0, wet_density=2000.0, dry_density=1600.0)
    assert stress == pytest.approx(9.80665 * 1000.3 * 10.0)
    assert wells.uplift_ratio(stress / (999.7 * 9.80665), stress) == pytest.approx(1.0)
    dry = wells.vertical_effective_stress(5.0, 8.0, wet_density=2000.0, dry_density=1600.0)
    assert dry == pytest.approx(9.80665 * 1600.0 * 5.0)
    artesian = wells.vertical_effective_stress(10.0, -2.0, wet_density=2e3, dry_density=1.6e3)
    assert artesian == pytest.approx(9.80665 * (2e4 - 12 * 999.7))


def test_gradient_along_the_seal():
    assert wells.gradient_of_seal(3.2, -3.1, 10.0) == pytest.approx(0.63)
    assert wells.critical_gradient(0.4) == pytest.approx(0.99, rel=0.01)


def test_cold_water_is_thicker():
    """A third between 4 and 15 °C; dynamic viscosities of IAPWS: 1.567, 1.306 and 1.138 mPa·s."""
    assert wells.viscosity_ratio(4.0, 15.0) == pytest.approx(1.567 / 1.138, rel=0.01)
    assert wells.viscosity_ratio(10.0, 15.0) == pytest.approx(1.306 / 1.138, rel=0.01)
    assert wells.conductivity_at(1e-4, 10.0, 10.0) == pytest.approx(1e-4)
    assert wells.conductivity_at(1e-4, 4.0, 10.0) < 1e-4
    # A well that gives less only because its water is colder shows the same at 10 °C.
    cold = 2.0 / wells.viscosity_ratio(4.0, 10.0)
    assert wells.at_reference_temperature(cold, 4.0) == pytest.approx(2.0)


@given(flow=st.floats(-0.1, 0.1), b=st.floats(1.0, 1e4), c=st.floats(0.0, 1e6))
def test_well_loss_there_and_back(flow, b, c):
    loss = wells.WellLoss(b, c)
    assert loss.flow(loss.head(flow)) == pytest.approx(flow, rel=1e-9, abs=1e-15)
    assert loss.head(-flow) == -loss.head(flow)
    assert 0.0 < loss.efficiency(flow) <= 1.0
    if abs(flow) > 1e-6:
        assert loss.specific_capacity(flow) == pytest.approx(flow / loss.head(flow), rel=1e-9)


def test_skin():
    """A zone of a tenth of the conductivity from 0.15 to 0.3 m: head as by two radial steps."""
    skin = wells.skin_of_zone(1e-4, 1e-5, 0.15, 0.3)
    per = Q / (2 * math.pi * 18.0)
    extra = per * math.log(2.0) / 1e-5 - per * math.log(2.0) / 1e-4
    assert wells.skin_head(Q, 1e-4, 18.0, skin) == pytest.approx(extra)


def test_regional_flow():
    """1e-7 m/s through 2 × 25 m × 60 m, 4 K: 5.0 kW of 107 kW."""
    share = wells.regional_flow_share(1e-7, 25.0, 60.0, 4.0, 107e3)
    assert share == pytest.approx(4.19e6 * 1e-7 * 3000 * 4 / 107e3)
