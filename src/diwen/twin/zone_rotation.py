"""Zones of a bore field that take turns: what their rest changes in the temperature of the fluid.

The twin runs a field as one source. Here the same heat is put on the zones that are in use, equally
per metre of borehole, and on all zones, through the matrix of the responses between the zones; the
difference of the two is what taking turns changes. It comes in two parts: one that the heat of the
step itself makes (fewer metres carry it), a resistance in that step, and one from all steps before,
a shift of the temperature that the field has without load. Both stand in a
:class:`~diwen.sources.response.source_model.SourceModel` as values per step, so that the plant is
run on exactly this field once the heat that was put on the zones is the heat that the plant takes.
All zones in use always is the field as one, to rounding, whatever the error of the responses.

Water of the zones in use mixes by their flows, which are taken in proportion to their length; the
fluid that enters the units is then the mean of theirs (equal heat per metre at equal flow per metre
has the same difference between inlet and outlet everywhere).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from diwen.sources.response.modes import Response

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class ZonedField:
    """A bore field as its zones.

    Attributes
    ----------
    response : drops of the mean fluid temperature of the zones for heat rates of the zones, K/W
    lengths : boreholes of each zone, m, shape (zones,)
    """

    response: Response
    lengths: Floats

    def shares(self, active: Flags) -> Floats:
        """Share of the heat, and of the flow, of each zone, shape (n, zones).

        Parameters
        ----------
        active : zones in use, one at least in every step, shape (n, zones)
        """
        metres = np.asarray(active, float) * self.lengths
        return np.asarray(metres / metres.sum(axis=1, keepdims=True))

    @cached_property
    def _whole(self) -> Floats:
        """Shares of all zones, shape (1, zones)."""
        return self.shares(np.ones((1, len(self.lengths)), bool))

    def at_rest(self) -> Floats:
        """State of the undisturbed ground: lagged heat rates, W, shape (2, zones, modes)."""
        return np.zeros((2, *self.response.initial_state().shape))

    def resistance(self, active: Flags, step: float) -> Floats:
        """What the heat of a step makes more in this step than on all zones, K/W, shape (n,)."""
        at_once = self.response.direct + self.response.discretise(step).gain.sum(axis=-1)
        kinds, place = np.unique(active, axis=0, return_inverse=True)
        shares = self.shares(kinds)
        more = np.einsum("ni,ij,nj->n", shares, at_once, shares)
        all_zones = float((self._whole @ at_once @ self._whole.T)[0, 0])
        return np.asarray((more - all_zones)[place.ravel()])

    def drops(self, heat: Floats, active: Flags, step: float, state: Floats) -> ZoneCourse:
        """Zones under the heat of the field.

        Parameters
        ----------
        heat : out of the field, W, shape (n,)
        active : zones in use, shape (n, zones)
        step : s
        state : as ``ZoneCourse.state`` or :meth:`at_rest`
        """
        shares = self.shares(active)
        loads = np.stack([heat[:, None] * shares, heat[:, None] * self._whole])
        found, after = self.response.simulate(loads, step, state)
        in_use = np.einsum("nz,nz->n", shares, found[0])
        as_one = np.einsum("nz,z->n", found[1], self._whole[0])
        return ZoneCourse(loads[0], found[0], in_use - as_one, after)


@dataclass(frozen=True, eq=False)
class ZoneCourse:
    """Zones through a stretch of steps.

    Attributes
    ----------
    heat : out of each zone, W, shape (n, zones)
    drop : of the mean fluid temperature of each zone (at rest: of its boreholes), K, (n, zones)
    more : drop of the fluid of the field beyond that with all zones in use, K, shape (n,)
    state : at the end, with turns and with all zones, W, shape (2, zones, modes)
    """

    heat: Floats
    drop: Floats
    more: Floats
    state: Floats


def carried_zones(state: Floats, before: Response, after: Response) -> Floats:
    """The state on a response with other time constants (changed ground or boreholes).

    A mode holds the heat rate as lagged by its time constant, so it is read between those of the
    modes before.
    """
    old, new = before.time_constants, after.time_constants
    if len(old) == len(new) and np.allclose(old, new):
        return state
    if state.shape[1] != after.inputs:
        return np.zeros((2, *after.initial_state().shape))
    lagged = state.reshape(-1, len(old))
    found = [np.interp(np.log(new), np.log(old), one) for one in lagged]
    return np.reshape(found, (*state.shape[:-1], len(new)))
