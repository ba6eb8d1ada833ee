"""What a well test is given and what it gives: kinds, methods, inputs and the result."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from diwen import __version__
from diwen.language import Text
from diwen.problems import Problem
from diwen.sources.pumping_test import (
    AquiferChoice,
    DerivativeDiagnosis,
    Estimate,
    InjectionTest,
    InternalBypass,
    MeasurementErrors,
    PumpingTest,
    RecoveryLine,
    StepTest,
    StraightLine,
)
from diwen.survey.rule_check import Quality
from diwen.survey.well_test_record import WellTestFile, WellTestReading

Kind = Literal["pumping", "injection", "recovery", "step", "flow-step"]
AskedKind = Literal["auto", "pumping", "injection", "recovery", "step", "flow-step"]
KINDS: tuple[AskedKind, ...] = get_args(AskedKind)
KIND_NAMES: dict[str, Text] = {
    "pumping": Text("pumping test at constant flow", "定流量抽水试验"),
    "injection": Text("injection test", "回灌试验"),
    "recovery": Text("recovery test", "水位恢复试验"),
    "step": Text("step test", "阶梯流量试验"),
    "flow-step": Text("flow-step test for bypass inside the well", "井内热贯通流量阶跃试验"),
}
METHOD_NAMES: dict[str, Text] = {
    "curve": Text("fit of the whole curve", "全曲线拟合"),
    "straight line": Text("straight line (Cooper-Jacob)", "直线法（库珀-雅各布）"),
    "recovery": Text("recovery line (Theis)", "水位恢复法（泰斯）"),
    "step": Text("step test (Eden-Hazel)", "阶梯试验（伊登-黑兹尔）"),
    "injection": Text("specific injectivity", "单位回灌量"),
    "bypass": Text("bypass inside the well", "井内热贯通"),
    "derivative": Text("derivative of the drawdown", "降深导数"),
}


@dataclass(frozen=True)
class GivenWell:
    """What the user says beside the file.

    Attributes
    ----------
    kind : ``auto`` looks at the file
    reading : how the file is to be read
    well_radius, casing_radius : of the pumped well, m; None: not known
    thickness : of the aquifer, m; None: no conductivity
    temperature : of the injected water, °C, where the file has none
    errors : standard uncertainties of the measurements
    """

    kind: AskedKind = "auto"
    reading: WellTestReading = field(default_factory=WellTestReading)
    well_radius: float | None = None
    casing_radius: float | None = None
    thickness: float | None = None
    temperature: float | None = None
    errors: MeasurementErrors = field(default_factory=MeasurementErrors)


@dataclass(frozen=True)
class Refused:
    """A method that was not used, and why."""

    method: str
    problem: Problem


@dataclass(frozen=True, eq=False)
class WellTestResult:
    """All that a well test gave.

    Attributes
    ----------
    file : the test as read
    kind : of the test; why : how it was found
    test : flow and drawdowns; None without levels
    choice : fits of the whole curve and the one to use
    lines, recoveries, derivatives : by the name of the well
    step, injection, bypass : None where they do not apply
    transmissivity : m²/s, of the method that the kind calls for; method : its key; None without
    storativity : of an observation well; None without
    conductivity : m/s, with a thickness
    quality : the checks against the rules
    refused : methods not used
    warnings : of what was used
    notices : of the file and the inputs
    evaluated : day; version : of Diwen
    """

    file: WellTestFile
    kind: Kind
    why: Text
    test: PumpingTest | None
    choice: AquiferChoice | None
    lines: Mapping[str, StraightLine]
    recoveries: Mapping[str, RecoveryLine]
    derivatives: Mapping[str, DerivativeDiagnosis]
    step: StepTest | None
    injection: InjectionTest | None
    bypass: InternalBypass | None
    transmissivity: Estimate | None
    method: str | None
    storativity: Estimate | None
    conductivity: Estimate | None
    quality: Quality
    refused: tuple[Refused, ...]
    warnings: tuple[Text, ...]
    notices: tuple[Problem, ...]
    evaluated: datetime.date
    version: str = __version__

    @property
    def answered(self) -> bool:
        """Whether the test gave what its kind is made for."""
        if self.kind == "flow-step":
            return self.bypass is not None
        if self.kind == "step":
            return self.step is not None
        if self.kind == "injection":
            return self.injection is not None or self.transmissivity is not None
        return self.transmissivity is not None
