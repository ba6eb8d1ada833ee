"""Numbers as they are printed: formatted once, the same characters in both languages."""

from __future__ import annotations

import math

NONE = "–"


def number(value: float | None, decimals: int = 2) -> str:
    """A number with a fixed count of decimals, thousands separated, a true minus sign.

    A value that rounds to zero is printed without sign; a missing one as a dash.
    """
    if value is None or not math.isfinite(value):
        return NONE
    text = f"{value:,.{max(decimals, 0)}f}"
    if text.startswith("-"):
        text = text[1:] if not any(digit in text for digit in "123456789") else "−" + text[1:]
    return text


def with_uncertainty(
    value: float | None, uncertainty: float | None, unit: str, decimals: int = 2
) -> str:
    """``3.52 ± 0.18 kWh``: value, expanded uncertainty (k = 2) and unit.

    The count of decimals is raised (by three at most) until the uncertainty shows a digit other
    than zero, so that a good measurement does not read as ``± 0.0``.
    """
    if value is None:
        return NONE
    if uncertainty is not None and uncertainty > 0 and math.isfinite(uncertainty):
        for more in range(4):
            if float(f"{uncertainty:.{decimals + more}f}") > 0:
                decimals += more
                break
        text = f"{number(value, decimals)} ± {number(uncertainty, decimals)}"
    else:
        text = number(value, decimals)
    return f"{text} {unit}" if unit else text


def percent(share: float | None, decimals: int = 1) -> str:
    """A share 0..1 in percent; 99.96 % is never rounded up to a full 100 %."""
    if share is None or not math.isfinite(share):
        return NONE
    text = number(100 * share, decimals)
    if share < 1 and float(text.replace("−", "-").replace(",", "")) >= 100:
        step = 10.0**-decimals
        text = number(100 - step, decimals)
    return f"{text} %"
