"""Commands that cannot do their work: exit codes, languages, JSON, no walls of trace."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import diwen.site
from diwen import telemetry
from diwen.cli import main

HEAD = "time,t,p\n"
ROW = "2018-01-05 03:00,1.5,2\n"


@dataclass
class Answer:
    """What a command gave back."""

    code: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run ``diwen`` as from a shell whose language is the one given."""

    def run(*words: object, language: str = "en") -> Answer:
        monkeypatch.setenv("DIWEN_LANGUAGE", language)
        monkeypatch.setattr(sys, "argv", ["diwen", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return Answer(int(left.value.code or 0), said.out, said.err)

    return run


def test_errors_with_json_are_json(stored: Path, command: Command) -> None:
    for words in (
        ("import", stored, "absent.csv", "--json"),
        ("import", "absent", "--json"),
        ("import", "--json"),
        ("evaluate", stored, "--period", "soon", "--json"),
        ("evaluate", stored, "--bogus", "--json"),
        ("evaluate", stored, "--only", "luck", "--json"),
        ("evaluate", stored, "--period", "0001", "--json"),
        ("evaluate", stored, "--period", "9999-heating", "--json"),
        ("check", "absent", "--json"),
        ("portfolio", "absent", "--json"),
        ("new", stored, "--json"),
    ):
        answer = command(*words)
        assert answer.code == 2, words
        assert json.loads(answer.out)["problems"][0]["message"]["zh"], words


def test_the_language_asked_for_holds_for_errors(stored: Path, command: Command) -> None:
    for words, language in (
        (("import", stored, "absent.csv", "--language", "zh"), "en"),
        (("evaluate", stored, "--period=soon", "--language=zh"), "en"),
        (("evaluate", stored, "--bogus"), "zh"),
        (("import",), "zh"),
    ):
        answer = command(*words, language=language)
        assert (answer.code, answer.out) == (2, "")
        assert "改法" in answer.err
        assert "Missing" not in answer.err
        assert "No such" not in answer.err
    answer = command("check", stored, "--language", "fr")
    assert answer.code == 2
    assert "en, zh" in answer.err


def test_a_fault_of_its_own_is_one_line(
    stored: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(folder: Path) -> None:
        raise KeyError("lost")

    monkeypatch.setattr(diwen.site, "read", fault)
    answer = command("import", stored)
    assert answer.code == 3
    assert len(answer.err.splitlines()) == 1
    assert "KeyError: 'lost'" in answer.err
    assert "DIWEN_DEBUG=1" in answer.err
    monkeypatch.setenv("DIWEN_DEBUG", "1")
    with pytest.raises(KeyError, match="lost"):
        main()


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space"), MemoryError()])
def test_a_full_disk_or_memory_is_told(
    stored: Path, command: Command, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(telemetry, "import_files", refuse)
    answer = command("import", stored, "x.csv", language="zh")
    assert answer.code == 2
    assert "不足" in answer.err


def test_interrupted_is_silent(
    stored: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(folder: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(diwen.site, "read", stop)
    answer = command("import", stored)
    assert answer.code == 130
    assert "Traceback" not in answer.err


def test_import_takes_what_lies_in_the_folder(stored: Path, command: Command) -> None:
    (stored / "measurements").mkdir()
    (stored / "measurements/day.csv").write_text(HEAD + ROW, "utf-8")
    (stored / "readings.csv").write_text("time,point,value\n2018-03-01 08:00,t,3\n", "utf-8")
    answer = command("import", stored)
    assert answer.code == 0, answer.err
    assert "measurements/day.csv, readings.csv" in answer.err
    taken = telemetry.open_store(diwen.site.read(stored)).series("t").value.tolist()
    assert taken == [9, 1.5, 9, 3]
