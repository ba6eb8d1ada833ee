"""Faults put into the plant that EnergyPlus runs, and what must be said of each.

The families are those of the seven deviations; ``gate`` is a fault of an instrument. A case with
several families is right with any of them first.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from energyplus_buildings import CHICAGO, DENVER, prototype_hours
from energyplus_plant import Plant, PlantHours, growing, plant_hours, spliced
from energyplus_program import Floats

HALF_YEAR = 4380
STERLING = "USA_VA_Sterling-Washington.Dulles.Intl.AP.724030_TMY3.epw"


@dataclass(frozen=True, eq=False)
class Base:
    """A plant with its building and weather.

    Attributes
    ----------
    name : for people
    plant : as built
    heating, cooling : design loads, W, shape (8760,)
    weather : file of EnergyPlus
    """

    name: str
    plant: Plant
    heating: Floats
    cooling: Floats
    weather: str


@dataclass(frozen=True)
class InjectedFault:
    """One fault.

    Attributes
    ----------
    name : for people
    families : any of which may come first; empty: nothing may be found
    never : families that must not be found
    run : base, runner -> hours
    years : of the record
    """

    name: str
    families: tuple[str, ...]
    never: tuple[str, ...]
    run: Callable[[Base, Runner], PlantHours]
    years: int = 1


class Runner:
    """Runs of EnergyPlus, each once; kept in a folder if one is named."""

    def __init__(self, kept: Path | None = None) -> None:
        self.kept = kept

    def __call__(
        self, base: Base, plant: Plant, heating: Floats | None = None,
        cooling: Floats | None = None, years: int = 1,
    ) -> PlantHours:  # fmt: skip
        """Hours of a plant under loads, those of the base where none are given."""
        loads = (base.heating if heating is None else heating,
                 base.cooling if cooling is None else cooling)  # fmt: skip
        if self.kept is None:
            return self._run(base, plant, loads, years)
        digest = hashlib.sha256(repr(plant).encode() + loads[0].tobytes() + loads[1].tobytes())
        key = f"{base.name}-{years}-{digest.hexdigest()[:16]}"
        path = self.kept / f"{key}.pickle"
        if not path.exists():
            path.write_bytes(pickle.dumps(self._run(base, plant, loads, years)))
        return pickle.loads(path.read_bytes())  # type: ignore[no-any-return]

    def _run(
        self, base: Base, plant: Plant, loads: tuple[Floats, Floats], years: int
    ) -> PlantHours:
        with tempfile.TemporaryDirectory() as folder:
            return plant_hours(plant, *loads, base.weather, Path(folder), years)


def bases(kept: Path | None = None, name: str = "") -> tuple[Base, ...]:
    """Three buildings in three climates on three bore fields; or one of them.

    The office was at hand while diagnosis was written; the hotel came when it stood, and a
    tolerance was set beside it; nothing was changed after the small office was seen.
    """
    office = ("office", "RefBldgMediumOfficeNew2004_Chicago", CHICAGO, Plant())
    hotel = (
        "hotel", "RefBldgSmallHotelNew2004_Chicago", DENVER,
        Plant(columns=7, rows=5, length=90.0, conductivity=2.4, temperature=12.0),
    )  # fmt: skip
    small = (
        "small office", "RefBldgSmallOfficeNew2004_Chicago", STERLING,
        Plant(columns=8, rows=4, spacing=5.5, length=115.0, conductivity=1.7, temperature=15.0,
              grout=1.2, supply=45.0),
    )  # fmt: skip
    every = (office, hotel, small)
    return tuple(_base(*one, kept) for one in every if name in ("", one[0]))


def _base(name: str, model: str, weather: str, plant: Plant, kept: Path | None) -> Base:
    path = kept / f"building-{name}.pickle" if kept else None
    if path is not None and path.exists():
        hours = pickle.loads(path.read_bytes())
    else:
        with tempfile.TemporaryDirectory() as folder:
            hours = prototype_hours(model, weather, Path(folder))
        if path is not None:
            path.write_bytes(pickle.dumps(hours))
    # The building is scaled to the plant: units carry their loads, and little ones are left out.
    heating = _scaled(hours.heating, 0.62 * plant.heating_reference)
    cooling = _scaled(hours.cooling, 0.75 * plant.cooling_reference)
    return Base(name, plant, heating, cooling, weather)


def _scaled(load: Floats, largest: float) -> Floats:
    scaled = np.minimum(load * (largest / np.quantile(load, 0.9995)), largest)
    return np.where(scaled < 0.02 * largest, 0.0, scaled)


def _plant(**changes: float) -> Callable[[Base, Runner], PlantHours]:
    """The whole run with some numbers of the plant by a factor."""

    def run(base: Base, runner: Runner) -> PlantHours:
        return runner(base, _by(base.plant, **changes))

    return run


def _by(plant: Plant, **factors: float) -> Plant:
    return replace(plant, **{name: getattr(plant, name) * f for name, f in factors.items()})


def _from_half_year(change: Callable[[Plant], Plant]) -> Callable[[Base, Runner], PlantHours]:
    def run(base: Base, runner: Runner) -> PlantHours:
        before, after = runner(base, base.plant), runner(base, change(base.plant))
        return spliced(before, after, (np.arange(len(before.heat)) >= HALF_YEAR).astype(float))

    return run


def _fouling(base: Base, runner: Runner) -> PlantHours:
    lost = [0.025 * (number + 0.5) for number in range(6)]
    return growing([
        runner(base, _by(base.plant, heating_power=1 / (1 - x), cooling_power=1 / (1 - x)))
        for x in lost
    ])  # fmt: skip


def _strainer(base: Base, runner: Runner) -> PlantHours:
    """Flow falls by 8 % each of three months, then the strainer is cleaned."""
    runs = [runner(base, _by(base.plant, actual_source_flow=1.0 - 0.08 * n)) for n in (0, 1, 2, 3)]
    return growing([runs[n % 4] for n in range(12)])


def _ground(base: Base, runner: Runner) -> PlantHours:
    colder = replace(base.plant, temperature=base.plant.temperature - 1.5)
    return runner(base, _by(colder, conductivity=0.7))


def _no_setback(base: Base, runner: Runner) -> PlantHours:
    return runner(base, base.plant, _raised(base.heating), _raised(base.cooling))


def _raised(load: Floats) -> Floats:
    days = load.reshape(365, 24)
    night = np.r_[0:6, 22:24]
    day = np.delete(days, night, axis=1).mean(axis=1, keepdims=True)
    raised = days.copy()
    raised[:, night] = np.maximum(days[:, night], day)
    return np.asarray(raised.ravel())


FAULTS: tuple[InjectedFault, ...] = (
    InjectedFault("healthy", (), (), lambda base, run: run(base, base.plant)),
    InjectedFault("load half", ("design",), ("operation",),
                  lambda base, run: run(base, base.plant, base.heating * 0.5, base.cooling * 0.5)),
    InjectedFault("grout of a third the conductivity", ("construction",), ("resource",),
                  _plant(grout=0.34)),
    InjectedFault("ground x0.7, 1.5 K colder", ("resource",), ("construction",), _ground),
    InjectedFault("cold x0.3 for three years", ("balance",), ("operation",),
                  lambda base, run: run(base, base.plant, None, base.cooling * 0.3, 3), 3),
    InjectedFault("strainer", ("operation",), ("hydraulic",), _strainer),
    InjectedFault("source flow -30 % after a valve change", ("hydraulic",), ("construction",),
                  _from_half_year(lambda plant: replace(plant, actual_source_flow=0.7))),
    InjectedFault("pumps 40 % oversized", ("hydraulic", "design"), ("operation",),
                  _plant(source_head=1.4, load_head=1.4)),
    InjectedFault("units lose 15 % in a year", ("operation",), ("balance",), _fouling),
    InjectedFault("night setback ignored", ("operation",), ("design",), _no_setback),
    InjectedFault("heat supplied 5 K warmer from the first day", ("commissioning",), ("operation",),
                  lambda base, run: run(base, replace(base.plant, supply=base.plant.supply + 5.0))),
    InjectedFault("source pump never stops", ("operation",), ("hydraulic",),
                  lambda base, run: run(base, replace(base.plant, continuous=True))),
    InjectedFault("load flow -40 %", ("hydraulic",), ("construction",),
                  _plant(actual_load_flow=0.6)),
)  # fmt: skip


def present(base: Base, fault: InjectedFault, runner: Runner) -> bool:
    """Whether a fault changes anything: a pump that always runs cannot be left running."""
    healthy, faulty = runner(base, base.plant), fault.run(base, runner)
    if fault.name == FAULTS[0].name or len(healthy.heat) != len(faulty.heat):
        return True
    pairs = ((getattr(healthy, one.name), getattr(faulty, one.name)) for one in fields(PlantHours))
    return not all(np.allclose(before, after, rtol=1e-6, atol=1e-6) for before, after in pairs)
