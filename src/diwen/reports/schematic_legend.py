"""Heading, legend and list of measuring points of a schematic, around its drawing."""

from __future__ import annotations

from dataclasses import replace

from diwen.language import Language, Text
from diwen.reports.schematic_scene import (
    Box,
    Label,
    LegendMark,
    PipeMark,
    Scene,
    TagMark,
)
from diwen.reports.schematic_words import ems, wrapped
from diwen.site.topology import Fluid

NARROWEST, BORDER = 430.0, 12.0
_SIZE, _HEADING, _SMALL = 6.2, 8.6, 5.6
_ROW, _SAMPLE, _BETWEEN = 11.0, 24.0, 16.0
_COLUMNS_APART = 10.0
_FLUIDS: dict[Fluid, Text] = {
    "source": Text("source side: supply / return", "热源侧：供水 / 回水"),
    "heat": Text("heating: supply / return", "供暖：供水 / 回水"),
    "hot_water": Text("hot water: supply / return", "热水：供水 / 回水"),
    "cold": Text("chilled water: supply / return", "冷冻水：供水 / 回水"),
    "air": Text("air", "空气"),
}
_WORDS = {
    "header": Text("header", "分 / 集水器"),
    "machine": Text("condenser above, evaporator below", "上为冷凝器，下为蒸发器"),
    "plain": Text("valve", "阀门"),
    "open": Text("valve open", "阀门开"),
    "closed": Text("valve closed", "阀门关"),
    "idle": Text("not in use", "停用"),
    "valves_assumed": Text("places of the valves assumed", "阀门位置为假定"),
    "assumed": Text("* assumed, not stated by the site", "* 为假定，项目文件未给出"),
    "each": Text("×n: ratings of one of them", "×n：参数为单台值"),
    "meter": Text("measuring point", "测点"),
}
_POINTS = Text("Measuring points", "测点")
_QUANTITIES = {
    "temperature": Text("temperature", "温度"),
    "volume_flow": Text("flow", "流量"),
    "mass_flow": Text("mass flow", "质量流量"),
    "pressure": Text("pressure", "压力"),
    "pressure_difference": Text("pressure difference", "压差"),
    "heat_energy": Text("heat", "热量"),
    "heat_power": Text("heat power", "热功率"),
    "electric_energy": Text("electricity", "电量"),
    "electric_power": Text("electric power", "电功率"),
    "status": Text("status", "状态"),
    "frequency": Text("frequency", "频率"),
    "water_level": Text("water level", "水位"),
    "volume": Text("volume", "水量"),
}


def finished(
    scene: Scene, language: Language, heading: Text | None = None, mode: Text | None = None
) -> None:
    """Shift the drawing into its border, put the heading above and the legend below.

    Parameters
    ----------
    scene : placed and routed, with its states set
    language : of the words
    heading : above the drawing; None where it stands in a report, which has its own
    mode : name of the mode shown
    """
    lines = [text.to(language) for text in (heading, mode) if text is not None]
    inner = max(scene.wide, NARROWEST)
    top = BORDER + (len(lines) * _HEADING * 1.5 + 6.0 if lines else 0.0)
    _shift(scene, BORDER + 0.5 * (inner - scene.wide), top)
    scene.wide, scene.high = inner + 2.0 * BORDER, scene.high + top
    for k, line in enumerate(lines):
        size = _HEADING if k == 0 else 7.2
        shown = wrapped(line, inner / size, 1)[0]
        box = Box(BORDER, BORDER - 3.0 + k * _HEADING * 1.5, ems(shown) * size, size * 1.2)
        scene.labels.append(Label(shown, box, size, k == 0, left=True))
    y = scene.high + 6.0
    if scene.meters:
        y = _points(scene, language, y) + 4.0
    y = _legend(scene, language, y)
    scene.high = y + 4.0


def _shift(scene: Scene, x: float, y: float) -> None:
    """Move all marks."""

    def box(old: Box) -> Box:
        return replace(old, x=old.x + x, y=old.y + y)

    def pipe(old: PipeMark) -> PipeMark:
        return replace(old, points=tuple((a + x, b + y) for a, b in old.points),
                       arrows=tuple((a + x, b + y, way) for a, b, way in old.arrows))  # fmt: skip

    scene.symbols = [replace(m, box=box(m.box), split=m.split + y) for m in scene.symbols]
    scene.labels = [replace(m, box=box(m.box)) for m in scene.labels]
    scene.tags = [TagMark(m.number, m.place, m.x + x, m.y + y) for m in scene.tags]
    scene.pipes = [pipe(m) for m in scene.pipes]
    scene.dots = [pipe(m) for m in scene.dots]
    scene.valves = [replace(m, x=m.x + x, y=m.y + y) for m in scene.valves]
    scene.gaps = [(a + x, b + y) for a, b in scene.gaps]


def _points(scene: Scene, language: Language, y: float) -> float:
    """The list of measuring points in columns; where it ends."""
    texts = [f"{name}: {_quantity(quantity, language)}" for name, quantity in scene.meters]
    wide = min(max(ems(text) for text in texts) * _SMALL, 190.0) + 12.0 + _COLUMNS_APART
    columns = max(1, int((scene.wide - 2.0 * BORDER) // wide))
    rows = -(-len(texts) // columns)
    title = _POINTS.to(language)
    scene.labels.append(Label(title, Box(BORDER, y, ems(title) * _SIZE, _SIZE * 1.2), _SIZE, True,
                              left=True))  # fmt: skip
    y += 11.0
    for k, text in enumerate(texts):
        column, row = divmod(k, rows)
        x, here = BORDER + column * wide, y + row * 9.0
        scene.tags.append(TagMark(k + 1, "", x + 4.0, here + 3.6))
        shown = wrapped(text, 190.0 / _SMALL, 1)[0]
        box = Box(x + 11.0, here, ems(shown) * _SMALL, _SMALL * 1.2)
        scene.labels.append(Label(shown, box, _SMALL, left=True))
    return y + rows * 9.0


def _quantity(name: str, language: Language) -> str:
    return _QUANTITIES.get(name, Text(name.replace("_", " "), name)).to(language)


def _legend(scene: Scene, language: Language, y: float) -> float:
    """Samples of what occurs in the drawing, in rows; where they end."""
    x = BORDER
    for kind, text in _entries(scene):
        word = text.to(language)
        sample = 0.0 if kind == "assumed" else _SAMPLE
        wide = sample + ems(word) * _SIZE
        if x > BORDER and x + wide > scene.wide - BORDER:
            x, y = BORDER, y + _ROW
        if sample:
            scene.legend.append(LegendMark(kind, x, y + 0.5 * _SIZE * 1.2, sample - 5.0))
        box = Box(x + sample, y, ems(word) * _SIZE, _SIZE * 1.2)
        scene.labels.append(Label(word, box, _SIZE, left=True))
        x += wide + _BETWEEN
    return y + _ROW


def _entries(scene: Scene) -> list[tuple[str, Text]]:
    """Kind of sample and its words."""
    fluids = {pipe.fluid for pipe in scene.pipes}
    found: list[tuple[str, Text]] = [(f, text) for f, text in _FLUIDS.items() if f in fluids]
    if any(pipe.header for pipe in scene.pipes):
        found.append(("header", _WORDS["header"]))
    if any(mark.kind in ("unit", "chiller") for mark in scene.symbols):
        found.append(("machine", _WORDS["machine"]))
    states = {valve.state for valve in scene.valves}
    found += [(state, _WORDS[state]) for state in ("plain", "open", "closed") if state in states]
    if scene.valves_assumed:
        found.append(("assumed", _WORDS["valves_assumed"]))
    if any(pipe.state == "idle" for pipe in scene.pipes):
        found.append(("idle", _WORDS["idle"]))
    if scene.meters:
        found.append(("meter", _WORDS["meter"]))
    if any(mark.count > 1 for mark in scene.symbols):
        found.append(("assumed", _WORDS["each"]))
    if any(label.text.endswith("*") for label in scene.labels):
        found.append(("assumed", _WORDS["assumed"]))
    return found
