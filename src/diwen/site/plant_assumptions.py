"""How the builders of plant units say what they took because a site file leaves it open."""

from __future__ import annotations

from dataclasses import dataclass, field

from diwen.language import Text
from diwen.site.usual_values import usual_value

_TAKEN = Text("{where}: {what} not given; {value} assumed", "{where}：未给出{zh}，假定为 {value}")


@dataclass
class Assumptions:
    """What was assumed while one thing was built.

    Attributes
    ----------
    where : path of the table in the file, such as ``pumps.p1``
    notes : appended to
    """

    where: str
    notes: list[Text] = field(default_factory=list)

    def or_usual(self, value: float | None, row: str, what: Text, unit: str = "") -> float:
        """The given value, or the engineering default of ``default.<row>``, which is noted."""
        if value is not None:
            return value
        taken = usual_value(f"default.{row}")
        self.say(what, f"{taken:g} {unit}".strip())
        return taken

    def say(self, what: Text, value: str) -> None:
        """Note that ``what`` was not given and which value was taken."""
        shown = {"where": self.where, "value": value}
        english = _TAKEN.en.format(what=what.en, **shown)
        self.notes.append(Text(english, _TAKEN.zh.format(zh=what.zh, **shown)))
