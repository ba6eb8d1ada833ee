"""Rows that contradict each other: the same rule in force twice on one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import combinations

from diwen.language import Text
from diwen.problems import Problem
from diwen.rules.regions import Regions
from diwen.rules.row import Row


def contradictions(rows: Iterable[Row], regions: Regions) -> list[Problem]:
    """Rows of one id and region that are in force on the same day, and unknown regions."""
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    problems = []
    for row in rows:
        groups[row.id, row.region].append(row)
        if row.region and row.region not in regions.by_key:
            problems.append(
                Problem(
                    row.place, "region", Text("unknown region", "未知地区"),
                    Text("use a key of words/regions.csv", "请使用 words/regions.csv 中的键"),
                    row.region,
                )
            )  # fmt: skip
    for group in groups.values():
        for one, other in combinations(group, 2):
            if one.overlaps(other):
                problems.append(
                    Problem(
                        other.place, "valid_from",
                        Text(
                            "rule {id} is in force twice on the same day (see {place})",
                            "规则 {id} 在同一天重复生效（见 {place}）",
                        ).format(id=one.id, place=one.place),
                        Text(
                            "end the older row the day before the newer begins",
                            "请让旧条目在新条目生效前一天失效",
                        ),
                    )
                )  # fmt: skip
    return problems
