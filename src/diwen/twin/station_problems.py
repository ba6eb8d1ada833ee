"""What is wrong with a station, its sources and its loads before they can run together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from diwen.plant.station import Station
from diwen.problems import InputError, Problem
from diwen.sources.response.source_model import SourceModel

Floats = NDArray[np.float64]


def check_run(
    station: Station,
    sources: Mapping[str, SourceModel],
    loads: Mapping[str, Floats],
    outdoor: Floats,
    step: float,
) -> None:
    problems: list[Problem] = []
    if problems:
        raise InputError(problems)
