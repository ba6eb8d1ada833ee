"""Cures in words from the numbers that a formula, solved backwards, gives."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from diwen.language import Text
from diwen.sources.response.time_units import DAY

_PHRASES: dict[str, Text] = {
    "flow": Text("at most {value} m³/h through one well", "单井流量不大于 {value} m³/h"),
    "conductivity": Text(
        "K of {value} m/s ({perday} m/d) or more", "渗透系数不小于 {value} m/s（{perday} m/d）"
    ),
    "screen_length": Text("screens of {value} m or more", "滤水管长度不小于 {value} m"),
    "seal_length": Text("a seal of {value} m or more", "密封区长度不小于 {value} m"),
    "screen_top": Text(
        "the return screen {value} m deep or deeper", "回水区滤水管顶深不小于 {value} m"
    ),
    "pump_depth": Text("the pump {value} m deep or deeper", "下泵深度不小于 {value} m"),
    "cell_radius": Text(
        "ground of {value} m radius for each well (spacing {spacing} m)",
        "单井占地半径不小于 {value} m（井距 {spacing} m）",
    ),
    "spacing": Text("wells {value} m apart or more", "井距不小于 {value} m"),
    "power": Text("heat of at most {value} kW", "取（放）热量不大于 {value} kW"),
    "more_flow": Text("at least {value} m³/h of water", "流量不小于 {value} m³/h"),
    "wells": Text("{value} wells or more", "不少于 {value} 口井"),
    "pumped_wells": Text(
        "{value} pumped wells or more, and return wells for their water",
        "不少于 {value} 口抽水井，并配足回灌井",
    ),
    "open_area": Text("an open area of {value} % or more", "滤水管开孔率不小于 {value} %"),
    "gravel_conductivity": Text(
        "gravel with K of {value} m/s or less", "换热颗粒渗透系数不大于 {value} m/s"
    ),
    "return_energy": Text(
        "return {value} MWh a year to the ground of each well", "每口井每年向地层回补 {value} MWh"
    ),
    "injected_energy": Text(
        "at most {value} MWh a year given to the ground of each well (the rest to a cooling tower)",
        "每口井每年向地层放热不大于 {value} MWh（其余由冷却塔承担）",
    ),
}
_OR = Text(", or ", "，或")


def cure(needs: Mapping[str, float], *besides: Text, lead: Text | None = None) -> Text:
    """``needs`` as alternatives in words, and more of them.

    Parameters
    ----------
    needs : as in :attr:`.well_check_result.WellCheck.needs`; what cannot be is left out
    besides : further alternatives
    lead : set in front
    """
    parts = [
        _phrase(key, value) for key, value in needs.items() if math.isfinite(value) and value > 0.0
    ]
    return joined([*parts, *besides], lead)


def figures(value: float, count: int = 3) -> str:
    """So many figures, in plain digits up to ten of them."""
    return f"{float(f'{value:.{count}g}'):.10g}"


def joined(parts: Iterable[Text], lead: Text | None = None) -> Text:
    """Alternatives as one sentence in both languages."""
    chosen = list(parts)
    start = lead or Text("", "")
    return Text(
        start.en + _OR.en.join(part.en for part in chosen),
        start.zh + _OR.zh.join(part.zh for part in chosen),
    )


def _phrase(key: str, value: float) -> Text:
    """One need; at most and at least rounded to the safe side."""
    if key == "conductivity":
        shown, day = rounded(value, up=True), rounded(value * DAY, up=True)
        return _PHRASES[key].format(value=shown, perday=day)
    if key == "cell_radius":
        spacing = rounded(value * math.sqrt(math.pi), up=True)
        return _PHRASES[key].format(value=rounded(value, up=True), spacing=spacing)
    if key in ("wells", "pumped_wells"):
        return _PHRASES[key].format(value=f"{math.ceil(value - 1e-9):d}")
    at_most = key in ("flow", "power", "gravel_conductivity", "injected_energy")
    return _PHRASES[key].format(value=rounded(value, up=not at_most))


def rounded(value: float, *, up: bool) -> str:
    """Three figures, never on the unsafe side."""
    if value == 0.0 or not math.isfinite(value):
        return f"{value:g}"
    step = 10.0 ** (math.floor(math.log10(abs(value))) - 2)
    steps = value / step
    whole = math.ceil(steps - 1e-9) if up else math.floor(steps + 1e-9)
    return figures(whole * step)
