"""The plant as a graph: a unit of the name ``air``, and units above a loop of other units."""

from __future__ import annotations

from pathlib import Path

import pytest

import diwen
from diwen.problems import InputError
from diwen.site.topology import Topology, topology

EXAMPLES = Path(__file__).parents[2] / "examples"
AIR_LOOP = """
[loops.air]
kind = "heating"
"""


def flows(found: Topology) -> list[tuple[str, str]]:
    return [(edge.from_id, edge.to_id) for edge in found.edges if edge.role != "signal"]


@pytest.mark.parametrize("name", ["mine-cascade", "gas-hybrid-home"])
def test_a_unit_of_the_name_air_is_not_the_outdoor_air(name: str) -> None:
    found = topology(diwen.read(EXAMPLES / name))
    assert found.node("air").kind == "unit"
    assert found.node("outdoor air").kind == "source"
    assert ("outdoor air", "air") in flows(found)
    assert not any(one == other for one, other in flows(found))


def test_air_keeps_its_name_where_nothing_else_bears_it() -> None:
    found = topology(diwen.read(EXAMPLES / "hotel-minus-42"))
    assert found.node("air").kind == "source"
    assert ("air", "large") in flows(found)


def test_upper_units_stand_behind_the_pumps_of_their_loop() -> None:
    found = topology(diwen.read(EXAMPLES / "mine-cascade"))
    assert ("between", "between_pumps") in flows(found)
    assert ("between_pumps", "water") in flows(found)
    assert ("between", "water") not in flows(found)
    kinds = {node.id: node.kind for node in found.nodes}
    feeding = {one for one, _ in flows(found)}
    assert {name for name, kind in kinds.items() if kind == "pump"} <= feeding
    (edge,) = (e for e in found.edges if e.to_id == "water" and e.role != "signal")
    assert (edge.fluid, edge.port) == ("heat", "evaporator")


@pytest.mark.parametrize(
    ("table", "where"),
    [
        (AIR_LOOP, "loops.air"),
        ('\n[sources.air]\ntype = "surface_water"\n', "sources.air"),
    ],
)
def test_a_loop_or_a_water_of_the_name_air_is_refused(
    tmp_path: Path, table: str, where: str
) -> None:
    text = (EXAMPLES / "hotel-minus-42" / "site.toml").read_text(encoding="utf-8")
    (tmp_path / "site.toml").write_text(text + table, encoding="utf-8")
    with pytest.raises(InputError) as error:
        diwen.read(tmp_path)
    (problem,) = (one for one in error.value.problems if one.where == where)
    assert "outdoor air" in problem.message.en
