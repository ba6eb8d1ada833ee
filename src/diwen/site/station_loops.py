"""The load loops of a plant: those of the file, and those that the loads make where it has none.

Every load needs a loop of each kind that it asks for. A loop of the file that names no loads takes
those of its kind that no other loop carries; loads that remain get a loop of their own, named after
what it does. A tertiary loop hangs behind a secondary one, which is the loop the units feed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from diwen.language import Text
from diwen.site.demand import Load
from diwen.site.loops import Loop
from diwen.site.model import SiteFile

Side = Literal["heat", "cold"]

# Kind of a load → name of the loop it makes, beside space heating and cooling.
_OWN_LOOP = {
    "hot_water": "hot_water", "pool": "pool", "process": "process", "snow_melting": "snow_melting",
}  # fmt: skip
_OF_KIND: dict[str, tuple[str, ...]] = {
    "heat": ("building", "other", "process", "snow_melting", "pool"),
    "hot_water": ("hot_water", "pool"),
    "cold": ("building", "other", "process"),
}
_ORDER = ("hot_water", "pool", "process", "heating", "snow_melting", "cooling")


@dataclass(frozen=True)
class PlannedLoop:
    """A load loop that units feed.

    Attributes
    ----------
    name : id of the loop in the file, or of the loop that the loads made
    side : heat or cold
    use : ``heating``, ``cooling``, ``hot_water``, ``pool``, ``process``, ``snow_melting``
    loads : ids of all loads, those of tertiary loops included
    given : loop of the file; None where the loads made it
    tertiary : loops behind it, by id
    """

    name: str
    side: Side
    use: str
    loads: tuple[str, ...]
    given: Loop | None = None
    tertiary: dict[str, Loop] = field(default_factory=dict)

    @property
    def hot_water(self) -> bool:
        """Whether its heat counts as hot water and not as space heating."""
        return self.use in ("hot_water", "pool")


def planned_loops(site: SiteFile) -> tuple[PlannedLoop, ...]:
    """The load loops of a site, in the order in which units serve them: hot water first."""
    found = list(_of_file(site))
    carried = {(loop.side, load) for loop in found for load in loop.loads}
    made: dict[tuple[str, Side], list[str]] = {}
    for load, side, use in asked(site):
        if (side, load) not in carried:
            made.setdefault((use, side), []).append(load)
    taken = {loop.name for loop in found} | set(site.sources) | set(site.loops)
    for (use, side), loads in made.items():
        name = use if use not in taken else f"{use}_loop"
        found.append(PlannedLoop(name, side, use, tuple(loads)))
    return tuple(sorted(found, key=lambda loop: _ORDER.index(loop.use)))


def loop_of(loops: Iterable[PlannedLoop], name: str) -> PlannedLoop | None:
    """The loop that units feed behind an id: itself, or the one its tertiary loop hangs on."""
    return next((loop for loop in loops if name == loop.name or name in loop.tertiary), None)


def loop_for(loops: Iterable[PlannedLoop], load: str, kind: str) -> PlannedLoop | None:
    """The loop that carries one kind of load of one consumer.

    Parameters
    ----------
    load : id of the load
    kind : ``heating``, ``cooling``, ``hot_water``, ``pool`` or ``process``, as a
        :class:`~diwen.loads.load_series.LoadSeries` says it
    """
    side = "cold" if kind == "cooling" else "heat"
    fitting = [loop for loop in loops if loop.side == side and load in loop.loads]
    exact = [loop for loop in fitting if loop.use == kind]
    return next(iter(exact or fitting), None)


def asked(site: SiteFile) -> Iterator[tuple[str, Side, str]]:
    """What every load asks for: (id, side, use)."""
    for name, load in site.loads.items():
        if load.kind in _OWN_LOOP:
            yield name, "heat", _OWN_LOOP[load.kind]
            if load.kind == "process" and (load.cooling_design_load or load.cooling_demand):
                yield name, "cold", "cooling"
            continue
        if _asks(site, load, "heating"):
            yield name, "heat", "heating"
        if _asks(site, load, "cooling"):
            yield name, "cold", "cooling"


def _asks(site: SiteFile, load: Load, duty: Literal["heating", "cooling"]) -> bool:
    """Whether a building is heated or cooled.

    Its own numbers decide; an hourly file or an area alone says neither, then the units do.
    """
    if site.operation.mode in ("heating", "cooling"):
        return site.operation.mode == duty
    said = [getattr(load, f"{duty}_design_load"), getattr(load, f"{duty}_demand")]
    if duty == "heating":
        said.append(load.heat_loss)
    given = [value for value in said if value is not None]
    return any(given) if given else can(site, duty)


def can(site: SiteFile, duty: Literal["heating", "cooling"]) -> bool:
    """Whether some unit of the site heats or cools by what is said of it."""
    if duty == "cooling" and site.chillers:
        return True
    if duty == "heating" and (site.boilers or site.heaters):
        return True
    return any(unit_can(unit, duty, site) for unit in site.heat_pumps.values())


def unit_can(
    unit: object, duty: Literal["heating", "cooling"], site: SiteFile | None = None
) -> bool:
    """Whether a heat pump heats or cools: rated for it, tested in it, or with a maker's table.

    A unit of which no more than its model is said does what its row of the equipment catalogue
    does.
    """
    points = getattr(unit, "rating_points", ())
    rated = [getattr(unit, f"rated_{one}_capacity", None) for one in ("heating", "cooling")]
    if not points and rated == [None, None] and not getattr(unit, "performance_map", ""):
        return duty in _modes_of_model(getattr(unit, "model", ""), site)
    return bool(
        getattr(unit, f"rated_{duty}_capacity", None) is not None
        or any(point.mode == duty for point in points)
        or getattr(unit, "performance_map", "")
    )


def _modes_of_model(model: str, site: SiteFile | None) -> tuple[str, ...]:
    """What the unit of that model in the equipment catalogue does; nothing where it has none."""
    if not model:
        return ()
    from diwen.site.equipment_catalogue import catalogue
    from diwen.site.model import Site

    found = catalogue(site if isinstance(site, Site) else None).of_model(model)
    return () if found is None else found.modes()


def _of_file(site: SiteFile) -> Iterator[PlannedLoop]:
    """Loops of the file that units feed, with everything behind them."""
    wanted = list(asked(site))
    roots = {name: loop for name, loop in site.loops.items()
             if loop.kind != "source" and not loop.behind}  # fmt: skip
    behind = {name: _behind(site, name) for name in roots}
    named = {(_side(part), load)
             for name, loop in roots.items()
             for part in (loop, *behind[name].values()) for load in part.loads}  # fmt: skip
    open_sides: set[str] = set()
    for name, loop in roots.items():
        side = _side(loop)
        loads = [load for part in (loop, *behind[name].values()) for load in part.loads]
        # A stage between two units of a cascade carries no load of its own.
        feeds_units = any(unit.draws_on == name for unit in site.heat_pumps.values())
        if not loads and not feeds_units and loop.kind not in open_sides:
            open_sides.add(loop.kind)
            loads = [load for load, asked_side, _ in wanted
                     if asked_side == side and (side, load) not in named
                     and site.loads[load].kind in _OF_KIND[loop.kind]]  # fmt: skip
        use = _use(site, loop, loads)
        yield PlannedLoop(name, side, use, tuple(dict.fromkeys(loads)), loop, behind[name])


def _behind(site: SiteFile, root: str) -> dict[str, Loop]:
    """Every loop that hangs on a loop, near or far."""
    found: dict[str, Loop] = {}
    names = [root]
    while names:
        here = names.pop()
        for name, loop in site.loops.items():
            if loop.behind == here and name not in found and name != root:
                found[name] = loop
                names.append(name)
    return found


def _side(loop: Loop) -> Side:
    return "cold" if loop.kind == "cold" else "heat"


def _use(site: SiteFile, loop: Loop, loads: list[str]) -> str:
    """What a loop of the file is for, by its kind and, where all agree, by its loads."""
    if loop.kind == "cold":
        return "cooling"
    if loop.kind == "hot_water":
        return "hot_water"
    kinds = {site.loads[load].kind for load in loads if load in site.loads}
    only = kinds.pop() if len(kinds) == 1 else ""
    return _OWN_LOOP.get(only, "heating")


USES: dict[str, Text] = {
    "heating": Text("heating", "供暖"),
    "cooling": Text("cooling", "供冷"),
    "hot_water": Text("hot water", "生活热水"),
    "pool": Text("pool", "泳池"),
    "process": Text("process heat", "工艺用热"),
    "snow_melting": Text("snow melting", "融雪"),
}
