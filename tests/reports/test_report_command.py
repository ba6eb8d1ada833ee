"""``diwen report``: files, exit codes, wrong options."""

from __future__ import annotations

import json

import pytest
from report_sites import records, write_site
from typer.testing import CliRunner

import diwen
from diwen import reports, telemetry
from diwen.cli import build as application
from diwen.problems import InputError


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = write_site(tmp_path_factory.mktemp("command") / "plant")
    telemetry.open_store(diwen.read(path)).write(records())
    return path


def run(*arguments: object):
    return CliRunner().invoke(application(), ["report", *map(str, arguments)])


def test_both_languages_and_formats_are_written(folder):
    result = run(folder, "--period", "2018-12")
    assert result.exit_code == 0, result.output
    names = sorted(path.name for path in (folder / "reports").iterdir())
    stem = "plant_2018-12"
    assert names == [f"{stem}_{ending}" for ending in ("en.html", "en.pdf", "zh.html", "zh.pdf")]
    assert all(str(folder / "reports" / name) in result.output for name in names)


def test_a_choice_of_language_format_and_folder(folder, tmp_path):
    out = tmp_path / "out"
    result = run(folder, "-p", "2018-12-01..2018-12-03", "--language", "zh", "--format", "html",
                 "--output", out)  # fmt: skip
    assert result.exit_code == 0, result.output
    (path,) = out.iterdir()
    assert path.name == "plant_2018-12-01_2018-12-03_zh.html"
    assert "指定时段运行报告" in path.read_text(encoding="utf-8")


def test_machine_readable_answer(folder, tmp_path):
    result = run(folder, "-p", "2018-12", "--format", "html", "-o", tmp_path, "--json")
    answer = json.loads(result.stdout)
    assert len(answer["files"]) == 2
    assert answer["evaluation"]["period"]["label"] == "2018-12"


@pytest.mark.parametrize(
    ("option", "word"), [("--language", "fr"), ("--format", "docx"), ("--format", ",")]
)
def test_a_wrong_choice_is_an_input_error(folder, option, word):
    result = run(folder, "-p", "2018-12", option, word)
    assert isinstance(result.exception, InputError)
    assert result.exception.problems[0].where == option


def test_a_wrong_period_writes_nothing(folder, tmp_path):
    result = run(folder, "-p", "2018-13", "-o", tmp_path / "none")
    assert isinstance(result.exception, InputError)
    assert not (tmp_path / "none").exists()


def test_progress_is_told(folder, tmp_path):
    steps = []
    reports.build(diwen.read(folder), "2018-12", ("en",), ("html",), tmp_path, steps.append)
    assert [step.en for step in steps] == [
        "evaluating 2018-12",
        "composing the report",
        "writing plant_2018-12_en.html",
    ]


def test_a_folder_that_cannot_be_made_is_an_input_error(folder, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError) as error:
        reports.build(diwen.read(folder), "2018-12", ("en",), ("html",), tmp_path / "file")
    assert "--output" in error.value.problems[0].cure.en
