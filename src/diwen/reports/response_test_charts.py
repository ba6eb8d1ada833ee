"""Pictures of a thermal response test: its course, the fit, convergence, residuals, uncertainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text, same
from diwen.reports.chart import COLOURS, Axis, Chart, Mark, Trace, Values, rounded

if TYPE_CHECKING:
    from diwen.sources.response_test.capacity_fit import CapacityFit
    from diwen.sources.response_test.superposition_fit import SuperpositionFit
    from diwen.survey.evaluate_test import TestResult

Floats = NDArray[np.float64]

_STEPS = 600  # time steps a printed curve has room for
_HOURS = Axis(Text("time since the start of heating", "自开始加热起的时间"), "h")
_TEMPERATURE = Axis(Text("temperature", "温度"), "°C", decimals=2)
_CONDUCTIVITY = Axis(Text("conductivity", "导热系数"), "W/(m·K)", decimals=3)
_RESISTANCE = Axis(Text("borehole resistance", "钻孔热阻"), "m·K/W", decimals=4)
_MEAN = Text("mean fluid temperature", "流体平均温度")
_MODELLED = Text("model", "模型")
_LINE = Text("fitted line", "拟合直线")
_OUTSIDE = Text("not used", "未取用")
_USED = Text("used", "取用")
_FROM = Text("from {hours:.1f} h", "自 {hours:.1f} h")
_UP_TO = Text("to {hours:.1f} h", "至 {hours:.1f} h")
_UNDISTURBED = Text("undisturbed ground {value:.1f} °C", "岩土初始地温 {value:.1f} °C")
_BAND = Text(
    "Curves are means of the time steps shown; bands reach from smallest to largest record.",
    "曲线为各显示时段平均值，色带为时段内最小值至最大值。",
)


def charts(result: TestResult) -> tuple[Chart, ...]:
    """Every picture that the result has something to show for, in the order of the report."""
    made = (
        course(result),
        heat_and_flow(result),
        straight_line(result),
        modelled(result),
        convergence(result, "conductivity"),
        convergence(result, "resistance"),
        residuals(result),
        resistance_by_flow(result),
        recovery(result),
        layers(result),
        contributions(result, "conductivity"),
        contributions(result, "resistance"),
    )
    return tuple(chart for chart in made if chart is not None)


def course(result: TestResult) -> Chart:
    """Temperatures over time."""
    series = result.file.series
    found: list[tuple[Text, Floats, str]] = []
    if series.inlet is not None and series.outlet is not None:
        found.append((Text("into the borehole", "进孔"), series.inlet, COLOURS["load"]))
        found.append((Text("out of the borehole", "出孔"), series.outlet, COLOURS["source"]))
    else:
        found.append((_MEAN, series.fluid_temperature, COLOURS["load"]))
    if series.ambient is not None:
        found.append((Text("air", "环境"), series.ambient, COLOURS["outdoor"]))
    undisturbed = result.inputs.borehole.undisturbed_temperature
    return Chart(
        "trt_course",
        Text("Temperatures during the test", "试验过程温度"),
        _HOURS,
        (_TEMPERATURE,),
        tuple(_curve(name, series.time, values, colour) for name, values, colour in found),
        (Mark(undisturbed, _UNDISTURBED.format(value=undisturbed)),),
        _BAND,
    )


def heat_and_flow(result: TestResult) -> Chart:
    """Heat rate, and flow on the right where it was measured."""
    series = result.file.series
    power = Axis(Text("heat rate", "热流率"), "kW", decimals=2, from_zero=True)
    shown = Text("heat rate", "热流率")
    traces = [_curve(shown, series.time, series.power / 1000, COLOURS["electricity"])]
    axes: tuple[Axis, ...] = (power,)
    if series.flow is not None:
        flow = Axis(Text("mass flow", "质量流量"), "kg/s", decimals=4, from_zero=True)
        traces.append(_curve(Text("flow", "流量"), series.time, series.flow, COLOURS["water"], 1))
        axes = (power, flow)
    title = Text("Heat rate and flow", "加热功率与流量")
    if series.flow is None:
        title = Text("Heat rate", "加热功率")
    return Chart("trt_heat", title, _HOURS, axes, tuple(traces), (), _BAND)


def straight_line(result: TestResult) -> Chart | None:
    """Mean fluid temperature over ln t with the fitted line and its window."""
    fit = None if result.evaluation is None else result.evaluation.line_source
    if fit is None:
        return None
    series = result.file.series
    keep = series.time > 0
    x, y = np.log(series.time[keep]), series.fluid_temperature[keep]
    inside = (series.time[keep] >= fit.start) & (series.time[keep] <= fit.end)
    ends = np.log(np.array([fit.start, fit.end]))
    traces = [
        _dots(_USED, x[inside], y[inside], COLOURS["load_pale"]),
        Trace(
            _LINE,
            "line",
            _x(ends),
            _values(fit.temperature(np.exp(ends))),
            colour=COLOURS["source"],
            origin=("calculated",),
        ),
    ]
    if not inside.all():
        traces.insert(0, _dots(_OUTSIDE, x[~inside], y[~inside], COLOURS["outdoor"]))
    note = Text(
        f"Slope {fit.slope:.4f} K per unit of ln t, {fit.count:,} records from "
        f"{fit.start / 3600:.1f} to {fit.end / 3600:.1f} h; root mean square of the residuals "
        f"{fit.rms:.3f} K. The line source holds from {fit.valid_from / 3600:.1f} h.",
        f"斜率 {fit.slope:.4f} K（每单位 ln t），取用 {fit.count:,} 条记录，"
        f"{fit.start / 3600:.1f}～{fit.end / 3600:.1f} h；残差均方根 {fit.rms:.3f} K。"
        f"线热源自 {fit.valid_from / 3600:.1f} h 起适用。",
    )
    marks: tuple[Mark, ...] = ()
    if not inside[0]:
        marks += (Mark(float(ends[0]), _FROM.format(hours=fit.start / 3600), axis="x"),)
    if not inside[-1]:
        marks += (Mark(float(ends[1]), _UP_TO.format(hours=fit.end / 3600), axis="x"),)
    return Chart(
        "trt_line",
        Text("Mean fluid temperature over ln t and fitted line", "流体平均温度—ln t 及拟合直线"),
        Axis(Text("ln t, t in s since the start of heating", "ln t（t 为自开始加热起的秒数）"),
             decimals=2),
        (_TEMPERATURE,),
        tuple(traces),
        marks,
        note,
    )  # fmt: skip


def modelled(result: TestResult) -> Chart | None:
    """Measured and modelled temperature of the method chosen, where it is no straight line."""
    fit = _model_fit(result)
    if fit is None:
        return None
    title = {
        "superposition": Text("Superposition: measured and modelled", "叠加法：实测与模型"),
        "capacity": Text(
            "Estimation with heat capacity: measured and modelled", "计入热容的参数估计：实测与模型"
        ),
    }[_method(result)]
    return Chart(
        "trt_model",
        title,
        _HOURS,
        (_TEMPERATURE,),
        (
            _dots(_MEAN, fit.time / 3600, fit.measured, COLOURS["load_pale"]),
            _curve(_MODELLED, fit.time, fit.modelled, COLOURS["source"], origin="calculated"),
        ),
        (),
        Text(
            f"Root mean square of the residuals {fit.rms:.3f} K.", f"残差均方根 {fit.rms:.3f} K。"
        ),
    )


def convergence(result: TestResult, of: str) -> Chart | None:
    """Conductivity or resistance when the start of the window moves, and when its end does.

    Both quantities follow the same course, so each has a picture of its own.
    """
    found = result.evaluation
    if found is None or found.rolling_start is None or found.growing_end is None:
        return None
    forward, backward = found.rolling_start, found.growing_end
    titles = {
        "conductivity": Text("Convergence of the conductivity", "导热系数的收敛性"),
        "resistance": Text("Convergence of the borehole resistance", "钻孔热阻的收敛性"),
    }
    axis = _CONDUCTIVITY if of == "conductivity" else _RESISTANCE
    value = getattr(found.line_source, of)
    label = f"λ = {value:.3f}" if of == "conductivity" else f"Rb = {value:.4f}"
    return Chart(
        f"trt_convergence_{of}",
        titles[of],
        Axis(Text("limit of the window that moves", "移动的时段端点"), "h"),
        (axis,),
        (
            Trace(Text("forward: the start moves", "向前：移动起点"), "line",
                  _x(forward.start / 3600), _values(getattr(forward, of)),
                  colour=COLOURS["load"], origin=("calculated",)),
            Trace(Text("backward: the end moves", "向后：移动终点"), "line",
                  _x(backward.end / 3600), _values(getattr(backward, of)),
                  colour=COLOURS["source"], origin=("calculated",)),
        ),
        (Mark(value, same(label)),),
        Text(
            "A curve that levels off has converged; one that keeps rising hints at groundwater, "
            "drifting power or heat exchanged with the air.",
            "曲线趋平即已收敛；持续上升提示地下水流动、功率漂移或与环境换热。",
        ),
    )  # fmt: skip


def residuals(result: TestResult) -> Chart | None:
    """What the model of the method chosen leaves over."""
    found = result.evaluation
    if found is None:
        return None
    if found.method == "line source" and found.line_source is not None:
        line, series = found.line_source, result.file.series
        keep = (series.time >= line.start) & (series.time <= line.end)
        time, rest = series.time[keep], line.residuals
    else:
        fit = _model_fit(result)
        if fit is None:
            return None
        time, rest = fit.time, fit.measured - fit.modelled
    return Chart(
        "trt_residuals",
        Text("Residuals: measured minus model", "残差：实测减模型"),
        _HOURS,
        (Axis(Text("residual", "残差"), "K", decimals=3),),
        (_curve(Text("residual", "残差"), time, rest, COLOURS["source"]),),
        (Mark(0.0, same("")),),
        Text(
            "Waves of a day come from the air above ground; a bend means that the model lacks "
            "something.",
            "以一天为周期的波动来自环境影响；系统性弯曲说明模型有所欠缺。",
        ),
    )


def resistance_by_flow(result: TestResult) -> Chart | None:
    """Borehole resistance over flow, where the flow was changed."""
    fit = None if result.evaluation is None else result.evaluation.superposition
    if fit is None or len(fit.resistances) < 2 or not np.isfinite(fit.level_flow).all():
        return None
    order = np.argsort(fit.level_flow)
    return Chart(
        "trt_flow",
        Text("Borehole resistance by flow", "钻孔热阻与流量"),
        Axis(Text("mass flow", "质量流量"), "kg/s", decimals=4),
        (_RESISTANCE,),
        (
            Trace(
                _RESISTANCE.title,
                "points",
                _x(fit.level_flow[order]),
                _values(fit.resistances[order]),
                colour=COLOURS["water"],
            ),
        ),
    )


def recovery(result: TestResult) -> Chart | None:
    """The recovery over the Horner time."""
    fit = None if result.evaluation is None else result.evaluation.recovery
    if fit is None:
        return None
    return Chart(
        "trt_recovery",
        Text("Recovery after heating", "停止加热后的恢复"),
        Axis(Text("ln(t/(t − t_h)), t_h end of heating", "ln(t/(t − t_h))，t_h 为停止加热时刻"),
             decimals=2),
        (_TEMPERATURE,),
        (
            _dots(_MEAN, fit.horner_time, fit.temperature, COLOURS["load_pale"]),
            Trace(_LINE, "line", _x(fit.horner_time[[0, -1]]), _values(fit.line[[0, -1]]),
                  colour=COLOURS["source"], origin=("calculated",)),
        ),
        (),
        Text(f"λ = {fit.conductivity:.3f} W/(m·K) from the slope.",
             f"由斜率得 λ = {fit.conductivity:.3f} W/(m·K)。"),
    )  # fmt: skip


def layers(result: TestResult) -> Chart | None:
    """Conductivity by depth, one line per layer from the surface downwards."""
    found = result.layered
    if found is None:
        return None
    names = tuple(
        same(f"{top:g} – {bottom:g} m")
        for top, bottom in zip(found.depth[:-1], found.depth[1:], strict=True)
    )
    value, error = found.conductivity, 2 * found.conductivity_error
    marks: tuple[Mark, ...] = ()
    if result.evaluation is not None:
        whole = result.evaluation.conductivity
        label = Text(f"whole borehole {whole:.2f}", f"整孔 {whole:.2f}")
        marks = (Mark(whole, label, axis="x"),)
    place = tuple(float(i) for i in range(len(names)))
    return Chart(
        "trt_layers",
        Text("Conductivity by depth", "分层导热系数"),
        Axis(Text("layer", "地层"), kind="category", categories=names),
        (_CONDUCTIVITY,),
        (
            Trace(_CONDUCTIVITY.title, "interval", place, _values(value), _values(value - error),
                  _values(value + error), colour=COLOURS["source"]),
        ),
        marks,
        Text("Dot: smoothed value; bar: its noise (k = 2).",
             "圆点为平滑后的数值，色条为其噪声区间（k = 2）。"),
    )  # fmt: skip


def contributions(result: TestResult, of: str) -> Chart | None:
    """What the uncertainty is made of, largest first."""
    found = result.evaluation
    if found is None or found.budget is None:
        return None
    value = getattr(found, of)
    lines = sorted(found.budget.contributions, key=lambda line: -getattr(line, of))
    shares = [100 * 2 * getattr(line, of) / value for line in lines]
    total = 100 * 2 * getattr(found.budget, of) / value
    titles = {
        "conductivity": Text("Uncertainty of the conductivity", "导热系数不确定度的组成"),
        "resistance": Text("Uncertainty of the borehole resistance", "钻孔热阻不确定度的组成"),
    }
    names = [*(line.name for line in lines), Text("all together", "合成")]
    count = len(shares)
    amount = Text("share of the value (k = 2)", "占数值的比例（k = 2）")
    return Chart(
        f"trt_uncertainty_{of}",
        titles[of],
        Axis(Text("contribution", "分量"), kind="category", categories=tuple(names)),
        (Axis(amount, "%", decimals=1, from_zero=True),),
        (
            Trace(Text("contribution", "分量"), "bar", tuple(float(i) for i in range(count)),
                  tuple(shares), colour=COLOURS["source_pale"], origin=("calculated",)),
            Trace(Text("all together", "合成"), "bar", (float(count),), (total,),
                  colour=COLOURS["source"], origin=("calculated",)),
        ),
        (),
        Text("Contributions add as squares.", "各分量按平方和合成。"),
        lying=True,
    )  # fmt: skip


def _method(result: TestResult) -> str:
    return "" if result.evaluation is None else result.evaluation.method


def _model_fit(result: TestResult) -> SuperpositionFit | CapacityFit | None:
    """The superposition or the estimation, if it is the method chosen."""
    method = _method(result)
    if result.evaluation is None or method not in ("superposition", "capacity"):
        return None
    found = result.evaluation
    return found.superposition if method == "superposition" else found.capacity


def _curve(
    name: Text,
    time: Floats,
    values: Floats,
    colour: str,
    axis: int = 0,
    origin: str = "measured",
) -> Trace:
    """A curve over hours in equal steps: mean with smallest and largest; a gap stays a gap."""
    if len(time) <= _STEPS:
        return Trace(name, "line", _x(time / 3600), _values(values), colour=colour, axis=axis,
                     origin=(origin,))  # fmt: skip
    edges = np.linspace(time[0], time[-1], _STEPS + 1)
    step = np.clip(np.searchsorted(edges, time, side="right") - 1, 0, _STEPS - 1)
    first = np.flatnonzero(np.diff(step, prepend=-1))
    count = np.diff(np.append(first, len(time)))
    place = step[first]
    mean, low, high = (np.full(_STEPS, np.nan) for _ in range(3))
    mean[place] = np.add.reduceat(values, first) / count
    low[place] = np.minimum.reduceat(values, first)
    high[place] = np.maximum.reduceat(values, first)
    middle = 0.5 * (edges[1:] + edges[:-1]) / 3600
    # Records further apart than a step are no gap.
    if np.median(np.diff(time)) > edges[1] - edges[0]:
        middle, mean, low, high = (part[place] for part in (middle, mean, low, high))
    return Trace(name, "line", _x(middle), _values(mean), _values(low), _values(high),
                 colour=colour, axis=axis, origin=(origin,))  # fmt: skip


def _dots(name: Text, x: Floats, y: Floats, colour: str) -> Trace:
    """Points, thinned evenly along the axis so that early times keep theirs."""
    if len(x) > _STEPS:
        wanted = np.linspace(x[0], x[-1], _STEPS)
        some = np.unique(np.clip(np.searchsorted(x, wanted), 0, len(x) - 1))
        x, y = x[some], y[some]
    return Trace(name, "points", _x(x), _values(y), colour=colour)


def _x(values: Floats) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") for value in values)


def _values(values: Floats) -> Values:
    return tuple(rounded(float(value), 6) for value in values)
