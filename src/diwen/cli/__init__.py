"""The commands. One file per command; each has ``register(app)`` and imports its room when run."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules

import typer

from diwen import __version__
from diwen.language import preferred
from diwen.problems import InputError

EPILOG = "Exit codes: 0 success, 1 the answer is no, 2 the input is wrong."


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"diwen {__version__}")
        raise typer.Exit


def build() -> typer.Typer:
    """The command-line application with every command found in this room."""
    app = typer.Typer(
        name="diwen",
        help="Diwen 地温: from the measurements of a ground-source heat-pump site"
        " to a judged report."
        "\n\n从地源热泵项目的实测数据到可核查的评价报告。",
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
        import_module(f"{__name__}.{module.name}").register(app)
    return app


def main() -> None:
    """Entry point of the ``diwen`` command."""
    try:
        build()(standalone_mode=True)
    except InputError as error:
        language = preferred()
        for problem in error.problems:
            typer.echo(problem.to(language), err=True)
        sys.exit(2)
