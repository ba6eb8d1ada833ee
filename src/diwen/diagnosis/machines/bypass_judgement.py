"""Water of the load side that flows past the load, where units and load are both measured."""

from __future__ import annotations

import numpy as np

from diwen.diagnosis.finding import Case, Estimate, Evidence, Judgement, NotJudged
from diwen.diagnosis.inference.time_signature import fit_shape
from diwen.diagnosis.machines.daily_index import daily_index, figure_of, noise_of
from diwen.diagnosis.machines.told_apart import CAP
from diwen.diagnosis.record.operating_record import Channel
from diwen.language import Text
from diwen.site.usual_values import usual_value

_BYPASS = "load_bypass"
_NOT_MEASURED = Text(
    "supply is measured at one place: whether water flows past the load cannot be told from a "
    "supply setpoint that was shifted; measure the supply of the units and that of the load",
    "供水温度仅一处测点：无法区分旁通与供水设定偏移；需同时测量机组出水与用户侧供水温度",
)
_NO_DIFFERENCE = Text(
    "units and circuit are supplied at the same temperature: there is no by-pass between these "
    "sensors; whether there is one behind them is not seen",
    "机组与供水干管温度一致：两测点之间无旁通；其后是否有旁通无法判断",
)
_MIXED = Text(
    "units leave at {unit} °C, the load is supplied at {load} °C, return {back} °C: {share} % of "
    "the supply is mixed with return",
    "机组出水 {unit} °C，用户侧供水 {load} °C，回水 {back} °C：混入回水比例 {share} %",
)
_TITLE = Text("difference of temperature of the load and of the units",
              "用户侧与机组侧供回水温差")  # fmt: skip
_LEAST_DIFFERENCE = 1.0


def judge_bypass(case: Case) -> Judgement:
    """Share of the return that is mixed into the supply behind the units."""
    circuit = case.record.circuits.get("load")
    own = [unit.load_leaving for unit in case.record.units.values()
           if unit.load_leaving is not None and unit.load_leaving.valid.any()]  # fmt: skip
    apart = _apart(circuit.supply if circuit is not None else None, own)
    if circuit is None or circuit.supply is None or circuit.back is None or not apart:
        return Judgement(not_judged=(NotJudged(_BYPASS, _NOT_MEASURED, ("TU1.unit", "TU1")),))
    leaving = _mean_of(case, own)
    at_unit = leaving - circuit.back.value
    at_load = circuit.supply.value - circuit.back.value
    useful = np.isfinite(at_unit) & np.isfinite(at_load) & (np.abs(at_unit) > _LEAST_DIFFERENCE)
    useful &= np.sign(at_unit) == np.sign(at_load)
    days = daily_index(
        case.record.day, np.where(useful, np.abs(at_load), np.nan), np.abs(at_unit),
        usual_value("diagnosis.machines.flow_noise"),
    )  # fmt: skip
    if days.known < usual_value("diagnosis.machines.least_days"):
        return Judgement(not_judged=(NotJudged(_BYPASS, _NOT_MEASURED, ("TU1.unit",)),))
    share = 1.0 - days.ratio
    kelvin = np.hypot(max(one.systematic for one in own), circuit.supply.systematic)
    systematic = float(kelvin / np.nanmedian(np.abs(at_unit[useful])))
    fit = fit_shape(
        days.day, share, noise=max(noise_of(share), days.noise), systematic=systematic,
        tolerance=usual_value("diagnosis.machines.bypass_tolerance"),
        spread=usual_value("diagnosis.machines.bypass_spread"), growth_spread=0.3,
        begun=case.record.begun, shapes=("constant", "step"), cap=CAP, sign=1,
    )  # fmt: skip
    if fit.log_ratio <= 0.0:
        # A sensor before the by-pass sees nothing of it: equal temperatures do not speak against.
        return Judgement(not_judged=(NotJudged(_BYPASS, _NO_DIFFERENCE, ("TU1",)),))
    text = _MIXED.format(
        unit=f"{np.nanmedian(leaving[useful]):.1f}",
        load=f"{np.nanmedian(circuit.supply.value[useful]):.1f}",
        back=f"{np.nanmedian(circuit.back.value[useful]):.1f}",
        share=f"{100 * np.nanmedian(share):.0f}",
    )  # fmt: skip
    points = (*(id for one in own for id in one.points), *circuit.supply.points)
    fact = Evidence(text, 0.0, points, figure_of(days, _TITLE, "K", 1.0, systematic))
    sensors = tuple(f"sensor:{id}" for id in points)
    return Judgement((
        Estimate(_BYPASS, float(np.clip(fit.value, 0.0, 0.7)), fit.deviation, fit.shape, fit.since,
                 fit.log_ratio, (fact,), sensors, since_low=fit.since_low,
                 since_high=fit.since_high, until=fit.until),
    ))  # fmt: skip


def _apart(supply: Channel | None, own: list[Channel]) -> bool:
    """Whether the units have sensors that are not those of the circuit."""
    if supply is None or not own:
        return False
    return not {id for one in own for id in one.points} & set(supply.points)


def _mean_of(case: Case, own: list[Channel]) -> np.ndarray:
    values = np.array([one.value for one in own])
    known = np.isfinite(values)
    number = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.divide(total, number, out=np.full(len(case.record), np.nan), where=number > 0)
