"""``diwen test-well``: what a pumping, injection, recovery, step or flow-step test says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from diwen.cli._test_options import (
    columns_of,
    not_of,
    picture_problems,
    quantity_of,
    say_files,
    twice,
)
from diwen.language import Language, Text, preferred
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diwen.survey.well_test_result import GivenWell

_COMMAND = "diwen test-well"
_NOT_POSITIVE = Text("must be more than 0", "必须大于 0")
_CORRECT = Text("correct the value", "请更正数值")
_KIND = Text("no such kind of test", "没有这种试验")
_COLUMN_CURE = Text(
    'write for example --column "depth=#2 | m" or --column "OW1.drawdown=#3 | m"',
    '例如：--column "depth=#2 | m" 或 --column "OW1.drawdown=#3 | m"',
)
_NEEDS_FLOW = Text("needs the flow that was pumped before the stop", "需要停泵前的抽水流量")
_GIVE_FLOW = Text('add --flow "30 m3/h"', '请加 --flow "30 m3/h"')
_PLOTTED = Text("Pictures written:", "图件已生成：")
_EPILOG = (
    "Examples 示例:"
    "\n\ndiwen test-well examples/pumping-test-oude-korendijk/oude_korendijk.csv"
    ' --flow "788 m3/d" --thickness "7 m"'
    '\n\ndiwen test-well step.xlsx --well-radius "150 mm" --plot steps.svg'
    '\n\ndiwen test-well recovery.csv --kind recovery --flow "30 m3/h" --pumped-for "24 h"'
)
_QUANTITIES = {
    "well-radius": ("length", '"150 mm"'),
    "casing-radius": ("length", '"110 mm"'),
    "thickness": ("length", '"20 m"'),
    "flow": ("volume_flow", '"30 m3/h"'),
    "pumped-for": ("time", '"24 h"'),
    "start": ("time", '"5 min"'),
    "temperature": ("temperature", '"10 °C"'),
}
_OF_WELLS = {
    "distance": ("length", '"25 m" / "OW1=25 m"'),
    "static-level": ("water_level", '"12.3 m" / "OW1=12.3 m"'),
}
_POSITIVE = ("well-radius", "casing-radius", "thickness", "pumped-for")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("test-well", epilog=_EPILOG)(evaluate_test_of_well)


def evaluate_test_of_well(
    file: Path = typer.Argument(
        ..., help="File of the test: CSV, text (may be .gz) or Excel. 试验数据文件。"
    ),
    kind: str = typer.Option(
        "auto", "--kind", help="auto, pumping, injection, recovery, step, flow-step. 试验类型。"
    ),
    distance: list[str] = typer.Option(
        [], "--distance", help='Of the observation well: "25 m", or "OW1=25 m". 观测井距离。'
    ),
    well_radius: str = typer.Option("", "--well-radius", help='"150 mm". 抽水井半径。'),
    casing_radius: str = typer.Option(
        "", "--casing-radius", help='Where the level moves, "110 mm". 井管半径。'
    ),
    static_level: list[str] = typer.Option(
        [],
        "--static-level",
        help='Level at rest as the file counts it: "12.3 m", or "OW1=12.3 m". 静水位。',
    ),
    thickness: str = typer.Option("", "--thickness", help='Of the aquifer, "20 m". 含水层厚度。'),
    flow: str = typer.Option(
        "", "--flow", help='Constant flow, "30 m3/h"; injection negative. 恒定流量，回灌为负。'
    ),
    pumped_for: str = typer.Option(
        "", "--pumped-for", help='How long the pump ran at that flow, "24 h". 抽水延续时间。'
    ),
    start: str = typer.Option(
        "", "--start", help="When the pump started, after the first record. 开泵时刻。"
    ),
    temperature: str = typer.Option(
        "", "--temperature", help='Of the injected water, "10 °C". 回灌水温。'
    ),
    column: list[str] = typer.Option(
        [], "--column", help='What a column is: "depth=#2 | m", "OW1.drawdown=#3 | m". 列含义。'
    ),
    sheet: str = typer.Option("", "--sheet", help="Sheet of a workbook. 工作表名称。"),
    as_json: bool = typer.Option(False, "--json", help="Machine-readable answer. 输出 JSON。"),
    plot: Path | None = typer.Option(
        None, "--plot", help="SVG file, or folder for all pictures. 图件（SVG 文件或文件夹）。"
    ),
    language: Language | None = typer.Option(None, "--language", help="Language. 语言。"),
) -> None:
    """Evaluate a well test: transmissivity, storativity, well losses, injectivity, bypass.

    评价抽水、回灌、恢复、阶梯流量及流量阶跃试验：导水系数、储水系数、井损、单位回灌量、井内热贯通及其不确定度。
    """
    given = _given(
        kind,
        {
            "well-radius": well_radius, "casing-radius": casing_radius, "thickness": thickness,
            "flow": flow, "pumped-for": pumped_for, "start": start,
            "temperature": temperature,
        },
        distance, static_level, column, sheet, plot,
    )  # fmt: skip
    from diwen.survey.evaluate_well_test import evaluate_well_test

    result = evaluate_well_test(file, given)
    spoken = language or preferred()
    pictures: tuple[Path, ...] = ()
    if plot is not None:
        from diwen.reports.well_test_charts import write_pictures

        pictures = write_pictures(result, plot, spoken)
    if as_json:
        from diwen.survey.well_test_answer import answer

        data: dict[str, Any] = answer(result)
        data["files"] = [str(path) for path in pictures]
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        from diwen.cli._well_test_text import say_well_test

        say_well_test(result, spoken)
        say_files(_PLOTTED, pictures, spoken)
    if not result.answered:
        raise typer.Exit(1)


def _given(
    kind: str,
    quantities: dict[str, str],
    distance: Sequence[str],
    static_level: Sequence[str],
    column: Sequence[str],
    sheet: str,
    plot: Path | None,
) -> GivenWell:
    """What the options say; all faults at once."""
    from diwen.survey.well_test_record import WellTestReading
    from diwen.survey.well_test_result import KINDS, GivenWell

    problems: list[Problem] = []
    numbers = {name: _number(name, text, problems) for name, text in quantities.items()}
    distances = _by_well("distance", distance, problems)
    levels = _by_well("static-level", static_level, problems)
    columns = columns_of(_COMMAND, column, _COLUMN_CURE, problems)
    problems += not_of(_COMMAND, "--kind", _KIND, kind, KINDS)
    if numbers["pumped-for"] is not None and numbers["flow"] is None:
        problems.append(Problem(_COMMAND, "--pumped-for", _NEEDS_FLOW, _GIVE_FLOW))
    problems += picture_problems(_COMMAND, plot)
    if problems:
        raise InputError(problems)
    reading = WellTestReading(
        columns=columns, flow=numbers["flow"], static_levels=levels,
        distances=distances, start=numbers["start"], duration=numbers["pumped-for"], sheet=sheet,
    )  # fmt: skip
    return GivenWell(
        kind=kind,  # type: ignore[arg-type]
        reading=reading,
        well_radius=numbers["well-radius"],
        casing_radius=numbers["casing-radius"],
        thickness=numbers["thickness"],
        temperature=numbers["temperature"],
    )


def _number(name: str, text: str, problems: list[Problem]) -> float | None:
    """A quantity in its inside unit; None where it is not given."""
    value = quantity_of(_COMMAND, f"--{name}", text, *_QUANTITIES[name], problems)
    if value is not None and name in _POSITIVE and not value > 0:
        problems.append(Problem(_COMMAND, f"--{name}", _NOT_POSITIVE, _CORRECT, text))
    return value


def _by_well(name: str, given: Sequence[str], problems: list[Problem]) -> dict[str, float]:
    """Values in inside units by the name of the well: ``"25 m"`` or ``"OW1=25 m"``."""
    found: dict[str, float] = {}
    for text in given:
        well, _, shown = (part.strip() for part in text.rpartition("="))
        quantity, example = _OF_WELLS[name]
        value = quantity_of(_COMMAND, f"--{name}", shown or text, quantity, example, problems)
        if value is None:
            continue
        if name == "distance" and not value > 0:
            problems.append(Problem(_COMMAND, f"--{name}", _NOT_POSITIVE, _CORRECT, text))
        if well in found:
            problems.append(twice(_COMMAND, f"--{name}", text))
        found[well] = value
    return found
