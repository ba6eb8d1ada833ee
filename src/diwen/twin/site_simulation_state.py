"""Carrying a plant from one year of a run into the next, and joining the courses of years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from diwen.twin.course import TwinCourse

if TYPE_CHECKING:
    from diwen.sources.response.source_model import SourceModel
    from diwen.twin.run import TwinState


def at_place(state: TwinState, place: int) -> TwinState:
    """The same plant at another step of its repeating year."""
    return replace(state, place=place)


def carried(
    state: TwinState, before: dict[str, SourceModel], after: dict[str, SourceModel]
) -> TwinState:
    """The state on sources that have changed.

    A mode holds the heat rate as it is lagged by its time constant, whatever its resistance; so
    the state of other time constants is read from that of the old ones, between which it changes
    slowly with the logarithm of the time constant.
    """
    sources = dict(state.sources)
    for name, lagged in state.sources.items():
        if name not in before or name not in after:
            continue
        old = before[name].response.time_constants
        new = after[name].response.time_constants
        if len(old) != len(lagged) or not len(new):
            sources[name] = np.zeros(len(new))
        elif len(old) != len(new) or not np.allclose(old, new):
            sources[name] = np.interp(np.log(new), np.log(old), lagged)
    return replace(state, sources=sources)


def joined_courses(courses: Sequence[TwinCourse]) -> TwinCourse:
    """Courses that follow each other in time as one."""
    first = courses[0]
    return TwinCourse(
        first.step, first.start,
        {name: _joined([one.sources[name] for one in courses]) for name in first.sources},
        {name: _joined([one.units[name] for one in courses]) for name in first.units},
        {name: _joined([one.loops[name] for one in courses]) for name in first.loops},
        {name: _pairs([one.backups[name] for one in courses]) for name in first.backups},
        {name: np.concatenate([one.pumps[name] for one in courses]) for name in first.pumps},
        {name: _pairs([one.recharges[name] for one in courses]) for name in first.recharges},
        np.concatenate([one.mode for one in courses]), first.fixed_power,
        max(one.closure for one in courses),
        tuple(dict.fromkeys(note for one in courses for note in one.notes)),
    )  # fmt: skip


def course_part(course: TwinCourse, first: int, end: int) -> TwinCourse:
    """Steps of a course, the end not part of it."""

    def part(values: Any) -> Any:
        return None if values is None else values[first:end]

    def of(table: dict[str, Any]) -> dict[str, Any]:
        return {
            name: type(one)(**{f.name: part(getattr(one, f.name)) for f in fields(one)})
            for name, one in table.items()
        }

    return replace(
        course, start=course.start + first,
        sources=of(course.sources), units=of(course.units), loops=of(course.loops),
        backups={name: (a[first:end], b[first:end]) for name, (a, b) in course.backups.items()},
        pumps={name: one[first:end] for name, one in course.pumps.items()},
        recharges={name: (a[first:end], b[first:end]) for name, (a, b) in course.recharges.items()},
        mode=course.mode[first:end],
    )  # fmt: skip


def _joined(parts: Sequence[Any]) -> Any:
    """Courses of one thing, field by field."""
    values = {}
    for field in fields(parts[0]):
        pieces = [getattr(part, field.name) for part in parts]
        values[field.name] = None if pieces[0] is None else np.concatenate(pieces)
    return type(parts[0])(**values)


def _pairs(parts: Sequence[tuple[Any, Any]]) -> tuple[Any, Any]:
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
