"""From the file of a response test to a result: read, check, evaluate, say where it comes from."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from diwen import __version__, rules
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.rules import RulesOn
from diwen.site import Site
from diwen.site.response_tests import ResponseTest
from diwen.sources.response_test.evaluation import Evaluation, evaluate
from diwen.sources.response_test.layered import LayeredResult
from diwen.sources.response_test.plain_fit_conditions import PlainFitConditions
from diwen.sources.response_test.steadiness import steadiness
from diwen.sources.response_test.superposition_fit import POSSIBLE_CONDUCTIVITY
from diwen.sources.response_test.uncertainty import InputUncertainty
from diwen.survey.layered_file import layers_of
from diwen.survey.quality import CLOSED_ONLY, check_quality
from diwen.survey.response_test_bounds import (
    check_cover,
    check_units,
    check_window,
    settled_from,
)
from diwen.survey.response_test_file import TestFile, read_test_file
from diwen.survey.rule_check import Quality
from diwen.survey.site_update import Finding
from diwen.survey.standing_column_phases import evaluated_series
from diwen.survey.standing_column_test import (
    StandingColumn,
    findings,
    logger_notices,
    with_recirculation,
    words_of_caution,
)
from diwen.survey.test_inputs import Given, Inputs, entry_of, inputs_of, reading_of, source_of

MethodName = Literal["auto", "line-source", "superposition", "capacity"]
METHODS: tuple[MethodName, ...] = get_args(MethodName)
METHOD_NAMES: dict[str, Text] = {
    "line source": Text("infinite line source, straight line over ln t", "无限线热源对数直线拟合"),
    "superposition": Text("line source with superposed heat rates", "变功率线热源叠加法"),
    "capacity": Text(
        "parameter estimation with the borehole's heat capacity", "计入钻孔热容的参数估计"
    ),
}

_NO_GROUND = Text("no ground has such a conductivity", "没有岩土具有这样的导热系数")
_NO_BOREHOLE = Text(
    "no borehole has such a resistance: it must be more than 0", "钻孔热阻必须大于 0"
)
_CHECK_INPUTS = Text(
    "check the units of power and temperature, the length, the diameter and the undisturbed "
    "temperature",
    "请检查功率与温度单位、孔深、孔径和初始地温",
)
_VAGUE = Text("the test does not tell the conductivity: its uncertainty is as large as it is",
              "试验无法确定导热系数：其不确定度不小于其数值")  # fmt: skip


@dataclass(frozen=True, eq=False)
class TestResult:
    """All that a response test gave.

    Attributes
    ----------
    file : the test as read
    inputs : borehole, ground, meters
    source : id of the bore field it belongs to; empty without a site
    test : its table in the site file; None if the site does not name it
    quality : the checks against the rules
    evaluation : None when no value is given
    refused : why no value is given
    uncertainty : standard uncertainties of the inputs
    uncertainty_from : which of them were given, the others are defaults of the rules
    evaluated : day of the evaluation
    version : of Diwen
    layered : layer by layer, None without temperatures by depth
    standing_column : phases, loggers and bleed of a standing column well; else None
    """

    __test__ = False

    file: TestFile
    inputs: Inputs
    source: str
    test: ResponseTest | None
    quality: Quality
    evaluation: Evaluation | None
    refused: tuple[Problem, ...]
    uncertainty: InputUncertainty
    uncertainty_from: tuple[str, ...]
    evaluated: datetime.date
    version: str
    layered: LayeredResult | None = None
    standing_column: StandingColumn | None = None

    @property
    def notices(self) -> tuple[Problem, ...]:
        """What was left out, taken or assumed on the way."""
        return (*self.file.notices, *self.inputs.notices)

    @property
    def window(self) -> tuple[float, float]:
        """First and last time used by the method chosen, s; NaN without a value."""
        fit = chosen_fit(self.evaluation)
        return (math.nan, math.nan) if fit is None else (fit.start, fit.end)

    @property
    def rows(self) -> int:
        """Records of the file within that window."""
        start, end = self.window
        time = self.file.series.time
        return int(np.count_nonzero((time >= start) & (time <= end)))

    @property
    def conductivity_uncertainty(self) -> float:
        """Expanded (k = 2), W/(m·K)."""
        return math.nan if self.evaluation is None else 2 * _root(self.evaluation.covariance[0, 0])

    @property
    def resistance_uncertainty(self) -> float:
        """Expanded (k = 2), m·K/W."""
        return math.nan if self.evaluation is None else 2 * _root(self.evaluation.covariance[1, 1])

    @property
    def day(self) -> datetime.date | None:
        """Day of the test, where it is known."""
        return self.inputs.circumstances.date

    def finding(self) -> Finding:
        """What goes into the site file.

        Raises
        ------
        InputError : there is no value
        """
        found = self.evaluation
        if found is None:
            raise InputError(self.refused)
        return Finding(
            file=self.file.path,
            sha256=self.file.sha256,
            source=self.source,
            conductivity=found.conductivity,
            conductivity_uncertainty=self.conductivity_uncertainty,
            resistance=found.resistance,
            resistance_uncertainty=self.resistance_uncertainty,
            undisturbed_temperature=self.inputs.borehole.undisturbed_temperature,
            heat_capacity=self.inputs.borehole.heat_capacity,
            length=self.inputs.borehole.length,
            method=METHOD_NAMES[found.method],
            window=self.window,
            rows=self.rows,
            day=self.day,
            by=self.test.by if self.test is not None else "",
            evaluated=self.evaluated,
            software=f"Diwen {self.version}",
            open_well=self.inputs.open_well,
        )


def evaluate_test(
    path: str | Path,
    site: Site | None = None,
    given: Given | None = None,
    method: MethodName = "auto",
    window: tuple[float | None, float | None] = (None, None),
    today: datetime.date | None = None,
    layers: str | Path | None = None,
) -> TestResult:
    """Evaluate the file of a response test.

    Parameters
    ----------
    path : the file
    site : what is known of borehole, ground and meters; its ``[[response_tests]]`` tells how the
        file is written
    given : what goes before the site
    method : ``auto`` takes the one that the test allows
    window : start and end, s since the start of heating; None: chosen
    today : day of the evaluation
    layers : file of fluid temperatures by depth; by default the one that the site names

    Raises
    ------
    InputError : the file or the input is wrong. A test that is read but allows no value is no
        error: it says why in ``refused``.
    """
    path, said = Path(path), given or Given()
    entry = entry_of(site, path)
    test = None if entry is None else entry[1]
    source = source_of(site, test, said)
    file = read_test_file(path, reading_of(site, test, said, source))
    inputs = inputs_of(site, test, said, source, file)
    file = _of_open_well(file)
    check_units(file, inputs)
    check_window(file, window)
    day = today or datetime.date.today()
    region = site.place.region if site is not None else ""
    book = rules.on(inputs.circumstances.date or day, region or None)
    conditions = _conditions(book)
    check_cover(file, conditions)
    uncertainty, known = _uncertainty(site, said, inputs, file, book)
    quality = _quality(file, inputs, conditions, book)
    file, standing_column = _standing_column(file, inputs, book)
    span = {"start": window[0], "end": window[1]}
    evaluation, refused = _evaluated(file, inputs, method, span, uncertainty, conditions)
    if evaluation is not None and standing_column is not None:
        evaluation = with_recirculation(evaluation, standing_column)
    if layers is None and site is not None and test is not None and test.layers_file:
        layers = site.folder / test.layers_file
    layered = None if layers is None else layers_of(Path(layers), file, inputs, book)
    return TestResult(
        file, inputs, source, test, quality, evaluation, refused, uncertainty, known, day,
        __version__, layered, standing_column,
    )  # fmt: skip


def _of_open_well(file: TestFile) -> TestFile:
    """The part of a test on an open well that a line of heat may describe."""
    if file.open_well is None:
        return file
    series, notices = evaluated_series(file.path.name, file.series, file.open_well)
    return replace(file, series=series, notices=(*file.notices, *notices))


def _standing_column(
    file: TestFile, inputs: Inputs, book: RulesOn
) -> tuple[TestFile, StandingColumn | None]:
    """What else an open well told; what its loggers lost goes to the notices."""
    if file.open_well is None:
        return file, None
    found = findings(file.open_well, file.series, inputs.borehole, book)
    notices = logger_notices(file.path.name, found, file.series)
    return replace(file, notices=(*file.notices, *notices)), found


def _quality(
    file: TestFile, inputs: Inputs, conditions: PlainFitConditions, book: RulesOn
) -> Quality:
    """The checks, after the hour in which a heater may warm up."""
    series = file.series
    settled = steadiness(series, start=settled_from(file, conditions))
    found = check_quality(series, inputs.borehole, settled, inputs.circumstances, book)
    if not inputs.open_well:
        return found
    kept = tuple(check for check in found.checks if check.id not in CLOSED_ONLY)
    return replace(found, checks=kept)


def _evaluated(
    file: TestFile,
    inputs: Inputs,
    method: MethodName,
    span: dict[str, float | None],
    uncertainty: InputUncertainty,
    conditions: PlainFitConditions,
) -> tuple[Evaluation | None, tuple[Problem, ...]]:
    """The evaluation, or why there is none."""
    name: Any = method.replace("-", " ")
    try:
        found = evaluate(
            file.series,
            inputs.borehole,
            name,
            **span,
            inputs=uncertainty,
            conditions=conditions,
            inside=inputs.inside,
        )
    except InputError as error:
        return None, error.problems
    if inputs.open_well:
        found = _without_guess(found)
    refused = tuple(_impossible(file, found, inputs.open_well))
    return (None if refused else found), refused


def chosen_fit(evaluation: Evaluation | None) -> Any:
    """The result of the method that was chosen; None without an evaluation."""
    if evaluation is None:
        return None
    return getattr(evaluation, evaluation.method.replace(" ", "_"))


def _without_guess(found: Evaluation) -> Evaluation:
    """No groundwater is read from the temperatures of an open well; what its value means is said.

    The resistance of an open well is next to nothing; within its uncertainty it may lie below it.
    """
    notes = found.notes
    if found.resistance + 2 * _root(found.covariance[1, 1]) > 0:
        notes = tuple(note for note in notes if "R_b" not in note.en)
    return replace(found, groundwater=None, notes=(*notes, *words_of_caution()))


def _impossible(file: TestFile, found: Evaluation, open_well: bool) -> Iterator[Problem]:
    """What no ground and no borehole can be is no result."""
    low, high = POSSIBLE_CONDUCTIVITY
    name = file.path.name
    if not low < found.conductivity < high:
        allowed = Text(f"{low:g} to {high:g} W/(m·K)", f"{low:g}～{high:g} W/(m·K)")
        shown = f"{found.conductivity:.3g} W/(m·K)"
        yield Problem(name, "", _NO_GROUND, _CHECK_INPUTS, shown, allowed)
    else:
        error = 2 * _root(found.covariance[0, 0])
        if error >= found.conductivity:
            shown = f"{found.conductivity:.3g} ± {error:.3g} W/(m·K)"
            yield Problem(name, "", _VAGUE, _CHECK_INPUTS, shown)
    allowance = 2 * _root(found.covariance[1, 1]) if open_well else 0.0
    if not found.resistance + allowance > 0:
        yield Problem(name, "", _NO_BOREHOLE, _CHECK_INPUTS, f"{found.resistance:.3g} m·K/W")


def _root(value: float) -> float:
    return math.sqrt(max(float(value), 0.0))


def _conditions(book: RulesOn) -> PlainFitConditions:
    """What a straight line needs, from the rules."""
    return PlainFitConditions(
        power_deviation=book.rules.value("ashrae.response_test.power_deviation") / 100,
        power_peak=book.rules.value("ashrae.response_test.power_peak") / 100,
        longest_gap=book.rules.value("response_test.gap") * 60,
    )


def _uncertainty(
    site: Site | None, given: Given, inputs: Inputs, file: TestFile, book: RulesOn
) -> tuple[InputUncertainty, tuple[str, ...]]:
    """Standard uncertainties: what was given, else the defaults of the rules.

    A limit of error is a rectangular distribution (GUM, 4.3.7): divided by √3.
    """

    def default(name: str) -> float:
        return book.rules.value(f"response_test.uncertainty.{name}")

    known: list[str] = []
    power = default("power") / 100
    measured = _power_accuracy(inputs, file)
    if measured is not None:
        power = measured / math.sqrt(3)
        known.append("power")
    undisturbed = default("undisturbed_temperature")
    stated = site.ground.undisturbed_temperature_uncertainty if site is not None else None
    if inputs.at_rest is not None:
        undisturbed = max(undisturbed, inputs.at_rest.standard_uncertainty)
        known.append("undisturbed_temperature")
    if stated is not None and given.undisturbed_temperature is None:
        undisturbed = stated / 2
        known.append("undisturbed_temperature")
    found = InputUncertainty(
        power=power,
        length=default("length") / 100,
        heat_capacity=default("heat_capacity") / 100,
        undisturbed_temperature=undisturbed,
        ambient=default("ambient") / 100,
    )
    return found, tuple(known)


def _power_accuracy(inputs: Inputs, file: TestFile) -> float | None:
    """Limit of error of the heat rate, relative: stated, or from flow and thermometers."""
    known = inputs.circumstances
    if known.power_accuracy is not None:
        return known.power_accuracy
    series = file.series
    if file.power_origin != "flow and temperatures" or series.inlet is None:
        return None
    if known.flow_accuracy is None or known.temperature_accuracy is None or series.outlet is None:
        return None
    difference = abs(float(np.median(series.inlet - series.outlet)))
    return math.hypot(known.flow_accuracy, math.sqrt(2) * known.temperature_accuracy / difference)
