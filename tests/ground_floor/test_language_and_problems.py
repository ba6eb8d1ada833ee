"""Two languages, and problems that say how to mend them."""

import json

import pytest

from diwen.language import Text, preferred, same
from diwen.problems import InputError, Problem


def test_text_fills_fields_language_by_language():
    text = Text("{n} {what} missing", "缺少 {n} 个{what}").format(n=2, what=Text("points", "测点"))
    assert text.to("en") == "2 points missing"
    assert text.to("zh") == "缺少 2 个测点"
    assert same("COP").to("zh") == "COP"


@pytest.mark.parametrize(
    ("asked", "language"), [("zh", "zh"), ("zh_CN.UTF-8", "zh"), ("en", "en"), ("fr", "en")]
)
def test_language_from_the_environment(monkeypatch, asked, language):
    monkeypatch.setenv("DIWEN_LANGUAGE", asked)
    assert preferred() == language


def test_a_problem_names_file_place_value_range_and_cure():
    problem = Problem(
        file="site.toml",
        where="heat_pumps.hp1.rated_heating_capacity",
        value="-3 kW",
        message=Text("must be positive", "必须为正数"),
        allowed=Text("1 kW to 50 MW", "1 kW 至 50 MW"),
        cure=Text("write the rated capacity", "填写额定制热量"),
    )
    for language in ("en", "zh"):
        line = problem.to(language)
        for part in ("site.toml", "heat_pumps.hp1", "-3 kW", "50 MW"):
            assert part in line
    assert "填写额定制热量" in problem.to("zh")
    error = InputError([problem, problem])
    assert len(error.problems) == 2
    assert json.loads(json.dumps(problem.as_dict()))["cure"]["zh"] == "填写额定制热量"
