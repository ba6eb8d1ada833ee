"""The Chinese report says nothing in English but names, symbols and numbers of standards."""

from __future__ import annotations

import csv
import html
import re
from pathlib import Path

from walk_site import diwen

from diwen.rules import load

HIDDEN = re.compile(r"<(script|style|head)\b.*?</\1>", re.DOTALL)
WORD = re.compile(r"[A-Za-z]{4,}")
# Words that are names: of documents, files, programs, places on the clock, formulas.
ALLOWED = frozenset(
    re.findall(
        r"\w+",
        "Annex SEPEMO IPMVP Theil diwen import diagnose SITE recompute quality JavaScript toml "
        "subsidy ledger deviations points Asia Shanghai kgce EERsys COPsys RMSE N_pump pump Diwen",
    )
)
SUBSCRIPT = re.compile(r"_[A-Za-z]+\b")  # as in (ṁc)_source
# Codes of points that lack: of each unit, of each branch.
CODES = re.compile(r"\bTU1\.unit\b|\bFS\.branch\b")
# Hashes of the data and of the rules.
DIGEST = re.compile(r"\b[0-9a-f]{16,64}\b")


def visible(page: str) -> str:
    """What a reader sees of a page."""
    return html.unescape(re.sub(r"<[^>]*>", "\n", HIDDEN.sub("", page)))


def without_names(text: str, plant: Path) -> str:
    """A text without the ids and names that the user or a rule gave."""
    names = {row.id for row in load().rows()}
    with (plant / "points.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            names |= {row["id"], row["name"], row["accuracy"], *row["equipment"].split("+")}
            names |= {row["location"].partition("@")[2]}
    toml = (plant / "site.toml").read_text(encoding="utf-8")
    names |= set(re.findall(r'name = "(.+?)"', toml)) | set(
        re.findall(r"^\[\w+\.(\w+)\]", toml, re.M)
    )
    text = CODES.sub(" ", DIGEST.sub(" ", text))
    for name in sorted(names - {""}, key=len, reverse=True):
        text = text.replace(name, " ")
    return SUBSCRIPT.sub(" ", text)


def test_no_english_word_in_a_chinese_report(built: Path, tmp_path: Path) -> None:
    for period in ("2025-01", "2024-heating", "2025"):
        arguments = ("--period", period, "--format", "html", "--language", "zh", "-o", tmp_path)
        assert diwen("report", built, *arguments).exit_code == 0
        page = (tmp_path / f"plant_{period}_zh.html").read_text(encoding="utf-8")
        shown = without_names(visible(page), built)
        assert "北京" in shown
        assert "Beijing" not in shown
        assert "yuan" not in shown
        found = set(WORD.findall(shown)) - ALLOWED
        where = {word: re.findall(f".{{0,40}}{word}.{{0,40}}", shown)[:3] for word in found}
        assert not found, f"{period}: {where}"
