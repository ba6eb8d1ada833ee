"""The words of results for readers: modes, boundaries, what a result is of, points that lack.

A `Result` holds stable words for programs (``heat_pumps``, ``H1``). Whoever
shows it to a person takes the names from here, so that the command, the report and the page say
the same.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from diwen.language import Text, same
from diwen.quantities import QUANTITIES

if TYPE_CHECKING:
    from diwen.evaluation.result import Result

#: Boundary of GB/T 50801 for one or more units, and for the whole plant.
UNIT_BOUNDARY = "H1"
SYSTEM_BOUNDARY = "GB/T 50801"

MODES = {
    "heating": Text("heating", "制热"),
    "cooling": Text("cooling", "制冷"),
    "simultaneous": Text("simultaneous heating and cooling", "热冷同供"),
    "hot_water": Text("hot water", "生活热水"),
    "all": Text("all modes", "全部工况"),
}
#: Kinds of heat source of the systems of a portfolio.
SOURCES = {
    "ground": Text("ground source", "地源"),
    "groundwater": Text("groundwater source", "地下水源"),
    "surface_water": Text("surface-water source", "地表水源"),
    "sewage": Text("sewage source", "污水源"),
    "waste_heat": Text("waste-heat source", "余热源"),
    "air": Text("air source", "空气源"),
    "other": Text("other source", "其他热源"),
}
_BOUNDARIES = {
    UNIT_BOUNDARY: Text("heat pumps only (H1)", "仅热泵机组（H1）"),
    SYSTEM_BOUNDARY: Text("system by GB/T 50801", "GB/T 50801 系统"),
}
# One word of `Result.of`; ids of equipment, wells, rooms and systems are shown as they are.
_THINGS = {
    "heat_pumps": Text("heat pumps", "热泵机组"),
    "source_pumps": Text("source-side pumps", "地源侧水泵"),
    "load_pumps": Text("load-side pumps", "用户侧水泵"),
    "distribution_pumps": Text("distribution pumps", "输配水泵"),
    "heaters": Text("back-up heaters", "辅助电加热"),
    "terminals": Text("terminals", "末端"),
    "tanks": Text("tanks", "水箱"),
    "controls": Text("controls", "控制系统"),
    "source": Text("source side", "地源侧"),
    "load": Text("load side", "用户侧"),
    "hot_water": MODES["hot_water"],
    "distribution": Text("distribution", "输配"),
    "heating": MODES["heating"],
    "cooling": MODES["cooling"],
    "simultaneous": MODES["simultaneous"],
    "heat": Text("heat", "热量"),
    "electricity": Text("electricity", "电量"),
    "co2": same("CO₂"),
    "so2": same("SO₂"),
    "dust": Text("dust", "粉尘"),
    "BE-PE": Text("baseline less project", "基准线减项目"),
    "all": Text("all", "全部"),
    **SOURCES,
    "abstraction": Text("abstraction", "抽水"),
    "injection": Text("injection", "回灌"),
    "reinjection": Text("injected against abstracted", "回灌对抽出"),
    "gradient": Text("down-gradient against up-gradient", "下游对上游"),
    "upgradient": Text("up-gradient", "上游"),
    "downgradient": Text("down-gradient", "下游"),
}
# Meters at the supply of a plant, by what they measure.
_SUPPLY_METERS = {
    "electric_power": Text("electricity meter", "电能表"),
    "electric_energy": Text("electricity meter", "电能表"),
    "gas_volume": Text("gas meter", "燃气表"),
    "heat_power": Text("heat meter of the supply", "供热入口热量表"),
    "heat_energy": Text("heat meter of the supply", "供热入口热量表"),
}
_EXACT = {"not air": Text("not air source", "非空气源")}
# What the name of a result says already.
_SAID = frozenset(
    {
        "heat_pumps",
        "source_pumps",
        "load_pumps",
        "distribution_pumps",
        "heaters",
        "boilers",
        "reinjection",
        "gradient",
    }
)


def mode_name(mode: str) -> Text:
    """A mode of operation."""
    return MODES.get(mode, same(mode))


def boundary_name(word: str) -> Text:
    """A boundary; labels of a scheme (``SPF H2``) are the same in both languages."""
    return _BOUNDARIES.get(word, same(word))


def thing_name(result: Result) -> Text:
    """What a result belongs to; empty where its name or its mode says it already."""
    of = result.of
    if of in _SAID or of == result.mode:
        return Text("", "")
    indicator = result.detail.get("indicator")  # of the water quality: part of the name
    if indicator:
        of = " ".join(word for word in of.split() if word != indicator)
    return _EXACT.get(of) or Text(_spoken(of, "en"), _spoken(of, "zh"))


def things(words: str) -> Text:
    """Things as a rule lists them, ``heat_pumps + tanks``, in the words of the reports."""
    return Text(_spoken(words, "en"), _spoken(words, "zh"))


def point_role(missing: str) -> Text:
    """A point that lacks, ``EP.p1 electric_energy supply p1``, in words."""
    from diwen.site.locations import LOCATIONS

    parts = missing.split(" ", 3)
    if len(parts) < 3 or parts[1] not in QUANTITIES or parts[2] not in LOCATIONS:
        return same(missing)
    where = measured_where(parts[1], parts[2])
    of = f" {parts[3]}" if len(parts) == 4 else ""
    return Text(f"{parts[0]} ({where.en}){of}", f"{parts[0]}（{where.zh}）{of}")


def measured_where(quantity: str, location: str) -> Text:
    """What is measured and where, in words; a meter at the supply is called by its kind.

    Parameters
    ----------
    quantity : key of ``QUANTITIES``
    location : key of ``site.locations.LOCATIONS``
    """
    from diwen.site.locations import LOCATIONS

    what, place = QUANTITIES[quantity].text, LOCATIONS[location].text
    meter = _SUPPLY_METERS.get(quantity) if location == "supply" else None
    if meter is not None:
        return Text(f"{meter.en}, {what.en}", f"{meter.zh}，{what.zh}")
    return Text(f"{what.en}, {place.en}", f"{place.zh}{what.zh}")


def _spoken(of: str, language: str) -> str:
    """Every word that is known, in one language; the rest as it stands."""

    def word(match: re.Match[str]) -> str:
        text = _THINGS.get(match.group())
        return match.group() if text is None else getattr(text, language)

    return re.sub(r"[^ ]+", word, of)
