"""What must hold for every sized field, and what is said where none can be."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.design.bore_field import BoreField, TemperatureLimits
from diwen.design.building_load import HourlyBuildingLoad
from diwen.design.efficiency import Efficiency, PlantEfficiency
from diwen.design.field_response import FieldResponse
from diwen.design.ground_load import HourlyGroundLoad
from diwen.design.length_uncertainty import scaled_load
from diwen.design.sizing import Method, make_model, size, yearly_extremes
from diwen.design.step_response import StepResponse
from diwen.problems import InputError
from diwen.sources.borefield import layouts
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.response.hourly import simulate_hourly
from diwen.sources.response.modes import fit_response

METHODS: tuple[Method, ...] = ("pulses", "monthly", "hourly")
PLACES = ("entering", "leaving", "mean")
BOREHOLES = Boreholes.at(layouts.rectangle(3, 4, 6.0), 100.0, 2.0, 0.075)
RESPONSE = FieldResponse(BOREHOLES)
FIELD = BoreField(BOREHOLES, 2.0, 2.2e6, 12.0, 0.12, 12 * 0.4 * 4000.0)
LIMITS = TemperatureLimits(2.0, 24.0)


def hours(heat: float = 30e3, cold: float = 20e3) -> HourlyGroundLoad:
    """Winter extraction and summer injection with a daily wave, peaks about as given, W."""
    hour = np.arange(8760)
    season, day = np.cos(hour * 2 * np.pi / 8760), np.cos(hour * 2 * np.pi / 24)
    out = heat / 1.3 * np.maximum(season + 0.3 * day, 0.0)
    into = cold / 1.3 * np.maximum(-season - 0.3 * day, 0.0)
    return HourlyGroundLoad.of(out - into)


def sized(**others: Any) -> Any:
    asked = {"field": FIELD, "load": hours(), "limits": LIMITS, "years": 20, "response": RESPONSE}
    return size(**(asked | others))


@pytest.mark.parametrize("method", METHODS)
def test_the_sized_field_touches_its_limit_and_keeps_the_other(method: Method) -> None:
    found = sized(method=method)
    field = replace(FIELD, boreholes=BOREHOLES.with_length(found.length))
    model = make_model(field, hours(), 20, method, 21600.0, None, RESPONSE)
    low, high = yearly_extremes(model.at(found.length), field, LIMITS)
    slack = {"heating": low.min() - 2.0, "cooling": 24.0 - high.max()}
    assert slack[found.governing] == pytest.approx(0.0, abs=0.01)
    assert min(slack.values()) > -0.01
    assert found.minimum == pytest.approx(low)


@pytest.mark.parametrize("method", METHODS)
@given(factor=st.floats(1.05, 2.0))
@settings(max_examples=6, deadline=None)
def test_more_load_needs_more_length(method: Method, factor: float) -> None:
    less = sized(method=method).length
    assert sized(method=method, load=scaled_load(hours(), factor)).length > less * 1.03


@given(conductivity=st.floats(1.2, 3.5), ratio=st.floats(1.05, 1.6))
@settings(max_examples=8, deadline=None)
def test_better_ground_and_better_grout_need_less(conductivity: float, ratio: float) -> None:
    field = replace(FIELD, conductivity=conductivity)
    length = sized(field=field, method="monthly").length
    better_ground = replace(field, conductivity=conductivity * ratio)
    better_grout = replace(field, resistance=0.12 / ratio)
    assert sized(field=better_ground, method="monthly").length < length
    assert sized(field=better_grout, method="monthly").length < length


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("place", PLACES)
def test_heating_and_cooling_mirror_each_other(method: Method, place: Any) -> None:
    load = hours(35e3, 10e3)
    mirrored = HourlyGroundLoad.of(-load.power)
    warm = sized(load=load, method=method, limits=TemperatureLimits(3.0, None, place))
    cold = sized(load=mirrored, method=method, limits=TemperatureLimits(None, 21.0, "mean", place))
    assert warm.length == pytest.approx(cold.length, rel=1e-3)
    assert (warm.governing, cold.governing) == ("heating", "cooling")
    assert warm.heating.moment == cold.cooling.moment


def test_limit_of_the_leaving_fluid_asks_for_more_than_of_the_entering() -> None:
    lengths = [sized(limits=TemperatureLimits(2.0, None, place)).length for place in PLACES]
    entering, leaving, mean = lengths
    assert entering < mean < leaving


def test_balanced_load_hardly_depends_on_the_years() -> None:
    balanced = hours(30e3, 30e3)
    lengths = [sized(load=balanced, years=years).length for years in (3, 10, 40)]
    assert max(lengths) / min(lengths) < 1.02


def test_imbalance_asks_for_more_with_every_year() -> None:
    lengths = [sized(load=hours(30e3, 0.0), years=years).length for years in (1, 5, 20, 50)]
    assert all(later > 1.02 * earlier for earlier, later in pairwise(lengths))


def test_years_given_one_by_one_equal_the_repeated_year() -> None:
    once = sized(years=4)
    four = sized(years=4, load=HourlyGroundLoad.of(np.tile(hours().power, 4)))
    assert four.length == pytest.approx(once.length, rel=1e-5)
    assert four.minimum == pytest.approx(once.minimum, abs=1e-3)


@pytest.mark.parametrize("method", METHODS)
def test_start_month_turns_the_year_and_keeps_the_calendar(method: Method) -> None:
    load, limits = hours(25e3, 25e3), TemperatureLimits(3.0, None)
    begun_in_july = sized(load=replace(load, start_month=7), limits=limits, years=2, method=method)
    assert begun_in_july.heating.moment.month in (1, 2)
    # July to December have 184 days: the same course as a load that begins with them.
    turned = HourlyGroundLoad.of(np.roll(load.power, -181 * 24))
    by_hand = sized(load=turned, limits=limits, years=2, method=method)
    tolerance = 1e-6 if method == "hourly" else 0.02
    assert begun_in_july.length == pytest.approx(by_hand.length, rel=tolerance)


@pytest.mark.parametrize("method", ["monthly", "hourly"])
def test_efficiency_that_happens_to_be_level_changes_nothing(method: Method) -> None:
    """The feedback loop with a table of equal values against the plain ground load."""
    building = hours(40e3, 20e3).power
    load = HourlyBuildingLoad.of(np.maximum(building, 0.0), np.maximum(-building, 0.0))
    level = PlantEfficiency(Efficiency.constant(4.0), Efficiency.constant(5.0))
    nearly = PlantEfficiency(
        Efficiency.table([0.0, 20.0], [4.0, 4.0 + 1e-9]), Efficiency.constant(5.0)
    )
    plain = sized(load=load, method=method, efficiency=level)
    looped = sized(load=load, method=method, efficiency=nearly)
    assert looped.length == pytest.approx(plain.length, rel=3e-4)


@pytest.mark.parametrize("method", ["monthly", "hourly"])
def test_feedback_lies_between_the_efficiencies_of_its_range(method: Method) -> None:
    building = hours(40e3, 20e3).power
    load = HourlyBuildingLoad.of(np.maximum(building, 0.0), np.maximum(-building, 0.0))
    cooling = Efficiency.constant(5.0)
    limits = TemperatureLimits(2.0, None)

    def length(heating: Efficiency) -> float:
        plant = PlantEfficiency(heating, cooling)
        return sized(load=load, method=method, efficiency=plant, limits=limits).length

    rising = length(Efficiency.linear(3.8, 0.1, 2.0, 12.0))
    assert length(Efficiency.constant(4.0)) < rising < length(Efficiency.constant(5.0))


@pytest.mark.parametrize("method", ["monthly", "hourly"])
def test_passive_cooling_needs_less_the_wider_it_is_used(method: Method) -> None:
    building = hours(40e3, 25e3).power
    load = HourlyBuildingLoad.of(np.maximum(building, 0.0), np.maximum(-building, 0.0))
    limits = TemperatureLimits(None, 20.0)

    def needed(passive_below: float | None) -> float:
        plant = PlantEfficiency(
            Efficiency.constant(4.0), Efficiency.linear(8.0, -0.1), passive_below=passive_below
        )
        found = sized(load=load, method=method, efficiency=plant, limits=limits)
        assert not found.warnings
        return found.length

    lengths = [needed(threshold) for threshold in (None, 14.0, 18.0, 100.0)]
    assert all(later < earlier for earlier, later in pairwise(lengths))
    free = PlantEfficiency(Efficiency.constant(4.0), Efficiency.constant(1e12))
    always = sized(load=load, method=method, efficiency=free, limits=limits)
    assert lengths[-1] == pytest.approx(always.length, rel=1e-3)


def test_feedback_of_every_hour_equals_the_modes_of_the_ground() -> None:
    """Fixed point over whole courses and exact superposition, against stepping with modes."""
    building = hours(40e3, 25e3).power
    heating, cooling = np.maximum(building, 0.0), np.maximum(-building, 0.0)
    plant = PlantEfficiency(Efficiency.linear(4.0, 0.1), Efficiency.linear(8.0, -0.1))
    load = HourlyBuildingLoad.of(heating, cooling)
    course = make_model(FIELD, load, 10, "hourly", 21600.0, plant, RESPONSE).at(100.0)
    total = FIELD.count * 100.0
    times = np.geomspace(3600.0, 10 * 8760 * 3600.0, 60)
    step = StepResponse(FIELD, RESPONSE, times).at(100.0) / total
    stepped = simulate_hourly(
        fit_response(times, step, tolerance=2e-4),
        heating,
        cooling,
        undisturbed_temperature=12.0,
        heat_capacity_rate=FIELD.capacity_rate or np.inf,
        heating_efficiency=plant.heating,
        cooling_efficiency=plant.cooling,
        resistance=0.12 / total,
        years=10,
    )
    assert course.residual < 0.01
    found = course.fluid(FIELD, "entering").ravel()
    assert np.abs(found - stepped.entering).max() < 0.03
    assert course.power.ravel() == pytest.approx(stepped.ground_load, abs=40.0)


def test_gradient_and_resistance_over_the_length_are_followed() -> None:
    field = replace(
        FIELD,
        undisturbed_temperature=lambda length: 12.0 + 0.015 * (length - 100.0),
        resistance=lambda length: 0.12 * (1.0 + (length / 500.0) ** 2),
    )
    found = sized(field=field, method="monthly")
    fixed = replace(
        FIELD,
        undisturbed_temperature=field.temperature(found.length),
        resistance=field.borehole_resistance(found.length),
    )
    assert sized(field=fixed, method="monthly").length == pytest.approx(found.length, rel=1e-3)


def test_interpolated_response_equals_the_solved_one() -> None:
    table = FieldResponse(BOREHOLES)
    scaled = np.geomspace(4e-3, 2e3, 50)
    for length in (70.0, 85.0, 105.0, 125.0):
        table.at(length, scaled)
    before = table.solved
    interpolated = table.at(95.0, scaled)
    assert table.solved == before
    solved = FieldResponse(BOREHOLES).at(95.0, scaled)
    assert interpolated == pytest.approx(solved, rel=4e-4)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"limits": TemperatureLimits(13.0, None)}, "the undisturbed ground has only 12.0 °C"),
        ({"limits": TemperatureLimits(None, 11.0)}, "has 12.0 °C already"),
        (
            {"load": hours(300e3, 0.0), "years": 50, "lengths": (5.0, 120.0)},
            "boreholes of 120 m still reach",
        ),
        (
            {
                "field": replace(FIELD, capacity_rate=800.0),
                "limits": TemperatureLimits(2.0, None, "leaving"),
            },
            "the flow is so small",
        ),
    ],
)
def test_no_length_is_said_with_its_reason(change: dict[str, Any], words: str) -> None:
    found = sized(method="monthly", **change)
    assert found.length is None
    assert found.total_length is None
    assert found.governing is None
    assert words in found.reasons[0].en
    assert found.reasons[0].zh


def test_no_load_needs_no_more_than_the_shortest_length() -> None:
    found = sized(load=HourlyGroundLoad.of(np.zeros(8760)), lengths=(20.0, 300.0))
    assert found.length == 20.0
    assert found.heating.length == found.cooling.length == 0.0
    assert found.heating.moment is None
    assert "more than enough" in found.warnings[0].en
    assert found.minimum == pytest.approx(12.0)


def test_a_load_of_one_kind_leaves_the_other_limit_alone() -> None:
    found = sized(load=hours(30e3, 0.0))
    assert found.governing == "heating"
    assert found.cooling.length == 0.0


def test_imbalance_without_bound_is_named() -> None:
    dense = Boreholes.at(layouts.rectangle(15, 15, 3.0), 100.0, 2.0, 0.075)
    steady = HourlyGroundLoad.of(np.full(8760, 500e3))
    field = BoreField(dense, 2.0, 2.2e6, 12.0, 0.1)
    limits = TemperatureLimits(0.0, None, "mean")
    found = size(field, steady, limits, 50, method="monthly", lengths=(5.0, 250.0))
    assert not found.solved
    assert "imbalance alone" in found.reasons[0].en


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"load": hours().monthly()}, "hourly load"),
        ({"years": 0}, "whole number of years"),
        ({"lengths": (100.0, 50.0)}, "range of lengths"),
        ({"field": replace(FIELD, capacity_rate=None)}, "flow of the loop"),
        (
            {"load": HourlyBuildingLoad.of(np.ones(8760), np.zeros(8760))},
            "efficiency of the heat pumps",
        ),
    ],
)
def test_what_a_method_lacks_is_refused(change: dict[str, Any], word: str) -> None:
    with pytest.raises(InputError, match=word):
        sized(**change)


def test_impossible_fields_and_limits_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        BoreField(BOREHOLES, 0.0, -1.0, np.nan, -0.1, 0.0)
    assert len(caught.value.problems) == 5
    with pytest.raises(InputError, match="neither"):
        TemperatureLimits(None, None)
    with pytest.raises(InputError, match="not below"):
        TemperatureLimits(20.0, 5.0)
