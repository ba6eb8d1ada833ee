"""Dirty deliveries: a folder per case, with the file as it came and what must be made of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from telemetry_site import make_site

from diwen import telemetry
from diwen.problems import InputError

CASES = sorted(path.parent for path in (Path(__file__).parent / "dirty").glob("*/case.json"))


def prepared(case: Path, folder: Path) -> tuple[Any, dict[str, Any], Path]:
    told = json.loads((case / "case.json").read_text("utf-8"))
    points = {
        id: {key: tuple(v) if isinstance(v, list) else v for key, v in change.items()}
        for id, change in told["points"].items()
    }
    site = make_site(folder / "site", told["zone"], told["telemetry"], **points)
    return site, told["expect"], case / told["file"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_dirty_delivery(case: Path, tmp_path: Path) -> None:
    site, expect, file = prepared(case, tmp_path)
    store = telemetry.open_store(site)
    if "error" in expect:
        with pytest.raises(InputError) as caught:
            telemetry.import_files(site, [file])
        assert expect["error"] in str(caught.value)
        assert not list(store.folder.rglob("*.parquet"))
        return
    report = telemetry.import_files(site, [file])
    stored = {
        id: [
            [str(np.datetime64(int(t), "us"))[:19], v]
            for t, v in zip(series.time, raw.tolist(), strict=True)
        ]
        for id in store.points()
        for series in [store.series(id)]
        for raw in [(series.value - store.point(id).factor_offset()[1])
                    / store.point(id).factor_offset()[0]]
    }  # fmt: skip
    assert stored.keys() == expect["values"].keys()
    for id, rows in expect["values"].items():
        assert [time for time, _ in stored[id]] == [time for time, _ in rows]
        assert [v for _, v in stored[id]] == pytest.approx([v for _, v in rows], abs=1e-9)
    for id, values in expect.get("inside", {}).items():
        assert store.series(id).value.tolist() == pytest.approx(values)
    (only,) = report.files
    refused = only.refused.select("line", "column", "value", "reason_en").rows()
    wanted = expect.get("refused", [])
    assert [list(row[:3]) for row in refused] == [row[:3] for row in wanted]
    assert all(text in row[3] for row, (*_, text) in zip(refused, wanted, strict=True))
    assert only.delivery.empty == expect.get("empty", only.delivery.empty)
    assert only.delivery.sentinel == expect.get("sentinel", 0)
    assert list(only.delivery.unused) == expect.get("unused", list(only.delivery.unused))
    assert telemetry.import_files(site, [file]).added == 0


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 30
