"""The shape of a deviation in time: none, constant, a step, growth, a saw-tooth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from diwen.diagnosis.finding import Floats, Shape


@dataclass(frozen=True, eq=False)
class ShapeFit:
    """What a daily index says in time.

    Attributes
    ----------
    shape : the most probable, ``none`` where the Bayes factor speaks against a deviation
    value : constant, step: size above neutral; growth, saw-tooth: per year of 365 days
    deviation : standard uncertainty (k = 1) of the value, systematic part included
    now : above neutral at the end of the record
    since, since_low, since_high : local day it began and its 90 % interval; None: the first day
    log_ratio : natural logarithm of the Bayes factor of all shapes together against none
    weights : probability of each shape given that there is a deviation
    """

    shape: Shape
    value: float
    deviation: float
    now: float
    since: date | None
    since_low: date | None
    since_high: date | None
    log_ratio: float
    weights: Mapping[Shape, float]


def fit_shape(
    day: NDArray[np.datetime64],
    value: Floats,
    *,
    noise: float,
    systematic: float,
    tolerance: float,
    spread: float,
    growth_spread: float,
    begun: date,
    shapes: Sequence[Shape] = ("constant", "step", "growth", "sawtooth"),
    services: Sequence[date] = (),
    correlation: float = 3.0,
    cap: float = 7.0,
) -> ShapeFit:
    """Compare shapes by their marginal likelihoods (systematic errors marginalised).

    Parameters
    ----------
    day : datetime64[D], ascending, shape (n,)
    value : index less its neutral value, nan where unknown, shape (n,)
    noise : standard deviation of one day
    systematic : standard uncertainty common to all days
    tolerance : standard deviation of what is as designed
    spread : of a constant or step that deviates
    growth_spread : of growth per year that deviates
    begun : first day of operation: growth starts there or later
    shapes : that are possible
    services : days on which something was cleaned or put right (ledger); a saw-tooth may find more
    correlation : days over which residuals hang together
    cap : largest absolute value of ``log_ratio``
    """
    raise NotImplementedError
