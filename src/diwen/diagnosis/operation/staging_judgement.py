"""Do the units come on in the order that was designed?

A later unit that runs while an earlier one stands, which could serve the same load, is out of
sequence. The share of such hours among those in which some but not all units run is 0 by the
design, and 1 where the order is reversed.
"""

from __future__ import annotations

import math

import numpy as np

from diwen.diagnosis.finding import (
    Case,
    Estimate,
    Evidence,
    Floats,
    Judgement,
    NotJudged,
    Residual,
)
from diwen.diagnosis.inference.time_signature import fit_shape
from diwen.diagnosis.operation.days import Mask, scatter
from diwen.diagnosis.operation.design_loads import circuit_loads, machine_of, record_days
from diwen.diagnosis.operation.energy_signature import KINDS, Kind
from diwen.diagnosis.operation.load_judgement import lasting
from diwen.language import Text
from diwen.plant.station import AIR, Unit
from diwen.site.usual_values import usual_value

_NO_TWIN = Text("the site has no design to compare the staging with", "项目没有可比较的加减机设计")
_ONE_GROUP = Text("identical units are recorded as one: who runs first cannot be seen",
                  "相同机组合并记录，无法判断启动顺序")  # fmt: skip
_NO_ORDER = Text("the design has no fixed order of units", "设计未规定固定的启动顺序")
_NO_STATES = Text("the states of the units are not recorded one by one", "缺少各机组的运行状态")
_RARE = Text("there are too few hours in which some but not all units run",
             "部分机组运行的小时数过少")  # fmt: skip
_FACT = Text(
    "{share} % of {hours} h in which some but not all units run are out of the designed order "
    "({order}); alone ran {alone}",
    "部分机组运行的 {hours} 小时中有 {share} % 不符合设计顺序（{order}）；单独运行：{alone}",
)
_ALONE = Text("{id} {hours} h", "{id} {hours} 小时")
_RESIDUAL = Text("share of the hours in which units run out of the designed order",
                 "不符合设计加机顺序的小时比例")  # fmt: skip
_OFF, _ON = 0.05, 0.5


def judge_staging(case: Case) -> Judgement:
    """Order in which units come on, against the design."""
    reason = _why_not(case)
    if reason is not None:
        missing = ("ST",) if reason is _NO_STATES else ()
        return Judgement(not_judged=(NotJudged("wrong_sequence", reason, missing),))
    wrong, partly = np.zeros(len(case.record), bool), np.zeros(len(case.record), bool)
    for kind in KINDS:
        one, other = _out_of_order(case, kind)
        wrong |= one
        partly |= other
    days = record_days(case)
    count = days.count(partly)
    if partly.sum() < 100:
        return Judgement(not_judged=(NotJudged("wrong_sequence", _RARE),))
    nothing = np.full(len(days.day), np.nan)
    index = np.divide(days.count(wrong), count, out=nothing, where=count >= 3.0)
    noise = scatter(index)
    noise = max(noise if math.isfinite(noise) else 0.1, 0.03)
    fit = fit_shape(
        days.day, index, noise=noise, systematic=usual_value("diagnosis.staging.systematic"),
        tolerance=usual_value("diagnosis.staging.tolerance"),
        spread=usual_value("diagnosis.staging.spread"),
        growth_spread=usual_value("diagnosis.staging.spread"),
        begun=case.record.begun, shapes=("constant", "step"), sign=1,
    )  # fmt: skip
    estimate = Estimate(
        "wrong_sequence", min(max(fit.value, 0.0), 1.0), fit.deviation, fit.shape, fit.since,
        lasting(case, fit), (_evidence(case, wrong, partly),),
        family="commissioning" if fit.since is None else "operation",
        since_low=fit.since_low, since_high=fit.since_high, until=fit.until,
    )  # fmt: skip
    residual = Residual("plant.staging", _RESIDUAL, "", days.day, index, noise,
                        ("wrong_sequence",))  # fmt: skip
    return Judgement((estimate,), (), (residual,))


def _why_not(case: Case) -> Text | None:
    if case.inputs is None:
        return _NO_TWIN
    station = case.inputs.station
    groups = [_units(case, kind) for kind in KINDS]
    if max(len(group) for group in groups) < 2:
        return _ONE_GROUP
    if station.staging != "sequence":
        return _NO_ORDER
    if max(sum(_running(case, unit) is not None for unit in group) for group in groups) < 2:
        return _NO_STATES
    return None


def _units(case: Case, kind: Kind) -> list[Unit]:
    """Units that serve useful loads of a kind, in the designed order."""
    assert case.inputs is not None
    loops = {loop.name for loop in case.inputs.station.load_loops
             if loop.kind == kind and not loop.hot_water}  # fmt: skip
    return [unit for unit in case.inputs.station.units
            if loops & set(unit.serves)
            and (unit.heating if kind == "heat" else unit.cooling) is not None]  # fmt: skip


def _running(case: Case, unit: Unit) -> Floats | None:
    machine = machine_of(case, unit.name)
    return None if machine is None or machine.running is None else machine.running.value


def _out_of_order(case: Case, kind: Kind) -> tuple[Mask, Mask]:
    """Hours out of order, and hours in which some but not all units run, (n,) each."""
    states = [(unit, state) for unit in _units(case, kind)
              if (state := _running(case, unit)) is not None]  # fmt: skip
    n = len(case.record)
    wrong, partly = np.zeros(n, bool), np.zeros(n, bool)
    if len(states) < 2:
        return wrong, partly
    asked = np.zeros(n, bool)
    for load in circuit_loads(case):
        if load.kind == kind and load.circuit != "hot_water":
            asked |= np.nan_to_num(load.measured) > 0.0
    stands = [(state < _OFF) & _may_run(case, unit) for unit, state in states]
    runs = [state > _ON for _, state in states]
    partly = asked & np.any(runs, axis=0) & np.any(stands, axis=0)
    for first in range(len(states)):
        for second in range(first + 1, len(states)):
            wrong |= stands[first] & runs[second]
    return wrong & partly, partly


def _may_run(case: Case, unit: Unit) -> Mask:
    """Hours in which no limit of temperature keeps a unit off, (n,)."""
    n = len(case.record)
    entering = None
    if unit.draws_on == AIR:
        entering = case.record.outdoor
    elif unit.draws_on in case.record.sources:
        entering = case.record.sources[unit.draws_on].supply
    if entering is None:
        return np.ones(n, bool)
    value = entering.value
    off = (value < unit.minimum_source) | (value > unit.maximum_source)
    if case.record.outdoor is not None:
        off |= case.record.outdoor.value < unit.lowest_outdoor
    return ~off


def _evidence(case: Case, wrong: Mask, partly: Mask) -> Evidence:
    """Share out of order, and who ran alone."""
    assert case.inputs is not None
    units = [unit for unit in case.inputs.station.units if _running(case, unit) is not None]
    states = np.array([_running(case, unit) for unit in units])
    alone = [
        int(((states[i] > _ON) & (np.delete(states, i, 0) < _OFF).all(axis=0) & partly).sum())
        for i in range(len(units))
    ]
    parts = [_ALONE.format(id=unit.name, hours=str(hours))
             for unit, hours in zip(units, alone, strict=True)]  # fmt: skip
    text = _FACT.format(
        share=f"{100.0 * wrong.sum() / max(partly.sum(), 1):.0f}", hours=str(int(partly.sum())),
        order=" → ".join(unit.name for unit in units),
        alone=Text(", ".join(t.en for t in parts), "，".join(t.zh for t in parts)),
    )  # fmt: skip
    points = tuple(
        point for unit in units
        if (machine := machine_of(case, unit.name)) is not None and machine.running is not None
        for point in machine.running.points
    )  # fmt: skip
    return Evidence(text, 0.0, points)
