"""A step response as a short sum of decaying exponentials: choice of time constants, residues.

The temperature where heat enters a heat-conducting body answers a step of heat by
``S(t) = direct + Σ r_m (1 − exp(−t/τ_m))`` with r_m ≥ 0 (for several inputs: symmetric positive
semi-definite r_m), because the conduction operator is symmetric; see V. Székely, "On the
representation of infinite-length distributed RC one-ports", IEEE Trans. Circuits Syst. 38 (1991)
711-719. With time constants on a logarithmic grid the residues follow from non-negative least
squares (Lawson & Hanson, Solving Least Squares Problems, 1974).

A line source observed at the radius of the borehole wall is not such a point: its answer starts
with a delay of about r_b²/(4a). Where positive residues alone miss the tolerance, the fastest
modes may be negative; they carry that delay and die out before the shortest time of the fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FASTEST = (0.1, 0.2, 0.3, 0.5, 1.0)  # of the shortest time
_SLOWEST = (1.0, 3.0)  # of the horizon
_DELAYED = 2  # modes that may be negative
_HOPELESS = 3.0  # times the tolerance
_SWEEPS = 400  # alternating projections of the matrix fit


@dataclass(frozen=True, eq=False)
class Fitted:
    """Time constants and residues, and how far the fit is from what it fits.

    Attributes
    ----------
    time_constants : s, ascending, shape (m,)
    residues : shape (n_out, n_in, m)
    error : largest error relative to ``scale`` on the points of the fit
    """

    time_constants: Floats
    residues: Floats
    error: float


def rise(times: Floats, time_constants: Floats) -> Floats:
    """1 − exp(−t/τ), shape (nt, m)."""
    return -np.expm1(-times[:, None] / time_constants)


def fit_single(
    times: Floats, values: Floats, scale: Floats, tolerance: float, max_modes: int
) -> Fitted:
    """The fewest modes that reach the tolerance; positive residues if they suffice.

    Parameters
    ----------
    times : s, ascending, shape (nt,)
    values : step response without its direct part, shape (nt,)
    scale : what errors are relative to, shape (nt,)
    tolerance : largest error / scale wanted
    max_modes : most modes tried
    """
    best: Fitted | None = None
    for delayed in (0, _DELAYED):
        # The most modes first: where they are far off, fewer need not be tried.
        for constants in _grids(times, max_modes):
            finest = _fit_grid(times, values / scale, scale, constants, delayed)
            if best is None or finest.error < best.error:
                best = finest
        assert best is not None
        if best.error > _HOPELESS * tolerance:
            continue
        for count in range(4, max_modes + 1, 2):
            for constants in _grids(times, count):
                found = _fit_grid(times, values / scale, scale, constants, delayed)
                if found.error <= tolerance:
                    return found
    assert best is not None
    return best


def _grids(times: Floats, count: int) -> list[Floats]:
    return [
        np.geomspace(times[0] * fast, times[-1] * slow, count)
        for slow in _SLOWEST
        for fast in _FASTEST
    ]


def _fit_grid(
    times: Floats, relative: Floats, scale: Floats, constants: Floats, delayed: int
) -> Fitted:
    """Residues on one grid of time constants, without the modes that got nothing."""
    columns = rise(times, constants) / scale[:, None]
    signed = np.hstack([columns, -columns[:, :delayed]])
    weights = _not_negative(signed, relative)
    residues = weights[: len(constants)].copy()
    residues[:delayed] -= weights[len(constants) :]
    error = float(np.abs(columns @ residues - relative).max())
    used = residues != 0.0
    return Fitted(constants[used], residues[used][None, None, :], error)


def _not_negative(columns: Floats, values: Floats) -> Floats:
    """Least squares without negative weights; active sets may circle, bounded steps do not."""
    from scipy.optimize import lsq_linear, nnls

    try:
        weights, _ = nnls(columns, values)
    except RuntimeError:
        weights = lsq_linear(columns, values, bounds=(0.0, np.inf), method="bvls").x
    return np.asarray(weights)


def fit_matrix(
    times: Floats, values: Floats, scale: Floats, tolerance: float, max_modes: int
) -> Fitted:
    """Shared time constants and residue matrices.

    Square responses: symmetric residues, positive semi-definite but for the fastest two modes
    where a delay needs that. Other shapes (temperatures at places where no heat enters): plain
    damped least squares.

    Parameters
    ----------
    times : s, shape (nt,)
    values : symmetric where square, shape (n_out, n_in, nt)
    scale : what errors are relative to, shape (n_out, n_in, nt)
    """
    square = values.shape[0] == values.shape[1]
    best: Fitted | None = None
    for delayed in (0, _DELAYED) if square else (0,):
        # The most modes first: where they are far off, fewer need not be tried.
        for count in (max_modes, *range(12, max_modes, 4)):
            if count < max_modes and best is not None and best.error > _HOPELESS * tolerance:
                break
            constants = np.geomspace(times[0] * 0.2, times[-1] * 2.0, count)
            if square:
                residues = _symmetric_residues(times, values, scale, constants, delayed)
            else:
                residues = _free_residues(times, values, scale, constants)
            error = _largest_error(times, values, scale, constants, residues)
            if best is None or error < best.error:
                best = Fitted(constants, residues, error)
            if count < max_modes and error <= tolerance:
                return Fitted(constants, residues, error)
    assert best is not None
    return best


def _largest_error(
    times: Floats, values: Floats, scale: Floats, constants: Floats, residues: Floats
) -> float:
    fitted = residues @ rise(times, constants).T
    return float((np.abs(fitted - values) / scale).max())


def _free_residues(times: Floats, values: Floats, scale: Floats, constants: Floats) -> Floats:
    """Least squares with a small damping: neighbouring modes must not cancel each other."""
    n_out, n_in, _ = values.shape
    residues = np.empty((n_out, n_in, len(constants)))
    damping = 1e-7 * np.eye(len(constants))
    for i in range(n_out):
        for j in range(n_in):
            columns = rise(times, constants) / scale[i, j][:, None]
            normal = columns.T @ columns + damping * len(times)
            residues[i, j] = np.linalg.solve(normal, columns.T @ (values[i, j] / scale[i, j]))
    return residues


def _symmetric_residues(
    times: Floats, values: Floats, scale: Floats, constants: Floats, delayed: int
) -> Floats:
    """Least squares over positive semi-definite residues by alternating directions.

    Boyd et al., Foundations and Trends in Machine Learning 3 (2011) 1-122, section 5: one
    unconstrained least-squares step, one projection, and the running sum of their difference.
    """
    size = values.shape[0]
    last = np.sqrt(np.abs(values[np.arange(size), np.arange(size), -1]))
    outer = np.outer(last, last)
    # One weight per time for all entries, so that one factorisation serves them all.
    weight = 1.0 / np.mean(scale[np.arange(size), np.arange(size)] / (last * last)[:, None], axis=0)
    columns = rise(times, constants) * weight[:, None]
    target = (values / outer[:, :, None] * weight).reshape(size * size, -1)
    left, singular, right = np.linalg.svd(columns, full_matrices=False)
    penalty = 1e-4 * singular[0] ** 2
    projected_target = (target @ left) * singular  # (size², m)
    inverse = 1.0 / (singular**2 + penalty)
    split = np.zeros((size * size, len(constants)))
    dual = np.zeros_like(split)
    for _ in range(_SWEEPS):
        wanted = split - dual
        coefficient = (projected_target + penalty * (wanted @ right.T)) * inverse
        free = coefficient @ right
        split_before = 1.6 * free - 0.6 * split + dual
        projected = _project(split_before.reshape(size, size, -1), delayed)
        split_after = projected.reshape(size * size, -1)
        dual = split_before - split_after
        split = split_after
    return split.reshape(size, size, -1) * outer[:, :, None]


def _project(residues: Floats, delayed: int) -> Floats:
    """The nearest symmetric matrices, positive semi-definite but for the first `delayed`."""
    matrices = np.moveaxis(residues, -1, 0)
    matrices = 0.5 * (matrices + matrices.transpose(0, 2, 1))
    values, vectors = np.linalg.eigh(matrices[delayed:])
    positive = (vectors * np.maximum(values, 0.0)[:, None, :]) @ vectors.transpose(0, 2, 1)
    return np.moveaxis(np.concatenate([matrices[:delayed], positive]), 0, -1)
