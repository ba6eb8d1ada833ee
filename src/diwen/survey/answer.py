"""The result of a response test as plain data: one stable form for ``--json`` and other programs.

Every number is in the unit its key names; what is not known is null, never left out.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from diwen.language import Text
from diwen.sources.response_test.convergence import WindowSequence
from diwen.sources.response_test.evaluation import Evaluation
from diwen.survey.evaluate_test import METHOD_NAMES, TestResult
from diwen.survey.standing_column_answer import standing_column

# Raised when a key changes its meaning or goes; keys that are added leave it.
FORM = 1


def answer(result: TestResult) -> dict[str, Any]:
    """The whole result.

    Parameters
    ----------
    result : of :func:`diwen.survey.evaluate_test.evaluate_test`
    """
    series, borehole = result.file.series, result.inputs.borehole
    return {
        "form": FORM,
        "file": {
            "name": result.file.path.name,
            "sha256": result.file.sha256,
            "records": result.file.records,
            "records_heating": series.count,
            "heating_start": None
            if result.file.start is None
            else result.file.start.isoformat(sep=" "),
            "duration_h": _number(series.end / 3600),
            "power_origin": result.file.power_origin,
            "columns": {
                role: {"name": column.name, "unit": column.unit or None}
                for role, column in result.file.columns.items()
            },
        },
        "borehole": {
            "source": result.source or None,
            "length_m": borehole.length,
            "diameter_m": 2 * borehole.radius,
            "heat_capacity_J_m3K": borehole.heat_capacity,
            "undisturbed_temperature_degC": borehole.undisturbed_temperature,
        },
        "quality": _quality(result),
        "result": _chosen(result),
        "methods": _methods(result.evaluation),
        "convergence": _convergence(result.evaluation),
        "uncertainty": _budget(result),
        "layers": _layers(result),
        "groundwater": _groundwater(result.evaluation),
        "standing_column": standing_column(result),
        "line_source_refused": [_both(text) for text in _refusals(result.evaluation)],
        "notes": [_both(text) for text in (result.evaluation.notes if result.evaluation else ())],
        "notices": [problem.as_dict() for problem in result.notices],
        "problems": [problem.as_dict() for problem in result.refused],
        "provenance": {
            "software": f"Diwen {result.version}",
            "evaluated": result.evaluated.isoformat(),
            "test_date": None if result.day is None else result.day.isoformat(),
            "by": (result.test.by if result.test is not None else "") or None,
            "rules_sha256": result.quality.digest,
        },
    }


def window_range(windows: WindowSequence) -> tuple[float, float] | None:
    """Smallest and largest conductivity over other windows; None when there is none."""
    known = windows.conductivity[np.isfinite(windows.conductivity)]
    return (float(known.min()), float(known.max())) if len(known) else None


def _quality(result: TestResult) -> dict[str, Any]:
    checks = result.quality.checks
    return {
        "counts": {
            outcome: len(result.quality.with_outcome(outcome))
            for outcome in ("passed", "failed", "unknown")
        },
        "checks": [check.as_dict() for check in checks],
    }


def _chosen(result: TestResult) -> dict[str, Any] | None:
    found = result.evaluation
    if found is None:
        return None
    reach = window_range(found.windows)
    spread = found.covariance
    both = math.sqrt(max(float(spread[0, 0] * spread[1, 1]), 0.0))
    return {
        "method": found.method,
        "method_text": _both(METHOD_NAMES[found.method]),
        "why": _both(found.why),
        "conductivity_W_mK": found.conductivity,
        "conductivity_expanded_uncertainty_W_mK": result.conductivity_uncertainty,
        "thermal_resistance_mK_W": found.resistance,
        "thermal_resistance_expanded_uncertainty_mK_W": result.resistance_uncertainty,
        "coverage_factor": 2,
        "correlation": _number(float(spread[0, 1]) / both if both else math.nan),
        "window_h": [_number(value / 3600) for value in result.window],
        "records_used": result.rows,
        "heat_rate_W_m": _number(found.steadiness.power_mean / result.inputs.borehole.length),
        "window_sensitivity": None
        if reach is None
        else {
            "windows": int(np.isfinite(found.windows.conductivity).sum()),
            "lowest_W_mK": reach[0],
            "highest_W_mK": reach[1],
            "spread": _number(found.windows.spread),
        },
    }


def _methods(found: Evaluation | None) -> dict[str, Any]:
    names = ("line source", "superposition", "capacity")
    fits = {name: None if found is None else getattr(found, name.replace(" ", "_"))
            for name in names}  # fmt: skip
    answer: dict[str, Any] = {
        name.replace(" ", "_"): None if fit is None else _fit(fit) for name, fit in fits.items()
    }
    superposed = fits["superposition"]
    if superposed is not None:
        answer["superposition"]["flow_levels"] = [
            {"flow_kg_s": _number(flow), "thermal_resistance_mK_W": _number(resistance)}
            for flow, resistance in zip(superposed.level_flow, superposed.resistances, strict=True)
        ]
    recovery = None if found is None else found.recovery
    answer["recovery"] = None if recovery is None else {
        "conductivity_W_mK": _number(recovery.conductivity),
        "conductivity_superposed_W_mK": _number(recovery.superposition.conductivity),
        "undisturbed_temperature_degC": _number(recovery.undisturbed_temperature),
        "window_h": [recovery.start / 3600, recovery.end / 3600],
        "records": recovery.count,
    }  # fmt: skip
    return answer


def _fit(fit: Any) -> dict[str, Any]:
    return {
        "conductivity_W_mK": _number(fit.conductivity),
        "thermal_resistance_mK_W": _number(fit.resistance),
        "conductivity_regression_error_W_mK": _number(fit.conductivity_error),
        "thermal_resistance_regression_error_mK_W": _number(fit.resistance_error),
        "window_h": [_number(fit.start / 3600), _number(fit.end / 3600)],
        "points": fit.count,
        "rms_K": _number(fit.rms),
    }


def _convergence(found: Evaluation | None) -> dict[str, Any]:
    """Conductivity and resistance over the start and over the end of the window, thinned."""
    return {
        name: None if sequence is None else _sequence(sequence)
        for name, sequence in (
            ("rolling_start", found.rolling_start if found is not None else None),
            ("growing_end", found.growing_end if found is not None else None),
        )
    }


def _sequence(sequence: WindowSequence) -> dict[str, list[float | None]]:
    some = slice(None, None, max(1, len(sequence.start) // 25))
    return {
        "start_h": [_number(value / 3600) for value in sequence.start[some]],
        "end_h": [_number(value / 3600) for value in sequence.end[some]],
        "conductivity_W_mK": [_number(value) for value in sequence.conductivity[some]],
        "thermal_resistance_mK_W": [_number(value) for value in sequence.resistance[some]],
    }


def _budget(result: TestResult) -> list[dict[str, Any]]:
    found = result.evaluation
    if found is None or found.budget is None:
        return []
    return [
        {
            "name": _both(line.name),
            "standard_uncertainty_input": _number(line.given),
            "input_unit": line.unit or None,
            "conductivity_W_mK": _number(line.conductivity),
            "thermal_resistance_mK_W": _number(line.resistance),
        }
        for line in found.budget.contributions
    ]


def _layers(result: TestResult) -> dict[str, Any] | None:
    """Layer by layer, from the surface downwards."""
    found = result.layered
    if found is None:
        return None
    whole = None if result.evaluation is None else result.evaluation.conductivity
    return {
        "mean_conductivity_W_mK": _number(found.mean_conductivity),
        "departure_from_whole": None if whole is None else _number(found.departure_from(whole)),
        "layers": [
            {
                "top_m": float(found.depth[i]),
                "bottom_m": float(found.depth[i + 1]),
                "heat_rate_W_m": _number(found.heat_rate[i]),
                "conductivity_W_mK": _number(found.conductivity[i]),
                "conductivity_standard_error_W_mK": _number(found.conductivity_error[i]),
                "conductivity_unsmoothed_W_mK": _number(found.single[i]),
                "thermal_resistance_mK_W": _number(found.resistance[i]),
            }
            for i in range(len(found.heat_rate))
        ],
    }


def _groundwater(found: Evaluation | None) -> dict[str, Any] | None:
    hint = None if found is None else found.groundwater
    if hint is None:
        return None
    return {
        "hint": bool(hint.hint),
        "rise": _number(hint.rise),
        "p_value": _number(hint.p_value),
        "text": _both(hint.words),
    }


def _refusals(found: Evaluation | None) -> tuple[Text, ...]:
    return () if found is None else found.refusals


def _number(value: float) -> float | None:
    """A float that JSON knows; None where it is not finite."""
    return float(value) if math.isfinite(value) else None


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
