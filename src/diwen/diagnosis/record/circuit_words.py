"""What the circuits of a record are called where a person reads of them."""

from __future__ import annotations

from diwen.language import Text, same

_WORDS = {
    "load": Text("load", "用户侧"),
    "hot_water": Text("hot water", "生活热水"),
    "cooling": Text("cooling", "供冷回路"),
}


def circuit_word(name: str) -> Text:
    """A circuit of the load side in words; what the site named itself keeps its name."""
    return _WORDS.get(name, same(name))
