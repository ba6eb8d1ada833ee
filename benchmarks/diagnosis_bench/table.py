"""The table of the bench: how often diagnosis was right, and by how much it erred."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from benchmarks.diagnosis_bench.outcome import Outcome

_FAMILIES = ("gate", "design", "operation", "balance", "construction", "resource", "hydraulic",
             "commissioning")  # fmt: skip
_MATTERS = 0.01


def table(outcomes: Sequence[Outcome]) -> str:
    """Markdown: one table per list of points, then the families."""
    parts = []
    for points in dict.fromkeys(one.points for one in outcomes):
        own = [one for one in outcomes if one.points == points]
        parts += [
            f"### Points: {points}, {len(own)} runs\n",
            summary(own),
            families(own),
            cases(own),
        ]
    return "\n".join(parts)


def summary(outcomes: Sequence[Outcome]) -> str:
    """The aims of the whole, one line each."""
    single = [one for one in outcomes if len(one.expected) == 1]
    double = [one for one in outcomes if len(one.expected) > 1]
    healthy = [one for one in outcomes if one.case == "healthy"]
    guarded = [one for one in outcomes if one.never]
    estimates = [value for one in outcomes for value in one.parameters.values()]
    inside = [one["low"] <= one["truth"] <= one["high"] for one in estimates]
    errors = [abs(c["value"] / c["truth"] - 1.0) for c in told_costs(outcomes)]
    quiet = [one for one in outcomes if not one.expected and one.case != "healthy"]
    late = [one.months_to_detect for one in outcomes if one.months_to_detect is not None]
    rows = (
        ("right family first, single faults", share(one.right for one in single)),
        ("what it must not become, kept", share(one.kept for one in guarded)),
        ("both of two faults found", share(one.complete for one in double)),
        ("false alarms, healthy", share(not one.right for one in healthy)),
        ("nothing said where it only looks like a deviation", share(one.right for one in quiet)),
        ("90 % intervals that hold the truth", share(inside)),
        ("error of the yearly cost, median and 90th percentile",
         f"{_percentile(errors, 50)} / {_percentile(errors, 90)}"),
        ("months from onset to suspicion, median and 90th percentile", _months(late)),
        ("runs that ended in an error", share(bool(one.error) for one in outcomes)),
        ("seconds of one diagnosis, mean", f"{np.mean([one.seconds for one in outcomes]):.1f}"),
    )  # fmt: skip
    return "| | |\n|---|---|\n" + "".join(f"| {name} | {value} |\n" for name, value in rows)


def families(outcomes: Sequence[Outcome]) -> str:
    """Precision, recall and errors by family."""
    lines = [
        "| family | precision | recall | error of the parameter, median |\n|---|---|---|---|\n"
    ]
    for family in _FAMILIES:
        with_it = [one for one in outcomes if any(family in group for group in one.expected)]
        said = [one for one in outcomes if family in one.said]
        precision = share(any(family in group for group in one.expected) for one in said)
        recall = share(any(set(group) & set(one.said) for group in one.expected if family in group)
                       for one in with_it)  # fmt: skip
        errors = [_relative(value) for one in with_it for value in one.parameters.values()]
        lines.append(f"| {family} | {precision} | {recall} | {_percentile(errors, 50)} |\n")
    return "".join(lines)


def told_costs(outcomes: Sequence[Outcome]) -> list[dict[str, float]]:
    """Costs that matter: those above 1 % of the electricity of the plant."""
    return [
        cost for one in outcomes for cost in one.costs.values()
        if abs(cost["truth"]) > max(_MATTERS * one.electricity, 1.0)
    ]  # fmt: skip


def cases(outcomes: Sequence[Outcome]) -> str:
    """One line for each case: how often right, by how much it erred, how soon it was seen."""
    lines = [
        "| case | right first | all said | kept | error of the parameter | intervals hold | "
        "error of the cost | months |\n|---|---|---|---|---|---|---|---|\n"
    ]
    for case in dict.fromkeys(one.case for one in outcomes):
        own = [one for one in outcomes if one.case == case]
        told = [value for one in own for value in one.parameters.values()]
        errors = [_relative(value) for value in told]
        inside = share(one["low"] <= one["truth"] <= one["high"] for one in told)
        costs = [abs(c["value"] / c["truth"] - 1.0) for c in told_costs(own)]
        late = [one.months_to_detect for one in own if one.months_to_detect is not None]
        cells = (
            case, share(one.right for one in own), share(one.complete for one in own),
            share(one.kept for one in own if one.never), _percentile(errors, 50), inside,
            _percentile(costs, 50), f"{np.median(late):.0f}" if late else "–",
        )  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |\n")
    return "".join(lines)


def _relative(value: dict[str, float]) -> float:
    """Error of an estimate over how far the truth is from neutral."""
    away = max(abs(value["truth"] - value["neutral"]), 1e-9)
    return abs(value["value"] - value["truth"]) / away


def _months(values: Sequence[float]) -> str:
    if not values:
        return "–"
    return f"{np.percentile(values, 50):.0f} / {np.percentile(values, 90):.0f}"


def share(values: Iterable[bool]) -> str:
    """``9 of 10 (90 %)``."""
    found = list(values)
    if not found:
        return "–"
    return f"{sum(found)} of {len(found)} ({100 * sum(found) / len(found):.0f} %)"


def _percentile(values: Sequence[float], percent: float) -> str:
    return f"{100 * np.percentile(values, percent):.0f} %" if len(values) else "–"
