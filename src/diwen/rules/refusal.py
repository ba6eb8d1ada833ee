"""When a rule says no: an amount that the rules do not allow to be computed."""

from __future__ import annotations

from diwen.language import Text


class RefusedError(Exception):
    """The rules do not allow an answer; ``text`` says why, in both languages."""

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text.en)
