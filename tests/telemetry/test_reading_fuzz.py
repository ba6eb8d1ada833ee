"""Readers under fire: whatever the bytes, a clear error or whole parts, never anything else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telemetry_site import make_site

from diwen import telemetry
from diwen.problems import InputError

GOOD = (
    "Station;7\ntime;t_brine;power\n;K;kW\n"
    + "".join(f"2018-01-05 03:{m:02d};27{m % 10},1{m % 10};{m},5\n" for m in range(20))
).encode()
SETTINGS = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def whole_or_refused(folder: Path, name: str, data: bytes, **defaults: Any) -> None:
    site = make_site(folder / "site", defaults=defaults)
    file = folder / name
    file.write_bytes(data)
    try:
        telemetry.import_files(site, [file])
    except InputError:
        assert not list((folder / "site").rglob("*.parquet"))
        return
    for part in (folder / "site").rglob("*.parquet"):
        frame = pl.read_parquet(part)
        assert frame["value"].is_finite().all()
        assert frame.equals(frame.sort("point", "time"))
        assert not frame.select("point", "time").is_duplicated().any()
    assert not list((folder / "site").rglob("*.tmp"))


@SETTINGS
@given(data=st.binary(max_size=400))
@pytest.mark.parametrize("name", ["a.csv"])
def test_random_bytes(name: str, data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    whole_or_refused(tmp_path_factory.mktemp("fuzz"), name, data)


@settings(parent=SETTINGS, max_examples=40)
@given(
    head=st.sampled_from(
        [b"PK\x03\x04", b"PAR1", b"\x1f\x8b\x08", b"\xd0\xcf\x11\xe0", b"\xff\xfe"]
    ),
    data=st.binary(max_size=200),
)
def test_random_bytes_behind_a_known_beginning(
    head: bytes, data: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole_or_refused(tmp_path_factory.mktemp("fuzz"), "a.bin", head + data)


@SETTINGS
@given(data=st.data())
def test_mutations_of_a_good_file(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    broken = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(broken) - 1))
        kind = data.draw(st.sampled_from(("set", "cut", "insert", "copy")))
        if kind == "set":
            broken[at] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del broken[at : at + data.draw(st.integers(1, 40))]
        elif kind == "insert":
            broken[at:at] = data.draw(
                st.sampled_from([b";", b"\n", b'"', b"\0", b",", b"\xff\xfe", b"1e999", b"\r"])
            )
        else:
            broken[at:at] = broken[: data.draw(st.integers(1, 60))]
        if not broken:
            broken = bytearray(b"x")
    whole_or_refused(tmp_path_factory.mktemp("fuzz"), "a.csv", bytes(broken))


@settings(parent=SETTINGS, max_examples=60)
@given(
    text=st.text(max_size=300),
    layout=st.sampled_from(["wide", "long"]),
    start=st.sampled_from(["", "2018-01-01 00:00:00", "nonsense"]),
)
def test_random_text_under_a_good_header(
    text: str, layout: str, start: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole_or_refused(
        tmp_path_factory.mktemp("fuzz"),
        "a.csv",
        ("time,t_brine,point,value\n" + text).encode("utf-8", "replace"),
        layout=layout,
        time_start=start,
    )
