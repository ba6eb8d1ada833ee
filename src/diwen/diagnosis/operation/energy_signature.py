"""Energy signature: daily load over the mean outdoor temperature of the day.

A change-point line (ASHRAE Guideline 14, inverse model with three parameters): a base, a balance
temperature, a slope beyond it. Buildings store heat, so the day before counts with a share.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from diwen.diagnosis.finding import Floats

Kind = Literal["heat", "cold"]
KINDS: tuple[Kind, Kind] = ("heat", "cold")
_SHARES = (0.0, 0.2, 0.4, 0.6)
_PLACES = 41


@dataclass(frozen=True, eq=False)
class Signature:
    """Load over outdoor temperature.

    Attributes
    ----------
    kind : heat or cold
    base : W, beyond the balance temperature
    slope : W/K, above 0
    balance : °C
    before : share of the day before in the temperature that counts
    scatter : standard deviation of a day about the line, share of the mean load
    explained : share of the variance that the line explains
    """

    kind: Kind
    base: float
    slope: float
    balance: float
    before: float
    scatter: float
    explained: float

    def at(self, outdoor: Floats) -> Floats:
        """Load, W, of days one after another by their mean outdoor temperature, °C, shape (m,)."""
        return self.base + self.slope * _beyond(self.kind, _felt(outdoor, self.before),
                                                self.balance)  # fmt: skip


def _felt(outdoor: Floats, before: float) -> Floats:
    """Temperature of days with a share of the day before (where it is known)."""
    previous = np.concatenate([outdoor[:1], outdoor[:-1]])
    previous = np.where(np.isfinite(previous), previous, outdoor)
    return np.asarray((1.0 - before) * outdoor + before * previous)


def _beyond(kind: Kind, temperature: Floats, balance: float) -> Floats:
    degrees = balance - temperature if kind == "heat" else temperature - balance
    return np.asarray(np.maximum(degrees, 0.0))


def fit_signature(load: Floats, outdoor: Floats, season: Floats, kind: Kind) -> Signature | None:
    """The line through the days of a season; None: fewer than 20 days, or it explains nothing.

    Parameters
    ----------
    load : daily mean, W, shape (m,)
    outdoor : daily mean, °C, of consecutive days, shape (m,)
    season : above 0: the day counts, shape (m,)
    """
    use = np.isfinite(load) & np.isfinite(outdoor) & (season > 0.0)
    if use.sum() < 20 or np.ptp(outdoor[use]) < 2.0 or load[use].mean() <= 0.0:
        return None
    best: tuple[float, float, float, float, float] | None = None
    value = load[use]
    for before in _SHARES:
        felt = _felt(outdoor, before)[use]
        for balance in np.linspace(felt.min(), felt.max(), _PLACES):
            x = _beyond(kind, felt, float(balance))
            spread = float(x.var())
            if spread < 1e-3:
                continue
            slope = float(((x - x.mean()) * (value - value.mean())).mean()) / spread
            base = float(value.mean() - slope * x.mean())
            rest = float(((value - base - slope * x) ** 2).mean())
            if slope > 0.0 and (best is None or rest < best[0]):
                best = (rest, base, slope, float(balance), before)
    if best is None:
        return None
    rest, base, slope, balance, before = best
    return Signature(
        kind, base, slope, balance, before, rest**0.5 / float(value.mean()),
        1.0 - rest / max(float(value.var()), 1e-300),
    )  # fmt: skip
