"""An attribution as plain data."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from diwen.diagnosis.attribution.attribution import Attribution, Counterfactual
    from diwen.diagnosis.attribution.future_years import FutureYear

KWH = 3.6e6


def attribution_data(one: Attribution) -> dict[str, Any]:
    """Energies in kWh, money in CNY, temperatures in °C; what is no number is None."""
    return {
        "refused": None if one.refused is None else {"en": one.refused.en, "zh": one.refused.zh},
        "electricity": None if one.electricity is None else one.electricity.as_dict(),
        "money": None if one.money is None else one.money.as_dict(),
        "performance": {name: number(value) for name, value in one.performance.items()},
        "counterfactuals": [_counterfactual(part) for part in one.counterfactuals],
        "as_found": _years(one.as_found),
        "all_right": _years(one.all_right),
        "notes": [{"en": note.en, "zh": note.zh} for note in one.notes],
    }


def _counterfactual(part: Counterfactual) -> dict[str, Any]:
    return {
        "parameter": part.finding.parameter,
        "object": part.finding.object,
        "electricity_kwh": part.electricity / KWH,
        "electricity_deviation_kwh": part.electricity_deviation / KWH,
        "expected_kwh": part.expected / KWH,
        "expected_deviation_kwh": part.expected_deviation / KWH,
        "fuel_kwh": part.fuel / KWH,
        "cost_yuan": number(part.cost),
        "cost_deviation_yuan": number(part.cost_deviation),
        "carbon_dioxide_kg": number(part.emission),
        "unmet_kwh": part.unmet / KWH,
        "uncomfortable_hours": part.uncomfortable,
        "gain_next_year_kwh": part.gain / KWH,
        "gain_next_year_yuan": number(part.cost_gain),
        "without": _years(part.without),
    }


def _years(years: Sequence[FutureYear]) -> list[dict[str, Any]]:
    return [
        {
            "year": one.number,
            "electricity_kwh": one.electricity / KWH,
            "fuel_kwh": one.fuel / KWH,
            "performance": number(one.performance),
            "unmet_kwh": one.unmet / KWH,
            "cost_yuan": number(one.cost),
            "carbon_dioxide_kg": number(one.emission),
            "uncomfortable_hours": one.uncomfortable,
            "entering": _ends(one.entering),
            "fluid": {name: number(value) for name, value in one.fluid.items()},
        }
        for one in years
    ]


def _ends(found: Mapping[str, tuple[float, float]]) -> dict[str, list[float | None]]:
    return {name: [number(low), number(high)] for name, (low, high) in found.items()}


def number(value: float | None) -> float | None:
    """A number, None where it is none."""
    return value if value is not None and math.isfinite(value) else None
