"""The maker's table of a heat pump of a site: read, checked, and made a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from diwen.problems import InputError, Problem
from diwen.site.heat_pump_kind import Mode, completion, frost, ranges
from diwen.site.heat_pumps import HeatPump
from diwen.site.performance_table import TablePoint, read_performance_table

if TYPE_CHECKING:
    from diwen.plant.map_from_table import TableMap
    from diwen.site.heat_pumps import HeatPumpType
    from diwen.site.model import Site


def table_of(site: Site, unit: HeatPump) -> tuple[TablePoint, ...]:
    """The points of the table that a heat pump names; none where it names none.

    Raises
    ------
    InputError : the file cannot be used
    """
    if not unit.performance_map:
        return ()
    return read_performance_table(site.folder / unit.performance_map, unit.performance_map)


def table_map(
    kind: HeatPumpType, mode: Mode, table: Sequence[TablePoint], file: str, notices: list[Problem]
) -> TableMap | None:
    """The full-load map of one mode of a table; None where it has no points of that mode.

    Parameters
    ----------
    kind : of heat pump
    mode : heating or cooling
    table : points of the file
    file : name of it, for problems
    notices : what is doubtful in it is appended

    Raises
    ------
    InputError : points that no machine can have
    """
    chosen = [point for point in table if point.mode == mode and point.part_load >= 1.0]
    if not chosen:
        return None
    import numpy as np

    from diwen.plant.carnot_fit import OperatingPoints
    from diwen.plant.map_checks import map_findings
    from diwen.plant.map_from_table import map_from_table

    rows = [(p.source, p.load, p.capacity, p.power, p.source_heat) for p in chosen]
    *four, source_heat = np.array(rows).T
    points = OperatingPoints(mode, *four)
    usual = completion(kind, mode)
    found = map_findings(points, usual, source_heat)
    told = [
        Problem(file, _lines(chosen, one.points), one.message, one.cure, severity=one.severity)
        for one in found
    ]
    if any(problem.severity == "error" for problem in told):
        raise InputError(told)
    notices += told
    origin = f"{file}: {len(chosen)} tested points"
    return map_from_table(points, usual, *ranges(kind, mode), frost(kind, mode), origin)


def _lines(points: Sequence[TablePoint], chosen: Sequence[int]) -> str:
    return f"line {points[chosen[0]].line}"
