"""Design-hour records: the reader's complaints, and the printed tables of the sports centre."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.evaluation.record_check import balance, findings, recomputed
from diwen.evaluation.records import check
from diwen.problems import InputError
from diwen.site.records import Record, read_records

EXAMPLE = Path(__file__).parents[2] / "examples" / "sports-centre" / "records.csv"
HEADER = "record,table,item,value,unit,status\n"


def read(folder: Path, *rows: str) -> tuple[Record, ...]:
    path = folder / "records.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return read_records(path)


@pytest.fixture(scope="module")
def checked():
    return {(r.id, r.of): r for r in check(read_records(EXAMPLE))}


@pytest.mark.parametrize(
    ("id", "of", "value", "decimals"),
    [
        ("record_cop_system", "heating", 3.55, 2),
        ("record_eer_system", "cooling", 4.27, 2),
        ("record_cop_unit", "heating", 4.044, 3),
        ("record_cop_system_simultaneous", "simultaneous", 6.215, 3),
        ("record_cop_unit_simultaneous", "simultaneous", 7.09, 2),
        ("record_cold_output", "simultaneous", 487.9, 1),
        ("record_total_output", "simultaneous", 1136.1, 1),
        ("record_energy_balance_1", "simultaneous", 7.0, 1),
        ("record_energy_balance_2", "simultaneous", 0.0, 1),
        ("record_gain_over_cooling", "simultaneous", 45.6, 1),
        ("record_gain_over_heating", "simultaneous", 75.3, 1),
        ("record_pump_share", "cooling", 24.8, 1),
        ("record_pump_share", "heating", 12.3, 1),
        ("record_oversize", "simultaneous", 17.9, 1),
    ],
)
def test_sports_centre_is_recomputed(checked, id, of, value, decimals):
    assert checked[id, of].value == pytest.approx(value, abs=0.5 * 10**-decimals)


def test_sports_centre_errors_are_found_and_explained(checked):
    table = checked["record_errors", ""].detail["table"]
    wrong = {line["printed"]: line["finding"]["en"] for line in table if line["agrees"] is False}
    assert set(wrong) == {"4.04", "442.7", "1030.8", "45.4", "53.7", "1100"}
    assert "pumps (22.5 kW) were left out" in wrong["4.04"]
    assert "45.2 kW (7.0 % of Q_h)" in wrong["442.7"]
    assert "Q_h = 588.1 kW, N = 145.4 kW" in wrong["1030.8"]
    assert "6.21/4.27" in wrong["45.4"]
    assert "printed 4.04 of heating" in wrong["53.7"]
    assert "peak duties were added" in wrong["1100"]
    assert checked["record_errors", ""].value == 6


def test_sports_centre_table_is_in_the_unit_of_the_print(checked):
    table = checked["record_errors", ""].detail["table"]
    line = next(line for line in table if line["printed"] == "1030.8")
    assert line["unit"] == "kWh"
    assert line["recomputed"] == pytest.approx(1136.1)
    assert line["difference"] == pytest.approx(-105.3)
    gain = next(line for line in table if line["printed"] == "53.7")
    assert gain["recomputed"] == pytest.approx(75.27, abs=0.01)


def test_a_record_never_gets_a_season_grade(checked):
    for result in checked.values():
        assert result.grade is None
        assert result.status == "indicative"
        assert result.origin == ("manual",)
        assert result.uncertainty is None


def test_energy_and_power_in_one_record_are_noted(checked):
    notes = checked["record_errors", ""].detail["notes"]
    assert {note["record"] for note in notes} == {"cooling", "heating", "simultaneous"}


def test_a_value_without_its_inputs_is_not_judged(tmp_path):
    [finding] = findings(
        read(tmp_path, "h,1,heat_output,100,kW,input", "h,1,cop_system,4.0,1,printed")
    )
    assert finding.agrees is None
    assert "input power of a unit missing" in finding.text.en


def test_an_unexplained_value_says_so(tmp_path):
    [finding] = findings(
        read(
            tmp_path,
            "h,1,heat_output,100,kW,input",
            "h,1,unit_power,20,kW,input",
            "h,1,pump_power,5,kW,input",
            "h,1,cop_system,9.99,1,printed",
        )
    )
    assert finding.agrees is False
    assert "no formula tried" in finding.text.en
    assert finding.recomputed == pytest.approx(4.0)


def test_one_forgotten_pump_is_named(tmp_path):
    [finding] = findings(
        read(
            tmp_path,
            "c,1,cold_output,100,kW,input",
            "c,1,unit_power,20,kW,input",
            "c,1,pump_power@source,5,kW,input",
            "c,1,pump_power@user,3,kW,input",
            "c,1,eer_system,4.35,1,printed",
        )
    )
    assert "the pump source (5.0 kW) is left out" in finding.text.en


def test_energy_needs_the_duration_of_its_record(tmp_path):
    two_hours = read(tmp_path, "h,1,heat_output,10,kWh,input", "h,1,duration,2,h,input")
    assert balance(two_hours[0]).heat == pytest.approx(5000.0)


BROKEN = {
    "unknown item": (["h,1,heat_outputt,1,kW,input"], "heat_output"),
    "wrong unit": (["h,1,heat_output,1,m3/h,input"], "kW"),
    "decimal comma": (['h,1,heat_output,"1,5",kW,input'], "decimal point"),
    "unknown status": (["h,1,heat_output,1,kW,inputs"], "input"),
    "derived input": (["h,1,cop_system,4,1,input"], "printed"),
    "energy without duration": (["h,1,heat_output,1,kWh,input"], "duration"),
    "appears twice": (["h,1,heat_output,1,kW,input"] * 2, "line 2"),
    "unknown other record": (["h,1,gain_over@cooling,10,%,printed"], "cooling"),
    "zero power": (["h,1,unit_power,0,kW,input"], "correct the value"),
    "superfluous detail": (["h,1,heat_output@a,1,kW,input"], "@"),
    "no record": ([",1,heat_output,1,kW,input"], "write a value"),
    "surplus cells": (["h,1,heat_output,1,kW,input,a"], "quotes"),
    "no rows": ([], "add rows"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_file_is_refused_with_a_cure(tmp_path, name):
    rows, hint = BROKEN[name]
    with pytest.raises(InputError) as caught:
        read(tmp_path, *rows)
    shown = " ".join(problem.to("en") for problem in caught.value.problems)
    assert hint in shown
    assert all(problem.cure.zh for problem in caught.value.problems)


def test_all_errors_come_at_once_in_the_order_of_the_file(tmp_path):
    with pytest.raises(InputError) as caught:
        read(tmp_path, "h,1,heat,1,kW,input", "h,1,heat_output,x,kW,input", "h,1,duration,1,m,what")
    lines = [problem.where.split(",")[0] for problem in caught.value.problems]
    assert lines == ["line 2", "line 3", "line 4", "line 4"]


def test_unknown_column_is_refused(tmp_path):
    path = tmp_path / "records.csv"
    path.write_text("record,item,value,unit,status,tabel\n", encoding="utf-8")
    with pytest.raises(InputError, match="tabel"):
        read_records(path)


positive = st.integers(min_value=1, max_value=9999)


@given(heat=positive, unit=positive, first=positive, second=positive)
def test_forgetting_pumps_always_flatters(tmp_path_factory, heat, unit, first, second):
    [record] = read(
        tmp_path_factory.mktemp("r"),
        f"h,1,heat_output,{heat},kW,input",
        f"h,1,unit_power,{unit},kW,input",
        f"h,1,pump_power@a,{first},kW,input",
        f"h,1,pump_power@b,{second},kW,input",
    )
    own = balance(record)
    with_pumps, without = recomputed(own, "cop_system"), recomputed(own, "cop_unit")
    assert with_pumps < without
    share = recomputed(own, "pump_share")
    assert with_pumps == pytest.approx(without * (1.0 - share))
