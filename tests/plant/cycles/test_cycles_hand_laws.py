"""What must hold of every cycle: both laws, Carnot's limit, refusals with a cure, maps."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.plant.cycles import (
    VACUUM_ALLOWED,
    Compressor,
    Limits,
    between_waters,
    carnot_cop,
    cascade_of,
    economiser_cycle,
    map_of_cycle,
    optimum_gas_cooler_cycle,
    recompress_vapour,
    refrigerant_of,
    single_stage,
    single_stage_with_exchanger,
    steam_from,
)
from diwen.problems import InputError

MAKERS = {
    "one stage": lambda e, c, k: single_stage("R290", e, c, compressor=k),
    "exchanger": lambda e, c, k: single_stage_with_exchanger(
        "R1234ze(E)", e + 20, c + 20, effectiveness=0.6, compressor=k
    ),
    "two stages": lambda e, c, k: economiser_cycle(
        "R32", e, c - 5, effectiveness=0.2, injection_quality=0.8, compressor=k
    ),
    "closed economiser": lambda e, c, k: economiser_cycle(
        "R717", e, c, economiser_difference=5.0, subcooling=3.0, compressor=k
    ),
    "cascade": lambda e, c, k: cascade_of(
        partial(single_stage, "R32", compressor=k),
        partial(economiser_cycle, "R1234ze(E)", compressor=k),
        e - 20, c + 10,
    ),
    "transcritical": lambda e, c, k: optimum_gas_cooler_cycle(e, 30.0, c + 10, compressor=k),
    "steam": lambda e, c, k: steam_from(
        partial(economiser_cycle, "R1233zd(E)", compressor=k, effectiveness=0.3,
                limits=VACUUM_ALLOWED),
        e + 40, c + 80, compressor=k,
    ),
    "vapour": lambda e, c, k: recompress_vapour(
        e + 100, c + 60, boiling_point_rise=3.0, compressor=k
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MAKERS)
@settings(max_examples=15, deadline=None)
@given(
    evaporation=st.floats(-15.0, 5.0),
    condensation=st.floats(50.0, 60.0),
    efficiency=st.floats(0.5, 1.0),
)
def test_both_laws_in_every_component(name, evaporation, condensation, efficiency):
    """First law to 1e-8 of the heat, which is 1 W; entropy to 1e-8 W/K."""
    made = MAKERS[name](evaporation, condensation, Compressor(efficiency))
    assert made.heat == pytest.approx(1.0)
    assert made.heat == pytest.approx(made.source_heat + made.work, abs=1e-8)
    for part in made.components:
        assert abs(part.imbalance) < 1e-8, part.name
        assert part.entropy_generated > -1e-8, part.name
        assert abs(sum(flow for flow, _ in part.flows)) < 1e-12, part.name
    taken = [part for part in made.components if part.heat > 0.0]
    given_off = [part for part in made.components if part.heat < 0.0]
    warm = min(part.boundary for part in given_off)
    cold = max(part.boundary for part in taken)
    if warm > cold:
        assert made.heat / made.work < carnot_cop(cold, warm)


@settings(max_examples=25, deadline=None)
@given(
    evaporation=st.floats(-20.0, 10.0),
    condensation=st.floats(30.0, 70.0),
    step=st.floats(1.0, 10.0),
)
def test_a_larger_lift_costs_more(evaporation, condensation, step):
    made = single_stage("R290", evaporation, condensation)
    assert single_stage("R290", evaporation, condensation + step).cop < made.cop
    assert single_stage("R290", evaporation - step, condensation).cop < made.cop
    lossy = single_stage("R290", evaporation, condensation, compressor=Compressor(0.6))
    assert lossy.cop < made.cop


def test_an_economiser_helps_and_wet_injection_cools():
    one = single_stage("R32", -35.0, 45.0)
    two = economiser_cycle("R32", -35.0, 45.0)
    wet = economiser_cycle("R32", -35.0, 45.0, injection_quality=0.6)
    assert two.cop > one.cop
    assert two.discharge_temperature < one.discharge_temperature
    assert wet.discharge["upper compressor"] < two.discharge["upper compressor"] - 15.0


@pytest.mark.parametrize(
    ("call", "where", "english", "chinese"),
    [
        (lambda: single_stage("R32", 0, 90), "condensation", "critical", "临界"),
        (lambda: single_stage("R744", -60, 20), "evaporation", "triple", "三相点"),
        (lambda: single_stage("R1233zd(E)", 0, 60), "evaporation", "air leaks", "空气"),
        (lambda: single_stage("R290", 50, 40), "condensation", "not above", "不高于"),
        (lambda: single_stage("R290", float("nan"), 40), "evaporation", "finite", "有限"),
        (lambda: single_stage("R717", -25, 60, limits=Limits(discharge=120)), "discharge",
         "discharge", "排气"),
        (lambda: single_stage("R290", 0, 90, limits=Limits(highest_pressure=25e5)), "pressure",
         "pressure", "压力"),
        (lambda: single_stage("R601a", 60, 120, compressor=Compressor(1.0), superheat=1,
                              limits=VACUUM_ALLOWED), "superheat", "drops", "带液"),
        (lambda: single_stage("R1233zd(E)", -62, 160, superheat=10,
                              limits=VACUUM_ALLOWED), "condensation",
         "nothing is left", "取热"),
        (lambda: single_stage("R29O", 0, 40), "fluid", "no such", "没有"),
        (lambda: single_stage("R290", 0, 40, compressor=Compressor(1.3)),
         "isentropic_efficiency", "efficiency", "效率"),
        (lambda: single_stage("R290", 0, 60, compressor=Compressor(clearance=0.5)), "clearance",
         "clearance", "余隙"),
    ],
)  # fmt: skip
def test_refusals_in_both_languages(call, where, english, chinese):
    with pytest.raises(InputError) as caught:
        call()
    problem = caught.value.problems[0]
    assert problem.where == where
    assert english in problem.to("en")
    assert chinese in problem.to("zh")
    assert problem.cure.en
    assert problem.cure.zh


def test_all_refusals_of_two_temperatures_at_once():
    with pytest.raises(InputError) as caught:
        single_stage("R744", -60.0, 40.0)
    assert {problem.where for problem in caught.value.problems} == {"evaporation", "condensation"}


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (
            lambda: economiser_cycle(
                "R32", 0, 40, effectiveness=1.2, injection_quality=0, superheat=-1
            ),
            {"effectiveness", "injection_quality", "superheat"},
        ),
        (lambda: economiser_cycle("R32", 0, 40, intermediate=50.0), {"intermediate"}),
        (lambda: single_stage("R32", 0, 40, subcooling=float("nan")), {"subcooling"}),
        (lambda: optimum_gas_cooler_cycle(0, 30, 60, pinch=-1), {"pinch"}),
        (lambda: recompress_vapour(100, 110, stages=0), {"stages"}),
        (lambda: recompress_vapour(100, 110, boiling_point_rise=-2), {"boiling_point_rise"}),
    ],
)
def test_numbers_outside_their_range_come_together(call, where):
    with pytest.raises(InputError) as caught:
        call()
    assert {problem.where for problem in caught.value.problems} == where


def test_states_that_do_not_converge_are_refused():
    with pytest.raises(InputError, match="converge"):
        refrigerant_of("R290").at_temperature(1e12, 20.0)


def test_map_is_the_machine_at_its_points():
    machine = between_waters(partial(single_stage, "R290"))
    made = map_of_cycle(
        machine, [-5.0, 0.0, 5.0], [35.0, 55.0], rated=(0.0, 35.0), capacity=1e4,
        auxiliary_power=100.0,
    )  # fmt: skip
    capacity, power = made.performance.at(0.0, 35.0)
    assert capacity == pytest.approx(1e4)
    assert power == pytest.approx(1e4 / machine(0.0, 35.0).cop + 100.0)
    # The compressor sweeps one volume: capacity follows the gas density and the heat per mass.
    cold = machine(-5.0, 35.0)
    expected = 1e4 * machine(0.0, 35.0).displacement / cold.displacement
    assert made.performance.at(-5.0, 35.0)[0] == pytest.approx(expected)
    assert expected < 1e4
    assert not made.performance.extrapolated(0.0, 40.0)


def test_cooling_map_closes_the_first_law():
    machine = between_waters(partial(single_stage, "R290"), mode="cooling")
    made = map_of_cycle(
        machine, [20.0, 30.0], [7.0, 12.0], rated=(30.0, 7.0), capacity=1e4, mode="cooling"
    )
    cycle = machine(30.0, 7.0)
    assert made.performance.at(30.0, 7.0)[0] == pytest.approx(1e4)
    assert made.cop[1, 0] == pytest.approx(cycle.source_heat / cycle.electric)
    assert made.performance.mode == "cooling"


def test_map_says_where_the_machine_cannot_go():
    """Cold air: the gas of one stage becomes too hot, two in cascade reach 70 °C at −25 °C."""
    limits = Limits(discharge=120.0)
    air = {"source_change": 0.0, "source_difference": 8.0}
    outdoor, supply = np.linspace(-40.0, 10.0, 11), np.linspace(35.0, 70.0, 8)
    rated = {"rated": (7.0, 35.0), "capacity": 1e5}
    one = map_of_cycle(
        between_waters(partial(single_stage, "R32", limits=limits), **air), outdoor, supply,
        **rated,
    )  # fmt: skip
    cascade = map_of_cycle(
        between_waters(
            partial(
                cascade_of,
                partial(single_stage, "R32", limits=limits),
                partial(single_stage, "R1234ze(E)", limits=limits),
            ),
            **air,
        ),
        outdoor, supply, **rated,
    )  # fmt: skip
    assert not one.in_reach[0].any()
    assert set(one.refusals) == {tuple(k) for k in np.argwhere(~one.in_reach)}
    assert np.isfinite(one.performance.power).all()
    assert one.performance.extrapolated(-40.0, 70.0)
    assert cascade.highest_load[outdoor == -25.0] == 70.0
    assert np.nanmax(cascade.discharge) <= 120.0
    assert cascade.lowest_source[-1] <= -25.0
    assert one.lowest_source[0] > cascade.lowest_source[0]


def test_map_refusals():
    machine = between_waters(partial(single_stage, "R32"))
    with pytest.raises(InputError) as caught:
        map_of_cycle(machine, [5.0, 0.0], [np.nan], rated=(0.0, 35.0), capacity=0.0)
    assert [problem.where for problem in caught.value.problems] == ["source", "load", "capacity"]
    with pytest.raises(InputError, match="at no point"):
        map_of_cycle(machine, [0.0], [95.0], rated=(0.0, 35.0), capacity=1e4)
