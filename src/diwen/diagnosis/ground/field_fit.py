"""All that a record says of one bore field: resistance, ground, length, temperature, losses.

Hours tell the resistance of the boreholes, days to seasons the conductivity, the level from the
first day the undisturbed temperature, years an unseen loss; a shorter field answers more at every
time. Errors of the instruments are marginalised with them, and each combination of deviations is
weighed as one hypothesis (:mod:`.sparse_fit`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.ground.design_year import design_year
from diwen.diagnosis.ground.field_replay import (
    NODES,
    FlowLevels,
    Replay,
    node_weights,
    replay,
)
from diwen.diagnosis.ground.loop_series import LoopSeries, filled_heat, loop_series
from diwen.diagnosis.ground.sparse_fit import (
    SparseFit,
    Unknown,
    normal_equations,
    sparse_fit,
)
from diwen.diagnosis.ground.whitened import Persistence, persistence_of, whitened
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Case
    from diwen.site import Site
    from diwen.sources.response.source_model import SourceModel

Floats = NDArray[np.float64]
_HOURS = 8760


@dataclass(frozen=True, eq=False)
class FieldFit:
    """A bore field and what was fitted.

    Attributes
    ----------
    series : measured
    model : of the source as designed
    replayed : drops at the nodes
    fit : of all combinations; None: too few hours
    expected : fluid temperature of the design driven with the measured heat, °C, shape (n,)
    fitted : the same with the most probable deviations and errors of instruments, °C, shape (n,)
    persistence : of the residual of the fit, from day to day
    flow : m³/s, usual in the record; where it is that of the design, exactly that
    design_flow : m³/s
    """

    series: LoopSeries
    model: SourceModel
    replayed: Replay
    fit: SparseFit | None
    expected: Floats
    fitted: Floats
    persistence: Persistence
    flow: float
    design_flow: float


def field_fit(case: Case, source: str) -> FieldFit | None:
    """The fit of a bore field, made once for a case; None where nothing was recorded."""
    key = f"ground.field_fit.{source}"
    if key not in case.memory:
        case.memory[key] = _fit(case, source)
    found = case.memory[key]
    assert found is None or isinstance(found, FieldFit)
    return found


def _fit(case: Case, source: str) -> FieldFit | None:
    from diwen.site.source_builders import source_model

    design = source_model(case.site, source)
    series = loop_series(case, source, design.heat_capacity_rate)
    if series is None:
        return None
    models = [_varied(case.site, source, *node) for node in NODES]
    flow, levels = flow_levels(series, models[0])
    if levels is not None:
        series = replace(series, used=series.used & settled_flow(series, design.flow))
    replayed = replay(
        models, series.heat, series.before, _earlier(series), series.parts,
        _elapsed(series) if series.simulated else None, recharge_of(case, series), levels,
    )  # fmt: skip
    model = models[0]
    at_rest = float(np.mean(model.undisturbed_temperature))
    expected = at_rest - replayed.at() - usual_flow_effect() * replayed.by_flow
    fit, fitted, persistence = fit_series(series, replayed, at_rest)
    return FieldFit(series, model, replayed, fit, expected, fitted, persistence, flow, design.flow)


def fit_series(
    series: LoopSeries, replayed: Replay, at_rest: float
) -> tuple[SparseFit | None, Floats, Persistence]:
    """Deviations that a series of temperatures tells.

    Parameters
    ----------
    series : measured heat and temperatures
    replayed : drops of the field for that heat
    at_rest : undisturbed temperature as surveyed, °C

    Returns
    -------
    fit : of all combinations; None where there are too few hours
    fitted : most probable temperature, °C, shape (n,)
    persistence : of what is left, from day to day
    """
    floor = usual_value("diagnosis.ground.daily_discrepancy")
    lasting = usual_value("diagnosis.ground.correlation")
    persistence = Persistence(lasting, 2.0 * floor)
    columns = _columns(series, replayed, at_rest)
    unknowns = unknowns_of(series, bool(replayed.recharge.any()))
    if np.count_nonzero(series.used) < usual_value("diagnosis.ground.fewest_hours"):
        return None, at_rest - replayed.at(), persistence
    fit = None
    days, told = daily_rows(columns, series)
    # How residuals hang together is taken with all deviations free: it belongs to no hypothesis.
    for asked in (_free(unknowns), _free(unknowns), unknowns):
        data = normal_equations(whitened(days, told, persistence))
        fit = sparse_fit(data, asked, coefficients)
        left = days[:, -1] - days[:, :-1] @ coefficients(fit.best.value)
        persistence = persistence_of(left, told, floor, persistence, lasting)
    assert fit is not None
    fitted = at_rest + columns[:, :-1] @ coefficients(fit.best.value)
    return fit, fitted, persistence


def unknowns_of(series: LoopSeries, recharged: bool = False) -> tuple[Unknown, ...]:
    """What is fitted to a series: parameters that may deviate, and errors of the instruments."""

    def one(name: str, low: float, high: float, told: bool = True) -> Unknown:
        return Unknown(
            name, usual_value(f"diagnosis.ground.{name}.tolerance"),
            usual_value(f"diagnosis.ground.{name}.spread") if told else None,
            usual_value(f"diagnosis.ground.{name}.prior"), low, high,
        )  # fmt: skip

    seasonal = usual_value("diagnosis.ground.seasonal")
    # Within a year a drift cannot be told from what the ground does for the first time.
    drifts = series.years >= usual_value("diagnosis.ground.years_for_drift")
    history = usual_value("diagnosis.ground.history") if series.before > 0.0 else 1e-6
    return (
        one("borehole_resistance", np.log(0.3), np.log(5.0)),
        one("ground_conductivity", np.log(0.45), np.log(1.8)),
        one("undisturbed_temperature", -8.0, 8.0),
        one("effective_length", np.log(0.3), np.log(1.1)),
        one("unseen_loss", -50.0, 50.0, drifts),
        one("sensor_drift", -2.0, 2.0, drifts),
        Unknown("scale", series.relative),
        Unknown("bias", max(series.absolute, 1.0)),
        Unknown("offset", series.offset),
        Unknown("history", history),
        Unknown("cosine", seasonal),
        Unknown("sine", seasonal),
        one("recharge_factor", -1.5, 3.0, recharged),
        Unknown("capacity", usual_value("diagnosis.ground.capacity")),
        Unknown("flow_effect", usual_value("diagnosis.ground.flow_effect.uncertainty")),
    )


def _free(unknowns: tuple[Unknown, ...]) -> tuple[Unknown, ...]:
    """The same, all of them free at once: one combination only."""
    return tuple(
        Unknown(one.name, one.spread or one.tolerance, None, 0.5, one.low, one.high)
        for one in unknowns
    )


def _columns(series: LoopSeries, replayed: Replay, at_rest: float) -> Floats:
    """Columns of the model and, last, the measured temperature above ``at_rest``, shape (n, m)."""
    n = len(series)
    years = (np.arange(n) + 0.5) / _HOURS
    turn = 2.0 * np.pi * years
    mean = mean_rate(series)
    parts = [*(-replayed.drop), *(-replayed.bias), np.ones(n), -mean * replayed.loss,
             years - 0.5 * years[-1], -replayed.history, np.cos(turn), np.sin(turn),
             replayed.recharge, -replayed.capacity, -replayed.by_flow,
             series.fluid - at_rest]  # fmt: skip
    return np.nan_to_num(np.stack(parts, axis=1))


def daily_rows(columns: Floats, series: LoopSeries) -> tuple[Floats, NDArray[np.bool_]]:
    """Means of the used hours of each day, and the days with enough of them.

    What a borehole does within hours of a start (water and grout that warm up, a flow that is
    averaged) is where honest models differ most and what says least of the ground; days tell the
    resistance by how much more heat one takes than the next.

    Parameters
    ----------
    columns : hourly, shape (n, m)

    Returns
    -------
    rows : shape (days, m)
    told : shape (days,)
    """
    place = (series.day - series.day[0]).astype(np.int64)
    count = np.bincount(place, series.used)
    rows = np.stack([np.bincount(place, np.where(series.used, one, 0.0)) for one in columns.T])
    told = count >= usual_value("diagnosis.ground.hours_of_day")
    return (rows / np.maximum(count, 1.0)).T, told


def mean_rate(series: LoopSeries) -> float:
    """Mean of the heat rate without its sign, W: what an unseen loss is a share of."""
    return max(float(np.mean(np.abs(series.heat))), 1.0)


def usual_flow_effect() -> float:
    """Share of what a model says of another flow that is taken before a fit says more.

    Where units or loops are shut with the flow, each borehole keeps its own; where a valve
    throttles all, each has less.
    """
    return usual_value("diagnosis.ground.flow_effect")


def coefficients(value: Floats) -> Floats:
    """Of the columns, at values of the unknowns."""
    (resistance, conductivity, rest, length, loss, drift, scale, bias, offset, history,
     cosine, sine, recharge, capacity, flowing) = value  # fmt: skip
    drop = np.exp(-length) * node_weights(np.exp(conductivity), np.exp(resistance))
    # Flow acts on the resistance of the boreholes, in a shift that a factor of it multiplies.
    flowing = (usual_flow_effect() + flowing) * np.exp(scale - length + resistance)
    rest_of = (rest + offset, loss, drift, history, cosine, sine, 1.0 + recharge, capacity, flowing)
    return np.concatenate([np.exp(scale) * drop, bias * drop, rest_of])


def flow_levels(series: LoopSeries, model: SourceModel) -> tuple[float, FlowLevels | None]:
    """Flows that ran for days and the source at them; None: that of the design, or unknown.

    Returns
    -------
    flow : m³/s, the usual one of the record
    levels : between which each hour lies
    """
    around = round(usual_value("diagnosis.ground.flow_days"))
    level = series.flow_level(around) / model.flow
    used = level[series.used & np.isfinite(level)]
    far = usual_value("diagnosis.ground.flow_tolerance")
    if not len(used) or model.at_flow is None:
        return model.flow, None
    low, middle, high = np.quantile(used, [0.02, 0.5, 0.98])
    usual = model.flow if abs(middle - 1.0) <= far else model.flow * float(middle)
    if low <= 0.0 or max(1.0 - low, high - 1.0) <= far:
        return usual, None
    nodes = np.unique([1.0, *_steps(low, far), *_steps(high, far)])
    at = np.clip(np.nan_to_num(level, nan=1.0), nodes[0], nodes[-1])
    share = np.stack([np.interp(at, nodes, row) for row in np.eye(len(nodes))])
    other = nodes != 1.0
    models = [model.with_flow(model.flow * float(one)) for one in nodes[other]]
    return usual, FlowLevels(models, share[other])


def settled_flow(series: LoopSeries, design: float) -> NDArray[np.bool_]:
    """Hours that are not within days of a sudden change of the flow, shape (n,).

    The level of the flow is that of the days around: on which of them it changed is not told, and
    a jump of the temperature on another day than that of the model would speak against what the
    flow does.

    Parameters
    ----------
    design : flow, m³/s
    """
    around = round(usual_value("diagnosis.ground.flow_days"))
    level = np.nan_to_num(series.flow_level(around) / design)
    jumps = np.abs(np.diff(level)) > usual_value("diagnosis.ground.flow_tolerance")
    days = (series.day - series.day[0]).astype(np.int64)
    settled = np.ones(len(series), bool)
    for day in np.unique(days[1:][jumps]):
        settled &= np.abs(days - day) > around
    return settled


def _steps(end: float, far: float) -> list[float]:
    """Flows from that of the design to a measured one, beside the former; both are shares of it."""
    if abs(end - 1.0) <= far:
        return []
    count = 1 + (abs(end - 1.0) > 2.0 * far)
    return [1.0 + (end - 1.0) * (k + 1) / count for k in range(count)]


def _varied(site: Site, source: str, conductivity: float, resistance: float) -> SourceModel:
    """The field with other ground and other boreholes, as the twin's parameters change them."""
    from diwen.diagnosis.kept_design import kept
    from diwen.site.source_builders import source_model
    from diwen.twin.deviations import Deviation, deviating_site

    changes = []
    if resistance != 1.0:
        changes.append(Deviation("borehole_resistance", resistance))
    if conductivity != 1.0:
        changes.append(Deviation("ground_conductivity", conductivity))
    what = f"source model {source} {conductivity:g} {resistance:g}"
    return kept(site, what, lambda: source_model(deviating_site(site, changes), source))


def _elapsed(series: LoopSeries) -> Floats:
    """Years for which the unseen loss of a simulation stands, which holds it through stretches."""
    from diwen.twin.deviation_times import pieces
    from diwen.twin.deviations import Deviation

    month = series.day.astype("datetime64[M]")
    leap = (month.astype(int) % 12 == 1) & ((series.day - month).astype(int) == 28)
    # Years of the twin have no 29 February: what it steps through lies a day later after one.
    year = series.before + (np.cumsum(~leap) - 0.5) / _HOURS
    found = np.empty(len(series))
    for which in np.unique(np.floor(year).astype(int)):
        own = np.flatnonzero(np.floor(year) == which)
        hours = (year[own] - which) * _HOURS
        for piece in pieces([Deviation("yearly_imbalance", 0.1)], int(which), _HOURS):
            inside = (hours >= piece.first) & (hours < piece.end)
            found[own[inside]] = piece.stretch.middle
    return found


def recharge_of(case: Case, series: LoopSeries) -> Floats:
    """Heat that recharges give by design to a source in each hour, W (rejected: negative)."""
    year = design_year(case)
    if year is None or series.source not in year.recharge:
        return np.zeros(len(series))
    return np.asarray(year.recharge[series.source][series.of_year])


def _earlier(series: LoopSeries) -> Floats:
    """A year of heat that stands for those before the record: its first one, W, shape (8760,)."""
    if len(series) >= _HOURS:
        return series.heat[:_HOURS]
    lacking = np.full(_HOURS - len(series), np.nan)
    return filled_heat(np.concatenate([series.heat, lacking]))
