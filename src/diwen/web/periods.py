"""Which periods have data, so that nobody has to guess one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.problems import InputError

if TYPE_CHECKING:
    from diwen.evaluation import Period
    from diwen.site import Site
    from diwen.telemetry import Store

# Days of data below which a season, a quarter or a year is not proposed first.
_ENOUGH = {"heating": 45.0, "cooling": 45.0, "year": 300.0}
_WHOLE = 0.9
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
    "span": Text("{first} to {last}", "{first} 至 {last}"),
    "day": Text("all: {first}", "全部：{first}"),
    "all": Text("all: {first} to {last}", "全部：{first} 至 {last}"),
}

UNDATED = Text("tables without dates", "无日期的表格")


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


def span_of(site: Site, store: Store) -> tuple[datetime, datetime] | None:
    """First and last instant of what is stored; None if nothing is, or nothing that has a date.

    A portfolio's tables name their days; design-hour tables have none.
    """
    records = store.span()
    portfolio = site.portfolio
    if records is not None or portfolio is None or portfolio.start is None:
        return records
    whole = find(site, store, "all")
    return whole.start, whole.end - timedelta(microseconds=1)


def with_data(site: Site, store: Store) -> tuple[Group, ...]:
    """The periods in which something is stored, by kind, latest first; empty if nothing is."""
    try:
        whole = _choice("all", site, store)
    except InputError:
        return ()
    span = (whole.period.start, whole.period.end)
    if span_of(site, store) is None:
        return (Group(_GROUPS[0][1], (Choice("all", UNDATED, whole.period),)),)
    months = {date.fromisoformat(f"{month}-01") for month in store.manifest.months()}
    found: dict[str, list[Choice]] = {key: [] for key, _ in _GROUPS}
    found["all"].append(whole)
    years = sorted({month.year for month in months}, reverse=True)
    for year in years:
        found["year"].append(_choice(str(year), site, store))
    for year in sorted({*years, *(year - 1 for year in years)}, reverse=True):
        for season in ("heating", "cooling"):
            if getattr(site.operation, f"{season}_season") is not None:
                choice = _choice(f"{year}-{season}", site, store)
                if _holds(choice.period, months, span):
                    found["season"].append(choice)
    for month in sorted(months, reverse=True):
        choice = _choice(f"{month:%Y-%m}", site, store)
        if _holds(choice.period, months, span):
            found["month"].append(choice)
    found["season"].sort(key=lambda choice: choice.period.start, reverse=True)
    return tuple(Group(name, tuple(found[key])) for key, name in _GROUPS if found[key])


def preferred(groups: tuple[Group, ...], kind: str) -> str | None:
    """The period shown first: the latest whole season, else a begun one, a year, a month.

    A season is whole once nine tenths of it lie within the data, begun once 45 days do
    (engineering choices); data shorter than that are shown whole; so are those of a well field,
    whose trends need every year.
    """
    choices = [choice for group in groups for choice in group.choices]
    if not choices:
        return None
    whole = choices[0].period
    if kind == "well_field":
        return whole.label
    span = (whole.start, whole.end)
    dated = [choice for choice in choices if choice.period.kind in _ENOUGH]
    seasons = [choice for choice in dated if choice.period.kind != "year"]
    for candidates, share in ((seasons, _WHOLE), (seasons, 0.0), (dated, 0.0)):
        for choice in candidates:
            days = max(_ENOUGH[choice.period.kind], share * choice.period.days)
            if _overlap(choice.period, span) >= days:
                return choice.label
    if whole.days > _ENOUGH["heating"]:
        return next((c.label for c in choices if c.period.kind == "month"), "all")
    return "all"


def find(site: Site, store: Store, label: str) -> Period:
    """The period of a label a visitor asked for.

    Raises
    ------
    InputError : not a period, no such season at this site, or nothing is stored
    """
    from diwen.evaluation.run import understood

    return understood(site, store, label)


def _holds(period: Period, months: set[date], span: tuple[datetime, datetime]) -> bool:
    """Whether some month with records touches the period."""
    if period.end <= span[0] or period.start > span[1]:
        return False
    return any(
        period.start.date() < (month + timedelta(days=32)).replace(day=1)
        and month < period.end.date() + timedelta(days=1)
        for month in months
    )


def _overlap(period: Period, span: tuple[datetime, datetime]) -> float:
    return (min(period.end, span[1]) - max(period.start, span[0])).total_seconds() / 86400


def _choice(label: str, site: Site, store: Store) -> Choice:
    period = find(site, store, label)
    return Choice(label, name_of(period), period)


def name_of(period: Period) -> Text:
    """A period as people say it."""
    first = period.start.astimezone(period.zone)
    last = (period.end - timedelta(microseconds=1)).astimezone(period.zone)
    kind = "day" if period.kind == "all" and first.date() == last.date() else period.kind
    form = _NAMES.get(kind, _NAMES["span"])
    return form.format(
        year=first.year,
        next=f"{last.year % 100:02d}" if last.year != first.year else first.year,
        month=first.month,
        first=first.date(),
        last=last.date(),
    )
