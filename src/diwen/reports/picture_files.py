"""Pictures of a test as SVG files: the main one into a file, or all of them into a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from diwen.language import Language, Text
from diwen.problems import InputError, Problem, system_reason
from diwen.reports.building import write_file
from diwen.reports.chart import Chart

_NOT_WRITABLE = Text("cannot be written: {reason}", "无法写入：{reason}")
_OTHER_FOLDER = Text("choose another folder", "请选择其他文件夹")


def write_charts(
    charts: Mapping[str, Chart], main: Chart | None, target: Path, language: Language
) -> tuple[Path, ...]:
    """Draw charts.

    Parameters
    ----------
    charts : by the name of the file, without its ending
    main : the one for a single file; None: there is nothing to show
    target : an ``.svg`` file, or a folder
    language : of the words

    Raises
    ------
    InputError : the place cannot be written
    """
    from diwen.reports import drawing

    if target.suffix.lower() == ".svg" and not target.is_dir():
        if main is None:
            return ()
        make_folder(target.parent)
        write_file(target, drawing.svg(main, language).encode())
        return (target,)
    make_folder(target)
    files = []
    for name, chart in charts.items():
        path = target / f"{name}.svg"
        write_file(path, drawing.svg(chart, language).encode())
        files.append(path)
    return tuple(files)


def make_folder(folder: Path) -> None:
    """Make a folder.

    Raises
    ------
    InputError : it cannot be made
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = _NOT_WRITABLE.format(reason=system_reason(error))
        raise InputError([Problem(str(folder), "-", message, _OTHER_FOLDER)]) from error
