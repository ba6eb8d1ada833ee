"""``diwen test-response``: conductivity and borehole resistance from a thermal response test."""

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
)
from diwen.language import LANGUAGES, Language, Text, preferred, same
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diwen.site import Site
    from diwen.survey.evaluate_test import TestResult
    from diwen.survey.site_update import Change
    from diwen.survey.test_inputs import Given

_COMMAND = "diwen test-response"
_COLUMN_CURE = Text('write for example --column inlet="#2 | °C"', '例如：--column inlet="#2 | °C"')
_METHOD = Text("no such method", "没有这种方法")
_NEEDS_SITE = Text("there is no site to write into", "没有可写入的项目")
_GIVE_SITE = Text("give --site SITE", "请给出 --site 项目文件夹")
_NO_TEST = Text("the site names no response test", "项目未列出热响应试验")
_MANY_TESTS = Text("the site names several response tests", "项目列出多个热响应试验")
_NAME_FILE = Text(
    "name the file of the test, and the folder by --site",
    "请指定试验数据文件，并用 --site 给出项目文件夹",
)
_NO_VALUE = Text("No value is given:", "不给出数值：")
_CURE = Text("What to do: {cure}.", "办法：{cure}。")
_WRITTEN = Text("Written into {file}:", "已写入 {file}：")
_OFFER = Text(
    "Add --write to put these values into the site file.", "加 --write 可将结果写入项目文件。"
)
_REPORT = Text("Report written:", "报告已生成：")
_PLOTTED = Text("Pictures written:", "图件已生成：")
_EPILOG = (
    "Examples 示例:"
    "\n\ndiwen test-response test.csv --site my-plant"
    "\n\ndiwen test-response examples/response-test-varennes"
    "\n\ndiwen test-response test.csv --site my-plant --write --report out"
    '\n\ndiwen test-response test.csv --length "100 m" --diameter "150 mm"'
    ' --undisturbed-temperature "15.2 °C" --heat-capacity "2.3 MJ/(m3*K)" --json'
)
_QUANTITIES = {
    "length": ("length", '"100 m"'),
    "diameter": ("length", '"150 mm"'),
    "undisturbed-temperature": ("temperature", '"15.2 °C"'),
    "heat-capacity": ("volumetric_heat_capacity", '"2.3 MJ/(m3*K)"'),
    "nominal-power": ("heat_power", '"6 kW"'),
    "from": ("time", '"10 h"'),
    "to": ("time", '"60 h"'),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("test-response", epilog=_EPILOG)(evaluate_response_test)


def evaluate_response_test(
    file: Path = typer.Argument(
        ...,
        help="File of the test (text, may be .gz), or its site folder. 试验数据文件或项目文件夹。",
    ),
    site: Path | None = typer.Option(None, "--site", "-s", help="Site folder. 项目文件夹。"),
    method: str = typer.Option(
        "auto", "--method", help="auto, line-source, superposition, capacity. 方法。"
    ),
    start: str = typer.Option("", "--from", help='Start of the window, "10 h". 时段起点。'),
    end: str = typer.Option("", "--to", help='End of the window, "60 h". 时段终点。'),
    length: str = typer.Option("", "--length", help='Active length, "100 m". 有效孔深。'),
    diameter: str = typer.Option("", "--diameter", help='Bore diameter, "150 mm". 孔径。'),
    undisturbed: str = typer.Option(
        "", "--undisturbed-temperature", help='"15.2 °C". 岩土初始地温。'
    ),
    capacity: str = typer.Option(
        "", "--heat-capacity", help='Of the ground, "2.3 MJ/(m3*K)". 岩土容积热容。'
    ),
    nominal: str = typer.Option("", "--nominal-power", help='"6 kW". 名义加热功率。'),
    heating_start: str = typer.Option(
        "", "--heating-start", help="Date and time heating began. 开始加热时刻。"
    ),
    column: list[str] = typer.Option(
        [], "--column", help='What a column is: inlet="Tin | °C", time="#1 | s". 列含义。'
    ),
    layers: Path | None = typer.Option(
        None, "--layers", help="Temperatures by depth, for the layers. 分层温度文件。"
    ),
    source: str = typer.Option("", "--source", help="Id of the bore field. 孔群标识。"),
    as_json: bool = typer.Option(False, "--json", help="Machine-readable answer. 输出 JSON。"),
    plot: Path | None = typer.Option(
        None, "--plot", help="SVG file, or folder for all pictures. 图件（SVG 文件或文件夹）。"
    ),
    report: Path | None = typer.Option(
        None, "--report", help="Folder for the report, HTML and PDF. 报告文件夹。"
    ),
    write: bool = typer.Option(False, "--write", help="Write into the site file. 写入项目文件。"),
    replace: bool = typer.Option(
        False, "--replace", help="With --write: overwrite values. 与 --write 同用：覆盖已有值。"
    ),
    language: Language | None = typer.Option(
        None, "--language", help="Language; without it reports come in both. 语言。"
    ),
) -> None:
    """Evaluate a thermal response test: quality, conductivity, borehole resistance.

    评价岩土热响应试验：先查试验质量，再给出导热系数与钻孔热阻及其不确定度。
    """
    given = {
        "length": length, "diameter": diameter, "undisturbed-temperature": undisturbed,
        "heat-capacity": capacity, "nominal-power": nominal, "from": start, "to": end,
    }  # fmt: skip
    numbers = _numbers(given)
    import diwen.site
    from diwen.survey.evaluate_test import evaluate_test

    if site is None and (file / "site.toml").is_file():
        site, file = file, _only_test(diwen.site.read(file))
    _usage(method, site, write, plot)
    place = diwen.site.read(site) if site is not None else None
    result = evaluate_test(
        file, place, _given(numbers, heating_start, column, source), method,  # type: ignore[arg-type]
        (numbers["from"], numbers["to"]), layers=layers,
    )  # fmt: skip
    changes: tuple[Change, ...] = ()
    if write and place is not None and result.evaluation is not None:
        from diwen.survey.site_update import update_site

        changes = update_site(place, result.finding(), replace)
    spoken = language or preferred()
    pictures = _plot(result, plot, spoken) if plot is not None else ()
    reports = _report(result, place, report, language) if report is not None else ()
    if as_json:
        _say_json(result, changes, pictures, reports)
    else:
        _say(result, place, changes, pictures, reports, spoken)
    if result.evaluation is None:
        raise typer.Exit(1)


def _numbers(given: dict[str, str]) -> dict[str, float | None]:
    """The quantities of the command line in inside units; all faults at once."""
    problems: list[Problem] = []
    values = {
        name: quantity_of(_COMMAND, f"--{name}", text, *_QUANTITIES[name], problems)
        for name, text in given.items()
    }
    if problems:
        raise InputError(problems)
    return values


def _only_test(site: Site) -> Path:
    """The file of the one test that a site folder names."""
    files = [test.file for test in site.response_tests]
    if len(files) == 1:
        return site.folder / files[0]
    where = str(site.folder)
    if not files:
        raise InputError([Problem(where, "response_tests", _NO_TEST, _NAME_FILE)])
    allowed = same(", ".join(files))
    raise InputError([Problem(where, "response_tests", _MANY_TESTS, _NAME_FILE, "", allowed)])


def _usage(method: str, site: Path | None, write: bool, plot: Path | None) -> None:
    from diwen.survey.evaluate_test import METHODS

    problems = not_of(_COMMAND, "--method", _METHOD, method, METHODS)
    if write and site is None:
        problems.append(Problem(_COMMAND, "--write", _NEEDS_SITE, _GIVE_SITE))
    problems += picture_problems(_COMMAND, plot)
    if problems:
        raise InputError(problems)


def _given(
    numbers: dict[str, float | None], heating_start: str, column: Sequence[str], source: str
) -> Given:
    from diwen.survey.response_test_columns import QUANTITIES
    from diwen.survey.test_inputs import Given

    problems: list[Problem] = []
    columns = columns_of(_COMMAND, column, _COLUMN_CURE, problems, QUANTITIES)
    if problems:
        raise InputError(problems)
    return Given(
        length=numbers["length"],
        diameter=numbers["diameter"],
        undisturbed_temperature=numbers["undisturbed-temperature"],
        heat_capacity=numbers["heat-capacity"],
        nominal_power=numbers["nominal-power"],
        heating_start=heating_start,
        columns=columns,
        source=source,
    )


def _plot(result: TestResult, target: Path, language: Language) -> tuple[Path, ...]:
    """The pictures as SVG: all into a folder, or the main one into a file."""
    from diwen.reports.response_test import write_pictures

    return write_pictures(result, target, language)


def _report(
    result: TestResult, site: Site | None, folder: Path, language: Language | None
) -> tuple[Path, ...]:
    from diwen.reports.response_test import build

    return build(result, site, folder, LANGUAGES if language is None else (language,))


def _say_json(
    result: TestResult,
    changes: Sequence[Change],
    pictures: Sequence[Path],
    reports: Sequence[Path],
) -> None:
    from diwen.survey.answer import answer

    data: dict[str, Any] = answer(result)
    data["written"] = [
        {"key": change.place, "old": _plain(change.old), "new": _plain(change.new)}
        for change in changes
    ]
    data["files"] = [str(path) for path in (*pictures, *reports)]
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False))


def _plain(value: object) -> Any:
    return value if value is None or isinstance(value, int | float | str) else str(value)


def _say(
    result: TestResult,
    site: Site | None,
    changes: Sequence[Change],
    pictures: Sequence[Path],
    reports: Sequence[Path],
    language: Language,
) -> None:
    from diwen.cli._check_table import say_checks
    from diwen.cli._response_table import say_result

    for problem in result.notices:
        typer.echo(problem.to(language), err=True)
    say_checks(result.quality, language)
    if result.evaluation is None:
        typer.echo(_NO_VALUE.to(language), err=True)
        for problem in result.refused:
            typer.echo(f"  × {problem.message.to(language)}", err=True)
        for cure in dict.fromkeys(problem.cure for problem in result.refused):
            typer.echo(_CURE.format(cure=cure).to(language), err=True)
        return
    say_result(result, language)
    if changes and site is not None:
        typer.echo(_WRITTEN.format(file=site.folder / "site.toml").to(language))
        for change in changes:
            old = "" if change.old is None else f"  ({change.old})"
            typer.echo(f"  {change.place} = {change.new}{old}")
    elif site is not None:
        typer.echo(_OFFER.to(language))
    say_files(_PLOTTED, pictures, language)
    say_files(_REPORT, reports, language)
