"""A corrected plan: the plant with the chosen measures in the twin, a promise to be verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from diwen.diagnosis.advice.measures import measures_of
from diwen.diagnosis.attribution.attribution_data import number
from diwen.diagnosis.attribution.future_years import FutureYear, future_years
from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.site.spelling import cure_for, listed
from diwen.twin.deviations import PARAMETERS, Deviation

if TYPE_CHECKING:
    from diwen.diagnosis.advice.measures import Measure
    from diwen.diagnosis.attribution.attribution import Attribution

KWH = 3.6e6
_FUNCTION = "corrected_plan"
_NO_TWIN = Text("nothing can be simulated without a twin", "没有数字孪生，无法模拟")
_READ = Text("complete the site, see the notes of the attribution", "请补全项目描述，见归因说明")
_NOT_FOUND = Text("this deviation was not found", "诊断未发现该偏差")
_NO_MEASURE = Text("no such measure", "没有此项措施")


@dataclass(frozen=True, eq=False)
class CorrectedPlan:
    """The plant with measures, beside the plant as it is.

    Attributes
    ----------
    measures : ids
    remaining : deviations that stay, at their remaining value
    as_found, corrected : years to come
    saving : electricity of the next year, J; the promise
    saving_deviation : its standard uncertainty (k = 1)
    money : CNY of the next year, None without a tariff
    emission : kg of carbon dioxide of the next year
    cost : CNY, low and high of all measures with a known cost
    """

    measures: tuple[str, ...]
    remaining: tuple[Deviation, ...]
    as_found: tuple[FutureYear, ...]
    corrected: tuple[FutureYear, ...]
    saving: float
    saving_deviation: float
    money: float | None
    emission: float
    cost: tuple[float, float]

    @property
    def saving_share(self) -> float:
        """Saving over the electricity as it is; nan without electricity."""
        used = self.as_found[0].electricity
        return self.saving / used if used > 0.0 else float("nan")

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "simulated": True,
            "measures": list(self.measures),
            "remaining": [
                {"parameter": one.parameter, "value": one.value} for one in self.remaining
            ],
            "saving_kwh": self.saving / KWH,
            "saving_deviation_kwh": self.saving_deviation / KWH,
            "saving_share": number(self.saving_share),
            "saving_yuan": self.money,
            "saving_carbon_dioxide_kg": number(self.emission),
            "cost_yuan": list(self.cost),
            "years": [
                {"year": after.number, "electricity_kwh": after.electricity / KWH,
                 "saving_kwh": (before.electricity - after.electricity) / KWH,
                 "performance": number(after.performance), "unmet_kwh": after.unmet / KWH,
                 "entering": {name: list(ends) for name, ends in after.entering.items()}}
                for before, after in zip(self.as_found, self.corrected, strict=True)
            ],
        }  # fmt: skip


def corrected_plan(
    attribution: Attribution, chosen: Sequence[str], measures: Sequence[Measure] = ()
) -> CorrectedPlan:
    """Simulate the plant with measures from today on.

    Parameters
    ----------
    attribution : with the plant as found
    chosen : ids of measures, as ``setpoint_shift.reset``; a parameter alone: put right fully
    measures : with costs, where they are there already

    Raises
    ------
    diwen.problems.InputError : an unknown measure, a deviation that was not found, no twin
    """
    present, prices = attribution.present, attribution.prices
    if present is None or prices is None:
        raise InputError([Problem(_FUNCTION, "attribution", _NO_TWIN, _READ)])
    removed = _removed(attribution, chosen)
    remaining = []
    for held in attribution.held:
        share = removed.get(held.parameter, 0.0)
        neutral = PARAMETERS[held.parameter].neutral
        value = neutral + (held.deviation.value - neutral) * (1.0 - share)
        if share < 1.0:
            remaining.append(replace(held.deviation, value=value))
    corrected = future_years(present, remaining, prices)
    before, after = attribution.as_found[0], corrected[0]
    money = None if before.cost is None or after.cost is None else before.cost - after.cost
    parts = [attribution.of(name) for name in removed]
    spread = sum((removed[one.finding.parameter] * one.expected_deviation) ** 2
                 for one in parts if one is not None) ** 0.5  # fmt: skip
    costs = [one.cost for one in measures if one.id in chosen and one.cost is not None]
    return CorrectedPlan(
        tuple(chosen), tuple(remaining), attribution.as_found, corrected,
        before.electricity - after.electricity, spread, money, before.emission - after.emission,
        (sum(low for low, _ in costs), sum(high for _, high in costs)),
    )  # fmt: skip


def _removed(attribution: Attribution, chosen: Sequence[str]) -> dict[str, float]:
    """Share of each deviation that the measures remove together."""
    held = {one.parameter for one in attribution.held}
    problems: list[Problem] = []
    stays: dict[str, float] = {}
    for name in chosen:
        parameter, _, rest = name.partition(".")
        rows = {row.id.removeprefix("diagnosis.measure."): row for row in measures_of(parameter)}
        if parameter not in held:
            cure = cure_for(parameter, held)
            problems.append(Problem(_FUNCTION, name, _NOT_FOUND, cure, name, listed(held)))
        elif rest and name not in rows:
            cure = cure_for(name, rows)
            problems.append(Problem(_FUNCTION, name, _NO_MEASURE, cure, name, listed(rows)))
        else:
            share = float(rows[name].applies["removes"]) if rest else 1.0
            stays[parameter] = stays.get(parameter, 1.0) * (1.0 - share)
    if problems:
        raise InputError(problems)
    return {parameter: 1.0 - left for parameter, left in stays.items()}
