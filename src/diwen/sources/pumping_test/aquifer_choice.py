"""Which model of the aquifer a test supports, and why.

AICc with autocorrelated residuals weighs the better fit against the further parameter
(K. P. Burnham, D. R. Anderson, Model Selection and Multimodel Inference, 2002). A model needs a
lead of four to be preferred over the simpler one, and its third parameter must be determined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from diwen.language import Text
from diwen.sources.pumping_test.aquifer_models import ModelName
from diwen.sources.pumping_test.curve_fit import CurveFit, fit_curve
from diwen.sources.pumping_test.estimate import MeasurementErrors
from diwen.sources.pumping_test.record import PumpingTest

_LEAD = 4.0
# An interval wider than a factor of thirty either side says nothing of the parameter.
_WIDEST = 30.0

_SIMPLEST = Text(
    "the confined aquifer without bounds suffices: no other model leads by {lead:g} in AICc",
    "无限承压含水层模型已足够：其他模型的 AICc 优势均不足 {lead:g}",
)
_BETTER = Text(
    "{name}: AICc lower by {lead:.1f}, residuals {rms:.3g} m instead of {other:.3g} m",
    "{name}：AICc 低 {lead:.1f}，残差 {rms:.3g} m（原 {other:.3g} m）",
)
_LEAKY = Text(
    "a roof that leaks and a river or other recharge boundary look alike in one well: decide by "
    "the geology",
    "越流补给与河流等补给边界在单井数据中难以区分：应结合水文地质条件判断",
)
_BARRIER = Text(
    "a tight boundary is seen: the yield in the long run is lower than the early curve says",
    "曲线显示隔水边界影响：长期出水能力低于早期曲线推算值",
)


@dataclass(frozen=True, eq=False)
class AquiferChoice:
    """All fits and the chosen one.

    Attributes
    ----------
    chosen : the fit to use; fits : all of them; reason : why
    warnings : of the choice and of the chosen fit
    """

    chosen: CurveFit
    fits: tuple[CurveFit, ...]
    reason: Text
    warnings: tuple[Text, ...]


def choose_aquifer(
    test: PumpingTest,
    models: Sequence[ModelName] = ("theis", "leaky", "barrier"),
    errors: MeasurementErrors | None = None,
) -> AquiferChoice:
    """Fit several models, Theis first, and choose.

    Parameters
    ----------
    test : flow and drawdowns; models : to compare; errors : of the measurements
    """
    fits = tuple(fit_curve(test, model, errors) for model in dict.fromkeys(("theis", *models)))
    simplest = fits[0]
    able = [fit for fit in fits[1:] if fit.third is not None and _determined(fit)]
    best = min(able, key=lambda fit: fit.criterion, default=simplest)
    lead = simplest.criterion - best.criterion
    if best is simplest or lead <= _LEAD:
        return AquiferChoice(simplest, fits, _SIMPLEST.format(lead=_LEAD), simplest.warnings)
    reason = _BETTER.format(name=best.model.name, lead=lead, rms=best.rms, other=simplest.rms)
    remark = _LEAKY if best.model.key == "leaky" else _BARRIER
    return AquiferChoice(best, fits, reason, (remark, *best.warnings))


def _determined(fit: CurveFit) -> bool:
    third = fit.third
    return third is not None and third.high < _WIDEST * third.value
