"""What ``diwen test-response`` prints of a standing column well: phases, whole record, bleed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import typer

from diwen.language import Language, Text

if TYPE_CHECKING:
    from diwen.survey.evaluate_test import TestResult
    from diwen.survey.standing_column_test import BleedAnswer

_PHASES = Text("Phases of the test:", "试验各阶段：")
_PHASE = Text(
    "  {start:8.1f} to {end:.1f} h: {kind}, {heat:.2f} kW, {first:.2f} to {last:.2f} °C{flows}",
    "  {start:8.1f}～{end:.1f} h：{kind}，{heat:.2f} kW，{first:.2f}～{last:.2f} °C{flows}",
)
_FLOW = Text(", {flow:.2f} kg/s", "，{flow:.2f} kg/s")
_BLED = Text(", bleed {bleed:.3f} kg/s", "，排放 {bleed:.3f} kg/s")
_WHOLE = Text(
    "From the start of circulation, with the heat of the recirculation counted: "
    "λ = {conductivity:.2f} W/(m·K), Rb = {resistance:.4f} m·K/W, T0 = {undisturbed:.2f} °C "
    "(a check, not the result).",
    "自开始循环起计、计入循环阶段热量：λ = {conductivity:.2f} W/(m·K)，"
    "Rb = {resistance:.4f} m·K/W，T0 = {undisturbed:.2f} °C（用于校核，不作为结果）。",
)
_RECOVERY = Text(
    "From the recovery: λ = {conductivity:.2f} W/(m·K).",
    "由恢复阶段得：λ = {conductivity:.2f} W/(m·K)。",
)
_BLEED = Text(
    "Bleed from {start:.1f} to {end:.1f} h{ratio}: the water is {change:+.2f} ± {error:.2f} K "
    "against the well without bleed.",
    "第 {start:.1f}～{end:.1f} h 排放{ratio}：水温与无排放时相差 {change:+.2f} ± {error:.2f} K。",
)
_RATIO = Text(", {ratio:.1%} of the flow", "（占循环流量 {ratio:.1%}）")
_LEVEL = Text("  {logger}: level {change:+.2f} m", "  {logger}：水位变化 {change:+.2f} m")


def say_standing_column(result: TestResult, language: Language) -> None:
    """Phases, the fit from the start of circulation, the answer to each bleed."""
    from diwen.survey.standing_column_phases import PHASES

    found = result.standing_column
    if found is None:
        return
    typer.echo(_PHASES.to(language))
    nothing = Text("", "")
    for phase in found.phases:
        flows = _FLOW.format(flow=phase.flow) if math.isfinite(phase.flow) else nothing
        if phase.kind.endswith("bleed"):
            bled = _BLED.format(bleed=phase.bleed)
            flows = Text(flows.en + bled.en, flows.zh + bled.zh)
        typer.echo(_PHASE.format(
            start=phase.start / 3600, end=phase.end / 3600, kind=PHASES[phase.kind],
            heat=phase.heat_rate / 1000, first=phase.temperature_first,
            last=phase.temperature_last, flows=flows,
        ).to(language))  # fmt: skip
    if found.whole is not None:
        whole = found.whole
        typer.echo(_WHOLE.format(
            conductivity=whole.conductivity, resistance=whole.resistance,
            undisturbed=whole.undisturbed_temperature,
        ).to(language))  # fmt: skip
    if found.recovery is not None:
        typer.echo(_RECOVERY.format(conductivity=found.recovery.conductivity).to(language))
    for bleed in found.bleeds:
        _say_bleed(bleed, language)


def _say_bleed(bleed: BleedAnswer, language: Language) -> None:
    from diwen.survey.standing_column_test import LOGGERS

    ratio = _RATIO.format(ratio=bleed.ratio) if math.isfinite(bleed.ratio) else Text("", "")
    typer.echo(_BLEED.format(
        start=bleed.start / 3600, end=bleed.end / 3600, ratio=ratio,
        change=bleed.temperature_change, error=2 * bleed.standard_uncertainty,
    ).to(language))  # fmt: skip
    for role, change in bleed.level_changes.items():
        typer.echo(_LEVEL.format(logger=LOGGERS[role], change=change).to(language))
