"""How a source answers if its ground or its boreholes are a little other than thought.

Small changes of the models that stand, without building a source anew: in pure conduction a factor
f on the conductivity makes the answer of the ground ``R'(t) = R(f t) / f`` (the time scale of
Eskilson goes with 1/a, the answer with 1/lambda; heat capacity as it is), so every mode has its
time constant and its resistance divided by f, while the effective resistance of the borehole stays:
what it has lost by that is given back at once. Good from a day on; for spreads around a calibrated
model, not for design.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.sources.response.source_model import SourceModel
    from diwen.twin.deviations_plant import TwinInputs

BOREFIELD = "borefield"


def with_conductivity(inputs: TwinInputs, factor: float, boreholes: dict[str, float]) -> TwinInputs:
    """Ground around bore fields that conducts by a factor better.

    Parameters
    ----------
    boreholes : effective resistance of the boreholes, of the whole field, K/W, by source
    """
    sources = dict(inputs.sources)
    for name, resistance in boreholes.items():
        model = inputs.sources[name]
        response = replace(
            model.response, time_constants=model.response.time_constants / factor,
            resistances=model.response.resistances / factor,
            direct=model.response.direct / factor,
        )  # fmt: skip
        kept = response.with_resistance(resistance * (1.0 - 1.0 / factor))
        sources[name] = replace(model, response=kept)
    return replace(inputs, sources=sources)


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

    sources = {
        name: model if model.kind == BOREFIELD else changed(model)
        for name, model in inputs.sources.items()
    }
    return replace(inputs, sources=sources)


def field_resistances(site: Site, inputs: TwinInputs) -> dict[str, float]:
    """Effective resistance of the boreholes of each bore field, of the whole field, K/W."""
    from diwen.site.closed_loops import closed_loop

    found = {}
    for name, model in inputs.sources.items():
        if model.kind == BOREFIELD:
            field = closed_loop(site, name)
            found[name] = field.resistance / field.loop.boreholes.total_length
    return found
