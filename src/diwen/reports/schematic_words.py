"""Names and numbers of a schematic: short, in one language, as the site states them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from diwen.language import Text
from diwen.reports.schematic_graph import Item

if TYPE_CHECKING:
    from diwen.site.model import Site

_WORDS = {
    "borefield": Text("Bore field", "地埋管换热孔群"),
    "circulation_well": Text("Circulation wells", "循环井"),
    "standing_column_well": Text("Standing column wells", "同井循环立柱井"),
    "groundwater_wells": Text("Groundwater wells", "地下水井群"),
    "well_doublet": Text("Well doublet", "抽灌井对"),
    "surface_water": Text("Surface water", "地表水"),
    "sewage": Text("Sewage", "污水"),
    "reclaimed_water": Text("Reclaimed water", "再生水"),
    "mine_water": Text("Mine water", "矿井水"),
    "waste_heat": Text("Waste heat", "余热"),
    "air": Text("Outdoor air", "室外空气"),
    "source": Text("Source", "热源"),
    "zone": Text("Zone", "分区"),
    "pump": Text("Pumps", "水泵"),
    "exchanger": Text("Heat exchanger", "换热器"),
    "unit": Text("Heat pump", "热泵机组"),
    "chiller": Text("Chiller", "冷水机组"),
    "backup": Text("Boiler", "锅炉"),
    "heater": Text("Electric heater", "电加热器"),
    "tank": Text("Tank", "水箱"),
    "recharge": Text("Recharge", "补热装置"),
    "collector": Text("Solar collector", "太阳能集热器"),
    "tower": Text("Cooling tower", "冷却塔"),
    "building": Text("Building", "建筑"),
    "hot_water": Text("Hot water", "生活热水"),
    "pool": Text("Pool", "泳池"),
    "load": Text("Load", "负荷"),
    "loop": Text("Loop", "回路"),
}
_HEATING = Text("heating {value} kW", "制热 {value} kW")
_COOLING = Text("cooling {value} kW", "制冷 {value} kW")
_NEEDS_HEAT = Text("heat load {value} kW", "热负荷 {value} kW")
_NEEDS_COLD = Text("cold load {value} kW", "冷负荷 {value} kW")
_BORES = Text("{count} × {length} m", "{count} 孔 × {length} m")
_WELLS = Text("{count} wells, {depth} m", "{count} 口井，深 {depth} m")
_WELL = Text("1 well, {depth} m", "1 口井，深 {depth} m")
_CHINESE = re.compile(r"[\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")
_LATIN = re.compile(r"[A-Za-z]")
_NUMBER = re.compile(r"[\d.,]+")
_LONGEST_WORD = 6
_EDGES = " ,;:/|—–-，；：、·"
SQUARE = 0x2E7F


def ems(text: str) -> float:
    """Width in heights of its letters, rather wide than narrow; a Chinese letter is square."""
    return sum(1.0 if ord(c) > SQUARE else 0.62 if c.isupper() or c in "mwMW@%" else 0.54
               for c in text)  # fmt: skip


def halves(name: str) -> Text:
    """A name in both languages at once, such as ``Load pumps 用户侧水泵``, told apart."""
    found = [match.start() for match in _CHINESE.finditer(name)]
    if not found:
        return Text(name, name)
    before, behind = name[: found[0]], name[found[-1] + 1 :]
    if len(_LATIN.findall(before)) >= 3 and len(_LATIN.findall(behind)) < 3:
        cut = before.rfind(" ") + 1
        words = before[:cut].split()
        # The number before a Chinese word is its own where the English has one too: 800 户.
        if (
            cut == len(before)
            and _NUMBER.fullmatch(words[-1])
            and any(_NUMBER.fullmatch(word) for word in words[:-1])
        ):
            cut = before.rstrip().rfind(" ") + 1
        return _parted(name[:cut], name[cut:])
    if len(_LATIN.findall(behind)) >= 3 and len(_LATIN.findall(before)) < 3:
        return _parted(behind, name[: found[-1] + 1])
    return Text(name, name)


def _parted(en: str, zh: str) -> Text:
    return Text(en.strip(_EDGES), zh.strip(_EDGES))


def shown_names(items: list[Item], site: Site) -> dict[str, Text]:
    """The name of every item, apart in each language; what has only an id gets its kind before."""
    whole = {item.id: _whole(item, site) for item in items}
    parted = {name: Text(halves(text.en).en, halves(text.zh).zh) for name, text in whole.items()}
    for language in ("en", "zh"):
        kinds = {item.id: item.kind for item in items}
        often = Counter((kinds[name], text.to(language)) for name, text in parted.items())
        wholes = Counter((kinds[name], text.to(language)) for name, text in whole.items())
        for name, text in parted.items():
            if wholes[kinds[name], whole[name].to(language)] > 1:
                continue  # alike in full, too
            if often[kinds[name], text.to(language)] > 1 and whole[name] != text:
                parted[name] = Text(
                    whole[name].en if language == "en" else parted[name].en,
                    whole[name].zh if language == "zh" else parted[name].zh,
                )
    counts = {item.id: sum(node.count for node in item.nodes) for item in items}
    marked = {item.id: any(node.assumed for node in item.nodes) for item in items}
    return {
        name: _with(_begun(text), f" ×{counts[name]}" * (counts[name] > 1) + " *" * marked[name])
        for name, text in parted.items()
    }


def _begun(text: Text) -> Text:
    """With a capital, as a title has it."""
    return Text(text.en[:1].upper() + text.en[1:], text.zh)


def _with(text: Text, more: str) -> Text:
    return Text(text.en + more, text.zh + more)


def _whole(item: Item, site: Site) -> Text:
    node = item.nodes[0]
    if node.name.en != node.id or node.name.zh != node.id:
        if len(item.nodes) == 1:
            return node.name
        last = item.nodes[-1].name
        return Text(f"{node.name.en} … {last.en}", f"{node.name.zh} … {last.zh}")
    ids = node.id if len(item.nodes) == 1 else f"{node.id}…{item.nodes[-1].id}"
    word = _WORDS.get(symbol_of(item, site), _WORDS.get(item.kind, Text("", "")))
    return Text(f"{word.en} ({ids})", f"{word.zh}（{ids}）")


def table_row(site: Site, name: str, kind: str) -> Any:
    """What the site file says of a thing; None for what it does not name."""
    tables = {
        "source": ("sources",), "pump": ("pumps",), "exchanger": ("exchangers",),
        "unit": ("heat_pumps",), "chiller": ("chillers",), "backup": ("boilers", "heaters"),
        "tank": ("tanks",), "loop": ("loops",), "load": ("loads",),
        "recharge": ("solar_collectors", "cooling_towers"),
    }.get(kind, ())  # fmt: skip
    rows = (getattr(site, table, {}).get(name) for table in tables)
    return next((row for row in rows if row is not None), None)


def symbol_of(item: Item, site: Site) -> str:
    """Which symbol stands for a thing."""
    name = item.nodes[0].id if item.nodes else ""
    row = table_row(site, name, item.kind)
    if item.kind == "source":
        return "air" if row is None else row.type
    if item.kind == "recharge":
        return "collector" if name in site.solar_collectors else "tower"
    if item.kind == "backup":
        return "heater" if name in site.heaters else "backup"
    if item.kind == "load" and row is not None:
        return row.kind if row.kind in ("building", "hot_water", "pool") else "load"
    return item.kind


def numbers_of(item: Item, site: Site) -> tuple[Text, ...]:
    """What the site states of a thing, in the units of a drawing; nothing where it is silent."""
    if not item.nodes:
        return ()
    row = table_row(site, item.nodes[0].id, item.kind)
    if item.kind == "source":
        return _of_source(site, item.nodes[0].id, row)
    if item.kind == "loop":
        return (_same(item.nodes[0].detail),) if item.nodes[0].detail else ()
    if row is None:
        return ()
    if item.kind == "load":
        return _kilowatts(row, "heating_design_load", _NEEDS_HEAT) + _kilowatts(
            row, "cooling_design_load", _NEEDS_COLD)  # fmt: skip
    if item.kind in ("unit", "chiller", "backup"):
        found = _kilowatts(row, "rated_heating_capacity", _HEATING)
        found += _kilowatts(row, "rated_cooling_capacity", _COOLING)
        return found or _plain(row, (("rated_power", 1e-3, "kW"),))
    return _plain(row, (
        ("rated_flow", 3600.0, "m³/h"), ("rated_head", 1.0, "m"), ("volume", 1.0, "m³"),
        ("rated_capacity", 1e-3, "kW"), ("rated_heat", 1e-3, "kW"),
        ("area", 1.0, "m²"), ("rated_power", 1e-3, "kW"),
    ))  # fmt: skip


def _of_source(site: Site, name: str, row: Any) -> tuple[Text, ...]:
    """How many boreholes or wells, how deep, and their water."""
    if row is None:
        return ()
    found: tuple[Text, ...] = ()
    if row.type == "borefield":
        count = len(row.layout.coordinates()) or len(site.borehole_files.get(name, ()))
        length = getattr(row.borehole, "length", None)
        if count and length:
            found += (_BORES.format(count=count, length=_short(length)),)
    elif hasattr(row, "wells"):
        wells = row.wells or {}
        count = getattr(row, "count", None) or len(wells) or 1
        depth = getattr(row, "depth", None) or max((w.depth for w in wells.values()), default=0.0)
        if depth:
            found += ((_WELL if count == 1 else _WELLS).format(count=count, depth=_short(depth)),)
    return found + _plain(row, (("design_flow", 3600.0, "m³/h"),))


def _kilowatts(row: Any, key: str, text: Text) -> tuple[Text, ...]:
    value = getattr(row, key, None)
    return () if value is None else (text.format(value=_short(value / 1e3)),)


def _plain(row: Any, wanted: tuple[tuple[str, float, str], ...]) -> tuple[Text, ...]:
    known = [(getattr(row, key, None), factor, unit) for key, factor, unit in wanted]
    parts = [f"{_short(value * factor)} {unit}" for value, factor, unit in known
             if isinstance(value, float)]  # fmt: skip
    # Two to a line, or the columns grow wide.
    return tuple(_same(", ".join(parts[k : k + 2])) for k in range(0, len(parts), 2))


def _short(value: float) -> str:
    """Three places that count, or all before the point."""
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _same(text: str) -> Text:
    return Text(text, text)


def wrapped(text: str, widest: float, most: int) -> list[str]:
    """A text in lines no wider than some ems; what does not fit is cut and ends in ``…``."""
    tail = re.search(r"(?: ×\d+)?(?: \*)?$", text)
    end = tail[0] if tail else ""
    lines, line = [], ""
    for word in _words(text[: len(text) - len(end)] + end.replace(" ", "\u00a0")):
        if ems((line + word).rstrip()) <= widest or not line:
            line += word
        else:
            lines.append(line.strip(" "))
            line = word
    lines.append(line.strip(" "))
    lines = [part for line in lines for part in _broken(line, widest)]
    if len(lines) > most:
        last = "".join(lines[most - 1 :]) if most == 1 else lines[most - 1]
        kept = end.replace(" ", "\u00a0")
        last = last.removesuffix(kept)
        while last and ems(last + "…" + kept) > widest:
            last = last[:-1]
        lines = [*lines[: most - 1], last.rstrip() + "…" + kept]
    return [line for line in lines if line]


def _words(text: str) -> list[str]:
    """Where a line may break: behind a space, around a short Chinese word, within a long one."""
    found = []
    for part in re.findall(r"[^ \u3400-\u9fff]+ ?|[\u3400-\u9fff]+[，。；：、）]?| ", text):
        long = "\u3400" <= part[0] <= "\u9fff" and len(part) > _LONGEST_WORD
        found += re.findall(r".[，。；：、）]?", part) if long else [part]
    return found


def _broken(line: str, widest: float) -> list[str]:
    """A word wider than a line, cut."""
    parts = []
    while ems(line) > widest:
        cut = next(k for k in range(len(line), 0, -1) if ems(line[:k]) <= widest or k == 1)
        parts.append(line[:cut])
        line = line[cut:]
    return [*parts, line]
