"""What is kept of a design belongs to its description, whichever way that changes."""

from __future__ import annotations

import shutil
from pathlib import Path

import diwen
from diwen.diagnosis.case_of_site import case_of
from diwen.diagnosis.kept_design import content_key, kept
from diwen.site.source_builders import source_model

EXAMPLE = Path(__file__).parents[2] / "examples" / "plant-template"


def test_a_change_of_file_or_of_the_object_is_another_design(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(EXAMPLE, folder)
    site = diwen.read(folder)
    first = content_key(site)
    assert content_key(diwen.read(folder)) == first
    place = site.place.model_copy(update={"latitude": 0.5})
    assert content_key(site.model_copy(update={"place": place})) != first
    (folder / "deviations.csv").write_text("written by the program\n")
    assert content_key(site) == first
    (folder / "load.csv").write_text("another\n")
    assert content_key(site) != first


def test_a_model_is_built_once_and_is_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(EXAMPLE, folder)
    built: list[str] = []

    def build() -> float:
        built.append("once")
        return source_model(diwen.read(folder)).heat_capacity_rate

    rates = [kept(diwen.read(folder), "rate", build) for _ in range(3)]
    assert built == ["once"]
    assert rates == [source_model(diwen.read(folder)).heat_capacity_rate] * 3
    record = None
    one, other = (case_of(diwen.read(folder), record) for _ in range(2))  # type: ignore[arg-type]
    assert one.inputs is not None
    assert one.inputs is other.inputs
