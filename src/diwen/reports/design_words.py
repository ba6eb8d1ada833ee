"""Words and numbers of a design report: kinds, origins, lights, amounts in the units of the field.

A number is formatted once, with the same characters in both languages.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from diwen.language import Text, same
from diwen.reports.document import Cell, Light
from diwen.reports.numbers import NONE, number
from diwen.reports.schematic_words import halves

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from diwen.design.station_design.design_result import Status

MEGAWATT_HOUR, HOUR, MINUTE = 3.6e9, 3600.0, 60.0
MONTHS = tuple(Text(en, f"{place} 月") for place, en in enumerate(
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), 1
))  # fmt: skip
LIGHT_OF: dict[Status, Light] = {
    "ok": "good", "fails": "bad", "warns": "attention", "unknown": "unresolved",
    "not_judged": "refused",
}  # fmt: skip
LOAD_KINDS = {
    "heating": Text("heating", "供暖"), "cooling": Text("cooling", "供冷"),
    "hot_water": Text("hot water", "生活热水"), "pool": Text("pool heat", "泳池加热"),
    "process": Text("process heat", "工艺用热"),
}  # fmt: skip
ORIGINS = {
    "measured": Text("measured", "实测"), "given": Text("given", "给定"),
    "simulated": Text("simulated (model of the building)", "模拟（建筑模型）"),
    "index": Text("area index (first studies only)", "面积指标（仅供初步研究）"),
}  # fmt: skip
DUTIES = {"heating": Text("heating", "供暖"), "cooling": Text("cooling", "供冷")}
SOURCE_KINDS = {
    "borefield": Text("bore field", "地埋管换热器"),
    "circulation_well": Text("circulation wells", "单井循环井"),
    "standing_column_well": Text("standing column wells", "立柱井"),
    "groundwater_wells": Text("groundwater wells", "地下水井"),
    "well_doublet": Text("well doublets", "抽灌井对"),
    "surface_water": Text("surface water", "地表水"),
    "open_water": Text("open water", "地表水"),
    "wastewater": Text("waste water", "污水"),
    "sewage": Text("sewage", "污水"),
    "reclaimed_water": Text("reclaimed water", "再生水"),
    "mine_water": Text("mine water", "矿井水"),
    "waste_heat": Text("waste heat", "余热源"),
    "other": Text("other source", "其他热源"),
    "air": Text("outdoor air", "室外空气"),
}
UNIT_TYPES = {
    "water_water": Text("water-to-water", "水—水"),
    "brine_water": Text("brine-to-water", "盐水—水"),
    "water_air": Text("water-to-air", "水—空气"),
    "brine_air": Text("brine-to-air", "盐水—空气"),
    "air_water": Text("air-to-water", "空气—水"),
    "air_air": Text("air-to-air", "空气—空气"),
    "steam": Text("steam", "蒸汽"),
}
GROUPS = {
    "heat_pumps": Text("units", "机组"), "source_pumps": Text("source pumps", "热源侧水泵"),
    "load_pumps": Text("load pumps", "用户侧水泵"), "backups": Text("back-up", "辅助热源"),
    "recharges": Text("recharge", "补热（散热）"), "controls": Text("controls", "控制"),
}  # fmt: skip
SIDES = {"source": Text("source side", "热源侧"), "load": Text("load side", "用户侧")}
TARGETS = {
    "band": Text("allowed ratio", "允许的排取热比"),
    "closed": Text("closed balance (ratio 1)", "完全平衡（比值 1）"),
    "entering": Text("limit of the water entering the units", "机组进水温度限值"),
    "leaving": Text("limit of the water leaving the units", "机组出水温度限值"),
    "supply": Text("share of the load not met", "负荷不满足率"),
}
SIMULATED = Text("simulated", "模拟")
CALCULATED = Text("calculated", "计算")
ASSUMED = Text("assumed", "假定")
GIVEN = Text("given", "给定")
UNVERIFIED = Text("not verified", "未核实")
YES, NO = Text("yes", "是"), Text("no", "否")
DASH = same(NONE)
NOT_TOLD = Text("not told", "无法给出")


_SAID = {"assumed": ASSUMED, "given": GIVEN, "measured": Text("measured", "实测")}


def origin_said(text: str) -> Text:
    """What a site file says of an origin, in both languages where it is one usual word."""
    parts = text.split(", ")
    known = [_SAID.get(part.strip().lower()) for part in parts]
    if not any(known):
        return halves(text)
    zh = "，".join(part if one is None else one.zh for part, one in zip(parts, known, strict=True))
    return Text(text, zh)


def mwh(energy: float | None, decimals: int = 1) -> str:
    """Joules as megawatt hours."""
    return number(None if energy is None else energy / MEGAWATT_HOUR, decimals)


def kw(power: float | None, decimals: int = 1) -> str:
    """Watts as kilowatts."""
    return number(None if power is None else power / 1e3, decimals)


def flow(volume: float | None) -> str:
    """m³/s as m³/h."""
    return number(None if volume is None else volume * HOUR, 1)


def celsius(value: float | None) -> str:
    """A temperature, °C."""
    return number(value, 1)


def money(amount: float | None, decimals: int = 1) -> str:
    """CNY as ten thousands (万元)."""
    return number(None if amount is None else amount / 1e4, decimals)


MONEY = Text("× 10⁴ CNY", "万元")


def tonnes(mass: float | None, decimals: int = 1) -> str:
    """Kilograms as tonnes."""
    return number(None if mass is None else mass / 1e3, decimals)


def share(value: float | None, decimals: int = 1) -> str:
    """A share in percent, without its sign."""
    return number(None if value is None else 100.0 * value, decimals)


def ratio(value: float | None) -> str:
    """A pure number."""
    return number(value, 2)


def significant(value: float | None, digits: int = 3) -> str:
    """A number with so many significant digits, never more decimals than that."""
    if value is None or not math.isfinite(value):
        return NONE
    if value == 0.0:
        return "0"
    places = digits - 1 - math.floor(math.log10(abs(value)))
    text = number(value, min(max(places, 0), 6))
    return text.rstrip("0").rstrip(".") if "." in text else text


def with_unit(value: float | None, unit: str, digits: int = 3) -> Text:
    """A number with its unit as people write it; a pure number stands alone."""
    if value is not None and unit in _READ_AS:
        size, unit = _READ_AS[unit]
        value = value / size
    shown = significant(value, digits)
    return same(shown) if unit in ("", "1") or shown == NONE else amount(shown, unit)


_READ_AS = {"J": (MEGAWATT_HOUR, "MWh"), "W": (1e3, "kW")}
_UNITS_ZH = {"a": "年", "wells": "口", "pairs": "对", "h/a": "h/年", "MWh/a": "MWh/年",
             "CNY": "元", "units": "台", "boreholes": "孔"}  # fmt: skip


def amount(shown: str, unit: str) -> Text:
    """A printed number with its unit in both languages."""
    return Text(f"{shown} {unit}", f"{shown} {_UNITS_ZH.get(unit, unit)}")


def payback(years: float) -> Text:
    """A payback time in words where it is none."""
    if math.isnan(years):
        return DASH
    if math.isinf(years):
        return Text("not within the study", "分析期内不回收")
    if years == 0.0:
        return Text("at once (cheaper to build)", "无需回收（投资更低）")
    if years < 0.05:
        return Text("less than 0.1 a", "不足 0.1 年")
    return Text(f"{years:.1f} a", f"{years:.1f} 年")


def hour_of_year(hour: int) -> Text:
    """A moment of the repeating year: ``15 January, 07:00``."""
    day, clock = divmod(hour % 8760, 24)
    month = int(np.searchsorted(_MONTH_ENDS, day, side="right"))
    date = day - (0 if month == 0 else int(_MONTH_ENDS[month - 1])) + 1
    return Text(
        f"{date} {_LONG_MONTHS[month]}, {clock:02d}:00", f"{month + 1} 月 {date} 日 {clock:02d}:00"
    )


_MONTH_ENDS = np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_LONG_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August",
                "September", "October", "November", "December")  # fmt: skip


def months_in_words(months: Iterable[int]) -> Text:
    """Calendar months (1 to 12) in a row."""
    chosen = list(months)
    return Text(
        ", ".join(MONTHS[month - 1].en for month in chosen),
        "、".join(str(month) for month in chosen) + (" 月" if chosen else ""),
    )


def decimals_for(values: ArrayLike) -> int:
    """Decimals that a column needs so that its largest value has four digits."""
    found = np.asarray(values, dtype=float)
    largest = float(np.nanmax(np.abs(found))) if np.isfinite(found).any() else 0.0
    return 0 if largest >= 1000.0 else 1 if largest >= 100.0 else 2


def marked(verified: bool, text: Text) -> Cell:
    """A cell that says below itself where its number is not verified."""
    return Cell(text, None, None if verified else UNVERIFIED)


def upper_first(text: Text) -> Text:
    """The text with a capital at its beginning."""
    return Text(text.en[:1].upper() + text.en[1:], text.zh)
