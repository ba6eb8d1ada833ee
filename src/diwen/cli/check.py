"""``diwen check``: what is wrong with a site folder, and what the site can be used for today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diwen.language import Language, Text, preferred
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from diwen.site import Site, Usability
    from diwen.site.requirements import Verdict

_SOUND = Text("{site}: the folder is sound.", "{site}：项目文件夹无误。")
_BROKEN = Text("{site}: {count} problem(s).", "{site}：{count} 个问题。")
_CONTENTS = Text(
    "{points} points, {equipment} units of equipment, {entries} ledger entries.",
    "{points} 个测点，{equipment} 台（处）设备，{entries} 条台账。",
)
ILLUSTRATIVE = Text(
    "The data of this site are assumed (illustrative).", "本项目数据为假定示例（illustrative）。"
)
_TODAY = Text("What the site can be used for today:", "本项目目前可用于：")
_MISSING = Text("missing: {what}", "缺少：{what}")
_NO_UNCERTAINTY = Text(
    "without uncertainty and grade until it is given: {what}", "补充前不给不确定度与等级：{what}"
)


_EPILOG = (
    "Examples 示例:\n\ndiwen check my-plant\n\ndiwen check my-plant --json --language zh\n\n"
    "diwen check my-plant --wells"
)


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(name="check", epilog=_EPILOG)
    def check_command(
        site: Path = typer.Argument(..., help="Site folder. 项目文件夹。"),
        as_json: bool = typer.Option(False, "--json", help="Machine-readable answer. 输出 JSON。"),
        wells: bool = typer.Option(
            False, "--wells", help="Can the wells return all their water? 水井能否 100 % 回灌？"
        ),
        source: str = typer.Option(
            "", "--source", help="Only this source of wells. 仅检查该水井热源（标识）。"
        ),
        language: Language | None = typer.Option(None, "--language", help="Language. 语言。"),
    ) -> None:
        """Is the site folder sound, and what can it be used for today?

        With --wells: can the wells take and return their water at all; a design that cannot work
        is refused, with the reasons and what would change it.

        检查项目文件夹，并说明目前可用于评价、模拟、诊断、报告中的哪些，还缺什么。
        加 --wells 时，检查水井取水与 100 % 回灌的可行性；不可行的方案给出原因与改法。
        """
        spoken = language or preferred()
        if wells or source:
            good = _check_wells(site, source, as_json, spoken)
        else:
            good = _check(site, as_json, spoken)
        if not good:
            raise typer.Exit(1)


def _check(folder: Path, as_json: bool, language: Language) -> bool:
    """Print the answer; False when the site cannot be used for anything."""
    import diwen.site

    try:
        site = diwen.site.read(folder)
    except InputError as error:
        _say_broken(folder, error.problems, as_json, language)
        raise typer.Exit(2) from error
    found = diwen.site.usable_for(site)
    notices = (*site.notices, *_stale_flags(site))
    if as_json:
        _say_json(folder, notices, found)
    else:
        _say_sound(site, notices, found, language)
    return any(answer != "no" for answer in found.answers.values())


def _check_wells(folder: Path, source: str, as_json: bool, language: Language) -> bool:
    """Print the checks of the wells; False when a design is refused."""
    import diwen.site
    from diwen.design.site_well_checks import well_checks_of_site

    site = diwen.site.read(folder)
    found = well_checks_of_site(site, source)
    if as_json:
        answer = {"site": site.id, "sources": [checks.as_dict() for checks in found]}
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        from diwen.cli._well_checks_text import show

        show(site, found, language)
    return not any(checks.refused for checks in found)


def _stale_flags(site: Site) -> tuple[Problem, ...]:
    """A warning where stored quality flags no longer fit ``points.csv``."""
    from diwen import telemetry

    notice = telemetry.stale_notice(telemetry.open_store(site).stale_flags())
    return () if notice is None else (notice,)


def _say_broken(
    folder: Path, problems: tuple[Problem, ...], as_json: bool, language: Language
) -> None:
    if as_json:
        _say_json(folder, problems, None)
        return
    for problem in problems:
        typer.echo(problem.to(language), err=True)
    count = sum(problem.severity == "error" for problem in problems)
    typer.echo(_BROKEN.format(site=folder, count=count).to(language), err=True)


def _say_json(folder: Path, problems: tuple[Problem, ...], found: Usability | None) -> None:
    answer = {
        "site": str(folder),
        "sound": found is not None,
        "problems": [problem.as_dict() for problem in problems],
        "usability": None if found is None else found.as_dict(),
    }
    typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))


def _say_sound(
    site: Site, notices: tuple[Problem, ...], found: Usability, language: Language
) -> None:
    from diwen.site import ANSWERS, PURPOSES

    for problem in notices:
        typer.echo(problem.to(language), err=True)
    typer.echo(_SOUND.format(site=site.name).to(language))
    counts = _CONTENTS.format(
        points=len(site.points), equipment=len(site.equipment()), entries=len(site.ledger)
    )
    typer.echo(counts.to(language))
    if site.illustrative:
        typer.echo(ILLUSTRATIVE.to(language))
    typer.echo("\n" + _TODAY.to(language))
    for purpose, answer in found.answers.items():
        typer.echo(f"\n{PURPOSES[purpose].to(language)}: {ANSWERS[answer].to(language)}")
        for verdict in found.verdicts[purpose]:
            _say_verdict(verdict, language)


def _say_verdict(verdict: Verdict, language: Language) -> None:
    codes = f" ({', '.join(verdict.ability.catalogue)})" if verdict.ability.catalogue else ""
    mark = "+" if verdict.possible else "-"
    typer.echo(f"  {mark} {verdict.ability.text.to(language)}{codes}")
    for what in verdict.missing:
        typer.echo(f"      {_MISSING.format(what=what).to(language)}")
    remark = verdict.remark()
    if remark is not None:
        typer.echo(f"      {_NO_UNCERTAINTY.format(what=remark).to(language)}")
