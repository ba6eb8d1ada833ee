"""A picture of a design command as a file: PNG or SVG, in the style of the reports."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwen.language import Text, same
from diwen.problems import Problem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENDINGS = (".png", ".svg")
_KIND = Text("a picture is written as .png or .svg", "图只能保存为 .png 或 .svg")
_RENAME = Text("give the file one of these endings", "请使用其中一种扩展名")
_NO_FOLDER = Text("the folder of this file is not there", "该文件所在文件夹不存在")
_MAKE = Text("create it, or name another file", "请先创建，或指定其他文件")
_IS_FOLDER = Text("a folder of this name is there", "已存在同名文件夹")
_NO_RIGHT = Text("this file may not be written", "没有写入该文件的权限")
_OTHER_FILE = Text("name another file, or change the rights", "请指定其他文件，或更改权限")
INK, SOFT = "#1d2733", "#5b6875"


def file_problems(path: Path | None, option: str, endings: tuple[str, ...]) -> list[Problem]:
    """What is wrong with the name of a file to write."""
    if path is None:
        return []
    problems = []
    if path.suffix.lower() not in endings:
        problems.append(
            Problem(str(path), option, _KIND, _RENAME, path.suffix, same(", ".join(endings)))
        )
    if not path.parent.is_dir():
        problems.append(Problem(str(path), option, _NO_FOLDER, _MAKE, str(path.parent)))
    elif path.is_dir():
        problems.append(Problem(str(path), option, _IS_FOLDER, _OTHER_FILE))
    elif not os.access(path if path.exists() else path.parent, os.W_OK):
        problems.append(Problem(str(path), option, _NO_RIGHT, _OTHER_FILE))
    return problems


def write_figure(path: Path, size: tuple[float, float], draw: Callable[[Figure], None]) -> None:
    """Draw and write a figure; letters become outlines, so that it looks the same everywhere.

    Parameters
    ----------
    path : ends in .png or .svg
    size : width and height, inch
    draw : draws on the empty figure
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.font_manager import fontManager

    from diwen.reports.font import FAMILY, font_file

    fontManager.addfont(str(font_file()))
    style: dict[Any, Any] = {
        "font.family": [FAMILY], "font.size": 8.0, "svg.hashsalt": "diwen", "text.color": INK,
        "axes.edgecolor": SOFT, "axes.labelcolor": SOFT, "axes.linewidth": 0.6,
        "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
        "axes.grid": True, "axes.grid.axis": "y", "grid.color": "#d9e0e6", "grid.linewidth": 0.5,
        "xtick.color": SOFT, "ytick.color": SOFT, "legend.frameon": False, "hatch.linewidth": 0.5,
    }  # fmt: skip
    with rc_context(style):
        figure = Figure(figsize=size)
        FigureCanvasAgg(figure)
        draw(figure)
        metadata: dict[str, Any] = {"Date": None} if path.suffix.lower() == ".svg" else {}
        figure.savefig(path, dpi=160, metadata=metadata)
