"""Performance by boundary: SPF H1 to H4 (SEPEMO, K-08) and the levels of IEA HPT Annex 52 (K-09).

What belongs to a boundary is a rule row (``sepemo.h2``: ``heat_pumps + source_pumps``). Electric
back-up heat enters numerator and denominator together, wherever the heater stands. A boundary
that adds no equipment at this site equals the one inside it, and says so; a boundary with a
boiler on fuel is refused, because heat from fuel and electricity make no ratio of one kind.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast, get_args

from diwen.evaluation.amount import Refusal
from diwen.evaluation.heat import heat
from diwen.evaluation.heat_meters import heat_meters
from diwen.evaluation.known_pumps import built_in_note, need_pumps
from diwen.evaluation.making import KWH, made, not_made, trust
from diwen.evaluation.operation import Way, mode_spans
from diwen.evaluation.performance import modes, performance
from diwen.evaluation.plant import Group, electricity, equipment, members
from diwen.evaluation.ratios import Quotient, quotient
from diwen.language import Text, same

if TYPE_CHECKING:
    from diwen.evaluation.context import Context
    from diwen.evaluation.result import Mode, Result

_SAME = Text(
    "this site has no equipment between {inner} and {outer}: {outer} = {inner}",
    "本项目在 {inner} 与 {outer} 之间没有设备：{outer} = {inner}",
)
_FUEL = Text(
    "the boiler {boilers} burns fuel: heat from fuel and electricity make no SPF of one kind",
    "锅炉 {boilers} 使用燃料：燃料热与用电不能合成同一种 SPF",
)
_BEFORE_TANK = Text(
    "heat is metered before the tank {tanks}; this level counts it after the tank",
    "热量表位于水箱 {tanks} 之前，该边界按水箱之后的热量计",
)
_NO_SOURCE_PUMP = Text("the site names no source pump", "项目未登记地源侧水泵")
_SEASON = Text(
    "not a whole season: a performance factor of the period, not a seasonal one",
    "未覆盖完整季节：为本周期的性能系数，并非季节性能系数",
)


@dataclass(frozen=True)
class Boundary:
    """A boundary of a scheme.

    Attributes
    ----------
    of : what the result is called (``H2``, ``3+``)
    label : scheme and boundary (``SPF H2``, ``Annex 52-3+``)
    rule : row that defines it
    groups : equipment inside
    after_tank : heat counts after the buffer tank
    """

    of: str
    label: str
    rule: str
    groups: tuple[Group, ...]
    after_tank: bool = False

    @property
    def with_heaters(self) -> bool:
        """Whether back-up heat counts."""
        return "heaters" in self.groups


def results(context: Context) -> list[Result]:
    """All results of this family."""
    if not context.site.heat_pumps:
        return []
    found = []
    for mode in modes(context):
        found += _scheme(context, "spf", "K-08", sepemo(context), mode)
    if "heating" not in modes(context):
        return found
    found.append(_source_circulation(context))
    found += _scheme(context, "annex52", "K-09", annex52(context), "heating")
    return found


def sepemo(context: Context) -> list[Boundary]:
    """H1 to H4, from the inside outwards."""
    return [
        Boundary(f"H{n}", f"SPF H{n}", f"sepemo.h{n}", groups_of(context, f"sepemo.h{n}"))
        for n in (1, 2, 3, 4)
    ]


def annex52(context: Context) -> list[Boundary]:
    """Levels 1 to 5, and with ``+`` where the site has a back-up heater."""
    levels = [
        Boundary(
            f"{n}",
            f"Annex 52-{n}",
            rule,
            groups_of(context, rule),
            after_tank="tanks" in context.rules.row(rule).words,
        )
        for n in (1, 2, 3, 4, 5)
        for rule in (f"annex52.level{n}",)
    ]
    if not (context.site.heaters or context.site.boilers):
        return levels
    plus = [
        replace(one, of=f"{one.of}+", label=f"{one.label}+", groups=(*one.groups, "heaters"))
        for one in levels
    ]
    return [*levels, *plus]


def groups_of(context: Context, rule: str) -> tuple[Group, ...]:
    """The equipment groups that a rule row names (``heat_pumps + source_pumps``)."""
    known = get_args(Group)
    names = (name.strip() for name in context.rules.row(rule).words.split("+"))
    return tuple(cast(Group, name) for name in names if name in known)


def _scheme(
    context: Context, id: str, catalogue: str, boundaries: Iterable[Boundary], mode: Mode
) -> list[Result]:
    found: list[Result] = []
    for boundary in boundaries:
        inner = next(
            (r for b, r in _pairs(boundaries, found) if _equal(context, b, boundary)), None
        )
        if inner is not None and inner.status != "refused":
            note = _SAME.format(inner=same(inner.boundary), outer=same(boundary.label))
            found.append(
                replace(
                    inner,
                    of=boundary.of,
                    boundary=boundary.label,
                    rules=(boundary.rule,),
                    notes=(*inner.notes, note),
                    detail={**inner.detail, "equals": inner.of},
                )
            )
            continue
        found.append(_one(context, id, catalogue, boundary, mode))
    return found


def _pairs(boundaries: Iterable[Boundary], found: list[Result]) -> list[tuple[Boundary, Result]]:
    """Boundaries done so far with their results, the nearest inner one first."""
    return list(zip(boundaries, found, strict=False))[::-1]


def _equal(context: Context, inner: Boundary, outer: Boundary) -> bool:
    """Whether two boundaries hold the same equipment at this site and count the same heat."""
    if _fuelled(context) and inner.with_heaters != outer.with_heaters:
        return False
    try:
        need_pumps(context, outer.groups)
    except Refusal:
        return False
    if context.site.tanks and inner.after_tank != outer.after_tank:
        return False
    return equipment(context, inner.groups) == equipment(context, outer.groups)


def _fuelled(context: Context) -> list[str]:
    return [id for id, boiler in context.site.boilers.items() if boiler.fuel != "electricity"]


def _one(context: Context, id: str, catalogue: str, boundary: Boundary, mode: Mode) -> Result:
    more: dict[str, Any] = {
        "of": boundary.of,
        "mode": mode,
        "boundary": boundary.label,
        "rules": (boundary.rule,),
    }
    try:
        if boundary.with_heaters and (fuelled := _fuelled(context)):
            raise Refusal(_FUEL.format(boilers=", ".join(fuelled)))
        if boundary.after_tank:
            _need_heat_after_tank(context)
        found = boundary_performance(context, boundary, mode)
        need_pumps(context, boundary.groups)
    except Refusal as refusal:
        return not_made(id, catalogue, refusal, **more)
    return _ratio(context, id, catalogue, found, more)


def _need_heat_after_tank(context: Context) -> None:
    """Refuse where the site has a tank and no heat meter that stands after it.

    A meter after the tank names it in its equipment (``hp1+tank1``).
    """
    tanks = set(context.site.tanks)
    if tanks and not any(tanks & meter.equipment for meter in heat_meters(context, "load")):
        raise Refusal(
            _BEFORE_TANK.format(tanks=", ".join(sorted(tanks))),
            [f"FU heat_energy load {'+'.join(sorted({*context.site.heat_pumps, *tanks}))}"],
        )


def boundary_performance(context: Context, boundary: Boundary, mode: Mode) -> Quotient:
    """Useful heat per electricity inside a boundary.

    Raises
    ------
    Refusal : something is not measured
    """
    units = members(context, "heat_pumps")
    heaters = members(context, "heaters") if boundary.with_heaters else frozenset[str]()
    inside = equipment(context, boundary.groups)
    way: Way = "cooling" if mode == "cooling" else "heating"
    return performance(context, way, units, inside, heaters)


def _ratio(
    context: Context, id: str, catalogue: str, found: Quotient, more: dict[str, Any]
) -> Result:
    trusted = trust(context, found.value.coverage, found.heat, found.electricity)
    detail = {
        **trusted.pop("detail"),
        "heat_kwh": found.heat.value / KWH,
        "electricity_kwh": found.electricity.value / KWH,
    }
    notes = (*found.value.notes, *built_in_note(context, context.site.heat_pumps))
    if context.period.kind not in ("heating", "cooling", "year"):
        notes += (_SEASON,)
    return made(id, catalogue, found.value, notes=notes, detail=detail, **trusted, **more)


def _source_circulation(context: Context) -> Result:
    """Annex 52 level 0: heat from the source per electricity of the source circulation."""
    rule = "annex52.level0"
    more: dict[str, Any] = {
        "of": "0", "mode": "heating", "boundary": "Annex 52-0", "rules": (rule,),
    }  # fmt: skip
    try:
        meters = heat_meters(context, "source")
        pumps = equipment(context, groups_of(context, rule))
        if not pumps:
            raise Refusal(_NO_SOURCE_PUMP)
        power = electricity(context, pumps)
        terms = [(heat(context, meter), 1) for meter in meters]
        found = quotient(terms, power, mode_spans(context, "heating"))
    except Refusal as refusal:
        return not_made("annex52", "K-09", refusal, **more)
    return _ratio(context, "annex52", "K-09", found, more)
