"""A site file becomes layers, circulation wells, groundwater wells, waters; one door to all."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import diwen.site
from diwen.problems import InputError, Problem
from diwen.site import SiteCirculationWell, SiteGroundwaterWells, circulation_well
from diwen.site.circulation_model import flow_field_of_well
from diwen.site.groundwater_source import groundwater_wells_of_site
from diwen.site.source_builders import BUILDERS, source_model, source_models
from diwen.site.sources import Source
from diwen.site.well_ground import column_edges, ground_column
from diwen.sources.circulation_well.heat_operator import heat_operator
from diwen.sources.response.hourly import Efficiency
from diwen.sources.response.source_model import SourceModel

EXAMPLES = Path(__file__).parents[2] / "examples"
HEAD = 'schema = 1\n\n[site]\nname_en = "A"\nname_zh = "甲"\nkind = "plant"\n\n'
GROUND = '[ground]\nundisturbed_temperature = "12 °C"\n\n'
AQUIFER = """[[ground.aquifers]]
top = "10 m"
bottom = "60 m"
hydraulic_conductivity = "8.64 m/d"
anisotropy = 0.5
porosity = 0.3
static_level = "7 m"
longitudinal_dispersivity = "0.4 m"
transverse_dispersivity = "0.04 m"

"""
LAYERS = """[[ground.layers]]
top = "0 m"
bottom = "10 m"
conductivity = "1.4 W/(m K)"
heat_capacity = "2.2 MJ/(m3 K)"
hydraulic_conductivity = "0.0864 m/d"

[[ground.layers]]
top = "10 m"
bottom = "40 m"
conductivity = "2.0 W/(m K)"
heat_capacity = "2.5 MJ/(m3 K)"

[[ground.layers]]
top = "40 m"
bottom = "60 m"
conductivity = "2.4 W/(m K)"
heat_capacity = "2.7 MJ/(m3 K)"

"""
WELL = """[sources.w]
type = "circulation_well"
structure = "one_aquifer"
depth = "58 m"
bore_diameter = "400 mm"
flow = "30 m3/h"

[[sources.w.stages]]
return_zone = { top = "12 m", bottom = "28 m" }
seal = { top = "28 m", bottom = "38 m" }
extraction_zone = { top = "38 m", bottom = "56 m" }

"""
DOUBLET = """[sources.d]
type = "well_doublet"
design_flow = "30 m3/h"

[sources.d.wells.a]
role = "abstraction"
depth = "60 m"
x = "0 m"
y = "0 m"
bore_diameter = "400 mm"
screens = [{ top = "20 m", bottom = "50 m" }]

[sources.d.wells.b]
role = "injection"
depth = "60 m"
x = "100 m"
y = "0 m"
bore_diameter = "400 mm"
screens = [{ top = "20 m", bottom = "50 m" }]

"""
RIVER = """[sources.r]
type = "surface_water"
design_flow = "50 m3/h"
temperature_mean = "13 °C"
temperature_amplitude = "9 K"
warmest_day = 205
minimum_return_temperature = "3 °C"

"""


def site_of(folder: Path, *parts: str) -> diwen.site.Site:
    (folder / "site.toml").write_text(HEAD + "".join(parts), encoding="utf-8")
    return diwen.site.read(folder)


def well_of(folder: Path, *parts: str) -> SiteCirculationWell:
    return circulation_well(site_of(folder, *parts))


def wells_of(folder: Path, *parts: str) -> SiteGroundwaterWells:
    return groundwater_wells_of_site(site_of(folder, *parts))


def said(problems: tuple[Problem, ...] | list[Problem]) -> str:
    assert all(problem.message.zh and problem.cure.zh for problem in problems)
    return "\n".join(problem.to("en") for problem in problems)


def refused(folder: Path, *parts: str) -> str:
    with pytest.raises(InputError) as caught:
        source_model(site_of(folder, *parts))
    return said(caught.value.problems)


# ---- the ground


def test_edges_lie_wherever_a_layer_or_an_aquifer_ends(tmp_path: Path) -> None:
    site = site_of(tmp_path, GROUND, LAYERS, AQUIFER)
    assert column_edges(site, 58.0) == [0.0, 10.0, 40.0, 60.0, 90.0]
    problems: list[Problem] = []
    column = ground_column(site, problems, 58.0)
    assert column is not None
    np.testing.assert_allclose(column.radial_conductivity, [1e-6, 1e-4, 1e-4, 1e-9])
    np.testing.assert_allclose(column.vertical_conductivity, [1e-6, 5e-5, 5e-5, 1e-9])
    np.testing.assert_allclose(column.thermal_conductivity, [1.4, 2.0, 2.4, 2.4])
    np.testing.assert_allclose(column.heat_capacity, [2.2e6, 2.5e6, 2.7e6, 2.7e6])
    np.testing.assert_allclose(column.porosity[1:3], 0.3)
    np.testing.assert_allclose(column.longitudinal_dispersivity[1:3], 0.4)
    assert [problem.severity for problem in problems] == ["warning"]
    assert "outside the aquifers at 60 to 90 m: taken as tight, 1e-09 m/s" in said(problems)


def test_what_the_file_leaves_open_is_assumed_and_said(tmp_path: Path) -> None:
    bare = '[[ground.aquifers]]\ntop = "10 m"\nbottom = "60 m"\nhydraulic_conductivity = "20 m/d"\n'
    problems: list[Problem] = []
    column = ground_column(site_of(tmp_path, GROUND, bare), problems)
    assert column is not None
    text = said(problems)
    for words in (
        "at 0 to 10, 60 to 90 m: taken as tight",
        "thermal conductivity 2.2 W/(m·K) is assumed at 0 to 90 m",
        "heat capacity 2.6 MJ/(m³·K) is assumed at 0 to 90 m",
        "porosity 0.25 is assumed at 10 to 60 m",
        "longitudinal dispersivity 0.5 m is assumed at 10 to 60 m",
        "transverse dispersivity 0.05 m is assumed at 10 to 60 m",
    ):  # fmt: skip
        assert words in text
    assert all(problem.severity == "warning" for problem in problems)


def test_an_unconfined_aquifer_carries_water_below_its_table(tmp_path: Path) -> None:
    free = AQUIFER.replace('static_level = "7 m"', 'static_level = "11 m"\nkind = "unconfined"')
    found = well_of(tmp_path, GROUND, LAYERS, free, WELL)
    assert 11.0 in found.column.edges
    assert found.aquifer is not None
    assert (found.aquifer.top, found.aquifer.bottom) == (11.0, 60.0)
    assert "computed as confined below its water table at 11 m" in said(found.notes)


# ---- circulation wells


def test_a_circulation_well_is_built_as_it_is_written(tmp_path: Path) -> None:
    found = well_of(tmp_path, GROUND, LAYERS, AQUIFER, WELL)
    pair = found.well.pairs[0]
    assert (pair.injection.top, pair.injection.bottom) == (12.0, 28.0)
    assert (pair.extraction.top, pair.extraction.bottom) == (38.0, 56.0)
    assert (found.well.radius, found.well.depth, found.well.annulus) == (0.2, 58.0, None)
    assert found.flow == found.total_flow == pytest.approx(30 / 3600)
    assert (found.count, found.names, found.cell_radius) == (1, ("w",), None)
    assert (found.static_level, found.undisturbed_temperature) == (7.0, 12.0)
    aquifer = found.aquifer
    assert aquifer is not None
    assert aquifer.transmissivity == pytest.approx(1e-4 * 50)
    # By thickness: 30 m of 2.5 and 20 m of 2.7 MJ/(m³·K).
    assert aquifer.heat_capacity == pytest.approx(2.58e6)
    assert aquifer.vertical_conductivity == pytest.approx(5e-5)


def test_wells_without_positions_stand_on_a_grid_and_own_a_cell(tmp_path: Path) -> None:
    more = WELL.replace('flow = "30 m3/h"', 'flow = "30 m3/h"\ncount = 5\nspacing = "40 m"')
    found = well_of(tmp_path, GROUND, LAYERS, AQUIFER, more)
    assert found.positions is not None
    assert found.positions.tolist() == [[0, 0], [40, 0], [80, 0], [0, 40], [40, 40]]
    assert found.cell_radius == pytest.approx(40 / math.sqrt(math.pi))
    assert math.pi * found.cell_radius**2 == pytest.approx(1600.0)
    assert found.total_flow * 3600 == pytest.approx(150.0)
    assert "a square grid of 40 m is taken" in said(found.notes)


def test_wells_nobody_placed_have_no_neighbours_and_that_is_said(tmp_path: Path) -> None:
    more = WELL.replace('flow = "30 m3/h"', 'flow = "30 m3/h"\ncount = 5')
    found = well_of(tmp_path, GROUND, LAYERS, AQUIFER, more)
    assert found.positions is None
    assert "neighbours cannot be considered" in said(found.notes)


def test_particles_fill_the_ring_around_the_casing(tmp_path: Path) -> None:
    gravel = WELL.replace("one_aquifer", "particles").replace(
        'depth = "58 m"', 'depth = "58 m"\ncasing_diameter = "200 mm"'
    ) + '[sources.w.particles]\nhydraulic_conductivity = "86.4 m/d"\nporosity = 0.35\n'  # fmt: skip
    annulus = well_of(tmp_path, GROUND, LAYERS, AQUIFER, gravel).well.annulus
    assert annulus is not None
    assert (annulus.inner_radius, annulus.porosity) == (0.1, 0.35)
    assert annulus.hydraulic_conductivity == pytest.approx(1e-3)


def test_a_standing_column_well_is_an_open_hole(tmp_path: Path) -> None:
    column = """[sources.s]
type = "standing_column_well"
depth = "60 m"
bore_diameter = "165 mm"
riser_diameter = "90 mm"
return_depth = "12 m"
pump_depth = "58 m"
flow = "6 m3/h"
bleed = 0.1
"""
    found = well_of(tmp_path, GROUND, LAYERS, AQUIFER, column)
    well = found.well
    assert (found.kind, well.bleed, well.depth) == ("standing_column_well", 0.1, 60.0)
    assert well.pairs[0].injection.centre == pytest.approx(12.0)
    assert well.pairs[0].extraction.centre == pytest.approx(58.0)
    assert well.annulus is not None
    assert well.annulus.inner_radius == pytest.approx(0.045)
    assert well.annulus.hydraulic_conductivity > 1.0


def test_all_that_a_well_lacks_is_asked_for_at_once(tmp_path: Path) -> None:
    bare = WELL.replace('flow = "30 m3/h"\n', "")
    text = refused(tmp_path, LAYERS, bare)
    assert "ground.aquifers: the wells cannot be computed without it" in text
    assert "sources.w.flow: the source cannot be computed without it" in text
    assert "ground.undisturbed_temperature: the source cannot be computed without it" in text


def test_the_flow_comes_from_wherever_the_file_says_it(tmp_path: Path) -> None:
    bare = WELL.replace('flow = "30 m3/h"\n', "count = 2\n")
    unit = '[heat_pumps.h]\ntype = "water_water"\nsource = "w"\ncount = 3\n'
    pump = '[pumps.p]\ncircuit = "well"\ncount = 2\nrated_flow = "20 m3/h"\n'
    with_unit = unit + 'source_flow = "8 m3/h"\n'
    for parts, flow in (((with_unit, pump), 24.0), ((unit, pump), 40.0)):
        found = well_of(tmp_path, GROUND, LAYERS, AQUIFER, bare, *parts)
        assert found.total_flow * 3600 == pytest.approx(flow)
        assert found.flow * 3600 == pytest.approx(flow / 2)


# ---- groundwater wells


def test_a_doublet_takes_and_returns_the_same_water(tmp_path: Path) -> None:
    moving = AQUIFER.replace(
        "porosity = 0.3", 'porosity = 0.3\ngradient = 0.002\nflow_direction = "90°"'
    )
    found = wells_of(tmp_path, GROUND, LAYERS, moving, DOUBLET)
    np.testing.assert_allclose(found.rates * 3600, [-30.0, 30.0])
    assert found.positions.tolist() == [[0, 0], [100, 0]]
    assert found.screens == (((20.0, 50.0),), ((20.0, 50.0),))
    assert found.aquifer.thickness == 50.0
    assert found.regional is not None
    assert found.regional.darcy_velocity == pytest.approx(2e-7)
    # To the east, along x.
    assert found.regional.angle == pytest.approx(0.0, abs=1e-12)
    np.testing.assert_allclose(found.static_level, 7.0)


def test_one_pump_and_three_return_wells_share_as_their_flows_say(tmp_path: Path) -> None:
    three = DOUBLET + "".join(
        f'[sources.d.wells.b{i}]\nrole = "injection"\ndepth = "60 m"\nx = "{60 * i} m"\n'
        f'y = "90 m"\nbore_diameter = "400 mm"\ndesign_flow = "{flow} m3/h"\n'
        'screens = [{ top = "20 m", bottom = "50 m" }]\n'
        for i, flow in ((1, 5), (2, 10))
    )
    even = wells_of(tmp_path, GROUND, LAYERS, AQUIFER, three)
    np.testing.assert_allclose(even.rates * 3600, [-30.0, 10.0, 10.0, 10.0])
    assert "shared evenly by the injection wells" in said(even.notes)
    large = three.replace('x = "100 m"', 'x = "100 m"\ndesign_flow = "15 m3/h"')
    np.testing.assert_allclose(
        wells_of(tmp_path, GROUND, LAYERS, AQUIFER, large).rates * 3600, [-30, 15, 5, 10]
    )


def test_wells_for_both_roles_take_the_one_that_lacks(tmp_path: Path) -> None:
    both = DOUBLET.replace('role = "injection"', 'role = "both"')
    found = wells_of(tmp_path, GROUND, LAYERS, AQUIFER, both)
    np.testing.assert_allclose(found.rates * 3600, [-30.0, 30.0])
    assert "a abstract and b reinject in the heating season" in said(found.notes)
    text = both.replace('role = "abstraction"', 'role = "both"')
    np.testing.assert_allclose(
        wells_of(tmp_path, GROUND, LAYERS, AQUIFER, text).rates * 3600, [-30.0, 30.0]
    )


def test_wells_without_place_or_in_two_aquifers_are_refused(tmp_path: Path) -> None:
    lost = DOUBLET.replace('x = "100 m"\ny = "0 m"\n', "")
    assert "sources.d.wells.b.x: the wells cannot be computed" in refused(
        tmp_path, GROUND, LAYERS, AQUIFER, lost
    )
    lower = AQUIFER.replace('"10 m"', '"10 m"').replace('"60 m"', '"35 m"') + AQUIFER.replace(
        '"10 m"', '"36 m"'
    )
    split = DOUBLET.replace('top = "20 m", bottom = "50 m"', 'top = "12 m", bottom = "30 m"', 1)
    split = split.replace('top = "20 m"', 'top = "40 m"')
    assert "the wells stand in several aquifers" in refused(tmp_path, GROUND, LAYERS, lower, split)


# ---- waters and air


def test_a_river_has_its_wave_and_its_limit(tmp_path: Path) -> None:
    model = source_model(site_of(tmp_path, RIVER))
    temperature = np.asarray(model.undisturbed_temperature)
    assert temperature.shape == (8760,)
    assert temperature.max() == pytest.approx(22.0, abs=0.01)
    assert int(temperature.argmax()) // 24 + 1 == 205
    assert temperature.mean() == pytest.approx(13.0, abs=0.01)
    assert model.limits.lowest_return == 3.0
    assert model.flow * 3600 == pytest.approx(50.0)


def test_a_file_of_temperatures_counts_and_its_gaps_are_filled_by_the_wave(tmp_path: Path) -> None:
    values = [f"{10 + hour % 24 / 10:.1f}" for hour in range(8760)]
    values[5] = ""
    (tmp_path / "river.csv").write_text(
        "\n".join(["time,Water temperature 水温 (°C)"]
                  + [f"{hour},{value}" for hour, value in enumerate(values)]),
        encoding="utf-8",
    )  # fmt: skip
    model = source_model(site_of(tmp_path, RIVER + 'temperature_file = "river.csv"\n'))
    found = np.asarray(model.undisturbed_temperature)
    np.testing.assert_allclose(found[:5], [10.0, 10.1, 10.2, 10.3, 10.4])
    wave = 13 + 9 * math.cos(2 * math.pi * (5.5 / 24 - 204.5) / 365)
    assert found[5] == pytest.approx(wave, abs=1e-6)
    bare = RIVER.replace('temperature_mean = "13 °C"\ntemperature_amplitude = "9 K"\n', "")
    text = refused(tmp_path, bare + 'temperature_file = "river.csv"\n')
    assert "the file has 1 gaps" in text
    (tmp_path / "river.csv").write_text("Temperature (°C)\n12\nwarm\n", encoding="utf-8")
    text = refused(tmp_path, bare + 'temperature_file = "river.csv"\n')
    assert "line 3" in text
    assert "not 8760 hourly values" in text


def test_sewage_behind_an_exchanger_is_further_from_the_heat_pumps(tmp_path: Path) -> None:
    plain = RIVER.replace("surface_water", "sewage")
    behind = plain.replace('design_flow = "50 m3/h"', 'design_flow = "50 m3/h"\nexchanger = "e"')
    plates = '[exchangers.e]\nheat_transmission = "60 kW/K"\n'
    one = source_model(site_of(tmp_path, plain))
    two = source_model(site_of(tmp_path, behind, plates))
    assert float(two.response.steady[0, 0]) > float(one.response.steady[0, 0])
    fouled = behind.replace('exchanger = "e"', 'exchanger = "e"\nfouling = 0.3')
    three = source_model(site_of(tmp_path, fouled, plates))
    assert float(three.response.steady[0, 0]) > float(two.response.steady[0, 0])
    text = refused(tmp_path, behind, '[exchangers.e]\narea = "20 m2"\n')
    assert "exchangers.e.heat_transmission: the source cannot be computed without it" in text


def test_waste_heat_gives_no_more_than_it_has_and_takes_none(tmp_path: Path) -> None:
    waste = RIVER.replace("surface_water", "waste_heat").replace(
        "warmest_day = 205", 'warmest_day = 205\navailable_power = "120 kW"'
    )
    limits = source_model(site_of(tmp_path, waste)).limits
    assert np.asarray(limits.largest_extraction).max() == pytest.approx(120e3)
    assert np.asarray(limits.largest_injection).max() == 0.0


def test_air_comes_from_a_weather_file(tmp_path: Path) -> None:
    rows = ["LOCATION,Somewhere", *(f"HEADER {i}" for i in range(7))]
    rows += [f"2020,1,1,{hour % 24 + 1},60,*,{hour / 1000:.3f},0" for hour in range(8760)]
    (tmp_path / "weather.epw").write_text("\n".join(rows), encoding="utf-8")
    air = '[sources.a]\ntype = "air"\nweather_file = "weather.epw"\n'
    model = source_model(site_of(tmp_path, air))
    np.testing.assert_allclose(model.undisturbed_temperature, np.arange(8760) / 1000, atol=1e-9)
    assert "weather_file" in refused(tmp_path, '[sources.a]\ntype = "air"\n')


# ---- wells as sources


NEIGHBOURS = WELL.replace('flow = "30 m3/h"', 'flow = "30 m3/h"\ncount = 4\nspacing = "35 m"')


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> SourceModel:
    """One well in open ground."""
    folder = tmp_path_factory.mktemp("alone")
    return source_model(site_of(folder, GROUND, LAYERS, AQUIFER, WELL))


@pytest.fixture(scope="module")
def in_cells(tmp_path_factory: pytest.TempPathFactory) -> SourceModel:
    """Four such wells, each in its cell."""
    folder = tmp_path_factory.mktemp("cells")
    return source_model(site_of(folder, GROUND, LAYERS, AQUIFER, NEIGHBOURS))


def lowest(model: SourceModel, load: float) -> float:
    """Coldest water after two winters of a load, °C."""
    winter = np.where(np.arange(8760) < 3600, load, 0.0)
    return float(model.course(winter, years=2).entering.min())


def test_a_bore_field_a_well_a_doublet_and_a_river_answer_to_the_same_code(
    tmp_path: Path, alone: SourceModel
) -> None:
    field = diwen.site.read(EXAMPLES / "sizing-office")
    others = site_of(tmp_path, GROUND, LAYERS, AQUIFER, DOUBLET, RIVER)
    models = {**source_models(field), **source_models(others), "w": alone}
    assert set(models) == {"field", "w", "d", "r"}
    heating = np.where(np.arange(8760) < 2000, 40e3, 0.0)
    for name, model in models.items():
        assert model.notes or name == "field"
        assert all(note.en and note.zh for note in model.notes)
        found = model.simulate(heating, heating_efficiency=Efficiency.constant(4.0), years=2)
        assert found.ground_load.max() == pytest.approx(30e3)
        drop = np.resize(model.undisturbed_temperature, 17520) - found.entering
        assert drop.max() >= -1e-9
        assert np.isfinite(drop).all()
        # Between what comes and what returns lies the heat over the capacity rate.
        spread = (found.entering - found.leaving)[:2000]
        np.testing.assert_allclose(spread, 30e3 / model.heat_capacity_rate, rtol=1e-9)


def test_a_well_at_another_flow_spreads_the_heat_over_it(alone: SourceModel) -> None:
    half = alone.with_flow(0.5 * alone.flow)
    assert half.heat_capacity_rate == pytest.approx(0.5 * alone.heat_capacity_rate)
    assert half.kind == alone.kind == "circulation_well"
    # Measured against the cells: some thousandths of the largest drop.
    assert alone.error < 0.02


def test_a_well_with_neighbours_cools_more_than_one_alone(
    alone: SourceModel, in_cells: SourceModel
) -> None:
    assert lowest(in_cells, 240e3) < lowest(alone, 60e3) < alone.undisturbed_temperature
    assert any("closed cell of 19.7 m" in note.en for note in in_cells.notes)


def test_a_cell_is_the_ground_that_a_well_owns_and_cools_through_the_surface(
    tmp_path: Path, in_cells: SourceModel
) -> None:
    built = well_of(tmp_path, GROUND, LAYERS, AQUIFER, NEIGHBOURS)
    operator = heat_operator(flow_field_of_well(built))
    # 100 m deep (40 m below the well of 58 m, in tens) and 35 m by 35 m: layers as written.
    held = 35.0**2 * (10 * 2.2e6 + 30 * 2.5e6 + 20 * 2.7e6 + 40 * 2.7e6)
    assert operator.capacity.sum() == pytest.approx(held, rel=1e-3)
    # It cools ever more slowly, not faster than the cell would on its own after the first years:
    # more and more of the heat comes through the surface.
    year = 8760 * 3600.0
    drops = in_cells.response.at(np.array([5.0, 6.0, 14.0, 15.0, 23.0, 24.0]) * year)
    slopes = [float(drops[i + 1] - drops[i]) / year * 4 * held for i in (0, 2, 4)]
    assert slopes[0] > slopes[1] > slopes[2] > 0.0
    assert slopes[2] < 1.0


def test_regional_flow_keeps_a_well_warmer(tmp_path: Path) -> None:
    """10 cm a year past the well is left out, and said; 30 m a year is followed by particles."""
    flows = 'porosity = 0.3\ngradient = {}\nflow_direction = "0°"'
    found = []
    for gradient, said in ((0.00003, "the regional flow that passes"), (0.01, "Heat moves with")):
        moving = AQUIFER.replace("porosity = 0.3", flows.format(gradient))
        model = source_model(site_of(tmp_path, GROUND, LAYERS, moving, WELL))
        assert any(said in note.en for note in model.notes)
        found.append(lowest(model, 60e3))
    slow, fast = found
    assert slow < fast < 12.0


def test_a_trace_of_regional_flow_changes_nothing(tmp_path: Path) -> None:
    """Least water that passes by itself leaves the answer of the well where it was."""
    times = np.array([30.0, 365.0, 9000.0]) * 86400.0
    still = source_model(site_of(tmp_path, GROUND, LAYERS, AQUIFER, WELL))
    moving = AQUIFER.replace("porosity = 0.3", "porosity = 0.3\ngradient = 0.00001")
    trace = source_model(site_of(tmp_path, GROUND, LAYERS, moving, WELL))
    np.testing.assert_allclose(trace.response.at(times), still.response.at(times), rtol=1e-12)


def test_wells_on_irregular_places_are_followed_by_particles(tmp_path: Path) -> None:
    places = "".join(
        f'[sources.w.wells.w{i}]\nx = "{x} m"\ny = "{y} m"\n'
        for i, (x, y) in enumerate(((0, 0), (45, 10), (20, 60)))
    )
    model = source_model(site_of(tmp_path, GROUND, LAYERS, AQUIFER, WELL, places))
    assert model.flow * 3600 == pytest.approx(90.0)
    assert any("conduction" in note.en for note in model.notes)


def test_wells_nobody_placed_are_no_source(tmp_path: Path) -> None:
    more = WELL.replace('flow = "30 m3/h"', 'flow = "30 m3/h"\ncount = 5')
    text = refused(tmp_path, GROUND, LAYERS, AQUIFER, more)
    assert "sources.w.spacing: the wells cannot be computed without it" in text


def test_water_that_is_not_reinjected_has_no_memory(tmp_path: Path) -> None:
    drained = DOUBLET.replace("well_doublet", "groundwater_wells").replace(
        'design_flow = "30 m3/h"', 'design_flow = "30 m3/h"\nreinjection = false'
    )
    model = source_model(site_of(tmp_path, GROUND, LAYERS, AQUIFER, drained))
    assert model.response.modes == 0
    assert model.with_flow(2 * model.flow).flow == pytest.approx(60 / 3600)
    entering = model.course(np.full(100, 50e3)).entering
    np.testing.assert_allclose(entering, 12.0)


def test_a_well_behind_an_exchanger_keeps_its_answer_and_adds_the_approach(
    tmp_path: Path, alone: SourceModel
) -> None:
    behind = WELL.replace('flow = "30 m3/h"', 'flow = "30 m3/h"\nexchanger = "e"')
    plates = '[exchangers.e]\nrated_capacity = "150 kW"\napproach = "2 K"\n'
    parts = (GROUND, LAYERS, AQUIFER)
    load = np.full(500, 150e3)
    water = alone.course(load).entering
    circuit = source_model(site_of(tmp_path, *parts, behind, plates)).course(load).entering
    # The circuit moves as much as the water: the approach is 2 K at the rated heat, always.
    np.testing.assert_allclose(water - circuit, 2.0, atol=0.02)


# ---- the door


def test_every_kind_of_source_has_a_builder_but_the_one_only_metered() -> None:
    (union, *_) = Source.__metadata__ and Source.__args__  # type: ignore[attr-defined]
    kinds = {model.model_fields["type"].annotation.__args__[0] for model in union.__args__}
    assert kinds - set(BUILDERS) == {"other"}
    assert set(BUILDERS) <= kinds


def test_a_source_that_is_only_metered_or_not_there_is_refused(tmp_path: Path) -> None:
    text = refused(tmp_path, '[sources.lab]\ntype = "other"\n')
    assert "metered, not described" in text
    assert "the site has no source" in refused(tmp_path)
    site = site_of(tmp_path, RIVER, RIVER.replace("sources.r", "sources.q"))
    with pytest.raises(InputError, match="several sources"):
        source_model(site)
    assert set(source_models(site)) == {"r", "q"}
    with pytest.raises(InputError, match="no such source"):
        source_model(site, "sea")


def test_the_door_loads_nothing_heavy() -> None:
    code = (
        "import sys, diwen.site, diwen.site.source_builders, diwen.site.circulation_source;"
        "print([m for m in ('numpy', 'scipy', 'numba') if m in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )  # fmt: skip
    assert found.stdout.strip() == "[]"
