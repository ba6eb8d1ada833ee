"""``diwen layout``: how many boreholes, how far apart and how deep, on a plot of land."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from diwen.language import LANGUAGES, Language, Text, preferred
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from diwen.design.site_layouts import SiteLayouts
    from diwen.sources.borefield.polygon import Pattern, Polygon

PatternChoice = Literal["rectangle", "staggered", "both"]
Method = Literal["hourly", "monthly"]

_PATTERNS: dict[str, tuple[Pattern, ...]] = {
    "rectangle": ("rectangular",),
    "staggered": ("staggered",),
    "both": ("rectangular", "staggered"),
}
_SIZING = Text("sizing layouts", "正在计算各布孔方案")
_PLOTTED = Text("Picture written: {file}", "图已写入：{file}")
_SAVED = Text(
    'Boreholes written: {file}; in site.toml: layout = {{ pattern = "file", file = "{name}" }}',
    '钻孔表已写入：{file}；在 site.toml 中写：layout = {{ pattern = "file", file = "{name}" }}',
)
_NOT_WRITTEN = Text("No layout suffices: {file} is not written.", "没有可行方案：未写入 {file}。")
_EPILOG = (
    "PLOT.csv: columns x, y in m, the corners of the land in the order of its outline."
    " OBSTACLES.csv: columns name, x, y; corners of one name make one obstacle."
    " Exit code 1: no layout suffices; the share of the load that the plot carries is told."
    "\n\nPLOT.csv：x、y（m），按边界顺序列出场地顶点；障碍文件：name、x、y，同名顶点构成一个障碍区。"
    "退出码 1：没有可行方案，并给出场地可承担的负荷比例。"
    "\n\nExamples 示例（examples/sizing-office）:"
    "\n\ndiwen layout examples/sizing-office --plot-of-land examples/sizing-office/plot.csv"
    '\n\ndiwen layout my-plant --plot-of-land plot.csv --obstacles obstacles.csv --spacing "4..6 m"'
    ' --depth "80..120 m" --edge "3 m" --pattern both --figure plan.svg --save field.csv'
    '\n\ndiwen layout my-plant --plot-of-land plot.csv --cost-per-metre "150 CNY/m"'
    ' --cost-per-borehole "2000 CNY"'
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("layout", epilog=_EPILOG)(layout_command)


def layout_command(
    site: Path = typer.Argument(..., help="Site folder. 项目文件夹。"),
    plot_of_land: Path = typer.Option(
        ..., "--plot-of-land", help="CSV of its corners: x, y in m. 场地边界 CSV。"
    ),
    obstacles: Path | None = typer.Option(
        None, "--obstacles", help="CSV: name, x, y. 障碍区 CSV。"
    ),
    spacing: str = typer.Option(
        "4,5,6 m", "--spacing", help='"4..8 m" (every metre) or "4,5,6 m". 孔间距。'
    ),
    depth: str = typer.Option("60..150 m", "--depth", help="Least to greatest. 孔深范围。"),
    edge: str = typer.Option(
        "2 m", "--edge", help="Kept from outline and obstacles. 距边界与障碍的退让距离。"
    ),
    pattern: PatternChoice = typer.Option("both", "--pattern", help="Of the grid. 排列方式。"),
    cost_per_metre: str = typer.Option(
        "", "--cost-per-metre", help='Such as "150 CNY/m". 每米造价。'
    ),
    cost_per_borehole: str = typer.Option(
        "", "--cost-per-borehole", help='Such as "2000 CNY". 每孔固定费用。'
    ),
    source: str = typer.Option("", "--source", help="Bore field, where several. 孔群标识。"),
    method: Method = typer.Option("hourly", "--method", help="L4 or L3. 逐时或逐月。"),
    years: int | None = typer.Option(
        None, "--years", min=1, max=100, help="Years of operation; default: planned. 运行年数。"
    ),
    best: int = typer.Option(10, "--best", min=1, max=1000, help="Rows shown. 显示方案数。"),
    figure: Path | None = typer.Option(None, "--figure", help="Plan of the best: .svg, .png. 图。"),
    save: Path | None = typer.Option(None, "--save", help="CSV of its boreholes. 钻孔表 CSV。"),
    json_output: bool = typer.Option(False, "--json", help="Machine-readable. 输出 JSON。"),
    language: str = typer.Option("", "--language", help="en or zh"),
) -> None:
    """How many boreholes, how far apart, how deep: the best fields on a plot of land.

    场地内的最佳布孔：孔数、孔距与孔深。
    """
    from diwen.cli import _layout_options as options
    from diwen.cli._figure_file import ENDINGS, file_problems

    tongue: Language = next((one for one in LANGUAGES if one == language), preferred())
    problems = file_problems(figure, "--figure", ENDINGS)
    problems += file_problems(save, "--save", (".csv",))
    apart, range_of_depths = options.spacings(spacing, problems), options.depths(depth, problems)
    away = options.edge(edge, problems)
    price = options.prices(cost_per_metre, cost_per_borehole, problems)

    from diwen.design.layout_search import Cost, NothingFitsError, Plot
    from diwen.design.site_layouts import layouts_of_site

    outline, blocked = _land(plot_of_land, obstacles, problems)
    if problems or outline is None:
        raise InputError(problems)
    import diwen.site

    read = diwen.site.read(site)
    land = Plot(outline, tuple(blocked.values()), away)
    try:
        with _progress(sys.stderr.isatty() and not json_output, tongue) as told:
            found = layouts_of_site(
                read, land, apart, source=source,
                patterns=_PATTERNS[pattern], depths=range_of_depths, method=method, years=years,
                cost=None if price is None else Cost(*price[:2]), progress=told,
            )  # fmt: skip
    except NothingFitsError as error:
        # The input is sound, the land is too small: the answer is no.
        _say_nothing_fits(error, plot_of_land, json_output, tongue)
        raise typer.Exit(1) from error

    from diwen.cli import _layout_text as text

    done = _write(found, blocked, figure, save, tongue)
    rules = text.rule_rows(read.place.region, found)
    if json_output:
        answer = {"site": read.id, **found.as_dict(), "currency": price and price[2]}
        answer["rules"] = [{**row.as_dict(), "keeps": keeps} for row, keeps in rules]
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        text.show(read, found, None if price is None else price[2], rules, best, tongue)
        for line in done:
            typer.echo(line.to(tongue))
    if found.best is None:
        raise typer.Exit(1)


def _say_nothing_fits(error: InputError, plot: Path, json_output: bool, language: Language) -> None:
    problems = [replace(problem, file=plot.name) for problem in error.problems]
    if json_output:
        answer = {"layouts": [], "problems": [problem.as_dict() for problem in problems]}
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    for problem in problems:
        typer.echo(problem.to(language))


def _land(
    plot: Path, obstacles: Path | None, problems: list[Problem]
) -> tuple[Polygon | None, dict[str, Polygon]]:
    """Outline and obstacles; what is wrong with the files is appended."""
    from diwen.design.plot_file import read_obstacles, read_plot

    try:
        outline = read_plot(plot)
        return outline, {} if obstacles is None else read_obstacles(obstacles, outline)
    except InputError as error:
        problems += error.problems
        return None, {}


@contextmanager
def _progress(shown: bool, language: Language) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on the error channel that is gone when the search is done."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Remaining())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_SIZING.to(language), total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)


def _write(
    found: SiteLayouts,
    obstacles: dict[str, Polygon],
    figure: Path | None,
    save: Path | None,
    language: Language,
) -> list[Text]:
    """Write picture and boreholes of the best layout; what was done."""
    best, lines = found.best, []
    if best is None:
        return [_NOT_WRITTEN.format(file=str(path)) for path in (figure, save) if path is not None]
    if figure is not None:
        from diwen.cli._layout_figure import layout_figure
        from diwen.cli._layout_text import pattern_text

        layout_figure(best, found.plot, obstacles, pattern_text(best), figure, language)
        lines.append(_PLOTTED.format(file=str(figure)))
    if save is not None:
        from diwen.design.site_layouts import field_csv

        save.write_text(field_csv(found, best), encoding="utf-8")
        lines.append(_SAVED.format(file=str(save), name=save.name))
    return lines
