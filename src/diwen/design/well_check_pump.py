"""Can the water be taken: water above the pump, and above the extraction screen."""

from __future__ import annotations

from diwen.design.well_check_cure import cure
from diwen.design.well_check_result import WellCheck, at_least, unknown, worse
from diwen.design.well_check_rules import WellRules
from diwen.design.well_point import WellPoint
from diwen.language import Text
from diwen.sources.aquifer.injection_pressure import submergence

_PUMP = Text("water above the pump", "水泵淹没深度")
_COVER = Text("water above the extraction screen", "取水区滤水管顶以上水深")
_LEVEL = Text(
    "drawdown {fall} m, water {level} m deep while pumping ({model})",
    "降深 {fall} m，动水位埋深 {level} m（{model}）",
)
_FALL = Text("drawdown {fall} m ({model})", "降深 {fall} m（{model}）")
_DRY = Text("{one}: the pump runs dry", "{one}：水泵将露出水面")


def pump_submergence_check(point: WellPoint, rules: WellRules) -> WellCheck:
    """Water above the running pump; the usual demand only warns, that of its maker refuses."""
    row, own = rules.row("well.pump_submergence"), point.pump_submergence
    if point.pump_depth is None or point.static_level is None:
        data = {"pump_depth": point.pump_depth, "static_level": point.static_level}
        missing = [key for key, value in data.items() if value is None]
        return unknown("pump_submergence", _PUMP, "m", row, missing, why=_fall(point))
    above = float(submergence(point.static_level, point.head, point.pump_depth))
    asked = own if own is not None else row.value
    assert asked is not None
    needs = point.needs(point.pump_depth - asked - point.static_level)
    needs["pump_depth"] = point.static_level + point.head + asked
    found = at_least(
        "pump_submergence", _PUMP, above, "m", row if own is None else None, _pumping(point),
        limit=asked, cure=cure(needs), needs=needs, soft=own is None,
    )  # fmt: skip
    return worse(found, "fail", _DRY.format(one=found.why)) if above < 0.0 else found


def covered_screen_check(point: WellPoint, rules: WellRules) -> WellCheck:
    """The extraction screen stays below the pumped level: no air is drawn."""
    row = rules.row("well.extraction_zone_covered")
    if point.static_level is None:
        return unknown("covered_screen", _COVER, "m", row, ["static_level"], why=_fall(point))
    above = float(submergence(point.static_level, point.head, point.screen_top))
    needs = point.needs(point.screen_top - point.static_level)
    return at_least(
        "covered_screen", _COVER, above, "m", row, _pumping(point), cure=cure(needs), needs=needs
    )


def _fall(point: WellPoint) -> Text:
    return _FALL.format(fall=f"{point.head:.2f}", model=point.model)


def _pumping(point: WellPoint) -> Text:
    level = (point.static_level or 0.0) + point.head
    return _LEVEL.format(fall=f"{point.head:.2f}", level=f"{level:.2f}", model=point.model)
