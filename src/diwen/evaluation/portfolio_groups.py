"""Groups of a portfolio as results: factor and spread of each, and what differences are worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from diwen.evaluation.portfolio_compare import QUANTILES, difference, line, spread
from diwen.evaluation.portfolio_system import System
from diwen.evaluation.result import Result, refused
from diwen.evaluation.words import SOURCES
from diwen.language import Text
from diwen.site.accuracy import parse_accuracy

if TYPE_CHECKING:
    from diwen.site.portfolio import Portfolio

_SPF = Text("seasonal performance factor, {group}", "季节性能系数，{group}")
_ALL = Text("all systems", "全部系统")
_AT = Text("{source} at {boundary}", "{source}（{boundary}）")
_DIFFERENCE = Text(
    "difference of mean factors, {one} less {other}, at {boundary}",
    "平均性能系数之差（{boundary}），{one}减{other}",
)
_AGAINST = Text(
    "system {system} against air-source systems at its supply temperature",
    "系统 {system} 与同供水温度空气源系统相比",
)
_INSIDE = Text(
    "inside the 95 % range of single air-source systems at {supply:.1f} °C: not different",
    "处于 {supply:.1f} °C 供水时单个空气源系统的 95 % 范围内：无差别",
)
_OUTSIDE_LINE = Text(
    "supply temperature {supply:.1f} °C lies outside {low:.1f} to {high:.1f} °C of the "
    "air-source systems: extrapolated",
    "供水温度 {supply:.1f} °C 超出空气源系统的 {low:.1f} 至 {high:.1f} °C：属外推",
)
_MIXED = Text(
    "boundaries {levels} are mixed: not one quantity, only a sum",
    "混合了 {levels} 边界：并非同一指标，仅为合计",
)
_FEW = Text(
    "only {n} systems: their factors say little about the kind",
    "仅 {n} 个系统，不足以代表该类型",
)
_NO_PAIR = Text(
    "fewer than two {source} systems at the same boundary", "同一边界下{source}系统不足两个"
)
# With fewer systems a group is shown, but not as its kind (engineering rule of Diwen).
_FEWEST = 10


def usable(judged: Sequence[System]) -> list[System]:
    """The systems that have a factor."""
    return [system for system in judged if system.spf is not None]


def groups(judged: list[System], portfolio: Portfolio) -> Iterator[Result]:
    """Factor and spread: everything, each kind of source, each kind at each boundary."""
    sound = usable(judged)
    kinds = [kind for kind in SOURCES if any(system.source == kind for system in sound)]
    yield from _group(sound, "all", _ALL, portfolio)
    for kind in kinds:
        of_kind = [system for system in sound if system.source == kind]
        yield from _group(of_kind, kind, SOURCES[kind], portfolio)
        levels = sorted({system.boundary for system in of_kind})
        for level in levels if len(levels) > 1 else ():
            members = [system for system in of_kind if system.boundary == level]
            name = _AT.format(source=SOURCES[kind], boundary=level)
            yield from _group(members, f"{kind} {level}", name, portfolio)


def _group(members: list[System], of: str, name: Text, portfolio: Portfolio) -> Iterator[Result]:
    if not members:
        return
    found = spread(
        np.array([system.heat for system in members]),
        np.array([system.electricity for system in members]),
    )
    levels = sorted({system.boundary for system in members})
    reason = None
    if len(levels) > 1:
        reason = _MIXED.format(levels=", ".join(levels))
    elif len(members) < _FEWEST:
        reason = _FEW.format(n=len(members))
    independent, shared = _aggregate_uncertainty(members, found.aggregate)
    yield Result(
        id="portfolio_spf",
        catalogue="K-08",
        name=_SPF.format(group=name),
        symbol="SPF",
        of=of,
        status="ok" if reason is None else "indicative",
        reason=reason,
        value=found.aggregate,
        uncertainty=shared,
        boundary="SPF " + "/".join(levels),
        origin=("measured",),
        rules=() if shared is None else _meter_rules(portfolio),
        detail={
            **asdict(found),
            "quantile_levels": list(QUANTILES),
            "uncertainty_independent_meters": independent,
            "uncertainty_of_single": [system.uncertainty for system in members],
            "factors": [system.spf for system in members],
            "systems": [system.id for system in members],
        },
    )


def _meter_rules(portfolio: Portfolio) -> tuple[str, ...]:
    """Rule rows behind the uncertainty of the meters."""
    rows: list[str] = []
    heat = parse_accuracy(portfolio.heat_meter, "heat_energy")
    if heat.kind == "heat_meter":
        rows += [f"en1434.class{heat.grade}.flow_{part}" for part in ("base", "slope", "limit")]
        rows += [f"en1434.{a}.{b}" for a in ("temperature_pair", "calculator")
                 for b in ("base", "slope")]  # fmt: skip
    electric = parse_accuracy(portfolio.electricity_meter, "electric_energy")
    if electric.kind == "electricity_meter":
        rows.append(f"en62053.class{electric.grade.replace('.', '_')}")
    return tuple(rows)


def _aggregate_uncertainty(
    members: Sequence[System], aggregate: float
) -> tuple[float | None, float | None]:
    """Uncertainty of a group's factor: meters independent, and meters of one common error.

    Meters of one make may share an error, so the second, larger one is shown.
    """
    total = sum(system.electricity for system in members)
    parts = [
        None if system.uncertainty is None else system.uncertainty * system.electricity / total
        for system in members
    ]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None, None
    return float(np.hypot.reduce(known)), float(sum(known))


def comparisons(judged: list[System]) -> Iterator[Result]:
    """Ground against air at the boundary that both share."""
    sound = usable(judged)
    if not any(system.source == "air" for system in sound):
        return
    for kind in SOURCES:
        if kind == "air" or not any(system.source == kind for system in sound):
            continue
        yield from _comparison(sound, kind)


def _comparison(sound: list[System], kind: str) -> Iterator[Result]:
    compared = False
    for level in sorted({system.boundary for system in sound}):
        one, other = (
            np.array([s.spf for s in sound if s.source == which and s.boundary == level])
            for which in (kind, "air")
        )
        if min(one.size, other.size) < 2 or level == "unknown":
            continue
        compared = True
        names = (SOURCES[kind], SOURCES["air"])
        found = difference(one, other, names)
        yield Result(
            id="portfolio_difference",
            catalogue="K-08",
            name=_DIFFERENCE.format(one=names[0], other=names[1], boundary=level),
            symbol="ΔSPF",
            of=f"{kind} {level}",
            status="ok" if found.resolved else "indicative",
            reason=found.text,
            value=found.value,
            uncertainty=0.5 * (found.high - found.low),
            boundary=f"SPF {level}",
            origin=("measured",),
            detail={
                "low": found.low,
                "high": found.high,
                "p_rank": found.p_rank,
                "resolved": found.resolved,
                "n": [int(one.size), int(other.size)],
            },
        )
    if not compared:
        name = _DIFFERENCE.format(one=SOURCES[kind], other=SOURCES["air"], boundary="-")
        reason = _NO_PAIR.format(source=SOURCES[kind])
        yield refused("portfolio_difference", "K-08", name, reason, of=kind)


def against_air(judged: list[System]) -> Iterator[Result]:
    """Every system that is not air-source against the line of the air-source systems."""
    sound = [system for system in usable(judged) if system.supply is not None]
    for level in sorted({system.boundary for system in sound}):
        air = [s for s in sound if s.source == "air" and s.boundary == level]
        fitted = line(
            [system.supply for system in air if system.supply is not None],
            [system.spf for system in air if system.spf is not None],
        )
        if fitted is None:
            continue
        for system in sound:
            if system.source == "air" or system.boundary != level:
                continue
            supply, spf = system.supply, system.spf
            assert supply is not None and spf is not None  # noqa: PT018 - narrowed by sound
            residual, reach = spf - fitted.expected(supply), fitted.reach(supply)
            reason = None
            if not fitted.low <= supply <= fitted.high:
                reason = _OUTSIDE_LINE.format(supply=supply, low=fitted.low, high=fitted.high)
            elif abs(residual) <= reach:
                reason = _INSIDE.format(supply=supply)
            yield Result(
                id="portfolio_against_air",
                catalogue="K-08",
                name=_AGAINST.format(system=system.id),
                symbol="ΔSPF",
                of=system.id,
                status="ok" if reason is None else "indicative",
                reason=reason,
                value=residual,
                uncertainty=reach,
                boundary=f"SPF {level}",
                origin=("measured",),
                detail={
                    "spf": spf,
                    "supply": supply,
                    "expected": fitted.expected(supply),
                    "slope_per_kelvin": fitted.slope,
                    "n_air": fitted.n,
                },
            )
