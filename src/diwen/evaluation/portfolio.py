"""Family ``portfolio``: many systems with one row of totals each, as a distribution.

Groups are put together by kind of source and by boundary, because a factor at H2 and one at H4
are not the same quantity. A group's factor is the ratio of sums (K-08), never the mean of ratios;
the spread of the single factors stands beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from diwen import quantities
from diwen.evaluation.portfolio_groups import against_air, comparisons, groups
from diwen.evaluation.portfolio_system import System, judge
from diwen.evaluation.result import Result, both, refused
from diwen.language import Text, same
from diwen.site.portfolio_file import Systems, read_systems

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.rules import RulesOn
    from diwen.site.portfolio import Portfolio

_RULES = (
    "plausibility.cop_sys.low",
    "plausibility.cop_sys.high",
    "plausibility.portfolio.heat_per_area",
    "plausibility.portfolio.meter_disagreement",
    "plausibility.portfolio.split",
    "plausibility.portfolio.cold_share",
    "quality.coverage.q1",
    "quality.range.load_temperature.high",
)
_COUNT = Text("systems", "系统数量")
_IMPOSSIBLE = Text("systems with impossible values", "含不可能数值的系统数")
_DOUBTFUL = Text("systems with doubtful values", "含可疑数值的系统数")
_BOUND = Text(
    "smallest ratio of second-law bound to factor", "热力学第二定律上限与性能系数之比的最小值"
)
_NO_SOURCE_TEMPERATURE = Text(
    "the temperature of the source fluid is not recorded, so the second-law bound of {systems} "
    "cannot be told (outdoor air is not their source)",
    "未记录热源侧流体温度，无法给出 {systems} 的第二定律上限（室外空气不是其热源）",
)
_BALANCE = Text("heat balance ratio of the ground", "地下冷热平衡比")
_NO_BALANCE = Text(
    "yearly totals without source-side heat: neither extraction nor injection is known",
    "仅有全年合计，且无地源侧热量：取热量与排热量均未知",
)
_GRADE = Text("grade of the system COP", "系统制热性能系数等级")
_NO_GRADE = Text(
    "yearly totals that mix space heating and hot water and have no records behind them cannot "
    "be graded by a heating season's standard",
    "全年合计混有供暖与生活热水，且无逐时记录，不能按供暖季标准评级",
)


def results(context: Context) -> list[Result]:
    """The portfolio of the site; empty where the site is none.

    Raises
    ------
    diwen.problems.InputError : the table of systems is wrong; all its errors are named at once
    """
    portfolio = context.site.portfolio
    if portfolio is None:
        return []
    return evaluate(read_systems(context.site.folder, portfolio), portfolio, context.rules)


def evaluate(systems: Systems, portfolio: Portfolio, rules: RulesOn) -> list[Result]:
    """Distribution, comparison and findings of a portfolio.

    Parameters
    ----------
    systems : the table of systems
    portfolio : what its columns and meters are
    rules : where classes and plausible ranges stand
    """
    judged = judge(systems, portfolio, rules)
    return [
        _count(judged, systems),
        *groups(judged, portfolio),
        *comparisons(judged),
        *against_air(judged),
        *_flagged(judged),
        *_second_law(judged),
        refused("portfolio_ground_balance", "K-14", _BALANCE, _NO_BALANCE,
                ["FS heat_energy source"], symbol="β"),
        refused("portfolio_grade", "K-03", _GRADE, _NO_GRADE, symbol="COP_sys", mode="heating"),
    ]  # fmt: skip


def system_row(system: System) -> dict[str, Any]:
    """One system as plain data."""
    return {
        "system": system.id,
        "name": system.name,
        "source": system.source,
        "boundary": system.boundary,
        "heat": quantities.display(system.heat, "heat_energy"),
        "electricity": quantities.display(system.electricity, "electric_energy"),
        "spf": system.spf,
        "uncertainty": system.uncertainty,
        "uncertainty_low": system.uncertainty_low,
        "difference": system.difference,
        "supply": system.supply,
        "second_law_bound": system.bound,
        "flags": [flag.code for flag in system.flags],
    }


def _count(judged: list[System], systems: Systems) -> Result:
    members = Counter((system.source, system.boundary) for system in judged)
    unknown = {
        role: sum(value is None for value in column)
        for role, column in systems.columns.items()
        if any(value is None for value in column)
    }
    return Result(
        id="portfolio_systems",
        catalogue="",
        name=_COUNT,
        symbol="n",
        value=float(len(judged)),
        origin=("measured",),
        decimals=0,
        detail={
            "groups": [
                {"source": source, "boundary": level, "n": n}
                for (source, level), n in sorted(members.items())
            ],
            "unknown": unknown,
            "read_as_unknown": {role: n for role, n in systems.zeros.items() if n},
            "systems": [system_row(system) for system in judged],
        },
    )


def _flagged(judged: list[System]) -> Iterator[Result]:
    """How many systems hold impossible or doubtful values, and the list of them."""
    for severity, name in (("impossible", _IMPOSSIBLE), ("doubtful", _DOUBTFUL)):
        table = [
            {"system": system.id, "source": system.source, "code": flag.code, **both(flag.text)}
            for system in judged
            for flag in system.flags
            if flag.severity == severity
        ]
        notes = [
            {"system": system.id, "code": flag.code, **both(flag.text)}
            for system in judged
            for flag in system.flags
            if flag.severity == "note"
        ]
        yield Result(
            id=f"portfolio_{severity}",
            catalogue="",
            name=name,
            value=float(len({line["system"] for line in table})),
            origin=("measured",),
            rules=_RULES,
            decimals=0,
            detail={
                "table": table,
                "by_code": dict(
                    Counter(code for _, code in {(line["system"], line["code"]) for line in table})
                ),
                **({"notes": notes} if severity == "doubtful" else {}),
            },
        )


def _second_law(judged: list[System]) -> Iterator[Result]:
    """The system nearest to its second-law bound, and those for which there is none."""
    bounded = [s for s in judged if s.bound is not None and s.spf]
    if bounded:
        ratios = {s.id: s.bound / s.spf for s in bounded if s.bound is not None and s.spf}
        nearest = min(ratios, key=lambda id: ratios[id])
        yield Result(
            id="portfolio_second_law",
            catalogue="",
            name=_BOUND,
            symbol="COP_max/SPF",
            value=ratios[nearest],
            origin=("measured",),
            detail={"nearest": nearest, "systems": len(ratios)},
        )
    without = [s.id for s in judged if s.source != "air" and s.bound is None]
    if without:
        yield refused(
            "portfolio_second_law",
            "",
            _BOUND,
            _NO_SOURCE_TEMPERATURE.format(systems=same(", ".join(without))),
            ["TS1 temperature source_entering"],
            of="not air",
        )
