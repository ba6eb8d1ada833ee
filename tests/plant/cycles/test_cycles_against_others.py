"""Cycles against a textbook and against TESPy; heat, power and discharge.

TESPy (Witte, Tuschy 2020, J. Open Source Software 5, 2178) solves a network of components with the
same properties: 0.1 % on heat and power, 0.1 K on the discharge.
"""

from functools import partial

import pytest

from diwen.plant.cycles import (
    Compressor,
    Limits,
    balanced_intermediate,
    best_intermediate,
    carnot_cop,
    cascade_of,
    compress_steam,
    economiser_cycle,
    equal_carnot_intermediate,
    of_two_cops,
    refrigerant_of,
    single_stage,
    single_stage_with_exchanger,
)
from diwen.problems import InputError

IDEAL = Compressor(1.0, 1.0)
LOSSY = Compressor(0.7, 1.0)


@pytest.fixture(scope="module")
def tespy():
    pytest.importorskip("tespy")
    from tespy import components, connections, networks

    def network():
        made = networks.Network(iterinfo=False)
        made.units.set_defaults(
            temperature="degC", pressure="Pa", pressure_difference="Pa", enthalpy="J/kg"
        )
        return made

    return components, connections.Connection, network


def loop(tespy, fluid, cooler, heater, name, exchanger=None):
    """Connections of a closed cycle by place; cooler and heater as (component, out, in)."""
    components, connection, _ = tespy
    closer, compressor = components.CycleCloser(f"c{name}"), components.Compressor(f"k{name}")
    valve = components.Valve(f"v{name}")
    ends = [(closer, "out1", compressor, "in1"), (compressor, "out1", cooler[0], cooler[2])]
    if exchanger is None:
        ends += [(cooler[0], cooler[1], valve, "in1"), (heater[0], heater[1], closer, "in1")]
    else:
        ends += [(cooler[0], cooler[1], exchanger, "in1"), (exchanger, "out1", valve, "in1")]
        ends += [(heater[0], heater[1], exchanger, "in2"), (exchanger, "out2", closer, "in1")]
    ends += [(valve, "out1", heater[0], heater[2])]
    made = [connection(*end) for end in ends]
    compressor.set_attr(eta_s=0.7)
    made[1].set_attr(fluid={fluid: 1})
    return made, compressor


@pytest.mark.parametrize("effectiveness", [0.0, 0.3])
def test_one_stage_against_tespy(tespy, effectiveness):
    components, _, network = tespy
    fluid, low, high = ("R1233zd(E)", 60.0, 120.0) if effectiveness else ("R290", -5.0, 50.0)
    condenser = components.SimpleHeatExchanger("condenser")
    evaporator = components.SimpleHeatExchanger("evaporator")
    inner = components.HeatExchanger("inner") if effectiveness else None
    lines, compressor = loop(
        tespy, fluid, (condenser, "out1", "in1"), (evaporator, "out1", "in1"), "1", inner
    )
    net = network()
    net.add_conns(*lines)
    condenser.set_attr(pr=1, Q=-1000)
    evaporator.set_attr(pr=1)
    if inner:
        inner.set_attr(pr1=1, pr2=1, eff_cold=effectiveness)
    lines[2].set_attr(x=0, T=high)
    lines[4 if inner else 3].set_attr(td_dew=5, T=low + 5)
    net.solve("design")
    ours = single_stage_with_exchanger(
        fluid, low, high, effectiveness=effectiveness, compressor=LOSSY, heat=1000.0
    )
    assert ours.electric == pytest.approx(compressor.P.val, rel=1e-3)
    assert ours.source_heat == pytest.approx(evaporator.Q.val, rel=1e-3)
    assert ours.discharge_temperature == pytest.approx(lines[1].T.val, abs=0.1)


def test_cascade_against_tespy(tespy):
    components, _, network = tespy
    condenser = components.SimpleHeatExchanger("condenser")
    evaporator = components.SimpleHeatExchanger("evaporator")
    between = components.HeatExchanger("between")
    low, first = loop(tespy, "R32", (between, "out1", "in1"), (evaporator, "out1", "in1"), "low")
    high, second = loop(
        tespy, "R1234ze(E)", (condenser, "out1", "in1"), (between, "out2", "in2"), "high"
    )
    net = network()
    net.add_conns(*low, *high)
    condenser.set_attr(pr=1, Q=-1000)
    evaporator.set_attr(pr=1)
    between.set_attr(pr1=1, pr2=1)
    low[2].set_attr(x=0, T=22.5)
    low[3].set_attr(td_dew=5, T=-30)
    high[2].set_attr(x=0, T=75)
    high[3].set_attr(td_dew=5, T=22.5)
    net.solve("design")
    ours = cascade_of(
        partial(single_stage, "R32", compressor=LOSSY),
        partial(single_stage, "R1234ze(E)", compressor=LOSSY),
        -35.0, 75.0, intermediate=20.0, heat=1000.0,
    )  # fmt: skip
    assert ours.electric == pytest.approx(first.P.val + second.P.val, rel=1e-3)
    assert ours.source_heat == pytest.approx(evaporator.Q.val, rel=1e-3)


def test_steam_compression_against_tespy(tespy):
    components, connection, network = tespy
    steam, out = components.Source("steam"), components.Sink("out")
    sprays = [components.Source(f"spray {k}") for k in (1, 2)]
    stages = [components.Compressor(f"stage {k}") for k in (1, 2)]
    merges = [components.Merge(f"merge {k}") for k in (1, 2)]
    water = refrigerant_of("Water")
    low, high = water.vapour(85.0), water.vapour(150.0).pressure
    ratio = (high / low.pressure) ** 0.5
    inlet = connection(steam, "out1", stages[0], "in1")
    after = [connection(stages[k], "out1", merges[k], "in1") for k in (0, 1)]
    wet = [connection(sprays[k], "out1", merges[k], "in2") for k in (0, 1)]
    dry = [
        connection(merges[0], "out1", stages[1], "in1"), connection(merges[1], "out1", out, "in1")
    ]  # fmt: skip
    net = network()
    net.add_conns(inlet, *after, *wet, *dry)
    inlet.set_attr(fluid={"water": 1}, m=1, x=1, T=85)
    feed = water.liquid(100.0)
    for k in (0, 1):
        stages[k].set_attr(eta_s=0.72, pr=ratio)
        wet[k].set_attr(fluid={"water": 1}, h=feed.enthalpy)
        dry[k].set_attr(x=1)
    net.solve("design")
    parts, states, flow = compress_steam(low, high, feed, stages=2, compressor=Compressor(0.72))
    work = sum(part.work for part in parts)
    assert work == pytest.approx(sum(stage.P.val for stage in stages), rel=1e-3)
    assert flow == pytest.approx(dry[1].m.val, rel=1e-3)
    assert states["steam discharge 2"].temperature == pytest.approx(after[1].T.val, abs=0.1)


# Çengel, Boles, Thermodynamics, chapter 11: R134a between 0.14 and 0.8 MPa, isentropic, with
# tables of their own: 1 %.
LOW, MIDDLE, HIGH = 0.14e6, 0.32e6, 0.8e6
TEXTBOOK = {"compressor": IDEAL, "superheat": 0.0, "limits": Limits()}


def saturation(pressure):
    return refrigerant_of("R134a").vapour_at_pressure(pressure).temperature


def test_ideal_cycle_of_the_textbook():
    made = single_stage("R134a", saturation(LOW), saturation(HIGH), **TEXTBOOK)
    assert made.cooling_ratio == pytest.approx(3.97, rel=0.01)


def test_two_stages_with_flash_tank_of_the_textbook():
    made = economiser_cycle(
        "R134a", saturation(LOW), saturation(HIGH), intermediate=saturation(MIDDLE), **TEXTBOOK
    )
    assert made.cooling_ratio == pytest.approx(4.47, rel=0.01)


def test_cascade_of_the_textbook():
    stage = partial(single_stage, "R134a", **TEXTBOOK)
    made = cascade_of(
        stage, stage, saturation(LOW), saturation(HIGH), intermediate=saturation(MIDDLE),
        difference=0.0,
    )  # fmt: skip
    assert made.cooling_ratio == pytest.approx(4.46, rel=0.01)


def test_best_place_between_two_equal_carnot_machines():
    """355.2 K, COP 1.855 against 1.693 in one stage, at half of Carnot from 25 to 150 °C.

    Closed form: geometric mean; found here by search over COPs that are not cycles.
    """
    from scipy.optimize import minimize_scalar

    def cop(middle):
        return of_two_cops(0.5 * carnot_cop(25.0, middle), 0.5 * carnot_cop(middle, 150.0))

    found = minimize_scalar(lambda t: -cop(t), bounds=(30, 145), method="bounded").x
    assert equal_carnot_intermediate(25.0, 150.0) + 273.15 == pytest.approx(355.2, abs=0.05)
    assert found == pytest.approx(equal_carnot_intermediate(25.0, 150.0), abs=0.05)
    assert cop(found) == pytest.approx(1.855, abs=0.001)
    assert 0.5 * carnot_cop(25.0, 150.0) == pytest.approx(1.693, abs=0.001)


def test_best_place_between_two_real_machines():
    lower = partial(single_stage, "R32")
    upper = partial(single_stage, "R1234ze(E)")
    best = best_intermediate(lower, upper, -35.0, 75.0)
    least = cascade_of(lower, upper, -35.0, 75.0, intermediate=best).electric
    for shift in (-15.0, -5.0, 5.0, 15.0):
        assert cascade_of(lower, upper, -35.0, 75.0, intermediate=best + shift).electric > least
    assert best == pytest.approx(equal_carnot_intermediate(-35.0, 75.0), abs=15.0)


def test_two_compressors_of_fixed_sizes_settle_where_their_flows_meet():
    """Swept volumes by hand from densities: R32 below, R1234ze(E) above; 0.1 %."""
    lower, upper = partial(single_stage, "R32"), partial(single_stage, "R1234ze(E)")
    middle = balanced_intermediate(lower, upper, -35.0, 75.0, volume_ratio=1.5)
    made = cascade_of(lower, upper, -35.0, 75.0, intermediate=middle)
    swept = {}
    for stage in ("lower", "upper"):
        part = next(p for p in made.components if p.name == f"{stage} compressor")
        flow, suction = part.flows[0]
        swept[stage] = flow / suction.density
    assert swept["upper"] / swept["lower"] == pytest.approx(1.5, rel=1e-3)
    larger = balanced_intermediate(lower, upper, -35.0, 75.0, volume_ratio=2.5)
    assert larger < middle
    warmer = balanced_intermediate(lower, upper, -25.0, 75.0, volume_ratio=1.5)
    assert warmer > middle
    with pytest.raises(InputError, match="between the stages"):
        balanced_intermediate(lower, upper, -35.0, 75.0, volume_ratio=100.0)
