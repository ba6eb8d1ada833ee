"""The energy signature: daily heat (or cold) against outdoor temperature, with a change point.

Heating, three parameters: ``P = base + UA * max(0, T_b - T_out)``; cooling with the sign of the
difference turned. Where the data hold no days beyond the balance temperature T_b the base cannot
be seen, and the line ``P = UA * (T_b - T_out)`` is fitted instead; which of the two, the Bayesian
information criterion decides. T_b is found by a scan with the linear part solved exactly at each
step, so there is no local minimum to fall into.

Intervals take the serial correlation of the residuals into account by an effective number of
days ``n' = n (1 - r) / (1 + r)``.

References
----------
[1] J. K. Kissock, J. S. Haberl, D. E. Claridge (2003) ASHRAE Trans. 109(2), 425 (change points).
[2] ASHRAE Guideline 14 (CV(RMSE), effective number of values).
[3] D. M. Bates, D. G. Watts (1988) Nonlinear Regression Analysis, ch. 6 (profile interval).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.evaluation.statistics import TooFewError
from diwen.language import Text

Floats = NDArray[np.float64]
Side = Literal["heating", "cooling"]
Model = Literal["change point", "line"]

# Engineering defaults of Diwen: less cannot separate slope and balance temperature.
FEWEST_DAYS = 20
NARROWEST_RANGE = 8.0
_BEYOND_BALANCE = 5
_SCAN_STEP = 0.1
_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Signature:
    """A fitted energy signature.

    Attributes
    ----------
    side : heating or cooling
    model : ``change point`` (three parameters) or ``line`` (two)
    n, n_effective : days, and independent days they are worth
    slope, slope_low, slope_high : heat per kelvin (UA for heating), unit of power per K
    balance, balance_low, balance_high : balance temperature T_b, °C
    base : power that does not depend on the weather; 0 for the line
    r_squared : coefficient of determination
    cv_rmse : root mean square error with n - p degrees of freedom over the mean, 0..
    lag1 : correlation of the residuals from day to day
    """

    side: Side
    model: Model
    n: int
    n_effective: float
    slope: float
    slope_low: float
    slope_high: float
    balance: float
    balance_low: float
    balance_high: float
    base: float
    r_squared: float
    cv_rmse: float
    lag1: float

    def power(self, outdoor: ArrayLike) -> Floats:
        """Expected daily mean power at outdoor temperatures, same shape, unit of the fit."""
        distance = _distance(np.asarray(outdoor, dtype=float), self.balance, self.side)
        return self.base + self.slope * np.maximum(0.0, distance)

    def as_dict(self) -> dict[str, Any]:
        """The fit as plain data."""
        return {
            "side": self.side, "model": self.model, "n": self.n, "n_effective": self.n_effective,
            "slope": self.slope, "slope_low": self.slope_low, "slope_high": self.slope_high,
            "balance": self.balance, "balance_low": self.balance_low,
            "balance_high": self.balance_high, "base": self.base, "r_squared": self.r_squared,
            "cv_rmse": self.cv_rmse, "lag1": self.lag1, "confidence": _CONFIDENCE,
        }  # fmt: skip


def energy_signature(outdoor: ArrayLike, power: ArrayLike, side: Side = "heating") -> Signature:
    """Fit the signature of daily values [1].

    Parameters
    ----------
    outdoor : (n,) daily mean outdoor temperature, °C, in the order of the days
    power : (n,) daily mean heat (or cold), positive; pairs with a NaN are left out
    side : heating or cooling

    Raises
    ------
    TooFewError : fewer than 20 days, a temperature range below 8 K, or no heat at all
    """
    t, p = np.asarray(outdoor, dtype=float), np.asarray(power, dtype=float)
    used = np.isfinite(t) & np.isfinite(p)
    order = np.flatnonzero(used)
    t, p = t[used], p[used]
    _refuse_thin(t, p)
    fits = [_fit_line(t, p, side)]
    bent = _fit_change_point(t, p, side)
    if bent is not None:
        fits.append(bent)
    model, balance, base, slope = min(fits, key=lambda fit: _bic(t, p, side, fit))
    fitted = _predict(t, side, (model, balance, base, slope))
    residual = p - fitted
    sse, parameters = float(np.sum(residual**2)), 3 if model == "change point" else 2
    lag1 = _lag1(residual, order)
    n = len(t)
    # A negative correlation never makes the answer more certain here.
    n_effective = max(parameters + 1.0, n * (1 - max(0.0, lag1)) / (1 + max(0.0, lag1)))
    low, high = _slope_interval(t, side, model, balance, slope, sse, n_effective)
    balance_low, balance_high = _balance_interval(t, p, side, model, balance, sse, n_effective)
    spread = float(np.sum((p - p.mean()) ** 2))
    return Signature(
        side=side, model=model, n=n, n_effective=n_effective,
        slope=slope, slope_low=low, slope_high=high,
        balance=balance, balance_low=balance_low, balance_high=balance_high, base=base,
        r_squared=1 - sse / spread if spread > 0 else 0.0,
        cv_rmse=math.sqrt(sse / (n - parameters)) / float(p.mean()), lag1=lag1,
    )  # fmt: skip


_Fit = tuple[Model, float, float, float]


def _refuse_thin(t: Floats, p: Floats) -> None:
    if len(t) < FEWEST_DAYS:
        raise TooFewError(
            Text(
                f"An energy signature needs at least {FEWEST_DAYS} whole days of heat and outdoor "
                f"temperature; there are {len(t)}.",
                f"能耗特征线至少需要 {FEWEST_DAYS} 个完整日的热量与室外温度，现有 {len(t)} 天。",
            )
        )
    span = float(np.ptp(t))
    if span < NARROWEST_RANGE:
        raise TooFewError(
            Text(
                f"The outdoor temperature of the days spans only {span:.1f} K; a slope needs "
                f"{NARROWEST_RANGE:g} K.",
                f"各日室外温度仅相差 {span:.1f} K，求斜率至少需要 {NARROWEST_RANGE:g} K。",
            )
        )
    if not p.mean() > 0:
        raise TooFewError(Text("There is no heat in these days.", "这些日期内没有热量。"))


def _distance(t: Floats, balance: float, side: Side) -> Floats:
    return balance - t if side == "heating" else t - balance


def _predict(t: Floats, side: Side, fit: _Fit) -> Floats:
    model, balance, base, slope = fit
    distance = _distance(t, balance, side)
    return base + slope * (np.maximum(0.0, distance) if model == "change point" else distance)


def _fit_line(t: Floats, p: Floats, side: Side) -> _Fit:
    gradient, intercept = np.polyfit(t, p, 1)
    slope = -float(gradient) if side == "heating" else float(gradient)
    balance = -float(intercept) / float(gradient) if gradient else math.nan
    return "line", balance, 0.0, slope


def _scan(t: Floats, p: Floats, side: Side, balances: Floats) -> Floats:
    """Least squares of base and slope at each balance temperature: rows of sse, base, slope."""
    x = np.maximum(0.0, _distance(t[None, :], 0.0, side) + _signed(balances, side)[:, None])
    mean_x, mean_p = x.mean(axis=1), p.mean()
    covariance = ((x - mean_x[:, None]) * (p - mean_p)).sum(axis=1)
    variance = ((x - mean_x[:, None]) ** 2).sum(axis=1)
    slope = np.divide(covariance, variance, out=np.zeros_like(variance), where=variance > 0)
    base = mean_p - slope * mean_x
    sse = ((p - base[:, None] - slope[:, None] * x) ** 2).sum(axis=1)
    return np.column_stack((sse, base, slope))


def _signed(balances: Floats, side: Side) -> Floats:
    return balances if side == "heating" else -balances


def _candidates(t: Floats) -> Floats:
    """Balance temperatures with enough days on either side of them."""
    ordered = np.sort(t)
    low, high = ordered[_BEYOND_BALANCE - 1], ordered[-_BEYOND_BALANCE]
    return np.arange(low, high + _SCAN_STEP / 2, _SCAN_STEP)


def _fit_change_point(t: Floats, p: Floats, side: Side) -> _Fit | None:
    balances = _candidates(t)
    table = _scan(t, p, side, balances)
    coarse = float(balances[int(np.argmin(table[:, 0]))])
    balances = coarse + np.linspace(-_SCAN_STEP, _SCAN_STEP, 41)
    table = _scan(t, p, side, balances)
    best = int(np.argmin(table[:, 0]))
    _, base, slope = (float(one) for one in table[best])
    return ("change point", float(balances[best]), base, slope) if slope > 0 else None


def _bic(t: Floats, p: Floats, side: Side, fit: _Fit) -> float:
    n, parameters = len(t), 3 if fit[0] == "change point" else 2
    sse = float(np.sum((p - _predict(t, side, fit)) ** 2))
    # The floor keeps noise-free data from dividing the two models by rounding errors.
    floor = n * (1e-9 * float(np.abs(p).max())) ** 2
    return n * math.log(max(sse, floor) / n) + parameters * math.log(n)


def _lag1(residual: Floats, order: NDArray[np.intp]) -> float:
    """Correlation of neighbouring days; days with a hole between them are no neighbours."""
    following = np.diff(order) == 1
    power = float(np.mean(residual**2))
    if power == 0 or following.sum() < 3:
        return 0.0
    return float(np.mean((residual[:-1] * residual[1:])[following]) / power)


def _quantile(freedom: float) -> float:
    from scipy.stats import t as student

    return float(student.ppf(0.5 + _CONFIDENCE / 2, freedom))


def _slope_interval(
    t: Floats, side: Side, model: Model, balance: float, slope: float, sse: float, n_eff: float
) -> tuple[float, float]:
    """Interval of the slope from the linearised model, all parameters free.

    The column of the balance temperature is written without the slope, and the line around its
    middle: neither changes the variance of the slope, and both hold for a slope of nearly zero.
    """
    distance = _distance(t, balance, side)
    if model == "change point":
        columns = [np.ones(len(t)), np.maximum(0.0, distance), 1.0 * (distance > 0)]
    else:
        columns = [np.ones(len(t)), distance - distance.mean()]
    jacobian = np.column_stack(columns)
    parameters = jacobian.shape[1]
    freedom = n_eff - parameters
    inverse = np.linalg.pinv(jacobian.T @ jacobian)
    # The information is that of n_eff independent days, not of n.
    variance = sse / (len(t) - parameters) * float(inverse[1, 1]) * len(t) / n_eff
    half = _quantile(freedom) * math.sqrt(max(0.0, variance))
    return slope - half, slope + half


def _balance_interval(
    t: Floats, p: Floats, side: Side, model: Model, balance: float, sse: float, n_eff: float
) -> tuple[float, float]:
    """Profile interval of T_b: all T_b whose best fit is not significantly worse [3]."""
    if not math.isfinite(balance):
        return math.nan, math.nan
    parameters = 3 if model == "change point" else 2
    freedom = n_eff - parameters
    allowed = sse * (1 + _quantile(freedom) ** 2 / freedom)
    if model == "change point":
        balances = _candidates(t)
        inside = balances[_scan(t, p, side, balances)[:, 0] <= allowed * (1 + 1e-12)]
        return (float(inside.min()), float(inside.max())) if len(inside) else (balance, balance)
    # Line through (T_b, 0): one slope is left for each T_b.
    balances = balance + np.arange(-40.0, 40.0, _SCAN_STEP)
    x = _distance(t[None, :], 0.0, side) + _signed(balances, side)[:, None]
    slopes = (x * p).sum(axis=1) / (x**2).sum(axis=1)
    inside = balances[((p - slopes[:, None] * x) ** 2).sum(axis=1) <= allowed * (1 + 1e-12)]
    return (float(inside.min()), float(inside.max())) if len(inside) else (balance, balance)
