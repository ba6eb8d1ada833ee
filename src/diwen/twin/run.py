"""One plant through time: a station on its sources, with the loads of a repeating year.

Everything runs in one compiled march; what it leaves is a course (every step, or those of the last
year, or none), sums by month and year of every energy, and a state to go on from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.language import Text
from diwen.plant.station import Station
from diwen.sources.response.modes import unscaled
from diwen.sources.response.source_model import SourceModel
from diwen.sources.response.time_units import HOUR
from diwen.twin import packed_columns as at
from diwen.twin.course import TwinCourse
from diwen.twin.course_of_rows import course_of_rows, energy_names, row_length
from diwen.twin.packing import Packed, packed
from diwen.twin.station_problems import check_run

Floats = NDArray[np.float64]
Keep = Literal["all", "last", "none"]
_DAY = 86400.0
_YEAR = 365 * _DAY
_UNMET = Text(
    "{name}: {energy} kWh of the load were not met ({share} %)",
    "{name}：有 {energy} kWh 负荷未满足（{share} %）",
)
_REASONS = (
    Text(
        "{name}: gave less heat in {steps} steps, because its source reached a limit",
        "{name}：有 {steps} 个时间步因热源侧达到限值而减少供热",
    ),
    Text(
        "{name}: gave less cold in {steps} steps, because its source reached a limit",
        "{name}：有 {steps} 个时间步因热源侧达到限值而减少供冷",
    ),
    Text(
        "{name}: gave nothing to a loop that asked for it in {steps} steps, because the supply or"
        " outdoor temperature lay outside its limits or the backup of the loop worked alone",
        "{name}：有 {steps} 个时间步对有需求的回路未供能，因供水温度或室外温度超出机组限值，"
        "或该回路由辅助热源单独供热",
    ),
)
_MONTH_ENDS = np.cumsum([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


@dataclass(frozen=True, eq=False)
class TwinState:
    """Where a plant stands at the end of a run.

    Attributes
    ----------
    sources : lagged heat rates of the modes of each source, W, each shape (modes,)
    tanks : layers of each tank from the top, °C, each shape (layers,)
    rooms : °C of the rooms of each loop
    hours : run per unit of each group, s
    running : units on at the end, by group
    machines : of each group, what each machine does and since when (see the march), shape
        (count, 3); matters at fine steps
    age : of the plant, years
    place : next step within the repeating period
    """

    sources: dict[str, Floats]
    tanks: dict[str, Floats]
    rooms: dict[str, float]
    hours: dict[str, float]
    running: dict[str, float]
    machines: dict[str, Floats]
    age: float
    place: int


@dataclass(frozen=True, eq=False)
class TwinRun:
    """What a run brought.

    Attributes
    ----------
    course : the steps that were kept; empty arrays with ``keep="none"``
    energies : names of the columns of the sums, as ``unit.<name>.power``
    monthly : J, shape (years, 12, energies); columns of numbers (``running``, ``starts``) are
        unit-seconds and starts
    steps_per_year : steps
    extremes : lowest and highest entering temperature while running of each source and year, °C,
        by name, each shape (years, 2); inf and −inf in a year without
    unsettled : steps whose heat rates did not settle to 1e-8 K (0 in a sound plant)
    closure : largest first-law residual over the largest heat rate of any node
    limited : of each unit group, steps in which it gave less for its source (heat, cold) or for
        the temperature that was asked of it, shape (3,)
    state : for going on
    """

    course: TwinCourse
    energies: tuple[str, ...]
    monthly: Floats
    steps_per_year: int
    extremes: dict[str, Floats]
    unsettled: int
    closure: float
    limited: dict[str, Floats]
    state: TwinState

    @property
    def yearly(self) -> Floats:
        """Sums of the years, shape (years, energies)."""
        return np.asarray(self.monthly.sum(axis=1))

    def month_sums(self, name: str) -> Floats:
        """One energy by year and month, J, shape (years, 12), as ``loop.heating.delivered``."""
        return self.monthly[:, :, self.energies.index(name)]

    def year_sums(self, name: str) -> Floats:
        """One energy by year, J, shape (years,)."""
        return np.asarray(self.month_sums(name).sum(axis=1))


def simulate(
    station: Station,
    sources: Mapping[str, SourceModel],
    loads: Mapping[str, ArrayLike],
    outdoor: ArrayLike,
    *,
    years: int = 1,
    step: float = HOUR,
    keep: Keep = "all",
    initial: TwinState | None = None,
    first_day: int = 1,
    steps: int | None = None,
    power_factor: float = 1.0,
) -> TwinRun:
    """A plant through years of steps, first law closed in each.

    Parameters
    ----------
    station : the plant
    sources : by name of the source loop; what has a value per step has those of the loads
    loads : by name of the load loop, W, 0 or more, one period that repeats (a year, several years,
        or any stretch), shape (n,)
    outdoor : °C, shape (n,)
    years : how often the period repeats
    step : s; up to 300 s units switch on and off on their tank, above they modulate or cycle
        within the step
    keep : steps in the course: all, the last year, none
    initial : ``state`` of a run before; undisturbed sources and charged tanks if not given
    first_day : day of the year on which the period begins, 1: 1 January
    steps : number of steps, instead of ``years`` periods
    power_factor : on the power of every unit (worse or better machines than their maps)

    Raises
    ------
    diwen.problems.InputError : a station, loads or sources that do not fit; all at once
    """
    given = {name: np.asarray(load, float) for name, load in loads.items()}
    air = np.asarray(outdoor, float)
    check_run(station, sources, given, air, step)
    tables = packed(station, sources, given, air, float(step))
    return march_packed(
        tables,
        float(step),
        years,
        keep,
        initial,
        first_day,
        steps,
        station.fixed_power,
        power_factor,
    )


def march_packed(
    tables: Packed,
    step: float,
    years: int,
    keep: Keep,
    initial: TwinState | None,
    first_day: int,
    steps: int | None,
    fixed_power: float,
    power_factor: float = 1.0,
) -> TwinRun:
    """The march over tables, and its result by name."""
    from diwen.twin import march_compiled

    march: Any = march_compiled.march
    period = len(tables.inputs)
    count = years * period if steps is None else steps
    per_year = round(_YEAR / step)
    if period % per_year:
        per_year = period
    spans = max(-(-count // per_year), 1)
    kept = {"all": count, "last": min(per_year, count), "none": 0}[keep]
    memory = _memory(tables, initial)
    energies = energy_names(tables)
    sums = np.zeros((spans, 12, len(energies)))
    extremes = np.empty((spans, len(tables.source), 2))
    extremes[..., 0], extremes[..., 1] = np.inf, -np.inf
    rows = np.empty((kept, row_length(tables)))
    nodes = len(tables.source) + len(tables.unit) + len(tables.loop)
    checks, limited = np.zeros((nodes, 2)), np.zeros((len(tables.unit), 3))
    options = np.zeros(at.OPTION_COLUMNS)
    options[at.O_STEP], options[at.O_STAGING] = step, tables.staging
    options[at.O_POWER_FACTOR] = power_factor
    place = 0 if initial is None else initial.place
    age = 0.0 if initial is None else initial.age
    unsettled = march(
        tables.inputs, _months(period, step, first_day), place, count, count - kept, per_year,
        options, tables.source, tables.decay, tables.gain, tables.loop, tables.unit, tables.pair,
        tables.segments, tables.backup, tables.recharge, tables.pump, tables.place, tables.meant,
        tables.curves, *memory, age,
        sums, extremes, rows, checks, limited,
    )  # fmt: skip
    closure = float((checks[:, 0] / np.maximum(checks[:, 1], 1.0)).max())
    after = age + count / per_year
    course = course_of_rows(tables, rows, step, count - kept, fixed_power, closure, ())
    gave_less = dict(zip(tables.unit_names, limited, strict=True))
    total = dict(zip(energies, (sums * step).sum(axis=(0, 1)), strict=True))
    course = replace(course, notes=run_notes(total, gave_less))
    return TwinRun(
        course, energies, sums * step, per_year,
        {name: extremes[:, s] for s, name in enumerate(tables.source_names)},
        int(unsettled), closure, gave_less, _state(tables, memory, after, (place + count) % period),
    )  # fmt: skip


def _months(period: int, step: float, first_day: int) -> NDArray[np.int64]:
    """Month, 0 to 11, of each step of the period; years of 365 days."""
    day = (np.arange(period) * (step / _DAY) + first_day - 1) % 365
    return np.searchsorted(_MONTH_ENDS, day, side="right").astype(np.int64)


def _memory(tables: Packed, initial: TwinState | None) -> tuple[Floats, ...]:
    """Drops of the modes, tanks, rooms, hours, running; new arrays, with the sign of the loops."""
    sign = tables.loop[:, at.L_SIGN]
    layers = int(max(tables.loop[:, at.L_LAYERS].max(initial=1.0), 1))
    drops = np.zeros_like(tables.residues)
    first = tables.inputs[0, at.INPUTS_HEAD + len(tables.source) * at.INPUTS_SOURCE :]
    setpoints = first[at.IL_SETPOINT :: at.INPUTS_LOOP][: len(sign)]
    tanks = np.repeat((setpoints * sign)[:, None], layers, axis=1)
    rooms = tables.loop[:, at.L_ROOM_SETPOINT] * sign
    hours, running = np.zeros(len(tables.unit)), np.zeros(len(tables.unit))
    count = tables.unit[:, at.U_COUNT].astype(int)
    machines = np.full((len(count), int(count.max(initial=1)), 3), 1e9)
    machines[:, :, 0] = -1.0
    if initial is not None:
        for s, name in enumerate(tables.source_names):
            lagged = initial.sources[name]
            drops[s, : len(lagged)] = lagged * tables.residues[s, : len(lagged)]
        for place, name in enumerate(tables.loop_names):
            if name in initial.tanks:
                tanks[place, : len(initial.tanks[name])] = initial.tanks[name] * sign[place]
            if name in initial.rooms:
                rooms[place] = initial.rooms[name] * sign[place]
        hours[:] = [initial.hours.get(name, 0.0) for name in tables.unit_names]
        running[:] = [initial.running.get(name, 0.0) for name in tables.unit_names]
        for u, name in enumerate(tables.unit_names):
            if name in initial.machines:
                machines[u, : count[u]] = initial.machines[name]
    return drops, tanks, rooms, hours, running, machines


def _state(tables: Packed, memory: tuple[Floats, ...], age: float, place: int) -> TwinState:
    drops, tanks, rooms, hours, running, machines = memory
    lagged = unscaled(drops, tables.residues)
    modes = tables.source[:, at.S_MODES].astype(int)
    sign, layers = tables.loop[:, at.L_SIGN], tables.loop[:, at.L_LAYERS].astype(int)
    return TwinState(
        {name: lagged[s, : modes[s]] for s, name in enumerate(tables.source_names)},
        {
            name: tanks[k, : layers[k]] * sign[k]
            for k, name in enumerate(tables.loop_names)
            if tables.loop[k, at.L_TANK]
        },
        {
            name: float(rooms[k] * sign[k])
            for k, name in enumerate(tables.loop_names)
            if tables.loop[k, at.L_ROOM_CAPACITY]
        },
        dict(zip(tables.unit_names, hours.tolist(), strict=True)),
        dict(zip(tables.unit_names, running.tolist(), strict=True)),
        {
            name: machines[u, : int(tables.unit[u, at.U_COUNT])]
            for u, name in enumerate(tables.unit_names)
        },
        age, place,
    )  # fmt: skip


def run_notes(energies: Mapping[str, float], limited: Mapping[str, Floats]) -> tuple[Text, ...]:
    """What could not be met, and why units gave less.

    Parameters
    ----------
    energies : of a run, J, by their names
    limited : as in :class:`TwinRun`
    """
    notes = []
    for name in (key.split(".", 1)[1].rsplit(".", 1)[0] for key in energies
                 if key.startswith("loop.") and key.endswith(".load")):  # fmt: skip
        asked, unmet = energies[f"loop.{name}.load"], energies[f"loop.{name}.unmet"]
        if unmet > 1e-9 * asked > 0.0:  # between the stages of a cascade nothing is asked
            share, energy = f"{100.0 * unmet / asked:.2g}", f"{unmet / 3.6e6:.3g}"
            notes.append(_UNMET.format(name=name, energy=energy, share=share))
    for number, reason in enumerate(_REASONS):
        for name, steps in limited.items():
            if steps[number] > 0.0:
                notes.append(reason.format(name=name, steps=f"{steps[number]:.0f}"))
    return tuple(notes)
