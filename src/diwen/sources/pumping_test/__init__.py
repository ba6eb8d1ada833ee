"""What a pumping, injection, recovery, step or flow-step test says of an aquifer and a well."""

from __future__ import annotations

from typing import Any

from diwen.doors import through

_DOOR: dict[str, str] = {
    "Alarm": "clogging_trend",
    "AquiferChoice": "aquifer_choice",
    "AquiferModel": "aquifer_models",
    "CloggingTrend": "clogging_trend",
    "Contribution": "estimate",
    "CurveFit": "curve_fit",
    "DeclineLaw": "clogging_trend",
    "DerivativeDiagnosis": "derivative",
    "Estimate": "estimate",
    "InjectionTest": "injection_test",
    "InternalBypass": "internal_bypass",
    "MODELS": "aquifer_models",
    "MeasurementErrors": "estimate",
    "Observation": "record",
    "PumpingTest": "record",
    "RecoveryLine": "recovery_line",
    "StepTest": "step_test",
    "StraightLine": "straight_line",
    "choose_aquifer": "aquifer_choice",
    "diagnose": "derivative",
    "evaluate_injection": "injection_test",
    "find_bypass": "internal_bypass",
    "fit_curve": "curve_fit",
    "fit_recovery_line": "recovery_line",
    "fit_step_test": "step_test",
    "fit_straight_line": "straight_line",
    "flow_in_steps": "record",
    "flow_variation": "quality",
    "follow_clogging": "clogging_trend",
    "hantush_bierschenk": "step_test",
    "level_trend": "quality",
    "log_derivative": "derivative",
    "model_drawdown": "aquifer_models",
    "storage_end": "quality",
    "thickness_hint": "quality",
    "trend_hint": "quality",
}

__all__ = sorted(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
