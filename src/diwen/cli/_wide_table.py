"""Tables printed whole: where the output is no terminal they are not folded to 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def print_table(table: Table, width: int = 160) -> None:
    """Print a table as wide as the terminal, or ``width`` columns in a file or a pipe."""
    from rich.console import Console

    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=width)
    console.print(table)
