"""The reduced well against the cells it was made from: any flow, rest, heat, years."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from diwen.problems import InputError
from diwen.sources.aquifer.column import GroundColumn
from diwen.sources.aquifer.well import CirculationWell, GravelAnnulus, Screen, ScreenPair
from diwen.sources.circulation_well.breakthrough import Breakthrough
from diwen.sources.circulation_well.finite_volume import simulate_finite_volume, step_response
from diwen.sources.circulation_well.flow_field import flow_field
from diwen.sources.circulation_well.grid import well_grid
from diwen.sources.circulation_well.heat_operator import HeatOperator, heat_operator
from diwen.sources.circulation_well.model_reduction import YEAR, check_course, reduce_well
from diwen.sources.circulation_well.volume_clock import VolumeClock

HOUR = 3600.0
FLOW = 30.0 / HOUR
PAIR = (ScreenPair(Screen(12, 30), Screen(40, 58)),)
LAYERS = GroundColumn.of([0, 10, 70, 100], [1e-9, 1e-4, 1e-9])


def operator_of(well=None, ground=LAYERS, outer="open", fineness=0.4, **grid) -> HeatOperator:
    """Base case: aquifer 10 to 70 m, screens of 18 m, bore of 0.3 m."""
    shape = well or CirculationWell.of(0.15, PAIR, depth=60.0)
    rings = well_grid(ground, shape, fineness=fineness, **grid)
    return heat_operator(flow_field(ground, shape, rings, outer=outer))


def season(hours: int = 3600) -> np.ndarray:
    """Heating season of the base case: 384 MWh, peak 199 kW."""
    n = np.arange(hours)
    daily = 0.12 * np.cos(2 * np.pi * n / 24) + 0.13 * np.sin(2 * np.pi * n / (24 * 9.3))
    return 2e5 * np.clip(0.15 + 0.6 * np.sin(np.pi * (n + 0.5) / 3600) + daily, 0.05, 1.0)


def year() -> tuple[np.ndarray, np.ndarray]:
    """Heating, rest, a summer that returns four fifths, rest."""
    summer = season()[:3000]
    back = -0.8 * season().sum() / summer.sum() * summer
    load = np.concatenate([season(), np.zeros(1000), back, np.zeros(1160)])
    return load, np.where(load != 0.0, FLOW, 0.0)


def rms(values: np.ndarray) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(values**2)))


def cycled(load: np.ndarray, flow: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Half the load: six hours on, six hours off; a lower flow at middle load."""
    on = (np.abs(load) > 1e5) | ((np.arange(len(load)) // 6) % 2 == 0)
    level = np.where(np.abs(load) > 1e5, 1.0, 0.6)
    return np.where(on, load, 0.0), np.where(on, level * flow, 0.0)


@pytest.fixture(scope="module")
def cells():
    return operator_of()


@pytest.fixture(scope="module")
def reduced(cells):
    return reduce_well(cells, FLOW, natural_temperature=11.0)


OTHERS = {
    "gravel": {"well": CirculationWell.of(0.3, PAIR, annulus=GravelAnnulus(0.1, 3e-3))},
    "leaking and bleeding": {"well": CirculationWell.of(0.15, PAIR, bypass=0.1, bleed=0.15)},
    "closed cell": {"outer": "closed", "outer_radius": 25.0},
    "layered": {
        "ground": GroundColumn.of([0, 10, 33, 37, 70, 100], [1e-9, 2e-4, 2e-6, 5e-5, 1e-9]),
    },
}


def test_few_modes_and_a_stated_error(reduced):
    assert reduced.modes < 60
    assert reduced.error.largest < 0.02
    assert reduced.error.rms < reduced.error.largest
    assert reduced.error.relative < 0.01
    assert reduced.error.spectral < 0.005


def test_the_stated_error_is_the_one_of_its_course(cells, reduced):
    course = check_course(cells, [FLOW])
    exact = simulate_finite_volume(
        cells, course.flow, load=course.load, natural_temperature=11.0
    ).pumped
    found = reduced.simulate(course.load, course.flow).pumped
    assert np.abs(found - exact).max() == pytest.approx(reduced.error.largest, rel=1e-6)
    assert np.abs(exact - 11.0).max() == pytest.approx(reduced.error.drop, rel=1e-9)
    assert (course.flow == 0.0).any()
    assert (course.load < 0.0).any()


@pytest.mark.parametrize("course", ["steady", "cycling", "levels nobody named"])
def test_a_season_it_was_not_checked_on(cells, reduced, course):
    load, flow = season(), np.full(3600, FLOW)
    if course == "cycling":
        load, flow = cycled(load, flow)
    elif course == "levels nobody named":
        part = np.array([0.13, 0.37, 0.55, 0.81, 1.1])[(np.arange(3600) // 5) % 5]
        load, flow = load * part, flow * part
    exact = simulate_finite_volume(cells, flow, load=load, natural_temperature=11.0)
    found = reduced.simulate(load, flow)
    assert np.abs(found.pumped - exact.pumped).max() < 0.02
    assert np.abs(found.returned - exact.returned).max() < 0.02
    drop = np.abs(exact.temperature - 11.0).max()
    assert np.abs(found.temperature - exact.temperature).max() < 0.1 * drop
    assert found.stored_heat_change == pytest.approx(exact.stored_heat_change, rel=1e-3)


@pytest.mark.parametrize("name", OTHERS)
def test_other_wells_hold_the_tolerance_too(name):
    cells = operator_of(**OTHERS[name])
    found = reduce_well(cells, FLOW)
    assert found.error.largest <= max(0.02, 0.005 * found.error.drop)
    load, flow = cycled(season()[:1500], np.full(1500, FLOW))
    exact = simulate_finite_volume(cells, flow, load=load, natural_temperature=0.0)
    course = found.simulate(load, flow)
    assert np.abs(course.pumped - exact.pumped).max() < max(0.02, 0.005 * abs(exact.pumped).max())
    assert course.energy_closure < 1e-9


@pytest.mark.parametrize("name", ["base", *OTHERS])
@pytest.mark.parametrize("share", [0.0, 0.05, 1.0, 3.0])
def test_the_modes_are_stable_at_any_flow(name, share):
    """The symmetric part has no eigenvalue above rounding, and so neither has the matrix."""
    found = reduce_well(operator_of(**OTHERS.get(name, {})), FLOW, checked=False)
    matrix = found.matrix(share * FLOW)
    size = np.abs(np.linalg.eigvals(matrix)).max()
    assert np.linalg.eigvalsh(matrix + matrix.T).max() < 1e-12 * size
    assert np.linalg.eigvals(matrix).real.max() < 1e-12 * size


def test_heat_is_kept_to_rounding(reduced):
    load, flow = year()
    assert reduced.simulate(load, flow).energy_closure < 1e-9
    closed = reduce_well(operator_of(**OTHERS["closed cell"]), FLOW, checked=False)
    course = closed.simulate(load, flow)
    np.testing.assert_allclose(
        course.stored, -np.cumsum(load) * HOUR, atol=1e-9 * np.abs(course.stored).max()
    )


@given(
    st.lists(
        st.tuples(st.floats(-2e5, 2e5), st.sampled_from([0.0, 0.003, 0.0083])),
        min_size=3, max_size=60,
    ),
    st.floats(-3.0, 3.0),
)  # fmt: skip
@settings(max_examples=40)
def test_linear_at_any_course_of_the_flow(reduced, steps, factor):
    flow = np.array([q for _, q in steps])
    load = np.array([p for p, _ in steps]) * (flow > 0.0)
    once = reduced.simulate(load, flow).pumped - 11.0
    many = reduced.simulate(factor * load, flow).pumped - 11.0
    np.testing.assert_allclose(many, factor * once, atol=1e-9 * (1 + np.abs(once).max()))
    still = reduced.simulate(0.0 * load, flow).pumped
    np.testing.assert_allclose(still, 11.0, rtol=0, atol=1e-12)


def test_going_on_from_a_state_is_one_course(reduced):
    load, flow = year()
    load, flow = load[3300:5200], flow[3300:5200]
    whole = reduced.simulate(load, flow)
    first, state = reduced.advance(load[:777], flow[:777], reduced.initial_state())
    second, _ = reduced.advance(load[777:], flow[777:], state)
    np.testing.assert_allclose(
        np.append(first.pumped, second.pumped), whole.pumped, rtol=0, atol=1e-11
    )
    assert first.stored_heat_change + second.stored_heat_change == pytest.approx(
        whole.stored_heat_change, rel=1e-9
    )


def test_more_flows_than_are_kept_at_once(reduced):
    """A flow that is never twice the same: every one is computed as it is."""
    flow = FLOW * np.random.default_rng(5).uniform(0.3, 1.0, 3000)
    load = season(3000)
    found = reduced.simulate(load, flow).pumped
    first, state = reduced.advance(load[:2500], flow[:2500], reduced.initial_state())
    matrix = np.eye(reduced.modes) - HOUR * reduced.matrix(flow[2500])
    rate = 4.19e6 * flow[2500]
    answer = np.linalg.solve(
        matrix - HOUR * flow[2500] * np.outer(reduced.injection, reduced.extraction),
        state - HOUR * flow[2500] * reduced.injection * load[2500] / rate,
    )
    assert found[2500] - 11.0 == pytest.approx(reduced.extraction @ answer, abs=1e-10)
    np.testing.assert_array_equal(found[:2500], first.pumped)


def test_short_steps_come_to_the_exact_exponential(reduced):
    """Backward Euler of an hour is within a few millikelvin of the matrix exponential."""
    load, flow = cycled(season(600), np.full(600, FLOW))
    exact, state = np.empty(600), np.zeros(reduced.modes + 1)
    made: dict[tuple[float, float], np.ndarray] = {}
    for k in range(600):
        key = (load[k], flow[k])
        if key not in made:
            tied = np.zeros((reduced.modes + 1,) * 2)
            tied[:-1, :-1] = reduced.matrix(flow[k])
            if flow[k] > 0.0:
                tied[:-1, :-1] += flow[k] * np.outer(reduced.injection, reduced.extraction)
                tied[:-1, -1] = -reduced.injection * load[k] / 4.19e6
            made[key] = expm(HOUR * tied)
        state[-1] = 1.0
        state = made[key] @ state
        exact[k] = 11.0 + reduced.extraction @ state[:-1]
    hourly = np.abs(reduced.simulate(load, flow).formation - exact).max()
    fine = reduced.simulate(np.repeat(load, 10), np.repeat(flow, 10), HOUR / 10)
    tenth = np.abs(fine.formation[9::10] - exact).max()
    assert hourly < 0.01
    assert tenth < 0.15 * hourly


def test_ground_that_is_warmer_below(cells):
    rows = 10.0 + 0.03 * cells.grid.depth
    found = reduce_well(cells, FLOW, natural_temperature=rows)
    load, flow = cycled(season(2000), np.full(2000, FLOW))
    exact = simulate_finite_volume(cells, flow, load=load, natural_temperature=rows)
    course = found.simulate(load, flow)
    assert np.abs(course.pumped - exact.pumped).max() < 0.02
    assert course.reference_temperature == pytest.approx(exact.reference_temperature, abs=1e-9)
    assert course.energy_closure < 1e-9
    # The circulation itself mixes the profile, without any load.
    mixed = simulate_finite_volume(cells, flow, load=0.0 * load, natural_temperature=rows).pumped
    alone = found.simulate(0.0 * load, flow).pumped
    assert np.abs(alone - mixed).max() < 0.1 * np.ptp(mixed)


def test_a_return_that_is_given(cells, reduced):
    back = 8.0 + np.sin(np.arange(800) / 40.0)
    exact = simulate_finite_volume(cells, FLOW, return_temperature=back, natural_temperature=11.0)
    course, _ = reduced.answer_to_return(back, FLOW)
    assert np.abs(course.pumped - exact.pumped).max() < 0.02
    np.testing.assert_allclose(course.load, exact.load, atol=0.02 * 4.19e6 * FLOW)


def test_a_tighter_tolerance_grows_the_basis():
    cells = operator_of(**OTHERS["gravel"])
    loose = reduce_well(cells, FLOW, tolerance=1.0, relative_tolerance=1.0)
    tight = reduce_well(cells, FLOW, tolerance=0.002, relative_tolerance=1e-6)
    assert tight.modes > loose.modes
    assert tight.error.largest < loose.error.largest


def test_unmeasured_is_said(cells):
    assert reduce_well(cells, FLOW, checked=False).error is None


def test_wrong_input_is_refused_whole(cells, reduced):
    with pytest.raises(InputError) as told:
        reduce_well(cells, 0.0, horizon=-1.0)
    assert {problem.where for problem in told.value.problems} == {"flows", "horizon"}
    with pytest.raises(InputError, match="no water flows"):
        reduced.simulate([1e5], [0.0])


@pytest.mark.verify
@pytest.mark.parametrize("course", ["balanced", "cycled", "heating only"])
def test_four_years_on_the_full_grid_where_the_volume_clock_drifts(course):
    cells = operator_of(fineness=1.0)
    found = reduce_well(cells, FLOW, natural_temperature=11.0)
    response = step_response(
        cells, FLOW, stretches=((HOUR, 4000), (10 * HOUR, 4000), (100 * HOUR, 1500))
    )
    clock = VolumeClock(Breakthrough.from_step_response(response))
    load, flow = (np.tile(series, 4) for series in year())
    if course == "cycled":
        load, flow = cycled(load, flow)
    if course == "heating only":
        load, flow = np.maximum(load, 0.0), np.where(load > 0.0, flow, 0.0)
    exact = simulate_finite_volume(cells, flow, load=load, natural_temperature=11.0)
    off = found.simulate(load, flow).pumped - exact.pumped
    late = 11.0 + clock.simulate(load, flow).pumped - exact.pumped
    print(course, np.abs(off).max(), rms(off), np.abs(late).max(), rms(late))
    assert np.abs(off).max() < 0.03
    assert rms(off) < 0.01
    assert rms(late) > rms(off)


@pytest.mark.verify
def test_a_quarter_of_a_century_ends_where_the_cells_end():
    cells = operator_of(fineness=0.4)
    found = reduce_well(cells, FLOW, horizon=25 * YEAR, natural_temperature=11.0)
    load, flow = (np.tile(series, 25) for series in year())
    load = np.where(load < 0.0, 0.6 * load, load)  # summers return half: the well cools for decades
    exact = simulate_finite_volume(cells, flow, load=load, natural_temperature=11.0)
    course = found.simulate(load, flow)
    off = course.pumped - exact.pumped
    print(np.abs(off).max(), np.sqrt((off**2).mean()), exact.pumped.min())
    assert np.abs(off).max() < 0.01 * (11.0 - exact.pumped.min())
    assert course.energy_closure < 1e-8
