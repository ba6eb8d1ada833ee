"""The command ``diwen rules`` and its search."""

import json

import pytest
from typer.testing import CliRunner

from diwen.cli import build
from diwen.rules import load
from diwen.rules.search import find, nearest

RUNNER = CliRunner()
RULES = load()


def ask(*words: str) -> tuple[int, str]:
    result = RUNNER.invoke(build(), ["rules", *words])
    return result.exit_code, result.output


def ids(*words: str) -> list[str]:
    code, output = ask("--on", "2026-01-01", "--region", "Beijing", "--json", *words)
    assert code == 0
    return [row["id"] for row in json.loads(output)["rows"]]


def test_the_question_of_the_readme() -> None:
    code, output = ask("--on", "2026-01-01", "--region", "Beijing", "--language", "en", "cop_sys")
    assert code == 0
    assert "gbt50801.heating.grade1" in output
    assert "≥ 3.5" in output
    assert "GB/T 50801-2013" in output
    assert "2013-05-01" in output
    assert "✓ V" in output
    assert "not compared with the official text" in output


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["cop_sys"], "gbt50801.heating.grade1"),
        (["COPsys"], "gbt50801.heating.grade1"),
        (["eer_sys"], "gbt50801.cooling.grade3"),
        (["co2"], "grid.beijing.2023"),
        (["CO₂"], "gbt50801.factor.co2"),
        (["water", "tax"], "water_tax.beijing.reinjected"),
        (["水资源税"], "water_tax.beijing.reinjected"),
        (["地下水"], "gb50366.reinjection"),
        (["地下水"], "gbt14848_2017.total_hardness.III"),
        (["硝酸盐"], "gbt14848_2017.nitrate_nitrogen.III"),
        (["GB/T 50801"], "gbt50801.factor.co2"),
        (["gbt50801.factor"], "gbt50801.factor.so2"),
        (["K-03"], "gbt50801.heating.grade1"),
        (["奖补"], "subsidy.beijing.share"),
        (["室温"], "room.heating_minimum"),
        (["回灌率"], "gb50366.reinjection"),
    ],
)
def test_rules_are_found_by_the_words_people_use(words: list[str], wanted: str) -> None:
    assert wanted in ids(*words)


def test_every_quantity_is_found_by_its_names() -> None:
    for word in RULES.words.by_key.values():
        rows = [row for row in RULES.all if row.quantity == word.key][:3]
        assert rows, word.key
        for query in ([word.key], [word.text.zh], word.text.en.split()):
            assert find(rows, RULES.words, query) == rows, query


def test_engineering_is_not_an_eer() -> None:
    found = find(RULES.all, RULES.words, ["eer"])
    assert {"gbt50801.cooling.grade1", "gbt50801.chiller_eer.small"} <= {row.id for row in found}
    assert not any(row.quantity == "data_quality" for row in found)


def test_a_misspelt_question_is_answered_with_the_nearest() -> None:
    code, output = ask("cop_syss", "--language", "en")
    assert code == 1
    assert "Did you mean: cop_sys" in output
    assert nearest(RULES.words, RULES.all, ["水资原税"])[0] == "water_tax"


def test_region_and_day_narrow_the_answer() -> None:
    code, output = ask("--region", "Jilin", "--json", "subsidy")
    assert code == 0
    assert {row["region"] for row in json.loads(output)["rows"]} == {"Jilin"}
    assert ask("--region", "Germany", "cop_sys")[0] == 1
    code, output = ask("--on", "2012-01-01", "--language", "en", "cop_sys")
    assert code == 1
    assert "3 rows hold on other days or in other regions" in output


def test_all_shows_every_date() -> None:
    code, output = ask("--all", "--standard", "GB/T 14848", "--json", "hardness")
    assert code == 0
    assert {row["edition"] for row in json.loads(output)["rows"]} == {"1993", "2017"}


def test_the_json_answer_carries_both_languages_and_the_digest() -> None:
    code, output = ask("--on", "2026-01-01", "--region", "北京", "--json", "water_tax")
    answer = json.loads(output)
    assert code == 0
    assert answer["region"] == "Beijing"
    assert answer["digest"] == RULES.digest
    assert set(answer["rows"][0]["text"]) == {"en", "zh"}
    assert answer["rows"][0]["verified"] is True


def test_chinese_answers_are_chinese() -> None:
    code, output = ask("--region", "北京", "--language", "zh", "cop_sys")
    assert code == 0
    assert "系统制热性能系数" in output
    assert "grade" not in output.replace("gbt50801.heating.grade", "")


def test_without_a_question_the_standards_are_listed() -> None:
    code, output = ask("--language", "en")
    assert code == 0
    assert "NB/T 11700-2024" in output
    assert "verified" in output


def test_water_classes_are_printed_as_the_standard_prints_them() -> None:
    code, output = ask("--on", "2010-06-01", "--language", "en", "hardness")
    assert code == 0
    line = next(line for line in output.splitlines() if "Total hardness" in line)
    assert "1993" in line
    assert [part.strip() for part in line.split("≤")[1:4]] == ["150", "300", "450"]
    assert "≤ 550" in line


@pytest.mark.parametrize(
    "words", [["--on", "2026-13-01"], ["--region", "Bejing"], ["--language", "fr"]]
)
def test_wrong_options_are_wrong_input(words: list[str]) -> None:
    from diwen.problems import InputError

    result = RUNNER.invoke(build(), ["rules", *words])
    assert isinstance(result.exception, InputError)
