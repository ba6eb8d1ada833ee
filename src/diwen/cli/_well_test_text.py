"""What ``diwen test-well`` prints for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from diwen.cli._check_table import say_checks, simple_table
from diwen.cli._wide_table import print_table
from diwen.language import Language, Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from diwen.sources.pumping_test import Estimate
    from diwen.survey.well_test_result import WellTestResult

_KIND = Text("{kind}: {why}.", "{kind}：{why}。")
_COLUMNS = {
    "quantity": Text("quantity", "物理量"),
    "result": Text("result", "结果"),
    "interval": Text("interval (k = 2)", "区间（k = 2）"),
    "method": Text("method", "方法"),
    "well": Text("well", "井"),
    "transmissivity": Text("T, m²/d", "T，m²/d"),
    "storativity": Text("S", "S"),
    "more": Text("further", "其他"),
}
_WIDEST = 30.0
_REFUSED = Text("Methods not used:", "未采用的方法：")
_NO_VALUE = Text("No value is given.", "不给出数值。")
_NOT = Text("  × {method}: {reason}; {cure}.", "  × {method}：{reason}；{cure}。")
_FROM = Text("From: {method}.", "取自：{method}。")
_CHOICE = Text("Model: {reason}.", "模型：{reason}。")
_PUMPED = Text("pumped well", "抽水井")
_ROWS = {
    "transmissivity": Text("transmissivity", "导水系数"),
    "storativity": Text("storativity", "储水系数"),
    "conductivity": Text("hydraulic conductivity", "渗透系数"),
    "linear": Text("linear loss B", "线性井损系数 B"),
    "quadratic": Text("turbulent loss C", "紊流井损系数 C"),
    "injectivity": Text("specific injectivity", "单位回灌量"),
    "injectivity_10": Text("specific injectivity at 10 °C", "单位回灌量（10 °C）"),
    "bypass": Text("bypass inside the well", "井内热贯通份额"),
}
_STEP = Text(
    "  {flow:.1f} m³/h: s/Q = {specific:.4f} h/m², specific capacity {capacity:.2f} m²/h, "
    "efficiency {efficiency:.0%}",
    "  {flow:.1f} m³/h：s/Q = {specific:.4f} h/m²，单位涌水量 {capacity:.2f} m²/h，"
    "井效率 {efficiency:.0%}",
)


def say_well_test(result: WellTestResult, language: Language) -> None:
    """Notices, kind, quality, values, methods, refusals, warnings."""
    from diwen.survey.well_test_result import KIND_NAMES

    for problem in result.notices:
        typer.echo(problem.to(language), err=True)
    kind = _KIND.format(kind=KIND_NAMES[result.kind], why=result.why).to(language)
    typer.echo(kind[0].upper() + kind[1:])
    if result.quality.checks:
        say_checks(result.quality, language)
    if result.answered:
        _say_values(result, language)
    else:
        typer.echo(_NO_VALUE.to(language), err=True)
    _say_methods(result, language)
    _say_refused(result, language)
    for text in result.warnings:
        typer.echo(f"  ! {text.to(language)}")


def _say_values(result: WellTestResult, language: Language) -> None:
    from diwen.survey.well_test_result import METHOD_NAMES

    table = _table(("quantity", "result", "interval"), language)
    for key, found, factor, unit in _values(result):
        if found is not None:
            shown = f"{_short(found.value * factor)} {unit}".strip()
            table.add_row(_ROWS[key].to(language), shown, _interval(found, factor))
    print_table(table)
    if result.method is not None:
        typer.echo(_FROM.format(method=METHOD_NAMES[result.method]).to(language))
    if result.choice is not None:
        typer.echo(_CHOICE.format(reason=result.choice.reason).to(language))
    if result.step is not None:
        for flow, specific in zip(result.step.flow, result.step.specific_drawdown, strict=True):
            share = float(result.step.loss.efficiency(flow))
            typer.echo(_STEP.format(
                flow=float(flow) * 3600, specific=float(specific) / 3600,
                capacity=3600 / float(specific), efficiency=share,
            ).to(language))  # fmt: skip


def _values(result: WellTestResult) -> Iterator[tuple[str, Estimate | None, float, str]]:
    """Key of the words, value, factor to the unit shown, unit."""
    yield "transmissivity", result.transmissivity, 86400.0, "m²/d"
    yield "storativity", result.storativity, 1.0, ""
    yield "conductivity", result.conductivity, 86400.0, "m/d"
    if result.step is not None:
        yield "linear", result.step.linear, 1 / 3600.0, "h/m²"
        yield "quadratic", result.step.quadratic, 1 / 3600.0**2, "h²/m⁵"
    if result.injection is not None:
        yield "injectivity", result.injection.specific_injectivity, 3600.0, "m²/h"
        yield "injectivity_10", result.injection.at_reference, 3600.0, "m²/h"
    if result.bypass is not None:
        yield "bypass", result.bypass.share, 100.0, "%"


def _say_methods(result: WellTestResult, language: Language) -> None:
    """What each method gives."""
    table = _table(("method", "well", "transmissivity", "storativity", "more"), language)
    for row in _method_rows(result, language):
        table.add_row(*row)
    if table.row_count:
        print_table(table)


def _method_rows(result: WellTestResult, language: Language) -> Iterator[tuple[str, ...]]:
    from rich.markup import escape

    from diwen.survey.well_test_result import METHOD_NAMES

    def named(name: str) -> str:
        return _PUMPED.to(language) if name == "pumped well" else escape(name)

    def row(
        method: str, well: str, conducts: Estimate, stores: Estimate | None, more: str
    ) -> tuple[str, ...]:
        stored = "–" if stores is None else f"{stores.value:.3g}"
        value = f"{_short(conducts.value * 86400)}  {_interval(conducts, 86400.0)}"
        return method, well, value, stored, more

    if result.choice is not None:
        for fit in result.choice.fits:
            mark = "● " if fit is result.choice.chosen else "  "
            third = ""
            if fit.third is not None:
                # An interval wider than a factor of thirty says nothing of the parameter.
                told = fit.third.high < _WIDEST * fit.third.value
                size = fit.third.value / (86400 if fit.model.key == "leaky" else 1)
                sign, unit = ("c", "d") if fit.model.key == "leaky" else ("r", "m")
                third = f"{sign} = {_short(size)} {unit}, " if told else f"{sign}: –, "
            yield row(
                mark + fit.model.name.to(language), "", fit.transmissivity, fit.storativity,
                f"{third}rms {fit.rms:.3g} m",
            )  # fmt: skip
    for name, line in result.lines.items():
        yield row(METHOD_NAMES["straight line"].to(language), named(name), line.transmissivity,
                  line.storativity, f"{line.start / 60:.1f} – {line.end / 60:.1f} min")  # fmt: skip
    for name, after in result.recoveries.items():
        yield row(METHOD_NAMES["recovery"].to(language), named(name), after.transmissivity, None,
                  f"t/t' = {after.intercept_ratio:.2f}")  # fmt: skip


def _say_refused(result: WellTestResult, language: Language) -> None:
    from diwen.survey.well_test_result import METHOD_NAMES

    if not result.refused:
        return
    typer.echo(_REFUSED.to(language))
    for one in result.refused:
        typer.echo(_NOT.format(
            method=METHOD_NAMES[one.method], reason=one.problem.message, cure=one.problem.cure
        ).to(language))  # fmt: skip


def _interval(found: Estimate, factor: float) -> str:
    return f"{_short(found.low * factor)} – {_short(found.high * factor)}"


def _short(value: float) -> str:
    """Three or more digits that count, without an exponent where people read none."""
    size = abs(value)
    if size >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"


def _table(columns: Sequence[str], language: Language) -> Table:
    shown = {key: _COLUMNS[key] for key in columns}
    right = ("result", "interval", "storativity")
    return simple_table(shown, language, right, unbroken=("transmissivity",))
