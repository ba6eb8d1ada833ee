"""Transfer functions from the heat rates of zones to the wall temperatures of zones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.sources.borefield.borehole_groups import (
    alike_by_symmetry,
    indicator,
    kinds_of,
    merged_kinds,
)
from diwen.sources.borefield.boreholes import Boreholes
from diwen.sources.borefield.inclined_system import inclined_system
from diwen.sources.borefield.line_source_kernel import ACCURATE_STEP, FAST_STEP, step_for
from diwen.sources.borefield.load_patterns import (
    PROFILES,
    heat_rate_profiles,
    independent_columns,
    profile_points,
)
from diwen.sources.borefield.pair_sums import pair_sums_of
from diwen.sources.borefield.pattern_residual import (
    held_rates,
    missing_columns,
    pattern_errors,
    probe_points,
)
from diwen.sources.borefield.segment_system import (
    FieldKernel,
    GroundCoupling,
    SegmentSystem,
    field_kernel,
    field_nodes,
)
from diwen.sources.borefield.shared_patterns import SharedPatterns, shared_patterns, with_moments

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Mode = Literal["fast", "accurate"]

# Groups found by symmetry times segments: up to so many unknowns they are solved as they are.
_SOLVED_EXACTLY = {"fast": 48, "accurate": 160}
# Fields so large are not searched for symmetry.
_SEARCHED = 1100
# So many kinds of boreholes are told apart, and widths of classes to try where there are more.
_KINDS = {"fast": 40, "accurate": 50}
# Fields of so many boreholes are solved with every length its own in accurate mode.
_EACH_ITS_OWN = 100
# What a class leaves out, over the square of its spread: more than seen on random fields.
_MERGING = 12.0
_CLASSES = (0.01, 0.02, 0.025, 0.03, 0.04, 0.06, 0.08, 0.12, 0.2, 0.4, 1.0)
# Above so many unknowns with patterns of every kind's own, the kinds share them.
_ON_THEIR_OWN = {"fast": 500, "accurate": 1000}
# Profiles need no exact kernel.
_COARSE_STEP = 0.5
# Patterns are added until the estimate of the relative error is below this, or so many times.
_WANTED = {"fast": 1e-3, "accurate": 3e-5}
_ROUNDS = {"fast": 2, "accurate": 3}
# Numbers in the matrices that are solved together.
_CHUNK = 8_000_000


@dataclass(frozen=True, eq=False)
class ZoneTransfer:
    """Responses of zones at Laplace variables.

    Attributes
    ----------
    values : 2πk times the wall temperature of zone i per W/m in zone j, shape (ns, nz, nz)
    patterns : number of patterns in which the boreholes shared the heat
    probes : Laplace variables at which the error of the patterns was estimated, falling, 1/s
    probe_errors : relative error of the patterns there; empty where they are exact
    kernel_error : relative error of the kernel's nodes
    """

    values: Floats
    patterns: int
    probes: Floats
    probe_errors: Floats
    kernel_error: float

    def pattern_error(self, times: Floats) -> Floats:
        """Relative error of the patterns at times in s, shape (nt,)."""
        if not self.probe_errors.size:
            return np.zeros(len(times))
        with np.errstate(divide="ignore"):
            place = np.log(1.0 / times)
        order = np.argsort(self.probes)
        logs = np.log(np.maximum(self.probe_errors[order], 1e-16))
        return np.exp(np.interp(place, np.log(self.probes[order]), logs))


def uniform_rate_transfer(
    boreholes: Boreholes, zone: Indices, diffusivity: float, s: Floats
) -> ZoneTransfer:
    """Every metre of a zone gives the same heat; one segment per borehole says all.

    ``s`` in 1/s, falling, may end with 0, shape (ns,).
    """
    nothing = np.empty(0)
    step = step_for(ACCURATE_STEP, float(boreholes.radius.min()), diffusivity, float(s[0]))
    if not boreholes.vertical:
        whole = np.ones(1)
        leaning = inclined_system(
            boreholes, diffusivity, float(s[-1]), whole, label=zone, step=step
        )
        values = _mean_walls(leaning, leaning.zone_lengths(zone), s)
        return ZoneTransfer(values, leaning.size, nothing, nothing, leaning.nodes.error)
    kernel = _kernel(boreholes, zone, diffusivity, float(s[-1]), np.ones(1), step)
    zones = np.empty(len(kernel.kind), np.intp)
    zones[kernel.pairs.which] = zone
    joint = zones * len(kernel.segment_length) + kernel.kind
    group = np.unique(joint, return_inverse=True)[1].reshape(-1).astype(np.intp)
    columns = indicator(group)
    system, _ = kernel.system(columns, kernel.kind[columns.argmax(axis=0)], True)
    values = _mean_walls(system, system.zone_lengths(zone), s)
    return ZoneTransfer(values, columns.shape[1], nothing, nothing, kernel.nodes.error)


def _mean_walls(coupling: GroundCoupling, lengths: Floats, s: Floats) -> Floats:
    """Length-mean wall temperature of each zone for 2πk W/m in each, shape (ns, nz, nz)."""
    uniform = (lengths != 0.0).astype(float)
    walls = uniform.T @ coupling.matrices(s) @ uniform
    return walls / lengths.sum(axis=0)[:, None]


def uniform_temperature_transfer(
    boreholes: Boreholes, zone: Indices, diffusivity: float, s: Floats, ratios: Floats, mode: Mode
) -> ZoneTransfer:
    """All segments of a zone share one wall temperature.

    ``s`` in 1/s, falling, may end with 0, shape (ns,); ``ratios`` of the segments, shape (nq,).
    """
    step = FAST_STEP if mode == "fast" else ACCURATE_STEP
    step = step_for(step, float(boreholes.radius.min()), diffusivity, float(s[0]))
    totals = np.bincount(zone, boreholes.length).astype(float)
    nothing = np.empty(0)
    if not boreholes.vertical:
        leaning = inclined_system(
            boreholes, diffusivity, float(s[-1]), ratios, label=zone, step=step
        )
        values = zone_responses(leaning, leaning.zone_lengths(zone), totals, s)
        groups = leaning.size // len(ratios)
        return ZoneTransfer(values, groups, nothing, nothing, leaning.nodes.error)
    boreholes, merging = _of_few_kinds(boreholes, len(ratios), mode)
    kernel = _kernel(boreholes, zone, diffusivity, float(s[-1]), ratios, step)
    group = _few_groups(boreholes, zone, kernel, len(ratios), mode)
    if group is not None:
        columns = indicator(group)
        system, _ = kernel.system(columns, kernel.kind[columns.argmax(axis=0)], True)
        values = zone_responses(system, system.zone_lengths(zone), totals, s)
        error = kernel.nodes.error + merging
        return ZoneTransfer(values, columns.shape[1], nothing, nothing, error)
    found = _by_patterns(boreholes, zone, diffusivity, s, kernel, mode)
    return replace(found, kernel_error=found.kernel_error + merging)


def _of_few_kinds(boreholes: Boreholes, segments: int, mode: Mode) -> tuple[Boreholes, float]:
    """The field, with kinds merged where they are too many; and the relative error of that.

    What a class of lengths leaves out is of second order in its spread.
    """
    most = _KINDS[mode]
    kinds = len(kinds_of(boreholes)[0])
    if mode == "accurate" and boreholes.count <= _EACH_ITS_OWN:
        return boreholes, 0.0
    if kinds <= most or boreholes.count * segments <= _SOLVED_EXACTLY[mode]:
        return boreholes, 0.0
    for share in _CLASSES:
        merged, spread = merged_kinds(boreholes, share)
        if len(kinds_of(merged)[0]) <= most:
            break
    return merged, _MERGING * spread**2


def _kernel(
    boreholes: Boreholes,
    zone: Indices,
    diffusivity: float,
    slowest: float,
    ratios: Floats,
    step: float,
) -> FieldKernel:
    first, kind = kinds_of(boreholes)
    pairs = pair_sums_of(boreholes, zone * len(first) + kind)
    nodes = field_nodes(boreholes, diffusivity, slowest, step)
    return field_kernel(boreholes, pairs, boreholes.take(first), nodes, ratios)


def _few_groups(
    boreholes: Boreholes, zone: Indices, kernel: FieldKernel, segments: int, mode: Mode
) -> Indices | None:
    """Groups of representatives made alike by symmetry, if they are few enough to solve."""
    most = _SOLVED_EXACTLY[mode] // segments
    kinds = len(kernel.segment_length)
    count = len(kernel.kind)
    # A group of a lattice has eight members at most; the folded lattice has four of them.
    if count > 2 * most or boreholes.count > _SEARCHED:
        return None
    group = alike_by_symmetry(boreholes, zone * kinds + kernel.kind[kernel.pairs.which])
    group = group[kernel.pairs.representative]
    if group.max() < most:
        return group
    return np.arange(count) if count <= most else None


def zone_responses(system: GroundCoupling, lengths: Floats, totals: Floats, s: Floats) -> Floats:
    """R(s) of zones with one wall temperature each, shape (ns, nz, nz).

    Heat rates S⁻¹ B T hold the temperatures T; B = ``lengths`` are those of the unknowns by zone,
    m, shape (size, nz), and ``totals`` those of the zones, m, shape (nz,).
    """
    chunk = max(1, _CHUNK // len(lengths) ** 2)
    parts = []
    for first in range(0, len(s), chunk):
        matrices = system.matrices(s[first : first + chunk])
        parts.append(lengths.T @ np.linalg.solve(matrices, lengths))
    return np.linalg.inv(np.concatenate(parts)) * totals


def _by_patterns(
    boreholes: Boreholes,
    zone: Indices,
    diffusivity: float,
    s: Floats,
    kernel: FieldKernel,
    mode: Mode,
) -> ZoneTransfer:
    """Few patterns for many boreholes, with more where the residual asks for them."""
    zones = np.empty(len(kernel.kind), np.intp)
    zones[kernel.pairs.which] = zone
    inside = indicator(zones)
    points = profile_points(boreholes, diffusivity, PROFILES[mode], float(s[-1]))
    coarse = _kernel(boreholes, zone, diffusivity, float(points[-1]), np.ones(1), _COARSE_STEP)
    factors = coarse.depth_factors[..., 0, 0].transpose(2, 0, 1)
    wanted = inside * coarse.segment_length[coarse.kind]
    profiles = heat_rate_profiles(kernel.pairs, kernel.kind, wanted, coarse.nodes, factors, points)
    probes = probe_points(points, float(s[-1]))
    totals = np.bincount(zone, boreholes.length).astype(float)
    columns = np.hstack([inside, profiles])
    weight = kernel.pairs.weight
    kinds = len(kernel.segment_length)
    unknowns = min(len(weight), kinds * columns.shape[1]) * kernel.segment_length.shape[1]
    shared = unknowns > _ON_THEIR_OWN[mode] and kinds > 3
    if shared:
        columns = with_moments(columns, boreholes.take(kernel.pairs.representative))
    for _ in range(_ROUNDS[mode]):
        columns, coupling, split, products = _coupled(kernel, columns, shared)
        lengths = coupling.zone_lengths(zone)
        values = zone_responses(coupling, lengths, totals, s)
        rates, responses = held_rates(coupling, lengths, probes)
        if isinstance(coupling, SharedPatterns):
            rates = coupling.on_every_kind(rates)
        residual = pattern_errors(split, products, kernel.kind, zones, probes, rates, responses)
        if residual.relative.max() < _WANTED[mode]:
            break
        columns = np.hstack([columns, missing_columns(residual, weight)])
    patterns = len(lengths) // kernel.segment_length.shape[1]
    return ZoneTransfer(values, patterns, probes, residual.relative, kernel.nodes.error)


def _coupled(
    kernel: FieldKernel, columns: Floats, shared: bool
) -> tuple[Floats, GroundCoupling, SegmentSystem, Floats]:
    """Independent columns, their coupling, the system of each on one kind alone, and E_k Φ."""
    if not shared:
        columns, kind = independent_columns(columns, kernel.kind, kernel.pairs.weight)
        system, products = kernel.system(columns, kind, False)
        return columns, system, system, products
    alike = np.zeros_like(kernel.kind)
    columns, _ = independent_columns(columns, alike, kernel.pairs.weight)
    joint, products = shared_patterns(kernel, columns)
    return columns, joint, joint.split, products
