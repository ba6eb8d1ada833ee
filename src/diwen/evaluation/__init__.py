"""Evaluation: indicators with uncertainty, coverage, boundary, origin and grade.

    import diwen
    from diwen import evaluation

    site = diwen.read("examples/rwth-lab")
    evaluated = evaluation.evaluate(site, "all")
    evaluated.find("cop", of="hp1").value

The door of the room; everything heavy is loaded when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diwen.doors import through

if TYPE_CHECKING:
    from diwen.evaluation.amount import Amount, Refusal
    from diwen.evaluation.catalogue import CATALOGUE, Indicator
    from diwen.evaluation.data_summary import DataSummary
    from diwen.evaluation.period import Period, parse
    from diwen.evaluation.result import Evaluation, Grade, Result
    from diwen.evaluation.run import evaluate

_DOOR = {
    "Amount": "amount",
    "Refusal": "amount",
    "CATALOGUE": "catalogue",
    "Indicator": "catalogue",
    "DataSummary": "data_summary",
    "evaluate": "run",
    "Period": "period",
    "parse": "period",
    "Evaluation": "result",
    "Grade": "result",
    "Result": "result",
}

__all__ = [
    "CATALOGUE",
    "Amount",
    "DataSummary",
    "Evaluation",
    "Grade",
    "Indicator",
    "Period",
    "Refusal",
    "Result",
    "evaluate",
    "parse",
]


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
