"""Every rule row that the code names is shipped: a row that is renamed must not fail in use."""

import re
from pathlib import Path

import diwen
from diwen import rules

SOURCE = Path(diwen.__file__).parent
# A name in quotes with dots in it, as rule ids are written.
_DOTTED = re.compile(r"""["']([a-z][a-z0-9_]*(?:\.[a-zA-Z0-9_]+)+)["']""")
# How a row is asked for in code.
_ASKED = re.compile(r"""\.(?:value|row)\(\s*["']([a-z][a-z0-9_]*(?:\.[a-zA-Z0-9_]+)+)["']""")


def _found(pattern: re.Pattern[str]) -> set[str]:
    return {
        name
        for file in SOURCE.rglob("*.py")
        for name in pattern.findall(file.read_text(encoding="utf-8"))
    }


def test_every_row_asked_for_is_shipped():
    asked = _found(_ASKED)
    assert len(asked) > 10
    assert asked <= {row.id for row in rules.load().rows()}


def test_every_name_that_looks_like_a_row_is_a_row_or_the_head_of_one():
    ids = {row.id for row in rules.load().rows()}
    families = {id.split(".")[0] for id in ids} - {"grid", "quality", "tariff"}
    pages = {name for name in _found(_DOTTED) if name.endswith(".html")}
    named = {name for name in _found(_DOTTED) - pages if name.split(".")[0] in families}
    assert len(named) > 30
    lost = {name for name in named if name not in ids and not any(i.startswith(name) for i in ids)}
    assert lost == set()
