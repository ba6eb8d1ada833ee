"""The schematic of a plant: sources, pumps, exchangers, units, tanks, loops and loads.

    import diwen
    from diwen.reports.schematic import picture_of_plant

    picture_of_plant(diwen.read("examples/sports-centre"), "winter_heating").drawn["zh"]

Drawn from :func:`diwen.site.topology.topology`, which stands on the plan that is computed: what the
picture shows is what the numbers mean.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import LANGUAGES, Language, Text
from diwen.reports.document import Picture
from diwen.reports.drawing import drawn
from diwen.reports.schematic_drawing import draw_scene, page_size
from diwen.reports.schematic_graph import graph_of
from diwen.reports.schematic_layout import cells_of, marks_of, stack
from diwen.reports.schematic_legend import finished
from diwen.reports.schematic_modes import mode_name, mode_of, mode_table, with_mode
from diwen.reports.schematic_routing import routed
from diwen.reports.schematic_scene import Scene
from diwen.reports.schematic_words import halves
from diwen.site.topology import ModeRow, Topology, topology

if TYPE_CHECKING:
    from diwen.site.model import Site

_TITLE = Text("Schematic of the plant", "系统原理图")
_TITLE_MODE = Text("Schematic of the plant: {mode}", "系统原理图：{mode}")
_HEADING = Text("{site}: schematic of the plant", "{site} 系统原理图")
_MODE = Text("Mode of operation: {mode}", "运行模式：{mode}")
_MODE_ASSUMED = Text("Mode of operation: {mode} (valve states assumed)",
                     "运行模式：{mode}（阀门状态为假定）")  # fmt: skip
_NOTE = Text(
    "Full line: supply; dashed: return. Ratings as the site states them.",
    "实线为供水，虚线为回水；额定参数取自项目文件。",
)
_NOTE_MODE = Text(
    "Pipes in use in colour, others grey; open valves filled, closed ones hollow.",
    "使用中的管路着色，停用的为灰色；实心阀门为开，空心为关。",
)


def picture_of_plant(site: Site, mode: str | None = None, *, number: int = 0) -> Picture:
    """The schematic for a report, in every language.

    Parameters
    ----------
    site : read and checked
    mode : id of a mode of operation; None: the plant as it is piped
    number : of the picture in the report

    Raises
    ------
    InputError : the site has no such mode
    """
    plant = topology(site)
    row = None if mode is None else mode_of(plant, mode)
    pictures: dict[Language, str] = {}
    for language in LANGUAGES:
        scene = scene_of(site, language, mode, plant=plant, headed=False)
        pictures[language] = svg_of(scene)
    if row is None:
        return Picture(number, _TITLE, _NOTE, pictures)
    note = Text(f"{_NOTE.en} {_NOTE_MODE.en}", f"{_NOTE.zh}{_NOTE_MODE.zh}")
    return Picture(number, _TITLE_MODE.format(mode=mode_name(row)), note, pictures)


def scene_of(
    site: Site,
    language: Language,
    mode: str | None = None,
    *,
    plant: Topology | None = None,
    headed: bool = True,
) -> Scene:
    """What stands where in the schematic.

    Parameters
    ----------
    site : read and checked
    language : of the words
    mode : id of a mode of operation; None: the plant as it is piped
    plant : what is drawn, where already made
    headed : with the name of the site above

    Raises
    ------
    InputError : the site has no such mode
    """
    plant = plant or topology(site)
    row = None if mode is None else mode_of(plant, mode)
    graph = graph_of(plant)
    cells = cells_of(graph, site, language)
    stack(graph.columns, cells, graph.links)
    scene = Scene(meters=[
        (name, next(node.detail for node in plant.nodes if node.id == name))
        for name in graph.meters
    ])  # fmt: skip
    routed(graph, cells, scene)
    marks_of(cells, graph.columns, scene)
    scene.valves_assumed = any(node.assumed for node in plant.nodes if node.kind == "valve")
    if row is not None:
        with_mode(scene, plant, row, site)
    heading = _heading(site) if headed else None
    finished(scene, language, heading, None if row is None else _mode_line(row))
    return scene


def _heading(site: Site) -> Text:
    """The name of the site, which may have one per language."""
    names = site.site
    en, zh = getattr(names, "name_en", ""), getattr(names, "name_zh", "")
    found = Text(en or zh or site.id, zh or en or site.id)
    return _HEADING.format(site=Text(halves(found.en).en, halves(found.zh).zh))


def _mode_line(row: ModeRow) -> Text:
    return (_MODE_ASSUMED if row.assumed else _MODE).format(mode=mode_name(row))


def svg_of(scene: Scene) -> str:
    """A scene as SVG of the width of a page, the same bytes for the same scene."""
    return drawn(lambda figure: draw_scene(figure, scene), page_size(scene)[1] / 72.0)


__all__ = ["mode_table", "picture_of_plant", "scene_of", "svg_of"]
