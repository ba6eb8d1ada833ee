"""Loads of ground and building: energies kept, signs refused, efficiencies as they are meant."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.design.building_load import HourlyBuildingLoad, MonthlyBuildingLoad
from diwen.design.calendar_months import MONTH
from diwen.design.efficiency import Efficiency, PlantEfficiency
from diwen.design.ground_load import HourlyGroundLoad, MonthlyGroundLoad
from diwen.problems import InputError


def random_hours(seed: int, years: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, 1e4, 8760 * years)


@given(seed=st.integers(0, 10**6), years=st.integers(1, 3))
@settings(max_examples=10, deadline=None)
def test_months_keep_energy_and_highest_hours(seed: int, years: int) -> None:
    load = HourlyGroundLoad.of(random_hours(seed, years))
    months = load.monthly()
    assert months.years == years
    assert months.yearly == pytest.approx(load.yearly)
    assert months.net_power.sum() * MONTH == pytest.approx(load.power.sum() * 3600.0)
    assert months.peak_extraction.max() == load.power.max()
    assert months.peak_injection.max() == -load.power.min()


def test_a_month_of_constant_load_has_its_own_hours() -> None:
    power = np.zeros(8760)
    power[31 * 24 : (31 + 28) * 24] = 1000.0
    months = HourlyGroundLoad.of(power).monthly()
    assert months.extraction[1] == pytest.approx(1000.0 * 28 * 86400)
    assert np.count_nonzero(months.extraction) == 1


def test_building_load_becomes_ground_load() -> None:
    heating, cooling = np.full(8760, 4000.0), np.full(8760, 3000.0)
    load = HourlyBuildingLoad.of(heating, cooling, np.full(8760, 1000.0))
    plant = PlantEfficiency(
        Efficiency.constant(4.0), Efficiency.constant(6.0), Efficiency.constant(2.5)
    )
    ground = load.ground(plant, 10.0)
    assert ground.power == pytest.approx(4000 * 0.75 + 1000 * 0.6 - 3000 * 7 / 6)


def test_passive_cooling_below_its_threshold() -> None:
    plant = PlantEfficiency(Efficiency.constant(4.0), Efficiency.constant(5.0), passive_below=16.0)
    into = plant.injection([100.0, 100.0], np.array([15.9, 16.1]))
    assert into == pytest.approx([100.0, 120.0])


def test_efficiency_between_and_outside_its_points() -> None:
    table = Efficiency.table([0.0, 10.0], [4.0, 5.0])
    assert table.at([-5.0, 5.0, 20.0]) == pytest.approx([4.0, 4.5, 5.0])
    assert Efficiency.linear(4.0, 0.1).at(7.0) == pytest.approx(4.7)
    assert not PlantEfficiency(table, Efficiency.constant(4.0)).is_constant
    assert PlantEfficiency(Efficiency.constant(3.0), Efficiency.constant(4.0)).is_constant


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        MonthlyBuildingLoad.of([-1.0] * 12, [1.0] * 11, [np.nan] * 12, start_month=13)
    places = [problem.where for problem in caught.value.problems]
    assert places == ["heating[0]", "cooling", "peak_heating[0]", "start_month"]


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: HourlyGroundLoad.of(np.zeros(8784)), "29 February"),
        (lambda: MonthlyGroundLoad.of([-1.0] * 12, [0.0] * 12), "positive numbers"),
        (lambda: HourlyBuildingLoad.of(np.full(8760, -1.0), np.zeros(8760)), "without sign"),
        (lambda: MonthlyGroundLoad.of([1.0] * 12, [1.0] * 24), "same years"),
        (lambda: MonthlyGroundLoad.of([1.0] * 12, [1.0] * 12, peak_duration=1e7), "longer"),
        (lambda: Efficiency.table([5.0, 1.0], [4.0, 4.0]), "rising"),
        (lambda: PlantEfficiency(Efficiency.constant(0.9), Efficiency.constant(3.0)), "heating"),
    ],
)
def test_refusals_name_the_cure(make: object, word: str) -> None:
    with pytest.raises(InputError, match=word):
        make()  # type: ignore[operator]
