"""What the site generator is asked to do besides."""

from __future__ import annotations

import re
from typing import Any

_ROLE = re.compile(r":(?:mod|func|class|meth|attr|data):(?:(?=<code)|`([^`<]+)`)")


def on_page_content(html: str, **_: Any) -> str:
    """Docstrings name modules and functions with roles; a page shows the names alone."""
    return _ROLE.sub(lambda found: f"<code>{found[1]}</code>" if found[1] else "", html)
