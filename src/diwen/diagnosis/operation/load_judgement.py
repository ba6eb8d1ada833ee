"""Does the plant carry the load that it was designed for?

Daily heat and cold of the hours from 6 to 22 are held against the design at the outdoor
temperature that was measured (energy signature; ASHRAE Guideline 14, change-point models), at the
occupancy that the ledger tells. What the units could not deliver is not taken for a small load:
hours at their limit stand aside and are judged as capacity (:mod:`.capacity_judgement`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from diwen.diagnosis.finding import (
    Case,
    Estimate,
    Floats,
    Judgement,
    NotJudged,
    Residual,
)
from diwen.diagnosis.inference.time_signature import ShapeFit, fit_shape
from diwen.diagnosis.operation.capacity_judgement import (
    at_limit,
    backup_unseen,
    judge_capacity,
)
from diwen.diagnosis.operation.days import Mask, scatter
from diwen.diagnosis.operation.design_loads import (
    CircuitLoad,
    ExpectedLoad,
    circuit_loads,
    day_index,
    expected_load,
    record_days,
)
from diwen.diagnosis.operation.energy_signature import KINDS, Kind
from diwen.diagnosis.operation.load_evidence import (
    factor_evidence,
    part_load_evidence,
    peak_evidence,
    signature_figure,
)
from diwen.diagnosis.record.circuit_words import circuit_word
from diwen.language import Text
from diwen.site.usual_values import usual_value

_NO_TWIN = Text("the site has no design twin to compare loads with: {why}",
                "项目没有可比较的设计孪生：{why}")  # fmt: skip
_NO_METER = Text("no circuit of the load side has a heat meter, or flow and both temperatures",
                 "用户侧没有热量表，也没有流量与供回水温度")  # fmt: skip
_NO_DAYS = Text("too few days with load to judge ({count})", "可判断的有负荷天数过少（{count} 天）")
_BY_CALENDAR = Text(
    "no usable outdoor temperature: loads are compared with the design day by day of the year, "
    "with a standard uncertainty of {share} % for the weather",
    "无可用室外温度：按日历与设计负荷比较，天气引起的标准不确定度取 {share} %",
)
_NOTHING_FOLLOWS = Text(
    "the load of {circuit} goes by the calendar and not by the outdoor temperature",
    "{circuit} 负荷随日历变化，不随室外温度变化",
)
_RESIDUAL = {
    "heat": Text("heat of the day (6 to 22 h) against the design at the measured weather",
                 "日间（6–22 时）供热量与实测天气下设计值之比"),
    "cold": Text("cold of the day (6 to 22 h) against the design at the measured weather",
                 "日间（6–22 时）供冷量与实测天气下设计值之比"),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class KindIndex:
    """Measured over designed load of one kind, all circuits together.

    Attributes
    ----------
    kind : heat or cold
    index : of the days, nan where not to be said, shape (m,)
    noise, systematic : of a day, of all days
    parts : circuits with what was expected of them
    """

    kind: Kind
    index: Floats
    noise: float
    systematic: float
    parts: tuple[tuple[CircuitLoad, ExpectedLoad], ...]

    @property
    def days(self) -> int:
        """Days that can be judged."""
        return int(np.isfinite(self.index).sum())

    @property
    def level(self) -> float:
        """Median factor."""
        return float(np.nanmedian(self.index))


def judge_loads(case: Case) -> Judgement:
    """Load factor and capacity of the plant against its design.

    Parameters
    ----------
    case : record after the data gate, and the design twin's inputs
    """
    if case.inputs is None:
        why = Text("; ".join(t.en for t in case.without_twin) or "unknown",
                   "；".join(t.zh for t in case.without_twin) or "未知")  # fmt: skip
        return Judgement(not_judged=tuple(
            NotJudged(name, _NO_TWIN.format(why=why)) for name in ("load_factor", "unit_capacity")
        ))  # fmt: skip
    indices = [one for one in (kind_index(case, kind) for kind in KINDS) if one is not None]
    capacity = judge_capacity(case)
    if not indices:
        missing = NotJudged("load_factor", _NO_METER, ("TU1", "TU2", "FU"))
        return replace(capacity, not_judged=(missing, *capacity.not_judged))
    estimates, unjudged = _load_factor(case, indices)
    return Judgement(
        (*estimates, *capacity.estimates), (*unjudged, *capacity.not_judged),
        (*_residuals(case, indices), *capacity.residuals), (*_notes(indices), *capacity.notes),
    )  # fmt: skip


def kind_index(case: Case, kind: Kind) -> KindIndex | None:
    """Daily index of heat or cold, all circuits that carry it together."""
    key = f"operation.index.{kind}"
    if key not in case.memory:
        case.memory[key] = _kind_index(case, kind)
    return case.memory[key]  # type: ignore[return-value]


def _kind_index(case: Case, kind: Kind) -> KindIndex | None:
    loads = [one for one in circuit_loads(case) if one.kind == kind]
    if not loads:
        return None
    parts = tuple((one, expected_load(case, one)) for one in loads)
    # Circuits are added hour by hour: a unit that serves several shares its heat as it likes.
    aside = np.zeros(len(case.record), bool)
    for load in loads:
        aside |= not_the_load(case, load)
    total = replace(
        loads[0], measured=np.sum([one.measured for one in loads], axis=0),
        design=np.sum([one.design for one in loads], axis=0),
        season=np.max([one.season for one in loads], axis=0),
    )  # fmt: skip
    index = day_index(case, total, np.sum([way.value for _, way in parts], axis=0), aside)
    weights = np.array([load.design.mean() for load in loads])
    weights = weights / weights.sum()
    noise = max(float(weights @ [way.noise for _, way in parts]), 1e-3)
    level = scatter(index) / max(float(np.nanmedian(index)), 0.05) if len(parts) > 1 else noise
    noise = max(noise, level if math.isfinite(level) else noise)
    systematic = float(weights @ [math.hypot(way.uncertainty, load.relative)
                                  for load, way in parts])  # fmt: skip
    empty = 1.0 - _served(case, index)
    unsure = usual_value("diagnosis.load.occupancy") * empty
    return KindIndex(kind, index, noise, math.hypot(systematic, unsure), parts)


def _served(case: Case, index: Floats) -> float:
    """Mean occupancy of the days that are judged."""
    given = case.record.occupancy
    days = record_days(case)
    if len(given) != len(case.record) or not np.isfinite(index).any():
        return 1.0
    return float(days.mean(given, np.ones(len(given), bool))[np.isfinite(index)].mean())


def not_the_load(case: Case, load: CircuitLoad) -> Mask:
    """Hours whose heat is not what was asked for, shape (n,).

    All hours of days on which units were at their limit (what lacked is delivered later), and
    those in which a back-up that nobody meters may have helped.
    """
    days = record_days(case)
    full = days.count(at_limit(case, load.kind)) > usual_value("diagnosis.load.limit_hours")
    return np.asarray(full[days.of_hour] | backup_unseen(case, load))


def _load_factor(
    case: Case, indices: list[KindIndex]
) -> tuple[tuple[Estimate, ...], tuple[NotJudged, ...]]:
    """One factor of heat and cold where both agree; else that of the heat."""
    least = usual_value("diagnosis.load.least_days")
    enough = [one for one in indices if one.days >= least]
    if not enough:
        count = max(one.days for one in indices)
        text = _NO_DAYS.format(count=str(count))
        return (), (NotJudged("load_factor", text, ("TU1", "TU2", "FU", "TO")),)
    main = enough[0]
    together = [one for one in enough if one is not main and _one_factor(main, one)]
    index = main.index.copy()
    for one in together:
        if one.noise > 2.0 * main.noise:
            continue  # its days would only blur those of the first
        index = np.where(np.isfinite(index), index, one.index)
    clear = [one for one in together if one.noise <= 2.0 * main.noise]
    noise = max(one.noise for one in (main, *clear))
    fit = fit_index(case, index - 1.0, noise, main.systematic)
    alternatives = _alternatives(main, together)
    evidence = [factor_evidence(one, record_days(case).day) for one in (main, *together)]
    figures = (signature_figure(case, load, way) for load, way in main.parts)
    evidence += [one for one in figures if one is not None]
    evidence += [*peak_evidence(case), *part_load_evidence(case)]
    estimate = Estimate(
        "load_factor", 1.0 + fit.value, fit.deviation, fit.shape, fit.since, lasting(case, fit),
        tuple(evidence), alternatives, also=("operation",) if fit.since is not None else (),
        since_low=fit.since_low, since_high=fit.since_high, until=fit.until,
    )  # fmt: skip
    return (estimate,), ()


def _one_factor(main: KindIndex, other: KindIndex) -> bool:
    """Whether heat and cold are off by one factor: within the uncertainty of telling them."""
    allowed = usual_value("diagnosis.load.one_factor")
    allowed = math.hypot(allowed, 2.0 * math.hypot(main.systematic, other.systematic))
    return abs(math.log(max(other.level, 1e-3) / max(main.level, 1e-3))) <= allowed


def _alternatives(main: KindIndex, together: list[KindIndex]) -> tuple[str, ...]:
    """The meter alone, where nothing else says the same; cold alone is the balance's matter."""
    found = []
    if main.kind == "cold":
        found.append("cooling_factor")
    if not together:
        found += [f"sensor:{point}" for load, _ in main.parts[:1] for point in load.points[:1]]
    return tuple(found)


def fit_index(case: Case, value: Floats, noise: float, systematic: float) -> ShapeFit:
    """Shape in time of a daily load index less neutral."""
    return fit_shape(
        record_days(case).day, value, noise=noise, systematic=systematic,
        tolerance=usual_value("diagnosis.load.tolerance"),
        spread=usual_value("diagnosis.load.spread"),
        growth_spread=usual_value("diagnosis.load.growth"),
        begun=case.record.begun, shapes=("constant", "step"),
        correlation=usual_value("diagnosis.load.correlation"),
    )  # fmt: skip


def lasting(case: Case, fit: ShapeFit) -> float:
    """Logarithm of the Bayes factor; what ended within weeks is an event and no deviation."""
    begin = fit.since or case.record.begun
    least = usual_value("diagnosis.load.lasting")
    if fit.until is not None and (fit.until - begin).days < least:
        return min(fit.log_ratio, -0.5)
    return fit.log_ratio


def _residuals(case: Case, indices: list[KindIndex]) -> tuple[Residual, ...]:
    day = record_days(case).day
    return tuple(
        Residual(f"circuit.load.{one.kind}", _RESIDUAL[one.kind], "", day, one.index - 1.0,
                 one.noise, ("load_factor",) if one.kind == "heat"
                 else ("load_factor", "cooling_factor"))
        for one in indices
    )  # fmt: skip


def _notes(indices: list[KindIndex]) -> tuple[Text, ...]:
    share = f"{100.0 * usual_value('diagnosis.load.without_weather'):.0f}"
    found = []
    for one in indices:
        for load, way in one.parts:
            if way.by == "calendar" and load.signature is None:
                found.append(_BY_CALENDAR.format(share=share))
            elif way.by == "calendar":
                found.append(_NOTHING_FOLLOWS.format(circuit=circuit_word(load.circuit)))
    return tuple(dict.fromkeys(found))
