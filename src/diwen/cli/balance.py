"""``diwen balance``: the heat balance of the ground, its drift, and what recharge gains."""

from __future__ import annotations

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from diwen.language import LANGUAGES, Language, Text, preferred, same
from diwen.problems import InputError, Problem

if TYPE_CHECKING:
    from diwen.rules import Row

_COMMAND = "diwen balance"
_RULE = "gb50366.heat_balance"
_NO_ENERGY = Text("not an energy with its unit", "不是带单位的热量")
_GIVE_ENERGY = Text(
    'write for example --recharge "50 MWh" (a year); "-50 MWh" takes heat out',
    '例如：--recharge "50 MWh"（每年）；"-50 MWh" 表示取出热量',
)
_NO_MONTHS = Text("not months of the year", "不是月份")
_GIVE_MONTHS = Text("write for example --months 5-9, or 11-3, or 6,7,8",
                    "例如：--months 5-9、11-3 或 6,7,8")  # fmt: skip
_NO_LENGTH = Text("not a borehole length with its unit", "不是带单位的孔深")
_GIVE_LENGTH = Text('write for example --length "110 m"', '例如：--length "110 m"')
_PLOTTED = Text("Picture written: {file}", "图已写入：{file}")
_EPILOG = (
    "Heat out of the ground is what the heat pumps take in winter, heat into it what they reject"
    " in summer. What is left over warms or cools the ground, a little every year. Recharge is"
    " heat given besides (solar collectors, dry coolers); a negative one takes heat out."
    " Exit code 1: the length does not keep the limits over the planned life."
    "\n\n取热与排热之差使地温逐年变化；补热为另行注入的热量（负值为取出）。"
    "退出码 1：孔深在规划年限内不满足限值。"
    "\n\nExamples 示例:"
    "\n\ndiwen balance examples/sizing-office"
    '\n\ndiwen balance examples/sizing-office --recharge "-40 MWh" --months 11-3 --figure years.png'
    '\n\ndiwen balance my-plant --length "95 m" --years 30 --json'
)


_MOST_ENERGY = 3.6e18


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("balance", epilog=_EPILOG)(balance_command)


def balance_command(
    site: Path = typer.Argument(..., help="Site folder. 项目文件夹。"),
    source: str = typer.Option("", "--source", help="Bore field, where several. 孔群标识。"),
    years: int | None = typer.Option(
        None,
        "--years",
        min=1,
        max=100,
        help="Years told and judged; default: 50 told, the planned life judged. 计算年数。",
    ),
    recharge: str = typer.Option(
        "", "--recharge", help='Heat given to the ground a year, "50 MWh". 每年补热量。'
    ),
    months: str = typer.Option("5-9", "--months", help="In which it is given. 补热月份。"),
    length: str = typer.Option(
        "", "--length", help='Instead of the planned one, "110 m". 替代规划孔深。'
    ),
    figure: Path | None = typer.Option(None, "--figure", help="Picture: .svg or .png. 图。"),
    json_output: bool = typer.Option(False, "--json", help="Machine-readable. 输出 JSON。"),
    language: str = typer.Option("", "--language", help="en or zh"),
) -> None:
    """Is the ground in balance, how does it drift over 50 years, what does recharge gain?

    地下热平衡：全年取热与排热、50 年地温变化、补热效果。
    """
    from diwen.cli._figure_file import ENDINGS, file_problems

    tongue: Language = next((one for one in LANGUAGES if one == language), preferred())
    problems = file_problems(figure, "--figure", ENDINGS)
    energy, chosen = _energy(recharge, problems), _months(months, problems)
    given_length = _length(length, problems)
    if problems:
        raise InputError(problems)
    import diwen.site
    from diwen.design.yearly_balance import balance_of_site

    read = diwen.site.read(site)
    busy = sys.stderr.isatty() and not json_output
    found = balance_of_site(
        read, source, years=years, recharge=energy, months=chosen, length=given_length,
        say=(lambda text: typer.echo(text.to(tongue), err=True)) if busy else None,
    )  # fmt: skip
    rule = _rule(read.place.region)
    if figure is not None:  # first: where it cannot be written, nothing else is said
        from diwen.cli._balance_figure import balance_figure

        balance_figure(found, figure, tongue)
    if json_output:
        answer = {"site": read.id, **found.as_dict(), "rule": rule and rule.as_dict()}
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        from diwen.cli._balance_text import show

        show(read.name, read.illustrative, found, rule, tongue)
        if figure is not None:
            typer.echo(_PLOTTED.format(file=str(figure)).to(tongue))
    if not found.suffices:
        raise typer.Exit(1)


def _rule(region: str | None) -> Row | None:
    """The rule of heat balance that holds at the site today; None where none does."""
    from diwen import rules

    if not region:
        return None
    try:
        return rules.on(date.today(), region).row(_RULE)
    except (rules.RuleMissingError, InputError):
        return None


def _energy(text: str, problems: list[Problem]) -> float | None:
    """Heat in J; None where none is asked for."""
    from diwen.quantities import UnitError, parse

    if not text.strip():
        return None
    try:
        value = parse(text, "heat_energy")
    except UnitError:
        problems.append(Problem(_COMMAND, "--recharge", _NO_ENERGY, _GIVE_ENERGY, text))
        return None
    if not abs(value) <= _MOST_ENERGY:
        allowed = same("±1e9 MWh")
        problems.append(Problem(_COMMAND, "--recharge", _NO_ENERGY, _GIVE_ENERGY, text, allowed))
        return None
    return value


def _length(text: str, problems: list[Problem]) -> float | None:
    from diwen.quantities import UnitError, parse

    if not text.strip():
        return None
    allowed = same("1 … 3000 m")
    try:
        value = parse(text, "length")
    except UnitError:
        value = 0.0
    if not 1.0 <= value <= 3000.0:
        problems.append(Problem(_COMMAND, "--length", _NO_LENGTH, _GIVE_LENGTH, text, allowed))
        return None
    return value


def _months(text: str, problems: list[Problem]) -> tuple[int, ...]:
    """Calendar months of ``5-9``, ``11-3``, ``6,7,8`` or a mix of them."""
    found: list[int] = []
    for part in re.split(r"[,，、;\s]+", text.strip()):
        match = re.fullmatch(r"(\d{1,2})(?:(?:-|–|~|\.\.)(\d{1,2}))?月?", part)
        ends = [int(end) for end in match.groups() if end] if match else [0]
        if not all(1 <= end <= 12 for end in ends):
            allowed = same("1 … 12")
            problems.append(Problem(_COMMAND, "--months", _NO_MONTHS, _GIVE_MONTHS, text, allowed))
            return ()
        first, last = ends[0], ends[-1]
        found += [(first - 1 + step) % 12 + 1 for step in range((last - first) % 12 + 1)]
    return tuple(sorted(set(found)))
