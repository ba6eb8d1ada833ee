"""Compiled loops over the modes of a response: loads in, temperature drops out.

Imported only inside the functions that need them, so that the package stays light to open.
"""

from __future__ import annotations

import numpy as np

from diwen.compiled import compiled

# Sums may be reordered and fused; NaN and infinity keep their meaning.
_SAFE = {"reassoc", "contract", "nsz", "arcp"}


@compiled(fastmath=_SAFE, error_model="numpy")
def march_single(load, decay, gain, direct, state, out):  # type: ignore[no-untyped-def]
    """One input, one output, many scenarios.

    Parameters
    ----------
    load : heat rates, shape (n_scen, nt)
    decay : exp(-step / time constant), shape (m,)
    gain : resistance × (1 − decay), shape (n_par, m), n_par 1 or n_scen
    direct : instantaneous resistance, shape (n_par,)
    state : modal temperature drops, shape (n_scen, m); changed in place
    out : temperature drops at the end of each step, shape (n_scen, nt); written
    """
    modes = decay.shape[0]
    for scenario in range(load.shape[0]):
        which = scenario if gain.shape[0] > 1 else 0
        weights = gain[which].copy()
        drops = state[scenario].copy()
        instantly = direct[which]
        for n in range(load.shape[1]):
            q = load[scenario, n]
            total = 0.0
            for m in range(modes):
                drops[m] = decay[m] * drops[m] + weights[m] * q
                total += drops[m]
            out[scenario, n] = total + instantly * q
        state[scenario] = drops


@compiled(fastmath=_SAFE, error_model="numpy")
def march_matrix(load, rises, resistances, direct, state, out):  # type: ignore[no-untyped-def]
    """Several inputs and outputs, many scenarios.

    Parameters
    ----------
    load : heat rates, shape (n_scen, nt, n_in)
    rises : 1 − exp(-step / time constant), shape (m,)
    resistances : shape (n_par, n_out, n_in, m), n_par 1 or n_scen
    direct : shape (n_par, n_out, n_in)
    state : lagged heat rates, shape (n_scen, n_in, m); changed in place
    out : temperature drops at the end of each step, shape (n_scen, nt, n_out); written
    """
    modes = rises.shape[0]
    for scenario in range(load.shape[0]):
        which = scenario if resistances.shape[0] > 1 else 0
        for n in range(load.shape[1]):
            for j in range(load.shape[2]):
                q = load[scenario, n, j]
                for m in range(modes):
                    state[scenario, j, m] += (q - state[scenario, j, m]) * rises[m]
            for i in range(out.shape[2]):
                total = 0.0
                for j in range(load.shape[2]):
                    total += direct[which, i, j] * load[scenario, n, j]
                    for m in range(modes):
                        total += resistances[which, i, j, m] * state[scenario, j, m]
                out[scenario, n, i] = total


@compiled(error_model="numpy")
def march_heat(load, step, constants, shares, state, out):  # type: ignore[no-untyped-def]
    """Heat supplied, stored and released up to the end of each step, J.

    The release is integrated mode by mode over the step, apart from what is stored, so that the
    balance of the two is a check and not a definition.

    Parameters
    ----------
    load : total heat rate, W, shape (nt,)
    step : s
    constants : time constants, s, shape (m,)
    shares : weights of the modes in the release, sum 1, shape (m,)
    state : lagged heat rate, W, shape (m,); changed in place
    out : shape (3, nt); written
    """
    supplied = 0.0
    released = 0.0
    for n in range(load.shape[0]):
        q = load[n]
        stored = 0.0
        supplied += q * step
        for m in range(constants.shape[0]):
            ratio = step / constants[m]
            rise = -np.expm1(-ratio)
            missing = q - state[m]
            released += shares[m] * (state[m] + missing * (1.0 - rise / ratio)) * step
            state[m] += missing * rise
            stored += shares[m] * constants[m] * state[m]
        out[0, n] = supplied
        out[1, n] = stored
        out[2, n] = released
