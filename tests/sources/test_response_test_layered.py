"""Layers on SYNTHETIC measurements: no open depth-resolved test was at hand to check against."""

import math

import numpy as np
import pytest

from diwen.problems import InputError
from diwen.sources.response_test.layered import (
    CableRecord,
    LayeredRecord,
    evaluate_cable,
    evaluate_layers,
)

DEPTH = np.linspace(0.0, 100.0, 11)
TRUE = np.array([1.2, 1.2, 1.3, 2.0, 2.2, 3.0, 3.0, 2.8, 2.4, 2.4])
RADIUS, CAPACITY, RB = 0.075, 2.3e6, 0.1
TIME = np.arange(600.0, 96 * 3600.0, 600.0)
UNDISTURBED = 12.0 + 0.02 * (DEPTH[1:] + DEPTH[:-1]) / 2


def synthetic(noise=0.0, seed=0, resistance=RB, flow=1500.0):
    """Fluid down and up with layer loads from the line source of each layer; both legs share."""
    ground = np.log(4 * TRUE * TIME[:, None] / (CAPACITY * RADIUS**2)) - np.euler_gamma
    per_watt = ground / (4 * math.pi * TRUE) + resistance
    # Mean temperatures nearly equal over depth: loads in inverse ratio to the late resistance.
    rate = 50.0 / (1 / (4 * math.pi * TRUE)) * np.mean(1 / (4 * math.pi * TRUE))
    middle = UNDISTURBED + rate * per_watt
    drop = rate * 10.0 / flow / 2
    # Legs placed around the layer means so that the mean of the four edge values is the middle:
    # solved for edges from the top of the middle profile.
    edges = np.empty((len(TIME), 11))
    edges[:, 0] = middle[:, 0]
    for i in range(10):
        edges[:, i + 1] = 2 * middle[:, i] - edges[:, i]
    split = np.concatenate([np.cumsum(drop[::-1])[::-1], [0.0]])
    calibration = np.random.default_rng(seed).normal(0, noise / math.sqrt(2), (2, 11))
    down, up = edges + split, edges - split
    return LayeredRecord(DEPTH, TIME, down + calibration[0], up + calibration[1], flow, noise), rate


def test_exact_layers_come_back_without_smoothing():
    record, rate = synthetic()
    found = evaluate_layers(record, RADIUS, CAPACITY, UNDISTURBED, smoothing=0.0)
    assert found.heat_rate == pytest.approx(rate, rel=1e-9)
    assert found.conductivity == pytest.approx(TRUE, rel=1e-9)
    assert found.resistance == pytest.approx(np.full(10, RB), rel=1e-6)
    assert found.mean_conductivity == pytest.approx(TRUE.mean())
    bulk = TRUE.mean() * 1.04
    assert found.consistent_with(bulk)
    assert not found.consistent_with(bulk * 1.2)


def test_smoothing_pays_when_sensors_are_noisy():
    single, smooth = [], []
    for seed in range(30):
        record, _ = synthetic(noise=0.03, seed=seed)
        found = evaluate_layers(record, RADIUS, CAPACITY, UNDISTURBED)
        single.append(np.sqrt(np.mean((found.single - TRUE) ** 2)))
        smooth.append(np.sqrt(np.mean((found.conductivity - TRUE) ** 2)))
    assert np.mean(smooth) < 0.8 * np.mean(single)


def test_errors_grow_as_layers_get_thin():
    record, _ = synthetic(noise=0.05)
    thick = LayeredRecord(DEPTH[::2], TIME, record.down[:, ::2], record.up[:, ::2], 1500.0, 0.05)
    thin = evaluate_layers(record, RADIUS, CAPACITY, UNDISTURBED)
    joined = evaluate_layers(thick, RADIUS, CAPACITY, 13.0)
    ratio = (thin.single_error / thin.single).mean() / (joined.single_error / joined.single).mean()
    assert ratio == pytest.approx(2.0, rel=0.15)


def test_smoothing_does_not_depend_on_a_shift_of_depth():
    record, _ = synthetic(noise=0.05)
    moved = LayeredRecord(DEPTH + 40.0, TIME, record.down, record.up, 1500.0, 0.05)
    a = evaluate_layers(record, RADIUS, CAPACITY, UNDISTURBED)
    b = evaluate_layers(moved, RADIUS, CAPACITY, UNDISTURBED)
    assert a.conductivity == pytest.approx(b.conductivity, rel=1e-9)


def test_a_heated_cable_gives_the_layers():
    ground = np.log(4 * TRUE * TIME[:, None] / (CAPACITY * RADIUS**2)) - np.euler_gamma
    middle = UNDISTURBED + 20.0 * (ground / (4 * math.pi * TRUE) + RB)
    record = CableRecord(DEPTH, TIME, middle, 20.0, 0.01)
    found = evaluate_cable(record, RADIUS, CAPACITY, UNDISTURBED, smoothing=0.0)
    assert found.conductivity == pytest.approx(TRUE, rel=1e-9)
    assert found.single_error == pytest.approx(0.01 * TRUE, rel=1e-3)


def test_layers_without_heat_and_arrays_that_do_not_fit_are_named():
    record, _ = synthetic()
    wrong = LayeredRecord(DEPTH, TIME, record.down[:, :-1], record.up, 1500.0, 0.1)
    with pytest.raises(InputError, match="11 depths"):
        evaluate_layers(wrong, RADIUS, CAPACITY, UNDISTURBED)
    down = record.down.copy()
    down[:, 4:] += 8.0  # the fluid seems to warm up in layer 30-40 m
    with pytest.raises(InputError, match="30-40 m"):
        evaluate_layers(
            LayeredRecord(DEPTH, TIME, down, record.up, 1500.0, 0.1), RADIUS, CAPACITY, UNDISTURBED
        )
