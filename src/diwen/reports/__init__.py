"""Reports: monthly, seasonal and annual, in Chinese and English, as HTML and PDF.

    import diwen
    from diwen import reports

    reports.build(diwen.read("examples/rwth-lab"), "all").files

The door of the room; everything heavy is loaded when it is used. ``diwen.reports.charts`` and
``diwen.reports.charts_judged`` make the pictures that pages show too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from diwen.doors import through

if TYPE_CHECKING:
    from diwen.reports.building import FORMATS, Format, Report, build, document_of, rendered
    from diwen.reports.chart import Chart
    from diwen.reports.diagnosis_account import DiagnosisAccount, account_of_site
    from diwen.reports.diagnosis_report import write_diagnosis_report
    from diwen.reports.echarts import option
    from diwen.reports.schematic import picture_of_plant
    from diwen.reports.schematic_modes import mode_table

_DOOR = {
    "FORMATS": "building",
    "Format": "building",
    "Report": "building",
    "build": "building",
    "document_of": "building",
    "rendered": "building",
    "Chart": "chart",
    "DiagnosisAccount": "diagnosis_account",
    "account_of_site": "diagnosis_account",
    "write_diagnosis_report": "diagnosis_report",
    "option": "echarts",
    "picture_of_plant": "schematic",
    "mode_table": "schematic_modes",
}

__all__ = [
    "FORMATS",
    "Chart",
    "DiagnosisAccount",
    "Format",
    "Report",
    "account_of_site",
    "build",
    "document_of",
    "mode_table",
    "option",
    "picture_of_plant",
    "rendered",
    "write_diagnosis_report",
]


def __getattr__(name: str) -> Any:
    """What the door names, from the module it stands in."""
    return through(__name__, _DOOR, name)
