"""What a plant costs to build: items with quantity, unit cost, interval and service life.

Unit costs are rule rows (``capital_cost.*``), most of them planning estimates that nobody looked
up, with an interval; an own unit cost of the user replaces a row. An item at the end of its life
is bought again; what is left of it at the end of the study counts as its residual value
(straight line over its life, of what it cost when it was bought).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from diwen.design.input_checks import number, refuse
from diwen.language import Text, same
from diwen.problems import Problem
from diwen.rules import Row, RuleMissingError, RulesOn

Floats = NDArray[np.float64]

#: Items whose unit costs are rows, with the row of their service life.
LIVES = {
    "bore_metre": "ground_loop",
    "bore_connection": "ground_loop",
    "well_metre": "well",
    "well_pump": "well_pump",
    "heat_pump_water": "heat_pump",
    "heat_pump_air": "air_source",
    "pump": "pump",
    "tank": "tank",
    "exchanger": "exchanger",
    "cooling_tower": "tower",
    "dry_cooler": "tower",
    "solar_collector": "collector",
    "gas_boiler": "boiler",
    "coal_boiler": "boiler",
    "electric_boiler": "boiler",
    "chiller": "chiller",
    "district_connection": "connection",
    "substation": "exchanger",
    "power_connection": "connection",
    "controls": "controls",
    "installation": "works",
    "planning": "works",
}
#: Items that stand in the ground: they need little maintenance and no installation in a room.
FIELD = ("bore_metre", "bore_connection", "well_metre")
#: Items that are a share of others.
SHARES = ("controls", "installation", "planning")
# Paid for, and neither installed in the plant room nor maintained by its owner.
_CONNECTIONS = ("district_connection", "power_connection")

_UNKNOWN = Text("no unit cost of that item in the rules", "规则中没有该分项的单价")
_GIVE_OWN = Text(
    "give its unit_cost and life in costs.items, or write one of the known items",
    "请在 costs.items 中填写 unit_cost 与 life，或改用已知分项",
)
_NO_LIFE = Text("an item of your own needs its service life", "自定分项须给出使用寿命")
_GIVE_LIFE = Text("write life, for example 20", "请填写 life，例如 20")


@dataclass(frozen=True)
class OwnCost:
    """What the user knows of an item; None: as the rules or the design have it.

    Attributes
    ----------
    unit_cost : CNY per unit (of a share: the share)
    quantity : in the unit of the row
    life : years
    """

    unit_cost: float | None = None
    quantity: float | None = None
    life: float | None = None


@dataclass(frozen=True)
class CapitalItem:
    """One item of an investment.

    Attributes
    ----------
    key : of :data:`LIVES`, or a name of the user's own
    label : in words
    quantity, unit : how much of it
    low, best, high : unit cost, CNY per unit; equal where the user gave it
    life : years
    rows : rule rows behind unit cost and life
    own : whether the user gave the unit cost
    """

    key: str
    label: Text
    quantity: float
    unit: str
    low: float
    best: float
    high: float
    life: float
    rows: tuple[Row, ...] = ()
    own: bool = False

    @property
    def amount(self) -> float:
        """What it costs at the best estimate, CNY."""
        return self.quantity * self.best

    def flows(self, years: int, inflation: ArrayLike = 0.0) -> Floats:
        """Cost of 1 CNY of it by year: bought, and bought again at the end of its life.

        Lives are whole years, as flows are yearly; what ends with the study is not renewed.

        Parameters
        ----------
        inflation : yearly rise of its price, shape (...)

        Returns
        -------
        array : shape (..., years + 1)
        """
        rise = 1.0 + np.asarray(inflation, dtype=float)
        found = np.zeros((*rise.shape, years + 1))
        for bought in range(0, self._last_bought(years) + 1, self._whole_life):
            found[..., bought] += rise**bought
        return found

    def residual(self, years: int, inflation: ArrayLike = 0.0) -> Floats:
        """Residual value of 1 CNY of it at the end of the study, CNY, shape (...)."""
        last, life = self._last_bought(years), self._whole_life
        rise = 1.0 + np.asarray(inflation, dtype=float)
        return (last + life - years) / life * rise**last

    @property
    def _whole_life(self) -> int:
        return max(1, round(self.life))

    def _last_bought(self, years: int) -> int:
        return ((years - 1) // self._whole_life) * self._whole_life


@dataclass(frozen=True)
class CapitalCost:
    """An investment.

    Attributes
    ----------
    items : what is bought
    """

    items: tuple[CapitalItem, ...] = ()

    @property
    def investment(self) -> float:
        """Best estimate of all items, CNY."""
        return sum(item.amount for item in self.items)

    @property
    def interval(self) -> tuple[float, float]:
        """All items at their lowest and at their highest unit cost, CNY."""
        return (
            sum(item.quantity * item.low for item in self.items),
            sum(item.quantity * item.high for item in self.items),
        )

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rule rows behind it."""
        return tuple(dict.fromkeys(row for item in self.items for row in item.rows))

    @property
    def assumed(self) -> tuple[CapitalItem, ...]:
        """Items whose unit cost nobody gave."""
        return tuple(item for item in self.items if not item.own)

    def field_and_equipment(self) -> tuple[float, float]:
        """Investment in the ground, and in equipment, CNY; connections and works in neither."""
        field = sum(item.amount for item in self.items if item.key in FIELD)
        neither = (*FIELD, *_CONNECTIONS, "installation", "planning")
        return field, sum(item.amount for item in self.items if item.key not in neither)

    def scaled_to(self, investment: float) -> CapitalCost:
        """The same items, together at an investment that is known, CNY.

        The items keep their shares of it (and so their lives); all count as given by the user.
        """
        whole = self.investment
        if whole <= 0.0:
            return self
        factor = investment / whole
        items = (
            replace(item, low=one, best=one, high=one, own=True)
            for item, one in ((item, item.best * factor) for item in self.items)
        )
        return CapitalCost(tuple(items))

    def flows(self, years: int, inflation: float = 0.0) -> Floats:
        """Cost by year with renewals, CNY, shape (years + 1,)."""
        found = np.zeros(years + 1)
        for item in self.items:
            found += item.amount * item.flows(years, inflation)
        return found

    def residual(self, years: int, inflation: float = 0.0) -> float:
        """Residual value at the end of the study, CNY."""
        return sum(item.amount * float(item.residual(years, inflation)) for item in self.items)


def price_items(
    rules: RulesOn,
    quantities: Mapping[str, float],
    own: Mapping[str, OwnCost] | None = None,
    shares: Iterable[str] = SHARES,
) -> CapitalCost:
    """Price what a design needs.

    Parameters
    ----------
    rules : of the day and region
    quantities : by item (:data:`LIVES`), in the unit of its row: m of borehole, kW of a unit...
    own : what the user knows, by item; items of the user's own stand here only
    shares : items that are a share of the others: ``controls`` and ``installation`` of the
        equipment, ``planning`` of everything before it

    Raises
    ------
    InputError : an item that the rules do not know and the user did not price, a number that
        cannot be
    """
    known = dict(own or {})
    problems: list[Problem] = []
    items: list[CapitalItem] = []
    for key in dict.fromkeys((*quantities, *(k for k in known if k not in SHARES))):
        given = known.get(key, OwnCost())
        quantity = given.quantity
        if quantity is None:
            quantity = quantities.get(key, 0.0 if key in LIVES else 1.0)
        problems += number("capital cost", f"{key}.quantity", quantity, positive=False)
        item = _item(rules, key, quantity, given, problems)
        if item is not None and quantity > 0.0:
            items.append(item)
    refuse(problems)
    for key in shares:
        plain = CapitalCost(tuple(items))
        base = plain.investment if key == "planning" else plain.field_and_equipment()[1]
        item = _item(rules, key, base, known.get(key, OwnCost()), problems)
        if item is not None and base > 0.0:
            items.append(item)
    refuse(problems)
    return CapitalCost(tuple(items))


def _item(
    rules: RulesOn, key: str, quantity: float, given: OwnCost, problems: list[Problem]
) -> CapitalItem | None:
    """An item by its row or by what the user gave; None where it cannot be priced."""
    for name in ("unit_cost", "life"):
        value = getattr(given, name)
        problems += number("capital cost", f"{key}.{name}", value, positive=name == "life")
    rows: list[Row] = []
    label, unit = same(key), "1"
    low = best = high = given.unit_cost
    if key in LIVES:
        row = rules.row(f"capital_cost.{key}")
        label, unit = row.text, row.unit
        if best is None:
            rows.append(row)
            low, best, high = row_interval(row)
    if low is None or best is None or high is None:
        problems.append(Problem("capital cost", key, _UNKNOWN, _GIVE_OWN, key))
        return None
    life = given.life
    if life is None and key in LIVES:
        row = rules.row(f"service_life.{LIVES[key]}")
        rows.append(row)
        life = row.value
    if life is None:
        problems.append(Problem("capital cost", f"{key}.life", _NO_LIFE, _GIVE_LIFE))
        return None
    priced = given.unit_cost is not None
    return CapitalItem(key, label, quantity, unit, low, best, high, life, tuple(rows), priced)


def row_interval(row: Row) -> tuple[float, float, float]:
    """Lower end, middle and upper end of a row; all equal where it is no range.

    Raises
    ------
    RuleMissingError : the row holds no number
    """
    if row.value is None:
        raise RuleMissingError(row.text)
    upper = row.value if row.upper is None else row.upper
    return row.value, 0.5 * (row.value + upper), upper
