"""Fixtures of the telemetry room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from telemetry_site import make_site


@pytest.fixture
def site_maker(tmp_path: Path) -> Callable[..., Any]:
    def build(name: str = "plant", **changes: Any) -> Any:
        return make_site(tmp_path / name, **changes)

    return build
