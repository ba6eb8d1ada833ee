"""What a site can be used for today, and exactly which point or datum lacks for the rest.

An :class:`Ability` is something Diwen can do for a site (a KPI, a simulation, a report); it needs
points and data. The table of abilities is data (:mod:`diwen.site.usability`); a later room adds
its own by handing a longer table to :func:`judge`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from diwen.language import Text, same
from diwen.quantities import quantity as quantity_of
from diwen.site.locations import LOCATIONS
from diwen.site.model import Site
from diwen.site.points import Point

Purpose = Literal["design", "evaluate", "simulate", "diagnose", "report"]
Answer = Literal["yes", "partly", "no"]
PURPOSES: dict[Purpose, Text] = {
    "design": Text("design", "设计"),
    "evaluate": Text("evaluate", "评价"),
    "simulate": Text("simulate", "模拟"),
    "diagnose": Text("diagnose", "诊断"),
    "report": Text("report", "报告"),
}
ANSWERS: dict[Answer, Text] = {
    "yes": Text("yes", "可以"),
    "partly": Text("partly", "部分可以"),
    "no": Text("no", "不可以"),
}
_PROBLEM = Text("{where}: {message}: {cure}", "{where}：{message}：{cure}")
# Quantities whose accuracy no result depends on.
_UNGRADED = ("frequency", "opening")
_OR = Text(" or ", " 或 ")
_AND = Text(" + ", "＋")
_POINT = Text("{code} ({quantity}, {location})", "{code}（{location}{quantity}）")
_METER = Text(
    "{code}: a meter that covers {name} (quantity {quantity}, location supply)",
    "{code}：覆盖 {name} 的计量（物理量 {quantity}，位置 supply）",
)
_KEYS = Text("site.toml: {paths}", "site.toml：{paths}")
_ACCURACY = Text("accuracy of point {points}", "测点 {points} 的准确度")
_NO_POINTS = Text("points.csv: at least one point", "points.csv：至少一个测点")


@dataclass(frozen=True, slots=True)
class Measured:
    """One kind of point: any of the quantities at a location."""

    quantities: tuple[str, ...]
    location: str
    code: str = ""

    def found(self, site: Site) -> list[Point]:
        """The points of the site that measure it."""
        return [
            point
            for point in site.points
            if point.location == self.location and point.quantity in self.quantities
        ]

    def text(self) -> Text:
        """The point in words, with its code."""
        names = [quantity_of(name).text for name in self.quantities]
        place = LOCATIONS[self.location]
        return _POINT.format(
            code=self.code or place.code, quantity=_joined(names, _OR), location=place.text
        )


@dataclass(frozen=True, slots=True)
class PointNeed:
    """Any of several sets of points: a heat meter, or a flow and two temperatures."""

    alternatives: tuple[tuple[Measured, ...], ...]

    def missing(self, site: Site) -> Iterator[Text]:
        """What lacks: nothing, or the alternative nearest to complete."""
        gaps = [
            [one for one in alternative if not one.found(site)] for alternative in self.alternatives
        ]
        if all(gaps):
            # An alternative of which a part is there says more than a whole new meter.
            begun = [gap for gap, all_of in zip(gaps, self.alternatives, strict=True)
                     if len(gap) < len(all_of)]  # fmt: skip
            shown = begun or gaps
            yield _joined([_joined([one.text() for one in gap], _AND) for gap in shown], _OR)

    def points(self, site: Site) -> list[Point]:
        """Points of the first complete alternative."""
        for alternative in self.alternatives:
            if all(one.found(site) for one in alternative):
                return [point for one in alternative for point in one.found(site)]
        return []


@dataclass(frozen=True, slots=True)
class MeterNeed:
    """Every unit of a table is covered by some meter at its supply."""

    table: str
    code: str
    quantities: tuple[str, ...] = ("electric_energy", "electric_power")
    circuits: tuple[str, ...] = ()

    def missing(self, site: Site) -> Iterator[Text]:
        """A text per unit without a meter."""
        covered = {name for point in self.points(site) for name in point.equipment}
        for name in self._units(site):
            if name not in covered and "site" not in covered:
                kind = " / ".join(self.quantities)
                yield _METER.format(code=self.code, name=name, quantity=kind)

    def points(self, site: Site) -> list[Point]:
        """The meters at the supply of any unit of the table."""
        units = (*self._units(site), "site")
        return [
            point
            for point in site.points
            if point.location == "supply"
            and point.quantity in self.quantities
            and any(name in units for name in point.equipment)
        ]

    def _units(self, site: Site) -> list[str]:
        items = getattr(site, self.table).items()
        wanted = self.circuits
        return [name for name, item in items if not wanted or item.circuit in wanted]


@dataclass(frozen=True, slots=True)
class DatumNeed:
    """Any of several keys of ``site.toml``; ``*`` stands for every id of a table."""

    paths: tuple[str, ...]

    def missing(self, site: Site) -> Iterator[Text]:
        """The keys, where none of them is given."""
        if not any(_given(site, path.split(".")) for path in self.paths):
            yield _KEYS.format(
                paths=_joined([same(path.replace(".?", ".*.")) for path in self.paths], _OR)
            )

    def points(self, site: Site) -> list[Point]:
        """No points."""
        return []


@dataclass(frozen=True, slots=True)
class SeasonNeed:
    """A season of heating or cooling, where the site follows one.

    A plant that only gives process heat, hot water or pool heat works all year; one that is set to
    one mode has no seasons.
    """

    def missing(self, site: Site) -> Iterator[Text]:
        """The keys, where a season is needed and none is given."""
        seasonal = not site.loads or any(
            load.kind in ("building", "snow_melting") for load in site.loads.values()
        )
        if seasonal and site.operation.mode not in ("heating", "cooling"):
            yield from DatumNeed(("operation.heating_season", "operation.cooling_season")).missing(
                site
            )

    def points(self, site: Site) -> list[Point]:
        """No points."""
        return []


@dataclass(frozen=True, slots=True)
class AnyPointNeed:
    """At least one point of whatever kind."""

    def missing(self, site: Site) -> Iterator[Text]:
        """The need, where there is no point at all."""
        if not site.points:
            yield _NO_POINTS

    def points(self, site: Site) -> list[Point]:
        """No particular points."""
        return []


@dataclass(frozen=True, slots=True)
class StationNeed:
    """The plant can be put together: every unit, loop and pump has what it needs."""

    def missing(self, site: Site) -> Iterator[Text]:
        """What stands in the way, with its cure."""
        from diwen.problems import InputError
        from diwen.site.station_builder import site_station

        try:
            site_station(site)
        except InputError as error:
            for problem in error.problems:
                yield _PROBLEM.format(
                    where=problem.where, message=problem.message, cure=problem.cure
                )

    def points(self, site: Site) -> list[Point]:
        """No points."""
        return []


Need = PointNeed | MeterNeed | DatumNeed | AnyPointNeed | SeasonNeed | StationNeed


@dataclass(frozen=True, slots=True)
class Ability:
    """Something Diwen can do for a site.

    Attributes
    ----------
    id : name, stable
    purpose : what it belongs to
    text : what it is, in both languages
    needs : everything it needs
    catalogue : KPI numbers, such as ``K-03``
    applies : tables of which at least one entry must exist for the ability to make sense
    graded : its points need an accuracy, or it has neither uncertainty nor grade
    """

    id: str
    purpose: Purpose
    text: Text
    needs: tuple[Need, ...]
    catalogue: tuple[str, ...] = ()
    applies: tuple[str, ...] = ()
    graded: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """An ability judged for a site: possible or not, and what lacks."""

    ability: Ability
    possible: bool
    missing: tuple[Text, ...]
    without_accuracy: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The verdict as plain data, both languages."""
        return {
            "id": self.ability.id,
            "catalogue": list(self.ability.catalogue),
            "text": _dict(self.ability.text),
            "possible": self.possible,
            "missing": [_dict(text) for text in self.missing],
            "without_accuracy": list(self.without_accuracy),
        }

    def remark(self) -> Text | None:
        """What stands in the way of an uncertainty, None if nothing."""
        if not self.possible or not self.without_accuracy:
            return None
        return _ACCURACY.format(points=", ".join(self.without_accuracy))


@dataclass(frozen=True, slots=True)
class Usability:
    """What a site can be used for, by purpose."""

    answers: dict[Purpose, Answer]
    verdicts: dict[Purpose, tuple[Verdict, ...]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The answers as plain data, both languages."""
        return {
            purpose: {
                "answer": answer,
                "abilities": [verdict.as_dict() for verdict in self.verdicts[purpose]],
            }
            for purpose, answer in self.answers.items()
        }


def judge(site: Site, abilities: Sequence[Ability]) -> Usability:
    """Judge a site: what it can be used for by the points and data it declares.

    Parameters
    ----------
    site : the site
    abilities : table of abilities, usually :data:`diwen.site.usability.ABILITIES`

    Returns
    -------
    Usability : a purpose is ``yes`` if all its abilities that apply are possible, ``no`` if none;
        a purpose that has nothing to do with the site is left out
    """
    answers: dict[Purpose, Answer] = {}
    verdicts: dict[Purpose, tuple[Verdict, ...]] = {}
    for purpose in PURPOSES:
        of_purpose = [
            _verdict(site, ability)
            for ability in abilities
            if ability.purpose == purpose and _applies(site, ability)
        ]
        if not of_purpose:
            continue
        possible = [verdict.possible for verdict in of_purpose]
        verdicts[purpose] = tuple(of_purpose)
        answers[purpose] = "no" if not any(possible) else "yes" if all(possible) else "partly"
    return Usability(answers, verdicts)


def _applies(site: Site, ability: Ability) -> bool:
    return not ability.applies or any(_given(site, path.split(".")) for path in ability.applies)


def _verdict(site: Site, ability: Ability) -> Verdict:
    missing = tuple(text for need in ability.needs for text in need.missing(site))
    used = {point.id: point for need in ability.needs for point in need.points(site)}
    graded = used.values() if ability.graded else ()
    without = tuple(
        point.id
        for point in graded
        if not point.accuracy and point.kind != "state" and point.quantity not in _UNGRADED
    )
    return Verdict(ability, not missing, tuple(dict.fromkeys(missing)), without)


def _given(value: Any, path: Sequence[str]) -> bool:
    """Whether a key is given; with ``*``, whether every entry has it and there is one.

    With ``?`` before a key one entry is enough. A last part ``=word`` asks for that value.
    """
    if not path:
        return value is not None and value not in ("", (), {})
    step, rest = path[0], path[1:]
    if step == "*":
        return bool(value) and all(_given(item, rest) for item in _entries(value))
    if step.startswith("="):
        return str(value) == step[1:]
    if step.startswith("?"):
        return any(_given(item, [step[1:], *rest]) for item in _entries(value))
    return _given(getattr(value, step, None), rest)


def _entries(value: Any) -> Iterable[Any]:
    """The tables of a keyed table, or of a list of tables."""
    entries: Iterable[Any] = value.values() if isinstance(value, Mapping) else value
    return entries


def _joined(texts: Sequence[Text], sign: Text) -> Text:
    return Text(sign.en.join(t.en for t in texts), sign.zh.join(t.zh for t in texts))


def _dict(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
