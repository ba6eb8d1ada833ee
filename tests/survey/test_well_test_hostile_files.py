"""What people hand to ``diwen test-well``: an answer or a clear reason in both languages."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from well_test_files import field_times, theis

from diwen.cli import main
from diwen.problems import InputError
from diwen.survey.evaluate_well_test import evaluate_well_test
from diwen.survey.well_test_file import read_well_test

TIME = field_times(24)
FALL = theis(TIME, [0.0], [30 / 3600], 25.0)
HEADER = "t (min),OW1 25 m drawdown (m),Q (m3/h)"


def rows(cell: Callable = lambda i, t, s: f"{t / 60:g},{s:.4f},30") -> list[str]:
    return [cell(i, t, s) for i, (t, s) in enumerate(zip(TIME, FALL, strict=True))]


def table(header: str = HEADER, cell: Callable | None = None) -> bytes:
    return "\n".join([header, *(rows() if cell is None else rows(cell)), ""]).encode()


@pytest.fixture
def asked(monkeypatch, capsys) -> Callable:
    """Run in both languages and as JSON; the exit code must be the same."""

    def once(words, language):
        monkeypatch.setenv("DIWEN_LANGUAGE", language)
        monkeypatch.setattr(sys, "argv", ["diwen", "test-well", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return int(left.value.code or 0), said.out, said.err

    def run(*words):
        code, _, english = once(words, "en")
        chinese_code, _, chinese = once(words, "zh")
        json_code, out, _ = once([*words, "--json"], "en")
        assert code == chinese_code == json_code
        if code == 2:
            assert "改法" in chinese
        return code, json.loads(out), english

    return run


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def swapped(first: int, second: int) -> Callable:
    def cell(i, t, s):
        k = {first: second, second: first}.get(i, i)
        return f"{TIME[k] / 60:g},{FALL[k]:.4f},30"

    return cell


CASES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "no records"),
    "blank": (b"\n\n  \n", "no records"),
    "binary": (bytes(range(256)) * 8, "not a text file"),
    "one line": (HEADER.encode() + b"\n", "no records"),
    "no header": ("\n".join(rows()).encode(), "no header with known column names"),
    "prose": (b"The pump was started in the morning.\nAll went well.\n", "no header"),
    "no time": (table("n,OW1 25 m drawdown (m),Q (m3/h)"), "no column of the time"),
    "no level": (table("t (min),remark,Q (m3/h)"), "no drawdown and no water level"),
    "no flow": (table("t (min),OW1 25 m drawdown (m),remark"), "flow is not known"),
    "flow zero": (table(cell=lambda i, t, s: f"{t / 60:g},{s:.4f},0"), "zero or empty"),
    "flow empty": (table(cell=lambda i, t, s: f"{t / 60:g},{s:.4f},"), "zero or empty"),
    "words among numbers": (
        table(cell=lambda i, t, s: f"{t / 60:g},{'dry' if i == 4 else f'{s:.4f}'},30"),
        "not a number",
    ),
    "many words": (table(cell=lambda i, t, s: f"{t / 60:g},bad{i},30"), "more cells"),
    "time backwards": (table(cell=swapped(5, 9)), "time runs backwards"),
    "no unit of the time": (
        table("t,OW1 25 m drawdown (m),Q (m3/h)"), "shows no unit"),
    "no unit of the flow": (table("t (min),OW1 25 m drawdown (m),Q"), "shows no unit"),
    "unit of another thing": (
        table("t (min),OW1 25 m drawdown (m),Q (kg)"), "does not measure"),
    "no distance": (table("t (min),OW1 drawdown (m),Q (m3/h)"), "distance of the observation well"),
    "no level at rest": (
        table("t (min),OW1 25 m depth (m),Q (m3/h)"), "level at rest is not known"),
    "impossible drawdown": (
        table(cell=lambda i, t, s: f"{t / 60:g},{1e5 * s:.1f},30"), "impossible as drawdown"),
    "impossible flow": (
        table(cell=lambda i, t, s: f"{t / 60:g},{s:.4f},900000"), "impossible as pumped flow"),
    "three records": (
        "\n".join([HEADER, *rows()[:3], ""]).encode(), "too few readings"),
    "times that are no times": (
        table(cell=lambda i, t, s: f"day {i}: noon,{s:.4f},30"), "time is not understood"),
    "infinite numbers": (
        table(cell=lambda i, t, s: f"{t / 60:g},{'inf' if i == 3 else f'{s:.4f}'},30"),
        "impossible as drawdown",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_broken_files_are_told(name, tmp_path, asked):
    content, words = CASES[name]
    code, answer, english = asked(put(tmp_path, "a.csv", content))
    assert code == 2
    assert words in english
    problem = answer["problems"][0]
    assert problem["message"]["zh"]
    assert problem["cure"]["zh"]
    assert problem["message"]["en"] != problem["message"]["zh"]


def test_packed_files_and_workbooks_that_are_broken(tmp_path, asked):
    whole = gzip.compress(table())
    assert asked(put(tmp_path, "a.csv.gz", whole[: len(whole) // 2]))[0] == 2
    code, _, english = asked(put(tmp_path, "a.xlsx", b"PK\x03\x04 not a workbook"))
    assert code == 2
    assert "workbook cannot be read" in english
    code, _, english = asked(tmp_path)
    assert code == 2
    assert "folder" in english
    assert asked(tmp_path / "absent.csv")[0] == 2


def test_several_faults_are_told_at_once(tmp_path, asked):
    path = put(tmp_path, "a.csv", table(
        cell=lambda i, t, s: f"{t / 60:g},{'x' if i in (2, 5) else f'{s:.4f}'},"
                             f"{'?' if i == 7 else 30}"))  # fmt: skip
    code, answer, _ = asked(path)
    assert code == 2
    places = [problem["where"] for problem in answer["problems"]]
    assert [place.partition(",")[0] for place in places] == ["line 4", "line 7", "line 9"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--kind", "slug"], "no such kind"),
        (["--distance", "far"], "not a number with a unit"),
        (["--distance", "OW9=25 m"], "no observation well of this name"),
        (["--distance", "OW1=0 m"], "more than 0"),
        (["--distance", "OW1=20 m", "--distance", "OW1=30 m"], "named twice"),
        (["--thickness", "-7 m"], "more than 0"),
        (["--thickness", "7"], "not a number with a unit"),
        (["--well-radius", "15 kg"], "not a number with a unit"),
        (["--pumped-for", "24 h"], "needs the flow"),
        (["--column", "depth"], "ROLE=NAME"),
        (["--column", "colour=#1"], "no such column"),
        (["--column", "time=#9 | min", "--column", "drawdown=#2 | m"], "no column of this name"),
        (["--plot", "a.png"], "SVG"),
        (["--kind", "flow-step"], "temperatures of pumped and returned water"),
        (["--kind", "step"], "pumped well itself"),
        (["--kind", "recovery"], "readings end before the pump stops"),
    ],
)
def test_options_that_are_wrong(tmp_path, asked, options, words):
    code, _, english = asked(put(tmp_path, "a.csv", table()), *options)
    assert code == 2
    assert words in english


def test_doubled_cut_and_gappy_records_go_on(tmp_path, asked):
    """What can be left out is left out, and told."""
    lines = rows(lambda i, t, s: f"{t / 60:g},{'' if i % 5 == 3 else f'{s:.4f}'},30")
    lines.insert(6, lines[5])
    content = "\n".join([HEADER, *lines]) + "\n1500,3.2"
    code, answer, english = asked(put(tmp_path, "a.csv", content.encode()))
    assert code == 0
    assert "repeat the time before" in english
    value = answer["result"]["transmissivity_m2_d"]
    assert value["low"] < 4e-3 * 86400 < value["high"]


def test_levels_that_do_not_answer_to_the_pump(tmp_path, asked):
    """The level rises while water is pumped: no transmissivity, and the reason is told."""
    content = table("t (min),OW1 25 m depth (m),Q (m3/h)",
                    lambda i, t, s: f"{t / 60:g},{9 - s:.4f},30").replace(
        b"\n", b"\n0,9.0,0\n", 1)  # fmt: skip
    code, answer, english = asked(put(tmp_path, "a.csv", content))
    assert code == 1
    assert answer["result"] is None
    assert "No value is given" in english
    assert any("right sign" in one["problem"]["message"]["en"] for one in answer["refused"])
    assert {one["method"] for one in answer["refused"]} >= {"curve", "straight line"}


@settings(max_examples=60, deadline=None)
@given(damage=st.binary(max_size=400), place=st.integers(0, 500))
def test_damaged_bytes_never_break_the_reader(damage, place, tmp_path_factory):
    whole = table()
    content = whole[:place] + damage + whole[place + len(damage) :]
    path = tmp_path_factory.mktemp("damage") / "a.csv"
    path.write_bytes(content)
    problems = ()
    try:
        read_well_test(path)
    except InputError as error:
        problems = error.problems
    assert all(problem.message.zh and problem.cure.zh for problem in problems)


def test_evaluation_of_a_read_file_raises_only_input_errors(tmp_path):
    """Constant levels, one reading per well, all readings before the pump."""
    for cell in (
        lambda i, t, s: f"{t / 60:g},0.5,30",
        lambda i, t, s: f"{t / 60:g},{s if i < 6 else ''},30",
        lambda i, t, s: f"{t / 60:g},{s:.4f},{30 if i > 20 else 0}",
    ):
        path = put(tmp_path, "a.csv", table(cell=cell))
        try:
            result = evaluate_well_test(path)
        except InputError:
            continue
        assert result.answered or result.refused
