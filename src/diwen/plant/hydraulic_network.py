"""Flows in a closed network of resistances and pumps: branches, bridges, several pumps.

Nodes are joined by links; a resistance loses ``k Q|Q|`` along its flow, a pump gains the head of
its curve. Newton's method on flows and heads together, reduced to the heads by Schur's complement:
the global gradient algorithm of E. Todini & S. Pilati, A gradient algorithm for the analysis of
pipe networks, in Coulbeck & Orr (eds.), Computer Applications in Water Supply, Wiley 1988, 1-20.
For what stands in series or side by side, :class:`~diwen.plant.pump_curve.SystemCurve` is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.plant.pump_curve import PumpCurve
from diwen.problems import InputError, Problem
from diwen.value_problems import CORRECT, MORE_THAN_ZERO, NOT_POSITIVE

Floats = NDArray[np.float64]

_STEPS = 200
_CLOSE = 1e-8  # change of the largest flow, of itself
_FLATTEST = 1e-6  # smallest slope of a resistance that still counts, of the steepest

_UNSETTLED = Text("the flows do not settle", "流量计算不收敛")
_CHECK = Text(
    "check that every node is joined to the others and that a pump drives every loop",
    "请检查各节点是否连通、各环路是否有水泵驱动",
)
_ALONE = Text("a link joins a node to itself", "管段两端为同一节点")


@dataclass(frozen=True)
class HydraulicLink:
    """Between two nodes, flow positive from ``start`` to ``end``.

    Attributes
    ----------
    start, end : names of nodes
    factor : k of a resistance, m/(m³/s)²
    pump : that lifts from start to end, or None
    speed : of the pump, relative to full speed
    count : equal pumps side by side
    """

    start: str
    end: str
    factor: float = 0.0
    pump: PumpCurve | None = None
    speed: float = 1.0
    count: int = 1


@dataclass(frozen=True, eq=False)
class NetworkFlow:
    """Flows of the links, m³/s, shape (links,); heads of the nodes, m, over that of the first."""

    flow: Floats
    nodes: tuple[str, ...]
    head: Floats


def network_flow(links: Sequence[HydraulicLink]) -> NetworkFlow:
    """Steady flows of a closed network without inflow or outflow.

    Parameters
    ----------
    links : pumps need no resistance of their own, other links do

    Raises
    ------
    diwen.problems.InputError : links that join nothing, resistances not above 0, no solution
    """
    _check(links)
    nodes = tuple(dict.fromkeys(name for link in links for name in (link.start, link.end)))
    place = {name: i for i, name in enumerate(nodes)}
    incidence = np.zeros((len(links), len(nodes)))
    for i, link in enumerate(links):
        incidence[i, place[link.start]], incidence[i, place[link.end]] = 1.0, -1.0
    # The head of the first node is chosen, so its column and its balance are left out.
    inner = incidence[:, 1:]
    size = max((link.pump.best_flow * link.count for link in links if link.pump), default=1.0)
    flow = np.full(len(links), 0.1 * size)
    for _ in range(_STEPS):
        loss, slope = _losses(links, flow)
        slope = np.maximum(slope, _FLATTEST * slope.max())
        weight = 1.0 / slope
        system = inner.T @ (weight[:, None] * inner)
        target = inner.T @ (flow - weight * loss)
        head = np.linalg.lstsq(system, -target, rcond=None)[0]
        following = flow + weight * (inner @ head - loss)
        change = float(np.abs(following - flow).max())
        flow = following
        if change < _CLOSE * max(float(np.abs(flow).max()), _CLOSE):
            break
    else:
        raise InputError([Problem("network_flow", "links", _UNSETTLED, _CHECK)])
    return NetworkFlow(flow, nodes, np.concatenate([[0.0], head]))


def _losses(links: Sequence[HydraulicLink], flow: Floats) -> tuple[Floats, Floats]:
    """Head lost along every link, m, and its slope, m/(m³/s)."""
    loss, slope = np.zeros(len(links)), np.zeros(len(links))
    for i, (link, q) in enumerate(zip(links, flow, strict=True)):
        loss[i], slope[i] = link.factor * q * abs(q), 2.0 * link.factor * abs(q)
        if link.pump is not None:
            curve, each, s = link.pump, q / link.count, link.speed
            # Beyond no flow the curve goes on mirrored, so that it falls everywhere.
            gained = s * s * curve.shut_off_head - s * curve.linear * each
            loss[i] -= gained - curve.quadratic * each * abs(each)
            slope[i] += (s * curve.linear + 2.0 * curve.quadratic * abs(each)) / link.count
    return loss, slope


def _check(links: Sequence[HydraulicLink]) -> None:
    problems = []
    for i, link in enumerate(links):
        where = f"links[{i}]"
        if link.start == link.end:
            problems.append(Problem("network_flow", where, _ALONE, CORRECT, link.start))
        if link.factor < 0.0 or (link.pump is None and link.factor == 0.0):
            value = f"{link.factor:g}"
            problems.append(
                Problem("network_flow", where, NOT_POSITIVE, CORRECT, value, MORE_THAN_ZERO)
            )
    if problems:
        raise InputError(problems)
