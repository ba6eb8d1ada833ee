"""``diwen portfolio``: many systems of one table, or several site folders, side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diwen.language import LANGUAGES, Language, Text, preferred
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from rich.console import Console

    from diwen.evaluation import Evaluation, Result

_COLUMNS = {
    "group": Text("Group", "分组"),
    "n": Text("Systems", "系统数"),
    "sum": Text("ΣQ/ΣE", "ΣQ/ΣE"),
    "median": Text("Median", "中位数"),
    "range": Text("10 to 90 %", "10–90 %"),
    "judgement": Text("Judgement", "判定"),
    "system": Text("System", "系统"),
    "finding": Text("Finding", "核查结果"),
    "site": Text("Site", "项目"),
    "value": Text("Value", "数值"),
    "heat": Text("Heat, kWh", "热量 kWh"),
    "electricity": Text("Electricity, kWh", "用电量 kWh"),
}
_COMPARED = Text("Compared", "比较")
_IMPOSSIBLE = Text("Impossible values", "不可能的数值")
_DOUBTFUL = Text("Doubtful values, systems by kind of finding", "可疑数值（按类型计系统数）")
_ALL = Text("--findings lists every one.", "加 --findings 可逐条列出。")
_UNKNOWN = Text("Not to be known from this table", "由此表无法得知")
_PLOTTED = Text("Picture: {file}", "图：{file}")
_NO_PLOT = Text("a picture needs a portfolio table", "绘图需要系统汇总表")
_ONE_TABLE = Text(
    "name one portfolio, or one or more site folders", "请指定一个汇总表，或一个以上项目文件夹"
)
_ONLY_SVG = Text("pictures are written as SVG", "图片以 SVG 写出")
_NAME_SVG = Text("name a file that ends in .svg", "请使用以 .svg 结尾的文件名")
_INTERVAL = Text(
    "± is the expanded uncertainty, k = 2; meters of one make are taken to share their error.",
    "± 为扩展不确定度（k = 2）；同型仪表按误差相同从严计。",
)


_EPILOG = (
    "Examples 示例:"
    "\n\ndiwen portfolio systems.csv --findings"
    "\n\ndiwen portfolio plant-a plant-b --period 2024"
    "\n\ndiwen portfolio my-portfolio --plot spread.svg"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("portfolio", epilog=_EPILOG)(portfolio_command)


def portfolio_command(
    paths: list[Path] = typer.Argument(
        ..., help="Portfolio folder, CSV file, or several site folders. 汇总表或多个项目文件夹。"
    ),
    period: str = typer.Option("all", "--period", "-p", help="Period of site folders. 评价周期"),
    findings: bool = typer.Option(False, "--findings", help="List every finding. 列出全部。"),
    plot: Path | None = typer.Option(None, "--plot", help="Histogram as SVG. 分布图（SVG）。"),
    json_output: bool = typer.Option(False, "--json", help="Machine-readable. 输出 JSON。"),
    language: str = typer.Option("", "--language", help="en or zh"),
) -> None:
    """Compare many systems: spread, differences, impossible values. 多系统比较。"""
    tongue = next((one for one in LANGUAGES if one == language), preferred())
    if plot is not None and plot.suffix.lower() != ".svg":
        raise InputError([Problem(str(plot), "--plot", _ONLY_SVG, _NAME_SVG)])
    table = _table_results(paths)
    if table is None:
        if plot is not None:
            raise InputError([Problem(str(plot), "--plot", _NO_PLOT, _ONE_TABLE)])
        results, evaluations = _site_results(paths, period)
    else:
        results, evaluations = table, []
    if json_output:
        answer = {"results": [result.as_dict() for result in results]}
        if evaluations:
            answer["sites"] = [{"id": e.site_id, "period": e.period.label} for e in evaluations]
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    elif table is None:
        _show_sites(results, tongue)
    else:
        _show_table(results, tongue, findings)
    if plot is not None:
        _draw(results, plot, tongue)
        if not json_output:
            typer.echo(_PLOTTED.format(file=str(plot)).to(tongue))
    if all(result.status == "refused" for result in results):
        raise typer.Exit(1)


def _table_results(paths: Sequence[Path]) -> list[Result] | None:
    """Results of a portfolio table; None when the paths are ordinary site folders."""
    from diwen import rules, site
    from diwen.evaluation import portfolio
    from diwen.site.portfolio import Portfolio
    from diwen.site.portfolio_file import read_plain, read_systems

    files = [path for path in paths if path.is_file()]
    if files:
        if len(paths) > 1:
            raise InputError([Problem(str(paths[1]), "", _ONE_TABLE, _ONE_TABLE)])
        systems = read_plain(files[0])
        today = datetime.now(UTC).date()
        return portfolio.evaluate(systems, Portfolio(file=files[0].name), rules.on(today))
    if len(paths) > 1:
        return None
    read = site.read(paths[0])
    if read.portfolio is None:
        return None
    day = read.portfolio.end or datetime.now(UTC).date()
    book = rules.on(day, read.place.region or None)
    return portfolio.evaluate(read_systems(read.folder, read.portfolio), read.portfolio, book)


def _site_results(paths: Sequence[Path], period: str) -> tuple[list[Result], list[Evaluation]]:
    """Each site evaluated, and the ratios of all sums."""
    from rich.console import Console
    from rich.progress import track

    from diwen import evaluation, site
    from diwen.evaluation.portfolio_sites import together

    sites = [site.read(path) for path in paths]
    quiet = Console(stderr=True)
    evaluated = [
        evaluation.evaluate(one, period) for one in track(sites, "", console=quiet, transient=True)
    ]
    return together(evaluated), evaluated


def _show_table(results: Sequence[Result], language: Language, findings: bool) -> None:
    from rich.console import Console

    console = Console(markup=False, highlight=False)
    _groups(console, results, language)
    console.print(f"\n{_COMPARED.to(language)}", style="bold")
    for result in results:
        if result.id in ("portfolio_difference", "portfolio_against_air"):
            value = "" if result.value is None else _number(result)
            reason = "" if result.reason is None else result.reason.to(language)
            text = f"{result.name.to(language)}: {value}  {reason}"
            console.print(f"· {text}")
    _findings(console, results, language, findings)
    console.print(f"\n{_UNKNOWN.to(language)}", style="bold")
    for result in results:
        if result.status == "refused" and result.reason is not None:
            line = f"· {result.name.to(language)}: {result.reason.to(language)}"
            console.print(line)
    console.print(f"\n{_INTERVAL.to(language)}", style="dim")


def _groups(console: Console, results: Sequence[Result], language: Language) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for key in ("group", "n", "sum", "median", "range", "judgement"):
        table.add_column(
            _COLUMNS[key].to(language), justify="left" if key in ("group", "judgement") else "right"
        )
    for result in results:
        if result.id != "portfolio_spf":
            continue
        detail = result.detail
        low, middle, high = (detail["quantiles"][index] for index in (1, 3, 5))
        table.add_row(
            result.name.to(language).partition("，" if language == "zh" else ", ")[2],
            str(detail["n"]),
            _number(result),
            f"{middle:.2f}",
            f"{low:.2f} … {high:.2f}",
            "" if result.reason is None else result.reason.to(language),
        )
    console.print(table)


def _number(result: Result) -> str:
    text = f"{result.value:.2f}"
    return text if result.uncertainty is None else f"{text} ± {result.uncertainty:.2f}"


def _findings(console: Console, results: Sequence[Result], language: Language, every: bool) -> None:
    """Impossible values one by one; doubtful ones by kind unless all are asked for."""
    by_id = {result.id: result for result in results}
    impossible, doubtful = by_id["portfolio_impossible"], by_id["portfolio_doubtful"]
    console.print(f"\n{_IMPOSSIBLE.to(language)}", style="bold")
    for entry in impossible.detail["table"]:
        console.print(f"· {entry['system']}: {entry[language]}")
    console.print(f"\n{_DOUBTFUL.to(language)}", style="bold")
    if every:
        for entry in (*doubtful.detail["table"], *doubtful.detail["notes"]):
            console.print(f"· {entry['system']}: {entry[language]}")
        return
    from diwen.evaluation.portfolio_system import KINDS

    for code, count in sorted(doubtful.detail["by_code"].items(), key=lambda item: -item[1]):
        console.print(f"· {count} × {KINDS[code].to(language)}")
    console.print(_ALL.to(language), style="dim")


def _show_sites(results: Sequence[Result], language: Language) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False, highlight=False)
    for result in results:
        console.print(f"\n{result.name.to(language)}", style="bold")
        if result.value is not None:
            table = Table(box=None, pad_edge=False, header_style="dim")
            for key in ("site", "value", "heat", "electricity"):
                justify = "left" if key == "site" else "right"
                table.add_column(_COLUMNS[key].to(language), justify=justify)  # type: ignore[arg-type]
            for row in result.detail["sites"]:
                reach = row["uncertainty"]
                value = f"{row['value']:.2f}" + ("" if reach is None else f" ± {reach:.2f}")
                table.add_row(
                    row["name"][language], value, f"{row['heat_kwh']:,.0f}",
                    f"{row['electricity_kwh']:,.0f}",
                )  # fmt: skip
            table.add_row("Σ", _number(result), f"{result.detail['heat_kwh']:,.0f}",
                          f"{result.detail['electricity_kwh']:,.0f}")  # fmt: skip
            console.print(table)
        if result.reason is not None:
            console.print(result.reason.to(language), style="dim")


def _draw(results: Sequence[Result], file: Path, language: Language) -> None:
    """Write the histogram of all factors, by kind of source."""
    from diwen.evaluation.portfolio_groups import SOURCES
    from diwen.reports.portfolio_chart import spread_chart
    from diwen.reports.standalone import picture

    factors = {
        kind: [float(factor) for factor in result.detail["factors"]]
        for kind in SOURCES
        for result in results
        if result.id == "portfolio_spf" and result.of == kind
    }
    file.write_text(picture(spread_chart(factors, SOURCES), language), encoding="utf-8")
