"""How many independent readings a series of correlated residuals is worth."""

from __future__ import annotations

import numpy as np

from diwen.sources.response_test.record import Floats


def autocorrelation(residuals: Floats) -> Floats:
    """Autocorrelation of evenly spaced residuals at all lags, shape (n,); 1 at lag 0."""
    centred = residuals - residuals.mean()
    count = len(centred)
    size = 1 << (2 * count - 1).bit_length()
    spectrum = np.abs(np.fft.rfft(centred, size)) ** 2
    covariance = np.fft.irfft(spectrum, size)[:count] / count
    if covariance[0] <= 0:
        return np.concatenate([[1.0], np.zeros(count - 1)])
    return covariance / covariance[0]


def effective_sample_size(residuals: Floats) -> float:
    """Number of independent readings with the same information on a mean or a slow slope.

    n / τ with the integrated autocorrelation time τ = 1 + 2 Σ ρ_k, summed over the window
    k <= 5 τ(k). Source: A. Sokal, Monte Carlo methods in statistical mechanics (1996), section 3.

    Parameters
    ----------
    residuals : of a regression, evenly spaced, shape (n,)

    Returns
    -------
    between 2 and n
    """
    count = len(residuals)
    # Residuals that are only rounding have no structure worth reading.
    if count < 4 or not np.ptp(residuals) > 0:
        return float(count)
    time = 2.0 * np.cumsum(autocorrelation(residuals)) - 1.0
    lag = np.arange(count)
    inside = np.flatnonzero(lag >= 5.0 * time)
    integrated = float(time[inside[0]]) if len(inside) else float(time.max())
    return float(np.clip(count / max(integrated, 1.0), 2.0, count))
