"""A bore field of a site in the one shape of all sources."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError
from diwen.site.borehole_section import USUAL_TEMPERATURE
from diwen.site.closed_loops import closed_loop
from diwen.site.missing_values import SOURCE, missing
from diwen.site.model import Site

if TYPE_CHECKING:
    from diwen.sources.response.source_model import SourceModel

ALIKE = Text("all zones of the bore field are loaded alike", "各分区按相同负荷计算")


def borefield_model(site: Site, source: str) -> SourceModel:
    """A bore field as a heat source, all its boreholes loaded alike.

    Raises
    ------
    diwen.problems.InputError : with everything that is missing, at once
    """
    import numpy as np

    from diwen.sources.response.source_model import SourceModel

    built = closed_loop(site, source)
    if built.flow is None:
        raise InputError([missing(f"sources.{source}.design_flow", "design_flow", SOURCE)])
    loop = replace(built.loop, zone=np.zeros(built.loop.boreholes.count, np.intp))
    response = loop.response()
    notes = tuple(note.message for note in built.notes)

    def at_flow(flow: float) -> SourceModel:
        """The field built anew with another flow: its resistance changes too."""
        given = site.sources[source].model_copy(update={"design_flow": flow})
        changed = site.model_copy(update={"sources": {**site.sources, source: given}})
        return borefield_model(changed, source)

    return SourceModel(
        "borefield", response, built.undisturbed_temperature,
        built.flow * float(built.fluid.heat_capacity(USUAL_TEMPERATURE)), built.flow,
        error=response.error, at_flow=at_flow,
        notes=(*notes, ALIKE) if built.loop.zones > 1 else notes,
    )  # fmt: skip
