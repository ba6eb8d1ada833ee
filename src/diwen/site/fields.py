"""How a key of ``site.toml`` is declared: its quantity, range and meaning in both languages.

A key that carries a unit is declared as ``Annotated[float, Measure(quantity, en, zh, low, high)]``:
the file holds text with a unit (``"80 kW"``), the model holds a float in the quantity's own unit.
Every other key is declared with :class:`Meaning`. Documentation, JSON Schema and error messages
are all made from these declarations.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from diwen import quantities
from diwen.language import Text, same

# How a unit is typed, where it differs from the unit's name.
_WRITTEN = {"delta_degC": "K", "delta_degC/km": "K/km", "degC": "°C", "percent": "%"}
# Usual values for the examples in messages and documentation, in display units.
_USUAL = {
    "length": 72.0, "heat_power": 80.0, "electric_power": 15.0, "volume_flow": 16.0,
    "temperature": 15.0, "temperature_difference": 5.0, "area": 3600.0, "thermal_conductivity": 1.8,
    "volumetric_heat_capacity": 2.4, "thermal_resistance_length": 0.1, "energy_price": 0.6,
    "volume_price": 3.0, "money": 1e6, "ratio": 0.5, "angle": 40.0, "hydraulic_conductivity": 8.64,
    "temperature_gradient": 30.0, "volume": 2.0, "time": 1.0, "pressure": 200.0, "heat_energy": 2e5,
    "calorific_value": 36.0, "specific_storage": 1e-5, "transmissivity": 100.0,
    "membrane_filter_index": 2.0,
}  # fmt: skip
NUMBER_WITH_UNIT = r"^\s*[-+−]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*\S.*$"
_BARE = Text("a number without a unit stands here", "此处的数值没有单位")
_WRITE = Text("write it with its unit, for example {example}", "请连同单位书写，例如 {example}")
_NOT_UNDERSTOOD = Text("not a number with a unit of {name}", "不是“数值＋单位”形式的{name}")
_OUTSIDE = Text("{name} outside the possible range", "{name}超出可能的范围")
_CORRECT = Text("correct the value or its unit", "请更正数值或单位")
_FROM_TO = Text("{low} to {high} {unit}", "{low} 至 {high} {unit}")
_FROM = Text("at least {low} {unit}", "不小于 {low} {unit}")
_UP_TO = Text("at most {high} {unit}", "不大于 {high} {unit}")
_MORE_THAN = Text("more than 0 {unit}", "大于 0 {unit}")
_MORE_THAN_UP_TO = Text("more than 0 and at most {high} {unit}", "大于 0 且不大于 {high} {unit}")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong inside one table: like a Problem, but the path is relative to the table."""

    where: str
    message: Text
    cure: Text
    value: str = ""
    allowed: Text | None = None
    severity: Literal["error", "warning"] = "error"


def mistake(
    message: Text, cure: Text, allowed: Text | None = None, value: str | None = None
) -> PydanticCustomError:
    """The error a field validator raises; both languages travel in its context."""
    context: dict[str, Any] = {"message": message, "cure": cure, "allowed": allowed}
    if value is not None:
        context["value"] = value
    return PydanticCustomError("diwen", "not usable", context)


@dataclass(frozen=True)
class Meaning:
    """What a key without a unit means, in both languages."""

    en: str
    zh: str

    @property
    def text(self) -> Text:
        """The meaning as a text."""
        return Text(self.en, self.zh)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "description": f"{self.en}\n\n{self.zh}"}


@dataclass(frozen=True)
class Measure:
    """A key whose number carries a unit.

    Attributes
    ----------
    quantity : key of :data:`diwen.quantities.QUANTITIES`; the float is in that quantity's ``unit``
    en, zh : meaning of the key
    low, high : allowed range, both ends included, in the quantity's ``display_unit``;
        None: the plausible range of the quantity
    positive : zero itself is not allowed
    """

    quantity: str
    en: str
    zh: str
    low: float | None = None
    high: float | None = None
    positive: bool = False

    @property
    def text(self) -> Text:
        """The meaning as a text."""
        return Text(self.en, self.zh)

    @property
    def unit_needed(self) -> bool:
        """Whether the file must give a unit (a pure ratio may be a bare number)."""
        return quantities.quantity(self.quantity).unit != "1"

    @property
    def example(self) -> str:
        """How a value is written in the file."""
        unit = quantities.quantity(self.quantity).display_unit
        unit = _WRITTEN.get(unit, unit.replace("^", ""))
        number = self._example_number()
        return f"{number:g} {unit}" if unit != "1" else f"{number:g}"

    def _example_number(self) -> float:
        """A usual value if the range allows it, else one from the middle of the range."""
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        usual = _USUAL.get(self.quantity, 10.0)
        if low <= usual <= high:
            return usual
        if low > 0 and high < math.inf:
            return float(f"{math.sqrt(low * high):.1g}")
        return float(f"{(low + high) / 2:.2g}") if math.inf not in (-low, high) else max(low, 1.0)

    def allowed(self) -> Text | None:
        """The allowed range as a text, in the unit people read; None when there is none."""
        low, high = self._limits()
        name = quantities.quantity(self.quantity)
        unit = quantities.printed(name.display_unit)
        shown: dict[str, object] = {
            "low": f"{quantities.display(low, self.quantity):g}",
            "high": f"{quantities.display(high, self.quantity):g}",
            "unit": unit,
        }
        lower, upper = low > float("-inf"), high < float("inf")
        if self.positive and low <= 0:
            template = _MORE_THAN_UP_TO if upper else _MORE_THAN
        elif lower and upper:
            template = _FROM_TO
        elif lower or upper:
            template = _FROM if lower else _UP_TO
        else:
            return None
        text = template.format(**shown)
        return Text(text.en.strip(), text.zh.strip())

    def _limits(self) -> tuple[float, float]:
        """Lowest and highest allowed value in the quantity's own unit."""
        known = quantities.quantity(self.quantity)
        factor, offset = quantities.conversion(known.display_unit, self.quantity)
        low = known.low if self.low is None else factor * self.low + offset
        high = known.high if self.high is None else factor * self.high + offset
        return low, high

    def read(self, raw: object) -> float:
        """The float in the quantity's own unit behind what stands in the file.

        Raises
        ------
        PydanticCustomError : no unit, not a number, wrong dimension, or out of range
        """
        name = quantities.quantity(self.quantity).text
        number = isinstance(raw, int | float) and not isinstance(raw, bool)
        if number and self.unit_needed:
            raise mistake(_BARE, _WRITE.format(example=self._as_written(raw)), self.allowed())
        try:
            value = float(raw) if number else quantities.parse(_text(raw), self.quantity)  # type: ignore[arg-type]
        except (quantities.UnitError, OverflowError) as error:
            raise mistake(
                _NOT_UNDERSTOOD.format(name=name),
                _WRITE.format(example=f'"{self.example}"'),
                self.allowed(),
            ) from error
        low, high = self._limits()
        slack = 1e-9 * max(abs(value), 1e-12)
        if not low - slack <= value <= high + slack or (self.positive and value <= 0):
            raise mistake(_OUTSIDE.format(name=self.text), _CORRECT, self.allowed())
        return value

    def _as_written(self, raw: object) -> str:
        unit = self.example.split(" ", 1)[-1]
        return f'"{raw} {unit}"'

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        text: dict[str, Any] = {
            "type": "string",
            "pattern": NUMBER_WITH_UNIT,
            "examples": [self.example],
        }
        allowed = self.allowed()
        span = (f" [{allowed.en}]", f"［{allowed.zh}］") if allowed else ("", "")
        described = {"description": f"{self.en}{span[0]}\n\n{self.zh}{span[1]}"}
        if self.unit_needed:
            return {**text, **described}
        text["pattern"] = r"^\s*[-+−]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*(%|‰|percent)?\s*$"
        return {"anyOf": [{"type": "number"}, text], **described}


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise quantities.UnitError(f"{raw!r} is not a number with a unit")
    return raw


class Table(BaseModel):
    """A table of ``site.toml``: immutable, no unknown keys, floats in inside units."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", populate_by_name=True, arbitrary_types_allowed=True
    )
    meaning: ClassVar[Text] = same("")

    def findings(self) -> Iterator[Finding]:
        """What is impossible among the keys of this table; paths relative to it."""
        return iter(())
