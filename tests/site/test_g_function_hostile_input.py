"""Odd and impossible bore fields, times and sites: ``diwen g-function`` answers or says why not.

Every case is run for people in both languages and as JSON, through the entry point itself, and
must leave with the same exit code.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from diwen.cli import main

OFFICE = Path(__file__).parents[2] / "examples" / "sizing-office"
HEAD = "x,y,length,radius\n"
LEANING = "x,y,length,radius,tilt,orientation\n"
DIFFUSIVITY = ("--diffusivity", "1e-6 m2/s")


@pytest.fixture
def asked(monkeypatch, capsys) -> Callable:
    """Run the command three times; give back the exit code and the JSON."""

    def once(words, language):
        monkeypatch.setenv("DIWEN_LANGUAGE", language)
        monkeypatch.setattr(sys, "argv", ["diwen", "g-function", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    def run(*words):
        code, _, english = once(words, "en")
        chinese_code, _, chinese = once(words, "zh")
        json_code, out, _ = once([*words, "--json"], "en")
        assert code == chinese_code == json_code
        assert "Traceback" not in english
        assert ("改法" in chinese) == (code == 2)
        return code, json.loads(out)

    return run


# What is wrong, and where it is told: part of the place and of the words.
FIELDS = {
    "empty": (b"", "line 1", "empty"),
    "header only": (HEAD.encode(), "", "no borehole"),
    "coincident": (f"{HEAD}0,0,100,0.075\n0,0,100,0.075\n".encode(), "1, 2", "coincide"),
    "overlapping": (f"{HEAD}0,0,100,0.075\n0.1,0,100,0.075\n".encode(), "1, 2", "within 0.1 m"),
    "crossing": (
        f"{LEANING}0,0,100,0.075,20,0\n10,0,100,0.075,20,180\n".encode(), "1, 2", "within 0 m",
    ),
    "no length": (f"{HEAD}0,0,0,0.075\n".encode(), "line 2, column length", "outside"),
    "radius in mm": (f"{HEAD}0,0,100,75\n".encode(), "line 2, column radius", "outside"),
    "upside down": (f"{LEANING}0,0,100,0.075,95,0\n".encode(), "line 2, column tilt", "outside"),
    "endless": (f"{HEAD}inf,0,100,0.075\n".encode(), "line 2, column x", "outside"),
    "words": (f"{HEAD}a,0,100,0.075\n".encode(), "line 2, column x", "not a number"),
    "spreadsheet": (b"PK\x03\x04\x14\x00" + bytes(range(256)), "", "neither UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("name", FIELDS)
def test_fields_that_are_refused(tmp_path, asked, name):
    content, where, words = FIELDS[name]
    (tmp_path / "field.csv").write_bytes(content)
    code, answer = asked(tmp_path / "field.csv", *DIFFUSIVITY)
    assert code == 2
    assert where in answer["problems"][0]["where"]
    assert words in answer["problems"][0]["message"]["en"]


def test_a_decimal_comma_between_semicolons(tmp_path, asked):
    (tmp_path / "a.csv").write_text(f"{HEAD}0,0,100,0.075\n6.5,0,100,0.075\n", encoding="utf-8")
    text = "x;y;length;radius\n0;0;100;0,075\n6,5;0;100;0,075\n"
    (tmp_path / "b.csv").write_text(text, encoding="utf-8")
    one, other = (asked(tmp_path / name, *DIFFUSIVITY)[1] for name in ("a.csv", "b.csv"))
    assert one == other


@pytest.mark.parametrize(
    "text", ["1e-6", "0 m2/s", "-1e-6 m2/s", "1 m2/s", "nan m2/s", "1e-6 W", "sand"]
)
def test_diffusivities_that_cannot_be(tmp_path, asked, text):
    (tmp_path / "field.csv").write_text(f"{HEAD}0,0,100,0.075\n", encoding="utf-8")
    code, answer = asked(tmp_path / "field.csv", "--diffusivity", text)
    assert code == 2
    assert answer["problems"][0]["where"] == "--diffusivity"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no time"),
        ("time [h]\n0\n", "not a number above zero"),
        ("time [h]\n-1\n", "not a number above zero"),
        ("time\nnan\n", "not a number above zero"),
        ("time [fortnights]\n1\n", "does not say the unit"),
        ("time [h]\n1,5\n", "more than one number"),
    ],
)
def test_times_that_are_refused(tmp_path, asked, text, words):
    (tmp_path / "field.csv").write_text(f"{HEAD}0,0,100,0.075\n", encoding="utf-8")
    (tmp_path / "times.csv").write_text(text, encoding="utf-8")
    code, answer = asked(tmp_path / "field.csv", *DIFFUSIVITY, "--times", tmp_path / "times.csv")
    assert code == 2
    assert words in answer["problems"][0]["message"]["en"]


def site(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The office with a design flow and other changes of its text."""
    shutil.copytree(OFFICE, tmp_path / "site")
    path = tmp_path / "site" / "site.toml"
    text = path.read_text(encoding="utf-8")
    water = 'fluid = { name = "water" }'
    for old, new in ((water, f'{water}\ndesign_flow = "38 m3/h"'), *changes):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return tmp_path / "site"


INLET = ("--boundary", "equal-inlet-temperature")
GROUND = 'undisturbed_temperature = "14.0 °C"'


@pytest.mark.parametrize(
    ("old", "new", "where", "words"),
    [
        ('"38 m3/h"\n\n[sources', '"0 m3/h"\n\n[sources', "sources.field.design_flow", "outside"),
        (GROUND, 'undisturbed_temperature = "-5 °C"', "sources.field.fluid", "freezes at"),
        ('name = "water" }', 'name = "ethylene_glycol", concentration = 0.95 }',
         "sources.field.fluid.concentration", "outside"),
        ('spacing = "5 m"', 'spacing = "0.1 m"', "sources.field.layout", "less than their"),
        ("columns = 8", "columns = 0", "sources.field.layout.columns", "too small"),
    ],
)  # fmt: skip
def test_sites_that_cannot_be(tmp_path, asked, old, new, where, words):
    code, answer = asked("--site", site(tmp_path, (old, new)), *INLET)
    assert code == 2
    first = answer["problems"][0]
    assert where in first["where"]
    assert words in first["message"]["en"]
    # The heat pump names the field; that the field is wrong is not the heat pump's fault.
    assert not any("heat_pumps" in problem["where"] for problem in answer["problems"])


def test_the_same_site_unharmed_has_an_answer(tmp_path, asked):
    code, answer = asked("--site", site(tmp_path), *INLET)
    assert code == 0
    assert answer["boreholes"] == 40
    assert 0 < answer["g"][0] < answer["g"][-1]


def test_five_thousand_boreholes(tmp_path, asked):
    rows = "".join(f"{6 * (i % 100)},{6 * (i // 100)},100,0.075\n" for i in range(5000))
    (tmp_path / "field.csv").write_text(HEAD + rows, encoding="utf-8")
    code, answer = asked(tmp_path / "field.csv", *DIFFUSIVITY)
    assert code == 0
    assert answer["boreholes"] == 5000
    assert answer["error"] < 0.01
