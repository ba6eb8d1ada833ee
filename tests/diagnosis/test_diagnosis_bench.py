"""The injection bench itself: what counts as right, and what a failed run counts as."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest

from diwen.twin.deviations import FAMILIES, PARAMETERS

sys.path.insert(0, str(Path(__file__).parents[2]))
from benchmarks.diagnosis_bench.cases import (
    FURTHER,
    HEALTHY,
    MATRIX,
    PAIRS,
    Injection,
)
from benchmarks.diagnosis_bench.outcome import Outcome, failed
from benchmarks.diagnosis_bench.plants import PLANTS, possible
from benchmarks.diagnosis_bench.table import table

ALL = (*MATRIX, *PAIRS, *FURTHER)


@pytest.mark.parametrize("injection", ALL, ids=lambda one: one.name)
def test_every_case_has_a_plant_and_known_words(injection: Injection) -> None:
    assert any(possible(plant, injection) for plant in PLANTS)
    words = {*injection.never, *(name for group in injection.expected for name in group)}
    assert words <= {*FAMILIES, "gate"}
    assert all(one.parameter in PARAMETERS for one in injection.deviations)
    assert all(date(2023, 1, 1) <= one.date for one in injection.ledger)


def test_levels_of_wells_need_full_metering() -> None:
    (case,) = [one for one in ALL if "heads" in one.needs]
    wells = next(one for one in PLANTS if "wells" in one.has)
    assert possible(wells, case, "full")
    assert not possible(wells, case, "standard")


def test_a_run_that_fails_is_wrong_and_shown() -> None:
    for injection in (MATRIX[0], HEALTHY):
        one = failed("house", injection, "standard", 1, ValueError("no"))
        assert not one.right
        assert one.error == "ValueError: no"
    assert "| runs that ended in an error | 1 of 1 (100 %) |" in table([one])


def test_right_kept_and_complete() -> None:
    one = Outcome("p", "c", "standard", 1, [["design"], ["operation"]], ["balance"], "design",
                  ["design"], {})  # fmt: skip
    assert (one.right, one.complete, one.kept) == (True, False, True)
    other = Outcome("p", "healthy", "standard", 1, [], [], "gate", ["gate"], {})
    assert not other.right
