"""Fields whose boreholes share one inlet: ground and fluid of a network solved together.

The ground couples the heat rates of all segments (:mod:`.segment_system`), the fluid
ties them to one inlet temperature (:mod:`.networks`). At each Laplace variable this
is one linear system, as for the uniform wall temperature.

The g-function of this boundary is defined by the *effective* wall temperature, that which a wall
uniform over the field would need for the same inlet and outlet (Cimmino 2015, Int. J. Heat Mass
Transfer 91: 1119-1127; 2019, J. Building Performance Simulation 12: 41-55):

    T_b,eff = (T_in + T_out)/2 + q̄ R_network,        g = 2πk (T_0 - T_b,eff)/q̄ .
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.inlet_transfer import Mode, inlet_transfer, refuse_mismatch
from diwen.sources.borefield.laplace import (
    DEFAULT_ORDER,
    Reference,
    fastest_of_note,
    inversion_matrix,
    line_source_reference,
    sample_points,
)
from diwen.sources.borefield.networks import Network
from diwen.sources.borefield.segments import (
    DEFAULT_END_LENGTH_RATIO,
    DEFAULT_SEGMENTS,
    segment_ratios,
)
from diwen.sources.borefield.zone_response import ZoneTransfer

Floats = NDArray[np.float64]

# Errors are told relative to g, or to this where g is smaller.
_SMALL = 0.1


@dataclass(frozen=True, eq=False)
class EqualInlet:
    """Field and network under a steady total heat rate of 2πk W per metre of all boreholes.

    Attributes
    ----------
    times : s, shape (nt,)
    values : g, shape (nt,)
    error_by_time : own estimate of the relative numerical error, shape (nt,)
    inlet, outlet : drops of the network's inlet and outlet temperature below the undisturbed
        ground, K, shape (nt,)
    heat_rates : heat extraction rate per metre of each borehole, over the mean of the field,
        shape (n, nt)
    resistance : effective resistance of the network, m·K/W
    transfer : transfer function of g, with the errors it was solved with
    s : its Laplace variables, shape (ns,); the last is 0 where an infinite time was asked for
    groups : number of groups of equal boreholes, or of patterns of heat, that were solved for
    """

    times: Floats
    values: Floats
    error_by_time: Floats
    inlet: Floats
    outlet: Floats
    heat_rates: Floats
    resistance: float
    transfer: ZoneTransfer
    s: Floats
    groups: int


def equal_inlet(
    boreholes: Boreholes,
    network: Network,
    diffusivity: float,
    conductivity: float,
    times: ArrayLike,
    *,
    mode: Mode = "accurate",
    segments: int = DEFAULT_SEGMENTS,
    end_length_ratio: float = DEFAULT_END_LENGTH_RATIO,
) -> EqualInlet:
    """Response of a field to a steady heat rate through its network of pipes.

    Parameters
    ----------
    boreholes : n of them
    network : how they are piped
    diffusivity, conductivity : of the ground, m2/s and W/(m·K)
    times : s, above zero, shape (nt,); ``inf`` asks for the steady state
    mode : fast or accurate, see :func:`inlet_transfer`
    segments, end_length_ratio : as in :func:`diwen.sources.borefield.segments.segment_ratios`

    Raises
    ------
    diwen.problems.InputError : network and field do not fit, no conductivity
    """
    moments = np.atleast_1d(np.asarray(times, float))
    refuse_mismatch(boreholes, network, conductivity, moments)
    ratios = segment_ratios(segments, end_length_ratio)
    finite = moments[np.isfinite(moments)]
    radius = float(boreholes.radius.min())
    fastest = fastest_of_note(radius, diffusivity)
    s = np.empty(0)
    if finite.size:
        s = sample_points(float(finite.min()), float(finite.max()), fastest=fastest)
    # An infinite time is the steady state, at the Laplace variable 0.
    asked = s if finite.size == moments.size else np.append(s, 0.0)
    found = inlet_transfer(boreholes, network, diffusivity, conductivity, asked, ratios, mode)
    transfer = found.transfer.values[:, 0, 0]
    reference = line_source_reference(radius, diffusivity)
    values = _inversion(s, moments, DEFAULT_ORDER, reference) @ transfer
    rough = _inversion(s, moments, DEFAULT_ORDER - 2, reference) @ transfer
    error = np.abs(rough - values) / np.maximum(np.abs(values), _SMALL)
    half = np.pi * conductivity * boreholes.total_length / found.model.capacity_rate
    mean = values + 2.0 * np.pi * conductivity * found.model.resistance
    return EqualInlet(
        times=moments,
        values=values,
        error_by_time=error + found.transfer.kernel_error + found.transfer.pattern_error(moments),
        inlet=mean + half,
        outlet=mean - half,
        heat_rates=(_inversion(s, moments, DEFAULT_ORDER) @ found.rates).T,
        resistance=found.model.resistance,
        transfer=found.transfer,
        s=asked,
        groups=found.transfer.patterns,
    )


def _inversion(s: Floats, times: Floats, order: int, reference: Reference | None = None) -> Floats:
    """From samples to times; a steady state is the last sample, which no other time uses."""
    finite = np.isfinite(times)
    steady = not finite.all()
    matrix = np.zeros((len(times), len(s) + steady))
    if finite.any():
        matrix[finite, : len(s)] = inversion_matrix(s, times[finite], order, reference)
    if steady:
        matrix[~finite, -1] = 1.0
    return matrix
