"""Numbers as they are printed: formatted once, the same characters in both languages."""

from __future__ import annotations

import math

NONE = "–"
# More decimals than this are rounding errors of the machine, not a value.
_MOST_PLACES = 9


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


def parts(
    value: float | None,
    uncertainty: float | None,
    decimals: int = 2,
    bounds: tuple[float, float] | None = None,
) -> tuple[str, str]:
    """A value and its expanded uncertainty as every reader of Diwen sees them.

    The uncertainty keeps two significant digits and the value stops at the same place (JCGM
    100:2008, 7.2.6). Without an uncertainty the value keeps ``decimals``, and more where it
    would otherwise read as zero without being zero.

    Parameters
    ----------
    value, uncertainty : in one unit; the uncertainty may be None or 0
    decimals : places of a value without uncertainty
    bounds : lowest and highest value that can be (a share: 0 and 100). An interval that would
        reach beyond is cut there and its two sides are written one by one

    Returns
    -------
    (``3.52``, ``± 0.18``), (``100.0``, ``+0.0/−1.7``) or (``3.52``, empty)
    """
    if value is None or not math.isfinite(value):
        return NONE, ""
    if uncertainty is None or not uncertainty > 0 or not math.isfinite(uncertainty):
        return number(value, _visible(value, decimals)), ""
    places = min(1 - _exponent(uncertainty, 1), _MOST_PLACES)
    text = _to_place(value, places)
    if bounds is not None:
        down, up = (max(0.0, min(uncertainty, abs(edge - value))) for edge in bounds)
        if min(down, up) < uncertainty:
            return text, f"+{_to_place(up, places)}/−{_to_place(down, places)}"
    return text, f"± {_to_place(uncertainty, places)}"


def with_uncertainty(
    value: float | None,
    uncertainty: float | None,
    unit: str,
    decimals: int = 2,
    bounds: tuple[float, float] | None = None,
) -> str:
    """``3.52 ± 0.18 kWh``: value, expanded uncertainty (k = 2) and unit, as `parts` has them."""
    shown = parts(value, uncertainty, decimals, bounds)
    return NONE if shown[0] == NONE else " ".join(filter(None, (*shown, unit)))


def _exponent(value: float, digits: int) -> int:
    """The power of ten of a number that is rounded to ``digits`` digits after its first one."""
    return int(f"{value:.{digits}e}".partition("e")[2])


def _to_place(value: float, places: int) -> str:
    """A number rounded to a place, which may lie left of the decimal point."""
    return number(round(value, places), places)


def _visible(value: float, decimals: int) -> int:
    """The count of decimals with which a small number is not printed as zero."""
    if value == 0.0 or float(f"{value:.{decimals}f}") != 0.0:
        return decimals
    places = 1 - _exponent(value, 1)
    return places if places <= _MOST_PLACES else decimals


def percent(share: float | None, decimals: int = 1) -> str:
    """A share 0..1 in percent; 99.96 % is never rounded up to a full 100 %."""
    if share is None or not math.isfinite(share):
        return NONE
    text = number(100 * share, decimals)
    if share < 1 and float(text.replace("−", "-").replace(",", "")) >= 100:
        step = 10.0**-decimals
        text = number(100 - step, decimals)
    return f"{text} %"
