"""Which column of a pumping test's file is what: quantity, well, distance and unit from its header.

Field sheets name columns in English, German or Chinese, with the observation well in the same cell:
``OW1 drawdown (m)``, ``观测井1 r=25 m 降深(m)``, ``抽水井 水位埋深/m``. What is said by hand goes
before what is read here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from diwen.language import Text, same
from diwen.problems import Problem
from diwen.survey.header_cells import (
    BRACKET,
    LONGEST,
    NO_COLUMN,
    NO_UNIT,
    TAKE_ONE,
    WRONG_UNIT,
    column_position,
    unit_fit,
)

#: What a column may be, and the quantities whose units fit it.
ROLES: dict[str, tuple[str, ...]] = {
    "time": ("time",),
    "drawdown": ("length",),
    "rise": ("length",),
    "depth": ("length",),
    "level": ("length", "pressure"),
    "rest": ("length",),
    "flow": ("volume_flow",),
    "injection": ("volume_flow",),
    "temperature": ("temperature",),
    "return_temperature": ("temperature",),
}
#: Roles of which every well has its own; what goes first is taken where a file holds several.
OF_WELL = ("drawdown", "rise", "depth", "level")
#: Level at rest, written beside the readings; of a well too, but no reading.
REST = "rest"
NAMES: dict[str, Text] = {
    "time": Text("time", "时间"),
    "drawdown": Text("drawdown", "降深"),
    "rise": Text("rise of the level", "水位升幅"),
    "depth": Text("depth to water", "水位埋深"),
    "level": Text("water level", "水位"),
    "rest": Text("level at rest", "静水位"),
    "flow": Text("pumped flow", "抽水流量"),
    "injection": Text("injected flow", "回灌流量"),
    "temperature": Text("temperature of the pumped water", "出水温度"),
    "return_temperature": Text("temperature of the returned water", "回水温度"),
}
_EXAMPLES = {"time": "min", "flow": "m3/h", "injection": "m3/h", "temperature": "°C",
             "return_temperature": "°C"}  # fmt: skip
# The first that fits decides; so the narrower words stand first.
_WORDS: tuple[tuple[str, str], ...] = (
    ("rest",
     r"static (water )?(level|depth)|rest level|level at rest|ruhewasser|静水位|静止水位|初始水位"),
    ("return_temperature",
     r"return temp|injection temp|(water )?temp\w* (of )?(the )?return|t_?ret|r(ü|ue)cklauf"
     r"|回水温|回灌水?温"),
    ("temperature", r"temp|t_?pump|水温|温度"),
    ("injection",
     r"inject\w*.*(flow|rate)|(flow|rate).*inject|recharge rate|infiltration|schluckrate"
     r"|回灌流?量|注水流?量"),
    ("flow",
     r"pump\w* rate|discharge|abstraction|flow|rate|f(ö|oe)rder|durchfluss|entnahme|^q\w*$"
     r"|抽水量|出水量|涌水量|流量"),
    ("rise", r"\brise\b|head build.?up|aufh(ö|oe)hung|水位升|升幅|回灌水头|水头升"),
    ("drawdown", r"draw.?down|residual|absenkung|^s\d*$|^s_|降深|降落"),
    ("depth", r"depth|dtw|below|abstich|flurabstand|埋深|^动水位"),
    ("level", r"level|head|stage|pressure|wasserstand|druck|水位|水头|压力"),
    ("time", r"^t['′]?$|time|date|elapsed|minutes?$|zeit|datum|时间|日期|历时|时刻"),
)  # fmt: skip
_PATTERNS = tuple((role, re.compile(words, re.IGNORECASE)) for role, words in _WORDS)
_OBSERVED = re.compile(
    r"(?:\b|_)((?:obs(?:ervation)?(?:[ _.-]*(?:well|bore|hole))?|ow|mw|gwm|pz|piezometer)"
    r"[ _.-]*[A-Za-z]?\d{0,3}[A-Za-z]?)(?=$|[ _.,;:/()（\[\]-])"
    r"|((?:观测|监测)(?:井|孔|点)?[ _.-]*[A-Za-z]*\d{0,3}#?|\d{1,3}(?:#|号)?(?:观测|监测)(?:井|孔)"
    r"|观\d{1,3})",
    re.IGNORECASE,
)
_DISTANCE = re.compile(
    r"(?:r|距离?|distance|at)?\s*[=:：@]?\s*(\d+(?:\.\d+)?)\s*(?:m|米)(?![A-Za-z0-9³3²2/])",
    re.IGNORECASE,
)
_AFTER_STOP = re.compile(r"residual|recover|since (the )?stop|剩余|停泵|恢复|^t['′]", re.IGNORECASE)
# Where a level is counted from, behind its unit: heights and depths.
_DATUM = re.compile(
    r"(?P<unit>mm|cm|dm|m|ft)[ .]*(?:(?P<above>a\.?m?\.?s\.?l\.?|above .*|(?:ü\.? ?)?nh?n|ahd)"
    r"|(?P<below>b\.?[gs]\.?[ls]?\.?|b\.?t\.?o\.?c\.?|below .*|u\.? ?[gr]ok))",
    re.IGNORECASE,
)
_GAP = re.compile(r"[/,，_\s]+")
_RIGHT_UNIT = Text(
    'say the unit behind a bar: --column "{role}={name} | {unit}"',
    '请在竖线后写明单位：--column "{role}={name} | {unit}"',
)
_NO_ROLE = Text("no such column of a well test", "井试验没有这种列")
_ROLE_CURE = Text(
    'write ROLE=NAME or WELL.ROLE=NAME, for example --column "OW1.drawdown=#3 | m"',
    '请写作 角色=列名 或 井名.角色=列名，例如 --column "OW1.drawdown=#3 | m"',
)


@dataclass(frozen=True, slots=True)
class WellColumn:
    """One column that is used.

    Attributes
    ----------
    role : key of :data:`ROLES`
    index : position in a row, from 0
    name : as in the header, or ``#2``
    well : of an observation well; empty for the pumped (or injected) well and for what has no well
    distance : from the pumped well as the header tells, m; None
    unit : as written; empty for a date
    factor, offset : number in the file to inside unit
    clock : position of the clock that belongs to a column of dates; None
    head_per_pressure : a pressure; its factor ends in Pa and is to be turned into metres of water
    """

    role: str
    index: int
    name: str
    well: str = ""
    distance: float | None = None
    unit: str = ""
    factor: float = 1.0
    offset: float = 0.0
    head_per_pressure: bool = False
    clock: int | None = None


def recognised(header: Sequence[str], units: Sequence[str] = ()) -> list[WellColumn]:
    """Columns that the header tells; of each role and well the first, of the time all."""
    found: dict[tuple[str, str, int], WellColumn] = {}
    for index, cell in enumerate(header):
        if not cell or len(cell) > LONGEST:
            continue
        below = units[index] if index < len(units) else ""
        column = _of_cell(cell, below, index)
        if column is not None:
            several = index if column.role == "time" else 0
            found.setdefault((column.role, column.well, several), column)
    return list(found.values())


def _of_cell(cell: str, below: str, index: int) -> WellColumn | None:
    """The column that a cell names; one with a unit that does not fit is told later."""
    wrong: WellColumn | None = None
    for name, unit in _splits(cell, below):
        role = next((role for role, words in _PATTERNS if words.search(name.strip())), None)
        datum = _DATUM.fullmatch(unit.strip())
        if datum is not None and role in ("level", "depth"):
            role, unit = ("level" if datum["above"] else "depth"), datum["unit"]
        if role is None:
            continue
        if unit and fitting(role, unit) is None:
            wrong = wrong or WellColumn(role, index, cell, unit=unit)
            continue
        if not unit and wrong is not None:
            return wrong
        of_well = role in (*OF_WELL, REST)
        observed = _OBSERVED.search(name) if of_well else None
        well = "" if observed is None else (observed[1] or observed[2]).strip(" _.-")
        distance = _distance(name) if well else None
        if of_well and not well and (distance := _distance(name)) is not None:
            well = f"{distance:g} m"
        return WellColumn(role, index, cell, well, distance, unit)
    return wrong


def unused_levels(
    header: Sequence[str], units: Sequence[str], used: Collection[int]
) -> list[tuple[int, str, str, bool]]:
    """Columns that seem to hold levels but are not used.

    Parameters
    ----------
    header, units : cells of the header line and of a units line below it
    used : positions of the columns in use

    Returns
    -------
    position, cell, name of the well (empty: the pumped one), and whether another column of the
    same kind stands before it; else the cell names a well but not what is measured
    """
    found = []
    for index, cell in enumerate(header):
        below = units[index] if index < len(units) else ""
        if not cell or len(cell) > LONGEST or index in used:
            continue
        column = _of_cell(cell, below, index)
        observed = _OBSERVED.search(cell)
        if column is not None and column.role in OF_WELL:
            found.append((index, cell, column.well, True))
        elif column is None and observed is not None:
            found.append((index, cell, (observed[1] or observed[2]).strip(" _.-"), False))
    return found


def tells_recovery(column: WellColumn) -> bool:
    """Whether a cell of the header speaks of a recovery after the stop of the pump."""
    return _AFTER_STOP.search(column.name) is not None


def _distance(name: str) -> float | None:
    """A distance that a header tells, m."""
    found = _DISTANCE.search(name)
    return None if found is None else float(found[1])


def said(
    specs: Mapping[str, str], header: Sequence[str], units: Sequence[str], width: int, file: str
) -> list[WellColumn | Problem]:
    """Columns named by hand: ``ROLE`` or ``WELL.ROLE`` to ``NAME``, ``NAME | unit``, ``#2 | unit``.

    Parameters
    ----------
    specs : as said
    header, units : cells of the header line and of a units line below it
    width : columns of the widest row
    file : for the problems
    """
    found: list[WellColumn | Problem] = []
    for key, spec in specs.items():
        well, dot, role = key.rpartition(".")
        if role not in ROLES or (dot and role not in (*OF_WELL, REST)):
            allowed = same(", ".join(ROLES))
            found.append(Problem(file, "--column", _NO_ROLE, _ROLE_CURE, key, allowed))
            continue
        name, _, unit = (part.strip() for part in spec.partition("|"))
        name, _, second = name.partition(" + ") if role == "time" else (name, "", "")
        index = column_position(name.strip(), header, _splits)
        clock = column_position(second.strip(), header, _splits) if second else None
        if second and clock is None:
            index, name = None, second
        if index is None or not index < width:
            known = same(", ".join(cell for cell in header if cell)) if any(header) else None
            message = NO_COLUMN.format(what=NAMES[role])
            found.append(Problem(file, f"--column {key}", message, TAKE_ONE, name, known))
            continue
        cell = header[index] if index < len(header) else ""
        below = units[index] if index < len(units) else ""
        shown = next((u for _, u in _splits(cell, below) if u and fitting(role, u)), "")
        column = WellColumn(role, index, cell or name, well, _distance(cell), unit or shown)
        found.append(replace(column, clock=clock))
    return found


def with_unit(column: WellColumn, date: bool, file: str) -> WellColumn | Problem:
    """The column with the factor of its unit; a problem where it has none or a wrong one."""
    if date:
        return replace(column, unit="")
    example = _EXAMPLES.get(column.role, "m")
    cure = _RIGHT_UNIT.format(role=column.role, name=column.name, unit=example)
    where, what = f"column {column.name}", NAMES[column.role]
    unit = column.unit
    if not unit and ROLES[column.role] == ("temperature",):
        unit = "°C"
    if not unit:
        return Problem(file, where, NO_UNIT.format(what=what), cure)
    fit = fitting(column.role, unit)
    if fit is None:
        return Problem(file, where, WRONG_UNIT.format(what=what), cure, unit)
    quantity, factor, offset = fit
    return replace(
        column, unit=unit, factor=factor, offset=offset, head_per_pressure=quantity == "pressure"
    )


def fitting(role: str, unit: str) -> tuple[str, float, float] | None:
    """Quantity, factor and offset of a unit; None if it does not measure the role."""
    return unit_fit(ROLES[role], unit)


def _splits(cell: str, below: str) -> Iterator[tuple[str, str]]:
    """Ways to read a header cell as a name and a unit; a unit line below it comes first."""
    bracket = BRACKET.fullmatch(cell)
    under = below.strip().strip("[]()（）")
    if under:
        yield (bracket[1] if bracket else cell), under
    if bracket and bracket[1].strip():
        yield bracket[1], bracket[2]
    for gap in _GAP.finditer(cell):
        name, tail = cell[: gap.start()], cell[gap.end() :]
        for unit in dict.fromkeys((tail, tail.strip("()（）"), tail.replace("_", "/"))):
            if name and unit and any(fitting(role, unit) for role in ROLES):
                yield name, unit
    yield cell, ""
