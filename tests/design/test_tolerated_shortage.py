"""One judgement of an hour that is short: it fails the design, or it is said and tolerated."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest

from diwen.design.station_design.design_result import DesignHour, StationDesign
from diwen.design.station_design.shortfall import capacity_fails
from diwen.design.station_design.tolerated_shortage import tolerated_shortages
from diwen.reports.design_verdict import judgement

MWH = 3.6e9


def hour(year: int, capacity: float) -> DesignHour:
    return DesignHour(
        "cooling", 4000, year, 371e3, 35.0, 29.0, 7.0, capacity, 0.0, 0.0, 2, 1.0, 1.0
    )


def office(unmet: float, year: int, capacity: float, status: str = "ok") -> StationDesign:
    """25 years of 118 MWh of cold with one hour that may be short and some energy unmet."""
    hours = (hour(1, 380e3), hour(year, capacity))
    summary = SimpleNamespace(
        unmet_cold=unmet, unmet_heat=0.0, demand_cold=118 * MWH, demand_heat=117 * MWH,
        unmet_hours=3.0, unmet_share=unmet / (235 * MWH),
    )  # fmt: skip
    return cast(StationDesign, SimpleNamespace(
        shortfalls=(), compliance=(SimpleNamespace(status=status),),
        site=SimpleNamespace(operation=SimpleNamespace(planned_years=25.0)),
        run=SimpleNamespace(years=[SimpleNamespace(summary=summary)] * 25),
        plant=SimpleNamespace(
            hours=hours[:1],
            hardest=lambda duty, years: min(hours, key=lambda one: one.margin),
        ),
    ))  # fmt: skip


@pytest.mark.parametrize("status", ["ok", "warns"])
def test_a_tolerated_hour_is_said_in_the_sentence_of_the_verdict(status: str) -> None:
    design = office(0.03 * MWH, 25, 358e3, status)
    light, sentence = judgement(design)
    assert light == "attention"
    assert sentence.en.startswith("Feasible")
    assert "hardest hour of year 25 units and back-up are short by 13 kW (3.5 %)" in sentence.en
    assert "0.03 MWh stay unmet in 3 h" in sentence.en
    assert "within the tolerance of" in sentence.en
    assert "缺 13 kW" in sentence.zh


def test_short_and_still_nothing_unmet_is_said_so() -> None:
    (said,) = tolerated_shortages(office(0.0, 25, 358e3))
    assert "leaves nothing of the load unmet" in said.en


def test_enough_capacity_says_nothing() -> None:
    design = office(0.0, 25, 372e3)
    assert tolerated_shortages(design) == ()
    assert judgement(design)[0] == "good"


@pytest.mark.parametrize(("unmet", "year"), [(0.0, 1), (10.0 * MWH, 25)])
def test_what_fails_is_not_told_as_tolerated(unmet: float, year: int) -> None:
    design = office(unmet, year, 358e3)
    assert capacity_fails(design, hour(year, 358e3))
    assert tolerated_shortages(design) == ()
