"""``diwen demo``: measurements judged, a test made a length, wells and a plant designed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diwen.language import Language, Text, preferred

if TYPE_CHECKING:
    from diwen.evaluation import Evaluation, Result
    from diwen.site import Site


@dataclass(frozen=True, slots=True)
class Walk:
    """One bundled example and what of it is worth printing."""

    example: str
    period: str
    shown: tuple[str, ...]


WALKS = (
    Walk("rwth-lab", "all", ("cop_steady", "heat_balance_ratio")),
    Walk(
        "sports-centre",
        "all",
        ("record_errors", "record_cop_system", "record_cop_system_simultaneous"),
    ),
    Walk("heatpumpmonitor", "all", ("portfolio_spf",)),
    Walk("groundwater-seppe", "1990-01-01..2017-12-31", ("water_level_trend",)),
    Walk("beijing-weather", "2014-heating", ("heating_degree_days",)),
)

_COPIED = Text("{name}: folder copied, checked", "{name}：已复制并检查文件夹")
_IMPORTED = Text("{count} measured values stored", "已存入 {count} 个实测值")
_REPORTED = Text("report: {path}", "报告：{path}")
_REFUSED = Text("refused: {reason}", "不予计算：{reason}")
_LOOK = Text(
    "Look at the reports in {folder}/*/reports (open the .html in a browser), or run:\n"
    "  {diwen} serve {folder}",
    "请查看 {folder}/*/reports 中的报告（用浏览器打开 .html），或运行：\n  {diwen} serve {folder}",
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    folder: Path = typer.Option(
        Path("demo"), "--folder", help="Where to work; made anew each time. 工作文件夹。"
    ),
    language: str = typer.Option("", "--language", help="en or zh"),
) -> None:
    """Evaluate the bundled real measurements and write reports. 用随附实测数据演示全过程。"""
    import shutil
    import sys

    from diwen.cli import _demo_design as planned
    from diwen.cli import _demo_ground as ground
    from diwen.cli import _demo_wells as wells

    tongue: Language = "zh" if language == "zh" else "en" if language == "en" else preferred()
    command = sys.argv[0] if Path(sys.argv[0]).name == "diwen" else "diwen"
    rooms = (*ground.EXAMPLES, *wells.EXAMPLES, *planned.EXAMPLES)
    for example in (*(walk.example for walk in WALKS), *rooms):
        shutil.rmtree(folder / example, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    for walk in WALKS:
        _walk(walk, folder, tongue)
    ground.show_response_test(folder, command, tongue)
    ground.show_sizing(folder, command, tongue)
    wells.show_wells(folder, command, tongue)
    planned.show_design(folder, command, tongue)
    typer.echo("\n" + _LOOK.format(folder=folder, diwen=command).to(tongue))


def _walk(walk: Walk, folder: Path, language: Language) -> None:
    """Copy, check, import, evaluate and report one example."""
    from rich.console import Console

    from diwen import reports
    from diwen.site import new, read

    console = Console(stderr=True)
    with console.status(walk.example):
        site = read(new(folder / walk.example, walk.example, language))
        typer.echo(
            "\n" + _COPIED.format(name=site.name.to(language)).to(language)
            + _stored(site).to(language)
        )  # fmt: skip
        report = reports.build(site, walk.period)
    for result in _worth_showing(report.evaluation, walk.shown):
        typer.echo("  " + _line(result, language))
    for path in report.files:
        if path.suffix == ".html":
            typer.echo("  " + _REPORTED.format(path=path).to(language))


def _stored(site: Site) -> Text:
    """Import what the folder brings along; says how much came in."""
    from diwen import telemetry

    files = sorted((site.folder / "measurements").glob("*"))
    if not files:
        return Text("", "")
    taken = telemetry.import_files(site, files)
    said = _IMPORTED.format(count=f"{taken.added:,}")
    return Text(", " + said.en, "，" + said.zh)


def _worth_showing(evaluation: Evaluation, shown: tuple[str, ...]) -> list[Result]:
    return [result for result in evaluation.results if result.id in shown][:8]


def _line(result: Result, language: Language) -> str:
    from diwen.cli.evaluate import shown
    from diwen.evaluation.words import thing_name

    name, thing = result.name.to(language), thing_name(result).to(language)
    if any(word not in name for word in thing.split()):
        name = f"{name} {thing}"
    if result.value is None:
        reason = result.reason.to(language) if result.reason else ""
        return f"{name}: {_REFUSED.format(reason=reason).to(language)}"
    spread = "" if result.uncertainty is None else " (k = 2)"
    return f"{name}: {shown(result, language)}{spread}"
