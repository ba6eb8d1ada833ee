"""Which field a plot of land would hold best for the load of a site."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from diwen.design.bore_field import BoreField
from diwen.design.field_response import FieldResponse
from diwen.design.groundwater_response import MOST_BOREHOLES
from diwen.design.layout_search import (
    Candidate,
    Cost,
    Plot,
    Progress,
    carried_share,
    search_layouts,
)
from diwen.design.of_site import SizingInput, sizing_input
from diwen.design.site_resistance import bore_of_site
from diwen.design.sizing import Method
from diwen.problems import Problem
from diwen.site import Site
from diwen.site.borefield import Borefield
from diwen.site.borehole_section import core_of_site
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.polygon import Pattern
from diwen.sources.borehole.short_time import BoreholeCore

Resistance = float | Callable[[float], float]


@dataclass(frozen=True, eq=False)
class SiteLayouts:
    """Layouts for a site, ranked.

    Attributes
    ----------
    given : the input that the site file gave
    plot : where boreholes may stand
    depths : least and greatest borehole length, m
    candidates : the cheapest first, those that cannot be built last
    warnings : what the pipes of the best field say of its flow
    carrier, carried : where nothing can be built: the full field that carries the largest share of
        the load at the greatest depth, and that share, 0 to 1; else None
    """

    given: SizingInput
    plot: Plot
    depths: tuple[float, float]
    candidates: tuple[Candidate, ...]
    warnings: tuple[Problem, ...]
    carrier: Candidate | None = None
    carried: float | None = None

    @property
    def best(self) -> Candidate | None:
        """The cheapest field that can be built; None where there is none."""
        first = self.candidates[0]
        return first if first.usable else None

    def as_dict(self) -> dict[str, Any]:
        """Plain data for ``--json``, every candidate: m, J, cost as given."""
        rows = [_row(place, one) for place, one in enumerate(self.candidates, 1)]
        best = self.best
        return {
            "source": self.given.source,
            "years": self.given.years,
            "plot": {
                "area": self.plot.outline.area,
                "obstacles": len(self.plot.obstacles),
                "edge_distance": self.plot.edge_distance,
            },
            "depths": list(self.depths),
            "tried": len(self.candidates),
            "usable": sum(one.usable for one in self.candidates),
            "layouts": rows,
            "best_coordinates": None if best is None else best.coordinates.tolist(),
            "carried_share": self.carried,
            "carried_by": self.carrier and _row(0, self.carrier),
            "warnings": [problem.as_dict() for problem in self.warnings],
            "notes": [note.as_dict() for note in self.given.notes],
        }


def layouts_of_site(
    site: Site,
    plot: Plot,
    spacings: Sequence[float],
    *,
    source: str = "",
    patterns: Sequence[Pattern] = ("rectangular",),
    depths: tuple[float, float] = (60.0, 150.0),
    minimum_spacing: float = 1.0,
    cost: Cost | None = None,
    method: Method = "hourly",
    years: int | None = None,
    progress: Progress | None = None,
) -> SiteLayouts:
    """Rank the layouts of a plot; see :func:`diwen.design.layout_search.search_layouts`.

    The flow of the site is shared by the boreholes, so that their resistance follows their number.

    Raises
    ------
    NothingFitsError : not one borehole fits into the plot
    diwen.problems.InputError : what is missing in the site file, what cannot be
    """
    given = sizing_input(site, source)
    if years is not None:
        given = replace(given, years=years)
    problems: list[Problem] = []
    field_at = _field_at(site, given, problems)
    found = search_layouts(
        given.field, given.load, given.limits, given.years, plot, spacings,
        patterns=patterns, depths=depths, minimum_spacing=minimum_spacing, cost=cost,
        method=method, efficiency=given.efficiency, field_at=field_at,
        response_at=lambda field: _response(given, field), progress=progress,
    )  # fmt: skip
    answer = SiteLayouts(given, plot, depths, found, ())
    problems.clear()
    if answer.best is not None and answer.best.length is not None:
        _field_at(site, given, problems)(_boreholes(given, answer.best, answer.best.length))
        return replace(answer, warnings=tuple(problems))
    shares: list[tuple[float, Candidate]] = []
    for one in found:
        if one.arrangement == "full":
            field = field_at(_boreholes(given, one, depths[1]))
            share = carried_share(
                field, given.load, given.limits, given.years,
                method=method, efficiency=given.efficiency, response=_response(given, field),
            )  # fmt: skip
            shares.append((share, one))
    carried, carrier = max(shares, key=lambda pair: pair[0])
    return replace(answer, carrier=carrier, carried=carried)


def field_csv(found: SiteLayouts, one: Candidate) -> str:
    """The boreholes of a layout that can be built, as a file that sites and commands read.

    Lengths are rounded up to 0.1 m, positions to millimetres.
    """
    assert one.length is not None
    field = found.given.field.boreholes
    length = math.ceil(round(10.0 * one.length, 6)) / 10.0
    rest = f"{length:.1f},{field.buried_depth[0]:g},{field.radius[0]:g}"
    rows = [f"{n},{x:.3f},{y:.3f},{rest}" for n, (x, y) in enumerate(one.coordinates, 1)]
    return "\n".join(["id,x,y,length,buried_depth,radius", *rows, ""])


def _boreholes(given: SizingInput, one: Candidate, length: float) -> Boreholes:
    field = given.field.boreholes
    places = [(float(x), float(y)) for x, y in one.coordinates]
    return Boreholes.at(places, length, float(field.buried_depth[0]), float(field.radius[0]))


def _field_at(
    site: Site, given: SizingInput, problems: list[Problem]
) -> Callable[[Boreholes], BoreField]:
    """The site's field with other boreholes: resistance and core follow the flow of each."""
    table = site.sources[given.source]
    assert isinstance(table, Borefield)
    parts: dict[int, tuple[Resistance, BoreholeCore | None]] = {}
    field = given.field

    def field_at(boreholes: Boreholes) -> BoreField:
        if boreholes.count not in parts:
            bore = bore_of_site(
                site, given.source, table, boreholes, field.conductivity, None, problems
            )
            resistance, length = bore.effective, boreholes.mean_length
            assert resistance is not None
            assert bore.fluid is not None
            known = float(resistance(length)) if callable(resistance) else resistance
            radius = float(boreholes.radius.mean())
            core = core_of_site(table, radius, bore.fluid, known, bore.solved)
            parts[boreholes.count] = (resistance, core)
        resistance, core = parts[boreholes.count]
        return replace(field, boreholes=boreholes, resistance=resistance, core=core)

    return field_at


def _response(given: SizingInput, field: BoreField) -> FieldResponse:
    """The table of g-functions of a field; with groundwater as far as it can be reckoned."""
    moving = field.count <= MOST_BOREHOLES
    return replace(given, field=field).response(groundwater=moving)


def _row(place: int, one: Candidate) -> dict[str, Any]:
    balance, sizing = one.balance, one.sizing
    finite = one.total_length != float("inf")
    return {
        "rank": place if one.usable else None,
        "usable": one.usable,
        "boreholes": one.count,
        "spacing": one.spacing,
        "pattern": one.pattern,
        "arrangement": one.arrangement,
        "length": one.length,
        "needed_length": sizing.length,
        "total_length": one.total_length if finite else None,
        "cost": one.cost if finite else None,
        "governing": sizing.governing,
        "extraction": balance and balance.extraction,
        "injection": balance and balance.injection,
        "balance_ratio": balance and balance.ratio,
        "remark": one.remark and {"en": one.remark.en, "zh": one.remark.zh},
    }
