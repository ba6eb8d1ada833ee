"""Beginning a site: a commented minimal folder, or a copy of an example.

Examples stand in ``diwen/examples`` of an installed package, in ``examples`` of a checkout.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

from diwen.language import Language, Text
from diwen.problems import InputError, Problem
from diwen.site.ledger import COLUMNS as LEDGER_COLUMNS
from diwen.site.points_file import COLUMNS as POINT_COLUMNS
from diwen.site.reading import read
from diwen.site.spelling import cure_for, listed

_PACKAGE = Path(__file__).parents[1]
_PLACES = (_PACKAGE / "examples", _PACKAGE.parents[1] / "examples")
_MINIMAL = Path(__file__).parent / "templates" / "minimal"
# Made by Diwen from the measurements, never part of a beginning.
_LEFT_OUT = shutil.ignore_patterns("telemetry", "reports", "__pycache__", ".*")

_EXISTS = Text("the folder is there already", "文件夹已存在")
_OTHER_NAME = Text(
    "choose another name; nothing is ever overwritten", "请另选名称；绝不覆盖已有内容"
)
_BAD_NAME = Text("not usable as the name of a folder", "不能用作文件夹名")
_NAME_CURE = Text(
    "use letters, digits, - and _, such as xishan", "请用字母、数字、“-”与“_”，例如 xishan"
)
_NO_EXAMPLE = Text("no example of that name", "没有该名称的示例")
_NO_PARENT = Text("the folder above it does not exist", "上一级文件夹不存在")
_MAKE_PARENT = Text("make it first", "请先建立上一级文件夹")


@dataclass(frozen=True, slots=True)
class Example:
    """A site folder that can be copied.

    Attributes
    ----------
    id : name to ask for
    folder : where it stands
    name : name in both languages
    illustrative : whether its data are assumed
    """

    id: str
    folder: Path
    name: Text
    illustrative: bool


def examples() -> dict[str, Example]:
    """Every example that can be copied, by name."""
    found: dict[str, Example] = {}
    for place in _PLACES:
        for file in sorted(place.glob("*/site.toml")) if place.is_dir() else ():
            head = tomllib.loads(file.read_text(encoding="utf-8")).get("site", {})
            name = Text(head.get("name_en", file.parent.name), head.get("name_zh", ""))
            assumed = head.get("illustrative") is True
            found.setdefault(
                file.parent.name, Example(file.parent.name, file.parent, name, assumed)
            )
    return found


def new(folder: str | Path, example: str | None = None, language: Language = "en") -> Path:
    """Make a site folder.

    Parameters
    ----------
    folder : folder to make; it must not exist
    example : name of an example to copy; None: the minimal folder
    language : language of the comments in the minimal folder

    Returns
    -------
    Path : the folder, which checks clean

    Raises
    ------
    InputError : the folder exists, its name is not usable, or there is no such example
    """
    folder = Path(folder)
    _check_free(folder)
    if example is None:
        _write_minimal(folder, language)
    else:
        known = examples()
        if example not in known:
            cure = cure_for(example, known)
            where = "--from"
            raise InputError(
                [Problem("diwen new", where, _NO_EXAMPLE, cure, example, listed(known))]
            )
        shutil.copytree(known[example].folder, folder, ignore=_LEFT_OUT)
    read(folder)
    return folder


def _check_free(folder: Path) -> None:
    def refuse(message: Text, cure: Text) -> InputError:
        return InputError([Problem("diwen new", str(folder), message, cure)])

    if not re.fullmatch(r"\w[\w.\-]*", folder.name):
        raise refuse(_BAD_NAME, _NAME_CURE)
    if folder.exists() or folder.is_symlink():
        raise refuse(_EXISTS, _OTHER_NAME)
    if not folder.parent.is_dir():
        raise refuse(_NO_PARENT, _MAKE_PARENT)


def _write_minimal(folder: Path, language: Language) -> None:
    text = (_MINIMAL / f"site.{language}.toml").read_text(encoding="utf-8")
    folder.mkdir()
    name = folder.name
    (folder / "site.toml").write_text(text.replace("@NAME@", name), encoding="utf-8")
    points = (_MINIMAL / f"points.{language}.csv").read_text(encoding="utf-8")
    header = ",".join(POINT_COLUMNS)
    (folder / "points.csv").write_text(points.replace("@HEADER@", header), encoding="utf-8")
    (folder / "ledger.csv").write_text(",".join(LEDGER_COLUMNS) + "\n", encoding="utf-8")
