"""How many records carry which flag: per point, and per point and local day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diwen.telemetry.store import Store, Time


def counts(store: Store, start: Time = None, end: Time = None) -> pl.DataFrame:
    """Records per point, flag and origin: ``point, quality, origin, records``."""
    frame = store.scan(store.points(), start, end)
    if frame is None:
        return pl.DataFrame(
            schema={
                "point": pl.String, "quality": pl.Int8, "origin": pl.String, "records": pl.UInt32,
            }
        )  # fmt: skip
    return (
        frame.group_by("point", "quality", "origin")
        .agg(records=pl.len())
        .sort("point", "quality", "origin")
        .collect()
    )


def daily(
    store: Store, points: Sequence[str], start: Time = None, end: Time = None
) -> pl.DataFrame:
    """Usable records and flags per point and local day.

    Returns
    -------
    DataFrame ``point, day, valid, flagged, worst``: usable records, records with a flag that
    makes them unusable, and the most frequent of those flags (0: none)
    """
    frame = store.scan(points, start, end)
    schema = {
        "point": pl.String, "day": pl.Date, "valid": pl.UInt32, "flagged": pl.UInt32,
        "worst": pl.Int8,
    }  # fmt: skip
    if frame is None:
        return pl.DataFrame(schema=schema)
    from diwen.telemetry.series import USABLE

    zone = store.site.place.time_zone
    usable = pl.col("quality").is_in(USABLE)
    return (
        frame.select(
            "point",
            "quality",
            day=pl.col("time").dt.convert_time_zone(zone).dt.date(),
        )
        .group_by("point", "day")
        .agg(
            valid=usable.sum(),
            flagged=(~usable).sum(),
            worst=pl.col("quality").filter(~usable).mode().sort().first().fill_null(0),
        )
        .sort("point", "day")
        .collect()
        .cast(schema)  # type: ignore[arg-type]
    )
