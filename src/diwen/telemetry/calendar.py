"""The data calendar for a terminal: a strip of blocks per point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from diwen.telemetry.store import Store

_BLOCKS = " ░▒▓█"
_WIDTH = 60


def strips(store: Store, width: int = _WIDTH) -> list[str]:
    """A line per point: its name, its share and its days (several days a block if many).

    An empty block is a day without a usable record, a full one a complete day.
    """
    calendar = store.coverage()
    if not calendar.height:
        return []
    days = calendar["day"].to_list()
    lines = [f"{'':24s}        {min(days)} .. {max(days)}"]
    for rows in calendar.partition_by("point", maintain_order=True):
        point = str(rows["point"][0])
        valid, expected = rows["valid"].to_numpy(), rows["expected"].to_numpy()
        blocks = min(width, len(valid))
        edges = np.linspace(0, len(valid), blocks + 1).astype(int)[:-1]
        share = np.add.reduceat(valid, edges) / np.maximum(np.add.reduceat(expected, edges), 1e-9)
        # Only a complete block is shown full, only an empty one empty.
        level = np.where(share >= 0.999, 4, np.where(share <= 0, 0, 1 + np.floor(share * 3)))
        strip = "".join(_BLOCKS[int(min(step, 4))] for step in level)
        whole = 100 * min(valid.sum() / max(expected.sum(), 1e-9), 1.0)
        lines.append(f"{point[:24]:24s} {whole:5.1f} % {strip}")
    return lines
