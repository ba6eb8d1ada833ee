"""``diwen schematic``: the plant of a site as a drawing, as piped or in a mode of operation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diwen.language import LANGUAGES, Language, Text, preferred, same
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from diwen.site.topology import Topology

# Said here again: to read them from the reports would load what draws.
ENDINGS = (".svg", ".png", ".pdf", ".html")
_KIND = Text("no kind of file that a schematic is written as", "系统原理图不支持该文件类型")
_RENAME = Text("give the file one of these endings", "请使用其中一种扩展名")
_WRITTEN = Text("Schematic written: {file}", "系统原理图已写入：{file}")
_DEFAULT = Text("(no --out given: named after the site)", "（未指定 --out，按项目命名）")
_MODES = Text("Modes of operation: {names}; show one with --mode",
              "运行模式：{names}；用 --mode 指定")  # fmt: skip
_NO_MODES = Text("The site names no modes of operation.", "项目未定义运行模式。")
_ASSUMED = Text("Assumed: {note}", "说明：{note}")
_NO_PLANT = Text(
    "The site names no source, unit or load: nothing to draw.",
    "项目未定义热源、机组或负荷，无图可画。",
)
_EPILOG = (
    "Drawn from the same plan that `diwen simulate` computes. Without --out the file is"
    " SITE-schematic.svg (or SITE-schematic-MODE.svg) in this folder. A page (.html) holds every"
    " mode, switchable without a network. Exit code 1: the site names no plant."
    "\n\n与 `diwen simulate` 计算所用的系统一致。未指定 --out 时写入当前文件夹的"
    " 项目-schematic.svg；.html 页面含全部运行模式，可离线切换。退出码 1：项目没有系统设备。"
    "\n\nExamples 示例:"
    "\n\ndiwen schematic examples/sports-centre"
    "\n\ndiwen schematic examples/sports-centre --mode winter_heating --out winter.pdf"
    "\n\ndiwen schematic examples/sports-centre --out plant.html --language zh"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schematic", epilog=_EPILOG)(schematic_command)


def schematic_command(
    site: Path = typer.Argument(..., help="Site folder. 项目文件夹。"),
    mode: str = typer.Option(
        "", "--mode", help="Id of a mode: valves and active pipes of it. 运行模式标识。"
    ),
    out: Path | None = typer.Option(
        None, "--out", help=".svg, .png, .pdf or .html (all modes). 输出文件。"
    ),
    json_output: bool = typer.Option(
        False, "--json", help="The plant as nodes and edges, no picture unless --out. 输出 JSON。"
    ),
    language: str = typer.Option("", "--language", help="en or zh"),
) -> None:
    """Draw the plant: sources, pumps, exchangers, units, tanks, loops, loads, valves.

    绘制系统原理图：热源、水泵、换热器、机组、水箱、回路、负荷与阀门。
    """
    from diwen.cli._figure_file import file_problems

    tongue: Language = next((one for one in LANGUAGES if one == language), preferred())
    problems = file_problems(out, "--out", ENDINGS if out is None else (out.suffix.lower(),))
    if out is not None and out.suffix.lower() not in ENDINGS:
        known = same(", ".join(ENDINGS))
        problems.insert(0, Problem(str(out), "--out", _KIND, _RENAME, out.suffix, known))
    if problems:
        raise InputError(problems)
    import diwen.site
    from diwen.site.topology import topology

    read = diwen.site.read(site)
    plant = topology(read)
    if mode:
        from diwen.reports.schematic_modes import mode_of

        mode_of(plant, mode)
    path = out or (None if json_output else Path(_default(read.id, mode)))
    drawable = any(node.kind != "meter" for node in plant.nodes)
    if path is not None and drawable:
        from diwen.reports.schematic_page import write_schematic

        write_schematic(read, path, tongue, mode or None)
    if json_output:
        answer = {"site": read.id, "file": None if path is None else str(path), **plant.as_dict()}
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    elif drawable:
        _say(plant, path, out is None, tongue)
    else:
        typer.echo(_NO_PLANT.to(tongue))
    if not drawable:
        raise typer.Exit(1)


def _default(site: str, mode: str) -> str:
    return f"{site}-schematic{f'-{mode}' if mode else ''}.svg"


def _say(plant: Topology, path: Path | None, unnamed: bool, language: Language) -> None:
    """What was written, which modes there are, what the plan assumes."""
    line = _WRITTEN.format(file=str(path)).to(language)
    typer.echo(f"{line} {_DEFAULT.to(language)}" if unnamed else line)
    names = ", ".join(row.id for row in plant.modes)
    typer.echo((_MODES.format(names=names) if names else _NO_MODES).to(language))
    for note in plant.notes:
        typer.echo(_ASSUMED.format(note=note).to(language))
