"""Kill -9 at random moments: the store stays readable, complete up to the last finished part."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from telemetry_site import make_site

from diwen import telemetry

MONTHS = 8
CHILD = textwrap.dedent(
    """
    import sys
    sys.path.insert(0, sys.argv[2])
    from pathlib import Path
    from telemetry_site import make_site
    from diwen import telemetry
    site = make_site(Path(sys.argv[1]))
    print("ready", flush=True)
    telemetry.import_files(site, [sys.argv[3]])
    print("done", flush=True)
    """
)


def delivery(path: Path) -> pl.DataFrame:
    start = datetime(2018, 1, 15, tzinfo=UTC)
    times = [start + timedelta(minutes=5 * i) for i in range(288 * 30 * MONTHS)]
    frame = pl.DataFrame({"time": times}).with_columns(
        t_brine=(pl.int_range(len(times)) % 37) / 10.0,
        power=(pl.int_range(len(times)) % 11) / 10.0,
        flow=(pl.int_range(len(times)) % 7) / 1.0,
    )
    frame.with_columns(pl.col("time").dt.strftime("%Y-%m-%d %H:%M:%S")).write_csv(path)
    return frame


def killed_after(folder: Path, file: Path, seconds: float) -> bool:
    """Import in a process of its own and kill it; whether it was killed before it had done."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(Path(__file__).parent), str(file)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline().strip() == "ready"
    time.sleep(seconds)
    finished = child.poll() is not None
    if not finished:
        os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    return not finished


@pytest.mark.verify
def test_killed_at_random_moments(tmp_path: Path) -> None:
    file = tmp_path / "delivery.csv"
    whole = delivery(file)
    truth = make_site(tmp_path / "truth")
    telemetry.import_files(truth, [file])
    ids = ["t_brine", "power", "flow"]
    expected = telemetry.open_store(truth).read(ids)
    chance = random.Random(2018)
    killed = 0
    for attempt in range(25):
        folder = tmp_path / f"site{attempt}"
        for _ in range(2):
            killed += killed_after(folder, file, chance.uniform(0.0, 0.6))
            store = telemetry.open_store(make_site(folder))
            months = {month for _, month in store.manifest.parts}
            kept = expected.filter(pl.col("time").dt.strftime("%Y-%m").is_in(months))
            stored = store.read(ids)
            assert not store.manifest.damaged
            assert stored.drop("quality").equals(kept.drop("quality"))
        site = make_site(folder)
        telemetry.import_files(site, [file])
        assert telemetry.open_store(site).read(ids).equals(expected)
        assert not list(folder.rglob("*.tmp"))
    assert killed >= 10
    assert whole.height * 3 == expected.height
