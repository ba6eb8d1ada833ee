"""Which periods have data, so that nobody has to guess one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation import Period
    from diwen.site import Site
    from diwen.telemetry import Store

# Days of data below which a season, a quarter or a year is not proposed first.
_ENOUGH = {"heating": 45.0, "cooling": 45.0, "year": 300.0}
_GROUPS = (
    ("all", Text("Everything stored", "全部数据")),
    ("season", Text("Seasons", "供暖季与供冷季")),
    ("year", Text("Years", "年度")),
    ("month", Text("Months", "月度")),
)
_NAMES = {
    "heating": Text("heating season {year}/{next}", "{year}–{next} 供暖季"),
    "cooling": Text("cooling season {year}", "{year} 年供冷季"),
    "year": Text("{year}", "{year} 年"),
    "month": Text("{year}-{month:02d}", "{year} 年 {month} 月"),
    "day": Text("all: {first}", "全部：{first}"),
    "all": Text("all: {first} to {last}", "全部：{first} 至 {last}"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A period that can be chosen: its label for the machine, its name for people."""

    label: str
    name: Text
    period: Period


@dataclass(frozen=True, slots=True)
class Group:
    """Periods of one kind, latest first."""

    name: Text
    choices: tuple[Choice, ...]


def with_data(site: Site, store: Store) -> tuple[Group, ...]:
    """The periods in which the store holds records, by kind; empty for an empty store."""
    span = store.span()
    if span is None:
        return ()
    months = _months(store)
    found: dict[str, list[Choice]] = {key: [] for key, _ in _GROUPS}
    found["all"].append(_choice("all", site, span))
    years = sorted({month.year for month in months}, reverse=True)
    for year in years:
        found["year"].append(_choice(str(year), site, span))
    for year in sorted({*years, *(year - 1 for year in years)}, reverse=True):
        for season in ("heating", "cooling"):
            if getattr(site.operation, f"{season}_season", None):
                choice = _choice(f"{year}-{season}", site, span)
                if _holds(choice.period, months, span):
                    found["season"].append(choice)
    for month in sorted(months, reverse=True):
        choice = _choice(f"{month:%Y-%m}", site, span)
        if _holds(choice.period, months, span):
            found["month"].append(choice)
    found["season"].sort(key=lambda choice: choice.period.start, reverse=True)
    return tuple(Group(name, tuple(found[key])) for key, name in _GROUPS if found[key])


def preferred(groups: tuple[Group, ...], store: Store) -> str | None:
    """The period shown first: the latest season, else year, else month that is well filled.

    A season counts once it holds 45 days of data (engineering choice); data shorter than that
    are shown whole.
    """
    span = store.span()
    if span is None or not groups:
        return None
    choices = [choice for group in groups for choice in group.choices]
    for kinds in (("heating", "cooling"), ("year",)):
        for choice in choices:
            kind = choice.period.kind
            if kind in kinds and _overlap(choice.period, span) >= _ENOUGH[kind]:
                return choice.label
    if (span[1] - span[0]) > timedelta(days=_ENOUGH["heating"]):
        return next((c.label for c in choices if c.period.kind == "month"), "all")
    return "all"


def find(site: Site, store: Store, label: str) -> Period:
    """The period of a label a visitor asked for.

    Raises
    ------
    InputError : not a period, or no such season at this site
    """
    return _parse(site, label, store.span())


def _months(store: Store) -> set[date]:
    """First days of the calendar months (UTC) that have a part, and their neighbours' edges."""
    return {date.fromisoformat(f"{month}-01") for month in store.manifest.months()}


def _holds(period: Period, months: set[date], span: tuple) -> bool:
    """Whether some month with records touches the period."""
    if period.end <= span[0] or period.start > span[1]:
        return False
    return any(
        period.start.date() < (month + timedelta(days=32)).replace(day=1)
        and month < period.end.date() + timedelta(days=1)
        for month in months
    )


def _overlap(period: Period, span: tuple) -> float:
    return (min(period.end, span[1]) - max(period.start, span[0])).total_seconds() / 86400


def _choice(label: str, site: Site, span: tuple) -> Choice:
    period = _parse(site, label, span)
    first = period.start.astimezone(period.zone)
    last = (period.end - timedelta(microseconds=1)).astimezone(period.zone)
    kind = "day" if period.kind == "all" and first.date() == last.date() else period.kind
    name = _NAMES[kind].format(
        year=first.year,
        next=f"{last.year % 100:02d}" if last.year != first.year else first.year,
        month=first.month,
        first=first.date(),
        last=last.date(),
    )
    return Choice(label, name, period)


def _parse(site: Site, label: str, span: tuple | None) -> Period:
    from diwen.evaluation import parse

    return parse(
        label,
        site.place.time_zone,
        heating_season=site.operation.heating_season,
        cooling_season=site.operation.cooling_season,
        span=span,
    )
