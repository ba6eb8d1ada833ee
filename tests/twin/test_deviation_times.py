"""Deviations that come, go, grow and are serviced within a year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from simulated_sites import plant

from diwen.problems import InputError
from diwen.site import Site
from diwen.twin.deviation_times import pieces
from diwen.twin.deviations import Deviation, check_deviations
from diwen.twin.run import simulate
from diwen.twin.site_simulation import simulate_site
from diwen.twin.site_simulation_inputs import inputs_of_site

SINCE = date(2025, 1, 1)
SAW = Deviation("strainer", 0.3, resets=(0.5, 1.0, 1.5))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return plant(tmp_path_factory.mktemp("within") / "office")


def test_a_saw_tooth_by_hand() -> None:
    assert [SAW.at(time) for time in (0.0, 0.25, 0.5, 0.75)] == pytest.approx(
        [0.0, 0.075, 0.0, 0.075]
    )
    # Two teeth of half a year in each year, each with the mean of its middle.
    assert SAW.level(0) == SAW.level(1) == pytest.approx(0.3 * 0.25)
    assert SAW.level(2) == pytest.approx(0.3 * 1.0)  # from 0.5 to 1.5 years after the last service
    assert Deviation("strainer", 0.3, since=0.25).level(0) == pytest.approx(0.3 * 0.375)
    gone = Deviation("source_flow", 0.7, since=0.25, until=0.75)
    assert [gone.at(time) for time in (0.2, 0.25, 0.7, 0.75)] == [None, 0.7, 0.7, None]


def test_a_plain_year_is_one_piece_and_changes_cut_it() -> None:
    assert len(pieces([Deviation("source_flow", 0.7)], 3, 8760)) == 1
    assert len(pieces([Deviation("strainer", 0.1, until=1.0)], 1, 8760)) == 1
    cut = pieces([Deviation("source_flow", 0.7, since=0.25, until=1.5)], 0, 8760)
    assert [(one.first, one.end) for one in cut] == [(0, 2190), (2190, 8760)]
    saw = pieces([SAW], 1, 8760)
    assert len(saw) == 26
    assert any(one.first == 4380 for one in saw)


@given(
    st.floats(0.0, 3.0), st.floats(0.01, 2.0),
    st.lists(st.floats(0.01, 3.0), max_size=3), st.integers(0, 3),
)  # fmt: skip
def test_pieces_fill_the_year_and_keep_its_mean(since, lasts, resets, year) -> None:
    one = Deviation("strainer", 0.1, since, since + lasts, tuple(since + r for r in resets))
    found = pieces([one], year, 8760)
    assert found[0].first == 0
    assert found[-1].end == 8760
    assert all(a.end == b.first for a, b in pairwise(found))
    time = year + (np.arange(8760) + 0.5) / 8760
    exact = np.mean([one.at(float(t)) or 0.0 for t in time])
    held = [(one.level(*p.stretch) or 0.0) * (p.end - p.first) / 8760 for p in found]
    # Cuts stand on whole hours.
    assert sum(held) == pytest.approx(exact, abs=2e-4)


def test_half_a_year_of_less_flow_is_two_marches_by_hand(site) -> None:
    found = simulate_site(
        site, years=2, since=SINCE, deviations=[Deviation("source_flow", 0.6, since=0.5, until=1.5)]
    )
    design = inputs_of_site(site, 3600.0).inputs
    from diwen.twin.deviations import deviating_inputs

    less = deviating_inputs(design, [Deviation("source_flow", 0.6)])
    state, parts = None, []
    for inputs, place in ((design, 0), (less, 4380), (less, 0), (design, 4380)):
        if state is not None:
            state = replace(state, place=place)
        run = simulate(inputs.station, inputs.sources, inputs.loads, inputs.outdoor, steps=4380,
                       initial=state)  # fmt: skip
        state = run.state
        parts.append(run.course.sources["field"].entering)
    joined = np.concatenate([course.sources["field"].entering for course in found.courses])
    assert joined == pytest.approx(np.concatenate(parts), abs=1e-9, nan_ok=True)


def test_meters_read_the_flow_of_their_time(site) -> None:
    """A service brings the flow back: the record of the flow meter is the saw-tooth."""
    saw = (Deviation("strainer", 0.52, resets=(0.5,)),)
    found, plain = (simulate_site(site, since=SINCE, points="standard", deviations=given)
                    for given in (saw, ()))  # fmt: skip

    def over_share(simulation) -> np.ndarray:
        series = {one.point.id: one for one in simulation.record().series}
        return series["source_flow"].value[running] / flow_share(simulation)[running]

    def flow_share(simulation) -> np.ndarray:
        return simulation.courses[0].sources["field"].flow_share

    running = (flow_share(plain) > 0.2) & (flow_share(found) > 0.2)
    time = (np.flatnonzero(running) + 0.5) / 8760
    exact = 1.0 - 0.52 * np.where(time < 0.5, time, time - 0.5)
    # Treads of a fortnight: at most half of a tread away, and how the heat of water changes.
    assert np.abs(over_share(found) / over_share(plain) - exact).max() < 0.5 * 0.52 / 26 + 0.003


def test_a_deviation_that_is_gone_leaves_a_year_of_no_deviation(site) -> None:
    late = simulate_site(site, years=2, since=SINCE, keep="none",
                         deviations=[Deviation("efficiency_loss", 0.1, until=1.0)])  # fmt: skip
    never = simulate_site(site, years=2, since=SINCE, keep="none")
    assert late.years[0].power > 1.02 * never.years[0].power
    # What the ground remembers of half a year's slightly smaller heat is little.
    assert late.years[1].power == pytest.approx(never.years[1].power, rel=2e-3)


def test_times_that_cannot_be_are_refused_at_once() -> None:
    with pytest.raises(InputError) as error:
        check_deviations([
            Deviation("source_flow", 0.7, until=0.0),
            Deviation("load_flow", 0.7, resets=(0.5,)),
            Deviation("strainer", 0.2, since=1.0, resets=(0.5,)),
            Deviation("efficiency_loss", 0.2, since=float("nan")),
        ], 2)  # fmt: skip
    assert len(error.value.problems) == 4
    # Service keeps what grows within what can be lost.
    check_deviations([Deviation("strainer", 0.3, resets=(1.0, 2.0, 3.0))], 4)
    with pytest.raises(InputError):
        check_deviations([Deviation("strainer", 0.3, resets=(0.5,))], 4)
