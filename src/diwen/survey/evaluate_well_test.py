"""From the file of a well test to a result: read, choose the kind, try every method, judge.

A method that does not hold on a test is refused with its reason; the others go on. What goes into
a design (transmissivity, specific capacity, bypass) is taken from the method that the kind of test
calls for.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from diwen import rules
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.pumping_test import (
    AquiferChoice,
    DerivativeDiagnosis,
    Estimate,
    InjectionTest,
    InternalBypass,
    Observation,
    PumpingTest,
    RecoveryLine,
    StepTest,
    StraightLine,
    choose_aquifer,
    diagnose,
    evaluate_injection,
    find_bypass,
    fit_recovery_line,
    fit_step_test,
    fit_straight_line,
    thickness_hint,
)
from diwen.survey.well_test_file import read_well_test
from diwen.survey.well_test_quality import check_well_test
from diwen.survey.well_test_record import WellReadings, WellTestFile
from diwen.survey.well_test_result import GivenWell, Kind, Refused, WellTestResult
from diwen.survey.well_test_steps import step_count, thinned_by_step

# More readings than this are averaged over even parts of the logarithm of time.
_DENSE = 200
# Where the radius of the pumped well is not given; only storativity and skin hang on it.
_ASSUMED_RADIUS = 0.1
_T = TypeVar("_T")

_AS_ASKED = Text("as asked for", "按用户指定")
_WHY: dict[str, Text] = {
    "flow-step": Text("the file holds the temperatures of pumped and returned water, but no level",
                      "文件含出水与回水温度而无水位"),
    "recovery": Text("all readings come after the stop of the pump", "全部读数在停泵之后"),
    "step": Text("the flow was raised in {count} steps", "流量分 {count} 个阶段"),
    "injection": Text("water was injected", "向井内注水"),
    "pumping": Text("water was pumped at one flow", "以单一流量抽水"),
}  # fmt: skip
_NO_TEMPERATURES = Text(
    "a flow-step test needs the temperatures of pumped and returned water, and the flow",
    "流量阶跃试验需要出水温度、回水温度和流量",
)
_NAME_THEM = Text(
    'name them: --column "temperature=NAME | °C" --column "return_temperature=NAME | °C"',
    '请指定：--column "temperature=列名 | °C" --column "return_temperature=列名 | °C"',
)
_NO_STEP_WELL = Text("a step test needs the levels of the pumped well itself",
                     "阶梯试验需要抽水井自身的水位")  # fmt: skip
_NAME_LEVEL = Text(
    'name its column: --column "depth=NAME | m"', '请指定：--column "depth=列名 | m"'
)
_NO_LEVELS = Text("the file holds no levels", "文件中没有水位")
_NO_RECOVERY = Text("the readings end before the pump stops", "读数在停泵前结束")
_READ_ON = Text("go on reading levels after the stop", "停泵后请继续测量水位")
_SEVERAL_FLOWS = Text(
    "the flow was changed: no straight line over the logarithm of time", "流量有变化：不做对数直线"
)
_SUPERPOSED = Text("the fit of the whole curve superposes the steps", "全曲线拟合已叠加各流量阶段")
_RADIUS = Text(
    "the radius of the pumped well is not given: {radius} m assumed; the transmissivity does not "
    "depend on it",
    "未给出抽水井半径：按 {radius} m 计；导水系数与其无关",
)
_GIVE_RADIUS = Text('give --well-radius "0.15 m"', '请给出 --well-radius "0.15 m"')
_FEW_READINGS = Text("too few readings for any method", "读数太少，任何方法均不适用")
_LONGER = Text("give the whole series of the test", "请给出完整的试验记录")


def evaluate_well_test(
    path: str | Path, given: GivenWell | None = None, today: datetime.date | None = None
) -> WellTestResult:
    """Evaluate the file of a well test.

    Parameters
    ----------
    path : the file
    given : what the file does not say
    today : day of the evaluation

    Raises
    ------
    InputError : the file or the input is wrong. A test that is read but allows no value is no
        error: it says why in ``refused``.
    """
    said = given or GivenWell()
    reading = said.reading
    if said.kind == "recovery" and reading.duration is not None:
        reading = replace(reading, recovery_only=reading.flow is not None)
    file = read_well_test(path, reading)
    day = today or datetime.date.today()
    return _Evaluation(file, said, day).result()


class _Evaluation:
    """Tries the methods on one file; what fails leaves its reason."""

    def __init__(self, file: WellTestFile, given: GivenWell, day: datetime.date) -> None:
        self.file, self.given, self.day = file, given, day
        self.refused: list[Refused] = []
        self.notices: list[Problem] = list(file.notices)
        self.book = rules.on(day)
        self.test = self._test()
        self.kind, self.why = self._kind()

    def result(self) -> WellTestResult:
        """Everything."""
        running = self.test
        observed = [well for well in self._wells() if not well.pumped]
        choice = self._choice(running, bool(observed))
        lines = self._lines()
        recoveries = self._recoveries(choice)
        step, injection, bypass = self._step(), self._injection(), self._bypass()
        transmissivity, method = self._transmissivity(choice, lines, recoveries, step)
        storativity = choice.chosen.storativity if choice is not None and observed else None
        warnings = list(choice.warnings) if choice is not None else []
        for each in (*lines.values(), *recoveries.values(), step, injection, bypass):
            warnings += [] if each is None else list(each.warnings)
        if running is not None and self.given.thickness is not None:
            warnings += thickness_hint(running, self.given.thickness)
        quality = check_well_test(
            self.file, self.kind, running, choice, self.given.casing_radius, transmissivity,
            self.book,
        )  # fmt: skip
        return WellTestResult(
            file=self.file, kind=self.kind, why=self.why, test=running, choice=choice,
            lines=lines, recoveries=recoveries, derivatives=self._derivatives(), step=step,
            injection=injection, bypass=bypass, transmissivity=transmissivity, method=method,
            storativity=storativity, conductivity=self._conductivity(transmissivity),
            quality=quality, refused=tuple(self.refused),
            warnings=tuple(dict.fromkeys(warnings)), notices=tuple(self.notices),
            evaluated=self.day,
        )  # fmt: skip

    # ---- the test ----

    def _wells(self) -> tuple[Observation, ...]:
        return () if self.test is None else self.test.observations

    def _test(self) -> PumpingTest | None:
        """Flow and drawdowns; None without levels."""
        if not self.file.wells:
            return None
        wells = [self._observation(well) for well in self.file.wells]
        test = PumpingTest.of(self.file.steps, wells)
        dense = max(len(well.time) for well in test.observations) > _DENSE
        return thinned_by_step(test) if dense else test

    def _observation(self, well: WellReadings) -> Observation:
        known = np.isfinite(well.drawdown)
        time, fall = self.file.time[known], well.drawdown[known]
        if well.distance is not None:
            return Observation.of(time, fall, well.distance, name=well.name or "well")
        radius = self.given.well_radius
        if radius is None:
            radius = _ASSUMED_RADIUS
            message = _RADIUS.format(radius=f"{radius:g}")
            self.notices.append(
                Problem(self.file.label, "", message, _GIVE_RADIUS, severity="warning")
            )
        return Observation.of(time, fall, radius, pumped=True, name="pumped well")

    def _kind(self) -> tuple[Kind, Text]:
        """What kind of test it is, and why."""
        asked = self.given.kind
        if asked != "auto":
            self._demand(asked)
            return asked, _AS_ASKED
        if self.test is None:
            self._demand("flow-step")
            return "flow-step", _WHY["flow-step"]
        if all(float(well.time[0]) > self.test.stop for well in self.test.observations):
            return "recovery", _WHY["recovery"]
        count = step_count(self.test)
        if count >= 3 and any(well.pumped for well in self._wells()):
            return "step", _WHY["step"].format(count=count)
        return ("pumping", _WHY["pumping"]) if self.test.mean_flow > 0 else (
            "injection", _WHY["injection"])  # fmt: skip

    def _demand(self, kind: Kind) -> None:
        """Refuse a kind that the file cannot hold."""
        name = self.file.label
        if kind == "flow-step":
            series = (self.file.temperature, self.file.return_temperature, self.file.flow)
            if any(values is None for values in series):
                raise InputError([Problem(name, "", _NO_TEMPERATURES, _NAME_THEM)])
        elif self.test is None:
            raise InputError([Problem(name, "", _NO_LEVELS, _NAME_LEVEL)])
        elif kind == "step" and not any(well.pumped for well in self._wells()):
            raise InputError([Problem(name, "", _NO_STEP_WELL, _NAME_LEVEL)])
        elif kind == "recovery" and not self.test.stop < self.test.end:
            raise InputError([Problem(name, "", _NO_RECOVERY, _READ_ON)])

    # ---- methods ----

    def _try(self, method: str, do: Callable[[], _T]) -> _T | None:
        try:
            return do()
        except InputError as error:
            self.refused += [Refused(method, problem) for problem in error.problems]
            return None

    def _choice(self, test: PumpingTest | None, observed: bool) -> AquiferChoice | None:
        """Fit of the curve: of the observation wells, else of the pumped well while it runs."""
        if test is None:
            return None
        if observed:
            kept = tuple(well for well in test.observations if not well.pumped)
            part = replace(test, observations=kept)
        else:
            # Well losses go with the stop of the pump: they would bend the recovery.
            part = test.inside(-math.inf, test.stop)
        if self.kind == "step" and not observed:
            return None
        if sum(len(well.time) for well in part.observations) < 6:
            problem = Problem(self.file.label, "", _FEW_READINGS, _LONGER)
            self.refused.append(Refused("curve", problem))
            return None
        return self._try("curve", lambda: choose_aquifer(part, errors=self.given.errors))

    def _lines(self) -> dict[str, StraightLine]:
        found: dict[str, StraightLine] = {}
        test = self.test
        if test is None or self.kind == "recovery":
            return found
        if step_count(test) > 1:
            problem = Problem(self.file.label, "", _SEVERAL_FLOWS, _SUPERPOSED)
            self.refused.append(Refused("straight line", problem))
            return found
        limit = self.book.value("well_test.argument")
        for well in test.observations:
            line = self._try("straight line", lambda well=well: fit_straight_line(  # type: ignore[misc]
                test, well, self.given.errors, argument_limit=limit,
                casing_radius=self.given.casing_radius,
            ))  # fmt: skip
            if line is not None:
                found[well.name] = line
        return found

    def _recoveries(self, choice: AquiferChoice | None) -> dict[str, RecoveryLine]:
        found: dict[str, RecoveryLine] = {}
        test = self.test
        if test is None or not test.stop < test.end:
            return found
        stored = choice.chosen.storativity.value if choice is not None else None
        for well in test.observations:
            line = self._try("recovery", lambda well=well: fit_recovery_line(  # type: ignore[misc]
                test, well, self.given.errors,
                storativity=None if well.pumped else stored,
            ))  # fmt: skip
            if line is not None:
                found[well.name] = line
        return found

    def _derivatives(self) -> dict[str, DerivativeDiagnosis]:
        test = self.test
        if test is None or step_count(test) > 1:
            return {}
        found = {}
        for well in test.thinned(12).observations:
            part = well.inside(np.nextafter(test.start, math.inf), test.stop)
            if len(part.time) >= 7:
                found[well.name] = diagnose(part.time - test.start, part.drawdown)
        return found

    def _step(self) -> StepTest | None:
        if self.test is None or self.kind != "step":
            return None
        pumped = next(well for well in self._wells() if well.pumped)
        steps = self.test.steps
        return self._try("step", lambda: fit_step_test(steps, pumped, self.given.errors))

    def _injection(self) -> InjectionTest | None:
        test = self.test
        if test is None or test.mean_flow >= 0:
            return None
        pumped = next((well for well in self._wells() if well.pumped), None)
        if pumped is None:
            return None
        return self._try("injection", lambda: evaluate_injection(
            test, pumped, self.given.errors, temperature=self._injected_temperature(),
        ))  # fmt: skip

    def _injected_temperature(self) -> float | None:
        """Of the water that goes into the ground, °C: said, else the mean of the file."""
        if self.given.temperature is not None:
            return self.given.temperature
        for series in (self.file.return_temperature, self.file.temperature):
            if series is not None and np.isfinite(series[self.file.time > 0]).any():
                return float(np.nanmean(series[self.file.time > 0]))
        return None

    def _bypass(self) -> InternalBypass | None:
        out, back, flow = self.file.temperature, self.file.return_temperature, self.file.flow
        if out is None or back is None or flow is None:
            return None
        return self._try("bypass", lambda: find_bypass(
            self.file.time, out, back, np.abs(flow), self.given.errors,
        ))  # fmt: skip

    # ---- values ----

    def _transmissivity(
        self,
        choice: AquiferChoice | None,
        lines: Mapping[str, StraightLine],
        recoveries: Mapping[str, RecoveryLine],
        step: StepTest | None,
    ) -> tuple[Estimate | None, str | None]:
        """Of the method that the kind calls for, then of the next."""
        pumped_only = all(well.pumped for well in self._wells())
        ranked: list[tuple[str, Estimate | None]] = [
            (
                "recovery",
                _narrowest(recoveries) if pumped_only or self.kind == "recovery" else None,
            ),
            ("step", step.transmissivity if step is not None else None),
            ("straight line", _narrowest(lines) if pumped_only else None),
            ("curve", choice.chosen.transmissivity if choice is not None else None),
            ("straight line", _narrowest(lines)),
            ("recovery", _narrowest(recoveries)),
        ]
        if self.kind == "step":
            ranked.insert(0, ranked.pop(1))
        method, value = next(((m, v) for m, v in ranked if v is not None), (None, None))
        return value, method

    def _conductivity(self, transmissivity: Estimate | None) -> Estimate | None:
        thickness = self.given.thickness
        if transmissivity is None or thickness is None:
            return None
        ends = (transmissivity.value, transmissivity.low, transmissivity.high)
        return Estimate(*(end / thickness for end in ends))


def _narrowest(found: Mapping[str, StraightLine] | Mapping[str, RecoveryLine]) -> Estimate | None:
    """The transmissivity with the smallest relative interval; None without one."""
    values = [line.transmissivity for line in found.values()]
    return min(values, key=lambda value: value.high / value.low, default=None)
