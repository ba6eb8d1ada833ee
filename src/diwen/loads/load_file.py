"""Hourly load profiles as people really keep them: CSV with any separator, order and language.

Columns are known by words in the header (heating, cooling, hot water; 热负荷, 冷负荷, 生活热水),
several of a kind are added up, times and other columns are left aside. A unit in brackets counts
(kW, W, MW); without one kW is taken and a warning says so, and any other unit is refused. A column
of heat extraction (地源侧取热) is a load of the ground: positive out of it, negative into it.
"""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.loads.calendar import HOUR, HOURS_PER_YEAR
from diwen.loads.year_of_file import TIME_NAMES, order_problems, year_problems
from diwen.problems import InputError, Problem, system_reason

Floats = NDArray[np.float64]

# Words of each kind; the first kind whose word stands in a header takes the column.
_WORDS = {
    "ground": ("extraction", "ground load", "取热", "地源侧"),
    "hot_water": ("hot water", "water heating", "dhw", "sww", "tap water", "热水"),
    "cooling": ("cool", "冷"),
    "heating": ("heat", "供暖", "采暖", "供热", "制热", "热负荷", "热需求"),
}
_UNITS = {
    "kw": 1e3, "w": 1.0, "mw": 1e6, "kwh": 1e3, "wh": 1.0, "mwh": 1e6, "kwh/h": 1e3,
    "千瓦": 1e3, "瓦": 1.0, "兆瓦": 1e6,
}  # fmt: skip
# The unit ends the header, in brackets or behind a mark or a Chinese word.
_UNIT = re.compile(
    r"[\[(（/,_\s\u4e00-\u9fff]\s*(kwh/h|[km]?wh?|千瓦|兆瓦|瓦)\s*[\])）]?\s*$", re.IGNORECASE
)
_BRACKET = re.compile(r"[\[(（]\s*([^\[(（\])）]*?)\s*[\])）]\s*$")
# Units of loads that are not read, and of quantities that are no loads.
_FOREIGN = re.compile(
    r".*/.*|[kmgt]?j|[km]?btuh?|mbh|[kmg]?cal|[tr]r|tons?|冷吨|gwh?|万千瓦时|[万兆]?焦",
    re.IGNORECASE,
)
_ASIDE_UNIT = re.compile(
    r"°?\s*[cfk]|℃|%|-|(m3|m³|l|kg)/(h|s|min)|[km]?pa|yuan|cny|eur|元", re.IGNORECASE
)
_ASIDE = re.compile(
    r"temperature|温|set\s?-?point|设定|\bcop\b|\beer\b|electric|耗电|用电|电功率|流量|flow"
)
_BOTH = re.compile(r"(?=.*(cool|冷))(?=.*(heating|供暖|采暖|供热|制热|热负荷|热需求))")
_TOTAL = re.compile(r"total|\bsum\b|合计|总")
_THREE = re.compile(r"[1-9]\d{0,2},\d{3}")
# Years of hours that a file of shorter steps looks like, and how long its steps are, min.
_STEPS = {2: 30, 3: 20, 4: 15, 6: 10, 12: 5, 60: 1}
_LARGEST = 1e12
_SHOWN = 5
_DUST, _LEAST_DUST = 1e-3, 1e-6

_CANNOT_OPEN = Text("the file cannot be opened: {reason}", "文件无法打开：{reason}")
_DAMAGED = Text("the compressed file is damaged", "压缩文件已损坏")
_LOOK = Text("check name and rights", "请检查文件名与权限")
_NO_TEXT = Text("neither UTF-8 nor GB 18030 text", "既不是 UTF-8 也不是 GB 18030 文本")
_SAVE_UTF8 = Text("save it as CSV in UTF-8", "请另存为 UTF-8 编码的 CSV")
_NO_COLUMN = Text("no column of heating or cooling loads", "没有热负荷或冷负荷列")
_NAME_COLUMNS = Text(
    "name the columns in the first line, such as: Heating (kW);Cooling (kW)",
    "请在首行写列名，例如：热负荷（kW）;冷负荷（kW）",
)
_COUNT = Text("not a whole number of years of 8760 hours", "不是 8760 小时的整数倍")
_CUT = Text(
    "give one line per hour; leave out 29 February of a leap year",
    "每小时一行；闰年请去掉 2 月 29 日",
)
_BAD_CELL = Text("not a number", "不是数值")
_NEGATIVE = Text("a negative load", "负荷为负")
_SIGNS = Text(
    "heating and cooling are positive numbers in columns of their own",
    "热负荷与冷负荷分列给出，均为正数",
)
_MEND = Text("correct the cell", "请更正该单元格")
_MORE = Text("{count} more cells like this", "另有 {count} 处同样问题")
_TWO_SIDES = Text(
    "loads of the ground and of the building in one file", "同一文件中同时有地源侧与建筑侧负荷"
)
_ONE_SIDE = Text("keep the one or the other", "请只保留其一")
_OTHER_UNIT = Text("loads are not read in this unit", "不支持以该单位给出的负荷")
_CONVERT = Text("convert the column to kW and write so: Heating (kW)",
                "请换算为 kW 并注明，例如：热负荷（kW）")  # fmt: skip
_LEFT_ASIDE = Text("this column is no load and is left aside", "该列不是负荷，未采用")
_RENAME = Text("if it is one, rename it: Heating (kW)", "如为负荷，请改列名，例如：热负荷（kW）")
_ONE_COLUMN = Text("heating and cooling in one column", "热负荷与冷负荷在同一列")
_ADDED = Text("these columns are added up", "这些列将相加")
_LEAVE_TOTAL = Text("if one is the sum of the others, leave it out", "如其中一列为合计，请删去")
_SURPLUS = Text(
    "more cells than the header has: is the comma both separator and decimal mark?",
    "单元格多于表头列数：逗号是否同时用作分隔符与小数点？",
)
_POINTS = Text("use decimal points, or separate by semicolons", "请用小数点“.”，或以分号分隔各列")
_THOUSANDS = Text(
    "a comma before three digits everywhere: thousands or decimals?",
    "逗号后均为三位数字：是千位分隔符还是小数点？",
)
_NO_COMMA = Text("write the numbers without separators and with a decimal point",
                 "请去掉千位分隔符，小数点用“.”")  # fmt: skip
_IMPOSSIBLE = Text("no building needs so much", "超出任何建筑可能的负荷")
_SHORT_STEPS = Text(
    "read as {years} years of hours; values of {minutes} minutes would look the same",
    "按 {years} 年逐时数据读取；时间步长为 {minutes} 分钟的一年数据行数相同",
)
_HOURLY_MEANS = Text("if they are, give hourly means instead, or say hourly_file_step",
                     "如属后者，请改为逐时平均值，或注明 hourly_file_step")  # fmt: skip
_UNEVEN = Text("the steps do not fill an hour evenly", "步长不能整除一小时")
_FRACTION = Text(
    'write 1 h, "30 min", "15 min", "10 min" ...', "请写 1 h、30 min、15 min、10 min 等"
)
_NO_TABLE = Text("this is no readable table: {reason}", "无法按表格读取：{reason}")
_NO_UNIT = Text("the header gives no unit: kW is taken", "表头未注明单位，按 kW 处理")
_ADD_UNIT = Text("write it in the header, such as Heating (kW)", "请在表头注明，例如 热负荷（kW）")


@dataclass(frozen=True, eq=False)
class LoadColumns:
    """What an hourly load file holds.

    Attributes
    ----------
    columns : W by hour from 1 January, shape (8760 years,), by kind: ``heating``, ``cooling`` and
        ``hot_water`` of a building (0 or more), or ``ground`` alone (positive out of it)
    warnings : what was assumed
    """

    columns: dict[str, Floats]
    warnings: tuple[Problem, ...]

    @property
    def of_ground(self) -> bool:
        """Whether these are loads of the ground, not of a building."""
        return "ground" in self.columns


def read_load_columns(
    path: str | Path, *, step: float = HOUR, hot_water_alone: bool = False
) -> LoadColumns:
    """Loads from a CSV file (plain or gzip), as hourly means.

    Parameters
    ----------
    path : the file; one line per step from 1 January, whole years of 365 days
    step : length of the file's steps, s, a whole fraction of an hour; amounts of energy (kWh)
        are taken per step
    hot_water_alone : whether a file of hot water only is meant

    Raises
    ------
    diwen.problems.InputError : with every fault of the file
    """
    path = Path(path)
    per_hour = _per_hour(path.name, step)
    start, rows = _rows(path)
    header = [cell.strip() for cell in rows[0]] if rows else []
    problems: list[Problem] = []
    kinds = _kinds(path.name, header, start, problems, hot_water_alone)
    body = [(at, row) for at, row in enumerate(rows[1:], start + 1) if any(c.strip() for c in row)]
    problems += _wrong_shape(path.name, len(header), body, per_hour)
    if not any(problem.severity == "error" for problem in problems):
        problems += _wrong_times(path.name, header, kinds, body, per_hour)
    columns: dict[str, Floats] = {}
    for position, kind in kinds.items():
        factor = (_factor(header[position]) or 1e3) * _energy_steps(header[position], per_hour)
        column = _Column(path.name, header[position], position, factor, signed=kind == "ground")
        columns[kind] = columns.get(kind, 0.0) + factor * column.numbers(body, problems)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise InputError(errors)
    if per_hour > 1:
        columns = {
            kind: power.reshape(-1, per_hour).mean(axis=1) for kind, power in columns.items()
        }
    return LoadColumns(columns, tuple(problems))


def _per_hour(file: str, step: float) -> int:
    """Steps of the file in an hour."""
    count = round(HOUR / step) if step > 0.0 else 0
    if count < 1 or abs(count * step - HOUR) > 1e-6 * HOUR:
        shown = f"{step / 60:g} min"
        raise InputError([Problem(file, "hourly_file_step", _UNEVEN, _FRACTION, shown)])
    return count


def _energy_steps(name: str, per_hour: int) -> int:
    """How often the amount of one step fits into an hour; 1 for powers."""
    found = _UNIT.search(name)
    amount = found is not None and found[1].casefold() in ("kwh", "wh", "mwh")
    return per_hour if amount else 1


def _kinds(
    file: str, header: list[str], line: int, problems: list[Problem], hot_water_alone: bool
) -> dict[int, str]:
    """Kind of load by position of its column; what is wrong with the header is appended."""
    shown, row = ", ".join(header)[:80], f"line {line}"
    kinds: dict[int, str] = {}
    for position, name in enumerate(header):
        kind, where = _kind(name), f"line {line}, column {name}"
        if kind is None:
            continue
        if _is_no_load(name, kind):
            problems.append(_warning(file, where, _LEFT_ASIDE, _RENAME, name))
            continue
        kinds[position] = kind
        if kind != "ground" and _BOTH.match(name.casefold()):
            problems.append(Problem(file, where, _ONE_COLUMN, _SIGNS, name))
        if _factor(name) is not None:
            continue
        unit = _BRACKET.search(name)
        if unit is not None and _FOREIGN.fullmatch(unit[1]):
            known = same("kW, W, MW, kWh")
            problems.append(Problem(file, where, _OTHER_UNIT, _CONVERT, unit[1], known))
        else:
            problems.append(_warning(file, where, _NO_UNIT, _ADD_UNIT, name))
    if not kinds or (set(kinds.values()) == {"hot_water"} and not hot_water_alone):
        raise InputError([Problem(file, row, _NO_COLUMN, _NAME_COLUMNS, shown)])
    if "ground" in kinds.values() and set(kinds.values()) != {"ground"}:
        problems.append(Problem(file, row, _TWO_SIDES, _ONE_SIDE, shown))
    for kind in sorted(set(kinds.values())):
        alike = [header[position] for position in kinds if kinds[position] == kind]
        if len(alike) > 1 and any(_TOTAL.search(name.casefold()) for name in alike):
            problems.append(_warning(file, row, _ADDED, _LEAVE_TOTAL, ", ".join(alike)))
    return kinds


def _is_no_load(name: str, kind: str) -> bool:
    """Whether a column with such a word holds a temperature, a flow or electricity."""
    unit = _BRACKET.search(name)
    if unit is not None and _ASIDE_UNIT.fullmatch(unit[1]):
        return True
    return kind in ("heating", "cooling") and bool(_ASIDE.search(name.casefold()))


def _wrong_shape(
    file: str, width: int, body: list[tuple[int, list[str]]], per_hour: int
) -> list[Problem]:
    """Too few or too many rows, rows longer than the header, steps that may not be hours."""
    found = []
    lines = HOURS_PER_YEAR * per_hour
    years, rest = divmod(len(body), lines)
    if not body or rest:
        found.append(Problem(file, "", _COUNT, _CUT, f"{len(body)}", same(f"{lines} n")))
    elif years in _STEPS and per_hour == 1:
        message = _SHORT_STEPS.format(years=years, minutes=_STEPS[years])
        found.append(_warning(file, "", message, _HOURLY_MEANS, f"{len(body)}"))
    longer = next(((at, row) for at, row in body if any(c.strip() for c in row[width:])), None)
    if longer is not None:
        shown = ", ".join(longer[1])[:80]
        found.append(Problem(file, f"line {longer[0]}", _SURPLUS, _POINTS, shown))
    return found


def _wrong_times(
    file: str, header: list[str], kinds: dict[int, str], body: list[tuple[int, list[str]]],
    per_hour: int,
) -> list[Problem]:  # fmt: skip
    """What a column of times says against the calendar year that the lines are taken for."""
    place = next(
        (i for i, name in enumerate(header) if i not in kinds and TIME_NAMES.search(name)), None
    )
    if place is None:
        return []
    times = [(line, row[place].strip() if place < len(row) else "") for line, row in body]
    found = list(year_problems(file, times[0], times[-1]))
    return found or list(order_problems(file, times, 24 * per_hour))


def _warning(file: str, where: str, message: Text, cure: Text, value: str) -> Problem:
    return Problem(file, where, message, cure, value, severity="warning")


def _text(path: Path) -> str:
    """The text of the file, whatever its usual encoding."""
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        message = _CANNOT_OPEN.format(reason=_reason(error))
        raise InputError([Problem(path.name, "", message, _LOOK)]) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError([Problem(path.name, "", _NO_TEXT, _SAVE_UTF8)])


def _reason(error: Exception) -> Text:
    return system_reason(error) if isinstance(error, OSError) else _DAMAGED


def _rows(path: Path) -> tuple[int, list[list[str]]]:
    """Line of the header, from 1, and the cells from there; the separator is the header's.

    Empty lines and remarks (#) before the header are passed over.
    """
    lines = _text(path).splitlines()
    at = next((i for i, line in enumerate(lines) if line.strip() and line.lstrip()[0] != "#"), 0)
    first = lines[at] if lines else ""
    separator = next((mark for mark in (";", "\t", "，") if mark in first), ",")
    try:
        return at + 1, list(csv.reader(lines[at:], delimiter=separator))
    except csv.Error as error:
        message = _NO_TABLE.format(reason=str(error))
        raise InputError([Problem(path.name, "", message, _SAVE_UTF8)]) from error


def _kind(name: str) -> str | None:
    lowered = name.casefold()
    return next((kind for kind, words in _WORDS.items() if any(w in lowered for w in words)), None)


def _factor(name: str) -> float | None:
    """Watts per unit of a header, None where it names none."""
    found = _UNIT.search(name)
    return None if found is None else _UNITS[found[1].casefold()]


@dataclass(frozen=True)
class _Column:
    """A column of the file: its place, name, watts per unit, and whether a sign is meant."""

    file: str
    name: str
    position: int
    factor: float
    signed: bool

    def numbers(self, body: list[tuple[int, list[str]]], problems: list[Problem]) -> Floats:
        """The numbers; faults are appended, the first few by line, the others counted."""
        values = np.zeros(len(body))
        faults: list[Problem] = []
        for i, (line, row) in enumerate(body):
            cell = row[self.position].strip() if self.position < len(row) else ""
            try:
                values[i] = float(cell.replace(",", ".").replace("−", "-"))
            except ValueError:
                values[i] = np.nan
            if not np.isfinite(values[i]):
                faults.append(Problem(self.file, self._where(line), _BAD_CELL, _MEND, cell))
        if not self.signed and not faults:
            # Simulations leave negative dust; only what is more than that is a wrong sign.
            dust = -max(_DUST * float(values.max(initial=0.0)), _LEAST_DUST)
            for i in map(int, np.flatnonzero(values < dust)):
                line, shown = body[i][0], f"{values[i]:g}"
                faults.append(
                    Problem(self.file, self._where(line), _NEGATIVE, _SIGNS, shown, same("≥ 0"))
                )
            values = np.maximum(values, 0.0)
        if not faults:
            faults = self._implausible(values, body)
        problems += faults[:_SHOWN]
        if len(faults) > _SHOWN:
            more = _MORE.format(count=len(faults) - _SHOWN)
            problems.append(Problem(self.file, f"column {self.name}", more, _MEND))
        return values

    def _implausible(self, values: Floats, body: list[tuple[int, list[str]]]) -> list[Problem]:
        """Numbers beyond all buildings, and commas that may part thousands."""
        for i in map(int, np.flatnonzero(np.abs(values) > _LARGEST / self.factor)[:1]):
            allowed = same(f"≤ {_LARGEST / 1e3:g} kW")
            where, shown = self._where(body[i][0]), f"{values[i]:g}"
            return [Problem(self.file, where, _IMPOSSIBLE, _MEND, shown, allowed)]
        commas = [
            (line, row[self.position].strip()) for line, row in body if "," in row[self.position]
        ]
        if not commas or not all(_THREE.fullmatch(cell) for _, cell in commas):
            return []
        line, shown = commas[0]
        return [Problem(self.file, self._where(line), _THOUSANDS, _NO_COMMA, shown)]

    def _where(self, line: int) -> str:
        return f"line {line}, column {self.name}"
