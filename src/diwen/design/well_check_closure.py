"""Does all the water go back, into the layer it came from, and through the ground.

Full reinjection is what GB 50366 5.1.1 asks for; that the water stays in its layer, and that it
does not take a short way inside the well, is what makes a circulation well one.
"""

from __future__ import annotations

from diwen.design.well_check_cure import cure, figures
from diwen.design.well_check_heads import WellHeads
from diwen.design.well_check_result import WellCheck, at_least, at_most, unknown, worse
from diwen.design.well_check_rules import WellRules
from diwen.design.well_design import WellDesign
from diwen.language import Text

_BALANCE = Text("reinjected share of the water", "回灌率")
_LAYER = Text("returned water that stays in its layer", "同层回灌份额")
_BYPASS = Text("bypass past the seal", "密封旁通率")
_GRAVEL = Text("short circuit in the gravel", "砾料短路份额")
_BEARING = Text("screens beside water-bearing layers", "滤水管位于含水层的份额")

_ALL = Text("all water is returned", "抽出的水全部回灌")
_BLED = Text("{share} % of the water is bled off", "排放 {share} % 的水")
_KEPT_BACK = Text("{share} % of the water is not reinjected", "{share} % 的水未回灌")
_NOT_RETURNED = Text("the water is not returned", "抽出的水不回灌")
_NO_BLEED = Text("no bleed; more depth, more wells or a smaller load instead",
                 "取消排放，改为加大井深、增加井数或减小负荷")  # fmt: skip
_RETURN_IT = Text("wells that take all of the water back", "增设可容纳全部水量的回灌井")
_CLOSED = Text("{lost} % of the returned water leaves for the far field", "{lost} % 的回水流向远场")
_NOT_CLOSED = Text(
    "not closed: {lost} % of the returned water leaves for the far field, the pump draws other "
    "water",
    "不闭合：{lost} % 的回水流向远场，水泵抽取的是其他地下水",
)
_ONE_LAYER = Text("both screens of a pair in the same aquifer, without a tight layer between",
                  "每级的回水区与取水区置于同一含水层，其间不得有隔水层")  # fmt: skip
_LEAK = Text(
    "{share} % of the return is pumped again at once: the drop of the water grows by {more} %",
    "{share} % 的回水立即被抽出：进出水温差增大 {more} %",
)
_NO_LEAK = Text("the other checks assume no leak", "其余校核按无旁通考虑")
_TEST = Text("a flow-step test of the well, or bypass in the file",
             "进行变流量试验，或在文件中给出 bypass")  # fmt: skip
_TIGHT = Text("no leak, as given", "按所给资料无旁通")
_UNSEALED = Text(
    "nothing seals the well between its zones: returned water runs straight to the pump, how much "
    "is not known",
    "两区之间未设密封：回水可沿井内直接进入水泵，旁通率未知",
)
_MAKE_SEAL = Text("a packer, grout or clay between the zones; prove it by a flow-step test",
                  "在两区之间设封隔器、注浆或黏土球密封，并以变流量试验验证")  # fmt: skip
_RESEAL = Text("a better packer or a grouted seal; prove it by a flow-step test",
               "更换封隔器或对密封区注浆，并以变流量试验验证")  # fmt: skip
_DOWN = Text(
    "{share} % of the returned water runs down the gravel (K {gravel} m/s against {ground} m/s "
    "of the ground)",
    "{share} % 的回水沿换热颗粒下行（颗粒渗透系数 {gravel} m/s，地层 {ground} m/s）",
)
_SEAL_RING = Text("a seal in the annulus between the zones", "在两区之间的环隙设密封段")
_PART = Text("the worst screen, {top} to {bottom} m", "最差的滤水管：{top}～{bottom} m")
_MOVE = Text("move or shorten the screens", "调整或缩短滤水管")


def water_balance_check(share: float, rules: WellRules, *, bled: bool = False) -> WellCheck | None:
    """Injected over abstracted water.

    Where no rule asks for all of it to go back, less than all is a warning.

    Parameters
    ----------
    share : reinjected over abstracted
    bled : what is missing is bled off, not left out altogether
    """
    row = rules.find("well.reinjected_share")
    if row is None and share >= 1.0:
        return None
    missing = _BLED if bled else _KEPT_BACK
    why = _ALL if share >= 1.0 else missing.format(share=f"{100.0 * (1.0 - share):.3g}")
    if share <= 0.0:
        why = _NOT_RETURNED
    change = _NO_BLEED if bled else _RETURN_IT
    return at_least(
        "water_balance", _BALANCE, share, "1", row, why,
        limit=None if row is not None else 1.0, cure=change, soft=row is None,
    )  # fmt: skip


def same_layer_check(design: WellDesign, heads: WellHeads, rules: WellRules) -> WellCheck | None:
    """Water that leaves by the far boundary; an open hole with bleed is judged by its balance."""
    if design.well.bleed > 0.0:
        return None
    row = rules.row("well.same_layer_share")
    assert row.value is not None
    lost = figures(100.0 * (1.0 - heads.closed_share), 2)
    kept = heads.closed_share >= row.value
    why = (_CLOSED if kept else _NOT_CLOSED).format(lost=lost)
    return at_least("same_layer", _LAYER, heads.closed_share, "1", row, why, cure=_ONE_LAYER)


def bypass_check(design: WellDesign, rules: WellRules) -> WellCheck | None:
    """Leak of the packer or along the casing; None for an open hole.

    What nobody gave or tested is not known. Gravel all along the well may be meant to lead water:
    its own check judges it; else a well without a seal is warned of.
    """
    if design.standing_column:
        return None
    row, share = rules.row("well.bypass"), design.well.bypass
    known = design.bypass_known or share > 0.0
    if not known and design.seal_material == "none" and design.well.annulus is None:
        made = unknown("bypass", _BYPASS, "1", row, ["bypass"], why=_UNSEALED, cure=_MAKE_SEAL)
        return worse(made, "warning", _UNSEALED)
    if not known:
        return unknown("bypass", _BYPASS, "1", row, ["bypass"], why=_NO_LEAK, cure=_TEST)
    more = figures(100.0 * share / (1.0 - share), 2)
    why = _LEAK.format(share=f"{100.0 * share:.3g}", more=more) if share > 0.0 else _TIGHT
    return at_most("bypass", _BYPASS, share, "1", row, why, cure=_RESEAL, soft=True)


def gravel_check(design: WellDesign, heads: WellHeads, rules: WellRules) -> WellCheck | None:
    """Water that never leaves the bore; None without gravel, and for an open hole."""
    if design.standing_column or design.well.annulus is None:
        return None
    row, gravel = rules.row("well.gravel_share"), design.well.annulus
    assert row.value is not None
    ground = max(design.conductivity_along(screen) for screen in design.screens)
    why = _DOWN.format(
        share=figures(100.0 * heads.gravel_share, 2), ground=f"{ground:.2g}",
        gravel=f"{gravel.hydraulic_conductivity:.2g}",
    )  # fmt: skip
    needs = {}
    if 0.0 < heads.gravel_share < 1.0:
        # Two conductances side by side: f/(1-f) goes with that of the gravel.
        present = heads.gravel_share / (1.0 - heads.gravel_share)
        wanted = row.value / (1.0 - row.value)
        needs["gravel_conductivity"] = gravel.hydraulic_conductivity * wanted / present
    return at_most("gravel_short_circuit", _GRAVEL, heads.gravel_share, "1", row, why,
                   cure=cure(needs, _SEAL_RING), needs=needs)  # fmt: skip


def bearing_check(design: WellDesign, rules: WellRules) -> WellCheck | None:
    """Screens that reach out of their aquifer pass less water than their length promises."""
    if design.standing_column:
        return None
    row = rules.row("well.screens_in_aquifer")
    worst = min(design.screens, key=design.bearing_share)
    why = _PART.format(top=f"{worst.top:g}", bottom=f"{worst.bottom:g}")
    return at_least("screens_in_aquifer", _BEARING, design.bearing_share(worst), "1", row, why,
                    cure=_MOVE, soft=True)  # fmt: skip
