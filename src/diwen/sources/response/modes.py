"""The answer of a source to heat as a small linear state-space model: a handful of modes.

For a step of heat the temperature drops by ``S(t) = direct + Σ r_m (1 − exp(−t/τ_m))``. Each mode
is a lagged copy of the heat rate, so that any load marches through time with one multiplication
per mode and step, exactly (for loads constant within a step) and with any step length. The modes
are fitted once to a step response that careful physics computed (:func:`fit_response`), and the
error of that fit stays with them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.sources.response.step_response import StepResponse, as_function, error_scale, log_grid

if TYPE_CHECKING:
    from diwen.sources.response.heat_release import Release
    from diwen.sources.response.ladder import Ladder

Floats = NDArray[np.float64]

_POINTS_PER_DECADE = 16  # of the fit
_CHECKS_PER_DECADE = 50  # of the measured error

_LOAD_SHAPE = Text("the load does not fit the inputs of the response", "负荷与响应的输入不一致")
_LOAD_LAST = Text(
    "one input: time on the last axis; several: time, then inputs, on the last two",
    "单输入：时间在最后一维；多输入：最后两维依次为时间、输入",
)
_NOT_A_LADDER = Text(
    "only one input and one output with positive modes make a ladder",
    "只有单输入单输出且各模态为正的响应才能化为梯形网络",
)
_FIT_FLUID = Text(
    "fit the fluid temperature with the borehole capacity, or a later shortest time",
    "请拟合含钻孔热容的流体温度响应，或取更长的最短时间",
)


class Discretised(NamedTuple):
    """Exact recursion for loads that are constant within steps of one length.

    ``x ← decay x + gain q`` for each output, input and mode; drop = Σ x + direct q.

    Attributes
    ----------
    decay : exp(−step/τ), shape (m,)
    gain : r (1 − decay), shape (n_out, n_in, m)
    """

    decay: Floats
    gain: Floats


class HeatBalance(NamedTuple):
    """Where the heat of a load went, cumulated to the end of each step, J, shape (nt,).

    All with the sign of the load: for an extraction, ``stored`` is what the ground lacks and
    ``released`` what flowed in from the surface and the far field.
    """

    supplied: Floats
    stored: Floats
    released: Floats


@dataclass(frozen=True, eq=False)
class Response:
    """Temperature drops of several places for heat rates into several inputs, as modes.

    Inputs are in W (responses in K/W) or in W/m (responses in K per W/m); ``extents`` says how
    many W one unit of each input is: 1, or the length in m.

    Attributes
    ----------
    time_constants : τ, s, ascending, shape (m,)
    resistances : residues r, K per unit of input, shape (n_out, n_in, m)
    direct : what answers at once (a resistance without capacity), shape (n_out, n_in)
    extents : W per unit of each input, shape (n_in,)
    error : largest relative error of the step response between ``shortest`` and ``horizon``;
        entries off the diagonal relative to the geometric mean of the two diagonal ones
    absolute_error : largest absolute error there, K per unit of input
    shortest, horizon : range of times of the fit, s
    release : modes of the heat that leaves the ground, if known (:meth:`with_release`)
    """

    time_constants: Floats
    resistances: Floats
    direct: Floats
    extents: Floats
    error: float = 0.0
    absolute_error: float = 0.0
    shortest: float = 0.0
    horizon: float = np.inf
    release: Release | None = None

    @property
    def inputs(self) -> int:
        """Number of inputs."""
        return int(self.resistances.shape[1])

    @property
    def outputs(self) -> int:
        """Number of outputs."""
        return int(self.resistances.shape[0])

    @property
    def modes(self) -> int:
        """Number of time constants."""
        return len(self.time_constants)

    @property
    def single(self) -> bool:
        """Whether there is one input and one output."""
        return self.inputs == self.outputs == 1

    @property
    def passive(self) -> bool:
        """Whether no mode could give back more heat than it took (residues not negative)."""
        if self.single:
            return bool((self.resistances >= 0.0).all())
        if self.inputs != self.outputs:
            return False
        weighted = np.moveaxis(self.resistances / self.extents[None, :, None], -1, 0)
        symmetric = 0.5 * (weighted + weighted.transpose(0, 2, 1))
        lowest = np.linalg.eigvalsh(symmetric)[:, 0]
        return bool((lowest >= -1e-9 * np.abs(weighted).max()).all())

    @property
    def steady(self) -> Floats:
        """Temperature drop for an endless unit load, K per unit, shape (n_out, n_in)."""
        return np.asarray(self.direct + self.resistances.sum(axis=-1))

    def at(self, times: ArrayLike) -> Floats:
        """Step response at times in s: shape of times, or (n_out, n_in, nt) for several."""
        when = np.asarray(times, float)
        lagged = -np.expm1(-when.ravel()[:, None] / self.time_constants)
        values = self.resistances @ lagged.T + self.direct[:, :, None]
        return np.asarray(values[0, 0].reshape(when.shape) if self.single else values)

    def scaled(self, factor: float) -> Response:
        """The same response with another unit of input or conductivity; factor > 0."""
        return replace(
            self,
            resistances=self.resistances * factor,
            direct=self.direct * factor,
            absolute_error=self.absolute_error * factor,
        )

    def with_resistance(self, resistance: ArrayLike) -> Response:
        """With a resistance more at once, K per unit: scalar, (n,) on the diagonal, or matrix."""
        added = np.asarray(resistance, float)
        if added.ndim < 2:
            added = np.eye(self.outputs, self.inputs) * added
        return replace(self, direct=self.direct + added)

    def discretise(self, step: float) -> Discretised:
        """Exact recursion for steps of ``step`` s with the load constant in each."""
        decay = np.exp(-step / self.time_constants)
        return Discretised(decay, self.resistances * -np.expm1(-step / self.time_constants))

    def initial_state(self) -> Floats:
        """State of the undisturbed ground: lagged heat rates, shape (n_in, m)."""
        return np.zeros((self.inputs, self.modes))

    def simulate(
        self, load: ArrayLike, step: float, initial_state: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Temperature drops at the end of each step for loads constant within the steps.

        Parameters
        ----------
        load : units of the input, shape (..., nt), or (..., nt, n_in) for several inputs; the
            axes in front are scenarios
        step : s, not below ``shortest`` if the fit is to hold
        initial_state : as this method returns it; undisturbed ground if not given

        Returns
        -------
        drops : K, shape (..., nt) or (..., nt, n_out)
        state : lagged heat rates at the end, shape (..., n_in, m)
        """
        given = np.asarray(load, float)
        self._check_load(given)
        lead = given.shape[:-1] if self.single else given.shape[:-2]
        shaped = given.reshape(-1, given.shape[-1]) if self.single else given
        shaped = shaped.reshape(int(np.prod(lead)), -1, self.inputs)
        start = self.initial_state() if initial_state is None else np.asarray(initial_state, float)
        state = np.array(
            np.broadcast_to(start, (*lead, self.inputs, self.modes)).reshape(
                len(shaped), self.inputs, self.modes
            )
        )
        drops = _march((self,), shaped, step, state)
        drops = drops.reshape(given.shape if self.single else (*given.shape[:-1], self.outputs))
        return drops, state.reshape(*lead, self.inputs, self.modes)

    def with_release(self, release: Callable[[Floats], ArrayLike]) -> Response:
        """With the share of a constant heat rate that has left the ground after a time.

        Parameters
        ----------
        release : times in s, shape (nt,) → share 0 to 1, such as
            :func:`diwen.sources.response.heat_release.surface_release`
        """
        from diwen.sources.response.heat_release import fit_release

        return replace(self, release=fit_release(release, self.shortest, self.horizon))

    def heat_balance(self, load: ArrayLike, step: float) -> HeatBalance:
        """Heat supplied, stored and released for a load, cumulated from undisturbed ground.

        supplied = stored + released to rounding, for any load and step. What is released follows
        from :meth:`with_release`; without it the ground is closed and keeps everything.

        Parameters
        ----------
        load : shape (nt,) or (nt, n_in)
        step : s
        """
        from diwen.sources.response.modes_compiled import march_heat

        given = np.asarray(load, float)
        self._check_load(given)
        total = given.reshape(-1, self.inputs) @ self.extents
        out = np.empty((3, len(total)))
        if self.release is None:
            out[0] = out[1] = np.cumsum(total) * step
            out[2] = 0.0
        else:
            constants, shares, _ = self.release
            march_heat(total, float(step), constants, shares, np.zeros(len(constants)), out)
        return HeatBalance(*out)

    def ladder(self) -> Ladder:
        """The chain of capacities and resistances with the same answer (Cauer form).

        Its first nodes are the capacities next to the heat source (fluid, pipe, grout, ground);
        far nodes are sensitive to the fit, as temperatures at the source hardly feel them.

        Raises
        ------
        diwen.problems.InputError : several inputs or outputs, or negative modes
        """
        if not (self.single and self.passive):
            raise InputError([Problem("Response", "ladder", _NOT_A_LADDER, _FIT_FLUID)])
        from diwen.sources.response.ladder import chain

        return chain(self.time_constants, self.resistances[0, 0], float(self.direct[0, 0]))

    def error_against_convolution(
        self, load: ArrayLike, step: float, step_response: StepResponse
    ) -> float:
        """Largest difference to the exact convolution of one load with a step response, K.

        Parameters
        ----------
        load : one input, shape (nt,)
        step : s
        step_response : function of time in s, or values at step, 2 step, ... nt step
        """
        from diwen.sources.response.convolution import convolve

        exact = convolve(load, step_response, step)
        return float(np.abs(self.simulate(load, step)[0] - exact).max())

    def error_bound(self, load: ArrayLike) -> float:
        """What the fit can cost at most for a load, K: its error times the sum of all changes."""
        given = np.atleast_1d(np.asarray(load, float))
        changes = np.abs(np.diff(given, axis=0)).sum() + np.abs(given[0]).sum()
        return float(self.absolute_error * changes)

    def _check_load(self, load: Floats) -> None:
        fits = load.ndim >= 1 if self.single else load.ndim >= 2 and load.shape[-1] == self.inputs
        if not fits:
            shape = f"{load.shape}, {self.inputs} inputs"
            raise InputError([Problem("simulate", "load", _LOAD_SHAPE, _LOAD_LAST, shape)])


def simulate_parameter_sets(responses: Sequence[Response], load: ArrayLike, step: float) -> Floats:
    """Temperature drops of one load for many responses, as calibration and Monte Carlo need.

    Parameters
    ----------
    responses : n_sets, all with the same inputs and outputs
    load : shape (nt,), or (nt, n_in) for several inputs
    step : s

    Returns
    -------
    Floats : K, shape (n_sets, nt) or (n_sets, nt, n_out)
    """
    first = responses[0]
    given = np.asarray(load, float)
    first._check_load(given)
    same = all(np.array_equal(r.time_constants, first.time_constants) for r in responses)
    if not same:
        return np.stack([response.simulate(given, step)[0] for response in responses])
    shaped = np.broadcast_to(
        given.reshape(1, -1, first.inputs), (len(responses), given.shape[0], first.inputs)
    )
    state = np.zeros((len(responses), first.inputs, first.modes))
    drops = _march(responses, shaped, step, state)
    return drops[:, :, 0] if first.single else drops


def _march(responses: Sequence[Response], load: Floats, step: float, state: Floats) -> Floats:
    """Drops, shape (n_scen, nt, n_out); load (n_scen, nt, n_in); state changed in place."""
    from diwen.sources.response import modes_compiled

    first = responses[0]
    direct = np.stack([response.direct for response in responses])
    decay = first.discretise(step).decay
    if first.single:
        flow = np.ascontiguousarray(load[:, :, 0])
        residues = np.stack([response.resistances[0, 0] for response in responses])
        drops = state[:, 0] * residues
        out = np.empty(flow.shape)
        gain = np.stack([response.discretise(step).gain[0, 0] for response in responses])
        modes_compiled.march_single(flow, decay, gain, direct[:, 0, 0], drops, out)
        state[:, 0] = unscaled(drops, residues)
        return out[:, :, None]
    rises = -np.expm1(-step / first.time_constants)
    out = np.empty((load.shape[0], load.shape[1], first.outputs))
    residues = np.stack([response.resistances for response in responses])
    modes_compiled.march_matrix(np.ascontiguousarray(load), rises, residues, direct, state, out)
    return out


def unscaled(drops: Floats, residues: Floats) -> Floats:
    """Lagged heat rates from the drops of the modes; 0 for modes that answer nothing."""
    return np.divide(drops, residues, out=np.zeros_like(drops), where=residues != 0.0)


def fit_response(
    times: ArrayLike,
    step_response: StepResponse,
    *,
    tolerance: float = 1e-3,
    horizon: float | None = None,
    direct: ArrayLike = 0.0,
    extents: ArrayLike = 1.0,
    max_modes: int = 28,
) -> Response:
    """The modes of a step response, as few as reach the tolerance.

    The result says how far the fit is from the step response (``error``), measured between the
    points of the fit; that error may be above the tolerance where no set of modes reaches it.

    Parameters
    ----------
    times : s, ascending, shape (nt,), at least 8; of a function only the first and last count
    step_response : drops for a unit load, K per unit of input: values (nt,) or (n_out, n_in, nt),
        interpolated by cubic splines in ln t, or a function of times returning such values
    tolerance : largest relative error wanted
    horizon : last time that matters, s; the last of ``times`` if not given
    direct : what of the step response is there at once, K per unit, scalar or (n_out, n_in)
    extents : W per unit of each input (its length in m where inputs are W/m), scalar or (n_in,)
    max_modes : most modes

    Raises
    ------
    diwen.problems.InputError : times or values that cannot be; all at once
    """
    from diwen.sources.response.mode_fitting import fit_matrix, fit_single, rise

    function, first, last = as_function(np.asarray(times, float), step_response, horizon)
    points = log_grid(first, last, _POINTS_PER_DECADE)
    checks = log_grid(first, last, _CHECKS_PER_DECADE)
    wanted = function(points)
    n_out, n_in = wanted.shape[:2]
    at_once = np.array(np.broadcast_to(np.asarray(direct, float), (n_out, n_in)))
    widths = np.array(np.broadcast_to(np.asarray(extents, float), (n_in,)))
    if n_out == n_in == 1:
        scale = np.abs(wanted[0, 0])
        found = fit_single(points, wanted[0, 0] - at_once[0, 0], scale, tolerance, max_modes)
    else:
        symmetric = (wanted - at_once[:, :, None]) / widths[:, None]
        relative_to = error_scale(wanted) / widths[:, None]
        found = fit_matrix(points, symmetric, relative_to, tolerance, max_modes)
        found = replace(found, residues=found.residues * widths[:, None])
    exact = function(checks)
    lagged = rise(checks, found.time_constants).T
    off = np.abs(found.residues @ lagged + at_once[:, :, None] - exact)
    return Response(
        found.time_constants,
        found.residues,
        at_once,
        widths,
        error=float((off / error_scale(exact)).max()),
        absolute_error=float(off.max()),
        shortest=float(first),
        horizon=float(last),
    )
