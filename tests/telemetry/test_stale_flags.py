"""Quality flags that were computed by a definition that was mended since."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telemetry_site import make_site

from diwen import telemetry
from diwen.telemetry import basis, manifest, parts, thresholds

START = datetime(2018, 12, 30, tzinfo=UTC)
OK, RANGE = 0, 1
IDS = ("t_brine", "t_back", "power", "energy", "status")


def deliver(site: Any) -> telemetry.Store:
    """Four days of hourly records over the turn of a year, in kelvin, kilowatt and kWh."""
    hours = 96
    time = [START + timedelta(hours=i) for i in range(hours)]
    on = (np.arange(hours) // 12) % 2 == 0
    values = {
        "t_brine": 281.0 + np.sin(np.arange(hours)),
        "t_back": 278.0 + np.sin(np.arange(hours)),
        "power": 7.5 * on,
        "energy": 100.0 + np.cumsum(7.5 * on),
        "status": on.astype(float),
    }
    store = telemetry.open_store(site)
    for id, value in values.items():
        store.write(pl.DataFrame({"time": time, "point": [id] * hours, "value": value}))
    return store


def part_bytes(site: Any) -> dict[str, bytes]:
    folder = Path(site.folder)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


def raw(site: Any) -> pl.DataFrame:
    files = sorted((Path(site.folder) / "telemetry/main").glob("*.parquet"))
    return pl.concat([pl.read_parquet(file) for file in files]).drop("quality")


@pytest.fixture
def mended(tmp_path: Path) -> Any:
    """A site whose kelvin were called °C at the import and are called kelvin now."""
    deliver(make_site(tmp_path / "s", t_back={"unit": "K"}))
    return make_site(tmp_path / "s", t_brine={"unit": "K"}, t_back={"unit": "K"})


def test_nothing_is_stale_after_an_import(site_maker: Callable[..., Any]) -> None:
    store = deliver(site_maker())
    assert store.stale_flags() == ()
    assert telemetry.open_store(store.site).stale_flags() == ()
    assert all(
        len(span.basis) == 8
        for part in store.manifest.parts.values()
        for span in part.points.values()
    )


def test_a_mended_unit_leaves_stale_flags_that_recomputing_mends(mended: Any) -> None:
    store = telemetry.open_store(mended)
    before = raw(mended)
    assert set(store.series("t_brine").quality.tolist()) == {RANGE}
    # The fluid leaving is judged together with the fluid entering: its flags rest on both.
    assert store.stale_flags() == ("t_brine", "t_back")
    telemetry.recompute(mended)
    store = telemetry.open_store(mended)
    assert store.stale_flags() == ()
    assert RANGE not in store.series("t_brine").quality.tolist()
    assert store.series("t_brine").value[0] == pytest.approx(7.85, abs=1e-9)
    assert raw(mended).equals(before)


def test_only_the_months_asked_for_are_looked_at(mended: Any) -> None:
    store = telemetry.open_store(mended)
    assert store.stale_flags(START - timedelta(days=9), START) == ()
    assert store.stale_flags(START, START + timedelta(hours=1)) == ("t_brine", "t_back")


def test_finding_out_reads_no_records(mended: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("records were read")

    monkeypatch.setattr(parts, "read", refuse)
    monkeypatch.setattr(pl, "scan_parquet", refuse)
    assert telemetry.open_store(mended).stale_flags() == ("t_brine", "t_back")


def test_an_import_of_something_else_judges_stale_points_again(mended: Any, tmp_path: Path) -> None:
    file = tmp_path / "flow.csv"
    file.write_text("time,flow\n2020-05-01 00:00,1.5\n", "utf-8")
    report = telemetry.import_files(mended, [file])
    assert report.judged_again == ("t_brine", "t_back")
    store = telemetry.open_store(mended)
    assert store.stale_flags() == ()
    assert RANGE not in store.series("t_brine").quality.tolist()
    account = telemetry.account_of(mended, report)
    assert any("t_brine, t_back" in line for line in account.lines("en"))
    assert any("t_brine、t_back" in line for line in account.lines("zh"))
    assert account.as_dict()["judged_again"] == ["t_brine", "t_back"]
    again = telemetry.import_files(mended, [file])
    assert again.judged_again == ()


def test_a_dry_run_judges_nothing(mended: Any, tmp_path: Path) -> None:
    file = tmp_path / "flow.csv"
    file.write_text("time,flow\n2020-05-01 00:00,1.5\n", "utf-8")
    before = part_bytes(mended)
    assert telemetry.import_files(mended, [file], dry_run=True).judged_again == ()
    assert part_bytes(mended) == before


CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("t_brine", {"unit": "degC"}),
    ("t_brine", {"low": 8.0}),
    ("t_back", {"high": 5.0}),
    ("t_brine", {"interval": 600.0}),
    ("t_back", {"calibration_due": date(2018, 12, 31)}),
    ("power", {"scale": 1000.0}),
    ("power", {"equipment": ("hp1", "pump1")}),
    ("energy", {"kind": "gauge"}),
    ("status", {"offset": -0.9}),
    ("status", {"equipment": ("hp2",)}),
]


@settings(max_examples=12, deadline=None)
@given(changes=st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3))
def test_mended_and_recomputed_is_as_if_imported_so(
    changes: list[tuple[str, dict[str, Any]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mended")
    first: dict[str, dict[str, Any]] = {id: {} for id in IDS}
    first["t_brine"]["unit"] = first["t_back"]["unit"] = "K"
    later = {id: dict(change) for id, change in first.items()}
    for id, change in changes:
        later[id] |= change
    old = deliver(make_site(folder / "one", **first))
    flags = {id: old.series(id).quality for id in IDS}
    mended, fresh = make_site(folder / "one", **later), make_site(folder / "two", **later)
    stale = telemetry.open_store(mended).stale_flags()
    telemetry.recompute(mended)
    deliver(fresh)
    assert part_bytes(mended) == part_bytes(fresh)
    # Whoever's flags came out differently had been named before.
    store = telemetry.open_store(mended)
    differ = {id for id in IDS if not np.array_equal(store.series(id).quality, flags[id])}
    assert {id for id, _ in changes} <= set(stale) >= differ


@pytest.mark.parametrize(
    "change",
    [
        {"name": "brine"}, {"note": "x"}, {"accuracy": "± 0.1 K"}, {"source": "T1"},
        {"group": "other"}, {"sentinel": (-9999.0,)}, {"time_zone": "UTC"}, {"detail": "a"},
    ],
)  # fmt: skip
def test_what_no_rule_looks_at_makes_nothing_stale(change: dict[str, Any], tmp_path: Path) -> None:
    one, two = make_site(tmp_path / "a"), make_site(tmp_path / "b", t_brine=change)
    assert basis.bases(one, thresholds.load()) == basis.bases(two, thresholds.load())


def test_the_order_of_the_points_makes_nothing_stale(site_maker: Callable[..., Any]) -> None:
    site = site_maker()
    before = basis.bases(site, thresholds.load())
    site.points = tuple(reversed(site.points))
    assert basis.bases(site, thresholds.load()) == before


def test_another_threshold_makes_all_stale(site_maker: Callable[..., Any]) -> None:
    site, now = site_maker(), thresholds.load()
    other = basis.bases(site, dataclasses.replace(now, settling=now.settling + 1.0))
    same = {id for id, code in basis.bases(site, now).items() if other[id] == code}
    assert not same


def without_basis(path: Path) -> None:
    """Rewrite a part as it was written before parts knew what their flags rest on."""
    table = pq.read_table(path, partitioning=None)
    footer = json.loads(table.schema.metadata[b"diwen"])
    footer["points"] = {id: span[:4] for id, span in footer["points"].items()}
    pq.write_table(table.replace_schema_metadata({"diwen": json.dumps(footer)}), path)


def test_a_store_of_before_is_stale_and_not_damaged(site_maker: Callable[..., Any]) -> None:
    site = site_maker(t_brine={"unit": "K"}, t_back={"unit": "K"})
    values = deliver(site).read(list(IDS))
    current = part_bytes(site)
    for path in (site.folder / "telemetry/main").glob("*.parquet"):
        without_basis(path)
    (site.folder / "telemetry" / manifest.NAME).unlink()
    store = telemetry.open_store(site)
    assert not store.manifest.damaged
    assert set(store.stale_flags()) == set(IDS)
    assert store.read(list(IDS)).equals(values)
    telemetry.recompute(site)
    assert telemetry.open_store(site).stale_flags() == ()
    assert part_bytes(site) == current


def test_a_point_that_left_points_csv_is_not_stale(tmp_path: Path) -> None:
    deliver(make_site(tmp_path / "s"))
    site = make_site(tmp_path / "s", energy=None, t_back=None)
    telemetry.recompute(site)
    assert telemetry.open_store(site).stale_flags() == ()
    back = make_site(tmp_path / "s")
    assert "energy" in telemetry.open_store(back).stale_flags()


def test_the_notice_names_the_points_and_the_cure() -> None:
    assert telemetry.stale_notice(()) is None
    notice = telemetry.stale_notice([f"p{i}" for i in range(20)])
    assert notice is not None
    assert notice.severity == "warning"
    assert "p0, p1, p2, p3, p4, p5, p6, p7 and 12 more" in notice.to("en")
    assert "20 个" in notice.to("zh")
    for language in ("en", "zh"):
        assert "diwen import SITE --recompute-quality" in notice.to(language)
