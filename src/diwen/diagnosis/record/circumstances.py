"""What the ledger says that explains records: occupancy, services, valves, calibrations.

A line of ``ledger.csv`` is read by its ``item`` first, by its ``stage`` where the item says none of
the words. Understood in both languages, whatever stands around them:

``occupancy``
    occupancy, served area, served share, partial completion; 入住, 供能面积, 供暖面积, 供冷面积,
    投用面积, 使用率; vacancy, 空置 (the rest is served)
``calibration``
    calibrat…, meter certificate, verification; 校准, 检定, 标定
``replacement``
    replac…, exchange of, new meter, new pump, new sensor; 更换, 换新, 换表
``cleaning``
    clean…, flush…, strainer, descal…, backwash; 清洗, 冲洗, 除垢, 回扬, 过滤器, 清堵
``valve_change``
    valve, balanc…, throttl…; 阀, 平衡调节, 水力调节
``commissioning_test``
    trial run, performance test, pressure test, commissioning test; 试运行, 性能测试, 试压, 联合调试
``modification``
    modif…, extension, retrofit; 改造, 扩建, 增设
``service``
    service, maintenance, inspection, repair, refrigerant; 保养, 维护, 检修, 维修, 补液, 加注
``operation`` (when it began; no circumstance)
    begin of operation, start of operation, put into operation, commissioned; 投运, 投入运行,
    交付使用, 开始运行

The value of an occupancy is a share (``60`` with the unit ``%``, ``0.6`` with ``1`` or without a
unit) or a floor area (``m2``) that is divided by the area of the loads.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.record.operating_record import Circumstance
from diwen.quantities import UnitError, parse

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.site.ledger import Entry

Floats = NDArray[np.float64]
WORDS: dict[str, tuple[str, ...]] = {
    "occupancy": ("occupan", "served area", "served share", "share served", "partial completion",
                  "vacan", "入住", "供能面积", "供暖面积", "供冷面积", "投用面积", "使用率",
                  "空置"),
    "calibration": ("calibrat", "meter certificate", "verification", "校准", "检定", "标定"),
    "replacement": ("replac", "exchange of", "new meter", "new pump", "new sensor", "更换", "换新",
                    "换表"),
    "cleaning": ("clean", "flush", "strainer", "descal", "backwash", "清洗", "冲洗", "除垢",
                 "回扬", "过滤器", "清堵"),
    "valve_change": ("valve", "balanc", "throttl", "阀", "平衡调节", "水力调节"),
    "commissioning_test": ("trial run", "performance test", "pressure test", "commissioning test",
                           "试运行", "性能测试", "试压", "联合调试"),
    "modification": ("modif", "extension", "retrofit", "改造", "扩建", "增设"),
    "service": ("service", "maintenance", "inspection", "repair", "refrigerant", "保养", "维护",
                "检修", "维修", "补液", "加注"),
    "operation": ("begin of operation", "start of operation", "put into operation",
                  "commissioned", "投运", "投入运行", "交付使用", "开始运行"),
}  # fmt: skip
_OF_STAGE = {
    "maintenance": "service", "repair": "service", "calibration": "calibration",
    "modification": "modification", "commissioning": "commissioning_test",
}  # fmt: skip
_VACANT = ("vacan", "空置")
_KINDS = (
    "occupancy", "valve_change", "service", "cleaning", "calibration", "replacement",
    "commissioning_test", "modification",
)  # fmt: skip
# Stages that can be the begin of operation, the most telling first.
_BEGIN_STAGES = ("operation", "acceptance", "commissioning")
_SITE = "site"


def circumstances(site: Site) -> tuple[Circumstance, ...]:
    """What the ledger of a site says that explains records, in order of time."""
    entries = sorted(site.ledger, key=lambda one: (one.date, one.line))
    told = [(entry, kind_of(entry)) for entry in entries]
    found = [(entry, kind) for entry, kind in told
             if kind != "occupancy" or math.isfinite(served_share(site, entry))]  # fmt: skip
    return tuple(
        Circumstance(
            kind, _object(site, entry), entry.date, _until(found, place),
            served_share(site, entry) if kind == "occupancy" else _number(entry), entry,
        )
        for place, (entry, kind) in enumerate(found)
        if kind in _KINDS
    )  # fmt: skip


def kind_of(entry: Entry) -> str:
    """Kind of a line by the words of its item, else by its stage; empty: none."""
    item = entry.item.lower()
    for kind, words in WORDS.items():
        if any(word in item for word in words):
            return kind
    return _OF_STAGE.get(entry.stage, "")


def served_share(site: Site, entry: Entry) -> float:
    """Share of the design that an occupancy entry says is served, 0 to 1; nan: not understood."""
    if not entry.value:
        return math.nan
    unit = entry.unit.strip()
    try:
        value = parse(f"{entry.value} {unit}", "area" if unit.startswith("m") else "ratio")
    except (UnitError, OverflowError):
        return math.nan
    if unit.startswith("m"):
        area = _area(site, _object(site, entry))
        value = value / area if area else math.nan
    if any(word in entry.item.lower() for word in _VACANT):
        value = 1.0 - value
    return value if 0.0 <= value <= 1.0 else math.nan


def occupancy(site: Site, found: Sequence[Circumstance], day: NDArray[np.datetime64]) -> Floats:
    """Share of the use for which the loads of the site are given that is served, shape (n,).

    A load of which only a share is served now (``served_share``) is counted with that share in the
    loads of the site; what the ledger says is taken relative to it. Several loads count by their
    floor area, alike where one has none.

    Parameters
    ----------
    found : circumstances of the site
    day : local date of each hour, datetime64[D], shape (n,)
    """
    whole = _course([one for one in found if one.kind == "occupancy" and one.object == _SITE], day)
    if not site.loads:
        return np.nan_to_num(whole, nan=1.0)
    areas = [item.area for item in site.loads.values()]
    weights = [float(area) if area and all(areas) else 1.0 for area in areas]
    total = np.zeros(len(day))
    for (id, item), weight in zip(site.loads.items(), weights, strict=True):
        own = _course([one for one in found if one.kind == "occupancy" and one.object == id], day)
        said = np.where(np.isfinite(own), own, whole)
        share = said / item.served_share if item.served_share else said
        total += weight * np.where(np.isfinite(share), share, 1.0)
    return np.asarray(total / sum(weights))


def begin_of_operation(site: Site) -> date | None:
    """The day from which the ledger says that the plant runs; None: it does not say.

    A line that says so in words, else the first acceptance, else the first commissioning, of the
    site or a heat pump.
    """
    objects = {_SITE, "", site.id, *site.heat_pumps}
    lines = [one for one in site.ledger
             if one.stage in _BEGIN_STAGES and one.object in objects]  # fmt: skip
    said = [one.date for one in lines if kind_of(one) == "operation"]
    if said:
        return min(said)
    for stage in _BEGIN_STAGES[1:]:
        days = [one.date for one in lines if one.stage == stage]
        if days:
            return min(days)
    return None


def year_of_units(site: Site, first: date) -> date | None:
    """1 January of the year in which the first unit was commissioned, if before the first record.

    Parameters
    ----------
    first : day of the first record
    """
    years = [unit.commissioned for unit in site.heat_pumps.values() if unit.commissioned]
    return date(min(years), 1, 1) if years and min(years) < first.year else None


def _course(entries: Sequence[Circumstance], day: NDArray[np.datetime64]) -> Floats:
    """What entries one after another say, nan before the first, shape (n,)."""
    value = np.full(len(day), np.nan)
    for one in sorted(entries, key=lambda one: one.since):
        value[day >= np.datetime64(one.since, "D")] = one.value
    return value


def _until(found: Sequence[tuple[Entry, str]], place: int) -> date | None:
    """Until the next occupancy of the same object; all else is done on its day."""
    entry, kind = found[place]
    if kind != "occupancy":
        return entry.date
    for other, its in found[place + 1 :]:
        if its == kind and other.object == entry.object and other.date > entry.date:
            return other.date
    return None


def _object(site: Site, entry: Entry) -> str:
    """Equipment, point or load; ``site`` for the site itself."""
    name = entry.object.strip()
    return _SITE if name in ("", _SITE, site.id, "项目", "全部", "plant") else name


def _number(entry: Entry) -> float:
    try:
        return float(entry.value)
    except ValueError:
        return math.nan


def _area(site: Site, object: str) -> float | None:
    """Floor area of a load or of the whole site, m²."""
    if object in site.loads:
        return site.loads[object].area or site.place.heated_area
    areas = [item.area for item in site.loads.values() if item.area]
    return sum(areas) or site.place.heated_area or site.place.cooled_area
