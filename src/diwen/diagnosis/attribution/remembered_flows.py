"""Sources that remember what they are at another flow, so that a run of many flows builds few.

A source at another flow is built anew, which costs more than a year of the twin. The answer of the
ground hardly depends on the flow: it is built at whole hundredths of the design flow; the heat
capacity rate of the water is that of the very flow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diwen.sources.response.source_model import SourceModel
    from diwen.twin.deviations_plant import TwinInputs

_NODES = 100


def with_memory(inputs: TwinInputs) -> TwinInputs:
    """The inputs with sources that are built once for each hundredth of their flow."""
    sources = {name: _remembering(model) for name, model in inputs.sources.items()}
    return replace(inputs, sources=sources)


def _remembering(model: SourceModel) -> SourceModel:
    if model.at_flow is None:
        return model
    return replace(model, at_flow=_memory(model.at_flow, model.flow))


def _memory(
    at_flow: Callable[[float], SourceModel], design: float
) -> Callable[[float], SourceModel]:
    built: dict[int, SourceModel] = {}

    def found(flow: float) -> SourceModel:
        node = max(round(_NODES * flow / design), 1)
        if node not in built:
            built[node] = at_flow(node / _NODES * design)
        near = built[node]
        if abs(near.flow - flow) <= 1e-12 * design:
            return near
        rate = near.heat_capacity_rate * flow / near.flow
        return replace(near, flow=flow, heat_capacity_rate=rate)

    return found
