"""The volume clock: against sums written out, closed forms, and the finite volumes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import CirculationWell, Screen, ScreenPair
from diwen.sources.circulation_well.breakthrough import Breakthrough
from diwen.sources.circulation_well.finite_volume import simulate_finite_volume, step_response
from diwen.sources.circulation_well.flow_field import flow_field
from diwen.sources.circulation_well.grid import well_grid
from diwen.sources.circulation_well.heat_operator import HeatOperator, heat_operator
from diwen.sources.circulation_well.volume_clock import VolumeClock

HOUR = 3600.0
WATER = 4.19e6
FLOW = 30.0 / HOUR


def base(fineness: float) -> HeatOperator:
    """Aquifer 10 to 70 m, screens of 18 m, bore of 0.3 m."""
    ground = GroundColumn.of([0, 10, 70, 100], [1e-9, 1e-4, 1e-9])
    well = CirculationWell.of(0.15, (ScreenPair(Screen(12, 30), Screen(40, 58)),), depth=60.0)
    return heat_operator(flow_field(ground, well, well_grid(ground, well, fineness=fineness)))


def season(hours: int = 3600) -> np.ndarray:
    """Heating season of the base case, 384 MWh with a peak of 199 kW in its 3600 h."""
    n = np.arange(hours)
    daily = 0.12 * np.cos(2 * np.pi * n / 24) + 0.13 * np.sin(2 * np.pi * n / (24 * 9.3))
    return 2e5 * np.clip(0.15 + 0.6 * np.sin(np.pi * (n + 0.5) / 3600) + daily, 0.05, 1.0)


def late_and_smooth(points: int = 400) -> Breakthrough:
    """Rises from 2400 m³ on, to 0.9."""
    volume = np.geomspace(200.0, 1e6, points)
    return Breakthrough.of(volume, 0.9 * np.exp(-((2400.0 / volume) ** 1.2)))


def written_out(curve, load, flow, step, inside):
    """The sum of the definition, term by term, and the tie of the load, by hand."""
    volume = np.append(0.0, np.cumsum(flow * step))
    back, pumped = np.zeros((2, len(load)))
    for k in range(len(load)):
        at = curve.at(volume[k + 1] - volume[:-1][: k + 1])
        until = curve.at(volume[k + 1] - volume[1:][: k + 1])
        weight = at - until
        past = weight[:-1] @ back[:k]
        if flow[k] == 0.0:
            back[k] = pumped[k] = past
            continue
        drop = load[k] / (WATER * flow[k])
        # pumped = inside back + (1 - inside) (past + weight back), back = pumped - drop
        own = inside + (1.0 - inside) * weight[-1]
        back[k] = ((1.0 - inside) * past - drop) / (1.0 - own)
        pumped[k] = back[k] + drop
    return pumped, back


@pytest.mark.parametrize(("bypass", "bleed"), [(0.0, 0.0), (0.2, 0.1)])
def test_every_step_kept_is_the_sum_written_out(bypass, bleed):
    draw = np.random.default_rng(3)
    flow = FLOW * draw.choice([0.0, 0.3, 0.77, 1.0], 500)
    load = np.where(flow > 0.0, draw.normal(1e5, 8e4, 500), 0.0)
    clock = VolumeClock(late_and_smooth(), bypass, bleed, widest_bin=0.0)
    found = clock.simulate(load, flow)
    pumped, back = written_out(late_and_smooth(), load, flow, HOUR, bypass * (1.0 - bleed))
    np.testing.assert_allclose(found.pumped, pumped, atol=1e-11)
    np.testing.assert_allclose(found.returned, back, atol=1e-11)


def test_water_that_arrives_all_at_once_goes_down_in_stairs():
    """Plug flow: every round takes the drop of the load once more."""
    plug = 9.5 * FLOW * HOUR  # arrives in the tenth step: nine after the one it left in
    curve = Breakthrough.of([plug * (1 - 1e-9), plug], [0.0, 1.0])
    found = VolumeClock(curve, widest_bin=0.0).simulate(np.full(45, 1e5), FLOW)
    rounds = np.arange(45) // 9
    np.testing.assert_allclose(found.pumped, -rounds * 1e5 / (WATER * FLOW), atol=1e-6)


@pytest.mark.parametrize("inside", [0.0, 0.25])
def test_in_the_end_a_share_that_comes_back_multiplies_the_drop(inside):
    """drop · f/(1 − f) for the pumped water, with all that comes back, f = s + (1 − s) F."""
    final = 0.6
    curve = Breakthrough.of([50.0, 500.0], [0.1, final])
    found = VolumeClock(curve, bypass=inside).simulate(np.full(4000, 8e4), FLOW)
    back = inside + (1.0 - inside) * final
    expected = -8e4 / (WATER * FLOW) * back / (1.0 - back)
    assert found.pumped[-1] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("cycling", [False, True])
def test_bins_that_widen_cost_a_few_millikelvin(cycling):
    on = np.where((np.arange(3600) // 12) % 2 == 0, 1.0, 0.0) if cycling else np.ones(3600)
    exact = VolumeClock(late_and_smooth(), widest_bin=0.0).simulate(season() * on, FLOW * on)
    worst = []
    for widest in (0.1, 0.05, 0.02):
        clock = VolumeClock(late_and_smooth(), widest_bin=widest)
        found = clock.simulate(season() * on, FLOW * on)
        worst.append(np.abs(found.pumped - exact.pumped).max())
    assert worst[2] < 0.005
    assert worst[2] < worst[1] < worst[0]


curves = st.tuples(st.floats(0.05, 1.0), st.floats(100.0, 5000.0)).map(
    lambda drawn: Breakthrough.of(
        np.geomspace(50.0, 2e5, 60), drawn[0] * np.exp(-drawn[1] / np.geomspace(50.0, 2e5, 60))
    )
)
courses = st.lists(
    st.tuples(st.floats(-2e5, 2e5), st.sampled_from([0.0, 0.004, 0.008])), min_size=5, max_size=120
).map(lambda steps: np.array([(load * (flow > 0), flow) for load, flow in steps]).T)


@given(curves, courses, st.floats(-3.0, 3.0))
@settings(max_examples=40)
def test_twice_the_load_twice_the_change_and_none_for_none(curve, course, factor):
    load, flow = course
    clock = VolumeClock(curve, bypass=0.05)
    once, scaled = clock.simulate(load, flow), clock.simulate(factor * load, flow)
    size = 1.0 + np.abs(once.pumped).max()
    np.testing.assert_allclose(scaled.pumped, factor * once.pumped, atol=1e-9 * size)
    np.testing.assert_allclose(clock.simulate(-load, flow).pumped, -once.pumped, atol=1e-9 * size)
    assert (clock.simulate(0.0 * load, flow).pumped == 0.0).all()


@given(curves, courses)
@settings(max_examples=30)
def test_returned_water_given_or_made_by_a_load_is_one_thing(curve, course):
    load, flow = course
    clock = VolumeClock(curve)
    made = clock.simulate(load, flow)
    told = clock.answer_to_return(made.returned, flow)
    np.testing.assert_allclose(told.pumped, made.pumped, atol=1e-9 * (1 + abs(made.pumped).max()))


def test_only_the_volume_counts_not_the_pace():
    curve = late_and_smooth()
    given = np.repeat(np.linspace(-3.0, 1.0, 100), 2)
    slow = VolumeClock(curve, widest_bin=0.0).answer_to_return(given, FLOW)
    fast = VolumeClock(curve, widest_bin=0.0).answer_to_return(given[::2], 2.0 * FLOW)
    np.testing.assert_allclose(slow.pumped[1::2], fast.pumped, atol=1e-12)


@pytest.fixture(scope="module")
def wells():
    operator = base(0.5)
    response = step_response(operator, FLOW, stretches=((HOUR, 3600),))
    return operator, Breakthrough.from_step_response(response)


def test_with_the_breakthrough_of_the_cells_a_steady_flow_is_exact(wells):
    operator, curve = wells
    exact = simulate_finite_volume(operator, FLOW, load=season(), natural_temperature=11.0)
    kept = VolumeClock(curve, widest_bin=0.0).simulate(season(), FLOW)
    np.testing.assert_allclose(11.0 + kept.pumped, exact.pumped, atol=1e-11)
    binned = VolumeClock(curve).simulate(season(), FLOW)
    np.testing.assert_allclose(11.0 + binned.pumped, exact.pumped, atol=0.01)


@pytest.mark.parametrize("course", ["cycling", "levels"])
def test_a_flow_that_changes_costs_hundredths_of_a_kelvin(wells, course):
    """Conduction does not follow the volume: 0.05 K over one season."""
    operator, curve = wells
    n = np.arange(3600)
    part = np.where((n // 12) % 2 == 0, 1.0, 0.0)
    if course == "levels":
        part = np.array([0.2, 0.4, 0.6, 0.8, 1.0])[(n // 7 + n // 29) % 5]
    load, flow = season() * part, FLOW * part
    exact = simulate_finite_volume(operator, flow, load=load, natural_temperature=11.0)
    found = VolumeClock(curve).simulate(load, flow)
    off = np.abs(11.0 + found.pumped - exact.pumped).max()
    assert 1e-4 < off < 0.05


@pytest.mark.verify
def test_the_base_season_on_the_full_grid():
    operator = base(1.0)
    response = step_response(operator, FLOW, stretches=((HOUR, 3600),))
    clock = VolumeClock(Breakthrough.from_step_response(response))
    assert season().sum() / 1e6 == pytest.approx(383.8, abs=0.1)
    exact = simulate_finite_volume(operator, FLOW, load=season(), natural_temperature=11.0)
    assert np.abs(11.0 + clock.simulate(season(), FLOW).pumped - exact.pumped).max() < 0.01
    part = np.where((np.arange(3600) // 12) % 2 == 0, 1.0, 0.0)
    load, flow = season() * part, FLOW * part
    exact = simulate_finite_volume(operator, flow, load=load, natural_temperature=11.0)
    assert np.abs(11.0 + clock.simulate(load, flow).pumped - exact.pumped).max() < 0.05


def test_wrong_courses_are_refused_whole():
    clock = VolumeClock(late_and_smooth())
    with pytest.raises(InputError) as told:
        clock.simulate([1e5, np.inf, 0.0], [FLOW, FLOW, -1.0], step=0.0)
    assert {problem.where for problem in told.value.problems} == {"step", "load", "flow"}
    with pytest.raises(InputError, match="no water flows"):
        clock.simulate([1e5, 1e5], [FLOW, 0.0])
    with pytest.raises(InputError, match="shorter step"):
        VolumeClock(Breakthrough.of([10.0], [1.0])).simulate([1e5], FLOW)
    with pytest.raises(InputError, match="bypass"):
        VolumeClock(late_and_smooth(), bypass=1.0)
    for widest in (np.nan, -1.0, 1.0):
        with pytest.raises(InputError, match="widest_bin"):
            VolumeClock(late_and_smooth(), widest_bin=widest)
    with pytest.raises(InputError, match="no time steps"):
        clock.simulate([], FLOW)
    with pytest.raises(InputError, match="each step"):
        clock.simulate(np.ones(4), np.ones(3))
