"""The ground of a site as layers with their undisturbed temperature."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import Problem
from diwen.site.missing_values import SITE_FILE, missing
from diwen.site.model import Site

if TYPE_CHECKING:
    from diwen.sources.borefield.boreholes import Boreholes
    from diwen.sources.ground.layers import Ground, Layers, SurfaceWave

# What surface temperature with gradient, and a mean of its own, may differ by where the file
# does not say how sure the mean is, K: the two rarely agree better.
_AGREEMENT = 1.0

_SHORT = Text(
    "layers do not reach the depth of the boreholes: the lowest one is continued to {depth} m",
    "地层资料不及钻孔深度：最下层延续至 {depth} m",
)
_CONTINUED = Text("describe the ground down to the boreholes' end", "请补充至孔底的地层资料")
_FILLED = Text(
    "a layer above the boreholes has no {name}: that of the layer below is taken",
    "钻孔顶部以上的地层缺少 {name}：取下一层的值",
)


def depth_range(boreholes: Boreholes, length: float | None = None) -> tuple[float, float]:
    """Mean depth of the upper and lower ends of the boreholes, m.

    Parameters
    ----------
    boreholes : the field
    length : mean length to which it is scaled, m; its own if not given
    """
    import numpy as np

    top = float(boreholes.buried_depth.mean())
    down = float((boreholes.length * np.cos(boreholes.tilt)).mean())
    scale = 1.0 if length is None else length / boreholes.mean_length
    return top, top + down * scale


def layers_of_site(site: Site, boreholes: Boreholes, problems: list[Problem]) -> Layers | None:
    """The layers that the boreholes pass; the lowest goes on. None where something is missing."""
    from diwen.sources.ground.layers import Layers

    columns = {
        name: _along(site, boreholes, name, problems) for name in ("conductivity", "heat_capacity")
    }
    conductivity, capacity = columns["conductivity"], columns["heat_capacity"]
    if conductivity is None or capacity is None:
        return None
    _warn_short(site, boreholes, problems)
    return Layers.of(_starts(site, boreholes), conductivity, capacity)


def mean_of_layers(
    site: Site, boreholes: Boreholes, name: str, problems: list[Problem]
) -> float | None:
    """Mean of one property along the boreholes by thickness; None where a layer lacks it.

    Parameters
    ----------
    site, boreholes : as in :func:`layers_of_site`
    name : ``conductivity``, W/(m·K), or ``heat_capacity``, J/(m³·K)
    """
    from diwen.sources.ground.layers import Layers

    values = _along(site, boreholes, name, problems)
    if values is None:
        return None
    layers = Layers.of(_starts(site, boreholes), values, values)
    return layers.mean_conductivity(*depth_range(boreholes))


def _starts(site: Site, boreholes: Boreholes) -> list[float]:
    """Tops of the layers down to the end of the boreholes, m."""
    _, end = depth_range(boreholes)
    tops = [layer.top for layer in site.ground.layers]
    return tops[: max(1, sum(top < end for top in tops))]


def _along(
    site: Site, boreholes: Boreholes, name: str, problems: list[Problem]
) -> list[float] | None:
    """A property of these layers."""
    given = site.ground.layers
    if not given:
        problems.append(missing("ground.layers", f"[[ground.layers]] {name}"))
        return None
    top, starts = depth_range(boreholes)[0], _starts(site, boreholes)
    reached = [below > top for below in starts[1:]] + [True]
    return _column([getattr(item, name) for item in given[: len(starts)]], name, reached, problems)


def _warn_short(site: Site, boreholes: Boreholes, problems: list[Problem]) -> None:
    """A note where the layers end above the boreholes."""
    end, bottom = depth_range(boreholes)[1], site.ground.layers[-1].bottom
    if bottom < end - 0.5:
        message, shown = _SHORT.format(depth=f"{end:.0f}"), f"{bottom:g} m"
        problems.append(
            Problem(SITE_FILE, "ground.layers", message, _CONTINUED, shown, severity="warning")
        )


def _column(
    values: list[float | None], name: str, reached: list[bool], problems: list[Problem]
) -> list[float] | None:
    """Values of all layers; one that no borehole reaches may be taken from the layer below."""
    lacking = [i for i, value in enumerate(values) if value is None and reached[i]]
    problems += [missing(f"ground.layers[{i}].{name}", name) for i in lacking]
    if lacking:
        return None
    filled = list(values)
    for below, here in pairwise(range(len(filled) - 1, -1, -1)):
        if filled[here] is None:
            filled[here] = filled[below]
            where, cure = f"ground.layers[{here}].{name}", missing("", name).cure
            message = _FILLED.format(name=name)
            problems.append(Problem(SITE_FILE, where, message, cure, severity="warning"))
    return [value for value in filled if value is not None]


def ground_of_site(
    site: Site, boreholes: Boreholes, layers: Layers | None, problems: list[Problem]
) -> Ground | None:
    """The ground with its undisturbed temperature by depth and its yearly wave.

    A known mean along the boreholes counts before surface temperature and gradient; where all are
    given and contradict each other, that is said. Without a gradient the deep ground is equally
    warm everywhere.
    """
    from diwen.sources.ground.layers import Ground

    given = site.ground
    known, surface = given.undisturbed_temperature, given.surface_temperature_mean
    profile = surface is not None and given.gradient is not None
    if known is None and not profile:
        problems.append(missing("ground.undisturbed_temperature", "undisturbed_temperature"))
        return None
    if layers is None:
        return None
    top, end = depth_range(boreholes)
    start = surface if surface is not None else known
    assert start is not None
    ground = Ground.with_gradient(layers, start, given.gradient or 0.0, end, _wave(site))
    if known is None:
        return ground
    if profile:
        tolerance = given.undisturbed_temperature_uncertainty or _AGREEMENT
        problems += [
            replace(problem, file=SITE_FILE, where="ground.undisturbed_temperature")
            for problem in ground.check_mean(known, top, end, tolerance)
        ]
    return ground.with_mean(known, top, end)


def _wave(site: Site) -> SurfaceWave | None:
    from diwen.sources.ground.layers import SurfaceWave

    amplitude, day = site.ground.surface_temperature_amplitude, site.ground.coldest_day
    return None if amplitude is None or day is None else SurfaceWave.of_day(amplitude, day)
