"""What an optimisation of sizes found, where it was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diwen.language import Text
from diwen.reports.design_blocks import absent
from diwen.reports.document import Block

if TYPE_CHECKING:
    from diwen.design.station_design.design_result import StationDesign

_NOT_ASKED = Text(
    "Sizes were not optimised: the report judges the sizes of the site file.",
    "未进行规格优化：本报告评判项目文件给出的规格。",
)


def optimisation_blocks(design: StationDesign) -> list[Block]:
    """Candidates and the best one."""
    if design.optimisation is None:
        return [absent(_NOT_ASKED)]
    return []
