"""Pictures of a well test: drawdown over the logarithm of time, recovery, steps, bypass."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.language import Language, Text, same
from diwen.reports.chart import COLOURS, CYCLE, Axis, Chart, Trace, Values, rounded
from diwen.reports.picture_files import write_charts

if TYPE_CHECKING:
    from diwen.survey.well_test_result import WellTestResult

Floats = NDArray[np.float64]

_DRAWDOWN = Axis(Text("drawdown", "降深"), "m", decimals=3)
_RISE = Axis(Text("rise of the level", "水位升幅"), "m", decimals=3)
_LOG_TIME = Axis(
    Text("log10 of the time since the start, t in min", "lg t（t 为开泵后分钟数）"), decimals=2
)
_MEASURED = Text("{name}, measured", "{name}，实测")
_FITTED = Text("{name}, fitted", "{name}，拟合")
_LINE = Text("{name}, straight line", "{name}，直线")
_PUMPED = Text("pumped well", "抽水井")


def charts(result: WellTestResult) -> tuple[Chart, ...]:
    """Every picture that the result has something to show for; the main one first."""
    made = (bypass(result), steps(result), drawdown(result), recovery(result))
    return tuple(chart for chart in made if chart is not None)


def write_pictures(result: WellTestResult, target: Path, language: Language) -> tuple[Path, ...]:
    """The main picture into an ``.svg`` file, or all of them into a folder."""
    made = charts(result)
    named = {chart.id: chart for chart in made}
    return write_charts(named, made[0] if made else None, target, language)


def drawdown(result: WellTestResult) -> Chart | None:
    """Levels of each well over the logarithm of time with fit and straight line."""
    test = result.test
    if test is None:
        return None
    sign = -1.0 if test.mean_flow < 0 else 1.0
    traces: list[Trace] = []
    fitted = _fitted(result)
    for number, well in enumerate(test.observations):
        since = well.time - test.start
        kept = since > 0
        colour = CYCLE[number % len(CYCLE)]
        name = _PUMPED if well.pumped else same(well.name)
        traces.append(Trace(_MEASURED.format(name=name), "points", _log(since[kept]),
                            _values(sign * well.drawdown[kept]), colour=colour))  # fmt: skip
        if well.name in fitted:
            t, s = fitted[well.name]
            curve = _values(sign * s)
            traces.append(Trace(_FITTED.format(name=name), "line", _log(t - test.start), curve,
                                colour=colour, origin=("calculated",)))  # fmt: skip
        line = result.lines.get(well.name)
        if line is not None and well.name not in fitted:
            traces.append(Trace(_LINE.format(name=name), "line", _log(line.time),
                                _values(sign * line.line), colour=colour,
                                origin=("calculated",)))  # fmt: skip
    if not traces:
        return None
    note = None if result.choice is None else result.choice.chosen.model.name
    title = Text("Drawdown over the logarithm of time", "降深—时间对数")
    if sign < 0:
        title = Text("Rise of the level over the logarithm of time", "水位升幅—时间对数")
    return Chart("well_test_drawdown", title, _LOG_TIME, (_RISE if sign < 0 else _DRAWDOWN,),
                 tuple(traces), (), note)  # fmt: skip


def _fitted(result: WellTestResult) -> dict[str, tuple[Floats, Floats]]:
    """Times and fitted drawdowns of each well of the chosen curve."""
    test, choice = result.test, result.choice
    if test is None or choice is None:
        return {}
    fit = choice.chosen
    wells = [well for well in test.observations if not well.pumped] or list(test.observations)
    ends = np.cumsum(fit.counts)[:-1]
    times, values = np.split(fit.time, ends), np.split(fit.fitted, ends)
    return {
        well.name: (t[t > test.start], s[t > test.start])
        for well, t, s in zip(wells, times, values, strict=False)
    }


def recovery(result: WellTestResult) -> Chart | None:
    """Residual drawdown over t/t'."""
    if not result.recoveries:
        return None
    traces: list[Trace] = []
    for number, (name, line) in enumerate(result.recoveries.items()):
        colour = CYCLE[number % len(CYCLE)]
        shown = _PUMPED if name == "pumped well" else same(name)
        x = np.log10(line.ratio)
        traces += [
            Trace(_MEASURED.format(name=shown), "points", _x(x), _values(line.drawdown),
                  colour=colour),
            Trace(_LINE.format(name=shown), "line", _x(x), _values(line.line), colour=colour,
                  origin=("calculated",)),
        ]  # fmt: skip
    return Chart(
        "well_test_recovery",
        Text("Recovery after the stop", "停泵后水位恢复"),
        Axis(Text("log10 of t/t', t' since the stop", "lg(t/t′)，t′ 为停泵后时间"), decimals=2),
        (Axis(Text("residual drawdown", "剩余降深"), "m", decimals=3),),
        tuple(traces),
    )


def steps(result: WellTestResult) -> Chart | None:
    """Measured and fitted drawdown of a step test, and the line s/Q over Q in its note."""
    found = result.step
    if found is None:
        return None
    linear = found.linear.value / 3600.0
    quadratic = found.quadratic.value / 3600.0**2
    law = f"s = {linear:.4g} Q + {quadratic:.3g} Q²"
    return Chart(
        "well_test_steps",
        Text("Step test: measured and fitted", "阶梯试验：实测与拟合"),
        Axis(Text("time since the start", "开泵后时间"), "h", decimals=2),
        (_DRAWDOWN,),
        (
            Trace(_MEASURED.format(name=_PUMPED), "points", _x(found.time / 3600),
                  _values(found.measured), colour=COLOURS["load_pale"]),
            Trace(_FITTED.format(name=_PUMPED), "line", _x(found.time / 3600),
                  _values(found.fitted), colour=COLOURS["source"], origin=("calculated",)),
        ),
        (),
        Text(f"{law} (s in m, Q in m³/h, after {found.duration / 60:.0f} min)",
             f"{law}（s 单位 m，Q 单位 m³/h，历时 {found.duration / 60:.0f} min）"),
    )  # fmt: skip


def bypass(result: WellTestResult) -> Chart | None:
    """Pumped temperature, and what the returned one explains of it."""
    found, file = result.bypass, result.file
    if found is None or file.temperature is None or file.return_temperature is None:
        return None
    return Chart(
        "well_test_bypass",
        Text("Flow-step test: temperatures", "流量阶跃试验：水温"),
        Axis(Text("time since the start", "开始后时间"), "h", decimals=2),
        (Axis(Text("temperature", "温度"), "°C", decimals=2),),
        (
            Trace(Text("returned water", "回水"), "line", _x(file.time / 3600),
                  _values(file.return_temperature), colour=COLOURS["load_pale"]),
            Trace(Text("pumped water", "出水"), "points", _x(file.time / 3600),
                  _values(file.temperature), colour=COLOURS["source_pale"]),
            Trace(Text("fitted", "拟合"), "line", _x(found.time / 3600), _values(found.fitted),
                  colour=COLOURS["source"], origin=("calculated",)),
        ),
    )  # fmt: skip


def _log(seconds: Floats) -> tuple[float, ...]:
    return _x(np.log10(np.maximum(seconds, 1e-3) / 60.0))


def _x(values: Floats) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") for value in values)


def _values(values: Floats) -> Values:
    return tuple(rounded(float(value), 6) for value in values)
