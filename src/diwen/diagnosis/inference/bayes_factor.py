"""How strongly a measured value speaks for a deviation against none.

A parameter that is as designed is still a little off: its true value is spread around neutral by a
*tolerance* (standard deviation). One that deviates is spread by a wide *spread*. The measured value
has an uncertainty of its own. The ratio of the two normal densities is the Bayes factor (a
"spike and slab" whose spike has the width of what is tolerable).
"""

from __future__ import annotations

import math


def log_bayes_factor(
    difference: float, uncertainty: float, tolerance: float, spread: float, cap: float = 7.0
) -> float:
    """Natural logarithm of the Bayes factor, deviation against none, capped both ways.

    Parameters
    ----------
    difference : measured value less the neutral one
    uncertainty : standard uncertainty (k = 1) of the measured value, systematic part included
    tolerance : standard deviation of a parameter that is as designed, above 0
    spread : standard deviation of one that deviates, above ``tolerance``
    cap : largest absolute value that is returned
    """
    healthy = uncertainty**2 + tolerance**2
    deviating = uncertainty**2 + spread**2
    ratio = 0.5 * math.log(healthy / deviating)
    ratio += 0.5 * difference**2 * (1.0 / healthy - 1.0 / deviating)
    return max(-cap, min(cap, ratio))
