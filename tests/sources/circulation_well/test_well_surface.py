"""Heat through the surface: against the conduction of a slab, in balance, and over decades."""

from __future__ import annotations

import numpy as np
import pytest

from diwen.sources.aquifer import CirculationWell, GroundColumn, Screen, ScreenPair
from diwen.sources.circulation_well.finite_volume import simulate_finite_volume
from diwen.sources.circulation_well.flow_field import flow_field
from diwen.sources.circulation_well.grid import well_grid
from diwen.sources.circulation_well.heat_operator import HeatOperator, Surface, heat_operator

DAY = 86400.0
NATURAL = 11.0
LAMBDA, CAPACITY = 2.2, 2.6e6
FLOW = 30.0 / 3600.0


def operator(surface: Surface, radius: float = 20.0) -> HeatOperator:
    column = GroundColumn.of([0.0, 10.0, 70.0, 100.0], [1e-9, 1e-4, 1e-9],
                             thermal_conductivity=LAMBDA, heat_capacity=CAPACITY)  # fmt: skip
    well = CirculationWell.of(0.15, (ScreenPair(Screen(12.0, 30.0), Screen(40.0, 58.0)),))
    grid = well_grid(column, well, outer_radius=radius, fineness=0.5)
    return heat_operator(flow_field(column, well, grid, outer="closed"), surface=surface)


def test_a_warm_slab_cools_through_its_surface() -> None:
    """At rest the ring is a slab with one face kept and the other insulated: its mean follows
    Σ 8/(π² m²) exp(−m² π² a t / 4 L²), m odd (Carslaw & Jaeger 1959, § 3.3)."""
    balance = operator("fixed")
    depth = float(balance.grid.depth_edges[-1])
    steps = 400
    course = simulate_finite_volume(
        balance, np.zeros(steps), load=np.zeros(steps), natural_temperature=NATURAL,
        start=np.full(balance.cells, NATURAL + 5.0), step=30.0 * DAY,
    )  # fmt: skip
    mean = balance.capacity @ (course.temperature.ravel() - NATURAL) / balance.capacity.sum()
    odd = np.arange(1.0, 400.0, 2.0)
    fourier = LAMBDA / CAPACITY * steps * 30.0 * DAY / depth**2
    exact = 5.0 * (8.0 / (np.pi * odd) ** 2) @ np.exp(-((odd * np.pi / 2.0) ** 2) * fourier)
    assert mean == pytest.approx(exact, abs=0.02)
    assert course.energy_closure < 1e-9


def test_energy_closes_with_a_fixed_surface() -> None:
    balance = operator("fixed")
    hours = np.arange(600)
    load = 1e5 * np.sin(2.0 * np.pi * hours / 200.0)
    flow = np.where(hours % 24 < 16, FLOW, 0.0)
    course = simulate_finite_volume(
        balance, flow, load=np.where(flow > 0.0, load, 0.0), natural_temperature=NATURAL
    )
    assert course.energy_closure < 1e-9


def test_net_injection_into_a_closed_cell_levels_off_only_below_a_fixed_surface() -> None:
    years = 60
    flow = np.full(12 * years, FLOW)
    heat = 2e3
    surfaces: tuple[Surface, ...] = ("insulated", "fixed")
    for surface in surfaces:
        balance = operator(surface)
        course = simulate_finite_volume(
            balance, flow, load=np.full(12 * years, -heat), natural_temperature=NATURAL,
            step=365.0 / 12.0 * DAY,
        )  # fmt: skip
        early, middle, late = course.pumped[[12 * 10 - 1, 12 * 35 - 1, 12 * years - 1]]
        if surface == "insulated":  # all heat stays: quasi-steady, as fast as the mean
            expected = heat * 25.0 * 365.0 * DAY / balance.capacity.sum()
            assert late - middle == pytest.approx(expected, rel=0.01)
        else:
            assert late - middle < 0.5 * (middle - early)


def test_a_surface_at_rest_changes_nothing() -> None:
    """Without load the even ground stays even, surface or not."""
    course = simulate_finite_volume(
        operator("fixed"), np.full(100, FLOW), load=0.0, natural_temperature=NATURAL
    )
    np.testing.assert_allclose(course.temperature, NATURAL, atol=1e-10)
