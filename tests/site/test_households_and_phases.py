"""Homes on shared wells, stations built in phases, and their graphs."""

from __future__ import annotations

from pathlib import Path

import pytest

from diwen.problems import InputError
from diwen.site import Site, read
from diwen.site.household_system import common_energy, household_system
from diwen.site.phased_stations import phased_stations, site_in_year
from diwen.site.station_builder import station_of_site
from diwen.site.topology import topology

EXAMPLES = Path(__file__).parents[2] / "examples"
HEAD = """
schema = 1
[site]
name_en = "s"
name_zh = "站"
kind = "plant"
[sources.river]
type = "surface_water"
temperature_mean = "12 °C"
design_flow = "50 m3/h"
[pumps.well]
circuit = "well"
rated_power = "11 kW"
rated_flow = "100 m3/h"
[heat_pumps.small]
type = "water_water"
rated_heating_capacity = "5.6 kW"
rated_heating_power = "1.5 kW"
"""
HOMES = """
[households]
area = "100 m2"
simultaneity = 0.7
[[households.sets]]
heat_pump = "small"
homes = 100
each = 2
[loads.homes]
kind = "building"
heating_design_load = "600 kW"
"""
PHASES = """
[heat_pumps.large]
type = "water_water"
rated_heating_capacity = "100 kW"
rated_heating_power = "22 kW"
[loads.old]
kind = "building"
heating_design_load = "5 kW"
[loads.new]
kind = "building"
heating_design_load = "80 kW"
[phases.second]
year = 4
units = ["large"]
loads = ["new"]
served_shares = [0.4]
[phases.third]
year = 9
loads = ["new"]
served_shares = [1.0]
[operation]
planned_years = 20
"""


def site(folder: Path, *parts: str) -> Site:
    (folder / "site.toml").write_text(HEAD + "".join(parts), encoding="utf-8")
    return read(folder)


def test_heat_installed_of_a_unit_named_by_its_model_only() -> None:
    village = read(Path(__file__).parents[2] / "examples" / "household-village")
    found = household_system(village)
    assert found.installed == pytest.approx(found.units * 5.6e3)


def test_the_units_of_all_homes_stand_in_the_station(tmp_path: Path) -> None:
    found = household_system(site(tmp_path, HOMES))
    assert (found.homes, found.units, found.floor_area) == (100, 200, 10_000.0)
    assert found.installed == pytest.approx(200 * 5.6e3)
    assert found.peak == pytest.approx(0.7 * 600e3)
    assert found.common_pumps == ("well",)
    (unit,) = station_of_site(site(tmp_path, HOMES)).units
    assert unit.count == 200


@pytest.mark.parametrize(
    ("value", "within", "words"),
    [(4.9, False, "below"), (5.0, True, "lies within"), (10.0, True, "lies within"),
     (10.1, False, "above")],
)  # fmt: skip
def test_common_energy_is_held_against_what_is_reported(
    tmp_path: Path, value: float, within: bool, words: str
) -> None:
    found = common_energy(site(tmp_path, HOMES), value * 3.6e6 * 10_000.0)
    assert found.per_area == pytest.approx(value * 3.6e6)
    assert found.per_home * 100 == pytest.approx(found.per_area * 10_000.0)
    assert found.within is within
    assert words in found.verdict.en


def test_two_loops_have_no_ring(tmp_path: Path) -> None:
    ring = '[pumps.ring]\ncircuit = "source"\nrated_power = "3 kW"\nrated_flow = "50 m3/h"\n'
    plain = household_system(site(tmp_path, HOMES, ring))
    two = household_system(
        site(tmp_path, HOMES.replace("[households]", "[households]\nloops = 2"), ring)
    )
    assert not any("two loops" in note.en for note in plain.notes)
    assert any("two loops" in note.en and "ring" in note.en for note in two.notes)


def test_a_site_without_homes_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no household system"):
        household_system(site(tmp_path))


def test_phases_follow_each_other(tmp_path: Path) -> None:
    found = phased_stations(site(tmp_path, PHASES))
    assert [(part.first_year, part.years) for part in found] == [(1, 3), (4, 5), (9, 12)]
    assert [{unit.name for unit in part.station.units} for part in found] == [
        {"small"}, {"small", "large"}, {"small", "large"},
    ]  # fmt: skip
    assert [part.shares for part in found] == [
        {"old": 1.0}, {"old": 1.0, "new": 0.4}, {"old": 1.0, "new": 1.0},
    ]  # fmt: skip
    assert sum(part.years for part in found) == 20


def test_without_phases_there_is_one_station(tmp_path: Path) -> None:
    plain = read(EXAMPLES / "plant-template")
    assert site_in_year(plain, 7) is plain
    (part,) = phased_stations(plain, years=30)
    assert (part.first_year, part.years) == (1, 30)


def test_a_phase_with_a_load_and_no_unit_is_refused(tmp_path: Path) -> None:
    late = PHASES.replace('units = ["large"]', 'units = ["large", "small"]')
    with pytest.raises(InputError) as error:
        phased_stations(site(tmp_path, late))
    assert "from year 1:" in str(error.value)
    assert "short by 5 kW" in str(error.value)


@pytest.mark.parametrize(
    "name", ["sizing-office", "plant-template", "village-wells", "rwth-lab", "hospital-18-wells"]
)
def test_every_edge_joins_two_nodes(name: str) -> None:
    found = topology(read(EXAMPLES / name))
    names = {node.id for node in found.nodes}
    assert len(names) == len(found.nodes)
    assert all(edge.from_id in names and edge.to_id in names for edge in found.edges)
    fed = {edge.to_id for edge in found.edges}
    assert all(node.id in fed for node in found.nodes if node.kind in ("unit", "load"))


def test_levels_rise_from_source_to_load() -> None:
    found = topology(read(EXAMPLES / "village-wells"))
    level = {node.id: node.level for node in found.nodes}
    for edge in found.edges:
        if edge.role != "signal":
            assert level[edge.from_id] <= level[edge.to_id]
    primary = [edge.level for edge in found.edges if edge.to_id == "plates"]
    secondary = [edge.level for edge in found.edges if edge.from_id == "plates"]
    assert (set(primary), set(secondary)) == ({1}, {2})
