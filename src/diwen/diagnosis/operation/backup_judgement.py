"""Does a back-up work when it is not needed?

Fuel or electricity in hours in which the design leaves the back-up off (above its bivalent
temperature, or with units far from full load, or out of season) gives heat that nobody asked for:
it leaks into the source loop through a valve that does not close, or the controls call it. It warms
the source, so that it must not be read as a better balance of the ground.
"""

from __future__ import annotations

import math

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
from diwen.diagnosis.operation.capacity_judgement import full_load_share
from diwen.diagnosis.operation.days import Mask, scatter
from diwen.diagnosis.operation.design_loads import (
    circuit_loads,
    design_hours,
    energy_of,
    record_days,
)
from diwen.diagnosis.operation.load_judgement import lasting
from diwen.language import Text
from diwen.plant.station import AIR, Backup
from diwen.site.usual_values import usual_value

_NO_METER = Text("neither fuel nor electricity of the back-up {id} is metered",
                 "辅助热源 {id} 的燃料或电量未计量")  # fmt: skip
_NO_HOURS = Text("it cannot be said when the back-up {id} is not needed",
                 "无法判断辅助热源 {id} 何时不需要运行")  # fmt: skip
_FACT = Text(
    "{id}: in {hours} h in which the design leaves it off (warmer than {limit}, or units below "
    "full load) it gave {energy} MWh of heat, {share} % of its capacity; in the other {others} h "
    "{needed} MWh",
    "{id}：在设计不需运行的 {hours} 小时（室外高于 {limit} 或机组未满负荷）供热 {energy} MWh，"
    "为其容量的 {share} %；其余 {others} 小时供热 {needed} MWh",
)
_ALWAYS = Text("its bivalent temperature", "其双温点")
_FIGURE = Text("heat of {id} in hours in which it is not needed, share of its capacity",
               "{id} 不需运行时的供热（占容量比例）")  # fmt: skip
_DAY = Text("day", "日期")
_RESIDUAL = Text("heat of the back-up when it is not needed, share of its capacity",
                 "辅助热源不需运行时的供热（占容量比例）")  # fmt: skip


def judge_backups(case: Case) -> Judgement:
    """Every back-up of the plant."""
    if case.inputs is None:
        return Judgement()
    estimates, unjudged, residuals = [], [], []
    for backup in case.inputs.station.backups:
        machine = case.record.backups.get(backup.name)
        energy = None if machine is None else energy_of(machine)
        if energy is None:
            missing = ("EA",) if backup.fuel == "electricity" else ("G",)
            reason = _NO_METER.format(id=backup.name)
            unjudged.append(NotJudged("backup_leak", reason, missing))
            continue
        share = backup.efficiency * energy.value / backup.capacity
        idle = not_needed(case, backup)
        if (idle & np.isfinite(share)).sum() < 200:
            reason = _NO_HOURS.format(id=backup.name)
            unjudged.append(NotJudged("backup_leak", reason, ("TO", "TU1", "FU")))
            continue
        estimate, residual = _judge(case, backup, share, idle, energy.points)
        estimates.append(estimate)
        residuals.append(residual)
    return Judgement(tuple(estimates), tuple(unjudged), tuple(residuals))


def not_needed(case: Case, backup: Backup) -> Mask:
    """Hours in which the design leaves a back-up off though the plant runs, shape (n,)."""
    record = case.record
    n = len(record)
    loads = [one for one in circuit_loads(case) if backup.serves in one.loops]
    season = np.zeros(n, bool)
    for load in loads:
        season |= load.season[design_hours(case) // 24] > 0.0
    out_of_season = ~season if loads else np.zeros(n, bool)
    warm = np.zeros(n, bool)
    if record.outdoor is not None and np.isfinite(backup.parallel_below):
        warm = record.outdoor.value > max(backup.parallel_below, backup.alone_below) + 1.0
    share = full_load_share(case, "heat")
    light = np.zeros(n, bool)
    if share is not None and not np.isfinite(backup.alone_below):
        light = share < 0.8 * usual_value("diagnosis.capacity.near_full")
    running = np.zeros(n, bool)
    states = [one.running.value for one in record.units.values() if one.running is not None]
    running = np.any([np.nan_to_num(one) > 0.0 for one in states], axis=0) if states else ~running
    return (warm | light | out_of_season) & running


def _judge(
    case: Case, backup: Backup, share: Floats, idle: Mask, points: tuple[str, ...]
) -> tuple[Estimate, Residual]:
    days = record_days(case)
    index = days.mean(share, idle, 4)
    noise = scatter(index)
    noise = max(noise if math.isfinite(noise) else 0.05, 0.003)
    fit = fit_shape(
        days.day, index, noise=noise, systematic=usual_value("diagnosis.backup.systematic"),
        tolerance=usual_value("diagnosis.backup.tolerance"),
        spread=usual_value("diagnosis.backup.spread"),
        growth_spread=usual_value("diagnosis.backup.spread"),
        begun=case.record.begun, shapes=("constant", "step"), sign=1,
    )  # fmt: skip
    on_water = any(unit.draws_on != AIR for unit in case.inputs.station.units)  # type: ignore[union-attr]
    estimate = Estimate(
        "backup_leak", min(max(fit.value, 0.0), 1.0), fit.deviation, fit.shape, fit.since,
        lasting(case, fit), (_evidence(case, backup, share, idle, index, points),),
        object=backup.name, family="hydraulic" if on_water else "operation",
        also=("operation",) if on_water else (), since_low=fit.since_low,
        since_high=fit.since_high, until=fit.until,
    )  # fmt: skip
    residual = Residual(f"backup.{backup.name}.idle", _RESIDUAL, "", days.day, index, noise,
                        ("backup_leak",))  # fmt: skip
    return estimate, residual


def _evidence(
    case: Case, backup: Backup, share: Floats, idle: Mask, index: Floats, points: tuple[str, ...]
) -> Evidence:
    known = np.isfinite(share)
    heat = backup.capacity * share
    limit = (Text(f"{backup.parallel_below:g} °C", f"{backup.parallel_below:g} °C")
             if np.isfinite(backup.parallel_below) else _ALWAYS)  # fmt: skip
    text = _FACT.format(
        id=backup.name, hours=str(int((idle & known).sum())), limit=limit,
        energy=f"{heat[idle & known].sum() / 1e6:.1f}",
        share=f"{100.0 * share[idle & known].mean():.1f}",
        others=str(int((~idle & known).sum())),
        needed=f"{heat[~idle & known].sum() / 1e6:.1f}",
    )  # fmt: skip
    days = record_days(case)
    figure = Figure(_FIGURE.format(id=backup.name), "", _DAY, days.day, index,
                    np.where(np.isfinite(index), 0.0, np.nan))  # fmt: skip
    return Evidence(text, 0.0, points, figure)
