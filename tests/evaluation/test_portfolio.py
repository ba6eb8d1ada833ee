"""Portfolios: the reader's complaints, and 153 monitored heat pumps judged."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from diwen import rules, site
from diwen.evaluation import portfolio
from diwen.evaluation.portfolio_compare import difference, line, spread
from diwen.evaluation.portfolio_system import judge, meter_envelope, second_law_bound
from diwen.language import same
from diwen.problems import InputError
from diwen.site.accuracy import parse_accuracy
from diwen.site.portfolio import Column, Portfolio
from diwen.site.portfolio_file import read_plain, read_systems

EXAMPLE = Path(__file__).parents[2] / "examples" / "heatpumpmonitor"
DAY = date(2026, 7, 15)


@pytest.fixture(scope="module")
def rule_book():
    return rules.load().on(DAY)


@pytest.fixture(scope="module")
def judged(rule_book):
    read = site.read(EXAMPLE)
    systems = read_systems(read.folder, read.portfolio)
    return {system.id: system for system in judge(systems, read.portfolio, rule_book)}


@pytest.fixture(scope="module")
def results(rule_book):
    read = site.read(EXAMPLE)
    systems = read_systems(read.folder, read.portfolio)
    return {
        (result.id, result.of): result
        for result in portfolio.evaluate(systems, read.portfolio, rule_book)
    }


@pytest.mark.parametrize(
    ("id", "spf", "heat", "electricity"),
    [
        ("204", 6.01, 10724, 1786),
        ("66", 4.71, 21691, 4607),
        ("571", 4.03, 9652, 2398),
        ("560", 3.32, 11029, 3323),
    ],
)
def test_ground_systems_of_the_published_table(judged, id, spf, heat, electricity):
    row = portfolio.system_row(judged[id])
    assert row["spf"] == pytest.approx(spf, abs=0.005)
    assert row["heat"] == pytest.approx(heat, abs=0.5)
    assert row["electricity"] == pytest.approx(electricity, abs=0.5)
    assert row["source"] == "ground"


def test_counts_of_the_portfolio(results):
    counted = results["portfolio_systems", ""]
    assert counted.value == 153
    groups = {(g["source"], g["boundary"]): g["n"] for g in counted.detail["groups"]}
    assert groups == {("air", "H2"): 5, ("air", "H3"): 13, ("air", "H4"): 131, ("ground", "H4"): 4}
    assert counted.detail["read_as_unknown"]["floor_area"] == 3
    assert counted.detail["read_as_unknown"]["heat_loss"] == 19


def test_factor_of_a_group_is_the_ratio_of_sums(judged, results):
    ground = [system for system in judged.values() if system.source == "ground"]
    expected = sum(s.heat for s in ground) / sum(s.electricity for s in ground)
    assert results["portfolio_spf", "ground"].value == pytest.approx(expected, rel=1e-12)
    assert results["portfolio_spf", "ground"].detail["mean"] > expected


def test_mixed_boundaries_are_only_indicative(results):
    mixed = results["portfolio_spf", "air"]
    assert mixed.status == "indicative"
    assert "H2, H3, H4" in mixed.reason.en
    assert results["portfolio_spf", "air H4"].status == "ok"


def test_four_ground_systems_show_no_difference(results):
    found = results["portfolio_difference", "ground H4"]
    assert found.status == "indicative"
    assert found.detail["n"] == [4, 131]
    assert found.detail["low"] < 0 < found.detail["high"]
    assert not found.detail["resolved"]


def test_supply_temperature_explains_the_on_off_machine(results):
    assert results["portfolio_against_air", "560"].status == "indicative"
    assert abs(results["portfolio_against_air", "560"].value) < 0.1
    assert results["portfolio_against_air", "204"].status == "ok"


def test_impossible_values_are_listed(results):
    table = results["portfolio_impossible", ""].detail["table"]
    found = {(entry["system"], entry["code"]) for entry in table}
    assert found == {
        ("586", "below_one"),
        ("356", "below_one"),
        ("586", "supply"),
        ("654", "watts"),
        ("672", "watts"),
    }


def test_doubtful_values_are_listed(results):
    detail = results["portfolio_doubtful", ""].detail
    by_area = {e["system"] for e in detail["table"] if e["code"] == "heat_per_area"}
    assert by_area == {"672", "886", "690", "594", "348", "622"}
    thin = {e["system"] for e in detail["table"] if e["code"] == "validity"}
    assert thin == {"66", "686", "672", "572"}
    assert sum(note["code"] == "air" for note in detail["notes"]) == 43
    assert {e["system"] for e in detail["table"] if e["code"] == "unusual"} == {"204"}


def test_cold_counted_as_heat_is_found(judged):
    codes = {id for id, system in judged.items() for f in system.flags if f.code == "cold_in_heat"}
    assert {"790", "574", "552", "506", "600", "82"} <= codes


def test_no_air_system_beats_the_second_law(results):
    assert results["portfolio_second_law", ""].value > 1.0


def test_ground_systems_have_no_second_law_bound_from_outdoor_air(judged, results):
    assert all(judged[id].bound is None for id in ("204", "66", "571", "560"))
    refused = results["portfolio_second_law", "not air"]
    assert refused.status == "refused"
    assert refused.missing == ("TS1 temperature source_entering",)


def test_what_cannot_be_known_is_refused(results):
    assert results["portfolio_ground_balance", ""].status == "refused"
    assert results["portfolio_grade", ""].status == "refused"


def test_uncertainty_of_a_small_difference_is_larger(rule_book):
    meter = parse_accuracy("EN 1434 class 2, dt_min 3 K", "heat_energy")
    low, high = meter_envelope(meter, 5.0, rule_book)
    # EN 1434 class 2 at q = qp and 5 K: E_f 2.02 %, E_t 2.3 %, E_c 1.1 %, root sum square 3.25 %.
    assert low * 3**0.5 == pytest.approx(0.0325, abs=5e-5)
    assert high > low
    assert meter_envelope(meter, 2.0, rule_book)[0] > low


@given(difference=st.floats(0.5, 30.0), factor=st.floats(1.1, 4.0))
def test_uncertainty_falls_with_the_difference(difference, factor):
    book = rules.load().on(DAY)
    meter = parse_accuracy("EN 1434 class 2, dt_min 3 K", "heat_energy")
    narrow, wide = (meter_envelope(meter, d, book) for d in (difference, difference * factor))
    assert wide[0] < narrow[0]
    assert wide[1] < narrow[1]


@given(warm=st.floats(-20, 90), cold=st.floats(-40, 60))
def test_second_law_bound_is_above_one(warm, cold):
    bound = second_law_bound(warm, cold)
    assert (bound is None) == (warm <= cold)
    assert bound is None or bound > 1.0


sums = st.lists(st.tuples(st.floats(1e9, 1e11), st.floats(1e8, 5e10)), min_size=2, max_size=30)


@given(sums)
def test_aggregate_lies_among_the_single_factors(pairs):
    heat, electricity = np.array(pairs).T
    found = spread(heat, electricity)
    assert found.quantiles[0] * (1 - 1e-12) <= found.aggregate <= found.quantiles[-1] * (1 + 1e-12)


@given(st.lists(st.floats(1, 8), min_size=3, max_size=20), st.floats(-2, 2))
def test_a_shift_of_one_group_is_the_difference(factors, shift):
    one = np.array(factors)
    assume(np.ptp(one) > 1e-6)
    found = difference(one + shift, one, (same("a"), same("b")))
    assert found.value == pytest.approx(shift, abs=1e-9)
    assert found.low <= shift <= found.high or np.isclose(found.low, shift)


def test_welch_interval_against_a_worked_case():
    # NIST/SEMATECH style two-sample case worked by hand: means 6 and 3, variances 2.5 and 2.5.
    one, other = np.array([4.0, 5, 6, 7, 8]), np.array([1.0, 2, 3, 4, 5])
    found = difference(one, other, (same("a"), same("b")))
    assert found.value == pytest.approx(3.0)
    assert found.high - found.value == pytest.approx(2.306004, abs=1e-5)
    assert found.resolved


def test_line_reproduces_a_line():
    x = np.arange(28.0, 48.0)
    fitted = line(list(x), list(8.0 - 0.1 * x))
    assert fitted.slope == pytest.approx(-0.1)
    assert fitted.expected(40.0) == pytest.approx(4.0)
    assert fitted.reach(40.0) == pytest.approx(0.0, abs=1e-9)
    assert line([30.0, 40.0], [5.0, 4.0]) is None


# ---------------------------------------------------------------------------- reading

COLUMNS = {
    "system": Column(column="id"),
    "source": Column(column="type", values={"Ground": "ground", "Air": "air"}),
    "heat": Column(column="heat", unit="kWh"),
    "electricity": Column(column="elec", unit="kWh"),
    "floor_area": Column(column="area", unit="m2", unknown=(0.0,)),
}
HEADER = "id,type,heat,elec,area"


def read(folder: Path, text: str | bytes, name: str = "systems.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_systems(folder, Portfolio(file=name, columns=COLUMNS))


def test_reads_plain_and_packed_alike(tmp_path):
    text = f"{HEADER}\n1,Ground,4000,1000,0\n2,Air,3000,1000,100\n"
    plain = read(tmp_path, text)
    packed = read(tmp_path, gzip.compress(text.encode()), "systems.csv.gz")
    assert plain.columns == packed.columns
    assert plain.number("heat", 0) == pytest.approx(4000 * 3.6e6)
    assert plain.number("floor_area", 0) is None
    assert plain.zeros["floor_area"] == 1
    assert plain.number("floor_area", 1) == 100


def test_zero_electricity_is_a_value_and_gives_no_factor(tmp_path, rule_book):
    systems = read(tmp_path, f"{HEADER}\n1,Ground,4000,0,\n")
    [system] = judge(systems, Portfolio(file="-", columns=COLUMNS), rule_book)
    assert system.spf is None
    assert [flag.code for flag in system.flags] == ["no_electricity"]


BROKEN = {
    "column missing": ("id,type,heat,electric,area\n1,Ground,1,1,1\n", "elec"),
    "text in a number": (f"{HEADER}\n1,Ground,many,1,1\n", "plain number"),
    "negative heat": (f"{HEADER}\n1,Ground,-5,1,1\n", "negative"),
    "untranslated word": (f"{HEADER}\n1,Brine,5,1,1\n", "Brine"),
    "system twice": (f"{HEADER}\n1,Ground,5,1,1\n1,Air,5,1,1\n", "line 2"),
    "heat missing": (f"{HEADER}\n1,Ground,,1,1\n", "empty"),
    "infinite": (f"{HEADER}\n1,Ground,inf,1,1\n", "plain number"),
    "no system": (f"{HEADER}\n", "no system"),
    "not text": (b"\xff\xfe\x00\x01", "UTF-8"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_table_is_refused_with_a_cure(tmp_path, name):
    text, hint = BROKEN[name]
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert hint in " ".join(problem.to("en") for problem in caught.value.problems)


def test_damaged_packed_file_is_refused(tmp_path):
    packed = gzip.compress(f"{HEADER}\n1,Ground,5,1,1\n".encode())
    with pytest.raises(InputError):
        read(tmp_path, packed[:-12], "systems.csv.gz")
    with pytest.raises(InputError):
        read(tmp_path, b"not gzip at all", "systems.csv.gz")


def test_many_bad_cells_are_counted_not_listed(tmp_path):
    rows = "\n".join(f"{n},Ground,x,1,1" for n in range(40))
    with pytest.raises(InputError) as caught:
        read(tmp_path, f"{HEADER}\n{rows}\n")
    assert len(caught.value.problems) == 6
    assert "35 more cells" in str(caught.value)


def test_plain_file_names_roles_and_units(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("system,source,heat [MWh],electricity [kWh]\na,ground,4,1000\n")
    systems = read_plain(path)
    assert systems.number("heat", 0) == pytest.approx(4e6 * 3600)
    path.write_text("system,source,heat,electricity [kWh]\na,ground,4,1000\n")
    with pytest.raises(InputError, match="kWh"):
        read_plain(path)
    path.write_text("system,source,heats [kWh]\na,ground,4\n")
    with pytest.raises(InputError) as caught:
        read_plain(path)
    assert "heat" in str(caught.value)
    assert "electricity" in str(caught.value)


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        ({"columns": {}}, "portfolio.columns.system"),
        ({"heat_meter": "EN 1434 class 9"}, "accuracy"),
        ({"columns": COLUMNS | {"heatt": Column(column="x", unit="kWh")}}, "heat"),
        ({"columns": COLUMNS | {"heat": Column(column="heat", unit="m3")}}, "unit"),
        ({"columns": COLUMNS | {"system": Column(column="id", unit="kg")}}, "unit"),
        ({"start": date(2026, 1, 1), "end": date(2025, 1, 1)}, "end"),
        (
            {"columns": COLUMNS | {"source": Column(column="t", values={"x": "grund"})}},
            "ground",
        ),
    ],
)
def test_declaration_faults_are_found(change, hint):
    declared = Portfolio(**({"file": "s.csv", "columns": COLUMNS} | change))
    shown = " ".join(f"{f.where} {f.message.en} {f.cure.en}" for f in declared.findings())
    assert hint in shown


def test_example_is_small_and_attributed():
    assert (EXAMPLE / "systems.csv.gz").stat().st_size < 100_000
    read_me = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    assert "CC BY 4.0" in read_me
    assert "HeatpumpMonitor.org" in read_me
