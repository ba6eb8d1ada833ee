"""A station built in phases: its years by hand, its handed-over ground, what the user is told."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from simulated_sites import plant
from typer.testing import CliRunner

from diwen.cli import build
from diwen.problems import InputError
from diwen.site import Site, read
from diwen.site.phased_stations import site_in_year
from diwen.site.requirements import Verdict
from diwen.site.usability import usable_for
from diwen.twin.deviations import Deviation
from diwen.twin.phased_run import first_years, handed_over, phases_begun
from diwen.twin.run import simulate
from diwen.twin.simulated_folder import write_simulated_site
from diwen.twin.site_simulation import SiteSimulation, simulate_site
from diwen.twin.site_simulation_inputs import inputs_of_site

EXAMPLES = Path(__file__).parents[2] / "examples"
SINCE = date(2025, 1, 1)
SECOND = """
[sources.second]
type = "borefield"
layout = { pattern = "rectangle", columns = 4, rows = 3, spacing = "5 m" }
fluid = { name = "water" }
design_flow = "16 m3/h"
borehole = { length = "105 m", buried_depth = "1.5 m", diameter = "150 mm" }
grout = { conductivity = "1.8 W/(m K)", heat_capacity = "2.8 MJ/(m3 K)" }
[sources.second.pipes]
kind = "double_u"
outer_diameter = "32 mm"
wall_thickness = "3.0 mm"
conductivity = "0.42 W/(m K)"
shank_spacing = "80 mm"

[heat_pumps.wing_hp]
type = "water_water"
source = "second"
serves = ["warm_wing"]
rated_heating_capacity = "60 kW"
rated_heating_power = "14 kW"
source_flow = "8 m3/h"

[loads.wing]
kind = "process"
heating_design_load = "45 kW"

[loops.warm]
kind = "heat"
loads = ["office"]
[loops.chilled]
kind = "cold"
loads = ["office"]
[loops.warm_wing]
kind = "heat"
loads = ["wing"]

[phases.first]
name = "Old house"
year = 1
loads = ["office"]
served_shares = [0.5]
[phases.wing]
name = "New wing"
year = 3
units = ["wing_hp"]
sources = ["second"]
loads = ["office", "wing"]
served_shares = [1.0, 1.0]
"""


def phased_site(folder: Path, text: str = SECOND) -> Site:
    plant(folder, pumps=False)
    path = folder / "site.toml"
    given = path.read_text(encoding="utf-8")
    given = given.replace("[heat_pumps.hp]\n", '[heat_pumps.hp]\nserves = ["warm", "chilled"]\n')
    given = given.replace("[sources.field]\n", '[sources.field]\ndesign_flow = "76 m3/h"\n')
    given = given.replace("[operation]\n", text + "\n[operation]\n")
    path.write_text(given, encoding="utf-8")
    return read(folder)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return phased_site(tmp_path_factory.mktemp("phased") / "site")


@pytest.fixture(scope="module")
def found(site: Site) -> SiteSimulation:
    return simulate_site(site, years=4, since=SINCE)


def test_two_phases_are_two_runs_with_the_state_handed_over(site, found):
    first = inputs_of_site(site_in_year(site, 1), 3600.0, None, {"office": 0.5}).inputs
    second = inputs_of_site(site_in_year(site, 3), 3600.0).inputs
    early = simulate(first.station, first.sources, first.loads, first.outdoor, years=2)
    state = early.state
    ground = {"field": state.sources["field"],
              "second": np.zeros(second.sources["second"].response.modes)}  # fmt: skip
    late = simulate(
        second.station, second.sources, second.loads, second.outdoor, years=2,
        initial=replace(state, sources=ground),
    )  # fmt: skip
    for runs, years in ((early, found.courses[:2]), (late, found.courses[2:])):
        for name in runs.course.sources:
            joined = np.concatenate([year.sources[name].entering for year in years])
            by_hand = runs.course.sources[name].entering
            assert joined == pytest.approx(by_hand, abs=1e-9, nan_ok=True)
        for name in runs.course.units:
            joined = np.concatenate([year.units[name].power for year in years])
            assert joined == pytest.approx(runs.course.units[name].power, abs=1e-6)


def test_the_ground_keeps_what_the_first_phase_did(site, found):
    """Without handing over, the third year would stand on undisturbed ground and be warmer."""
    part = inputs_of_site(site_in_year(site, 3), 3600.0).inputs
    fresh = simulate(part.station, part.sources, part.loads, part.outdoor)
    lowest = np.nanmin(fresh.course.sources["field"].entering)
    assert np.nanmin(found.courses[2].sources["field"].entering) < lowest - 0.1


def test_loads_and_units_follow_the_phases(site, found):
    asked = [year.demand_cold for year in found.years]
    assert asked == pytest.approx([0.5 * asked[3], 0.5 * asked[3], asked[3], asked[3]], rel=1e-9)
    assert ["wing_hp" in course.units for course in found.courses] == [False, False, True, True]
    assert [sorted(year.entering_of) for year in found.years[1:3]] == [
        ["field"], ["field", "second"],
    ]  # fmt: skip
    assert first_years(site, 4) == (1, 3)
    assert first_years(site, 2) == (1,)
    assert [(one.year, one.id, one.name) for one in phases_begun(site, 4)] == [
        (1, "first", "Old house"), (3, "wing", "New wing"),
    ]  # fmt: skip
    assert [found.phase_of(year) for year in (1, 2, 3)] == ["Old house", "Old house", "New wing"]
    assert found.as_dict()["phases"][1] == {"year": 3, "id": "wing", "name": "New wing"}
    assert found.closure < 1e-9


def test_a_phase_in_the_middle_of_a_deviation(site):
    """A deviation that begins with the second phase meets it; both hold in the last year."""
    late = simulate_site(
        site, years=4, since=SINCE, keep="none", deviations=[Deviation("load_factor", 1.1, 3)]
    )
    plain = [1.0, 1.0, 2.0, 2.2]
    asked = [year.demand_cold / late.years[0].demand_cold for year in late.years]
    assert asked == pytest.approx(plain, rel=1e-9)


def test_what_is_not_there_yet_stands_still_in_the_record(found, tmp_path):
    folder = tmp_path / "out"
    written = write_simulated_site(found, folder)
    assert written.records > 0
    again = read(folder)
    wing = [point.id for point in again.points if point.equipment == ("wing_hp",)
            and point.quantity.startswith("electric")]  # fmt: skip
    assert wing
    plants = found.plants()
    power = [plant.course.units["wing_hp"].power for plant in plants]
    assert not power[0].any()
    assert not power[1].any()
    assert power[2].any()
    assert np.isnan(plants[0].course.sources["second"].entering).all()
    assert plants[2].course is found.courses[2]


def test_the_state_of_a_plant_finds_the_next_one(site):
    one = inputs_of_site(site_in_year(site, 1), 3600.0).inputs
    two = inputs_of_site(site_in_year(site, 3), 3600.0).inputs
    state = simulate(one.station, one.sources, one.loads, one.outdoor, steps=100).state
    after = handed_over(state, one, two)
    assert after.sources["field"] is state.sources["field"]
    assert not after.sources["second"].any()
    assert len(after.sources["second"]) == two.sources["second"].response.modes
    assert after.machines["hp"] is state.machines["hp"]
    doubled = replace(
        two, station=replace(two.station, units=tuple(
            replace(unit, count=2 * unit.count) for unit in two.station.units)),
    )  # fmt: skip
    assert "hp" not in handed_over(state, one, doubled).machines


def test_what_is_wrong_in_a_late_phase_is_told_before_the_run(tmp_path):
    bare = phased_site(
        tmp_path / "site", SECOND.replace('heating_design_load = "45 kW"', 'area = "900 m2"')
    )
    steps: list[float] = []
    with pytest.raises(InputError, match="from year 3"):
        simulate_site(bare, years=4, since=SINCE, keep="none", progress=steps.append)
    assert not steps
    assert simulate_site(bare, years=2, since=SINCE, keep="none").years  # not reached


def test_a_life_begins_with_a_load(site):
    late = site.model_copy(update={"phases": {"wing": site.phases["wing"]}})
    with pytest.raises(InputError, match="no load is served in year 1"):
        simulate_site(late, years=4, since=SINCE, keep="none")


def test_without_phases_nothing_is_said_of_them(tmp_path):
    plain = simulate_site(plant(tmp_path / "site"), since=SINCE, keep="none")
    assert plain.phases == ()
    assert plain.phase_of(1) == ""


# ---- the town on air-source units


def test_the_command_tells_the_phases_of_the_town():
    town = str(EXAMPLES / "air-units-144")
    told = CliRunner().invoke(build(), ["simulate", town, "--years", "6", "--language", "en"])
    assert told.exit_code == 0, told.output
    assert "1 from year 1: Served now" in told.output
    assert "2 from year 6: All of it" in told.output
    rows = [line.split() for line in told.output.splitlines() if line.strip()[:2] in ("5 ", "6 ")]
    assert [row[0] for row in rows] == ["5", "6"]
    assert [row[-1] for row in rows] == ["1", "2"]
    heat = [float(row[1]) for row in rows]
    assert heat[1] == pytest.approx(heat[0] * 680.0 / 350.0, rel=0.01)
    assert "air enters the units at" in told.output
    assert "water enters" not in told.output
    assert (
        "进机组空气" in CliRunner().invoke(build(), ["simulate", town, "--language", "zh"]).output
    )


def test_all_units_may_run_once_the_town_is_whole():
    town = read(EXAMPLES / "air-units-144")
    assert site_in_year(town, 5).staging.permitted_units == (96, 72)
    assert site_in_year(town, 6).staging.permitted_units == (144, 144)
    found = simulate_site(town, years=6, since=SINCE)
    running = [course.units["air"].running.max() for course in found.courses]
    assert running[4] <= 96 + 1e-9 < running[5] <= 144 + 1e-9
    assert found.met


def test_permitted_units_of_a_phase_fit_the_staging(tmp_path):
    text = (EXAMPLES / "air-units-144" / "site.toml").read_text(encoding="utf-8")
    text = text.replace("permitted_units = [144, 144]", "permitted_units = [144]")
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    (tmp_path / "weather.csv").write_bytes((EXAMPLES / "air-units-144/weather.csv").read_bytes())
    with pytest.raises(InputError, match="1 numbers of units for 2 outdoor temperatures"):
        read(tmp_path)


# ---- words


def seasons(site: Site) -> Verdict:
    found = usable_for(site).verdicts["simulate"]
    return next(one for one in found if one.ability.id == "simulate_weather")


def test_a_process_has_no_season_and_no_building():
    steam = read(EXAMPLES / "steam-from-waste-heat")
    assert seasons(steam).possible
    notes = [note.en for note in simulate_site(steam, since=SINCE, keep="none").notes]
    assert any("process heat: computed by a model of the consumer" in note for note in notes)
    assert not any("model of the building" in note for note in notes)


def test_a_building_without_a_season_is_asked_for_one(tmp_path):
    folder = tmp_path / "site"
    bare = plant(folder, seasons=False)
    path = folder / "site.toml"
    text = path.read_text(encoding="utf-8")
    for key in ("heating_season", "cooling_season"):
        text = "\n".join(line for line in text.splitlines() if not line.startswith(key))
    path.write_text(text, encoding="utf-8")
    bare = read(folder)
    assert any("heating_season" in text.en for text in seasons(bare).missing)
    one_way = bare.model_copy(update={
        "operation": bare.operation.model_copy(update={"mode": "heating"})})  # fmt: skip
    assert not any("season" in text.en for text in seasons(one_way).missing)


def test_a_unit_that_served_another_loop_did_not_stand_still():
    mine = simulate_site(read(EXAMPLES / "mine-cascade"), since=SINCE)
    notes = [note.en for note in mine.notes if note.en.startswith("air: gave nothing to a loop")]
    assert notes
    assert not any("stood still" in note.en for note in mine.notes)
    assert json.dumps(mine.as_dict())
