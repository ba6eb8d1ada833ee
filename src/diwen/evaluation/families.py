"""The families of indicators, in the order in which they are shown.

Each is a module of this room with ``results(context: Context) -> list[Result]``. A new family is
one new file and one new line here; nothing else changes.
"""

from __future__ import annotations

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
    ("wells", Text("Wells", "热源井")),
    ("groundwater_levels", Text("Groundwater levels", "地下水位")),
    ("water_quality", Text("Water quality", "水质")),
    ("water_impact", Text("Impact on the groundwater", "对地下水的影响")),
    ("savings", Text("Conventional energy replaced", "常规能源替代")),
    ("emissions", Text("Carbon balance", "碳减排")),
    ("cost", Text("Cost", "费用")),
    ("payback", Text("Payback", "投资回收")),
    ("water_tax", Text("Water tax", "水资源税")),
    ("subsidy", Text("Subsidies", "奖补")),
    ("records", Text("Manual records", "人工记录核查")),
    ("portfolio", Text("Portfolio", "多系统汇总")),
    ("score", Text("Score", "综合评分")),
    ("data_summary", Text("Data", "数据")),
)


def results_of(context: Context, module: str) -> list[Result]:
    """The results of one family, computed once per evaluation however many families read them."""

    def compute() -> list[Result]:
        found: list[Result] = import_module(f"diwen.evaluation.{module}").results(context)
        return found

    return context.once(("family", module), compute)
