"""What a site's builder says of a source stays with it at every flow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from diwen.language import Text

if TYPE_CHECKING:
    from diwen.sources.response.source_model import SourceModel


def with_notes(model: SourceModel, kind: str, notes: Sequence[Text]) -> SourceModel:
    """The model as a kind of source in the file, with notes more; also at other flows.

    Parameters
    ----------
    model : of the source
    kind : its type in the file
    notes : what was assumed on the way from the file
    """
    before = model.at_flow
    at_flow = None if before is None else (lambda flow: with_notes(before(flow), kind, notes))
    return replace(model, kind=kind, notes=(*model.notes, *notes), at_flow=at_flow)
