"""What stood behind a diagnosis: how long, how complete, measured or simulated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from diwen.diagnosis.record.operating_record import Channel

if TYPE_CHECKING:
    from diwen.diagnosis.record.operating_record import OperatingRecord


@dataclass(frozen=True)
class RecordSummary:
    """What was recorded.

    Attributes
    ----------
    since, until : first and last local day; None: nothing
    begun, begun_known : day on which operation began, and whether the site or its ledger says it
    hours : of the record
    coverage : share of hours with a value, by channel (``sources.field.supply``)
    origins : of the values: ``measured``, ``simulated``, ``manual``
    unknown_accuracy : channels whose instruments' accuracy is an engineering default
    step : shortest interval between records, s
    """

    since: date | None
    until: date | None
    begun: date
    begun_known: bool
    hours: int
    coverage: Mapping[str, float]
    origins: tuple[str, ...]
    unknown_accuracy: tuple[str, ...]
    step: float

    @property
    def mean_coverage(self) -> float:
        """Mean over the channels, 0 where there is none."""
        return float(np.mean(list(self.coverage.values()))) if self.coverage else 0.0


def channels_of(record: OperatingRecord) -> Iterator[tuple[str, Channel]]:
    """Every channel of a record with its name, as ``units.hp1.power``."""
    for group in fields(record):
        value = getattr(record, group.name)
        if isinstance(value, Channel):
            yield group.name, value
        elif isinstance(value, Mapping):
            for name, part in value.items():
                yield from _of_part(f"{group.name}.{name}", part)


def _of_part(name: str, part: object) -> Iterator[tuple[str, Channel]]:
    if isinstance(part, Channel):
        yield name, part
    elif hasattr(part, "__dataclass_fields__"):
        for one in fields(part):  # type: ignore[arg-type]
            value = getattr(part, one.name)
            if isinstance(value, Channel):
                yield f"{name}.{one.name}", value


def summary_of(record: OperatingRecord) -> RecordSummary:
    """How long and how complete a record is."""
    channels = dict(channels_of(record))
    days = record.day
    return RecordSummary(
        since=_day(days[0]) if len(days) else None,
        until=_day(days[-1]) if len(days) else None,
        begun=record.begun, begun_known=record.begun_known, hours=len(record),
        coverage={
            name: float(np.mean(one.valid)) if len(one.value) else 0.0
            for name, one in channels.items()
        },
        origins=tuple(sorted({one.origin for one in channels.values()})),
        unknown_accuracy=tuple(name for name, one in channels.items() if not one.known),
        step=record.step,
    )  # fmt: skip


def _day(day: np.datetime64) -> date:
    days = int(day.astype("datetime64[D]").astype(np.int64))
    return date(1970, 1, 1) + timedelta(days=days)
