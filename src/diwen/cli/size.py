"""``diwen size``: how long the boreholes of a site must be; do the planned ones suffice?

Wells are sized by :mod:`._size_wells`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from diwen.cli._size_details import detail_lines
from diwen.language import LANGUAGES, Language, Text, preferred
from diwen.problems import InputError

if TYPE_CHECKING:
    from diwen.design.site_sizing import SiteSizing
    from diwen.design.sizing import LimitLength, Sizing

Method = Literal["hourly", "monthly", "pulses"]

_PLOTTED = Text("Picture written: {file}", "图已写入：{file}")
_HEAD = Text(
    "{name}: {count} boreholes, {years} years, {method}",
    "{name}：{count} 个钻孔，{years} 年，{method}",
)
_METHODS = {
    "hourly": Text("hour by hour (L4)", "逐时（L4）"),
    "monthly": Text("months and peaks (L3)", "逐月加峰值（L3）"),
    "pulses": Text("three pulses (L2)", "三脉冲（L2）"),
}
_ILLUSTRATIVE = Text("illustrative example, no real plant", "示例数据，并非真实项目")
_NEEDED = Text(
    "Needed: {length} m per borehole, {total} m in total; the {limit} limit governs.",
    "所需孔深：每孔 {length} m，合计 {total} m；由{limit}工况控制。",
)
_NONE = Text("No length keeps the limits:", "没有满足限值的孔深：")
_LIMITS = {"heating": Text("heating", "制热"), "cooling": Text("cooling", "制冷")}
_LINE = Text(
    "{limit}: {temperature} °C {place} → {length} m{when}",
    "{limit}：{place} {temperature} °C → {length} m{when}",
)
_UNREACHED = Text("{limit}: {reason}", "{limit}：{reason}")
_NEVER = Text(" (never near)", "（远未达到）")
_WHEN = Text(", in year {year}, month {month}", "，第 {year} 年 {month} 月")
_PLACES = {
    "entering": Text("entering the heat pump", "进机组"),
    "leaving": Text("leaving the heat pump", "出机组"),
    "mean": Text("mean of the fluid", "流体平均"),
}
_FROM = Text("limit from: {source}", "限值来源：{source}")
_SUFFICES = Text(
    "The planned {planned} m suffices, with {share} % to spare.",
    "规划孔深 {planned} m 满足要求，富余 {share} %。",
)
_SHORT = Text(
    "The planned {planned} m is {share} % short.", "规划孔深 {planned} m 不足，短缺 {share} %。"
)
_FAILS = Text(
    "The planned {planned} m does not keep the limits.", "规划孔深 {planned} m 不满足限值。"
)
_BALANCE = Text(
    "Ground: {out} MWh out, {into} MWh in a year, in/out {ratio}; drift of the ground "
    "{drift} K in {years} years.",
    "岩土热平衡：全年取热 {out} MWh、排热 {into} MWh，排取比 {ratio}；"
    "{years} 年地温变化 {drift} K。",
)
_UNCERTAIN = Text(
    "Uncertainty of the length: ± {share} % (k = 2), from {parts}; the planned length suffices "
    "with a probability of {probability} %.",
    "孔深不确定度：± {share} %（k = 2），来自{parts}；规划孔深满足要求的概率 {probability} %。",
)
_WITHOUT = Text(
    "Not counted, because the site file gives no uncertainty: {names}.",
    "项目文件未给出不确定度、因而未计入：{names}。",
)
_INPUTS = {
    "conductivity": Text("conductivity", "导热系数"),
    "resistance": Text("borehole resistance", "钻孔热阻"),
    "undisturbed_temperature": Text("undisturbed temperature", "初始地温"),
    "load": Text("load", "负荷"),
    "groundwater": Text("groundwater flow", "地下水渗流"),
}
_YEARS = Text(
    "Temperatures in °C with the planned {planned} m{needed}:",
    "规划孔深 {planned} m {needed}的温度（°C）：",
)
_AND_NEEDED = Text(" and the needed {length} m", "与所需孔深 {length} m ")
_COLUMNS = (
    Text("year", "年"),
    Text("lowest", "最低"),
    Text("highest", "最高"),
    Text("wall", "孔壁"),
    Text("lowest (needed)", "最低（所需）"),
    Text("highest (needed)", "最高（所需）"),
)
_ERROR = Text(
    "Numerical error of the response: {share} %; {courses} courses, {solved} g-functions.",
    "响应函数数值误差 {share} %；共计算 {courses} 次温度过程、{solved} 个 g 函数。",
)
_SHOWN_YEARS = (1, 2, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100)
_EPILOG = (
    "Examples 示例:"
    "\n\ndiwen size examples/sizing-office"
    "\n\ndiwen size my-plant --method monthly --years 50 --plot temperatures.png"
    "\n\ndiwen size my-plant --no-groundwater --standard"
    "\n\ndiwen size examples/forest-office-4-wells --plot front.png"
    "\n\ndiwen size examples/hospital-18-wells --products"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("size", epilog=_EPILOG)(size_command)


def size_command(
    context: typer.Context,
    site: Path = typer.Argument(..., help="Site folder. 项目文件夹。"),
    source: str = typer.Option("", "--source", help="Which source, where several. 热源标识。"),
    method: Method = typer.Option("hourly", "--method", help="L4, L3 or L2. 逐时、逐月、三脉冲。"),
    years: int | None = typer.Option(
        None, "--years", min=1, max=100, help="Years of operation; default: planned. 运行年数。"
    ),
    groundwater: bool = typer.Option(
        True,
        "--groundwater/--no-groundwater",
        help="Count the flow in the aquifers of the site. 考虑含水层渗流。",
    ),
    standard: bool = typer.Option(
        False, "--standard", help="Show GB 50366 appendix B outside China too. 附录 B 对比。"
    ),
    products: bool = typer.Option(
        False, "--products", help="Wells: judge products of the market here. 产品适用性。"
    ),
    plot: Path | None = typer.Option(None, "--plot", help="Picture: .png or .svg. 温度图。"),
    json_output: bool = typer.Option(False, "--json", help="Machine-readable. 输出 JSON。"),
    language: str = typer.Option("", "--language", help="en or zh. 语言。"),
) -> None:
    """How long must boreholes be, or how many wells of which shape; does the plan suffice?

    钻孔需要多深，或需要多少口什么样的井；规划方案是否满足要求？
    地埋管、单井循环井、立柱井、地下水井与抽灌井对均可。
    --method、--standard、--no-groundwater 仅用于地埋管；--products 仅用于单井循环井。
    """
    import diwen.site
    from diwen.cli._figure_file import ENDINGS, file_problems
    from diwen.design.site_sizing import size_site

    tongue: Language = next((one for one in LANGUAGES if one == language), preferred())
    if problems := file_problems(plot, "--plot", ENDINGS):
        raise InputError(problems)
    read = diwen.site.read(site)
    from diwen.cli import _size_wells

    given = _size_wells.given_options(context)
    if _size_wells.asked_for(read, source):
        _size_wells.run(read, source, years, products, plot, json_output, tongue, given)
        return
    _size_wells.refuse_products(products)
    busy = sys.stderr.isatty() and not json_output
    say = (lambda text: typer.echo(text.to(tongue), err=True)) if busy else None
    found = size_site(
        read, source, method=method, years=years, groundwater=groundwater, standard=standard,
        say=say,
    )  # fmt: skip
    if plot is not None:  # first: where it cannot be written, nothing else is said
        from diwen.cli._size_chart import size_figure

        size_figure(found, plot, tongue)
    if json_output:
        typer.echo(json.dumps({"site": read.id, **found.as_dict()}, ensure_ascii=False, indent=1))
    else:
        _show(read.name, read.illustrative, found, tongue)
        if plot is not None:
            typer.echo(_PLOTTED.format(file=str(plot)).to(tongue))
    if not found.suffices:
        raise typer.Exit(1)


def _show(name: Text, illustrative: bool, found: SiteSizing, language: Language) -> None:
    """The answer as text: length, planned length, balance, uncertainty, years."""
    given, sized = found.given, found.sizing
    for note in given.notes:
        typer.echo(note.to(language), err=True)
    head = _HEAD.format(
        name=name, count=given.field.count, years=given.years, method=_METHODS[found.method]
    )
    typer.echo(head.to(language))
    if illustrative:
        typer.echo(_ILLUSTRATIVE.to(language))
    typer.echo()
    lines = [_needed(sized), *_limit_lines(found), _planned(found), _balance(found)]
    lines += _uncertainty(found, language)
    lines += [Text("", ""), *detail_lines(found)]
    for line in lines:
        typer.echo(line.to(language))
    warned = found.hydraulics.warning
    for warning in (*sized.warnings, *(() if warned is None else (warned,))):
        typer.echo(warning.to(language), err=True)
    typer.echo()
    _table(found, language)
    error = _ERROR.format(
        share=f"{100.0 * sized.g_error:.2g}", courses=sized.evaluations, solved=sized.g_functions
    )
    typer.echo(error.to(language))


def _needed(sized: Sizing) -> Text:
    if sized.length is None or sized.total_length is None or sized.governing is None:
        return _NONE
    return _NEEDED.format(
        length=f"{sized.length:.1f}",
        total=f"{sized.total_length:.0f}",
        limit=_LIMITS[sized.governing],
    )


def _limit_lines(found: SiteSizing) -> list[Text]:
    parts = [part for part in (found.sizing.heating, found.sizing.cooling) if part is not None]
    origins = [_indented(_FROM.format(source=text), 2) for text in found.given.limit_sources]
    return [_indented(_limit_line(part), 2) for part in parts] + origins


def _limit_line(part: LimitLength) -> Text:
    limit = _LIMITS[part.limit]
    if part.length is None:
        return _UNREACHED.format(limit=limit, reason=part.reason or _NONE)
    when = _NEVER
    if part.moment is not None:
        when = _WHEN.format(year=part.moment.year, month=part.moment.month)
    return _LINE.format(
        limit=limit,
        temperature=f"{part.temperature:g}",
        place=_PLACES[part.place],
        length=f"{part.length:.1f}",
        when=when,
    )


def _planned(found: SiteSizing) -> Text:
    planned, shortfall = f"{found.planned:g}", found.shortfall
    if shortfall is None:
        return _FAILS.format(planned=planned)
    if found.suffices:
        spare = 100.0 * max(0.0, found.planned / (found.sizing.length or 1.0) - 1.0)
        return _SUFFICES.format(planned=planned, share=f"{spare:.0f}")
    return _SHORT.format(planned=planned, share=f"{max(100.0 * shortfall, 0.1):.2g}")


def _balance(found: SiteSizing) -> Text:
    balance = found.balance
    return _BALANCE.format(
        out=f"{balance.extraction / 3.6e9:.1f}",
        into=f"{balance.injection / 3.6e9:.1f}",
        ratio="-" if balance.ratio is None else f"{balance.ratio:.2f}",
        drift=f"{found.wall[-1] - found.wall[0]:+.1f}",
        years=len(found.wall),
    )


def _uncertainty(found: SiteSizing, language: Language) -> list[Text]:
    lines: list[Text] = []
    if found.uncertainty is not None and found.relative_uncertainty is not None:
        parts = [
            f"{_INPUTS[name].to(language)} {100.0 * share:.0f} %"
            for name, share in found.uncertainty.shares.items()
            if share > 0.0
        ]
        lines.append(
            _UNCERTAIN.format(
                share=f"{200.0 * found.relative_uncertainty:.0f}",
                parts=(", " if language == "en" else "、").join(parts),
                probability=f"{100.0 * (found.sufficiency or 0.0):.0f}",
            )
        )
    missing = found.given.spread_missing
    if found.without_groundwater is not None:
        missing = (*missing, "groundwater")
    if missing:
        names = [_INPUTS[name].to(language) for name in missing]
        lines.append(_WITHOUT.format(names=(", " if language == "en" else "、").join(names)))
    return lines


def _table(found: SiteSizing, language: Language) -> None:
    from rich.console import Console
    from rich.table import Table

    sized, last = found.sizing, len(found.wall)
    needed = Text("", "")
    if sized.length is not None:
        needed = _AND_NEEDED.format(length=f"{sized.length:.1f}")
    typer.echo(_YEARS.format(planned=f"{found.planned:g}", needed=needed).to(language))
    table = Table(box=None, pad_edge=False)
    columns = _COLUMNS if sized.length is not None else _COLUMNS[:4]
    for column in columns:
        table.add_column(column.to(language), justify="right")
    for year in sorted({*(year for year in _SHOWN_YEARS if year < last), last}):
        values = [found.minimum, found.maximum, found.wall, sized.minimum, sized.maximum]
        cells = [f"{row[year - 1]:.1f}" for row in values[: len(columns) - 1]]
        table.add_row(str(year), *cells)
    Console(markup=False, highlight=False).print(table)


def _indented(text: Text, spaces: int) -> Text:
    return Text(" " * spaces + text.en, " " * spaces + text.zh)
