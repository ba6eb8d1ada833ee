"""What can be wrong with a cell of any of the site's tables, and its cure: said once for all."""

from __future__ import annotations

from diwen.language import Text

SURPLUS = Text("more cells than the header has columns", "单元格数多于表头列数")
QUOTE = Text('put text that holds the separator in quotes: "…"', '含分隔符的文字请加引号："…"')
EMPTY = Text("the cell is empty", "单元格为空")
FILL = Text("write a value", "请填写")
NOT_A_NUMBER = Text("not a number", "不是数值")
NOT_A_UNIT = Text("not a unit of {quantity}", "不是{quantity}的单位")
UNIT_CURE = Text("write for example {unit}", "例如写成 {unit}")
NOT_A_DATE = Text("not a date", "不是日期")
DATE_CURE = Text("write it as 2026-03-31", "请写成 2026-03-31 的形式")
NOT_A_CHOICE = Text("not one of the possible words", "不在可选词之列")
NOT_UNDERSTOOD_ACCURACY = Text("accuracy not understood", "准确度写法无法识别")
RENAME = Text("rename it", "请改名")
LIMITS_CURE = Text("exchange or correct the two limits", "请对调或更正上下限")
