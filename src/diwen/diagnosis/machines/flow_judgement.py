"""Flows of source and load, strainers, pumps, by-passes and branches (step 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from diwen.diagnosis.finding import (
    SHAPE_NAMES,
    Case,
    Estimate,
    Evidence,
    Judgement,
    NotJudged,
    Residual,
    Shape,
)
from diwen.diagnosis.inference.time_signature import ShapeFit, fit_shape
from diwen.diagnosis.machines.bypass_judgement import judge_bypass
from diwen.diagnosis.machines.daily_index import figure_of
from diwen.diagnosis.machines.flow_index import FlowIndex, load_flow_index, source_flow_index
from diwen.diagnosis.machines.ledger_evidence import service_evidence, services
from diwen.diagnosis.machines.pump_judgement import judge_pumps
from diwen.diagnosis.machines.told_apart import (
    OPEN_CAP,
    growing_over_held,
    ratios_of,
    refined,
    refined_teeth,
)
from diwen.diagnosis.machines.units_at_work import units_at_work
from diwen.diagnosis.record.circuit_words import circuit_word
from diwen.diagnosis.record.operating_record import CircuitRecord
from diwen.language import Text
from diwen.plant.station import LoadLoop
from diwen.site.usual_values import usual_value

_SOURCE, _STRAINER, _LOAD = "source_flow", "strainer", "load_flow"
_HELD: tuple[Shape, ...] = ("constant", "step")
_GROWING: tuple[Shape, ...] = ("growth", "sawtooth")
_NO_TWIN = Text("no design model of the plant can be made", "无法建立系统设计模型")
_NO_LOOP = Text("the plant has no source loop with water", "系统没有地源侧水回路")
_NO_FLOW = Text(
    "the flow of {loop} is not metered and does not follow from heat and temperatures either",
    "{loop} 流量未计量，亦无法由热量与温差推算",
)
_FEW = Text("flow of {loop}: only {days} day(s) with enough hours",
            "{loop} 流量：有足够小时的天数仅 {days} 天")  # fmt: skip
_FLOW = Text(
    "flow of {loop}: {measured} m³/h where the design moves {expected} m³/h, index {first} in the "
    "first quarter of {days} days, {last} in the last; {shape}; it follows {basis}",
    "{loop} 流量：实测 {measured} m³/h，设计 {expected} m³/h；{days} 天中前四分之一指数为 {first}，"
    "后四分之一为 {last}；{shape}；设计流量依据：{basis}",
)
_PROXY = Text(
    "{loop} has no flow meter: the flow is that which carries the heat over the measured "
    "difference of temperature",
    "{loop} 无流量计：流量由热量与实测温差推算",
)
_DIFFERENCE = Text(
    "median difference of temperature of {loop} {difference} K, design {design} K",
    "{loop} 供回水温差中位数 {difference} K，设计 {design} K",
)
_TRANSPORT = Text(
    "water transport factor of {loop}: {factor} (heat moved over electricity of its pumps)",
    "{loop} 输送系数：{factor}（输送热量与水泵电耗之比）",
)
_FIXED = Text(
    "the flow of {loop} does not follow: one flow all the time",
    "{loop} 流量不随负荷变化，始终为定流量",
)
_BASIS = {
    "constant": Text("the design flow", "设计流量"),
    "frequency": Text("the frequency of its pump", "水泵频率"),
    "difference": Text("the difference of temperature that it holds", "恒温差控制"),
    "units": Text("the number of units that run", "运行机组台数"),
    "load": Text("the load", "负荷"),
    "fixed": Text("the design flow, its pumps take one power", "设计流量（水泵功率恒定）"),
}
_TITLE = Text("flow of {loop}, measured and by design", "{loop} 流量：实测与设计")
_RESIDUAL = Text("flow of {loop} over that of the design, less 1",
                 "{loop} 实测流量与设计流量之比减 1")  # fmt: skip
_BRANCHES = Text("flows or temperatures of branches are not recorded", "各支路流量或温度未记录")


def judge_flows(case: Case) -> Judgement:
    """Flows and pumps against the design at what was measured.

    ``source_flow`` and ``load_flow`` (from the first day or by a step: hydraulic), ``strainer``
    (growing, set back by service: operation), ``pump_oversize``, ``pumps_always_on``,
    ``load_bypass``, ``branch_imbalance``.
    """
    parts = [_sources(case), _loads(case), judge_pumps(case), judge_bypass(case), _branches()]
    return Judgement(
        tuple(one for part in parts for one in part.estimates),
        tuple(one for part in parts for one in part.not_judged),
        tuple(one for part in parts for one in part.residuals),
        tuple(dict.fromkeys(one for part in parts for one in part.notes)),
    )


def _branches() -> Judgement:
    return Judgement(not_judged=(NotJudged("branch_imbalance", _BRANCHES, ("FS.branch",)),))


def _sources(case: Case) -> Judgement:
    if case.inputs is None:
        reason = case.without_twin[0] if case.without_twin else _NO_TWIN
        return Judgement(not_judged=(NotJudged(_SOURCE, reason), NotJudged(_STRAINER, reason)))
    found: list[Judgement] = []
    loops = [one for one in case.inputs.station.source_loops if one.name in case.inputs.sources]
    for loop in loops:
        index = source_flow_index(case, loop)
        if index is None or index.index.known < usual_value("diagnosis.machines.least_days"):
            reason = (
                _NO_FLOW.format(loop=loop.name) if index is None
                else _FEW.format(loop=loop.name, days=f"{index.index.known}")
            )  # fmt: skip
            lacking = tuple(NotJudged(name, reason, ("FS",)) for name in (_SOURCE, _STRAINER))
            found.append(Judgement(not_judged=lacking))
            continue
        many = len(loops) > 1
        pumps = tuple(pump.name for pump in loop.pumps)
        found.append(_source(case, index, loop.name, pumps, loop.name if many else ""))
    if not loops:
        lacking = tuple(NotJudged(name, _NO_LOOP) for name in (_SOURCE, _STRAINER))
        return Judgement(not_judged=lacking)
    return _together(found)


def _together(parts: Sequence[Judgement]) -> Judgement:
    return Judgement(
        tuple(one for part in parts for one in part.estimates),
        tuple(one for part in parts for one in part.not_judged),
        tuple(one for part in parts for one in part.residuals),
        tuple(one for part in parts for one in part.notes),
    )


def _source(
    case: Case, index: FlowIndex, loop: str, pumps: tuple[str, ...], object: str
) -> Judgement:
    """A source loop: held or growing, each against none and the other."""
    objects = (loop, *pumps)
    held = _fit(case, index, _HELD, objects, 0)
    growing = _fit(case, index, _GROWING, objects, -1)
    of_held, of_growing = _ratios(case, index, held, growing, objects)
    facts = _facts(case, index, loop, held if of_held >= of_growing else growing,
                   case.record.sources.get(loop), pumps)  # fmt: skip
    meters = tuple(f"sensor:{id}" for id in index.meter)
    estimates = (
        Estimate(
            _SOURCE, 1.0 + held.value, held.deviation, held.shape, held.since,
            of_held, facts, (_STRAINER, *meters), object, since_low=held.since_low,
            since_high=held.since_high, until=held.until,
        ),
        Estimate(
            _STRAINER, max(-growing.value, 0.0), growing.deviation, growing.shape, growing.since,
            of_growing,
            (*facts, *service_evidence(case.record, growing, objects)), (_SOURCE, *meters), object,
            since_low=growing.since_low, since_high=growing.since_high, until=growing.until,
        ),
    )  # fmt: skip
    return Judgement(estimates, residuals=(_residual(index, loop, (_SOURCE, _STRAINER)),))


def _fit(
    case: Case, index: FlowIndex, shapes: Sequence[Shape], objects: Sequence[str], sign: int
) -> ShapeFit:
    found = fit_shape(
        index.index.day, index.index.ratio - 1.0, noise=index.index.noise,
        systematic=index.systematic, tolerance=usual_value("diagnosis.machines.flow_tolerance"),
        spread=usual_value("diagnosis.machines.flow_spread"),
        growth_spread=usual_value("diagnosis.machines.flow_growth_spread"),
        begun=case.record.begun, shapes=shapes, services=services(case.record, objects),
        cap=OPEN_CAP, sign=sign,
    )  # fmt: skip
    found = refined_teeth(
        found, index.index.day, index.index.ratio, index.index.noise,
        services(case.record, objects),
    )  # fmt: skip
    return refined(
        found, index.index.day, index.index.ratio, index.index.noise,
        usual_value("diagnosis.machines.level_wander"),
    )  # fmt: skip


def _ratios(
    case: Case, index: FlowIndex, held: ShapeFit, growing: ShapeFit, objects: Sequence[str]
) -> tuple[float, float]:
    odds = growing_over_held(
        index.index.day, index.index.ratio - 1.0, index.index.noise,
        services(case.record, objects),
    )  # fmt: skip
    return ratios_of(held, growing, odds)


def _residual(index: FlowIndex, loop: str, parameters: tuple[str, ...]) -> Residual:
    return Residual(
        f"loop.{loop}.flow", _RESIDUAL.format(loop=circuit_word(loop)), "", index.index.day,
        index.index.ratio - 1.0, index.index.noise, parameters,
    )  # fmt: skip


def _facts(
    case: Case,
    index: FlowIndex,
    loop: str,
    fit: ShapeFit,
    circuit: CircuitRecord | None,
    pumps: tuple[str, ...],
    design_difference: float = float("nan"),
) -> tuple[Evidence, ...]:
    named = circuit_word(loop)
    known = index.index.ratio[np.isfinite(index.index.ratio)]
    quarter = max(known.size // 4, 1)
    text = _FLOW.format(
        loop=named, measured=f"{3600.0 * np.nanmedian(index.index.measured):.3g}",
        expected=f"{3600.0 * np.nanmedian(index.index.expected):.3g}", days=f"{known.size}",
        first=f"{np.median(known[:quarter]):.3f}", last=f"{np.median(known[-quarter:]):.3f}",
        shape=SHAPE_NAMES[fit.shape], basis=_BASIS[index.basis],
    )  # fmt: skip
    figure = figure_of(index.index, _TITLE.format(loop=named), "m³/h", 3600.0, index.systematic)
    facts = [Evidence(text, 0.0, index.points, figure)]
    if index.proxy:
        facts.append(Evidence(_PROXY.format(loop=named), 0.0, index.points))
    if index.fixed_speed:
        facts.append(Evidence(_FIXED.format(loop=named), 0.0, index.points))
    if np.isfinite(index.difference):
        design = f"{design_difference:.1f}" if np.isfinite(design_difference) else "–"
        text = _DIFFERENCE.format(loop=named, difference=f"{index.difference:.2f}", design=design)
        facts.append(Evidence(text, 0.0))
    factor = _transport(case, circuit, pumps)
    if factor is not None:
        facts.append(Evidence(_TRANSPORT.format(loop=named, factor=f"{factor:.0f}"), 0.0))
    return tuple(facts)


def _transport(case: Case, circuit: CircuitRecord | None, pumps: tuple[str, ...]) -> float | None:
    """Heat that a circuit moves over the electricity of its pumps; None: not known."""
    if circuit is None or circuit.heat is None:
        return None
    power = [machine.power for id in pumps
             if (machine := case.record.pumps.get(id)) is not None]  # fmt: skip
    if not power or any(one is None for one in power):
        return None
    used = np.asarray(sum(one.value for one in power if one is not None))
    both = np.isfinite(used) & np.isfinite(circuit.heat.value)
    total = float(used[both].sum())
    return float(np.abs(circuit.heat.value[both]).sum()) / total if total > 0.0 else None


def _loads(case: Case) -> Judgement:
    if case.inputs is None:
        reason = case.without_twin[0] if case.without_twin else _NO_TWIN
        return Judgement(not_judged=(NotJudged(_LOAD, reason),))
    found: list[Judgement] = []
    reason = _NO_FLOW.format(loop=circuit_word("load"))
    units_at_work(case)
    for name, circuit in case.record.circuits.items():
        loops = _loops_of(case, name)
        index = load_flow_index(case, circuit, loops) if loops else None
        if index is None:
            continue
        if index.index.known < usual_value("diagnosis.machines.least_days"):
            reason = _FEW.format(loop=circuit_word(name), days=f"{index.index.known}")
            continue
        found.append(_load(case, index, name, circuit, loops))
    if not found:
        return Judgement(not_judged=(NotJudged(_LOAD, reason, ("FU",)),))
    return _one_plant(_together(found))


def _one_plant(found: Judgement) -> Judgement:
    """Circuits side by side: each its own estimate; one alone is that of the plant.

    Several that are off by one factor are off together: no single meter explains it.
    """
    if len(found.estimates) == 1:
        return replace(found, estimates=(replace(found.estimates[0], object=""),))
    value = np.array([one.value for one in found.estimates])
    alike = np.ptp(value) <= 2.0 * usual_value("diagnosis.machines.flow_tolerance")
    same_shape = len({one.shape for one in found.estimates}) == 1
    if not (alike and same_shape and all(one.log_ratio > 0.0 for one in found.estimates)):
        return found
    strongest = max(found.estimates, key=lambda one: one.log_ratio)
    together = replace(
        strongest, object="", value=float(value.mean()), alternatives=(),
        evidence=tuple(fact for one in found.estimates for fact in one.evidence),
    )  # fmt: skip
    return replace(found, estimates=(together,))


def _loops_of(case: Case, circuit: str) -> list[LoadLoop]:
    from diwen.twin.standard_points_circuits import circuits_of

    assert case.inputs is not None
    station = case.inputs.station
    separate = "cooling" in case.record.circuits
    own = circuits_of(case.site, station, separate or None).loops.get(circuit, ())
    return [loop for loop in station.load_loops if loop.name in own]


def _load(
    case: Case, index: FlowIndex, name: str, circuit: CircuitRecord, loops: Sequence[LoadLoop]
) -> Judgement:
    pumps = tuple(dict.fromkeys(pump.name for loop in loops for pump in loop.pumps))
    fit = _fit(case, index, _HELD, (name, *pumps), 0)
    growing = _fit(case, index, _GROWING, (name, *pumps), -1)
    of_held, of_growing = _ratios(case, index, fit, growing, (name, *pumps))
    strongest = fit if of_held >= of_growing else growing
    facts = _facts(case, index, name, strongest, circuit, pumps, loops[0].temperature_difference)
    ratio = max(of_held, of_growing)
    # What grows is a strainer of the load side; the twin has no name of its own for it.
    family = "operation" if strongest is growing and ratio > 0.0 else ""
    value = strongest.now if strongest is growing else strongest.value
    estimate = Estimate(
        _LOAD, 1.0 + value, strongest.deviation, strongest.shape, strongest.since, ratio, facts,
        tuple(f"sensor:{id}" for id in index.meter) or points_alternatives(index), name, family,
        since_low=strongest.since_low, since_high=strongest.since_high, until=strongest.until,
    )  # fmt: skip
    return Judgement((estimate,), residuals=(_residual(index, name, (_LOAD,)),))


def points_alternatives(index: FlowIndex) -> tuple[str, ...]:
    """Instruments that would explain a flow inferred from heat and temperatures."""
    return tuple(f"sensor:{id}" for id in index.points) if index.proxy else ()
