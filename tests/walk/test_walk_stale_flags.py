"""A unit mended after the import: whoever asks is told that the flags are of before."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from walk_site import change, diwen

POINT = "load_leaving"
CURE = "diwen import SITE --recompute-quality"


def warnings(folder: Path) -> list[dict[str, object]]:
    result = diwen("check", folder, "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    return [one for one in told["problems"] if CURE in one["cure"]["en"]]


def evaluated(folder: Path, language: str) -> str:
    shown = diwen("evaluate", folder, "--period", "2025-01", "--language", language)
    return " ".join(shown.output.split())


def first_page(folder: Path, out: Path, language: str) -> str:
    arguments = ("--period", "2025-01", "--format", "html", "--language", language, "-o", out)
    result = diwen("report", folder, *arguments)
    assert result.exit_code == 0, result.output
    (page,) = out.glob("*.html")
    return page.read_text(encoding="utf-8")


def test_stale_flags_are_said_until_they_are_mended(
    changed: Callable[[], Path], tmp_path: Path
) -> None:
    folder = changed()
    assert warnings(folder) == []
    # The records are kelvin; now they are taken for °C.
    change(folder, POINT, unit="degC")
    (warning,) = warnings(folder)
    assert warning["severity"] == "warning"
    assert POINT in json.dumps(warning["message"])
    told = json.loads(diwen("evaluate", folder, "--period", "2025-01", "--json").stdout)
    assert POINT in told["data"]["stale"]
    assert CURE in evaluated(folder, "en")
    assert "质量标志已过期" in evaluated(folder, "zh").replace(" ", "")
    assert "are out of date" in first_page(folder, tmp_path / "en", "en")
    assert "质量标志已过期" in first_page(folder, tmp_path / "zh", "zh")
    assert diwen("import", folder, "--recompute-quality").exit_code == 0
    assert warnings(folder) == []
    assert CURE not in evaluated(folder, "en")
    assert "are out of date" not in first_page(folder, tmp_path / "after", "en")
