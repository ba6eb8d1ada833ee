"""``diwen simulate``: a site through years, and the telemetry that its meters would write."""

from __future__ import annotations

import json
import sys
from dataclasses import replace as replaced
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from diwen.language import Language, Text, preferred, same
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from diwen.twin.deviations import Deviation
    from diwen.twin.sensor_faults import SensorFault
    from diwen.twin.simulated_folder import WrittenSite
    from diwen.twin.site_simulation import PointList, SiteSimulation

_COMMAND = "diwen simulate"
_NO_STEP = Text("not a step of time with its unit", "不是带单位的时间步长")
_GIVE_STEP = Text("write 1h, 15min or 1min", "请写 1h、15min 或 1min")
_NO_DATE = Text("not a date", "不是日期")
_GIVE_DATE = Text("write for example 2025-01-01", "例如写成 2025-01-01")
_NO_NUMBER = Text("not NAME=VALUE", "不是“名称=数值”")
_GIVE_DEVIATION = Text(
    "write for example load_factor=0.5, source_flow=0.7@0.5 (half a year after the beginning), "
    "source_flow=0.7@0.5..1.5 (put right after one and a half years) or "
    "strainer=0.5@0/0.5/1 (serviced after half a year and a year); --list-deviations shows all",
    "例如写成 load_factor=0.5、source_flow=0.7@0.5（半年后开始）、"
    "source_flow=0.7@0.5..1.5（一年半后消除）或 strainer=0.5@0/0.5/1（半年和一年时维护清零）；"
    "全部参数见 --list-deviations",
)
_GIVE_SENSOR = Text(
    "write for example bias:source_leaving=0.5 (kind:point=value; two points joined by + for swap)",
    "例如写成 bias:source_leaving=0.5（类型:测点=数值；swap 用 + 连接两个测点）",
)
_SIMULATING = Text("years: {share} %", "历年模拟：{share} %")
_WRITING = Text("telemetry: {month}", "写入测点数据：{month}")
_NEEDS_SITE = Text("the site is missing", "缺少项目文件夹")
_GIVE_SITE = Text("name a site folder", "请指定项目文件夹")
_EPILOG = (
    "The plant of the site runs on its ground under its loads, hour by hour; the first law is"
    " closed in every step. With --out the points that its meters would write go into a new site"
    " folder, all marked as simulated: diwen check, evaluate and report run on it."
    "\n\nExit code 1: more of the load stays unmet than is tolerated, or a limit of the source is"
    " passed."
    "\n\n机房按负荷在地源上逐时运行，每步满足热力学第一定律；--out 将各测点数据写入新的项目文件夹"
    "（均标为模拟），可直接评价与生成报告。退出码 1：负荷未满足或超出热源限值。"
    "\n\nExamples 示例:"
    "\n\ndiwen simulate my-plant"
    "\n\ndiwen simulate my-plant --years 25 --plot years.png"
    "\n\ndiwen simulate my-plant --since 2025-01-01 --out my-plant-2025 --noise"
    "\n\ndiwen evaluate my-plant-2025 --period 2025"
    "\n\ndiwen simulate my-plant --deviation borehole_resistance=1.5 --scenario cold --language zh"
    "\n\ndiwen simulate my-plant --years 2 --deviation source_flow=0.7@0.5..1.5"
    "\n\ndiwen simulate my-plant --years 2 --deviation strainer=0.5@0/0.5/1/1.5"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("simulate", epilog=_EPILOG)(simulate_command)


def simulate_command(
    site: Path | None = typer.Argument(None, help="Site folder. 项目文件夹。"),
    years: int = typer.Option(1, "--years", min=1, max=100, help="Years of operation. 运行年数。"),
    step: str = typer.Option("1h", "--step", help="1h, 15min or 1min. 时间步长。"),
    since: str = typer.Option("", "--since", help="First day, 2025-01-01. 起始日期。"),
    out: Path | None = typer.Option(
        None, "--out", help="New site folder for the telemetry. 输出的项目文件夹。"
    ),
    replace: bool = typer.Option(
        False, "--replace", help="Replace a folder that a simulation wrote. 替换已有模拟文件夹。"
    ),
    deviation: list[str] = typer.Option(
        [],
        "--deviation",
        help="NAME=VALUE\\[@BEGIN] \\[..END] \\[/SERVICE], times in years of the run, "
        "repeatable. 偏差参数，可重复。 时间以运行年计。",
    ),
    noise: bool = typer.Option(False, "--noise", help="Noise of the instruments. 加测量噪声。"),
    sensor: list[str] = typer.Option(
        [], "--sensor", help="KIND:POINT=VALUE, repeatable. 传感器故障，可重复。"
    ),
    seed: int = typer.Option(0, "--seed", min=0, help="Of noise and faults. 随机种子。"),
    scenario: str = typer.Option(
        "", "--scenario", help="Weather: typical, warm, cold, hot, future. 气象情景。"
    ),
    points: str = typer.Option(
        "site",
        "--points",
        help="Of the site, the standard list, or full metering. 测点：site、standard 或 full。",
    ),
    last: bool = typer.Option(
        False, "--last-year", help="Only the last year goes to --out. 仅输出最后一年。"
    ),
    plot: Path | None = typer.Option(None, "--plot", help="Picture: .png or .svg. 图。"),
    list_deviations: bool = typer.Option(
        False, "--list-deviations", help="All parameters with their ranges. 列出全部偏差参数。"
    ),
    as_json: bool = typer.Option(False, "--json", help="Machine-readable answer. 输出 JSON。"),
    language: Language | None = typer.Option(None, "--language", help="Language. 语言。"),
) -> None:
    """What does a site do over the years: heat, cold, electricity, temperatures, balance?

    全年至数十年运行模拟：供热量、供冷量、用电、系统能效、地源侧温度与热平衡。
    """
    spoken = language or preferred()
    if list_deviations:
        from diwen.cli._simulate_text import show_parameters

        show_parameters(as_json, spoken)
        return
    asked = _Asked(site, step, since, deviation, sensor, noise, scenario, points, plot)
    asked.check(years, out)
    import diwen.site

    read = diwen.site.read(asked.site)
    if out is not None:
        from diwen.twin.simulated_folder import check_target

        check_target(read, out, replace)
    quiet = as_json or not sys.stderr.isatty()
    from diwen.twin.site_simulation import simulate_site

    keep: Literal["all", "last", "none"] = "all" if out is not None and not last else "last"
    found = simulate_site(
        read, years=years, step=asked.step, since=asked.since, scenario=asked.scenario,
        deviations=asked.deviations, sensors=asked.sensors, keep=keep, points=asked.points,
        seed=seed, progress=_progress(_SIMULATING, spoken, quiet),
    )  # fmt: skip
    written = _written(found, out, replace, spoken, quiet)
    if plot is not None:
        from diwen.cli._simulate_figure import simulation_figure

        simulation_figure(found, plot, spoken)
    _answer(found, written, plot, as_json, spoken)
    if not found.met or found.passed:
        raise typer.Exit(1)


class _Asked:
    """The options, understood; all that is wrong with them is said at once."""

    def __init__(
        self, site: Path | None, step: str, since: str, deviation: list[str], sensor: list[str],
        noise: bool, scenario: str, points: str, plot: Path | None,
    ) -> None:  # fmt: skip
        from diwen.cli._figure_file import ENDINGS, file_problems

        problems: list[Problem] = file_problems(plot, "--plot", ENDINGS)
        if site is None:
            problems.append(Problem(_COMMAND, "SITE", _NEEDS_SITE, _GIVE_SITE))
        self.site = site or Path()
        self.step = _step(step, problems)
        self.since = _date(since, problems)
        self.scenario = _word("--scenario", scenario, _SCENARIOS, problems) or None
        self.points: PointList = _word("--points", points, ("site", "standard", "full"), problems)
        self.deviations = tuple(_deviations(deviation, problems))
        self.sensors = tuple(_sensors(sensor, noise, problems))
        self._problems = problems

    def check(self, years: int, out: Path | None) -> None:
        """Refuse all that is wrong, at once, before anything is computed.

        Raises
        ------
        diwen.problems.InputError : with every wrong option
        """
        from diwen.twin.deviations import deviation_problems
        from diwen.twin.sensor_faults import fault_problems

        problems = self._problems
        problems += _of_option("--deviation", deviation_problems(self.deviations, years))
        for one in self.sensors:
            problems += _of_option("--sensor", fault_problems(one))
        if self.sensors and out is None:
            problems.append(Problem(_COMMAND, "--sensor, --noise", _NO_RECORDS, _GIVE_OUT))
        if problems:
            raise InputError(problems)


_NO_RECORDS = Text(
    "faults of instruments change records, and none are written without --out",
    "传感器故障只改变写出的测点数据，未给出 --out 时不起作用",
)
_GIVE_OUT = Text("add --out FOLDER, or leave the faults out", "请加 --out 文件夹，或去掉传感器故障")


def _of_option(option: str, found: list[Problem]) -> list[Problem]:
    """Problems of an argument as problems of the option that gave it."""
    return [replaced(one, file=_COMMAND, where=f"{option} {one.where}") for one in found]


_SCENARIOS = ("", "typical", "warm", "cold", "hot", "future")


def _step(text: str, problems: list[Problem]) -> float:
    from diwen.quantities import UnitError, parse

    try:
        return parse(text, "time")
    except (UnitError, OverflowError):
        problems.append(Problem(_COMMAND, "--step", _NO_STEP, _GIVE_STEP, text))
        return 3600.0


def _date(text: str, problems: list[Problem]) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        problems.append(Problem(_COMMAND, "--since", _NO_DATE, _GIVE_DATE, text))
        return None


def _word(option: str, text: str, known: tuple[str, ...], problems: list[Problem]) -> Any:
    from diwen.site.spelling import cure_for

    wanted = text.strip().lower()
    if wanted in known:
        return wanted
    allowed = same(", ".join(word for word in known if word))
    problems.append(
        Problem(_COMMAND, option, _NO_WORD, cure_for(wanted, filter(None, known)), text, allowed)
    )
    return ""


_NO_WORD = Text("not one of the choices", "不在可选范围内")


def _deviations(given: list[str], problems: list[Problem]) -> list[Deviation]:
    """NAME=VALUE@BEGIN..END/SERVICE/SERVICE, times in years of the run."""
    found = []
    for text in given:
        try:
            found.append(_deviation(text))
        except ValueError:
            problems.append(Problem(_COMMAND, "--deviation", _NO_NUMBER, _GIVE_DEVIATION, text))
    return found


def _deviation(text: str) -> Deviation:
    from diwen.twin.deviations import Deviation

    name, _, rest = text.partition("=")
    value, _, times = rest.partition("@")
    lasts, *services = times.split("/")
    begin, cut, end = lasts.partition("..")
    return Deviation(
        name.strip(), float(value), float(begin or 0.0), float(end) if cut else None,
        tuple(float(one) for one in services),
    )  # fmt: skip


def _sensors(given: list[str], noise: bool, problems: list[Problem]) -> list[SensorFault]:
    from diwen.twin.sensor_faults import SensorFault

    found = []
    for text in given:
        what, _, value = text.partition("=")
        kind, _, points = what.partition(":")
        ids = tuple(part.strip() for part in points.split("+") if part.strip())
        try:
            number = float(value) if value else 1.0
        except ValueError:
            problems.append(Problem(_COMMAND, "--sensor", _NO_NUMBER, _GIVE_SENSOR, text))
            continue
        found.append(SensorFault(kind.strip(), ids, number))  # type: ignore[arg-type]
    return [*found, SensorFault("noise")] if noise else found


def _progress(text: Text, language: Language, quiet: bool) -> Callable[[float], None] | None:
    """A line on the terminal that moves; None where nobody looks."""
    if quiet:
        return None

    def tell(share: float) -> None:
        line = text.format(share=f"{100.0 * min(share, 1.0):.0f}").to(language)
        typer.echo(f"\r\x1b[K{line}" if share < 1.0 else "\r\x1b[K", nl=False, err=True)

    return tell


def _written(
    found: SiteSimulation, out: Path | None, replace: bool, language: Language, quiet: bool
) -> WrittenSite | None:
    if out is None:
        return None
    from diwen.twin.simulated_folder import write_simulated_site

    def done(month: str, count: int) -> None:
        typer.echo(f"\r\x1b[K{_WRITING.format(month=month).to(language)}", nl=False, err=True)

    written = write_simulated_site(found, out, replace=replace, done=None if quiet else done)
    if not quiet:
        typer.echo("\r\x1b[K", nl=False, err=True)
    return written


def _answer(
    found: SiteSimulation,
    written: WrittenSite | None,
    plot: Path | None,
    as_json: bool,
    language: Language,
) -> None:
    if not as_json:
        from diwen.cli._simulate_text import show

        show(found, written, plot, language)
        return
    answer = {
        "site": found.site.id, **found.as_dict(), "passed": found.passed_as_dict(),
        "out": None if written is None else {
            "folder": str(written.folder), "records": written.records,
            "points": list(written.points),
            "missing": {id: {"en": why.en, "zh": why.zh} for id, why in written.missing.items()},
        },
        "files": [str(plot)] if plot is not None else [],
    }  # fmt: skip
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=1, allow_nan=False))
