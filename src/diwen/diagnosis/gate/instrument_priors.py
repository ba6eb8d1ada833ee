"""What is believed about every instrument of a record before its balances are looked at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from diwen.diagnosis.gate.channel_access import channel
from diwen.diagnosis.gate.instrument_comparison import ErrorPrior
from diwen.diagnosis.gate.instrument_patterns import Equation, Label
from diwen.diagnosis.gate.limits_of_gate import GateLimits
from diwen.diagnosis.record.operating_record import OperatingRecord

_CLASS = {"heat_by_meter": "heat_meter_class", "flow": "flow_class", "power": "electricity_class"}


def priors_of(
    record: OperatingRecord, found: Sequence[Equation], limits: GateLimits
) -> dict[Label, ErrorPrior]:
    """A prior for every instrument that enters any equation."""
    labels = {label: None for one in found for label in one.patterns}
    return {label: _prior(record, label, limits) for label in labels}


def _prior(record: OperatingRecord, label: Label, limits: GateLimits) -> ErrorPrior:
    kind, key = label
    if kind == "boundary":
        small = limits["boundary_tolerance"]
        return ErrorPrior(small, small, limits["boundary_spread"], 1e-3, 1e-3,
                          limits["boundary_probability"], ("constant", "step"), 1.0)  # fmt: skip
    if key[0] == "all":
        # Within their classes meters err one by one, not together.
        small = 1e-4
        return ErrorPrior(small, limits["scale_tolerance"], limits["scale_spread"],
                          limits["scale_growth"], limits["scale_growth_tolerance"],
                          limits["common_probability"])  # fmt: skip
    if key[2] == "pair":
        return ErrorPrior(1e-3, limits["offset_tolerance"], limits["offset_spread"],
                          limits["offset_growth"], limits["offset_growth_tolerance"],
                          limits["offset_probability"], ("drift",))  # fmt: skip
    growth = limits[f"{kind}_growth"], limits[f"{kind}_growth_tolerance"]
    own = _pair_class(record, label, limits) if kind == "offset" else _class(record, label, limits)
    return ErrorPrior(own, limits[f"{kind}_tolerance"], limits[f"{kind}_spread"], *growth,
                      limits[f"{kind}_probability"])  # fmt: skip


def _class(record: OperatingRecord, label: Label, limits: GateLimits) -> float:
    """Relative standard uncertainty of a meter, its absolute part at its usual reading."""
    key = label[1]
    held = channel(record, key)
    least = limits[_CLASS[key[2]]]
    if held is None:
        return least
    some = np.abs(held.value[held.valid & (held.value != 0.0)])
    usual = float(np.median(some)) if some.size else 1.0
    own = float(np.hypot(held.relative, held.systematic / max(usual, 1e-12)))
    return max(float(np.hypot(own, least)) if key[2] == "power" else own, least)


def _pair_class(record: OperatingRecord, label: Label, limits: GateLimits) -> float:
    """Standard uncertainty of one sensor beside its partner, K."""
    group, name, quantity = label[1]
    pair = channel(record, (group, name, "isothermal_difference"))
    if pair is not None:
        return max(pair.systematic / np.sqrt(2.0), limits["temperature_class"])
    held = channel(record, (group, name, quantity))
    return max(held.systematic if held else 0.0, limits["temperature_class"])
