"""Conductivity by depth, from temperatures measured along the borehole.

Each layer's share of the heat follows from what the fluid loses in it on both legs,
q'_i = ṁ c (ΔT_down + ΔT_up)/h_i, or is known when a heated cable gives the same heat everywhere.
The line source of each layer gives slope k_i and λ_i = q'_i/(4 π k_i). The noise of q'_i grows as
1/h_i, and a sensor that reads wrong gives to one layer what it takes from the next (their errors
are kept as a covariance); the profile is therefore smoothed (Tikhonov) just so far that it still
agrees with the single layers within their errors (discrepancy principle). Sources: H. Fujii et
al., Geothermics 38 (2009) 399; J. Acuña, B. Palm, Appl. Energy 109 (2013) 312; V. A. Morozov
(1966).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response_test.autocorrelation import effective_sample_size
from diwen.sources.response_test.line_source_fit import (
    conductivity_of,
    resistance_of,
)
from diwen.sources.response_test.record import Floats

_SHAPE = Text(
    "the arrays do not fit: {depths} depths and {times} times need temperatures of shape {shape}",
    "数组不匹配：{depths} 个深度、{times} 个时刻对应的温度数组应为 {shape}",
)
_FIT = Text("give one temperature per time and depth", "每个时刻、每个深度给一个温度")
_NO_HEAT = Text(
    "layers without heat into the ground or without a rise: {layers}",
    "以下分层没有注入热量或温度没有上升：{layers}",
)
_COARSER = Text("join thin layers, or choose a later window", "请合并过薄的分层，或改用更晚的时段")


@dataclass(frozen=True, eq=False)
class LayeredRecord:
    """Temperatures along the borehole while it is heated.

    Attributes
    ----------
    depth : of the edges of the layers, m, increasing, shape (n + 1,)
    time : since the start of heating, s, shape (nt,)
    down, up : fluid in the leg going down and coming up, °C, shape (nt, n + 1)
    capacity_flow : mass flow times specific heat, W/K
    sensor_noise : standard deviation of the difference of two sensors, K (it does not average out
        over time, being calibration)
    """

    depth: Floats
    time: Floats
    down: Floats
    up: Floats
    capacity_flow: float
    sensor_noise: float


@dataclass(frozen=True, eq=False)
class CableRecord:
    """Temperatures along a heated cable.

    Attributes
    ----------
    depth : of the edges of the layers, m, shape (n + 1,)
    time : since the start of heating, s, shape (nt,)
    temperature : mean of each layer, °C, shape (nt, n)
    heat_rate : of the cable, W/m, the same everywhere
    heat_rate_error : its relative standard uncertainty
    """

    depth: Floats
    time: Floats
    temperature: Floats
    heat_rate: float
    heat_rate_error: float


@dataclass(frozen=True, eq=False)
class LayeredResult:
    """Layer by layer, from top to bottom.

    Attributes
    ----------
    depth : of the edges, m, shape (n + 1,)
    heat_rate : W/m, shape (n,)
    single : λ of each layer by itself, W/(m·K); single_error : standard error, shape (n,)
    conductivity : λ smoothed, W/(m·K), shape (n,)
    conductivity_error : standard error of the smoothed λ (noise only, not the bias of smoothing)
    resistance : R_b of each layer with the smoothed λ, m·K/W, shape (n,)
    smoothing : Tikhonov parameter found
    mean_conductivity : weighted by thickness, W/(m·K)
    """

    depth: Floats
    heat_rate: Floats
    single: Floats
    single_error: Floats
    conductivity: Floats
    conductivity_error: Floats
    resistance: Floats
    smoothing: float
    mean_conductivity: float

    def departure_from(self, bulk: float) -> float:
        """Mean of the layers against the λ of the whole borehole, relative."""
        return self.mean_conductivity / bulk - 1.0

    def consistent_with(self, bulk: float, tolerance: float = 0.1) -> bool:
        """Whether Σ h_i λ_i/H agrees with the λ of the whole borehole."""
        return abs(self.departure_from(bulk)) <= tolerance


def evaluate_layers(
    record: LayeredRecord,
    radius: float,
    heat_capacity: ArrayLike,
    undisturbed_temperature: ArrayLike,
    *,
    start: float | None = None,
    smoothing: float | None = None,
) -> LayeredResult:
    """Layers from the temperatures of both legs.

    Parameters
    ----------
    record : the measurement
    radius : of the bore, m
    heat_capacity : J/(m³·K), scalar or shape (n,)
    undisturbed_temperature : °C by layer, scalar or shape (n,)
    start : of the window, s; by default 5 r_b² C/λ with λ of 2 W/(m·K)
    smoothing : Tikhonov parameter; by default from the discrepancy principle, 0 for none
    """
    _check(record.depth, record.time, (record.down, record.up), 0)
    thickness = np.diff(record.depth)
    lost = (record.down[:, :-1] - record.down[:, 1:]) + (record.up[:, 1:] - record.up[:, :-1])
    middle = 0.25 * (
        record.down[:, :-1] + record.down[:, 1:] + record.up[:, 1:] + record.up[:, :-1]
    )
    keep = record.time >= _begin(start, radius, heat_capacity)
    rate = record.capacity_flow * lost[keep].mean(axis=0) / thickness
    error = _heat_covariance(thickness, record.capacity_flow, record.sensor_noise)
    return _layers(
        record.depth,
        record.time[keep],
        middle[keep],
        rate,
        error,
        radius,
        heat_capacity,
        undisturbed_temperature,
        smoothing,
    )


def evaluate_cable(
    record: CableRecord,
    radius: float,
    heat_capacity: ArrayLike,
    undisturbed_temperature: ArrayLike,
    *,
    start: float | None = None,
    smoothing: float | None = None,
) -> LayeredResult:
    """Layers from a heated cable; parameters as :func:`evaluate_layers`."""
    _check(record.depth, record.time, (record.temperature,), 1)
    keep = record.time >= _begin(start, radius, heat_capacity)
    rate = np.full(len(record.depth) - 1, record.heat_rate)
    return _layers(
        record.depth,
        record.time[keep],
        record.temperature[keep],
        rate,
        np.outer(rate, rate) * record.heat_rate_error**2,
        radius,
        heat_capacity,
        undisturbed_temperature,
        smoothing,
    )


def _layers(
    depth: Floats,
    time: Floats,
    temperature: Floats,
    rate: Floats,
    rate_covariance: Floats,
    radius: float,
    heat_capacity: ArrayLike,
    undisturbed: ArrayLike,
    smoothing: float | None,
) -> LayeredResult:
    x = np.log(time)
    centred = x - x.mean()
    scatter = float(centred @ centred)
    slope = centred @ temperature / scatter
    level = temperature.mean(axis=0)
    bad = np.flatnonzero((slope <= 0) | (rate <= 0))
    if len(bad):
        named = ", ".join(f"{depth[i]:g}-{depth[i + 1]:g} m" for i in bad)
        message = _NO_HEAT.format(layers=named)
        raise InputError([Problem("layered response test", "depth", message, _COARSER)])
    single = conductivity_of(slope, rate)
    slope_error = _slope_errors(temperature, level, slope, centred, scatter)
    scale = single / rate
    covariance = rate_covariance * np.outer(scale, scale)
    covariance = covariance + np.diag((single * slope_error / slope) ** 2)
    strength, smooth, spread = _smoothed(single, covariance, depth, smoothing)
    # R_b with the smoothed λ: through the middle of the line, where the level is best known.
    smooth_slope = rate / (4.0 * math.pi * smooth)
    resistance = resistance_of(
        smooth_slope, level - smooth_slope * x.mean(), rate, radius, heat_capacity, undisturbed
    )
    thickness = np.diff(depth)
    mean = float(thickness @ smooth / thickness.sum())
    return LayeredResult(
        depth,
        rate,
        single,
        np.sqrt(np.diag(covariance)),
        smooth,
        spread,
        resistance,
        strength,
        mean,
    )


def _heat_covariance(thickness: Floats, capacity_flow: float, noise: float) -> Floats:
    """Covariance of the layers' heat, (W/m)²: neighbours share the sensors between them."""
    count = len(thickness)
    # Two legs, each with the difference of two sensors of variance noise²/2.
    shared = 2.0 * np.eye(count) - np.eye(count, k=1) - np.eye(count, k=-1)
    scale = capacity_flow * noise / thickness
    return shared * np.outer(scale, scale)


def _slope_errors(
    temperature: Floats, level: Floats, slope: Floats, centred: Floats, scatter: float
) -> Floats:
    residuals = temperature - level - np.outer(centred, slope)
    count = len(centred)
    inflated = [count / effective_sample_size(column) for column in residuals.T]
    variance = (residuals**2).sum(axis=0) / max(count - 2, 1) * np.array(inflated)
    return np.sqrt(variance / scatter)


def _smoothed(
    single: Floats, covariance: Floats, depth: Floats, smoothing: float | None
) -> tuple[float, Floats, Floats]:
    """Tikhonov on the steps between neighbours: parameter, profile, its standard error."""
    floor = np.diag((1e-6 * single) ** 2)  # keeps exact data solvable
    if smoothing == 0.0:
        return 0.0, single, np.sqrt(np.diag(covariance))
    weight = np.linalg.inv(covariance + floor)
    middle = 0.5 * (depth[1:] + depth[:-1])
    # Differences over the square root of the distance: independent of how finely one cuts.
    distance = np.diff(middle) / np.diff(middle).mean() if len(single) > 1 else np.zeros(0)
    difference = np.diff(np.eye(len(single)), axis=0) / np.sqrt(distance)[:, None]
    roughness = difference.T @ difference

    def profile(strength: float) -> tuple[Floats, Floats]:
        inverse = np.linalg.inv(weight + strength * roughness)
        return inverse @ weight @ single, inverse

    def excess(log_strength: float) -> float:
        departure = profile(math.exp(log_strength))[0] - single
        return float(departure @ weight @ departure) - len(single)

    if smoothing is None:
        smoothing = _discrepancy(excess, float(np.diag(weight).max()), len(single))
    smooth, inverse = profile(smoothing)
    spread = inverse @ weight @ inverse
    return smoothing, smooth, np.sqrt(np.diag(spread))


def _discrepancy(excess: Callable[[float], float], scale: float, count: int) -> float:
    """Largest smoothing that the errors of the single layers still allow."""
    low, high = math.log(1e-9 * scale), math.log(1e9 * scale)
    if count < 2 or excess(low) > 0:
        return 0.0
    if excess(high) < 0:
        return math.exp(high)
    return math.exp(float(brentq(excess, low, high)))


def _begin(start: float | None, radius: float, heat_capacity: ArrayLike) -> float:
    if start is not None:
        return start
    return 5.0 * radius**2 * float(np.max(np.asarray(heat_capacity, float))) / 2.0


def _check(depth: Floats, time: Floats, given: tuple[Floats, ...], fewer: int) -> None:
    shape = (len(time), len(depth) - fewer)
    for values in given:
        if values.shape != shape:
            message = _SHAPE.format(depths=len(depth), times=len(time), shape=shape)
            found = str(values.shape)
            raise InputError([Problem("layered response test", "", message, _FIT, found)])
