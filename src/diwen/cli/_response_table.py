"""What ``diwen test-response`` prints for people: the checks and the result as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from diwen.cli._check_table import simple_table
from diwen.cli._wide_table import print_table
from diwen.language import Language, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from diwen.survey.evaluate_test import TestResult

_COLUMNS = {
    "quantity": Text("quantity", "物理量"),
    "result": Text("result (k = 2)", "结果（k = 2）"),
    "method": Text("method", "方法"),
    "window": Text("window", "时段"),
    "conductivity": Text("conductivity W/(m·K)", "导热系数 W/(m·K)"),
    "resistance": Text("borehole resistance m·K/W", "钻孔热阻 m·K/W"),
}
_REFUSED = Text(
    "No straight line over the logarithm of time may be drawn through this test:",
    "本试验不得做时间对数直线拟合：",
)
_CONDUCTIVITY = Text("thermal conductivity of the ground", "岩土导热系数")
_RESISTANCE = Text("borehole thermal resistance", "钻孔热阻")
_UNDISTURBED = Text("undisturbed ground temperature (as used)", "岩土初始地温（采用值）")
_METHOD = Text("Method: {method}; {why}.", "方法：{method}。理由：{why}。")
_SENSITIVITY = Text(
    "Other windows give {low:.2f} to {high:.2f} W/(m·K) ({spread:.1%}).",
    "改变计算时段，导热系数为 {low:.2f}～{high:.2f} W/(m·K)（{spread:.1%}）。",
)
_LEVEL = Text(
    "  at {flow:.4f} kg/s: {resistance:.3f} m·K/W", "  流量 {flow:.4f} kg/s：{resistance:.3f} m·K/W"
)
_LAYERS = Text("Layers (mean {mean:.2f} W/(m·K)):", "分层导热系数（加权平均 {mean:.2f} W/(m·K)）：")
_LEVELS = Text("Borehole resistance by flow:", "各流量下的钻孔热阻：")
_NOT_FOR_SIZING = Text(
    "A heat rate per metre (W/m) read from a test is a reference value only: size with the"
    " conductivity and the resistance.",
    "由试验得到的每延米换热量仅为参考值，不得用于设计计算：应以导热系数和钻孔热阻进行设计。",
)


def say_result(result: TestResult, language: Language) -> None:
    """Values with uncertainty, methods, refusals and the sensitivity to the window."""
    from diwen.survey.answer import window_range
    from diwen.survey.evaluate_test import METHOD_NAMES

    found = result.evaluation
    assert found is not None
    if found.refusals:
        typer.echo(_REFUSED.to(language))
        for reason in found.refusals:
            typer.echo(f"  × {reason.to(language)}")
        typer.echo("")
    table = _table(("quantity", "result"), language)
    table.add_row(_CONDUCTIVITY.to(language), _pm(
        found.conductivity, result.conductivity_uncertainty, "W/(m·K)", 3))  # fmt: skip
    table.add_row(_RESISTANCE.to(language), _pm(
        found.resistance, result.resistance_uncertainty, "m·K/W", 4))  # fmt: skip
    undisturbed = result.inputs.borehole.undisturbed_temperature
    table.add_row(_UNDISTURBED.to(language), f"{undisturbed:.1f} °C")
    print_table(table)
    why = _METHOD.format(method=METHOD_NAMES[found.method], why=found.why)
    typer.echo(why.to(language))
    reach = window_range(found.windows)
    if reach is not None:
        spread = found.windows.spread
        shown = _SENSITIVITY.format(low=reach[0], high=reach[1], spread=spread)
        typer.echo(shown.to(language))
    _say_levels(result, language)
    _say_methods(result, language)
    _say_layers(result, language)
    if result.standing_column is not None:
        from diwen.cli._standing_column_text import say_standing_column

        say_standing_column(result, language)
    for text in (*found.notes, *([found.groundwater.words] if found.groundwater else [])):
        typer.echo(text.to(language))
    typer.echo(_NOT_FOR_SIZING.to(language))


def _say_levels(result: TestResult, language: Language) -> None:
    """Resistance by flow, where the flow was changed."""
    found = result.evaluation
    fit = None if found is None else found.superposition
    if fit is None or len(fit.resistances) < 2:
        return
    typer.echo(_LEVELS.to(language))
    for flow, resistance in zip(fit.level_flow, fit.resistances, strict=True):
        typer.echo(_LEVEL.format(flow=flow, resistance=resistance).to(language))


def _say_layers(result: TestResult, language: Language) -> None:
    """Conductivity by depth."""
    found = result.layered
    if found is None:
        return
    typer.echo(_LAYERS.format(mean=found.mean_conductivity).to(language))
    for i, value in enumerate(found.conductivity):
        top, bottom = found.depth[i], found.depth[i + 1]
        shown = _pm(float(value), 2 * float(found.conductivity_error[i]), "W/(m·K)", 2)
        typer.echo(f"  {top:g} – {bottom:g} m: {shown}")


def _say_methods(result: TestResult, language: Language) -> None:
    from diwen.survey.evaluate_test import METHOD_NAMES

    table = _table(("method", "conductivity", "resistance", "window"), language)
    for name, text in METHOD_NAMES.items():
        fit = getattr(result.evaluation, name.replace(" ", "_"))
        if fit is not None:
            window = f"{fit.start / 3600:.1f} – {fit.end / 3600:.1f} h"
            table.add_row(
                text.to(language), f"{fit.conductivity:.3f}", f"{fit.resistance:.4f}", window
            )
    print_table(table)


def _pm(value: float, uncertainty: float, unit: str, decimals: int) -> str:
    from diwen.reports.numbers import with_uncertainty

    return with_uncertainty(value, uncertainty, unit, decimals)


def _table(columns: Sequence[str], language: Language) -> Table:
    shown = {key: _COLUMNS[key] for key in columns}
    right = ("conductivity", "resistance", "result")
    return simple_table(shown, language, right, unbroken=("window",))
