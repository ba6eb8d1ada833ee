"""What the ground commands read: boreholes from a CSV file or a site, times, pipes of a site."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwen.language import Text, same
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from diwen.site import Site
    from diwen.sources.borefield.boreholes import Boreholes
    from diwen.sources.borefield.networks import Network

_USUAL_TEMPERATURE = 10.0
HOUR, YEAR = 3600.0, 8760 * 3600.0
# Seconds of the units that people write over a column of times.
_UNITS = {
    "s": 1.0, "sec": 1.0, "second": 1.0, "seconds": 1.0, "秒": 1.0,
    "min": 60.0, "minute": 60.0, "minutes": 60.0, "分": 60.0, "分钟": 60.0,
    "h": HOUR, "hour": HOUR, "hours": HOUR, "小时": HOUR, "时": HOUR,
    "d": 24 * HOUR, "day": 24 * HOUR, "days": 24 * HOUR, "天": 24 * HOUR, "日": 24 * HOUR,
    "month": YEAR / 12, "months": YEAR / 12, "月": YEAR / 12,
    "a": YEAR, "y": YEAR, "yr": YEAR, "year": YEAR, "years": YEAR, "年": YEAR,
}  # fmt: skip
_TIME_WORDS = ("time", "times", "t", "时间", "时刻")
_NO_UNIT = Text("the header does not say the unit of the times", "表头未注明时间单位")
_WRITE_UNIT = Text(
    "write for example: time [s], time [h], years", "例如：time [s]、time [h]、years"
)
_NO_TIMES = Text("the file holds no time", "文件中没有时间")
_ADD_TIMES = Text("write one time per line", "每行写一个时间")
_NOT_TIME = Text("not a number above zero", "不是大于零的数值")
_MEND_TIME = Text("write the time since the load began", "请填写自加载开始的时间")
_ONE_COLUMN = Text("more than one column", "多于一列")
_SEVERAL_CELLS = Text("more than one number in the line", "该行不止一个数值")
_POINT = Text("write one time per line, with a decimal point", "每行写一个时间，小数点用“.”")
_THAW = Text("correct fluid and concentration, or the undisturbed ground temperature",
             "请更正流体与浓度，或岩土初始地温")  # fmt: skip
_LEAVE_ONE = Text("leave the column of times only", "请只保留时间一列")


def field_from_file(path: Path) -> Boreholes:
    """Boreholes of a CSV file that stands alone.

    Raises
    ------
    InputError : everything wrong with the file; boreholes that cross
    """
    from diwen.site.borehole_file import read_boreholes

    problems: list[Problem] = []
    positions = read_boreholes(path, None, problems)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise InputError(errors)
    return _boreholes(positions, path.name)


def _boreholes(positions: Any, file: str) -> Boreholes:
    """Positions as arrays, refused where they cross."""
    from diwen.sources.borefield.boreholes import Boreholes
    from diwen.sources.borefield.crossing import check_apart

    names = ("x", "y", "length", "buried_depth", "radius", "tilt", "orientation")
    field = Boreholes.of(*([getattr(p, name) for p in positions] for name in names))
    check_apart(field, file)
    return field


def usual_times() -> NDArray[np.float64]:
    """25 times from an hour to a hundred years in equal ratios, s."""
    import numpy as np

    return np.geomspace(HOUR, 100 * YEAR, 25)


def times_from_file(path: Path) -> NDArray[np.float64]:
    """Times of a CSV file with one column, s, in the order of the file.

    The header names the unit (``time [h]``, ``years``, ``时间（小时）``); without a header, or with
    the bare word ``time``, they are seconds.

    Raises
    ------
    InputError : unknown unit, no number, not above zero; every line at once
    """
    import numpy as np

    from diwen.site.textfile import read_csv, read_text

    text, _ = read_text(path)
    sheet = read_csv(text)
    cells = [(row.line, next(iter(row.cells.values()), ""), row) for row in sheet.rows]
    problems: list[Problem] = []
    filled = [column for column in sheet.header if column]
    if len(filled) > 1:
        where = f"line {sheet.header_line}"
        problems.append(Problem(path.name, where, _ONE_COLUMN, _LEAVE_ONE, ", ".join(filled)))
    for row in sheet.rows:
        if row.surplus:
            where = f"line {row.line}"
            shown = ", ".join((*row.cells.values(), *row.surplus))
            problems.append(Problem(path.name, where, _SEVERAL_CELLS, _POINT, shown))
    head = sheet.header[0] if sheet.header else ""
    values: list[float] = []
    if _number(head) is None:
        factor = _seconds(head)
        if factor is None and sheet.header:
            where = f"line {sheet.header_line}"
            units = same("s, min, h, d, month, year (8760 h)")
            problems.append(Problem(path.name, where, _NO_UNIT, _WRITE_UNIT, head, units))
        factor = factor or 1.0
    else:
        factor = 1.0
        values.append(_time(path.name, sheet.header_line, head, problems))
    values += [factor * _time(path.name, line, cell, problems) for line, cell, _ in cells]
    if not values and not problems:
        problems.append(Problem(path.name, "", _NO_TIMES, _ADD_TIMES))
    if problems:
        raise InputError(problems)
    return np.array(values)


def _seconds(header: str) -> float | None:
    """Seconds of the unit that a header names; None where it names none that is known."""
    name = header.strip().lower()
    if name in _TIME_WORDS:
        return 1.0
    match = re.fullmatch(r"(?:time|times|t|时间|时刻)?[\s_]*[\[(（]?\s*(\w+)\s*[\])）]?", name)
    return _UNITS.get(match[1].lstrip("_")) if match else None


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _time(file: str, line: int, text: str, problems: list[Problem]) -> float:
    value = _number(text)
    if value is None or math.isnan(value) or value <= 0:
        where = f"line {line}, column time"
        problems.append(Problem(file, where, _NOT_TIME, _MEND_TIME, text, same("> 0")))
        return math.nan
    return value


@dataclass(frozen=True, eq=False)
class SiteField:
    """A bore field of a site with the ground around it.

    Attributes
    ----------
    site, name : the site and the id of the bore field
    boreholes : the field
    conductivity, diffusivity : means of the layers along the boreholes, W/(m·K) and m2/s; None
        where the site does not say them
    temperature : undisturbed, °C, at which the fluid's properties are taken; 10 where not given
    missing : what the ground lacks
    """

    site: Site
    name: str
    boreholes: Boreholes
    conductivity: float | None
    diffusivity: float | None
    temperature: float
    missing: tuple[Problem, ...]

    def network(self) -> Network:
        """The pipes of the field, at the design flow and the undisturbed temperature.

        Raises
        ------
        InputError : everything that is missing in the site
        """
        from diwen.fluids import freezing_warning
        from diwen.site.borehole_section import fluid_of_site, lacking_for_section, section_of_site
        from diwen.site.loop_network import borefield_of_site, flow_of_site, network_of_site
        from diwen.site.missing_values import missing

        _, table = borefield_of_site(self.site, self.name)
        flow = flow_of_site(self.site, self.name, table)
        keys = [*lacking_for_section(table), *([] if flow is not None else ["design_flow"])]
        problems = [missing(f"sources.{self.name}.{key}", key) for key in keys]
        fluid = fluid_of_site(table, self.name, problems)
        frozen = None if fluid is None else freezing_warning(fluid, self.temperature, 0.0)
        if frozen is not None:
            where = f"sources.{self.name}.fluid"
            problems.append(Problem("site.toml", where, frozen, _THAW, table.fluid.name))
        if self.conductivity is None:
            problems += [p for p in self.missing if not p.where.endswith("heat_capacity")]
        if problems or flow is None or fluid is None or self.conductivity is None:
            raise InputError(problems)
        section = section_of_site(table, float(self.boreholes.radius.mean()), self.conductivity)
        notes: list[Problem] = []
        network = network_of_site(
            table, self.name, self.boreholes, section, fluid, flow, self.temperature, notes
        )
        if network is None:
            raise InputError([replace(note, severity="error") for note in notes])
        return network


def field_from_site(folder: Path, source: str) -> SiteField:
    """A bore field of a site; the only one where none is named.

    Raises
    ------
    InputError : the site is wrong, or has no such bore field
    """
    import diwen.site
    from diwen.site.ground_at_rest import mean_of_layers
    from diwen.site.loop_network import borefield_of_site, boreholes_of_site
    from diwen.sources.borefield.crossing import check_apart

    site = diwen.site.read(folder)
    name, _ = borefield_of_site(site, source)
    boreholes = boreholes_of_site(site, name)
    check_apart(boreholes, "site.toml")
    problems: list[Problem] = []
    conductivity = mean_of_layers(site, boreholes, "conductivity", problems)
    capacity = mean_of_layers(site, boreholes, "heat_capacity", problems)
    known = conductivity is not None and capacity is not None
    diffusivity = conductivity / capacity if known else None  # type: ignore[operator]
    given = site.ground.undisturbed_temperature
    warmth = _USUAL_TEMPERATURE if given is None else given
    errors = tuple(problem for problem in problems if problem.severity == "error")
    return SiteField(site, name, boreholes, conductivity, diffusivity, warmth, errors)


def ground_is_missing(field: SiteField) -> InputError:
    """What to say where a site leaves the diffusivity open."""
    return InputError(list(field.missing))
