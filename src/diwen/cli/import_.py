"""``diwen import``: delivered files into the store of a site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from diwen.language import Text, preferred

if TYPE_CHECKING:
    from rich.progress import Progress

_READING = Text("reading {file}", "读取 {file}")
_STORING = Text("storing {file}", "入库 {file}")
_FOUND = Text(
    "no file named: taking what the folder holds ({files})",
    "未指定文件，导入项目文件夹中的：{files}",
)
_EPILOG = (
    "Examples 示例:"
    "\n\ndiwen import my-plant export.csv --dry-run"
    "\n\ndiwen import my-plant 2024-*.xlsx --time-zone Asia/Shanghai"
    "\n\ndiwen import my-plant log.txt --separator ';' --decimal , --header-row 3"
    "\n\ndiwen import my-plant"
)
_FLAGS = Text("computing quality flags", "计算质量标志")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("import", epilog=_EPILOG)(import_command)


def import_command(
    site: Path = typer.Argument(..., help="Site folder. 项目文件夹。"),
    files: list[Path] = typer.Argument(
        None,
        help="CSV, Excel or Parquet files, also .gz and .zip; without any: SITE/measurements"
        " and SITE/readings.csv. 数据文件；不填则取 SITE/measurements 与 readings.csv。",
    ),
    replace: bool = typer.Option(
        False, "--replace", help="Replace stored values that differ; the old ones are kept. 替换。"
    ),
    dry_run: bool = typer.Option(
        False, "--dry-run", help="Show how the files are understood, store nothing. 仅预览。"
    ),
    recompute_quality: bool = typer.Option(
        False, "--recompute-quality", help="Compute all quality flags again. 重新计算质量标志。"
    ),
    layout: str = typer.Option("", help="wide or long"),
    separator: str = typer.Option("", help="column separator 列分隔符"),
    decimal: str = typer.Option("", help="decimal sign 小数符号"),
    encoding: str = typer.Option("", help="text encoding 文本编码"),
    sheet: str = typer.Option("", help="sheet of an Excel file 工作表"),
    header_row: int = typer.Option(0, min=0, help="row of the header, from 1 表头行号"),
    time_column: str = typer.Option("", help="time column, or date+time 时间列"),
    time_format: str = typer.Option("", help="strptime format, epoch_s, excel, seconds ..."),
    time_start: str = typer.Option("", help="start that the seconds count from 起始时刻"),
    time_zone: str = typer.Option("", help="IANA time zone of the files 时区"),
    point_column: str = typer.Option("", help="long layout: point column 测点列"),
    value_column: str = typer.Option("", help="long layout: value column 数值列"),
    json_output: bool = typer.Option(False, "--json", help="Machine-readable result. 输出 JSON。"),
    language: str = typer.Option("", "--language", help="en or zh"),
) -> None:
    """Import measurements into a site. 导入监测数据。"""
    import diwen.site
    from diwen import telemetry

    tongue = _language(language)
    given = {
        "layout": layout, "separator": separator.replace("\\t", "\t"), "decimal": decimal,
        "encoding": encoding, "sheet": sheet, "header_row": header_row,
        "time_column": time_column, "time_format": time_format, "time_start": time_start,
        "time_zone": time_zone, "point_column": point_column, "value_column": value_column,
    }  # fmt: skip
    plant = diwen.site.read(site)
    if recompute_quality:
        _recompute(plant, tongue, json_output)
        if not files:
            return
    if not files:
        files = _at_hand(site, tongue)
    with _bar(json_output) as bar:
        report = telemetry.import_files(
            plant,
            files,
            options=given,
            replace=replace,
            dry_run=dry_run,
            progress=_progress(bar, tongue),
        )
    account = telemetry.account_of(plant, report)
    if json_output:
        import json

        typer.echo(json.dumps(account.as_dict(), ensure_ascii=False, indent=1))
    else:
        account.show(tongue)
    if report.refused and not (report.added or report.same):
        raise typer.Exit(1)


def _at_hand(site: Path, language: Any) -> list[Path]:
    """The deliveries that lie in the site folder itself, told to the user."""
    folder = site / "measurements"
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    found = [path for path in inside if path.is_file() and not path.name.startswith(".")]
    by_hand = [path for path in (site / "readings.csv",) if path.is_file()]
    if found or by_hand:
        names = ", ".join(str(path.relative_to(site)) for path in (*found, *by_hand))
        typer.echo(_FOUND.format(files=names).to(language), err=True)
    return found


def _language(asked: str) -> Any:
    return asked if asked in ("en", "zh") else preferred()


def _bar(quiet: bool) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        console=console,
        disable=quiet or not console.is_terminal,
        transient=True,
    )


def _progress(bar: Progress, language: Any) -> Any:
    tasks: dict[str, Any] = {}

    def tell(file: str, stage: str, done: int, total: int) -> None:
        if file not in tasks:
            start = _READING.format(file=file).to(language)
            tasks[file] = bar.add_task(start, total=max(total, 1), rate="")
        task = bar.tasks[bar.task_ids.index(tasks[file])]
        speed = f"{done / task.elapsed / 1e6:.2f} M/s" if done and task.elapsed else ""
        text = (_READING if stage == "read" else _STORING).format(file=file).to(language)
        bar.update(tasks[file], description=text, total=max(total, 1), completed=done, rate=speed)

    return tell


def _recompute(site: Any, language: Any, quiet: bool) -> None:
    from diwen import telemetry

    store = telemetry.open_store(site)
    with _bar(quiet) as bar:
        total = len(store.manifest.months())
        task = bar.add_task(_FLAGS.to(language), total=max(total, 1), rate="")
        outcome = telemetry.recompute(site, lambda month, count: bar.advance(task))
    telemetry.write_picture(store)
    text = Text(
        "quality flags computed again; {n} part(s) changed",
        "质量标志已重新计算，{n} 个数据文件有变化",
    )
    typer.echo(text.format(n=len(outcome.written)).to(language), err=quiet)
