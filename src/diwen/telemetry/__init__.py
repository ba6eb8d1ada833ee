"""Telemetry: what was measured, raw for ever, with quality flags beside it.

``open_store(site)`` opens the store of a site for reading and writing;
``import_files(site, files)`` reads deliveries of every usual kind into it; ``Fleet(sites)`` asks
many sites at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diwen.doors import through

if TYPE_CHECKING:
    from diwen.telemetry.account import Account as Account
    from diwen.telemetry.account import account_of as account_of
    from diwen.telemetry.basis import stale_notice as stale_notice
    from diwen.telemetry.fleet import Fleet as Fleet
    from diwen.telemetry.importing import ImportReport as ImportReport
    from diwen.telemetry.importing import import_files as import_files
    from diwen.telemetry.importing import recompute as recompute
    from diwen.telemetry.picture import write_picture as write_picture
    from diwen.telemetry.quality import RULES as RULES
    from diwen.telemetry.series import Series as Series
    from diwen.telemetry.simulated import store_simulated as store_simulated
    from diwen.telemetry.store import Store as Store
    from diwen.telemetry.store import open_store as open_store

# Loaded at first use: polars and pyarrow are heavy.
_DOOR = {
    "RULES": "quality",
    "Account": "account",
    "Fleet": "fleet",
    "ImportReport": "importing",
    "account_of": "account",
    "import_files": "importing",
    "stale_notice": "basis",
    "recompute": "importing",
    "write_picture": "picture",
    "Series": "series",
    "Store": "store",
    "open_store": "store",
    "store_simulated": "simulated",
}
__all__ = list(_DOOR)


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
