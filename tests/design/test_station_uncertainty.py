"""How sure a design is: draws, drivers and the field's shortcut against what others say."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from diwen.design.economics.cost_uncertainty import UncertainInput
from diwen.design.economics.of_site import economics_of_site
from diwen.design.economics.site_year import years_of_course
from diwen.design.station_design.drivers import (
    first_order_shares,
    probability,
    rank_drivers_of,
    standard_ranks,
)
from diwen.design.station_design.uncertain_inputs import (
    CONDUCTIVITY,
    EFFICIENCY,
    LOAD,
    PHYSICAL,
    TEMPERATURE,
    draw_inputs,
    normal,
    quantile_of,
)
from diwen.design.station_design.uncertain_inputs_ground import (
    FieldSamples,
    SourceSamples,
    shortcut_error,
    source_samples,
)
from diwen.design.station_design.uncertainty import propagate, uncertainty_of_site
from diwen.design.station_design.uncertainty_result import chance_of, outcome_of
from diwen.design.station_design.uncertainty_run import PlantSamples, changed_station
from diwen.language import same
from diwen.problems import InputError
from diwen.site.closed_loops import closed_loop
from diwen.site.reading import read
from diwen.site.source_builders import source_model
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
def sure(office):
    """Few samples of few years: what is checked does not hang on their number."""
    return uncertainty_of_site(office, samples=24, years=3, seed=5)


def shape(name: str, low: float, best: float, high: float) -> UncertainInput:
    return UncertainInput("x", same("x"), low, best, high, name)  # type: ignore[arg-type]


# ---- draws


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (shape("uniform", 0.8, 1.0, 1.3), stats.uniform(0.8, 0.5)),
        (shape("triangular", 0.5, 0.6, 2.0), stats.triang(0.1 / 1.5, 0.5, 1.5)),
        (shape("normal", 0.8, 1.0, 1.2), stats.norm(1.0, 0.1)),
    ],
)
def test_quantiles_are_those_of_scipy(one, other):
    share = np.linspace(0.001, 0.999, 57)
    assert quantile_of(one, share) == pytest.approx(other.ppf(share), rel=1e-9)


def test_a_hypercube_meets_every_interval_once():
    draws = draw_inputs([shape("uniform", 0.0, 0.5, 1.0), normal(LOAD, 0.1)], 40, seed=1)
    assert sorted(np.floor(draws["x"] * 40).astype(int)) == list(range(40))
    share = stats.norm(1.0, 0.1).cdf(draws[LOAD])
    assert sorted(np.floor(share * 40).astype(int)) == list(range(40))


def test_the_same_seed_gives_the_same_draws():
    one = [normal(LOAD, 0.1)]
    assert np.array_equal(draw_inputs(one, 30, 7)[LOAD], draw_inputs(one, 30, 7)[LOAD])
    assert not np.array_equal(draw_inputs(one, 30, 7)[LOAD], draw_inputs(one, 30, 8)[LOAD])


def test_few_samples_are_refused():
    with pytest.raises(InputError, match="20"):
        draw_inputs([normal(LOAD, 0.1)], 19, 1)


def test_a_linear_model_has_the_mean_and_deviation_of_its_inputs():
    given = [normal("efficiency", 0.1), normal(LOAD, 0.2)]
    _, found = propagate(
        given, lambda values: 3.0 * values["efficiency"] - 2.0 * values[LOAD], samples=400, seed=2
    )
    # A hypercube of 400 is far better than chance: 0.05 and 0.16 standard errors here.
    assert np.mean(found) == pytest.approx(1.0, abs=2e-3)
    assert np.std(found) == pytest.approx(math.hypot(0.3, 0.4), rel=0.05)


# ---- drivers


def test_shares_of_a_sum_are_those_of_its_variances():
    generator = np.random.default_rng(4)
    draws = {name: generator.standard_normal(4000) for name in "abc"}
    found = rank_drivers_of(draws, 3.0 * draws["a"] - 2.0 * draws["b"] + draws["c"])
    assert [one.key for one in found.ranked] == ["a", "b", "c"]
    # Of ranks of normal values: within 0.03 of those of the values.
    assert [one.share for one in found.ranked] == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.03)
    assert found.ranked[1].coefficient < 0.0
    assert found.explained > 0.95


def ishigami(x):
    return np.sin(x[0]) + 7.0 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def test_first_order_shares_of_the_ishigami_function():
    generator = np.random.default_rng(0)
    x = generator.uniform(-np.pi, np.pi, (3, 8192))
    found = first_order_shares({"a": x[0], "b": x[1], "c": x[2]}, ishigami(x))
    # Ishigami and Homma (1990), a = 7, b = 0.1: closed form.
    assert list(found.values()) == pytest.approx([0.3139, 0.4424, 0.0], abs=0.03)
    other = stats.sobol_indices(
        func=ishigami, n=2048, dists=[stats.uniform(-np.pi, 2.0 * np.pi)] * 3, rng=1
    )
    assert list(found.values()) == pytest.approx(other.first_order.tolist(), abs=0.04)


def test_what_is_not_monotonic_is_not_claimed_to_be_explained():
    x = np.linspace(-1.0, 1.0, 501)
    found = rank_drivers_of({"x": x, "noise": np.sin(1e4 * x)}, x**2)
    assert found.explained < 0.05
    assert first_order_shares({"x": x}, x**2)["x"] > 0.95


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.1, 3.0))
def test_a_rising_scale_of_the_result_changes_no_driver(seed, power):
    generator = np.random.default_rng(seed)
    draws = {name: generator.uniform(0.1, 1.0, 60) for name in "ab"}
    result = draws["a"] + 0.3 * draws["b"]
    one, other = rank_drivers_of(draws, result), rank_drivers_of(draws, result**power)
    assert [d.share for d in one.ranked] == pytest.approx([d.share for d in other.ranked])


def test_what_never_comes_ranks_last_and_shares_its_rank():
    found = standard_ranks([3.0, np.inf, 1.0, np.inf])
    assert found[1] == found[3] == found.max()
    assert found[2] == found.min()


def test_the_chance_of_a_limit_counts_samples():
    values = np.array([1.0, 2.0, 3.0, 4.0])
    assert probability(values, 2.5, "<=") == 0.5
    assert probability(values, 1.5, ">=") == 0.25
    outcome = outcome_of("x", same("x"), "K", 2.0, np.append(values, np.nan), {}, {})
    chance = chance_of("x", same("x"), outcome, 0.5, ">=")
    assert chance.probability == 0.0
    assert chance.error > 0.0


def test_a_quantile_with_paybacks_that_never_come():
    values = np.array([5.0] * 12 + [np.inf] * 8)
    outcome = outcome_of("payback", same("x"), "a", 5.0, values, {}, {})
    assert outcome.median == 5.0
    assert outcome.interval == (5.0, np.inf)
    assert outcome.as_dict()["high"] is None


# ---- the ground


@pytest.mark.parametrize(
    "factors",
    [
        {"conductivity": 0.7, "heat_capacity": 1.25, "resistance": 1.3},
        {"conductivity": 1.35, "heat_capacity": 0.8, "resistance": 0.7},
    ],
)
def test_the_shortcut_is_the_field_solved_anew(office, factors):
    samples = FieldSamples(closed_loop(office, "field").loop)
    # Both are fits of modes within 1e-3.
    assert shortcut_error(samples, **factors) < 2e-3


def test_the_site_with_other_ground_has_the_response_of_the_sample(office, inputs):
    """The whole way from the file: conductivity of the layer in the file, resistance measured."""
    loop = closed_loop(office, "field")
    borehole = office.sources["field"].borehole
    fixed = borehole.model_copy(update={"thermal_resistance": loop.resistance})
    field = office.sources["field"].model_copy(update={"borehole": fixed})
    layer = office.ground.layers[0].model_copy(update={"conductivity": 1.9 * 0.8})
    ground = office.ground.model_copy(update={"layers": (layer,)})
    changed = office.model_copy(update={"ground": ground, "sources": {"field": field}})
    times = np.geomspace(3600.0, 25 * 365 * 86400.0, 60)
    wanted = source_model(changed, "field").response.at(times)
    found = source_samples(office, inputs.sources).of({CONDUCTIVITY: 0.8})["field"]
    assert found.response.at(times) == pytest.approx(wanted, rel=5e-3)


def test_a_shift_of_the_ground_shifts_the_source_and_nothing_else(inputs):
    samples = SourceSamples(inputs.sources, {})
    found = samples.of({TEMPERATURE: 1.5})["field"]
    base = inputs.sources["field"]
    assert found.undisturbed_temperature == base.undisturbed_temperature + 1.5
    assert np.array_equal(found.response.resistances, base.response.resistances)


# ---- the plant


def test_better_units_and_smaller_loads_use_less(office, inputs):
    plant = PlantSamples({0: inputs}, source_samples(office, inputs.sources), 1)
    base = plant.run({})
    better, smaller = plant.run({EFFICIENCY: 1.1}), plant.run({LOAD: 0.9})
    assert better.electricity[0] < base.electricity[0]
    assert smaller.electricity[0] < base.electricity[0]
    # All electricity of this plant is that of its units: 1/1.1 but for the ground's answer.
    assert better.electricity[0] / base.electricity[0] == pytest.approx(1 / 1.1, abs=0.01)


def test_warmer_supply_stops_at_what_the_units_can(inputs):
    station = inputs.station
    warmer = changed_station(station, supply=100.0)
    for before, after in zip(station.load_loops, warmer.load_loops, strict=True):
        units = [unit for unit in station.units if before.name in unit.serves]
        if before.kind == "heat":
            assert after.supply.supply.max() <= max(
                min(unit.maximum_supply for unit in units), before.supply.supply.max()
            )


def test_the_best_estimate_is_the_run_of_the_twin(office, inputs, sure):
    ran = simulate(inputs.station, inputs.sources, inputs.loads, inputs.outdoor, years=3)
    assert sure["field.lowest.1"].best == pytest.approx(ran.extremes["field"][0, 0], abs=1e-9)
    assert sure["field.highest.3"].best == pytest.approx(ran.extremes["field"][2, 1], abs=1e-9)
    wanted = ran.year_sums("unit.hp.power").mean()
    assert sure["electricity"].best == pytest.approx(wanted, rel=1e-9)


def test_the_best_cost_is_that_of_the_economics(office, inputs, sure):
    """Another way through: the bills of the last year by the economics themselves."""
    ran = simulate(inputs.station, inputs.sources, inputs.loads, inputs.outdoor, years=3)
    second = simulate(inputs.station, inputs.sources, inputs.loads, inputs.outdoor, years=2,
                      keep="none")  # fmt: skip
    third = simulate(inputs.station, inputs.sources, inputs.loads, inputs.outdoor,
                     initial=second.state)  # fmt: skip
    year, _ = years_of_course(third.course, inputs.station)
    power = ran.year_sums("unit.hp.power")
    money = economics_of_site(office, year, electricity_by_year=power / power[-1])
    comparison = money.comparison
    assert sure["cost.ground_source"].best == pytest.approx(
        comparison.design.life_cycle.cost, rel=1e-9
    )
    assert sure["carbon"].best == pytest.approx(comparison.design.carbon.life, rel=1e-9)
    for key, saving in comparison.savings.items():
        assert sure[f"payback.{key}"].best == pytest.approx(saving.static_payback, rel=1e-6)
        assert sure[f"saving.{key}"].best == pytest.approx(saving.worth, rel=1e-6)
        assert sure[f"avoided.{key}"].best == pytest.approx(saving.carbon.sum(), rel=1e-6)


def test_intervals_hold_the_best_estimate_and_money_moves_no_temperature(sure):
    for key in ("electricity", "cop_system", "field.highest.3", "cost.ground_source", "carbon"):
        low, high = sure[key].interval
        assert low < sure[key].best < high
    names = {driver.key for driver in sure["field.highest.3"].drivers.ranked}
    assert names <= set(PHYSICAL)
    assert sure["electricity"].drivers.ranked[0].key == "load"
    names = {driver.key for driver in sure["cost.gas_boiler"].drivers.ranked}
    assert "price.gas" in names
    assert not names & {"price.coal", "capital.bore_metre", "efficiency"}


def test_limits_and_their_chances_are_told(sure):
    keys = {one.key for one in sure.limits}
    assert {"field.entering.maximum", "unmet", "field.balance.high"} <= keys
    assert all(0.0 <= one.probability <= 1.0 for one in sure.limits)
    plain = sure.as_dict()
    assert plain["simulated"] is True
    assumed = {one["key"]: one["assumed"] for one in plain["inputs"]}
    # The site says how sure conductivity and temperature are; nothing else.
    assert not assumed[CONDUCTIVITY]
    assert not assumed[TEMPERATURE]
    assert assumed[EFFICIENCY]


def test_sure_inputs_give_one_result(office):
    found = uncertainty_of_site(office, samples=20, years=1, inputs=(), economics=False)
    for outcome in found.outcomes.values():
        assert outcome.values == pytest.approx(np.full(20, outcome.best))
        assert outcome.drivers.ranked == ()
