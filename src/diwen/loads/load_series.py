"""A load as everything above sees it: power by step, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text

Floats = NDArray[np.float64]
LoadKind = Literal["heating", "cooling", "hot_water", "pool", "process"]


@dataclass(frozen=True, eq=False)
class LoadSeries:
    """One kind of load of one consumer.

    Attributes
    ----------
    name : id of the load in the site
    kind : what is asked for
    power : W, 0 or more, one year (or several) of equal steps from 1 January, shape (n,)
    step : s
    origin : ``measured``, ``given`` (a design institute's calculation), ``simulated`` (a model of a
        building) or ``index`` (area times an index: first studies only)
    notes : what was assumed
    """

    name: str
    kind: LoadKind
    power: Floats
    step: float = 3600.0
    origin: Literal["measured", "given", "simulated", "index"] = "given"
    notes: tuple[Text, ...] = ()
