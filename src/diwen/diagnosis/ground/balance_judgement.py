"""The heat balance of the ground: what is put in beside what is taken out, and what drifts.

The ratio of a year is compared with that of the design year; the ground replayed with the metered
heat tells whether that explains the drift. What it does not explain is an unseen loss or gain, or
a drift of the thermometers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Estimate, Evidence, Figure, Judgement, NotJudged
from diwen.diagnosis.ground import balance_words as words
from diwen.diagnosis.ground import source_words
from diwen.diagnosis.ground.delivered import cold_beside_heat
from diwen.diagnosis.ground.design_year import design_year
from diwen.diagnosis.ground.field_fit import FieldFit, field_fit, mean_rate, recharge_of
from diwen.diagnosis.ground.source_judgement import (
    LOOP_POINTS,
    Told,
    daily,
    evidence_of,
    joined,
    source_object,
    told_of,
)
from diwen.language import Text
from diwen.problems import InputError
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Case

Floats = NDArray[np.float64]
_HOURS = 8760
_GONE = 1e-6


def judge_balance(case: Case) -> Judgement:
    """Balance of every bore field, and cold delivered beside the design.

    Parameters
    ----------
    case : of a site; what is not recorded is returned as not judged
    """
    fields = [name for name, source in case.site.sources.items() if source.type == "borefield"]
    if not fields:
        return Judgement()
    judged = [_field(case, name) for name in fields]
    cold = cold_beside_heat(case, fields)
    if any(_is_masked(case, name) for name in fields):
        # Water in the ground carries off what the balance lacks: said as a risk, not found.
        unsaid = (replace(one, log_ratio=min(one.log_ratio, -1.0), shape="none", evidence=())
                  for one in cold.estimates)  # fmt: skip
        cold = replace(cold, estimates=tuple(unsaid))
    return joined([*judged, cold])


def _is_masked(case: Case, source: str) -> bool:
    try:
        found = field_fit(case, source)
    except InputError:
        return False
    if found is None or found.fit is None:
        return False
    if found.series.years < usual_value("diagnosis.ground.years_for_drift"):
        return False
    return _masked(case, found, told_of(found.fit, "unseen_loss", found.series)) is not None


def _field(case: Case, source: str) -> Judgement:
    missing = NotJudged("yearly_imbalance", source_words.NO_SERIES, LOOP_POINTS)
    try:
        found = field_fit(case, source)
    except InputError as error:
        lacking = tuple(dict.fromkeys(one.where for one in error.problems))
        reason = source_words.NO_MODEL.format(what=", ".join(lacking))
        return Judgement(not_judged=(NotJudged("yearly_imbalance", reason, lacking),))
    if found is None or found.fit is None:
        return Judgement(not_judged=(missing,))
    facts, notes = _ratios(case, found)
    shown = (*facts, _explained(found))
    estimates = []
    not_judged: tuple[NotJudged, ...] = ()
    drifts = usual_value("diagnosis.ground.years_for_drift")
    if found.series.years >= drifts:
        estimates.append(_loss(case, found, shown, notes))
    else:
        reason = words.ONE_YEAR.format(source=source, years=f"{drifts:g}")
        not_judged = (NotJudged("yearly_imbalance", reason),)
    if found.replayed.recharge.any():
        estimates.append(_recharge(case, found, shown))
    return Judgement(tuple(estimates), not_judged, (), tuple(notes))


def _loss(case: Case, found: FieldFit, facts: tuple[Evidence, ...], notes: list[Text]) -> Estimate:
    """What the metered heat does not explain, as the twin's share of the mean heat load."""
    fit, series = found.fit, found.series
    assert fit is not None
    told = told_of(fit, "unseen_loss", series)
    share = mean_rate(series) * len(case.site.sources) / _mean_heat(case, series.heat)
    value, spread = told.value * share, told.deviation * share
    text = words.LOSS.format(share=f"{100 * value:.0f}", spread=f"{100 * spread:.0f}")
    shown = (Evidence(text, 0.0, series.points),
             evidence_of(series, found.expected, found.fitted), *facts)  # fmt: skip
    ratio = told.log_ratio
    masked = _masked(case, found, told)
    if masked is not None:
        notes.append(masked)
        ratio = min(ratio, -1.0)
    return _estimate("yearly_imbalance", value, spread, ratio, shown, told.rivals,
                     source_object(case, series.source))  # fmt: skip


def _estimate(
    name: str, value: float, spread: float, ratio: float, facts: tuple[Evidence, ...],
    rivals: tuple[str, ...], object: str,
) -> Estimate:  # fmt: skip
    found = ratio > 0.0
    return Estimate(name, value, spread, "constant" if found else "none", None, ratio,
                    facts if found else (), rivals, object)  # fmt: skip


def _recharge(case: Case, found: FieldFit, facts: tuple[Evidence, ...]) -> Estimate:
    """Recharge that the temperatures of the ground tell."""
    assert found.fit is not None
    told = told_of(found.fit, "recharge_factor", found.series)
    value = min(max(1.0 + told.value, 0.0), 2.0)
    text = words.RECHARGE.format(value=f"{value:.2f}", spread=f"{told.deviation:.2f}")
    shown = (Evidence(text, 0.0, found.series.points), *facts)
    return _estimate("recharge_factor", value, told.deviation, told.log_ratio, shown, told.rivals,
                     source_object(case, found.series.source))  # fmt: skip


def _masked(case: Case, found: FieldFit, told: Told) -> Text | None:
    """A gain that hides that more heat is taken than given back; None: there is none."""
    measured, design = _last_ratio(found), _design_ratio(case, found)
    away = usual_value("diagnosis.ground.masked_ratio")
    if told.value >= 0.0 or told.log_ratio <= 0.0 or not measured < min(1.0, design) - away:
        return None
    return words.MASKED.format(source=found.series.source, ratio=f"{measured:.2f}",
                               design=f"{design:.2f}")  # fmt: skip


def _mean_heat(case: Case, heat: Floats) -> float:
    """Mean heat load of the design, W: what the twin's share refers to."""
    year = design_year(case)
    if year is None:
        return max(float(np.maximum(heat, 0.0).mean()), 1.0)
    return max(float(year.heat.mean()), 1.0)


def _with_recharge(case: Case, found: FieldFit) -> Floats:
    """Heat of the ground with the recharge that is likely, W, shape (n,)."""
    factor = 0.0
    if found.replayed.recharge.any() and found.fit is not None:
        place = found.fit.place("recharge_factor")
        factor = max(1.0 + float(found.fit.best.value[place]), 0.0)
    return np.asarray(found.series.heat - factor * recharge_of(case, found.series))


def ratio_of(heat: Floats) -> float:
    """Heat put into the ground over heat taken out; infinity where none is taken out."""
    out, into = float(np.maximum(heat, 0.0).sum()), float(np.maximum(-heat, 0.0).sum())
    return into / out if out > 0.0 else float("inf")


def _last_ratio(found: FieldFit) -> float:
    return ratio_of(found.series.heat[-_HOURS:])


def _design_ratio(case: Case, found: FieldFit) -> float:
    year = design_year(case)
    if year is None or found.series.source not in year.ground:
        return float("nan")
    return ratio_of(year.ground[found.series.source])


def _ratios(case: Case, found: FieldFit) -> tuple[tuple[Evidence, ...], list[Text]]:
    """Ratios of every whole year beside the design, and where they lead."""
    year, series = design_year(case), found.series
    heat = _with_recharge(case, found)
    whole = len(heat) // _HOURS
    if year is None or series.source not in year.ground or not whole:
        return (), []
    design = year.ground[series.source]
    years = [heat[k * _HOURS : (k + 1) * _HOURS] for k in range(whole)]
    ratios = np.array([ratio_of(one) for one in years])
    last = years[-1]
    text = words.RATIO.format(
        source=series.source, measured=f"{ratios[-1]:.2f}", design=f"{ratio_of(design):.2f}",
        year=str(series.day[(whole - 1) * _HOURS])[:4], out=_percent(np.maximum(last, 0.0), design),
        into=_percent(np.minimum(last, 0.0), design),
    )  # fmt: skip
    figure = Figure(
        words.TITLE.format(source=series.source),
        "",
        words.YEAR,
        np.arange(1.0, whole + 1.0),
        ratios,
        np.full(whole, ratio_of(design)),
    )
    ahead = usual_value("diagnosis.ground.forecast_years")
    going = words.FORECAST.format(
        source=series.source, change=f"{_change(found, float(last.mean()), ahead):+.1f}",
        design=f"{_change(found, float(design.mean()), ahead):+.1f}", years=f"{ahead:g}",
    )  # fmt: skip
    return (Evidence(text, 0.0, series.points, figure), Evidence(going, 0.0, series.points)), []


def _percent(part: Floats, design: Floats) -> str:
    same = np.maximum(design, 0.0) if part.max() > 0.0 else np.minimum(design, 0.0)
    total = float(same.sum())
    return f"{100.0 * float(part.sum()) / total:.0f}" if abs(total) > _GONE else "-"


def _change(found: FieldFit, net: float, years: float) -> float:
    """Change of the water temperature by a net heat rate that goes on, K."""
    begin = found.series.before + 1.0
    at = found.model.response.at(np.array([begin, begin + years]) * _HOURS * 3600.0)
    return -net * float(at[1] - at[0])


def _explained(found: FieldFit) -> Evidence:
    """Share of the variance that the design, driven with the metered heat, explains."""
    _, measured = daily(found.series, found.series.fluid)
    _, expected = daily(found.series, found.expected)
    good = np.isfinite(measured)
    left = (measured - expected)[good]
    share = 1.0 - float(np.var(left)) / max(float(np.var(measured[good])), 1e-9)
    text = words.EXPLAINED.format(source=found.series.source, share=f"{100 * share:.0f}")
    return Evidence(text, 0.0, found.series.points)
