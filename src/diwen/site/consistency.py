"""What is impossible between tables: ids that nobody defined, ids used twice."""

from __future__ import annotations

from collections.abc import Iterator

from diwen.language import Text
from diwen.site.fields import Finding
from diwen.site.model import SiteFile, equipment_ids
from diwen.site.spelling import cure_for, listed

_TWICE = Text("the id is also used in {table}", "该标识在 {table} 中也已使用")
_RENAME = Text("give every equipment of the site an id of its own", "请为每台设备取各自的标识")
_UNDEFINED = Text("no {table} of that id", "{table} 中没有该标识")

# Which key names the id of which tables.
_REFERENCES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("heat_pumps", "source", ("sources",)),
    ("pumps", "serves", ("heat_pumps", "sources", "wells", "zones")),
    ("loads", "terminals", ("terminals",)),
    ("sources", "exchanger", ("exchangers",)),
    ("solar_collectors", "recharges", ("sources",)),
)


def reference_findings(site: SiteFile) -> Iterator[Finding]:
    """Findings between the tables of a site; paths from the root of the file."""
    seen: dict[str, str] = {}
    known: dict[str, list[str]] = {}
    for name, table in equipment_ids(site):
        known.setdefault(table, []).append(name)
        if name in seen:
            message = _TWICE.format(table=seen[name])
            yield Finding(f"{table}.{name}", message, _RENAME, name)
        seen.setdefault(name, table)
    for table, key, targets in _REFERENCES:
        names = [name for target in targets for name in known.get(target, ())]
        for owner, item in getattr(site, table).items():
            given = getattr(item, key, None)
            for wanted in (given,) if isinstance(given, str) else given or ():
                if wanted and wanted not in names:
                    message = _UNDEFINED.format(table=" / ".join(targets))
                    cure = cure_for(wanted, names)
                    yield Finding(f"{table}.{owner}.{key}", message, cure, wanted, listed(names))
