"""The evaluation itself: period, context, every family, one immutable answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from diwen import __version__
from diwen.evaluation.context import Context, rule_date
from diwen.evaluation.data_summary import summarise
from diwen.evaluation.families import FAMILIES, results_of
from diwen.evaluation.period import Period, parse
from diwen.evaluation.result import Evaluation, Result
from diwen.evaluation.timeless import has_dates, span_of_tables
from diwen.evaluation.uncertainty import rule_rows

if TYPE_CHECKING:
    from diwen.site import Site
    from diwen.telemetry import Store


def evaluate(site: Site, period: str | Period, store: Store | None = None) -> Evaluation:
    """Evaluate a site over a period.

    Parameters
    ----------
    site : a site folder, read
    period : ``2018-12``, ``2018-heating``, ``all`` ... (see :mod:`diwen.evaluation.period`)
    store : its records; opened when not given

    Returns
    -------
    Evaluation : every indicator the points allow, and the refusals with their reasons

    Raises
    ------
    diwen.problems.InputError : the period cannot be understood or nothing is stored
    """
    context = prepare(site, period, store)
    results = tuple(
        replace(result, family=module)
        for module, _ in FAMILIES
        for result in results_of(context, module)
    )
    used = {rule for result in results for rule in result.rules}
    used |= instrument_rules(context, results)
    return Evaluation(
        site_id=site.id,
        site_name=site.name,
        illustrative=site.illustrative,
        period=context.period,
        results=results,
        rule_rows=tuple(sorted(used)),
        data=summarise(context),
        generated=datetime.now(UTC),
        version=__version__,
        rules_day=context.rules.day,
        rules_region=context.rules.region,
    )


def instrument_rules(context: Context, results: Iterable[Result]) -> set[str]:
    """Rule rows behind the uncertainties: accuracy classes of the points that were used."""
    points = {
        point for result in results if result.uncertainty is not None for point in result.inputs
    }
    found: set[str] = set()
    for point in context.site.points:
        if point.id in points and point.limits_of_error is not None:
            found.update(rule_rows(point.limits_of_error, context.rules))
    return found


def prepare(site: Site, period: str | Period, store: Store | None = None) -> Context:
    """The context of an evaluation (see `evaluate` for parameters and errors)."""
    from diwen import rules
    from diwen.telemetry import open_store

    records = open_store(site) if store is None else store
    when = period if isinstance(period, Period) else understood(site, records, period)
    return Context(site, records, when, rules.on(rule_date(when), site.place.region or None))


def understood(site: Site, store: Store, text: str) -> Period:
    """The period that a text means at this site.

    Raises
    ------
    diwen.problems.InputError : it means none
    """
    measured = store.span()
    period = parse(
        text,
        site.place.time_zone,
        heating_season=site.operation.heating_season,
        cooling_season=site.operation.cooling_season,
        span=measured or span_of_tables(site),
    )
    undated = period.kind == "all" and measured is None and not has_dates(site)
    return replace(period, kind="undated") if undated else period
