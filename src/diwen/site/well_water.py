"""``[sources.ID.water]``: what the water of a well carries; it decides how reinjection clogs."""

from __future__ import annotations

from typing import Annotated, ClassVar

from diwen.language import Text
from diwen.site.fields import Meaning, Measure, Table


class WellWater(Table):
    """``[sources.ID.water]``: quality of the water that goes back into the ground."""

    meaning: ClassVar[Text] = Text("quality of the reinjected water", "回灌水水质")

    membrane_filter_index: Annotated[
        float | None,
        Measure(
            "membrane_filter_index", "membrane filter index (MFI)", "膜过滤指数（MFI）", 0, 1e4
        ),
    ] = None
    suspended_solids: Annotated[
        float | None, Measure("concentration", "suspended solids", "悬浮物含量", 0, 1e5)
    ] = None
    sand_content: Annotated[
        float | None, Measure("ratio", "sand content by volume", "含砂量（体积比）", 0, 0.1)
    ] = None
    iron: Annotated[float | None, Measure("concentration", "total iron", "总铁含量", 0, 1e4)] = None
    aggressive: Annotated[
        bool | None, Meaning("corrosive or scaling water", "是否为腐蚀性或结垢性水")
    ] = None
    source: Annotated[str, Meaning("where these values come from", "数据来源")] = ""
