"""The shipped rows: whole, dated, honest, and with the numbers of the reference."""

from datetime import date

import pytest

from diwen.rules import load
from diwen.rules.contradictions import contradictions
from diwen.rules.row import EVIDENCE, VERIFIABLE

RULES = load()


def test_every_row_names_its_source_and_evidence() -> None:
    bare = [row.id for row in RULES.all if not row.source or row.evidence not in EVIDENCE]
    assert RULES.all
    assert bare == []


def test_a_row_from_memory_is_never_verified() -> None:
    claimed = [row.id for row in RULES.all if row.verified and row.evidence not in VERIFIABLE]
    assert claimed == []
    assert {row.evidence for row in RULES.all if row.verified} == {"V", "S"}


def test_only_rows_not_found_are_empty() -> None:
    assert {row.evidence for row in RULES.all if row.empty} == {"NF"}
    assert all(row.empty for row in RULES.all if row.evidence == "NF")


def test_no_rule_holds_twice_on_one_day() -> None:
    assert contradictions(RULES.all, RULES.regions) == []


def test_both_languages_are_written() -> None:
    for row in RULES.all:
        assert row.text.en, row.id
        assert any("一" <= letter <= "鿿" for letter in row.text.zh), row.id
        assert bool(row.note.en) == bool(row.note.zh), row.id


@pytest.mark.parametrize("standard", ["NB/T 11700", "NB/T 10278"])
def test_numbers_nobody_found_stay_empty(standard: str) -> None:
    rows = RULES.rows(standard=standard)
    empty = [row for row in rows if row.empty]
    assert len(empty) >= 3
    assert not any(row.verified for row in empty)


@pytest.mark.parametrize(
    ("id", "value"),
    [
        ("gbt50801.calorific_value", 29.307),  # seen misprinted as 29.037
        ("gbt50801.factor.co2", 2.47),
        ("gbt50801.factor.so2", 0.02),
        ("gbt50801.factor.dust", 0.01),
        ("village_ashp.factor.co2", 2.6),  # seen misprinted as 0.26
        ("gbt50801.boiler_efficiency.coal", 0.70),
        ("gbt50801.boiler_efficiency.gas", 0.80),
        ("gbt50801.chiller_eer.small", 2.3),
        ("gbt50801.chiller_eer.medium", 2.6),
        ("gbt50801.chiller_eer.large", 2.8),
        ("gbt50801.electricity_to_coal", 0.31),
        ("gb50366.source_outlet_maximum_summer", 33.0),
        ("gb50366.source_inlet_minimum_winter", 4.0),
        ("gb50736.balance_ratio.low", 0.8),
        ("gb50736.balance_ratio.high", 1.25),
        ("water_tax.beijing.reinjected", 0.8),
        ("room.heating_minimum", 18.0),
        ("grid.china.2021", 0.5568),  # seen swapped with 2022
        ("grid.china.2022", 0.5366),
        ("grid.china.2023", 0.5306),
        ("grid.beijing.2023", 0.5554),
        ("grid.north_china.2022", 0.6776),
        ("en1434.class2.flow_base", 2.0),
        ("en1434.class3.flow_slope", 0.05),
        ("en1434.temperature_pair.slope", 3.0),
        ("iec60751.AA.slope", 0.0017),
        ("iec60751.C.base", 0.6),
        ("ashrae14.monthly.cv_rmse", 15.0),
        ("ashrae14.hourly.nmbe", 10.0),
        ("red.spf_minimum", 2.5),
        ("gbt2589.electricity_calorific", 0.1229),
    ],
)
def test_golden_values(id: str, value: float) -> None:
    assert RULES.value(id) == value


def test_conventional_energy_of_the_golden_case() -> None:
    """Reference 8.1: what the rows give for a million kWh of heat and of cold."""
    coal, q = RULES.value("gbt50801.electricity_to_coal"), RULES.value("gbt50801.calorific_value")
    heat = 1e6 * 3.6 / (RULES.value("gbt50801.boiler_efficiency.coal") * q)
    assert heat == pytest.approx(175_482.2, abs=0.05)
    saved = heat - coal * 1e6 / 3.5
    assert saved == pytest.approx(86_910.8, abs=0.05)
    assert saved * RULES.value("gbt50801.factor.co2") == pytest.approx(214_669.6, abs=0.1)
    cold = coal * 1e6 / RULES.value("gbt50801.chiller_eer.large") - coal * 1e6 / 4.0
    assert cold == pytest.approx(33_214.3, abs=0.05)


def test_the_doubtful_row_of_table_4_is_marked() -> None:
    row = RULES.row("gb19577.water.heating_only.large.loop.grade3")
    assert row.value == 4.40
    assert row.evidence == "V"
    assert not row.verified
    assert "doubtful" in row.standing.en
    others = RULES.rows(id="gb19577.water.*")
    assert [row.id for row in others if not row.verified] == [row.id]


def test_table_4_is_whole_and_falls_from_grade_to_grade() -> None:
    tables: dict[str, list[float]] = {}
    for row in RULES.rows(id="gb19577.*.grade*"):
        assert row.value is not None
        tables.setdefault(row.id.rpartition(".")[0], []).append(row.value)
    assert len([name for name in tables if ".heat_pump" in name or ".heating_only" in name]) == 15
    assert all(
        len(values) == 3 and values == sorted(values, reverse=True) for values in tables.values()
    )


def test_alarms_are_all_there() -> None:
    numbers = {row.id.split(".")[1] for row in RULES.rows(quantity="alarm")}
    assert numbers == {f"a{number:02d}" for number in range(1, 23)}


def test_engineering_defaults_never_claim_to_be_a_standard() -> None:
    for row in RULES.all:
        if row.evidence == "E":
            assert not row.verified
            assert "engineering default" in row.standing.en


def test_dates_are_in_order() -> None:
    for row in RULES.all:
        assert (row.valid_from or date.min) <= (row.valid_to or date.max), row.id
