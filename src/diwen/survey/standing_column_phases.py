"""Phases of a test on a standing column well, its water at rest, and the part to be evaluated.

The thermometers stand above ground: while the pump stands they tell the air. While water is bled
off, groundwater flows to the well. Neither is a line of heat, so both are left out of the series.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.rules import RulesOn
from diwen.sources.response_test.record import Floats, TestSeries
from diwen.survey.open_well_record import OpenWellRecord

# Engineering defaults of Diwen: shares of the usual flow below which the pump stands, of the usual
# heat below which the heater is off, and of the circulated flow below which nothing is bled.
_STILL, _COLD, _SEALED = 0.2, 0.1, 0.02
# A phase is no shorter, s; before and after the start of a bleed as much is compared.
SHORTEST, COMPARED = 900.0, 3600.0
# Holes in the record longer than this many usual steps belong to no phase.
_HOLE = 20.0

PHASES: dict[str, Text] = {
    "rest": Text("at rest, no circulation", "静止，无循环"),
    "recirculation": Text("recirculation without heating", "无加热循环"),
    "heating": Text("heating", "加热"),
    "recovery": Text("recovery, circulating", "恢复（循环）"),
    "interruption": Text("heating interrupted", "加热中断"),
    "recirculation with bleed": Text("recirculation with bleed", "无加热循环并排放"),
    "heating with bleed": Text("heating with bleed", "加热并排放"),
    "recovery with bleed": Text("recovery with bleed", "恢复（循环并排放）"),
}
_ENDS_AT_BLEED = Text(
    "what follows the start of the bleed, {hours:.1f} h after the heater, is not evaluated as a "
    "line of heat",
    "加热 {hours:.1f} h 后开始排放，其后的记录不按线热源分析",
)
_PUMP_STOOD = Text(
    "{count} records without circulation are left out: the thermometers then tell the air",
    "{count} 条无循环记录已略去：此时温度计反映的是空气温度",
)
_LOOK = Text("see the phases", "见各阶段划分")
_BLED_FROM_START = Text(
    "water was bled off from the start of heating: there is no phase for the line source",
    "自加热开始即有排放，没有可按线热源分析的阶段",
)
_WITHOUT_BLEED = Text("heat for two days without bleed first", "请先在无排放工况下加热两天")


@dataclass(frozen=True)
class Phase:
    """A stretch in which pump, heater and bleed did not change.

    Attributes
    ----------
    kind : key of :data:`PHASES`
    start, end : s since the start of heating
    records : in it
    heat_rate : mean, W
    flow, bleed : means, kg/s; NaN where not measured
    temperature_first, temperature_last : mean of the first and of the last hour, °C
    """

    kind: str
    start: float
    end: float
    records: int
    heat_rate: float
    flow: float
    bleed: float
    temperature_first: float
    temperature_last: float


@dataclass(frozen=True)
class WaterAtRest:
    """What the circulating water told of the ground before heating.

    Attributes
    ----------
    temperature : mean, °C
    standard_uncertainty : K; from the drift of the hourly means, as a rectangular distribution
    lowest, highest : hourly means, °C
    start, end : s since the start of heating
    heat_rate : mean heat that pump and air brought in meanwhile, W
    """

    temperature: float
    standard_uncertainty: float
    lowest: float
    highest: float
    start: float
    end: float
    heat_rate: float


def pumping(record: OpenWellRecord) -> NDArray[np.bool_]:
    """Records in which the water circulates, shape (n,); all where the flow is not measured."""
    if record.flow is None or not np.any(record.flow > 0):
        return np.ones(len(record.time), bool)
    return np.asarray(record.flow > _STILL * np.quantile(record.flow, 0.9))


def bleeding(record: OpenWellRecord) -> NDArray[np.bool_]:
    """Records in which water is bled off, shape (n,); none without a second meter."""
    none = np.zeros(len(record.time), bool)
    if record.bleed is None:
        return none
    if record.flow is None:
        usual = float(np.nanmax(record.bleed, initial=0.0))
    else:
        usual = float(np.median(record.flow[pumping(record)]))
    known = np.flatnonzero(np.isfinite(record.bleed))
    if not len(known):
        return none
    on = record.bleed[known] > max(_SEALED * usual, 1e-9)
    # What the meter missed between two readings with bleed was bled too.
    place = np.arange(len(record.time))
    before = np.clip(np.searchsorted(known, place, "right") - 1, 0, len(known) - 1)
    after = np.clip(np.searchsorted(known, place), 0, len(known) - 1)
    return np.asarray(on[before] & on[after])


def phases(record: OpenWellRecord) -> tuple[Phase, ...]:
    """Stretches of rest, recirculation, heating and recovery, each with or without bleed."""
    kinds = ("recirculation", "heating", "recovery")
    names = ("rest", *kinds, *(f"{kind} with bleed" for kind in kinds))
    hot = record.power > _COLD * np.quantile(record.power, 0.9)
    code = np.where(hot, 2, np.where(record.time < 0, 1, 3))
    code = np.where(bleeding(record), code + 3, code)
    code = np.where(pumping(record), code, 0)
    parts = [(names[code[a]], a, b) for a, b in runs(record.time, code) if b > a]
    heated = np.flatnonzero(hot)
    last = int(heated[-1]) if len(heated) else -1
    return tuple(
        _phase(record, "interruption" if kind == "recovery" and b <= last else kind, a, b)
        for kind, a, b in _joined(record.time, parts)
    )


def runs(time: Floats, code: NDArray[np.int_]) -> list[tuple[int, int]]:
    """Positions of stretches of one code without a hole in the record."""
    usual = float(np.median(np.diff(time))) if len(time) > 1 else 1.0
    cut = np.flatnonzero((np.diff(code) != 0) | (np.diff(time) > _HOLE * usual)) + 1
    return list(pairwise([0, *cut.tolist(), len(time)]))


def _joined(time: Floats, parts: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Short stretches join what came before them; equal neighbours become one."""
    found: list[tuple[str, int, int]] = []
    for kind, a, b in parts:
        short = time[b - 1] - time[a] < SHORTEST
        if found and (short or found[-1][0] == kind):
            found[-1] = (found[-1][0], found[-1][1], b)
        else:
            found.append((kind, a, b))
    return found


def _phase(record: OpenWellRecord, kind: str, a: int, b: int) -> Phase:
    part = slice(a, b)
    time, temperature = record.time[part], record.temperature[part]
    first, last = time <= time[0] + COMPARED, time >= time[-1] - COMPARED
    return Phase(
        str(kind), float(time[0]), float(time[-1]), b - a, float(record.power[part].mean()),
        _mean(record.flow, part), _mean(record.bleed, part),
        float(temperature[first].mean()), float(temperature[last].mean()),
    )  # fmt: skip


def _mean(values: Floats | None, part: slice) -> float:
    if values is None or not np.isfinite(values[part]).any():
        return math.nan
    return float(np.nanmean(values[part]))


def water_at_rest(record: OpenWellRecord, volume: float, book: RulesOn) -> WaterAtRest | None:
    """Undisturbed temperature from the recirculation; None where there is none long enough.

    Parameters
    ----------
    record : the whole record
    volume : of water in the well, m³
    book : rule ``well_test.logger.turnovers``: the water of the column must have turned over so
        often, before that each layer is read by itself
    """
    usable = (record.time < 0) & pumping(record) & ~bleeding(record)
    if not usable.any():
        return None
    wait = 0.0
    if record.flow is not None:
        turnovers = book.value("well_test.logger.turnovers")
        wait = turnovers * volume * 1000.0 / float(np.median(record.flow[usable]))
    begin = float(record.time[usable][0]) + wait
    usable &= record.time >= begin
    if not usable.any() or record.time[usable][-1] - begin < COMPARED:
        return None
    time, temperature = record.time[usable], record.temperature[usable]
    hour = ((time - begin) // COMPARED).astype(int)
    hourly = np.array([temperature[hour == one].mean() for one in np.unique(hour)])
    half = 0.5 * float(hourly.max() - hourly.min())
    return WaterAtRest(
        float(temperature.mean()), half / math.sqrt(3.0), float(hourly.min()),
        float(hourly.max()), float(time[0]), float(time[-1]), float(record.power[usable].mean()),
    )  # fmt: skip


def evaluated_series(
    name: str, series: TestSeries, record: OpenWellRecord
) -> tuple[TestSeries, list[Problem]]:
    """The part of a test that a line of heat may describe, and what was left out.

    Parameters
    ----------
    name : of the file
    series : from the start of heating on
    record : the whole record, its last records are those of the series

    Raises
    ------
    InputError : water was bled off from the start of heating on
    """
    notices = []
    after = record.time >= 0
    bled = bleeding(record)[after]
    count = len(bled)
    if bled.any():
        lasting = [
            a for a, b in runs(record.time[after], bled.astype(int))
            if bled[a] and record.time[after][b - 1] - record.time[after][a] >= SHORTEST
        ]  # fmt: skip
        count = lasting[0] if lasting else count
    if count < count_needed(series):
        raise InputError([Problem(name, "columns.bleed", _BLED_FROM_START, _WITHOUT_BLEED)])
    if count < len(bled):
        hours = float(series.time[count]) / 3600
        notices.append(notice(name, _ENDS_AT_BLEED.format(hours=hours), _LOOK))
    keep = (np.arange(series.count) < count) & pumping(record)[after]
    stood = int(count - keep.sum())
    if stood:
        notices.append(notice(name, _PUMP_STOOD.format(count=stood), _LOOK))
    return _kept(series, keep), notices


def count_needed(series: TestSeries) -> int:
    """Records of the first six hours: less heating without bleed tells nothing."""
    return int(np.searchsorted(series.time, 6 * 3600.0)) if series.end > 6 * 3600 else 3


def _kept(series: TestSeries, keep: NDArray[np.bool_]) -> TestSeries:
    names = ("time", "power", "fluid_temperature", "inlet", "outlet", "flow", "ambient")
    columns = {name: getattr(series, name) for name in names}
    return replace(series, **{k: v[keep] for k, v in columns.items() if v is not None})


def notice(name: str, message: Text, cure: Text) -> Problem:
    """A warning on a file."""
    return Problem(name, "", message, cure, severity="warning")
