"""A weather file is parsed once while nothing of it changes; nobody can write into what is kept."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import numpy as np

import diwen
from diwen.site.weather_of_site import weather_of_site

EXAMPLE = Path(__file__).parents[2] / "examples" / "hotel-minus-42"


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "site")
    site = diwen.read(tmp_path / "site")
    path = site.folder / site.weather.file
    first = weather_of_site(site)
    assert first is not None
    again = weather_of_site(site)
    assert again is not None
    np.testing.assert_array_equal(first.dry_bulb, again.dry_bulb)
    stat = path.stat()
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns + 10**9))
    after = weather_of_site(site)
    assert after is not None
    assert after is not again
    np.testing.assert_array_equal(first.dry_bulb, after.dry_bulb)


def test_what_is_kept_cannot_be_written_into() -> None:
    kept = weather_of_site(diwen.read(EXAMPLE))
    assert kept is not None
    assert kept is weather_of_site(diwen.read(EXAMPLE))
    assert not kept.dry_bulb.flags.writeable
