"""Can the water be taken: water above the pump, and above the extraction screen."""

from __future__ import annotations

from diwen.design.well_check_cure import cure
from diwen.design.well_check_heads import WellHeads
from diwen.design.well_check_result import WellCheck, at_least, unknown, worse
from diwen.design.well_check_rules import WellRules
from diwen.design.well_design import WellDesign
from diwen.language import Text
from diwen.sources.aquifer.injection_pressure import submergence

_HOUR = 3600.0

_PUMP = Text("water above the pump", "水泵淹没深度")
_COVER = Text("water above the extraction screen", "取水区滤水管顶以上水深")
_LEVEL = Text(
    "drawdown {fall} m, water {level} m deep while pumping ({model})",
    "降深 {fall} m，动水位埋深 {level} m（{model}）",
)
_FALL = Text("drawdown {fall} m ({model})", "降深 {fall} m（{model}）")
_DRY = Text("{one}: the pump runs dry", "{one}：水泵脱水")


def pump_submergence_check(design: WellDesign, heads: WellHeads, rules: WellRules) -> WellCheck:
    """Water above the running pump; the usual demand only warns, that of its maker refuses."""
    row, own = rules.row("well.pump_submergence"), design.pump_submergence
    missing = _missing(design, "pump_depth")
    why = _FALL.format(fall=f"{heads.extraction:.2f}", model=heads.extraction_model)
    if design.pump_depth is None or design.static_level is None:
        return unknown("pump_submergence", _PUMP, "m", row, missing, why=why)
    above = float(submergence(design.static_level, heads.extraction, design.pump_depth))
    asked = own if own is not None else row.value
    assert asked is not None
    allowed = design.pump_depth - asked - design.static_level
    needs = _needs(design, heads, allowed)
    needs["pump_depth"] = design.static_level + heads.extraction + asked
    found = at_least(
        "pump_submergence", _PUMP, above, "m", row if own is None else None,
        _pumping(design, heads), limit=asked, cure=cure(needs), needs=needs, soft=own is None,
    )  # fmt: skip
    return worse(found, "fail", _DRY.format(one=found.why)) if above < 0.0 else found


def covered_screen_check(design: WellDesign, heads: WellHeads, rules: WellRules) -> WellCheck:
    """The extraction screen stays below the pumped level: no air is drawn."""
    row = rules.row("well.extraction_zone_covered")
    if design.static_level is None:
        why = _FALL.format(fall=f"{heads.extraction:.2f}", model=heads.extraction_model)
        return unknown("covered_screen", _COVER, "m", row, ["static_level"], why=why)
    top = min(pair.extraction.top for pair in design.well.pairs)
    above = float(submergence(design.static_level, heads.extraction, top))
    needs = _needs(design, heads, top - design.static_level)
    return at_least(
        "covered_screen", _COVER, above, "m", row, _pumping(design, heads),
        cure=cure(needs), needs=needs,
    )  # fmt: skip


def _needs(design: WellDesign, heads: WellHeads, allowed: float) -> dict[str, float]:
    """Flow and conductivity at which the drawdown is ``allowed``, in m."""
    linear, loss = heads.linear_extraction, heads.extraction - heads.linear_extraction
    if not allowed > 0.0:
        return {}
    share = 2.0 * allowed / (linear + (linear * linear + 4.0 * loss * allowed) ** 0.5)
    needs = {"flow": design.flow * _HOUR * share}
    if allowed > loss:
        present = min(design.conductivity_along(screen) for screen in design.screens)
        needs["conductivity"] = present * linear / (allowed - loss)
    return needs


def _pumping(design: WellDesign, heads: WellHeads) -> Text:
    level = (design.static_level or 0.0) + heads.extraction
    shown = {"fall": f"{heads.extraction:.2f}", "level": f"{level:.2f}"}
    return _LEVEL.format(**shown, model=heads.extraction_model)


def _missing(design: WellDesign, *keys: str) -> list[str]:
    return [key for key in (*keys, "static_level") if getattr(design, key) is None]
