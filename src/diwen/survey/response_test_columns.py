"""Which column of a response test's file is what, and in which unit it stands.

What the site file does not say is read from the header: names as loggers write them in English,
German and Chinese, units in brackets, behind a slash, a comma or an underscore. A name alone
never decides against its unit: ``t [s]`` is a time, ``T [°C]`` a temperature.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from diwen.language import Text, same
from diwen.problems import Problem
from diwen.survey.header_cells import (
    BRACKET,
    LONGEST,
    NO_COLUMN,
    NO_UNIT,
    POSITION,
    TAKE_ONE,
    WRONG_UNIT,
    column_position,
    unit_fit,
)

# What each column measures; the first quantity whose unit fits is taken.
QUANTITIES: dict[str, tuple[str, ...]] = {
    "time": ("time",),
    "fluid_temperature": ("temperature",),
    "inlet": ("temperature",),
    "outlet": ("temperature",),
    "power": ("heat_power",),
    "relative_power": ("ratio",),
    "flow": ("mass_flow", "volume_flow"),
    "ambient": ("temperature",),
    # Standing column wells: water bled off, and loggers hung into the wells.
    "bleed": ("mass_flow", "volume_flow"),
    "well_level": ("length", "pressure"),
    "well_temperature": ("temperature",),
    "other_level": ("length", "pressure"),
    "other_temperature": ("temperature",),
}
#: Roles that only a standing column well has.
OPEN_WELL_ROLES = ("bleed", "well_level", "well_temperature", "other_level", "other_temperature")
#: Roles that may be empty in a record without taking the record with them.
SIDE_ROLES = ("ambient", "relative_power", *OPEN_WELL_ROLES)
NAMES: dict[str, Text] = {
    "time": Text("time", "时间"),
    "fluid_temperature": Text("mean fluid temperature", "流体平均温度"),
    "inlet": Text("temperature into the borehole", "进孔温度"),
    "outlet": Text("temperature out of the borehole", "出孔温度"),
    "power": Text("heat rate", "加热功率"),
    "relative_power": Text("relative heat rate", "相对热流率"),
    "flow": Text("flow", "流量"),
    "ambient": Text("air temperature", "环境温度"),
    "bleed": Text("bleed flow", "排放流量"),
    "well_level": Text("level at the logger in the well", "井内记录仪水位"),
    "well_temperature": Text("temperature at the logger in the well", "井内记录仪温度"),
    "other_level": Text("level in the well that takes the bleed", "排放水回灌井水位"),
    "other_temperature": Text(
        "temperature in the well that takes the bleed", "排放水回灌井记录仪温度"
    ),
}
_EXAMPLES = {
    "time": "s", "power": "W", "flow": "m3/h", "relative_power": "%", "bleed": "m3/h",
    "well_level": "m", "other_level": "m",
}  # fmt: skip
_WORDS = {
    "time": r"t|time.*|date.?time|timestamp|elapsed.*|zeit.*|datum.*|date"
    r"|时间.*|日期.*|历时.*|时刻.*",
    "fluid_temperature": r"t_?f|t_?m|t_?(mean|fluid|avg)|(mean )?fluid.*|mean.*temp.*"
    r"|.*平均(水)?温度?|流体温度.*",
    "inlet": r".*\binlet\b.*|t_?in|t_in(let)?|.*\bsupply\b.*|t_supply|vorlauf.*"
    r"|.*(进水|进口|入口|进孔|供水|进液)温?度?.*",
    "outlet": r".*\boutlet\b.*|t_?out|t_out(let)?|.*\breturn\b.*|t_return|r(ü|ue)cklauf.*"
    r"|.*(出水|出口|出孔|回水|出液)温?度?.*",
    "power": r"p|q|.*power.*|.*heat (transfer )?rate.*|.*ht rate.*|leistung.*|heizleistung.*"
    r"|.*功率.*|加热量.*",
    "bleed": r".*bleed.*|.*排放(流)?量.*",
    "flow": r".*flow.*|m_?dot|v_?dot|durchfluss.*|volumenstrom.*|massenstrom.*|.*流量.*",
    "ambient": r".*ambient.*|t_?amb|.*(outdoor|outside|air).*temp.*|t_?(air|out(door|side))"
    r"|au(ß|ss)en.*|.*(环境|室外|空气)温度.*|气温.*",
}
_PATTERNS = {role: re.compile(words, re.IGNORECASE) for role, words in _WORDS.items()}
_BEHIND = re.compile(r"(.+?)\s*[/,，]\s*([^/,，]+)$|(.+)_([A-Za-z°%0-9]+)$")
_POSITION_HIGH = Text("the file has only {count} columns", "文件只有 {count} 列")
_RIGHT_UNIT = Text(
    'name the right unit behind a bar: {role} = "{name} | {unit}"',
    '请在竖线后写明正确单位：{role} = "{name} | {unit}"',
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column that is used.

    Attributes
    ----------
    role : key of :data:`QUANTITIES`
    index : positions in a row, from 0; two for a date and a clock
    name : as in the header, or ``#2``
    unit : as written; empty for a date
    quantity : what its numbers measure; empty for a date
    factor, offset : number in the file to inside unit
    """

    role: str
    index: tuple[int, ...]
    name: str
    unit: str = ""
    quantity: str = ""
    factor: float = 1.0
    offset: float = 0.0


def wanted_names(columns: Mapping[str, str]) -> list[str]:
    """The header names (no positions) that a map of columns asks for."""
    parts = [part for spec in columns.values() if spec for part in _parts(spec)[0]]
    return [part for part in parts if not POSITION.fullmatch(part)]


def wanted_positions(columns: Mapping[str, str]) -> list[int]:
    """The positions, from 0, that a map of columns asks for."""
    parts = [part for spec in columns.values() if spec for part in _parts(spec)[0]]
    return [int(found[1]) - 1 for part in parts if (found := POSITION.fullmatch(part))]


def recognised(header: Sequence[str], units: Sequence[str] = ()) -> dict[str, int]:
    """Position of each column that its header tells, by role; the first of several is taken."""
    found: dict[str, int] = {}
    for role, pattern in _PATTERNS.items():
        for index, cell in enumerate(header):
            unit_cell = units[index] if index < len(units) else ""
            if index in found.values() or not cell or len(cell) > LONGEST:
                continue
            if any(
                pattern.fullmatch(name.strip()) and (not unit or fitting(role, unit) is not None)
                for name, unit in _splits(cell, unit_cell)
            ):
                found[role] = index
                break
    return found


def column_of(
    role: str,
    spec: str,
    header: Sequence[str],
    units: Sequence[str],
    width: int,
    date: bool,
    file: str,
) -> Column | Problem:
    """The column that a specification names, with its unit.

    Parameters
    ----------
    role : key of :data:`QUANTITIES`
    spec : ``NAME``, ``NAME | unit``, ``#2 | unit``, ``DATE + CLOCK``
    header, units : cells of the header line and of a units line below it
    width : columns of the widest row
    date : the column holds dates, which have no unit
    file : for the problem
    """
    names, unit = _parts(spec)
    index = []
    for name in names:
        found = column_position(name, header, _splits)
        if found is None or found >= width:
            known = same(", ".join(cell for cell in header if cell)) if header else None
            message = NO_COLUMN.format(what=NAMES[role])
            if POSITION.fullmatch(name):
                message = _POSITION_HIGH.format(count=width)
            return Problem(file, f"columns.{role}", message, TAKE_ONE, name, known)
        index.append(found)
    if date:
        return Column(role, tuple(index), spec)
    first = index[0]
    name = header[first] if first < len(header) and header[first] else names[0]
    cell = header[first] if first < len(header) else ""
    unit_cell = units[first] if first < len(units) else ""
    return _with_unit(role, first, name, unit, _splits(cell, unit_cell), file)


def _with_unit(
    role: str, index: int, name: str, said: str, splits: Iterable[tuple[str, str]], file: str
) -> Column | Problem:
    """The column with the unit said by the user, else the one in the header, else the usual one."""
    written = said
    if not written:
        found = [unit for _, unit in splits if unit]
        written = next((unit for unit in found if fitting(role, unit) is not None), "")
        bracketed = found[0] if found and not written else ""
        if bracketed and role != "relative_power":
            return _unit_problem(role, name, bracketed, WRONG_UNIT, file)
    if not written and QUANTITIES[role] == ("temperature",):
        written = "°C"
    if not written and role != "relative_power":
        return _unit_problem(role, name, "", NO_UNIT, file)
    fit = fitting(role, written or "1")
    if fit is None:
        return _unit_problem(role, name, written, WRONG_UNIT, file)
    quantity, factor, offset = fit
    return Column(role, (index,), name, written, quantity, factor, offset)


def _unit_problem(role: str, name: str, value: str, message: Text, file: str) -> Problem:
    example = _EXAMPLES.get(role, "°C")
    cure = _RIGHT_UNIT.format(role=role, name=name, unit=example)
    return Problem(file, f"column {name}", message.format(what=NAMES[role]), cure, value)


def fitting(role: str, unit: str) -> tuple[str, float, float] | None:
    """Quantity, factor and offset of a unit; None if it does not measure the role."""
    return unit_fit(QUANTITIES[role], unit)


def _parts(spec: str) -> tuple[list[str], str]:
    """Names of a specification (two for a date and a clock) and its unit."""
    names, _, unit = spec.partition("|")
    return [name.strip() for name in names.split(" + ")], unit.strip()


def _splits(cell: str, unit_cell: str) -> list[tuple[str, str]]:
    """Ways to read a header cell as a name and a unit; a unit line below it comes first."""
    if len(cell) > LONGEST:
        return [(cell, "")]
    ways = []
    bracket = BRACKET.fullmatch(cell)
    below = unit_cell.strip().strip("[]()（）")
    if below:
        ways.append((bracket[1] if bracket else cell, below))
    if bracket:
        ways.append((bracket[1], bracket[2]))
        return ways
    behind = _BEHIND.fullmatch(cell)
    if behind:
        name, unit = (behind[1], behind[2]) if behind[1] else (behind[3], behind[4])
        if any(fitting(role, unit) for role in ("time", "inlet", "power", "flow")):
            ways.append((name, unit))
    ways.append((cell, ""))
    return ways
