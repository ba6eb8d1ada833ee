"""Numbers of the data gate out of the rules, read once a run."""

from __future__ import annotations

from diwen.site.usual_values import usual_value

_PREFIX = "default.diagnosis.gate."


class GateLimits:
    """Rows ``default.diagnosis.gate.*`` by their last word; each is read when it is asked for."""

    def __init__(self) -> None:
        self._known: dict[str, float] = {}

    def __getitem__(self, name: str) -> float:
        if name not in self._known:
            self._known[name] = usual_value(_PREFIX + name)
        return self._known[name]
