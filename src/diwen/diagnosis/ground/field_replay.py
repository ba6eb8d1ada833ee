"""A bore field replayed with measured heat, at every conductivity and resistance that may be.

The drop of the fluid is smooth in the borehole resistance and in 1/λ, so that a few builds of the
field (at nodes) give it in between by interpolation; length scales the heat per metre. What the
ground does to an unseen loss, to heat before the record began, and to an error of the heat meter
are columns of their own, all from the same response.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from diwen.sources.response.modes import Response
    from diwen.sources.response.source_model import SourceModel

Floats = NDArray[np.float64]
NODES = (
    (1.0, 1.0), (0.45, 1.0), (0.7, 1.0), (1.6, 1.0), (1.0, 0.6), (1.0, 1.6), (1.0, 2.6),
)  # fmt: skip
"""Factors of conductivity and resistance at which a field is built, the design first."""
_HOUR = 3600.0
_YEAR_HOURS = 8760
_HEAVIER = 1.3
# Below these time constants it is the borehole that warms up, s.
_OF_THE_BORE = 6.0 * _HOUR


@dataclass(frozen=True, eq=False)
class Replay:
    """Drops of the mean fluid temperature, hour by hour.

    Attributes
    ----------
    drop : K at :data:`NODES` for the measured heat, history included, shape (nodes, n)
    bias : drop at the nodes for 1 W more while water flows, K/W, shape (nodes, n)
    history : part of the drop at the design that comes from before the record, K, shape (n,)
    loss : drop for 1 W that is lost unseen since operation began, K/W, shape (n,)
    recharge : rise by the recharge that was designed, K, shape (n,)
    capacity : change of the drop with the logarithm of the ground's heat capacity, K, shape (n,)
    by_flow : change of the drop where another flow than that of the design ran, K, shape (n,)
    """

    drop: Floats
    bias: Floats
    history: Floats
    loss: Floats
    recharge: Floats
    capacity: Floats
    by_flow: Floats

    def at(self, conductivity: float = 1.0, resistance: float = 1.0) -> Floats:
        """Drop at any factors, K, shape (n,)."""
        return np.asarray(node_weights(conductivity, resistance) @ self.drop)


class FlowLevels(NamedTuple):
    """A source at flows beside that of its design.

    Attributes
    ----------
    models : at these flows
    share : how much of each stands for each hour, the rest for the design, shape (k, n)
    """

    models: Sequence[SourceModel]
    share: Floats


def node_weights(conductivity: float, resistance: float) -> Floats:
    """Weights of the nodes at factors of conductivity and resistance, shape (nodes,).

    The effects of the two add up: the resistance acts within hours, before the ground has its say.
    """
    along = [place for place, node in enumerate(NODES) if node[1] == 1.0]
    across = [place for place, node in enumerate(NODES) if node[0] == 1.0]
    found = np.zeros(len(NODES))
    found[0] = -1.0
    found[along] += lagrange(np.array([1.0 / NODES[at][0] for at in along]), 1.0 / conductivity)
    found[across] += lagrange(np.array([NODES[at][1] for at in across]), resistance)
    return found


def replay(
    models: Sequence[SourceModel],
    heat: Floats,
    before: float,
    earlier: Floats,
    parts: int = 1,
    elapsed: Floats | None = None,
    recharge: Floats | None = None,
    levels: FlowLevels | None = None,
) -> Replay:
    """Drops at the nodes.

    Parameters
    ----------
    models : of the source at :data:`NODES`
    heat : W of the record, extraction positive, shape (n,)
    before : years of operation before the record
    earlier : W of a year that stands for those before it, ending where the record begins,
        shape (8760,)
    parts : of each hour; the mean of its ends stands for the hour; 1: its end, as an hourly
        simulation records it
    elapsed : years since the beginning of operation for which an unseen loss stands, shape (n,);
        None: the middle of each hour
    recharge : W given to the ground by design beside ``heat``, shape (n,); None: nothing
    levels : the source at other flows that were measured; None: always at that of ``models``
    """
    n, hours = len(heat), round(before * _YEAR_HOURS)
    running = (heat != 0.0).astype(float)
    past = np.resize(earlier[::-1], hours)[::-1] if hours else np.zeros(0)
    loads = np.concatenate([past, heat])
    loads_of = np.stack([loads, np.concatenate([np.zeros(hours), running])])
    both = np.stack([_march(model.response, loads_of, parts)[:, hours:] for model in models])
    design = models[0].response
    history = np.zeros(n)
    if hours:
        history = _march(design, np.concatenate([past, np.zeros(n)]), parts)[hours:]
    if elapsed is None:
        elapsed = (hours + np.arange(n) + 0.5) / _YEAR_HOURS
    loss = design.at(elapsed * _YEAR_HOURS * _HOUR)
    rise = np.zeros(n) if recharge is None else _march(design, recharge, parts)
    slower = _march(_slower(design, _HEAVIER), loads, parts)[hours:] - both[0, 0]
    capacity = slower / float(np.log(_HEAVIER))
    by_flow = np.zeros(n)
    if levels is not None:
        by_flow = _by_flow(levels, both[0, 0], loads, hours, parts)
    return Replay(both[:, 0], both[:, 1], history, loss, rise, capacity, by_flow)


def _by_flow(levels: FlowLevels, design: Floats, loads: Floats, hours: int, parts: int) -> Floats:
    """What the drop of the design changes by where other water flows, K, shape (n,)."""
    found = np.zeros(len(design))
    for model, share in zip(levels.models, levels.share, strict=True):
        found += share * (_march(model.response, loads, parts)[hours:] - design)
    return found


def _slower(response: Response, factor: float) -> Response:
    """The response of ground that holds so much more heat: all its times are as much longer."""
    ground = response.time_constants > _OF_THE_BORE
    times = np.where(ground, factor * response.time_constants, response.time_constants)
    return replace(response, time_constants=times)


def _march(response: Response, load: Floats, parts: int) -> Floats:
    drops = response.simulate(np.repeat(load, parts, axis=-1), _HOUR / parts)[0]
    return np.asarray(drops.reshape(*load.shape, parts).mean(axis=-1))


def lagrange(nodes: Floats, at: float) -> Floats:
    """Weights of values at nodes for the polynomial through them."""
    found = np.ones(len(nodes))
    for i, node in enumerate(nodes):
        for j, other in enumerate(nodes):
            if i != j:
                found[i] *= (at - other) / (node - other)
    return found
