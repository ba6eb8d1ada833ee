"""``diwen g-function``: the thermal response of a bore field, with its own error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from diwen.cli._figure_file import ENDINGS, file_problems
from diwen.language import LANGUAGES, Language, Text, preferred, same
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from diwen.sources.borefield.boreholes import Boreholes
    from diwen.sources.borefield.g_functions import GFunction

_COMMAND = "diwen g-function"
_BOUNDARIES = {
    "uniform-temperature": "uniform wall temperature",
    "uniform-heat-rate": "uniform heat rate",
    "equal-inlet-temperature": "equal inlet temperature",
}
_BOUNDARY_NAMES = {
    "uniform wall temperature": Text("uniform wall temperature", "孔壁温度一致"),
    "uniform heat rate": Text("uniform heat rate", "单位长度换热量一致"),
    "equal inlet temperature": Text("equal inlet temperature", "进口温度一致"),
}
_MODES = ("fast", "accurate")
_CHOICE = Text("there is no such choice", "没有这个选项")
_CHOICE_CURE = Text("write one of them", "请填其中之一")
_NO_FIELD = Text("neither a CSV file of boreholes nor a site is named", "未指定钻孔 CSV 文件或项目")
_NO_FIELD_CURE = Text(
    "write: diwen g-function FIELD.csv, or: diwen g-function --site SITE",
    "请写：diwen g-function FIELD.csv 或 diwen g-function --site SITE",
)
_TWO_FIELDS = Text("both a CSV file and a site are named", "同时指定了 CSV 文件和项目")
_ONE_CURE = Text("leave one of the two out", "请去掉其中之一")
_NO_DIFFUSIVITY = Text("the diffusivity of the ground is not given", "未给出岩土热扩散率")
_GIVE_DIFFUSIVITY = Text('write for example --diffusivity "1e-6 m2/s"',
                         '例如：--diffusivity "1e-6 m2/s"')  # fmt: skip
_BAD_DIFFUSIVITY = Text("not a diffusivity with its unit", "不是带单位的热扩散率")
_OUTSIDE = Text("outside the possible range", "超出可能的范围")
_NEEDS_SITE = Text(
    "equal inlet temperature needs pipes, fluid and flow, which a CSV of boreholes does not have",
    "进口温度一致的边界需要管道、流体与流量，钻孔 CSV 中没有",
)
_SOURCE_ALONE = Text("a source is named, but no site", "指定了热源，但未指定项目")
_USE_SITE = Text("name a site: --site SITE --source ID", "请指定项目：--site SITE --source ID")
_HEADING = Text("{count} boreholes, mean length {length} m", "{count} 个钻孔，平均孔深 {length} m")
_HOW = Text("{boundary}, {mode}, {segments} segments per borehole; a = {diffusivity} m²/s, "
            "characteristic time {years} years",
            "{boundary}，{mode}，每孔 {segments} 段；热扩散率 {diffusivity} m²/s，"
            "特征时间 {years} 年")  # fmt: skip
_MODE_NAMES = {"fast": Text("fast", "快速"), "accurate": Text("accurate", "精确")}
_ERROR = Text(
    "Estimated numerical error: {error} % of g at most.", "数值误差估计：不超过 g 的 {error} %。"
)
_HINT = Text("T_wall = T_ground - q' g / (2 π λ), q' in W per metre of borehole, extraction "
             "positive. All numbers: --json. Curve: --plot g.png",
             "T_孔壁 = T_初始地温 - q' g /（2πλ），q' 为每米孔长取热量（W/m，取热为正）。"
             "全部数值：--json；曲线：--plot g.png")  # fmt: skip
_LARGE_ERROR = Text("Try --mode accurate.", "可尝试 --mode accurate。")
_PLOT_DONE = Text("Curve written to {file}", "曲线已写入 {file}")
_COLUMNS = (Text("Time", "时间"), Text("ln(t/ts)", "ln(t/ts)"), Text("g", "g"),
            Text("Error", "误差"))  # fmt: skip
_STEADY = Text("steady state", "稳态")
_AXES = (Text("time since the load began, years", "加载时间，年"), Text("g-function", "g 函数"))
_UNITS = (
    (8760 * 3600.0, Text("years", "年")),
    (86400.0, Text("days", "天")),
    (3600.0, Text("h", "小时")),
    (1.0, Text("s", "秒")),
)
_INK = "#0b6e8a"
_ONLY_STEADY = Text("there is no finite time to draw", "没有可绘制的有限时间")
_FINITE = Text("give finite times", "请给出有限的时间")
# A table of more rows than this says nothing to a person.
_ROWS = 40
_EPILOG = (
    "Columns of FIELD.csv: x, y, length, radius; buried_depth (1.5), tilt, orientation (0)."
    " Metres and degrees."
    "\n\nFIELD.csv 的列：x、y、length、radius；可选 buried_depth（1.5）、tilt、orientation（0）。"
    "\n\nTIMES.csv: one column, its unit in the header: time \\[h], years (8760 h)."
    "\n\nExamples 示例:"
    '\n\ndiwen g-function field.csv --diffusivity "1e-6 m2/s"'
    '\n\ndiwen g-function field.csv --diffusivity "0.09 m2/d" --times times.csv --json'
    "\n\ndiwen g-function --site my-plant --boundary equal-inlet-temperature"
)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("g-function", epilog=_EPILOG)(g_function_command)


def g_function_command(
    field: Path | None = typer.Argument(None, help="CSV file of boreholes. 钻孔 CSV 文件。"),
    diffusivity: str = typer.Option(
        "", "--diffusivity", help='Of the ground, such as "1e-6 m2/s". 岩土热扩散率。'
    ),
    times: Path | None = typer.Option(
        None, "--times", help="CSV of times; default 25 from 1 h to 100 a. 时间 CSV 文件。"
    ),
    boundary: str = typer.Option(
        "uniform-temperature", "--boundary", help=f"{', '.join(_BOUNDARIES)} 边界条件"
    ),
    mode: str = typer.Option("fast", "--mode", help="fast or accurate 快速或精确"),
    segments: int = typer.Option(8, "--segments", help="Per borehole. 每孔分段数。"),
    end_length_ratio: float = typer.Option(
        0.02, "--end-length-ratio", help="Share of the end segments. 端部分段的长度比。"
    ),
    site: Path | None = typer.Option(
        None, "--site", help="Take field and ground of a site. 取用项目中的孔群与地层。"
    ),
    source: str = typer.Option("", "--source", help="Which bore field of the site. 热源标识。"),
    plot: Path | None = typer.Option(None, "--plot", help="Write the curve: .png or .svg 曲线图"),
    json_output: bool = typer.Option(False, "--json", help="Machine-readable. 输出 JSON。"),
    language: str = typer.Option("", "--language", help="en or zh"),
) -> None:
    """g-function of a bore field. 地埋管孔群的 g 函数。"""
    from diwen.cli import _bore_field_input as given

    tongue: Language = language if language in LANGUAGES else preferred()
    _refuse(field, site, source, boundary, mode, plot)
    alpha = _diffusivity(diffusivity)
    extra: dict[str, Any] = {}
    if site is not None:
        at_site = given.field_from_site(site, source)
        boreholes = at_site.boreholes
        alpha = at_site.diffusivity if alpha is None else alpha
        if alpha is None:
            raise given.ground_is_missing(at_site)
        if boundary == "equal-inlet-temperature":
            extra = {"network": at_site.network(), "conductivity": at_site.conductivity}
    else:
        assert field is not None
        if alpha is None:
            problem = Problem(_COMMAND, "--diffusivity", _NO_DIFFUSIVITY, _GIVE_DIFFUSIVITY)
            raise InputError([problem])
        boreholes = given.field_from_file(field)
    moments = given.usual_times() if times is None else given.times_from_file(times)

    from diwen.sources.borefield.g_functions import g_function

    chosen: Any = {"boundary": _BOUNDARIES[boundary], "mode": mode, **extra}
    answer = g_function(
        boreholes, alpha, moments, segments=segments, end_length_ratio=end_length_ratio, **chosen
    )
    if plot is not None:
        _plot(answer, plot, tongue)
    if json_output:
        import json

        typer.echo(json.dumps(as_dict(answer, boreholes, alpha, end_length_ratio), indent=1))
    else:
        _show(answer, boreholes, alpha, tongue)
        if plot is not None:
            typer.echo(_PLOT_DONE.format(file=plot).to(tongue))


def as_dict(
    answer: GFunction, boreholes: Boreholes, diffusivity: float, end_length_ratio: float
) -> dict[str, Any]:
    """The answer as plain data; an infinite time is null."""
    import math

    return {
        "times_s": [t if math.isfinite(t) else None for t in answer.times.tolist()],
        "g": answer.values.tolist(),
        "error": float(answer.error),
        "error_by_time": answer.error_by_time.tolist(),
        "boundary": answer.boundary,
        "mode": answer.mode,
        "segments": answer.segments,
        "end_length_ratio": end_length_ratio,
        "diffusivity_m2_s": diffusivity,
        "characteristic_time_s": float(answer.characteristic_time),
        "boreholes": boreholes.count,
        "total_length_m": boreholes.total_length,
        "groups": int(answer.groups),
    }


def _refuse(
    field: Path | None,
    site: Path | None,
    source: str,
    boundary: str,
    mode: str,
    plot: Path | None,
) -> None:
    """Raise what is wrong with the options, all at once."""
    problems = []
    if field is None and site is None:
        problems.append(Problem(_COMMAND, "FIELD", _NO_FIELD, _NO_FIELD_CURE))
    if field is not None and site is not None:
        problems.append(Problem(_COMMAND, "--site", _TWO_FIELDS, _ONE_CURE, str(field)))
    if source and site is None:
        problems.append(Problem(_COMMAND, "--source", _SOURCE_ALONE, _USE_SITE, source))
    for option, value, allowed in (("boundary", boundary, _BOUNDARIES), ("mode", mode, _MODES)):
        if value not in allowed:
            words = same(", ".join(allowed))
            problems.append(Problem(_COMMAND, f"--{option}", _CHOICE, _CHOICE_CURE, value, words))
    if boundary == "equal-inlet-temperature" and field is not None:
        problems.append(Problem(_COMMAND, "--boundary", _NEEDS_SITE, _USE_SITE, boundary))
    problems += file_problems(plot, "--plot", ENDINGS)
    if problems:
        raise InputError(problems)


def _diffusivity(text: str) -> float | None:
    """The diffusivity in m2/s; None where none is given."""
    if not text.strip():
        return None
    from diwen.quantities import UnitError, parse, quantity

    of = quantity("thermal_diffusivity")
    allowed = same(f"{of.low:g} … {of.high:g} m2/s")
    try:
        value = parse(text, of.name)
    except UnitError as error:
        problem = Problem(
            _COMMAND, "--diffusivity", _BAD_DIFFUSIVITY, _GIVE_DIFFUSIVITY, text, allowed
        )
        raise InputError([problem]) from error
    if not of.low <= value <= of.high:
        problem = Problem(_COMMAND, "--diffusivity", _OUTSIDE, _GIVE_DIFFUSIVITY, text, allowed)
        raise InputError([problem])
    return value


def _show(answer: GFunction, boreholes: Boreholes, diffusivity: float, language: Language) -> None:
    """A short table, its error, and what to do with it."""
    import numpy as np
    from rich.console import Console
    from rich.table import Table

    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console = Console(width=120, markup=False, highlight=False)
    heading = _HEADING.format(count=boreholes.count, length=f"{boreholes.mean_length:.1f}")
    console.print(heading.to(language), style="bold")
    words = {
        "boundary": _BOUNDARY_NAMES[answer.boundary], "mode": _MODE_NAMES[answer.mode],
    }  # fmt: skip
    years = answer.characteristic_time / _UNITS[0][0]
    console.print(
        getattr(_HOW, language).format(
            **{key: word.to(language) for key, word in words.items()},
            segments=answer.segments, diffusivity=f"{diffusivity:.3g}", years=f"{years:.1f}",
        )
    )  # fmt: skip
    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in _COLUMNS:
        table.add_column(column.to(language), justify="right")
    count = len(answer.times)
    rows = np.unique(np.linspace(0, count - 1, min(count, _ROWS)).round().astype(int))
    for row in rows:
        time = float(answer.times[row])
        table.add_row(
            _time(time, language),
            f"{np.log(time / answer.characteristic_time):.3f}",
            f"{answer.values[row]:.4f}",
            f"{100 * answer.error_by_time[row]:.2g} %",
        )
    console.print(table)
    console.print(_ERROR.format(error=f"{100 * answer.error:.2g}").to(language))
    if answer.error > 0.005 and answer.mode == "fast":
        console.print(_LARGE_ERROR.to(language), style="yellow")
    console.print(_HINT.to(language), style="dim")


def _time(seconds: float, language: Language) -> str:
    """A time in the largest unit of which it has at least one."""
    if seconds == float("inf"):
        return _STEADY.to(language)
    for unit, name in _UNITS:
        if seconds >= unit or unit == 1.0:
            return f"{seconds / unit:.4g} {name.to(language)}"
    raise AssertionError


def _plot(answer: GFunction, path: Path, language: Language) -> None:
    """The curve over the logarithm of time."""
    import numpy as np

    from diwen.cli._figure_file import write_figure

    asked = np.sort(answer.times[np.isfinite(answer.times)])
    if not asked.size:
        raise InputError([Problem(_COMMAND, "--plot", _ONLY_STEADY, _FINITE)])
    dense = np.geomspace(asked[0], asked[-1], 200) if asked.size > 1 else asked
    dense[[0, -1]] = asked[[0, -1]]

    def draw(figure: Figure) -> None:
        axes = figure.add_axes((0.08, 0.12, 0.89, 0.78))
        year = _UNITS[0][0]
        axes.semilogx(dense / year, answer.at(dense), color=_INK)
        axes.semilogx(asked / year, answer.at(asked), ".", color=_INK)
        axes.set_xlabel(_AXES[0].to(language))
        axes.set_ylabel(_AXES[1].to(language))
        axes.set_title(_BOUNDARY_NAMES[answer.boundary].to(language), fontsize=10)
        axes.grid(True, which="major", axis="x")

    write_figure(path, (7.0, 4.2), draw)
