"""What the ledger says of services, beside a saw-tooth (a step and its entry: ``inference``)."""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import date

from diwen.diagnosis.finding import Evidence
from diwen.diagnosis.inference.time_signature import ShapeFit
from diwen.diagnosis.record.operating_record import Circumstance, OperatingRecord
from diwen.language import Text
from diwen.site.usual_values import usual_value

SERVICES = ("service", "cleaning")
_WHOLE = ("", "site")
_SERVICE = Text(
    "ledger: {count} service(s) or cleaning(s) in the record, the last on {day}; the index was "
    "set back after service",
    "台账：记录期内检修或清洗 {count} 次，最近一次 {day}；检修后指数恢复",
)


def services(record: OperatingRecord, objects: Collection[str]) -> tuple[date, ...]:
    """Days on which something among some objects, or the plant as a whole, was serviced."""
    return tuple(
        sorted({one.since for one in record.circumstances
                if one.kind in SERVICES and _about(one, objects)})
    )  # fmt: skip


def service_evidence(
    record: OperatingRecord, fit: ShapeFit, objects: Collection[str]
) -> tuple[Evidence, ...]:
    """Services that the ledger notes, where the index is set back again and again."""
    done = services(record, objects)
    if fit.shape != "sawtooth" or not done:
        return ()
    ratio = math.log(usual_value("diagnosis.machines.ledger_ratio"))
    return (Evidence(_SERVICE.format(count=f"{len(done)}", day=str(done[-1])), ratio),)


def _about(one: Circumstance, objects: Collection[str]) -> bool:
    return one.object in _WHOLE or one.object in objects
