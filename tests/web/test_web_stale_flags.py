"""The page of a site says when the quality flags are older than points.csv."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from diwen.site import read
from diwen.telemetry import recompute
from diwen.web import create_app

CURE = "diwen import SITE --recompute-quality"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "are out of date"), ("zh", "质量标志已过期")]
)
def test_stale_flags_are_said_until_they_are_mended(
    sites: Path, arrived: Callable[[TestClient, str], Response], language: str, words: str
) -> None:
    points = sites / "plant" / "points.csv"
    text = points.read_text(encoding="utf-8")
    address = f"/{language}/sites/plant"
    with TestClient(create_app([sites]), follow_redirects=False) as visitor:
        assert words not in arrived(visitor, address).text
        points.write_text(text.replace("flow,volume_flow,m3/h", "flow,volume_flow,L/s"), "utf-8")
        page = arrived(visitor, address).text
        assert words in page
        assert CURE in page
        recompute(read(sites / "plant"))
        assert words not in arrived(visitor, address).text
