"""What stands around the plant: wells, outdoor air, rooms, ground, setpoints, mode."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from diwen.diagnosis.record.instrument_error import error_of, is_setpoint
from diwen.diagnosis.record.operating_record import Channel, WellRecord
from diwen.diagnosis.record.readings import Readings, named
from diwen.diagnosis.record.running_state import flow_state
from diwen.diagnosis.record.steps import Steps

if TYPE_CHECKING:
    from diwen.site import Point

_FLOWS = ("volume_flow", "volume")


def wells(readings: Readings) -> dict[str, WellRecord]:
    """Wells, and sources whose wells are metered together, by id."""
    places = ("well_abstraction", "well_injection", "wellhead", "water_level", "reference_level")
    ids = dict.fromkeys(
        _id(point) for point in readings.points.values() if point.location in places
    )
    found = {}
    for id in ids:
        if id:
            found[id] = _well(readings, id)
    return found


def _id(point: Point) -> str:
    """The well that a point names by equipment or detail, else what its equipment is."""
    return "+".join(point.equipment)


def _well(readings: Readings, id: str) -> WellRecord:
    def at(place: str, *quantities: str) -> list[Point]:
        return [one for one in readings.at(place, quantities) if _id(one) == id]

    level = [one for one in at("water_level", "water_level") if not is_setpoint(one)]
    pressure = at("wellhead", "pressure") + at("well_injection", "pressure")
    return WellRecord(
        id,
        readings.first(at("well_abstraction", *_FLOWS)),
        readings.first(at("well_injection", *_FLOWS)),
        _in_flow(readings, at("well_abstraction", "temperature"),
                 at("well_abstraction", *_FLOWS)),
        _in_flow(readings, at("well_injection", "temperature"), at("well_injection", *_FLOWS)),
        readings.first(level),
        readings.first(at("reference_level", "water_level")),
        readings.first(pressure),
    )  # fmt: skip


def _in_flow(readings: Readings, points: Sequence[Point], flows: Sequence[Point]) -> Channel | None:
    """Temperature of water of a well while it flows."""

    def flowing(steps: Steps) -> np.ndarray:
        return flow_state(readings, flows, steps)

    for point in points:
        steps = readings.in_flow(point, flowing)
        channel = readings.channel([point], readings.steps(point), error_of(point, steps.value))
        total, seconds = readings.grid.integrals(steps)
        value = np.divide(total, seconds, out=np.full(total.size, np.nan), where=seconds > 0.5)
        return replace(channel, value=np.where(channel.valid, value, np.nan))
    return None


def outdoor(readings: Readings) -> Channel | None:
    """Outdoor air, °C."""
    return readings.first(readings.at("outdoor", ("temperature",)))


def by_position(readings: Readings, location: str) -> dict[str, Channel]:
    """Temperatures of rooms or of the ground by position; several sensors: by position and id."""
    found: dict[str, Channel] = {}
    for point in readings.at(location, ("temperature",)):
        name = point.position if point.position not in found else f"{point.position}#{point.id}"
        found[name] = readings.plain(point)
    return found


def setpoints(readings: Readings) -> dict[str, Channel]:
    """Supply temperatures that are asked for, °C, by load circuit."""
    found: dict[str, Channel] = {}
    for kind in ("load", "hot_water", "cooling"):
        points = [one for one in readings.at(f"{kind}_leaving", ("temperature",))
                  if is_setpoint(one)]  # fmt: skip
        channel = readings.first(sorted(points, key=lambda one: -len(named(one))))
        if channel is not None:
            found[kind] = channel
    return found


def mode(readings: Readings) -> Channel | None:
    """The mode that held longest in the hour: 0 off, 1 heating, 2 cooling, 3 both."""
    points = readings.at("unit", ("mode",), detail=False)
    if not points:
        return None
    steps = readings.steps(points[0])
    channel = readings.plain(points[0])
    kinds = np.unique(np.round(steps.value[np.isfinite(steps.value)]))
    if not kinds.size:
        return channel
    held: Callable[[float], np.ndarray] = lambda kind: readings.grid.integrals(  # noqa: E731
        steps.with_value((np.round(steps.value) == kind) * 1.0))[0]  # fmt: skip
    longest = kinds[np.argmax([held(float(kind)) for kind in kinds], axis=0)]
    return replace(channel, value=np.where(channel.valid, longest, np.nan))
