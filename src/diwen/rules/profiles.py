"""Evaluation profiles: which indices count, how each is scored, and how much it weighs.

A profile is a TOML file in ``data/profiles``. The first number of a score-table pair may be the
id of a rule row, so that a limit is written in one place only.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from diwen.language import Text
from diwen.problems import Problem
from diwen.rules.rulebook import DATA, RuleMissingError, Rules, load
from diwen.rules.tables import refuse

_NUMBER = Text("a number", "数字")
_PAIRS = Text(
    "pairs [value, score] with rising values and scores from 0 to 100",
    "[取值, 得分] 数对，取值递增，得分 0–100",
)


@dataclass(frozen=True, slots=True)
class Index:
    """One index of a profile.

    Attributes
    ----------
    key : name within the profile
    kpi : indicator of the catalogue that feeds it, such as ``K-03``
    text : name in both languages
    unit : unit of the value
    weight : share of the total; the weights of a profile need not add up to anything
    table : pairs (value, score), values rising; straight lines between, constant outside
    """

    key: str
    kpi: str
    text: Text
    unit: str
    weight: float
    table: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """A way to sum indices up.

    Attributes
    ----------
    id, text, standard : what it is called, and the standard it stands for
    filled : False where the official text was not found: then it cannot judge
    verified : whether its numbers are those of the standard
    source, note : where the numbers come from
    missing_share : largest share of the weight that may be missing for a total to be given
    indices : the indices
    grades : (lowest total, name), best first
    """

    id: str
    text: Text
    standard: str
    filled: bool
    verified: bool
    source: str
    note: Text
    missing_share: float
    indices: tuple[Index, ...]
    grades: tuple[tuple[float, Text], ...]


def profiles() -> tuple[str, ...]:
    """Ids of the profiles that ship with Diwen."""
    return tuple(sorted(path.stem for path in (DATA / "profiles").glob("*.toml")))


def read_profile(profile: str | Path, rules: Rules | None = None) -> Profile:
    """Read a profile by id, or from a file of one's own.

    Raises
    ------
    InputError : the file is missing or holds faults; all are named at once
    """
    path = profile if isinstance(profile, Path) else DATA / "profiles" / f"{profile}.toml"
    reader = _Reader(path.name, rules or load())
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        cure = Text("mend the file; shipped profiles: {known}", "请修正该文件；自带方案：{known}")
        reader.fault("", "not a readable profile", "不是可读取的评价方案", str(error), cure)
        refuse(reader.problems)
    found = reader.profile(content)
    refuse(reader.problems)
    return found


class _Reader:
    """Turns the content of one file into a profile and collects what is wrong."""

    def __init__(self, file: str, rules: Rules) -> None:
        self.file = file
        self.rules = rules
        self.problems: list[Problem] = []

    def fault(
        self, where: str, en: str, zh: str, value: object = "", cure: Text | None = None,
        allowed: Text | None = None,
    ) -> None:  # fmt: skip
        cure = cure or Text("write it as the shipped profiles do", "请参照自带评价方案的写法")
        cure = cure.format(known=", ".join(profiles()))
        self.problems.append(Problem(self.file, where, Text(en, zh), cure, str(value), allowed))

    def profile(self, content: dict[str, Any]) -> Profile:
        known = {
            "id", "name_en", "name_zh", "standard", "filled", "verified", "source", "note_en",
            "note_zh", "missing_share", "indices", "grades",
        }  # fmt: skip
        for key in content.keys() - known:
            self.fault(key, "unknown key", "未知的键", key)
        filled = content.get("filled") is True
        indices = [
            self.index(f"indices[{number}]", entry, filled)
            for number, entry in enumerate(self.tables(content, "indices"), 1)
        ]
        if filled and not indices:
            self.fault("indices", "a filled profile needs indices", "已填写的方案必须有指标")
        grades = [
            (
                self.number(f"grades[{number}].minimum", entry.get("minimum"), 0.0, 100.0),
                Text(str(entry.get("name_en", "")), str(entry.get("name_zh", ""))),
            )
            for number, entry in enumerate(self.tables(content, "grades"), 1)
        ]
        return Profile(
            id=self.word(content, "id"),
            text=Text(self.word(content, "name_en"), self.word(content, "name_zh")),
            standard=self.word(content, "standard"),
            filled=filled,
            verified=content.get("verified") is True,
            source=self.word(content, "source"),
            note=Text(str(content.get("note_en", "")), str(content.get("note_zh", ""))),
            missing_share=self.number("missing_share", content.get("missing_share"), 0.0, 1.0),
            indices=tuple(index for index in indices if index is not None),
            grades=tuple(sorted(grades, key=lambda grade: grade[0], reverse=True)),
        )

    def index(self, where: str, entry: dict[str, Any], filled: bool) -> Index | None:
        for key in entry.keys() - {"key", "kpi", "name_en", "name_zh", "unit", "weight", "table"}:
            self.fault(f"{where}.{key}", "unknown key", "未知的键", key)
        if not filled:
            return None
        before = len(self.problems)
        weight = self.number(f"{where}.weight", entry.get("weight"), 1e-9, 1e9)
        table = self.table(f"{where}.table", entry.get("table"))
        text = Text(self.word(entry, "name_en", where), self.word(entry, "name_zh", where))
        key, kpi = self.word(entry, "key", where), str(entry.get("kpi", ""))
        if len(self.problems) > before:
            return None
        return Index(key, kpi, text, str(entry.get("unit", "1")), weight, table)

    def table(self, where: str, pairs: Any) -> tuple[tuple[float, float], ...]:
        if not isinstance(pairs, list) or not pairs:
            self.fault(where, "no score table", "缺少评分表", pairs, allowed=_PAIRS)
            return ()
        table = []
        for number, pair in enumerate(pairs, 1):
            place = f"{where}[{number}]"
            if not isinstance(pair, list) or len(pair) != 2:
                self.fault(place, "not a pair", "不是数对", pair, allowed=_PAIRS)
                continue
            value = self.limit(place, pair[0]) if isinstance(pair[0], str) else pair[0]
            table.append((self.number(place, value), self.number(place, pair[1], 0.0, 100.0)))
        values = [value for value, _ in table]
        if any(later <= earlier for earlier, later in pairwise(values)):
            self.fault(where, "values must rise", "取值必须递增", values, allowed=_PAIRS)
        return tuple(table)

    def limit(self, where: str, id: str) -> float | None:
        try:
            return self.rules.value(id)
        except RuleMissingError as error:
            self.fault(where, error.text.en, error.text.zh, id)
            return 0.0

    def tables(self, content: dict[str, Any], key: str) -> list[dict[str, Any]]:
        found = content.get(key, [])
        if isinstance(found, list) and all(isinstance(entry, dict) for entry in found):
            return found
        self.fault(key, f"not a list of [[{key}]] tables", f"不是 [[{key}]] 表", found)
        return []

    def word(self, content: dict[str, Any], key: str, where: str = "") -> str:
        value = content.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fault(f"{where}.{key}".strip("."), "text is missing", "缺少文字", value or "")
            return ""
        return value.strip()

    def number(self, where: str, value: Any, low: float = -1e300, high: float = 1e300) -> float:
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            self.fault(
                where, "not a number in its range", "不是范围内的数字", value, allowed=_NUMBER
            )
            return low
        return float(value)
