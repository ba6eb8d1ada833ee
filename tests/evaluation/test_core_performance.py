"""COP, EER, boundaries, grades on plants whose answer is known; sports centre of reference 2."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from core_plant import (
    HEAD,
    HEATING,
    PUMPS,
    SEASONS,
    START,
    constant,
    context,
    counter,
    plant,
    times,
    within,
)

from diwen.evaluation import boundaries, performance, simultaneous
from diwen.evaluation.judging import grade_at_least
from diwen.evaluation.period import season_period
from diwen.site import Season

METER = '"EN 1434 class 2, qp 150 m3/h, dt_min 3 K"'
HEAT = f"q,heat_power,kW,hp1,load,{METER},15 min,\n"
COLD = f"c,heat_power,kW,hp1,cooling,{METER},15 min,\n"
UNIT = "n,electric_power,kW,hp1,supply,EN 62053 class 1,15 min,\n"
SOURCE_PUMP = "ps_e,electric_power,kW,ps,supply,EN 62053 class 1,15 min,\n"
LOAD_PUMP = "pl_e,electric_power,kW,pl,supply,EN 62053 class 1,15 min,\n"
TEMPERATURES = (
    "tu1,temperature,degC,hp1,load_leaving,IEC 60751 A,15 min,\n"
    "tu2,temperature,degC,hp1,load_entering,IEC 60751 A,15 min,\n"
)
HOURS = 12.0
BUILT_IN = "built_in_pumps = true\n"


def gauges(**values):
    return {name: constant(value, HOURS) for name, value in values.items()}


def by(results, id, of="", mode=None):
    found = [r for r in results if r.id == id and r.of == of and mode in (None, r.mode)]
    assert len(found) == 1, [(r.id, r.of, r.mode) for r in results]
    return found[0]


@pytest.fixture
def sports(tmp_path):
    points = HEAT + UNIT + SOURCE_PUMP + LOAD_PUMP + TEMPERATURES
    return plant(tmp_path / "sports", HEAD + PUMPS + HEATING, points)


def test_sports_centre_heating_hour(sports):
    """648.2 kW of heat, 160.3 kW unit, 15 + 7.5 kW pumps: 3.546, and not the printed 4.04."""
    records = gauges(q=648.2, n=160.3, ps_e=15.0, pl_e=7.5, tu1=50.0, tu2=45.0)
    found = performance.results(context(sports, records, HOURS))
    assert by(found, "cop", "hp1", "heating").value == pytest.approx(4.0437, abs=1e-4)
    system = by(found, "cop_system", mode="heating")
    assert system.value == pytest.approx(3.5460, abs=1e-4)
    assert system.grade is None  # twelve hours are no season
    assert "grade_withheld" in system.detail
    assert by(found, "pump_share").value == pytest.approx(12.3, abs=0.05)


def test_a_lacking_pump_meter_is_named(sports):
    records = gauges(q=648.2, n=160.3, pl_e=7.5, tu1=50.0, tu2=45.0)
    found = performance.results(context(sports, records, HOURS))
    refused = by(found, "cop_system", mode="heating")
    assert refused.status == "refused"
    assert "ps_e" in refused.reason.en
    assert "ps_e" in refused.missing


def test_a_plant_without_that_meter_says_which_point_lacks(tmp_path):
    bare = plant(tmp_path / "bare", HEAD + PUMPS + HEATING, HEAT + UNIT + LOAD_PUMP)
    found = performance.results(context(bare, gauges(q=648.2, n=160.3, pl_e=7.5), HOURS))
    refused = by(found, "cop_system", mode="heating")
    assert refused.missing == ("EP.ps electric_energy supply ps",)
    assert by(found, "cop", "hp1", "heating").status != "refused"


def both_ways(tmp_path, cold):
    toml = HEAD.replace('source = "field"', 'source = "field"\nsimultaneous = true') + PUMPS
    toml += '[operation]\nmode = "point"\nsimultaneous = true\n'
    mode = "m,mode,1,hp1,unit,,15 min,\n"
    of = plant(tmp_path / "both", toml, HEAT + COLD + UNIT + SOURCE_PUMP + LOAD_PUMP + mode)
    records = gauges(q=648.2, c=cold, n=160.3, ps_e=15.0, pl_e=7.5, m=3.0)
    return by(simultaneous.results(context(of, records, HOURS)), "cop_simultaneous")


def test_sports_centre_simultaneous(tmp_path):
    """(648.2 + 487.9) / 182.8 = 6.215."""
    result = both_ways(tmp_path, 487.9)
    assert result.value == pytest.approx(6.2150, abs=1e-4)
    assert result.detail["first_law_gap"] == pytest.approx(0.0, abs=1e-9)


def test_printed_cold_that_breaks_the_first_law_is_refused(tmp_path):
    """442.7 kW of cold leaves 45.2 kW (7.0 % of the heat) unaccounted for."""
    result = both_ways(tmp_path, 442.7)
    assert result.status == "refused"
    assert "7.0 %" in result.reason.en


def test_cold_at_another_time_is_not_simultaneous(tmp_path):
    result = both_ways(tmp_path, 0.0)
    assert result.status == "refused"
    assert "never" in result.reason.en


HEATER = '[heaters.h1]\ncircuit = "load"\n'
HEATER_POINT = "h_e,electric_power,kW,h1,supply,EN 62053 class 1,15 min,\n"


def spf(tmp_path, name, heat, records, toml=HEAD + PUMPS + HEATER + HEATING):
    of = plant(tmp_path / name, toml, heat + UNIT + SOURCE_PUMP + LOAD_PUMP + HEATER_POINT)
    found = boundaries.results(context(of, records, HOURS))
    return {r.of: r for r in found if r.id == "spf" and r.mode == "heating"}


def test_the_heater_counts_once_wherever_it_stands(tmp_path):
    after = spf(tmp_path, "after", HEAT, gauges(q=400.0, n=100.0, ps_e=10.0, pl_e=10.0, h_e=50.0))
    wider = HEAT.replace(",hp1,", ",hp1+h1,")
    before = spf(
        tmp_path, "before", wider, gauges(q=450.0, n=100.0, ps_e=10.0, pl_e=10.0, h_e=50.0)
    )
    expected = {"H1": 4.0, "H2": 400 / 110, "H3": 450 / 160, "H4": 450 / 170}
    for scheme in (after, before):
        assert {of: r.value for of, r in scheme.items()} == pytest.approx(expected)


def test_boundaries_fall_outwards(tmp_path):
    found = spf(tmp_path, "fall", HEAT, gauges(q=400.0, n=100.0, ps_e=10.0, pl_e=10.0, h_e=5.0))
    values = [found[of].value for of in ("H1", "H2", "H3", "H4")]
    assert values == sorted(values, reverse=True)


def test_monovalent_plant_has_equal_h2_and_h3_and_says_so(tmp_path):
    of = plant(tmp_path / "mono", HEAD + PUMPS + HEATING, HEAT + UNIT + SOURCE_PUMP + LOAD_PUMP)
    records = gauges(q=400.0, n=100.0, ps_e=10.0, pl_e=10.0)
    found = {r.of: r for r in boundaries.results(context(of, records, HOURS)) if r.id == "spf"}
    assert found["H3"].value == found["H2"].value
    assert found["H3"].boundary == "SPF H3"
    assert any("SPF H3 = SPF H2" in note.en for note in found["H3"].notes)


def test_fuel_boiler_makes_no_spf(tmp_path):
    toml = HEAD + PUMPS + '[boilers.b1]\nfuel = "natural_gas"\n' + HEATING
    of = plant(tmp_path / "gas", toml, HEAT + UNIT + SOURCE_PUMP + LOAD_PUMP)
    records = gauges(q=400.0, n=100.0, ps_e=10.0, pl_e=10.0)
    found = {r.of: r for r in boundaries.results(context(of, records, HOURS)) if r.id == "spf"}
    assert found["H2"].value == pytest.approx(400 / 110)
    assert found["H3"].status == found["H4"].status == "refused"
    assert "b1" in found["H3"].reason.en


def test_one_meter_of_unit_and_pump_gives_h2_but_not_h1(tmp_path):
    wide = UNIT.replace(",hp1,", ",hp1+ps,")
    of = plant(tmp_path / "wide", HEAD + PUMPS + HEATING, HEAT + wide + LOAD_PUMP)
    records = gauges(q=400.0, n=110.0, pl_e=10.0)
    found = {r.of: r for r in boundaries.results(context(of, records, HOURS)) if r.id == "spf"}
    assert found["H1"].status == "refused"
    assert found["H1"].missing == ("EH.hp1 electric_energy supply hp1",)
    assert found["H2"].value == pytest.approx(400 / 110)


def test_terminal_fans_count_in_h4_only(tmp_path):
    toml = HEAD + PUMPS + '[terminals.fc]\nkind = "fan_coil"\nfan_power = "2 kW"\n' + HEATING
    fans = "f_e,electric_power,kW,fc,supply,EN 62053 class 1,15 min,\n"
    of = plant(tmp_path / "fans", toml, HEAT + UNIT + SOURCE_PUMP + LOAD_PUMP + fans)
    at = context(of, gauges(q=400.0, n=100.0, ps_e=10.0, pl_e=10.0, f_e=5.0), HOURS)
    found = {r.of: r for r in boundaries.results(at) if r.id == "spf"}
    assert found["H4"].value == pytest.approx(400 / 125)
    system = by(performance.results(at), "cop_system", mode="heating")
    assert system.value == pytest.approx(400 / 120)


def whole_season(tmp_path, heat, days=None):
    """Registers read every hour over the heating season 2019, optionally only the first days."""
    toml = HEAD + PUMPS + SEASONS
    points = (
        "q,heat_energy,kWh,hp1,load,± 1 %,1 h,\n"
        "n,electric_energy,kWh,hp1,supply,EN 62053 class 1,1 h,\n"
        "ps_e,electric_energy,kWh,ps,supply,EN 62053 class 1,1 h,\n"
        "pl_e,electric_energy,kWh,pl,supply,EN 62053 class 1,1 h,\n"
    )
    of = plant(tmp_path / f"season{heat}{days}", toml, points)
    period = season_period(2019, "heating", Season(11, 15, 3, 15), "Asia/Shanghai")
    hours = period.days * 24 if days is None else days * 24
    powers = {"q": heat, "n": 100.0, "ps_e": 10.0, "pl_e": 10.0}
    records = {name: counter(power, hours) for name, power in powers.items()}
    return by(performance.results(within(of, records, period)), "cop_system", mode="heating")


def test_a_whole_season_is_graded(tmp_path):
    result = whole_season(tmp_path, 400.0)
    assert result.value == pytest.approx(400 / 120, rel=1e-9)
    assert result.status == "ok"
    assert result.grade.resolved
    assert result.grade.label.en == "grade 2"
    assert result.rules[0] == "gbt50801.boundary"


def test_a_grade_whose_interval_crosses_the_edge_is_not_resolved(tmp_path):
    result = whole_season(tmp_path, 3.505 * 120)
    assert result.grade.label.en == "grade 1"
    assert not result.grade.resolved
    assert "not resolved" in result.grade.text.en
    assert "无法判定" in result.grade.text.zh


def test_thin_data_are_indicative_and_not_graded(tmp_path):
    result = whole_season(tmp_path, 400.0, days=100)  # of 122
    assert result.coverage == pytest.approx(100 / 122, abs=1e-3)
    assert result.status == "indicative"
    assert result.grade is None
    assert result.detail["quality_class"] == "Q3"


@pytest.mark.parametrize(
    ("value", "mode", "grade"),
    [
        (3.499, "heating", "grade 2"), (3.500, "heating", "grade 1"),
        (2.599, "heating", "below the limit: not qualified"), (2.6, "heating", "grade 3"),
        (3.899, "cooling", "grade 2"), (3.9, "cooling", "grade 1"),
    ],
)  # fmt: skip
def test_grade_edges(sports, value, mode, grade):
    held = context(sports, gauges(q=1.0), HOURS).rules
    rows = [held.row(f"gbt50801.{mode}.grade{number}") for number in (1, 2, 3)]
    assert grade_at_least(value, 0.0, rows).label.en == grade


def test_seasons_split_a_year_and_cooling_is_positive(tmp_path):
    """A signed meter: 300 kW of heat in winter, 200 kW of cold in summer; one electricity meter."""
    of = plant(
        tmp_path / "year",
        HEAD + SEASONS,
        HEAT.replace("15 min", "1 h") + UNIT.replace("15 min", "1 h"),
    )
    start = datetime(2018, 12, 31, 16, tzinfo=UTC)
    time = times(365 * 24, 3600.0, start)
    day = (time - time[0]) / 8.64e10
    winter, summer = (day < 74) | (day >= 318), (day >= 134) & (day < 258)
    records = {
        "q": (time, np.where(winter, 300.0, 0.0) - np.where(summer, 200.0, 0.0)),
        "n": (time, np.where(winter, 75.0, 0.0) + np.where(summer, 40.0, 0.0)),
    }
    found = performance.results(context(of, records, 365 * 24, start))
    assert by(found, "cop", "hp1", "heating").value == pytest.approx(4.0, rel=1e-3)
    assert by(found, "eer", "hp1", "cooling").value == pytest.approx(5.0, rel=1e-3)
    assert by(found, "heat", mode="cooling").value == pytest.approx(200 * 124 * 24, rel=1e-3)


def test_a_shared_hour_is_split_by_energy_not_by_duration(tmp_path):
    """45 min of 100 kW heat, 15 min of 300 kW cold in every hour: each mode takes half."""
    toml = HEAD + '[operation]\nmode = "point"\n'
    points = (
        HEAT
        + COLD
        + UNIT.replace("electric_power,kW", "electric_energy,kWh").replace("15 min", "1 h")
    )
    points += "m,mode,1,hp1,unit,,15 min,\n"
    of = plant(tmp_path / "shared", toml, points)
    time = times(HOURS, 60.0)
    minute = (time - time[0]) // 60_000_000 % 60
    cooling = minute >= 45
    records = {
        "q": (time, np.where(cooling, 0.0, 100.0)),
        "c": (time, np.where(cooling, 300.0, 0.0)),
        "m": (time, np.where(cooling, 2.0, 1.0)),
        "n": counter(50.0, HOURS),
    }
    found = performance.results(context(of, records, HOURS))
    heating = by(found, "cop", "hp1", "heating")
    cooled = by(found, "eer", "hp1", "cooling")
    assert heating.detail["heat_kwh"] == pytest.approx(75 * HOURS, rel=0.02)
    total = heating.detail["electricity_kwh"] + cooled.detail["electricity_kwh"]
    assert total <= 50.0 * HOURS * 1.001
    assert heating.value == pytest.approx(cooled.value, rel=0.05)


def test_sum_over_a_season_is_ratio_of_sums(sports):
    """The COP of two halves, weighted by their electricity, is the COP of the whole."""
    time = times(HOURS, 900.0)
    rng = np.random.default_rng(7)
    records = {
        "q": (time, rng.uniform(100, 700, time.size)),
        "n": (time, rng.uniform(50, 170, time.size)),
        "ps_e": constant(15.0, HOURS), "pl_e": constant(7.5, HOURS),
        "tu1": constant(50.0, HOURS), "tu2": constant(45.0, HOURS),
    }  # fmt: skip

    def sums(hours, start=START):
        at = context(sports, records, hours, start)
        return by(performance.results(at), "cop_system", mode="heating").detail

    whole = sums(HOURS)
    parts = [sums(5.0), sums(HOURS - 5.0, START + timedelta(hours=5))]
    for key in ("heat_kwh", "electricity_kwh"):
        assert sum(part[key] for part in parts) == pytest.approx(whole[key], rel=1e-12)


def test_a_gap_in_the_heat_leaves_the_electricity_too(sports):
    records = gauges(q=400.0, n=100.0, ps_e=10.0, pl_e=10.0, tu1=50.0, tu2=45.0)
    time, value = records["q"]
    keep = (time < time[8]) | (time > time[24])
    records["q"] = (time[keep], value[keep])
    found = by(performance.results(context(sports, records, HOURS)), "cop_system", mode="heating")
    assert found.value == pytest.approx(400 / 120)
    assert found.coverage < 0.7
    assert found.status == "indicative"


def test_no_accuracy_no_uncertainty(tmp_path):
    blank = UNIT.replace("EN 62053 class 1", "")
    of = plant(tmp_path / "blank", HEAD + HEATING, HEAT + blank)
    found = performance.results(context(of, gauges(q=400.0, n=100.0), HOURS))
    cop = by(found, "cop", "hp1", "heating")
    assert cop.uncertainty is None
    assert cop.status == "indicative"
    assert "accuracy" in cop.reason.en


def test_a_system_without_named_pumps_is_refused(tmp_path):
    """COPsys that silently leaves the pumps out is the commonest error in print."""
    of = plant(tmp_path / "bare", HEAD + HEATING, HEAT + UNIT)
    found = performance.results(context(of, gauges(q=400.0, n=100.0), HOURS))
    assert by(found, "cop", "hp1", "heating").value == pytest.approx(4.0)
    for id in ("cop_system", "renewable_energy"):
        refusal = by(found, id)
        assert refusal.status == "refused"
        assert "pump" in refusal.reason.en
        assert any("EP" in point for point in refusal.missing)
    of = plant(tmp_path / "packaged", HEAD + BUILT_IN + HEATING, HEAT + UNIT)
    found = performance.results(context(of, gauges(q=400.0, n=100.0), HOURS))
    assert by(found, "cop_system").value == pytest.approx(4.0)
    assert "built into" in by(found, "pump_share").reason.en
    assert any("built into" in note.en for note in by(found, "cop", "hp1", "heating").notes)


def test_renewable_energy(tmp_path):
    """8.7: one GWh at SPF 2.5 holds 600,000 kWh of renewable heat."""
    german = HEAD.replace("Beijing", "Germany") + BUILT_IN
    of = plant(tmp_path / "res", german + HEATING, HEAT + UNIT)
    for factor, expected in ((2.5, 600_000.0), (3.5, 714_285.7)):
        records = gauges(q=1e6 / HOURS, n=1e6 / HOURS / factor)
        found = by(performance.results(context(of, records, HOURS)), "renewable_energy")
        assert found.value == pytest.approx(expected, abs=0.1)
        assert found.detail["counts"]


def test_levels_after_the_tank_need_heat_after_the_tank(tmp_path):
    toml = HEAD + PUMPS + '[tanks.t1]\nvolume = "1 m3"\n' + HEATING
    records = gauges(q=400.0, n=100.0, ps_e=10.0, pl_e=10.0)
    levels = {}
    for name, covered in (("before", "hp1"), ("after", "hp1+t1")):
        points = HEAT.replace(",hp1,", f",{covered},") + UNIT + SOURCE_PUMP + LOAD_PUMP
        of = plant(tmp_path / name, toml, points)
        found = boundaries.results(context(of, records, HOURS))
        levels[name] = {r.of: r for r in found if r.id == "annex52"}
    assert levels["before"]["3"].value == pytest.approx(400 / 120)
    assert levels["before"]["4"].status == "refused"
    assert levels["before"]["4"].missing == ("FU heat_energy load hp1+t1",)
    assert levels["after"]["4"].value == pytest.approx(400 / 120)
