"""Tanks, rooms and switching: exponentials, first law, and the mean rule beside the real one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from diwen.plant.performance_map import PartLoad, PerformanceMap
from diwen.plant.station import (
    AIR,
    Backup,
    LoadLoop,
    Room,
    Station,
    SupplyCurve,
    TankModel,
    Unit,
)  # fmt: skip
from diwen.twin.run import TwinRun, simulate

WATER = 4.19e6
ENDS = np.array([-30.0, 50.0])
ONE_POINT = np.full((2, 1), 20e3)
MACHINE = PerformanceMap(
    "heating", ENDS, np.array([45.0]), ONE_POINT, ONE_POINT / 4.0, (-30, 50), (45, 45)
)
ON_OFF = PartLoad(1.0, np.array([0.0, 1.0]), np.array([0.0, 1.0]))


def tank_plant(tank: TankModel, machine: PerformanceMap = MACHINE, **unit: object) -> Station:
    loop = LoadLoop("heat", "heat", ("h",), SupplyCurve.constant(45.0), tank=tank, dead_band=4.0)
    heat_pump = replace(Unit("hp", 1, AIR, ("heat",), heating=machine), **unit)  # type: ignore[arg-type]
    return Station((), (loop,), (heat_pump,))


def run_constant(plant: Station, load: float, steps: int, **options: object) -> TwinRun:
    return simulate(
        plant,
        {},
        {"heat": np.full(steps, load)},
        np.full(steps, 5.0),
        **options,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("layers", [1, 5])
def test_a_tank_left_alone_decays_exponentially(layers: int) -> None:
    tank = TankModel("t", 2.0, layers=layers, heat_loss=25.0, ambient=15.0)
    plant = tank_plant(tank, lowest_outdoor=20.0)
    run = run_constant(plant, 0.0, 100)
    time = 3600.0 * np.arange(101)
    ends = 15.0 + 30.0 * np.exp(-25.0 * time / (2.0 * WATER))
    course = run.course.loops["heat"]
    assert course.tank == pytest.approx(0.5 * (ends[1:] + ends[:-1]), rel=1e-9)
    assert course.tank_loss == pytest.approx(-np.diff(ends) * 2.0 * WATER / 3600.0, rel=1e-6)


def test_a_mixed_tank_is_charged_along_its_exponential() -> None:
    """A machine too weak for the target: C dT/dt = Q − UA (T − Ta) from the state of rest."""
    tank = TankModel("t", 5.0, heat_loss=400.0, ambient=10.0)
    plant = tank_plant(tank, replace(MACHINE, capacity=ONE_POINT * 0.5, power=ONE_POINT / 8.0))
    cold = run_constant(replace(plant, units=(replace(plant.units[0], lowest_outdoor=20.0),)), 0, 1)
    start = dict(cold.state.tanks)
    start["heat"] = np.array([12.0])
    run = run_constant(plant, 0.0, 60, initial=replace(cold.state, tanks=start))
    rest = 10.0 + 10e3 / 400.0
    ends = rest + (12.0 - rest) * np.exp(-400.0 * 3600.0 * np.arange(61) / (5.0 * WATER))
    assert run.course.loops["heat"].tank == pytest.approx(0.5 * (ends[1:] + ends[:-1]), rel=1e-9)
    assert run.course.units["hp"].heat == pytest.approx(10e3)


@pytest.mark.parametrize("layers", [1, 6])
def test_a_tank_charged_ahead_carries_the_peak(layers: int) -> None:
    """Charged by night, spent by day; all heat is accounted for, and no layer is hotter than it."""
    night = np.arange(24) < 6
    tank = TankModel("t", 6.0, layers, 20.0, charge_above_setpoint=12.0, charging=night)
    hotter = replace(
        MACHINE, load=np.array([45.0, 60.0]), capacity=np.full((2, 2), 20e3),
        power=np.array([[5e3, 8e3], [5e3, 8e3]]),
    )  # fmt: skip
    plant = tank_plant(tank, hotter)
    load = np.tile(np.where((np.arange(24) >= 7) & (np.arange(24) < 11), 30e3, 4e3), 30)
    run = simulate(plant, {}, {"heat": load}, np.full(720, 0.0))
    course, machine = run.course.loops["heat"], run.course.units["hp"]
    assert course.unmet.max() < 1e-6
    assert course.tank.max() <= 57.0 + 1e-9
    assert course.tank.max() > 55.0
    stored = (run.state.tanks["heat"].mean() - 45.0) * 6.0 * WATER
    moved = (machine.heat - course.delivered - course.tank_loss).sum() * 3600.0
    assert moved == pytest.approx(stored, rel=1e-9, abs=1.0)
    assert run.closure < 1e-9
    no_tank = replace(plant, load_loops=(replace(plant.load_loops[0], tank=None),))
    without = simulate(no_tank, {}, {"heat": load}, np.full(720, 0.0))
    assert without.course.loops["heat"].unmet.max() == pytest.approx(10e3)
    assert np.nanmax(machine.load_leaving) == pytest.approx(57.0)


def test_a_cold_tank_is_the_mirror_of_a_warm_one() -> None:
    tank = TankModel("t", 3.0, 4, 30.0, 25.0)
    loop = LoadLoop("cold", "cold", ("c",), SupplyCurve.constant(7.0), tank=tank)
    cooler = PerformanceMap(
        "cooling", ENDS, np.array([7.0]), ONE_POINT, ONE_POINT / 4.0, (-30, 50), (7, 7)
    )
    plant = Station((), (loop,), (Unit("ch", 1, AIR, ("cold",), cooling=cooler),))
    load = np.tile([5e3, 26e3, 12e3, 0.0], 60)
    run = simulate(plant, {}, {"cold": load}, np.full(240, 30.0))
    course = run.course.loops["cold"]
    gained = run.course.units["ch"].cold - course.delivered - course.tank_loss
    stored = -(run.state.tanks["cold"].mean() - 7.0) * 3.0 * WATER
    assert gained.sum() * 3600.0 == pytest.approx(stored, rel=1e-9, abs=1.0)
    assert (course.tank_loss > 0.0).all()
    assert course.tank.min() >= 7.0 - 1e-9
    assert course.unmet.max() < 1e-6


def test_rooms_cool_by_what_is_missing_and_come_back() -> None:
    """C dT/dt = −missing − UA (T − T_set): the exact exponential, then back to the setpoint."""
    rooms = Room(20.0, 2e8, 800.0)
    loop = LoadLoop("heat", "heat", ("h",), SupplyCurve.constant(45.0), room=rooms)
    plant = Station((), (loop,), (Unit("hp", 1, AIR, ("heat",), heating=MACHINE),))
    load = np.r_[np.full(24, 26e3), np.full(72, 10e3)]
    run = simulate(plant, {}, {"heat": load}, np.zeros(96))
    rest = 20.0 - 6e3 / 800.0
    ends = rest + (20.0 - rest) * np.exp(-800.0 * 3600.0 * np.arange(25) / 2e8)
    assert run.course.loops["heat"].room[:24] == pytest.approx(0.5 * (ends[1:] + ends[:-1]))
    assert run.state.rooms["heat"] == pytest.approx(20.0)
    assert run.course.loops["heat"].delivered.max() <= 20e3 + 1e-6


def test_fine_steps_switch_within_the_dead_band_and_its_rules() -> None:
    """An on/off machine on a tank: real switching, minimum run and stop held, first law exact."""
    tank = TankModel("t", 0.8, 1, 5.0)
    plant = tank_plant(tank, part_load=ON_OFF, minimum_run=600.0, minimum_stop=300.0)
    run = run_constant(plant, 9e3, 1440, step=60.0)
    machine, course = run.course.units["hp"], run.course.loops["heat"]
    assert set(np.unique(machine.running)) == {0.0, 1.0}
    assert 42.5 < course.tank[60:].min() < course.tank[60:].max() < 47.5
    edges = np.flatnonzero(np.diff(machine.running)) + 1
    lengths = np.diff(edges)
    on = machine.running[edges[:-1]] > 0.0
    assert lengths[on].min() >= 10
    assert lengths[~on].min() >= 5
    assert machine.starts.sum() == pytest.approx((np.diff(machine.running) > 0).sum(), abs=1)
    # Period of the cycle of a relay on one capacity: C·band (1/(P−L) + 1/L) with loss in L.
    lost = 9e3 + course.tank_loss.mean()
    period = 0.8 * WATER * 4.0 * (1.0 / (20e3 - lost) + 1.0 / lost)
    cycles = 1440 * 60.0 / period
    assert machine.starts.sum() == pytest.approx(cycles, rel=0.15)
    assert course.unmet.max() < 1e-6
    assert run.closure < 1e-9


def test_switching_and_the_mean_rule_bring_the_same_day() -> None:
    tank = TankModel("t", 1.5, 1, 5.0)
    plant = tank_plant(tank, part_load=ON_OFF)
    fine = run_constant(plant, 9e3, 1440, step=60.0)
    coarse = run_constant(plant, 9e3, 24)
    stored = (fine.state.tanks["heat"][0] - 45.0) * 1.5 * WATER
    heat = fine.year_sums("unit.hp.heat")[0] - stored
    assert heat == pytest.approx(coarse.year_sums("unit.hp.heat")[0], rel=2e-3)
    assert fine.course.units["hp"].running.mean() == pytest.approx(
        coarse.course.units["hp"].running.mean(), rel=0.05
    )


def test_loop_water_alone_can_carry_the_switching() -> None:
    loop = LoadLoop(
        "heat", "heat", ("h",), SupplyCurve.constant(45.0), water_heat_capacity=0.3 * WATER
    )
    machine = Unit("hp", 3, AIR, ("heat",), heating=MACHINE, part_load=ON_OFF, starts_per_hour=4.0)
    run = simulate(
        Station((), (loop,), (machine,)), {}, {"heat": np.full(1440, 33e3)}, np.zeros(1440),
        step=60.0,
    )  # fmt: skip
    course = run.course.units["hp"]
    assert set(np.unique(course.running[60:])) <= {1.0, 2.0, 3.0}
    assert course.starts.sum() <= 3 * 4 * 24 + 3
    assert course.heat.mean() == pytest.approx(33e3, rel=0.01)
    again = simulate(
        Station((), (loop,), (machine,)), {}, {"heat": np.full(1440, 33e3)}, np.zeros(1440),
        step=60.0, steps=700,
    )  # fmt: skip
    then = simulate(
        Station((), (loop,), (machine,)), {}, {"heat": np.full(1440, 33e3)}, np.zeros(1440),
        step=60.0, steps=740, initial=again.state,
    )  # fmt: skip
    assert then.course.units["hp"].running == pytest.approx(course.running[700:])


def test_a_backup_does_not_charge_ahead() -> None:
    tank = TankModel("t", 6.0, charge_above_setpoint=12.0, charging=np.ones(24, bool))
    plant = tank_plant(tank, lowest_outdoor=20.0)
    boiler = Backup("e", "heat", 1e6, 1.0, "electricity")
    plant = replace(plant, backups=(boiler,))
    run = run_constant(plant, 5e3, 48)
    assert run.course.backups["e"][0] == pytest.approx(5e3, rel=1e-6)
    assert run.course.loops["heat"].tank.max() == pytest.approx(45.0)
