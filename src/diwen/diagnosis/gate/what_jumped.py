"""Which of two sensors jumped, where the heat they give together is wrong from a day on.

The sum of squares of a first law does not tell the supply from the return sensor: only their
difference enters it. But a fault that begins on a day moves the reading of one sensor on that day,
while water and ground go on as before.
"""

from __future__ import annotations

import numpy as np

from diwen.diagnosis.record.operating_record import Floats


def jump(value: Floats, drivers: Floats, begin: int, window: int) -> tuple[float, float]:
    """How far a daily series jumps on a day, and the standard uncertainty of it.

    Least squares on the days around it: a level, a slope, the drivers, and a jump.

    Parameters
    ----------
    value : daily means, nan where unknown, shape (d,)
    drivers : what moves it in a healthy plant, shape (d, k)
    begin : place of the day
    window : days on either side

    Returns
    -------
    size and uncertainty; nan, inf where too few days are known
    """
    days = np.arange(max(begin - window, 0), min(begin + window, value.size))
    known = np.isfinite(value[days]) & np.isfinite(drivers[days]).all(axis=1)
    days = days[known]
    before, after = np.count_nonzero(days < begin), np.count_nonzero(days >= begin)
    matrix = np.column_stack([np.ones(days.size), days - begin, drivers[days], days >= begin])
    free = days.size - matrix.shape[1]
    if before < 4 or after < 4 or free < 3:
        return float("nan"), float("inf")
    scale = np.maximum(np.max(np.abs(matrix), axis=0), 1e-12)
    matrix = matrix / scale
    inverse = np.linalg.pinv(matrix.T @ matrix)
    fitted = inverse @ (matrix.T @ value[days])
    left = value[days] - matrix @ fitted
    # Neighbouring days hang together: the scatter counts as that of a third of the days.
    variance = 3.0 * float(left @ left) / free
    return float(fitted[-1] / scale[-1]), float(np.sqrt(variance * inverse[-1, -1]) / scale[-1])


def log_ratio_of_pair(
    first: tuple[float, float], second: tuple[float, float], size: float, floor: float, cap: float
) -> float:
    """Logarithm of the likelihood ratio: the first sensor jumped by ``size``, not the second.

    Parameters
    ----------
    first, second : jumps of the two with their uncertainties
    size : error of the difference first less second, K
    floor : smallest uncertainty that a jump can have, K
    cap : largest absolute value
    """
    (one, u_one), (other, u_other) = first, second
    if not (np.isfinite(one) and np.isfinite(other)):
        return 0.0
    u_one, u_other = float(np.hypot(u_one, floor)), float(np.hypot(u_other, floor))
    faulty_first = ((one - size) / u_one) ** 2 + (other / u_other) ** 2
    faulty_second = (one / u_one) ** 2 + ((other + size) / u_other) ** 2
    return float(np.clip(0.5 * (faulty_second - faulty_first), -cap, cap))
