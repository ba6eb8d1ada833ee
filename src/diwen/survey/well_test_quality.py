"""Was the well test good enough? Each requirement of a rule against what the test shows.

Limits are rows of the rules, each with its standing; what the file does not show is said to be
missing and never counts as passed.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from diwen.language import Text
from diwen.rules import RuleMissingError, RulesOn
from diwen.sources.pumping_test import AquiferChoice, Estimate, PumpingTest, storage_end
from diwen.survey.rule_check import Check, Quality, judged

if TYPE_CHECKING:
    from diwen.survey.well_test_record import WellTestFile

# What each check looks at, its rows, and the kinds of test it belongs to (empty: all).
CHECKS: dict[str, tuple[Text, tuple[str, ...], tuple[str, ...]]] = {
    "pumping_duration": (
        Text("duration of pumping", "抽水延续时间"),
        ("well_test.duration.confined", "gb50296.pumping_test.stable_duration"), ("pumping",),
    ),
    "injection_duration": (
        Text("duration of injection", "回灌延续时间"), ("well_test.injection.duration",),
        ("injection",),
    ),
    "flow_variation": (
        Text("variation of the flow", "流量变幅"), ("well_test.flow_variation",),
        ("pumping", "injection", "recovery"),
    ),
    "steps": (Text("steps of the flow", "流量阶段数"), ("well_test.steps",), ("step",)),
    "stability": (
        Text("change of the level in the last hour", "末一小时水位变化"),
        ("well_test.stability",), ("pumping", "injection"),
    ),
    "recovery": (
        Text("recovery after the stop", "停泵后恢复程度"), ("well_test.recovery",),
        ("pumping", "recovery", "injection"),
    ),
    "argument": (
        Text("u at the end, observation wells", "末期 u 值（观测井）"), ("well_test.argument",),
        ("pumping", "injection"),
    ),
    "decades": (
        Text("decades of time read", "读数跨越的对数周期"), ("well_test.decades",),
        ("pumping", "injection", "recovery"),
    ),
    "readings": (Text("readings of the poorest well", "读数最少的井的读数"),
                 ("well_test.readings",), ("pumping", "injection", "step", "recovery")),
    "rest_spread": (
        Text("spread of the level before the test", "试验前水位波动"),
        ("well_test.rest_spread",), ("pumping", "injection", "step"),
    ),
    "observation_wells": (
        Text("observation wells", "观测井"), ("well_test.observation_wells",), ("pumping",),
    ),
    "storage": (
        Text("readings under the storage of the well", "受井筒储水影响的读数"),
        ("well_test.storage_share",), ("pumping", "injection", "step"),
    ),
    "uncertainty": (
        Text("uncertainty of the transmissivity", "导水系数不确定度"),
        ("well_test.uncertainty",), ("pumping", "injection", "recovery"),
    ),
}  # fmt: skip
_NO_RECOVERY = Text("readings after the stop of the pump", "停泵后的读数")
_NO_OBSERVED = Text("an observation well", "观测井")
_NO_VALUE = Text("a transmissivity", "导水系数")
_NO_BEFORE = Text("readings before the pump started", "开泵前的读数")
_NO_CASING = Text("--casing-radius", "--casing-radius")
_NO_FLOW_READ = Text("readings of the flow", "流量读数")
_NO_HOUR = Text("readings in the last hour", "末一小时的读数")


def check_well_test(
    file: WellTestFile,
    kind: str,
    test: PumpingTest | None,
    choice: AquiferChoice | None,
    casing_radius: float | None,
    transmissivity: Estimate | None,
    book: RulesOn,
) -> Quality:
    """Every requirement that the rules hold for this kind of test.

    Parameters
    ----------
    file, kind, test : the test; choice : fits of its curve
    casing_radius : where the level of the pumped well moves, m; None: not known
    transmissivity : m²/s
    book : rules on the day
    """
    checks: list[Check] = []
    if test is None:
        return Quality((), book.digest)
    readings = dict(_readings(file, test, choice, casing_radius, transmissivity))
    for name, (text, ids, kinds) in CHECKS.items():
        if kind not in kinds:
            continue
        for id in ids:
            try:
                row = book.row(id)
            except RuleMissingError:
                continue
            checks.append(judged(name, text, row, readings[name]))
    return Quality(tuple(checks), book.digest)


def _readings(
    file: WellTestFile,
    test: PumpingTest,
    choice: AquiferChoice | None,
    casing_radius: float | None,
    transmissivity: Estimate | None,
) -> Iterator[tuple[str, float | Text]]:
    """The number of each check in the unit of its row, or what is missing."""
    from diwen.sources.pumping_test import flow_variation

    until = min(test.stop, test.end)
    hours = (until - test.start) / 3600.0
    yield "pumping_duration", hours
    yield "injection_duration", hours
    read = file.flow is not None and np.isfinite(file.flow).sum() > 1
    yield "flow_variation", 100.0 * flow_variation(test) if read else _NO_FLOW_READ
    yield "steps", float(len(np.unique(np.round(test.steps.flow[test.steps.flow != 0.0], 9))))
    yield "stability", _stability(test, until)
    yield "recovery", _returned(test)
    yield "argument", _argument(test, choice, until)
    since = np.concatenate([well.time for well in test.observations]) - test.start
    since = since[since > 0]
    yield "decades", math.log10(float(since.max() / since.min()))
    yield "readings", float(min(int((well.time > test.start).sum()) for well in _raw(file)))
    yield "rest_spread", _rest_spread(file)
    yield "observation_wells", float(sum(not well.pumped for well in test.observations))
    yield "storage", _storage(test, casing_radius, transmissivity)
    yield "uncertainty", (
        _NO_VALUE if transmissivity is None
        else 100.0 * transmissivity.expanded / transmissivity.value
    )  # fmt: skip


def _raw(file: WellTestFile) -> Iterator[Any]:
    """Times of the readings of each well, as in the file."""
    for well in file.wells:
        yield _Times(file.time[np.isfinite(well.drawdown)])


@dataclass(frozen=True, eq=False)
class _Times:
    time: np.ndarray[Any, np.dtype[np.float64]]


def _stability(test: PumpingTest, until: float) -> float | Text:
    """Change over the last hour of pumping, of the well that moved most, %."""
    most: float | None = None
    for well in test.observations:
        part = well.inside(until - 3600.0, until)
        if len(part.time) < 2 or part.time[-1] - part.time[0] < 600.0:
            continue
        rate = (part.drawdown[-1] - part.drawdown[0]) / (part.time[-1] - part.time[0])
        share = 100.0 * abs(float(rate)) * 3600.0 / float(np.abs(well.drawdown).max())
        most = share if most is None else max(most, share)
    return _NO_HOUR if most is None else most


def _returned(test: PumpingTest) -> float | Text:
    """Share of the drawdown that is gone at the end of the readings, the least of the wells, %."""
    if not test.stop < test.end:
        return _NO_RECOVERY
    shares = []
    for well in test.observations:
        before = well.time <= test.stop
        largest = np.abs(well.drawdown[before] if before.any() else well.drawdown).max()
        if well.time[-1] > test.stop and largest > 0:
            shares.append(100.0 * (1.0 - abs(float(well.drawdown[-1])) / float(largest)))
    return min(shares) if shares else _NO_RECOVERY


def _argument(test: PumpingTest, choice: AquiferChoice | None, until: float) -> float | Text:
    """Largest u of the observation wells at the end of pumping."""
    far = [well.distance for well in test.observations if not well.pumped]
    if not far:
        return _NO_OBSERVED
    if choice is None:
        return _NO_VALUE
    fit = choice.chosen
    lasting = until - test.start
    return max(far) ** 2 * fit.storativity.value / (4.0 * fit.transmissivity.value * lasting)


def _rest_spread(file: WellTestFile) -> float | Text:
    known = [well for well in file.wells if math.isfinite(well.before)]
    if not known:
        return _NO_BEFORE
    return max(100.0 * well.before / float(np.nanmax(np.abs(well.drawdown))) for well in known)


def _storage(
    test: PumpingTest, casing_radius: float | None, transmissivity: Estimate | None
) -> float | Text:
    """Share of the pumped well's readings before 25 r_c²/T, %."""
    pumped = next((well for well in test.observations if well.pumped), None)
    if pumped is None:
        return 0.0
    if casing_radius is None:
        return _NO_CASING
    if transmissivity is None:
        return _NO_VALUE
    ends = storage_end(casing_radius, transmissivity.value)
    since = pumped.time[pumped.time > test.start] - test.start
    return 100.0 * float((since < ends).mean())
