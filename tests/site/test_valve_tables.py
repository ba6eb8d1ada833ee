"""Valve tables: the sports centre's as it can be run, and every way in which one is impossible."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from diwen.plant.operating_modes import OperatingMode, ValvePlant, ValveSpec
from diwen.plant.valve_table import mode_faults, reached, waters
from diwen.problems import InputError
from diwen.site import read
from diwen.site.mode_checks import valve_plant
from diwen.site.station_builder import station_of_site
from diwen.site.station_loops import planned_loops
from diwen.site.topology import topology

SPORTS = Path(__file__).parents[2] / "examples" / "sports-centre"
TOML = (SPORTS / "site.toml").read_text(encoding="utf-8")
NAMES = [f"V{number}" for number in range(1, 13)]
# Ends of the twelve valves, supply and return in turn: evaporator to cold, to ground; condenser to
# ground, heating, hot water, pool.
WAYS = [("hp:evaporator", "cold"), ("hp:evaporator", "ground"), ("hp:condenser", "ground"),
        ("hp:condenser", "heat"), ("hp:condenser", "tap"), ("hp:condenser", "pool")]  # fmt: skip
VALVES = tuple(
    ValveSpec(f"V{2 * place + half + 1}", ends, ("supply", "return")[half])  # type: ignore[arg-type]
    for place, ends in enumerate(WAYS) for half in (0, 1)
)  # fmt: skip
PLANT = ValvePlant(("ground",), ("heat", "tap", "pool"), ("cold",), ("hp",), VALVES,
                   loaded=("heat", "tap", "pool", "cold"))  # fmt: skip


def mode(name: str, opened: str, duty: str, loops: str, season: str = "any") -> OperatingMode:
    is_open = frozenset(opened.split())
    return OperatingMode(name, is_open, frozenset(NAMES) - is_open, {"hp": duty},  # type: ignore[dict-item]
                         tuple(loops.split()), season)  # fmt: skip


SOUND = [
    mode("cool", "V1 V2 V5 V6", "cooling", "cold", "summer"),
    mode("both", "V1 V2 V9 V10 V11 V12", "simultaneous", "cold tap pool", "summer"),
    mode("heat", "V3 V4 V7 V8", "heating", "heat", "winter"),
    mode("tap", "V3 V4 V9 V10 V11 V12", "heating", "tap pool", "between"),
]


def kinds(*modes: OperatingMode, plant: ValvePlant = PLANT) -> dict[str, tuple[str, ...]]:
    return {fault.kind: fault.names for fault in mode_faults(plant, modes)}


def test_a_sound_table_has_no_fault() -> None:
    assert mode_faults(PLANT, SOUND) == []


def test_a_valve_of_which_nothing_is_said() -> None:
    wrong = replace(SOUND[0], closed=SOUND[0].closed - {"V7"})
    assert kinds(wrong, *SOUND[1:]) == {"valve_not_said": ("V7",)}


def test_a_pair_that_joins_ground_and_chilled_water() -> None:
    found = kinds(mode("cool", "V1 V2 V3 V4 V5 V6", "cooling", "cold"), *SOUND[1:])
    assert set(found) == {"short_circuit", "one_water"}
    assert found["short_circuit"][:2] == ("ground", "cold")
    assert {"V1", "V3"} <= set(found["short_circuit"])


def test_evaporator_and_condenser_on_one_loop() -> None:
    found = kinds(mode("heat", "V3 V4 V5 V6 V7 V8", "heating", "heat"), *SOUND[:2], SOUND[3])
    assert found["one_water"][0] == "hp"


def test_an_open_supply_without_its_return_is_no_path() -> None:
    found = kinds(mode("cool", "V1 V2 V5", "cooling", "cold"), *SOUND[1:])
    assert found == {"no_path": ("hp", "condenser", "source")}


def test_a_unit_without_source_and_a_loop_without_unit() -> None:
    found = kinds(mode("heat", "V7 V8", "heating", "heat tap"), *SOUND[:2], SOUND[3])
    assert found["no_path"] == ("hp", "evaporator", "source")
    assert found["loop_without_unit"] == ("tap",)


def test_a_loaded_loop_that_no_mode_serves() -> None:
    assert kinds(*SOUND[:2], SOUND[3]) == {"loop_not_served": ("heat",)}


def test_two_modes_with_the_same_valves() -> None:
    twin = replace(SOUND[2], name="again", loops=("heat",))
    assert kinds(*SOUND, twin)["same_valves"][0] == "heat"


def test_the_printed_list_does_not_tell_recovery_from_hot_water() -> None:
    # As the paper prints it: V9 to V12 open, for both; the evaporator's valves are not named.
    both = mode("recovery", "V9 V10 V11 V12", "off", "tap pool", "summer")
    tap = mode("tap", "V9 V10 V11 V12", "off", "tap pool", "between")
    found = [f for f in mode_faults(PLANT, [both, tap]) if f.kind == "seasons_alike"]
    assert [(f.mode, f.names) for f in found] == [("tap", ("recovery", "V10", "V11", "V12", "V9"))]


def test_passive_cooling_joins_ground_and_chilled_water_on_purpose() -> None:
    bypass = ValveSpec("V13", ("ground", "cold"))
    plant = replace(PLANT, valves=(*VALVES, bypass))
    free = OperatingMode("free", frozenset(["V13"]), frozenset(NAMES), {"hp": "passive"}, ("cold",))
    closed = [replace(m, closed=m.closed | {"V13"}) for m in SOUND]
    assert mode_faults(plant, [*closed, free]) == []
    running = replace(free, duties={"hp": "cooling"})
    assert "short_circuit" in kinds(*closed, running, plant=plant)


@given(st.sets(st.sampled_from(NAMES)))
def test_waters_are_the_connected_components(opened: set[str]) -> None:
    """Against scipy's graph search, which is not ours."""
    one = OperatingMode("m", frozenset(opened), frozenset(NAMES) - opened)
    ends = sorted({end for valve in VALVES for end in valve.ends})
    for pipe in ("supply", "return"):
        pairs = [v.ends for v in VALVES if v.name in opened and v.pipe == pipe]
        rows = [ends.index(a) for a, _ in pairs]
        columns = [ends.index(b) for _, b in pairs]
        graph = coo_array((np.ones(len(pairs)), (rows, columns)), shape=(len(ends), len(ends)))
        _, labels = connected_components(graph, directed=False)
        groups = waters(PLANT, one, pipe)
        for a, b in combinations(ends, 2):
            together = any({a, b} <= group for group in groups)
            assert together == bool(labels[ends.index(a)] == labels[ends.index(b)])


@given(st.sets(st.sampled_from(NAMES)), st.sampled_from(NAMES))
def test_an_open_valve_more_never_takes_a_way_away(opened: set[str], more: str) -> None:
    before = OperatingMode("m", frozenset(opened), frozenset())
    after = OperatingMode("m", frozenset(opened | {more}), frozenset())
    for port in ("evaporator", "condenser"):
        assert reached(PLANT, before, "hp", port) <= reached(PLANT, after, "hp", port)  # type: ignore[arg-type]


def test_the_sports_centre_can_be_run_in_all_its_modes() -> None:
    site = read(SPORTS)
    loops = planned_loops(site)
    plant, own = valve_plant(site, loops)
    assert [valve.name for valve in plant.valves] == NAMES
    assert plant.units == ("recovery",)
    assert set(own) == {"base", "backup"}
    assert set(plant.loaded) == {"heating", "chilled", "hot_water", "pool"}


def test_the_sports_centre_with_the_printed_list_is_refused(tmp_path: Path) -> None:
    """Recovery with the evaporator left on the ground: the list that V9 to V12 alone make."""
    wrong = TOML.replace(
        'open = ["V1", "V2", "V9", "V10", "V11", "V12"]\nclosed = ["V3", "V4",',
        'open = ["V3", "V4", "V9", "V10", "V11", "V12"]\nclosed = ["V1", "V2",',
    )
    assert wrong != TOML
    (tmp_path / "site.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read(tmp_path)
    text = str(error.value)
    assert "modes.hot_water: the same valves are open as in mode summer_recovery" in text
    assert (
        "modes.summer_recovery: the evaporator of recovery reaches a chilled-water loop not" in text
    )
    assert all(problem.message.zh and problem.cure.zh for problem in error.value.problems)


def test_the_sports_centre_brings_the_design_hour_back() -> None:
    """COPsys 3.55, EERsys 4.27 and COPsys(h+c) 6.21 out of the maps and pumps of its station.

    Journal China Geothermal Energy, Tables 1 and 2, with the pumps counted and the cold of the
    first law (the paper prints 4.04 for the first, which leaves the pumps out).
    """
    station = station_of_site(read(SPORTS))
    unit = next(unit for unit in station.units if unit.name == "recovery")
    power = {pump.name: float(pump.power[-1])
             for loop in (*station.source_loops, *station.load_loops)
             for pump in loop.pumps}  # fmt: skip
    assert unit.heating is not None
    assert unit.cooling is not None
    assert unit.simultaneous is not None
    heat, heat_power = (float(value) for value in unit.heating.at(12.0, 50.0))
    cold, cold_power = (float(value) for value in unit.cooling.at(30.0, 7.0))
    both, both_power = (float(value) for value in unit.simultaneous.at(7.0, 50.0))
    assert heat / (heat_power + power["second"] + power["third"]) == pytest.approx(3.546, abs=5e-4)
    assert cold / (cold_power + power["first"] + power["second"]) == pytest.approx(4.269, abs=5e-4)
    useful = both + (both - both_power)
    assert useful / (both_power + power["first"] + power["third"]) == pytest.approx(6.215, abs=5e-4)


def test_the_graph_of_the_sports_centre_holds_together() -> None:
    found = topology(read(SPORTS))
    names = {node.id for node in found.nodes}
    assert len(names) == len(found.nodes)
    assert all({edge.from_id, edge.to_id} <= names for edge in found.edges)
    valves = [edge for edge in found.edges if edge.valve]
    assert {edge.valve for edge in valves} == set(NAMES)
    assert {edge.role for edge in valves} == {"supply", "return"}
    assert [row.id for row in found.modes] == [
        "summer_cooling", "summer_recovery", "winter_heating", "winter_recovery", "hot_water",
    ]  # fmt: skip
    assert all(set(row.open) | set(row.closed) == set(NAMES) for row in found.modes)
    assert found.node("V1").assumed
    assert found.as_dict()["nodes"][0]["name"].keys() == {"en", "zh"}
