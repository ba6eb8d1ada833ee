"""Capacity of the units: a plateau at full load, and how large they are for what they serve."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import (
    Case,
    Estimate,
    Evidence,
    Figure,
    Floats,
    Judgement,
    NotJudged,
)
from diwen.diagnosis.inference.bayes_factor import log_bayes_factor
from diwen.diagnosis.machines.daily_index import points_of
from diwen.diagnosis.machines.meter_closure import best_heat
from diwen.diagnosis.machines.units_at_work import UnitsAtWork, machine_of
from diwen.language import Text
from diwen.site.usual_values import usual_value

Mask = NDArray[np.bool_]
_CAPACITY = "unit_capacity"
_PLATEAU = Text(
    "{hours} h at a plateau of {share} % of the capacity that the maps give at the same "
    "temperatures: there the units are at full load",
    "有 {hours} h 停留在样本容量的 {share} % 处（同温度），即机组满负荷平台",
)
_BEYOND = Text(
    "heat reaches {share} % of the capacity that the maps give at the same temperatures",
    "供热（冷）量达同温度样本容量的 {share} %",
)
_UNITS = Text("units", "机组")
_RATIO = Text(
    "load ratio of the units: median {median} %, below {low} % in {hours} % of the hours of "
    "running, largest {most} %; {starts} starts a day of operation",
    "机组负荷率：中位数 {median} %，{hours} % 的运行小时低于 {low} %，最大 {most} %；"
    "运行日均启动 {starts} 次",
)
_NEVER = Text(
    "the units were never seen at full load (largest load ratio {most} %): what they could give at "
    "most is not known",
    "机组从未达到满负荷（最大负荷率 {most} %），无法判断其最大出力",
)
_LARGE = Text(
    "the units are large for what they serve: {ratio}",
    "机组容量相对负荷偏大：{ratio}",
)
_HISTOGRAM = Text("hours of running by load ratio", "按负荷率统计的运行小时")
_LOAD_RATIO = Text("load ratio, %", "负荷率，%")


def judge_capacity(case: Case, work: UnitsAtWork) -> Judgement:
    """Capacity at full load against the maps, and the load ratios as evidence."""
    factor, error = best_heat(case, work)
    load_ratio = factor * _load_ratio(work)
    known = np.isfinite(load_ratio)
    if known.sum() < usual_value("diagnosis.machines.saturation_hours"):
        return Judgement()
    evidence = load_ratio_evidence(case, work, load_ratio)
    most = float(np.quantile(load_ratio[known], 0.99))
    plateau = full_load(case, work, load_ratio)
    if plateau is not None or most > 1.0 + 2.0 * np.hypot(error, _tolerance()):
        return Judgement((_at_full_load(work, plateau, most, evidence, error),))
    reason = _NEVER.format(most=f"{100 * most:.0f}")
    estimate = _light(load_ratio, evidence, work)
    if estimate is None:
        return Judgement(not_judged=(NotJudged(_CAPACITY, reason),))
    return Judgement((estimate,), notes=(_LARGE.format(ratio=evidence.text),))


def _tolerance() -> float:
    return usual_value("diagnosis.machines.capacity_tolerance")


def _load_ratio(work: UnitsAtWork) -> Floats:
    """Heat of all groups over their capacity, shape (n,)."""
    heat, able = np.zeros(len(work.heat)), np.zeros(len(work.heat))
    for group in work.groups.values():
        heat = heat + group.heat
        own = np.divide(group.heat, group.load_ratio, out=np.full(len(heat), np.nan),
                        where=group.load_ratio > 0.0)  # fmt: skip
        usual = float(np.nanmedian(own)) if np.isfinite(own).any() else np.nan
        able = able + np.where(np.isfinite(own), own, usual)
    return np.asarray(heat / able)


def full_load(case: Case, work: UnitsAtWork, load_ratio: Floats) -> tuple[float, int] | None:
    """Load ratio at which hours pile up because the units give no more, and how many hours.

    A load that has a ceiling piles up too: rooms that are not held, a back-up that helps, or heat
    that follows what the maps give and not a fixed amount tell that it is the units.
    """
    plateau = plateau_of(load_ratio)
    if plateau is None:
        return _beside_backup(case, load_ratio)
    level, _, at_level = plateau
    wanting = _wanting(case, work)
    if wanting is not None:
        often, else_often = wanting[at_level].mean(), wanting[~at_level].mean()
        held = bool(often > 0.3 and often > 3.0 * else_often)
    else:
        held = _pile(load_ratio) > 1.2 * _pile(np.where(np.isfinite(load_ratio), work.heat, np.nan))
    return (level, int(at_level.sum())) if held else None


def _beside_backup(case: Case, load_ratio: Floats) -> tuple[float, int] | None:
    """Load ratio in hours in which a back-up helps: units that fall short give what they can."""
    helps = np.zeros(len(load_ratio), bool)
    for machine in case.record.backups.values():
        channel = machine.fuel or machine.power
        if channel is not None and channel.valid.any():
            helps |= channel.value > 0.02 * float(np.nanmax(channel.value)) + 1.0
    there = load_ratio[helps & np.isfinite(load_ratio)]
    if there.size < usual_value("diagnosis.machines.saturation_hours"):
        return None
    low, level, high = np.quantile(there, [0.25, 0.5, 0.75])
    band = 3.0 * usual_value("diagnosis.machines.saturation_band")
    return (float(level), int(there.size)) if high - low < band * level else None


def plateau_of(load_ratio: Floats) -> tuple[float, int, Mask] | None:
    """Level of the uppermost pile of hours, hours in it, and which; None: nowhere.

    A band at the upper end holds far more hours than the band of the same width below it.
    """
    known = load_ratio[np.isfinite(load_ratio)]
    fewest = usual_value("diagnosis.machines.saturation_hours")
    if known.size < 4 * fewest:
        return None
    band = usual_value("diagnosis.machines.saturation_band")
    top = float(np.quantile(known, 0.999))
    edges = top * (1.0 - 3.0 * band * np.arange(4))
    in_band = [int(((known > edges[i + 1]) & (known <= edges[i])).sum()) for i in range(3)]
    inside = in_band[0] + in_band[1]
    excess = usual_value("diagnosis.machines.saturation_excess")
    if inside < fewest or inside < excess * 2.0 * max(in_band[2], 1):
        return None
    at_level = np.isfinite(load_ratio) & (load_ratio > edges[2])
    return float(np.median(load_ratio[at_level])), inside, at_level


def _pile(values: Floats) -> float:
    """Share of the hours within 3 % of the most frequent value of the upper half."""
    known = values[np.isfinite(values) & (values > 0.0)]
    top = float(np.quantile(known, 0.999))
    return max(
        float((np.abs(known / top - level) < 0.03).mean()) for level in np.arange(0.7, 1.0, 0.01)
    )


def _wanting(case: Case, work: UnitsAtWork) -> Mask | None:
    """Hours in which rooms are not held or a back-up helps; None: neither is seen."""
    assert case.inputs is not None
    record, seen = case.record, False
    found = np.zeros(len(record), bool)
    rooms = [loop.room for loop in case.inputs.station.load_loops if loop.room is not None]
    warm = [loop.room.setpoint for loop in case.inputs.station.load_loops
            if loop.room is not None and loop.kind == "heat"]  # fmt: skip
    cold = [loop.room.setpoint for loop in case.inputs.station.load_loops
            if loop.room is not None and loop.kind == "cold"]  # fmt: skip
    short = usual_value("diagnosis.machines.room_short")
    if rooms:
        for channel in record.rooms.values():
            seen = True
            if warm:
                found |= ~work.cooling & (channel.value < min(warm) - short)
            if cold:
                found |= work.cooling & (channel.value > max(cold) + short)
    for machine in record.backups.values():
        channel_ = machine.fuel or machine.power
        if channel_ is not None and channel_.valid.any():
            seen = True
            found |= channel_.value > 0.02 * float(np.nanmax(channel_.value)) + 1.0
    return found if seen else None


def _at_full_load(
    work: UnitsAtWork,
    plateau: tuple[float, int] | None,
    most: float,
    evidence: Evidence,
    error: float,
) -> Estimate:
    share = most if plateau is None else plateau[0]
    tolerance = usual_value("diagnosis.machines.capacity_tolerance")
    spread = usual_value("diagnosis.machines.capacity_spread")
    ratio = log_bayes_factor(share - 1.0, error, tolerance, spread)
    shown = f"{100 * share:.0f}"
    text = (
        _BEYOND.format(share=shown) if plateau is None
        else _PLATEAU.format(share=shown, hours=f"{plateau[1]}")
    )  # fmt: skip
    points = points_of(work.meters)
    sensors = tuple(f"sensor:{id}" for id in points)
    uncertainty = float(np.hypot(error, 0.5 * tolerance)) + (0.1 if plateau is None else 0.0)
    facts = (Evidence(text, 0.0, points), evidence)
    return Estimate(_CAPACITY, share, uncertainty, "constant", None, ratio, facts, sensors)


def _light(load_ratio: Floats, evidence: Evidence, work: UnitsAtWork) -> Estimate | None:
    """Units that are never even near full load: too large, or the load is small."""
    running = load_ratio[np.isfinite(load_ratio)]
    most = float(np.quantile(running, 0.999))
    low = usual_value("diagnosis.machines.part_load_low")
    share = float(np.mean(running < low))
    if most > 0.6 or share < usual_value("diagnosis.machines.part_load_hours"):
        return None
    # Which of the two is not told here: the load against the one designed for tells.
    return Estimate(
        _CAPACITY, 1.0 / max(most, 0.2), 0.5 / max(most, 0.2), "constant", None,
        -math.log(2.0), (evidence,), ("load_factor",),
    )  # fmt: skip


def load_ratio_evidence(case: Case, work: UnitsAtWork, load_ratio: Floats) -> Evidence:
    """Histogram of the load ratio, and starts."""
    running = load_ratio[np.isfinite(load_ratio)]
    low = usual_value("diagnosis.machines.part_load_low")
    starts = _starts_per_day(case, work)
    text = _RATIO.format(
        median=f"{100 * np.median(running):.0f}", low=f"{100 * low:.0f}",
        hours=f"{100 * np.mean(running < low):.0f}",
        most=f"{100 * np.quantile(running, 0.999):.0f}",
        starts="–" if math.isnan(starts) else f"{starts:.1f}",
    )  # fmt: skip
    edges = np.arange(0.0, 1.3, 0.1)
    count = np.histogram(running, np.append(edges, np.inf))[0].astype(float)
    figure = Figure(
        _HISTOGRAM, "h", _LOAD_RATIO, np.round(100.0 * (edges + 0.05)), count,
        np.full(len(edges), np.nan),
    )  # fmt: skip
    return Evidence(text, 0.0, points_of(work.meters), figure)


def _starts_per_day(case: Case, work: UnitsAtWork) -> float:
    total, known = np.zeros(len(case.record)), False
    for id in work.groups:
        machine = machine_of(case.record, id)
        if machine is not None and machine.starts is not None:
            total, known = total + np.nan_to_num(machine.starts.value), True
    days = len(np.unique(case.record.day[total > 0.0])) if known else 0
    return float(total.sum() / days) if days else math.nan
