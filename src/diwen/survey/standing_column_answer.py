"""What a standing column well told, as plain data for ``--json``."""

from __future__ import annotations

import math
from typing import Any

from diwen.survey.evaluate_test import TestResult
from diwen.survey.logger_check import LoggerCheck
from diwen.survey.standing_column_phases import PHASES, Phase
from diwen.survey.standing_column_test import BleedAnswer


def standing_column(result: TestResult) -> dict[str, Any] | None:
    """Phases, loggers, water at rest, whole record and bleed; None for a closed borehole."""
    found = result.standing_column
    if found is None:
        return None
    rest, whole = result.inputs.at_rest, found.whole
    return {
        "phases": [_phase(phase) for phase in found.phases],
        "loggers": [_logger(logger) for logger in found.loggers],
        "undisturbed": None
        if rest is None
        else {
            "temperature_degC": rest.temperature,
            "standard_uncertainty_K": rest.standard_uncertainty,
            "lowest_hour_degC": rest.lowest,
            "highest_hour_degC": rest.highest,
            "window_h": [rest.start / 3600, rest.end / 3600],
            "heat_rate_W": rest.heat_rate,
        },
        "from_start_of_circulation": None
        if whole is None
        else {
            "conductivity_W_mK": whole.conductivity,
            "thermal_resistance_mK_W": _number(whole.resistance),
            "undisturbed_temperature_degC": whole.undisturbed_temperature,
            "conductivity_regression_error_W_mK": _number(whole.conductivity_error),
            "thermal_resistance_regression_error_mK_W": _number(whole.resistance_error),
            "rms_K": whole.rms,
        },
        "recovery": None
        if found.recovery is None
        else {
            "conductivity_W_mK": found.recovery.conductivity,
            "conductivity_regression_error_W_mK": _number(found.recovery.conductivity_error),
            "records": found.recovery.count,
        },
        "bleed": [_bleed(bleed) for bleed in found.bleeds],
    }


def _phase(phase: Phase) -> dict[str, Any]:
    text = PHASES[phase.kind]
    return {
        "kind": phase.kind,
        "text": {"en": text.en, "zh": text.zh},
        "window_h": [phase.start / 3600, phase.end / 3600],
        "records": phase.records,
        "heat_rate_W": phase.heat_rate,
        "flow_kg_s": _number(phase.flow),
        "bleed_kg_s": _number(phase.bleed),
        "temperature_first_hour_degC": phase.temperature_first,
        "temperature_last_hour_degC": phase.temperature_last,
    }


def _logger(logger: LoggerCheck) -> dict[str, Any]:
    return {
        "logger": logger.role,
        "readings": logger.readings,
        "in_air": int(logger.in_air.sum()),
        "moved": int(logger.moved.sum()),
        "stretches_in_air": [
            {
                "window_h": [one.start / 3600, one.end / 3600],
                "readings": one.readings,
                "reading_m": one.reading,
                "hottest_degC": _number(one.hottest),
            }
            for one in logger.stretches
        ],
    }


def _bleed(bleed: BleedAnswer) -> dict[str, Any]:
    return {
        "window_h": [bleed.start / 3600, bleed.end / 3600],
        "ratio": _number(bleed.ratio),
        "temperature_change_K": bleed.temperature_change,
        "standard_uncertainty_K": bleed.standard_uncertainty,
        "level_changes_m": bleed.level_changes,
    }


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
