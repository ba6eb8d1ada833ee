"""Broken rule tables: every fault is named, with file, line and cure, all at once."""

import csv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diwen.problems import InputError, Problem
from diwen.rules import load
from diwen.rules.reading import RULE_COLUMNS, WATER_COLUMNS, read_rules, read_water
from diwen.rules.regions import read_regions
from diwen.rules.row import Row
from diwen.rules.words import read_words

GOOD = {
    "id": "own.limit", "quantity": "cop_sys", "text_zh": "限值", "text_en": "limit", "op": ">=",
    "value": "3.5", "unit": "1", "applies": "", "standard": "own", "edition": "", "clause": "",
    "region": "", "valid_from": "2020-01-01", "valid_to": "", "evidence": "E", "verified": "false",
    "source": "test", "note_zh": "", "note_en": "",
}  # fmt: skip


def write(folder: Path, *rows: dict[str, str], name: str = "own.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return path


def read(path: Path) -> tuple[list[Row], list[Problem]]:
    problems: list[Problem] = []
    return list(read_rules(path, load().words, problems)), problems


def test_a_good_table_reads(tmp_path: Path) -> None:
    rows, problems = read(write(tmp_path, GOOD))
    assert problems == []
    assert rows[0].value == 3.5
    assert set(GOOD) == set(RULE_COLUMNS)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("id", "nodots", "rule id"),
        ("quantity", "cop_syss", "write cop_sys"),
        ("text_en", "", "empty"),
        ("text_zh", "", "empty"),
        ("op", "=>", "unknown value"),
        ("value", "3,5", "not a number"),
        ("value", "nan", "not a number"),
        ("value", "", "contradict"),
        ("standard", "", "empty"),
        ("source", "", "empty"),
        ("evidence", "NF", "contradict"),
        ("valid_from", "01.01.2020", "not a date"),
        ("valid_to", "2019-12-31", "ends before it begins"),
        ("evidence", "X", "unknown value"),
        ("verified", "yes", "unknown value"),
        ("verified", "true", "can be verified"),
        ("applies", "capacity", "not a list of conditions"),
        ("applies", "a=1; a=2", "not a list of conditions"),
    ],
)
def test_a_broken_cell_is_named(tmp_path: Path, column: str, value: str, said: str) -> None:
    rows, problems = read(write(tmp_path, {**GOOD, column: value}))
    assert rows == []
    assert len(problems) == 1
    text = problems[0].to("en")
    named = "value" if said == "contradict" else column
    assert text.startswith(f"own.csv: line 2, column {named}")
    assert said in text
    assert problems[0].value == {**GOOD, column: value}[named]
    assert any("一" <= letter <= "鿿" for letter in problems[0].to("zh"))


@pytest.mark.parametrize(("value", "said"), [("2", "not a range"), ("3..2", "runs backwards")])
def test_a_broken_range_is_named(tmp_path: Path, value: str, said: str) -> None:
    rows, problems = read(write(tmp_path, {**GOOD, "op": "range", "value": value}))
    assert rows == []
    assert said in problems[0].to("en")


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path, {**GOOD, "value": "x", "op": "?"}, GOOD, {**GOOD, "valid_to": "y", "value": "z"}
    )
    rows, problems = read(path)
    assert len(rows) == 1
    assert {problem.where.split(",")[0] for problem in problems} == {"line 2", "line 4"}
    assert len(problems) == 3


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"id,quantity\nx,y\n", "must stand there once"),
        (b"id,quantyti\n", "write quantity"),
        (b'a,"b\n', ""),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(content)
    rows, problems = read(path)
    assert rows == []
    assert problems
    assert said in " ".join(problem.to("en") for problem in problems)


def test_a_line_of_wrong_length_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    path.write_text(path.read_text(encoding="utf-8") + "a,b\n", encoding="utf-8")
    rows, problems = read(path)
    assert len(rows) == 1
    assert problems[0].where == "line 3"


def test_remarks_marks_and_empty_lines_are_skipped(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    text = path.read_text(encoding="utf-8")
    path.write_text("\ufeff" + text + "# a remark\n\n", encoding="utf-8")
    rows, problems = read(path)
    assert problems == []
    assert len(rows) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reader(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "noise.csv"
    path.write_bytes(",".join(RULE_COLUMNS).encode() + b"\n" + content)
    rows, problems = read(path)
    assert all(problem.file == "noise.csv" for problem in problems)
    # Random bytes never make a whole rule: whatever is not blank or a remark is named.
    assert rows == []


def test_own_rules_replace_shipped_ones(tmp_path: Path) -> None:
    own = {**GOOD, "id": "default.hdd_base", "quantity": "degree_days", "value": "15"}
    write(tmp_path, own)
    rules = load(tmp_path)
    assert rules.value("default.hdd_base") == 15.0
    assert load().value("default.hdd_base") == 18.0
    assert rules.digest != load().digest
    assert len(rules.all) == len(load().all)


def test_rules_in_force_twice_are_refused(tmp_path: Path) -> None:
    write(tmp_path, GOOD, {**GOOD, "value": "4", "valid_from": "2021-01-01"})
    with pytest.raises(InputError, match="in force twice"):
        load(tmp_path)


def test_a_rule_may_change_from_day_to_day(tmp_path: Path) -> None:
    write(
        tmp_path,
        {**GOOD, "valid_to": "2020-12-31"},
        {**GOOD, "value": "4", "valid_from": "2021-01-01"},
    )
    rules = load(tmp_path)
    assert [row.value for row in rules.versions("own.limit")] == [4.0, 3.5]
    assert rules.row("own.limit").value == 4.0


def test_an_unknown_region_in_a_table_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, "region": "Atlantis"})
    with pytest.raises(InputError, match="Atlantis"):
        load(tmp_path)


def test_the_digest_does_not_depend_on_line_ends(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    content = write(one, GOOD).read_bytes().replace(b"\r\n", b"\n")
    (one / "own.csv").write_bytes(content)
    (other / "own.csv").write_bytes(content.replace(b"\n", b"\r\n"))
    assert load(one).digest == load(other).digest


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("I", "", "empty"),
        ("IV", "much", "not a number"),
        ("II", "9..8", "runs backwards"),
        ("evidence", "", "unknown value"),
    ],
)
def test_a_broken_water_table_is_named(tmp_path: Path, column: str, value: str, said: str) -> None:
    good = {
        **{name: GOOD.get(name, "") for name in WATER_COLUMNS},
        "id": "own.iron", "names": "Fe", "I": "0.1", "II": "0.2", "III": "0.3", "IV": ">0.3",
    }  # fmt: skip
    problems: list[Problem] = []
    assert len(list(read_water(write(tmp_path, good), problems))) == 4
    assert problems == []
    assert list(read_water(write(tmp_path, {**good, column: value}), problems)) == []
    assert said in problems[0].to("en")


def test_a_parent_region_stands_above_its_children(tmp_path: Path) -> None:
    path = tmp_path / "regions.csv"
    path.write_text(
        "key,parent,name_zh,name_en,names,note\nA,B,甲,A,,\nB,,乙,B,,\n", encoding="utf-8"
    )
    problems: list[Problem] = []
    read_regions(path, problems)
    assert [problem.where for problem in problems] == ["line 2, column parent"]


def test_a_quantity_stands_once(tmp_path: Path) -> None:
    path = tmp_path / "quantities.csv"
    path.write_text("key,name_zh,name_en,search\na,甲,a,\na,甲,a,\n", encoding="utf-8")
    problems: list[Problem] = []
    read_words(path, problems)
    assert [problem.where for problem in problems] == ["line 3, column key"]
