"""Do schedules hold: the setback of the night, back-ups, heating and cooling at once, recharge?"""

from __future__ import annotations

import math

import numpy as np

from diwen.diagnosis.finding import Case, Estimate, Evidence, Floats, Judgement, NotJudged
from diwen.diagnosis.inference.bayes_factor import log_bayes_factor
from diwen.diagnosis.operation.backup_judgement import judge_backups
from diwen.diagnosis.operation.design_loads import circuit_loads, design_hours, machine_of
from diwen.diagnosis.operation.night_setback import judge_night
from diwen.language import Text
from diwen.site.usual_values import usual_value

_NO_TWIN = Text("the site has no design twin to compare schedules with",
                "项目没有可比较运行时段的设计孪生")  # fmt: skip
_AT_ONCE = Text(
    "heat and cold are delivered at once in {hours} h ({share} % of those with either), which the "
    "design does not foresee",
    "同时供热供冷 {hours} 小时（占供能小时的 {share} %），设计中未安排",
)
_OUTSIDE = Text("{share} % of the electricity of the units is used outside the designed seasons",
                "机组用电量的 {share} % 发生在设计供能季之外")  # fmt: skip
_RECHARGE = Text(
    "{id} took {measured} MWh of electricity; the design twin takes {expected} MWh in the same "
    "hours",
    "{id} 耗电 {measured} MWh，设计孪生同期为 {expected} MWh",
)


def judge_schedules(case: Case) -> Judgement:
    """Night setback, back-ups out of need, and what runs outside its schedule.

    Parameters
    ----------
    case : record after the data gate, and the design twin's inputs
    """
    if case.inputs is None:
        return Judgement(not_judged=tuple(
            NotJudged(name, _NO_TWIN) for name in ("night_setback_ignored", "backup_leak")
        ))  # fmt: skip
    parts = (judge_night(case), judge_backups(case))
    return Judgement(
        (*(one for part in parts for one in part.estimates), *_recharge(case)),
        tuple(one for part in parts for one in part.not_judged),
        tuple(one for part in parts for one in part.residuals),
        (*_at_once(case), *_outside(case)),
    )


def _at_once(case: Case) -> tuple[Text, ...]:
    """Heat and cold in one hour though the design never asks for both."""
    either = {"heat": np.zeros(len(case.record), bool), "cold": np.zeros(len(case.record), bool)}
    designed = {"heat": np.zeros(8760, bool), "cold": np.zeros(8760, bool)}
    for load in circuit_loads(case):
        if load.circuit != "hot_water":
            busy = 0.05 * load.design.max()
            either[load.kind] |= np.nan_to_num(load.metered) > busy
            designed[load.kind] |= load.design > 0.0
    both = either["heat"] & either["cold"]
    any_hours = int((either["heat"] | either["cold"]).sum())
    if (designed["heat"] & designed["cold"]).any() or not any_hours or both.sum() < 48:
        return ()
    share = f"{100.0 * both.sum() / any_hours:.0f}"
    return (_AT_ONCE.format(hours=str(int(both.sum())), share=share),)


def _outside(case: Case) -> tuple[Text, ...]:
    """Units that run on days without any designed load."""
    season = np.zeros(365, bool)
    for load in circuit_loads(case):
        season |= load.season > 0.0
    if not season.any() or season.all():
        return ()
    outside = ~season[design_hours(case) // 24]
    sources = {loop.name for loop in case.inputs.station.source_loops} if case.inputs else set()
    recharging = {unit.name for unit in (case.inputs.station.units if case.inputs else ())
                  if set(unit.serves) <= sources}  # fmt: skip
    power = [one.power.value for id, one in case.record.units.items()
             if one.power is not None and id not in recharging]  # fmt: skip
    if not power:
        return ()
    total = np.nansum(power)
    share = float(np.nansum(np.array(power)[:, outside]) / total) if total > 0.0 else 0.0
    if share <= usual_value("diagnosis.schedule.outside"):
        return ()
    return (_OUTSIDE.format(share=f"{100.0 * share:.0f}"),)


# ---- recharge with a meter of its own


def _recharge(case: Case) -> tuple[Estimate, ...]:
    """Recharge or rejection whose own meter shows that it stands still."""
    assert case.inputs is not None
    station = case.inputs.station
    sources = {loop.name for loop in station.source_loops}
    names = [one.name for one in station.recharges if one.power > 0.0]
    names += [unit.name for unit in station.units if unit.serves and set(unit.serves) <= sources]
    metered = {}
    for name in names:
        machine = machine_of(case, name)
        if machine is not None and machine.power is not None and machine.power.valid.any():
            metered[name] = machine.power
    if not metered:
        return ()
    designed = _designed_power(case, tuple(metered))
    found = []
    for name, channel in metered.items():
        expected = designed[name][design_hours(case)]
        known = channel.valid
        wanted = float(expected[known].sum())
        if wanted <= 0.0:
            continue
        factor = float(channel.value[known].sum()) / wanted
        if factor < usual_value("diagnosis.recharge.off"):
            found.append(_off(name, factor, float(channel.value[known].sum()), wanted,
                              channel.points))  # fmt: skip
    return tuple(found)


def _off(
    name: str, factor: float, measured: float, wanted: float, points: tuple[str, ...]
) -> Estimate:
    deviation = usual_value("diagnosis.recharge.uncertainty")
    spread = usual_value("diagnosis.recharge.spread")
    ratio = log_bayes_factor(factor - 1.0, 0.0, deviation, spread)
    ratio = min(ratio, math.log(usual_value("diagnosis.load.ratio_cap")))
    text = _RECHARGE.format(id=name, measured=f"{measured / 1e6:.1f}",
                            expected=f"{wanted / 1e6:.1f}")  # fmt: skip
    return Estimate("recharge_factor", factor, deviation, "constant", None, ratio,
                    (Evidence(text, 0.0, points),), object=name)  # fmt: skip


def _designed_power(case: Case, names: tuple[str, ...]) -> dict[str, Floats]:
    """Electricity of recharge by the design twin, W, of the hours of its first year, (8760,)."""
    from diwen.twin.run import simulate

    assert case.inputs is not None
    inputs = case.inputs
    run = simulate(inputs.station, inputs.sources, inputs.loads, inputs.outdoor, step=inputs.step,
                   keep="all", steps=8760)  # fmt: skip
    course = run.course
    return {
        name: course.units[name].power if name in course.units else course.recharges[name][1]
        for name in names
    }
