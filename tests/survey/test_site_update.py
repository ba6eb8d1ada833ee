"""Results in the site file: comments and order stay, nothing half-written."""

from __future__ import annotations

import datetime
import difflib
import os
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diwen.language import Text
from diwen.problems import InputError
from diwen.site import read
from diwen.survey import site_update
from diwen.survey.site_update import Finding, update_site
from diwen.survey.toml_edit import EditError, set_values, value_at

EXAMPLES = Path(__file__).parents[2] / "examples"


def finding(file: Path, source: str, **other) -> Finding:
    values = {
        "file": file, "sha256": "ab" * 32, "source": source, "conductivity": 2.2143,
        "conductivity_uncertainty": 0.066, "resistance": 0.11012, "resistance_uncertainty": 0.008,
        "undisturbed_temperature": 11.7, "heat_capacity": 2.3e6, "length": 150.0,
        "method": Text("superposition", "叠加法"), "window": (36000.0, 315240.0), "rows": 4658,
        "day": None, "by": "tester", "evaluated": datetime.date(2026, 5, 1),
        "software": "Diwen 0.1.0",
    }  # fmt: skip
    return Finding(**{**values, **other})


@pytest.fixture
def linz(tmp_path):
    folder = tmp_path / "linz"
    shutil.copytree(EXAMPLES / "response-test-linz", folder)
    return read(folder)


def test_values_reach_the_site_and_the_ledger(linz):
    update_site(linz, finding(linz.folder / "Linz.csv", "test_borehole"))
    again = read(linz.folder)
    assert again.ground.layers[0].conductivity == pytest.approx(2.214)
    assert again.ground.layers[0].conductivity_uncertainty == pytest.approx(
        0.066 / 2.2143, rel=0.01
    )
    bore = again.sources["test_borehole"].borehole
    assert bore.thermal_resistance == pytest.approx(0.1101)
    assert bore.thermal_resistance_uncertainty == pytest.approx(0.008)
    assert "Linz.csv" in bore.resistance_source
    assert "SHA-256 abababababab" in again.ground.source
    result = again.response_tests[0].result
    assert (result.rows, result.sha256) == (4658, "ab" * 32)
    assert result.window_end == pytest.approx(315240, abs=1)
    first, second = again.ledger
    assert (first.stage, first.value, second.unit) == ("test", "2.214", "m*K/W")
    assert "ab" * 32 in first.evidence


def test_comments_and_order_stay(linz):
    path = linz.folder / "site.toml"
    before = path.read_text(encoding="utf-8").splitlines()
    update_site(linz, finding(linz.folder / "Linz.csv", "test_borehole"))
    after = iter(path.read_text(encoding="utf-8").splitlines())
    # Every old line is still there, in the old order.
    assert all(line in after for line in before)


def test_line_ends_stay(linz):
    path = linz.folder / "site.toml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    update_site(read(linz.folder), finding(linz.folder / "Linz.csv", "test_borehole"))
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 50
    assert read(linz.folder).response_tests[0].result.rows == 4658


def test_other_encodings_are_not_turned(linz):
    path = linz.folder / "site.toml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    before = path.read_bytes()
    with pytest.raises(InputError, match="UTF-8"):
        update_site(read(linz.folder), finding(linz.folder / "Linz.csv", "test_borehole"))
    assert path.read_bytes() == before


def test_the_same_result_again_is_told_once(linz):
    one = finding(linz.folder / "Linz.csv", "test_borehole")
    update_site(linz, one)
    with pytest.raises(InputError) as caught:
        update_site(read(linz.folder), one)
    [problem] = caught.value.problems
    assert problem.where == "response_tests[0].result"


def test_known_layers_keep_their_proportion(tmp_path):
    folder = tmp_path / "plant"
    shutil.copytree(EXAMPLES / "plant-template", folder)
    site = read(folder)
    file = EXAMPLES / "response-test-linz" / "Linz.csv"
    one = finding(file, "field", length=100.0)
    with pytest.raises(InputError) as caught:
        update_site(site, one)
    told = {problem.where for problem in caught.value.problems}
    assert {"ground.layers[0].conductivity", "ground.layers[1].conductivity"} <= told
    assert not (folder / "Linz.csv").exists()
    update_site(site, one, replace=True)
    again = read(folder)
    old, new = site.ground.layers, again.ground.layers
    ratio = old[1].conductivity / old[0].conductivity
    assert new[1].conductivity / new[0].conductivity == pytest.approx(ratio, rel=1e-3)
    weight = [min(layer.bottom, 100) - layer.top for layer in new]
    mean = sum(w * layer.conductivity for w, layer in zip(weight, new, strict=True)) / sum(weight)
    assert mean == pytest.approx(2.2143, rel=1e-3)
    # A file from elsewhere comes along, so that the folder is complete in itself.
    assert again.response_tests[0].file == "Linz.csv"
    assert (folder / "Linz.csv").read_bytes() == file.read_bytes()


def test_layers_that_nobody_described_are_made(linz):
    path = linz.folder / "site.toml"
    text = path.read_text(encoding="utf-8")
    start, end = text.index("[[ground.layers]]"), text.index("[sources.test_borehole]")
    path.write_text(text[:start] + text[end:], encoding="utf-8")
    update_site(read(linz.folder), finding(linz.folder / "Linz.csv", "test_borehole"))
    [layer] = read(linz.folder).ground.layers
    assert (layer.top, layer.bottom) == (0, 150)
    assert layer.heat_capacity == pytest.approx(2.3e6)


def test_other_file_of_the_same_name(linz, tmp_path):
    other = tmp_path / "Linz.csv"
    other.write_text("t [s];Tf;P [W]\n1;2;3\n")
    with pytest.raises(InputError, match="another file"):
        update_site(linz, finding(other, "test_borehole"))


def test_site_without_a_bore_field(tmp_path):
    folder = tmp_path / "weather"
    folder.mkdir()
    head = 'schema = 1\n[site]\nname_en = "A"\nname_zh = "甲"\nkind = "plant"\n'
    (folder / "site.toml").write_text(head, encoding="utf-8")
    with pytest.raises(InputError, match="bore field"):
        update_site(read(folder), finding(EXAMPLES / "response-test-linz" / "Linz.csv", ""))


@pytest.mark.parametrize("broken", ["site.toml", "ledger.csv"])
def test_a_fault_while_writing_leaves_whole_files(linz, monkeypatch, broken):
    whole = {path.name: path.read_bytes() for path in linz.folder.iterdir()}
    replace = site_update.os.replace

    def failing(old, new):
        if Path(new).name == broken:
            raise OSError(28, "no space left")
        replace(old, new)

    monkeypatch.setattr(site_update.os, "replace", failing)
    with pytest.raises(OSError, match="no space"):
        update_site(linz, finding(linz.folder / "Linz.csv", "test_borehole"))
    assert (linz.folder / "site.toml").read_bytes() == whole["site.toml"]
    # No remains, and what is there can be read.
    assert not [path for path in linz.folder.iterdir() if path.name.startswith(".")]
    read(linz.folder)


def test_remains_of_killed_runs_are_swept_but_nothing_else(linz):
    old, new = (".diwen-abcdefgh", ".site.toml.abcdefgh"), (".diwen-hgfedcba",)
    for name in (old[0], *new):
        (linz.folder / name).mkdir()
        (linz.folder / name / "site.toml").write_text("", encoding="utf-8")
    (linz.folder / old[1]).write_text("half", encoding="utf-8")
    (linz.folder / ".site.toml.mine").write_text("a copy of the user", encoding="utf-8")
    for name in (*old, ".site.toml.mine"):
        os.utime(linz.folder / name, (0, 0))
    update_site(linz, finding(linz.folder / "Linz.csv", "test_borehole"))
    hidden = {path.name for path in linz.folder.iterdir() if path.name.startswith(".")}
    assert hidden == {*new, ".site.toml.mine"}


def test_a_run_killed_between_ledger_and_site_is_repeated_without_doubles(linz, monkeypatch):
    before = (linz.folder / "site.toml").read_bytes()
    update_site(linz, finding(linz.folder / "Linz.csv", "test_borehole"))
    after = (linz.folder / "site.toml").read_bytes()
    (linz.folder / "site.toml").write_bytes(before)
    update_site(read(linz.folder), finding(linz.folder / "Linz.csv", "test_borehole"))
    assert (linz.folder / "site.toml").read_bytes() == after
    assert len(read(linz.folder).ledger) == 2


_WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_site_update import finding
from diwen.site import read
from diwen.survey.site_update import update_site
folder = Path(sys.argv[1])
print("ready", flush=True)
for i in range(10000):
    found = finding(folder / "Linz.csv", "test_borehole")
    update_site(read(folder), replace(found, conductivity=2.0 + i % 500 / 1000), True)
"""


@pytest.mark.verify
def test_a_killed_run_leaves_the_old_or_the_new_file(linz):
    """The writer is killed at ten moments, without notice."""
    for moment in range(10):
        words = [sys.executable, "-c", _WRITER, str(linz.folder), str(Path(__file__).parent)]
        with subprocess.Popen(words, stdout=subprocess.PIPE) as writer:
            assert writer.stdout.readline() == b"ready\n"
            time.sleep(0.007 * moment)
            writer.kill()
        again = read(linz.folder)
        layer, result = again.ground.layers[0], again.response_tests[0].result
        assert layer.conductivity == (None if result is None else result.conductivity)


def test_a_value_that_the_schema_refuses_is_not_written(linz):
    before = (linz.folder / "site.toml").read_bytes()
    with pytest.raises(InputError):
        update_site(linz, finding(linz.folder / "Linz.csv", "test_borehole", conductivity=500.0))
    assert (linz.folder / "site.toml").read_bytes() == before
    assert not (linz.folder / "ledger.csv").exists()


def test_a_ledger_with_half_a_line_is_refused(linz):
    (linz.folder / "ledger.csv").write_text('date,stage,object,item\n2024-01-01,test,a,"half\n')
    before = (linz.folder / "site.toml").read_bytes()
    with pytest.raises(InputError):
        update_site(linz, finding(linz.folder / "Linz.csv", "test_borehole"))
    assert (linz.folder / "site.toml").read_bytes() == before


TABLES = """# head
title = "a"  # kept

[ground]   # what is under the site
x = "1 m"
list = [
  1,  # one
  2,
]

# about the bore
[sources.field]
bore = { length = "100 m", kind = "a = b" } # inline
[[tests]]
file = "a"
[tests.columns]
time = "#1 | s"

[[tests]]
file = "b"
"""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("title",), "b"),
        (("new",), 3),
        (("ground", "x"), "2 m"),
        (("ground", "y"), 'quoted " and 中'),
        (("sources", "field", "bore", "length"), "90 m"),
        (("sources", "field", "bore", "resistance"), 0.1),
        (("sources", "field", "grout", "k"), 1),
        (("tests", 0, "result", "k"), 2),
        (("tests", 1, "result", "k"), 2),
        (("tests", 0, "columns", "inlet"), "#2"),
        (("tests", 2, "file"), "c"),
        (("other", "table", "k"), datetime.date(2026, 1, 1)),
    ],
)
def test_one_value_is_set_and_nothing_else(path, value):
    new = set_values(TABLES, [(path, value)])
    read_back = tomllib.loads(new)
    assert value_at(read_back, path) == value
    lines = difflib.ndiff(TABLES.splitlines(), new.splitlines())
    assert sum(line.startswith("- ") for line in lines) <= 1
    for comment in ("# head", "# kept", "# what is under the site", "# one", "# inline"):
        assert comment in new


@given(st.text(max_size=30), st.integers(), st.floats(allow_nan=False, allow_infinity=False))
def test_any_value_survives(text, whole, number):
    changes = [
        (("ground", "x"), text), (("ground", "n"), whole),
        (("sources", "field", "bore", "length"), number),
        (("sources", "field", "bore", "name"), text),
    ]  # fmt: skip
    new = set_values(set_values(TABLES, changes), changes)
    for path, value in changes:
        assert value_at(tomllib.loads(new), path) == value


def test_what_cannot_be_edited_is_refused():
    with pytest.raises(EditError):
        set_values('[a]\n"b" = { c = 1 }\n', [(("a", "b", "e"), 1)])
    with pytest.raises(EditError):
        set_values('x = """\nlong\n"""\n', [(("x",), "short")])
