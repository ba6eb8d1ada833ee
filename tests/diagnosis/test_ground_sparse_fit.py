"""Sparse fit and whitening: against closed forms of linear Gaussian models."""

from __future__ import annotations

import numpy as np
import pytest

from diwen.diagnosis.ground.sparse_fit import Unknown, normal_equations, sparse_fit
from diwen.diagnosis.ground.whitened import Persistence, persistence_of, whitened


def _rows(slope: float, count: int, seed: int = 0) -> np.ndarray:
    draw = np.random.default_rng(seed)
    x = draw.normal(size=(count, 2))
    return np.column_stack([x, slope * x[:, 0] + draw.normal(size=count)])


def test_linear_model_is_bayes_regression_to_rounding():
    """One hypothesis is ridge regression: value, covariance and evidence in closed form."""
    rows = _rows(0.4, 200)
    scale = np.array([0.5, 0.2])
    unknowns = [Unknown("a", 0.5), Unknown("b", 0.2)]
    fit = sparse_fit(normal_equations(rows), unknowns, lambda value: value)
    hessian = rows[:, :2].T @ rows[:, :2] + np.diag(scale**-2)
    assert fit.best.value == pytest.approx(
        np.linalg.solve(hessian, rows[:, :2].T @ rows[:, 2]), abs=1e-6
    )
    assert fit.best.covariance == pytest.approx(np.linalg.inv(hessian), rel=1e-6)


def test_bayes_factor_of_one_parameter_is_that_of_two_normal_marginals():
    """Spike against slab by the exact marginal likelihoods, within 1e-3."""
    rows = _rows(0.3, 100)[:, [0, 2]]
    fit = sparse_fit(normal_equations(rows), [Unknown("a", 0.05, 0.5, 0.1)], lambda value: value)

    def log_marginal(scale: float) -> float:
        covariance = np.eye(100) + scale**2 * np.outer(rows[:, 0], rows[:, 0])
        _, log = np.linalg.slogdet(covariance)
        return -0.5 * (log + rows[:, 1] @ np.linalg.solve(covariance, rows[:, 1]))

    expected = log_marginal(0.5) - log_marginal(0.05)
    assert fit.log_ratio("a", 50.0) == pytest.approx(expected, abs=1e-3)


def test_more_data_never_widens_an_interval():
    few, many = _rows(0.4, 100), _rows(0.4, 400)
    wide, narrow = (
        sparse_fit(normal_equations(rows), [Unknown("a", 0.05, 0.5), Unknown("b", 0.1)],
                   lambda value: value).moments("a")[1]
        for rows in (few, many)
    )  # fmt: skip
    assert narrow < wide


def test_whitening_gives_unit_variance_and_no_correlation():
    """An autoregression of 20 000 hours with holes: variance 1 and lag correlation 0 within 3 %."""
    draw = np.random.default_rng(3)
    value = np.zeros(20000)
    for k in range(1, len(value)):
        value[k] = 0.8 * value[k - 1] + draw.normal() * 0.6 * 0.5
    used = draw.random(len(value)) > 0.2
    white = whitened(value[:, None], used, Persistence(0.8, 0.5))[:, 0]
    assert white.var() == pytest.approx(1.0, abs=0.03)
    assert np.mean(white[1:] * white[:-1]) == pytest.approx(0.0, abs=0.03)
    found = persistence_of(value, np.ones(len(value), bool), 0.01, Persistence(0.5, 1.0))
    assert found.correlation == pytest.approx(0.8, abs=0.02)
    assert found.spread == pytest.approx(0.5, rel=0.05)
