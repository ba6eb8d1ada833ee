"""The result of a well test as plain data: one stable form for ``--json`` and other programs.

Every number is in the unit its key names; what is not known is null, never left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from diwen.language import Text
from diwen.sources.pumping_test import CurveFit, Estimate, RecoveryLine, StraightLine
from diwen.survey.well_test_result import KIND_NAMES, METHOD_NAMES, WellTestResult

# Raised when a key changes its meaning or goes; keys that are added leave it.
FORM = 1
# Units that people read, from the inside unit.
_DAY, _HOUR = 86400.0, 3600.0


def answer(result: WellTestResult) -> dict[str, Any]:
    """The whole result.

    Parameters
    ----------
    result : of :func:`diwen.survey.evaluate_well_test.evaluate_well_test`
    """
    file = result.file
    return {
        "form": FORM,
        "file": {
            "name": file.label,
            "sha256": file.sha256,
            "records": file.records,
            "start": None if file.start is None else file.start.isoformat(sep=" "),
            "columns": [
                {"role": column.role, "well": column.well or None, "name": column.name,
                 "unit": column.unit or None}
                for column in file.columns
            ],
        },
        "kind": result.kind,
        "kind_text": _both(KIND_NAMES[result.kind]),
        "why": _both(result.why),
        "flow_steps": [
            {"start_s": float(start), "flow_m3_h": float(flow) * _HOUR}
            for start, flow in zip(file.steps.start, file.steps.flow, strict=True)
        ],
        "wells": [
            {"name": well.name or None, "pumped": well.distance is None,
             "distance_m": well.distance, "rest_level_m": _number(well.rest)}
            for well in file.wells
        ],
        "result": _result(result),
        "curve_fits": [] if result.choice is None else [
            _curve(fit, fit is result.choice.chosen) for fit in result.choice.fits
        ],
        "curve_choice": None if result.choice is None else _both(result.choice.reason),
        "straight_lines": _lines(result.lines),
        "recoveries": _recoveries(result.recoveries),
        "step": _step(result),
        "injection": _injection(result),
        "bypass": _bypass(result),
        "derivatives": {
            name: [_both(hint) for hint in found.hints]
            for name, found in result.derivatives.items()
        },
        "quality": {
            "counts": {
                outcome: len(result.quality.with_outcome(outcome))
                for outcome in ("passed", "failed", "unknown")
            },
            "checks": [check.as_dict() for check in result.quality.checks],
        },
        "refused": [
            {"method": one.method, "method_text": _both(METHOD_NAMES[one.method]),
             "problem": one.problem.as_dict()}
            for one in result.refused
        ],
        "warnings": [_both(text) for text in result.warnings],
        "notices": [problem.as_dict() for problem in result.notices],
        "provenance": {
            "software": f"Diwen {result.version}",
            "evaluated": result.evaluated.isoformat(),
            "rules_sha256": result.quality.digest,
        },
    }  # fmt: skip


def _result(result: WellTestResult) -> dict[str, Any] | None:
    """What a design takes; None where the test did not give what its kind is made for."""
    if not result.answered:
        return None
    return {
        "method": result.method,
        "method_text": None if result.method is None else _both(METHOD_NAMES[result.method]),
        "transmissivity_m2_d": _estimate(result.transmissivity, _DAY),
        "storativity": _estimate(result.storativity),
        "conductivity_m_d": _estimate(result.conductivity, _DAY),
        "coverage_factor": 2,
    }


def _curve(fit: CurveFit, chosen: bool) -> dict[str, Any]:
    leaky = fit.model.key == "leaky"
    return {
        "model": fit.model.key,
        "model_text": _both(fit.model.name),
        "chosen": chosen,
        "transmissivity_m2_d": _estimate(fit.transmissivity, _DAY),
        "storativity": _estimate(fit.storativity),
        "leakage_resistance_d": _estimate(fit.third, 1.0 / _DAY) if leaky else None,
        "image_distance_m": _estimate(fit.third) if fit.model.key == "barrier" else None,
        "rms_m": fit.rms,
        "readings": int(sum(fit.counts)),
        "aicc": _number(fit.criterion),
    }


def _lines(lines: Mapping[str, StraightLine]) -> dict[str, Any]:
    return {
        name: {
            "transmissivity_m2_d": _estimate(line.transmissivity, _DAY),
            "storativity": _estimate(line.storativity),
            "window_s": [line.start, line.end],
            "readings": line.count,
            "drawdown_per_decade_m": line.drawdown_per_decade,
            "argument_limit": line.argument_limit,
        }
        for name, line in lines.items()
    }


def _recoveries(lines: Mapping[str, RecoveryLine]) -> dict[str, Any]:
    return {
        name: {
            "transmissivity_m2_d": _estimate(line.transmissivity, _DAY),
            "window_s": [line.start, line.end],
            "readings": line.count,
            "residual_per_decade_m": line.residual_per_decade,
            "meets_zero_at_ratio": line.intercept_ratio,
        }
        for name, line in lines.items()
    }


def _step(result: WellTestResult) -> dict[str, Any] | None:
    found = result.step
    if found is None:
        return None
    return {
        "linear_loss_s_m2": _estimate(found.linear),
        "quadratic_loss_s2_m5": _estimate(found.quadratic),
        "duration_s": found.duration,
        "transmissivity_m2_d": _estimate(found.transmissivity, _DAY),
        "exponent": _number(found.exponent),
        "steps": [
            {
                "flow_m3_h": float(flow) * _HOUR,
                "specific_drawdown_h_m2": float(specific) / _HOUR,
                "specific_capacity_m2_h": _HOUR / float(specific),
                "efficiency": float(found.loss.efficiency(flow)),
            }
            for flow, specific in zip(found.flow, found.specific_drawdown, strict=True)
        ],
        "rms_m": found.rms,
    }


def _injection(result: WellTestResult) -> dict[str, Any] | None:
    found = result.injection
    if found is None:
        return None
    return {
        "flow_m3_h": found.flow * _HOUR,
        "rise_m": found.rise,
        "specific_injectivity_m2_h": _estimate(found.specific_injectivity, _HOUR),
        "specific_injectivity_at_10_degC_m2_h": _estimate(found.at_reference, _HOUR),
        "rise_rate_m_h": found.rise_rate * _HOUR,
    }


def _bypass(result: WellTestResult) -> dict[str, Any] | None:
    found = result.bypass
    if found is None:
        return None
    return {
        "share": _estimate(found.share),
        "seen": bool(found.seen),
        "delay_s": found.delay,
        "delay_volume_m3": found.delay_volume,
        "return_span_K": found.return_span,
        "rms_K": found.rms,
    }


def _estimate(found: Estimate | None, factor: float = 1.0) -> dict[str, float | None] | None:
    """A value with the ends of its interval (k = 2)."""
    if found is None:
        return None
    return {
        "value": _number(found.value * factor),
        "low": _number(found.low * factor),
        "high": _number(found.high * factor),
    }


def _number(value: float) -> float | None:
    """A float that JSON knows; None where it is not finite."""
    return float(value) if math.isfinite(value) else None


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
