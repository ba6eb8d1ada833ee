"""The model of the days before a measure: electricity against what was asked of the plant.

Candidates are straight lines in the heat and cold delivered and in their product with the outdoor
temperature (a colder day asks for hotter water); the Bayesian information criterion chooses. Where
no heat is metered, the change-point model of the energy signature in the outdoor temperature
stands instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from diwen.evaluation.statistics import TooFewError, correlation
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.diagnosis.advice.daily_use import DailyUse
    from diwen.diagnosis.finding import Floats

_FEWEST = 10
_MOST_CORRELATED = 0.95
_THIN = Text(
    "a baseline needs at least {least} complete days with electricity and heat (or outdoor "
    "temperature); there are {n}",
    "基线至少需要 {least} 个同时有电量与供热量（或室外温度）的完整日，现有 {n} 天",
)
_TERMS = {
    "heat": Text("heat delivered", "供热量"),
    "cold": Text("cold delivered", "供冷量"),
    "heat_outdoor": Text("heat times outdoor temperature", "供热量 × 室外温度"),
    "cold_outdoor": Text("cold times outdoor temperature", "供冷量 × 室外温度"),
    "outdoor": Text("outdoor temperature, change point", "室外温度（变点模型）"),
}


@dataclass(frozen=True, eq=False)
class Baseline:
    """A fitted model of the electricity of a day.

    Attributes
    ----------
    terms : what it follows, besides a constant
    parameters : number of fitted numbers
    n, n_effective : days, and independent days that they are worth
    r_squared, cv_rmse, nmbe : with ``n − parameters`` degrees of freedom, shares
    lag1 : correlation of the residuals from day to day
    low, high : range of each term in the baseline
    """

    terms: tuple[str, ...]
    parameters: int
    n: int
    n_effective: float
    r_squared: float
    cv_rmse: float
    nmbe: float
    lag1: float
    low: Floats
    high: Floats
    _predict: Callable[[DailyUse], Floats]

    def predicted(self, days: DailyUse) -> Floats:
        """Electricity that the plant of the baseline would use, W, shape (n,)."""
        return self._predict(days)

    def usable(self, days: DailyUse) -> NDArray[np.bool_]:
        """Days on which both are known, shape (n,)."""
        return np.isfinite(self._predict(days)) & np.isfinite(days.electricity)

    def outside(self, days: DailyUse, margin: float) -> NDArray[np.bool_]:
        """Days beyond the range of the baseline by a share of it, shape (n,)."""
        values = _columns(self.terms, days)
        reach = margin * (self.high - self.low)
        return np.asarray(((values < self.low - reach) | (values > self.high + reach)).any(axis=1))

    @property
    def names(self) -> tuple[Text, ...]:
        """The terms in words."""
        return tuple(_TERMS[name] for name in self.terms)

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "terms": list(self.terms), "parameters": self.parameters, "n": self.n,
            "n_effective": self.n_effective, "r_squared": self.r_squared,
            "cv_rmse": self.cv_rmse, "nmbe": self.nmbe, "lag1": self.lag1,
        }  # fmt: skip


def fitted_baseline(before: DailyUse) -> Baseline:
    """The model of the days before.

    Raises
    ------
    diwen.evaluation.statistics.TooFewError : too few days, or nothing that they follow
    """
    if before.heat is None and before.cold is None:
        return _by_weather(before)
    fits = [_line(terms, before) for terms in _candidates(before)]
    return min(fits, key=lambda pair: pair[1])[0]


def _candidates(before: DailyUse) -> list[tuple[str, ...]]:
    base = tuple(
        name for name, values in (("heat", before.heat), ("cold", before.cold))
        if values is not None and np.nansum(values) > 0.0
    )  # fmt: skip
    found = [base]
    if before.outdoor is not None and np.isfinite(before.outdoor).sum() >= _FEWEST:
        found.append((*base, *(f"{name}_outdoor" for name in base)))
    return found


def _line(terms: tuple[str, ...], before: DailyUse) -> tuple[Baseline, float]:
    """Least squares, and its information criterion per day."""
    columns = _columns(terms, before)
    known = np.isfinite(columns).all(axis=1) & np.isfinite(before.electricity)
    if known.sum() < _FEWEST:
        raise TooFewError(_THIN.format(least=_FEWEST, n=int(known.sum())))
    matrix = np.column_stack([np.ones(len(columns)), columns])
    scale = np.abs(matrix[known]).max(axis=0)
    scale[scale == 0.0] = 1.0
    found = np.linalg.lstsq(matrix[known] / scale, before.electricity[known], rcond=None)[0] / scale

    def predict(days: DailyUse) -> Floats:
        values = _columns(terms, days)
        return np.asarray(found[0] + values @ found[1:], np.float64)

    return _judged(terms, len(found), before, known, predict)


def _by_weather(before: DailyUse) -> Baseline:
    """Change point in the outdoor temperature; heating or cooling, what fits better."""
    from diwen.evaluation.signature import Side, energy_signature

    if before.outdoor is None:
        raise TooFewError(_THIN.format(least=_FEWEST, n=0))
    known = np.isfinite(before.outdoor) & np.isfinite(before.electricity)
    if known.sum() < _FEWEST:
        raise TooFewError(_THIN.format(least=_FEWEST, n=int(known.sum())))
    sides: tuple[Side, ...] = ("heating", "cooling")
    fits = []
    for side in sides:
        model = energy_signature(before.outdoor, before.electricity, side)

        def predict(days: DailyUse, model: Any = model) -> Floats:
            outdoor = np.full(len(days.day), np.nan) if days.outdoor is None else days.outdoor
            return np.asarray(model.power(outdoor), np.float64)

        parameters = 3 if model.model == "change point" else 2
        fits.append(_judged(("outdoor",), parameters, before, known, predict))
    return min(fits, key=lambda pair: pair[1])[0]


def _judged(
    terms: tuple[str, ...],
    parameters: int,
    before: DailyUse,
    known: NDArray[np.bool_],
    predict: Callable[[DailyUse], Floats],
) -> tuple[Baseline, float]:
    """The statistics of a fit."""
    used = before.electricity[known]
    rest = np.full(len(known), np.nan)
    rest[known] = used - predict(before)[known]
    n, squares = int(known.sum()), float(np.nansum(rest**2))
    mean = max(float(used.mean()), 1e-9)
    lag = correlation(rest, 1) or 0.0
    # Raised by its small-sample bias (Marriott and Pope 1954, Biometrika 41, 390); a negative
    # correlation never makes the answer more certain here.
    lag = min(max(lag + (1.0 + 4.0 * lag) / n, 0.0), _MOST_CORRELATED)
    spread = float(((used - mean) ** 2).sum())
    free = max(n - parameters, 1)
    columns = _columns(terms, before)[known]
    model = Baseline(
        terms, parameters, n, max(n * (1.0 - lag) / (1.0 + lag), parameters + 1.0),
        1.0 - squares / spread if spread > 0.0 else 0.0, math.sqrt(squares / free) / mean,
        float(np.nansum(rest)) / (free * mean), lag, columns.min(axis=0), columns.max(axis=0),
        predict,
    )  # fmt: skip
    criterion = n * math.log(max(squares / n, 1e-300)) + parameters * math.log(n)
    return model, criterion


def _columns(terms: tuple[str, ...], days: DailyUse) -> Floats:
    """Values of the terms, shape (n, terms); nan where unknown."""
    nothing = np.full(len(days.day), np.nan)

    def of(name: str) -> Floats:
        value = {"heat": days.heat, "cold": days.cold, "outdoor": days.outdoor}[name]
        return nothing if value is None else value

    columns = []
    for name in terms:
        if name.endswith("_outdoor"):
            columns.append(of(name.removesuffix("_outdoor")) * of("outdoor"))
        else:
            columns.append(of(name))
    return np.column_stack(columns)
