"""A year of a plant on bore fields whose zones take turns.

The plant takes heat by the temperature it finds, and the zones in use have a temperature by the
heat they gave: the year is run on the temperatures of the heat of the pass before until both agree.
As the heat of the step itself stands in a resistance, only the steps before feed back, and the
passes settle from the first step on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from diwen.language import Text
from diwen.sources.response.source_model import SourceModel
from diwen.twin.zone_rotation import Flags, ZonedField, carried_zones
from diwen.twin.zone_rotation_turns import ZoneTurns, turns_of_site

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.twin.run import TwinRun

Floats = NDArray[np.float64]
_SETTLED = 0.01
_PASSES = 12
_UNSETTLED = Text(
    "{name}: taking turns of the zones did not settle: its last pass changed temperatures by "
    "{change} K; what depends on them is uncertain",
    "{name}：分区轮换迭代未收敛（末次温度变化 {change} K），相关结果不确定",
)
_CHANGED = Text(
    "{name}: turns of the zones change the water entering the units by {low} to {high} K while "
    "the plant draws on it, beside all zones in use",
    "{name}：与全部分区投用相比，分区轮换使进机组水温变化 {low}～{high} K（运行时）",
)


class YearPlace(NamedTuple):
    """Where a year of a run stands.

    Attributes
    ----------
    days : local date of each step, ``datetime64[D]``, shape (n,)
    place : of its first step in the period of the loads
    period : steps of the loads
    step : s
    """

    days: NDArray[np.datetime64]
    place: int
    period: int
    step: float


@dataclass(eq=False)
class _Field:
    """One field with what its zones have seen."""

    turns: ZoneTurns
    zones: ZonedField
    state: Floats
    shift: Floats
    low: float = np.inf
    high: float = -np.inf
    change: float = 0.0
    worst: float = 0.0


class RotatingZones:
    """The bore fields of a run whose zones take turns, year after year.

    Parameters
    ----------
    begin : first day of the run
    """

    def __init__(self, begin: date) -> None:
        self._begin = begin
        self._fields: dict[str, _Field] = {}
        self._stretch: object = None

    def enter(self, site: Site, sources: Mapping[str, SourceModel], stretch: object) -> None:
        """Take over the plant of a year.

        Parameters
        ----------
        site : of this year
        sources : that its plant draws on
        stretch : equal in years of the same site: the zones are built once for all of them
        """
        if self._stretch == stretch:
            return
        self._stretch = stretch
        found = {}
        for name in sources:
            turns = turns_of_site(site, name)
            if turns is None or not turns.turning:
                continue
            zones = _zoned(site, name)
            before = self._fields.get(name)
            if before is None:
                found[name] = _Field(turns, zones, zones.at_rest(), np.zeros(1))
            else:
                state = carried_zones(before.state, before.zones.response, zones.response)
                found[name] = replace(before, turns=turns, zones=zones, state=state)
        self._fields = found

    def year(
        self,
        run: Callable[[Mapping[str, SourceModel]], TwinRun],
        sources: Mapping[str, SourceModel],
        at: YearPlace,
    ) -> TwinRun:
        """One year of the plant.

        Parameters
        ----------
        run : the plant on given sources through the steps of the year, always from the same state
        sources : as the plant without turns draws on
        at : where the year stands
        """
        if not self._fields:
            return run(sources)
        active = {name: one.turns.active(at.days, self._begin)
                  for name, one in self._fields.items()}  # fmt: skip
        extra = {name: one.zones.resistance(active[name], at.step)
                 for name, one in self._fields.items()}  # fmt: skip
        for one in self._fields.values():
            if one.shift.shape != (len(at.days),):  # a piece of another length begins anew
                one.shift = np.zeros(1)
        for _ in range(_PASSES):
            models = dict(sources)
            for name, one in self._fields.items():
                models[name] = _shifted(sources[name], one.shift, extra[name], at)
            found = run(models)
            courses = {name: self._pass(name, found, active[name], extra[name], at.step)
                       for name in self._fields}  # fmt: skip
            if max(one.change for one in self._fields.values()) < _SETTLED:
                break
        for name, (state, more) in courses.items():
            self._keep(name, state, more, found)
        return found

    def notes(self) -> tuple[Text, ...]:
        """What was assumed, and what turns of the zones changed."""
        found: list[Text] = []
        for one in self._fields.values():
            found += one.turns.notes
            if np.isfinite(one.low):
                found.append(_CHANGED.format(
                    name=one.turns.source, low=f"{one.low:+.2f}", high=f"{one.high:+.2f}",
                ))  # fmt: skip
            if one.worst >= _SETTLED:
                change = f"{one.worst:.2g}"
                found.append(_UNSETTLED.format(name=one.turns.source, change=change))
        return tuple(found)

    def without_rest(self, notes: Sequence[Text]) -> tuple[Text, ...]:
        """Notes without those that say that turns of the zones are not seen: here they are."""
        from diwen.site.borefield_source import ALIKE
        from diwen.site.station_builder import rotation_note

        seen = {rotation_note(name) for name in self._fields}
        alike = {ALIKE} if self._fields else set()
        return tuple(note for note in notes if note not in seen | alike)

    def changed(self) -> dict[str, tuple[float, float]]:
        """Lowest and highest change of the entering temperature of each field so far, K."""
        return {name: (one.low, one.high) for name, one in self._fields.items()}

    def _pass(
        self, name: str, run: TwinRun, active: Flags, extra: Floats, step: float
    ) -> tuple[Floats, Floats]:
        """Put the heat of a pass on the zones; their state after it, and their drop beyond."""
        one = self._fields[name]
        heat = run.course.sources[name].heat
        found = one.zones.drops(heat, active, step, one.state)
        shift = extra * heat - found.more
        one.change = float(np.abs(shift - one.shift).max())
        one.shift = shift
        return found.state, found.more

    def _keep(self, name: str, state: Floats, more: Floats, run: TwinRun) -> None:
        one, course = self._fields[name], run.course.sources[name]
        one.state, one.worst = state, max(one.worst, one.change)
        running = (course.flow_share > 0.0) & (course.heat != 0.0)
        if running.any():
            one.low = min(one.low, float(-more[running].max()))
            one.high = max(one.high, float(-more[running].min()))


def _shifted(model: SourceModel, shift: Floats, extra: Floats, at: YearPlace) -> SourceModel:
    """A source with a shift of its temperature and a resistance more in the steps of one year."""
    steps = (at.place + np.arange(len(extra))) % at.period
    rest = np.broadcast_to(np.asarray(model.undisturbed_temperature, float), at.period).copy()
    more = np.broadcast_to(np.asarray(model.resistance, float), at.period).copy()
    rest[steps] += shift
    more[steps] += extra
    return replace(model, undisturbed_temperature=rest, resistance=more)


def _zoned(site: Site, source: str) -> ZonedField:
    from diwen.site.closed_loops import closed_loop

    loop = closed_loop(site, source).loop
    return ZonedField(loop.response(), loop.lengths)
