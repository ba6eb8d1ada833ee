"""What people and loggers hand to ``diwen test-response``: an answer or a clear reason, always.

Every case is run for people in both languages and as JSON, through the entry point itself, and
must leave with the same exit code.
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from response_test_files import CONDUCTIVITY, KNOWN, RESISTANCE, plain, rows

from diwen.cli import main
from diwen.survey import site_update

EXAMPLE = Path(__file__).parents[2] / "examples" / "response-test-linz"
HEADER = "t [s],Tf [°C],P [W]"


@pytest.fixture
def asked(monkeypatch, capsys) -> Callable:
    """Run the command three times; give back the exit code, the JSON and the English words."""

    def once(words, language):
        monkeypatch.setenv("DIWEN_LANGUAGE", language)
        monkeypatch.setattr(sys, "argv", ["diwen", "test-response", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    def run(*words):
        code, shown, english = once(words, "en")
        chinese_code, _, chinese = once(words, "zh")
        json_code, out, _ = once([*words, "--json"], "en")
        assert code == chinese_code == json_code
        assert "Traceback" not in english
        if code == 2:
            assert shown == ""
            assert "改法" in chinese
        return code, json.loads(out), english

    return run


def table(cells: Callable, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    """A test of sixty hours in five-minute steps; cells writes a line from number, s, °C."""
    lines = [cells(i, t, T) for i, (t, T) in enumerate(zip(*rows(), strict=True))]
    return "\n".join([header, *lines, ""]).encode(encoding)


def known(**other: str | None) -> list[str]:
    """The usual options with others put in their place."""
    options = dict(zip(KNOWN[::2], KNOWN[1::2], strict=True))
    options |= {"--" + name.replace("_", "-"): value for name, value in other.items()}
    return [word for name, value in options.items() for word in (name, value)]


def heated(i, t, temperature):
    return f"{t},{temperature},5500"


# What is wrong, and where it is told: part of the place and of the words.
REFUSED = {
    "empty": (b"", "", "no records"),
    "header only": (HEADER.encode(), "", "no records"),
    "one row": (f"{HEADER}\n300,20,5500\n".encode(), "", "only 1 complete"),
    "words for numbers": (
        table(lambda i, t, T: f"{t},{'n/a' if i % 7 == 3 else T},5500"),
        "line 5, column Tf", "not a number",
    ),
    "damaged power": (
        table(lambda i, t, T: f"{t},{T},{1e300 if i == 5 else 5500}"),
        "line 7, column P", "impossible as heat rate",
    ),
    "power turned": (table(lambda i, t, T: f"{t},{T},-5500"), "columns.power", "negative"),
    "kilowatts": (table(lambda i, t, T: f"{t},{T},5.5"), "columns.power", "no heat rate"),
    "kelvin": (table(lambda i, t, T: f"{t},{T + 273.15},5500"), "column Tf", "impossible"),
    "time runs backwards": (
        table(lambda i, t, T: f"{216000 - t},{T},5500"), "line 3, column t", "backwards",
    ),
    "one time only": (table(lambda i, t, T: f"300,{T},5500"), "", "only 1 complete"),
    "hours called seconds": (
        table(lambda i, t, T: f"{t / 3600},{T},5500"), "column t [s]", "60 s of heating only",
    ),
    "seconds since 1970": (
        table(lambda i, t, T: f"{1.7e9 + t:.0f},{T},5500"), "column t [s]", "no test lasts",
    ),
    "no power": (table(lambda i, t, T: f"{t},{T}", "t [s],Tf [°C]"), "", "no heat rate"),
    "no unit of time": (table(heated, "time,Tf,P [W]"), "column time", "shows no unit"),
    "spreadsheet": (b"PK\x03\x04\x14\x00" + bytes(range(256)) * 9, "", "not a text file"),
    "cut gzip": (gzip.compress(table(heated))[:900], "", "cut off"),
    "one endless line": (b"x" * 3_000_000, "line 1", "no header"),
    "web page": (b"<html><body><p>404</p></body></html>", "line 1", "no header"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_files_that_are_refused(tmp_path, asked, name):
    content, where, words = REFUSED[name]
    (tmp_path / "a.csv").write_bytes(content)
    code, answer, _ = asked(tmp_path / "a.csv", *KNOWN)
    assert code == 2
    first = answer["problems"][0]
    assert where in first["where"]
    assert words in first["message"]["en"]


CHINESE = "时间(s),进水温度(℃),出水温度(℃),加热功率(W)"


def pairs(i, t, temperature):
    return f"{t},{temperature + 1.5},{temperature - 1.5},5500"


ACCEPTED = {
    "GBK": table(pairs, CHINESE, "gbk"),
    "UTF-16": table(heated, encoding="utf-16"),
    "carriage returns": table(heated).replace(b"\n", b"\r\n"),
    "decimal comma": table(
        lambda i, t, T: f"{t:.0f};{T:.4f};5500,0".replace(".", ","), HEADER.replace(",", ";")
    ),
    "doubled times": table(lambda i, t, T: f"{t},{T},5500\n{t},{T},5500"),
    "an infinite cell": table(lambda i, t, T: f"{t},{T},{'inf' if i == 5 else 5500}"),
    "inlet and outlet exchanged": table(
        lambda i, t, T: f"{t},{T - 1.5},{T + 1.5},5500", "t [s],Tin [°C],Tout [°C],P [W]"
    ),
    "more cells than columns": table(lambda i, t, T: f"{t},{T},5500,,,ok"),
}


@pytest.mark.parametrize("name", ACCEPTED)
def test_files_that_are_read(tmp_path, asked, name):
    (tmp_path / "a.csv").write_bytes(ACCEPTED[name])
    code, answer, words = asked(tmp_path / "a.csv", *KNOWN)
    assert code == 0
    # The straight line forgets the second term of the series of E1: a little high.
    assert answer["result"]["conductivity_W_mK"] == pytest.approx(CONDUCTIVITY, rel=0.025)
    assert answer["result"]["thermal_resistance_mK_W"] == pytest.approx(RESISTANCE, rel=0.05)
    told = {"doubled times": "repeat the time", "an infinite cell": "1 of 720 records",
            "inlet and outlet exchanged": "comes out warmer"}  # fmt: skip
    assert told.get(name, "") in words


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("length", "100 km", "outside"),
        ("length", "100", "not a number with a unit"),
        ("length", "nan m", "not a number with a unit"),
        ("diameter", "0 mm", "outside"),
        ("diameter", "150 m", "outside"),
        ("undisturbed-temperature", "100 °C", "outside"),
        ("heat-capacity", "0.84 kJ/(kg*K)", "not a number with a unit"),
        ("heat-capacity", "2.2 J/(m3*K)", "outside"),
    ],
)
def test_values_that_cannot_be(tmp_path, asked, option, value, words):
    path = plain(tmp_path / "a.csv")
    code, answer, _ = asked(path, *known(**{option.replace("-", "_"): value}))
    assert code == 2
    [problem] = [one for one in answer["problems"] if one["where"] == f"--{option}"]
    assert words in problem["message"]["en"]


def test_windows_outside_the_heating(tmp_path, asked):
    path = plain(tmp_path / "a.csv")
    for window in (("--from", "-5 h"), ("--from", "500 h"), ("--from", "9 h", "--to", "3 h")):
        code, answer, _ = asked(path, *KNOWN, *window)
        assert code == 2
        assert "--from" in answer["problems"][0]["where"]


def test_a_column_that_is_not_there_or_named_twice(tmp_path, asked):
    path = plain(tmp_path / "a.csv")
    code, answer, _ = asked(path, *KNOWN, "--column", "inlet=#9 | °C")
    assert code == 2
    assert "only 3 columns" in answer["problems"][0]["message"]["en"]
    twice = ("--column", "time=#1 | s", "--column", "time=#2 | s")
    code, answer, _ = asked(path, *KNOWN, *twice)
    assert code == 2
    assert "twice" in answer["problems"][0]["message"]["en"]


def test_no_value_where_the_uncertainty_is_as_large(tmp_path, asked):
    """In a bore of 1.5 m sixty hours are over before the ground answers."""
    path = plain(tmp_path / "a.csv")
    code, answer, words = asked(path, *known(diameter="1.5 m"))
    assert code == 1
    assert answer["result"] is None
    assert "does not tell the conductivity" in words


def test_folders_and_absent_files(tmp_path, asked):
    for path in (tmp_path, tmp_path / "absent.csv"):
        code, answer, _ = asked(path, *KNOWN)
        assert code == 2
        assert "cannot be read" in answer["problems"][0]["message"]["en"]


def test_a_file_named_twice_in_the_site(tmp_path, asked):
    site = tmp_path / "site"
    shutil.copytree(EXAMPLE, site)
    text = (site / "site.toml").read_text(encoding="utf-8")
    again = text + "\n" + text[text.index("[[response_tests]]") :]
    (site / "site.toml").write_text(again, encoding="utf-8")
    code, answer, _ = asked(site / "Linz.csv", "--site", site, "--write")
    assert code == 2
    assert answer["problems"][0]["where"] == "response_tests[0], response_tests[1]"
    assert (site / "site.toml").read_text(encoding="utf-8") == again


def test_a_site_without_bore_field_gives_values_but_holds_none(tmp_path, asked):
    site = tmp_path / "site"
    shutil.copytree(EXAMPLE, site)
    text = (site / "site.toml").read_text(encoding="utf-8")
    start, end = text.index("[sources."), text.index("# Time counts")
    text = (text[:start] + text[end:]).replace('source = "test_borehole"\n', "")
    (site / "site.toml").write_text(text, encoding="utf-8")
    size = ("--length", "150 m", "--diameter", "133 mm")
    code, answer, _ = asked(site / "Linz.csv", "--site", site, *size)
    assert code == 0
    assert answer["result"]["conductivity_W_mK"] == pytest.approx(2.214, rel=0.005)
    code, answer, _ = asked(site / "Linz.csv", "--site", site, *size, "--write")
    assert code == 2
    assert "no bore field" in answer["problems"][0]["message"]["en"]
    assert (site / "site.toml").read_text(encoding="utf-8") == text


def test_a_fast_logger_gives_the_same_value(tmp_path, asked):
    """One record in ten seconds over sixty hours."""
    seconds, mean = rows(60.0, 10.0)
    lines = np.stack([seconds, mean, np.full_like(mean, 5500.0)], axis=1)
    np.savetxt(tmp_path / "a.csv", lines, "%.4f", ",", header=HEADER, comments="", encoding="utf-8")
    code, answer, _ = asked(tmp_path / "a.csv", *KNOWN)
    assert code == 0
    assert answer["result"]["conductivity_W_mK"] == pytest.approx(CONDUCTIVITY, rel=0.03)


def test_a_site_that_may_not_be_written(tmp_path, asked, monkeypatch):
    site = tmp_path / "site"
    shutil.copytree(EXAMPLE, site)
    before = {path.name: path.read_bytes() for path in site.iterdir()}

    def refusing(prefix, dir):
        raise PermissionError(13, "Permission denied", str(dir / prefix))

    monkeypatch.setattr(site_update.tempfile, "TemporaryDirectory", refusing)
    code, answer, words = asked(site / "Linz.csv", "--site", site, "--write")
    assert code == 2
    assert "the system refuses" in answer["problems"][0]["message"]["en"]
    assert str(site) in words
    assert {path.name: path.read_bytes() for path in site.iterdir()} == before
