"""The year that was designed: what the twin takes from the ground, gives it, and delivers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Case

Floats = NDArray[np.float64]
_HOURS = 8760


@dataclass(frozen=True, eq=False)
class DesignYear:
    """A typical year of the design, hour by hour from 1 January.

    Attributes
    ----------
    ground : heat from each source, W, extraction positive, by id, shape (8760,) each
    recharge : heat given to each source from elsewhere (negative: rejected), W, by id
    heat, cold : delivered, W, shape (8760,)
    """

    ground: dict[str, Floats]
    recharge: dict[str, Floats]
    heat: Floats
    cold: Floats


def design_year(case: Case) -> DesignYear | None:
    """Of a case, computed once; None where the site cannot be simulated."""
    key = "ground.design_year"
    if key not in case.memory:
        case.memory[key] = _simulated(case)
    found = case.memory[key]
    assert found is None or isinstance(found, DesignYear)
    return found


def _simulated(case: Case) -> DesignYear | None:
    from diwen.twin.run import simulate

    inputs = case.inputs
    if inputs is None:
        return None
    run = simulate(inputs.station, inputs.sources, inputs.loads, inputs.outdoor, step=inputs.step,
                   steps=_HOURS, keep="all")  # fmt: skip
    loops = {loop.name: loop.kind for loop in inputs.station.load_loops}

    def delivered(kind: str) -> Floats:
        own = [run.course.loops[name].delivered for name, of in loops.items() if of == kind]
        return np.sum([np.zeros(_HOURS), *own], axis=0)

    sources = run.course.sources
    return DesignYear(
        {name: one.heat for name, one in sources.items()},
        {name: one.recharge for name, one in sources.items()},
        delivered("heat"), delivered("cold"),
    )  # fmt: skip
