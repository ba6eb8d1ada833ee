"""The period of an evaluation, said in a short text and understood in the site's local time.

``2018`` · ``2018-Q4`` · ``2018-12`` · ``2018-heating`` · ``2018-cooling`` (the season that starts
in 2018) · ``2018-12-01..2018-12-15`` (both days included) · ``all`` (everything stored).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from diwen.language import Text
from diwen.problems import InputError, Problem

# Years in which a measurement can lie; the same as for the times of a delivery.
_YEARS = range(1900, 2200)
_NO_YEAR = Text("the year is not between 1900 and 2199", "年份不在 1900 至 2199 之间")

if TYPE_CHECKING:
    from diwen.site.seasons import Season

Kind = Literal["year", "quarter", "month", "heating", "cooling", "days", "all", "undated"]

_FORMS = Text(
    "2018, 2018-Q4, 2018-12, 2018-heating, 2018-cooling, 2018-12-01..2018-12-15 or all",
    "2018、2018-Q4、2018-12、2018-heating（供暖季）、2018-cooling（供冷季）、"
    "2018-12-01..2018-12-15 或 all（全部）",
)
# Seasons carry the year in which they begin.
_SPOKEN = {
    "heating": Text("{label}", "{year} 年度供暖季"),
    "cooling": Text("{label}", "{year} 年供冷季"),
}
_UNDATED = Text("tables without dates, judged on {day}", "无日期的表格，按 {day} 有效的规则判定")
_CURE = Text("write the period in one of the allowed forms", "按允许的写法填写评价周期")


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time with its name.

    Attributes
    ----------
    label : the text it was asked for with
    kind : which of the forms it is; ``undated`` for tables that belong to no day
    start, end : UTC; the end is not included
    time_zone : IANA name of the site's zone, in which days and months are counted
    """

    label: str
    kind: Kind
    start: datetime
    end: datetime
    time_zone: str

    @property
    def zone(self) -> ZoneInfo:
        """The site's zone."""
        return ZoneInfo(self.time_zone)

    @property
    def start_us(self) -> int:
        """Start, microseconds since 1970 UTC."""
        return microseconds(self.start)

    @property
    def end_us(self) -> int:
        """End, microseconds since 1970 UTC."""
        return microseconds(self.end)

    @property
    def seconds(self) -> float:
        """Length, s."""
        return (self.end - self.start).total_seconds()

    @property
    def days(self) -> float:
        """Length, days of 24 h."""
        return self.seconds / 86400.0

    @property
    def text(self) -> Text:
        """The period in words, with its first and last local day."""
        first = self.start.astimezone(self.zone).date()
        last = (self.end - timedelta(microseconds=1)).astimezone(self.zone).date()
        if self.kind == "undated":
            return _UNDATED.format(day=first)
        label = _SPOKEN.get(self.kind, Text("{label}", "{label}"))
        return Text("{name} ({first} to {last})", "{name}（{first} 至 {last}）").format(
            name=label.format(label=self.label, year=self.label[:4]), first=first, last=last
        )

    def local_days(self) -> Iterator[tuple[date, int, int]]:
        """Each local calendar day with its start and end in microseconds UTC.

        Days of clock changes have 23 or 25 h; the first and last may be cut by the period.
        """
        day = self.start.astimezone(self.zone).date()
        while (begin := _midnight(day, self.zone)) < self.end:
            following = day + timedelta(days=1)
            end = min(_midnight(following, self.zone), self.end)
            yield day, microseconds(max(begin, self.start)), microseconds(end)
            day = following

    def months(self) -> Iterator[Period]:
        """The local calendar months in the period; the first and last may be cut by it."""
        local = self.start.astimezone(self.zone).date()
        month = local.replace(day=1)
        while (begin := _midnight(month, self.zone)) < self.end:
            following = _next_month(month)
            yield Period(
                f"{month:%Y-%m}",
                "month",
                max(begin, self.start),
                min(_midnight(following, self.zone), self.end),
                self.time_zone,
            )
            month = following

    def covers(self, other: Period) -> bool:
        """Whether the other period lies wholly inside this one."""
        return self.start <= other.start and other.end <= self.end

    def as_dict(self) -> dict[str, Any]:
        """The period as plain data."""
        return {
            "label": self.label,
            "kind": self.kind,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "time_zone": self.time_zone,
        }


def parse(
    text: str,
    time_zone: str,
    *,
    heating_season: Season | None = None,
    cooling_season: Season | None = None,
    span: tuple[datetime, datetime] | None = None,
) -> Period:
    """Understand a period text.

    Parameters
    ----------
    text : one of the forms named at the top of this module
    time_zone : IANA name of the site's zone
    heating_season, cooling_season : of the site, None where it has none
    span : first and last stored record, needed for ``all``

    Raises
    ------
    diwen.problems.InputError : not a period, no such season at this site, or nothing stored
    """
    asked = text.strip()
    zone = ZoneInfo(time_zone)
    if asked.lower() == "all":
        if span is None:
            raise _problem(asked, Text("nothing is stored yet", "尚无任何存储数据"))
        # The end is not included, so the last record needs one more microsecond.
        return Period(asked, "all", span[0], span[1] + timedelta(microseconds=1), time_zone)
    if any(int(year) not in _YEARS for year in re.findall(r"(?:^|\.\.)\s*(\d{4})", asked)):
        raise _problem(asked, _NO_YEAR)
    season = re.fullmatch(r"(\d{4})-(heating|cooling)", asked)
    if season:
        rule = heating_season if season[2] == "heating" else cooling_season
        if rule is None:
            raise _problem(
                asked,
                Text(f"the site has no {season[2]} season", "项目未定义该季节的起止日期"),
                Text(
                    f"give operation.{season[2]}_season in site.toml",
                    f"在 site.toml 中填写 operation.{season[2]}_season",
                ),
            )
        return season_period(int(season[1]), season[2], rule, time_zone)
    try:
        kind, first, after = _dates(asked)
    except ValueError as error:
        raise _problem(asked, Text("is not a period", "不是有效的评价周期")) from error
    return Period(asked, kind, _midnight(first, zone), _midnight(after, zone), time_zone)


def season_period(year: int, which: str, season: Season, time_zone: str) -> Period:
    """The heating or cooling season that starts in a year; it may run over the turn of the year.

    Parameters
    ----------
    year : of the first day
    which : ``heating`` or ``cooling``
    season : first and last day, both included
    time_zone : IANA name
    """
    first, last = season.span(year)
    zone = ZoneInfo(time_zone)
    return Period(
        f"{year}-{which}",
        "heating" if which == "heating" else "cooling",
        _midnight(first, zone),
        _midnight(last + timedelta(days=1), zone),
        time_zone,
    )


def _dates(text: str) -> tuple[Kind, date, date]:
    """Kind, first day and the day after the last one."""
    if match := re.fullmatch(r"(\d{4})", text):
        year = int(match[1])
        return "year", date(year, 1, 1), date(year + 1, 1, 1)
    if match := re.fullmatch(r"(\d{4})-[Qq]([1-4])", text):
        first = date(int(match[1]), 3 * int(match[2]) - 2, 1)
        return "quarter", first, _next_month(_next_month(_next_month(first)))
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        first = date(int(match[1]), int(match[2]), 1)
        return "month", first, _next_month(first)
    one, separator, other = text.partition("..")
    first = date.fromisoformat(one.strip())
    last = date.fromisoformat(other.strip()) if separator else first
    if last < first:
        raise ValueError(text)
    return "days", first, last + timedelta(days=1)


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def microseconds(moment: datetime) -> int:
    """A time as microseconds since 1970 UTC, exact."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _problem(value: str, message: Text, cure: Text = _CURE) -> InputError:
    return InputError([Problem("--period", "period", message, cure, value, _FORMS)])
