"""Hostile deliveries and hostile surroundings: a clear refusal, and what was stored stays.

Broken site folders stand in ``tests/site/broken``, dirty deliveries with their right outcome in
``tests/telemetry/dirty``; here is what neither covers.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

import diwen.site
from diwen import telemetry
from diwen.problems import InputError
from diwen.telemetry import packing, parts
from diwen.telemetry.lock import writing

HEAD = "time,t,p\n"
ROW = "2018-01-05 03:00,1.5,2\n"
START = datetime(2018, 1, 5, 3)


def packed(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def book(**sheets: list[list[Any]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def parquet(time: Any, values: Any) -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame({"time": time, "t": values}).write_parquet(buffer)
    return buffer.getvalue()


def nested(depth: int) -> bytes:
    data = (HEAD + ROW).encode()
    for _ in range(depth):
        data = packed(("inner", data))
    return data


STAMPS = [START, START + timedelta(minutes=1)]
GOOD_PARQUET = parquet(STAMPS, [1.0, 2.0])
# Name, bytes, what the English and the Chinese of some problem must hold.
REFUSED: dict[str, tuple[bytes, str, str]] = {
    "only blanks": (b" \n\t\r\n", "holds no table", "没有数据表"),
    "only zeros": (b"\0" * 4096, "holds no table", "没有数据表"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "no column of a point", "不是任何测点"),
    "page called xls": (b"<html><table><tr><td>time</td></tr>", "no column", "均不是"),
    "two separators": (b"time,t;p\n2018-01-05 03:00,1;2\n", "time", "时间列"),
    "wide comma": ("time，t\n2018-01-05 03:00，1\n".encode(), "no column", "均不是"),
    "no time is one": (b"time,t\nsoon,1\nlater,2\n", "no known way", "不是已知的时间写法"),
    "quotation mark open": (b'time,t\n2018-01-05 03:00,"1\n2018-01-05 03:01,2\n',
                            "line 2: a quotation mark is opened", "第 2 行：引号未成对"),
    "torn utf-16": (b"\xff\xfe" + (HEAD + ROW).encode("utf-16-le") + b"a", "cannot be read",
                    "无法按文本表格读取"),
    "gzip with a tail": (gzip.compress((HEAD + ROW).encode()) + b"tail", "cannot be read",
                         "无法读取压缩文件"),
    "empty archive": (packed(), "the archive is empty", "压缩包为空"),
    "archive of notes": (packed(("readme.txt", b"hello")), "readme.txt", "均不是"),
    "archive of system files": (packed(("__MACOSX/._a.csv", b"x")), "archive is empty", "为空"),
    "archives in archives": (nested(5), "nested more than 3 deep", "嵌套超过 3 层"),
    "torn workbook": (book(a=[["time", "t"], [START, 1]])[:-200], "cannot be read", "无法读取"),
    "old workbook, torn": (b"\xd0\xcf\x11\xe0" + b"x" * 600, "an Excel workbook", "Excel 工作簿"),
    "empty workbook": (book(a=[]), "holds no table", "没有数据表"),
    "torn Parquet": (GOOD_PARQUET[:-5], "as Parquet", "Parquet"),
    "Parquet of lists": (parquet(STAMPS, [[1], [2]]), "column t: the column t holds List", "列 t"),
    "Parquet of records": (parquet(STAMPS, [{"a": 1}] * 2), "holds Struct", "类型为 Struct"),
    "Parquet of bytes": (parquet(STAMPS, [b"1", b"\xff"]), "holds Binary", "类型为 Binary"),
    "Parquet of spans": (parquet(STAMPS, [timedelta(1)] * 2), "holds Duration", "Duration"),
    "Parquet, time in lists": (parquet([[1], [2]], [1.0, 2.0]), "column time", "列 time"),
    "Parquet, time in spans": (parquet([timedelta(1)] * 2, [1.0, 2.0]), "holds Duration", "Dura"),
    "Parquet, time is a clock": (parquet([START.time()] * 2, [1.0, 2.0]), "no known way", "已知"),
    "Parquet, no time at all": (parquet([None, None], [1.0, 2.0]), "no known way", "已知"),
}  # fmt: skip


def digest(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def delivered(folder: Path, data: bytes | str, name: str = "new.csv") -> Any:
    file = folder.parent / name
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return telemetry.import_files(diwen.site.read(folder), [file])


def refused(folder: Path, data: bytes | str) -> InputError:
    before = digest(folder)
    with pytest.raises(InputError) as caught:
        delivered(folder, data)
    assert digest(folder) == before
    return caught.value


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_delivery_is_refused_and_the_store_untouched(stored: Path, name: str) -> None:
    data, english, chinese = REFUSED[name]
    problems = refused(stored, data).problems
    assert english in "\n".join(problem.to("en") for problem in problems)
    assert chinese in "\n".join(problem.to("zh") for problem in problems)
    for problem in problems:
        assert problem.file.startswith("new.csv")
        assert problem.cure.en
        assert problem.cure.zh


# Name, file, values of t that must be stored, (line, column, value) that must be refused.
TAKEN: dict[str, tuple[bytes | str, list[float], list[tuple[int | None, str, str]]]] = {
    "line breaks in cells": (
        'time,note,t\n2018-01-05 03:00,"a\nb",1\n2018-01-05 03:01,"c\n\nd",x\n'
        "2018-01-05 03:02,e,3\n", [1, 3], [(4, "t", "x")]),
    "line break in the header": (
        '"time\n(local)",t\n2018-01-05 03:00,1\n2018-01-05 03:01,x\n', [1], [(4, "t", "x")]),
    "header twice": (HEAD + ROW + HEAD, [1.5], [(3, "p", "p"), (3, "t", "t"), (3, "time", "time")]),
    "header of half a megabyte": (
        "time," + ",".join("c" * 50 + str(i) for i in range(10_000)) + ",t\n"
        + "\n".join(f"2018-01-05 03:0{m}," + "," * 10_000 + str(m) for m in range(5)),
        [0, 1, 2, 3, 4], []),
    "wide digits, thin blanks": (
        "time;t\n2018-01-05 03:00;１２．５\n2018-01-05 03:01;1\u2009234.5\n", [12.5, 1234.5], []),
    "point and comma": (
        "time;t\n2018-01-05 03:00;1.234,56\n2018-01-05 03:01;12,5\n", [1234.56, 12.5], []),
    "beyond numbers": (
        "time,t\n2018-01-05 03:00,1e400\n2018-01-05 03:01,-inf\n2018-01-05 03:02,0x10\n"
        "2018-01-05 03:03,1_000\n2018-01-05 03:04,5 kW\n2018-01-05 03:05,0\n", [0],
        [(2, "t", "1e400"), (3, "t", "-inf"), (4, "t", "0x10"), (5, "t", "1_000"),
         (6, "t", "5 kW")]),
    "clocks that were never set": (
        "time,t\n0001-01-01 00:00,1\n1899-12-30 00:00,2\n9999-12-31 23:59,3\n"
        "2018-01-05 03:00,4\n", [4],
        [(2, "time", "0001-01-01 00:00"), (3, "time", "1899-12-30 00:00"),
         (4, "time", "9999-12-31 23:59")]),
    "reserved room": ((HEAD + ROW).encode() + b"\0" * 5000, [1.5], []),
    "terminal commands": (
        "time,t\n2018-01-05 03:00,\x1b[31mred\n2018-01-05 03:01,1\n", [1],
        [(2, "t", "\ufffd[31mred")]),
    "utf-16 without a mark": ((HEAD + ROW).encode("utf-16-le"), [1.5], []),
    "utf-16, big end first": ((HEAD + ROW).encode("utf-16-be"), [1.5], []),
    "utf-32": ((HEAD + ROW).encode("utf-32"), [1.5], []),
    "archive with a note": (
        packed(("a.csv", (HEAD + ROW).encode()), ("readme.txt", b"hello")), [1.5], []),
    "archive with a path": (packed(("../../evil.csv", (HEAD + ROW).encode())), [1.5], []),
    "archive at odds with itself": (
        packed(("a.csv", (HEAD + ROW).encode()), ("b.csv", b"time,t\n2018-01-05 03:00,7\n")),
        [1.5], [(None, "t", "7.0")]),
    "a sheet per month": (
        book(cover=[["report"]], one=[["time", "t"], [START, 1]],
             two=[["time", "t"], [START + timedelta(days=31), 2]]), [1, 2], []),
    "table away from the corner": (
        book(a=[[], [], [None, "time", "t"], [None, START, 1],
                [None, START + timedelta(minutes=1), "x"]]), [1], [(5, "t", "x")]),
    "Parquet of nanoseconds": (
        parquet(pl.Series(STAMPS, dtype=pl.Datetime("ns", "UTC")), [1, 2]), [1, 2], []),
    "Parquet of categories": (
        parquet(STAMPS, pl.Series(["1", "x"], dtype=pl.Categorical)), [1], [(2, "t", "x")]),
}  # fmt: skip


@pytest.mark.parametrize("name", TAKEN)
def test_the_good_half_comes_in_and_the_bad_is_listed(stored: Path, name: str) -> None:
    data, values, listed = TAKEN[name]
    site = diwen.site.read(stored)
    (only,) = delivered(stored, data).files
    taken = telemetry.open_store(site).series("t").value.tolist()
    assert sorted(taken) == pytest.approx(sorted([*values, 9, 9]))
    assert only.refused.select("line", "column", "value").rows() == listed
    assert not (stored.parent.parent / "evil.csv").exists()


def test_doubts_are_told(stored: Path) -> None:
    (only,) = delivered(stored, "time,t,t\n01/05/2018 3:00 PM,1,2\n").files
    told = [notice.message.en for notice in only.delivery.notices]
    assert any("day and month cannot be told apart" in text for text in told)
    assert any("several columns have this name" in text for text in told)
    assert telemetry.open_store(diwen.site.read(stored)).span("t")[0].month == 1  # type: ignore[index]


def test_a_small_file_must_not_fill_the_memory(
    stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "LARGEST", 1_000_000)
    many = b"\n" * 2_000_000
    for bomb in (gzip.compress(many), packed(("a.csv", many)), packed(("xl/workbook.xml", many))):
        assert "unpacks to more than" in str(refused(stored, bomb))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_disk_that_refuses_leaves_what_was_stored(
    stored: Path, monkeypatch: pytest.MonkeyPatch, number: int, step: str
) -> None:
    before = digest(stored)

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, step, refuse)
    with pytest.raises(OSError, match=os.strerror(number)):
        delivered(stored, HEAD + ROW)
    monkeypatch.undo()
    assert digest(stored) == before
    assert delivered(stored, HEAD + ROW).added == 2


def test_a_disk_that_fills_between_two_parts(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write: Callable[..., None] = parts.write
    written: list[Path] = []

    def once(path: Path, *more: Any, **named: Any) -> None:
        if written:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        write(path, *more, **named)

    monkeypatch.setattr(parts, "write", once)
    rows = ROW + "2018-02-05 03:00,1,2\n"
    with pytest.raises(OSError, match="No space"):
        delivered(stored, HEAD + rows)
    monkeypatch.undo()
    store = telemetry.open_store(diwen.site.read(stored))
    assert store.series("t").value.tolist() == [9, 1.5, 9]
    assert delivered(stored, HEAD + rows).added == 2
    assert not list(stored.rglob("*.tmp"))


def test_a_store_that_another_process_writes(stored: Path) -> None:
    with writing(stored / "telemetry"):
        assert "another process" in str(refused(stored, HEAD + ROW))


def test_a_pipe_is_no_file(stored: Path) -> None:
    os.mkfifo(stored.parent / "pipe")
    with pytest.raises(InputError, match="a pipe or a device"):
        telemetry.import_files(diwen.site.read(stored), [stored.parent / "pipe"])
    (stored / "points.csv").unlink()
    os.mkfifo(stored / "points.csv")
    with pytest.raises(InputError, match="a pipe or a device"):
        diwen.site.read(stored)
