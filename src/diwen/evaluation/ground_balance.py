"""Heat taken from and put into the ground (K-14, K-15, K-16, K-19).

Extraction and injection are both positive numbers; the ratio is judged only over twelve months.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from diwen.evaluation.amount import Amount, Refusal, difference, ratio, total
from diwen.evaluation.heat import heat
from diwen.evaluation.heat_meters import heat_meters
from diwen.evaluation.increments import Increments
from diwen.evaluation.making import KWH, made, not_made, trust
from diwen.evaluation.result import Grade
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Result

# A year less a week of clock and season shifts: shorter periods are no balance year.
_YEAR_DAYS = 358.0
_EXTRACTION = Text("Heat extraction from the ground", "取热量")
_INJECTION = Text("Heat injection into the ground", "排热量")
_SHORT = Text(
    "the balance of the ground is judged over 12 months; this period has {days:.0f} days",
    "地下热平衡按 12 个月评价；本周期仅 {days:.0f} 天",
)
_NO_EXTRACTION = Text("no heat was extracted in this period", "本周期内未取热")
_NOTHING = Text("no heat was exchanged with the ground", "本周期内与地下无热交换")
_INSIDE = Text("balanced", "平衡")
_LESS = Text("more extraction than injection", "取热偏多")
_MORE = Text("more injection than extraction", "排热偏多")
_VERDICT = Text(
    "{label}: {value:.2f} ± {uncertainty:.2f} against {low:g} to {high:g} ({rule})",
    "{label}：{value:.2f} ± {uncertainty:.2f}，参照范围 {low:g}～{high:g}（{rule}）",
)
_UNRESOLVED = Text(
    "not resolved: {value:.2f} ± {uncertainty:.2f} crosses an edge of {low:g} to {high:g} ({rule})",
    "无法判定：{value:.2f} ± {uncertainty:.2f} 跨越参照范围 {low:g}～{high:g} 的边界（{rule}）",
)


def results(context: Context) -> list[Result]:
    """All results of this family; none at a site without heat pumps."""
    if not context.site.heat_pumps:
        return []
    try:
        meters = heat_meters(context, "source")
        parts = [heat(context, meter) for meter in meters]
    except Refusal as refusal:
        return [
            not_made(id, catalogue, refusal, name=name)
            for id, catalogue, name in (
                ("heat_extraction", "", _EXTRACTION),
                ("heat_injection", "", _INJECTION),
                ("heat_balance_ratio", "K-14", None),
                ("imbalance", "K-15", None),
                ("cumulative_ground_heat", "K-16", None),
            )
        ]
    out, into = _sums(context, parts, 1.0), _sums(context, parts, -1.0)
    return [
        _energy("heat_extraction", _EXTRACTION, "Q_ext", out),
        _energy("heat_injection", _INJECTION, "Q_inj", into),
        _ratio(context, out, into),
        _imbalance(context, out, into),
        _cumulative(context, parts, out, into),
        *_per_length(context, parts, out, into),
    ]


def _sums(context: Context, parts: list[Increments], sign: float) -> Amount:
    """Sum of the increments of one sign, as a positive number."""
    kept = [part.weighted(np.where(sign * part.value > 0.0, sign, 0.0)) for part in parts]
    return total(part.amount(context.period.seconds) for part in kept)


def _energy(id: str, name: Text, symbol: str, amount: Amount) -> Result:
    return made(id, "", amount, name=name, symbol=symbol, unit="kWh", scale=1 / KWH, decimals=1)


def _year(context: Context) -> None:
    if context.period.days < _YEAR_DAYS:
        raise Refusal(_SHORT.format(days=context.period.days))


def _ratio(context: Context, out: Amount, into: Amount) -> Result:
    """K-14 with its place in the reference range."""
    rows = [
        row
        for end in ("low", "high")
        for row in context.rules.rows(id=f"gb50736.balance_ratio.{end}")
    ]
    ids = tuple(row.id for row in rows)
    try:
        _year(context)
        if out.value == 0.0:
            raise Refusal(_NO_EXTRACTION)
        amount = ratio(into, out)
    except Refusal as refusal:
        return not_made("heat_balance_ratio", "K-14", refusal, rules=ids)
    trusted = trust(context, amount.coverage, out, None)
    result = made("heat_balance_ratio", "K-14", amount, rules=ids, **trusted)
    if result.status != "ok" or result.uncertainty is None or result.value is None:
        return result
    limits = [row.value for row in rows if row.value is not None]
    if len(limits) < 2:  # outside China no rule of ours sets a range
        return result
    low, high = limits
    return replace(result, grade=_verdict(result.value, result.uncertainty, low, high, rows[0]))


def _verdict(value: float, uncertainty: float, low: float, high: float, row: Any) -> Grade:
    def label(x: float) -> Text:
        return _LESS if x < low else _MORE if x > high else _INSIDE

    shown = {
        "value": value, "uncertainty": uncertainty, "low": low, "high": high, "rule": row.name,
    }  # fmt: skip
    here = label(value)
    if label(value - uncertainty) == here == label(value + uncertainty):
        return Grade(here, True, _VERDICT.format(label=here, **shown), here is _INSIDE)
    return Grade(here, False, _UNRESOLVED.format(**shown))


def _imbalance(context: Context, out: Amount, into: Amount) -> Result:
    """K-15: difference of both, in per cent of the larger one."""
    larger = max(out, into, key=lambda amount: amount.value)
    try:
        _year(context)
        if larger.value == 0.0:
            raise Refusal(_NOTHING)
        amount = ratio(difference(into, out), larger)
    except Refusal as refusal:
        return not_made("imbalance", "K-15", refusal)
    trusted = trust(context, amount.coverage, larger, None)
    return made("imbalance", "K-15", amount, scale=100.0, decimals=1, **trusted)


def _cumulative(context: Context, parts: list[Increments], out: Amount, into: Amount) -> Result:
    """K-16 at the end of the period, with the curve by local day."""
    days = list(context.period.local_days())
    edges = np.array([end for _, _, end in days])
    curve = np.zeros(edges.size)
    for part in parts:
        running = np.concatenate([[0.0], np.cumsum(-part.value)])
        curve += running[np.searchsorted(part.end, edges, side="right")] / KWH
    detail = {"days": [day.isoformat() for day, _, _ in days], "kwh": curve.tolist()}
    return made(
        "cumulative_ground_heat", "K-16", difference(into, out), scale=1 / KWH, decimals=1,
        detail=detail,
    )  # fmt: skip


def _per_length(
    context: Context, parts: list[Increments], out: Amount, into: Amount
) -> list[Result]:
    """K-19: mean heat flow while heat goes the stronger way, per metre of borehole."""
    fields = [id for id, source in context.site.sources.items() if source.type == "borefield"]
    if not fields:
        return []
    metres = sum(bore.length for id in fields for bore in context.site.boreholes(id))
    larger, sign = (out, 1.0) if out.value >= into.value else (into, -1.0)
    seconds = max(float(part.seconds[sign * part.value > 0.0].sum()) for part in parts)
    if seconds == 0.0 or metres == 0.0:
        return [not_made("heat_per_length", "K-19", Refusal(_NOTHING))]
    trusted = trust(context, larger.coverage, larger, None)
    mode = "heating" if larger is out else "cooling"
    return [
        made(
            "heat_per_length", "K-19", larger, scale=1.0 / seconds / metres, decimals=1, mode=mode,
            **trusted,
        )
    ]  # fmt: skip
