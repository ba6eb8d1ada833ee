"""The options of ``diwen diagnose``, understood; all that is wrong is said at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from diwen.language import Text, same
from diwen.problems import InputError, Problem

COMMAND = "diwen diagnose"
REPORT_ENDINGS = (".html", ".pdf")
_NO_DATE = Text("not a date", "不是日期")
_GIVE_DATE = Text("write for example 2025-01-01", "例如写成 2025-01-01")
_FUTURE = Text("the day lies in the future", "日期在未来")
_NO_MARK = Text("not PARAMETER=STATE", "不是“参数=状态”")
_GIVE_MARK = Text(
    "write for example strainer:P1=corrected (the object only where the ledger has one)",
    "例如写成 strainer:P1=corrected（台账中有对象时才写对象）",
)
_NO_NAME = Text("who says so is missing", "缺少记录人")
_GIVE_NAME = Text("add --by NAME", "请加 --by 姓名")
_TOGETHER = Text("these do not go together", "这些选项不能同时使用")
_ONE_TASK = Text("ask for one at a time", "请分次执行")
_WHOLE = Text(
    "the ledger rests on the whole record: --save knows no beginning",
    "台账依据全部记录，--save 不设起点",
)
_LEAVE_OUT = Text("leave out one of the two", "请去掉其中之一")
_NO_SHARE = Text("not a share between 0 and 1", "不是 0 与 1 之间的比例")
_PERCENT = Text("write 0.12 for 12 %", "12 % 请写成 0.12")
_KIND = Text("a report is written as .html or .pdf", "报告只能保存为 .html 或 .pdf")
_OWN = Text("give the file one of these endings", "请使用其中一种扩展名")


@dataclass(frozen=True)
class Named:
    """A deviation as an option names it, and the state that it is given."""

    parameter: str
    object: str
    state: str = ""


@dataclass(frozen=True)
class Asked:
    """What is to be done.

    Attributes
    ----------
    since, until : first local day, and the day after the last one
    on : day of what is marked, or on which something was put right
    mark, verify : deviation, None: not asked for
    promised : share of the electricity, None: nothing was promised
    """

    since: date | None
    until: date | None
    on: date | None
    mark: Named | None
    verify: Named | None
    promised: float | None


def asked_for(
    *,
    since: str,
    until: str,
    on: str,
    mark: str,
    verify: str,
    by: str,
    promised: float | None,
    report: Path | None,
    save: bool,
    listed: bool,
) -> Asked:
    """The options of the command line.

    Raises
    ------
    diwen.problems.InputError : with every wrong option
    """
    problems = _report_problems(report)
    begin, end = _day(since, "--since", problems), _day(until, "--until", problems)
    day = _day(on, "--on", problems)
    if day is not None and day > date.today():
        problems.append(Problem(COMMAND, "--on", _FUTURE, _GIVE_DATE, on))
    marked = _marked(mark, problems) if mark else None
    if mark and not by.strip():
        problems.append(Problem(COMMAND, "--by", _NO_NAME, _GIVE_NAME))
    verified = _named(verify, "--verify", problems) if verify else None
    tasks = [name for name, one in (("--mark", mark), ("--verify", verify), ("--ledger", listed),
                                    ("--report", report)) if one]  # fmt: skip
    if len(tasks) > 1:
        problems.append(Problem(COMMAND, ", ".join(tasks), _TOGETHER, _ONE_TASK))
    if save and begin is not None and not verify:
        problems.append(Problem(COMMAND, "--save, --since", _WHOLE, _LEAVE_OUT, since))
    if promised is not None and not 0.0 < promised < 1.0:
        problems.append(Problem(COMMAND, "--promised", _NO_SHARE, _PERCENT, f"{promised:g}"))
    if problems:
        raise InputError(problems)
    return Asked(begin, end, day, marked, verified, promised)


def _day(text: str, option: str, problems: list[Problem]) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        problems.append(Problem(COMMAND, option, _NO_DATE, _GIVE_DATE, text))
        return None


def _marked(text: str, problems: list[Problem]) -> Named | None:
    """PARAMETER[:OBJECT]=STATE."""
    name, equals, state = text.partition("=")
    if not equals or not state.strip():
        problems.append(Problem(COMMAND, "--mark", _NO_MARK, _GIVE_MARK, text))
        return None
    one = _named(name, "--mark", problems)
    return None if one is None else Named(one.parameter, one.object, state.strip())


def _named(text: str, option: str, problems: list[Problem]) -> Named | None:
    """PARAMETER[:OBJECT], the parameter known."""
    from diwen.site.cell_problems import NOT_A_CHOICE
    from diwen.site.spelling import cure_for, listed
    from diwen.twin.deviations import PARAMETERS

    parameter, _, object = (part.strip() for part in text.partition(":"))
    if parameter in PARAMETERS:
        return Named(parameter, object)
    cure = cure_for(parameter, PARAMETERS)
    problems.append(Problem(COMMAND, option, NOT_A_CHOICE, cure, parameter, listed(PARAMETERS)))
    return None


def _report_problems(report: Path | None) -> list[Problem]:
    """What is wrong with the name of the report: told before anything is computed."""
    from diwen.cli._figure_file import file_problems

    if report is None:
        return []
    if report.suffix.lower() not in REPORT_ENDINGS:
        allowed = same(", ".join(REPORT_ENDINGS))
        return [Problem(str(report), "--report", _KIND, _OWN, report.suffix, allowed)]
    return file_problems(report, "--report", REPORT_ENDINGS)
