"""``diwen schematic`` as a user gives it: every kind of file, modes, wrong input, exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from walk_site import diwen

from diwen.problems import InputError

_EXAMPLES = Path(__file__).parents[2] / "examples"
_SPORTS = _EXAMPLES / "sports-centre"


def test_without_a_name_the_file_is_named_after_the_site(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = diwen("schematic", _SPORTS, "--mode", "winter_heating", "--language", "en")
    assert done.exit_code == 0, done.output
    assert "sports-centre-schematic-winter_heating.svg" in done.stdout
    assert "summer_recovery" in done.stdout
    assert (tmp_path / "sports-centre-schematic-winter_heating.svg").read_text().startswith("<?xml")


@pytest.mark.parametrize(("ending", "begin"), [("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_png_and_pdf(tmp_path, ending, begin):
    path = tmp_path / f"plant.{ending}"
    done = diwen("schematic", _EXAMPLES / "sizing-office", "--out", path, "--language", "zh")
    assert done.exit_code == 0, done.output
    assert path.read_bytes().startswith(begin)
    assert "系统原理图已写入" in done.stdout


def test_page_holds_every_mode_and_asks_no_other_machine(tmp_path):
    path = tmp_path / "plant.html"
    done = diwen("schematic", _SPORTS, "--out", path, "--language", "zh", "--mode", "hot_water")
    assert done.exit_code == 0, done.output
    page = path.read_text(encoding="utf-8")
    assert page.count("<section") == page.count('type="radio"') == 6
    assert page.count(" checked") == 1
    assert "阀门状态表" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page


def test_json_tells_the_plant_and_writes_no_picture(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = diwen("schematic", _SPORTS, "--json")
    answer = json.loads(done.stdout)
    assert done.exit_code == 0
    assert answer["file"] is None
    assert {"nodes", "edges", "modes", "notes"} <= set(answer)
    assert not list(tmp_path.iterdir())


def test_wrong_mode_and_wrong_file(tmp_path):
    wrong = diwen("schematic", _SPORTS, "--mode", "winter", "--out", tmp_path / "a.svg")
    assert isinstance(wrong.exception, InputError)
    wrong = diwen("schematic", _SPORTS, "--out", tmp_path / "a.gif")
    assert isinstance(wrong.exception, InputError)
    assert ".html" in str(wrong.exception.problems[0].allowed)
    wrong = diwen("schematic", _SPORTS, "--out", tmp_path / "none" / "a.svg")
    assert isinstance(wrong.exception, InputError)


def test_a_site_without_a_plant_is_answered_with_no(tmp_path):
    done = diwen("schematic", _EXAMPLES / "beijing-weather", "--out", tmp_path / "a.svg")
    assert done.exit_code == 1
    assert not (tmp_path / "a.svg").exists()


def test_help_teaches(monkeypatch):
    done = diwen("schematic", "--help")
    assert done.exit_code == 0
    assert "--mode" in done.stdout
    assert "sports-centre" in done.stdout
    assert "退出码" in done.stdout
