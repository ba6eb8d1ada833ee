"""The seasonal Mann-Kendall test and the seasonal Theil-Sen slope.

References
----------
[1] R. M. Hirsch, J. R. Slack, R. A. Smith (1982) Water Resour. Res. 18, 107.
[2] R. M. Hirsch, J. R. Slack (1984) Water Resour. Res. 20, 727.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.evaluation.statistics import (
    FEWEST_VALUES,
    Correction,
    TooFewError,
    Trend,
    correlation,
    kendall_s,
    pairwise_slopes,
    score,
    slope_interval,
    two_sided,
)
from diwen.language import Text

Floats = NDArray[np.float64]

# Years from which the covariance between seasons may be estimated [2].
_COVARIANCE_YEARS = 10


def seasonal_trend(
    year: ArrayLike, season: ArrayLike, y: ArrayLike, *, confidence: float = 0.95
) -> Trend:
    """Seasonal Mann-Kendall test and seasonal Theil-Sen slope [1], [2].

    Only values of the same season are compared, so a yearly cycle is no trend. With ten or more
    years the covariance between seasons is estimated [2], which makes the test robust against
    correlation from month to month; with fewer it is not and the result says so.

    Parameters
    ----------
    year : (n,) whole years
    season : (n,) season of each value, such as the month 1..12
    y : (n,) values; a second value of the same year and season is averaged with the first
    confidence : of the interval of the slope

    Returns
    -------
    Trend : slope in units of y per year

    Raises
    ------
    TooFewError : no season with at least two years, or fewer than 4 values
    """
    table, years, seasons = _year_table(year, season, y)
    used = np.isfinite(table)
    if int(used.sum()) < FEWEST_VALUES or not (used.sum(axis=0) >= 2).any():
        raise TooFewError(
            Text(
                "A seasonal trend needs at least two years of the same season and four values.",
                "季节趋势至少需要同一季节的两年数据和四个数值。",
            )
        )
    signs = [_signs(years, table[:, column]) for column in range(len(seasons))]
    s_season = np.array([float(np.sum(sign[np.triu_indices(len(years), 1)])) for sign in signs])
    variance_season = np.array(
        [kendall_s(years[m], table[m, k])[1] if m.sum() > 1 else 0.0 for k, m in enumerate(used.T)]
    )
    s, variance = float(s_season.sum()), float(variance_season.sum())
    correction: Correction = "none"
    ratio = 1.0
    if len(years) >= _COVARIANCE_YEARS and len(seasons) > 1:
        correction = "covariance between seasons"
        ratio = max(1.0, 1.0 + _covariances(table, used, signs) / variance) if variance else 1.0
    variance *= ratio
    z = score(s, variance)
    slopes = np.sort(
        np.concatenate([pairwise_slopes(years[m], table[m, k]) for k, m in enumerate(used.T)])
    )
    slope = float(np.median(slopes))
    low, high = slope_interval(slopes, variance, confidence)
    pairs = sum(m.sum() * (m.sum() - 1) / 2 for m in used.T)
    residual = table - slope * years[:, None]
    anomaly = residual - np.nanmedian(np.where(used.any(axis=0), residual, 0.0), axis=0)
    return Trend(
        n=int(used.sum()), slope=slope, low=low, high=high, confidence=confidence,
        intercept=float(np.nanmedian(residual)), s=s, z=z, p=two_sided(z),
        tau=s / float(pairs), lag1=correlation(anomaly.ravel(), 1), correction=correction,
        variance_ratio=ratio, seasons=len(seasons),
    )  # fmt: skip


def _year_table(
    year: ArrayLike, season: ArrayLike, y: ArrayLike
) -> tuple[Floats, Floats, NDArray[Any]]:
    """Values as a table years x seasons; missing ones are NaN."""
    years_all, seasons_all = np.asarray(year, dtype=float), np.asarray(season)
    values = np.asarray(y, dtype=float)
    used = np.isfinite(values)
    years, row = np.unique(years_all[used], return_inverse=True)
    seasons, column = np.unique(seasons_all[used], return_inverse=True)
    total, count = np.zeros((2, len(years), len(seasons)))
    np.add.at(total, (row, column), values[used])
    np.add.at(count, (row, column), 1)
    with np.errstate(invalid="ignore"):
        return total / count, years, seasons


def _signs(years: Floats, column: Floats) -> Floats:
    """Sign of every later-minus-earlier difference, (years, years); 0 where one is missing."""
    difference = column[None, :] - column[:, None]
    return np.nan_to_num(np.sign(difference), nan=0.0)


def _covariances(table: Floats, used: NDArray[np.bool_], signs: list[Floats]) -> float:
    """Sum of the covariances of S between different seasons, Hirsch and Slack [2], with holes."""
    years = len(table)
    upper = np.triu_indices(years, 1)
    # Mid-ranks; a missing value has no signs and so gets the mean rank, as in [2].
    ranks = [(used[:, k].sum() + 1 + sign.sum(axis=0)) / 2 for k, sign in enumerate(signs)]
    total = 0.0
    for g in range(len(signs)):
        for h in range(len(signs)):
            if g != h:
                k_gh = float(np.sum(signs[g][upper] * signs[h][upper]))
                n_g, n_h = int(used[:, g].sum()), int(used[:, h].sum())
                r_gh = float(np.sum(ranks[g] * ranks[h]))
                total += (k_gh + 4 * r_gh - years * (n_g + 1) * (n_h + 1)) / 3
    return total
