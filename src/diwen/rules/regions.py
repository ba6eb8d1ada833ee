"""Where a rule holds: regions in a chain from the district up to the whole world."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from diwen.language import Text
from diwen.problems import InputError, Problem
from diwen.rules.tables import lines

_COLUMNS = ("key", "parent", "name_zh", "name_en", "names", "note")


@dataclass(frozen=True, slots=True)
class Region:
    """A district, province, grid region or country; ``parent`` is empty for a country."""

    key: str
    parent: str
    text: Text
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Regions:
    """All known regions by key."""

    by_key: dict[str, Region]

    def find(self, name: str) -> Region:
        """The region a person means by ``Beijing``, ``北京市`` or ``Aachen, Germany``.

        The parts of a list are tried from the left, so the narrowest known place counts.

        Raises
        ------
        InputError : no part of the name is known
        """
        spellings = {
            spelling.casefold(): region
            for region in self.by_key.values()
            for spelling in (region.key, region.text.en, region.text.zh, *region.names)
        }
        for part in re.split(r"[,，/]", name):
            region = spellings.get(part.strip().casefold())
            if region is not None:
                return region
        near = get_close_matches(name.casefold(), spellings, 1, 0.6)
        guess = spellings[near[0]].key if near else "China"
        raise InputError(
            [
                Problem(
                    "rules", "region", Text("unknown region", "未知地区"),
                    Text(
                        "write for example {guess}, or a city with its country",
                        "例如写作 {guess}，或写“城市, 国家”",
                    ).format(guess=guess),
                    name,
                )
            ]
        )  # fmt: skip

    def chain(self, name: str | None) -> tuple[str, ...]:
        """Keys from the named region outwards; the last is empty: international."""
        keys = []
        key = self.find(name).key if name else ""
        while key:
            keys.append(key)
            key = self.by_key[key].parent
        return (*keys, "")


def read_regions(path: Path, problems: list[Problem]) -> Regions:
    """Read the table of regions; a parent that is not listed is a problem."""
    table = list(lines(path, _COLUMNS, problems))
    known: dict[str, Region] = {}
    # A parent stands above its children, so no chain can close on itself.
    for line in table:
        if line["parent"] and line["parent"] not in known:
            problems.append(
                line.problem(
                    "parent", Text("the parent region is not listed above", "上级地区未在上文列出"),
                    Text("put the parent on an earlier line", "请把上级地区放在前面"),
                )
            )  # fmt: skip
            continue
        text = Text(line["name_en"], line["name_zh"])
        names = tuple(name.strip() for name in line["names"].split(";") if name.strip())
        known[line["key"]] = Region(line["key"], line["parent"], text, names)
    return Regions(known)
