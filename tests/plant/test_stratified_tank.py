"""A tank of layers against analytic solutions, the first law and the maximum principle."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.plant.stratified_tank import StratifiedTank, Stream, settled
from diwen.problems import InputError

LAYERS = 8
TANK = StratifiedTank.of(1.0, 2.0, LAYERS, heat_loss=3.0)
TEMPERATURES = st.lists(st.floats(5.0, 90.0), min_size=LAYERS, max_size=LAYERS)
STREAMS = st.lists(
    st.builds(
        Stream, st.floats(0.0, 2e-3), st.floats(5.0, 90.0), st.integers(0, LAYERS - 1),
        st.integers(0, LAYERS - 1),
    ),
    max_size=3,
)  # fmt: skip


def test_a_mixed_tank_cools_by_its_exponential() -> None:
    tank = StratifiedTank.of(0.5, 1.5, 1, heat_loss=5.0)
    after = tank.step([60.0], 86400.0, ambient=15.0)
    expected = 15.0 + 45.0 * math.exp(-5.0 * 86400.0 / (0.5 * tank.heat_capacity))
    assert after.temperature[0] == pytest.approx(expected, rel=1e-12)


def test_a_mixed_tank_charges_by_its_exponential() -> None:
    tank = StratifiedTank.of(0.5, 1.5, 1)
    after = tank.step([20.0], 1800.0, [Stream(3e-4, 60.0, 0, 0)])
    assert after.temperature[0] == pytest.approx(60.0 - 40.0 * math.exp(-3e-4 * 1800.0 / 0.5))


@pytest.mark.parametrize("turned", [0.3, 1.0, 1.7])
def test_layers_are_stirred_tanks_in_a_row(turned: float) -> None:
    """Cold layers charged hot from the top answer as an Erlang distribution (tanks in series)."""
    tank = StratifiedTank.of(1.0, 2.0, LAYERS, conductivity=0.0)
    flow, duration = 1e-3, turned / 1e-3
    after = tank.step(np.full(LAYERS, 20.0), duration, [Stream(flow, 60.0, 0, LAYERS - 1)])
    passed = turned * LAYERS
    for i, found in enumerate(after.temperature):
        tail = sum(passed**k / math.factorial(k) for k in range(i + 1)) * math.exp(-passed)
        assert found == pytest.approx(20.0 + 40.0 * (1.0 - tail), rel=1e-9)


def test_many_layers_come_close_to_plug_flow() -> None:
    tank = StratifiedTank.of(1.0, 2.0, 60, conductivity=0.0)
    after = tank.step(np.full(60, 20.0), 500.0, [Stream(1e-3, 60.0, 0, 59)])
    # The front spreads as a Poisson number of mean 30: beyond 3.3 of its deviations, 0.1 K.
    assert after.temperature[12] > 59.9
    assert after.temperature[48] < 20.1
    assert float(after.leaving[0]) == pytest.approx(20.0, abs=1e-3)


def test_conduction_spreads_as_a_gaussian() -> None:
    """A step between warm and cold fades as an error function (infinite medium, short times)."""
    tank = StratifiedTank.of(1.0, 2.0, 80, conductivity=5.0)
    start = np.where(np.arange(80) < 40, 60.0, 20.0)
    duration = 40000.0
    after = tank.step(start, duration).temperature
    diffusivity = 5.0 / tank.heat_capacity
    height = (39.5 - np.arange(80)) * 2.0 / 80
    spread = [math.erf(z / math.sqrt(4.0 * diffusivity * duration)) for z in height]
    assert after == pytest.approx(40.0 + 20.0 * np.array(spread), abs=0.1)


@settings(max_examples=40)
@given(TEMPERATURES, STREAMS, st.floats(1.0, 1e6), st.floats(0.0, 30.0))
def test_first_law_and_range(
    start: list[float], streams: list[Stream], duration: float, ambient: float
) -> None:
    after = TANK.step(start, duration, streams, ambient)
    brought = sum(
        stream.flow * TANK.heat_capacity * (stream.temperature - left) * duration
        for stream, left in zip(streams, after.leaving, strict=True)
    )
    change = TANK.energy(after.temperature) - TANK.energy(start)
    size = TANK.energy(np.full(LAYERS, 90.0)) + sum(
        stream.flow * TANK.heat_capacity * 90.0 * duration for stream in streams
    )
    assert change == pytest.approx(brought - after.lost, abs=1e-8 * size)
    known = [*start, ambient, *(stream.temperature for stream in streams)]
    low, high = min(known) - 1e-6, max(known) + 1e-6
    assert (after.temperature >= low).all()
    assert (after.temperature <= high).all()
    assert (after.leaving >= low).all()
    assert (after.leaving <= high).all()
    assert (np.diff(after.temperature) <= 1e-9).all()


@settings(max_examples=25)
@given(TEMPERATURES, st.floats(100.0, 20000.0), st.integers(2, 6))
def test_without_turning_over_the_step_does_not_matter(
    start: list[float], duration: float, parts: int
) -> None:
    """Exact in time: one long step is the same as several short ones."""
    layers = np.sort(np.array(start))[::-1]
    streams = [Stream(2e-4, 95.0, 0, LAYERS - 1), Stream(1e-4, 4.0, LAYERS - 1, 0)]
    once = TANK.step(layers, duration, streams, 20.0)
    now, lost = layers, 0.0
    for _ in range(parts):
        piece = TANK.step(now, duration / parts, streams, 20.0)
        now, lost = piece.temperature, lost + piece.lost
    # Losses cool the top layer below the second only by rounding; conduction keeps the order.
    assert once.temperature == pytest.approx(now, abs=0.05)
    assert once.lost == pytest.approx(lost, rel=1e-2, abs=1e3)


def test_a_heater_below_warms_the_whole_tank() -> None:
    heat = np.zeros(LAYERS)
    heat[-1] = 5000.0
    tank = StratifiedTank.of(1.0, 2.0, LAYERS)
    after = tank.step(np.full(LAYERS, 20.0), 7200.0, heat=heat).temperature
    assert float(after.mean()) == pytest.approx(20.0 + 5000.0 * 7200.0 / tank.heat_capacity)
    assert after.max() - after.min() < 1e-9


@given(st.lists(st.floats(0.0, 100.0), min_size=1, max_size=12))
def test_settling_keeps_heat_and_order(values: list[float]) -> None:
    found = settled(values)
    assert found.sum() == pytest.approx(sum(values), rel=1e-12, abs=1e-9)
    assert (np.diff(found) <= 1e-9).all()
    assert settled(found) == pytest.approx(found)


def test_settling_is_isotonic_regression() -> None:
    from scipy.optimize import isotonic_regression

    values = [30.0, 50.0, 40.0, 45.0, 20.0, 25.0]
    assert settled(values) == pytest.approx(isotonic_regression(values, increasing=False).x)


def test_layers_that_are_not_there_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        TANK.step(np.full(LAYERS, 20.0), 60.0, [Stream(1e-3, 60.0, -1, LAYERS)])
    assert len(caught.value.problems) == 2
    with pytest.raises(InputError) as caught:
        StratifiedTank.of(0.0, -1.0, 0)
    assert len(caught.value.problems) == 3
