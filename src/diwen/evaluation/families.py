"""The families of indicators, in the order in which they are shown.

Each is a module of this room with ``results(context: Context) -> list[Result]``. A new family is
one new file and one new line here; nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING

from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Result

#: Module name and subject heading.
FAMILIES: tuple[tuple[str, Text], ...] = (
    ("performance", Text("Performance", "能效")),
    ("simultaneous", Text("Simultaneous heating and cooling", "热冷同供")),
    ("boundaries", Text("Performance by boundary", "各边界季节性能系数")),
    ("steady", Text("Steady operation", "稳态工况")),
    ("ground_balance", Text("Heat balance of the ground", "地下热平衡")),
    ("temperatures", Text("Temperatures and running", "温度与运行")),
    ("limits", Text("Temperature limits", "温度限值")),
    ("energy_balance", Text("Energy balance", "能量平衡")),
    ("load", Text("Load and capacity", "负荷与容量")),
    ("cycling", Text("Starts and run lengths", "启停与运行时长")),
    ("hydraulics", Text("Hydraulics", "水力工况")),
    ("rooms", Text("Rooms", "室内温度")),
    ("degree_days", Text("Weather", "气象")),
    ("building_signature", Text("Building", "建筑热特性")),
    ("ground_temperature", Text("Ground temperature", "地温")),
    ("wells", Text("Wells", "抽灌井")),
    ("groundwater_levels", Text("Groundwater levels", "地下水位")),
    ("water_quality", Text("Water quality", "水质")),
    ("water_impact", Text("Impact on the groundwater", "对地下水的影响")),
    ("data_summary", Text("Data", "数据")),
)


def families() -> Iterator[tuple[str, Text, Callable[[Context], list[Result]]]]:
    """Module name, heading and function of every family."""
    for module, heading in FAMILIES:
        yield module, heading, import_module(f"diwen.evaluation.{module}").results
