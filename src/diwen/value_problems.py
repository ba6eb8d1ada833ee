"""What every model of the ground says of a number that cannot be."""

from __future__ import annotations

from diwen.language import Text

NOT_FINITE = Text("not a finite number", "不是有限数值")
NOT_POSITIVE = Text("not above zero", "不大于零")
MORE_THAN_ZERO = Text("more than 0", "大于 0")
UPSIDE_DOWN = Text("the top is not above the bottom", "顶深不小于底深")
CORRECT = Text("correct the value", "请更正该值")
