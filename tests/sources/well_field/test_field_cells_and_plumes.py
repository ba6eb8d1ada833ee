"""Cells of a field, the choice of its model, and plumes down-gradient."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.well_field.no_flow_cell import cell_radius, choose_field_model, field_cells
from diwen.sources.well_field.plume import (
    MODELS,
    Plume,
    neighbour_reach,
    plume_difference,
    plume_sizes,
)

YEAR = 365.0 * 86400.0
GRID = np.array([(k % 6, k // 6) for k in range(18)]) * 50.0
PLOT = [[-25, -25], [275, -25], [275, 125], [-25, 125]]


def test_square_field_in_its_plot():
    cells = field_cells(GRID, PLOT)
    np.testing.assert_allclose(cells.areas, 2500.0)
    np.testing.assert_allclose(cells.radii, cell_radius(50.0))
    assert cells.spread < 1e-12


def test_cells_without_a_plot_are_nearly_those_of_the_plot():
    cells = field_cells(GRID)
    np.testing.assert_allclose(cells.areas, 2500.0, rtol=0.06)
    # A rounded corner takes away half of (1 - pi/4) of the quarter that stands there.
    np.testing.assert_allclose(
        cells.areas[0], 2500.0 * (1.0 - 0.25 * (1.0 - math.pi / 4)), rtol=3e-3
    )


def test_cells_fill_the_plot_whatever_its_form():
    corners = np.array([[0, 0], [200, 0], [200, 80], [90, 80], [90, 160], [0, 160]])
    wells = np.random.default_rng(1).uniform([5, 5], [85, 75], (9, 2))
    area = 200.0 * 80.0 + 90.0 * 80.0
    assert field_cells(wells, corners).areas.sum() == pytest.approx(area)


@settings(max_examples=30)
@given(st.integers(0, 2**31), st.integers(2, 15))
def test_voronoi_areas_by_counting_points(seed, count):
    random = np.random.default_rng(seed)
    wells = random.uniform(0.0, 100.0, (count, 2))
    side = (np.arange(150) + 0.5) / 1.5
    points = np.stack(np.meshgrid(side, side), axis=-1).reshape(-1, 2)
    nearest = ((points[:, None] - wells) ** 2).sum(axis=-1).argmin(axis=1)
    counted = np.bincount(nearest, minlength=count) * (100.0 / 150.0) ** 2
    square = [[0, 0], [100, 0], [100, 100], [0, 100]]
    np.testing.assert_allclose(field_cells(wells, square).areas, counted, atol=100.0)


def test_triangular_field():
    assert cell_radius(50.0, "triangular") == pytest.approx(50.0 * math.sqrt(0.75**0.5 / math.pi))


def test_which_model():
    cells = field_cells(GRID)
    assert choose_field_model(cells, thermal_reach=20.0).model == "alone"
    near = choose_field_model(cells, thermal_reach=40.0)
    assert near.model == "cell"
    assert near.radius == pytest.approx(float(cells.radii.min()))
    assert choose_field_model(cells, thermal_reach=40.0, regional_ratio=0.3).model == "kernels"
    crooked = GRID * [1.0, 1.0] + (GRID[:, :1] > 100.0) * [80.0, 0.0]
    assert choose_field_model(field_cells(crooked), thermal_reach=40.0).model == "kernels"
    assert choose_field_model(field_cells([[0, 0]]), thermal_reach=40.0).model == "alone"
    assert near.reason.zh != near.reason.en


def test_cells_that_cannot_be():
    for positions in ([[0, 0], [0, 0]], [[0, 0, 0]], [[0, math.nan]]):
        with pytest.raises(InputError):
            field_cells(positions)
    with pytest.raises(InputError):
        cell_radius(0.0)


FLOWING = Plume.of(
    10.0 / 3600.0, -4.0, 20.0, 1e-6, longitudinal_dispersivity=5.0, transverse_dispersivity=0.5
)


@pytest.mark.parametrize(
    ("model", "tolerance"), [("radial", 0.01), ("planar", 0.03), ("line_source", 0.01)]
)
def test_each_model_holds_the_heat_that_was_returned(model, tolerance):
    """C b ∫∫ ΔT dx dy = Q ρc ΔT t; the plane front starts blurred, which costs it a little."""
    time = 2.5 * YEAR
    x_edges = 5.0 * np.sinh(np.linspace(-math.asinh(36.0), math.asinh(80.0), 71))
    y_edges = 3.0 * np.sinh(np.linspace(0.0, math.asinh(60.0), 31))
    x, y = 0.5 * (x_edges[1:] + x_edges[:-1]), 0.5 * (y_edges[1:] + y_edges[:-1])
    differences = plume_difference(FLOWING, *np.meshgrid(x, y), time, model)
    area = 2.0 * np.diff(x_edges) * np.diff(y_edges)[:, None]
    held = (differences * area).sum() * FLOWING.ground_heat_capacity * FLOWING.thickness
    given_off = FLOWING.flow * FLOWING.water_heat_capacity * 4.0 * time
    assert held == pytest.approx(given_off, rel=tolerance)


@pytest.mark.parametrize("dispersivity", [0.0, 0.25])
def test_radial_front_against_a_finite_volume_solution(dispersivity):
    """Rings of equal area: water moves one ring a step, exactly; then heat is conducted and
    dispersed, in proportion to the velocity of heat Q/(2 pi b A r). What the closed form leaves out
    is of the order of the dispersivity over the radius of the front."""
    plume = Plume.of(30.0 / 3600.0, 1.0, 20.0, 0.0, longitudinal_dispersivity=dispersivity)
    retardation = plume.ground_heat_capacity / plume.water_heat_capacity
    time, rings, total = 90.0 * 86400.0, 200, 500
    front = math.sqrt(plume.flow * time / (math.pi * retardation * plume.thickness))
    edges = front * np.sqrt(np.arange(total + 1) / rings)
    middle = np.sqrt(0.5 * (edges[1:] ** 2 + edges[:-1] ** 2))
    diffusivity = plume.thermal_conductivity / plume.ground_heat_capacity
    volume = 0.5 * np.diff(edges**2)
    carried = plume.flow / (2.0 * math.pi * plume.thickness * retardation)
    exchange = (diffusivity * edges[1:-1] + dispersivity * carried) / np.diff(middle)
    step = time / rings
    matrix = np.diag(volume)
    for k, c in enumerate(exchange * step):
        matrix[k : k + 2, k : k + 2] += c * np.array([[1.0, -1.0], [-1.0, 1.0]])
    advance = np.linalg.inv(matrix) * volume
    field = np.zeros(total)
    for _ in range(rings):
        field = advance @ np.concatenate([[1.0], field[:-1]])
    assert front == pytest.approx(40.77, abs=0.01)
    exact = plume_difference(plume, middle, 0.0 * middle, time, "radial")
    away = middle > 10.0
    np.testing.assert_allclose(field[away], exact[away], atol=0.02)


def test_plane_plume_is_a_strip_that_spreads_sideways():
    """Well behind its front: the strip Q/(bU) wide, blurred by a normal distribution of the
    variance 2 D x/v, summed strip by strip (heat conducted across for the time x/v)."""
    x, y = 120.0, np.array([0.0, 50.0, 65.0, 75.0, 90.0])
    water = 4.19e6 / 2.6e6 * 1e-6
    sideways = 2.2 / 2.6e6 + 0.5 * water
    half = 0.5 * 10.0 / 3600.0 / (20.0 * 1e-6)
    parts = np.linspace(-half, half, 4001)
    parts = 0.5 * (parts[1:] + parts[:-1])
    variance = 2.0 * sideways * x / water
    normal = np.exp(-((y[:, None] - parts) ** 2) / (2.0 * variance))
    expected = 4.0 * normal.sum(axis=1) * (2.0 * half / 4000.0) / math.sqrt(2 * math.pi * variance)
    assert 0.2 < expected[-1] < expected[2] < expected[1] < 3.8 < expected[0]
    found = plume_difference(FLOWING, x, y, 40.0 * YEAR, "planar")
    np.testing.assert_allclose(found, expected, atol=0.01)


def test_sizes_are_where_the_isotherm_is():
    sizes = plume_sizes(FLOWING, 10.0 * YEAR, 1.0)
    assert [size.model for size in sizes] == list(MODELS)
    for size in sizes:
        edge = plume_difference(FLOWING, size.length, 0.0, 10.0 * YEAR, size.model)
        assert float(edge) == pytest.approx(1.0, abs=2e-3)
        assert size.width > 0.0
    planar, line = sizes[1:]
    assert planar.length == pytest.approx(line.length, rel=0.1)
    assert planar.width == pytest.approx(FLOWING.width, rel=0.4)


def test_plumes_grow_with_time_and_shrink_with_the_isotherm():
    later = {size.model: size for size in plume_sizes(FLOWING, 5 * YEAR)}
    for young in plume_sizes(FLOWING, YEAR):
        assert later[young.model].length > young.length
    for weak, strong in zip(
        plume_sizes(FLOWING, 5 * YEAR, 0.5), plume_sizes(FLOWING, 5 * YEAR, 2.0), strict=True
    ):
        assert weak.length > strong.length
    unreached = {size.model: size.length for size in plume_sizes(FLOWING, 5 * YEAR, 5.0)}
    assert unreached["radial"] == unreached["planar"] == 0.0


def test_water_that_has_hardly_moved_is_not_spread_across_the_flow():
    """The planar plume is there once it is longer than half as wide; before it would be wider than
    the circle of still water."""
    slow = Plume.of(10.0 / 3600.0, 4.0, 20.0, 1e-8)
    assert [size.model for size in plume_sizes(slow, 10.0 * YEAR)] == ["radial", "line_source"]
    for years in (1.0, 3.0, 10.0):
        sizes = {size.model: size for size in plume_sizes(FLOWING, years * YEAR)}
        moved = FLOWING.velocity * years * YEAR
        assert ("planar" in sizes) == (moved >= 0.5 * FLOWING.width)
        if "planar" in sizes:
            assert sizes["planar"].width < 1.5 * sizes["radial"].width


def test_still_water_knows_only_the_radial_plume():
    still = Plume.of(0.003, 4.0, 20.0, 0.0)
    assert [size.model for size in plume_sizes(still, YEAR)] == ["radial"]
    with pytest.raises(InputError):
        plume_difference(still, 1.0, 1.0, YEAR, "planar")


def test_reach_against_the_neighbour():
    ratio, text = neighbour_reach(30.0 * 24.0 * 90.0, 20.0, 2.6 / 4.19, 100.0)
    assert ratio == pytest.approx(0.4077, abs=1e-4)
    assert "41" in text.en
    assert "41" in text.zh
    with pytest.raises(InputError):
        neighbour_reach(1.0, 20.0, 0.6, 0.0)


def test_plumes_that_cannot_be():
    with pytest.raises(InputError) as caught:
        Plume.of(0.0, 4.0, 0.0, -1e-6)
    assert {p.where for p in caught.value.problems} == {"flow", "thickness", "regional_flux"}
