"""Whatever stands in the files, the readers answer with a site or with InputError."""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.problems import InputError
from diwen.site import read
from diwen.site.toml_lines import key_lines

PLANT = Path(__file__).parents[2] / "examples" / "plant-template"
TOML = (PLANT / "site.toml").read_text(encoding="utf-8")
POINTS = (PLANT / "points.csv").read_text(encoding="utf-8")
LEDGER = (PLANT / "ledger.csv").read_text(encoding="utf-8")
SIGNS = list("\n\"'[]{}=,;#\\+@\u2028\x85")
WORDS = ["1e999", "-0", "nan", "true", "[[x]]\n", "schema", "10 m", "2020-02-30", "site", "1/m"]
SNIPPETS = st.sampled_from(["", '"""', *SIGNS, *WORDS])


def attempt(toml: bytes, points: bytes, ledger: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("site.toml", toml), ("points.csv", points), ("ledger.csv", ledger)):
            Path(folder, name).write_bytes(data)
        problems = []
        try:
            assert read(folder).equipment() is not None
        except InputError as error:
            problems = [*error.problems]
        for problem in problems:
            assert problem.to("en")
            assert problem.to("zh")


@st.composite
def damaged(draw: st.DrawFn, text: str) -> bytes:
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, 30))
        text = text[:start] + draw(SNIPPETS | st.text(max_size=6)) + text[start + length :]
    return text.encode("utf-8", "surrogatepass")


@settings(max_examples=120, deadline=None)
@given(damaged(TOML))
def test_damaged_site_toml(toml: bytes) -> None:
    attempt(toml, POINTS.encode(), LEDGER.encode())


@settings(max_examples=120, deadline=None)
@given(damaged(POINTS), damaged(LEDGER))
def test_damaged_points_and_ledger(points: bytes, ledger: bytes) -> None:
    attempt(TOML.encode(), points, ledger)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=300))
def test_any_bytes(toml: bytes, points: bytes, ledger: bytes) -> None:
    attempt(toml, points, ledger)
    attempt(TOML.encode(), points, ledger)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats()
    | st.sampled_from(["", "10 m", "5 °C", "hp1", "x" * 200, "borefield", "rectangle", "0 m"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abtype", max_size=4), inner)
    ),
    max_leaves=5,
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_values_of_any_type_at_any_key(data: st.DataObject) -> None:
    from diwen.site.reading import _FileReader

    raw = tomllib.loads(TOML)
    for _ in range(data.draw(st.integers(1, 3))):
        node: object = raw
        while isinstance(node, dict | list) and node:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            key = data.draw(st.sampled_from(keys))
            if data.draw(st.integers(0, 2)) == 0 or not isinstance(node[key], dict | list):
                node[key] = data.draw(VALUES)
                break
            node = node[key]
    reader = _FileReader(raw, {}, PLANT)
    reader.parts()
    assert all(problem.to("zh") for problem in reader.problems)


def test_lines_of_keys() -> None:
    text = (
        'a = 1\n[t]\n"quoted key" = """\nb = 2\n"""\nlist = [\n  1, # x\n]\nc = { d = 1 }\n'
        "[[t.rows]]\nx = 1\n[[t.rows]]\nx = '[no.table]'\n[t.rows.inner]\ny = 2\n[p.q]\n"
    )
    tomllib.loads(text)
    lines = key_lines(text)
    assert lines["a",] == 1
    assert lines["t", "quoted key"] == 3
    assert lines["t", "list"] == 6
    assert lines["t", "c"] == 9
    assert lines["t", "rows", 0, "x"] == 11
    assert lines["t", "rows", 1, "x"] == 13
    assert lines["t", "rows", 1, "inner", "y"] == 15
    assert lines["p",] == 16
    assert ("b",) not in lines
