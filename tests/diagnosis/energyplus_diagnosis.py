"""Diagnosis of the plant that EnergyPlus runs: what was put in beside what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from energyplus_cases import Base, InjectedFault, Runner
from energyplus_site import write_energyplus_site
from energyplus_telemetry import USUAL, series_of_plant

import diwen
from diwen.diagnosis.diagnose_site import diagnose_record
from diwen.diagnosis.diagnosis_result import Diagnosis
from diwen.diagnosis.record.from_series import record_of_series
from diwen.diagnosis.record.steps import Reading
from diwen.site import Site
from diwen.twin.sensor_faults import SensorFault

_FAULTS = ("offset", "drift", "stuck", "scale", "swapped", "clock", "reset", "boundary", "air")


@dataclass(frozen=True, eq=False)
class Said:
    """What diagnosis said of one fault in one plant."""

    base: str
    fault: InjectedFault
    diagnosis: Diagnosis

    @property
    def first(self) -> str:
        """Family that comes first, ``gate`` for an instrument, empty: nothing."""
        if any(one.kind in _FAULTS and one.probability >= 0.5 for one in self.diagnosis.sensors):
            return "gate"
        first = self.diagnosis.first
        if first is None:
            return ""
        both = {first.family, *first.also} & set(self.fault.families)
        return next(iter(sorted(both)), first.family)

    @property
    def right(self) -> bool:
        """The first is one of those expected; of a healthy plant nothing is said."""
        return self.first in self.fault.families if self.fault.families else not self.first

    @property
    def kept(self) -> bool:
        """Nothing is said that it must not become."""
        return not {one.family for one in self.diagnosis.found} & set(self.fault.never)


def site_of(base: Base, folder: Path) -> Site:
    """The site of a plant, written and read."""
    write_energyplus_site(folder, base.plant, base.heating, base.cooling, base.weather)
    return diwen.read(folder)


def say(
    site: Site, base: Base, fault: InjectedFault, runner: Runner,
    sensors: Sequence[SensorFault] = USUAL, seed: int = 0,
) -> Said:  # fmt: skip
    """Run EnergyPlus with the fault, meter it, diagnose it."""
    series = series_of_plant(site, fault.run(base, runner), sensors, seed)
    readings = {}
    for one in series:
        factor, offset = one.point.factor_offset()
        readings[one.point.id] = Reading(one.time, one.value * factor + offset, "simulated")
    record = record_of_series(site, [one.point for one in series], readings)
    return Said(base.name, fault, diagnose_record(site, record))
