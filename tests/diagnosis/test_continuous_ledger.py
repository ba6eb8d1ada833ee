"""The ledger of deviations: states, who may say them, errors by line and field, whole writes."""

from __future__ import annotations

import itertools
import math
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diwen.diagnosis.continuous.deviation_ledger import (
    COLUMNS,
    FILE,
    DeviationEntry,
    add_deviations,
    course_problems,
    read_deviations,
    states,
)
from diwen.diagnosis.continuous.deviation_states import (
    PROGRAM,
    STATES,
    follows,
    may_say,
    next_states,
)
from diwen.problems import InputError

DAY = date(2024, 3, 1)
TODAY = date(2025, 1, 1)


def site(folder: Path) -> SimpleNamespace:
    return SimpleNamespace(folder=folder)


def entry(state: str, days: int = 0, by: str = PROGRAM, **other: object) -> DeviationEntry:
    given = {"parameter": "source_flow", "object": "", "value": 0.7, **other}
    return DeviationEntry(DAY + timedelta(days=days), state=state, by=by, **given)  # type: ignore[arg-type]


def test_a_whole_life(tmp_path: Path) -> None:
    place = site(tmp_path)
    life = [
        entry("suspected", low=0.6, high=0.8, probability=0.61),
        entry("confirmed", 30),
        entry("corrected", 60, "Li Wei", note='valve V3, "opened"\nagain'),
        entry("verified", 130),
    ]
    for one in life:
        add_deviations(place, [one], TODAY)
    read = read_deviations(place, TODAY)
    assert [one.state for one in read] == [one.state for one in life]
    assert read[2].note == 'valve V3, "opened" again'
    assert (read[0].low, read[0].high, read[0].probability) == (0.6, 0.8, 0.61)
    assert math.isnan(read[1].low)
    assert states(read)["source_flow", ""].state == "verified"
    assert [one.line for one in read] == [2, 3, 4, 5]


def test_a_site_without_ledger_has_none(tmp_path: Path) -> None:
    assert read_deviations(site(tmp_path)) == ()


@pytest.mark.parametrize(
    ("lines", "where"),
    [
        ("2024-13-01,source_flow,,suspected,,,,,diwen,", "line 2, column date"),
        ("2024-03-01,source_flwo,,suspected,,,,,diwen,", "line 2, column parameter"),
        ("2024-03-01,source_flow,,found,,,,,diwen,", "line 2, column state"),
        ("2024-03-01,source_flow,,suspected,much,,,,diwen,", "line 2, column value"),
        ("2024-03-01,source_flow,,suspected,,,,80,diwen,", "line 2, column probability"),
        ("2024-03-01,source_flow,,suspected,,0.9,0.1,,diwen,", "line 2, column low"),
        ("2024-03-01,source_flow,,suspected,,,,,,", "line 2, column by"),
        ("2024-03-01,source_flow,,suspected,,,,,diwen,a,b", "line 2"),
        ("2026-03-01,source_flow,,suspected,,,,,diwen,", "line 2, column date"),
        ("2024-03-01,source_flow,,verified,,,,,diwen,", "line 2, column state"),
        ("2024-03-01,source_flow,,suspected,,,,,diwen,\n"
         "2024-03-02,source_flow,,corrected,,,,,diwen,", "line 3, column by"),
        ("2024-03-01,source_flow,,suspected,,,,,diwen,\n"
         "2024-02-02,source_flow,,confirmed,,,,,diwen,", "line 3, column date"),
    ],
)  # fmt: skip
def test_errors_name_line_and_column(tmp_path: Path, lines: str, where: str) -> None:
    (tmp_path / FILE).write_text(",".join(COLUMNS) + "\n" + lines + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_deviations(site(tmp_path), TODAY)
    assert [one.where for one in caught.value.problems] == [where]
    assert caught.value.problems[0].file == FILE


def test_all_errors_at_once(tmp_path: Path) -> None:
    lines = ["x,source_flow,,suspected,,,,,diwen,", "2024-03-01,nothing,,suspected,,,,,diwen,"]
    (tmp_path / FILE).write_text("\n".join([",".join(COLUMNS), *lines]), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_deviations(site(tmp_path), TODAY)
    assert len(caught.value.problems) == 2


def test_all_or_nothing(tmp_path: Path) -> None:
    place = site(tmp_path)
    add_deviations(place, [entry("suspected")], TODAY)
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(InputError):
        add_deviations(place, [entry("confirmed", 1), entry("verified", 2)], TODAY)
    assert (tmp_path / FILE).read_bytes() == before
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == [FILE]


def test_lines_of_people_are_kept_as_they_wrote_them(tmp_path: Path) -> None:
    """Semicolons, GB 18030, a remark, fewer columns: nothing above the new line changes."""
    text = "date;parameter;state;by;note\n# 备注\n2024-03-01;source_flow;suspected;王工;阀门\n"
    (tmp_path / FILE).write_bytes(text.encode("gb18030"))
    add_deviations(site(tmp_path), [entry("corrected", 3, "王工", note="已打开")], TODAY)
    whole = (tmp_path / FILE).read_text("utf-8")
    assert whole.startswith(text)
    assert whole.splitlines()[-1] == "2024-03-04;source_flow;corrected;王工;已打开"


def test_objects_have_lives_of_their_own(tmp_path: Path) -> None:
    place = site(tmp_path)
    both = [entry("suspected", object="hp1"), entry("confirmed", object="hp2")]
    add_deviations(place, both, TODAY)
    assert {key[1]: one.state for key, one in states(read_deviations(place, TODAY)).items()} == {
        "hp1": "suspected", "hp2": "confirmed",
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STATES), st.sampled_from([PROGRAM, "Li"])), max_size=8))
def test_the_course_is_checked_step_by_step(course: list[tuple[str, str]]) -> None:
    """A course is sound if and only if each step follows the one before and is said by who may."""
    entries = [entry(state, i, by) for i, (state, by) in enumerate(course)]
    before = ["", *(state for state, _ in course)]
    sound = all(
        follows(one, state) and may_say(by, state)
        for one, (state, by) in zip(before, course, strict=False)
    )
    assert sound == (not course_problems(entries, TODAY))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_no_state_is_a_dead_end_and_verified_needs_a_correction(data: st.DataObject) -> None:
    """Random walks along allowed steps: verified comes only right after corrected, and from any
    state a deviation can be found again."""
    state, walk = "", [""]
    for _ in range(8):
        state = data.draw(st.sampled_from(next_states(state)))
        walk.append(state)
    for before, after in itertools.pairwise(walk):
        assert (after != "verified") or before == "corrected"
    assert "confirmed" in next_states(state)


def test_who_says_what() -> None:
    assert not may_say(PROGRAM, "corrected")
    assert not may_say(PROGRAM, "dismissed")
    assert not may_say("Li", "verified")
