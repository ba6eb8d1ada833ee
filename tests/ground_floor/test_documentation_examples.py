"""What the documentation shows is what happens: Python blocks, commands, and their output.

A page's Python blocks are run one after the other; a text block behind one is what it prints. An
HTML comment names the command a text block is the output of, or the file it is; one marked
"long" is run with the long checks.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from diwen.cli import build

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(
    r"^(?:<!-- (?P<kind>file|(?:long )?output of): (?P<what>.*?) -->\n)?"
    r"```(?P<language>\w*)\n(?P<text>.*?)^```$",
    re.S | re.M,
)
PAGES = sorted([*ROOT.glob("README*.md"), *ROOT.glob("docs/pages/*.md"), *ROOT.glob("docs/*.md")])


def blocks(page: Path) -> list[dict[str, str | None]]:
    return [match.groupdict() for match in BLOCK.finditer(page.read_text(encoding="utf-8"))]


def python_of(page: Path) -> list[str]:
    return [b["text"] or "" for b in blocks(page) if b["language"] == "python"]


def with_python() -> list[Path]:
    return [page for page in PAGES if not page.name.endswith(".zh.md") and python_of(page)]


def commands() -> list[object]:
    """Those of the Chinese pages are the same once more, in the other language; some take long."""
    return [
        pytest.param(
            *(page, block["what"] or "", block["text"] or ""),
            marks=[pytest.mark.verify]
            if page.name.endswith(".zh.md") or block["kind"] == "long output of"
            else [],
        )
        for page in PAGES
        for block in blocks(page)
        if block["kind"] in ("output of", "long output of")
    ]


def words(text: str) -> str:
    """Blanks and line ends depend on the width of the terminal."""
    return " ".join(text.split())


@pytest.fixture
def beside_the_examples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that holds the examples, as a clone does."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", with_python(), ids=lambda page: page.name)
def test_python_blocks_run_and_print_what_they_say(page: Path, beside_the_examples: Path) -> None:
    names: dict[str, object] = {"__name__": page.stem}
    shown = blocks(page)
    for block, behind in zip(shown, [*shown[1:], None], strict=True):
        if block["language"] != "python":
            continue
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(compile(block["text"] or "", page.name, "exec"), names)
        if said.getvalue():
            assert behind is not None
            assert said.getvalue() == behind["text"]


@pytest.mark.parametrize("page", with_python(), ids=lambda page: page.name)
def test_both_languages_show_the_same_code(page: Path) -> None:
    """But for the comments."""
    chinese = page.with_name(page.name.replace(".md", ".zh.md"))
    here, there = ([ast.dump(ast.parse(b)) for b in python_of(p)] for p in (page, chinese))
    assert here == there


@pytest.mark.parametrize(
    ("page", "command", "expected"), commands(), ids=lambda value: getattr(value, "name", "")
)
def test_commands_answer_what_the_page_shows(
    page: Path, command: str, expected: str, beside_the_examples: Path
) -> None:
    """Every line of the page is in the answer; the page may leave lines out."""
    for block in blocks(page):
        if block["kind"] == "file":
            (beside_the_examples / (block["what"] or "")).write_text(
                block["text"] or "", encoding="utf-8"
            )
    said = words(CliRunner().invoke(build(), shlex.split(command)).output)
    for line in expected.splitlines():
        assert words(line) in said


def test_tests_that_the_verification_names_are_there() -> None:
    """Files by name, tests by the file before the dots."""
    written = {
        path.name: path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py")
    }
    for page in ("verification.md", "verification.zh.md"):
        text = (ROOT / "docs" / "pages" / page).read_text(encoding="utf-8")
        file = ""
        for name, test in re.findall(r"`(?:tests/\w+/)?(test_\w+\.py|…)(?:::(test_\w+))?`", text):
            file = file if name == "…" else name
            assert file in written
            assert f"def {test}(" in written[file] or not test
        assert file
