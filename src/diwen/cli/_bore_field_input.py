"""What the ground commands read: boreholes from a CSV file or a site, times, pipes of a site."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from diwen.language import Text, same
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from diwen.site.borefield import Borefield
    from diwen.sources.borefield.boreholes import Boreholes
    from diwen.sources.borefield.networks import Network
    from diwen.sources.borehole.pipes import Section

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
_LEAVE_ONE = Text("leave the column of times only", "请只保留时间一列")
_NO_SOURCE = Text("the site has no bore field of that id", "项目中没有该标识的地埋管孔群")
_WHICH_SOURCE = Text("name one of them with --source", "请用 --source 指定其中之一")
_NO_FIELDS = Text("the site has no bore field", "项目中没有地埋管孔群")
_ADD_FIELD = Text('add a table [sources.ID] with type = "borefield"',
                  '请添加 type = "borefield" 的 [sources.ID]')  # fmt: skip
_NO_GROUND = Text("the site does not say {what} of its ground down to {depth} m",
                  "项目未给出至 {depth} m 深度的岩土{what}")  # fmt: skip
_CONDUCTIVITY = Text("the conductivity", "导热系数")
_HEAT_CAPACITY = Text("the heat capacity", "容积热容")
_ADD_LAYERS = Text("complete conductivity and heat_capacity of [[ground.layers]]",
                   "请补全 [[ground.layers]] 的 conductivity 与 heat_capacity")  # fmt: skip
_LACKING = Text("the equal-inlet boundary needs this value", "进口水温一致的边界需要该值")
_COMPLETE = Text("add it to the site", "请在项目文件中补充")
_MIXED = Text("which borehole feeds which is not in the site", "项目未说明各孔的上下游关系")
_MIXED_CURE = Text("use parallel or series, or the Python call with its own network",
                   "请用 parallel 或 series，或在 Python 中自行给出管网")  # fmt: skip
_BRANCHES = Text("{count} boreholes cannot be split into branches of {series} in series",
                 "{count} 个孔不能按每支路 {series} 个串联均分")  # fmt: skip
_BRANCHES_CURE = Text("correct boreholes_in_series", "请更正 boreholes_in_series")


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
    boreholes : the field
    conductivity, diffusivity : means of the layers over the depth of the boreholes, W/(m·K) and
        m2/s; None where the site does not say them
    temperature : undisturbed, °C, at which the fluid's properties are taken; 10 where not given
    source : the table of the bore field
    where : path of that table, for messages
    """

    boreholes: Boreholes
    conductivity: float | None
    diffusivity: float | None
    temperature: float
    source: Borefield
    where: str

    def network(self) -> Network:
        """The pipes of the field, at the design flow and the undisturbed temperature.

        Raises
        ------
        InputError : everything that is missing in the site
        """
        from diwen.fluids import fluid as named
        from diwen.sources.borefield.networks import network_of_sections

        table = self.source
        problems = list(_lacking(self))
        if problems or table.design_flow is None or self.conductivity is None:
            raise InputError(problems)
        percent = 100.0 * table.fluid.concentration
        fluid = named(f"{table.fluid.name} {percent:g} %" if percent else table.fluid.name)
        flow = table.design_flow * float(fluid.density(self.temperature))
        return network_of_sections(
            self.boreholes, section(table, self.conductivity), fluid, flow,
            temperature=self.temperature, upstream=_upstream(self),
        )  # fmt: skip


def field_from_site(folder: Path, source: str) -> SiteField:
    """A bore field of a site; the only one where none is named.

    Raises
    ------
    InputError : the site is wrong, or has no such bore field
    """
    import diwen.site
    from diwen.site.borefield import Borefield

    site = diwen.site.read(folder)
    fields = {name: s for name, s in site.sources.items() if isinstance(s, Borefield)}
    if not fields:
        raise InputError([Problem("site.toml", "sources", _NO_FIELDS, _ADD_FIELD)])
    name = source or (next(iter(fields)) if len(fields) == 1 else "")
    if name not in fields:
        known = same(", ".join(fields))
        raise InputError([Problem("site.toml", "--source", _NO_SOURCE, _WHICH_SOURCE, name, known)])
    boreholes = _boreholes(site.boreholes(name), "site.toml")
    low = float(boreholes.buried_depth.min())
    high = float((boreholes.buried_depth + boreholes.length).max())
    layers = site.ground.layers if site.ground is not None else ()
    conductivity = _mean(layers, "conductivity", low, high)
    capacity = _mean(layers, "heat_capacity", low, high)
    known_both = conductivity is not None and capacity is not None
    diffusivity = conductivity / capacity if known_both else None  # type: ignore[operator]
    given = None if site.ground is None else site.ground.undisturbed_temperature
    warmth = _USUAL_TEMPERATURE if given is None else given
    return SiteField(boreholes, conductivity, diffusivity, warmth, fields[name], f"sources.{name}")


def ground_is_missing(field: SiteField) -> InputError:
    """What to say where a site leaves the diffusivity open."""
    low = field.boreholes
    depth = f"{float((low.buried_depth + low.length).max()):.0f}"
    what = _CONDUCTIVITY if field.conductivity is None else _HEAT_CAPACITY
    message = Text(
        _NO_GROUND.en.format(what=what.en, depth=depth),
        _NO_GROUND.zh.format(what=what.zh, depth=depth),
    )
    return InputError([Problem("site.toml", "ground.layers", message, _ADD_LAYERS)])


def _mean(layers: Any, name: str, low: float, high: float) -> float | None:
    """Mean of a property over a depth, the last layer reaching on; None where one lacks it."""
    total, covered = 0.0, 0.0
    for number, layer in enumerate(layers):
        last = number == len(layers) - 1
        bottom = max(layer.bottom, high) if last else layer.bottom
        share = min(bottom, high) - max(layer.top, low)
        if share <= 0:
            continue
        value = getattr(layer, name)
        if value is None:
            return None
        total += share * value
        covered += share
    return total / covered if covered > 0 else None


def _lacking(field: SiteField) -> list[Problem]:
    """Values that the network needs and the site does not have."""
    table, where = field.source, field.where
    problems = []
    wanted: list[tuple[str, object]] = [
        ("pipes", table.pipes), ("grout", table.grout), ("design_flow", table.design_flow),
    ]  # fmt: skip
    if table.pipes is not None and table.pipes.kind != "coaxial":
        wanted.append(("pipes.shank_spacing", table.pipes.shank_spacing))
    for key, value in wanted:
        if value is None:
            problems.append(Problem("site.toml", f"{where}.{key}", _LACKING, _COMPLETE))
    if field.conductivity is None:
        problems += ground_is_missing(field).problems
    count, series = field.boreholes.count, table.boreholes_in_series
    if table.network == "mixed":
        problems.append(Problem("site.toml", f"{where}.network", _MIXED, _MIXED_CURE, "mixed"))
    elif table.network == "series" and count % series:
        message = _BRANCHES.format(count=count, series=series)
        key = f"{where}.boreholes_in_series"
        problems.append(Problem("site.toml", key, message, _BRANCHES_CURE, f"{series}"))
    return problems


def _upstream(field: SiteField) -> list[int]:
    """In series, boreholes follow each other in the order of the file."""
    count = field.boreholes.count
    if field.source.network != "series":
        return [-1] * count
    series = field.source.boreholes_in_series
    return [-1 if i % series == 0 else i - 1 for i in range(count)]


def section(table: Borefield, conductivity: float) -> Section:
    """The section of the boreholes of a site's field; pipes, grout and spacing are there."""
    from diwen.sources.borehole.pipes import BoreholeSection, CoaxialSection, Pipe

    pipes, grout = table.pipes, table.grout
    assert pipes is not None
    assert grout is not None
    radius = table.borehole.diameter / 2
    outer = pipes.outer_diameter / 2
    rough = {} if pipes.roughness is None else {"roughness": pipes.roughness}
    pipe = Pipe(outer - pipes.wall_thickness, outer, pipes.conductivity, **rough)
    if pipes.kind == "coaxial":
        around = float(pipes.inner_outer_diameter or 0.0) / 2
        inside = around - float(pipes.inner_wall_thickness or 0.0)
        inner = Pipe(inside, around, float(pipes.inner_conductivity or 0.0), **rough)
        return CoaxialSection(radius, inner, pipe, grout.conductivity, conductivity, pipes.inlet)
    spacing = float(pipes.shank_spacing or 0.0)
    if pipes.kind == "single_u":
        return BoreholeSection.single_u(radius, pipe, spacing, grout.conductivity, conductivity)
    return BoreholeSection.double_u(
        radius, pipe, spacing, grout.conductivity, conductivity, connection=pipes.connection
    )
