"""The commands. One file per command; each has ``register(app)`` and imports its room when run.

With ``--json`` a command that cannot do its work prints ``{"problems": [...]}`` to the standard
output; without, a line per problem to the error channel. ``DIWEN_DEBUG=1`` shows traces.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pkgutil import iter_modules

import typer

from diwen import __version__
from diwen.cli import _faults
from diwen.problems import InputError

EPILOG = (
    "Exit codes: 0 success, 1 the answer is no, 2 the input is wrong, 3 a fault of Diwen."
    "\n\n退出码：0 成功，1 结果为否，2 输入有误，3 程序内部错误。"
    "\n\nLanguage 语言: --language en|zh, DIWEN_LANGUAGE=zh. Trace 错误详情: DIWEN_DEBUG=1."
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"diwen {__version__}")
        raise typer.Exit


def build() -> typer.Typer:
    """The command-line application with every command found in this room."""
    app = typer.Typer(
        name="diwen",
        help="Diwen 地温: ground-source heat-pump sites, from tests of the ground, lengths of"
        " boreholes and wells that return their water, to measurements and a judged report."
        "\n\n地源热泵项目：从岩土与水井试验、孔深与井数，到实测数据与可核查的评价报告。",
        epilog=EPILOG,
        no_args_is_help=True,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback()
    def main_options(
        version: bool = typer.Option(
            False, "--version", callback=_show_version, is_eager=True, help="Print the version."
        ),
    ) -> None:
        """Diwen 地温."""

    for module in sorted(iter_modules(__path__), key=lambda module: module.name):
        if not module.name.startswith("_"):
            import_module(f"{__name__}.{module.name}").register(app)
    return app


def main() -> None:
    """Entry point of the ``diwen`` command."""
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: list[str]) -> int:
    """Run the command; whatever goes wrong is said in plain words. Returns the exit code."""
    as_json = "--json" in arguments
    try:
        _faults.speak(arguments)
        code = build()(standalone_mode=False)
        return code if isinstance(code, int) else 0
    except InputError as error:
        _faults.tell(error.problems, as_json)
    except _faults.UsageError as error:
        _faults.tell([_faults.of_usage(error)], as_json)
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except OSError as error:
        if os.environ.get(_faults.DEBUG):
            raise
        _faults.tell([_faults.of_system(error)], as_json)
    except MemoryError:
        _faults.tell([_faults.of_memory()], as_json)
    except Exception as error:
        if os.environ.get(_faults.DEBUG):
            raise
        _faults.tell([_faults.of_itself(error)], as_json)
        return _faults.OWN_FAULT
    return _faults.WRONG_INPUT
