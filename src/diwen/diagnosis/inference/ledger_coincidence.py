"""A step on a day on which the ledger says that somebody worked on it."""

from __future__ import annotations

import math
from datetime import timedelta

from diwen.diagnosis.finding import Case, Estimate, Evidence
from diwen.diagnosis.inference.prior_odds import family_of
from diwen.language import Text, same
from diwen.site.usual_values import usual_value

_ROW = "diagnosis.inference."
_FAMILIES = {
    "valve_change": ("hydraulic", "commissioning"),
    "replacement": ("hydraulic", "commissioning", "operation", "construction"),
    "modification": ("design", "hydraulic", "commissioning", "operation", "construction"),
}
_SAYS = Text(
    "it begins between {low} and {high}, and the ledger notes on {day}: {item} ({object})",
    "其起始日期在 {low} 至 {high} 之间，而台账于 {day} 记有：{item}（{object}）",
)


def ledger_evidence(estimate: Estimate, case: Case) -> Evidence | None:
    """Evidence of work noted at a step, or None.

    The ratio is how much more probable a note within the interval of the step is if that work made
    the step (it is written down half the time) than by chance (the share of the record that the
    interval takes); capped.

    Parameters
    ----------
    estimate : with its interval of days
    case : with what the ledger says
    """
    if estimate.shape != "step" or estimate.since is None:
        return None
    margin = timedelta(days=usual_value(_ROW + "ledger_margin"))
    low = (estimate.since_low or estimate.since) - margin
    high = (estimate.since_high or estimate.since) + margin
    family = family_of(estimate.parameter, estimate.family)
    for one in case.record.circumstances:
        meant = one.object in ("", "site", estimate.object) or not estimate.object
        if family in _FAMILIES.get(one.kind, ()) and meant and low <= one.since <= high:
            days = max(1, len(case.record) // 24)
            chance = min(1.0, ((high - low).days + 1) / days)
            ratio = math.log(usual_value(_ROW + "ledger_recorded") / chance)
            cap = math.log(usual_value(_ROW + "evidence_cap"))
            return Evidence(
                _SAYS.format(
                    low=estimate.since_low or estimate.since,
                    high=estimate.since_high or estimate.since,
                    day=one.since, item=same(one.entry.item), object=same(one.entry.object),
                ),
                max(0.0, min(cap, ratio)),
            )  # fmt: skip
    return None
