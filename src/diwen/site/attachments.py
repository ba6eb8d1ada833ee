"""Files that ``site.toml`` names: they must be there, inside the site folder, and be sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from diwen.language import Text
from diwen.problems import Problem
from diwen.site.borefield import Borefield
from diwen.site.borehole import BoreholePosition
from diwen.site.borehole_file import read_boreholes
from diwen.site.crossing import crossing_findings
from diwen.site.fields import Finding
from diwen.site.layouts import FromFile
from diwen.site.model import SiteFile

_MISSING = Text("the file is not in the site folder", "项目文件夹中没有该文件")
_PUT_IT = Text("put it there, or correct the name", "请放入该文件或更正文件名")
_OUTSIDE = Text("the file lies outside the site folder", "文件在项目文件夹之外")
_INSIDE = Text("a site folder is complete in itself: copy the file into it",
               "项目文件夹应自成一体：请把文件复制进来")  # fmt: skip
_KEYS = (
    ("heat_pumps", "performance_map"),
    ("loads", "hourly_file"),
    ("sources", "temperature_file"),
    ("sources", "weather_file"),
)


def attached_files(site: SiteFile) -> Iterator[tuple[str, str]]:
    """``(path of the key, file)`` of every file that the tables name."""
    for table, key in _KEYS:
        for name, item in getattr(site, table, {}).items():
            file = getattr(item, key, "")
            if file:
                yield f"{table}.{name}.{key}", file
    weather = getattr(site, "weather", None)
    if weather is not None and weather.file:
        yield "weather.file", weather.file
    for position, test in enumerate(getattr(site, "response_tests", ())):
        yield f"response_tests[{position}].file", test.file
        if test.layers_file:
            yield f"response_tests[{position}].layers_file", test.layers_file
    for name, field in borefields_from_file(site):
        layout = field.layout
        assert isinstance(layout, FromFile)
        yield f"sources.{name}.layout.file", layout.file


def attachment_findings(site: SiteFile, folder: Path) -> Iterator[Finding]:
    """Files named in the tables that are not there; paths from the root of the file."""
    for where, file in attached_files(site):
        yield from _file_findings(folder, file, where)


def _file_findings(folder: Path, file: str, where: str) -> Iterator[Finding]:
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve()):
        yield Finding(where, _OUTSIDE, _INSIDE, file)
    elif not path.is_file():
        yield Finding(where, _MISSING, _PUT_IT, file)


def borefields_from_file(site: SiteFile) -> Iterator[tuple[str, Borefield]]:
    """Bore fields whose boreholes stand in a CSV file, by id."""
    for name, source in getattr(site, "sources", {}).items():
        if isinstance(source, Borefield) and isinstance(source.layout, FromFile):
            yield name, source


def boreholes_of(
    site: SiteFile, folder: Path, problems: list[Problem]
) -> dict[str, tuple[BoreholePosition, ...]]:
    """Positions of the boreholes of every field that names a file; faults are appended."""
    found = {}
    for name, field in borefields_from_file(site):
        layout = field.layout
        assert isinstance(layout, FromFile)
        path = folder / layout.file
        if not path.is_file():
            continue
        before = len(problems)
        positions = read_boreholes(path, field.borehole, problems)
        if len(problems) == before:
            for finding in crossing_findings(positions, ""):
                problems.append(Problem(path.name, "", finding.message, finding.cure))
            for finding in field.zone_findings(len(positions)):
                where = f"sources.{name}.{finding.where}"
                message, cure = finding.message, finding.cure
                problems.append(Problem("site.toml", where, message, cure, finding.value))
        found[name] = positions
    return found
