"""A plant, an empty site and a broken one, and a visitor who looks at them."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from web_sites import BROKEN, EMPTY, PLANT, POINTS, plant_records, write_site

from diwen.site import read
from diwen.telemetry import open_store
from diwen.web import create_app


@pytest.fixture(scope="session")
def made_sites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders, made once; tests that change anything take a copy."""
    root = tmp_path_factory.mktemp("sites")
    plant = write_site(root / "plant", PLANT, POINTS)
    open_store(read(plant)).write(plant_records(), "measured")
    write_site(root / "empty", EMPTY, "id,quantity,unit,equipment,location\n")
    write_site(root / "broken", BROKEN, "id,quantity,unit,equipment,location\na,speed,m/s,x,y\n")
    (root / "no-site").mkdir()
    (root / "secret.toml").write_text("secret = 1", encoding="utf-8")
    return root


@pytest.fixture
def sites(made_sites: Path, tmp_path: Path) -> Path:
    """A copy of the folders for one test."""
    return Path(shutil.copytree(made_sites, tmp_path / "sites"))


@pytest.fixture(scope="module")
def client(made_sites: Path) -> Iterator[TestClient]:
    """A visitor of the view; what it reads it does not change."""
    with TestClient(create_app([made_sites]), follow_redirects=False) as visitor:
        yield visitor


@pytest.fixture(scope="session")
def arrived() -> Callable[[TestClient, str], Response]:
    """Ask for a page as its script does, until the computed piece is complete."""

    def ask(visitor: TestClient, address: str) -> Response:
        for _ in range(600):
            answer = visitor.get(address, headers={"X-Fragment": "1"})
            if answer.status_code != 202:
                return answer
            time.sleep(0.05)
        raise AssertionError(f"{address} never arrived")

    return ask
