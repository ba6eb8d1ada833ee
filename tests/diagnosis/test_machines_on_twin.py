"""Deviations put into the twin are found by the machines' lines of reasoning; healthy ones not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import diwen
from diwen.diagnosis.finding import Case, Estimate, Judgement
from diwen.diagnosis.machines.flow_judgement import judge_flows
from diwen.diagnosis.machines.unit_judgement import judge_units
from diwen.diagnosis.machines.units_at_work import units_at_work
from diwen.diagnosis.machines.well_judgement import judge_wells
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.twin.deviations import Deviation
from diwen.twin.sensor_faults import SensorFault
from diwen.twin.site_simulation import simulate_site
from diwen.twin.site_simulation_inputs import inputs_of_site

EXAMPLES = Path(__file__).parents[2] / "examples"
NOISY = (SensorFault("class_error"), SensorFault("noise"))


@cache
def _case(
    name: str,
    deviations: tuple[Deviation, ...] = (),
    sensors: tuple[SensorFault, ...] = NOISY,
    seed: int = 1,
    years: int = 1,
    scenario: str | None = None,
    points: str = "standard",
) -> Case:
    site = diwen.read(EXAMPLES / name)
    simulation = simulate_site(
        site, years=years, since=date(2023, 1, 1), deviations=list(deviations),
        sensors=list(sensors), seed=seed, scenario=scenario, points=points,  # type: ignore[arg-type]
    )  # fmt: skip
    inputs = inputs_of_site(site, 3600.0)
    return Case(site, record_of_simulation(simulation), inputs.inputs, (), inputs.weather_known)


def _all(case: Case) -> list[Estimate]:
    parts: list[Judgement] = [judge_flows(case), judge_units(case), judge_wells(case)]
    return [one for part in parts for one in part.estimates]


# What has a prior of a tenth becomes probable with a Bayes factor of e² or more.
STRONG = 2.0


def _found(case: Case) -> dict[str, Estimate]:
    return {one.parameter: one for one in _all(case) if one.log_ratio > STRONG}


@pytest.mark.parametrize(
    "name", ["beijing-office", pytest.param("plant-template", marks=pytest.mark.verify)]
)
def test_the_map_at_what_was_measured_gives_the_power_of_a_healthy_unit(name: str) -> None:
    """Within ±2 % in the hours, as the twin runs the units by the same map (exact instruments)."""
    work = units_at_work(_case(name, sensors=()))
    ratio = work.expected / work.power
    known = np.isfinite(ratio) & ~work.cooling
    assert known.sum() > 2000
    assert np.quantile(np.abs(ratio[known] - 1.0), 0.99) < 0.02


@pytest.mark.parametrize(
    ("name", "seed", "scenario"),
    [
        ("beijing-office", 2, "cold"),
        pytest.param("plant-template", 1, None, marks=pytest.mark.verify),
        pytest.param("household-sets", 3, "warm", marks=pytest.mark.verify),
    ],
)
def test_healthy_plants_have_nothing(name: str, seed: int, scenario: str | None) -> None:
    assert _found(_case(name, seed=seed, scenario=scenario)) == {}


def test_a_valve_that_was_turned_is_hydraulic() -> None:
    case = _case("plant-template", (Deviation("source_flow", 0.7, since=0.6),), seed=3)
    found = _found(case)
    assert set(found) == {"source_flow"}
    one = found["source_flow"]
    assert one.shape == "step"
    assert one.value == pytest.approx(0.7, abs=0.04)
    assert one.since is not None
    assert abs((one.since - date(2023, 8, 8)).days) <= 10


def test_a_strainer_that_clogs_is_operation_and_no_valve() -> None:
    found = _found(_case("beijing-office", (Deviation("strainer", 0.25),), seed=5))
    assert set(found) == {"strainer"}
    assert found["strainer"].shape in ("growth", "sawtooth")
    assert found["strainer"].value == pytest.approx(0.25, abs=0.08)


def test_pumps_too_large_at_constant_speed() -> None:
    found = _found(_case("plant-template", (Deviation("pump_oversize", 1.4),), seed=4))
    assert set(found) == {"pump_oversize"}
    one = found["pump_oversize"]
    assert one.value == pytest.approx(1.4, abs=0.06)
    assert "design" in one.also
    assert one.alternatives == ()  # two pumps on two meters


def test_efficiency_that_is_lost_is_no_balance() -> None:
    case = _case("beijing-office", (Deviation("efficiency_loss", 0.15),), seed=6, scenario="cold")
    found = _found(case)
    assert set(found) == {"efficiency_loss"}
    one = found["efficiency_loss"]
    assert one.shape == "growth"
    assert one.value == pytest.approx(0.15, abs=0.04)


def test_ground_that_is_colder_is_no_efficiency() -> None:
    shifted = (Deviation("undisturbed_temperature", -3.0), Deviation("ground_conductivity", 0.6))
    assert _found(_case("beijing-office", shifted, seed=7)) == {}


def test_units_that_are_too_small_stand_at_full_load() -> None:
    found = _found(_case("beijing-office", (Deviation("unit_capacity", 0.55),), seed=8))
    assert set(found) == {"unit_capacity"}
    assert found["unit_capacity"].value == pytest.approx(0.55, abs=0.06)


def test_pumps_left_on() -> None:
    found = _found(_case("beijing-office", (Deviation("pumps_always_on", 1.0),), seed=9))
    assert set(found) == {"pumps_always_on"}


@pytest.mark.verify
def test_load_that_is_small_gives_its_load_ratio_as_evidence() -> None:
    case = _case("beijing-office", (Deviation("load_factor", 0.4),), seed=10)
    one = next(one for one in judge_units(case).estimates if one.parameter == "unit_capacity")
    assert one.log_ratio < 0.0
    assert one.alternatives == ("load_factor",)


def test_relabelling_identical_units_changes_nothing() -> None:
    case = _case("plant-template", (Deviation("efficiency_loss", 0.15),), seed=6)
    record = case.record
    swapped = {"hp1": record.units["hp2"], "hp2": record.units["hp1"]}
    units = {name: replace(machine, id=name) for name, machine in swapped.items()}
    other = replace(case, record=replace(record, units=units), memory={})
    before, after = judge_units(case).estimates, judge_units(other).estimates
    assert [(one.parameter, one.object) for one in before] == [
        (one.parameter, one.object) for one in after
    ]
    for one, two in zip(before, after, strict=True):
        assert two.value == pytest.approx(one.value, rel=1e-6)
        assert two.log_ratio == pytest.approx(one.log_ratio, rel=1e-6)


@pytest.mark.verify
def test_a_longer_record_never_widens_the_interval() -> None:
    lost = (Deviation("efficiency_loss", 0.15),)
    short = _found(_case("beijing-office", lost, seed=6))["efficiency_loss"]
    long = _found(_case("beijing-office", lost, seed=6, years=2))["efficiency_loss"]
    assert long.deviation <= short.deviation


def test_without_flow_meter_the_flow_follows_from_heat_and_temperatures() -> None:
    case = _case("beijing-office", (Deviation("source_flow", 0.6, since=0.6),), seed=3)
    record = case.record
    field = replace(record.sources["field"], flow=None, heat_by_flow=None, heat_by_meter=None)
    blind = replace(case, record=replace(record, sources={"field": field}), memory={})
    one = next(one for one in judge_flows(blind).estimates if one.parameter == "source_flow")
    assert one.log_ratio > 0.0
    assert one.value == pytest.approx(0.6, abs=0.06)


def test_nothing_is_guessed_where_nothing_is_measured() -> None:
    case = _case("beijing-office")
    record = replace(case.record, sources={}, circuits={}, pumps={}, units={}, wells={})
    blind = replace(case, record=record, memory={})
    parts = [judge_flows(blind), judge_units(blind), judge_wells(blind)]
    assert all(part.estimates == () for part in parts)
    lacking = {one.parameter: one.missing for part in parts for one in part.not_judged}
    assert lacking["source_flow"] == ("FS",)
    assert lacking["efficiency_loss"] != ()
    without = replace(case, inputs=None, memory={})
    assert all(part.estimates == () for part in (judge_flows(without), judge_units(without)))


def test_residuals_keep_their_names() -> None:
    case = _case("beijing-office")
    names = {one.name for part in (judge_flows(case), judge_units(case)) for one in part.residuals}
    assert {"loop.field.flow", "pump.ground.power", "pump.house.power", "unit.unit.power"} <= names


def test_supply_that_is_mixed_behind_the_units_is_a_by_pass() -> None:
    case = _case("beijing-office")
    record = case.record
    circuit = record.circuits["load"]
    assert circuit.supply is not None
    assert circuit.back is not None
    mixed = 0.3  # of the water behind the units is return
    leaving = (circuit.supply.value - mixed * circuit.back.value) / (1.0 - mixed)
    own = replace(circuit.supply, points=("unit_leaving",), value=leaving)
    units = {id: replace(one, load_leaving=own) for id, one in record.units.items()}
    other = replace(case, record=replace(record, units=units), memory={})
    one = next(one for one in judge_flows(other).estimates if one.parameter == "load_bypass")
    assert one.log_ratio > STRONG
    assert one.value == pytest.approx(mixed, abs=0.03)
    same = replace(circuit.supply, points=("unit_leaving",))
    units = {id: replace(one, load_leaving=same) for id, one in record.units.items()}
    equal = replace(case, record=replace(record, units=units), memory={})
    assert "load_bypass" in {one.parameter for one in judge_flows(equal).not_judged}
