"""``diwen design-report``: the complete design of a site, and the report that is signed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from diwen.language import LANGUAGES, Language, Text, preferred
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from diwen.cli._design_report_progress import Progress
    from diwen.design.station_design import StationDesign
    from diwen.reports import Format

_COMMAND = "diwen design-report"
_FOLDER = "reports"  # inside the site
_LEAST_SAMPLES = 20
_IS_FILE = Text("a file stands where the folder should be", "该位置已有同名文件，无法作为文件夹")
_OTHER = Text("name another folder", "请指定其他文件夹")
_NO_WAY = Text("no folder can be made there", "无法在该处建立文件夹")
_CHOICE = Text("not one of the choices", "不在可选范围内")
_WRITE_ONE = Text("write one of them", "请填其中之一")
_FEW = Text("too few samples for an interval", "样本过少，无法给出区间")
_DRAW = Text("write 0 (none) or at least {least}, for example 200",
             "填 0（不计算）或至少 {least}，例如 200")  # fmt: skip
_EPILOG = (
    "Designs the site as it stands in site.toml: checks or sizes the source, runs the plant for"
    " decades hour by hour, looks for the recharge that closes the heat balance, judges every rule,"
    " counts costs and carbon against boilers, district heat and air source, and says how sure the"
    " results are. Units are chosen from the catalogue where the site names none."
    "\n\nIt needs the tables ground, sources and loads (hourly file, building or area), and best"
    " weather, heat_pumps, pumps and tariff. What is missing is assumed and said, or refused with"
    " what to write."
    "\n\nExit code 0: feasible, every judged rule kept; 1: something is short or a rule is broken"
    " (the report says what would cure it); 2: wrong input."
    "\n\n按 site.toml 进行完整设计：校核或确定热源规格，逐时模拟数十年运行，求解实现热平衡的补热，"
    "逐条核对规范，计算费用与碳排放并与锅炉、集中供热、空气源比较，给出结果不确定度，并生成可签署的"
    "报告。退出码 0：可行且满足规则；1：存在不足或不满足规则；2：输入有误。"
    "\n\nExamples 示例:"
    "\n\ndiwen design-report examples/sizing-office"
    "\n\ndiwen design-report my-plant --out out --language zh --pdf"
    "\n\ndiwen design-report my-plant --samples 0 --json"
    "\n\ndiwen design-report my-plant --years 50 --optimise cost"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("design-report", epilog=_EPILOG)(design_report_command)


def design_report_command(
    site: Path = typer.Argument(..., help="Site folder. 项目文件夹。"),
    out: Path | None = typer.Option(
        None, "--out", "-o", help="Folder of the report; default: SITE/reports. 报告文件夹。"
    ),
    html: bool = typer.Option(False, "--html", help="Only HTML. 仅 HTML。"),
    pdf: bool = typer.Option(False, "--pdf", help="Only PDF. 仅 PDF。"),
    language: str = typer.Option("both", "--language", help="zh, en or both. 报告语言。"),
    years: int = typer.Option(25, "--years", min=1, max=100, help="Years judged. 评判年数。"),
    samples: int = typer.Option(
        200, "--samples", min=0, max=10000, help="Draws for the uncertainty; 0: none. 抽样次数。"
    ),
    optimise: str = typer.Option(
        "", "--optimise", help="Best sizes for cost or carbon. 规格优化目标。"
    ),
    as_json: bool = typer.Option(False, "--json", help="Machine-readable answer. 输出 JSON。"),
) -> None:
    """Design a site completely and write the report that is signed: sizes, balance, rules, costs.

    生成完整设计报告：热源与机组规格、多年热平衡、规范符合性、费用与碳排放、不确定度。
    """
    languages, objective = _understood(out, language, samples, optimise)
    formats: tuple[Format, ...] = ("html", "pdf")
    if html != pdf:
        formats = ("html",) if html else ("pdf",)
    spoken = languages[0] if len(languages) == 1 else preferred()
    import diwen.site
    from diwen.cli._design_report_progress import Progress

    read = diwen.site.read(site)
    with Progress(spoken, quiet=as_json or not sys.stderr.isatty()) as progress:
        design = _designed(read, years, samples, objective, progress)
        from diwen.reports.design_report import build

        files = build(
            design, out or read.folder / _FOLDER, languages, formats, progress=progress.writing
        )
    if as_json:
        from diwen.cli._design_report_json import answer

        data = answer(design, files)
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        from diwen.cli._design_report_text import show

        show(design, files, spoken)
    if not design.feasible:
        raise typer.Exit(1)


def _understood(
    out: Path | None, language: str, samples: int, optimise: str
) -> tuple[Sequence[Language], str]:
    """Languages and objective; all that is wrong with the options is said at once."""
    problems: list[Problem] = []
    if out is not None and out.is_file():
        problems.append(Problem(_COMMAND, "--out", _IS_FILE, _OTHER, str(out)))
    elif out is not None and not _can_be_made(out):
        problems.append(Problem(_COMMAND, "--out", _NO_WAY, _OTHER, str(out)))
    if 0 < samples < _LEAST_SAMPLES:
        cure = _DRAW.format(least=_LEAST_SAMPLES)
        problems.append(Problem(_COMMAND, "--samples", _FEW, cure, f"{samples}"))
    spoken = _word("--language", language, (*LANGUAGES, "both"), problems)
    objective = _word("--optimise", optimise, ("", "cost", "carbon"), problems)
    if problems:
        raise InputError(problems)
    return tuple(one for one in LANGUAGES if spoken in (one, "both")), objective


def _can_be_made(folder: Path) -> bool:
    """Whether a folder can be written: told before the design is computed, not after."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    return there.is_dir() and os.access(there, os.W_OK)


def _word(option: str, asked: str, choices: Sequence[str], problems: list[Problem]) -> str:
    word = asked.strip().lower()
    if word in choices:
        return word
    listed = [choice for choice in choices if choice]
    allowed = Text(", ".join(listed), "、".join(listed))
    problems.append(Problem(_COMMAND, option, _CHOICE, _WRITE_ONE, asked, allowed))
    return ""


def _designed(
    site: object, years: int, samples: int, objective: str, progress: Progress
) -> StationDesign:
    """The design, how sure it is, and the best sizes where they are asked for."""
    from diwen.design.station_design import DesignOptions, design_of_site
    from diwen.site import Site

    assert isinstance(site, Site)
    options = DesignOptions(horizons=tuple(sorted({years, max(years, 50)})), samples=samples)
    design = design_of_site(site, options, progress=progress.designing)
    if samples and design.uncertainty is None:
        from diwen.design.station_design.uncertainty import uncertainty_of_site

        found = uncertainty_of_site(
            design.site, samples=samples, years=years, day=design.day,
            economics=design.economics is not None, progress=progress.drawing,
        )  # fmt: skip
        design = replace(design, uncertainty=found)
    if objective and design.optimisation is None:
        from diwen.design.station_design.optimisation_of_site import optimise_site

        goal: Literal["cost", "carbon"] = "carbon" if objective == "carbon" else "cost"
        best = optimise_site(
            design.site, objective=goal, years=years, day=design.day, progress=progress.optimising
        )
        design = replace(design, optimisation=best)
    return design
