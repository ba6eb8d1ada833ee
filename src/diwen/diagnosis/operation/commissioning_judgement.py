"""Controls as they were handed over: setpoints, outdoor sensor, staging, dead bands, signs."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from diwen.diagnosis.finding import Case, Estimate, Evidence, Judgement
from diwen.diagnosis.operation.design_loads import circuit_loads, design_hours
from diwen.diagnosis.operation.hunting_judgement import judge_hunting
from diwen.diagnosis.operation.staging_judgement import judge_staging
from diwen.diagnosis.operation.supply_judgement import judge_supply
from diwen.language import Text
from diwen.site.usual_values import usual_value

_WRONG_WAY = Text(
    "{hours} h with {kind} delivered while the recorded mode says otherwise: a sign, a mode or a "
    "valve is wrong",
    "{hours} 小时实际{kind}与记录的运行模式不符：信号正负、模式或阀门有误",
)
_KIND = {"heat": Text("heat", "供热"), "cold": Text("cold", "供冷")}
_OUT_OF_SEASON = Text(
    "{share} % of the {kind} ({energy} MWh) was delivered outside the designed season: see the "
    "change-over of the seasons",
    "{share} % 的{kind}量（{energy} MWh）发生在设计供能季之外：请检查季节切换",
)
_TESTED = Text("the ledger records {count} commissioning entries, the last on {day}",
               "台账有 {count} 条调试记录，最近一条为 {day}")  # fmt: skip
_UNTESTED = Text("the ledger records no commissioning test", "台账无调试试验记录")
_COMMISSIONING = ("setpoint_shift", "outdoor_sensor", "wrong_sequence", "dead_band")


def judge_commissioning(case: Case) -> Judgement:
    """Setpoint shift, outdoor sensor, order of staging, dead band; signs and seasons as notes.

    What holds from the first day belongs to commissioning, what begins later to operation.

    Parameters
    ----------
    case : record after the data gate, and the design twin's inputs
    """
    parts = (judge_supply(case), judge_staging(case), judge_hunting(case))
    ledger = _ledger(case)
    return Judgement(
        tuple(_with_ledger(one, ledger) for part in parts for one in part.estimates),
        tuple(one for part in parts for one in part.not_judged),
        tuple(one for part in parts for one in part.residuals),
        (*_signs(case), *_seasons(case), *(note for part in parts for note in part.notes)),
    )


def _ledger(case: Case) -> Evidence:
    """What the ledger says of commissioning: a test makes a wrong setting less probable."""
    entries = [one for one in case.site.ledger if one.stage == "commissioning"]
    if not entries:
        return Evidence(_UNTESTED, 0.0)
    last = max(one.date for one in entries)
    text = _TESTED.format(count=str(len(entries)), day=last.isoformat())
    return Evidence(text, -0.3 * math.log(usual_value("diagnosis.load.ratio_cap")))


def _with_ledger(one: Estimate, fact: Evidence) -> Estimate:
    """The fact beside settings that were wrong from the first day."""
    if one.parameter not in _COMMISSIONING or one.family != "commissioning":
        return one
    return replace(one, evidence=(*one.evidence, fact))


def _signs(case: Case) -> tuple[Text, ...]:
    """Heat while the mode says cooling, cold while it says heating."""
    mode = case.record.mode
    if mode is None:
        return ()
    found = []
    for kind, wrong in (("heat", 2), ("cold", 1)):
        hours = np.zeros(len(case.record), bool)
        for load in circuit_loads(case):
            if load.kind == kind and load.circuit != "hot_water":
                busy = 0.05 * load.design.max()
                hours |= (np.nan_to_num(load.metered) > busy) & (mode.value == wrong)
        if hours.sum() >= 48:
            found.append(_WRONG_WAY.format(hours=str(int(hours.sum())), kind=_KIND[kind]))
    return tuple(found)


def _seasons(case: Case) -> tuple[Text, ...]:
    """Heat and cold outside the seasons of the design."""
    found = []
    for load in circuit_loads(case):
        known = np.isfinite(load.metered)
        outside = known & (load.season[design_hours(case) // 24] <= 0.0)
        total = float(load.metered[known].sum())
        beyond = float(load.metered[outside].sum())
        if total > 0.0 and beyond / total > usual_value("diagnosis.schedule.outside"):
            found.append(_OUT_OF_SEASON.format(
                share=f"{100.0 * beyond / total:.0f}", kind=_KIND[load.kind],
                energy=f"{beyond * 3600.0 / 3.6e9:.0f}",
            ))  # fmt: skip
    return tuple(found)
