"""Sources replayed with measured heat: boreholes, ground, wells; what deviates, and how sure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Estimate, Evidence, Figure, Judgement, NotJudged, Residual
from diwen.diagnosis.ground import source_words as words
from diwen.diagnosis.ground.field_fit import FieldFit, field_fit
from diwen.diagnosis.ground.loop_series import LoopSeries
from diwen.diagnosis.ground.sparse_fit import SparseFit
from diwen.diagnosis.ground.well_fit import well_fit
from diwen.language import Text
from diwen.problems import InputError
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diwen.diagnosis.finding import Case

Floats = NDArray[np.float64]
FIELD = (
    "borehole_resistance", "ground_conductivity", "undisturbed_temperature", "effective_length",
)  # fmt: skip
LOOP_POINTS = ("TS1", "TS2", "FS")
_LOGARITHMS = ("borehole_resistance", "ground_conductivity", "effective_length")
_WELLS = ("circulation_well", "standing_column_well", "groundwater_wells", "well_doublet")
_WELL = ("undisturbed_temperature", "packer_bypass", "breakthrough")
_TWIN_NAMES = {"unseen_loss": "yearly_imbalance"}


def judge_sources(case: Case) -> Judgement:
    """Each source loop against its own model, driven with the heat that was measured.

    Parameters
    ----------
    case : of a site; what is not recorded is returned as not judged
    """
    parts = []
    for name, source in case.site.sources.items():
        if source.type == "borefield":
            parts.append(_field(case, name))
        elif source.type in _WELLS:
            parts.append(_wells(case, name))
        else:
            parts.append(Judgement(notes=(words.NO_MEMORY.format(source=name),)))
    return joined(parts)


def joined(parts: list[Judgement]) -> Judgement:
    """Several judgements as one."""
    return Judgement(
        tuple(one for part in parts for one in part.estimates),
        tuple(one for part in parts for one in part.not_judged),
        tuple(one for part in parts for one in part.residuals),
        tuple(dict.fromkeys(one for part in parts for one in part.notes)),
    )


def _not_judged(names: tuple[str, ...], reason: Text, missing: tuple[str, ...]) -> Judgement:
    return Judgement(not_judged=tuple(NotJudged(name, reason, missing) for name in names))


def no_model(names: tuple[str, ...], error: InputError) -> Judgement:
    """Nothing is judged: the source lacks what a model needs."""
    lacking = tuple(dict.fromkeys(one.where for one in error.problems))
    return _not_judged(names, words.NO_MODEL.format(what=", ".join(lacking)), lacking)


def _field(case: Case, source: str) -> Judgement:
    names = (*FIELD, "lost_branches")
    try:
        found = field_fit(case, source)
    except InputError as error:
        return no_model(names, error)
    if found is None:
        return _not_judged(names, words.NO_SERIES, LOOP_POINTS)
    if found.fit is None:
        return _not_judged(names, words.FEW_HOURS, ())
    shown = evidence_of(found.series, found.expected, found.fitted)
    estimates = tuple(_estimates(case, found, found.fit, shown))
    residual = residual_of(found.series, found.expected, found.persistence.spread, names)
    return Judgement(estimates, (), (residual,), notes_of(case, found))


def _estimates(case: Case, found: FieldFit, fit: SparseFit, shown: Evidence) -> Iterator[Estimate]:
    """One per parameter; a shorter field and loops without flow are the same number."""
    object = source_object(case, found.series.source)
    matters = explained(found) >= usual_value("diagnosis.ground.significant")
    for name in FIELD:
        told = told_of(fit, name, found.series)
        if not matters:
            # Opposite deviations that hardly move the water are what no model knows.
            told = replace(told, log_ratio=min(told.log_ratio, -1.0))
        facts = (number_of(name, told.value, told.deviation, found.series), shown)
        rivals = told.rivals
        if name == "effective_length":
            if told.value >= 1.0:
                # More length than was bored is no deviation: it stands for what no model knows.
                told = replace(told, log_ratio=min(told.log_ratio, -1.0))
            lost = Told(1.0 - told.value, told.deviation, told.log_ratio, told.rivals)
            rivals = (*rivals, "lost_branches")
            if told.value < 1.0:
                yield _estimate("lost_branches", lost, object, (shown,),
                                (*lost.rivals, "effective_length"))  # fmt: skip
        yield _estimate(name, told, object, facts, rivals)


def explained(found: FieldFit) -> float:
    """How much nearer to the measured days the fit comes than the design, root mean square, K."""
    _, measured = daily(found.series, found.series.fluid)
    _, design = daily(found.series, found.expected)
    _, after = daily(found.series, found.fitted)
    gain = _rms(measured - design) ** 2 - _rms(measured - after) ** 2
    return float(np.sqrt(max(gain, 0.0)))


def source_object(case: Case, source: str) -> str:
    """Name of a source in findings: nothing where there is one source only."""
    return source if len(case.site.sources) > 1 else ""


@dataclass(frozen=True)
class Told:
    """What a fit says of one parameter, in the unit of the twin's parameter.

    Attributes
    ----------
    value, deviation : if it deviates
    log_ratio : deviation against none, rivals left out
    rivals : that explain the same data
    """

    value: float
    deviation: float
    log_ratio: float
    rivals: tuple[str, ...]


def told_of(fit: SparseFit, name: str, series: LoopSeries) -> Told:
    """One parameter of a fit."""
    least, cap = usual_value("diagnosis.ground.rival"), usual_value("diagnosis.ground.cap")
    probable = fit.probability(name)
    rivals: tuple[str, ...] = ()
    # What explains the data without this one is a rival only while this one is an explanation.
    if least <= probable < 1.0 - least:
        alone = fit.best.deviating
        rivals = tuple(
            one for one in fit.instead(name, least)
            if not (one in alone and name in alone)
            and fit.probability(one) < 1.0 - least
        )  # fmt: skip
    ratio = fit.log_ratio(name, cap, rivals)
    mean, spread = fit.moments(name)
    spread = float(np.hypot(spread, usual_value(f"diagnosis.ground.{name}.structure")))
    if name in _LOGARITHMS:
        mean, spread = float(np.exp(mean)), float(np.exp(mean)) * spread
    named = tuple(one for rival in rivals for one in _names(rival, series))
    return Told(mean, spread, ratio, named)


def _names(rival: str, series: LoopSeries) -> tuple[str, ...]:
    """An unknown of the fit as findings call it."""
    if rival == "sensor_drift":
        return tuple(f"sensor:{point}" for point in series.temperature_points)
    return (_TWIN_NAMES.get(rival, rival),)


def _estimate(
    name: str, told: Told, object: str, facts: tuple[Evidence, ...], rivals: tuple[str, ...]
) -> Estimate:
    found = told.log_ratio > 0.0
    return Estimate(
        name, told.value, told.deviation, "constant" if found else "none", None, told.log_ratio,
        facts if found else (), rivals, object,
    )  # fmt: skip


def number_of(name: str, value: float, spread: float, series: LoopSeries) -> Evidence:
    """The number itself, as a fact."""
    text = words.FACTOR if name in _LOGARITHMS else words.KELVIN
    if name in ("packer_bypass", "breakthrough"):
        said = words.SHARE.format(name=words.NAMES[name], value=f"{100 * value:.0f}",
                                  spread=f"{100 * spread:.0f}")  # fmt: skip
        return Evidence(said, 0.0, series.points)
    digits = ".2f" if name in _LOGARITHMS else "+.2f"
    said = text.format(name=words.NAMES[name], value=f"{value:{digits}}", spread=f"{spread:.2f}")
    return Evidence(said, 0.0, series.points)


def evidence_of(series: LoopSeries, expected: Floats, fitted: Floats) -> Evidence:
    """Measured and modelled temperature day by day, with and without the deviations."""
    day, measured = daily(series, series.fluid)
    _, design = daily(series, expected)
    _, after = daily(series, fitted)
    seen = np.isfinite(measured)
    text = words.REPLAY.format(
        before=f"{_rms(measured - design):.2f}", after=f"{_rms(measured - after):.2f}",
        days=int(seen.sum()),
    )  # fmt: skip
    figure = Figure(words.TITLE.format(source=series.source), "°C", words.DAY, day, measured,
                    design)  # fmt: skip
    return Evidence(text, 0.0, series.points, figure)


def residual_of(
    series: LoopSeries, expected: Floats, noise: float, parameters: tuple[str, ...]
) -> Residual:
    """Daily mean of what was measured less what the source as designed gives."""
    day, value = daily(series, series.fluid - expected)
    floor = usual_value("diagnosis.ground.residual_noise")
    return Residual(
        f"source.{series.source}.entering", words.RESIDUAL.format(source=series.source), "K",
        day, value, max(noise, floor), parameters,
    )  # fmt: skip


def daily(series: LoopSeries, value: Floats) -> tuple[NDArray[np.datetime64], Floats]:
    """Mean over the used hours of each day, nan where there are few.

    Returns
    -------
    day : datetime64[D], shape (d,)
    mean : shape (d,)
    """
    place = (series.day - series.day[0]).astype(np.int64)
    count = np.bincount(place, series.used)
    total = np.bincount(place, np.where(series.used, value, 0.0))
    mean = np.where(count >= 3.0, total / np.maximum(count, 1.0), np.nan)
    return series.day[0] + np.arange(len(count)), mean


def notes_of(case: Case, found: FieldFit) -> tuple[Text, ...]:
    """What was assumed."""
    series, notes = found.series, []
    if series.before > 0.05:
        share = 100.0 * usual_value("diagnosis.ground.history")
        notes.append(words.HISTORY.format(source=series.source, years=f"{series.before:.1f}",
                                          share=f"{share:.0f}"))  # fmt: skip
    elif not case.record.begun_known:
        notes.append(words.UNKNOWN_BEGIN.format(source=series.source))
    if found.flow != found.design_flow:
        share = 100.0 * found.flow / found.design_flow
        notes.append(words.AT_FLOW.format(source=series.source, share=f"{share:.0f}"))
    if series.heat_of == "units":
        notes.append(words.OTHER_HEAT.format(source=series.source))
    return tuple(notes)


def _rms(value: Floats) -> float:
    good = value[np.isfinite(value)]
    return float(np.sqrt(np.mean(good**2))) if len(good) else float("nan")


def _wells(case: Case, source: str) -> Judgement:
    """Wells: temperature at rest, short circuit within hours, breakthrough within days."""
    packers = case.site.sources[source].type in ("circulation_well", "standing_column_well")
    names = _WELL if packers else tuple(name for name in _WELL if name != "packer_bypass")
    try:
        found = well_fit(case, source)
    except InputError as error:
        return no_model(names, error)
    if found is None:
        return _not_judged(names, words.NO_SERIES, LOOP_POINTS)
    if found.fit is None:
        return _not_judged(names, words.FEW_HOURS, ())
    shown = evidence_of(found.series, found.expected, found.fitted)
    estimates = []
    for name in names:
        told = told_of(found.fit, name, found.series)
        if name != "undisturbed_temperature" and told.value <= 0.0:
            # Less return than none is no deviation.
            told = replace(told, value=0.0, log_ratio=min(told.log_ratio, -1.0))
        facts = (number_of(name, told.value, told.deviation, found.series), shown)
        estimates.append(_estimate(name, told, source_object(case, source), facts, told.rivals))
    residual = residual_of(found.series, found.expected, found.persistence.daily, names)
    silent = NotJudged("ground_conductivity", words.WELL_GROUND)
    return Judgement(tuple(estimates), (silent,), (residual,))
