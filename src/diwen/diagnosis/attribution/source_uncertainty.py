"""How a source answers if its ground or its boreholes are a little other than thought.

Small changes of the models that stand, without building a source anew: in pure conduction a factor
f on the conductivity makes the answer of the ground ``R'(t) = R(f t) / f`` (the time scale of
Eskilson goes with 1/a, the answer with 1/lambda; heat capacity as it is), so every slow mode has
its time constant and its resistance divided by f. Fast modes are the borehole's own. A resistance
of the borehole is a resistance at once. For spreads around a calibrated model, not for design.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from diwen.site.usual_values import usual_value

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.sources.response.source_model import SourceModel
    from diwen.twin.deviations_plant import TwinInputs

BOREFIELD = "borefield"
HOUR = 3600.0


def with_conductivity(inputs: TwinInputs, factor: float) -> TwinInputs:
    """Ground around bore fields that conducts by a factor better."""
    slowest_borehole = usual_value("diagnosis.forecast.borehole_time") * HOUR

    def changed(model: SourceModel) -> SourceModel:
        response = model.response
        ground = np.where(response.time_constants > slowest_borehole, factor, 1.0)
        answer = replace(
            response, time_constants=response.time_constants / ground,
            resistances=response.resistances / ground,
        )  # fmt: skip
        return replace(model, response=answer)

    return _of_kind(inputs, changed, borefield=True)


def with_borehole_resistance(inputs: TwinInputs, added: dict[str, float]) -> TwinInputs:
    """Bore fields with a resistance more (below 0: less) at once, K/W, by source."""
    sources = {
        name: replace(model, response=model.response.with_resistance(added[name]))
        if name in added else model
        for name, model in inputs.sources.items()
    }  # fmt: skip
    return replace(inputs, sources=sources)


def with_other_answer(inputs: TwinInputs, factor: float) -> TwinInputs:
    """Sources other than bore fields whose answer is by a factor larger."""

    def changed(model: SourceModel) -> SourceModel:
        response = model.response
        answer = replace(
            response, resistances=response.resistances * factor, direct=response.direct * factor
        )
        return replace(model, response=answer)

    return _of_kind(inputs, changed, borefield=False)


def field_resistances(site: Site, inputs: TwinInputs) -> dict[str, float]:
    """Effective resistance of the boreholes of each bore field, of the whole field, K/W."""
    from diwen.site.closed_loops import closed_loop

    found = {}
    for name, model in inputs.sources.items():
        if model.kind == BOREFIELD:
            field = closed_loop(site, name)
            found[name] = field.resistance / field.loop.boreholes.total_length
    return found


def _of_kind(inputs: TwinInputs, change: object, *, borefield: bool) -> TwinInputs:
    sources = {
        name: change(model) if (model.kind == BOREFIELD) is borefield else model  # type: ignore[operator]
        for name, model in inputs.sources.items()
    }
    return replace(inputs, sources=sources)
