"""One source, a few units: the twin against what others wrote, and against the first law."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from diwen.plant.performance_map import PartLoad, PerformanceMap
from diwen.plant.station import (
    AIR,
    Backup,
    LoadLoop,
    PumpGroup,
    Recharge,
    Room,
    SourceLoop,
    Station,
    SupplyCurve,
    TankModel,
    Unit,
)
from diwen.problems import InputError
from diwen.sources.response.hourly import Efficiency
from diwen.sources.response.limited import SourceLimits
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.run import simulate

SOURCE_AT = np.arange(-15.0, 31.0, 5.0)
HEAT_AT = np.array([30.0, 45.0, 60.0])
COLD_AT = np.array([5.0, 10.0, 18.0])
HOURS = np.arange(8760)
SEASON = np.cos(2 * np.pi * HOURS / 8760)
DAY = np.cos(2 * np.pi * HOURS / 24)
OUTDOOR = 12.0 - 14.0 * SEASON - 4.0 * DAY
HEAT = np.maximum(SEASON + 0.2 * DAY - 0.1, 0.0) * 80e3
COLD = np.maximum(-SEASON + 0.2 * DAY - 0.3, 0.0) * 60e3


def heating_map(capacity: float = 100e3, share: float = 0.45) -> PerformanceMap:
    """Heat of a given share of the Carnot efficiency; capacity grows 2 % per K."""
    source, load = SOURCE_AT[:, None], HEAT_AT[None, :]
    heat = capacity * (1.0 + 0.02 * source) * np.ones_like(load)
    cop = share * (load + 273.15 + 3.0) / (load - source + 8.0)
    return PerformanceMap("heating", SOURCE_AT, HEAT_AT, heat, heat / cop, (-5, 20), (30, 60))


def cooling_map(capacity: float = 100e3) -> PerformanceMap:
    source, load = SOURCE_AT[:, None], COLD_AT[None, :]
    cold = capacity * (1.0 - 0.005 * (source - 20.0)) * np.ones_like(load)
    eer = 0.45 * (load + 273.15) / (source - load + 40.0)
    return PerformanceMap("cooling", SOURCE_AT, COLD_AT, cold, cold / eer, (0, 35), (5, 18))


def both_map(capacity: float = 50e3) -> PerformanceMap:
    source, load = COLD_AT[:, None], HEAT_AT[None, :]
    heat = capacity * np.ones((len(COLD_AT), len(HEAT_AT)))
    cop = 0.45 * (load + 276.15) / (load - source + 8.0)
    return PerformanceMap("heating", COLD_AT, HEAT_AT, heat, heat / cop, (5, 18), (30, 60))


def ground(watt: float = 1.0) -> SourceModel:
    """A bore field of 20 modes; ``watt``: size."""
    tau = np.geomspace(1800.0, 1e9, 20)
    residues = np.full((1, 1, 20), 1.2e-5 / watt)
    response = Response(tau, residues, np.array([[2e-5 / watt]]), np.ones(1))
    return SourceModel("borefield", response, 11.0, 15e3 * watt, 0.004 * watt)


def unit(**changes: object) -> Unit:
    found = Unit("hp", 1, "field", ("heat",), heating=heating_map(), cooling=cooling_map())
    return replace(found, **changes)  # type: ignore[arg-type]


HEAT_LOOP = LoadLoop("heat", "heat", ("h",), SupplyCurve.constant(42.0))
COLD_LOOP = LoadLoop("cold", "cold", ("c",), SupplyCurve.constant(8.0))
LOADS = {"heat": HEAT, "cold": COLD}
FIELD = {"field": ground()}


def station(*units: Unit, **changes: object) -> Station:
    found = Station((SourceLoop("field"),), (HEAT_LOOP, COLD_LOOP), units)
    return replace(found, **changes)  # type: ignore[arg-type]


def test_the_ground_is_that_of_the_source_model() -> None:
    """Same loads and efficiencies through the hourly simulation of the source: within 1e-6 K."""
    both = unit(serves=("heat", "cold"))
    run = simulate(station(both), FIELD, LOADS, OUTDOOR, years=2)
    fine = np.linspace(-15.0, 30.0, 20001)
    heat, power = both.heating.at(fine, 42.0)  # type: ignore[union-attr]
    cold, work = both.cooling.at(fine, 8.0)  # type: ignore[union-attr]
    expected = FIELD["field"].simulate(
        HEAT, COLD, heating_efficiency=Efficiency.table(fine, heat / power),
        cooling_efficiency=Efficiency.table(fine, cold / work), years=2,
    )  # fmt: skip
    source = run.course.sources["field"]
    assert run.unsettled == 0
    assert np.abs(source.fluid - expected.fluid).max() < 1e-6
    assert np.abs(source.entering - expected.entering).max() < 1e-6
    assert run.course.units["hp"].power == pytest.approx(expected.power, rel=1e-6)


def test_a_constant_load_without_memory_is_arithmetic() -> None:
    """A river of constant temperature: heat, power and heat rate follow from one point."""
    river = SourceModel(
        "river", Response(np.ones(0), np.ones((1, 1, 0)), np.zeros((1, 1)), np.ones(1)), 9.0,
        10e3, 0.0025,
    )  # fmt: skip
    load = np.full(48, 60e3)
    plant = replace(station(unit()), load_loops=(HEAT_LOOP,))
    run = simulate(plant, {"field": river}, {"heat": load}, np.zeros(48))
    # Mean of the fluid stays at 9 °C, so the unit sees 9 °C + q / (2 C).
    q = 60e3
    for _ in range(200):
        full, work = unit().heating.at(9.0 + q / 20e3, 42.0)  # type: ignore[union-attr]
        q = 60e3 * (1.0 - float(work / full))
    assert run.course.sources["field"].heat == pytest.approx(q, rel=1e-9)
    assert run.course.units["hp"].power == pytest.approx(60e3 - q, rel=1e-9)
    assert run.year_sums("unit.hp.power")[0] == pytest.approx((60e3 - q) * 48 * 3600)
    drop = run.course.sources["field"].entering - run.course.sources["field"].leaving
    assert drop == pytest.approx(q / 10e3)


def test_going_on_is_one_long_run() -> None:
    tank = TankModel("t", 8.0, layers=4, heat_loss=15.0)
    loops = (replace(HEAT_LOOP, tank=tank, room=Room(20.0, 4e8, 3e3)), COLD_LOOP)
    units = (unit(serves=("heat", "cold"), count=2, heating=heating_map(30e3)),)
    plant = station(*units, load_loops=loops, staging="equal_hours")
    whole = simulate(plant, FIELD, LOADS, OUTDOOR, steps=9000)
    first = simulate(plant, FIELD, LOADS, OUTDOOR, steps=3100)
    then = simulate(plant, FIELD, LOADS, OUTDOOR, steps=5900, initial=first.state)
    for name in ("entering", "heat"):
        parts = [getattr(run.course.sources["field"], name) for run in (first, then)]
        assert np.concatenate(parts) == pytest.approx(
            getattr(whole.course.sources["field"], name), abs=1e-6, nan_ok=True
        )
    assert then.course.loops["heat"].tank == pytest.approx(whole.course.loops["heat"].tank[3100:])
    assert then.state.hours["hp"] == pytest.approx(whole.state.hours["hp"])
    assert then.state.place == whole.state.place


def test_what_is_kept_does_not_change_the_sums() -> None:
    plant = station(unit(serves=("heat", "cold")))
    runs = [
        simulate(plant, FIELD, LOADS, OUTDOOR, years=3, keep=keep)
        for keep in ("all", "last", "none")
    ]
    for run in runs[1:]:
        assert run.monthly == pytest.approx(runs[0].monthly)
    assert [len(run.course.mode) for run in runs] == [3 * 8760, 8760, 0]
    assert runs[1].course.sources["field"].fluid == pytest.approx(
        runs[0].course.sources["field"].fluid[-8760:]
    )
    power = runs[0].course.units["hp"].power.reshape(3, 8760)
    assert runs[0].year_sums("unit.hp.power") == pytest.approx(power.sum(axis=1) * 3600.0)
    assert runs[0].month_sums("unit.hp.power")[1, 0] == pytest.approx(
        power[1, : 31 * 24].sum() * 3600.0
    )


def test_half_the_step_changes_the_year_by_less_than_half_a_percent() -> None:
    tank = TankModel("t", 5.0, layers=3, heat_loss=10.0)
    cycling = PartLoad(0.3, np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.45, 1.0]), 0.9)
    loops = (replace(HEAT_LOOP, tank=tank), COLD_LOOP)
    plant = station(
        unit(serves=("heat", "cold"), count=3, heating=heating_map(40e3), part_load=cycling),
        load_loops=loops,
    )

    def year(parts: int) -> np.ndarray:
        loads = {name: np.repeat(load, parts) for name, load in LOADS.items()}
        air = np.repeat(OUTDOOR, parts)
        run = simulate(plant, FIELD, loads, air, step=3600.0 / parts, keep="none")
        return np.array([
            run.year_sums(name)[0]
            for name in ("unit.hp.power", "unit.hp.heat", "source.field.heat")
        ])  # fmt: skip

    assert year(2) == pytest.approx(year(1), rel=0.005)
    assert year(4) == pytest.approx(year(2), rel=0.005)


def test_identical_units_may_be_renamed_and_split() -> None:
    """Two groups of one, one group of two, either order: the same year."""
    small = heating_map(45e3)
    one = unit(name="a", heating=small)
    two = unit(name="b", heating=small)
    runs = [
        simulate(
            station(*units, load_loops=(HEAT_LOOP,), staging=staging),
            FIELD,
            {"heat": HEAT},
            OUTDOOR,
            keep="none",
        )
        for units, staging in (
            ((replace(one, count=2),), "sequence"),
            ((one, two), "sequence"),
            ((two, one), "sequence"),
            ((one, two), "equal_hours"),
            ((one, two), "efficiency"),
        )
    ]
    for run in runs[1:]:
        assert run.year_sums("source.field.heat") == pytest.approx(
            runs[0].year_sums("source.field.heat"), rel=1e-9
        )
    hours = runs[3].state.hours
    assert hours["a"] == pytest.approx(hours["b"], rel=0.01)
    assert runs[1].state.hours["b"] < 0.8 * runs[1].state.hours["a"]


def test_colder_ground_never_gives_a_better_machine() -> None:
    """COP of every step below Carnot between the two fluids, and lower over a smaller field."""
    plant = station(unit(), load_loops=(HEAT_LOOP,))
    cop = []
    for size in (1.0, 0.5):
        run = simulate(plant, {"field": ground(size)}, {"heat": HEAT}, OUTDOOR)
        machine, on = run.course.units["hp"], run.course.units["hp"].running > 0
        found = machine.heat[on] / machine.power[on]
        lift = machine.load_leaving[on] - machine.source_entering[on]
        assert (found < (machine.load_leaving[on] + 273.15) / np.maximum(lift, 1e-9)).all()
        cop.append(machine.heat.sum() / machine.power.sum())
    assert cop[1] < cop[0]


def test_a_limit_of_the_source_leaves_load_unmet_and_says_so() -> None:
    limited = replace(ground(0.3), limits=SourceLimits(lowest_return=2.0))
    plant = station(unit(), load_loops=(HEAT_LOOP,))
    run = simulate(plant, {"field": limited}, {"heat": HEAT}, OUTDOOR)
    source, loop = run.course.sources["field"], run.course.loops["heat"]
    assert loop.unmet.max() > 1e3
    on = source.heat > 0.0
    assert source.leaving[on].min() == pytest.approx(2.0, abs=1e-6)
    assert loop.unmet + loop.delivered == pytest.approx(HEAT, abs=1e-6)
    assert any("limit" in note.en for note in run.course.notes)
    assert any("kWh" in note.en for note in run.course.notes)
    unlimited = simulate(plant, {"field": ground(0.3)}, {"heat": HEAT}, OUTDOOR)
    assert unlimited.course.sources["field"].leaving[on].min() < 1.0


def test_entering_limit_of_the_loop_and_of_the_unit_hold() -> None:
    for plant in (
        station(
            unit(), load_loops=(HEAT_LOOP,),
            source_loops=(SourceLoop("field", minimum_entering=4.0),),
        ),
        station(unit(minimum_source=4.0), load_loops=(HEAT_LOOP,)),
    ):  # fmt: skip
        run = simulate(plant, {"field": ground(0.3)}, {"heat": HEAT}, OUTDOOR)
        source = run.course.sources["field"]
        assert source.entering[source.heat > 0.0].min() == pytest.approx(4.0, abs=1e-6)
        assert run.closure < 1e-9


def test_backup_parallel_and_alone() -> None:
    machine = unit(heating=heating_map(30e3))
    boiler = Backup("gas", "heat", 200e3, 0.92, "natural_gas")
    plant = station(machine, load_loops=(HEAT_LOOP,), backups=(boiler,))
    run = simulate(plant, FIELD, {"heat": HEAT}, OUTDOOR)
    heat, fuel = run.course.backups["gas"]
    assert run.course.loops["heat"].unmet.max() < 1e-6
    assert heat + run.course.units["hp"].heat == pytest.approx(HEAT, abs=1e-6)
    assert fuel == pytest.approx(heat / 0.92)
    alone = replace(plant, backups=(replace(boiler, alone_below=-2.0),))
    run = simulate(alone, FIELD, {"heat": HEAT}, OUTDOOR)
    cold = OUTDOOR < -2.0
    assert run.course.units["hp"].heat[cold].max() == 0.0
    assert run.course.backups["gas"][0][cold] == pytest.approx(HEAT[cold])
    late = replace(plant, backups=(replace(boiler, parallel_below=-4.0),))
    run = simulate(late, FIELD, {"heat": HEAT}, OUTDOOR)
    assert run.course.backups["gas"][0][OUTDOOR >= -4.0].max() == 0.0
    assert run.course.loops["heat"].unmet.max() > 1e3


def test_simultaneous_first_and_no_cold_dumped() -> None:
    machine = unit(name="r", serves=("heat", "cold"), simultaneous=both_map(), count=2)
    heat, cold = np.full(72, 70e3), np.full(72, 30e3)
    cold[24:48] = 200e3
    cold[48:] = 0.0
    run = simulate(station(machine), FIELD, {"heat": heat, "cold": cold}, np.zeros(72))
    course = run.course.units["r"]
    full, power = both_map().at(8.0, 42.0)
    share = 1.0 - float(power / full)
    assert run.course.loops["cold"].delivered[:24] == pytest.approx(30e3, rel=1e-9)
    assert course.recovered[:24] == pytest.approx(30e3 / share, rel=1e-6)
    assert course.recovered[24:48] == pytest.approx(70e3, rel=1e-6)
    assert course.recovered[48:].max() == 0.0
    assert course.heat == pytest.approx(70e3, rel=1e-9)
    assert run.closure < 1e-9
    assert (run.course.mode[:48] == 3).all()


def test_desuperheater_gives_its_share_of_the_condenser_heat() -> None:
    hot = replace(HEAT_LOOP, name="hot", hot_water=True)
    machine = unit(serves=("cold", "hot"), recovery_share=0.2)
    run = simulate(
        station(machine, load_loops=(hot, COLD_LOOP)), FIELD,
        {"hot": np.full(48, 50e3), "cold": np.full(48, 40e3)}, np.zeros(48),
    )  # fmt: skip
    course = run.course.units["hp"]
    alone = simulate(
        station(machine, load_loops=(hot, COLD_LOOP)), FIELD,
        {"hot": np.zeros(48), "cold": np.full(48, 40e3)}, np.zeros(48),
    ).course.units["hp"]  # fmt: skip
    assert alone.recovered.max() == 0.0
    rejected = 40e3 + alone.power
    # The sources differ a little in temperature, so do the condensers: 2 %.
    assert course.recovered == pytest.approx(0.2 * rejected, rel=0.02)
    assert run.course.loops["hot"].delivered == pytest.approx(50e3, rel=1e-9)
    assert run.closure < 1e-9


def test_cascade_takes_its_heat_from_the_lower_loop() -> None:
    low = replace(HEAT_LOOP, name="low", supply=SupplyCurve.constant(30.0))
    top = replace(HEAT_LOOP, name="top", supply=SupplyCurve.constant(60.0))
    upper = unit(name="upper", draws_on="low", serves=("top",))
    lower = unit(name="lower", draws_on=AIR, serves=("low",))
    plant = Station((), (low, top), (upper, lower))
    loads = {"low": np.full(24, 20e3), "top": np.full(24, 30e3)}
    run = simulate(plant, {}, loads, np.full(24, -10.0))
    first, second = run.course.units["lower"], run.course.units["upper"]
    assert first.heat == pytest.approx(20e3 + second.source_heat, rel=1e-9)
    assert run.course.sources[AIR].heat == pytest.approx(first.heat - first.power, rel=1e-9)
    assert run.year_sums("loop.low.drawn")[0] == pytest.approx(second.source_heat.sum() * 3600)
    weak = replace(plant, units=(upper, replace(lower, heating=heating_map(40e3))))
    short = simulate(weak, {}, loads, np.full(24, -10.0))
    assert short.closure < 1e-9
    assert short.course.loops["top"].unmet.min() > 0.0
    total = short.course.units["lower"].heat
    assert total == pytest.approx(
        short.course.loops["low"].delivered + short.course.units["upper"].source_heat, rel=1e-9
    )


def test_recharge_is_linear_in_the_fluid_and_warms_the_ground() -> None:
    sun = Recharge("sun", "field", np.maximum(-SEASON, 0.0) * 60e3, 500.0, capacity=40e3, power=800)
    plant = station(unit(), load_loops=(HEAT_LOOP,), recharges=(sun,))
    run = simulate(plant, FIELD, {"heat": HEAT}, OUTDOOR, years=3)
    heat, power = run.course.recharges["sun"]
    source = run.course.sources["field"]
    available = np.tile(np.maximum(-SEASON, 0.0) * 60e3, 3) - 500.0 * source.fluid
    assert heat == pytest.approx(np.clip(available, 0.0, 40e3), abs=1e-3)
    assert power == pytest.approx(heat / 40e3 * 800.0)
    without = simulate(
        station(unit(), load_loops=(HEAT_LOOP,)), FIELD, {"heat": HEAT}, OUTDOOR, years=3
    )
    assert source.fluid[-1] > without.course.sources["field"].fluid[-1] + 0.1
    assert run.closure < 1e-9


def test_an_air_unit_recharges_the_ground_no_further_than_it_was() -> None:
    air = unit(name="air", draws_on=AIR, serves=("field",), cooling=None, lowest_outdoor=15.0)
    plant = station(unit(), air, load_loops=(HEAT_LOOP,))
    run = simulate(plant, FIELD, {"heat": HEAT}, OUTDOOR, years=2)
    given = run.course.units["air"].heat
    assert given[np.tile(OUTDOOR, 2) < 15.0].max() == 0.0
    assert given.max() > 10e3
    assert run.course.sources["field"].recharge == pytest.approx(given)
    source = run.course.sources["field"]
    # The unit stops within its hour; what the ground gives back of an extraction before it, stays.
    assert source.fluid[source.heat == 0.0].max() <= 11.05
    assert run.closure < 1e-9


def test_passive_cooling_needs_no_compressor_below_its_temperature() -> None:
    plant = station(unit(serves=("cold",), passive_below=13.0), load_loops=(COLD_LOOP,))
    run = simulate(plant, FIELD, {"cold": COLD}, OUTDOOR)
    passive = run.year_sums("unit.hp.passive")[0]
    assert 0.05 < passive / run.year_sums("unit.hp.cold")[0] < 0.95
    machine = run.course.units["hp"]
    without = (machine.power == 0.0) & (machine.cold > 0.0)
    assert without.any()
    assert run.course.sources["field"].entering[without].max() <= 13.0 + 1e-6
    assert run.closure < 1e-9


def test_pumps_follow_their_table() -> None:
    shares, power = np.array([0.2, 1.0]), np.array([200.0, 3000.0])
    well = PumpGroup("well", shares, power, 0.004, 0.2, variable=True)
    fixed = PumpGroup("fixed", shares, power, 0.004)
    loop = SourceLoop("field", pumps=(well,), temperature_difference=4.0)
    plant = station(unit(), source_loops=(loop,), load_loops=(replace(HEAT_LOOP, pumps=(fixed,)),))
    run = simulate(plant, FIELD, {"heat": HEAT}, OUTDOOR)
    source = run.course.sources["field"]
    share = np.clip(source.heat / (15e3 * 4.0), 0.2, 1.0)
    running = source.heat > 0.0
    assert source.flow_share[running] == pytest.approx(share[running], rel=1e-6)
    expected = np.where(running, np.interp(share, shares, power), 0.0)
    assert run.course.pumps["well"] == pytest.approx(expected, rel=1e-6)
    assert run.course.pumps["fixed"] == pytest.approx(np.where(HEAT > 0.0, 3000.0, 0.0))
    held = running & (share > 0.2) & (share < 1.0)
    assert (source.entering - source.leaving)[held] == pytest.approx(4.0, rel=1e-6)


def test_permitted_units_and_lowest_outdoor() -> None:
    machine = unit(count=4, heating=heating_map(25e3), lowest_outdoor=-4.0)
    few = (np.array([-50.0, 0.0]), np.array([4.0, 1.0]))
    run = simulate(
        station(machine, load_loops=(HEAT_LOOP,), permitted_units=few), FIELD, {"heat": HEAT},
        OUTDOOR,
    )  # fmt: skip
    course = run.course.units["hp"]
    assert course.heat[OUTDOOR < -4.0].max() == 0.0
    assert course.running[OUTDOOR >= 0.0].max() <= 1.0 + 1e-9
    assert course.running[(OUTDOOR < 0.0) & (OUTDOOR >= -4.0)].max() > 2.0


def test_age_and_standby_cost_power() -> None:
    plant = station(unit(degradation=0.01), load_loops=(HEAT_LOOP,))
    young = simulate(plant, FIELD, {"heat": HEAT}, OUTDOOR, years=1)
    river = replace(FIELD["field"], response=FIELD["field"].response.scaled(1e-9))
    run = simulate(plant, {"field": river}, {"heat": HEAT}, OUTDOOR, years=3, keep="none")
    powers = run.year_sums("unit.hp.power")
    assert powers / powers[0] == pytest.approx([1.0, 1.01, 1.02], rel=2e-3)
    idle = simulate(
        station(unit(degradation=0.01, standby_power=50.0), load_loops=(HEAT_LOOP,)), FIELD,
        {"heat": HEAT}, OUTDOOR,
    )  # fmt: skip
    extra = idle.course.units["hp"].power - young.course.units["hp"].power
    assert extra == pytest.approx(50.0 * (1.0 - young.course.units["hp"].running), abs=1e-6)


def test_a_machine_below_its_least_load_cycles_at_the_loss_of_the_standard() -> None:
    """EN 14825: efficiency at a running share r is r / (C_c r + 1 − C_c) of the full one."""
    part = PartLoad(1.0, np.array([0.0, 1.0]), np.array([0.0, 1.0]), cycling=0.9)
    load = np.full(24, 40e3)
    steady = replace(ground(), response=ground().response.scaled(1e-9), heat_capacity_rate=np.inf)
    full, power = heating_map().at(11.0, 42.0)
    run = simulate(
        station(unit(part_load=part, starts_per_hour=4.0), load_loops=(HEAT_LOOP,)),
        {"field": steady}, {"heat": load}, np.zeros(24),
    )  # fmt: skip
    duty = 40e3 / float(full)
    expected = duty / (0.9 * duty + 0.1) * float(full / power)
    course = run.course.units["hp"]
    assert course.heat / course.power == pytest.approx(expected, rel=1e-9)
    assert course.running == pytest.approx(duty)
    assert course.starts[1:] == pytest.approx(4.0 * 4.0 * duty * (1.0 - duty))


def test_what_cannot_run_is_said_all_at_once() -> None:
    wrong = station(unit(draws_on="lake", serves=("heat", "pool")), load_loops=(HEAT_LOOP,))
    with pytest.raises(InputError) as caught:
        simulate(wrong, {}, {"heat": -HEAT, "cold": COLD}, OUTDOOR)
    said = str(caught.value)
    for part in ("draws_on", "pool", "loads.heat", "loads.cold", "sources.field"):
        assert part in said
    hot = replace(HEAT_LOOP, supply=SupplyCurve.constant(70.0))
    with pytest.raises(InputError, match="supply"):
        simulate(
            station(unit(maximum_supply=60.0), load_loops=(hot,)), FIELD, {"heat": HEAT}, OUTDOOR
        )
    with pytest.raises(InputError, match="no unit"):
        simulate(station(unit(serves=("cold",))), FIELD, LOADS, OUTDOOR)
