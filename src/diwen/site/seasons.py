"""A yearly season written ``11-15..03-15``: first and last day, both included."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from diwen.language import Text
from diwen.site.fields import mistake

_PATTERN = r"^\s*\d{1,2}-\d{1,2}\s*\.\.\s*\d{1,2}-\d{1,2}\s*$"
_NOT_UNDERSTOOD = Text("not a season", "不是季节的写法")
_NO_SUCH_DAY = Text("this day does not exist", "不存在这一天")
_CURE = Text(
    'write first and last day as "11-15..03-15" (month-day..month-day)',
    '请写首末日，例如 "11-15..03-15"（月-日..月-日）',
)


@dataclass(frozen=True, slots=True)
class Season:
    """Part of every year, first and last day included; it may run over the turn of the year."""

    first_month: int
    first_day: int
    last_month: int
    last_day: int

    def span(self, year: int) -> tuple[datetime.date, datetime.date]:
        """First and last day of the season that starts in that year.

        29 February becomes 28 February in other than leap years.
        """
        first = _day(year, self.first_month, self.first_day)
        over = (self.last_month, self.last_day) < (self.first_month, self.first_day)
        return first, _day(year + over, self.last_month, self.last_day)

    def contains(self, day: datetime.date) -> bool:
        """Whether a day lies in the season of any year."""
        return any(
            first <= day <= last for first, last in (self.span(day.year - 1), self.span(day.year))
        )

    def __str__(self) -> str:
        first = f"{self.first_month:02d}-{self.first_day:02d}"
        return f"{first}..{self.last_month:02d}-{self.last_day:02d}"


def _day(year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return datetime.date(year, 2, 28)


def parse_season(raw: object) -> Season:
    """Read a season.

    Raises
    ------
    PydanticCustomError : not of the form ``month-day..month-day``, or a day that does not exist
    """
    if isinstance(raw, Season):
        return raw
    if not isinstance(raw, str) or not re.fullmatch(_PATTERN, raw):
        raise mistake(_NOT_UNDERSTOOD, _CURE)
    numbers = [int(number) for number in re.findall(r"\d+", raw)]
    for month, day in (numbers[:2], numbers[2:]):
        try:
            datetime.date(2024, month, day)
        except ValueError as error:
            raise mistake(_NO_SUCH_DAY, _CURE, value=f"{month:02d}-{day:02d}") from error
    return Season(*numbers)


class _SeasonText:
    """Lets pydantic read a season from its text and describe it in the JSON Schema."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(parse_season)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "pattern": _PATTERN, "examples": ["11-15..03-15"]}


SeasonText = Annotated[Season, _SeasonText()]
