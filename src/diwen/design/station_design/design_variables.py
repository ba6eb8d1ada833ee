"""The sizes of a site that may be chosen, the steps they are made in, and a plant of other sizes.

Every size is changed in a copy of the site, so that what is bought is counted as for any other
site; of the twin's plant only that part is changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from diwen.design.economics.site_quantities import quantities_of_site
from diwen.design.station_design.optimisation_result import DesignVariable
from diwen.design.station_design.uncertainty_run import shifted_supply
from diwen.language import Text
from diwen.plant.station import Backup, Recharge, Station, TankModel
from diwen.rules import RulesOn
from diwen.site import Site
from diwen.site.layouts import FromFile
from diwen.sources.response.source_model import SourceModel
from diwen.twin.deviations_plant import TwinInputs

Floats = NDArray[np.float64]
NEW_BACKUP = "added_backup"
_LENGTH = Text("{name}: length of a borehole", "{name}：单孔深度")
_ROWS = Text("{name}: rows of boreholes", "{name}：布孔行数")
_WELL_COUNT = Text("{name}: number of wells", "{name}：热源井数量")
_LAND = Text(
    "whether the land has room for more rows or wells is not looked at",
    "未核对场地是否容纳更多的布孔行数或井数",
)
_COUNT = Text("{name}: number of units", "{name}：机组台数")
_CAPACITY = Text("{name}: capacity of the backup", "{name}：辅助热源容量")
_VOLUME = Text("{name}: volume of the tank", "{name}：水箱容积")
_RECHARGE = Text("{name}: size of the recharge", "{name}：补热（散热）规模")
_SUPPLY = Text("{name}: supply temperature below the plan", "{name}：供水温度较方案降低")
_BY_FILE = Text(
    "{name}: boreholes from a file keep their length", "{name}：由文件给定的孔群深度不参与优化"
)
_WELLS = Text(
    "{name}: sources of this kind keep their size; compare designs instead",
    "{name}：该类热源规格不参与优化，请比较不同方案",
)
_SOURCE_SIZES = ("length", "rows", "wells")
_KW, _PIECES = "kW", "1"
_BOILERS = {"natural_gas": "gas_boiler", "lpg": "gas_boiler", "coal": "coal_boiler",
            "electricity": "electric_boiler"}  # fmt: skip


@dataclass(frozen=True, eq=False)
class SizedPlant:
    """A plant of other sizes.

    Attributes
    ----------
    station, sources : for the twin
    quantities : of what is bought, by item
    """

    station: Station
    sources: dict[str, SourceModel]
    quantities: dict[str, float]


class SiteVariables:
    """The sizes of a site that may be chosen.

    Parameters
    ----------
    site : the planned design
    given : its inputs of the twin
    rules : rows with usual steps and ranges
    backup : fuel of a backup that may be added where there is none; empty: none
    """

    def __init__(self, site: Site, given: TwinInputs, rules: RulesOn, backup: str = "") -> None:
        self.site, self.given, self.rules = site, given, rules
        self.notes: list[Text] = []
        self.station = self._with_backup(backup)
        self._sources: dict[Any, tuple[SourceModel, dict[str, float]]] = {}
        self._bought = quantities_of_site(site)
        self.variables = tuple(
            one for one in (
                *self._lengths(), *self._counts(), *self._backups(), *self._tanks(),
                *self._recharges(), *self._supplies(),
            ) if len(one.levels) > 1
        )  # fmt: skip
        self._planned = {one.key: one.planned for one in self.variables}

    def plant(self, values: Mapping[str, float]) -> SizedPlant:
        """The plant with these sizes.

        Raises
        ------
        diwen.problems.InputError : a size that cannot be built
        """
        station, sources = self.station, dict(self.given.sources)
        bought = dict(self._bought)
        for name, sizes in self._of_sources(values).items():
            sources[name], more = self._resized(name, sizes)
            for item, amount in more.items():
                bought[item] = bought.get(item, 0.0) + amount
        for key, value in values.items():
            name, _, what = key.rpartition(".")
            if what in _SOURCE_SIZES:
                continue
            station = getattr(self, f"_set_{what}")(station, sources, bought, name, value)
        return SizedPlant(station, sources, {k: v for k, v in bought.items() if v > 0.0})

    def _of_sources(self, values: Mapping[str, float]) -> dict[str, dict[str, float]]:
        """Sizes of each source that are not as planned."""
        found: dict[str, dict[str, float]] = {}
        for key, value in values.items():
            name, _, what = key.rpartition(".")
            if what in _SOURCE_SIZES and value != self._planned[key]:
                found.setdefault(name, {})[what] = value
        return found

    # ---- variables

    def _step(self, name: str) -> float:
        return self.rules.value(f"default.optimise.{name}")

    def _lengths(self) -> Iterator[DesignVariable]:
        """Sizes of the sources: length and rows of boreholes, number of wells."""
        for loop in self.given.station.source_loops:
            source: Any = self.site.sources.get(loop.name)
            if source is None:
                continue
            if source.type == "borefield" and isinstance(source.layout, FromFile):
                self.notes.append(_BY_FILE.format(name=loop.name))
            elif source.type == "borefield":
                yield self._length(loop.name, source)
                if source.layout.pattern == "rectangle" and not source.zones:
                    yield self._number(f"{loop.name}.rows", _ROWS, loop.name, source.layout.rows)
            elif getattr(source, "count", None) and not source.wells:
                yield self._number(f"{loop.name}.wells", _WELL_COUNT, loop.name, source.count)
            else:
                self.notes.append(_WELLS.format(name=loop.name))

    def _length(self, name: str, source: Any) -> DesignVariable:
        planned, reach = source.borehole.length, self._step("length_share")
        deepest = max((one.bottom for one in self.site.ground.layers), default=np.inf)
        most = min(planned * (1.0 + reach), max(deepest - source.borehole.buried_depth, planned))
        levels = levels_around(planned, planned * (1.0 - reach), most, self._step("length_step"))
        return DesignVariable(f"{name}.length", _LENGTH.format(name=name), "m", levels, planned)

    def _number(self, key: str, label: Text, name: str, planned: int) -> DesignVariable:
        """A whole number around the planned one."""
        if _LAND not in self.notes:
            self.notes.append(_LAND)
        reach = max(1, int(planned * self._step("length_share")))
        levels = tuple(float(one) for one in range(max(1, planned - reach), planned + reach + 1))
        return DesignVariable(key, label.format(name=name), _PIECES, levels, float(planned))

    def _counts(self) -> Iterator[DesignVariable]:
        for unit in self.given.station.units:
            if unit.name in self.site.heat_pumps:
                most = max(2 * unit.count, unit.count + 2)
                levels = tuple(float(count) for count in range(1, most + 1))
                label = _COUNT.format(name=unit.name)
                yield DesignVariable(f"{unit.name}.count", label, _PIECES, levels, unit.count)

    def _backups(self) -> Iterator[DesignVariable]:
        for backup in self.station.backups:
            peak = float(np.max(self.given.loads[backup.serves])) / 1000.0
            planned = backup.capacity / 1000.0
            most = max(peak, planned)
            step = round_step(self._step("capacity_step") * most)
            levels = levels_around(planned, 0.0, most + step, step)
            label = _CAPACITY.format(name=backup.name)
            yield DesignVariable(f"{backup.name}.capacity", label, _KW, levels, planned)

    def _tanks(self) -> Iterator[DesignVariable]:
        for loop in self.given.station.load_loops:
            if loop.tank is not None and loop.tank.charging is not None:
                planned = loop.tank.volume
                levels = levels_around(planned, 0.25 * planned, planned * self._step("tank_most"),
                                       round_step(0.25 * planned))  # fmt: skip
                label = _VOLUME.format(name=loop.tank.name)
                yield DesignVariable(f"{loop.tank.name}.volume", label, "m³", levels, planned)

    def _recharges(self) -> Iterator[DesignVariable]:
        for one in self.given.station.recharges:
            levels = levels_around(
                1.0, 0.0, self._step("recharge_most"), self._step("recharge_step")
            )
            yield DesignVariable(
                f"{one.name}.recharge", _RECHARGE.format(name=one.name), "1", levels, 1.0
            )

    def _supplies(self) -> Iterator[DesignVariable]:
        """Heat loops that are supplied warmer than their terminals need."""
        from diwen.site.plant_supply import terminals_of

        for loop in self.given.station.load_loops:
            needs = terminals_of(self.site, loop.loads, "heat", []) if loop.kind == "heat" else ()
            if not needs:
                continue
            room = float(loop.supply.supply.max()) - max(one.supply for one in needs)
            if room >= self._step("supply_step"):
                levels = levels_around(0.0, 0.0, room, self._step("supply_step"))
                label = _SUPPLY.format(name=loop.name)
                yield DesignVariable(f"{loop.name}.supply", label, "K", levels, 0.0)

    # ---- plants

    def _with_backup(self, fuel: str) -> Station:
        """The plant with an added backup of no size yet, where it has none and one may be."""
        station = self.given.station
        heat = [one for one in station.load_loops if one.kind == "heat" and not one.hot_water]
        if not fuel or station.backups or not heat:
            return station
        row = ("alternative.electric_boiler.efficiency" if fuel == "electricity"
               else "gbt50801.boiler_efficiency.gas")  # fmt: skip
        peaks = {one.name: float(np.max(self.given.loads[one.name])) for one in heat}
        serves = max(peaks, key=lambda name: peaks[name])
        added = Backup(NEW_BACKUP, serves, 0.0, self.rules.value(row), fuel)
        return replace(station, backups=(added,))

    def _resized(
        self, name: str, sizes: Mapping[str, float]
    ) -> tuple[SourceModel, dict[str, float]]:
        """A source of other sizes, and what is bought for it beside the planned one."""
        from diwen.site.source_builders import source_model

        key = (name, tuple(sorted(sizes.items())))
        if key not in self._sources:
            given: Any = self.site.sources[name]
            changed: dict[str, Any] = {}
            if "length" in sizes:
                changed["borehole"] = given.borehole.model_copy(update={"length": sizes["length"]})
            if "rows" in sizes:
                changed["layout"] = given.layout.model_copy(update={"rows": int(sizes["rows"])})
            if "wells" in sizes:
                changed["count"] = int(sizes["wells"])
                if getattr(given, "design_flow", None):
                    changed["design_flow"] = given.design_flow * sizes["wells"] / given.count
            source = given.model_copy(update=changed)
            site = self.site.model_copy(update={"sources": {**self.site.sources, name: source}})
            now = quantities_of_site(site)
            more = {k: now.get(k, 0.0) - self._bought.get(k, 0.0) for k in {*now, *self._bought}}
            self._sources[key] = source_model(site, name), more
        return self._sources[key]

    def _set_count(
        self, station: Station, sources: dict[str, SourceModel], bought: dict[str, float],
        name: str, count: float,
    ) -> Station:  # fmt: skip
        table = self.site.heat_pumps[name]
        more = int(count) - table.count
        capacity = table.rated_heating_capacity or table.rated_cooling_capacity or 0.0
        key = "heat_pump_air" if table.type in ("air_water", "air_air") else "heat_pump_water"
        bought[key] = bought.get(key, 0.0) + more * capacity / 1000.0
        units = tuple(
            replace(unit, count=unit.count + more) if unit.name == name else unit
            for unit in station.units
        )
        return replace(station, units=units)

    def _set_capacity(
        self, station: Station, sources: dict[str, SourceModel], bought: dict[str, float],
        name: str, capacity: float,
    ) -> Station:  # fmt: skip
        found: list[Backup] = []
        for one in station.backups:
            if one.name == name:
                key = _BOILERS.get(one.fuel, "gas_boiler")
                bought[key] = bought.get(key, 0.0) + capacity - one.capacity / 1000.0
                one = replace(one, capacity=capacity * 1000.0)
            if one.capacity > 0.0:
                found.append(one)
        return replace(station, backups=tuple(found))

    def _set_volume(
        self, station: Station, sources: dict[str, SourceModel], bought: dict[str, float],
        name: str, volume: float,
    ) -> Station:  # fmt: skip
        loops = []
        for loop in station.load_loops:
            if loop.tank is not None and loop.tank.name == name:
                bought["tank"] = bought.get("tank", 0.0) + volume - loop.tank.volume
                loop = replace(loop, tank=_tank(loop.tank, volume))
            loops.append(loop)
        return replace(station, load_loops=tuple(loops))

    def _set_recharge(
        self, station: Station, sources: dict[str, SourceModel], bought: dict[str, float],
        name: str, factor: float,
    ) -> Station:  # fmt: skip
        site = self.site
        if name in site.solar_collectors:
            collector = site.solar_collectors[name]
            bought["solar_collector"] += (factor - 1.0) * collector.area * collector.count
        elif name in site.cooling_towers:
            tower = site.cooling_towers[name]
            key = "dry_cooler" if tower.kind == "dry" else "cooling_tower"
            heat = (tower.rated_heat or 0.0) / 1000.0 * tower.count
            bought[key] = bought.get(key, 0.0) + (factor - 1.0) * heat
        kept = tuple(
            _recharge(one, factor) if one.name == name else one
            for one in station.recharges
            if one.name != name or factor > 0.0
        )
        return replace(station, recharges=kept)

    def _set_supply(
        self, station: Station, sources: dict[str, SourceModel], bought: dict[str, float],
        name: str, lower: float,
    ) -> Station:  # fmt: skip
        loops = tuple(
            replace(loop, supply=shifted_supply(station, loop, -lower)) if loop.name == name
            else loop
            for loop in station.load_loops
        )  # fmt: skip
        return replace(station, load_loops=loops)


def levels_around(planned: float, least: float, most: float, step: float) -> tuple[float, ...]:
    """Levels in steps through a planned value, from least to most."""
    if step <= 0.0:
        return (planned,)
    down = int(np.floor((planned - least) / step + 1e-9))
    up = int(np.floor((most - planned) / step + 1e-9))
    found = planned + step * np.arange(-max(down, 0), max(up, 0) + 1)
    return tuple(float(round(value, 9)) for value in found)


def round_step(step: float) -> float:
    """The nearest of 1, 2, 5 × a power of ten: a step in which sizes are made."""
    if step <= 0.0:
        return 0.0
    power = 10.0 ** np.floor(np.log10(step))
    return float(min((1.0, 2.0, 5.0, 10.0), key=lambda one: abs(one * power - step)) * power)


def _tank(tank: TankModel, volume: float) -> TankModel:
    """The same tank of another volume; its surface grows with the power 2/3."""
    return replace(
        tank, volume=volume, heat_loss=tank.heat_loss * (volume / tank.volume) ** (2.0 / 3.0)
    )


def _recharge(one: Recharge, factor: float) -> Recharge:
    return replace(
        one, at_zero=one.at_zero * factor, per_kelvin=one.per_kelvin * factor,
        capacity=one.capacity * factor, power=one.power * factor,
    )  # fmt: skip
