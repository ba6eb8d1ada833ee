"""What a design lacks, by how much, and what each by itself would make it feasible.

Judged over the planned years of the site; what is missed only later stands in the compliance list.
An imbalance of the ground alone is no shortfall: its band is a rule from memory; see the recharge
that would close it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from diwen.design.site_sizing import SiteSizing
from diwen.design.site_well_sizing import SiteWellSizing
from diwen.design.station_design.design_hours import full_load, loops_of, units_of
from diwen.design.station_design.design_result import (
    Cure,
    DesignHour,
    RechargeNeed,
    Shortfall,
    SourceDesign,
    StationDesign,
)
from diwen.language import Text
from diwen.site.usual_values import usual_value

_DUTIES = {"heating": Text("heating", "制热"), "cooling": Text("cooling", "制冷")}
_SHORT_FIELD = Text(
    "{name}: {planned} m per borehole planned, {needed} m needed: short by {all} m in all",
    "{name}：规划孔深 {planned} m，需要 {needed} m，合计缺 {all} m",
)
_NO_LENGTH = Text(
    "{name}: no length of the boreholes keeps the limits: {why}",
    "{name}：无论孔深多少均不能满足限值：{why}",
)
_AND = Text("{text}. {said}", "{text}。{said}")
_DISAGREE = Text(
    "The twin, which knows boilers, chillers, other sources, flows and pump heat, keeps the limits "
    "and meets the loads for {years} years with this field, and it judges the plant as a whole; "
    "sizing puts all of the load on this one source, so its metres are what the field would need "
    "alone",
    "数字孪生计入锅炉、冷水机组、其他热源、流量及水泵散热，"
    "该埋管规模下 {years} 年内限值与负荷均满足，系统整体以其为准；"
    "规格计算把全部负荷计于该单一热源，所得孔深为单独承担全部负荷时所需",
)
_SHORT_WELLS = Text(
    "{name}: the planned wells carry {share} % of the load; the highest hour lacks {power} kW",
    "{name}：规划水井可承担负荷的 {share} %，最大小时缺 {power} kW",
)
_REFUSED_WELLS = Text("{name}: the planned wells are refused by {checks}",
                      "{name}：规划水井未通过校核：{checks}")  # fmt: skip
_LONGER = Text("boreholes of {length} m each ({all} m more in all)",
               "孔深加大至每孔 {length} m（合计增加 {all} m）")  # fmt: skip
_MORE_HOLES = Text("{count} more boreholes of the planned length, by proportion: size it anew",
                   "按比例增加 {count} 个规划孔深的钻孔（须重新计算）")  # fmt: skip
_MORE_WELLS = Text(
    "keep the planned wells and drill {count} more of the same kind ({metres} m to drill)",
    "保留规划水井，另增 {count} 口同类水井（钻井 {metres} m）",
)
_OTHER_WELLS = Text(
    "or, instead of the planned wells, {count} wells of the shape that the search recommends "
    "({metres} m to drill in all)",
    "或不采用规划水井，改按搜索推荐的井型打 {count} 口井（共 {metres} m）",
)
_CAPACITY = Text(
    "{duty}: units and back-up give {capacity} kW in the design hour, the load is {load} kW: short "
    "by {short} kW",
    "{duty}：设计小时机组与辅助热源能力 {capacity} kW，负荷 {load} kW，缺 {short} kW",
)
_MORE_UNITS = Text("{count} more units of {name} ({each} kW each in that hour)",
                   "增加 {count} 台 {name}（该小时单台 {each} kW）")  # fmt: skip
_BACKUP = Text("a boiler or electric heater of {power} kW", "设置 {power} kW 的锅炉或电加热")
_PEAK_COLD = Text("a chiller of {power} kW beside the units", "另设 {power} kW 冷水机组")
_COOLER = Text("a supply temperature of {value} °C instead of {before} °C in that hour",
               "该小时供水温度由 {before} °C 降至 {value} °C")  # fmt: skip
_WARMER = Text("a chilled supply of {value} °C instead of {before} °C in that hour",
               "该小时冷冻供水温度由 {before} °C 升至 {value} °C")  # fmt: skip
_UNMET = Text(
    "{duty}: {energy} MWh ({share} %) of the load of year {year} are not met; most in an hour: "
    "{power} kW",
    "{duty}：第 {year} 年有 {energy} MWh（{share} %）负荷未满足，单小时最多 {power} kW",
)
_TEMPERATURE = Text(
    "{name}: the water {place} the units comes to {value} °C within {years} years, the limit is "
    "{limit} °C",
    "{name}：{years} 年内{place}机组水温达 {value} °C，限值 {limit} °C",
)
_PLACES = {"entering": Text("entering", "进"), "leaving": Text("leaving", "出")}
_GIVE = Text("recharge of {energy} MWh a year at {power} kW", "全年补热 {energy} MWh（{power} kW）")
_TAKE = Text("rejection of {energy} MWh a year by a tower or dry cooler of {power} kW",
             "以 {power} kW 冷却塔（干冷器）全年散热 {energy} MWh")  # fmt: skip
_ANTIFREEZE = Text(
    "antifreeze in the ground loop, and units made for it: size the field anew with it",
    "地埋管循环液改用防冻液，并选用相应机组（须重新计算孔深）",
)
_STEP = 0.5


def _shown(value: float) -> str:
    """Four digits, never with an exponent: 25,051 and 13.62."""
    return f"{value:,.0f}" if abs(value) >= 1000.0 else f"{value:.4g}"


def judged_years(design: StationDesign) -> int:
    """Years over which a design has to keep its limits: the planned ones, as far as they ran."""
    return min(math.ceil(design.site.operation.planned_years), len(design.run.years))


def shortfalls_of(design: StationDesign) -> tuple[Shortfall, ...]:
    """Everything that lacks: source, capacity, supply, temperatures."""
    found = [
        *_of_sources(design),
        *_of_all_capacity(design),
        *_of_supply(design),
        *_of_temperatures(design),
    ]
    return tuple(found)


# ---- source


def _of_sources(design: StationDesign) -> Iterator[Shortfall]:
    for source in design.sources:
        if source.suffices is not False:
            continue
        if isinstance(source.sizing, SiteSizing):
            yield _of_field(design, source, source.sizing)
        elif isinstance(source.sizing, SiteWellSizing):
            yield _of_wells(design, source, source.sizing)


def _of_field(design: StationDesign, source: SourceDesign, sizing: SiteSizing) -> Shortfall:
    needed = sizing.sizing.length
    if needed is None:
        reasons = sizing.sizing.reasons
        why = Text("; ".join(one.en for one in reasons), "；".join(one.zh for one in reasons))
        text = _judged_by(design, source.name, _NO_LENGTH.format(name=source.name, why=why))
        return Shortfall(f"source.{source.name}", text, None, "m", ())
    lack = (needed - source.planned) * source.count
    text = _SHORT_FIELD.format(name=source.name, planned=_shown(source.planned),
                               needed=_shown(needed), all=_shown(lack))  # fmt: skip
    text = _judged_by(design, source.name, text)
    holes = math.ceil(source.count * needed / source.planned - 1e-9) - source.count
    longer = Cure("metres", _LONGER.format(length=_shown(needed), all=_shown(lack)), lack, "m")
    more = Cure("boreholes", _MORE_HOLES.format(count=holes), float(holes), "1", computed=False)
    return Shortfall(f"source.{source.name}", text, lack, "m", (longer, more))


def _judged_by(design: StationDesign, name: str, text: Text) -> Text:
    """The finding of the sizing engine, and which engine judges where the twin finds otherwise.

    Sizing puts all of the load on the field; where nothing else carries any, both know the same.
    """
    site = design.site
    shared = bool(site.boilers or site.chillers) or len(design.sources) > 1
    if not shared or not _held_by_twin(design, name):
        return text
    said = _DISAGREE.format(years=judged_years(design))
    return _AND.format(text=text, said=said)


def _held_by_twin(design: StationDesign, name: str) -> bool:
    """Whether the twin keeps the limits of a source and meets the loads in the planned years.

    Without a search for recharge the limits were not looked at, so nothing is claimed.
    """
    limits = [need for need in design.recharge
              if need.source == name and need.target in ("entering", "leaving")]  # fmt: skip
    if not limits or any(True for _ in _of_supply(design)):
        return False
    return all(need.energy == 0.0 or need.years > judged_years(design) for need in limits)


def _of_wells(design: StationDesign, source: SourceDesign, sizing: SiteWellSizing) -> Shortfall:
    lack, best = sizing.planned.shortfall, sizing.search.recommended
    cures: list[Cure] = []
    if lack is not None and lack.wells is not None and lack.metres is not None:
        more = lack.wells - source.count
        text = _MORE_WELLS.format(count=more, metres=_shown(lack.metres))
        cures.append(Cure("wells", text, float(more), "1", computed=False))
    if best is not None:
        text = _OTHER_WELLS.format(count=best.count, metres=_shown(best.metres))
        cures.append(Cure("wells", text, float(best.count), "1"))
    if lack is None:
        checks = [one.name for one in sizing.planned.checks.failures]
        names = Text(", ".join(one.en for one in checks), "、".join(one.zh for one in checks))
        text = _REFUSED_WELLS.format(name=source.name, checks=names)
        return Shortfall(f"source.{source.name}", text, None, "1", tuple(cures))
    text = _SHORT_WELLS.format(name=source.name, share=f"{100 * lack.share:.3g}",
                               power=_shown(lack.power / 1e3))  # fmt: skip
    return Shortfall(f"source.{source.name}", text, lack.power, "W", tuple(cures))


# ---- capacity


def capacity_fails(design: StationDesign, hour: DesignHour) -> bool:
    """Whether too little capacity in an hour makes the design fail.

    In the first year it does; in a later one only where the twin leaves more of the load unmet than
    the rules allow, since sources drift and the hardest hour of many years need not be kept.
    """
    allowed = usual_value("default.simulated.unmet") / 100.0
    years = design.run.years[: judged_years(design)]
    return hour.year == 1 or max(one.summary.unmet_share for one in years) > allowed


def _of_all_capacity(design: StationDesign) -> Iterator[Shortfall]:
    """Duties whose hardest design hour in the planned years is beyond units and back-up."""
    for one in design.plant.hours:
        hour = design.plant.hardest(one.duty, judged_years(design))
        if hour is not None and hour.margin < -1e-9 and capacity_fails(design, hour):
            yield _of_capacity(design, hour)


def _of_capacity(design: StationDesign, hour: DesignHour) -> Shortfall:
    short = hour.load - hour.capacity - hour.backup
    text = _CAPACITY.format(
        duty=_DUTIES[hour.duty], capacity=_shown((hour.capacity + hour.backup) / 1e3),
        load=_shown(hour.load / 1e3), short=_shown(short / 1e3),
    )  # fmt: skip
    cures = [*_unit_cures(design, hour, short), _backup(hour.duty, short)]
    shifted = _supply_cure(design, hour)
    if shifted is not None:
        cures.append(shifted)
    return Shortfall(f"capacity.{hour.duty}", text, short, "W", tuple(cures))


def _unit_cures(design: StationDesign, hour: DesignHour, short: float) -> Iterator[Cure]:
    """Further units: of the largest kind that the site has, and what the catalogue offers."""
    own = [one for one in design.plant.units if one.duty == hour.duty and one.capacity > 0.0]
    if own:
        largest = max(own, key=lambda one: one.capacity / one.count)
        each = largest.capacity / largest.count
        count = math.ceil(short / each - 1e-9)
        text = _MORE_UNITS.format(count=count, name=largest.name, each=_shown(each / 1e3))
        yield Cure("units", text, float(count), "1")
    offered = design.plant.selection.get(hour.duty)
    if offered is not None and offered.fits:
        best = offered.fits[0]
        text = _MORE_UNITS.format(
            count=best.count, name=best.unit.name,
            each=_shown(best.capacity / best.count / 1e3),
        )  # fmt: skip
        instead = Text(f"instead of the planned units: {text.en}", f"替换规划机组：{text.zh}")
        yield Cure("units", instead, float(best.count), "1")


def _backup(duty: str, short: float) -> Cure:
    text = _BACKUP if duty == "heating" else _PEAK_COLD
    return Cure("backup", text.format(power=_shown(short / 1e3)), short, "W")


def _supply_cure(design: StationDesign, hour: DesignHour) -> Cure | None:
    """The nearest milder supply temperature at which the units carry the load, by their maps."""
    sign = -1.0 if hour.duty == "heating" else 1.0
    rows = {one.name: one for one in design.plant.units if one.duty == hour.duty}
    units = units_of(design.run.station, hour.duty)
    for shift in np.arange(_STEP, usual_value("default.design.supply_shift") + 1e-9, _STEP):
        capacity = sum(
            unit.count * full_load(
                unit, hour.duty,
                rows[unit.name].source_entering if hour.year == 1 else hour.source_entering,
                rows[unit.name].load_leaving + sign * shift,
            )[0]
            for unit in units
        )  # fmt: skip
        if capacity + hour.backup >= hour.load:
            value = hour.load_leaving + sign * float(shift)
            text = _COOLER if hour.duty == "heating" else _WARMER
            said = text.format(value=f"{value:.1f}", before=f"{hour.load_leaving:.1f}")
            return Cure("supply_temperature", said, value, "°C")
    return None


# ---- supply, temperatures


def _of_supply(design: StationDesign) -> Iterator[Shortfall]:
    """Loads that the twin does not meet in the planned years, beyond the tolerance of the rules."""
    allowed = usual_value("default.simulated.unmet") / 100.0
    years = design.run.years[: judged_years(design)]
    for duty, kind in (("heating", "heat"), ("cooling", "cold")):
        unmet = np.array([getattr(one.summary, f"unmet_{kind}") for one in years])
        asked = np.array([getattr(one.summary, f"demand_{kind}") for one in years])
        if not (unmet > allowed * asked).any():
            continue
        worst = int(unmet.argmax())
        power = _worst_power(design, "heating" if duty == "heating" else "cooling")
        text = _UNMET.format(
            duty=_DUTIES[duty], energy=_shown(unmet[worst] / 3.6e9),
            share=f"{100.0 * unmet[worst] / asked[worst]:.2g}", year=worst + 1,
            power=_shown(power / 1e3),
        )  # fmt: skip
        cures = [_backup(duty, power)] if power > 0.0 else []
        cures += [
            cure
            for need in design.recharge
            if need.target == "supply" and (need.kind == "recharge") == (duty == "heating")
            for cure in _cure_of(need)
        ]
        yield Shortfall(f"unmet.{duty}", text, float(unmet[worst]), "J", tuple(cures))


def _worst_power(design: StationDesign, duty: str) -> float:
    """Largest unmet power of the years whose courses were kept, W."""
    loops = loops_of(design.run.station, "heating" if duty == "heating" else "cooling")
    most = 0.0
    for course in design.run.courses.values():
        parts = [course.loops[loop.name].unmet for loop in loops]
        if parts:
            most = max(most, float(np.sum(parts, axis=0).max()))
    return most


def _of_temperatures(design: StationDesign) -> Iterator[Shortfall]:
    """Limits of the water that the twin does not keep in the planned years."""
    for need in design.recharge:
        broken = need.target in ("entering", "leaving") and need.energy != 0.0
        if not broken or need.years > judged_years(design):
            continue
        text = _TEMPERATURE.format(
            name=need.source, place=_PLACES[need.target], value=f"{need.before:.2f}",
            years=need.years, limit=f"{need.aim:g}",
        )  # fmt: skip
        cures = (*_cure_of(need), *_antifreeze(design, need))
        yield Shortfall(
            f"temperature.{need.source}.{need.target}.{need.kind}.{need.years}", text,
            abs(need.before - need.aim), "K", cures,
        )  # fmt: skip


def _antifreeze(design: StationDesign, need: RechargeNeed) -> tuple[Cure, ...]:
    """Said where plain water gets too cold behind the units: the limit is meant for water."""
    fluid = getattr(design.site.sources[need.source], "fluid", None)
    cold = need.target == "leaving" and need.kind == "recharge"
    if not cold or fluid is None or fluid.name != "water":
        return ()
    return (Cure("antifreeze", _ANTIFREEZE, None, "1", computed=False),)


def _cure_of(need: RechargeNeed) -> tuple[Cure, ...]:
    if not need.energy:
        return ()
    shown = {"energy": _shown(need.energy / 3.6e9), "power": _shown(need.power / 1e3)}
    text = (_GIVE if need.kind == "recharge" else _TAKE).format(**shown)
    return (Cure(need.kind, text, need.energy, "J"),)
