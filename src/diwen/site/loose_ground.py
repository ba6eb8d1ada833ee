"""Whether the ground of a site is loose or rock, by the words of its layers."""

from __future__ import annotations

from diwen.site.model import Site

# Words of a lithology that mean rock, and loose ground; rock first, for sandstone is rock.
_ROCK = ("rock", "stone", "granit", "basalt", "gneiss", "schist", "shale", "marble", "岩")
_LOOSE = ("sand", "gravel", "silt", "alluvi", "clay", "砂", "砾", "卵石", "粉土", "黏土", "粘土")


def loose_ground(site: Site, depth: float) -> bool | None:
    """Whether the ground at a depth is loose, by the words of its layer; None where unclear."""
    for layer in site.ground.layers:
        if layer.top <= depth <= layer.bottom:
            words = f"{layer.lithology} {layer.name}".casefold()
            if any(word in words for word in _ROCK):
                return False
            return True if any(word in words for word in _LOOSE) else None
    return None
