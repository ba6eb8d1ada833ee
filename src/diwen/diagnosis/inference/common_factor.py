"""One factor on all meters: one cause, or that many deviations of the plant by chance alike?

Flows, the power of pumps, the heat of the load and the capacity of units can be off one by one,
each by another factor. Where they are all off from the first day by the same one, what they share
is their data path (a pulse value, the ratio of current transformers, a scale of the logger). Both
hypotheses are compared by what they say of the logarithms of the indices: normal densities about
neutral or about the common factor, which is integrated out, each index free to deviate on its own.
The units' performance does not show it: heat and electricity are off together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from diwen.diagnosis.finding import Case, Estimate, Evidence, Floats, Judgement, SensorFinding
from diwen.diagnosis.inference.prior_odds import PriorOdds, family_of
from diwen.language import Text
from diwen.site.usual_values import usual_value

_ROW = "diagnosis.inference.common_factor."
_SENSOR = "sensor:"
_FLOWS = ("source_flow", "load_flow")
_HEATS = ("load_factor", "unit_capacity")
_INDICES = (*_FLOWS, *_HEATS, "pump_oversize")
# What the ground does at a heat that is off by a factor is off too.
_GROUND = ("effective_length", "lost_branches", "field_size", "borehole_resistance",
           "ground_conductivity", "yearly_imbalance")  # fmt: skip
_SAYS = Text(
    "all meters of flow, heat and electricity read {factor} (± {deviation}) times what the design "
    "explains, from the first day: rather one wrong factor in their data path (pulse value, "
    "current transformers, scale of the data logger), or a plant of another size than the site "
    "describes, than {count} deviations by chance alike",
    "流量、热量与电量仪表自首日起均为设计预期的 {factor}（± {deviation}）倍：更可能是数据通道"
    "中存在同一错误系数（脉冲当量、电流互感器变比、采集器量程），或实际系统规模与项目文件不符，而不"
    "是 {count} 项偏差恰好一致",
)
_FACT = Text(
    "{indices}: one factor explains them {ratio} times (natural logarithm) better than separate "
    "deviations; prior probability of it {prior}",
    "{indices}：同一系数相对于各自独立偏差的对数似然比（自然对数）为 {ratio}；先验概率 {prior}",
)


@dataclass(frozen=True, eq=False)
class CommonFactor:
    """Indices that are off together.

    Attributes
    ----------
    factor, deviation : read over true, and its standard uncertainty
    log_ratio : natural logarithm of the Bayes factor, one cause against separate ones
    members : estimates that agree with it
    """

    factor: float
    deviation: float
    log_ratio: float
    members: tuple[Estimate, ...]

    @property
    def probability(self) -> float:
        """That one factor is the cause, 0 to 1."""
        prior = usual_value(_ROW + "probability")
        odds = self.log_ratio + math.log(prior / (1.0 - prior))
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, odds))))


def with_common_factor(
    judgements: Sequence[Judgement], case: Case
) -> tuple[tuple[Judgement, ...], tuple[SensorFinding, ...]]:
    """Judgements whose estimates know of one factor on all meters, and the finding about it.

    Parameters
    ----------
    judgements : of all lines of reasoning
    case : with the record

    Returns
    -------
    the judgements, the same where there is no common factor; no or one finding
    """
    found = common_factor([one for each in judgements for one in each.estimates])
    points = _meters(case)
    if found is None or not points or found.probability < usual_value(_ROW + "told"):
        return tuple(judgements), ()
    finding = _finding(found, points)
    changed = tuple(
        replace(each, estimates=tuple(_beside(one, found, points) for one in each.estimates))
        for each in judgements
    )
    return changed, (finding,)


def common_factor(estimates: Sequence[Estimate]) -> CommonFactor | None:
    """The factor that several indices share from the first day; None: too few agree.

    Parameters
    ----------
    estimates : of all lines
    """
    priors = PriorOdds((family_of(one.parameter, one.family), one.parameter, one.object)
                       for one in estimates)  # fmt: skip
    known = [one for one in estimates
             if one.parameter in _INDICES and one.value > 0.0 and one.deviation > 0.0]  # fmt: skip
    constant = [one for one in known if _is_off(one)]
    if len(constant) < usual_value(_ROW + "fewest"):
        return None
    value = np.array([math.log(one.value) for one in known])
    error = np.array([one.deviation / one.value for one in known])
    odds = np.exp([priors.log_odds(family_of(one.parameter, one.family), one.parameter)
                   for one in known])  # fmt: skip
    grid = np.linspace(-math.log(5.0), math.log(5.0), 1001)
    spread = usual_value(_ROW + "spread")
    joint = _normal(grid, spread) * np.prod(
        _density(value[None, :] - grid[:, None], error, odds / (1.0 + odds)), axis=1
    )
    total = float(joint.sum())
    separate = float(np.prod(_density(value[None, :], error, odds / (1.0 + odds))))
    if total <= 0.0 or separate <= 0.0:
        return None
    mean = float(grid @ joint) / total
    deviation = math.sqrt(float((grid - mean) ** 2 @ joint) / total)
    members = tuple(one for one in constant if _agrees(one, mean))
    kinds = {one.parameter for one in members}
    enough = len(members) >= usual_value(_ROW + "fewest")
    # Pumps that are too large move flow and power together: heat must be off with them.
    if not (enough and kinds & set(_FLOWS) and kinds & set(_HEATS)):
        return None
    step = float(grid[1] - grid[0])
    ratio = math.log(total * step / separate)
    return CommonFactor(math.exp(mean), math.exp(mean) * deviation, ratio, members)


def _is_off(one: Estimate) -> bool:
    """Whether an index is off from the first day by more than its uncertainty."""
    surely = usual_value(_ROW + "alike") * one.deviation
    return one.shape == "constant" and one.until is None and abs(one.value - 1.0) > surely


def _agrees(one: Estimate, logarithm: float) -> bool:
    error = math.hypot(one.deviation / one.value, usual_value(_ROW + "tolerance"))
    return abs(math.log(one.value) - logarithm) <= usual_value(_ROW + "alike") * error


def _density(difference: Floats, error: Floats, deviating: Floats) -> Floats:
    """Of each index that is as designed, or deviates on its own, shape as ``difference``."""
    healthy = _normal(difference, np.hypot(error, usual_value(_ROW + "tolerance")))
    apart = _normal(difference, np.hypot(error, usual_value(_ROW + "spread")))
    return np.asarray((1.0 - deviating) * healthy + deviating * apart)


def _normal(difference: Floats, deviation: Floats | float) -> Floats:
    return np.asarray(
        np.exp(-0.5 * (difference / deviation) ** 2) / (deviation * math.sqrt(2.0 * math.pi))
    )


def _meters(case: Case) -> tuple[str, ...]:
    """Points of all flows, heats and powers of the plant."""
    record = case.record
    held = [part for one in (*record.sources.values(), *record.circuits.values())
            for part in (one.flow, one.heat_by_meter)]  # fmt: skip
    held += [one.power for one in (*record.units.values(), *record.pumps.values())]
    return tuple(dict.fromkeys(id for part in held if part is not None for id in part.points))


def _finding(found: CommonFactor, points: tuple[str, ...]) -> SensorFinding:
    text = _SAYS.format(
        factor=f"{found.factor:.2f}", deviation=f"{found.deviation:.2f}",
        count=f"{len(found.members)}",
    )  # fmt: skip
    indices = ", ".join(
        f"{one.parameter} {one.value:.2f} ± {one.deviation:.2f}" for one in found.members
    )
    fact = _FACT.format(indices=indices, ratio=f"{found.log_ratio:.1f}",
                        prior=f"{usual_value(_ROW + 'probability'):g}")  # fmt: skip
    return SensorFinding(
        "scale", points, found.factor, found.deviation, None, None, found.probability,
        (Evidence(fact, found.log_ratio, points),), "noted", text,
    )  # fmt: skip


def _beside(one: Estimate, found: CommonFactor, points: tuple[str, ...]) -> Estimate:
    """An estimate that the meters explain as well, if they do."""
    if one not in found.members and one.parameter not in (*_GROUND, *_agreeing(one, found)):
        return one
    known = [name for name in one.alternatives if name.removeprefix(_SENSOR) in points]
    if known:
        return one
    own = [id for fact in one.evidence for id in fact.points if id in points]
    return replace(one, alternatives=(*one.alternatives, _SENSOR + (own or list(points))[0]))


def _agreeing(one: Estimate, found: CommonFactor) -> tuple[str, ...]:
    """The parameter itself, where it is an index that agrees but is not off for sure."""
    known = one.parameter in _INDICES and one.value > 0.0
    return (one.parameter,) if known and _agrees(one, math.log(found.factor)) else ()
