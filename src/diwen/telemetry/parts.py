"""One part of the store: the Parquet file of a point group and a month.

Columns ``time`` (UTC, microseconds), ``point``, ``value`` (the raw number), ``quality``,
``origin``; sorted by (point, time). Time is delta-encoded, the rest dictionary + zstd: below one
byte per value. Row groups hold whole points as far as they fit, so that the record of one point
is found by the statistics of the row groups. A file is written beside its place, forced to the
disk and then renamed: a reader, or a killed writer, leaves the old file or the new one, never half.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from diwen.telemetry.records import ORIGINS, Records

ROW_GROUP = 131_072
SUFFIX = ".parquet"
_TEMPORARY = ".tmp"
_KEY = b"diwen"
_SCHEMA = pa.schema(
    [
        pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("point", pa.dictionary(pa.int32(), pa.string()), nullable=False),
        pa.field("value", pa.float64(), nullable=False),
        pa.field("quality", pa.int8(), nullable=False),
        pa.field("origin", pa.dictionary(pa.int32(), pa.string()), nullable=False),
    ]
)


class Span(NamedTuple):
    """What a part holds of a point.

    Attributes
    ----------
    first, last : microseconds UTC
    records : number of records
    origins : a bit per origin that occurs, in the order of `ORIGINS`
    basis : hash of what its flags rest on (`diwen.telemetry.basis`); empty: not known
    """

    first: int
    last: int
    records: int
    origins: int
    basis: str = ""


def span_of(records: Records, basis: str = "") -> Span:
    """The span of records (at least one) whose flags rest on what the hash says."""
    origins = sum(1 << int(code) for code in np.unique(records.origin))
    return Span(int(records.time[0]), int(records.time[-1]), len(records), origins, basis)


def write(
    path: Path,
    content: Mapping[str, Records],
    bases: Mapping[str, str] | None = None,
    sync: bool = True,
) -> None:
    """Write a part in one step that cannot be half done.

    Parameters
    ----------
    bases : hash by point id of what the flags rest on; a point that is not in it is written
        without (it left ``points.csv`` and is judged no more)
    sync : force the folder's entry to the disk too; a writer of many parts may do that once, at
        the end (`sync_folder`): until then a power cut can leave the old part, never half a one
    """
    points = [point for point in sorted(content) if len(content[point])]
    known = bases or {}
    spans = {point: list(span_of(content[point], known.get(point, ""))) for point in points}
    footer = json.dumps({"format": 1, "points": spans}, sort_keys=True, separators=(",", ":"))
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}{_TEMPORARY}")
    try:
        with temporary.open("wb") as sink:
            with pq.ParquetWriter(
                sink,
                _SCHEMA,
                compression="zstd",
                compression_level=3,
                use_dictionary=["point", "value", "quality", "origin"],
                column_encoding={"time": "DELTA_BINARY_PACKED"},
                store_schema=False,
                sorting_columns=[pq.SortingColumn(1), pq.SortingColumn(0)],
            ) as writer:
                writer.add_key_value_metadata({_KEY.decode(): footer})
                for chunk in _chunks(points, content):
                    writer.write_table(_table(points, chunk, content), ROW_GROUP)
            sink.flush()
            os.fsync(sink.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    if sync:
        sync_folder(path.parent)


def _chunks(points: list[str], content: Mapping[str, Records]) -> list[list[int]]:
    """Positions of the points of each row group: whole points, up to the size of a row group."""
    chunks: list[list[int]] = []
    rows = ROW_GROUP + 1
    for position, point in enumerate(points):
        if rows + len(content[point]) > ROW_GROUP:
            chunks.append([])
            rows = 0
        chunks[-1].append(position)
        rows += len(content[point])
    return chunks


def _table(points: list[str], chunk: list[int], content: Mapping[str, Records]) -> pa.Table:
    pieces = [content[points[position]] for position in chunk]
    codes = np.repeat(np.arange(len(chunk), dtype=np.int32), [len(piece) for piece in pieces])
    origin = np.concatenate([piece.origin for piece in pieces]).astype(np.int32)
    columns = [
        pa.array(np.concatenate([piece.time for piece in pieces])).cast(_SCHEMA.field("time").type),
        pa.DictionaryArray.from_arrays(codes, pa.array([points[position] for position in chunk])),
        pa.array(np.concatenate([piece.value for piece in pieces])),
        pa.array(np.concatenate([piece.quality for piece in pieces])),
        pa.DictionaryArray.from_arrays(origin, pa.array(ORIGINS)),
    ]
    return pa.Table.from_arrays(columns, schema=_SCHEMA)


def read(path: Path) -> dict[str, Records]:
    """The whole part, point by point."""
    # One file, opened as such: several times as quick for the small parts of sparse data.
    with pq.ParquetFile(path, read_dictionary=["point", "origin"]) as file:
        table = file.read(use_threads=file.metadata.num_rows > ROW_GROUP).combine_chunks()
    if not table.num_rows:
        return {}
    time = table["time"].cast(pa.int64()).chunk(0).to_numpy()
    value = table["value"].chunk(0).to_numpy()
    quality = table["quality"].chunk(0).to_numpy().astype(np.int8, copy=False)
    point = _dictionary(table["point"])
    origin = _dictionary(table["origin"])
    known = np.array([ORIGINS.index(name) for name in origin.dictionary.to_pylist()], np.int8)
    origins = known[origin.indices.to_numpy()]
    codes = point.indices.to_numpy()
    names = point.dictionary.to_pylist()
    edges = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
    return {
        names[codes[start]]: Records(
            time[start:stop], value[start:stop], quality[start:stop], origins[start:stop]
        )
        for start, stop in pairwise(edges)
    }


def _dictionary(column: Any) -> pa.DictionaryArray:
    array = column.unify_dictionaries().combine_chunks()
    return array.chunk(0) if isinstance(array, pa.ChunkedArray) else array


def spans(path: Path) -> dict[str, Span]:
    """What a part holds of each point, from its footer alone.

    Raises
    ------
    OSError, pyarrow.ArrowInvalid : not a whole Parquet file
    """
    metadata = pq.read_metadata(path).metadata or {}
    if _KEY in metadata:
        entries = json.loads(metadata[_KEY])["points"]
        return {point: Span(*entry) for point, entry in entries.items()}
    return {point: span_of(records) for point, records in read(path).items()}


def sync_folder(folder: Path) -> None:
    """Force a folder's entries to the disk (a rename is only durable after that)."""
    # Windows cannot open a folder; its rename is durable without.
    with suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_text(path: Path, text: str) -> None:
    """Write a small text file in one step that cannot be half done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}{_TEMPORARY}")
    try:
        with temporary.open("w", encoding="utf-8") as sink:
            sink.write(text)
            sink.flush()
            os.fsync(sink.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def remove_leftovers(folder: Path) -> list[Path]:
    """Delete temporary files that a killed writer left; only with the lock held."""
    leftovers = [path for path in folder.rglob(f".*{_TEMPORARY}") if path.is_file()]
    for path in leftovers:
        path.unlink(missing_ok=True)
    return leftovers
