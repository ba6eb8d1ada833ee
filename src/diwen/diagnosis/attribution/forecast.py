"""The calibrated twin in 10 and 25 years, with bands.

What is not known is a small set of independent numbers: the value of each finding and whether it is
there at all; conductivity, borehole resistance and undisturbed temperature of the ground where they
were not estimated. The twin runs 25 years with each of them one standard uncertainty up and down
(and with each finding absent); the band comes from many draws of all of them, each draw the sum of
what its numbers do alone (a response surface without products: the same as drawing runs of the twin
where the effects add, at a small share of the time).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from diwen.diagnosis.attribution import source_uncertainty as change
from diwen.diagnosis.attribution.attribution_data import number
from diwen.diagnosis.attribution.future_years import (
    Present,
    electricity_of_years,
    inputs_from_now,
    yearly_courses,
)
from diwen.language import Text
from diwen.plant.station import AIR
from diwen.problems import InputError
from diwen.site.usual_values import usual_value
from diwen.twin.deviations import PARAMETERS, Deviation
from diwen.twin.deviations_plant import undisturbed_shift
from diwen.twin.phased_run import handed_over

if TYPE_CHECKING:
    from diwen.diagnosis.attribution.attribution import Attribution
    from diwen.diagnosis.attribution.held_deviations import Held
    from diwen.diagnosis.finding import Case, Finding, Floats
    from diwen.twin.deviations_plant import TwinInputs

YEARS = 25
_SEED = 20250101
_MOST_SIGMA = 2.5
Change = Callable[["TwinInputs"], "TwinInputs"]
_GROUND = Text(
    "not estimated, taken at their design with the usual uncertainty: {names}",
    "未估计，按设计值及常规不确定度计：{names}",
)
_GROWTH_HELD = Text("what grows is held at its present level", "逐渐增大的偏差按当前水平保持不变")
_SAME_YEARS = Text(
    "loads and weather repeat those of the diagnosed year", "负荷与气象重复诊断年的情况"
)
_NOT_MOVED = Text(
    "{name}: its spread is taken in proportion to its effect", "{name}：其离散按影响大小成比例估计"
)


@dataclass(frozen=True, eq=False)
class Band:
    """A quantity by year with the band of the rules (90 %), each shape (years,)."""

    low: Floats
    middle: Floats
    high: Floats

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            name: [number(float(value)) for value in getattr(self, name)]
            for name in ("low", "middle", "high")
        }


@dataclass(frozen=True, eq=False)
class ForecastCourse:
    """Years to come of one plant.

    Attributes
    ----------
    entering_low, entering_high : lowest and highest temperature of the water entering the units
        in each year, by source, °C
    performance : heat and cold over electricity
    unmet : share of the load that is not met
    beyond : probability that the entering water passes its limit, by source and year; only of
        sources with a limit in the site
    """

    entering_low: Mapping[str, Band]
    entering_high: Mapping[str, Band]
    performance: Band
    unmet: Band
    beyond: Mapping[str, Floats]

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "entering_low": {name: band.as_dict() for name, band in self.entering_low.items()},
            "entering_high": {name: band.as_dict() for name, band in self.entering_high.items()},
            "performance": self.performance.as_dict(),
            "unmet_share": self.unmet.as_dict(),
            "probability_beyond_limit": {
                name: [float(one) for one in values] for name, values in self.beyond.items()
            },
        }


@dataclass(frozen=True, eq=False)
class Forecast:
    """Years to come of the calibrated twin.

    Attributes
    ----------
    years : from now, 1 to 25, shape (years,)
    as_found, all_right : the plant as it is, and with all findings put right today
    uncertain : what the band holds, in words
    refused : why there is none, or None
    notes : what was assumed
    """

    years: Floats
    as_found: ForecastCourse | None
    all_right: ForecastCourse | None
    uncertain: tuple[Text, ...]
    refused: Text | None
    notes: tuple[Text, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "years": [int(one) for one in self.years],
            "as_found": None if self.as_found is None else self.as_found.as_dict(),
            "all_right": None if self.all_right is None else self.all_right.as_dict(),
            "uncertain": [{"en": one.en, "zh": one.zh} for one in self.uncertain],
            "refused": None if self.refused is None
            else {"en": self.refused.en, "zh": self.refused.zh},
            "notes": [{"en": one.en, "zh": one.zh} for one in self.notes],
        }  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Uncertain:
    """One number that is not known, and what it does to the outcome.

    Attributes
    ----------
    name : in words
    probability : that it is there at all
    up, down, absent : change of the outcome at +1 and −1 sigma and without it, shape (outcomes,)
    of_plant : whether it stays when all findings are put right (the ground)
    """

    name: Text
    probability: float
    up: Floats
    down: Floats
    absent: Floats
    of_plant: bool


def forecast(
    case: Case,
    findings: Sequence[Finding],
    years: int = YEARS,
    *,
    attribution: Attribution | None = None,
) -> Forecast:
    """Years to come with bands.

    Parameters
    ----------
    case, findings : as for :func:`.attribution.attribute`
    years : from now
    attribution : of the same case and findings, where it is there already
    """
    from diwen.diagnosis.attribution.attribution import attribute

    found = attribution if attribution is not None else attribute(case, findings)
    number_of = np.arange(1.0, years + 1.0)
    if found.present is None:
        return Forecast(number_of, None, None, (), found.refused, ())
    work = _Work(case, found.present, found.held, years)
    uncertain = work.uncertain()
    base = work.outcome(work.now)
    right = work.outcome(inputs_from_now(found.present, [], 0.0), []) if found.held else base
    draws = _draws(base, uncertain)
    put_right = _draws(right, [one for one in uncertain if one.of_plant])
    return Forecast(
        number_of, work.course(draws), work.course(put_right),
        tuple(one.name for one in uncertain), None,
        (_SAME_YEARS, *((_GROWTH_HELD,) if any(o.deviation.grows for o in found.held) else ()),
         *work.notes),
    )  # fmt: skip


class _Work:
    """Runs of one forecast."""

    def __init__(self, case: Case, present: Present, held: tuple[Held, ...], years: int) -> None:
        self._case, self._present, self._held, self._years = case, present, held, years
        self.now = present.inputs_now()
        self.notes: list[Text] = []
        self._sources = [name for name in self.now.sources if name != AIR]

    def outcome(
        self,
        inputs: TwinInputs,
        deviations: Sequence[Deviation] | None = None,
        moved: Change | None = None,
    ) -> Floats:
        """Entering temperatures (low, high) by source, performance and unmet share, by year.

        Returns
        -------
        shape (2 · sources + 2, years)
        """
        stay = list(self._present.deviations) if deviations is None else list(deviations)
        steady = all(PARAMETERS[one.parameter].over_years is None for one in stay)
        before, state = self.now, self._present.state
        pieces: list[Floats] = []
        for begin, years in [(0, self._years)] if steady else _steps(self._years):
            part = inputs if steady else inputs_from_now(self._present, stay, begin + 0.5 * years)
            part = part if moved is None else moved(part)
            run = yearly_courses(part, handed_over(state, before, part), years)
            before, state = part, run.state
            pieces.append(self._rows(part, run))
        return np.concatenate(pieces, axis=1)

    def _rows(self, inputs: TwinInputs, run: Any) -> Floats:
        rows = [run.extremes[name][:, side] for name in self._sources for side in (0, 1)]
        loops = [loop.name for loop in inputs.station.load_loops]
        asked = sum(run.year_sums(f"loop.{name}.load") for name in loops)
        useful = sum(run.year_sums(f"loop.{name}.delivered") for name in loops)
        unmet = sum(run.year_sums(f"loop.{name}.unmet") for name in loops)
        used = electricity_of_years(inputs, run)
        with np.errstate(invalid="ignore", divide="ignore"):
            table = np.array([*rows, useful / used, unmet / np.maximum(asked, 1.0)])
        return np.where(np.isfinite(table), table, np.nan)

    def uncertain(self) -> list[_Uncertain]:
        """Findings and the ground."""
        base = self.outcome(self.now)
        found = [self._of_finding(one, base) for one in self._held]
        return found + self._of_ground(base)

    def _of_finding(self, one: Held, base: Floats) -> _Uncertain:
        others = [other.deviation for other in self._held if other is not one]
        name = PARAMETERS[one.parameter].text
        absent = self.outcome(inputs_from_now(self._present, others, 0.0), others) - base
        ends = []
        for sign in (1.0, -1.0):
            end = self._at(one, others, sign)
            if end is None:
                neutral = PARAMETERS[one.parameter].neutral
                size = max(abs(one.deviation.value - neutral), one.uncertainty, 1e-12)
                ends.append(-sign * np.sign(one.deviation.value - neutral) * absent
                            * one.uncertainty / size)  # fmt: skip
                if sign > 0.0:
                    self.notes.append(_NOT_MOVED.format(name=name))
            else:
                ends.append(end - base)
        return _Uncertain(name, one.finding.probability, ends[0], ends[1], absent, False)

    def _at(self, one: Held, others: list[Deviation], sign: float) -> Floats | None:
        """The outcome at the value plus or less its uncertainty; None where it takes too long."""
        if not one.uncertainty > 0.0:
            return self.outcome(self.now)
        if PARAMETERS[one.parameter].of_site is not None:
            return None
        moved = [*others, one.at(one.deviation.value + sign * one.uncertainty)]
        try:
            return self.outcome(inputs_from_now(self._present, moved, 0.0), moved)
        except InputError:
            return None

    def _of_ground(self, base: Floats) -> list[_Uncertain]:
        """What was not estimated of the ground, at its prior."""
        estimated = {one.parameter for one in self._held}
        found, names = [], []
        for parameter, name, changed in self._ground_changes():
            if parameter in estimated:
                continue
            up, down = (self.outcome(self.now, moved=changed(sign)) - base for sign in (1.0, -1.0))
            found.append(_Uncertain(name, 1.0, up, down, np.zeros_like(base), True))
            names.append(name)
        if names:
            joined = Text(
                ", ".join(name.en for name in names), "、".join(name.zh for name in names)
            )
            self.notes.append(_GROUND.format(names=joined))
        return found

    def _ground_changes(self) -> list[tuple[str, Text, Callable[[float], Change]]]:
        fields = [m for m in self.now.sources.values() if m.kind == change.BOREFIELD]
        found: list[tuple[str, Text, Callable[[float], Change]]] = []
        if fields:
            conductivity = usual_value("diagnosis.forecast.conductivity")
            share = usual_value("diagnosis.forecast.resistance")
            added = change.field_resistances(self._case.site, self.now)
            found += [
                ("ground_conductivity", PARAMETERS["ground_conductivity"].text,
                 lambda sign: lambda one: change.with_conductivity(
                     one, 1.0 + sign * conductivity, added)),
                ("borehole_resistance", PARAMETERS["borehole_resistance"].text,
                 lambda sign: lambda one: change.with_borehole_resistance(
                     one, {name: sign * share * value for name, value in added.items()})),
            ]  # fmt: skip
        if len(fields) < len(self.now.sources):
            other = usual_value("diagnosis.forecast.other_source")
            found.append((
                "", Text("temperature answer of the source", "热源温度响应"),
                lambda sign: lambda one: change.with_other_answer(one, 1.0 + sign * other),
            ))  # fmt: skip
        if self.now.sources:
            shift = usual_value("diagnosis.forecast.undisturbed")
            found.append((
                "undisturbed_temperature", PARAMETERS["undisturbed_temperature"].text,
                lambda sign: lambda one: undisturbed_shift(one, sign * shift),
            ))  # fmt: skip
        return found

    def course(self, draws: Floats) -> ForecastCourse:
        """Bands of draws, shape (draws, outcomes, years)."""
        low, high, beyond = {}, {}, {}
        for place, name in enumerate(self._sources):
            ends = draws[:, 2 * place], draws[:, 2 * place + 1]
            low[name], high[name] = _band(ends[0]), _band(ends[1])
            source = self._case.site.sources.get(name)
            least = getattr(source, "minimum_entering_temperature", None)
            most = getattr(source, "maximum_leaving_temperature", None)
            passed = np.zeros(ends[0].shape, bool)
            if least is not None:
                passed |= ends[0] < least
            if most is not None:
                passed |= ends[1] > most
            if least is not None or most is not None:
                beyond[name] = passed.mean(axis=0)
        unmet = np.clip(draws[:, -1], 0.0, 1.0)
        return ForecastCourse(low, high, _band(draws[:, -2]), _band(unmet), beyond)


def _steps(years: int) -> list[tuple[int, int]]:
    """Years in which a rate that goes on is taken at one value."""
    return [(year, 1) for year in range(years)]


def _draws(base: Floats, uncertain: Sequence[_Uncertain]) -> Floats:
    """Outcomes of many draws, shape (draws, outcomes, years); the same at every call."""
    count = int(usual_value("diagnosis.forecast.draws"))
    random = np.random.default_rng(_SEED)
    total = np.repeat(base[None], count, axis=0)
    for one in uncertain:
        size = np.clip(random.standard_normal(count), -_MOST_SIGMA, _MOST_SIGMA)[:, None, None]
        there = (random.random(count) < one.probability)[:, None, None]
        line, bend = 0.5 * (one.up - one.down), 0.5 * (one.up + one.down)
        total += np.where(there, line * size + bend * size**2, one.absent)
    return total


def _band(values: Floats) -> Band:
    """The band of the rules, nan and infinite values (a source that stands still) left out."""
    outside = 0.5 * (1.0 - usual_value("diagnosis.forecast.band"))
    known = np.where(np.isfinite(values), values, np.nan)
    if not np.isfinite(known).any():
        empty = np.full(values.shape[1], np.nan)
        return Band(empty, empty, empty)
    low, middle, high = np.nanquantile(known, (outside, 0.5, 1.0 - outside), axis=0)
    return Band(low, middle, high)
