"""Compiling loops, and keeping the compiled code where there is a place to keep it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def compiled(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """As ``numba.njit``, kept on disk; compiled anew in every process where nothing can be written.

    The compiler refuses outright to keep code when neither the package nor the user's own folder
    can be written to, as in a service without a home; such a run is only slower at its start.

    Parameters
    ----------
    options : of ``numba.njit``, without ``cache``
    """

    def decorate(function: Callable[..., Any]) -> Any:
        try:
            return njit(cache=True, **options)(function)
        except RuntimeError:
            return njit(**options)(function)

    return decorate
