"""What a study of wells found, as plain data for ``--json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diwen.design.well_group_study import SHARE_YEARS, WellGroupStudy
from diwen.design.well_study import WellStudy
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.design.well_check_result import WellChecks
    from diwen.design.well_years import WellYears

SHARES = (0.01, 0.1, 0.5)


def answer(study: WellStudy | WellGroupStudy, checks: WellChecks) -> dict[str, Any]:
    """Numbers in the units that people write: m, m³/h, kW, MWh, °C, days; both languages.

    Parameters
    ----------
    study : of circulation or groundwater wells
    checks : of full reinjection
    """
    own = _one_well(study) if isinstance(study, WellStudy) else _group(study)
    return {
        "source": study.built.source,
        "kind": study.built.kind,
        "origin": "simulated",
        "illustrative": study.site.illustrative,
        "years": study.years,
        "undisturbed_temperature": study.built.undisturbed_temperature,
        "refused": checks.refused,
        "broken_limits": [_both(text) for text in study.broken_limits],
        "what_if_only": checks.refused,
        **own,
        "breakthrough_days": {f"{share:g}": _round(study.days_to(share)) for share in SHARES},
        "operating_points": _points(study),
        "by_year": _years(study),
        "rounds": study.rounds,
        "settled_to": study.settled,
        "notes": [_both(text) for text in study.notes],
        "warnings": [problem.as_dict() for problem in study.warnings],
        "checks": checks.as_dict(),
    }


def _one_well(study: WellStudy) -> dict[str, Any]:
    built, model = study.built, study.model
    rest = built.static_level
    return {
        "wells": built.count,
        "flow_of_one": built.flow * 3600.0,
        "flow": built.total_flow * 3600.0,
        "injection_head": _round(study.injection_head),
        "drawdown": _round(study.drawdown),
        "static_level": rest,
        "return_level": None if rest is None else _round(rest - study.injection_head),
        "pumped_level": None if rest is None else _round(rest + study.drawdown),
        "same_layer_share": _round(study.paths.closed_share, 6),
        "model": {
            "kind": model.kind,
            "why": _both(model.reason),
            "modes": None if model.reduced is None else model.reduced.modes,
            "error": _round(model.error, 6),
            "relative_error": _round(model.relative_error, 6),
        },
    }


def _group(study: WellGroupStudy) -> dict[str, Any]:
    built = study.built
    return {
        "wells": [
            {"id": name, "role": "injection" if rate > 0.0 else "abstraction",
             "x": float(x), "y": float(y), "flow": abs(float(rate)) * 3600.0,
             "head": _round(study.heads.get(name))}
            for name, (x, y), rate in zip(built.names, built.positions, built.rates, strict=True)
        ],
        "flow": built.flow * 3600.0,
        "reinjected": built.reinjects,
        "roles_exchanged": study.exchanged,
        "first_arrival_days": _round(study.first_arrival),
        "recirculated_share": {
            f"{years}": {"as_run": _round(study.recirculated(years), 6),
                         "always": _round(study.recirculated(years, always=True), 6)}
            for years in SHARE_YEARS
        },
        "plume": [
            {"model": size.model, "length": _round(size.length), "width": _round(size.width),
             "assumption": _both(size.assumption)}
            for size in study.plumes
        ],
    }  # fmt: skip


def _points(study: WellStudy | WellGroupStudy) -> list[dict[str, Any]]:
    return [
        {"name": _both(point.name), "heat": _round(point.heat / 1e3),
         "flow": _round(point.flow * 3600.0), "temperature_difference": _round(point.drop)}
        for point in study.operating_points()
    ]  # fmt: skip


def _years(study: WellYears) -> list[dict[str, Any]]:
    columns = {
        "extraction": study.extraction / 3.6e9,
        "injection": study.injection / 3.6e9,
        "lowest_pumped": study.lowest("pumped"),
        "highest_pumped": study.highest("pumped"),
        "lowest_returned": study.lowest("returned"),
        "highest_returned": study.highest("returned"),
    }
    return [
        {"year": year + 1} | {name: _round(float(values[year])) for name, values in columns.items()}
        for year in range(study.years)
    ]


def _round(value: float | None, digits: int = 4) -> float | None:
    """As many decimals as mean something; None for what is not a number."""
    if value is None or value != value or abs(value) == float("inf"):
        return None
    return round(float(value), digits)


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
