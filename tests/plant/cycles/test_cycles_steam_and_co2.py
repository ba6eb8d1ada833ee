"""Steam chains and transcritical CO₂ against numbers calculated once before, with other code.

Those used CoolProp's simple interface and left no record of the liquid's subcooling; 5 K change
the COP by 1 %. Tolerance: 2 % for the steam chains, 1.5 % for CO₂. Published numbers carry their
own.
"""

from functools import partial

import pytest

from diwen.plant.cycles import (
    VACUUM_ALLOWED,
    Claim,
    Compressor,
    Feed,
    Limits,
    carnot_cop,
    economiser_cycle,
    gas_cooler_cycle,
    judge_steam_claim,
    lorenz_cop,
    needed_carnot_fraction,
    optimum_gas_cooler_cycle,
    recompress_vapour,
    single_stage,
    single_stage_with_exchanger,
    steam_from,
)
from diwen.problems import InputError

EFFICIENCIES = (0.60, 0.65, 0.70, 0.75, 0.80)


def chain(source_leaving, steam=150.0, efficiency=0.72, fluid="R1233zd(E)", **more):
    compressor = Compressor(efficiency, 0.95)
    below = {"compressor": compressor, "subcooling": 5.0, "limits": VACUUM_ALLOWED}
    bottom = partial(economiser_cycle, fluid, effectiveness=0.3, **below)
    if fluid == "R717":  # Its gas is hot enough without an internal exchanger.
        bottom = partial(single_stage, fluid, **below)
    return steam_from(bottom, source_leaving - 5.0, steam, compressor=compressor, **more)


@pytest.mark.parametrize(
    ("source_leaving", "published"),
    [(25.0, (1.95, 2.05, 2.15, 2.26, 2.36)), (55.0, (2.47, 2.62, 2.77, 2.92, 3.07))],
)
def test_steam_of_150_degrees_by_isentropic_efficiency(source_leaving, published):
    cops = [chain(source_leaving, efficiency=e).cop for e in EFFICIENCIES]
    assert cops == pytest.approx(published, rel=0.02)


@pytest.mark.parametrize(
    ("fluid", "cold", "warm"),
    [("R1233zd(E)", 2.19, 2.83), ("R1234ze(Z)", 2.18, 2.82), ("R601", 2.21, 2.85),
     ("R717", 2.07, 2.72)],
)  # fmt: skip
def test_steam_of_150_degrees_by_fluid(fluid, cold, warm):
    assert chain(25.0, fluid=fluid).cop == pytest.approx(cold, rel=0.02)
    assert chain(55.0, fluid=fluid).cop == pytest.approx(warm, rel=0.02)


def test_ammonia_of_one_stage_is_too_hot_for_its_oil():
    """211 °C; 1 K."""
    made = chain(25.0, fluid="R717")
    assert made.discharge["closed compressor"] == pytest.approx(211.0, abs=1.0)


def test_steam_from_35_to_155_degrees():
    assert chain(30.0, 155.0).cop == pytest.approx(2.23, rel=0.02)


def test_two_stages_of_equal_ratio_and_the_boundary():
    made = chain(25.0)
    first = made.states["steam discharge 1"].pressure / made.states["steam 0"].pressure
    assert first == pytest.approx(2.9, abs=0.05)
    # Colder feed: more heat per steam, a hand-over of 100 °C costs 0.05 to 0.1 of COP.
    assert chain(25.0, feed=Feed(20.0)).cop != pytest.approx(made.cop, rel=0.01)
    assert 0.04 < made.cop - chain(25.0, hand_over=100.0).cop < 0.11
    assert chain(25.0, hand_over=None).intermediate == pytest.approx(85.0)


def test_single_stage_from_65_to_120_degrees():
    """3.9, between saturation temperatures."""
    made = single_stage_with_exchanger("R1233zd(E)", 65.0, 120.0, compressor=Compressor(0.71))
    assert made.cop == pytest.approx(3.9, rel=0.01)


@pytest.mark.parametrize(
    ("claim", "fraction", "efficiency"),
    [(Claim(30.0, 150.0, 2.0), 0.57, (0.60, 0.65)), (Claim(60.0, 150.0, 2.5), 0.53, (0.59, 0.64))],
)
def test_what_a_maker_states_is_plausible(claim, fraction, efficiency):
    judged = judge_steam_claim(claim)
    assert judged.plausible
    assert needed_carnot_fraction(claim) == pytest.approx(fraction, abs=0.005)
    assert efficiency[0] < judged.isentropic_efficiency < efficiency[1]
    assert "100 °C" in judged.boundary.en
    assert "100 °C" in judged.boundary.zh
    worse = judge_steam_claim(claim, auxiliary=0.03)
    assert worse.isentropic_efficiency > judged.isentropic_efficiency + 0.02


def test_claims_beyond_machines_and_beyond_the_second_law():
    beyond = judge_steam_claim(Claim(30.0, 150.0, 3.6))
    assert not beyond.possible
    assert "second law" in beyond.verdict.en
    assert not judge_steam_claim(Claim(30.0, 150.0, 3.0)).possible
    doubtful = judge_steam_claim(Claim(30.0, 150.0, 2.6))
    assert doubtful.possible
    assert not doubtful.plausible
    easy = judge_steam_claim(Claim(60.0, 150.0, 2.0))
    assert easy.plausible
    assert easy.isentropic_efficiency < 0.6
    with pytest.raises(InputError):
        carnot_cop(50.0, 50.0)


def test_carnot_and_lorenz():
    assert carnot_cop(0.0, 100.0) == pytest.approx(3.7315)
    assert lorenz_cop((10.0, 10.0), (50.0, 50.0)) == pytest.approx(carnot_cop(10.0, 50.0))
    # A stream that is heated from 15 to 65 °C asks less than all heat at 65 °C.
    assert lorenz_cop((-5.0, -5.0), (15.0, 65.0)) > 1.4 * carnot_cop(-5.0, 65.0)


@pytest.mark.parametrize(
    ("evaporation", "cold", "warm", "cop", "pressure"),
    [(-5, 15, 65, 3.80, 92), (-15, 15, 65, 3.19, None), (0, 10, 90, 3.76, 116),
     (-5, 40, 60, 2.48, None), (-20, 40, 60, 2.05, None), (-20, 45, 75, 1.92, 132)],
)  # fmt: skip
def test_carbon_dioxide_lives_on_a_cold_return(evaporation, cold, warm, cop, pressure):
    made = optimum_gas_cooler_cycle(evaporation, cold, warm, compressor=Compressor(0.68, 1.0))
    assert made.cop == pytest.approx(cop, rel=0.015)
    if pressure:
        assert made.high_pressure / 1e5 == pytest.approx(pressure, abs=2.0)


def test_carbon_dioxide_against_a_measured_prototype():
    """COP 4.3, evaporation 0 °C, water to 60 °C: Nekså et al. 1998, Int. J. Refrigeration 21.

    Tap water from 9 °C; the compressor's efficiency is not stated there: 10 %.
    """
    made = optimum_gas_cooler_cycle(0.0, 9.0, 60.0, compressor=Compressor(0.70, 0.95))
    assert made.cop == pytest.approx(4.3, rel=0.10)


@pytest.mark.parametrize(("evaporation", "outlet"), [(0.0, 35.0), (0.0, 40.0), (-10.0, 45.0)])
def test_best_pressure_against_a_published_correlation(evaporation, outlet):
    """Liao, Zhao, Jakobsen 2000, Applied Thermal Engineering 20, 831-841; 6 %.

    It holds for gas cooler outlets of 30 to 60 °C, evaporation of −10 to 20 °C, no exchanger.
    """
    published = (2.778 - 0.0157 * evaporation) * outlet + 0.381 * evaporation - 9.34
    pressures = [78.0 + 1.0 * k for k in range(60)]
    cops = [
        gas_cooler_cycle(evaporation, outlet, p * 1e5, superheat=0.0).cooling_ratio
        for p in pressures
    ]
    assert pressures[cops.index(max(cops))] == pytest.approx(published, rel=0.06)


@pytest.mark.parametrize("water", [(15.0, 65.0), (40.0, 60.0), (10.0, 90.0)])
def test_pinch_is_held_along_the_whole_gas_cooler(water):
    """Gas temperatures by enthalpy straight from the property library; 0.1 K below at most."""
    from CoolProp.CoolProp import PropsSI

    made = optimum_gas_cooler_cycle(-5.0, *water, pinch=4.0)
    hot, cold = made.states["discharge"], made.states["gas cooler outlet"]
    smallest = 1e9
    for k in range(201):
        share = k / 200
        enthalpy = cold.enthalpy + share * (hot.enthalpy - cold.enthalpy)
        gas = PropsSI("T", "P", hot.pressure, "H", enthalpy, "CO2") - 273.15
        smallest = min(smallest, gas - water[0] - share * (water[1] - water[0]))
    assert smallest == pytest.approx(4.0, abs=0.1)


def test_no_other_pressure_beats_the_best_one():
    """By more than 0.3 %, the optimum being flat."""
    best = optimum_gas_cooler_cycle(-10.0, 30.0, 65.0)
    for share in (0.9, 0.95, 0.98, 1.02, 1.05, 1.1):
        other = optimum_gas_cooler_cycle(
            -10.0, 30.0, 65.0, high_pressure=share * best.high_pressure
        )
        assert other.cop < best.cop * 1.003


def test_gas_cooler_refusals():
    with pytest.raises(InputError, match="subcritical"):
        gas_cooler_cycle(-5.0, 30.0, 60e5)
    with pytest.raises(InputError, match="140"):
        optimum_gas_cooler_cycle(0.0, 40.0, 180.0)
    with pytest.raises(InputError, match="discharge"):
        gas_cooler_cycle(-20.0, 40.0, 130e5, limits=Limits(discharge=120.0))
    with pytest.raises(InputError, match="return"):
        optimum_gas_cooler_cycle(0.0, 60.0, 50.0)


def test_vapour_recompression_by_hand():
    """100 → 110 °C, isentropic 0.72, motor 0.95; steam tables (IAPWS-IF97) by hand, 1 %.

    Ideal gas: w = cp T1 ((p2/p1)^(R/cp) − 1) / η with 101.42 and 143.38 kPa, cp 2.04 kJ/(kg·K),
    R 0.4615: 85.5 kJ/kg; condensation from there 2675.6 + 85.5 − 461.4 kJ/kg = 2299.7 kJ/kg.
    """
    made = recompress_vapour(100.0, 110.0, compressor=Compressor(0.72, 0.95))
    assert made.cop == pytest.approx(2299.7 / 85.5 * 0.95, rel=0.01)
    risen = recompress_vapour(100.0, 110.0, boiling_point_rise=5.0)
    assert risen.cop < recompress_vapour(100.0, 110.0).cop


def test_steam_refusals_come_together():
    with pytest.raises(InputError) as caught:
        chain(25.0, steam=80.0, feed=Feed(100.0), largest_ratio=1.0)
    assert {problem.where for problem in caught.value.problems} == {
        "hand_over", "feed.temperature", "largest_ratio",
    }  # fmt: skip
    with pytest.raises(InputError, match="discharge"):
        chain(25.0, limits=Limits(discharge=200.0, lowest_pressure=0.0))
