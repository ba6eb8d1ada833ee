"""The store: what goes in comes out, once, whatever the order and whatever kills it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telemetry_site import make_site

from diwen import telemetry
from diwen.problems import InputError
from diwen.telemetry import lock, parts, writing

START = datetime(2018, 12, 30, tzinfo=UTC)


def table(point: str, values: list[float], start: datetime = START, step: int = 60) -> pl.DataFrame:
    times = [start + timedelta(seconds=step * i) for i in range(len(values))]
    return pl.DataFrame(
        {"time": times, "point": [point] * len(values), "value": values},
        schema={"time": pl.Datetime("us", "UTC"), "point": pl.String, "value": pl.Float64},
    )


def content(store: telemetry.Store) -> pl.DataFrame:
    return store.read([point.id for point in store.site.points])


def parts_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


def test_values_come_back_converted_and_raw_numbers_stay(site_maker: Callable[..., Any]) -> None:
    site = site_maker(t_brine={"unit": "K"}, power={"scale": 2.0, "offset": 1.0})
    store = telemetry.open_store(site)
    store.write(pl.concat([table("t_brine", [273.15, 274.15]), table("power", [1.5])]))
    assert store.series("t_brine").value.tolist() == pytest.approx([0.0, 1.0], abs=1e-12)
    assert store.series("power").value.tolist() == [4000.0]
    raw = pl.read_parquet(site.folder / "telemetry/main/2018-12.parquet")
    assert raw.filter(pl.col("point") == "t_brine")["value"].to_list() == [273.15, 274.15]
    assert raw.columns == ["time", "point", "value", "quality", "origin"]


def test_mending_a_scale_mends_history(tmp_path: Path) -> None:
    wrong = make_site(tmp_path / "s", power={"unit": "W"})
    telemetry.open_store(wrong).write(table("power", [2.5]))
    right = make_site(tmp_path / "s")
    assert telemetry.open_store(right).series("power").value.tolist() == [2500.0]


def test_a_month_boundary_makes_two_parts_and_one_series(site_maker: Callable[..., Any]) -> None:
    site = site_maker()
    store = telemetry.open_store(site)
    start = datetime(2018, 12, 31, 23, 58, tzinfo=UTC)
    store.write(table("flow", [1.0, 2.0, 3.0, 4.0], start))
    names = sorted(path.name for path in (site.folder / "telemetry/main").iterdir())
    assert names == ["2018-12.parquet", "2019-01.parquet"]
    assert store.series("flow").quality.tolist() == [0, 0, 0, 0]
    assert len(store.series("flow", datetime(2019, 1, 1, tzinfo=UTC))) == 2
    assert store.span("flow") == (start, start + timedelta(minutes=3))


def test_half_open_interval(site_maker: Callable[..., Any]) -> None:
    store = telemetry.open_store(site_maker())
    store.write(table("flow", [1.0, 2.0, 3.0]))
    cut = store.series("flow", START, START + timedelta(minutes=2))
    assert cut.value.tolist() == pytest.approx([1 / 3600, 2 / 3600])
    assert store.read(["flow", "power"], START + timedelta(minutes=3)).height == 0


def test_groups_have_folders_of_their_own(site_maker: Callable[..., Any]) -> None:
    site = site_maker(flow={"group": "heat_meter"})
    store = telemetry.open_store(site)
    store.write(pl.concat([table("flow", [1.0]), table("power", [1.0])]))
    assert (site.folder / "telemetry/heat_meter/2018-12.parquet").is_file()
    assert store.read(["flow", "power"])["point"].to_list() == ["flow", "power"]


def test_a_group_cannot_take_the_name_of_a_folder_in_use(site_maker: Callable[..., Any]) -> None:
    store = telemetry.open_store(site_maker(flow={"group": "superseded"}))
    with pytest.raises(InputError, match="superseded"):
        store.write(table("flow", [1.0]))


def test_the_same_again_changes_no_byte(site_maker: Callable[..., Any]) -> None:
    site = site_maker()
    store = telemetry.open_store(site)
    rows = table("t_brine", [0.0, -0.0, 0.1, 9.0, 0.1])
    store.write(rows)
    before = parts_bytes(site.folder)
    outcome = store.write(rows)
    assert (outcome.added, outcome.same, outcome.written) == (0, 5, [])
    assert parts_bytes(site.folder) == before


def test_another_number_for_a_stored_time_is_refused_and_listed(
    site_maker: Callable[..., Any],
) -> None:
    site = site_maker()
    store = telemetry.open_store(site)
    store.write(table("power", [1.0, 2.0]))
    outcome = store.write(table("power", [1.0, 5.0, 3.0]))
    assert (outcome.added, outcome.same) == (1, 1)
    assert outcome.conflicts.select("stored", "offered").rows() == [(2.0, 5.0)]
    assert store.series("power").value.tolist() == [1000.0, 2000.0, 3000.0]


def test_replace_keeps_the_old_rows_for_ever(site_maker: Callable[..., Any]) -> None:
    site = site_maker()
    store = telemetry.open_store(site)
    store.write(table("power", [1.0, 2.0]))
    outcome = store.write(table("power", [1.0, 5.0]), replace=True)
    assert outcome.conflicts.height == 1
    assert store.series("power").value.tolist() == [1000.0, 5000.0]
    (old,) = (site.folder / "telemetry/superseded").glob("*.parquet")
    assert pl.read_parquet(old).select("point", "value").rows() == [("power", 2.0)]
    assert content(store).height == 2


def test_empty_values_are_no_records(site_maker: Callable[..., Any]) -> None:
    store = telemetry.open_store(site_maker())
    outcome = store.write(table("power", [float("nan"), 0.0, float("inf")]))
    assert outcome.added == 1
    assert store.series("power").value.tolist() == [0.0]


def test_unknown_points_and_columns_are_errors(site_maker: Callable[..., Any]) -> None:
    store = telemetry.open_store(site_maker())
    with pytest.raises(InputError, match="nowhere"):
        store.write(table("nowhere", [1.0]))
    with pytest.raises(InputError, match="columns"):
        store.write(pl.DataFrame({"a": [1]}))
    with pytest.raises(InputError, match="nowhere"):
        store.series("nowhere")
    assert not list(store.folder.rglob("*.parquet"))


def test_an_empty_store_answers(site_maker: Callable[..., Any]) -> None:
    store = telemetry.open_store(site_maker())
    assert store.points() == []
    assert store.span() is None
    assert store.read(["power"]).height == 0
    assert len(store.series("power")) == 0
    assert store.coverage().height == 0
    assert store.buckets("power").height == 0
    assert store.connection().sql("select count(*) from telemetry").fetchall() == [(0,)]


def test_a_second_writer_is_told_to_wait(site_maker: Callable[..., Any]) -> None:
    site = site_maker()
    store = telemetry.open_store(site)
    with lock.writing(store.folder), pytest.raises(InputError, match="another process"):
        store.write(table("power", [1.0]))
    store.write(table("power", [1.0]))


def test_a_damaged_manifest_is_rebuilt(site_maker: Callable[..., Any]) -> None:
    site = site_maker()
    telemetry.open_store(site).write(table("power", [1.0, 2.0]))
    path = site.folder / "telemetry/manifest.json"
    whole = json.loads(path.read_text("utf-8"))
    for damage in ("", "{", "[]", '{"parts": 3}', '{"parts": {"main/2018-12": {}}}'):
        path.write_text(damage, "utf-8")
        assert len(telemetry.open_store(site).series("power")) == 2
    telemetry.recompute(site)
    assert json.loads(path.read_text("utf-8"))["parts"] == whole["parts"]


def test_a_damaged_part_is_named_and_does_not_hide_the_others(
    site_maker: Callable[..., Any],
) -> None:
    site = site_maker()
    store = telemetry.open_store(site)
    store.write(table("power", [1.0, 2.0], datetime(2018, 12, 1, tzinfo=UTC)))
    store.write(table("power", [1.0, 2.0], datetime(2019, 1, 1, tzinfo=UTC)))
    (site.folder / "telemetry/main/2018-12.parquet").write_bytes(b"PAR1 torn")
    again = telemetry.open_store(site)
    assert len(again.series("power", datetime(2019, 1, 1, tzinfo=UTC))) == 2
    with pytest.raises(InputError, match="2018-12"):
        again.series("power")


@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_order_of_import_does_not_matter(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    hours = 24 * 20
    values = np.round(8 + np.cumsum(rng.normal(0, 0.4, hours)), 1)
    values[rng.integers(0, hours, 6)] += 30.0  # spikes
    values[60:200] = 8.0  # stuck, within the range whatever the walk did
    status = np.ones(hours)
    keep = rng.random(hours) > 0.1
    start = datetime(2018, 12, 20, tzinfo=UTC)
    whole = pl.concat(
        [
            table("t_brine", values.tolist(), start, 3600),
            table("status", status.tolist(), start, 3600),
        ]
    ).filter(pl.Series(np.concatenate([keep, keep])))
    cuts = sorted(data.draw(st.lists(st.integers(1, whole.height - 1), min_size=1, max_size=5)))
    pieces = [whole.slice(a, b - a) for a, b in zip([0, *cuts], [*cuts, whole.height], strict=True)]
    order = data.draw(st.permutations(range(len(pieces))))
    folder = tmp_path_factory.mktemp("order")
    changes = {"t_brine": {"interval": 3600.0}, "status": {"interval": 3600.0}}
    one = telemetry.open_store(make_site(folder / "one", **changes))
    one.write(whole)
    two = telemetry.open_store(make_site(folder / "two", **changes))
    for piece in order:
        two.write(pieces[piece])
    assert content(one).equals(content(two))
    assert parts_bytes(folder / "one") == parts_bytes(folder / "two")
    assert set(one.series("t_brine").quality.tolist()) >= {0, 3}


def test_import_killed_between_parts_leaves_whole_parts(
    site_maker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    site = site_maker()
    store = telemetry.open_store(site)
    store.write(table("power", [7.0], datetime(2018, 10, 15, tzinfo=UTC)))
    days = [float(day % 5) for day in range(100)]
    rows = table("power", days, datetime(2018, 11, 1, tzinfo=UTC), 86400)
    write, calls = parts.write, 0

    def fail_on_third(path: Path, *more: Any, **named: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            path.with_name(f".{path.name}.1.tmp").write_bytes(b"half a part")
            raise KeyboardInterrupt
        write(path, *more, **named)

    monkeypatch.setattr(writing.parts, "write", fail_on_third)
    with pytest.raises(KeyboardInterrupt):
        store.write(rows)
    monkeypatch.undo()
    torn = telemetry.open_store(site)
    stored = torn.read(["power"])
    expected = pl.concat([rows.filter(pl.col("time") < datetime(2019, 1, 1, tzinfo=UTC))])
    assert stored["value"].to_list() == [7000.0, *(1000 * v for v in expected["value"].to_list())]
    assert torn.manifest.pending
    torn.write(rows)
    whole = telemetry.open_store(site_maker("whole"))
    whole.write(table("power", [7.0], datetime(2018, 10, 15, tzinfo=UTC)))
    whole.write(rows)
    assert content(torn).equals(content(whole))
    assert not list(site.folder.rglob("*.tmp"))
    assert not telemetry.open_store(site).manifest.pending


def test_an_interrupted_import_has_its_flags_mended_by_the_next(
    site_maker: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next import does the noted months even if it brings something else."""
    site = site_maker()
    store = telemetry.open_store(site)
    rows = table("power", [1.0] * 3, datetime(2018, 12, 31, 23, 59, tzinfo=UTC))
    original = writing._Work._finish

    def die_in_january(self: Any, month: str) -> None:
        if month == "2019-01":
            raise KeyboardInterrupt
        original(self, month)

    monkeypatch.setattr(writing._Work, "_finish", die_in_january)
    with pytest.raises(KeyboardInterrupt):
        store.write(rows)
    monkeypatch.undo()
    assert telemetry.open_store(site).manifest.pending == ("2018-12", "2019-01")
    telemetry.open_store(site).write(table("flow", [1.0], datetime(2018, 6, 1, tzinfo=UTC)))
    assert telemetry.open_store(site).manifest.pending == ()


def test_buckets_keep_extremes_and_mean(site_maker: Callable[..., Any]) -> None:
    store = telemetry.open_store(site_maker(power={"unit": "W"}))
    rng = np.random.default_rng(1)
    values = np.round(rng.normal(500, 50, 5000), 1)
    store.write(table("power", values.tolist()))
    frame = store.buckets("power", n=100)
    assert frame.height <= 100
    assert frame["count"].sum() == 5000
    assert frame["max"].max() == values.max()
    assert frame["min"].min() == values.min()
    assert (frame["mean"] * frame["count"]).sum() == pytest.approx(values.sum())
    assert frame["first"][0] == values[0]
    assert frame["last"][-1] == values[-1]
    with pytest.raises(ValueError, match="bucket"):
        store.buckets("power", n=0)


def test_sql_view_converts_and_pushes_filters_down(site_maker: Callable[..., Any]) -> None:
    store = telemetry.open_store(site_maker())
    store.write(pl.concat([table("power", [1.0, 2.0]), table("t_brine", [0.0])]))
    con = store.connection()
    rows = con.sql(
        "select value, raw from telemetry where point = 'power' order by time"
    ).fetchall()
    assert rows == [(1000.0, 1.0), (2000.0, 2.0)]
    plan = con.sql(
        "explain select sum(value) from telemetry "
        "where point = 'power' and time < '2018-12-30 00:01'"
    ).fetchall()[0][1]
    filters = plan[plan.index("Filters:") :]
    assert "point = 'power'" in filters
    assert "time < '2018-12-30 00:01" in filters


def test_dataset_hash_changes_with_the_data_only(site_maker: Callable[..., Any]) -> None:
    one, two = telemetry.open_store(site_maker("a")), telemetry.open_store(site_maker("b"))
    one.write(table("power", [1.0, 2.0]))
    two.write(table("power", [2.0], START + timedelta(minutes=1)))
    assert one.hash() != two.hash()
    two.write(table("power", [1.0]))
    assert one.hash() == two.hash()


def test_held_values_step() -> None:
    series = telemetry.Series(
        "p", np.array([10, 20]), np.array([1.0, 2.0]), np.zeros(2, np.int8), "manual"
    )
    held = series.held(np.array([5, 10, 19, 20, 99]))
    assert np.isnan(held[0])
    assert held[1:].tolist() == [1.0, 1.0, 2.0, 2.0]


def test_many_rows_of_a_point_span_row_groups(site_maker: Callable[..., Any]) -> None:
    store = telemetry.open_store(site_maker())
    count = parts.ROW_GROUP + 1000
    rows = table(
        "power", [float(i % 7) for i in range(count)], datetime(2018, 12, 1, tzinfo=UTC), 1
    )
    store.write(pl.concat([rows, table("flow", [1.0])]))
    assert len(store.series("power")) == count
    assert store.series("power").value[-1] == 1000.0 * ((count - 1) % 7)
    assert parts.read(store.folder / "main/2018-12.parquet")["power"].value[-1] == (count - 1) % 7
