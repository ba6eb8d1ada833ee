"""Borehole with heat capacity, and short boreholes: against independent solutions."""

import math

import numpy as np
import pygfunction as gt
import pytest
from scipy.linalg import solve_banded

from diwen.sources.borehole.short_time import BoreholeCore, fluid_step_response
from diwen.sources.response_test import BoreholeInside, TestedBorehole, TestSeries
from diwen.sources.response_test.capacity_fit import fit_with_capacity
from diwen.sources.response_test.composite_cylinder import fluid_response
from diwen.sources.response_test.finite_length import end_effect, finite_line_source_response
from diwen.sources.response_test.superposition_fit import fit_superposition, line_source_response

BOREHOLE = TestedBorehole(100.0, 0.075, 2.3e6, 12.0)
INSIDE = BoreholeInside(8000.0, 2.2e6, 0.045)
LAM, RB = 2.1, 0.11


def radial_volumes(step, count, lam=LAM, resistance=RB):
    """Rise of the fluid per W/m by implicit finite volumes in radius: the independent judge."""
    ri, rb, far = INSIDE.inner_radius, BOREHOLE.radius, 12.0
    grout = math.log(rb / ri) / (2 * math.pi * resistance)
    edges = np.concatenate([np.linspace(ri, rb, 60), np.geomspace(rb, far, 300)[1:]])
    middle = np.sqrt(edges[1:] * edges[:-1])
    inner = middle < rb
    conductivity = np.where(inner, grout, lam)
    heat = np.where(inner, INSIDE.grout_heat_capacity, BOREHOLE.heat_capacity)
    capacity = np.concatenate([[INSIDE.fluid_capacity], heat * math.pi * np.diff(edges**2)])
    outward = np.log(edges[1:] / middle) / (2 * math.pi * conductivity)
    inward = np.log(middle / edges[:-1]) / (2 * math.pi * conductivity)
    link = 1 / np.concatenate([inward[:1], outward[:-1] + inward[1:]])
    matrix = np.zeros((3, len(capacity)))
    matrix[1] = capacity / step
    matrix[1, :-1] += link
    matrix[1, 1:] += link
    matrix[0, 1:] = matrix[2, :-1] = -link
    rise, fluid = np.zeros(len(capacity)), []
    for _ in range(count):
        load = capacity / step * rise
        load[0] += 1.0
        rise = solve_banded((1, 1), matrix, load)
        fluid.append(rise[0])
    return np.array(fluid)


def test_composite_cylinder_against_finite_volumes():
    step, count = 20.0, 7200
    judge = radial_volumes(step, count)
    times = np.array([600.0, 1800.0, 7200.0, 36000.0, 144000.0])
    ours = fluid_response(LAM, RB, BOREHOLE, INSIDE, 2e5).value(times)
    assert ours == pytest.approx(judge[(times / step).astype(int) - 1], rel=6e-3)


def test_without_capacity_it_becomes_the_line_source_late():
    empty = BoreholeInside(1.0, 1e3, 0.0749)
    late = np.array([4e6, 1e7])
    ours = fluid_response(LAM, RB, BOREHOLE, empty, 2e7).value(late)
    line = line_source_response(BOREHOLE)(LAM).value(late) + RB
    assert ours == pytest.approx(line, rel=1e-3)


def test_test_and_design_share_one_radial_model():
    """With film and pipe wall of no account the design model tells the same, by another inverse."""
    core = BoreholeCore(
        radius=BOREHOLE.radius,
        resistance=RB,
        fluid_capacity=INSIDE.fluid_capacity,
        film_resistance=0.0,
        pipe_inner_radius=0.999999 * INSIDE.inner_radius,
        pipe_outer_radius=INSIDE.inner_radius,
        pipe_resistance=1e-9,
        pipe_heat_capacity=1.0,
        grout_heat_capacity=INSIDE.grout_heat_capacity,
    )
    times = np.geomspace(60.0, 2e5, 30)
    design = fluid_step_response(core, LAM, BOREHOLE.heat_capacity, times)
    ours = fluid_response(LAM, RB, BOREHOLE, INSIDE, 2e5).value(times)
    assert ours == pytest.approx(design, rel=5e-5)


def test_table_and_integral_belong_together():
    response = fluid_response(LAM, RB, BOREHOLE, INSIDE, 2e5)
    t = np.linspace(600.0, 20000.0, 4001)
    value = response.value(t)
    numeric = float((0.5 * (value[1:] + value[:-1]) * np.diff(t)).sum())
    ours = response.integral(t[[0, -1]])
    assert ours[1] - ours[0] == pytest.approx(numeric, rel=1e-4)


def test_a_short_test_is_recovered_where_the_straight_line_is_blind():
    """Twelve hours simulated by finite volumes, from ten minutes on."""
    step = 20.0
    time = step * np.arange(1, 12 * 180 + 1)
    rise = 60.0 * radial_volumes(step, len(time))
    series = TestSeries.of(time, 6000.0, 12.0 + rise)
    fit = fit_with_capacity(series, BOREHOLE, INSIDE)
    assert fit.conductivity == pytest.approx(LAM, rel=0.02)
    assert fit.resistance == pytest.approx(RB, rel=0.02)
    assert fit.inside.fluid_capacity == pytest.approx(8000.0, rel=0.05)
    two = fit_with_capacity(series, BOREHOLE, INSIDE, fit_fluid_capacity=False)
    assert two.parameters == 2
    assert two.conductivity == pytest.approx(LAM, rel=0.02)


def test_end_effect_against_pygfunction():
    short = TestedBorehole(18.3, 0.063, 3.2e6, 22.0)
    times = np.geomspace(3600.0, 1e7, 7)
    hole = gt.boreholes.Borehole(18.3, 2.0, 0.063, 0.0, 0.0)
    lam = 2.85
    judge = np.array(
        [gt.heat_transfer.finite_line_source(t, lam / 3.2e6, hole, hole) for t in times]
    ).ravel() / (2 * math.pi * lam)
    line = line_source_response(short)(lam).value(times)
    assert line + end_effect(times, lam, short, 2.0) == pytest.approx(judge, rel=1e-4)
    finite = finite_line_source_response(short, 2e7, 2.0)(lam)
    assert finite.value(times) == pytest.approx(judge, rel=1e-4)


def test_a_short_borehole_is_recovered_with_its_ends():
    short = TestedBorehole(18.3, 0.063, 3.2e6, 22.0)
    time = np.arange(120.0, 72 * 3600.0, 120.0)
    response = finite_line_source_response(short, 3e5)
    rate = 1000.0 / 18.3
    series = TestSeries.of(time, 1000.0, 22.0 + rate * (response(2.85).value(time) + 0.16))
    fit = fit_superposition(series, short, response=response)
    assert fit.conductivity == pytest.approx(2.85, rel=1e-5)
    assert fit.resistance == pytest.approx(0.16, rel=1e-5)
    infinite = fit_superposition(series, short)
    assert infinite.conductivity > 2.87  # the ends pass for conductivity
