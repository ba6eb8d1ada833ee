"""A response test of the infinite line source itself, as a file of minutes, by both methods.

λ 2.3 W/(m·K), R_b 0.1 m·K/W, C 2.3 MJ/(m³·K), r_b 65 mm, 50 W/m, T_0 12 °C, 72 h, no noise. The
superposition gives back what was put in; the straight line from 5 r_b² C/λ on is off by what the
logarithm leaves out: 2.331 W/(m·K) and 0.1018 m·K/W by an independent regression.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import exp1

from diwen.survey.evaluate_test import evaluate_test
from diwen.survey.test_inputs import Given

LAMBDA, RESISTANCE, CAPACITY, RADIUS, RATE, REST, LENGTH = 2.3, 0.1, 2.3e6, 0.065, 50.0, 12.0, 100.0
GIVEN = Given(
    length=LENGTH, diameter=2 * RADIUS, undisturbed_temperature=REST, heat_capacity=CAPACITY
)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    time = np.arange(60.0, 72 * 3600.0 + 1, 60.0)
    ground = exp1(RADIUS**2 * CAPACITY / (4 * LAMBDA * time)) / (4 * math.pi * LAMBDA)
    mean = REST + RATE * (ground + RESISTANCE)
    lines = [
        "t [s],Tf [°C],P [W]",
        *(f"{t:g},{v:.9f},5000" for t, v in zip(time, mean, strict=True)),
    ]
    path = tmp_path_factory.mktemp("known") / "known.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_superposition_gives_back_what_was_put_in(file):
    found = evaluate_test(file, given=GIVEN, method="superposition").evaluation
    assert found.conductivity == pytest.approx(2.300, rel=1e-3)
    assert found.resistance == pytest.approx(0.1000, rel=1e-3)


def test_straight_line_is_off_by_what_the_logarithm_leaves_out(file):
    start = 5 * RADIUS**2 * CAPACITY / LAMBDA
    found = evaluate_test(file, given=GIVEN, method="line-source", window=(start, None))
    assert found.evaluation.line_source.conductivity == pytest.approx(2.331, rel=1e-3)
    assert found.evaluation.line_source.resistance == pytest.approx(0.1018, rel=1e-3)
    # The uncertainty that is stated covers that error.
    assert abs(found.evaluation.conductivity - 2.3) < found.conductivity_uncertainty
