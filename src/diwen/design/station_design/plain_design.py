"""A design as plain data for ``--json``, without its step-by-step courses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diwen.design.station_design.plain_data import plain

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import (
        RechargeNeed,
        SourceDesign,
        StationDesign,
        YearsRun,
    )


def design_as_dict(design: StationDesign) -> dict[str, Any]:
    """Everything but the hourly courses; units as in the design (J, W, °C, m)."""
    counts = design.statuses()
    return {
        "simulated": True,
        "site": design.site.id,
        "day": design.day.isoformat(),
        "feasible": design.feasible,
        "basis": _without(design.basis, ("heat", "cold")),
        "sources": [_source(one) for one in design.sources],
        "plant": _without(design.plant, ("selection",)),
        "years": years_as_dict(design.run, (1, *design.options.horizons)),
        "recharge": [_need(one) for one in design.recharge],
        "compliance": {"counts": counts, "rows": [row.as_dict() for row in design.compliance]},
        "part_load": plain(design.part_load),
        "extremes": plain(design.extremes),
        "failures": plain(design.failures),
        "economics_refused": plain(design.economics_refused),
        "shortfalls": plain(design.shortfalls),
        "notes": plain(design.notes),
        "seconds": plain(design.seconds),
    }


def years_as_dict(run: YearsRun, chosen: tuple[int, ...]) -> dict[str, Any]:
    """Chosen years in full, and the course of temperatures over all of them."""
    names = list(run.years[0].sources)
    return {
        "closure": run.closure,
        "unsettled": run.unsettled,
        "chosen": {
            str(number): {
                **run.year(number).summary.as_dict(),
                "sources": plain(run.year(number).sources),
            }
            for number in dict.fromkeys(chosen)
            if number <= len(run.years)
        },
        "by_year": {
            name: {
                "entering": [plain(one.sources[name].entering) for one in run.years],
                "leaving": [plain(one.sources[name].leaving) for one in run.years],
                "ratio": [plain(one.sources[name].ratio) for one in run.years],
            }
            for name in names
        },
    }


def _source(one: SourceDesign) -> dict[str, Any]:
    sizing = None if one.sizing is None else one.sizing.as_dict()
    return {**_without(one, ("sizing",)), "margin": plain(one.margin), "sizing": sizing}


def _need(one: RechargeNeed) -> dict[str, Any]:
    return _without(one, ("run",))


def _without(value: Any, left_out: tuple[str, ...]) -> dict[str, Any]:
    from dataclasses import fields

    names = [one.name for one in fields(value) if one.name not in left_out]
    return {name: plain(getattr(value, name)) for name in names}
