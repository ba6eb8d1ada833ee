"""Reading a site folder: ``site.toml``, ``points.csv``, ``ledger.csv``, all errors at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import TypeAdapter, ValidationError

from diwen.language import Text, same
from diwen.problems import InputError, Problem, any_error
from diwen.site.attachments import attachment_findings, boreholes_of
from diwen.site.cell_problems import RENAME
from diwen.site.consistency import aquifer_findings, reference_findings
from diwen.site.errors import file_line, key_path, problems_from
from diwen.site.fields import Table
from diwen.site.ledger import read_ledger
from diwen.site.model import EQUIPMENT, KEYED, Site, SiteFile
from diwen.site.performance_table import check_performance_tables
from diwen.site.points import SITE_WIDE, Point
from diwen.site.points_file import read_points
from diwen.site.samples import check_samples
from diwen.site.spelling import IDENTIFIER, IDENTIFIER_RULE, cure_for, listed, nearest
from diwen.site.tables import check_portfolio, records_of
from diwen.site.temperature_files import check_temperature_files
from diwen.site.textfile import read_text
from diwen.site.toml_lines import Path as KeyPath
from diwen.site.toml_lines import key_lines

FILE = "site.toml"

_NOT_A_FOLDER = Text("there is no such folder", "文件夹不存在")
_NAME_FOLDER = Text(
    "name a folder that holds site.toml, or make one with `diwen new`",
    "请指定含 site.toml 的文件夹，或用 diwen new 新建",
)
_SYNTAX = Text("not valid TOML: {reason}", "不是有效的 TOML：{reason}")
_MEND_SYNTAX = Text(
    "mend the line; text stands in quotes, a table header in [ ]",
    "请修正该行；文字加引号，表头用 [ ]",
)
_UNKNOWN_TABLE = Text("unknown table", "未知的表")
_MISSING_TABLE = Text("the table or key is missing", "缺少该表或该键")
_ADD_TABLE = Text("add {example}", "请补充 {example}")
_NOT_A_TABLE = Text("a table is expected here", "此处应为表")
_WRITE_TABLE = Text("write it as [{name}]", "请写成 [{name}]")
_BAD_ID = Text("not usable as an id", "不能用作标识")
_AIR_ID = Text(
    '"air" means the outdoor air: what units draw on by that name would not be this one',
    "“air” 专指室外空气，机组按此名取热时不会指向该项",
)
_EXAMPLES = {"schema": "schema = 1", "site": "[site]"}


def read(folder: str | Path) -> Site:
    """Read and check a site folder.

    Parameters
    ----------
    folder : path of the folder that holds ``site.toml``

    Returns
    -------
    Site : the checked site; warnings are in ``site.notices``

    Raises
    ------
    InputError : with every error and warning of the folder's files
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError([Problem(str(folder), "", _NOT_A_FOLDER, _NAME_FOLDER)])
    problems: list[Problem] = []
    parts, named = _read_toml(folder / FILE, problems)
    tables = SiteFile.model_construct(**parts)
    boreholes = boreholes_of(tables, folder, problems)
    check_temperature_files(tables, folder, problems)
    check_performance_tables(tables, folder, problems)
    points: tuple[Point, ...] = ()
    if (folder / "points.csv").exists():
        points = read_points(folder / "points.csv", named, problems)
    ledger = read_ledger(folder / "ledger.csv", problems)
    records = records_of(folder, problems)
    check_portfolio(folder, tables.portfolio, problems)
    samples, doubts = check_samples(folder)
    problems.extend(doubts)
    if any_error(problems):
        raise InputError(problems)
    return Site.model_construct(
        **parts,
        folder=folder,
        points=points,
        ledger=ledger,
        records=records,
        samples=samples,
        notices=tuple(problems),
        borehole_files=boreholes,
    )


def _read_toml(path: Path, problems: list[Problem]) -> tuple[dict[str, Any], list[str]]:
    """The tables of ``site.toml`` and every equipment id it names, sound or not."""
    text, warnings = read_text(path)
    problems.extend(warnings)
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        reason = same(str(error))
        problem = Problem(FILE, "", _SYNTAX.format(reason=reason), _MEND_SYNTAX)
        raise InputError([*problems, problem]) from error
    reader = _FileReader(raw, key_lines(text), path.parent)
    parts = reader.parts()
    problems.extend(reader.problems)
    return parts, reader.identifiers()


class _FileReader:
    """Validates one table after the other, so that one wrong table does not hide the next."""

    def __init__(self, raw: dict[str, Any], lines: dict[KeyPath, int], folder: Path) -> None:
        self.raw = raw
        self.folder = folder
        self.lines = lines
        self.problems: list[Problem] = []

    def parts(self) -> dict[str, Any]:
        """Every sound table by attribute name; tables that are not given have their default."""
        parts: dict[str, Any] = {}
        names = {field.alias or name: name for name, field in SiteFile.model_fields.items()}
        for key in self.raw:
            if key not in names:
                allowed = None if nearest(key, names) else listed(names)
                self._refuse((key,), _UNKNOWN_TABLE, cure_for(key, names), allowed=allowed)
        for key, name in names.items():
            field = SiteFile.model_fields[name]
            if key not in self.raw:
                if field.is_required():
                    cure = _ADD_TABLE.format(example=_EXAMPLES[key])
                    self._refuse((key,), _MISSING_TABLE, cure)
                else:
                    parts[name] = field.get_default(call_default_factory=True)
            elif name in KEYED:
                parts[name] = self._keyed(key, get_args(field.annotation)[1])
            else:
                value = self._validated((key,), self.raw[key], field.annotation)
                if value is not None:
                    parts[name] = value
        sound = SiteFile.model_construct(**parts)
        kept = {name for table in EQUIPMENT for name in parts.get(table, ())}
        unsound = set(self.identifiers()) - kept if self.problems else set()
        for path, finding in _all_findings(sound, self.folder):
            # What names a table that is told to be wrong is not wrong itself.
            if finding.value in unsound:
                continue
            # Nor can a mode be judged where something that it pipes could not be read.
            if unsound and path[0] == "modes" and len(path) <= 2:
                continue
            self._refuse(
                path, finding.message, finding.cure, finding.value, finding.allowed,
                finding.severity,
            )  # fmt: skip
        return parts

    def identifiers(self) -> list[str]:
        """Every id that a point may name, also of tables that have errors."""
        found = []
        for table in EQUIPMENT:
            items = self.raw.get(table)
            for name, item in items.items() if isinstance(items, dict) else ():
                found.append(name)
                for inner in ("wells", "zones"):
                    part = item.get(inner) if isinstance(item, dict) else None
                    found.extend(part if isinstance(part, dict) else ())
        return found

    def _keyed(self, table: str, annotation: Any) -> dict[str, Any]:
        items = self.raw[table]
        if not isinstance(items, dict):
            self._refuse((table,), _NOT_A_TABLE, _WRITE_TABLE.format(name=f"{table}.ID"))
            return {}
        sound = {}
        for name, item in items.items():
            if not IDENTIFIER.fullmatch(name) or name == SITE_WIDE:
                self._refuse((table, name), _BAD_ID, RENAME, name, IDENTIFIER_RULE)
            if _stands_for_air(table, name, item):
                self._refuse((table, name), _AIR_ID, RENAME, name)
            value = self._validated((table, name), item, annotation)
            if value is not None:
                sound[name] = value
        return sound

    def _validated(self, path: KeyPath, raw: Any, annotation: Any) -> Any:
        try:
            return _adapter(annotation).validate_python(raw)
        except ValidationError as error:
            self.problems += problems_from(error, annotation, path, self.lines, FILE, raw)
            return None

    def _refuse(
        self,
        path: KeyPath,
        message: Text,
        cure: Text,
        value: str = "",
        allowed: Text | None = None,
        severity: Literal["error", "warning"] = "error",
    ) -> None:
        file = file_line(FILE, path, self.lines)
        place = key_path(path)
        self.problems.append(Problem(file, place, message, cure, value, allowed, severity))


_ADAPTERS: dict[int, TypeAdapter[Any]] = {}


def _stands_for_air(table: str, name: str, item: Any) -> bool:
    """Whether units that say ``draws_on = "air"`` would pass by what bears that name."""
    if name != "air" or table not in ("sources", "loops"):
        return False
    return not (table == "sources" and isinstance(item, dict) and item.get("type") == "air")


def _adapter(annotation: Any) -> TypeAdapter[Any]:
    """The validator of an annotation, made once."""
    key = id(annotation)
    if key not in _ADAPTERS:
        _ADAPTERS[key] = TypeAdapter(annotation)
    return _ADAPTERS[key]


def _all_findings(site: SiteFile, folder: Path) -> Iterator[tuple[KeyPath, Any]]:
    """Findings of every table and those between tables, with absolute paths."""
    for name in SiteFile.model_fields:
        value = getattr(site, name, None)
        yield from _table_findings((SiteFile.model_fields[name].alias or name,), value)
    yield from (
        (_split(finding.where), finding)
        for finding in chain(
            reference_findings(site), aquifer_findings(site), attachment_findings(site, folder)
        )
    )


def _table_findings(path: KeyPath, value: object) -> Iterator[tuple[KeyPath, Any]]:
    if isinstance(value, Table):
        for finding in value.findings():
            yield (*path, *_split(finding.where)), finding
        for name in type(value).model_fields:
            yield from _table_findings((*path, name), getattr(value, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _table_findings((*path, key), item)
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            yield from _table_findings((*path, position), item)


def _split(where_text: str) -> KeyPath:
    """The path behind ``layers[1].top``."""
    path: list[str | int] = []
    for part in where_text.split("."):
        name, *positions = part.replace("]", "").split("[")
        path += [name, *(int(position) for position in positions)] if name else []
    return tuple(path)
