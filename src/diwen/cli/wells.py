"""``diwen wells``: what the wells of a site do over the years, with picture and report."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diwen.language import LANGUAGES, Language, Text, preferred
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from diwen.design.well_check_result import WellChecks
    from diwen.design.well_group_study import WellGroupStudy
    from diwen.design.well_study import WellStudy
    from diwen.site import Site

    AnyStudy = WellStudy | WellGroupStudy

_COMMAND = "diwen wells"
_FOLDER = "reports"  # inside the site
_IS_FILE = Text("a file stands where the folder should be", "该位置已有同名文件，无法作为文件夹")
_OTHER = Text("name another folder", "请指定其他文件夹")
_WORKING = Text("wells through the years: {share} %", "采集井历年模拟：{share} %")
_EPILOG = (
    "Examples 示例:"
    "\n\ndiwen wells examples/hospital-18-wells"
    "\n\ndiwen wells my-plant --years 10 --plot section.svg"
    "\n\ndiwen wells my-plant --report --folder out --language zh"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("wells", epilog=_EPILOG)(wells_command)


def wells_command(
    site: Path = typer.Argument(..., help="Site folder. 项目文件夹。"),
    source: str = typer.Option("", "--source", help="Id of the wells. 热源标识。"),
    years: int | None = typer.Option(
        None, "--years", min=1, max=100, help="Years of operation; default: planned. 运行年数。"
    ),
    report: bool = typer.Option(False, "--report", help="Write HTML and PDF. 生成报告。"),
    folder: Path | None = typer.Option(
        None, "--folder", help="For the report; default: SITE/reports. 报告文件夹。"
    ),
    plot: Path | None = typer.Option(
        None, "--plot", help="Section or plan: .png or .svg. 剖面图（平面图）。"
    ),
    as_json: bool = typer.Option(False, "--json", help="Machine-readable answer. 输出 JSON。"),
    language: Language | None = typer.Option(
        None, "--language", help="Language; without it reports come in both. 语言。"
    ),
) -> None:
    """What do the wells of a site do over the years: levels, breakthrough, temperatures?

    The wells are checked first; of a design that is refused the temperatures are only what-if.

    采集井历年运行：水位、同层回灌、热突破与水温；先校核，被否决的方案其水温仅供参考。
    """
    from diwen.cli._figure_file import ENDINGS, file_problems

    spoken = language or preferred()
    problems = file_problems(plot, "--plot", ENDINGS)
    if folder is not None and folder.is_file():
        problems.append(Problem(_COMMAND, "--folder", _IS_FILE, _OTHER, str(folder)))
    if problems:
        raise InputError(problems)
    import diwen.site
    from diwen.reports.well_field import holds

    read = diwen.site.read(site)
    progress = _progress(spoken, as_json)
    study, checks = _found(read, source, years, progress)
    if progress is not None:
        progress(1.0)
    files: tuple[Path, ...] = ()
    if plot is not None:  # first: where it cannot be written, nothing else is said
        _plot(study, plot, spoken)
        files = (plot,)
    if report or folder is not None:
        from diwen.reports.well_field import build

        chosen = LANGUAGES if language is None else (language,)
        files += build(study, checks, folder or read.folder / _FOLDER, chosen)
    if as_json:
        from diwen.design.well_study_answer import answer

        data = {"site": read.id, **answer(study, checks), "files": [str(path) for path in files]}
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False))
    else:
        from diwen.cli._wells_text import show

        show(study, checks, files, spoken)
    if not holds(study, checks):
        raise typer.Exit(1)


def _found(
    site: Site, source: str, years: int | None, progress: Callable[[float], None] | None
) -> tuple[AnyStudy, WellChecks]:
    """The years and the checks of the wells that are meant."""
    from diwen.design.site_well_checks import KINDS, ONE_WELL_KINDS, well_checks_of_site
    from diwen.site.named_source import named_source

    name = named_source(site, source, KINDS)
    study: AnyStudy
    if site.sources[name].type in ONE_WELL_KINDS:
        from diwen.design.well_study import study_wells

        study = study_wells(site, name, years=years, progress=progress)
    else:
        from diwen.design.well_group_study import study_well_group

        study = study_well_group(site, name, years=years, progress=progress)
    return study, well_checks_of_site(site, name)[0]


def _progress(language: Language, quiet: bool) -> Callable[[float], None] | None:
    """A line on the terminal that moves; None where nobody looks."""
    if quiet or not sys.stderr.isatty():
        return None

    def tell(share: float) -> None:
        text = _WORKING.format(share=f"{100.0 * min(share, 1.0):.0f}").to(language)
        typer.echo(f"\r\x1b[K{text}" if share < 1.0 else "\r\x1b[K", nl=False, err=True)

    return tell


def _plot(study: AnyStudy, path: Path, language: Language) -> None:
    """The section of circulation wells at the coldest of the last year; the plan of others."""
    from diwen.cli._figure_file import write_figure
    from diwen.design.well_study import WellStudy

    if isinstance(study, WellStudy):
        from diwen.reports import well_field_sections as sections
        from diwen.reports.well_section import SIZE, draw_section

        end = "_1" if study.years == 1 else "_last"
        moment = next(name for name in sections.moments_shown(study) if name.endswith(end))
        scene = sections.section_scene(study, moment)
        title = sections.section_title(study, moment)
        write_figure(path, SIZE, lambda figure: draw_section(figure, scene, language,
                                                             _titled(study, title)))  # fmt: skip
        return
    from diwen.reports.well_group_sections import plan_scene
    from diwen.reports.well_plan import draw_plan, plan_size

    plan = plan_scene(study)
    size = plan_size(plan)
    write_figure(path, size, lambda figure: draw_plan(figure, plan, language,
                                                      _titled(study, None)))  # fmt: skip


def _titled(study: AnyStudy, title: Text | None) -> Text:
    name = study.site.name
    if title is None:
        return name
    return Text(f"{name.en}. {title.en}", f"{name.zh}：{title.zh}")
