"""Every method tried on one test: results, failures, and how each method judges its own windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar

import numpy as np

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response_test.capacity_fit import CapacityFit, fit_with_capacity
from diwen.sources.response_test.composite_cylinder import BoreholeInside
from diwen.sources.response_test.convergence import WindowSequence, window_scan
from diwen.sources.response_test.groundwater_hint import GroundwaterHint, groundwater_hint
from diwen.sources.response_test.heat_steps import gap_limit
from diwen.sources.response_test.line_source_fit import (
    LineSourceFit,
    fit_line_source,
    heating_end,
)
from diwen.sources.response_test.record import Floats, TestedBorehole, TestSeries
from diwen.sources.response_test.recovery import evaluate_recovery, has_recovery
from diwen.sources.response_test.steadiness import Steadiness
from diwen.sources.response_test.superposition_fit import SuperpositionFit, fit_superposition
from diwen.sources.response_test.uncertainty import Estimate, line_source_covariance

Method = Literal["line source", "superposition", "capacity"]
_Fit = TypeVar("_Fit")

_FAILED = Text("{method}: {problem}", "{method}：{problem}")
_NAMES = {
    "line source": Text("line-source fit", "线热源直线拟合"),
    "superposition": Text("superposition", "变功率叠加法"),
    "capacity": Text("estimation with heat capacity", "计入热容的参数估计"),
    "recovery": Text("recovery", "恢复阶段"),
}
_NOT_POSSIBLE = Text(
    "not possible on this test: the early hours are missing or the flow was changed",
    "本试验不适用：缺少早期记录，或试验中途改变了流量",
)
_OTHER = Text("choose another method", "请选择其他方法")


class AttemptedMethods:
    """The methods' results for one test; what fails leaves a note."""

    def __init__(
        self,
        series: TestSeries,
        borehole: TestedBorehole,
        settled: Steadiness,
        refusals: tuple[Text, ...],
        start: float | None,
        end: float | None,
        inside: BoreholeInside | None,
    ) -> None:
        self.series, self.borehole, self.inside = series, borehole, inside
        self.refusals = refusals
        self.start = 0.0 if start is None else start
        self.notes: list[Text] = []
        self.failures: dict[str, InputError] = {}
        self.heating_end = heating_end(series) if end is None else end
        levels = np.searchsorted(settled.levels.start[1:], series.time, side="right")
        self.levels = levels if settled.levels.count > 1 else None
        self.recorded_early = bool(series.time[0] <= gap_limit(series.time))
        self.line_source = (
            None
            if refusals
            else self._try("line source", lambda: fit_line_source(series, borehole, start, end))
        )
        self.superposition = self._try("superposition", lambda: self.superposed())
        self.capacity = (
            self._try("capacity", lambda: self.with_capacity())
            if self.recorded_early and self.levels is None
            else None
        )
        self.recovery = (
            self._try("recovery", lambda: evaluate_recovery(series, borehole))
            if has_recovery(series)
            else None
        )

    def superposed(
        self,
        series: TestSeries | None = None,
        borehole: TestedBorehole | None = None,
        **options: Any,
    ) -> SuperpositionFit:
        """Superposition over the heating, by flow level; another series or borehole on wish."""
        options.setdefault("start", self.start)
        options.setdefault("end", self.heating_end)
        return fit_superposition(
            series or self.series,
            borehole or self.borehole,
            levels=self.levels,
            **options,
        )

    def with_capacity(
        self,
        series: TestSeries | None = None,
        borehole: TestedBorehole | None = None,
        guess: tuple[float, float] | None = None,
        start: float = 600.0,
    ) -> CapacityFit:
        """Estimation with heat capacity; another series or borehole on wish."""
        return fit_with_capacity(
            series or self.series,
            borehole or self.borehole,
            self.inside,
            start=start,
            end=self.heating_end,
            cells=600,
            guess=guess,
        )

    def pair(self, method: Method) -> tuple[float, float]:
        """λ and R_b of one method."""
        fit = self._of(method)
        return fit.conductivity, fit.resistance

    def judged(self, method: Method) -> tuple[Estimate, Floats, WindowSequence]:
        """The evaluation as a function, its regression covariance, and its other windows."""
        if method == "line source" and self.line_source is not None:
            line = self.line_source

            def straight(series: TestSeries, borehole: TestedBorehole) -> tuple[float, float]:
                fit = fit_line_source(series, borehole, line.start, line.end)
                return fit.conductivity, fit.resistance

            scan = window_scan(self.series, self.borehole, line.start, line.end)
            return straight, line_source_covariance(line, self.borehole), scan
        if method == "capacity" and self.capacity is not None:
            fit = self.capacity
            near = (fit.conductivity, fit.resistance)

            def estimated(series: TestSeries, borehole: TestedBorehole) -> tuple[float, float]:
                again = self.with_capacity(series, borehole, guess=near)
                return again.conductivity, again.resistance

            return estimated, fit.covariance, self._capacity_windows(near)
        whole = self._of("superposition")
        assert isinstance(whole, SuperpositionFit)
        known: dict[str, Any] = {
            "guess": whole.conductivity,
            "settling": whole.settling,
            "cells": 800,
        }

        def superposed(series: TestSeries, borehole: TestedBorehole) -> tuple[float, float]:
            again = self.superposed(series, borehole, **known)
            return again.conductivity, again.resistance

        return superposed, whole.covariance, self._superposed_windows(whole, known)

    def groundwater(self) -> GroundwaterHint | None:
        """The hint of groundwater, where a straight line may be drawn."""
        if self.line_source is None:
            return None
        try:
            return groundwater_hint(self.series, self.borehole, end=self.line_source.end)
        except InputError:
            return None

    def _superposed_windows(self, whole: SuperpositionFit, known: dict[str, Any]) -> WindowSequence:
        span = whole.end - whole.start
        rows = []
        for begin in (0.0, 0.15, 0.3, 0.45):
            for stop in (0.75, 0.9, 1.0):
                start, end = whole.start + begin * span, whole.start + stop * span
                try:
                    fit = self.superposed(start=start, end=end, **known)
                except InputError:
                    continue
                # Each flow level against itself: a window without one of them must not shift R_b.
                shift = float(np.nanmean(fit.resistances - whole.resistances))
                rows.append((start, end, fit.conductivity, whole.resistance + shift))
        return WindowSequence(*np.array(rows).reshape(-1, 4).T)

    def _capacity_windows(self, near: tuple[float, float]) -> WindowSequence:
        rows = []
        for start in (600.0, 1800.0, 3600.0, 2 * 3600.0):
            try:
                fit = self.with_capacity(guess=near, start=start)
            except InputError:
                continue
            rows.append((start, fit.end, fit.conductivity, fit.resistance))
        return WindowSequence(*np.array(rows).reshape(-1, 4).T)

    def _try(self, name: str, run: Callable[[], _Fit]) -> _Fit | None:
        try:
            return run()
        except InputError as error:
            self.failures[name] = error
            message = error.problems[0].message
            self.notes.append(_FAILED.format(method=_NAMES[name], problem=message))
            return None

    def _of(self, method: str) -> LineSourceFit | SuperpositionFit | CapacityFit:
        fits: dict[str, LineSourceFit | SuperpositionFit | CapacityFit | None] = {
            "line source": self.line_source,
            "superposition": self.superposition,
            "capacity": self.capacity,
        }
        fit = fits[method]
        if fit is None:
            raise self.failures.get(method) or InputError(
                [Problem("response test", _NAMES[method].en, _NOT_POSSIBLE, _OTHER)]
            )
        return fit
