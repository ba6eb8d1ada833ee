"""Files of a schematic: SVG, PNG, PDF, and a page that switches between the modes.

The page asks no other machine for anything and needs no script.
"""

from __future__ import annotations

import io
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwen.language import Language, Text
from diwen.reports.building import write_file
from diwen.reports.document import Picture, Table
from diwen.reports.font import FAMILY, font_file
from diwen.reports.schematic import mode_table, scene_of, svg_of
from diwen.reports.schematic_drawing import draw_scene
from diwen.reports.schematic_modes import mode_name
from diwen.site.topology import topology

if TYPE_CHECKING:
    from diwen.reports.schematic_scene import Scene
    from diwen.site.model import Site

ENDINGS = (".svg", ".png", ".pdf", ".html")
_PIPED = Text("as piped", "管路总图")
_TITLE = Text("schematic of the plant", "系统原理图")
_ILLUSTRATIVE = Text("Illustrative data: no real plant.", "示例数据，非真实工程。")
_DOTS_PER_INCH = 220
_STYLE = (
    "body{font:15px/1.5 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;color:#1d2733;"
    "background:#fff;margin:1.2rem auto;max-width:1400px;padding:0 1rem}"
    "input{position:absolute;opacity:0}label{display:inline-block;padding:.25rem .8rem;"
    "margin:.15rem .3rem .15rem 0;border:1px solid #b9c3cc;border-radius:4px;cursor:pointer}"
    "input:focus-visible+label{outline:2px solid #0277a8}"
    "input:checked+label{background:#1d2733;color:#fff}section{display:none}"
    "section img{width:100%;height:auto}table{border-collapse:collapse;margin:1rem 0;"
    "font-size:13px}caption{text-align:left;font-weight:600;padding:.3rem 0}"
    "td,th{border:1px solid #d9e0e6;padding:.2rem .5rem;text-align:left}td.center,th.center"
    "{text-align:center}p{color:#5b6875;font-size:13px}@media print{label{display:none}}"
)


def write_schematic(
    site: Site, path: Path, language: Language, mode: str | None = None
) -> None:  # fmt: skip
    """Write the schematic into a file of the kind that its ending says.

    Parameters
    ----------
    site : read and checked
    path : ends in .svg, .png, .pdf or .html
    language : of the words
    mode : id of a mode of operation; of a page, the one that shows first

    Raises
    ------
    InputError : no such mode, or the file cannot be written
    """
    ending = path.suffix.lower()
    if ending == ".html":
        content = schematic_page(site, language, mode).encode()
    else:
        scene = scene_of(site, language, mode)
        if ending == ".svg":
            fallback = f"'{FAMILY}', sans-serif"
            content = svg_of(scene).replace(f"'{FAMILY}'", fallback).encode()
        else:
            content = _drawn_as(scene, ending[1:])
    write_file(path, content)


def _drawn_as(scene: Scene, kind: str) -> bytes:
    """The scene as PNG or PDF, the same bytes for the same scene."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.font_manager import fontManager

    fontManager.addfont(str(font_file()))
    style: dict[Any, Any] = {"font.family": [FAMILY], "pdf.fonttype": 3}
    metadata: dict[str, Any] = {"CreationDate": None} if kind == "pdf" else {"Software": None}
    out = io.BytesIO()
    with rc_context(style):
        figure = Figure(figsize=(scene.wide / 72.0, scene.high / 72.0))
        draw_scene(figure, scene)
        figure.savefig(out, format=kind, dpi=_DOTS_PER_INCH, metadata=metadata)
    return out.getvalue()


def schematic_page(site: Site, language: Language, first: str | None = None) -> str:
    """The schematic as piped and in every mode, one shown at a time, and the valve table.

    Parameters
    ----------
    site : read and checked
    language : of the words
    first : id of the mode that shows first; None: as piped
    """
    plant = topology(site)
    views: list[tuple[str | None, Text]] = [(None, _PIPED)]
    views += [(row.id, mode_name(row)) for row in plant.modes]
    if first is not None:
        scene_of(site, language, first, plant=plant)  # refuses a mode that is not there
    rules, tabs, pictures = [], [], []
    for k, (mode, name) in enumerate(views):
        checked = " checked" if mode == first else ""
        rules.append(f"#m{k}:checked~#s{k}{{display:block}}")
        tabs.append(f'<input type="radio" name="mode" id="m{k}"{checked}>'
                    f'<label for="m{k}">{escape(name.to(language))}</label>')  # fmt: skip
        drawing = svg_of(scene_of(site, language, mode, plant=plant))
        address = Picture(0, name, name, {language: drawing}).address(language)
        alt = escape(f"{_TITLE.to(language)}: {name.to(language)}", quote=True)
        pictures.append(f'<section id="s{k}"><img alt="{alt}" src="{address}"></section>')
    if len(views) == 1:
        tabs = [tabs[0].replace("<label", "<label hidden")]
    table = _table(mode_table(site), language) if plant.modes else ""
    notes = [note.to(language) for note in plant.notes]
    if site.site.illustrative:
        notes.insert(0, _ILLUSTRATIVE.to(language))
    said = "".join(f"<p>{escape(note)}</p>" for note in notes)
    title = escape(f"{site.id}: {_TITLE.to(language)}")
    code = "zh-CN" if language == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{code}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; img-src data:\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}{''.join(rules)}</style></head>\n<body>"
        f"{''.join(tabs)}\n{''.join(pictures)}\n{table}{said}</body></html>\n"
    )


def _table(table: Table, language: Language) -> str:
    """A table of the document model as HTML."""
    head = "".join(f'<th class="{column.align}">{escape(column.title.to(language))}</th>'
                   for column in table.columns)  # fmt: skip
    rows = "".join(
        "<tr>" + "".join(
            f'<td class="{column.align}">{escape(cell.text.to(language))}</td>'
            for column, cell in zip(table.columns, row, strict=True)) + "</tr>"
        for row in table.rows
    )  # fmt: skip
    note = "" if table.note is None else f"<p>{escape(table.note.to(language))}</p>"
    caption = escape(table.title.to(language))
    return f"<table><caption>{caption}</caption><tr>{head}</tr>{rows}</table>{note}"
