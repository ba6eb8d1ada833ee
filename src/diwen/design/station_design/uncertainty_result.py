"""How sure a design is, as plain data: intervals, chances of passing limits, drivers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.design.economics.cost_uncertainty import UncertainInput
from diwen.design.station_design.drivers import Drivers, probability, rank_drivers_of
from diwen.language import Text

Floats = NDArray[np.float64]
LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True, eq=False)
class UncertainOutcome:
    """One result of a design in all samples.

    Attributes
    ----------
    key, label, unit : as ``electricity``, in words, ``J``
    best : at the best estimates
    values : shape (samples,); nan: there is none, inf: never
    drivers : of it, strongest first
    """

    key: str
    label: Text
    unit: str
    best: float
    values: Floats
    drivers: Drivers

    @property
    def known(self) -> Floats:
        """Values that are numbers or never (inf)."""
        return self.values[~np.isnan(self.values)]

    def quantile(self, share: float) -> float:
        """Value that a share of the samples does not exceed; nan without any."""
        if not len(self.known):
            return float("nan")
        # Between two samples of which one never comes, the one that does not exceed counts.
        return float(np.quantile(self.known, share, method="inverted_cdf"))

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of the 90 % interval (5 % and 95 %)."""
        return self.quantile(LOW), self.quantile(HIGH)

    @property
    def median(self) -> float:
        """Median of the samples."""
        return self.quantile(0.5)

    @property
    def standard(self) -> float:
        """Standard deviation of the finite samples; nan without any."""
        finite = self.values[np.isfinite(self.values)]
        return float(finite.std()) if len(finite) else float("nan")

    def as_dict(self) -> dict[str, Any]:
        """Plain data without the samples; what is no number is None."""
        low, high = self.interval
        numbers = {"best": self.best, "median": self.median, "low": low, "high": high,
                   "standard": self.standard}  # fmt: skip
        return {
            "key": self.key, "label": _both(self.label), "unit": self.unit,
            **{name: _plain(value) for name, value in numbers.items()},
            "explained": self.drivers.explained,
            "adjusted": self.drivers.adjusted,
            "drivers": [
                {"key": one.key, "label": _both(one.label), "coefficient": one.coefficient,
                 "share": one.share} for one in self.drivers.ranked
            ],
        }  # fmt: skip


@dataclass(frozen=True)
class LimitChance:
    """How likely a limit is passed.

    Attributes
    ----------
    key, label : of the limit
    outcome : key of the result that it holds for
    limit : in the unit of the result
    sense : ``<=`` or ``>=``
    probability : share of the samples that pass it
    error : standard error of that share from the number of samples
    rule : id of the rule row; empty: the site's own
    """

    key: str
    label: Text
    outcome: str
    limit: float
    sense: str
    probability: float
    error: float
    rule: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {**vars(self), "label": _both(self.label)}


@dataclass(frozen=True, eq=False)
class DesignUncertainty:
    """How sure a design is.

    Attributes
    ----------
    inputs : what was drawn
    own : keys whose interval the site itself gives; the others are engineering defaults
    draws : by key, shape (samples,)
    outcomes : by key
    limits : chances of passing them
    years : of operation
    samples, seed : of the hypercube; the same seed gives the same result
    shortcut_error : of the bore field's response against a field solved anew, share of its largest
        drop, the largest of a few checks; nan: no bore field
    seconds : processor time by part, s
    notes : what was assumed or left out
    """

    inputs: tuple[UncertainInput, ...]
    own: tuple[str, ...]
    draws: Mapping[str, Floats]
    outcomes: dict[str, UncertainOutcome]
    limits: tuple[LimitChance, ...]
    years: int
    samples: int
    seed: int
    shortcut_error: float
    seconds: Mapping[str, float]
    notes: tuple[Text, ...]

    def __getitem__(self, key: str) -> UncertainOutcome:
        """A result by key."""
        return self.outcomes[key]

    def as_dict(self) -> dict[str, Any]:
        """Plain data for ``--json``; draws are not in it."""
        return {
            "simulated": True,
            "years": self.years, "samples": self.samples, "seed": self.seed,
            "shortcut_error": _plain(self.shortcut_error),
            "inputs": [
                {"key": one.key, "label": _both(one.label), "low": one.low, "best": one.best,
                 "high": one.high, "shape": one.shape, "assumed": one.key not in self.own}
                for one in self.inputs
            ],
            "outcomes": [one.as_dict() for one in self.outcomes.values()],
            "limits": [one.as_dict() for one in self.limits],
            "notes": [_both(note) for note in self.notes],
            "seconds": dict(self.seconds),
        }  # fmt: skip


def outcome_of(
    key: str, label: Text, unit: str, best: float, values: Floats,
    draws: Mapping[str, Floats], labels: Mapping[str, Text],
) -> UncertainOutcome:  # fmt: skip
    """A result with its drivers; samples without a number do not count for them."""
    known = ~np.isnan(values)
    kept = {name: column[known] for name, column in draws.items()}
    drivers = rank_drivers_of(kept, values[known], labels) if known.sum() > 2 else Drivers((), 0.0)
    return UncertainOutcome(key, label, unit, best, values, drivers)


def chance_of(
    key: str, label: Text, outcome: UncertainOutcome, limit: float, sense: str, rule: str = ""
) -> LimitChance:
    """The share of the samples that pass a limit."""
    share = probability(outcome.known, limit, sense) if len(outcome.known) else 0.0
    count = max(len(outcome.known), 1)
    error = float(np.sqrt(max(share * (1.0 - share), 0.25 / count) / count))
    return LimitChance(key, label, outcome.key, limit, sense, share, error, rule)


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}


def _plain(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
