"""Whether a measure keeps its promise: before against after, with weather and load adjusted.

The days before are fitted (option B or C of IPMVP: all parameters measured, or the whole plant):
the electricity of a day against the heat and cold delivered and, where it helps, the outdoor
temperature; without heat meters against the outdoor temperature with a change point. The model
then says what the days after would have used; the saving is that less what they used. Its
uncertainty is the fractional savings uncertainty of ASHRAE Guideline 14 with residuals that hang
together from day to day, and never less than what the mean of the baseline leaves.

References
----------
[1] ASHRAE Guideline 14 (2002), annex B; cited from memory, not verified against the text.
[2] T. A. Reddy, D. E. Claridge (2000) Uncertainty of "measured" energy savings from statistical
    baseline models. HVAC&R Research 6(1), 3-20.
[3] IPMVP, options B and C.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from diwen.diagnosis.advice.baseline_model import Baseline, fitted_baseline
from diwen.evaluation.statistics import TooFewError
from diwen.language import Text
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.advice.daily_use import DailyUse

KWH = 3.6e6
DAY = 86400.0
State = Literal["verified", "partly", "not_verified", "refused"]
STATE_NAMES: dict[State, Text] = {
    "verified": Text("verified: the promise is kept", "已核实：达到承诺节能量"),
    "partly": Text("it saves, but less than promised", "有节能，但低于承诺值"),
    "not_verified": Text("no saving can be told from nothing", "未能证实有节能"),
    "refused": Text("cannot be judged", "无法判定"),
}
_FEW = Text(
    "{when}: {days} complete days, {least} are needed",
    "{when}：完整日 {days} 天，至少需要 {least} 天",
)
_BEFORE, _AFTER = Text("before", "基线期"), Text("after", "核验期")
_BOUNDARY = Text(
    "before and after do not meter the same machines", "基线期与核验期的计量范围不一致"
)
_WEAK = Text(
    "the baseline does not pass the screening: R² = {r2:.2f} (> {least:g}), CV(RMSE) = {cv:.0f} % "
    "(< {most:g} %)",
    "基线模型未通过筛选：R² = {r2:.2f}（> {least:g}），CV(RMSE) = {cv:.0f} %（< {most:g} %）",
)
_OUTSIDE = Text(
    "{share:.0f} % of the days after lie outside the range of the baseline (at most {most:.0f} %)",
    "核验期 {share:.0f} % 的天数超出基线范围（最多 {most:.0f} %）",
)
_UNSURE = Text(
    "the saving is known to ± {share:.0f} % at 68 % confidence only (at most {most:.0f} %)",
    "节能量在 68 % 置信水平下仅知 ± {share:.0f} %（最多 {most:.0f} %）",
)


@dataclass(frozen=True, eq=False)
class Verification:
    """Before against after.

    Attributes
    ----------
    state : whether the promise is kept
    saving, uncertainty : J over the days after, and its half-width at the confidence of the rules
    share : saving over the electricity that would have been used
    relative : fractional savings uncertainty, ``uncertainty / saving``
    adjusted, used : J over the days after: what the baseline says, what was used
    promised, promised_uncertainty : share of the electricity that was promised; None: nothing was
    baseline : the model of the days before, None where there is none
    days : complete days after
    reasons : why it is refused, or what limits it
    """

    state: State
    saving: float
    uncertainty: float
    share: float
    relative: float
    adjusted: float
    used: float
    promised: float | None
    promised_uncertainty: float
    baseline: Baseline | None
    days: int
    reasons: tuple[Text, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        from diwen.diagnosis.attribution.attribution_data import number

        return {
            "state": self.state,
            "saving_kwh": number(self.saving / KWH),
            "uncertainty_kwh": number(self.uncertainty / KWH),
            "saving_share": number(self.share),
            "fractional_uncertainty": number(self.relative),
            "adjusted_kwh": number(self.adjusted / KWH),
            "used_kwh": number(self.used / KWH),
            "promised_share": self.promised,
            "days": self.days,
            "baseline": None if self.baseline is None else self.baseline.as_dict(),
            "reasons": [{"en": one.en, "zh": one.zh} for one in self.reasons],
        }


def verified_saving(
    before: DailyUse,
    after: DailyUse,
    promised: float | None = None,
    promised_deviation: float = 0.0,
) -> Verification:
    """Judge a measure by the days before and after it.

    Parameters
    ----------
    before, after : days without the one on which the measure was taken
    promised : share of the electricity that the corrected plan promised to save
    promised_deviation : its standard uncertainty (k = 1)
    """
    reasons: list[Text] = []
    if before.boundary != after.boundary:
        reasons.append(_BOUNDARY)
    try:
        model = fitted_baseline(before)
    except TooFewError as error:
        return _refused([*reasons, error.text], promised)
    reasons += _days(before, after, model)
    if reasons:
        return _refused(reasons, promised, model)
    expected, known = model.predicted(after), model.usable(after)
    days = int(known.sum())
    adjusted = float(expected[known].sum()) * DAY
    used = float(after.electricity[known].sum()) * DAY
    saving, share = adjusted - used, 1.0 - used / adjusted
    confidence = usual_value("diagnosis.verification.confidence")
    numbers = (model.cv_rmse, model.n, model.n_effective, days, 1.0, student(confidence, model))
    uncertainty = max(fractional_uncertainty(*numbers), least_uncertainty(*numbers)) * adjusted
    reasons = _screening(model) + _outside(model, after)
    at_one_sigma = fractional_uncertainty(
        model.cv_rmse, model.n, model.n_effective, days, share, student(0.68, model)
    )
    most = usual_value("diagnosis.verification.most_uncertainty")
    if saving > uncertainty and abs(at_one_sigma) > most:
        reasons.append(_UNSURE.format(share=100.0 * abs(at_one_sigma), most=100.0 * most))
    state: State = "refused" if reasons else _state(
        saving, uncertainty, adjusted, promised, student(confidence, model) * promised_deviation
    )  # fmt: skip
    relative = uncertainty / saving if saving else float("inf")
    return Verification(
        state, saving, uncertainty, share, relative, adjusted, used, promised, promised_deviation,
        model, days, tuple(reasons),
    )  # fmt: skip


def fractional_uncertainty(
    cv_rmse: float, n: int, n_effective: float, m: int, share: float, t: float
) -> float:
    """Fractional savings uncertainty, ASHRAE Guideline 14 [1], [2].

    ``t · 1.26 · CV · √((n/n') (1 + 2/n') / m) / F``; n' = n for residuals that do not hang
    together.

    Parameters
    ----------
    cv_rmse : of the baseline, share of the mean
    n, n_effective : values of the baseline and how many independent ones they are worth
    m : values after
    share : saving over the adjusted baseline, F
    t : of Student, two-sided
    """
    if share == 0.0:
        return float("inf")
    spread = math.sqrt(n / n_effective * (1.0 + 2.0 / n_effective) / m)
    return t * 1.26 * cv_rmse * spread / share


def least_uncertainty(
    cv_rmse: float, n: int, n_effective: float, m: int, share: float, t: float
) -> float:
    """Fractional uncertainty that the mean of a baseline leaves at least, arguments as above.

    ``t · CV · √((n/n') (1/m + 1/n)) / F``: least squares of the mean alone. The factor 1.26 of [1]
    is smaller than that where the days after are as many as those before (1.41), and its intervals
    then hold less often than they say; the larger of the two is taken.
    """
    if share == 0.0:
        return float("inf")
    return t * cv_rmse * math.sqrt(n / n_effective * (1.0 / m + 1.0 / n)) / share


def student(confidence: float, model: Baseline) -> float:
    """Two-sided value of Student's t for the independent days of a baseline."""
    from scipy.stats import t

    freedom = max(model.n_effective - model.parameters, 1.0)
    return float(t.ppf(0.5 + 0.5 * confidence, freedom))


def _state(
    saving: float, uncertainty: float, adjusted: float, promised: float | None, unsure: float
) -> State:
    """Whether the saving can be told from nothing, and is not below the promise."""
    if saving - uncertainty <= 0.0:
        return "not_verified"
    if promised is None:
        return "verified"
    band = math.hypot(uncertainty, unsure * adjusted)
    return "verified" if saving + band >= promised * adjusted else "partly"


def _days(before: DailyUse, after: DailyUse, model: Baseline) -> list[Text]:
    least = usual_value("diagnosis.verification.fewest_days")
    counts = ((_BEFORE, model.n), (_AFTER, int(model.usable(after).sum())))
    return [
        _FEW.format(when=when, days=days, least=f"{least:g}")
        for when, days in counts if days < least
    ]  # fmt: skip


def _screening(model: Baseline) -> list[Text]:
    least, most = usual_value("ipmvp.baseline.r2"), usual_value("ipmvp.baseline.cv_rmse")
    cv = 100.0 * model.cv_rmse
    if model.r_squared > least and cv < most:
        return []
    return [_WEAK.format(r2=model.r_squared, least=least, cv=cv, most=most)]


def _outside(model: Baseline, after: DailyUse) -> list[Text]:
    """Days to which the baseline would have to be drawn out too far."""
    margin = usual_value("diagnosis.verification.range_margin")
    most = usual_value("diagnosis.verification.most_outside")
    share = float(np.mean(model.outside(after, margin)[model.usable(after)]))
    return [_OUTSIDE.format(share=100.0 * share, most=100.0 * most)] if share > most else []


def _refused(
    reasons: list[Text], promised: float | None, model: Baseline | None = None
) -> Verification:
    nothing = float("nan")
    return Verification(
        "refused", nothing, nothing, nothing, nothing, nothing, nothing, promised, 0.0, model, 0,
        tuple(reasons),
    )  # fmt: skip
