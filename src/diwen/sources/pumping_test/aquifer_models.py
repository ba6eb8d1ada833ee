"""Drawdowns of a test by each model of the aquifer, and first guesses for their parameters.

Parameters are logarithms of SI values in a fixed order: transmissivity T, storativity S, and then
the resistance c of the leaking roof (s) or the distance of the image well (m).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.sources.aquifer.leaky import leaky_drawdown_of_steps
from diwen.sources.aquifer.theis import theis_drawdown_of_steps
from diwen.sources.pumping_test.record import Observation, PumpingTest

Floats = NDArray[np.float64]
ModelName = Literal["theis", "leaky", "barrier"]

# Above so many readings the first guess is made from means.
_MANY = 300


@dataclass(frozen=True)
class AquiferModel:
    """What is assumed of the aquifer.

    Attributes
    ----------
    key : short name; name : for people; parameters : how many are fitted
    """

    key: ModelName
    name: Text
    parameters: int


MODELS: dict[ModelName, AquiferModel] = {
    "theis": AquiferModel("theis", Text("confined, infinite (Theis)", "无限承压含水层（泰斯）"), 2),
    "leaky": AquiferModel(
        "leaky", Text("leaky roof (Hantush-Jacob)", "越流含水层（汉图什-雅各布）"), 3
    ),
    "barrier": AquiferModel(
        "barrier", Text("one tight boundary (Theis with image)", "单侧隔水边界（泰斯镜像法）"), 3
    ),
}


def model_drawdown(model: ModelName, logarithms: Floats, test: PumpingTest) -> Floats:
    """Drawdowns at all readings, well after well, m, shape (n,)."""
    values = np.exp(logarithms)
    return np.concatenate([_of_well(model, values, test, well) for well in test.observations])


def first_guess(model: ModelName, test: PumpingTest) -> Floats:
    """Logarithms to start from: the best of a coarse grid, T by linear least squares at each."""
    if sum(len(well.time) for well in test.observations) > _MANY:
        test = test.thinned(10)
    measured = np.concatenate([well.drawdown for well in test.observations])
    guess, _ = _best("theis", test, measured, np.geomspace(1e-8, 1e7, 61), [math.nan])
    if model == "theis":
        return guess
    centre = float(np.exp(guess[1] - guess[0]))
    near = float(np.exp(np.mean([math.log(well.distance) for well in test.observations])))
    ratios = np.geomspace(0.01, 3.0, 9) if model == "leaky" else np.geomspace(1.3, 300.0, 12)
    best, _ = _best(
        model, test, measured, centre * np.geomspace(0.02, 50.0, 13), list(ratios), near
    )
    return best


def _of_well(model: ModelName, values: Floats, test: PumpingTest, well: Observation) -> Floats:
    if model == "leaky":
        conducted, stored, resistance = (float(value) for value in values)
        return leaky_drawdown_of_steps(
            test.steps, conducted, stored, resistance, well.distance, well.time
        )
    found = theis_drawdown_of_steps(test.steps, values[0], values[1], well.distance, well.time)
    if model == "barrier":
        apart = float(values[2])
        found = found + theis_drawdown_of_steps(test.steps, values[0], values[1], apart, well.time)
    return found


def _best(
    model: ModelName,
    test: PumpingTest,
    measured: Floats,
    storage_per_conductance: Floats,
    ratios: list[float],
    near: float = 1.0,
) -> tuple[Floats, float]:
    """Best of a grid of S/T (s/m²) and third parameters as ratios to the distance."""
    best, least = np.zeros(MODELS[model].parameters), math.inf
    for ratio in ratios:
        for each in storage_per_conductance:
            # With T = 1 and S = S/T the curve has the right shape and is off by a factor 1/T.
            third = {"leaky": (near / ratio) ** 2, "barrier": near * ratio}.get(model)
            unit = [1.0, float(each)] + ([] if third is None else [third])
            shape = model_drawdown(model, np.log(unit), test)
            power = float(shape @ shape)
            factor = float(shape @ measured) / power if power > 0.0 else 0.0
            if factor <= 0.0:
                continue
            loss = float(np.sum((measured - factor * shape) ** 2))
            if loss < least:
                found = [1.0 / factor, float(each) / factor]
                if third is not None:
                    # B² = T c was held.
                    found.append(third * factor if model == "leaky" else third)
                best, least = np.log(found), loss
    return best, least
