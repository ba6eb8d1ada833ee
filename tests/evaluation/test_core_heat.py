"""Heat by register, power and flow; counters, manual readings, gaps, uncertainty by Monte Carlo."""

from datetime import timedelta

import numpy as np
import pytest
from core_plant import HEAD, HEATING, PUMPS, START, constant, context, counter, plant, times

from diwen.evaluation.amount import Refusal
from diwen.evaluation.energy import measured
from diwen.evaluation.heat import heat
from diwen.evaluation.heat_meters import heat_meters
from diwen.fluids import fluid

HOURS = 10.0
FLOW = 'f,volume_flow,m3/h,hp1,load,"EN 1434 class 2, qp 40 m3/h, dt_min 3 K",15 min,\n'
PAIR = (
    "tu1,temperature,degC,hp1,load_leaving,IEC 60751 A pair 0.05 K,15 min,\n"
    "tu2,temperature,degC,hp1,load_entering,IEC 60751 A pair 0.05 K,15 min,\n"
)
SINGLE = PAIR.replace(" pair 0.05 K", "")
UNIT = "n,electric_power,kW,hp1,supply,EN 62053 class 1,15 min,\n"


def load(tmp_path, points, records, hours=HOURS, toml=HEAD + PUMPS + HEATING, start=START):
    of = plant(tmp_path / "plant", toml, points)
    at = context(of, records, hours, start)
    meter = heat_meters(at, "load")[0]
    return heat(at, meter), meter


def seconds(hours=HOURS):
    return hours * 3600.0


def gauges(**values):
    return {name: constant(value, HOURS) for name, value in values.items()}


def test_flow_times_difference_times_capacity(tmp_path):
    made, meter = load(tmp_path, FLOW + PAIR, gauges(f=20.0, tu1=45.0, tu2=40.0))
    expected = 20 / 3600 * 5.0 * float(fluid("water").heat_capacity(42.5)) * seconds()
    assert meter.method == "flow"
    assert made.amount(seconds()).value == pytest.approx(expected, rel=1e-9)
    assert made.amount(seconds()).coverage == pytest.approx(1.0)


def test_xishan_and_chengde_powers(tmp_path):
    """8.4: 540 m³/h at 2.2 K with rho c of 4.184 MJ/(m³K) is 1380.5 kW (here with real water)."""
    made, _ = load(tmp_path, FLOW + PAIR, gauges(f=540.0, tu1=12.2, tu2=10.0))
    power = made.amount(seconds()).value / seconds() / 1e3
    capacity = float(fluid("water").heat_capacity(11.1)) / 4.1834e6
    assert power == pytest.approx(1380.5 * capacity, rel=1e-3)
    assert any("type-approved" in note.en for note in made.notes)  # 2.2 K is below 3 K


def test_register_before_power_before_flow(tmp_path):
    register = "q,heat_energy,kWh,hp1,load,± 2 %,1 h,\n"
    power = "p,heat_power,kW,hp1,load,± 2 %,15 min,\n"
    records = gauges(f=20.0, tu1=45.0, tu2=40.0, p=117.0) | {"q": counter(116.0, HOURS)}
    made, meter = load(tmp_path, register + power + FLOW + PAIR, records)
    assert meter.method == "register"
    assert made.amount(seconds()).value == pytest.approx(1160 * 3.6e6)
    del records["q"]
    made, meter = load(tmp_path, register + power + FLOW + PAIR, records)
    assert meter.method == "power"
    del records["p"]
    made, meter = load(tmp_path, register + power + FLOW + PAIR, records)
    assert meter.method == "flow"


def test_a_gap_over_an_hour_is_not_bridged(tmp_path):
    records = gauges(f=20.0, tu1=45.0, tu2=40.0)
    full, _ = load(tmp_path, FLOW + PAIR, records)
    for minutes, lost in ((60, 0.0), (75, 75 / 600)):
        holed = dict(records)
        time, value = records["tu1"]
        keep = (time <= time[4]) | (time >= time[4] + minutes * 60_000_000)
        holed["tu1"] = (time[keep], value[keep])
        made, _ = load(tmp_path, FLOW + PAIR, holed)
        amount = made.amount(seconds())
        assert amount.coverage == pytest.approx(1.0 - lost)
        assert amount.value == pytest.approx(full.amount(seconds()).value * (1.0 - lost))


def test_a_point_that_reports_every_two_hours_has_no_gaps(tmp_path):
    rare = (FLOW + PAIR).replace("15 min", "2 h")
    records = {
        name: constant(value, HOURS, 7200.0)
        for name, value in {"f": 20.0, "tu1": 45.0, "tu2": 40.0}.items()
    }
    made, _ = load(tmp_path, rare, records)
    assert made.amount(seconds()).coverage == pytest.approx(1.0)


def test_only_the_part_inside_the_period_counts(tmp_path):
    records = gauges(f=20.0, tu1=45.0, tu2=40.0)
    whole, _ = load(tmp_path, FLOW + PAIR, records)
    inner, _ = load(
        tmp_path, FLOW + PAIR, records, 2.5, start=START + timedelta(hours=3, minutes=7)
    )
    share = inner.amount(1.0).value / whole.amount(1.0).value
    assert share == pytest.approx(0.25)


def test_reading_by_hand_holds_and_stands_still_with_its_pump(tmp_path):
    manual = FLOW.replace("15 min,", ",manual") + PAIR
    status = "s,status,1,pl,unit,,15 min,\n"
    time = times(HOURS, 900.0)
    records = gauges(tu1=45.0, tu2=40.0) | {
        "f": (times(0.0, 900.0, START - timedelta(days=40)), np.array([20.0])),
        "s": (time, np.where(time < time[20], 0.0, 1.0)),
    }
    held, _ = load(tmp_path, manual, records)
    gated, _ = load(tmp_path, manual + status, records)
    assert held.amount(seconds()).coverage == pytest.approx(1.0)
    assert gated.amount(1.0).value == pytest.approx(held.amount(1.0).value * 0.5, rel=0.03)
    assert "manual" in gated.origins
    assert any("by hand" in note.en for note in gated.notes)


def test_brine_carries_less_than_water(tmp_path):
    brine = HEAD.replace(
        'source = "field"',
        'source = "field"\nload_fluid = { name = "propylene_glycol", concentration = "30 %" }',
    )
    records = gauges(f=20.0, tu1=45.0, tu2=40.0)
    water, _ = load(tmp_path, FLOW + PAIR, records)
    mixed, _ = load(tmp_path, FLOW + PAIR, records, toml=brine + PUMPS + HEATING)
    ratio = mixed.amount(1.0).value / water.amount(1.0).value
    capacities = [fluid(name).heat_capacity(42.5) for name in ("propylene glycol 30 %", "water")]
    assert ratio == pytest.approx(float(capacities[0] / capacities[1]))
    assert mixed.amount(1.0).u_systematic > water.amount(1.0).u_systematic


def test_matched_pair_beats_single_sensors(tmp_path):
    records = gauges(f=20.0, tu1=45.0, tu2=40.0)
    pair, _ = load(tmp_path, FLOW + PAIR, records)
    single, _ = load(tmp_path, FLOW + SINGLE, records)
    assert pair.amount(1.0).u_systematic < single.amount(1.0).u_systematic


def test_uncertainty_of_heat_against_monte_carlo(tmp_path):
    """40,000 plants with their own flow, sensor and fluid errors, over a varying day."""
    time = times(HOURS, 900.0)
    swing = np.sin(np.linspace(0.0, 9.0, time.size))
    flow, warm, cold = 20.0 + 6.0 * swing, 45.0 + 2.0 * swing, 41.0 + 1.0 * swing
    records = {"f": (time, flow), "tu1": (time, warm), "tu2": (time, cold)}
    points = FLOW.replace("EN 1434 class 2, qp 40 m3/h, dt_min 3 K", "± 3 %").replace('"', "")
    points += SINGLE.replace("IEC 60751 A", "± 0.15 K")
    made, _ = load(tmp_path, points, records)
    amount = made.amount(seconds())
    rng = np.random.default_rng(3)
    n = 40_000
    u_flow = rng.uniform(-0.03, 0.03, n)
    u_warm, u_cold = rng.uniform(-0.15, 0.15, (2, n))
    u_fluid = rng.normal(0.0, fluid("water").uncertainty, n)
    capacity = fluid("water").heat_capacity(0.5 * (warm + cold))
    stream = capacity * flow / 3600.0
    base, weight = np.trapezoid(stream * (warm - cold)), np.trapezoid(stream)
    drawn = (1 + u_flow) * (1 + u_fluid) * (base + (u_warm - u_cold) * weight)
    assert amount.u_systematic == pytest.approx(drawn.std() / drawn.mean(), rel=0.02)


def test_unknown_accuracy_is_named(tmp_path):
    made, _ = load(
        tmp_path, FLOW + SINGLE.replace("IEC 60751 A", "", 1), gauges(f=20.0, tu1=45.0, tu2=40.0)
    )
    assert made.effects is None
    assert any("tu1" in note.en and "accuracy" in note.en for note in made.notes)


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (PAIR, "no flow meter in the load circuit (FU)"),
        (FLOW, "no temperature pair in the load circuit (TU1/TU2)"),
        (UNIT, "neither a heat meter nor flow and temperatures"),
    ],
)
def test_refusals_name_what_lacks(tmp_path, points, words):
    of = plant(tmp_path / "lack", HEAD + PUMPS + HEATING, points)
    at = context(of, gauges(f=20.0, tu1=45.0, tu2=40.0, n=1.0), HOURS)
    with pytest.raises(Refusal) as refusal:
        heat_meters(at, "load")
    assert words in refusal.value.reason.en
    assert refusal.value.missing


def register(tmp_path, values, interval=3600.0):
    of = plant(
        tmp_path / "reg", HEAD + HEATING, "e,electric_energy,kWh,hp1,supply,EN 62053 class 1,1 h,\n"
    )
    time = times((len(values) - 1) * interval / 3600.0, interval)
    at = context(of, {"e": (time, np.array(values, dtype=float))}, len(values) - 1)
    return measured(at, of.point("e"))


def test_counter_reset_is_unknown_and_lowers_coverage(tmp_path):
    made = register(tmp_path, [5000, 5010, 5020, 3, 13])
    amount = made.amount(4 * 3600.0)
    assert amount.value == pytest.approx(30 * 3.6e6)
    assert amount.coverage == 0.75
    assert "reset 1 time" in amount.notes[0].en


def test_counter_roll_over_is_known(tmp_path):
    amount = register(tmp_path, [9980, 9990, 0, 10]).amount(3 * 3600.0)
    assert amount.value == pytest.approx(30 * 3.6e6)
    assert amount.coverage == 1.0


def test_counter_bridges_a_gap_it_counted_through(tmp_path):
    of = plant(
        tmp_path / "gap", HEAD + HEATING, "e,electric_energy,kWh,hp1,supply,EN 62053 class 1,1 h,\n"
    )
    time, value = counter(10.0, 10.0)
    keep = np.array([0, 1, 7, 8, 9, 10])
    at = context(of, {"e": (time[keep], value[keep])}, 10.0)
    amount = measured(at, of.point("e")).amount(36000.0)
    assert amount.value == pytest.approx(100 * 3.6e6)
    assert amount.coverage == 1.0


def test_resolution_of_the_register_is_random(tmp_path):
    """Whole kWh shown: two readings, each rectangular over 1 kWh."""
    amount = register(tmp_path, [100, 101, 103, 104]).amount(3 * 3600.0)
    assert amount.random == pytest.approx(3.6e6 * np.sqrt(2 / 12))


@pytest.mark.parametrize(("grade", "limit"), [("0.5", 0.005), ("1", 0.01), ("2", 0.02)])
def test_electricity_uncertainty_follows_its_class(tmp_path, grade, limit):
    of = plant(tmp_path / "class", HEAD + HEATING, UNIT.replace("class 1", f"class {grade}"))
    amount = measured(context(of, gauges(n=10.0), HOURS), of.point("n")).amount(seconds())
    assert amount.u_systematic == pytest.approx(limit / np.sqrt(3))


def test_a_meter_set_for_water_in_a_brine_circuit_is_told(tmp_path):
    toml = HEAD.replace(
        'source = "field"',
        'source = "field"\nsource_fluid = { name = "ethylene_glycol", concentration = "30 %" }',
    )
    of = plant(tmp_path / "set", toml + HEATING, "s,heat_power,kW,hp1,source,± 3 %,15 min,\n")
    at = context(of, gauges(s=10.0), HOURS)
    made = heat(at, heat_meters(at, "source")[0])
    brine, water = (fluid(n).heat_capacity(8.0) for n in ("ethylene glycol 30 %", "water"))
    expected = f"{100 * (water / brine - 1):+.1f} %"
    assert any(expected in note.en and "metering.source_fluid" in note.en for note in made.notes)


def test_volume_register_gives_the_heat_of_the_flow(tmp_path):
    records = gauges(f=20.0, tu1=45.0, tu2=40.0)
    flow, _ = load(tmp_path, FLOW + PAIR, records)
    volume = FLOW.replace("f,volume_flow,m3/h", "v,volume,m3")
    del records["f"]
    made, meter = load(tmp_path, volume + PAIR, records | {"v": counter(20.0, HOURS, 900.0)})
    assert meter.method == "volume"
    one, other = made.amount(seconds()), flow.amount(seconds())
    assert one.value == pytest.approx(other.value, rel=1e-9)
    assert one.u_systematic == pytest.approx(other.u_systematic, rel=1e-9)
    assert one.coverage == pytest.approx(1.0)


def test_volume_read_once_a_day_gives_no_heat(tmp_path):
    volume = FLOW.replace("f,volume_flow,m3/h", "v,volume,m3") + PAIR
    daily = (times(HOURS, HOURS * 3600.0), np.array([0.0, 200.0]))
    with pytest.raises(Refusal):
        load(tmp_path, volume, gauges(tu1=45.0, tu2=40.0) | {"v": daily})
