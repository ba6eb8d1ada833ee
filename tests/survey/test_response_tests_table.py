"""``[[response_tests]]`` of the site file: what is refused, and what survives writing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from diwen.problems import InputError
from diwen.site import read, write

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("linz", "dinslaken", "sandbox", "multi-flow")


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_sound_and_survive_writing(name, tmp_path):
    site = read(EXAMPLES / f"response-test-{name}")
    assert site.notices == ()
    again = read(write(site, tmp_path / "copy"))
    assert again.response_tests == site.response_tests
    # The file of the test comes along.
    assert (again.folder / again.response_tests[0].file).is_file()


@pytest.mark.parametrize("name", NAMES)
def test_examples_name_their_source_and_licence(name):
    site = read(EXAMPLES / f"response-test-{name}")
    readme = (site.folder / "README.md").read_text(encoding="utf-8")
    assert "Copyright (c)" in readme
    assert ("BSD" in readme) != ("MIT licence" in readme)
    commit = site.site.source.rpartition("commit ")[2]
    assert len(commit) == 40
    assert commit in readme


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ('file = "nowhere.csv"', "response_tests[0].file"),
        ('file = "../Linz.csv"', "response_tests[0].file"),
        ('file = "Linz.csv"\nsource = "field"', "response_tests[0].source"),
        ('file = "Linz.csv"\ndate = 2024-05-01\ngrouted = 2024-05-03', "response_tests[0].date"),
        ('file = "Linz.csv"\nborehole_length = "100"', "response_tests[0].borehole_length"),
        ('file = "Linz.csv"\nlayers_file = "no.csv"', "response_tests[0].layers_file"),
        ('file = "Linz.csv"\ncolour = "red"', "response_tests[0].colour"),
        ('file = "Linz.csv"\n[response_tests.columns]\ntime = "#1 | s"',
         "response_tests[0].columns.inlet"),
        ('file = "Linz.csv"\n[response_tests.columns]\ninlet = "a"\noutlet = "b"\n'
         'relative_power = "c"', "response_tests[0].nominal_power"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_table(tmp_path, line, where):
    folder = tmp_path / "site"
    shutil.copytree(EXAMPLES / "response-test-linz", folder)
    toml = folder / "site.toml"
    head = toml.read_text(encoding="utf-8").partition("[[response_tests]]")[0]
    toml.write_text(f"{head}[[response_tests]]\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(folder)
    assert where in [problem.where for problem in caught.value.problems]
