"""The rule book: every dated row, and the look-up "what holds here on this day"."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from diwen.language import Text
from diwen.problems import Problem
from diwen.rules.contradictions import contradictions
from diwen.rules.reading import read_rules, read_water
from diwen.rules.regions import Regions, read_regions
from diwen.rules.row import Row
from diwen.rules.tables import refuse
from diwen.rules.words import Words, read_words

DATA = Path(__file__).parent / "data"

_MISSING = Text("there is no rule {id}", "没有规则 {id}")
_NOT_HERE = Text(
    "rule {id} does not hold on {day} in {region}", "规则 {id} 于 {day} 在 {region} 不适用"
)
_EMPTY = Text(
    "rule {id} is empty: obtain the official text of {standard} and enter the value",
    "规则 {id} 为空：请取得 {standard} 正式文本后填写",
)
_ANYWHERE = Text("any region", "任何地区")


class RuleMissingError(KeyError):
    """A rule that was asked for does not exist, does not hold here and now, or is empty.

    ``text`` says which, in both languages.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)

    def __str__(self) -> str:
        # KeyError would print the quoted representation.
        return self.text.en


@dataclass(frozen=True)
class Rules:
    """Every row that was read, whatever its date and region.

    Attributes
    ----------
    all : the rows in the order of the files
    regions, words : the regions and ruled quantities the rows refer to
    digest : SHA-256 of the data the rows were read from; reports print it
    """

    all: tuple[Row, ...]
    regions: Regions
    words: Words
    digest: str
    _by_id: Mapping[str, tuple[Row, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.all:
            by_id[row.id].append(row)
        newest = {
            id: tuple(sorted(rows, key=lambda row: row.valid_from or date.min, reverse=True))
            for id, rows in by_id.items()
        }
        object.__setattr__(self, "_by_id", newest)

    def on(self, day: date, region: str | None = None) -> RulesOn:
        """The rules as they hold on a day and in a region.

        Parameters
        ----------
        day : the day (of a datetime, its date)
        region : ``Beijing``, ``北京``, ``Aachen, Germany``; None leaves the place open, so that
            rows of every region are seen

        Raises
        ------
        InputError : the region is not known
        """
        day = day.date() if isinstance(day, datetime) else day
        chain = None if not region else self.regions.chain(region)
        return RulesOn(self, day, chain)

    def rows(
        self, quantity: str | None = None, standard: str | None = None, id: str | None = None
    ) -> tuple[Row, ...]:
        """Rows of every date; ``id`` may hold ``*`` (``subsidy.jilin.*``)."""
        return tuple(row for row in self.all if _matches(row, quantity, standard, id))

    def row(self, id: str) -> Row:
        """The newest row of that id, whether or not it still holds.

        Raises
        ------
        RuleMissingError : there is none
        """
        return self.versions(id)[0]

    def versions(self, id: str) -> tuple[Row, ...]:
        """All rows of that id, newest first.

        Raises
        ------
        RuleMissingError : there is none
        """
        if id not in self._by_id:
            raise RuleMissingError(_MISSING.format(id=id))
        return self._by_id[id]

    def value(self, id: str) -> float:
        """The number of the newest row of that id.

        Raises
        ------
        RuleMissingError : there is none, or it is empty
        """
        return number(self.row(id))


@dataclass(frozen=True)
class RulesOn:
    """The rules bound to a day and a region (see :meth:`Rules.on`).

    Attributes
    ----------
    rules : the whole rule book
    day : the day
    chain : the region and those around it, outermost (international, empty) last; None: any
    """

    rules: Rules
    day: date
    chain: tuple[str, ...] | None

    @property
    def region(self) -> Text:
        """The region in words."""
        if self.chain is None:
            return _ANYWHERE
        key = self.chain[0]
        return self.rules.regions.by_key[key].text if key else Text("the world", "国际")

    @property
    def digest(self) -> str:
        """SHA-256 of the rule data."""
        return self.rules.digest

    def rows(
        self, quantity: str | None = None, standard: str | None = None, id: str | None = None
    ) -> tuple[Row, ...]:
        """The rows that hold, nearest region first; ``id`` may hold ``*``.

        Of rows with the same id only the one of the nearest region is given.
        """
        found: dict[str, Row] = {}
        wanted = (row for row in self.rules.all if _matches(row, quantity, standard, id))
        for row in sorted((row for row in wanted if self._holds(row)), key=self._order):
            found.setdefault(row.id, row)
        return tuple(found.values())

    def row(self, id: str) -> Row:
        """The row of that id that holds here on that day.

        Raises
        ------
        RuleMissingError : no such row, or it does not hold here and then
        """
        holding = [row for row in self.rules.versions(id) if self._holds(row)]
        if not holding:
            text = _NOT_HERE.format(id=id, day=self.day.isoformat(), region=self.region)
            raise RuleMissingError(text)
        return min(holding, key=self._order)

    def value(self, id: str) -> float:
        """The number of the row of that id that holds here on that day.

        Raises
        ------
        RuleMissingError : no such row, it does not hold here and then, or it is empty
        """
        return number(self.row(id))

    def _holds(self, row: Row) -> bool:
        return row.valid_on(self.day) and (self.chain is None or row.region in self.chain)

    def _order(self, row: Row) -> int:
        """Nearness of the row's region; with the place open the widest region comes first."""
        if self.chain is None:
            return len(self.rules.regions.chain(row.region or None))
        return self.chain.index(row.region)


def number(row: Row) -> float:
    """The number of a row.

    Raises
    ------
    RuleMissingError : the row is empty (official text not found) or holds words
    """
    if row.value is None:
        raise RuleMissingError(_EMPTY.format(id=row.id, standard=row.name))
    return row.value


def load(own: Path | None = None) -> Rules:
    """The rules that ship with Diwen, and a user's own on top.

    Parameters
    ----------
    own : folder with more tables (``*.csv`` and ``water/*.csv``, same columns); a row there
        replaces the shipped rows of the same id and region, and takes effect as it is dated

    Raises
    ------
    InputError : the tables hold faults; all are named at once
    """
    return _load(None if own is None else own.resolve())


@cache
def _load(own: Path | None) -> Rules:
    problems: list[Problem] = []
    regions = read_regions(DATA / "words" / "regions.csv", problems)
    words = read_words(DATA / "words" / "quantities.csv", problems)
    shipped = _read_folder(DATA, words, problems)
    added = [] if own is None else _read_folder(own, words, problems)
    replaced = {(row.id, row.region) for row in added}
    rows = [row for row in shipped if (row.id, row.region) not in replaced] + added
    problems.extend(contradictions(rows, regions))
    refuse(problems)
    folders = [DATA] if own is None else [DATA, own]
    return Rules(tuple(rows), regions, words, _digest(folders))


def _read_folder(folder: Path, words: Words, problems: list[Problem]) -> list[Row]:
    rows: list[Row] = []
    for path in sorted(folder.glob("*.csv")):
        rows.extend(read_rules(path, words, problems))
    for path in sorted((folder / "water").glob("*.csv")):
        rows.extend(read_water(path, problems))
    return rows


def _digest(folders: Iterable[Path]) -> str:
    """SHA-256 of every table and profile, independent of line ends and of the folder's place."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted((*folder.rglob("*.csv"), *folder.rglob("*.toml"))):
            content = path.read_bytes().replace(b"\r\n", b"\n")
            name = path.relative_to(folder).as_posix().encode()
            digest.update(b"%d %s %d\0" % (len(name), name, len(content)))
            digest.update(content)
    return digest.hexdigest()


def _matches(row: Row, quantity: str | None, standard: str | None, id: str | None) -> bool:
    return (
        (quantity is None or row.quantity == quantity)
        and (standard is None or _plain(standard) in _plain(f"{row.standard}-{row.edition}"))
        and (id is None or row.id == id or ("*" in id and fnmatchcase(row.id, id)))
    )


def _plain(text: str) -> str:
    return text.casefold().replace(" ", "")
