"""The schematic of every example: all of the plant, once, without overlap, in both languages."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

import diwen.site
from diwen.language import LANGUAGES, same
from diwen.problems import InputError
from diwen.reports.schematic import mode_table, picture_of_plant, scene_of
from diwen.reports.schematic_graph import crossings, graph_of
from diwen.reports.schematic_modes import active_edges, mode_of
from diwen.reports.schematic_scene import Box, Scene
from diwen.reports.schematic_words import ems, halves, wrapped
from diwen.site.topology import Edge, Node, Topology, topology

_EXAMPLES = Path(__file__).parents[2] / "examples"
_SITES = tuple(sorted(
    path.parent.name for path in _EXAMPLES.glob("*/site.toml")
    if "[sources" in path.read_text(encoding="utf-8")
))  # fmt: skip
_MODES = ("summer_cooling", "summer_recovery", "winter_heating", "winter_recovery", "hot_water")


@cache
def read(name):
    return diwen.site.read(_EXAMPLES / name)


def pieces(scene):
    """Upright and level runs of pipe with their water and role."""
    for pipe in scene.pipes:
        for one, other in zip(pipe.points, pipe.points[1:], strict=False):
            yield one, other, pipe


@pytest.mark.parametrize("name", _SITES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_once_and_nothing_on_another(name, language):
    site = read(name)
    plant = topology(site)
    scene = scene_of(site, language)
    drawn = Counter(one for mark in scene.symbols for one in mark.ids)
    things = {node.id for node in plant.nodes if node.kind not in ("valve", "meter")}
    assert drawn == Counter(things)
    valves = {node.id for node in plant.nodes if node.kind == "valve"}
    assert {valve.id for valve in scene.valves} == valves
    assert len({(v.id, v.role) for v in scene.valves}) == len(scene.valves)
    assert [one for one, _ in scene.meters] == [n.id for n in plant.nodes if n.kind == "meter"]
    for one, other in combinations(scene.labels, 2):
        assert not one.box.meets(other.box), (one.text, other.text)
    for label in scene.labels:
        assert Box(0.0, 0.0, scene.wide, scene.high).meets(label.box)
        for mark in scene.symbols:
            if mark.kind != "loop":
                assert not label.box.meets(mark.box), (label.text, mark.ids)
    for one, other in combinations([mark for mark in scene.symbols if mark.box.wide], 2):
        assert not one.box.meets(other.box)


@pytest.mark.parametrize("name", _SITES)
def test_every_pipe_of_the_topology_is_drawn_from_end_to_end(name):
    plant = topology(read(name))
    scene = scene_of(read(name), "en")
    boxes = {one: mark.box for mark in scene.symbols for one in mark.ids}
    flows = [edge for edge in plant.edges if edge.role != "signal"]
    assert {edge for pipe in scene.pipes for edge in pipe.edges} == set(flows)
    for edge in flows:
        for role in ("supply", "return"):
            if edge.role in ("both", role):
                assert _joined(scene, edge, role, boxes), (edge, role)


def _joined(scene, edge, role, boxes):
    """Whether the drawn runs of an edge lead without a hole from one thing to the other."""
    ends = [{round(x, 2) for x in (b.x, b.x + b.wide)}
            for b in (boxes[edge.from_id], boxes[edge.to_id])]  # fmt: skip
    runs = [{(round(x, 2), round(y, 2)) for x, y in pipe.points}
            for pipe in scene.pipes if pipe.role == role and edge in pipe.edges]  # fmt: skip
    reached = {p for run in runs for p in run if p[0] in ends[0]}
    grown = True
    while grown:
        new = {p for run in runs if run & reached for p in run} - reached
        grown = bool(new)
        reached |= new
    return any(p[0] in ends[1] for p in reached)


@pytest.mark.parametrize("name", _SITES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_waters_lie_on_one_another(name, language):
    """Level runs of different waters at one height do not share any length; nor upright ones."""
    scene = scene_of(read(name), language)
    for (a, b, one), (c, d, other) in combinations(list(pieces(scene)), 2):
        if (one.fluid, one.role) == (other.fluid, other.role) and set(one.edges) & set(other.edges):
            continue
        for along, across in ((0, 1), (1, 0)):
            flat = abs(a[across] - b[across]) < 1e-6 and abs(c[across] - d[across]) < 1e-6
            if flat and abs(a[across] - c[across]) < 1.5 and one.fluid != other.fluid:
                low = max(min(a[along], b[along]), min(c[along], d[along]))
                high = min(max(a[along], b[along]), max(c[along], d[along]))
                assert high - low < 0.1, (one, other)


@pytest.mark.parametrize("name", _SITES)
def test_no_pipe_crosses_a_text_or_a_strange_symbol(name):
    scene = scene_of(read(name), "en")
    for one, other, pipe in pieces(scene):
        left, right = sorted((one[0], other[0]))
        top, bottom = sorted((one[1], other[1]))
        run = Box(left, top, max(right - left, 0.01), max(bottom - top, 0.01))
        for label in scene.labels:
            inner = Box(label.box.x, label.box.y + 0.8, label.box.wide, label.box.high - 1.6)
            assert not run.meets(inner), (label.text, pipe.edges[0])
        own = {end for edge in pipe.edges for end in (edge.from_id, edge.to_id)}
        for mark in scene.symbols:
            if mark.box.wide and not own & set(mark.ids):
                assert not run.meets(mark.box), (mark.ids, pipe.edges[0])


@pytest.mark.parametrize("mode", _MODES)
def test_valves_and_paths_of_a_mode(mode):
    site = read("sports-centre")
    row = mode_of(topology(site), mode)
    scene = scene_of(site, "zh", mode)
    states = {valve.id: valve.state for valve in scene.valves}
    assert states == dict.fromkeys(row.open, "open") | dict.fromkeys(row.closed, "closed")
    symbols = {one: mark.state for mark in scene.symbols for one in mark.ids}
    for loop in ("chilled", "heating", "hot_water", "pool"):
        assert (symbols[loop] == "active") is (loop in row.loops)
    for unit in ("recovery", "base", "backup", "gas"):
        assert (symbols[unit] == "active") is (unit in row.duties)


def test_active_pipes_follow_duty_valves_and_the_units_that_a_pump_serves():
    plant = topology(read("sports-centre"))
    serves = {"second": ("recovery",), "base_source": ("base",)}
    recovery = active_edges(plant, mode_of(plant, "summer_recovery"), serves)
    ends = {(edge.from_id, edge.to_id) for edge in recovery}
    # The recovery unit heats with what it cools: it takes nothing from the ground.
    assert ("second", "recovery") not in ends
    assert ("field", "second") not in ends
    assert {("field", "base_source"), ("base_source", "base"), ("air", "tower")} <= ends
    assert {("hot_water_tank", "third"), ("third", "showers")} <= ends
    assert ("heating", "heating_load") not in ends
    warm = active_edges(plant, mode_of(plant, "hot_water"), serves)
    ends = {(edge.from_id, edge.to_id) for edge in warm}
    assert ("second", "recovery") in ends
    assert ("field", "base_source") not in ends
    assert all(edge.valve in ("", "V3", "V4", "V9", "V10", "V11", "V12") for edge in warm)


def test_a_mode_that_is_not_there_is_refused_and_the_others_are_named():
    with pytest.raises(InputError) as caught:
        picture_of_plant(read("sports-centre"), "winter")
    assert "winter_heating" in str(caught.value.problems[0].allowed)


def test_valve_table_says_every_valve_in_every_mode():
    table = mode_table(read("sports-centre"))
    assert [column.title.en for column in table.columns][1:13] == [f"V{k}" for k in range(1, 13)]
    for row, mode in zip(table.rows, topology(read("sports-centre")).modes, strict=True):
        signs = {f"V{k}": row[k].text.en for k in range(1, 13)}
        assert {v for v, sign in signs.items() if sign == "●"} == set(mode.open)
        assert {v for v, sign in signs.items() if sign == "○"} == set(mode.closed)
    assert table.rows[0][0].text.zh == "供冷 *"
    assert table.note is not None
    assert mode_table(read("sizing-office")).rows == ()


@pytest.mark.parametrize(("name", "mode"), [("sports-centre", "summer_recovery"),
                                            ("plant-template", None)])  # fmt: skip
def test_pictures_are_sound_differ_by_language_and_repeat(name, mode):
    picture = picture_of_plant(read(name), mode)
    assert set(picture.drawn) == set(LANGUAGES)
    for drawing in picture.drawn.values():
        root = ElementTree.fromstring(drawing)
        assert root.tag.endswith("svg")
    assert not re.search("[\u4e00-\u9fff]", picture.drawn["en"].replace("Noto Sans CJK SC", ""))
    assert re.search("[\u4e00-\u9fff]", picture.drawn["zh"])
    assert picture_of_plant(read(name), mode).drawn == picture.drawn


def test_many_alike_are_drawn_as_one_and_a_cascade_in_its_order():
    units = tuple(Node(f"u{k}", "unit", same(f"u{k}"), 2) for k in range(12))
    rest = (Node("x", "source", same("x"), 0), Node("low", "loop", same("low"), 3),
            Node("top", "unit", same("top"), 2), Node("high", "loop", same("high"), 3),
            Node("home", "load", same("home"), 5))  # fmt: skip
    edges = [Edge("x", unit.id, "source", 1, port="evaporator") for unit in units]
    edges += [Edge(unit.id, "low", "heat", 2, port="condenser") for unit in units]
    edges += [Edge("low", "top", "source", 1, port="evaporator"),
              Edge("top", "high", "heat", 2, port="condenser"),
              Edge("high", "home", "heat", 2),
              Edge("top", "x", "heat", 1, port="condenser")]  # fmt: skip
    plant = Topology((*units, *rest), tuple(edges))
    graph = graph_of(plant)
    assert len(graph.items["u0"].nodes) == 12
    ranks = [graph.items[name].rank for name in ("x", "u0", "low", "top", "high", "home")]
    assert ranks == sorted(set(ranks)), "each in a column of its own, from left to right"
    assert [link.other for link in graph.returns] == ["x"]
    assert crossings(graph.columns, graph.links) == 0
    scene = scene_of(read("sizing-office"), "en", plant=plant)
    assert any("×12" in label.text.replace("\u00a0", " ") for label in scene.labels)
    assert {edge for pipe in scene.pipes for edge in pipe.edges} == set(edges)


def test_nothing_and_one_thing_are_drawn():
    for nodes in ((), (Node("x", "source", same("x"), 0),)):
        scene = scene_of(read("sizing-office"), "en", plant=Topology(nodes, ()))
        assert isinstance(scene, Scene)
        assert len(scene.symbols) == len(nodes)


@pytest.mark.parametrize(("name", "en", "zh"), [
    ("Load pumps 用户侧水泵", "Load pumps", "用户侧水泵"),
    ("800 households 800 户", "800 households", "800 户"),
    ("Unit 1 1号机组", "Unit 1", "1号机组"),
    ("Primary: well pumps 一次循环：潜水泵", "Primary: well pumps", "一次循环：潜水泵"),
    ("Secondary 500 kW 二次循环", "Secondary 500 kW", "二次循环"),
    ("hp1", "hp1", "hp1"), ("地埋管", "地埋管", "地埋管"),
])  # fmt: skip
def test_names_in_two_languages_are_told_apart(name, en, zh):
    assert (halves(name).en, halves(name).zh) == (en, zh)


@pytest.mark.parametrize(
    "text",
    ["A very long name of a pump that nobody reads ×4 *", "很长" * 8 + "的水泵名称 ×12", "short"],
)
def test_long_names_are_shortened_but_keep_their_number(text):
    lines = wrapped(text, 10.0, 2)
    assert len(lines) <= 2
    assert all(ems(line) <= 10.0 for line in lines)
    tail = re.search(r"×\d+( \*)?$", text)
    if tail:
        assert lines[-1].replace("\u00a0", " ").endswith(tail[0])
