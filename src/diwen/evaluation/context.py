"""What every family of indicators is given: the site, its records, the period and the rules.

Series are read once per evaluation. The context also remembers what families compute for each
other (``context.once``), so that the heat of a unit is integrated once however many indicators
need it.

Other modules of this room that work on a context:

``increments``  records as increments over time intervals; clipping, masks, common coverage
``energy``      ``measured(context, point)``: one meter or power as `Increments`
``heat``        ``heat(context, meter)``: heat of a circuit as `Increments` with uncertainty
``plant``       ``electricity(context, equipment)``: exact cover of meters; ``unit_heat``
``ratios``      ``delivered(context, mode, units)``, ratios over common time
``operation``   ``mode_spans``, ``running_spans``: when the plant heats, when a unit runs
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

from diwen.language import Text, same

if TYPE_CHECKING:
    from diwen.evaluation.period import Period
    from diwen.rules import RulesOn
    from diwen.site import Point, Site
    from diwen.telemetry import Series, Store

_T = TypeVar("_T")

# Records this far outside the period are read too, so that an interval across its edge is cut,
# not lost. It is the gap rule of the house: a longer gap is not bridged anyway.
MARGIN = timedelta(hours=1)
# How long a silent state is believed (engineering default); one reported on change holds until
# its next record.
STATE_MARGIN = timedelta(days=31)


@dataclass(frozen=True)
class Context:
    """One evaluation in the making.

    Attributes
    ----------
    site : the site folder, read
    store : its records
    period : what is evaluated
    rules : the rules that hold at the end of the period in the site's region
    """

    site: Site
    store: Store
    period: Period
    rules: RulesOn
    _memory: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def points(
        self,
        quantity: str | None = None,
        location: str | None = None,
        equipment: str | None = None,
    ) -> list[Point]:
        """Points of the site, narrowed by quantity, location and covered equipment.

        Parameters
        ----------
        quantity : key of ``diwen.quantities.QUANTITIES``
        location : word of the location vocabulary, without ``@`` detail
        equipment : an equipment id (or ``site``) that the point's ``equipment`` must contain
        """
        return [
            point
            for point in self.site.points
            if (quantity is None or point.quantity == quantity)
            and (location is None or point.location == location)
            and (equipment is None or equipment in point.equipment)
        ]

    def series(self, point: str) -> Series:
        """Usable records of a point within the period, values in the inside unit."""
        padded = self.padded_series(point)
        edges = (self.period.start_us, self.period.end_us)
        first, last = (int(place) for place in padded.time.searchsorted(edges))
        return replace(
            padded,
            time=padded.time[first:last],
            value=padded.value[first:last],
            quality=padded.quality[first:last],
        )

    def padded_series(self, point: str) -> Series:
        """Usable records of a point in the period and a little before and after it.

        One hour (or two of its intervals), so that an interval across the edge of the period is
        cut and not lost. A reading by hand holds until the next one and a state until it changes:
        the former is read from its first record on, the latter from its last record before the
        period, however long ago that was. A state that should come at an interval, or is never
        heard of again, is believed for a month.
        """
        return self.once(("padded", point), lambda: self._padded(point))

    def _padded(self, id: str) -> Series:
        point = self.site.point(id)
        margin = max(MARGIN, timedelta(seconds=2.0 * (point.interval or 0.0)))
        start: datetime | None = self.period.start - margin
        if point.origin == "manual":
            start = None
        elif point.kind == "state":
            start = self._last_word(point, margin)
        return self.store.series(id, start, self.period.end + margin).usable()

    def _last_word(self, point: Point, margin: timedelta) -> datetime:
        """From when a state is read, so that its last record before the period is among them.

        Looks back in steps that double, so that a state of every minute is not read for years.
        """
        start = self.period.start
        span = self.store.span(point.id)
        if span is None or span[0] >= start:
            return start - margin
        earliest = span[0]
        if point.interval is not None or span[1] < start:
            earliest = max(earliest, start - STATE_MARGIN)
        while start - margin > earliest:
            if len(self.store.series(point.id, start - margin, start).usable()):
                return start - margin
            margin *= 2
        return earliest

    def once(self, key: Hashable, compute: Callable[[], _T]) -> _T:
        """The value of that key, computed at the first call and remembered."""
        if key not in self._memory:
            self._memory[key] = compute()
        return cast(_T, self._memory[key])

    def name_of(self, equipment: str) -> Text:
        """The name of a piece of equipment, or its id where it has none."""
        table = self.site.equipment().get(equipment)
        models = getattr(self.site, table, None) if table else None
        model = models.get(equipment) if isinstance(models, dict) else None
        return same(getattr(model, "name", "") or equipment)


def rule_date(period: Period) -> date:
    """The day whose rules judge a period: its last local day, but no later than today."""
    last = (period.end - timedelta(microseconds=1)).astimezone(period.zone).date()
    return min(last, datetime.now(UTC).astimezone(period.zone).date())
