"""Can the water go back: pressure at the wellhead, lifting of the ground, gradient at the seal."""

from __future__ import annotations

import math

from diwen.design.well_check_cure import cure
from diwen.design.well_check_heads import WellHeads
from diwen.design.well_check_result import WellCheck, at_most, unknown, worse
from diwen.design.well_check_rules import WellRules
from diwen.design.well_design import WellDesign
from diwen.design.well_point import WellPoint
from diwen.language import Text
from diwen.physical_constants import GRAVITY, WATER_DENSITY
from diwen.sources.aquifer.injection_pressure import (
    uplift_ratio,
    vertical_effective_stress,
    wellhead_pressure,
)
from diwen.sources.aquifer.seal_gradient import critical_gradient
from diwen.sources.response.time_units import HOUR

_PRESSURE = Text("pressure at the wellhead", "井口回灌压力")
_LIFTING = Text("injection head per depth of the screen", "回灌水头与滤水管顶深之比")
_STRESS = Text("overpressure over effective stress", "回灌超压与有效应力之比")
_SEAL = Text("gradient along the seal", "密封区水力坡度")

_BY_GRAVITY = Text(
    "injection head {head} m, water at rest {level} m deep: it returns by gravity ({model})",
    "回灌水头 {head} m，静水位埋深 {level} m：可自流回灌（{model}）",
)
_SEALED = Text(
    "injection head {head} m, water at rest {level} m deep: the wellhead must be sealed for "
    "{pressure} kPa ({model})",
    "回灌水头 {head} m，静水位埋深 {level} m：井口须密闭并承压 {pressure} kPa（{model}）",
)
_HEAD = Text("injection head {head} m ({model})", "回灌水头 {head} m（{model}）")
_AT_TOP = Text(
    "injection head {head} m at a screen top {top} m deep",
    "回灌水头 {head} m，滤水管顶深 {top} m",
)
_LIFTED = Text(
    "above 1 the pressure lifts the ground over the screen", "大于 1 时超压足以抬动滤水管以上地层"
)
_EVEN_DRY = Text("even with the water as deep as can be", "即使按静水位最深考虑")
_AND = Text("{one}; {other}", "{one}；{other}")
_SEAL_WHY = Text(
    "{fall} m are lost along a seal of {length} m", "密封区长 {length} m，两端水头差 {fall} m"
)
_GROUT = Text("a grouted or clay seal", "密封区注浆或填黏土球")
_IS_TIGHT = Text(
    "the seal is tight ({material}); prove it by a flow-step test",
    "密封区为{material}，须以变流量试验验证其密封性",
)
_MATERIALS = {"grouted": Text("grout", "水泥注浆"), "clay": Text("clay", "黏土球")}
_MUST_BE_TIGHT = Text(
    "more than sand can bear: grout or clay is needed, and what the seal is made of is not known",
    "超过砂土可承受的坡度，须注浆或填黏土球，而密封区做法未知",
)
_NO_SEAL = Text("no length is left between the screens", "两段滤水管之间没有密封区")


def wellhead_pressure_check(point: WellPoint, rules: WellRules) -> WellCheck:
    """Return by gravity, or the pressure that the sealed wellhead must bear."""
    row = rules.row("well.wellhead_pressure")
    level, own = point.static_level, point.largest_pressure
    id, head = "wellhead_pressure", f"{point.head:.2f}"
    if level is None:
        why = _HEAD.format(head=head, model=point.model)
        return unknown(id, _PRESSURE, "kPa", row, ["static_level"], why=why)
    pressure = max(0.0, float(wellhead_pressure(point.head, level))) / 1e3
    shown = {"head": head, "level": f"{level:g}", "model": point.model}
    limit = 0.0 if own is None else own / 1e3
    rule = row if own is None else None
    if pressure == 0.0:
        why = _BY_GRAVITY.format(**shown)
        return at_most(id, _PRESSURE, 0.0, "kPa", rule, why, limit=limit)
    why = _SEALED.format(**shown, pressure=f"{pressure:.0f}")
    if own is None:
        missing = ["maximum_wellhead_pressure"]
        return unknown(id, _PRESSURE, "kPa", row, missing, why=why, value=pressure)
    needs = point.needs(level + own / (WATER_DENSITY * GRAVITY))
    return at_most(
        id, _PRESSURE, pressure, "kPa", rule, why, limit=limit, cure=cure(needs), needs=needs
    )


def lifting_check(point: WellPoint, rules: WellRules) -> WellCheck:
    """Head per metre of depth against a rule of thumb."""
    row, top = rules.row("well.lifting_head_per_depth"), point.screen_top
    assert row.value is not None
    ratio = point.head / top if top > 0.0 else math.inf
    why = _AT_TOP.format(head=f"{point.head:.2f}", top=f"{top:g}")
    needs = point.needs(row.value * top)
    if point.head / row.value <= point.well_depth:
        needs["screen_top"] = point.head / row.value
    return at_most(
        "lifting", _LIFTING, ratio, row.unit, row, why, cure=cure(needs), needs=needs
    )  # fmt: skip


def effective_stress_check(point: WellPoint, rules: WellRules) -> WellCheck:
    """Added pressure against the weight of the ground: a share warns, all of it refuses.

    Where the level at rest is not known, only what fails even with the deepest level is refused.
    """
    row, top, level = rules.row("well.effective_stress_share"), point.screen_top, point.static_level
    assert row.value is not None
    stress = _stress(point, top if level is None else level, rules)
    ratio = float(uplift_ratio(point.head, stress)) if stress > 0.0 else math.inf
    why = _AT_TOP.format(head=f"{point.head:.2f}", top=f"{top:g}")
    if ratio <= 1.0 and level is None:
        return unknown("effective_stress", _STRESS, "1", row, ["static_level"], why=why)
    needs = point.needs(row.value * stress / (WATER_DENSITY * GRAVITY))
    found = at_most(
        "effective_stress", _STRESS, ratio, "1", row, why, cure=cure(needs), needs=needs
    )
    if ratio <= 1.0:
        return found
    reason = _AND.format(one=why, other=_LIFTED)
    if level is None:
        reason = _AND.format(one=reason, other=_EVEN_DRY)
    return worse(found, "fail", reason)


def seal_gradient_check(design: WellDesign, heads: WellHeads, rules: WellRules) -> WellCheck | None:
    """Erosion along the casing; None for an open hole, and in rock, where no grains are moved.

    Beyond the critical gradient of loose grains (their weight under water) the check refuses; the
    share of it that is kept in practice warns.
    """
    if design.standing_column or design.loose_ground is False:
        return None
    share = rules.row("well.seal_gradient_share")
    assert share.value is not None
    pores = design.mean_of_ground(design.column.porosity)
    critical = float(critical_gradient(pores, rules.value("well.grain_density")))
    length = min(pair.seal.length for pair in design.well.pairs)
    if not math.isfinite(heads.seal_gradient):
        needs = {"seal_length": 1.0}
        return at_most("seal_gradient", _SEAL, math.inf, "1", None, _NO_SEAL, limit=critical,
                       cure=cure(needs), needs=needs)  # fmt: skip
    fall, tight = heads.seal_gradient * length, _MATERIALS.get(design.seal_material or "")
    why = _SEAL_WHY.format(fall=f"{fall:.2f}", length=f"{length:g}")
    beyond = heads.seal_gradient > critical
    if beyond and design.seal_material is None:
        return unknown("seal_gradient", _SEAL, "1", share, ["seal_material"],
                       why=_AND.format(one=why, other=_MUST_BE_TIGHT),
                       value=heads.seal_gradient, limit=critical)  # fmt: skip
    if tight is not None:
        why = _AND.format(one=why, other=_IS_TIGHT.format(material=tight))
    limit = critical if beyond or tight is not None else share.value * critical
    ratio = heads.seal_gradient / limit
    present = min(design.conductivity_along(screen) for screen in design.screens)
    needs = {"flow": design.flow * HOUR / ratio, "conductivity": present * ratio}
    if length * ratio <= design.swept_thickness:
        needs["seal_length"] = length * ratio
    found = at_most(
        "seal_gradient", _SEAL, heads.seal_gradient, "1", share, why, limit=limit,
        cure=cure(needs, *(() if tight is not None else (_GROUT,))), needs=needs,
    )  # fmt: skip
    return worse(found, "fail") if beyond and tight is None else found


def _stress(point: WellPoint, level: float, rules: WellRules) -> float:
    """Vertical effective stress at the top of the screen, Pa.

    Weights of the ground from its porosity, dry above the level of the water at rest. Under a
    confining layer the pressure of the aquifer counts from below, the weight as if wet.
    """
    pores = point.porosity_above
    dry = (1.0 - pores) * rules.value("well.grain_density")
    return float(
        vertical_effective_stress(
            point.screen_top, level, wet_density=dry + pores * WATER_DENSITY, dry_density=dry
        )
    )
