"""Series of a simulation straight into the store, every record marked as simulated."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from diwen.telemetry.records import Records, Times, Values, fresh
from diwen.telemetry.store import Store
from diwen.telemetry.writing import Outcome, take_in

if TYPE_CHECKING:
    from diwen.site import Site


def store_simulated(
    site: Site,
    series: Mapping[str, tuple[Times, Values]],
    account: Mapping[str, Any] | None = None,
    done: Callable[[str, int], None] | None = None,
) -> Outcome:
    """Store simulated series.

    Parameters
    ----------
    site : with the points in its ``points.csv``
    series : by point id, time (microseconds UTC, ascending, each once) and raw number in the unit
        of the point, shape (n,) each
    account : what was simulated, for the log of the store; plain data
    done : called after each month with its name and the number of records

    Raises
    ------
    diwen.problems.InputError : unknown points, or another process is writing
    """
    store = Store(site)
    incoming = {
        store.point(id).id: fresh(time, value, "simulated") for id, (time, value) in series.items()
    }
    return take_in(store, incoming, log=_log(incoming, account or {}), done=done)


def _log(incoming: Mapping[str, Records], account: Mapping[str, Any]) -> dict[str, Any]:
    """The entry of the store's log: what it was, and a hash of all numbers."""
    digest = hashlib.sha256()
    for id in sorted(incoming):
        digest.update(id.encode())
        digest.update(incoming[id].time.tobytes() + incoming[id].value.tobytes())
    mapping = json.dumps(account, sort_keys=True, default=str)
    held = [own for own in incoming.values() if len(own)]
    entry: dict[str, Any] = {
        "file": "diwen simulate",
        "sha256": digest.hexdigest(),
        "mapping": hashlib.sha256(mapping.encode()).hexdigest()[:16],
        "form": "simulated",
        "values": sum(len(own) for own in held),
        "refused": 0,
        "points": len(held),
        "simulated": dict(account),
    }
    if held:
        entry["first"] = int(min(own.time[0] for own in held))
        entry["last"] = int(max(own.time[-1] for own in held))
    return entry
