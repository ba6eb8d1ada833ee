"""``diwen diagnose``: which of the seven deviations, how sure, what it costs, what to do."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from diwen.language import Language, Text, preferred

if TYPE_CHECKING:
    from collections.abc import Callable

    from diwen.cli._diagnose_answer import DiagnosisAnswer
    from diwen.cli._diagnose_options import Asked
    from diwen.site import Site

_DIAGNOSING = Text("diagnosis: {share} %", "诊断：{share} %")
_EPILOG = (
    "Instruments are judged before the plant; then flows, units, ground, balance, loads and"
    " controls, each driven by what was measured at its boundary. Whatever is found comes with its"
    " probability, its value and 90 % interval, its evidence, what it costs in the twin, what else"
    " would explain it, and what fits. What cannot be judged names the point that is missing."
    "\n\nWith --save only new months are read again, the ledger deviations.csv is brought up to"
    " date, and what was corrected is looked at again: run it every month."
    "\n\nExit code 0: no deviation is suspected; 1: at least one is (with --verify: the saving is"
    " not proved); 2: wrong input. Faults of instruments alone leave it at 0."
    "\n\nOf a portfolio, a table of yearly totals, only the meters are judged."
    "\n\n先检验数据，再依次判断流量、机组、岩土、热平衡、负荷与控制；每项偏差给出概率、数值及 90 %"
    " 区间、依据、代价、其他可能解释与整改措施；无法判断的说明缺少的测点。--save 按月增量诊断并更新"
    " deviations.csv。退出码 0：未发现疑似偏差；1：发现偏差（--verify 时为未证实节能）；"
    "2：输入有误。多系统汇总（仅全年合计值）只检验仪表。"
    "\n\nExamples 示例:"
    "\n\ndiwen simulate examples/plant-template --deviation efficiency_loss=0.15 --noise --out X"
    "\n\ndiwen diagnose X"
    "\n\ndiwen diagnose my-plant --since 2024-01-01 --until 2025-01-01 --report diagnosis.html"
    "\n\ndiwen diagnose my-plant --save --language zh"
    "\n\ndiwen diagnose my-plant --ledger"
    "\n\ndiwen diagnose my-plant --mark strainer:P1=corrected --on 2024-09-20 --by Li"
    " --note cleaned"
    "\n\ndiwen diagnose my-plant --verify strainer:P1 --promised 0.05"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("diagnose", epilog=_EPILOG)(diagnose_command)


def diagnose_command(
    site: Path = typer.Argument(..., help="Site folder. 项目文件夹。"),
    since: str = typer.Option("", "--since", help="First day, 2024-01-01. 起始日期。"),
    until: str = typer.Option("", "--until", help="Day after the last one. 截止日期（不含）。"),
    cost: bool = typer.Option(
        True, "--cost/--no-cost", help="What each costs, by the twin. 计算偏差代价。"
    ),
    forecast: bool = typer.Option(
        True, "--forecast/--no-forecast", help="The years to come, and the score. 预测与评分。"
    ),
    report: Path | None = typer.Option(
        None, "--report", help="Report to write: .html or .pdf. 诊断报告。"
    ),
    save: bool = typer.Option(
        False, "--save", help="Read new months only, write deviations.csv. 增量诊断并保存。"
    ),
    ledger: bool = typer.Option(
        False, "--ledger", help="Show the states in deviations.csv. 查看偏差台账。"
    ),
    mark: str = typer.Option(
        "",
        "--mark",
        help="PARAMETER\\[:OBJECT]=STATE: corrected, dismissed or confirmed. 人工登记偏差状态。",
    ),
    verify: str = typer.Option(
        "",
        "--verify",
        help="PARAMETER\\[:OBJECT]: before against after its correction. 整改前后核验。",
    ),
    on: str = typer.Option(
        "", "--on", help="Day of --mark, or of the correction. 登记或整改日期。"
    ),
    by: str = typer.Option("", "--by", help="Who says so (--mark). 记录人。"),
    note: str = typer.Option("", "--note", help="Remark (--mark). 备注。"),
    promised: float | None = typer.Option(
        None, "--promised", help="Promised share of the electricity, 0.12. 承诺节能率。"
    ),
    as_json: bool = typer.Option(False, "--json", help="Machine-readable answer. 输出 JSON。"),
    language: Language | None = typer.Option(None, "--language", help="Language. 语言。"),
) -> None:
    """What is wrong with a plant, how sure is it, what does it cost, what is to be done?

    系统诊断：七类偏差的概率、依据、代价与整改建议。
    """
    from diwen.cli._diagnose_options import asked_for

    spoken = language or preferred()
    asked = asked_for(
        since=since, until=until, on=on, mark=mark, verify=verify, by=by, promised=promised,
        report=report, save=save, listed=ledger,
    )  # fmt: skip
    import diwen.site

    read = diwen.site.read(site)
    if ledger:
        _ledger(read, as_json, spoken)
    elif asked.mark is not None:
        _mark(read, asked, by.strip(), note, as_json, spoken)
    elif asked.verify is not None:
        _verify(read, asked, save, as_json, spoken)
    else:
        _diagnose(read, asked, cost, forecast, save, report, as_json, spoken)


def _diagnose(
    site: Site, asked: Asked, cost: bool, forecast: bool, save: bool, report: Path | None,
    as_json: bool, language: Language,
) -> None:  # fmt: skip
    """The diagnosis itself."""
    if site.portfolio is not None and not site.points:
        _portfolio(site, asked, save, report, as_json, language)
        return
    from diwen.cli._diagnose_answer import whole_answer

    quiet = as_json or not sys.stderr.isatty()
    answer = whole_answer(
        site, asked.since, asked.until, cost=cost, ahead=forecast, save=save,
        progress=None if quiet else _progress(language),
    )  # fmt: skip
    if report is not None:
        _write(answer, report, language)
    if as_json:
        files = [str(report)] if report is not None else []
        _print({**answer.as_dict(), "files": files})
    else:
        from diwen.cli._diagnose_text import show

        show(answer, report, language)
    if answer.diagnosis.found:
        raise typer.Exit(1)


def _portfolio(
    site: Site, asked: Asked, save: bool, report: Path | None, as_json: bool, language: Language
) -> None:
    """Of yearly totals only the meters can be judged; faults of instruments leave the code at 0."""
    from diwen.cli import _diagnose_portfolio as totals

    totals.refuse_options(asked, save, report)
    found = totals.meters_of(site)
    if as_json:
        _print(found.as_dict())
    else:
        totals.show(found, language)


def _write(answer: DiagnosisAnswer, report: Path, language: Language) -> None:
    """The report; its engine is loaded only when it is asked for."""
    from diwen.reports.diagnosis_report import write_diagnosis_report

    write_diagnosis_report(answer.account, report, language)


def _ledger(site: Site, as_json: bool, language: Language) -> None:
    from diwen.cli import _diagnose_ledger as book

    if as_json:
        from diwen.diagnosis.plain_data import plain

        _print({"ledger": plain(list(book.ledger(site).values()))})
    else:
        book.show_ledger(site, language)


def _mark(
    site: Site, asked: Asked, by: str, note: str, as_json: bool, language: Language
) -> None:  # fmt: skip
    from diwen.cli import _diagnose_ledger as book

    one = asked.mark
    assert one is not None
    day = asked.on or date.today()
    entry = book.mark(site, one.parameter, one.object, one.state, by, day, note)
    if as_json:
        from diwen.diagnosis.plain_data import plain

        _print({"added": [plain(entry)]})
    else:
        book.say_marked(entry, language)


def _verify(site: Site, asked: Asked, save: bool, as_json: bool, language: Language) -> None:
    from diwen.cli import _diagnose_ledger as book

    one = asked.verify
    assert one is not None
    day = book.corrected_on(site, one.parameter, one.object, asked.on)
    found = book.verification(site, day, asked.since, asked.until, asked.promised)
    saved = save and book.save_verified(site, one.parameter, one.object, found)
    if as_json:
        _print(book.verification_data(one.parameter, one.object, day, found, saved))
    else:
        book.show_verification(one.parameter, one.object, day, found, language)
    if found.state != "verified":
        raise typer.Exit(1)


def _progress(language: Language) -> Callable[[float], None]:
    """A line on the terminal that moves."""

    def tell(share: float) -> None:
        line = _DIAGNOSING.format(share=f"{100.0 * min(share, 1.0):.0f}").to(language)
        typer.echo(f"\r\x1b[K{line}" if share < 1.0 else "\r\x1b[K", nl=False, err=True)

    return tell


def _print(data: dict[str, Any]) -> None:
    typer.echo(json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False))
