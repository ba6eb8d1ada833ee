"""The rows by which wells are judged, as they hold on a day in a region."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from diwen import rules
from diwen.problems import InputError
from diwen.rules import Row, RuleMissingError, RulesOn


@dataclass(frozen=True)
class WellRules:
    """Look-up of rows for the checks; build with :meth:`on`.

    Attributes
    ----------
    holding : the rows that hold on the day in the region
    """

    holding: RulesOn

    @classmethod
    def on(cls, day: date | None = None, region: str | None = None) -> WellRules:
        """Rows of a day (today if not given) and a region (any if not given or not known)."""
        try:
            return cls(rules.on(day or date.today(), region))
        except InputError:
            return cls(rules.on(day or date.today()))

    def find(self, id: str) -> Row | None:
        """The row; None where it does not hold here, or holds no content."""
        try:
            row = self.holding.row(id)
        except RuleMissingError:
            return None
        return None if row.empty else row

    def row(self, id: str) -> Row:
        """A row that holds everywhere.

        Raises
        ------
        diwen.rules.RuleMissingError : it does not hold here, or is empty
        """
        row = self.holding.row(id)
        self.holding.value(id)
        return row

    def value(self, id: str) -> float:
        """The number of a row that holds everywhere; of a range its lower end.

        Raises
        ------
        diwen.rules.RuleMissingError : it does not hold here, or is empty
        """
        return self.holding.value(id)
