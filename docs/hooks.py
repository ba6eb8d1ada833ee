"""What the site generator is asked to do besides."""

from __future__ import annotations

import re
from typing import Any

_ROLE = re.compile(r":(?:mod|func|class|meth|attr|data):(?:(?=<code)|`([^`<]+)`)")
# A line end between two Chinese letters is none of the text; in a code block it stays.
_WRAPPED = re.compile(
    r"(<pre.*?</pre>)|(?<=[\u2014-\u201d\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])",
    re.S,
)


def on_page_content(html: str, **_: Any) -> str:
    """Docstrings name modules and functions with roles; a page shows the names alone."""
    plain = _ROLE.sub(lambda found: f"<code>{found[1]}</code>" if found[1] else "", html)
    return _WRAPPED.sub(lambda found: found[1] or "", plain)
