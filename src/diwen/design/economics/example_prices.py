"""Prices that stand in where nobody entered any: rule rows that say they are illustrative."""

from __future__ import annotations

from diwen.rules import Row, RulesOn
from diwen.rules.rulebook import number
from diwen.site.economy import Tariff, TariffPeriod

_SUMMER = (7, 8)
_REST = tuple(month for month in range(1, 13) if month not in _SUMMER)


def example_tariff(rules: RulesOn) -> tuple[Tariff, tuple[Row, ...]]:
    """An illustrative time-of-use tariff (not that of any place), and the rows it is made of."""
    used: list[Row] = []

    def period(name: str, hours: str, months: tuple[int, ...]) -> TariffPeriod:
        price, times = rules.row(f"example_tariff.{name}"), rules.row(f"example_tariff.{hours}")
        used.extend((price, times))
        raw = {"name": name, "hours": times.words, "price": f"{number(price)} CNY/kWh"}
        return TariffPeriod.model_validate({**raw, "months": months})

    periods = (
        period("sharp", "sharp_hours", _SUMMER),
        period("peak", "peak_hours_summer", _SUMMER),
        period("flat", "flat_hours_summer", _SUMMER),
        period("peak", "peak_hours", _REST),
        period("flat", "flat_hours", _REST),
        period("valley", "valley_hours", ()),
    )
    tariff = Tariff.model_validate({"periods": periods, "source": "example_tariff.*"})
    return tariff, tuple(dict.fromkeys(used))
