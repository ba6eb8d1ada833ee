"""Several evaluated sites as one portfolio: each site's factor, and the ratio of all sums."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from diwen.evaluation.amount import Refusal
from diwen.evaluation.making import not_made
from diwen.evaluation.result import Result, both
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.result import Evaluation

#: Indicators that are ratios of sums over one boundary: id, thing, catalogue, name.
RATIOS: tuple[tuple[str, str, str, Text], ...] = (
    ("cop_system", "", "K-03", Text("system heating COP of all sites", "全部项目系统制热性能系数")),
    ("eer_system", "", "K-04", Text("system cooling EER of all sites", "全部项目系统制冷能效比")),
    ("spf", "H2", "K-08", Text("SPF H2 of all sites", "全部项目 SPF H2")),
    ("spf", "H3", "K-08", Text("SPF H3 of all sites", "全部项目 SPF H3")),
    ("spf", "H4", "K-08", Text("SPF H4 of all sites", "全部项目 SPF H4")),
)
_NONE = Text(
    "none of the {n} sites gives this ratio: {reasons}", "{n} 个项目均无法得出该比值：{reasons}"
)
_SOME = Text(
    "{with_value} of {n} sites; the others: {reasons}",
    "{n} 个项目中 {with_value} 个有值；其余：{reasons}",
)
_NOT_EVALUATED = Text("{site}: not computed", "{site}：未计算")


def together(evaluations: Sequence[Evaluation]) -> list[Result]:
    """The ratio of sums over all sites for every indicator of that kind.

    Each ratio is ``sum Q / sum E`` over the sites that give it, never a mean of ratios. The meters
    of different sites are independent, so their uncertainties combine in quadrature.
    """
    return [_ratio(evaluations, *row) for row in RATIOS]


def _ratio(
    evaluations: Sequence[Evaluation], id: str, of: str, catalogue: str, name: Text
) -> Result:
    mode = "cooling" if id == "eer_system" else "heating"
    found, reasons = [], []
    for one in evaluations:
        result = one.find(id, of, mode)
        if result is None or result.value is None or "heat_kwh" not in result.detail:
            reasons.append(_reason(one, result))
        else:
            found.append((one, result))
    fields: dict[str, Any] = {"of": of, "mode": mode, "boundary": of and f"SPF {of}"}
    if not found:
        text = _NONE.format(n=len(evaluations), reasons=_joined(reasons))
        return not_made(f"all_{id}", catalogue, Refusal(text), name=name, **fields)
    heat = math.fsum(result.detail["heat_kwh"] for _, result in found)
    used = math.fsum(result.detail["electricity_kwh"] for _, result in found)
    thin = [one for one, result in found if result.status != "ok"]
    reason = None
    if reasons or thin:
        reasons += [_reason(one, result) for one, result in found if result.status != "ok"]
        text = _SOME.format(with_value=len(found), n=len(evaluations), reasons=_joined(reasons))
        reason = text
    return Result(
        id=f"all_{id}",
        catalogue=catalogue,
        name=name,
        status="ok" if reason is None else "indicative",
        reason=reason,
        value=heat / used,
        uncertainty=_uncertainty([result for _, result in found], used),
        coverage=min((result.coverage or 0.0 for _, result in found), default=None),
        origin=tuple(dict.fromkeys(o for _, result in found for o in result.origin)),
        detail={
            "heat_kwh": heat,
            "electricity_kwh": used,
            "sites": [
                {
                    "site": one.site_id,
                    "name": both(one.site_name),
                    "value": result.value,
                    "uncertainty": result.uncertainty,
                    "coverage": result.coverage,
                    "heat_kwh": result.detail["heat_kwh"],
                    "electricity_kwh": result.detail["electricity_kwh"],
                }
                for one, result in found
            ],
        },
        **fields,
    )


def _uncertainty(results: Sequence[Result], used: float) -> float | None:
    """Expanded uncertainty of the ratio of sums; None where a site has none."""
    parts = [
        None
        if result.uncertainty is None
        else result.uncertainty * result.detail["electricity_kwh"] / used
        for result in results
    ]
    known = [part for part in parts if part is not None]
    return math.hypot(*known) if len(known) == len(parts) else None


def _reason(one: Evaluation, result: Result | None) -> Text:
    if result is None or result.reason is None:
        return _NOT_EVALUATED.format(site=one.site_id)
    return Text(f"{one.site_id}: {result.reason.en}", f"{one.site_id}：{result.reason.zh}")


def _joined(reasons: Sequence[Text]) -> Text:
    return Text("; ".join(r.en for r in reasons), "；".join(r.zh for r in reasons))
