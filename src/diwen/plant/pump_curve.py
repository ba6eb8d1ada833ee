"""A centrifugal pump: head and efficiency over flow, at any speed, alone or side by side.

The head at full speed is ``H = H₀ − a Q − c Q²`` with a, c ≥ 0, so that it never rises with the
flow. At a relative speed s the affinity laws move every point of it: flow with s, head with s²,
hydraulic power with s³. The efficiency is a parabola through no flow and the best point,
``η = η_b (2x − x²)``, x = flow over s times the best flow: the affinity laws leave it unchanged.

Sources: J. F. Gülich, Centrifugal Pumps, 4th ed., Springer 2020 (affinity laws, parallel pumps);
L. A. Rossman et al., EPANET 2.2 User Manual, US EPA 2020, EPA/600/R-20/133 (curve through one
point: 4/3 of its head at no flow, twice its flow at no head).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.physical_constants import GRAVITY
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_FINITE, NOT_POSITIVE

Floats = NDArray[np.float64]

_SHUT_OFF = 4.0 / 3.0
_LEAST_EFFICIENCY = 1e-3

_TWO_POINTS = Text("a pump curve needs two points or more", "水泵特性曲线至少需要两个点")
_GIVE_POINTS = Text(
    "give flow and head of at least two points, or rated flow and rated head",
    "请至少给出两个点的流量与扬程，或给出额定流量与额定扬程",
)
_NO_HEAD = Text("the pump curve has no head at any flow", "水泵特性曲线在任何流量下均无扬程")
_BEYOND = Text("an efficiency outside 0 to 1", "效率不在 0～1 之间")
_SHARE = Text("0 to 1", "0～1")


@dataclass(frozen=True)
class SystemCurve:
    """What a hydraulic system asks: ``H = static + factor · Q²``.

    Attributes
    ----------
    static : head at no flow (lift of a well, constant pressure held), m
    factor : m/(m³/s)²
    """

    static: float
    factor: float

    @classmethod
    def through(cls, flow: float, head: float, static: float = 0.0) -> SystemCurve:
        """The system that asks ``head``, m, at ``flow``, m³/s, of it ``static``, m, always."""
        return cls(static, max(head - static, 0.0) / flow**2)

    def head(self, flow: ArrayLike) -> Floats:
        """Head asked for, m, at flows in m³/s."""
        q = np.asarray(flow, float)
        return np.asarray(self.static + self.factor * q * q)

    def behind(self, other: SystemCurve) -> SystemCurve:
        """This system and another in series: heads add."""
        return SystemCurve(self.static + other.static, self.factor + other.factor)

    @classmethod
    def beside(cls, branches: Sequence[SystemCurve]) -> SystemCurve:
        """Branches side by side between two headers: flows add, ``1/√k = Σ 1/√k_i``.

        Only for branches without static head of their own (the highest of them is kept).
        """
        conductance = sum(branch.factor**-0.5 for branch in branches)
        return cls(max(branch.static for branch in branches), conductance**-2.0)


@dataclass(frozen=True)
class PumpCurve:
    """One pump at full speed; build with :meth:`through` or :meth:`of_rating`.

    Attributes
    ----------
    shut_off_head : H₀ at no flow, m
    linear : a, s/m²
    quadratic : c, s²/m⁵
    best_flow : at the best efficiency, m³/s
    best_efficiency : of the pump without its motor, or of both together, as the caller means it
    """

    shut_off_head: float
    linear: float
    quadratic: float
    best_flow: float
    best_efficiency: float

    @classmethod
    def through(
        cls,
        flow: ArrayLike,
        head: ArrayLike,
        efficiency: float,
        best_flow: float | None = None,
    ) -> PumpCurve:
        """Least squares through points of the maker's curve, never rising.

        Parameters
        ----------
        flow, head : of the points, m³/s and m, shape (n,), n ≥ 2
        efficiency : best efficiency, 0 to 1
        best_flow : at which it is reached, m³/s; None: where the curve has most hydraulic power

        Raises
        ------
        diwen.problems.InputError : too few points, numbers that cannot be
        """
        q, h = np.asarray(flow, float).ravel(), np.asarray(head, float).ravel()
        problems = _curve_problems(q, h, efficiency)
        if problems:
            raise InputError(problems)
        shut_off, linear, quadratic = _falling_fit(q, h)
        if not shut_off > 0.0:
            raise InputError([Problem("PumpCurve", "head", _NO_HEAD, CORRECT, f"{shut_off:g} m")])
        best = best_flow or _flow_of_most_power(shut_off, linear, quadratic, float(q.max()))
        return cls(shut_off, linear, quadratic, best, efficiency)

    @classmethod
    def of_rating(cls, flow: float, head: float, efficiency: float) -> PumpCurve:
        """The usual shape through one point, m³/s and m, that is also the best point."""
        wrong = [
            Problem("PumpCurve", name, NOT_POSITIVE, CORRECT, f"{value:g}", MORE_THAN_ZERO)
            for name, value in (("flow", flow), ("head", head))
            if not value > 0.0
        ]
        if not 0.0 < efficiency <= 1.0:
            wrong.append(_efficiency_problem(efficiency))
        if wrong:
            raise InputError(wrong)
        quadratic = (_SHUT_OFF - 1.0) * head / flow**2
        return cls(_SHUT_OFF * head, 0.0, quadratic, flow, efficiency)

    def head(self, flow: ArrayLike, speed: ArrayLike = 1.0, count: int = 1) -> Floats:
        """Head, m, of ``count`` equal pumps side by side.

        Parameters
        ----------
        flow : of all together, m³/s
        speed : relative to full speed
        """
        q, s = np.asarray(flow, float) / count, np.asarray(speed, float)
        return np.asarray(s * s * self.shut_off_head - s * self.linear * q - self.quadratic * q * q)

    def efficiency(self, flow: ArrayLike, speed: ArrayLike = 1.0, count: int = 1) -> Floats:
        """Efficiency, 0 to 1, at a flow of all pumps together, m³/s."""
        s = np.maximum(np.asarray(speed, float), np.finfo(float).tiny)
        x = np.asarray(flow, float) / (count * s * self.best_flow)
        return np.asarray(self.best_efficiency * np.clip(x * (2.0 - x), 0.0, 1.0))

    def power(self, flow: ArrayLike, speed: ArrayLike = 1.0, count: int = 1,
              density: float = 1000.0) -> Floats:  # fmt: skip
        """Power at the shaft, W: ``ρ g Q H / η``, with its limit at no flow.

        Written as ``ρ g s Q_b H / (η_b (2 − x))`` per pump, which needs no division by the flow.

        Parameters
        ----------
        flow : of all pumps together, m³/s
        speed : relative to full speed
        density : of the fluid, kg/m³
        """
        s = np.asarray(speed, float)
        x = np.asarray(flow, float) / np.maximum(count * s * self.best_flow, 1e-300)
        head = np.maximum(self.head(flow, speed, count), 0.0)
        rest = self.best_efficiency * np.maximum(2.0 - x, _LEAST_EFFICIENCY)
        return np.asarray(count * density * GRAVITY * s * self.best_flow * head / rest)

    def speed_for(self, flow: ArrayLike, head: ArrayLike, count: int = 1) -> Floats:
        """Relative speed at which ``count`` pumps give a flow, m³/s, against a head, m.

        The positive root of ``H₀ s² − a q s − (c q² + H) = 0``; above 1: out of reach.
        """
        q, h = np.asarray(flow, float) / count, np.asarray(head, float)
        lean = self.linear * q
        root = np.sqrt(lean * lean + 4.0 * self.shut_off_head * (self.quadratic * q * q + h))
        return np.asarray((lean + root) / (2.0 * self.shut_off_head))

    def operating_flow(self, system: SystemCurve, speed: ArrayLike = 1.0, count: int = 1) -> Floats:
        """Flow, m³/s, of all pumps together against a system; 0 where the lift is too high."""
        s = np.asarray(speed, float)
        lift = s * s * self.shut_off_head - system.static
        square = self.quadratic / count**2 + system.factor
        lean = s * self.linear / count
        lifted = np.maximum(lift, 0.0)
        root = lean + np.sqrt(lean * lean + 4.0 * square * lifted)
        return np.asarray(np.where(lifted > 0.0, 2.0 * lifted / np.where(root > 0, root, 1), 0.0))


def hydraulic_power(flow: ArrayLike, head: ArrayLike, density: float = 1000.0) -> Floats:
    """``ρ g Q H``, W, of a flow in m³/s against a head in m."""
    return np.asarray(density * GRAVITY * np.asarray(flow, float) * np.asarray(head, float))


def _falling_fit(flow: Floats, head: Floats) -> tuple[float, float, float]:
    """Least squares of H₀ − a Q − c Q² with a, c ≥ 0.

    The best of a convex problem with two bounds is the plain least squares of one of four sets of
    terms, so all four are tried.
    """
    scale = float(np.abs(flow).max())
    x = flow / scale
    columns = (np.ones_like(x), -x, -x * x)
    best: tuple[float, tuple[float, float, float]] | None = None
    for terms in ((0, 1, 2), (0, 2), (0, 1), (0,)):
        if len(terms) > len(x):
            continue
        matrix = np.stack([columns[term] for term in terms], axis=1)
        found = np.linalg.lstsq(matrix, head, rcond=None)[0]
        full = np.zeros(3)
        full[list(terms)] = found
        if full[1] < 0.0 or full[2] < 0.0:
            continue
        misfit = float(np.sum((matrix @ found - head) ** 2))
        if best is None or misfit < best[0] - 1e-12 * float(np.sum(head**2)):
            best = misfit, (full[0], full[1] / scale, full[2] / scale**2)
    assert best is not None  # the constant head is always allowed
    return best[1]


def _flow_of_most_power(shut_off: float, linear: float, quadratic: float, last: float) -> float:
    """Flow of the largest Q·H on the curve, no further than its last point, m³/s."""
    if quadratic > 0.0:
        inside = linear * linear + 3.0 * quadratic * shut_off
        return min((float(np.sqrt(inside)) - linear) / (3.0 * quadratic), last)
    return min(shut_off / (2.0 * linear), last) if linear > 0.0 else last


def _curve_problems(flow: Floats, head: Floats, efficiency: float) -> list[Problem]:
    found = []
    if len(flow) != len(head) or len(flow) < 2:
        shown = f"{len(flow)}, {len(head)}"
        found.append(Problem("PumpCurve", "flow, head", _TWO_POINTS, _GIVE_POINTS, shown))
    for name, values in (("flow", flow), ("head", head)):
        if not np.isfinite(values).all():
            found.append(Problem("PumpCurve", name, NOT_FINITE, CORRECT))
        elif values.size and not values.max() > 0.0:
            found.append(Problem("PumpCurve", name, NOT_POSITIVE, CORRECT, "", MORE_THAN_ZERO))
    if not 0.0 < efficiency <= 1.0:
        found.append(_efficiency_problem(efficiency))
    return found


def _efficiency_problem(efficiency: float) -> Problem:
    return Problem("PumpCurve", "efficiency", _BEYOND, CORRECT, f"{efficiency:g}", _SHARE)
