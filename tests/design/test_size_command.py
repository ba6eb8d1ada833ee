"""``diwen size``: from a site folder to a length, a verdict and an exit code."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import diwen.site
from diwen.cli import build
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.efficiency import PlantEfficiency
from diwen.design.of_site import sizing_input
from diwen.design.site_resistance import resistance_over_length
from diwen.design.site_sizing import size_site
from diwen.fluids import fluid
from diwen.problems import InputError, Problem
from diwen.site.borefield import Borefield
from diwen.site.borehole_section import section_of_site
from diwen.sources.borehole.resistances import borehole_resistance

EXAMPLE = Path(__file__).parents[2] / "examples" / "sizing-office"


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


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(build(), ["size", *map(str, arguments)])
    if isinstance(result.exception, InputError):
        raise result.exception
    return result.exit_code, result.output


def test_example_suffices_and_says_so(tmp_path: Path) -> None:
    plot = tmp_path / "years.svg"
    code, text = run(EXAMPLE, "--method", "monthly", "--language", "en", "--plot", plot)
    assert code == 0
    assert "the cooling limit governs" in text
    assert "The planned 105 m suffices" in text
    assert "GB 50366" in text
    assert "illustrative" in text
    assert "in/out 1.4" in text
    assert plot.read_text(encoding="utf-8").lstrip().startswith("<")


def test_short_boreholes_are_a_no(tmp_path: Path) -> None:
    site = changed(tmp_path, ('length = "105 m"', 'length = "80 m"'))
    code, text = run(site, "--method", "pulses", "--language", "zh")
    assert code == 1
    assert "规划孔深 80 m 不足" in text


def test_machine_readable_answer(tmp_path: Path) -> None:
    code, text = run(EXAMPLE, "--method", "monthly", "--years", 10, "--json")
    answer = json.loads(text)
    assert code == 0
    assert answer["boreholes"] == 40
    assert answer["total_length"] == pytest.approx(40 * answer["length"])
    assert len(answer["planned"]["maximum"]) == 10
    assert answer["planned"]["maximum"][-1] < 33.0
    assert answer["sized"]["maximum"][-1] == pytest.approx(33.0, abs=0.02)
    assert answer["limits"]["heating"]["length"] < answer["length"]
    assert sum(answer["uncertainty"]["shares"].values()) == pytest.approx(1.0)
    assert 0.0 <= answer["uncertainty"]["planned_suffices_probability"] <= 1.0
    assert set(answer["uncertainty"]["without"]) == {"resistance", "load"}


def test_hourly_and_monthly_lengths_are_close() -> None:
    site = diwen.site.read(EXAMPLE)
    hourly = size_site(site, method="hourly", samples=2).sizing
    monthly = size_site(site, method="monthly", samples=2).sizing
    assert hourly.cooling is not None
    assert hourly.cooling.moment is not None
    assert hourly.cooling.moment.hour is not None
    # Peaks of six hours against the hours as they are.
    assert hourly.length == pytest.approx(monthly.length, rel=0.06)


def test_what_the_example_gives() -> None:
    given = sizing_input(diwen.site.read(EXAMPLE))
    assert given.field.conductivity == 1.9
    assert given.field.heat_capacity == pytest.approx(2.4e6)
    assert given.limits.minimum == 4.0
    assert given.limits.maximum == 33.0
    assert given.limits.minimum_at == "leaving"
    assert isinstance(given.load, HourlyBuildingLoad)
    assert isinstance(given.efficiency, PlantEfficiency)
    assert given.efficiency.heating.at(15.0) == pytest.approx(210 / 43)
    assert given.efficiency.cooling.at(30.0) == pytest.approx(185 / 38)
    # 2 × 38 m³/h of water.
    assert given.field.capacity_rate == pytest.approx(76 / 3600 * 4.193e6, rel=2e-3)
    assert given.spread.conductivity == pytest.approx(0.05)
    assert given.spread.undisturbed_temperature == pytest.approx(0.3)
    assert not given.notes
    assert given.field.core is not None
    # Four pipes of 26 mm inside, full of water.
    assert given.field.core.fluid_capacity == pytest.approx(np.pi * 0.026**2 * 4.193e6, rel=2e-3)


def test_resistance_over_the_length_is_the_computed_one() -> None:
    source = diwen.site.read(EXAMPLE).sources["field"]
    assert isinstance(source, Borefield)
    section, water = section_of_site(source, 0.075, 1.9), fluid("water")
    curve = resistance_over_length(section, 0.5, water)
    for length in (20.0, 77.0, 150.0, 400.0):
        solved = borehole_resistance(section, length, 0.5, water, 10.0).effective
        assert curve(length) == pytest.approx(float(solved), rel=3e-4)


def test_everything_that_is_missing_is_said_at_once(tmp_path: Path) -> None:
    site = changed(
        tmp_path,
        ('hourly_file = "load.csv"', 'heating_demand = "117 MWh"'),
        ('undisturbed_temperature = "14.0 °C"\n', ""),
        ('heat_capacity = "2.4 MJ/(m3 K)"\n', ""),
        ('shank_spacing = "80 mm"\n', ""),
    )
    with pytest.raises(InputError) as caught:
        run(site)
    places = {problem.where for problem in caught.value.problems}
    assert {
        "loads.office",
        "ground.undisturbed_temperature",
        "ground.layers[0].heat_capacity",
        "sources.field.borehole.thermal_resistance",
    } <= places


def test_own_limits_and_measured_resistance_come_first(tmp_path: Path) -> None:
    site = changed(
        tmp_path,
        ('type = "borefield"', 'type = "borefield"\nminimum_entering_temperature = "6 °C"'),
        ('diameter = "150 mm"', 'diameter = "150 mm"\nthermal_resistance = "0.11 m K/W"'),
        ('name = "water" }', 'name = "ethylene_glycol", concentration = "25 %" }'),
        ('source_flow = "38 m3/h"\n', ""),
        ('rated_power = "4 kW"\nrated_flow = "38 m3/h"\n', 'rated_power = "4 kW"\n'),
    )
    given = sizing_input(diwen.site.read(site))
    assert given.limits.minimum == 6.0
    assert given.field.borehole_resistance(100.0) == 0.11
    assert given.field.capacity_rate is None
    assert (given.limits.minimum_at, given.limits.maximum_at) == ("mean", "mean")
    assert any("flow" in note.message.en for note in given.notes)


def test_winter_limit_of_water_does_not_hold_with_antifreeze(tmp_path: Path) -> None:
    site = changed(
        tmp_path, ('name = "water" }', 'name = "ethylene_glycol", concentration = "25 %" }')
    )
    with pytest.raises(InputError, match="minimum_entering_temperature"):
        sizing_input(diwen.site.read(site))


def test_limits_of_a_standard_hold_only_in_its_region(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        sizing_input(diwen.site.read(changed(tmp_path, ('region = "Beijing"\n', ""))))
    places = [problem.where for problem in caught.value.problems]
    assert places == [
        "sources.field.minimum_entering_temperature",
        "sources.field.maximum_leaving_temperature",
    ]


def test_limits_of_the_heat_pump_come_before_the_standard(tmp_path: Path) -> None:
    machine = (
        'source = "field"\ncount = 2',
        'source = "field"\ncount = 2\nminimum_source_temperature = "5 °C"',
    )
    given = sizing_input(diwen.site.read(changed(tmp_path, machine)))
    assert (given.limits.minimum, given.limits.minimum_at) == (5.0, "entering")
    assert given.limits.maximum == 33.0
    assert "hp" in given.limit_sources[0].en


def test_weak_flow_and_freezing_water_are_said(tmp_path: Path) -> None:
    site = changed(
        tmp_path,
        ('source_flow = "38 m3/h"', 'source_flow = "6 m3/h"'),
        ('type = "borefield"', 'type = "borefield"\nminimum_entering_temperature = "-2 °C"'),
    )
    notes = {note.where: note.message.en for note in sizing_input(diwen.site.read(site)).notes}
    assert "freez" in notes["sources.field.fluid"]
    assert "laminar" in notes["sources.field.pipes"]


def test_gradient_warms_longer_boreholes(tmp_path: Path) -> None:
    site = changed(tmp_path, ("[ground]\n", '[ground]\ngradient = "30 K/km"\n'))
    given = sizing_input(diwen.site.read(site))
    assert given.field.temperature(105.0) == pytest.approx(14.0)
    assert given.field.temperature(145.0) == pytest.approx(14.0 + 0.03 * 20.0)


def test_layers_are_averaged_along_the_borehole(tmp_path: Path) -> None:
    two = 'bottom = "56.5 m"\nconductivity = "1.0 W/(m K)"\nheat_capacity = "2.0 MJ/(m3 K)"\n'
    two += '[[ground.layers]]\nname = "rock"\ntop = "56.5 m"\nbottom = "90 m"'
    site = changed(
        tmp_path, ('bottom = "150 m"', two), ('length = "105 m"', 'length = "110 m"')
    )  # fmt: skip
    given = sizing_input(diwen.site.read(site))
    # 1.5 to 111.5 m: half in each, the lower layer continued to the end with a warning.
    assert given.field.conductivity == pytest.approx(0.5 * (1.0 + 1.9))
    assert any(note.where == "ground.layers" for note in given.notes)


def test_unknown_source_and_picture_format_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no bore field of this name"):
        run(EXAMPLE, "--source", "nothing")
    with pytest.raises(InputError, match="png"):
        run(EXAMPLE, "--plot", tmp_path / "years.pdf")


def test_hot_water_file_adds_to_the_heating(tmp_path: Path) -> None:
    site = changed(
        tmp_path, ("[operation]", '[loads.taps]\nkind = "hot_water"\nhourly_file = "taps.csv"\n'
                   "\n[operation]")
    )  # fmt: skip
    (site / "taps.csv").write_text("Heating (kW)\n" + "5\n" * 8760)
    load = sizing_input(diwen.site.read(site)).load
    assert isinstance(load, HourlyBuildingLoad)
    assert np.unique(load.hot_water).tolist() == [5000.0]
    assert load.heating.sum() / 1e6 == pytest.approx(117.5, abs=0.05)


def test_unknown_properties_of_a_fluid_are_said(tmp_path: Path) -> None:
    site = changed(tmp_path, ('name = "water" }', 'name = "air" }'))
    with pytest.raises(InputError, match="water or a known antifreeze"):
        sizing_input(diwen.site.read(site))


def test_a_unit_known_by_its_model_alone_has_the_efficiency_of_its_map(tmp_path: Path) -> None:
    from diwen.design.site_efficiency import efficiency_of_site
    from diwen.site.equipment_catalogue import catalogue
    from diwen.site.heat_pump_maps import unit_maps

    site = diwen.site.read(EXAMPLE)
    (id,) = site.heat_pumps
    unit = next(
        one
        for one in catalogue().units.values()
        if one.type == "water_water" and len(one.modes()) == 2
    )
    bare = type(site.heat_pumps[id])(type="water_water", model=unit.id)
    site = site.model_copy(update={"heat_pumps": {id: bare}})
    load = HourlyBuildingLoad(np.ones(8760), np.ones(8760), np.zeros(8760), 1)
    problems: list[Problem] = []
    found = efficiency_of_site(site, next(iter(site.sources)), load, problems)
    assert found is not None
    assert not problems
    assert np.ptp(found.heating.values) > 0.0
    made = unit_maps(site, id).heating
    assert made is not None
    lowest, highest = (made.at(10.0, supply) for supply in (made.load[0], made.load[-1]))
    cop = float(found.heating.at(np.array([10.0]))[0])
    assert highest[0] / highest[1] <= cop <= lowest[0] / lowest[1]
