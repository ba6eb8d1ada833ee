"""Instruments of a portfolio: yearly totals that cannot be, and heat meters with air in them.

A row of totals has no records behind it, so no instrument can be put right; what
:mod:`diwen.evaluation.portfolio_system` calls impossible, or counts as hours of air, is said of
the system.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from diwen.diagnosis.finding import Evidence, SensorFinding, SensorKind
from diwen.diagnosis.gate.limits_of_gate import GateLimits
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.portfolio_system import Flag, System
    from diwen.site import Site

_OF_SYSTEM = Text("{name}: {text}", "{name}：{text}")
_NAN = float("nan")
# What a person typed in about the house or printed beside the totals is no instrument.
_TYPED = ("spf_printed", "supply", "watts")
NO_RECORDS = Text(
    "yearly totals without records behind them: only whether they are possible is judged",
    "仅有全年合计而无逐时记录：只判断数值是否可能",
)


def portfolio_findings(site: Site) -> tuple[SensorFinding, ...]:
    """What the yearly totals of a portfolio say about its meters; empty where the site is none.

    Parameters
    ----------
    site : of kind portfolio

    Raises
    ------
    diwen.problems.InputError : the table of systems is wrong
    """
    portfolio = site.portfolio
    if portfolio is None:
        return ()
    from diwen import rules
    from diwen.evaluation.portfolio_system import judge
    from diwen.site.portfolio_file import read_systems

    limits = GateLimits()
    day = min(portfolio.end or date.today(), date.today())
    systems = read_systems(site.folder, portfolio)
    judged = judge(systems, portfolio, rules.on(day, site.place.region or None))
    air = [systems.number("air_error_time", index) or 0.0 for index in range(len(systems))]
    found = (one for system, seconds in zip(judged, air, strict=True)
             for one in _of_system(system, seconds / 3600.0, limits))  # fmt: skip
    return tuple(replace(one, since=portfolio.start, until=portfolio.end) for one in found)


def _of_system(system: System, air: float, limits: GateLimits) -> Iterator[SensorFinding]:
    """Of one system whose heat meter reported air for some hours."""
    for flag in system.flags:
        kind = _kind(flag)
        if kind is None:
            continue
        text = _OF_SYSTEM.format(name=system.name or system.id, text=flag.text)
        sure, hours = limits["impossible_probability"], _NAN
        if kind == "air":
            hours = air
            # The meter itself says so; a few hours of it are no fault.
            long = air >= limits["air_hours"]
            sure = limits["air_error_probability" if long else "short_air_probability"]
        fact = Evidence(text, limits["log_cap"], (system.id,))
        yield SensorFinding(
            kind, (system.id,), hours, _NAN, None, None, sure, (fact,), "noted", text
        )


def _kind(flag: Flag) -> SensorKind | None:
    if flag.code == "air":
        return "air"
    if flag.severity == "impossible" and flag.code not in _TYPED:
        return "range"
    return None
