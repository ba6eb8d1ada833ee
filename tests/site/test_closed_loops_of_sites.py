"""A site file becomes ground, boreholes, network and closed loop."""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import diwen.site
from diwen.fluids import fluid
from diwen.problems import InputError
from diwen.site.closed_loops import SiteClosedLoop, closed_loop
from diwen.sources.borefield.closed_loop import ClosedLoop
from diwen.sources.borehole.resistances import borehole_resistance
from diwen.sources.borehole.short_time import fluid_step_response
from diwen.sources.ground.layers import Ground, Layers, SurfaceWave

EXAMPLE = Path(__file__).parents[2] / "examples" / "sizing-office"
YEAR = 8760 * 3600.0
FIELD = 'type = "borefield"'
BORE = 'diameter = "150 mm"'
SMALL = ("columns = 8, rows = 5", "columns = 4, rows = 2")
MEASURED = (BORE, BORE + '\nthermal_resistance = "0.11 m K/W"')
ZONES = (
    "[heat_pumps.hp]",
    '[sources.field.zones.east]\nboreholes = "1-2, 5-6"\ndesign_flow = "10 m3/h"\n'
    '[sources.field.zones.west]\nboreholes = "3-4, 7-8"\ndesign_flow = "5 m3/h"\n\n'
    "[heat_pumps.hp]",
)
# Neither the units nor the pumps say how much water runs.
NO_FLOW = (
    ('source_flow = "38 m3/h"\n', ""),
    ('rated_power = "4 kW"\nrated_flow = "38 m3/h"\n', 'rated_power = "4 kW"\n'),
)


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    """A copy of the example with passages of its site file replaced."""
    copy = folder / "office"
    shutil.copytree(EXAMPLE, copy)
    text = (copy / "site.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (copy / "site.toml").write_text(text, encoding="utf-8")
    return copy


def built(folder: Path, *changes: tuple[str, str]) -> SiteClosedLoop:
    return closed_loop(diwen.site.read(changed(folder, *changes)))


def test_the_example_is_built_as_it_is_written() -> None:
    found = closed_loop(diwen.site.read(EXAMPLE))
    loop = found.loop
    assert (loop.boreholes.count, loop.zones, found.zones) == (40, 1, ("field",))
    assert (loop.conductivity, loop.heat_capacity) == (1.9, pytest.approx(2.4e6))
    assert found.undisturbed_temperature == pytest.approx(14.0)
    assert found.network is not None
    assert found.network.parallel
    density = float(fluid("water").density(10.0))
    assert found.network.total_flow == pytest.approx(76 / 3600 * density)
    assert found.section is not None
    each = found.network.total_flow / 40
    solved = borehole_resistance(found.section, 105.0, each, fluid("water"), 10.0)
    assert found.resistance == pytest.approx(float(solved.effective))
    assert not found.measured
    assert not found.notes


def test_zones_answer_each_with_its_own_load(tmp_path: Path) -> None:
    found = built(tmp_path, SMALL, ZONES)
    assert found.zones == ("east", "west")
    assert found.loop.zone.tolist() == [0, 0, 1, 1, 0, 0, 1, 1]
    assert found.loop.lengths == pytest.approx([420.0, 420.0])
    answer = found.loop.step_response(3600.0, 10 * YEAR)(np.array([86400.0, YEAR, 10 * YEAR]))
    assert answer.shape == (2, 2, 3)
    assert answer[0, 1] == pytest.approx(answer[1, 0], rel=1e-6)
    assert (answer[0, 0] > answer[0, 1]).all()
    # Zones loaded alike are the field with twice the heat.
    whole = ClosedLoop(
        found.loop.boreholes, found.loop.conductivity, found.loop.heat_capacity, found.loop.core
    )
    field = whole.step_response(3600.0, 10 * YEAR)(np.array([86400.0, YEAR, 10 * YEAR]))
    assert answer.sum(axis=1).mean(axis=0) == pytest.approx(2.0 * field[0, 0], rel=0.01)


def test_zones_share_the_flow_as_their_design_flows_say(tmp_path: Path) -> None:
    network = built(tmp_path, SMALL, ZONES).network
    assert network is not None
    assert network.mass_flow[0] == pytest.approx(2.0 * network.mass_flow[2])
    assert network.total_flow == pytest.approx(76 / 3600 * float(fluid("water").density(10.0)))


def test_boreholes_outside_all_zones_are_one_of_their_own(tmp_path: Path) -> None:
    found = built(tmp_path, SMALL, (ZONES[0], ZONES[1].replace("3-4, 7-8", "3-4")))
    assert found.zones == ("east", "west", "-")
    assert found.loop.zone.tolist() == [0, 0, 1, 1, 0, 0, 2, 2]
    assert any(note.where == "sources.field.zones" for note in found.notes)


def test_boreholes_in_series_are_chains_in_the_order_of_the_file(tmp_path: Path) -> None:
    found = built(tmp_path, SMALL, (FIELD, FIELD + '\nnetwork = "series"\nboreholes_in_series = 2'))
    assert found.network is not None
    assert found.network.upstream.tolist() == [-1, 0, -1, 2, -1, 4, -1, 6]
    assert np.ptp(found.network.mass_flow) == 0.0


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ('network = "mixed"', "sources.field.network"),
        ("boreholes_in_series = 3", "sources.field.boreholes_in_series"),
    ],
)
def test_a_network_that_is_not_known_is_a_note(tmp_path: Path, line: str, where: str) -> None:
    found = built(tmp_path, SMALL, (FIELD, f"{FIELD}\n{line}"))
    assert found.network is None
    assert [note.where for note in found.notes] == [where]


def test_the_own_design_flow_comes_before_that_of_the_machines(tmp_path: Path) -> None:
    found = built(tmp_path, SMALL, (FIELD, FIELD + '\ndesign_flow = "20 m3/h"'))
    assert found.flow == pytest.approx(20 / 3600)


def test_a_measured_resistance_needs_no_flow(tmp_path: Path) -> None:
    found = built(tmp_path, SMALL, MEASURED, *NO_FLOW)
    assert (found.resistance, found.measured, found.flow) == (0.11, True, None)
    assert found.network is None
    assert found.loop.core.resistance == 0.11
    assert any("design_flow" in note.message.en for note in found.notes)


def test_the_ground_has_gradient_wave_and_layers(tmp_path: Path) -> None:
    ground = (
        'gradient = "30 K/km"\nsurface_temperature_mean = "12 °C"\n'
        'surface_temperature_amplitude = "13 K"\ncoldest_day = 20\n'
    )
    two = (
        'bottom = "150 m"',
        'bottom = "40 m"\nconductivity = "1.2 W/(m K)"\nheat_capacity = "2.0 MJ/(m3 K)"\n'
        '[[ground.layers]]\nname = "rock"\ntop = "40 m"\nbottom = "150 m"',
    )
    found = built(
        tmp_path, SMALL, two, ('undisturbed_temperature = "14.0 °C"\n', ground),
        ('undisturbed_temperature_uncertainty = "0.6 K"\n', ""),
    )  # fmt: skip
    layers = Layers.of([0.0, 40.0], [1.2, 1.9], [2.0e6, 2.4e6])
    direct = Ground.with_gradient(layers, 12.0, 0.03, 106.5, SurfaceWave.of_day(13.0, 20.0))
    depths = np.array([0.5, 3.0, 20.0, 80.0, 140.0])
    for time in (None, 0.3 * YEAR):
        assert found.ground.temperature(depths, time) == pytest.approx(
            direct.temperature(depths, time)
        )
    assert found.loop.conductivity == pytest.approx((38.5 * 1.2 + 66.5 * 1.9) / 105.0)
    assert found.undisturbed_temperature == pytest.approx(direct.mean_temperature(1.5, 106.5))


def test_a_profile_against_the_measured_mean_is_said(tmp_path: Path) -> None:
    profile = 'gradient = "30 K/km"\nsurface_temperature_mean = "{} °C"\n[[ground.layers]]'
    for mean, notes in (("12.5", 0), ("9", 1)):
        found = built(tmp_path / mean, SMALL, ("[[ground.layers]]", profile.format(mean)))
        assert found.undisturbed_temperature == pytest.approx(14.0)
        assert len(found.notes) == notes


def test_groundwater_is_there_but_not_in_the_loop(tmp_path: Path) -> None:
    aquifer = (
        "[sources.field]\n",
        '[[ground.aquifers]]\ntop = "20 m"\nbottom = "60 m"\nhydraulic_conductivity = "5 m/d"\n'
        'gradient = "2 %"\nflow_direction = "90 deg"\n\n[sources.field]\n',
    )
    found = built(tmp_path, SMALL, aquifer)
    assert found.groundwater is not None
    speed = 0.1 / 86400 * 4.19 / 2.4
    assert found.groundwater.flow.velocity == pytest.approx(np.array([[speed, 0.0]]), abs=1e-18)
    assert any("at rest" in note.message.en for note in found.notes)


def test_coaxial_pipes_hold_their_fluid_and_resist_as_given(tmp_path: Path) -> None:
    coaxial = (
        'kind = "double_u"\nouter_diameter = "32 mm"\nwall_thickness = "3.0 mm"',
        'kind = "coaxial"\nouter_diameter = "110 mm"\nwall_thickness = "4 mm"\n'
        'inner_outer_diameter = "50 mm"\ninner_wall_thickness = "4 mm"\n'
        'inner_conductivity = "0.2 W/(m K)"',
    )
    legs = ('shank_spacing = "80 mm"\n', "")
    found = built(
        tmp_path, SMALL, coaxial, legs, ('source_flow = "38 m3/h"', 'source_flow = "16 m3/h"')
    )
    core = found.loop.core
    water = math.pi * (0.051**2 - 0.025**2 + 0.021**2) * 4.193e6
    assert core.fluid_capacity == pytest.approx(
        water + math.pi * (0.025**2 - 0.021**2) * 1.9e6, rel=2e-3
    )
    late = fluid_step_response(core, 1.9, 2.4e6, np.array([1e6]))[0]
    line = math.log(4 * 1.9 / 2.4e6 * 1e6 / 0.075**2) - 0.5772
    assert late == pytest.approx(found.resistance + line / (4 * math.pi * 1.9), rel=0.02)


def test_everything_that_is_missing_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        built(
            tmp_path,
            ('undisturbed_temperature = "14.0 °C"\n', ""),
            ('undisturbed_temperature_uncertainty = "0.6 K"\n', ""),
            ('conductivity = "1.9 W/(m K)"\nconductivity_uncertainty = "10 %"\n', ""),
            ('shank_spacing = "80 mm"\n', ""),
            ('heat_capacity = "2.8 MJ/(m3 K)"\n', ""),
            *NO_FLOW,
            ('name = "water" }', 'name = "air" }'),
        )
    assert {problem.where for problem in caught.value.problems} == {
        "ground.undisturbed_temperature",
        "ground.layers[0].conductivity",
        "sources.field.pipes.shank_spacing",
        "sources.field.grout.heat_capacity",
        "sources.field.design_flow",
        "sources.field.fluid",
    }


def test_a_source_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError, match="no bore field of this name"):
        closed_loop(diwen.site.read(EXAMPLE), "wells")


def test_the_room_loads_no_numerics_before_it_builds() -> None:
    code = (
        "import sys, diwen.site, diwen.site.closed_loops; "
        "print([m for m in ('numpy', 'scipy', 'numba', 'scp') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
