"""Readings in another unit than points.csv says, on a simulated plant with exact known factors."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from diwen import site as sites
from diwen.diagnosis.case_of_site import case_of
from diwen.diagnosis.finding import Case
from diwen.diagnosis.gate.channel_access import Key, channel, with_channels
from diwen.diagnosis.gate.data_gate import data_gate
from diwen.diagnosis.record.from_simulation import record_of_simulation
from diwen.diagnosis.record.operating_record import OperatingRecord
from diwen.twin.sensor_faults import SensorFault
from diwen.twin.site_simulation import simulate_site

EXAMPLES = Path(__file__).parents[2] / "examples"
INSTRUMENTS = (SensorFault("class_error"), SensorFault("noise"))
POWERS: tuple[Key, ...] = (("units", "hp1", "power"), ("units", "hp2", "power"))
METER: tuple[Key, ...] = (("circuits", "load", "heat_by_meter"),)
SOURCE: tuple[Key, ...] = (("sources", "field", "flow"), ("sources", "field", "heat_by_flow"))
LOAD: tuple[Key, ...] = (("circuits", "load", "flow"), ("circuits", "load", "heat_by_flow"))
PUMP: tuple[Key, ...] = (("pumps", "pump_source", "power"),)


@pytest.fixture(scope="module")
def healthy() -> Case:
    site = sites.read(EXAMPLES / "plant-template")
    simulation = simulate_site(
        site, since=date(2023, 1, 1), points="standard", sensors=INSTRUMENTS, seed=5
    )
    return case_of(site, record_of_simulation(simulation))


def times(record: OperatingRecord, keys: tuple[Key, ...], factor: float) -> OperatingRecord:
    changed = {}
    for key in keys:
        held = channel(record, key)
        assert held is not None
        changed[key] = replace(held, value=factor * held.value)
    return with_channels(record, changed)


@pytest.mark.parametrize(
    ("keys", "factor"),
    [
        (POWERS, 1000.0),
        (POWERS, 0.001),
        (POWERS[:1], 1000.0),
        (METER, 1000.0),
        (METER, 3.6 / 1000.0),
        (SOURCE, 1000.0),
        (SOURCE, 1.0 / 60.0),
        (LOAD, 1000.0 / 60.0),
        ((*SOURCE, *LOAD), 1000.0),
    ],
)
@pytest.mark.parametrize("designed", [True, False])
def test_another_unit_is_told_and_put_right(
    healthy: Case, keys: tuple[Key, ...], factor: float, designed: bool
) -> None:
    inputs = healthy.inputs if designed else None
    if inputs is None and len(keys) == 4:
        return  # without a design nothing says which of the flows and the heat are wrong
    record = times(healthy.record, keys, factor)
    case, findings, _ = data_gate(replace(healthy, record=record, inputs=inputs))
    points = {id for key in keys for id in channel(record, key).points} - {
        "source_entering", "source_leaving", "load_leaving", "load_entering",
    }  # fmt: skip
    assert {id for one in findings for id in one.points} == points
    for one in findings:
        assert (one.kind, one.treatment) == ("scale", "corrected")
        assert one.value == pytest.approx(factor, rel=1e-9)
        assert "points.csv" in one.text.en
        assert "points.csv" in one.text.zh
    for key in keys:
        true, right = channel(healthy.record, key), channel(case.record, key)
        assert right.value == pytest.approx(true.value, rel=1e-9, nan_ok=True)


def test_what_no_balance_sees_is_not_used(healthy: Case) -> None:
    record = times(healthy.record, PUMP, 1000.0)
    case, findings, _ = data_gate(replace(healthy, record=record))
    assert [(one.kind, one.treatment, one.value) for one in findings] == [
        ("scale", "masked", pytest.approx(1000.0))
    ]
    assert not np.isfinite(channel(case.record, PUMP[0]).value).any()


@pytest.mark.parametrize("factor", [0.3, 0.7, 1.0, 1.4, 3.0])
def test_a_usual_wrong_factor_is_no_unit(healthy: Case, factor: float) -> None:
    record = times(healthy.record, SOURCE, factor)
    _, findings, _ = data_gate(replace(healthy, record=record))
    assert not [one for one in findings if "points.csv" in one.text.en]
    assert (findings == ()) is (factor == 1.0)


def test_a_plant_that_hardly_runs_has_the_units_of_its_points(healthy: Case) -> None:
    """Heat and electricity all a sixth of the ratings: the balance closes, no unit is wrong."""
    keys = (*POWERS, *METER, *SOURCE, *LOAD)
    _, findings, _ = data_gate(replace(healthy, record=times(healthy.record, keys, 1.0 / 6.0)))
    assert not [one for one in findings if "points.csv" in one.text.en]
