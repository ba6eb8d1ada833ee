"""Broken folders: each has the files and the fragments that the problems must contain."""

from __future__ import annotations

from pathlib import Path

import pytest

from diwen.problems import InputError
from diwen.site import read

CASES = sorted((Path(__file__).parent / "broken").iterdir())


def _chinese(text: str) -> bool:
    return any("一" <= character <= "鿿" for character in text)


@pytest.mark.parametrize("folder", CASES, ids=[case.name for case in CASES])
def test_broken_site_is_refused_with_clear_problems(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(folder)
    text = "\n".join(problem.to("en") for problem in caught.value.problems)
    for fragment in (folder / "expected.txt").read_text(encoding="utf-8").splitlines():
        assert fragment in text
    for problem in caught.value.problems:
        assert _chinese(problem.message.zh)
        assert _chinese(problem.cure.zh)
        assert not _chinese(problem.message.en)


def test_every_problem_of_a_folder_comes_at_once() -> None:
    folder = Path(__file__).parent / "broken" / "several-files"
    with pytest.raises(InputError) as caught:
        read(folder)
    files = {problem.file.split(":")[0] for problem in caught.value.problems}
    assert files == {"site.toml", "points.csv", "ledger.csv"}


def test_a_missing_folder_is_refused() -> None:
    with pytest.raises(InputError, match="no such folder"):
        read("no/such/folder")
