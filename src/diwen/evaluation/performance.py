"""Heat, electricity, COP and EER of the units and of the plant (K-01 to K-05, K-11, K-12, K-41).

Every ratio is a ratio of sums over the time in which heat and electricity were both measured.
System grades (GB/T 50801) are given only for a whole season: an hour on a test bench earns none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from diwen.evaluation.amount import Refusal, difference
from diwen.evaluation.increments import length
from diwen.evaluation.judging import grade_at_least
from diwen.evaluation.known_pumps import built_in_note, need_pumps
from diwen.evaluation.making import KWH, made, not_made, trust
from diwen.evaluation.operation import Way, mode_spans
from diwen.evaluation.period import season_period
from diwen.evaluation.plant import (
    SYSTEM,
    Group,
    electricity,
    equipment,
    members,
)
from diwen.evaluation.pump_energy import pump_share, transport
from diwen.evaluation.ratios import (
    Quotient,
    delivered,
    mode_quotient,
    signed_total,
)
from diwen.evaluation.words import SYSTEM_BOUNDARY, UNIT_BOUNDARY
from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Result


_HEAT_NAMES = {
    "heating": Text("Heat delivered", "供热量"),
    "cooling": Text("Cold delivered", "供冷量"),
}
_ELECTRICITY_NAMES: dict[Group, Text] = {
    "heat_pumps": Text("Electricity of the heat pumps", "热泵机组用电量"),
    "source_pumps": Text("Electricity of the source pumps", "地源侧水泵用电量"),
    "load_pumps": Text("Electricity of the load pumps", "用户侧水泵用电量"),
    "distribution_pumps": Text("Electricity of the distribution pumps", "输配水泵用电量"),
    "heaters": Text("Electricity of the back-up heaters", "辅助电加热用电量"),
}
_NO_SEASON_GRADE = Text(
    "no grade: the period does not cover a whole {mode} season",
    "不定级：评价周期未覆盖完整的{mode}季",
)
_NOT_HERE = Text("no grade: GB/T 50801 holds in China only", "不定级：GB/T 50801 仅适用于中国境内")
_MODE_NAMES = {"heating": Text("heating", "供暖"), "cooling": Text("cooling", "供冷")}
_NO_PUMPS_NO_GRADE = Text(
    "no grade: the site names no pumps, so the system equals the units",
    "不定级：项目未登记水泵，系统与机组相同",
)
_SPF_BELOW_ONE = Text(
    "the SPF is not above 1, so no renewable energy is counted", "SPF 不大于 1，不计可再生能源量"
)


def results(context: Context) -> list[Result]:
    """All results of this family; none at a site without heat pumps."""
    if not context.site.heat_pumps:
        return []
    found = [*_delivered_heat(context), *_electricity(context)]
    for mode in modes(context):
        found += [_unit(context, id, mode) for id in context.site.heat_pumps]
        found.append(_system(context, mode))
    found += [pump_share(context), *transport(context)]
    # Renewable energy is a number of heating; a time without heating is not short of it.
    return [*found, _renewable(context)] if "heating" in modes(context) else found


def modes(context: Context) -> tuple[Way, ...]:
    """The modes that the site can be in during this period, as far as its file says.

    Where it is in none of them, heating: so that there is a refusal with its reason.
    """
    if context.site.operation.mode in ("heating", "cooling"):
        return (context.site.operation.mode,)
    able: tuple[Way, ...] = ("heating", "cooling") if can_cool(context) else ("heating",)
    return tuple(mode for mode in able if _may_be(context, mode)) or ("heating",)


def _may_be(context: Context, mode: Way) -> bool:
    """Whether some of the period belongs to a mode; yes where the site does not say."""
    try:
        return length(mode_spans(context, mode)) > 0.0
    except Refusal:
        return True


def can_cool(context: Context) -> bool:
    """Whether the site says anything of cooling: season, capacity, mode or chilled circuit."""
    site = context.site
    return (
        site.operation.mode in ("cooling", "point")
        or site.operation.cooling_season is not None
        or any(pump.rated_cooling_capacity for pump in site.heat_pumps.values())
        or bool(context.points(location="cooling") or context.points(location="cooling_leaving"))
    )


def _delivered_heat(context: Context) -> list[Result]:
    """Useful heat and cold of all heat pumps."""
    found = []
    for mode in modes(context):
        more: dict[str, Any] = {"name": _HEAT_NAMES[mode], "mode": mode, "unit": "kWh"}
        try:
            units = equipment(context, ["heat_pumps"])
            useful = delivered(context, mode, units)
            amount = useful.amount
        except Refusal as refusal:
            more.pop("unit")
            found.append(not_made("heat", "", refusal, symbol="Q", **more))
            continue
        found.append(made("heat", "", amount, scale=1 / KWH, symbol="Q", decimals=1, **more))
    return found


def _electricity(context: Context) -> list[Result]:
    """Electricity of each group that the site has."""
    found = []
    for group, name in _ELECTRICITY_NAMES.items():
        ids = members(context, group)
        if not ids:
            continue
        more: dict[str, Any] = {"name": name, "of": group, "symbol": "E"}
        try:
            terms = electricity(context, ids)
        except Refusal as refusal:
            found.append(not_made("electricity", "", refusal, **more))
            continue
        amount = signed_total(terms, context.period.seconds)
        found.append(made("electricity", "", amount, unit="kWh", scale=1 / KWH, decimals=1, **more))
    return found


def _unit(context: Context, unit: str, mode: Way) -> Result:
    """K-01 and K-02 of one heat pump."""
    id, catalogue = ("cop", "K-01") if mode == "heating" else ("eer", "K-02")
    more: dict[str, Any] = {"of": unit, "mode": mode, "boundary": UNIT_BOUNDARY}
    try:
        one = frozenset([unit])
        found = performance(context, mode, one, one)
    except Refusal as refusal:
        return not_made(id, catalogue, refusal, **more)
    result = _ratio_result(context, id, catalogue, found, **more)
    return replace(result, notes=(*result.notes, *built_in_note(context, one)))


def performance(
    context: Context,
    mode: Way,
    units: frozenset[str],
    electric: frozenset[str],
    heaters: frozenset[str] = frozenset(),
) -> Quotient:
    """Useful energy of some units in one mode per electricity of some equipment.

    Raises
    ------
    Refusal : something is not measured
    """
    return context.once(
        ("performance", mode, units, electric, heaters),
        lambda: mode_quotient(
            delivered(context, mode, units, heaters), electricity(context, electric)
        ),
    )


def _ratio_result(
    context: Context, id: str, catalogue: str, found: Quotient, **more: Any
) -> Result:
    trusted = trust(context, found.value.coverage, found.heat, found.electricity)
    detail = {
        **trusted.pop("detail"),
        "heat_kwh": found.heat.value / KWH,
        "electricity_kwh": found.electricity.value / KWH,
        **more.pop("detail", {}),
    }
    return made(id, catalogue, found.value, detail=detail, **trusted, **more)


def _system(context: Context, mode: Way) -> Result:
    """K-03 and K-04: all units and all pumps, terminal fans excluded (GB/T 50801)."""
    id, catalogue = ("cop_system", "K-03") if mode == "heating" else ("eer_system", "K-04")
    more: dict[str, Any] = {"mode": mode, "boundary": SYSTEM_BOUNDARY}
    try:
        units = equipment(context, ["heat_pumps"])
        everything = equipment(context, SYSTEM)
        found = performance(context, mode, units, everything)
        need_pumps(context, SYSTEM)
    except Refusal as refusal:
        return not_made(id, catalogue, refusal, **more)
    result = _ratio_result(context, id, catalogue, found, **more)
    return _graded(context, result, mode)


def _graded(context: Context, result: Result, mode: Way) -> Result:
    """The grade of a system, where the data and the period allow one."""
    rows = [row for n in (1, 2, 3) for row in context.rules.rows(id=f"gbt50801.{mode}.grade{n}")]
    if len(rows) < 3:
        detail = {**result.detail, "grade_withheld": _NOT_HERE}
        return replace(result, detail=detail)
    if not equipment(context, SYSTEM[1:]) and not built_in_note(context, context.site.heat_pumps):
        detail = {**result.detail, "grade_withheld": _NO_PUMPS_NO_GRADE}
        return replace(result, notes=(*result.notes, _NO_PUMPS_NO_GRADE), detail=detail)
    ids = ("gbt50801.boundary", *(row.id for row in rows))
    if result.status != "ok" or result.value is None or result.uncertainty is None:
        return replace(result, rules=ids[:1])
    if not covers_season(context, mode):
        note = _NO_SEASON_GRADE.format(mode=_MODE_NAMES[mode])
        return replace(result, rules=ids[:1], detail={**result.detail, "grade_withheld": note})
    grade = grade_at_least(result.value, result.uncertainty, rows)
    return replace(result, rules=ids, grade=grade)


def covers_season(context: Context, mode: Way) -> bool:
    """Whether the period contains a whole season of that mode."""
    season = getattr(context.site.operation, f"{mode}_season", None)
    if season is None:
        return False
    years = range(context.period.start.year - 1, context.period.end.year + 1)
    return any(
        context.period.covers(season_period(year, mode, season, context.period.time_zone))
        for year in years
    )


def _renewable(context: Context) -> Result:
    """K-41: ``E_RES = Q (1 - 1/SPF_H2)`` = heat less the electricity of the H2 boundary."""
    id, catalogue, mode = "renewable_energy", "K-41", "heating"
    # The least SPF that counts is a rule of the European Union; elsewhere there is none.
    minimum = context.rules.rows(id="red.spf_minimum")
    rules = tuple(row.id for row in minimum)
    more: dict[str, Any] = {"mode": mode, "boundary": "SPF H2", "rules": rules}
    try:
        units = equipment(context, ["heat_pumps"])
        inside = equipment(context, ["heat_pumps", "source_pumps"])
        found = performance(context, "heating", units, inside)
        need_pumps(context, ["source_pumps"])
        if found.value.value <= 1.0:
            raise Refusal(_SPF_BELOW_ONE)
    except Refusal as refusal:
        return not_made(id, catalogue, refusal, **more)
    amount = difference(found.heat, found.electricity)
    trusted = trust(context, found.value.coverage, found.heat, found.electricity)
    counts = all(row.holds(found.value.value) for row in minimum) if minimum else None
    trusted["detail"] |= {"spf_h2": found.value.value, "counts": counts}
    return made(id, catalogue, amount, scale=1 / KWH, decimals=1, **trusted, **more)
