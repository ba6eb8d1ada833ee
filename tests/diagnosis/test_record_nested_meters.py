"""A main meter and the meters behind it: sums by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from diwen.diagnosis.record.nested_meters import nested_meter_notes
from diwen.diagnosis.record.operating_record import Channel, MachineRecord


def channel(id: str, power: float, relative: float = 0.01, hours: int = 200) -> Channel:
    return Channel((id,), np.full(hours, power), np.ones(hours), relative=relative)


def record(main: float, name: str = "hp+pump", **machines: float) -> Any:
    units = {id: MachineRecord(id, power=channel(f"e_{id}", power)) for id, power in
             machines.items()}  # fmt: skip
    auxiliaries = {name: MachineRecord(name, power=channel("main", main))}
    return SimpleNamespace(units=units, pumps={}, backups={}, auxiliaries=auxiliaries)


@pytest.mark.parametrize(
    ("main", "words"),
    [
        (10_000.0, None),  # 8 + 2 kW: exactly
        (10_400.0, None),  # 4 %: within what two points of one thing may differ by
        (9_000.0, "only 1800 kWh"),  # the parts are 10 kW · 200 h = 2000 kWh
        (12_000.0, "feeds more"),
    ],
)
def test_parts_against_their_main_meter(main: float, words: str | None) -> None:
    notes = nested_meter_notes(record(main, hp=8_000.0, pump=2_000.0))
    assert len(notes) == (words is not None)
    if words is not None:
        assert words in notes[0].en


def test_what_has_no_meter_of_its_own_is_left_over() -> None:
    assert nested_meter_notes(record(12_000.0, "hp+pump+fan", hp=8_000.0, pump=2_000.0)) == ()
    assert nested_meter_notes(record(90_000.0, "site", hp=8_000.0)) == ()
    (note,) = nested_meter_notes(record(5_000.0, "site", hp=8_000.0))
    assert "main" in note.en


def test_a_part_that_is_the_main_meter_less_others_says_nothing() -> None:
    plant = record(9_000.0, hp=8_000.0)
    derived = Channel(("main", "e_hp"), np.full(200, 2_000.0), np.ones(200))
    plant.pumps["pump"] = MachineRecord("pump", power=derived)
    assert nested_meter_notes(plant) == ()
