"""Closed networks against EPANET, closed forms and the two laws of Kirchhoff."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.plant.hydraulic_network import HydraulicLink, network_flow
from diwen.plant.pump_curve import PumpCurve, SystemCurve
from diwen.problems import InputError

PUMP = PumpCurve.of_rating(0.03, 20.0, 0.7)
FACTORS = st.floats(10.0, 1e6)


def bridge(*factors: float) -> list[HydraulicLink]:
    """A pump and five resistances, one of them across."""
    ends = (("B", "C"), ("B", "D"), ("C", "D"), ("C", "A"), ("D", "A"))
    return [
        HydraulicLink("A", "B", pump=PUMP),
        *(HydraulicLink(*pair, factor) for pair, factor in zip(ends, factors, strict=True)),
    ]


def test_a_bridge_against_epanet() -> None:
    """EPANET 2.2 by WNTR 1.5.0: head pump with one point, five throttle valves; 0.1 %."""
    found = network_flow(bridge(8000.0, 20000.0, 5000.0, 30000.0, 6000.0))
    expected = [0.0446255, 0.02667489, 0.01795061, 0.01226448, 0.01441041, 0.03021509]
    assert found.flow == pytest.approx(expected, rel=1e-3)
    heads = dict(zip(found.nodes, found.head, strict=True))
    assert [heads[name] for name in "BCD"] == pytest.approx(
        [11.915262, 6.226173, 5.474524], rel=1e-3
    )


@settings(max_examples=50)
@given(st.tuples(FACTORS, FACTORS, FACTORS, FACTORS, FACTORS))
def test_flows_balance_and_heads_close(factors: tuple[float, ...]) -> None:
    links = bridge(*factors)
    found = network_flow(links)
    heads = dict(zip(found.nodes, found.head, strict=True))
    for name in found.nodes:
        into = sum(q for link, q in zip(links, found.flow, strict=True) if link.end == name)
        out = sum(q for link, q in zip(links, found.flow, strict=True) if link.start == name)
        assert into == pytest.approx(out, abs=1e-9)
    for link, q in zip(links[1:], found.flow[1:], strict=True):
        drop = heads[link.start] - heads[link.end]
        assert drop == pytest.approx(link.factor * q * abs(q), abs=1e-5)


def test_branches_side_by_side_are_the_closed_form() -> None:
    branches = [SystemCurve(0.0, k) for k in (5e3, 2e4, 8e4)]
    links = [HydraulicLink("a", "b", pump=PUMP, count=2)]
    links += [HydraulicLink("b", "a", branch.factor) for branch in branches]
    found = network_flow(links)
    total = float(PUMP.operating_flow(SystemCurve.beside(branches), count=2))
    assert found.flow[0] == pytest.approx(total, rel=1e-6)
    share = np.array([branch.factor**-0.5 for branch in branches])
    assert found.flow[1:] == pytest.approx(total * share / share.sum(), rel=1e-6)


def test_slower_pumps_move_less_in_proportion() -> None:
    """Without lift the affinity laws hold for the whole network."""
    links = bridge(8000.0, 20000.0, 5000.0, 30000.0, 6000.0)
    slow = [HydraulicLink("A", "B", pump=PUMP, speed=0.6), *links[1:]]
    assert network_flow(slow).flow == pytest.approx(0.6 * network_flow(links).flow, rel=1e-6)


def test_links_that_join_nothing_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        network_flow([HydraulicLink("a", "a", 1.0), HydraulicLink("a", "b", 0.0)])
    assert len(caught.value.problems) == 2
