"""Reading an equipment catalogue: a CSV file of heat pumps, one line per rated point.

The first line of an id describes the unit; further lines of the same id add points and may leave
the rest empty. ``table`` names a performance table beside the file and then no point is needed.
Empty temperatures and an empty power mean "not stated". Columns: :data:`KINDS`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast, get_args

from diwen.language import Text, same
from diwen.problems import InputError, Problem, any_error
from diwen.site.cell_problems import EMPTY, FILL, NOT_A_CHOICE, QUOTE, SURPLUS
from diwen.site.equipment_unit import CataloguePoint, CatalogueUnit
from diwen.site.heat_pumps import HeatPumpType
from diwen.site.measured_columns import Column, ColumnKind, cell_number, columns_of, place
from diwen.site.performance_table import MODES, TablePoint, read_performance_table
from diwen.site.spelling import IDENTIFIER, IDENTIFIER_RULE, cure_for, listed
from diwen.site.textfile import Row, read_csv, read_text

KINDS = {
    "id": ColumnKind(), "maker": ColumnKind(), "model": ColumnKind(), "name_zh": ColumnKind(),
    "name_en": ColumnKind(), "type": ColumnKind(), "mode": ColumnKind(),
    "source_entering": ColumnKind("temperature", -60.0, 150.0),
    "load_leaving": ColumnKind("temperature", -60.0, 250.0),
    "capacity": ColumnKind("heat_power", 1.0, 1e9),
    "power": ColumnKind("electric_power", 1.0, 1e9),
    "table": ColumnKind(),
    "minimum_source": ColumnKind("temperature", -60.0, 100.0),
    "maximum_source": ColumnKind("temperature", -20.0, 150.0),
    "maximum_supply": ColumnKind("temperature", 10.0, 250.0),
    "minimum_chilled": ColumnKind("temperature", -60.0, 30.0),
    "compressor": ColumnKind(), "stages": ColumnKind("ratio", 1.0, 64.0),
    "minimum_part_load": ColumnKind("ratio", 0.01, 1.0),
    "refrigerant": ColumnKind(), "phased_out": ColumnKind(),
    "borehole_length": ColumnKind("length", 1.0, 3000.0), "borehole_pipe": ColumnKind(),
    "well_product": ColumnKind(), "assumed": ColumnKind(), "evidence": ColumnKind(),
    "verified": ColumnKind(), "source": ColumnKind(), "note_zh": ColumnKind(),
    "note_en": ColumnKind(),
}  # fmt: skip
"""Every column that a catalogue may have."""
_ALIASES = {
    "标识": "id", "厂家": "maker", "型号": "model", "中文名称": "name_zh", "英文名称": "name_en",
    "类型": "type", "模式": "mode", "地源侧进口温度": "source_entering",
    "热源侧进口温度": "source_entering", "供水温度": "load_leaving",
    "用户侧出口温度": "load_leaving", "制热量": "capacity", "制热（冷）量": "capacity",
    "输入功率": "power", "功率": "power", "性能表": "table", "最低热源温度": "minimum_source",
    "最高热源温度": "maximum_source", "最高供水温度": "maximum_supply",
    "最低冷冻水温度": "minimum_chilled", "压缩机": "compressor", "级数": "stages",
    "最低负荷率": "minimum_part_load", "制冷剂": "refrigerant", "淘汰": "phased_out",
    "孔深": "borehole_length", "地埋管": "borehole_pipe", "依据": "evidence", "来源": "source",
    "备注": "note_zh",
}  # fmt: skip
_EXAMPLE = "id,type,mode,source_entering (°C),load_leaving (°C),capacity (kW),power (kW)"
_TYPES = get_args(HeatPumpType)
_COMPRESSORS = ("", "fixed", "staged", "inverter")
_YES = {"": False, "no": False, "false": False, "否": False, "yes": True, "true": True, "是": True}

_NO_ID = Text("not an id", "不是有效标识")
_OTHER = Text("not what line {line} says of the same unit", "与第 {line} 行同一机组的内容不一致")
_AGREE = Text("leave it empty or write the same", "请留空或写成相同内容")
_NO_CAPACITY = Text("neither a capacity nor a table", "既无制热（冷）量，也无性能表")
_GIVE = Text("fill in capacity, or table", "请填写制热（冷）量或性能表文件")
_NO_UNITS = Text("the catalogue is empty", "设备目录为空")
_ADD_ROW = Text("add a line, for example: {columns}", "请增加一行，例如：{columns}")


@dataclass
class _Draft:
    """A unit while its lines are read."""

    unit: CatalogueUnit
    words: dict[str, str]
    points: list[CataloguePoint] = field(default_factory=list)
    notes: list[Text] = field(default_factory=list)


def read_catalogue_file(path: Path) -> tuple[CatalogueUnit, ...]:
    """The units of a catalogue file.

    Raises
    ------
    InputError : everything that is wrong, with file, line and column
    """
    text, problems = read_text(path)
    sheet = read_csv(text)
    required = ("id", "type")
    columns = columns_of(path.name, sheet, KINDS, required, _ALIASES, _EXAMPLE, problems)
    if any_error(problems):
        raise InputError(problems)
    drafts: dict[str, _Draft] = {}
    for row in sheet.rows:
        _read_row(path, row, columns, drafts, problems)
    if not sheet.rows:
        problems.append(Problem(path.name, "", _NO_UNITS, _ADD_ROW.format(columns=_EXAMPLE)))
    if any_error(problems):
        raise InputError(problems)
    return tuple(
        replace(one.unit, points=tuple(one.points), notes=tuple(one.notes))
        for one in drafts.values()
    )


def _read_row(
    path: Path,
    row: Row,
    columns: Mapping[str, Column],
    drafts: dict[str, _Draft],
    problems: list[Problem],
) -> None:
    """Add the unit or the further point that a line says; faults are appended."""
    file = path.name
    if row.surplus:
        problems.append(Problem(file, f"line {row.line}", SURPLUS, QUOTE, row.surplus[0]))
        return
    words = {name: row.cells[column.title] for name, column in columns.items()}
    if not IDENTIFIER.fullmatch(words["id"]):
        where = place(row, columns["id"])
        problems.append(Problem(file, where, _NO_ID, IDENTIFIER_RULE, words["id"] or '""'))
        return
    known = drafts.get(words["id"])
    if known is None:
        known = _first_line(path, row, columns, words, problems)
        drafts[words["id"]] = known
    else:
        _tell_disagreement(file, row, columns, words, known, problems)
    _add_point(file, row, columns, words, known, problems)
    note = _both(words.get("note_zh", ""), words.get("note_en", ""))
    if note is not None:
        known.notes.append(note)


def _first_line(
    path: Path,
    row: Row,
    columns: Mapping[str, Column],
    words: dict[str, str],
    problems: list[Problem],
) -> _Draft:
    """The unit that the first line of an id describes."""
    file = path.name
    kind = _choice(file, row, columns, words, "type", _TYPES, problems)
    compressor = _choice(file, row, columns, words, "compressor", _COMPRESSORS, problems)
    phased_out = _choice(file, row, columns, words, "phased_out", tuple(_YES), problems)
    verified = _choice(file, row, columns, words, "verified", tuple(_YES), problems)

    def number(name: str) -> float | None:
        return _optional(file, row, columns, name, problems)

    name = _both(words.get("name_zh", ""), words.get("name_en", ""))
    table = words.get("table", "")
    points = _table(path, table, problems) if table else ()
    unit = CatalogueUnit(
        id=words["id"], name=name or same(words.get("model", "") or words["id"]),
        type=cast(HeatPumpType, kind), maker=words.get("maker", ""), model=words.get("model", ""),
        table=points, minimum_source=number("minimum_source"),
        maximum_source=number("maximum_source"), maximum_supply=number("maximum_supply"),
        minimum_chilled=number("minimum_chilled"), compressor=compressor,
        stages=round(number("stages") or 1.0), minimum_part_load=number("minimum_part_load"),
        refrigerant=words.get("refrigerant", ""), phased_out=_YES[phased_out.lower()],
        borehole_length=number("borehole_length"), borehole_pipe=words.get("borehole_pipe", ""),
        well_product=words.get("well_product", ""),
        assumed=tuple(words.get("assumed", "").replace(",", " ").split()),
        evidence=words.get("evidence", "") or "E", verified=_YES[verified.lower()],
        source=words.get("source", ""), file=file, line=row.line,
    )  # fmt: skip
    return _Draft(unit, words)


def _table(path: Path, name: str, problems: list[Problem]) -> tuple[TablePoint, ...]:
    try:
        return read_performance_table(path.parent / name, name)
    except InputError as error:
        problems += error.problems
        return ()


def _add_point(
    file: str,
    row: Row,
    columns: Mapping[str, Column],
    words: dict[str, str],
    draft: _Draft,
    problems: list[Problem],
) -> None:
    """The rated point of a line; a line with a table needs none."""
    if not words.get("capacity"):
        if not words.get("table"):
            problems.append(Problem(file, f"line {row.line}", _NO_CAPACITY, _GIVE))
        return
    mode = words.get("mode", "").lower() or "heating"
    if mode not in MODES:
        allowed = listed(("heating", "cooling"))
        where = place(row, columns["mode"])
        problems.append(Problem(file, where, NOT_A_CHOICE, cure_for(mode, MODES), mode, allowed))
        return
    capacity = cell_number(file, row, columns["capacity"], problems)
    draft.points.append(
        CataloguePoint(
            MODES[mode],
            _optional(file, row, columns, "source_entering", problems),
            _optional(file, row, columns, "load_leaving", problems),
            capacity,
            _optional(file, row, columns, "power", problems),
        )
    )


def _tell_disagreement(
    file: str,
    row: Row,
    columns: Mapping[str, Column],
    words: dict[str, str],
    known: _Draft,
    problems: list[Problem],
) -> None:
    """Further lines of a unit may not describe it otherwise."""
    free = ("mode", "source_entering", "load_leaving", "capacity", "power", "note_zh", "note_en",
            "table", "assumed", "source", "evidence", "verified")  # fmt: skip
    for name, word in words.items():
        if name not in free and word and word != known.words[name]:
            message = _OTHER.format(line=known.unit.line)
            problems.append(Problem(file, place(row, columns[name]), message, _AGREE, word))


def _choice(
    file: str,
    row: Row,
    columns: Mapping[str, Column],
    words: dict[str, str],
    name: str,
    allowed: tuple[str, ...],
    problems: list[Problem],
) -> str:
    """A word out of some; the first allowed one where it is wrong."""
    word = words.get(name, "").lower()
    if word in allowed:
        return word
    where = place(row, columns[name])
    if not word:
        problems.append(Problem(file, where, EMPTY, FILL, "", listed(filter(None, allowed))))
    else:
        cure = cure_for(word, allowed)
        shown = listed(filter(None, allowed))
        problems.append(Problem(file, where, NOT_A_CHOICE, cure, word, shown))
    return allowed[0]


def _optional(
    file: str, row: Row, columns: Mapping[str, Column], name: str, problems: list[Problem]
) -> float | None:
    if name not in columns:
        return None
    value = cell_number(file, row, columns[name], problems)
    return None if math.isnan(value) else value


def _both(zh: str, en: str) -> Text | None:
    return Text(en or zh, zh or en) if zh or en else None
