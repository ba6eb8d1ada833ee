"""All usable records of a site on one grid: each point is read and turned into steps once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.record.hourly_grid import HourlyGrid
from diwen.diagnosis.record.instrument_error import InstrumentError, error_of, register_noise
from diwen.diagnosis.record.operating_record import Channel
from diwen.diagnosis.record.steps import Reading, Steps, in_turn, steps_of
from diwen.language import Text
from diwen.site.points import SITE_WIDE
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.site import Point, Site

Floats = NDArray[np.float64]
_RULE = "default.diagnosis.record."


@dataclass(frozen=True, eq=False)
class Readings:
    """Records of a site, ready to be condensed.

    Attributes
    ----------
    site : whose
    grid : hours
    points : by id, those that have records
    readings : usable records in the unit of the quantity, by id
    rejected : id -> why its records are not used; filled while the record is built
    successors : points that carry on where another one ended, by its id; not among ``points``
    """

    site: Site
    grid: HourlyGrid
    points: Mapping[str, Point]
    readings: Mapping[str, Reading]
    rejected: dict[str, Text] = field(default_factory=dict)
    successors: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)
    _steps: dict[str, Steps] = field(default_factory=dict)

    def steps(self, point: Point) -> Steps:
        """Records of a point as steps of time."""
        if point.id not in self._steps:
            parts = [
                steps_of(one, self.readings[one.id])
                for one in (point, *self.successors.get(point.id, ()))
                if one.id in self.readings
            ]
            self._steps[point.id] = in_turn(parts)
        return self._steps[point.id]

    def origin(self, points: Iterable[Point]) -> str:
        """``simulated`` where anything is, else ``manual`` where all is, else ``measured``."""
        found = {self.readings[point.id].origin for point in points}
        if "simulated" in found:
            return "simulated"
        return "manual" if found == {"manual"} else "measured"

    def at(self, location: str, quantities: Sequence[str], detail: bool = True) -> list[Point]:
        """Points with records at a place, the order of ``quantities`` before that of the site."""
        found = [
            point
            for quantity in quantities
            for point in self.points.values()
            if point.quantity == quantity and point.location == location
        ]
        return found if detail else [point for point in found if not point.detail]

    def channel(
        self,
        points: Sequence[Point],
        steps: Steps,
        error: InstrumentError,
        factor: float = 1.0,
        floor: float = 0.0,
    ) -> Channel:
        """Hourly means of steps, with the uncertainty of their instruments.

        Parameters
        ----------
        points : that it was read from
        steps : of the quantity
        error : of one record
        factor : from the unit of the steps and errors to that of the channel
        floor : random uncertainty of the hour that does not average out, unit of the steps
        """
        value, cover = self.grid.means(steps, usual_value(_RULE + "least_cover"))
        native = float(np.median(steps.end - steps.start)) / 1e6 if len(steps) else 3600.0
        random = max(error.random * np.sqrt(min(native, 3600.0) / 3600.0), floor)
        return Channel(
            self._ids(points), value * factor, cover,
            error.systematic * abs(factor), error.relative, float(random * abs(factor)),
            error.known, self.origin(points),
        )  # fmt: skip

    def _ids(self, points: Sequence[Point]) -> tuple[str, ...]:
        """Ids of points with those that carried on."""
        every = (one for point in points for one in (point, *self.successors.get(point.id, ())))
        return tuple(dict.fromkeys(one.id for one in every))

    def plain(self, point: Point, factor: float = 1.0) -> Channel:
        """Hourly means of one point (of a register: of its rate)."""
        steps = self.steps(point)
        error = error_of(point, steps.value)
        if point.kind != "counter":
            return self.channel([point], steps, error, factor)
        reading = self.readings[point.id]
        rounding = register_noise(point, reading.value, steps)
        still = InstrumentError(error.systematic, error.relative, 0.0, error.known)
        return self.channel([point], steps, still, factor, rounding)

    def first(self, points: Sequence[Point], factor: float = 1.0) -> Channel | None:
        """The channel of the first of some points that gives any value; None: of none."""
        for point in points:
            channel = self.plain(point, factor)
            if channel.valid.any():
                return channel
        return None

    def in_flow(self, point: Point, flowing: Callable[[Steps], Floats]) -> Steps:
        """Steps of a temperature while water flows; where nobody knows whether it does: all."""
        steps = self.steps(point)
        return steps.with_value(np.where(flowing(steps) == 0.0, np.nan, steps.value))


def named(point: Point) -> set[str]:
    """Equipment that a point names, without ``site``."""
    return set(point.equipment) - {SITE_WIDE}


def sum_of(channels: Sequence[Channel]) -> Channel:
    """Side by side: values added, known only where all are; uncertainties independent."""
    if len(channels) == 1:
        return channels[0]
    value = np.sum([one.value for one in channels], axis=0)
    sizes = [abs(np.nan_to_num(np.nanmean(np.append(one.value, 0.0)))) for one in channels]
    total = max(sum(sizes), 1e-300)
    relative = np.sqrt(sum((one.relative * size) ** 2 for one, size in zip(
        channels, sizes, strict=True))) / total  # fmt: skip
    origins = {one.origin for one in channels}
    return Channel(
        tuple(dict.fromkeys(id for one in channels for id in one.points)), value,
        np.min([one.cover for one in channels], axis=0),
        float(np.sqrt(sum(one.systematic**2 for one in channels))), float(relative),
        float(np.sqrt(sum(one.random**2 for one in channels))),
        all(one.known for one in channels),
        next(name for name in ("simulated", "measured", "manual") if name in origins),
    )  # fmt: skip
