"""Do units hunt: do they start much more often than the design's dead bands let them?

The design twin is run at the interval at which states are recorded and its starts are counted as a
recorder would see them. At an interval at which a narrower dead band would not show, nothing is
said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from diwen.diagnosis.finding import (
    Case,
    Estimate,
    Evidence,
    Figure,
    Floats,
    Judgement,
    NotJudged,
    Residual,
)
from diwen.diagnosis.inference.time_signature import fit_shape
from diwen.diagnosis.operation.days import Mask, scatter
from diwen.diagnosis.operation.design_loads import design_hours, record_days
from diwen.diagnosis.operation.load_judgement import lasting
from diwen.language import Text
from diwen.site.usual_values import usual_value

_NO_TWIN = Text(
    "the site has no design twin to compare starts with", "项目没有可比较启停次数的设计孪生"
)
_TOO_COARSE = Text(
    "states every {step} s do not show hunting; record them every 5 min or more often",
    "运行状态每 {step} s 记录一次，看不出频繁启停；请改为 5 min 或更短",
)
_NO_STARTS = Text("the starts of the units are not recorded", "缺少机组启停记录")
_NOT_SEEN = Text(
    "by the design twin a narrower dead band would not show at this interval ({step} s)",
    "按设计孪生，该采样周期（{step} s）下死区变窄不会显现",
)
_FACT = Text(
    "{measured} starts a day of {units} against {expected} of the design twin at the same interval",
    "{units} 每天启动 {measured} 次，设计孪生在相同采样周期下为 {expected} 次",
)
_FIGURE = Text("starts a day", "每日启动次数")
_DAY = Text("day", "日期")
_RESIDUAL = Text(
    "logarithm of starts over those of the design twin", "启停次数与设计孪生之比的自然对数"
)
_BANDS = (0.1, 0.3, 1.0)


@dataclass(frozen=True, eq=False)
class DesignStarts:
    """Starts of the design twin as they would be recorded.

    Attributes
    ----------
    by_day : of the typical year from 1 January at each of :data:`_BANDS`, nan where not run, shape
        (3, 365)
    """

    by_day: Floats

    @property
    def sensitive(self) -> Mask:
        """Days on which a narrow dead band shows, shape (365,)."""
        with np.errstate(invalid="ignore"):
            log = np.log((self.by_day[0] + 1.0) / (self.by_day[-1] + 1.0))
        return np.asarray(log > usual_value("diagnosis.starts.sensitivity"))

    @property
    def over_band(self) -> Floats:
        """Mean starts a day over the bands, of the days on which they matter, shape (3,)."""
        days = self.by_day[:, self.sensitive]
        return np.asarray(days.mean(axis=1)) if days.size else np.nanmean(self.by_day, axis=1)


def judge_hunting(case: Case) -> Judgement:
    """Dead band, by the starts of the units."""
    if case.inputs is None:
        return Judgement(not_judged=(NotJudged("dead_band", _NO_TWIN),))
    record = case.record
    known = {id: one.starts for id, one in record.units.items() if one.starts is not None}
    if not known:
        return Judgement(not_judged=(NotJudged("dead_band", _NO_STARTS, ("ST",)),))
    step = f"{record.step:g}"
    if record.step > usual_value("diagnosis.starts.interval"):
        reason = _TOO_COARSE.format(step=step)
        return Judgement(not_judged=(NotJudged("dead_band", reason, ("ST 5 min",)),))
    design = _design_starts(case, tuple(known))
    days = record_days(case)
    every = np.ones(len(record), bool)
    measured = np.sum([24.0 * days.mean(one.value, every, 18) for one in known.values()], axis=0)
    of_day = np.zeros(len(days.day), int)
    of_day[days.of_hour] = design_hours(case) // 24
    expected = design.by_day[-1][of_day]
    many = measured > 3.0 * expected + usual_value("diagnosis.starts.many")
    busy = np.isfinite(measured) & np.isfinite(expected) & (design.sensitive[of_day] | many)
    log = np.where(busy, np.log((measured + 1.0) / (expected + 1.0)), np.nan)
    seen = math.log((design.over_band[0] + 1.0) / (design.over_band[-1] + 1.0))
    few = busy.sum() < usual_value("diagnosis.load.least_days")
    quiet = few or abs(float(np.nanmedian(log))) < 2.0 * usual_value("diagnosis.starts.tolerance")
    if (few or seen < usual_value("diagnosis.starts.sensitivity")) and quiet:
        reason = _NOT_SEEN.format(step=step)
        return Judgement(not_judged=(NotJudged("dead_band", reason, ("ST 5 min",)),))
    return _judged(case, log, measured, expected, design, tuple(known))


def _judged(
    case: Case, log: Floats, measured: Floats, expected: Floats, design: DesignStarts,
    units: tuple[str, ...],
) -> Judgement:  # fmt: skip
    days = record_days(case)
    noise = scatter(log)
    noise = max(noise if math.isfinite(noise) else 0.3, 0.1)
    fit = fit_shape(
        days.day, log, noise=noise, systematic=usual_value("diagnosis.starts.systematic"),
        tolerance=usual_value("diagnosis.starts.tolerance"),
        spread=usual_value("diagnosis.starts.spread"),
        growth_spread=usual_value("diagnosis.starts.spread"),
        begun=case.record.begun, shapes=("constant", "step"),
    )  # fmt: skip
    value, deviation = _band(fit.value, fit.deviation, design)
    known = np.isfinite(log)
    text = _FACT.format(
        measured=f"{np.mean(measured[known]):.1f}", expected=f"{np.mean(expected[known]):.1f}",
        units=", ".join(units),
    )  # fmt: skip
    points = tuple(
        point
        for id in units
        if (one := case.record.units[id].starts) is not None
        for point in one.points
    )
    fact = Evidence(text, 0.0, points, Figure(_FIGURE, "1/d", _DAY, days.day, measured, expected))
    estimate = Estimate(
        "dead_band", value, deviation, fit.shape, fit.since, lasting(case, fit), (fact,),
        family="commissioning" if fit.since is None else "operation",
        since_low=fit.since_low, since_high=fit.since_high, until=fit.until,
    )  # fmt: skip
    residual = Residual("plant.starts", _RESIDUAL, "", days.day, log, noise, ("dead_band",))
    return Judgement((estimate,), (), (residual,))


def _band(log: float, deviation: float, design: DesignStarts) -> tuple[float, float]:
    """Factor of the dead band at which the design twin starts as often, and its uncertainty."""
    starts = np.log(design.over_band + 1.0)[::-1]  # over falling bands
    bands = np.log(np.array(_BANDS))[::-1]
    if np.ptp(starts) < usual_value("diagnosis.starts.sensitivity"):
        return math.exp(-log), math.exp(-log) * max(deviation, 0.5)
    rising = np.maximum.accumulate(starts + 1e-9 * np.arange(len(starts)))
    slope = (bands[-1] - bands[0]) / (rising[-1] - rising[0])
    at = starts[0] + log
    found = bands[0] + slope * log if log < 0.0 else float(np.interp(at, rising, bands))
    value = math.exp(max(min(found, math.log(10.0)), math.log(0.05)))
    return value, value * max(abs(slope) * deviation, 0.1)


def _design_starts(case: Case, units: tuple[str, ...]) -> DesignStarts:
    """Starts of the design twin at the interval of the record, a year or what is affordable."""
    key = "operation.design_starts"
    if key not in case.memory:
        assert case.inputs is not None
        most = int(usual_value("diagnosis.starts.sample"))
        per_day = round(86400.0 / case.record.step)
        days = min(365, most // per_day)
        by_day = np.full((len(_BANDS), 365), np.nan)
        for place, band in enumerate(_BANDS):
            by_day[place, :days] = _count(case, units, band, days)
        case.memory[key] = DesignStarts(by_day)
    return case.memory[key]  # type: ignore[return-value]


def _count(case: Case, units: tuple[str, ...], band: float, days: int) -> Floats:
    """Starts a day of the twin with dead bands by a factor, shape (days,)."""
    from diwen.twin.deviations_plant import dead_band
    from diwen.twin.run import simulate
    from diwen.twin.site_simulation_inputs import with_steps

    assert case.inputs is not None
    step = case.record.step
    per_hour = round(3600.0 / step)
    inputs = dead_band(case.inputs, band) if band != 1.0 else case.inputs
    hours = days * 24
    loads = {name: np.repeat(load[:hours], per_hour) for name, load in inputs.loads.items()}
    station = _cut(inputs.station, hours, per_hour)
    sources = {name: _cut_source(with_steps(model, 1, per_hour), hours * per_hour)
               for name, model in inputs.sources.items()}  # fmt: skip
    run = simulate(station, sources, loads, np.repeat(inputs.outdoor[:hours], per_hour),
                   step=step, keep="all")  # fmt: skip
    total = np.zeros(days)
    courses: Mapping = run.course.units
    for name in units:
        if name in courses:
            on = courses[name].running > 0.0
            started = np.concatenate([[False], on[1:] & ~on[:-1]])
            total += started.reshape(days, -1).sum(axis=1)
    return total


def _cut(station, hours: int, per_hour: int):  # type: ignore[no-untyped-def]
    """A station whose values per hour stand on the steps of a stretch from 1 January."""

    def on_steps(value):  # type: ignore[no-untyped-def]
        if value is None or np.ndim(value) == 0:
            return value
        return np.repeat(np.asarray(value)[:hours], per_hour)

    recharges = tuple(
        replace(one, at_zero=on_steps(one.at_zero), allowed=on_steps(one.allowed))
        for one in station.recharges
    )
    units = tuple(replace(one, recharge_allowed=on_steps(one.recharge_allowed))
                  for one in station.units)  # fmt: skip
    return replace(station, recharges=recharges, units=units)


def _cut_source(model, steps: int):  # type: ignore[no-untyped-def]
    """A source whose values per step are those of a stretch from the first."""

    def cut(value):  # type: ignore[no-untyped-def]
        return value if value is None or np.ndim(value) == 0 else np.asarray(value)[:steps]

    limits = replace(
        model.limits, largest_extraction=cut(model.limits.largest_extraction),
        largest_injection=cut(model.limits.largest_injection),
    )  # fmt: skip
    return replace(
        model, undisturbed_temperature=cut(model.undisturbed_temperature),
        resistance=cut(model.resistance), flow_shares=cut(model.flow_shares), limits=limits,
        at_flow=None,
    )  # fmt: skip
