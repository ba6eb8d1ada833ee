"""Networks of boreholes: connection, flows and balance of heat."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.borefield.networks import HEADER, Bore, Network, flow_through, network_model

# Two legs against each other and against the wall, W/(m·K).
BORE = Bore(np.array([[4.0, -0.6], [-0.6, 4.0]]), ((0, 1),))
RATIOS = np.array([0.2, 0.5, 0.3])


def test_flow_divides_among_branches_and_at_forks() -> None:
    upstream = np.array([-1, 0, -1, 2, 2])
    shared = flow_through(upstream, np.array([2.0]))
    assert shared.tolist() == [1, 1, 1, 0.5, 0.5]
    branches = Network.of(BORE, [0.3, 0.8], 4190, upstream=upstream)
    assert branches.mass_flow.tolist() == [0.3, 0.3, 0.8, 0.4, 0.4]
    assert branches.total_flow == pytest.approx(1.1)
    assert branches.position.tolist() == [0, 1, 0, 1, 1]
    assert not branches.parallel


@settings(max_examples=30, deadline=None)
@given(data=st.data(), count=st.integers(1, 7))
def test_heat_of_the_boreholes_is_what_the_fluid_takes_up(data: st.DataObject, count: int) -> None:
    upstream = np.array([data.draw(st.integers(-1, i - 1)) for i in range(count)])
    branches = int((upstream == HEADER).sum())
    flow = data.draw(st.lists(st.floats(0.05, 2), min_size=branches, max_size=branches))
    length = np.array(data.draw(st.lists(st.floats(20, 200), min_size=count, max_size=count)))
    network = Network.of(BORE, flow, 4000.0, upstream=upstream)
    model = network_model(network, length, RATIOS, np.arange(count))
    wall = np.array(data.draw(st.lists(st.floats(-5, 20), min_size=3 * count, max_size=3 * count)))
    inlet = 30.0
    at_bore = model.inlet_of_header * inlet + model.inlet_of_wall @ wall
    walls = wall.reshape(count, 3)
    heat = (model.heat_of_inlet * at_bore[:, None]).sum(axis=1)
    heat += np.einsum("bij,bj->b", model.heat_of_wall, walls)
    # Follow the fluid from borehole to borehole: each warms or cools it by its heat.
    entering = np.empty(count)
    leaving = np.empty(count)
    for borehole in range(count):
        above = upstream[borehole]
        entering[borehole] = inlet if above == HEADER else leaving[above]
        leaving[borehole] = entering[borehole] + heat[borehole] / (
            network.mass_flow[borehole] * 4000.0
        )
    np.testing.assert_allclose(at_bore, entering, rtol=1e-9, atol=1e-9)
    last = ~np.isin(np.arange(count), upstream)
    mixed = (network.mass_flow * leaving)[last].sum() / network.total_flow
    assert heat.sum() == pytest.approx(model.capacity_rate * (mixed - inlet), rel=1e-9, abs=1e-6)


def test_effective_resistance_of_one_borehole_is_that_of_the_bore() -> None:
    # Great flow: no short circuit; resistance is the reciprocal of all conductances together.
    network = Network.of(BORE, [500.0], 4190)
    model = network_model(network, np.array([100.0]), RATIOS, np.zeros(1, int))
    assert model.resistance == pytest.approx(1 / BORE.conductances.sum(), rel=1e-5)
    slow = Network.of(BORE, [0.05], 4190)
    assert network_model(slow, np.array([100.0]), RATIOS, np.zeros(1, int)).resistance > 0.2


def test_groups_give_what_single_boreholes_give() -> None:
    network = Network.of(BORE, 0.6, 4190, upstream=[-1, 0, -1, 2])
    length = np.full(4, 80.0)
    whole = network_model(network, length, RATIOS, np.arange(4))
    joined = network_model(network, length, RATIOS, np.array([0, 1, 0, 1]))
    assert joined.resistance == pytest.approx(whole.resistance, rel=1e-12)
    np.testing.assert_allclose(joined.inlet_of_header, whole.inlet_of_header[:2])
    np.testing.assert_allclose(joined.inlet_of_wall, whole.inlet_of_wall[:2, :6])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"mass_flow": 0.0, "count": 2}, "there is no flow"),
        ({"mass_flow": [0.1, -0.1]}, "there is no flow"),
        ({"mass_flow": [0.1, float("nan")]}, "there is no flow"),
        ({"mass_flow": 0.3, "upstream": [1, 0]}, "in a ring"),
        ({"mass_flow": 0.3, "upstream": [-1, 5]}, "no such borehole"),
        ({"mass_flow": [0.1, 0.2], "upstream": [-1, 0]}, "borehole 1 passes on 0.2"),
        ({"mass_flow": [0.1, 0.2], "upstream": [-1, -1, -1]}, "neither one flow"),
        ({"mass_flow": 0.3, "kind": [0, 1]}, "kinds of the boreholes"),
        ({"mass_flow": 0.3, "specific_heat": 0.0, "count": 1}, "heat capacity above zero"),
    ],
)
def test_networks_that_cannot_be(given: dict[str, object], words: str) -> None:
    arguments: dict[str, object] = {"specific_heat": 4190.0, **given}
    with pytest.raises(InputError, match=words):
        Network.of(BORE, **arguments)  # type: ignore[arg-type]


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Network.of(BORE, [0.0, 0.1], 0.0, upstream=[-1, 9])
    assert len(caught.value.problems) == 3
