"""The ground at rest: layers, geothermal heat flux, yearly wave, undisturbed temperature by depth.

The temperature is the sum of a steady part, T_s + q_geo ∫ dz/k, and of the yearly wave that the
surface sends down. Both are exact for horizontal layers; the last layer goes on for ever.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text, same
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, NOT_POSITIVE

Floats = NDArray[np.float64]
Waves = NDArray[np.complex128]

YEAR = 365.25 * 86400.0
DAY = 86400.0


@dataclass(frozen=True, eq=False)
class Layers:
    """Horizontal layers from the surface downwards; build with :meth:`of`.

    Attributes
    ----------
    top : depth of the upper side, rising from 0, m, shape (nl,)
    conductivity : W/(m·K), shape (nl,)
    heat_capacity : volumetric, J/(m³·K), shape (nl,)
    """

    top: Floats
    conductivity: Floats
    heat_capacity: Floats

    @classmethod
    def of(cls, top: ArrayLike, conductivity: ArrayLike, heat_capacity: ArrayLike) -> Layers:
        """Layers from arrays; a single number holds for all.

        Parameters
        ----------
        top : depth of the upper side of each layer, m, first 0, shape (nl,); a layer ends where
            the next begins, the last one goes on for ever
        conductivity, heat_capacity : W/(m·K) and J/(m³·K), scalar or shape (nl,)

        Raises
        ------
        diwen.problems.InputError : everything that is wrong, at once
        """
        depth = np.atleast_1d(np.asarray(top, float))
        columns = {"conductivity": conductivity, "heat_capacity": heat_capacity}
        problems = list(_top_problems(depth))
        found = {}
        for name, given in columns.items():
            try:
                found[name] = np.array(np.broadcast_to(np.asarray(given, float), depth.shape))
            except ValueError:
                shown = f"{np.size(given)}, top: {depth.size}"
                problems.append(Problem("layers", name, _SIZES, _ONE_EACH, shown))
                continue
            for i in np.flatnonzero(~(np.isfinite(found[name]) & (found[name] > 0))):
                shown = f"{found[name][i]:g}"
                where = f"{name}[{i}]"
                problems.append(Problem("layers", where, NOT_POSITIVE, CORRECT, shown, same("> 0")))
        if problems:
            raise InputError(problems)
        return cls(depth, found["conductivity"], found["heat_capacity"])

    @property
    def diffusivity(self) -> Floats:
        """Of every layer, m²/s, shape (nl,)."""
        return self.conductivity / self.heat_capacity

    def mean_conductivity(self, top: float, bottom: float) -> float:
        """Mean over a range of depths by thickness, W/(m·K).

        The right mean for a borehole, whose heat flows along the layers, side by side; it holds
        while the borehole is long against the distance that the heat has come (VDI 4640-2,
        thickness-weighted mean over the length of the borehole).
        """
        share = self._thickness(top, bottom)
        return float(share @ self.conductivity / share.sum())

    def mean_heat_capacity(self, top: float, bottom: float) -> float:
        """Mean over a range of depths by thickness, J/(m³·K)."""
        share = self._thickness(top, bottom)
        return float(share @ self.heat_capacity / share.sum())

    def mean_diffusivity(self, top: float, bottom: float) -> float:
        """Mean conductivity over mean heat capacity of a range of depths, m²/s."""
        return self.mean_conductivity(top, bottom) / self.mean_heat_capacity(top, bottom)

    def resistance(self, depth: ArrayLike) -> Floats:
        """Thermal resistance ∫ dz/k of an area from the surface down, m²·K/W."""
        z = np.asarray(depth, float)
        above, layer = self._above(z, self.conductivity)
        return np.asarray(above + (z - self.top[layer]) / self.conductivity[layer], float)

    def mean_resistance(self, top: float, bottom: float) -> float:
        """Mean of :meth:`resistance` over a range of depths, m²·K/W."""
        ends = self._cuts(top, bottom)
        # Linear between the cuts.
        both = 0.5 * (self.resistance(ends[1:]) + self.resistance(ends[:-1]))
        return float(both @ np.diff(ends) / (bottom - top))

    def _above(self, z: Floats, divisor: Floats) -> tuple[Floats, NDArray[np.intp]]:
        layer = np.clip(np.searchsorted(self.top, z, side="right") - 1, 0, None)
        whole = np.concatenate([[0.0], np.cumsum(np.diff(self.top) / divisor[:-1])])
        return whole[layer], layer

    def _cuts(self, top: float, bottom: float) -> Floats:
        _refuse_range(top, bottom)
        inside = self.top[(self.top > top) & (self.top < bottom)]
        return np.concatenate([[top], inside, [bottom]])

    def _thickness(self, top: float, bottom: float) -> Floats:
        _refuse_range(top, bottom)
        ends = np.append(self.top[1:], math.inf)
        return np.maximum(np.minimum(ends, bottom) - np.maximum(self.top, top), 0.0)


@dataclass(frozen=True)
class SurfaceWave:
    """The yearly course of the surface: mean - amplitude cos(2π (t - coldest)/period).

    Attributes
    ----------
    amplitude : half the swing, K
    coldest : time of the lowest temperature after the beginning of the year, s
    period : s
    """

    amplitude: float
    coldest: float
    period: float = YEAR

    @classmethod
    def of_day(cls, amplitude: float, coldest_day: float) -> SurfaceWave:
        """The wave whose coldest day of the year is given, 1 to 366 (its noon is the coldest)."""
        return cls(amplitude, (coldest_day - 0.5) * DAY)

    def damping_depth(self, diffusivity: float) -> float:
        """Depth at which the swing is 1/e of that of the surface, √(a period/π), m."""
        return math.sqrt(diffusivity * self.period / math.pi)


@dataclass(frozen=True, eq=False)
class Ground:
    """Layers with their undisturbed temperature.

    Attributes
    ----------
    layers : from the surface downwards
    surface_temperature : yearly mean at the surface, as the deep ground sees it, °C
    heat_flux : geothermal heat flux upwards, W/m²
    wave : yearly wave of the surface, if it counts
    """

    layers: Layers
    surface_temperature: float
    heat_flux: float = 0.0
    wave: SurfaceWave | None = None

    @classmethod
    def with_gradient(
        cls,
        layers: Layers,
        surface_temperature: float,
        gradient: float,
        depth: float,
        wave: SurfaceWave | None = None,
    ) -> Ground:
        """From the mean geothermal gradient, K/m, between the surface and a depth in m."""
        flux = gradient * depth / float(layers.resistance(depth))
        return cls(layers, surface_temperature, flux, wave)

    def with_mean(self, temperature: float, top: float, bottom: float) -> Ground:
        """The same ground with the surface so warm that a range of depths has a known mean, °C.

        For a mean temperature from a response test.
        """
        apart = temperature - self.mean_temperature(top, bottom)
        return replace(self, surface_temperature=self.surface_temperature + apart)

    def gradient(self, depth: ArrayLike) -> Floats:
        """Steady geothermal gradient at depths in m, K/m."""
        _, layer = self.layers._above(np.asarray(depth, float), self.layers.conductivity)
        return np.asarray(self.heat_flux / self.layers.conductivity[layer], float)

    def temperature(self, depth: ArrayLike, time: ArrayLike | None = None) -> Floats:
        """Undisturbed temperature, °C.

        Parameters
        ----------
        depth : m, below the surface
        time : s after the beginning of a year, broadcasts with ``depth``; the yearly mean if
            not given
        """
        z = np.asarray(depth, float)
        steady = self.surface_temperature + self.heat_flux * self.layers.resistance(z)
        if time is None or self.wave is None:
            return np.asarray(steady, float)
        amplitudes = yearly_wave(self.layers, z, self.wave.period)
        return np.asarray(steady + _turned(self.wave, amplitudes, np.asarray(time, float)), float)

    def mean_temperature(self, top: float, bottom: float, time: float | None = None) -> float:
        """Undisturbed temperature in the mean over a range of depths in m, exactly, °C.

        ``time`` in s after the beginning of a year; the yearly mean if not given.
        """
        if time is None:
            resistance = self.layers.mean_resistance(top, bottom)
            return self.surface_temperature + self.heat_flux * resistance
        return float(self.mean_temperatures(top, bottom, time))

    def mean_temperatures(self, top: float, bottom: float, times: ArrayLike) -> Floats:
        """Mean over a range of depths in m at times of the year in s, °C, shape of ``times``."""
        moments = np.asarray(times, float)
        steady = self.mean_temperature(top, bottom)
        if self.wave is None:
            return np.full(moments.shape, steady)
        mean = mean_yearly_wave(self.layers, top, bottom, self.wave.period)
        return np.asarray(steady + _turned(self.wave, np.asarray(mean), moments), float)

    def check_mean(
        self, temperature: float, top: float, bottom: float, tolerance: float
    ) -> tuple[Problem, ...]:
        """A warning where a known mean temperature, °C, contradicts the profile.

        Parameters
        ----------
        temperature : mean over the depths from ``top`` to ``bottom`` (m) by another source, °C
        tolerance : what both may differ by, K, such as the expanded uncertainty of the mean
        """
        own = self.mean_temperature(top, bottom)
        if abs(own - temperature) <= tolerance:
            return ()
        allowed = same(f"{own - tolerance:.2f} … {own + tolerance:.2f} °C")
        shown = f"{temperature:.2f} °C"
        where = "undisturbed_temperature"
        return (Problem("ground", where, _MEAN, _MEAN_CURE, shown, allowed, "warning"),)


def yearly_wave(layers: Layers, depth: ArrayLike, period: float = YEAR) -> Waves:
    """Complex amplitude of the temperature by depth, for a swing of 1 at the surface.

    The steady periodic solution of heat conduction in each layer, e^{∓γz} with γ = √(iω/a),
    joined by temperature and heat flux (Carslaw & Jaeger 1959, § 3.7). In a uniform ground this
    is e^{-z/d} e^{-iz/d} with the damping depth d, the formula of Kusuda & Achenbach (1965),
    "Earth temperature and thermal diffusivity at selected stations in the United States",
    ASHRAE Trans. 71(1):61-75.

    Parameters
    ----------
    layers : the ground
    depth : m, any shape
    period : of the wave, s

    Returns
    -------
    amplitude : the temperature is the real part of it times e^{iωt}, shape of ``depth``
    """
    z = np.asarray(depth, float)
    wave = _LayerWaves.of(layers, period)
    layer = np.clip(np.searchsorted(layers.top, z, side="right") - 1, 0, None)
    inside = z - layers.top[layer]
    down, gamma = wave.down[layer], wave.gamma[layer]
    # Never above the lower side, where the last layer has none.
    above = np.maximum(2.0 * wave.thickness[layer] - inside, 0.0)
    back = np.exp(-gamma * above)
    return np.asarray(down * (np.exp(-gamma * inside) + wave.reflected[layer] * back))


def mean_yearly_wave(layers: Layers, top: float, bottom: float, period: float = YEAR) -> complex:
    """Mean of :func:`yearly_wave` over a range of depths in m, exactly."""
    wave = _LayerWaves.of(layers, period)
    total = 0.0 + 0.0j
    cuts = layers._cuts(top, bottom)
    for upper, lower in pairwise(cuts):
        i = int(np.searchsorted(layers.top, upper, side="right")) - 1
        a, b = upper - layers.top[i], lower - layers.top[i]
        gamma, twice = wave.gamma[i], 2.0 * wave.thickness[i]
        down = np.exp(-gamma * a) - np.exp(-gamma * b)
        up = np.exp(-gamma * (twice - b)) - np.exp(-gamma * (twice - a)) if twice else 0.0
        total += wave.down[i] / gamma * (down + wave.reflected[i] * up)
    return complex(total / (bottom - top))


@dataclass(frozen=True, eq=False)
class _LayerWaves:
    """Down- and upgoing waves of each layer, for a swing of 1 at the surface.

    In a layer: down · (e^{-γz} + reflected · e^{-γ(2L - z)}), z from its upper side. The last
    layer has no lower side: nothing comes back in it, and its ``thickness`` 0 has no meaning.
    """

    gamma: Waves
    thickness: Floats
    reflected: Waves
    down: Waves

    @classmethod
    def of(cls, layers: Layers, period: float) -> _LayerWaves:
        gamma = np.sqrt(2j * math.pi / period / layers.diffusivity)
        own = layers.conductivity * gamma
        thickness = np.append(np.diff(layers.top), 0.0)
        count = len(own)
        reflected = np.zeros(count, complex)
        # What each layer takes in at its upper side per kelvin of swing, W/(m²·K), from below.
        taken = own[-1]
        round_trip = np.exp(-2.0 * gamma * thickness)
        for i in range(count - 2, -1, -1):
            reflected[i] = (own[i] - taken) / (own[i] + taken)
            back = reflected[i] * round_trip[i]
            taken = own[i] * (1.0 - back) / (1.0 + back)
        down = np.empty(count, complex)
        swing = 1.0 + 0.0j
        for i in range(count):
            down[i] = swing / (1.0 + reflected[i] * round_trip[i])
            swing = down[i] * np.exp(-gamma[i] * thickness[i]) * (1.0 + reflected[i])
        return cls(gamma, thickness, reflected, down)


def _turned(wave: SurfaceWave, amplitude: Waves, time: Floats) -> Floats:
    """The wave at a time, K."""
    phase = np.exp(2j * math.pi / wave.period * (time - wave.coldest))
    return np.asarray(-wave.amplitude * (amplitude * phase).real, float)


_SIZES = Text("the columns of the layers have different lengths", "各层参数个数不一致")
_ONE_EACH = Text("give one value per layer, or one for all", "每层一个值，或全部共用一个值")
_NONE = Text("there is no layer", "没有地层")
_ADD = Text("give at least one layer", "请至少给出一层")
_FIRST = Text("the first layer does not begin at the surface", "第一层没有从地表开始")
_FIRST_CURE = Text("let it begin at 0", "请将其顶深设为 0")
_ORDER = Text("the layer does not begin below the one above", "该层顶深不大于上一层顶深")
_ORDER_CURE = Text("order the layers from the surface downwards", "请自地表向下依次排列各层")
_RANGE = Text("the range of depths is empty or above the surface", "深度范围为空或高于地表")
_RANGE_CURE = Text("depths count downwards: 0 <= top < bottom", "深度自地表向下计：0 ≤ 顶 < 底")
_MEAN = Text(
    "the mean undisturbed temperature contradicts surface temperature and gradient",
    "平均初始地温与地表温度及地温梯度矛盾",
)
_MEAN_CURE = Text(
    "check which is measured; give the measured one only",
    "请核对何者为实测值，并只保留实测值",
)


def _top_problems(top: Floats) -> Iterator[Problem]:
    if not top.size:
        yield Problem("layers", "top", _NONE, _ADD)
    elif top[0] != 0.0:
        yield Problem("layers", "top[0]", _FIRST, _FIRST_CURE, f"{top[0]:g} m", same("0"))
    for i in np.flatnonzero(~(np.diff(top) > 0)):
        shown = f"{top[i + 1]:g} m"
        allowed = same(f"> {top[i]:g} m")
        yield Problem("layers", f"top[{i + 1}]", _ORDER, _ORDER_CURE, shown, allowed)


def _refuse_range(top: float, bottom: float) -> None:
    if not 0.0 <= top < bottom < math.inf:
        shown = f"{top:g} … {bottom:g} m"
        raise InputError([Problem("ground", "top, bottom", _RANGE, _RANGE_CURE, shown)])
