"""What a delivery holds that cannot be taken in: file, line, column, value, reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from diwen.language import Text

NOT_A_NUMBER = Text("not a number", "不是数字")
NOT_FINITE = Text("not a finite number", "不是有限数值")
BAD_TIME = Text("time not understood", "时间无法识别")
MISSING_HOUR = Text(
    "this local time does not exist (clocks went forward); if the logger stays in winter time, "
    "set time_zone to its fixed zone",
    "该地方时不存在（夏令时拨快）；若采集器全年用标准时，请将 time_zone 设为固定时区",
)
TWICE = Text(
    "the same time came earlier in this file with another value; the first one counts",
    "同一时间在本文件前面已有不同数值，以先出现者为准",
)
STORED_OTHERWISE = Text(
    "another value is stored for this time; use --replace to replace it",
    "该时间已存有不同数值；如需替换请加 --replace",
)
UNKNOWN_POINT = Text("no point has this source", "没有测点以此为来源")

_SCHEMA: dict[str, Any] = {
    "line": pl.Int64,
    "time": pl.Datetime("us", "UTC"),
    "column": pl.String,
    "value": pl.String,
    "reason_en": pl.String,
    "reason_zh": pl.String,
}
# Longer cells are cut; signs that a terminal would obey are replaced.
_SHOWN = 80
_CONTROL = r"[\x00-\x1f\x7f-\x9f]"


@dataclass
class Refusals:
    """The list of refused cells and rows of a delivery, kept as columns: it may be long."""

    reasons: list[Text] = field(default_factory=list)
    _frames: list[pl.DataFrame] = field(default_factory=list)

    def add(
        self,
        reason: Text,
        column: str,
        lines: NDArray[np.int64] | None,
        values: Sequence[Any] | pl.Series | NDArray,
        times: NDArray[np.int64] | None = None,
    ) -> None:
        """Note refused cells of a column, for one reason, by their lines or else their times."""
        count = len(values)
        if not count:
            return
        if reason not in self.reasons:
            self.reasons.append(reason)
        shown = pl.Series(values).cast(pl.String, strict=False).fill_null("")
        shown = shown.str.slice(0, _SHOWN).str.replace_all(_CONTROL, "\ufffd")
        none: list[None] = [None] * count
        self._frames.append(
            pl.DataFrame(
                {
                    "line": pl.Series(none if lines is None else lines, dtype=pl.Int64),
                    "time": pl.Series(none if times is None else times, dtype=pl.Int64).cast(
                        _SCHEMA["time"]
                    ),
                    "column": pl.Series([column] * count, dtype=pl.String),
                    "value": shown,
                    "reason": pl.Series([self.reasons.index(reason)] * count, dtype=pl.Int32),
                }
            )
        )

    def __len__(self) -> int:
        return sum(frame.height for frame in self._frames)

    def frame(self) -> pl.DataFrame:
        """All refusals: ``line, time, column, value, reason_en, reason_zh``, by line."""
        if not self._frames:
            return pl.DataFrame(schema=_SCHEMA)
        reason = pl.col("reason")
        english = dict(enumerate(text.en for text in self.reasons))
        chinese = dict(enumerate(text.zh for text in self.reasons))
        return (
            pl.concat(self._frames)
            .sort("line", "column", maintain_order=True)
            .with_columns(
                reason_en=reason.replace_strict(english, return_dtype=pl.String),
                reason_zh=reason.replace_strict(chinese, return_dtype=pl.String),
            )
            .drop("reason")
        )

    def counts(self) -> list[tuple[Text, int]]:
        """How often each reason struck, most frequent first."""
        counter: Counter[int] = Counter()
        for frame in self._frames:
            for code, count in frame["reason"].value_counts().iter_rows():
                counter[code] += count
        return [(self.reasons[code], count) for code, count in counter.most_common()]
