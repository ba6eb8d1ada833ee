"""What the data of an evaluation are worth: coverage, quality, origin, and the hash of it all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from diwen.evaluation.result import Result
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context

_STALE = Text("Data: {message}; to mend it, {cure}", "数据：{message}；{cure}")
_ALL = Text("Sensor availability, all points", "传感器可用率（全部测点）")
_TARGET_MET = Text("the target of {target:g} % is met", "达到 {target:g} % 的目标")
_TARGET_MISSED = Text(
    "below the target of {target:g} %: {points}", "低于 {target:g} % 的目标：{points}"
)


@dataclass(frozen=True)
class DataSummary:
    """The data that an evaluation rests on.

    Attributes
    ----------
    coverage : share of the expected records that is usable, by point, 0..1; None for a point
        that has no records in the period
    quality : number of records by quality flag
    origins : origin of the records by point (measured, manual, simulated)
    first, last : first and last record in the period, UTC; None without records
    records : number of records in the period
    dataset_hash : SHA-256 over the stored parts that hold records of the period
    stale : points with records in the period whose quality flags were computed by other
        definitions than those of today's ``points.csv`` and rules
    """

    coverage: Mapping[str, float | None] = field(default_factory=dict)
    quality: Mapping[int, int] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    first: datetime | None = None
    last: datetime | None = None
    records: int = 0
    dataset_hash: str = ""
    stale: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """The hash of the data set."""
        return self.dataset_hash

    @property
    def stale_text(self) -> Text | None:
        """The reservation about stale quality flags as a sentence with its cure; None without."""
        from diwen.telemetry import stale_notice

        notice = stale_notice(self.stale)
        if notice is None:
            return None
        return _STALE.format(message=notice.message, cure=notice.cure)

    def as_dict(self) -> dict[str, Any]:
        """The summary as plain data."""
        return {
            "coverage": dict(self.coverage),
            "quality": {str(flag): count for flag, count in self.quality.items()},
            "origins": dict(self.origins),
            "first": None if self.first is None else self.first.isoformat(),
            "last": None if self.last is None else self.last.isoformat(),
            "records": self.records,
            "dataset_hash": self.dataset_hash,
            "stale": list(self.stale),
        }


def summarise(context: Context) -> DataSummary:
    """The data of the period."""
    return context.once("data summary", lambda: _summarise(context))


def _summarise(context: Context) -> DataSummary:
    import polars as pl

    store, period = context.store, context.period
    stored = store.points()
    coverage: dict[str, float | None] = {point.id: None for point in context.site.points}
    if not stored:
        return DataSummary(coverage=coverage)
    frame = store.coverage(period.start, period.end)
    shares = frame.group_by("point").agg(pl.col("valid").sum() / pl.col("expected").sum())
    for point, share in shares.iter_rows():
        if share is not None and share > 0.0:
            coverage[point] = min(float(share), 1.0)
    records = store.scan(stored, period.start, period.end)
    if records is None:
        return DataSummary(coverage)
    # Counted in a stream: the whole period of a large site does not fit into memory.
    counted = (
        records.group_by("point", "origin", "quality")
        .agg(pl.len().alias("count"), pl.min("time").alias("first"), pl.max("time").alias("last"))
        .collect(engine="streaming")
    )
    if counted.is_empty():
        return DataSummary(coverage)
    quality: dict[int, int] = {}
    origins: dict[str, set[str]] = {}
    for point, origin, flag, count, _, _ in counted.iter_rows():
        quality[flag] = quality.get(flag, 0) + count
        origins.setdefault(point, set()).add(origin)
    return DataSummary(
        coverage,
        dict(sorted(quality.items())),
        {point: "+".join(sorted(origins[point])) for point in stored if point in origins},
        cast("datetime", counted["first"].min()),
        cast("datetime", counted["last"].max()),
        sum(quality.values()),
        store.hash(period.start, period.end),
        store.stale_flags(period.start, period.end),
    )


def results(context: Context) -> list[Result]:
    """K-45: availability of every point, and of all of them.

    A measured point without any record in the period counts as not available.
    """
    summary = summarise(context)
    if all(share is None for share in summary.coverage.values()):
        return []
    known = {
        point.id: summary.coverage[point.id] or 0.0
        for point in context.site.points
        if summary.coverage[point.id] is not None or point.origin == "measured"
    }
    target = context.rules.value("quality.sensor_availability")
    low = [point for point, share in known.items() if 100.0 * share < target]
    note = (
        _TARGET_MISSED.format(target=target, points=", ".join(low))
        if low
        else _TARGET_MET.format(target=target)
    )
    mean = sum(known.values()) / len(known)
    return [
        Result(
            id="availability",
            catalogue="K-45",
            name=_ALL,
            symbol="A_s",
            value=100.0 * mean,
            unit="%",
            coverage=mean,
            decimals=1,
            rules=("quality.sensor_availability",),
            origin=tuple(sorted(set(summary.origins.values()))),
            inputs=tuple(known),
            notes=(note,),
            detail={
                "by_point": {point: 100.0 * share for point, share in known.items()},
                "below_target": low,
                "records": summary.records,
                "quality": {str(flag): count for flag, count in summary.quality.items()},
            },
        )
    ]
