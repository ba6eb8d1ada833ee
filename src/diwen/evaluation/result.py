"""What an evaluation hands on: one :class:`Result` per indicator, all of them an `Evaluation`.

Everything here is plain, immutable and can be turned into JSON; reports and pages read nothing
else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from diwen.language import Text

if TYPE_CHECKING:
    from diwen.evaluation.data_summary import DataSummary
    from diwen.evaluation.period import Period

Status = Literal["ok", "indicative", "refused"]
Mode = Literal["heating", "cooling", "simultaneous", "hot_water", "all"]
#: Bounds of a share in percent.
SHARE = (0.0, 100.0)


@dataclass(frozen=True, slots=True)
class Grade:
    """The judgement of a value by a rule.

    Attributes
    ----------
    label : the grade as the rule names it (``grade 2``)
    resolved : False when the expanded interval of the value crosses an edge of the grade
    text : the whole sentence a reader sees
    met : whether the rule is fulfilled; None where the grade only names a class
    """

    label: Text
    resolved: bool
    text: Text
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One indicator of one thing in one period and mode.

    Attributes
    ----------
    id : stable short name (``cop_system``)
    catalogue : number in the KPI catalogue (``K-03``); empty where the catalogue has none
    name : name in both languages
    symbol : formula symbol
    of : equipment, room, well or indicator it belongs to; empty for the whole site
    status : ``ok``; ``indicative`` (data too thin for a judgement); ``refused``
    value, unit : in display units (kWh, kW, m³/h, K, %); unit is empty for a pure number
    uncertainty : expanded, k = 2, in ``unit``; None where an accuracy is unknown
    coverage : 0..1, see :class:`diwen.evaluation.amount.Amount`
    boundary : what is inside, in the word of its scheme (``SPF H2``)
    mode : operating mode
    origin : origins of the data it rests on (measured, manual, simulated)
    rules : ids of the rule rows used
    grade : judgement, if there is one
    reason : why refused or why only indicative
    missing : points that lack, as ``TU1 temperature load_leaving hp1``
    inputs : ids of the points used
    decimals : decimals to print where there is no uncertainty that says them
    bounds : lowest and highest value that can be, in ``unit``; None where nothing bounds it
    detail : further plain data (tables, curves); only what JSON can hold
    notes : what a reader should know about how the value was found
    family : module of this room that found it; set by `evaluate`
    """

    id: str
    catalogue: str
    name: Text
    symbol: str = ""
    of: str = ""
    status: Status = "ok"
    value: float | None = None
    unit: str = ""
    uncertainty: float | None = None
    coverage: float | None = None
    boundary: str = ""
    mode: Mode = "all"
    origin: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    grade: Grade | None = None
    reason: Text | None = None
    missing: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    decimals: int = 2
    bounds: tuple[float, float] | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    family: str = ""

    def __post_init__(self) -> None:
        if self.status == "refused" and self.reason is None:
            raise ValueError(f"{self.id}: a refused result must say why")
        if self.status != "refused" and (self.value is None or not math.isfinite(self.value)):
            raise ValueError(f"{self.id}: a result needs a finite value, or must be refused")

    @property
    def title(self) -> Text:
        """The name with its symbol, unless the name already ends with it."""

        def joined(name: str) -> str:
            said = self.symbol.replace("_", "") in name.replace("_", "")
            return name if said else f"{name} {self.symbol}"

        return Text(joined(self.name.en), joined(self.name.zh))

    def as_dict(self) -> dict[str, Any]:
        """The result as plain data, both languages inside."""
        return {
            "id": self.id,
            "catalogue": self.catalogue,
            "name": both(self.name),
            "symbol": self.symbol,
            "of": self.of,
            "status": self.status,
            "value": self.value,
            "unit": self.unit,
            "uncertainty": self.uncertainty,
            "coverage": self.coverage,
            "boundary": self.boundary,
            "mode": self.mode,
            "origin": list(self.origin),
            "rules": list(self.rules),
            "grade": None
            if self.grade is None
            else {
                "label": both(self.grade.label),
                "resolved": self.grade.resolved,
                "text": both(self.grade.text),
                "met": self.grade.met,
            },
            "reason": None if self.reason is None else both(self.reason),
            "missing": list(self.missing),
            "inputs": list(self.inputs),
            "decimals": self.decimals,
            "bounds": None if self.bounds is None else list(self.bounds),
            "detail": plain(self.detail),
            "notes": [both(note) for note in self.notes],
            "family": self.family,
        }


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All results of one site in one period.

    Attributes
    ----------
    site_id, site_name : the site
    illustrative : the site is an example that describes no real plant
    period : what was evaluated
    results : in the order of the families
    rule_rows : ids of all rule rows used, sorted
    data : coverage, quality and origin of the data, and the hash of the data set
    generated : when, UTC
    version : version of Diwen
    rules_day, rules_region : day and region whose rules were applied
    """

    site_id: str
    site_name: Text
    illustrative: bool
    period: Period
    results: tuple[Result, ...]
    rule_rows: tuple[str, ...]
    data: DataSummary
    generated: datetime
    version: str
    rules_day: date = date.min
    rules_region: Text = Text("", "")  # noqa: RUF009 - Text is frozen

    def select(self, id: str, *, of: str | None = None, mode: str | None = None) -> list[Result]:
        """All results of that id, narrowed to one thing or one mode if asked."""
        return [
            result
            for result in self.results
            if result.id == id
            and (of is None or result.of == of)
            and (mode is None or result.mode == mode)
        ]

    def find(self, id: str, of: str = "", mode: str | None = None) -> Result | None:
        """The first result of that id, thing and mode; None where there is none."""
        found = self.select(id, of=of, mode=mode)
        return found[0] if found else None

    def as_dict(self) -> dict[str, Any]:
        """The evaluation as plain data, both languages inside."""
        return {
            "site": {
                "id": self.site_id,
                "name": both(self.site_name),
                "illustrative": self.illustrative,
            },
            "period": self.period.as_dict(),
            "results": [result.as_dict() for result in self.results],
            "rules": list(self.rule_rows),
            "rules_day": self.rules_day.isoformat(),
            "rules_region": both(self.rules_region),
            "data": self.data.as_dict(),
            "generated": self.generated.isoformat(),
            "version": self.version,
        }


def refused(
    id: str,
    catalogue: str,
    name: Text,
    reason: Text,
    missing: Iterable[str] = (),
    **more: Any,
) -> Result:
    """A result that cannot be computed, with the precise reason.

    Parameters
    ----------
    id, catalogue, name : as in :class:`Result`
    reason : why, for the reader
    missing : points that lack
    more : further fields of :class:`Result` (``of``, ``mode``, ``symbol``, ``boundary`` ...)
    """
    return Result(
        id=id,
        catalogue=catalogue,
        name=name,
        status="refused",
        reason=reason,
        missing=tuple(missing),
        **more,
    )


def both(text: Text) -> dict[str, str]:
    """A text as plain data."""
    return {"en": text.en, "zh": text.zh}


def plain(value: Any) -> Any:
    """Nested data with every Text, NumPy number, tuple and time turned into what JSON holds."""
    if isinstance(value, Text):
        return both(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if hasattr(value, "tolist"):  # NumPy array or scalar
        return plain(value.tolist())
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
