"""Flags of a whole month: every point of the site, seen together with the week around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from diwen.telemetry import quality, records
from diwen.telemetry.crosscheck import contradictions
from diwen.telemetry.records import Records
from diwen.telemetry.running import Running, running, together
from diwen.telemetry.thresholds import Thresholds

if TYPE_CHECKING:
    from diwen.site import Point, Site

Month = Mapping[str, Records]


class Judge:
    """The rules of a site, ready to be applied month by month."""

    def __init__(self, site: Site, thresholds: Thresholds) -> None:
        self._points: dict[str, Point] = {point.id: point for point in site.points}
        self._thresholds = thresholds
        self.context = thresholds.context
        self._zone = ZoneInfo(site.place.time_zone)

    def month(
        self,
        month: str,
        content: Callable[[str], Month],
        has_earlier: Callable[[str, int], bool],
    ) -> dict[str, NDArray[np.int8]]:
        """The flags of every record of a month.

        Parameters
        ----------
        month : ``2018-12``
        content : gives the records of all points of a month (the neighbours are asked for too)
        has_earlier : whether there is a record of a point before an instant

        Returns
        -------
        flags per point id, (n,) each
        """
        here = content(month)
        first, last = records.month_start(month), records.month_end(month)
        before = content(records.next_month(month, -1))
        after = content(records.next_month(month))
        window, lead = {}, {}
        for id in here.keys() | before.keys() | after.keys():
            if id not in self._points:
                continue
            head = (
                before[id].between(first - self.context, first) if id in before else records.empty()
            )
            tail = after[id].between(last, last + self.context) if id in after else records.empty()
            middle = here.get(id, records.empty())
            window[id], lead[id] = records.joined((head, middle, tail)), len(head)
        ran = self._running(window)
        objections = contradictions(self._points, window, ran, self._thresholds)
        flags = {}
        for id, own in here.items():
            point = self._points.get(id)
            if point is None:  # no longer in points.csv: kept as it is
                flags[id] = own.quality
                continue
            judged = quality.judge(
                point,
                window[id],
                has_earlier=has_earlier(id, int(window[id].time[0])),
                running=together([r for e in point.equipment if (r := ran[e]) is not None]),
                contradicted=objections.get(id),
                zone=self._zone,
                thresholds=self._thresholds,
            )
            flags[id] = judged[lead[id] : lead[id] + len(own)]
        return flags

    def _running(self, window: Month) -> dict[str, Running | None]:
        equipment = {id for point in self._points.values() for id in point.equipment}
        return {id: running(id, self._points, window, self._thresholds) for id in sorted(equipment)}
