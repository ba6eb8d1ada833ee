"""What a command says when it cannot do its work: to people in their language, or as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

import typer

from diwen.language import LANGUAGES, Language, Text, preferred, same
from diwen.problems import InputError, Problem, system_reason

WRONG_INPUT = 2
OWN_FAULT = 3
DEBUG = "DIWEN_DEBUG"
# Every wrong use of a command that the command-line library finds derives from this.
UsageError: Any = typer.BadParameter.__base__

_LANGUAGE = Text("no such language", "没有这种语言")
_LANGUAGE_CURE = Text("write one of them", "请填其中之一")
_USAGE = {
    "NoSuchOption": "没有这个选项：{name}",
    "NoSuchCommand": "没有这个命令：{name}",
    "MissingParameter": "缺少参数 {name}",
    "BadParameter": "参数 {name} 的值无效",
    "BadOptionUsage": "选项 {name} 用法有误",
}
_USAGE_OTHER = "命令用法有误"
_HELP = Text("see {command} --help", "参见 {command} --help")
_SYSTEM = Text("the system refuses: {reason}", "系统拒绝：{reason}")
_SYSTEM_CURE = Text(
    "look at the rights, the free space and the name; what was stored before is untouched.",
    "请检查权限、剩余空间和名称；此前已存数据未受影响。",
)
_MEMORY = Text("not enough memory", "内存不足")
_MEMORY_CURE = Text("work on fewer or smaller files at a time.", "请减少一次处理的文件数量或大小。")
_OWN = Text("a fault of Diwen itself: {what}", "Diwen 内部错误：{what}")
_OWN_CURE = Text(
    "run it again with {debug}=1 in the environment to see where, and report it.",
    "请设置环境变量 {debug}=1 后重新运行以查看位置，并反馈该问题。",
)


def speak(arguments: Sequence[str]) -> None:
    """Let ``--language`` of any command hold for all that is said, errors too.

    Raises
    ------
    InputError : the language is none that Diwen speaks
    """
    for position, word in enumerate(arguments):
        name, equals, value = word.partition("=")
        if name != "--language":
            continue
        asked = value if equals else "".join(arguments[position + 1 : position + 2])
        if asked in LANGUAGES:
            os.environ["DIWEN_LANGUAGE"] = asked
        elif not {"report", "design-report"} & set(arguments):  # which look themselves
            allowed = same(", ".join(LANGUAGES))
            problem = Problem("diwen", "--language", _LANGUAGE, _LANGUAGE_CURE, asked, allowed)
            raise InputError([problem])


def tell(problems: Sequence[Problem], as_json: bool) -> None:
    """Print problems: a line each on the error channel, or ``{"problems": [...]}``."""
    if as_json:
        answer = {"problems": [problem.as_dict() for problem in problems]}
        typer.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    language: Language = preferred()
    for problem in problems:
        typer.echo(problem.to(language), err=True)


def of_usage(error: Any) -> Problem:
    """A wrong use of a command as a problem."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "diwen"
    parameter = getattr(error, "param", None)
    name = getattr(error, "option_name", None) or getattr(error, "command_name", None)
    if name is None and parameter is not None:
        name = (
            parameter.opts[0] if parameter.param_type_name == "option" else parameter.name.upper()
        )
    message = error.format_message()
    known = _USAGE.get(type(error).__name__) if name else None
    # The library speaks English only; what it says of a value has no other form.
    chinese = known.format(name=name) if known else f"{_USAGE_OTHER}（{message}）"
    return Problem(command, name or "-", Text(message, chinese), _HELP.format(command=command))


def of_system(error: OSError) -> Problem:
    """A refusal of the operating system as a problem."""
    file = str(error.filename or "diwen")
    return Problem(file, "-", _SYSTEM.format(reason=system_reason(error)), _SYSTEM_CURE)


def of_memory() -> Problem:
    """A lack of memory as a problem."""
    return Problem("diwen", "-", _MEMORY, _MEMORY_CURE)


def of_itself(error: BaseException) -> Problem:
    """A fault of the program as a problem: one line, and how to see the trace."""
    what = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    return Problem("diwen", "-", _OWN.format(what=what), _OWN_CURE.format(debug=DEBUG))
