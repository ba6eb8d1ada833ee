"""``diwen demo``: works into a fresh folder and over an old one, tells what is simulated."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from diwen.cli import _demo_design, _demo_ground, _demo_wells, build, demo


def run(folder: Path, language: str) -> str:
    """The demo of the one example that imports nothing, and of the ground."""
    answer = CliRunner().invoke(build(), ["demo", "--folder", str(folder), "--language", language])
    assert answer.exception is None
    assert answer.exit_code == 0
    return answer.output


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tuple(walk for walk in demo.WALKS if walk.example == "sports-centre")
    assert kept
    monkeypatch.setattr(demo, "WALKS", kept)


@pytest.mark.usefixtures("short")
def test_english_then_chinese_over_it(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    said = run(folder, "en")
    assert "system COP: 3.55" in said
    # Linz as published: 2.214 W/(m K) and 0.110 m K/W.
    assert "ground 2.21 ± " in said
    assert "borehole resistance 0.110 ± " in said
    assert "the load is SIMULATED" in said
    assert "nothing measured" in said
    assert "planned 105 m: suffices" in said
    assert "full reinjection:" in said
    assert ", 0 refuse" in said
    assert "a year of hours, SIMULATED: heat " in said
    assert "design over 25 years, rules: kept " in said
    assert "Look at the reports" in said
    chinese = run(folder, "zh")
    assert "导热系数 2.21 ± " in chinese
    assert "负荷为模拟值" in chinese
    assert "均非实测" in chinese
    assert "规划 105 m：满足要求" in chinese
    assert "同井全部回灌校核：" in chinese
    assert "逐时模拟一年：供热 " in chinese
    assert "25 年设计校核，规范：满足 " in chinese
    designed = folder / _demo_design.OFFICE / "reports"
    assert {path.name for path in designed.iterdir()} == {
        f"design_{_demo_design.OFFICE}_{language}.html" for language in ("en", "zh")
    }
    wells = folder / _demo_wells.FIELD / "reports"
    assert {path.suffix for path in wells.iterdir()} == {".html", ".pdf"}
    reports = folder / _demo_ground.TEST / "reports"
    assert {path.suffix for path in reports.iterdir()} == {".html", ".pdf"}
    assert (folder / _demo_ground.SIZING / "temperatures.svg").stat().st_size > 5000


def test_every_example_of_the_demo_is_there() -> None:
    from diwen.site.starting import examples

    assert {
        *_demo_ground.EXAMPLES,
        *_demo_wells.EXAMPLES,
        *_demo_design.EXAMPLES,
        *(walk.example for walk in demo.WALKS),
    } <= set(examples())
