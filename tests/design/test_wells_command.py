"""``diwen wells``: exit codes, JSON, pictures, reports, options that cannot be."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from diwen.cli import build, main
from diwen.sources.circulation_well import grid
from well_sites import DOUBLET, WELL, heating, write

PLANE = DOUBLET.format(extra='design_extraction = "120 kW"')


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("well"), WELL, heating(60.0)).folder


@pytest.fixture(scope="module")
def doublet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("doublet"), PLANE, heating()).folder


def run(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(build(), ["wells", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Exit code of the whole program, as the shell sees it."""

    def call(*arguments: object) -> int:
        monkeypatch.setattr("sys.argv", ["diwen", "wells", *map(str, arguments)])
        with pytest.raises(SystemExit) as raised:
            main()
        assert isinstance(raised.value.code, int)
        return raised.value.code

    return call


def test_text_in_both_languages(doublet: Path) -> None:
    code, english, notes = run(doublet, "--years", 1, "--language", "en")
    _, chinese, _ = run(doublet, "--years", 1, "--language", "zh")
    assert code == 0
    assert "Breakthrough, days of pumping" in english
    assert "illustrative example" in english
    assert "never mix rows" in english
    assert "热突破" in chinese
    assert "示例数据" in chinese
    # Notes go to the error channel; the answer stays clean.
    assert "heat moves with the water only" in notes
    assert "heat moves with the water only" not in english
    assert "\x1b" not in english


def test_json_and_picture(doublet: Path, tmp_path: Path) -> None:
    picture = tmp_path / "plan.svg"
    code, out, _ = run(doublet, "--years", 2, "--json", "--plot", picture)
    found = json.loads(out)
    assert code == 0
    assert found["years"] == 2
    assert len(found["by_year"]) == 2
    assert found["files"] == [str(picture)]
    assert found["refused"] is False
    assert {row["role"] for row in found["wells"]} == {"abstraction", "injection"}
    assert found["recirculated_share"]["1"]["as_run"] < found["recirculated_share"]["25"]["as_run"]
    assert picture.read_text().lstrip().startswith("<?xml")


def test_section_and_report_of_circulation_wells(
    well: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "well_grid", partial(grid.well_grid, fineness=0.5))
    picture, folder = tmp_path / "section.png", tmp_path / "out"
    code, out, _ = run(
        well, "--years", 1, "--plot", picture, "--report", "--folder", folder, "--language", "en"
    )
    assert picture.read_bytes().startswith(b"\x89PNG")
    names = {path.name for path in folder.iterdir()}
    assert names == {"well_field_w_en.html", "well_field_w_en.pdf"}
    for name in names:
        assert name in out
    assert "Water levels at design flow: at rest 8.0 m deep" in out
    assert "from the finite volumes over a test course" in out
    # No limit of the return is given and the flow is small for this ground: nothing refuses.
    assert code == (1 if "cannot work" in out else 0)


def test_a_refused_design_ends_with_1_and_what_it_needs(tmp_path: Path) -> None:
    open_loop = PLANE.replace("well_doublet", "groundwater_wells").replace(
        'design_flow = "30 m3/h"\n', 'design_flow = "30 m3/h"\nreinjection = false\n', 1
    )
    folder = write(tmp_path, open_loop, heating()).folder
    code, out, _ = run(folder, "--years", 1, "--language", "en")
    assert code == 1
    assert "would need:" in out
    assert "only show what would happen" in out
    code, out, _ = run(folder, "--years", 1, "--json")
    assert code == 1
    assert json.loads(out)["what_if_only"] is True


@pytest.mark.parametrize(
    "arguments",
    [
        ("--source", "nowhere"),
        ("--plot", "section.pdf"),
        ("--plot", "no/such/folder/section.svg"),
        ("--years", "0"),
        ("--years", "many"),
        ("--language", "fr"),
    ],
)
def test_options_that_cannot_be(
    doublet: Path,
    ended: Callable[..., int],
    arguments: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ended(doublet, *arguments) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err
    assert "Traceback" not in said.err


def test_a_folder_that_cannot_be_written(
    doublet: Path, ended: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    assert ended(str(doublet), "--folder", str(blocked), "--report") == 2
    assert ended(str(doublet), "--years", "1", "--report", "--folder",
                 str(blocked / "inside")) == 2  # fmt: skip
    assert "Traceback" not in capsys.readouterr().err
    if os.geteuid() != 0:  # the administrator may write everywhere
        shut = tmp_path / "shut"
        shut.mkdir(mode=0o500)
        assert ended(str(doublet), "--report", "--folder", str(shut / "a")) == 2


def test_a_site_without_wells_or_load(
    tmp_path: Path, ended: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    air = '[sources.w]\ntype = "air"\n'
    assert ended(str(write(tmp_path / "a", air, heating()).folder)) == 2
    assert "no source of this kind" in capsys.readouterr().err
    folder = write(tmp_path / "b", WELL, heating()).folder
    (folder / "load.csv").unlink()
    assert ended(str(folder)) == 2
    assert "load.csv" in capsys.readouterr().err
