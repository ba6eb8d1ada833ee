"""Pressure drops against textbook examples, closed forms and the Blasius equation."""

import math

import numpy as np
import pytest

from diwen.fluids import FluidState, fluid
from diwen.language import same
from diwen.problems import InputError
from diwen.sources.borehole.hydraulics import (
    GRAVITY,
    BoreholeLoop,
    Duct,
    Stage,
    borehole_pressure_drop,
    duct_pressure_drop,
    loop_hydraulics,
    pump_power,
)
from diwen.sources.borehole.pipes import BoreholeSection, CoaxialSection, Pipe

WATER = fluid("water").state(15.0)
PIPE = Pipe(inner_radius=0.013, outer_radius=0.016, conductivity=0.42)


def liquid(density, viscosity):
    return FluidState(density, 4180.0, 0.6, viscosity)


def test_oil_in_cast_iron():
    """White, Fluid Mechanics, ch. 6: 0.2 m³/s, 500 m, 200 mm, 0.26 mm: h = 117 m; 1 %."""
    oil = liquid(900.0, 900.0 * 1e-5)
    drop = duct_pressure_drop(Duct(0.1, 500.0, 0.26e-3), 0.2 * 900.0, oil)
    assert drop / (900.0 * GRAVITY) == pytest.approx(117.0, rel=0.01)


def test_water_in_stainless_steel_with_its_pump():
    """Çengel & Cimbala, Fluid Mechanics, ex. 8-3: 2 in, 200 ft, 0.2 ft³/s: 1700 psf, 461 W; 1 %."""
    foot, pound = 0.3048, 0.45359237
    water = liquid(62.36 * pound / foot**3, 7.536e-4 * pound / foot)
    flow = 0.2 * foot**3 * water.density
    drop = duct_pressure_drop(Duct(foot / 12, 200 * foot, 0.000007 * foot), flow, water)
    assert drop == pytest.approx(1700 * pound * GRAVITY / foot**2, rel=0.01)
    assert pump_power(drop, flow, water.density, 1.0) == pytest.approx(461.0, rel=0.01)


@pytest.mark.parametrize("velocity", [0.3, 0.6, 1.2, 2.0])
def test_smooth_pipe_against_blasius(velocity):
    """0.158 rho^0.75 mu^0.25 d^-1.25 v^1.75 Pa/m (Blasius, as Chinese loop tables use it): 3 %."""
    duct = Duct(0.013, 100.0, 0.0)
    flow = velocity * WATER.density * duct.area
    blasius = 0.158 * WATER.density**0.75 * WATER.viscosity**0.25 * 0.026**-1.25 * velocity**1.75
    assert duct_pressure_drop(duct, flow, WATER) == pytest.approx(100.0 * blasius, rel=0.03)


def test_laminar_pipe_is_hagen_poiseuille():
    flow, duct = 0.02, Duct(0.013, 80.0, 1e-5)
    exact = 8 * WATER.viscosity * 80.0 * flow / (WATER.density * math.pi * 0.013**4)
    assert duct_pressure_drop(duct, flow, WATER) == pytest.approx(exact, rel=1e-12)


def test_laminar_annulus_is_exact():
    """Bird, Stewart & Lightfoot, eq. 2.4-17."""
    outer, inner, flow = 0.0487, 0.025, 0.05
    ratio = inner / outer
    shape = 1 - ratio**4 - (1 - ratio**2) ** 2 / math.log(1 / ratio)
    exact = 8 * WATER.viscosity * 100.0 * flow / (WATER.density * math.pi * outer**4 * shape)
    got = duct_pressure_drop(Duct(outer, 100.0, core_radius=inner), flow, WATER)
    assert got == pytest.approx(exact, rel=1e-12)


def test_fittings_add_dynamic_pressure():
    bare, fitted = Duct(0.02, 10.0), Duct(0.02, 10.0, zeta=3.5)
    extra = duct_pressure_drop(fitted, 1.0, WATER) - duct_pressure_drop(bare, 1.0, WATER)
    velocity = 1.0 / (WATER.density * bare.area)
    assert extra == pytest.approx(3.5 * 0.5 * WATER.density * velocity**2)


def test_boreholes_sum_their_legs():
    """Series carries the whole flow through four legs, parallel half of it through two."""
    single = BoreholeSection.single_u(0.075, PIPE, 0.08, 1.5, 2.0)
    parallel = BoreholeSection.double_u(0.075, PIPE, 0.08, 1.5, 2.0)
    series = BoreholeSection.double_u(0.075, PIPE, 0.08, 1.5, 2.0, connection="series")
    flow = np.array([0.1, 0.4])
    one = borehole_pressure_drop(single, 100.0, flow, WATER)
    assert one == pytest.approx(duct_pressure_drop(Duct(0.013, 200.0), flow, WATER))
    assert borehole_pressure_drop(series, 100.0, flow, WATER) == pytest.approx(2 * one)
    half = borehole_pressure_drop(single, 100.0, flow / 2, WATER)
    assert borehole_pressure_drop(parallel, 100.0, flow, WATER) == pytest.approx(half)


def test_turns_of_a_borehole():
    series = BoreholeSection.double_u(0.075, PIPE, 0.08, 1.5, 2.0, connection="series")
    bare = borehole_pressure_drop(series, 100.0, 0.4, WATER)
    turned = borehole_pressure_drop(series, 100.0, 0.4, WATER, zeta=1.0)
    velocity = 0.4 / (WATER.density * PIPE.flow_area)
    assert turned - bare == pytest.approx(3 * 0.5 * WATER.density * velocity**2)


def test_coaxial_sums_core_and_annulus():
    section = CoaxialSection(0.075, Pipe(0.0221, 0.025, 0.4), Pipe(0.0487, 0.055, 0.4), 1.0, 2.0)
    got = borehole_pressure_drop(section, 100.0, 0.8, WATER)
    core = duct_pressure_drop(Duct(0.0221, 100.0), 0.8, WATER)
    ring = duct_pressure_drop(Duct(0.0487, 100.0, core_radius=0.025), 0.8, WATER)
    assert got == pytest.approx(core + ring)


def test_loop_of_parallel_boreholes_by_hand():
    """Main, one of four manifold pipes, one of forty boreholes; head and pump power follow."""
    borehole = BoreholeSection.single_u(0.075, PIPE, 0.08, 1.5, 2.0)
    main, lateral = Duct(0.06, 120.0, zeta=8.0), Duct(0.03, 40.0, zeta=5.0)
    stages = [
        Stage(same("main"), main),
        Stage(same("lateral"), lateral, 1 / 4),
        Stage(same("borehole"), BoreholeLoop(borehole, 100.0, 1.5), 1 / 40),
    ]
    flow = np.array([0.0, 8.0, 16.0])
    got = loop_hydraulics(stages, flow, WATER)
    assert got.pressure_drop.shape == (3, 3)
    assert got.total[0] == 0.0
    by_hand = (
        duct_pressure_drop(main, 16.0, WATER)
        + duct_pressure_drop(lateral, 4.0, WATER)
        + borehole_pressure_drop(borehole, 100.0, 0.4, WATER, 1.5)
    )
    assert got.total[2] == pytest.approx(by_hand)
    assert got.head[2] == pytest.approx(by_hand / (WATER.density * GRAVITY))
    assert got.pump_power(0.6)[2] == pytest.approx(16.0 / WATER.density * by_hand / 0.6)
    assert got.velocity[2, 2] == pytest.approx(0.4 / (WATER.density * PIPE.flow_area))
    assert got.total[2] / got.total[1] == pytest.approx(2**1.75, rel=0.03)


def test_cold_brine_costs_more():
    duct = Duct(0.013, 100.0)
    brine = fluid("propylene glycol 30 %")
    warm, cold = (duct_pressure_drop(duct, 0.6, brine.state(t)) for t in (20.0, -3.0))
    water = duct_pressure_drop(duct, 0.6, fluid("water").state(20.0))
    assert cold > 1.1 * warm
    assert warm > 1.1 * water


def test_pressure_drop_never_falls_with_flow():
    flow = np.geomspace(1e-3, 3.0, 500)
    for duct in (Duct(0.013, 1.0), Duct(0.04, 1.0, core_radius=0.025)):
        assert (np.diff(duct_pressure_drop(duct, flow, WATER)) > 0).all()


def test_all_wrong_inputs_are_named_at_once():
    with pytest.raises(InputError) as refused:
        Duct(0.0, -1.0, zeta=-0.1)
    assert {p.where for p in refused.value.problems} == {"radius", "length", "zeta"}
    with pytest.raises(InputError, match="fills"):
        Duct(0.02, 1.0, core_radius=0.02)
    with pytest.raises(InputError) as refused:
        loop_hydraulics([Stage(same("a"), Duct(0.02, 1.0), 1.5)], -1.0, WATER)
    assert {p.where for p in refused.value.problems} == {"mass_flow", "stages[0].share"}
    with pytest.raises(InputError, match="no parts"):
        loop_hydraulics([], 1.0, WATER)
    with pytest.raises(InputError, match="efficiency"):
        pump_power(1e5, 1.0, 1000.0, 1.2)
