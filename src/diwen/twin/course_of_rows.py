"""What the compiled march wrote, by name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.twin import packed_columns as at
from diwen.twin.course import LoopCourse, SourceCourse, TwinCourse, UnitCourse
from diwen.twin.packing import Packed

Floats = NDArray[np.float64]
_SOURCE = ("heat", "recharge")
_UNIT = (
    "heat", "cold", "recovered", "source_heat", "power", "running", "starts", "passive",
)  # fmt: skip
_LOOP = ("load", "delivered", "unmet", "tank_loss", "drawn")


def energy_names(tables: Packed) -> tuple[str, ...]:
    """Names of the summed columns, in their order."""
    groups = (
        ("source", tables.source_names, _SOURCE),
        ("unit", tables.unit_names, _UNIT),
        ("loop", tables.loop_names, _LOOP),
        ("backup", tables.backup_names, ("heat", "fuel")),
        ("recharge", tables.recharge_names, ("heat", "power")),
        ("pump", tables.pump_names, ("power",)),
    )
    return tuple(
        f"{group}.{name}.{what}" for group, names, whats in groups for name in names
        for what in whats
    )  # fmt: skip


def row_length(tables: Packed) -> int:
    """Columns that the march writes."""
    return (
        len(energy_names(tables)) + 1
        + len(tables.source_names) * at.STATE_SOURCE
        + len(tables.unit_names) * at.STATE_UNIT
        + len(tables.loop_names) * at.STATE_LOOP
    )  # fmt: skip


def course_of_rows(
    tables: Packed,
    rows: Floats,
    step: float,
    start: int,
    fixed_power: float,
    closure: float,
    notes: tuple[Text, ...],
) -> TwinCourse:
    """The course of the kept steps; rows, shape (kept, columns)."""
    places = {name: place for place, name in enumerate(energy_names(tables))}

    def energy(*name: str) -> Floats:
        return rows[:, places[".".join(name)]]

    at_source = len(places)
    at_unit = at_source + len(tables.source_names) * at.STATE_SOURCE
    at_loop = at_unit + len(tables.unit_names) * at.STATE_UNIT
    sources, units, loops = {}, {}, {}
    for s, name in enumerate(tables.source_names):
        state = rows[:, at_source + s * at.STATE_SOURCE :]
        sources[name] = SourceCourse(
            energy("source", name, "heat"), energy("source", name, "recharge"),
            *(state[:, k] for k in range(at.STATE_SOURCE)),
        )  # fmt: skip
    for u, name in enumerate(tables.unit_names):
        state = rows[:, at_unit + u * at.STATE_UNIT :]
        units[name] = UnitCourse(
            energy("unit", name, "heat"), energy("unit", name, "cold"),
            energy("unit", name, "recovered"), energy("unit", name, "source_heat"),
            energy("unit", name, "power"), energy("unit", name, "running"),
            energy("unit", name, "starts"),
            state[:, at.OU_ENTERING], state[:, at.OU_LEAVING],
            state[:, at.OU_EXTRAPOLATED] > 0.0,
        )  # fmt: skip
    for number, name in enumerate(tables.loop_names):
        state = rows[:, at_loop + number * at.STATE_LOOP :]
        tank = tables.loop[number, at.L_TANK] == 1.0
        room = bool(tables.loop[number, at.L_ROOM_CAPACITY])
        loops[name] = LoopCourse(
            energy("loop", name, "load"), energy("loop", name, "delivered"),
            energy("loop", name, "unmet"),
            state[:, at.OL_SUPPLY], state[:, at.OL_RETURN],
            state[:, at.OL_TANK] if tank else None,
            energy("loop", name, "tank_loss") if tank else None,
            state[:, at.OL_ROOM] if room else None, state[:, at.OL_SHARE],
        )  # fmt: skip
    return TwinCourse(
        step, start, sources, units, loops,
        {
            name: (energy("backup", name, "heat"), energy("backup", name, "fuel"))
            for name in tables.backup_names
        },
        {name: energy("pump", name, "power") for name in tables.pump_names},
        {
            name: (energy("recharge", name, "heat"), energy("recharge", name, "power"))
            for name in tables.recharge_names
        },
        rows[:, -1].astype(np.int8), fixed_power, closure, notes,
    )  # fmt: skip
