"""Products of makers, and what is said of them in the ground of a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from diwen.design.well_check_rules import WellRules
from diwen.design.well_sizing_result import WellCandidate, finite
from diwen.language import Text
from diwen.problems import Problem
from diwen.rules import Row
from diwen.sources.aquifer.heat_arithmetic import temperature_drop
from diwen.sources.response.time_units import HOUR

Verdict = Literal["works", "works_only_with", "does_not_work"]

VERDICTS: dict[Verdict, Text] = {
    "works": Text("works", "可行"),
    "works_only_with": Text("works only with", "仅在下列条件下可行"),
    "does_not_work": Text("does not work", "不可行"),
}
_KW = 1e3

_NAME = Text("{heat} kW at {flow} m³/h", "{heat} kW（{flow} m³/h）")
_NAME_BOTH = Text(
    "{heat} kW, {cold} kW given, at {flow} m³/h", "{heat} kW，放热 {cold} kW（{flow} m³/h）"
)


@dataclass(frozen=True)
class WellProduct:
    """What a maker says of a product.

    Attributes
    ----------
    id : stable name
    heating, cooling : heat taken from one well, and given to it, W; None where not said
    flow : of the well, m³/s
    rows : where the numbers come from
    """

    id: str
    heating: float
    cooling: float | None
    flow: float
    rows: tuple[Row, ...]

    @property
    def name(self) -> Text:
        """Its numbers."""
        shown = {"heat": f"{self.heating / _KW:g}", "flow": f"{self.flow * HOUR:g}"}
        if self.cooling is None:
            return _NAME.format(**shown)
        return _NAME_BOTH.format(**shown, cold=f"{self.cooling / _KW:g}")

    @property
    def drop(self) -> float:
        """Of the water in the hour of full heat, by arithmetic, K."""
        return float(temperature_drop(self.heating, self.flow))

    @property
    def rise(self) -> float | None:
        """Of the water in the hour of full cooling, K."""
        return None if self.cooling is None else float(temperature_drop(self.cooling, self.flow))


@dataclass(frozen=True, eq=False)
class JudgedProduct:
    """A product in the ground of a site.

    Attributes
    ----------
    product : as its maker says
    wells : of the site, each doing what the product says
    verdict : see :data:`VERDICTS`
    conditions : each of which would do, or all of those that ``needed`` says
    reasons : why it does not work as it stands
    largest_heat : that a well of the site gives at this flow within its limits, W
    largest_balanced : the same where as much heat is given back in a year as holds the ground, W;
        None where the load gives none back
    """

    product: WellProduct
    wells: WellCandidate
    verdict: Verdict
    conditions: tuple[Text, ...]
    reasons: tuple[Text, ...]
    largest_heat: float
    largest_balanced: float | None

    def as_dict(self) -> dict[str, Any]:
        """Plain data, both languages."""
        given = self.product
        return {
            "product": given.id,
            "heating": given.heating,
            "cooling": given.cooling,
            "flow": given.flow,
            "drop": given.drop,
            "rise": given.rise,
            "sources": [row.as_dict() for row in given.rows],
            "verdict": self.verdict,
            "conditions": [_both(text) for text in self.conditions],
            "reasons": [_both(text) for text in self.reasons],
            "largest_heat": finite(self.largest_heat),
            "largest_balanced": finite(self.largest_balanced),
            "wells": self.wells.as_dict(),
        }


@dataclass(frozen=True, eq=False)
class SiteProducts:
    """Products judged for a site.

    Attributes
    ----------
    source : id of the wells
    years : of operation
    products : in the order of their heat
    largest : the wells of which each gives the most heat in this ground, with the spacing of the
        site; None where no shape that was tried keeps everything
    largest_balanced : the same where the year is balanced; None where the load gives no heat back
    notes : what was assumed
    """

    source: str
    years: int
    products: tuple[JudgedProduct, ...]
    largest: WellCandidate | None
    largest_balanced: WellCandidate | None
    notes: tuple[Problem, ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain data, both languages: m, m³/s, W, °C."""
        return {
            "source": self.source,
            "years": self.years,
            "products": [one.as_dict() for one in self.products],
            "largest": _plain(self.largest),
            "largest_balanced": _plain(self.largest_balanced),
            "notes": [note.as_dict() for note in self.notes],
        }


def products_on(rules: WellRules) -> tuple[WellProduct, ...]:
    """The products that are known, by heat."""
    rows = {row.id: row for row in rules.holding.rows(quantity="well_product")}
    found = []
    for id in rows:
        if not id.endswith(".heating"):
            continue
        name = id.removesuffix(".heating")
        heat, flow, cold = rows[id], rows[f"{name}.flow"], rows.get(f"{name}.cooling")
        assert heat.value is not None
        assert flow.value is not None
        cooling = None if cold is None or cold.value is None else cold.value * _KW
        kept = tuple(row for row in (heat, cold, flow) if row is not None)
        found.append(WellProduct(name, heat.value * _KW, cooling, flow.value / HOUR, kept))
    return tuple(sorted(found, key=lambda product: product.heating))


def _plain(wells: WellCandidate | None) -> dict[str, Any] | None:
    return None if wells is None else wells.as_dict()


def _both(text: Text) -> dict[str, str]:
    return {"en": text.en, "zh": text.zh}
