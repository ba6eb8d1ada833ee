"""What a standing column well tells besides the line source: whole record, recovery, bleed.

An open well is no line of heat: water moves in it, and with a bleed through the rock too. The line
source describes it only effectively, and only while nothing is bled off; so the series that is
evaluated ends where the bleed begins, and leaves out the time in which the pump stands, because
the thermometers above ground then tell the air.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.rules import RulesOn
from diwen.sources.response_test.evaluation import Evaluation
from diwen.sources.response_test.line_source_fit import heating_end
from diwen.sources.response_test.record import Floats, TestedBorehole, TestSeries
from diwen.sources.response_test.recovery import has_recovery
from diwen.sources.response_test.superposition_cells import averaged_cells
from diwen.sources.response_test.superposition_fit import (
    SuperpositionFit,
    fit_superposition,
    line_source_response,
)
from diwen.sources.response_test.uncertainty import Budget, Contribution
from diwen.survey.logger_check import LoggerCheck, check_logger
from diwen.survey.open_well_record import OpenWellRecord
from diwen.survey.standing_column_phases import (
    COMPARED,
    SHORTEST,
    Phase,
    bleeding,
    notice,
    phases,
    pumping,
    runs,
)

EFFECTIVE = Text(
    "an open well is no line of heat: the line source describes it only effectively; the value "
    "holds for this flow and this depth, without bleed",
    "立柱井并非线热源：线热源模型仅为等效描述，所得数值仅适用于本试验的流量与井深且无排放的工况",
)
_NO_GUESS = Text(
    "nothing is said of groundwater flow: temperatures alone do not show it",
    "对地下水流动不作判断：仅凭温度无法判定",
)
_IN_AIR = Text(
    "{name}: {count} readings were taken in air and are left out ({stretches})",
    "{name}：{count} 条读数记录仪露出水面，已剔除（{stretches}）",
)
_STRETCH = Text(
    "{start} to {end}: {reading:.2f} m, up to {hottest:.1f} °C",
    "{start} 至 {end}：{reading:.2f} m，最高 {hottest:.1f} °C",
)
_MOVED = Text(
    "{name}: {count} readings while it was being moved are left out",
    "{name}：移动记录仪期间的 {count} 条读数已剔除",
)
_LEAVE_IT = Text("leave the loggers in the water until the test ends", "试验结束前请勿提出记录仪")
_RECIRCULATED = Text("heat of the recirculation before heating", "加热前循环阶段的热量")
LOGGERS = {
    "well_level": Text("logger in the well", "井内记录仪"),
    "other_level": Text("logger in the well that takes the bleed", "排放水回灌井记录仪"),
}


@dataclass(frozen=True)
class BleedAnswer:
    """How the well answered to one stretch of bleeding.

    Attributes
    ----------
    start, end : s since the start of heating
    ratio : bled over circulated flow
    temperature_change : measured minus what the well without bleed would have shown, at the end of
        the stretch against before it, K
    standard_uncertainty : of it, K, from the misfit of the model before
    level_changes : of each logger, m, last hour against the hour before; only where it stands
        out from the noise
    """

    start: float
    end: float
    ratio: float
    temperature_change: float
    standard_uncertainty: float
    level_changes: dict[str, float]


@dataclass(frozen=True, eq=False)
class StandingColumn:
    """All that a test on a standing column well says besides the line source.

    Attributes
    ----------
    phases : in order of time
    loggers : what was left out of each
    whole : superposition from the start of circulation on, with the heat of the recirculation
        counted and T_0 found too; None where that is not possible
    recovery : the cooling after the heater, the same way, with that T_0; None without one
    bleeds : one for each stretch of bleeding that the model reaches
    """

    phases: tuple[Phase, ...]
    loggers: tuple[LoggerCheck, ...]
    whole: SuperpositionFit | None
    recovery: SuperpositionFit | None
    bleeds: tuple[BleedAnswer, ...]


def findings(
    record: OpenWellRecord, series: TestSeries, borehole: TestedBorehole, book: RulesOn
) -> StandingColumn:
    """Phases, loggers, the superposition from the start of circulation, answers to the bleed.

    Parameters
    ----------
    record : the whole record
    series : the part evaluated as a line of heat
    borehole : the well
    book : rules
    """
    loggers = tuple(
        check_logger(
            role, record.time, level,
            record.logger_temperatures.get(role.replace("level", "temperature")), book,
        )
        for role, level in record.levels.items()
    )  # fmt: skip
    whole = _whole(record, series, borehole)
    bleeds = () if whole is None else tuple(_bleeds(record, borehole, whole, loggers))
    recovery = None if whole is None else _recovery(record, series, borehole, whole)
    return StandingColumn(phases(record), loggers, whole, recovery, bleeds)


def logger_notices(name: str, found: StandingColumn, series: TestSeries) -> list[Problem]:
    """What was left out of the loggers' readings, with count and times."""
    notices = []
    for logger in found.loggers:
        words = LOGGERS[logger.role]
        if logger.stretches:
            parts = [
                _STRETCH.format(start=series.moment(one.start), end=series.moment(one.end),
                                reading=one.reading, hottest=one.hottest)
                for one in logger.stretches[:5]
            ]  # fmt: skip
            listed = Text("; ".join(p.en for p in parts), "；".join(p.zh for p in parts))
            message = _IN_AIR.format(name=words, count=int(logger.in_air.sum()), stretches=listed)
            notices.append(notice(name, message, _LEAVE_IT))
        if logger.moved.any():
            message = _MOVED.format(name=words, count=int(logger.moved.sum()))
            notices.append(notice(name, message, _LEAVE_IT))
    return notices


def words_of_caution() -> tuple[Text, ...]:
    """What goes with every value from an open well."""
    return EFFECTIVE, _NO_GUESS


def _from_circulation(record: OpenWellRecord, until: float) -> tuple[TestSeries, float] | None:
    """The records with circulation up to a time, counted from the start of circulation."""
    flowing = pumping(record) & (record.time <= until)
    if not flowing.any():
        return None
    begin = float(record.time[np.argmax(flowing)])
    if begin >= 0:
        return None
    series = TestSeries.of(
        record.time[flowing] - begin, record.power[flowing], record.temperature[flowing]
    )
    return series, begin


def _whole(
    record: OpenWellRecord, series: TestSeries, borehole: TestedBorehole
) -> SuperpositionFit | None:
    """λ, R_b and T_0 at once, the heat of the recirculation included."""
    made = _from_circulation(record, series.end)
    if made is None:
        return None
    try:
        return fit_superposition(made[0], borehole, fit_undisturbed=True)
    except InputError:
        return None


def _recovery(
    record: OpenWellRecord, series: TestSeries, borehole: TestedBorehole, whole: SuperpositionFit
) -> SuperpositionFit | None:
    """λ from the cooling after the heater, free of R_b; None without a recovery with circulation.

    The warmth that the recirculation left in the ground before heating is counted, and T_0 is that
    of the whole record: a warmer T_0 would make the well seem to cool faster.
    """
    made = _from_circulation(record, series.end)
    if made is None or not has_recovery(series):
        return None
    flowing, begin = made
    start = heating_end(series) - begin + whole.settling
    tested = replace(borehole, undisturbed_temperature=whole.undisturbed_temperature)
    try:
        return fit_superposition(flowing, tested, start=start, settling=0.0, fit_resistance=False)
    except InputError:
        return None


def with_recirculation(found: Evaluation, standing: StandingColumn) -> Evaluation:
    """The evaluation with the recirculation in its uncertainty.

    A test is read from the start of heating on, from the temperature that the water had then. The
    heat that pump and air brought in before is left out of that; the fit from the start of
    circulation counts it, and the difference of both is taken as the half-width of a rectangular
    distribution (GUM, 4.3.7).
    """
    whole, budget = standing.whole, found.budget
    found = replace(found, recovery=None)
    if whole is None or budget is None:
        return found
    apart = np.array(
        [whole.conductivity - found.conductivity, whole.resistance - found.resistance]
    ) / math.sqrt(3.0)
    spread = np.outer(apart, apart)
    line = Contribution(_RECIRCULATED, math.nan, "", abs(apart[0]), abs(apart[1]), spread)
    covariance = budget.covariance + spread
    budget = Budget(
        (*budget.contributions, line), covariance, *np.sqrt(np.diag(covariance)).tolist()
    )
    return replace(found, budget=budget, covariance=covariance)


def _bleeds(
    record: OpenWellRecord,
    borehole: TestedBorehole,
    whole: SuperpositionFit,
    loggers: tuple[LoggerCheck, ...],
) -> list[BleedAnswer]:
    """Every stretch of bleeding against the model without bleed."""
    made = _from_circulation(record, math.inf)
    if made is None:
        return []
    series, begin = made
    cells = averaged_cells(series, borehole.length, gap="mean")
    ground, _ = cells.respond(line_source_response(borehole)(whole.conductivity))
    model = whole.undisturbed_temperature + ground + cells.heat_rate * whole.resistance
    rest = cells.temperature - model
    time = cells.time + begin
    bled, found = bleeding(record), []
    for a, b in runs(record.time, bled.astype(int)):
        start, end = float(record.time[a]), float(record.time[b - 1])
        if not bled[a] or end - start < SHORTEST:
            continue
        before = (time < start) & (time >= start - COMPARED) & np.isfinite(rest)
        last = (time <= end) & (time >= max(end - COMPARED, start)) & np.isfinite(rest)
        if not before.any() or not last.any():
            continue
        ratio = math.nan
        if record.bleed is not None and record.flow is not None:
            ratio = float(np.nanmean(record.bleed[a:b]) / record.flow[a:b].mean())
        found.append(
            BleedAnswer(
                start, end, ratio, float(rest[last].mean() - rest[before].mean()),
                math.sqrt(2.0) * whole.rms, _level_changes(record.time, loggers, start, end),
            )
        )  # fmt: skip
    return found


def _level_changes(
    time: Floats, loggers: tuple[LoggerCheck, ...], start: float, end: float
) -> dict[str, float]:
    """Change of each logger's level, m, where it is more than three times the noise."""
    changes = {}
    for logger in loggers:
        level = logger.sound
        before = level[(time < start) & (time >= start - COMPARED) & np.isfinite(level)]
        last = level[(time <= end) & (time >= end - COMPARED) & np.isfinite(level)]
        if len(before) < 5 or len(last) < 5:
            continue
        noise = 1.4826 * float(np.median(np.abs(before - np.median(before))))
        change = float(np.median(last) - np.median(before))
        if abs(change) > 3 * max(noise, 1e-3):
            changes[logger.role] = change
    return changes
