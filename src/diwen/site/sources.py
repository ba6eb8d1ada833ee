"""Every kind of source, told apart by ``type``. A new kind is one more model in this union."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from diwen.site.borefield import Borefield
from diwen.site.circulation_wells import CirculationWell, StandingColumnWell
from diwen.site.groundwater_wells import GroundwaterWells, WellDoublet
from diwen.site.waters import (
    Air,
    MineWater,
    OtherSource,
    ReclaimedWater,
    Sewage,
    SurfaceWater,
    WasteHeat,
)

Source = Annotated[
    Borefield
    | CirculationWell
    | StandingColumnWell
    | GroundwaterWells
    | WellDoublet
    | SurfaceWater
    | Sewage
    | ReclaimedWater
    | MineWater
    | WasteHeat
    | Air
    | OtherSource,
    Field(discriminator="type"),
]

ONE_WELL_KINDS = ("circulation_well", "standing_column_well")
"""Types of a source that returns its water into the well that it took it from."""
GROUP_KINDS = ("groundwater_wells", "well_doublet")
"""Types of a source whose wells take water or give it back, each for itself."""
