"""Random plants: heat is conserved at every node in every step, whatever is put together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

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
)  # fmt: skip
from diwen.sources.response.limited import SourceLimits
from diwen.sources.response.modes import Response
from diwen.sources.response.source_model import SourceModel
from diwen.twin.run import TwinRun, simulate
from diwen.twin.scenarios import Scenario, simulate_many

SOURCE_AT = np.array([-15.0, 0.0, 20.0, 40.0])
STEPS = 60
SHARES = np.array([0.2, 1.0])


def a_map(mode: str, capacity: float, load: tuple[float, float]) -> PerformanceMap:
    source, at = SOURCE_AT[:, None], np.array(load)[None, :]
    lift = np.maximum(at - source if mode == "heating" else source - at + 15.0, 10.0)
    cop = 0.4 * 300.0 / (lift + 10.0) + 1.0
    full = capacity * (1.0 + 0.01 * source) * np.ones((1, 2))
    return PerformanceMap(mode, SOURCE_AT, np.array(load), full, full / cop, (-5, 20), load)


def plant_of(seed: int) -> tuple[Station, dict[str, SourceModel], dict[str, np.ndarray]]:
    """Two sources with memory, heat, hot water and cold, units between any of them."""
    rng = np.random.default_rng(seed)

    def yes() -> bool:
        return bool(rng.random() < 0.5)

    def one_of(*values: object) -> object:
        return values[int(rng.integers(len(values)))]

    sources, loops = {}, []
    for name in ("field", "well"):
        tau = np.geomspace(3600.0, 1e8, 6)
        limits = SourceLimits(1.0, 30.0, 60e3, 60e3) if yes() else SourceLimits()
        residues = np.full((1, 1, 6), 2e-5 / rng.uniform(0.3, 3.0))
        response = Response(tau, residues, np.full((1, 1), 3e-5), np.ones(1))
        sources[name] = SourceModel("borefield", response, 12.0, 15e3, 0.004, limits)
        pump = PumpGroup(f"p-{name}", SHARES, SHARES * 1e3, 0.004, 0.2, yes(), yes(), 0.8)
        loops.append(SourceLoop(name, (pump,), 4.0 if yes() else None, 1e-5))
    tank = TankModel(
        "t", rng.uniform(0.3, 20.0), one_of(1, 4), 20.0, charge_above_setpoint=8.0,
        charging=np.arange(24) < 8,
    )  # type: ignore[arg-type]  # fmt: skip
    room = Room(20.0, 2e8, 500.0) if yes() else None
    pump = PumpGroup("circulation", SHARES, SHARES * 500.0, 0.004, 0.2, True, False, 0.9)
    curve = SupplyCurve(np.array([-10.0, 15.0]), np.array([50.0, 35.0]))
    heat = LoadLoop(
        "heat", "heat", ("h",), curve, tank=tank if yes() else None, room=room, pumps=(pump,)
    )
    hot = LoadLoop(
        "hot", "heat", ("w",), SupplyCurve.constant(55.0), hot_water=True,
        tank=replace(tank, name="w") if yes() else None,
    )  # fmt: skip
    cold = LoadLoop(
        "cold", "cold", ("c",), SupplyCurve.constant(8.0),
        tank=replace(tank, name="k") if yes() else None,
    )  # fmt: skip
    part = one_of(
        PartLoad.proportional(), PartLoad(1.0, SHARES, SHARES, 0.9),
        PartLoad(0.3, np.array([0.3, 0.6, 1.0]), np.array([0.25, 0.5, 1.0]), 0.9),
    )  # fmt: skip
    units = [
        Unit(
            "u0", 1, "field", ("cold", "heat"), heating=a_map("heating", 20e3, (30.0, 60.0)),
            cooling=a_map("cooling", 30e3, (5.0, 15.0)),
        )
    ]  # fmt: skip
    for k in range(1, int(rng.integers(2, 5))):
        below = one_of("field", "well", AIR, "heat")
        upper = below == "heat"
        serves = ("hot",) if upper else tuple(rng.permutation(["heat", "hot", "cold"]).tolist())
        units.append(Unit(
            f"u{k}", int(rng.integers(1, 4)), str(below), serves,
            heating=a_map("heating", rng.uniform(5e3, 60e3), (30.0, 60.0)),
            cooling=None if upper else a_map("cooling", 30e3, (5.0, 15.0)),
            part_load=part, recovery_share=0.2 if yes() else 0.0,
            simultaneous=None if upper or yes() else a_map("heating", 20e3, (30.0, 60.0)),
            minimum_source=one_of(-np.inf, 2.0), passive_below=one_of(None, 14.0),
            standby_power=20.0, minimum_run=600.0, minimum_stop=300.0,
        ))  # type: ignore[arg-type]  # fmt: skip
    if yes():
        units.append(Unit("r", 1, AIR, ("field",), heating=units[0].heating, lowest_outdoor=5.0))
    backups = (
        Backup("gas", "heat", 40e3, 0.9, "natural_gas", 5.0, one_of(-np.inf, 0.0)),
        Backup("e", "hot", 20e3, 1.0, "electricity"),
    )  # type: ignore[arg-type]  # fmt: skip
    recharges = (
        Recharge("sun", "field", rng.uniform(0.0, 40e3, STEPS), 300.0, capacity=30e3),
        Recharge(
            "tower", "well", -rng.uniform(0.0, 10.0, STEPS), 800.0, -1, 20e3, start_temperature=14.0
        ),
    )  # fmt: skip
    staging = one_of("sequence", "equal_hours", "efficiency")
    found = Station(tuple(loops), (heat, hot, cold), tuple(units), backups, recharges, staging)  # type: ignore[arg-type]
    loads = {
        name: rng.uniform(0.0, 60e3, STEPS) * (rng.random(STEPS) < 0.8)
        for name in ("heat", "hot", "cold")
    }
    return found, sources, loads


def nodes_close(run: TwinRun, station: Station, sources: dict[str, SourceModel]) -> None:
    """The balances anew from what the course says, in no way from the march."""
    course = run.course
    scale = 1e5
    for unit in station.units:
        one = course.units[unit.name]
        compressor = one.power - unit.standby_power * (unit.count - one.running)
        assert np.abs(one.heat - one.cold - one.source_heat - compressor).max() < 1e-9 * scale
        assert one.running.max() <= unit.count + 1e-9
    for loop in station.source_loops:
        source = course.sources[loop.name]
        taken = sum(
            (course.units[u.name].source_heat for u in station.units if u.draws_on == loop.name),
            np.zeros(STEPS),
        )
        warmth = sum(course.pumps[pump.name] * pump.heat_to_water for pump in loop.pumps)
        assert np.abs(source.heat - taken + source.recharge + warmth).max() < 1e-9 * scale
        rate = sources[loop.name].heat_capacity_rate * source.flow_share
        moved = rate * (source.entering - source.leaving)
        assert np.abs(moved - source.heat).max() < 1e-9 * scale
        limits = sources[loop.name].limits
        if limits.any and not station.recharges and not warmth.any():
            assert source.heat.max() <= 60e3 * (1 + 1e-9)
    for loop in station.load_loops:
        course_loop = course.loops[loop.name]
        assert (course_loop.unmet >= -1e-9 * scale).all()
        assert (course_loop.unmet >= course_loop.load - course_loop.delivered - 1e-6).all()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 100_000), st.sampled_from([3600.0, 120.0]))
def test_the_first_law_holds_at_every_node(seed: int, step: float) -> None:
    station, sources, loads = plant_of(seed)
    outdoor = 6.0 + 12.0 * np.sin(np.arange(STEPS) / 5.0)
    run = simulate(station, sources, loads, outdoor, step=step)
    assert run.closure < 1e-9
    for name in ("heat", "hot", "cold"):
        assert np.isfinite(run.course.loops[name].delivered).all()
    nodes_close(run, station, sources)
    # The whole plant: what came in is what went out, lost or stored.
    heat_in = sum(run.year_sums(f"unit.{unit.name}.power").sum() for unit in station.units)
    assert np.isfinite(heat_in)
    assert run.unsettled <= 3


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.integers(0, 100_000))
def test_scenarios_are_runs_of_their_own(seed: int) -> None:
    station, sources, loads = plant_of(seed)
    outdoor = 6.0 + 12.0 * np.sin(np.arange(STEPS) / 5.0)
    other = {"field": replace(sources["field"], response=sources["field"].response.scaled(1.3))}
    many = simulate_many(
        station, sources, loads, outdoor,
        [
            Scenario(),
            Scenario(load_factor=0.7, sources=other),
            Scenario(load_factor={"heat": 0.5}, supply_shift=-3.0, efficiency_factor=0.9),
        ],
        years=2, threads=2,
    )  # fmt: skip
    assert (many.yearly[0] == simulate(station, sources, loads, outdoor, years=2).yearly).all()
    scaled = {name: 0.7 * load for name, load in loads.items()}
    alone = simulate(station, {**sources, **other}, scaled, outdoor, years=2)
    assert (many.yearly[1] == alone.yearly).all()
    assert np.array_equal(many.extremes[1, :, 0], alone.extremes["field"])
    assert many.closure.max() < 1e-9
