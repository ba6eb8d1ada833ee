"""What a record says of wells: temperature at rest, water that short-circuits, heat that returns.

The pumped water answers the heat taken at once where return water flows past the packer, after days
where injected water breaks through, over months by what the ground itself does. Pumped water comes
as warm at less flow, so that its own temperature is compared, not the mean with the return.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.ground.field_replay import lagrange
from diwen.diagnosis.ground.loop_series import LoopSeries, filled_heat, loop_series
from diwen.diagnosis.ground.sparse_fit import SparseFit, Unknown, normal_equations, sparse_fit
from diwen.diagnosis.ground.whitened import Persistence, persistence_of, whitened
from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Case
    from diwen.sources.response.source_model import SourceModel

Floats = NDArray[np.float64]
_HOUR = 3600.0
_DAY = 86400.0
_HOURS = 8760
_MOST = 0.8
BYPASSES = (0.0, 0.2, 0.4, 0.6)


@dataclass(frozen=True, eq=False)
class WellFit:
    """Wells and what was fitted.

    Attributes
    ----------
    series : measured, its mean temperature as at the design flow
    fit : of all combinations; None: too few hours
    expected, fitted : mean temperature at the design flow, °C, shape (n,)
    persistence : of the residual
    """

    series: LoopSeries
    fit: SparseFit | None
    expected: Floats
    fitted: Floats
    persistence: Persistence


def well_fit(case: Case, source: str) -> WellFit | None:
    """The fit of the wells of a source; None where nothing was recorded."""
    model = None if case.inputs is None else case.inputs.sources.get(source)
    if model is None:
        from diwen.site.source_builders import source_model

        model = source_model(case.site, source)
    series = loop_series(case, source, model.heat_capacity_rate)
    if series is None:
        return None
    # At the design flow: the pumped water less half of what the heat cools it there.
    half = 0.5 * series.heat / model.heat_capacity_rate
    series = replace(series, supply=series.supply, back=series.supply - 2.0 * half)
    columns, at_rest = _columns(series, model, _bypassed(case, source, model))
    expected = at_rest + columns[:, 0] + columns[:, len(BYPASSES)]
    floor = usual_value("diagnosis.ground.discrepancy")
    persistence = Persistence(usual_value("diagnosis.ground.correlation"), 2.0 * floor)
    if np.count_nonzero(series.used) < usual_value("diagnosis.ground.fewest_hours"):
        return WellFit(series, None, expected, expected, persistence)
    unknowns, fit = _unknowns(series, case.site.sources[source].type), None
    free = tuple(replace(one, tolerance=one.spread or one.tolerance, spread=None)
                 for one in unknowns)  # fmt: skip
    for asked in (free, free, unknowns):
        data = normal_equations(whitened(columns, series.used, persistence))
        fit = sparse_fit(data, asked, _coefficients)
        left = columns[:, -1] - columns[:, :-1] @ _coefficients(fit.best.value)
        persistence = persistence_of(left, series.used, floor, persistence)
    assert fit is not None
    fitted = at_rest + columns[:, :-1] @ _coefficients(fit.best.value)
    return WellFit(series, fit, expected, fitted, persistence)


def _unknowns(series: LoopSeries, kind: str) -> tuple[Unknown, ...]:
    def one(name: str, low: float, high: float, told: bool = True) -> Unknown:
        return Unknown(
            name, usual_value(f"diagnosis.ground.{name}.tolerance"),
            usual_value(f"diagnosis.ground.{name}.spread") if told else None,
            usual_value(f"diagnosis.ground.{name}.prior"), low, high,
        )  # fmt: skip

    seasonal = usual_value("diagnosis.ground.seasonal")
    packers = kind in ("circulation_well", "standing_column_well")
    return (
        one("undisturbed_temperature", -8.0, 8.0),
        one("packer_bypass", -_MOST, _MOST, packers),
        one("breakthrough", -_MOST, _MOST),
        one("sensor_drift", -2.0, 2.0, series.years > usual_value(
            "diagnosis.ground.years_for_drift")),
        # The ground around wells is known less well than that around boreholes.
        Unknown("scale", float(np.hypot(series.relative,
                                        usual_value("diagnosis.ground.well_response")))),
        Unknown("offset", series.offset),
        Unknown("cosine", seasonal),
        Unknown("sine", seasonal),
    )  # fmt: skip


def _bypassed(case: Case, source: str, model: SourceModel) -> list[SourceModel]:
    """The wells with shares of return water that flows past the packer, as the twin has them."""
    from diwen.twin.deviations import Deviation, deviating_inputs

    if case.inputs is None or source not in case.inputs.sources:
        return [model for _ in BYPASSES]
    changed = [deviating_inputs(case.inputs, [Deviation("packer_bypass", share)])
               for share in BYPASSES]  # fmt: skip
    return [one.sources[source] for one in changed]


def _columns(
    series: LoopSeries, model: SourceModel, bypassed: list[SourceModel]
) -> tuple[Floats, float]:
    """Columns of the model and, last, the measured temperature above that at rest, (n, m)."""
    n = len(series)
    at_rest = float(np.mean(model.undisturbed_temperature))
    year = series.heat[:_HOURS]
    if n < _HOURS:
        year = filled_heat(np.concatenate([year, np.full(_HOURS - n, np.nan)]))
    before = round(series.before * _HOURS)
    past = np.resize(year[::-1], before)[::-1] if before else np.zeros(0)
    heat = np.concatenate([past, series.heat])
    drops = [one.response.simulate(heat, _HOUR)[0][before:]
             + float(np.mean(one.resistance)) * series.heat for one in bypassed]  # fmt: skip
    cooled = heat / model.heat_capacity_rate
    delay = usual_value("default.simulated.breakthrough_time") * _DAY
    returned = _lagged(cooled, float(np.exp(-_HOUR / delay)))[before:]
    years = (np.arange(n) + 0.5) / _HOURS
    turn = 2.0 * np.pi * years
    shift = model.undisturbed_temperature
    wave = np.resize(shift, n) - at_rest if np.ndim(shift) else np.zeros(n)
    parts = [*(-drop for drop in drops), wave, np.ones(n), -returned, years - 0.5 * years[-1],
             np.cos(turn), np.sin(turn), series.fluid - at_rest]  # fmt: skip
    return np.nan_to_num(np.stack(parts, axis=1)), at_rest


def _lagged(value: Floats, kept: float) -> Floats:
    """First-order lag of a series, shape (n,)."""
    from scipy.signal import lfilter

    return np.asarray(lfilter([1.0 - kept], [1.0, -kept], value))


def _coefficients(value: Floats) -> Floats:
    rest, bypass, through, drift, scale, offset, cosine, sine = value
    drops = np.exp(scale) * lagrange(np.array(BYPASSES), bypass)
    rest_of = [1.0, rest + offset, through / (1.0 - through), drift, cosine, sine]
    return np.concatenate([drops, rest_of])
