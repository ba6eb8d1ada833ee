"""Wells: hand-made flows and pressures with known answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import diwen
from diwen.diagnosis.finding import Case, Estimate
from diwen.diagnosis.machines.well_judgement import judge_wells
from diwen.diagnosis.record.operating_record import Channel, OperatingRecord, WellRecord
from diwen.twin.simulated_well_heads import well_heads

EXAMPLES = Path(__file__).parents[2] / "examples"
HOURS = 8760
GRAVITY = 999.7 * 9.80665


def _channel(id: str, value: np.ndarray) -> Channel:
    return Channel((id,), value, np.ones(HOURS), relative=0.01)


def _case(resistance: np.ndarray, drawdown: float = 1.0, noise: float = 0.01) -> Case:
    """Wells that run twelve hours a day; heads by a factor of those of the design."""
    site = diwen.read(EXAMPLES / "forest-office-4-wells")
    heads = well_heads(site, "wells")
    assert heads is not None
    hour = np.arange(HOURS) % 24
    flow = np.where((hour >= 8) & (hour < 20), 40.0 / 3600.0, 0.0)
    draw = np.random.default_rng(2)
    scatter = 1.0 + noise * draw.standard_normal(HOURS)
    pressure = resistance * flow / heads.injectivity * GRAVITY * scatter
    level = -heads.static_depth - drawdown * flow / heads.capacity * scatter
    day = np.datetime64("2023-01-01") + (np.arange(HOURS) // 24).astype("timedelta64[D]")
    well = WellRecord(
        "wells", _channel("VA", flow), _channel("VI", flow), level=_channel("WL", level),
        injection_pressure=_channel("PI", pressure),
    )  # fmt: skip
    record = OperatingRecord(
        site, np.arange(HOURS, dtype=np.int64) * 3_600_000_000, day, hour, date(2023, 1, 1),
        wells={"wells": well}, occupancy=np.ones(HOURS),
    )  # fmt: skip
    return Case(site, record, None)


def _found(case: Case) -> dict[str, Estimate]:
    return {one.parameter: one for one in judge_wells(case).estimates if one.log_ratio > 0.0}


def test_pressure_that_grows_by_a_quarter_is_clogging() -> None:
    found = _found(_case(1.0 + 0.25 * np.arange(HOURS) / HOURS))
    assert set(found) == {"injection_clogging"}
    one = found["injection_clogging"]
    assert one.shape == "growth"
    assert one.value == pytest.approx(0.25, abs=0.05)
    assert one.also == ("operation",)


def test_a_jump_of_the_pressure_is_clogging_since_that_day() -> None:
    found = _found(_case(np.where(np.arange(HOURS) < 200 * 24, 1.0, 1.25)))
    assert set(found) == {"injection_clogging"}
    one = found["injection_clogging"]
    assert one.shape == "step"
    assert one.since is not None
    assert abs((one.since - date(2023, 7, 20)).days) <= 3


def test_an_aquifer_that_was_misjudged_is_off_on_both_sides_from_the_first_day() -> None:
    found = _found(_case(np.full(HOURS, 2.0), 2.0))
    assert set(found) == {"permeability"}
    assert found["permeability"].value == pytest.approx(0.5, abs=0.05)


def test_a_healthy_well_has_nothing() -> None:
    assert _found(_case(np.ones(HOURS))) == {}


def test_a_depth_counts_as_an_elevation_does() -> None:
    case = _case(np.full(HOURS, 2.0), 2.0)
    well = case.record.wells["wells"]
    assert well.level is not None
    depth = replace(well, level=replace(well.level, value=-well.level.value))
    other = replace(case, record=replace(case.record, wells={"wells": depth}))
    assert _found(other)["permeability"].value == pytest.approx(_found(case)["permeability"].value)


def test_without_pressure_nothing_is_said() -> None:
    case = _case(np.ones(HOURS))
    well = replace(case.record.wells["wells"], injection_pressure=None, level=None)
    judged = judge_wells(replace(case, record=replace(case.record, wells={"wells": well})))
    assert judged.estimates == ()
    assert {one.parameter for one in judged.not_judged} == {"injection_clogging", "permeability"}
