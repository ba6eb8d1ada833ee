"""The ground that a well needs: neighbours, breakthrough, regional flow, buoyancy."""

from __future__ import annotations

import math
from dataclasses import replace

from diwen.design.well_check_cure import cure, figures
from diwen.design.well_check_heads import WellHeads, among_neighbours, even_aquifer
from diwen.design.well_check_result import Verdict, WellCheck, at_least, at_most, unknown, worse
from diwen.design.well_check_rules import WellRules
from diwen.design.well_design import WellDesign
from diwen.language import Text
from diwen.sources.aquifer.heat_arithmetic import temperature_drop
from diwen.sources.aquifer.thermal_front import (
    block_heat,
    front_radius,
    point_dipole_arrival,
    regional_flow_share,
    smallest_cell_radius,
    thermal_retardation,
)
from diwen.sources.response.time_units import DAY, YEAR

_MWH = 3.6e9

_RADIUS = Text("ground of each well against its net heat", "单井占地半径与净取热量")
_VOLUME = Text("water of a season over breakthrough", "全季循环水量与热突破水量之比")
_REGIONAL = Text("heat carried by regional flow", "区域地下水携热份额")
_BUOYANCY = Text("buoyancy over driving gradient", "浮力与驱动坡度之比")
_HEADS = Text("spacing against interference of heads", "井距与水头干扰")

_ALONE = Text("one well alone: no neighbour limits its ground", "单井：不受相邻井限制")
_NET = Text(
    "{net} MWh net a year change the mean of {radius} m of ground by {change} K",
    "每年净取（放）热 {net} MWh，使半径 {radius} m 地层平均温度变化 {change} K",
)
_NEEDS_RADIUS = Text(
    "{net} MWh net a year need {radius} m around the well for {change} K",
    "每年净取（放）热 {net} MWh，温变 {change} K 需井周半径 {radius} m",
)
_EMPTIED = Text(
    "{one}: that is more than the ground holds down to {low} °C",
    "{one}：超过地层在 {low} °C 以上可提供的热量",
)
_AGAIN = Text(
    "{volume} m³ a season, breakthrough after {first} m³ ({model}): the water is used again, its "
    "temperature lives on the heat of the ground",
    "全季循环 {volume} m³，{first} m³ 后热突破（{model}）：回水被重复利用，水温取决于地层蓄热",
)
_FIRST = Text("{volume} m³ a season, breakthrough after {first} m³ ({model})",
              "全季循环 {volume} m³，{first} m³ 后热突破（{model}）")  # fmt: skip
_PATHS = Text("paths of the water, without conduction", "流线法，未计导热")
_POINTS = Text("between two points; long screens are earlier", "点偶极；长滤水管更早")
_TEMPERATURE = Text("compute the water temperature over the season (hourly load)",
                    "请按逐时负荷计算全季水温")  # fmt: skip
_PASSES = Text(
    "regional flow {flux} m/d through {radius} m of swept ground: the axisymmetric model leaves it "
    "out; it brings fresh water and carries a plume away",
    "区域渗流 {flux} m/d，热影响半径 {radius} m：轴对称模型未计入；区域流带来新水并形成下游热羽",
)
_WELL_FIELD = Text("compute the wells in the flow field with regional flow",
                   "请采用含区域流的多井流场计算")  # fmt: skip
_LIGHT = Text("density differs by {density} ‰, heads drive by {gradient}",
              "密度差 {density} ‰，驱动水力坡度 {gradient}")  # fmt: skip
_CONSIDER = Text("reckon with layering of cold water in the aquifer", "须考虑冷水在含水层中的下沉")
_INTERFERE = Text(
    "thickness {thickness} m as stretched by anisotropy", "考虑各向异性的含水层厚度 {thickness} m"
)
_ADD_HEADS = Text("add the heads of the neighbours", "请叠加相邻井水头")


def thermal_radius_check(design: WellDesign, rules: WellRules) -> WellCheck:
    """Radius that the net heat of a year needs against the radius that the well owns.

    Without conduction from outside: careful for wells among wells. The usual change of the block
    warns; a block that does not hold the heat at all refuses.
    """
    row = rules.row("well.block_temperature_change")
    assert row.value is not None
    taken, given = design.season_extraction, design.season_injection
    missing = [] if taken is not None or given is not None else ["yearly_extraction"]
    alone = design.count == 1
    if not alone and design.cell_radius is None:
        missing.append("spacing")
    if missing:
        return unknown("thermal_radius", _RADIUS, "m", row, missing)
    net = (taken or 0.0) - (given or 0.0)
    height, capacity = design.swept_thickness, design.heat_capacity
    least = float(smallest_cell_radius(net, height, capacity, row.value))
    shown = {"net": figures(abs(net) / _MWH, 4)}
    if alone or design.cell_radius is None:
        why = _NEEDS_RADIUS.format(**shown, radius=figures(least), change=f"{row.value:g}")
        why = Text(f"{_ALONE.en}; {why.en}", f"{_ALONE.zh}；{why.zh}")
        return WellCheck("thermal_radius", _RADIUS, least, "m", None, None, "ok", row, why)
    holds = float(block_heat(design.cell_radius, height, capacity))
    change = abs(net) / holds
    why = _NET.format(**shown, radius=f"{design.cell_radius:.3g}", change=figures(change, 2))
    needs = {"cell_radius": least}
    if net > 0.0:
        needs["return_energy"] = (net - row.value * holds) / _MWH + (given or 0.0) / _MWH
    found = at_least("thermal_radius", _RADIUS, design.cell_radius, "m", row, why, limit=least,
                     cure=cure(needs), needs=needs, soft=True)  # fmt: skip
    room = _room(design, rules)
    if net > 0.0 and room is not None and change > room:
        low = f"{design.duty.lowest(rules):g}"
        return worse(found, "fail", _EMPTIED.format(one=why, low=low))
    return found


def season_volume_check(
    design: WellDesign, heads: WellHeads, rules: WellRules, *, judged: WellCheck | None = None
) -> WellCheck | None:
    """Water moved in a season against the volume after which the pump draws returned water.

    A circulation well lives beyond breakthrough: then its temperature decides. None for a standing
    column well, whose water runs past the pump in its own hole by design.

    Parameters
    ----------
    judged : the check of the coldest hour of the season, if it was made
    """
    if design.standing_column:
        return None
    row = rules.row("well.season_volume_share")
    if not design.full_load_time:
        return unknown("season_volume", _VOLUME, "1", row, ["full_load_hours"])
    volume = design.flow * design.full_load_time
    first, model = breakthrough_volume(design, heads, rules)
    shown = {"volume": figures(volume), "first": figures(first), "model": model}
    why = (_FIRST if volume <= first else _AGAIN).format(**shown)
    found = at_most("season_volume", _VOLUME, volume / first, "1", row, why,
                    cure=_TEMPERATURE, soft=True)  # fmt: skip
    if judged is None or judged.verdict == "unknown" or found.verdict == "ok":
        return found
    # The temperature is known: it judges, this number only explains it and has no limit.
    verdict: Verdict = "ok" if judged.verdict == "ok" else "warning"
    return replace(found, verdict=verdict, what_to_change=None, limit=None, margin=None, sense="")


def breakthrough_volume(
    design: WellDesign, heads: WellHeads, rules: WellRules
) -> tuple[float, Text]:
    """Water pumped until a noticed share of it is returned water, m³, and how that was found.

    From the paths of the water where its flow is known; else the earliest arrival between two
    points, which is later than that of real, long screens.
    """
    if heads.field is not None:
        from diwen.sources.circulation_well.breakthrough import Breakthrough
        from diwen.sources.circulation_well.travel_times import travel_times

        found = Breakthrough.from_travel_times(travel_times(heads.field))
        return found.volume_of(rules.value("well.breakthrough_share")), _PATHS
    retardation = float(thermal_retardation(design.heat_capacity))
    volumes = [
        point_dipole_arrival(abs(p.extraction.centre - p.injection.centre), 1.0, retardation)
        for p in design.well.pairs
    ]
    return float(sum(volumes)), _POINTS


def regional_flow_check(design: WellDesign, rules: WellRules) -> WellCheck | None:
    """Whether the flow by itself may be left out; None where no gradient is known."""
    row, flux = rules.row("well.regional_heat_share"), design.regional_flux
    if not flux:
        return None
    heat = max(design.season_extraction or 0.0, design.season_injection or 0.0)
    if not heat or not design.full_load_time:
        return unknown(
            "regional_flow", _REGIONAL, "1", row, ["yearly_extraction", "full_load_hours"]
        )
    height = design.swept_thickness
    retardation = float(thermal_retardation(design.heat_capacity))
    radius = float(front_radius(design.flow * design.full_load_time, height, retardation))
    # Groundwater passes all year round: its heat is set against that of the year.
    mean = heat / YEAR
    drop = float(temperature_drop(max(design.extraction or 0.0, design.injection or 0.0),
                                  design.flow))  # fmt: skip
    share = float(regional_flow_share(flux, radius, height, drop, mean))
    why = _PASSES.format(flux=f"{flux * DAY:.2g}", radius=figures(radius))
    return at_most("regional_flow", _REGIONAL, share, "1", row, why, cure=_WELL_FIELD, soft=True)


def buoyancy_check(design: WellDesign, heads: WellHeads, rules: WellRules) -> WellCheck | None:
    """Density contrast of the returned water against the gradient between the screens."""
    from diwen.fluids import fluid

    back, start = design.duty.return_temperature, design.undisturbed_temperature
    if back is None or start is None or design.standing_column:
        return None
    row, water = rules.row("well.buoyancy_share"), fluid("water")
    density = abs(float(water.density(max(back, 0.0)) / water.density(start)) - 1.0)
    length = min(abs(p.extraction.centre - p.injection.centre) for p in design.well.pairs)
    gradient = (heads.injection + heads.extraction) / length
    why = _LIGHT.format(density=f"{1e3 * density:.2g}", gradient=figures(gradient, 2))
    return at_most("buoyancy", _BUOYANCY, density / gradient, "1", row, why, cure=_CONSIDER,
                   soft=True)  # fmt: skip


def head_spacing_check(design: WellDesign, heads: WellHeads, rules: WellRules) -> WellCheck | None:
    """Whether heads of neighbours may be left out; None where there are none or they are in."""
    added = heads.field is not None and among_neighbours(design)
    if design.count == 1 or design.spacing is None or added:
        return None
    row = rules.row("well.head_spacing")
    assert row.value is not None
    aquifer = even_aquifer(design, design.well.pairs[0])
    thickness = design.swept_thickness
    if aquifer is not None:
        stretch = math.sqrt(aquifer.radial_conductivity / aquifer.vertical_conductivity)
        thickness = aquifer.thickness * stretch
    why = _INTERFERE.format(thickness=figures(thickness))
    needs = {"spacing": row.value * thickness}
    return at_least("head_spacing", _HEADS, design.spacing / thickness, "1", row, why,
                    cure=cure(needs, _ADD_HEADS), needs=needs, soft=True)  # fmt: skip


def _room(design: WellDesign, rules: WellRules) -> float | None:
    """Between ground at rest and the lowest return, K."""
    if design.undisturbed_temperature is None:
        return None
    return design.undisturbed_temperature - design.duty.lowest(rules)
