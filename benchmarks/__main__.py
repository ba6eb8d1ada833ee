"""Run the benchmarks: each module of this package with ``add_options`` and ``run`` is one.

``python -m benchmarks [NAME ...] [--json] [options of the benchmarks]``
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from importlib import import_module
from pkgutil import iter_modules

import benchmarks


def main() -> None:
    names = sorted(m.name for m in iter_modules(benchmarks.__path__) if not m.name.startswith("_"))
    modules = {name: import_module(f"benchmarks.{name}") for name in names}
    modules = {name: module for name, module in modules.items() if hasattr(module, "run")}
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(modules))
    parser.add_argument("--json", action="store_true", help="machine-readable results")
    for module in modules.values():
        module.add_options(parser)
    arguments = parser.parse_args()
    unknown = set(arguments.names) - set(modules)
    if unknown:
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(modules)}")
    results = {}
    for name in arguments.names or modules:
        rows = modules[name].run(arguments)
        results[name] = rows
        if not arguments.json:
            show(name, rows)
    if arguments.json:
        json.dump({"machine": machine(), "results": results}, sys.stdout, indent=1)
        print()


def machine() -> dict[str, str | int]:
    import os

    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count() or 0,
    }


def show(name: str, rows: list[dict[str, object]]) -> None:
    """Print the measured rows: what, value, unit, aim."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=name)
    for head in ("what", "value", "unit", "aim"):
        table.add_column(head, justify="right" if head == "value" else "left")
    for row in rows:
        value = row["value"]
        shown = (
            f"{value:,.3g}" if isinstance(value, float) and abs(value) < 1e4 else f"{value:,.0f}"
        )
        table.add_row(str(row["what"]), shown, str(row["unit"]), str(row.get("aim", "")))
    Console().print(table)


if __name__ == "__main__":
    main()
