"""Hours of the day written ``23:00-07:00``, several separated by a comma."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from diwen.language import Text
from diwen.site.fields import mistake

DAY = 24 * 60
_HOURS = re.compile(r"\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*")
_NOT_HOURS = Text("not hours of the day", "不是一天中的时段")
_HOURS_CURE = Text(
    'write "23:00-07:00", several separated by a comma', '请写成 "23:00-07:00"，多段用逗号分开'
)


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of the day as ``(first minute, last minute)`` pairs; the end is not included."""

    spans: tuple[tuple[int, int], ...]

    def minutes(self) -> Iterator[int]:
        """Every minute of the day (0..1439) that lies in the hours."""
        for first, last in self.spans:
            if first < last:
                yield from range(first, last)
            else:
                yield from range(first, DAY)
                yield from range(last)

    def __str__(self) -> str:
        return ", ".join(f"{clock(first)}-{clock(last)}" for first, last in self.spans)


def clock(minute: int) -> str:
    """A minute of the day as ``07:30``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def parse_hours(raw: object) -> Hours:
    """Read hours of the day such as ``"08:00-12:00, 18:00-22:00"``.

    Raises
    ------
    PydanticCustomError : not of that form
    """
    if isinstance(raw, Hours):
        return raw
    if not isinstance(raw, str):
        raise mistake(_NOT_HOURS, _HOURS_CURE)
    spans = []
    for part in re.split(r"[,，]", raw):
        match = _HOURS.fullmatch(part)
        numbers = [int(number) for number in match.groups()] if match else []
        if not match or max(numbers[1], numbers[3]) > 59:
            raise mistake(_NOT_HOURS, _HOURS_CURE, value=part.strip())
        first, last = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
        if first >= DAY or last > DAY or first == last:
            raise mistake(_NOT_HOURS, _HOURS_CURE, value=part.strip())
        spans.append((first, last))
    return Hours(tuple(spans))


class _HoursText:
    """Lets pydantic read hours from their text and describe them in the JSON Schema."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(parse_hours)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "examples": ["23:00-07:00", "08:00-12:00, 18:00-22:00"]}


HoursText = Annotated[Hours, _HoursText()]
