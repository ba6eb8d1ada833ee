"""The search for the best sizes against closed forms, brute force and another program's solver."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import differential_evolution

from diwen.design.economics.site_quantities import quantities_of_site
from diwen.design.station_design.design_variables import (
    NEW_BACKUP,
    SiteVariables,
    levels_around,
    round_step,
)
from diwen.design.station_design.optimisation import optimise
from diwen.design.station_design.optimisation_limits import strictest
from diwen.design.station_design.optimisation_of_site import optimise_site
from diwen.design.station_design.optimisation_result import Constraint, DesignVariable, Evaluation
from diwen.language import Text, same
from diwen.problems import InputError
from diwen.rules import on
from diwen.site.reading import read
from diwen.twin.run import simulate
from diwen.twin.site_simulation_inputs import inputs_of_site

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def office():
    """The office with its pumps inside the units: all electricity is that of the units."""
    site = read(EXAMPLES / "sizing-office")
    unit = site.heat_pumps["hp"].model_copy(update={"built_in_pumps": True})
    return site.model_copy(update={"pumps": {}, "heat_pumps": {"hp": unit}})


@pytest.fixture(scope="module")
def inputs(office):
    return inputs_of_site(office, 3600.0).inputs


@pytest.fixture(scope="module")
def lengths(office):
    """Only the length of the boreholes is chosen, over few years."""
    return optimise_site(office, only=("field.length",), years=3)


def size(key: str, levels, planned=None) -> DesignVariable:
    steps = tuple(float(one) for one in levels)
    return DesignVariable(key, same(key), "m", steps, steps[0] if planned is None else planned)


def plain(cost, **results) -> Evaluation:
    return Evaluation({"cost": float(cost)}, results)


# ---- closed forms


@pytest.mark.parametrize("hours", [2000.0, 4000.0])
def test_the_share_of_a_boiler_follows_from_the_load_duration_curve(hours):
    """Base unit dear to buy and cheap to run, boiler the other way: break-even hours.

    Load falls in a straight line from its peak to 0 over ``hours``. One kW more of the base unit
    costs c1 − c2 and saves (e2 − e1) in every hour in which the load lies above it: worth it up to
    h* = (c1 − c2)/(e2 − e1) hours, that is to P (1 − h*/H) kW.
    """
    peak, buy, run = 1000.0, (300.0, 40.0), (0.12, 0.42)

    def evaluate(values):
        base = values["base"]
        above = 0.5 * (peak - base) ** 2 / peak * hours
        below = 0.5 * peak * hours - above
        return plain(buy[0] * base + buy[1] * (peak - base) + run[0] * below + run[1] * above)

    found = optimise([size("base", np.arange(0.0, 1001.0, 5.0))], evaluate, most=60)
    wanted = peak * (1.0 - (buy[0] - buy[1]) / (run[1] - run[0]) / hours)
    assert found.method == "search"
    assert found.best.values["base"] == pytest.approx(max(wanted, 0.0), abs=2.5)
    assert len(found.candidates) < 60


def test_the_shortest_field_that_keeps_its_limit():
    """Temperature 15 − 600/L above 5 °C: L at least 60 m; dear by 100 CNY/m."""

    def evaluate(values):
        return plain(5000.0 + 100.0 * values["length"], cold=15.0 - 600.0 / values["length"])

    held = [Constraint("cold", same("cold"), "°C", 5.0, ">=", 5.0)]
    found = optimise([size("length", np.arange(20.0, 201.0, 4.0), 100.0)], evaluate, held)
    assert found.best.values == {"length": 60.0}
    assert found.saving == pytest.approx(4000.0)
    assert found.sizes[0].per_unit == pytest.approx(100.0)
    (active,) = found.active
    # One step shorter passes the limit by 600/56 − 10 K and saves 400.
    assert active.eased == pytest.approx(400.0 / (600.0 / 56.0 - 10.0))
    assert active.stricter == pytest.approx(400.0 / (10.0 - 600.0 / 64.0))
    assert "560" in active.text.zh
    assert "5 °C of 5 °C; one K less strict" in active.text.en


@settings(max_examples=30, deadline=None)
@given(st.floats(0.0, 12.0), st.floats(0.0, 3.0))
def test_a_stricter_limit_never_costs_less(limit, more):
    def evaluate(values):
        return plain(values["length"], cold=15.0 - 600.0 / values["length"])

    def best(least):
        held = [Constraint("cold", same("cold"), "K", least, ">=", 5.0)]
        return optimise([size("length", np.arange(20.0, 400.0, 4.0))], evaluate, held).best

    one, other = best(limit), best(limit + more)
    if other.feasible:
        assert one.feasible
        assert one.of("cost") <= other.of("cost")


# ---- search against all combinations


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(-1.0, 13.0), min_size=3, max_size=3), st.floats(-0.6, 0.6),
       st.floats(8.0, 25.0))  # fmt: skip
def test_the_search_finds_what_all_combinations_hold(centre, together, room):
    """A bowl whose axes are turned, cut off by a plane."""

    def evaluate(values):
        x = np.array([values[key] for key in "abc"]) - centre
        bowl = x @ x + together * (x[0] * x[1] + x[1] * x[2])
        return plain(bowl, room=sum(values.values()))

    variables = [size(key, range(13)) for key in "abc"]
    held = [Constraint("room", same("room"), "m", room, "<=", 5.0)]
    found = optimise(variables, evaluate, held, most=1000)
    assert found.method == "search"
    costs = [
        evaluate(dict(zip("abc", at, strict=True))).objectives["cost"]
        for at in product(range(13), repeat=3)
        if sum(at) <= room
    ]
    # A plane may hold a pattern of steps back on the lattice by a little.
    assert found.best.feasible
    assert found.best.of("cost") <= min(costs) + 0.3
    assert found.complete


def test_another_solver_finds_the_same_sizes():
    def cost(x):
        return (x[0] - 7.3) ** 2 + 2.0 * (x[1] - 3.6) ** 2 + 0.5 * x[0] * x[1]

    other = differential_evolution(
        cost, [(0, 40), (0, 40)], integrality=[True, True], rng=1, tol=1e-9
    )
    found = optimise(
        [size("a", range(41)), size("b", range(41))],
        lambda values: plain(cost([values["a"], values["b"]])), most=200,
    )  # fmt: skip
    assert list(found.best.values.values()) == other.x.tolist()
    assert found.best.of("cost") == pytest.approx(other.fun)
    assert len(found.candidates) < 200


def test_the_best_is_never_worse_than_its_neighbours_even_when_stopped():
    def evaluate(values):
        return plain((values["a"] - 31.0) ** 2 + (values["b"] - 2.0) ** 2)

    found = optimise([size("a", range(60)), size("b", range(60))], evaluate, most=10)
    assert found.best.values == {"a": 31.0, "b": 2.0}


def test_every_candidate_is_computed_once_and_told():
    asked, told = [], []

    def evaluate(values):
        asked.append(tuple(values.values()))
        return plain(abs(values["a"] - 3.0) + values["b"])

    found = optimise(
        [size("a", range(30)), size("b", range(30))], evaluate, most=80, progress=told.append
    )
    assert len(asked) == len(set(asked)) == len(found.candidates) == len(told)
    assert max(told) <= 1.0


# ---- what cannot be


def test_the_front_is_what_no_other_beats():
    def evaluate(values):
        cost, carbon = values["a"] + 3.0 * values["b"], (9.0 - values["a"]) * (7.0 - values["b"])
        return Evaluation({"cost": cost, "carbon": carbon}, {})

    found = optimise([size("a", range(9)), size("b", range(6))], evaluate, other="carbon")
    front = {(one.of("cost"), one.of("carbon")) for one in found.front}
    points = [(one.of("cost"), one.of("carbon")) for one in found.candidates]
    wanted = {
        p for p in points
        if not any(q != p and q[0] <= p[0] and q[1] <= p[1] for q in points)
    }  # fmt: skip
    assert front == wanted
    assert len(front) > 3


def test_what_no_candidate_reaches_is_told_with_its_amount():
    def evaluate(values):
        return plain(values["length"], cold=4.0 - 100.0 / values["length"], unmet=0.0)

    held = [
        Constraint("cold", Text("lowest", "最低"), "K", 5.0, ">=", 5.0),
        Constraint("unmet", Text("unmet", "未满足"), "%", 0.5, "<=", 5.0),
    ]
    found = optimise([size("length", [50.0, 100.0, 200.0])], evaluate, held)
    assert not found.feasible
    assert found.best.values == {"length": 200.0}
    ((broken, amount),) = found.broken(found.best)
    assert (broken.key, amount) == ("cold", pytest.approx(1.5))
    assert "3.5 K" in found.shortfall.en
    assert "最低" in found.shortfall.zh
    assert found.active == ()
    assert found.as_dict()["feasible"] is False


def test_what_cannot_be_built_is_kept_but_never_best():
    def evaluate(values):
        if values["a"] < 3.0:
            return Evaluation({}, {}, Text("too small", "过小"))
        return plain(values["a"])

    found = optimise([size("a", range(6))], evaluate)
    assert found.best.values == {"a": 3.0}
    assert sum(one.evaluation.refused is not None for one in found.candidates) == 3


def test_nothing_to_choose_and_levels_out_of_order_are_refused():
    with pytest.raises(InputError, match="nothing to choose"):
        optimise([size("a", [1.0])], lambda values: plain(0.0))
    with pytest.raises(InputError, match="do not rise"):
        optimise([size("a", [2.0, 1.0])], lambda values: plain(0.0))


def test_of_two_limits_on_one_result_the_stricter_holds():
    one = Constraint("warm", same("warm"), "°C", 35.0, "<=", 5.0)
    other = Constraint("warm", same("warm"), "°C", 33.0, "<=", 5.0)
    cold = Constraint("cold", same("cold"), "°C", 4.0, ">=", 5.0)
    colder = Constraint("cold", same("cold"), "°C", 2.0, ">=", 5.0)
    assert strictest([one, cold, other, colder]) == (other, cold)


def test_steps_are_as_made():
    assert levels_around(105.0, 52.5, 120.0, 5.0) == tuple(float(x) for x in range(55, 121, 5))
    assert 0.0 in levels_around(1400.0, 0.0, 2500.0, 100.0)
    assert [round_step(x) for x in (0.9, 13.0, 38.0, 72.0, 700.0)] == [1.0, 10.0, 50.0, 50.0, 500.0]


# ---- a site


def test_the_length_of_a_site_is_the_least_that_keeps_its_limits(office, lengths):
    best = lengths.best.values["field.length"]
    fit = [one for one in lengths.candidates if one.feasible]
    # All lengths were computed: longer fields keep the limits, shorter ones do not.
    assert lengths.method == "all"
    assert best == min(one.values["field.length"] for one in fit)
    assert {one.values["field.length"] for one in fit} == {
        one.values["field.length"] for one in lengths.candidates
        if one.values["field.length"] >= best
    }  # fmt: skip
    assert {one.constraint.key for one in lengths.active} == {"field.entering.maximum"}
    assert lengths.saving >= 0.0


def test_the_best_length_is_what_the_twin_says_of_such_a_site(office, lengths):
    best = lengths.best.values["field.length"]
    field = office.sources["field"]
    bore = field.borehole.model_copy(update={"length": best})
    sized = office.model_copy(
        update={"sources": {"field": field.model_copy(update={"borehole": bore})}}
    )
    given = inputs_of_site(sized, 3600.0).inputs
    ran = simulate(given.station, given.sources, given.loads, given.outdoor, years=3, keep="none")
    results = lengths.best.evaluation.results
    assert results["field.entering.maximum"] == pytest.approx(
        ran.extremes["field"][:, 1].max(), abs=1e-9
    )
    limit = next(one for one in lengths.constraints if one.key == "field.entering.maximum")
    assert results["field.entering.maximum"] <= limit.limit


def test_a_metre_costs_its_boreholes(lengths):
    """40 boreholes: at least the price of 40 m of drilling, less what colder water saves."""
    (price,) = lengths.sizes
    metres = [one.evaluation.objectives["investment"] for one in lengths.candidates]
    drilled = float(np.polyfit(
        [one.values["field.length"] for one in lengths.candidates], metres, 1)[0])  # fmt: skip
    assert 0.0 < price.per_unit < drilled


def test_what_is_bought_is_that_of_a_site_of_these_sizes(office, inputs):
    import datetime

    sizes = SiteVariables(office, inputs, on(datetime.date(2026, 1, 1), "Beijing"), "natural_gas")
    keys = {one.key for one in sizes.variables}
    assert keys == {"field.length", "field.rows", "hp.count", f"{NEW_BACKUP}.capacity"}
    found = sizes.plant(
        {"field.length": 90.0, "field.rows": 6.0, "hp.count": 3.0, f"{NEW_BACKUP}.capacity": 60.0}
    )
    field = office.sources["field"]
    bore = field.borehole.model_copy(update={"length": 90.0})
    rows = field.layout.model_copy(update={"rows": 6})
    unit = office.heat_pumps["hp"].model_copy(update={"count": 3})
    changed = office.model_copy(update={
        "sources": {"field": field.model_copy(update={"borehole": bore, "layout": rows})},
        "heat_pumps": {"hp": unit},
    })  # fmt: skip
    assert found.quantities == pytest.approx({**quantities_of_site(changed), "gas_boiler": 60.0})
    assert found.station.units[0].count == 3
    assert found.station.backups[0].capacity == 60e3
    assert sizes.plant({f"{NEW_BACKUP}.capacity": 0.0}).station.backups == ()


def test_too_few_units_break_the_limit_on_unmet_load(office):
    found = optimise_site(office, only=("hp.count",), years=1, hold=("unmet",))
    by_count = {one.values["hp.count"]: one for one in found.candidates}
    assert not by_count[1.0].feasible
    assert found.best.values["hp.count"] == 2.0
    assert by_count[1.0].evaluation.results["unmet"] > by_count[2.0].evaluation.results["unmet"]
