"""Every kind of source that a site may have is named in both languages in the design report."""

from __future__ import annotations

from typing import get_args

from diwen.reports.design_words import SOURCE_KINDS
from diwen.site import sources


def kinds() -> set[str]:
    found: set[str] = set()
    for name in dir(sources):
        fields = getattr(getattr(sources, name), "model_fields", {})
        if "type" in fields:
            found |= set(get_args(fields["type"].annotation))
    return found


def test_every_kind_of_source_has_its_words() -> None:
    assert kinds() >= {"borefield", "waste_heat"}
    assert kinds() <= set(SOURCE_KINDS)
    assert all(text.zh and text.zh != text.en for text in SOURCE_KINDS.values())
