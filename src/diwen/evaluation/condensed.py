"""Results for reading: boundaries that coincide at a site are shown once.

Where a site has no back-up heater, SPF H3 *is* SPF H2. Each stays a result of its own in the data;
a reader is shown one line that says ``H2 = H3``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from diwen.evaluation.result import Result


def condensed(results: Iterable[Result]) -> tuple[Result, ...]:
    """The results with every boundary that equals an inner one folded into it.

    Parameters
    ----------
    results : as an evaluation lists them; ``detail["equals"]`` names the boundary inside

    Returns
    -------
    tuple of results in the same order; a folded one reads ``of = "H1 = H2"``
    """
    shown: list[Result] = []
    place: dict[tuple[str, str, str], int] = {}
    for result in results:
        inside = result.detail.get("equals")
        inner = None if inside is None else place.get((result.id, result.mode, str(inside)))
        if inner is None:
            place[result.id, result.mode, result.of] = len(shown)
            shown.append(result)
            continue
        place[result.id, result.mode, result.of] = inner
        holder = shown[inner]
        scheme = holder.boundary.removesuffix(holder.of)
        of = f"{holder.of} = {result.of}"
        shown[inner] = replace(
            holder,
            of=of,
            boundary=scheme + of,
            rules=tuple(dict.fromkeys((*holder.rules, *result.rules))),
        )
    return tuple(shown)
