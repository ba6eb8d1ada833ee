"""Temperature difference against design, and the spread between branches (K-30, K-29).

``d = ΔT / ΔT_design``, the actual difference weighted by the flow over the time in which water
ran: a pump that sends twice the water halves it. ``X = std(x) / mean(x)`` over the branches with
their mean flow while the main ran; without design flows the branches are taken as equal, which
the result says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.alignment import aligned
from diwen.evaluation.amount import COVERAGE_FACTOR, Refusal
from diwen.evaluation.heat_meters import CIRCUIT_NAMES, heat_meters
from diwen.evaluation.result import Result, refused
from diwen.evaluation.uncertainty import pair_standard, standard
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.heat_meters import HeatMeter
    from diwen.site import Point

Floats = NDArray[np.float64]

# Engineering defaults of Diwen, not from a standard.
FLOWING_SHARE = 0.1
FEWEST_BRANCHES = 2

_INDEX = Text("temperature difference index, {circuit}", "供回水温差比（{circuit}）")
_IMBALANCE = Text("hydraulic imbalance of the branches", "支路水力失调度")
_NO_DESIGN = Text(
    "The design temperature difference is not given (evaluation.{key}).",
    "未给出设计温差（evaluation.{key}）。",
)
_NO_FLOW_METER = Text(
    "The temperature difference must be weighted by the flow; flow and both temperatures are "
    "needed.",
    "温差需按流量加权，须有流量与供回水温度测点。",
)
_NO_WATER = Text("No water ran while all three were measured.", "三者均有记录时没有水流。")
_EQUAL = Text(
    "Design flows of the branches are not known: they are taken as equal.",
    "各支路设计流量未知，按相等处理。",
)
_FEW_BRANCHES = Text(
    "Only {n} branch has a flow in the period; a spread needs two.",
    "本周期仅 {n} 个支路有流量数据，失调度至少需要两个。",
)
_KEYS = {
    "load": "design_load_temperature_difference",
    "source": "design_source_temperature_difference",
}


def weighted_difference(flow: Floats, difference: Floats) -> float | None:
    """Mean absolute difference weighted by the flow, where water ran; None where it never did.

    Parameters
    ----------
    flow : (n,) any unit, NaN where not known
    difference : (n,) K
    """
    known = np.isfinite(flow) & np.isfinite(difference)
    if not known.any():
        return None
    full = float(np.percentile(flow[known], 95))
    runs = known & (flow > FLOWING_SHARE * full)
    if full <= 0 or not runs.any():
        return None
    return float(np.average(np.abs(difference[runs]), weights=flow[runs]))


def imbalance(flows: Floats) -> float:
    """Spread of branch flows over their mean, ``std(x)/mean(x)`` with n - 1.

    Parameters
    ----------
    flows : (n,) mean flow of each branch (over its design flow, where that is known)
    """
    return float(np.std(flows, ddof=1) / np.mean(flows))


def results(context: Context) -> list[Result]:
    """The index of load and source circuit, and the imbalance where branches are metered."""
    found = [one for circuit in _KEYS for one in _index(context, circuit)]
    branches = context.points("volume_flow", "branch")
    return [*found, _branches(context, branches)] if branches else found


def _index(context: Context, circuit: str) -> list[Result]:
    key = _KEYS[circuit]
    name = _INDEX.format(circuit=CIRCUIT_NAMES[circuit])
    fields: dict[str, Any] = {"of": circuit, "symbol": "d"}
    design = getattr(context.site.evaluation, key)
    try:
        meters = heat_meters(context, circuit)
    except Refusal:
        # Without any heat of this circuit nothing was to be expected here.
        return []
    if design is None:
        reason = _NO_DESIGN.format(key=key)
        return [refused("difference_index", "K-30", name, reason, **fields)]
    found = [_one_index(context, meter, design, name, fields) for meter in meters]
    usable = [one for one in found if one is not None]
    if usable:
        return usable
    return [refused("difference_index", "K-30", name, _NO_FLOW_METER, **fields)]


def _one_index(
    context: Context, meter: HeatMeter, design: float, name: Text, fields: dict[str, Any]
) -> Result | None:
    flow = _flow_point(context, meter)
    if flow is None or not meter.pair:
        return None
    points = [flow, *meter.pair]
    fields = fields | {
        "inputs": tuple(point.id for point in points),
        "origin": tuple(sorted({point.origin for point in points})),
    }
    if len(meter.equipment) == 1 and len(context.site.heat_pumps) > 1:
        fields["of"] = f"{fields['of']} {min(meter.equipment)}"
    try:
        time, (rate, *temperatures) = aligned(context, points)
    except Refusal as refusal:
        return refused("difference_index", "K-30", name, refusal.reason, refusal.missing, **fields)
    inside = (time >= context.period.start_us) & (time < context.period.end_us)
    two = len(temperatures) == 2
    difference = temperatures[0] - temperatures[1] if two else temperatures[0]
    actual = weighted_difference(rate[inside], difference[inside])
    if actual is None:
        return refused("difference_index", "K-30", name, _NO_WATER, **fields)
    expanded = _expanded(context, meter.pair, float(np.nanmean(temperatures[0])))
    known = np.isfinite(rate) & np.isfinite(difference) & inside
    return Result(
        "difference_index", "K-30", name, value=actual / design, decimals=2,
        uncertainty=None if expanded is None else expanded / design,
        coverage=float(known.sum() / inside.sum()) if inside.any() else 0.0,
        detail={"difference": actual, "design": design}, **fields,
    )  # fmt: skip


def _flow_point(context: Context, meter: HeatMeter) -> Point | None:
    """The flow of the circuit: the meter itself, or a flow with the same equipment and detail."""
    if meter.meter.quantity in ("volume_flow", "mass_flow"):
        return meter.meter
    for quantity in ("volume_flow", "mass_flow"):
        for point in context.points(quantity, meter.circuit):
            if set(point.equipment) == set(meter.equipment) and len(context.series(point.id)):
                return point
    return None


def _expanded(context: Context, pair: list[Point], typical: float) -> float | None:
    """Expanded uncertainty of the difference, K; None when an accuracy is unknown."""
    accuracies = [point.limits_of_error for point in pair]
    known = [accuracy for accuracy in accuracies if accuracy is not None]
    if len(known) < len(accuracies):
        return None
    matched = pair_standard(known[0], known[1]) if len(known) == 2 else None
    if matched is not None:
        return COVERAGE_FACTOR * matched
    at = np.array([typical])
    each = [float(standard(accuracy, at, context.rules)[0]) for accuracy in known]
    return COVERAGE_FACTOR * float(np.linalg.norm(each))


def _branches(context: Context, branches: list[Point]) -> Result:
    measured = [point for point in branches if len(context.series(point.id))]
    fields: dict[str, Any] = {
        "symbol": "X", "inputs": tuple(point.id for point in branches),
        "origin": tuple(sorted({point.origin for point in branches})),
    }  # fmt: skip
    if len(measured) < FEWEST_BRANCHES:
        reason = _FEW_BRANCHES.format(n=len(measured))
        return refused("hydraulic_imbalance", "K-29", _IMBALANCE, reason, **fields)
    _, flows = aligned(context, measured)
    together = np.column_stack(flows)
    total = np.where(np.isfinite(together).all(axis=1), together.sum(axis=1), np.nan)
    if not np.isfinite(total).any():
        return refused("hydraulic_imbalance", "K-29", _IMBALANCE, _NO_WATER, **fields)
    with np.errstate(invalid="ignore"):
        runs = total > FLOWING_SHARE * float(np.nanpercentile(total, 95))
    if not runs.any():
        return refused("hydraulic_imbalance", "K-29", _IMBALANCE, _NO_WATER, **fields)
    mean = together[runs].mean(axis=0)
    share = mean / mean.mean()
    return Result(
        "hydraulic_imbalance", "K-29", _IMBALANCE, status="indicative", value=imbalance(mean),
        decimals=2, reason=_EQUAL, coverage=float(np.isfinite(total).mean()),
        detail={
            "branches": {
                point.detail or point.id: {"flow": float(3600 * one), "of_mean": float(part)}
                for point, one, part in zip(measured, mean, share, strict=True)
            }
        },
        **fields,
    )  # fmt: skip
