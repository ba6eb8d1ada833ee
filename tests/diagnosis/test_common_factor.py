"""One factor on all meters beside separate deviations, on hand-made estimates."""

from __future__ import annotations

from dataclasses import replace

import pytest

from diwen.diagnosis.finding import Estimate
from diwen.diagnosis.inference.common_factor import common_factor

NAMES = ("source_flow", "load_flow", "pump_oversize", "load_factor")


def estimates(**values: float) -> list[Estimate]:
    """Indices with an uncertainty of 5 %; those that are not named are as designed."""
    found = []
    for name in NAMES:
        value = values.get(name, 1.0)
        shape = "none" if value == 1.0 else "constant"
        ratio = -2.0 if value == 1.0 else 5.0
        found.append(Estimate(name, value, 0.05 * value, shape, None, ratio))
    return found


@pytest.mark.parametrize("factor", [0.5, 0.7, 0.8, 1.25, 1.5, 2.0])
def test_all_off_by_one_factor_have_one_cause(factor: float) -> None:
    found = common_factor(estimates(**dict.fromkeys(NAMES, factor)))
    assert found is not None
    assert found.probability > 0.9
    assert found.factor == pytest.approx(factor, rel=0.06)
    assert len(found.members) == len(NAMES)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"load_factor": 0.5},
        {"source_flow": 0.7},
        {"pump_oversize": 1.4},
        {"source_flow": 0.7, "load_factor": 0.5},
        # pumps that are too large move flow and power together, and no heat
        {"source_flow": 1.4, "load_flow": 1.4, "pump_oversize": 1.4},
        # several, each by its own factor
        {"source_flow": 0.6, "load_flow": 1.3, "load_factor": 0.8},
    ],
)
def test_deviations_of_the_plant_have_none(values: dict[str, float]) -> None:
    found = common_factor(estimates(**values))
    assert found is None or found.probability < 0.5


def test_two_that_agree_are_too_few_to_outweigh_two_that_do_not() -> None:
    found = common_factor(estimates(load_flow=0.7, load_factor=0.7))
    assert found is None


def test_what_begins_later_is_no_factor_of_a_data_path() -> None:
    later = [replace(one, shape="step") for one in estimates(**dict.fromkeys(NAMES, 0.7))]
    assert common_factor(later) is None


def test_the_surer_the_indices_the_surer_the_common_cause() -> None:
    rough = [replace(one, deviation=0.09) for one in estimates(**dict.fromkeys(NAMES, 0.75))]
    fine = [replace(one, deviation=0.02) for one in estimates(**dict.fromkeys(NAMES, 0.75))]
    vague, clear = common_factor(rough), common_factor(fine)
    assert vague is not None
    assert clear is not None
    assert clear.log_ratio > vague.log_ratio
    assert clear.deviation < vague.deviation
