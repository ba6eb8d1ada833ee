"""What holds here on this day."""

import itertools
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.rules import RuleMissingError, load, on
from diwen.rules.conditions import applies
from diwen.rules.emissions import grid_factor
from diwen.rules.grades import grade_of, grades, resolved

RULES = load()


@pytest.mark.parametrize(
    ("day", "region", "id"),
    [
        (date(2021, 6, 1), "Beijing", "grid.china.2021"),
        (date(2022, 6, 1), "Beijing", "grid.north_china.2022"),
        (date(2022, 6, 1), "Hebei", "grid.hebei.2022"),
        (date(2022, 12, 31), "Shanghai", "grid.east_china.2022"),
        (date(2023, 1, 1), "Shanghai", "grid.shanghai.2023"),
        (date(2023, 6, 1), "Hebei", "grid.north_china.2023"),
        (date(2026, 1, 1), "Beijing", "grid.beijing.2023"),
        (date(2026, 1, 1), "Beijing E-Town", "grid.beijing.2023"),
        (date(2026, 1, 1), "Xinjiang", "grid.china.2023"),
    ],
)
def test_the_nearest_factor_of_the_year(day: date, region: str, id: str) -> None:
    assert grid_factor(on(day, region)).id == id


def test_no_factor_before_the_first_announced_year_nor_abroad() -> None:
    with pytest.raises(RuleMissingError, match="2018-01-01"):
        grid_factor(on(date(2018, 1, 1), "Beijing"))
    with pytest.raises(RuleMissingError):
        grid_factor(on(date(2023, 1, 1), "Germany"))


def test_a_region_inherits_from_its_country_and_from_the_world() -> None:
    beijing = on(date(2026, 1, 1), "Beijing")
    assert beijing.value("gbt50801.heating.grade1") == 3.5
    assert beijing.value("iec60751.B.base") == 0.3
    with pytest.raises(RuleMissingError, match="does not hold"):
        on(date(2026, 1, 1), "Germany").row("gbt50801.heating.grade1")
    with pytest.raises(RuleMissingError):
        beijing.row("subsidy.jilin.cap")


def test_the_nearer_region_rules() -> None:
    assert on(date(2026, 1, 1), "Beijing").row("room.heating_minimum").region == "Beijing"
    assert on(date(2026, 1, 1), "Jilin").row("room.heating_minimum").region == "China"
    assert on(date(2026, 1, 1)).row("room.heating_minimum").region == "China"


@pytest.mark.parametrize("name", ["Beijing", "北京", "北京市", "beijing", "Haidian, Beijing"])
def test_a_region_is_known_by_its_names(name: str) -> None:
    assert on(date(2026, 1, 1), name).chain == ("Beijing", "North China", "China", "")


def test_an_unknown_region_is_refused_with_a_suggestion() -> None:
    with pytest.raises(InputError, match="Beijing"):
        on(date(2026, 1, 1), "Bejing")


def test_a_rule_begins_and_ends_on_its_days() -> None:
    row = "gb19577.water.heat_pump.small.ground.grade1"
    with pytest.raises(RuleMissingError):
        on(date(2025, 1, 31), "Beijing").row(row)
    assert on(date(2025, 2, 1), "Beijing").value(row) == 5.10
    assert on(date(2018, 4, 30)).rows(id="gbt14848_1993.iron.IV")
    assert not on(date(2018, 5, 1)).rows(id="gbt14848_1993.iron.IV")


def test_a_time_of_day_is_taken_as_its_day() -> None:
    moment = datetime(2025, 2, 1, 23, 30, tzinfo=UTC)
    assert RULES.on(moment, "Beijing").day == date(2025, 2, 1)


def test_an_empty_rule_says_what_to_obtain() -> None:
    with pytest.raises(RuleMissingError, match=r"obtain the official text of NB/T 10278"):
        RULES.value("nbt10278.accuracy")
    with pytest.raises(RuleMissingError, match="no rule"):
        RULES.value("gbt50801.heating.grade9")


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.sampled_from(sorted(RULES.regions.by_key)))
def test_a_look_up_gives_each_rule_once_and_only_if_it_holds(day: date, region: str) -> None:
    bound = RULES.on(day, region)
    rows = bound.rows()
    assert len({row.id for row in rows}) == len(rows)
    for row in rows:
        assert row.valid_on(day)
        assert row.region in (bound.chain or ())


def test_every_region_leads_out_to_the_world() -> None:
    for key in RULES.regions.by_key:
        chain = RULES.regions.chain(key)
        assert chain[0] == key
        assert chain[-1] == ""
        assert len(set(chain)) == len(chain)


@pytest.mark.parametrize(
    ("quantity", "value", "grade"),
    [
        ("cop_sys", 3.500, "1"), ("cop_sys", 3.499, "2"), ("cop_sys", 3.0, "2"),
        ("cop_sys", 2.999, "3"), ("cop_sys", 2.6, "3"), ("cop_sys", 2.599, None),
        ("eer_sys", 3.9, "1"), ("eer_sys", 3.899, "2"), ("eer_sys", 3.4, "2"),
        ("eer_sys", 3.0, "3"), ("eer_sys", 2.999, None),
    ],
)  # fmt: skip
def test_grade_edges(quantity: str, value: float, grade: str | None) -> None:
    row = grade_of(value, grades(on(date(2026, 1, 1), "Beijing"), quantity))
    assert (row and row.applies["grade"]) == grade


def test_a_grade_across_an_edge_is_not_resolved() -> None:
    rows = grades(on(date(2026, 1, 1), "Beijing"), "cop_sys")
    assert not resolved(3.4, 3.6, rows)
    assert resolved(3.5, 4.4, rows)
    assert resolved(1.0, 2.0, rows)


def test_the_case_chooses_the_grade_table() -> None:
    rules = on(date(2026, 1, 1), "Beijing")
    with pytest.raises(RuleMissingError, match="more than one"):
        grades(rules, "acop")
    case = {"terminal": "water", "function": "heat_pump"}
    small = grades(rules, "acop", capacity=260.0, source="borefield", **case)
    large = grades(rules, "acop", capacity=260.1, source="circulation_well", **case)
    assert [row.value for row in small] == [5.10, 4.70, 4.20]
    assert [row.value for row in large] == [6.20, 5.80, 5.40]
    with pytest.raises(RuleMissingError, match="no grade table"):
        grades(on(date(2020, 1, 1), "Beijing"), "acop", **case)


@given(st.floats(0, 1e6))
def test_every_chiller_capacity_has_one_reference(capacity: float) -> None:
    rows = RULES.rows(id="gbt50801.chiller_eer.*")
    assert sum(applies(row, capacity=capacity) for row in rows) == 1


def test_boundaries_contain_one_another() -> None:
    inside = [set(RULES.row(f"sepemo.h{level}").words.split(" + ")) for level in (1, 2, 3, 4)]
    assert all(inner < outer for inner, outer in itertools.pairwise(inside))
