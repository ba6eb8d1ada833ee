"""Zones of a bore field that take turns: against superposition hour by hour, and its invariants."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.interpolate import CubicSpline
from scipy.special import erf
from simulated_sites import plant

from diwen.site import Site, read
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.closed_loop import ClosedLoop
from diwen.sources.borehole.short_time import BoreholeCore
from diwen.twin.site_simulation import SiteSimulation, simulate_site
from diwen.twin.zone_rotation import ZonedField
from diwen.twin.zone_rotation_turns import ZoneTurns, turns_of_site

DAY = 86400.0
HOUR = 3600.0
K, C = 2.0, 2.2e6
LENGTH, BURIED, RADIUS, SPACING, RESISTANCE = 80.0, 2.0, 0.065, 5.0, 0.1
CORE = BoreholeCore.of_pipes(
    radius=RADIUS, resistance=RESISTANCE, pipes=2, pipe_inner_radius=0.013,
    pipe_outer_radius=0.016, pipe_conductivity=0.42,
)  # fmt: skip
PLACES = np.array([(SPACING * i, SPACING * j) for i in range(4) for j in range(2)])
# Three zones of unequal size: 2, 2 and 4 boreholes.
ZONE = np.array([0, 0, 1, 1, 2, 2, 2, 2])


def field() -> ZonedField:
    holes = Boreholes.at([tuple(place) for place in PLACES], LENGTH, BURIED, RADIUS)
    loop = ClosedLoop(holes, K, C, CORE, ZONE, boundary="uniform heat rate")
    return ZonedField(loop.response(), loop.lengths)


@pytest.fixture(scope="module")
def zoned() -> ZonedField:
    return field()


@functools.cache
def line(distance: float, steps: int) -> np.ndarray:
    """Mean wall response of a finite line source (Claesson and Javed 2011) by day, m·K/W."""

    def once(x: float) -> float:
        return x * float(erf(x)) - (1.0 - np.exp(-x * x)) / np.sqrt(np.pi)

    def inside(s: float) -> float:
        h, d = LENGTH * s, BURIED * s
        ends = 2 * once(h) + 2 * once(h + 2 * d) - once(2 * h + 2 * d) - once(2 * d)
        return float(np.exp(-((distance * s) ** 2)) * ends / (LENGTH * s * s))

    sparse = np.geomspace(DAY, steps * DAY, 60)
    found = [quad(inside, 1.0 / np.sqrt(4.0 * K / C * t), np.inf, limit=400)[0] for t in sparse]
    smooth = CubicSpline(np.log(sparse), found)
    return smooth(np.log(DAY * np.arange(1, steps + 1))) / (4.0 * np.pi * K)


def superposed(heat: np.ndarray, active: np.ndarray) -> np.ndarray:
    """Drop of the fluid of the zones in use, every borehole by itself, day after day.

    Each day every borehole of a zone in use takes the same heat per metre; its wall is the sum over
    all steps before of all boreholes, and the fluid lies a resistance above.
    """
    steps = len(heat)
    apart = np.hypot(*(PLACES[:, None] - PLACES[None]).transpose(2, 0, 1))
    apart = np.maximum(apart, RADIUS)
    unit = {d: line(float(d), steps) for d in np.unique(np.round(apart, 9))}
    used = active[:, ZONE]
    per_metre = heat[:, None] * used / (LENGTH * used.sum(axis=1, keepdims=True))
    wall = np.zeros((steps, len(PLACES)))
    for i in range(len(PLACES)):
        for j in range(len(PLACES)):
            answer = np.diff(unit[np.round(apart[i, j], 9)], prepend=0.0)
            wall[:, i] += np.convolve(per_metre[:, j], answer)[:steps]
    return ((wall + RESISTANCE * per_metre) * used).sum(axis=1) / used.sum(axis=1)


def year_of_heat() -> np.ndarray:
    day = np.arange(365)
    return 12e3 * np.cos(2 * np.pi * (day - 15) / 365.0) + 2e3 * np.sin(day)


def turns(rotation: str, used: tuple[int, ...] = (0, 1, 2)) -> ZoneTurns:
    return ZoneTurns("field", ("a", "b", "c"), used, rotation, ((4, 1), (10, 1)))


def days(count: int = 365) -> np.ndarray:
    return np.datetime64("2025-01-01") + np.arange(count)


@pytest.mark.parametrize("rotation", ["daily", "weekly", "seasonal", "yearly"])
def test_a_year_of_turns_is_the_superposition_of_its_boreholes(zoned, rotation):
    """2 % of the largest drop: the capacity of the borehole, which a line source has not."""
    heat, active = year_of_heat(), turns(rotation).active(days(), date(2025, 1, 1))
    found = zoned.drops(heat, active, DAY, zoned.at_rest())
    shares = zoned.shares(active)
    mean = (shares * found.drop).sum(axis=1)
    exact = superposed(heat, active)
    assert np.abs(mean - exact).max() < 0.02 * np.abs(exact).max()
    as_one = superposed(heat, np.ones_like(active))
    assert np.abs(found.more - (exact - as_one)).max() < 0.02 * np.abs(exact).max()


def test_all_zones_always_is_the_field_as_one(zoned):
    active = np.ones((365, 3), bool)
    found = zoned.drops(year_of_heat(), active, DAY, zoned.at_rest())
    assert np.abs(found.more).max() < 1e-9
    assert np.abs(zoned.resistance(active, DAY)).max() < 1e-15


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 1000), rotation=st.sampled_from(["daily", "weekly"]),
    cut=st.integers(1, 59),
)  # fmt: skip
def test_heat_is_kept_and_a_stretch_may_be_cut_anywhere(seed, rotation, cut):
    zoned = _ONE
    heat = np.random.default_rng(seed).normal(0.0, 5e3, 60)
    active = turns(rotation).active(days(60), date(2025, 1, 1))
    whole = zoned.drops(heat, active, DAY, zoned.at_rest())
    assert whole.heat.sum(axis=1) == pytest.approx(heat, abs=1e-9)
    assert not whole.heat[~active].any()
    first = zoned.drops(heat[:cut], active[:cut], DAY, zoned.at_rest())
    second = zoned.drops(heat[cut:], active[cut:], DAY, first.state)
    assert np.concatenate([first.more, second.more]) == pytest.approx(whole.more, abs=1e-9)


_ONE = field()


def test_the_step_itself_is_a_resistance(zoned):
    """What the first step drops more is its heat times the resistance of the step, nothing else."""
    active = turns("daily").active(days(3), date(2025, 1, 1))
    heat = np.array([7e3, 0.0, 0.0])
    found = zoned.drops(heat, active, DAY, zoned.at_rest())
    extra = zoned.resistance(active, DAY)
    assert found.more[0] == pytest.approx(extra[0] * heat[0], rel=1e-12)
    assert (extra > 0.0).all()


def test_a_zone_recovers_while_it_rests(zoned):
    active = np.ones((60, 3), bool)
    active[30:, 0] = False
    heat = np.full(60, 8e3)
    drop = zoned.drops(heat, active, DAY, zoned.at_rest()).drop
    assert drop[59, 0] < drop[30, 0] < drop[29, 0]
    assert drop[59, 0] > 0.0  # its neighbours draw on its ground
    assert (drop[30:, 1:] > drop[29, 1:]).all()


def test_turns_give_every_zone_its_rest():
    active = turns("daily").active(days(6), date(2025, 1, 1))
    assert active.sum(axis=1).tolist() == [2] * 6
    assert np.argmin(active, axis=1).tolist() == [0, 1, 2, 0, 1, 2]
    weekly = turns("weekly").active(days(28), date(2025, 1, 1))
    assert np.argmin(weekly, axis=1).tolist() == [0] * 7 + [1] * 7 + [2] * 7 + [0] * 7
    seasonal = np.argmin(turns("seasonal").active(days(), date(2025, 1, 1)), axis=1)
    assert np.flatnonzero(np.diff(seasonal)).tolist() == [89, 272]  # 1 April, 1 October
    part = turns("daily", (0, 2)).active(days(4), date(2025, 1, 1))
    assert not part[:, 1].any()
    assert part.sum(axis=1).tolist() == [1] * 4
    alone = turns("daily", (1,))
    assert alone.turning
    assert alone.active(days(2), date(2025, 1, 1)).tolist() == [[False, True, False]] * 2


# ---- in the run of a site


def zoned_site(folder: Path, rotation: str, zones: str = "") -> Site:
    plant(folder)
    path = folder / "site.toml"
    text = path.read_text(encoding="utf-8")
    text += "".join(
        f'\n[sources.field.zones.{name}]\nboreholes = "{holes}"\n'
        for name, holes in (("north", "1-20"), ("middle", "21-30"), ("south", "31-40"))
    )
    text += (
        f'\n[loops.ground]\nkind = "source"\nsource = "field"\nrotation = "{rotation}"\n{zones}\n'
        '[loops.warm]\nkind = "heat"\nloads = ["office"]\n'
        '[loops.chilled]\nkind = "cold"\nloads = ["office"]\n'
    )
    path.write_text(text, encoding="utf-8")
    return read(folder)


def run(site: Site, years: int = 1) -> SiteSimulation:
    return simulate_site(site, years=years, since=date(2025, 1, 1))


@pytest.fixture(scope="module")
def as_one(tmp_path_factory) -> SiteSimulation:
    return run(zoned_site(tmp_path_factory.mktemp("one") / "site", "none"))


@pytest.fixture(scope="module")
def weekly(tmp_path_factory) -> SiteSimulation:
    return run(zoned_site(tmp_path_factory.mktemp("weekly") / "site", "weekly"), years=2)


def test_all_zones_in_use_run_as_the_field_as_one(as_one, tmp_path):
    named = zoned_site(tmp_path / "site", "none", 'zones = ["north", "middle", "south"]')
    found = run(named).courses[0].sources["field"]
    assert found.entering == pytest.approx(
        as_one.courses[0].sources["field"].entering, abs=1e-6, nan_ok=True
    )
    assert any("loaded alike" in note.en for note in as_one.notes)


def test_what_the_run_drew_on_is_what_its_heat_makes_of_the_zones(as_one, weekly):
    """Settled: the temperatures of both years follow from the heat of both years, to 0.02 K."""
    site, step = weekly.site, weekly.step
    from diwen.site.closed_loops import closed_loop

    loop = closed_loop(site, "field").loop
    zoned = ZonedField(loop.response(), loop.lengths)
    turns_ = turns_of_site(site, "field")
    heat = np.concatenate([course.sources["field"].heat for course in weekly.courses])
    fluid = np.concatenate([course.sources["field"].fluid for course in weekly.courses])
    every = np.concatenate([days(365), np.datetime64("2026-01-01") + np.arange(365)])
    active = turns_.active(np.repeat(every, 24), date(2025, 1, 1))
    more = zoned.drops(heat, active, step, zoned.at_rest()).more
    model = as_one.sources["field"]
    field_as_one = model.undisturbed_temperature - model.response.simulate(heat, step)[0]
    assert fluid == pytest.approx(field_as_one - more, abs=0.02)
    assert np.abs(more).max() > 1.0


def test_turns_cost_temperature_and_the_first_law_closes(as_one, weekly):
    whole, turned = as_one.years[0], weekly.years[0]
    assert turned.entering[0] < whole.entering[0] - 0.5
    assert turned.entering[1] > whole.entering[1] + 0.5
    assert turned.power > whole.power
    assert turned.demand_heat == pytest.approx(whole.demand_heat, rel=1e-12)
    assert weekly.closure < 1e-9
    assert any("rests in turn" in note.en for note in weekly.notes)
    assert any("change the water entering" in note.en for note in weekly.notes)
    assert not any("takes the field as one" in note.en or "loaded alike" in note.en
                   or "did not settle" in note.en for note in weekly.notes)  # fmt: skip


def test_only_the_zones_that_are_named_give_heat(as_one, tmp_path):
    half = run(zoned_site(tmp_path / "site", "none", 'zones = ["north"]'))
    assert half.years[0].entering[0] < as_one.years[0].entering[0] - 2.0
    assert any("only zones north are in use" in note.en for note in half.notes)
