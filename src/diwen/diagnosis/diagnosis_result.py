"""The whole answer of a diagnosis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from diwen.diagnosis.finding import SHAPE_NAMES, Finding, NotJudged, Residual, SensorFinding
from diwen.diagnosis.inference.findings import state_of
from diwen.diagnosis.plain_data import plain
from diwen.diagnosis.record_summary import RecordSummary
from diwen.language import Text
from diwen.twin.deviations import FAMILIES, FAMILY_NAMES, PARAMETERS

if TYPE_CHECKING:
    from diwen.diagnosis.attribution.attribution import Attribution

SENSORS = "sensors"
SENSORS_TEXT = Text("faults of instruments", "测点与仪表故障")
STATE_NAMES: dict[str, Text] = {
    "open": Text("not found", "未发现"),
    "suspected": Text("suspected", "疑似"),
    "confirmed": Text("confirmed", "确认"),
}


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """What diagnosis says of a site over a period.

    Attributes
    ----------
    site : its folder's name
    name : of the site
    record : what was recorded
    sensors : faults of instruments, found before anything else
    findings : every deviation that was judged, the most probable first
    not_judged : deviations that nothing could judge, once each, with all that is missing
    residuals : daily, watched for change points
    notes : what was assumed; what is at risk though no deviation
    warnings : what lessens trust in the whole
    attribution : what each finding costs, or None
    """

    site: str
    name: Text
    record: RecordSummary
    sensors: tuple[SensorFinding, ...]
    findings: tuple[Finding, ...]
    not_judged: tuple[NotJudged, ...]
    residuals: tuple[Residual, ...] = ()
    notes: tuple[Text, ...] = ()
    warnings: tuple[Text, ...] = ()
    attribution: Attribution | None = None

    @property
    def found(self) -> tuple[Finding, ...]:
        """Findings that are at least suspected."""
        return tuple(one for one in self.findings if state_of(one) != "open")

    @property
    def first(self) -> Finding | None:
        """The most probable deviation if it is at least suspected."""
        found = self.found
        return found[0] if found else None

    def finding(self, parameter: str, object: str | None = None) -> Finding | None:
        """The most probable finding about a parameter (of one object), None: not judged."""
        for one in self.findings:
            if one.parameter == parameter and object in (None, one.object):
                return one
        return None

    def family_probabilities(self) -> dict[str, float]:
        """Probability that a family deviates in any way, 1 − Π(1 − p).

        What shares the data of a finding and was not judged itself counts for its own family;
        families that nothing judged are absent.
        """
        judged = {one.parameter for one in self.findings}
        none: dict[str, float] = {}
        for one in self.findings:
            share = dict.fromkeys((one.family, *one.also), one.probability)
            for name, chance in one.alternatives.items():
                if name in PARAMETERS and name not in judged:
                    family = PARAMETERS[name].family
                    share[family] = share.get(family, 0.0) + chance
            for each, chance in share.items():
                none[each] = none.get(each, 1.0) * (1.0 - min(1.0, chance))
        return {family: 1.0 - none[family] for family in FAMILIES if family in none}

    def missing(self) -> dict[str, tuple[str, ...]]:
        """Codes of the points that are missing, by family of what could not be judged.

        What instruments lack to be checked against each other stands under ``sensors``.
        """
        points: dict[str, dict[str, None]] = {}
        for one in self.not_judged:
            parameter = PARAMETERS.get(one.parameter)
            family = SENSORS if parameter is None else parameter.family
            points.setdefault(family, {}).update(dict.fromkeys(one.missing))
        return {
            family: tuple(points[family]) for family in (*FAMILIES, SENSORS) if family in points
        }

    def as_dict(self, *, figures: bool = False) -> dict[str, Any]:
        """The whole answer as plain data, both languages.

        Parameters
        ----------
        figures : whether figures and daily residuals are carried too
        """
        answer: dict[str, Any] = {
            "site": self.site,
            "name": plain(self.name),
            "record": plain(self.record),
            "warnings": plain(self.warnings),
            "families": {
                family: {"text": plain(FAMILY_NAMES[family]), "probability": chance}  # type: ignore[index]
                for family, chance in self.family_probabilities().items()
            },
            "findings": [_finding(one, figures) for one in self.findings],
            "sensors": plain(self.sensors, figures=figures),
            "not_judged": [
                {**plain(one), "text": plain(_parameter_text(one.parameter))}
                for one in self.not_judged
            ],
            "missing": plain(self.missing()),
            "notes": plain(self.notes),
            "attribution": _attribution(self.attribution, figures),
        }
        if figures:
            answer["residuals"] = plain(self.residuals, figures=True)
        return answer


def _parameter_text(name: str) -> Text:
    """Words of a parameter, or of the check of the instruments."""
    parameter = PARAMETERS.get(name)
    return SENSORS_TEXT if parameter is None else parameter.text


def _finding(one: Finding, figures: bool) -> dict[str, Any]:
    """A finding with the words of its parameter, family, shape and state."""
    parameter = PARAMETERS[one.parameter]
    words: Mapping[str, object] = {
        "text": parameter.text,
        "unit": parameter.unit,
        "neutral": parameter.neutral,
        "state": state_of(one),
        "state_text": STATE_NAMES[state_of(one)],
        "shape_text": SHAPE_NAMES[one.shape],
    }
    return {**plain(one, figures=figures), **plain(words)}


def _attribution(attribution: Attribution | None, figures: bool) -> Any:
    """Of an attribution, in its own words where it has them."""
    as_dict = getattr(attribution, "as_dict", None)
    return as_dict() if as_dict is not None else plain(attribution, figures=figures)
