"""What ``diwen size`` says beside the length: groundwater, loop, the standard's method, zones."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import diwen.site
from diwen.cli import build
from diwen.design.of_site import sizing_input
from diwen.design.site_sizing import size_site
from diwen.design.site_standard_method import asks_for_it, running_share, standard_method
from diwen.design.sizing import size
from diwen.fluids import fluid
from diwen.problems import InputError
from diwen.sources.borefield.advection import g_function_with_groundwater
from diwen.sources.borefield.g_functions import g_function
from diwen.sources.borefield.groundwater_flow import GroundwaterFlow
from diwen.sources.borehole.hydraulics import GRAVITY, borehole_pressure_drop
from diwen.sources.borehole.pipes import BoreholeSection, Pipe
from diwen.sources.borehole.resistances import borehole_resistance
from diwen.sources.borehole.standard_method import (
    length_for_cooling,
    length_for_heating,
    standard_resistances,
)

EXAMPLE = Path(__file__).parents[2] / "examples" / "sizing-office"
DAY = date(2026, 3, 1)
SMALL = ("columns = 8, rows = 5", "columns = 4, rows = 3")

AQUIFER = (
    "[sources.field]\n",
    '[[ground.aquifers]]\nname = "gravel"\ntop = "20 m"\nbottom = "60 m"\n'
    'hydraulic_conductivity = "5 m/d"\ngradient = "2 %"\nflow_direction = "135 deg"\n\n'
    "[sources.field]\n",
)
FIELD = 'type = "borefield"'


def changed(folder: Path, *changes: tuple[str, str], share: float = 0.3) -> Path:
    """A copy of the example with passages replaced and its load scaled; nothing is drawn of it."""
    copy = folder / "office"
    shutil.copytree(EXAMPLE, copy)
    text = (copy / "site.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    # Without uncertainties there is no Monte-Carlo study, which takes most of the time.
    text = "\n".join(line for line in text.splitlines() if "_uncertainty" not in line)
    (copy / "site.toml").write_text(text, encoding="utf-8")
    head, *rows = (copy / "load.csv").read_text(encoding="utf-8").splitlines()
    separator = ";" if ";" in head else ","
    scaled = (
        separator.join(f"{share * float(cell):.6g}" for cell in row.split(separator))
        for row in rows
    )
    (copy / "load.csv").write_text("\n".join([head, *scaled]) + "\n", encoding="utf-8")
    return copy


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(build(), ["size", *map(str, arguments)])
    if isinstance(result.exception, InputError):
        raise result.exception
    return result.exit_code, result.output


def scaled_flow(factor: float) -> tuple[str, str]:
    return ('source_flow = "38 m3/h"', f'source_flow = "{38 * factor:g} m3/h"')


def test_an_aquifer_shortens_the_boreholes_and_ends_the_drift(tmp_path: Path) -> None:
    site = changed(tmp_path, SMALL, AQUIFER, scaled_flow(0.3))
    found = size_site(diwen.site.read(site), method="monthly", samples=2, day=DAY)
    rest = found.without_groundwater
    assert rest is not None
    assert rest.length is not None
    assert found.sizing.length is not None
    assert found.sizing.length < 0.95 * rest.length
    # The load heats the ground at rest for years; with the flow the last decade is flat.
    assert rest.maximum[24] - rest.maximum[14] > 0.1
    assert abs(found.sizing.maximum[24] - found.sizing.maximum[14]) < 0.01
    plain = size_site(
        diwen.site.read(site), method="monthly", samples=2, groundwater=False, day=DAY
    )
    assert plain.sizing.length == pytest.approx(rest.length)
    assert plain.without_groundwater is None


def test_the_response_with_groundwater_is_that_of_the_physics(tmp_path: Path) -> None:
    given = sizing_input(diwen.site.read(changed(tmp_path, SMALL, AQUIFER, scaled_flow(0.3))))
    field, water = given.field, given.groundwater
    assert water is not None
    assert water.darcy_velocity[0] == pytest.approx(5 / 86400 * 0.02)
    assert water.transport_velocity[0] == pytest.approx(5 / 86400 * 0.02 * 4.19 / 2.4, rel=1e-6)
    # 135° from north clockwise is south-east: along x, against y.
    flow = GroundwaterFlow.of(0.1 / 86400, -np.pi / 4, 2.4e6, 20.0, 60.0)
    times = np.array([1.0, 10.0, 25.0]) * 8760 * 3600
    direct = g_function_with_groundwater(field.boreholes, field.diffusivity, times, flow)
    table = given.response().at(105.0, field.diffusivity * times)
    assert table == pytest.approx(direct.values, rel=2e-3)
    still = given.response(groundwater=False).at(105.0, field.diffusivity * times)
    assert still == pytest.approx(
        g_function(field.boreholes, field.diffusivity, times).values, rel=1e-3
    )


def test_an_aquifer_without_gradient_is_one_note(tmp_path: Path) -> None:
    for name, old in (("open", 'gradient = "2 %"\n'), ("still", 'gradient = "2 %"')):
        site = changed(tmp_path / name, AQUIFER)
        text = (site / "site.toml").read_text(encoding="utf-8")
        text = text.replace(old, "" if name == "open" else 'gradient = "0 %"')
        (site / "site.toml").write_text(text, encoding="utf-8")
        given = sizing_input(diwen.site.read(site))
        assert given.groundwater is None
        notes = [note for note in given.notes if note.where == "ground.aquifers"]
        assert len(notes) == (1 if name == "open" else 0)


def test_leaning_boreholes_leave_the_flow_out_and_say_so(tmp_path: Path) -> None:
    lean = ('diameter = "150 mm"', 'diameter = "150 mm"\ntilt = "5 deg"\norientation = "0 deg"')
    given = sizing_input(diwen.site.read(changed(tmp_path, AQUIFER, lean)))
    assert given.groundwater is None
    assert any("vertical" in note.message.en for note in given.notes)


def test_an_unknown_direction_is_taken_along_the_long_side(tmp_path: Path) -> None:
    aquifer = (AQUIFER[0], AQUIFER[1].replace('flow_direction = "135 deg"\n', ""))
    given = sizing_input(diwen.site.read(changed(tmp_path, aquifer)))
    assert given.groundwater is not None
    along, across = given.groundwater.flow.velocity[0]
    assert abs(across) < 1e-9 * abs(along)
    assert any(note.where == "ground.aquifers.flow_direction" for note in given.notes)


def test_an_unconfined_aquifer_flows_below_its_level(tmp_path: Path) -> None:
    wet = ('bottom = "60 m"\n', 'bottom = "60 m"\nkind = "unconfined"\nstatic_level = "28 m"\n')
    given = sizing_input(diwen.site.read(changed(tmp_path, AQUIFER, wet)))
    assert given.groundwater is not None
    assert given.groundwater.top == (28.0,)


def test_too_many_boreholes_for_groundwater_are_a_note(tmp_path: Path) -> None:
    given = sizing_input(
        diwen.site.read(
            changed(tmp_path, AQUIFER, ("columns = 8, rows = 5", "columns = 21, rows = 20"))
        )
    )
    assert given.groundwater is None
    assert any("420" in note.message.en for note in given.notes)


def test_hydraulics_are_those_of_a_direct_call(tmp_path: Path) -> None:
    header = (FIELD, FIELD + '\nheader_head = "3 m"\nboreholes_in_series = 2')
    read = diwen.site.read(changed(tmp_path, header, share=1.0))
    found = size_site(read, method="monthly", samples=2, day=DAY).hydraulics
    water = fluid("water")
    pipe = Pipe(0.013, 0.016, 0.42, 1e-6)
    section = BoreholeSection.double_u(0.075, pipe, 0.08, 1.8, 1.9, connection="parallel")
    for state in found.states:
        density = float(water.density(state.temperature))
        mass = 76 / 3600 * float(water.density(10.0)) / 20
        solved = borehole_resistance(section, 105.0, mass, water, state.temperature)
        assert state.reynolds == pytest.approx(float(solved.reynolds.min()))
        assert state.regime == int(solved.regime.min()) == 2
        assert state.local == pytest.approx(float(solved.local))
        assert state.effective == pytest.approx(float(solved.effective))
        one = float(borehole_pressure_drop(section, 105.0, mass, water.state(state.temperature)))
        assert state.borehole_drop == pytest.approx(2.0 * one)
        assert state.head == pytest.approx(3.0 + 2.0 * one / (density * GRAVITY))
        assert state.pump_pressure == pytest.approx(2.0 * one + 3.0 * density * GRAVITY)
    assert found.states[0].temperature == 10.0
    assert found.states[1].temperature < 10.0
    assert not found.measured
    assert found.freezing_margin == pytest.approx(found.lowest)
    assert found.warning is None


def test_measured_resistance_is_used_and_the_computed_one_shown(tmp_path: Path) -> None:
    site = changed(
        tmp_path, ('diameter = "150 mm"', 'diameter = "150 mm"\nthermal_resistance = "0.11 m K/W"')
    )  # fmt: skip
    code, text = run(site, "--method", "pulses", "--language", "en")
    assert code == 0
    assert "R_b* 0.110 m·K/W, measured (site file); computed: R_b 0.066, R_b* 0.070" in text


def test_what_lacks_for_the_pump_is_one_line(tmp_path: Path) -> None:
    site = changed(
        tmp_path,
        ('diameter = "150 mm"', 'diameter = "150 mm"\nthermal_resistance = "0.11 m K/W"'),
        ('source_flow = "38 m3/h"\n', ""),
        ('rated_power = "4 kW"\nrated_flow = "38 m3/h"\n', 'rated_power = "4 kW"\n'),
        ('shank_spacing = "80 mm"\n', ""),
    )
    _, text = run(site, "--method", "pulses", "--language", "en")
    lines = [line for line in text.splitlines() if "pump head" in line]
    assert len(lines) == 1
    assert "pipes.shank_spacing, design_flow" in lines[0]


def test_brine_close_to_its_freezing_point_is_a_warning(tmp_path: Path) -> None:
    site = changed(
        tmp_path,
        ('name = "water" }', 'name = "ethylene_glycol", concentration = "10 %" }'),
        (FIELD, FIELD + '\nminimum_entering_temperature = "0 °C"'),
        ('length = "105 m"', 'length = "45 m"'),
        share=1.0,
    )
    found = size_site(diwen.site.read(site), method="monthly", samples=2, day=DAY).hydraulics
    assert 0.0 < found.freezing_margin < 3.0
    assert found.warning is not None
    assert f"{found.lowest:.1f}" in found.warning.en


def test_the_standard_gives_what_a_direct_call_gives(tmp_path: Path) -> None:
    season = ("[operation]\n", '[operation]\nheating_season = "11-15..03-14"\n')
    design = (
        'hourly_file = "load.csv"',
        'hourly_file = "load.csv"\ncooling_design_load = "400 kW"',
    )
    read = diwen.site.read(changed(tmp_path, season, design, share=1.0))
    given = sizing_input(read, day=DAY)
    found = standard_method(read, given, DAY)
    heating, cooling = found.sides
    assert heating.running_time == 120 * 86400.0
    assert heating.from_season
    assert not cooling.from_season
    assert (cooling.load, cooling.from_profile) == (400e3, False)
    assert (heating.load, heating.from_profile) == (pytest.approx(214.239e3), True)
    section, solved = given.bore.section, given.bore.solved
    assert isinstance(section, BoreholeSection)
    assert solved is not None
    for side, length in ((heating, length_for_heating), (cooling, length_for_cooling)):
        parts = standard_resistances(
            section.pipes[0], 4, 0.075, float(solved.film.mean()), 1.8, 1.9, 1.9 / 2.4e6,
            side.running_time, 8 * 3600.0,
        )  # fmt: skip
        direct = length(
            parts, side.load, side.fluid_temperature, 14.0, side.efficiency, side.running_share
        )
        assert side.found.length == pytest.approx(direct.length)
        assert side.each == pytest.approx(direct.length / 40)
    # At the limit: 4 °C leave the heat pump, so the mean is half the spread above.
    power = heating.load * (1.0 - 1.0 / heating.efficiency)
    rate = given.field.capacity_rate
    assert rate is not None
    assert heating.fluid_temperature == pytest.approx(4.0 + 0.5 * power / rate)
    assert given.efficiency is not None
    assert heating.efficiency == pytest.approx(
        float(given.efficiency.heating.at(4.0 + power / rate))
    )


def test_running_share_is_full_load_hours_over_those_of_the_month() -> None:
    profile = np.zeros(8760)
    profile[:744] = 50.0
    profile[:100] = 200.0
    share, month = running_share(profile, 200.0)
    assert month == 1
    assert share == pytest.approx((100 + 644 / 4) / 744)
    assert running_share(profile, 20.0)[0] == 1.0


def test_the_standard_is_shown_in_china_or_when_asked_for(tmp_path: Path) -> None:
    read = diwen.site.read(EXAMPLE)
    assert asks_for_it(read, DAY)
    abroad = changed(
        tmp_path,
        ('region = "Beijing"', 'region = "Germany"'),
        (FIELD, FIELD + '\nminimum_entering_temperature = "4 °C"\n'
         'maximum_leaving_temperature = "33 °C"'),
        share=1.0,
    )  # fmt: skip
    assert not asks_for_it(diwen.site.read(abroad), DAY)
    _, text = run(abroad, "--method", "pulses", "--language", "en")
    assert "GB 50366" not in text
    _, text = run(abroad, "--method", "pulses", "--language", "en", "--standard")
    assert "GB 50366 appendix B" in text
    _, text = run(abroad, "--method", "pulses", "--json")
    assert json.loads(text)["standard_method"] is None


def test_zones_are_a_note_and_do_not_change_the_length(tmp_path: Path) -> None:
    zones = (
        "[heat_pumps.hp]",
        '[sources.field.zones.east]\nboreholes = "1-20"\n'
        '[sources.field.zones.west]\nboreholes = "21-40"\n\n[heat_pumps.hp]',
    )
    given = sizing_input(diwen.site.read(changed(tmp_path, zones, share=1.0)))
    assert given.zones == ("east", "west")
    assert [note.where for note in given.notes] == ["sources.field.zones"]
    plain = sizing_input(diwen.site.read(EXAMPLE))
    lengths = [
        size(item.field, item.load, item.limits, 25, method="monthly",
             efficiency=item.efficiency, response=item.response()).length
        for item in (given, plain)
    ]  # fmt: skip
    assert lengths[0] == pytest.approx(lengths[1])


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_picture_has_the_kind_of_its_name(tmp_path: Path, ending: str) -> None:
    plot = tmp_path / f"years.{ending}"
    run(changed(tmp_path), "--method", "pulses", "--years", 50, "--plot", plot, "--language", "zh")
    head = plot.read_bytes()[:200]
    assert head.startswith(b"\x89PNG") if ending == "png" else b"<?xml" in head


def test_the_text_and_the_data_name_the_groundwater(tmp_path: Path) -> None:
    site = changed(tmp_path, SMALL, AQUIFER, scaled_flow(0.3))
    _, text = run(site, "--method", "pulses", "--language", "en")
    assert "gravel 20 to 60 m, Darcy velocity 0.1 m/d" in text
    assert "Without groundwater:" in text
    _, text = run(site, "--method", "pulses", "--no-groundwater", "--language", "zh")
    assert "按要求未考虑地下水渗流" in text
    _, text = run(site, "--method", "pulses", "--json")
    answer = json.loads(text)
    assert answer["groundwater"]["counted"]
    assert answer["groundwater"]["length_without"] > answer["length"]
    assert answer["hydraulics"]["states"][0]["regime"] == 2
