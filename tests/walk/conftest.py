"""The walk's plant, made once: a folder from the template, four deliveries imported into it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from walk_deliveries import deliver
from walk_site import adapt, diwen, import_all


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The deliveries."""
    return deliver(tmp_path_factory.mktemp("deliveries"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, files: dict[str, Path]) -> Path:
    """The plant with all its records; nobody may change it."""
    folder = tmp_path_factory.mktemp("walk") / "plant"
    assert diwen("new", folder, "--from", "plant-template").exit_code == 0
    adapt(folder)
    assert diwen("check", folder).exit_code == 0
    import_all(folder, files)
    return folder


@pytest.fixture
def changed(built: Path, tmp_path: Path) -> Callable[[], Path]:
    """A copy that may be changed; nothing is imported again."""

    def copy() -> Path:
        folder = tmp_path / "plant"
        shutil.copytree(built, folder)
        return folder

    return copy
