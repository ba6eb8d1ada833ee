"""How sure a design is, and its best sizes: a planned office on a bore field over 25 years.

Times are CPU time of one thread, after compilation. The search is set beside all combinations:
candidates computed, and what it missed.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from diwen.design.station_design import optimise_site, uncertainty_of_site
from diwen.site.reading import read

Rows = list[dict[str, Any]]
_EXAMPLE = Path(__file__).parents[1] / "examples" / "sizing-office"
_MOST = 2000


def add_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("design")
    group.add_argument("--design-samples", type=int, default=200, help="Monte-Carlo samples")
    group.add_argument("--design-years", type=int, default=25, help="years of operation")


def run(arguments: argparse.Namespace) -> Rows:
    site, years = read(_EXAMPLE), arguments.design_years
    uncertainty_of_site(site, samples=20, years=1)
    begin = time.process_time()
    found = uncertainty_of_site(site, samples=arguments.design_samples, years=years)
    rows = [
        _row(f"{found.samples} samples of {years} years", time.process_time() - begin, "s", "< 60"),
        _row("shortcut of the field against one solved anew", found.shortcut_error, "1", "< 2e-3"),
    ]
    begin = time.process_time()
    best = optimise_site(site, years=years)
    rows.append(_row("search of sizes", time.process_time() - begin, "s"))
    rows.append(_row("candidates computed", len(best.candidates), "1"))
    begin = time.process_time()
    every = optimise_site(site, years=years, most=_MOST)
    rows.append(_row("all combinations", time.process_time() - begin, "s"))
    rows.append(_row("combinations", len(every.candidates), "1"))
    missed = best.best.of("cost") / every.best.of("cost") - 1.0
    rows.append(_row("cost of the search over the least of all, less 1", missed, "1", "< 1e-3"))
    return rows


def _row(what: str, value: float, unit: str, aim: str = "") -> dict[str, Any]:
    return {"what": what, "value": float(value), "unit": unit, "aim": aim}
