"""What each deviation costs: the twin as found, and the twin with this one put right.

The twin as found is that of the design with every finding that is probable enough, under the heat
of each month that was measured. The part of a finding is the twin as found less the twin without
it, over the last year of the record. Parts, interaction and what stays unexplained sum to the gap
between promised and measured electricity.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from diwen.diagnosis.attribution.diagnosed_year import (
    DiagnosedYear,
    diagnosed_year,
    monthly_mean,
)
from diwen.diagnosis.attribution.energy_prices import EnergyPrices, energy_prices
from diwen.diagnosis.attribution.future_years import FutureYear, Present, future_years
from diwen.diagnosis.attribution.held_deviations import Held, held_findings
from diwen.diagnosis.attribution.plant_scenarios import PlantScenarios
from diwen.diagnosis.attribution.plant_year import HOUR, PlantYear
from diwen.diagnosis.attribution.waterfall import Part, Waterfall, waterfall
from diwen.diagnosis.attribution.weather_and_use import WeatherAndUse, weather_and_use
from diwen.language import Text
from diwen.problems import InputError
from diwen.twin.deviations import PARAMETERS

if TYPE_CHECKING:
    from diwen.diagnosis.finding import Case, Finding

KWH = 3.6e6
_NO_TWIN = Text(
    "the site cannot be simulated: {reason}; no cost of any deviation can be told",
    "项目无法模拟：{reason}；无法给出各偏差的代价",
)
_UNKNOWN_REASON = Text("its description is not complete", "项目描述不完整")
_NO_RECORD = Text("there is no record", "没有运行数据")
_PHASES = Text(
    "the station is built in phases: the twin takes the whole of it",
    "项目分期建设：数字孪生按全部建成计算",
)
_GROWTH = Text(
    "{name} grows: it is priced with its mean over the diagnosed year and held at its present "
    "level in the years to come",
    "{name} 逐渐增大：诊断年内按平均值计，未来年份按当前水平保持不变",
)
_IMPOSSIBLE = Text(
    "{name}: the twin cannot run with it ({reason}); it is not priced",
    "{name}：数字孪生在该偏差下无法运行（{reason}），未计费用",
)
_LINEAR = Text(
    "{name}: the uncertainty of its part is scaled from the part itself",
    "{name}：其分项不确定度由分项按比例估算",
)


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """What one deviation costs: as found less without it.

    Attributes
    ----------
    finding : it is about
    electricity, fuel : in the diagnosed year, J; below 0: it saves
    cost : CNY in the diagnosed year, None without a tariff
    emission : kg of carbon dioxide, nan where the factor is not known
    unmet : J of load that was not met for it
    uncomfortable : h
    electricity_deviation, cost_deviation : standard uncertainty (k = 1) by the interval of its
        value, if it is there
    expected, expected_deviation : J, weighted by its probability; the uncertainty holds both that
        of the value and whether it is there at all
    as_found, without : years to come, as it is and with this one put right today
    """

    finding: Finding
    electricity: float
    fuel: float
    cost: float | None
    emission: float
    unmet: float
    uncomfortable: float
    electricity_deviation: float
    cost_deviation: float | None
    expected: float
    expected_deviation: float
    as_found: tuple[FutureYear, ...]
    without: tuple[FutureYear, ...]

    @property
    def gain(self) -> float:
        """Electricity saved in the next year if it is put right today, J."""
        return self.as_found[0].electricity - self.without[0].electricity

    @property
    def cost_gain(self) -> float | None:
        """The same in CNY; None without a tariff."""
        found, without = self.as_found[0].cost, self.without[0].cost
        return None if found is None or without is None else found - without


@dataclass(frozen=True, eq=False)
class Attribution:
    """What the deviations of a plant cost.

    Attributes
    ----------
    counterfactuals : of each finding that is carried, the most probable first
    electricity, money : waterfalls, J and CNY; None without twin (without tariff)
    performance : heat and cold over electricity: ``promised``, ``reference`` (design plant under
        weather and use as they were), ``as_found``, ``measured``; nan where there is none
    as_found, all_right : years to come, as it is, and with all findings put right today
    year : what was measured
    use : factors of weather and use
    reference, found : the diagnosed year of the design plant and of the plant as found
    present : where the plant stands, for forecasts
    held : the findings as they are carried
    prices : of energy
    refused : why there is no attribution, or None
    notes : what was assumed
    """

    counterfactuals: tuple[Counterfactual, ...]
    electricity: Waterfall | None
    money: Waterfall | None
    performance: Mapping[str, float]
    as_found: tuple[FutureYear, ...]
    all_right: tuple[FutureYear, ...]
    year: DiagnosedYear | None
    use: WeatherAndUse | None
    reference: PlantYear | None
    found: PlantYear | None
    present: Present | None
    held: tuple[Held, ...]
    prices: EnergyPrices | None
    refused: Text | None
    notes: tuple[Text, ...]

    def of(self, parameter: str) -> Counterfactual | None:
        """The counterfactual of a parameter, None where it is not carried."""
        found = [one for one in self.counterfactuals if one.finding.parameter == parameter]
        return found[0] if found else None

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        from diwen.diagnosis.attribution.attribution_data import attribution_data

        return attribution_data(self)


def attribute(
    case: Case, findings: Sequence[Finding], progress: Callable[[float], None] | None = None
) -> Attribution:
    """What each finding costs.

    Parameters
    ----------
    case : with the inputs of the design twin
    findings : of the diagnosis; those below the threshold of the rules are not carried
    progress : called with the share that is done

    Returns
    -------
    Attribution : refused, with the reason, where the site cannot be simulated
    """
    if case.inputs is None or not len(case.record):
        return _refused(case)
    held, notes = held_findings(case.record, findings)
    return _Work(case, case.inputs, held, list(notes), progress).result()


class _Work:
    """The runs of one attribution, in their order."""

    def __init__(
        self,
        case: Case,
        inputs: Any,
        held: tuple[Held, ...],
        notes: list[Text],
        progress: Callable[[float], None] | None,
    ) -> None:
        self._case, self._notes = case, notes
        self._progress, self._done = progress, 0
        place = diagnosed_year(case, ())
        self._plant = PlantScenarios(case, place.begin, place.place)
        self._held = held = self._possible(held)
        self._all = [one.deviation for one in held]
        self._runs = 5 + 4 * len(held)
        self._design = self._run([], None)
        self._year = diagnosed_year(case, tuple(self._design.power))
        loaded, metered = self._plant.metered(self._all)
        self._step()
        self._use = weather_and_use(self._year, inputs, loaded, metered, case.weather_known)
        self._boundary = self._year.boundary or tuple(self._design.power)
        burns = frozenset(one.fuel for one in inputs.station.backups if one.fuel != "electricity")
        day = case.record.day[-1].astype("datetime64[D]").item()
        self._prices = energy_prices(case.site, day, burns)

    def result(self) -> Attribution:
        reference = self._run([], self._use)
        found = self._run(self._all, self._use) if self._held else reference
        present = Present(self._plant, self._use, tuple(self._all), found.state)
        as_found = future_years(present, self._all, self._prices)
        self._step()
        without = [self._run(self._others(one), self._use) for one in self._held]
        spreads = [self._spread(one, found, rest)
                   for one, rest in zip(self._held, without, strict=True)]  # fmt: skip
        costs = tuple(
            self._counterfactual(one, found, rest, spread, present, as_found)
            for one, rest, spread in zip(self._held, without, spreads, strict=True)
        )
        all_right = future_years(present, [], self._prices) if self._held else as_found
        electricity = self._electricity(reference, found, without, spreads)
        money = self._money(reference, found, without, spreads)
        self._say()
        if self._progress is not None:
            self._progress(1.0)
        return Attribution(
            costs, electricity, money, self._performance(reference, found), as_found, all_right,
            self._year, self._use, reference, found, present, self._held, self._prices, None,
            tuple(dict.fromkeys(self._notes)),
        )  # fmt: skip

    def _possible(self, held: tuple[Held, ...]) -> tuple[Held, ...]:
        """Those with which the twin can run, alone and together; the others are noted."""
        kept: list[Held] = []
        for one in held:
            deviations = [*(other.deviation for other in kept), one.deviation]
            try:
                for chosen in (deviations[-1:], deviations):
                    self._plant.check(chosen)
            except InputError as error:
                name, reason = PARAMETERS[one.parameter].text, error.problems[0].message
                self._notes.append(_IMPOSSIBLE.format(name=name, reason=reason))
            else:
                kept.append(one)
        return tuple(kept)

    def _run(self, deviations: Sequence[Any], use: WeatherAndUse | None) -> PlantYear:
        year = self._plant.year(deviations, use)
        self._step()
        return year

    def _step(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(min(self._done / self._runs, 1.0))

    def _others(self, one: Held) -> list[Any]:
        return [other.deviation for other in self._held if other is not one]

    def _spread(self, one: Held, found: PlantYear, without: PlantYear) -> tuple[float, float]:
        """Standard uncertainty of the part of a finding by that of its value: J, CNY."""
        value, sigma = one.deviation.value, one.uncertainty
        parameter = PARAMETERS[one.parameter]
        if not sigma > 0.0:
            return 0.0, 0.0
        ends = None if parameter.of_site is not None else self._ends(one)
        if ends is None:
            # A source would have to be built anew twice: the part is taken as proportional.
            self._notes.append(_LINEAR.format(name=parameter.text))
            share = sigma / max(abs(value - parameter.neutral), sigma)
            part = self._cost_of(found) - self._cost_of(without)
            return share * abs(self._of(found) - self._of(without)), share * abs(part)
        up, down = ends
        width = abs(one.at(value + sigma).value - one.at(value - sigma).value)
        half = sigma / width if width > 0.0 else 0.0
        return (
            half * abs(self._of(up) - self._of(down)),
            half * abs(self._cost_of(up) - self._cost_of(down)),
        )

    def _ends(self, one: Held) -> list[PlantYear] | None:
        """The year at the value plus and less its uncertainty; None where one cannot be run."""
        ends = [
            [*self._others(one), one.at(one.deviation.value + sign * one.uncertainty)]
            for sign in (1.0, -1.0)
        ]
        try:
            return [self._run(deviations, self._use) for deviations in ends]
        except InputError:
            return None

    def _of(self, year: PlantYear) -> float:
        """Electricity within the boundary, J."""
        return float(year.power_of(self._boundary).sum()) * HOUR

    def _cost_of(self, year: PlantYear) -> float:
        cost = self._prices.cost_of_power(year, year.power_of(self._boundary))
        return 0.0 if cost is None else cost

    def _counterfactual(
        self,
        one: Held,
        found: PlantYear,
        without: PlantYear,
        spread: tuple[float, float],
        present: Present,
        as_found: tuple[FutureYear, ...],
    ) -> Counterfactual:
        part = found.electricity - without.electricity
        probability = one.finding.probability
        costs = [self._prices.cost(year) for year in (found, without)]
        cost = None if costs[0] is None or costs[1] is None else costs[0] - costs[1]
        future = future_years(present, self._others(one), self._prices)
        self._step()
        return Counterfactual(
            one.finding, part, found.fuel_energy - without.fuel_energy, cost,
            self._prices.emission(found) - self._prices.emission(without),
            found.unmet_energy - without.unmet_energy,
            found.uncomfortable - without.uncomfortable,
            spread[0], None if cost is None else spread[1],
            probability * part, _mixed(probability, part, spread[0]), as_found, future,
        )  # fmt: skip

    def _electricity(
        self,
        reference: PlantYear,
        found: PlantYear,
        without: Sequence[PlantYear],
        spreads: Sequence[tuple[float, float]],
    ) -> Waterfall:
        parts = [
            self._part(one, self._of(found) - self._of(rest), spread[0])
            for one, rest, spread in zip(self._held, without, spreads, strict=True)
        ]
        mean = self._year.electricity
        measured = error = None
        if mean is not None:
            twin = found.monthly(found.power_of(self._boundary))
            measured = self._year.filled(mean, twin)
            error = mean.relative * measured
        return waterfall(
            self._of(self._design), self._of(reference), self._of(found), measured, parts,
            unit="J", measured_deviation=error or 0.0,
            use_deviation=self._heat_error() * self._of(reference),
            reason=self._year.no_electricity,
        )  # fmt: skip

    def _money(
        self,
        reference: PlantYear,
        found: PlantYear,
        without: Sequence[PlantYear],
        spreads: Sequence[tuple[float, float]],
    ) -> Waterfall | None:
        if self._prices.electricity is None:
            return None
        cost = self._cost_of
        parts = [
            self._part(one, cost(found) - cost(rest), spread[1])
            for one, rest, spread in zip(self._held, without, spreads, strict=True)
        ]
        measured = error = None
        year = self._year
        if year.electricity is not None and year.power is not None:
            price = self._prices.electricity
            paid = monthly_mean(year.power * price[year.hours], year.hours, 0.0)
            twin = found.monthly(found.power_of(self._boundary) * price[found.place])
            measured = year.filled(paid, twin)
            error = year.electricity.relative * measured
        return waterfall(
            cost(self._design), cost(reference), cost(found), measured, parts, unit="CNY",
            measured_deviation=error or 0.0,
            use_deviation=self._heat_error() * cost(reference), reason=year.no_electricity,
        )  # fmt: skip

    def _heat_error(self) -> float:
        """Standard uncertainty of heat and cold together, share: the twin's electricity has it."""
        sums = [(float(np.nansum(one.power)), one.relative) for one in self._year.heat.values()]
        total = sum(energy for energy, _ in sums)
        return math.hypot(*(energy * error for energy, error in sums)) / total if total else 0.0

    def _part(self, one: Held, value: float, spread: float) -> Part:
        deviation = _mixed(one.finding.probability, value, spread)
        return Part(one.parameter, PARAMETERS[one.parameter].text, value, deviation)

    def _performance(self, reference: PlantYear, found: PlantYear) -> dict[str, float]:
        """Heat and cold over electricity within the boundary."""
        ratios = {
            name: _ratio(year.useful, self._of(year))
            for name, year in (
                ("promised", self._design), ("reference", reference), ("as_found", found),
            )
        }  # fmt: skip
        mean, heat = self._year.electricity, self._year.heat
        ratios["measured"] = float("nan")
        if mean is not None and heat:
            known = np.isfinite(mean.power) & np.all(
                [np.isfinite(one.power) for one in heat.values()], axis=0
            )
            useful = sum(float(one.power[known].sum()) for one in heat.values())
            ratios["measured"] = _ratio(useful, float(mean.power[known].sum()))
        return ratios

    def _say(self) -> None:
        self._notes += [*self._year.notes, *self._use.notes, *self._prices.notes]
        for one in self._held:
            if one.deviation.grows:
                self._notes.append(_GROWTH.format(name=PARAMETERS[one.parameter].text))
        if self._case.site.phases:
            self._notes.append(_PHASES)


def _mixed(probability: float, part: float, spread: float) -> float:
    """Standard uncertainty of a part that is there with a probability (law of total variance)."""
    return math.sqrt(probability * spread**2 + probability * (1.0 - probability) * part**2)


def _ratio(useful: float, used: float) -> float:
    return useful / used if used > 0.0 else float("nan")


def _refused(case: Case) -> Attribution:
    reasons = case.without_twin or (_UNKNOWN_REASON,)
    reason = (
        _NO_RECORD
        if not len(case.record)
        else _NO_TWIN.format(
            reason=Text("; ".join(one.en for one in reasons), "；".join(one.zh for one in reasons))
        )
    )
    return Attribution(
        (), None, None, {}, (), (), None, None, None, None, None, (), None, reason, (reason,)
    )
